// SPDX-License-Identifier: GPL-2.0
/*
 * Markers with sixteen fields, and with as many as there can be, of all sizes; integers of each type,
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
MARK_FLAGS(sweep_none, { 0, "none" }, { BIT(0), "A" }, { BIT(3), "D" });
MARK_FLAGS(sweep_nothing, { BIT(0), "A" }, { 0, "" });
MARK_SYMBOLS(sweep_empty, { 0, "" }, { 1, "+" });

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

#define SWEEP_FORMAT(f)	"d=%" f "d i=%" f "i u=%" f "u x=%" f "x X=%" f "X o=%" f "o end"

/* All conversions of one integer, in one line */
#define SWEEP(name, type, flags) \
	trace_mark(markers_test, sweep_##name, SWEEP_FORMAT(flags), (type)n, (type)n, \
		   (type)n, (type)n, (type)n, (type)n)
/* What the flag # is for */
#define SWEEP_HASH(name, type, flags) \
	trace_mark(markers_test, sweep_##name, "x=%" flags "x X=%" flags "X end", (type)n, (type)n)
#define SWEEP_OCTAL(name, type, flags) \
	trace_mark(markers_test, sweep_##name, "o=%" flags "o end", (type)n)

/* Every type with every conversion, whatever length that tells; every flag, width, precision */
static void markers_test_sweep(unsigned int n)
{
	const char text[4] = { 'a', 'b', 'c', 'd' };

	SWEEP(bool, bool, "");
	SWEEP(char, char, "");
	SWEEP(s8, s8, "");
	SWEEP(u8, u8, "");
	SWEEP(s8_hh, s8, "hh");
	SWEEP(u8_hh, u8, "hh");
	SWEEP(s16, s16, "");
	SWEEP(u16, u16, "");
	SWEEP(s16_h, s16, "h");
	SWEEP(u16_h, u16, "h");
	SWEEP(s32, int, "");
	SWEEP(u32, unsigned int, "");
	SWEEP(s32_hh, int, "hh");
	SWEEP(u32_h, unsigned int, "h");
	SWEEP(sl, long, "l");
	SWEEP(ul, unsigned long, "l");
	SWEEP(uz, size_t, "z");
	SWEEP(sll, s64, "ll");
	SWEEP(ull, u64, "ll");
	SWEEP(s8_left, s8, "-9");
	SWEEP(u8_left, u8, "-9");
	SWEEP(s8_zero, s8, "012");
	SWEEP(u16_zero, u16, "012");
	SWEEP(left, int, "-14");
	SWEEP(zero, int, "014");
	SWEEP(width, int, "14");
	SWEEP(prec, int, ".3");
	SWEEP(prec_width, int, "14.3");
	SWEEP(prec_left, int, "-14.3");
	SWEEP(s8_prec, s8, ".3");
	SWEEP(ull_width, u64, "25ll");
	SWEEP(ull_zero, u64, "025ll");
	SWEEP_HASH(hash, int, "#");
	SWEEP_HASH(hash_s8, s8, "#");
	SWEEP_HASH(hash_u16, u16, "#");
	SWEEP_HASH(hash_ull, u64, "#ll");
	SWEEP_HASH(hash_left, int, "#-");
	SWEEP_HASH(hash_zero, int, "#014");
	SWEEP_HASH(hash_zero_two, int, "#02");
	SWEEP_HASH(hash_prec, int, "#.4");
	SWEEP_OCTAL(octal, int, "#");
	SWEEP_OCTAL(octal_width, int, "#14");
	SWEEP_OCTAL(octal_left, int, "#-14");
	SWEEP_OCTAL(octal_zero, int, "#014");
	SWEEP_OCTAL(octal_s8, s8, "#");
	trace_mark(markers_test, sweep_strings,
		   "s=%s width=%8s left=%-8s cut=%.2s both=%8.2s all=%-8.2s array=%s counted=%s null=%s zero=%s end=50%% of \"\\ end",
		   "text", "text", "text", "text", "text", "text", text,
		   mark_string(text, n & 3), mark_string((char *)NULL, 3), mark_string(text, 0));
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
	trace_mark(markers_test, sweep_many,
		   "m0=%u m1=%llu m2=%u m3=%llu m4=%u m5=%llu m6=%u m7=%llu m8=%u m9=%llu m10=%u m11=%llu m12=%u m13=%llu m14=%u m15=%llu m16=%hu m17=%llu m18=%hhu m19=%llu m20=%s m21=%llu m22=%s m23=%llu m24=%u m25=%llu m26=%s m27=%llu m28=%u m29=%llu m30=%u m31=%llu",
		   n, (u64)n + 1, n + 2, (u64)n + 3, n + 4, (u64)n + 5, n + 6, (u64)n + 7,
		   n + 8, (u64)n + 9, n + 10, (u64)n + 11, n + 12, (u64)n + 13, n + 14,
		   (u64)n + 15, (u16)(n + 16), (u64)n + 17, (u8)(n + 18), (u64)n + 19,
		   "the twenty-first", (u64)n + 21, mark_name(sweep_symbols, n), (u64)n + 23,
		   n + 24, (u64)n + 25, "the twenty-seventh", (u64)n + 27, n + 28, (u64)n + 29,
		   n + 30, (u64)n + 31);
	trace_mark(markers_test, sweep_flags,
		   "d=%d i=%i u=%u x=%x X=%X o=%o hash=%#x HASH=%#X hash0=%#010x octal=%#o left=%-8dx zero=%08d wide=%8d prec=%.4d both=%8.4x hll=%#llx",
		   (int)n, (int)n, n, n, n, n, n, n, n, n, (int)n, (int)n, (int)n, (int)n, n,
		   (u64)n << 8);
	trace_mark(markers_test, sweep_names,
		   "u32=%s u8=%s s32=%s s8=%s u16=%s s64=%s rw=%s bits=%s sbits=%s bits8=%s bits64=%s none=%s nothing=%s empty=%s end=%d",
		   mark_name(sweep_symbols, n), mark_name(sweep_symbols, (u8)n),
		   mark_name(sweep_signed, (int)n), mark_name(sweep_signed, (s8)n),
		   mark_name(sweep_signed, (u16)n), mark_name(sweep_symbols, (s64)n << 4),
		   mark_name(sweep_bool, (bool)n), mark_name(sweep_bits, n),
		   mark_name(sweep_bits, (int)n), mark_name(sweep_bits, (u8)n),
		   mark_name(sweep_bits, (u64)n << 3), mark_name(sweep_none, n),
		   mark_name(sweep_nothing, n & 3), mark_name(sweep_empty, n & 1), 1);
	trace_mark(markers_test, sweep_core,
		   "ret=%s lret=%s sret=%s sig=%s usig=%s dev=%s (%s) end=%d",
		   mark_errno((int)n), mark_errno((long)(int)n), mark_errno((s16)n),
		   mark_signal((int)n), mark_signal((u8)n), mark_dev((dev_t)n),
		   mark_errno(-(int)(n & 1)), 1);
	mark_fail(markers_test, (int)n, "the number is negative");
	if (n == 9)
		mark_fail(markers_test, -E2BIG, "the number is %u, not %s; \"%pS\"", n, "ten",
			  markers_test_hit);
	markers_test_sweep(n);
	markers_test_inline(n);
}

MODULE_DESCRIPTION("Markers with many fields");
MODULE_LICENSE("GPL");
