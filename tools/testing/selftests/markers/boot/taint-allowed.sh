#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# markers.allow_taint= has the markers of a tainted module work, and the kernel
# says so, once.
#
# cmdline: markers.allow_taint=P

# shellcheck source=lib
. "$(dirname "$0")/lib"
need_modules markers_test_proprietary markers_test_unused
proprietary=markers_test_proprietary
dir=events/markers_denied

plan 16
check "the parameter says what is allowed" same_text P "$(allowed_taints)"
check "the module loads" load "$proprietary"
check "its markers are not denied" site markers_denied:hit off 0
check "it has events" test -e "$tracefs/$dir/hit/id"
check "the kernel says so" in_log "$proprietary: markers work although the module is tainted (PO), as markers.allow_taint= says"
echo 1 >"$tracefs/$dir/enable"
check "they can be turned on" site markers_denied:hit on 1
hit "$proprietary" 7
check "they record" records 1 hit 'n=7'
echo "-markers_denied:*" >"$tracefs/static_markers"
check "the control file turns them off" site markers_denied:hit off 0
echo "+module:$proprietary" >"$tracefs/static_markers"
check "it turns them on" site markers_denied:hit on 1
unload "$proprietary"
check "its exit is recorded" records 1 exit 'who=proprietary'
check "it loads again" load "$proprietary"
check "its init is recorded" records 1 init 'who=proprietary'
check "the kernel says it once" times_in_log 1 "as markers.allow_taint= says"
# Another taint is another matter.
if insmod --version >/dev/null 2>&1; then
	check "a module that is forced loads" insmod -f "$modules/markers_test_unused.ko"
	check "its markers are denied" site markers_unused:hit 'denied(F)' 0
else
	skip "a module that is forced loads" "no insmod of kmod"
	skip "its markers are denied" "no insmod of kmod"
fi
check "the kernel has not warned" no_warning
finish
