#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Names that do not exist do no harm, and the others are still heeded.
#
# cmdline: trace_event=nosuch:*,marker_example:nosuch,nosuch,marker_example:init trace_trigger=nosuch.stacktrace,init.nosuch

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/marker_example" ] || skip_all "no CONFIG_SAMPLE_MARKERS"
dir=events/marker_example

plan 9
check "the known event is recorded" records 1 init 'module=marker_example'
check "the known event is on" file_is $dir/init/enable 1
check "no other event of its system is" file_is $dir/enable X
check "no other site is on" site marker_example:begin off 0
check "the unknown system is reported" in_log "Failed to enable trace event: nosuch:*"
check "the unknown event is reported" \
	in_log "Failed to enable trace event: marker_example:nosuch"
check "the unknown trigger is reported" \
	in_log "Failed to register trigger 'nosuch' on event init"
check "the event has no trigger" lines 0 $dir/init/trigger '^[^#]'
check "the kernel has not warned" no_warning
finish
