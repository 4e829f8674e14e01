// SPDX-License-Identifier: GPL-2.0
/*
 * Trace events of static markers.
 *
 * Each marker has one trace event. Enabling the event adds a probe to the
 * marker, one for each instance that enables it and one for perf and BPF
 * together; kernel/marker/hit.c gives them the record of a hit.
 *
 * The trace event is not connected to a tracepoint. It has one all the same,
 * for its name: this is how BPF knows that a program may be attached.
 */

#include <linux/slab.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>

#include "../marker/internal.h"
#include "trace_output.h"
#include "trace.h"

static_assert(sizeof(struct trace_entry) == MARKER_HEADER_SIZE);

/**
 * struct marker_event - The trace event of a marker.
 * @call: what the trace event core knows of it
 * @class: its class; not shared, as it holds the fields
 * @tp: bears the name
 * @marker: the marker
 * @error: what went wrong when the fields were defined, or 0
 * @text: the print format, and the names of the fields, each with a NUL
 */
struct marker_event {
	struct trace_event_call		call;
	struct trace_event_class	class;
	struct tracepoint		tp;
	struct marker			*marker;
	int				error;
	char				text[];
};

static struct marker_event *marker_event_of(struct trace_event_call *call)
{
	return container_of(call, struct marker_event, call);
}

static enum marker_probe_kind marker_event_kind(const struct trace_event_file *file)
{
	return file->tr->flags & TRACE_ARRAY_FL_GLOBAL ? MARKER_PROBE_TOP : MARKER_PROBE_FILE;
}

static int marker_event_reg(struct trace_event_call *call, enum trace_reg type, void *data)
{
	struct marker *marker = marker_event_of(call)->marker;

	switch (type) {
	case TRACE_REG_REGISTER:
		return marker_probe_add(marker, marker_event_kind(data), NULL, data);
	case TRACE_REG_UNREGISTER:
		return marker_probe_remove(marker, marker_event_kind(data), NULL, data);
#ifdef CONFIG_PERF_EVENTS
	case TRACE_REG_PERF_REGISTER:
		return marker_probe_add(marker, MARKER_PROBE_PERF, NULL, call);
	case TRACE_REG_PERF_UNREGISTER:
		return marker_probe_remove(marker, MARKER_PROBE_PERF, NULL, call);
	case TRACE_REG_PERF_OPEN:
	case TRACE_REG_PERF_CLOSE:
	case TRACE_REG_PERF_ADD:
	case TRACE_REG_PERF_DEL:
		return 0;
#endif
	}
	return 0;
}

/* Print an integer as the conversion in @spec wants it. */
static void marker_print_integer(struct trace_iterator *iter, const char *spec,
				 enum marker_type type, const void *field)
{
	const struct marker_type_info *info = &marker_type_info[type];
	u64 value;

	switch (info->size) {
	case 1:
		value = info->is_signed ? *(s8 *)field : *(u8 *)field;
		break;
	case 2:
		value = info->is_signed ? *(s16 *)field : *(u16 *)field;
		break;
	case 4:
		value = info->is_signed ? (s64)*(s32 *)field : *(u32 *)field;
		break;
	default:
		value = *(u64 *)field;
		break;
	}

	/* The compiler has checked that @spec asks for the argument's type. */
	if (type == MARKER_LLONG || type == MARKER_ULLONG)
		trace_event_printf(iter, spec, value);
	else if (type == MARKER_LONG || type == MARKER_ULONG)
		trace_event_printf(iter, spec, (unsigned long)value);
	else
		trace_event_printf(iter, spec, (unsigned int)value);
}

/* Print a field whose data stands behind the fields. */
static void marker_print_data(struct trace_iterator *iter, const char *spec,
			      enum marker_type type, u32 loc)
{
	unsigned int offset = loc & 0xffff, len = loc >> 16;
	const void *data = (const void *)iter->ent + offset;

	/* A buffer that was kept over a reboot may hold anything. */
	if (iter->ent_size && offset + len > iter->ent_size)
		trace_seq_puts(&iter->seq, "<OVERFLOW>");
	else if (type == MARKER_BYTES)
		trace_event_printf(iter, spec, len, data);
	else if (len && ((const char *)data)[len - 1])
		trace_seq_puts(&iter->seq, "<NOT TERMINATED>");
	else
		trace_event_printf(iter, spec, len ? data : "");
}

static void marker_print_field(struct trace_iterator *iter,
			       const struct marker_format_iter *format)
{
	const void *field = (const void *)iter->ent + format->offset;
	char spec[MARKER_SPEC_MAX + 2];

	/* The length of bytes is not in the format, but in the record: %*ph */
	snprintf(spec, sizeof(spec), "%%%s%.*s", format->type == MARKER_BYTES ? "*" : "",
		 format->len - 1, format->text + 1);

	if (marker_type_has_data(format->type))
		marker_print_data(iter, spec, format->type, *(u32 *)field);
	else if (format->type == MARKER_PTR)
		trace_event_printf(iter, spec, *(void **)field);
	else if (marker_type_info[format->type].pointer_specs)
		trace_event_printf(iter, spec, field);
	else
		marker_print_integer(iter, spec, format->type, field);
}

static enum print_line_t marker_event_print(struct trace_iterator *iter, int flags,
					    struct trace_event *event)
{
	struct marker_event *me = container_of(event, struct marker_event, call.event);
	struct marker_format_iter format;
	enum marker_token token;
	int ret;

	ret = trace_raw_output_prep(iter, event);
	if (ret != TRACE_TYPE_HANDLED)
		return ret;

	if (iter->ent_size && me->marker->size > iter->ent_size) {
		trace_seq_puts(&iter->seq, "<OVERFLOW>\n");
		return trace_handle_return(&iter->seq);
	}

	marker_format_begin(&format, me->marker->desc);
	while ((token = marker_format_next(&format)) != MARKER_TOKEN_END) {
		if (token == MARKER_TOKEN_FIELD)
			marker_print_field(iter, &format);
		else
			trace_seq_putmem(&iter->seq, format.text, format.len);
	}
	trace_seq_putc(&iter->seq, '\n');

	return trace_handle_return(&iter->seq);
}

static struct trace_event_functions marker_event_functions = {
	.trace	= marker_event_print,
};

/* Write text into the C string literal of a print format. */
static void marker_print_fmt_text(struct seq_buf *s, const char *text, int len)
{
	for (; len; text++, len--) {
		if (*text == '"' || *text == '\\')
			seq_buf_putc(s, '\\');
		if (*text == '%')
			seq_buf_putc(s, '%');
		seq_buf_putc(s, *text);
	}
}

/* Write the print format: what user space prints the record with. */
static void marker_print_fmt(struct seq_buf *s, const struct marker_desc *desc)
{
	struct marker_format_iter iter;
	enum marker_token token;
	char name[MARKER_NAME_MAX];

	seq_buf_putc(s, '"');
	marker_format_begin(&iter, desc);
	while ((token = marker_format_next(&iter)) != MARKER_TOKEN_END) {
		if (token == MARKER_TOKEN_TEXT)
			marker_print_fmt_text(s, iter.text, iter.len);
		else
			seq_buf_printf(s, "%%%s%.*s", iter.type == MARKER_BYTES ? "*" : "",
				       iter.len - 1, iter.text + 1);
	}
	seq_buf_putc(s, '"');

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		if (iter.type == MARKER_STRING)
			seq_buf_printf(s, ", __get_str(%s)", name);
		else if (iter.type == MARKER_BYTES)
			seq_buf_printf(s, ", __get_dynamic_array_len(%s), __get_dynamic_array(%s)",
				       name, name);
		else
			seq_buf_printf(s, ", REC->%s", name);
	}
}

static void marker_put_names(struct seq_buf *s, const struct marker_desc *desc)
{
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		seq_buf_puts(s, name);
		seq_buf_putc(s, '\0');
	}
}

/* Make marker_event::text; there is more room than it takes. */
static char *marker_make_text(const struct marker_desc *desc, size_t *size)
{
	const char *format = marker_format(desc);
	struct seq_buf s;
	size_t room;
	char *buf;

	/* Each character may need escaping, each argument names its field thrice. */
	room = 2 * strlen(format) + sizeof("\"\"") +
	       desc->nargs * (3 * MARKER_NAME_MAX + 64);
	buf = kmalloc(room, GFP_KERNEL);
	if (!buf)
		return NULL;

	seq_buf_init(&s, buf, room);
	marker_print_fmt(&s, desc);
	seq_buf_putc(&s, '\0');
	marker_put_names(&s, desc);
	if (WARN_ON_ONCE(seq_buf_has_overflowed(&s))) {
		kfree(buf);
		return NULL;
	}
	*size = seq_buf_used(&s);
	return buf;
}

static int marker_define_field(struct trace_event_call *call, const char *name,
			       const struct marker_format_iter *iter)
{
	const struct marker_type_info *info = &marker_type_info[iter->type];
	struct ftrace_event_field *field;
	int ret;

	ret = trace_define_field(call, info->name, name, iter->offset, info->size,
				 info->is_signed, FILTER_OTHER);
	if (ret || marker_type_has_data(iter->type) || info->size == info->align)
		return ret;

	/* An array has a length, which trace_define_field() does not take. */
	field = list_first_entry(&call->class->fields, struct ftrace_event_field, link);
	field->len = info->size;
	return 0;
}

static int marker_event_define_fields(struct trace_event_call *call)
{
	struct marker_event *me = marker_event_of(call);
	const char *name = me->text + strlen(me->text) + 1;
	struct marker_format_iter iter;

	marker_format_begin(&iter, me->marker->desc);
	while (!me->error && marker_format_next_field(&iter)) {
		me->error = marker_define_field(call, name, &iter);
		name += strlen(name) + 1;
	}
	return me->error;
}

static struct trace_event_fields marker_event_fields[] = {
	{ .type = TRACE_FUNCTION_TYPE, .define_fields = marker_event_define_fields },
	{ }
};

static int marker_event_raw_init(struct trace_event_call *call)
{
	/* No test_event_printk(): the print format is made of what is safe. */
	return register_trace_event(&call->event) ? 0 : -ENODEV;
}

/**
 * marker_of_event() - The marker that a trace event belongs to.
 * @call: trace event
 *
 * Return: the marker, or NULL if it is another kind of event.
 */
struct marker *marker_of_event(struct trace_event_call *call)
{
	return call->class->reg == marker_event_reg ? marker_event_of(call)->marker : NULL;
}

/* Whether there is a trace event of the name that is not a marker's */
static bool marker_event_exists(const struct marker_desc *desc)
{
	const char *name = marker_event_name(desc), *system = marker_system(desc);
	struct trace_event_call *call;

	lockdep_assert_held(&event_mutex);

	/* A marker's would have been found by its name: do not compare thousands. */
	list_for_each_entry(call, &ftrace_events, list) {
		if (!marker_of_event(call) && !strcmp(call->class->system, system) &&
		    !strcmp(trace_event_name(call), name))
			return true;
	}
	return false;
}

/*
 * Whether the top instance has the event, and its files: trace_add_event_call()
 * does not say if there was no memory for them. What is new comes first there.
 */
static bool marker_event_has_files(const struct marker_event *me)
{
	struct trace_array *tr = top_trace_array();
	struct trace_event_file *file;

	if (!tr || !tr->event_dir)
		return true;
	file = list_first_entry_or_null(&tr->events, struct trace_event_file, list);
	return file && file->event_call == &me->call && file->ei;
}

/* Have an event that is not in the kernel image; all of it, or none. */
static int marker_event_add_late(struct marker_event *me)
{
	int ret = trace_add_event_call(&me->call);

	if (!ret && (me->error || !marker_event_has_files(me))) {
		ret = me->error ?: -ENOMEM;
		trace_remove_event_call(&me->call);
	}
	return ret;
}

/**
 * marker_event_add() - Create the trace event of a marker.
 * @marker: marker, with its description
 *
 * In the kernel image, names are checked when it is linked.
 *
 * Context: Process context with event_mutex held, may sleep.
 * Return: 0; %-ENOMEM; %-EEXIST if there is an event of that name; %-ENODEV if
 * there are no more event numbers.
 */
int marker_event_add(struct marker *marker)
{
	const struct marker_desc *desc = marker->desc;
	struct trace_event_call *call;
	struct marker_event *me;
	size_t size;
	int ret;

	if (marker->late && marker_event_exists(desc))
		return -EEXIST;

	char *text __free(kfree) = marker_make_text(desc, &size);
	if (!text)
		return -ENOMEM;
	me = kzalloc_flex(*me, text, size);
	if (!me)
		return -ENOMEM;
	memcpy(me->text, text, size);
	me->marker = marker;
	me->tp.name = marker_event_name(desc);

	me->class.system = marker_system(desc);
	me->class.reg = marker_event_reg;
	me->class.raw_init = marker_event_raw_init;
	me->class.fields_array = marker_event_fields;
	INIT_LIST_HEAD(&me->class.fields);

	call = &me->call;
	call->class = &me->class;
	call->tp = &me->tp;
	call->flags = TRACE_EVENT_FL_TRACEPOINT;
	call->event.funcs = &marker_event_functions;
	call->print_fmt = me->text;

	if (marker->late) {
		/* Who uses it holds a reference to it, not to a module. */
		call->flags |= TRACE_EVENT_FL_DYNAMIC;
		ret = marker_event_add_late(me);
	} else {
		/* What is in the list early, event_trace_enable() makes files for. */
		ret = marker_event_raw_init(call);
		if (!ret)
			list_add(&call->list, &ftrace_events);
	}
	if (ret) {
		kfree(me);
		return ret;
	}
	marker->event = me;
	return 0;
}

/* Whether anything but the past holds the event, or with @past, that as well */
static bool marker_event_in_use(struct trace_event_call *call, bool past)
{
	struct trace_event_file *file;
	struct trace_array *tr;
	unsigned long on;

	if (trace_event_dyn_busy(call))
		return true;

	on = past ? EVENT_FILE_FL_WAS_ENABLED : EVENT_FILE_FL_ENABLED;
	list_for_each_entry(tr, &ftrace_trace_arrays, list) {
		list_for_each_entry(file, &tr->events, list) {
			if (file->event_call != call)
				continue;
			if (file->flags & on || !list_empty(&file->triggers) ||
			    rcu_access_pointer(file->filter))
				return true;
			break;
		}
	}
	return false;
}

/**
 * marker_event_remove() - Remove the trace event of a marker that came late.
 * @marker: marker, without sites
 * @used: whether to remove it also if it was on once
 *
 * The buffers in which there may be records of the event are cleared, as when a
 * module with trace events goes: its number will be another event's.
 *
 * Context: Process context with event_mutex held, may sleep.
 * Return: 0; %-EBUSY if it is on, or anything is set up for it.
 */
int marker_event_remove(struct marker *marker, bool used)
{
	struct marker_event *me = marker->event;
	int ret;

	lockdep_assert_held(&event_mutex);

	if (marker_event_in_use(&me->call, !used))
		return -EBUSY;
	ret = trace_remove_event_call(&me->call);
	if (ret)
		return ret;
	if (used)
		tracing_reset_all_online_cpus();
	kfree(me);
	return 0;
}
