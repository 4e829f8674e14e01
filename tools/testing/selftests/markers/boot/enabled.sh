#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What trace_event= has turned on records from boot on, and nothing else does.
#
# cmdline: trace_event=mount:*,pipe:pipe_full

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -e "$tracefs/events/mount" ] || skip_all "no markers in mounts"
[ -e "$tracefs/events/pipe" ] || skip_all "no markers in pipes"

# shellcheck disable=SC2317	# check calls it
set_event_has_only()
{
	! grep -vxE -e "$1" "$tracefs/set_event" | sed 's/^/# also: /' | grep .
}

plan 14
check "the system is on" file_is events/mount/enable 1
check "one event of a system is on" file_is events/pipe/enable X
check "it is the one that was named" file_is events/pipe/pipe_full/enable 1
check "another is off" file_is events/pipe/pipe_empty/enable 0
check "set_event lists the events of the system" lines 1 set_event '^mount:umount$'
check "set_event lists the one event" lines 1 set_event '^pipe:pipe_full$'
check "set_event lists nothing else" set_event_has_only 'mount:.*|pipe:pipe_full'
check "sites are on" site mount:umount on 1
check "all sites of a marker are on" site pipe:pipe_full on 1
check "other sites are off" site pipe:pipe_empty off 0
# Whoever mounted tracefs, and however, was recorded.
check "mounts while booting are recorded" lines 1 trace \
	': (mount|move_mount): .* target=[^ ]*/sys/kernel/tracing type=tracefs .*ret=0 mntns=[0-9]+$'
mkdir -p /tmp/markers-boot
mount -t tmpfs markers-boot /tmp/markers-boot
umount /tmp/markers-boot
check "a mount is recorded" records 1 'umount' \
	'id=[0-9]+ source=markers-boot target=/tmp/markers-boot type=tmpfs flags=(0|NOFOLLOW) mntns=[0-9]+'
check "its result is recorded" records 1 '(mount|move_mount)' \
	'.*source=markers-boot target=/tmp/markers-boot type=tmpfs .*ret=0 mntns=[0-9]+'
check "the kernel has not warned" no_warning
finish
