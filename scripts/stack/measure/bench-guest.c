// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: bench-guest hits [WAY]
 *	  bench-guest native
 *	  bench-guest calls KERNEL PROGRAM
 *	  bench-guest enable|disable PATH TEXT
 *	  bench-guest load FILE
 *
 * What scripts/stack/measure/bench runs in the guest. It sets up, in tracefs, by perf
 * and BPF, how the cases of samples/markers/bench are traced, and prints lines
 *
 *	fields way setting figure
 *
 * with the instructions of a hit, if the guest's time counts instructions; those of
 * "native" have its nanoseconds.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TRACEFS		"/sys/kernel/tracing"
#define BENCH		"/sys/kernel/debug/marker-bench"
#define PERF_BUFFER	(1 << 21)

static const char * const instances[] = { "bench1", "bench2", "bench3" };

/* Sets of fields: how a kprobe or fprobe fetches them, and what to filter for */
static const struct fields {
	const char	*name;
	const char	*fetch;
	const char	*accept;
	const char	*reject;
} all_fields[] = {
	{ "int0", "", "common_pid != 0", "common_pid == 0" },
	{ "int1", "a=$arg1:s32", "a == 1", "a == 2" },
	{ "int2", "a=$arg1:s32 b=$arg1:s32", "a == 1", "a == 2" },
	{ "int4", "a=$arg1:s32 b=$arg1:s32 c=$arg1:s32 d=$arg1:s32", "a == 1", "a == 2" },
	{ "int8", "a=$arg1:s32 b=$arg1:s32 c=$arg1:s32 d=$arg1:s32 "
		  "e=$arg1:s32 f=$arg1:s32 g=$arg1:s32 h=$arg1:s32", "a == 1", "a == 2" },
	{ "int16", "a=$arg1:s32 b=$arg1:s32 c=$arg1:s32 d=$arg1:s32 "
		   "e=$arg1:s32 f=$arg1:s32 g=$arg1:s32 h=$arg1:s32 "
		   "i=$arg1:s32 j=$arg1:s32 k=$arg1:s32 l=$arg1:s32 "
		   "m=$arg1:s32 n=$arg1:s32 o=$arg1:s32 p=$arg1:s32", "a == 1", "a == 2" },
	{ "iu", "a=$arg1:s32 u=$arg2:u64", "a == 1", "a == 2" },
	{ "ius", "a=$arg1:s32 u=$arg2:u64 s=+0($arg3):string", "a == 1", "a == 2" },
	{ "long", "s=+0($arg3):string", "common_pid != 0", "common_pid == 0" },
	{ "ptr", NULL, "ptr != 0", "ptr == 0" },
	{ "mac", NULL, "common_pid != 0", "common_pid == 0" },
	{ "ipv4", NULL, "common_pid != 0", "common_pid == 0" },
	{ "ipv6", NULL, "common_pid != 0", "common_pid == 0" },
	{ "uuid", NULL, "common_pid != 0", "common_pid == 0" },
	{ "bytes", NULL, "common_pid != 0", "common_pid == 0" },
	{ "named", NULL, "a == 1", "a == 2" },
	{ "array", NULL, "common_pid != 0", "common_pid == 0" },
	{ "cpumask", NULL, "common_pid != 0", "common_pid == 0" },
	{ "sockaddr", NULL, "common_pid != 0", "common_pid == 0" },
	{ "device", NULL, "common_pid != 0", "common_pid == 0" },
	{ "path", NULL, "common_pid != 0", "common_pid == 0" },
	{ },
};

static __attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static int try_write(const char *path, const char *text)
{
	ssize_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_APPEND);
	int ret = 0;

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	if (write(fd, text, len) != len)
		ret = -errno;
	close(fd);
	return ret;
}

static __attribute__((format(printf, 2, 3))) void put(const char *path, const char *format, ...)
{
	char text[1024];
	va_list args;
	int ret;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ret = try_write(path, text);
	if (ret)
		die("writing '%s' to %s: %s", text, path, strerror(-ret));
}

static const char *read_file(const char *path)
{
	static char text[256];
	int fd = open(path, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	len = read(fd, text, sizeof(text) - 1);
	if (len < 0)
		die("%s: %s", path, strerror(errno));
	text[len] = '\0';
	close(fd);
	return text;
}

/* The event of a way to trace, as system/event */
static const char *event_of(const char *way, const char *fields)
{
	static char name[64];

	if (!strcmp(way, "mark"))
		snprintf(name, sizeof(name), "marker_bench/%s", fields);
	else if (!strcmp(way, "event"))
		snprintf(name, sizeof(name), "marker_bench_event/bench_%s", fields);
	else
		snprintf(name, sizeof(name), "marker_bench_%s/%s", way, fields);
	return name;
}

static const char *event_file(int instance, const char *event, const char *file)
{
	static char path[256];

	if (instance)
		snprintf(path, sizeof(path), TRACEFS "/instances/%s/events/%s/%s",
			 instances[instance - 1], event, file);
	else
		snprintf(path, sizeof(path), TRACEFS "/events/%s/%s", event, file);
	return path;
}

/* Empty the buffers, so that each run starts alike. */
static void reset(void)
{
	char path[128];

	close(open(TRACEFS "/trace", O_WRONLY | O_TRUNC));
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), TRACEFS "/instances/%s/trace", instances[i]);
		close(open(path, O_WRONLY | O_TRUNC));
	}
}

static void run_bench(const char *way, const char *fields, unsigned int *hits,
		      long long *cycles, long long *ns)
{
	put(BENCH, "%s %s", way, fields);
	if (sscanf(read_file(BENCH), "%u %lld %lld", hits, cycles, ns) != 3)
		die("What the benchmark printed cannot be read.");
}

static void measure(const char *way, const char *fields, const char *setting)
{
	bool by_probe = !strcmp(way, "kprobe") || !strcmp(way, "fprobe");
	unsigned int hits;
	long long cycles, ns;

	reset();
	run_bench(by_probe ? "target" : way, fields, &hits, &cycles, &ns);
	printf("%s %s %s %.3f\n", fields, way, setting, (double)cycles / hits);
}

/* Whether hits come to where they should: so many records in the buffer */
static void check_recorded(const char *way, const char *fields, const char *setting, bool some)
{
	char line[64] = "";
	FILE *f = fopen(TRACEFS "/per_cpu/cpu0/stats", "r");
	int entries = -1;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "entries: %d", &entries) == 1)
			break;
	}
	fclose(f);
	if (!some != !entries || (some && entries < 1000))
		die("%s %s %s: %d records in the buffer", fields, way, setting, entries);
}

/* In tracefs, with @nr instances, the top one included */
static void measure_on(const char *way, const struct fields *f, const char *setting,
		       unsigned int nr, const char *filter)
{
	const char *event = event_of(way, f->name);

	if (filter)
		put(event_file(0, event, "filter"), "%s", filter);
	for (unsigned int i = 0; i < nr; i++)
		put(event_file(i, event, "enable"), "1");
	measure(way, f->name, setting);
	check_recorded(way, f->name, setting, !filter || filter == f->accept);
	for (unsigned int i = 0; i < nr; i++)
		put(event_file(i, event, "enable"), "0");
	if (filter)
		put(event_file(0, event, "filter"), "0");
}

static int perf_open(const char *event, bool record)
{
	struct perf_event_attr attr = {
		.type		= PERF_TYPE_TRACEPOINT,
		.size		= sizeof(attr),
		.config		= atoi(read_file(event_file(0, event, "id"))),
		.sample_period	= 1,
		.sample_type	= PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
				  PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD | PERF_SAMPLE_RAW,
		.watermark	= 1,
		.wakeup_watermark = UINT32_MAX,
	};
	int fd;

	if (!record)
		attr.sample_type = 0;
	fd = syscall(__NR_perf_event_open, &attr, -1, 0, -1, 0);
	if (fd < 0)
		die("perf_event_open() of %s: %s", event, strerror(errno));
	return fd;
}

/* As "perf record -a -e" does, into a buffer that is large enough */
static void measure_perf(const char *way, const struct fields *f)
{
	size_t size = PERF_BUFFER + getpagesize();
	int fd = perf_open(event_of(way, f->name), true);
	struct perf_event_mmap_page *page;

	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		die("mmap() of a perf buffer: %s", strerror(errno));
	measure(way, f->name, "perf");
	if (page->data_head < 1000 * sizeof(struct perf_event_header) ||
	    page->data_head > PERF_BUFFER)
		die("%s %s: perf recorded %llu bytes", way, f->name, page->data_head);
	munmap(page, size);
	close(fd);
}

/* The smallest program there is: it has perf drop the event. */
static int load_program(uint32_t type)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type	= type,
		.insns		= (uintptr_t)program,
		.insn_cnt	= sizeof(program) / sizeof(program[0]),
		.license	= (uintptr_t)"GPL",
	};
	int fd = syscall(__NR_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0)
		die("A BPF program could not be loaded: %s", strerror(errno));
	return fd;
}

static void measure_bpf(const char *way, const struct fields *f)
{
	int program = load_program(strcmp(way, "kprobe") ? BPF_PROG_TYPE_TRACEPOINT :
							   BPF_PROG_TYPE_KPROBE);
	int fd = perf_open(event_of(way, f->name), false);

	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, program))
		die("A BPF program could not be attached to %s %s: %s", way, f->name,
		    strerror(errno));
	measure(way, f->name, "bpf");
	close(fd);
	close(program);
}

static void measure_stack(const char *way, const struct fields *f)
{
	put(TRACEFS "/options/stacktrace", "1");
	if (strcmp(way, "printk"))
		measure_on(way, f, "stack", 1, NULL);
	else
		measure(way, f->name, "stack");
	put(TRACEFS "/options/stacktrace", "0");
}

static void measure_event(const char *way, const struct fields *f)
{
	measure(way, f->name, "off");
	measure_on(way, f, "on", 1, NULL);
	measure_on(way, f, "accept", 1, f->accept);
	measure_on(way, f, "reject", 1, f->reject);
	measure_on(way, f, "inst2", 2, NULL);
	measure_on(way, f, "inst4", 4, NULL);
	measure_stack(way, f);
	measure_perf(way, f);
	/* The events of fprobes take no programs. */
	if (strcmp(way, "fprobe"))
		measure_bpf(way, f);
}

static void measure_probe(const char *way, const struct fields *f)
{
	const char *file = TRACEFS "/dynamic_events";

	put(file, "%c:marker_bench_%s/%s marker_bench_target %s\n",
	    *way == 'k' ? 'p' : 'f', way, f->name, f->fetch);
	measure_event(way, f);
	put(file, "-:marker_bench_%s/%s\n", way, f->name);
}

static void measure_typed(unsigned int nr)
{
	char setting[16];

	snprintf(setting, sizeof(setting), "probes%u", nr);
	put(BENCH, "probes %u", nr);
	measure("mark", "iu", setting);
	measure("event", "iu", setting);
	measure("mark", "ius", setting);
	measure("event", "ius", setting);
	put(BENCH, "probes 0");
}

/* By all ways, or by @only, an event of the module's own, and the ring buffer */
static int run_hits(const char *only)
{
	char path[128];

	/*
	 * The buffers of perf come and go with its first and last event, and memcpy()
	 * takes other ways at other addresses: let them stay where they are.
	 */
	perf_open("sched/sched_process_exit", false);

	/* Nobody has to be woken up, and commands need no names. */
	put(TRACEFS "/options/record-cmd", "0");
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), TRACEFS "/instances/%s", instances[i]);
		if (mkdir(path, 0700) && errno != EEXIST)
			die("%s: %s", path, strerror(errno));
	}
	for (const struct fields *f = all_fields; f->name; f++) {
		if (only) {
			measure_event(only, f);
			measure("ring", f->name, "on");
			continue;
		}
		measure_event("mark", f);
		measure_event("event", f);
		measure("printk", f->name, "on");
		check_recorded("printk", f->name, "on", true);
		measure_stack("printk", f);
		if (f->fetch) {
			measure_probe("kprobe", f);
			measure_probe("fprobe", f);
		}
		measure("ring", f->name, "on");
	}
	if (only)
		return 0;
	measure_typed(1);
	measure_typed(2);
	measure_typed(8);
	return 0;
}

static int compare_int64(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/*
 * Natively, other work of the machine is in between: take the median of many, with the
 * ways in turn.
 */

#define TIMES	201

static const char * const timed_ways[] = { "mark", "event", "ring" };

static void measure_times(const char *fields, const char *setting)
{
	int64_t times[3][TIMES];
	long long cycles, ns;
	unsigned int hits;

	for (int i = 0; i < TIMES; i++) {
		reset();
		for (int way = 0; way < 3; way++) {
			run_bench(timed_ways[way], fields, &hits, &cycles, &ns);
			times[way][i] = ns;
		}
	}
	for (int way = 0; way < 3; way++) {
		qsort(times[way], TIMES, sizeof(**times), compare_int64);
		printf("%s %s %s %.1f\n", fields, timed_ways[way], setting,
		       (double)times[way][TIMES / 2] / hits);
	}
	for (int way = 1; way < 3; way++)
		printf("%s mark %s_of_%s %.3f\n", fields, setting, timed_ways[way],
		       (double)times[0][TIMES / 2] / times[way][TIMES / 2]);
}

/* On one CPU, and on both at once */
static int run_times(void)
{
	static const char * const timed[] = { "iu", "ius" };

	put(TRACEFS "/options/record-cmd", "0");
	for (int i = 0; i < 2; i++) {
		put(event_file(0, event_of("mark", timed[i]), "enable"), "1");
		put(event_file(0, event_of("event", timed[i]), "enable"), "1");
		put(BENCH, "cpus 0");
		measure_times(timed[i], "one");
		put(BENCH, "cpus 1");
		measure_times(timed[i], "two");
	}
	return 0;
}

static int64_t task_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* What a write takes, that of an empty string to /dev/null subtracted */
static int run_write(const char *path, const char *text)
{
	int null = open("/dev/null", O_WRONLY), fd = open(path, O_WRONLY);
	ssize_t len = strlen(text), ret;
	int64_t start, empty, took;

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	start = task_ns();
	ret = write(null, text, len);
	empty = task_ns() - start;
	start = task_ns();
	ret = write(fd, text, len);
	took = task_ns() - start;
	if (ret != len)
		die("writing '%s' to %s: %s", text, path, strerror(errno));
	printf("%lld\n", (long long)(took - empty));
	return 0;
}

static int run_load(const char *path)
{
	struct stat st;
	int64_t start;
	char *image;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		die("%s: %s", path, strerror(errno));
	image = malloc(st.st_size);
	if (!image || read(fd, image, st.st_size) != st.st_size)
		die("%s could not be read", path);
	start = task_ns();
	if (syscall(__NR_init_module, image, st.st_size, ""))
		die("%s could not be loaded: %s", path, strerror(errno));
	printf("%lld\n", (long long)(task_ns() - start));
	return 0;
}

/*
 * Calls that succeed. What they need is in a tmpfs, so that nothing goes to the
 * host; a task that has to wait for others is measured by its own time.
 */

#define CALLS_DIR	"/tmp/bench-calls"
#define CALLS_WARM	300
#define CALLS		1001

static int64_t cycles(void)
{
	return __builtin_ia32_rdtsc();
}

static void check(bool ok, const char *what)
{
	if (!ok)
		die("%s: %s", what, strerror(errno));
}

static void call_mount(void)
{
	check(!mount(CALLS_DIR "/from", CALLS_DIR "/to", NULL, MS_BIND, NULL), "mount()");
	check(!umount(CALLS_DIR "/to"), "umount()");
}

static void wait_for(pid_t pid)
{
	int status;

	check(pid > 0 && waitpid(pid, &status, 0) == pid && !status, "a child");
}

static void call_fork(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void call_execve(void)
{
	static char * const none[] = { NULL };
	pid_t pid = vfork();

	if (!pid) {
		execve(CALLS_DIR "/program", none, none);
		_exit(1);
	}
	wait_for(pid);
}

static void call_open(void)
{
	int fd = open(CALLS_DIR "/file", O_RDWR);

	check(fd >= 0 && !close(fd), "open() and close()");
}

static void call_mmap(void)
{
	void *p = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(p != MAP_FAILED && !munmap(p, 1 << 16), "mmap() and munmap()");
}

static const struct call {
	const char	*name;
	void		(*run)(void);
	int64_t		(*now)(void);
} calls[] = {
	{ "mount_umount", call_mount, task_ns },
	{ "fork_exit_wait", call_fork, cycles },
	{ "vfork_execve_exit_wait", call_execve, cycles },
	{ "open_close", call_open, cycles },
	{ "mmap_munmap", call_mmap, cycles },
	{ }
};

/*
 * The median leaves out what a tick, RCU or an allocator that has to go to another
 * list add to some of the calls; the reading of the clock is subtracted.
 */
static int64_t median(void (*run)(void), int64_t (*now)(void))
{
	static int64_t took[CALLS];
	int64_t start;

	for (int i = -CALLS_WARM; i < CALLS; i++) {
		start = now();
		if (run)
			run();
		took[i < 0 ? 0 : i] = now() - start;
	}
	qsort(took, CALLS, sizeof(*took), compare_int64);
	return took[CALLS / 2];
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0755);
	char data[4096];
	ssize_t len;

	check(in >= 0 && out >= 0, from);
	while ((len = read(in, data, sizeof(data))) > 0)
		check(write(out, data, len) == len, to);
	close(in);
	close(out);
}

/* Addresses that are the same in each run, for the same page tables and mappings */
static void fix_addresses(char **argv)
{
	if (personality(0xffffffff) & ADDR_NO_RANDOMIZE)
		return;
	personality(ADDR_NO_RANDOMIZE);
	execv("/proc/self/exe", argv);
	die("/proc/self/exe: %s", strerror(errno));
}

static int run_calls(const char *kernel, const char *program)
{
	mkdir(CALLS_DIR, 0755);
	check(!mount("none", CALLS_DIR, "tmpfs", 0, NULL), CALLS_DIR);
	check(!mount(NULL, CALLS_DIR, NULL, MS_PRIVATE, NULL), CALLS_DIR);
	check(!mkdir(CALLS_DIR "/from", 0755) && !mkdir(CALLS_DIR "/to", 0755), CALLS_DIR);
	copy_file(program, CALLS_DIR "/program");
	copy_file(program, CALLS_DIR "/file");

	for (const struct call *c = calls; c->name; c++)
		printf("%s %s instructions %lld\n", c->name, kernel,
		       (long long)(median(c->run, c->now) - median(NULL, c->now)));
	return 0;
}

int main(int argc, char **argv)
{
	cpu_set_t cpu0;

	CPU_ZERO(&cpu0);
	CPU_SET(0, &cpu0);
	sched_setaffinity(0, sizeof(cpu0), &cpu0);
	setvbuf(stdout, NULL, _IOLBF, 0);

	if ((argc == 2 || argc == 3) && !strcmp(argv[1], "hits"))
		return run_hits(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "native"))
		return run_times();
	if (argc == 4 && !strcmp(argv[1], "calls")) {
		fix_addresses(argv);
		return run_calls(argv[2], argv[3]);
	}
	if (argc == 4 && !strcmp(argv[1], "write"))
		return run_write(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "load"))
		return run_load(argv[2]);
	die("Usage: bench-guest hits [WAY] | native | calls KERNEL PROGRAM | write PATH TEXT | load FILE");
}
