#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# BCC, and Python programs with it, take markers for trace events.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients tplist-bpfcc python3
modprobe kheaders 2>/dev/null
[ -e /sys/kernel/kheaders.tar.xz ] || [ -e "/lib/modules/$(uname -r)/source" ] ||
	skip_all "no headers of the kernel, which BCC compiles with"

lists()
{
	run tplist-bpfcc -v pipe:pipe_resize && shown 1 '^pipe:pipe_resize$' &&
		shown 1 '^ +unsigned int size;' && shown 1 '^ +long ret;'
}

# What a program of one's own does
python()
{
	cat >"$work/program.py" <<-'END'
		import subprocess, sys
		from bcc import BPF
		program = BPF(text=r"""
		BPF_HASH(sizes, u32, u64);
		BPF_HASH(sources, u32, u64);
		TRACEPOINT_PROBE(pipe, pipe_resize) {
		        sizes.increment(args->size);
		        return 0;
		}
		TRACEPOINT_PROBE(mount, mount) {
		        char source[16];
		        TP_DATA_LOC_READ_STR(source, source, sizeof(source));
		        sources.increment(source[4] - '0');
		        return 0;
		}
		""")
		subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, check=True)
		print('sizes', *sorted(key.value for key in program['sizes']))
		print('sources', *sorted(key.value for key in program['sources']))
	END
	run python3 "$work/program.py" "$hit_markers" 3 && shown 1 '^sizes 1 2 3$' &&
		shown 1 '^sources 1 2 3$'
}

plan 4
check "tplist: types and names of the fields" lists
check "a program that reads fields and strings" python
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
