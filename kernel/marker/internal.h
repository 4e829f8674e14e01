/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_MARKER_INTERNAL_H
#define _KERNEL_MARKER_INTERNAL_H

/*
 * Shared by the marker core, its tests and the trace event backend.
 *
 * A hit flows one way:
 *
 *	site (packs the record) -> marker_hit() -> each probe: a tracing instance,
 *	perf and BPF, a function
 *
 * A site comes into being the other way round: a section of sites is bound to
 * markers by name, a new marker creates its trace event, and who enables that
 * adds a probe, which turns on the keys of all sites of the marker.
 */

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/marker.h>
#include <linux/string.h>
#include <linux/types.h>

#include "format.h"

/* A string or a range of bytes is cut to this, the NUL included ... */
#define MARKER_DATA_MAX		512
/* ... and all of a record's together to this: they must fit into a page. */
#define MARKER_DATA_ALL_MAX	3072
/* A record of at most this size, with its data, is put together on the stack. */
#define MARKER_FLAT_MAX		256

/* What stands in the low bits of marker_site::link */
#define MARKER_SITE_MUTED	BIT(0)	/* not recorded in the top instance */
#define MARKER_SITE_WANTED	BIT(1)	/* scratch of the file "markers" */
#define MARKER_SITE_FLAGS	(MARKER_SITE_MUTED | MARKER_SITE_WANTED)

struct marker_event;
struct trace_event_call;
struct trace_event_file;

/* The sites of the kernel image */
extern struct marker_site __start___markers[], __stop___markers[];

/**
 * struct marker_section - The sites of the kernel image, or of a module.
 * @node: in marker_sections
 * @start: first site
 * @end: behind the last site
 * @mod: module that the sites stand in, or NULL
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

/* What a probe is; the first two record in a tracing instance. */
enum marker_probe_kind {
	MARKER_PROBE_TOP,	/* the top instance, which leaves out muted sites */
	MARKER_PROBE_FILE,	/* another instance */
	MARKER_PROBE_PERF,	/* perf and BPF */
	MARKER_PROBE_CALL,	/* a function */
};

/**
 * struct marker_probe - Who hears of the hits of a marker.
 * @node: in marker::probes
 * @kind: what it is
 * @fn: function to be called
 * @data: its first argument; or the instance's struct trace_event_file, or the
 *	struct trace_event_call of perf and BPF
 * @rcu: frees the probe, by kfree()
 */
struct marker_probe {
	struct list_head	node;
	enum marker_probe_kind	kind;
	marker_probe_fn		fn;
	void			*data;
	struct rcu_head		rcu;
};

/* A place in the code, which a module may bring again after it was unloaded */
struct marker_place {
	struct list_head	node;
	unsigned int		line;
	char			file[];
};

static inline bool marker_is_at(const struct marker_desc *desc,
				const struct marker_place *place)
{
	return desc->line == place->line && !strcmp(desc->file, place->file);
}

/* A field whose data stands behind the fields: where its __data_loc word is */
struct marker_data {
	u16	offset;
	u8	type;
};

/**
 * struct marker - All sites of one system:event name.
 * @gate: what the sites see of the marker
 * @plain: if the only probe is a tracing instance, its file of the event
 * @probes: who hears of a hit, in the order they were added
 * @desc: description that all sites have to match: of the first one in the
 *	kernel image, or a copy of a module's
 * @sites: the sites, linked through marker_site::link
 * @places: where the top instance records; everywhere, if empty
 * @event: the trace event
 * @node: in the table of markers by name
 * @dropped: calls of typed probes that were dropped as they would recurse
 * @size: of a record up to the end of the last field, header included
 * @late: came with a module, and @desc is a copy
 * @wanted: scratch of the file "markers", under event_mutex: whether sites that
 *	are not there now, but were selected, still are
 * @whole: as @wanted, whether all that are not there now are selected
 * @nr_data: number of entries in @data
 * @data: the fields that have data behind the fields
 *
 * @plain, @probes, @sites and @places change under marker_mutex, the first two
 * with hits under way; @sites and @places under event_mutex as well, which is
 * enough to read them. The rest is constant once the marker is in the table, but
 * for @dropped.
 */
struct marker {
	struct marker_gate		gate;
	struct trace_event_file		*plain;
	struct list_head		probes;
	const struct marker_desc	*desc;
	struct marker_site		*sites;
	struct list_head		places;
	struct marker_event		*event;
	struct hlist_node		node;
	atomic_long_t			dropped;
	u16				size;
	bool				late;
	bool				wanted;
	bool				whole;
	u8				nr_data;
	struct marker_data		data[] __counted_by(nr_data);
};

/* hit.c */
void marker_hit(struct marker_site *site, void *rec);
void marker_hit_data(struct marker_site *site, void *rec, const void **data);
void marker_hit_copy(const struct marker_hit *hit, void *dst);

/* core.c */
void marker_probe_link(struct marker *marker, struct marker_probe *probe);
void marker_probe_unlink(struct marker *marker, struct marker_probe *probe);
int marker_probe_add(struct marker *marker, enum marker_probe_kind kind, marker_probe_fn fn,
		     void *data);
int marker_probe_remove(struct marker *marker, enum marker_probe_kind kind,
			marker_probe_fn fn, void *data);

unsigned int marker_nr_probes(struct marker *marker);

struct marker *marker_find(const char *system, const char *event);
void marker_section_add(struct marker_section *section);
void marker_section_del(struct marker_section *section);

void marker_set_places(struct marker *marker, struct list_head *places);
void marker_free_places(struct list_head *places);

static_assert(__alignof__(struct marker_site) > MARKER_SITE_FLAGS);

/* The next site of the same marker, or NULL */
static inline struct marker_site *marker_site_next(const struct marker_site *site)
{
	return (struct marker_site *)(site->link & ~MARKER_SITE_FLAGS);
}

static inline void marker_site_set_next(struct marker_site *site, struct marker_site *next)
{
	WRITE_ONCE(site->link, (unsigned long)next | (site->link & MARKER_SITE_FLAGS));
}

static inline bool marker_site_flag(const struct marker_site *site, unsigned long flag)
{
	return READ_ONCE(site->link) & flag;
}

/* Flags change under event_mutex, and are read by hits. */
static inline void marker_site_assign(struct marker_site *site, unsigned long flag, bool value)
{
	WRITE_ONCE(site->link, value ? site->link | flag : site->link & ~flag);
}

#define for_each_marker_site(site, marker)					\
	for (site = (marker)->sites; site; site = marker_site_next(site))

/* The marker that a site is bound to, or NULL */
static inline struct marker *marker_of_site(const struct marker_site *site)
{
	return site->gate ? container_of(site->gate, struct marker, gate) : NULL;
}

/* probe.c */
void marker_attach_waiting(struct marker *marker);

/* module.c */
unsigned long marker_denied_taints(struct module *mod);

/* kernel/trace/trace_events_marker.c */
int marker_event_add(struct marker *marker);
int marker_event_remove(struct marker *marker, bool used);
struct marker *marker_of_event(struct trace_event_call *call);

#endif /* _KERNEL_MARKER_INTERNAL_H */
