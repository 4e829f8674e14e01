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

/* A mistyped type would be taken for one that no marker has any more. */
static bool are_types(const char *fields)
{
	const char *pos = first_field(fields);
	struct field field;

	while (next_field(&pos, &field)) {
		if (!is_type(&field))
			return false;
	}
	return true;
}

static const char *parse_promise(char *line, struct promise *promise)
{
	promise->name = text_column(&line);
	promise->symbol = text_column(&line);
	promise->fields = text_column(&line);
	if (!promise->fields || line)
		return "not of three columns, with one tab between them";
	if (!is_marker_name(promise->name))
		return "the first column is not system:event";
	if (!is_symbol(promise->symbol))
		return "the second column is neither a CONFIG_ symbol nor -";
	if (!are_fields(promise->fields))
		return "the third column is neither 'type name, type name' nor -";
	if (!are_types(promise->fields))
		return "a type in the third column is none of a marker; copy it from markers.list";
	return NULL;
}

/* Read what is right of the list into an array, in the order of the lines. */
static size_t read_promises(const char *path, struct promise **promises)
{
	struct promise promise;
	const char *message;
	struct text text;
	size_t nr = 0;
	char *line;

	*promises = NULL;
	text_read(&text, path);
	while ((line = text_line(&text))) {
		if (!*line || *line == '#')
			continue;
		promise.place = xasprintf("%s:%d", path, text.nr);
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

/* The lines of the configuration, with a NULL at the end */
static char **read_config(const char *path)
{
	char **lines = xcalloc(1, sizeof(*lines)), *line;
	struct text text;

	text_read(&text, path);
	while ((line = text_line(&text))) {
		lines = xrealloc(lines, (text.nr + 1) * sizeof(*lines));
		lines[text.nr - 1] = line;
		lines[text.nr] = NULL;
	}
	return lines;
}

/* The value of a symbol, or NULL */
static const char *find_value(char *const *config, const char *symbol)
{
	size_t len = strlen(symbol);

	for (; *config; config++) {
		if (!strncmp(*config, symbol, len) && (*config)[len] == '=')
			return *config + len + 1;
	}
	return NULL;
}

/* 'y' or 'm' if the promise is one for vmlinux or for modules, or else 0 */
static char promise_value(const struct promise *promise, char *const *config,
			  const char *source)
{
	const char *value;

	if (!strcmp(promise->symbol, "-"))
		return 'y';
	value = find_value(config, promise->symbol);
	if (value && (!strcmp(value, "y") || !strcmp(value, "m")))
		return *value;
	if (value)
		error(promise->place, "%s is %s, but a promise needs a symbol that is y, m or off",
		      promise->symbol, value);
	else if (!symbol_exists(source, promise->symbol))
		error(promise->place, "no Kconfig file of %s has %s; correct it, or write -",
		      source, promise->symbol);
	return 0;
}

/* The first site in vmlinux for 'y', in a module for 'm' */
static const struct site *find_built(const struct list *list, const char *name, char value)
{
	const struct site *site, *end = list->sites + list->nr_sites;

	site = list_find(list, name);
	for (; site && site < end && !strcmp(site->name, name); site++) {
		if (!site->kept && is_vmlinux(site->owner) == (value == 'y'))
			return site;
	}
	return NULL;
}

static void check_fields(const struct promise *promise, const struct site *site)
{
	const char *pos = first_field(promise->fields);
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
 * @files: list of promises, and what it takes to understand it
 * @vmlinux: whether those of vmlinux are known
 * @modules: whether those of all modules are known
 */
void check_promises(const struct list *list, const struct promise_files *files,
		    bool vmlinux, bool modules)
{
	char **config = read_config(files->config);
	struct promise *promises;
	size_t nr = read_promises(files->promises, &promises), i;
	const struct site *site;
	char value;

	check_twice(promises, nr);
	for (i = 0; i < nr; i++) {
		value = promise_value(&promises[i], config, files->source);
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
