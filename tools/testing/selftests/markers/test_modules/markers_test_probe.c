// SPDX-License-Identifier: GPL-2.0
/*
 * Typed probes, registered and unregistered by what is written to the parameter
 * "do", which fails as the call does; the parameter "calls" tells what they saw.
 */

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/marker.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define SHARED	"markers_test:shared"
#define UNUSED	"markers_unused:hit"

/* One for each value of the probe's first argument */
static char names[4] = "xyz";
static atomic_t calls[ARRAY_SIZE(names) - 1];

/* Which of them were called, in order */
static char order[16];
static atomic_t order_len;

static atomic_t wrong_calls, right_calls, once_calls, recursed, denied_calls;
static unsigned int last;
static bool inside;

static void probe(void *data, unsigned int n, const char *who)
{
	const char *name = data;
	int len = atomic_inc_return(&order_len);

	atomic_inc(&calls[name - names]);
	if (len < sizeof(order))
		order[len - 1] = *name;
	WRITE_ONCE(last, n);
}
DEFINE_MARKER_PROBE(probe, unsigned int, const char *);

static void wrong(void *data, u64 n, const char *who)
{
	atomic_inc(&wrong_calls);
}
DEFINE_MARKER_PROBE(wrong, u64, const char *);

static void right(void *data, unsigned int n)
{
	atomic_inc(&right_calls);
}
DEFINE_MARKER_PROBE(right, unsigned int);

/* Hits the marker that it is on. */
static void recurse(void *data, unsigned int n)
{
	atomic_inc(&recursed);
	trace_mark(markers_probe, recurse, "n=%u", n + 1);
}
DEFINE_MARKER_PROBE(recurse, unsigned int);

/* Long enough for another CPU to see that it is under way */
static void slow(void *data, unsigned int n, const char *who)
{
	WRITE_ONCE(inside, true);
	mdelay(200);
	WRITE_ONCE(inside, false);
}
DEFINE_MARKER_PROBE(slow, unsigned int, const char *);

static void denied(void *data, unsigned int n)
{
	atomic_inc(&denied_calls);
}
DEFINE_MARKER_PROBE(denied, unsigned int);

static void once_fn(struct work_struct *work);
static DECLARE_WORK(once_work, once_fn);

/* A probe must not unregister itself, but may have it done. */
static void once(void *data, unsigned int n, const char *who)
{
	atomic_inc(&once_calls);
	schedule_work(&once_work);
}
DEFINE_MARKER_PROBE(once, unsigned int, const char *);

static void once_fn(struct work_struct *work)
{
	marker_probe_unregister(SHARED, once, NULL);
}

static int malformed(void)
{
	static const char *const bad[] = { "", ":", "a", "a:", ":b", "a:b:", "a:b:c", "::" };
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (marker_probe_register(bad[i], probe, names) != -EINVAL)
			return -EPROTO;
		if (marker_probe_unregister(bad[i], probe, names) != -ENOENT)
			return -EPROTO;
	}
	return 0;
}

static int do_register(const char *arg)
{
	return marker_probe_register(SHARED, probe, names + (*arg - *names));
}

/* What it has counted does not change any more when this has returned. */
static int do_unregister(const char *arg)
{
	int ret = marker_probe_unregister(SHARED, probe, names + (*arg - *names));

	marker_synchronize_unregister();
	return ret;
}

static int do_clear(const char *arg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		atomic_set(&calls[i], 0);
	memset(order, 0, sizeof(order));
	atomic_set(&order_len, 0);
	atomic_set(&wrong_calls, 0);
	atomic_set(&right_calls, 0);
	atomic_set(&once_calls, 0);
	atomic_set(&recursed, 0);
	atomic_set(&denied_calls, 0);
	return 0;
}

static int do_wrong(const char *arg)
{
	return marker_probe_register(UNUSED, wrong, NULL);
}

static int do_unregister_wrong(const char *arg)
{
	return marker_probe_unregister(UNUSED, wrong, NULL);
}

static int do_right(const char *arg)
{
	return marker_probe_register(UNUSED, right, NULL);
}

static int do_unregister_right(const char *arg)
{
	return marker_probe_unregister(UNUSED, right, NULL);
}

static int do_malformed(const char *arg)
{
	return malformed();
}

static int do_recurse(const char *arg)
{
	return marker_probe_register("markers_probe:recurse", recurse, NULL);
}

static int do_unregister_recurse(const char *arg)
{
	return marker_probe_unregister("markers_probe:recurse", recurse, NULL);
}

static int do_hit_recurse(const char *arg)
{
	trace_mark(markers_probe, recurse, "n=%u", 0U);
	return 0;
}

static int do_once(const char *arg)
{
	return marker_probe_register(SHARED, once, NULL);
}

static int do_flush(const char *arg)
{
	flush_work(&once_work);
	marker_synchronize_unregister();
	return 0;
}

static int do_slow(const char *arg)
{
	return marker_probe_register(SHARED, slow, NULL);
}

static int do_unregister_slow(const char *arg)
{
	int ret = marker_probe_unregister(SHARED, slow, NULL);

	marker_synchronize_unregister();
	return ret;
}

static int do_denied(const char *arg)
{
	return marker_probe_register("markers_denied:hit", denied, NULL);
}

static int do_unregister_denied(const char *arg)
{
	return marker_probe_unregister("markers_denied:hit", denied, NULL);
}

static const struct {
	const char	*name;
	int		(*fn)(const char *arg);
} commands[] = {
	{ "register",			do_register },
	{ "unregister",			do_unregister },
	{ "clear",			do_clear },
	{ "wrong",			do_wrong },
	{ "unregister_wrong",		do_unregister_wrong },
	{ "right",			do_right },
	{ "unregister_right",		do_unregister_right },
	{ "malformed",			do_malformed },
	{ "recurse",			do_recurse },
	{ "unregister_recurse",		do_unregister_recurse },
	{ "hit_recurse",		do_hit_recurse },
	{ "once",			do_once },
	{ "flush",			do_flush },
	{ "slow",			do_slow },
	{ "unregister_slow",		do_unregister_slow },
	{ "denied",			do_denied },
	{ "unregister_denied",		do_unregister_denied },
};

static int do_set(const char *val, const struct kernel_param *kp)
{
	size_t len = strcspn(val, " ");
	int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strlen(commands[i].name) != len || memcmp(commands[i].name, val, len))
			continue;
		if (commands[i].fn != do_register && commands[i].fn != do_unregister)
			return commands[i].fn("");
		if (!val[len] || !val[len + 1] || !strchr(names, val[len + 1]))
			return -EDOM;
		return commands[i].fn(val + len + 1);
	}
	return -EDOM;
}

static int calls_get(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "x=%d y=%d z=%d last=%u wrong=%d right=%d once=%d recursed=%d denied=%d inside=%d order=%s\n",
		       atomic_read(&calls[0]), atomic_read(&calls[1]), atomic_read(&calls[2]),
		       READ_ONCE(last), atomic_read(&wrong_calls), atomic_read(&right_calls),
		       atomic_read(&once_calls), atomic_read(&recursed),
		       atomic_read(&denied_calls), READ_ONCE(inside), order);
}

static const struct kernel_param_ops do_ops = {
	.set	= do_set,
};
module_param_cb(do, &do_ops, NULL, 0200);

static const struct kernel_param_ops calls_ops = {
	.get	= calls_get,
};
module_param_cb(calls, &calls_ops, NULL, 0400);

/* Whether probes are still registered when the module has gone */
static bool leave;
module_param(leave, bool, 0600);

static int __init markers_test_probe_init(void)
{
	return 0;
}
module_init(markers_test_probe_init);

static void __exit markers_test_probe_exit(void)
{
	int i;

	if (leave)
		return;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		marker_probe_unregister(SHARED, probe, names + i);
	marker_probe_unregister(UNUSED, wrong, NULL);
	marker_probe_unregister(UNUSED, right, NULL);
	marker_probe_unregister(SHARED, once, NULL);
	marker_probe_unregister(SHARED, slow, NULL);
	marker_probe_unregister("markers_probe:recurse", recurse, NULL);
	marker_probe_unregister("markers_denied:hit", denied, NULL);
	marker_synchronize_unregister();
	flush_work(&once_work);
}
module_exit(markers_test_probe_exit);

MODULE_DESCRIPTION("Typed probes on markers of test modules");
MODULE_LICENSE("GPL");
