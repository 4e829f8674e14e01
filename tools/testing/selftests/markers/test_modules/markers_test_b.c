// SPDX-License-Identifier: GPL-2.0
/*
 * Markers that markers_test_a.c has as well
 */

#include "markers_test.h"

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_test, shared, "n=%u who=%s", n, "b");
	trace_mark(markers_test, place, "n=%u which=%s", n, "other module");
	markers_test_inline(n);
}

static int __init markers_test_b_init(void)
{
	trace_mark(markers_test, init, "who=%s", "b");
	return 0;
}
module_init(markers_test_b_init);

static void __exit markers_test_b_exit(void)
{
	trace_mark(markers_test, exit, "who=%s", "b");
}
module_exit(markers_test_b_exit);

MODULE_DESCRIPTION("Markers that another module has as well");
MODULE_LICENSE("GPL");
