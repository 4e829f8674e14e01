// SPDX-License-Identifier: GPL-2.0
/*
 * The records of markers as C types, as TRACE_EVENT() declares its own. BTF is made
 * of them.
 */

#include <stdio.h>
#include <string.h>

#include "check.h"

static bool begins_with(const struct field *field, const char *prefix)
{
	size_t len = strlen(prefix);

	return field->type_len > len && !memcmp(field->type, prefix, len);
}

/*
 * Where there is data after the fields, the word that tells where; else the type as
 * it is in the format, with the "[6]" of an array where C has it. The core aligns each
 * number to its size, which not every architecture does.
 */
static void print_field(FILE *out, const struct field *field)
{
	const char *array = memchr(field->type, '[', field->type_len);

	if (begins_with(field, "__data_loc "))
		fprintf(out, "\tunsigned int __data_loc_%.*s;\n",
			field->name_len, field->name);
	else if (array)
		fprintf(out, "\tunsigned char %.*s%.*s;\n", field->name_len, field->name,
			(int)(field->type + field->type_len - array), array);
	else
		fprintf(out, "\t_Alignas(sizeof(%.*s)) %.*s %.*s;\n",
			field->type_len, field->type, field->type_len, field->type,
			field->name_len, field->name);
}

static void print_record(FILE *out, const struct site *site)
{
	const char *pos = first_field(site->fields);
	struct field field;

	fprintf(out, "struct trace_event_raw_%s {\n\tstruct trace_entry ent;\n",
		strchr(site->name, ':') + 1);
	while (next_field(&pos, &field))
		print_field(out, &field);
	fputs("\tchar __data[];\n};\n", out);
}

/* Whether one before it has its event's name, of this or another system: BTF has none. */
static bool is_named_before(const struct list *list, const struct site *site)
{
	const char *event = strchr(site->name, ':');
	const struct site *other;

	for (other = list->sites; other < site; other++) {
		if (!other->error && !strcmp(strchr(other->name, ':'), event))
			return true;
	}
	return false;
}

/**
 * write_types() - Declare the record of each marker, for a compiler.
 * @list: of markers, after list_sort(); those with an error are left out
 * @out: to write to, nothing if there is no marker
 *
 * The declarations need no preprocessor, which might take a name for a macro.
 */
void write_types(const struct list *list, FILE *out)
{
	const struct site *site;
	size_t i;

	if (list->nr_sites)
		fputs("struct trace_entry {\n"
		      "\tunsigned short type;\n"
		      "\tunsigned char flags;\n"
		      "\tunsigned char preempt_count;\n"
		      "\tint pid;\n"
		      "};\n", out);
	for (i = 0; i < list->nr_sites; i++) {
		site = &list->sites[i];
		if (!site->error && !is_named_before(list, site))
			print_record(out, site);
	}
}
