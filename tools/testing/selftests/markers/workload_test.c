// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the markers in pipes, futexes and mounts, and of those that tell what
 * becomes of a task: what they record is what the tests have done.
 *
 * Each test records in a tracing instance of its own, with a filter that lets
 * pass what comes of the test.
 */

#include <linux/futex.h>
#include <linux/mount.h>
#include <linux/time_types.h>
#include <linux/types.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "tracefs.h"
#include "kselftest_harness.h"

/* How long to wait for what another process is to do, in milliseconds */
#define PATIENCE	10000

struct session {
	const char	*system;
	int		top;		/* tracefs */
	int		dir;		/* our instance in it */
	long		warnings;
	struct trace	trace;
};

/* Return: NULL, or why the test cannot run */
static const char *session_begin(struct session *s, const char *system)
{
	const char *reason;
	char path[64];

	memset(s, 0, sizeof(*s));
	s->system = system;
	s->warnings = warnings_begin();
	reason = markers_begin(&s->top);
	if (reason)
		return reason;
	snprintf(path, sizeof(path), "events/%s", system);
	if (!tr_exists(s->top, path))
		return "no such markers in this kernel";
	s->dir = tr_instance(s->top, INSTANCE);
	return s->dir < 0 ? "no instance" : NULL;
}

/* Return: whether all is as it was */
static bool session_end(struct session *s)
{
	trace_free(&s->trace);
	close(s->dir);
	if (tr_instance_remove(s->top, INSTANCE)) {
		printf("# the instance cannot be removed\n");
		return false;
	}
	close(s->top);
	if (kernel_has_warned(s->warnings)) {
		printf("# the kernel has warned, see its log\n");
		return false;
	}
	return true;
}

/*
 * Turn on the markers of the system, for what passes the filter, but for those that
 * tell why calls fail, which have tests of their own.
 */
static int __printf(2, 3) session_record(struct session *s, const char *fmt, ...)
{
	char path[128], filter[256];
	va_list ap;
	int ret;

	va_start(ap, fmt);
	vsnprintf(filter, sizeof(filter), fmt, ap);
	va_end(ap);

	snprintf(path, sizeof(path), "events/%s/filter", s->system);
	ret = tr_write(s->dir, path, filter);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "events/%s/enable", s->system);
	ret = tr_write(s->dir, path, "1");
	snprintf(path, sizeof(path), "events/%s/%s_fail/enable", s->system, s->system);
	if (!ret && tr_exists(s->dir, path))
		ret = tr_write(s->dir, path, "0");
	return ret;
}

static void sleep_ms(int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

/* State of a task, as ps shows it */
static char task_state(pid_t pid)
{
	char path[64], stat[256] = "", *end;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '\0';
	if (read(fd, stat, sizeof(stat) - 1) < 0)
		stat[0] = '\0';
	close(fd);
	end = strrchr(stat, ')');
	return end && end[1] ? end[2] : '\0';
}

/* Wait until the event was recorded @nr times, without taking the trace. */
static bool wait_for_event(struct session *s, const char *event, int nr)
{
	for (int ms = 0; ms < PATIENCE; ms += 10) {
		struct trace trace = { .buf = tr_read(s->dir, "trace") };
		int got = -1;

		if (trace.buf && !trace_parse(&trace))
			got = trace_count(&trace, event);
		trace_free(&trace);
		if (got >= nr)
			return true;
		sleep_ms(10);
	}
	printf("# waited for %s in vain\n", event);
	return false;
}

/* As wait_for_event(), and then until the task sleeps. */
static bool wait_for_sleep(struct session *s, const char *event, int nr, pid_t pid)
{
	if (!wait_for_event(s, event, nr))
		return false;
	for (int ms = 0; ms < PATIENCE; ms += 10) {
		if (task_state(pid) == 'S')
			return true;
		sleep_ms(10);
	}
	printf("# waited in vain for a task to sleep\n");
	return false;
}

/* Fork; the child ends with this process, at the latest. */
static pid_t start_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(PATIENCE / 1000 + 5);
	}
	return pid;
}

/* Exit status of a child, or -1 */
static int child_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Take the trace, which is to have nr records. */
#define TAKE(s, count)								\
do {										\
	ASSERT_EQ(count, trace_take((s)->dir, &(s)->trace)) {			\
		for (int __i = 0; __i < (s)->trace.nr; __i++)			\
			TH_LOG("%s: %s", (s)->trace.rec[__i].event, (s)->trace.rec[__i].text); \
	}									\
} while (0)

/* The n-th record of the event is by this task and says this. */
#define EXPECT_RECORD(s, name, n, task, ...)					\
do {										\
	struct record *__rec = trace_nth(&(s)->trace, name, n);			\
	char __want[1024];							\
										\
	snprintf(__want, sizeof(__want), __VA_ARGS__);				\
	EXPECT_NE(NULL, __rec) {						\
		TH_LOG("no %s: %s", name, __want);				\
	}									\
	if (__rec) {								\
		EXPECT_STREQ(__want, __rec->text);				\
		EXPECT_EQ(task, __rec->pid);					\
	}									\
} while (0)

/*
 * Pipes
 */

FIXTURE(pipe) {
	struct session		session;
	int			rd;
	int			wr;
	unsigned long long	ino;
	int			page;
};

FIXTURE_SETUP(pipe)
{
	const char *reason = session_begin(&self->session, "pipe");
	struct stat st;
	int fds[2];

	if (reason)
		SKIP(return, "%s", reason);
	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	self->rd = fds[0];
	self->wr = fds[1];
	ASSERT_EQ(0, fstat(self->rd, &st));
	self->ino = st.st_ino;
	self->page = sysconf(_SC_PAGESIZE);
	ASSERT_EQ(0, session_record(&self->session, "ino == %llu", self->ino));
}

FIXTURE_TEARDOWN(pipe)
{
	EXPECT_TRUE(session_end(&self->session));
}

/* Nobody sleeps without being recorded, and nobody is who does not sleep. */
TEST_F(pipe, nonblocking)
{
	char page[65536] = "";
	int nr = 0;

	ASSERT_EQ(0, fcntl(self->rd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, fcntl(self->wr, F_SETFL, O_NONBLOCK));
	while (write(self->wr, page, self->page) == self->page)
		nr++;
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LT(0, nr);
	while (read(self->rd, page, self->page) == self->page)
		nr--;
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, nr);
	TAKE(&self->session, 0);
}

TEST_F(pipe, full)
{
	int slots = fcntl(self->wr, F_GETPIPE_SZ) / self->page;
	struct session *s = &self->session;
	char page[65536] = "";
	pid_t child;

	ASSERT_LT(0, slots);
	child = start_child();
	if (!child) {
		/* One more than there is room for */
		for (int i = 0; i <= slots; i++) {
			if (write(self->wr, page, self->page) != self->page)
				_exit(1);
		}
		_exit(0);
	}
	ASSERT_TRUE(wait_for_sleep(s, "pipe_full", 1, child));
	EXPECT_EQ(self->page, read(self->rd, page, self->page));
	EXPECT_EQ(0, child_status(child));

	TAKE(s, 2);
	EXPECT_RECORD(s, "pipe_full", 0, child, "ino=%llu used=%d slots=%d", self->ino, slots,
		      slots);
	EXPECT_RECORD(s, "pipe_wake_writer", 0, getpid(), "ino=%llu ret=%d", self->ino, self->page);
}

/* One big write sleeps each time that it has filled the pipe. */
TEST_F(pipe, full_twice)
{
	struct session *s = &self->session;
	char pages[65536 * 3] = "";
	pid_t child;

	ASSERT_EQ(self->page, fcntl(self->wr, F_SETPIPE_SZ, self->page));
	child = start_child();
	if (!child)
		_exit(write(self->wr, pages, 3 * self->page) != 3 * self->page);
	for (int i = 0; i < 3; i++) {
		if (i < 2)
			ASSERT_TRUE(wait_for_sleep(s, "pipe_full", i + 1, child));
		EXPECT_EQ(self->page, read(self->rd, pages, self->page));
	}
	EXPECT_EQ(0, child_status(child));

	ASSERT_LE(5, trace_take(s->dir, &s->trace));
	EXPECT_EQ(2, trace_count(&s->trace, "pipe_full"));
	EXPECT_EQ(2, trace_count(&s->trace, "pipe_wake_writer"));
	for (int i = 0; i < 2; i++) {
		EXPECT_RECORD(s, "pipe_full", i, child, "ino=%llu used=1 slots=1", self->ino);
		EXPECT_RECORD(s, "pipe_wake_writer", i, getpid(), "ino=%llu ret=%d", self->ino,
			      self->page);
	}
}

TEST_F(pipe, empty)
{
	struct session *s = &self->session;
	char buf[16];
	pid_t child = start_child();

	if (!child)
		_exit(read(self->rd, buf, sizeof(buf)));
	ASSERT_TRUE(wait_for_sleep(s, "pipe_empty", 1, child));
	EXPECT_EQ(3, write(self->wr, "abc", 3));
	EXPECT_EQ(3, child_status(child));

	TAKE(s, 2);
	EXPECT_RECORD(s, "pipe_empty", 0, child, "ino=%llu writers=1", self->ino);
	EXPECT_RECORD(s, "pipe_wake_reader", 0, getpid(), "ino=%llu ret=3", self->ino);
}

/* splice() knows the pipe, not its inode. */
TEST_F(pipe, splice)
{
	struct session *s = &self->session;
	pid_t child = start_child();
	int other[2];

	if (!child) {
		if (pipe2(other, O_CLOEXEC))
			_exit(99);
		raise(SIGSTOP);
		_exit(splice(self->rd, NULL, other[1], NULL, 100, 0));
	}
	ASSERT_EQ(child, waitpid(child, NULL, WUNTRACED));
	ASSERT_EQ(0, session_record(s, "common_pid == %d", child));
	ASSERT_EQ(0, kill(child, SIGCONT));
	ASSERT_TRUE(wait_for_sleep(s, "pipe_empty", 1, child));
	EXPECT_EQ(5, write(self->wr, "abcde", 5));
	EXPECT_EQ(5, child_status(child));

	ASSERT_LE(1, trace_take(s->dir, &s->trace));
	EXPECT_EQ(1, trace_count(&s->trace, "pipe_empty"));
	EXPECT_RECORD(s, "pipe_empty", 0, child, "ino=0 writers=1");
}

/* Have a child that has stopped itself go on, and record what it hits. */
static bool continue_recorded(struct session *s, pid_t child)
{
	return waitpid(child, NULL, WUNTRACED) == child &&
	       !session_record(s, "common_pid == %d", child) && !kill(child, SIGCONT);
}

/* Nor do tee() and vmsplice(). */
TEST_F(pipe, tee)
{
	struct session *s = &self->session;
	pid_t child = start_child();
	int other[2];
	char buf[16];

	if (!child) {
		if (pipe2(other, O_CLOEXEC))
			_exit(99);
		raise(SIGSTOP);
		_exit(tee(self->rd, other[1], 100, 0));
	}
	ASSERT_TRUE(continue_recorded(s, child));
	ASSERT_TRUE(wait_for_sleep(s, "pipe_empty", 1, child));
	EXPECT_EQ(3, write(self->wr, "abc", 3));
	EXPECT_EQ(3, child_status(child));
	TAKE(s, 1);
	EXPECT_RECORD(s, "pipe_empty", 0, child, "ino=0 writers=1");
	/* The data are still there. */
	EXPECT_EQ(3, read(self->rd, buf, sizeof(buf)));
}

TEST_F(pipe, vmsplice)
{
	int slots = fcntl(self->wr, F_GETPIPE_SZ) / self->page;
	struct iovec byte = { .iov_base = "x", .iov_len = 1 };
	struct session *s = &self->session;
	char page[65536] = "";
	pid_t child;

	for (int i = 0; i < slots; i++)
		ASSERT_EQ(self->page, write(self->wr, page, self->page));
	child = start_child();
	if (!child) {
		raise(SIGSTOP);
		_exit(vmsplice(self->wr, &byte, 1, 0));
	}
	ASSERT_TRUE(continue_recorded(s, child));
	ASSERT_TRUE(wait_for_sleep(s, "pipe_full", 1, child));
	EXPECT_EQ(self->page, read(self->rd, page, self->page));
	EXPECT_EQ(1, child_status(child));
	TAKE(s, 1);
	EXPECT_RECORD(s, "pipe_full", 0, child, "ino=0 used=%d slots=%d", slots, slots);
}

TEST_F(pipe, resize)
{
	int slots = fcntl(self->wr, F_GETPIPE_SZ) / self->page;
	struct session *s = &self->session;
	char page[65536] = "";

	ASSERT_EQ(4 * self->page, fcntl(self->wr, F_SETPIPE_SZ, 4 * self->page - 1));
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(self->page, write(self->wr, page, self->page));
	EXPECT_EQ(-1, fcntl(self->wr, F_SETPIPE_SZ, self->page));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(-1, fcntl(self->wr, F_SETPIPE_SZ, UINT_MAX));
	EXPECT_EQ(EINVAL, errno);

	TAKE(s, 3);
	EXPECT_RECORD(s, "pipe_resize", 0, getpid(), "ino=%llu size=%d old=%d new=4 ret=%d",
		      self->ino, 4 * self->page - 1, slots, 4 * self->page);
	EXPECT_RECORD(s, "pipe_resize", 1, getpid(), "ino=%llu size=%d old=4 new=4 ret=-EBUSY",
		      self->ino, self->page);
	EXPECT_RECORD(s, "pipe_resize", 2, getpid(), "ino=%llu size=%u old=4 new=4 ret=-EINVAL",
		      self->ino, UINT_MAX);
}

/* A stack begins with the function that has the marker. */
TEST_F(pipe, stack)
{
	static const char begin[] = "<stack trace>\n => pipe_fcntl(\\.cold)?\n";
	/* With some unwinders, the trigger leaves in what writes an event, of any kind. */
	static const char triggered[] =
		"<stack trace>\n( => marker_hit_probes\n)? => pipe_fcntl(\\.cold)?\n";
	struct session *s = &self->session;

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	ASSERT_EQ(0, tr_write(s->dir, "options/stacktrace", "1"));
	ASSERT_EQ(self->page, fcntl(self->wr, F_SETPIPE_SZ, self->page));
	TAKE(s, 1);
	EXPECT_TRUE(matches(s->trace.rec[0].text, begin)) {
		TH_LOG("with the option: %s", s->trace.rec[0].text);
	}
	ASSERT_EQ(0, tr_write(s->dir, "options/stacktrace", "0"));

	ASSERT_EQ(0, tr_write(s->dir, "events/pipe/pipe_resize/trigger", "stacktrace"));
	ASSERT_EQ(self->page, fcntl(self->wr, F_SETPIPE_SZ, self->page));
	TAKE(s, 1);
	EXPECT_TRUE(matches(s->trace.rec[0].text, triggered)) {
		TH_LOG("with the trigger: %s", s->trace.rec[0].text);
	}
}

/*
 * Futexes
 */

FIXTURE(futex) {
	struct session	session;
	uint32_t	*futex;		/* two of them, shared with children */
};

FIXTURE_SETUP(futex)
{
	const char *reason = session_begin(&self->session, "futex");

	if (reason)
		SKIP(return, "%s", reason);
	self->futex = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->futex);
	/* Events that have no uaddr are recorded whoever hits them. */
	ASSERT_EQ(0, session_record(&self->session, "uaddr == %#lx || uaddr == %#lx",
				    (unsigned long)&self->futex[0],
				    (unsigned long)&self->futex[1]));
}

FIXTURE_TEARDOWN(futex)
{
	EXPECT_TRUE(session_end(&self->session));
}

static long futex(uint32_t *uaddr, int op, uint32_t val, unsigned long val2, uint32_t *uaddr2,
		  uint32_t val3)
{
	return syscall(SYS_futex, uaddr, op, val, val2, uaddr2, val3);
}

#define UADDR(n)	((unsigned long)&self->futex[n])
#define ANY		"0xffffffff"

TEST_F(futex, wait_fails)
{
	struct session *s = &self->session;
	struct timespec ms = { .tv_nsec = 1000000 };

	self->futex[0] = 5;
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_WAIT, 4, 0, NULL, 0));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5,
			    (unsigned long)&ms, NULL, 0));
	EXPECT_EQ(ETIMEDOUT, errno);
	TAKE(s, 4);
	EXPECT_RECORD(s, "futex_wait", 0, getpid(),
		      "uaddr=%#lx shared=1 val=4 bitset=" ANY " timeout=0", UADDR(0));
	EXPECT_RECORD(s, "futex_wait_done", 0, getpid(), "uaddr=%#lx ret=-EAGAIN", UADDR(0));
	EXPECT_RECORD(s, "futex_wait", 1, getpid(),
		      "uaddr=%#lx shared=0 val=5 bitset=" ANY " timeout=1", UADDR(0));
	EXPECT_RECORD(s, "futex_wait_done", 1, getpid(), "uaddr=%#lx ret=-ETIMEDOUT", UADDR(0));
}

static void nothing(int sig)
{
	(void)sig;
}

TEST_F(futex, wait_interrupted)
{
	struct itimerval timer = { .it_value.tv_usec = 20000 };
	struct sigaction action = { .sa_handler = nothing };
	struct session *s = &self->session;

	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &timer, NULL));
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_WAIT, 0, 0, NULL, 0));
	EXPECT_EQ(EINTR, errno);
	TAKE(s, 2);
	/* User space never sees this one. */
	EXPECT_RECORD(s, "futex_wait_done", 0, getpid(), "uaddr=%#lx ret=-ERESTARTSYS", UADDR(0));
}

/* Start a child that waits, and wait until it does. */
#define START_WAITER(nr, op, bitset)						\
({										\
	pid_t __pid = start_child();						\
										\
	if (!__pid)								\
		_exit(futex(&self->futex[0], op, 0, 0, NULL, bitset) ? 1 : 0);	\
	ASSERT_TRUE(wait_for_sleep(&self->session, "futex_wait", nr, __pid));	\
	__pid;									\
})

TEST_F(futex, wake)
{
	struct session *s = &self->session;
	pid_t child = START_WAITER(1, FUTEX_WAIT, 0);

	EXPECT_EQ(1, futex(&self->futex[0], FUTEX_WAKE, 3, 0, NULL, 0));
	EXPECT_EQ(0, child_status(child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 2, 0, NULL, 0));
	TAKE(s, 4);
	EXPECT_RECORD(s, "futex_wait", 0, child,
		      "uaddr=%#lx shared=1 val=0 bitset=" ANY " timeout=0", UADDR(0));
	EXPECT_RECORD(s, "futex_wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=" ANY " nr=3 ret=1", UADDR(0));
	EXPECT_RECORD(s, "futex_wait_done", 0, child, "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_RECORD(s, "futex_wake", 1, getpid(),
		      "uaddr=%#lx shared=0 bitset=" ANY " nr=2 ret=0", UADDR(0));
}

TEST_F(futex, wake_bitset)
{
	struct session *s = &self->session;
	pid_t child = START_WAITER(1, FUTEX_WAIT_BITSET, 0x6);

	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_WAKE_BITSET, 1, 0, NULL, 0x8));
	EXPECT_EQ(1, futex(&self->futex[0], FUTEX_WAKE_BITSET, 1, 0, NULL, 0x2));
	EXPECT_EQ(0, child_status(child));
	TAKE(s, 4);
	EXPECT_RECORD(s, "futex_wait", 0, child,
		      "uaddr=%#lx shared=1 val=0 bitset=0x6 timeout=0", UADDR(0));
	EXPECT_RECORD(s, "futex_wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=0x8 nr=1 ret=0", UADDR(0));
	EXPECT_RECORD(s, "futex_wake", 1, getpid(),
		      "uaddr=%#lx shared=1 bitset=0x2 nr=1 ret=1", UADDR(0));
}

TEST_F(futex, requeue)
{
	struct session *s = &self->session;
	pid_t child[3];

	for (int i = 0; i < 3; i++)
		child[i] = START_WAITER(i + 1, FUTEX_WAIT, 0);
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_CMP_REQUEUE, 1, 2, &self->futex[1], 9));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(3, futex(&self->futex[0], FUTEX_CMP_REQUEUE, 1, 2, &self->futex[1], 0));
	EXPECT_EQ(2, futex(&self->futex[1], FUTEX_WAKE, INT_MAX, 0, NULL, 0));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(0, child_status(child[i]));

	TAKE(s, 9);
	EXPECT_EQ(3, trace_count(&s->trace, "futex_wait"));
	EXPECT_EQ(3, trace_count(&s->trace, "futex_wait_done"));
	EXPECT_RECORD(s, "futex_requeue", 0, getpid(),
		      "uaddr=%#lx uaddr2=%#lx shared=1 pi=0 woken=0 requeued=0 ret=-EAGAIN",
		      UADDR(0), UADDR(1));
	EXPECT_RECORD(s, "futex_requeue", 1, getpid(),
		      "uaddr=%#lx uaddr2=%#lx shared=1 pi=0 woken=1 requeued=2 ret=0",
		      UADDR(0), UADDR(1));
	EXPECT_RECORD(s, "futex_wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=" ANY " nr=%d ret=2", UADDR(1), INT_MAX);
	/* Where a waiter went to does not change what it has waited for. */
	for (int i = 0; i < 3; i++) {
		struct record *rec = trace_nth(&s->trace, "futex_wait_done", i);

		EXPECT_RECORD(s, "futex_wait_done", i, rec ? rec->pid : 0, "uaddr=%#lx ret=0",
			      UADDR(0));
	}
}

/* Take the lock as a C library does: without the kernel if nobody has it. */
static long lock_pi(uint32_t *uaddr, int op)
{
	uint32_t none = 0;

	if (__atomic_compare_exchange_n(uaddr, &none, gettid(), false, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return 0;
	return futex(uaddr, op, 0, 0, NULL, 0);
}

TEST_F(futex, pi)
{
	struct session *s = &self->session;
	pid_t child;

	self->futex[0] = 0;
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(EDEADLK, errno);
	child = start_child();
	if (!child) {
		if (!lock_pi(&self->futex[0], FUTEX_TRYLOCK_PI))
			_exit(1);
		if (!futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0))
			_exit(2);
		_exit(0);
	}
	EXPECT_EQ(0, child_status(child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));

	TAKE(s, 8);
	EXPECT_RECORD(s, "futex_lock_pi", 0, getpid(),
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=0", UADDR(0));
	EXPECT_RECORD(s, "futex_lock_pi", 1, getpid(),
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=%d", UADDR(0), getpid());
	EXPECT_RECORD(s, "futex_lock_pi_done", 0, getpid(), "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_RECORD(s, "futex_lock_pi_done", 1, getpid(), "uaddr=%#lx ret=-EDEADLK",
		      UADDR(0));
	EXPECT_RECORD(s, "futex_lock_pi", 2, child,
		      "uaddr=%#lx shared=1 trylock=1 timeout=0 owner=%d", UADDR(0), getpid());
	EXPECT_RECORD(s, "futex_lock_pi_done", 2, child, "uaddr=%#lx ret=-EAGAIN", UADDR(0));
	EXPECT_RECORD(s, "futex_unlock_pi", 0, child, "uaddr=%#lx shared=1 ret=-EPERM",
		      UADDR(0));
	EXPECT_RECORD(s, "futex_unlock_pi", 1, getpid(), "uaddr=%#lx shared=1 ret=0", UADDR(0));
}

/* The lock goes to who waits for it. */
TEST_F(futex, pi_contended)
{
	struct session *s = &self->session;
	pid_t child;

	ASSERT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	child = start_child();
	if (!child) {
		if (lock_pi(&self->futex[0], FUTEX_LOCK_PI))
			_exit(1);
		_exit(futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0) ? 2 : 0);
	}
	ASSERT_TRUE(wait_for_sleep(s, "futex_lock_pi", 2, child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(0, child_status(child));
	TAKE(s, 6);
	EXPECT_RECORD(s, "futex_lock_pi", 1, child,
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=%d", UADDR(0), getpid());
	EXPECT_RECORD(s, "futex_lock_pi_done", 1, child, "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_EQ(2, trace_count(&s->trace, "futex_unlock_pi"));
}

/* An owner has the number that common_pid has, or is an error. */
TEST_F(futex, pi_owner)
{
	struct session *s = &self->session;
	pid_t child;

	if (!tr_exists(AT_FDCWD, "/proc/self/ns/pid"))
		SKIP(return, "no CONFIG_PID_NS");
	/* Nobody has touched the page, and a marker does not fault it in. */
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	self->futex[0] = FUTEX_TID_MASK;
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(ESRCH, errno);
	self->futex[0] = 0;
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	child = start_child();
	if (!child) {
		if (lock_pi(&self->futex[0], FUTEX_LOCK_PI) || self->futex[0] != 1)
			_exit(1);
		_exit(!lock_pi(&self->futex[0], FUTEX_LOCK_PI));
	}
	EXPECT_EQ(0, child_status(child));

	TAKE(s, 6);
	EXPECT_RECORD(s, "futex_lock_pi", 0, getpid(),
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=-EFAULT", UADDR(0));
	EXPECT_RECORD(s, "futex_lock_pi", 1, getpid(),
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=-ESRCH", UADDR(0));
	EXPECT_RECORD(s, "futex_lock_pi", 2, child,
		      "uaddr=%#lx shared=1 trylock=0 timeout=0 owner=%d", UADDR(0), child);
}

/* A time that is over when the wait begins */
TEST_F(futex, pi_timeout)
{
	struct timespec past = { .tv_nsec = 1 };
	struct session *s = &self->session;
	pid_t child;

	ASSERT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	child = start_child();
	if (!child) {
		/* The marker does not fault the page in. */
		if (!__atomic_load_n(&self->futex[0], __ATOMIC_SEQ_CST))
			_exit(98);
		if (!futex(&self->futex[0], FUTEX_LOCK_PI, 0, (unsigned long)&past, NULL, 0))
			_exit(99);
		_exit(errno);
	}
	EXPECT_EQ(ETIMEDOUT, child_status(child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));
	TAKE(s, 5);
	EXPECT_RECORD(s, "futex_lock_pi", 1, child,
		      "uaddr=%#lx shared=1 trylock=0 timeout=1 owner=%d", UADDR(0), getpid());
	EXPECT_RECORD(s, "futex_lock_pi_done", 1, child, "uaddr=%#lx ret=-ETIMEDOUT",
		      UADDR(0));
}

/* A waiter is moved to a lock that is taken, and gets it. */
TEST_F(futex, requeue_pi)
{
	struct session *s = &self->session;
	pid_t child;

	ASSERT_EQ(0, futex(&self->futex[1], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	child = start_child();
	if (!child) {
		if (futex(&self->futex[0], FUTEX_WAIT_REQUEUE_PI, 0, 0, &self->futex[1], 0))
			_exit(1);
		_exit(futex(&self->futex[1], FUTEX_UNLOCK_PI, 0, 0, NULL, 0) ? 2 : 0);
	}
	ASSERT_TRUE(wait_for_sleep(s, "futex_wait", 1, child));
	EXPECT_EQ(1, futex(&self->futex[0], FUTEX_CMP_REQUEUE_PI, 1, INT_MAX, &self->futex[1], 0));
	EXPECT_EQ(0, futex(&self->futex[1], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(0, child_status(child));

	TAKE(s, 7);
	EXPECT_RECORD(s, "futex_wait", 0, child,
		      "uaddr=%#lx shared=1 val=0 bitset=" ANY " timeout=0", UADDR(0));
	EXPECT_RECORD(s, "futex_requeue", 0, getpid(),
		      "uaddr=%#lx uaddr2=%#lx shared=1 pi=1 woken=0 requeued=1 ret=0",
		      UADDR(0), UADDR(1));
	EXPECT_RECORD(s, "futex_wait_done", 0, child, "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_EQ(2, trace_count(&s->trace, "futex_unlock_pi"));
}

static void *exit_with_futex(void *futex)
{
	syscall(SYS_set_tid_address, futex);
	syscall(SYS_exit, 0);
	return NULL;
}

/* The kernel wakes who waits for a thread to end. */
TEST_F(futex, thread_exit)
{
	struct session *s = &self->session;
	struct record *rec;
	pthread_t thread;
	pid_t child;

	self->futex[0] = 1;
	child = start_child();
	if (!child) {
		if (pthread_create(&thread, NULL, exit_with_futex, self->futex))
			_exit(99);
		while (__atomic_load_n(self->futex, __ATOMIC_SEQ_CST))
			futex(self->futex, FUTEX_WAIT, 1, 0, NULL, 0);
		_exit(0);
	}
	EXPECT_EQ(0, child_status(child));
	ASSERT_LE(1, trace_take(s->dir, &s->trace));
	EXPECT_EQ(1, trace_count(&s->trace, "futex_wake"));
	rec = trace_nth(&s->trace, "futex_wake", 0);
	ASSERT_NE(NULL, rec);
	/* Neither this task nor the child's first thread */
	EXPECT_NE(getpid(), rec->pid);
	EXPECT_NE(child, rec->pid);
	EXPECT_TRUE(matches(rec->text,
			    "^uaddr=0x[0-9a-f]+ shared=1 bitset=" ANY " nr=1 ret=[01]$")) {
		TH_LOG("%s", rec->text);
	}
}

TEST_F(futex, waitv_timeout)
{
	struct futex_waitv waiter = { .uaddr = UADDR(0), .flags = FUTEX_32 };
	struct __kernel_timespec past = { .tv_nsec = 1 };
	struct session *s = &self->session;

	ASSERT_EQ(0, session_record(s, "common_pid == %d", getpid()));
	EXPECT_EQ(-1, syscall(SYS_futex_waitv, &waiter, 1, 0, &past, CLOCK_MONOTONIC));
	EXPECT_EQ(ETIMEDOUT, errno);
	TAKE(s, 2);
	EXPECT_RECORD(s, "futex_waitv", 0, getpid(), "nr=1 timeout=1");
	EXPECT_RECORD(s, "futex_waitv_done", 0, getpid(), "uaddr=0x0 ret=-ETIMEDOUT");
}

TEST_F(futex, waitv)
{
	struct session *s = &self->session;
	struct futex_waitv waiters[2] = { };
	pid_t child;

	for (int i = 0; i < 2; i++) {
		waiters[i].uaddr = UADDR(i);
		waiters[i].flags = FUTEX_32;
	}
	child = start_child();
	if (!child) {
		raise(SIGSTOP);
		_exit(syscall(SYS_futex_waitv, waiters, 2, 0, NULL, 0));
	}
	ASSERT_EQ(child, waitpid(child, NULL, WUNTRACED));
	ASSERT_EQ(0, session_record(s, "common_pid == %d || common_pid == %d", child, getpid()));
	ASSERT_EQ(0, kill(child, SIGCONT));
	ASSERT_TRUE(wait_for_sleep(s, "futex_waitv", 1, child));
	EXPECT_EQ(1, futex(&self->futex[1], FUTEX_WAKE, 1, 0, NULL, 0));
	EXPECT_EQ(1, child_status(child));

	ASSERT_LE(3, trace_take(s->dir, &s->trace));
	EXPECT_RECORD(s, "futex_waitv", 0, child, "nr=2 timeout=0");
	EXPECT_RECORD(s, "futex_waitv_done", 0, child, "uaddr=%#lx ret=1", UADDR(1));
}

/*
 * Mounts, in a mount namespace of our own
 */

FIXTURE(mount) {
	struct session	session;
	char		base[64];	/* a tmpfs that the test has its mount points on */
	char		a[80];
	char		b[80];
	unsigned int	ns;	/* as in /proc/PID/ns/mnt */
};

/* The n-th record of the event is by this task, in its namespace, and says this. */
#define EXPECT_MOUNT(s, name, n, fmt, ...)					\
	EXPECT_RECORD(s, name, n, getpid(), fmt " mntns=%u", ##__VA_ARGS__, self->ns)

FIXTURE_SETUP(mount)
{
	const char *reason = session_begin(&self->session, "mount");
	struct stat st;

	if (reason)
		SKIP(return, "%s", reason);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, stat("/proc/self/ns/mnt", &st));
	self->ns = st.st_ino;
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	snprintf(self->base, sizeof(self->base), "/tmp/markers-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->base));
	ASSERT_EQ(0, mount("base", self->base, "tmpfs", 0, NULL));
	snprintf(self->a, sizeof(self->a), "%s/a b", self->base);
	snprintf(self->b, sizeof(self->b), "%s/\xc3\xbc", self->base);
	ASSERT_EQ(0, mkdir(self->a, 0700));
	ASSERT_EQ(0, mkdir(self->b, 0700));
	ASSERT_EQ(0, session_record(&self->session, "common_pid == %d", getpid()));
}

FIXTURE_TEARDOWN(mount)
{
	EXPECT_TRUE(session_end(&self->session));
	umount2(self->base, MNT_DETACH);
	EXPECT_EQ(0, rmdir(self->base));
}

/* ID of what is mounted at @dir; -1 if nothing is */
static int mount_id(const char *dir)
{
	struct statx stx;

	if (statx(AT_FDCWD, dir, AT_NO_AUTOMOUNT, STATX_MNT_ID, &stx) ||
	    !(stx.stx_mask & STATX_MNT_ID))
		return -1;
	return stx.stx_mnt_id;
}

TEST_F(mount, mount)
{
	struct session *s = &self->session;

	ASSERT_EQ(0, mount("my source", self->a, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m"));
	EXPECT_EQ(-1, mount("none", self->a, "nosuchfs", 0, NULL));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, mount(NULL, self->a, NULL, MS_REMOUNT | MS_RDONLY, NULL));
	EXPECT_EQ(0, mount(self->a, self->b, NULL, MS_BIND, NULL));
	EXPECT_EQ(0, mount(NULL, self->b, NULL, MS_SHARED, NULL));
	EXPECT_EQ(0, mount(NULL, self->b, NULL, MS_PRIVATE, NULL));
	EXPECT_EQ(-1, mount(self->base, self->a, NULL, MS_MOVE, NULL));
	EXPECT_EQ(ELOOP, errno);

	TAKE(s, 7);
	EXPECT_MOUNT(s, "mount", 0,
		     "source=my source target=%s type=tmpfs flags=NOSUID|NODEV ret=0", self->a);
	EXPECT_MOUNT(s, "mount", 1,
		     "source=none target=%s type=nosuchfs flags=0 ret=-ENODEV", self->a);
	EXPECT_MOUNT(s, "mount", 2,
		     "source=(null) target=%s type=(null) flags=RDONLY|REMOUNT ret=0", self->a);
	EXPECT_MOUNT(s, "mount", 3,
		     "source=%s target=%s type=(null) flags=BIND ret=0", self->a, self->b);
	EXPECT_MOUNT(s, "mount", 4,
		     "source=(null) target=%s type=(null) flags=SHARED ret=0", self->b);
	EXPECT_MOUNT(s, "mount", 5,
		     "source=(null) target=%s type=(null) flags=PRIVATE ret=0", self->b);
	EXPECT_MOUNT(s, "mount", 6,
		     "source=%s target=%s type=(null) flags=MOVE ret=-ELOOP",
		     self->base, self->a);
}

/* What a user can name does not forge a record, nor command a terminal. */
TEST_F(mount, control_characters)
{
	static const char source[] = "a\n          init-1       [000] .....     1.000000: mount: b"
				     "\x1b[31m\x7f\t\\100%s\xc3\xa4";
	struct session *s = &self->session;
	char *raw;

	ASSERT_EQ(0, mount(source, self->a, "tmpfs", 0, NULL));
	raw = tr_read(s->dir, "trace");
	ASSERT_NE(NULL, raw);
	for (const char *p = raw; *p; p++)
		EXPECT_TRUE(*p == '\n' || ((unsigned char)*p >= ' ' && *p != 0x7f));
	free(raw);
	TAKE(s, 1);
	EXPECT_MOUNT(s, "mount", 0,
		     "source=a\\n          init-1       [000] .....     1.000000: mount: b"
		     "\\x1b[31m\\x7f\\t\\100%%s\xc3\xa4 target=%s type=tmpfs flags=0 ret=0", self->a);

	/* It is recorded as it is: filters see the bytes. */
	EXPECT_EQ(0, tr_write(s->dir, "events/mount/mount/filter", "source ~ \"*\x7f*\""));
	EXPECT_EQ(0, mount(source, self->a, "tmpfs", 0, NULL));
	EXPECT_EQ(0, mount("plain", self->a, "tmpfs", 0, NULL));
	TAKE(s, 1);
}

TEST_F(mount, umount)
{
	struct session *s = &self->session;
	int id, fd;

	ASSERT_EQ(0, mount("src", self->a, "tmpfs", 0, NULL));
	id = mount_id(self->a);
	ASSERT_LT(0, id);
	fd = open(self->a, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, umount2(self->a, 0));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(0, umount2(self->a, MNT_DETACH));
	close(fd);
	/* Now it is a directory, and no mount. */
	EXPECT_EQ(-1, umount2(self->a, UMOUNT_NOFOLLOW));
	EXPECT_EQ(EINVAL, errno);

	TAKE(s, 7);
	EXPECT_MOUNT(s, "umount", 0,
		     "id=%d source=src target=%s type=tmpfs flags=0", id, self->a);
	EXPECT_MOUNT(s, "umount_done", 0, "id=%d ret=-EBUSY", id);
	EXPECT_MOUNT(s, "umount", 1,
		     "id=%d source=src target=%s type=tmpfs flags=DETACH", id, self->a);
	EXPECT_MOUNT(s, "umount_done", 1, "id=%d ret=0", id);
	EXPECT_MOUNT(s, "umount", 2,
		     "id=-1 source=(null) target=%s type=(null) flags=NOFOLLOW", self->a);
	EXPECT_MOUNT(s, "umount_done", 2, "id=-1 ret=-EINVAL");
}

#ifndef SYS_mount_setattr
#define SYS_mount_setattr	442
#endif

#ifndef MOVE_MOUNT_SET_GROUP
#define MOVE_MOUNT_SET_GROUP	0x100
#endif
#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH	0x200
#endif
#define CMD_CREATE_EXCL		8	/* FSCONFIG_CMD_CREATE_EXCL, an enumerator */

static int fsconfig_cmd(int fd, unsigned int cmd, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fd, cmd, key, value, 0);
}

TEST_F(mount, new_interface)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	struct session *s = &self->session;
	int fs, mnt, tree, pick, id;

	fs = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	ASSERT_LE(0, fs);
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "source", "new source"));
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "size", "1m"));
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_CMD_CREATE, NULL, NULL));
	EXPECT_EQ(-1, fsconfig_cmd(fs, FSCONFIG_CMD_CREATE, NULL, NULL));
	EXPECT_EQ(EBUSY, errno);
	mnt = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID);
	ASSERT_LE(0, mnt);
	EXPECT_EQ(0, syscall(SYS_move_mount, mnt, "", AT_FDCWD, self->a, MOVE_MOUNT_F_EMPTY_PATH));
	id = mount_id(self->a);
	EXPECT_LT(0, id);
	EXPECT_EQ(0, syscall(SYS_mount_setattr, AT_FDCWD, self->a, 0, &attr, sizeof(attr)));
	tree = syscall(SYS_open_tree, AT_FDCWD, self->a, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	EXPECT_LE(0, tree);
	pick = syscall(SYS_fspick, AT_FDCWD, self->a, FSPICK_CLOEXEC);
	ASSERT_LE(0, pick);
	EXPECT_EQ(0, fsconfig_cmd(pick, FSCONFIG_SET_FLAG, "ro", NULL));
	EXPECT_EQ(0, fsconfig_cmd(pick, FSCONFIG_CMD_RECONFIGURE, NULL, NULL));

	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	EXPECT_RECORD(s, "fsconfig", 0, getpid(),
		      "fd=%d cmd=CMD_CREATE source=new source type=tmpfs sb=tmpfs ro=0 ret=0 mntns=%u "
		      "key=(null) message=(null)", fs, self->ns);
	EXPECT_RECORD(s, "fsconfig", 1, getpid(),
		      "fd=%d cmd=CMD_CREATE source=new source type=tmpfs sb=tmpfs ro=0 ret=-EBUSY mntns=%u "
		      "key=(null) message=(null)", fs, self->ns);
	EXPECT_MOUNT(s, "fsmount", 0, "fd=%d flags=CLOEXEC attr=NOSUID ret=%d", fs, mnt);
	EXPECT_MOUNT(s, "move_mount", 0,
		     "id=%d source=new source target=%s type=tmpfs beneath=0 group=0 ret=0",
		     id, self->a);
	/* RELATIME stays. */
	EXPECT_MOUNT(s, "mount_setattr", 0,
		     "target=%s set=RDONLY clear=0 propagation=0 idmap=0 recurse=0 ret=0",
		     self->a);
	EXPECT_MOUNT(s, "open_tree", 0, "source=%s flags=CLONE|CLOEXEC ret=0", self->a);
	EXPECT_RECORD(s, "fsconfig", 2, getpid(),
		      "fd=%d cmd=CMD_RECONFIGURE source=(null) type=tmpfs sb=tmpfs ro=1 ret=0 mntns=%u "
		      "key=(null) message=(null)", pick, self->ns);
	EXPECT_EQ(3, trace_count(&s->trace, "fsconfig"));
	EXPECT_EQ(7, s->trace.nr);
	EXPECT_EQ(0, trace_count(&s->trace, "mount"));
	close(fs);
	close(mnt);
	close(tree);
	close(pick);
}

/* A parameter that was refused is named, and why, but its value is not. */
TEST_F(mount, fsconfig_refuses)
{
	struct session *s = &self->session;
	int fs = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

	ASSERT_LE(0, fs);
	EXPECT_EQ(-1, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "size", "secret"));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "no such", "secret"));
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "size", "1m"));
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_CMD_CREATE, NULL, NULL));
	/* This has no message of its own, and those before are still there. */
	EXPECT_EQ(-1, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "size", "1m"));
	EXPECT_EQ(EBUSY, errno);
	close(fs);

	TAKE(s, 4);
	EXPECT_RECORD(s, "fsconfig", 0, getpid(),
		      "fd=%d cmd=SET_STRING source=(null) type=tmpfs sb=(null) ro=0 ret=-EINVAL mntns=%u "
		      "key=size message=e tmpfs: Bad value for 'size'\\n", fs, self->ns);
	EXPECT_RECORD(s, "fsconfig", 1, getpid(),
		      "fd=%d cmd=SET_STRING source=(null) type=tmpfs sb=(null) ro=0 ret=-EINVAL mntns=%u "
		      "key=no such message=e tmpfs: Unknown parameter 'no such'\\n", fs, self->ns);
	EXPECT_RECORD(s, "fsconfig", 3, getpid(),
		      "fd=%d cmd=SET_STRING source=(null) type=tmpfs sb=tmpfs ro=0 ret=-EBUSY mntns=%u "
		      "key=size message=(null)", fs, self->ns);
}

/* A directory is not the mount that it is in. */
TEST_F(mount, move_no_mount)
{
	struct session *s = &self->session;

	EXPECT_EQ(-1, syscall(SYS_move_mount, AT_FDCWD, self->a, AT_FDCWD, self->b, 0));
	EXPECT_EQ(EINVAL, errno);
	TAKE(s, 1);
	EXPECT_MOUNT(s, "move_mount", 0,
		     "id=-1 source=(null) target=%s type=(null) beneath=0 group=0 ret=-EINVAL",
		     self->b);
}

/* A walk into the tracing directory of debugfs mounts tracefs there. */
TEST_F(mount, automount)
{
	struct session *s = &self->session;
	char path[100];
	int id;

	ASSERT_EQ(0, mount("dbg", self->a, "debugfs", 0, NULL));
	snprintf(path, sizeof(path), "%s/tracing/.", self->a);
	if (access(path, F_OK))
		SKIP(return, "no CONFIG_TRACEFS_AUTOMOUNT_DEPRECATED");
	id = mount_id(path);
	TAKE(s, 2);
	EXPECT_MOUNT(s, "automount", 0,
		     "id=%d source=tracefs target=%s/tracing type=tracefs ret=0", id, self->a);
}

/* A superblock that there is none of yet, or the call fails */
TEST_F(mount, create_exclusively)
{
	struct session *s = &self->session;
	int fs = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

	ASSERT_LE(0, fs);
	EXPECT_EQ(0, fsconfig_cmd(fs, FSCONFIG_SET_STRING, "source", "new source"));
	EXPECT_EQ(0, fsconfig_cmd(fs, CMD_CREATE_EXCL, NULL, NULL));
	close(fs);
	TAKE(s, 1);
	EXPECT_RECORD(s, "fsconfig", 0, getpid(),
		      "fd=%d cmd=CMD_CREATE_EXCL source=new source type=tmpfs sb=tmpfs ro=0 ret=0 mntns=%u "
		      "key=(null) message=(null)", fs, self->ns);
}

TEST_F(mount, move_beneath)
{
	struct session *s = &self->session;
	int tree, id;

	ASSERT_EQ(0, mount("upper", self->a, "tmpfs", 0, NULL));
	id = mount_id(self->a);
	ASSERT_EQ(0, mount("lower", self->b, "tmpfs", 0, NULL));
	tree = syscall(SYS_open_tree, AT_FDCWD, self->b, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	ASSERT_LE(0, tree);
	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	ASSERT_EQ(0, syscall(SYS_move_mount, tree, "", AT_FDCWD, self->a,
			     MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH));
	/* It is in the way no more when the upper one has gone. */
	EXPECT_EQ(id, mount_id(self->a));
	TAKE(s, 1);
	EXPECT_EQ(0, umount2(self->a, 0));
	id = mount_id(self->a);
	EXPECT_MOUNT(s, "move_mount", 0,
		     "id=%d source=lower target=%s type=tmpfs beneath=1 group=0 ret=0",
		     id, self->a);
	close(tree);
}

TEST_F(mount, set_group)
{
	struct session *s = &self->session;

	ASSERT_EQ(0, mount("src", self->a, "tmpfs", 0, NULL));
	ASSERT_EQ(0, mount(self->a, self->b, NULL, MS_BIND, NULL));
	ASSERT_EQ(0, mount(NULL, self->a, NULL, MS_SHARED, NULL));
	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	ASSERT_EQ(0, syscall(SYS_move_mount, AT_FDCWD, self->a, AT_FDCWD, self->b,
			     MOVE_MOUNT_SET_GROUP));
	TAKE(s, 1);
	EXPECT_MOUNT(s, "move_mount", 0,
		     "id=%d source=src target=%s type=tmpfs beneath=0 group=1 ret=0",
		     mount_id(self->a), self->b);
}

TEST_F(mount, attributes)
{
	struct mount_attr attr = {
		.attr_set	= MOUNT_ATTR_NOSUID,
		.attr_clr	= MOUNT_ATTR_RDONLY,
		.propagation	= MS_SLAVE,
	};
	struct session *s = &self->session;

	ASSERT_EQ(0, mount("src", self->a, "tmpfs", MS_RDONLY, NULL));
	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	EXPECT_EQ(0, syscall(SYS_mount_setattr, AT_FDCWD, self->a, AT_RECURSIVE, &attr,
			     sizeof(attr)));
	attr = (struct mount_attr) { .propagation = MS_SHARED };
	EXPECT_EQ(0, syscall(SYS_mount_setattr, AT_FDCWD, self->a, 0, &attr, sizeof(attr)));
	TAKE(s, 2);
	/* MNT_NOSUID, MNT_READONLY */
	EXPECT_MOUNT(s, "mount_setattr", 0,
		     "target=%s set=NOSUID clear=RDONLY propagation=SLAVE idmap=0 recurse=1 ret=0",
		     self->a);
	EXPECT_MOUNT(s, "mount_setattr", 1,
		     "target=%s set=0 clear=0 propagation=SHARED idmap=0 recurse=0 ret=0",
		     self->a);
}

/* A mount gets the IDs of a user namespace, here of a child that stays in its own. */
TEST_F(mount, attribute_idmap)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };
	struct session *s = &self->session;
	char path[64];
	pid_t pid;
	int tree;

	if (!tr_exists(AT_FDCWD, "/proc/self/uid_map"))
		SKIP(return, "no CONFIG_USER_NS");
	ASSERT_EQ(0, mount("src", self->a, "tmpfs", 0, NULL));
	tree = syscall(SYS_open_tree, AT_FDCWD, self->a, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	ASSERT_LE(0, tree);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWUSER) || tr_write(AT_FDCWD, "/proc/self/uid_map", "0 0 1"))
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	EXPECT_EQ(0, tr_write(AT_FDCWD, path, "0 0 1"));
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	attr.userns_fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	EXPECT_EQ(0, syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)));
	TAKE(s, 1);
	EXPECT_MOUNT(s, "mount_setattr", 0,
		     "target=/ set=0 clear=0 propagation=0 idmap=1 recurse=0 ret=0");
	kill(pid, SIGKILL);
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	close(attr.userns_fd);
	close(tree);
}

/* Of a path that does not fit, the end is shown: all strings that are made have 512 bytes. */
TEST_F(mount, long_path)
{
	struct session *s = &self->session;
	char path[1024];
	int len = snprintf(path, sizeof(path), "%s", self->a);

	for (int i = 0; i < 4; i++) {
		len += snprintf(path + len, sizeof(path) - len, "/%0150d", i);
		ASSERT_EQ(0, mkdir(path, 0700));
	}
	EXPECT_EQ(0, mount("src", path, "tmpfs", 0, NULL));
	EXPECT_EQ(0, umount2(path, 0));
	TAKE(s, 3);
	EXPECT_MOUNT(s, "mount", 0, "source=src target=%s type=tmpfs flags=0 ret=0",
		     path + len - 509);
	EXPECT_NE(NULL, strstr(trace_nth(&s->trace, "umount", 0)->text, path + len - 509));
}

/* Filters on what the markers record */
TEST_F(mount, filter)
{
	struct session *s = &self->session;
	char filter[256];

	snprintf(filter, sizeof(filter),
		 "target == \"%s\" && type ~ \"tmp*\" && ret == 0 && flags & NOSUID", self->b);
	ASSERT_EQ(0, tr_write(s->dir, "events/mount/mount/filter", filter));
	ASSERT_EQ(0, mount("src", self->a, "tmpfs", MS_NOSUID, NULL));
	ASSERT_EQ(0, mount("src", self->b, "tmpfs", 0, NULL));
	ASSERT_EQ(0, mount("src", self->b, "tmpfs", MS_NOSUID, NULL));
	TAKE(s, 1);
	EXPECT_MOUNT(s, "mount", 0,
		     "source=src target=%s type=tmpfs flags=NOSUID ret=0", self->b);
}

/* Names of errors and flags in filters; a name of nothing is refused, and changes nothing. */
TEST_F(mount, filter_by_name)
{
	static const char event[] = "events/mount/mount/filter";
	struct session *s = &self->session;

	ASSERT_EQ(0, tr_write(s->dir, event, "ret == -ENODEV || flags == BIND"));
	EXPECT_EQ(-1, mount("none", self->a, "nosuchfs", 0, NULL));
	EXPECT_EQ(-1, mount("none", self->a, "tmpfs", 0, "nosuchoption"));
	EXPECT_EQ(0, mount(self->a, self->b, NULL, MS_BIND | MS_REC, NULL));
	EXPECT_EQ(0, mount(self->a, self->b, NULL, MS_BIND, NULL));
	TAKE(s, 2);
	EXPECT_MOUNT(s, "mount", 0, "source=none target=%s type=nosuchfs flags=0 ret=-ENODEV",
		     self->a);
	EXPECT_MOUNT(s, "mount", 1, "source=%s target=%s type=(null) flags=BIND ret=0", self->a,
		     self->b);
	EXPECT_EQ(-EINVAL, tr_write(s->dir, event, "ret == -ENOSUCH"));
	EXPECT_EQ(-EINVAL, tr_write(s->dir, event, "flags & MS_BIND"));
	EXPECT_EQ(-EINVAL, tr_write(s->dir, event, "mntns == -ENODEV"));
}

/* All of what mount(2), fsmount(2) and mount_setattr(2) have in one field */
TEST_F(mount, flags)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOATIME | MOUNT_ATTR_NODIRATIME,
				   .attr_clr = MOUNT_ATTR__ATIME | MOUNT_ATTR_NOEXEC,
				   .propagation = MS_SHARED };
	struct session *s = &self->session;

	EXPECT_EQ(0, mount("src", self->a, "tmpfs", MS_RELATIME | MS_SILENT, NULL));
	EXPECT_EQ(0, mount(NULL, self->a, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | 1 << 28, NULL));
	EXPECT_EQ(0, syscall(SYS_mount_setattr, AT_FDCWD, self->a, 0, &attr, sizeof(attr)));
	EXPECT_EQ(-1, syscall(SYS_fsmount, -1, 0, MOUNT_ATTR__ATIME));
	EXPECT_EQ(-1, syscall(SYS_fsmount, -1, 4, MOUNT_ATTR_STRICTATIME | 1 << 30));
	TAKE(s, 5);
	EXPECT_MOUNT(s, "mount", 0, "source=src target=%s type=tmpfs flags=SILENT|RELATIME ret=0",
		     self->a);
	EXPECT_MOUNT(s, "mount", 1,
		     "source=(null) target=%s type=(null) flags=NOSUID|REMOUNT|BIND|0x10000000 ret=0",
		     self->a);
	EXPECT_MOUNT(s, "mount_setattr", 0,
		     "target=%s set=NOATIME|NODIRATIME clear=NOEXEC|NOATIME|RELATIME "
		     "propagation=SHARED idmap=0 recurse=0 ret=0", self->a);
	EXPECT_MOUNT(s, "fsmount", 0, "fd=-1 flags=0 attr=_ATIME ret=-EINVAL");
	EXPECT_MOUNT(s, "fsmount", 1, "fd=-1 flags=0x4 attr=STRICTATIME|0x40000000 ret=-EINVAL");
}

/*
 * What becomes of a task: traced, stopped, another program, dead
 */

FIXTURE(task) {
	struct session	session;
	char		comm[16];
};

FIXTURE_SETUP(task)
{
	const char *reason = session_begin(&self->session, "ptrace");

	if (reason)
		SKIP(return, "%s", reason);
	ASSERT_EQ(0, prctl(PR_GET_NAME, self->comm));
}

FIXTURE_TEARDOWN(task)
{
	EXPECT_TRUE(session_end(&self->session));
}

/* Turn on what @system has, or the one event "system/event". */
static int __printf(3, 4) task_record(struct session *s, const char *system, const char *fmt, ...)
{
	char filter[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(filter, sizeof(filter), fmt, ap);
	va_end(ap);
	s->system = system;
	return session_record(s, "%s", filter);
}

/* Of the task itself, and of others what they do to it */
static bool record_ptrace(struct session *s, pid_t pid)
{
	return !task_record(s, "ptrace/ptrace_attach", "pid == %d", pid) &&
	       !task_record(s, "ptrace/ptrace_link", "pid == %d || tracer == %d", pid, getpid()) &&
	       !task_record(s, "ptrace/ptrace_unlink", "pid == %d || tracer == %d", pid,
			    getpid()) &&
	       !task_record(s, "ptrace/ptrace_resume", "pid == %d", pid) &&
	       !task_record(s, "ptrace/ptrace_stop", "common_pid == %d", pid) &&
	       !task_record(s, "ptrace/ptrace_stop_done", "common_pid == %d", pid);
}

/* A child that waits for signals, and takes these two for nothing from its start on */
static pid_t start_waiting_child(void)
{
	pid_t pid;

	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	pid = start_child();
	while (!pid)
		pause();
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
	return pid;
}

static bool stopped_by(pid_t pid, int sig)
{
	int status;

	return waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status) &&
	       WSTOPSIG(status) == sig;
}

TEST_F(task, ptrace_attach)
{
	struct session *s = &self->session;
	pid_t pid = start_waiting_child(), other;

	ASSERT_TRUE(record_ptrace(s, pid));
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, pid, 0, 0));
	ASSERT_TRUE(stopped_by(pid, SIGSTOP));
	other = start_child();
	if (!other)
		_exit(ptrace(PTRACE_SEIZE, pid, 0, 0) ? errno : 0);
	EXPECT_EQ(EPERM, child_status(other));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	/* The tracer gives it another signal than the one that came. */
	ASSERT_EQ(0, kill(pid, SIGUSR1));
	ASSERT_TRUE(stopped_by(pid, SIGUSR1));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, SIGUSR2));
	ASSERT_EQ(0, kill(pid, SIGUSR1));
	ASSERT_TRUE(stopped_by(pid, SIGUSR1));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));

	TAKE(s, 12);
	EXPECT_RECORD(s, "ptrace_link", 0, getpid(), "pid=%d comm=%s tracer=%d seized=0", pid,
		      self->comm, getpid());
	EXPECT_RECORD(s, "ptrace_attach", 0, getpid(), "pid=%d comm=%s seize=0 ret=0", pid,
		      self->comm);
	EXPECT_RECORD(s, "ptrace_attach", 1, other, "pid=%d comm=%s seize=1 ret=-EPERM", pid,
		      self->comm);
	EXPECT_RECORD(s, "ptrace_stop", 0, pid, "signr=SIGSTOP event=0 group=0 message=0");
	EXPECT_RECORD(s, "ptrace_stop", 1, pid, "signr=SIGUSR1 event=0 group=0 message=0");
	EXPECT_RECORD(s, "ptrace_resume", 0, getpid(), "pid=%d request=CONT signr=0", pid);
	EXPECT_RECORD(s, "ptrace_resume", 1, getpid(), "pid=%d request=CONT signr=SIGUSR2", pid);
	EXPECT_RECORD(s, "ptrace_stop_done", 0, pid, "signr=0");
	EXPECT_RECORD(s, "ptrace_stop_done", 1, pid, "signr=SIGUSR2");
	EXPECT_RECORD(s, "ptrace_stop_done", 2, pid, "signr=0");
	EXPECT_RECORD(s, "ptrace_unlink", 0, getpid(), "pid=%d comm=%s tracer=%d", pid, self->comm,
		      getpid());
}

/* Stops for system calls have 0x80 in the signal, and tell entry from exit. */
TEST_F(task, ptrace_syscalls)
{
	struct session *s = &self->session;
	pid_t pid = start_waiting_child();

	ASSERT_TRUE(record_ptrace(s, pid));
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	ASSERT_TRUE(stopped_by(pid, SIGTRAP));
	ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
	ASSERT_TRUE(stopped_by(pid, SIGTRAP | 0x80));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));

	ASSERT_LT(0, trace_take(s->dir, &s->trace));
	EXPECT_RECORD(s, "ptrace_link", 0, getpid(), "pid=%d comm=%s tracer=%d seized=1", pid,
		      self->comm, getpid());
	EXPECT_RECORD(s, "ptrace_stop", 0, pid, "signr=SIGTRAP event=STOP group=1 message=0");
	EXPECT_RECORD(s, "ptrace_resume", 0, getpid(), "pid=%d request=SYSCALL signr=0", pid);
	/* An interrupted pause() is restarted: its entry comes next. */
	EXPECT_RECORD(s, "ptrace_stop", 1, pid, "signr=0x85 event=0 group=0 message=1");
	EXPECT_EQ(1, trace_count(&s->trace, "ptrace_unlink"));
}

/* A child that is followed has a tracer from its beginning to that one's end. */
TEST_F(task, ptrace_follow)
{
	struct session *s = &self->session;
	pid_t pid, grandchild, tracer;
	unsigned long message;

	tracer = start_child();
	if (!tracer) {
		raise(SIGSTOP);
		pid = start_child();
		if (!pid) {
			ptrace(PTRACE_TRACEME, 0, 0, 0);
			raise(SIGSTOP);
			_exit(start_waiting_child() < 0);
		}
		if (!stopped_by(pid, SIGSTOP) ||
		    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL) ||
		    ptrace(PTRACE_CONT, pid, 0, 0) || !stopped_by(pid, SIGTRAP) ||
		    ptrace(PTRACE_GETEVENTMSG, pid, 0, &message))
			_exit(1);
		_exit(0);
	}
	ASSERT_EQ(tracer, waitpid(tracer, NULL, WUNTRACED));
	ASSERT_EQ(0, task_record(s, "ptrace/ptrace_link", "tracer == %d", tracer));
	ASSERT_EQ(0, task_record(s, "ptrace/ptrace_unlink", "tracer == %d", tracer));
	ASSERT_EQ(0, task_record(s, "ptrace/ptrace_stop", "event == FORK"));
	ASSERT_EQ(0, kill(tracer, SIGCONT));
	EXPECT_EQ(0, child_status(tracer));

	TAKE(s, 5);
	pid = trace_nth(&s->trace, "ptrace_link", 0)->pid;
	EXPECT_RECORD(s, "ptrace_link", 0, pid, "pid=%d comm=%s tracer=%d seized=0", pid,
		      self->comm, tracer);
	ASSERT_EQ(1, sscanf(trace_nth(&s->trace, "ptrace_link", 1)->text, "pid=%d", &grandchild));
	EXPECT_RECORD(s, "ptrace_link", 1, pid, "pid=%d comm=%s tracer=%d seized=0", grandchild,
		      self->comm, tracer);
	EXPECT_RECORD(s, "ptrace_stop", 0, pid, "signr=SIGTRAP event=FORK group=0 message=%d",
		      grandchild);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(tracer, trace_nth(&s->trace, "ptrace_unlink", i)->pid);
}

TEST_F(task, stop_and_continue)
{
	pid_t pid = start_waiting_child();
	struct session *s = &self->session;

	ASSERT_EQ(0, task_record(s, "signal/signal_stop", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_stopped", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_stopped_done", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_continued", "pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "exit/exit_wait", "pid == %d", pid));
	ASSERT_EQ(0, kill(pid, SIGTSTP));
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(pid, waitpid(pid, NULL, WCONTINUED));
	/* It was not stopped. */
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(0, kill(pid, SIGSTOP));
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));

	TAKE(s, 11);
	EXPECT_RECORD(s, "signal_stop", 0, pid, "signr=SIGTSTP threads=1");
	EXPECT_RECORD(s, "signal_stopped", 0, pid, "signr=SIGTSTP last=1");
	EXPECT_RECORD(s, "signal_continued", 0, getpid(), "pid=%d comm=%s stopped=1", pid,
		      self->comm);
	EXPECT_RECORD(s, "signal_stopped_done", 0, pid, "killed=0");
	EXPECT_RECORD(s, "signal_stopped", 1, pid, "signr=SIGSTOP last=1");
	EXPECT_RECORD(s, "signal_stopped_done", 1, pid, "killed=1");
	EXPECT_RECORD(s, "exit_wait", 0, getpid(), "pid=%d comm=%s cause=STOPPED code=%#x", pid,
		      self->comm, SIGTSTP);
	EXPECT_RECORD(s, "exit_wait", 1, getpid(), "pid=%d comm=%s cause=CONTINUED code=%#x", pid,
		      self->comm, SIGCONT);
	EXPECT_RECORD(s, "exit_wait", 3, getpid(), "pid=%d comm=%s cause=KILLED code=%#x", pid,
		      self->comm, SIGKILL);
}

/* A thread that waits for the child of its vfork() does not stop. */
static void *vfork_in_thread(void *ready)
{
	pid_t pid = vfork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		__atomic_store_n((int *)ready, 1, __ATOMIC_SEQ_CST);
		for (;;)
			pause();
	}
	return NULL;
}

/* SIGCONT comes when the stop has begun, and not all threads have stopped. */
TEST_F(task, continue_early)
{
	struct session *s = &self->session;
	pthread_t thread;
	int *ready;
	pid_t pid;

	ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)ready);
	pid = start_child();
	if (!pid) {
		if (pthread_create(&thread, NULL, vfork_in_thread, ready))
			_exit(99);
		for (;;)
			pause();
	}
	for (int ms = 0; !__atomic_load_n(ready, __ATOMIC_SEQ_CST) && ms < PATIENCE; ms++)
		sleep_ms(1);
	ASSERT_EQ(1, __atomic_load_n(ready, __ATOMIC_SEQ_CST));
	ASSERT_EQ(0, task_record(s, "signal/signal_stop", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_stopped", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_continued", "pid == %d", pid));
	ASSERT_EQ(0, kill(pid, SIGSTOP));
	ASSERT_TRUE(wait_for_event(s, "signal_stopped", 1));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));

	TAKE(s, 3);
	EXPECT_RECORD(s, "signal_stop", 0, pid, "signr=SIGSTOP threads=2");
	EXPECT_RECORD(s, "signal_stopped", 0, pid, "signr=SIGSTOP last=0");
	EXPECT_RECORD(s, "signal_continued", 0, getpid(), "pid=%d comm=%s stopped=0", pid,
		      self->comm);
	munmap(ready, sizeof(*ready));
}

static void *wait_in_thread(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* A child with a second thread, which it was held back from having for a while */
static pid_t start_stopped_child(void)
{
	pid_t pid = start_child();
	pthread_t thread;

	if (pid)
		return waitpid(pid, NULL, WUNTRACED) == pid ? pid : -1;
	raise(SIGSTOP);
	if (pthread_create(&thread, NULL, wait_in_thread, NULL))
		_exit(99);
	return 0;
}

TEST_F(task, threads)
{
	struct session *s = &self->session;
	pid_t pid = start_stopped_child();

	ASSERT_LE(0, pid);
	if (!pid) {
		raise(SIGSTOP);
		syscall(SYS_exit_group, 7);
	}
	ASSERT_EQ(0, task_record(s, "signal/signal_stop", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "signal/signal_stopped", "signr == SIGSTOP"));
	ASSERT_EQ(0, task_record(s, "exit/exit_group", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "exit/exit_begin", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "exit/exit_wait", "pid == %d && cause == EXITED", pid));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	EXPECT_EQ(7, child_status(pid));

	TAKE(s, 6);
	EXPECT_RECORD(s, "signal_stop", 0, pid, "signr=SIGSTOP threads=2");
	EXPECT_STREQ("signr=SIGSTOP last=0", trace_nth(&s->trace, "signal_stopped", 0)->text);
	EXPECT_STREQ("signr=SIGSTOP last=1", trace_nth(&s->trace, "signal_stopped", 1)->text);
	EXPECT_RECORD(s, "exit_group", 0, pid, "code=0x700 threads=1");
	EXPECT_RECORD(s, "exit_begin", 0, pid, "code=0x700");
	EXPECT_RECORD(s, "exit_wait", 0, getpid(), "pid=%d comm=%s cause=EXITED code=0x700", pid,
		      self->comm);
}

/* A program that is killed, and leaves its core: 0x80 in the code says so. */
TEST_F(task, core_dump)
{
	static const char pattern[] = "/proc/sys/kernel/core_pattern";
	char *was = tr_read(AT_FDCWD, pattern), core[64];
	struct session *s = &self->session;
	pid_t pid;

	if (!was)
		SKIP(return, "no CONFIG_COREDUMP");
	pid = start_stopped_child();
	ASSERT_LE(0, pid);
	if (!pid) {
		struct rlimit limit = { 1 << 20, 1 << 20 };

		setrlimit(RLIMIT_CORE, &limit);
		raise(SIGSEGV);
		_exit(99);
	}
	snprintf(core, sizeof(core), "/tmp/markers-core.%d", pid);
	ASSERT_EQ(0, tr_write(AT_FDCWD, pattern, core));
	ASSERT_EQ(0, task_record(s, "exit/exit_begin", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "exit/exit_wait", "pid == %d", pid));
	EXPECT_EQ(0, kill(pid, SIGCONT));
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(0, tr_write(AT_FDCWD, pattern, was));
	EXPECT_EQ(0, unlink(core));
	free(was);

	TAKE(s, 2);
	EXPECT_RECORD(s, "exit_begin", 0, pid, "code=%#x", SIGSEGV | 0x80);
	EXPECT_RECORD(s, "exit_wait", 0, getpid(), "pid=%d comm=%s cause=DUMPED code=%#x", pid,
		      self->comm, SIGSEGV | 0x80);
}

TEST_F(task, exec)
{
	char *const args[] = { "true", "one", "two", NULL }, *const env[] = { "A=b", NULL };
	struct session *s = &self->session;
	pid_t pid = start_stopped_child();

	ASSERT_LE(0, pid);
	if (!pid) {
		execve("/nonexistent/program", args, env);
		execve("/proc/self/mem", args, env);
		execve("/bin/true", args, env);
		_exit(99);
	}
	ASSERT_EQ(0, task_record(s, "exec", "common_pid == %d", pid));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	EXPECT_EQ(0, child_status(pid));

	TAKE(s, 4);
	EXPECT_RECORD(s, "exec_error", 0, pid, "filename=/nonexistent/program ret=-ENOENT");
	EXPECT_RECORD(s, "exec_error", 1, pid, "filename=/proc/self/mem ret=-EACCES");
	EXPECT_RECORD(s, "exec_begin", 0, pid, "filename=/bin/true argc=3 envc=1");
	EXPECT_RECORD(s, "exec_wait_threads", 0, pid, "threads=1");
}

static bool write_program(const char *path, const void *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;

	close(fd);
	return ok;
}

/* A program of this machine, for which an interpreter is to be loaded */
static bool write_elf(const char *path, const char *interp)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct {
		ElfW(Ehdr)	ehdr;
		ElfW(Phdr)	phdr;
		char		interp[16];
	} elf = { };
	bool ok = read(fd, &elf.ehdr, sizeof(elf.ehdr)) == sizeof(elf.ehdr);

	close(fd);
	elf.ehdr.e_phoff = sizeof(elf.ehdr);
	elf.ehdr.e_phnum = 1;
	elf.phdr.p_type = PT_INTERP;
	elf.phdr.p_offset = (char *)elf.interp - (char *)&elf;
	elf.phdr.p_filesz = sizeof(elf.interp);
	strncpy(elf.interp, interp, sizeof(elf.interp) - 1);
	return ok && write_program(path, &elf, sizeof(elf));
}

/* The interpreter is told, be it the kernel or the program that asks for it. */
TEST_F(task, exec_interpreter)
{
	static const char script[] = "#!/no/such arg\n";
	char *const args[] = { "x", NULL };
	char dir[] = "/tmp/markers-XXXXXX", path[4][64], text[80];
	struct session *s = &self->session;
	pid_t pid;

	ASSERT_NE(NULL, mkdtemp(dir));
	for (int i = 0; i < 4; i++)
		snprintf(path[i], sizeof(path[i]), "%s/%c", dir, 'a' + i);
	EXPECT_TRUE(write_program(path[0], script, strlen(script)));
	EXPECT_TRUE(write_elf(path[1], "/no/such/ld.so"));
	snprintf(text, sizeof(text), "#! %s\n", path[1]);
	EXPECT_TRUE(write_program(path[2], text, strlen(text)));
	snprintf(text, sizeof(text), "#!%s\n", dir);
	EXPECT_TRUE(write_program(path[3], text, strlen(text)));
	pid = start_child();
	if (!pid) {
		raise(SIGSTOP);
		for (int i = 0; i < 4; i++)
			execve(path[i], args, NULL);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	ASSERT_EQ(0, task_record(s, "exec/exec_interp_error", "common_pid == %d", pid));
	ASSERT_EQ(0, task_record(s, "exec/exec_error", "common_pid == %d", pid));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	EXPECT_EQ(0, child_status(pid));
	for (int i = 0; i < 4; i++)
		unlink(path[i]);
	rmdir(dir);

	TAKE(s, 9);
	EXPECT_RECORD(s, "exec_interp_error", 0, pid, "filename=%s interp=/no/such ret=-ENOENT",
		      path[0]);
	EXPECT_RECORD(s, "exec_error", 0, pid, "filename=%s ret=-ENOENT", path[0]);
	EXPECT_RECORD(s, "exec_interp_error", 1, pid, "filename=%s interp=/no/such/ld.so ret=-ENOENT",
		      path[1]);
	/* Both of those that this one goes through */
	EXPECT_RECORD(s, "exec_interp_error", 2, pid, "filename=%s interp=/no/such/ld.so ret=-ENOENT",
		      path[2]);
	EXPECT_RECORD(s, "exec_interp_error", 3, pid, "filename=%s interp=%s ret=-ENOENT", path[2],
		      path[1]);
	EXPECT_RECORD(s, "exec_interp_error", 4, pid, "filename=%s interp=%s ret=-EACCES", path[3],
		      dir);
}

/* A name that cannot be read, and a program for which there is no memory */
TEST_F(task, exec_killed)
{
	struct session *s = &self->session;
	struct rlimit none = { 300000, 300000 };
	char *const args[] = { "true", NULL };
	pid_t pid = start_child();
	int status;

	if (!pid) {
		raise(SIGSTOP);
		syscall(SYS_execve, 8, args, NULL);
		setrlimit(RLIMIT_AS, &none);
		execve("/bin/true", args, NULL);
		_exit(99);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, WUNTRACED));
	ASSERT_EQ(0, task_record(s, "exec", "common_pid == %d", pid));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(SIGSEGV, WTERMSIG(status));

	TAKE(s, 4);
	EXPECT_RECORD(s, "exec_error", 0, pid, "filename=(null) ret=-EFAULT");
	EXPECT_RECORD(s, "exec_begin", 0, pid, "filename=/bin/true argc=1 envc=0");
	EXPECT_RECORD(s, "exec_killed", 0, pid, "filename=/bin/true ret=-ENOMEM");
	EXPECT_RECORD(s, "exec_error", 1, pid, "filename=/bin/true ret=-ENOMEM");
}

TEST_HARNESS_MAIN
