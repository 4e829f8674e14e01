// SPDX-License-Identifier: GPL-2.0
/*
 * Markers that no test turns on, so that nothing of them stays
 */

#include "markers_test.h"

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_unused, hit, "n=%u", n);
	trace_mark(markers_unused, again, "n=%u again", n);
}

static int __init markers_test_unused_init(void)
{
	trace_mark(markers_unused, init, "init");
	return 0;
}
module_init(markers_test_unused_init);

static void __exit markers_test_unused_exit(void)
{
}
module_exit(markers_test_unused_exit);

MODULE_DESCRIPTION("Markers that nobody turns on");
MODULE_LICENSE("GPL");
