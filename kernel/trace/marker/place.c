// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: recording at some places in the code only.
 *
 * The top instance records a marker at all of its sites, or at a list of places,
 * which the file "static_markers" selects. A site elsewhere is muted: its key is
 * off unless another probe wants it, and then the top instance leaves it out.
 */

#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

static bool marker_place_is(const struct marker_place *place, const char *file,
			    unsigned int line)
{
	return place->line == line && !strcmp(place->file, file);
}

static bool marker_places_have(const struct list_head *places, const char *file,
			       unsigned int line)
{
	const struct marker_place *place;

	list_for_each_entry(place, places, node) {
		if (marker_place_is(place, file, line))
			return true;
	}
	return false;
}

/**
 * marker_places_add() - Add a place to a list of places.
 * @places: list of struct marker_place
 * @file: source file
 * @line: line in @file
 *
 * Return: 0, also if it is there already; %-ENOMEM.
 */
int marker_places_add(struct list_head *places, const char *file, unsigned int line)
{
	size_t size = strlen(file) + 1;
	struct marker_place *place;

	if (marker_places_have(places, file, line))
		return 0;
	place = kzalloc_flex(*place, file, size);
	if (!place)
		return -ENOMEM;
	memcpy(place->file, file, size);
	place->line = line;
	list_add_tail(&place->node, places);
	return 0;
}

/**
 * marker_places_del() - Take a place off a list of places.
 * @places: list of struct marker_place
 * @file: source file
 * @line: line in @file
 */
void marker_places_del(struct list_head *places, const char *file, unsigned int line)
{
	struct marker_place *place, *next;

	list_for_each_entry_safe(place, next, places, node) {
		if (marker_place_is(place, file, line)) {
			list_del(&place->node);
			kfree(place);
		}
	}
}

/**
 * marker_places_free() - Free a list of places.
 * @places: list of struct marker_place, empty afterwards
 */
void marker_places_free(struct list_head *places)
{
	struct marker_place *place, *next;

	list_for_each_entry_safe(place, next, places, node)
		kfree(place);
	INIT_LIST_HEAD(places);
}

/**
 * marker_is_muted() - Whether the top instance does not record a marker at a site.
 * @marker: marker
 * @desc: description of the site
 *
 * Context: Process context with event_mutex held.
 * Return: whether it does not.
 */
bool marker_is_muted(const struct marker *marker, const struct marker_desc *desc)
{
	lockdep_assert_held(&event_mutex);

	return !list_empty(&marker->places) &&
	       !marker_places_have(&marker->places, desc->file, desc->line);
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
	struct marker_site *site;
	LIST_HEAD(old);

	lockdep_assert_held(&event_mutex);

	list_splice_init(&marker->places, &old);
	list_splice_init(places, &marker->places);
	list_splice(&old, places);
	for_each_marker_site(site, marker)
		marker_site_link(site, marker_site_next(site),
				 marker_is_muted(marker, site->desc));
	marker_update(marker);
}

/**
 * marker_event_everywhere() - Have a marker recorded at all of its sites again.
 * @file: an event that is turned on or off as a whole, of any kind
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_event_everywhere(struct trace_event_file *file)
{
	struct marker *marker = marker_of_event(file->event_call);
	LIST_HEAD(places);

	if (!marker || !(file->tr->flags & TRACE_ARRAY_FL_GLOBAL) || list_empty(&marker->places))
		return;
	marker_set_places(marker, &places);
	marker_places_free(&places);
}
