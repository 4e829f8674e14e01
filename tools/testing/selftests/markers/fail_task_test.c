// SPDX-License-Identifier: GPL-2.0
/*
 * Why calls about processes fail: execve(2), clone(2) and its kin, ptrace(2), and those
 * that ask for a capability or change what a process is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "fail.h"

#define PROGRAM		"/tmp/fail_task_test.program"
#define INTERPRETER	"/tmp/fail_task_test.interpreter"
#define NO_PID		0x3ffffff
#define KTHREADD	2

/*
 * exec
 */

static int create(const char *path, const void *content, size_t len, mode_t mode)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0700);
	int err = fd < 0 || write(fd, content, len) != (ssize_t)len || fchmod(fd, mode);

	return close(fd) || err;
}

static char *const no_args[] = { NULL };

static int exec_and_unlink(char *const *argv)
{
	int err;

	execve(PROGRAM, argv, no_args);
	err = errno;
	unlink(PROGRAM);
	unlink(INTERPRETER);
	errno = err;
	return -1;
}

static int exec_text(const char *text)
{
	char *const argv[] = { "program", NULL };

	return create(PROGRAM, text, strlen(text), 0700) ? 0 : exec_and_unlink(argv);
}

static int exec_not_executable(void)
{
	return create(PROGRAM, "", 0, 0600) ? 0 : exec_and_unlink(no_args);
}

static int exec_directory(void)
{
	return execve("/tmp", no_args, no_args);
}

static int exec_of_open_file(void)
{
	int fd;

	if (create(PROGRAM, "", 0, 0700))
		return 0;
	fd = open(PROGRAM, O_WRONLY);
	return fd < 0 ? 0 : exec_and_unlink(no_args);
}

static int exec_on_noexec_mount(void)
{
	if (unshare(CLONE_NEWNS) || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", MS_NOEXEC, NULL))
		return 0;
	return exec_text("#!/bin/true\n");
}

static int exec_script_without_interpreter(void)
{
	return exec_text("#!/no/such/shell -e\n");
}

static int exec_script_that_names_none(void)
{
	return exec_text("#!\n");
}

static int exec_script_with_a_long_name(void)
{
	char text[300];

	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/", 3);
	text[sizeof(text) - 1] = '\0';
	return exec_text(text);
}

static int exec_script_of_itself(void)
{
	return exec_text("#!" PROGRAM "\n");
}

static int exec_script_by_descriptor(void)
{
	static const char text[] = "#!/bin/true\n";
	int fd;

	if (create(PROGRAM, text, strlen(text), 0700))
		return 0;
	fd = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	unlink(PROGRAM);
	return syscall(SYS_execveat, fd, "", no_args, no_args, AT_EMPTY_PATH);
}

static int exec_text_file(void)
{
	return exec_text("hello\n");
}

static int execveat_with_a_bad_flag(void)
{
	return syscall(SYS_execveat, AT_FDCWD, "/bin/true", no_args, no_args, 1 << 30);
}

static int exec_with_a_long_string(void)
{
	size_t len = 33 * sysconf(_SC_PAGESIZE);
	char *const argv[] = { "program", malloc(len + 1), NULL };

	memset(argv[1], 'x', len);
	argv[1][len] = '\0';
	return execve("/bin/true", argv, no_args);
}

static int exec_with_long_strings(void)
{
	size_t len = 20 * 4096;
	char *string = malloc(len + 1);
	char *const argv[] = { string, string, string, NULL };

	memset(string, 'x', len);
	string[len] = '\0';
	return limit(RLIMIT_STACK, 512 * 1024) ? 0 : execve("/bin/true", argv, no_args);
}

static int exec_with_many_strings(void)
{
	size_t nr = 160000 / sizeof(char *);
	char **argv = calloc(nr + 1, sizeof(*argv));

	for (size_t i = 0; i < nr; i++)
		argv[i] = "";
	return limit(RLIMIT_STACK, 512 * 1024) ? 0 : execve("/bin/true", argv, no_args);
}

static int exec_without_argv(void)
{
	return syscall(SYS_execve, "/bin/true", 8, NULL);
}

static int exec_with_a_bad_string(void)
{
	char *const argv[] = { "program", (char *)8, NULL };

	return syscall(SYS_execve, "/bin/true", argv, NULL);
}

/* The limit is looked at before the process counts for its new user. */
static int exec_after_setuid(void)
{
	pid_t pid = fork();

	if (!pid) {
		if (become_user() || prctl(PR_SET_PDEATHSIG, SIGKILL))
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	if (waitpid(pid, NULL, WUNTRACED) != pid)
		return 0;
	return limit(RLIMIT_NPROC, 0) || become_user() ? 0 : execve("/bin/true", no_args, no_args);
}

#if __SIZEOF_LONG__ == 8
#define CLASS		NUMBER(ELFCLASS64)
#else
#define CLASS		NUMBER(ELFCLASS32)
#endif

/* A program of headers only, for the kernel to look at */
struct elf {
	ElfW(Ehdr)	ehdr;
	ElfW(Phdr)	phdr;
	char		interpreter[64];
};

static struct elf elf_program = {
	.phdr = {
		.p_type = PT_INTERP,
		.p_offset = offsetof(struct elf, interpreter),
		.p_filesz = sizeof(INTERPRETER),
	},
	.interpreter = INTERPRETER,
};

/* It is for this machine: its header is that of this program. */
static void elf_init(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	need(read(fd, &elf_program.ehdr, sizeof(elf_program.ehdr)) == sizeof(elf_program.ehdr));
	close(fd);
	elf_program.ehdr.e_type = ET_EXEC;
	elf_program.ehdr.e_phoff = offsetof(struct elf, phdr);
	elf_program.ehdr.e_phnum = 1;
}

static int exec_elf(const struct elf *elf)
{
	return create(PROGRAM, elf, sizeof(*elf), 0700) ? 0 : exec_and_unlink(no_args);
}

static int exec_elf_of_another_machine(void)
{
	struct elf elf = elf_program;

	elf.ehdr.e_machine = EM_SPARC;
	return exec_elf(&elf);
}

static int exec_elf_of_the_other_byte_order(void)
{
	struct elf elf = elf_program;

	elf.ehdr.e_ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
	elf.ehdr.e_type = ET_EXEC << 8;
	elf.ehdr.e_machine = EM_SPARC << 8;
	return exec_elf(&elf);
}

static int exec_elf_object(void)
{
	struct elf elf = elf_program;

	elf.ehdr.e_type = ET_REL;
	return exec_elf(&elf);
}

static int exec_elf_without_headers(void)
{
	struct elf elf = elf_program;

	elf.ehdr.e_phnum = 0;
	return exec_elf(&elf);
}

static int exec_elf_cut_short(void)
{
	struct elf elf = elf_program;

	elf.phdr.p_offset = 4096;
	return exec_elf(&elf);
}

static int exec_elf_without_interpreter(void)
{
	return exec_elf(&elf_program);
}

static int exec_elf_with_a_bad_name(void)
{
	struct elf elf = elf_program;

	elf.phdr.p_filesz--;
	return exec_elf(&elf);
}

static int exec_elf_with_a_text(void)
{
	char text[sizeof(struct elf)] = "hello";

	if (create(INTERPRETER, text, sizeof(text), 0700))
		return 0;
	return exec_elf(&elf_program);
}

static int exec_elf_with_another_machine(void)
{
	struct elf elf = elf_program;

	elf.ehdr.e_machine = EM_SPARC;
	if (create(INTERPRETER, &elf, sizeof(elf), 0700))
		return 0;
	return exec_elf(&elf_program);
}

static int exec_succeeds(void)
{
	char *const argv[] = { "true", NULL };
	int status;
	pid_t pid = fork();

	if (!pid) {
		execve("/bin/true", argv, no_args);
		_exit(1);
	}
	return waitpid(pid, &status, 0) != pid || status ? -1 : 0;
}

/*
 * fork and namespaces
 */

static int do_clone(unsigned long flags)
{
	int pid = sys_clone(flags);

	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int do_clone3(struct clone_args *args, size_t size)
{
	int pid = syscall(SYS_clone3, args, size);

	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int clone_thread(void)
{
	return do_clone(CLONE_THREAD);
}

static int clone_sighand(void)
{
	return do_clone(CLONE_SIGHAND | SIGCHLD);
}

static int clone_newns_and_fs(void)
{
	return do_clone(CLONE_NEWNS | CLONE_FS | SIGCHLD);
}

static int clone_newuser_and_fs(void)
{
	return do_clone(CLONE_NEWUSER | CLONE_FS | SIGCHLD);
}

static int clone_thread_newpid(void)
{
	return do_clone(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWPID);
}

static int clone_newipc_and_sysvsem(void)
{
	return do_clone(CLONE_NEWIPC | CLONE_SYSVSEM | SIGCHLD);
}

static int clone_exit_signal(void)
{
	return do_clone(100);
}

static int clone_newuts_by_nobody(void)
{
	return become_user() ? 0 : do_clone(CLONE_NEWUTS | SIGCHLD);
}

static int clone3_of_a_bad_size(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };

	return do_clone3(&args, 8);
}

static int clone3_with_a_bad_flag(void)
{
	struct clone_args args = { .flags = 1ULL << 62 };

	return do_clone3(&args, sizeof(args));
}

static int clone3_without_stack_size(void)
{
	struct clone_args args = { .stack = 4096, .exit_signal = SIGCHLD };

	return do_clone3(&args, sizeof(args));
}

static int clone3_without_set_tid(void)
{
	struct clone_args args = { .set_tid_size = 1, .exit_signal = SIGCHLD };

	return do_clone3(&args, sizeof(args));
}

static int clone3_set_tid(pid_t pid, size_t nr)
{
	pid_t pids[] = { pid, pid };
	struct clone_args args = {
		.set_tid = (uintptr_t)pids, .set_tid_size = nr, .exit_signal = SIGCHLD,
	};

	return do_clone3(&args, sizeof(args));
}

static int clone3_of_a_pid_in_use(void)
{
	return clone3_set_tid(1, 1);
}

static int clone3_of_no_pid(void)
{
	return clone3_set_tid(0, 1);
}

static int clone3_of_two_pids(void)
{
	return clone3_set_tid(1, 2);
}

static int clone3_of_a_pid_by_nobody(void)
{
	return become_user() ? 0 : clone3_set_tid(NO_PID & 0x7fff, 1);
}

static int fork_at_the_limit(void)
{
	return limit(RLIMIT_NPROC, 1) || become_user() ? 0 : fork();
}

/* The limit is for the processes of the test, too: not with_sysctl(). */
static int fork_of_too_many(void)
{
	char old[32];
	int err = 0;

	write_sysctl("kernel/threads-max", "20", old, sizeof(old));
	if (fork() < 0)
		err = errno;
	write_sysctl("kernel/threads-max", old, NULL, 0);
	errno = err;
	return err ? -1 : 0;
}

/* Children are in a PID namespace of their own from now on. */
static void new_pids(void)
{
	if (!unshare(CLONE_NEWPID))
		return;
	need(errno == EINVAL);
	cannot();
}

static int fork_without_init(void)
{
	pid_t pid;

	new_pids();
	pid = fork();
	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		return 0;
	return fork();
}

static int unshare_bad_flag(void)
{
	return unshare(1);
}

static int unshare_newpid_twice(void)
{
	new_pids();
	return unshare(CLONE_NEWPID);
}

static int unshare_by_nobody(void)
{
	return become_user() ? 0 : unshare(CLONE_NEWNET);
}

static int setns_bad_fd(void)
{
	return setns(-1, 0);
}

static int setns_of_a_file(void)
{
	return setns(open("/dev/null", O_RDONLY), 0);
}

static int setns_of_another_type(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	if (fd < 0)
		cannot();
	return setns(fd, CLONE_NEWNET);
}

static int setns_of_a_pidfd_without_flags(void)
{
	return setns(syscall(SYS_pidfd_open, getpid(), 0), 0);
}

static int setns_pid_by_nobody(void)
{
	int fd = open("/proc/self/ns/pid", O_RDONLY);

	return become_user() ? 0 : setns(fd, CLONE_NEWPID);
}

static int fork_succeeds(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(unshare(CLONE_NEWNS | CLONE_NEWUTS));
	return waitpid(pid, NULL, 0) != pid;
}

/*
 * ptrace
 */

/* A child that waits to be killed, when this process ends */
static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

static pid_t stopped_child(void)
{
	pid_t pid = child();

	return ptrace(PTRACE_ATTACH, pid, 0, 0) || waitpid(pid, NULL, 0) != pid ? 0 : pid;
}

static int attach_to_self(void)
{
	return ptrace(PTRACE_ATTACH, getpid(), 0, 0);
}

static int attach_to_a_kernel_thread(void)
{
	return ptrace(PTRACE_ATTACH, KTHREADD, 0, 0);
}

static int attach_to_none(void)
{
	return ptrace(PTRACE_ATTACH, NO_PID, 0, 0);
}

static int attach_by_nobody(void)
{
	return become_user() ? 0 : ptrace(PTRACE_ATTACH, 1, 0, 0);
}

static int attach_to_a_zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return waitid(P_PID, pid, &info, WEXITED | WNOWAIT) ? 0 :
		ptrace(PTRACE_ATTACH, pid, 0, 0);
}

static int attach_to_one_not_dumpable(void)
{
	int fd[2];
	char c;
	pid_t pid;

	if (become_user() || pipe(fd))
		return 0;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_DUMPABLE, 0);
		c = write(fd[1], "", 1);
		for (;;)
			pause();
	}
	return read(fd[0], &c, 1) != 1 ? 0 : ptrace(PTRACE_ATTACH, pid, 0, 0);
}

static int attach_to_one_with_more_capabilities(void)
{
	pid_t pid = child();
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { };

	return syscall(SYS_capset, &header, data) ? 0 : ptrace(PTRACE_ATTACH, pid, 0, 0);
}

static int seize_at_an_address(void)
{
	return ptrace(PTRACE_SEIZE, child(), 8, 0);
}

static int seize_with_a_bad_option(void)
{
	return ptrace(PTRACE_SEIZE, child(), 0, ~0UL << (8 * sizeof(long) - 2));
}

static int traceme_twice(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(0);
		_exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ? errno : 0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 0;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

/* In a PID namespace, where it is known which process this is */
static int attach_twice(void)
{
	int status;
	pid_t pid;

	new_pids();
	pid = fork();
	if (!pid)
		_exit(ptrace(PTRACE_ATTACH, stopped_child(), 0, 0) ? errno : 0);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 0;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int cont_of_one_not_traced(void)
{
	return ptrace(PTRACE_CONT, child(), 0, 0);
}

static int cont_of_one_that_runs(void)
{
	pid_t pid = child();

	return ptrace(PTRACE_SEIZE, pid, 0, 0) ? 0 : ptrace(PTRACE_CONT, pid, 0, 0);
}

static int cont_with_no_signal(void)
{
	return ptrace(PTRACE_CONT, stopped_child(), 0, 100);
}

static int interrupt_after_attach(void)
{
	return ptrace(PTRACE_INTERRUPT, stopped_child(), 0, 0);
}

static int peek_at_nothing(void)
{
	errno = 0;
	ptrace(PTRACE_PEEKDATA, stopped_child(), 16, 0);
	return errno ? -1 : 0;
}

static int poke_at_nothing(void)
{
	return ptrace(PTRACE_POKEDATA, stopped_child(), 16, 0);
}

static int setoptions_of_a_bad_one(void)
{
	return ptrace(PTRACE_SETOPTIONS, stopped_child(), 0, 1UL << 30);
}

static int request_of_no_kind(void)
{
	return ptrace(0x7777, stopped_child(), 0, 0);
}

static int getsigmask_of_a_bad_size(void)
{
	return ptrace(PTRACE_GETSIGMASK, stopped_child(), 1, 0);
}

static int ptrace_succeeds(void)
{
	pid_t pid = stopped_child();

	return !pid || ptrace(PTRACE_DETACH, pid, 0, 0);
}

/*
 * Capabilities
 */

static int sethostname_by_nobody(void)
{
	return become_user() ? 0 : sethostname("nobody", 6);
}

static int chroot_by_nobody(void)
{
	return become_user() ? 0 : chroot("/");
}

static int settime_by_nobody(void)
{
	struct timespec time = { };

	return become_user() ? 0 : clock_settime(CLOCK_REALTIME, &time);
}

/* Memory may be had beyond a reserve by CAP_SYS_ADMIN, which is not audited. */
static int try_of_a_capability(void)
{
	return become_user() || sbrk(1 << 20) == (void *)-1;
}

/*
 * What a process is
 */

static int setrlimit_soft_above_hard(void)
{
	struct rlimit rlim = { 2, 1 };

	return setrlimit(RLIMIT_CORE, &rlim);
}

static int setrlimit_of_none(void)
{
	return limit(100, 0);
}

static int setrlimit_by_nobody(void)
{
	return limit(RLIMIT_CORE, 1) || become_user() ? 0 : limit(RLIMIT_CORE, 2);
}

static int prlimit_by_nobody(void)
{
	return become_user() ? 0 : prlimit(1, RLIMIT_CORE, NULL, NULL);
}

static int prlimit_of_none(void)
{
	return prlimit(NO_PID, RLIMIT_CORE, NULL, NULL);
}

static int setuid_by_nobody(void)
{
	return become_user() ? 0 : setuid(1);
}

static int setresuid_by_nobody(void)
{
	return become_user() ? 0 : setresuid(-1, 0, -1);
}

static int setreuid_by_nobody(void)
{
	return become_user() ? 0 : setreuid(0, -1);
}

static int setgid_by_nobody(void)
{
	return become_user() ? 0 : setgid(1);
}

static int setgroups_by_nobody(void)
{
	return become_user() ? 0 : setgroups(0, NULL);
}

static int setgroups_of_too_many(void)
{
	return setgroups(NGROUPS_MAX + 1, NULL);
}

static int setregid_by_nobody(void)
{
	return become_user() ? 0 : setregid(-1, 0);
}

static int setresgid_by_nobody(void)
{
	return become_user() ? 0 : setresgid(0, 0, 0);
}

static int setuid_of_none(void)
{
	return syscall(SYS_setuid, -1);
}

static int kill_by_nobody(void)
{
	return become_user() ? 0 : kill(1, SIGCONT);
}

static int kill_with_no_signal(void)
{
	return kill(getpid(), 100);
}

static int sigqueue_as_the_kernel(void)
{
	siginfo_t info = { .si_code = SI_KERNEL };

	return syscall(SYS_rt_sigqueueinfo, 1, SIGCONT, &info);
}

static int setpriority_of_what(void)
{
	return setpriority(9, 0, 0);
}

static int setpriority_of_none(void)
{
	return setpriority(PRIO_PROCESS, NO_PID, 0);
}

static int setpriority_by_nobody(void)
{
	return become_user() ? 0 : setpriority(PRIO_PROCESS, 0, -5);
}

static int setpriority_of_another(void)
{
	return become_user() ? 0 : setpriority(PRIO_PROCESS, 1, 5);
}

static int set_scheduler(int policy, int priority)
{
	struct sched_param param = { priority };

	return sched_setscheduler(0, policy, &param);
}

static int sched_without_priority(void)
{
	return set_scheduler(SCHED_FIFO, 0);
}

static int sched_of_no_policy(void)
{
	return set_scheduler(99, 0);
}

static int sched_by_nobody(void)
{
	return become_user() ? 0 : set_scheduler(SCHED_FIFO, 1);
}

static int sched_priority_of_no_policy(void)
{
	return sched_get_priority_max(99);
}

static int affinity_by_nobody(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return become_user() ? 0 : sched_setaffinity(1, sizeof(set), &set);
}

static int prctl_of_no_option(void)
{
	return prctl(9999, 0, 0, 0, 0);
}

static int prctl_no_new_privs_2(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0);
}

static int prctl_pdeathsig(void)
{
	return prctl(PR_SET_PDEATHSIG, 100);
}

static int prctl_with_an_argument(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int prctl_dumpable_2(void)
{
	return prctl(PR_SET_DUMPABLE, 2);
}

static int prctl_capbset_drop(void)
{
	return become_user() ? 0 : prctl(PR_CAPBSET_DROP, CAP_CHOWN);
}

static int prctl_keepcaps_2(void)
{
	return prctl(PR_SET_KEEPCAPS, 2);
}

static int prctl_ambient(void)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0);
}

static int capset_by_nobody(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { .permitted = 1 << CAP_CHOWN } };

	return become_user() ? 0 : syscall(SYS_capset, &header, data);
}

static int capset_of_another(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 1 };
	struct __user_cap_data_struct data[2] = { };

	return syscall(SYS_capset, &header, data);
}

static int setpgid_of_another(void)
{
	return setpgid(1, 0);
}

static int setpgid_to_none(void)
{
	return setpgid(0, NO_PID);
}

static int setsid_twice(void)
{
	return setsid() < 0 ? 0 : setsid();
}

static int setsid_of_a_group_leader(void)
{
	return setpgid(0, 0) ? 0 : setsid();
}

static int sigaction_of_sigkill(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	return sigaction(SIGKILL, &action, NULL);
}

static int sigaltstack_too_small(void)
{
	stack_t stack = { .ss_sp = &stack, .ss_size = 16 };

	return sigaltstack(&stack, NULL);
}

static int sigprocmask_of_a_bad_size(void)
{
	return syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 1);
}

static int pidfd_open_of_none(void)
{
	return syscall(SYS_pidfd_open, NO_PID, 0);
}

static int pidfd_open_with_a_flag(void)
{
	return syscall(SYS_pidfd_open, getpid(), 1);
}

static int pidfd_getfd_of_none(void)
{
	return syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), 1000, 0);
}

static int sethostname_too_long(void)
{
	char name[66] = "";

	return sethostname(name, sizeof(name));
}

static int getrusage_of_what(void)
{
	struct rusage usage;

	return getrusage(100, &usage);
}

static int calls_succeed(void)
{
	return setpriority(PRIO_PROCESS, 0, 1) || limit(RLIMIT_CORE, 0) || setsid() < 0 ||
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || become_user() || kill(getpid(), 0);
}

#define EXEC(call, error, func, reason)	{ #call, call, error, "exec", reason, func }
#define FORK(call, error, func, reason)	{ #call, call, error, "fork", reason, func }
#define PTRACE(call, error, func, reason) { #call, call, error, "ptrace", reason, func }
#define CAPABLE(call, error, cap) \
	{ #call ": " cap, call, error, "capable", "needs " cap " in user:[4026531837]", \
	  "cap_capable" }
#define SYS(call, error, func, reason)	{ #call, call, error, "sys", reason, func }
#define SUCCESS(fn)			{ .name = #fn, .call = fn }

static const struct fail_case cases[] = {
	EXEC(exec_not_executable, EACCES, "do_open_execat",
	     "the file may not be opened to be executed, see path_fail and lsm_fail"),
	EXEC(exec_directory, EACCES, "do_open_execat",
	     "the file may not be opened to be executed, see path_fail and lsm_fail"),
	EXEC(exec_of_open_file, ETXTBSY, "do_open_execat", "the file is open for writing"),
	EXEC(exec_on_noexec_mount, EACCES, "do_open_execat",
	     "the file may not be opened to be executed, see path_fail and lsm_fail"),
	EXEC(execveat_with_a_bad_flag, EINVAL, "do_open_execat",
	     "unknown flags for execveat()"),
	EXEC(exec_script_without_interpreter, ENOENT, "load_script",
	     "cannot open /no/such/shell, the interpreter in the #! line"),
	EXEC(exec_script_that_names_none, ENOEXEC, "load_script",
	     "the #! line names no interpreter"),
	EXEC(exec_script_with_a_long_name, ENOEXEC, "load_script",
	     "the path in the #! line ends beyond 256 bytes"),
	EXEC(exec_script_by_descriptor, ENOENT, "load_script",
	     "no path to the script: its descriptor is close-on-exec"),
	EXEC(exec_script_of_itself, ELOOP, "exec_binprm",
	     "interpreters are nested more than 5 deep"),
	EXEC(exec_text_file, ENOEXEC, "no_format_takes",
	     "neither ELF nor a script with #!: the file begins with 68 65 6c 6c"),
	EXEC(exec_with_a_long_string, E2BIG, "copy_strings",
	     "string 1 of argv or envp exceeds 32 pages"),
	EXEC(exec_with_long_strings, E2BIG, "copy_strings",
	     "the arguments exceed a quarter of RLIMIT_STACK, or 6 MiB"),
	EXEC(exec_with_many_strings, E2BIG, "bprm_stack_limits",
	     "the argv and envp arrays take 160000 bytes, RLIMIT_STACK allows 131072"),
	EXEC(exec_without_argv, EFAULT, "count", "the argv or envp array is at a bad address"),
	EXEC(exec_with_a_bad_string, EFAULT, "copy_strings",
	     "string 1 of argv or envp is at a bad address"),
	EXEC(exec_after_setuid, EAGAIN, "__do_execveat_common",
	     "the tasks of the user exceed RLIMIT_NPROC since set*uid()"),
	EXEC(exec_elf_of_another_machine, ENOEXEC, "no_format_takes",
	     "an ELF file for another CPU, or damaged: class " CLASS ", machine 2"),
	EXEC(exec_elf_of_the_other_byte_order, ENOEXEC, "no_format_takes",
	     "an ELF file for a CPU of the other byte order: machine 2"),
	EXEC(exec_elf_object, ENOEXEC, "no_format_takes",
	     "an ELF file of type 1, which is not a program"),
	EXEC(exec_elf_without_headers, ENOEXEC, "load_elf_binary",
	     "cannot read the program headers of the ELF file"),
	EXEC(exec_elf_cut_short, EIO, "elf_read",
	     "cannot read a part of the ELF file that its headers refer to"),
	EXEC(exec_elf_without_interpreter, ENOENT, "load_elf_binary",
	     "cannot open the ELF interpreter " INTERPRETER),
	EXEC(exec_elf_with_a_bad_name, ENOEXEC, "load_elf_binary",
	     "the name of the ELF interpreter has no NUL at its end"),
	EXEC(exec_elf_with_a_text, ELIBBAD, "load_elf_binary",
	     "the ELF interpreter is not an ELF file"),
	EXEC(exec_elf_with_another_machine, ELIBBAD, "load_elf_binary",
	     "the ELF interpreter is for another CPU, machine 2"),
	SUCCESS(exec_succeeds),

	FORK(clone_thread, EINVAL, "copy_process", "CLONE_THREAD needs CLONE_SIGHAND"),
	FORK(clone_sighand, EINVAL, "copy_process", "CLONE_SIGHAND needs CLONE_VM"),
	FORK(clone_newns_and_fs, EINVAL, "copy_process", "CLONE_NEWNS excludes CLONE_FS"),
	FORK(clone_newuser_and_fs, EINVAL, "copy_process", "CLONE_NEWUSER excludes CLONE_FS"),
	FORK(clone_thread_newpid, EINVAL, "copy_process",
	     "CLONE_THREAD cannot lead to another user or PID namespace"),
	FORK(clone_newipc_and_sysvsem, EINVAL, "copy_namespaces",
	     "CLONE_NEWIPC excludes CLONE_SYSVSEM"),
	FORK(clone_exit_signal, EINVAL, "kernel_clone", "the exit signal is not a valid signal"),
	FORK(clone_newuts_by_nobody, EPERM, "copy_namespaces",
	     "a new namespace needs CAP_SYS_ADMIN in the user namespace"),
	FORK(clone3_of_a_bad_size, EINVAL, "copy_clone_args_from_user",
	     "struct clone_args is too small"),
	FORK(clone3_with_a_bad_flag, EINVAL, "clone3_check_args",
	     "unknown flags for clone3()"),
	FORK(clone3_without_stack_size, EINVAL, "clone3_check_stack",
	     "stack needs stack_size"),
	FORK(clone3_without_set_tid, EINVAL, "copy_clone_args_from_user",
	     "set_tid_size needs set_tid"),
	FORK(clone3_of_a_pid_in_use, EEXIST, "alloc_pid", "the PID in set_tid is in use"),
	FORK(clone3_of_no_pid, EINVAL, "alloc_pid",
	     "a PID in set_tid is not positive, or not below kernel.pid_max"),
	FORK(clone3_of_two_pids, EINVAL, "alloc_pid",
	     "set_tid has more PIDs than there are namespaces"),
	FORK(clone3_of_a_pid_by_nobody, EPERM, "alloc_pid",
	     "set_tid needs CAP_CHECKPOINT_RESTORE"),
	FORK(fork_at_the_limit, EAGAIN, "copy_process",
	     "the user's tasks are at RLIMIT_NPROC, 1"),
	FORK(fork_of_too_many, EAGAIN, "copy_process",
	     "the number of all tasks is at kernel.threads-max, 20"),
	FORK(fork_without_init, ENOMEM, "alloc_pid",
	     "the init process of the PID namespace has exited"),
	FORK(unshare_bad_flag, EINVAL, "check_unshare_flags",
	     "unknown flags for unshare()"),
	FORK(unshare_newpid_twice, EINVAL, "copy_pid_ns",
	     "the caller has another PID namespace for children"),
	FORK(unshare_by_nobody, EPERM, "unshare_nsproxy_namespaces",
	     "a new namespace needs CAP_SYS_ADMIN in the user namespace"),
	FORK(setns_bad_fd, EBADF, "__do_sys_setns", "not an open file descriptor"),
	FORK(setns_of_a_file, EINVAL, "__do_sys_setns",
	     "the file is neither a namespace nor a pidfd"),
	FORK(setns_of_another_type, EINVAL, "__do_sys_setns",
	     "the namespace is of another type than flags asks for"),
	FORK(setns_of_a_pidfd_without_flags, EINVAL, "check_setns_flags",
	     "setns() by pidfd needs flags with known types of namespaces"),
	FORK(setns_pid_by_nobody, EPERM, "pidns_install",
	     "needs CAP_SYS_ADMIN in both user namespaces"),
	SUCCESS(fork_succeeds),

	PTRACE(attach_to_self, EPERM, "__ptrace_attach",
	       "a process cannot trace itself, nor a thread its siblings"),
	PTRACE(attach_to_a_kernel_thread, EPERM, "__ptrace_attach",
	       "kernel threads cannot be traced"),
	PTRACE(attach_to_none, ESRCH, "__do_sys_ptrace", "no such process in this PID namespace"),
	PTRACE(attach_by_nobody, EPERM, "__ptrace_may_access",
	       "access to a process of another user or group needs CAP_SYS_PTRACE"),
	PTRACE(attach_to_a_zombie, EPERM, "__ptrace_attach",
	       "the process has exited and is a zombie"),
	PTRACE(attach_to_one_not_dumpable, EPERM, "__ptrace_may_access",
	       "access to a process that is not dumpable needs CAP_SYS_PTRACE"),
	PTRACE(attach_to_one_with_more_capabilities, EPERM, "cap_ptrace_access_check",
	       "access to a process with more capabilities, or in another user namespace, needs CAP_SYS_PTRACE"),
	PTRACE(seize_at_an_address, EIO, "__ptrace_attach",
	       "the address of PTRACE_SEIZE is not 0"),
	PTRACE(seize_with_a_bad_option, EIO, "__ptrace_attach",
	       "unknown PTRACE_O_ options"),
	PTRACE(traceme_twice, EPERM, "ptrace_traceme", "the caller is traced already"),
	PTRACE(attach_twice, EPERM, "__ptrace_attach",
	       "the process is traced already, by process 1"),
	PTRACE(cont_of_one_not_traced, ESRCH, "ptrace_check_attach",
	       "the process is not traced by the caller"),
	PTRACE(cont_of_one_that_runs, ESRCH, "ptrace_check_attach",
	       "the traced process is not stopped for the tracer, or is being killed"),
	PTRACE(cont_with_no_signal, EIO, "ptrace_resume",
	       "the signal to deliver is not a valid signal"),
	PTRACE(interrupt_after_attach, EIO, "ptrace_request",
	       "PTRACE_INTERRUPT needs PTRACE_SEIZE"),
	PTRACE(peek_at_nothing, EIO, "generic_ptrace_peekdata",
	       "memory of the process at 0x10 cannot be read"),
	PTRACE(poke_at_nothing, EIO, "generic_ptrace_pokedata",
	       "memory of the process at 0x10 cannot be written"),
	PTRACE(setoptions_of_a_bad_one, EINVAL, "check_ptrace_options",
	       "unknown PTRACE_O_ options"),
	PTRACE(request_of_no_kind, EIO, "ptrace_request", "unknown request for ptrace()"),
	PTRACE(getsigmask_of_a_bad_size, EINVAL, "ptrace_request",
	       "addr is not the size of a signal mask"),
	SUCCESS(ptrace_succeeds),

	CAPABLE(sethostname_by_nobody, EPERM, "CAP_SYS_ADMIN"),
	CAPABLE(chroot_by_nobody, EPERM, "CAP_SYS_CHROOT"),
	CAPABLE(settime_by_nobody, EPERM, "CAP_SYS_TIME"),
	CAPABLE(kill_by_nobody, EPERM, "CAP_KILL"),
	CAPABLE(setrlimit_by_nobody, EPERM, "CAP_SYS_RESOURCE"),
	SUCCESS(try_of_a_capability),

	SYS(sethostname_by_nobody, EPERM, "__do_sys_sethostname",
	    "sethostname() needs CAP_SYS_ADMIN in the UTS namespace"),
	SYS(sethostname_too_long, EINVAL, "__do_sys_sethostname",
	    "a host name has up to 64 characters"),
	SYS(settime_by_nobody, EPERM, "cap_settime", "setting the clock needs CAP_SYS_TIME"),
	SYS(setrlimit_soft_above_hard, EINVAL, "do_prlimit",
	    "the soft limit exceeds the hard limit"),
	SYS(setrlimit_of_none, EINVAL, "do_prlimit", "no such resource limit"),
	SYS(setrlimit_by_nobody, EPERM, "do_prlimit",
	    "raising a hard limit needs CAP_SYS_RESOURCE"),
	SYS(prlimit_by_nobody, EPERM, "check_prlimit_permission",
	    "access to limits of another user needs CAP_SYS_RESOURCE"),
	SYS(prlimit_of_none, ESRCH, "__do_sys_prlimit64",
	    "no such process in this PID namespace"),
	SYS(setuid_by_nobody, EPERM, "__sys_setuid",
	    "a user ID other than the caller's own needs CAP_SETUID"),
	SYS(setresuid_by_nobody, EPERM, "__sys_setresuid",
	    "a user ID other than the caller's own needs CAP_SETUID"),
	SYS(setreuid_by_nobody, EPERM, "__sys_setreuid",
	    "this real user ID needs CAP_SETUID"),
	SYS(setgid_by_nobody, EPERM, "__sys_setgid",
	    "a group ID other than the caller's own needs CAP_SETGID"),
	SYS(setgroups_by_nobody, EPERM, "__do_sys_setgroups",
	    "needs CAP_SETGID in a user namespace that maps groups and does not deny setgroups"),
	SYS(setgroups_of_too_many, EINVAL, "__do_sys_setgroups", "more groups than 65536"),
	SYS(setregid_by_nobody, EPERM, "__sys_setregid",
	    "this effective group ID needs CAP_SETGID"),
	SYS(setresgid_by_nobody, EPERM, "__sys_setresgid",
	    "a group ID other than the caller's own needs CAP_SETGID"),
	SYS(setuid_of_none, EINVAL, "__sys_setuid",
	    "the user ID is not mapped in the user namespace"),
	SYS(kill_by_nobody, EPERM, "check_kill_permission",
	    "a signal to a process of another user needs CAP_KILL"),
	SYS(kill_with_no_signal, EINVAL, "check_kill_permission", "no such signal"),
	SYS(sigqueue_as_the_kernel, EPERM, "do_rt_sigqueueinfo",
	    "this si_code is only for signals to oneself"),
	SYS(setpriority_of_what, EINVAL, "__do_sys_setpriority",
	    "which is none of PRIO_PROCESS, PRIO_PGRP, PRIO_USER"),
	SYS(setpriority_of_none, ESRCH, "__do_sys_setpriority",
	    "no such process, process group or user"),
	SYS(setpriority_by_nobody, EACCES, "set_one_prio",
	    "nice -5 needs CAP_SYS_NICE or a higher RLIMIT_NICE"),
	SYS(setpriority_of_another, EPERM, "set_one_prio",
	    "changing a process of another user needs CAP_SYS_NICE"),
	SYS(sched_without_priority, EINVAL, "__sched_setscheduler",
	    "the priority does not suit the policy, or a deadline is invalid"),
	SYS(sched_of_no_policy, EINVAL, "__sched_setscheduler", "no such policy: 99"),
	SYS(sched_by_nobody, EPERM, "user_check_sched_setscheduler",
	    "needs CAP_SYS_NICE to exceed RLIMIT_RTPRIO or RLIMIT_NICE, for SCHED_DEADLINE, for a task of another user, or to clear reset-on-fork"),
	SYS(sched_priority_of_no_policy, EINVAL, "__do_sys_sched_get_priority_max",
	    "no such policy: 99"),
	SYS(affinity_by_nobody, EPERM, "sched_setaffinity",
	    "changing a thread of another user needs CAP_SYS_NICE"),
	SYS(prctl_of_no_option, EINVAL, "__do_sys_prctl", "prctl() has no option 9999"),
	SYS(prctl_no_new_privs_2, EINVAL, "__do_sys_prctl",
	    "PR_SET_NO_NEW_PRIVS takes 1, 0, 0, 0"),
	SYS(prctl_pdeathsig, EINVAL, "__do_sys_prctl", "no such signal"),
	SYS(prctl_with_an_argument, EINVAL, "__do_sys_prctl",
	    "an unused argument of prctl() is not 0"),
	SYS(prctl_dumpable_2, EINVAL, "__do_sys_prctl", "PR_SET_DUMPABLE takes 0 or 1"),
	SYS(prctl_capbset_drop, EPERM, "cap_prctl_drop", "PR_CAPBSET_DROP needs CAP_SETPCAP"),
	SYS(prctl_keepcaps_2, EINVAL, "cap_task_prctl", "PR_SET_KEEPCAPS takes 0 or 1"),
	SYS(prctl_ambient, EPERM, "cap_task_prctl",
	    "not permitted and inheritable, or see securebits"),
	SYS(capset_by_nobody, EPERM, "cap_capset",
	    "permitted capabilities exceed those permitted before"),
	SYS(capset_of_another, EPERM, "__do_sys_capset",
	    "the capabilities of another process cannot be set"),
	SYS(setpgid_of_another, ESRCH, "__do_sys_setpgid",
	    "the process is neither the caller nor one of its children"),
	SYS(setpgid_to_none, EPERM, "__do_sys_setpgid", "no such process group in the session"),
	SYS(setsid_twice, EPERM, "ksys_setsid", "the caller is a session leader already"),
	SYS(setsid_of_a_group_leader, EPERM, "ksys_setsid",
	    "a process group with the ID of the caller exists"),
	SYS(sigaction_of_sigkill, EINVAL, "do_sigaction",
	    "no such signal, or SIGKILL or SIGSTOP, which have no handler"),
	SYS(sigaltstack_too_small, ENOMEM, "do_sigaltstack",
	    "the stack is smaller than MINSIGSTKSZ"),
	SYS(sigprocmask_of_a_bad_size, EINVAL, "__do_sys_rt_sigprocmask",
	    "the size is not that of a set of signals"),
	SYS(pidfd_open_of_none, ESRCH, "__do_sys_pidfd_open",
	    "no such process in this PID namespace"),
	SYS(pidfd_open_with_a_flag, EINVAL, "__do_sys_pidfd_open",
	    "pidfd_open() takes PIDFD_NONBLOCK and PIDFD_THREAD only"),
	SYS(pidfd_getfd_of_none, EBADF, "__pidfd_fget",
	    "not an open file descriptor in that process"),
	SYS(getrusage_of_what, EINVAL, "__do_sys_getrusage",
	    "who is none of RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD"),
	SUCCESS(calls_succeed),
};

int main(void)
{
	elf_init();
	return fail_main(cases, ARRAY_SIZE(cases));
}
