// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what is written to the file "static_markers": markers are turned on
 * and off in the top instance, by name, by place and by module.
 */

#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "modules.h"
#include "tracefs.h"
#include "kselftest_harness.h"

/* The list has two thousand lines, and machines may be slow: not 30 seconds. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	120

#define A		"markers_test_a"
#define B		"markers_test_b"
#define OTHER		"markers_test_other"

#define EVENTS		"events/markers_test/"
#define ALL_OFF		"-markers_test:*\n-pipe:pipe_full\n"

FIXTURE(control) {
	int	top;		/* tracefs */
	int	dir;		/* our instance in it */
	int	log;		/* the kernel's, from the test's begin */
	long	warnings;
	bool	annotate;
	char	place[3][128];	/* of markers_test:place: two in A, one in B */
};

FIXTURE_SETUP(control)
{
	struct listing l = { };
	const char *reason;
	int nr = 0;

	self->warnings = warnings_begin();
	reason = modules_begin(&self->top, &self->dir, &self->log);
	if (reason)
		SKIP(return, "%s", reason);
	LOAD(A);
	LOAD(B);
	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++) {
		if (strcmp(l.sites[i].name, "markers_test:place"))
			continue;
		ASSERT_GT(3, nr);
		snprintf(self->place[nr++], sizeof(self->place[0]), "%s", l.sites[i].place);
		EXPECT_STREQ("off", l.sites[i].state);
	}
	ASSERT_EQ(3, nr);
	EXPECT_NE(NULL, strstr(self->place[1], "markers_test_a.c:"));
	EXPECT_NE(NULL, strstr(self->place[2], "markers_test_b.c:"));
	/* In the order of the code */
	if (strverscmp(self->place[0], self->place[1]) > 0) {
		char tmp[sizeof(self->place[0])];

		memcpy(tmp, self->place[0], sizeof(tmp));
		memcpy(self->place[0], self->place[1], sizeof(tmp));
		memcpy(self->place[1], tmp, sizeof(tmp));
	}
	listing_free(&l);
	self->annotate = tr_is(self->top, "options/annotate", "1");
	ASSERT_EQ(0, tr_write(self->top, "options/annotate", "0"));
	ASSERT_EQ(0, tr_truncate(self->top, "trace"));
	tr_truncate(self->top, "error_log");
}

FIXTURE_TEARDOWN(control)
{
	tr_write(self->top, "events/markers_test/enable", "0");
	tr_write(self->top, "events/pipe/pipe_full/enable", "0");
	tr_write(self->top, "options/annotate", self->annotate ? "1" : "0");
	tr_truncate(self->top, "trace");
	tr_truncate(self->top, "error_log");
	EXPECT_TRUE(modules_end(self->top, self->dir, self->log));
	EXPECT_FALSE(kernel_has_warned(self->warnings)) {
		TH_LOG("see the kernel log: it has warned");
	}
}

/* What goes to the file is accepted. */
#define CONTROL(text)							\
do {									\
	ASSERT_EQ(0, tr_write(self->top, "static_markers", text)) {	\
		TH_LOG("write of '%s' failed", text);			\
	}								\
} while (0)

#define EXPECT_STATE(name, module, state)				\
	EXPECT_TRUE(state_is(self->top, "markers_test:" name, module, state))

/* The records of the event in an instance are these, and are taken. */
static bool texts_are(int dir, const char *event, const char *const *texts)
{
	struct trace trace = { };
	bool ok = trace_take(dir, &trace) >= 0;
	int nr;

	for (nr = 0; texts[nr]; nr++) {
		struct record *rec = trace_nth(&trace, event, nr);

		if (rec && !strcmp(rec->text, texts[nr]))
			continue;
		printf("# want '%s', got '%s'\n", texts[nr], rec ? rec->text : "nothing");
		ok = false;
	}
	if (trace_count(&trace, event) != nr) {
		printf("# %d records, wanted %d\n", trace_count(&trace, event), nr);
		ok = false;
	}
	trace_free(&trace);
	return ok;
}

#define EXPECT_TEXTS(dir, event, texts...) \
	EXPECT_TRUE(texts_are(dir, event, (const char *const []){ texts, NULL }))
#define EXPECT_NONE(dir, event) \
	EXPECT_TRUE(texts_are(dir, event, (const char *const []){ NULL }))

/* Whether the states of all sites are as they were; takes the file as it was. */
static bool unchanged(int top, char **was)
{
	char *now = tr_read(top, "static_markers");
	bool same = now && *was && !strcmp(now, *was);

	free(now);
	return same;
}

/*
 * What is written
 */

TEST_F(control, by_name)
{
	static const char *const all[] = {
		"markers_test:shared", "markers_tes?:sh*", "markers_*:[r-t]hared", "*:shared",
		"markers_test:share[!a]",
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		char line[64];

		snprintf(line, sizeof(line), "+%s\n", all[i]);
		CONTROL(line);
		EXPECT_STATE("shared", A, "on");
		EXPECT_STATE("shared", B, "on");
		EXPECT_STATE("place", A, "off");
		EXPECT_TRUE(tr_is(self->top, EVENTS "shared/enable", "1"));
		EXPECT_TRUE(tr_is(self->top, EVENTS "place/enable", "0"));
		EXPECT_TRUE(tr_is(self->dir, EVENTS "shared/enable", "0"));
		HIT_MODULE(A, i);
		HIT_MODULE(B, i);
		line[0] = '-';
		CONTROL(line);
		EXPECT_STATE("shared", A, "off");
		EXPECT_STATE("shared", B, "off");
		EXPECT_TRUE(tr_is(self->top, EVENTS "shared/enable", "0"));
		HIT_MODULE(A, 100);
	}
	EXPECT_TEXTS(self->top, "shared", "n=0 who=a", "n=0 who=b", "n=1 who=a", "n=1 who=b",
		     "n=2 who=a", "n=2 who=b", "n=3 who=a", "n=3 who=b", "n=4 who=a",
		     "n=4 who=b");

	CONTROL("+markers_test:*\n");
	EXPECT_TRUE(tr_is(self->top, EVENTS "enable", "1"));
	CONTROL("-markers_test:*\n");
	EXPECT_TRUE(tr_is(self->top, EVENTS "enable", "0"));
}

/* Turning the event on is for all of its sites, also while a trigger holds it. */
TEST_F(control, whole_with_trigger)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	ASSERT_EQ(0, tr_write(self->top, EVENTS "place/trigger", "traceoff if n == 99"));
	HIT_MODULE(A, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=second");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));
	HIT_MODULE(A, 2);
	EXPECT_NONE(self->top, "place");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "1"));
	EXPECT_STATE("place", B, "on");
	HIT_MODULE(A, 3);
	EXPECT_TEXTS(self->top, "place", "n=3 which=first", "n=3 which=second");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/trigger", "!traceoff if n == 99"));
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));
	EXPECT_STATE("place", A, "off");
}

/* Probes on tracepoints would never be hit; event probes are. */
TEST_F(control, tracepoint_probe)
{
	char *log = tr_read(self->top, "README");
	bool can = log && strstr(log, "] <tracepoint> [");

	free(log);
	if (!can)
		SKIP(return, "no probes of tracepoints");
	EXPECT_EQ(-EINVAL, tr_write(self->top, "dynamic_events", "t:markers_dyn/t place"));
	log = tr_read(self->top, "error_log");
	ASSERT_NE(NULL, log);
	EXPECT_NE(NULL, strstr(log, "This is a marker: use an event probe on system.event\n"
				    "  Command: t:markers_dyn/t place\n"
				    "                           ^\n")) {
		TH_LOG("%s", log);
	}
	free(log);
	ASSERT_EQ(0, tr_write(self->top, "dynamic_events",
			      "e:markers_dyn/e markers_test.place n=$n:u32"));
	WRITE("events/markers_dyn/e/enable", "1");
	HIT_MODULE(A, 7);
	EXPECT_TEXTS(self->dir, "e", "(markers_test.place) n=7", "(markers_test.place) n=7");
	WRITE("events/markers_dyn/e/enable", "0");
	EXPECT_EQ(0, tr_write(self->top, "dynamic_events", "-:markers_dyn/e"));
}

/* What is on at one place is turned off by its event, and no other place records. */
TEST_F_TIMEOUT(control, off_at_a_place, 120)
{
	struct trace trace = { };
	char line[300];
	int status, nr;
	pid_t hitter;

	hitter = fork();
	ASSERT_LE(0, hitter);
	if (!hitter) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!module_hit(B, 1))
			;
		_exit(1);
	}
	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	for (int i = 0; i < 50; i++) {
		CONTROL(line);
		HIT_MODULE(A, i);
		EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));
	}
	EXPECT_EQ(0, kill(hitter, SIGKILL));
	EXPECT_EQ(hitter, waitpid(hitter, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	nr = trace_take(self->top, &trace);
	EXPECT_EQ(50, nr);
	for (int i = 0; i < nr; i++) {
		EXPECT_NE(NULL, strstr(trace.rec[i].text, "which=second")) {
			TH_LOG("%s", trace.rec[i].text);
		}
	}
	trace_free(&trace);
}

TEST_F(control, by_place)
{
	char line[300], other[300];

	/* One of three */
	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	EXPECT_TRUE(tr_is(self->top, EVENTS "place/enable", "1"));
	EXPECT_STATE("place", B, "off");
	HIT_MODULE(A, 1);
	HIT_MODULE(B, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=second");

	/* Another instance records all, and what it does changes nothing here. */
	WRITE(EVENTS "place/enable", "1");
	EXPECT_STATE("place", A, "on");
	EXPECT_STATE("place", B, "on");
	HIT_MODULE(A, 2);
	HIT_MODULE(B, 2);
	EXPECT_TEXTS(self->top, "place", "n=2 which=second");
	EXPECT_TEXTS(self->dir, "place", "n=2 which=first", "n=2 which=second",
		     "n=2 which=other module");
	WRITE(EVENTS "place/enable", "0");
	EXPECT_STATE("place", B, "off");

	/* Two of three, one by a glob */
	snprintf(line, sizeof(line), "+*test_b.[c]%s\n", strrchr(self->place[2], ':'));
	CONTROL(line);
	EXPECT_STATE("place", B, "on");
	HIT_MODULE(A, 3);
	HIT_MODULE(B, 3);
	EXPECT_TEXTS(self->top, "place", "n=3 which=second", "n=3 which=other module");

	/* The other one of two, then none: the event is off. */
	snprintf(line, sizeof(line), "-%s\n", self->place[1]);
	CONTROL(line);
	EXPECT_STATE("place", A, "off");
	HIT_MODULE(A, 4);
	HIT_MODULE(B, 4);
	EXPECT_TEXTS(self->top, "place", "n=4 which=other module");
	EXPECT_TRUE(tr_is(self->top, EVENTS "place/enable", "1"));
	snprintf(other, sizeof(other), "-%s\n", self->place[2]);
	CONTROL(other);
	EXPECT_TRUE(tr_is(self->top, EVENTS "place/enable", "0"));
	EXPECT_STATE("place", B, "off");
	HIT_MODULE(B, 5);
	EXPECT_NONE(self->top, "place");

	/* Who turns the event on gets all of it. */
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "1"));
	HIT_MODULE(A, 6);
	HIT_MODULE(B, 6);
	EXPECT_TEXTS(self->top, "place", "n=6 which=first", "n=6 which=second",
		     "n=6 which=other module");

	/* All but one, and all again by name */
	CONTROL(line);
	HIT_MODULE(A, 7);
	EXPECT_TEXTS(self->top, "place", "n=7 which=first");
	CONTROL("+markers_test:place\n");
	HIT_MODULE(A, 8);
	EXPECT_TEXTS(self->top, "place", "n=8 which=first", "n=8 which=second");
}

/* The event's own file turns a selection off, and on again as all of it. */
TEST_F(control, by_place_and_enable)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n", self->place[0]);
	CONTROL(line);
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));
	EXPECT_STATE("place", A, "off");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "1"));
	EXPECT_STATE("place", A, "on");
	EXPECT_STATE("place", B, "on");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));

	CONTROL(line);
	EXPECT_EQ(0, tr_truncate(self->top, "set_event"));
	EXPECT_STATE("place", A, "off");
	EXPECT_TRUE(tr_is(self->top, EVENTS "place/enable", "0"));
}

/* What a trigger has turned off is on everywhere for the next user. */
TEST_F(control, by_place_and_disable_event)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger",
			      "disable_event:markers_test:place"));
	HIT_MODULE(A, 1);
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger",
			      "!disable_event:markers_test:place"));
	EXPECT_STATE("place", A, "off");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/trigger", "traceoff if n == 77"));
	EXPECT_STATE("place", A, "on");
	EXPECT_STATE("place", B, "on");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/trigger", "!traceoff if n == 77"));
	EXPECT_STATE("place", A, "off");
}

/* An instance turns on the sites that the top one does not record. */
TEST_F(control, by_place_and_instance)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	WRITE(EVENTS "place/enable", "1");
	HIT_MODULE(A, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=second");
	EXPECT_TEXTS(self->dir, "place", "n=1 which=first", "n=1 which=second");
}

/* A selection is there again when the module is. */
TEST_F(control, by_place_and_reload)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n+%s\n", self->place[0], self->place[2]);
	CONTROL(line);
	UNLOAD(A);
	HIT_MODULE(B, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=other module");
	LOAD(A);
	HIT_MODULE(A, 2);
	EXPECT_TEXTS(self->top, "place", "n=2 which=first");
	UNLOAD(A);
	UNLOAD(B);
	LOAD(B);
	LOAD(A);
	HIT_MODULE(A, 3);
	HIT_MODULE(B, 3);
	EXPECT_TEXTS(self->top, "place", "n=3 which=first", "n=3 which=other module");

	/* Unless the event was turned off and on in between */
	UNLOAD(A);
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "0"));
	EXPECT_EQ(0, tr_write(self->top, EVENTS "place/enable", "1"));
	LOAD(A);
	HIT_MODULE(A, 4);
	EXPECT_TEXTS(self->top, "place", "n=4 which=first", "n=4 which=second");
}

/* A module that comes while a selection is in force is not in it. */
TEST_F(control, by_place_and_load)
{
	char line[300];

	UNLOAD(B);
	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	LOAD(B);
	EXPECT_STATE("place", B, "off");
	HIT_MODULE(A, 1);
	HIT_MODULE(B, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=second");

	/* Turned on by name, it is. */
	UNLOAD(B);
	CONTROL("+markers_test:place\n");
	LOAD(B);
	EXPECT_STATE("place", B, "on");
	HIT_MODULE(B, 2);
	EXPECT_TEXTS(self->top, "place", "n=2 which=other module");
}

/* Nor is it when what is there is all selected, one by one. */
TEST_F(control, by_all_places_and_load)
{
	char line[600];

	UNLOAD(B);
	snprintf(line, sizeof(line), "+%s\n+%s\n", self->place[0], self->place[1]);
	CONTROL(line);
	LOAD(B);
	EXPECT_STATE("place", A, "on");
	EXPECT_STATE("place", B, "off");
	CONTROL("-markers_test:place\n");

	UNLOAD(B);
	CONTROL("+module:" A "\n");
	LOAD(B);
	EXPECT_STATE("shared", A, "on");
	EXPECT_STATE("shared", B, "off");
	HIT_MODULE(B, 1);
	EXPECT_NONE(self->top, "shared");
}

/* What is written for others does not change a selection, module or not. */
TEST_F(control, by_place_and_others)
{
	char line[300];

	snprintf(line, sizeof(line), "+%s\n", self->place[1]);
	CONTROL(line);
	UNLOAD(A);
	CONTROL("+markers_test:shared\n");
	LOAD(A);
	HIT_MODULE(A, 1);
	EXPECT_TEXTS(self->top, "place", "n=1 which=second");

	/* With another place of the same marker */
	UNLOAD(A);
	snprintf(line, sizeof(line), "+%s\n", self->place[2]);
	CONTROL(line);
	LOAD(A);
	HIT_MODULE(A, 2);
	HIT_MODULE(B, 2);
	EXPECT_TEXTS(self->top, "place", "n=2 which=second", "n=2 which=other module");
}

TEST_F(control, by_module)
{
	CONTROL("+module:" A "\n");
	EXPECT_STATE("shared", A, "on");
	EXPECT_STATE("shared", B, "off");
	EXPECT_STATE("init", B, "off");
	if (sites_of(self->top, "pipe:pipe_full", "-") > 0)
		EXPECT_TRUE(state_is(self->top, "pipe:pipe_full", "-", "off"));
	EXPECT_TRUE(state_is(self->top, "pipe:pipe_full", A, "on"));
	HIT_MODULE(A, 1);
	HIT_MODULE(B, 1);
	EXPECT_TEXTS(self->top, "shared", "n=1 who=a");

	CONTROL("+module:markers_test_?\n");
	EXPECT_STATE("shared", B, "on");
	CONTROL("-module:" A "\n");
	EXPECT_STATE("shared", A, "off");
	EXPECT_STATE("shared", B, "on");
	EXPECT_TRUE(state_is(self->top, "pipe:pipe_full", A, "off"));
	HIT_MODULE(A, 2);
	HIT_MODULE(B, 2);
	EXPECT_TEXTS(self->top, "shared", "n=2 who=b");
	/* As a module's file may be called, and a range */
	CONTROL("+module:markers-test-[a-a]\n");
	EXPECT_STATE("shared", A, "on");
	CONTROL("-module:*\n");
	EXPECT_STATE("shared", B, "off");
	EXPECT_TRUE(tr_is(self->top, EVENTS "enable", "0"));
}

/* Later lines win; what is empty or a comment says nothing. */
TEST_F(control, batch)
{
	struct trace trace = { };

	CONTROL("# a comment\n\n   \n+markers_test:*\n\t# one more, +bad\n"
		"  -markers_test:place  \n+markers_test:init\n\n");
	EXPECT_STATE("shared", A, "on");
	EXPECT_STATE("place", A, "off");
	EXPECT_STATE("init", A, "on");
	/* Without a newline at the end, and with those of other systems */
	CONTROL("-markers_test:*\r\n+markers_test:place\r\n-markers_test:init");
	EXPECT_STATE("shared", A, "off");
	EXPECT_STATE("place", A, "on");
	EXPECT_STATE("init", A, "off");
	CONTROL("-markers_test:place");
	EXPECT_STATE("place", A, "off");
	CONTROL("");
	CONTROL("\n");
	CONTROL("#");
	CONTROL("+markers_test:shared\n-markers_test:shared\n");
	EXPECT_STATE("shared", A, "off");

	/* What is on, and stays on, misses nothing and is not cleared. */
	CONTROL("+markers_test:shared");
	HIT_MODULE(A, 1);
	CONTROL("-markers_test:shared\n+markers_test:shared\n+markers_test:place");
	HIT_MODULE(A, 2);
	ASSERT_LE(0, trace_take(self->top, &trace));
	EXPECT_EQ(2, trace_count(&trace, "shared"));
	EXPECT_EQ(2, trace_count(&trace, "place"));
	trace_free(&trace);
}

/* The file shows what is on in the top instance, however it was turned on. */
TEST_F(control, agrees_with_enable)
{
	CONTROL("+markers_test:shared\n");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "shared/enable", "0"));
	EXPECT_STATE("shared", A, "off");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "shared/enable", "1"));
	EXPECT_STATE("shared", A, "on");
	CONTROL("-markers_test:shared\n");
	EXPECT_TRUE(tr_is(self->top, EVENTS "shared/enable", "0"));
	EXPECT_EQ(0, tr_write(self->top, "set_event", "markers_test:shared"));
	EXPECT_STATE("shared", A, "on");
	CONTROL("-markers_test:shared\n");
	EXPECT_STATE("shared", A, "off");

	/* Another instance's are not touched. */
	WRITE(EVENTS "shared/enable", "1");
	CONTROL("-markers_test:*\n");
	EXPECT_STATE("shared", A, "on");
	EXPECT_TRUE(tr_is(self->dir, EVENTS "shared/enable", "1"));
	WRITE(EVENTS "shared/enable", "0");
	EXPECT_STATE("shared", A, "off");
}

/* A trigger holds an event that is off, and is not taken for it. */
TEST_F(control, with_trigger)
{
	ASSERT_EQ(0, tr_write(self->top, EVENTS "shared/trigger", "traceoff if n == 77"));
	HIT_MODULE(A, 1);
	CONTROL("+markers_test:shared\n");
	HIT_MODULE(A, 2);
	CONTROL("-markers_test:shared\n");
	HIT_MODULE(A, 3);
	EXPECT_STATE("shared", A, "on");
	EXPECT_TEXTS(self->top, "shared", "n=2 who=a");
	EXPECT_TRUE(tr_is(self->top, "tracing_on", "1"));
	HIT_MODULE(A, 77);
	EXPECT_TRUE(tr_is(self->top, "tracing_on", "0"));
	EXPECT_EQ(0, tr_write(self->top, "tracing_on", "1"));
	EXPECT_EQ(0, tr_write(self->top, EVENTS "shared/trigger", "!traceoff if n == 77"));
	EXPECT_STATE("shared", A, "off");
}

/* Events whose module is gone are turned on and off by name. */
TEST_F(control, unloaded)
{
	WRITE(EVENTS "shared/enable", "1");
	UNLOAD(A);
	UNLOAD(B);
	CONTROL("+markers_test:sha*\n");
	EXPECT_TRUE(tr_is(self->top, EVENTS "shared/enable", "1"));
	LOAD(A);
	HIT_MODULE(A, 1);
	EXPECT_TEXTS(self->top, "shared", "n=1 who=a");
	UNLOAD(A);
	CONTROL("-markers_test:shared\n");
	EXPECT_TRUE(tr_is(self->top, EVENTS "shared/enable", "0"));
	LOAD(A);
	HIT_MODULE(A, 2);
	EXPECT_NONE(self->top, "shared");
	EXPECT_TRUE(tr_is(self->dir, EVENTS "shared/enable", "1"));
	UNLOAD(A);

	/* By module or by place there is nothing. */
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "+module:" A "\n"));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "+*markers_test_a.c:1\n"));
}

/*
 * What is refused
 */

static const struct {
	const char	*line;
	const char	*error;
	int		pos;	/* of what is wrong */
} bad_lines[] = {
	{ "markers_test:shared", "A line begins with \\+, - or !", 0 },
	{ "*", "A line begins with \\+, - or !", 0 },
	{ "!markers_test:shared", "Not dropped, as it is not of a module that is gone", 1 },
	{ "++markers_test:shared", "No marker matches", 1 },
	{ "+", "Not system:event, file:line or module:name", 1 },
	{ "-", "Not system:event, file:line or module:name", 1 },
	{ "+markers_test", "Not system:event, file:line or module:name", 1 },
	{ "+markers_test:", "Not system:event, file:line or module:name", 1 },
	{ "+:shared", "Not system:event, file:line or module:name", 1 },
	{ "+:", "Not system:event, file:line or module:name", 1 },
	{ "+module:", "Not system:event, file:line or module:name", 1 },
	{ "+markers_test:nosuch", "No marker matches", 14 },
	{ "-nosuch:*", "No marker matches", 1 },
	{ "+markers_test:shared:1", "No marker matches", 1 },
	{ "+ markers_test:shared", "No marker matches", 1 },
	{ "+markers_test: shared", "No marker matches", 14 },
	{ "+markers_test:shared # comment", "No marker matches", 14 },
	{ "+module:nosuch", "No marker matches", 8 },
	{ "+module:1", "No marker matches", 1 },
	{ "+fs/nosuch.c:1", "No marker matches", 1 },
	{ "+*markers_test_a.c:99999", "No marker matches", 19 },
	{ "+*markers_test_a.c:4294967296", "No marker matches", 1 },
	{ "+*markers_test_a.c:-1", "No marker matches", 1 },
	{ "+markers_test:[", "No marker matches", 14 },
	{ "+markers_test:sh\\", "No marker matches", 14 },
	{ "+sched:sched_switch", "No marker matches", 1 },
	{ "+MARKERS_TEST:shared", "No marker matches", 1 },
	{ "+" OTHER ":x", "No marker matches", 1 },
	{ "!*:*", "Not dropped, as it is not of a module that is gone", 1 },
	{ "!markers_test:nosuch", "No marker matches", 14 },
	{ "!nosuch:*", "No marker matches", 1 },
	{ "!module:" A, "Only system:event can be dropped", 1 },
	{ "!fs/pipe.c:1", "Only system:event can be dropped", 1 },
	{ "!", "Not system:event, file:line or module:name", 1 },
};

/* The newest entry of the log of errors; to be freed */
static char *last_error(int top)
{
	char *log = tr_read(top, "error_log"), *pos, *last = NULL;

	for (pos = log; pos && (pos = strstr(pos, "static_markers: error: ")); pos++)
		last = pos;
	last = strdup(last ? last : "");
	free(log);
	return last;
}

/*
 * Anywhere in a batch, a bad line is named, and nothing happens. After each batch the
 * listing of all markers is read: in a slow guest that takes minutes.
 */
TEST_F_TIMEOUT(control, bad_lines, 600)
{
	static const char *const batches[] = {
		"%s", "%s\n", "+markers_test:*\n%s\n", "%s\n+markers_test:*\n",
		"-markers_test:shared\n# comment\n%s\n+markers_test:place\n",
		"-markers_test:*\n  %s  ",
	};
	char *before, *error;

	/* What others have left of modules that are gone, a line would drop. */
	tr_write(self->top, "static_markers", "!*:*");
	CONTROL("+markers_test:shared\n");
	before = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, before);
	for (size_t i = 0; i < ARRAY_SIZE(bad_lines); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(batches); j++) {
			char text[256], re[128], line[256];

			snprintf(text, sizeof(text), batches[j], bad_lines[i].line);
			EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", text)) {
				TH_LOG("'%s' was taken", text);
			}
			EXPECT_TRUE(unchanged(self->top, &before)) {
				TH_LOG("'%s' has changed something", text);
			}
			error = last_error(self->top);
			snprintf(re, sizeof(re), "^static_markers: error: %s$", bad_lines[i].error);
			snprintf(line, sizeof(line), "\n  Command: %s\n%*s^\n",
				 bad_lines[i].line, 11 + bad_lines[i].pos, "");
			EXPECT_TRUE(line_matches(error, re) && strstr(error, line)) {
				TH_LOG("'%s': %s", text, error);
			}
			free(error);
		}
	}
	free(before);
}

/* A site that is refused cannot be turned on; its namesakes can. */
TEST_F(control, refused)
{
	struct listing l = { };
	char line[200], *error;

	LOAD(OTHER);
	EXPECT_STATE("changing", OTHER, "refused");
	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++) {
		if (strcmp(l.sites[i].state, "refused") || strcmp(l.sites[i].module, OTHER))
			continue;
		snprintf(line, sizeof(line), "+%s\n", l.sites[i].place);
		EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", line));
		error = last_error(self->top);
		EXPECT_TRUE(line_matches(error,
					 "^static_markers: error: Refused, see the kernel log$")) {
			TH_LOG("%s", error);
		}
		free(error);
	}
	listing_free(&l);
	CONTROL("+markers_test:changing\n+module:" OTHER "\n");
	EXPECT_STATE("changing", A, "on");
	EXPECT_STATE("changing", OTHER, "refused");
	EXPECT_STATE("other", OTHER, "on");
	CONTROL("-markers_test:*\n");
}

/*
 * ">" alone turns off what is on in the top instance, as in set_event; with lines it
 * does not, and no more does an empty one that is appended, or comes afterwards.
 */
TEST_F(control, truncate)
{
	static const char *const blank[] = { "\n", "", "  \n\t\r\n" };
	int fd;

	for (size_t i = 0; i < ARRAY_SIZE(blank); i++) {
		CONTROL("+markers_test:shared\n");
		fd = openat(self->top, "static_markers", O_WRONLY | O_TRUNC | O_CLOEXEC);
		ASSERT_LE(0, fd);
		EXPECT_EQ(20, write(fd, "+markers_test:place\n", 20));
		EXPECT_EQ(1, write(fd, "\n", 1));
		close(fd);
		CONTROL("\n");
		EXPECT_STATE("shared", A, "on");
		EXPECT_STATE("place", A, "on");
		WRITE(EVENTS "changing/enable", "1");
		EXPECT_EQ(0, tr_write(self->top, "events/sched/sched_switch/enable", "1"));

		fd = openat(self->top, "static_markers", O_RDWR | O_TRUNC | O_CLOEXEC);
		ASSERT_LE(0, fd);
		EXPECT_STATE("shared", A, "on");
		EXPECT_EQ((ssize_t)strlen(blank[i]), write(fd, blank[i], strlen(blank[i])));
		close(fd);
		EXPECT_STATE("shared", A, "off");
		EXPECT_STATE("place", A, "off");
		EXPECT_STATE("changing", A, "on");
		EXPECT_TRUE(tr_is(self->top, "events/sched/sched_switch/enable", "1"));
		WRITE(EVENTS "changing/enable", "0");
		EXPECT_EQ(0, tr_write(self->top, "events/sched/sched_switch/enable", "0"));
	}
	/* A comment is something, and what is wrong changes nothing. */
	CONTROL("+markers_test:shared\n");
	fd = openat(self->top, "static_markers", O_WRONLY | O_TRUNC | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(2, write(fd, "#\n", 2));
	close(fd);
	EXPECT_STATE("shared", A, "on");
}

/*
 * The users of a marker
 */

/* The users of the first site of a marker in a module are these. */
static bool users_are(int top, const char *name, const char *module, const char *users)
{
	struct listing l = { };
	bool is = false;

	listing_read(top, &l);
	for (int i = 0; i < l.nr && !is; i++) {
		struct site *site = &l.sites[i];

		if (strcmp(site->name, name) || strcmp(site->module, module))
			continue;
		is = !strcmp(site->users, users);
		if (!is)
			printf("# users of %s are %s, not %s\n", name, site->users, users);
		break;
	}
	listing_free(&l);
	return is;
}

#define EXPECT_USERS(users) \
	EXPECT_TRUE(users_are(self->top, "markers_test:shared", A, users))

TEST_F(control, users)
{
	char line[300];
	int fd;

	EXPECT_USERS("");
	CONTROL("+markers_test:shared\n");
	EXPECT_USERS("top");
	WRITE(EVENTS "shared/enable", "1");
	EXPECT_USERS("top,instances/" INSTANCE);
	ASSERT_EQ(0, tr_write(self->top, EVENTS "shared/trigger", "traceoff if n == 77"));
	EXPECT_USERS("top,instances/" INSTANCE);
	CONTROL("-markers_test:shared\n");
	EXPECT_USERS("top:trigger,instances/" INSTANCE);
	ASSERT_EQ(0, tr_write(self->top, EVENTS "shared/trigger", "!traceoff if n == 77"));
	EXPECT_USERS("instances/" INSTANCE);
	WRITE(EVENTS "shared/enable", "0");

	/* A trigger of another event that will enable it */
	WRITE(EVENTS "place/trigger", "enable_event:markers_test:shared");
	EXPECT_USERS("instances/" INSTANCE ":trigger");
	HIT_MODULE(B, 1);
	EXPECT_USERS("instances/" INSTANCE);
	WRITE(EVENTS "place/trigger", "!enable_event:markers_test:shared");
	WRITE(EVENTS "shared/enable", "0");

	fd = perf_open(self->top, EVENTS "shared/id");
	if (fd >= 0) {
		EXPECT_USERS("perf");
		close(fd);
	}
	EXPECT_USERS("");

	/* A site that the top instance leaves out is on for others alone. */
	WRITE(EVENTS "place/enable", "1");
	snprintf(line, sizeof(line), "+%s\n", self->place[2]);
	CONTROL(line);
	EXPECT_TRUE(users_are(self->top, "markers_test:place", A, "instances/" INSTANCE));
	EXPECT_TRUE(users_are(self->top, "markers_test:place", B, "instances/" INSTANCE ",top"));
	WRITE(EVENTS "place/enable", "0");
	EXPECT_TRUE(users_are(self->top, "markers_test:place", A, ""));

	if (!module_load("markers_test_probe")) {
		EXPECT_EQ(0, module_write("markers_test_probe", "do", "register x"));
		EXPECT_USERS("probe:probe");
		EXPECT_EQ(0, module_unload("markers_test_probe"));
	}
}

/* A name is anything; users for whom there is no room are counted. */
TEST_F(control, many_users)
{
	char name[64];
	int dir[20];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "markers,(%02d)\t:\\\n", i);
		dir[i] = tr_instance(self->top, name);
		EXPECT_LE(0, dir[i]);
		EXPECT_EQ(0, tr_write(dir[i], EVENTS "shared/enable", "1"));
	}
	CONTROL("+markers_test:shared\n");
#define NAME(nr) "instances/markers\\x2c\\x28" nr "\\x29\\x09\\x3a\\x5c\\x0a"
	EXPECT_USERS(NAME("00") "," NAME("01") "," NAME("02") "," NAME("03") ",top,+16");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "markers,(%02d)\t:\\\n", i);
		close(dir[i]);
		EXPECT_EQ(0, tr_instance_remove(self->top, name));
	}
	EXPECT_USERS("top");
}

/*
 * What is left of modules
 */

/* A line that drops is refused, and the log of errors says who has the marker. */
static bool drop_refused(int top, const char *line, const char *by)
{
	char text[256], *error;
	bool ok;

	if (tr_write(top, "static_markers", line) != -EINVAL)
		return false;
	error = last_error(top);
	snprintf(text, sizeof(text), "error: Not dropped, as it is in use: "
		 "markers_test:changing by %s\n  Command: %s\n            ^\n", by, line);
	ok = strstr(error, text);
	if (!ok)
		printf("# %s", error);
	free(error);
	return ok;
}

#define EXPECT_HELD(by)	\
	EXPECT_TRUE(drop_refused(self->top, "!markers_test:changing", by))
#define TRIGGER	"traceoff if n == 77"

TEST_F(control, drop_in_use)
{
	int fd;

	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "!markers_test:changing"));
	WRITE(EVENTS "changing/enable", "1");
	UNLOAD(A);
	EXPECT_HELD("instances/" INSTANCE);
	EXPECT_TRUE(drop_refused(self->top, "!markers_test:*", "instances/" INSTANCE));
	WRITE(EVENTS "changing/enable", "0");
	WRITE(EVENTS "changing/filter", "n == 5");
	EXPECT_HELD("instances/" INSTANCE ":filter");
	WRITE(EVENTS "changing/filter", "0");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger", TRIGGER));
	EXPECT_HELD("top:trigger");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger", "!" TRIGGER));
	CONTROL("+markers_test:changing");
	EXPECT_HELD("top");
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger", TRIGGER));
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers",
				    "-markers_test:changing\n!markers_test:changing"));
	EXPECT_TRUE(tr_is(self->top, EVENTS "changing/enable", "1*"));
	EXPECT_EQ(0, tr_write(self->top, EVENTS "changing/trigger", "!" TRIGGER));
	CONTROL("-markers_test:changing");
	fd = perf_open(self->top, EVENTS "changing/id");
	if (fd >= 0) {
		EXPECT_HELD("perf");
		close(fd);
	}
	if (!tr_write(self->top, "dynamic_events", "e:markers_dyn/e markers_test.changing")) {
		EXPECT_HELD("reference");
		EXPECT_EQ(0, tr_write(self->top, "dynamic_events", "-:markers_dyn/e"));
	}
	EXPECT_TRUE(tr_exists(self->top, EVENTS "changing"));
	CONTROL("!markers_test:changing");
	EXPECT_FALSE(tr_exists(self->top, EVENTS "changing"));
}

/* The name of an instance, in which each character takes four, is cut off. */
TEST_F(control, drop_held_by_a_long_name)
{
	char name[101] = { }, path[256], *error, *by;

	memset(name, '(', sizeof(name) - 1);
	snprintf(path, sizeof(path), "instances/%s", name);
	ASSERT_EQ(0, mkdirat(self->top, path, 0755));
	snprintf(path, sizeof(path), "instances/%s/" EVENTS "changing/filter", name);
	EXPECT_EQ(0, tr_write(self->top, path, "n == 5"));
	UNLOAD(A);
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "!markers_test:changing"));
	error = last_error(self->top);
	ASSERT_NE(NULL, error);
	by = strstr(error, "markers_test:changing by instances/");
	ASSERT_NE(NULL, by);
	by += strlen("markers_test:changing by instances/");
	EXPECT_EQ('\n', by[strspn(by, "\\x28")]) {
		TH_LOG("%s", by);
	}
	EXPECT_GT(4 * (sizeof(name) - 1), strspn(by, "\\x28"));
	free(error);
	EXPECT_EQ(0, tr_write(self->top, path, "0"));
	snprintf(path, sizeof(path), "instances/%s", name);
	EXPECT_EQ(0, unlinkat(self->top, path, AT_REMOVEDIR));
	CONTROL("!markers_test:changing");
}

/* What is loaded is left alone by a pattern that drops others. */
TEST_F(control, drop_some)
{
	CONTROL("+markers_test:*");
	CONTROL("-markers_test:changing");
	UNLOAD(A);
	EXPECT_TRUE(tr_exists(self->top, EVENTS "changing"));
	EXPECT_STATE("place", B, "on");
	CONTROL("!markers_test:[cp]*");
	EXPECT_FALSE(tr_exists(self->top, EVENTS "changing"));
	EXPECT_STATE("place", B, "on");
}

/* With the event go its records, and those of others in the same buffers alone. */
TEST_F(control, drop)
{
	static const char *const changing[] = { "n=1", NULL };
	struct trace trace = { };

	/*
	 * An event that goes clears the buffers of all instances in which it was on, even
	 * if that was in another test.
	 */
	UNLOAD(A);
	tr_write(self->top, "static_markers", "!*:chang*");
	LOAD(A);

	CONTROL("+markers_test:place");
	WRITE(EVENTS "changing/enable", "1");
	HIT_MODULE(A, 1);
	UNLOAD(A);
	EXPECT_TRUE(texts_are(self->dir, "changing", changing));
	LOAD(A);
	HIT_MODULE(A, 2);
	UNLOAD(A);
	WRITE(EVENTS "changing/enable", "0");
	CONTROL("!*:chang*");
	EXPECT_FALSE(tr_exists(self->top, EVENTS "changing"));
	EXPECT_FALSE(tr_exists(self->dir, EVENTS "changing"));
	EXPECT_EQ(0, trace_take(self->dir, &trace));
	EXPECT_TEXTS(self->top, "place", "n=1 which=first", "n=1 which=second",
		     "n=2 which=first", "n=2 which=second");
	EXPECT_EQ(-EINVAL, tr_write(self->top, "static_markers", "!markers_test:changing"));

	/* It comes back as if it had never been; the last of several lines decides. */
	LOAD(A);
	EXPECT_STATE("changing", A, "off");
	CONTROL("+markers_test:changing");
	UNLOAD(A);
	CONTROL("-markers_test:changing\n!markers_test:changing\n+markers_test:changing");
	EXPECT_TRUE(tr_is(self->top, EVENTS "changing/enable", "1"));
	CONTROL("-markers_test:changing\n!markers_test:changing");
	EXPECT_FALSE(tr_exists(self->top, EVENTS "changing"));
	trace_free(&trace);
}

TEST_F_TIMEOUT(control, garbage, 300)
{
	char *before, text[600];
	unsigned int seed = 1;
	int taken = 0;

	CONTROL("+markers_test:shared\n");
	before = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, before);
	for (int i = 0; i < 500; i++) {
		int len = rand_r(&seed) % sizeof(text);

		/* Of all bytes, or of those that mean something */
		for (int j = 0; j < len; j++) {
			int r = rand_r(&seed) >> 8;

			text[j] = i & 1 ? r : "+-:*?[]!\\#\n ax1"[r % 15];
		}
		/* Lines that would match all markers are not garbage. */
		for (int j = 0; i % 2 == 0 && j < len; j++)
			text[j] = text[j] == '*' || text[j] == '?' ? 'y' : text[j];
		taken += !tr_write_mem(self->top, "static_markers", text, len);
		/* Reading all takes long. */
		if (i % 25 != 24)
			continue;
		EXPECT_TRUE(unchanged(self->top, &before)) {
			TH_LOG("rounds %d to %d: one has changed something", i - 24, i);
			break;
		}
	}
	/* Only what is empty or a comment as a whole */
	EXPECT_GT(50, taken);
	free(before);
}

/* Text after a NUL is not lost silently. */
TEST_F(control, nul)
{
	static const char texts[][32] = {
		"+markers_test:place\n\0garbage\n", "\0+markers_test:place\n",
		"+markers_test:place\0\n", "#\0\n+markers_test:nosuch\n",
	};
	char *before = tr_read(self->top, "static_markers"), *error;

	ASSERT_NE(NULL, before);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		ASSERT_EQ(0, tr_truncate(self->top, "error_log"));
		EXPECT_EQ(-EINVAL, tr_write_mem(self->top, "static_markers", texts[i],
						sizeof(texts[i]))) {
			TH_LOG("text %zu was taken", i);
		}
		error = last_error(self->top);
		EXPECT_TRUE(line_matches(error, "^static_markers: error: There is a NUL, and text after it$"));
		free(error);
		EXPECT_TRUE(unchanged(self->top, &before));
	}
	free(before);

	/* The NUL at the end of a string of C is nothing that could be lost. */
	EXPECT_EQ(0, tr_write_mem(self->top, "static_markers", "#", 2));
}

/* Write all, as "cat file >static_markers" does. */
static int write_all(int top, const char *data, size_t len)
{
	int fd = openat(top, "static_markers", O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	while (len && (n = write(fd, data, len)) > 0) {
		data += n;
		len -= n;
	}
	n = len ? -errno : 0;
	close(fd);
	return n;
}

TEST_F(control, long_writes)
{
	size_t size = 200000, len = 0;
	char *text = malloc(size), *before;

	ASSERT_NE(NULL, text);
	while (len < 150000)
		len += snprintf(text + len, size - len, "# line at %zu\n+markers_test:place\n", len);
	len += snprintf(text + len, size - len, "-markers_test:place\n+markers_test:shared");
	EXPECT_EQ(0, write_all(self->top, text, len));
	EXPECT_STATE("shared", A, "on");
	EXPECT_STATE("place", A, "off");
	CONTROL(ALL_OFF);

	/* The limit falls before, on and after a newline. */
	for (int i = -2; i <= 2; i++) {
		memset(text, '#', size);
		text[1000] = '\n';
		memcpy(text + 65536 + i, "\n+markers_test:shared\n", 22);
		EXPECT_EQ(0, write_all(self->top, text, 65536 + i + 22)) {
			TH_LOG("newline at %d", 65536 + i);
			break;
		}
		EXPECT_STATE("shared", A, "on");
		CONTROL(ALL_OFF);
	}

	/* A line that is longer is refused as a whole. */
	before = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, before);
	memset(text, '#', size);
	EXPECT_EQ(-E2BIG, write_all(self->top, text, size));
	memcpy(text, "+markers_test:shared", 20);
	memset(text + 20, ' ', size - 20);
	EXPECT_EQ(-E2BIG, write_all(self->top, text, 65537));
	memset(text, 'x', size);
	text[0] = '+';
	EXPECT_EQ(-EINVAL, write_all(self->top, text, 65536));
	EXPECT_EQ(-EINVAL, write_all(self->top, text, 300));
	EXPECT_TRUE(unchanged(self->top, &before));
	free(before);
	free(text);
}

static bool is_promised(const char *name)
{
	/* As stable.list has it, which a kernel with the options of config here takes. */
	return !strcmp(name, "pipe:pipe_empty") || !strcmp(name, "pipe:pipe_full");
}

/* The markers in the list of promises are stable, at all of their sites, and no others. */
TEST_F(control, promised)
{
	struct listing l = { };
	bool any = false;

	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++)
		any |= !strcmp(l.sites[i].promise, "stable");
	if (!any) {
		listing_free(&l);
		SKIP(return, "the kernel was built with another CONFIG_MARKERS_STABLE_LIST");
	}
	for (int i = 0; i < l.nr; i++) {
		struct site *site = &l.sites[i];

		EXPECT_STREQ(is_promised(site->name) ? "stable" : "unstable", site->promise) {
			TH_LOG("%s at %s", site->name, site->place);
		}
	}
	listing_free(&l);
}

/* A user without the permission cannot write the file. */
TEST_F(control, permission)
{
	char *before = tr_read(self->top, "static_markers");
	struct stat st;
	pid_t child;
	int status;

	ASSERT_NE(NULL, before);
	ASSERT_EQ(0, fstatat(self->top, "static_markers", &st, 0));
	EXPECT_EQ(0U, st.st_mode & 0027);
	child = fork();
	if (!child) {
		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(2);
		_exit(openat(self->top, "static_markers", O_WRONLY) >= 0 || errno != EACCES);
	}
	EXPECT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_TRUE(unchanged(self->top, &before));
	free(before);
}

/* What is read in pieces, of whatever size, is what is read at once. */
TEST_F(control, reads)
{
	static const size_t sizes[] = { 1, 7, 64, 100, 4095, 4096, 4097, 65536 };
	char *whole, *parts;
	size_t size;

	CONTROL("+module:markers_test_?\n");
	whole = tr_read(self->top, "static_markers");
	ASSERT_NE(NULL, whole);
	size = strlen(whole);
	parts = malloc(size + 65537);
	ASSERT_NE(NULL, parts);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd = openat(self->top, "static_markers", O_RDWR | O_CLOEXEC);
		size_t len = 0;
		ssize_t n;

		ASSERT_LE(0, fd);
		while (len <= size && (n = read(fd, parts + len, sizes[i])) > 0)
			len += n;
		EXPECT_EQ(size, len);
		EXPECT_EQ(0, memcmp(whole, parts, size));
		close(fd);
	}
	free(parts);
	free(whole);
}

/* A reader that has begun goes on when modules come and go, and gets whole lines. */
TEST_F(control, reads_while_loading)
{
	static char text[1 << 20];
	const size_t some = 4096;

	for (int i = 0; i < 4; i++) {
		int fd = openat(self->top, "static_markers", O_RDONLY | O_CLOEXEC), reads = 0;
		struct site site;
		size_t len = 0;
		ssize_t n;

		ASSERT_LE(0, fd);
		while ((n = read(fd, text + len, some)) > 0) {
			len += n;
			ASSERT_GT(sizeof(text) - some, len);
			if (reads++ % 10 == 5)
				ASSERT_EQ(0, module_unload(A) | module_load(A));
		}
		EXPECT_EQ(0, n);
		EXPECT_LT(5, reads);
		close(fd);
		text[len] = '\0';
		for (char *line, *rest = text; (line = strsep(&rest, "\n")) && *line;) {
			EXPECT_TRUE(site_parse(&site, line)) {
				TH_LOG("after %d reads: %s", reads, line);
			}
		}
	}
}

TEST_HARNESS_MAIN
