#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# trace_instance= turns markers on in an instance, before there is a program.
#
# cmdline: trace_instance=boot,mount:mount

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/mount/mount" ] || skip_all "no markers in mounts"
grep -q devtmpfs /proc/filesystems || skip_all "no CONFIG_DEVTMPFS"
dir=events/mount

plan 8
check "the instance has the record" records 1 mount \
	'source=devtmpfs target=/ type=devtmpfs flags=([A-Z]+[|])*SILENT ret=0 mntns=[0-9]+' boot
check "it has no other event" lines 0 instances/boot/trace ': (umount|move_mount|mount_setattr): '
check "the top instance has none" records 0 '[a-z_]+' '.*'
check "the event is on in the instance" file_is instances/boot/$dir/mount/enable 1
check "it is off in the top instance" file_is $dir/mount/enable 0
check "the site has one probe" site mount:mount on 1
echo 0 >"$tracefs/instances/boot/$dir/mount/enable"
check "it is off when the instance turns it off" site mount:mount off 0
check "the kernel has not warned" no_warning
finish
