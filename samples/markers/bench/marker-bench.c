// SPDX-License-Identifier: GPL-2.0
/*
 * What a hit costs: markers beside TRACE_EVENT(), trace_printk(), an empty
 * function for probes, and the bare ring buffer, with the same fields.
 *
 * Write a case to /sys/kernel/debug/marker-bench, as one of the ways to trace
 * and the name of a set of fields, and read how much a hit of it takes more than
 * a call of an empty function:
 *
 *	cd /sys/kernel/debug
 *	echo 1 > tracing/events/marker_bench/iu/enable
 *	echo mark iu > marker-bench
 *	cat marker-bench
 *	1000 443127 151002
 *
 * are hits, cycles, and nanoseconds of all of them. In QEMU with "-icount
 * shift=0" both count instructions, and are the same on every run. What is on
 * and how is the reader's to choose, in tracefs, by perf or BPF; "probes 2" has
 * typed probes called, two of each marker and tracepoint that they fit. "cpus 1"
 * has the hits come on all CPUs at once; the figures are of the slowest.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/kstrtox.h>
#include <linux/marker.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/ring_buffer.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/trace_events.h>
#include <linux/uaccess.h>

#define CREATE_TRACE_POINTS
#include "marker-bench-trace.h"

#define HITS		1000
#define WARM_UP		100
#define MAX_PROBES	8

static struct {
	int		n[16];
	u64		u;
	const char	*s8;
	const char	*s256;
	const void	*ptr;
	const u8	*bytes;
	const struct cpumask	*cpus;
	struct sockaddr_in	addr;
	struct device		*dev;
	const struct path	*path;
} values = {
	.n	= { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	.u	= 1ULL << 40,
	.s8	= "seven c",
	.ptr	= &values,
	.bytes	= "sixteen bytes...",
	.cpus	= cpu_online_mask,
	.addr	= { .sin_family = AF_INET, .sin_port = htons(80) },
};

static char text[256];

MARK_SYMBOLS(bench_names, { 1, "ONE" }, { 2, "TWO" });

static DEFINE_STATIC_KEY_FALSE(never);

static DEFINE_MUTEX(bench_mutex);
static struct dentry *bench_file;
static struct trace_buffer *ring;
static unsigned int ring_size;
static unsigned int nr_probes;
static bool on_all_cpus;

/* Of the last run, without the loop itself */
static s64 bench_cycles, bench_ns;

/* Not const, as the compiler must not know what the loop calls. */
static void (*bench_fn)(void);

static noinline void hit_mark_int0(void)
{
	trace_mark(marker_bench, int0, "begin");
}

static noinline void hit_event_int0(void)
{
	trace_bench_int0(0);
}

static noinline void hit_printk_int0(void)
{
	trace_printk("begin\n");
}

static noinline void hit_mark_int1(void)
{
	trace_mark(marker_bench, int1, "a=%d", values.n[0]);
}

static noinline void hit_event_int1(void)
{
	trace_bench_int1(values.n[0]);
}

static noinline void hit_printk_int1(void)
{
	trace_printk("a=%d\n", values.n[0]);
}

static noinline void hit_mark_int2(void)
{
	trace_mark(marker_bench, int2, "a=%d b=%d", values.n[0], values.n[1]);
}

static noinline void hit_event_int2(void)
{
	trace_bench_int2(values.n[0], values.n[1]);
}

static noinline void hit_printk_int2(void)
{
	trace_printk("a=%d b=%d\n", values.n[0], values.n[1]);
}

static noinline void hit_mark_int4(void)
{
	trace_mark(marker_bench, int4, "a=%d b=%d c=%d d=%d", values.n[0], values.n[1],
		   values.n[2], values.n[3]);
}

static noinline void hit_event_int4(void)
{
	trace_bench_int4(values.n[0], values.n[1], values.n[2], values.n[3]);
}

static noinline void hit_printk_int4(void)
{
	trace_printk("a=%d b=%d c=%d d=%d\n", values.n[0], values.n[1], values.n[2],
		     values.n[3]);
}

static noinline void hit_mark_int8(void)
{
	trace_mark(marker_bench, int8, "a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d",
		   values.n[0], values.n[1], values.n[2], values.n[3], values.n[4],
		   values.n[5], values.n[6], values.n[7]);
}

static noinline void hit_event_int8(void)
{
	trace_bench_int8(values.n[0], values.n[1], values.n[2], values.n[3], values.n[4],
			 values.n[5], values.n[6], values.n[7]);
}

static noinline void hit_printk_int8(void)
{
	trace_printk("a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d\n", values.n[0],
		     values.n[1], values.n[2], values.n[3], values.n[4], values.n[5],
		     values.n[6], values.n[7]);
}

static noinline void hit_mark_int16(void)
{
	trace_mark(marker_bench, int16,
		   "a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d i=%d j=%d k=%d l=%d m=%d n=%d o=%d p=%d",
		   values.n[0], values.n[1], values.n[2], values.n[3], values.n[4],
		   values.n[5], values.n[6], values.n[7], values.n[8], values.n[9],
		   values.n[10], values.n[11], values.n[12], values.n[13], values.n[14],
		   values.n[15]);
}

static noinline void hit_event_int16(void)
{
	trace_bench_int16(values.n);
}

static noinline void hit_printk_int16(void)
{
	trace_printk("a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d i=%d j=%d k=%d l=%d m=%d n=%d o=%d p=%d\n",
		     values.n[0], values.n[1], values.n[2], values.n[3], values.n[4],
		     values.n[5], values.n[6], values.n[7], values.n[8], values.n[9],
		     values.n[10], values.n[11], values.n[12], values.n[13], values.n[14],
		     values.n[15]);
}

static noinline void hit_mark_iu(void)
{
	trace_mark(marker_bench, iu, "a=%d u=%llu", values.n[0], values.u);
}

static noinline void hit_event_iu(void)
{
	trace_bench_iu(values.n[0], values.u);
}

static noinline void hit_printk_iu(void)
{
	trace_printk("a=%d u=%llu\n", values.n[0], values.u);
}

static noinline void hit_mark_ius(void)
{
	trace_mark(marker_bench, ius, "a=%d u=%llu s=%s", values.n[0], values.u,
		   values.s8);
}

static noinline void hit_event_ius(void)
{
	trace_bench_ius(values.n[0], values.u, values.s8);
}

static noinline void hit_printk_ius(void)
{
	trace_printk("a=%d u=%llu s=%s\n", values.n[0], values.u, values.s8);
}

static noinline void hit_mark_long(void)
{
	trace_mark(marker_bench, long, "s=%s", values.s256);
}

static noinline void hit_event_long(void)
{
	trace_bench_long(values.s256);
}

static noinline void hit_printk_long(void)
{
	trace_printk("s=%s\n", values.s256);
}

static noinline void hit_mark_ptr(void)
{
	trace_mark(marker_bench, ptr, "ptr=%p", values.ptr);
}

static noinline void hit_event_ptr(void)
{
	trace_bench_ptr(values.ptr);
}

static noinline void hit_printk_ptr(void)
{
	trace_printk("ptr=%p\n", values.ptr);
}

static noinline void hit_mark_mac(void)
{
	trace_mark(marker_bench, mac, "addr=%pM", mark_mac(values.bytes));
}

static noinline void hit_event_mac(void)
{
	trace_bench_mac(values.bytes);
}

static noinline void hit_printk_mac(void)
{
	trace_printk("addr=%pM\n", values.bytes);
}

static noinline void hit_mark_ipv4(void)
{
	trace_mark(marker_bench, ipv4, "addr=%pI4", mark_ipv4(values.bytes));
}

static noinline void hit_event_ipv4(void)
{
	trace_bench_ipv4(values.bytes);
}

static noinline void hit_printk_ipv4(void)
{
	trace_printk("addr=%pI4\n", values.bytes);
}

static noinline void hit_mark_ipv6(void)
{
	trace_mark(marker_bench, ipv6, "addr=%pI6c", mark_ipv6(values.bytes));
}

static noinline void hit_event_ipv6(void)
{
	trace_bench_ipv6(values.bytes);
}

static noinline void hit_printk_ipv6(void)
{
	trace_printk("addr=%pI6c\n", values.bytes);
}

static noinline void hit_mark_uuid(void)
{
	trace_mark(marker_bench, uuid, "addr=%pUb", mark_uuid(values.bytes));
}

static noinline void hit_event_uuid(void)
{
	trace_bench_uuid(values.bytes);
}

static noinline void hit_printk_uuid(void)
{
	trace_printk("addr=%pUb\n", values.bytes);
}

static noinline void hit_mark_bytes(void)
{
	trace_mark(marker_bench, bytes, "data=%ph", mark_bytes(values.bytes, 16));
}

static noinline void hit_event_bytes(void)
{
	trace_bench_bytes(values.bytes, 16);
}

static noinline void hit_printk_bytes(void)
{
	trace_printk("data=%16ph\n", values.bytes);
}

static noinline void hit_mark_named(void)
{
	trace_mark(marker_bench, named, "a=%s", mark_name(bench_names, values.n[0]));
}

static noinline void hit_event_named(void)
{
	trace_bench_named(values.n[0]);
}

static noinline void hit_printk_named(void)
{
	trace_printk("a=%s\n", values.n[0] == 1 ? "ONE" : "TWO");
}

static noinline void hit_mark_array(void)
{
	trace_mark(marker_bench, array, "n=%s", mark_array(values.n, 4));
}

static noinline void hit_event_array(void)
{
	trace_bench_array(values.n, 4);
}

static noinline void hit_printk_array(void)
{
	trace_printk("n=[%d %d %d %d]\n", values.n[0], values.n[1], values.n[2], values.n[3]);
}

static noinline void hit_mark_cpumask(void)
{
	trace_mark(marker_bench, cpumask, "cpus=%s", mark_cpumask(values.cpus));
}

static noinline void hit_event_cpumask(void)
{
	trace_bench_cpumask(values.cpus);
}

static noinline void hit_printk_cpumask(void)
{
	trace_printk("cpus=%*pbl\n", cpumask_pr_args(values.cpus));
}

static noinline void hit_mark_sockaddr(void)
{
	trace_mark(marker_bench, sockaddr, "addr=%s",
		   mark_sockaddr(&values.addr, sizeof(values.addr)));
}

static noinline void hit_event_sockaddr(void)
{
	trace_bench_sockaddr(&values.addr, sizeof(values.addr));
}

static noinline void hit_printk_sockaddr(void)
{
	trace_printk("addr=%pISpc\n", &values.addr);
}

static noinline void hit_mark_device(void)
{
	trace_mark(marker_bench, device, "dev=%s", mark_device(values.dev));
}

static noinline void hit_event_device(void)
{
	trace_bench_device(values.dev);
}

static noinline void hit_printk_device(void)
{
	trace_printk("dev=%s %s\n", dev_driver_string(values.dev), dev_name(values.dev));
}

static noinline void hit_mark_path(void)
{
	trace_mark(marker_bench, path, "path=%s", mark_path(values.path));
}

static noinline void hit_event_path(void)
{
	char buf[128];

	if (trace_bench_path_enabled())
		trace_bench_path(d_path(values.path, buf, sizeof(buf)));
}

static noinline void hit_printk_path(void)
{
	trace_printk("path=%pd4\n", values.path->dentry);
}

/* What kprobes and fprobes are put on. Not static, lest it loses its arguments. */
void marker_bench_target(int a, u64 u, const char *s);

noinline __noclone void marker_bench_target(int a, u64 u, const char *s)
{
	barrier();
}

static noinline void hit_target(void)
{
	marker_bench_target(values.n[0], values.u, values.s8);
}

static noinline void hit_target_long(void)
{
	marker_bench_target(values.n[0], values.u, values.s256);
}

static noinline void hit_ring(void)
{
	struct ring_buffer_event *event;

	event = ring_buffer_lock_reserve(ring, ring_size);
	if (event)
		ring_buffer_unlock_commit(ring);
}

/* What is subtracted: a call, and the NOP of a site that is off. */
static noinline void hit_nothing(void)
{
	if (static_branch_unlikely(&never))
		dump_stack();
}

/* @size is that of the record. */
#define BENCH_CASE(_name, _size, _target)					\
	{ #_name, _size, hit_mark_##_name, hit_event_##_name,			\
	  hit_printk_##_name, _target }

static const struct bench_case {
	const char	*name;
	unsigned int	size;
	void		(*mark)(void);
	void		(*event)(void);
	void		(*printk)(void);
	void		(*target)(void);
} bench_cases[] = {
	BENCH_CASE(int0, 8, hit_target),
	BENCH_CASE(int1, 12, hit_target),
	BENCH_CASE(int2, 16, hit_target),
	BENCH_CASE(int4, 24, hit_target),
	BENCH_CASE(int8, 40, hit_target),
	BENCH_CASE(int16, 72, hit_target),
	BENCH_CASE(iu, 24, hit_target),
	BENCH_CASE(ius, 36, hit_target),
	BENCH_CASE(long, 268, hit_target_long),
	BENCH_CASE(ptr, 16, hit_target),
	BENCH_CASE(mac, 14, hit_target),
	BENCH_CASE(ipv4, 12, hit_target),
	BENCH_CASE(ipv6, 24, hit_target),
	BENCH_CASE(uuid, 24, hit_target),
	BENCH_CASE(bytes, 28, hit_target),
	BENCH_CASE(named, 12, hit_target),
	BENCH_CASE(array, 28, hit_target),
	BENCH_CASE(cpumask, 20, hit_target),
	BENCH_CASE(sockaddr, 28, hit_target),
	BENCH_CASE(device, 28, hit_target),
	BENCH_CASE(path, 44, hit_target),
};

static void probe_iu(void *data, int a, u64 u)
{
	barrier();
}

DEFINE_MARKER_PROBE(probe_iu, int, u64);

static void probe_ius(void *data, int a, u64 u, const char *s)
{
	barrier();
}

DEFINE_MARKER_PROBE(probe_ius, int, u64, const char *);

static void remove_probes(unsigned int keep)
{
	while (nr_probes > keep) {
		void *data;

		nr_probes--;
		data = (void *)(long)nr_probes;
		marker_probe_unregister("marker_bench:iu", probe_iu, data);
		marker_probe_unregister("marker_bench:ius", probe_ius, data);
		unregister_trace_bench_iu(probe_iu, data);
		unregister_trace_bench_ius(probe_ius, data);
	}
	marker_synchronize_unregister();
	tracepoint_synchronize_unregister();
}

static int set_probes(unsigned int nr)
{
	int ret = 0;

	if (nr > MAX_PROBES)
		return -EINVAL;

	while (!ret && nr_probes < nr) {
		void *data = (void *)(long)nr_probes;

		nr_probes++;
		ret = marker_probe_register("marker_bench:iu", probe_iu, data) ?:
		      marker_probe_register("marker_bench:ius", probe_ius, data) ?:
		      register_trace_bench_iu(probe_iu, data) ?:
		      register_trace_bench_ius(probe_ius, data);
	}
	remove_probes(ret ? 0 : nr);
	return ret;
}

static void run(unsigned int hits)
{
	while (hits--)
		bench_fn();
}

static struct {
	atomic_t	waited_for;
	raw_spinlock_t	lock;
	s64		cycles;
	s64		ns;
} slowest = { .lock = __RAW_SPIN_LOCK_UNLOCKED(slowest.lock) };

/* Interrupts are off. Begin when all CPUs are here. */
static void measure_here(void *unused)
{
	s64 cycles, ns;

	run(WARM_UP);
	atomic_dec(&slowest.waited_for);
	while (atomic_read(&slowest.waited_for))
		cpu_relax();
	ns = ktime_get_mono_fast_ns();
	cycles = get_cycles();
	run(HITS);
	cycles = get_cycles() - cycles;
	ns = ktime_get_mono_fast_ns() - ns;

	guard(raw_spinlock)(&slowest.lock);
	slowest.cycles = max(slowest.cycles, cycles);
	slowest.ns = max(slowest.ns, ns);
}

static void measure(void (*fn)(void), s64 *cycles, s64 *ns)
{
	WRITE_ONCE(bench_fn, fn);
	slowest.cycles = 0;
	slowest.ns = 0;

	if (on_all_cpus) {
		guard(cpus_read_lock)();
		atomic_set(&slowest.waited_for, num_online_cpus());
		on_each_cpu(measure_here, NULL, true);
	} else {
		guard(preempt)();
		guard(irqsave)();
		atomic_set(&slowest.waited_for, 1);
		measure_here(NULL);
	}
	*cycles = slowest.cycles;
	*ns = slowest.ns;
}

/* @path is any that there is for as long as this runs. */
static int run_case(const char *way, const char *name, const struct path *path)
{
	const struct bench_case *c = bench_cases, *end = c + ARRAY_SIZE(bench_cases);
	s64 cycles, ns;
	void (*fn)(void);

	while (c < end && strcmp(c->name, name))
		c++;
	if (c == end)
		return -EINVAL;

	if (!strcmp(way, "mark")) {
		fn = c->mark;
	} else if (!strcmp(way, "event")) {
		fn = c->event;
	} else if (!strcmp(way, "printk")) {
		fn = c->printk;
	} else if (!strcmp(way, "target")) {
		fn = c->target;
	} else if (!strcmp(way, "ring")) {
		fn = hit_ring;
		ring_size = c->size;
		ring_buffer_reset(ring);
	} else {
		return -EINVAL;
	}

	values.path = path;
	measure(hit_nothing, &cycles, &ns);
	measure(fn, &bench_cycles, &bench_ns);
	bench_cycles -= cycles;
	bench_ns -= ns;
	return 0;
}

static ssize_t bench_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char line[32], *word, *arg = line;
	unsigned int nr;
	int ret;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';
	arg = strim(line);
	word = strsep(&arg, " ");
	if (!arg)
		return -EINVAL;

	guard(mutex)(&bench_mutex);
	if (!strcmp(word, "probes"))
		ret = kstrtouint(arg, 0, &nr) ?: set_probes(nr);
	else if (!strcmp(word, "cpus"))
		ret = kstrtobool(arg, &on_all_cpus);
	else
		ret = run_case(word, arg, &file->f_path);
	return ret ?: count;
}

static int bench_show(struct seq_file *m, void *v)
{
	guard(mutex)(&bench_mutex);
	seq_printf(m, "%u %lld %lld\n", HITS, bench_cycles, bench_ns);
	return 0;
}

static int bench_open(struct inode *inode, struct file *file)
{
	return single_open(file, bench_show, NULL);
}

static const struct file_operations bench_fops = {
	.owner		= THIS_MODULE,
	.open		= bench_open,
	.read		= seq_read,
	.write		= bench_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init marker_bench_init(void)
{
	values.dev = root_device_register("marker-bench");
	if (IS_ERR(values.dev))
		return PTR_ERR(values.dev);
	ring = ring_buffer_alloc(1 << 20, RB_FL_OVERWRITE);
	if (!ring) {
		root_device_unregister(values.dev);
		return -ENOMEM;
	}
	memset(text, 'x', sizeof(text) - 1);
	values.s256 = text;
	bench_file = debugfs_create_file("marker-bench", 0600, NULL, NULL, &bench_fops);
	return 0;
}
module_init(marker_bench_init);

static void __exit marker_bench_exit(void)
{
	debugfs_remove(bench_file);
	remove_probes(0);
	ring_buffer_free(ring);
	root_device_unregister(values.dev);
}
module_exit(marker_bench_exit);

MODULE_DESCRIPTION("Cost of static markers and other ways to trace");
MODULE_LICENSE("GPL");
