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

/* One that is as another is not added again. */
void list_add_set(struct list *list, const struct mark_set *mark_set, const struct site *site)
{
	struct set set = {
		.name = xstrdup(mark_set->name),	/* the object is unmapped */
		.text = set_text(mark_set),
		.site = *site,
	};
	size_t i;

	for (i = 0; i < list->nr_sets; i++) {
		if (!strcmp(list->sets[i].name, set.name) &&
		    !strcmp(list->sets[i].text, set.text))
			return;
	}
	if (is_power_of_2(list->nr_sets))
		list->sets = xrealloc(list->sets, (2 * list->nr_sets + 1) * sizeof(set));
	list->sets[list->nr_sets++] = set;
}

/* Not a difference, which may not fit into an int */
static int compare_numbers(unsigned long long a, unsigned long long b)
{
	return (a > b) - (a < b);
}

/* By file, then by the number of the line; is_place() holds for both. */
static int compare_places(const char *a, const char *b)
{
	const char *x = strrchr(a, ':'), *y = strrchr(b, ':');
	size_t len = x - a < y - b ? x - a : y - b;

	return memcmp(a, b, len) ?:
	       compare_numbers(x - a, y - b) ?:
	       compare_numbers(strtoull(x + 1, NULL, 10), strtoull(y + 1, NULL, 10));
}

/* What is kept comes first, for others to be compared with. */
int compare_sites(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return strcmp(x->name, y->name) ?:
	       compare_numbers(y->kept, x->kept) ?:
	       strcmp(x->owner, y->owner) ?:
	       compare_places(x->place, y->place);
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

/* Whether a text is file:line, with a line that the compiler can have counted */
static bool is_place(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;

	return digits && digits <= 10 && colon > text && !colon[1 + digits];
}

/* What is wrong with a line, if anything */
static const char *parse_site(char *line, struct site *site)
{
	*site = (struct site) { .kept = true };
	site->name = text_column(&line);
	site->fields = text_column(&line);
	site->format = text_column(&line);
	site->owner = text_column(&line);
	site->place = text_column(&line);
	site->reason = text_column(&line);

	if (!site->place || line)
		return "not of five columns, or of six with a reason, with one tab between them";
	if (!is_marker_name(site->name))
		return "the first column is not system:event";
	if (!are_fields(site->fields))
		return "the second column is neither 'type name, type name' nor -";
	if (!*site->owner)
		return "the fourth column is empty";
	if (!is_place(site->place))
		return "the fifth column is not file:line";
	return NULL;
}

/*
 * What the core asks of the sites of one marker: the texts are the same when
 * the types and the format are, for formats that are right. A catalogue does not
 * tell the sets of names.
 */
bool same_fields(const struct site *a, const struct site *b)
{
	return !strcmp(a->fields, b->fields) && !strcmp(a->format, b->format) &&
	       !a->reason == !b->reason && (!a->sets || !b->sets || !strcmp(a->sets, b->sets));
}

/* One that contradicts itself can be compared with nothing. */
static void check_consistent(const struct list *list, const char *path)
{
	const struct site *site, *last;
	size_t i;

	for (i = 1; i < list->nr_sites; i++) {
		site = &list->sites[i];
		last = site - 1;
		if (!strcmp(site->name, last->name) && !same_fields(site, last))
			fatal("%s: contradicts itself: %s is %s \"%s\" at %s, but %s \"%s\" at %s",
			      path, site->name, last->fields, last->format, last->place,
			      site->fields, site->format, site->place);
	}
}

/* Read a catalogue into an empty list. It stays in memory, as the text is in it. */
void list_read(struct list *list, const char *path)
{
	const char *message;
	struct text text;
	struct site site;
	char *line;

	text_read(&text, path);
	while ((line = text_line(&text))) {
		message = parse_site(line, &site);
		if (message)
			fatal("%s:%d: no line of a list of markers: %s", path, text.nr, message);
		list_add_site(list, &site);
	}
	list_sort(list);
	check_consistent(list, path);
}

/* Write what is not kept, with one line for sites that share one. */
void list_write(const struct list *list, const char *path)
{
	const struct site *site, *last = NULL;
	struct output output;
	size_t i;

	output_open(&output, path);
	for (i = 0; i < list->nr_sites; i++) {
		site = &list->sites[i];
		if (site->kept || (last && !compare_sites(site, last)))
			continue;
		fprintf(output.file, "%s\t%s\t%s\t%s\t%s%s%s\n", site->name, site->fields,
			site->format, site->owner, site->place, site->reason ? "\t" : "",
			site->reason ?: "");
		last = site;
	}
	output_close(&output);
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
 * first_field() - Begin to walk over a text of fields.
 * @fields: "type name, type name", or "-" for none
 *
 * Return: where next_field() has to begin.
 */
const char *first_field(const char *fields)
{
	return strcmp(fields, "-") ? fields : "";
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

	if (!*text)
		return false;

	end = text + strcspn(text, ",");
	for (name = end; name > text && name[-1] != ' '; name--)
		;
	*pos = NULL;
	if (name - text < 2 || *text == ' ' || name + identifier(name) != end || name == end)
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

/* Whether a text is one of fields with different names, or "-" */
bool are_fields(const char *fields)
{
	const char *pos = first_field(fields);
	struct field field, first;

	while (next_field(&pos, &field)) {
		if (find_field(fields, &field, &first) && first.name != field.name)
			return false;
	}
	return pos && *fields;
}

bool same_type(const struct field *a, const struct field *b)
{
	return a->type_len == b->type_len && !memcmp(a->type, b->type, a->type_len);
}

/* Find the field that is called as another one is. */
bool find_field(const char *fields, const struct field *like, struct field *found)
{
	const char *pos = first_field(fields);

	while (next_field(&pos, found)) {
		if (found->name_len == like->name_len &&
		    !memcmp(found->name, like->name, like->name_len))
			return true;
	}
	return false;
}
