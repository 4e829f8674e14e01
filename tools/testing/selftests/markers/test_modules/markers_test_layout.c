// SPDX-License-Identifier: GPL-2.0
/*
 * Markers as of a kernel with another layout of sites
 */

#include <linux/marker-defs.h>

#undef MARKER_SECTION
#define MARKER_SECTION	"__markers_v0"

#include "markers_test.h"

static unsigned int hits;
module_param(hits, uint, 0444);

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_layout, hit, "n=%u", n);
	hits++;
}

static int __init markers_test_layout_init(void)
{
	trace_mark(markers_layout, init, "init");
	return 0;
}
module_init(markers_test_layout_init);

static void __exit markers_test_layout_exit(void)
{
}
module_exit(markers_test_layout_exit);

MODULE_DESCRIPTION("Markers of another layout");
MODULE_LICENSE("GPL");
