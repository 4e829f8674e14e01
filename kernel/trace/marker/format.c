// SPDX-License-Identifier: GPL-2.0
/*
 * Formats and record layout of markers.
 *
 * Everything that is known of a field follows from two things: the type of
 * the argument, which the compiler wrote into the site's description, and the
 * format string. They are walked over together, by marker_format_next(), when
 * a site is checked, when its trace event is created and when a record prints;
 * nothing is kept in between.
 *
 * scripts/markers/ compiles this too, to check markers when the kernel is
 * linked. So it takes from the kernel only what tools/include has as well.
 */

#include <linux/align.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/marker-defs.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/types.h>

#include "format.h"

static const char *const pointer_specs[] = { "", "s", "S", "B", NULL };
static const char *const mac_specs[] = { "M", "m", NULL };
static const char *const ipv4_specs[] = { "I4", "i4", NULL };
static const char *const ipv6_specs[] = { "I6", "i6", "I6c", NULL };
static const char *const uuid_specs[] = { "U", "Ub", "UB", "Ul", "UL", NULL };
static const char *const bytes_specs[] = { "h", "hC", "hD", "hN", NULL };

#define INTEGER(type) \
	{ #type, sizeof(type), sizeof(type), is_signed_type(type) }
#define CAPTURE(type, bytes, specs) \
	{ .name = type, .size = bytes, .align = 1, .pointer_specs = specs }
#define DATA(type, ...) \
	{ .name = "__data_loc " type, .size = sizeof(u32), .align = sizeof(u32), __VA_ARGS__ }

/*
 * BPF tools compile these names when there is no BTF, so they must be plain C
 * or from the exported linux/types.h. An array of bytes is one of __u8, as
 * filters and histograms take any array with "char" in its name for a string.
 */
__marker_const struct marker_type_info marker_type_info[MARKER_NR_TYPES] = {
	[MARKER_BOOL]	= INTEGER(_Bool),
	[MARKER_CHAR]	= INTEGER(char),
	[MARKER_SCHAR]	= INTEGER(signed char),
	[MARKER_UCHAR]	= INTEGER(unsigned char),
	[MARKER_SHORT]	= INTEGER(short),
	[MARKER_USHORT]	= INTEGER(unsigned short),
	[MARKER_INT]	= INTEGER(int),
	[MARKER_UINT]	= INTEGER(unsigned int),
	[MARKER_LONG]	= INTEGER(long),
	[MARKER_ULONG]	= INTEGER(unsigned long),
	[MARKER_LLONG]	= INTEGER(long long),
	[MARKER_ULLONG]	= INTEGER(unsigned long long),
	[MARKER_PTR]	= { "void *", sizeof(void *), sizeof(void *),
			    .pointer_specs = pointer_specs },
	[MARKER_MAC]	= CAPTURE("__u8[6]", 6, mac_specs),
	[MARKER_IPV4]	= CAPTURE("__u8[4]", 4, ipv4_specs),
	[MARKER_IPV6]	= CAPTURE("__u8[16]", 16, ipv6_specs),
	[MARKER_UUID]	= CAPTURE("__u8[16]", 16, uuid_specs),
	[MARKER_STRING]	= DATA("char[]"),
	[MARKER_BYTES]	= DATA("__u8[]", .pointer_specs = bytes_specs),
	[MARKER_U8S]	= DATA("__u8[]", .text = true, .element = MARKER_UCHAR),
	[MARKER_U16S]	= DATA("__u16[]", .text = true, .element = MARKER_USHORT),
	[MARKER_U32S]	= DATA("__u32[]", .text = true, .element = MARKER_UINT),
	[MARKER_U64S]	= DATA("__u64[]", .text = true, .element = MARKER_ULLONG),
	[MARKER_BITMAP]	= DATA("unsigned long[]", .text = true),
	[MARKER_CPUMASK] = DATA("cpumask_t", .text = true),
	[MARKER_PATH]	= DATA("char[]"),
	[MARKER_DENTRY]	= DATA("char[]"),
	[MARKER_FILE]	= DATA("char[]"),
	[MARKER_DEVICE]	= DATA("char[]"),
	[MARKER_SOCKADDR] = DATA("char[]"),
	[MARKER_USER_STRING] = DATA("char[]"),
};

static const struct mark_set errno_set = { .name = "errno", .kind = MARK_KIND_ERRNO };

/* In the order of struct marker_fail_rec */
static const char marker_fail_format[] = "ret=%s reason=\"%s\" func=%s file=%s line=%u";
const u8 marker_fail_types[] = {
	MARKER_INT | MARKER_NAMED, MARKER_STRING, MARKER_STRING, MARKER_STRING, MARKER_UINT
};
const struct mark_set *marker_fail_sets[] = { &errno_set };

static const char *next_string(const char *string)
{
	return string + strlen(string) + 1;
}

const char *marker_system(const struct marker_desc *desc)
{
	if (marker_is_fail(desc))
		return next_string(desc->file);
	return (const char *)(desc + 1) + desc->nargs;
}

const char *marker_event_name(const struct marker_desc *desc)
{
	return next_string(marker_system(desc));
}

/* The last of the strings after a description */
static const char *marker_last_string(const struct marker_desc *desc)
{
	if (marker_is_fail(desc))
		return (const char *)(desc + 1);
	return next_string(marker_event_name(desc));
}

const char *marker_format(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? marker_fail_format : marker_last_string(desc);
}

/* What a mark_fail() gives as the reason, or NULL for another site */
const char *marker_reason(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? marker_last_string(desc) : NULL;
}

static bool is_name(char c)
{
	return isascii(c) && (isalnum(c) || c == '_');
}

/* Whether a text of @len characters is an identifier of C */
static bool marker_is_identifier(const char *text, int len)
{
	int i;

	if (!len || isdigit(*text))
		return false;
	for (i = 0; i < len && is_name(text[i]); i++)
		;
	return i == len;
}

/* Whether a text of @len characters is one of @words, which have spaces in between */
static bool marker_word_in(const char *words, const char *text, int len)
{
	int n;

	/* strcspn() calls a function for each character, and lists are long. */
	for (; *words; words += n) {
		for (n = 0; words[n] > ' '; n++)
			;
		if (n == len && !memcmp(words, text, len))
			return true;
		while (words[n] && words[n] <= ' ')
			n++;
	}
	return false;
}

/*
 * Names that others give a meaning of their own, so that they cannot be those
 * of a system or of an event. When there is a new one, add it here: the check
 * at link time and that at load time both ask marker_name_reserved().
 */

/* event_create_dir(), event_subsystem_dir() and create_event_toplevel_files() */
static const char tracefs_files[] =
	"btf_ids enable filter format header_event header_page hist hist_debug\n"
	"id inject trigger";

/* Its directory has no files, and no event in it can be enabled. */
static const char ftrace_systems[] = "ftrace";
/* event_create_dir() takes it for a header that has forgotten its name. */
static const char nameless_systems[] = "TRACE_SYSTEM";
/* In static_markers, "module:foo" is all markers of foo. */
static const char control_systems[] = "module";
/* In set_event and at boot, "foo:mod:bar" is what module bar has of foo. */
static const char control_events[] = "mod";
/* trace-cmd record -e all */
static const char trace_cmd_systems[] = "all";
/* perf record -e mem:address is a breakpoint. */
static const char perf_systems[] = "mem";
/* What perf 6.1 takes for a counter, or for a part of the name of one */
static const char perf_words[] =
	"L2 LLC Reference access bpc bpu branch branches btb cs cycles dTLB\n"
	"dummy duration_time faults iTLB instructions l1d l1i load loads\n"
	"migrations miss misses node ops prefetch prefetches read refs store\n"
	"stores system_time user_time write";

/* The error for a system of these names, and that for an event, or NULL */
struct marker_reserved {
	const char	*names;
	const char	*errors[2];
};

#define SYSTEM(text)	{ [MARKER_NAME_SYSTEM] = "system " text }
#define EVENT(text)	{ [MARKER_NAME_EVENT] = "event " text }
#define BOTH(text)	{ [MARKER_NAME_SYSTEM] = "system " text, \
			  [MARKER_NAME_EVENT] = "event " text }
#define SAY_WHAT	"; say of what it is, as pipe_full does"
#define PERF_ERROR	"called as what perf takes for a counter or its modifier" SAY_WHAT

static const struct marker_reserved marker_reserved[] = {
	{ tracefs_files,
	  BOTH("called as a file below events/ in tracefs" SAY_WHAT) },
	{ ftrace_systems,
	  SYSTEM("ftrace, whose events cannot be enabled; write that of the code") },
	{ nameless_systems,
	  SYSTEM("TRACE_SYSTEM, which stands for none; write that of the code") },
	{ control_systems,
	  SYSTEM("called module, as in \"module:foo\" in static_markers; write modules") },
	{ control_events,
	  EVENT("called mod, as in \":mod:foo\" in set_event" SAY_WHAT) },
	{ trace_cmd_systems,
	  SYSTEM("called all, which is all events for trace-cmd; write that of the code") },
	{ perf_systems,
	  SYSTEM("called mem, which is a breakpoint for perf; write mm or memory") },
	{ perf_words, BOTH(PERF_ERROR) },
};

/* perf's modifiers of an event, and its raw events: "r" and a number in hex */
static bool marker_is_perf_token(const char *name)
{
	if (!name[strspn(name, "DGHIPRSWXbehkpu")])
		return true;
	return *name == 'r' && name[1] && !name[1 + strspn(name + 1, "0123456789abcdefABCDEF")];
}

/**
 * marker_name_reserved() - Find out whether others give a name a meaning.
 * @name: what a system or an event is to be called
 * @kind: which of the two
 *
 * Return: NULL, or what is wrong and what to write instead.
 */
const char *marker_name_reserved(const char *name, enum marker_name_kind kind)
{
	static const char *const token_errors[] = BOTH(PERF_ERROR);
	int i;

	for (i = 0; i < ARRAY_SIZE(marker_reserved); i++) {
		if (marker_reserved[i].errors[kind] &&
		    marker_word_in(marker_reserved[i].names, name, strlen(name)))
			return marker_reserved[i].errors[kind];
	}
	return marker_is_perf_token(name) ? token_errors[kind] : NULL;
}

static const char *marker_name_check(const char *name, enum marker_name_kind kind)
{
	static const char *const no_identifier[] =
		BOTH("that is no identifier of C; write letters, digits and _, no digit first");
	static const char *const too_long[] = BOTH("longer than 63; write a shorter name");
	int len = strlen(name);

	if (!marker_is_identifier(name, len))
		return no_identifier[kind];
	if (len >= MARKER_EVENT_NAME_MAX)
		return too_long[kind];
	return marker_name_reserved(name, kind);
}

/**
 * marker_names_check() - Check system and event of a description.
 * @desc: description
 *
 * Return: NULL, or what is wrong and what to write instead.
 */
const char *marker_names_check(const struct marker_desc *desc)
{
	return marker_name_check(marker_system(desc), MARKER_NAME_SYSTEM) ?:
	       marker_name_check(marker_event_name(desc), MARKER_NAME_EVENT);
}

/*
 * What cannot be a member of a structure, as bpftrace makes one of the fields:
 * keywords of C11, of C23 and of GNU C, and macros that GNU C defines.
 */
static const char c_keywords[] =
	"auto break case char const continue default do double else enum extern\n"
	"float for goto if inline int long register restrict return short\n"
	"signed sizeof static struct switch typedef union unsigned void\n"
	"volatile while _Alignas _Alignof _Atomic _Bool _Complex _Generic\n"
	"_Imaginary _Noreturn _Static_assert _Thread_local alignas alignof bool\n"
	"constexpr false nullptr static_assert thread_local true typeof\n"
	"typeof_unqual _BitInt _Decimal128 _Decimal32 _Decimal64 asm __alignof\n"
	"__alignof__ __asm __asm__ __attribute __attribute__ __auto_type\n"
	"__complex __complex__ __const __const__ __extension__ __imag __imag__\n"
	"__inline __inline__ __int128 __label__ __real __real__ __restrict\n"
	"__restrict__ __signed __signed__ __thread __typeof __typeof__\n"
	"__volatile __volatile__ _Float128 _Float16 _Float32 _Float32x _Float64\n"
	"_Float64x i386 linux mips sparc unix";

/* What is in front of a value in a sentence, but does not name it */
static const char function_words[] =
	"a all an and any are as at be been but by can did do does down each\n"
	"every for from got had has have here if in into is it its last new next\n"
	"no not now of off old on only or out over per set so than that the then\n"
	"there this to too under until up using via was were when where which\n"
	"while will with within without";

static const char *marker_skip_spaces_back(const char *begin, const char *end)
{
	while (end > begin && isspace(end[-1]))
		end--;
	return end;
}

static int marker_put_name(const struct marker_name *name, int arg, char *buf, size_t size)
{
	if (!name->text)
		return snprintf(buf, size, "arg%d", arg + 1);
	if (name->nr)
		return snprintf(buf, size, "%.*s%d", name->len, name->text, name->nr);
	return snprintf(buf, size, "%.*s", name->len, name->text);
}

/* What the type of a record has in BTF beside the fields, as that of a TRACE_EVENT() does */
static bool marker_is_record_name(const struct marker_name *name)
{
	return name->text && (strstarts(name->text, "__data") ||
			      (name->len == 3 && strstarts(name->text, "ent")));
}

/* Whether an earlier field has the name; "arg2" may be one, or a position. */
static bool marker_has_name(const struct marker_format_iter *iter, const struct marker_name *name)
{
	char text[MARKER_NAME_MAX], other[MARKER_NAME_MAX];
	int i;

	marker_put_name(name, iter->arg, text, sizeof(text));
	for (i = 0; i < iter->arg; i++) {
		marker_put_name(&iter->names[i], i, other, sizeof(other));
		if (!strcmp(text, other))
			return true;
	}
	return false;
}

/* The 0x or 0 that is written in front of a number */
static const char *marker_skip_base_back(const char *begin, const char *end, char conv)
{
	if (end - begin > 2 && end[-2] == '0' && tolower(end[-1]) == 'x' && !isdigit(end[-3]))
		return end - 2;
	if (end - begin > 1 && conv == 'o' && end[-1] == '0' && !is_name(end[-2]))
		return end - 1;
	return end;
}

/* The word that a text ends with, which may be none */
static struct marker_name marker_last_word(const char *begin, const char *end)
{
	const char *start = end;

	while (start > begin && is_name(start[-1]))
		start--;
	return (struct marker_name) { .text = start, .len = end - start };
}

/*
 * Whether a word that is followed by no sign is to be the name of a field. A unit of
 * the conversion before is none, as in "%dMHz (%d)".
 */
static bool marker_is_plain_name(const struct marker_format_iter *iter,
				 const struct marker_name *name)
{
	return name->len < MARKER_NAME_MAX && !(iter->arg && name->text == iter->conv_end) &&
	       !marker_word_in(function_words, name->text, name->len) &&
	       !marker_word_in(c_keywords, name->text, name->len) &&
	       !marker_is_record_name(name) && !marker_has_name(iter, name);
}

static bool marker_conv_is_integer(char conv)
{
	return conv && strchr("diuxXo", conv);
}

/*
 * Whether a field goes on where the one before ends, as in "dev=%u:%u", "[%x-%x]" and
 * "%d..%d": both are integers, and what is in between, a text of @len characters, is
 * one of these signs.
 */
static bool marker_goes_on(const struct marker_format_iter *iter, const char *text, int len,
			   char before)
{
	static const char signs[] = ": - . .. , x ->";

	return iter->arg && iter->names[iter->arg - 1].text && len &&
	       marker_word_in(signs, text, len) && marker_conv_is_integer(before) &&
	       marker_conv_is_integer(iter->spec.conv);
}

/* The name of the field before, with the next number: "dev" and "dev2" */
static struct marker_name marker_next_name(const struct marker_format_iter *iter)
{
	struct marker_name name = iter->names[iter->arg - 1];

	name.nr = name.nr ? name.nr + 1 : 2;
	if (name.len + 2 >= MARKER_NAME_MAX || marker_has_name(iter, &name))
		return (struct marker_name) { };
	return name;
}

/* "CPU%d" and "port%d", but not "x%d", which a position or a unit may be, nor "frame%s" */
static bool marker_is_number_of(const struct marker_format_iter *iter,
				const struct marker_name *name)
{
	return name->len > 1 && name->text[name->len - 1] != '_' &&
	       marker_conv_is_integer(iter->spec.conv);
}

/*
 * The name of a field is the identifier in front of its conversion, with "=" or ":"
 * in between, as in "id=%", "id: %", "id = %" and "id=0x%"; or with a space, a
 * bracket, "is", or nothing, as in "id %", "id 0x%", "id[%", "id is %" and "id%", if it
 * is one that may be a name. It does not reach back into the conversion before, but
 * may go on with its name.
 */
static struct marker_name marker_find_name(const struct marker_format_iter *iter, char before)
{
	const char *begin = iter->conv_end, *end;
	struct marker_name name, none = { };
	bool has_sign = false;

	end = marker_skip_base_back(begin, iter->text, iter->spec.conv);
	if (marker_goes_on(iter, begin, end - begin, before))
		return marker_next_name(iter);
	if (end > begin && strchr("([{<\"'#", end[-1]))
		end--;
	end = marker_skip_spaces_back(begin, end);
	if (end > begin && (end[-1] == '=' || end[-1] == ':')) {
		has_sign = true;
		end--;
		/* "a == %d" compares, and names nothing. */
		if (end > begin && strchr("=<>!+-*/&|^:", end[-1]))
			return none;
		end = marker_skip_spaces_back(begin, end);
	}

	name = marker_last_word(begin, end);
	if (end == iter->text && !marker_is_number_of(iter, &name))
		return none;
	if (marker_word_in("is was", name.text, name.len))
		name = marker_last_word(begin, marker_skip_spaces_back(begin, name.text));
	if (!marker_is_identifier(name.text, name.len) ||
	    (!has_sign && !marker_is_plain_name(iter, &name)))
		return none;
	return name;
}

/* Whether a type that prints with %p allows what follows the p */
static bool marker_pointer_spec_ok(const char *const *spec, const char *text, int len)
{
	for (; *spec; spec++) {
		if (marker_text_is(text, len, *spec))
			return true;
	}
	return false;
}

#ifndef __KERNEL__
/* What to write in the place of conversions that printk() has; ordered, first match */
static const struct {
	const char	*letters;
	const char	*advice;
} marker_advice[] = {
	{ "bl", "%*pbl is not for markers; write %s and mark_bitmap() or mark_cpumask()" },
	{ "b", "%*pb is not for markers; write %s and mark_bitmap() or mark_cpumask()" },
	{ "d", "%pd would read the dentry when it prints; write %s and mark_dentry()" },
	{ "D", "%pD would read the file when it prints; write %s and mark_file()" },
	{ "e", "%pe is for printk(); write %s and mark_errno(PTR_ERR(ptr))" },
	{ "g", "%pg would read the block device when it prints; write %s and mark_dev()" },
	{ "G", "%pG is for printk(); write %s, a set by MARK_FLAGS(), and mark_name()" },
	{ "h", "%ph needs a length; write mark_bytes(ptr, len)" },
	{ "IS", "%pIS would read the address when it prints; write %s and mark_sockaddr()" },
	{ "iS", "%piS would read the address when it prints; write %s and mark_sockaddr()" },
	{ "I4", "%pI4 would read the address when it prints; write mark_ipv4(ptr)" },
	{ "i4", "%pi4 would read the address when it prints; write mark_ipv4(ptr)" },
	{ "I6", "%pI6 would read the address when it prints; write mark_ipv6(ptr)" },
	{ "i6", "%pi6 would read the address when it prints; write mark_ipv6(ptr)" },
	{ "M", "%pM would read the address when it prints; write mark_mac(ptr)" },
	{ "m", "%pm would read the address when it prints; write mark_mac(ptr)" },
	{ "U", "%pU would read the UUID when it prints; write mark_uuid(ptr)" },
	{ "x", "%px shows addresses to everybody; write %p, which is hashed" },
	{ "K", "%pK is for printk(); write %p, which is hashed" },
};

static const char *marker_pointer_advice(const char *text)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(marker_advice); i++) {
		if (strstarts(text, marker_advice[i].letters))
			return marker_advice[i].advice;
	}
	return NULL;
}

/* The same for a conversion that goes on with @text after its * */
static const char *marker_star_advice(const char *text)
{
	text += strspn(text, "0123456789.");
	if (*text == 's')
		return "%.*s is for printk(); write %s and mark_string(ptr, len)";
	if (strstarts(text, "ph"))
		return "%*ph is for printk(); write %ph and mark_bytes(ptr, len)";
	return strstarts(text, "pb") ? marker_pointer_advice(text + 1) : NULL;
}
#else
/* The build of the module has shown it. */
static const char *marker_star_advice(const char *text)
{
	return NULL;
}

static const char *marker_pointer_advice(const char *text)
{
	return NULL;
}
#endif

/* What is wrong with a conversion, @text after it, for the type of its argument */
static const char *marker_spec_error(const struct marker_format_iter *iter, const char *text)
{
	const struct marker_type_info *info = &marker_type_info[iter->type];
	int len = iter->text + iter->len - text;
	char conv = iter->spec.conv;

	if (iter->set)
		return conv == 's' && iter->len == 2 ? NULL :
		       "an integer with names needs %s, without flags and width";
	if (marker_type_is_string(iter->type))
		return conv == 's' ? NULL : "a string needs %s; for its address write %p and cast it to const void *";
	if (info->text)
		return conv == 's' ? NULL : "an array or bitmap needs %s";
	if (conv == 'p') {
		if (!info->pointer_specs)
			return "%p for what is no pointer; write %d, %u or %x";
		if (!marker_pointer_spec_ok(info->pointer_specs, text, len))
			return marker_pointer_advice(text) ?:
			       "%p with letters that do not fit the type";
		return NULL;
	}
	if (info->pointer_specs)
		return conv == 's' ? "%s needs a char pointer or array; write *ptr for a pointer to an array, or cast to const char *" :
				     "a pointer needs %p; cast it to unsigned long for %lx";
	if (conv == 'c')
		return "%c does not fit an integer; write %d, or %u and a cast";
	if (conv == '*')
		return marker_star_advice(text) ?:
		       "an integer takes no width as an argument; write it into the format";
	if (!marker_conv_is_integer(conv))
		return conv == 's' ?
		       "an integer needs %d, %u or %x; for names write %s and mark_name" :
		       "conversion that does not fit an integer; write %d, %u or %x";
	return NULL;
}

/*
 * What user space would print otherwise than the kernel. libtraceevent knows neither
 * "+" nor " ", and leaves the rest to the C library. There "%#x" of 0 is "0", a digit
 * for the "0" of "%#o" is one of the precision's, and a precision makes 0 no digit if
 * it is 0, and turns zeros into spaces.
 */
static const char *marker_integer_flags_error(const struct marker_spec *spec)
{
	if (spec->sign)
		return "perf and trace-cmd know neither the flag + nor space; leave it out";
	if (spec->precision >= 0 && (spec->zero || !spec->precision))
		return "a precision of 0, or with the flag 0, differs in user space; write a width, as in %04x";
	if (!spec->hash || spec->conv == 'd' || spec->conv == 'i' || spec->conv == 'u')
		return NULL;
	if (spec->conv == 'o' && spec->precision >= 0)
		return "%#o with a precision differs in user space; write a width, as in %#04o";
	if (spec->conv != 'o' && spec->width && (spec->minus || !spec->zero))
		return "%#x with a width pads 0 otherwise in user space; write 0x%x, or %#06x";
	return NULL;
}

/* What is wrong with flags, width and precision for the type of the argument */
static const char *marker_flags_error(const struct marker_format_iter *iter)
{
	const struct marker_type_info *info = &marker_type_info[iter->type];
	const struct marker_spec *spec = &iter->spec;

	if (info->text)
		return iter->len == 2 ? NULL : "an array or bitmap takes neither flags nor width";
	if (info->pointer_specs)
		return iter->text[1] == 'p' ? NULL :
		       "%p takes neither flags nor width, nor does what has letters after it";
	if (spec->width > MARKER_WIDTH_MAX || spec->precision > MARKER_WIDTH_MAX)
		return "a width or precision of more than 511";
	if (marker_type_is_string(iter->type))
		return spec->sign || spec->zero || spec->hash || spec->length || !spec->precision ?
		       "%s takes the flag -, a width, and a precision of 1 or more; leave the rest out" :
		       NULL;
	return marker_integer_flags_error(spec);
}

static const char *marker_parse_number(const char *p, int *number)
{
	for (*number = 0; isdigit(*p); p++)
		*number = min(10 * *number + (*p - '0'), MARKER_WIDTH_MAX + 1);
	return p;
}

/* Take a conversion apart, up to its letter; returns what follows that. */
static const char *marker_parse_spec(const char *percent, struct marker_spec *spec)
{
	const char *p = percent + 1;

	*spec = (struct marker_spec) { .precision = -1 };
	for (; *p && strchr("-+ #0", *p); p++) {
		spec->sign |= *p == '+' || *p == ' ';
		spec->minus |= *p == '-';
		spec->zero |= *p == '0';
		spec->hash |= *p == '#';
	}
	p = marker_parse_number(p, &spec->width);
	if (*p == '.')
		p = marker_parse_number(p + 1, &spec->precision);
	spec->length = strspn(p, "hlzt");
	p += spec->length;
	spec->conv = *p;
	return *p ? p + 1 : p;
}

/* Take the type of the next argument, and the set of names that goes with it. */
static const char *marker_format_arg(struct marker_format_iter *iter)
{
	const struct marker_desc *desc = iter->desc;

	if (++iter->arg >= marker_nargs(desc))
		return "more conversions than arguments";
	iter->type = marker_arg_type(desc, iter->arg);
	if (iter->type >= MARKER_NR_TYPES)
		return "unknown type of argument";
	iter->set = NULL;
	if (!(marker_types(desc)[iter->arg] & MARKER_NAMED))
		return NULL;
	if (!marker_type_is_integer(iter->type) || iter->nr_sets >= marker_nr_sets(desc))
		return "names for what has none";
	iter->set = marker_sets(desc)[iter->nr_sets++];
	return NULL;
}

/* Take one conversion, at the %. */
static enum marker_token marker_format_field(struct marker_format_iter *iter)
{
	const char *percent = iter->pos, *p, *ext;
	char before = iter->spec.conv;

	ext = marker_parse_spec(percent, &iter->spec);
	p = ext;
	if (iter->spec.conv == 'p')
		while (isalnum(*p))
			p++;
	iter->text = percent;
	iter->len = p - percent;

	iter->error = marker_format_arg(iter);
	if (!iter->error)
		iter->error = marker_spec_error(iter, ext);
	if (!iter->error)
		iter->error = marker_flags_error(iter);
	if (!iter->error && iter->len > MARKER_SPEC_MAX)
		iter->error = "conversion too long";
	if (iter->error)
		return MARKER_TOKEN_ERROR;

	iter->names[iter->arg] = marker_find_name(iter, before);
	iter->offset = ALIGN(iter->end, marker_type_info[iter->type].align);
	iter->end = iter->offset + marker_type_info[iter->type].size;
	iter->pos = p;
	iter->conv_end = p;
	return MARKER_TOKEN_FIELD;
}

/**
 * marker_format_begin() - Begin to walk over a marker's format.
 * @iter: walks
 * @desc: description of a site
 */
void marker_format_begin(struct marker_format_iter *iter, const struct marker_desc *desc)
{
	const char *format = marker_format(desc);

	*iter = (struct marker_format_iter) {
		.desc		= desc,
		.arg		= -1,
		.pos		= format,
		.conv_end	= format,
		.end		= MARKER_HEADER_SIZE,
	};
}

/**
 * marker_format_next() - Take the next piece of a marker's format.
 * @iter: walks
 *
 * A "%%" comes as a text of one "%"; no other text has one.
 *
 * Return: what was found; @iter tells the rest.
 */
enum marker_token marker_format_next(struct marker_format_iter *iter)
{
	const char *pos = iter->pos;

	if (!*pos) {
		if (iter->arg + 1 == marker_nargs(iter->desc))
			return MARKER_TOKEN_END;
		iter->len = 0;
		iter->error = "more arguments than conversions";
		return MARKER_TOKEN_ERROR;
	}

	if (*pos == '%' && pos[1] != '%')
		return marker_format_field(iter);

	iter->text = pos;
	iter->len = strcspn(pos, "%");
	iter->pos = pos + iter->len;
	if (!iter->len) {
		iter->text++;
		iter->len = 1;
		iter->pos += 2;
	}
	return MARKER_TOKEN_TEXT;
}

/**
 * marker_format_next_field() - Take the next field of a marker's format.
 * @iter: walks
 *
 * Return: whether there is one; if not, marker_format_iter::error is set when
 * the format is wrong there, and NULL at its end.
 */
bool marker_format_next_field(struct marker_format_iter *iter)
{
	enum marker_token token;

	do {
		token = marker_format_next(iter);
	} while (token == MARKER_TOKEN_TEXT);

	return token == MARKER_TOKEN_FIELD;
}

/**
 * marker_field_name() - The name of the field that an iterator stands on.
 * @iter: stands on a field
 * @buf: receives the name
 * @size: of @buf
 *
 * Return: length of the name, as snprintf().
 */
int marker_field_name(const struct marker_format_iter *iter, char *buf, size_t size)
{
	return marker_put_name(&iter->names[iter->arg], iter->arg, buf, size);
}

/**
 * marker_format_precision() - The precision of the conversion of a string.
 * @iter: stands on a field
 *
 * Return: the precision, at least 1, or 0 for none.
 */
unsigned int marker_format_precision(const struct marker_format_iter *iter)
{
	return marker_type_is_string(iter->type) ? max(iter->spec.precision, 0) : 0;
}

/* Whether two sets call the same values the same */
static bool mark_set_equal(const struct mark_set *a, const struct mark_set *b)
{
	unsigned int i;

	if (a->kind != b->kind || a->nr != b->nr || strcmp(a->name, b->name))
		return false;
	for (i = 0; i < a->nr; i++) {
		if (a->names[i].value != b->names[i].value ||
		    strcmp(a->names[i].name, b->names[i].name))
			return false;
	}
	return true;
}

/**
 * marker_sets_equal() - Whether the values of two descriptions are called the same.
 * @a: description
 * @b: description of the same types
 *
 * Return: whether they are.
 */
bool marker_sets_equal(const struct marker_desc *a, const struct marker_desc *b)
{
	int i;

	if (marker_nr_sets(a) != marker_nr_sets(b))
		return false;
	for (i = 0; i < marker_nr_sets(a); i++) {
		if (!mark_set_equal(marker_sets(a)[i], marker_sets(b)[i]))
			return false;
	}
	return true;
}

/* Names are written into the print format, as strings of C. */
static const char *marker_set_error(const struct mark_set *set)
{
	const char *p;
	unsigned int i;

	if (set->kind >= MARK_NR_KINDS)
		return "set of names of an unknown kind";
	for (i = 0; i < set->nr; i++) {
		p = set->names[i].name;
		if (!p)
			return "set with a value that has no name";
		if (!*p && set->kind == MARK_KIND_FLAGS && set->names[i].value)
			return "set with an empty name of a flag";
		for (; *p; p++) {
			if (iscntrl(*p) || *p == '"' || *p == '\\')
				return "set with a control character, \" or \\ in a name";
		}
	}
	return NULL;
}

static const char *marker_name_error(const struct marker_format_iter *iter)
{
	const struct marker_name *name = &iter->names[iter->arg];

	if (name->len >= MARKER_NAME_MAX)
		return "name of a field longer than 31";
	if (name->text && strstarts(name->text, "common_"))
		return "fields called common_ belong to the header";
	if (marker_is_record_name(name))
		return "fields called ent or __data are the record's in BTF; write another name";
	if (name->text && marker_word_in(c_keywords, name->text, name->len))
		return "field called as a keyword of C; write a longer name, as in is_const";
	if (marker_has_name(iter, name))
		return "two fields of the same name; write another";
	return NULL;
}

/**
 * marker_format_check_at() - Check the description of a site, and tell the argument.
 * @desc: description
 * @iter: with an error, stands on the argument that is wrong; its length is 0 if it
 *	is none of them
 *
 * As marker_format_check().
 *
 * Return: NULL, or what is wrong.
 */
const char *marker_format_check_at(const struct marker_desc *desc,
				   struct marker_format_iter *iter)
{
	const char *p, *error;

	*iter = (struct marker_format_iter) { };
	if (marker_nargs(desc) > MARKER_MAX_ARGS)
		return "more than 32 arguments";
	error = marker_names_check(desc);
	if (error)
		return error;
	for (p = marker_last_string(desc); *p; p++) {
		if (iscntrl(*p))
			return "format with a control character, such as \\n; a record is one line, leave it out";
	}
	if (marker_is_fail(desc) && !*marker_reason(desc))
		return "no reason; write what is wrong, and what to change";

	marker_format_begin(iter, desc);
	while (marker_format_next_field(iter)) {
		error = marker_name_error(iter);
		if (!error && iter->set)
			error = marker_set_error(iter->set);
		if (error)
			return error;
	}
	if (iter->error)
		return iter->error;
	iter->len = 0;
	if (iter->nr_sets != marker_nr_sets(desc))
		return "more sets of names than arguments that have one";
	if (iter->end != marker_size(desc))
		return "layout that is not the compiler's";
	if (iter->end > MARKER_FIELDS_MAX)
		return "fields that take more than 256 bytes";
	return NULL;
}

/**
 * marker_format_check() - Check the description of a site.
 * @desc: description
 *
 * What this accepts can be laid out, listed and printed without further tests.
 *
 * Return: NULL, or what is wrong.
 */
const char *marker_format_check(const struct marker_desc *desc)
{
	struct marker_format_iter iter;

	return marker_format_check_at(desc, &iter);
}
