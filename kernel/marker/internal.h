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

#include "format.h"

/* A string or a range of bytes is cut to this, the NUL included ... */
#define MARKER_DATA_MAX		512
/* ... and all of a record's together to this: they must fit into a page. */
#define MARKER_DATA_ALL_MAX	3072

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

/* kernel/trace/trace_events_marker.c */
int marker_event_add(struct marker *marker, bool early);

#endif /* _KERNEL_MARKER_INTERNAL_H */
