/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_MARKER_FORMAT_H
#define _KERNEL_MARKER_FORMAT_H

/*
 * How a record is laid out and how it prints: what follows from a description.
 */

/* Longest conversion in a format, from the % to the last letter */
#define MARKER_SPEC_MAX		16
/* Largest width and precision: no string is longer. */
#define MARKER_WIDTH_MAX	511
/* Longest name of a field, the NUL included */
#define MARKER_NAME_MAX		32
/* Longest name of a system or of an event, the NUL included: MAX_EVENT_NAME_LEN */
#define MARKER_EVENT_NAME_MAX	64

/* What the descriptions of all mark_fail() have in common */
extern const u8 marker_fail_types[];
extern const struct mark_set *marker_fail_sets[];

/**
 * struct marker_fail_rec - The record of a mark_fail().
 * @header: room for the header
 * @ret: the error number
 * @reason: places of the strings
 * @func: ...
 * @file: ...
 * @line: line in the source file
 * @end: the end of the fields; the structure is padded, as it is copied by words
 */
struct marker_fail_rec {
	u8	header[MARKER_HEADER_SIZE] __aligned(8);
	s32	ret;
	u32	reason;
	u32	func;
	u32	file;
	u32	line;
	u8	end[];
};

static inline bool marker_is_fail(const struct marker_desc *desc)
{
	return desc->nargs == MARKER_FAIL;
}

static inline unsigned int marker_nargs(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? 5 : desc->nargs;
}

static inline unsigned int marker_nr_sets(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? 1 : desc->nr_sets;
}

/* Where the compiler ended the last field */
static inline unsigned int marker_size(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? offsetof(struct marker_fail_rec, end) : desc->size;
}

/* The strings and types after a description */
static inline const u8 *marker_types(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? marker_fail_types : (const u8 *)(desc + 1);
}

static inline enum marker_type marker_arg_type(const struct marker_desc *desc, int arg)
{
	return marker_types(desc)[arg] & ~MARKER_NAMED;
}

/* The sets of names in front of a description */
static inline const struct mark_set **marker_sets(const struct marker_desc *desc)
{
	return marker_is_fail(desc) ? marker_fail_sets :
				      (const struct mark_set **)desc - desc->nr_sets;
}

const char *marker_system(const struct marker_desc *desc);
const char *marker_event_name(const struct marker_desc *desc);
const char *marker_format(const struct marker_desc *desc);
const char *marker_reason(const struct marker_desc *desc);

/**
 * struct marker_type_info - What there is to know of an enum marker_type.
 * @name: C type as the format file shows it
 * @size: in the record
 * @align: in the record
 * @is_signed: whether it is a signed integer
 * @element: type of each, an enum marker_type, if the data is an array of integers
 * @text: whether it prints with %s, though it is no string
 * @pointer_specs: letters that may follow %p, each string one alternative,
 *	or NULL for a type that does not print with %p
 */
struct marker_type_info {
	const char		*name;
	u8			size;
	u8			align;
	bool			is_signed;
	u8			element;
	bool			text;
	const char *const	*pointer_specs;
};

/* The host program gives long and pointers the sizes that the target has. */
#ifdef __KERNEL__
#define __marker_const const
#else
#define __marker_const
#endif

extern __marker_const struct marker_type_info marker_type_info[MARKER_NR_TYPES];

/* Whether a text of @len characters is @name */
static inline bool marker_text_is(const char *text, int len, const char *name)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

static inline bool marker_type_has_data(enum marker_type type)
{
	return type >= MARKER_STRING;
}

/* Whether the core makes a string of it at the hit */
static inline bool marker_type_is_made(enum marker_type type)
{
	return type >= MARKER_PATH;
}

static inline bool marker_type_is_string(enum marker_type type)
{
	return type == MARKER_STRING || marker_type_is_made(type);
}

static inline bool marker_type_is_integer(enum marker_type type)
{
	return type < MARKER_PTR;
}

/* Which of the two names of a marker */
enum marker_name_kind {
	MARKER_NAME_SYSTEM,
	MARKER_NAME_EVENT,
};

/* What marker_format_next() found */
enum marker_token {
	MARKER_TOKEN_END,
	MARKER_TOKEN_TEXT,
	MARKER_TOKEN_FIELD,
	MARKER_TOKEN_ERROR,
};

/* The name of a field in a format; NULL for one that goes by position */
struct marker_name {
	const char	*text;
	int		len;
	/* Of one that goes on where the field before ends: comes after the text */
	int		nr;
};

/**
 * struct marker_spec - A conversion, taken apart.
 * @sign: has the flag + or a space
 * @minus: has the flag -
 * @zero: has the flag 0
 * @hash: has the flag #
 * @width: 0 for none
 * @precision: -1 for none
 * @length: how many letters tell the length
 * @conv: the letter, or NUL where the format ends
 */
struct marker_spec {
	bool	sign;
	bool	minus;
	bool	zero;
	bool	hash;
	int	width;
	int	precision;
	int	length;
	char	conv;
};

/**
 * struct marker_format_iter - Walks over a marker's format.
 * @desc: the description walked over
 * @text: for a token of text, and for a field its conversion: where it begins
 * @len: length of @text
 * @spec: the conversion of a field, taken apart
 * @arg: number of the field, from 0
 * @names: of the fields up to this one
 * @type: type of the field
 * @set: how its values are called, or NULL
 * @offset: of the field in the record
 * @error: for an error, what is wrong
 */
struct marker_format_iter {
	const struct marker_desc	*desc;
	const char			*text;
	int				len;
	struct marker_spec		spec;
	int				arg;
	struct marker_name		names[MARKER_MAX_ARGS];
	enum marker_type		type;
	const struct mark_set		*set;
	unsigned int			offset;
	const char			*error;
	/* private: */
	const char			*pos;
	const char			*conv_end;
	unsigned int			end;
	int				nr_sets;
};

void marker_format_begin(struct marker_format_iter *iter, const struct marker_desc *desc);
enum marker_token marker_format_next(struct marker_format_iter *iter);
bool marker_format_next_field(struct marker_format_iter *iter);
const char *marker_name_reserved(const char *name, enum marker_name_kind kind);
const char *marker_names_check(const struct marker_desc *desc);
bool marker_sets_equal(const struct marker_desc *a, const struct marker_desc *b);
const char *marker_format_check(const struct marker_desc *desc);
const char *marker_format_check_at(const struct marker_desc *desc,
				   struct marker_format_iter *iter);
unsigned int marker_format_precision(const struct marker_format_iter *iter);
int marker_field_name(const struct marker_format_iter *iter, char *buf, size_t size);

#endif /* _KERNEL_MARKER_FORMAT_H */
