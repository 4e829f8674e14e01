// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of static markers: formats, names of values, record layout, binding, hits.
 *
 * What has to be wrong is made by hand, as the macro does not let it through;
 * what has to be right is placed with trace_mark().
 */

#include <linux/anon_inodes.h>
#include <linux/array_size.h>
#include <linux/bottom_half.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/pipe_fs_i.h>
#include <linux/preempt.h>
#include <linux/seq_buf.h>
#include <linux/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/trace_events.h>
#include <linux/trace_seq.h>
#include <linux/tracepoint.h>
#include <linux/un.h>

#include <kunit/test.h>

#include "internal.h"

/* Formats */

struct format_case {
	const char	*format;
	u8		nargs;
	u8		types[4];
	/* Names of the fields, or what the error has to contain */
	const char	*names;
	const char	*error;
};

#define OK(_format, _names, ...) \
	{ .format = _format, .names = _names, .types = { __VA_ARGS__ }, \
	  .nargs = sizeof((u8 []){ __VA_ARGS__ }) }
#define BAD(_format, _error, ...) \
	{ .format = _format, .error = _error, .types = { __VA_ARGS__ }, \
	  .nargs = sizeof((u8 []){ __VA_ARGS__ }) }

static const struct format_case format_cases[] = {
	OK("", ""),
	OK("nothing", ""),
	OK("100%%", ""),
	OK("a=%d", "a", MARKER_INT),
	OK("a=%d b:%u c: %lu", "a b c", MARKER_INT, MARKER_UINT, MARKER_ULONG),
	OK("%d", "arg1", MARKER_INT),
	OK("a=%d %d", "a arg2", MARKER_INT, MARKER_INT),
	OK("%d=%d", "arg1 arg2", MARKER_INT, MARKER_INT),
	OK("%d/a=%d", "arg1 a", MARKER_INT, MARKER_INT),
	OK("a=%%%d", "arg1", MARKER_INT),
	OK("a = %d", "a", MARKER_INT),
	OK("a:  %d", "a", MARKER_INT),
	OK("port %d id [%u] len(%lu)", "port id len", MARKER_INT, MARKER_UINT, MARKER_ULONG),
	OK("size 0x%x, b = 0x%x c <%d>", "size b c", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("name '%s' which \"%s\"", "name arg2", MARKER_STRING, MARKER_STRING),
	OK("from %d to %d in %d", "arg1 arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("a == %d b<=%d c != %d", "arg1 arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("len %d len %d len(%d)", "len arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("x%d y-%d int %d", "arg1 arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("CPU%d port#%u cpu%s", "CPU port arg3", MARKER_INT, MARKER_UINT, MARKER_STRING),
	OK("port_%d %dMHz (%d)", "arg1 arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("%dx%d %dHz=%d", "arg1 arg2 arg3 Hz", MARKER_INT, MARKER_INT, MARKER_INT, MARKER_INT),
	OK("id is %d speed was: 0x%x it is %d", "id speed arg3", MARKER_INT, MARKER_INT,
	   MARKER_INT),
	OK("is=%d", "arg1", MARKER_INT),
	OK("id=0%d", "arg1", MARKER_INT),
	OK("mode 0%o reg0x%x id00%d", "mode reg id00", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("dev=%u:%u ino %d", "dev dev2 ino", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("fw %d.%d-%x", "fw fw2 fw3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("range [%u..%u] size=%d", "range range2 size", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("mem 0x%x-0x%x nid %d", "mem mem2 nid", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("state %d->%d pos=%d", "state state2 pos", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("size=%dx%d,%d", "size size2 size3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("used=%u/%u a=%d", "used arg2 a", MARKER_UINT, MARKER_UINT, MARKER_INT),
	OK("comm=%s-%d %d:%d", "comm arg2 arg3 arg4", MARKER_STRING, MARKER_INT, MARKER_INT,
	   MARKER_INT),
	OK("a=%d, %d %d", "a arg2 arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("name=%s:%s", "name arg2", MARKER_STRING, MARKER_STRING),
	OK("a2=%d a=%d:%d", "a2 a arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	BAD("a=%d:%d a2=%d", "same name", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("a23456789012345678901234567890=%d:%d", "a23456789012345678901234567890 arg2",
	   MARKER_INT, MARKER_INT),
	OK("a->b=%d c.d %d e::%d", "b d arg3", MARKER_INT, MARKER_INT, MARKER_INT),
	OK("%d bytes of %d, id0x%x", "arg1 arg2 id", MARKER_INT, MARKER_INT, MARKER_UINT),
	OK("%s: %d (%d)", "arg1 arg2 arg3", MARKER_STRING, MARKER_INT, MARKER_INT),
	OK("9=%d", "arg1", MARKER_INT),
	OK("9a=%d", "arg1", MARKER_INT),
	OK("_x9=%d", "_x9", MARKER_INT),
	OK("gr\303\266\303\237e=%d", "e", MARKER_INT),
	OK("x.y=%d", "y", MARKER_INT),
	OK("a=0x%x", "a", MARKER_INT),
	OK("a=%#08x|b=%-5d|c=%#.4x", "a b c", MARKER_UINT, MARKER_INT, MARKER_UINT),
	OK("a=%#-x|b=%-05d|c=%#8o", "a b c", MARKER_UINT, MARKER_INT, MARKER_UINT),
	OK("s=%-8.4s t=%9s", "s t", MARKER_STRING, MARKER_STRING),
	OK("c=%hhd u=%hhu", "c u", MARKER_CHAR, MARKER_UCHAR),
	OK("s=%s t=%-16s u=%.4s", "s t u", MARKER_STRING, MARKER_STRING, MARKER_STRING),
	OK("p=%p q=%ps r=%pS", "p q r", MARKER_PTR, MARKER_PTR, MARKER_PTR),
	OK("m=%pM i=%pI4 j=%pI6c", "m i j", MARKER_MAC, MARKER_IPV4, MARKER_IPV6),
	OK("u=%pUb h=%ph H=%phC", "u h H", MARKER_UUID, MARKER_BYTES, MARKER_BYTES),
	OK("p=%p, done", "p", MARKER_PTR),
	OK("ints=%d is_const=%d", "ints is_const", MARKER_INT, MARKER_INT),
	OK("Int=%d INT=%d", "Int INT", MARKER_INT, MARKER_INT),
	OK("id=%d filter=%d mod=%d", "id filter mod", MARKER_INT, MARKER_INT, MARKER_INT),
	BAD("int=%d", "keyword of C", MARKER_INT),
	BAD("a=%d while=%d", "keyword of C", MARKER_INT, MARKER_INT),
	BAD("_Atomic=%d", "keyword of C", MARKER_INT),
	BAD("__typeof__=%d", "keyword of C", MARKER_INT),
	BAD("bool=%d", "keyword of C", MARKER_BOOL),
	BAD("linux=%d", "keyword of C", MARKER_INT),
	BAD("%d", "more conversions"),
	BAD("x", "more arguments", MARKER_INT),
	BAD("a=%d", "more arguments", MARKER_INT, MARKER_INT),
	BAD("a=%d a=%d", "same name", MARKER_INT, MARKER_INT),
	BAD("len %d len=%d", "same name", MARKER_INT, MARKER_INT),
	BAD("arg2=%d %d", "same name", MARKER_INT, MARKER_INT),
	BAD("common_pid=%d", "common_", MARKER_INT),
	BAD("ent=%d", "ent or __data", MARKER_INT),
	BAD("__data=%d", "ent or __data", MARKER_INT),
	BAD("__data_loc_a=%d", "ent or __data", MARKER_INT),
	BAD("a23456789012345678901234567890123=%d", "longer than", MARKER_INT),
	BAD("a=%s", "integer", MARKER_INT),
	BAD("a=%f", "integer", MARKER_INT),
	BAD("a=%c", "integer", MARKER_CHAR),
	BAD("a=%n", "integer", MARKER_INT),
	BAD("a=%*d", "integer", MARKER_INT, MARKER_INT),
	BAD("a=%.*s", "takes no width as an argument", MARKER_INT, MARKER_STRING),
	BAD("a=%-8.*s", "takes no width as an argument", MARKER_INT, MARKER_STRING),
	BAD("a=%*ph", "takes no width as an argument", MARKER_INT, MARKER_PTR),
	BAD("a=%+d", "flag +", MARKER_INT),
	BAD("a=% d", "flag +", MARKER_INT),
	BAD("a=%-+6d", "flag +", MARKER_INT),
	BAD("a=%#8x", "pads 0 otherwise", MARKER_UINT),
	BAD("a=%#-08X", "pads 0 otherwise", MARKER_UINT),
	BAD("a=%#8.4x", "pads 0 otherwise", MARKER_UINT),
	BAD("a=%#.4o", "differs in user space", MARKER_UINT),
	BAD("a=%.d", "differs in user space", MARKER_INT),
	BAD("a=%08.4d", "differs in user space", MARKER_INT),
	BAD("a=%5.3.2d", "does not fit an integer", MARKER_INT),
	BAD("a=%512d", "more than 511", MARKER_INT),
	BAD("a=%.512s", "more than 511", MARKER_STRING),
	BAD("a=%08s", "takes the flag -", MARKER_STRING),
	BAD("a=%.0s", "takes the flag -", MARKER_STRING),
	BAD("a=%ls", "takes the flag -", MARKER_STRING),
	BAD("a=%16p", "neither flags nor width", MARKER_PTR),
	BAD("a=%-20pM", "neither flags nor width", MARKER_MAC),
	BAD("a=%p", "no pointer", MARKER_ULONG),
	BAD("a=%p", "needs %s", MARKER_STRING),
	BAD("a=%jd", "integer", MARKER_LONG),
	BAD("a=%8ph", "neither flags nor width", MARKER_BYTES),
	BAD("a=%-ph", "neither flags nor width", MARKER_BYTES),
	BAD("a=%d", "needs %s", MARKER_STRING),
	BAD("a=%s", "char pointer", MARKER_PTR),
	BAD("a=%s", "char pointer", MARKER_BYTES),
	BAD("a=%lx", "needs %p", MARKER_PTR),
	BAD("a=%pd", "letters", MARKER_PTR),
	BAD("a=%px", "letters", MARKER_PTR),
	BAD("a=%pI4", "letters", MARKER_PTR),
	BAD("a=%pid=%d", "letters", MARKER_PTR, MARKER_INT),
	BAD("a=%pM", "letters", MARKER_IPV4),
	BAD("a=%p", "letters", MARKER_MAC),
	BAD("a=%", "integer", MARKER_INT),
	BAD("a=%0000000000000000d", "too long", MARKER_INT),
	BAD("a=%d\n", "control", MARKER_INT),
	BAD("a=%d", "unknown type", MARKER_NR_TYPES),
};

/* kunit.py takes what comes after a # for a directive. */
static void format_case_desc(const struct format_case *c, char *desc)
{
	strscpy(desc, c->format, KUNIT_PARAM_DESC_SIZE);
	strreplace(desc, '#', '~');
}

KUNIT_ARRAY_PARAM(format, format_cases, format_case_desc);

/* A description made at run time, with room for its strings and types */
struct test_desc {
	struct marker_desc	desc;
	char			behind[256];
};

static char *put_string(char *p, const char *string)
{
	size_t size = strlen(string) + 1;

	memcpy(p, string, size);
	return p + size;
}

static void make_desc(struct test_desc *d, const char *event, const char *format,
		      const u8 *types, u8 nargs, u16 size)
{
	char *p = d->behind;

	d->desc = (struct marker_desc) {
		.file	= __FILE__,
		.func	= "by_hand",
		.line	= 1,
		.size	= size,
		.nargs	= nargs,
	};
	memcpy(p, types, nargs);
	p = put_string(p + nargs, "marker_kunit");
	p = put_string(p, event);
	put_string(p, format);
}

/* Where the last field ends, from the types alone */
static u16 record_size(const u8 *types, u8 nargs)
{
	u16 size = MARKER_HEADER_SIZE;

	for (int i = 0; i < nargs; i++) {
		const struct marker_type_info *info = &marker_type_info[types[i] % MARKER_NR_TYPES];

		size = roundup(size, info->align) + info->size;
	}
	return size;
}

static void marker_test_format(struct kunit *test)
{
	const struct format_case *c = test->param_value;
	char names[64] = "", name[MARKER_NAME_MAX];
	struct marker_format_iter iter;
	enum marker_token token;
	struct test_desc *d;
	const char *error;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);
	make_desc(d, "fields", c->format, c->types, c->nargs, record_size(c->types, c->nargs));

	error = marker_format_check(&d->desc);
	if (c->error) {
		KUNIT_ASSERT_NOT_NULL(test, error);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(error, c->error), "error is: %s", error);
		return;
	}
	KUNIT_ASSERT_STREQ(test, error ?: "none", "none");

	marker_format_begin(&iter, &d->desc);
	while ((token = marker_format_next(&iter)) != MARKER_TOKEN_END) {
		KUNIT_ASSERT_NE(test, token, MARKER_TOKEN_ERROR);
		if (token != MARKER_TOKEN_FIELD)
			continue;
		marker_field_name(&iter, name, sizeof(name));
		if (*names)
			strlcat(names, " ", sizeof(names));
		strlcat(names, name, sizeof(names));
	}
	KUNIT_EXPECT_STREQ(test, names, c->names);
}

/* Names */

struct name_case {
	const char	*system;
	const char	*event;
	/* What the error has to contain, or NULL */
	const char	*error;
};

#define NAME_63 "a23456789_123456789_123456789_123456789_123456789_123456789_123"

static const struct name_case name_cases[] = {
	{ "pipe", "pipe_full" },
	{ "pipe", NAME_63 },
	{ NAME_63, "pipe_full" },
	{ "_p", "P9" },
	/* Nearly names that have a meaning; those of the other kind */
	{ "pipe", "enabled" },
	{ "pipe", "ftrace" },
	{ "pipe", "module" },
	{ "pipe", "mem" },
	{ "pipe", "all" },
	{ "mod", "pipe_full" },
	{ "pipe", "readx" },
	{ "pipe", "r" },
	{ "pipe", "rg" },
	{ "pipe", "upx" },
	{ "pipe", "pipe_read" },
	/* No identifiers, too long */
	{ "", "e1", "system that is no identifier" },
	{ "pipe", "", "event that is no identifier" },
	{ "my sys", "e1", "system that is no identifier" },
	{ "pipe", "a\tb", "event that is no identifier" },
	{ "pipe", "a-b", "event that is no identifier" },
	{ "pipe", "a:b", "event that is no identifier" },
	{ "pipe", "9a", "event that is no identifier" },
	{ "pipe", "e\303\251", "event that is no identifier" },
	{ "pipe", NAME_63 "4", "event longer than 63" },
	{ NAME_63 "4", "e1", "system longer than 63" },
	/* Files of tracefs */
	{ "enable", "e1", "system called as a file" },
	{ "header_page", "e1", "system called as a file" },
	{ "header_event", "e1", "system called as a file" },
	{ "pipe", "enable", "event called as a file" },
	{ "pipe", "filter", "event called as a file" },
	{ "pipe", "format", "event called as a file" },
	{ "pipe", "id", "event called as a file" },
	{ "pipe", "btf_ids", "event called as a file" },
	{ "pipe", "trigger", "event called as a file" },
	{ "pipe", "hist", "event called as a file" },
	{ "pipe", "hist_debug", "event called as a file" },
	{ "pipe", "inject", "event called as a file" },
	/* Others */
	{ "ftrace", "e1", "system ftrace" },
	{ "TRACE_SYSTEM", "e1", "system TRACE_SYSTEM" },
	{ "module", "e1", "system called module" },
	{ "all", "e1", "system called all" },
	{ "mem", "e1", "system called mem" },
	{ "pipe", "mod", "event called mod" },
	{ "pipe", "read", "event called as what perf" },
	{ "pipe", "write", "event called as what perf" },
	{ "pipe", "miss", "event called as what perf" },
	{ "pipe", "e", "event called as what perf" },
	{ "pipe", "up", "event called as what perf" },
	{ "pipe", "r0", "event called as what perf" },
	{ "cycles", "e1", "system called as what perf" },
	{ "keep", "e1", "system called as what perf" },
	{ "race", "e1", "system called as what perf" },
};

static void name_case_desc(const struct name_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s:%s", c->system, c->event);
}

KUNIT_ARRAY_PARAM(name, name_cases, name_case_desc);

static void marker_test_names(struct kunit *test)
{
	const struct name_case *c = test->param_value;
	const char *error;
	struct test_desc *d;
	char *p;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);
	d->desc.size = MARKER_HEADER_SIZE;
	p = put_string(d->behind, c->system);
	p = put_string(p, c->event);
	put_string(p, "nothing");

	error = marker_format_check(&d->desc);
	KUNIT_EXPECT_PTR_EQ(test, error, marker_names_check(&d->desc));
	if (!c->error)
		KUNIT_EXPECT_STREQ(test, error ?: "none", "none");
	else
		KUNIT_EXPECT_NOT_NULL_MSG(test, error ? strstr(error, c->error) : NULL,
					  "error is: %s", error ?: "none");
}

/* The texts and conversions in a row give the format again, but for %%. */
static void marker_test_tokens(struct kunit *test)
{
	static const u8 types[] = { MARKER_INT, MARKER_STRING };
	struct marker_format_iter iter;
	enum marker_token token;
	struct test_desc *d;
	char all[64] = "";
	int len = 0;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);
	make_desc(d, "tokens", "%%a=%-3d, 50%% of %%s=%-8.3s.%%", types, 2, 16);

	marker_format_begin(&iter, &d->desc);
	while ((token = marker_format_next(&iter)) != MARKER_TOKEN_END) {
		KUNIT_ASSERT_NE(test, token, MARKER_TOKEN_ERROR);
		len += scnprintf(all + len, sizeof(all) - len, "%c%.*s",
				 token == MARKER_TOKEN_FIELD ? '<' : '[', iter.len, iter.text);
	}
	KUNIT_EXPECT_STREQ(test, all, "[%[a=<%-3d[, 50[%[ of [%[s=<%-8.3s[.[%");
}

static void marker_test_too_many_args(struct kunit *test)
{
	static const u8 types[MARKER_MAX_ARGS + 1] = { };
	struct test_desc *d;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);
	make_desc(d, "many", "", types, ARRAY_SIZE(types),
		  MARKER_HEADER_SIZE + ARRAY_SIZE(types));

	KUNIT_EXPECT_STREQ(test, marker_format_check(&d->desc), "more than 32 arguments");
}

static void marker_test_layout_differs(struct kunit *test)
{
	static const u8 types[] = { MARKER_UCHAR, MARKER_ULLONG };
	struct test_desc *d;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);

	make_desc(d, "layout", "a=%u b=%llu", types, 2, 24);
	KUNIT_EXPECT_NULL(test, marker_format_check(&d->desc));
	make_desc(d, "layout", "a=%u b=%llu", types, 2, 17);
	KUNIT_EXPECT_NOT_NULL(test, marker_format_check(&d->desc));
}

/* Names of values */

MARK_SYMBOLS(kunit_symbols, { 1ULL << 32, "BIG" }, { 0, "ZERO" }, { 1, "ONE" }, { 255, "MAX8" },
	     { -1, "MINUS" });
MARK_FLAGS(kunit_flags, { BIT(0), "A" }, { BIT(3) | BIT(4), "DE" }, { BIT(3), "D" },
	   { BIT_ULL(31), "TOP" }, { BIT_ULL(63), "LAST" });

struct value_case {
	const struct mark_set	*set;
	enum marker_type	type;
	u64			value;
	const char		*text;
};

static const struct value_case value_cases[] = {
	{ &__mark_set_kunit_symbols, MARKER_INT, 0, "ZERO" },
	{ &__mark_set_kunit_symbols, MARKER_INT, 1, "ONE" },
	{ &__mark_set_kunit_symbols, MARKER_INT, 2, "0x2" },
	{ &__mark_set_kunit_symbols, MARKER_INT, -1, "MINUS" },
	{ &__mark_set_kunit_symbols, MARKER_INT, INT_MIN, "0x80000000" },
	{ &__mark_set_kunit_symbols, MARKER_UINT, UINT_MAX, "MINUS" },
	{ &__mark_set_kunit_symbols, MARKER_BOOL, 1, "ONE" },
	{ &__mark_set_kunit_symbols, MARKER_UCHAR, 255, "MAX8" },
	{ &__mark_set_kunit_symbols, MARKER_SHORT, -2, "0xfffe" },
	/* Of more bits than the field has, it is not the name of 0. */
	{ &__mark_set_kunit_symbols, MARKER_ULLONG, 1ULL << 32, "BIG" },
	{ &__mark_set_kunit_symbols, MARKER_ULLONG, U64_MAX, "MINUS" },
	{ &__mark_set_kunit_symbols, MARKER_LLONG, S64_MIN, "0x8000000000000000" },
	{ &__mark_set_kunit_flags, MARKER_UINT, 0, "0" },
	{ &__mark_set_kunit_flags, MARKER_UINT, BIT(0), "A" },
	{ &__mark_set_kunit_flags, MARKER_UINT, BIT(0) | BIT(3) | BIT(4), "A|DE" },
	{ &__mark_set_kunit_flags, MARKER_UINT, BIT(0) | BIT(3), "A|D" },
	{ &__mark_set_kunit_flags, MARKER_UINT, BIT(4), "0x10" },
	{ &__mark_set_kunit_flags, MARKER_INT, -1, "A|DE|TOP|0x7fffffe6" },
	{ &__mark_set_kunit_flags, MARKER_UCHAR, 255, "A|DE|0xe6" },
	{ &__mark_set_kunit_flags, MARKER_ULLONG, U64_MAX, "A|DE|TOP|LAST|0x7fffffff7fffffe6" },
	{ &__mark_set_errno, MARKER_INT, 0, "0" },
	{ &__mark_set_errno, MARKER_INT, 5, "5" },
	{ &__mark_set_errno, MARKER_INT, INT_MAX, "2147483647" },
	{ &__mark_set_errno, MARKER_INT, -EPERM, "-EPERM" },
	{ &__mark_set_errno, MARKER_INT, -ERESTARTSYS, "-ERESTARTSYS" },
	{ &__mark_set_errno, MARKER_INT, -MAX_ERRNO - 1, "0xfffff000" },
	{ &__mark_set_errno, MARKER_INT, INT_MIN, "0x80000000" },
	{ &__mark_set_errno, MARKER_LONG, -EINVAL, "-EINVAL" },
	{ &__mark_set_errno, MARKER_LONG, LONG_MAX,
	  IS_ENABLED(CONFIG_64BIT) ? "9223372036854775807" : "2147483647" },
	{ &__mark_set_errno, MARKER_SCHAR, -EINVAL, "-EINVAL" },
	{ &__mark_set_errno, MARKER_SHORT, S16_MIN, "0x8000" },
	{ &__mark_set_errno, MARKER_UINT, 4294967274U, "4294967274" },
	{ &__mark_set_signal, MARKER_INT, 0, "0" },
	{ &__mark_set_signal, MARKER_INT, SIGKILL, "SIGKILL" },
	{ &__mark_set_signal, MARKER_ULONG, SIGTSTP, "SIGTSTP" },
	{ &__mark_set_signal, MARKER_INT, SIGTRAP | 0x80, "0x85" },
	{ &__mark_set_signal, MARKER_INT, -1, "0xffffffff" },
	{ &__mark_set_dev, MARKER_UINT, 0, "0:0" },
	{ &__mark_set_dev, MARKER_UINT, MKDEV(8, 1), "8:1" },
	{ &__mark_set_dev, MARKER_UINT, U32_MAX, "4095:1048575" },
};

static void value_case_desc(const struct value_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %s %#llx", c->set->name,
		 marker_type_info[c->type].name, c->value);
}

KUNIT_ARRAY_PARAM(value, value_cases, value_case_desc);

static void marker_test_value(struct kunit *test)
{
	struct trace_seq *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	const struct value_case *c = test->param_value;

	KUNIT_ASSERT_NOT_NULL(test, s);
	trace_seq_init(s);
	marker_print_value(s, &(struct marker_value) { c->set, c->type, c->value });
	trace_seq_putc(s, '\0');
	KUNIT_EXPECT_STREQ(test, s->buffer, c->text);
}

/* What user space is told to print of a field "f": all of it, or how it begins and ends */
struct value_fmt_case {
	const struct mark_set	*set;
	enum marker_type	type;
	const char		*fmt;
	const char		*begin;
	const char		*end;
};

static const struct value_fmt_case value_fmt_cases[] = {
	{ &__mark_set_kunit_symbols, MARKER_INT, "%s",
	  ", __print_symbolic(REC->f & 0xffffffff, { 0x0, \"ZERO\" }, { 0x1, \"ONE\" }, { 0xff, \"MAX8\" }, { 0xffffffff, \"MINUS\" })" },
	{ &__mark_set_kunit_symbols, MARKER_UCHAR, "%s",
	  ", __print_symbolic(REC->f, { 0x0, \"ZERO\" }, { 0x1, \"ONE\" }, { 0xff, \"MAX8\" }, { 0xff, \"MINUS\" })" },
	{ &__mark_set_kunit_symbols, MARKER_LLONG, "%s",
	  ", __print_symbolic(REC->f, { 0x100000000, \"BIG\" }, { 0x0, \"ZERO\" },",
	  ", { 0xffffffffffffffff, \"MINUS\" })" },
	{ &__mark_set_kunit_flags, MARKER_UCHAR, "%s",
	  ", REC->f ? __print_flags(REC->f, \"|\", { 0x1, \"A\" }, { 0x18, \"DE\" }, { 0x8, \"D\" }) : \"0\"" },
	{ &__mark_set_kunit_flags, MARKER_INT, "%s",
	  ", REC->f ? __print_flags(REC->f & 0xffffffff, \"|\", { 0x1, \"A\" },",
	  ", { 0x80000000, \"TOP\" }) : \"0\"" },
	{ &__mark_set_errno, MARKER_INT, "%s%.0d",
	  ", __print_symbolic((REC->f & 0x80000000) ? (REC->f & 0xffffffff) : (REC->f == 0), { 0, \"\" }, { 1, \"0\" }, { 0xffffffff, \"-EPERM\" }, ",
	  "), (REC->f & 0x80000000) ? 0 : REC->f" },
	{ &__mark_set_errno, MARKER_LLONG, "%s%.0lld",
	  ", __print_symbolic((REC->f & 0x8000000000000000) ? (REC->f & 0xffffffff) : (REC->f == 0), ",
	  "), (REC->f & 0x8000000000000000) ? 0 : REC->f" },
	{ &__mark_set_signal, MARKER_UINT, "%s",
	  ", __print_symbolic(REC->f, { 0x0, \"0\" }, { 0x1, \"SIGHUP\" }, ", "\" })" },
	{ &__mark_set_dev, MARKER_UINT, "%u:%u",
	  ", (unsigned int)(REC->f >> 20), (unsigned int)(REC->f & 0xfffff)" },
};

static void value_fmt_case_desc(const struct value_fmt_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %s", c->set->name,
		 marker_type_info[c->type].name);
}

KUNIT_ARRAY_PARAM(value_fmt, value_fmt_cases, value_fmt_case_desc);

#define VALUE_FMT_SIZE	8192

static void marker_test_value_fmt(struct kunit *test)
{
	const struct value_fmt_case *c = test->param_value;
	char *buf = kunit_kzalloc(test, VALUE_FMT_SIZE, GFP_KERNEL);
	size_t begin = strlen(c->begin), end = strlen(c->end ?: "");
	struct seq_buf s;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	seq_buf_init(&s, buf, VALUE_FMT_SIZE);
	marker_value_fmt(&s, c->set, c->type);
	KUNIT_EXPECT_STREQ(test, seq_buf_str(&s), c->fmt);

	seq_buf_clear(&s);
	marker_value_fmt_args(&s, c->set, c->type, "f");
	seq_buf_str(&s);
	KUNIT_ASSERT_FALSE(test, seq_buf_has_overflowed(&s));
	if (!c->end) {
		KUNIT_EXPECT_STREQ(test, buf, c->begin);
		return;
	}
	KUNIT_ASSERT_GE(test, strlen(buf), begin + end);
	KUNIT_EXPECT_STREQ(test, buf + strlen(buf) - end, c->end);
	buf[begin] = '\0';
	KUNIT_EXPECT_STREQ(test, buf, c->begin);
}

/* The names in filters; @len is how much of the text is one. */
static void marker_test_value_of_name(struct kunit *test)
{
	static const struct {
		const struct mark_set	*set;
		const char		*text;
		int			len;
		u64			value;
	} cases[] = {
		{ &__mark_set_kunit_symbols, "ONE && x", 3, 1 },
		{ &__mark_set_kunit_symbols, "MINUS", 5, -1 },
		{ &__mark_set_kunit_symbols, "ONES" },
		{ &__mark_set_kunit_symbols, "ON" },
		{ &__mark_set_kunit_symbols, "-ONE" },
		{ &__mark_set_kunit_symbols, "1" },
		{ &__mark_set_kunit_symbols, "" },
		{ &__mark_set_kunit_flags, "DE", 2, 0x18 },
		{ &__mark_set_kunit_flags, "A|DE", 1, 1 },
		{ &__mark_set_errno, "-EINVAL)", 7, -EINVAL },
		{ &__mark_set_errno, "EINVAL", 6, -EINVAL },
		{ &__mark_set_errno, "-EINVA" },
		{ &__mark_set_errno, "-22" },
		{ &__mark_set_errno, "-" },
		{ &__mark_set_signal, "SIGKILL", 7, SIGKILL },
		{ &__mark_set_signal, "KILL" },
		{ &__mark_set_signal, "0" },
		{ &__mark_set_dev, "8:1 ||", 3, MKDEV(8, 1) },
		{ &__mark_set_dev, "4095:1048575", 12, U32_MAX },
		{ &__mark_set_dev, "4096:0" },
		{ &__mark_set_dev, "8:1048576" },
		{ &__mark_set_dev, "8" },
	};
	u64 big = 0;

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 value = 0;

		KUNIT_EXPECT_EQ_MSG(test, marker_set_value(cases[i].set, MARKER_LLONG,
							   cases[i].text, &value),
				    cases[i].len, "%s %s", cases[i].set->name, cases[i].text);
		KUNIT_EXPECT_EQ_MSG(test, value, cases[i].value, "%s %s", cases[i].set->name,
				    cases[i].text);
	}

	/* Of a field that cannot have the value, this is no name. */
	KUNIT_EXPECT_EQ(test, marker_set_value(&__mark_set_kunit_symbols, MARKER_UCHAR, "BIG",
					       &big), 0);
	KUNIT_EXPECT_EQ(test, marker_set_value(&__mark_set_kunit_symbols, MARKER_UCHAR, "MAX8",
					       &big), 4);
	KUNIT_EXPECT_EQ(test, big, 255);
}

/* Real sites, and a probe that keeps what it was given last */

struct capture {
	struct probe	*probe;
	unsigned int	hits;
	unsigned int	size;
	union {
		u8	record[4096];
		u32	words[1024];
	};
};

static void capture_probe(void *data, const struct marker_hit *hit)
{
	struct capture *c = data;

	c->hits++;
	c->size = hit->size;
	marker_hit_copy(hit, c->record);
}

static struct marker_site *find_site(const char *event)
{
	struct marker_site *site;

	for (site = __start___markers; site < __stop___markers; site++) {
		if (!strcmp(marker_system(site->desc), "marker_kunit") &&
		    !strcmp(marker_event_name(site->desc), event))
			return site;
	}
	return NULL;
}

static struct marker *site_marker(const struct marker_site *site)
{
	return marker_of_site(site);
}

struct probe {
	struct marker	*marker;
	marker_probe_fn	fn;
	void		*data;
};

static int try_probe(struct marker *marker, marker_probe_fn fn, void *data)
{
	guard(mutex)(&event_mutex);
	return marker_probe_add(marker, fn, data);
}

static unsigned int nr_probes(const struct marker *marker)
{
	guard(mutex)(&event_mutex);
	return marker_nr_probes(marker);
}

static void remove_probe(void *arg)
{
	struct probe *p = arg;

	scoped_guard(mutex, &event_mutex)
		marker_probe_remove(p->marker, p->fn, p->data);
	tracepoint_synchronize_unregister();
}

/* Add a probe that goes with the test, if not before with drop_probe(). */
static struct probe *add_probe(struct kunit *test, struct marker *marker, marker_probe_fn fn,
			       void *data)
{
	struct probe *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	*p = (struct probe) { marker, fn, data };
	KUNIT_ASSERT_EQ(test, try_probe(marker, fn, data), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, remove_probe, p), 0);
	return p;
}

static void drop_probe(struct kunit *test, struct probe *p)
{
	kunit_release_action(test, remove_probe, p);
}

static struct capture *capture(struct kunit *test, const char *event)
{
	struct capture *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct marker_site *site = find_site(event);

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_NOT_NULL(test, site);
	KUNIT_ASSERT_NOT_NULL(test, site->hit);
	memset(c->record, 0xa5, sizeof(c->record));
	c->probe = add_probe(test, site_marker(site), capture_probe, c);
	return c;
}

enum test_enum { TEST_ZERO, TEST_ONE };

struct all_kinds {
	bool			b;
	char			c;
	s8			sc;
	u8			uc;
	s16			s;
	u16			us;
	int			i;
	unsigned int		u;
	long			l;
	unsigned long		ul;
	s64			ll;
	u64			ull;
	enum test_enum		e;
	void			*p;
	const char		*str;
	u8			bytes[16];
};

static noinline void hit_scalars(const struct all_kinds *k)
{
	trace_mark(marker_kunit, scalars,
		   "b=%d c=%hhd sc=%hhd uc=%hhu s=%hd us=%hu i=%d u=%u l=%ld ul=%lu ll=%lld ull=%llu e=%u p=%p",
		   k->b, k->c, k->sc, k->uc, k->s, k->us, k->i, k->u, k->l, k->ul,
		   k->ll, k->ull, k->e, k->p);
}

static noinline void hit_captures(const u8 *ptr, size_t len)
{
	trace_mark(marker_kunit, kunit_captures, "m=%pM i=%pI4 j=%pI6c u=%pUb h=%ph x=%d",
		   mark_mac(ptr), mark_ipv4(ptr), mark_ipv6(ptr), mark_uuid(ptr),
		   mark_bytes(ptr, len), 42);
}

static noinline void hit_strings(const char *a, const char *b)
{
	trace_mark(marker_kunit, kunit_strings, "a=%s n=%d b=%s", a, 7, b);
}

struct marker_flex {
	int	len;
	char	name[];
};

/* Texts without a NUL, and what comes after them */
struct bounded {
	char	magic[4];
	char	behind[4];
	char	text[300];
	char	end[4];
};

static noinline void hit_bounded(const struct bounded *b, const char *ptr)
{
	trace_mark(marker_kunit, bounded, "magic=%s three=%.3s ptr=%.2s n=%d", b->magic, b->text,
		   ptr, 7);
}

static noinline void hit_bounded_long(const struct bounded *b)
{
	trace_mark(marker_kunit, bounded_long, "magic=%s text=%s", b->magic, b->text);
}

static noinline void hit_counted(const char *text, size_t len, const u8 *name, int n)
{
	trace_mark(marker_kunit, counted, "text=%s name=%s n=%d cut=%.2s", mark_string(text, len),
		   mark_string(name, n), n, mark_string(text, len));
}

/* Arrays that are reached by a pointer to them, and that have no size */
static noinline void hit_arrays(char (*four)[4], const struct marker_flex *flex)
{
	trace_mark(marker_kunit, arrays, "four=%s flex=%s", *four, flex->name);
}

static noinline void hit_holes(u8 a, u64 b, u8 c, u16 d, u8 e, u32 f, u8 g)
{
	trace_mark(marker_kunit, holes, "a=%u b=%llu c=%u d=%u e=%u f=%u g=%u",
		   a, b, c, d, e, f, g);
}

static noinline void hit_sixteen(int i)
{
	trace_mark(marker_kunit, sixteen, "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d",
		   i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8,
		   i + 9, i + 10, i + 11, i + 12, i + 13, i + 14, i + 15);
}

static noinline void hit_thirty_two(u64 i, const char *s)
{
	trace_mark(marker_kunit, thirty_two,
		   "%llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %s",
		   i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10,
		   i + 11, i + 12, i + 13, i + 14, i + 15, i + 16, i + 17, i + 18, i + 19, i + 20,
		   i + 21, i + 22, i + 23, i + 24, i + 25, i + 26, i + 27, i + 28, i + 29, i + 30,
		   s);
}

static noinline void hit_full(const char *s)
{
	trace_mark(marker_kunit, full, "%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s",
		   s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s);
}

static noinline void hit_full_bytes(const u8 *data)
{
	trace_mark(marker_kunit, full_bytes, "%ph %ph %ph %ph %ph %ph %ph",
		   mark_bytes(data, MARKER_DATA_MAX), mark_bytes(data, MARKER_DATA_MAX),
		   mark_bytes(data, MARKER_DATA_MAX), mark_bytes(data, MARKER_DATA_MAX),
		   mark_bytes(data, MARKER_DATA_MAX), mark_bytes(data, MARKER_DATA_MAX),
		   mark_bytes(data, MARKER_DATA_MAX));
}

static noinline void hit_none(void)
{
	trace_mark(marker_kunit, none, "");
}

/* What no argument should do */
static int evaluate(int *evaluated)
{
	return ++*evaluated;
}

static noinline void hit_cond(int *evaluated, bool cond)
{
	trace_mark_cond(marker_kunit, cond, evaluate(evaluated) && cond, "n=%d",
			evaluate(evaluated));
}

static noinline void hit_twice(int x)
{
	trace_mark(marker_kunit, twice, "x=%d", x);
	trace_mark(marker_kunit, twice, "x=%d", x + 1);
}

#define EXPECT_FIELD(test, c, pos, type, value)					\
	do {									\
		type __v;							\
		(pos) = roundup(pos, sizeof(type));				\
		memcpy(&__v, (c)->record + (pos), sizeof(type));		\
		KUNIT_EXPECT_EQ_MSG(test, __v, value, "at %u", pos);		\
		(pos) += sizeof(type);						\
	} while (0)

static void marker_test_scalars(struct kunit *test)
{
	struct capture *c = capture(test, "scalars");
	struct all_kinds k = {
		.b = true, .c = 'x', .sc = -2, .uc = 0xfe, .s = -3, .us = 0xfffd,
		.i = INT_MIN, .u = UINT_MAX, .l = LONG_MIN, .ul = ULONG_MAX,
		.ll = S64_MIN, .ull = 0x0123456789abcdefULL, .e = TEST_ONE, .p = test,
	};
	unsigned int pos = MARKER_HEADER_SIZE;

	hit_scalars(&k);
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	EXPECT_FIELD(test, c, pos, bool, true);
	EXPECT_FIELD(test, c, pos, char, 'x');
	EXPECT_FIELD(test, c, pos, s8, -2);
	EXPECT_FIELD(test, c, pos, u8, 0xfe);
	EXPECT_FIELD(test, c, pos, s16, -3);
	EXPECT_FIELD(test, c, pos, u16, 0xfffd);
	EXPECT_FIELD(test, c, pos, int, INT_MIN);
	EXPECT_FIELD(test, c, pos, unsigned int, UINT_MAX);
	EXPECT_FIELD(test, c, pos, long, LONG_MIN);
	EXPECT_FIELD(test, c, pos, unsigned long, ULONG_MAX);
	EXPECT_FIELD(test, c, pos, s64, S64_MIN);
	EXPECT_FIELD(test, c, pos, u64, 0x0123456789abcdefULL);
	EXPECT_FIELD(test, c, pos, enum test_enum, TEST_ONE);
	EXPECT_FIELD(test, c, pos, unsigned long, (unsigned long)test);
	KUNIT_EXPECT_EQ(test, c->size, pos);
	/* The header is the backend's. */
	KUNIT_EXPECT_EQ(test, c->words[0], 0xa5a5a5a5U);
	KUNIT_EXPECT_EQ(test, c->words[1], 0xa5a5a5a5U);
	/* Nothing is written after the record. */
	KUNIT_EXPECT_EQ(test, c->record[pos], 0xa5);
}

/* Check a __data_loc word, and return the data. */
static const char *data_at(struct kunit *test, struct capture *c, unsigned int field,
			   unsigned int offset, unsigned int len)
{
	KUNIT_EXPECT_EQ_MSG(test, c->words[field / 4], len << 16 | offset, "field at %u", field);
	return (const char *)c->record + offset;
}

static void marker_test_captures(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_captures");
	u8 data[16], zero[16] = { };

	for (int i = 0; i < sizeof(data); i++)
		data[i] = 0x10 + i;

	hit_captures(data, 5);
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_MEMEQ(test, c->record + 8, data, 6);
	KUNIT_EXPECT_MEMEQ(test, c->record + 14, data, 4);
	KUNIT_EXPECT_MEMEQ(test, c->record + 18, data, 16);
	KUNIT_EXPECT_MEMEQ(test, c->record + 34, data, 16);
	/* The word is at the next multiple of 4 after 50. */
	KUNIT_EXPECT_MEMEQ(test, data_at(test, c, 52, 60, 5), data, 5);
	KUNIT_EXPECT_EQ(test, c->words[56 / 4], 42);
	KUNIT_EXPECT_EQ(test, c->size, 65);
	KUNIT_EXPECT_EQ(test, c->record[65], 0xa5);

	hit_captures(NULL, 5);
	KUNIT_EXPECT_MEMEQ(test, c->record + 8, zero, 6);
	KUNIT_EXPECT_MEMEQ(test, c->record + 14, zero, 4);
	KUNIT_EXPECT_MEMEQ(test, c->record + 18, zero, 16);
	KUNIT_EXPECT_MEMEQ(test, c->record + 34, zero, 16);
	data_at(test, c, 52, 60, 0);
	KUNIT_EXPECT_EQ(test, c->size, 60);
}

static void marker_test_bytes_capped(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_captures");
	u8 *data = kunit_kzalloc(test, MARKER_DATA_MAX + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (int i = 0; i <= MARKER_DATA_MAX; i++)
		data[i] = i * 7;

	hit_captures(data, MARKER_DATA_MAX + 1);
	KUNIT_EXPECT_MEMEQ(test, data_at(test, c, 52, 60, MARKER_DATA_MAX), data, MARKER_DATA_MAX);
	KUNIT_EXPECT_EQ(test, c->size, 60 + MARKER_DATA_MAX);
}

static void marker_test_strings(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_strings");

	hit_strings("abc", "");
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 20, 4), "abc");
	KUNIT_EXPECT_EQ(test, c->words[3], 7);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 16, 24, 1), "");
	KUNIT_EXPECT_EQ(test, c->size, 25);
	KUNIT_EXPECT_EQ(test, c->record[25], 0xa5);

	hit_strings(NULL, "\xc3\xa4");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 20, 7), "(null)");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 16, 27, 3), "\xc3\xa4");
	KUNIT_EXPECT_EQ(test, c->size, 30);
}

static struct bounded *make_bounded(struct kunit *test)
{
	struct bounded *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	memcpy(b->magic, "ABCD", 4);
	memcpy(b->behind, "wxyz", 4);
	memset(b->text, 't', sizeof(b->text));
	memcpy(b->end, "WXYZ", 4);
	return b;
}

/* An array ends with itself, and a precision bounds what is recorded. */
static void marker_test_bounded(struct kunit *test)
{
	struct capture *c = capture(test, "bounded");
	struct bounded *b = make_bounded(test);

	hit_bounded(b, "pointer");
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 5), "ABCD");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 29, 4), "ttt");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 16, 33, 3), "po");
	KUNIT_EXPECT_EQ(test, c->words[5], 7);
	KUNIT_EXPECT_EQ(test, c->size, 36);

	/* With a NUL before it ends */
	b->magic[1] = '\0';
	hit_bounded(b, NULL);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 2), "A");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 16, 30, 3), "(n");
}

/* A counted string ends with its length or a NUL, and nothing after them is read. */
static void marker_test_counted(struct kunit *test)
{
	struct capture *c = capture(test, "counted");
	char *text = kunit_kmalloc(test, 4, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	memcpy(text, "abcd", 4);

	hit_counted(text, 4, text + 3, 1);
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 5), "abcd");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 29, 2), "d");
	KUNIT_EXPECT_EQ(test, c->words[4], 1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 20, 31, 3), "ab");
	KUNIT_EXPECT_EQ(test, c->size, 34);

	hit_counted(text, 0, text, -1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 1), "");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 25, 1), "");

	hit_counted(NULL, 3, NULL, 0);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 7), "(null)");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 31, 7), "(null)");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 20, 38, 3), "(n");

	/* No length is too large. */
	hit_counted("xyz", SIZE_MAX >> 1, "xyz", INT_MAX);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 24, 4), "xyz");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 28, 4), "xyz");
}

/* The same where the record is not put together on the stack */
static void marker_test_counted_long(struct kunit *test)
{
	struct capture *c = capture(test, "counted");
	char *text = kunit_kmalloc(test, 2 * MARKER_DATA_MAX, GFP_KERNEL);
	const char *got;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 't', 2 * MARKER_DATA_MAX);
	for (int len = MARKER_DATA_MAX - 2; len <= MARKER_DATA_MAX + 1; len++) {
		unsigned int want = min(len, MARKER_DATA_MAX - 1);

		hit_counted(text, len, text, 3);
		got = data_at(test, c, 8, 24, want + 1);
		KUNIT_EXPECT_EQ(test, strlen(got), want);
		KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 24 + want + 1, 4), "ttt");
	}
}

static void marker_test_arrays(struct kunit *test)
{
	struct capture *c = capture(test, "arrays");
	struct marker_flex *flex = kunit_kzalloc(test, sizeof(*flex) + 8, GFP_KERNEL);
	char *four = kunit_kmalloc(test, 4, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, flex);
	KUNIT_ASSERT_NOT_NULL(test, four);
	memcpy(four, "1234", 4);
	strscpy(flex->name, "seven..", 8);
	hit_arrays((char (*)[4])four, flex);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 16, 5), "1234");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 21, 8), "seven..");
}

/* The same in a record that is too long to be put together on the stack */
static void marker_test_bounded_long(struct kunit *test)
{
	struct capture *c = capture(test, "bounded_long");
	struct bounded *b = make_bounded(test);
	const char *text;

	hit_bounded_long(b);
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 16, 5), "ABCD");
	text = data_at(test, c, 12, 21, sizeof(b->text) + 1);
	KUNIT_EXPECT_MEMEQ(test, text, b->text, sizeof(b->text));
	KUNIT_EXPECT_EQ(test, text[sizeof(b->text)], '\0');
}

/* One below the cap, at it, and above it: not terminated where it is cut. */
static void marker_test_string_capped(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_strings");
	char *s = kunit_kzalloc(test, 2 * MARKER_DATA_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (int len = MARKER_DATA_MAX - 2; len <= MARKER_DATA_MAX + 1; len++) {
		unsigned int want = min(len, MARKER_DATA_MAX - 1);
		const char *got;

		memset(s, 'a', len);
		hit_strings(s, "z");
		got = data_at(test, c, 8, 20, want + 1);
		KUNIT_EXPECT_EQ(test, strlen(got), want);
		KUNIT_EXPECT_STREQ(test, got + want + 1, "z");
	}
}

/* All data together is limited; each string keeps at least its NUL. */
static void marker_test_record_capped(struct kunit *test)
{
	struct capture *c = capture(test, "full");
	char *s = kunit_kzalloc(test, 2 * MARKER_DATA_MAX, GFP_KERNEL);
	unsigned int fields = MARKER_HEADER_SIZE + 16 * 4;

	KUNIT_ASSERT_NOT_NULL(test, s);
	memset(s, 'b', 2 * MARKER_DATA_MAX - 1);
	hit_full(s);

	KUNIT_EXPECT_EQ(test, c->size, fields + MARKER_DATA_ALL_MAX);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8 + 15 * 4, c->size - 1, 1), "");
	KUNIT_EXPECT_EQ(test, c->record[c->size], 0xa5);
}

static void marker_test_record_of_bytes_capped(struct kunit *test)
{
	struct capture *c = capture(test, "full_bytes");
	u8 *data = kunit_kzalloc(test, MARKER_DATA_MAX, GFP_KERNEL);
	unsigned int fields = MARKER_HEADER_SIZE + 7 * 4;

	KUNIT_ASSERT_NOT_NULL(test, data);
	hit_full_bytes(data);

	/* A byte is kept for each, as if it were the NUL of a string. */
	KUNIT_EXPECT_EQ(test, c->size, fields + MARKER_DATA_ALL_MAX - 7);
	KUNIT_EXPECT_EQ(test, c->record[c->size], 0xa5);
}

static void marker_test_holes(struct kunit *test)
{
	struct capture *c = capture(test, "holes");
	struct {
		u8	header[8];
		u8	a;
		u8	hole1[7];
		u8	b[8];
		u8	c, hole2;
		u8	d[2];
		u8	e, hole3[3];
		u8	f[4];
		u8	g;
	} *r = (void *)c->record;
	u8 zero[7] = { };

	hit_holes(0xff, ~0ULL, 0xff, 0xffff, 0xff, ~0U, 0xff);
	KUNIT_ASSERT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_MEMEQ(test, r->hole1, zero, sizeof(r->hole1));
	KUNIT_EXPECT_EQ(test, r->hole2, 0);
	KUNIT_EXPECT_MEMEQ(test, r->hole3, zero, sizeof(r->hole3));
	KUNIT_EXPECT_EQ(test, r->a & r->c & r->e & r->g, 0xff);
	KUNIT_EXPECT_EQ(test, c->size, offsetofend(typeof(*r), g));
}

static void marker_test_sixteen(struct kunit *test)
{
	struct capture *c = capture(test, "sixteen");

	hit_sixteen(100);
	for (int i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, c->words[2 + i], 100 + i);
	KUNIT_EXPECT_EQ(test, c->size, 8 + 16 * 4);
}

/* As many fields as there can be, of 8 bytes each, and data after them */
static void marker_test_thirty_two(struct kunit *test)
{
	struct capture *c = capture(test, "thirty_two");

	hit_thirty_two(100, "text");
	for (int i = 0; i < 31; i++)
		KUNIT_EXPECT_EQ(test, ((u64 *)c->words)[1 + i], 100 + i);
	KUNIT_EXPECT_EQ(test, c->words[64], 5 << 16 | 260);
	KUNIT_EXPECT_STREQ(test, (char *)c->words + 260, "text");
	KUNIT_EXPECT_EQ(test, c->size, 8 + 31 * 8 + 4 + 5);
}

/* What has room for all data on the stack has it for all fields. */
static void marker_test_fields_too_long(struct kunit *test)
{
	u8 types[17];
	struct test_desc *d;

	d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, d);
	memset(types, MARKER_IPV6, sizeof(types));
	make_desc(d, "long", "%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6%pI6",
		  types, ARRAY_SIZE(types), MARKER_HEADER_SIZE + 16 * ARRAY_SIZE(types));

	KUNIT_EXPECT_STREQ(test, marker_format_check(&d->desc),
			   "fields that take more than 256 bytes");
}

static void marker_test_none(struct kunit *test)
{
	struct capture *c = capture(test, "none");

	hit_none();
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->size, MARKER_HEADER_SIZE);
}

static void marker_test_cond(struct kunit *test)
{
	int evaluated = 0;
	struct capture *c;

	hit_cond(&evaluated, true);
	KUNIT_EXPECT_EQ_MSG(test, evaluated, 0, "evaluated while off");

	c = capture(test, "cond");
	hit_cond(&evaluated, false);
	KUNIT_EXPECT_EQ(test, evaluated, 1);
	KUNIT_EXPECT_EQ(test, c->hits, 0);

	hit_cond(&evaluated, true);
	KUNIT_EXPECT_EQ(test, evaluated, 3);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->words[2], 3);

	drop_probe(test, c->probe);
	hit_cond(&evaluated, true);
	KUNIT_EXPECT_EQ(test, evaluated, 3);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
}

/* Two sites of one name are one marker, and on together. */
static void marker_test_two_sites(struct kunit *test)
{
	struct marker_site *site = find_site("twice");
	struct capture *c = capture(test, "twice");
	struct marker_site *s;
	unsigned int nr = 0;

	for_each_marker_site(s, site_marker(site))
		nr++;
	KUNIT_EXPECT_EQ(test, nr, 2);

	hit_twice(10);
	KUNIT_EXPECT_EQ(test, c->hits, 2);
	KUNIT_EXPECT_EQ(test, c->words[2], 11);
}

/* What the core makes strings of */

static noinline void hit_made(const void *addr, size_t len)
{
	trace_mark(marker_kunit, made, "addr=%s user=%s", mark_sockaddr(addr, len),
		   mark_user_string((const char __user *)8UL));
}

static void marker_test_made(struct kunit *test)
{
	static const struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = cpu_to_be16(80),
		.sin_addr.s_addr = cpu_to_be32(INADDR_LOOPBACK)
	};
	static const struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6, .sin6_port = cpu_to_be16(80),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT
	};
	static const struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/socket" };
	static const struct sockaddr_un abstract = {
		.sun_family = AF_UNIX, .sun_path = "\0name"
	};
	static const struct sockaddr other = { .sa_family = 77, .sa_data = { 1, 2 } };
	static const struct {
		const void	*addr;
		size_t		len;
		const char	*text;
	} cases[] = {
		{ &in, sizeof(in), "127.0.0.1:80" },
		{ &in, sizeof(in) - 1, "family 2: 00507f00000100000000000000" },
		{ &in, 1, "(1 bytes)" },
		{ &in6, sizeof(in6), "[::1]:80" },
		{ &in6, offsetofend(struct sockaddr_in6, sin6_addr), "[::1]:80" },
		{ &un, sizeof(un), "/run/socket" },
		{ &un, offsetof(struct sockaddr_un, sun_path) + 4, "/run" },
		{ &un, offsetof(struct sockaddr_un, sun_path), "(unnamed)" },
		{ &abstract, offsetof(struct sockaddr_un, sun_path) + 5, "@name" },
		{ &other, 4, "family 77: 0102" },
		{ &other, 2, "family 77: " },
		{ NULL, 16, "(null)" },
	};
	struct capture *c = capture(test, "made");

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int size = strlen(cases[i].text) + 1;

		hit_made(cases[i].addr, cases[i].len);
		KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 16, size), cases[i].text);
		KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 16 + size, 8), "(fault)");
	}
}

static noinline void hit_device(const struct device *dev)
{
	trace_mark(marker_kunit, kunit_device, "dev=%s", mark_device(dev));
}

/* The driver and the name, of which what does not fit is cut. */
static void marker_test_device(struct kunit *test)
{
	struct device_driver *driver = kunit_kzalloc(test, sizeof(*driver), GFP_KERNEL);
	struct device *dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);
	char *text = kunit_kzalloc(test, 2 * MARKER_DATA_MAX, GFP_KERNEL);
	struct capture *c = capture(test, "kunit_device");

	KUNIT_ASSERT_TRUE(test, driver && dev && text);
	driver->name = "driver";
	dev->driver = driver;
	hit_device(dev);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 12, 14), "driver (null)");

	dev->init_name = "name";
	hit_device(dev);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 12, 12), "driver name");

	memset(text, 'x', 2 * MARKER_DATA_MAX - 1);
	memcpy(text, "driver ", strlen("driver "));
	dev->init_name = text + strlen("driver ");
	hit_device(dev);
	text[MARKER_DATA_MAX - 1] = '\0';
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 12, MARKER_DATA_MAX), text);
}

static noinline void hit_file(const struct file *file)
{
	trace_mark(marker_kunit, file, "file=%s dentry=%s", mark_file(file),
		   mark_dentry(file->f_path.dentry));
}

/* Files that are in no directory have a name, or a pipe that of its filesystem. */
static void marker_test_no_directory(struct kunit *test)
{
	static const struct file_operations fops;
	struct capture *c = capture(test, "file");
	struct file *file, *pipe[2];

	file = anon_inode_getfile("[kunit]", &fops, NULL, O_RDWR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	hit_file(file);
	fput(file);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 16, 8), "[kunit]");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 24, 8), "[kunit]");

	KUNIT_ASSERT_EQ(test, create_pipe_files(pipe, 0), 0);
	hit_file(pipe[0]);
	fput(pipe[0]);
	fput(pipe[1]);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 8, 16, 7), "pipefs");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 23, 7), "pipefs");
}

/* How records print */

/* The text of what was captured, in a record of that size */
static const char *printed(struct kunit *test, const char *event, struct capture *c, int size)
{
	struct trace_iterator *iter = kunit_kzalloc(test, sizeof(*iter), GFP_KERNEL);
	struct trace_event_call *call = &site_marker(find_site(event))->call;

	KUNIT_ASSERT_NOT_NULL(test, iter);
	iter->ent = (struct trace_entry *)c->record;
	iter->ent->type = call->event.type;
	iter->ent_size = size;
	trace_seq_init(&iter->seq);
	KUNIT_EXPECT_EQ(test, call->event.funcs->trace(iter, 0, &call->event),
			TRACE_TYPE_HANDLED);
	trace_seq_putc(&iter->seq, '\0');
	return iter->seq.buffer;
}

static void marker_test_print_scalars(struct kunit *test)
{
	struct capture *c = capture(test, "scalars");
	struct all_kinds k = {
		.b = true, .c = 'x', .sc = -2, .uc = 0xfe, .s = -3, .us = 0xfffd,
		.i = INT_MIN, .u = UINT_MAX, .l = -4, .ul = 5,
		.ll = S64_MIN, .ull = U64_MAX, .e = TEST_ONE,
	};
	char want[300];

	snprintf(want, sizeof(want),
		 "scalars: b=1 c=120 sc=-2 uc=254 s=-3 us=65533 i=-2147483648 u=4294967295 l=-4 ul=5 ll=-9223372036854775808 ull=18446744073709551615 e=1 p=%p\n",
		 NULL);
	hit_scalars(&k);
	KUNIT_EXPECT_STREQ(test, printed(test, "scalars", c, c->size), want);
}

static void marker_test_print_captures(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_captures");
	u8 data[16];

	for (int i = 0; i < sizeof(data); i++)
		data[i] = 0x10 + i;
	hit_captures(data, 5);
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_captures", c, c->size),
			   "kunit_captures: m=10:11:12:13:14:15 i=16.17.18.19 j=1011:1213:1415:1617:1819:1a1b:1c1d:1e1f u=10111213-1415-1617-1819-1a1b1c1d1e1f h=10 11 12 13 14 x=42\n");

	/* An error number in the place of a length */
	hit_captures(data, -EINVAL);
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_captures", c, c->size),
			   "kunit_captures: m=10:11:12:13:14:15 i=16.17.18.19 j=1011:1213:1415:1617:1819:1a1b:1c1d:1e1f u=10111213-1415-1617-1819-1a1b1c1d1e1f h= x=42\n");
}

/* Strings are escaped, and those of a record that is broken are not read. */
static void marker_test_print_strings(struct kunit *test)
{
	struct capture *c = capture(test, "kunit_strings");

	hit_strings("a\tb\x01\x7f\\", "c d");
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_strings", c, c->size),
			   "kunit_strings: a=a\\tb\\x01\\x7f\\ n=7 b=c d\n");
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_strings", c, c->size - 1),
			   "kunit_strings: a=a\\tb\\x01\\x7f\\ n=7 b=<OVERFLOW>\n");
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_strings", c, 19), "kunit_strings: <OVERFLOW>\n");
	c->record[c->size - 1] = 'e';
	KUNIT_EXPECT_STREQ(test, printed(test, "kunit_strings", c, c->size),
			   "kunit_strings: a=a\\tb\\x01\\x7f\\ n=7 b=<NOT TERMINATED>\n");
}

static noinline void hit_print_fmt(int n, const char *text, const u16 *array, size_t nr)
{
	trace_mark(marker_kunit, print_fmt,
		   "hash=%#x zero=%#010x prec=%.4d byte=%hhd B=%pB t=\"%s\" 100%% c\\d dev=%s h=%ph arr=%s",
		   n, n, n, (s8)n, hit_print_fmt, text, mark_dev((dev_t)n),
		   mark_bytes(text, 2), mark_array(array, nr));
}

/* What user space is told, and what the kernel prints itself */
static void marker_test_print_fmt(struct kunit *test)
{
	struct capture *c = capture(test, "print_fmt");
	static const u16 array[] = { 1, 0xffff };
	const char *text;
	char want[300];

	KUNIT_EXPECT_STREQ(test, site_marker(find_site("print_fmt"))->call.print_fmt,
			   "\"hash=0x%x zero=0x%08x prec=%.4d byte=%hhd B=%pS t=\\\"%s\\\" 100%% c\\\\d dev=%u:%u h=%*ph arr=%s\", REC->hash, REC->zero, REC->prec, REC->byte, REC->B, __get_str(t), (unsigned int)(REC->dev >> 20), (unsigned int)(REC->dev & 0xfffff), __get_dynamic_array_len(h), __get_dynamic_array(h), __print_array(__get_dynamic_array(arr), (__get_dynamic_array_len(arr) / 2), 2)");

	hit_print_fmt(26, "AB", array, 2);
	text = printed(test, "print_fmt", c, c->size);
	snprintf(want, sizeof(want),
		 "print_fmt: hash=0x1a zero=0x0000001a prec=0026 byte=26 B=%pB t=\"AB\" 100%% c\\d dev=0:26 h=41 42 arr={0x1,0xffff}\n",
		 hit_print_fmt);
	KUNIT_EXPECT_STREQ(test, text, want);
}

struct order {
	char	seen[8];
	int	nr;
};

static void order_a(void *data, const struct marker_hit *hit)
{
	struct order *o = data;

	o->seen[o->nr++] = 'a';
}

static void order_b(void *data, const struct marker_hit *hit)
{
	struct order *o = data;

	o->seen[o->nr++] = 'b';
}

static void marker_test_probes(struct kunit *test)
{
	struct marker *marker = site_marker(find_site("none"));
	struct probe *a, *b;
	struct order o = { };

	hit_none();
	b = add_probe(test, marker, order_b, &o);
	a = add_probe(test, marker, order_a, &o);
	KUNIT_EXPECT_EQ(test, try_probe(marker, order_a, &o), -EEXIST);
	KUNIT_EXPECT_EQ(test, nr_probes(marker), 2);
	hit_none();
	KUNIT_EXPECT_STREQ(test, o.seen, "ba");

	drop_probe(test, b);
	hit_none();
	KUNIT_EXPECT_STREQ(test, o.seen, "baa");

	drop_probe(test, a);
	KUNIT_EXPECT_EQ(test, nr_probes(marker), 0);
	hit_none();
	KUNIT_EXPECT_STREQ(test, o.seen, "baa");
}

/* Binding */

static void del_section(void *section)
{
	marker_section_del(section);
}

static void add_section(struct kunit *test, struct marker_section *section)
{
	marker_section_add(section);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, del_section, section), 0);
}

/* A section of one site, made by hand */
struct test_section {
	struct test_desc	desc;
	struct marker_site	site;
	struct marker_section	section;
};

static struct test_section *make_section(struct kunit *test, const char *event,
					 const char *format, const u8 *types, u8 nargs)
{
	struct test_section *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	make_desc(&s->desc, event, format, types, nargs, record_size(types, nargs));
	s->site.desc = &s->desc.desc;
	s->section.start = &s->site;
	s->section.end = &s->site + 1;
	return s;
}

static bool event_exists(const char *event)
{
	struct trace_event_file *file = trace_get_event_file(NULL, "marker_kunit", event);

	if (IS_ERR(file))
		return false;
	trace_put_event_file(file);
	return true;
}

static void marker_test_bind(struct kunit *test)
{
	static const u8 types[] = { MARKER_INT, MARKER_INT };
	static const u8 other[] = { MARKER_INT, MARKER_UINT };
	struct test_section *s[5];

	/* The same, the same again, other format, other type, malformed */
	s[0] = make_section(test, "bound", "a=%d b=%d", types, 2);
	s[1] = make_section(test, "bound", "a=%d b=%d", types, 2);
	s[2] = make_section(test, "bound", "a=%d c=%d", types, 2);
	s[3] = make_section(test, "bound", "a=%d b=%d", other, 2);
	s[4] = make_section(test, "malformed", "a=%d b=%s", types, 2);
	for (int i = 0; i < ARRAY_SIZE(s); i++)
		add_section(test, &s[i]->section);

	KUNIT_EXPECT_NOT_NULL(test, s[0]->site.hit);
	KUNIT_EXPECT_PTR_EQ(test, s[1]->site.hit, s[0]->site.hit);
	KUNIT_EXPECT_NULL(test, s[2]->site.hit);
	KUNIT_EXPECT_NULL(test, s[3]->site.hit);
	KUNIT_EXPECT_NULL(test, s[4]->site.hit);
	KUNIT_EXPECT_TRUE(test, event_exists("bound"));
	KUNIT_EXPECT_FALSE(test, event_exists("malformed"));
}

/* The strings of a mark_fail() stand after 28 bytes of fields. */
static void marker_test_fail(struct kunit *test)
{
	struct capture *c = capture(test, "marker_kunit_fail");

	KUNIT_EXPECT_EQ(test, mark_fail(marker_kunit, -EINVAL, "a reason"), -EINVAL);
	KUNIT_EXPECT_EQ(test, (int)c->words[2], -EINVAL);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 28, 9), "a reason");
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 16, 37, sizeof(__func__)), __func__);

	KUNIT_EXPECT_EQ(test, mark_fail(marker_kunit, -EPERM, "no %d", 1), -EPERM);
	KUNIT_EXPECT_EQ(test, (int)c->words[2], -EPERM);
	KUNIT_EXPECT_STREQ(test, data_at(test, c, 12, 28, 5), "no 1");
}

/* A section of one site with a field that has names; they stand in front of it. */
struct named_section {
	u64			room;
	struct test_section	s;
};

static struct test_section *make_with_set(struct kunit *test, const struct mark_set *set,
					  const char *event, const char *format,
					  const u8 *types, u8 nargs, u16 size)
{
	struct named_section *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, n);
	make_desc(&n->s.desc, event, format, types, nargs, size);
	n->s.desc.desc.nr_sets = 1;
	marker_sets(&n->s.desc.desc)[0] = set;
	n->s.site.desc = &n->s.desc.desc;
	n->s.section.start = &n->s.site;
	n->s.section.end = &n->s.site + 1;
	return &n->s;
}

static struct test_section *make_named(struct kunit *test, const struct mark_set *set)
{
	static const u8 types[] = { MARKER_INT | MARKER_NAMED };

	return make_with_set(test, set, "named", "a=%s", types, 1,
			     MARKER_HEADER_SIZE + sizeof(int));
}

/*
 * A trace_mark() that looks like a mark_fail() in all is not bound to the marker of that
 * one, nor the other way round: in modules, they call different functions.
 */
static void marker_test_mark_like_fail(struct kunit *test)
{
	static const char file[] = "a.c\0marker_kunit\0twin";
	struct test_section *fail[3], *mark[3];

	for (int i = 0; i < 3; i++) {
		struct marker_desc *desc;

		fail[i] = make_section(test, "", "", NULL, 0);
		desc = &fail[i]->desc.desc;
		desc->file = file;
		desc->nargs = MARKER_FAIL;
		put_string(fail[i]->desc.behind, "a reason");

		mark[i] = make_with_set(test, marker_fail_sets[0], "twin", marker_format(desc),
					marker_fail_types, marker_nargs(desc), marker_size(desc));
		KUNIT_EXPECT_NULL(test, marker_format_check(&mark[i]->desc.desc));
	}

	marker_section_add(&fail[0]->section);
	KUNIT_EXPECT_NOT_NULL(test, fail[0]->site.hit);
	marker_section_add(&mark[0]->section);
	KUNIT_EXPECT_NULL(test, mark[0]->site.hit);
	marker_section_add(&fail[1]->section);
	KUNIT_EXPECT_PTR_EQ(test, fail[1]->site.hit, fail[0]->site.hit);
	for (int i = 0; i < 2; i++)
		marker_section_del(&fail[i]->section);
	marker_section_del(&mark[0]->section);

	marker_section_add(&mark[1]->section);
	KUNIT_EXPECT_NOT_NULL(test, mark[1]->site.hit);
	marker_section_add(&fail[2]->section);
	KUNIT_EXPECT_NULL(test, fail[2]->site.hit);
	marker_section_add(&mark[2]->section);
	KUNIT_EXPECT_PTR_EQ(test, mark[2]->site.hit, mark[1]->site.hit);
	for (int i = 1; i < 3; i++)
		marker_section_del(&mark[i]->section);
	marker_section_del(&fail[2]->section);
}

static const struct mark_name set_names[] = { { 1, "one" }, { 2, "two" } };
static const struct mark_name set_same[] = { { 1, "one" }, { 2, "two" } };
static const struct mark_name set_value[] = { { 1, "one" }, { 3, "two" } };
static const struct mark_name set_name[] = { { 1, "one" }, { 2, "TWO" } };
static const struct mark_name set_order[] = { { 2, "two" }, { 1, "one" } };

#define SET(_name, _kind, _nr, _names) \
	{ .name = _name, .kind = MARK_KIND_##_kind, .nr = _nr, .names = _names }

/* Sets of one name are equal, or the later site is refused. */
static void marker_test_sets_differ(struct kunit *test)
{
	static const struct mark_set set = SET("set", SYMBOLS, 2, set_names);
	static const struct mark_set others[] = {
		SET("set", SYMBOLS, 2, set_value), SET("set", SYMBOLS, 2, set_name),
		SET("set", SYMBOLS, 2, set_order), SET("set", SYMBOLS, 1, set_names),
		SET("set", FLAGS, 2, set_names), SET("other", SYMBOLS, 2, set_names),
	};
	static const struct mark_set same = SET("set", SYMBOLS, 2, set_same);
	struct test_section *first = make_named(test, &set), *s = make_named(test, &same);

	add_section(test, &first->section);
	KUNIT_ASSERT_NOT_NULL(test, first->site.hit);
	KUNIT_EXPECT_TRUE(test, marker_sets_equal(first->site.desc, s->site.desc));
	add_section(test, &s->section);
	KUNIT_EXPECT_PTR_EQ(test, s->site.hit, first->site.hit);
	for (int i = 0; i < ARRAY_SIZE(others); i++) {
		s = make_named(test, &others[i]);
		KUNIT_EXPECT_FALSE_MSG(test, marker_sets_equal(first->site.desc, s->site.desc),
				       "set %d", i);
		add_section(test, &s->section);
		KUNIT_EXPECT_NULL_MSG(test, s->site.hit, "set %d", i);
	}
}

static void marker_test_sets_refused(struct kunit *test)
{
	static const struct {
		const char	*name;
		const char	*error;
	} cases[] = {
		{ "any other name: |,{}&%<>'", "none" },
		{ "", "empty name of a flag" },
		{ NULL, "value that has no name" },
		{ "a\"b", "control character, \" or \\" },
		{ "a\\b", "control character, \" or \\" },
		{ "a\nb", "control character, \" or \\" },
	};

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mark_name names[] = { { 1, "one" }, { 2, cases[i].name } };
		struct mark_set set = SET("set", FLAGS, 2, names);
		const char *error = marker_format_check(make_named(test, &set)->site.desc) ?: "none";

		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(error, cases[i].error), "name %d: %s", i,
					  error);
		set.kind = MARK_NR_KINDS;
		KUNIT_EXPECT_STREQ(test, marker_format_check(make_named(test, &set)->site.desc),
				   "set of names of an unknown kind");
	}
}

/* As many sets as fields that have names, and names for integers only */
static void marker_test_sets_counted(struct kunit *test)
{
	static const struct mark_set set = SET("set", SYMBOLS, 2, set_names);
	struct test_section *s = make_named(test, &set);

	s->desc.desc.nr_sets = 0;
	KUNIT_EXPECT_STREQ(test, marker_format_check(s->site.desc), "names for what has none");
	s->desc.desc.nr_sets = 1;
	s->desc.behind[0] = MARKER_INT;
	strscpy((char *)marker_format(s->site.desc), "a=%d", sizeof("a=%d"));
	KUNIT_EXPECT_STREQ(test, marker_format_check(s->site.desc),
			   "more sets of names than arguments that have one");
	s->desc.behind[0] = MARKER_PTR | MARKER_NAMED;
	KUNIT_EXPECT_STREQ(test, marker_format_check(s->site.desc), "names for what has none");
}

/* The text of an event may be longer than what is tried first. */
static void marker_test_large_set(struct kunit *test)
{
	unsigned int nr = 1000;
	struct mark_name *names = kunit_kcalloc(test, nr, sizeof(*names), GFP_KERNEL);
	struct mark_set set = SET("large", SYMBOLS, nr, names);
	struct test_section *s = make_named(test, &set);

	KUNIT_ASSERT_NOT_NULL(test, names);
	for (unsigned int i = 0; i < nr; i++)
		names[i] = (struct mark_name) { i, "a name of a value" };
	marker_section_add(&s->section);
	KUNIT_EXPECT_NOT_NULL(test, s->site.hit);
	if (s->site.hit)
		KUNIT_EXPECT_GT(test, strlen(site_marker(&s->site)->text), 3 * 8192);
	marker_section_del(&s->section);
	KUNIT_EXPECT_FALSE(test, event_exists("named"));
}

/* A site that is bound while its marker is on is on at once. */
static void marker_test_bind_late(struct kunit *test)
{
	struct test_section *s = make_section(test, "none", "", NULL, 0);
	struct marker *marker = site_marker(find_site("none"));
	struct order o = { };
	struct probe *p;

	p = add_probe(test, marker, order_a, &o);
	add_section(test, &s->section);
	KUNIT_EXPECT_PTR_EQ(test, s->site.hit, &marker->hit);
	KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 1);

	drop_probe(test, p);
	KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 0);
}

/* An event that nobody used goes with its last site, and not before. */
static void marker_test_unbind_unused(struct kunit *test)
{
	struct test_section *a = make_section(test, "unused", "", NULL, 0);
	struct test_section *b = make_section(test, "unused", "", NULL, 0);

	marker_section_add(&a->section);
	marker_section_add(&b->section);
	KUNIT_EXPECT_TRUE(test, event_exists("unused"));
	marker_section_del(&a->section);
	KUNIT_EXPECT_TRUE(test, event_exists("unused"));
	marker_section_del(&b->section);
	KUNIT_EXPECT_FALSE(test, event_exists("unused"));
}

/* One that is on outlives its sites, and those that come back are on. */
static void marker_test_unbind_used(struct kunit *test)
{
	static const u8 types[] = { MARKER_INT };
	struct test_section *s = make_section(test, "used", "a=%d", types, 1);
	struct test_section *changed = make_section(test, "used", "b=%d", types, 1);
	marker_hit_fn **hit;

	marker_section_add(&s->section);
	hit = s->site.hit;
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("marker_kunit", "used", 1), 0);
	KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 1);
	marker_section_del(&s->section);
	KUNIT_EXPECT_TRUE(test, event_exists("used"));

	/* The module may not have lived at the same address before. */
	s = make_section(test, "used", "a=%d", types, 1);
	marker_section_add(&s->section);
	KUNIT_EXPECT_PTR_EQ(test, s->site.hit, hit);
	KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 1);
	marker_section_del(&s->section);

	/* Other fields: refused while the event is on, afterwards a new event */
	marker_section_add(&changed->section);
	KUNIT_EXPECT_NULL(test, changed->site.hit);
	marker_section_del(&changed->section);
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("marker_kunit", "used", 0), 0);
	marker_section_add(&changed->section);
	KUNIT_EXPECT_NOT_NULL(test, changed->site.hit);
	KUNIT_EXPECT_EQ(test, static_key_count(&changed->site.key), 0);
	marker_section_del(&changed->section);
	KUNIT_EXPECT_FALSE(test, event_exists("used"));
}

/* What was on, or has a filter, outlives its sites, until it has to make room. */
static void marker_test_unbind_was_on(struct kunit *test)
{
	static const u8 types[] = { MARKER_INT };
	struct test_section *s = make_section(test, "was_on", "a=%d", types, 1);
	struct test_section *changed = make_section(test, "was_on", "b=%d", types, 1);
	struct trace_event_file *file;
	char filter[] = "b == 1", none[] = "0";

	marker_section_add(&s->section);
	KUNIT_EXPECT_EQ(test, trace_set_clr_event("marker_kunit", "was_on", 1), 0);
	KUNIT_EXPECT_EQ(test, trace_set_clr_event("marker_kunit", "was_on", 0), 0);
	marker_section_del(&s->section);
	KUNIT_EXPECT_TRUE(test, event_exists("was_on"));

	marker_section_add(&changed->section);
	KUNIT_EXPECT_NOT_NULL(test, changed->site.hit);
	file = trace_get_event_file(NULL, "marker_kunit", "was_on");
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	scoped_guard(mutex, &event_mutex)
		KUNIT_EXPECT_EQ(test, apply_event_filter(file, filter), 0);
	trace_put_event_file(file);
	marker_section_del(&changed->section);
	KUNIT_EXPECT_TRUE(test, event_exists("was_on"));

	marker_section_add(&changed->section);
	file = trace_get_event_file(NULL, "marker_kunit", "was_on");
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	scoped_guard(mutex, &event_mutex)
		KUNIT_EXPECT_EQ(test, apply_event_filter(file, none), 0);
	trace_put_event_file(file);
	marker_section_del(&changed->section);
	KUNIT_EXPECT_FALSE(test, event_exists("was_on"));
}

/* Sites of sections side by side are told apart, to the last one. */
static void marker_test_site_module(struct kunit *test)
{
	struct marker_site *sites = kunit_kcalloc(test, 2, sizeof(*sites), GFP_KERNEL);
	struct module *mod = kunit_kcalloc(test, 2, sizeof(*mod), GFP_KERNEL);
	struct marker_section sections[2] = { };

	KUNIT_ASSERT_NOT_NULL(test, sites);
	KUNIT_ASSERT_NOT_NULL(test, mod);
	scoped_guard(mutex, &event_mutex) {
		for (int i = 0; i < 2; i++) {
			sections[i].start = sites + i;
			sections[i].end = sites + i + 1;
			sections[i].mod = mod + i;
			list_add_tail(&sections[i].node, &marker_sections);
		}
		for (int i = 0; i < 2; i++)
			KUNIT_EXPECT_PTR_EQ(test, marker_site_module(sites + i), mod + i);
		KUNIT_EXPECT_NULL(test, marker_site_module(sites + 2));
		KUNIT_EXPECT_NULL(test, marker_site_module(find_site("none")));
		for (int i = 0; i < 2; i++)
			list_del(&sections[i].node);
	}
}

/* In a batch, keys wait for its end, and those that are as before are left alone. */
static void marker_test_batch(struct kunit *test)
{
	struct marker_site *on = find_site("none"), *off = find_site("cond");
	struct order o = { };
	struct probe *a, b = { site_marker(on), order_b, &o };

	a = add_probe(test, site_marker(off), order_a, &o);
	scoped_guard(mutex, &event_mutex) {
		marker_batch_begin();
		KUNIT_EXPECT_EQ(test, marker_probe_add(b.marker, b.fn, b.data), 0);
		KUNIT_EXPECT_EQ(test, static_key_count(&on->key), 0);
		marker_probe_remove(a->marker, a->fn, a->data);
		KUNIT_EXPECT_EQ(test, static_key_count(&on->key), 0);
		KUNIT_EXPECT_EQ(test, static_key_count(&off->key), 1);
		marker_batch_end();
		KUNIT_EXPECT_EQ(test, static_key_count(&on->key), 1);
		KUNIT_EXPECT_EQ(test, static_key_count(&off->key), 0);

		marker_batch_begin();
		marker_probe_remove(b.marker, b.fn, b.data);
		KUNIT_EXPECT_EQ(test, marker_probe_add(b.marker, b.fn, b.data), 0);
		marker_batch_end();
		KUNIT_EXPECT_EQ(test, static_key_count(&on->key), 1);
		KUNIT_EXPECT_EQ(test, marker_probe_add(a->marker, a->fn, a->data), 0);
		KUNIT_EXPECT_EQ(test, static_key_count(&off->key), 1);
	}
	remove_probe(&b);
}

/* More sites than are turned on at a time */
static void marker_test_many_sites(struct kunit *test)
{
	struct test_section *s = make_section(test, "none", "", NULL, 0);
	struct marker_site *sites = kunit_kcalloc(test, 600, sizeof(*sites), GFP_KERNEL);
	unsigned int nr = 0;
	struct order o = { };

	KUNIT_ASSERT_NOT_NULL(test, sites);
	add_probe(test, site_marker(find_site("none")), order_a, &o);
	for (int i = 0; i < 600; i++)
		sites[i].desc = &s->desc.desc;
	s->section.start = sites;
	s->section.end = sites + 600;
	marker_section_add(&s->section);
	for (int i = 0; i < 600; i++)
		nr += static_key_count(&sites[i].key);
	KUNIT_EXPECT_EQ(test, nr, 600);
	marker_section_del(&s->section);
}

static void marker_test_denied(struct kunit *test)
{
	struct test_section *s = make_section(test, "denied", "", NULL, 0);

	s->section.denied = BIT(TAINT_PROPRIETARY_MODULE);
	add_section(test, &s->section);
	KUNIT_EXPECT_NULL(test, s->site.hit);
	KUNIT_EXPECT_FALSE(test, event_exists("denied"));
}

/* Taint by taint, markers are denied where tracepoints are. */
static void marker_test_taints(struct kunit *test)
{
	struct module *mod = kunit_kzalloc(test, sizeof(*mod), GFP_KERNEL);

	if (!IS_ENABLED(CONFIG_MODULES))
		kunit_skip(test, "no modules");
	KUNIT_ASSERT_NOT_NULL(test, mod);
	for (int i = 0; i < TAINT_FLAGS_COUNT; i++) {
		mod->taints = BIT(i) | BIT(TAINT_OOT_MODULE);
		KUNIT_EXPECT_EQ_MSG(test, marker_denied_taints(mod),
				    trace_module_has_bad_taint(mod) ? BIT(i) : 0,
				    "taint %d", i);
	}
}

/* Typed probes */

struct typed {
	unsigned int	calls;
	bool		preemptible;
	long		sum;
	char		text[24];
	char		order[8];
	unsigned int	nr;
};

static void typed_two(void *data, u64 a, u16 b)
{
	struct typed *t = data;

	t->calls++;
	t->preemptible |= preemptible();
	t->sum += a + b;
}

DEFINE_MARKER_PROBE(typed_two, u64, u16);

static void typed_bounded(void *data, const char *magic, const char *text)
{
	struct typed *t = data;

	t->calls++;
	snprintf(t->text, sizeof(t->text), "%s %.3s", magic, text);
}

DEFINE_MARKER_PROBE(typed_bounded, const char *, const char *);

static noinline void hit_typed_counted(const char *text, int len)
{
	trace_mark(marker_kunit, typed_counted, "magic=%s text=%s", mark_string(text, len), text);
}

static noinline void hit_typed_bounded(const struct bounded *b, const char *text)
{
	trace_mark(marker_kunit, typed_bounded, "magic=%s text=%s", b->magic, text);
}

/* A probe gets a string of C, or if there is none, nothing. */
static void marker_test_typed_bounded(struct kunit *test)
{
	static const char name[] = "marker_kunit:typed_bounded";
	struct marker *marker = site_marker(find_site("typed_bounded"));
	long dropped = atomic_long_read(&marker->dropped);
	struct bounded *b = make_bounded(test);
	struct typed t = { };

	KUNIT_ASSERT_EQ(test, marker_probe_register(name, typed_bounded, &t), 0);
	hit_typed_bounded(b, "short");
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_STREQ(test, t.text, "ABCD sho");

	b->end[3] = '\0';
	hit_typed_bounded(b, b->text);
	KUNIT_EXPECT_EQ(test, t.calls, 2);
	KUNIT_EXPECT_STREQ(test, t.text, "ABCD ttt");
	KUNIT_EXPECT_EQ(test, atomic_long_read(&marker->dropped), dropped);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(name, typed_bounded, &t), 0);
	marker_synchronize_unregister();
}

/* A counted string is a const char * with a NUL for a probe. */
static void marker_test_typed_counted(struct kunit *test)
{
	static const char name[] = "marker_kunit:typed_counted";
	struct marker *marker = site_marker(find_site("typed_counted"));
	long dropped = atomic_long_read(&marker->dropped);
	char *text = kunit_kzalloc(test, 601, GFP_KERNEL);
	struct typed t = { };

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', 600);
	KUNIT_ASSERT_EQ(test, marker_probe_register(name, typed_bounded, &t), 0);
	hit_typed_counted("abcdef", 3);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_STREQ(test, t.text, "abc abc");

	/* More than is recorded, and nowhere a NUL */
	hit_typed_counted(text, 600);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&marker->dropped), dropped + 1);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(name, typed_bounded, &t), 0);
	marker_synchronize_unregister();
}

static void typed_kinds(void *data, bool b, const char *s, const struct mark_mac *mac,
			const struct mark_bytes *bytes, const struct mark_u16s *array,
			const void *ptr, s8 last)
{
	struct typed *t = data;

	t->calls++;
	snprintf(t->text, sizeof(t->text), "%d %s %02x%02x %zu %zu %u", b, s, mac->addr[0],
		 mac->addr[5], bytes->len, array->len, array->data[1]);
	t->sum = ptr == data ? last : 0;
}

DEFINE_MARKER_PROBE(typed_kinds, bool, const char *, const struct mark_mac *,
		    const struct mark_bytes *, const struct mark_u16s *, const void *, s8);

static noinline void hit_typed_two(u64 a, u16 b)
{
	trace_mark(marker_kunit, typed_two, "a=%llu b=%hu", a, b);
}

static noinline void hit_typed_kinds(bool b, const char *s, void *ptr)
{
	static const u8 mac[] = { 0xaa, 1, 2, 3, 4, 0xbb };
	static const u16 array[] = { 1, 500 };

	trace_mark(marker_kunit, typed_kinds, "b=%d s=%s mac=%pM bytes=%ph arr=%s ptr=%p last=%hhd",
		   b, s, mark_mac(mac), mark_bytes(mac, 3), mark_array(array, 2), ptr, (s8)-7);
}

#define TWO	"marker_kunit:typed_two"
#define KINDS	"marker_kunit:typed_kinds"
#define AWAITED	"marker_kunit:awaited"

static void marker_test_typed(struct kunit *test)
{
	struct typed t = { }, u = { };

	KUNIT_ASSERT_EQ(test, marker_probe_register(TWO, typed_two, &t), 0);
	KUNIT_EXPECT_EQ(test, marker_probe_register(TWO, typed_two, &t), -EEXIST);
	KUNIT_EXPECT_EQ(test, marker_probe_register(TWO, typed_two, &u), 0);
	KUNIT_EXPECT_EQ(test, preemptible(), IS_ENABLED(CONFIG_PREEMPT_COUNT));
	hit_typed_two(1ULL << 40, 0xffff);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_FALSE(test, t.preemptible);
	KUNIT_EXPECT_EQ(test, t.sum, (long)(1ULL << 40) + 0xffff);
	KUNIT_EXPECT_EQ(test, u.calls, 1);

	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &t), 0);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &t), -ENOENT);
	hit_typed_two(1, 1);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_EQ(test, u.calls, 2);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &u), 0);
	marker_synchronize_unregister();
	KUNIT_EXPECT_EQ(test, static_key_count(&find_site("typed_two")->key), 0);

	KUNIT_ASSERT_EQ(test, marker_probe_register(KINDS, typed_kinds, &t), 0);
	hit_typed_kinds(true, "str", &t);
	KUNIT_EXPECT_STREQ(test, t.text, "1 str aabb 3 4 500");
	KUNIT_EXPECT_EQ(test, t.sum, -7);
	hit_typed_kinds(true, NULL, &t);
	KUNIT_EXPECT_STREQ(test, t.text, "1 (null) aabb 3 4 500");
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(KINDS, typed_kinds, &t), 0);
	marker_synchronize_unregister();
}

static void marker_test_typed_refused(struct kunit *test)
{
	static const char *const malformed[] = { "", ":", "a", "a:", ":b", "a:b:c" };
	struct typed t = { };

	/* Other types, fewer, more */
	KUNIT_EXPECT_EQ(test, marker_probe_register(KINDS, typed_two, &t), -EINVAL);
	KUNIT_EXPECT_EQ(test, marker_probe_register("marker_kunit:none", typed_two, &t), -EINVAL);
	KUNIT_EXPECT_EQ(test, marker_probe_register(TWO, typed_kinds, &t), -EINVAL);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_kinds, &t), -ENOENT);
	for (int i = 0; i < ARRAY_SIZE(malformed); i++) {
		KUNIT_EXPECT_EQ_MSG(test, marker_probe_register(malformed[i], typed_two, &t),
				    -EINVAL, "name '%s'", malformed[i]);
		KUNIT_EXPECT_EQ_MSG(test, marker_probe_unregister(malformed[i], typed_two, &t),
				    -ENOENT, "name '%s'", malformed[i]);
	}
	hit_typed_two(1, 1);
	KUNIT_EXPECT_EQ(test, t.calls, 0);
}

/* A probe waits for its marker, through any number of them. */
static void marker_test_typed_waits(struct kunit *test)
{
	static const u8 types[] = { MARKER_ULLONG, MARKER_USHORT };
	struct typed t = { };
	struct test_section *s;

	KUNIT_ASSERT_EQ(test, marker_probe_register(AWAITED, typed_two, &t), 0);
	KUNIT_EXPECT_EQ(test, marker_probe_register(AWAITED, typed_two, &t), -EEXIST);
	KUNIT_EXPECT_FALSE(test, event_exists("awaited"));

	/* One that does not fit is not called, and the event goes. */
	s = make_section(test, "awaited", "a=%llu", types, 1);
	marker_section_add(&s->section);
	KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 0);
	marker_section_del(&s->section);

	for (int i = 0; i < 2; i++) {
		s = make_section(test, "awaited", "a=%llu b=%hu", types, 2);
		marker_section_add(&s->section);
		KUNIT_EXPECT_EQ(test, static_key_count(&s->site.key), 1);
		marker_section_del(&s->section);
	}
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(AWAITED, typed_two, &t), 0);
	KUNIT_ASSERT_EQ(test, marker_probe_register("marker_kunit:awaited2", typed_two, &t), 0);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister("marker_kunit:awaited2", typed_two, &t), 0);
}

/* A module that goes takes its own probes. */
static void marker_test_typed_of_others(struct kunit *test)
{
	struct module *mod = kunit_kzalloc(test, sizeof(*mod), GFP_KERNEL);
	struct typed t = { };

	KUNIT_ASSERT_NOT_NULL(test, mod);
	KUNIT_ASSERT_EQ(test, marker_probe_register(TWO, typed_two, &t), 0);
	marker_probes_going(mod);
	hit_typed_two(1, 1);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &t), 0);
	marker_synchronize_unregister();
}

static void typed_recurses(void *data, u64 a, u16 b)
{
	struct typed *t = data;

	t->calls++;
	hit_typed_two(a, b);
	hit_none();
}

DEFINE_MARKER_PROBE(typed_recurses, u64, u16);

/* A typed probe that hits markers is not called again; others are, and it is counted. */
static void marker_test_typed_recursion(struct kunit *test)
{
	struct marker *marker = site_marker(find_site("typed_two"));
	struct marker *none = site_marker(find_site("none"));
	long dropped = atomic_long_read(&marker->dropped);
	struct typed t = { };
	struct order o = { };
	struct probe *p;

	KUNIT_ASSERT_EQ(test, marker_probe_register(TWO, typed_recurses, &t), 0);
	p = add_probe(test, none, order_a, &o);
	hit_typed_two(1, 1);
	KUNIT_EXPECT_EQ(test, t.calls, 1);
	KUNIT_EXPECT_EQ(test, o.nr, 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&marker->dropped), dropped + 1);
	hit_typed_two(1, 1);
	KUNIT_EXPECT_EQ(test, t.calls, 2);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_recurses, &t), 0);
	drop_probe(test, p);
	marker_synchronize_unregister();
}

/* The top instance alone heeds places; a site that it leaves out is off. */
static void marker_test_places(struct kunit *test)
{
	struct trace_event_file *file = trace_get_event_file(NULL, "marker_kunit", "twice");
	struct marker_site *site = find_site("twice"), *other;
	struct marker *marker = site_marker(site);
	LIST_HEAD(places);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	for_each_marker_site(other, marker) {
		if (other != site)
			break;
	}
	KUNIT_EXPECT_EQ(test, trace_set_clr_event("marker_kunit", "twice", 1), 0);
	scoped_guard(mutex, &event_mutex) {
		KUNIT_EXPECT_EQ(test, static_key_count(&site->key), 1);
		KUNIT_EXPECT_PTR_EQ(test, marker->plain, file);

		for (int i = 0; i < 2; i++)
			KUNIT_EXPECT_EQ(test, marker_places_add(&places, site->desc->file,
								site->desc->line), 0);
		KUNIT_EXPECT_TRUE(test, list_is_singular(&places));
		marker_set_places(marker, &places);
		KUNIT_EXPECT_TRUE(test, list_empty(&places));
		KUNIT_EXPECT_FALSE(test, marker_site_muted(site));
		KUNIT_EXPECT_TRUE(test, marker_site_muted(other));
		KUNIT_EXPECT_EQ(test, static_key_count(&site->key), 1);
		KUNIT_EXPECT_EQ(test, static_key_count(&other->key), 0);
		KUNIT_EXPECT_NULL(test, marker->plain);

		marker_places_del(&marker->places, other->desc->file, other->desc->line);
		marker_places_del(&marker->places, "other.c", site->desc->line);
		KUNIT_EXPECT_TRUE(test, list_is_singular(&marker->places));
		marker_event_everywhere(file);
		KUNIT_EXPECT_TRUE(test, list_empty(&marker->places));
		KUNIT_EXPECT_FALSE(test, marker_site_muted(other));
		KUNIT_EXPECT_EQ(test, static_key_count(&other->key), 1);
		KUNIT_EXPECT_PTR_EQ(test, marker->plain, file);
	}
	trace_set_clr_event("marker_kunit", "twice", 0);
	trace_put_event_file(file);
}

static const char *users(struct marker *marker, struct seq_buf *s)
{
	guard(mutex)(&event_mutex);
	seq_buf_clear(s);
	marker_print_users(s, marker, marker->sites);
	return seq_buf_str(s);
}

/* The users of a marker, in the order in which they came */
static void marker_test_users(struct kunit *test)
{
	struct marker *marker = site_marker(find_site("typed_two"));
	char buf[MARKER_USERS_SIZE];
	struct trace_array *tr;
	struct typed t = { };
	struct order o = { };
	struct seq_buf s;
	struct probe *p;

	seq_buf_init(&s, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, users(marker, &s), "");
	scoped_guard(mutex, &event_mutex)
		KUNIT_EXPECT_FALSE(test, marker_is_held(&s, marker, NULL));

	KUNIT_ASSERT_EQ(test, marker_probe_register(TWO, typed_two, &t), 0);
	KUNIT_EXPECT_EQ(test, trace_set_clr_event("marker_kunit", "typed_two", 1), 0);
	p = add_probe(test, marker, order_a, &o);
	KUNIT_EXPECT_STREQ(test, users(marker, &s), "probe:typed_two,top,other");
	scoped_guard(mutex, &event_mutex)
		KUNIT_EXPECT_TRUE(test, marker_is_held(&s, marker, NULL));
	drop_probe(test, p);
	tr = trace_array_get_by_name("kunit, 2", NULL);
	KUNIT_ASSERT_NOT_NULL(test, tr);
	KUNIT_EXPECT_EQ(test, trace_array_set_clr_event(tr, "marker_kunit", "typed_two", true), 0);
	KUNIT_EXPECT_STREQ(test, users(marker, &s),
			   "probe:typed_two,top,instances/kunit\\x2c\\x202");
	KUNIT_EXPECT_EQ(test, trace_array_set_clr_event(tr, "marker_kunit", "typed_two", false), 0);
	trace_array_put(tr);
	KUNIT_EXPECT_EQ(test, trace_array_destroy(tr), 0);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &t), 0);
	KUNIT_EXPECT_STREQ(test, users(marker, &s), "top");
	KUNIT_EXPECT_EQ(test, trace_set_clr_event("marker_kunit", "typed_two", 0), 0);
	marker_synchronize_unregister();
}

/* Filters */

static noinline void hit_filtered(const char *text)
{
	trace_mark(marker_kunit, filtered, "text=%s", text);
}

/* How private structures of trace_events_filter.c begin */
struct test_filter_pred {
	struct regex	*regex;
};

struct test_filter_prog {
	int			target;
	int			when_to_branch;
	struct test_filter_pred	*pred;
};

/* What ends it if nothing else does */
#define RECURSION_MAX	8

static struct {
	unsigned int	calls;
	unsigned int	depth;
	unsigned int	deepest;
} recursion;

static int match_and_hit(char *str, struct regex *r, int len)
{
	recursion.calls++;
	if (recursion.depth < RECURSION_MAX) {
		recursion.deepest = max(recursion.deepest, ++recursion.depth);
		hit_filtered("within");
		recursion.depth--;
	}
	return 1;
}

/* Filter the event by a pattern, and have the comparison hit the event. */
static int filter_recurses(struct trace_event_file *file)
{
	static const char pattern[] = "t?xt";
	char filter[] = "text ~ \"t?xt\"";
	struct test_filter_prog *prog;
	int ret;

	guard(mutex)(&event_mutex);
	ret = apply_event_filter(file, filter);
	if (ret)
		return ret;
	prog = (void *)rcu_dereference_protected(file->filter->prog, true);
	if (strcmp(prog->pred->regex->pattern, pattern))
		return -EPROTO;
	prog->pred->regex->match = match_and_hit;
	return 0;
}

static void no_filter(void *file)
{
	char none[] = "0";

	scoped_guard(mutex, &event_mutex)
		apply_event_filter(file, none);
	trace_put_event_file(file);
}

static void event_off(void *event)
{
	trace_set_clr_event("marker_kunit", event, 0);
}

/* What filters call may have markers, with filters: it comes to an end, each time. */
static void marker_test_filter_recursion(struct kunit *test)
{
	struct trace_event_file *file = trace_get_event_file(NULL, "marker_kunit", "filtered");

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, no_filter, file), 0);
	KUNIT_ASSERT_EQ(test, filter_recurses(file), 0);
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("marker_kunit", "filtered", 1), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, event_off, "filtered"), 0);

	for (int i = 0; i < 3; i++) {
		memset(&recursion, 0, sizeof(recursion));
		hit_filtered("text");
		KUNIT_EXPECT_GT(test, recursion.calls, 0);
		KUNIT_EXPECT_LT(test, recursion.deepest, RECURSION_MAX);
		KUNIT_EXPECT_EQ(test, recursion.calls, recursion.deepest);
	}
}

/* Contexts that may not sleep, with PREEMPT_RT neither */

struct contexts {
	struct irq_work		hardirq;
	struct timer_list	softirq;
	struct completion	done;
};

static DEFINE_RAW_SPINLOCK(contexts_lock);

static void hit_two_markers(void)
{
	hit_typed_two(1, 1);
	hit_strings("a", "b");
}

static void hit_in_hardirq(struct irq_work *work)
{
	hit_two_markers();
}

static void hit_in_softirq(struct timer_list *timer)
{
	struct contexts *c = timer_container_of(c, timer, softirq);

	hit_two_markers();
	complete(&c->done);
}

static void hit_in_contexts(struct contexts *c)
{
	scoped_guard(raw_spinlock_irqsave, &contexts_lock)
		hit_two_markers();

	local_bh_disable();
	hit_two_markers();
	local_bh_enable();

	irq_work_queue(&c->hardirq);
	irq_work_sync(&c->hardirq);

	mod_timer(&c->softirq, jiffies + 1);
	wait_for_completion(&c->done);
	timer_delete_sync(&c->softirq);
}

/* Lockdep tells if something that is called there takes a lock that sleeps. */
static void marker_test_contexts(struct kunit *test)
{
	struct contexts *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct capture *strings = capture(test, "kunit_strings");
	struct typed t = { };

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->hardirq = IRQ_WORK_INIT_HARD(hit_in_hardirq);
	timer_setup(&c->softirq, hit_in_softirq, 0);
	init_completion(&c->done);

	KUNIT_ASSERT_EQ(test, trace_set_clr_event("marker_kunit", "kunit_strings", 1), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, event_off, "kunit_strings"), 0);
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("marker_kunit", "typed_two", 1), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, event_off, "typed_two"), 0);
	KUNIT_ASSERT_EQ(test, marker_probe_register(TWO, typed_two, &t), 0);
	hit_in_contexts(c);
	KUNIT_EXPECT_EQ(test, marker_probe_unregister(TWO, typed_two, &t), 0);
	marker_synchronize_unregister();
	KUNIT_EXPECT_EQ(test, t.calls, 4);
	KUNIT_EXPECT_EQ(test, strings->hits, 4);
}

/*
 * For the selftest boot/initcall.sh: consoles are set up after trace events and
 * before the first initcall.
 */
static int __init marker_test_early(void)
{
	trace_mark(marker_kunit, early, "state=%d", (int)system_state);
	return 0;
}
console_initcall(marker_test_early);

static struct kunit_case marker_test_cases[] = {
	KUNIT_CASE_PARAM(marker_test_format, format_gen_params),
	KUNIT_CASE_PARAM(marker_test_names, name_gen_params),
	KUNIT_CASE(marker_test_tokens),
	KUNIT_CASE(marker_test_too_many_args),
	KUNIT_CASE(marker_test_fields_too_long),
	KUNIT_CASE(marker_test_layout_differs),
	KUNIT_CASE_PARAM(marker_test_value, value_gen_params),
	KUNIT_CASE_PARAM(marker_test_value_fmt, value_fmt_gen_params),
	KUNIT_CASE(marker_test_value_of_name),
	KUNIT_CASE(marker_test_scalars),
	KUNIT_CASE(marker_test_captures),
	KUNIT_CASE(marker_test_bytes_capped),
	KUNIT_CASE(marker_test_strings),
	KUNIT_CASE(marker_test_bounded),
	KUNIT_CASE(marker_test_bounded_long),
	KUNIT_CASE(marker_test_counted),
	KUNIT_CASE(marker_test_counted_long),
	KUNIT_CASE(marker_test_arrays),
	KUNIT_CASE(marker_test_string_capped),
	KUNIT_CASE(marker_test_record_capped),
	KUNIT_CASE(marker_test_record_of_bytes_capped),
	KUNIT_CASE(marker_test_holes),
	KUNIT_CASE(marker_test_sixteen),
	KUNIT_CASE(marker_test_thirty_two),
	KUNIT_CASE(marker_test_none),
	KUNIT_CASE(marker_test_cond),
	KUNIT_CASE(marker_test_two_sites),
	KUNIT_CASE(marker_test_made),
	KUNIT_CASE(marker_test_device),
	KUNIT_CASE(marker_test_no_directory),
	KUNIT_CASE(marker_test_print_scalars),
	KUNIT_CASE(marker_test_print_captures),
	KUNIT_CASE(marker_test_print_strings),
	KUNIT_CASE(marker_test_print_fmt),
	KUNIT_CASE(marker_test_probes),
	KUNIT_CASE(marker_test_bind),
	KUNIT_CASE(marker_test_fail),
	KUNIT_CASE(marker_test_mark_like_fail),
	KUNIT_CASE(marker_test_sets_differ),
	KUNIT_CASE(marker_test_sets_refused),
	KUNIT_CASE(marker_test_sets_counted),
	KUNIT_CASE(marker_test_large_set),
	KUNIT_CASE(marker_test_bind_late),
	KUNIT_CASE(marker_test_unbind_unused),
	KUNIT_CASE(marker_test_unbind_used),
	KUNIT_CASE(marker_test_unbind_was_on),
	KUNIT_CASE(marker_test_site_module),
	KUNIT_CASE(marker_test_batch),
	KUNIT_CASE(marker_test_many_sites),
	KUNIT_CASE(marker_test_denied),
	KUNIT_CASE(marker_test_taints),
	KUNIT_CASE(marker_test_typed),
	KUNIT_CASE(marker_test_typed_bounded),
	KUNIT_CASE(marker_test_typed_counted),
	KUNIT_CASE(marker_test_typed_refused),
	KUNIT_CASE(marker_test_typed_waits),
	KUNIT_CASE(marker_test_typed_of_others),
	KUNIT_CASE(marker_test_typed_recursion),
	KUNIT_CASE(marker_test_places),
	KUNIT_CASE(marker_test_users),
	KUNIT_CASE(marker_test_filter_recursion),
	KUNIT_CASE(marker_test_contexts),
	{}
};

static struct kunit_suite marker_test_suite = {
	.name		= "marker",
	.test_cases	= marker_test_cases,
};

kunit_test_suite(marker_test_suite);

MODULE_DESCRIPTION("KUnit tests of static markers");
MODULE_LICENSE("GPL");
