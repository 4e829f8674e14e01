// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: sites, markers by name, and the probes of a marker.
 *
 * A site is one trace_mark() in the code. A marker is all sites of one
 * system:event name. Sections of sites are bound to markers, that of the kernel
 * image before the first initcall, that of a module before its init; a site
 * whose description does not fit is left alone and never turned on.
 *
 * A marker of a module stays when its last site goes, if its event was used: its
 * records can be read, and its state, filter and triggers take effect again when
 * the module comes back, until a user drops it by name.
 * Markers of the kernel image are not freed.
 *
 * The probes of a marker are those of its tracepoint: a tracing instance, perf
 * with BPF, and typed probes. The first one turns on the keys of its sites, the
 * last one turns them off. The tracepoint's own key is not used, as sites may be
 * bound late, or be recorded at some places only.
 *
 * Lock order: event_mutex, under which all of this changes and trace events are
 * turned on; then what tracepoints, static keys and static calls take
 * (tracepoints_mutex, the CPU hotplug lock, jump_label_mutex or static_call_mutex,
 * text_mutex).
 *
 * What a hit does is in hit.c.
 */

#define pr_fmt(fmt) "marker: " fmt

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <linux/tracepoint.h>

#include "internal.h"

/* Both under event_mutex */
static DEFINE_HASHTABLE(marker_table, 8);
LIST_HEAD(marker_sections);

static struct marker_section marker_image = {
	.start	= __start___markers,
	.end	= __stop___markers,
};

/* Markers whose sites will be turned on and off together: under event_mutex */
static LIST_HEAD(marker_pending);
static bool marker_batch;

/* If there is but one probe, hits go to it without a look at the probes. */
static void marker_set_only(struct marker *marker)
{
	const struct tracepoint_func *probe = marker_probes(marker);
	void *plain = NULL, *typed = NULL;
	bool perf = false;

	if (probe && !probe[1].func) {
		/* Sites that are muted may still be on: marker_dispatch() looks. */
		if (probe->func == marker_record ||
		    (probe->func == marker_record_top && list_empty(&marker->places)))
			plain = probe->data;
		else if (probe->func == marker_record_perf)
			perf = true;
		else if (probe->func == marker_record_typed)
			typed = probe->data;
	}
	/*
	 * What these lead to was set up before. Pairs with the acquire of
	 * marker_hit_perf(), and with the dependent loads of the other ways.
	 */
	smp_wmb();
	WRITE_ONCE(marker->plain, plain);
	WRITE_ONCE(marker->typed, typed);
	WRITE_ONCE(marker->perf, perf);
}

static bool marker_site_wanted(const struct marker *marker, const struct marker_site *site)
{
	const struct tracepoint_func *probe;

	for_each_marker_probe(probe, marker) {
		if (probe->func != marker_record_top || !marker_site_muted(site))
			return true;
	}
	return false;
}

static void marker_queue(struct marker *marker)
{
	if (list_empty(&marker->pending))
		list_add_tail(&marker->pending, &marker_pending);
}

/* Turns on what is wanted and off, or off what is on and not wanted. */
static void marker_switch(bool on)
{
	static struct static_key *keys[256];
	void (*op)(struct static_key **keys, unsigned int nr) = on ? static_keys_inc :
								      static_keys_dec;
	struct marker_site *site;
	struct marker *marker;
	unsigned int nr = 0;

	list_for_each_entry(marker, &marker_pending, pending) {
		for_each_marker_site(site, marker) {
			if (static_key_enabled(&site->key) == on ||
			    marker_site_wanted(marker, site) != on)
				continue;
			keys[nr++] = &site->key;
			if (nr == ARRAY_SIZE(keys)) {
				op(keys, nr);
				nr = 0;
			}
		}
	}
	op(keys, nr);
}

static void marker_switch_pending(void)
{
	struct marker *marker, *next;

	lockdep_assert_held(&event_mutex);

	marker_switch(true);
	marker_switch(false);
	list_for_each_entry_safe(marker, next, &marker_pending, pending)
		list_del_init(&marker->pending);
}

/**
 * marker_batch_begin() - Have sites turned on and off together from now on.
 *
 * Until marker_batch_end(), what turns markers on and off takes effect later, and
 * for all sites together.
 *
 * Context: Process context with event_mutex held.
 */
void marker_batch_begin(void)
{
	lockdep_assert_held(&event_mutex);

	marker_batch = true;
}

/**
 * marker_batch_end() - Turn on and off what has not been since marker_batch_begin().
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_batch_end(void)
{
	marker_switch_pending();
	marker_batch = false;
}

/**
 * marker_update() - Turn the sites of a marker on or off, as its probes want it.
 * @marker: marker
 *
 * A site that is turned on may be hit at once.
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_update(struct marker *marker)
{
	marker_set_only(marker);
	marker_queue(marker);
	if (!marker_batch)
		marker_switch_pending();
}

/**
 * marker_probe_add() - Add a probe to a marker.
 * @marker: marker
 * @fn: what a hit calls
 * @data: the first argument of @fn
 *
 * Context: Process context with event_mutex held, may sleep.
 * Return:
 * * 0 - hits that begin from now on call @fn, after the probes added before
 * * %-EEXIST - it is there already
 * * %-ENOMEM - nothing has changed
 */
int marker_probe_add(struct marker *marker, marker_probe_fn fn, void *data)
{
	int ret;

	lockdep_assert_held(&event_mutex);

	ret = tracepoint_probe_register_may_exist(&marker->tp, fn, data);
	if (!ret)
		marker_update(marker);
	return ret;
}

/**
 * marker_probe_remove() - Undo marker_probe_add().
 * @marker: marker
 * @fn: as it was added
 * @data: as it was added
 *
 * Hits that are under way may still reach it; tracepoint_synchronize_unregister()
 * waits for them. Needs no memory.
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_probe_remove(struct marker *marker, marker_probe_fn fn, void *data)
{
	lockdep_assert_held(&event_mutex);

	tracepoint_probe_unregister(&marker->tp, fn, data);
	marker_update(marker);
}

/**
 * marker_nr_probes() - Count the probes of a marker.
 * @marker: marker
 *
 * Context: Process context with event_mutex held.
 * Return: number of probes, the trace event's included.
 */
unsigned int marker_nr_probes(const struct marker *marker)
{
	const struct tracepoint_func *probe;
	unsigned int nr = 0;

	for_each_marker_probe(probe, marker)
		nr++;
	return nr;
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

/**
 * marker_event_exists() - Whether there is a marker whose event has a name.
 * @event: name of the event, in any system
 *
 * Context: Process context, takes event_mutex, may sleep.
 * Return: whether there is.
 */
bool marker_event_exists(const char *event)
{
	struct marker *marker;
	int bucket;

	guard(mutex)(&event_mutex);

	hash_for_each(marker_table, bucket, marker, node) {
		if (!strcmp(marker_event_name(marker->desc), event))
			return true;
	}
	return false;
}

/*
 * Whether sites have the same fields and print alike, and so are one event. A
 * trace_mark() may look like a mark_fail(), but modules call another function.
 */
static bool marker_same(const struct marker_desc *a, const struct marker_desc *b)
{
	return marker_is_fail(a) == marker_is_fail(b) &&
	       marker_nargs(a) == marker_nargs(b) && marker_size(a) == marker_size(b) &&
	       !memcmp(marker_types(a), marker_types(b), marker_nargs(a)) &&
	       !strcmp(marker_format(a), marker_format(b)) && marker_sets_equal(a, b);
}

static void mark_set_free(const struct mark_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		kfree(set->names[i].name);
	kfree(set->names);
	kfree(set->name);
	kfree(set);
}
DEFINE_FREE(mark_set, struct mark_set *, if (_T) mark_set_free(_T))

static const struct mark_set *mark_set_copy(const struct mark_set *set)
{
	struct mark_set *copy __free(mark_set) = kzalloc_obj(*copy);
	struct mark_name *names;

	if (!copy)
		return NULL;
	names = kzalloc_objs(*names, set->nr);
	copy->names = names;
	copy->name = kstrdup(set->name, GFP_KERNEL);
	copy->kind = set->kind;
	if (!names || !copy->name)
		return NULL;
	for (; copy->nr < set->nr; copy->nr++) {
		names[copy->nr].value = set->names[copy->nr].value;
		names[copy->nr].name = kstrdup(set->names[copy->nr].name, GFP_KERNEL);
		if (!names[copy->nr].name)
			return NULL;
	}
	return_ptr(copy);
}

/* Those that were copied are in front; see marker_copy_desc(). */
static void marker_free_desc(const struct marker_desc *desc)
{
	unsigned int i;

	for (i = 0; i < desc->nr_sets && marker_sets(desc)[i]; i++)
		mark_set_free(marker_sets(desc)[i]);
	kfree((const struct mark_set **)desc - desc->nr_sets);
}

/*
 * A module's description goes with it, and the marker's event may stay. Of the file
 * nothing is left but what a mark_fail() has after the name.
 */
static const struct marker_desc *marker_copy_desc(const struct marker_desc *desc)
{
	const char *file = strchr(desc->file, '\0');
	const char *last = marker_reason(desc) ?: marker_format(desc);
	size_t front = desc->nr_sets * sizeof(struct mark_set *), i;
	size_t size = last + strlen(last) + 1 - (const char *)desc;
	struct marker_desc *copy;
	size_t rest = 1;
	void *block;

	if (marker_is_fail(desc))
		rest = strchr(marker_event_name(desc), '\0') + 1 - file;
	block = kzalloc(front + size + rest, GFP_KERNEL);
	if (!block)
		return NULL;
	copy = memcpy(block + front, desc, size);
	copy->file = memcpy(block + front + size, file, rest);
	copy->func = NULL;
	for (i = 0; i < copy->nr_sets; i++) {
		marker_sets(copy)[i] = mark_set_copy(marker_sets(desc)[i]);
		if (!marker_sets(copy)[i]) {
			marker_free_desc(copy);
			return NULL;
		}
	}
	return copy;
}

static void marker_free(struct marker *marker)
{
	if (marker->late)
		marker_free_desc(marker->desc);
	marker_free_text(marker);
	kfree(marker);
}

static struct marker *marker_alloc(const struct marker_desc *desc, bool late)
{
	struct marker_format_iter iter;
	struct marker *marker;
	unsigned int i, nr = 0;

	for (i = 0; i < marker_nargs(desc); i++)
		nr += marker_type_has_data(marker_arg_type(desc, i));

	marker = kzalloc_flex(*marker, data, nr);
	if (!marker)
		return NULL;
	if (marker_is_fail(desc))
		marker->fail = (struct marker_fail_fns){ marker_fail, marker_failf };
	else
		marker->hits = (struct marker_hit_fns){ marker_hit, marker_hit_made };
	marker->nr_data = nr;
	marker->size = marker_size(desc);
	marker->late = late;
	INIT_LIST_HEAD(&marker->pending);
	marker->desc = late ? marker_copy_desc(desc) : desc;
	INIT_LIST_HEAD(&marker->places);
	if (!marker->desc) {
		kfree(marker);
		return NULL;
	}

	i = 0;
	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		if (!marker_type_has_data(iter.type))
			continue;
		marker->data[i].offset = iter.offset;
		marker->data[i].limit = marker_format_precision(&iter);
		marker->data[i].is_string = marker_type_is_string(iter.type);
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

/**
 * marker_destroy() - Destroy a marker that has no sites, unless it is in use.
 * @marker: marker, that of a module which is gone
 * @used: even if its event was on once; what was recorded of it goes then
 *
 * Context: Process context with event_mutex held, may sleep.
 * Return: whether it is gone.
 */
bool marker_destroy(struct marker *marker, bool used)
{
	if (!marker->late || marker->sites || marker_nr_probes(marker) ||
	    marker_event_remove(marker, used))
		return false;

	hlist_del(&marker->node);
	list_del(&marker->pending);
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

	site->hit = &marker->hit;
	marker_site_link(site, marker->sites, marker_is_muted(marker, site->desc));
	marker->sites = site;
	if (marker_site_wanted(marker, site))
		marker_queue(marker);
}

static void marker_unbind_site(struct marker_site *site)
{
	struct marker *marker = marker_of_site(site);
	struct marker_site *next = marker_site_next(site), *prev;

	if (marker->sites == site)
		marker->sites = next;
	for_each_marker_site(prev, marker) {
		if (marker_site_next(prev) == site)
			marker_site_link(prev, next, marker_site_muted(prev));
	}
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
	for_each_section_site(site, section)
		marker_bind_site(site, section != &marker_image);
	marker_events_added();
	marker_switch_pending();
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
		if ((--site)->hit)
			marker_unbind_site(site);
	}
}

/**
 * marker_site_module() - The module that a site is in.
 * @site: site
 *
 * Context: Process context with event_mutex held.
 * Return: the module, or NULL for the kernel image.
 */
struct module *marker_site_module(const struct marker_site *site)
{
	const struct marker_section *section;

	lockdep_assert_held(&event_mutex);

	list_for_each_entry(section, &marker_sections, node) {
		if (site >= section->start && site < section->end)
			return section->mod;
	}
	return NULL;
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
