#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Perfetto takes markers for trace events: its traced_probes records those that a
# configuration names, and the trace describes each with its fields.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients perfetto traced traced_probes python3

text=$here/perfetto_text.py
events=$here/test_modules/markers_test_events.ko
settings='trace_clock tracing_on buffer_size_kb'

# Perfetto sets up the trace for itself, and does not undo all of that.
keep()
{
	for file in $settings; do
		sed 's/.*\[\(.*\)\].*/\1/; s/.*(expanded: \(.*\))/\1/' "$tracefs/$file" \
			>"$work/$file"
	done
}

restore()
{
	kill "$probes" "$service"
	wait "$probes" "$service"
	for file in $settings; do
		cat "$work/$file" >"$tracefs/$file"
	done
	rmmod markers_test_events 2>/dev/null
	: >"$tracefs/trace"
}

# The services, which are as in the system, but with sockets of their own
serve()
{
	export PERFETTO_PRODUCER_SOCK_NAME="$work/producer"
	export PERFETTO_CONSUMER_SOCK_NAME="$work/consumer"
	traced >"$work/traced" 2>&1 &
	service=$!
	traced_probes >"$work/probes" 2>&1 &
	probes=$!
	wait_until perfetto --query >/dev/null 2>&1
}

# record event... -- command [argument...]: what the command does, as text
record()
{
	{
		printf 'buffers { size_kb: 16384 fill_policy: DISCARD }\n'
		printf 'data_sources { config { name: "linux.ftrace" ftrace_config {\n'
		while [ "$1" != -- ]; do
			printf '\tftrace_events: "%s"\n' "$1"
			shift
		done
		printf '} } }\n'
	} >"$work/config"
	shift
	rm -f "$work/data"
	task=$(perfetto --txt -c "$work/config" -o "$work/data" --background-wait) || return
	"$@" </dev/null
	kill -TERM "$task"
	wait_until ended "$task" && run python3 "$text" "$work/data"
}

ended()
{
	! kill -0 "$1" 2>/dev/null
}

# Of all that is recorded here there are statistics, which count no loss and no error.
nothing_lost()
{
	shown 0 '^lost:' && shown 1 '^[1-9][0-9]* statistics$'
}

records()
{
	record pipe/pipe_resize mount/mount -- "$hit_markers" 3 && nothing_lost &&
		shown 3 '^pipe:pipe_resize ino:uint64=[0-9]+ size:uint64=[123] old:uint64=[0-9]+ new:uint64=1 ret:int64=4096$' &&
		shown 1 '^mount:mount source:string=hit-3 target:string=/ type:string=none flags:uint64=4096 ret:int64=-2 mntns:uint64=[0-9]+$'
}

# A whole system of markers, of a module
records_kinds()
{
	record 'marker_example/*' -- sh -c "echo -1 >$example; echo text >$example" &&
		nothing_lost
}

integers()
{
	shown 1 '^marker_example:integers b:uint64=1 c:uint64=255 s8:int64=-1 u8:uint64=255 s16:int64=-1 u16:uint64=65535 s32:int64=-1 u32:uint64=4294967295 sl:int64=-1 ul:uint64=18446744073709551615 s64:int64=-1 u64:uint64=18446744073709551615 color:uint64=[0-9]+$'
}

strings()
{
	shown 1 '^marker_example:strings text:string=text start:string=text len:uint64=4 null:string=\(null\)$'
}

without_fields()
{
	shown 2 '^marker_example:begin$'
}

# Perfetto leaves arrays of a fixed size out, of any event; four bytes are a number.
bytes()
{
	shown 1 '^marker_example:captures ip:uint64=1954047348 hex:bytes=74657874 colons:bytes=74657874$'
}

# Pointers are numbers of functions, which it has names for if symbolize_ksyms is on.
pointers()
{
	shown 2 '^marker_example:pointers ptr:uint64=[0-9]+ fn:uint64=[0-9]+ null:uint64=[0-9]+$'
}

# Trace events of the tree, and markers that say the same
as_events()
{
	for n in 0 1 5 255; do
		echo "echo $n >/sys/module/markers_test_events/parameters/hit"
	done >"$work/hits"
	insmod "$events" && record 'as_marker/*' 'original_sched/*' -- sh "$work/hits" &&
		nothing_lost || return
	for event in sched_migrate_task sched_process_exec; do
		sed -n "s/^original_sched:$event //p" "$work/out" >"$work/event"
		sed -n "s/^as_marker:mark_$event //p" "$work/out" >"$work/marker"
		has_lines 4 '^[a-z]+:string=.* pid:int64=' "$work/event" &&
			cmp "$work/event" "$work/marker" || return
	done
}

module_goes()
{
	goes_and_comes
	record 'marker_example/*' -- sh "$work/goes" && nothing_lost &&
		shown 1 '^marker_example:integers .* u64:uint64=1 ' &&
		shown 1 '^marker_example:init module:string=marker_example$'
}

at_end=restore
keep
plan 12
check "the services start" serve
check "record: markers of the kernel image" records
check "record: a module" records_kinds
check "integers have their types and values" integers
check "strings" strings
check "an event without fields" without_fields
check "bytes" bytes
check "pointers" pointers
check_events "trace events of the tree, and markers that say the same" as_events
check "record: a module that goes and comes" module_goes
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
