/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_IMPL_H
#define _LINUX_MARKER_IMPL_H

/*
 * How trace_mark() and DEFINE_MARKER_PROBE() work. What they are for, and how to
 * use them, is in linux/marker.h, which is what to include.
 */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/marker-defs.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/types.h>

struct marker_site;

/* What captures that have a length point to; the length is in bytes. */
struct mark_bytes { const void *data; size_t len; };
struct mark_u8s { const u8 *data; size_t len; };
struct mark_u16s { const u16 *data; size_t len; };
struct mark_u32s { const u32 *data; size_t len; };
struct mark_u64s { const u64 *data; size_t len; };
struct mark_bitmap { const unsigned long *data; size_t len; };
struct mark_cpumask { const struct cpumask *data; size_t len; };

/* Takes a hit: @rec is the record, @data are the strings and bytes to go with it. */
typedef void marker_hit_fn(struct marker_site *site, void *rec, const void **data);

/* Both, if the sites of a marker need the one that makes strings */
struct marker_hit_fns {
	marker_hit_fn	*hit;
	marker_hit_fn	*made;
};

/**
 * struct marker_site - One trace_mark() in the code.
 * @key: on while a probe wants to hear of the site
 * @hit: where the marker that the site is bound to keeps what takes hits, or NULL
 * @link: next site of the same marker, and a flag of the core's
 * @desc: the constant part
 *
 * The core fills in @hit and @link when it binds the site. The program that checks
 * markers when the kernel is linked relies on @desc being the last member.
 */
struct marker_site {
	struct static_key		key;
	marker_hit_fn			**hit;
	unsigned long			link;
	const struct marker_desc	*desc;
} __aligned(8);

/* A format must be a literal, and of one piece with what is checked here. */
static inline __printf(1, 2) void __marker_check_format(const char *fmt, ...)
{
}

/*
 * __mark_map(m, a, b, c) is m(3, a) m(2, b) m(1, c): the numbers are only to
 * tell the arguments apart.
 */
#define __mark_map0(m)
#define __mark_map1(m, x)	m(1, x)
#define __mark_map2(m, x, a...)	m(2, x) __mark_map1(m, a)
#define __mark_map3(m, x, a...)	m(3, x) __mark_map2(m, a)
#define __mark_map4(m, x, a...)	m(4, x) __mark_map3(m, a)
#define __mark_map5(m, x, a...)	m(5, x) __mark_map4(m, a)
#define __mark_map6(m, x, a...)	m(6, x) __mark_map5(m, a)
#define __mark_map7(m, x, a...)	m(7, x) __mark_map6(m, a)
#define __mark_map8(m, x, a...)	m(8, x) __mark_map7(m, a)
#define __mark_map9(m, x, a...)	m(9, x) __mark_map8(m, a)
#define __mark_map10(m, x, a...)	m(10, x) __mark_map9(m, a)
#define __mark_map11(m, x, a...)	m(11, x) __mark_map10(m, a)
#define __mark_map12(m, x, a...)	m(12, x) __mark_map11(m, a)
#define __mark_map13(m, x, a...)	m(13, x) __mark_map12(m, a)
#define __mark_map14(m, x, a...)	m(14, x) __mark_map13(m, a)
#define __mark_map15(m, x, a...)	m(15, x) __mark_map14(m, a)
#define __mark_map16(m, x, a...)	m(16, x) __mark_map15(m, a)
#define __mark_map17(m, x, a...)	m(17, x) __mark_map16(m, a)
#define __mark_map18(m, x, a...)	m(18, x) __mark_map17(m, a)
#define __mark_map19(m, x, a...)	m(19, x) __mark_map18(m, a)
#define __mark_map20(m, x, a...)	m(20, x) __mark_map19(m, a)
#define __mark_map21(m, x, a...)	m(21, x) __mark_map20(m, a)
#define __mark_map22(m, x, a...)	m(22, x) __mark_map21(m, a)
#define __mark_map23(m, x, a...)	m(23, x) __mark_map22(m, a)
#define __mark_map24(m, x, a...)	m(24, x) __mark_map23(m, a)
#define __mark_map25(m, x, a...)	m(25, x) __mark_map24(m, a)
#define __mark_map26(m, x, a...)	m(26, x) __mark_map25(m, a)
#define __mark_map27(m, x, a...)	m(27, x) __mark_map26(m, a)
#define __mark_map28(m, x, a...)	m(28, x) __mark_map27(m, a)
#define __mark_map29(m, x, a...)	m(29, x) __mark_map28(m, a)
#define __mark_map30(m, x, a...)	m(30, x) __mark_map29(m, a)
#define __mark_map31(m, x, a...)	m(31, x) __mark_map30(m, a)
#define __mark_map32(m, x, a...)	m(32, x) __mark_map31(m, a)

#define __mark_nth(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13,	\
		   _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25,	\
		   _26, _27, _28, _29, _30, _31, _32, _33, _34, _35, _36, _37,	\
		   _38, _39, _40, n, ...) n
/* From 33 to 40 arguments are 33. */
#define __mark_count(a...)							\
	__mark_nth(, ##a, 33, 33, 33, 33, 33, 33, 33, 33, 32, 31, 30, 29, 28,	\
		   27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,	\
		   12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
/* few(...), or many(...) if @a are more than 32 */
#define __mark_by_count(few, many, a...)					\
	__mark_nth(, ##a, many, many, many, many, many, many, many, many, few,	\
		   few, few, few, few, few, few, few, few, few, few, few, few,	\
		   few, few, few, few, few, few, few, few, few, few, few, few,	\
		   few, few, few, few, few, few, few, few)
#define __mark_paste(a, b)	a##b
/* @n is the number of @a, counted once for many maps: that is what takes time. */
#define __mark_map_n(n, m, a...)	__mark_paste(__mark_map, n)(m, ##a)
#define __mark_map(m, a...)	__mark_map_n(__mark_count(a), m, ##a)

/*
 * mark_name(set, value) is an argument (__mark_only_in_trace_mark, &set, (value)):
 * one in parentheses with two commas between them, which is how it is told from
 * what is just a value.
 */
#define __mark_list(a...)	a
#define __mark_tenth(_1, _2, _3, _4, _5, _6, _7, _8, _9, n, ...) n
#define __mark_choose(named, plain, a...)					\
	__mark_tenth(a, plain, plain, plain, plain, plain, plain, named, plain, plain, )
/* named(x) for mark_name(), and plain(x) for all else */
#define __mark_by_form(named, plain, x)	__mark_choose(named, plain, __mark_list x)(x)

#define __mark_plain_value(x)	(x)
#define __mark_named_value(x)	__mark_third x
#define __mark_third(_1, _2, _3)	_3
#define __mark_value(x)		__mark_by_form(__mark_named_value, __mark_plain_value, x)

#define __mark_plain_set(x)
#define __mark_named_set(x)	__mark_second x,
#define __mark_second(_1, _2, _3)	_2

#define __mark_plain_flag(x)	0
#define __mark_named_flag(x)	MARKER_NAMED
#define __mark_flag(x)		__mark_by_form(__mark_named_flag, __mark_plain_flag, x)

#define __mark_type_of(t) _Generic(*(t *)0,					\
	bool:				MARKER_BOOL,				\
	char:				MARKER_CHAR,				\
	signed char:			MARKER_SCHAR,				\
	unsigned char:			MARKER_UCHAR,				\
	short:				MARKER_SHORT,				\
	unsigned short:			MARKER_USHORT,				\
	int:				MARKER_INT,				\
	unsigned int:			MARKER_UINT,				\
	long:				MARKER_LONG,				\
	unsigned long:			MARKER_ULONG,				\
	long long:			MARKER_LLONG,				\
	unsigned long long:		MARKER_ULLONG,				\
	char *:				MARKER_STRING,				\
	const char *:			MARKER_STRING,				\
	const struct mark_string *:	MARKER_STRING,				\
	const struct mark_bytes *:	MARKER_BYTES,				\
	const struct mark_mac *:	MARKER_MAC,				\
	const struct mark_ipv4 *:	MARKER_IPV4,				\
	const struct mark_ipv6 *:	MARKER_IPV6,				\
	const struct mark_uuid *:	MARKER_UUID,				\
	const struct mark_u8s *:	MARKER_U8S,				\
	const struct mark_u16s *:	MARKER_U16S,				\
	const struct mark_u32s *:	MARKER_U32S,				\
	const struct mark_u64s *:	MARKER_U64S,				\
	const struct mark_bitmap *:	MARKER_BITMAP,				\
	const struct mark_cpumask *:	MARKER_CPUMASK,				\
	const struct mark_path *:	MARKER_PATH,				\
	const struct mark_dentry *:	MARKER_DENTRY,				\
	const struct mark_file *:	MARKER_FILE,				\
	const struct mark_device *:	MARKER_DEVICE,				\
	const struct mark_sockaddr *:	MARKER_SOCKADDR,			\
	const struct mark_user_string *: MARKER_USER_STRING,			\
	default:			MARKER_PTR)

/* 5 is the class of pointers in GCC and Clang; sparse has no such builtin. */
#ifdef __CHECKER__
#define __mark_is_pointer(t)	1
#else
#define __mark_is_pointer(t)	(__builtin_classify_type(*(t *)0) == 5)
#endif

#define __mark_is_counted(t)	_Generic(*(t *)0, const struct mark_string *: 1, default: 0)
#define __mark_value_size(t) _Generic(*(t *)0,					\
	const struct mark_mac *:	sizeof(struct mark_mac),		\
	const struct mark_ipv4 *:	sizeof(struct mark_ipv4),		\
	const struct mark_ipv6 *:	sizeof(struct mark_ipv6),		\
	const struct mark_uuid *:	sizeof(struct mark_uuid),		\
	default:			sizeof(t))

/*
 * What the type of an argument says, which is asked once: each question takes the
 * compiler through a list of types. Bytes are not shown with %s, as other texts are;
 * what is counted is a string that comes with its length.
 */
#define __MARK_ABOUT(n)								\
	enum {									\
		__mark_code##n		= __mark_type_of(__mark_t##n),		\
		__mark_is_address##n	= __mark_code##n == MARKER_PTR,		\
		__mark_is_integer##n	= __mark_code##n < MARKER_PTR,		\
		__mark_is_data##n	= __mark_code##n >= MARKER_STRING,	\
		__mark_is_text##n	= __mark_code##n > MARKER_BYTES,	\
		__mark_is_made##n	= __mark_code##n >= MARKER_PATH,	\
		__mark_is_counted##n	= __mark_is_counted(__mark_t##n),	\
		__mark_is_capture##n	= __mark_code##n > MARKER_PTR && !__mark_is_data##n, \
		__mark_size##n		= __mark_is_data##n ? sizeof(u32) :	\
					__mark_value_size(__mark_t##n),		\
		__mark_align##n		= __mark_is_capture##n ? 1 : __mark_size##n, \
	};

/* A string of another address space than the kernel's, which only sparse can tell */
#ifdef __CHECKER__
#define __mark_string_in(space)	char space *: 1, const char space *: 1
#define __mark_check_near(t, x)							\
	static_assert(!_Generic(*(t *)0,					\
				__mark_string_in(__user), __mark_string_in(__iomem), \
				__mark_string_in(__percpu), __mark_string_in(__rcu), \
				default: 0),					\
		      "a string of another address space; use mark_user_string(), or cast the pointer to unsigned long: " #x);
#else
#define __mark_check_near(t, x)
#endif
#define __MARK_NEAR(n, x)	__mark_check_near(typeof(((void)0, (x))), x)

/* The comma makes pointers of arrays and functions, and rvalues of lvalues. */
#define __MARK_TYPEDEF(n, x)							\
	typedef typeof(((void)0, __mark_value(x))) __mark_t##n;			\
	__MARK_ABOUT(n)

/* Clang stops at a bit-field here, and shows the name of this. */
#define __mark_typeof_cast_a_bit_field(x)	typeof(__mark_value(x))

#define __MARK_CHECK(n, x)							\
	static_assert(!__mark_is_address##n || __mark_is_pointer(__mark_t##n),	\
		      "trace_mark(): this cannot be stored (if it is a bit-field, cast it): " #x); \
	static_assert(!__mark_is_address##n ||					\
		      __builtin_types_compatible_p(__mark_typeof_cast_a_bit_field(x),	\
						   __mark_t##n) ||		\
		      __builtin_types_compatible_p(__mark_typeof_cast_a_bit_field(x) *,	\
						   __mark_t##n),		\
		      "trace_mark(): only arrays of char can be stored; write mark_array() or mark_bytes(): " #x); \
	__mark_check_near(__mark_t##n, x)					\
	static_assert(!__mark_flag(x) || __mark_is_integer##n,			\
		      "mark_name(): only an integer can have names: " #x);

#define __MARK_CODE(n, x)	__mark_code##n | __mark_flag(x),
#define __MARK_SET(n, x)	__mark_by_form(__mark_named_set, __mark_plain_set, x)
#define __MARK_IS_NAMED(n, x)	+ !!__mark_flag(x)
/* The value, or what is in its place where the compiler checks the format */
#define __MARK_ARG(n, x)							\
	, __builtin_choose_expr(__mark_flag(x) || __mark_is_text##n || __mark_is_counted##n, \
				(const char *)NULL, __mark_value(x))
#define __MARK_IS_DATA(n, x)	+ __mark_is_data##n
#define __MARK_IS_MADE(n, x)	+ __mark_is_made##n

/*
 * Fields are aligned to their size on every architecture, so that the layout
 * does not depend on what the ABI does to a long long in a structure. Sites and
 * probes both lay a record out with this.
 */
#define __MARK_FIELD(n, x)							\
	unsigned char f##n[__mark_size##n] __aligned(__mark_align##n);		\
	unsigned char end##n[0];

/* In the block of the hit: a compound literal has to live as long. */
#define __MARK_VALUE(n, x)	__mark_t##n __mark_v##n = __mark_value(x);

/*
 * An array of char need not have a NUL: the field, which will tell where the string
 * is in the record, first tells where it ends at the latest; 0 for a pointer, and
 * for an array that has no size, as a flexible one, which may end a structure.
 */
#define __mark_is_char_array(x)							\
	(__builtin_types_compatible_p(typeof(x), char[]) ||			\
	 __builtin_types_compatible_p(typeof(x), const char[]))
/* A type of its own, as Clang takes what is in a structure for no part of a function. */
#define __mark_array_size(x) ({							\
	typedef typeof(__builtin_choose_expr(__mark_is_char_array(x), x, '\0')) __mark_array; \
	sizeof(struct { char first; __mark_array array; }) - sizeof(char);	\
})
#ifdef __CHECKER__	/* sparse crashes when it compares the type of a function */
#define __mark_bound(x)		0
#else
#define __mark_bound(x)		(__mark_is_char_array(x) ? (u32)__mark_array_size(x) : 0)
#endif

/*
 * The hole after a field, if there is one, would show old stack: clear up to
 * the next multiple of 8, before the next field is stored. What that clears in
 * vain the compiler drops.
 */
#define __MARK_PACK(n, x)							\
	__builtin_memset(__mark_rec.end##n, 0,					\
			 -offsetof(struct __mark_rec, end##n) & 7);		\
	if (__mark_is_counted##n) {						\
		*(u32 *)__mark_rec.f##n = __mark_counted(*(const void **)&__mark_v##n, \
							 &__mark_data[__mark_n++]); \
	} else if (__mark_is_data##n) {						\
		__mark_data[__mark_n++] = *(const void **)&__mark_v##n;		\
		*(u32 *)__mark_rec.f##n = __mark_bound(__mark_value(x));	\
	} else if (__mark_is_capture##n)					\
		__mark_capture(__mark_rec.f##n, *(const void **)&__mark_v##n,	\
			       sizeof(__mark_rec.f##n));			\
	else									\
		__builtin_memcpy(__mark_rec.f##n, (const void *)&__mark_v##n,	\
				 sizeof(__mark_rec.f##n));

static __always_inline void __mark_capture(void *field, const void *ptr, size_t size)
{
	if (ptr)
		__builtin_memcpy(field, ptr, size);
	else
		__builtin_memset(field, 0, size);
}

/* Give a counted string as an array: where it is, and where it ends at the latest. */
static __always_inline u32 __mark_counted(const struct mark_bytes *string, const void **data)
{
	*data = string->data && !string->len ? "" : string->data;
	if (!string->data)
		return 0;
	return min_t(size_t, string->len, ~0U);
}

/* What is the argument of captures: a capture is a pointer to a type of its own. */
#define __mark_pointer(capture, type, ptr)					\
	((const struct capture *)(1 ? (ptr) : (const type *)NULL))
#define __mark_range(ptr, size)							\
	((const void *)&(struct mark_bytes){ .data = (ptr), .len = (size) })
#define __mark_by_size(size, range)						\
	__builtin_choose_expr((size) == 1, (const struct mark_u8s *)(range),	\
	__builtin_choose_expr((size) == 2, (const struct mark_u16s *)(range),	\
	__builtin_choose_expr((size) == 4, (const struct mark_u32s *)(range),	\
			      (const struct mark_u64s *)(range))))

static __always_inline size_t __mark_count_of(long count)
{
	return count < 0 ? 0 : count;
}

#define __MARK_DEFINE_SET(id, how, entries...)					\
	static const struct mark_name __mark_names_##id[] = { entries };	\
	static const struct mark_set __mark_set_##id __maybe_unused = {		\
		.name = #id,							\
		.kind = how,							\
		.nr = sizeof(__mark_names_##id) / sizeof(struct mark_name),	\
		.names = __mark_names_##id,					\
	}

/* Those whose names the core has */
#define __MARK_CORE_SET(id, how)						\
	static const struct mark_set __mark_set_##id __maybe_unused = {		\
		.name = #id,							\
		.kind = how,							\
	}
__MARK_CORE_SET(errno, MARK_KIND_ERRNO);
__MARK_CORE_SET(signal, MARK_KIND_SIGNAL);
__MARK_CORE_SET(dev, MARK_KIND_DEV);

#define __mark_check_literal(what, fmt)						\
	static_assert(__builtin_constant_p(fmt),				\
		      what " has to be a literal; print a variable with \"name=%s\": " #fmt)

#define __mark_checks(n, fmt, a...)						\
	__mark_check_literal("trace_mark(): the format", fmt);			\
	__mark_map_n(n, __MARK_TYPEDEF, ##a)					\
	__mark_map_n(n, __MARK_CHECK, ##a)					\
	if (0)									\
		__marker_check_format(fmt " " __mark_map_n(n, __MARK_ARG, ##a))

#define __trace_mark(names, id, cond, fmt, a...)				\
	__mark_by_count(__trace_mark_few, __trace_mark_many, ##a)		\
		(__mark_count(a), names, id, cond, fmt, ##a)
#define __trace_mark_many(a...)							\
do {										\
	static_assert(0, "trace_mark(): more than 32 arguments");		\
} while (0)

#ifdef CONFIG_MARKERS

/* A literal, as equal ones are kept once, and are not aligned, unlike __func__. */
#ifdef __CHECKER__
#define __mark_func			__func__
#else
#define __mark_func			__builtin_FUNCTION()
#endif
#define __MARK_DESC_PLACE(_file)						\
	.desc.file = (_file), .desc.func = __mark_func, .desc.line = __LINE__

#define __MARK_SITE(_desc)							\
	static struct marker_site __mark_site __section(MARKER_SECTION)		\
		__aligned(8) = {						\
		.key = STATIC_KEY_INIT_FALSE,					\
		.desc = &(_desc),						\
	}

/*
 * A module reaches the core through its site, which the core has bound: it
 * references no symbol, and so loads on a kernel that has no markers. Built-in
 * code calls the core, as an indirect call costs a retpoline.
 *
 * The declaration is cold, so that GCC moves what leads up to the call to
 * .text.unlikely; __cold is empty where GCC does not align cold functions.
 */
#ifdef MODULE
#define __marker_hit(site, rec, data)	((*(site)->hit)(site, rec, data))
#define __marker_hit_made(site, rec, data) \
	(((struct marker_hit_fns *)(site)->hit)->made(site, rec, data))
#else
#define __marker_hit			marker_hit
#define __marker_hit_made		marker_hit_made
marker_hit_fn marker_hit __attribute__((__cold__));
marker_hit_fn marker_hit_made __attribute__((__cold__));
#endif

/*
 * What marker_hit() is for a trace_mark(), for a mark_fail(): it packs nothing. The
 * second one puts arguments into the reason. A module finds both where a site of
 * another kind finds marker_hit().
 */
typedef void marker_fail_fn(struct marker_site *site, int ret);
typedef void marker_failf_fn(struct marker_site *site, int ret, ...);

struct marker_fail_fns {
	marker_fail_fn	*fail;
	marker_failf_fn	*failf;
};

#ifdef MODULE
#define __marker_fail_fns(site)		((struct marker_fail_fns *)(site)->hit)
#define __marker_fail(site, ret)	(__marker_fail_fns(site)->fail(site, ret))
#define __marker_failf(site, ret, a...)	(__marker_fail_fns(site)->failf(site, ret, ##a))
#else
#define __marker_fail			marker_fail
#define __marker_failf			marker_failf
marker_fail_fn marker_fail __attribute__((__cold__));
marker_failf_fn marker_failf __attribute__((__cold__));
#endif

#define __mark_fail(names, err, reason, a...)					\
({										\
	static const struct {							\
		struct marker_desc desc;					\
		char text[sizeof(reason)];					\
	} __mark_desc __aligned(8) = {						\
		__MARK_DESC_PLACE(__FILE__ "\0" names),				\
		.desc.nargs = MARKER_FAIL,					\
		.text = reason,							\
	};									\
	__MARK_SITE(__mark_desc.desc);						\
	typeof(((void)0, (err))) __mark_err = (err);				\
										\
	__mark_check_literal("mark_fail(): the reason", reason);		\
	if (0)									\
		__marker_check_format(reason " ", ##a);				\
	__mark_map(__MARK_NEAR, ##a)						\
	if (__mark_err < 0 && unlikely_notrace(static_key_false(&__mark_site.key))) { \
		if (__mark_count(a))						\
			__marker_failf(&__mark_site, __mark_err, ##a);		\
		else								\
			__marker_fail(&__mark_site, __mark_err);		\
	}									\
	__mark_err;								\
})

#define __trace_mark_few(n, names, id, cond, fmt, a...)				\
do {										\
	__mark_checks(n, fmt, ##a);						\
	struct id;								\
	struct __mark_rec {							\
		unsigned char header[MARKER_HEADER_SIZE] __aligned(8);		\
		__mark_map_n(n, __MARK_FIELD, ##a)				\
		unsigned char end[];						\
	};									\
	static_assert(offsetof(struct __mark_rec, end) <= MARKER_FIELDS_MAX,	\
		      "trace_mark(): the fields take more than 256 bytes");	\
	enum { __mark_nr_sets = 0 __mark_map_n(n, __MARK_IS_NAMED, ##a) };	\
	static const struct {							\
		const struct mark_set *sets[__mark_nr_sets];			\
		struct marker_desc desc;					\
		u8 types[n];							\
		char text[sizeof(names "\0" fmt)];				\
	} __mark_desc __aligned(8) = {						\
		.sets = { __mark_map_n(n, __MARK_SET, ##a) },			\
		__MARK_DESC_PLACE(__FILE__),					\
		.desc.size = offsetof(struct __mark_rec, end),			\
		.desc.nargs = n,						\
		.desc.nr_sets = __mark_nr_sets,					\
		.types = { __mark_map_n(n, __MARK_CODE, ##a) },			\
		.text = names "\0" fmt,						\
	};									\
	__MARK_SITE(__mark_desc.desc);						\
	if (unlikely_notrace(static_key_false(&__mark_site.key)) && (cond)) {	\
		enum { __mark_nr_data = 0 __mark_map_n(n, __MARK_IS_DATA, ##a) }; \
		const void *__mark_data[__mark_nr_data] __uninitialized;	\
		unsigned int __mark_n __maybe_unused = 0;			\
		struct __mark_rec __mark_rec __uninitialized;			\
		__mark_map_n(n, __MARK_VALUE, ##a)				\
		__mark_map_n(n, __MARK_PACK, ##a)				\
		if (0 __mark_map_n(n, __MARK_IS_MADE, ##a))			\
			__marker_hit_made(&__mark_site, &__mark_rec, __mark_data); \
		else								\
			__marker_hit(&__mark_site, &__mark_rec,			\
				     __mark_nr_data ? __mark_data : NULL);	\
	}									\
} while (0)

#else /* !CONFIG_MARKERS */

#define __trace_mark_few(n, names, id, cond, fmt, a...)				\
do {									\
	__mark_checks(n, fmt, ##a);						\
	struct id;								\
	if (0)									\
		(void)!(cond);							\
} while (0)

#define __mark_fail(names, err, reason, a...)				\
({									\
	__mark_check_literal("mark_fail(): the reason", reason);	\
	if (0)								\
		__marker_check_format(reason " ", ##a);			\
	__mark_map(__MARK_NEAR, ##a)					\
	(err);								\
})

#endif /* CONFIG_MARKERS */

/*
 * Typed probes
 */

struct marker;

/**
 * struct marker_hit - One hit on its way to the probes.
 * @site: where
 * @marker: which marker was hit
 * @rec: the record: header (not filled in), fields
 * @data: what is to be stored after the fields, in their order
 * @size: what the record takes with its data after the fields
 * @whole: whether the data are after the fields already
 * @no_text: whether a string of @data has no NUL where it ends
 */
struct marker_hit {
	struct marker_site	*site;
	struct marker		*marker;
	void			*rec;
	const void		**data;
	unsigned int		size;
	bool			whole;
	bool			no_text;
};

typedef void (*marker_probe_fn)(void *data, const struct marker_hit *hit);

/* Takes @rec, whose strings and bytes are @fields, apart for a function. */
typedef void (*marker_typed_fn)(void *data, const void *rec, const void **fields);

struct module;

/**
 * struct marker_probe_type - What DEFINE_MARKER_PROBE() tells of a function.
 * @call: takes a record apart and calls the function
 * @owner: module that the function is in, or NULL
 * @func: name of the function
 * @nargs: number of parameters after the first
 * @types: their types, each an enum marker_type
 */
struct marker_probe_type {
	marker_typed_fn	call;
	struct module	*owner;
	const char	*func;
	u8		nargs;
	u8		types[];
};

#define __MARK_PARAM_LIST(n, t)		, t
#define __MARK_PARAM_TYPEDEF(n, t)	typedef typeof(t) __mark_t##n; __MARK_ABOUT(n)
#define __MARK_PARAM_CHECK(n, t)						\
	static_assert(!__mark_is_address##n || __mark_is_pointer(__mark_t##n),	\
		      "DEFINE_MARKER_PROBE(): no field has this type: " #t);	\
	static_assert(!__builtin_types_compatible_p(__mark_t##n, char *) && !__mark_is_counted##n, \
		      "DEFINE_MARKER_PROBE(): a string is a const char *");
#define __MARK_PARAM_DECLARE(n, t)	__mark_t##n __mark_v##n;

/* What has data comes as the site gave it, a capture points into the record. */
#define __MARK_PARAM_UNPACK(n, t)						\
	if (__mark_is_data##n)							\
		*(const void **)&__mark_v##n = fields[__mark_n++];		\
	else if (__mark_is_capture##n)						\
		*(const void **)&__mark_v##n = __mark_rec->f##n;		\
	else									\
		__builtin_memcpy((void *)&__mark_v##n, __mark_rec->f##n,	\
				 sizeof(__mark_rec->f##n));
#define __MARK_PARAM_PASS(n, t)		, __mark_v##n
#define __MARK_PARAM_CODE(n, t)		__mark_type_of(typeof(t)),

#define __DEFINE_MARKER_PROBE(fn, params...)					\
	__mark_by_count(__DEFINE_PROBE_FEW, __DEFINE_PROBE_MANY, ##params)(fn, ##params)
#define __DEFINE_PROBE_MANY(fn, params...)					\
	static_assert(0, "DEFINE_MARKER_PROBE(): more than 32 parameters")
#define __DEFINE_PROBE_FEW(fn, params...)					\
	static_assert(__builtin_types_compatible_p(typeof(fn),			\
			void (void *__mark_map(__MARK_PARAM_LIST, ##params))),	\
		      "DEFINE_MARKER_PROBE(): " #fn "() takes other parameters"); \
	static void __marker_probe_call_##fn(void *data, const void *rec,	\
					     const void **fields)		\
	{									\
		__mark_map(__MARK_PARAM_TYPEDEF, ##params)			\
		__mark_map(__MARK_PARAM_CHECK, ##params)				\
		const struct {							\
			unsigned char header[MARKER_HEADER_SIZE] __aligned(8);	\
			__mark_map(__MARK_FIELD, ##params)			\
		} *__mark_rec __maybe_unused = rec;				\
		__mark_map(__MARK_PARAM_DECLARE, ##params)			\
		unsigned int __mark_n __maybe_unused = 0;			\
										\
		__mark_map(__MARK_PARAM_UNPACK, ##params)			\
		fn(data __mark_map(__MARK_PARAM_PASS, ##params));		\
	}									\
	static const struct marker_probe_type __marker_probe_##fn __maybe_unused = { \
		.call	= __marker_probe_call_##fn,				\
		.owner	= THIS_MODULE,						\
		.func	= #fn,							\
		.nargs	= __mark_count(params),					\
		.types	= { __mark_map(__MARK_PARAM_CODE, ##params) },		\
	}

#ifdef CONFIG_MARKERS

int __marker_probe_register(const char *name, const struct marker_probe_type *type,
			    void *data);
int __marker_probe_unregister(const char *name, const struct marker_probe_type *type,
			      void *data);

#else /* !CONFIG_MARKERS */

static inline int __marker_probe_register(const char *name,
					  const struct marker_probe_type *type, void *data)
{
	return -EOPNOTSUPP;
}

static inline int __marker_probe_unregister(const char *name,
					    const struct marker_probe_type *type, void *data)
{
	return -ENOENT;
}

#endif /* CONFIG_MARKERS */

#endif /* _LINUX_MARKER_IMPL_H */
