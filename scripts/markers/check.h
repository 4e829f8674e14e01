/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCRIPTS_MARKERS_CHECK_H
#define _SCRIPTS_MARKERS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <linux/compiler.h>

/* By its path, as the compiler writes no dependency for what -idirafter finds. */
#include "../../include/linux/marker-defs.h"

/**
 * struct site - One trace_mark(), as a line of the catalogue tells it.
 * @name: system:event
 * @fields: "type name, type name", or "-"
 * @format: as in the source
 * @sets: the sets of names that its values have, "set, set", or "-"
 * @reason: why a call fails, for a mark_fail(); else NULL
 * @error: what is wrong with the format, or NULL; if set, those above are not
 * @owner: "vmlinux", or path of the module without a suffix
 * @place: file:line
 * @unnamed: bit n for field n that has no name in the format
 * @kept: from a catalogue that was written earlier, not from an object
 */
struct site {
	const char	*name;
	const char	*fields;
	const char	*format;
	const char	*sets;
	const char	*reason;
	const char	*error;
	const char	*owner;
	const char	*place;
	unsigned int	unnamed;
	bool		kept;
};

/* The owner of what is not in a module */
#define VMLINUX		"vmlinux"

/**
 * struct event - A trace event that is no marker.
 * @name: system:event
 * @owner: as of a site
 */
struct event {
	const char	*name;
	const char	*owner;
};

/**
 * struct set - A set of names, as one marker has it.
 * @name: its name
 * @text: all of it
 * @site: first marker that was found with it
 */
struct set {
	const char	*name;
	const char	*text;
	struct site	site;
};

/**
 * struct list - What the checks are made on.
 * @sites: grouped by name, after list_sort()
 * @nr_sites: number of @sites
 * @events: in the order of their names, after list_sort()
 * @nr_events: number of @events
 * @sets: those whose name or content differ
 * @nr_sets: number of @sets
 */
struct list {
	struct site	*sites;
	size_t		nr_sites;
	struct event	*events;
	size_t		nr_events;
	struct set	*sets;
	size_t		nr_sets;
};

/**
 * struct raw_desc - A struct marker_desc as an object has it.
 * @file: its file, and what follows that name in the object
 * @record_size: its size
 * @nargs: its nargs
 * @nr_sets: its nr_sets
 * @sets: the sets of names in front of it
 * @long_size: bytes of a long and of a pointer on the target
 * @tail: the strings and types after it, with the NUL of the last string
 * @tail_size: of @tail
 */
struct raw_desc {
	const char	*file;
	unsigned int	record_size;
	unsigned int	nargs;
	unsigned int	nr_sets;
	const struct mark_set *sets[256];
	int		long_size;
	const void	*tail;
	size_t		tail_size;
};

/**
 * struct text - A text that is read by lines.
 * @path: of the file
 * @nr: number of the line that was taken last
 * @pos: the rest
 */
struct text {
	const char	*path;
	int		nr;
	char		*pos;
};

/**
 * struct output - A file that is written.
 * @path: its name in the end
 * @temporary: its name until then, or NULL if it is a device
 * @file: to write to
 */
struct output {
	const char	*path;
	char		*temporary;
	FILE		*file;
};

/* One field out of the text of fields */
struct field {
	const char	*type;
	int		type_len;
	const char	*name;
	int		name_len;
};

/* main.c */
__printf(2, 3) void error(const char *place, const char *fmt, ...);
__printf(2, 3) void note(const char *place, const char *fmt, ...);
__printf(1, 2) __noreturn void fatal(const char *fmt, ...);
__printf(1, 2) char *xasprintf(const char *fmt, ...);
const char *base_name(const char *path);
bool is_vmlinux(const char *owner);

/* text.c */
void text_read(struct text *text, const char *path);
char *text_line(struct text *text);
char *text_column(char **line);
const char *printable(const char *raw);
void output_open(struct output *output, const char *path);
void output_close(struct output *output);
void close_stdout(void);

/* elf.c */
void elf_read(struct list *list, const char *path, const char *owner);

/* format.c */
void describe(const struct raw_desc *raw, struct site *site);
bool is_type(const struct field *field);
const char *set_text(const struct mark_set *set);

/* list.c */
void list_add_site(struct list *list, const struct site *site);
void list_add_event(struct list *list, const char *name, const char *owner);
void list_add_set(struct list *list, const struct mark_set *set, const struct site *site);
void list_sort(struct list *list);
const struct site *list_find(const struct list *list, const char *name);
const struct event *list_find_event(const struct list *list, const char *name);
void list_read(struct list *list, const char *path);
void list_write(const struct list *list, const char *path);
bool is_identifier(const char *text);
bool is_marker_name(const char *name);
bool are_fields(const char *fields);
const char *first_field(const char *fields);
bool next_field(const char **pos, struct field *field);
bool same_type(const struct field *a, const struct field *b);
bool find_field(const char *fields, const struct field *like, struct field *found);
bool same_fields(const struct site *a, const struct site *b);
int compare_sites(const void *a, const void *b);

/* sets.c */
void check_sets(const struct list *list);

/* names.c */
void check_names(const struct list *list);

/* types.c */
void write_types(const struct list *list, FILE *out);

/* symbols.c */
bool symbol_exists(const char *source, const char *symbol);

/**
 * struct promise_files - What promises are checked with.
 * @promises: the list of them
 * @config: the configuration, lines of CONFIG_SYMBOL=value
 * @source: tree of sources, whose Kconfig files know all symbols
 */
struct promise_files {
	const char	*promises;
	const char	*config;
	const char	*source;
};

/* promise.c */
void check_promises(const struct list *list, const struct promise_files *files,
		    bool vmlinux, bool modules);

/* compare.c */
bool compare_lists(const struct list *kept, const struct list *list);

#endif /* _SCRIPTS_MARKERS_CHECK_H */
