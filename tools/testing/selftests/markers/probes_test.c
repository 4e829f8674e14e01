// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of typed probes: who is called, how often and in which order, and who
 * is refused.
 *
 * test_modules/markers_test_probe.c does what is written to its parameter "do",
 * and tells in its parameter "calls" what its probes have seen.
 */

#include <signal.h>
#include <sys/prctl.h>

#include "modules.h"
#include "tracefs.h"
#include "kselftest_harness.h"

#define A		"markers_test_a"
#define B		"markers_test_b"
#define PROBE		"markers_test_probe"
#define UNUSED		"markers_test_unused"

#define EVENTS		"events/markers_test/"

FIXTURE(probes) {
	int	top;		/* tracefs */
	int	dir;		/* our instance in it */
	int	log;		/* the kernel's, from the test's begin */
	long	warnings;
};

FIXTURE_SETUP(probes)
{
	const char *reason;

	self->warnings = warnings_begin();
	reason = modules_begin(&self->top, &self->dir, &self->log);
	if (reason)
		SKIP(return, "%s", reason);
	LOAD(PROBE);
}

FIXTURE_TEARDOWN(probes)
{
	EXPECT_TRUE(modules_end(self->top, self->dir, self->log));
	EXPECT_FALSE(module_is_loaded(PROBE));
	EXPECT_FALSE(kernel_has_warned(self->warnings)) {
		TH_LOG("see the kernel log: it has warned");
	}
}

/* Have the module do something. */
static int probe_do(const char *what)
{
	return module_write(PROBE, "do", what);
}

#define DO(what)		ASSERT_EQ(0, probe_do(what))

/* What the probes have seen is this. */
#define EXPECT_CALLS(re)						\
do {									\
	char *__calls = tr_read(AT_FDCWD, "/sys/module/" PROBE "/parameters/calls"); \
									\
	ASSERT_NE(NULL, __calls);					\
	EXPECT_TRUE(line_matches(__calls, re)) {			\
		TH_LOG("want %s, got %s", re, __calls);			\
	}								\
	free(__calls);							\
} while (0)

static long calls_of_x(void)
{
	char *calls = tr_read(AT_FDCWD, "/sys/module/" PROBE "/parameters/calls");
	long nr = -1;

	if (calls)
		sscanf(calls, "x=%ld ", &nr);
	free(calls);
	return nr;
}

/* Of the first site of a marker, the number of probes or of dropped calls */
static long site_number(int top, const char *name, bool dropped)
{
	struct listing l = { };
	struct site *site;
	long nr = -1;

	site = listing_read(top, &l) ? NULL : listing_find(&l, name);
	if (site)
		nr = dropped ? (long)site->dropped : (long)site->probes;
	listing_free(&l);
	return nr;
}

static long probes_of(int top, const char *name)
{
	return site_number(top, name, false);
}

static long dropped_of(int top, const char *name)
{
	return site_number(top, name, true);
}

TEST_F(probes, count)
{
	LOAD(A);
	HIT_MODULE(A, 1);
	EXPECT_CALLS("^x=0 ");
	DO("register x");
	EXPECT_EQ(1, probes_of(self->top, "markers_test:shared"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	for (int i = 0; i < 1000; i++)
		HIT_MODULE(A, i);
	EXPECT_CALLS("^x=1000 y=0 z=0 last=999 wrong=0 right=0 once=0 recursed=0 denied=0 inside=0 order=x+$");
	DO("unregister x");
	EXPECT_EQ(0, probes_of(self->top, "markers_test:shared"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	HIT_MODULE(A, 5);
	EXPECT_CALLS("^x=1000 y=0 z=0 last=999 ");
}

/* The marker's module may come later, go, and come again; and be two. */
TEST_F(probes, module_later)
{
	DO("register x");
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	HIT_MODULE(A, 1);
	EXPECT_CALLS("^x=1 y=0 z=0 last=1 ");
	LOAD(B);
	HIT_MODULE(B, 2);
	EXPECT_CALLS("^x=2 y=0 z=0 last=2 ");
	UNLOAD(A);
	HIT_MODULE(B, 3);
	UNLOAD(B);
	EXPECT_CALLS("^x=3 y=0 z=0 last=3 ");
	LOAD(A);
	HIT_MODULE(A, 4);
	EXPECT_CALLS("^x=4 y=0 z=0 last=4 ");
	UNLOAD(A);
	DO("unregister x");
	LOAD(A);
	HIT_MODULE(A, 5);
	EXPECT_CALLS("^x=4 y=0 z=0 last=4 ");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
}

TEST_F(probes, order)
{
	LOAD(A);
	DO("register y");
	DO("register x");
	DO("register z");
	HIT_MODULE(A, 1);
	EXPECT_CALLS("^x=1 y=1 z=1 .* order=yxz$");
	EXPECT_EQ(3, probes_of(self->top, "markers_test:shared"));

	/* One that is registered anew is the last one. */
	DO("unregister y");
	DO("register y");
	DO("clear");
	HIT_MODULE(A, 1);
	EXPECT_CALLS(" order=xzy$");

	/* Also when the marker comes after them */
	UNLOAD(A);
	DO("unregister x");
	DO("register x");
	DO("clear");
	LOAD(A);
	HIT_MODULE(A, 1);
	EXPECT_CALLS(" order=zyx$");
}

TEST_F(probes, errors)
{
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(-ENOENT, probe_do("unregister x"));
		DO("register x");
		EXPECT_EQ(-EEXIST, probe_do("register x"));
		DO("register y");
		EXPECT_EQ(-ENOENT, probe_do("unregister z"));
		DO("unregister x");
		EXPECT_EQ(-ENOENT, probe_do("unregister x"));
		DO("unregister y");
		DO("malformed");
		EXPECT_EQ(1, log_count(self->log, "^marker: probe probe: 'a:b:c' is no name of a marker: write system:event$"));
		/* First without the marker, then with it */
		if (!i)
			LOAD(A);
	}
	HIT_MODULE(A, 1);
	EXPECT_CALLS("^x=0 y=0 z=0 ");
}

#define MISMATCH	"^marker: probe wrong\\(unsigned long long, const char \\*\\) does not fit markers_unused:hit\\(unsigned int\\)$"

/* A probe whose parameters are not the marker's is refused, and both are shown. */
TEST_F(probes, wrong_type)
{
	LOAD(UNUSED);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(-EINVAL, probe_do("wrong"));
		EXPECT_EQ(1, log_count(self->log, MISMATCH));
		EXPECT_EQ(-ENOENT, probe_do("unregister_wrong"));
	}
	EXPECT_EQ(0, probes_of(self->top, "markers_unused:hit"));
	DO("right");
	HIT_MODULE(UNUSED, 1);
	EXPECT_CALLS(" wrong=0 right=1 ");
}

/* One that has waited is refused when the marker comes, and others are not. */
TEST_F(probes, wrong_type_waits)
{
	struct trace trace = { };

	DO("wrong");
	DO("right");
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
	LOAD(UNUSED);
	EXPECT_EQ(1, log_count(self->log, MISMATCH));
	EXPECT_EQ(1, probes_of(self->top, "markers_unused:hit"));
	WRITE("events/markers_unused/hit/enable", "1");
	HIT_MODULE(UNUSED, 2);
	EXPECT_CALLS(" wrong=0 right=1 ");
	TAKE(&trace, 1);
	DO("unregister_wrong");
	DO("unregister_right");
	WRITE("events/markers_unused/hit/enable", "0");
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
	trace_free(&trace);
}

/* A probe alone keeps its marker when the module goes, and lets go of it. */
TEST_F(probes, keeps_marker)
{
	LOAD(UNUSED);
	DO("right");
	UNLOAD(UNUSED);
	LOAD(UNUSED);
	HIT_MODULE(UNUSED, 1);
	EXPECT_CALLS(" right=1 ");
	DO("unregister_right");
	UNLOAD(UNUSED);
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
}

/* Probes that a module leaves are taken off, attached or waiting, with one warning. */
TEST_F(probes, left_behind)
{
	LOAD(A);
	DO("register x");
	DO("register y");
	DO("right");
	HIT_MODULE(A, 1);
	EXPECT_CALLS("^x=1 y=1 z=0 ");
	EXPECT_EQ(0, module_write(PROBE, "leave", "1"));
	UNLOAD(PROBE);
	EXPECT_EQ(1, log_count(self->log, "^marker: " PROBE ": goes without marker_probe_unregister\\(\\) of probe from markers_test:shared$"));
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
	EXPECT_EQ(0, probes_of(self->top, "markers_test:shared"));
	HIT_MODULE(A, 2);

	/* And they can be registered again. */
	LOAD(PROBE);
	DO("register x");
	DO("right");
	HIT_MODULE(A, 3);
	EXPECT_CALLS("^x=1 y=0 z=0 last=3 ");
}

/* The trace event is one probe more, and neither minds the other. */
TEST_F(probes, with_event)
{
	struct trace trace = { };

	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	WRITE(EVENTS "shared/filter", "n == 2");
	DO("register x");
	EXPECT_EQ(2, probes_of(self->top, "markers_test:shared"));
	HIT_MODULE(A, 1);
	HIT_MODULE(A, 2);
	EXPECT_CALLS("^x=2 y=0 z=0 last=2 ");
	TAKE(&trace, 1);
	EXPECT_STREQ("n=2 who=a", trace.rec[0].text);
	WRITE(EVENTS "shared/enable", "0");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	HIT_MODULE(A, 3);
	EXPECT_CALLS("^x=3 y=0 z=0 last=3 ");
	TAKE(&trace, 0);
	WRITE(EVENTS "shared/filter", "0");
	WRITE(EVENTS "shared/enable", "1");
	DO("unregister x");
	HIT_MODULE(A, 4);
	EXPECT_CALLS("^x=3 y=0 z=0 last=3 ");
	TAKE(&trace, 1);
	trace_free(&trace);
}

/* What the file "static_markers" turns off, a probe still sees. */
TEST_F(probes, with_control_file)
{
	LOAD(A);
	LOAD(B);
	DO("register x");
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "+module:" A "\n"));
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "-module:" A "\n"));
	EXPECT_EQ(1, probes_of(self->top, "markers_test:shared"));
	HIT_MODULE(A, 1);
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "+module:" B "\n"));
	HIT_MODULE(A, 2);
	HIT_MODULE(B, 3);
	EXPECT_CALLS("^x=3 y=0 z=0 last=3 ");
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "-markers_test:*\n-pipe:pipe_full\n"));
	HIT_MODULE(A, 4);
	EXPECT_CALLS("^x=4 y=0 z=0 last=4 ");
	EXPECT_EQ(1, probes_of(self->top, "markers_test:shared"));
}

/* Each hit of the marker would be one more without end. */
TEST_F(probes, recursion)
{
	struct trace trace = { };
	long dropped = dropped_of(self->top, "markers_probe:recurse");

	ASSERT_LE(0, dropped);
	DO("recurse");
	for (int i = 1; i <= 3; i++) {
		DO("hit_recurse");
		EXPECT_EQ(dropped + i, dropped_of(self->top, "markers_probe:recurse"));
	}
	EXPECT_CALLS(" recursed=3 ");

	/* The trace event sees both hits. */
	WRITE("events/markers_probe/recurse/enable", "1");
	DO("hit_recurse");
	TAKE(&trace, 2);
	EXPECT_EQ(dropped + 4, dropped_of(self->top, "markers_probe:recurse"));
	DO("unregister_recurse");
	DO("hit_recurse");
	EXPECT_EQ(dropped + 4, dropped_of(self->top, "markers_probe:recurse"));
	TAKE(&trace, 1);
	trace_free(&trace);
}

static pid_t start_hitter(int cpu, const char *module)
{
	pid_t pid = fork();
	cpu_set_t set;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (unsigned int n = 0;; n++) {
		if (module_hit(module, n))
			_exit(1);
	}
}

/* Whether it has lived until now */
static bool stop_hitter(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

static bool wait_for_calls(long more_than)
{
	for (int ms = 0; ms < 5000; ms++) {
		if (calls_of_x() > more_than)
			return true;
		usleep(1000);
	}
	return false;
}

/* A probe is not called any more when it was unregistered and waited for. */
TEST_F_TIMEOUT(probes, unregister_while_hit, 120)
{
	pid_t hitter;
	cpu_set_t set;
	long calls;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "only one CPU");
	LOAD(A);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	hitter = start_hitter(1, A);
	ASSERT_LT(0, hitter);
	for (int i = 0; i < 20; i++) {
		calls = calls_of_x();
		DO("register x");
		EXPECT_TRUE(wait_for_calls(calls));
		DO("unregister x");
		calls = calls_of_x();
		usleep(20000);
		EXPECT_EQ(calls, calls_of_x());
	}
	/* The probe's module may go with it. */
	for (int i = 0; i < 10; i++) {
		DO("register x");
		EXPECT_TRUE(wait_for_calls(0));
		UNLOAD(PROBE);
		LOAD(PROBE);
	}
	EXPECT_TRUE(stop_hitter(hitter));
}

static bool is_inside(void)
{
	char *calls = tr_read(AT_FDCWD, "/sys/module/" PROBE "/parameters/calls");
	bool inside = calls && strstr(calls, " inside=1 ");

	free(calls);
	return inside;
}

/* A call that is under way on another CPU is waited for. */
TEST_F(probes, unregister_within_hit)
{
	pid_t hitter;
	cpu_set_t set;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "only one CPU");
	LOAD(A);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	hitter = start_hitter(1, A);
	ASSERT_LT(0, hitter);
	for (int i = 0; i < 5; i++) {
		DO("slow");
		for (int ms = 0; ms < 5000 && !is_inside(); ms++)
			usleep(1000);
		EXPECT_TRUE(is_inside());
		DO("unregister_slow");
		EXPECT_FALSE(is_inside());
	}
	EXPECT_TRUE(stop_hitter(hitter));
}

/* A probe has itself unregistered by a work queue. */
TEST_F(probes, unregister_from_work)
{
	LOAD(A);
	for (int i = 1; i <= 5; i++) {
		DO("once");
		HIT_MODULE(A, 1);
		DO("flush");
		EXPECT_EQ(0, probes_of(self->top, "markers_test:shared"));
		HIT_MODULE(A, 2);
		DO("once");
		DO("flush");
		DO("clear");
		EXPECT_EQ(1, probes_of(self->top, "markers_test:shared"));
		HIT_MODULE(A, 3);
		DO("flush");
		EXPECT_CALLS(" once=1 ");
		EXPECT_EQ(0, probes_of(self->top, "markers_test:shared"));
	}
}

/* A module that is denied has its markers not seen by probes. */
TEST_F(probes, denied)
{
	/* See test_modules/Makefile */
	if (!module_is_built("markers_test_proprietary"))
		SKIP(return, "no proprietary module");
	DO("denied");
	LOAD("markers_test_proprietary");
	EXPECT_TRUE(state_is(self->top, "markers_denied:hit", "markers_test_proprietary",
			     "denied(P)"));
	EXPECT_EQ(0, probes_of(self->top, "markers_denied:hit"));
	HIT_MODULE("markers_test_proprietary", 1);
	EXPECT_CALLS(" denied=0 ");
	DO("unregister_denied");
	DO("denied");
	HIT_MODULE("markers_test_proprietary", 1);
	EXPECT_CALLS(" denied=0 ");
	UNLOAD("markers_test_proprietary");
	DO("unregister_denied");
}

/*
 * samples/markers/probe-example.c
 */

/* What the example tells of a marker */
static long probe_example(const char *marker)
{
	int debugfs = open_or_mount("debugfs", "/sys/kernel/debug");
	char *text, *pos;
	long nr = -1;

	if (debugfs < 0)
		return -1;
	text = tr_read(debugfs, "probe-example");
	pos = text ? strstr(text, marker) : NULL;
	if (pos)
		sscanf(pos + strlen(marker), " %ld", &nr);
	free(text);
	close(debugfs);
	return nr;
}

FIXTURE(samples) {
	int	top;
	int	dir;
	int	log;
	long	warnings;
};

FIXTURE_SETUP(samples)
{
	const char *reason;

	self->warnings = warnings_begin();
	reason = modules_begin(&self->top, &self->dir, &self->log);
	if (reason)
		SKIP(return, "%s", reason);
	module_unload("probe_example");
	module_unload("marker_example");
	if (module_is_loaded("probe_example") || module_is_loaded("marker_example"))
		SKIP(return, "CONFIG_SAMPLE_MARKERS is not m, or the samples are in use");
	if (sample_load())
		SKIP(return, "no CONFIG_SAMPLE_MARKERS=m");
	module_unload("marker_example");
}

FIXTURE_TEARDOWN(samples)
{
	module_unload("probe_example");
	module_unload("marker_example");
	EXPECT_FALSE(module_is_loaded("probe_example"));
	EXPECT_FALSE(module_is_loaded("marker_example"));
	EXPECT_TRUE(modules_end(self->top, self->dir, self->log));
	EXPECT_FALSE(kernel_has_warned(self->warnings)) {
		TH_LOG("see the kernel log: it has warned");
	}
}

FIXTURE_VARIANT(samples) {
	bool	probe_first;
};

FIXTURE_VARIANT_ADD(samples, probe_first) {
	.probe_first	= true,
};

FIXTURE_VARIANT_ADD(samples, marker_first) {
	.probe_first	= false,
};

TEST_F(samples, count)
{
	struct trace trace = { };
	char *text;
	int hit;

	if (variant->probe_first)
		ASSERT_EQ(0, modprobe("probe-example", NULL));
	ASSERT_EQ(0, sample_load());
	if (!variant->probe_first)
		ASSERT_EQ(0, modprobe("probe-example", NULL));
	EXPECT_EQ(0, probe_example("marker_example:strings"));
	WRITE("events/marker_example/strings/enable", "1");
	hit = sample_open();
	ASSERT_LE(0, hit);
	for (int i = 0; i < 7; i++)
		ASSERT_EQ(5, write(hit, "hello", 5));
	close(hit);
	EXPECT_EQ(7, probe_example("marker_example:strings"));
	EXPECT_EQ(0, probe_example("marker_example:tick"));
	TAKE(&trace, 7);
	text = tr_read(AT_FDCWD, "/sys/kernel/debug/probe-example");
	if (text)
		EXPECT_TRUE(line_matches(text, "^marker_example:strings 7, last hello$"));
	free(text);

	/* The marker's module may go first, and come again. */
	UNLOAD("marker_example");
	ASSERT_EQ(0, sample_load());
	hit = sample_open();
	ASSERT_LE(0, hit);
	ASSERT_EQ(1, write(hit, "1", 1));
	EXPECT_EQ(8, probe_example("marker_example:strings"));
	UNLOAD("probe_example");
	EXPECT_EQ(1, log_count(self->log, "^probe_example: .*marker_example:strings 8$"));
	ASSERT_EQ(1, write(hit, "2", 1));
	close(hit);
	TAKE(&trace, 2);
	trace_free(&trace);
}

/* Hard interrupts hit a marker that has a probe. */
TEST_F(samples, tick)
{
	struct trace trace = { };
	long nr, before;

	ASSERT_EQ(0, modprobe("probe-example", NULL));
	ASSERT_EQ(0, modprobe("marker-example", "period_ms=1"));
	WRITE("events/marker_example/tick/enable", "1");
	before = probe_example("marker_example:tick");
	for (int ms = 0; ms < 5000; ms += 10) {
		nr = probe_example("marker_example:tick");
		if (nr >= before + 10)
			break;
		usleep(10000);
	}
	EXPECT_LE(before + 10, nr);
	if (!variant->probe_first)
		UNLOAD("probe_example");
	UNLOAD("marker_example");
	if (variant->probe_first)
		EXPECT_LE(nr, probe_example("marker_example:tick"));
	ASSERT_LE(1, trace_take(self->dir, &trace));
	for (int i = 0; i < trace.nr; i++) {
		EXPECT_TRUE(matches(trace.rec[i].text, "^nr=[0-9]+ hardirq=1$")) {
			TH_LOG("%s", trace.rec[i].text);
		}
	}
	trace_free(&trace);
}

TEST_HARNESS_MAIN
