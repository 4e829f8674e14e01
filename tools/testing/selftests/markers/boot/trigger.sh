#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# trace_trigger= puts triggers on markers, before there is a program.
#
# cmdline: trace_event=mount:mount trace_trigger=mount.stacktrace,umount.traceoff

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/mount/mount" ] || skip_all "no markers in mounts"
grep -q devtmpfs /proc/filesystems || skip_all "no CONFIG_DEVTMPFS"
dir=events/mount

plan 10
check "the kernel's own mount is recorded" records 1 mount \
	'source=devtmpfs target=/ type=devtmpfs flags=([A-Z]+[|])*SILENT ret=0 mntns=[0-9]+'
check "its stack is recorded" lines 1 trace '^ *kdevtmpfs-[0-9]+ .*: <stack trace>$'
check "the stack is that of the kernel's thread" lines 1 trace '^ => devtmpfsd$'
check "the event has the trigger" file_is $dir/mount/trigger 'stacktrace:unlimited'
check "another event has another trigger" file_is $dir/umount/trigger 'traceoff:unlimited'
check "the trigger needs its site on" site mount:umount on 1
check "tracing is on" file_is tracing_on 1
mkdir -p /tmp/markers-boot
mount -t tmpfs markers-boot /tmp/markers-boot
umount /tmp/markers-boot
check "the trigger has turned it off" file_is tracing_on 0
check "its event is not recorded" records 0 umount '.*'
check "the kernel has not warned" no_warning
finish
