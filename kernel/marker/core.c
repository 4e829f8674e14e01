// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: sites, markers by name, and what a hit calls.
 *
 * A site is one trace_mark() in the code. A marker is all sites of one
 * system:event name. Sites are bound to their marker by marker_bind(), those of
 * the kernel image before the first initcall; a site whose description does
 * not fit is left alone and never turned on. Markers are not freed.
 *
 * A marker calls its probes when it is hit. The first probe turns on the keys
 * of all its sites, the last one turns them off.
 *
 * Lock order: event_mutex, under which sites are bound and trace events are
 * turned on; then, with or without it, marker_mutex; then what static keys take
 * (the CPU hotplug lock, jump_label_mutex, text_mutex). The tracing core takes
 * trace_types_lock between the first two: nothing that calls it may hold
 * marker_mutex.
 *
 * A hit runs under tracepoint_srcu, as tracepoints do, so that wherever the
 * tracing core waits for tracepoints it has waited for markers as well; and
 * with preemption disabled, which the ring buffer, perf and BPF want.
 */

#define pr_fmt(fmt) "marker: " fmt

#include <linux/cleanup.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <linux/tracepoint.h>

#include "../trace/trace.h"
#include "internal.h"

/* Protects of each marker the lists of sites and probes, and what is on. */
static DEFINE_MUTEX(marker_mutex);
/* Under event_mutex, as a marker comes with its trace event */
static DEFINE_HASHTABLE(marker_table, 8);

/*
 * Find what a data pointer points to and how long it is; put the place in the
 * record, and the length, into the field's __data_loc word.
 */
static void marker_hit_place(struct marker_hit *hit)
{
	const struct marker *marker = hit->marker;
	unsigned int i, len, room;

	/* Strings keep room for their NUL, whatever those before them take. */
	room = MARKER_DATA_ALL_MAX - marker->nr_data;

	for (i = 0; i < marker->nr_data; i++) {
		if (marker->data[i].type == MARKER_BYTES) {
			const struct mark_bytes *bytes = hit->data[i];

			hit->data[i] = bytes ? bytes->data : NULL;
			len = hit->data[i] ? min(bytes->len, MARKER_DATA_MAX) : 0;
			len = min(len, room);
			room -= len;
		} else {
			if (!hit->data[i])
				hit->data[i] = "(null)";
			len = strnlen(hit->data[i], MARKER_DATA_MAX - 1);
			len = min(len, room);
			room -= len;
			len++;
		}
		*(u32 *)(hit->rec + marker->data[i].offset) = len << 16 | hit->size;
		hit->size += len;
	}
}

/**
 * marker_hit_copy() - Copy the record of a hit to where it is kept.
 * @hit: the hit
 * @dst: receives marker_hit::size bytes; the header is left alone
 *
 * A string that changes meanwhile may come out in pieces of the old and the
 * new one, but ends where marker_hit_place() found it to end.
 *
 * Context: Any, for a probe.
 */
void marker_hit_copy(const struct marker_hit *hit, void *dst)
{
	const struct marker *marker = hit->marker;
	unsigned int i, len;
	char *pos;
	u32 loc;

	memcpy(dst + MARKER_HEADER_SIZE, hit->rec + MARKER_HEADER_SIZE,
	       marker->size - MARKER_HEADER_SIZE);

	for (i = 0; i < marker->nr_data; i++) {
		loc = *(u32 *)(hit->rec + marker->data[i].offset);
		pos = dst + (loc & 0xffff);
		len = loc >> 16;
		if (marker->data[i].type == MARKER_STRING)
			pos[--len] = '\0';
		memcpy(pos, hit->data[i], len);
	}
}

/**
 * marker_hit() - A marker that is on was reached.
 * @site: where
 * @rec: the record, packed but for the header and the __data_loc words
 * @data: pointers to the strings and to the struct mark_bytes, in field order
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void marker_hit(struct marker_site *site, void *rec, const void **data)
{
	const struct marker *marker = container_of(site->gate, struct marker, gate);
	const struct marker_probe *probe;
	struct marker_hit hit = {
		.marker	= marker,
		.rec	= rec,
		.data	= data,
		.size	= marker->size,
	};

	if (IS_ENABLED(CONFIG_PROVE_RCU) && WARN_ON_ONCE(!rcu_is_watching()))
		return;

	guard(srcu_fast_notrace)(&tracepoint_srcu);
	guard(preempt_notrace)();

	marker_hit_place(&hit);
	/* Not _srcu(): lockdep does not see a reader that is notrace. */
	list_for_each_entry_lockless(probe, &marker->probes, node)
		probe->fn(probe->data, &hit);
}

/* Turn the sites on or off. A site that is turned on may be hit at once. */
static void marker_switch(struct marker *marker, bool on)
{
	struct marker_site *site;

	for (site = marker->sites; site; site = site->next) {
		if (on)
			static_key_slow_inc(&site->key);
		else
			static_key_slow_dec(&site->key);
	}
}

static struct marker_probe *marker_probe_find(struct marker *marker, marker_probe_fn fn,
					      void *data)
{
	struct marker_probe *probe;

	lockdep_assert_held(&marker_mutex);

	list_for_each_entry(probe, &marker->probes, node) {
		if (probe->fn == fn && probe->data == data)
			return probe;
	}
	return NULL;
}

/**
 * marker_probe_add() - Have a function called at each hit of a marker.
 * @marker: marker
 * @fn: called with preemption disabled, in the context of the hit
 * @data: first argument of @fn
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return:
 * * 0 - hits that begin from now on call @fn, after the probes added before
 * * %-EEXIST - @fn with @data is there already
 * * %-ENOMEM - nothing has changed
 */
int marker_probe_add(struct marker *marker, marker_probe_fn fn, void *data)
{
	struct marker_probe *probe;
	bool first;

	guard(mutex)(&marker_mutex);

	if (marker_probe_find(marker, fn, data))
		return -EEXIST;

	probe = kzalloc_obj(*probe);
	if (!probe)
		return -ENOMEM;
	probe->fn = fn;
	probe->data = data;

	first = list_empty(&marker->probes);
	list_add_tail_rcu(&probe->node, &marker->probes);
	if (first)
		marker_switch(marker, true);
	return 0;
}

static void marker_probe_free(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct marker_probe, rcu));
}

/**
 * marker_probe_remove() - Undo marker_probe_add().
 * @marker: marker
 * @fn: as it was added
 * @data: as it was added
 *
 * Hits that are under way may still call @fn; tracepoint_synchronize_unregister()
 * waits for them.
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return: 0, or %-ENOENT if there is no such probe. Needs no memory.
 */
int marker_probe_remove(struct marker *marker, marker_probe_fn fn, void *data)
{
	struct marker_probe *probe;

	guard(mutex)(&marker_mutex);

	probe = marker_probe_find(marker, fn, data);
	if (!probe)
		return -ENOENT;

	list_del_rcu(&probe->node);
	if (list_empty(&marker->probes))
		marker_switch(marker, false);
	call_tracepoint_unregister_atomic(&probe->rcu, marker_probe_free);
	return 0;
}

/**
 * marker_nr_probes() - Count the probes of a marker.
 * @marker: marker
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return: number of probes; the sites are on if there are any.
 */
unsigned int marker_nr_probes(struct marker *marker)
{
	guard(mutex)(&marker_mutex);

	return list_count_nodes(&marker->probes);
}

static struct hlist_head *marker_bucket(const char *system, const char *event)
{
	u32 hash = full_name_hash(NULL, system, strlen(system));

	hash = hash_32(hash, 32) ^ full_name_hash(NULL, event, strlen(event));
	return &marker_table[hash_min(hash, HASH_BITS(marker_table))];
}

static struct marker *marker_find(const char *system, const char *event)
{
	struct marker *marker;

	lockdep_assert_held(&event_mutex);

	hlist_for_each_entry(marker, marker_bucket(system, event), node) {
		if (!strcmp(marker_event_name(marker->desc), event) &&
		    !strcmp(marker_system(marker->desc), system))
			return marker;
	}
	return NULL;
}

/* Whether sites have the same fields and print alike, and so are one event */
static bool marker_same(const struct marker_desc *a, const struct marker_desc *b)
{
	return a->nargs == b->nargs && a->size == b->size &&
	       !memcmp(marker_types(a), marker_types(b), a->nargs) &&
	       !strcmp(marker_format(a), marker_format(b));
}

/* Create a marker from the description of its first site. */
static struct marker *marker_create(const struct marker_desc *desc, bool early)
{
	struct marker_format_iter iter;
	struct marker *marker;
	unsigned int i, nr = 0;
	int ret;

	for (i = 0; i < desc->nargs; i++)
		nr += marker_type_has_data(marker_types(desc)[i]);

	marker = kzalloc_flex(*marker, data, nr);
	if (!marker)
		return ERR_PTR(-ENOMEM);
	marker->nr_data = nr;
	INIT_LIST_HEAD(&marker->probes);
	marker->gate.hit = marker_hit;
	marker->desc = desc;
	marker->size = desc->size;

	i = 0;
	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		if (!marker_type_has_data(iter.type))
			continue;
		marker->data[i].offset = iter.offset;
		marker->data[i++].type = iter.type;
	}

	ret = marker_event_add(marker, early);
	if (ret) {
		kfree(marker);
		return ERR_PTR(ret);
	}
	hlist_add_head(&marker->node, marker_bucket(marker_system(desc),
						    marker_event_name(desc)));
	return marker;
}

static void marker_refuse(const struct marker_desc *desc, const char *reason)
{
	pr_warn("%s:%s at %s:%u stays off: %s\n", marker_system(desc),
		marker_event_name(desc), desc->file, desc->line, reason);
}

/* Bind one site to its marker, which comes into being if it is the first. */
static void marker_bind_site(struct marker_site *site, bool early)
{
	const struct marker_desc *desc = site->desc;
	struct marker *marker;
	const char *error;

	error = marker_format_check(desc);
	if (error) {
		marker_refuse(desc, error);
		return;
	}

	marker = marker_find(marker_system(desc), marker_event_name(desc));
	if (!marker) {
		marker = marker_create(desc, early);
		if (IS_ERR(marker)) {
			marker_refuse(desc, PTR_ERR(marker) == -ENOMEM ?
				      "out of memory" : "no trace event for it");
			return;
		}
	} else if (!marker_same(marker->desc, desc)) {
		pr_warn("%s:%s at %s:%u stays off: its fields or format differ from %s:%u\n",
			marker_system(desc), marker_event_name(desc), desc->file,
			desc->line, marker->desc->file, marker->desc->line);
		return;
	}

	guard(mutex)(&marker_mutex);

	site->gate = &marker->gate;
	site->next = marker->sites;
	marker->sites = site;
	if (!list_empty(&marker->probes))
		static_key_slow_inc(&site->key);
}

static void __marker_bind(struct marker_site *start, struct marker_site *end, bool early)
{
	struct marker_site *site;

	guard(mutex)(&event_mutex);

	for (site = start; site < end; site++)
		marker_bind_site(site, early);
}

/**
 * marker_bind() - Bind a section of sites to their markers.
 * @start: first site
 * @end: behind the last site
 *
 * What is wrong with a site is said in the kernel log; it stays off, and the
 * others are not affected.
 *
 * Context: Process context, takes event_mutex, may sleep.
 */
void marker_bind(struct marker_site *start, struct marker_site *end)
{
	__marker_bind(start, end, false);
}

/**
 * marker_init() - Bind the sites of the kernel image.
 *
 * Runs before the trace events of the image are set up, so that those of
 * markers are there when boot parameters ask for them.
 */
void __init marker_init(void)
{
	__marker_bind(__start___markers, __stop___markers, true);
}
