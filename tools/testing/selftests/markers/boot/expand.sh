#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The trace buffer is small until an event is turned on. Turning on a marker by the
# file static_markers makes it as large as turning on an event does.
#
# cmdline: trace_buf_size=300k

# shellcheck source=lib
. "$(dirname "$0")/lib"

plan 4
check "the buffer is small" grep -q '(expanded: 300)' "$tracefs/buffer_size_kb"
echo '+pipe:pipe_full' >"$tracefs/static_markers"
# In whole pages, and without "(expanded: ...)"
check "it is as large as asked for" grep -qxE '3[0-9][0-9]' "$tracefs/buffer_size_kb"
check "the marker is on" site pipe:pipe_full on 1
check "the kernel has not warned" no_warning
finish
