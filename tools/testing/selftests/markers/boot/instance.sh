#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# trace_instance= turns markers on in an instance, in time for initcalls.
#
# cmdline: trace_instance=boot,marker_example:init

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/marker_example" ] || skip_all "no CONFIG_SAMPLE_MARKERS"
dir=events/marker_example

plan 8
check "the instance has the record" records 1 init 'module=marker_example' boot
check "it has nothing else" records 1 '[a-z]+' '.*' boot
check "the top instance has none" records 0 '[a-z]+' '.*'
check "the event is on in the instance" file_is instances/boot/$dir/init/enable 1
check "it is off in the top instance" file_is $dir/init/enable 0
check "the site has one probe" site marker_example:init on 1
echo 0 >"$tracefs/instances/boot/$dir/init/enable"
check "it is off when the instance turns it off" site marker_example:init off 0
check "the kernel has not warned" no_warning
finish
