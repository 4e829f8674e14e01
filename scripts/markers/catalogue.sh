#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Usage: catalogue.sh MARKERS.LIST DIR
#
# Compare the catalogue of markers, which has a page DIR/SYSTEM.rst for each system,
# with the list that the link of the kernel has written. Each marker of vmlinux has to
# be there once, with its fields, and no other one. In a page it is a heading, a
# literal block with the fields, in lines that end with a comma but for the last one,
# and what it says. Markers of the KUnit tests are nobody's business.

set -u
export LC_ALL=C

[ $# -eq 2 ] || {
	echo "usage: ${0##*/} MARKERS.LIST DIR" >&2
	exit 2
}
list=$1 dir=$2

# Lines "system:event <TAB> fields" of the pages
listed()
{
	for page in "$dir"/*.rst; do
		[ "${page##*/}" != index.rst ] || continue
		awk -v system_name="$(basename "$page" .rst)" '
			# An entry is one with fields and a text after them.
			function flush() {
				if (event != "" && fields != "" && told > 0)
					print system_name ":" event "\t" fields
				event = fields = ""
				told = 0
			}
			/^--+$/ && previous ~ /^[A-Za-z0-9_]+$/ {
				told--	# the heading
				flush()
				event = previous
				block = 1
			}
			block && /^\t/ {
				sub(/^\t/, fields == "" ? "" : " ")
				fields = fields $0
				next
			}
			fields != "" && /^[^ \t]/ { block = 0; told++ }
			{ previous = $0 }
			END { flush() }' "$page"
	done
}

present()
{
	awk -F '\t' '$4 == "vmlinux" && $1 !~ /^marker_kunit:/ { print $1 "\t" $2 }' "$list"
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
listed | sort >"$work/listed"
present | sort -u >"$work/present"
[ -s "$work/present" ] || {
	echo "$list: no markers" >&2
	exit 1
}
{
	comm -13 "$work/listed" "$work/present" | sed "s|^|is not in $dir: |"
	comm -23 "$work/listed" "$work/present" | sed "s|^|is not in $list: |"
	uniq -d "$work/listed" | sed "s|^|is twice in $dir: |"
} >"$work/wrong"
cat "$work/wrong" >&2
[ ! -s "$work/wrong" ]
