#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The list of the kernel's markers in Documentation/trace/markers.rst is complete
# and true: it has each marker of the kernel image, with its fields and what it
# says, and no other one. Those of mark_fail() have the same fields in each system, and
# are told once.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

page=markers.rst
dir=$(cd "$(dirname "$0")" && pwd)
# In the sources the page is where the kernel has it, installed it is here.
for source in "$dir/$page" "$dir/../../../../Documentation/trace/$page"; do
	[ ! -e "$source" ] || break
done
[ -e "$source" ] || skip_all "no $page"

# Lines "system:event field field..." of the list. A system is a heading; an entry
# is at the left, as is other text, and what it says is indented below.
listed()
{
	awk '
		/^The markers of the kernel$/ { within = 1; next }
		!within { next }
		/^====/ && previous != "" { exit }
		/^----/ { system_name = previous }
		/^\t+[^ \t]/ && entry != "" { print system_name ":" entry }
		{ entry = "" }
		/^[a-z0-9_]+:( [a-z0-9_]+)*$/ { entry = $0; sub(/:/, "", entry) }
		{ previous = $0 }' "$source"
}

# The same of the kernel image. Those of the KUnit tests are nobody's business.
present()
{
	awk -F '\t' '
		{ split($1, name, ":") }
		name[2] == name[1] "_fail" { next }
		$6 == "-" && $1 !~ /^marker_kunit:/ {
			line = $1
			nr = $10 == "-" ? 0 : split($10, fields, ", ")
			for (i = 1; i <= nr; i++) {
				sub(/\[[0-9]*\]$/, "", fields[i])
				sub(/.* /, "", fields[i])
				line = line " " fields[i]
			}
			print line
		}' "$tracefs/static_markers"
}

# no_line file: it is empty.
no_line()
{
	sed 's/^/# /' "$1"
	[ ! -s "$1" ]
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
listed | sort >"$work/listed"
present | sort -u >"$work/present"
comm -13 "$work/listed" "$work/present" >"$work/unlisted"
comm -23 "$work/listed" "$work/present" >"$work/absent"

plan 4
check "there are markers" test -s "$work/present"
check "each marker is listed, with its fields and what it says" no_line "$work/unlisted"
check "no other one is listed" no_line "$work/absent"
uniq -d "$work/listed" >"$work/twice"
check "none is listed twice" no_line "$work/twice"
finish
