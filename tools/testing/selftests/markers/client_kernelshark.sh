#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# KernelShark's library reads what trace-cmd has recorded of markers, and has the
# entries of KernelShark's list. The program itself wants a screen with OpenGL.
#
# shellcheck disable=SC2317	# check() calls the functions

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
clients trace-cmd python3
python3 -c 'import ctypes; ctypes.CDLL("libkshark.so.2")' 2>/dev/null ||
	skip_all "no libkshark.so.2"

# A program that prints the entries of a file, "event<tab>info". It has to be called .dat.
lister()
{
	cat >"$work/list.py" <<-'END'
		import ctypes, sys
		lib = ctypes.CDLL('libkshark.so.2')
		context = ctypes.c_void_p()
		lib.kshark_instance.restype = ctypes.c_bool
		if not lib.kshark_instance(ctypes.byref(context)):
		    sys.exit('no context')
		stream = lib.kshark_open(context, sys.argv[1].encode())
		if stream < 0:
		    sys.exit('it does not open the file: %d' % stream)
		rows = ctypes.POINTER(ctypes.c_void_p)()
		lib.kshark_load_entries.restype = ctypes.c_ssize_t
		number = lib.kshark_load_entries(context, stream, ctypes.byref(rows))
		lib.kshark_get_event_name.restype = ctypes.c_char_p
		lib.kshark_get_info.restype = ctypes.c_char_p
		for row in range(number):
		    entry = ctypes.c_void_p(rows[row])
		    name, info = lib.kshark_get_event_name(entry), lib.kshark_get_info(entry)
		    print('%s\t%s' % (name.decode(), info.decode()))
	END
}

record()
{
	run trace-cmd record -q -o "$work/data.dat" "$@" &&
		run python3 "$work/list.py" "$work/data.dat"
}

lists()
{
	record -e pipe:pipe_resize -e mount:mount "$hit_markers" 3 && shown 6 '^(pipe|mount)/' &&
		shown 1 '^pipe/pipe_resize	ino=[0-9]+ size=3 old=1 new=1 ret=4096$' &&
		shown 1 '^mount/mount	source=hit-2 target=/ type=none flags=BIND ret=-ENOENT mntns=[0-9]+$'
}

lists_module()
{
	record -e marker_example sh -c "echo -7 >$example" &&
		shown 1 '^marker_example/begin	begin$' &&
		shown 1 '^marker_example/negative	n=-7$' &&
		shown 1 '^marker_example/strings	text=-7 start=-7 +len=2 null=\(null\)$'
}

# A marker is listed as the trace event of the tree that it could be in the place of.
as_events()
{
	events_begin && record -e as_marker -e 'original_*' sh "$work/events" &&
		sed -nE 's,^(as_marker|original_[a-z]+)/([a-z_]+)	,\2: ,p' "$work/out" \
			>"$work/client" &&
		client_events "$work/client" && events_end "$work/client.same"
}

lister
plan 5
check "markers of the kernel image" lists
check "a module" lists_module
check_events "trace events of the tree, and markers that say the same" as_events
check "nothing is left on" nothing_on
check "the kernel has not warned" no_warning
finish
