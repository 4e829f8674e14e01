/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_MARKER_INTERNAL_H
#define _KERNEL_MARKER_INTERNAL_H

/*
 * Shared by the marker core, its tests and the trace event backend.
 *
 * A hit flows one way:
 *
 *	site (packs the record) -> marker_hit() -> each probe, the trace event
 *	backend among them -> ring buffer, perf, BPF
 *
 * A site comes into being the other way round: a section of sites is bound to
 * markers by name, a new marker creates its trace event, and who enables that
 * adds a probe, which turns on the keys of all sites of the marker.
 */

#include <linux/list.h>
#include <linux/marker.h>
#include <linux/types.h>

/* A string or a range of bytes is cut to this, the NUL included ... */
#define MARKER_DATA_MAX		512
/* ... and all of a record's together to this: they must fit into a page. */
#define MARKER_DATA_ALL_MAX	3072
/* Longest conversion in a format, from the % to the last letter */
#define MARKER_SPEC_MAX		16
/* Longest name of a field, the NUL included */
#define MARKER_NAME_MAX		32

struct marker_event;
struct marker_hit;

/* The sites of the kernel image */
extern struct marker_site __start___markers[], __stop___markers[];

typedef void (*marker_probe_fn)(void *data, const struct marker_hit *hit);

struct marker_probe {
	struct list_head	node;
	marker_probe_fn		fn;
	void			*data;
	struct rcu_head		rcu;
};

/* A field whose data stands behind the fields: where its __data_loc word is */
struct marker_data {
	u16	offset;
	u8	type;
};

/**
 * struct marker - All sites of one system:event name.
 * @gate: what the sites see of the marker
 * @probes: what a hit calls, in the order they were added
 * @desc: description of the first site, which all others have to match
 * @sites: the sites, linked through marker_site::next
 * @event: the trace event
 * @node: in the table of markers by name
 * @size: of a record up to the end of the last field, header included
 * @nr_data: number of entries in @data
 * @data: the fields that have data behind the fields
 *
 * @probes and @sites change under marker_mutex, @probes with hits under way; the
 * rest is constant once the marker is in the table.
 */
struct marker {
	struct marker_gate		gate;
	struct list_head		probes;
	const struct marker_desc	*desc;
	struct marker_site		*sites;
	struct marker_event		*event;
	struct hlist_node		node;
	u16				size;
	u8				nr_data;
	struct marker_data		data[] __counted_by(nr_data);
};

/**
 * struct marker_hit - One hit on its way to the probes.
 * @marker: which marker was hit
 * @rec: the record: header (not filled in), fields
 * @data: what is to be stored behind the fields, in their order
 * @size: what the record takes with its data behind the fields
 */
struct marker_hit {
	const struct marker	*marker;
	void			*rec;
	const void		**data;
	unsigned int		size;
};

void marker_hit(struct marker_site *site, void *rec, const void **data);
void marker_hit_copy(const struct marker_hit *hit, void *dst);

int marker_probe_add(struct marker *marker, marker_probe_fn fn, void *data);
int marker_probe_remove(struct marker *marker, marker_probe_fn fn, void *data);

unsigned int marker_nr_probes(struct marker *marker);

void marker_bind(struct marker_site *start, struct marker_site *end);

/* The strings and types behind a description */
static inline const u8 *marker_types(const struct marker_desc *desc)
{
	return (const u8 *)(desc + 1);
}

const char *marker_system(const struct marker_desc *desc);
const char *marker_event_name(const struct marker_desc *desc);
const char *marker_format(const struct marker_desc *desc);

/* format.c: how a record is laid out and how it prints */

/**
 * struct marker_type_info - What there is to know of an enum marker_type.
 * @name: C type as the format file shows it
 * @size: in the record
 * @align: in the record
 * @is_signed: whether it is a signed integer
 * @pointer_specs: letters that may follow %p, each string one alternative,
 *	or NULL for a type that does not print with %p
 */
struct marker_type_info {
	const char		*name;
	u8			size;
	u8			align;
	bool			is_signed;
	const char *const	*pointer_specs;
};

extern const struct marker_type_info marker_type_info[MARKER_NR_TYPES];

static inline bool marker_type_has_data(enum marker_type type)
{
	return type >= MARKER_STRING;
}

/* What marker_format_next() found */
enum marker_token {
	MARKER_TOKEN_END,
	MARKER_TOKEN_TEXT,
	MARKER_TOKEN_FIELD,
	MARKER_TOKEN_ERROR,
};

/**
 * struct marker_format_iter - Walks over a marker's format.
 * @desc: the description walked over
 * @text: for a token of text, and for a field its conversion: where it begins
 * @len: length of @text
 * @arg: number of the field, from 0
 * @name: name of the field in the format, or NULL if it goes by position
 * @name_len: length of @name
 * @type: type of the field
 * @offset: of the field in the record
 * @error: for an error, what is wrong
 */
struct marker_format_iter {
	const struct marker_desc	*desc;
	const char			*text;
	int				len;
	int				arg;
	const char			*name;
	int				name_len;
	enum marker_type		type;
	unsigned int			offset;
	const char			*error;
	/* private: */
	const char			*pos;
	const char			*conv_end;
	unsigned int			end;
};

void marker_format_begin(struct marker_format_iter *iter, const struct marker_desc *desc);
enum marker_token marker_format_next(struct marker_format_iter *iter);
bool marker_format_next_field(struct marker_format_iter *iter);
const char *marker_format_check(const struct marker_desc *desc);
int marker_field_name(const struct marker_format_iter *iter, char *buf, size_t size);

/* kernel/trace/trace_events_marker.c */
int marker_event_add(struct marker *marker, bool early);

#endif /* _KERNEL_MARKER_INTERNAL_H */
