// SPDX-License-Identifier: GPL-2.0
/*
 * Markers that have the names of those in markers_test_a.c, but other fields or
 * another format; and one of its own
 */

#include "markers_test.h"

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_test, changing, "text=%s n=%llu", "other", n + 0xf00000000ULL);
	trace_mark(markers_test, shared, "n=%#x who=%s", n, "other");
	trace_mark(markers_test, other, "n=%u", n);
}

static int __init markers_test_other_init(void)
{
	return 0;
}
module_init(markers_test_other_init);

static void __exit markers_test_other_exit(void)
{
}
module_exit(markers_test_other_exit);

MODULE_DESCRIPTION("Markers that contradict those of another module");
MODULE_LICENSE("GPL");
