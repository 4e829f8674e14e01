// SPDX-License-Identifier: GPL-2.0
/*
 * Why what confines processes refuses: seccomp, user namespaces, security modules and
 * the pids cgroup; and why binfmt_misc does not take a format.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/nsfs.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "fail_fs.h"

#define NO_PID		0x3ffffff
#if __SIZEOF_LONG__ == 8
#define PIDS_LIMIT	"4194304"
#else
#define PIDS_LIMIT	"32768"
#endif

#ifdef __arm__	/* SYS_getppid is a sum there. */
#define GETPPID		64
#else
#define GETPPID		SYS_getppid
#endif

/* Return: 0, or -1 with errno */
static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len;
	int err;

	need(fd >= 0);
	len = write(fd, text, strlen(text));
	err = errno;
	close(fd);
	errno = err;
	return len < 0 ? -1 : 0;
}

/* A user that others may look at: not so after a change of IDs */
static void become_plain_user(void)
{
	become_user();
	need(!prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/*
 * seccomp
 */

static int seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(SYS_seccomp, op, flags, args);
}

static int seccomp_of_no_operation(void)
{
	return seccomp(99, 0, NULL);
}

static int seccomp_strict_with_a_flag(void)
{
	return seccomp(SECCOMP_SET_MODE_STRICT, 1, NULL);
}

static int seccomp_avail_with_a_flag(void)
{
	return seccomp(SECCOMP_GET_ACTION_AVAIL, 1, NULL);
}

static int seccomp_avail_of_none(void)
{
	unsigned int action = 0x12340000;

	return seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action);
}

static int seccomp_sizes_with_a_flag(void)
{
	return seccomp(SECCOMP_GET_NOTIF_SIZES, 1, NULL);
}

static int prctl_of_no_mode(void)
{
	return prctl(PR_SET_SECCOMP, 99, NULL, 0, 0);
}

static int filter_with_a_bad_flag(void)
{
	return seccomp(SECCOMP_SET_MODE_FILTER, 1 << 20, NULL);
}

static int filter_tsync_with_listener(void)
{
	return seccomp(SECCOMP_SET_MODE_FILTER,
		       SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_NEW_LISTENER, NULL);
}

static int filter_killable_without_listener(void)
{
	return seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, NULL);
}

static int install(struct sock_filter *filter, unsigned short len, unsigned int flags)
{
	struct sock_fprog prog = { .len = len, .filter = filter };
	int ret = seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog);

	if (ret < 0 && errno == ENOSYS)
		cannot();
	return ret;
}

/* Of all system calls, getppid() meets @action. */
static int install_action(unsigned int action, unsigned int flags)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, ARRAY_SIZE(filter), flags);
}

/* getppid() itself never fails. */
static int call_after(unsigned int action)
{
	need(!install_action(action, 0));
	return syscall(SYS_getppid) < 0 ? -1 : 0;
}

/*
 * What the kernel refuses in any classic filter, that of a socket too
 */

static int install_one(unsigned short code, unsigned int k)
{
	struct sock_filter filter[] = {
		BPF_STMT(code, k),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, ARRAY_SIZE(filter), 0);
}

static int classic_of_no_instruction(void)
{
	return install_one(0xff, 0);
}

static int classic_divides_by_zero(void)
{
	return install_one(BPF_ALU | BPF_DIV | BPF_K, 0);
}

static int classic_shifts_too_far(void)
{
	return install_one(BPF_ALU | BPF_LSH | BPF_K, 32);
}

static int classic_loads_a_cell_too_far(void)
{
	return install_one(BPF_LD | BPF_MEM, 16);
}

static int classic_loads_what_was_not_stored(void)
{
	return install_one(BPF_LD | BPF_MEM, 3);
}

static int classic_jumps_too_far(void)
{
	return install_one(BPF_JMP | BPF_JA, 1);
}

static int classic_branches_too_far(void)
{
	struct sock_filter filter[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, ARRAY_SIZE(filter), 0);
}

static int classic_loads_no_ancillary(void)
{
	return install_one(BPF_LD | BPF_W | BPF_ABS, (unsigned int)SKF_AD_OFF + SKF_AD_MAX);
}

static int classic_does_not_return(void)
{
	struct sock_filter filter[] = { BPF_STMT(BPF_LD | BPF_IMM, 0) };

	return install(filter, ARRAY_SIZE(filter), 0);
}

static int set_option(int fd, int option, int value)
{
	return setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value));
}

/* A filter of @len instructions, 1 at most */
static int attach(int fd, int option, unsigned short len)
{
	struct sock_filter filter[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog prog = { .len = len, .filter = filter };

	return setsockopt(fd, SOL_SOCKET, option, &prog, sizeof(prog));
}

static int any_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	need(fd >= 0);
	return fd;
}

static int locked_socket(void)
{
	int fd = any_socket();

	need(!attach(fd, SO_ATTACH_FILTER, 1) && !set_option(fd, SO_LOCK_FILTER, 1));
	return fd;
}

static int attach_nothing(void)
{
	return attach(any_socket(), SO_ATTACH_FILTER, 0);
}

static int attach_to_locked_socket(void)
{
	return attach(locked_socket(), SO_ATTACH_FILTER, 1);
}

static int attach_bpf_to_locked_socket(void)
{
	return set_option(locked_socket(), SO_ATTACH_BPF, NO_FD);
}

static int share_bpf_on_locked_socket(void)
{
	return set_option(locked_socket(), SO_ATTACH_REUSEPORT_EBPF, NO_FD);
}

static int detach_from_locked_socket(void)
{
	return set_option(locked_socket(), SO_DETACH_FILTER, 0);
}

static int attach_succeeds(void)
{
	return attach(any_socket(), SO_ATTACH_FILTER, 1);
}

static int attach_with_little_optmem(void)
{
	return with_sysctl("net/core/optmem_max", "16", attach_succeeds);
}

static int share_filter(void)
{
	return attach(any_socket(), SO_ATTACH_REUSEPORT_CBPF, 1);
}

static int share_with_little_optmem(void)
{
	return with_sysctl("net/core/optmem_max", "16", share_filter);
}

static int filter_of_nothing(void)
{
	return install(NULL, 0, 0);
}

static int filter_by_nobody(void)
{
	return become_user() ?: install_action(SECCOMP_RET_ALLOW, 0);
}

static int filter_loads_a_byte(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, ARRAY_SIZE(filter), 0);
}

static int filter_loads_too_far(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(struct seccomp_data)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, ARRAY_SIZE(filter), 0);
}

static int filters_of_many_instructions(void)
{
	static struct sock_filter filter[BPF_MAXINSNS];

	for (int i = 0; i < BPF_MAXINSNS; i++)
		filter[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	while (!install(filter, BPF_MAXINSNS, 0))
		;
	return -1;
}

static int make_listener(void)
{
	int fd = install_action(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);

	need(fd >= 0);
	return fd;
}

static int filters_with_two_listeners(void)
{
	make_listener();
	return install_action(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

static int strict_after_filter(void)
{
	need(!install_action(SECCOMP_RET_ALLOW, 0));
	return seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL);
}

static int filter_refuses(void)
{
	return call_after(SECCOMP_RET_ERRNO | EXDEV);
}

static int filter_without_tracer(void)
{
	return call_after(SECCOMP_RET_TRACE);
}

static int filter_without_listener(void)
{
	return call_after(SECCOMP_RET_USER_NOTIF);
}

static int call_getppid(void)
{
	return syscall(SYS_getppid) < 0 ? -1 : 0;
}

static int listener_refuses(void)
{
	struct seccomp_notif_resp answer = { .error = -EXDEV };
	struct seccomp_notif call = { };
	int fd = make_listener(), status;
	pid_t pid = fork();

	if (!pid)
		_exit(call_getppid() ? errno : 0);
	need(!ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call));
	answer.id = call.id;
	need(!ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer));
	need(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int listener_ioctl_of_no_kind(void)
{
	return ioctl(make_listener(), 0x1234, NULL);
}

static int listener_recv_not_zeroed(void)
{
	struct seccomp_notif call = { .id = 1 };

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_RECV, &call);
}

static int listener_send_for_none(void)
{
	struct seccomp_notif_resp answer = { .id = 1 };

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static int listener_send_with_a_bad_flag(void)
{
	struct seccomp_notif_resp answer = { .flags = 1U << 31 };

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static int listener_continues_with_error(void)
{
	struct seccomp_notif_resp answer = {
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE, .error = -EPERM,
	};

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static int listener_id_of_none(void)
{
	__u64 id = 1;

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

static int listener_addfd_of_none(void)
{
	struct seccomp_notif_addfd addfd = { .srcfd = NO_FD };

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_ADDFD, &addfd);
}

static int listener_addfd_without_setfd(void)
{
	struct seccomp_notif_addfd addfd = { .newfd = 1 };

	return ioctl(make_listener(), SECCOMP_IOCTL_NOTIF_ADDFD, &addfd);
}

static int log_of_no_action(void)
{
	return write_to("/proc/sys/kernel/seccomp/actions_logged", "hello");
}

static int log_of_allow(void)
{
	return write_to("/proc/sys/kernel/seccomp/actions_logged", "allow");
}

static int seccomp_succeeds(void)
{
	return install_action(SECCOMP_RET_LOG, 0) || call_getppid();
}

/*
 * User namespaces
 */

static int leave(void)
{
	need(!unshare(CLONE_NEWUSER));
	return 0;
}

/* As root in a new one, which has only its own user and group */
static void leave_as_root(void)
{
	if (!tr_exists(AT_FDCWD, "/proc/self/uid_map"))
		cannot();
	leave();
	need(!write_to("/proc/self/setgroups", "deny") &&
	     !write_to("/proc/self/uid_map", "0 0 1") &&
	     !write_to("/proc/self/gid_map", "0 0 1"));
}

/* A child that stays where @enter has left it */
static pid_t child_after(void (*enter)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		enter();
		raise(SIGSTOP);
		_exit(0);
	}
	need(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	return pid;
}

static void enter_one(void)
{
	leave();
}

static void enter_two(void)
{
	leave_as_root();
	leave();
}

static int write_of(pid_t pid, const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return write_to(path, text);
}

static int drop(int cap)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	need(!syscall(SYS_capget, &header, data));
	data[CAP_TO_INDEX(cap)].effective &= ~CAP_TO_MASK(cap);
	need(!syscall(SYS_capset, &header, data));
	return 0;
}

static int unshare_user(void)
{
	return unshare(CLONE_NEWUSER);
}

static int userns_at_the_limit(void)
{
	return with_sysctl("user/max_user_namespaces", "0", unshare_user);
}

static int userns_too_deep(void)
{
	for (int i = 0; i < 33; i++)
		leave_as_root();
	return unshare_user();
}

static int userns_in_a_chroot(void)
{
	need(!chroot("/proc"));
	return unshare_user();
}

static int userns_of_one_not_mapped(void)
{
	return leave() ?: unshare_user();
}

static int map_users(const char *text)
{
	return leave() ?: write_to("/proc/self/uid_map", text);
}

static int uid_map_of_the_first(void)
{
	return write_to("/proc/self/uid_map", "0 0 1");
}

static int uid_map_twice(void)
{
	return map_users("0 0 1") ?: write_to("/proc/self/uid_map", "0 0 1");
}

static int uid_map_of_two_numbers(void)
{
	return map_users("0 0");
}

static int uid_map_of_no_id(void)
{
	return map_users("4294967295 0 1");
}

static int uid_map_of_no_ids(void)
{
	return map_users("0 0 0");
}

static int uid_map_of_too_many(void)
{
	return map_users("0 4294967290 100");
}

static int uid_map_that_overlaps(void)
{
	return map_users("0 0 2\n1 5 2");
}

static int uid_map_of_many_lines(void)
{
	char text[4096];
	int len = 0;

	for (int i = 0; i < 341; i++)
		len += snprintf(text + len, sizeof(text) - len, "%d %d 1\n", i, i);
	return map_users(text);
}

static int uid_map_of_a_page(void)
{
	static char text[64 * 1024 + 1];

	memset(text, ' ', sizeof(text) - 1);
	return map_users(text);
}

static int uid_map_without_capability(void)
{
	leave();
	drop(CAP_SYS_ADMIN);
	return write_to("/proc/self/uid_map", "0 0 1");
}

static int uid_map_of_root_by_nobody(void)
{
	become_plain_user();
	return map_users("0 0 1");
}

static int uid_map_of_root_without_setfcap(void)
{
	pid_t pid = child_after(enter_one);

	drop(CAP_SETFCAP);
	return write_of(pid, "uid_map", "0 0 1");
}

static int uid_map_of_others(void)
{
	become_plain_user();
	return map_users("0 1001 1");
}

static int gid_map_with_setgroups(void)
{
	become_plain_user();
	return leave() ?: write_to("/proc/self/gid_map", "0 1000 1");
}

static int uid_map_not_in_the_parent(void)
{
	leave_as_root();
	return write_of(child_after(enter_one), "uid_map", "0 5 1");
}

static int uid_map_from_outside(void)
{
	return write_of(child_after(enter_two), "uid_map", "0 0 1");
}

static int setgroups_to(const char *text)
{
	return leave() ?: write_to("/proc/self/setgroups", text);
}

static int setgroups_to_what(void)
{
	return setgroups_to("maybe");
}

static int setgroups_to_more(void)
{
	return setgroups_to("deny x");
}

static int setgroups_too_long(void)
{
	return setgroups_to("deny    ");
}

static int setgroups_allow_after_deny(void)
{
	return setgroups_to("deny") ?: write_to("/proc/self/setgroups", "allow");
}

static int setgroups_deny_after_map(void)
{
	pid_t pid = child_after(enter_one);

	need(!write_of(pid, "gid_map", "0 0 1"));
	return write_of(pid, "setgroups", "deny");
}

static int userns_of(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	need(fd >= 0);
	return fd;
}

static int setns_to_where_it_is(void)
{
	return setns(userns_of(getpid()), CLONE_NEWUSER);
}

static void *wait_in_thread(void *unused)
{
	while (pause())
		;
	return unused;
}

static int setns_of_threads(void)
{
	int fd = userns_of(child_after(enter_one));
	pthread_t thread;

	need(!pthread_create(&thread, NULL, wait_in_thread, NULL));
	return setns(fd, CLONE_NEWUSER);
}

static int setns_with_a_shared_root(void)
{
	int fd = userns_of(child_after(enter_one));

	if (!sys_clone(CLONE_FS | SIGCHLD)) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		wait_in_thread(NULL);
	}
	return setns(fd, CLONE_NEWUSER);
}

static int setns_by_nobody(void)
{
	int fd = userns_of(child_after(enter_one));

	return become_user() ?: setns(fd, CLONE_NEWUSER);
}

static int parent_of_the_first(void)
{
	return ioctl(userns_of(getpid()), NS_GET_PARENT);
}

static int userns_succeeds(void)
{
	leave_as_root();
	return unshare(CLONE_NEWUTS) || sethostname("name", 4);
}

/*
 * Security modules: Yama
 */

static void stay(void)
{
}

static void let_anybody(void)
{
	need(!prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0));
}

static pid_t victim;

static int attach_to_victim(void)
{
	return ptrace(PTRACE_ATTACH, victim, 0, 0) ? -1 : 0;
}

static int attach_to_sibling_after(void (*enter)(void))
{
	become_plain_user();
	victim = child_after(enter);
	return in_child(attach_to_victim);
}

static int attach_to_sibling_by_nobody(void)
{
	return attach_to_sibling_after(stay);
}

static int attach_to_sibling_that_lets_anybody(void)
{
	return attach_to_sibling_after(let_anybody);
}

static int attach_to_sibling(void)
{
	return with_sysctl("kernel/yama/ptrace_scope", "1", attach_to_sibling_by_nobody);
}

static int attach_to_sibling_that_lets(void)
{
	return with_sysctl("kernel/yama/ptrace_scope", "1", attach_to_sibling_that_lets_anybody);
}

static int attach_to_child_by_nobody(void)
{
	become_plain_user();
	victim = child_after(stay);
	return attach_to_victim();
}

static int attach_to_child_at_scope_2(void)
{
	return with_sysctl("kernel/yama/ptrace_scope", "2", attach_to_child_by_nobody);
}

static int traceme(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0) ? -1 : 0;
}

static int traceme_by_nobody(void)
{
	return become_user() ?: in_child(traceme);
}

static int traceme_at_scope_2(void)
{
	return with_sysctl("kernel/yama/ptrace_scope", "2", traceme_by_nobody);
}

static int set_ptracer_of_none(void)
{
	return prctl(PR_SET_PTRACER, NO_PID, 0, 0, 0);
}

static int set_scope_without_capability(void)
{
	drop(CAP_SYS_PTRACE);
	return write_to("/proc/sys/kernel/yama/ptrace_scope", "1");
}

/*
 * binfmt_misc: mounted anew for each, so nothing of it stays
 */

#define BINFMT	"/tmp/binfmt"

/* A file system that this kernel may be without */
static void mount_known(const char *type, const char *path)
{
	if (!mount("none", path, type, 0, NULL))
		return;
	need(errno == ENODEV);
	cannot();
}

static void make_binfmt(void)
{
	sandbox();
	make_dir(BINFMT, 0755);
	mount_known("binfmt_misc", BINFMT);
}

static int add_format(const char *text)
{
	make_binfmt();
	return write_to(BINFMT "/register", text);
}

static int format_too_short(void)
{
	return add_format(":name:E");
}

static int format_with_a_letter(void)
{
	return add_format("PnamePEPPextPP/bin/trueP");
}

static int format_with_a_slash(void)
{
	return add_format(":a/b:E::ext::/bin/true:");
}

static int format_of_no_type(void)
{
	return add_format(":name:X::ext::/bin/true:");
}

static int format_of_a_long_type(void)
{
	return add_format(":name:EM::ext::/bin/true:");
}

static int format_at_no_offset(void)
{
	return add_format(":name:M:x:magic::/bin/true:");
}

static int format_of_no_magic(void)
{
	return add_format(":name:M::::/bin/true:");
}

static int format_with_a_bad_escape(void)
{
	return add_format(":name:M::\\xyz::/bin/true:");
}

static int format_with_a_bad_mask(void)
{
	return add_format(":name:M::m:\\xyz:/bin/true:");
}

static int format_of_a_short_mask(void)
{
	return add_format(":name:M::magic:m:/bin/true:");
}

static int format_too_far(void)
{
	return add_format(":name:M:255:magic::/bin/true:");
}

static int format_of_no_extension(void)
{
	return add_format(":name:E::::/bin/true:");
}

static int format_without_interpreter(void)
{
	return add_format(":name:E::ext:::");
}

static int format_without_the_end(void)
{
	return add_format(":name:E::ext::/bin/true");
}

static int format_with_flags_t_and_p(void)
{
	return add_format(":name:E::ext::/bin/true:TP");
}

static int format_with_flags_l_and_c(void)
{
	return add_format(":name:E::ext::/bin/true:LC");
}

static int format_with_no_flag(void)
{
	return add_format(":name:E::ext::/bin/true:X");
}

static int format_of_a_relative_path(void)
{
	return add_format(":name:E::ext::true:C");
}

static int format_with_a_nul(void)
{
	int fd;

	make_binfmt();
	fd = open(BINFMT "/register", O_WRONLY | O_CLOEXEC);
	need(fd >= 0);
	return write(fd, ":na\0me:E::ext::/bin/true:", 25) < 0 ? -1 : 0;
}

static int format_of_no_file(void)
{
	return add_format(":name:E::ext::/no/such/file:F");
}

static int format_succeeds(void)
{
	return add_format(":name:E::ext::/bin/true:");
}

static int format_twice(void)
{
	need(!format_succeeds());
	return write_to(BINFMT "/register", ":name:E::ext::/bin/true:");
}

static int format_that_lacks_its_interpreter(void)
{
	char *const none[] = { NULL };

	need(!add_format(":name:E::ext::/no/such/file:"));
	make_file("/tmp/program.ext", 0755);
	return execve("/tmp/program.ext", none, none);
}

static int format_given_an_interpreter(void)
{
	need(!format_succeeds());
	return write_to(BINFMT "/name", "+other /bin/true");
}

static int format_given_a_command(void)
{
	need(!format_succeeds());
	return write_to(BINFMT "/name", "2");
}

static int status_given_a_long_command(void)
{
	make_binfmt();
	return write_to(BINFMT "/status", "hello");
}

static int unlink_of_register(void)
{
	make_binfmt();
	return unlink(BINFMT "/register");
}

/*
 * The pids cgroup
 */

#define CGROUP	"/tmp/cgroup"
#define GROUP	CGROUP "/markers_fail"

static int fork_once(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

/* A write to pids.max of a cgroup, and a fork if that succeeds; the cgroup goes again. */
static int with_pids_max(const char *max)
{
	int ret, err;

	sandbox();
	make_dir(CGROUP, 0755);
	mount_known("cgroup2", CGROUP);
	/* Without the controller, there are no such files even in the root. */
	if (write_to(CGROUP "/cgroup.subtree_control", "+pids"))
		cannot();
	make_dir(GROUP, 0755);
	ret = write_to(GROUP "/pids.max", max);
	if (!ret) {
		need(!write_to(GROUP "/cgroup.procs", "0"));
		ret = fork_once();
	}
	err = errno;
	while (wait(NULL) > 0)
		;
	need(!write_to(CGROUP "/cgroup.procs", "0") && !rmdir(GROUP));
	/* Others may have children there that need it. */
	write_to(CGROUP "/cgroup.subtree_control", "-pids");
	errno = err;
	return ret;
}

static int fork_at_pids_max(void)
{
	return with_pids_max("1");
}

static int pids_max_of_what(void)
{
	return with_pids_max("many");
}

static int pids_max_of_too_many(void)
{
	return with_pids_max("99999999");
}

static int fork_below_pids_max(void)
{
	return with_pids_max("2");
}

#define SECCOMP(call, error, func, reason) { #call, call, error, "seccomp", reason, func }
#define CLASSIC(call, error, func, reason) { #call, call, error, "bpf", reason, func }
#define USERNS(call, error, func, reason) { #call, call, error, "fork", reason, func }
#define YAMA(call, error, func, reason)	{ #call, call, error, "ptrace", reason, func }
#define MODULE(call, hook) \
	{ #call ": " hook, call, EPERM, "lsm", \
	  "refused by security module yama, hook " hook, "lsm_refused" }
#define BINFMT_MISC(call, error, func, reason) { #call, call, error, "exec", reason, func }
#define PIDS(call, error, system, func, reason) { #call, call, error, system, reason, func }
#define SUCCESS(fn)			{ .name = #fn, .call = fn }

static const struct fail_case cases[] = {
	SECCOMP(seccomp_of_no_operation, EINVAL, "do_seccomp",
		"an operation that seccomp() does not know"),
	SECCOMP(seccomp_strict_with_a_flag, EINVAL, "do_seccomp",
		"SECCOMP_SET_MODE_STRICT takes neither flags nor an argument"),
	SECCOMP(seccomp_avail_with_a_flag, EINVAL, "do_seccomp",
		"SECCOMP_GET_ACTION_AVAIL takes no flags"),
	SECCOMP(seccomp_avail_of_none, EOPNOTSUPP, "seccomp_get_action_avail",
		"an action that this kernel does not know"),
	SECCOMP(seccomp_sizes_with_a_flag, EINVAL, "do_seccomp",
		"SECCOMP_GET_NOTIF_SIZES takes no flags"),
	SECCOMP(prctl_of_no_mode, EINVAL, "prctl_set_seccomp",
		"neither SECCOMP_MODE_STRICT nor SECCOMP_MODE_FILTER"),
	SECCOMP(filter_with_a_bad_flag, EINVAL, "seccomp_set_mode_filter",
		"a flag that SECCOMP_SET_MODE_FILTER does not know"),
	SECCOMP(filter_tsync_with_listener, EINVAL, "seccomp_set_mode_filter",
		"TSYNC and NEW_LISTENER together need TSYNC_ESRCH"),
	SECCOMP(filter_killable_without_listener, EINVAL, "seccomp_set_mode_filter",
		"WAIT_KILLABLE_RECV is for NEW_LISTENER only"),
	SECCOMP(filter_of_nothing, EINVAL, "seccomp_prepare_filter",
		"a filter has 1 to 4096 instructions"),
	SECCOMP(filter_by_nobody, EACCES, "seccomp_prepare_filter",
		"a filter needs PR_SET_NO_NEW_PRIVS or CAP_SYS_ADMIN"),
	CLASSIC(classic_of_no_instruction, EINVAL, "bpf_check_classic",
		"instruction 0 is not one of classic BPF"),
	CLASSIC(classic_divides_by_zero, EINVAL, "bpf_check_classic",
		"instruction 0 divides by zero"),
	CLASSIC(classic_shifts_too_far, EINVAL, "bpf_check_classic",
		"instruction 0 shifts by more than 31 bits"),
	CLASSIC(classic_loads_a_cell_too_far, EINVAL, "bpf_check_classic",
		"instruction 0 uses M[16], the last one is M[15]"),
	CLASSIC(classic_loads_what_was_not_stored, EINVAL, "check_load_and_stores",
		"instruction 0 loads M[3], to which nothing was stored"),
	CLASSIC(classic_jumps_too_far, EINVAL, "bpf_check_classic",
		"instruction 0 jumps beyond the last one"),
	CLASSIC(classic_branches_too_far, EINVAL, "bpf_check_classic",
		"instruction 0 jumps beyond the last one"),
	CLASSIC(classic_loads_no_ancillary, EINVAL, "bpf_check_classic",
		"instruction 0 loads ancillary data that the kernel lacks"),
	CLASSIC(classic_does_not_return, EINVAL, "bpf_check_classic",
		"the last instruction does not return"),
	CLASSIC(attach_nothing, EINVAL, "__get_filter", "a filter has 1 to 4096 instructions"),
	CLASSIC(attach_to_locked_socket, EPERM, "__get_filter", "SO_LOCK_FILTER is set"),
	CLASSIC(attach_bpf_to_locked_socket, EPERM, "__get_bpf", "SO_LOCK_FILTER is set"),
	CLASSIC(share_bpf_on_locked_socket, EPERM, "sk_reuseport_attach_bpf",
		"SO_LOCK_FILTER is set"),
	CLASSIC(detach_from_locked_socket, EPERM, "sk_detach_filter", "SO_LOCK_FILTER is set"),
	CLASSIC(attach_with_little_optmem, ENOMEM, "__sk_attach_prog",
		"net.core.optmem_max is too small for the filter"),
	CLASSIC(share_with_little_optmem, ENOMEM, "sk_reuseport_attach_filter",
		"net.core.optmem_max is too small for the filter"),
	SUCCESS(attach_succeeds),
	SECCOMP(filter_loads_a_byte, EINVAL, "seccomp_check_filter",
		"instruction 0 is not for seccomp filters"),
	SECCOMP(filter_loads_too_far, EINVAL, "seccomp_check_filter",
		"instruction 0 loads out of struct seccomp_data"),
	SECCOMP(filters_of_many_instructions, ENOMEM, "seccomp_attach_filter",
		"the filters of the thread exceed 32768 eBPF instructions together"),
	SECCOMP(filters_with_two_listeners, EBUSY, "seccomp_set_mode_filter",
		"one of the filters has a listener already"),
	SECCOMP(strict_after_filter, EINVAL, "seccomp_set_mode_strict",
		"the thread is in SECCOMP_MODE_FILTER already"),
	SECCOMP(filter_refuses, EXDEV, "__seccomp_filter",
		"a filter refuses system call " NUMBER(GETPPID)),
	SECCOMP(filter_without_tracer, ENOSYS, "__seccomp_filter",
		"a filter has no tracer to hand system call " NUMBER(GETPPID) " to"),
	SECCOMP(filter_without_listener, ENOSYS, "seccomp_do_user_notification",
		"a filter without listener asks about system call " NUMBER(GETPPID)),
	SECCOMP(listener_refuses, EXDEV, "seccomp_do_user_notification",
		"the listener of a filter refuses system call " NUMBER(GETPPID)),
	SECCOMP(listener_ioctl_of_no_kind, EINVAL, "seccomp_notify_ioctl",
		"no ioctl() of a listener"),
	SECCOMP(listener_recv_not_zeroed, EINVAL, "seccomp_notify_recv",
		"the buffer for a notification is not zero"),
	SECCOMP(listener_send_for_none, ENOENT, "seccomp_notify_send",
		"no call with this ID waits: it was interrupted or answered"),
	SECCOMP(listener_send_with_a_bad_flag, EINVAL, "seccomp_notify_send",
		"a flag that answers of a listener do not have"),
	SECCOMP(listener_continues_with_error, EINVAL, "seccomp_notify_send",
		"an answer that continues the call takes neither error nor val"),
	SECCOMP(listener_id_of_none, ENOENT, "seccomp_notify_id_valid",
		"no call with this ID waits: it was interrupted or answered"),
	SECCOMP(listener_addfd_of_none, EBADF, "seccomp_notify_addfd", "srcfd is not open"),
	SECCOMP(listener_addfd_without_setfd, EINVAL, "seccomp_notify_addfd",
		"newfd needs SECCOMP_ADDFD_FLAG_SETFD"),
	SECCOMP(log_of_no_action, EINVAL, "write_actions_logged",
		"kernel.seccomp.actions_logged has an unknown action"),
	SECCOMP(log_of_allow, EINVAL, "write_actions_logged",
		"allow cannot be in kernel.seccomp.actions_logged"),
	SUCCESS(seccomp_succeeds),

	USERNS(userns_at_the_limit, ENOSPC, "create_user_ns",
	       "too many user namespaces, see user.max_user_namespaces"),
	USERNS(userns_too_deep, ENOSPC, "create_user_ns",
	       "user namespaces are nested 33 deep already"),
	USERNS(userns_in_a_chroot, EPERM, "create_user_ns",
	       "a user namespace cannot be made in a chroot"),
	USERNS(userns_of_one_not_mapped, EPERM, "create_user_ns",
	       "the user or group is not mapped in the user namespace left"),
	USERNS(uid_map_of_the_first, EPERM, "proc_uid_map_write",
	       "the initial user namespace has no map to write"),
	USERNS(uid_map_twice, EPERM, "map_write", "the ID map has been written already"),
	USERNS(uid_map_of_two_numbers, EINVAL, "map_write",
	       "a line of the ID map is not three numbers: inside, outside, count"),
	USERNS(uid_map_of_no_id, EINVAL, "map_write", "4294967295 is no ID"),
	USERNS(uid_map_of_no_ids, EINVAL, "map_write",
	       "a line of the ID map has no IDs, or too many"),
	USERNS(uid_map_of_too_many, EINVAL, "map_write",
	       "a line of the ID map has too many IDs"),
	USERNS(uid_map_that_overlaps, EINVAL, "map_write", "lines of the ID map overlap"),
	USERNS(uid_map_of_many_lines, EINVAL, "map_write",
	       "the ID map has more than 340 lines"),
	USERNS(uid_map_of_a_page, EINVAL, "map_write",
	       "an ID map takes one write, of less than a page"),
	USERNS(uid_map_without_capability, EPERM, "map_write",
	       "an ID map needs CAP_SYS_ADMIN in its user namespace"),
	USERNS(uid_map_of_root_by_nobody, EPERM, "verify_root_map",
	       "to map user 0 of the parent, its maker needed CAP_SETFCAP"),
	USERNS(uid_map_of_root_without_setfcap, EPERM, "verify_root_map",
	       "mapping user 0 of the parent needs CAP_SETFCAP in it"),
	USERNS(uid_map_of_others, EPERM, "new_idmap_permitted",
	       "without CAP_SETUID or CAP_SETGID in the parent, only one's own ID"),
	USERNS(gid_map_with_setgroups, EPERM, "new_idmap_permitted",
	       "without CAP_SETGID in the parent, write deny to setgroups first"),
	USERNS(uid_map_not_in_the_parent, EPERM, "map_write",
	       "IDs that are not mapped in the parent user namespace"),
	USERNS(uid_map_from_outside, EPERM, "proc_uid_map_write",
	       "not opened in the user namespace, nor in its parent"),
	USERNS(setgroups_to_what, EINVAL, "proc_setgroups_write",
	       "setgroups takes allow or deny"),
	USERNS(setgroups_to_more, EINVAL, "proc_setgroups_write",
	       "something after allow or deny"),
	USERNS(setgroups_too_long, EINVAL, "proc_setgroups_write",
	       "setgroups takes allow or deny, in one write"),
	USERNS(setgroups_allow_after_deny, EPERM, "proc_setgroups_write",
	       "setgroups once denied cannot be allowed"),
	USERNS(setgroups_deny_after_map, EPERM, "proc_setgroups_write",
	       "setgroups cannot be denied after gid_map was written"),
	USERNS(setns_to_where_it_is, EINVAL, "userns_install",
	       "already in this user namespace"),
	USERNS(setns_of_threads, EINVAL, "userns_install",
	       "a process with threads cannot change its user namespace"),
	USERNS(setns_with_a_shared_root, EINVAL, "userns_install",
	       "root and working directory are shared, by CLONE_FS"),
	USERNS(setns_by_nobody, EPERM, "userns_install",
	       "needs CAP_SYS_ADMIN in the user namespace to join"),
	USERNS(parent_of_the_first, EPERM, "ns_get_owner",
	       "the owner is no user namespace of the caller"),
	SUCCESS(userns_succeeds),

	YAMA(attach_to_sibling, EPERM, "yama_ptrace_access_check",
	     "kernel.yama.ptrace_scope=1: no descendant, no PR_SET_PTRACER"),
	YAMA(attach_to_child_at_scope_2, EPERM, "yama_ptrace_access_check",
	     "kernel.yama.ptrace_scope=2 needs CAP_SYS_PTRACE"),
	YAMA(traceme_at_scope_2, EPERM, "yama_ptrace_traceme",
	     "kernel.yama.ptrace_scope=2 needs CAP_SYS_PTRACE"),
	YAMA(set_ptracer_of_none, EINVAL, "yama_task_prctl",
	     "no such process in this PID namespace"),
	YAMA(set_scope_without_capability, EPERM, "yama_dointvec_minmax",
	     "setting kernel.yama.ptrace_scope needs CAP_SYS_PTRACE"),
	MODULE(attach_to_sibling, "ptrace_access_check"),
	MODULE(traceme_at_scope_2, "ptrace_traceme"),
	SUCCESS(attach_to_sibling_that_lets),

	BINFMT_MISC(format_too_short, EINVAL, "create_entry",
		    "a registration has 11 to 1920 characters"),
	BINFMT_MISC(format_with_a_letter, EINVAL, "create_entry",
		    "the delimiter must not be a letter of a flag"),
	BINFMT_MISC(format_with_a_slash, EINVAL, "create_entry",
		    "the name is empty, ., .. or has a slash"),
	BINFMT_MISC(format_of_no_type, EINVAL, "create_entry", "the type is none of E, M, B"),
	BINFMT_MISC(format_of_a_long_type, EINVAL, "create_entry",
		    "the type is longer than a letter"),
	BINFMT_MISC(format_at_no_offset, EINVAL, "parse_magic_fields",
		    "the offset is no number"),
	BINFMT_MISC(format_of_no_magic, EINVAL, "parse_magic_fields",
		    "the magic is empty, or an escape has not two digits"),
	BINFMT_MISC(format_with_a_bad_escape, EINVAL, "parse_magic_fields",
		    "the magic is empty, or an escape has not two digits"),
	BINFMT_MISC(format_with_a_bad_mask, EINVAL, "parse_magic_fields",
		    "an escape in the mask has not two digits"),
	BINFMT_MISC(format_of_a_short_mask, EINVAL, "parse_magic_fields",
		    "magic and mask differ in length"),
	BINFMT_MISC(format_too_far, EINVAL, "parse_magic_fields",
		    "the magic is not within the first 256 bytes"),
	BINFMT_MISC(format_of_no_extension, EINVAL, "parse_extension_fields",
		    "the extension is empty or has a slash"),
	BINFMT_MISC(format_without_interpreter, EINVAL, "create_entry",
		    "no interpreter is named"),
	BINFMT_MISC(format_without_the_end, EINVAL, "create_entry",
		    "a field is missing, or the delimiter after the last"),
	BINFMT_MISC(format_with_flags_t_and_p, EINVAL, "create_entry",
		    "the flags T and P exclude each other"),
	BINFMT_MISC(format_with_flags_l_and_c, EINVAL, "create_entry",
		    "the flag L excludes T, P, C and O"),
	BINFMT_MISC(format_with_no_flag, EINVAL, "create_entry",
		    "a flag that binfmt_misc does not know"),
	BINFMT_MISC(format_of_a_relative_path, EINVAL, "create_entry",
		    "flags L and C need an absolute path or the flag F"),
	BINFMT_MISC(format_with_a_nul, EINVAL, "create_entry",
		    "a NUL byte in the registration"),
	BINFMT_MISC(format_of_no_file, ENOENT, "open_interp_file",
		    "cannot open the interpreter /no/such/file"),
	BINFMT_MISC(format_twice, EEXIST, "add_entry",
		    "cannot create the entry name, there may be one already"),
	BINFMT_MISC(format_that_lacks_its_interpreter, ENOENT, "load_misc_binary",
		    "cannot open /no/such/file, the interpreter of a binfmt_misc entry"),
	BINFMT_MISC(format_given_an_interpreter, EINVAL, "bm_entry_add_interp",
		    "only an entry of type B takes interpreters"),
	BINFMT_MISC(format_given_a_command, EINVAL, "parse_command",
		    "a command is 0, 1 or -1"),
	BINFMT_MISC(status_given_a_long_command, EINVAL, "read_command",
		    "a command is 0, 1 or -1"),
	BINFMT_MISC(unlink_of_register, EPERM, "bm_unlink",
		    "register and status cannot be removed"),
	SUCCESS(format_succeeds),

	PIDS(fork_at_pids_max, EAGAIN, "fork", "pids_try_charge",
	     "the tasks of the cgroup, or of one above it, are at pids.max, 1"),
	PIDS(pids_max_of_what, EINVAL, "sys", "pids_max_write",
	     "pids.max is neither a number nor max"),
	PIDS(pids_max_of_too_many, EINVAL, "sys", "pids_max_write",
	     "pids.max is neither max nor from 0 to " PIDS_LIMIT),
	SUCCESS(fork_below_pids_max),
};

int main(void)
{
	return fail_main(cases, ARRAY_SIZE(cases));
}
