// SPDX-License-Identifier: GPL-2.0
/* Why mount(2), umount(2) and the calls of the new mount interface fail */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "fail_fs.h"

#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif

/* More bits than any flags have */
#define UNKNOWN 0x40000000

static int sys_fsopen(const char *type, unsigned int flags)
{
	return syscall(__NR_fsopen, type, flags);
}

static int sys_fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux)
{
	return syscall(__NR_fsconfig, fd, cmd, key, value, aux);
}

static int sys_fsmount(int fd, unsigned int flags, unsigned int attr)
{
	return syscall(__NR_fsmount, fd, flags, attr);
}

static int sys_fspick(const char *path, unsigned int flags)
{
	return syscall(__NR_fspick, AT_FDCWD, path, flags);
}

static int sys_open_tree(const char *path, unsigned int flags)
{
	return syscall(__NR_open_tree, AT_FDCWD, path, flags);
}

static int sys_move_mount(int from, const char *from_path, int to, const char *to_path,
			  unsigned int flags)
{
	return syscall(__NR_move_mount, from, from_path, to, to_path, flags);
}

static int sys_setattr(const char *path, unsigned int flags, struct mount_attr *attr, size_t size)
{
	return syscall(__NR_mount_setattr, AT_FDCWD, path, flags, attr, size);
}

/* A superblock's context, with this much done */
static int context(bool create)
{
	int fd = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);

	need(fd >= 0);
	if (create)
		need(!sys_fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	return fd;
}

static int umount_of_a_directory(void)
{
	return umount2("/proc/self", 0);
}

static int umount_with_unknown_flags(void)
{
	return umount2("/tmp", UNKNOWN);
}

static int umount_by_a_user(void)
{
	become_user();
	return umount2("/proc", 0);
}

static int umount_of_what_is_in_use(void)
{
	sandbox();
	need(!chdir("/tmp"));
	return umount2("/tmp", 0);
}

static int umount_below_which_is_a_mount(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_mount("/tmp/a/b", 0);
	return umount2("/tmp/a", 0);
}

static int expire_and_detach(void)
{
	sandbox();
	return umount2("/tmp", MNT_EXPIRE | MNT_DETACH);
}

static int expire_what_is_in_use(void)
{
	sandbox();
	need(!chdir("/tmp"));
	return umount2("/tmp", MNT_EXPIRE);
}

static int mount_succeeds(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL) || umount2("/tmp", 0);
}

static int mount_without_type(void)
{
	sandbox();
	return mount("none", "/tmp", NULL, 0, NULL);
}

static int mount_of_unknown_type(void)
{
	sandbox();
	return mount("none", "/tmp", "nosuchfs", 0, NULL);
}

static int mount_for_the_kernel(void)
{
	return mount("none", "/tmp", "tmpfs", 1UL << 31, NULL);
}

static int mount_by_a_user(void)
{
	become_user();
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static int mount_with_bad_options(void)
{
	sandbox();
	return mount("none", "/tmp", "tmpfs", 0, NOWHERE);
}

static int mount_with_unknown_option(void)
{
	sandbox();
	return mount("none", "/tmp", "tmpfs", 0, "nosuch=1");
}

static int mount_with_bad_value(void)
{
	sandbox();
	return mount("none", "/tmp", "tmpfs", 0, "mode=abc");
}

static int mount_with_value_of_flag(void)
{
	sandbox();
	return mount("none", "/tmp", "tmpfs", 0, "noswap=1");
}

static int mount_twice(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	need(!mount("none", "/tmp/a", "tracefs", 0, NULL));
	return mount("none", "/tmp/a", "tracefs", 0, NULL);
}

static int mount_one_more(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static int mount_too_many(void)
{
	sandbox();
	return with_sysctl("fs/mount-max", "1", mount_one_more);
}

static int bind_nothing(void)
{
	sandbox();
	return mount(NULL, "/tmp", NULL, MS_BIND, NULL);
}

static int bind_file_on_directory(void)
{
	sandbox();
	return mount("/proc/version", "/tmp", NULL, MS_BIND, NULL);
}

static int bind_unbindable(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	need(!mount(NULL, "/tmp", NULL, MS_UNBINDABLE, NULL));
	return mount("/tmp", "/tmp/a", NULL, MS_BIND, NULL);
}

static int bind_own_namespace(void)
{
	sandbox();
	make_file("/tmp/ns", 0600);
	return mount("/proc/self/ns/mnt", "/tmp/ns", NULL, MS_BIND, NULL);
}

static int bind_succeeds(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	return mount("/tmp", "/tmp/a", NULL, MS_BIND, NULL) ||
	       mount(NULL, "/tmp/a", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) ||
	       mount(NULL, "/tmp/a", NULL, MS_SHARED, NULL) ||
	       umount2("/tmp/a", MNT_DETACH);
}

static int move_nothing(void)
{
	sandbox();
	return mount(NULL, "/tmp", NULL, MS_MOVE, NULL);
}

static int move_a_directory(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	make_dir("/tmp/b", 0755);
	return mount("/tmp/a", "/tmp/b", NULL, MS_MOVE, NULL);
}

static int move_to_a_file(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_file("/tmp/b", 0600);
	return mount("/tmp/a", "/tmp/b", NULL, MS_MOVE, NULL);
}

static int move_from_shared(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_dir("/tmp/b", 0755);
	need(!mount(NULL, "/tmp", NULL, MS_SHARED, NULL));
	return mount("/tmp/a", "/tmp/b", NULL, MS_MOVE, NULL);
}

static int move_below_itself(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_dir("/tmp/a/b", 0755);
	return mount("/tmp/a", "/tmp/a/b", NULL, MS_MOVE, NULL);
}

static int move_unbindable_to_shared(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_mount("/tmp/b", 0);
	need(!mount(NULL, "/tmp/a", NULL, MS_UNBINDABLE, NULL));
	need(!mount(NULL, "/tmp/b", NULL, MS_SHARED, NULL));
	return mount("/tmp/a", "/tmp/b", NULL, MS_MOVE, NULL);
}

static int change_type_to_two(void)
{
	sandbox();
	return mount(NULL, "/tmp", NULL, MS_SHARED | MS_SLAVE, NULL);
}

static int change_type_of_directory(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	return mount(NULL, "/tmp/a", NULL, MS_SHARED, NULL);
}

static int remount_mount_of_directory(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	return mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
}

static int remount_directory(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	return mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static int remount_what_is_written(void)
{
	sandbox();
	need(open("/tmp/file", O_CREAT | O_WRONLY, 0600) >= 0);
	return mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static int remount_with_deleted(void)
{
	sandbox();
	make_file("/tmp/file", 0600);
	need(open("/tmp/file", O_RDONLY) >= 0);
	need(!unlink("/tmp/file"));
	return mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static int fsopen_of_unknown_type(void)
{
	return sys_fsopen("nosuchfs", 0);
}

static int fsopen_with_unknown_flags(void)
{
	return sys_fsopen("tmpfs", UNKNOWN);
}

static int fsopen_by_a_user(void)
{
	become_user();
	return sys_fsopen("tmpfs", 0);
}

static int fspick_of_a_directory(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	return sys_fspick("/tmp/a", 0);
}

static int fspick_with_unknown_flags(void)
{
	return sys_fspick("/tmp", UNKNOWN);
}

static int fsconfig_of_unknown_command(void)
{
	return sys_fsconfig(context(false), 99, NULL, NULL, 0);
}

static int fsconfig_of_no_descriptor(void)
{
	return sys_fsconfig(NO_FD, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static int fsconfig_of_a_file(void)
{
	return sys_fsconfig(open("/proc/version", O_RDONLY), FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static int fsconfig_of_a_flag_with_value(void)
{
	return sys_fsconfig(context(false), FSCONFIG_SET_FLAG, "ro", "1", 0);
}

static int fsconfig_of_a_string_without_value(void)
{
	return sys_fsconfig(context(false), FSCONFIG_SET_STRING, "size", NULL, 0);
}

static int fsconfig_of_a_closed_descriptor(void)
{
	return sys_fsconfig(context(false), FSCONFIG_SET_FD, "fd", NULL, NO_FD);
}

static int fsconfig_of_a_command_with_key(void)
{
	return sys_fsconfig(context(false), FSCONFIG_CMD_CREATE, "key", NULL, 0);
}

static int fsconfig_after_create(void)
{
	return sys_fsconfig(context(true), FSCONFIG_SET_FLAG, "ro", NULL, 0);
}

static int fsconfig_of_two_sources(void)
{
	int fd = context(false);

	need(!sys_fsconfig(fd, FSCONFIG_SET_STRING, "source", "a", 0));
	return sys_fsconfig(fd, FSCONFIG_SET_STRING, "source", "b", 0);
}

static int create_twice(void)
{
	return sys_fsconfig(context(true), FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static int reconfigure_the_new(void)
{
	return sys_fsconfig(context(false), FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
}

static int reconfigure_dirsync(void)
{
	int fd;

	sandbox();
	fd = sys_fspick("/tmp", 0);
	need(fd >= 0);
	need(!sys_fsconfig(fd, FSCONFIG_SET_FLAG, "dirsync", NULL, 0));
	return sys_fsconfig(fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
}

static int create_exclusively(void)
{
	int fd = sys_fsopen("tracefs", FSOPEN_CLOEXEC);

	need(fd >= 0);
	return sys_fsconfig(fd, FSCONFIG_CMD_CREATE_EXCL, NULL, NULL, 0);
}

static int read_too_little_of_the_log(void)
{
	int fd = context(false);
	char c;

	need(sys_fsconfig(fd, FSCONFIG_SET_STRING, "mode", "abc", 0) < 0);
	return read(fd, &c, 1) < 0 ? -1 : 0;
}

static int fsmount_with_unknown_flags(void)
{
	return sys_fsmount(context(true), UNKNOWN, 0);
}

static int fsmount_with_unknown_attributes(void)
{
	return sys_fsmount(context(true), 0, UNKNOWN);
}

static int fsmount_with_two_atimes(void)
{
	return sys_fsmount(context(true), 0, MOUNT_ATTR__ATIME);
}

static int fsmount_before_create(void)
{
	return sys_fsmount(context(false), 0, 0);
}

static int fsmount_twice(void)
{
	int fd = context(true);

	need(sys_fsmount(fd, 0, 0) >= 0);
	return sys_fsmount(fd, 0, 0);
}

static int fsmount_of_no_descriptor(void)
{
	return sys_fsmount(NO_FD, 0, 0);
}

static int fsmount_of_a_file(void)
{
	return sys_fsmount(open("/proc/version", O_RDONLY), 0, 0);
}

static int fsmount_succeeds(void)
{
	int fd;

	sandbox();
	fd = sys_fsmount(context(true), 0, MOUNT_ATTR_NOEXEC);
	return fd < 0 || sys_move_mount(fd, "", AT_FDCWD, "/tmp", MOVE_MOUNT_F_EMPTY_PATH);
}

static int open_tree_with_unknown_flags(void)
{
	return sys_open_tree("/tmp", UNKNOWN);
}

static int open_tree_recursively_without_clone(void)
{
	return sys_open_tree("/tmp", AT_RECURSIVE);
}

static int open_tree_by_a_user(void)
{
	become_user();
	return sys_open_tree("/tmp", OPEN_TREE_CLONE);
}

static int open_tree_of_a_pipe(void)
{
	int fds[2];
	char path[32];

	need(!pipe(fds));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	return sys_open_tree(path, OPEN_TREE_CLONE);
}

static int move_mount_with_unknown_flags(void)
{
	return sys_move_mount(AT_FDCWD, "/tmp", AT_FDCWD, "/tmp", UNKNOWN);
}

static int move_mount_beneath_and_group(void)
{
	return sys_move_mount(AT_FDCWD, "/tmp", AT_FDCWD, "/tmp",
			      MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_BENEATH);
}

static int move_mount_from_no_descriptor(void)
{
	return sys_move_mount(NO_FD, "", AT_FDCWD, "/tmp", MOVE_MOUNT_F_EMPTY_PATH);
}

static int move_mount_beneath_a_directory(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_dir("/tmp/b", 0755);
	return sys_move_mount(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", MOVE_MOUNT_BENEATH);
}

static int move_mount_of_a_group_between_filesystems(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_mount("/tmp/b", 0);
	return sys_move_mount(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", MOVE_MOUNT_SET_GROUP);
}

static int setattr(unsigned int flags, struct mount_attr attr)
{
	sandbox();
	return sys_setattr("/tmp", flags, &attr, sizeof(attr));
}

static int setattr_with_unknown_flags(void)
{
	return setattr(UNKNOWN, (struct mount_attr){ });
}

static int setattr_of_small_structure(void)
{
	struct mount_attr attr = { };

	return sys_setattr("/tmp", 0, &attr, 8);
}

static int setattr_of_big_structure(void)
{
	struct mount_attr attr = { };

	return sys_setattr("/tmp", 0, &attr, 1 << 20);
}

static int setattr_of_newer_structure(void)
{
	struct { struct mount_attr attr; uint64_t more; } new = { .more = 1 };

	return sys_setattr("/tmp", 0, &new.attr, sizeof(new));
}

static int setattr_of_unknown_attributes(void)
{
	return setattr(0, (struct mount_attr){ .attr_set = UNKNOWN });
}

static int setattr_of_two_propagations(void)
{
	return setattr(0, (struct mount_attr){ .propagation = MS_SHARED | MS_PRIVATE });
}

static int setattr_of_atime_that_stays(void)
{
	return setattr(0, (struct mount_attr){ .attr_set = MOUNT_ATTR_NOATIME });
}

static int setattr_of_part_of_atime(void)
{
	return setattr(0, (struct mount_attr){ .attr_clr = MOUNT_ATTR_NOATIME });
}

static int setattr_of_a_directory(void)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	sandbox();
	make_dir("/tmp/a", 0755);
	return sys_setattr("/tmp/a", 0, &attr, sizeof(attr));
}

static int setattr_of_what_is_written(void)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	sandbox();
	need(open("/tmp/file", O_CREAT | O_WRONLY, 0600) >= 0);
	return sys_setattr("/tmp", 0, &attr, sizeof(attr));
}

static int setattr_of_closed_userns(void)
{
	return setattr(0, (struct mount_attr){ .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = NO_FD });
}

static int setattr_of_wrong_userns(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);

	return setattr(0, (struct mount_attr){ .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = fd });
}

static int setattr_of_no_namespace(void)
{
	int fd = open("/proc/version", O_RDONLY);

	return setattr(0, (struct mount_attr){ .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = fd });
}

static int pivot_by_a_user(void)
{
	become_user();
	return syscall(__NR_pivot_root, "/tmp", "/tmp");
}

static int pivot_to_a_directory(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_dir("/tmp/a/b", 0755);
	need(!chroot("/tmp/a"));
	return syscall(__NR_pivot_root, "/b", "/b");
}

static int pivot_to_shared(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	make_dir("/tmp/a/old", 0755);
	need(!mount(NULL, "/tmp", NULL, MS_SHARED, NULL));
	return syscall(__NR_pivot_root, "/tmp/a", "/tmp/a/old");
}

/* struct mnt_id_req in its first version */
struct id_req {
	uint32_t size, spare;
	uint64_t mnt_id, param;
};

static int statmount(struct id_req req, unsigned int flags)
{
	char buf[1024];

	return syscall(__NR_statmount, &req, buf, sizeof(buf), flags);
}

static int statmount_with_unknown_flags(void)
{
	return statmount((struct id_req){ .size = 24, .mnt_id = 1ULL << 40 }, UNKNOWN);
}

static int statmount_of_unknown_mount(void)
{
	return statmount((struct id_req){ .size = 24, .mnt_id = 1ULL << 40 }, 0);
}

static int statmount_of_old_id(void)
{
	return statmount((struct id_req){ .size = 24, .mnt_id = 1 }, 0);
}

static int statmount_of_small_request(void)
{
	return statmount((struct id_req){ .size = 8 }, 0);
}

static int listmount_of_too_many(void)
{
	struct id_req req = { .size = 24, .mnt_id = UINT64_MAX };
	uint64_t ids;

	return syscall(__NR_listmount, &req, &ids, 2000000UL, 0);
}

static int listmount_to_nowhere(void)
{
	struct id_req req = { .size = 24, .mnt_id = UINT64_MAX };

	return syscall(__NR_listmount, &req, (void *)-4096L, 10UL, 0);
}

static int setns_by_a_user(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);

	need(fd >= 0);
	become_user();
	return setns(fd, CLONE_NEWNS);
}

static int setns_with_shared_root(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);
	int ret, err;
	pid_t pid;

	need(fd >= 0);
	pid = sys_clone(CLONE_FS | SIGCHLD);
	need(pid >= 0);
	if (!pid) {
		pause();
		_exit(0);
	}
	ret = setns(fd, CLONE_NEWNS);
	err = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = err;
	return ret;
}

static int thaw_what_is_not_frozen(void)
{
	sandbox();
	return ioctl(open("/tmp", O_RDONLY), FITHAW, 0);
}

static const struct fail_case cases[] = {
	{ "umount: no mount point", umount_of_a_directory, EINVAL, "mount",
	  "not a mount point", "can_umount" },
	{ "umount: unknown flags", umount_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for umount2()", "ksys_umount" },
	{ "umount: by a user", umount_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in the mount namespace", "can_umount" },
	{ "umount: in use", umount_of_what_is_in_use, EBUSY, "mount",
	  "in use by open files, working directories or mounts", "do_umount" },
	{ "umount: a mount below", umount_below_which_is_a_mount, EBUSY, "mount",
	  "in use by open files, working directories or mounts", "do_umount" },
	{ "umount: MNT_EXPIRE and MNT_DETACH", expire_and_detach, EINVAL, "mount",
	  "MNT_EXPIRE excludes MNT_FORCE, MNT_DETACH and the root", "do_umount" },
	{ "umount: MNT_EXPIRE in use", expire_what_is_in_use, EBUSY, "mount",
	  "a mount that is in use does not expire", "do_umount" },
	{ .name = "mount and umount", .call = mount_succeeds },
	{ "mount: no type", mount_without_type, EINVAL, "mount",
	  "no filesystem type was given", "do_new_mount" },
	{ "mount: unknown type", mount_of_unknown_type, ENODEV, "mount",
	  "no filesystem type nosuchfs in the kernel or a module", "do_new_mount" },
	{ "mount: MS_NOUSER", mount_for_the_kernel, EINVAL, "mount",
	  "MS_NOUSER is internal to the kernel", "__path_mount" },
	{ "mount: by a user", mount_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in the mount namespace", "__path_mount" },
	{ "mount: bad address", mount_with_bad_options, EFAULT, "mount",
	  "the options are at a bad address", "copy_mount_options" },
	{ "mount: unknown option", mount_with_unknown_option, EINVAL, "mount",
	  "tmpfs has no option nosuch", "vfs_parse_fs_param" },
	{ "mount: bad value of an option", mount_with_bad_value, EINVAL, "mount",
	  "the option mode does not take this value", "fs_param_bad_value" },
	{ "mount: value for a flag", mount_with_value_of_flag, EINVAL, "mount",
	  "the option noswap takes no value", "__fs_parse" },
	{ "mount: twice at the same place", mount_twice, EBUSY, "mount",
	  "the filesystem is mounted there already", "do_add_mount" },
	{ "mount: too many", mount_too_many, ENOSPC, "mount",
	  "too many mounts in the mount namespace, fs.mount-max is 1", "count_mounts" },
	{ "bind: no source", bind_nothing, EINVAL, "mount",
	  "no source was given for a bind mount", "do_loopback" },
	{ "bind: a file on a directory", bind_file_on_directory, ENOTDIR, "mount",
	  "a directory only mounts on a directory, and a file on a file", "graft_tree" },
	{ "bind: unbindable", bind_unbindable, EINVAL, "mount",
	  "the source is an unbindable mount", "__do_loopback" },
	{ "bind: the own mount namespace", bind_own_namespace, EINVAL, "mount",
	  "a mount namespace can only be mounted in an older one", "do_loopback" },
	{ .name = "bind, remount, share and detach", .call = bind_succeeds },
	{ "move: no source", move_nothing, EINVAL, "mount",
	  "no source was given to move", "do_move_mount_old" },
	{ "move: a directory", move_a_directory, EINVAL, "mount",
	  "the source is not a mount point", "do_move_mount" },
	{ "move: to a file", move_to_a_file, EINVAL, "mount",
	  "a directory only moves onto a directory, and a file onto a file", "do_move_mount" },
	{ "move: from a shared mount", move_from_shared, EINVAL, "mount",
	  "the parent of the mount is shared: make that private", "do_move_mount" },
	{ "move: below itself", move_below_itself, ELOOP, "mount",
	  "the target is below the source", "do_move_mount" },
	{ "move: unbindable to shared", move_unbindable_to_shared, EINVAL, "mount",
	  "a tree with unbindable mounts cannot be moved to a shared mount", "do_move_mount" },
	{ "propagation: two", change_type_to_two, EINVAL, "mount",
	  "give one of MS_SHARED, MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE", "do_change_type" },
	{ "propagation: of a directory", change_type_of_directory, EINVAL, "mount",
	  "not a mount point", "do_change_type" },
	{ "remount: the mount of a directory", remount_mount_of_directory, EINVAL, "mount",
	  "not a mount point", "do_reconfigure_mnt" },
	{ "remount: a directory", remount_directory, EINVAL, "mount",
	  "not a mount point", "do_remount" },
	{ "remount: a file is open for writing", remount_what_is_written, EBUSY, "mount",
	  "a file is open for writing on the mount", "mnt_hold_writers" },
	{ "remount: a deleted file is open", remount_with_deleted, EBUSY, "mount",
	  "deleted files that are still open have to be closed first",
	  "sb_prepare_remount_readonly" },
	{ "fsopen: unknown type", fsopen_of_unknown_type, ENODEV, "mount",
	  "no such filesystem type in the kernel or a module", "__do_sys_fsopen" },
	{ "fsopen: unknown flags", fsopen_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for fsopen()", "__do_sys_fsopen" },
	{ "fsopen: by a user", fsopen_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in the mount namespace", "__do_sys_fsopen" },
	{ "fspick: a directory", fspick_of_a_directory, EINVAL, "mount",
	  "not a mount point", "__do_sys_fspick" },
	{ "fspick: unknown flags", fspick_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for fspick()", "__do_sys_fspick" },
	{ "fsconfig: unknown command", fsconfig_of_unknown_command, EOPNOTSUPP, "mount",
	  "unknown command for fsconfig()", "__do_sys_fsconfig" },
	{ "fsconfig: no descriptor", fsconfig_of_no_descriptor, EBADF, "mount",
	  "not an open file descriptor", "__do_sys_fsconfig" },
	{ "fsconfig: a file", fsconfig_of_a_file, EINVAL, "mount",
	  "the file descriptor is not from fsopen() or fspick()", "__do_sys_fsconfig" },
	{ "fsconfig: a flag with a value", fsconfig_of_a_flag_with_value, EINVAL, "mount",
	  "FSCONFIG_SET_FLAG takes a key, and no value or aux", "__do_sys_fsconfig" },
	{ "fsconfig: a string without value", fsconfig_of_a_string_without_value, EINVAL, "mount",
	  "FSCONFIG_SET_STRING takes a key and a value, and no aux", "__do_sys_fsconfig" },
	{ "fsconfig: a closed descriptor", fsconfig_of_a_closed_descriptor, EBADF, "mount",
	  "aux is not an open file descriptor", "__do_sys_fsconfig" },
	{ "fsconfig: a command with a key", fsconfig_of_a_command_with_key, EINVAL, "mount",
	  "a command takes neither key nor value nor aux", "__do_sys_fsconfig" },
	{ "fsconfig: after create", fsconfig_after_create, EBUSY, "mount",
	  "the superblock exists already, or the context failed", "vfs_fsconfig_locked" },
	{ "fsconfig: two sources", fsconfig_of_two_sources, EINVAL, "mount",
	  "a source was given already", "vfs_parse_fs_param_source" },
	{ "fsconfig: create twice", create_twice, EBUSY, "mount",
	  "the context was used already, has failed, or is from fspick()", "vfs_cmd_create" },
	{ "fsconfig: reconfigure what is new", reconfigure_the_new, EBUSY, "mount",
	"only a context from fspick() that has not failed can be reconfigured", "vfs_cmd_reconfigure" },
	{ "fsconfig: reconfigure dirsync", reconfigure_dirsync, EINVAL, "mount",
	  "a flag such as dirsync cannot be changed by a remount", "reconfigure_super" },
	{ "fsconfig: create what exists", create_exclusively, EBUSY, "mount",
	  "mounted already, which FSCONFIG_CMD_CREATE_EXCL refuses", "sget_fc" },
	{ "fscontext: a short read", read_too_little_of_the_log, EMSGSIZE, "mount",
	  "the next message exceeds the buffer", "fetch_message_locked" },
	{ "fsmount: unknown flags", fsmount_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for fsmount()", "do_fsmount" },
	{ "fsmount: unknown attributes", fsmount_with_unknown_attributes, EINVAL, "mount",
	  "unknown attributes for fsmount()", "do_fsmount" },
	{ "fsmount: two atimes", fsmount_with_two_atimes, EINVAL, "mount",
	  "give only one of the MOUNT_ATTR_ flags for atime", "do_fsmount" },
	{ "fsmount: before create", fsmount_before_create, EINVAL, "mount",
	  "no superblock yet: FSCONFIG_CMD_CREATE has to come first", "do_fsmount" },
	{ "fsmount: twice", fsmount_twice, EBUSY, "mount",
	  "fsmount() was called already, or the context is from fspick()", "do_fsmount" },
	{ "fsmount: no descriptor", fsmount_of_no_descriptor, EBADF, "mount",
	  "not an open file descriptor", "do_fsmount" },
	{ "fsmount: a file", fsmount_of_a_file, EINVAL, "mount",
	  "the file descriptor is not from fsopen() or fspick()", "do_fsmount" },
	{ .name = "fsopen, fsconfig, fsmount and move_mount", .call = fsmount_succeeds },
	{ "open_tree: unknown flags", open_tree_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for open_tree()", "vfs_open_tree" },
	{ "open_tree: recursive only", open_tree_recursively_without_clone, EINVAL, "mount",
	  "AT_RECURSIVE needs OPEN_TREE_CLONE or OPEN_TREE_NAMESPACE", "vfs_open_tree" },
	{ "open_tree: by a user", open_tree_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in the mount namespace", "vfs_open_tree" },
	{ "open_tree: a pipe", open_tree_of_a_pipe, EINVAL, "mount",
	  "the source is in another mount namespace, was unmounted, or is internal to the kernel", "__do_loopback" },
	{ "move_mount: unknown flags", move_mount_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for move_mount()", "__do_sys_move_mount" },
	{ "move_mount: beneath and group", move_mount_beneath_and_group, EINVAL, "mount",
	  "MOVE_MOUNT_BENEATH and MOVE_MOUNT_SET_GROUP exclude each other",
	  "__do_sys_move_mount" },
	{ "move_mount: no descriptor", move_mount_from_no_descriptor, EBADF, "mount",
	  "the source is not an open file descriptor", "__do_sys_move_mount" },
	{ "move_mount: beneath a directory", move_mount_beneath_a_directory, EINVAL, "mount",
	  "MOVE_MOUNT_BENEATH needs a mount point", "do_lock_mount" },
	{ "move_mount: a group of another file system", move_mount_of_a_group_between_filesystems,
	  EINVAL, "mount", "a sharing group needs two mounts of the same filesystem",
	  "do_set_group" },
	{ "mount_setattr: unknown flags", setattr_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for mount_setattr()", "__do_sys_mount_setattr" },
	{ "mount_setattr: a small structure", setattr_of_small_structure, EINVAL, "mount",
	  "struct mount_attr is too small", "wants_mount_setattr" },
	{ "mount_setattr: a big structure", setattr_of_big_structure, E2BIG, "mount",
	  "struct mount_attr is too big", "wants_mount_setattr" },
	{ "mount_setattr: a newer structure", setattr_of_newer_structure, E2BIG, "mount",
	  "struct mount_attr is at a bad address, or of a newer kernel", "wants_mount_setattr" },
	{ "mount_setattr: unknown attributes", setattr_of_unknown_attributes, EINVAL, "mount",
	  "unknown attributes in struct mount_attr", "build_mount_kattr" },
	{ "mount_setattr: two propagations", setattr_of_two_propagations, EINVAL, "mount",
	  "give only one propagation in struct mount_attr", "build_mount_kattr" },
	{ "mount_setattr: atime is not cleared", setattr_of_atime_that_stays, EINVAL, "mount",
	  "to set an atime attribute, clear MOUNT_ATTR__ATIME", "build_mount_kattr" },
	{ "mount_setattr: part of atime is cleared", setattr_of_part_of_atime, EINVAL, "mount",
	  "MOUNT_ATTR__ATIME can only be cleared as a whole", "build_mount_kattr" },
	{ "mount_setattr: a directory", setattr_of_a_directory, EINVAL, "mount",
	  "not a mount point", "__do_mount_setattr" },
	{ "mount_setattr: a file is open for writing", setattr_of_what_is_written, EBUSY, "mount",
	  "a file is open for writing on the mount", "mnt_hold_writers" },
	{ "mount_setattr: userns_fd is closed", setattr_of_closed_userns, EBADF, "mount",
	  "userns_fd is not an open file descriptor", "build_mount_idmapped" },
	{ "mount_setattr: userns_fd is of another kind", setattr_of_wrong_userns, EINVAL, "mount",
	  "userns_fd is not a user namespace", "build_mount_idmapped" },
	{ "mount_setattr: userns_fd is a file", setattr_of_no_namespace, EINVAL, "mount",
	  "userns_fd is not a namespace", "build_mount_idmapped" },
	{ "pivot_root: by a user", pivot_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in the mount namespace", "path_pivot_root" },
	{ "pivot_root: on the present root", pivot_to_a_directory, EBUSY, "mount",
	  "the new root or put_old is on the mount of the current root", "path_pivot_root" },
	{ "pivot_root: shared", pivot_to_shared, EINVAL, "mount",
	  "put_old or a parent of either root is shared: make it private", "path_pivot_root" },
	{ "statmount: unknown flags", statmount_with_unknown_flags, EINVAL, "mount",
	  "unknown flags for statmount()", "__do_sys_statmount" },
	{ "statmount: unknown mount", statmount_of_unknown_mount, ENOENT, "mount",
	  "no mount has this ID", "do_statmount" },
	{ "statmount: an old ID", statmount_of_old_id, EINVAL, "mount",
	  "mnt_id is not a unique ID, see STATX_MNT_ID_UNIQUE", "copy_mnt_id_req" },
	{ "statmount: a small request", statmount_of_small_request, EINVAL, "mount",
	  "struct mnt_id_req is too small", "copy_mnt_id_req" },
	{ "listmount: too many", listmount_of_too_many, EOVERFLOW, "mount",
	  "more than a million mounts were asked for", "__do_sys_listmount" },
	{ "listmount: a bad address", listmount_to_nowhere, EFAULT, "mount",
	  "the array is at a bad address", "__do_sys_listmount" },
	{ "setns: by a user", setns_by_a_user, EPERM, "mount",
	  "needs CAP_SYS_ADMIN in both user namespaces, and CAP_SYS_CHROOT", "mntns_install" },
	{ "setns: with a shared root", setns_with_shared_root, EINVAL, "mount",
	  "root and working directory are shared with other tasks", "mntns_install" },
	{ "thaw: not frozen", thaw_what_is_not_frozen, EINVAL, "mount",
	  "the filesystem is not frozen", "thaw_super_locked" },
};

int main(void)
{
	return fail_main(cases, ARRAY_SIZE(cases));
}
