// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: their trace events.
 *
 * Each marker has one trace event. Enabling the event adds a probe to the
 * marker, one for each instance that enables it and one for perf and BPF
 * together; hit.c gives them the record of a hit.
 *
 * The trace event has its name from the marker's tracepoint, by which BPF knows
 * that a program may be attached.
 */

#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string_helpers.h>

#include "internal.h"
#include "../trace_output.h"

static_assert(sizeof(struct trace_entry) == MARKER_HEADER_SIZE);
static_assert(MARKER_EVENT_NAME_MAX == MAX_EVENT_NAME_LEN);

static struct marker *marker_of_call(struct trace_event_call *call)
{
	return container_of(call, struct marker, call);
}

static marker_probe_fn marker_event_probe(const struct trace_event_file *file)
{
	return file->tr->flags & TRACE_ARRAY_FL_GLOBAL ? marker_record_top : marker_record;
}

static int marker_event_reg(struct trace_event_call *call, enum trace_reg type, void *data)
{
	struct marker *marker = marker_of_call(call);

	switch (type) {
	case TRACE_REG_REGISTER:
		return marker_probe_add(marker, marker_event_probe(data), data);
	case TRACE_REG_UNREGISTER:
		marker_probe_remove(marker, marker_event_probe(data), data);
		/* A trigger that turned it off may be the reason, which knows no places. */
		marker_event_everywhere(data);
		return 0;
#ifdef CONFIG_PERF_EVENTS
	case TRACE_REG_PERF_REGISTER:
		return marker_probe_add(marker, marker_record_perf, call);
	case TRACE_REG_PERF_UNREGISTER:
		marker_probe_remove(marker, marker_record_perf, call);
		return 0;
	case TRACE_REG_PERF_OPEN:
	case TRACE_REG_PERF_CLOSE:
	case TRACE_REG_PERF_ADD:
	case TRACE_REG_PERF_DEL:
		return 0;
#endif
	}
	return 0;
}

/* The value of an integer in a record, with its sign */
static u64 marker_integer(enum marker_type type, const void *field)
{
	const struct marker_type_info *info = &marker_type_info[type];

	switch (info->size) {
	case 1:
		return info->is_signed ? *(s8 *)field : *(u8 *)field;
	case 2:
		return info->is_signed ? *(s16 *)field : *(u16 *)field;
	case 4:
		return info->is_signed ? (s64)*(s32 *)field : *(u32 *)field;
	default:
		return *(u64 *)field;
	}
}

/*
 * Write the conversion of an integer, with the length of its type. For an unsigned
 * type that is shorter than int, write %u in place of %d: libtraceevent passes length
 * and conversion on to the C library, for which "%hhd" is a signed char.
 */
static void marker_put_spec(struct seq_buf *s, enum marker_type type,
			    const struct marker_spec *spec)
{
	const struct marker_type_info *info = &marker_type_info[type];
	bool is_short = info->size < sizeof(int) && !info->is_signed;
	char conv = is_short && strchr("di", spec->conv) ? 'u' : spec->conv;

	seq_buf_printf(s, "%%%s%s%s", spec->minus ? "-" : "", spec->zero ? "0" : "",
		       spec->hash ? "#" : "");
	if (spec->width)
		seq_buf_printf(s, "%d", spec->width);
	if (spec->precision >= 0)
		seq_buf_printf(s, ".%d", spec->precision);
	seq_buf_printf(s, "%s%c", marker_length_modifier(type), conv);
}

/* Print an integer as its conversion wants it. */
static void marker_print_integer(struct trace_iterator *iter,
				 const struct marker_format_iter *format, u64 value)
{
	enum marker_type type = format->type;
	char spec[MARKER_SPEC_MAX + 4];
	struct seq_buf s;

	seq_buf_init(&s, spec, sizeof(spec));
	marker_put_spec(&s, type, &format->spec);
	seq_buf_str(&s);
	if (type == MARKER_LLONG || type == MARKER_ULLONG)
		trace_event_printf(iter, spec, value);
	else if (type == MARKER_LONG || type == MARKER_ULONG)
		trace_event_printf(iter, spec, (unsigned long)value);
	else
		trace_event_printf(iter, spec, (unsigned int)value);
}

/*
 * Names come from users: they must not end the line, begin another one that looks
 * like a record, or reach a terminal as a command.
 */
static const char *marker_escape(struct trace_iterator *iter, const char *text)
{
	static const char control[] =
		"\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14"
		"\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f";
	char *buf = iter->tmp_seq.buffer;
	int len;

	/* Four bytes for one, at most */
	static_assert(4 * MARKER_DATA_MAX <= TRACE_SEQ_BUFFER_SIZE);

	if (!text[strcspn(text, control)])
		return text;
	len = string_escape_mem(text, strnlen(text, MARKER_DATA_MAX - 1), buf,
				4 * MARKER_DATA_MAX, ESCAPE_SPACE | ESCAPE_HEX, control);
	buf[len] = '\0';
	return buf;
}

/* Print an array as __print_array() does, from where its elements need not be aligned. */
static void marker_print_array(struct trace_iterator *iter, enum marker_type element,
			       const void *data, unsigned int len)
{
	unsigned int i, size = marker_type_info[element].size;
	u64 aligned;

	trace_seq_putc(&iter->seq, '{');
	for (i = 0; i < len / size; i++) {
		memcpy(&aligned, data + i * size, size);
		trace_seq_printf(&iter->seq, "%s0x%llx", i ? "," : "",
				 marker_integer(element, &aligned));
	}
	trace_seq_putc(&iter->seq, '}');
}

/* Print a field whose data follows the fields. */
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
	else if (marker_type_info[type].element)
		marker_print_array(iter, marker_type_info[type].element, data, len);
	else if (marker_type_info[type].text)
		trace_seq_puts(&iter->seq, trace_print_bitmask_seq(iter, (void *)data, len));
	else if (len && ((const char *)data)[len - 1])
		trace_seq_puts(&iter->seq, "<NOT TERMINATED>");
	else
		trace_event_printf(iter, spec, len ? marker_escape(iter, data) : "");
}

static void marker_print_field(struct trace_iterator *iter,
			       const struct marker_format_iter *format)
{
	const void *field = (const void *)iter->ent + format->offset;
	char spec[MARKER_SPEC_MAX + 2];

	if (format->set) {
		marker_print_value(&iter->seq, &(struct marker_value) {
			.set	= format->set,
			.type	= format->type,
			.value	= marker_integer(format->type, field),
		});
		return;
	}

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
		marker_print_integer(iter, format, marker_integer(format->type, field));
}

static enum print_line_t marker_event_print(struct trace_iterator *iter, int flags,
					    struct trace_event *event)
{
	struct marker *marker = container_of(event, struct marker, call.event);
	struct marker_format_iter format;
	enum marker_token token;
	int ret;

	ret = trace_raw_output_prep(iter, event);
	if (ret != TRACE_TYPE_HANDLED)
		return ret;

	if (iter->ent_size && marker->size > iter->ent_size) {
		trace_seq_puts(&iter->seq, "<OVERFLOW>\n");
		return trace_handle_return(&iter->seq);
	}

	marker_format_begin(&format, marker->desc);
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

/*
 * Write the conversion of an integer for libtraceevent, where "%#x" of 0 is "0". With
 * a width, only zeros can follow the "0x".
 */
static void marker_print_fmt_integer(struct seq_buf *s, const struct marker_format_iter *iter)
{
	struct marker_spec spec = iter->spec;

	if (spec.hash && tolower(spec.conv) == 'x') {
		seq_buf_printf(s, "0%c", spec.conv);
		spec.width = max(spec.width - 2, 0);
		spec.hash = false;
	}
	marker_put_spec(s, iter->type, &spec);
}

static void marker_print_fmt_array(struct seq_buf *s, enum marker_type element, const char *name)
{
	unsigned int size = marker_type_info[element].size;

	seq_buf_printf(s, ", __print_array(__get_dynamic_array(%s), (__get_dynamic_array_len(%s) / %u), %u)",
		       name, name, size, size);
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
		else if (iter.set)
			marker_value_fmt(s, iter.set, iter.type);
		else if (marker_type_is_integer(iter.type))
			marker_print_fmt_integer(s, &iter);
		else if (marker_type_info[iter.type].element)
			seq_buf_puts(s, "%s");
		else if (iter.type == MARKER_PTR && iter.text[iter.len - 1] == 'B')
			/* perf takes the B for text; it has no frames to tell from calls. */
			seq_buf_printf(s, "%.*sS", iter.len - 1, iter.text);
		else
			seq_buf_printf(s, "%%%s%.*s", iter.type == MARKER_BYTES ? "*" : "",
				       iter.len - 1, iter.text + 1);
	}
	seq_buf_putc(s, '"');

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		if (iter.set)
			marker_value_fmt_args(s, iter.set, iter.type, name);
		else if (marker_type_is_string(iter.type))
			seq_buf_printf(s, ", __get_str(%s)", name);
		else if (marker_type_info[iter.type].element)
			marker_print_fmt_array(s, marker_type_info[iter.type].element, name);
		else if (marker_type_info[iter.type].text)
			seq_buf_printf(s, ", __get_bitmask(%s)", name);
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

/* Make marker::text of at most @room bytes; returns an error number. */
static int marker_make_text_of(struct marker *marker, size_t room)
{
	struct seq_buf s;

	char *buf __free(kfree) = kmalloc(room, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	seq_buf_init(&s, buf, room);
	marker_print_fmt(&s, marker->desc);
	seq_buf_putc(&s, '\0');
	marker_put_names(&s, marker->desc);
	if (seq_buf_has_overflowed(&s))
		return -E2BIG;
	marker->text = kmemdup(buf, seq_buf_used(&s), GFP_KERNEL);
	return marker->text ? 0 : -ENOMEM;
}

/* That of all mark_fail(), which differ in their system only; stays. Under event_mutex */
static const char *marker_fail_text;

/* Names of errors take 4.4 kB; in other sets there are as many as one likes. */
static int marker_make_text(struct marker *marker)
{
	bool fail = marker_is_fail(marker->desc);
	size_t room = SZ_8K;
	int ret;

	if (fail && marker_fail_text) {
		marker->text = marker_fail_text;
		return 0;
	}
	do {
		ret = marker_make_text_of(marker, room);
		room *= 2;
	} while (ret == -E2BIG && room <= SZ_1M);
	if (fail && !ret)
		marker_fail_text = marker->text;
	return ret;
}

/**
 * marker_free_text() - Free what marker_event_add() made as marker::text.
 * @marker: marker
 *
 * Context: Process context with event_mutex held.
 */
void marker_free_text(struct marker *marker)
{
	if (marker->text != marker_fail_text)
		kfree(marker->text);
}

/* An array in the record has a length; that of a string is its own. */
static int marker_define_field(struct trace_event_call *call, const char *name,
			       const struct marker_format_iter *iter)
{
	const struct marker_type_info *info = &marker_type_info[iter->type];
	bool is_array = !marker_type_has_data(iter->type) && info->size != info->align;

	return trace_define_field_ext(call, info->name, name, iter->offset, info->size,
				      info->is_signed, FILTER_OTHER,
				      is_array ? info->size : 0, false);
}

static int marker_event_define_fields(struct trace_event_call *call)
{
	struct marker *marker = marker_of_call(call);
	const char *name = marker->text + strlen(marker->text) + 1;
	struct marker_format_iter iter;
	int ret = 0;

	marker_format_begin(&iter, marker->desc);
	while (!ret && marker_format_next_field(&iter)) {
		ret = marker_define_field(call, name, &iter);
		name += strlen(name) + 1;
	}
	return ret;
}

static struct trace_event_fields marker_event_fields[] = {
	{ .type = TRACE_FUNCTION_TYPE, .define_fields = marker_event_define_fields },
	{ }
};

/**
 * marker_of_event() - The marker that a trace event belongs to.
 * @call: trace event
 *
 * Return: the marker, or NULL if it is another kind of event.
 */
struct marker *marker_of_event(struct trace_event_call *call)
{
	return call->class->reg == marker_event_reg ? marker_of_call(call) : NULL;
}

/**
 * marker_event_in_module() - Whether an event is of a marker with sites in a module.
 * @call: trace event
 * @module: name of the module
 *
 * Context: Process context with event_mutex held.
 * Return: whether it is.
 */
bool marker_event_in_module(struct trace_event_call *call, const char *module)
{
	struct marker *marker = marker_of_event(call);
	struct marker_site *site;
	struct module *mod;

	if (!marker)
		return false;
	for_each_marker_site(site, marker) {
		mod = marker_site_module(site);
		if (mod && !strcmp(module_name(mod), module))
			return true;
	}
	return false;
}

/*
 * A system in which all events are markers', from marker_event_add() to
 * marker_events_added(): a section has hundreds of one system, and there are thousands
 * of events to compare each with. Under event_mutex
 */
static char marker_own_system[MARKER_EVENT_NAME_MAX];

/* Whether there is a trace event of the name that is not a marker's */
static bool marker_is_other_event(const struct marker_desc *desc)
{
	const char *name = marker_event_name(desc), *system = marker_system(desc);
	struct trace_event_call *call;
	bool own = true;

	lockdep_assert_held(&event_mutex);

	if (!strcmp(marker_own_system, system))
		return false;
	/* A marker's would have been found by its name. */
	list_for_each_entry(call, &ftrace_events, list) {
		if (marker_of_event(call) || strcmp(call->class->system, system))
			continue;
		if (!strcmp(trace_event_name(call), name))
			return true;
		own = false;
	}
	if (own)
		strscpy(marker_own_system, system);
	return false;
}

/**
 * marker_events_added() - Forget what marker_event_add() found out of other events.
 *
 * To be called before event_mutex is released, as others add events.
 *
 * Context: Process context with event_mutex held.
 */
void marker_events_added(void)
{
	lockdep_assert_held(&event_mutex);

	marker_own_system[0] = '\0';
}

static void marker_event_init(struct marker *marker)
{
	struct trace_event_call *call = &marker->call;

	marker->tp.name = marker_event_name(marker->desc);
	marker->class.system = marker_system(marker->desc);
	marker->class.reg = marker_event_reg;
	marker->class.fields_array = marker_event_fields;
	INIT_LIST_HEAD(&marker->class.fields);

	call->class = &marker->class;
	call->tp = &marker->tp;
	call->flags = TRACE_EVENT_FL_TRACEPOINT;
	call->event.funcs = &marker_event_functions;
	call->print_fmt = (char *)marker->text;
	/* Whoever uses one that came late holds a reference to it, not to a module. */
	if (marker->late)
		call->flags |= TRACE_EVENT_FL_DYNAMIC;
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
	struct trace_event_call *call = &marker->call;
	int ret;

	if (marker->late && marker_is_other_event(marker->desc))
		return -EEXIST;

	ret = marker_make_text(marker);
	if (ret)
		return ret;
	marker_event_init(marker);
	if (!register_trace_event(&call->event))
		return -ENODEV;
	if (!marker->late) {
		/* What is in the list early, event_trace_enable() makes files for. */
		list_add(&call->list, &ftrace_events);
		return 0;
	}
	ret = trace_add_event_call(call);
	if (ret)
		unregister_trace_event(&call->event);
	return ret;
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
	int ret;

	lockdep_assert_held(&event_mutex);

	if (marker_event_in_use(&marker->call, !used))
		return -EBUSY;
	ret = trace_remove_event_call(&marker->call);
	if (!ret && used)
		tracing_reset_all_online_cpus();
	return ret;
}

/**
 * marker_value_of_name() - The value that a filter on a marker means by a name.
 * @call: trace event, of a marker or not
 * @field: name of a field
 * @text: begins with what may be the name of a value, as the field prints it
 * @value: receives the value
 *
 * Context: Process context with event_mutex held, or a reference to the event.
 * Return: how much of @text the name is; 0 if there is none.
 */
int marker_value_of_name(struct trace_event_call *call, const char *field,
			 const char *text, u64 *value)
{
	struct marker *marker = marker_of_event(call);
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];

	if (!marker)
		return 0;
	marker_format_begin(&iter, marker->desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		if (iter.set && !strcmp(name, field))
			return marker_set_value(iter.set, iter.type, text, value);
	}
	return 0;
}
