// SPDX-License-Identifier: GPL-2.0
/*
 * Hit markers from threads, softirqs, hard interrupts and NMIs on all CPUs, and
 * see that a probe is called for each hit between its registration and its
 * unregistration, with the right arguments, and for none after.
 *
 * The hits begin when the module is loaded. What "stress" does meanwhile it asks
 * for through /sys/kernel/debug/marker_stress:
 *
 *	probe	each write registers a probe, lets hits pass, unregisters it and
 *		checks what it saw; fails as the registration failed
 *	counts	what was done and what went wrong, "name number" a line; without
 *		the NMIs where there are none
 *
 * A hit bears the number of its source and a sequence number. As a source hits
 * from one context at a time, a probe has to see consecutive numbers from each.
 * Before a hit its source writes its number to ::begun, behind it to ::done: so
 * those after what ::begun says once the probe is registered, up to what ::done
 * says before it is unregistered, may not be missing.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cleanup.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/in.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/marker.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timer.h>

#include "nmi.h"

/*
 * Hits of a thread before it sleeps, and for how much longer it sleeps than they
 * took: an emulated machine has to have time for other things than hits.
 */
#define BURST		5
#define REST		16
#define BYTES_MAX	24

enum kind {
	THREAD,
	SOFTIRQ,
	HARDIRQ,
	NMI,
	NR_KINDS,
};

static const char * const kind_names[NR_KINDS] = {
	[THREAD]	= "thread",
	[SOFTIRQ]	= "softirq",
	[HARDIRQ]	= "hardirq",
	[NMI]		= "nmi",
};

MARK_SYMBOLS(stress_kind, { THREAD, "THREAD" }, { SOFTIRQ, "SOFTIRQ" }, { HARDIRQ, "HARDIRQ" },
	     { NMI, "NMI" });
MARK_FLAGS(stress_bits, { 0, "none" }, { BIT(0), "A" }, { BIT(1) | BIT(2), "BC" },
	   { BIT(7), "H" });

/* What hits: from one context at a time, so that nothing here needs a lock. */
struct source {
	u64			begun;
	u64			done;
};

/* One thread, and the timers that it starts on the CPU it runs on */
struct hitter {
	struct task_struct	*task;
	struct timer_list	timer;
	struct hrtimer		hrtimer;
	bool			armed;
	unsigned int		nr;
};

/* What a probe saw of one source */
struct seen {
	u64	first;
	u64	last;
	u64	low;
	u64	high;
};

struct watch {
	bool		over;
	unsigned int	nr;
	struct seen	seen[] __counted_by(nr);
};

static struct source *sources;
static struct hitter *hitters;
static unsigned int nr_hitters, nr_sources;
static struct dentry *dir;

/* Of which strings are made at a hit */
static struct path root;

/* What went wrong must be 0; a probe counts as it runs, in any context. */
static atomic_long_t delivered, registered, failed, lost, late, wrong;

static unsigned int source_nr(enum kind kind, unsigned int nr)
{
	return kind * nr_hitters + nr;
}

static unsigned char byte_of(u64 seq, unsigned int i)
{
	return seq + i;
}

static size_t bytes_of(u64 seq)
{
	return seq % (BYTES_MAX + 1);
}

/* Names, arrays and bitmaps; and strings that are made, which no context is too strict for */
static noinline void hit_captures(enum kind kind, u64 seq)
{
	const u16 numbers[] = { seq, seq + 1, seq + 2 };
	const unsigned long bits[] = { seq, ~seq };
	const struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(seq),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct mm_struct *mm = current->mm;

	trace_mark(marker_stress, named, "kind=%s bits=%s err=%s sig=%s dev=%s seq=%llu",
		   mark_name(stress_kind, kind), mark_name(stress_bits, (u8)seq),
		   mark_errno(-(int)(seq & 63)), mark_signal((int)(seq & 63)),
		   mark_dev((dev_t)seq), seq);
	trace_mark(marker_stress, arrays, "kind=%s numbers=%s bits=%s cpus=%s",
		   mark_name(stress_kind, kind), mark_array(numbers, seq & 3),
		   mark_bitmap(bits, seq & 127), mark_cpumask(cpu_possible_mask));
	trace_mark(marker_stress, made, "kind=%s path=%s dentry=%s device=%s addr=%s user=%s",
		   mark_name(stress_kind, kind), mark_path(&root), mark_dentry(root.dentry),
		   mark_device(get_cpu_device(0)), mark_sockaddr(&addr, sizeof(addr)),
		   mark_user_string((const char __user *)(mm ? mm->arg_start : 8)));
}

static noinline void hit(enum kind kind, unsigned int nr)
{
	struct source *source = &sources[source_nr(kind, nr)];
	unsigned char bytes[BYTES_MAX];
	u64 seq = source->begun + 1;

	for (unsigned int i = 0; i < bytes_of(seq); i++)
		bytes[i] = byte_of(seq, i);

	WRITE_ONCE(source->begun, seq);
	/*
	 * Against the barriers in probe_watch(): who does not see this number in
	 * begun has registered a probe, and turned on the key, that the marker sees.
	 */
	smp_mb();
	trace_mark(marker_stress, hit, "source=%u seq=%llu kind=%s bytes=%ph",
		   source_nr(kind, nr), seq, kind_names[kind],
		   mark_bytes(bytes, bytes_of(seq)));
	/* Pairs with probe_watch(): what is done has called the probes. */
	smp_store_release(&source->done, seq);

	/* Bound and unbound as marker_stress_sites comes and goes */
	trace_mark(marker_stress, shared, "seq=%llu module=%s", seq, KBUILD_MODNAME);
	hit_captures(kind, seq);
	trace_mark_cond(marker_stress, rare, !(seq & 15), "rare");
}

static void timer_fn(struct timer_list *timer)
{
	struct hitter *hitter = container_of(timer, struct hitter, timer);

	hit(SOFTIRQ, hitter->nr);
	/* Pairs with start_timers(): the source is free for another CPU. */
	smp_store_release(&hitter->armed, false);
}

static enum hrtimer_restart hrtimer_fn(struct hrtimer *hrtimer)
{
	struct hitter *hitter = container_of(hrtimer, struct hitter, hrtimer);

	hit(HARDIRQ, hitter->nr);
	return HRTIMER_NORESTART;
}

static void nmi_fn(unsigned int cpu)
{
	hit(NMI, cpu);
}

/* On the CPU that the thread is on now, so that in time it is on each. */
static void start_timers(struct hitter *hitter)
{
	guard(preempt)();

	/* Pairs with timer_fn(). What runs may be added on another CPU already. */
	if (!smp_load_acquire(&hitter->armed)) {
		hitter->armed = true;
		hitter->timer.expires = jiffies + 1;
		add_timer_on(&hitter->timer, smp_processor_id());
	}
	if (!hrtimer_active(&hitter->hrtimer))
		hrtimer_start(&hitter->hrtimer, us_to_ktime(200), HRTIMER_MODE_REL_PINNED_HARD);
}

static int hitter_fn(void *data)
{
	struct hitter *hitter = data;
	unsigned int cpu = hitter->nr;
	unsigned long us;
	ktime_t began;

	while (!kthread_should_stop()) {
		began = ktime_get();
		for (int i = 0; i < BURST; i++) {
			hit(THREAD, hitter->nr);
			cond_resched();
		}
		start_timers(hitter);
		cpu = cpumask_next_wrap(cpu, cpu_possible_mask);
		stress_nmi_send(cpu);
		us = clamp(ktime_us_delta(ktime_get(), began) * REST, 5000, USEC_PER_SEC);
		usleep_range(us, us + 5000);
	}
	return 0;
}

/* The types say what the marker has to have. */
static void probe_hit(void *data, unsigned int nr, unsigned long long seq, const char *kind,
		      const struct mark_bytes *bytes)
{
	struct watch *watch = data;
	struct seen *seen;
	bool ok;

	if (nr >= nr_sources) {
		atomic_long_inc(&wrong);
		return;
	}
	if (READ_ONCE(watch->over))
		atomic_long_inc(&late);
	atomic_long_inc(&delivered);

	ok = !strcmp(kind, kind_names[nr / nr_hitters]) && bytes->len == bytes_of(seq) &&
	     seq == READ_ONCE(sources[nr].begun);
	for (unsigned int i = 0; ok && i < bytes->len; i++)
		ok = ((const unsigned char *)bytes->data)[i] == byte_of(seq, i);
	if (!ok)
		atomic_long_inc(&wrong);

	seen = &watch->seen[nr];
	if (!seen->first)
		seen->first = seq;
	else if (seq != seen->last + 1)
		atomic_long_inc(&lost);
	WRITE_ONCE(seen->last, seq);
}

DEFINE_MARKER_PROBE(probe_hit, unsigned int, unsigned long long, const char *,
		    const struct mark_bytes *);

static bool missed(const struct seen *seen)
{
	return seen->high > seen->low &&
	       (!seen->first || seen->first > seen->low + 1 || seen->last < seen->high);
}

/* Register a probe, let hits pass, unregister it, and see what it saw. */
static int probe_watch(struct watch *watch)
{
	int ret;

	ret = marker_probe_register("marker_stress:hit", probe_hit, watch);
	if (ret)
		return ret;
	/* Pairs with the one in hit(). */
	smp_mb();
	for (unsigned int i = 0; i < watch->nr; i++)
		watch->seen[i].low = READ_ONCE(sources[i].begun);

	ret = marker_probe_register("marker_stress:hit", probe_hit, watch);
	if (ret != -EEXIST && ret != -ENOMEM)
		atomic_long_inc(&wrong);
	usleep_range(1000, 5000);

	for (unsigned int i = 0; i < watch->nr; i++) {
		/* Pairs with hit(). */
		watch->seen[i].high = smp_load_acquire(&sources[i].done);
	}
	ret = marker_probe_unregister("marker_stress:hit", probe_hit, watch);
	if (WARN_ON_ONCE(ret))
		return ret;
	marker_synchronize_unregister();
	WRITE_ONCE(watch->over, true);
	if (marker_probe_unregister("marker_stress:hit", probe_hit, watch) != -ENOENT)
		atomic_long_inc(&wrong);

	for (unsigned int i = 0; i < watch->nr; i++) {
		if (missed(&watch->seen[i]))
			atomic_long_inc(&lost);
	}
	/* What calls it yet finds it over, or freed. */
	usleep_range(1000, 2000);
	return 0;
}

static ssize_t probe_write(struct file *file, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct watch *watch;
	int ret;

	watch = kzalloc_flex(*watch, seen, nr_sources);
	if (!watch)
		return -ENOMEM;
	ret = probe_watch(watch);
	atomic_long_inc(ret ? &failed : &registered);
	/* If it could not be unregistered it may yet be called. */
	if (ret != -ENOENT)
		kfree(watch);
	return ret ?: count;
}

static const struct file_operations probe_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= probe_write,
};

static int counts_show(struct seq_file *m, void *v)
{
	for (int kind = 0; kind < NR_KINDS; kind++) {
		u64 sum = 0;

		if (kind == NMI && !STRESS_HAS_NMI)
			continue;
		for (unsigned int i = 0; i < nr_hitters; i++)
			sum += READ_ONCE(sources[source_nr(kind, i)].done);
		seq_printf(m, "%s %llu\n", kind_names[kind], sum);
	}
	seq_printf(m, "delivered %ld\n", atomic_long_read(&delivered));
	seq_printf(m, "registered %ld\n", atomic_long_read(&registered));
	seq_printf(m, "failed %ld\n", atomic_long_read(&failed));
	seq_printf(m, "lost %ld\n", atomic_long_read(&lost));
	seq_printf(m, "late %ld\n", atomic_long_read(&late));
	seq_printf(m, "wrong %ld\n", atomic_long_read(&wrong));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counts);

static void stop(void)
{
	for (unsigned int i = 0; i < nr_hitters; i++) {
		if (!IS_ERR_OR_NULL(hitters[i].task))
			kthread_stop(hitters[i].task);
	}
	/* Nothing starts them any more. */
	for (unsigned int i = 0; i < nr_hitters; i++) {
		timer_shutdown_sync(&hitters[i].timer);
		hrtimer_cancel(&hitters[i].hrtimer);
	}
	stress_nmi_stop();
}

static int start(void)
{
	int ret;

	for (unsigned int i = 0; i < nr_hitters; i++) {
		hitters[i].nr = i;
		timer_setup(&hitters[i].timer, timer_fn, 0);
		hrtimer_setup(&hitters[i].hrtimer, hrtimer_fn, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
	}
	ret = stress_nmi_start(nmi_fn);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < nr_hitters; i++) {
		hitters[i].task = kthread_run(hitter_fn, &hitters[i], "marker_stress/%u", i);
		if (IS_ERR(hitters[i].task)) {
			stop();
			return PTR_ERR(hitters[i].task);
		}
	}
	return 0;
}

static int __init marker_stress_init(void)
{
	int ret;

	ret = kern_path("/", 0, &root);
	if (ret)
		return ret;
	ret = -ENOMEM;
	nr_hitters = nr_cpu_ids;
	nr_sources = NR_KINDS * nr_hitters;
	sources = kzalloc_objs(*sources, nr_sources);
	hitters = kzalloc_objs(*hitters, nr_hitters);
	if (sources && hitters)
		ret = start();
	if (ret) {
		kfree(hitters);
		kfree(sources);
		path_put(&root);
		return ret;
	}
	dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("probe", 0200, dir, NULL, &probe_fops);
	debugfs_create_file("counts", 0400, dir, NULL, &counts_fops);
	return 0;
}
module_init(marker_stress_init);

static void __exit marker_stress_exit(void)
{
	debugfs_remove(dir);
	stop();
	kfree(hitters);
	kfree(sources);
	path_put(&root);
}
module_exit(marker_stress_exit);

MODULE_DESCRIPTION("Markers that are hit from all contexts, and a probe that counts");
MODULE_LICENSE("GPL");
