// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own rules for formats, for the target that an object is for.
 */

#include <stdlib.h>
#include <string.h>
#include <xalloc.h>

#include "../../tools/lib/ctype.c"
#include "../../kernel/trace/marker/format.c"

#include "check.h"

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

/**
 * describe() - Check a description and put it into words.
 * @raw: description
 * @site: receives name, fields and format, or name and error
 */
void describe(const struct raw_desc *raw, struct site *site)
{
	struct marker_desc *desc = xcalloc(1, sizeof(*desc) + raw->tail_size);

	set_size(MARKER_LONG, raw->long_size);
	set_size(MARKER_ULONG, raw->long_size);
	set_size(MARKER_PTR, raw->long_size);

	desc->size = raw->record_size;
	desc->nargs = raw->nargs;
	memcpy(desc + 1, raw->tail, raw->tail_size);

	site->name = printable(xasprintf("%s:%s", marker_system(desc), marker_event_name(desc)));
	site->error = marker_format_check(desc);
	if (!site->error) {
		site->fields = fields_text(desc, &site->unnamed);
		site->format = xstrdup(marker_format(desc));
	}
	free(desc);
}

/* Whether markers can have a field of this type */
bool is_type(const struct field *field)
{
	int i;

	for (i = 0; i < MARKER_NR_TYPES; i++) {
		if (strlen(marker_type_info[i].name) == field->type_len &&
		    !memcmp(marker_type_info[i].name, field->type, field->type_len))
			return true;
	}
	return false;
}
