/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of static markers share: files of tracefs by path below a
 * directory, a tracing instance for each test, records as the file "trace"
 * prints them, and sites as the file "static_markers" does.
 *
 * Helpers that cannot do what they are asked for return a negative errno or
 * NULL; what is a failure of the test, the test says.
 */
#ifndef _SELFTESTS_MARKERS_TRACEFS_H
#define _SELFTESTS_MARKERS_TRACEFS_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <mntent.h>
#include <regex.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest.h"

#define INSTANCE	"markers_selftest"

/* Open where a file system of @type is mounted; -ENOENT if it is nowhere. */
static int open_mount(const char *type)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;
	int fd = -ENOENT;

	if (!mounts)
		return -errno;
	while (fd < 0 && (entry = getmntent(mounts))) {
		if (strcmp(entry->mnt_type, type))
			continue;
		fd = open(entry->mnt_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	endmntent(mounts);
	return fd;
}

/* As open_mount(), but if need be mount it at @dir, for this process only. */
static int __maybe_unused open_or_mount(const char *type, const char *dir)
{
	int fd = open_mount(type);

	if (fd != -ENOENT)
		return fd;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(type, dir, type, 0, NULL))
		return -errno;
	return open_mount(type);
}

static bool __maybe_unused tr_exists(int dir, const char *path)
{
	return !faccessat(dir, path, F_OK, 0);
}

/*
 * What every test begins with: tracefs, with markers.
 * Return: NULL, or why the test cannot run
 */
static const char *markers_begin(int *top)
{
	if (geteuid())
		return "only for root";
	*top = open_or_mount("tracefs", "/sys/kernel/tracing");
	if (*top < 0)
		return "no tracefs";
	return tr_exists(*top, "static_markers") ? NULL : "no CONFIG_MARKERS";
}

/* Write @len bytes with one write(). */
static int tr_write_mem(int dir, const char *path, const void *data, size_t len)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	ssize_t ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, data, len);
	ret = ret < 0 ? -errno : (size_t)ret == len ? 0 : -EIO;
	close(fd);
	return ret;
}

static int tr_write(int dir, const char *path, const char *text)
{
	return tr_write_mem(dir, path, text, strlen(text));
}

static int __maybe_unused errno_of_write(int dir, const char *path, const char *text)
{
	return -tr_write(dir, path, text);
}

/* Open with O_TRUNC: clears the trace, the triggers of an event, set_event. */
static int __maybe_unused tr_truncate(int dir, const char *path)
{
	int fd = openat(dir, path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Read a whole file, to be freed by the caller. */
static char *tr_read(int dir, const char *path)
{
	size_t size = 65536, len = 0;
	char *buf = malloc(size), *new;
	ssize_t n = -1;
	int fd;

	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && buf) {
		n = read(fd, buf + len, size - len - 1);
		if (n <= 0)
			break;
		len += n;
		if (size - len > 1)
			continue;
		size *= 2;
		new = realloc(buf, size);
		if (!new)
			free(buf);
		buf = new;
	}
	if (fd >= 0)
		close(fd);
	if (!buf || n < 0) {
		free(buf);
		return NULL;
	}
	buf[len] = '\0';
	return buf;
}

/* Whether a file holds exactly @text and a newline */
static bool __maybe_unused tr_is(int dir, const char *path, const char *text)
{
	char *got = tr_read(dir, path);
	bool is;

	is = got && !strncmp(got, text, strlen(text)) && !strcmp(got + strlen(text), "\n");
	if (!is)
		printf("# %s: want '%s', got '%s'\n", path, text, got ? got : "(error)");
	free(got);
	return is;
}

/* Whether the kernel knows the names of its functions, which stacks and pointers show. */
static bool __maybe_unused has_symbols(void)
{
	return tr_exists(AT_FDCWD, "/proc/kallsyms");
}

/*
 * Whether @text matches the extended regular expression @re. The first ones are kept
 * compiled: that takes longer than to match, and lists have a thousand lines.
 */
static bool __maybe_unused matches(const char *text, const char *re)
{
	static struct {
		char		*re;
		regex_t		regex;
	} kept[16];
	unsigned int i = 0;

	while (i < ARRAY_SIZE(kept) - 1 && kept[i].re && strcmp(kept[i].re, re))
		i++;
	if (!kept[i].re || strcmp(kept[i].re, re)) {
		if (kept[i].re)
			regfree(&kept[i].regex);
		free(kept[i].re);
		kept[i].re = NULL;
		if (regcomp(&kept[i].regex, re, REG_EXTENDED | REG_NOSUB)) {
			printf("# bad regular expression: %s\n", re);
			return false;
		}
		kept[i].re = strdup(re);
	}
	return !regexec(&kept[i].regex, text, 0, NULL, 0);
}

/* Whether a line of @text matches @re */
static bool __maybe_unused line_matches(const char *text, const char *re)
{
	regex_t regex;
	bool ret;

	if (regcomp(&regex, re, REG_EXTENDED | REG_NOSUB | REG_NEWLINE)) {
		printf("# bad regular expression: %s\n", re);
		return false;
	}
	ret = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return ret;
}

/*
 * Make an instance afresh and open it; an interrupted run may have left one.
 * Without annotations, its trace has nothing but records in it.
 */
static int tr_instance(int top, const char *name)
{
	char path[128];
	int dir;

	snprintf(path, sizeof(path), "instances/%s", name);
	if (mkdirat(top, path, 0700)) {
		if (errno != EEXIST || unlinkat(top, path, AT_REMOVEDIR) ||
		    mkdirat(top, path, 0700))
			return -errno;
	}
	dir = openat(top, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	if (tr_write(dir, "options/annotate", "0")) {
		close(dir);
		return -EIO;
	}
	return dir;
}

static int tr_instance_remove(int top, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "instances/%s", name);
	return unlinkat(top, path, AT_REMOVEDIR) ? -errno : 0;
}

/* A record as "trace" prints it; strings point into trace::buf. */
struct record {
	char	*comm;
	int	pid;
	int	cpu;
	char	*event;
	char	*text;
};

struct trace {
	char		*buf;
	struct record	*rec;
	int		nr;
};

static void trace_free(struct trace *trace)
{
	free(trace->rec);
	free(trace->buf);
	memset(trace, 0, sizeof(*trace));
}

/*
 * Take apart what "trace" prints. A line that does not begin a record belongs
 * to the text of the one before, as strings may have newlines.
 */
static int trace_parse(struct trace *trace)
{
	static const char begin[] =
		"^ *(<\\.\\.\\.>|[^\n]{1,16})-([0-9]+) +\\[([0-9]{3})\\] [^ \n]+ +"
		"[0-9]+\\.[0-9]{6}: ([A-Za-z0-9_]+): ";
	regmatch_t m[5];
	struct record *rec;
	char *line, *end;
	regex_t regex;
	bool found;

	if (regcomp(&regex, begin, REG_EXTENDED))
		return -EINVAL;

	for (line = trace->buf; *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		found = !regexec(&regex, line, 5, m, 0);
		if (end)
			*end++ = '\n';
		else
			end = line + strlen(line);
		if (!found) {
			/* Other than the head of the file */
			if (trace->nr || *line == '#')
				continue;
			printf("# not a record: %s", line);
			break;
		}
		rec = realloc(trace->rec, (trace->nr + 1) * sizeof(*rec));
		if (!rec)
			break;
		trace->rec = rec;
		rec += trace->nr++;
		if (line != trace->buf)
			line[-1] = '\0';
		rec->comm = line + m[1].rm_so;
		line[m[1].rm_eo] = '\0';
		rec->pid = atoi(line + m[2].rm_so);
		rec->cpu = atoi(line + m[3].rm_so);
		rec->event = line + m[4].rm_so;
		line[m[4].rm_eo] = '\0';
		rec->text = line + m[0].rm_eo;
	}
	regfree(&regex);
	if (*line)
		return -EINVAL;
	if (trace->nr && line > trace->buf && line[-1] == '\n')
		line[-1] = '\0';
	return 0;
}

/*
 * Read and clear the trace of an instance. What was in @trace before is freed.
 * Return: the number of records, or a negative errno.
 */
static int trace_take(int dir, struct trace *trace)
{
	int ret;

	trace_free(trace);
	trace->buf = tr_read(dir, "trace");
	if (!trace->buf)
		return -errno;
	ret = trace_parse(trace);
	if (!ret)
		ret = tr_truncate(dir, "trace");
	return ret < 0 ? ret : trace->nr;
}

/* The n-th record of an event, from 0; NULL if there is none */
static struct record __maybe_unused *trace_nth(struct trace *trace, const char *event, int n)
{
	for (int i = 0; i < trace->nr; i++) {
		if (!strcmp(trace->rec[i].event, event) && !n--)
			return &trace->rec[i];
	}
	return NULL;
}

static int __maybe_unused trace_count(struct trace *trace, const char *event)
{
	int nr = 0;

	while (trace_nth(trace, event, nr))
		nr++;
	return nr;
}

/*
 * The file "static_markers"
 */

#define COLUMNS		10

struct site {
	char		*name;
	char		*state;		/* without the users: on, for on(top) */
	char		*users;		/* or "", if it is not on */
	unsigned int	probes;
	char		*place;
	char		*func;
	char		*module;
	char		*promise;
	unsigned long	dropped;
	char		*reason;
	char		*fields;
};

struct listing {
	char		*buf;
	struct site	*sites;
	int		nr;
};

static void listing_free(struct listing *l)
{
	free(l->sites);
	free(l->buf);
	memset(l, 0, sizeof(*l));
}

/* Take apart the line; false if it does not have the form documented. */
static bool site_parse(struct site *site, char *line)
{
	char *col[COLUMNS + 1] = { }, *end;
	int nr = 0;

	while (line && nr <= COLUMNS)
		col[nr++] = strsep(&line, "\t");
	if (nr != COLUMNS)
		return false;

	site->probes = strtoul(col[2], &end, 10);
	if (end == col[2] || *end)
		return false;
	site->dropped = strtoul(col[7], &end, 10);
	if (end == col[7] || *end)
		return false;
	if (!matches(col[1], "^(on\\([^ ()]+\\)|off|refused|denied\\([A-Z]+\\))$"))
		return false;
	site->name = col[0];
	site->state = col[1];
	site->users = col[1] + strlen(col[1]);
	if (!strncmp(col[1], "on(", 3)) {
		site->users[-1] = '\0';
		col[1][2] = '\0';
		site->users = col[1] + 3;
	}
	site->place = col[3];
	site->func = col[4];
	site->module = col[5];
	site->promise = col[6];
	site->reason = col[8];
	site->fields = col[9];
	return matches(site->name, "^[A-Za-z_][A-Za-z0-9_]*:[A-Za-z_][A-Za-z0-9_]*$") &&
	       matches(site->place, "^[^ :]+\\.[ch]:[1-9][0-9]*$") &&
	       matches(site->func, "^[A-Za-z_][A-Za-z0-9_]*$") &&
	       matches(site->module, "^(-|[A-Za-z0-9_]+)$") &&
	       matches(site->promise, "^(stable|unstable)$") &&
	       matches(site->fields, "^(-|[A-Za-z_][^,]* [A-Za-z_][A-Za-z0-9_]*"
			"(, [A-Za-z_][^,]* [A-Za-z_][A-Za-z0-9_]*)*|\\([^()]+\\))$");
}

static int __maybe_unused listing_read(int top, struct listing *l)
{
	char *line, *next;

	listing_free(l);
	l->buf = tr_read(top, "static_markers");
	if (!l->buf)
		return -errno;
	for (line = l->buf; *line; line = next) {
		struct site *sites = realloc(l->sites, (l->nr + 1) * sizeof(*sites));

		if (!sites)
			return -ENOMEM;
		l->sites = sites;
		next = strchr(line, '\n');
		if (!next)
			return -EINVAL;
		*next++ = '\0';
		if (!site_parse(&sites[l->nr], line)) {
			printf("# bad line after %s\n", l->nr ? sites[l->nr - 1].name : "begin");
			return -EINVAL;
		}
		l->nr++;
	}
	return 0;
}

static struct site __maybe_unused *listing_find(struct listing *l, const char *name)
{
	for (int i = 0; i < l->nr; i++) {
		if (!strcmp(l->sites[i].name, name))
			return &l->sites[i];
	}
	return NULL;
}

/* How many sites a marker has in a module, "-" for the kernel image, or -1 */
static int __maybe_unused sites_of(int top, const char *name, const char *module)
{
	struct listing l = { };
	int nr = 0;

	if (listing_read(top, &l))
		nr = -1;
	for (int i = 0; nr >= 0 && i < l.nr; i++)
		nr += !strcmp(l.sites[i].name, name) && !strcmp(l.sites[i].module, module);
	listing_free(&l);
	return nr;
}

/* Whether the marker has sites in the module, and all are in this state */
static bool __maybe_unused state_is(int top, const char *name, const char *module,
				    const char *state)
{
	struct listing l = { };
	bool is = false;

	listing_read(top, &l);
	for (int i = 0; i < l.nr; i++) {
		if (strcmp(l.sites[i].name, name) || strcmp(l.sites[i].module, module))
			continue;
		is = !strcmp(l.sites[i].state, state);
		if (is)
			continue;
		printf("# %s of %s at %s is %s, not %s\n", name, module, l.sites[i].place,
		       l.sites[i].state, state);
		break;
	}
	listing_free(&l);
	return is;
}

/* The number of an event, by the path of its "id"; -1 if it has none */
static int __maybe_unused event_id(int top, const char *path)
{
	char *text = tr_read(top, path);
	int id = text ? atoi(text) : -1;

	free(text);
	return id;
}

/* Have perf count the event for this process; a file descriptor, or -1 and errno */
static int __maybe_unused perf_open(int top, const char *path)
{
	struct perf_event_attr attr = {
		.type	= PERF_TYPE_TRACEPOINT,
		.size	= sizeof(attr),
		.config	= event_id(top, path),
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* How often the kernel has warned since boot, or -1 */
static long kernel_warnings(void)
{
	char *text = tr_read(AT_FDCWD, "/sys/kernel/warn_count");
	long nr = text ? atol(text) : -1;

	free(text);
	return nr;
}

/*
 * What a test begins with that is to end without a warning: what the kernel has
 * warned of once, it will warn of again.
 * Return: what kernel_has_warned() wants to be told
 */
static long __maybe_unused warnings_begin(void)
{
	int debugfs = open_or_mount("debugfs", "/sys/kernel/debug");

	if (debugfs >= 0) {
		tr_write(debugfs, "clear_warn_once", "1");
		close(debugfs);
	}
	return kernel_warnings();
}

static bool __maybe_unused kernel_has_warned(long before)
{
	return before < 0 || kernel_warnings() != before;
}

#endif /* _SELFTESTS_MARKERS_TRACEFS_H */
