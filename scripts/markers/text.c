// SPDX-License-Identifier: GPL-2.0
/*
 * Texts that are read by lines, and files that are replaced as a whole.
 */

#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xalloc.h>

#include "check.h"

static char *read_whole(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	size_t room = 4096;
	char *data = xmalloc(room);

	if (!file)
		fatal("%s: %s", path, strerror(errno));
	*size = 0;
	while ((*size += fread(data + *size, 1, room - *size - 1, file)) == room - 1) {
		room *= 2;
		data = xrealloc(data, room);
	}
	if (ferror(file))
		fatal("%s: %s", path, strerror(errno));
	fclose(file);
	data[*size] = '\0';
	return data;
}

/* What all texts have in common, so that none is read in part */
static void check_text(const char *path, const char *data, size_t size)
{
	size_t i, line = 1;

	for (i = 0; i < size; i++) {
		if (data[i] == '\r')
			fatal("%s:%zu: a carriage return; end lines with \\n alone", path, line);
		if (iscntrl((unsigned char)data[i]) && !strchr("\t\n", data[i] ?: '\1'))
			fatal("%s:%zu: the byte \\x%02x, which no text has", path, line,
			      (unsigned char)data[i]);
		line += data[i] == '\n';
	}
	if (size && data[size - 1] != '\n')
		fatal("%s:%zu: the last line has no newline, so the file may be cut", path, line);
}

/**
 * text_read() - Read a text.
 * @path: of the file
 * @text: for text_line(); the lines stay in memory
 */
void text_read(struct text *text, const char *path)
{
	size_t size;

	text->path = path;
	text->nr = 0;
	text->pos = read_whole(path, &size);
	check_text(path, text->pos, size);
}

/**
 * text_line() - Take the next line of a text.
 * @text: text
 *
 * Return: the line without its newline, or NULL after the last.
 */
char *text_line(struct text *text)
{
	if (!*text->pos)
		return NULL;
	text->nr++;
	return strsep(&text->pos, "\n");
}

/**
 * text_column() - Take the next column of a line.
 * @line: the rest of the line, NULL after the last column
 *
 * Return: the column without its tab, or NULL after the last.
 */
char *text_column(char **line)
{
	return *line ? strsep(line, "\t") : NULL;
}

/**
 * printable() - Write what is no text visibly.
 * @raw: string out of an object
 *
 * Return: @raw, or a copy with \x07 for what a line of text cannot have.
 */
const char *printable(const char *raw)
{
	const char *p;
	char *text, *end;

	for (p = raw; *p && !iscntrl((unsigned char)*p); p++)
		;
	if (!*p)
		return raw;

	text = xmalloc(4 * strlen(raw) + 1);
	for (p = raw, end = text; *p; p++) {
		if (iscntrl((unsigned char)*p))
			end += sprintf(end, "\\x%02x", (unsigned char)*p);
		else
			*end++ = *p;
	}
	*end = '\0';
	return text;
}

static bool is_device(const char *path)
{
	struct stat stat_buf;

	return !stat(path, &stat_buf) && !S_ISREG(stat_buf.st_mode);
}

/* A name beside @path that "make clean" removes, should the program be killed */
static char *temporary(const char *path)
{
	const char *base = base_name(path);

	return xasprintf("%.*s.tmp_%s.%d", (int)(base - path), path, base, (int)getpid());
}

/**
 * output_open() - Begin to write a file.
 * @output: to write to, for output_close()
 * @path: of the file, which stays as it is until it has been written
 */
void output_open(struct output *output, const char *path)
{
	int fd;

	output->path = path;
	output->temporary = is_device(path) ? NULL : temporary(path);
	if (output->temporary)
		fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
	else
		fd = open(path, O_WRONLY);
	output->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!output->file)
		fatal("%s: %s", output->temporary ?: path, strerror(errno));
}

/**
 * output_close() - Put what was written in the place of the file.
 * @output: from output_open()
 */
void output_close(struct output *output)
{
	bool failed = ferror(output->file);

	failed |= fclose(output->file);
	if (output->temporary && !failed)
		failed = rename(output->temporary, output->path);
	if (!failed) {
		free(output->temporary);
		return;
	}
	if (output->temporary)
		unlink(output->temporary);
	fatal("%s: cannot be written: %s", output->path, strerror(errno));
}

/* What went to stdout has to have got there. */
void close_stdout(void)
{
	bool failed = ferror(stdout);

	failed |= fclose(stdout);
	if (failed)
		fatal("stdout: cannot be written: %s", strerror(errno));
}
