// SPDX-License-Identifier: GPL-2.0
/*
 * Markers that come and go: some of a name that marker_stress.c has as well, some
 * of their own, one in code that is freed after it ran, and a probe of a marker
 * of the other module, which need not be there.
 */

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/marker.h>
#include <linux/module.h>

static struct task_struct *task;
static atomic_long_t seen;

static void probe_shared(void *data, unsigned long long seq, const char *module)
{
	atomic_long_inc(data);
}

DEFINE_MARKER_PROBE(probe_shared, unsigned long long, const char *);

static int sites_fn(void *unused)
{
	unsigned long long seq = 0;

	while (!kthread_should_stop()) {
		seq++;
		trace_mark(marker_stress, shared, "seq=%llu module=%s", seq, KBUILD_MODNAME);
		trace_mark(marker_stress_sites, own, "seq=%llu seen=%ld", seq,
			   atomic_long_read(&seen));
		usleep_range(100, 1000);
	}
	return 0;
}

static int __init marker_stress_sites_init(void)
{
	int ret;

	trace_mark(marker_stress_sites, init, "module=%s", KBUILD_MODNAME);
	ret = marker_probe_register("marker_stress:shared", probe_shared, &seen);
	if (ret)
		return ret;
	task = kthread_run(sites_fn, NULL, KBUILD_MODNAME);
	if (IS_ERR(task)) {
		marker_probe_unregister("marker_stress:shared", probe_shared, &seen);
		marker_synchronize_unregister();
		return PTR_ERR(task);
	}
	return 0;
}
module_init(marker_stress_sites_init);

static void __exit marker_stress_sites_exit(void)
{
	kthread_stop(task);
	trace_mark(marker_stress_sites, exit, "seen=%ld", atomic_long_read(&seen));
	marker_probe_unregister("marker_stress:shared", probe_shared, &seen);
	marker_synchronize_unregister();
}
module_exit(marker_stress_sites_exit);

MODULE_DESCRIPTION("Markers and a probe that come and go");
MODULE_LICENSE("GPL");
