// SPDX-License-Identifier: GPL-2.0
/*
 * Do for a while, in several processes, all that can be done to markers at the
 * same time: turn them on and off in every way, read what tells of them, attach
 * perf and BPF, make and remove instances, load and unload modules, take CPUs off
 * and on, have probes registered and unregistered; every now and then with each
 * memory allocation of an operation failing in turn. The modules in modules/ hit
 * markers all the while, from all contexts.
 *
 * Then turn everything off, and see that nothing is left.
 *
 * Usage: stress [-s SECONDS] [-w NR] [-r SEED] [-m DIR]
 *
 * It takes over tracing and CPU hotplug of the machine, so it is for one that
 * is there to be tested, and is not run with the other selftests.
 */

#include <linux/bpf.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "../tracefs.h"

#define MODULE		"marker_stress"
#define SITES		"marker_stress_sites"
#define INSTANCES	3
#define HOLD		"stress_hold"
/* An operation that allocates more often than that is not followed further. */
#define NTH_MAX		2000
/* How often an operation is tried while others are in its way */
#define TRIES		5
/* How long workers may take to end, beyond the time that was asked for */
#define GRACE		120

static int top, debugfs;
static const char *module_dir = "modules";
static unsigned int seconds = 60, workers = 6, seed = 1;
static int nr_cpus;
static time_t deadline;

/* Of each site: "system:event", the directory of its event, "file:line" */
struct stress_site {
	char	name[128];
	char	dir[160];
	char	place[256];
};

static struct stress_site sites[256];
static int nr_sites;

/* What workers have done, in memory that they share */
struct count {
	/* With no allocation made to fail */
	unsigned long	done;
	unsigned long	failed;
	/* Those with an allocation to fail, which began and which ended */
	unsigned long	begun;
	unsigned long	ended;
	/* Allocations that were made to fail */
	unsigned long	faults;
	unsigned long	unexpected;
	unsigned long	deepest;
	/* The last ones */
	int		error;
	int		unexpected_error;
};

/*
 * An operation ends in the state that it began in, so that it can be repeated
 * with its next allocation failing. It returns 0 or a negative errno; those in
 * @may come from operations that others do at the same time.
 */
struct op {
	const char	*name;
	int		(*fn)(void);
	/* Why this kernel cannot do it, or NULL */
	const char	*(*missing)(void);
	/* Errors that are to be expected, as others are at work */
	int		may[8];
	/* No allocation of it may fail. */
	bool		spared;
};

static unsigned int chance(unsigned int n)
{
	return rand_r(&seed) % n;
}

static void nap(void)
{
	if (chance(2))
		usleep(chance(3000));
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static __printf(1, 2) const char *text(const char *fmt, ...)
{
	static char bufs[4][512];
	static unsigned int next;
	char *buf = bufs[next++ % 4];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(bufs[0]), fmt, ap);
	va_end(ap);
	return buf;
}

/* The first of the errors that a sequence of writes had */
static int first(int ret, int next)
{
	return ret ?: next;
}

/* Half of the time a marker of the modules, as these are hit most. */
static const struct stress_site *any_site(void)
{
	int i = chance(nr_sites);

	for (int n = 0; n < nr_sites && chance(2); n++) {
		if (!strncmp(sites[i].name, MODULE, strlen(MODULE)))
			break;
		i = (i + 1) % nr_sites;
	}
	return &sites[i];
}

/* Write one, then the other, to a file below a directory of tracefs. */
static int on_off(const char *dir, const char *file, const char *on, const char *off)
{
	const char *path = text("%s/%s", dir, file);
	int ret = tr_write(top, path, on);

	nap();
	return first(ret, tr_write(top, path, off));
}

static int op_enable(void)
{
	return on_off(any_site()->dir, "enable", "1", "0");
}

static int op_system(void)
{
	const struct stress_site *site = any_site();
	const char *dir = text("events/%.*s", (int)strcspn(site->name, ":"), site->name);

	return on_off(dir, "enable", "1", "0");
}

static int op_set_event(void)
{
	const char *name = any_site()->name;

	/* Two writes, as a write that begins with ! is a token of its own. */
	return on_off(".", "set_event", name, text("!%s", name));
}

static int op_markers_glob(void)
{
	const char *name = any_site()->name;

	if (chance(2))
		return on_off(".", "static_markers", text("+%s", name), text("-%s", name));
	return on_off(".", "static_markers", "+pipe:*\n+marker_stress*:*\n+*:*_fail\n",
		      "-*:*_fail\n-marker_stress*:*\n-pipe:*\n");
}

static int op_markers_place(void)
{
	const char *place = any_site()->place;

	return on_off(".", "static_markers", text("+%s", place), text("-%s", place));
}

static int op_markers_module(void)
{
	const char *module = chance(4) ? MODULE : SITES;

	return on_off(".", "static_markers", text("+module:%s", module),
		      text("-module:%s", module));
}

static int op_filter(void)
{
	static const struct {
		const char *dir, *filter;
	} filters[] = {
		{ NULL, "common_pid & 1" },
		{ "events/marker_stress/hit", "seq & 3" },
		{ "events/marker_stress/hit", "seq > 100 && kind ~ \"*irq\"" },
		{ "events/marker_stress/shared", "module == \"x\"" },
		{ "events/marker_stress/named", "kind == SOFTIRQ && bits & A" },
		{ "events/marker_stress/made", "path == \"/\" && addr ~ \"127.*\"" },
	};
	int i = chance(ARRAY_SIZE(filters));
	const char *dir = filters[i].dir ?: any_site()->dir;
	int ret = tr_write(top, text("%s/enable", dir), "1");

	ret = first(ret, on_off(dir, "filter", filters[i].filter, "0"));
	return first(ret, tr_write(top, text("%s/enable", dir), "0"));
}

/* One that takes so long that hits are preempted in it */
static const char *long_filter(void)
{
	static char filter[1200];
	size_t len = 0;

	if (!filter[0]) {
		while (len < sizeof(filter) - 40)
			len += sprintf(filter + len, "common_pid != 1 && ");
		strcpy(filter + len, "common_pid != 1");
	}
	return filter;
}

/*
 * Replace a filter while a process looks at it again and again, which the others
 * keep from the CPU most of the time.
 */
static int op_filter_replaced(void)
{
	static const char file[] = "events/futex/futex_wake/filter";
	int ret = tr_write(top, "events/futex/futex_wake/enable", "1"), word = 0;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpriority(PRIO_PROCESS, 0, 19);
		for (;;)
			syscall(__NR_futex, &word, FUTEX_WAKE, 1);
	}
	for (int i = 0; i < 10; i++) {
		ret = first(ret, tr_write(top, file, long_filter()));
		usleep(20000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ret = first(ret, tr_write(top, file, "0"));
	return first(ret, tr_write(top, "events/futex/futex_wake/enable", "0"));
}

static const char * const triggers[] = {
	"stacktrace", "traceon", "snapshot:1", "hist:keys=common_pid",
	"hist:keys=common_pid:vals=hitcount:sort=hitcount",
	"enable_event:marker_stress:rare:1", "disable_event:marker_stress:rare",
	"stacktrace if common_pid & 1",
};

static int op_trigger(void)
{
	const char *trigger = triggers[chance(ARRAY_SIZE(triggers))];

	return on_off(any_site()->dir, "trigger", trigger, text("!%s", trigger));
}

static int op_instance(void)
{
	char name[32], path[64];
	int ret = 0;

	snprintf(name, sizeof(name), "stress%u", chance(INSTANCES));
	snprintf(path, sizeof(path), "instances/%s", name);
	if (mkdirat(top, path, 0700) && errno != EEXIST)
		return -errno;
	for (int i = 0; i < 4 && !ret; i++) {
		const char *dir = any_site()->dir;

		ret = tr_write(top, text("%s/%s/enable", path, dir), "1");
		if (!ret && chance(2))
			ret = tr_write(top, text("%s/%s/filter", path, dir), "common_pid & 1");
		if (!ret && chance(4) == 0)
			ret = tr_write(top, text("%s/%s/enable", path, dir), "0");
		nap();
	}
	return first(ret, tr_instance_remove(top, name));
}

/* Read so much of a file as some clients do, and stop. */
static int read_some(int dir, const char *path, int flags)
{
	static char buf[65536];
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | flags);
	int ret = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	for (int i = 0; i < 4 && n > 0; i++) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			ret = -errno;
	}
	close(fd);
	return ret;
}

static int op_read(void)
{
	static const char * const files[] = {
		"static_markers", "trace", "set_event", "available_events", "error_log", "snapshot",
		"per_cpu/cpu0/trace", "per_cpu/cpu1/stats",
	};
	static const char * const event_files[] = {
		"format", "filter", "trigger", "hist", "enable", "id",
	};

	if (chance(2))
		return read_some(top, files[chance(ARRAY_SIZE(files))], 0);
	return read_some(top, text("%s/%s", any_site()->dir,
				   event_files[chance(ARRAY_SIZE(event_files))]), 0);
}

static int op_trace_pipe(void)
{
	int ret = read_some(top, "trace_pipe", O_NONBLOCK);

	/* There may be nothing in it. */
	return ret == -EAGAIN ? 0 : ret;
}

static int perf_sample_open(void)
{
	struct perf_event_attr attr = {
		.type		= PERF_TYPE_TRACEPOINT,
		.size		= sizeof(attr),
		.sample_period	= 1,
		.sample_type	= PERF_SAMPLE_RAW | PERF_SAMPLE_TIME,
		.disabled	= chance(2),
	};
	char *id = tr_read(top, text("%s/id", any_site()->dir));
	int fd;

	if (!id)
		return -errno;
	attr.config = strtoull(id, NULL, 10);
	free(id);
	fd = syscall(__NR_perf_event_open, &attr, -1, chance(nr_cpus), -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int op_perf(void)
{
	size_t size = 3 * getpagesize();
	int fd = perf_sample_open(), ret = 0;
	void *ring;

	if (fd < 0)
		return fd;
	ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		ret = -errno;
	if (ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		ret = first(ret, -errno);
	nap();
	if (chance(2) && ioctl(fd, PERF_EVENT_IOC_DISABLE, 0))
		ret = first(ret, -errno);
	if (ring != MAP_FAILED)
		munmap(ring, size);
	close(fd);
	return ret;
}

static const char *no_perf(void)
{
	return tr_exists(top, "events/" MODULE "/hit/id") ? NULL : "no CONFIG_PERF_EVENTS";
}

/* return 0 or 1: whether the hit goes on to perf */
static int bpf_load(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = chance(2) },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type	= BPF_PROG_TYPE_TRACEPOINT,
		.insns		= (uintptr_t)insns,
		.insn_cnt	= ARRAY_SIZE(insns),
		.license	= (uintptr_t)"GPL",
	};
	int fd = syscall(__NR_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

static int op_bpf(void)
{
	int event, prog, ret = 0;

	prog = bpf_load();
	if (prog < 0)
		return prog;
	event = perf_sample_open();
	if (event < 0) {
		close(prog);
		return event;
	}
	if (ioctl(event, PERF_EVENT_IOC_SET_BPF, prog) || ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		ret = -errno;
	nap();
	close(prog);
	close(event);
	return ret;
}

static const char *no_bpf(void)
{
	int prog = bpf_load();

	if (prog >= 0)
		close(prog);
	return prog == -ENOSYS ? "no CONFIG_BPF_SYSCALL" : no_perf();
}

static int load(const char *module)
{
	int fd = open(text("%s/%s.ko", module_dir, module), O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(__NR_finit_module, fd, "", 0))
		ret = -errno;
	close(fd);
	return ret;
}

static int unload(const char *module)
{
	return syscall(__NR_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

/* Others load and unload it, too, and may be at it, or have done it already. */
static int op_module(void)
{
	int ret = load(SITES), unloaded = -EBUSY;

	if (ret == -EEXIST)
		ret = 0;
	nap();
	for (int i = 0; i < 100 && unloaded == -EBUSY; i++) {
		unloaded = unload(SITES);
		if (unloaded == -EBUSY)
			usleep(20000);
	}
	return first(ret, unloaded == -ENOENT ? 0 : unloaded);
}

static const char *cpu_file(int cpu)
{
	return text("/sys/devices/system/cpu/cpu%d/online", cpu);
}

static int op_hotplug(void)
{
	const char *path = cpu_file(1 + chance(nr_cpus - 1));
	int ret = tr_write(AT_FDCWD, path, "0");

	nap();
	return first(ret, tr_write(AT_FDCWD, path, "1"));
}

static const char *no_hotplug(void)
{
	if (nr_cpus < 2)
		return "one CPU";
	return access(cpu_file(1), W_OK) ? "no CONFIG_HOTPLUG_CPU" : NULL;
}

static int op_probe(void)
{
	return tr_write(debugfs, MODULE "/probe", "1");
}

/* Go through code of the kernel that has markers. */
static int op_work(void)
{
	char buf[4096] = "";
	int ends[2], word = 0;

	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC))
		return -errno;
	while (write(ends[1], buf, sizeof(buf)) > 0)
		;
	while (read(ends[0], buf, sizeof(buf)) > 0)
		;
	close(ends[0]);
	close(ends[1]);
	syscall(__NR_futex, &word, FUTEX_WAIT, 1, NULL);
	syscall(__NR_futex, &word, FUTEX_WAKE, 1);
	if (mount("stress", "/mnt", "tmpfs", 0, NULL))
		return -errno;
	return umount("/mnt") ? -errno : 0;
}

static const char *always(void)
{
	return NULL;
}

static const struct op ops[] = {
	{ "enable event",	op_enable,	always,	{ ENOENT, ENODEV, EBUSY } },
	{ "enable system",	op_system,	always,	{ ENOENT, ENODEV, EBUSY } },
	{ "set_event",		op_set_event,	always,	{ EINVAL } },
	{ "markers by glob",	op_markers_glob, always, { EINVAL } },
	{ "markers by place",	op_markers_place, always, { EINVAL } },
	{ "markers by module",	op_markers_module, always, { EINVAL } },
	{ "filter",		op_filter,	always,	{ EINVAL, ENOENT, ENODEV } },
	/* Nor may fork() fail, which has more to do with memory than with markers. */
	{ "filter replaced",	op_filter_replaced, always,	{ EINVAL, ENOENT }, true },
	{ "trigger",		op_trigger,	always,
	  { EINVAL, EEXIST, ENOENT, ENODEV, EBUSY } },
	{ "instance",		op_instance,	always,	{ EEXIST, ENOENT, EBUSY, ENODEV, EINVAL } },
	{ "read",		op_read,	always,	{ ENOENT, ENODEV, EBUSY, EAGAIN } },
	{ "trace_pipe",		op_trace_pipe,	always,	{ EBUSY } },
	{ "perf",		op_perf,	no_perf, { ENODEV, ENOENT, EINVAL } },
	{ "bpf",		op_bpf,		no_bpf, { ENODEV, ENOENT, EINVAL } },
	/*
	 * Who loads a file that is being loaded shares the result of who began: also
	 * what the loader makes of an allocation that failed there.
	 */
	{ "module",		op_module,	always,
	  { ENOENT, EBUSY, EAGAIN, ENOMEM, EINVAL } },
	/* The ring buffer warns when it gets no memory for a CPU that comes up. */
	{ "cpu",		op_hotplug,	no_hotplug, { EBUSY, EINVAL, EAGAIN }, true },
	{ "probe",		op_probe,	always,	{ } },
	{ "work",		op_work,	always,	{ } },
};

static struct count *counts;

/* As the module names them */
static const char * const contexts[] = { "thread", "softirq", "hardirq", "nmi" };

static bool expected(const struct op *op, int ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(op->may) && op->may[i]; i++) {
		if (ret == -op->may[i])
			return true;
	}
	return !ret;
}

static void add(unsigned long *count)
{
	__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
}

static unsigned long get(const unsigned long *count)
{
	return __atomic_load_n(count, __ATOMIC_SEQ_CST);
}

/*
 * Others may be in the way of an operation, but not always. An error may be that of
 * another process in which an allocation of the same operation was to fail, as with
 * the loading of a module; such a run does not count.
 */
static void run(const struct op *op, struct count *count)
{
	unsigned long ended = get(&count->ended), begun = get(&count->begun);
	int ret = op->fn();

	for (int i = 1; i < TRIES && ret && expected(op, ret); i++) {
		usleep(10000);
		ret = op->fn();
	}
	if (!expected(op, ret)) {
		add(&count->unexpected);
		count->unexpected_error = -ret;
	}
	if (ret && (begun != ended || begun != get(&count->begun)))
		return;
	add(&count->done);
	if (ret) {
		add(&count->failed);
		count->error = -ret;
	}
}

/* Arm or disarm: have the n-th allocation of this process fail. */
static void set_nth(int fd, int n)
{
	char buf[16];

	pwrite(fd, buf, snprintf(buf, sizeof(buf), "%d", n), 0);
}

static int get_nth(int fd)
{
	char buf[16] = "";

	pread(fd, buf, sizeof(buf) - 1, 0);
	return atoi(buf);
}

/* Let the first allocation fail, then the second, until one is not reached. */
static void run_failing(const struct op *op, struct count *count, int fd)
{
	unsigned int same = seed;

	for (int n = 1; n < NTH_MAX && now() < deadline; n++) {
		bool reached;

		seed = same;
		add(&count->begun);
		set_nth(fd, n);
		op->fn();
		reached = !get_nth(fd);
		set_nth(fd, 0);
		add(&count->ended);
		if (!reached)
			break;
		add(&count->faults);
		if (count->deepest < (unsigned long)n)
			count->deepest = n;
	}
}

/*
 * Half of the workers begin with each operation in turn, so that there is time for
 * all. Else they do any, or one with its allocations failing.
 */
static void work(int nr, const bool *usable)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	seed += nr;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		exit(1);
	for (size_t n = 0; now() < deadline; n++) {
		bool each = nr % 2 == 0 && n < ARRAY_SIZE(ops);
		size_t i = each ? (n + nr * 3) % ARRAY_SIZE(ops) : chance(ARRAY_SIZE(ops));

		if (!usable[i])
			continue;
		if (!each && fd >= 0 && !ops[i].spared && chance(8) == 0)
			run_failing(&ops[i], &counts[i], fd);
		else
			run(&ops[i], &counts[i]);
	}
	exit(0);
}

/*
 * A batch for which there is no memory changes nothing, whichever allocation fails;
 * before anybody else is at work.
 */
static bool batch_is_whole(void)
{
	static const char begin[] = "+marker_stress:hit\n-marker_stress:rare\n-pipe:*\n";
	static const char batch[] = "+marker_stress:rare\n-marker_stress:hit\n+pipe:*\n";
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC), failed = 0;
	bool whole = fd >= 0, reached = true;

	for (int n = 1; whole && reached && n < NTH_MAX; n++) {
		char *before, *after;
		int ret = tr_write(top, "static_markers", begin);

		before = tr_read(top, "static_markers");
		set_nth(fd, n);
		ret = first(ret, tr_write(top, "static_markers", batch));
		reached = !get_nth(fd);
		set_nth(fd, 0);
		after = tr_read(top, "static_markers");
		whole = before && after && (ret == 0 || ret == -ENOMEM) &&
			!strcmp(before, after) == !!ret;
		if (!whole)
			printf("# allocation %d: %s, and the state is %s\n", n, strerror(-ret),
			       before && after && strcmp(before, after) ? "another" : "the same");
		failed += !!ret;
		free(before);
		free(after);
	}
	if (fd >= 0)
		close(fd);
	tr_write(top, "static_markers", "-marker_stress:*\n-pipe:*\n");
	printf("# batches without memory: %d\n", failed);
	return fd < 0 || (whole && failed);
}

static void read_sites(void)
{
	struct listing l = { };

	listing_read(top, &l);
	for (int i = 0; i < l.nr && nr_sites < (int)ARRAY_SIZE(sites); i++) {
		struct stress_site *site = &sites[nr_sites];
		const char *name = l.sites[i].name;

		snprintf(site->name, sizeof(site->name), "%s", name);
		snprintf(site->place, sizeof(site->place), "%s", l.sites[i].place);
		snprintf(site->dir, sizeof(site->dir), "events/%s", name);
		*strchr(site->dir, ':') = '/';
		/* A site that was refused has no event. */
		if (tr_exists(top, site->dir))
			nr_sites++;
	}
	listing_free(&l);
}

/* Silently, and also where the caller could wait for memory */
static void prepare_faults(void)
{
	static const char * const kinds[] = { "failslab", "fail_page_alloc" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		tr_write(debugfs, text("%s/verbose", kinds[i]), "0");
		tr_write(debugfs, text("%s/ignore-gfp-wait", kinds[i]), "0");
	}
	tr_write(debugfs, "fail_page_alloc/min-order", "0");
	/* An emulated machine is slow in NMIs, too. */
	tr_write(debugfs, "x86/nmi_longest_ns", "10000000000");
}

/*
 * The first event that is on registers probes of the scheduler's tracepoints, of
 * which the kernel does not undo the first if it has no memory for the last. So
 * have an event on that is not a marker's, out of the way.
 */
static int hold_sched_probes(void)
{
	int dir = tr_instance(top, HOLD);
	int ret = dir;

	if (dir >= 0) {
		ret = tr_write(dir, "events/task/task_newtask/enable", "1");
		close(dir);
	}
	return ret;
}

static void all_cpus_on(void)
{
	for (int cpu = 1; cpu < nr_cpus; cpu++) {
		if (!access(cpu_file(cpu), W_OK))
			tr_write(AT_FDCWD, cpu_file(cpu), "1");
	}
}

static void event_off(const char *dir)
{
	/* Truncating the file would remove the histograms only. */
	for (size_t i = 0; i < ARRAY_SIZE(triggers); i++)
		tr_write(top, text("%s/trigger", dir), text("!%s", triggers[i]));
	tr_write(top, text("%s/enable", dir), "0");
	tr_write(top, text("%s/filter", dir), "0");
}

static void all_off(void)
{
	tr_truncate(top, "set_event");
	for (int i = 0; i < nr_sites; i++)
		event_off(sites[i].dir);
	tr_write(top, "events/enable", "0");
	for (int i = 0; i < INSTANCES; i++)
		tr_instance_remove(top, text("stress%d", i));
	tr_instance_remove(top, HOLD);
	tr_write(top, "tracing_on", "1");
	tr_truncate(top, "trace");
}

/* A module may be in use by what has not yet ended. */
static int unload_all(void)
{
	int sites_ret = 0, ret = 0;

	for (int i = 0; i < 50; i++) {
		sites_ret = unload(SITES);
		ret = unload(MODULE);
		if (ret == -ENOENT || (!ret && sites_ret == -ENOENT))
			break;
		usleep(100000);
	}
	return sites_ret == -ENOENT || !sites_ret ? ret : sites_ret;
}

/* Of what the module counts; negative if it does not */
static long module_count(const char *name)
{
	char *all = tr_read(debugfs, MODULE "/counts");
	char *line = all ? strstr(all, text("%s ", name)) : NULL;
	long count = line ? strtol(line + strlen(name), NULL, 10) : -1;

	free(all);
	return count;
}

/* Say what may be the reason. */
static void show_left(void)
{
	char *all = tr_read(top, "set_event"), *line, *rest = all;
	char path[64];

	while (all && (line = strsep(&rest, "\n")) && *line)
		printf("# still in set_event: %s\n", line);
	free(all);
	for (int i = 0; i < INSTANCES; i++) {
		snprintf(path, sizeof(path), "instances/stress%d", i);
		if (!tr_exists(top, path))
			continue;
		unlinkat(top, path, AT_REMOVEDIR);
		printf("# still there: %s: %s\n", path, strerror(errno));
	}
}

/* How many sites are on or have probes; says which */
static int still_on(void)
{
	struct listing l = { };
	int nr = listing_read(top, &l) ? 1 : 0;

	for (int i = 0; i < l.nr; i++) {
		const struct site *site = &l.sites[i];

		if (strcmp(site->state, "on") && !site->probes)
			continue;
		printf("# still on: %s at %s: %s, %u probes\n", site->name, site->place,
		       site->state, site->probes);
		nr++;
	}
	listing_free(&l);
	if (nr)
		show_left();
	return nr;
}

/* Objects that two scans find unreferenced; false if there are any */
static bool no_leak(const char *when)
{
	char *all;
	bool none;

	for (int i = 0; i < 2; i++) {
		/* An object is not reported in its first seconds. */
		sleep(6);
		if (tr_write(debugfs, "kmemleak", "scan"))
			return false;
	}
	all = tr_read(debugfs, "kmemleak");
	none = all && !*all;
	for (char *line, *rest = all; !none && rest && (line = strsep(&rest, "\n"));)
		printf("# leak %s: %s\n", when, line);
	free(all);
	return none;
}

static void print_counts(const bool *usable)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		const struct count *count = &counts[i];

		if (!usable[i])
			continue;
		printf("# %s: %lu, %lu failed; with failing allocations: %lu, to number %lu\n",
		       ops[i].name, count->done, count->failed, count->faults, count->deepest);
		if (count->failed)
			printf("# %s: the last error is %s\n", ops[i].name, strerror(count->error));
		if (count->unexpected)
			printf("# %s: %lu unexpected errors, the last is %s\n", ops[i].name,
			       count->unexpected, strerror(count->unexpected_error));
	}
}

/*
 * An operation works if it succeeds more often than not. Those with an allocation
 * that was made to fail do not count, as each of them may fail for it.
 */
static void test_ops(const bool *usable)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		const struct count *count = &counts[i];

		if (!usable[i])
			ksft_test_result_code(KSFT_SKIP, ops[i].name, "%s", ops[i].missing());
		else
			ksft_test_result(!count->unexpected && 2 * count->failed < count->done,
					 "%s\n", ops[i].name);
	}
}

static bool allocations_failed(void)
{
	unsigned long faults = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		faults += counts[i].faults;
	return faults;
}

static void test_contexts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		const char *name = text("hits in %s", contexts[i]);
		long hits = module_count(contexts[i]);

		if (hits < 0 && !strcmp(contexts[i], "nmi"))
			ksft_test_result_code(KSFT_SKIP, name, "not on this architecture");
		else
			ksft_test_result(hits > 0, "%s (%ld)\n", name, hits);
	}
}

static void test_probes(void)
{
	ksft_test_result(module_count("registered") > 0 && module_count("delivered") > 0,
			 "probes are called (%ld, %ld times, and %ld failed)\n",
			 module_count("registered"), module_count("delivered"),
			 module_count("failed"));
	ksft_test_result(!module_count("lost"), "no hit is lost (%ld)\n", module_count("lost"));
	ksft_test_result(!module_count("late"), "no probe is called too late (%ld)\n",
			 module_count("late"));
	ksft_test_result(!module_count("wrong"), "each probe gets what was hit (%ld)\n",
			 module_count("wrong"));
}

static void test_leaks(bool kmemleak)
{
	if (kmemleak)
		ksft_test_result(no_leak("after"), "nothing leaks\n");
	else
		ksft_test_result_code(KSFT_SKIP, "nothing leaks", "no CONFIG_DEBUG_KMEMLEAK");
}

/* What a worker that does not end waits for */
static void show_stuck(pid_t pid)
{
	char *stack = tr_read(AT_FDCWD, text("/proc/%d/stack", pid)), *line, *rest = stack;

	printf("# worker %d does not end:\n", pid);
	while (stack && (line = strsep(&rest, "\n")))
		printf("#   %s\n", line);
	free(stack);
}

/* Whether all ended well and in time */
static bool wait_for(const pid_t *pids)
{
	bool ok = true;

	for (unsigned int i = 0; i < workers; i++) {
		int status = 0;
		pid_t ended;

		do {
			ended = waitpid(pids[i], &status, WNOHANG);
			if (!ended)
				usleep(100000);
		} while (!ended && now() < deadline + GRACE);
		if (!ended)
			show_stuck(pids[i]);
		else if (status)
			printf("# a worker ended with status 0x%x\n", status);
		ok = ok && ended && !status;
	}
	return ok;
}

static bool stress(const bool *usable)
{
	pid_t pids[workers];

	fflush(stdout);
	deadline = now() + seconds;
	for (unsigned int i = 0; i < workers; i++) {
		pids[i] = fork();
		if (!pids[i])
			work(i, usable);
	}
	return wait_for(pids);
}

static void options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "s:w:r:m:")) != -1) {
		switch (option) {
		case 's':
			seconds = atoi(optarg);
			break;
		case 'w':
			workers = atoi(optarg);
			break;
		case 'r':
			seed = atoi(optarg);
			break;
		case 'm':
			module_dir = optarg;
			break;
		default:
			ksft_exit_fail_msg("stress [-s SECONDS] [-w NR] [-r SEED] [-m DIR]\n");
		}
	}
}

static void set_up(void)
{
	const char *reason = markers_begin(&top);
	int ret;

	if (reason)
		ksft_exit_skip("%s\n", reason);
	debugfs = open_or_mount("debugfs", "/sys/kernel/debug");
	if (debugfs < 0)
		ksft_exit_skip("no debugfs\n");
	nr_cpus = sysconf(_SC_NPROCESSORS_CONF);
	tr_write(top, "buffer_size_kb", "128");
	counts = mmap(NULL, sizeof(*counts) * ARRAY_SIZE(ops), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		ksft_exit_fail_perror("mmap");
	prepare_faults();
	if (hold_sched_probes())
		ksft_exit_fail_msg("no instance %s\n", HOLD);

	/* To see its markers while it is not loaded */
	ret = first(load(MODULE), load(SITES));
	if (ret)
		ksft_exit_fail_msg("cannot load the modules from %s: %s\n", module_dir,
				   strerror(-ret));
	read_sites();
	unload(SITES);
}

int main(int argc, char **argv)
{
	bool usable[ARRAY_SIZE(ops)], kmemleak, ended, whole;

	options(argc, argv);
	ksft_print_header();
	set_up();
	ksft_set_plan(ARRAY_SIZE(ops) + ARRAY_SIZE(contexts) + 9);
	kmemleak = tr_exists(debugfs, "kmemleak");
	if (kmemleak && !no_leak("before"))
		tr_write(debugfs, "kmemleak", "clear");
	ksft_print_msg("%u s, %u workers, seed %u, %d CPUs, %d sites\n", seconds, workers, seed,
		       nr_cpus, nr_sites);
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		usable[i] = !ops[i].missing();
	whole = batch_is_whole();
	ended = stress(usable);

	all_cpus_on();
	all_off();
	print_counts(usable);
	ksft_test_result(whole, "a batch without memory changes nothing\n");
	ksft_test_result(ended, "the workers end\n");
	test_ops(usable);
	ksft_test_result(allocations_failed(), "allocations fail\n");
	test_contexts();
	test_probes();
	ksft_test_result(!unload_all() && !still_on(), "modules unload, and all is off\n");
	test_leaks(kmemleak);
	ksft_finished();
}
