// SPDX-License-Identifier: GPL-2.0
/*
 * Check that sets of names of one name are the same: each file that uses one has
 * its own copy, and a value has to be called the same wherever it shows.
 */

#include <string.h>

#include "check.h"

/**
 * check_sets() - Find sets of names that differ from another one of their name.
 * @list: list with all sets, each once
 */
void check_sets(const struct list *list)
{
	const struct set *set, *first;

	for (set = list->sets; set < list->sets + list->nr_sets; set++) {
		for (first = list->sets; strcmp(first->name, set->name); first++)
			;
		if (first == set)
			continue;
		error(set->site.place, "set %s of marker %s differs from that at %s; write one of them",
		      set->name, set->site.name, first->site.place);
		note(set->site.place, "%s", set->text);
		note(first->site.place, "%s", first->text);
	}
}
