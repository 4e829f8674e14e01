// SPDX-License-Identifier: GPL-2.0
/*
 * Check the markers of a kernel when it is linked.
 *
 *	markers-check [-o LIST] [-k KEPT] [-p PROMISES -c CONFIG] [-m]
 *		      [-T MODULES] [OBJECT]...
 *
 * reads the markers of vmlinux.o and of all modules at once, and fails with one
 * message for each that is malformed, is called as a trace event is, differs
 * from another one of its name, or breaks a promise. Otherwise it writes the
 * catalogue, which has a line for each site:
 *
 *	system:event <TAB> fields <TAB> format <TAB> owner <TAB> file:line
 *
 *	markers-check -k KEPT -d LIST
 *
 * tells in what LIST differs from KEPT, and fails when that breaks readers.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xalloc.h>

#include "check.h"

static unsigned int nr_errors;

static void message(const char *place, const char *kind, const char *fmt, va_list args)
{
	fprintf(stderr, "%s: %s: ", place, kind);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

/* Something is wrong with the markers; the program goes on, and fails in the end. */
void error(const char *place, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(place, "error", fmt, args);
	va_end(args);
	nr_errors++;
}

/* What helps to understand the error before */
void note(const char *place, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(place, "note", fmt, args);
	va_end(args);
}

/* The program cannot do its work. */
void fatal(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message("markers-check", "fatal", fmt, args);
	va_end(args);
	exit(2);
}

char *xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		exit(2);
	va_end(args);
	return text;
}

/**
 * read_file() - Read a whole text.
 * @path: of the file
 *
 * Return: what is in it, with a NUL behind.
 */
char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0, room = 4096;
	char *text = xmalloc(room);

	if (!file)
		fatal("%s: %s", path, strerror(errno));
	while ((size += fread(text + size, 1, room - size - 1, file)) == room - 1) {
		room *= 2;
		text = xrealloc(text, room);
	}
	if (ferror(file))
		fatal("%s: %s", path, strerror(errno));
	fclose(file);
	text[size] = '\0';
	return text;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Read "fs/foo/bar.o" as what is owned by "fs/foo/bar". */
static void read_object(struct list *list, const char *path)
{
	size_t len = strlen(path);

	if (len < 3 || strcmp(path + len - 2, ".o"))
		fatal("%s: no name of an object", path);
	elf_read(list, path, xstrndup(path, len - 2));
}

static void read_modules(struct list *list, const char *path)
{
	char *pos = read_file(path), *line;

	while ((line = strsep(&pos, "\n"))) {
		if (*line)
			read_object(list, line);
	}
}

/* A module that is built once more replaces itself in the kept catalogue. */
static bool is_rebuilt(const struct list *list, size_t nr, const struct site *kept)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(base_name(list->sites[i].owner), base_name(kept->owner)))
			return true;
	}
	return false;
}

static void add_kept(struct list *list, const char *path)
{
	size_t nr = list->nr_sites, i;
	struct list kept = {};

	list_read(&kept, path);
	for (i = 0; i < kept.nr_sites; i++) {
		if (!is_rebuilt(list, nr, &kept.sites[i]))
			list_add_site(list, &kept.sites[i]);
	}
	free(kept.sites);
}

static void check_event(const struct list *list, const struct site *site)
{
	const struct event *event = list_find_event(list, site->name);

	if (event)
		error(site->place, "marker %s: there is a trace event of this name in %s",
		      site->name, event->owner);
}

/*
 * What the core asks of the sites of one marker: the texts are the same when
 * the types and the format are, for formats that are right.
 */
static bool same(const struct site *a, const struct site *b)
{
	return !strcmp(a->fields, b->fields) && !strcmp(a->format, b->format);
}

static void check_same(const struct site *first, const struct site *site)
{
	if (same(first, site))
		return;
	error(site->place, "marker %s differs from that at %s", site->name, first->place);
	note(site->place, "%s \"%s\"", site->fields, site->format);
	note(first->place, "%s \"%s\"", first->fields, first->format);
}

static void check_sites(const struct list *list)
{
	const struct site *first = NULL, *site;
	size_t i;

	for (i = 0; i < list->nr_sites; i++) {
		site = &list->sites[i];
		if (site->error) {
			error(site->place, "marker %s: %s", site->name, site->error);
			continue;
		}
		if (!first || strcmp(first->name, site->name))
			first = site;
		if (site->kept)
			continue;
		check_event(list, site);
		check_same(first, site);
	}
}

static int compare(const char *kept_path, const char *path)
{
	struct list kept = {}, list = {};

	list_read(&kept, kept_path);
	list_read(&list, path);
	list_sort(&kept);
	list_sort(&list);
	return compare_lists(&kept, &list) ? 0 : 1;
}

static void show_usage(void)
{
	fputs("usage: markers-check [-o LIST] [-k KEPT] [-p PROMISES -c CONFIG] [-m]\n"
	      "                     [-T MODULES] [OBJECT]...\n"
	      "       markers-check -k KEPT -d LIST\n", stderr);
	exit(2);
}

/* What the command line asks for; @objects ends with NULL. */
struct options {
	const char	*out;
	const char	*kept;
	const char	*compared;
	const char	*promises;
	const char	*config;
	const char	*modules;
	bool		all_modules;
	char		**objects;
};

static void set_option(struct options *options, int opt)
{
	switch (opt) {
	case 'c':
		options->config = optarg;
		break;
	case 'd':
		options->compared = optarg;
		break;
	case 'k':
		options->kept = optarg;
		break;
	case 'm':
		options->all_modules = true;
		break;
	case 'o':
		options->out = optarg;
		break;
	case 'p':
		options->promises = optarg;
		break;
	case 'T':
		options->modules = optarg;
		break;
	default:
		show_usage();
	}
}

static void read_objects(struct list *list, const struct options *options, bool *vmlinux)
{
	char **object;

	*vmlinux = false;
	for (object = options->objects; *object; object++) {
		if (!strcmp(*object, "vmlinux.o"))
			*vmlinux = true;
		read_object(list, *object);
	}
	if (options->modules)
		read_modules(list, options->modules);
	if (options->kept)
		add_kept(list, options->kept);
	list_sort(list);
}

static int check(const struct options *options)
{
	struct list list = {};
	bool vmlinux;

	read_objects(&list, options, &vmlinux);
	check_sites(&list);
	if (options->promises)
		check_promises(&list, options->promises, options->config, vmlinux,
			       options->all_modules);
	if (nr_errors)
		return 1;
	if (options->out)
		list_write(&list, options->out);
	return 0;
}

int main(int argc, char *argv[])
{
	struct options options = {};
	int opt;

	while ((opt = getopt(argc, argv, "c:d:k:mo:p:T:")) != -1)
		set_option(&options, opt);
	options.objects = argv + optind;

	if (!options.promises != !options.config)
		show_usage();
	if (!options.compared)
		return check(&options);
	if (!options.kept || *options.objects)
		show_usage();
	return compare(options.kept, options.compared);
}
