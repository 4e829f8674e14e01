// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: sites, markers by name, and what a hit calls.
 *
 * A site is one trace_mark() in the code. A marker is all sites of one
 * system:event name. Sections of sites are bound to markers, that of the kernel
 * image before the first initcall, that of a module before its init; a site
 * whose description does not fit is left alone and never turned on.
 *
 * A marker that came with a module stays when its last site goes, if somebody
 * made use of its event: what was recorded can be read, and all that is set up
 * takes effect again when the module comes back. Other markers are not freed.
 *
 * A marker calls its probes when it is hit. The first probe turns on the keys
 * of its sites, the last one turns them off.
 *
 * Lock order: event_mutex, under which sites are bound and trace events are
 * turned on; then, with or without it, marker_mutex; then what static keys take
 * (the CPU hotplug lock, jump_label_mutex, text_mutex). The tracing core takes
 * trace_types_lock between the first two: nothing that calls it may hold
 * marker_mutex.
 *
 * What a hit does stands in hit.c.
 */

#define pr_fmt(fmt) "marker: " fmt

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <linux/tracepoint.h>

#include "../trace/trace.h"
#include "internal.h"

/* Protects of each marker the lists of sites and probes, and what is on. */
static DEFINE_MUTEX(marker_mutex);
/* Under event_mutex, as a marker comes with its trace event */
static DEFINE_HASHTABLE(marker_table, 8);
LIST_HEAD(marker_sections);

/*
 * Keys that will be turned on, or off, together, and whether they are to be
 * collected: under marker_mutex
 */
static struct static_key *marker_keys[256];
static unsigned int marker_nr_keys;
static bool marker_keys_on;
static bool marker_in_batch;

static struct marker_section marker_image = {
	.start	= __start___markers,
	.end	= __stop___markers,
};

static void marker_flush_keys(void)
{
	lockdep_assert_held(&marker_mutex);

	if (marker_nr_keys)
		static_keys_set(marker_keys, marker_nr_keys, marker_keys_on);
	marker_nr_keys = 0;
}

static void marker_set_key(struct static_key *key, bool on)
{
	lockdep_assert_held(&marker_mutex);

	if (marker_nr_keys == ARRAY_SIZE(marker_keys) || on != marker_keys_on)
		marker_flush_keys();
	marker_keys[marker_nr_keys++] = key;
	marker_keys_on = on;
	if (!marker_in_batch)
		marker_flush_keys();
}

/**
 * marker_batch_begin() - Have sites turned on and off together from now on.
 *
 * Until marker_batch_end(), what turns markers on and off takes effect later, and
 * for many sites at a time.
 *
 * Context: Process context with event_mutex held, takes marker_mutex.
 */
void marker_batch_begin(void)
{
	lockdep_assert_held(&event_mutex);
	guard(mutex)(&marker_mutex);

	marker_in_batch = true;
}

/**
 * marker_batch_end() - Turn on and off what has not been since marker_batch_begin().
 *
 * Context: Process context with event_mutex held, takes marker_mutex, may sleep.
 */
void marker_batch_end(void)
{
	lockdep_assert_held(&event_mutex);
	guard(mutex)(&marker_mutex);

	marker_flush_keys();
	marker_in_batch = false;
}

/*
 * Turn a site on or off, as the probes want it. A site that is turned on may be
 * hit at once.
 */
static void marker_site_update(struct marker_site *site, const struct marker *marker)
{
	bool muted = marker_site_flag(site, MARKER_SITE_MUTED), on = false;
	const struct marker_probe *probe;

	lockdep_assert_held(&marker_mutex);

	list_for_each_entry(probe, &marker->probes, node)
		on |= probe->kind != MARKER_PROBE_TOP || !muted;
	marker_set_key(&site->key, on);
}

/* What marker_hit() may write to without a look at the list of probes */
static struct trace_event_file *marker_plain(const struct marker *marker)
{
	const struct marker_probe *probe;

	if (!list_is_singular(&marker->probes))
		return NULL;
	probe = list_first_entry(&marker->probes, struct marker_probe, node);
	/* Sites that are muted may still be on: marker_dispatch() looks. */
	if (probe->kind == MARKER_PROBE_TOP && !list_empty(&marker->places))
		return NULL;
	return probe->kind <= MARKER_PROBE_FILE ? probe->data : NULL;
}

static void marker_update(struct marker *marker)
{
	struct marker_site *site;

	WRITE_ONCE(marker->plain, marker_plain(marker));
	for_each_marker_site(site, marker)
		marker_site_update(site, marker);
}

/**
 * marker_free_places() - Free a list of places.
 * @places: list of struct marker_place
 */
void marker_free_places(struct list_head *places)
{
	struct marker_place *place, *next;

	list_for_each_entry_safe(place, next, places, node)
		kfree(place);
	INIT_LIST_HEAD(places);
}

/* Whether the top instance records at a site */
static bool marker_picked(const struct marker *marker, const struct marker_desc *desc)
{
	struct marker_place *place;

	if (list_empty(&marker->places))
		return true;
	list_for_each_entry(place, &marker->places, node) {
		if (marker_is_at(desc, place))
			return true;
	}
	return false;
}

static void marker_mute(struct marker *marker)
{
	struct marker_site *site;

	for_each_marker_site(site, marker)
		marker_site_assign(site, MARKER_SITE_MUTED,
				   !marker_picked(marker, site->desc));
	marker_update(marker);
}

/**
 * marker_set_places() - Say where in the code the top instance records a marker.
 * @marker: marker
 * @places: places, or an empty list for everywhere; receives those until now
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_set_places(struct marker *marker, struct list_head *places)
{
	LIST_HEAD(old);

	lockdep_assert_held(&event_mutex);
	guard(mutex)(&marker_mutex);

	list_splice_init(&marker->places, &old);
	list_splice_init(places, &marker->places);
	list_splice(&old, places);
	marker_mute(marker);
}

static struct marker_probe *marker_probe_find(struct marker *marker, enum marker_probe_kind kind,
					      marker_probe_fn fn, void *data)
{
	struct marker_probe *probe;

	lockdep_assert_held(&marker_mutex);

	list_for_each_entry(probe, &marker->probes, node) {
		if (probe->kind == kind && probe->fn == fn && probe->data == data)
			return probe;
	}
	return NULL;
}

static void __marker_probe_link(struct marker *marker, struct marker_probe *probe)
{
	lockdep_assert_held(&marker_mutex);

	list_add_tail_rcu(&probe->node, &marker->probes);
	marker_update(marker);
}

static void marker_probe_free(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct marker_probe, rcu));
}

static void __marker_probe_unlink(struct marker *marker, struct marker_probe *probe)
{
	lockdep_assert_held(&marker_mutex);

	list_del_rcu(&probe->node);
	if (probe->kind == MARKER_PROBE_TOP) {
		/* Who turns the event on again gets all of it. */
		marker_free_places(&marker->places);
		marker_mute(marker);
	} else {
		marker_update(marker);
	}
	call_tracepoint_unregister_atomic(&probe->rcu, marker_probe_free);
}

/**
 * marker_probe_link() - Have hits of a marker call a probe.
 * @marker: marker
 * @probe: filled in by the caller, and freed by marker_probe_unlink()
 *
 * Hits that begin from now on call it, after the probes that were linked before.
 *
 * Context: Process context, takes marker_mutex, may sleep.
 */
void marker_probe_link(struct marker *marker, struct marker_probe *probe)
{
	guard(mutex)(&marker_mutex);
	__marker_probe_link(marker, probe);
}

/**
 * marker_probe_unlink() - Undo marker_probe_link(), and free the probe.
 * @marker: marker
 * @probe: probe
 *
 * Hits that are under way may still call it; it is freed by kfree() after them.
 *
 * Context: Process context, takes marker_mutex, may sleep.
 */
void marker_probe_unlink(struct marker *marker, struct marker_probe *probe)
{
	guard(mutex)(&marker_mutex);
	__marker_probe_unlink(marker, probe);
}

/**
 * marker_probe_add() - Add a probe to a marker.
 * @marker: marker
 * @kind: what it is
 * @fn: for MARKER_PROBE_CALL, what is called; NULL for others
 * @data: what it is for; the first argument of @fn
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return:
 * * 0 - hits that begin from now on reach the probe, after those added before
 * * %-EEXIST - it is there already
 * * %-ENOMEM - nothing has changed
 */
int marker_probe_add(struct marker *marker, enum marker_probe_kind kind, marker_probe_fn fn,
		     void *data)
{
	struct marker_probe *probe;

	guard(mutex)(&marker_mutex);

	if (marker_probe_find(marker, kind, fn, data))
		return -EEXIST;

	probe = kzalloc_obj(*probe);
	if (!probe)
		return -ENOMEM;
	probe->kind = kind;
	probe->fn = fn;
	probe->data = data;
	__marker_probe_link(marker, probe);
	return 0;
}

/**
 * marker_probe_remove() - Undo marker_probe_add().
 * @marker: marker
 * @kind: as it was added
 * @fn: as it was added
 * @data: as it was added
 *
 * Hits that are under way may still reach it; tracepoint_synchronize_unregister()
 * waits for them.
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return: 0, or %-ENOENT if there is no such probe. Needs no memory.
 */
int marker_probe_remove(struct marker *marker, enum marker_probe_kind kind,
			marker_probe_fn fn, void *data)
{
	struct marker_probe *probe;

	guard(mutex)(&marker_mutex);

	probe = marker_probe_find(marker, kind, fn, data);
	if (!probe)
		return -ENOENT;
	__marker_probe_unlink(marker, probe);
	return 0;
}

/**
 * marker_nr_probes() - Count the probes of a marker.
 * @marker: marker
 *
 * Context: Process context, takes marker_mutex, may sleep.
 * Return: number of probes, the trace event's included.
 */
unsigned int marker_nr_probes(struct marker *marker)
{
	guard(mutex)(&marker_mutex);

	return list_count_nodes(&marker->probes);
}

static struct hlist_head *marker_bucket(const char *system, const char *event)
{
	u32 hash = full_name_hash(NULL, system, strlen(system)) ^
		   full_name_hash(NULL, event, strlen(event));

	return &marker_table[hash_min(hash, HASH_BITS(marker_table))];
}

/**
 * marker_find() - Find a marker by its name.
 * @system: trace event's system
 * @event: trace event's name
 *
 * Context: Process context with event_mutex held.
 * Return: the marker, or NULL.
 */
struct marker *marker_find(const char *system, const char *event)
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

/* A module's description goes with it, and the marker's event may stay. */
static const struct marker_desc *marker_copy_desc(const struct marker_desc *desc)
{
	const char *format = marker_format(desc);
	size_t size = format + strlen(format) + 1 - (const char *)desc;
	struct marker_desc *copy;

	copy = kmemdup(desc, size, GFP_KERNEL);
	if (copy) {
		copy->file = NULL;
		copy->func = NULL;
	}
	return copy;
}

static void marker_free(struct marker *marker)
{
	if (marker->late)
		kfree(marker->desc);
	kfree(marker);
}

static struct marker *marker_alloc(const struct marker_desc *desc, bool late)
{
	struct marker_format_iter iter;
	struct marker *marker;
	unsigned int i, nr = 0;

	for (i = 0; i < desc->nargs; i++)
		nr += marker_type_has_data(marker_types(desc)[i]);

	marker = kzalloc_flex(*marker, data, nr);
	if (!marker)
		return NULL;
	marker->nr_data = nr;
	marker->late = late;
	marker->desc = late ? marker_copy_desc(desc) : desc;
	if (!marker->desc) {
		kfree(marker);
		return NULL;
	}
	INIT_LIST_HEAD(&marker->probes);
	INIT_LIST_HEAD(&marker->places);
	if (nr)
		marker->gate.hit_data = marker_hit_data;
	else
		marker->gate.hit = marker_hit;
	marker->size = desc->size;

	i = 0;
	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		if (!marker_type_has_data(iter.type))
			continue;
		marker->data[i].offset = iter.offset;
		marker->data[i++].type = iter.type;
	}
	return marker;
}

/* Create a marker from the description of its first site. */
static struct marker *marker_create(const struct marker_desc *desc, bool late)
{
	struct marker *marker = marker_alloc(desc, late);
	int ret;

	if (!marker)
		return ERR_PTR(-ENOMEM);

	ret = marker_event_add(marker);
	if (ret) {
		marker_free(marker);
		return ERR_PTR(ret);
	}
	hlist_add_head(&marker->node, marker_bucket(marker_system(desc),
						    marker_event_name(desc)));
	marker_attach_waiting(marker);
	return marker;
}

/*
 * Destroy a marker that has no sites, unless it is in use; with @used, even if
 * it was, in which case what was recorded of it goes.
 */
static bool marker_destroy(struct marker *marker, bool used)
{
	if (!marker->late || marker->sites || marker_nr_probes(marker) ||
	    marker_event_remove(marker, used))
		return false;

	hlist_del(&marker->node);
	marker_free(marker);
	return true;
}

static const char *marker_create_error(int error)
{
	switch (error) {
	case -ENOMEM:
		return "out of memory";
	case -EEXIST:
		return "there is another trace event of its name";
	default:
		return "no trace event for it";
	}
}

static void marker_refuse(const struct marker_desc *desc, const char *reason)
{
	pr_warn("%s:%s at %s:%u stays off: %s\n", marker_system(desc),
		marker_event_name(desc), desc->file, desc->line, reason);
}

static void marker_refuse_other(const struct marker_desc *desc, const struct marker *marker)
{
	const struct marker_desc *other = marker->sites ? marker->sites->desc : NULL;

	if (other)
		pr_warn("%s:%s at %s:%u stays off: its fields or format differ from %s:%u\n",
			marker_system(desc), marker_event_name(desc), desc->file,
			desc->line, other->file, other->line);
	else
		marker_refuse(desc, "its event is in use with other fields or another format");
}

/* The marker that a site belongs to, which comes into being if it is the first */
static struct marker *marker_for_desc(const struct marker_desc *desc, bool late)
{
	const char *system = marker_system(desc), *event = marker_event_name(desc);
	struct marker *marker = marker_find(system, event);

	if (marker && !marker_same(marker->desc, desc)) {
		/* A module that was changed may come back, if its event is off. */
		if (!marker_destroy(marker, true)) {
			marker_refuse_other(desc, marker);
			return NULL;
		}
		marker = NULL;
	}
	if (marker)
		return marker;

	marker = marker_create(desc, late);
	if (IS_ERR(marker)) {
		marker_refuse(desc, marker_create_error(PTR_ERR(marker)));
		return NULL;
	}
	return marker;
}

static void marker_bind_site(struct marker_site *site, bool late)
{
	const char *error = marker_format_check(site->desc);
	struct marker *marker;

	if (error) {
		marker_refuse(site->desc, error);
		return;
	}
	marker = marker_for_desc(site->desc, late);
	if (!marker)
		return;

	guard(mutex)(&marker_mutex);

	site->gate = &marker->gate;
	marker_site_set_next(site, marker->sites);
	marker->sites = site;
	marker_site_assign(site, MARKER_SITE_MUTED, !marker_picked(marker, site->desc));
	marker_site_update(site, marker);
}

static void marker_unlink_site(struct marker *marker, struct marker_site *site)
{
	struct marker_site *prev;

	guard(mutex)(&marker_mutex);

	if (marker->sites == site) {
		marker->sites = marker_site_next(site);
		return;
	}
	for_each_marker_site(prev, marker) {
		if (marker_site_next(prev) == site) {
			marker_site_set_next(prev, marker_site_next(site));
			return;
		}
	}
}

static void marker_unbind_site(struct marker_site *site)
{
	struct marker *marker = marker_of_site(site);

	marker_unlink_site(marker, site);
	marker_destroy(marker, false);
}

/**
 * marker_section_add() - Bind a section of sites to their markers.
 * @section: section, to be kept until marker_section_del()
 *
 * What is wrong with a site is said in the kernel log; it stays off, and the
 * others are not affected. None is bound if marker_section::denied is set.
 *
 * Context: Process context, takes event_mutex, may sleep.
 */
void marker_section_add(struct marker_section *section)
{
	struct marker_site *site;

	guard(mutex)(&event_mutex);

	list_add_tail(&section->node, &marker_sections);
	if (section->denied)
		return;
	marker_batch_begin();
	for (site = section->start; site < section->end; site++)
		marker_bind_site(site, section != &marker_image);
	marker_batch_end();
}

/**
 * marker_section_del() - Undo marker_section_add().
 * @section: section; none of its sites can be hit any more
 *
 * Context: Process context, takes event_mutex, may sleep.
 */
void marker_section_del(struct marker_section *section)
{
	struct marker_site *site;

	guard(mutex)(&event_mutex);

	list_del(&section->node);
	/* The last is first in the lists of events that it has to be found in. */
	for (site = section->end; site > section->start;) {
		if ((--site)->gate)
			marker_unbind_site(site);
	}
}

/**
 * marker_init() - Bind the sites of the kernel image.
 *
 * Runs before the trace events of the image are set up, so that those of
 * markers are there when boot parameters ask for them.
 */
void __init marker_init(void)
{
	marker_section_add(&marker_image);
}
