// SPDX-License-Identifier: GPL-2.0
/*
 * Check that an event's name says by itself which event it is: the trace shows
 * events without their system.
 */

#include <stdlib.h>
#include <string.h>
#include <xalloc.h>

#include "check.h"

/**
 * struct named - What has a name: a site, or a trace event that is no marker.
 * @event: name without the system
 * @name: system:event
 * @owner: as of a site
 * @site: NULL for a trace event
 */
struct named {
	const char		*event;
	const char		*name;
	const char		*owner;
	const struct site	*site;
};

static void set_named(struct named *named, const char *name, const char *owner,
		      const struct site *site)
{
	*named = (struct named) {
		.event	= strchr(name, ':') + 1,
		.name	= name,
		.owner	= owner,
		.site	= site,
	};
}

/* Those of vmlinux come first, its trace events before its markers. */
static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->event, y->event) ?:
	       is_vmlinux(y->owner) - is_vmlinux(x->owner) ?:
	       !!x->site - !!y->site ?:
	       strcmp(x->name, y->name) ?:
	       (x->site > y->site) - (x->site < y->site);
}

/* All that have a name which is right, sorted */
static struct named *name_all(const struct list *list, size_t *nr)
{
	struct named *all = xcalloc(list->nr_sites + list->nr_events + 1, sizeof(*all));
	const struct site *site;
	size_t i;

	*nr = 0;
	for (i = 0; i < list->nr_sites; i++) {
		site = &list->sites[i];
		if (!site->error)
			set_named(&all[(*nr)++], site->name, site->owner, site);
	}
	for (i = 0; i < list->nr_events; i++)
		set_named(&all[(*nr)++], list->events[i].name, list->events[i].owner, NULL);
	qsort(all, *nr, sizeof(*all), compare_named);
	return all;
}

/* Modules come from anywhere and may not know of each other. */
static void report_shared(const struct named *first, const struct named *named)
{
	bool both = is_vmlinux(first->owner) && is_vmlinux(named->owner);
	int system = named->event - named->name - 1;

	(both ? error : note)(named->site->place,
		"marker %s: there is %s %s %s %s, and events print without their system; write %.*s_%s",
		named->name, first->site ? "a marker" : "a trace event", first->name,
		first->site ? "at" : "in", first->site ? first->site->place : first->owner,
		system, named->name, named->event);
}

/**
 * check_names() - Find markers that are called as an event of another system.
 * @list: markers and trace events
 *
 * It is an error of a marker in vmlinux, and worth a note of one in a module.
 */
void check_names(const struct list *list)
{
	const struct named *first = NULL, *last = NULL, *named;
	struct named *all;
	size_t nr, i;

	all = name_all(list, &nr);
	for (i = 0; i < nr; i++) {
		named = &all[i];
		if (!first || strcmp(first->event, named->event))
			first = named;
		if (!named->site || named->site->kept || !strcmp(first->name, named->name))
			continue;
		if (!last || strcmp(last->name, named->name))
			report_shared(first, named);
		last = named;
	}
	free(all);
}
