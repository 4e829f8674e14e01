#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the stack's scripts share: paths, messages, long jobs. To be sourced.
# A script ends with status 2 and one sentence when something it needs is not
# there, and with status 1 when what it was asked to do went wrong.
#
# shellcheck disable=SC2034 # variables are for the script that sources this

set -u
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd -P)
stack=$(cd "$here/.." && pwd -P)
top=$(cd "$stack/../.." && pwd -P)
# BASE=6.12 is another base kernel, with a directory of its own for all that is built.
# Its series is series-6.12, if that is there.
build=$top/build${BASE:+/$BASE}
tree=$build/linux
series=$top/series
[ ! -f "$top/series-${BASE:-}" ] || series=$top/series-$BASE
cache=${MARKERS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/static-markers}

# The kernel's makefiles must not inherit what was meant for this project's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
unset ARCH CROSS_COMPILE O KBUILD_OUTPUT KBUILD_EXTMOD KBUILD_VERBOSE
unset KCONFIG_CONFIG KCONFIG_ALLCONFIG KCFLAGS CDPATH

# Separate checkouts have the same objects: let them share ccache's.
CCACHE_BASEDIR=${CCACHE_BASEDIR:-$top}
CCACHE_NOHASHDIR=1
# Let the compiler tell ccache what a source includes. To preprocess each source first
# makes a build from nothing take a fifth longer.
CCACHE_DEPEND=1
export CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_DEPEND

say()
{
	printf '%s\n' "$*"
}

warn()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	warn "$*"
	exit 2
}

fail()
{
	warn "$*"
	exit 1
}

has()
{
	command -v "$1" >/dev/null 2>&1
}

needs()
{
	for tool; do
		has "$tool" || die "$tool is not installed; run 'make deps'."
	done
}

# free_space DIR MEGABYTES WHAT: stop unless DIR can take that much.
free_space()
{
	free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
	[ "${free:-$2}" -ge "$2" ] ||
		die "Not enough disk space in $1: $3 needs about $2 MB and $free MB are free."
}

# hash_of FILE...: one hash over the contents; absent files count as absent.
hash_of()
{
	sha256sum -- "$@" 2>&1 | sha256sum | cut -d ' ' -f 1
}

# The series, one patch a line.
series()
{
	[ -f "$series" ] || return 0
	sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$series"
}

# files_in PATCH...: the files that the patches touch. Run from / so that
# git does not take the paths for ones of this repository.
files_in()
{
	stats=$(cd "$top/patches" && cat -- "$@" | git -C / apply --numstat -) ||
		return 1
	say "$stats" | cut -f 3 | sort -u
}

elapsed()
{
	printf '%d:%02d' "$((($(date +%s) - $1) / 60))" \
		"$((($(date +%s) - $1) % 60))"
}

# left STEPS TOTAL SECONDS: of about how many steps that was, and the time that
# the others take at this pace. Nothing while that is a guess.
left()
{
	[ "$2" -gt 0 ] || return 0
	printf ' of about %d' "$2"
	{ [ "$1" -ge 20 ] && [ "$2" -gt "$1" ]; } || return 0
	printf ', about %d:%02d left' "$((($2 - $1) * $3 / $1 / 60))" \
		"$((($2 - $1) * $3 / $1 % 60))"
}

# kill_tree PID: end it and what it has started. Processes in the background ignore
# what Ctrl-C sends.
kill_tree()
{
	for child in $(ps -o pid= --ppid "$1"); do
		kill_tree "$child"
	done
	kill "$1" 2>/dev/null
}

# with_progress LABEL LOG COMMAND...: run it with its output in LOG and show
# how many steps it has logged, in place on a terminal, else every 30 seconds.
# LOG.steps has how many there are, from the last run that succeeded; before
# the first, $expected may. With 'none' in $expected a run is no measure. Sets
# $began, the time at which it was called.
with_progress()
{
	progress_label=$1 progress_log=$2
	shift 2
	began=$(date +%s)
	progress_due=$((began + 30))
	case ${expected:=0} in
	none) progress_total=0 ;;
	*) progress_total=$(cat "$progress_log.steps" 2>/dev/null || say "$expected") ;;
	esac
	: >"$progress_log"
	"$@" >"$progress_log" 2>&1 </dev/null &
	progress_job=$!
	trap 'kill_tree "$progress_job"; exit 130' INT TERM HUP
	while kill -0 "$progress_job" 2>/dev/null; do
		sleep 1
		{ [ -t 1 ] || [ "$(date +%s)" -ge "$progress_due" ]; } || continue
		progress_due=$(($(date +%s) + 30))
		show_progress
	done
	wait "$progress_job"
	progress_status=$?
	trap - INT TERM HUP
	[ ! -t 1 ] || printf '\r\033[K'
	[ "$expected" = none ] || [ "$progress_status" -ne 0 ] ||
		wc -l <"$progress_log" >"$progress_log.steps"
	return "$progress_status"
}

show_progress()
{
	progress_steps=$(wc -l <"$progress_log")
	progress_left=$(left "$progress_steps" "$progress_total" $(($(date +%s) - began)))
	set -- "$progress_label: $progress_steps${progress_left%%,*} steps," \
		"$(elapsed "$began")${progress_left#"${progress_left%%,*}"}"
	if [ -t 1 ]; then
		printf '\r\033[K%s ' "$*"
	else
		say "$*"
	fi
}

# What the kernel is built for
kernel_arch=x86_64
cross=

# read_arch NAME: what scripts/stack/archs has of an architecture
read_arch()
{
	rows=$(grep -v '^#' "$stack/archs")
	row=$(say "$rows" | awk -v "name=$1" '$1 == name')
	[ -n "$row" ] ||
		die "There is no architecture '$1', only: $(say "$rows" | cut -f 1 | paste -s -d ' ')"
	read -r arch kernel_arch cross debian qemu machine cpu console image <<-END
	$row
	END
	[ "$cross" != - ] || cross=
}

# With LLVM's tools, what their names end with
llvm=

# The compiler command, through ccache when there is one.
compiler()
{
	command=${cross}gcc
	[ -z "$llvm" ] || command=clang$llvm
	if has ccache; then
		command="ccache $command"
	fi
	say "$command"
}

# kbuild SOURCE OUT ARGUMENTS...: the kernel's make, for $kernel_arch. ccache makes
# paths relative where the kernel's build maps absolute ones away; without the same for
# the relative ones __FILE__ would not be the path in the kernel tree.
kbuild()
{
	source=$1 objects=$2
	shift 2
	make -C "$source" O="$objects" CC="$(compiler)" ${llvm:+LLVM="$llvm"} \
		ARCH="$kernel_arch" CROSS_COMPILE="$cross" \
		KCFLAGS="-fmacro-prefix-map=$(realpath --relative-to="$objects" "$source")/=" "$@"
}

# What prints the results of the KUnit suites in a guest
# shellcheck disable=SC2016 # expands there
kunit_results='debug=/sys/kernel/debug
	[ -d $debug/kunit ] || mount -t debugfs none $debug
	cat $debug/kunit/marker*/results'

# configured OUT OPTION: whether the kernel there has it, built in
configured()
{
	grep -q "^CONFIG_$2=y" "$1/.config"
}

# builds_test_modules OUT: whether that kernel takes modules, and others than its own
builds_test_modules()
{
	configured "$1" MODULES && ! configured "$1" TRIM_UNUSED_KSYMS
}

# build_selftests OUT INSTALLED [ARGUMENT...]: for the kernel in OUT
build_selftests()
{
	objects=$1 installed_to=$2
	shift 2
	rm -rf "$installed_to"
	kbuild "$tree" "$objects" headers || return
	set -- O="$objects" KDIR="$objects" ARCH="$kernel_arch" CROSS_COMPILE="$cross" \
		${llvm:+LLVM="$llvm"} "$@"
	builds_test_modules "$objects" || set -- "$@" TEST_GEN_MODS_DIR=
	make -C "$tree/tools/testing/selftests" TARGETS=markers \
		INSTALL_PATH="$installed_to" FORCE_TARGETS=1 "$@" install || return
	# The modules were built among their sources, where nothing is to stay. There are
	# none after the first patches of the tests.
	builds_test_modules "$objects" || return 0
	[ -d "$tree/tools/testing/selftests/markers/test_modules" ] || return 0
	make -C "$tree/tools/testing/selftests/markers/test_modules" "$@" clean
}

# requested FRAGMENT...: their last word on each option, in the form that .config has
requested()
{
	sed -n -e 's/^\(CONFIG_[A-Za-z0-9_]*\)=n$/# \1 is not set/' \
		-e '/^CONFIG_[A-Za-z0-9_]*=/p' \
		-e '/^# CONFIG_[A-Za-z0-9_]* is not set$/p' "$@" |
		awk '{ name = $0
		       gsub(/^# |=.*| is not set$/, "", name)
		       last[name] = $0 }
		     END { for (name in last) print last[name] }' | sort
}

# refused CONFIG FRAGMENT...: the requested options that CONFIG does not have
refused()
{
	config=$1
	shift
	requested "$@" | while read -r line; do
		case $line in
		'#'*)
			name=${line#\# }
			! grep -q "^${name%% *}=" "$config" || say "$line"
			;;
		*)
			grep -qxF "$line" "$config" || say "$line"
			;;
		esac
	done
}

# compile_command OUT OBJECT: how OBJECT was compiled in OUT, up to the names of
# its files, and without a record of what it includes
compile_command()
{
	sed -n -e 's/-Wp,-MMD,[^ ]*//' \
		-e "s,^savedcmd_[^=]*:= \\(.*\\) -o $2 .*,\\1,p" \
		"$1/$(dirname "$2")/.$(basename "$2").cmd"
}

# unchanged WHAT WANT HAVE: whether each line of WANT is in HAVE; both are sorted.
# There have to be some.
unchanged()
{
	lost=$(comm -23 "$2" "$3")
	say "$1: $(wc -l <"$2") compared, $(printf '%s' "$lost" | grep -c '') changed"
	[ -z "$lost" ] || say "$lost" | cut -c 1-300 | head -n 20
	[ -s "$2" ] && [ -z "$lost" ]
}

# The structures and unions that pahole prints, each on a line and once
one_a_line()
{
	awk '
		{ gsub(/[ \t]+/, " "); line = line $0 }
		/^}/ { if (!seen[line]++) print line; line = "" }' | sort
}

# Tests in a guest: the results of each go to $results/NAME.*, and the kernel's
# log is a test, too: a warning, a splat or a leak in it is a failure.
splat='WARNING:|BUG:|Oops|Call Trace|suspicious RCU|INFO: |kmemleak: .*(suspected|new)|UBSAN|KASAN:|refcount_t:|Kernel panic'
results=$build/test
passed=0
failed=0
skipped=0

# count PASSED FAILED SKIPPED
count()
{
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
}

not_ok()
{
	say "not ok $*"
	count 0 1 0
}

# guest NAME LIMIT ARGUMENT...: have vm boot with these arguments, the command's
# output in NAME.tap and the kernel's in NAME.log, and leave the status for tally.
guest()
{
	guest_name=$1 guest_limit=$2
	shift 2
	with_progress "$guest_name" "$results/$guest_name.tap" "$stack/boot/vm" \
		--timeout "$guest_limit" --log "$results/$guest_name.log" "$@"
	guest_status=$?
	case $guest_status in
	124) guest_ended="did not end within $guest_limit seconds" ;;
	125) guest_ended="died" ;;
	2) guest_ended="could not be started" ;;
	*) guest_ended= ;;
	esac
	[ -z "$guest_ended" ] || {
		not_ok "$guest_name: the guest $guest_ended, ${results#"$top"/}/$guest_name.tap and .log:"
		tail -n 20 "$results/$guest_name.tap" | sed 's/^/    /'
	}
	kernel_log "$guest_name"
}

# What looks bad in a log, but has to be expected, is removed by this command: the
# whole log, one of the two below, or another one.
forgive='cat'

# Of a report of an allocation that was made to fail, the one line that looks bad,
# which is near its first: there may be other reports between its lines. The ring buffer
# warns when it fails, although it returns an error as well.
failed_allocations()
{
	awk '/(vmalloc error|page allocation failure): |failed to allocate ring buffer on/ {
		open++; last = NR
	     }
	     /WARNING: .* at trace_rb_cpu_prepare\+/ && open && NR < last + 3 { next }
	     /Call Trace:/ && open && NR < last + 30 { open--; next }
	     { print }'
}

# Of a crash that was asked for, up to the next boot, the same
asked_crash()
{
	awk '/sysrq: Trigger a crash/ { crash = 1 }
	     crash && /Kernel panic - not syncing: sysrq triggered crash|Call Trace:/ { next }
	     /Linux version/ { crash = 0 }
	     { print }'
}

# kernel_log NAME: it has to be there, from the boot on, with nothing bad in it
kernel_log()
{
	: >"$results/$1.splats"
	if "$forgive" <"$results/$1.log" >"$results/$1.seen" &&
	   grep -q 'Linux version' "$results/$1.seen"; then
		grep -E "$splat" "$results/$1.seen" >"$results/$1.splats"
		[ $? -eq 1 ]
	else
		say "It is not whole." >"$results/$1.splats"
		false
	fi && count 1 0 0 && return
	not_ok "$1: guest kernel log, ${results#"$top"/}/$1.log:"
	sed 's/^/    /' "$results/$1.splats" | head -n 40
}

# tally NAME [OPTION...]: count the test cases in NAME.tap. What else the guest's
# command failed for than a test, or skipped them all, is a failure by itself.
tally()
{
	tap=$1
	shift
	"$stack/test/ktap" --skips "$stack/test/skips" "$@" "$tap" \
		<"$results/$tap.tap" >"$results/$tap.sum" ||
		die "The results of $tap could not be read."
	sed '$d' "$results/$tap.sum"
	# shellcheck disable=SC2046 # three numbers
	set -- $(tail -n 1 "$results/$tap.sum")
	count "$1" "$2" "$3"
	say "$tap: $1 ok, $2 not ok, $3 skipped"
	[ "$(($1 + $2 + $3))" -gt 0 ] || not_ok "$tap: no test ran"
	case $2:$guest_status in
	0:0 | [1-9]*) ;;
	0:4) [ "$3" -gt 0 ] || not_ok "$tap: the command ended with status 4" ;;
	*) not_ok "$tap: the command ended with status $guest_status" ;;
	esac
}

# The last line, and the status. Where nothing passed, something is wrong.
verdict()
{
	say "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
