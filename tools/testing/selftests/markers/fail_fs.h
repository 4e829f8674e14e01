/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A place in which the tests of failing calls can make, mount and break what they
 * like. Each call of a case is in a process of its own, so all goes with it.
 */
#ifndef FAIL_FS_H
#define FAIL_FS_H

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

#define NO_FD	999		/* never open */
#define NOWHERE	((void *)1)	/* a bad address */

/* A mount namespace that shares nothing, with an empty file system in /tmp */
static void sandbox(void)
{
	need(!unshare(CLONE_NEWNS));
	need(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	need(!mount("none", "/tmp", "tmpfs", 0, "mode=0755"));
	need(!chdir("/"));
	umask(0);
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
static void __maybe_unused make_mount(const char *path, unsigned long flags)
{
	make_dir(path, 0755);
	need(!mount("none", path, "tmpfs", flags, NULL));
}

#endif /* FAIL_FS_H */
