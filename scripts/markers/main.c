// SPDX-License-Identifier: GPL-2.0
/*
 * Check the markers of a kernel when it is linked.
 *
 *	markers-check [-o LIST] [-k KEPT] [-p PROMISES -c CONFIG -s SOURCE]
 *		      [-m] [-T MODULES] [OBJECT]...
 *
 * reads the markers of vmlinux.o and of all modules at once, and fails with one
 * message for each that is malformed, is called as a trace event is or as a
 * marker of another system, differs from another one of its name, or breaks a
 * promise. Otherwise it writes the catalogue, which has a line for each site:
 *
 *	system:event <TAB> fields <TAB> format <TAB> owner <TAB> file:line [<TAB> reason]
 *
 *	markers-check -k KEPT -d LIST
 *
 * tells in what LIST differs from KEPT, and fails when that breaks readers.
 *
 *	markers-check -t OBJECT
 *
 * writes the records of the markers in the object to stdout, as C types.
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

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether an owner is the kernel itself and no module */
bool is_vmlinux(const char *owner)
{
	return !strcmp(owner, VMLINUX);
}

/*
 * Read "fs/foo/bar.o" as what is owned by "fs/foo/bar". No module is called
 * vmlinux, so that vmlinux.o may be in any directory.
 */
static const char *read_object(struct list *list, const char *path)
{
	size_t len = strlen(path);
	const char *owner;

	if (len < 3 || strcmp(path + len - 2, ".o"))
		fatal("%s: no name of an object, which ends with .o", printable(path));
	if (printable(path) != path)
		fatal("%s: a name that cannot be written into a list", printable(path));
	owner = xstrndup(path, len - 2);
	if (is_vmlinux(base_name(owner)))
		owner = VMLINUX;
	elf_read(list, path, owner);
	return owner;
}

static void read_modules(struct list *list, const char *path)
{
	struct text text;
	char *line;

	text_read(&text, path);
	while ((line = text_line(&text))) {
		if (*line)
			read_object(list, line);
	}
}

/* As the kernel compares the names of modules, "foo-bar" is "foo_bar". */
static bool same_module(const char *a, const char *b)
{
	a = base_name(a);
	b = base_name(b);
	for (; *a && *b; a++, b++) {
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	}
	return *a == *b;
}

/* A module that is built once more replaces itself in the kept catalogue. */
static bool is_rebuilt(const struct list *list, size_t nr, const struct site *kept)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (same_module(list->sites[i].owner, kept->owner))
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

/* Say what the fields are, and the sets of names if these are what differs. */
static void note_fields(const struct site *site, const struct site *other)
{
	bool sets = site->sets && other->sets && strcmp(site->sets, other->sets) &&
		    !site->reason == !other->reason;

	note(site->place, "%s%s \"%s\"%s%s", site->reason ? "mark_fail(), " : "",
	     site->fields, site->format, sets ? ", values named by " : "", sets ? site->sets : "");
}

static void check_same(const struct site *first, const struct site *site)
{
	if (same_fields(first, site))
		return;
	error(site->place, "marker %s differs from that at %s", site->name, first->place);
	note_fields(site, first);
	note_fields(first, site);
}

/* "arg1, arg3" */
static char *unnamed_fields(unsigned int unnamed)
{
	char *text = xstrdup(""), *longer;
	int i;

	for (i = 0; i < MARKER_MAX_ARGS; i++) {
		if (!(unnamed & 1U << i))
			continue;
		longer = xasprintf("%s%sarg%d", text, *text ? ", " : "", i + 1);
		free(text);
		text = longer;
	}
	return text;
}

/* A line of a header, which is in several files, is noted once. */
static void note_unnamed(const struct site *site, const struct site *last)
{
	char *fields;

	if (!site->unnamed || (last && !compare_sites(site, last)))
		return;
	fields = unnamed_fields(site->unnamed);
	note(site->place, "marker %s: no name for %s; write \"name=%%d\"",
	     site->name, fields);
	free(fields);
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
		note_unnamed(site, i ? site - 1 : NULL);
		check_event(list, site);
		check_same(first, site);
	}
}

static int compare(const char *kept_path, const char *path)
{
	struct list kept = {}, list = {};
	bool readable;

	list_read(&kept, kept_path);
	list_read(&list, path);
	readable = compare_lists(&kept, &list);
	close_stdout();
	return readable ? 0 : 1;
}

static int declare(const char *object)
{
	struct list list = {};

	read_object(&list, object);
	list_sort(&list);
	write_types(&list, stdout);
	close_stdout();
	return 0;
}

static void show_usage(void)
{
	fputs("usage: markers-check [-o LIST] [-k KEPT] [-p PROMISES -c CONFIG -s SOURCE]\n"
	      "                     [-m] [-T MODULES] [OBJECT]...\n"
	      "       markers-check -k KEPT -d LIST\n"
	      "       markers-check -t OBJECT\n", stderr);
	exit(2);
}

/* What the command line asks for; @objects ends with NULL. */
struct options {
	const char	*out;
	const char	*kept;
	const char	*compared;
	struct promise_files files;
	const char	*modules;
	bool		all_modules;
	bool		types;
	char		**objects;
};

static void set_option(struct options *options, int opt)
{
	switch (opt) {
	case 'c':
		options->files.config = optarg;
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
		options->files.promises = optarg;
		break;
	case 's':
		options->files.source = optarg;
		break;
	case 't':
		options->types = true;
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
		if (is_vmlinux(read_object(list, *object)))
			*vmlinux = true;
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
	check_sets(&list);
	check_names(&list);
	if (options->files.promises)
		check_promises(&list, &options->files, vmlinux, options->all_modules);
	if (nr_errors)
		return 1;
	if (options->out)
		list_write(&list, options->out);
	return 0;
}

/* Promises are only checked with all that it takes to do so. */
static void check_usage(const struct options *options)
{
	const struct promise_files *files = &options->files;

	if (!files->promises != !files->config || !files->promises != !files->source)
		show_usage();
	if (options->types && (!options->objects[0] || options->objects[1]))
		show_usage();
	if (options->compared ? !options->kept || *options->objects :
				!options->modules && !*options->objects)
		show_usage();
}

int main(int argc, char *argv[])
{
	struct options options = {};
	int opt;

	while ((opt = getopt(argc, argv, "c:d:k:mo:p:s:tT:")) != -1)
		set_option(&options, opt);
	options.objects = argv + optind;
	check_usage(&options);

	if (options.compared)
		return compare(options.kept, options.compared);
	if (options.types)
		return declare(options.objects[0]);
	return check(&options);
}
