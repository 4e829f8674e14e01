// SPDX-License-Identifier: GPL-2.0
/*
 * The file "markers" in tracefs: a line for each site when it is read; when it
 * is written, markers are turned on and off in the top instance, by name, by
 * place or by module.
 *
 * One write is one batch. Each site has a bit that says whether it is wanted: it
 * is set as things stand, then line by line as they ask for it, and if all lines
 * are good, what differs is put into effect, or nothing of it.
 */

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/glob.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/string_choices.h>
#include <linux/uaccess.h>

#include "../trace/trace.h"
#include "internal.h"

/* What one write takes; the rest of a longer one is left to the next. */
#define MARKERS_WRITE_MAX	SZ_64K

enum markers_error {
	MARKERS_OK,
	MARKERS_NO_SIGN,
	MARKERS_NO_COLON,
	MARKERS_NO_MATCH,
	MARKERS_DENIED,
	MARKERS_REFUSED,
	MARKERS_NUL,
};

static const char *markers_errors[] = {
	[MARKERS_NO_SIGN]	= "A line begins with + or -",
	[MARKERS_NO_COLON]	= "Not system:event, file:line or module:name",
	[MARKERS_NO_MATCH]	= "No marker matches",
	[MARKERS_DENIED]	= "Denied, as the module is tainted",
	[MARKERS_REFUSED]	= "Refused, see the kernel log",
	[MARKERS_NUL]		= "There is a NUL, and text behind it",
};

/* The names that Documentation/trace/markers-stable.list has */
static const char *const markers_stable[] = {
#include "stable.h"
	NULL
};

static bool marker_is_stable(const struct marker_desc *desc)
{
	const char *system = marker_system(desc), *const *name;
	size_t len = strlen(system);

	for (name = markers_stable; *name; name++) {
		if (!strncmp(*name, system, len) && (*name)[len] == ':' &&
		    !strcmp(*name + len + 1, marker_event_name(desc)))
			return true;
	}
	return false;
}

/* The section that a reader has come to; the sites are what is iterated over. */
struct markers_seq {
	struct marker_section	*section;
};

static struct marker_site *markers_seq_find(struct markers_seq *seq, loff_t pos)
{
	list_for_each_entry(seq->section, &marker_sections, node) {
		if (pos < seq->section->end - seq->section->start)
			return seq->section->start + pos;
		pos -= seq->section->end - seq->section->start;
	}
	return NULL;
}

static void *markers_seq_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&event_mutex);
	return markers_seq_find(m->private, *pos);
}

static void *markers_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	return markers_seq_find(m->private, ++*pos);
}

static void markers_seq_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&event_mutex);
}

static void marker_show_fields(struct seq_file *m, const struct marker_desc *desc)
{
	const char *separator = "", *error = marker_format_check(desc);
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];

	if (error) {
		seq_printf(m, "(%s)", error);
		return;
	}
	if (!desc->nargs)
		seq_putc(m, '-');

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		seq_printf(m, "%s%s %s", separator, marker_type_info[iter.type].name, name);
		separator = ", ";
	}
}

static void marker_show_state(struct seq_file *m, const struct marker_section *section,
			      struct marker_site *site)
{
	int i;

	if (section->denied) {
		seq_puts(m, "denied(");
		for_each_set_bit(i, &section->denied, TAINT_FLAGS_COUNT)
			seq_putc(m, taint_flags[i].c_true);
		seq_putc(m, ')');
	} else if (!site->gate) {
		seq_puts(m, "refused");
	} else {
		seq_puts(m, str_on_off(static_key_enabled(&site->key)));
	}
}

static int markers_seq_show(struct seq_file *m, void *v)
{
	const struct markers_seq *seq = m->private;
	struct module *mod = seq->section->mod;
	struct marker_site *site = v;
	const struct marker_desc *desc = site->desc;
	struct marker *marker = marker_of_site(site);

	seq_printf(m, "%s:%s\t", marker_system(desc), marker_event_name(desc));
	marker_show_state(m, seq->section, site);
	seq_printf(m, "\t%u\t%s:%u\t%s\t%s\t%s\t%ld\t", marker ? marker_nr_probes(marker) : 0,
		   desc->file, desc->line, desc->func, mod ? module_name(mod) : "-",
		   marker_is_stable(desc) ? "stable" : "unstable",
		   marker ? atomic_long_read(&marker->dropped) : 0);
	marker_show_fields(m, desc);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations markers_seq_ops = {
	.start	= markers_seq_start,
	.next	= markers_seq_next,
	.stop	= markers_seq_stop,
	.show	= markers_seq_show,
};

/* What a line asks for; the pattern that is not NULL tells by what. */
struct markers_line {
	bool		on;
	const char	*system;
	const char	*event;
	const char	*file;
	unsigned int	line;
	const char	*module;
};

/* Take a line apart, in place. */
static enum markers_error markers_parse(char *text, struct markers_line *line)
{
	char *colon;

	*line = (struct markers_line) { .on = *text == '+' };
	if (*text != '+' && *text != '-')
		return MARKERS_NO_SIGN;
	text++;

	colon = strrchr(text, ':');
	if (!colon || colon == text || !colon[1])
		return MARKERS_NO_COLON;
	*colon++ = '\0';

	if (!kstrtouint(colon, 10, &line->line)) {
		line->file = text;
	} else if (!strcmp(text, "module")) {
		line->module = colon;
	} else {
		line->system = text;
		line->event = colon;
	}
	return MARKERS_OK;
}

static bool markers_match(const struct markers_line *line, const struct marker_desc *desc,
			  struct module *mod)
{
	if (line->module)
		return mod && glob_match(line->module, module_name(mod));
	if (line->file)
		return line->line == desc->line && glob_match(line->file, desc->file);
	return glob_match(line->system, marker_system(desc)) &&
	       glob_match(line->event, marker_event_name(desc));
}

/* Why no site matches, though one that is not bound would */
static enum markers_error markers_no_match(const struct markers_line *line)
{
	struct marker_section *section;
	struct marker_site *site;

	list_for_each_entry(section, &marker_sections, node) {
		for (site = section->start; site < section->end; site++) {
			if (markers_match(line, site->desc, section->mod))
				return section->denied ? MARKERS_DENIED :
							 MARKERS_REFUSED;
		}
	}
	return MARKERS_NO_MATCH;
}

/* Mark what a line asks for. */
static enum markers_error markers_want(struct trace_array *tr, const struct markers_line *line)
{
	struct marker_section *section;
	struct trace_event_file *file;
	struct marker_site *site;
	struct marker *marker;
	bool found = false;

	list_for_each_entry(section, &marker_sections, node) {
		for (site = section->start; site < section->end; site++) {
			if (!site->gate || !markers_match(line, site->desc, section->mod))
				continue;
			marker_site_assign(site, MARKER_SITE_WANTED, line->on);
			/* A name stands for the sites that are not there as well. */
			marker = marker_of_site(site);
			marker->whole = line->on && (marker->whole || line->system);
			if (line->system)
				marker->wanted = line->on;
			found = true;
		}
	}

	/* Events whose modules are gone can be set up for when they come back. */
	list_for_each_entry(file, &tr->events, list) {
		marker = marker_of_event(file->event_call);
		if (!marker || marker->sites || !line->system ||
		    !markers_match(line, marker->desc, NULL))
			continue;
		marker->wanted = line->on;
		marker->whole = line->on;
		found = true;
	}
	return found ? MARKERS_OK : markers_no_match(line);
}

static bool markers_file_is_on(const struct trace_event_file *file)
{
	return (file->flags & (EVENT_FILE_FL_ENABLED | EVENT_FILE_FL_SOFT_DISABLED)) ==
	       EVENT_FILE_FL_ENABLED;
}

/* Mark what is on. */
static void markers_want_as_is(struct trace_array *tr)
{
	struct trace_event_file *file;
	struct marker_site *site;
	struct marker *marker;

	list_for_each_entry(file, &tr->events, list) {
		marker = marker_of_event(file->event_call);
		if (!marker)
			continue;
		marker->wanted = markers_file_is_on(file);
		marker->whole = marker->wanted && list_empty(&marker->places);
		for_each_marker_site(site, marker)
			marker_site_assign(site, MARKER_SITE_WANTED,
					   marker->wanted &&
					   !marker_site_flag(site, MARKER_SITE_MUTED));
	}
}

/**
 * struct markers_change - What has to be done to a marker.
 * @node: in a list of them
 * @file: of the marker's event in the top instance
 * @marker: marker
 * @was: whether the event is on
 * @on: whether it is to be on
 * @places: where it is to record, if not everywhere; then where it did
 */
struct markers_change {
	struct list_head		node;
	struct trace_event_file		*file;
	struct marker			*marker;
	bool				was;
	bool				on;
	struct list_head		places;
};

static int markers_add_place(struct markers_change *change, const char *file,
			     unsigned int line)
{
	struct marker_place *place;
	size_t size = strlen(file) + 1;

	place = kzalloc_flex(*place, file, size);
	if (!place)
		return -ENOMEM;
	memcpy(place->file, file, size);
	place->line = line;
	list_add_tail(&place->node, &change->places);
	return 0;
}

static bool markers_place_is_there(const struct marker *marker,
				   const struct marker_place *place)
{
	struct marker_site *site;

	for_each_marker_site(site, marker) {
		if (marker_is_at(site->desc, place))
			return true;
	}
	return false;
}

/* Whether a place that was selected stands in a module that is not there */
static bool markers_place_is_missing(const struct marker *marker)
{
	struct marker_place *place;

	list_for_each_entry(place, &marker->places, node) {
		if (!markers_place_is_there(marker, place))
			return true;
	}
	return false;
}

/* The sites that are wanted; and places whose modules are not there stay. */
static int markers_add_places(struct markers_change *change)
{
	struct marker *marker = change->marker;
	struct marker_place *place;
	struct marker_site *site;
	int ret = 0;

	for_each_marker_site(site, marker) {
		if (!ret && marker_site_flag(site, MARKER_SITE_WANTED))
			ret = markers_add_place(change, site->desc->file, site->desc->line);
	}
	list_for_each_entry(place, &marker->places, node) {
		if (!ret && marker->wanted && !markers_place_is_there(marker, place))
			ret = markers_add_place(change, place->file, place->line);
	}
	return ret;
}

/* Whether what is wanted of a marker differs from what is; and where it is on */
static bool markers_differs(struct markers_change *change, bool *partly)
{
	struct marker_site *site;
	bool differs = false, some = false;

	for_each_marker_site(site, change->marker) {
		bool is = change->was && !marker_site_flag(site, MARKER_SITE_MUTED);
		bool want = marker_site_flag(site, MARKER_SITE_WANTED);

		differs |= is != want;
		some |= want;
	}
	change->on = some || (change->marker->wanted &&
			      (!change->marker->sites || markers_place_is_missing(change->marker)));
	*partly = change->on && !change->marker->whole;
	return differs || change->was != change->on ||
	       (change->on && *partly == list_empty(&change->marker->places));
}

static int markers_plan(struct trace_event_file *file, struct marker *marker,
			struct list_head *changes)
{
	struct markers_change change = {
		.file	= file,
		.marker	= marker,
		.was	= markers_file_is_on(file),
	}, *new;
	bool partly;

	if (!markers_differs(&change, &partly))
		return 0;
	new = kmemdup(&change, sizeof(change), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	INIT_LIST_HEAD(&new->places);
	list_add_tail(&new->node, changes);
	return partly ? markers_add_places(new) : 0;
}

/* The places first: a site that is not wanted shall not record in between. */
static int markers_turn_on(struct markers_change *change)
{
	int ret;

	marker_set_places(change->marker, &change->places);
	if (change->was)
		return 0;
	ret = trace_event_enable_disable(change->file, 1, 0);
	if (ret)
		marker_set_places(change->marker, &change->places);
	return ret;
}

static void markers_turn_off(struct markers_change *change)
{
	trace_event_enable_disable(change->file, 0, 0);
	/* They are still there if a trigger holds the event. */
	marker_set_places(change->marker, &change->places);
}

static void markers_undo(struct markers_change *change)
{
	if (!change->was)
		trace_event_enable_disable(change->file, 0, 0);
	marker_set_places(change->marker, &change->places);
}

/* Turning on may fail and is undone then; turning off, afterwards, cannot. */
static int markers_commit(struct list_head *changes)
{
	struct markers_change *change;
	int ret;

	list_for_each_entry(change, changes, node) {
		if (!change->on)
			continue;
		ret = markers_turn_on(change);
		if (!ret)
			continue;
		list_for_each_entry_continue_reverse(change, changes, node) {
			if (change->on)
				markers_undo(change);
		}
		return ret;
	}
	list_for_each_entry(change, changes, node) {
		if (!change->on)
			markers_turn_off(change);
	}
	return 0;
}

/* Put into effect what is wanted. */
static int markers_apply(struct trace_array *tr)
{
	struct markers_change *change, *next;
	struct trace_event_file *file;
	struct marker *marker;
	LIST_HEAD(changes);
	int ret = 0;

	list_for_each_entry(file, &tr->events, list) {
		marker = marker_of_event(file->event_call);
		if (marker)
			ret = markers_plan(file, marker, &changes);
		if (ret)
			break;
	}
	if (!ret) {
		marker_batch_begin();
		ret = markers_commit(&changes);
		marker_batch_end();
	}

	list_for_each_entry_safe(change, next, &changes, node) {
		marker_free_places(&change->places);
		kfree(change);
	}
	return ret;
}

static int markers_run_line(struct trace_array *tr, const char *text)
{
	struct markers_line line;
	enum markers_error err;
	char *copy;

	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	err = markers_parse(copy, &line);
	if (err == MARKERS_OK)
		err = markers_want(tr, &line);
	kfree(copy);
	if (err == MARKERS_OK)
		return 0;
	tracing_log_err(tr, "markers", text, markers_errors, err, 0);
	return -EINVAL;
}

static int markers_run(char *text, size_t len)
{
	struct trace_array *tr;
	char *line;
	int ret;

	guard(mutex)(&event_mutex);

	tr = top_trace_array();
	if (!tr)
		return -ENODEV;
	if (strlen(text) < len) {
		tracing_log_err(tr, "markers", text, markers_errors, MARKERS_NUL, 0);
		return -EINVAL;
	}
	markers_want_as_is(tr);
	while ((line = strsep(&text, "\n"))) {
		line = strim(line);
		if (!*line || *line == '#')
			continue;
		ret = markers_run_line(tr, line);
		if (ret)
			return ret;
	}
	return markers_apply(tr);
}

/* Cut a text that is not all of what was written behind its last whole line. */
static size_t markers_cut(char *text)
{
	char *end = strrchr(text, '\n');

	if (!end)
		return 0;
	end[1] = '\0';
	return end + 1 - text;
}

static ssize_t markers_write(struct file *file, const char __user *ubuf, size_t count,
			     loff_t *ppos)
{
	size_t len = min(count, MARKERS_WRITE_MAX);
	char *text;
	int ret;

	text = kvzalloc(len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;

	ret = -EFAULT;
	if (copy_from_user(text, ubuf, len))
		goto out;
	ret = -E2BIG;
	if (len < count && strlen(text) == len)
		len = markers_cut(text);
	if (len || !count)
		ret = markers_run(text, len);
out:
	kvfree(text);
	return ret ?: len;
}

static int markers_open(struct inode *inode, struct file *file)
{
	int ret = tracing_check_open_get_tr(NULL);

	if (ret)
		return ret;
	/* Nothing to seek to for a writer */
	if (!(file->f_mode & FMODE_READ))
		return 0;
	return seq_open_private(file, &markers_seq_ops, sizeof(struct markers_seq));
}

static int markers_release(struct inode *inode, struct file *file)
{
	return file->f_mode & FMODE_READ ? seq_release_private(inode, file) : 0;
}

static const struct file_operations markers_fops = {
	.open		= markers_open,
	.read		= seq_read,
	.write		= markers_write,
	.llseek		= tracing_lseek,
	.release	= markers_release,
};

/* An fs_initcall, as tracefs is there from core_initcall on. */
static int __init marker_control_init(void)
{
	int ret = tracing_init_dentry();

	if (ret)
		return ret;
	trace_create_file("markers", TRACE_MODE_WRITE, NULL, NULL, &markers_fops);
	return 0;
}
fs_initcall(marker_control_init);
