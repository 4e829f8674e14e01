// SPDX-License-Identifier: GPL-2.0
/*
 * Markers of a module whose init hits them, and fails
 */

#include <linux/errno.h>
#include <linux/marker.h>
#include <linux/module.h>

static int __init markers_test_fail_init(void)
{
	trace_mark(markers_fail, init, "ret=%d", -ENOMEM);
	trace_mark(markers_test, shared, "n=%u who=%s", 0U, "fail");
	return -ENOMEM;
}
module_init(markers_test_fail_init);

MODULE_DESCRIPTION("Markers of a module that cannot be loaded");
MODULE_LICENSE("GPL");
