// SPDX-License-Identifier: GPL-2.0
/*
 * Markers with every kind of field.
 *
 * Write to /sys/kernel/debug/marker-example to hit all of them:
 *
 *	cd /sys/kernel/tracing
 *	echo 1 > events/marker_example/enable
 *	echo 42 > /sys/kernel/debug/marker-example
 *	cat trace
 *
 * A number sets the integers, and whatever is written is the string and the
 * bytes. marker_example:tick is hit by a timer.
 *
 * As a module, its init is traced by loading it, turning the events on, and
 * unloading and loading it again. See also probe-example.c.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/kstrtox.h>
#include <linux/marker.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Longest text that is taken; longer than what a marker stores of a string */
#define TEXT_MAX	4000

enum marker_example_color {
	RED,
	GREEN,
	BLUE,
};

static unsigned int period_ms = 1000;
module_param(period_ms, uint, 0444);
MODULE_PARM_DESC(period_ms, "Milliseconds between two hits of marker_example:tick, 0 for none (1000)");

static struct dentry *marker_example_file;
static struct hrtimer marker_example_timer;

/* The type of an argument decides how it is stored, "name=" names the field. */
static void marker_example_integers(s64 n)
{
	trace_mark(marker_example, integers,
		   "b=%d c=%hhu s8=%hhd u8=%hhu s16=%hd u16=%hu s32=%d u32=%u sl=%ld ul=%lu s64=%lld u64=%llu color=%u",
		   (bool)n, (char)n, (s8)n, (u8)n, (s16)n, (u16)n,
		   (s32)n, (u32)n, (long)n, (unsigned long)n, n, (u64)n,
		   (enum marker_example_color)((u64)n % 3));
}

/* Strings are copied at the hit; an array of char is a string, too. */
static void marker_example_strings(const char *text)
{
	char start[8] = "";

	strscpy(start, text);
	trace_mark(marker_example, strings, "text=%s start=%-8s len=%zu null=%s", text, start,
		   strlen(text), (const char *)NULL);
}

/*
 * Pointers are stored as they are. They print hashed, unless the trace option
 * nohash-ptr is set, or the conversion asks for the symbol they point to.
 */
static void marker_example_pointers(const void *ptr)
{
	trace_mark(marker_example, pointers, "ptr=%p fn=%ps null=%p", ptr,
		   marker_example_pointers, NULL);
}

/* What a pointer points to, for addresses and for plain bytes */
static void marker_example_captures(const u8 *data, size_t len)
{
	trace_mark(marker_example, captures,
		   "mac=%pM ip=%pI4 ip6=%pI6c uuid=%pUb hex=%ph colons=%phC",
		   mark_mac(data), mark_ipv4(data), mark_ipv6(data), mark_uuid(data),
		   mark_bytes(data, len), mark_bytes(data, len));
}

/* Several sites with the same name, types and format are one event. */
static void marker_example_sites(s64 n)
{
	if (n & 1)
		trace_mark(marker_example, parity, "%lld %s", n, "odd");
	else
		trace_mark(marker_example, parity, "%lld %s", n, "even");
}

/* A marker may stand in an inline function, in a header as well. */
static inline void marker_example_step(unsigned int n)
{
	trace_mark(marker_example, step, "step=%u", n);
}

/* In hard interrupt context, on PREEMPT_RT as well */
static enum hrtimer_restart marker_example_tick(struct hrtimer *timer)
{
	static unsigned int nr;

	/* Not in the marker: its arguments are evaluated only while it is on. */
	nr++;
	trace_mark(marker_example, tick, "nr=%u hardirq=%d", nr, (bool)in_hardirq());
	hrtimer_forward_now(timer, ms_to_ktime(period_ms));
	return HRTIMER_RESTART;
}

static ssize_t marker_example_write(struct file *file, const char __user *buf, size_t count,
				    loff_t *ppos)
{
	size_t len = min(count, TEXT_MAX);
	char *text;
	s64 n;

	/* Never less than what the addresses are taken from */
	text = kzalloc(max(len + 1, sizeof(struct mark_ipv6)), GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	if (copy_from_user(text, buf, len)) {
		kfree(text);
		return -EFAULT;
	}
	if (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (kstrtos64(text, 0, &n))
		n = len;

	/* No fields, and an event only if the condition holds */
	trace_mark(marker_example, begin, "begin");
	trace_mark_cond(marker_example, negative, n < 0, "n=%lld", n);

	marker_example_step(1);
	marker_example_integers(n);
	marker_example_strings(text);
	marker_example_step(2);
	marker_example_pointers(file);
	marker_example_captures(text, len);
	marker_example_step(3);
	marker_example_sites(n);

	kfree(text);
	return count;
}

static const struct file_operations marker_example_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= marker_example_write,
};

static int __init marker_example_init(void)
{
	/*
	 * Built in, this is seen when the boot parameter trace_event= turns the event
	 * on; in a module, when it is on from the time before.
	 */
	trace_mark(marker_example, init, "module=%s", KBUILD_MODNAME);

	marker_example_file = debugfs_create_file("marker-example", 0200, NULL, NULL,
						  &marker_example_fops);

	hrtimer_setup(&marker_example_timer, marker_example_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	if (period_ms)
		hrtimer_start(&marker_example_timer, ms_to_ktime(period_ms),
			      HRTIMER_MODE_REL_HARD);
	return 0;
}
module_init(marker_example_init);

static void __exit marker_example_exit(void)
{
	debugfs_remove(marker_example_file);
	hrtimer_cancel(&marker_example_timer);
	trace_mark(marker_example, exit, "module=%s", KBUILD_MODNAME);
}
module_exit(marker_example_exit);

MODULE_DESCRIPTION("Markers with every kind of field");
MODULE_LICENSE("GPL");
