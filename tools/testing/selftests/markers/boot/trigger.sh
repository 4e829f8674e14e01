#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# trace_trigger= puts triggers on markers, in time for initcalls.
#
# cmdline: trace_event=marker_example:init trace_trigger=init.stacktrace,begin.traceoff

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/marker_example" ] || skip_all "no CONFIG_SAMPLE_MARKERS"
dir=events/marker_example

plan 10
check "the initcall is recorded" records 1 init 'module=marker_example'
check "its stack is recorded" lines 1 trace '^ *swapper/0-1 .*: <stack trace>$'
check "the stack is that of an initcall" lines 1 trace '^ => do_one_initcall$'
check "the event has the trigger" file_is $dir/init/trigger 'stacktrace:unlimited'
check "another event has another trigger" file_is $dir/begin/trigger 'traceoff:unlimited'
check "the trigger needs its site on" site marker_example:begin on 1
check "tracing is on" file_is tracing_on 1
echo 1 >/sys/kernel/debug/marker-example
check "the trigger has turned it off" file_is tracing_on 0
check "its event is not recorded" records 0 begin '.*'
check "the kernel has not warned" no_warning
finish
