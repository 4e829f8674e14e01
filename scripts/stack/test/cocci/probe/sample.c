// SPDX-License-Identifier: GPL-2.0
/*
 * What scripts/coccinelle/markers/probe.cocci has to show and to let be; see "check
 * conversion".
 */

#include <linux/marker.h>
#include <linux/module.h>

/* Unregistered in the last function that the exit calls, and waited for after it */
static void good_undo(void)
{
	marker_probe_unregister("sample:good", good, NULL);
}

static void good_exit(void)
{
	good_undo();
}

/* Registered and unregistered at any time, as by a file */
static ssize_t any_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	int ret = marker_probe_register("sample:any", any, file);

	if (ret)
		return ret;
	marker_probe_unregister("sample:any", any, file);
	marker_synchronize_unregister();
	return count;
}

static ssize_t never_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return marker_probe_register("sample:never", never_unregistered, file) ?: count;
}

static void late_exit(void)
{
	if (marker_probe_unregister("sample:late", late, NULL))
		pr_warn("late\n");
}

static int __init sample_init(void)
{
	int ret = marker_probe_register("sample:good", good, NULL);

	if (!ret)
		ret = marker_probe_register("sample:late", late, NULL);
	if (!ret)
		ret = marker_probe_register("sample:only_init", unregistered_by_init_only, NULL);
	if (!ret)
		return 0;
	good_exit();
	marker_synchronize_unregister();
	marker_probe_unregister("sample:only_init", unregistered_by_init_only, NULL);
	return ret;
}
module_init(sample_init);

static void __exit sample_exit(void)
{
	good_exit();
	marker_synchronize_unregister();
	late_exit();
}
module_exit(sample_exit);
