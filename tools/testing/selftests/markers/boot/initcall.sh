#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A marker that is hit before there is a program, turned on with trace_event=, is
# recorded: the kernel mounts devtmpfs for itself, and the KUnit tests have a marker
# that is hit before the first initcall.
#
# cmdline: trace_event=mount:mount,futex:*,marker_kunit:early

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/mount/mount" ] || skip_all "no markers in mounts"
[ -e "$tracefs/events/futex" ] || skip_all "no markers in futexes"
grep -q devtmpfs /proc/filesystems || skip_all "no CONFIG_DEVTMPFS"

# The first record is that of the kernel's thread.
# shellcheck disable=SC2317	# check calls it
first_record()
{
	grep -vE '^#|: early: ' "$tracefs/trace" | head -n 1 |
		grep -qE '^ *kdevtmpfs-[0-9]+ +\[[0-9]+\] .*: mount: .* type=devtmpfs '
}

# At that time system_state is SYSTEM_BOOTING, which ends before the first initcall.
# shellcheck disable=SC2317	# check calls it
before_initcalls()
{
	[ ! -e "$tracefs/events/marker_kunit/early" ] || records 1 early 'state=0'
}

# It is older than the message with which the first program starts.
# shellcheck disable=SC2317	# check calls it
before_init()
{
	run=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\] Run .* as init process$/\1/p' | head -n 1)
	grep -v '^#' "$tracefs/trace" |
		awk -v run="$run" -F '[][ :]+' '
			{ for (i = 1; i < NF && $i !~ /^[0-9]+\.[0-9]+$/; i++) ;
			  exit !(run != "" && $i < run) }'
}

mount_and_umount()
{
	mkdir -p /tmp/markers-boot
	mount -t tmpfs "$1" /tmp/markers-boot
	umount /tmp/markers-boot
}

plan 15
check "the kernel's own mount is recorded once" records 1 mount \
	'source=devtmpfs target=/ type=devtmpfs flags=([A-Z]+[|])*SILENT ret=0 mntns=[0-9]+'
check "it is the first record" first_record
check "a marker that is hit before the initcalls is recorded" before_initcalls
check "it was recorded before there was a program" before_init
check "the event is on" file_is events/mount/mount/enable 1
check "its system is on in part" file_is events/mount/enable X
check "its site is on" site mount:mount on 1
check "other sites are off" site mount:umount off 0
check "the other system is on" file_is events/futex/enable 1
check "all sites of a marker are on" site futex:futex_wait on 1
mount_and_umount markers-one
check "the marker records after boot" records 1 mount \
	'source=markers-one target=/tmp/markers-boot type=tmpfs .*ret=0 mntns=[0-9]+'
check "the one that is off does not" records 0 umount '.*'
echo 0 >"$tracefs/events/mount/enable"
check "it is off when turned off" site mount:mount off 0
mount_and_umount markers-two
check "it does not record then" records 0 mount 'source=markers-two .*'
check "the kernel has not warned" no_warning
finish
