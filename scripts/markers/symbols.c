// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration symbols that there are, for any architecture: one that is
 * mistyped cannot be told from one that is off by the configuration alone.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define CONFIG		"CONFIG_"

/* What look_into() looks for, as nftw() has no argument for it */
static const char *wanted;

/* Whether a line of Kconfig defines the symbol */
static bool defines(const char *line, const char *symbol)
{
	static const char *const words[] = { "config", "menuconfig" };
	size_t i, len;

	line += strspn(line, " \t");
	for (i = 0; i < 2; i++) {
		len = strlen(words[i]);
		if (strncmp(line, words[i], len) || !strchr(" \t", line[len]))
			continue;
		line += len + strspn(line + len, " \t");
		len = strlen(symbol);
		return !strncmp(line, symbol, len) && !line[len + strspn(line + len, " \t\n")];
	}
	return false;
}

static bool file_defines(const char *path, const char *symbol)
{
	FILE *file = fopen(path, "r");
	bool found = false;
	char *line = NULL;
	size_t room = 0;

	if (!file)
		fatal("%s: %s", path, strerror(errno));
	while (!found && getline(&line, &room, file) >= 0)
		found = defines(line, symbol);
	if (ferror(file))
		fatal("%s: %s", path, strerror(errno));
	free(line);
	fclose(file);
	return found;
}

static int look_into(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	const char *name = path + ftw->base;

	if (type == FTW_D && !strcmp(name, ".git"))
		return FTW_SKIP_SUBTREE;
	if ((type != FTW_F && type != FTW_SL) || strncmp(name, "Kconfig", strlen("Kconfig")))
		return FTW_CONTINUE;
	return file_defines(path, wanted) ? FTW_STOP : FTW_CONTINUE;
}

/**
 * symbol_exists() - Look for a configuration symbol in all Kconfig files.
 * @source: tree of sources
 * @symbol: CONFIG_SYMBOL
 *
 * This takes a good part of a second, but few promises are for what is off.
 *
 * Return: whether one of the files has it.
 */
bool symbol_exists(const char *source, const char *symbol)
{
	/* With the dot it may be a symbolic link. */
	char *root = xasprintf("%s/.", source);
	int result;

	wanted = symbol + strlen(CONFIG);
	result = nftw(root, look_into, 64, FTW_PHYS | FTW_ACTIONRETVAL);
	if (result < 0)
		fatal("%s: %s", source, strerror(errno));
	free(root);
	return result == FTW_STOP;
}
