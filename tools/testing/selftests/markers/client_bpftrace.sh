#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# bpftrace takes markers for trace events: it knows the types of their fields, reads
# strings and bytes, filters, counts and shows stacks.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients bpftrace

! no_headers || skip_all "the directory of the kernel's build has no headers for bpftrace"

btf=/sys/kernel/btf/vmlinux
version=$(bpftrace --version | sed -n 's/^bpftrace v//p')
case $version in
0.1?.*) ;;
*) [ -e "$btf" ] || skip_all "bpftrace $version takes types from BTF, which this kernel does not have" ;;
esac

# trace program [option...]: with what the script "hits" does
trace()
{
	program=$1
	shift
	run bpftrace "$@" -c "/bin/sh $work/hits" -e "$program"
}

# hits text...: what is to be done meanwhile; each is written to the sample.
hits()
{
	for text; do
		printf 'echo "%s" >%s\n' "$text" "$example"
	done >"$work/hits"
}

hits_markers()
{
	echo "exec $hit_markers $1 </dev/null" >"$work/hits"
}

lists()
{
	run bpftrace -lv 'tracepoint:pipe:pipe_resize' &&
		shown 1 '^tracepoint:pipe:pipe_resize$' && shown 1 '^ +unsigned long long ino;?$' &&
		shown 1 '^ +unsigned int size;?$' && shown 1 '^ +long ret;?$'
}

typed()
{
	hits_markers 5
	trace 'tracepoint:pipe:pipe_resize / args->size > 3 /
		{ printf("%s size=%u new=%u ret=%d\n", comm, args->size, args->new, args->ret); }' &&
		shown 2 '^hit_markers size=[45] new=1 ret=4096$' && shown 2 ' size='
}

integers()
{
	hits -1
	trace 'tracepoint:marker_example:integers
		{ printf("%d %d %d %d %d %d %u %lld %llu %lld %llu\n", args->b, args->s8, args->u8,
		  args->s16, args->u16, args->s32, args->u32, args->sl, args->ul, args->s64,
		  args->u64); }' &&
		shown 1 '^1 -1 255 -1 65535 -1 4294967295 -1 18446744073709551615 -1 18446744073709551615$'
}

strings()
{
	hits_markers 3
	trace 'tracepoint:mount:mount / str(args->source) == "hit-2" /
		{ printf("%s on %s: %d\n", str(args->source), str(args->target), args->ret); }' &&
		shown 1 '^hit-2 on /: -2$' && shown 1 ' on '
}

bytes()
{
	hits abcdef
	trace 'tracepoint:marker_example:captures
		{ printf("mac %x %x ip %d\n", args->mac[0], args->mac[5], args->ip[3]); }' &&
		shown 1 '^mac 61 66 ip 100$'
}

pointers()
{
	hits 0
	trace 'tracepoint:marker_example:pointers
		{ printf("%s %llx\n", ksym(args->fn), (uint64)args->null); }' &&
		shown 1 '^marker_example_pointers 0$'
}

without_fields()
{
	hits 0 1
	trace 'tracepoint:marker_example:begin { @ = count(); }' && shown 1 '^@: 2$'
}

stacks()
{
	hits_markers 1
	trace 'tracepoint:pipe:pipe_resize { printf("%s", kstack); }' &&
		awk '/\+[0-9]+$/ { print $1; exit }' "$work/out" >"$work/first" &&
		has_lines 1 '^pipe_fcntl(\.cold)?\+' "$work/first"
}

json()
{
	hits_markers 3
	trace 'tracepoint:pipe:pipe_resize { @sum = sum(args->size); @max[comm] = max(args->size); }' \
		-f json &&
		shown 1 '"@sum": 6\b' && shown 1 '"@max": ?\{"hit_markers": 3\}'
}

# A trace event of the tree, and a marker that says the same
as_event()
{
	insmod "$here/test_modules/markers_test_events.ko" || return
	cat >"$work/hits" <<-'END'
		for n in 0 1 255 2147483647; do
			echo $n >/sys/module/markers_test_events/parameters/hit
		done
	END
	migrate='comm, args->pid, args->prio, args->orig_cpu, args->dest_cpu'
	exec='str(args->filename), args->pid, args->old_pid'
	trace "tracepoint:original_sched:sched_migrate_task
			{ printf(\"event %s %d %d %d %d\n\", $migrate); }
		tracepoint:as_marker:mark_sched_migrate_task
			{ printf(\"marker %s %d %d %d %d\n\", $migrate); }
		tracepoint:original_sched:sched_process_exec
			{ printf(\"event %s %d %d\n\", $exec); }
		tracepoint:as_marker:mark_sched_process_exec
			{ printf(\"marker %s %d %d\n\", $exec); }" || return
	rmmod markers_test_events
	sed -n 's/^event //p' "$work/out" >"$work/event"
	sed -n 's/^marker //p' "$work/out" >"$work/marker"
	has_lines 8 ' ' "$work/event" && cmp "$work/event" "$work/marker"
}

plan 12
check "list: types and names of the fields" lists
check "fields, and a filter" typed
check "integers of every type" integers
check "strings" strings
check "bytes" bytes
check "pointers" pointers
check "an event without fields" without_fields
check "the kernel stack begins where the marker is" stacks
check "output as JSON" json
if [ -e "$btf" ]; then
	check_events "a trace event of the tree, and a marker that says the same" as_event
else
	skip "a trace event of the tree, and a marker that says the same" \
		"without BTF bpftrace does not know the types of the event"
fi
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
