// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: the file "static_markers" in tracefs. It has a line for each
 * site when it is read; when it is written, markers are turned on and off in the
 * top instance, by name, by place or by module, and those that are left of modules
 * which are gone are dropped.
 *
 * One write is one batch. It begins with the places where each marker is on,
 * changes these line by line, and applies the differences if all lines are good,
 * or none of them.
 */

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/glob.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

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
	MARKERS_NO_NAME,
	MARKERS_LOADED,
	MARKERS_HELD,
};

static const char *markers_errors[] = {
	[MARKERS_NO_SIGN]	= "A line begins with +, - or !",
	[MARKERS_NO_COLON]	= "Not system:event, file:line or module:name",
	[MARKERS_NO_MATCH]	= "No marker matches",
	[MARKERS_DENIED]	= "Denied, as the module is tainted",
	[MARKERS_REFUSED]	= "Refused, see the kernel log",
	[MARKERS_NUL]		= "There is a NUL, and text after it",
	[MARKERS_NO_NAME]	= "Only system:event can be dropped",
	[MARKERS_LOADED]	= "Not dropped, as it is not of a module that is gone",
	[MARKERS_HELD]		= "Not dropped, as it is in use",
};

/* An error, and where in the line */
struct markers_mistake {
	enum markers_error	error;
	unsigned int		pos;
	/* What a constant text cannot tell, or empty */
	char			detail[2 * MARKER_EVENT_NAME_MAX + MARKER_USERS_SIZE];
};

/* The names in the list that CONFIG_MARKERS_STABLE_LIST names */
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

/*
 * What an open file has: the section that a reader has come to, where the sites are
 * what is iterated over; and whether a writer wants to begin with nothing.
 */
struct markers_seq {
	struct marker_section	*section;
	bool			truncated;
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

static void marker_show_fields(struct seq_file *m, const struct marker_site *site)
{
	const char *separator = "", *error = NULL;
	const struct marker_desc *desc = site->desc;
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];

	/* Binding has checked the format of each site that is not refused. */
	if (!site->hit)
		error = marker_format_check(desc);
	if (error) {
		seq_printf(m, "(%s)", error);
		return;
	}
	if (!marker_nargs(desc))
		seq_putc(m, '-');

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		seq_printf(m, "%s%s %s", separator, marker_type_info[iter.type].name, name);
		separator = ", ";
	}
}

static void marker_show_users(struct seq_file *m, const struct marker_site *site)
{
	char buf[MARKER_USERS_SIZE];
	struct seq_buf s;

	seq_buf_init(&s, buf, sizeof(buf));
	marker_print_users(&s, marker_of_site(site), site);
	seq_printf(m, "on(%s)", seq_buf_str(&s));
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
	} else if (!site->hit) {
		seq_puts(m, "refused");
	} else if (static_key_enabled(&site->key)) {
		marker_show_users(m, site);
	} else {
		seq_puts(m, "off");
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
	/* That of a site which was refused may be anything. */
	seq_escape(m, marker_reason(desc) ?: "-", "\t\n\v\f\r");
	seq_putc(m, '\t');
	marker_show_fields(m, site);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations markers_seq_ops = {
	.start	= markers_seq_start,
	.next	= markers_seq_next,
	.stop	= markers_seq_stop,
	.show	= markers_seq_show,
};

/*
 * What a line asks for, by its first character; the pattern that is not NULL tells
 * by what. The second word begins at @second.
 */
struct markers_line {
	char		op;
	unsigned int	second;
	const char	*system;
	const char	*event;
	const char	*file;
	unsigned int	line;
	const char	*module;
};

static enum markers_error markers_wrong(struct markers_mistake *mistake,
					enum markers_error error, unsigned int pos)
{
	mistake->error = error;
	mistake->pos = pos;
	return error;
}

/* A module's name has '_' where its file's may have '-', which between brackets is a range. */
static void markers_module_name(char *pattern)
{
	bool range = false;

	for (; *pattern; pattern++) {
		if (*pattern == '[' || *pattern == ']')
			range = *pattern == '[';
		else if (*pattern == '-' && !range)
			*pattern = '_';
	}
}

/* Take a line apart, in place. */
static enum markers_error markers_parse(char *text, struct markers_line *line,
					struct markers_mistake *mistake)
{
	char *word = text + 1, *colon;

	*line = (struct markers_line) { .op = *text };
	if (!strchr("+-!", *text))
		return markers_wrong(mistake, MARKERS_NO_SIGN, 0);

	colon = strrchr(word, ':');
	if (!colon || colon == word || !colon[1])
		return markers_wrong(mistake, MARKERS_NO_COLON, 1);
	*colon++ = '\0';
	line->second = colon - text;

	if (!kstrtouint(colon, 10, &line->line)) {
		line->file = word;
	} else if (!strcmp(word, "module")) {
		line->module = colon;
		markers_module_name(colon);
	} else {
		line->system = word;
		line->event = colon;
	}
	if (line->op == '!' && !line->system)
		return markers_wrong(mistake, MARKERS_NO_NAME, 1);
	return MARKERS_OK;
}

/* Whether the first word matches, whatever the second one is */
static bool markers_match_first(const struct markers_line *line, const struct marker_desc *desc)
{
	if (line->file)
		return *desc->file && glob_match(line->file, desc->file);
	return line->module || glob_match(line->system, marker_system(desc));
}

static bool markers_match_site(const struct markers_line *line, const struct marker_desc *desc,
			       struct module *mod)
{
	if (line->module)
		return mod && glob_match(line->module, module_name(mod));
	if (line->file)
		return line->line == desc->line && glob_match(line->file, desc->file);
	return glob_match(line->system, marker_system(desc)) &&
	       glob_match(line->event, marker_event_name(desc));
}

/* Where the top instance records a marker */
enum markers_where {
	MARKERS_NOWHERE,
	MARKERS_AT_PLACES,
	MARKERS_EVERYWHERE,
};

/**
 * struct markers_change - What a write does to a marker.
 * @marker: marker
 * @file: of its event in the top instance
 * @was_on: whether the event is on
 * @touched: whether a line has changed any of the following
 * @drop: whether the marker is to be destroyed
 * @where: where the marker is to be on
 * @places: the places, if it is at places; when put into effect, those until then
 */
struct markers_change {
	struct marker		*marker;
	struct trace_event_file	*file;
	bool			was_on;
	bool			touched;
	bool			drop;
	enum markers_where	where;
	struct list_head	places;
};

/**
 * struct markers_write - One write to the file.
 * @tr: the top instance
 * @nr: number of markers
 * @changes: the change of each of them
 */
struct markers_write {
	struct trace_array	*tr;
	unsigned int		nr;
	struct markers_change	changes[] __counted_by(nr);
};

#define for_each_change(change, w)						\
	for (change = (w)->changes; change < (w)->changes + (w)->nr; change++)

static void markers_write_free(struct markers_write *w)
{
	struct markers_change *change;

	for_each_change(change, w)
		marker_places_free(&change->places);
	kvfree(w);
}

DEFINE_FREE(markers_write, struct markers_write *, if (!IS_ERR_OR_NULL(_T)) markers_write_free(_T))

static bool markers_file_is_on(const struct trace_event_file *file)
{
	return (file->flags & (EVENT_FILE_FL_ENABLED | EVENT_FILE_FL_SOFT_DISABLED)) ==
	       EVENT_FILE_FL_ENABLED;
}

static int markers_change_begin(struct markers_change *change, struct trace_event_file *file,
				struct marker *marker)
{
	struct marker_place *place;
	int ret = 0;

	change->marker = marker;
	change->file = file;
	change->was_on = markers_file_is_on(file);
	if (!change->was_on)
		change->where = MARKERS_NOWHERE;
	else if (list_empty(&marker->places))
		change->where = MARKERS_EVERYWHERE;
	else
		change->where = MARKERS_AT_PLACES;
	INIT_LIST_HEAD(&change->places);

	if (change->where == MARKERS_AT_PLACES) {
		list_for_each_entry(place, &marker->places, node)
			ret = ret ?: marker_places_add(&change->places, place->file, place->line);
	}
	return ret;
}

/* Begin with all markers as they are. */
static struct markers_write *markers_write_begin(struct trace_array *tr)
{
	struct trace_event_file *file;
	unsigned int nr = 0;
	int ret;

	list_for_each_entry(file, &tr->events, list)
		nr += !!marker_of_event(file->event_call);

	struct markers_write *w __free(markers_write) =
		kvzalloc(struct_size(w, changes, nr), GFP_KERNEL);
	if (!w)
		return ERR_PTR(-ENOMEM);
	w->tr = tr;
	list_for_each_entry(file, &tr->events, list) {
		struct marker *marker = marker_of_event(file->event_call);

		if (!marker)
			continue;
		/* Counted first, as the count bounds the array */
		w->nr++;
		ret = markers_change_begin(&w->changes[w->nr - 1], file, marker);
		if (ret)
			return ERR_PTR(ret);
	}
	return no_free_ptr(w);
}

/*
 * Say why no site matches, though one that is not bound would; or else which word is
 * the first that matches nothing.
 */
static void markers_no_match(const struct markers_write *w, const struct markers_line *line,
			     struct markers_mistake *mistake)
{
	const struct markers_change *change;
	struct marker_section *section;
	struct marker_site *site;
	bool first = false;

	list_for_each_entry(section, &marker_sections, node) {
		for_each_section_site(site, section) {
			first = first || markers_match_first(line, site->desc);
			if (!markers_match_site(line, site->desc, section->mod))
				continue;
			markers_wrong(mistake, section->denied ? MARKERS_DENIED : MARKERS_REFUSED,
				      line->module ? line->second : 1);
			return;
		}
	}
	for_each_change(change, w)
		first = first || markers_match_first(line, change->marker->desc);
	markers_wrong(mistake, MARKERS_NO_MATCH, first ? line->second : 1);
}

/* A name is for all sites, and for those of modules that are not there as well. */
static void markers_change_all(struct markers_change *change, bool on)
{
	marker_places_free(&change->places);
	change->where = on ? MARKERS_EVERYWHERE : MARKERS_NOWHERE;
	change->touched = true;
	change->drop = false;
}

static int markers_list_sites(struct markers_change *change)
{
	struct marker_site *site;
	int ret = 0;

	for_each_marker_site(site, change->marker)
		ret = ret ?: marker_places_add(&change->places, site->desc->file,
					       site->desc->line);
	return ret;
}

/* A place, or a module's name, is for sites that are there. */
static int markers_change_site(struct markers_change *change, const struct marker_desc *desc,
			       bool on)
{
	int ret = 0;

	if (change->where == (on ? MARKERS_EVERYWHERE : MARKERS_NOWHERE))
		return 0;
	if (change->where == MARKERS_EVERYWHERE)
		ret = markers_list_sites(change);
	if (on)
		ret = marker_places_add(&change->places, desc->file, desc->line);
	else
		marker_places_del(&change->places, desc->file, desc->line);
	change->where = list_empty(&change->places) ? MARKERS_NOWHERE : MARKERS_AT_PLACES;
	change->touched = true;
	return ret;
}

/* Change what a line asks for. */
static int markers_change_line(struct markers_write *w, const struct markers_line *line,
			       bool *found)
{
	bool on = line->op == '+';
	struct markers_change *change;
	struct marker_site *site;
	int ret;

	for_each_change(change, w) {
		if (line->system && markers_match_site(line, change->marker->desc, NULL)) {
			markers_change_all(change, on);
			*found = true;
		}
		if (line->system)
			continue;
		for_each_marker_site(site, change->marker) {
			if (!markers_match_site(line, site->desc, marker_site_module(site)))
				continue;
			*found = true;
			ret = markers_change_site(change, site->desc, on);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* Whether anybody but this write wants the event; tells who. */
static bool markers_is_held(const struct markers_change *change, struct markers_mistake *mistake)
{
	const struct marker_desc *desc = change->marker->desc;
	const struct trace_event_file *file = change->file;
	struct seq_buf s;

	/* A line before may have turned it off, unless a trigger keeps it on. */
	if (change->where != MARKERS_NOWHERE || atomic_read(&file->sm_ref))
		file = NULL;
	seq_buf_init(&s, mistake->detail, sizeof(mistake->detail));
	seq_buf_printf(&s, "%s:%s by ", marker_system(desc), marker_event_name(desc));
	if (marker_is_held(&s, change->marker, file))
		return true;
	mistake->detail[0] = '\0';
	return false;
}

/* Drop what a line asks for, of that which is left of modules. */
static void markers_drop_line(struct markers_write *w, const struct markers_line *line,
			      struct markers_mistake *mistake, bool *found)
{
	struct markers_change *change;
	bool loaded = false;

	for_each_change(change, w) {
		if (!markers_match_site(line, change->marker->desc, NULL))
			continue;
		if (change->marker->sites) {
			loaded = true;
			continue;
		}
		*found = true;
		if (markers_is_held(change, mistake)) {
			markers_wrong(mistake, MARKERS_HELD, 1);
			return;
		}
		markers_change_all(change, false);
		change->drop = true;
	}
	if (*found || !loaded)
		return;
	*found = true;
	markers_wrong(mistake, MARKERS_LOADED, 1);
}

/*
 * Have the event on, or off, at the places of @change, which receives those until
 * then. In between, a site that is not wanted does not record.
 */
static int markers_switch(struct markers_change *change, bool on)
{
	int ret = 0;

	if (!on)
		trace_event_enable_disable(change->file, 0, 0);
	marker_set_places(change->marker, &change->places);
	if (on)
		ret = trace_event_enable_disable(change->file, 1, 0);
	if (ret)
		marker_set_places(change->marker, &change->places);
	return ret;
}

/* Turning on may fail and is undone then; turning off, afterwards, cannot. */
static int markers_commit(struct markers_write *w)
{
	struct markers_change *change;
	int ret = 0;

	for_each_change(change, w) {
		if (change->touched && change->where != MARKERS_NOWHERE)
			ret = markers_switch(change, true);
		if (ret)
			break;
	}
	if (ret) {
		while (change-- > w->changes) {
			if (change->touched && change->where != MARKERS_NOWHERE)
				markers_switch(change, change->was_on);
		}
		return ret;
	}
	for_each_change(change, w) {
		if (change->touched && change->where == MARKERS_NOWHERE)
			markers_switch(change, false);
		if (change->drop)
			WARN_ON_ONCE(!marker_destroy(change->marker, true));
	}
	return 0;
}

static int markers_run_line(struct markers_write *w, const char *text)
{
	char *copy __free(kfree) = kstrdup(text, GFP_KERNEL);
	struct markers_mistake mistake = { };
	struct markers_line line;
	bool found = false;
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	if (markers_parse(copy, &line, &mistake) == MARKERS_OK) {
		if (line.op == '!')
			markers_drop_line(w, &line, &mistake, &found);
		else
			ret = markers_change_line(w, &line, &found);
		if (!ret && !found)
			markers_no_match(w, &line, &mistake);
	}
	if (mistake.error == MARKERS_OK)
		return ret;
	tracing_log_err_detail(w->tr, "static_markers", text, markers_errors, mistake.error,
			       mistake.pos, *mistake.detail ? mistake.detail : NULL);
	return -EINVAL;
}

/* Text after a NUL would be cut off. */
static int markers_refuse_nul(struct trace_array *tr, const char *text)
{
	const char *line = strrchr(text, '\n');

	line = line ? line + 1 : text;
	tracing_log_err(tr, "static_markers", line, markers_errors, MARKERS_NUL, strlen(line));
	return -EINVAL;
}

/* With @all_off, begin with all markers off, and else with each as it is. */
static int markers_run(char *text, size_t len, bool all_off)
{
	struct markers_change *change;
	struct trace_array *tr;
	char *line;
	int ret;

	guard(mutex)(&event_mutex);

	tr = top_trace_array();
	if (!tr)
		return -ENODEV;
	/* A string of C may come with its NUL. */
	if (memchr_inv(text + strlen(text), '\0', len - strlen(text)))
		return markers_refuse_nul(tr, text);
	struct markers_write *w __free(markers_write) = markers_write_begin(tr);
	if (IS_ERR(w))
		return PTR_ERR(w);
	if (all_off) {
		for_each_change(change, w)
			markers_change_all(change, false);
	}
	while ((line = strsep(&text, "\n"))) {
		line = strim(line);
		if (!*line || *line == '#')
			continue;
		ret = markers_run_line(w, line);
		if (ret)
			return ret;
	}
	/* As other ways to turn events on do */
	ret = tracing_update_buffers(tr);
	if (ret < 0)
		return ret;
	marker_batch_begin();
	ret = markers_commit(w);
	marker_batch_end();
	return ret;
}

/* Cut a text that is not all of what was written after its last whole line. */
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
	struct seq_file *m = file->private_data;
	struct markers_seq *seq = m->private;
	size_t len = min(count, MARKERS_WRITE_MAX);
	bool all_off;
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
	/*
	 * ">" with lines keeps what is not named, or else a command for one marker
	 * would turn off those that others need. With nothing it is for all.
	 */
	all_off = seq->truncated && len == count && !text[strspn(text, " \t\r\n")];
	seq->truncated = false;
	if (len || !count)
		ret = markers_run(text, len, all_off);
out:
	kvfree(text);
	return ret ?: len;
}

static int markers_open(struct inode *inode, struct file *file)
{
	struct markers_seq *seq;
	int ret = tracing_check_open_get_tr(NULL);

	if (ret)
		return ret;
	seq = __seq_open_private(file, &markers_seq_ops, sizeof(*seq));
	if (!seq)
		return -ENOMEM;
	seq->truncated = file->f_flags & O_TRUNC;
	return 0;
}

static const struct file_operations markers_fops = {
	.open		= markers_open,
	.read		= seq_read,
	.write		= markers_write,
	.llseek		= tracing_lseek,
	.release	= seq_release_private,
};

/* An fs_initcall, as tracefs is there from core_initcall on. */
static int __init marker_control_init(void)
{
	int ret = tracing_init_dentry();

	if (ret)
		return ret;
	trace_create_file("static_markers", TRACE_MODE_WRITE, NULL, NULL, &markers_fops);
	return 0;
}
fs_initcall(marker_control_init);
