#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# trace-cmd, with libtraceevent and libtracefs, takes markers for trace events.
# What it prints of a marker of every kind is what the kernel prints.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients trace-cmd

record()
{
	run trace-cmd record -q -o "$work/data" "$@"
}

# All records, without what is about CPUs
report()
{
	run trace-cmd report -i "$work/data" && sed -i '/^cpus=/d' "$work/out"
}

lists()
{
	run trace-cmd list -e "^$1:$2\$" && shown 1 "^$1:$2\$" &&
		run trace-cmd list -e "^$1:$2\$" -F && shown 1 '^name: '"$2"'$' &&
		shown 1 "$3"
}

# hits number regex: so many records of hit_markers, all of which match
hits()
{
	shown "$1" '' && shown "$1" "^ *hit_markers-[0-9]+ +\[[0-9]+\][^:]+: $2\$"
}

records_filtered()
{
	record -e pipe:pipe_resize -f 'size == 18 || size == 19' "$hit_markers" 20 && report &&
		hits 2 'pipe_resize: +ino=[0-9]+ size=1[89] old=1 new=1 ret=4096'
}

records_strings()
{
	record -e mount:mount -f 'source ~ "hit-1*" && flags & BIND' "$hit_markers" 10 && report &&
		hits 2 'mount: +source=hit-10? target=/ type=none flags=BIND ret=-ENOENT mntns=[0-9]+'
}

# Nothing but what the command does: another task hits at the same time.
records_command()
{
	cat >"$work/both" <<-END
		"$hit_markers" 4 </dev/null
		exec "$hit_markers" 3
	END
	record -e pipe:pipe_resize -F sh "$work/both" && report && hits 3 'pipe_resize: .*'
}

# Each buffer has what it was told to record.
records_buffers()
{
	record -B first -e pipe:pipe_resize -B second -e mount:mount -f 'source == "hit-2"' \
		"$hit_markers" 3 && report && shown 4 '' &&
		shown 3 '^ *first:.*: pipe_resize: ' && shown 1 '^ *second:.*: mount: +source=hit-2 '
}

extracts()
{
	run trace-cmd start -e pipe:pipe_resize && run "$hit_markers" 3 && run trace-cmd stop &&
		run trace-cmd extract -o "$work/data" && report && hits 3 'pipe_resize: .*' &&
		run trace-cmd reset
}

records_stacks()
{
	record -e pipe:pipe_resize -T "$hit_markers" 2 && report &&
		shown 2 ': kernel_stack: ' &&
		awk '/kernel_stack:/ { getline; sub(/ .*/, "", $2); print $2 }' "$work/out" >"$work/first" &&
		has_lines 2 '^pipe_fcntl(\.cold)?$' "$work/first"
}

# What trace-cmd reports and the file "trace" of an instance show are the same, line
# by line, but for what libtraceevent does to all events: pointers print as in the C
# library, %ps without the module, more bytes than 64 are not cut, and control
# characters are printed.
as_kernel()
{
	texts "$1" | sed -E -e 's/\t/\\t/g' -e 's/\x01/\\x01/g' \
		-e 's/=0x([0-9a-f]{16})/=\1/' -e 's/=\(nil\)/=0000000000000000/' \
		-e 's/(fn=marker_example_pointers) /\1 [marker_example] /' \
		-e 's/( hex=([0-9a-f]{2} ){63}[0-9a-f]{2})( [0-9a-f]{2})*/\1/' \
		-e 's/( colons=([0-9a-f]{2}:){63}[0-9a-f]{2})(:[0-9a-f]{2})*/\1/'
}

same_text()
{
	instance=$tracefs/instances/markers_client
	[ ! -d "$instance" ] || rmdir "$instance"
	mkdir "$instance" && echo 0 >"$instance/options/hash-ptr" &&
		echo 1 >"$instance/events/marker_example/enable" || return 1
	long=$(printf 'long%0600d' 0)
	cat >"$work/hits" <<-END
		for text in 0 1 -1 42 -129 4294967295 -9223372036854775808 \
			9223372036854775807 'a text' 'with	tab' "\$(printf '\\\\377\\\\001')" \
			"%s %d" '"quoted"' 1234567890123456789 $long; do
			printf '%s\\n' "\$text" >$example
		done
	END
	record -e 'marker_example:*' sh "$work/hits" && report && as_kernel "$work/out" >"$work/client"
	texts "$instance/trace" >"$work/kernel"
	echo 0 >"$instance/events/marker_example/enable"
	rmdir "$instance"
	[ "$(sed 's/:.*//' "$work/kernel" | sort -u | wc -l)" -eq 8 ] || return 1
	diff "$work/kernel" "$work/client" >"$work/diff" || {
		sed 's/^/# /' "$work/diff" | cut -c 1-200 | head -n 20
		return 1
	}
}

integers()
{
	sweep_begin && record -e 'markers_test:sweep_*' sh "$work/sweep" && report &&
		sweep_end "$work/out"
}

# A marker prints as the trace event of the tree that it could be in the place of.
as_events()
{
	events_begin && record -e as_marker -e 'original_*' sh "$work/events" && report &&
		texts "$work/out" >"$work/client" && client_events "$work/client" &&
		events_end "$work/client.same"
}

# What was recorded of a module can be read when it is gone.
module_goes()
{
	goes_and_comes
	record -e marker_example sh "$work/goes" && rmmod marker-example && report &&
		shown 1 ': integers: .* u64=1 ' && shown 1 ': integers: .* u64=2 ' &&
		shown 1 ': init: +module=marker_example$' && modprobe marker-example period_ms=0
}

plan 14
check "list: an event of the kernel image" lists pipe pipe_resize 'field:unsigned int size;'
check "list: an event of a module" lists marker_example integers 'field:unsigned long long u64;'
check "record: with a filter" records_filtered
check "record: strings" records_strings
check "record: only a command" records_command
check "record: several buffers" records_buffers
check "record: kernel stacks" records_stacks
check "extract" extracts
check "report: the text of every kind is the kernel's" same_text
check "report: integers of every type and conversion are the kernel's" integers
check_events "report: trace events of the tree, and markers that say the same" as_events
check "report: a module that goes and comes" module_goes
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
