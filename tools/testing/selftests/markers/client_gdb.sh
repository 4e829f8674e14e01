#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# gdb holds a process, so that strace cannot be asked what it does. Markers tell
# that, and what the debugger does to it.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients gdb strace
for system in ptrace exec exit; do
	[ -d "$tracefs/events/$system" ] || skip_all "no markers of $system"
done
instance=$tracefs/instances/markers_client
[ ! -d "$instance" ] || rmdir "$instance"
mkdir "$instance" || skip_all "no instance"
target=
# shellcheck disable=SC2016,SC2034	# lib.sh evaluates it
at_end='[ -z "$target" ] || kill "$target"; rmdir "$instance"'

# record_only pid: all that the task does, and what others do to it
record_only()
{
	echo 0 >"$instance/events/enable"
	echo >"$instance/trace"
	for system in ptrace exec exit pipe; do
		echo "common_pid == $1" >"$instance/events/$system/filter"
	done
	for event in ptrace/ptrace_attach ptrace/ptrace_link ptrace/ptrace_unlink \
		     ptrace/ptrace_resume exit/exit_wait; do
		echo "pid == $1" >"$instance/events/$event/filter"
	done
	for system in ptrace exec exit pipe; do
		echo 1 >"$instance/events/$system/enable"
	done
}

# recorded number event text: as many records
recorded()
{
	records "$@" markers_client
}

# recorded_at_least number event text
recorded_at_least()
{
	[ "$(grep -cE " $2: $3\$" "$instance/trace")" -ge "$1" ]
}

gdb_batch()
{
	run gdb -nx -q -batch -iex 'set debuginfod enabled off' "$@"
}

# A shell that does nothing but run is stepped. strace is refused meanwhile.
steps()
{
	sh -c 'while :; do :; done' &
	target=$!
	record_only "$target"
	gdb_batch -p "$target" -ex 'stepi' -ex 'stepi' -ex 'stepi' \
		-ex "shell strace -p $target 2>$work/strace" -ex 'detach' || return 1
	has_lines 1 'Operation not permitted' "$work/strace" || return 1
	recorded 1 ptrace_link "pid=$target comm=sh tracer=[0-9]+ seized=0" &&
		recorded 1 ptrace_attach "pid=$target comm=sh seize=0 ret=0" &&
		recorded 1 ptrace_attach "pid=$target comm=sh seize=1 ret=-EPERM" &&
		recorded 1 ptrace_stop 'signr=SIGSTOP event=0 group=0 message=0' &&
		recorded 3 ptrace_stop 'signr=SIGTRAP event=0 group=0 message=0' &&
		recorded 3 ptrace_resume "pid=$target request=SINGLESTEP signr=0" &&
		recorded 1 ptrace_unlink "pid=$target comm=sh tracer=[0-9]+"
}

# What strace would show of a process that gdb has go on: it waits for input.
continues()
{
	kill -9 "$target"
	mkfifo "$work/fifo"
	cat "$work/fifo" >"$work/copy" &
	target=$!
	exec 7>"$work/fifo"
	record_only "$target"
	(
		exec 7>&-
		gdb_batch -p "$target" -ex 'continue'
	) &
	gdb=$!
	wait_until recorded_at_least 1 pipe_empty '.*' && echo one >&7 &&
		wait_until recorded_at_least 2 pipe_empty '.*' && echo two >&7 &&
		wait_until recorded_at_least 3 pipe_empty '.*'
	waited=$?
	exec 7>&-
	wait "$gdb" && [ "$waited" -eq 0 ] && shown 1 'exited normally' &&
		has_lines 2 '^(one|two)$' "$work/copy" &&
		recorded 1 exit_begin 'code=0x0' &&
		recorded_at_least 1 exit_wait "pid=$target comm=cat cause=TRAPPED code=0x13" &&
		recorded_at_least 1 exit_wait "pid=$target comm=cat cause=EXITED code=0x0"
	status=$?
	target=
	return "$status"
}

# A program from its start to its end, exec included; all that gdb starts is recorded.
starts()
{
	echo 0 >"$instance/events/enable"
	echo >"$instance/trace"
	for system in ptrace exec exit; do
		echo 0 >"$instance/events/$system/filter"
		echo 1 >"$instance/events/$system/enable"
	done
	echo 1 >"$instance/options/event-fork"
	cat >"$work/gdb" <<-END
		echo \$\$ >$instance/set_event_pid
		exec gdb -nx -q -batch -iex 'set debuginfod enabled off' -ex 'catch exec' -ex run \\
			-ex stepi -ex stepi -ex 'info inferiors' -ex continue \\
			--args /bin/sh -c 'exec /bin/true one'
	END
	run sh "$work/gdb" || return 1
	child=$(sed -nE 's/^\* 1 +process ([0-9]+) .*/\1/p' "$work/out")
	recorded 1 ptrace_link "pid=$child comm=gdb tracer=[0-9]+ seized=0" &&
		recorded_at_least 1 exec_begin 'filename=/bin/true argc=2 envc=[0-9]+' &&
		recorded_at_least 1 ptrace_stop 'signr=SIGTRAP event=EXEC group=0 message=[0-9]+' &&
		recorded_at_least 2 ptrace_resume "pid=$child request=SINGLESTEP signr=0" &&
		recorded 1 ptrace_unlink "pid=$child comm=true tracer=[0-9]+" &&
		recorded 1 exit_wait "pid=$child comm=true cause=EXITED code=0x0"
}

plan 4
check "a process is stepped" steps
check "a process goes on" continues
check "a program is started" starts
check "the kernel has not warned" no_warning
finish
