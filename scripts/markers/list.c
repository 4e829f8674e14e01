// SPDX-License-Identifier: GPL-2.0
/*
 * The list of all markers, and the catalogue that is written of it.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xalloc.h>

#include "check.h"

static bool is_power_of_2(size_t n)
{
	return !(n & (n - 1));
}

void list_add_site(struct list *list, const struct site *site)
{
	if (is_power_of_2(list->nr_sites))
		list->sites = xrealloc(list->sites,
				       (2 * list->nr_sites + 1) * sizeof(*site));
	list->sites[list->nr_sites++] = *site;
}

void list_add_event(struct list *list, const char *name, const char *owner)
{
	if (is_power_of_2(list->nr_events))
		list->events = xrealloc(list->events,
					(2 * list->nr_events + 1) * sizeof(*list->events));
	list->events[list->nr_events++] = (struct event) { .name = name, .owner = owner };
}

/* By file, then by the number of the line */
static int compare_places(const char *a, const char *b)
{
	const char *x = strrchr(a, ':'), *y = strrchr(b, ':');
	int result = strncmp(a, b, x - a < y - b ? x - a : y - b);

	if (!result)
		result = (x - a) - (y - b);
	if (!result)
		result = atoi(x + 1) - atoi(y + 1);
	return result;
}

/* What is kept comes first, for others to be compared with. */
static int compare_sites(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	int result = strcmp(x->name, y->name);

	if (!result)
		result = y->kept - x->kept;
	if (!result)
		result = strcmp(x->owner, y->owner);
	if (!result)
		result = compare_places(x->place, y->place);
	return result;
}

static int compare_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void list_sort(struct list *list)
{
	if (list->nr_sites)
		qsort(list->sites, list->nr_sites, sizeof(*list->sites), compare_sites);
	if (list->nr_events)
		qsort(list->events, list->nr_events, sizeof(*list->events), compare_events);
}

/* The first site of a marker, or NULL */
const struct site *list_find(const struct list *list, const char *name)
{
	size_t low = 0, high = list->nr_sites, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(list->sites[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == list->nr_sites || strcmp(list->sites[low].name, name))
		return NULL;
	return &list->sites[low];
}

const struct event *list_find_event(const struct list *list, const char *name)
{
	struct event key = { .name = name };

	if (!list->nr_events)
		return NULL;
	return bsearch(&key, list->events, list->nr_events, sizeof(key), compare_events);
}

/* The next of the columns of a line, or NULL */
static char *column(char **line)
{
	return *line ? strsep(line, "\t") : NULL;
}

static bool parse_site(char *line, struct site *site)
{
	*site = (struct site) {
		.name	= column(&line),
		.fields	= column(&line),
		.format	= column(&line),
		.owner	= column(&line),
		.place	= column(&line),
		.kept	= true,
	};
	return site->place && !line && is_marker_name(site->name) &&
	       strrchr(site->place, ':');
}

/* Add the sites of a catalogue, which stays in memory, as their text is in it. */
void list_read(struct list *list, const char *path)
{
	char *pos = read_file(path), *line;
	struct site site;
	int nr;

	for (nr = 1; *pos; nr++) {
		line = strsep(&pos, "\n");
		if (!pos || !parse_site(line, &site))
			fatal("%s:%d: error: no line of a list of markers", path, nr);
		list_add_site(list, &site);
	}
}

/* Write what is not kept, with one line for sites that share one. */
void list_write(const struct list *list, const char *path)
{
	const struct site *site, *last = NULL;
	FILE *file = fopen(path, "w");
	size_t i;

	if (!file)
		fatal("%s: %s", path, strerror(errno));
	for (i = 0; i < list->nr_sites; i++) {
		site = &list->sites[i];
		if (site->kept || (last && !compare_sites(site, last)))
			continue;
		fprintf(file, "%s\t%s\t%s\t%s\t%s\n", site->name, site->fields,
			site->format, site->owner, site->place);
		last = site;
	}
	if (ferror(file) | fclose(file))
		fatal("%s: cannot be written", path);
}

/* Length of the identifier that a text begins with, 0 if there is none */
static size_t identifier(const char *text)
{
	static const char letters[] =
		"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	return *text >= '0' && *text <= '9' ? 0 : strspn(text, letters);
}

bool is_identifier(const char *text)
{
	size_t len = identifier(text);

	return len && !text[len];
}

/* Whether a text is system:event */
bool is_marker_name(const char *name)
{
	size_t system = identifier(name);

	return system && name[system] == ':' && is_identifier(name + system + 1);
}

/**
 * next_field() - Take the next field of a text of fields.
 * @pos: where to go on; NULL if the text has something else there
 * @field: receives the field
 *
 * Return: whether there was one.
 */
bool next_field(const char **pos, struct field *field)
{
	const char *text = *pos, *end, *name;

	if (!strcmp(text, "-"))
		text++;
	if (!*text) {
		*pos = text;
		return false;
	}

	end = text + strcspn(text, ",");
	for (name = end; name > text && name[-1] != ' '; name--)
		;
	*pos = NULL;
	if (name - text < 2 || name + identifier(name) != end)
		return false;
	if (*end && (end[1] != ' ' || !end[2]))
		return false;
	*pos = *end ? end + 2 : end;
	*field = (struct field) {
		.type		= text,
		.type_len	= name - text - 1,
		.name		= name,
		.name_len	= end - name,
	};
	return true;
}

bool same_type(const struct field *a, const struct field *b)
{
	return a->type_len == b->type_len && !memcmp(a->type, b->type, a->type_len);
}

/* Find the field that is called as another one is. */
bool find_field(const char *fields, const struct field *like, struct field *found)
{
	while (next_field(&fields, found)) {
		if (found->name_len == like->name_len &&
		    !memcmp(found->name, like->name, like->name_len))
			return true;
	}
	return false;
}
