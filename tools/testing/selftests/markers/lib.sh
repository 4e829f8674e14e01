# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the shell tests share. They print KTAP:
#
#	. "$(dirname "$0")/lib.sh"
#	plan 2
#	check "what is checked" command [argument...]
#	...
#	finish

set -u
export LC_ALL=C

number=0
failed=0
planned=0
# Where the tests are, which may not be written to
here=$(cd "$(dirname "$0")" && pwd)

skip_all()
{
	printf 'TAP version 13\n1..0 # SKIP %s\n' "$1"
	exit 4
}

plan()
{
	planned=$1
	printf 'TAP version 13\n1..%d\n' "$planned"
}

# check name command [argument...]: passes if the command succeeds
check()
{
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		printf 'ok %d %s\n' "$number" "$name"
	else
		failed=$((failed + 1))
		printf '# failed: %s\n' "$*"
		printf 'not ok %d %s\n' "$number" "$name"
	fi
}

# check_events name command: as check, with trace events of the tree beside markers
check_events()
{
	if [ -e "$here/test_modules/markers_test_events.ko" ]; then
		check "$@"
	else
		skip "$1" "no trace events of the tree"
	fi
}

# skip name reason: in the place of a check
skip()
{
	number=$((number + 1))
	printf 'ok %d %s # SKIP %s\n' "$number" "$1" "$2"
}

finish()
{
	[ "$number" -eq "$planned" ] || exit 1
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

# file_is path text: a file of tracefs holds just this.
file_is()
{
	[ "$(cat "$tracefs/$1")" = "$2" ] || {
		sed "s|^|# $1: |" "$tracefs/$1"
		return 1
	}
}

# site name state probes: all sites of the marker are in this state, for any user.
site()
{
	found=$(awk -F '\t' -v name="$1" -v state="$2" -v probes="$3" \
		'{ sub(/^on[(].*/, "on", $2) }
		 $1 == name { print ($2 == state && $3 == probes) ? "yes" : "no" }' \
		"$tracefs/static_markers" | sort -u)
	[ "$found" = yes ]
}

# nothing_on: no site is on, and no marker has a probe.
nothing_on()
{
	awk -F '\t' '$2 == "on" || $3 != 0 { print "# still on:", $1, "with", $3, "probes"; bad++ }
		     END { exit bad || !NR }' "$tracefs/static_markers"
}

# need program...: skip unless they are installed.
need()
{
	for program in "$@"; do
		command -v "$program" >/dev/null || skip_all "no $program"
	done
}

# no_headers: bpftrace looks for headers in the directory in which the kernel was built,
# but they are in that of the sources.
no_headers()
{
	bpftrace -e 'tracepoint:pipe:pipe_resize { printf("%d", args->size); } BEGIN { exit(); }' \
		2>&1 | grep -q "kconfig.h' file not found"
}

# need_example: load the sample that has every kind of field, without its timer.
need_example()
{
	example=$debugfs/marker-example
	[ -e "$example" ] || modprobe marker-example period_ms=0 2>/dev/null ||
		skip_all "no CONFIG_SAMPLE_MARKERS"
	[ -e "$example" ] || skip_all "no debugfs"
}

# wait_until command [argument...]: until it succeeds, for half a minute
wait_until()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
}

# lines number path regex: so many lines of a file of tracefs match this extended
# regular expression.
lines()
{
	has_lines "$1" "$3" "$tracefs/$2"
}

# has_lines number regex file: the same for any file.
has_lines()
{
	found=$(grep -cE -e "$2" "$3")
	[ "$found" -eq "$1" ] || {
		printf '# %d lines match, wanted %d of %s:\n' "$found" "$1" "$2"
		sed 's/^/#   /' "$3" | head -n 20
		return 1
	}
}

# clients program...: what their tests begin with. They run hit_markers and the
# sample, in a directory, $work, that goes when they end; $at_end runs before.
at_end=:
clients()
{
	need "$@"
	for event in pipe/pipe_resize futex/futex_wake mount/mount; do
		[ -e "$tracefs/events/$event" ] || skip_all "no marker $event"
	done
	hit_markers=$here/hit_markers
	[ -x "$hit_markers" ] || skip_all "no hit_markers"
	need_example
	work=$(mktemp -d)
	# Some write into the current directory, too.
	cd "$work" || exit
	trap 'eval "$at_end"; cd /; rm -rf "$work"; rmmod marker-example 2>/dev/null' EXIT
}

# A script that hits the sample, has it go and come back, and hits it again
goes_and_comes()
{
	cat >"$work/goes" <<-END
		echo 1 >$example
		rmmod marker-example || exit
		modprobe marker-example period_ms=0
		echo 2 >$example
	END
}

# A script that hits markers with integers of each type and conversion, with values
# at the limits of the types; their records go to an instance.
sweep_begin()
{
	modules=$here/test_modules
	instance=$tracefs/instances/markers_client
	insmod "$modules/markers_test_fields.ko" || return
	[ ! -d "$instance" ] || rmdir "$instance"
	mkdir "$instance" || return
	for event in "$instance"/events/markers_test/sweep_*; do
		echo 1 >"$event/enable" || return
	done
	cat >"$work/sweep" <<-'END'
		for n in 0 1 8 9 22 127 128 255 256 32767 32768 65535 65536 2147483647 \
			2147483648 4294901760 4294967168 4294967274 4294967295; do
			echo $n >/sys/module/markers_test_fields/parameters/hit
		done
	END
}

# sweep_end file: its lines are the kernel's text.
sweep_end()
{
	sed -nE 's/^.*: (sweep_[a-z0-9_]+: )/\1/p' "$instance/trace" >"$work/kernel"
	rmdir "$instance"
	rmmod markers_test_fields
	sed -nE 's/^.*(sweep_[a-z0-9_]+): +/\1: /p' "$1" >"$work/client"
	has_lines 1026 '^sweep_' "$work/kernel" || return 1
	# libtraceevent prints __print_array() as the kernel does from a version on; before,
	# the elements are decimal, with spaces in between.
	grep -q '^sweep_arrays: u8={' "$work/client" ||
		perl -i -pe 's/\{(.*?)\}/join " ", map { hex } split ",", $1/ge
			if /^sweep_arrays: /' "$work/kernel"
	diff "$work/kernel" "$work/client" >"$work/diff" || {
		sed 's/^/# /' "$work/diff" | cut -c 1-250 | head -n 20
		return 1
	}
}

# A script that hits trace events of the tree, each with a marker after it that says
# the same; their records go to an instance, too.
events_begin()
{
	instance=$tracefs/instances/markers_events
	insmod "$here/test_modules/markers_test_events.ko" || return
	[ ! -d "$instance" ] || rmdir "$instance"
	mkdir "$instance" && echo 0 >"$instance/options/annotate" || return
	for system in as_marker original_filelock original_filemap original_ipi original_irq \
		original_sched original_timer; do
		echo 1 >"$instance/events/$system/enable" || return
	done
	cat >"$work/events" <<-'END'
		for n in 0 1 2 3 4 5 7 8 9 11 18 32 34 64 127 128 255 256 1023 4096 262143 \
			2147483647 2147483648 4294967295; do
			echo $n >/sys/module/markers_test_events/parameters/hit
		done
	END
}

# same_events file number: the lines, "event: text", are so many pairs of the same; 24
# numbers hit each event.
same_events()
{
	awk -v number="$2" '
		NR % 2 { first = $0; next }
		!sub(/^mark_/, "") { print "# no marker: " $0; bad++ }
		$0 != first { if (bad++ < 5) print "# event:  " first "\n# marker: " $0 }
			    { pairs++ }
		END {
			if (pairs != number || NR != 2 * pairs || pairs % 24) {
				print "# " pairs " pairs, wanted " number ", " NR " lines"
				bad++
			}
			exit bad
		}' "$1"
}

# events_end file: the same, when all is as before, and as many as the kernel recorded,
# which are 58 events in each configuration, and some more; without those that
# client_events() leaves out, if it made the file
events_end()
{
	texts "$instance/trace" | grep '^mark_' >"$work/recorded"
	rmdir "$instance"
	rmmod markers_test_events
	[ "$(grep -c . "$work/recorded")" -ge $((24 * 58)) ] || {
		echo "# too few records"
		return 1
	}
	case $1 in
	*.same) same_events "$1" "$(grep -cvE "^$unlike: " "$work/recorded")" ;;
	*) same_events "$1" "$(grep -c . "$work/recorded")" ;;
	esac
}

# texts file: of each record the event and the text; the columns are the clients',
# and so are the spaces that fill up what has control characters.
texts()
{
	sed -nE -e 's/ +len=/ len=/' -e 's/^ *[^ ].{0,15}-[0-9]+ +\[[0-9]+\][^:]*[0-9]: +([a-z_]+): +/\1: /p' "$1"
}

# client_events file: what is the same in clients. Of these events they make another
# text than the kernel: libtraceevent knows no __get_cpumask(), and no enum whose
# header does not export it by TRACE_DEFINE_ENUM().
unlike='(mark_)?(ipi_send_cpumask|timer_start|hrtimer_setup|hrtimer_start)'
client_events()
{
	grep -vE "^$unlike: " "$1" >"$1.same"
}

# run command...: its output goes to a file, for shown() to look at.
run()
{
	"$@" >"$work/out" 2>"$work/err" </dev/null || {
		printf '# status %d of: %s\n' "$?" "$*"
		sed 's/^/#   /' "$work/out" "$work/err" | head -n 20
		return 1
	}
}

# shown number regex: so many lines of that output match.
shown()
{
	has_lines "$1" "$2" "$work/out"
}

# records number event text [instance]: the trace has as many such records; the
# text is an extended regular expression for all that is printed.
records()
{
	begin='^ *.{1,16}-[0-9]+ +\[[0-9]{3}\] [^ ]+ +[0-9]+\.[0-9]{6}: '
	found=$(grep -cE "$begin$2: $3\$" "$tracefs/${4:+instances/$4/}trace")
	[ "$found" -eq "$1" ] || {
		printf '# %d records of %s, wanted %d\n' "$found" "$2" "$1"
		return 1
	}
}

# no_warning: the kernel has not warned since the test began.
no_warning()
{
	[ "$(cat /sys/kernel/warn_count)" -eq "$warnings" ]
}

[ "$(id -u)" -eq 0 ] || skip_all "only for root"
tracefs=$(awk '$3 == "tracefs" { print $2; exit }' /proc/mounts)
[ -n "$tracefs" ] || skip_all "no tracefs"
[ -e "$tracefs/static_markers" ] || skip_all "no CONFIG_MARKERS"
# What the kernel has warned of once, it will warn of again.
warnings=$(cat /sys/kernel/warn_count)
debugfs=$(awk '$3 == "debugfs" { print $2; exit }' /proc/mounts)
[ -z "$debugfs" ] || echo 1 >"$debugfs/clear_warn_once"
