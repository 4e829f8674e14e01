// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own rules for formats, for the target that an object is for.
 */

#include <stdlib.h>
#include <string.h>
#include <xalloc.h>

#include "check.h"

#include "../../tools/lib/ctype.c"
#include "../../kernel/trace/marker/format.c"

static void set_size(enum marker_type type, int size)
{
	marker_type_info[type].size = size;
	marker_type_info[type].align = size;
}

/* Put the fields into words; say which of them have no name. */
static const char *fields_text(const struct marker_desc *desc, unsigned int *unnamed)
{
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];
	char *text = NULL, *longer;

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		if (!iter.names[iter.arg].text)
			*unnamed |= 1U << iter.arg;
		marker_field_name(&iter, name, sizeof(name));
		longer = xasprintf("%s%s%s %s", text ?: "", text ? ", " : "",
				   marker_type_info[iter.type].name, name);
		free(text);
		text = longer;
	}
	return text ?: "-";
}

static const char *sets_text(const struct raw_desc *raw)
{
	const char *text = "";
	unsigned int i;

	for (i = 0; i < raw->nr_sets; i++)
		text = xasprintf("%s%s%s", text, *text ? ", " : "", raw->sets[i]->name);
	return *text ? text : "-";
}

/* "kind: NAME = value, NAME = value" */
const char *set_text(const struct mark_set *set)
{
	static const char *const kinds[MARK_NR_KINDS] = {
		"symbols", "flags", "errors", "signals", "devices"
	};
	unsigned int i;
	char *text, *longer;

	text = xasprintf("%s", set->kind < MARK_NR_KINDS ? kinds[set->kind] : "unknown");
	for (i = 0; i < set->nr; i++) {
		longer = xasprintf("%s%s %s = %#llx", text, i ? "," : ":",
				   printable(set->names[i].name), set->names[i].value);
		free(text);
		text = longer;
	}
	return text;
}

/* How much of a conversion can be shown: %p takes half a character for a letter. */
static int shown_length(const struct marker_format_iter *iter)
{
	int len;

	for (len = 0; len < iter->len && isascii(iter->text[len]); len++)
		;
	return len;
}

/* What is wrong with a description, and with which argument, if it is one */
static const char *error_text(const struct marker_desc *desc)
{
	struct marker_format_iter iter;
	const char *error = marker_format_check_at(desc, &iter);

	if (!error || !iter.len)
		return error;
	if (iter.arg >= marker_nargs(desc) || iter.type >= MARKER_NR_TYPES)
		return xasprintf("\"%.*s\": %s", shown_length(&iter), iter.text, error);
	return xasprintf("argument %d, %s \"%.*s\": %s", iter.arg + 1,
			 marker_type_info[iter.type].name, shown_length(&iter), iter.text,
			 error);
}

/**
 * describe() - Check a description and put it into words.
 * @raw: description
 * @site: receives name, fields and format, or name and error
 */
void describe(const struct raw_desc *raw, struct site *site)
{
	size_t front = raw->nr_sets * sizeof(*raw->sets);
	void *block = xcalloc(1, front + sizeof(struct marker_desc) + raw->tail_size);
	struct marker_desc *desc = block + front;

	set_size(MARKER_LONG, raw->long_size);
	set_size(MARKER_ULONG, raw->long_size);
	set_size(MARKER_PTR, raw->long_size);

	desc->file = raw->file;
	desc->size = raw->record_size;
	desc->nargs = raw->nargs;
	desc->nr_sets = raw->nr_sets;
	memcpy(block, raw->sets, front);
	memcpy(desc + 1, raw->tail, raw->tail_size);

	site->name = printable(xasprintf("%s:%s", marker_system(desc), marker_event_name(desc)));
	site->error = error_text(desc);
	if (!site->error) {
		site->fields = fields_text(desc, &site->unnamed);
		site->format = xstrdup(marker_format(desc));
		site->sets = sets_text(raw);
		if (marker_reason(desc))
			site->reason = xstrdup(marker_reason(desc));
	}
	free(block);
}

/* Whether markers can have a field of this type */
bool is_type(const struct field *field)
{
	int i;

	for (i = 0; i < MARKER_NR_TYPES; i++) {
		if (marker_text_is(field->type, field->type_len, marker_type_info[i].name))
			return true;
	}
	return false;
}
