/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_H
#define _LINUX_MARKER_H

/*
 * Static markers: one line of C becomes a trace event.
 *
 *	trace_mark(pipe, full, "ino=%llu used=%u", inode->i_ino, used);
 *
 * puts the event pipe:full below /sys/kernel/tracing/events/, with the fields
 * "ino" and "used", and with all that trace events have: enable, format,
 * filter, trigger, hist, instances, perf and BPF. There is no second place to
 * edit.
 *
 * Off, a marker costs one patched NOP on the hot path: no load, no test, and
 * its arguments are not evaluated. On, the site packs its arguments into a
 * record on the stack, in cold code, and hands it to marker_hit().
 *
 * The type of an argument decides how it is stored, the format string gives
 * the name of the field and how it prints:
 *
 *	=======================================	==============================
 *	argument				conversions
 *	=======================================	==============================
 *	bool, enum, integers of 1 to 8 bytes	%d %i %u %x %X %o
 *	char *, const char *, char array	%s	(copied at the hit)
 *	any other pointer			%p %ps %pS %pB	(value)
 *	mark_bytes(ptr, len)			%ph %phC %phD %phN
 *	mark_mac(ptr)				%pM %pm
 *	mark_ipv4(ptr)				%pI4 %pi4
 *	mark_ipv6(ptr)				%pI6 %pi6 %pI6c
 *	mark_uuid(ptr)				%pU %pUb %pUB %pUl %pUL
 *	=======================================	==============================
 *
 * The identifier in front of "=%", ":%" or ": %" names the field; a conversion
 * without one is arg1, arg2, ... by position. Everything else (structures by
 * value, arrays other than of char, floating point, __int128) does not
 * compile. A bit-field needs a cast, as typeof() cannot name its type.
 *
 * A marker may stand wherever RCU is watching and instrumentation is allowed:
 * any context including NMI, modules, __init code, static inlines of headers.
 * It must not stand in noinstr code. Recording never sleeps or allocates.
 *
 * With CONFIG_MARKERS=n the arguments are still type- and format-checked, and
 * no code is generated.
 *
 * Documentation/trace/markers.rst has the whole story.
 */

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/jump_label.h>
#include <linux/marker-defs.h>
#include <linux/stddef.h>
#include <linux/types.h>

/*
 * What typed captures point to. A capture is a pointer, so that the compiler's
 * format checks take it for %p, to a type that tells it from other pointers.
 */
struct mark_mac { unsigned char addr[6]; };
struct mark_ipv4 { unsigned char addr[4]; };
struct mark_ipv6 { unsigned char addr[16]; };
struct mark_uuid { unsigned char addr[16]; };
struct mark_bytes { const void *data; size_t len; };

/**
 * mark_mac() - Capture a MAC address as a marker argument.
 * @ptr: points to the six bytes, or NULL for zeroes
 *
 * The bytes are copied at the hit. To be used as an argument of trace_mark()
 * only, with %pM or %pm.
 */
#define mark_mac(ptr)	((const struct mark_mac *)(const void *)(ptr))

/**
 * mark_ipv4() - Capture an IPv4 address as a marker argument.
 * @ptr: points to the four bytes in network order, or NULL for zeroes
 *
 * As mark_mac(), with %pI4 or %pi4.
 */
#define mark_ipv4(ptr)	((const struct mark_ipv4 *)(const void *)(ptr))

/**
 * mark_ipv6() - Capture an IPv6 address as a marker argument.
 * @ptr: points to the sixteen bytes in network order, or NULL for zeroes
 *
 * As mark_mac(), with %pI6, %pi6 or %pI6c.
 */
#define mark_ipv6(ptr)	((const struct mark_ipv6 *)(const void *)(ptr))

/**
 * mark_uuid() - Capture a UUID or GUID as a marker argument.
 * @ptr: points to the sixteen bytes, or NULL for zeroes
 *
 * As mark_mac(), with %pU, %pUb, %pUB, %pUl or %pUL.
 */
#define mark_uuid(ptr)	((const struct mark_uuid *)(const void *)(ptr))

/**
 * mark_bytes() - Capture a range of memory as a marker argument.
 * @ptr: points to the bytes; NULL captures none
 * @size: how many; what exceeds 512 is cut, and text output shows 64
 *
 * The bytes are copied at the hit and print in hex, with %ph, %phC, %phD or
 * %phN. To be used as an argument of trace_mark() only.
 */
#define mark_bytes(ptr, size) \
	((const struct mark_bytes *)&(struct mark_bytes){ .data = (ptr), .len = (size) })

struct marker_site;

/* What a site knows of its marker: which function takes hits. All else is the core's. */
struct marker_gate {
	union {
		void (*hit)(struct marker_site *site, void *rec);
		void (*hit_data)(struct marker_site *site, void *rec, const void **data);
	};
};

/**
 * struct marker_site - One trace_mark() in the code.
 * @key: on while a probe wants to hear of the site
 * @gate: of the marker that the site is bound to, or NULL
 * @link: next site of the same marker, and flags of the core's
 * @desc: the constant part
 *
 * The core fills in @gate and @link when it binds the site.
 */
struct marker_site {
	struct static_key		key;
	const struct marker_gate	*gate;
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
#define __mark_map_(m, a...) \
	static_assert(0, "trace_mark(): more than 16 arguments")

#define __mark_nth(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13,	\
		   _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, n, ...) n
#define __mark_count(a...)							\
	__mark_nth(, ##a, _, _, _, _, _, _, _, _, 16, 15, 14, 13, 12, 11, 10,		\
		   9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define __mark_paste(a, b)	a##b
#define __mark_map_n(n)		__mark_paste(__mark_map, n)
#define __mark_map(m, a...)	__mark_map_n(__mark_count(a))(m, ##a)

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
	const struct mark_bytes *:	MARKER_BYTES,				\
	const struct mark_mac *:	MARKER_MAC,				\
	const struct mark_ipv4 *:	MARKER_IPV4,				\
	const struct mark_ipv6 *:	MARKER_IPV6,				\
	const struct mark_uuid *:	MARKER_UUID,				\
	default:			MARKER_PTR)

/* 5 is the class of pointers in GCC and Clang; sparse has no such builtin. */
#ifdef __CHECKER__
#define __mark_is_pointer(t)	1
#else
#define __mark_is_pointer(t)	(__builtin_classify_type(*(t *)0) == 5)
#endif

#define __mark_is_data(t)	(__mark_type_of(t) >= MARKER_STRING)
#define __mark_is_capture(t)	(__mark_type_of(t) > MARKER_PTR && !__mark_is_data(t))
#define __mark_size(t) _Generic(*(t *)0,					\
	char *:				sizeof(u32),				\
	const char *:			sizeof(u32),				\
	const struct mark_bytes *:	sizeof(u32),				\
	const struct mark_mac *:	sizeof(struct mark_mac),		\
	const struct mark_ipv4 *:	sizeof(struct mark_ipv4),		\
	const struct mark_ipv6 *:	sizeof(struct mark_ipv6),		\
	const struct mark_uuid *:	sizeof(struct mark_uuid),		\
	default:			sizeof(t))
#define __mark_align(t)		(__mark_is_capture(t) ? 1 : __mark_size(t))

/* The comma makes pointers of arrays and functions, and rvalues of lvalues. */
#define __MARK_TYPEDEF(n, x)	typedef typeof(((void)0, (x))) __mark_t##n;

#define __MARK_CHECK(n, x)							\
	static_assert(__mark_type_of(__mark_t##n) != MARKER_PTR ||		\
		      __mark_is_pointer(__mark_t##n),				\
		      "trace_mark(): a value of this type cannot be stored: " #x); \
	static_assert(__mark_type_of(__mark_t##n) != MARKER_PTR ||		\
		      __builtin_types_compatible_p(typeof(x), __mark_t##n) ||	\
		      __builtin_types_compatible_p(typeof(x) *, __mark_t##n),	\
		      "trace_mark(): only arrays of char can be stored: " #x);

#define __MARK_CODE(n, x)	__mark_type_of(__mark_t##n),
#define __MARK_IS_DATA(n, x)	+ __mark_is_data(__mark_t##n)

/*
 * Fields are aligned to their size on every architecture, so that the layout
 * does not depend on what the ABI does to a long long in a structure. Sites and
 * probes both lay a record out with this.
 */
#define __MARK_FIELD(n, x)							\
	unsigned char f##n[__mark_size(__mark_t##n)]				\
		__aligned(__mark_align(__mark_t##n));				\
	unsigned char end##n[0];

/* In the block of the hit: a compound literal has to live as long. */
#define __MARK_VALUE(n, x)	__mark_t##n __mark_v##n = (x);

/*
 * The hole behind a field, if there is one, would show old stack: clear up to
 * the next multiple of 8, before the next field is stored. What that clears in
 * vain the compiler drops.
 */
#define __MARK_PACK(n, x)							\
	__builtin_memset(__mark_rec.end##n, 0,					\
			 -offsetof(struct __mark_rec, end##n) & 7);		\
	if (__mark_is_data(__mark_t##n))					\
		__mark_data[__mark_n++] = *(const void **)&__mark_v##n;		\
	else if (__mark_is_capture(__mark_t##n))				\
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

#define __mark_checks(fmt, a...)						\
	__mark_map(__MARK_TYPEDEF, ##a)						\
	__mark_map(__MARK_CHECK, ##a)						\
	if (0)									\
		__marker_check_format(fmt " ", ##a)

struct load_info;
struct module;

#ifdef CONFIG_MARKERS

void marker_init(void);
void marker_batch_begin(void);
void marker_batch_end(void);

/*
 * A module reaches the core through the gate that the core gave to the site:
 * it references no symbol, and so loads on a kernel that has no markers.
 *
 * Built-in code calls marker_hit(), by names that are declared cold: GCC then
 * moves what leads up to the call to .text.unlikely. The attribute is not for
 * the function, which it would optimize for size, and __cold is empty where
 * GCC does not align cold functions.
 */
#ifdef MODULE
#define __marker_hit(site, rec)			((site)->gate->hit(site, rec))
#define __marker_hit_data(site, rec, data)	((site)->gate->hit_data(site, rec, data))
#else
void __marker_hit(struct marker_site *site, void *rec)
	__asm__("marker_hit") __attribute__((__cold__));
void __marker_hit_data(struct marker_site *site, void *rec, const void **data)
	__asm__("marker_hit_data") __attribute__((__cold__));
#endif

#define __trace_mark(names, id, cond, fmt, a...)				\
do {										\
	__mark_checks(fmt, ##a);						\
	struct id;								\
	struct __mark_rec {							\
		unsigned char header[MARKER_HEADER_SIZE] __aligned(8);		\
		__mark_map(__MARK_FIELD, ##a)					\
		unsigned char end[];						\
	};									\
	static const struct {							\
		struct marker_desc desc;					\
		u8 types[__mark_count(a)];					\
		char text[sizeof(names "\0" fmt)];				\
	} __mark_desc __aligned(8) = {						\
		.desc.file = __FILE__,						\
		.desc.func = __func__,						\
		.desc.line = __LINE__,						\
		.desc.size = offsetof(struct __mark_rec, end),			\
		.desc.nargs = __mark_count(a),					\
		.types = { __mark_map(__MARK_CODE, ##a) },			\
		.text = names "\0" fmt,						\
	};									\
	static struct marker_site __mark_site __section(MARKER_SECTION)		\
		__aligned(8) = {						\
		.key = STATIC_KEY_INIT_FALSE,					\
		.desc = &__mark_desc.desc,					\
	};									\
	if (unlikely_notrace(static_key_false(&__mark_site.key)) && (cond)) {	\
		enum { __mark_nr_data = 0 __mark_map(__MARK_IS_DATA, ##a) };	\
		const void *__mark_data[__mark_nr_data] __uninitialized;	\
		unsigned int __mark_n __maybe_unused = 0;			\
		struct __mark_rec __mark_rec __uninitialized;			\
		__mark_map(__MARK_VALUE, ##a)					\
		__mark_map(__MARK_PACK, ##a)					\
		if (__mark_nr_data)						\
			__marker_hit_data(&__mark_site, &__mark_rec, __mark_data); \
		else								\
			__marker_hit(&__mark_site, &__mark_rec);		\
	}									\
} while (0)

#else /* !CONFIG_MARKERS */

static inline void marker_init(void)
{
}

static inline void marker_batch_begin(void)
{
}

static inline void marker_batch_end(void)
{
}

#define __trace_mark(names, id, cond, fmt, a...)				\
do {									\
	__mark_checks(fmt, ##a);						\
	struct id;								\
	if (0)									\
		(void)(cond);							\
} while (0)

#endif /* CONFIG_MARKERS */

#if defined(CONFIG_MARKERS) && defined(CONFIG_MODULES)
void marker_module_coming(struct module *mod, const struct load_info *info);
#else
static inline void marker_module_coming(struct module *mod, const struct load_info *info)
{
}
#endif

/**
 * trace_mark() - Place a marker.
 * @system: the trace event's system, an identifier that is not a macro
 * @event: the trace event's name, an identifier that is not a macro
 * @fmt: format as for printk(), a literal without a newline
 * @args: up to 16 arguments; see the head of this file for what they may be
 *
 * The same @system and @event may be used at many places as long as types and
 * @fmt are the same; together they are one trace event. Strings are copied at
 * the hit, up to 511 characters of each and 3072 bytes in all; NULL is stored
 * as "(null)".
 *
 * Context: Any in which RCU is watching and instrumentation is allowed,
 * including NMI. The arguments are evaluated only while the marker is on, once
 * and in order.
 */
#define trace_mark(system, event, fmt, args...) \
	__trace_mark(#system "\0" #event, __mark_##system##__##event, true, fmt, ##args)

/**
 * trace_mark_cond() - Place a marker that is hit only on a condition.
 * @system: as for trace_mark()
 * @event: as for trace_mark()
 * @cond: the marker is hit if this is true; evaluated only while it is on
 * @fmt: as for trace_mark()
 * @args: as for trace_mark()
 *
 * Context: As trace_mark().
 */
#define trace_mark_cond(system, event, cond, fmt, args...) \
	__trace_mark(#system "\0" #event, __mark_##system##__##event, cond, fmt, ##args)

/*
 * Typed probes: functions that are called at each hit
 */

struct marker;

/**
 * struct marker_hit - One hit on its way to the probes.
 * @marker: which marker was hit
 * @rec: the record: header (not filled in), fields
 * @data: what is to be stored behind the fields, in their order
 * @size: what the record takes with its data behind the fields
 * @whole: whether the data stand behind the fields already
 */
struct marker_hit {
	struct marker	*marker;
	void		*rec;
	const void	**data;
	unsigned int	size;
	bool		whole;
};

typedef void (*marker_probe_fn)(void *data, const struct marker_hit *hit);

/**
 * struct marker_probe_type - What DEFINE_MARKER_PROBE() tells of a function.
 * @call: takes a hit apart and calls the function
 * @func: name of the function
 * @nargs: number of parameters behind the first
 * @types: their types, each an enum marker_type
 */
struct marker_probe_type {
	marker_probe_fn	call;
	const char	*func;
	u8		nargs;
	u8		types[MARKER_MAX_ARGS];
};

#define __MARK_PARAM_LIST(n, t)		, t
#define __MARK_PARAM_TYPEDEF(n, t)	typedef typeof(t) __mark_t##n;
#define __MARK_PARAM_CHECK(n, t)						\
	static_assert(__mark_type_of(__mark_t##n) != MARKER_PTR ||		\
		      __mark_is_pointer(__mark_t##n),				\
		      "DEFINE_MARKER_PROBE(): no field has this type: " #t);	\
	static_assert(!__builtin_types_compatible_p(__mark_t##n, char *),	\
		      "DEFINE_MARKER_PROBE(): a string is a const char *");
#define __MARK_PARAM_DECLARE(n, t)	__mark_t##n __mark_v##n;

/* What has data comes as the site gave it, a capture points into the record. */
#define __MARK_PARAM_UNPACK(n, t)						\
	if (__mark_is_data(__mark_t##n))					\
		*(const void **)&__mark_v##n = hit->data[__mark_n++];		\
	else if (__mark_is_capture(__mark_t##n))				\
		*(const void **)&__mark_v##n = __mark_rec->f##n;		\
	else									\
		__builtin_memcpy((void *)&__mark_v##n, __mark_rec->f##n,	\
				 sizeof(__mark_rec->f##n));
#define __MARK_PARAM_PASS(n, t)		, __mark_v##n
#define __MARK_PARAM_CODE(n, t)		__mark_type_of(typeof(t)),

/**
 * DEFINE_MARKER_PROBE() - Make a function fit to be registered as a probe.
 * @fn: name of the function, ``void fn(void *data, ...)``
 * @params: types of its parameters behind the first; it does not compile if they
 *	are others than those of @fn
 *
 * They are the types of the marker's arguments: integers, bool, pointers,
 * ``const char *``, and ``const struct mark_mac *`` and the like for captures.
 * A pointer fits a marker that has a pointer there, whatever it points to::
 *
 *	static void full(void *data, u64 ino, unsigned int used, unsigned int slots)
 *	{
 *		...
 *	}
 *
 *	DEFINE_MARKER_PROBE(full, u64, unsigned int, unsigned int);
 *
 *	ret = marker_probe_register("pipe:full", full, data);
 *
 * Context: The function is called in the context of the hit, which may be NMI,
 * with preemption disabled. Strings and bytes are those that the marker was
 * given, not copies; they and captures are valid until the function returns. A
 * string that is NULL comes as "(null)".
 */
#define DEFINE_MARKER_PROBE(fn, params...)					\
	static_assert(__builtin_types_compatible_p(typeof(fn),			\
			void (void *__mark_map(__MARK_PARAM_LIST, ##params))),	\
		      "DEFINE_MARKER_PROBE(): " #fn "() takes other parameters"); \
	static void __marker_probe_call_##fn(void *data, const struct marker_hit *hit) \
	{									\
		__mark_map(__MARK_PARAM_TYPEDEF, ##params)			\
		__mark_map(__MARK_PARAM_CHECK, ##params)				\
		const struct {							\
			unsigned char header[MARKER_HEADER_SIZE] __aligned(8);	\
			__mark_map(__MARK_FIELD, ##params)			\
		} *__mark_rec __maybe_unused = hit->rec;			\
		__mark_map(__MARK_PARAM_DECLARE, ##params)			\
		unsigned int __mark_n __maybe_unused = 0;			\
										\
		__mark_map(__MARK_PARAM_UNPACK, ##params)			\
		fn(data __mark_map(__MARK_PARAM_PASS, ##params));		\
	}									\
	static const struct marker_probe_type __marker_probe_##fn __maybe_unused = { \
		.call	= __marker_probe_call_##fn,				\
		.func	= #fn,							\
		.nargs	= __mark_count(params),					\
		.types	= { __mark_map(__MARK_PARAM_CODE, ##params) },		\
	}

#ifdef CONFIG_MARKERS

int __marker_probe_register(const char *name, const struct marker_probe_type *type,
			    void *data);
int __marker_probe_unregister(const char *name, const struct marker_probe_type *type,
			      void *data);
void marker_synchronize_unregister(void);

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

static inline void marker_synchronize_unregister(void)
{
}

#endif /* CONFIG_MARKERS */

/**
 * marker_probe_register() - Have a function called at each hit of a marker.
 * @name: the marker, "system:event"
 * @fn: the function, which DEFINE_MARKER_PROBE() was told of
 * @data: its first argument
 *
 * If there is no such marker yet, the probe waits for a module that brings it.
 * Probes of a marker are called in the order in which they were registered.
 *
 * A probe that hits a marker is not called by that hit, nor is another typed
 * probe: such calls are dropped, and counted in the file "markers" in tracefs.
 *
 * Context: Process context, takes event_mutex, may sleep. Not from a probe.
 * Return:
 * * 0 - hits that begin from now on call @fn
 * * %-EINVAL - @name is malformed, or the marker has other fields than @fn has
 *   parameters, which the kernel log then shows side by side
 * * %-EEXIST - @fn with @data is registered for the marker already
 * * %-ENOMEM - nothing has changed
 * * %-EOPNOTSUPP - CONFIG_MARKERS is off
 */
#define marker_probe_register(name, fn, data) \
	__marker_probe_register(name, &__marker_probe_##fn, data)

/**
 * marker_probe_unregister() - Undo marker_probe_register().
 * @name: as it was registered
 * @fn: as it was registered
 * @data: as it was registered
 *
 * Hits that are under way may still call @fn. Before what it uses goes away,
 * such as the module it stands in, marker_synchronize_unregister() has to be
 * called; once for any number of probes.
 *
 * Context: Process context, takes event_mutex, may sleep. Not from a probe.
 * Return: 0, or %-ENOENT if there is no such probe. Needs no memory.
 */
#define marker_probe_unregister(name, fn, data) \
	__marker_probe_unregister(name, &__marker_probe_##fn, data)

#endif /* _LINUX_MARKER_H */
