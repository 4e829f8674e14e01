// SPDX-License-Identifier: GPL-2.0
/*
 * Markers of a module that says it is proprietary, and so taints the kernel
 */

#include "markers_test.h"

static unsigned int hits;
module_param(hits, uint, 0444);

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_denied, hit, "n=%u", n);
	trace_mark(markers_test, shared, "n=%u who=%s", n, "proprietary");
	hits++;
}

static int __init markers_test_proprietary_init(void)
{
	trace_mark(markers_denied, init, "who=%s", "proprietary");
	return 0;
}
module_init(markers_test_proprietary_init);

static void __exit markers_test_proprietary_exit(void)
{
	trace_mark(markers_denied, exit, "who=%s", "proprietary");
}
module_exit(markers_test_proprietary_exit);

MODULE_DESCRIPTION("Markers of a module that taints the kernel");
MODULE_LICENSE("Proprietary");
