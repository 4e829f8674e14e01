// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: who has a marker on, as text.
 *
 * A user is one word, without a space, a comma or a parenthesis:
 *
 *	top, instances/NAME	a tracing instance, with the event enabled
 *	...:trigger		the same, but for triggers alone
 *	...:filter		an instance that has only a filter
 *	perf			perf and BPF
 *	probe:FUNCTION		a typed probe
 *	reference		an event probe that is not enabled, or a trigger of another
 *				event that was removed and is not freed yet
 *	+N			N more, for which there is no room
 */

#include <linux/list.h>
#include <linux/seq_buf.h>
#include <linux/string_helpers.h>

#include "internal.h"

static void marker_print_instance(struct seq_buf *s, const struct trace_event_file *file)
{
	char *buf;
	size_t size;
	int len;

	if (!file->tr->name) {
		seq_buf_puts(s, "top");
		return;
	}
	/* The name of a directory is anything. */
	seq_buf_puts(s, "instances/");
	size = seq_buf_get_buf(s, &buf);
	len = string_escape_str(file->tr->name, buf, size, ESCAPE_HEX | ESCAPE_NP | ESCAPE_APPEND,
				" ,:()\\");
	seq_buf_commit(s, len < size ? len : -1);
}

/* Whether the event is off in an instance, and triggers hold it */
static bool marker_is_soft(const struct trace_event_file *file)
{
	return file->flags & EVENT_FILE_FL_SOFT_DISABLED;
}

/* The file of the event in an instance, or NULL for another kind of probe */
static const struct trace_event_file *marker_probe_file(const struct tracepoint_func *probe)
{
	return probe->func == marker_record || probe->func == marker_record_top ?
	       probe->data : NULL;
}

static void marker_print_user(struct seq_buf *s, const struct tracepoint_func *probe)
{
	const struct trace_event_file *file = marker_probe_file(probe);
	const char *name = marker_typed_probe_name(probe);

	if (file) {
		marker_print_instance(s, file);
		seq_buf_puts(s, marker_is_soft(file) ? ":trigger" : "");
	} else if (name) {
		seq_buf_printf(s, "probe:%s", name);
	} else {
		seq_buf_puts(s, probe->func == marker_record_perf ? "perf" : "other");
	}
}

/* Of the users, leave out the top instance if it is muted at @site, and @except. */
static void marker_print_some(struct seq_buf *s, const struct marker *marker,
			      const struct marker_site *site,
			      const struct trace_event_file *except)
{
	const struct tracepoint_func *probe;
	size_t begin = s->len, end;
	unsigned int more = 0;

	for_each_marker_probe(probe, marker) {
		if (site && probe->func == marker_record_top && marker_site_muted(site))
			continue;
		if (except && marker_probe_file(probe) == except)
			continue;
		end = s->len;
		if (end > begin)
			seq_buf_putc(s, ',');
		marker_print_user(s, probe);
		if (seq_buf_has_overflowed(s) || s->len > begin + MARKER_USERS_MAX) {
			s->len = end;
			more++;
		}
	}
	if (more)
		seq_buf_printf(s, "%s+%u", s->len > begin ? "," : "", more);
}

/**
 * marker_print_users() - Print who has a site of a marker on.
 * @s: receives the users, separated by commas, and "+N" for those who do not fit;
 *	needs room for MARKER_USERS_SIZE characters
 * @marker: marker
 * @site: site
 *
 * Context: Process context with event_mutex held.
 */
void marker_print_users(struct seq_buf *s, const struct marker *marker,
			const struct marker_site *site)
{
	marker_print_some(s, marker, site, NULL);
}

/* The first instance that has a filter for the event, or NULL */
static const struct trace_event_file *marker_filter_file(const struct marker *marker)
{
	struct trace_event_file *file;
	struct trace_array *tr;

	list_for_each_entry(tr, &ftrace_trace_arrays, list) {
		list_for_each_entry(file, &tr->events, list) {
			if (file->event_call == &marker->call && rcu_access_pointer(file->filter))
				return file;
		}
	}
	return NULL;
}

/**
 * marker_is_held() - Whether somebody has use for a marker that has no sites.
 * @s: receives who, as from marker_print_users()
 * @marker: marker
 * @except: the event in an instance, whose having it on does not count, or NULL
 *
 * Context: Process context with event_mutex held.
 * Return: whether it may not be destroyed.
 */
bool marker_is_held(struct seq_buf *s, struct marker *marker,
		    const struct trace_event_file *except)
{
	const struct trace_event_file *file;
	size_t begin = s->len;

	marker_print_some(s, marker, NULL, except);
	if (s->len == begin) {
		file = marker_filter_file(marker);
		if (file) {
			marker_print_instance(s, file);
			seq_buf_puts(s, ":filter");
		} else if (trace_event_dyn_busy(&marker->call)) {
			seq_buf_puts(s, "reference");
		}
	}
	/* A name that was cut off has no NUL. */
	seq_buf_str(s);
	return s->len > begin;
}
