// SPDX-License-Identifier: GPL-2.0
/*
 * A marker with as many fields as there can be, of all sizes; integers of each type,
 * with each flag, width, precision, length and conversion, and with names; and the
 * conversions of pointers that the sample does not have.
 */

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inet.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/un.h>

#include "markers_test.h"

static void markers_test_pointers(void)
{
	static const u8 data[16] = {
		0x0a, 0xb1, 0x0c, 0xd3, 0xe4, 0x05, 0xf6, 0x07,
		0x18, 0x29, 0x3a, 0x4b, 0x5c, 0x6d, 0x7e, 0x8f,
	};

	trace_mark(markers_test, pointers,
		   "S=%pS B=%pB m=%pm i4=%pi4 I6=%pI6 i6=%pi6 U=%pU UB=%pUB Ul=%pUl UL=%pUL hD=%phD hN=%phN",
		   markers_test_pointers, (void *)markers_test_pointers + 1, mark_mac(data),
		   mark_ipv4(data), mark_ipv6(data), mark_ipv6(data), mark_uuid(data),
		   mark_uuid(data), mark_uuid(data), mark_uuid(data), mark_bytes(data, 3),
		   mark_bytes(data, 3));
}

MARK_SYMBOLS(sweep_symbols, { 0, "ZERO" }, { 1, "ONE" }, { 255, "u8 max" }, { 65535, "U16_MAX" });
MARK_SYMBOLS(sweep_signed, { 0, "none" }, { 8, "EIGHT" }, { -1, "MINUS" }, { -22, "MINUS_22" });
MARK_SYMBOLS(sweep_bool, { false, "read" }, { true, "write" });
MARK_FLAGS(sweep_bits, { BIT(0), "A" }, { BIT(3) | BIT(4), "DE" }, { BIT(3), "D" },
	   { BIT(7), "H" }, { 1U << 31, "TOP" });

/* Arrays and bitmaps of no, one and all elements, and what is made text of */
static void markers_test_captures(unsigned int n)
{
	const u8 u8s[] = { 0, n, 255 };
	const u16 u16s[] = { n, U16_MAX };
	const u32 u32s[] = { 1, n, U32_MAX };
	const s64 s64s[] = { n, -1, S64_MIN };
	unsigned long bits[] = { n, BIT(3) };
	const struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(n), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	const struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_addr = IN6ADDR_LOOPBACK_INIT
	};
	const struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/socket" };
	const struct sockaddr_un abstract = { .sun_family = AF_UNIX, .sun_path = "\0name" };
	const struct sockaddr other = { .sa_family = 77, .sa_data = { 1, 2 } };

	trace_mark(markers_test, sweep_arrays,
		   "u8=%s u16=%s u32=%s s64=%s none=%s null=%s minus=%s bits=%s cpus=%s end=%d",
		   mark_array(u8s, ARRAY_SIZE(u8s)), mark_array(u16s, ARRAY_SIZE(u16s)),
		   mark_array(u32s, n & 3), mark_array(s64s, ARRAY_SIZE(s64s)),
		   mark_array(u8s, 0), mark_array((u32 *)NULL, 3), mark_array(u16s, -1),
		   mark_bitmap(bits, n & 1 ? 65 : 5), mark_cpumask(cpumask_of(0)), 1);
	trace_mark(markers_test, sweep_made,
		   "path=%s dentry=%s file=%s dev=%s nopath=%s end=%d",
		   mark_path(&current->fs->pwd), mark_dentry(current->fs->pwd.dentry),
		   mark_file(rcu_dereference_raw(current->mm->exe_file)),
		   mark_device(get_cpu_device(0)), mark_path(NULL), 1);
	trace_mark(markers_test, sweep_user,
		   "user=%s bad=%s in=%s in6=%s un=%s abstract=%s other=%s cut=%s end=%d",
		   mark_user_string((const char __user *)current->mm->arg_start),
		   mark_user_string((const char __user *)8UL), mark_sockaddr(&in, sizeof(in)),
		   mark_sockaddr(&in6, sizeof(in6)), mark_sockaddr(&un, sizeof(un)),
		   mark_sockaddr(&abstract, offsetof(struct sockaddr_un, sun_path) + 5),
		   mark_sockaddr(&other, 4), mark_sockaddr(&in, 1), 1);
}

static void markers_test_hit(unsigned int n)
{
	markers_test_pointers();
	markers_test_captures(n);
	trace_mark(markers_test, fields,
		   "f0=%u f1=%llu f2=%d f3=%hu f4=%hhu f5=%lld f6=%d f7=%u f8=%lu f9=%hd f10=%hhd f11=%u f12=%s f13=%d f14=%llu f15=%u",
		   n, (u64)n << 32 | 1, -(int)n, (u16)(n + 3), (u8)(n + 4), -(s64)n - 5,
		   (bool)n, n + 7, (unsigned long)n + 8, (s16)-9, (s8)-10, n + 11,
		   "the twelfth", (int)n + 13, (u64)n + 14, n + 15);
	trace_mark(markers_test, sweep_types,
		   "s8=%d u8=%u s16=%d u16=%u hhd=%hhd hhx=%hhx hd=%hd hu=%hu ld=%ld lx=%lx lld=%lld llo=%llo zd=%zd zu=%zu td=%td b=%d",
		   (s8)n, (u8)n, (s16)n, (u16)n, (s8)n, (u8)n, (s16)n, (u16)n, (long)(int)n,
		   (unsigned long)n, (s64)(int)n, (u64)n << 20, (ssize_t)(int)n, (size_t)n,
		   (ptrdiff_t)(int)n, (bool)n);
	trace_mark(markers_test, sweep_flags,
		   "d=%d i=%i u=%u x=%x X=%X o=%o hash=%#x HASH=%#X hash0=%#010x octal=%#o left=%-8dx zero=%08d wide=%8d prec=%.4d both=%8.4x hll=%#llx",
		   (int)n, (int)n, n, n, n, n, n, n, n, n, (int)n, (int)n, (int)n, (int)n, n,
		   (u64)n << 8);
	trace_mark(markers_test, sweep_names,
		   "u32=%s u8=%s s32=%s s8=%s u16=%s s64=%s rw=%s bits=%s sbits=%s bits8=%s bits64=%s end=%d",
		   mark_name(sweep_symbols, n), mark_name(sweep_symbols, (u8)n),
		   mark_name(sweep_signed, (int)n), mark_name(sweep_signed, (s8)n),
		   mark_name(sweep_signed, (u16)n), mark_name(sweep_symbols, (s64)n << 4),
		   mark_name(sweep_bool, (bool)n), mark_name(sweep_bits, n),
		   mark_name(sweep_bits, (int)n), mark_name(sweep_bits, (u8)n),
		   mark_name(sweep_bits, (u64)n << 3), 1);
	trace_mark(markers_test, sweep_core,
		   "ret=%s lret=%s sret=%s sig=%s usig=%s dev=%s (%s) end=%d",
		   mark_errno((int)n), mark_errno((long)(int)n), mark_errno((s16)n),
		   mark_signal((int)n), mark_signal((u8)n), mark_dev((dev_t)n),
		   mark_errno(-(int)(n & 1)), 1);
	mark_fail(markers_test, (int)n, "the number is negative");
	if (n == 9)
		mark_fail(markers_test, -E2BIG, "the number is %u, not %s; \"%pS\"", n, "ten",
			  markers_test_hit);
	trace_mark(markers_test, sweep_plus, "a=%+d b=%ld c=% d d=%d e=%-+6dx f=%s",
		   (int)n, (long)-22, (int)n, 333, (int)n, "end");
	markers_test_inline(n);
}

MODULE_DESCRIPTION("Markers with sixteen fields");
MODULE_LICENSE("GPL");
