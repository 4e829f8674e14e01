// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of markers in modules: what is there while a module is loaded, what
 * stays of it, and which modules' markers stay off.
 *
 * The modules are in test_modules/. They hit their markers with a number that
 * is written to their parameter "hit".
 */

#include <linux/perf_event.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "modules.h"
#include "tracefs.h"
#include "kselftest_harness.h"

/* The list has two thousand lines, and machines may be slow: not 30 seconds. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	120

#define A		"markers_test_a"
#define B		"markers_test_b"
#define FAIL		"markers_test_fail"
#define FIELDS		"markers_test_fields"
#define LAYOUT		"markers_test_layout"
#define OTHER		"markers_test_other"
#define PROBE		"markers_test_probe"
#define PROPRIETARY	"markers_test_proprietary"
#define UNUSED		"markers_test_unused"

#define EVENTS		"events/markers_test/"

FIXTURE(modules) {
	int	top;		/* tracefs */
	int	dir;		/* our instance in it */
	int	log;		/* the kernel's, from the test's begin */
	long	warnings;
};

FIXTURE_SETUP(modules)
{
	const char *reason;

	self->warnings = warnings_begin();
	reason = modules_begin(&self->top, &self->dir, &self->log);
	if (reason)
		SKIP(return, "%s", reason);
}

FIXTURE_TEARDOWN(modules)
{
	EXPECT_TRUE(modules_end(self->top, self->dir, self->log));
	EXPECT_FALSE(kernel_has_warned(self->warnings)) {
		TH_LOG("see the kernel log: it has warned");
	}
}

/* The n-th record is of this event and says this. */
#define EXPECT_RECORD(trace, n, name, said)				\
do {									\
	EXPECT_STREQ(name, (trace)->rec[n].event);			\
	EXPECT_STREQ(said, (trace)->rec[n].text);			\
} while (0)

/*
 * Loading and unloading
 */

TEST_F(modules, load)
{
	static const char *const files[] = {
		"enable", "filter", "format", "hist", "id", "trigger",
	};
	struct listing l = { };
	struct site *site;
	char path[80];

	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
	LOAD(UNUSED);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "events/markers_unused/hit/%s", files[i]);
		EXPECT_TRUE(tr_exists(self->top, path)) {
			TH_LOG("no %s", path);
		}
		EXPECT_TRUE(tr_exists(self->dir, path));
	}
	EXPECT_EQ(1, sites_of(self->top, "markers_unused:hit", UNUSED));
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_unused:init", UNUSED, "off"));

	ASSERT_EQ(0, listing_read(self->top, &l));
	site = listing_find(&l, "markers_unused:hit");
	ASSERT_NE(NULL, site);
	EXPECT_TRUE(matches(site->place, "(^|/)markers_test_unused\\.c:[0-9]+$"));
	EXPECT_STREQ("markers_test_hit", site->func);
	EXPECT_STREQ("unstable", site->promise);
	EXPECT_STREQ("unsigned int n", site->fields);
	EXPECT_EQ(0U, site->probes);
	EXPECT_EQ(0UL, site->dropped);
	listing_free(&l);
	HIT_MODULE(UNUSED, 1);

	/* Nobody has used them. */
	UNLOAD(UNUSED);
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
	EXPECT_FALSE(tr_exists(self->dir, "events/markers_unused"));
	EXPECT_EQ(0, sites_of(self->top, "markers_unused:hit", UNUSED));
}

/* The names of values are shown and found when the module that has them is gone. */
TEST_F(modules, names)
{
	static const char names[] =
		"u32=0xffffffea u8=0xea s32=MINUS_22 s8=MINUS_22 u16=MINUS_22 s64=0xffffffea0 rw=write "
		"bits=D|H|TOP|0x7fffff62 sbits=D|H|TOP|0x7fffff62 bits8=D|H|0x62 "
		"bits64=TOP|0x77fffff50 none=D|0xffffffe2 nothing=0x2 empty= end=1";
	static const char core[] =
		"ret=-EINVAL lret=-EINVAL sret=-EINVAL sig=0xffffffea usig=0xea dev=4095:1048554 (0) end=1";
	struct trace trace = { };

	LOAD(FIELDS);
	WRITE(EVENTS "sweep_names/enable", "1");
	WRITE(EVENTS "sweep_core/enable", "1");
	HIT_MODULE(FIELDS, -EINVAL);
	UNLOAD(FIELDS);
	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "sweep_names", names);
	EXPECT_RECORD(&trace, 1, "sweep_core", core);

	WRITE(EVENTS "sweep_names/filter", "s32 == MINUS_22 && rw == write && bits & TOP");
	WRITE(EVENTS "sweep_core/filter", "ret == -EINVAL || sig == SIGKILL");
	EXPECT_EQ(-EINVAL, tr_write(self->dir, EVENTS "sweep_names/filter", "s32 == ONE"));
	WRITE(EVENTS "sweep_names/filter", "s32 == MINUS_22 && rw == write && bits & TOP");
	LOAD(FIELDS);
	HIT_MODULE(FIELDS, 0);
	HIT_MODULE(FIELDS, 9);
	HIT_MODULE(FIELDS, -EINVAL);
	TAKE(&trace, 3);
	EXPECT_EQ(1, trace_count(&trace, "sweep_names"));
	EXPECT_EQ(2, trace_count(&trace, "sweep_core"));
	WRITE(EVENTS "sweep_core/enable", "0");

	/* None of the flags has a name, too. */
	WRITE(EVENTS "sweep_names/filter", "none == none");
	HIT_MODULE(FIELDS, 0);
	HIT_MODULE(FIELDS, 9);
	TAKE(&trace, 1);
	EXPECT_NE(NULL, strstr(trace.rec[0].text, " none=none nothing= empty= end=1"));
	WRITE(EVENTS "sweep_names/enable", "0");
	trace_free(&trace);
}

TEST_F(modules, record)
{
	struct trace trace = { };

	LOAD(A);
	HIT_MODULE(A, 1);
	WRITE(EVENTS "enable", "1");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	EXPECT_TRUE(state_is(self->top, "markers_test:place", A, "on"));
	HIT_MODULE(A, 2);
	TAKE(&trace, 4);
	EXPECT_RECORD(&trace, 0, "shared", "n=2 who=a");
	EXPECT_RECORD(&trace, 1, "place", "n=2 which=first");
	EXPECT_RECORD(&trace, 2, "place", "n=2 which=second");
	EXPECT_RECORD(&trace, 3, "changing", "n=2");
	WRITE(EVENTS "enable", "0");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	HIT_MODULE(A, 3);
	TAKE(&trace, 0);
	trace_free(&trace);
}

/* The first bytes of a function; a pointer to Thumb code is one further. */
#ifdef __arm__
#define BYTE_0	"[01]"
#define BYTE_1	"[12]"
#else
#define BYTE_0	"0"
#define BYTE_1	"1"
#endif

/* The conversions of pointers that the sample does not have */
TEST_F(modules, pointers)
{
	struct trace trace = { };

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	LOAD(FIELDS);
	WRITE(EVENTS "pointers/enable", "1");
	HIT_MODULE(FIELDS, 1);
	TAKE(&trace, 1);
	EXPECT_TRUE(matches(trace.rec[0].text,
			    "^S=markers_test_pointers\\+0x" BYTE_0 "/0x[0-9a-f]+ \\[" FIELDS "\\] "
			    "B=markers_test_pointers\\+0x" BYTE_1 "/0x[0-9a-f]+ \\[" FIELDS "\\] "
			    "m=0ab10cd3e405 i4=010\\.177\\.012\\.211 "
			    "I6=0ab1:0cd3:e405:f607:1829:3a4b:5c6d:7e8f "
			    "i6=0ab10cd3e405f60718293a4b5c6d7e8f "
			    "U=0ab10cd3-e405-f607-1829-3a4b5c6d7e8f "
			    "UB=0AB10CD3-E405-F607-1829-3A4B5C6D7E8F "
			    "Ul=d30cb10a-05e4-07f6-1829-3a4b5c6d7e8f "
			    "UL=D30CB10A-05E4-07F6-1829-3A4B5C6D7E8F "
			    "hD=0a-b1-0c hN=0ab10c$")) {
		TH_LOG("%s", trace.rec[0].text);
	}
	trace_free(&trace);
}

/* A marker in a function of a header has one place, and a site in each module. */
TEST_F(modules, header)
{
	char line[PATH_MAX + 2];
	struct trace trace = { };
	struct listing l = { };
	int nr = 0;

	LOAD(B);
	LOAD(FIELDS);
	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++) {
		struct site *site = &l.sites[i];

		if (strcmp(site->name, "markers_test:header"))
			continue;
		EXPECT_STREQ(nr ? FIELDS : B, site->module);
		EXPECT_STREQ("markers_test_inline", site->func);
		EXPECT_TRUE(matches(site->place, "(^|/)markers_test\\.h:[0-9]+$"));
		if (nr++)
			EXPECT_STREQ(line + 1, site->place);
		snprintf(line, sizeof(line), "+%s", site->place);
	}
	listing_free(&l);
	ASSERT_EQ(2, nr);

	WRITE(EVENTS "header/enable", "1");
	HIT_MODULE(B, 1);
	HIT_MODULE(FIELDS, 2);
	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "header", "n=1");
	EXPECT_RECORD(&trace, 1, "header", "n=2");
	WRITE(EVENTS "header/enable", "0");
	EXPECT_EQ(0, tr_write(self->top, "static_markers", line));
	EXPECT_TRUE(state_is(self->top, "markers_test:header", B, "on"));
	EXPECT_TRUE(state_is(self->top, "markers_test:header", FIELDS, "on"));
	line[0] = '-';
	EXPECT_EQ(0, tr_write(self->top, "static_markers", line));
	EXPECT_TRUE(state_is(self->top, "markers_test:header", B, "off"));
	trace_free(&trace);
}

/* Nothing is used up by loading and unloading. */
TEST_F_TIMEOUT(modules, load_often, 120)
{
	int id, first[3];

	for (int i = 0; i < 100; i++) {
		LOAD(UNUSED);
		for (int j = 0; j < 3; j++) {
			static const char *const paths[] = {
				"events/markers_unused/hit/id",
				"events/markers_unused/again/id",
				"events/markers_unused/init/id",
			};

			id = event_id(self->top, paths[j]);
			ASSERT_LT(0, id);
			if (!i)
				first[j] = id;
			EXPECT_EQ(first[j], id);
		}
		UNLOAD(UNUSED);
	}
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
}

/* The trace of others is left alone when a module goes whose events were not used. */
TEST_F(modules, unload_keeps_trace)
{
	struct trace trace = { };

	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	HIT_MODULE(A, 5);
	LOAD(UNUSED);
	UNLOAD(UNUSED);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=5 who=a");
	trace_free(&trace);
}

/* A module that cannot be loaded has its markers bound while its init runs. */
TEST_F(modules, load_fails)
{
	struct trace trace = { };

	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-ENOMEM, module_load(FAIL));
		EXPECT_FALSE(tr_exists(self->top, "events/markers_fail"));
		EXPECT_EQ(0, sites_of(self->top, "markers_fail:init", FAIL));
		EXPECT_EQ(0, sites_of(self->top, "markers_test:shared", FAIL));
		TAKE(&trace, 1);
		EXPECT_RECORD(&trace, 0, "shared", "n=0 who=fail");
	}
	HIT_MODULE(A, 1);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=1 who=a");

	/* Alone, and on from the time before */
	UNLOAD(A);
	EXPECT_EQ(-ENOMEM, module_load(FAIL));
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=0 who=fail");
	LOAD(A);
	HIT_MODULE(A, 2);
	TAKE(&trace, 1);
	trace_free(&trace);
}

/*
 * What stays of a module
 */

TEST_F(modules, init_and_exit)
{
	struct trace trace = { };

	LOAD(A);
	WRITE(EVENTS "enable", "1");
	TAKE(&trace, 0);
	UNLOAD(A);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "exit", "who=a");
	EXPECT_EQ(0, sites_of(self->top, "markers_test:init", A));
	EXPECT_TRUE(tr_is(self->dir, EVENTS "init/enable", "1"));

	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:init", A, "on"));
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "init", "who=a");
	HIT_MODULE(A, 7);
	TAKE(&trace, 4);

	/* It is the event, not the module, that is on. */
	LOAD(B);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "init", "who=b");
	WRITE(EVENTS "enable", "0");
	UNLOAD(A);
	UNLOAD(B);
	LOAD(A);
	TAKE(&trace, 0);
	trace_free(&trace);
}

/* What was recorded is text and has a format after the module has gone. */
TEST_F(modules, decode_after_unload)
{
	int id;
	struct trace trace = { };
	char *format;

	LOAD(A);
	id = event_id(self->dir, EVENTS "place/id");
	WRITE(EVENTS "place/enable", "1");
	HIT_MODULE(A, 42);
	UNLOAD(A);
	/* Another module, whose events could take the number */
	LOAD(UNUSED);
	EXPECT_EQ(id, event_id(self->dir, EVENTS "place/id"));
	EXPECT_NE(id, event_id(self->dir, "events/markers_unused/hit/id"));
	format = tr_read(self->dir, EVENTS "place/format");
	ASSERT_NE(NULL, format);
	EXPECT_TRUE(line_matches(format, "^\tfield:unsigned int n;\toffset:8;"));
	EXPECT_TRUE(line_matches(format, "^print fmt: \"n=%u which=%s\", REC->n, __get_str\\(which\\)$"));
	free(format);

	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "place", "n=42 which=first");
	EXPECT_RECORD(&trace, 1, "place", "n=42 which=second");
	trace_free(&trace);
}

TEST_F(modules, filter_stays)
{
	struct trace trace = { };

	LOAD(A);
	WRITE(EVENTS "shared/filter", "n > 5 && who == \"a\"");
	WRITE(EVENTS "shared/enable", "1");
	HIT_MODULE(A, 5);
	HIT_MODULE(A, 6);
	for (int i = 0; i < 3; i++) {
		UNLOAD(A);
		EXPECT_TRUE(tr_is(self->dir, EVENTS "shared/filter", "n > 5 && who == \"a\""));
		LOAD(A);
		HIT_MODULE(A, 5);
		HIT_MODULE(A, 7);
	}
	TAKE(&trace, 4);
	EXPECT_RECORD(&trace, 0, "shared", "n=6 who=a");
	EXPECT_RECORD(&trace, 3, "shared", "n=7 who=a");

	/* It can be changed while there is no module. */
	UNLOAD(A);
	WRITE(EVENTS "shared/filter", "n < 5");
	LOAD(A);
	HIT_MODULE(A, 4);
	HIT_MODULE(A, 5);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=4 who=a");
	trace_free(&trace);
}

/* A filter keeps an event, although it was never on. */
TEST_F(modules, only_filter_stays)
{
	LOAD(UNUSED);
	WRITE("events/markers_unused/hit/filter", "n == 3");
	UNLOAD(UNUSED);
	EXPECT_TRUE(tr_is(self->dir, "events/markers_unused/hit/filter", "n == 3"));
	EXPECT_FALSE(tr_exists(self->dir, "events/markers_unused/again"));
	LOAD(UNUSED);
	EXPECT_TRUE(tr_is(self->dir, "events/markers_unused/hit/filter", "n == 3"));
	WRITE("events/markers_unused/hit/filter", "0");
	UNLOAD(UNUSED);
	EXPECT_FALSE(tr_exists(self->dir, "events/markers_unused"));
}

TEST_F(modules, hist_stays)
{
	char *hist;

	if (!tr_exists(self->top, "events/sched/sched_switch/hist") &&
	    !tr_exists(self->top, "events/pipe/pipe_full/hist"))
		SKIP(return, "no CONFIG_HIST_TRIGGERS");
	LOAD(A);
	WRITE(EVENTS "shared/trigger", "hist:keys=who:vals=n");
	HIT_MODULE(A, 5);
	UNLOAD(A);
	hist = tr_read(self->dir, EVENTS "shared/hist");
	ASSERT_NE(NULL, hist);
	EXPECT_TRUE(line_matches(hist, "^\\{ who: a +\\} hitcount: +1  n: +5$"));
	free(hist);
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	HIT_MODULE(A, 6);
	hist = tr_read(self->dir, EVENTS "shared/hist");
	ASSERT_NE(NULL, hist);
	EXPECT_TRUE(line_matches(hist, "^\\{ who: a +\\} hitcount: +2  n: +11$")) {
		TH_LOG("%s", hist);
	}
	free(hist);

	/* A trigger can be removed while there is no module. */
	UNLOAD(A);
	WRITE(EVENTS "shared/trigger", "!hist:keys=who:vals=n");
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
}

TEST_F(modules, stacktrace_stays)
{
	char *text;

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	LOAD(A);
	WRITE(EVENTS "init/trigger", "stacktrace");
	UNLOAD(A);
	LOAD(A);
	text = tr_read(self->dir, "trace");
	ASSERT_NE(NULL, text);
	EXPECT_TRUE(line_matches(text, ": <stack trace>$"));
	EXPECT_TRUE(line_matches(text, "^ => do_one_initcall$")) {
		TH_LOG("%s", text);
	}
	free(text);
	WRITE(EVENTS "init/trigger", "!stacktrace");
	EXPECT_TRUE(state_is(self->top, "markers_test:init", A, "off"));
}

/* What was used in an instance that is gone stays for one more load. */
TEST_F(modules, used_in_gone_instance)
{
	int other = tr_instance(self->top, "markers_selftest2");
	struct trace trace = { };

	ASSERT_LE(0, other);
	LOAD(UNUSED);
	EXPECT_EQ(0, tr_write(other, "events/markers_unused/hit/enable", "1"));
	HIT_MODULE(UNUSED, 1);
	EXPECT_EQ(0, tr_write(other, "events/markers_unused/hit/enable", "0"));
	UNLOAD(UNUSED);
	EXPECT_EQ(1, trace_take(other, &trace));
	close(other);
	EXPECT_EQ(0, tr_instance_remove(self->top, "markers_selftest2"));
	EXPECT_TRUE(tr_exists(self->top, "events/markers_unused/hit"));
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused/again"));
	LOAD(UNUSED);
	UNLOAD(UNUSED);
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
	trace_free(&trace);
}

/* Two instances have each what they had. */
TEST_F(modules, instances_stay)
{
	int other = tr_instance(self->top, "markers_selftest2");
	struct trace trace = { };

	ASSERT_LE(0, other);
	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	EXPECT_EQ(0, tr_write(other, EVENTS "place/enable", "1"));
	UNLOAD(A);
	LOAD(A);
	HIT_MODULE(A, 1);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=1 who=a");
	EXPECT_EQ(2, trace_take(other, &trace));
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", A, "off"));

	/* An instance that goes while there is no module does not come back with it. */
	UNLOAD(A);
	close(other);
	EXPECT_EQ(0, tr_instance_remove(self->top, "markers_selftest2"));
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:place", A, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	trace_free(&trace);
}

/* Instances that are made while there is no module have what is left of it. */
TEST_F(modules, new_instance)
{
	struct trace trace = { };
	int other;

	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	UNLOAD(A);
	other = tr_instance(self->top, "markers_selftest2");
	ASSERT_LE(0, other);
	EXPECT_EQ(0, tr_write(other, EVENTS "shared/enable", "1"));
	LOAD(A);
	HIT_MODULE(A, 1);
	TAKE(&trace, 1);
	EXPECT_EQ(1, trace_take(other, &trace));
	close(other);
	EXPECT_EQ(0, tr_instance_remove(self->top, "markers_selftest2"));
	trace_free(&trace);
}

/*
 * The same marker in several modules, and in the kernel
 */

TEST_F(modules, two_modules)
{
	struct trace trace = { };
	int id;

	LOAD(A);
	id = event_id(self->top, EVENTS "shared/id");
	WRITE(EVENTS "shared/enable", "1");
	LOAD(B);
	EXPECT_EQ(id, event_id(self->top, EVENTS "shared/id"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", B, "on"));
	HIT_MODULE(A, 1);
	HIT_MODULE(B, 2);
	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "shared", "n=1 who=a");
	EXPECT_RECORD(&trace, 1, "shared", "n=2 who=b");

	/* The one that came first goes first. */
	UNLOAD(A);
	HIT_MODULE(B, 3);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=3 who=b");
	LOAD(A);
	UNLOAD(B);
	HIT_MODULE(A, 4);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=4 who=a");
	WRITE(EVENTS "shared/enable", "0");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	trace_free(&trace);
}

TEST_F(modules, kernel_and_module)
{
	struct trace trace = { };
	char page[65536] = "";
	int fds[2], slots, id;
	pid_t child;

	if (sites_of(self->top, "pipe:pipe_full", "-") < 1)
		SKIP(return, "no markers in pipes");
	id = event_id(self->top, "events/pipe/pipe_full/id");
	WRITE("events/pipe/pipe_full/enable", "1");
	LOAD(A);
	EXPECT_EQ(1, sites_of(self->top, "pipe:pipe_full", A));
	EXPECT_EQ(id, event_id(self->top, "events/pipe/pipe_full/id"));
	for (int i = 0; i < 2; i++) {
		if (!i)
			HIT_MODULE(A, 1000);

		/* The kernel's site: a pipe that is full, until the reader has gone */
		ASSERT_EQ(0, pipe(fds));
		slots = fcntl(fds[1], F_GETPIPE_SZ) / sysconf(_SC_PAGESIZE);
		child = fork();
		if (!child) {
			signal(SIGPIPE, SIG_DFL);
			close(fds[0]);
			alarm(10);
			while (write(fds[1], page, sysconf(_SC_PAGESIZE)) > 0)
				;
			_exit(0);
		}
		close(fds[1]);
		for (int ms = 0; ms < 5000; ms += 10) {
			trace_free(&trace);
			trace.buf = tr_read(self->dir, "trace");
			ASSERT_NE(NULL, trace.buf);
			ASSERT_EQ(0, trace_parse(&trace));
			if (trace.nr && trace.rec[trace.nr - 1].pid == child)
				break;
			usleep(10000);
		}
		close(fds[0]);
		waitpid(child, NULL, 0);
		ASSERT_EQ(2 - i, trace.nr);
		if (!i)
			EXPECT_RECORD(&trace, 0, "pipe_full", "ino=1000 used=1001 slots=1002");
		EXPECT_EQ(child, trace.rec[1 - i].pid);
		snprintf(page, sizeof(page), " used=%d slots=%d", slots, slots);
		EXPECT_NE(NULL, strstr(trace.rec[1 - i].text, page));
		trace_free(&trace);
		ASSERT_EQ(0, tr_truncate(self->dir, "trace"));

		/* The kernel's works on when the module has gone. */
		if (!i)
			UNLOAD(A);
		EXPECT_TRUE(state_is(self->top, "pipe:pipe_full", "-", "on"));
	}
	WRITE("events/pipe/pipe_full/enable", "0");
	EXPECT_TRUE(tr_exists(self->top, "events/pipe/pipe_full"));
}

/*
 * The same name with other fields
 */

TEST_F(modules, contradiction)
{
	struct trace trace = { };

	LOAD(A);
	log_count(self->log, "");
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_test:other", OTHER, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", A, "off"));
	/* Both places are named, once for each marker, and nothing else is said. */
	EXPECT_EQ(1, log_count(self->log, "^marker: markers_test:changing at [^ ]*markers_test_other\\.c:[0-9]+ stays off: .* differ from [^ ]*markers_test_a\\.c:[0-9]+$"));
	WRITE(EVENTS "enable", "1");
	HIT_MODULE(A, 1);
	HIT_MODULE(OTHER, 2);
	TAKE(&trace, 5);
	EXPECT_RECORD(&trace, 0, "shared", "n=1 who=a");
	EXPECT_RECORD(&trace, 3, "changing", "n=1");
	EXPECT_RECORD(&trace, 4, "other", "n=2");
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "refused"));

	/* It is on: the other one cannot have it, although the module is gone. */
	UNLOAD(OTHER);
	UNLOAD(A);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "exit", "who=a");
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
	LOAD(OTHER);
	EXPECT_EQ(1, log_count(self->log, "^marker: markers_test:changing at [^ ]*markers_test_other\\.c:[0-9]+ stays off: its event is in use with other fields or another format$"));
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "refused"));
	HIT_MODULE(OTHER, 3);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "other", "n=3");
	trace_free(&trace);
}

/* A module that was changed has its events anew, once the old ones are off. */
TEST_F(modules, changed)
{
	struct trace trace = { };
	char *format;

	LOAD(A);
	WRITE(EVENTS "enable", "1");
	for (int i = 0; i < 100; i++)
		HIT_MODULE(A, i);
	UNLOAD(A);
	WRITE(EVENTS "enable", "0");

	log_count(self->log, "");
	LOAD(OTHER);
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "off"));
	format = tr_read(self->dir, EVENTS "changing/format");
	ASSERT_NE(NULL, format);
	EXPECT_TRUE(line_matches(format, "^print fmt: \"text=%s n=%llu\", __get_str\\(text\\), REC->n$"));
	free(format);

	/* Its old records are gone: they would be taken for new ones. */
	ASSERT_LE(0, trace_take(self->dir, &trace));
	EXPECT_EQ(0, trace_count(&trace, "changing"));
	EXPECT_EQ(0, trace_count(&trace, "shared"));
	WRITE(EVENTS "changing/enable", "1");
	WRITE(EVENTS "shared/enable", "1");
	HIT_MODULE(OTHER, 1);
	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "changing", "text=other n=64424509441");
	EXPECT_RECORD(&trace, 1, "shared", "n=0x1 who=other");

	/* And back */
	UNLOAD(OTHER);
	WRITE(EVENTS "enable", "0");
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", A, "off"));
	WRITE(EVENTS "changing/enable", "1");
	HIT_MODULE(A, 2);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "changing", "n=2");
	trace_free(&trace);
}

/* What is set up for an event keeps it: a changed module stays off. */
TEST_F(modules, changed_but_set_up)
{
	LOAD(A);
	WRITE(EVENTS "changing/filter", "n == 3");
	WRITE(EVENTS "shared/trigger", "traceoff");
	UNLOAD(A);
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "refused"));
	EXPECT_TRUE(tr_is(self->dir, EVENTS "changing/filter", "n == 3"));
	UNLOAD(OTHER);
	WRITE(EVENTS "changing/filter", "0");
	WRITE(EVENTS "shared/trigger", "!traceoff");
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "off"));
}

/* So do perf, and a typed probe. */
TEST_F(modules, changed_but_probed)
{
	int fd;

	LOAD(A);
	fd = perf_open(self->top, EVENTS "changing/id");
	if (fd < 0 && errno == ENOSYS)
		SKIP(return, "no CONFIG_PERF_EVENTS");
	ASSERT_LE(0, fd);
	LOAD(PROBE);
	ASSERT_EQ(0, module_write(PROBE, "do", "register x"));
	UNLOAD(A);
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "refused"));
	HIT_MODULE(OTHER, 1);
	UNLOAD(OTHER);

	/* Who lets go lets the changed one in. */
	close(fd);
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "refused"));
	UNLOAD(OTHER);
	ASSERT_EQ(0, module_write(PROBE, "do", "unregister x"));
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", OTHER, "off"));
}

/* Only the buffers that may have records of the old event are cleared. */
TEST_F(modules, changed_clears)
{
	int other = tr_instance(self->top, "markers_selftest2");
	struct trace trace = { };

	ASSERT_LE(0, other);
	LOAD(A);
	WRITE(EVENTS "changing/enable", "1");
	WRITE(EVENTS "place/enable", "1");
	EXPECT_EQ(0, tr_write(other, EVENTS "place/enable", "1"));
	HIT_MODULE(A, 1);
	UNLOAD(A);
	WRITE(EVENTS "changing/enable", "0");
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "off"));
	TAKE(&trace, 0);
	EXPECT_EQ(2, trace_take(other, &trace));
	EXPECT_EQ(2, trace_count(&trace, "place"));
	close(other);
	EXPECT_EQ(0, tr_instance_remove(self->top, "markers_selftest2"));
	trace_free(&trace);
}

/*
 * Where events are aligned to 8 bytes, what is read as the text of a record of another
 * event may be what fills that record up.
 */
#ifdef __riscv
#define STALE_SHARED	"shared: n=0x[0-9a-f]+ who=|"
#else
#define STALE_SHARED	""
#endif

/*
 * A trace that is being read when its event is changed shows no garbage; but that
 * records were lost, it may.
 */
TEST_F(modules, changed_while_read)
{
	int fd, nr = 0, old = 0;
	static char text[1 << 20];
	ssize_t n, len;
	cpu_set_t set;

	/* The reader has come to one record of each CPU's buffer. */
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(set), &set));
	LOAD(A);
	WRITE(EVENTS "changing/enable", "1");
	for (int i = 0; i < 1000; i++)
		HIT_MODULE(A, i);
	fd = openat(self->dir, "trace", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	/* The head, and some records */
	len = read(fd, text, 2048);
	ASSERT_EQ(2048, len);
	UNLOAD(A);
	WRITE(EVENTS "changing/enable", "0");
	LOAD(OTHER);
	EXPECT_TRUE(state_is(self->top, "markers_test:changing", OTHER, "off"));
	WRITE(EVENTS "changing/enable", "1");
	HIT_MODULE(OTHER, 1);
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	EXPECT_EQ(0, n);
	close(fd);

	for (char *line, *rest = text; (line = strsep(&rest, "\n")) && *line;) {
		if (*line == '#' || matches(line, "^CPU:0 \\[LOST .*EVENTS\\]$"))
			continue;
		nr++;
		if (matches(line, ": changing: (n=[0-9]+|text=other n=64424509441)$"))
			continue;
		EXPECT_TRUE(matches(line, ": (other: n=[0-9]+|" STALE_SHARED
				    "[a-z]+: <OVERFLOW>)$")) {
			TH_LOG("%s", line);
		}
		old++;
	}
	EXPECT_LT(10, nr);
	/* That one is no record of the new event; any of the module may have its number. */
	EXPECT_GE(1, old);
}

/*
 * Modules whose markers stay off
 */

/* A marker that the link-time check would have refused is, alone in its module. */
TEST_F(modules, malformed)
{
	static const char old[] = "n=%u again", new[] = "n=%s again";
	struct trace trace = { };
	struct listing l = { };
	struct site *site;

	log_count(self->log, "");
	ASSERT_EQ(0, module_load_changed(UNUSED, old, new, sizeof(old)));
	EXPECT_EQ(1, log_count(self->log, "^marker: markers_unused:again at [^ ]*markers_test_unused\\.c:[0-9]+ stays off: an integer needs %d, %u or %x; for names write %s and mark_name$"));
	ASSERT_EQ(0, listing_read(self->top, &l));
	site = listing_find(&l, "markers_unused:again");
	ASSERT_NE(NULL, site);
	EXPECT_STREQ("refused", site->state);
	EXPECT_STREQ("(an integer needs %d, %u or %x; for names write %s and mark_name)", site->fields);
	EXPECT_STREQ("unstable", site->promise);
	EXPECT_EQ(0U, site->probes);
	listing_free(&l);
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused/again"));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "+markers_unused:again\n"));

	WRITE("events/markers_unused/enable", "1");
	HIT_MODULE(UNUSED, 3);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "hit", "n=3");
	trace_free(&trace);
}

/* A name that a trace event has */
TEST_F(modules, named_as_trace_event)
{
	static const char old[] = "markers_unused\0again\0n=%u again";
	static const char new[] = "sched\0sched_switch\0n=%u as that";
	char *before = tr_read(self->top, "events/sched/sched_switch/format"), *after;

	if (!before)
		SKIP(return, "no sched:sched_switch");
	ASSERT_EQ(sizeof(old), sizeof(new));
	log_count(self->log, "");
	ASSERT_EQ(0, module_load_changed(UNUSED, old, new, sizeof(old)));
	EXPECT_EQ(1, log_count(self->log, "^marker: sched:sched_switch at [^ ]*markers_test_unused\\.c:[0-9]+ stays off: there is another trace event of its name$"));
	EXPECT_TRUE(state_is(self->top, "sched:sched_switch", UNUSED, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
	HIT_MODULE(UNUSED, 1);
	after = tr_read(self->top, "events/sched/sched_switch/format");
	ASSERT_NE(NULL, after);
	EXPECT_STREQ(before, after);
	UNLOAD(UNUSED);
	EXPECT_TRUE(tr_exists(self->top, "events/sched/sched_switch/format"));
	free(before);
	free(after);
}

/* One that came while the module was not there, in a system that had only markers */
TEST_F(modules, named_as_later_event)
{
	LOAD(UNUSED);
	UNLOAD(UNUSED);
	if (tr_write(self->top, "dynamic_events", "e:markers_unused/again sched.sched_switch"))
		SKIP(return, "no event probes");
	log_count(self->log, "");
	LOAD(UNUSED);
	EXPECT_EQ(1, log_count(self->log, "^marker: markers_unused:again at .* stays off: there is another trace event of its name$"));
	EXPECT_TRUE(state_is(self->top, "markers_unused:again", UNUSED, "refused"));
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
	UNLOAD(UNUSED);
	EXPECT_EQ(0, tr_write(self->top, "dynamic_events", "-:markers_unused/again"));
}

TEST_F(modules, other_layout)
{
	log_count(self->log, "");
	LOAD(LAYOUT);
	EXPECT_EQ(1, log_count(self->log, "^marker: " LAYOUT ": markers refused, as the module was built for __markers_v0 and not for __markers_v2$"));
	HIT_MODULE(LAYOUT, 1);
	EXPECT_TRUE(tr_is(AT_FDCWD, "/sys/module/" LAYOUT "/parameters/hits", "1"));
	EXPECT_FALSE(tr_exists(self->top, "events/markers_layout"));
	EXPECT_EQ(0, sites_of(self->top, "markers_layout:hit", LAYOUT));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "+module:" LAYOUT "\n"));
	UNLOAD(LAYOUT);
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
}

/* The text of the newest entry of a log of errors; to be freed */
static char *last_error(int top)
{
	char *log = tr_read(top, "error_log"), *pos, *last = NULL;

	for (pos = log; pos && (pos = strstr(pos, "static_markers: error: ")); pos++)
		last = pos;
	last = strdup(last ? last : "");
	free(log);
	return last;
}

/* No way to turn on a marker that is denied; others of its event are not touched. */
TEST_F(modules, proprietary)
{
	static const char *const lines[] = {
		"+markers_denied:hit\n", "+markers_denied:*\n", "+module:" PROPRIETARY "\n",
		"-markers_denied:hit\n", NULL,
	};
	char place[PATH_MAX + 2], *error, *before, *after;
	struct trace trace = { };
	struct listing l = { };
	struct site *site;

	/* See test_modules/Makefile */
	if (!module_is_built(PROPRIETARY))
		SKIP(return, "no proprietary module");
	log_count(self->log, "");
	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	LOAD(PROPRIETARY);
	EXPECT_EQ(1, log_count(self->log, "^marker: " PROPRIETARY ": markers at 4 sites are denied, as the module is tainted \\(P\\)$"));
	EXPECT_TRUE(state_is(self->top, "markers_denied:hit", PROPRIETARY, "denied(P)"));
	EXPECT_TRUE(state_is(self->top, "markers_denied:init", PROPRIETARY, "denied(P)"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", PROPRIETARY, "denied(P)"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));

	/* It runs as ever. */
	HIT_MODULE(PROPRIETARY, 1);
	EXPECT_TRUE(tr_is(AT_FDCWD, "/sys/module/" PROPRIETARY "/parameters/hits", "1"));
	HIT_MODULE(A, 2);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "shared", "n=2 who=a");

	/* There is no event, and so no number for perf. */
	EXPECT_FALSE(tr_exists(self->top, "events/markers_denied"));
	EXPECT_FALSE(tr_exists(self->dir, "events/markers_denied"));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "set_event", "markers_denied:hit"));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "set_event", "markers_denied:*"));
	EXPECT_EQ(-EINVAL, tr_write(self->dir, "set_event", "markers_denied:*"));
	EXPECT_EQ(-1, perf_open(self->top, "events/markers_denied/hit/id"));

	ASSERT_EQ(0, listing_read(self->top, &l));
	site = listing_find(&l, "markers_denied:hit");
	ASSERT_NE(NULL, site);
	EXPECT_STREQ("unsigned int n", site->fields);
	EXPECT_EQ(0U, site->probes);
	snprintf(place, sizeof(place), "+%s\n", site->place);
	before = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, before);
	for (int i = 0; i < (int)ARRAY_SIZE(lines); i++) {
		const char *line = lines[i] ? lines[i] : place;

		EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", line));
		error = last_error(self->top);
		EXPECT_TRUE(line_matches(error,
					 "^static_markers: error: Denied, as the module is tainted$") &&
			    strstr(error, line)) {
			TH_LOG("%s: %s", line, error);
		}
		free(error);
	}
	after = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, after);
	EXPECT_STREQ(before, after);
	free(before);
	free(after);
	HIT_MODULE(PROPRIETARY, 3);
	TAKE(&trace, 0);

	UNLOAD(PROPRIETARY);
	EXPECT_EQ(0, sites_of(self->top, "markers_denied:hit", PROPRIETARY));
	EXPECT_EQ(0, log_count(self->log, "^marker: "));
	HIT_MODULE(A, 4);
	TAKE(&trace, 1);
	listing_free(&l);
	trace_free(&trace);
}

/*
 * Events of a module, in set_event
 */

/* Older kernels take only what is there. */
static bool takes_mod(int dir)
{
	return !tr_write(dir, "set_event", "*:mod:markers_test_none");
}

/* Before the first load: the module's init is recorded. */
TEST_F(modules, mod_before_load)
{
	struct trace trace = { };

	if (!takes_mod(self->dir))
		SKIP(return, "no :mod: of a module that is not there");
	WRITE("set_event", ":mod:" A);
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:init", A, "on"));
	HIT_MODULE(A, 1);
	TAKE(&trace, 6);
	EXPECT_RECORD(&trace, 0, "init", "who=a");
	EXPECT_RECORD(&trace, 1, "shared", "n=1 who=a");
	EXPECT_RECORD(&trace, 5, "pipe_full", "ino=1 used=2 slots=3");
	WRITE("events/enable", "0");

	/* It was for that load. */
	UNLOAD(A);
	LOAD(A);
	HIT_MODULE(A, 2);
	TAKE(&trace, 0);
	trace_free(&trace);
}

/* One event of a module that is not there yet; and others of its name stay off. */
TEST_F(modules, mod_one_event)
{
	struct trace trace = { };

	if (!takes_mod(self->dir))
		SKIP(return, "no :mod: of a module that is not there");
	LOAD(B);
	WRITE("set_event", "markers_test:place:mod:" A);
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:init", A, "off"));
	HIT_MODULE(A, 1);
	TAKE(&trace, 2);
	EXPECT_RECORD(&trace, 0, "place", "n=1 which=first");
	WRITE("events/enable", "0");
	trace_free(&trace);
}

/* Of a loaded module, and not of one that has no such marker */
TEST_F(modules, mod_loaded)
{
	struct trace trace = { };

	if (!takes_mod(self->dir))
		SKIP(return, "no :mod: of a module that is not there");
	LOAD(A);
	LOAD(UNUSED);
	WRITE("set_event", "*:hit:mod:" UNUSED);
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "on"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	EXPECT_EQ(-EINVAL, tr_write(self->dir, "set_event", "markers_test:shared:mod:" UNUSED));
	HIT_MODULE(UNUSED, 1);
	TAKE(&trace, 1);
	EXPECT_RECORD(&trace, 0, "hit", "n=1");
	WRITE("set_event", "!markers_unused:*:mod:" UNUSED);
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
	trace_free(&trace);
}

/* A name that is globbed goes to those sites of it that are not denied. */
TEST_F(modules, proprietary_in_glob)
{
	/* See test_modules/Makefile */
	if (!module_is_built(PROPRIETARY))
		SKIP(return, "no proprietary module");
	LOAD(A);
	LOAD(PROPRIETARY);
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "+markers_test:shared\n"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "on"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", PROPRIETARY, "denied(P)"));
	HIT_MODULE(PROPRIETARY, 3);
	EXPECT_EQ(0, tr_write(self->top, "static_markers", "-markers_test:shared\n"));
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	EXPECT_TRUE(tr_is(AT_FDCWD, "/sys/module/markers/parameters/allow_taint", ""));
	EXPECT_EQ(-EACCES, tr_write(AT_FDCWD, "/sys/module/markers/parameters/allow_taint", "P"));
}

/* As insmod -f does */
TEST_F(modules, forced)
{
	int ret = module_load_flags(UNUSED, MODULE_INIT_IGNORE_VERMAGIC);

	if (ret == -ENOEXEC)
		SKIP(return, "no CONFIG_MODULE_FORCE_LOAD");
	ASSERT_EQ(0, ret);
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "denied(F)"));
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
	EXPECT_EQ(1, log_count(self->log, "^marker: " UNUSED ": markers at 3 sites are denied, as the module is tainted \\(F\\)$"));
	HIT_MODULE(UNUSED, 1);
	UNLOAD(UNUSED);

	/* It is this load that is tainted. */
	LOAD(UNUSED);
	EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "off"));
}

/*
 * While a module is unloaded
 */

/* All that can hold a marker holds it while the module goes, and when it is back. */
TEST_F(modules, unload_in_use)
{
	struct trace trace = { };
	uint64_t count = 0;
	int fd;

	LOAD(A);
	fd = perf_open(self->top, EVENTS "shared/id");
	if (fd < 0 && errno == ENOSYS)
		SKIP(return, "no CONFIG_PERF_EVENTS");
	ASSERT_LE(0, fd);
	LOAD("markers_test_probe");
	ASSERT_EQ(0, module_write("markers_test_probe", "do", "register x"));
	WRITE(EVENTS "shared/enable", "1");
	HIT_MODULE(A, 1);
	EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
	EXPECT_EQ(1U, count);

	for (unsigned int i = 2; i < 5; i++) {
		char re[64], *calls;

		UNLOAD(A);
		LOAD(A);
		HIT_MODULE(A, i);
		EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
		EXPECT_EQ(i, count);
		calls = tr_read(AT_FDCWD, "/sys/module/markers_test_probe/parameters/calls");
		ASSERT_NE(NULL, calls);
		snprintf(re, sizeof(re), "^x=%u y=0 z=0 last=%u ", i, i);
		EXPECT_TRUE(matches(calls, re)) {
			TH_LOG("%s", calls);
		}
		free(calls);
	}
	TAKE(&trace, 4);
	EXPECT_RECORD(&trace, 3, "shared", "n=4 who=a");

	/* In any order */
	UNLOAD(A);
	UNLOAD("markers_test_probe");
	WRITE(EVENTS "shared/enable", "0");
	close(fd);
	LOAD(A);
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	trace_free(&trace);
}

/* perf alone keeps the event of a module that is gone. */
TEST_F(modules, perf_stays)
{
	uint64_t count = 0;
	int fd, id;

	LOAD(UNUSED);
	id = event_id(self->top, "events/markers_unused/hit/id");
	fd = perf_open(self->top, "events/markers_unused/hit/id");
	if (fd < 0 && errno == ENOSYS)
		SKIP(return, "no CONFIG_PERF_EVENTS");
	ASSERT_LE(0, fd);
	for (unsigned int i = 1; i <= 2; i++) {
		EXPECT_TRUE(state_is(self->top, "markers_unused:hit", UNUSED, "on"));
		HIT_MODULE(UNUSED, i);
		EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
		EXPECT_EQ(i, count);
		UNLOAD(UNUSED);
		EXPECT_EQ(id, event_id(self->top, "events/markers_unused/hit/id"));
		LOAD(UNUSED);
	}
	close(fd);
	UNLOAD(UNUSED);
	EXPECT_FALSE(tr_exists(self->top, "events/markers_unused"));
}

/* Turn events on and off until killed, and count how often. */
static pid_t start_toggler(int dir, unsigned int *times)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (tr_write(dir, EVENTS "enable", "1") || tr_write(dir, EVENTS "enable", "0"))
			_exit(1);
		__atomic_add_fetch(times, 1, __ATOMIC_RELAXED);
	}
}

static bool toggled_since(const unsigned int *times, unsigned int before)
{
	for (int ms = 0; ms < 10000; ms++) {
		if (__atomic_load_n(times, __ATOMIC_RELAXED) != before)
			return true;
		usleep(1000);
	}
	return false;
}

/* Modules come and go while their events are turned on and off, and are hit. */
TEST_F_TIMEOUT(modules, unload_while_toggled, 120)
{
	unsigned int *times, before;
	pid_t toggler;
	int status;

	times = mmap(NULL, sizeof(*times), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)times);
	LOAD(A);
	WRITE(EVENTS "shared/enable", "1");
	toggler = start_toggler(self->dir, times);
	ASSERT_LT(0, toggler);
	for (int i = 0; i < 40; i++) {
		before = __atomic_load_n(times, __ATOMIC_RELAXED);
		LOAD(B);
		HIT_MODULE(B, i);
		HIT_MODULE(A, i);
		UNLOAD(A);
		LOAD(A);
		UNLOAD(B);
		ASSERT_TRUE(toggled_since(times, before));
	}
	kill(toggler, SIGKILL);
	EXPECT_EQ(toggler, waitpid(toggler, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	WRITE(EVENTS "enable", "0");
	EXPECT_TRUE(state_is(self->top, "markers_test:shared", A, "off"));
	EXPECT_TRUE(state_is(self->top, "markers_test:place", A, "off"));
	munmap(times, sizeof(*times));
}

TEST_HARNESS_MAIN
