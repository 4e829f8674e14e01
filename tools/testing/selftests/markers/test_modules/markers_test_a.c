// SPDX-License-Identifier: GPL-2.0
/*
 * Markers, some of which markers_test_b.c has as well, and one that fs/pipe.c
 * has; markers_test_other.c has some of them with other fields.
 */

#include <linux/types.h>

#include "markers_test.h"

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_test, shared, "n=%u who=%s", n, "a");
	trace_mark(markers_test, place, "n=%u which=%s", n, "first");
	trace_mark(markers_test, place, "n=%u which=%s", n, "second");
	trace_mark(markers_test, changing, "n=%u", n);
	trace_mark(pipe, pipe_full, "ino=%llu used=%u slots=%u", (u64)n, n + 1, n + 2);
}

static int __init markers_test_a_init(void)
{
	trace_mark(markers_test, init, "who=%s", "a");
	return 0;
}
module_init(markers_test_a_init);

static void __exit markers_test_a_exit(void)
{
	trace_mark(markers_test, exit, "who=%s", "a");
}
module_exit(markers_test_a_exit);

MODULE_DESCRIPTION("Markers that more than one module has");
MODULE_LICENSE("GPL");
