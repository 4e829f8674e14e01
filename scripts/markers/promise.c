// SPDX-License-Identifier: GPL-2.0
/*
 * Check that the markers which were promised to stay are there.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xalloc.h>

#include "check.h"

/**
 * struct promise - A line of the list of promises.
 * @name: system:event
 * @symbol: configuration symbol that the marker depends on, or "-"
 * @fields: which the marker must have, among others
 * @place: file:line of the promise
 */
struct promise {
	const char	*name;
	const char	*symbol;
	const char	*fields;
	const char	*place;
};

static bool is_symbol(const char *symbol)
{
	return !strcmp(symbol, "-") ||
	       (!strncmp(symbol, "CONFIG_", 7) && is_identifier(symbol));
}

/* Whether a text is one of fields with different names */
static bool are_fields(const char *fields)
{
	const char *pos = fields;
	struct field field, first;

	while (next_field(&pos, &field)) {
		if (find_field(fields, &field, &first) && first.name != field.name)
			return false;
	}
	return pos && *fields;
}

static const char *parse_promise(char *line, struct promise *promise)
{
	promise->name = strsep(&line, "\t");
	promise->symbol = line ? strsep(&line, "\t") : NULL;
	promise->fields = line ? strsep(&line, "\t") : NULL;

	if (!promise->fields || line)
		return "not of three columns, with one tab between them";
	if (!is_marker_name(promise->name))
		return "the first column is not system:event";
	if (!is_symbol(promise->symbol))
		return "the second column is neither a CONFIG_ symbol nor -";
	if (!are_fields(promise->fields))
		return "the third column is neither 'type name, type name' nor -";
	return NULL;
}

/* Read what is right of the list into an array, in the order of the lines. */
static size_t read_promises(const char *path, struct promise **promises)
{
	char *pos = read_file(path), *line;
	struct promise promise;
	const char *message;
	size_t nr = 0;
	int number;

	*promises = NULL;
	for (number = 1; pos && *pos; number++) {
		line = strsep(&pos, "\n");
		if (!*line || *line == '#')
			continue;
		promise.place = xasprintf("%s:%d", path, number);
		message = parse_promise(line, &promise);
		if (message) {
			error(promise.place, "%s", message);
			continue;
		}
		*promises = xrealloc(*promises, (nr + 1) * sizeof(promise));
		(*promises)[nr++] = promise;
	}
	return nr;
}

static void check_twice(const struct promise *promises, size_t nr)
{
	size_t i, n;

	for (i = 0; i < nr; i++) {
		for (n = 0; n < i && strcmp(promises[n].name, promises[i].name); n++)
			;
		if (n < i)
			error(promises[i].place, "%s was promised before, at %s",
			      promises[i].name, promises[n].place);
	}
}

/* The value of a symbol, 'y' or 'm' or another character, or 0 for none */
static char config_value(const char *config, const char *symbol)
{
	size_t len = strlen(symbol);
	const char *pos;

	if (!strcmp(symbol, "-"))
		return 'y';
	for (pos = config; (pos = strstr(pos, symbol)); pos += len) {
		if ((pos == config || pos[-1] == '\n') && pos[len] == '=')
			return pos[len + 1];
	}
	return 0;
}

/* The first site in vmlinux for 'y', in a module for 'm' */
static const struct site *find_built(const struct list *list, const char *name, char value)
{
	const struct site *site, *end = list->sites + list->nr_sites;

	site = list_find(list, name);
	for (; site && site < end && !strcmp(site->name, name); site++) {
		if (!site->kept && !strcmp(site->owner, "vmlinux") == (value == 'y'))
			return site;
	}
	return NULL;
}

static void check_fields(const struct promise *promise, const struct site *site)
{
	const char *pos = promise->fields;
	struct field field, found;

	while (next_field(&pos, &field)) {
		if (!find_field(site->fields, &field, &found))
			error(site->place, "%s lost the field '%.*s %.*s' promised at %s",
			      site->name, field.type_len, field.type, field.name_len,
			      field.name, promise->place);
		else if (!same_type(&found, &field))
			error(site->place, "%s has '%.*s %.*s', but '%.*s %.*s' is promised at %s",
			      site->name, found.type_len, found.type, found.name_len,
			      found.name, field.type_len, field.type, field.name_len,
			      field.name, promise->place);
	}
}

/**
 * check_promises() - Compare the markers with the list of promises.
 * @list: markers
 * @path: of the list of promises
 * @config_path: of the configuration, lines of CONFIG_SYMBOL=value
 * @vmlinux: whether those of vmlinux are known
 * @modules: whether those of all modules are known
 */
void check_promises(const struct list *list, const char *path, const char *config_path,
		    bool vmlinux, bool modules)
{
	const char *config = read_file(config_path);
	struct promise *promises;
	size_t nr = read_promises(path, &promises), i;
	const struct site *site;
	char value;

	check_twice(promises, nr);
	for (i = 0; i < nr; i++) {
		value = config_value(config, promises[i].symbol);
		if (!(value == 'y' && vmlinux) && !(value == 'm' && modules))
			continue;
		site = find_built(list, promises[i].name, value);
		if (site && !site->error)
			check_fields(&promises[i], site);
		else if (!site)
			error(promises[i].place, "%s is promised, but is gone from %s",
			      promises[i].name, value == 'y' ? "vmlinux" : "the modules");
	}
}
