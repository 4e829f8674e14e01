// SPDX-License-Identifier: GPL-2.0
/*
 * Names of values: how an integer with a set of names prints.
 *
 * Each kind of set prints a value, writes the print format by which user space
 * prints the same, and finds the value of a name.
 */

#include <linux/ctype.h>
#include <linux/errname.h>
#include <linux/kdev_t.h>
#include <linux/seq_buf.h>
#include <linux/signal.h>
#include <linux/trace_seq.h>

#include "internal.h"

/**
 * marker_length_modifier() - What a conversion needs for an integer of a type.
 * @type: type of the integer
 *
 * Return: the letters.
 */
const char *marker_length_modifier(enum marker_type type)
{
	switch (type) {
	case MARKER_LONG:
	case MARKER_ULONG:
		return "l";
	case MARKER_LLONG:
	case MARKER_ULLONG:
		return "ll";
	default:
		return marker_type_info[type].size == 1 ? "hh" :
		       marker_type_info[type].size == 2 ? "h" : "";
	}
}

#define SIGNAL(name)	{ SIG##name, "SIG" #name }

/* Those that share a number with another one have the name that comes first. */
static const struct mark_name signal_names[] = {
	{ 0, "0" },
	SIGNAL(HUP), SIGNAL(INT), SIGNAL(QUIT), SIGNAL(ILL), SIGNAL(TRAP), SIGNAL(ABRT),
	SIGNAL(BUS), SIGNAL(FPE), SIGNAL(KILL), SIGNAL(USR1), SIGNAL(SEGV), SIGNAL(USR2),
	SIGNAL(PIPE), SIGNAL(ALRM), SIGNAL(TERM), SIGNAL(CHLD), SIGNAL(CONT), SIGNAL(STOP),
	SIGNAL(TSTP), SIGNAL(TTIN), SIGNAL(TTOU), SIGNAL(URG), SIGNAL(XCPU), SIGNAL(XFSZ),
	SIGNAL(VTALRM), SIGNAL(PROF), SIGNAL(WINCH), SIGNAL(IO), SIGNAL(PWR), SIGNAL(SYS),
#ifdef SIGSTKFLT
	SIGNAL(STKFLT),
#endif
#ifdef SIGEMT
	SIGNAL(EMT),
#endif
};

/* The names of a set, which the core has itself for some */
static const struct mark_name *marker_set_names(const struct mark_set *set, unsigned int *nr)
{
	if (set->kind == MARK_KIND_SIGNAL) {
		*nr = ARRAY_SIZE(signal_names);
		return signal_names;
	}
	*nr = set->nr;
	return set->names;
}

/*
 * The bits of a field, in which values and those of names are compared and shown:
 * libtraceevent takes no negative number for a name, and may or may not extend a
 * sign.
 */
static u64 marker_value_mask(enum marker_type type)
{
	return GENMASK_ULL(8 * marker_type_info[type].size - 1, 0);
}

/* Whether a field of these bits can have the value of a name; -1 stands for all of them. */
static bool marker_name_fits(const struct mark_name *name, u64 mask)
{
	return !(name->value & ~mask) || !~(name->value | mask);
}

/* The names of a set that a field of these bits can have */
#define for_each_name(name, set, nr, mask)					\
	for ((name) = marker_set_names(set, &(nr)); (nr)--; (name)++)		\
		if (!marker_name_fits(name, mask))				\
			continue;						\
		else

static void marker_print_symbol(struct trace_seq *s, const struct marker_value *v)
{
	u64 mask = marker_value_mask(v->type), value = v->value & mask;
	const struct mark_name *name;
	unsigned int nr;

	for_each_name(name, v->set, nr, mask) {
		if ((name->value & mask) == value) {
			trace_seq_puts(s, name->name);
			return;
		}
	}
	trace_seq_printf(s, "%#llx", value);
}

/* What a set of flags says if there are none: the name of 0, or "0" */
static const char *marker_no_flags(const struct mark_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++) {
		if (!set->names[i].value)
			return set->names[i].name;
	}
	return "0";
}

static void marker_print_flags(struct trace_seq *s, const struct marker_value *v)
{
	u64 mask = marker_value_mask(v->type), left = v->value & mask, bits;
	const struct mark_name *name;
	const char *separator = "";
	unsigned int nr;

	for_each_name(name, v->set, nr, mask) {
		bits = name->value & mask;
		if (!bits || (left & bits) != bits)
			continue;
		trace_seq_printf(s, "%s%s", separator, name->name);
		left &= ~bits;
		separator = "|";
	}
	if (left)
		trace_seq_printf(s, "%s%#llx", separator, left);
	else if (!*separator)
		trace_seq_puts(s, marker_no_flags(v->set));
}

/* What is an error in a long is one in these bits of it. */
static u64 marker_errno_mask(enum marker_type type)
{
	return marker_value_mask(type) & U32_MAX;
}

static void marker_print_errno(struct trace_seq *s, const struct marker_value *v)
{
	s64 value = v->value;
	const char *name = value < 0 && value >= -MAX_ERRNO ? errname(value) : NULL;

	if (name)
		trace_seq_puts(s, name);
	else if (value < 0)
		trace_seq_printf(s, "%#llx", value & marker_errno_mask(v->type));
	else
		trace_seq_printf(s, "%lld", value);
}

static void marker_print_dev(struct trace_seq *s, const struct marker_value *v)
{
	trace_seq_printf(s, "%u:%u", MAJOR((dev_t)v->value), MINOR((dev_t)v->value));
}

static void marker_fmt_string(struct seq_buf *s, enum marker_type type)
{
	seq_buf_puts(s, "%s");
}

/* The name of an error, or nothing, and then the number, or nothing: 0 has no digits. */
static void marker_fmt_errno(struct seq_buf *s, enum marker_type type)
{
	seq_buf_printf(s, "%%s%%.0%sd", marker_length_modifier(type));
}

static void marker_fmt_dev(struct seq_buf *s, enum marker_type type)
{
	seq_buf_puts(s, "%u:%u");
}

static void marker_args_names(struct seq_buf *s, const struct mark_set *set,
			      enum marker_type type, const char *field)
{
	u64 mask = marker_value_mask(type);
	const struct mark_name *name;
	unsigned int nr;

	seq_buf_printf(s, "REC->%s", field);
	if (marker_type_info[type].is_signed && mask != U64_MAX)
		seq_buf_printf(s, " & %#llx", mask);
	if (set->kind == MARK_KIND_FLAGS)
		seq_buf_puts(s, ", \"|\"");
	for_each_name(name, set, nr, mask) {
		if (set->kind != MARK_KIND_FLAGS || name->value)
			seq_buf_printf(s, ", { %#llx, \"%s\" }", name->value & mask, name->name);
	}
}

static void marker_args_symbols(struct seq_buf *s, const struct mark_set *set,
				enum marker_type type, const char *field)
{
	seq_buf_puts(s, ", __print_symbolic(");
	marker_args_names(s, set, type, field);
	seq_buf_putc(s, ')');
}

/* Neither libtraceevent nor the kernel's __print_flags() has a text for no flags. */
static void marker_args_flags(struct seq_buf *s, const struct mark_set *set,
			      enum marker_type type, const char *field)
{
	seq_buf_printf(s, ", REC->%s ? __print_flags(", field);
	marker_args_names(s, set, type, field);
	seq_buf_printf(s, ") : \"%s\"", marker_no_flags(set));
}

/*
 * For libtraceevent, integers have no sign, and no operator binds more tightly than
 * another. One that is not negative has an empty name, and is shown by the second
 * conversion, except 0.
 */
static void marker_args_errno(struct seq_buf *s, const struct mark_set *set,
			      enum marker_type type, const char *field)
{
	u64 mask = marker_errno_mask(type), sign = BIT_ULL(8 * marker_type_info[type].size - 1);
	const char *name;
	int error;

	if (!marker_type_info[type].is_signed)
		sign = 0;
	seq_buf_printf(s, ", __print_symbolic((REC->%s & %#llx) ? (REC->%s & %#llx) : (REC->%s == 0), { 0, \"\" }, { 1, \"0\" }",
		       field, sign, field, mask, field);
	for (error = 1; error <= MAX_ERRNO; error++) {
		name = errname(-error);
		if (name)
			seq_buf_printf(s, ", { %#llx, \"%s\" }", -error & mask, name);
	}
	seq_buf_printf(s, "), (REC->%s & %#llx) ? 0 : REC->%s", field, sign, field);
}

static void marker_args_dev(struct seq_buf *s, const struct mark_set *set,
			    enum marker_type type, const char *field)
{
	seq_buf_printf(s, ", (unsigned int)(REC->%s >> %d), (unsigned int)(REC->%s & %#x)",
		       field, MINORBITS, field, MINORMASK);
}

static int marker_name_length(const char *text)
{
	int len = *text == '-';

	while (isalnum(text[len]) || text[len] == '_')
		len++;
	return len;
}

/* A number is a number, whatever a set calls by it. */
static int marker_find_symbol(const struct mark_set *set, enum marker_type type,
			      const char *text, u64 *value)
{
	int len = marker_name_length(text);
	const struct mark_name *name;
	unsigned int nr;

	if (isdigit(text[*text == '-']))
		return 0;
	for_each_name(name, set, nr, marker_value_mask(type)) {
		if (marker_text_is(text, len, name->name)) {
			*value = name->value;
			return len;
		}
	}
	return 0;
}

/* With or without the minus that is shown */
static int marker_find_errno(const struct mark_set *set, enum marker_type type,
			     const char *text, u64 *value)
{
	int len = marker_name_length(text), minus = *text == '-', error;
	const char *name;

	for (error = 1; error <= MAX_ERRNO; error++) {
		name = errname(error);
		if (name && marker_text_is(text + minus, len - minus, name)) {
			*value = -error;
			return len;
		}
	}
	return 0;
}

static int marker_find_dev(const struct mark_set *set, enum marker_type type,
			   const char *text, u64 *value)
{
	unsigned int major, minor;
	int len = 0;

	if (sscanf(text, "%u:%u%n", &major, &minor, &len) != 2 || major >> (32 - MINORBITS) ||
	    minor > MINORMASK)
		return 0;
	*value = MKDEV(major, minor);
	return len;
}

/**
 * struct marker_kind - What there is to know of an enum mark_kind.
 * @print: prints a value
 * @fmt: writes its conversions into a print format
 * @args: writes what these convert, each with a comma in front
 * @find: finds the value of a name that @text begins with; returns its length, or 0
 */
struct marker_kind {
	void	(*print)(struct trace_seq *s, const struct marker_value *v);
	void	(*fmt)(struct seq_buf *s, enum marker_type type);
	void	(*args)(struct seq_buf *s, const struct mark_set *set, enum marker_type type,
			const char *field);
	int	(*find)(const struct mark_set *set, enum marker_type type, const char *text,
			u64 *value);
};

static const struct marker_kind marker_kinds[MARK_NR_KINDS] = {
	[MARK_KIND_SYMBOLS] = {
		marker_print_symbol, marker_fmt_string, marker_args_symbols, marker_find_symbol
	},
	[MARK_KIND_FLAGS] = {
		marker_print_flags, marker_fmt_string, marker_args_flags, marker_find_symbol
	},
	[MARK_KIND_ERRNO] = {
		marker_print_errno, marker_fmt_errno, marker_args_errno, marker_find_errno
	},
	[MARK_KIND_SIGNAL] = {
		marker_print_symbol, marker_fmt_string, marker_args_symbols, marker_find_symbol
	},
	[MARK_KIND_DEV] = {
		marker_print_dev, marker_fmt_dev, marker_args_dev, marker_find_dev
	},
};

/**
 * marker_print_value() - Print a value by its set.
 * @s: receives the text
 * @v: the value
 */
void marker_print_value(struct trace_seq *s, const struct marker_value *v)
{
	marker_kinds[v->set->kind].print(s, v);
}

/**
 * marker_value_fmt() - Write the conversions of a field with names.
 * @s: receives them
 * @set: set of names
 * @type: type of the field
 */
void marker_value_fmt(struct seq_buf *s, const struct mark_set *set, enum marker_type type)
{
	marker_kinds[set->kind].fmt(s, type);
}

/**
 * marker_value_fmt_args() - Write what the conversions of a field with names convert.
 * @s: receives it
 * @set: set of names
 * @type: type of the field
 * @field: name of the field
 */
void marker_value_fmt_args(struct seq_buf *s, const struct mark_set *set,
			   enum marker_type type, const char *field)
{
	marker_kinds[set->kind].args(s, set, type, field);
}

/**
 * marker_set_value() - Find the value that a text names.
 * @set: set of names
 * @type: type of the field, which has to have room for the value
 * @text: begins with the name
 * @value: receives the value
 *
 * Return: the length of the name, or 0 if there is none.
 */
int marker_set_value(const struct mark_set *set, enum marker_type type, const char *text,
		     u64 *value)
{
	return marker_kinds[set->kind].find(set, type, text, value);
}
