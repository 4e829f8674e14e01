// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the trace events of static markers, and of the file "static_markers".
 *
 * They hit the markers of samples/markers/marker-example.c, which has every
 * kind of field, by writing to its file in debugfs. Each test has a tracing
 * instance of its own.
 */

#include <inttypes.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "modules.h"
#include "tracefs.h"
#include "kselftest_harness.h"

/* The list has two thousand lines, and machines may be slow: not 30 seconds. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	120

#define EXAMPLE			"events/marker_example/"
#define OTHER			"markers_selftest2"

/* What the sample and the core keep of a text */
#define TEXT_MAX		4000
#define STRING_MAX		511
#define BYTES_MAX		512
/* printk() formats print no more of bytes than this. */
#define HEX_MAX			64

/* Every event of the sample, its place and number of sites */
static const struct {
	const char	*event;
	const char	*func;
	int		sites;
} example[] = {
	{ "begin",	"marker_example_write",		1 },
	{ "captures",	"marker_example_captures",	1 },
	{ "exit",	"marker_example_exit",		1 },
	{ "init",	"marker_example_init",		1 },
	{ "integers",	"marker_example_integers",	1 },
	{ "negative",	"marker_example_write",		1 },
	{ "parity",	"marker_example_sites",		2 },
	{ "pointers",	"marker_example_pointers",	1 },
	{ "step",	"marker_example_step",		1 },
	{ "strings",	"marker_example_strings",	1 },
	{ "tick",	"marker_example_tick",		1 },
};

/* What follows the name of a symbol of the sample, unless it is built in */
#define MODULE_SUFFIX		"( \\[marker_example\\])?"

/* How many records a write to the sample makes, if its number is not negative */
#define HITS			9

FIXTURE(markers) {
	int	top;		/* tracefs */
	int	dir;		/* our instance in it */
	int	hit;		/* hits the sample's markers when written to */
	int	long_size;	/* of a long in the kernel */
	long	warnings;
};

/* The ring buffer's commit counter is a long. */
static int kernel_long_size(int top)
{
	char *page = tr_read(top, "events/header_page");
	char *commit = page ? strstr(page, " commit;") : NULL;
	int size = 0;

	if (commit)
		sscanf(commit, " commit; offset:%*u; size:%d;", &size);
	free(page);
	return size;
}

FIXTURE_SETUP(markers)
{
	const char *reason = markers_begin(&self->top);

	if (reason)
		SKIP(return, "%s", reason);
	self->warnings = warnings_begin();
	self->hit = sample_open();
	if (self->hit < 0)
		SKIP(return, "no CONFIG_SAMPLE_MARKERS, or no marker-example in debugfs");
	/* Built in, it takes marker_example.period_ms=0 from the command line. */
	if (!sample_is_quiet())
		SKIP(return, "marker-example is there already, with a period_ms that is not 0");

	self->long_size = kernel_long_size(self->top);
	ASSERT_TRUE(self->long_size == 4 || self->long_size == 8);
	self->dir = tr_instance(self->top, INSTANCE);
	ASSERT_LE(0, self->dir);
}

FIXTURE_TEARDOWN(markers)
{
	close(self->hit);
	close(self->dir);
	EXPECT_EQ(0, tr_instance_remove(self->top, INSTANCE));
	close(self->top);
	EXPECT_FALSE(kernel_has_warned(self->warnings)) {
		TH_LOG("see the kernel log: it has warned");
	}
}

/* Hit the sample's markers with these bytes, or this text. */
#define HIT_MEM(data, len)	ASSERT_EQ((ssize_t)(len), write(self->hit, data, len))
#define HIT(text)		HIT_MEM(text, strlen(text))

#define ENABLE(event, on)	WRITE(EXAMPLE event "/enable", on)

/*
 * The file "static_markers"
 */

/* How many probes a marker of the sample has; -1 if the listing is not right. */
static int probes(int top, const char *event)
{
	struct listing l = { };
	char name[64];
	int nr = -1;

	snprintf(name, sizeof(name), "marker_example:%s", event);
	if (!listing_read(top, &l)) {
		for (int i = 0; i < l.nr; i++) {
			struct site *site = &l.sites[i];

			if (strcmp(site->name, name))
				continue;
			/* All sites of a marker are on or off together. */
			if (strcmp(site->state, site->probes ? "on" : "off") ||
			    (nr >= 0 && nr != (int)site->probes)) {
				nr = -1;
				break;
			}
			nr = site->probes;
		}
	}
	listing_free(&l);
	return nr;
}

/* A field as the file "format" has it */
struct field {
	char		type[128];
	char		name[64];
	unsigned int	offset;
	unsigned int	size;
	unsigned int	is_signed;
};

/* The fields of an event but for the common ones; their number, or -errno */
static int format_fields(int dir, const char *system, const char *event,
			 struct field *field, int max)
{
	char path[128], line[64], *format, *pos, *end, *name, *array;
	int nr = 0;

	snprintf(path, sizeof(path), "events/%s/%s/format", system, event);
	format = tr_read(dir, path);
	if (!format)
		return -errno;
	for (pos = format; (pos = strstr(pos, "\tfield:")); pos = end) {
		pos += strlen("\tfield:");
		end = strchr(pos, ';');
		if (!end || nr == max)
			break;
		snprintf(line, sizeof(line), "%.*s", (int)(end - pos), pos);
		name = strrchr(line, ' ');
		if (!name || sscanf(end, ";\toffset:%u;\tsize:%u;\tsigned:%u;", &field->offset,
				    &field->size, &field->is_signed) != 3)
			break;
		*name++ = '\0';
		if (!strncmp(name, "common_", strlen("common_")))
			continue;
		/* "__u8 mac[6]" is a field mac of type __u8[6]. */
		array = strchr(name, '[');
		snprintf(field->type, sizeof(field->type), "%s%s", line, array ? array : "");
		if (array)
			*array = '\0';
		snprintf(field->name, sizeof(field->name), "%s", name);
		field++;
		nr++;
	}
	free(format);
	return pos ? -EINVAL : nr;
}

TEST_F(markers, listing)
{
	struct listing l = { };

	ASSERT_EQ(0, listing_read(self->top, &l));
	EXPECT_LT(0, l.nr);
	/* It is for all instances, and so in the top one only. */
	EXPECT_FALSE(tr_exists(self->dir, "static_markers"));
	for (size_t i = 0; i < ARRAY_SIZE(example); i++) {
		int nr = 0;

		for (int j = 0; j < l.nr; j++) {
			struct site *site = &l.sites[j];

			if (strncmp(site->name, "marker_example:", 15) ||
			    strcmp(site->name + 15, example[i].event))
				continue;
			nr++;
			EXPECT_STREQ(example[i].func, site->func);
			EXPECT_STRNE("refused", site->state);
			EXPECT_TRUE(matches(site->module, "^(-|marker_example)$"));
			EXPECT_STREQ("unstable", site->promise);
			EXPECT_TRUE(matches(site->place,
					    "^samples/markers/marker-example\\.c:[0-9]+$"));
		}
		EXPECT_EQ(example[i].sites, nr) {
			TH_LOG("sites of %s", example[i].event);
		}
	}
	listing_free(&l);
}

/* The columns and the file "format" agree on the fields, for all markers. */
TEST_F(markers, listing_fields)
{
	struct listing l = { };

	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++) {
		char fields[32 * 80] = "", *system = l.sites[i].name, *event;
		struct field field[32];
		int nr, len = 0;

		if (!matches(l.sites[i].state, "^(on|off)$"))
			continue;
		event = strchr(system, ':');
		*event++ = '\0';
		nr = format_fields(self->top, system, event, field, 32);
		EXPECT_LE(0, nr) {
			TH_LOG("no or bad events/%s/%s/format", system, event);
		}
		for (int j = 0; j < nr; j++)
			len += snprintf(fields + len, sizeof(fields) - len, "%s%s %s",
					j ? ", " : "", field[j].type, field[j].name);
		EXPECT_STREQ(nr ? fields : "-", l.sites[i].fields);
	}
	listing_free(&l);
}

/* What has a directory is listed, here and in available_events. */
TEST_F(markers, listing_complete)
{
	struct listing l = { };
	struct dirent *entry;
	char *available;
	int nr = 0, fd;
	DIR *events;

	ASSERT_EQ(0, listing_read(self->top, &l));
	available = tr_read(self->top, "available_events");
	ASSERT_NE(NULL, available);
	fd = openat(self->top, "events/marker_example", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	events = fdopendir(fd);
	ASSERT_NE(NULL, events);

	while ((entry = readdir(events))) {
		char name[300], re[310];

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "marker_example:%s", entry->d_name);
		snprintf(re, sizeof(re), "^%s$", name);
		EXPECT_NE(NULL, listing_find(&l, name)) {
			TH_LOG("%s is not listed", name);
		}
		EXPECT_TRUE(line_matches(available, re)) {
			TH_LOG("%s is not available", name);
		}
		nr++;
	}
	EXPECT_EQ((int)ARRAY_SIZE(example), nr);
	closedir(events);
	free(available);
	listing_free(&l);
}

/*
 * Each place is a line of the source that has the marker on it; of a statement that
 * goes over several lines, some compilers give the first, others the last.
 */
TEST_F(markers, listing_place)
{
	struct listing l = { };
	int nr = 0;

	ASSERT_EQ(0, listing_read(self->top, &l));
	for (int i = 0; i < l.nr; i++) {
		char path[PATH_MAX], line[512] = "", re[128], *event, *number;
		bool found = false, ended = true;
		FILE *source;

		if (strncmp(l.sites[i].name, "marker_example:", 15))
			continue;
		event = l.sites[i].name + 15;
		number = strchr(l.sites[i].place, ':');
		*number++ = '\0';
		snprintf(path, sizeof(path), "%s/%s", TOP_SRCDIR, l.sites[i].place);
		source = fopen(path, "re");
		if (!source)
			SKIP(return, "no source of the sample");
		snprintf(re, sizeof(re), "\ttrace_mark(_cond)?\\(marker_example, %s,", event);
		for (int n = atoi(number); n && fgets(line, sizeof(line), source); n--) {
			found = matches(line, re) || (found && !ended);
			ended = strchr(line, ';');
		}
		fclose(source);
		EXPECT_TRUE(found) {
			TH_LOG("%s is not at line %s: %s", event, number, line);
		}
		nr++;
	}
	EXPECT_LT((int)ARRAY_SIZE(example), nr);
	listing_free(&l);
}

/* Small reads give the same as one big read; seeking back starts over. */
TEST_F(markers, listing_reads)
{
	char *whole = tr_read(self->top, "static_markers"), *parts;
	size_t len = 0, size;
	ssize_t n;
	int fd;

	ASSERT_NE(NULL, whole);
	size = strlen(whole);
	parts = malloc(size + 101);
	ASSERT_NE(NULL, parts);
	fd = openat(self->top, "static_markers", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (int round = 0; round < 2; round++) {
		for (len = 0; len <= size && (n = read(fd, parts + len, 100)) > 0; len += n)
			;
		EXPECT_EQ(size, len);
		EXPECT_EQ(0, memcmp(whole, parts, size));
		EXPECT_EQ(0, lseek(fd, 0, SEEK_SET));
	}
	close(fd);
	free(parts);
	free(whole);
}

/*
 * The file "format"
 */

#define COMMON_FIELDS								\
	"format:\n"								\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"	\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"		\
	"\n"

/* A field that is as big as a long of the kernel */
#define LONG		(-1)

/* Of each event, what its "format" says, in order; "signed" is 0 but for a few. */
static const struct format_case {
	const char	*event;
	const char	*print_fmt;
	struct {
		const char	*type;
		const char	*name;
		const char	*array;
		int		size;
		int		align;
		int		is_signed;
	} fields[16];
} format_cases[] = {
	{
		"begin", "\"begin\"",
		{ { } },
	}, {
		"captures",
		"\"mac=%pM ip=%pI4 ip6=%pI6c uuid=%pUb hex=%*ph colons=%*phC\", "
		"REC->mac, REC->ip, REC->ip6, REC->uuid, "
		"__get_dynamic_array_len(hex), __get_dynamic_array(hex), "
		"__get_dynamic_array_len(colons), __get_dynamic_array(colons)",
		{
			{ "__u8", "mac", "[6]", 6, 1, 0 },
			{ "__u8", "ip", "[4]", 4, 1, 0 },
			{ "__u8", "ip6", "[16]", 16, 1, 0 },
			{ "__u8", "uuid", "[16]", 16, 1, 0 },
			{ "__data_loc __u8[]", "hex", "", 4, 4, 0 },
			{ "__data_loc __u8[]", "colons", "", 4, 4, 0 },
		},
	}, {
		"exit", "\"module=%s\", __get_str(module)",
		{ { "__data_loc char[]", "module", "", 4, 4, 0 } },
	}, {
		"init", "\"module=%s\", __get_str(module)",
		{ { "__data_loc char[]", "module", "", 4, 4, 0 } },
	}, {
		"integers",
		"\"b=%hhu c=%hhu s8=%hhd u8=%hhu s16=%hd u16=%hu s32=%d u32=%u "
		"sl=%ld ul=%lu s64=%lld u64=%llu color=%u\", "
		"REC->b, REC->c, REC->s8, REC->u8, REC->s16, REC->u16, REC->s32, REC->u32, "
		"REC->sl, REC->ul, REC->s64, REC->u64, REC->color",
		{
			{ "_Bool", "b", "", 1, 1, 0 },
			/* The kernel is built with -funsigned-char. */
			{ "char", "c", "", 1, 1, 0 },
			{ "signed char", "s8", "", 1, 1, 1 },
			{ "unsigned char", "u8", "", 1, 1, 0 },
			{ "short", "s16", "", 2, 2, 1 },
			{ "unsigned short", "u16", "", 2, 2, 0 },
			{ "int", "s32", "", 4, 4, 1 },
			{ "unsigned int", "u32", "", 4, 4, 0 },
			{ "long", "sl", "", LONG, LONG, 1 },
			{ "unsigned long", "ul", "", LONG, LONG, 0 },
			{ "long long", "s64", "", 8, 8, 1 },
			{ "unsigned long long", "u64", "", 8, 8, 0 },
			{ "unsigned int", "color", "", 4, 4, 0 },
		},
	}, {
		"negative", "\"n=%lld\", REC->n",
		{ { "long long", "n", "", 8, 8, 1 } },
	}, {
		"parity", "\"%lld %s\", REC->arg1, __get_str(arg2)",
		{
			{ "long long", "arg1", "", 8, 8, 1 },
			{ "__data_loc char[]", "arg2", "", 4, 4, 0 },
		},
	}, {
		"pointers",
		"\"ptr=%p fn=%ps null=%p\", REC->ptr, REC->fn, REC->null",
		{
			{ "void *", "ptr", "", LONG, LONG, 0 },
			{ "void *", "fn", "", LONG, LONG, 0 },
			{ "void *", "null", "", LONG, LONG, 0 },
		},
	}, {
		"step", "\"step=%u\", REC->step",
		{ { "unsigned int", "step", "", 4, 4, 0 } },
	}, {
		"strings",
		"\"text=%s start=%-8s len=%zu null=%s\", "
		"__get_str(text), __get_str(start), REC->len, __get_str(null)",
		{
			{ "__data_loc char[]", "text", "", 4, 4, 0 },
			{ "__data_loc char[]", "start", "", 4, 4, 0 },
			/* size_t is an unsigned int where long has 4 bytes. */
			{ "size_t", "len", "", LONG, LONG, 0 },
			{ "__data_loc char[]", "null", "", 4, 4, 0 },
		},
	}, {
		"tick", "\"nr=%u hardirq=%hhu\", REC->nr, REC->hardirq",
		{
			{ "unsigned int", "nr", "", 4, 4, 0 },
			{ "_Bool", "hardirq", "", 1, 1, 0 },
		},
	},
};

/* Write what "format" has to say after its line "ID:". */
static void format_expect(const struct format_case *c, int long_size, char *buf, size_t size)
{
	const char *size_type = long_size == 8 ? "unsigned long" : "unsigned int";
	int len = snprintf(buf, size, "%s", COMMON_FIELDS);
	unsigned int offset = 8;
	const char *number;

	for (size_t i = 0; i < ARRAY_SIZE(c->fields) && c->fields[i].type; i++) {
		unsigned int bytes = c->fields[i].size == LONG ? long_size : c->fields[i].size;
		unsigned int align = c->fields[i].align == LONG ? long_size : c->fields[i].align;

		offset = (offset + align - 1) / align * align;
		len += snprintf(buf + len, size - len,
				"\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n",
				strcmp(c->fields[i].type, "size_t") ? c->fields[i].type : size_type,
				c->fields[i].name, c->fields[i].array, offset, bytes,
				c->fields[i].is_signed);
		offset += bytes;
	}
	/* libtraceevent does not know %zu; and see above. */
	number = strstr(c->print_fmt, "%zu") ?: strchr(c->print_fmt, '\0');
	snprintf(buf + len, size - len, "\nprint fmt: %.*s%s%s\n", (int)(number - c->print_fmt),
		 c->print_fmt, !*number ? "" : long_size == 8 ? "%lu" : "%u",
		 *number ? number + 3 : "");
}

TEST_F(markers, format)
{
	ASSERT_EQ(ARRAY_SIZE(example), ARRAY_SIZE(format_cases));
	for (size_t i = 0; i < ARRAY_SIZE(format_cases); i++) {
		const struct format_case *c = &format_cases[i];
		char want[4096], head[80], path[80], *format;
		unsigned int id = 0;
		int len = 0;

		ASSERT_STREQ(example[i].event, c->event);
		snprintf(path, sizeof(path), EXAMPLE "%s/format", c->event);
		snprintf(head, sizeof(head), "name: %s\nID: %%u\n%%n", c->event);
		format_expect(c, self->long_size, want, sizeof(want));

		format = tr_read(self->dir, path);
		ASSERT_NE(NULL, format);
		EXPECT_EQ(1, sscanf(format, head, &id, &len));
		EXPECT_LT(0U, id);
		ASSERT_LT(0, len);
		EXPECT_STREQ(want, format + len);
		free(format);

		/* The number is the one in the file "id". */
		snprintf(path, sizeof(path), EXAMPLE "%s/id", c->event);
		snprintf(head, sizeof(head), "%u", id);
		EXPECT_TRUE(tr_is(self->dir, path, head));
	}
}

/* All that an event directory has for other events, it has for markers. */
TEST_F(markers, event_files)
{
	static const char *const files[] = { "enable", "filter", "format", "id", "trigger" };

	for (size_t i = 0; i < ARRAY_SIZE(example); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(files); j++) {
			char path[80];

			snprintf(path, sizeof(path), EXAMPLE "%s/%s", example[i].event, files[j]);
			EXPECT_TRUE(tr_exists(self->dir, path)) {
				TH_LOG("no %s", path);
			}
			EXPECT_TRUE(tr_exists(self->top, path));
		}
	}
}

/*
 * Values in the text of the trace
 */

static const char *const numbers[] = {
	"0", "1", "-1", "2", "5", "127", "128", "-128", "-129", "255", "256",
	"32767", "32768", "-32768", "65535", "65536", "-65536",
	"2147483647", "-2147483648", "2147483648", "4294967295", "4294967296",
	"9223372036854775807", "-9223372036854775808",
	"0x123456789abcdef", "0x7fedcba987654321",
};

/* Write what the event "integers" prints of a number. */
static void integers_expect(int long_size, int64_t n, char *buf, size_t size)
{
	uint64_t u = n;
	int64_t sl = long_size == 8 ? n : (int32_t)n;
	uint64_t ul = long_size == 8 ? u : (uint32_t)u;

	snprintf(buf, size,
		 "b=%d c=%hhu s8=%hhd u8=%hhu s16=%hd u16=%hu s32=%d u32=%u sl=%" PRId64
		 " ul=%" PRIu64 " s64=%" PRId64 " u64=%" PRIu64 " color=%u",
		 n != 0, (uint8_t)n, (int8_t)n, (uint8_t)n, (int16_t)n, (uint16_t)n,
		 (int32_t)n, (uint32_t)n, sl, ul, n, u, (unsigned int)(u % 3));
}

TEST_F(markers, print_integers)
{
	struct trace trace = { };

	ENABLE("integers", "1");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		char want[512];

		integers_expect(self->long_size, strtoll(numbers[i], NULL, 0), want, sizeof(want));
		HIT(numbers[i]);
		TAKE(&trace, 1);
		EXPECT_STREQ("integers", trace.rec[0].event);
		EXPECT_STREQ(want, trace.rec[0].text);
		EXPECT_EQ(getpid(), trace.rec[0].pid);
	}
	trace_free(&trace);
}

/* The first @max characters of a text, control characters as the kernel shows them */
static void escape(const char *text, int max, char *buf, size_t size)
{
	static const char letters[] = "tnvfr";

	*buf = '\0';
	for (int i = 0; i < max && text[i]; i++) {
		size_t len = strlen(buf);

		if (text[i] >= '\t' && text[i] <= '\r')
			snprintf(buf + len, size - len, "\\%c", letters[text[i] - '\t']);
		else if ((text[i] > 0 && text[i] < ' ') || text[i] == 0x7f)
			snprintf(buf + len, size - len, "\\x%02x", text[i]);
		else
			snprintf(buf + len, size - len, "%c", text[i]);
	}
}

static void strings_expect(const char *text, char *buf, size_t size)
{
	char all[STRING_MAX * 4 + 1], start[32];

	escape(text, STRING_MAX, all, sizeof(all));
	escape(text, 7, start, sizeof(start));
	snprintf(buf, size, "text=%.*s start=%-8s len=%zu null=(null)", STRING_MAX, all, start,
		 strlen(text));
}

TEST_F(markers, print_strings)
{
	static const char *const texts[] = {
		"", " ", "hello", "1234567", "12345678", "more than eight bytes",
		"\"quoted\" and 'quoted'", "back\\slash \\n \\",
		"100% %s %d %n %% %p", "=%d name=%s", "tab\there", "two\nlines",
		"three\n\nlines, and one empty", "gr\xc3\xbc\xc3\x9f \xe2\x98\x83 \xf0\x9f\x90\xa7",
		"not UTF-8: \xff\xfe\x80", "bell \a escape \x1b[1m", "(null)",
	};
	struct trace trace = { };
	char want[TEXT_MAX + 100];

	ENABLE("strings", "1");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char text[64];

		/* The sample takes one newline off the end. */
		snprintf(text, sizeof(text), "%s\n", texts[i]);
		strings_expect(texts[i], want, sizeof(want));
		HIT(text);
		TAKE(&trace, 1);
		EXPECT_STREQ("strings", trace.rec[0].event);
		EXPECT_STREQ(want, trace.rec[0].text);
	}
	trace_free(&trace);
}

/* What is written to "inject" is a record, also of an event without fields. */
TEST_F(markers, inject)
{
	struct trace trace = { };

	if (!tr_exists(self->dir, EXAMPLE "begin/inject"))
		SKIP(return, "no CONFIG_TRACE_EVENT_INJECT");
	EXPECT_EQ(0, tr_write(self->dir, EXAMPLE "begin/inject", "\n"));
	EXPECT_EQ(0, tr_write(self->dir, EXAMPLE "step/inject", "step = 7"));
	EXPECT_EQ(0, tr_write(self->dir, EXAMPLE "strings/inject", "text = \"a b\" len = 3"));
	EXPECT_EQ(-ENOENT, tr_write(self->dir, EXAMPLE "begin/inject", "step = 7"));
	TAKE(&trace, 3);
	EXPECT_STREQ("begin", trace.rec[0].event);
	EXPECT_STREQ("begin", trace.rec[0].text);
	EXPECT_STREQ("step=7", trace.rec[1].text);
	EXPECT_STREQ("text=a b start=         len=3 null=", trace.rec[2].text);
	trace_free(&trace);
}

/* A string is cut to 511 characters, and only then. */
TEST_F(markers, print_long_strings)
{
	static const int lengths[] = { STRING_MAX - 1, STRING_MAX, STRING_MAX + 1, 1000, TEXT_MAX };
	char text[TEXT_MAX + 1], want[TEXT_MAX + 100];
	struct trace trace = { };

	ENABLE("strings", "1");
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (int j = 0; j < lengths[i]; j++)
			text[j] = 'A' + j % 53;
		text[lengths[i]] = '\0';
		strings_expect(text, want, sizeof(want));
		HIT(text);
		TAKE(&trace, 1);
		EXPECT_STREQ(want, trace.rec[0].text);
	}
	trace_free(&trace);
}

TEST_F(markers, print_captures)
{
	static const struct {
		const char	data[20];
		int		len;
		const char	*want;
	} cases[] = {
		{ "\n", 1, "mac=00:00:00:00:00:00 ip=0.0.0.0 ip6=:: "
		  "uuid=00000000-0000-0000-0000-000000000000 hex= colons=" },
		{ "0123456789abcdef", 16, "mac=30:31:32:33:34:35 ip=48.49.50.51 "
		  "ip6=3031:3233:3435:3637:3839:6162:6364:6566 "
		  "uuid=30313233-3435-3637-3839-616263646566 "
		  "hex=30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 "
		  "colons=30:31:32:33:34:35:36:37:38:39:61:62:63:64:65:66" },
		{ "\xfe\x80\0\0\0\0\0\0\x02\x11\x22\xff\xfe\x33\x44\x55", 16,
		  "mac=fe:80:00:00:00:00 ip=254.128.0.0 ip6=fe80::211:22ff:fe33:4455 "
		  "uuid=fe800000-0000-0000-0211-22fffe334455 "
		  "hex=fe 80 00 00 00 00 00 00 02 11 22 ff fe 33 44 55 "
		  "colons=fe:80:00:00:00:00:00:00:02:11:22:ff:fe:33:44:55" },
		{ "\xff\xff\xff\xff\xff\xff", 6, "mac=ff:ff:ff:ff:ff:ff ip=255.255.255.255 "
		  "ip6=ffff:ffff:ffff:: uuid=ffffffff-ffff-0000-0000-000000000000 "
		  "hex=ff ff ff ff ff ff colons=ff:ff:ff:ff:ff:ff" },
		{ "\0", 1, "mac=00:00:00:00:00:00 ip=0.0.0.0 ip6=:: "
		  "uuid=00000000-0000-0000-0000-000000000000 hex=00 colons=00" },
	};
	struct trace trace = { };

	ENABLE("captures", "1");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		HIT_MEM(cases[i].data, cases[i].len);
		TAKE(&trace, 1);
		EXPECT_STREQ("captures", trace.rec[0].event);
		EXPECT_STREQ(cases[i].want, trace.rec[0].text);
	}
	trace_free(&trace);
}

/* Of many bytes the first are printed; more are in the record, see raw_bytes. */
TEST_F(markers, print_many_bytes)
{
	char data[HEX_MAX + 1], want[16 + 6 * HEX_MAX] = " hex=";
	struct trace trace = { };
	int len = strlen(want);

	for (int i = 0; i <= HEX_MAX; i++)
		data[i] = 'A' + i % 20;
	for (int i = 0; i < HEX_MAX; i++)
		len += snprintf(want + len, sizeof(want) - len, "%s%02x", i ? " " : "", data[i]);
	len += snprintf(want + len, sizeof(want) - len, " colons=");
	for (int i = 0; i < HEX_MAX; i++)
		len += snprintf(want + len, sizeof(want) - len, "%s%02x", i ? ":" : "", data[i]);

	ENABLE("captures", "1");
	HIT_MEM(data, sizeof(data));
	TAKE(&trace, 1);
	EXPECT_EQ(0, strcmp(strstr(trace.rec[0].text, " hex="), want)) {
		TH_LOG("got '%s', want '%s'", trace.rec[0].text, want);
	}
	trace_free(&trace);
}

static bool pointers_parse(const char *text, char ptr[32], char null[32])
{
	return matches(text, "^ptr=[^ ]+ fn=marker_example_pointers" MODULE_SUFFIX
		       " null=[^ ]+$") &&
	       sscanf(text, "ptr=%31s", ptr) == 1 &&
	       sscanf(strstr(text, " null="), " null=%31s", null) == 1;
}

/* %p prints a hash, the same for the same pointer, unless told not to. */
TEST_F(markers, print_pointers)
{
	char re[32], zero[32], ptr[4][32], null[4][32];
	struct trace trace = { };

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	snprintf(re, sizeof(re), "^[0-9a-f]{%d}$", 2 * self->long_size);
	snprintf(zero, sizeof(zero), "%0*d", 2 * self->long_size, 0);

	ENABLE("pointers", "1");
	for (int i = 0; i < 4; i++) {
		if (i == 2)
			WRITE("options/hash-ptr", "0");
		HIT("1");
		TAKE(&trace, 1);
		ASSERT_TRUE(pointers_parse(trace.rec[0].text, ptr[i], null[i])) {
			TH_LOG("'%s'", trace.rec[0].text);
		}
		EXPECT_STREQ(zero, null[i]);
		EXPECT_STRNE(zero, ptr[i]);
	}
	/* Before there is entropy, a hash prints as this. */
	EXPECT_TRUE(matches(ptr[0], re) || matches(ptr[0], "^\\(_*ptrval_*\\)$"));
	EXPECT_STREQ(ptr[0], ptr[1]);
	EXPECT_TRUE(matches(ptr[2], re));
	EXPECT_STREQ(ptr[2], ptr[3]);
	EXPECT_STRNE(ptr[1], ptr[2]);
	trace_free(&trace);
}

/* The markers of one write come in the order of the code, whichever site. */
TEST_F(markers, print_order)
{
	static const char *const order[] = {
		"begin", "negative", "step", "integers", "strings", "step", "pointers", "captures",
		"step", "parity",
	};
	struct trace trace = { };

	WRITE(EXAMPLE "enable", "1");
	HIT("-7");
	TAKE(&trace, (int)ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		EXPECT_STREQ(order[i], trace.rec[i].event);
	EXPECT_STREQ("begin", trace.rec[0].text);
	EXPECT_STREQ("n=-7", trace.rec[1].text);
	EXPECT_STREQ("-7 odd", trace.rec[9].text);
	EXPECT_STREQ("step=1", trace.rec[2].text);
	EXPECT_STREQ("step=2", trace.rec[5].text);
	EXPECT_STREQ("step=3", trace.rec[8].text);

	/* trace_mark_cond(): nothing is recorded where the condition is false. */
	HIT("8");
	TAKE(&trace, (int)ARRAY_SIZE(order) - 1);
	EXPECT_EQ(0, trace_count(&trace, "negative"));
	EXPECT_STREQ("8 even", trace_nth(&trace, "parity", 0)->text);
	trace_free(&trace);
}

TEST_F(markers, trace_pipe)
{
	char buf[4096] = "";
	ssize_t n;
	int fd;

	ENABLE("parity", "1");
	HIT("3");
	fd = openat(self->dir, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, fd);
	n = read(fd, buf, sizeof(buf) - 1);
	EXPECT_LT(0, n);
	EXPECT_TRUE(matches(buf, "^ *[^\n]+-[0-9]+ +\\[[0-9]+\\] [^ \n]+ +[0-9.]+: parity: 3 odd\n$")) {
		TH_LOG("'%s'", buf);
	}
	n = read(fd, buf, sizeof(buf));
	EXPECT_EQ(-1, n);
	EXPECT_EQ(EAGAIN, errno);
	close(fd);
}

/*
 * The binary record, as trace_pipe_raw has it. The form of a page is described
 * in events/header_page and events/header_event.
 */

struct raw_event {
	const unsigned char	*data;
	unsigned int		len;
	bool			stored;	/* the length, in a word of its own */
};

static void pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Take the events of a page of the buffer apart; their number or -1 */
static int raw_events(const unsigned char *page, ssize_t size, int long_size,
		      struct raw_event *ev, int max)
{
	unsigned long commit = 0;
	unsigned int header = 8 + long_size, type_len, len;
	uint32_t word;
	int nr = 0;

	memcpy(&word, page + 8, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	if (long_size == 8)
		memcpy(&word, page + 12, 4);
#endif
	/* Flags of missed events are above. */
	commit = word & 0xfffff;
	if (header + commit > (size_t)size)
		return -1;

	for (unsigned long pos = header; pos < header + commit; pos += len) {
		memcpy(&word, page + pos, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		type_len = word >> 27;
#else
		type_len = word & 31;
#endif
		if (type_len == 29 && !(word >> 5))
			break;			/* padding to the end */
		if (type_len == 30 || type_len == 31) {
			len = 8;		/* time extend, time stamp */
			continue;
		}
		if (type_len == 29 || !type_len) {
			uint32_t array;

			memcpy(&array, page + pos + 4, 4);
			len = 4 + ((array + 3) & ~3U);
			if (type_len == 29)
				continue;	/* discarded */
			if (nr < max)
				ev[nr] = (struct raw_event){ page + pos + 8, array - 4, true };
		} else {
			len = 4 + type_len * 4;
			if (nr < max)
				ev[nr] = (struct raw_event){ page + pos + 4, type_len * 4, false };
		}
		nr++;
	}
	return nr;
}

/*
 * The length in the buffer of a short event of len bytes: in words, or, on RISC-V without
 * unaligned accesses, in double words. There the buffer stores the length of every event.
 */
static unsigned int raw_len(const struct raw_event *ev, unsigned int len)
{
	unsigned int unit = 4;

#ifdef __riscv
	if (ev->stored)
		unit = 8;
#else
	(void)ev;
#endif
	return (len + unit - 1) / unit * unit;
}

#define RAW_PAGE	65536

/*
 * Take the events that CPU 0 has recorded since the last time, all of which have
 * to be in one page; their number or -1
 */
static int raw_take(int dir, int long_size, struct raw_event *ev, int max)
{
	static unsigned char page[RAW_PAGE];
	ssize_t size;
	int fd, nr;

	fd = openat(dir, "per_cpu/cpu0/trace_pipe_raw", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* The rest of the page that was read last time may be padding. */
	do {
		size = read(fd, page, sizeof(page));
		nr = size < 0 ? -1 : raw_events(page, size, long_size, ev, max);
	} while (!nr && size > 0);
	close(fd);
	return nr;
}

/* The unsigned value of the field of this name; ~0 if there is none */
static uint64_t raw_value(const struct raw_event *ev, const struct field *field, int nr,
			  const char *name)
{
	union { uint8_t u8; uint16_t u16; uint32_t u32; uint64_t u64; } v = { };

	for (int i = 0; i < nr; i++) {
		if (strcmp(field[i].name, name) || field[i].offset + field[i].size > ev->len)
			continue;
		memcpy(&v, ev->data + field[i].offset, field[i].size);
		return field[i].size == 1 ? v.u8 : field[i].size == 2 ? v.u16 :
		       field[i].size == 4 ? v.u32 : v.u64;
	}
	return ~0ULL;
}

/* Where the data of the __data_loc field of this name are */
static const unsigned char *raw_data(const struct raw_event *ev, const struct field *field,
				     int nr, const char *name, unsigned int *len)
{
	uint64_t loc = raw_value(ev, field, nr, name);
	unsigned int offset = loc & 0xffff;

	*len = loc >> 16;
	return loc == ~0ULL || offset + *len > ev->len ? NULL : ev->data + offset;
}

TEST_F(markers, raw_integers)
{
	struct field field[16];
	struct raw_event ev[2];
	uint64_t n = -2;
	unsigned int end;
	int nr;

	nr = format_fields(self->dir, "marker_example", "integers", field, 16);
	ASSERT_EQ(13, nr);
	end = field[nr - 1].offset + field[nr - 1].size;
	pin_to_cpu(0);
	ENABLE("integers", "1");
	HIT("-2");
	ASSERT_EQ(1, raw_take(self->dir, self->long_size, ev, 2));

	EXPECT_EQ(raw_len(&ev[0], end), ev[0].len);
	EXPECT_EQ(1U, raw_value(ev, field, nr, "b"));
	EXPECT_EQ((uint8_t)n, raw_value(ev, field, nr, "c"));
	EXPECT_EQ((uint8_t)n, raw_value(ev, field, nr, "s8"));
	EXPECT_EQ((uint8_t)n, raw_value(ev, field, nr, "u8"));
	EXPECT_EQ((uint16_t)n, raw_value(ev, field, nr, "s16"));
	EXPECT_EQ((uint16_t)n, raw_value(ev, field, nr, "u16"));
	EXPECT_EQ((uint32_t)n, raw_value(ev, field, nr, "s32"));
	EXPECT_EQ((uint32_t)n, raw_value(ev, field, nr, "u32"));
	EXPECT_EQ(self->long_size == 8 ? n : (uint32_t)n, raw_value(ev, field, nr, "sl"));
	EXPECT_EQ(self->long_size == 8 ? n : (uint32_t)n, raw_value(ev, field, nr, "ul"));
	EXPECT_EQ(n, raw_value(ev, field, nr, "s64"));
	EXPECT_EQ(n, raw_value(ev, field, nr, "u64"));
	EXPECT_EQ(n % 3, raw_value(ev, field, nr, "color"));
}

TEST_F(markers, raw_strings)
{
	const unsigned char *data;
	struct field field[16];
	struct raw_event ev[2];
	unsigned int len;
	int nr;

	nr = format_fields(self->dir, "marker_example", "strings", field, 16);
	ASSERT_EQ(4, nr);
	pin_to_cpu(0);
	ENABLE("strings", "1");
	HIT("raw string");
	ASSERT_EQ(1, raw_take(self->dir, self->long_size, ev, 2));

	data = raw_data(ev, field, nr, "text", &len);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(sizeof("raw string"), len);
	EXPECT_EQ(0, memcmp(data, "raw string", len));
	data = raw_data(ev, field, nr, "start", &len);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(sizeof("raw str"), len);
	EXPECT_EQ(0, memcmp(data, "raw str", len));
	data = raw_data(ev, field, nr, "null", &len);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(sizeof("(null)"), len);
	EXPECT_EQ(0, memcmp(data, "(null)", len));
	EXPECT_EQ(strlen("raw string"), raw_value(ev, field, nr, "len"));
	/* The bytes after the last field belong to the strings. */
	EXPECT_EQ(raw_len(&ev[0], field[3].offset + 4 + 11 + 8 + 7), ev[0].len);
}

TEST_F(markers, raw_bytes)
{
	static const int lengths[] = { 0, 1, 100, BYTES_MAX - 1, BYTES_MAX, BYTES_MAX + 1, TEXT_MAX };
	static unsigned char bytes[TEXT_MAX];
	struct field field[16];
	int nr;

	nr = format_fields(self->dir, "marker_example", "captures", field, 16);
	ASSERT_EQ(6, nr);
	for (int i = 0; i < TEXT_MAX; i++)
		bytes[i] = i % 223 + ' ';
	pin_to_cpu(0);
	ENABLE("captures", "1");

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		unsigned int len, want = lengths[i] < BYTES_MAX ? lengths[i] : BYTES_MAX;
		const unsigned char *data;
		struct raw_event ev[2];

		HIT_MEM(bytes, lengths[i]);
		ASSERT_EQ(1, raw_take(self->dir, self->long_size, ev, 2));
		data = raw_data(ev, field, nr, "hex", &len);
		ASSERT_NE(NULL, data);
		EXPECT_EQ(want, len);
		EXPECT_EQ(0, memcmp(data, bytes, want));
		data = raw_data(ev, field, nr, "colons", &len);
		ASSERT_NE(NULL, data);
		EXPECT_EQ(want, len);
		EXPECT_EQ(0, memcmp(data, bytes, want));
		if (want >= 16) {
			EXPECT_EQ(0, memcmp(ev[0].data + field[0].offset, bytes, 6));
			EXPECT_EQ(0, memcmp(ev[0].data + field[1].offset, bytes, 4));
			EXPECT_EQ(0, memcmp(ev[0].data + field[2].offset, bytes, 16));
			EXPECT_EQ(0, memcmp(ev[0].data + field[3].offset, bytes, 16));
		}
	}
}

/*
 * Enabling
 */

TEST_F(markers, enable_event)
{
	int integers = probes(self->top, "integers"), parity = probes(self->top, "parity");
	struct trace trace = { };

	ASSERT_LE(0, integers);
	ASSERT_LE(0, parity);
	HIT("1");
	TAKE(&trace, 0);

	for (int round = 0; round < 3; round++) {
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/enable", "0"));
		ENABLE("integers", "1");
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/enable", "1"));
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "enable", "X"));
		EXPECT_EQ(integers + 1, probes(self->top, "integers"));
		EXPECT_EQ(parity, probes(self->top, "parity"));
		/* A second time changes nothing. */
		ENABLE("integers", "1");
		EXPECT_EQ(integers + 1, probes(self->top, "integers"));
		HIT("2");
		TAKE(&trace, 1);
		EXPECT_STREQ("integers", trace.rec[0].event);

		ENABLE("integers", "0");
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/enable", "0"));
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "enable", "0"));
		EXPECT_EQ(integers, probes(self->top, "integers"));
		ENABLE("integers", "0");
		EXPECT_EQ(integers, probes(self->top, "integers"));
		HIT("3");
		TAKE(&trace, 0);
	}
	trace_free(&trace);
}

/* All events of the sample have @more probes than in @before. */
static bool all_have(int top, const int *before, int more)
{
	for (size_t i = 0; i < ARRAY_SIZE(example); i++) {
		int got = probes(top, example[i].event);

		if (got == before[i] + more)
			continue;
		printf("# %s has %d probes, wanted %d\n", example[i].event, got, before[i] + more);
		return false;
	}
	return true;
}

static void all_count(int top, int *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(example); i++)
		before[i] = probes(top, example[i].event);
}

TEST_F(markers, enable_system)
{
	int before[ARRAY_SIZE(example)];
	struct trace trace = { };

	all_count(self->top, before);
	WRITE(EXAMPLE "enable", "1");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "enable", "1"));
	EXPECT_TRUE(all_have(self->top, before, 1));
	HIT("1");
	TAKE(&trace, HITS);
	EXPECT_EQ(1, trace_count(&trace, "integers"));

	ENABLE("integers", "0");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "enable", "X"));
	HIT("1");
	TAKE(&trace, HITS - 1);
	EXPECT_EQ(0, trace_count(&trace, "integers"));

	WRITE(EXAMPLE "enable", "0");
	EXPECT_TRUE(all_have(self->top, before, 0));
	HIT("1");
	TAKE(&trace, 0);
	trace_free(&trace);
}

TEST_F_TIMEOUT(markers, enable_all, 120)
{
	int before[ARRAY_SIZE(example)];
	struct trace trace = { };

	all_count(self->top, before);
	WRITE("events/enable", "1");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/enable", "1"));
	EXPECT_TRUE(all_have(self->top, before, 1));
	HIT("1");
	WRITE("events/enable", "0");
	EXPECT_TRUE(all_have(self->top, before, 0));
	ASSERT_LT(0, trace_take(self->dir, &trace));
	HIT("1");
	TAKE(&trace, 0);
	trace_free(&trace);
}

TEST_F(markers, enable_set_event)
{
	int before[ARRAY_SIZE(example)], parity = probes(self->top, "parity");
	struct trace trace = { };
	char *list;

	all_count(self->top, before);
	WRITE("set_event", "marker_example:*");
	EXPECT_TRUE(all_have(self->top, before, 1));
	HIT("1");
	TAKE(&trace, HITS);

	WRITE("set_event", "!marker_example:integers");
	list = tr_read(self->dir, "set_event");
	ASSERT_NE(NULL, list);
	EXPECT_TRUE(line_matches(list, "^marker_example:parity$"));
	EXPECT_FALSE(line_matches(list, "^marker_example:integers$"));
	free(list);

	/* Opening the file to write afresh turns all off. */
	ASSERT_EQ(0, tr_truncate(self->dir, "set_event"));
	EXPECT_TRUE(all_have(self->top, before, 0));
	HIT("1");
	TAKE(&trace, 0);

	WRITE("set_event", "marker_example:parity");
	EXPECT_EQ(parity + 1, probes(self->top, "parity"));
	HIT("1");
	TAKE(&trace, 1);
	EXPECT_STREQ("1 odd", trace.rec[0].text);

	EXPECT_EQ(-EINVAL, tr_write(self->dir, "set_event", "marker_example:nosuch"));
	trace_free(&trace);
}

TEST_F(markers, tracing_off)
{
	struct trace trace = { };

	ENABLE("parity", "1");
	WRITE("tracing_on", "0");
	HIT("1");
	TAKE(&trace, 0);
	WRITE("tracing_on", "1");
	HIT("2");
	TAKE(&trace, 1);
	EXPECT_STREQ("2 even", trace.rec[0].text);
	trace_free(&trace);
}

#ifndef SYS_clone3
#define SYS_clone3	435
#endif

/* A task with the number @pid, called @comm, hits the sample's markers some times. */
static bool hit_as(pid_t pid, const char *comm, int hit)
{
	struct {
		uint64_t	flags, pidfd, child_tid, parent_tid, exit_signal;
		uint64_t	stack, stack_size, tls, set_tid, set_tid_size;
	} args = {
		.exit_signal	= SIGCHLD,
		.set_tid	= (uintptr_t)&pid,
		.set_tid_size	= 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));
	int status;

	if (!child) {
		pin_to_cpu(0);
		prctl(PR_SET_NAME, comm);
		/* The name is saved when the task is switched from. */
		for (int i = 0; i < 5; i++) {
			if (write(hit, "1", 1) != 1)
				_exit(1);
			usleep(1000);
		}
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* The name of the task in the first record, which is not taken */
static bool first_comm_is(int dir, const char *comm)
{
	struct trace trace = { .buf = tr_read(dir, "trace") };
	bool is;

	is = trace.buf && !trace_parse(&trace) && trace.nr && !strcmp(trace.rec[0].comm, comm);
	if (!is)
		printf("# want %s, got %s\n", comm, trace.nr ? trace.rec[0].comm : "no record");
	trace_free(&trace);
	return is;
}

#define PID_MAX		"/proc/sys/kernel/pid_max"
#define PID_HASH	32768	/* The names of tasks are kept by the rest modulo this. */

/* A trace that is stopped keeps the names of its tasks, whoever hits its markers. */
TEST_F(markers, tracing_off_keeps_names)
{
	char *pid_max = tr_read(AT_FDCWD, PID_MAX);
	pid_t victim = PID_HASH - 100;

	if (sizeof(long) < 8)
		SKIP(return, "32 bits have no such PIDs");
	ASSERT_NE(NULL, pid_max);
	if (atoi(pid_max) < 4 * PID_HASH)
		ASSERT_EQ(0, tr_write(AT_FDCWD, PID_MAX, "131072"));
	/* With and without data, which are two ways of a hit */
	ENABLE("strings", "1");
	ENABLE("begin", "1");
	if (!hit_as(victim, "marker-victim", self->hit)) {
		tr_write(AT_FDCWD, PID_MAX, pid_max);
		SKIP(return, "no task can have a number of its choice");
	}
	EXPECT_TRUE(first_comm_is(self->dir, "marker-victim"));
	WRITE("tracing_on", "0");
	EXPECT_TRUE(hit_as(victim + PID_HASH, "marker-intruder", self->hit));
	EXPECT_TRUE(first_comm_is(self->dir, "marker-victim"));

	/* It takes the place if the trace is not stopped. */
	WRITE("tracing_on", "1");
	EXPECT_TRUE(hit_as(victim + 2 * PID_HASH, "marker-intruder", self->hit));
	EXPECT_TRUE(first_comm_is(self->dir, "<...>"));
	EXPECT_EQ(0, tr_write(AT_FDCWD, PID_MAX, pid_max));
	free(pid_max);
}

TEST_F(markers, enable_garbage)
{
	static const char *const garbage[] = { "2", "-1", "x", "on", "1x", " ", "99999999999999999999" };
	static const char *const paths[] = { EXAMPLE "parity/enable", EXAMPLE "enable" };
	int before = probes(self->top, "parity");

	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(paths); j++) {
			int error = errno_of_write(self->dir, paths[j], garbage[i]);

			EXPECT_TRUE(error == EINVAL || error == ERANGE) {
				TH_LOG("'%s' to %s: %d", garbage[i], paths[j], error);
			}
		}
		EXPECT_TRUE(tr_is(self->dir, EXAMPLE "parity/enable", "0"));
		EXPECT_EQ(before, probes(self->top, "parity"));
	}
	ENABLE("parity", "1");
	EXPECT_EQ(EINVAL, errno_of_write(self->dir, EXAMPLE "parity/enable", "2"));
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "parity/enable", "1"));
	EXPECT_EQ(before + 1, probes(self->top, "parity"));
	EXPECT_NE(0, errno_of_write(self->dir, EXAMPLE "parity/format", "1"));
	EXPECT_NE(0, errno_of_write(self->dir, EXAMPLE "parity/id", "1"));
}

/*
 * Filters
 */

/* A filter of an event, what is written, and whether that passes */
struct filter_case {
	const char	*event;
	const char	*filter;
	const char	*text;
	bool		pass;
};

/* Each filter has to pass something, and reject something. */
static const struct filter_case filter_cases[] = {
	/* bool, char, enum */
	{ "integers", "b == 1", "5", true },
	{ "integers", "b == 1", "0", false },
	{ "integers", "b != 0", "0", false },
	{ "integers", "b != 0", "-3", true },
	{ "integers", "c == 254", "-2", true },
	{ "integers", "c == 254", "2", false },
	{ "integers", "c > 127", "128", true },
	{ "integers", "c > 127", "127", false },
	{ "integers", "color == 2", "5", true },
	{ "integers", "color == 2", "4", false },
	{ "integers", "color & 1", "4", true },
	{ "integers", "color & 1", "5", false },
	/* 8 bits */
	{ "integers", "s8 == -128", "128", true },
	{ "integers", "s8 == -128", "-127", false },
	{ "integers", "s8 < 0", "-1", true },
	{ "integers", "s8 < 0", "1", false },
	{ "integers", "s8 > 100", "127", true },
	{ "integers", "s8 > 100", "255", false },
	{ "integers", "s8 != -1", "0", true },
	{ "integers", "s8 != -1", "255", false },
	{ "integers", "s8 & 0x80", "-1", true },
	{ "integers", "s8 & 0x80", "127", false },
	{ "integers", "u8 == 255", "-1", true },
	{ "integers", "u8 == 255", "254", false },
	{ "integers", "u8 > 200", "-1", true },
	{ "integers", "u8 > 200", "200", false },
	{ "integers", "u8 < 200", "199", true },
	{ "integers", "u8 < 200", "-1", false },
	{ "integers", "u8 & 0x80", "128", true },
	{ "integers", "u8 & 0x80", "127", false },
	/* 16 bits */
	{ "integers", "s16 == -1", "65535", true },
	{ "integers", "s16 == -1", "1", false },
	{ "integers", "s16 <= -32768", "-32768", true },
	{ "integers", "s16 <= -32768", "-32767", false },
	{ "integers", "s16 > 0", "32767", true },
	{ "integers", "s16 > 0", "32768", false },
	{ "integers", "u16 == 65535", "-1", true },
	{ "integers", "u16 == 65535", "65534", false },
	{ "integers", "u16 > 65534", "65535", true },
	{ "integers", "u16 > 65534", "65534", false },
	{ "integers", "u16 & 0x100", "256", true },
	{ "integers", "u16 & 0x100", "255", false },
	/* 32 bits */
	{ "integers", "s32 == -2147483648", "-2147483648", true },
	{ "integers", "s32 == -2147483648", "-2147483647", false },
	{ "integers", "s32 < -5", "-6", true },
	{ "integers", "s32 < -5", "-5", false },
	{ "integers", "s32 >= 7", "7", true },
	{ "integers", "s32 >= 7", "4294967295", false },
	{ "integers", "s32 != 7", "8", true },
	{ "integers", "s32 != 7", "7", false },
	{ "integers", "u32 == 4294967295", "-1", true },
	{ "integers", "u32 == 4294967295", "1", false },
	{ "integers", "u32 > 0x7fffffff", "-1", true },
	{ "integers", "u32 > 0x7fffffff", "1", false },
	{ "integers", "u32 & 0x80000000", "-2147483648", true },
	{ "integers", "u32 & 0x80000000", "2147483647", false },
	/* long */
	{ "integers", "sl < 0", "-1", true },
	{ "integers", "sl < 0", "1", false },
	{ "integers", "sl == -100", "-100", true },
	{ "integers", "sl == -100", "100", false },
	{ "integers", "ul > 1000", "-1", true },
	{ "integers", "ul > 1000", "1000", false },
	/* 64 bits */
	{ "integers", "s64 == -9223372036854775808", "-9223372036854775808", true },
	{ "integers", "s64 == -9223372036854775808", "9223372036854775807", false },
	{ "integers", "s64 < -4294967296", "-4294967297", true },
	{ "integers", "s64 < -4294967296", "-1", false },
	{ "integers", "s64 > 4294967296", "4294967297", true },
	{ "integers", "s64 > 4294967296", "-1", false },
	{ "integers", "u64 == 18446744073709551615", "-1", true },
	{ "integers", "u64 == 18446744073709551615", "4294967295", false },
	{ "integers", "u64 >= 9223372036854775808", "-9223372036854775808", true },
	{ "integers", "u64 >= 9223372036854775808", "9223372036854775807", false },
	{ "integers", "u64 & 0x100000000", "4294967296", true },
	{ "integers", "u64 & 0x100000000", "4294967295", false },
	/* combined */
	{ "integers", "s32 == 5 || s32 == 7", "7", true },
	{ "integers", "s32 == 5 || s32 == 7", "6", false },
	{ "integers", "!(s32 == 5 || u8 > 100)", "6", true },
	{ "integers", "!(s32 == 5 || u8 > 100)", "101", false },
	{ "integers", "s32 > 5 && s32 < 10 && b == 1", "9", true },
	{ "integers", "s32 > 5 && s32 < 10 && b == 1", "10", false },
	/* strings */
	{ "strings", "text == \"abc\"", "abc", true },
	{ "strings", "text == \"abc\"", "abcd", false },
	{ "strings", "text == 'a b'", "a b", true },
	{ "strings", "text == 'a b'", "a", false },
	{ "strings", "text != \"abc\"", "abcd", true },
	{ "strings", "text != \"abc\"", "abc", false },
	{ "strings", "text == \"\"", "\n", true },
	{ "strings", "text == \"\"", "a", false },
	{ "strings", "text ~ \"ab*\"", "abc", true },
	{ "strings", "text ~ \"ab*\"", "xabc", false },
	{ "strings", "text ~ \"*bc\"", "abc", true },
	{ "strings", "text ~ \"*bc\"", "abcd", false },
	{ "strings", "text ~ \"*bc*\"", "abcd", true },
	{ "strings", "text ~ \"*bc*\"", "acbd", false },
	{ "strings", "text ~ \"a?[cd]*\"", "abd!", true },
	{ "strings", "text ~ \"a?[cd]*\"", "abe!", false },
	{ "strings", "text ~ \"*\xc3\xbc*\"", "gr\xc3\xbc\xc3\x9f", true },
	{ "strings", "text ~ \"*\xc3\xbc*\"", "gruss", false },
	{ "strings", "start == \"abcdefg\"", "abcdefghij", true },
	{ "strings", "start == \"abcdefg\"", "abcdef", false },
	{ "strings", "null == \"(null)\" && len == 3", "abc", true },
	{ "strings", "null == \"(null)\" && len == 3", "abcd", false },
	{ "strings", "null != \"(null)\" || len > 3", "abcd", true },
	{ "strings", "null != \"(null)\" || len > 3", "abc", false },
	{ "parity", "arg2 == \"odd\"", "3", true },
	{ "parity", "arg2 == \"odd\"", "4", false },
	{ "parity", "arg1 > 3 && arg2 ~ \"e*\"", "4", true },
	{ "parity", "arg1 > 3 && arg2 ~ \"e*\"", "2", false },
	/* pointers */
	{ "pointers", "null == 0 && ptr != 0", "1", true },
	{ "pointers", "null != 0 || ptr == 0", "1", false },
	{ "pointers", "fn.function == marker_example_pointers", "1", true },
	{ "pointers", "fn.function != marker_example_pointers", "1", false },
	/* what all events have */
	{ "begin", "CPU == 0", "1", true },
	{ "begin", "CPU != 0", "1", false },
	{ "begin", "CPU & CPUS{0}", "1", true },
	{ "begin", "common_cpu > 0", "1", false },
	{ "begin", "COMM == \"marker-selftest\"", "1", true },
	{ "begin", "COMM == \"somebody-else\"", "1", false },
	{ "begin", "comm ~ \"marker-*\"", "1", true },
	{ "begin", "common_pid > 0", "1", true },
	{ "begin", "common_pid == 0", "1", false },
};

TEST_F_TIMEOUT(markers, filter, 120)
{
	struct trace trace = { };

	prctl(PR_SET_NAME, "marker-selftest");
	pin_to_cpu(0);
	for (size_t i = 0; i < ARRAY_SIZE(filter_cases); i++) {
		const struct filter_case *c = &filter_cases[i];
		char enable[80], filter[80];
		int ret;

		if (strstr(c->filter, ".function") && !has_symbols())
			continue;
		snprintf(enable, sizeof(enable), EXAMPLE "%s/enable", c->event);
		snprintf(filter, sizeof(filter), EXAMPLE "%s/filter", c->event);
		ret = tr_write(self->dir, filter, c->filter);
		EXPECT_EQ(0, ret) {
			TH_LOG("%s: filter '%s' not taken", c->event, c->filter);
		}
		EXPECT_TRUE(tr_is(self->dir, filter, c->filter));
		WRITE(enable, "1");
		HIT(c->text);
		WRITE(enable, "0");
		EXPECT_EQ(c->pass, trace_take(self->dir, &trace)) {
			TH_LOG("%s: filter '%s', written '%s'", c->event, c->filter, c->text);
		}
		WRITE(filter, "0");
		EXPECT_TRUE(tr_is(self->dir, filter, "none"));
	}
	trace_free(&trace);
}

/* A pointer by its value, which only the trace knows */
TEST_F(markers, filter_pointer)
{
	char ptr[32], null[32], filter[64];
	struct trace trace = { };

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	WRITE("options/hash-ptr", "0");
	ENABLE("pointers", "1");
	HIT("1");
	TAKE(&trace, 1);
	ASSERT_TRUE(pointers_parse(trace.rec[0].text, ptr, null));
	snprintf(filter, sizeof(filter), "ptr == 0x%s", ptr);
	WRITE(EXAMPLE "pointers/filter", filter);
	HIT("2");
	TAKE(&trace, 1);
	snprintf(filter, sizeof(filter), "ptr != 0x%s", ptr);
	WRITE(EXAMPLE "pointers/filter", filter);
	HIT("3");
	TAKE(&trace, 0);
	trace_free(&trace);
}

/* Only the first 511 characters are there to be compared. */
TEST_F(markers, filter_long_string)
{
	char text[TEXT_MAX + 1];
	struct trace trace = { };

	memset(text, 'a', TEXT_MAX);
	text[TEXT_MAX] = '\0';
	memcpy(text + STRING_MAX - 3, "end", 3);
	ENABLE("strings", "1");
	WRITE(EXAMPLE "strings/filter", "text ~ \"*end\"");
	HIT(text);
	TAKE(&trace, 1);
	text[STRING_MAX - 1] = 'a';
	HIT(text);
	TAKE(&trace, 0);
	trace_free(&trace);
}

/*
 * Filters that cannot be: the write fails, error_log says why, and no filter is
 * in force, as for all trace events.
 */
TEST_F(markers, filter_garbage)
{
	static const struct {
		const char	*event;
		const char	*filter;
		const char	*error;
	} cases[] = {
		{ "integers", "nosuch == 1", "Field not found" },
		{ "integers", "s32 = 1", "Invalid operator" },
		{ "integers", "s32 == ", "Invalid value" },
		{ "integers", "s32 == f", "Invalid value" },
		{ "integers", "s32 == five", "Invalid value" },
		{ "integers", "s32 == 5x", "Illegal integer value" },
		{ "integers", "u32 == -1", "Illegal integer value" },
		{ "integers", "s32 == \"5\"", "Expecting numeric field" },
		{ "integers", "s32 ~ 5", "Illegal operation" },
		{ "integers", "(s32 == 5", "Too many '\\('" },
		{ "integers", "s32 == 5)", "Too few '\\('" },
		{ "strings", "text == 5", "Expecting string field" },
		{ "strings", "text > \"a\"", "Illegal operation" },
		{ "strings", "text == \"a", "Missing matching quote" },
		{ "pointers", "ptr == \"a\"", "Expecting numeric field" },
		{ "begin", "nosuch == 1", "Field not found" },
		{ "integers", "s32 == 5 u32 == 6", "Expecting && or \\|\\| after a term" },
		{ "integers", "== 5", "Expecting the name of a field" },
		{ "captures", "ip == 127.0.0.1", "write an address as one, in hex" },
		{ "captures", "mac == 01:02:03:04:05:06", "Illegal operation" },
		{ "captures", "hex == 5", "Illegal operation" },
	};
	struct trace trace = { };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char path[80], re[80], *log;

		snprintf(path, sizeof(path), EXAMPLE "%s/filter", cases[i].event);
		snprintf(re, sizeof(re), "event filter parse error: error: .*%s", cases[i].error);
		ASSERT_EQ(0, tr_truncate(self->dir, "error_log"));
		WRITE(path, "common_pid == 0");
		EXPECT_EQ(EINVAL, errno_of_write(self->dir, path, cases[i].filter)) {
			TH_LOG("%s: '%s'", cases[i].event, cases[i].filter);
		}
		log = tr_read(self->dir, "error_log");
		ASSERT_NE(NULL, log);
		EXPECT_TRUE(line_matches(log, re)) {
			TH_LOG("%s: '%s': %s", cases[i].event, cases[i].filter, log);
		}
		free(log);
	}
	WRITE(EXAMPLE "enable", "1");
	HIT("1");
	EXPECT_LE(0, trace_take(self->dir, &trace));
	EXPECT_EQ(1, trace_count(&trace, "integers"));
	EXPECT_EQ(1, trace_count(&trace, "strings"));
	trace_free(&trace);

	/* Fields of other kinds of events do not have names of values. */
	EXPECT_EQ(EINVAL, errno_of_write(self->dir, "events/sched/sched_switch/filter",
					 "prev_pid == f"));
}

/* Addresses and bytes are neither numbers nor strings: filters refuse them. */
TEST_F(markers, filter_refused)
{
	static const char *const filters[] = {
		"mac == 5", "mac != 5", "ip6 == 5", "ip6 > 5", "uuid & 5", "mac & CPUS{1}",
		"mac == \"a\"", "ip == \"127.0.0.1\"", "ip6 ~ \"a*\"", "uuid != \"a\"",
		"hex == \"a\"", "colons ~ \"*\"", "hex == 5", "colons & 5", "hex & CPUS{1}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		EXPECT_EQ(EINVAL, errno_of_write(self->dir, EXAMPLE "captures/filter", filters[i])) {
			TH_LOG("'%s' was taken", filters[i]);
		}
		WRITE(EXAMPLE "captures/filter", "0");
	}
}

/* Only an IPv4 address is taken, for a number of the machine's byte order. */
TEST_F(markers, filter_ipv4)
{
	static const struct {
		const char	*op;
		unsigned char	address[4];
		int		pass;
	} cases[] = {
		{ "==", { 192, 0, 2, 33 }, 1 },
		{ "==", { 192, 0, 2, 34 }, 0 },
		{ "==", { 33, 2, 0, 192 }, 0 },
		{ "!=", { 192, 0, 2, 33 }, 0 },
		{ "!=", { 192, 0, 2, 34 }, 1 },
	};
	static const unsigned char wanted[4] = { 192, 0, 2, 33 };
	struct trace trace = { };
	uint32_t number;

	memcpy(&number, wanted, sizeof(number));
	ENABLE("captures", "1");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char filter[32];

		snprintf(filter, sizeof(filter), "ip %s %#x", cases[i].op, number);
		WRITE(EXAMPLE "captures/filter", filter);
		HIT_MEM(cases[i].address, 4);
		EXPECT_EQ(cases[i].pass, trace_take(self->dir, &trace)) {
			TH_LOG("%s: address %zu", filter, i);
		}
	}
	trace_free(&trace);
}

/* A filter of the system goes to those of its events that have the field. */
TEST_F(markers, filter_system)
{
	struct trace trace = { };

	WRITE(EXAMPLE "filter", "s32 == 5");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/filter", "s32 == 5"));
	ENABLE("integers", "1");
	ENABLE("parity", "1");
	HIT("6");
	HIT("5");
	TAKE(&trace, 3);
	EXPECT_EQ(1, trace_count(&trace, "integers"));
	EXPECT_EQ(2, trace_count(&trace, "parity"));
	WRITE(EXAMPLE "filter", "0");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/filter", "none"));
	trace_free(&trace);
}

/* A filter that is changed while the event is on is in force at once. */
TEST_F(markers, filter_change)
{
	struct trace trace = { };

	ENABLE("integers", "1");
	for (int i = 0; i < 20; i++) {
		char filter[32], text[2][16];

		snprintf(filter, sizeof(filter), "s32 == %d", i);
		snprintf(text[0], sizeof(text[0]), "%d", i);
		snprintf(text[1], sizeof(text[1]), "%d", i + 1);
		WRITE(EXAMPLE "integers/filter", filter);
		HIT(text[0]);
		HIT(text[1]);
		TAKE(&trace, 1);
	}
	WRITE(EXAMPLE "integers/filter", "0");
	HIT("1");
	HIT("2");
	TAKE(&trace, 2);
	trace_free(&trace);
}

/* set_event_pid of the instance */
TEST_F(markers, filter_pid)
{
	struct trace trace = { };
	char pid[16];

	ENABLE("parity", "1");
	snprintf(pid, sizeof(pid), "%d", getpid());
	WRITE("set_event_pid", "1");
	HIT("1");
	TAKE(&trace, 0);
	WRITE("set_event_pid", pid);
	HIT("2");
	TAKE(&trace, 1);
	EXPECT_STREQ("2 even", trace.rec[0].text);
	ASSERT_EQ(0, tr_truncate(self->dir, "set_event_pid"));
	WRITE("set_event_notrace_pid", pid);
	HIT("3");
	TAKE(&trace, 0);
	trace_free(&trace);
}

/* Have another thread, or another process, hit the sample's markers once. */
static void *hit_thread(void *data)
{
	int hit = *(int *)data;

	return (void *)(intptr_t)(write(hit, "1", 1) == 1);
}

static bool hit_by_thread(int hit)
{
	pthread_t thread;
	void *ret;

	return !pthread_create(&thread, NULL, hit_thread, &hit) &&
	       !pthread_join(thread, &ret) && ret;
}

static bool hit_by_child(int hit)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(write(hit, "1", 1) != 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/*
 * A task leaves the list when it is freed, which is a grace period after it was
 * waited for at the soonest.
 */
static bool leave_event_pid(int dir, const char *left)
{
	for (int i = 0; i < 500; i++) {
		char *got = tr_read(dir, "set_event_pid");
		bool one = got && strchr(got, '\n') == strrchr(got, '\n');

		free(got);
		if (one)
			break;
		usleep(10000);
	}
	return tr_is(dir, "set_event_pid", left);
}

/*
 * set_event_pid names threads. Those that they start come to it, and leave it
 * when they end, if the option event-fork is set.
 */
TEST_F(markers, filter_pid_fork)
{
	struct trace trace = { };
	char pid[16];

	ENABLE("parity", "1");
	snprintf(pid, sizeof(pid), "%d", getpid());
	WRITE("set_event_pid", pid);
	ASSERT_TRUE(hit_by_thread(self->hit));
	ASSERT_TRUE(hit_by_child(self->hit));
	TAKE(&trace, 0);

	WRITE("options/event-fork", "1");
	ASSERT_TRUE(hit_by_thread(self->hit));
	TAKE(&trace, 1);
	EXPECT_NE(getpid(), trace.rec[0].pid);
	ASSERT_TRUE(hit_by_child(self->hit));
	TAKE(&trace, 1);
	EXPECT_NE(getpid(), trace.rec[0].pid);
	EXPECT_TRUE(leave_event_pid(self->dir, pid));

	ASSERT_EQ(0, tr_truncate(self->dir, "set_event_pid"));
	WRITE("set_event_notrace_pid", pid);
	ASSERT_TRUE(hit_by_thread(self->hit));
	ASSERT_TRUE(hit_by_child(self->hit));
	HIT("1");
	TAKE(&trace, 0);
	WRITE("options/event-fork", "0");
	ASSERT_TRUE(hit_by_thread(self->hit));
	ASSERT_TRUE(hit_by_child(self->hit));
	TAKE(&trace, 2);
	trace_free(&trace);
}

/*
 * Several instances
 */

TEST_F(markers, two_instances)
{
	int before = probes(self->top, "integers");
	struct trace trace = { };
	int other = tr_instance(self->top, OTHER);
	char filter[48];

	ASSERT_LE(0, other);
	WRITE(EXAMPLE "integers/filter", "s32 < 5");
	EXPECT_EQ(0, tr_write(other, EXAMPLE "integers/filter", "s32 > 3"));
	ENABLE("integers", "1");
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	EXPECT_EQ(0, tr_write(other, EXAMPLE "integers/enable", "1"));
	EXPECT_EQ(before + 2, probes(self->top, "integers"));

	HIT("3");
	HIT("4");
	HIT("5");
	TAKE(&trace, 2);
	EXPECT_TRUE(matches(trace.rec[0].text, " s32=3 "));
	EXPECT_TRUE(matches(trace.rec[1].text, " s32=4 "));
	EXPECT_EQ(2, trace_take(other, &trace));
	EXPECT_TRUE(matches(trace.rec[0].text, " s32=4 "));
	EXPECT_TRUE(matches(trace.rec[1].text, " s32=5 "));
	EXPECT_EQ(getpid(), trace.rec[0].pid);
	EXPECT_EQ(getpid(), trace.rec[1].pid);

	/* Where one has refused a hit before it had a pid, the other one looks at that. */
	snprintf(filter, sizeof(filter), "s32 == 5 && common_pid == %d", getpid());
	EXPECT_EQ(0, tr_write(other, EXAMPLE "integers/filter", filter));
	HIT("5");
	TAKE(&trace, 0);
	ASSERT_EQ(1, trace_take(other, &trace));
	EXPECT_EQ(getpid(), trace.rec[0].pid);
	EXPECT_EQ(0, tr_write(other, EXAMPLE "integers/filter", "s32 > 3"));

	/* Off in one, still on in the other */
	ENABLE("integers", "0");
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	HIT("4");
	TAKE(&trace, 0);
	EXPECT_EQ(1, trace_take(other, &trace));

	/* An instance that goes takes its probe with it. */
	close(other);
	EXPECT_EQ(0, tr_instance_remove(self->top, OTHER));
	EXPECT_EQ(before, probes(self->top, "integers"));
	HIT("4");
	ENABLE("integers", "1");
	HIT("4");
	TAKE(&trace, 1);
	trace_free(&trace);
}

/* Write numbers until killed. */
static pid_t start_writer(int hit)
{
	pid_t pid = fork();
	char buf[24];

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (long long n = 0;; n++) {
		int len = snprintf(buf, sizeof(buf), "%lld", n);

		if (write(hit, buf, len) != len)
			_exit(1);
	}
}

/* Whether the writer lived until now */
static bool stop_writer(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGKILL;
}

TEST_F_TIMEOUT(markers, instance_removed_while_hit, 120)
{
	int before = probes(self->top, "strings");
	pid_t writer = start_writer(self->hit);

	ASSERT_LT(0, writer);
	for (int i = 0; i < 10; i++) {
		int other = tr_instance(self->top, OTHER);

		EXPECT_LE(0, other);
		EXPECT_EQ(0, tr_write(other, EXAMPLE "enable", "1"));
		if (i % 2)
			EXPECT_EQ(0, tr_write(other, EXAMPLE "integers/filter", "s32 & 1"));
		usleep(2000);
		close(other);
		EXPECT_EQ(0, tr_instance_remove(self->top, OTHER));
	}
	EXPECT_TRUE(stop_writer(writer));
	EXPECT_EQ(before, probes(self->top, "strings"));
}

/* All fields of a record come from one hit. */
static bool integers_consistent(int long_size, const char *text)
{
	const char *s64 = strstr(text, " s64=");
	char want[512];

	if (!s64)
		return false;
	integers_expect(long_size, strtoll(s64 + 5, NULL, 10), want, sizeof(want));
	return !strcmp(text, want);
}

TEST_F_TIMEOUT(markers, toggle_while_hit, 120)
{
	int before = probes(self->top, "integers");
	struct trace trace = { };
	pid_t writer[2];
	int nr;

	WRITE("buffer_size_kb", "256");
	for (int i = 0; i < 2; i++) {
		writer[i] = start_writer(self->hit);
		ASSERT_LT(0, writer[i]);
	}
	for (int i = 0; i < 50; i++) {
		WRITE(EXAMPLE "enable", "1");
		if (i % 3 == 1)
			WRITE(EXAMPLE "integers/filter", "s32 != 0");
		if (i % 3 == 2)
			WRITE(EXAMPLE "integers/filter", "0");
		if (i % 10 == 0)
			usleep(1000);
		WRITE(EXAMPLE "enable", "0");
	}
	EXPECT_EQ(before, probes(self->top, "integers"));
	ASSERT_EQ(0, tr_truncate(self->dir, "trace"));
	usleep(20000);
	TAKE(&trace, 0);

	WRITE(EXAMPLE "enable", "1");
	usleep(100000);
	WRITE(EXAMPLE "enable", "0");
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(stop_writer(writer[i]));
	nr = trace_take(self->dir, &trace);
	EXPECT_LT(0, nr);
	EXPECT_LT(0, trace_count(&trace, "integers"));
	for (int i = 0; i < nr; i++) {
		if (strcmp(trace.rec[i].event, "integers"))
			continue;
		EXPECT_TRUE(integers_consistent(self->long_size, trace.rec[i].text)) {
			TH_LOG("'%s'", trace.rec[i].text);
		}
	}
	trace_free(&trace);
}

/*
 * Triggers
 */

#define TRIGGER(event, text)	WRITE(EXAMPLE event "/trigger", text)

TEST_F(markers, trigger_traceoff)
{
	int before = probes(self->top, "integers");
	struct trace trace = { };

	/* A trigger needs hits, even when the event is off. */
	TRIGGER("integers", "traceoff if s32 == 5");
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "integers/trigger",
			  "traceoff:unlimited if s32 == 5"));
	ENABLE("begin", "1");
	HIT("4");
	EXPECT_TRUE(tr_is(self->dir, "tracing_on", "1"));
	HIT("5");
	EXPECT_TRUE(tr_is(self->dir, "tracing_on", "0"));
	HIT("4");
	TAKE(&trace, 2);
	EXPECT_EQ(2, trace_count(&trace, "begin"));

	TRIGGER("integers", "!traceoff");
	EXPECT_EQ(before, probes(self->top, "integers"));
	WRITE("tracing_on", "1");
	HIT("5");
	EXPECT_TRUE(tr_is(self->dir, "tracing_on", "1"));
	trace_free(&trace);
}

/* A trigger without a condition, of an event that records as well */
TEST_F(markers, trigger_always)
{
	struct trace trace = { };

	ENABLE("integers", "1");
	TRIGGER("integers", "enable_event:marker_example:parity");
	HIT("4");
	TAKE(&trace, 2);
	EXPECT_EQ(1, trace_count(&trace, "integers"));
	EXPECT_EQ(1, trace_count(&trace, "parity"));
	TRIGGER("integers", "!enable_event:marker_example:parity");

	TRIGGER("integers", "traceoff");
	HIT("5");
	EXPECT_TRUE(tr_is(self->dir, "tracing_on", "0"));
	TRIGGER("integers", "!traceoff");
	trace_free(&trace);
}

TEST_F(markers, trigger_stacktrace)
{
	char *text;

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	TRIGGER("integers", "stacktrace if s32 == 5");
	HIT("4");
	text = tr_read(self->dir, "trace");
	ASSERT_NE(NULL, text);
	EXPECT_FALSE(line_matches(text, "<stack trace>$"));
	free(text);

	HIT("5");
	text = tr_read(self->dir, "trace");
	ASSERT_NE(NULL, text);
	EXPECT_TRUE(line_matches(text, ": <stack trace>$"));
	/* The function that has the marker, unless it was inlined */
	EXPECT_TRUE(line_matches(text, "^ => marker_example_(integers|write)(\\.cold)?" MODULE_SUFFIX "$")) {
		TH_LOG("%s", text);
	}
	EXPECT_TRUE(line_matches(text, "^ => (vfs|ksys)_write$"));
	/* The event itself is off. */
	EXPECT_FALSE(line_matches(text, ": integers: "));
	free(text);
	TRIGGER("integers", "!stacktrace");
}

static bool is_symbol(const char *symbols, const char *name)
{
	char line[128], module[128];

	snprintf(line, sizeof(line), " %s\n", name);
	snprintf(module, sizeof(module), " %s\t", name);
	return strstr(symbols, line) || strstr(symbols, module);
}

/* Whether a line of a stack is there once more. */
static bool has_twice(const char *text)
{
	const char *line = text, *end;
	char copy[256];

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (*line != ' ' || end - line + 2 > (long)sizeof(copy))
			continue;
		snprintf(copy, sizeof(copy), "%.*s", (int)(end - line + 1), line);
		if (strstr(end, copy))
			return true;
	}
	return false;
}

/*
 * However stacks are unwound, and whatever the compiler has made of the functions in
 * between, a stack trace begins with the function that the marker is in.
 */
TEST_F(markers, stack_begins)
{
	static const struct {
		const char	*event;
		const char	*func;	/* or marker_example_write, where it is inlined */
	} cases[] = {
		{ "begin", "marker_example_write" },
		{ "captures", "marker_example_captures" },
		{ "strings", "marker_example_strings" },
	};
	char *symbols = tr_read(AT_FDCWD, "/proc/kallsyms"), *text, re[128];
	char enable[80], trigger[80], hist[80];

	if (!symbols)
		SKIP(return, "no CONFIG_KALLSYMS");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool inlined = !is_symbol(symbols, cases[i].func);
		const char *func = inlined ? "marker_example_write" : cases[i].func;

		snprintf(enable, sizeof(enable), EXAMPLE "%s/enable", cases[i].event);
		snprintf(trigger, sizeof(trigger), EXAMPLE "%s/trigger", cases[i].event);
		snprintf(hist, sizeof(hist), EXAMPLE "%s/hist", cases[i].event);
		snprintf(re, sizeof(re), ": <stack trace>\n => %s[. \n]", func);
		WRITE(enable, "1");
		WRITE("options/stacktrace", "1");
		HIT("5");
		WRITE("options/stacktrace", "0");
		WRITE(enable, "0");
		text = tr_read(self->dir, "trace");
		EXPECT_TRUE(text && matches(text, re)) {
			TH_LOG("option, %s: %s", cases[i].event, text);
		}
		free(text);
		ASSERT_EQ(0, tr_truncate(self->dir, "trace"));

		WRITE(trigger, "stacktrace");
		HIT("5");
		WRITE(trigger, "!stacktrace");
		text = tr_read(self->dir, "trace");
		EXPECT_TRUE(text && matches(text, re)) {
			TH_LOG("trigger, %s: %s", cases[i].event, text);
		}
		free(text);
		ASSERT_EQ(0, tr_truncate(self->dir, "trace"));

		if (!tr_exists(self->dir, hist))
			continue;
		snprintf(re, sizeof(re), "stacktrace:\n +%s[.+]", func);
		WRITE(trigger, "hist:keys=common_stacktrace");
		HIT("5");
		text = tr_read(self->dir, hist);
		EXPECT_TRUE(text && matches(text, re) && !has_twice(text)) {
			TH_LOG("histogram, %s: %s", cases[i].event, text);
		}
		free(text);
		WRITE(trigger, "!hist:keys=common_stacktrace");
	}
	free(symbols);
}

TEST_F(markers, trigger_enable_event)
{
	int before = probes(self->top, "begin");
	struct trace trace = { };

	TRIGGER("integers", "enable_event:marker_example:begin if s32 == 5");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "begin/enable", "0*"));
	EXPECT_EQ(before + 1, probes(self->top, "begin"));
	HIT("4");
	HIT("5");
	TAKE(&trace, 0);
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "begin/enable", "1*"));
	HIT("6");
	TAKE(&trace, 1);
	EXPECT_STREQ("begin", trace.rec[0].event);

	TRIGGER("integers", "!enable_event:marker_example:begin");
	ENABLE("begin", "1");
	TRIGGER("integers", "disable_event:marker_example:begin if s32 == 7");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "begin/enable", "1*"));
	HIT("7");
	TAKE(&trace, 1);
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "begin/enable", "0*"));
	HIT("8");
	TAKE(&trace, 0);

	TRIGGER("integers", "!disable_event:marker_example:begin");
	ENABLE("begin", "0");
	EXPECT_TRUE(tr_is(self->dir, EXAMPLE "begin/enable", "0"));
	EXPECT_EQ(before, probes(self->top, "begin"));
	trace_free(&trace);
}

/* A snapshot has what was recorded until then, and the buffer starts anew. */
TEST_F(markers, trigger_snapshot)
{
	struct trace trace = { };
	char *text;

	if (!tr_exists(self->dir, "snapshot"))
		SKIP(return, "no CONFIG_TRACER_SNAPSHOT");
	TRIGGER("integers", "snapshot:1 if s32 == 5");
	ENABLE("begin", "1");
	ENABLE("parity", "1");
	HIT("4");
	HIT("5");
	HIT("5");
	text = tr_read(self->dir, "snapshot");
	ASSERT_NE(NULL, text);
	EXPECT_TRUE(line_matches(text, ": parity: 4 even$"));
	EXPECT_FALSE(line_matches(text, ": parity: 5 odd$"));
	free(text);
	TAKE(&trace, 3);
	EXPECT_STREQ("5 odd", trace.rec[0].text);
	EXPECT_STREQ("5 odd", trace.rec[2].text);
	TRIGGER("integers", "!snapshot");
	trace_free(&trace);
}

TEST_F(markers, trigger_hist)
{
	struct trace trace = { };
	char *hist;

	if (!tr_exists(self->dir, EXAMPLE "integers/hist"))
		SKIP(return, "no CONFIG_HIST_TRIGGERS");
	TRIGGER("integers", "hist:keys=u16:vals=u8,u32:sort=u16");
	HIT("7");
	HIT("65535");
	HIT("7");
	HIT("0");
	hist = tr_read(self->dir, EXAMPLE "integers/hist");
	ASSERT_NE(NULL, hist);
	EXPECT_TRUE(line_matches(hist, "^\\{ u16: +0 \\} hitcount: +1  u8: +0  u32: +0$"));
	EXPECT_TRUE(line_matches(hist, "^\\{ u16: +7 \\} hitcount: +2  u8: +14  u32: +14$"));
	EXPECT_TRUE(line_matches(hist, "^\\{ u16: +65535 \\} hitcount: +1  u8: +255  u32: +65535$"));
	EXPECT_TRUE(line_matches(hist, "^    Hits: 4$"));
	EXPECT_TRUE(line_matches(hist, "^    Entries: 3$"));
	EXPECT_TRUE(line_matches(hist, "^    Dropped: 0$"));
	free(hist);
	TAKE(&trace, 0);
	TRIGGER("integers", "!hist:keys=u16:vals=u8,u32:sort=u16");
	trace_free(&trace);
}

TEST_F(markers, trigger_hist_keys)
{
	static const struct {
		const char	*event;
		const char	*hist;
		const char	*text;
		const char	*want;
	} cases[] = {
		{ "strings", "hist:keys=text,len", "some text",
		  "^\\{ text: some text +, len: +9 \\} hitcount: +2$" },
		{ "strings", "hist:keys=null", "1", "^\\{ null: \\(null\\) +\\} hitcount: +2$" },
		{ "strings", "hist:keys=start:vals=len", "abcdefghij",
		  "^\\{ start: abcdefg +\\} hitcount: +2  len: +20$" },
		{ "strings", "hist:keys=text:vals=len", "gr\xc3\xbc\xc3\x9f",
		  "^\\{ text: gr\xc3\xbc\xc3\x9f +\\} hitcount: +2  len: +12$" },
		{ "parity", "hist:keys=arg2:vals=arg1", "21",
		  "^\\{ arg2: odd +\\} hitcount: +2  arg1: +42$" },
		{ "pointers", "hist:keys=fn.sym", "1",
		  "^\\{ fn: \\[[0-9a-f]+\\] marker_example_pointers" MODULE_SUFFIX " +\\} hitcount: +2$" },
		{ "integers", "hist:keys=b,c,color", "28",
		  "^\\{ b: +1, c: +28, color: +1 \\} hitcount: +2$" },
		{ "integers", "hist:keys=s8:vals=s64", "-2",
		  "^\\{ s8: +18446744073709551614 \\} hitcount: +2  s64: +18446744073709551612$" },
		{ "begin", "hist:keys=common_pid.execname", "1",
		  "^\\{ common_pid: marker-selftest +\\[ *[0-9]+\\] \\} hitcount: +2$" },
	};

	if (!tr_exists(self->dir, EXAMPLE "integers/hist"))
		SKIP(return, "no CONFIG_HIST_TRIGGERS");
	prctl(PR_SET_NAME, "marker-selftest");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char path[80], off[80], *hist;

		if (strstr(cases[i].hist, ".sym") && !has_symbols())
			continue;
		snprintf(path, sizeof(path), EXAMPLE "%s/trigger", cases[i].event);
		snprintf(off, sizeof(off), "!%s", cases[i].hist);
		WRITE(path, cases[i].hist);
		HIT(cases[i].text);
		HIT(cases[i].text);
		snprintf(path, sizeof(path), EXAMPLE "%s/hist", cases[i].event);
		hist = tr_read(self->dir, path);
		ASSERT_NE(NULL, hist);
		EXPECT_TRUE(line_matches(hist, cases[i].want)) {
			TH_LOG("%s", hist);
		}
		free(hist);
		snprintf(path, sizeof(path), EXAMPLE "%s/trigger", cases[i].event);
		WRITE(path, off);
	}
}

TEST_F(markers, trigger_garbage)
{
	static const char *const garbage[] = {
		"nonsense", "traceoff:x", "traceoff if nosuch == 1", "stacktrace if s32 == x",
		"enable_event", "enable_event:marker_example", "enable_event:no:such",
		"hist", "hist:keys=nosuch", "hist:keys=", "hist:keys=s32:vals=nosuch",
		"!nonsense",
	};
	int before = probes(self->top, "captures");
	char *triggers;

	TRIGGER("captures", "traceoff:5");
	triggers = tr_read(self->dir, EXAMPLE "captures/trigger");
	ASSERT_NE(NULL, triggers);
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		char *now;

		EXPECT_NE(0, tr_write(self->dir, EXAMPLE "captures/trigger", garbage[i])) {
			TH_LOG("'%s' was taken", garbage[i]);
		}
		now = tr_read(self->dir, EXAMPLE "captures/trigger");
		ASSERT_NE(NULL, now);
		EXPECT_STREQ(triggers, now);
		EXPECT_EQ(before + 1, probes(self->top, "captures"));
		free(now);
	}
	free(triggers);
	TRIGGER("captures", "!traceoff");
	EXPECT_EQ(before, probes(self->top, "captures"));
}

/* Bytes and addresses of more than 4 are no keys: they would be taken for something else. */
TEST_F(markers, trigger_hist_refused)
{
	static const char *const triggers[] = {
		"hist:keys=mac", "hist:keys=ip6", "hist:keys=uuid", "hist:keys=hex",
		"hist:keys=ip:vals=mac", "hist:keys=colons.log2", "hist:keys=ip:x=hex",
	};
	char *log;

	if (!tr_exists(self->dir, EXAMPLE "captures/hist"))
		SKIP(return, "no CONFIG_HIST_TRIGGERS");
	/* An IPv4 address is a number of 4 bytes. */
	TRIGGER("captures", "hist:keys=ip");
	TRIGGER("captures", "!hist:keys=ip");
	for (size_t i = 0; i < ARRAY_SIZE(triggers); i++) {
		tr_truncate(self->dir, "error_log");
		EXPECT_EQ(EINVAL, errno_of_write(self->dir, EXAMPLE "captures/trigger",
						 triggers[i])) {
			TH_LOG("'%s'", triggers[i]);
		}
		log = tr_read(self->dir, "error_log");
		ASSERT_NE(NULL, log);
		EXPECT_NE(NULL, strstr(log, "Field is neither integer, string nor stack trace: ")) {
			TH_LOG("'%s': %s", triggers[i], log);
		}
		free(log);
		ASSERT_EQ(0, tr_truncate(self->dir, EXAMPLE "captures/trigger"));
	}
}

/*
 * perf
 */

TEST_F(markers, perf_count)
{
	int before = probes(self->top, "integers"), fd, other;
	uint64_t count = 0;

	fd = perf_open(self->top, EXAMPLE "integers/id");
	if (fd < 0 && errno == ENOSYS)
		SKIP(return, "no CONFIG_PERF_EVENTS");
	ASSERT_LE(0, fd);
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	HIT("1");
	HIT("2");
	EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
	EXPECT_EQ(2U, count);

	/* perf is one probe, however many use it. */
	other = perf_open(self->top, EXAMPLE "integers/id");
	ASSERT_LE(0, other);
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	EXPECT_EQ(0, ioctl(other, PERF_EVENT_IOC_SET_FILTER, "s32 == 4"));
	HIT("3");
	HIT("4");
	EXPECT_EQ((ssize_t)sizeof(count), read(other, &count, sizeof(count)));
	EXPECT_EQ(1U, count);
	EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
	EXPECT_EQ(4U, count);
	close(other);
	EXPECT_EQ(before + 1, probes(self->top, "integers"));
	close(fd);
	EXPECT_EQ(before, probes(self->top, "integers"));
}

int main(int argc, char **argv)
{
	sample_begin();
	return test_harness_run(argc, argv);
}
