#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Usage: recipes.sh [name...]
#
# Run the recipes in Documentation/trace/markers/recipes.rst and why.rst, or those
# named.
# Each is a comment, and the first literal block after it:
#
#	.. recipe: pipe-full
#	   needs: bpftrace
#	   expect: pipe_full: .*used=16
#
#	A writer that waits::
#
#		# echo 1 > events/pipe/pipe_full/enable
#		...
#
# A line that begins with '# ' is a command, and goes on in those that are
# indented by one tab more. The others show output and are not read. The commands
# are run by sh -e in tracefs, where nothing is on. The recipe passes if they
# succeed, each "expect:", an extended regular expression, matches a line of
# their output, and no "reject:" does. "needs:" names programs, files of tracefs,
# with a slash in it, and modules, which end in .ko and are loaded; what is not
# there makes the recipe a skip.

dir=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$dir/../kselftest/ktap_helpers.sh"
# shellcheck source=lib.sh
. "$dir/lib.sh"

pages='recipes.rst why.rst'
limit=60
# If bpftrace cannot work here, its recipes are skipped as if it were not installed.
bpftrace=$(command -v bpftrace)
[ -e /proc/sys/kernel/unprivileged_bpf_disabled ] || bpftrace=
[ -z "$bpftrace" ] || ! no_headers || bpftrace=

# extract out page...: NAME.sh, NAME.needs, NAME.expect and NAME.reject for each
# recipe, and their names in order in the file "names"; NAME.unknown has what is
# none of these.
extract()
{
	out=$1
	shift
	awk -v out="$out/" '
		/^\.\. recipe: / {
			name = out $3
			print $3 >(out "names")
			part = "keys"
			next
		}
		part == "keys" && /^ / && !/^   (needs|expect|reject): ./ {
			print >(name ".unknown")
			next
		}
		part == "keys" && /^ / {
			key = $1
			sub(/:$/, "", key)
			sub(/^   [a-z]+: /, "")
			print >(name "." key)
			next
		}
		part == "keys" { part = "text" }
		part == "text" && /^\t/ { part = "block" }
		part == "block" && !/^(\t|$)/ { part = "" }
		part == "block" {
			command = /^\t# / || (command && /^\t\t/)
			sub(/^\t(# |\t)/, "")
			if (command)
				print >(name ".sh")
		}' "$@"
}

# Turn off and remove what a recipe has left, so that the next one has nothing of
# it. A trigger that others refer to goes after them, in a later round.
reset()
{
	echo 0 >events/enable
	rmdir instances/* 2>/dev/null
	for _ in 1 2 3; do
		grep -s '^[^#]' events/*/*/trigger >"$tmp/triggers" || break
		remove_triggers
	done
	grep -Ls '^none$' events/*/*/filter >"$tmp/filters"
	while read -r file; do
		echo 0 >"$file"
	done <"$tmp/filters"
	# What is not there ends a shell that has ":" write to it.
	for file in synthetic_events dynamic_events set_event_pid \
		    set_event_notrace_pid; do
		true >"$file"
	done
	echo nop >current_tracer
	restore
	echo 0 >snapshot
	echo 1 >tracing_on
	true >trace
} 2>/dev/null

# Each was found as "file:trigger"; a histogram tells its state after that.
remove_triggers()
{
	while IFS=: read -r file trigger; do
		echo "!${trigger% \[*}" >"$file"
	done <"$tmp/triggers"
}

settings='buffer_size_kb trace_clock tracing_cpumask trace_options'

# Keep the settings line by line: of several choices the one that is made, and
# the size that the buffer has as soon as it is used.
keep()
{
	for file in $settings; do
		sed 's/.*\[\(.*\)\].*/\1/; s/.*(expanded: \(.*\))/\1/' \
			"$file" >"$tmp/$file"
	done
}

restore()
{
	for file in $settings; do
		while read -r value; do
			echo "$value" >"$file"
		done <"$tmp/$file"
	done
}

# missing recipe: the first of what it needs that is not there
missing()
{
	[ -e "$tmp/$1.needs" ] || return 0
	# shellcheck disable=SC2013	# words it is
	for need in $(cat "$tmp/$1.needs"); do
		case $need in
		bpftrace) [ -n "$bpftrace" ] ;;
		*.ko)	modprobe -q "${need%.ko}" ;;
		*/*)	[ -e "$need" ] ;;
		*)	command -v "$need" >/dev/null ;;
		esac || {
			echo "$need"
			return
		}
	done
}

# perform recipe: run its commands, in a session to end the processes that they leave
perform()
{
	setsid timeout --foreground "$limit" sh -e "$tmp/$1.sh" \
		</dev/null >"$tmp/output" 2>&1 &
	session=$!
	wait "$session"
	status=$?
	kill -9 "-$session" 2>/dev/null
	return "$status"
}

# verify recipe: whether the output is what it has to be
verify()
{
	while read -r re; do
		grep -qaE -e "$re" "$tmp/output" || {
			echo "# nothing matches: $re"
			return 1
		}
	done <"$tmp/$1.expect"
	[ -e "$tmp/$1.reject" ] || return 0
	while read -r re; do
		if grep -qaE -e "$re" "$tmp/output"; then
			echo "# this matches: $re"
			return 1
		fi
	done <"$tmp/$1.reject"
}

try()
{
	need=$(missing "$1")
	if [ -n "$need" ]; then
		ktap_test_skip "$1: there is no $need"
		return
	fi
	reset
	if [ -e "$tmp/$1.unknown" ]; then
		sed 's/^ */# not understood: /' "$tmp/$1.unknown"
		: >"$tmp/output"
	elif ! [ -s "$tmp/$1.sh" ] || ! [ -s "$tmp/$1.expect" ]; then
		echo "# it has no command, or expects nothing"
	elif ! perform "$1"; then
		echo "# a command failed, status $status"
	elif verify "$1"; then
		ktap_test_pass "$1"
		return
	fi
	sed 's/^/# /' "$tmp/output" | head -n 100
	ktap_test_fail "$1"
}

# shellcheck disable=SC2317	# a trap calls it
cleanup()
{
	reset
	rmmod marker_example 2>/dev/null
	rm -rf "$tmp"
}

# In the sources the pages are where the kernel has them, installed they are here.
sources=
for page in $pages; do
	for source in "$dir/$page" "$dir/../../../../Documentation/trace/markers/$page"; do
		[ ! -e "$source" ] || break
	done
	[ -e "$source" ] || skip_all "no $page"
	sources="$sources $source"
done

# Recipes are for the programs of a whole system; busybox knows no such option.
timeout --foreground 1 true 2>/dev/null || skip_all "no timeout of coreutils"

tmp=$(mktemp -d) || exit 1
cd "$tracefs" || exit 1
keep
trap cleanup EXIT
# shellcheck disable=SC2086	# a list of files
extract "$tmp" $sources
# shellcheck disable=SC2046	# a list of names
[ $# -gt 0 ] || set -- $(cat "$tmp/names")

ktap_print_header
ktap_set_plan $#
[ $# -gt 0 ] || ktap_exit_fail_msg "no recipe in$sources"
for recipe; do
	try "$recipe"
done
ktap_finished
