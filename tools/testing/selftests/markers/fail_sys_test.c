// SPDX-License-Identifier: GPL-2.0
/*
 * Why perf_event_open(2), the calls for mappings, modules and sockets, bpf(2),
 * epoll and eventfd fail
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/elf.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "fail.h"
#include "modules.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE		65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif
#ifndef SYS_mseal
#define SYS_mseal		462
#endif

/* Where there is only SYS_mmap2(), an offset is in pages. */
#ifndef SYS_mmap
#define SYS_mmap		-1
#endif

#define PAGE			((size_t)sysconf(_SC_PAGESIZE))
/* What is in whole pages of any size */
#define MOST_PAGE		65536UL

/* More bytes than there are to commit */
#if __SIZEOF_LONG__ == 8
#define TOO_MUCH		35184372088832
#else
#define TOO_MUCH		2147483648
#endif

/*
 * What the calls share. A case ends with its process, so nothing is undone but what
 * others would see.
 */

/* For what returns a descriptor, or the like */
static int negative(long ret)
{
	return ret < 0 ? -1 : 0;
}

/*
 * perf
 */

static int event_open(struct perf_event_attr *attr, pid_t pid, int cpu, int group,
		      unsigned long flags)
{
	attr->size = attr->size ?: sizeof(*attr);
	return syscall(SYS_perf_event_open, attr, pid, cpu, group, flags);
}

/* An event that is everywhere */
static const struct perf_event_attr task_clock = {
	.type	= PERF_TYPE_SOFTWARE,
	.config	= PERF_COUNT_SW_TASK_CLOCK,
};

static int clock_open(void)
{
	struct perf_event_attr attr = task_clock;

	return event_open(&attr, 0, -1, -1, 0);
}

static int perf_flags(void)
{
	struct perf_event_attr attr = task_clock;

	return negative(event_open(&attr, 0, -1, -1, ~0UL));
}

static int perf_size(void)
{
	struct perf_event_attr attr = task_clock;

	attr.size = 8;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_sample_type(void)
{
	struct perf_event_attr attr = task_clock;

	attr.sample_type = 1ULL << 60;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_read_format(void)
{
	struct perf_event_attr attr = task_clock;

	attr.read_format = 1ULL << 60;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_branches(void)
{
	struct perf_event_attr attr = task_clock;

	attr.sample_type = PERF_SAMPLE_BRANCH_STACK;
	attr.branch_sample_type = PERF_SAMPLE_BRANCH_USER;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_exec_flags(void)
{
	struct perf_event_attr attr = task_clock;

	attr.remove_on_exec = 1;
	attr.enable_on_exec = 1;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_software(void)
{
	struct perf_event_attr attr = task_clock;

	attr.config = 1000;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_type(void)
{
	struct perf_event_attr attr = task_clock;

	attr.type = 4242;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_frequency(void)
{
	struct perf_event_attr attr = task_clock;

	attr.freq = 1;
	attr.sample_freq = 1ULL << 40;

	return negative(event_open(&attr, 0, -1, -1, 0));
}

static int perf_no_thread(void)
{
	struct perf_event_attr attr = task_clock;

	return negative(event_open(&attr, 0x3ffffff, -1, -1, 0));
}

static int perf_nothing(void)
{
	struct perf_event_attr attr = task_clock;

	return negative(event_open(&attr, -1, -1, -1, 0));
}

static int perf_group_of_pipe(void)
{
	struct perf_event_attr attr = task_clock;
	int fds[2];

	return pipe(fds) || event_open(&attr, 0, -1, fds[0], 0) < 0;
}

static int perf_pinned_in_group(void)
{
	struct perf_event_attr attr = task_clock;

	attr.pinned = 1;

	return negative(event_open(&attr, 0, -1, clock_open(), 0));
}

static int perf_groups_of_two_kinds(void)
{
	struct perf_event_attr attr = task_clock;

	attr.inherit = 1;

	return negative(event_open(&attr, 0, -1, clock_open(), 0));
}

static int perf_kernel_as_nobody(void)
{
	become_user();
	return negative(clock_open());
}

static int perf_kernel(void)
{
	return with_sysctl("kernel/perf_event_paranoid", "2", perf_kernel_as_nobody);
}

static int perf_cpu_as_nobody(void)
{
	struct perf_event_attr attr = task_clock;

	attr.exclude_kernel = 1;

	become_user();
	return negative(event_open(&attr, -1, 0, -1, 0));
}

static int perf_cpu(void)
{
	return with_sysctl("kernel/perf_event_paranoid", "1", perf_cpu_as_nobody);
}

static int perf_mmap_pages(void)
{
	return mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, clock_open(), 0) == MAP_FAILED;
}

static int perf_mmap_private(void)
{
	return mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, clock_open(), 0) == MAP_FAILED;
}

static int perf_mmap_sizes(void)
{
	int fd = clock_open();

	if (mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		return 0;
	return mmap(NULL, 3 * PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED;
}

static int perf_munmap_a_part(void)
{
	char *map = mmap(NULL, 3 * PAGE, PROT_READ, MAP_SHARED, clock_open(), 0);

	return map != MAP_FAILED && munmap(map + PAGE, PAGE);
}

static int perf_period(void)
{
	unsigned long long period = 1000;

	return ioctl(clock_open(), PERF_EVENT_IOC_PERIOD, &period);
}

static int perf_ioctl(void)
{
	return ioctl(clock_open(), 0x1234, 0);
}

static int perf_output_to_itself(void)
{
	int fd = clock_open();

	return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, fd);
}

static int perf_output_without_buffer(void)
{
	int fd = clock_open();

	return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, clock_open());
}

static int perf_filter(void)
{
	return ioctl(clock_open(), PERF_EVENT_IOC_SET_FILTER, "n > 0");
}

static int perf_read(void)
{
	char byte;

	return negative(read(clock_open(), &byte, 1));
}

static int perf_succeeds(void)
{
	unsigned long long value;
	int fd = clock_open();

	return fd < 0 || read(fd, &value, sizeof(value)) != sizeof(value);
}

/*
 * mmap
 */

static void *map(size_t pages, int prot)
{
	void *addr = mmap(NULL, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (addr == MAP_FAILED)
		_exit(255);
	return addr;
}

/* Where nothing is mapped, as wide as that */
static void *hole(size_t pages)
{
	void *addr = map(pages, PROT_NONE);

	munmap(addr, pages * PAGE);
	return addr;
}

static int fails(void *addr)
{
	return addr == MAP_FAILED ? -1 : 0;
}

static int mmap_length(void)
{
	return fails(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int mmap_no_file(void)
{
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
}

static int mmap_no_type(void)
{
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
}

static int mmap_offset(void)
{
	return syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1) < 0;
}

static int mmap_huge_length(void)
{
#ifdef __s390x__	/* The address space ends where addresses do. */
	cannot();
#endif
	return fails(mmap(NULL, ~0UL << 28, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int mmap_replace(void)
{
	return fails(mmap(map(1, PROT_READ), PAGE, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
}

static int mmap_fixed(void)
{
	return fails(mmap((char *)map(1, PROT_READ) + 1, PAGE, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static int mmap_null(void)
{
#ifdef __arm__	/* Nobody may, as vectors may be there. */
	cannot();
#endif
	become_user();
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static int mmap_as(void)
{
	need(!limit(RLIMIT_AS, 64 << 20));
	return fails(mmap(NULL, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int mmap_data(void)
{
	need(!limit(RLIMIT_DATA, 16 << 20));
	return fails(mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0));
}

static int brk_data(void)
{
	need(!limit(RLIMIT_DATA, 16 << 20));
	return brk((char *)sbrk(0) + (32 << 20));
}

static int mmap_locked(void)
{
	become_user();
	need(!limit(RLIMIT_MEMLOCK, 0));
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
}

static int mmap_read_only_file(void)
{
	return fails(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED,
			  open("/proc/self/exe", O_RDONLY), 0));
}

static int mmap_write_only_file(void)
{
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/dev/zero", O_WRONLY), 0));
}

static int mmap_directory(void)
{
	return fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/", O_RDONLY), 0));
}

static int mmap_noexec(void)
{
	int fd;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", MS_NOEXEC, NULL))
		return 0;
	fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);
	return fails(mmap(NULL, PAGE, PROT_EXEC, MAP_PRIVATE, fd, 0));
}

static int mmap_overcommit(void)
{
	return fails(mmap(NULL, TOO_MUCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0));
}

static int mmap_mdwe(void)
{
	return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) ? 0 :
	       fails(mmap(NULL, PAGE, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int mprotect_mdwe(void)
{
	return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) ? 0 :
	       mprotect(map(1, PROT_READ), PAGE, PROT_READ | PROT_EXEC);
}

static int mprotect_hole(void)
{
	return mprotect(hole(1), PAGE, PROT_READ);
}

static int mprotect_unaligned(void)
{
	return mprotect((char *)map(1, PROT_READ) + 1, PAGE, PROT_READ);
}

static int mprotect_read_only_file(void)
{
	return mprotect(mmap(NULL, PAGE, PROT_READ, MAP_SHARED,
			     open("/proc/self/exe", O_RDONLY), 0), PAGE, PROT_WRITE);
}

static int mprotect_splits(void)
{
	char *addr = map(256, PROT_READ);

	for (int i = 1; i < 256; i += 2) {
		if (mprotect(addr + i * PAGE, PAGE, PROT_NONE))
			return -1;
	}
	return 0;
}

static int mprotect_map_count(void)
{
	return with_sysctl("vm/max_map_count", "120", mprotect_splits);
}

/* A sealed page; 32 bits have no mseal(). */
static void *sealed(void)
{
	void *addr = map(1, PROT_READ);

	if (syscall(SYS_mseal, addr, PAGE, 0) && errno == ENOSYS)
		cannot();
	return addr;
}

static int mprotect_sealed(void)
{
	return mprotect(sealed(), PAGE, PROT_NONE);
}

static int munmap_sealed(void)
{
	return munmap(sealed(), PAGE);
}

static int munmap_unaligned(void)
{
	return munmap((char *)map(1, PROT_READ) + 1, PAGE);
}

static int mlock_limit(void)
{
	void *addr = map(2 * MOST_PAGE / PAGE, PROT_READ);

	become_user();
	need(!limit(RLIMIT_MEMLOCK, MOST_PAGE));
	return mlock(addr, 2 * MOST_PAGE);
}

static int mlock_hole(void)
{
	return mlock(hole(1), PAGE);
}

static int mlockall_flags(void)
{
	return mlockall(0);
}

static int mremap_flags(void)
{
	/* The C library may refuse the flag itself. */
	return syscall(SYS_mremap, map(1, PROT_READ), PAGE, PAGE, 1 << 10, 0) < 0;
}

static int mremap_in_place(void)
{
	return fails(mremap(map(3, PROT_READ), PAGE, 2 * PAGE, 0));
}

static int mremap_hole(void)
{
	return fails(mremap(hole(1), PAGE, 2 * PAGE, MREMAP_MAYMOVE));
}

static int mremap_moves_nothing(void)
{
	return fails(mremap(hole(2), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, hole(8)));
}

static int mremap_as(void)
{
	void *addr = map(1, PROT_READ);

	need(!limit(RLIMIT_AS, 64 << 20));
	return fails(mremap(addr, PAGE, 128 << 20, MREMAP_MAYMOVE));
}

static int madvise_unknown(void)
{
	return madvise(map(1, PROT_READ), PAGE, 9999);
}

static int madvise_locked(void)
{
	void *addr = map(1, PROT_READ);

	return mlock(addr, PAGE) ? 0 : madvise(addr, PAGE, MADV_DONTNEED);
}

static int madvise_free_of_file(void)
{
	return madvise(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open("/proc/self/exe", O_RDONLY),
			    0), PAGE, MADV_FREE);
}

static int madvise_hole(void)
{
	return madvise(hole(1), PAGE, MADV_DONTNEED);
}

static int mmap_succeeds(void)
{
	void *addr = map(4, PROT_READ | PROT_WRITE);

	return mprotect(addr, PAGE, PROT_READ) || madvise(addr, PAGE, MADV_DONTNEED) ||
	       munmap(addr, 4 * PAGE);
}

/*
 * Modules
 */

#define MODULE	"markers_test_a"

/* The file of the module, to be changed */
static char *module_image(size_t *size)
{
	int fd = module_open(MODULE);
	struct stat stat;
	char *image;

	if (fd < 0 || fstat(fd, &stat))
		_exit(255);
	*size = stat.st_size;
	image = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (image == MAP_FAILED)
		_exit(255);
	return image;
}

static char *module_find(char *image, size_t size, const char *text)
{
	char *at = memmem(image, size, text, strlen(text) + 1);

	if (!at)
		_exit(255);
	return at;
}

static int init_module(void *image, size_t size)
{
	int ret = syscall(SYS_init_module, image, size, "");

	if (!ret)
		module_unload(MODULE);
	return ret;
}

static int module_as_nobody(void)
{
	become_user();
	return syscall(SYS_init_module, "", 0, "");
}

static int module_no_file(void)
{
	return syscall(SYS_finit_module, -1, "", 0);
}

static int module_flags(void)
{
	return syscall(SYS_finit_module, module_open(MODULE), "", 1 << 20);
}

static int module_short(void)
{
	return init_module("ELF", 3);
}

static int module_no_elf(void)
{
	char image[256] = "#!/bin/sh";

	return init_module(image, sizeof(image));
}

static int module_truncated(void)
{
	size_t size;
	char *image = module_image(&size);

	return init_module(image, size / 2);
}

static int module_machine(void)
{
	size_t size;
	char *image = module_image(&size);

	((Elf64_Ehdr *)image)->e_machine = 4242;
	return init_module(image, size);
}

/* What this kernel wants, and what the module has after it is changed */
static char vermagic[256];
static char vermagic_reason[768];

static void vermagic_init(void)
{
	size_t size, len = strlen("vermagic=");
	char *image = module_image(&size);
	char *at = memmem(image, size, "vermagic=", len), *other;

	if (!at)
		_exit(255);
	snprintf(vermagic, sizeof(vermagic), "%s", at + len);
	other = strdup(vermagic);
	memcpy(strchr(other, ' ') + 1, "XXX", 3);
	snprintf(vermagic_reason, sizeof(vermagic_reason), "vermagic is %s, this kernel needs %s",
		 other, vermagic);
	free(other);
	munmap(image, size);
}

static int module_vermagic(void)
{
	size_t size;
	char *image = module_image(&size);

	memcpy(strchr(module_find(image, size, vermagic), ' ') + 1, "XXX", 3);
	return init_module(image, size);
}

/* The checksum, a long, stands before the name, if there are any. */
static int module_version_of(const char *symbol)
{
	size_t size;
	char *image = module_image(&size);

	if (!memmem(image, size, "module_layout", strlen("module_layout")))
		cannot();
	((long *)module_find(image, size, symbol))[-1] ^= 1;
	return init_module(image, size);
}

static int module_layout_version(void)
{
	return module_version_of("module_layout");
}

static int module_symbol_version(void)
{
	return module_version_of("kstrtouint");
}

/* The name in the string table, which comes after the one in the array */
static int module_unknown_symbol(void)
{
	size_t size;
	char *image = module_image(&size), *at = image;

	for (char *next = image; next;) {
		at = next;
		next = memmem(at + 1, image + size - at - 1, "kstrtouint", 11);
	}
	memcpy(at, "kstrtouinX", 10);
	return init_module(image, size);
}

static int module_twice(void)
{
	int error = module_load(MODULE);

	if (!error) {
		error = module_load(MODULE);
		module_unload(MODULE);
	}
	errno = -error;
	return error ? -1 : 0;
}

static int module_init_fails(void)
{
	errno = -module_load("markers_test_fail");
	return errno ? -1 : 0;
}

static int module_parameter(void)
{
	int ret = syscall(SYS_finit_module, module_open(MODULE), "hit=many", 0);

	if (!ret)
		module_unload(MODULE);
	return ret;
}

static int module_remove_unknown(void)
{
	return syscall(SYS_delete_module, "markers_test_none", O_NONBLOCK);
}

static int module_succeeds(void)
{
	return module_load(MODULE) || module_unload(MODULE);
}

/*
 * Sockets
 */

#define PORT		41234
#define SOCKET_PATH	"/tmp/markers_fail_test"

static const struct sockaddr_in any = {
	.sin_family = AF_INET, .sin_port = __builtin_bswap16(PORT),
};

static int tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int bind_in(int fd, const struct sockaddr_in *addr)
{
	return bind(fd, (const struct sockaddr *)addr, sizeof(*addr));
}

static int option(int fd, int name)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, name, &on, sizeof(on));
}

/* A path, or with a NUL in front of it a name */
static int with_un(int (*call)(int fd, const struct sockaddr *addr, socklen_t len), int fd,
		   const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memcpy(addr.sun_path, path, strlen(path + 1) + 1);
	return call(fd, (struct sockaddr *)&addr,
		    offsetof(struct sockaddr_un, sun_path) + strlen(path + 1) + 1);
}

static int unix_socket(int type)
{
	return socket(AF_UNIX, type, 0);
}

static int socket_family(void)
{
	return negative(socket(999, SOCK_STREAM, 0));
}

static int socket_family_not_here(void)
{
	return negative(socket(AF_X25, SOCK_SEQPACKET, 0));
}

static int socket_type(void)
{
	return negative(socket(AF_INET, 15, 0));
}

static int socket_flags(void)
{
	return negative(socket(AF_INET, SOCK_STREAM | 0x100, 0));
}

static int socket_protocol(void)
{
	return negative(socket(AF_INET, SOCK_STREAM, 200));
}

static int socket_raw(void)
{
	become_user();
	return negative(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int bind_privileged(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(80) };

	become_user();
	return bind_in(tcp(), &addr);
}

static int bind_privileged6(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(80) };

	become_user();
	return bind(socket(AF_INET6, SOCK_STREAM, 0), (struct sockaddr *)&addr, sizeof(addr));
}

static int bind_address(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };

	inet_pton(AF_INET, "192.0.2.1", &addr.sin_addr);
	return bind_in(tcp(), &addr);
}

static int bind_family(void)
{
	struct sockaddr_in addr = { .sin_family = AF_UNIX };

	return bind_in(tcp(), &addr);
}

static int bind_length(void)
{
	return bind(tcp(), (const struct sockaddr *)&any, 4);
}

static int bind_twice(void)
{
	int fd = tcp();

	return bind_in(fd, &any) ? 0 : bind_in(fd, &any);
}

static int bind_in_use(void)
{
	return bind_in(tcp(), &any) ? 0 : bind_in(tcp(), &any);
}

static int bind_to_listener(void)
{
	int one = tcp(), two = tcp();

	if (option(one, SO_REUSEADDR) || option(two, SO_REUSEADDR) || bind_in(one, &any) ||
	    listen(one, 1))
		return 0;
	return bind_in(two, &any);
}

static int bind_reuseport(void)
{
	int fd = tcp();

	return option(fd, SO_REUSEPORT) || bind_in(tcp(), &any) ? 0 : bind_in(fd, &any);
}

static int bind_udp_in_use(void)
{
	return bind_in(socket(AF_INET, SOCK_DGRAM, 0), &any) ? 0 :
	       bind_in(socket(AF_INET, SOCK_DGRAM, 0), &any);
}

static int bind_no_socket(void)
{
	return bind_in(open("/", O_RDONLY), &any);
}

static int connect_short(void)
{
	return connect(tcp(), (const struct sockaddr *)&any, 4);
}

static int connect_no_route(void)
{
	struct sockaddr_in addr = any;

	/* Not even a loopback device is up there. */
	if (unshare(CLONE_NEWNET) && errno != EINVAL)
		return 0;
	inet_pton(AF_INET, "192.0.2.1", &addr.sin_addr);
	return connect(tcp(), (struct sockaddr *)&addr, sizeof(addr));
}

static int accept_before_listen(void)
{
	return negative(accept(tcp(), NULL, NULL));
}

static int unix_no_path(void)
{
	return with_un(connect, unix_socket(SOCK_STREAM), "/tmp/markers_none");
}

static int unix_no_socket(void)
{
	int ret;

	close(open(SOCKET_PATH, O_CREAT | O_RDWR, 0600));
	ret = with_un(connect, unix_socket(SOCK_STREAM), SOCKET_PATH);
	unlink(SOCKET_PATH);
	return ret;
}

static int unix_left_over(void)
{
	int fd = unix_socket(SOCK_STREAM), ret;

	ret = with_un(bind, fd, SOCKET_PATH);
	close(fd);
	ret = ret ? 0 : with_un(connect, unix_socket(SOCK_STREAM), SOCKET_PATH);
	unlink(SOCKET_PATH);
	return ret;
}

static int unix_other_type(void)
{
	int ret = with_un(bind, unix_socket(SOCK_DGRAM), SOCKET_PATH);

	ret = ret ? 0 : with_un(connect, unix_socket(SOCK_STREAM), SOCKET_PATH);
	unlink(SOCKET_PATH);
	return ret;
}

static int unix_path_exists(void)
{
	int ret = with_un(bind, unix_socket(SOCK_STREAM), SOCKET_PATH);

	ret = ret ? 0 : with_un(bind, unix_socket(SOCK_STREAM), SOCKET_PATH);
	unlink(SOCKET_PATH);
	return ret;
}

static int unix_does_not_listen(void)
{
	int ret = with_un(bind, unix_socket(SOCK_STREAM), "\0markers_fail");

	return ret ? 0 : with_un(connect, unix_socket(SOCK_STREAM), "\0markers_fail");
}

static int unix_name_exists(void)
{
	int ret = with_un(bind, unix_socket(SOCK_STREAM), "\0markers_fail");

	return ret ? 0 : with_un(bind, unix_socket(SOCK_STREAM), "\0markers_fail");
}

static int unix_no_name(void)
{
	return with_un(connect, unix_socket(SOCK_STREAM), "\0markers_none");
}

static int unix_length(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	return connect(unix_socket(SOCK_STREAM), (struct sockaddr *)&addr, 2);
}

static int unix_family(void)
{
	return connect(unix_socket(SOCK_STREAM), (const struct sockaddr *)&any, sizeof(any));
}

static int unix_listen_unbound(void)
{
	return listen(unix_socket(SOCK_STREAM), 1);
}

static int unix_message_size(void)
{
	static char data[1 << 20];
	int fds[2], size = 8192;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) ||
	    setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)))
		return 0;
	return negative(send(fds[0], data, sizeof(data), 0));
}

static int unix_peer_closed(void)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return 0;
	close(fds[1]);
	return negative(send(fds[0], "x", 1, MSG_NOSIGNAL));
}

static int send_vector(void)
{
	struct msghdr msg = { .msg_iovlen = 2000 };

	return negative(sendmsg(socket(AF_UNIX, SOCK_STREAM, 0), &msg, 0));
}

static int socket_succeeds(void)
{
	struct sockaddr_un any_name = { .sun_family = AF_UNIX };
	int fds[2];
	char c;

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) || write(fds[0], "x", 1) != 1 ||
	       read(fds[1], &c, 1) != 1 ||
	       bind(fds[0], (struct sockaddr *)&any_name, sizeof(any_name.sun_family));
}

static int bind_succeeds(void)
{
	int fd = tcp();

	if (fd < 0 && errno == EAFNOSUPPORT)
		cannot();
	return bind_in(fd, &any);
}

/*
 * bpf
 */

static int bpf(int cmd, union bpf_attr *attr, size_t size)
{
	return syscall(SYS_bpf, cmd, attr, size);
}

static const union bpf_attr array_attr = {
	.map_type	= BPF_MAP_TYPE_ARRAY,
	.key_size	= 4,
	.value_size	= 8,
	.max_entries	= 1,
};

static int array(void)
{
	union bpf_attr attr = array_attr;

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_command(void)
{
	union bpf_attr attr = array_attr;

	return bpf(9999, &attr, sizeof(attr));
}

static int bpf_size(void)
{
	union bpf_attr attr = array_attr;

	return bpf(BPF_MAP_CREATE, &attr, 2 * PAGE);
}

static int bpf_tail(void)
{
	union bpf_attr attr = array_attr;

	((char *)&attr)[sizeof(attr) - 1] = 1;
	return bpf(BPF_MAP_FREEZE, &attr, sizeof(attr));
}

static int bpf_map_type(void)
{
	union bpf_attr attr = array_attr;

	attr.map_type = 9999;

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_no_entries(void)
{
	union bpf_attr attr = array_attr;

	attr.max_entries = 0;

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_hash_without_key(void)
{
	union bpf_attr attr = array_attr;

	attr.map_type = BPF_MAP_TYPE_HASH;
	attr.key_size = 0;

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_ring_buffer_size(void)
{
	union bpf_attr attr = array_attr;

	attr.map_type = BPF_MAP_TYPE_RINGBUF;
	attr.key_size = 0;
	attr.value_size = 0;
	attr.max_entries = 5000;

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_name(void)
{
	union bpf_attr attr = array_attr;

	memcpy(attr.map_name, "a-b", 4);

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int bpf_map_as_nobody(void)
{
	become_user();
	return array();
}

static int bpf_freeze_twice(void)
{
	union bpf_attr attr = { .map_fd = array() };

	return bpf(BPF_MAP_FREEZE, &attr, sizeof(attr)) ? 0 :
	       bpf(BPF_MAP_FREEZE, &attr, sizeof(attr));
}

static int bpf_update_frozen(void)
{
	unsigned long long key = 0, value = 0;
	union bpf_attr attr = { .map_fd = array() };

	if (bpf(BPF_MAP_FREEZE, &attr, sizeof(attr)))
		return 0;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	return bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

/* One that returns 0 */
static union bpf_attr program_attr(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return (union bpf_attr) {
		.prog_type	= BPF_PROG_TYPE_SOCKET_FILTER,
		.insn_cnt	= ARRAY_SIZE(insns),
		.insns		= (uintptr_t)insns,
		.license	= (uintptr_t)"GPL",
	};
}

static int bpf_program_empty(void)
{
	union bpf_attr attr = program_attr();

	attr.insn_cnt = 0;

	return bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_program_type(void)
{
	union bpf_attr attr = program_attr();

	attr.prog_type = 9999;

	return bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_program_flags(void)
{
	union bpf_attr attr = program_attr();

	attr.prog_flags = 1U << 31;

	return bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_program_as_nobody(void)
{
	union bpf_attr attr = program_attr();

	become_user();
	return bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_no_tracepoint(void)
{
	union bpf_attr attr = program_attr();

	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	int fd = bpf(BPF_PROG_LOAD, &attr, sizeof(attr));

	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = fd;
	attr.raw_tracepoint.name = (uintptr_t)"markers_none";
	return fd < 0 ? 0 : bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
}

static int bpf_program_not_open(void)
{
	union bpf_attr attr = { .raw_tracepoint.prog_fd = 4242 };

	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
}

static int bpf_unknown_id(void)
{
	union bpf_attr attr = { .map_id = 0x7fffffff };

	return bpf(BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr));
}

static int bpf_id_as_nobody(void)
{
	union bpf_attr attr = { .map_id = 1 };

	become_user();
	return bpf(BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr));
}

static int bpf_succeeds(void)
{
	union bpf_attr attr = program_attr();
	int fd = bpf(BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0 && errno == ENOSYS)
		cannot();
	return fd < 0 || array() < 0;
}

/*
 * epoll and eventfd
 */

static int watch(int epfd, int op, int fd, unsigned int events)
{
	struct epoll_event event = { .events = events };

	return epoll_ctl(epfd, op, fd, &event);
}

static int epoll_flags(void)
{
	return negative(epoll_create1(1));
}

static int epoll_of_directory(void)
{
	return watch(epoll_create1(0), EPOLL_CTL_ADD, open("/", O_RDONLY), EPOLLIN);
}

static int epoll_of_itself(void)
{
	int fd = epoll_create1(0);

	return watch(fd, EPOLL_CTL_ADD, fd, EPOLLIN);
}

static int epoll_twice(void)
{
	int fd = epoll_create1(0), event = eventfd(0, 0);

	return watch(fd, EPOLL_CTL_ADD, event, EPOLLIN) ? 0 :
	       watch(fd, EPOLL_CTL_ADD, event, EPOLLIN);
}

static int epoll_unknown(void)
{
	return watch(epoll_create1(0), EPOLL_CTL_DEL, eventfd(0, 0), 0);
}

static int epoll_operation(void)
{
	return watch(epoll_create1(0), 99, eventfd(0, 0), 0);
}

static int epoll_exclusive(void)
{
	int fd = epoll_create1(0), event = eventfd(0, 0);

	return watch(fd, EPOLL_CTL_ADD, event, EPOLLIN | EPOLLEXCLUSIVE) ? 0 :
	       watch(fd, EPOLL_CTL_MOD, event, EPOLLIN);
}

static int epoll_no_events(void)
{
	struct epoll_event event;

	return epoll_wait(epoll_create1(0), &event, 0, 0);
}

static int epoll_watches(void)
{
	int fd = epoll_create1(0);

	return watch(fd, EPOLL_CTL_ADD, eventfd(0, 0), EPOLLIN);
}

static int epoll_max_watches(void)
{
	return with_sysctl("fs/epoll/max_user_watches", "0", epoll_watches);
}

static int eventfd_flags(void)
{
	return negative(eventfd(0, 1 << 20));
}

static int eventfd_short(void)
{
	return negative(write(eventfd(0, 0), "x", 1));
}

static int epoll_succeeds(void)
{
	int fd = epoll_create1(0), event = eventfd(1, 0);
	struct epoll_event got;

	return watch(fd, EPOLL_CTL_ADD, event, EPOLLIN) || epoll_wait(fd, &got, 1, 0) != 1;
}

static const struct fail_case cases[] = {
	{ "perf: unknown flags", perf_flags, EINVAL, "perf",
	  "unknown flags for perf_event_open()", "__do_sys_perf_event_open" },
	{ "perf: size of attr", perf_size, E2BIG, "perf",
	  "attr has a bad size, or more than this kernel knows",
	  "perf_copy_attr" },
	{ "perf: unknown sample_type", perf_sample_type, EINVAL, "perf",
	  "sample_type has bits that this kernel does not know", "perf_copy_attr" },
	{ "perf: unknown read_format", perf_read_format, EINVAL, "perf",
	  "read_format has bits that this kernel does not know", "perf_copy_attr" },
	{ "perf: no kind of branch", perf_branches, EINVAL, "perf",
	  "branch_sample_type has privilege levels only", "perf_copy_attr" },
	{ "perf: two things at exec", perf_exec_flags, EINVAL, "perf",
	  "remove_on_exec and enable_on_exec exclude each other", "perf_copy_attr" },
	{ "perf: unknown software event", perf_software, ENOENT, "perf",
	  "no such software event: 1000", "perf_swevent_init" },
	{ "perf: unknown type", perf_type, ENOENT, "perf",
	  "no PMU takes this event of type 4242: is there a hardware PMU?", "perf_init_event" },
	{ "perf: frequency", perf_frequency, EINVAL, "perf",
	  "sample_freq exceeds kernel.perf_event_max_sample_rate", "__do_sys_perf_event_open" },
	{ "perf: no such thread", perf_no_thread, ESRCH, "perf",
	  "no such thread in this PID namespace", "find_lively_task_by_vpid" },
	{ "perf: neither thread nor CPU", perf_nothing, EINVAL, "perf",
	  "no such CPU, or neither CPU nor thread given", "perf_event_alloc" },
	{ "perf: group of a pipe", perf_group_of_pipe, EBADF, "perf",
	  "group_fd is not a perf event", "__do_sys_perf_event_open" },
	{ "perf: pinned in a group", perf_pinned_in_group, EINVAL, "perf",
	  "only a group leader can be exclusive or pinned", "__do_sys_perf_event_open" },
	{ "perf: inherited in a group that is not", perf_groups_of_two_kinds, EINVAL, "perf",
	  "the event and its group leader differ in inherit", "__do_sys_perf_event_open" },
	{ "perf: kernel, unprivileged", perf_kernel, EACCES, "perf",
	  "kernel.perf_event_paranoid is 2: an event without exclude_kernel needs CAP_PERFMON",
	  "perf_need_kernel" },
	{ "perf: CPU, unprivileged", perf_cpu, EACCES, "perf",
	  "kernel.perf_event_paranoid is 1: CPU events need CAP_PERFMON", "perf_allow_cpu" },
	{ "perf: mmap of 1 + 3 pages", perf_mmap_pages, EINVAL, "perf",
	  "the mapping is not 1 + 2^n pages", "perf_mmap_rb" },
	{ "perf: private mmap", perf_mmap_private, EINVAL, "perf",
	  "the ring buffer takes MAP_SHARED only", "perf_mmap" },
	{ "perf: mmap again, of another size", perf_mmap_sizes, EINVAL, "perf",
	  "the ring buffer has another size: it was mapped before", "perf_mmap_rb" },
	{ "perf: munmap of a part", perf_munmap_a_part, EINVAL, "perf",
	  "a part of a perf mapping cannot be unmapped or changed", "perf_mmap_may_split" },
	{ "perf: period of a count", perf_period, EINVAL, "perf",
	  "the event does not sample: it has no period", "_perf_event_period" },
	{ "perf: unknown ioctl", perf_ioctl, ENOTTY, "perf",
	  "no such ioctl of a perf event", "_perf_ioctl" },
	{ "perf: output to itself", perf_output_to_itself, EINVAL, "perf",
	  "the output of an event cannot go to itself", "perf_event_set_output" },
	{ "perf: output to an event without buffer", perf_output_without_buffer, EINVAL, "perf",
	  "the event for the output has no ring buffer: mmap() it", "perf_event_set_output" },
	{ "perf: filter of a clock", perf_filter, EINVAL, "perf",
	  "only tracepoints and some hardware tracers take filters", "perf_event_set_filter" },
	{ "perf: short read", perf_read, ENOSPC, "perf",
	  "the buffer of read() is too small for what read_format asks for", "__perf_read" },
	{ .name = "perf: open and read", .call = perf_succeeds },

	{ "mmap: length 0", mmap_length, EINVAL, "mmap", "the length is 0", "do_mmap" },
	{ "mmap: no file", mmap_no_file, EBADF, "mmap",
	  "not an open file descriptor, and no MAP_ANONYMOUS", "ksys_mmap_pgoff" },
	{ "mmap: neither shared nor private", mmap_no_type, EINVAL, "mmap",
	  "flags has no MAP_SHARED, MAP_PRIVATE or MAP_DROPPABLE", "do_mmap" },
	{ "mmap: offset", mmap_offset, EINVAL, "mmap",
	  "the offset is not on a page boundary", "__do_sys_mmap" },
	{ "mmap: huge length", mmap_huge_length, ENOMEM, "mmap",
	  "the length is larger than the address space", "__get_unmapped_area" },
	{ "mmap: something is there", mmap_replace, EEXIST, "mmap",
	  "something is mapped there, see MAP_FIXED_NOREPLACE", "do_mmap" },
	{ "mmap: unaligned", mmap_fixed, EINVAL, "mmap",
	  "the address of MAP_FIXED is not on a page boundary", "__get_unmapped_area" },
	{ "mmap: at NULL", mmap_null, EPERM, "mmap",
	  "an address below vm.mmap_min_addr needs CAP_SYS_RAWIO", "__get_unmapped_area" },
	{ "mmap: RLIMIT_AS", mmap_as, ENOMEM, "mmap",
	  "the new mapping would exceed RLIMIT_AS", "__mmap_setup" },
	{ "mmap: RLIMIT_DATA", mmap_data, ENOMEM, "mmap",
	  "the new mapping would exceed RLIMIT_DATA", "__mmap_setup" },
	{ "brk: RLIMIT_DATA", brk_data, ENOMEM, "mmap",
	  "brk() would exceed RLIMIT_DATA", "__do_sys_brk" },
	{ "mmap: RLIMIT_MEMLOCK", mmap_locked, EPERM, "mmap",
	  "MAP_LOCKED needs CAP_IPC_LOCK or RLIMIT_MEMLOCK above 0", "do_mmap" },
	{ "mmap: writable, of a read-only file", mmap_read_only_file, EACCES, "mmap",
	  "the file is not open for writing", "do_mmap" },
	{ "mmap: of a write-only file", mmap_write_only_file, EACCES, "mmap",
	  "the file is not open for reading", "do_mmap" },
	{ "mmap: of a directory", mmap_directory, ENODEV, "mmap",
	  "this kind of file cannot be mapped", "do_mmap" },
	{ "mmap: executable, of a noexec mount", mmap_noexec, EPERM, "mmap",
	  "PROT_EXEC, but the mount has noexec", "do_mmap" },
	{ "mmap: overcommit", mmap_overcommit, ENOMEM, "mmap",
	  "vm.overcommit_memory is 0: " NUMBER(TOO_MUCH) " bytes cannot be committed",
	  "__vm_enough_memory" },
	{ "mmap: W^X", mmap_mdwe, EACCES, "mmap",
	  "PR_SET_MDWE forbids memory that is writable and executable", "mmap_region" },
	{ "mprotect: W^X", mprotect_mdwe, EACCES, "mmap",
	  "PR_SET_MDWE forbids making memory executable", "do_mprotect_pkey" },
	{ "mprotect: of nothing", mprotect_hole, ENOMEM, "mmap",
	  "nothing is mapped in the range", "do_mprotect_pkey" },
	{ "mprotect: unaligned", mprotect_unaligned, EINVAL, "mmap",
	  "the address is not on a page boundary", "do_mprotect_pkey" },
	{ "mprotect: writable, of a read-only file", mprotect_read_only_file, EACCES, "mmap",
	  "the file's open mode or mount forbids this access", "do_mprotect_pkey" },
	{ "mprotect: vm.max_map_count", mprotect_map_count, ENOMEM, "mmap",
	  "no split: the process has vm.max_map_count mappings", "split_vma" },
	{ "mprotect: sealed", mprotect_sealed, EPERM, "mmap",
	  "the mapping is sealed by mseal()", "mprotect_fixup" },
	{ "munmap: sealed", munmap_sealed, EPERM, "mmap",
	  "a mapping in the range is sealed by mseal()", "vms_gather_munmap_vmas" },
	{ "munmap: unaligned", munmap_unaligned, EINVAL, "mmap",
	  "not on a page boundary, or beyond the address space", "do_vmi_munmap" },
	{ "mlock: RLIMIT_MEMLOCK", mlock_limit, ENOMEM, "mmap",
	  "128 KiB of locked memory would exceed RLIMIT_MEMLOCK, 64 KiB", "do_mlock" },
	{ "mlock: of nothing", mlock_hole, ENOMEM, "mmap",
	  "nothing is mapped in the range", "apply_vma_lock_flags" },
	{ "mlockall: no flags", mlockall_flags, EINVAL, "mmap",
	  "flags are MCL_CURRENT, MCL_FUTURE or both, and MCL_ONFAULT", "__do_sys_mlockall" },
	{ "mremap: flags", mremap_flags, EINVAL, "mmap",
	  "unknown flags for mremap()", "check_mremap_params" },
	{ "mremap: no room", mremap_in_place, ENOMEM, "mmap",
	  "no room to grow in place, and MREMAP_MAYMOVE is not set", "expand_vma" },
	{ "mremap: of nothing", mremap_hole, EFAULT, "mmap",
	  "nothing is mapped at the old address", "check_prep_vma" },
	{ "mremap: nothing to move", mremap_moves_nothing, EFAULT, "mmap",
	  "nothing is mapped at the old address", "remap_move" },
	{ "mremap: RLIMIT_AS", mremap_as, ENOMEM, "mmap",
	  "the larger mapping would exceed RLIMIT_AS", "check_prep_vma" },
	{ "madvise: unknown", madvise_unknown, EINVAL, "mmap",
	  "no such advice, or not in this kernel: 9999", "do_madvise" },
	{ "madvise: locked", madvise_locked, EINVAL, "mmap",
	  "the memory is locked, of a device, or not a whole huge page",
	  "madvise_dontneed_free" },
	{ "madvise: MADV_FREE of a file", madvise_free_of_file, EINVAL, "mmap",
	  "MADV_FREE is for private anonymous memory", "madvise_free_single_vma" },
	{ "madvise: nothing", madvise_hole, ENOMEM, "mmap",
	  "a part is not mapped, but the rest was done", "madvise_walk_vmas" },
	{ .name = "mmap, mprotect, madvise and munmap", .call = mmap_succeeds },

	{ "module: unprivileged", module_as_nobody, EPERM, "modules",
	  "needs CAP_SYS_MODULE, and kernel.modules_disabled has to be 0", "may_init_module" },
	{ "module: no file", module_no_file, EBADF, "modules",
	  "not an open file descriptor", "__do_sys_finit_module" },
	{ "module: flags", module_flags, EINVAL, "modules",
	  "unknown flags for finit_module()", "__do_sys_finit_module" },
	{ "module: 3 bytes", module_short, ENOEXEC, "modules",
	  "too short for an ELF file", "copy_module_from_user" },
	{ "module: a script", module_no_elf, ENOEXEC, "modules",
	  "not an ELF file: compressed?", "elf_validity_ehdr" },
	{ "module: half of the file", module_truncated, ENOEXEC, "modules",
	  "ELF section headers are beyond the end of the file: truncated?",
	  "elf_validity_cache_sechdrs" },
	{ "module: another machine", module_machine, ENOEXEC, "modules",
	  "built for another architecture, ELF machine 4242", "elf_validity_ehdr" },
	{ "module: another vermagic", module_vermagic, ENOEXEC, "modules",
	  vermagic_reason, "check_modinfo" },
	{ "module: another kernel's struct module", module_layout_version, ENOEXEC, "modules",
	  "struct module has another version: built for another kernel", "early_mod_check" },
	{ "module: another version of a symbol", module_symbol_version, EINVAL, "modules",
	  "symbol kstrtouint has another version, of another kernel", "resolve_symbol" },
	{ "module: unknown symbol", module_unknown_symbol, ENOENT, "modules",
	  "no symbol kstrtouinX is loaded, or it is GPL-only or of a proprietary module", "simplify_symbols" },
	{ "module: loaded already", module_twice, EEXIST, "modules",
	  "a module of this name is loaded", "module_patient_check_exists" },
	{ "module: init fails", module_init_fails, ENOMEM, "modules",
	  "the init function of the module failed", "do_init_module" },
	{ "module: value of a parameter", module_parameter, EINVAL, "modules",
	  "a module parameter has an invalid value: the kernel log names it", "load_module" },
	{ "module: remove an unknown one", module_remove_unknown, ENOENT, "modules",
	  "no module of this name is loaded", "__do_sys_delete_module" },
	{ .name = "module: load and unload", .call = module_succeeds },

	{ "socket: unknown family", socket_family, EAFNOSUPPORT, "socket",
	  "no such address family: 999", "__sock_create" },
	{ "socket: family of another kernel", socket_family_not_here, EAFNOSUPPORT, "socket",
	  "no address family 9 in the kernel or a module", "__sock_create" },
	{ "socket: unknown type", socket_type, EINVAL, "socket",
	  "no such type of socket: 15", "__sock_create" },
	{ "socket: unknown flags", socket_flags, EINVAL, "socket",
	  "type has bits beyond SOCK_CLOEXEC and SOCK_NONBLOCK", "__sys_socket_create" },
	{ "socket: unknown protocol", socket_protocol, EPROTONOSUPPORT, "socket",
	  "no protocol 200 for this type in the kernel or a module", "inet_create" },
	{ "socket: raw, unprivileged", socket_raw, EPERM, "socket",
	  "a raw socket needs CAP_NET_RAW", "inet_create" },
	{ "bind: privileged port", bind_privileged, EACCES, "socket",
	"port 80 needs CAP_NET_BIND_SERVICE (net.ipv4.ip_unprivileged_port_start)", "__inet_bind" },
	{ "bind: privileged port, IPv6", bind_privileged6, EACCES, "socket",
	"port 80 needs CAP_NET_BIND_SERVICE (net.ipv4.ip_unprivileged_port_start)", "__inet6_bind" },
	{ "bind: another host's address", bind_address, EADDRNOTAVAIL, "socket",
	  "192.0.2.1 is not an address of this host", "__inet_bind" },
	{ "bind: another family", bind_family, EAFNOSUPPORT, "socket",
	  "the address is not of family AF_INET", "__inet_bind" },
	{ "bind: short address", bind_length, EINVAL, "socket",
	  "the address is too short for AF_INET", "inet_bind_sk" },
	{ "bind: twice", bind_twice, EINVAL, "socket",
	  "the socket is bound already, or connected", "__inet_bind" },
	{ "bind: port in use", bind_in_use, EADDRINUSE, "socket",
	  "port 41234 is in use: neither SO_REUSEADDR nor SO_REUSEPORT is set",
	  "inet_csk_get_port" },
	{ "bind: port of a listener", bind_to_listener, EADDRINUSE, "socket",
	  "port 41234 is in use: the other socket listens, or has no SO_REUSEADDR",
	  "inet_csk_get_port" },
	{ "bind: port that is not shared", bind_reuseport, EADDRINUSE, "socket",
	"port 41234 is in use: the other socket has no SO_REUSEPORT, or another user", "inet_csk_get_port" },
	{ "bind: UDP port in use", bind_udp_in_use, EADDRINUSE, "socket",
	  "UDP port 41234 is in use: neither SO_REUSEADDR nor SO_REUSEPORT is set",
	  "udp_lib_get_port" },
	{ "bind: not a socket", bind_no_socket, ENOTSOCK, "socket",
	  "the file descriptor is not a socket", "__sys_bind" },
	{ "connect: short address", connect_short, EINVAL, "socket",
	  "the address is too short for AF_INET", "tcp_v4_connect" },
	{ "connect: no route", connect_no_route, ENETUNREACH, "socket",
	  "no route to 192.0.2.1 that may be used", "tcp_v4_connect" },
	{ "accept: before listen", accept_before_listen, EINVAL, "socket",
	  "the socket does not listen", "inet_csk_accept" },
	{ "unix: no such path", unix_no_path, ENOENT, "socket",
	  "/tmp/markers_none does not exist or cannot be reached", "unix_find_bsd" },
	{ "unix: a file", unix_no_socket, ECONNREFUSED, "socket",
	  SOCKET_PATH " is not a socket", "unix_find_bsd" },
	{ "unix: left over", unix_left_over, ECONNREFUSED, "socket",
	  "no socket is bound to " SOCKET_PATH ": it was left behind", "unix_find_bsd" },
	{ "unix: another type", unix_other_type, EPROTOTYPE, "socket",
	  "the socket at " SOCKET_PATH " is of another type", "unix_find_bsd" },
	{ "unix: path exists", unix_path_exists, EADDRINUSE, "socket",
	  SOCKET_PATH " exists: unlink() it first", "unix_bind_bsd" },
	{ "unix: peer does not listen", unix_does_not_listen, ECONNREFUSED, "socket",
	  "the peer does not listen", "unix_stream_connect" },
	{ "unix: name exists", unix_name_exists, EADDRINUSE, "socket",
	  "another socket is bound to this abstract name", "unix_bind_abstract" },
	{ "unix: no such name", unix_no_name, ECONNREFUSED, "socket",
	  "no socket is bound to this abstract name", "unix_find_abstract" },
	{ "unix: length", unix_length, EINVAL, "socket",
	  "the length of the address is not from 3 to 110", "unix_validate_addr" },
	{ "unix: another family", unix_family, EINVAL, "socket",
	  "the address is not of family AF_UNIX", "unix_validate_addr" },
	{ "unix: listen unbound", unix_listen_unbound, EINVAL, "socket",
	  "the socket has no address: bind() it first", "unix_listen" },
	{ "unix: large message", unix_message_size, EMSGSIZE, "socket",
	  "the message is larger than SO_SNDBUF, 16384 bytes", "unix_dgram_sendmsg" },
	{ "unix: peer was closed", unix_peer_closed, EPIPE, "socket",
	  "the peer was closed, or one side has shut down this direction", "unix_stream_sendmsg" },
	{ "sendmsg: many buffers", send_vector, EMSGSIZE, "socket",
	  "there are more than 1024 buffers (UIO_MAXIOV)", "__copy_msghdr" },
	{ .name = "socketpair, write, read and bind", .call = socket_succeeds },
	{ .name = "bind to a port", .call = bind_succeeds },

	{ "bpf: unknown command", bpf_command, EINVAL, "bpf",
	  "no such command: 9999", "__sys_bpf" },
	{ "bpf: large attr", bpf_size, E2BIG, "bpf",
	  "attr is too big", "bpf_check_uarg_tail_zero" },
	{ "bpf: attr of another command", bpf_tail, EINVAL, "bpf",
	  "attr is not 0 after the last field of this command", "map_freeze" },
	{ "bpf: unknown type of map", bpf_map_type, EINVAL, "bpf",
	  "no such type of map: 9999", "map_create_alloc" },
	{ "bpf: array without entries", bpf_no_entries, EINVAL, "bpf",
	  "an array needs keys of 4 bytes, values, entries, known flags", "array_map_alloc_check" },
	{ "bpf: hash without keys", bpf_hash_without_key, EINVAL, "bpf",
	  "max_entries, key_size or value_size is 0", "htab_map_alloc_check" },
	{ "bpf: size of a ring buffer", bpf_ring_buffer_size, EINVAL, "bpf",
	  "a ring buffer needs 2^n pages, and no keys or values", "ringbuf_map_alloc" },
	{ "bpf: name of a map", bpf_name, EINVAL, "bpf",
	  "the name has more than letters, digits, . and _", "bpf_obj_name_cpy" },
	{ "bpf: map, unprivileged", bpf_map_as_nobody, EPERM, "bpf",
	  "kernel.unprivileged_bpf_disabled is set: needs CAP_BPF", "map_create_alloc" },
	{ "bpf: freeze twice", bpf_freeze_twice, EPERM, "bpf",
	  "the map was opened, made or frozen without access to write", "map_freeze" },
	{ "bpf: unknown ID", bpf_unknown_id, ENOENT, "bpf",
	  "no map has this ID", "bpf_map_get_fd_by_id" },
	{ "bpf: update of a frozen map", bpf_update_frozen, EPERM, "bpf",
	  "the map was opened, made or frozen without access to write", "map_update_elem" },
	{ "bpf: program of nothing", bpf_program_empty, E2BIG, "bpf",
	  "the program has no instructions, or too many: 0", "bpf_prog_load" },
	{ "bpf: unknown type of program", bpf_program_type, EINVAL, "bpf",
	  "no such type of program: 9999", "find_prog_type" },
	{ "bpf: flags of a program", bpf_program_flags, EINVAL, "bpf",
	  "prog_flags has bits that this kernel does not know", "bpf_prog_load" },
	{ "bpf: program, unprivileged", bpf_program_as_nobody, EPERM, "bpf",
	  "kernel.unprivileged_bpf_disabled is set: needs CAP_BPF", "bpf_prog_load" },
	{ "bpf: no such tracepoint", bpf_no_tracepoint, ENOENT, "bpf",
	  "no such tracepoint: markers_none", "bpf_raw_tp_link_attach" },
	{ "bpf: program is not open", bpf_program_not_open, EBADF, "bpf",
	  "not an open file descriptor", "__bpf_prog_get" },
	{ "bpf: map by ID, unprivileged", bpf_id_as_nobody, EPERM, "bpf",
	  "opening by ID needs CAP_SYS_ADMIN", "bpf_map_get_fd_by_id" },
	{ .name = "bpf: load a program, make a map", .call = bpf_succeeds },

	{ "epoll: flags", epoll_flags, EINVAL, "epoll",
	  "epoll_create1() takes EPOLL_CLOEXEC only", "do_epoll_create" },
	{ "epoll: of a directory", epoll_of_directory, EPERM, "epoll",
	  "this file cannot be polled, like regular files and directories", "do_epoll_ctl_file" },
	{ "epoll: of itself", epoll_of_itself, EINVAL, "epoll",
	  "epfd is not an epoll instance, or is the file to watch", "do_epoll_ctl_file" },
	{ .name = "epoll: twice is not told", .call = epoll_twice, .error = EEXIST },
	{ .name = "epoll: unknown file is not told", .call = epoll_unknown, .error = ENOENT },
	{ "epoll: unknown operation", epoll_operation, EINVAL, "epoll",
	  "no such operation: 99", "do_epoll_ctl_file" },
	{ "epoll: change of an exclusive watch", epoll_exclusive, EINVAL, "epoll",
	  "a watch with EPOLLEXCLUSIVE cannot be changed", "do_epoll_ctl_file" },
	{ "epoll: wait for no events", epoll_no_events, EINVAL, "epoll",
	  "maxevents is not positive, or too large", "ep_check_params" },
	{ "epoll: watches of the user", epoll_max_watches, ENOSPC, "epoll",
	  "the user is at the limit fs.epoll.max_user_watches", "ep_alloc_epitem" },
	{ "eventfd: flags", eventfd_flags, EINVAL, "eventfd",
	  "unknown flags for eventfd2()", "do_eventfd" },
	{ "eventfd: short write", eventfd_short, EINVAL, "eventfd",
	  "write() to an eventfd takes exactly 8 bytes", "eventfd_write" },
	{ .name = "epoll and eventfd", .call = epoll_succeeds },
};

int main(void)
{
	if (!module_is_built(MODULE))
		ksft_exit_skip("no test modules\n");
	modules_unload();
	vermagic_init();
	return fail_main(cases, ARRAY_SIZE(cases));
}
