#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A marker in an initcall, turned on with trace_event=, is recorded.
#
# cmdline: trace_event=marker_example:*

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/marker_example" ] || skip_all "no CONFIG_SAMPLE_MARKERS"
dir=events/marker_example

hit()
{
	echo "$1" >/sys/kernel/debug/marker-example
}

plan 13
check "the initcall is recorded once" records 1 init 'module=marker_example'
# The first task bears this name until it runs a program.
check "it was recorded before there was a program" lines 1 trace \
	'^ *swapper/0-1 +\[[0-9]+\] [^ ]+ +[0-9.]+: init: '
check "nothing else was hit" records 1 '[a-z]+' '.*'
check "the system is on" file_is $dir/enable 1
check "the event is on" file_is $dir/init/enable 1
check "the site in the initcall is on" site marker_example:init on 1
check "other sites are on" site marker_example:integers on 1
check "both sites of a marker are on" site marker_example:parity on 1
hit 41
check "markers record after boot" records 1 parity '41 odd'
check "all of them do" records 7 '[a-z]+' '.*'
echo 0 >"$tracefs/$dir/enable"
check "they are off when turned off" site marker_example:parity off 0
hit 43
check "they do not record then" records 0 parity '43 odd'
check "the kernel has not warned" no_warning
finish
