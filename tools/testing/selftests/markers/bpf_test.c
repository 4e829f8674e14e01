// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of BPF programs of type tracepoint on markers: every field can be read,
 * attaching by perf event and by link, cookies, stacks, and programs that come
 * and go while hits arrive or with a module.
 *
 * The programs are put together here, instruction by instruction, so that the
 * test needs neither a compiler for BPF nor a library.
 */

#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "modules.h"
#include "kselftest_harness.h"

#define RESIZE		"events/pipe/pipe_resize"
#define FIELDS		"events/markers_test/fields"

/* What a program stores of a hit: how many there were, and words of the last. */
#define VALUES		24
struct seen {
	int64_t		hits;
	int64_t		value[VALUES];
};

/* How many frames of a stack are kept */
#define FRAMES		32

/* How often programs are exchanged, and how many hits come meanwhile at most */
#define EXCHANGES	10
#define HITS		100000

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	int ret = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

static int map_create(enum bpf_map_type type, unsigned int value_size, unsigned int entries)
{
	union bpf_attr attr = {
		.map_type	= type,
		.key_size	= sizeof(uint32_t),
		.value_size	= value_size,
		.max_entries	= entries,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

static int map_read(int map, uint32_t key, void *value)
{
	union bpf_attr attr = {
		.map_fd	= map,
		.key	= (uintptr_t)&key,
		.value	= (uintptr_t)value,
	};

	return bpf(BPF_MAP_LOOKUP_ELEM, &attr);
}

/*
 * Programs: R6 has the context, R7 what a lookup has found.
 */

struct prog {
	struct bpf_insn	insn[256];
	unsigned int	len;
};

static void emit(struct prog *p, int code, int dst, int src, int off, int imm)
{
	p->insn[p->len++] = (struct bpf_insn) {
		.code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm,
	};
}

static void emit_mov(struct prog *p, int dst, int imm)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm);
}

static void emit_copy(struct prog *p, int dst, int src)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void emit_add(struct prog *p, int dst, int imm)
{
	emit(p, BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm);
}

static void emit_map(struct prog *p, int dst, int map)
{
	emit(p, BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, map);
	emit(p, 0, 0, 0, 0, 0);
}

static void emit_call(struct prog *p, int func)
{
	emit(p, BPF_JMP | BPF_CALL, 0, 0, 0, func);
}

static void emit_return(struct prog *p, int value)
{
	emit_mov(p, BPF_REG_0, value);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* dst = what is in the context at @off */
static void emit_field(struct prog *p, int dst, unsigned int off, unsigned int size)
{
	int width = size == 1 ? BPF_B : size == 2 ? BPF_H : size == 4 ? BPF_W : BPF_DW;

	emit(p, BPF_LDX | BPF_MEM | width, dst, BPF_REG_6, off, 0);
}

/* R7 = the value at the key that is in @key, or the program ends here. */
static void emit_lookup(struct prog *p, int map, int key)
{
	emit(p, BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, key, -4, 0);
	emit_map(p, BPF_REG_1, map);
	emit_copy(p, BPF_REG_2, BPF_REG_10);
	emit_add(p, BPF_REG_2, -4);
	emit_call(p, BPF_FUNC_map_lookup_elem);
	emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, 2, 0);
	emit_return(p, 1);
	emit_copy(p, BPF_REG_7, BPF_REG_0);
}

/* Keep the context, have R7 point to map[0], a struct seen, and count the hit. */
static void emit_begin(struct prog *p, int map)
{
	p->len = 0;
	emit_copy(p, BPF_REG_6, BPF_REG_1);
	emit_mov(p, BPF_REG_3, 0);
	emit_lookup(p, map, BPF_REG_3);
	emit_mov(p, BPF_REG_1, 1);
	emit(p, BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_7, BPF_REG_1, 0, BPF_ADD);
}

/* seen.value[i] = src */
static void emit_store(struct prog *p, unsigned int i, int src)
{
	emit(p, BPF_STX | BPF_MEM | BPF_DW, BPF_REG_7, src,
	     offsetof(struct seen, value) + i * sizeof(uint64_t), 0);
}

static int prog_load(struct prog *p)
{
	static char log[65536];
	union bpf_attr attr = {
		.prog_type	= BPF_PROG_TYPE_TRACEPOINT,
		.insns		= (uintptr_t)p->insn,
		.insn_cnt	= p->len,
		.license	= (uintptr_t)"GPL",
		.log_buf	= (uintptr_t)log,
		.log_size	= sizeof(log),
		.log_level	= 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		printf("# the verifier says: %s\n", log);
	return fd;
}

/* A program that counts hits in map[0] and returns @result */
static int prog_count(int map, int result)
{
	struct prog p;

	emit_begin(&p, map);
	emit_return(&p, result);
	return prog_load(&p);
}

/*
 * Attaching
 */

static int open_event(int top, const char *event)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/id", event);
	fd = perf_open(top, path);
	return fd < 0 ? -errno : fd;
}

static int attach_perf(int top, const char *event, int prog)
{
	int fd = open_event(top, event);

	if (fd < 0)
		return fd;
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog)) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd;
}

/* The link keeps the perf event. */
static int attach_link(int top, const char *event, int prog, uint64_t cookie)
{
	int fd = open_event(top, event), ret;
	union bpf_attr attr = { };

	if (fd < 0)
		return fd;
	attr.link_create.prog_fd = prog;
	attr.link_create.target_fd = fd;
	attr.link_create.attach_type = BPF_PERF_EVENT;
	attr.link_create.perf_event.bpf_cookie = cookie;
	ret = bpf(BPF_LINK_CREATE, &attr);
	close(fd);
	return ret;
}

static int attach(int top, const char *event, int prog, bool link)
{
	return link ? attach_link(top, event, prog, 0) : attach_perf(top, event, prog);
}

/* Where a field is, by the event's format */
struct field {
	int	off;
	int	size;
};

static struct field field_of(int top, const char *event, const char *name)
{
	struct field field = { .off = -1 };
	char path[128], key[64], *format, *pos;

	snprintf(path, sizeof(path), "%s/format", event);
	format = tr_read(top, path);
	snprintf(key, sizeof(key), " %s;", name);
	pos = format ? strstr(format, key) : NULL;
	if (pos && sscanf(pos + strlen(key), " offset:%d; size:%d;", &field.off, &field.size) != 2)
		field.off = -1;
	free(format);
	return field;
}

static void emit_named(struct prog *p, int dst, int top, const char *event, const char *name)
{
	struct field field = field_of(top, event, name);

	emit_field(p, dst, field.off, field.size);
}

FIXTURE(bpf) {
	int			top;
	int			pipe[2];
	long long		ino;
	int			map;
	long			warnings;
};

FIXTURE_SETUP(bpf)
{
	const char *reason = markers_begin(&self->top);
	struct stat st;

	if (reason)
		SKIP(return, "%s", reason);
	self->warnings = warnings_begin();
	if (!tr_exists(self->top, RESIZE))
		SKIP(return, "no markers in pipes");
	self->map = map_create(BPF_MAP_TYPE_ARRAY, sizeof(struct seen), 1);
	if (self->map < 0)
		SKIP(return, "no BPF");
	ASSERT_EQ(0, pipe2(self->pipe, O_CLOEXEC | O_NONBLOCK));
	ASSERT_EQ(0, fstat(self->pipe[0], &st));
	self->ino = st.st_ino;
}

FIXTURE_TEARDOWN(bpf)
{
	EXPECT_TRUE(tr_is(self->top, RESIZE "/enable", "0"));
	EXPECT_FALSE(kernel_has_warned(self->warnings));
}

/* The marker pipe:pipe_resize is hit; it records @size. */
static int resize(int fd, unsigned int size)
{
	return fcntl(fd, F_SETPIPE_SZ, size);
}

static int64_t hits_of(int map)
{
	struct seen seen = { };

	if (map_read(map, 0, &seen))
		return -1;
	return seen.hits;
}

FIXTURE_VARIANT(bpf) {
	bool	link;
};

FIXTURE_VARIANT_ADD(bpf, perf_event) {
	.link = false,
};

FIXTURE_VARIANT_ADD(bpf, link) {
	.link = true,
};

TEST_F(bpf, reads_fields)
{
	static const char *const names[] = { "ino", "size", "old", "new", "ret", "common_pid" };
	int page = sysconf(_SC_PAGESIZE), slots, prog, fd;
	struct seen seen;
	struct prog p;

	emit_begin(&p, self->map);
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		/* The context does not tell the task. */
		if (!strcmp(names[i], "common_pid"))
			break;
		emit_named(&p, BPF_REG_1, self->top, RESIZE, names[i]);
		emit_store(&p, i, BPF_REG_1);
	}
	emit_call(&p, BPF_FUNC_get_current_pid_tgid);
	emit_store(&p, 5, BPF_REG_0);
	emit_return(&p, 1);
	prog = prog_load(&p);
	ASSERT_LE(0, prog);
	slots = fcntl(self->pipe[0], F_GETPIPE_SZ) / page;

	EXPECT_EQ(4 * page, resize(self->pipe[0], 4 * page));
	fd = attach(self->top, RESIZE, prog, variant->link);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, hits_of(self->map));
	EXPECT_EQ(2 * page, resize(self->pipe[0], 2 * page - 1));
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	EXPECT_EQ(1, seen.hits);
	EXPECT_EQ(self->ino, seen.value[0]);
	EXPECT_EQ(2 * page - 1, seen.value[1]);
	EXPECT_EQ(4, seen.value[2]);
	EXPECT_EQ(2, seen.value[3]);
	EXPECT_EQ(2 * page, seen.value[4]);
	EXPECT_EQ((int64_t)getpid() << 32 | getpid(), seen.value[5]);
	EXPECT_LT(4, slots);

	/* The program goes with what attached it. */
	close(fd);
	EXPECT_EQ(page, resize(self->pipe[0], page));
	EXPECT_EQ(1, hits_of(self->map));
	close(prog);
}

/* A program that reads beyond the fields cannot be attached. */
TEST_F(bpf, beyond_the_fields)
{
	struct field last = field_of(self->top, RESIZE, "ret");
	struct prog p;
	int prog, fd;

	for (int beyond = 0; beyond < 2; beyond++) {
		emit_begin(&p, self->map);
		emit_field(&p, BPF_REG_1, last.off + beyond * last.size, last.size);
		emit_store(&p, 0, BPF_REG_1);
		emit_return(&p, 1);
		prog = prog_load(&p);
		ASSERT_LE(0, prog);
		fd = attach(self->top, RESIZE, prog, variant->link);
		EXPECT_EQ(beyond ? -EACCES : 0, fd < 0 ? fd : 0);
		close(fd);
		close(prog);
	}
}

/* Several programs on one marker are all called. */
TEST_F(bpf, several)
{
	int map[3], prog[3], fd[3];

	for (int i = 0; i < 3; i++) {
		map[i] = map_create(BPF_MAP_TYPE_ARRAY, sizeof(struct seen), 1);
		ASSERT_LE(0, map[i]);
		prog[i] = prog_count(map[i], 1);
		ASSERT_LE(0, prog[i]);
		fd[i] = attach(self->top, RESIZE, prog[i], variant->link);
		ASSERT_LE(0, fd[i]);
	}
	resize(self->pipe[0], 1);
	close(fd[1]);
	resize(self->pipe[0], 1);
	EXPECT_EQ(2, hits_of(map[0]));
	EXPECT_EQ(1, hits_of(map[1]));
	EXPECT_EQ(2, hits_of(map[2]));
	close(fd[0]);
	close(fd[2]);
	resize(self->pipe[0], 1);
	EXPECT_EQ(2, hits_of(map[2]));
}

/* perf and BPF are one user of a marker, however many programs and events there are. */
TEST_F(bpf, one_user)
{
	int prog[2], fd[4], instance = tr_instance(self->top, INSTANCE);
	struct listing l = { };
	struct site *site;

	ASSERT_LE(0, instance);
	for (int i = 0; i < 2; i++) {
		prog[i] = prog_count(self->map, 1);
		ASSERT_LE(0, prog[i]);
		fd[i] = attach(self->top, RESIZE, prog[i], variant->link);
		ASSERT_LE(0, fd[i]);
		fd[2 + i] = open_event(self->top, RESIZE);
		ASSERT_LE(0, fd[2 + i]);
	}
	for (unsigned int users = 1; users < 3; users++) {
		ASSERT_EQ(0, listing_read(self->top, &l));
		site = listing_find(&l, "pipe:pipe_resize");
		ASSERT_NE(NULL, site);
		EXPECT_EQ(users, site->probes);
		ASSERT_EQ(0, tr_write(instance, RESIZE "/enable", users == 1 ? "1" : "0"));
	}
	resize(self->pipe[0], 1);
	EXPECT_EQ(2, hits_of(self->map));
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, listing_read(self->top, &l));
		EXPECT_EQ(1U, listing_find(&l, "pipe:pipe_resize")->probes);
		close(fd[i]);
	}
	EXPECT_TRUE(state_is(self->top, "pipe:pipe_resize", "-", "off"));
	listing_free(&l);
	close(instance);
	EXPECT_EQ(0, tr_instance_remove(self->top, INSTANCE));
	for (int i = 0; i < 2; i++)
		close(prog[i]);
}

/* A program that returns 0 keeps the hit from perf, and from nobody else. */
TEST_F(bpf, returns_zero)
{
	int instance = tr_instance(self->top, INSTANCE);
	struct trace trace = { };
	int prog, fd, perf;
	int64_t count;

	ASSERT_LE(0, instance);
	ASSERT_EQ(0, tr_write(instance, RESIZE "/enable", "1"));
	perf = perf_open(self->top, RESIZE "/id");
	ASSERT_LE(0, perf);
	for (int result = 0; result < 2; result++) {
		prog = prog_count(self->map, result);
		ASSERT_LE(0, prog);
		fd = attach(self->top, RESIZE, prog, variant->link);
		ASSERT_LE(0, fd);
		resize(self->pipe[0], 1);
		EXPECT_EQ(result + 1, hits_of(self->map));
		ASSERT_EQ((ssize_t)sizeof(count), read(perf, &count, sizeof(count)));
		EXPECT_EQ(result, count);
		close(fd);
		close(prog);
	}
	EXPECT_EQ(2, trace_take(instance, &trace));
	trace_free(&trace);
	close(perf);
	close(instance);
	EXPECT_EQ(0, tr_instance_remove(self->top, INSTANCE));
}

/* Bytes after the fields are reached by helpers. */
TEST_F(bpf, reads_string)
{
	static const char target[] = "/proc/self/fd";
	char source[] = "a name that is found nowhere";
	struct seen seen;
	struct prog p;
	int prog, fd;

	if (!tr_exists(self->top, "events/mount/mount"))
		SKIP(return, "no markers in mounts");
	emit_begin(&p, self->map);
	emit_named(&p, BPF_REG_3, self->top, "events/mount/mount", "source");
	/* What __data_loc has in its lower half is from the record's beginning. */
	emit(&p, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_3, 0, 0, 0xffff);
	emit(&p, BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_3, BPF_REG_6, 0, 0);
	emit_copy(&p, BPF_REG_1, BPF_REG_7);
	emit_add(&p, BPF_REG_1, offsetof(struct seen, value));
	emit_mov(&p, BPF_REG_2, sizeof(seen.value));
	emit_call(&p, BPF_FUNC_probe_read_kernel_str);
	emit_return(&p, 1);
	prog = prog_load(&p);
	ASSERT_LE(0, prog);
	fd = attach(self->top, "events/mount/mount", prog, variant->link);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, mount(source, target, "nosuchfs", 0, NULL));
	EXPECT_EQ(ENODEV, errno);
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	EXPECT_EQ(1, seen.hits);
	EXPECT_STREQ(source, (char *)seen.value);
	close(fd);
	close(prog);
}

/* The function that a kernel address is in; to be freed */
static char *symbol_at(uint64_t address)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	unsigned long long at, best = 0;
	char *name = NULL, found[128];

	while (symbols && fscanf(symbols, "%llx %*c %127s%*[^\n]", &at, found) == 2) {
		if (at > address || at < best)
			continue;
		best = at;
		free(name);
		name = strdup(found);
	}
	if (symbols)
		fclose(symbols);
	return name;
}

/* What was split off a function for being unlikely is still that function. */
static bool is_part_of(const char *symbol, const char *func)
{
	size_t len = strlen(func);

	return symbol && !strncmp(symbol, func, len) &&
	       (!symbol[len] || !strcmp(symbol + len, ".cold"));
}

/* Whether there is code of this program at the address */
static bool is_own_code(uint64_t address)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long long begin, end;
	bool found = false;
	char prot[8];

	while (maps && fscanf(maps, "%llx-%llx %7s%*[^\n]", &begin, &end, prot) == 3)
		found |= address >= begin && address < end && prot[2] == 'x';
	if (maps)
		fclose(maps);
	return found;
}

/* The innermost frame is the function that has the marker. */
TEST_F(bpf, stacks)
{
	uint64_t kernel[FRAMES] = { }, user[FRAMES] = { };
	int stacks, prog, fd;
	struct seen seen;
	struct prog p;
	char *symbol;

	if (!has_symbols())
		SKIP(return, "no CONFIG_KALLSYMS");
	stacks = map_create(BPF_MAP_TYPE_STACK_TRACE, sizeof(kernel), 64);
	if (stacks < 0)
		SKIP(return, "no map of stacks");
	emit_begin(&p, self->map);
	for (int i = 0; i < 2; i++) {
		emit_copy(&p, BPF_REG_1, BPF_REG_6);
		emit_map(&p, BPF_REG_2, stacks);
		emit_mov(&p, BPF_REG_3, i ? BPF_F_USER_STACK : 0);
		emit_call(&p, BPF_FUNC_get_stackid);
		emit_store(&p, i, BPF_REG_0);
	}
	emit_return(&p, 1);
	prog = prog_load(&p);
	ASSERT_LE(0, prog);
	fd = attach(self->top, RESIZE, prog, variant->link);
	ASSERT_LE(0, fd);
	resize(self->pipe[0], 1);
	close(fd);
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	ASSERT_LE(0, seen.value[0]);
	ASSERT_LE(0, seen.value[1]);
	ASSERT_EQ(0, map_read(stacks, seen.value[0], kernel));
	ASSERT_EQ(0, map_read(stacks, seen.value[1], user));
	symbol = symbol_at(kernel[0]);
	EXPECT_TRUE(is_part_of(symbol, "pipe_fcntl")) {
		TH_LOG("the stack begins in %s", symbol ? symbol : "(no symbol)");
	}
	free(symbol);
	EXPECT_TRUE(is_own_code(user[0]));
	close(prog);
}

/* What the task below shares with the test */
struct hitting {
	atomic_int	hits;
	atomic_bool	stop;
};

/*
 * A task of its own hits the marker with the sizes 1, 2, ... from SIGCONT on. It is
 * made before what is to be attached, which it would hold on to.
 */
static pid_t hit_on(int fd, struct hitting *shared)
{
	pid_t pid = fork();

	if (pid)
		return waitpid(pid, NULL, WUNTRACED) == pid ? pid : -1;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	while (!shared->stop && shared->hits < HITS) {
		resize(fd, shared->hits + 1);
		shared->hits++;
	}
	_exit(0);
}

/*
 * Programs are exchanged while hits arrive: as the new one comes before the old
 * one goes, none is missed.
 */
TEST_F(bpf, replaced)
{
	int map = map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), HITS + 1);
	struct hitting *shared;
	int prog[2], fd, new, missed = 0;
	uint32_t count;
	pid_t child;

	ASSERT_LE(0, map);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
	for (int i = 0; i < 2; i++) {
		struct prog p = { };

		/* map[size]++ */
		emit_copy(&p, BPF_REG_6, BPF_REG_1);
		emit_named(&p, BPF_REG_3, self->top, RESIZE, "size");
		emit_lookup(&p, map, BPF_REG_3);
		emit_mov(&p, BPF_REG_1, 1);
		emit(&p, BPF_STX | BPF_ATOMIC | BPF_W, BPF_REG_7, BPF_REG_1, 0, BPF_ADD);
		emit_return(&p, i);
		prog[i] = prog_load(&p);
		ASSERT_LE(0, prog[i]);
	}
	child = hit_on(self->pipe[0], shared);
	ASSERT_LT(0, child);
	fd = attach(self->top, RESIZE, prog[0], variant->link);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, kill(child, SIGCONT));
	for (int i = 1; i <= EXCHANGES; i++) {
		int before = shared->hits;

		new = attach(self->top, RESIZE, prog[i % 2], variant->link);
		ASSERT_LE(0, new);
		close(fd);
		fd = new;
		while (shared->hits == before && before < HITS)
			sched_yield();
	}
	shared->stop = true;
	ASSERT_EQ(child, waitpid(child, NULL, 0));
	close(fd);
	ASSERT_LE(EXCHANGES, atomic_load(&shared->hits));
	for (int i = 1; i <= shared->hits; i++) {
		ASSERT_EQ(0, map_read(map, i, &count));
		missed += !count;
	}
	EXPECT_EQ(0, missed);
	close(prog[0]);
	close(prog[1]);
	close(map);
}

/* A cookie tells by which link a program is called; a perf event has none. */
TEST_F(bpf, cookie)
{
	int64_t cookie = variant->link ? 0x100000000LL : 0;
	int prog[2], fd[2];
	struct seen seen;
	struct prog p;

	/* value[0] += cookie */
	emit_begin(&p, self->map);
	emit_copy(&p, BPF_REG_1, BPF_REG_6);
	emit_call(&p, BPF_FUNC_get_attach_cookie);
	emit(&p, BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_7, BPF_REG_0,
	     offsetof(struct seen, value), BPF_ADD);
	emit_return(&p, 1);
	for (int i = 0; i < 2; i++) {
		prog[i] = prog_load(&p);
		ASSERT_LE(0, prog[i]);
		fd[i] = variant->link ? attach_link(self->top, RESIZE, prog[i], cookie << i) :
					attach_perf(self->top, RESIZE, prog[i]);
		ASSERT_LE(0, fd[i]);
	}
	/* As with all trace events, the same program is not attached twice. */
	EXPECT_EQ(-EEXIST, attach(self->top, RESIZE, prog[0], variant->link));

	resize(self->pipe[0], 1);
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	EXPECT_EQ(2, seen.hits);
	EXPECT_EQ(3 * cookie, seen.value[0]);
	close(fd[0]);
	resize(self->pipe[0], 1);
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	EXPECT_EQ(3, seen.hits);
	EXPECT_EQ(5 * cookie, seen.value[0]);
	close(fd[1]);
	close(prog[0]);
	close(prog[1]);
}

/*
 * With a module that has a marker of sixteen fields
 */

FIXTURE(module) {
	int	top;
	int	dir;
	int	log;
	int	map;
	long	warnings;
};

FIXTURE_SETUP(module)
{
	const char *reason = modules_begin(&self->top, &self->dir, &self->log);

	if (reason)
		SKIP(return, "%s", reason);
	self->warnings = warnings_begin();
	self->map = map_create(BPF_MAP_TYPE_ARRAY, sizeof(struct seen), 1);
	if (self->map < 0)
		SKIP(return, "no BPF");
	LOAD("markers_test_fields");
}

FIXTURE_TEARDOWN(module)
{
	EXPECT_TRUE(modules_end(self->top, self->dir, self->log));
	EXPECT_FALSE(kernel_has_warned(self->warnings));
}

/* A tracepoint has twelve arguments at most, which a program may want. */
TEST_F(module, all_fields)
{
	static const int64_t want[16] = {
		7, 7LL << 32 | 1, (uint32_t)-7, 10, 11, -12, 1, 14, 15, (uint16_t)-9,
		(uint8_t)-10, 18, sizeof("the twelfth"), 20, 21, 22,
	};
	struct seen seen;
	char name[8];
	struct prog p;
	int prog, fd;

	emit_begin(&p, self->map);
	for (int i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		emit_named(&p, BPF_REG_1, self->top, FIELDS, name);
		emit_store(&p, i, BPF_REG_1);
	}
	emit_return(&p, 1);
	prog = prog_load(&p);
	ASSERT_LE(0, prog);
	fd = attach_link(self->top, FIELDS, prog, 0);
	ASSERT_LE(0, fd);
	HIT_MODULE("markers_test_fields", 7);
	ASSERT_EQ(0, map_read(self->map, 0, &seen));
	EXPECT_EQ(1, seen.hits);
	for (int i = 0; i < 16; i++) {
		/* Of a string, the upper half is how long it is. */
		EXPECT_EQ(want[i], i == 12 ? seen.value[i] >> 16 : seen.value[i]);
	}
	close(fd);
	close(prog);
}

/* What is attached stays when the module goes, and is called when it is back. */
TEST_F(module, comes_back)
{
	int prog = prog_count(self->map, 1), fd;

	ASSERT_LE(0, prog);
	fd = attach_link(self->top, FIELDS, prog, 0);
	ASSERT_LE(0, fd);
	HIT_MODULE("markers_test_fields", 1);
	EXPECT_EQ(1, hits_of(self->map));
	UNLOAD("markers_test_fields");
	LOAD("markers_test_fields");
	HIT_MODULE("markers_test_fields", 1);
	EXPECT_EQ(2, hits_of(self->map));
	close(fd);
	HIT_MODULE("markers_test_fields", 1);
	EXPECT_EQ(2, hits_of(self->map));
	close(prog);
}

/* A program is detached from a marker whose module is not there. */
TEST_F(module, detached_while_away)
{
	int prog = prog_count(self->map, 1), fd;

	ASSERT_LE(0, prog);
	fd = attach_link(self->top, FIELDS, prog, 0);
	ASSERT_LE(0, fd);
	UNLOAD("markers_test_fields");
	close(fd);
	LOAD("markers_test_fields");
	HIT_MODULE("markers_test_fields", 1);
	EXPECT_EQ(0, hits_of(self->map));
	close(prog);
}

TEST_HARNESS_MAIN
