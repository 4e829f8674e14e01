// SPDX-License-Identifier: GPL-2.0
/*
 * A marker with as many fields as there can be, of all sizes.
 */

#include <linux/types.h>

#include "markers_test.h"

static void markers_test_hit(unsigned int n)
{
	trace_mark(markers_test, fields,
		   "f0=%u f1=%llu f2=%d f3=%hu f4=%hhu f5=%lld f6=%d f7=%u f8=%lu f9=%hd f10=%hhd f11=%u f12=%s f13=%d f14=%llu f15=%u",
		   n, (u64)n << 32 | 1, -(int)n, (u16)(n + 3), (u8)(n + 4), -(s64)n - 5,
		   (bool)n, n + 7, (unsigned long)n + 8, (s16)-9, (s8)-10, n + 11,
		   "the twelfth", (int)n + 13, (u64)n + 14, n + 15);
}

MODULE_DESCRIPTION("A marker with sixteen fields");
MODULE_LICENSE("GPL");
