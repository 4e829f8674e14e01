#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# BPF programs that libbpf loads find the fields of markers by name: the records are in
# the BTF of the kernel and of modules. bpftool is what loads them here.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients bpftool python3

btf=/sys/kernel/btf
changing=markers_test:changing
[ -e "$btf/vmlinux" ] || skip_all "no CONFIG_DEBUG_INFO_BTF"
bpftool prog help 2>&1 | grep -q autoattach || skip_all "a bpftool that cannot attach programs"
[ -e "$here/changing.bpf.o" ] || skip_all "no clang when the tests were built"
mountpoint -q /sys/fs/bpf || mount -t bpf none /sys/fs/bpf
pinned=/sys/fs/bpf/markers

leave()
{
	rm -rf "$pinned"
	rmmod markers_test_a markers_test_other 2>/dev/null
	echo "!$changing" >"$tracefs/static_markers" 2>/dev/null
}

# has_records module btf: of all of its markers, and there are some
has_records()
{
	run python3 "$here/btf_records.py" "$tracefs" "$1" "$btf/$2" &&
		shown 1 '^[1-9][0-9]* the same$' && shown 1 ''
}

load()
{
	run bpftool prog loadall "$1" "$pinned" autoattach
}

# shows regex...: there is a line like each in a map.
shows()
{
	run bpftool map dump name "$1" || return
	shift
	for regex; do
		shown 1 "$regex" || return
	done
}

sample()
{
	load "$here/refusals.bpf.o" && python3 -c 'import ctypes
for i in range(3):
    ctypes.CDLL(None).mount(b"none", b"/", b"nosuch", 0, None)' &&
		shows refusals '"error": -19,' '"value": 3' \
			'"reason": "no filesystem type nosuch in the kernel or a module"' ||
		return
	rm -rf "$pinned"
}

# reads module wanted...: what the program has of it
reads()
{
	insmod "$here/test_modules/$1.ko" && load "$here/changing.bpf.o" &&
		echo 7 >"/sys/module/$1/parameters/hit" || return
	shift
	shows changing.bss "$@"
	status=$?
	leave
	return "$status"
}

at_end=leave
plan 7
check "BTF has the record of each marker of the kernel image" has_records - vmlinux
check "BTF of a module has those of its own" has_records marker_example marker_example
check "the sample counts refusals by reason" sample
check "a program finds a field" reads markers_test_a '"hits": 1' '"n": 7' '"has_text": 0'
check "it finds it elsewhere in another kernel's marker" \
	reads markers_test_other '"hits": 1' '"n": 64424509447' '"has_text": 1'
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
