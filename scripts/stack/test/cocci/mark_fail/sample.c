// SPDX-License-Identifier: GPL-2.0
/*
 * What scripts/coccinelle/markers/mark_fail.cocci has to convert, to show and to let
 * be; "check conversion" compares its output with the files beside this one. It is not
 * compiled.
 */

#include <linux/fs.h>
#include <linux/mount.h>

#include "internal.h"

#define ENTRY	3

int converted(int c, struct lock *lock)
{
	int err;

	if (c == 1)
		return -EINVAL;
	if (c == 2) {
		err = -EPERM;
		goto out;
	}
	if (c == 3)
		err = -EACCES;
	else
		err = -EIO;
	switch (c) {
	case 4:
		err = -ENOTTY;
		break;
	}
	while (c) {
		err = -E2BIG;
		continue;
	}
	if (c == 5) {
		err = -EROFS;
		mutex_unlock(lock);
		path_put(c);
		goto out;
	}
	if (c == 6) {
		path_get(c);
		err = -EXDEV;
	}
	if (c == 7) {
		err = -EBUSY;
		return err;
	}
out:
	return err;
}

void *converted_pointer(int c)
{
	void *p;

	if (c == 1) {
		p = ERR_PTR(-ENXIO);
		goto out;
	}
	return ERR_PTR(-EINVAL);
out:
	return p;
}

SYSCALL_DEFINE2(converted, int, a, int, b)
{
	if (a)
		return -EBADF;
	return mark_fail(mount, -EINVAL, "is converted");
}

static __always_inline int converted_inline(int c)
{
	return -EFAULT;
}

void *left(int c)
{
	int err = -ENOMEM;
	void *p = ERR_PTR(-ENOENT);

	if (c == 1)
		goto out;
	err = -EBUSY;
	if (c == 2)
		goto out;
	p = ERR_PTR(-ENODEV);
	if (c == 3)
		return p;
	err = -ELOOP;
out:
	use(c ? -EINVAL : 0, c ? 0 : -EPERM, err ?: -EAGAIN);
	return c ? ERR_PTR(-ESRCH) : p;
}

/* Other names, comparisons and arguments */
int let_be(int c)
{
	if (c == 1)
		return -ERESTARTSYS;
	if (c == 2)
		return -EPROBE_DEFER;
	if (c == 3)
		return -ENOIOCTLCMD;
	if (c == 4)
		return -ENTRY;
	if (c == -EEXIST)
		use(-ENOSPC);
	if (ERR_PTR(c) == ERR_PTR(-ENOTDIR))
		return 0;
	switch (c) {
	case -EISDIR:
		return 1;
	}
	return -1;
}

int __init let_be_init(void)
{
	return -EINVAL;
}

static void __exit let_be_exit(void)
{
	use_err = -EINVAL;
}

static noinstr int let_be_noinstr(void)
{
	return -EINVAL;
}

int noinstr let_be_noinstr_too(int c)
{
	return c ? -EINVAL : 0;
}

static const struct sample let_be_member = {
	.err = -EINVAL,
};
