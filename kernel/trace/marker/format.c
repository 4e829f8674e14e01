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
	{ #type, sizeof(type), sizeof(type), is_signed_type(type), NULL }

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
	[MARKER_PTR]	= { "void *", sizeof(void *), sizeof(void *), false, pointer_specs },
	[MARKER_MAC]	= { "__u8[6]", 6, 1, false, mac_specs },
	[MARKER_IPV4]	= { "__u8[4]", 4, 1, false, ipv4_specs },
	[MARKER_IPV6]	= { "__u8[16]", 16, 1, false, ipv6_specs },
	[MARKER_UUID]	= { "__u8[16]", 16, 1, false, uuid_specs },
	[MARKER_STRING]	= { "__data_loc char[]", sizeof(u32), sizeof(u32), false, NULL },
	[MARKER_BYTES]	= { "__data_loc __u8[]", sizeof(u32), sizeof(u32), false, bytes_specs },
};

const char *marker_system(const struct marker_desc *desc)
{
	return (const char *)marker_types(desc) + desc->nargs;
}

const char *marker_event_name(const struct marker_desc *desc)
{
	const char *system = marker_system(desc);

	return system + strlen(system) + 1;
}

const char *marker_format(const struct marker_desc *desc)
{
	const char *event = marker_event_name(desc);

	return event + strlen(event) + 1;
}

static bool is_name(char c)
{
	return isascii(c) && (isalnum(c) || c == '_');
}

/*
 * The name of a field is the identifier in front of "=%", ":%" or ": %". It
 * does not reach back into the conversion before.
 */
static void marker_find_name(struct marker_format_iter *iter, const char *percent)
{
	const char *begin = iter->conv_end, *end = percent, *start;

	iter->name = NULL;
	iter->name_len = 0;

	if (end - begin >= 2 && end[-1] == ' ' && end[-2] == ':')
		end--;
	if (end == begin || (end[-1] != '=' && end[-1] != ':'))
		return;
	end--;

	for (start = end; start > begin && is_name(start[-1]); start--)
		;
	if (start == end || isdigit(*start))
		return;
	iter->name = start;
	iter->name_len = end - start;
}

/* Whether a type that prints with %p allows what follows the p */
static bool marker_pointer_spec_ok(const char *const *spec, const char *text, int len)
{
	for (; *spec; spec++) {
		if (strlen(*spec) == len && !memcmp(*spec, text, len))
			return true;
	}
	return false;
}

/* What is wrong with a conversion for the type of its argument, if anything */
static const char *marker_spec_error(enum marker_type type, char conv,
				     const char *text, int len)
{
	const struct marker_type_info *info = &marker_type_info[type];

	if (type == MARKER_STRING)
		return conv == 's' ? NULL : "a string needs %s";
	if (conv == 'p') {
		if (!info->pointer_specs)
			return "%p for what is no pointer";
		if (!marker_pointer_spec_ok(info->pointer_specs, text, len))
			return "%p with letters that do not fit the type";
		return NULL;
	}
	if (info->pointer_specs)
		return conv == 's' ? "%s needs a char pointer" : "a pointer needs %p";
	if (!conv || !strchr("diuxXo", conv))
		return "conversion that does not fit an integer";
	return NULL;
}

/* Take one conversion, at the %. */
static enum marker_token marker_format_field(struct marker_format_iter *iter)
{
	const struct marker_desc *desc = iter->desc;
	const char *percent = iter->pos, *p = percent + 1, *ext;
	char conv;

	if (++iter->arg >= desc->nargs) {
		iter->error = "more conversions than arguments";
		return MARKER_TOKEN_ERROR;
	}
	iter->type = marker_types(desc)[iter->arg];
	if (iter->type >= MARKER_NR_TYPES) {
		iter->error = "unknown type of argument";
		return MARKER_TOKEN_ERROR;
	}

	p += strspn(p, "-+ #0");
	p += strspn(p, "0123456789.");
	p += strspn(p, "hlzt");
	conv = *p ? *p++ : '\0';
	ext = p;
	if (conv == 'p')
		while (isalnum(*p))
			p++;

	iter->error = marker_spec_error(iter->type, conv, ext, p - ext);
	/* The width is where printk() has the number of bytes. */
	if (!iter->error && iter->type == MARKER_BYTES && percent[1] != 'p')
		iter->error = "%ph takes neither flags nor width";
	if (!iter->error && p - percent > MARKER_SPEC_MAX)
		iter->error = "conversion too long";
	if (iter->error)
		return MARKER_TOKEN_ERROR;

	marker_find_name(iter, percent);
	iter->text = percent;
	iter->len = p - percent;
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
		if (iter->arg + 1 == iter->desc->nargs)
			return MARKER_TOKEN_END;
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
	if (!iter->name)
		return snprintf(buf, size, "arg%d", iter->arg + 1);
	return snprintf(buf, size, "%.*s", iter->name_len, iter->name);
}

/* Whether an earlier field has the name; "arg2" may be one, or a position. */
static bool marker_name_taken(const struct marker_format_iter *iter)
{
	char name[MARKER_NAME_MAX], other[MARKER_NAME_MAX];
	struct marker_format_iter it;

	marker_field_name(iter, name, sizeof(name));
	marker_format_begin(&it, iter->desc);
	while (it.arg < iter->arg - 1 && marker_format_next_field(&it)) {
		marker_field_name(&it, other, sizeof(other));
		if (!strcmp(name, other))
			return true;
	}
	return false;
}

static const char *marker_name_error(const struct marker_format_iter *iter)
{
	if (iter->name_len >= MARKER_NAME_MAX)
		return "name of a field longer than 31";
	if (iter->name && strstarts(iter->name, "common_"))
		return "fields called common_ belong to the header";
	if (marker_name_taken(iter))
		return "two fields of the same name";
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
	const char *p, *error;

	if (desc->nargs > MARKER_MAX_ARGS)
		return "more than 16 arguments";
	for (p = marker_format(desc); *p; p++) {
		if (iscntrl(*p))
			return "format with a control character";
	}

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		error = marker_name_error(&iter);
		if (error)
			return error;
	}
	if (iter.error)
		return iter.error;
	if (iter.end != desc->size)
		return "layout that is not the compiler's";
	return NULL;
}
