// SPDX-License-Identifier: GPL-2.0
/*
 * Compare two catalogues as those see them who read the markers.
 *
 * Readers take fields by name, so a field may be added anywhere and move; it
 * must not go or change its type. The format is text to look at.
 */

#include <stdio.h>
#include <string.h>

#include "check.h"

/* Name the fields that are lost or of another type; say how many. */
static int report_breaks(const struct site *old, const struct site *new)
{
	const char *pos = first_field(old->fields);
	struct field field, found;
	int nr = 0;

	while (next_field(&pos, &field)) {
		if (!find_field(new->fields, &field, &found))
			printf("breaks\t%s\tno '%.*s %.*s' any more", old->name,
			       field.type_len, field.type, field.name_len, field.name);
		else if (!same_type(&found, &field))
			printf("breaks\t%s\t'%.*s %.*s' is now '%.*s'", old->name,
			       field.type_len, field.type, field.name_len, field.name,
			       found.type_len, found.type);
		else
			continue;
		printf("\t%s\n", new->place);
		nr++;
	}
	return nr;
}

/* Name what changed in a way that readers do not notice; say whether there is any. */
static bool report_changes(const struct site *old, const struct site *new)
{
	const char *pos = first_field(new->fields);
	struct field field, found;
	bool more = false;

	while (next_field(&pos, &field)) {
		if (find_field(old->fields, &field, &found))
			continue;
		printf("changed\t%s\tnew field '%.*s %.*s'\t%s\n", new->name,
		       field.type_len, field.type, field.name_len, field.name, new->place);
		more = true;
	}
	if (!more && strcmp(old->fields, new->fields))
		printf("changed\t%s\tanother order of the fields\t%s\n", new->name, new->place);
	else if (!more && strcmp(old->format, new->format))
		printf("changed\t%s\tanother format\t%s\n", new->name, new->place);
	else
		return more;
	return true;
}

/* Whether a site is the first of its marker; list_read() made sure that the others agree. */
static bool is_first(const struct list *list, size_t i)
{
	return !i || strcmp(list->sites[i].name, list->sites[i - 1].name);
}

/**
 * compare_lists() - Report what became of the markers of a kept catalogue.
 * @kept: the kept one, sorted
 * @list: the one to compare with it, sorted
 *
 * Return: whether all that reads the markers of @kept can read those of @list.
 */
bool compare_lists(const struct list *kept, const struct list *list)
{
	int added = 0, removed = 0, changed = 0, broken = 0;
	const struct site *old, *new;
	size_t i;

	for (i = 0; i < list->nr_sites; i++) {
		new = &list->sites[i];
		if (!is_first(list, i) || list_find(kept, new->name))
			continue;
		printf("added\t%s\t%s\t%s\n", new->name, new->fields, new->place);
		added++;
	}
	for (i = 0; i < kept->nr_sites; i++) {
		old = &kept->sites[i];
		if (!is_first(kept, i))
			continue;
		new = list_find(list, old->name);
		if (!new) {
			printf("removed\t%s\t%s\t%s\n", old->name, old->fields, old->place);
			removed++;
		} else if (report_breaks(old, new)) {
			broken++;
		} else if (report_changes(old, new)) {
			changed++;
		}
	}
	printf("%d added, %d removed, %d changed, %d broken\n", added, removed, changed, broken);
	return !removed && !broken;
}
