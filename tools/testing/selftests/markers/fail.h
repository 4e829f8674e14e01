/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that fail, as users make them fail, and what the kernel says of the reason.
 *
 * Each case runs in a process of its own, which may give up what it likes. A test
 * program has a table of them, and main() calls fail_main().
 */
#ifndef FAIL_H
#define FAIL_H

#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kselftest.h"
#include "tracefs.h"

#define FAIL_INSTANCE	"markers_fail"

#define STRING(x)	#x
#define NUMBER(x)	STRING(x)

/*
 * @name of the test; @call is to return -1 with this @error in errno, and the event
 * @system_fail is to tell it, with this reason and from this function. Without an
 * error, @call is to return 0; without a reason, none is told.
 */
struct fail_case {
	const char	*name;
	int		(*call)(void);
	int		error;
	const char	*system;
	const char	*reason;
	const char	*func;
};

/* What a call returned, as the status of a process: an errno, or 0 */
static int fail_in_child(int (*call)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		errno = 0;
		_exit(call() ? errno ?: 255 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a child of the caller makes of a call */
static int __maybe_unused in_child(int (*call)(void))
{
	int error = fail_in_child(call);

	errno = error;
	return error ? -1 : 0;
}

/* fork() with flags */
static int __maybe_unused sys_clone(unsigned long flags)
{
#ifdef __s390__
	return syscall(SYS_clone, 0, flags, 0, 0, 0);
#else
	return syscall(SYS_clone, flags, 0, 0, 0, 0);
#endif
}

/* What a case needs must not fail; no errno is 200, so the case would. */
static void need(bool ok)
{
	if (!ok)
		_exit(200);
}

#define CANNOT	201		/* as an errno: no result */

/* Leave a case that this kernel or machine has nothing to try with. */
static void __maybe_unused cannot(void)
{
	_exit(CANNOT);
}

#define USER	1000		/* anybody but root */

/* Without capabilities from now on; 0, for use in an expression */
static int __maybe_unused become_user(void)
{
	need(!setgroups(0, NULL) && !setresgid(USER, USER, USER) &&
	     !setresuid(USER, USER, USER));
	return 0;
}

static int __maybe_unused limit(int resource, rlim_t to)
{
	struct rlimit limit = { to, to };

	return setrlimit(resource, &limit);
}

/* Write a file below /proc/sys; unless @old is NULL, it receives what stood there. */
static void __maybe_unused write_sysctl(const char *name, const char *value, char *old,
					size_t size)
{
	ssize_t len = strlen(value);
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		cannot();
	need(fd >= 0);
	if (old) {
		memset(old, 0, size);
		need(read(fd, old, size - 1) > 0);
	}
	need(pwrite(fd, value, len, 0) == len);
	close(fd);
}

/* A call while a sysctl has another value; in a process, as it may become a user. */
static int __maybe_unused with_sysctl(const char *name, const char *value, int (*call)(void))
{
	char old[64];
	int error;

	write_sysctl(name, value, old, sizeof(old));
	error = fail_in_child(call);
	write_sysctl(name, old, NULL, 0);
	errno = error;
	return error ? -1 : 0;
}

/* A process that a case has left became a child of this process, which is a subreaper. */
static void fail_reap(void)
{
	struct dirent *entry;
	char path[300], *stat;
	int ppid;
	DIR *proc = opendir("/proc");

	while (proc && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		stat = atoi(entry->d_name) ? tr_read(AT_FDCWD, path) : NULL;
		if (stat && strrchr(stat, ')') && sscanf(strrchr(stat, ')'), ") %*c %d", &ppid) == 1 &&
		    ppid == getpid())
			kill(atoi(entry->d_name), SIGKILL);
		free(stat);
	}
	if (proc)
		closedir(proc);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
}

static bool fail_told(struct trace *trace, const struct fail_case *c)
{
	char event[64], text[1024];
	struct record *record;

	snprintf(event, sizeof(event), "%s_fail", c->system);
	snprintf(text, sizeof(text), "ret=-%s reason=\"%s\" func=%s file=",
		 strerrorname_np(c->error), c->reason, c->func);
	for (int i = 0; (record = trace_nth(trace, event, i)); i++) {
		if (!strncmp(record->text, text, strlen(text)))
			return true;
	}
	ksft_print_msg("%s: no %s: %s\n", c->name, event, text);
	return false;
}

/*
 * Whether any place in the kernel may tell the case's reason: that of an older kernel may
 * not know what is refused. A reason with arguments may be any.
 */
static bool fail_has(struct listing *l, const struct fail_case *c)
{
	char marker[64];

	if (!c->reason)
		return true;
	snprintf(marker, sizeof(marker), "%s:%s_fail", c->system, c->system);
	for (int i = 0; i < l->nr; i++) {
		if (!strcmp(l->sites[i].name, marker) && !strcmp(l->sites[i].func, c->func) &&
		    (strchr(l->sites[i].reason, '%') || !strcmp(l->sites[i].reason, c->reason)))
			return true;
	}
	return false;
}

/* Return: KSFT_PASS, KSFT_FAIL or KSFT_SKIP */
static int fail_test(int dir, struct listing *places, const struct fail_case *c)
{
	struct trace trace = { };
	int error, nr;
	bool ok;

	if (!fail_has(places, c))
		return KSFT_SKIP;
	error = fail_in_child(c->call);
	nr = trace_take(dir, &trace);
	ok = error == c->error && nr >= 0 && (c->reason ? fail_told(&trace, c) : !nr);
	fail_reap();
	if (error == CANNOT) {
		trace_free(&trace);
		return KSFT_SKIP;
	}

	if (error != c->error)
		ksft_print_msg("%s: errno %d, wanted %d\n", c->name, error, c->error);
	for (int i = 0; !ok && i < trace.nr; i++)
		ksft_print_msg("%s: %s: %s\n", c->name, trace.rec[i].event, trace.rec[i].text);
	trace_free(&trace);
	return ok ? KSFT_PASS : KSFT_FAIL;
}

/* Turn on system_fail of the table's systems that are there, in an instance that is returned. */
static int fail_begin(int top, const struct fail_case *cases, int nr)
{
	int dir = tr_instance(top, FAIL_INSTANCE);
	char path[128];

	for (int i = 0; dir >= 0 && i < nr; i++) {
		if (!cases[i].system)
			continue;
		snprintf(path, sizeof(path), "events/%s/%s_fail/enable", cases[i].system,
			 cases[i].system);
		if (tr_exists(dir, path) && tr_write(dir, path, "1"))
			ksft_exit_fail_msg("%s cannot be written\n", path);
	}
	return dir;
}

static int fail_main(const struct fail_case *cases, int nr)
{
	struct listing places = { };
	const char *reason;
	long warnings;
	int top, dir;

	ksft_print_header();
	reason = markers_begin(&top);
	if (reason)
		ksft_exit_skip("%s\n", reason);
	ksft_set_plan(nr + 1);
	warnings = warnings_begin();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	dir = fail_begin(top, cases, nr);
	if (dir < 0)
		ksft_exit_fail_msg("no instance: %s\n", strerror(-dir));
	if (listing_read(top, &places))
		ksft_exit_fail_msg("static_markers cannot be read\n");
	for (int i = 0; i < nr; i++)
		ksft_test_result_report(fail_test(dir, &places, &cases[i]), "%s\n", cases[i].name);
	listing_free(&places);
	close(dir);
	ksft_test_result(!tr_instance_remove(top, FAIL_INSTANCE) && !kernel_has_warned(warnings),
			 "nothing is left, and the kernel has not warned\n");
	ksft_finished();
}

#endif /* FAIL_H */
