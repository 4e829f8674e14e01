#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A bootconfig, the file beside this one, configures markers as it does other
# events: filters, histograms, synthetic events, instances.
# Times in a histogram set the clock, which empties the buffer; so it is an instance
# that has the first mount.
#
# cmdline: bootconfig

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e /proc/bootconfig ] || skip_all "no CONFIG_BOOT_CONFIG"
grep -q 'ftrace.event.synthetic.unmount' /proc/bootconfig ||
	skip_all "not booted with bootconfig.bconf"
[ -e "$tracefs/events/synthetic/unmount" ] || skip_all "no CONFIG_BOOTTIME_TRACING"
grep -q devtmpfs /proc/filesystems || skip_all "no CONFIG_DEVTMPFS"

plan 14
check "the kernel's own mount is recorded" records 1 mount \
	'source=devtmpfs target=/ type=devtmpfs flags=([A-Z]+[|])*SILENT ret=0 mntns=[0-9]+' early
check "the event is on" file_is events/mount/mount/enable "1*"
check "it has the filter" file_is events/mount/mount/filter 'type != "proc"'
check "the filter works" records 0 mount '.*type=proc .*'
check "it lets others pass" lines 1 trace ': mount: source=sysfs .*type=sysfs .*ret=0 mntns=[0-9]+$'
check "the histogram is there" lines 1 events/mount/mount/hist \
	'^# trigger info: hist:keys=type:vals=hitcount:sort=hitcount:size=2048 \[active\]$'
check "it has counted" lines 1 events/mount/mount/hist \
	'^\{ type: sysfs +\} hitcount: +1$'
mkdir -p /tmp/markers-boot
mount -t tmpfs markers-boot /tmp/markers-boot
umount /tmp/markers-boot
check "the synthetic event is recorded" records 1 unmount \
	'usecs=[0-9]+ target=/tmp/markers-boot'
check "what feeds it is not" records 0 'umount(_done)?' '.*'
dir=instances/pipes
# It is in pages, of 4 to 64 kilobytes; and a pipe takes 16 of them.
check "the instance has its buffer" lines 1 $dir/buffer_size_kb '^1(2[89]|3[0-9]|4[0-9]|91)$'
dd if=/dev/zero bs=1M count=4 2>/dev/null | { sleep 0.1; cat >/dev/null; }
check "the instance records" grep -q ': pipe_full: ino=[0-9]' "$tracefs/$dir/trace"
check "its trigger works once" lines 1 $dir/trace '<stack trace>$'
check "the top instance does not record it" records 0 pipe_full '.*'
check "the kernel has not warned" no_warning
finish
