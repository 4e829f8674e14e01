// SPDX-License-Identifier: GPL-2.0
/* Why mount(2), umount(2) and the calls of the new mount interface fail */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mount.h>

#include "fail.h"

static int umount_of_a_directory(void)
{
	return umount2("/proc/self", 0);
}

static int mount_succeeds(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL) || umount2("/tmp", 0);
}

static const struct fail_case cases[] = {
	{ "umount: no mount point", umount_of_a_directory, EINVAL, "mount",
	  "not a mount point", "can_umount" },
	{ .name = "mount and umount", .call = mount_succeeds },
};

int main(void)
{
	return fail_main(cases, ARRAY_SIZE(cases));
}
