/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_TRACE_MARKER_INTERNAL_H
#define _KERNEL_TRACE_MARKER_INTERNAL_H

/*
 * Shared by the parts of static markers.
 *
 * A hit flows one way:
 *
 *	site (packs the record) -> marker_hit() -> each probe: a tracing instance,
 *	perf and BPF, a function
 *
 * A site comes into being the other way round: a section of sites is bound to
 * markers by name, a new marker creates its trace event, and enabling the event
 * adds a probe, which turns on the keys of all sites of the marker.
 */

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/marker.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

#include "../trace.h"
#include "format.h"
#include "marker.h"

/* A string or a range of bytes is cut to this, the NUL included ... */
#define MARKER_DATA_MAX		512
/* ... and all of a record's together to this: they must fit into a page. */
#define MARKER_DATA_ALL_MAX	3072
/* A record of at most this size, with its data, is put together on the stack. */
#define MARKER_FLAT_MAX		320

/* In the low bit of marker_site::link: the top instance does not record here. */
#define MARKER_SITE_MUTED	BIT(0)

/* The sites of the kernel image */
extern struct marker_site __start___markers[], __stop___markers[];

/**
 * struct marker_section - The sites of the kernel image, or of a module.
 * @node: in marker_sections
 * @start: first site
 * @end: end of the last site
 * @mod: module that the sites are in, or NULL
 * @denied: taints for which the sites are not bound, bits as in module::taints
 */
struct marker_section {
	struct list_head	node;
	struct marker_site	*start;
	struct marker_site	*end;
	struct module		*mod;
	unsigned long		denied;
};

/* All sections, under event_mutex */
extern struct list_head marker_sections;

#define for_each_section_site(site, section)					\
	for (site = (section)->start; site < (section)->end; site++)

/**
 * struct marker_data - A field whose data follows the fields.
 * @offset: of its __data_loc word
 * @limit: how long a string may be by the precision in the format, or 0
 * @is_string: whether the data is a string, and not bytes
 * @type: the enum marker_type of what the site has for it
 */
struct marker_data {
	u16	offset;
	u16	limit;
	bool	is_string;
	u8	type;
};

/**
 * struct marker - All sites of one system:event name.
 * @hit: what takes hits; the first member, as sites point to it
 * @hits: the same, with what takes the hits of sites that have strings made
 * @fail: the same, if the sites are mark_fail()
 * @plain: if the only probe is a tracing instance, its file of the event
 * @typed: if it is a typed probe, its registration
 * @tp: tracepoint of the marker, with the probes
 * @desc: description that all sites have to match: of the first one in the
 *	kernel image, or a copy of a module's
 * @sites: the sites, linked through marker_site::link
 * @places: where the top instance records; everywhere, if empty
 * @pending: in a list, while the sites are not on and off as the probes want them
 * @call: what the trace event core knows of the trace event
 * @class: its class; not shared, as it holds the fields
 * @text: the print format, and the names of the fields, each with a NUL
 * @node: in the table of markers by name
 * @dropped: calls of typed probes that were dropped: see marker_record_typed()
 * @size: of a record up to the end of the last field, header included
 * @late: came with a module, and @desc is a copy
 * @perf: the only probe is perf and BPF
 * @nr_data: number of entries in @data
 * @data: the fields that have data after the fields
 *
 * @plain, @typed, @perf, @tp, @sites, @places and @pending change under event_mutex, all
 * but the last three with hits under way. The rest is constant once the marker is in the
 * table, but for @dropped.
 */
struct marker {
	union {
		marker_hit_fn		*hit;
		struct marker_hit_fns	hits;
		struct marker_fail_fns	fail;
	};
	struct trace_event_file		*plain;
	struct marker_registration	*typed;
	struct tracepoint		tp;
	const struct marker_desc	*desc;
	struct marker_site		*sites;
	struct list_head		places;
	struct list_head		pending;
	struct trace_event_call		call;
	struct trace_event_class	class;
	const char			*text;
	struct hlist_node		node;
	atomic_long_t			dropped;
	u16				size;
	bool				late;
	bool				perf;
	u8				nr_data;
	struct marker_data		data[] __counted_by(nr_data);
};

static_assert(__alignof__(struct marker_site) > MARKER_SITE_MUTED);

/* The next site of the same marker, or NULL */
static inline struct marker_site *marker_site_next(const struct marker_site *site)
{
	return (struct marker_site *)(site->link & ~MARKER_SITE_MUTED);
}

static inline bool marker_site_muted(const struct marker_site *site)
{
	return READ_ONCE(site->link) & MARKER_SITE_MUTED;
}

/* Both change under event_mutex; hits read whether the site is muted. */
static inline void marker_site_link(struct marker_site *site, struct marker_site *next, bool muted)
{
	WRITE_ONCE(site->link, (unsigned long)next | (muted ? MARKER_SITE_MUTED : 0));
}

#define for_each_marker_site(site, marker)					\
	for (site = (marker)->sites; site; site = marker_site_next(site))

/* The marker that a site is bound to, or NULL */
static inline struct marker *marker_of_site(const struct marker_site *site)
{
	return site->hit ? container_of(site->hit, struct marker, hit) : NULL;
}

/* event_mutex serializes all who add and remove probes of markers. */
static inline const struct tracepoint_func *marker_probes(const struct marker *marker)
{
	return rcu_dereference_protected(marker->tp.funcs, lockdep_is_held(&event_mutex));
}

#define for_each_marker_probe(probe, marker)					\
	for (probe = marker_probes(marker); probe && probe->func; probe++)

/* hit.c */
void marker_record_top(void *data, const struct marker_hit *hit);
void marker_record(void *data, const struct marker_hit *hit);
void marker_record_perf(void *data, const struct marker_hit *hit);
void marker_hit_probes(struct marker_site *site, void *rec);
void marker_hit_copy(const struct marker_hit *hit, void *dst);

/* core.c */
int marker_probe_add(struct marker *marker, marker_probe_fn fn, void *data);
void marker_probe_remove(struct marker *marker, marker_probe_fn fn, void *data);
unsigned int marker_nr_probes(const struct marker *marker);
void marker_update(struct marker *marker);

struct marker *marker_find(const char *system, const char *event);
bool marker_destroy(struct marker *marker, bool used);
void marker_section_add(struct marker_section *section);
void marker_section_del(struct marker_section *section);
struct module *marker_site_module(const struct marker_site *site);

/* event.c */
int marker_event_add(struct marker *marker);
void marker_events_added(void);
int marker_event_remove(struct marker *marker, bool used);
void marker_free_text(struct marker *marker);
struct marker *marker_of_event(struct trace_event_call *call);

/* names.c */

/**
 * struct marker_value - A value that a set of names tells how to print.
 * @set: the set
 * @type: type of the field
 * @value: the value, with its sign if the type has one
 */
struct marker_value {
	const struct mark_set	*set;
	enum marker_type	type;
	u64			value;
};

void marker_print_value(struct trace_seq *s, const struct marker_value *v);
void marker_value_fmt(struct seq_buf *s, const struct mark_set *set, enum marker_type type);
void marker_value_fmt_args(struct seq_buf *s, const struct mark_set *set,
			   enum marker_type type, const char *field);
const char *marker_length_modifier(enum marker_type type);
int marker_set_value(const struct mark_set *set, enum marker_type type, const char *text,
		     u64 *value);

/* capture.c */
void marker_make_strings(const struct marker *marker, const void **data, char *buf, size_t size);

/* probe.c */
void marker_record_typed(void *data, const struct marker_hit *hit);
void marker_hit_typed(struct marker_site *site, void *rec);
const char *marker_typed_probe_name(const struct tracepoint_func *probe);
void marker_attach_waiting(struct marker *marker);
void marker_probes_going(const struct module *mod);

/* What a list of users takes at most, and with the number of those who did not fit */
#define MARKER_USERS_MAX	200
#define MARKER_USERS_SIZE	(MARKER_USERS_MAX + 16)

/* users.c */
void marker_print_users(struct seq_buf *s, const struct marker *marker,
			const struct marker_site *site);
bool marker_is_held(struct seq_buf *s, struct marker *marker,
		    const struct trace_event_file *except);

/* module.c */
unsigned long marker_denied_taints(struct module *mod);

/**
 * struct marker_place - A place in the code where the top instance records.
 * @node: in marker::places
 * @line: line in @file
 * @file: source file
 *
 * It is not a site: the module that has one there may go and come back.
 */
struct marker_place {
	struct list_head	node;
	unsigned int		line;
	char			file[];
};

/* place.c */
int marker_places_add(struct list_head *places, const char *file, unsigned int line);
void marker_places_del(struct list_head *places, const char *file, unsigned int line);
void marker_places_free(struct list_head *places);
void marker_set_places(struct marker *marker, struct list_head *places);
bool marker_is_muted(const struct marker *marker, const struct marker_desc *desc);

#endif /* _KERNEL_TRACE_MARKER_INTERNAL_H */
