// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the markers in pipes, futexes and mounts: what they record is what
 * the tests have done.
 *
 * Each test records in a tracing instance of its own, with a filter that lets
 * pass what comes of the test.
 */

#include <linux/futex.h>
#include <linux/mount.h>
#include <linux/types.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
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
	bool		warned;
	struct trace	trace;
};

/* Return: NULL, or why the test cannot run */
static const char *session_begin(struct session *s, const char *system)
{
	char path[64];

	memset(s, 0, sizeof(*s));
	s->system = system;
	s->warned = kernel_has_warned();
	if (geteuid())
		return "only for root";
	s->top = open_or_mount("tracefs", "/sys/kernel/tracing");
	if (s->top < 0)
		return "no tracefs";
	if (!tr_exists(s->top, "markers"))
		return "no CONFIG_MARKERS";
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
	if (kernel_has_warned() != s->warned) {
		printf("# the kernel has warned, see its log\n");
		return false;
	}
	return true;
}

/* Turn on the markers of the system, for what passes the filter. */
static int __printf(2, 3) session_record(struct session *s, const char *fmt, ...)
{
	char path[64], filter[256];
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
	return tr_write(s->dir, path, "1");
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
	ASSERT_TRUE(wait_for_sleep(s, "full", 1, child));
	EXPECT_EQ(self->page, read(self->rd, page, self->page));
	EXPECT_EQ(0, child_status(child));

	TAKE(s, 2);
	EXPECT_RECORD(s, "full", 0, child, "ino=%llu used=%d slots=%d", self->ino, slots, slots);
	EXPECT_RECORD(s, "wake_writer", 0, getpid(), "ino=%llu ret=%d", self->ino, self->page);
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
			ASSERT_TRUE(wait_for_sleep(s, "full", i + 1, child));
		EXPECT_EQ(self->page, read(self->rd, pages, self->page));
	}
	EXPECT_EQ(0, child_status(child));

	ASSERT_LE(5, trace_take(s->dir, &s->trace));
	EXPECT_EQ(2, trace_count(&s->trace, "full"));
	EXPECT_EQ(2, trace_count(&s->trace, "wake_writer"));
	for (int i = 0; i < 2; i++) {
		EXPECT_RECORD(s, "full", i, child, "ino=%llu used=1 slots=1", self->ino);
		EXPECT_RECORD(s, "wake_writer", i, getpid(), "ino=%llu ret=%d", self->ino,
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
	ASSERT_TRUE(wait_for_sleep(s, "empty", 1, child));
	EXPECT_EQ(3, write(self->wr, "abc", 3));
	EXPECT_EQ(3, child_status(child));

	TAKE(s, 2);
	EXPECT_RECORD(s, "empty", 0, child, "ino=%llu writers=1", self->ino);
	EXPECT_RECORD(s, "wake_reader", 0, getpid(), "ino=%llu ret=3", self->ino);
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
	ASSERT_TRUE(wait_for_sleep(s, "empty", 1, child));
	EXPECT_EQ(5, write(self->wr, "abcde", 5));
	EXPECT_EQ(5, child_status(child));

	ASSERT_LE(1, trace_take(s->dir, &s->trace));
	EXPECT_EQ(1, trace_count(&s->trace, "empty"));
	EXPECT_RECORD(s, "empty", 0, child, "ino=0 writers=1");
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
	EXPECT_RECORD(s, "resize", 0, getpid(), "ino=%llu size=%d old=%d new=4 ret=%d",
		      self->ino, 4 * self->page - 1, slots, 4 * self->page);
	EXPECT_RECORD(s, "resize", 1, getpid(), "ino=%llu size=%d old=4 new=4 ret=%d",
		      self->ino, self->page, -EBUSY);
	EXPECT_RECORD(s, "resize", 2, getpid(), "ino=%llu size=%u old=4 new=4 ret=%d",
		      self->ino, UINT_MAX, -EINVAL);
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
	EXPECT_RECORD(s, "wait", 0, getpid(),
		      "uaddr=%#lx shared=1 val=4 bitset=" ANY " timeout=0", UADDR(0));
	EXPECT_RECORD(s, "wait_done", 0, getpid(), "uaddr=%#lx ret=%d", UADDR(0), -EAGAIN);
	EXPECT_RECORD(s, "wait", 1, getpid(),
		      "uaddr=%#lx shared=0 val=5 bitset=" ANY " timeout=1", UADDR(0));
	EXPECT_RECORD(s, "wait_done", 1, getpid(), "uaddr=%#lx ret=%d", UADDR(0), -ETIMEDOUT);
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
	/* -ERESTARTSYS, which user space never sees */
	EXPECT_RECORD(s, "wait_done", 0, getpid(), "uaddr=%#lx ret=-512", UADDR(0));
}

/* Start a child that waits, and wait until it does. */
#define START_WAITER(nr, op, bitset)						\
({										\
	pid_t __pid = start_child();						\
										\
	if (!__pid)								\
		_exit(futex(&self->futex[0], op, 0, 0, NULL, bitset) ? 1 : 0);	\
	ASSERT_TRUE(wait_for_sleep(&self->session, "wait", nr, __pid));		\
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
	EXPECT_RECORD(s, "wait", 0, child,
		      "uaddr=%#lx shared=1 val=0 bitset=" ANY " timeout=0", UADDR(0));
	EXPECT_RECORD(s, "wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=" ANY " nr=3 ret=1", UADDR(0));
	EXPECT_RECORD(s, "wait_done", 0, child, "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_RECORD(s, "wake", 1, getpid(),
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
	EXPECT_RECORD(s, "wait", 0, child,
		      "uaddr=%#lx shared=1 val=0 bitset=0x6 timeout=0", UADDR(0));
	EXPECT_RECORD(s, "wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=0x8 nr=1 ret=0", UADDR(0));
	EXPECT_RECORD(s, "wake", 1, getpid(),
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
	EXPECT_EQ(3, trace_count(&s->trace, "wait"));
	EXPECT_EQ(3, trace_count(&s->trace, "wait_done"));
	EXPECT_RECORD(s, "requeue", 0, getpid(),
		      "uaddr=%#lx uaddr2=%#lx shared=1 pi=0 woken=0 requeued=0 ret=%d",
		      UADDR(0), UADDR(1), -EAGAIN);
	EXPECT_RECORD(s, "requeue", 1, getpid(),
		      "uaddr=%#lx uaddr2=%#lx shared=1 pi=0 woken=1 requeued=2 ret=0",
		      UADDR(0), UADDR(1));
	EXPECT_RECORD(s, "wake", 0, getpid(),
		      "uaddr=%#lx shared=1 bitset=" ANY " nr=%d ret=2", UADDR(1), INT_MAX);
	/* Where a waiter went to does not change what it has waited for. */
	for (int i = 0; i < 3; i++) {
		struct record *rec = trace_nth(&s->trace, "wait_done", i);

		EXPECT_RECORD(s, "wait_done", i, rec ? rec->pid : 0, "uaddr=%#lx ret=0", UADDR(0));
	}
}

TEST_F(futex, pi)
{
	struct session *s = &self->session;
	pid_t child;

	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(-1, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(EDEADLK, errno);
	child = start_child();
	if (!child) {
		if (!futex(&self->futex[0], FUTEX_TRYLOCK_PI, 0, 0, NULL, 0))
			_exit(1);
		if (!futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0))
			_exit(2);
		_exit(0);
	}
	EXPECT_EQ(0, child_status(child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));

	TAKE(s, 8);
	EXPECT_RECORD(s, "lock_pi", 0, getpid(),
		      "uaddr=%#lx shared=1 trylock=0 timeout=0", UADDR(0));
	EXPECT_RECORD(s, "lock_pi_done", 0, getpid(), "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_RECORD(s, "lock_pi_done", 1, getpid(), "uaddr=%#lx ret=%d", UADDR(0), -EDEADLK);
	EXPECT_RECORD(s, "lock_pi", 2, child,
		      "uaddr=%#lx shared=1 trylock=1 timeout=0", UADDR(0));
	EXPECT_RECORD(s, "lock_pi_done", 2, child, "uaddr=%#lx ret=%d", UADDR(0), -EAGAIN);
	EXPECT_RECORD(s, "unlock_pi", 0, child, "uaddr=%#lx shared=1 ret=%d", UADDR(0), -EPERM);
	EXPECT_RECORD(s, "unlock_pi", 1, getpid(), "uaddr=%#lx shared=1 ret=0", UADDR(0));
}

/* The lock goes to who waits for it. */
TEST_F(futex, pi_contended)
{
	struct session *s = &self->session;
	pid_t child;

	ASSERT_EQ(0, futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0));
	child = start_child();
	if (!child) {
		if (futex(&self->futex[0], FUTEX_LOCK_PI, 0, 0, NULL, 0))
			_exit(1);
		_exit(futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0) ? 2 : 0);
	}
	ASSERT_TRUE(wait_for_sleep(s, "lock_pi", 2, child));
	EXPECT_EQ(0, futex(&self->futex[0], FUTEX_UNLOCK_PI, 0, 0, NULL, 0));
	EXPECT_EQ(0, child_status(child));
	TAKE(s, 6);
	EXPECT_RECORD(s, "lock_pi_done", 1, child, "uaddr=%#lx ret=0", UADDR(0));
	EXPECT_EQ(2, trace_count(&s->trace, "unlock_pi"));
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
	ASSERT_TRUE(wait_for_sleep(s, "waitv", 1, child));
	EXPECT_EQ(1, futex(&self->futex[1], FUTEX_WAKE, 1, 0, NULL, 0));
	EXPECT_EQ(1, child_status(child));

	ASSERT_LE(3, trace_take(s->dir, &s->trace));
	EXPECT_RECORD(s, "waitv", 0, child, "nr=2 timeout=0");
	EXPECT_RECORD(s, "waitv_done", 0, child, "uaddr=%#lx ret=1", UADDR(1));
}

/*
 * Mounts, in a mount namespace of our own
 */

FIXTURE(mount) {
	struct session	session;
	char		base[64];	/* a tmpfs that the test has its mount points on */
	char		a[80];
	char		b[80];
};

FIXTURE_SETUP(mount)
{
	const char *reason = session_begin(&self->session, "mount");

	if (reason)
		SKIP(return, "%s", reason);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
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
	EXPECT_RECORD(s, "mount", 0, getpid(),
		      "source=my source target=%s type=tmpfs flags=0x6 ret=0", self->a);
	EXPECT_RECORD(s, "mount", 1, getpid(),
		      "source=none target=%s type=nosuchfs flags=0x0 ret=%d", self->a, -ENODEV);
	EXPECT_RECORD(s, "mount", 2, getpid(),
		      "source=(null) target=%s type=(null) flags=0x21 ret=0", self->a);
	EXPECT_RECORD(s, "mount", 3, getpid(),
		      "source=%s target=%s type=(null) flags=0x1000 ret=0", self->a, self->b);
	EXPECT_RECORD(s, "mount", 4, getpid(),
		      "source=(null) target=%s type=(null) flags=0x100000 ret=0", self->b);
	EXPECT_RECORD(s, "mount", 5, getpid(),
		      "source=(null) target=%s type=(null) flags=0x40000 ret=0", self->b);
	EXPECT_RECORD(s, "mount", 6, getpid(),
		      "source=%s target=%s type=(null) flags=0x2000 ret=%d",
		      self->base, self->a, -ELOOP);
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
	EXPECT_RECORD(s, "umount", 0, getpid(),
		      "id=%d source=src target=%s type=tmpfs flags=0x0", id, self->a);
	EXPECT_RECORD(s, "umount_done", 0, getpid(), "id=%d ret=%d", id, -EBUSY);
	EXPECT_RECORD(s, "umount", 1, getpid(),
		      "id=%d source=src target=%s type=tmpfs flags=0x2", id, self->a);
	EXPECT_RECORD(s, "umount_done", 1, getpid(), "id=%d ret=0", id);
	id = mount_id(self->base);
	EXPECT_RECORD(s, "umount", 2, getpid(),
		      "id=%d source=base target=%s type=tmpfs flags=0x8", id, self->a);
	EXPECT_RECORD(s, "umount_done", 2, getpid(), "id=%d ret=%d", id, -EINVAL);
}

#ifndef SYS_mount_setattr
#define SYS_mount_setattr	442
#endif

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
		      "fd=%d cmd=6 source=new source type=tmpfs sb=tmpfs ro=0 ret=0", fs);
	EXPECT_RECORD(s, "fsconfig", 1, getpid(),
		      "fd=%d cmd=6 source=new source type=tmpfs sb=tmpfs ro=0 ret=%d", fs, -EBUSY);
	EXPECT_RECORD(s, "fsmount", 0, getpid(), "fd=%d flags=0x1 attr=0x2 ret=%d", fs, mnt);
	EXPECT_RECORD(s, "move", 0, getpid(),
		      "id=%d source=new source target=%s type=tmpfs beneath=0 group=0 ret=0",
		      id, self->a);
	/* MNT_READONLY, MNT_RELATIME stays */
	EXPECT_RECORD(s, "setattr", 0, getpid(),
		      "target=%s set=0x40 clear=0x0 propagation=0x0 idmap=0 recurse=0 ret=0",
		      self->a);
	EXPECT_RECORD(s, "open_tree", 0, getpid(), "source=%s flags=%#x ret=0", self->a,
		      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	EXPECT_RECORD(s, "fsconfig", 2, getpid(),
		      "fd=%d cmd=7 source=(null) type=tmpfs sb=tmpfs ro=1 ret=0", pick);
	EXPECT_EQ(3, trace_count(&s->trace, "fsconfig"));
	EXPECT_EQ(7, s->trace.nr);
	EXPECT_EQ(0, trace_count(&s->trace, "mount"));
	close(fs);
	close(mnt);
	close(tree);
	close(pick);
}

/* A path of more than 511 characters does not fit. */
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
	EXPECT_RECORD(s, "mount", 0, getpid(),
		      "source=src target=(too long) type=tmpfs flags=0x0 ret=0");
	EXPECT_TRUE(matches(trace_nth(&s->trace, "umount", 0)->text,
			    "^id=[0-9]+ source=src target=\\(too long\\) type=tmpfs flags=0x0$"));
}

/* Filters on what the markers record */
TEST_F(mount, filter)
{
	struct session *s = &self->session;
	char filter[256];

	snprintf(filter, sizeof(filter),
		 "target == \"%s\" && type ~ \"tmp*\" && ret == 0 && flags & 0x2", self->b);
	ASSERT_EQ(0, tr_write(s->dir, "events/mount/mount/filter", filter));
	ASSERT_EQ(0, mount("src", self->a, "tmpfs", MS_NOSUID, NULL));
	ASSERT_EQ(0, mount("src", self->b, "tmpfs", 0, NULL));
	ASSERT_EQ(0, mount("src", self->b, "tmpfs", MS_NOSUID, NULL));
	TAKE(s, 1);
	EXPECT_RECORD(s, "mount", 0, getpid(),
		      "source=src target=%s type=tmpfs flags=0x2 ret=0", self->b);
}

TEST_HARNESS_MAIN
