// SPDX-License-Identifier: GPL-2.0
/*
 * Say what the kernel's own rule calls the fields of formats: for each line on stdin,
 * which is a format, a line with the names, and - for a field that has none.
 */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctype.c>

#include "../../../kernel/trace/marker/format.c"

static void show_names(const char *format)
{
	struct marker_format_iter iter = { .arg = -1, .conv_end = format };
	const char *percent = format;
	char before;

	while ((percent = strchr(percent, '%')) && iter.arg + 1 < MARKER_MAX_ARGS) {
		if (percent[1] == '%') {
			percent += 2;
			continue;
		}
		before = iter.spec.conv;
		iter.text = percent;
		percent = marker_parse_spec(percent, &iter.spec);
		if (iter.spec.conv == 'p')
			percent += strspn(percent, "BCDEFGIKMNRSUabcdefghiklmnprstuvwx46");
		iter.arg++;
		iter.names[iter.arg] = marker_find_name(&iter, before);
		iter.conv_end = percent;
		if (iter.names[iter.arg].text) {
			char name[MARKER_NAME_MAX];

			marker_field_name(&iter, name, sizeof(name));
			printf(" %s", name);
		} else {
			printf(" -");
		}
	}
	putchar('\n');
}

int main(void)
{
	size_t size = 0;
	char *line = NULL;

	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		show_names(line);
	}
	free(line);
	return 0;
}
