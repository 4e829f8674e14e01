#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Usage: crash.sh DIR
#
# What markers have recorded in a buffer that lies in reserved memory is there
# after a crash, and decodes. DIR remembers that there was one.
#
# cmdline: reserve_mem=4M:4096:markers trace_instance=crash^traceoff@markers
# crashes: yes

# shellcheck source=lib
. "$(dirname "$0")/lib"
[ -d "${1-}" ] || skip_all "it crashes the kernel; name a directory that outlives it"
dir=instances/crash
[ -e "$tracefs/$dir/trace" ] || skip_all "the memory could not be reserved"
[ -e /proc/sysrq-trigger ] || skip_all "no CONFIG_MAGIC_SYSRQ"

# hit number: markers of the kernel and of a module
hit()
{
	modprobe marker-example period_ms=0 || skip_all "no CONFIG_SAMPLE_MARKERS"
	mkdir -p /tmp/markers-boot
	for event in mount/mount mount/umount marker_example/integers \
		     marker_example/strings marker_example/pointers \
		     marker_example/captures; do
		echo 1 >"$tracefs/$dir/events/$event/enable"
	done
	echo 1 >"$tracefs/$dir/tracing_on"
	mount -t tmpfs "markers-$1" /tmp/markers-boot
	umount /tmp/markers-boot
	echo "$1" >/sys/kernel/debug/marker-example
	echo 0 >"$tracefs/$dir/tracing_on"
}

# All of them, but for what is another one after a reboot: the names of the tasks,
# which are not in the buffer, and hashed pointers
records_of_all()
{
	sed '/^#/d; s/^.*-\([0-9]* *\[\)/\1/; s/ptr=[^ ]*//' "$tracefs/$dir/trace"
}

if [ ! -e "$1/crashed" ]; then
	hit 4711
	records_of_all >"$1/trace"
	: >"$1/crashed"
	sync
	echo c >/proc/sysrq-trigger
	sleep 60	# it does not come back
fi

# shellcheck disable=SC2317	# check calls it
same_as_before()
{
	records_of_all >"$1/after"
	diff "$1/trace" "$1/after" | sed 's/^/# /'
	cmp -s "$1/trace" "$1/after"
}

# last_boot name regex: a line of a file that says other things in older kernels
last_boot()
{
	if grep -q '^text delta:' "$tracefs/$dir/last_boot_info"; then
		skip "$1" "last_boot_info is an older one"
	else
		check "$1" lines 1 $dir/last_boot_info "$2"
	fi
}

plan 13
last_boot "the buffer is that of the last boot" '\[kernel\]$'
check "the mount before the crash decodes" records 1 mount \
	'source=markers-4711 target=/tmp/markers-boot type=tmpfs .*ret=0 mntns=[0-9]+' crash
check "so does the umount" records 1 umount \
	'id=[0-9]+ source=markers-4711 target=/tmp/markers-boot type=tmpfs .*' crash
check "a module that is not loaded has no events" \
	test ! -e "$tracefs/events/marker_example"
check "there was something of it" test "$(wc -l <"$1/trace")" -eq 6
modprobe marker-example period_ms=0
check "the module's integers decode when it is loaded" records 1 integers \
	'.* s16=4711 u16=4711 s32=4711 .*' crash
check "so do its strings" records 1 strings 'text=4711 .* null=\(null\)' crash
check "so do its captures" records 1 captures 'mac=34:37:31:31:00:00 .*' crash
check "so does a function of it" records 1 pointers \
	'ptr=[0-9a-f]+ fn=marker_example_pointers \[marker_example\] null=0+' crash
check "all is as it was before the crash" same_as_before "$1"
: >"$tracefs/$dir/trace"
hit 42
check "the buffer records again" records 1 mount \
	'source=markers-42 target=/tmp/markers-boot type=tmpfs .*ret=0 mntns=[0-9]+' crash
last_boot "the buffer is that of this boot" '^# Current$'
check "the kernel has not warned" no_warning
finish
