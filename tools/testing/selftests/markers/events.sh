#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Markers can say what trace events do: what the kernel prints of events of the tree,
# whose headers a test module includes, and of markers in their place is the same.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -e "$here/test_modules/markers_test_events.ko" ] || skip_all "no test modules"

as_events()
{
	events_begin && sh "$work/events" && texts "$instance/trace" >"$work/kernel" &&
		events_end "$work/kernel"
}

plan 3
check "trace events of the tree, and markers that say the same" as_events
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
