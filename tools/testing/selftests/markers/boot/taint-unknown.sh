#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A taint that does not exist is reported, and allows nothing; nor does
# trace_event= turn on what is denied.
#
# cmdline: markers.allow_taint=P? trace_event=markers_denied:*

# shellcheck source=lib
. "$(dirname "$0")/lib"
need_modules markers_test_proprietary
proprietary=markers_test_proprietary

plan 8
check "the taint is reported" in_log "marker: markers.allow_taint: '?' is no taint"
check "nothing is allowed" same_text '' "$(allowed_taints)"
check "the module loads" load "$proprietary"
check "its markers are denied" site markers_denied:hit 'denied(P)' 0
check "it has no events" test ! -e "$tracefs/events/markers_denied"
hit "$proprietary" 7
check "nothing is recorded" records 0 '[a-z]+' '.*'
unload "$proprietary"
check "the kernel does not say that markers work" times_in_log 0 "markers work although"
check "the kernel has not warned" no_warning
finish
