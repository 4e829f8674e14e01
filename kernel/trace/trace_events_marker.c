// SPDX-License-Identifier: GPL-2.0
/*
 * Trace events of static markers.
 *
 * Each marker has one trace event. Enabling the event adds a probe to the
 * marker, one for each instance that enables it and one for perf and BPF
 * together; a probe copies the record of a hit to where its user wants it.
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
 * @names: names of the fields, one behind the other
 * @fields: the fields, and an empty one at the end
 */
struct marker_event {
	struct trace_event_call		call;
	struct trace_event_class	class;
	struct tracepoint		tp;
	struct marker			*marker;
	char				*names;
	struct trace_event_fields	fields[];
};

static struct marker_event *marker_event_of(struct trace_event_call *call)
{
	return container_of(call, struct marker_event, call);
}

/* Write the record to a tracing instance's buffer, as other trace events do it. */
static void marker_event_trace(void *data, const struct marker_hit *hit)
{
	struct trace_event_file *file = data;
	struct trace_event_buffer fbuffer;
	void *entry;

	if (trace_trigger_soft_disabled(file))
		return;

	entry = trace_event_buffer_reserve(&fbuffer, file, hit->size);
	if (!entry)
		return;

	marker_hit_copy(hit, entry);
	trace_event_buffer_commit(&fbuffer);
}

/**
 * marker_event_plain() - The instance that a probe writes to.
 * @probe: probe of a marker
 *
 * Return: its file of the marker's trace event, or NULL if it is no such probe.
 */
struct trace_event_file *marker_event_plain(const struct marker_probe *probe)
{
	return probe->fn == marker_event_trace ? probe->data : NULL;
}

#ifdef CONFIG_PERF_EVENTS
/* Give the record to the BPF programs and perf events of this CPU. */
static void marker_event_perf(void *data, const struct marker_hit *hit)
{
	struct trace_event_call *call = data;
	struct hlist_head *head = this_cpu_ptr(call->perf_events);
	struct pt_regs *regs;
	void *entry;
	int rctx, size;

	if (!bpf_prog_array_valid(call) && hlist_empty(head))
		return;

	/* perf puts a u32 in front, and wants the sum to be a multiple of 8. */
	size = ALIGN(hit->size + sizeof(u32), sizeof(u64)) - sizeof(u32);
	entry = perf_trace_buf_alloc(size, &regs, &rctx);
	if (!entry)
		return;

	perf_fetch_caller_regs(regs);
	marker_hit_copy(hit, entry);
	perf_trace_run_bpf_submit(entry, size, rctx, call, 1, regs, head, NULL);
}
#endif

static bool marker_event_file_is_top(const struct trace_event_file *file)
{
	return file->tr->flags & TRACE_ARRAY_FL_GLOBAL;
}

static int marker_event_reg(struct trace_event_call *call, enum trace_reg type, void *data)
{
	struct marker *marker = marker_event_of(call)->marker;

	switch (type) {
	case TRACE_REG_REGISTER:
		return marker_probe_add(marker, marker_event_trace, data,
					marker_event_file_is_top(data));
	case TRACE_REG_UNREGISTER:
		return marker_probe_remove(marker, marker_event_trace, data);
#ifdef CONFIG_PERF_EVENTS
	case TRACE_REG_PERF_REGISTER:
		return marker_probe_add(marker, marker_event_perf, call, false);
	case TRACE_REG_PERF_UNREGISTER:
		return marker_probe_remove(marker, marker_event_perf, call);
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

static char *marker_make_print_fmt(const struct marker_desc *desc)
{
	const char *format = marker_format(desc);
	struct seq_buf s;
	size_t size;
	char *buf;

	/* Each character may need escaping, each argument names its field twice. */
	size = 2 * strlen(format) + sizeof("\"\"") +
	       desc->nargs * (2 * MARKER_NAME_MAX + 64);
	buf = kmalloc(size, GFP_KERNEL);
	if (!buf)
		return NULL;

	seq_buf_init(&s, buf, size);
	marker_print_fmt(&s, desc);
	if (WARN_ON_ONCE(seq_buf_has_overflowed(&s))) {
		kfree(buf);
		return NULL;
	}
	seq_buf_str(&s);
	return buf;
}

/* The members of struct trace_event_fields are const: set them all at once. */
static void marker_set_field(struct trace_event_fields *field, const char *name,
			     enum marker_type type)
{
	const struct marker_type_info *info = &marker_type_info[type];
	bool array = !marker_type_has_data(type) && info->size > info->align;
	struct trace_event_fields new = {
		.type		= info->name,
		.name		= name,
		.size		= info->size,
		.align		= info->align,
		.is_signed	= info->is_signed,
		.filter_type	= FILTER_OTHER,
		.len		= array ? info->size : 0,
	};

	memcpy(field, &new, sizeof(new));
}

static int marker_make_fields(struct marker_event *me)
{
	const struct marker_desc *desc = me->marker->desc;
	struct marker_format_iter iter;
	char *name;

	me->names = kmalloc(desc->nargs * MARKER_NAME_MAX, GFP_KERNEL);
	if (!me->names)
		return -ENOMEM;

	name = me->names;
	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_set_field(&me->fields[iter.arg], name, iter.type);
		name += marker_field_name(&iter, name, MARKER_NAME_MAX) + 1;
	}
	return 0;
}

static int marker_event_raw_init(struct trace_event_call *call)
{
	/* No test_event_printk(): the print format is made of what is safe. */
	return register_trace_event(&call->event) ? 0 : -ENODEV;
}

static void marker_event_free(struct marker_event *me)
{
	kfree(me->call.print_fmt);
	kfree(me->names);
	kfree(me);
}

/* Whether there is a trace event of the name, of whatever kind */
static bool marker_event_exists(const struct marker_desc *desc)
{
	const char *name = marker_event_name(desc), *system = marker_system(desc);
	struct trace_event_call *call;

	lockdep_assert_held(&event_mutex);

	list_for_each_entry(call, &ftrace_events, list) {
		if (!strcmp(trace_event_name(call), name) &&
		    !strcmp(call->class->system, system))
			return true;
	}
	return false;
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
	int ret;

	if (marker->late && marker_event_exists(desc))
		return -EEXIST;

	me = kzalloc_flex(*me, fields, desc->nargs + 1);
	if (!me)
		return -ENOMEM;
	me->marker = marker;
	me->tp.name = marker_event_name(desc);

	me->class.system = marker_system(desc);
	me->class.reg = marker_event_reg;
	me->class.raw_init = marker_event_raw_init;
	me->class.fields_array = me->fields;
	INIT_LIST_HEAD(&me->class.fields);

	call = &me->call;
	call->class = &me->class;
	call->tp = &me->tp;
	call->flags = TRACE_EVENT_FL_TRACEPOINT;
	/* Who uses an event that may go holds a reference to it, not to a module. */
	if (marker->late)
		call->flags |= TRACE_EVENT_FL_DYNAMIC;
	call->event.funcs = &marker_event_functions;
	call->print_fmt = marker_make_print_fmt(desc);

	ret = call->print_fmt ? marker_make_fields(me) : -ENOMEM;
	/* What is in the list early, event_trace_enable() makes files for. */
	if (!ret)
		ret = marker->late ? trace_add_event_call(call) : marker_event_raw_init(call);
	if (ret) {
		marker_event_free(me);
		return ret;
	}
	if (!marker->late)
		list_add(&call->list, &ftrace_events);

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
	marker_event_free(me);
	return 0;
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
