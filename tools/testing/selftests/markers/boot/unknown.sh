#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Names that do not exist do no harm, and the others are still heeded.
#
# cmdline: trace_event=nosuch:*,mount:nosuch,nosuch,mount:mount trace_trigger=nosuch.stacktrace,mount.nosuch

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/mount/mount" ] || skip_all "no markers in mounts"
grep -q devtmpfs /proc/filesystems || skip_all "no CONFIG_DEVTMPFS"
dir=events/mount

plan 9
check "the known event is recorded" records 1 mount \
	'source=devtmpfs target=/ type=devtmpfs flags=([A-Z]+[|])*SILENT ret=0 mntns=[0-9]+'
check "the known event is on" file_is $dir/mount/enable 1
check "no other event of its system is" file_is $dir/enable X
check "no other site is on" site mount:umount off 0
check "the unknown system is reported" in_log "Failed to enable trace event: nosuch:*"
check "the unknown event is reported" in_log "Failed to enable trace event: mount:nosuch"
check "the unknown trigger is reported" \
	in_log "Failed to register trigger 'nosuch' on event mount"
check "the event has no trigger" lines 0 $dir/mount/trigger '^[^#]'
check "the kernel has not warned" no_warning
finish
