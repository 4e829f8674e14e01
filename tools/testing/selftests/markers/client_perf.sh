#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# perf takes markers for trace events: of the kernel image and of a module it
# lists, counts, records, filters and prints them, with stacks, and converts what
# it has recorded.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients perf

# record option...: have perf record what is hit meanwhile.
record()
{
	run perf record -q -o "$work/data" "$@"
}

script()
{
	run perf script --no-inline -i "$work/data" "$@"
}

lists()
{
	run perf list "$1:*" && shown 1 "^ *$1:$2 +\[Tracepoint event\]"
}

counts()
{
	run perf stat --log-fd 1 -x, -e pipe:pipe_resize,futex:futex_wake,mount:mount \
		"$@" "$hit_markers" 20 &&
		shown 3 '^20,,(pipe:pipe_resize|futex:futex_wake|mount:mount),'
}

counts_filtered()
{
	run perf stat --log-fd 1 -x, -e pipe:pipe_resize --filter 'size==18 || size==19' \
		-e mount:mount --filter 'source ~ "hit-1*" && ret == -ENOENT' "$hit_markers" 20 &&
		shown 1 '^2,,pipe:pipe_resize,' && shown 1 '^11,,mount:mount,'
}

records_filtered()
{
	record "$@" -e pipe:pipe_resize --filter 'size==18 || size==19' "$hit_markers" 20 &&
		script -F comm,event,trace && shown 2 '' &&
		shown 1 '^ *hit_markers +pipe:pipe_resize: +ino=[0-9]+ size=18 old=1 new=1 ret=4096$' &&
		shown 1 '^ *hit_markers +pipe:pipe_resize: +ino=[0-9]+ size=19 old=1 new=1 ret=4096$'
}

# The task that is to be recorded waits until perf has said that it records; another
# one is not recorded.
records_task()
{
	mkfifo "$work/fifo" "$work/control" "$work/ack"
	"$hit_markers" 5 <"$work/fifo" &
	task=$!
	exec 7>"$work/fifo" 8<>"$work/control" 9<>"$work/ack"
	run perf record -q -D -1 --control="fifo:$work/control,$work/ack" -o "$work/data" \
		-e pipe:pipe_resize -p "$task" &
	perf=$!
	echo enable >&8
	[ "$(timeout 60 head -n 1 <&9)" = ack ] && "$hit_markers" 3 </dev/null && echo >&7
	exec 7>&- 8>&- 9>&-
	wait "$task" && wait "$perf" && rm "$work/fifo" "$work/control" "$work/ack" &&
		script -F pid,event,trace && shown 5 "^ *$task +pipe:pipe_resize: " && shown 5 ''
}

records_strings()
{
	record -e mount:mount "$hit_markers" 2 && script -F event,trace &&
		shown 1 '^ *mount:mount: +source=hit-2 target=/ type=none flags=BIND ret=-ENOENT mntns=[0-9]+$'
}

# shown_any regex: a line of the output matches.
shown_any()
{
	grep -qE -e "$1" "$work/out" || shown 1 "$1"
}

# first_frame event function: of each stack the innermost frame is that.
first_frame()
{
	awk -v event="$1:" -v name="$2" '
		follows { follows = 0
			  seen++
			  sub(/\+.*/, "", $2)
			  if ($2 != name && $2 != name ".cold") {
				print "# begins in", $2
				bad++
			  }
			}
		index($0, event) { follows = 1 }
		END { exit bad || !seen }' "$work/out"
}

records_stacks()
{
	record "$@" -e pipe:pipe_resize -e mount:mount "$hit_markers" 3 &&
		script -F comm,event,ip,sym,symoff
}

stacks_of_kernel()
{
	records_stacks -g && first_frame pipe:pipe_resize pipe_fcntl &&
		first_frame mount:mount path_mount
}

# The stack goes on in user space.
stacks_of_user()
{
	records_stacks -g && shown 6 ' hit_all\+0x'
}

traces()
{
	# It takes an int that is negative for a large number, of any event; and newer
	# ones print for a string where they have it.
	case $(perf version) in
	'perf version 7'*) text='source: [0-9]+, target: [0-9]+, type: [0-9]+' times=3 ;;
	*) text='source: "hit-3", target: "/", type: "none"' times=1 ;;
	esac
	run perf trace -o "$work/trace" --no-syscalls -e pipe:pipe_resize -e mount:mount \
		"$hit_markers" 3 && run cat "$work/trace" &&
		shown 3 ' pipe:pipe_resize\(ino: [0-9]+, size: [123], old: [0-9]+, new: 1, ret: 4096\)' &&
		shown "$times" " mount:mount\\($text, flags: 4096, ret: (-2|4294967294), mntns: [0-9]+\\)"
}

reports()
{
	record -a -e pipe:pipe_resize "$hit_markers" 8 &&
		run perf report --stdio -i "$work/data" --sort comm,size &&
		shown 1 '^ +12\.50% +hit_markers +8 *$'
}

# In a recording that has markers, too, perf finds the events that it knows.
analyses_locks()
{
	cat >"$work/writers" <<-'END'
		{
			for i in 1 2 3 4; do
				head -c 1M /dev/zero &
			done
			wait
		} | cat >/dev/null
	END
	run perf lock record -q -o "$work/data" -e pipe:pipe_full sh "$work/writers" &&
		run sh -c 'exec perf lock contention -i "$1" 2>&1' sh "$work/data" &&
		shown_any ' mutex +[a-z_]+\+0x' &&
		script -F event,trace && shown_any 'pipe:pipe_full: +ino=[0-9]+ used=[0-9]+ slots=' &&
		shown_any 'lock:contention_begin: '
}

analyses_scheduling()
{
	run perf sched record -q -o "$work/data" -e pipe:pipe_resize "$hit_markers" 5 &&
		run perf sched latency -i "$work/data" && shown 1 '^ *hit_markers:[0-9(]' &&
		script -F event,trace && shown 5 'pipe:pipe_resize: ' &&
		shown_any 'sched:sched_switch: '
}

# A Python program gets each field by name, with its value; of any event a negative
# int as a large one.
scripts_python()
{
	cat >"$work/fields.py" <<-'END'
		def pipe__pipe_resize(name, context, cpu, secs, nsecs, pid, comm, callchain,
		                      ino, size, old, new, ret, sample):
		    print('python', comm, type(ino).__name__, size, new, ret)
		def mount__mount(name, context, cpu, secs, nsecs, pid, comm, callchain,
		                 source, target, type, flags, ret, mntns, sample):
		    print('python', comm, source, target, flags, ret)
	END
	record -e pipe:pipe_resize -e mount:mount "$hit_markers" 2 && script -s "$work/fields.py" &&
		shown 2 '^python hit_markers int [12] 1 4096$' &&
		shown 1 '^python hit_markers hit-2 / 4096 (-2|4294967294)$'
}

# perf 6.1 writes no fields there, of no event.
converts_json()
{
	record -e pipe:pipe_resize "$hit_markers" 3 && rm -f "$work/json" &&
		run perf data convert -i "$work/data" --to-json "$work/json" &&
		has_lines 3 '"comm": "hit_markers"' "$work/json" &&
		has_lines 3 '"symbol": "pipe_fcntl(\.cold)?"' "$work/json" || return
	! grep -q '"ret"' "$work/json" || has_lines 3 '"size": "[123]"' "$work/json"
}

# Newer ones write an underscore in front of each name, and that as two in the metadata.
converts_ctf()
{
	case $(perf version) in
	'perf version 7'*) mark=_ ;;
	*) mark= ;;
	esac
	record -e pipe:pipe_resize "$hit_markers" 3 &&
		run perf data convert -i "$work/data" --to-ctf "$work/ctf" &&
		run cat "$work/ctf/metadata" && shown 1 'name = "pipe:pipe_resize";' &&
		shown 1 " $mark${mark}size;" || return
	command -v babeltrace2 >/dev/null || return 0
	run babeltrace2 "$work/ctf" && shown 3 \
		" pipe:pipe_resize: .* ${mark}size = [123], ${mark}old = [0-9]+, ${mark}new = 1, ${mark}ret = 4096 "
}

# Everything is the same with a module.
records_module()
{
	record -a -e 'marker_example:*' sh -c "echo -7 >$example" &&
		script -F event,trace &&
		shown 1 '^ *marker_example:negative: +n=-7$' &&
		shown 1 '^ *marker_example:strings: +text=-7 start=-7       len=2 null=\(null\)$'
}

# A module goes while perf has its event open, and is recorded again when it is back.
module_goes()
{
	goes_and_comes
	record -a -e marker_example:integers -e marker_example:init sh "$work/goes" &&
		rmmod marker-example && script -F event,trace &&
		shown 1 '^ *marker_example:integers: .* u64=1 ' &&
		shown 1 '^ *marker_example:integers: .* u64=2 ' &&
		shown 1 '^ *marker_example:init: +module=marker_example$'
}

integers()
{
	sweep_begin && record -a -e 'markers_test:sweep_*' sh "$work/sweep" &&
		script -F event,trace && sweep_end "$work/out"
}

# A marker prints as the trace event of the tree that it could be in the place of.
as_events()
{
	events_begin && record -a -m 1024 -e 'as_marker:*' -e 'original_*:*' sh "$work/events" &&
		script -F event,trace &&
		sed -nE 's/^ *[a-z_]+:([a-z_]+): +/\1: /p' "$work/out" >"$work/client" &&
		client_events "$work/client" && events_end "$work/client.same"
}

plan 26
check "list: an event of the kernel image" lists pipe pipe_resize
check "list: an event of a module" lists marker_example integers
check "stat: of a command" counts
check "stat: of all CPUs" counts -a
check "stat: with filters" counts_filtered
check "record: with a filter" records_filtered
check "record: with a filter on all CPUs" records_filtered -a
check "record: of a task" records_task
check "record: strings" records_strings
check "record: the kernel stack begins where the marker is" stacks_of_kernel
check "record: the user stack" stacks_of_user
check "trace" traces
check "report: sorted by a field" reports
check "lock: a recording with a marker" analyses_locks
check "sched: a recording with a marker" analyses_scheduling
if perf version --build-options | grep -qE 'libpython.*\[ *on *\]'; then
	check "script: a Python program gets the fields" scripts_python
else
	skip "script: a Python program gets the fields" "this perf has no Python"
fi
check "data: convert to JSON" converts_json
if perf data convert --to-ctf "$work/none" 2>&1 | grep -q 'not compiled in'; then
	skip "data: convert to CTF" "this perf writes no CTF"
else
	check "data: convert to CTF" converts_ctf
fi
check "record: a module" records_module
check "record: a module that goes and comes" module_goes
check "script: integers of every type and conversion are the kernel's" integers
check_events "script: trace events of the tree, and markers that say the same" as_events
check "nothing is left on" nothing_on
check "a module comes back" run modprobe marker-example period_ms=0
check "nothing is left on in it" nothing_on
check "the kernel has not warned" no_warning
finish
