/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of static markers share about modules: those in test_modules/
 * next to the program, the example in samples/markers, and what the kernel says
 * in its log meanwhile.
 */
#ifndef _SELFTESTS_MARKERS_MODULES_H
#define _SELFTESTS_MARKERS_MODULES_H

#include <limits.h>
#include <linux/module.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tracefs.h"

#define PARAMETER	"/sys/module/%s/parameters/%s"

/* Open a test module's file; -ENOENT if it was not built. */
static int module_open(const char *name)
{
	char path[PATH_MAX], *slash;
	ssize_t len;
	int fd;

	len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len < 0)
		return -errno;
	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash, path + sizeof(path) - slash, "/test_modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool __maybe_unused module_is_built(const char *name)
{
	int fd = module_open(name);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Return: 0, or what finit_module() fails with, as a negative errno */
static int module_load_flags(const char *name, int flags)
{
	int fd = module_open(name), ret;

	if (fd < 0)
		return fd;
	ret = syscall(SYS_finit_module, fd, "", flags) ? -errno : 0;
	close(fd);
	return ret;
}

static int __maybe_unused module_load(const char *name)
{
	return module_load_flags(name, 0);
}

/*
 * Load a module in which @len bytes are other ones: so come about markers that the
 * checks of the build would not let pass.
 * Return: 0, -ENOENT if there are no such bytes, or another negative errno
 */
static int __maybe_unused module_load_changed(const char *name, const void *old,
					      const void *new, size_t len)
{
	int fd = module_open(name), ret = -ENOENT;
	struct stat st;
	void *image, *pos;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st)) {
		close(fd);
		return -EIO;
	}
	image = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED)
		return -ENOMEM;
	pos = memmem(image, st.st_size, old, len);
	if (pos) {
		memcpy(pos, new, len);
		ret = syscall(SYS_init_module, image, (size_t)st.st_size, "") ? -errno : 0;
	}
	munmap(image, st.st_size);
	return ret;
}

static int __maybe_unused module_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

static bool __maybe_unused module_is_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

/* Write a parameter of a module; a negative errno is the module's answer. */
static int __maybe_unused module_write(const char *name, const char *parameter, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETER, name, parameter);
	return tr_write(AT_FDCWD, path, text);
}

/* Hit the markers of a test module with a number. */
static int __maybe_unused module_hit(const char *name, unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	return module_write(name, "hit", text);
}

/* Run a program; its exit status, or -1. */
static int __maybe_unused run(char *const argv[])
{
	pid_t pid = fork();
	int status, null;

	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int __maybe_unused modprobe(const char *name, const char *args)
{
	char *argv[4] = { "modprobe", (char *)name, (char *)args, NULL };

	return run(argv);
}

/*
 * The example
 */

/* Open the file that hits the sample's markers when it is written. */
static int sample_open(void)
{
	int debugfs = open_or_mount("debugfs", "/sys/kernel/debug");
	int fd;

	if (debugfs < 0)
		return debugfs;
	fd = openat(debugfs, "marker-example", O_WRONLY | O_CLOEXEC);
	fd = fd < 0 ? -errno : fd;
	close(debugfs);
	return fd;
}

/* Whether its timer is off, so that there is nothing in a trace but what is written */
static bool __maybe_unused sample_is_quiet(void)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETER, "marker_example", "period_ms");
	return tr_is(AT_FDCWD, path, "0");
}

static int __maybe_unused sample_load(void)
{
	return modprobe("marker-example", "period_ms=0");
}

static void sample_end(void)
{
	module_unload("marker_example");
}

/* Load the sample unless it is there; when the program ends, it is as before. */
static void __maybe_unused sample_begin(void)
{
	int fd = geteuid() ? -EPERM : sample_open();

	if (fd >= 0)
		close(fd);
	else if (!geteuid() && !sample_load())
		atexit(sample_end);
}

/*
 * The kernel's log
 */

/* Open it, to read what is said from now on. */
static int __maybe_unused log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd < 0 ? -errno : fd;
}

/* How many lines since then, or since the last time, match the expression */
static int __maybe_unused log_count(int fd, const char *re)
{
	char buf[8192], *text;
	ssize_t n;
	int nr = 0;

	/* One read() gives one message: "level,number,time,flags;text\n". */
	while ((n = read(fd, buf, sizeof(buf) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		buf[n] = '\0';
		text = strchr(buf, ';');
		nr += text && line_matches(text + 1, re);
	}
	return nr;
}

/*
 * The test modules together
 */

static const char *const test_modules[] = {
	"markers_test_a", "markers_test_b", "markers_test_events", "markers_test_fail",
	"markers_test_fields", "markers_test_layout", "markers_test_other", "markers_test_probe",
	"markers_test_proprietary", "markers_test_unused",
};

static void __maybe_unused modules_unload(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(test_modules); i++)
		module_unload(test_modules[i]);
}

/*
 * What a test of modules begins with: the files that it wants.
 * Return: NULL, or why the test cannot run
 */
static const char __maybe_unused *modules_begin(int *top, int *dir, int *log)
{
	const char *reason = markers_begin(top);

	if (reason)
		return reason;
	if (!module_is_built(test_modules[0]))
		return "no test modules";
	modules_unload();
	if (module_load(test_modules[0]))
		return "the test modules are not for this kernel";
	modules_unload();
	*log = log_open();
	if (*log < 0)
		return "no /dev/kmsg";
	*dir = tr_instance(*top, INSTANCE);
	return *dir < 0 ? "no instance" : NULL;
}

/* The instance first: what was used in no other one goes with the modules then. */
static bool __maybe_unused modules_end(int top, int dir, int log)
{
	bool ok;

	close(log);
	close(dir);
	ok = !tr_instance_remove(top, INSTANCE);
	close(top);
	modules_unload();
	return ok;
}

/*
 * For tests whose fixture has @top, tracefs, and @dir, an instance in it
 */

/* What goes to a file of our instance is accepted. */
#define WRITE(path, text)						\
do {									\
	ASSERT_EQ(0, tr_write(self->dir, path, text)) {			\
		TH_LOG("write of '%s' to %s failed", text, path);	\
	}								\
} while (0)

/* Take the trace, which is to have nr records. */
#define TAKE(trace, count)						\
do {									\
	ASSERT_EQ(count, trace_take(self->dir, trace)) {		\
		for (int __i = 0; __i < (trace)->nr; __i++)		\
			TH_LOG("%s: %s", (trace)->rec[__i].event, (trace)->rec[__i].text); \
	}								\
} while (0)

#define LOAD(name)		ASSERT_EQ(0, module_load(name))
#define UNLOAD(name)		ASSERT_EQ(0, module_unload(name))
#define HIT_MODULE(name, n)	ASSERT_EQ(0, module_hit(name, n))

#endif /* _SELFTESTS_MARKERS_MODULES_H */
