// SPDX-License-Identifier: GPL-2.0
/* Why calls that take a path, and those that open and change files, fail */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <utime.h>

#include "fail_fs.h"

/* 32 bits have another call for large files. */
#if __SIZEOF_LONG__ == 8
#define DO_SYS_FCNTL	"__do_sys_fcntl"
#define DO_FCNTL	"do_fcntl"
#define FLOCK		"struct flock"
#else
#define DO_SYS_FCNTL	"__do_sys_fcntl64"
#define DO_FCNTL	"__do_sys_fcntl64"
#define FLOCK		"struct flock64"
#endif

#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif

/* More bits than any flags have */
#define UNKNOWN 0x40000000

/* A call that returns a file descriptor, as one that returns 0 */
static int opened(int fd)
{
	return fd < 0 ? -1 : 0;
}

static int sys_openat2(const char *path, struct open_how how)
{
	return opened(syscall(__NR_openat2, AT_FDCWD, path, &how, sizeof(how)));
}

static void make_link(const char *target, const char *path)
{
	need(!symlink(target, path));
}

/* What chattr does */
static void set_flags(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	need(fd >= 0 && !ioctl(fd, FS_IOC_SETFLAGS, &flags));
	close(fd);
}

static void sandbox_with_file(mode_t mode)
{
	sandbox();
	make_file("/tmp/file", mode);
}

/* /tmp/ro is a mount of /tmp that cannot be written; there are a file and a directory. */
static void sandbox_read_only(void)
{
	sandbox_with_file(0644);
	make_dir("/tmp/dir", 0755);
	make_dir("/tmp/ro", 0755);
	need(!mount("/tmp", "/tmp/ro", NULL, MS_BIND, NULL));
	need(!mount(NULL, "/tmp/ro", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
}

/* A directory as /tmp mostly is */
static void sandbox_sticky(void)
{
	sandbox();
	make_dir("/tmp/sticky", 0755);
	need(!chmod("/tmp/sticky", 01777));
}

static int open_without_permission(void)
{
	sandbox_with_file(0600);
	become_user();
	return opened(open("/tmp/file", O_RDONLY));
}

static int search_without_permission(void)
{
	sandbox();
	make_dir("/tmp/dir", 0700);
	make_file("/tmp/dir/file", 0666);
	become_user();
	return opened(open("/tmp/dir/file", O_RDONLY));
}

static int create_without_permission(void)
{
	sandbox();
	become_user();
	return mkdir("/tmp/dir", 0755);
}

static int execute_without_bit(void)
{
	sandbox_with_file(0644);
	return execl("/tmp/file", "file", NULL);
}

static int execute_on_noexec(void)
{
	sandbox();
	make_mount("/tmp/a", MS_NOEXEC);
	make_file("/tmp/a/file", 0755);
	return execl("/tmp/a/file", "file", NULL);
}

static int execute_a_directory(void)
{
	return execl("/proc", "proc", NULL);
}

static int execute_a_fifo(void)
{
	sandbox();
	need(!mkfifo("/tmp/fifo", 0755));
	return execl("/tmp/fifo", "fifo", NULL);
}

static int access_on_noexec(void)
{
	sandbox();
	make_mount("/tmp/a", MS_NOEXEC);
	make_file("/tmp/a/file", 0755);
	return access("/tmp/a/file", X_OK);
}

static int open_of_empty_path(void)
{
	return opened(open("", O_RDONLY));
}

static int open_of_long_path(void)
{
	char path[5000];

	memset(path, '/', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	return opened(open(path, O_RDONLY));
}

static int open_of_bad_address(void)
{
	return opened(syscall(__NR_openat, AT_FDCWD, NOWHERE, O_RDONLY, 0));
}

static int open_below_a_file(void)
{
	return opened(open("/proc/version/file", O_RDONLY));
}

static int open_below_no_descriptor(void)
{
	return opened(openat(NO_FD, "file", O_RDONLY));
}

static int open_below_descriptor_of_a_file(void)
{
	return opened(openat(open("/proc/version", O_RDONLY), "file", O_RDONLY));
}

static int open_of_a_file_as_directory(void)
{
	return opened(open("/proc/version", O_RDONLY | O_DIRECTORY));
}

static int open_of_a_directory_for_writing(void)
{
	return opened(open("/proc", O_WRONLY));
}

static int open_of_a_directory_to_create(void)
{
	return opened(open("/proc", O_CREAT | O_RDONLY, 0600));
}

static int open_to_create_with_slash(void)
{
	sandbox();
	return opened(open("/tmp/file/", O_CREAT | O_WRONLY, 0600));
}

/* A file system in which the kernel alone makes files */
static void sandbox_of_the_kernel(void)
{
	sandbox();
	make_dir("/tmp/a", 0755);
	need(!mount("none", "/tmp/a", "tracefs", 0, NULL));
}

static int create_in_tracefs(void)
{
	sandbox_of_the_kernel();
	return opened(open("/tmp/a/new", O_CREAT | O_WRONLY, 0600));
}

/* Look at a process of root in a /proc that hides such. */
static int look_at_hidden(const char *options, const char *name)
{
	char path[64];

	sandbox();
	make_dir("/tmp/proc", 0755);
	need(!mount("none", "/tmp/proc", "proc", 0, options));
	snprintf(path, sizeof(path), "/tmp/proc/%d%s", getppid(), name);
	return become_user() ?: opened(open(path, O_RDONLY));
}

static int look_at_invisible(void)
{
	return look_at_hidden("hidepid=invisible", "/status");
}

static int look_at_not_accessible(void)
{
	return look_at_hidden("hidepid=noaccess", "/status");
}

static int look_at_not_ptraceable(void)
{
	return look_at_hidden("hidepid=ptraceable", "");
}

static int look_at_what_is_not_hidden(void)
{
	return look_at_hidden("hidepid=off", "/status");
}

static int create_in_deleted_directory(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	need(!chdir("/tmp/dir") && !rmdir("/tmp/dir"));
	return opened(open("file", O_CREAT | O_WRONLY, 0600));
}

static int mkdir_in_deleted_directory(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	need(!chdir("/tmp/dir") && !rmdir("/tmp/dir"));
	return mkdir("dir", 0700);
}

static int mkdir_in_tracefs(void)
{
	sandbox_of_the_kernel();
	return mkdir("/tmp/a/new", 0700);
}

static int chdir_to_a_file(void)
{
	return chdir("/proc/version");
}

static int follow_a_loop(void)
{
	sandbox();
	make_link("/tmp/link", "/tmp/link");
	return opened(open("/tmp/link", O_RDONLY));
}

static int open_a_link_with_nofollow(void)
{
	return opened(open("/proc/self/exe", O_RDONLY | O_NOFOLLOW));
}

static int follow_on_nosymfollow(void)
{
	sandbox();
	make_mount("/tmp/a", 256 /* MS_NOSYMFOLLOW */);
	make_link("/proc", "/tmp/a/link");
	return opened(open("/tmp/a/link", O_RDONLY));
}

static int resolve_without_links(void)
{
	return sys_openat2("/proc/self", (struct open_how){ .resolve = RESOLVE_NO_SYMLINKS });
}

static int resolve_without_links_of_proc(void)
{
	return sys_openat2("/proc/self/exe",
			   (struct open_how){ .resolve = RESOLVE_NO_MAGICLINKS });
}

static int resolve_beneath_of_proc(void)
{
	need(!chdir("/proc/self"));
	return sys_openat2("exe", (struct open_how){ .resolve = RESOLVE_BENEATH });
}

static int resolve_absolute_beneath(void)
{
	return sys_openat2("/proc", (struct open_how){ .resolve = RESOLVE_BENEATH });
}

static int resolve_up_beneath(void)
{
	need(!chdir("/proc"));
	return sys_openat2("..", (struct open_how){ .resolve = RESOLVE_BENEATH });
}

static int resolve_without_mounts(void)
{
	return sys_openat2("/proc/version", (struct open_how){ .resolve = RESOLVE_NO_XDEV });
}

static int resolve_up_without_mounts(void)
{
	need(!chdir("/proc"));
	return sys_openat2("..", (struct open_how){ .resolve = RESOLVE_NO_XDEV });
}

static int open_link(void)
{
	return opened(open("/tmp/sticky/link", O_RDONLY));
}

static int follow_in_sticky_directory(void)
{
	sandbox_sticky();
	make_link("/proc/version", "/tmp/sticky/link");
	need(!lchown("/tmp/sticky/link", USER, USER));
	return with_sysctl("fs/protected_symlinks", "1", open_link);
}

static int link_as_user(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		become_user();
		_exit(link("/tmp/sticky/file", "/tmp/sticky/link") ? errno : 0);
	}
	need(waitpid(pid, &status, 0) == pid);
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int link_file_of_another(void)
{
	sandbox_sticky();
	make_file("/tmp/sticky/file", 0600);
	return with_sysctl("fs/protected_hardlinks", "1", link_as_user);
}

static int open_fifo(void)
{
	return opened(open("/tmp/sticky/fifo", O_CREAT | O_RDWR, 0600));
}

static int create_fifo_of_another(void)
{
	sandbox_sticky();
	need(!mkfifo("/tmp/sticky/fifo", 0666));
	need(!chown("/tmp/sticky/fifo", USER, USER));
	return with_sysctl("fs/protected_fifos", "1", open_fifo);
}

static int open_regular(void)
{
	return opened(open("/tmp/sticky/file", O_CREAT | O_WRONLY, 0600));
}

static int create_regular_of_another(void)
{
	sandbox_sticky();
	make_file("/tmp/sticky/file", 0666);
	need(!chown("/tmp/sticky/file", USER, USER));
	need(!chmod("/tmp/sticky", 01775));
	return with_sysctl("fs/protected_regular", "2", open_regular);
}

static int unlink_in_sticky_directory(void)
{
	sandbox_sticky();
	make_file("/tmp/sticky/file", 0666);
	become_user();
	return unlink("/tmp/sticky/file");
}

static int open_immutable(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_IMMUTABLE_FL);
	return opened(open("/tmp/file", O_WRONLY));
}

static int unlink_immutable(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_IMMUTABLE_FL);
	return unlink("/tmp/file");
}

static int link_immutable(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_IMMUTABLE_FL);
	return link("/tmp/file", "/tmp/link");
}

static int chmod_immutable(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_IMMUTABLE_FL);
	return chmod("/tmp/file", 0644);
}

static int overwrite_append_only(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_APPEND_FL);
	return opened(open("/tmp/file", O_WRONLY));
}

static int truncate_append_only(void)
{
	sandbox_with_file(0600);
	set_flags("/tmp/file", FS_APPEND_FL);
	return truncate("/tmp/file", 0);
}

static int unlink_in_append_only_directory(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	make_file("/tmp/dir/file", 0600);
	set_flags("/tmp/dir", FS_APPEND_FL);
	return unlink("/tmp/dir/file");
}

static int noatime_of_another(void)
{
	sandbox_with_file(0644);
	become_user();
	return opened(open("/tmp/file", O_RDONLY | O_NOATIME));
}

static int open_device_on_nodev(void)
{
	sandbox();
	make_mount("/tmp/a", MS_NODEV);
	need(!mknod("/tmp/a/null", S_IFCHR | 0666, makedev(1, 3)));
	return opened(open("/tmp/a/null", O_RDWR));
}

static int mkdir_read_only(void)
{
	sandbox_read_only();
	return mkdir("/tmp/ro/new", 0755);
}

static int rmdir_read_only(void)
{
	sandbox_read_only();
	return rmdir("/tmp/ro/dir");
}

static int unlink_read_only(void)
{
	sandbox_read_only();
	return unlink("/tmp/ro/file");
}

static int rename_read_only(void)
{
	sandbox_read_only();
	return rename("/tmp/ro/file", "/tmp/ro/new");
}

static int create_read_only(void)
{
	sandbox_read_only();
	return opened(open("/tmp/ro/new", O_CREAT | O_WRONLY, 0600));
}

static int truncate_at_open_read_only(void)
{
	sandbox_read_only();
	return opened(open("/tmp/ro/file", O_WRONLY | O_TRUNC));
}

static int write_read_only(void)
{
	sandbox_read_only();
	return opened(open("/tmp/ro/file", O_WRONLY));
}

static int write_read_only_superblock(void)
{
	sandbox_with_file(0644);
	need(!mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	return opened(open("/tmp/file", O_WRONLY));
}

static int tmpfile_read_only(void)
{
	sandbox_read_only();
	return opened(open("/tmp/ro", O_TMPFILE | O_RDWR, 0600));
}

static int chmod_read_only(void)
{
	sandbox_read_only();
	return chmod("/tmp/ro/file", 0600);
}

static int chown_read_only(void)
{
	sandbox_read_only();
	return chown("/tmp/ro/file", USER, USER);
}

static int truncate_read_only(void)
{
	sandbox_read_only();
	return truncate("/tmp/ro/file", 0);
}

static int access_read_only(void)
{
	sandbox_read_only();
	return access("/tmp/ro/file", W_OK);
}

static int utime_read_only(void)
{
	sandbox_read_only();
	return utime("/tmp/ro/file", NULL);
}

static int tmpfile_in_proc(void)
{
	return opened(open("/proc", O_TMPFILE | O_RDWR, 0600));
}

static int mknod_of_a_directory(void)
{
	return mknod("/tmp/new", S_IFDIR | 0700, 0);
}

static int mknod_of_unknown_type(void)
{
	return mknod("/tmp/new", S_IFLNK | 0700, 0);
}

static int mknod_by_a_user(void)
{
	sandbox_sticky();
	become_user();
	return mknod("/tmp/sticky/null", S_IFCHR | 0666, makedev(1, 3));
}

static int rmdir_of_dot(void)
{
	return rmdir("/tmp/.");
}

static int rmdir_of_dots(void)
{
	return rmdir("/tmp/..");
}

static int rmdir_of_root(void)
{
	return rmdir("/");
}

static int rmdir_of_a_file(void)
{
	sandbox_with_file(0600);
	return rmdir("/tmp/file");
}

static int rmdir_of_a_mount_point(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	return rmdir("/tmp/a");
}

static int unlink_of_a_directory(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	return unlink("/tmp/dir");
}

static int unlink_of_dot(void)
{
	return unlink("/tmp/.");
}

static int unlink_with_slash(void)
{
	sandbox_with_file(0600);
	return unlink("/tmp/file/");
}

static int unlink_of_a_mount_point(void)
{
	sandbox_with_file(0600);
	need(!mount("/proc/version", "/tmp/file", NULL, MS_BIND, NULL));
	return unlink("/tmp/file");
}

static int unlink_with_unknown_flags(void)
{
	return unlinkat(AT_FDCWD, "/tmp/file", UNKNOWN);
}

static int link_of_a_directory(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	return link("/tmp/dir", "/tmp/link");
}

static int link_to_another_mount(void)
{
	sandbox();
	return link("/proc/version", "/tmp/link");
}

static int link_with_unknown_flags(void)
{
	return linkat(AT_FDCWD, "/proc/version", AT_FDCWD, "/tmp/link", UNKNOWN);
}

static int link_of_a_descriptor_of_another(void)
{
	int fd;

	sandbox_sticky();
	make_file("/tmp/sticky/file", 0666);
	fd = open("/tmp/sticky/file", O_RDONLY);
	need(fd >= 0);
	become_user();
	return linkat(fd, "", AT_FDCWD, "/tmp/sticky/link", AT_EMPTY_PATH);
}

static int link_of_a_deleted_file(void)
{
	char path[32];
	int fd;

	sandbox_with_file(0600);
	fd = open("/tmp/file", O_RDONLY);
	need(fd >= 0 && !unlink("/tmp/file"));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, "/tmp/link", AT_SYMLINK_FOLLOW);
}

static int rename_to_another_mount(void)
{
	sandbox_with_file(0600);
	make_mount("/tmp/a", 0);
	return rename("/tmp/file", "/tmp/a/file");
}

static int rename_below_itself(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	return rename("/tmp/dir", "/tmp/dir/dir");
}

static int rename_to_what_is_above(void)
{
	sandbox();
	make_dir("/tmp/dir", 0755);
	make_file("/tmp/dir/file", 0600);
	return rename("/tmp/dir/file", "/tmp/dir");
}

static int rename_of_dots(void)
{
	return rename("/tmp/..", "/tmp/new");
}

static int rename_to_dots(void)
{
	sandbox_with_file(0600);
	return rename("/tmp/file", "/tmp/..");
}

static int rename_of_a_mount_point(void)
{
	sandbox();
	make_mount("/tmp/a", 0);
	return rename("/tmp/a", "/tmp/b");
}

static int rename_to_a_slash(void)
{
	sandbox_with_file(0600);
	return rename("/tmp/file", "/tmp/new/");
}

static int rename_with_slash(void)
{
	sandbox_with_file(0600);
	return rename("/tmp/file/", "/tmp/new");
}

static int rename_to_a_directory(void)
{
	sandbox_with_file(0600);
	make_dir("/tmp/dir", 0755);
	return rename("/tmp/file", "/tmp/dir");
}

static int rename_with_unknown_flags(void)
{
	return renameat2(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", UNKNOWN);
}

static int rename_exchange_without_replacing(void)
{
	return renameat2(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b",
			 RENAME_EXCHANGE | RENAME_NOREPLACE);
}

static int readlink_to_nowhere(void)
{
	return syscall(__NR_readlinkat, AT_FDCWD, "/proc/self", NOWHERE, 10) < 0 ? -1 : 0;
}

static int truncate_a_directory(void)
{
	return truncate("/tmp", 0);
}

static int truncate_a_fifo(void)
{
	sandbox();
	need(!mkfifo("/tmp/fifo", 0600));
	return truncate("/tmp/fifo", 0);
}

static int truncate_to_less_than_nothing(void)
{
	return truncate("/tmp/file", -1);
}

static int truncate_what_is_read(void)
{
	sandbox_with_file(0600);
	return ftruncate(open("/tmp/file", O_RDONLY), 0);
}

static int truncate_no_descriptor(void)
{
	return ftruncate(NO_FD, 0);
}

static int truncate_beyond_the_limit(void)
{
	struct rlimit limit = { 4096, 4096 };

	sandbox_with_file(0600);
	signal(SIGXFSZ, SIG_IGN);
	need(!setrlimit(RLIMIT_FSIZE, &limit));
	return truncate("/tmp/file", 8192);
}

/* A program that runs as long as the pipe, whose other end we have, is open */
static void run_file(void)
{
	int fds[2], fd, self, size;
	char buf[4096];
	pid_t pid;

	sandbox();
	self = open("/bin/cat", O_RDONLY | O_CLOEXEC);
	fd = open("/tmp/cat", O_CREAT | O_WRONLY, 0755);
	need(self >= 0 && fd >= 0);
	while ((size = read(self, buf, sizeof(buf))) > 0)
		need(write(fd, buf, size) == size);
	close(fd);
	need(!pipe2(fds, O_CLOEXEC));
	pid = vfork();
	need(pid >= 0);
	if (!pid) {
		dup2(fds[0], 0);
		execl("/tmp/cat", "cat", NULL);
		_exit(1);
	}
}

static int write_what_is_executed(void)
{
	run_file();
	return opened(open("/tmp/cat", O_WRONLY));
}

static int truncate_what_is_executed(void)
{
	run_file();
	return truncate("/tmp/cat", 0);
}

static int allocate(int flags, int mode, off_t len)
{
	sandbox_with_file(0600);
	return fallocate(open("/tmp/file", flags), mode, 1, len);
}

static int allocate_less_than_nothing(void)
{
	return allocate(O_WRONLY, 0, -1);
}

static int allocate_in_unknown_mode(void)
{
	return allocate(O_WRONLY, UNKNOWN, 1);
}

static int allocate_hole_that_grows(void)
{
	return allocate(O_WRONLY, FALLOC_FL_PUNCH_HOLE, 1);
}

static int allocate_in_two_modes(void)
{
	return allocate(O_WRONLY, FALLOC_FL_ZERO_RANGE | FALLOC_FL_COLLAPSE_RANGE, 1);
}

static int allocate_what_is_read(void)
{
	return allocate(O_RDONLY, 0, 1);
}

static int allocate_too_much(void)
{
	return allocate(O_WRONLY, 0, INT64_MAX);
}

static int allocate_in_a_pipe(void)
{
	int fds[2];

	need(!pipe(fds));
	return fallocate(fds[1], 0, 0, 1);
}

static int access_in_unknown_mode(void)
{
	return access("/tmp", 0777);
}

static int chroot_by_a_user(void)
{
	become_user();
	return chroot("/proc");
}

static int fchdir_to_a_file(void)
{
	return fchdir(open("/proc/version", O_RDONLY));
}

static int fchdir_to_no_descriptor(void)
{
	return fchdir(NO_FD);
}

static int chmod_by_another(void)
{
	sandbox_with_file(0666);
	become_user();
	return chmod("/tmp/file", 0600);
}

static int chmod_of_a_link(void)
{
	sandbox();
	make_link("file", "/tmp/link");
	return syscall(__NR_fchmodat2, AT_FDCWD, "/tmp/link", 0600, AT_SYMLINK_NOFOLLOW);
}

static int chown_by_a_user(void)
{
	sandbox_with_file(0666);
	become_user();
	return chown("/tmp/file", USER, -1);
}

static int chgrp_by_a_user(void)
{
	sandbox_with_file(0666);
	need(!chown("/tmp/file", USER, USER));
	become_user();
	return chown("/tmp/file", -1, 0);
}

static int utime_of_another(void)
{
	struct utimbuf times = { };

	sandbox_with_file(0666);
	become_user();
	return utime("/tmp/file", &times);
}

static int utime_out_of_range(void)
{
	struct timespec times[2] = { { .tv_nsec = 2000000000 } };

	return utimensat(AT_FDCWD, "/proc", times, 0);
}

static int open_with_unknown_flags(void)
{
	return sys_openat2("/proc", (struct open_how){ .flags = 1ULL << 40 });
}

static int open_with_unknown_resolve(void)
{
	return sys_openat2("/proc", (struct open_how){ .resolve = UNKNOWN });
}

static int open_beneath_in_root(void)
{
	return sys_openat2("/proc",
			   (struct open_how){ .resolve = RESOLVE_BENEATH | RESOLVE_IN_ROOT });
}

static int open_with_needless_mode(void)
{
	return sys_openat2("/proc", (struct open_how){ .mode = 0600 });
}

static int open_with_bad_mode(void)
{
	return sys_openat2("/proc", (struct open_how){ .flags = O_CREAT, .mode = 1 << 20 });
}

static int open_of_small_structure(void)
{
	struct open_how how = { };

	return opened(syscall(__NR_openat2, AT_FDCWD, "/proc", &how, 8));
}

static int open_of_big_structure(void)
{
	struct open_how how = { };

	return opened(syscall(__NR_openat2, AT_FDCWD, "/proc", &how, 1 << 20));
}

static int open_of_newer_structure(void)
{
	struct { struct open_how how; uint64_t more; } new = { .more = 1 };

	return opened(syscall(__NR_openat2, AT_FDCWD, "/proc", &new, sizeof(new)));
}

static int create_a_directory_by_open(void)
{
	return opened(open("/tmp/new", O_CREAT | O_DIRECTORY, 0700));
}

static int tmpfile_that_is_read(void)
{
	return opened(open("/tmp", O_TMPFILE | O_RDONLY, 0600));
}

static int open_directly(void)
{
	return opened(open("/proc/version", O_RDONLY | O_DIRECT));
}

static int fcntl_of_unknown_command(void)
{
	return fcntl(0, 9999, 0) < 0 ? -1 : 0;
}

static int fcntl_of_a_path(void)
{
	return fcntl(open("/proc", O_PATH), F_SETFL, 0);
}

static int fcntl_of_unknown_owner(void)
{
	return fcntl(0, F_SETOWN, 0x3fffffff);
}

static int fcntl_of_unknown_signal(void)
{
	return fcntl(0, F_SETSIG, 999);
}

static int fcntl_of_bad_address(void)
{
	return fcntl(0, F_GETLK, NOWHERE);
}

static int fcntl_to_direct(void)
{
	return fcntl(open("/proc/version", O_RDONLY), F_SETFL, O_DIRECT);
}

static int fcntl_to_noatime_of_another(void)
{
	sandbox_with_file(0644);
	become_user();
	return fcntl(open("/tmp/file", O_RDONLY), F_SETFL, O_NOATIME);
}

/* What goes well */

static int files_come_and_go(void)
{
	sandbox();
	make_file("/tmp/file", 0600);
	make_dir("/tmp/dir", 0755);
	return chmod("/tmp/file", 0644) || chown("/tmp/file", USER, USER) ||
	       access("/tmp/file", R_OK | W_OK) || truncate("/tmp/file", 4096) ||
	       link("/tmp/file", "/tmp/dir/link") || rename("/tmp/file", "/tmp/new") ||
	       symlink("new", "/tmp/file") || opened(open("/tmp/file", O_RDWR)) ||
	       unlink("/tmp/file") || unlink("/tmp/new") || unlink("/tmp/dir/link") ||
	       utime("/tmp/dir", NULL) || rmdir("/tmp/dir") || chroot("/tmp") || chdir("/");
}

/* Opened with O_CREAT, it need not be created, and so no permission is missing. */
static int create_what_exists_read_only(void)
{
	sandbox_read_only();
	return opened(open("/tmp/ro/file", O_CREAT | O_RDONLY, 0600));
}

/* What programs try in vain all the time */

static int fails(int ret, int error)
{
	return ret == -1 && errno == error ? 0 : -1;
}

static int missing_files(void)
{
	char buf[16];

	sandbox_with_file(0600);
	return fails(open("/tmp/missing", O_RDONLY), ENOENT) ||
	       fails(access("/tmp/missing", F_OK), ENOENT) ||
	       fails(chdir("/tmp/missing"), ENOENT) ||
	       fails(unlink("/tmp/missing"), ENOENT) ||
	       fails(readlink("/tmp/file", buf, sizeof(buf)), EINVAL);
}

static int existing_files(void)
{
	sandbox_with_file(0600);
	return fails(mkdir("/tmp", 0700), EEXIST) || fails(mkdir("/", 0700), EEXIST) ||
	       fails(open("/tmp/file", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST) ||
	       fails(link("/tmp/file", "/tmp/file"), EEXIST) ||
	       fails(symlink("file", "/tmp/file"), EEXIST);
}

static int closed_descriptors(void)
{
	return fails(close(NO_FD), EBADF) || fails(fcntl(NO_FD, F_GETFD), EBADF) ||
	       fails(dup(NO_FD), EBADF);
}

#define DENIED(mode) \
	"denied by mode " mode ", uid 0, gid 0 or ACL, no CAP_DAC_OVERRIDE over this owner"
#define READ_ONLY "the filesystem or mount is read-only"
#define CROSSES "RESOLVE_NO_XDEV refuses to cross a mount"

static const struct fail_case cases[] = {
	{ "open: no permission", open_without_permission, EACCES, "path",
	  DENIED("0600"), "generic_permission" },
	{ "search: no permission", search_without_permission, EACCES, "path",
	  DENIED("0700"), "generic_permission" },
	{ "create: no permission", create_without_permission, EACCES, "path",
	  DENIED("0755"), "generic_permission" },
	{ "execute: no x", execute_without_bit, EACCES, "path",
	  "nobody may execute a file of mode 0644", "generic_permission" },
	{ "execute: noexec", execute_on_noexec, EACCES, "path",
	  "the file is on a mount or filesystem with noexec", "may_open" },
	{ "execute: a directory", execute_a_directory, EACCES, "path",
	  "a directory cannot be executed", "may_open" },
	{ "execute: a FIFO", execute_a_fifo, EACCES, "path",
	  "only a regular file can be executed", "may_open" },
	{ "access: noexec", access_on_noexec, EACCES, "open",
	  "the file is on a mount or filesystem with noexec", "do_faccessat" },
	{ "path: empty", open_of_empty_path, ENOENT, "path", "the path is empty", "do_getname" },
	{ "path: long", open_of_long_path, ENAMETOOLONG, "path",
	  "the path has more than 4095 characters", "getname_long" },
	{ "path: a bad address", open_of_bad_address, EFAULT, "path",
	  "the path is at a bad address", "do_getname" },
	{ "path: below a file", open_below_a_file, ENOTDIR, "path",
	  "a component of the path is not a directory", "link_path_walk" },
	{ "path: below no descriptor", open_below_no_descriptor, EBADF, "path",
	  "the directory is not an open file descriptor", "path_init" },
	{ "path: below a descriptor of a file", open_below_descriptor_of_a_file, ENOTDIR, "path",
	  "the file descriptor is not a directory", "path_init" },
	{ "open: a file as a directory", open_of_a_file_as_directory, ENOTDIR, "path",
	  "not a directory, which O_DIRECTORY or a trailing slash requires", "do_open" },
	{ "open: a directory for writing", open_of_a_directory_for_writing, EISDIR, "path",
	  "a directory cannot be opened for writing", "may_open" },
	{ "open: a directory with O_CREAT", open_of_a_directory_to_create, EISDIR, "path",
	  "a directory cannot be opened with O_CREAT", "do_open" },
	{ "open: with a slash to create", open_to_create_with_slash, EISDIR, "path",
	  "a path with a trailing slash creates no file", "lookup_fast_for_open" },
	{ "create: in tracefs", create_in_tracefs, EACCES, "path",
	  "no file can be created in this directory", "lookup_open" },
	{ "/proc: invisible", look_at_invisible, ENOENT, "path",
	  "hidepid=invisible hides processes that the caller may not trace", "proc_pid_permission" },
	{ "/proc: not accessible", look_at_not_accessible, EPERM, "path",
	  "hidepid= closes processes that the caller may not trace", "proc_pid_permission" },
	{ "/proc: not ptraceable", look_at_not_ptraceable, ENOENT, "path",
	  "hidepid=ptraceable hides processes that the caller may not trace", "proc_pid_lookup" },
	{ .name = "/proc: not hidden", .call = look_at_what_is_not_hidden },
	{ "create: in a deleted directory", create_in_deleted_directory, ENOENT, "path",
	  "the directory was deleted", "lookup_open" },
	{ "mkdir: in a deleted directory", mkdir_in_deleted_directory, ENOENT, "path",
	  "the directory was deleted", "lookup_one_qstr_excl" },
	{ "mkdir: in tracefs", mkdir_in_tracefs, EPERM, "path",
	  "no directory can be created here", "vfs_mkdir" },
	{ "chdir: to a file", chdir_to_a_file, ENOTDIR, "path",
	  "not a directory, but one is expected", "path_lookupat" },
	{ "symlinks: a loop", follow_a_loop, ELOOP, "path",
	  "the path has more than 40 symbolic links", "reserve_stack" },
	{ "symlinks: O_NOFOLLOW", open_a_link_with_nofollow, ELOOP, "path",
	  "a symbolic link, which O_NOFOLLOW does not follow", "may_open" },
	{ "symlinks: nosymfollow", follow_on_nosymfollow, ELOOP, "path",
	  "RESOLVE_NO_SYMLINKS or nosymfollow refuses links", "pick_link" },
	{ "openat2: RESOLVE_NO_SYMLINKS", resolve_without_links, ELOOP, "path",
	  "RESOLVE_NO_SYMLINKS or nosymfollow refuses links", "pick_link" },
	{ "openat2: RESOLVE_NO_MAGICLINKS", resolve_without_links_of_proc, ELOOP, "path",
	  "RESOLVE_NO_MAGICLINKS refuses links of /proc", "nd_jump_link" },
	{ "openat2: RESOLVE_BENEATH and a link of proc", resolve_beneath_of_proc, EXDEV, "path",
	  "RESOLVE_BENEATH and RESOLVE_IN_ROOT refuse links of /proc", "nd_jump_link" },
	{ "openat2: RESOLVE_BENEATH and /", resolve_absolute_beneath, EXDEV, "path",
	  "RESOLVE_BENEATH refuses an absolute path or link", "nd_jump_root" },
	{ "openat2: RESOLVE_BENEATH and ..", resolve_up_beneath, EXDEV, "path",
	  "the path leaves the directory of RESOLVE_BENEATH", "follow_dotdot" },
	{ "openat2: RESOLVE_NO_XDEV", resolve_without_mounts, EXDEV, "path",
	  CROSSES, "__traverse_mounts" },
	{ "openat2: RESOLVE_NO_XDEV and ..", resolve_up_without_mounts, EXDEV, "path",
	  CROSSES, "follow_dotdot" },
	{ "sticky: fs.protected_symlinks", follow_in_sticky_directory, EACCES, "path",
	  "fs.protected_symlinks: a link of another user in a sticky directory",
	  "may_follow_link" },
	{ "sticky: fs.protected_hardlinks", link_file_of_another, EPERM, "path",
	  "fs.protected_hardlinks: special, setuid or unwritable file of another", "may_linkat" },
	{ "sticky: fs.protected_fifos", create_fifo_of_another, EACCES, "path",
	  "fs.protected_fifos, fs.protected_regular: not the owner, sticky directory",
	  "may_create_in_sticky" },
	{ "sticky: fs.protected_regular", create_regular_of_another, EACCES, "path",
	  "fs.protected_regular: not the owner, sticky directory", "may_create_in_sticky" },
	{ "sticky: unlink", unlink_in_sticky_directory, EPERM, "path",
	  "not the owner of file or sticky directory, and no CAP_FOWNER", "may_delete_dentry" },
	{ "immutable: open for writing", open_immutable, EPERM, "path",
	  "the file is immutable, see chattr", "inode_permission" },
	{ "immutable: unlink", unlink_immutable, EPERM, "path",
	  "the file is append-only or immutable, see chattr", "may_delete_dentry" },
	{ "immutable: link", link_immutable, EPERM, "path",
	  "the file is append-only or immutable, see chattr", "vfs_link" },
	{ "immutable: chmod", chmod_immutable, EPERM, "open",
	  "the file is append-only or immutable, see chattr", "may_setattr" },
	{ "append-only: open for writing", overwrite_append_only, EPERM, "path",
	  "the file is append-only and needs O_APPEND, see chattr", "may_open" },
	{ "append-only: truncate", truncate_append_only, EPERM, "open",
	  "the file is append-only, see chattr", "vfs_truncate" },
	{ "append-only: unlink in a directory", unlink_in_append_only_directory, EPERM, "path",
	  "the directory is append-only, see chattr", "may_delete_dentry" },
	{ "open: O_NOATIME", noatime_of_another, EPERM, "path",
	  "O_NOATIME needs the owner of the file or CAP_FOWNER", "may_open" },
	{ "open: nodev", open_device_on_nodev, EACCES, "path",
	  "the file is on a mount or filesystem with nodev", "may_open" },
	{ "read-only: mkdir", mkdir_read_only, EROFS, "path", READ_ONLY, "filename_create" },
	{ "read-only: rmdir", rmdir_read_only, EROFS, "path", READ_ONLY, "filename_rmdir" },
	{ "read-only: unlink", unlink_read_only, EROFS, "path", READ_ONLY, "filename_unlinkat" },
	{ "read-only: rename", rename_read_only, EROFS, "path", READ_ONLY, "filename_renameat2" },
	{ "read-only: create", create_read_only, EROFS, "path", READ_ONLY, "lookup_open" },
	{ "read-only: O_TRUNC", truncate_at_open_read_only, EROFS, "path", READ_ONLY, "do_open" },
	{ "read-only: open for writing", write_read_only, EROFS, "open",
	  "the filesystem or mount is read-only", "file_get_write_access" },
	{ "read-only: superblock", write_read_only_superblock, EROFS, "path",
	  "the filesystem is read-only", "sb_permission" },
	{ "read-only: O_TMPFILE", tmpfile_read_only, EROFS, "path", READ_ONLY, "do_tmpfile" },
	{ "read-only: chmod", chmod_read_only, EROFS, "open", READ_ONLY, "chmod_common" },
	{ "read-only: chown", chown_read_only, EROFS, "open", READ_ONLY, "do_fchownat" },
	{ "read-only: truncate", truncate_read_only, EROFS, "open", READ_ONLY, "vfs_truncate" },
	{ "read-only: access", access_read_only, EROFS, "open", READ_ONLY, "do_faccessat" },
	{ "read-only: utime", utime_read_only, EROFS, "open", READ_ONLY, "vfs_utimes" },
	{ "O_TMPFILE: in proc", tmpfile_in_proc, EOPNOTSUPP, "path",
	  "the filesystem does not support O_TMPFILE", "vfs_tmpfile" },
	{ "mknod: a directory", mknod_of_a_directory, EPERM, "path",
	  "mknod() cannot create directories: use mkdir()", "may_mknod" },
	{ "mknod: an unknown type", mknod_of_unknown_type, EINVAL, "path",
	  "unknown type of file for mknod()", "may_mknod" },
	{ "mknod: by a user", mknod_by_a_user, EPERM, "path",
	  "a device node needs CAP_MKNOD", "vfs_mknod" },
	{ "rmdir: .", rmdir_of_dot, EINVAL, "path", "the path ends in .", "filename_rmdir" },
	{ "rmdir: ..", rmdir_of_dots, ENOTEMPTY, "path", "the path ends in ..", "filename_rmdir" },
	{ "rmdir: /", rmdir_of_root, EBUSY, "path",
	  "the root directory cannot be removed", "filename_rmdir" },
	{ "rmdir: a file", rmdir_of_a_file, ENOTDIR, "path",
	  "not a directory, but one is expected", "may_delete_dentry" },
	{ "rmdir: a mount point", rmdir_of_a_mount_point, EBUSY, "path",
	  "the directory is a mount point, or in use by the kernel", "vfs_rmdir" },
	{ "unlink: a directory", unlink_of_a_directory, EISDIR, "path",
	  "a directory, but a file is expected", "may_delete_dentry" },
	{ "unlink: .", unlink_of_dot, EISDIR, "path",
	  "the path is / or ends in . or ..", "filename_unlinkat" },
	{ "unlink: with a slash", unlink_with_slash, ENOTDIR, "path",
	  "the path ends in a slash, and is not a directory", "filename_unlinkat" },
	{ "unlink: a mount point", unlink_of_a_mount_point, EBUSY, "path",
	  "the file is a mount point", "vfs_unlink" },
	{ "unlinkat: unknown flags", unlink_with_unknown_flags, EINVAL, "path",
	  "unknown flags for unlinkat()", "__do_sys_unlinkat" },
	{ "link: a directory", link_of_a_directory, EPERM, "path",
	  "a directory cannot have hard links", "vfs_link" },
	{ "link: to another mount", link_to_another_mount, EXDEV, "path",
	  "a hard link cannot lead to another mount", "filename_linkat" },
	{ "linkat: unknown flags", link_with_unknown_flags, EINVAL, "path",
	  "unknown flags for linkat()", "filename_linkat" },
	{ "linkat: a descriptor of another", link_of_a_descriptor_of_another, ENOENT, "path",
	  "AT_EMPTY_PATH needs the opener or CAP_DAC_READ_SEARCH", "path_init" },
	{ "linkat: a deleted file", link_of_a_deleted_file, ENOENT, "path",
	  "the file to link was deleted", "vfs_link" },
	{ "rename: to another mount", rename_to_another_mount, EXDEV, "path",
	  "source and target are on different mounts", "filename_renameat2" },
	{ "rename: below itself", rename_below_itself, EINVAL, "path",
	  "a directory cannot be moved below itself", "__start_renaming" },
	{ "rename: to what is above", rename_to_what_is_above, ENOTEMPTY, "path",
	  "the target is above the source", "__start_renaming" },
	{ "rename: of ..", rename_of_dots, EBUSY, "path",
	  "the source is / or ends in . or ..", "filename_renameat2" },
	{ "rename: to ..", rename_to_dots, EBUSY, "path",
	  "the target is / or ends in . or ..", "filename_renameat2" },
	{ "rename: a mount point", rename_of_a_mount_point, EBUSY, "path",
	  "source or target is a mount point", "vfs_rename" },
	{ "rename: to a slash", rename_to_a_slash, ENOTDIR, "path",
	  "a target with a slash needs a directory as source", "filename_renameat2" },
	{ "rename: with a slash", rename_with_slash, ENOTDIR, "path",
	  "the source ends in a slash, and is not a directory", "filename_renameat2" },
	{ "rename: to a directory", rename_to_a_directory, EISDIR, "path",
	  "a directory, but a file is expected", "may_delete_dentry" },
	{ "rename: unknown flags", rename_with_unknown_flags, EINVAL, "path",
	  "unknown flags for renameat2()", "filename_renameat2" },
	{ "rename: RENAME_EXCHANGE", rename_exchange_without_replacing, EINVAL, "path",
	  "RENAME_EXCHANGE excludes RENAME_NOREPLACE and RENAME_WHITEOUT",
	  "filename_renameat2" },
	{ "readlink: a bad address", readlink_to_nowhere, EFAULT, "path",
	  "the buffer is at a bad address", "readlink_copy" },
	{ "truncate: a directory", truncate_a_directory, EISDIR, "open",
	  "a directory has no length to set", "vfs_truncate" },
	{ "truncate: a FIFO", truncate_a_fifo, EINVAL, "open",
	  "only a regular file has a length to set", "vfs_truncate" },
	{ "truncate: a negative length", truncate_to_less_than_nothing, EINVAL, "open",
	  "the length is negative", "ksys_truncate" },
	{ "ftruncate: not for writing", truncate_what_is_read, EINVAL, "open",
	  "not a regular file that is open for writing", "do_ftruncate" },
	{ "ftruncate: no descriptor", truncate_no_descriptor, EBADF, "open",
	  "not an open file descriptor", "ksys_ftruncate" },
	{ "truncate: RLIMIT_FSIZE", truncate_beyond_the_limit, EFBIG, "open",
	  "the size exceeds RLIMIT_FSIZE", "inode_newsize_ok" },
	{ "open: what is executed", write_what_is_executed, ETXTBSY, "open",
	  "the file is being executed", "file_get_write_access" },
	{ "truncate: what is executed", truncate_what_is_executed, ETXTBSY, "open",
	  "the file is being executed", "vfs_truncate" },
	{ "fallocate: a negative length", allocate_less_than_nothing, EINVAL, "open",
	  "the offset is negative, or the length is not positive", "vfs_fallocate" },
	{ "fallocate: an unknown mode", allocate_in_unknown_mode, EOPNOTSUPP, "open",
	  "unknown mode for fallocate()", "vfs_fallocate" },
	{ "fallocate: a hole", allocate_hole_that_grows, EOPNOTSUPP, "open",
	  "FALLOC_FL_PUNCH_HOLE needs FALLOC_FL_KEEP_SIZE", "vfs_fallocate" },
	{ "fallocate: two modes", allocate_in_two_modes, EOPNOTSUPP, "open",
	  "the modes of fallocate() exclude each other", "vfs_fallocate" },
	{ "fallocate: not for writing", allocate_what_is_read, EBADF, "open",
	  "the file is not open for writing", "vfs_fallocate" },
	{ "fallocate: too much", allocate_too_much, EFBIG, "open",
	  "offset and length overflow", "vfs_fallocate" },
	{ "fallocate: a pipe", allocate_in_a_pipe, ESPIPE, "open",
	  "a pipe has no space to allocate", "vfs_fallocate" },
	{ "access: an unknown mode", access_in_unknown_mode, EINVAL, "open",
	  "unknown mode for access()", "do_faccessat" },
	{ "chroot: by a user", chroot_by_a_user, EPERM, "open",
	  "needs CAP_SYS_CHROOT in the user namespace", "__do_sys_chroot" },
	{ "fchdir: to a file", fchdir_to_a_file, ENOTDIR, "open",
	  "the file descriptor is not a directory", "__do_sys_fchdir" },
	{ "fchdir: no descriptor", fchdir_to_no_descriptor, EBADF, "open",
	  "not an open file descriptor", "__do_sys_fchdir" },
	{ "chmod: by another", chmod_by_another, EPERM, "open",
	  "not the owner of the file, and no CAP_FOWNER", "setattr_prepare" },
	{ "chmod: a symbolic link", chmod_of_a_link, EOPNOTSUPP, "open",
	  "a symbolic link has no mode to change", "notify_change" },
	{ "chown: by a user", chown_by_a_user, EPERM, "open",
	  "changing the owner needs CAP_CHOWN over the old one", "setattr_prepare" },
	{ "chown: to another group", chgrp_by_a_user, EPERM, "open",
	"changing the group needs CAP_CHOWN over the owner, or the owner in the new group", "setattr_prepare" },
	{ "utime: of another", utime_of_another, EPERM, "open",
	  "not the owner of the file, and no CAP_FOWNER", "setattr_prepare" },
	{ "utimensat: out of range", utime_out_of_range, EINVAL, "open",
	  "nanoseconds are out of range", "vfs_utimes" },
	{ "openat2: unknown flags", open_with_unknown_flags, EINVAL, "open",
	  "unknown flags for openat2()", "build_open_flags" },
	{ "openat2: unknown resolve flags", open_with_unknown_resolve, EINVAL, "open",
	  "unknown resolve flags for openat2()", "build_open_flags" },
	{ "openat2: two scopes", open_beneath_in_root, EINVAL, "open",
	  "RESOLVE_BENEATH and RESOLVE_IN_ROOT exclude each other", "build_open_flags" },
	{ "openat2: a needless mode", open_with_needless_mode, EINVAL, "open",
	  "a mode is only for O_CREAT and O_TMPFILE", "build_open_flags" },
	{ "openat2: a bad mode", open_with_bad_mode, EINVAL, "open",
	  "the mode has bits other than permissions", "build_open_flags" },
	{ "openat2: a small structure", open_of_small_structure, EINVAL, "open",
	  "struct open_how is too small", "__do_sys_openat2" },
	{ "openat2: a big structure", open_of_big_structure, E2BIG, "open",
	  "struct open_how is too big", "__do_sys_openat2" },
	{ "openat2: a newer structure", open_of_newer_structure, E2BIG, "open",
	  "struct open_how is at a bad address, or of a newer kernel", "__do_sys_openat2" },
	{ "open: O_CREAT and O_DIRECTORY", create_a_directory_by_open, EINVAL, "open",
	  "O_CREAT cannot create directories, and excludes O_DIRECTORY", "build_open_flags" },
	{ "open: O_TMPFILE for reading", tmpfile_that_is_read, EINVAL, "open",
	  "O_TMPFILE needs O_WRONLY or O_RDWR", "build_open_flags" },
	{ "open: O_DIRECT", open_directly, EINVAL, "open",
	  "the filesystem does not support O_DIRECT for this file", "do_dentry_open" },
	{ "fcntl: an unknown command", fcntl_of_unknown_command, EINVAL, "open",
	  "unknown command for fcntl()", "do_fcntl" },
	{ "fcntl: O_PATH", fcntl_of_a_path, EBADF, "open",
	  "a file descriptor with O_PATH has no such command", DO_SYS_FCNTL },
	{ "fcntl: an unknown owner", fcntl_of_unknown_owner, ESRCH, "open",
	  "no such process or process group in this PID namespace", "f_setown" },
	{ "fcntl: an unknown signal", fcntl_of_unknown_signal, EINVAL, "open",
	  "no such signal", "f_owner_sig" },
	{ "fcntl: a bad address", fcntl_of_bad_address, EFAULT, "open",
	  FLOCK " is at a bad address", DO_FCNTL },
	{ "fcntl: O_DIRECT", fcntl_to_direct, EINVAL, "open",
	  "the file does not support O_DIRECT", "setfl" },
	{ "fcntl: O_NOATIME", fcntl_to_noatime_of_another, EPERM, "open",
	  "O_NOATIME needs the owner of the file or CAP_FOWNER", "setfl" },
	{ .name = "files come and go", .call = files_come_and_go },
	{ .name = "O_CREAT of an existing file on a read-only mount",
	  .call = create_what_exists_read_only },
	{ .name = "missing files are no news", .call = missing_files },
	{ .name = "existing files are no news", .call = existing_files },
	{ .name = "closed descriptors are no news", .call = closed_descriptors },
};

int main(void)
{
	return fail_main(cases, ARRAY_SIZE(cases));
}
