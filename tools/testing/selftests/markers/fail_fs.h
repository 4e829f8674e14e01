/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A place in which the tests of failing calls can make, mount and break what they
 * like. Each call of a case is in a process of its own, so all goes with it.
 */
#ifndef FAIL_FS_H
#define FAIL_FS_H

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

#define USER	1000		/* anybody but root */
#define NO_FD	999		/* never open */
#define NOWHERE	((void *)1)	/* a bad address */

/* What a case needs must not fail; no errno is 200, so the case would. */
static void need(bool ok)
{
	if (!ok)
		_exit(200);
}

/* A mount namespace that shares nothing, with an empty file system in /tmp */
static void sandbox(void)
{
	need(!unshare(CLONE_NEWNS));
	need(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	need(!mount("none", "/tmp", "tmpfs", 0, "mode=0755"));
	need(!chdir("/"));
	umask(0);
}

static void become_user(void)
{
	need(!setgroups(0, NULL) && !setresgid(USER, USER, USER) &&
	     !setresuid(USER, USER, USER));
}

static void make_file(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

	need(fd >= 0 && !close(fd));
}

static void make_dir(const char *path, mode_t mode)
{
	need(!mkdir(path, mode));
}

/* Another file system at @path, which is made */
static void make_mount(const char *path, unsigned long flags)
{
	make_dir(path, 0755);
	need(!mount("none", path, "tmpfs", flags, NULL));
}

/* What stood in a file below /proc/sys is put back by the caller. */
static void write_sysctl(const char *name, const char *value, char *old, size_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	need(fd >= 0);
	if (old) {
		ssize_t len = read(fd, old, size - 1);

		need(len > 0);
		old[len] = '\0';
		need(!lseek(fd, 0, SEEK_SET));
	}
	need(write(fd, value, strlen(value)) == (ssize_t)strlen(value));
	close(fd);
}

/* A call while a sysctl has another value */
static int with_sysctl(const char *name, const char *value, int (*call)(void))
{
	char old[64];
	int ret, err;

	write_sysctl(name, value, old, sizeof(old));
	ret = call();
	err = errno;
	write_sysctl(name, old, NULL, 0);
	errno = err;
	return ret;
}

#endif /* FAIL_FS_H */
