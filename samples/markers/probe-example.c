// SPDX-License-Identifier: GPL-2.0
/*
 * Typed probes: functions that are called when markers are hit.
 *
 * One probe is on a marker of the kernel image, the others are on markers of
 * marker-example.c, which may be loaded before, after, or not at all:
 *
 *	modprobe probe-example
 *	modprobe marker-example
 *	echo 42 > /sys/kernel/debug/marker-example
 *	cat /sys/kernel/debug/probe-example
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/marker.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static struct dentry *probe_example_file;

/* The context is that of the hit, and other CPUs may be in here as well. */
static atomic_t probe_example_full, probe_example_ticks, probe_example_strings;
static atomic_t probe_example_max_used;

static char probe_example_text[64];
static DEFINE_RAW_SPINLOCK(probe_example_lock);

/* The parameters after the first are the marker's, in its order and types. */
static void probe_full(void *data, u64 ino, unsigned int used, unsigned int slots)
{
	int max = atomic_read(&probe_example_max_used);

	atomic_inc(&probe_example_full);
	while (used > max && !atomic_try_cmpxchg(&probe_example_max_used, &max, used))
		;
}

DEFINE_MARKER_PROBE(probe_full, u64, unsigned int, unsigned int);

static void probe_tick(void *data, unsigned int nr, bool hardirq)
{
	atomic_t *count = data;

	atomic_inc(count);
}

DEFINE_MARKER_PROBE(probe_tick, unsigned int, bool);

/* Strings are those that the marker was given: what is kept has to be copied. */
static void probe_strings(void *data, const char *text, const char *start, size_t len,
			  const char *null)
{
	atomic_inc(&probe_example_strings);

	/* This marker is hit in process context only, or one would have to do more. */
	guard(raw_spinlock)(&probe_example_lock);
	strscpy(probe_example_text, text);
}

DEFINE_MARKER_PROBE(probe_strings, const char *, const char *, size_t, const char *);

static int probe_example_show(struct seq_file *m, void *v)
{
	char text[sizeof(probe_example_text)];

	/* Not within a hit: what the probe takes, it takes with preemption off. */
	scoped_guard(raw_spinlock, &probe_example_lock)
		strscpy(text, probe_example_text);

	seq_printf(m, "pipe:pipe_full %d, at most %d used\n", atomic_read(&probe_example_full),
		   atomic_read(&probe_example_max_used));
	seq_printf(m, "marker_example:tick %d\n", atomic_read(&probe_example_ticks));
	seq_printf(m, "marker_example:strings %d, last %s\n",
		   atomic_read(&probe_example_strings), text);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(probe_example);

static void probe_example_unregister(void)
{
	/* Those that are not there say so, which is not of interest here. */
	marker_probe_unregister("pipe:pipe_full", probe_full, NULL);
	marker_probe_unregister("marker_example:tick", probe_tick, &probe_example_ticks);
	marker_probe_unregister("marker_example:strings", probe_strings, NULL);

	/* Nothing of this module may go while a hit is still in it. */
	marker_synchronize_unregister();
}

static int __init probe_example_init(void)
{
	int ret;

	ret = marker_probe_register("pipe:pipe_full", probe_full, NULL);
	if (!ret)
		ret = marker_probe_register("marker_example:tick", probe_tick,
					    &probe_example_ticks);
	if (!ret)
		ret = marker_probe_register("marker_example:strings", probe_strings, NULL);
	if (ret) {
		probe_example_unregister();
		return ret;
	}
	probe_example_file = debugfs_create_file("probe-example", 0400, NULL, NULL,
						 &probe_example_fops);
	return 0;
}
module_init(probe_example_init);

static void __exit probe_example_exit(void)
{
	debugfs_remove(probe_example_file);
	probe_example_unregister();
	pr_info("pipe:pipe_full %d, marker_example:tick %d, marker_example:strings %d\n",
		atomic_read(&probe_example_full), atomic_read(&probe_example_ticks),
		atomic_read(&probe_example_strings));
}
module_exit(probe_example_exit);

MODULE_DESCRIPTION("Typed probes on static markers");
MODULE_LICENSE("GPL");
