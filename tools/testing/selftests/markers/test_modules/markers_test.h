/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the test modules: a number that is written to a module's parameter
 * "hit" hits its markers.
 */
#ifndef _MARKERS_TEST_H
#define _MARKERS_TEST_H

#include <linux/kstrtox.h>
#include <linux/marker.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static void markers_test_hit(unsigned int n);

/* Each file that uses it has a site in this place. */
static inline void markers_test_inline(unsigned int n)
{
	trace_mark(markers_test, header, "n=%u", n);
}

static int markers_test_set_hit(const char *val, const struct kernel_param *kp)
{
	unsigned int n;
	int ret = kstrtouint(val, 0, &n);

	if (!ret)
		markers_test_hit(n);
	return ret;
}

static const struct kernel_param_ops markers_test_hit_ops = {
	.set	= markers_test_set_hit,
};
module_param_cb(hit, &markers_test_hit_ops, NULL, 0200);

#endif /* _MARKERS_TEST_H */
