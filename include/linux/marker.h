/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_H
#define _LINUX_MARKER_H

/*
 * Static markers: one line of C becomes a trace event.
 *
 *	trace_mark(pipe, pipe_full, "ino=%llu used=%u", inode->i_ino, used);
 *
 * puts the event pipe:pipe_full below /sys/kernel/tracing/events/, with the fields
 * "ino" and "used", and with all that trace events have: enable, format,
 * filter, trigger, hist, instances, perf and BPF. There is no second place to
 * edit.
 *
 * Off, a marker costs one patched NOP on the hot path: no load, no test, and
 * its arguments are not evaluated. On, the site packs its arguments into a
 * record on the stack, in cold code, and hands it to the core.
 *
 * The type of an argument decides how it is stored, the format string gives
 * the name of the field and how it prints:
 *
 *	=======================================	==============================
 *	argument				conversions
 *	=======================================	==============================
 *	bool, enum, integers of 1 to 8 bytes	%d %i %u %x %X %o
 *	char *, const char *, char array	%s	(copied at the hit)
 *	mark_string(ptr, len)			%s	(the same, of a length)
 *	any other pointer			%p %ps %pS %pB	(value)
 *	mark_name(set, value)			%s	(names of values)
 *	mark_errno(), mark_signal(), mark_dev()	%s
 *	mark_bytes(ptr, len)			%ph %phC %phD %phN
 *	mark_mac(ptr)				%pM %pm
 *	mark_ipv4(ptr)				%pI4 %pi4
 *	mark_ipv6(ptr)				%pI6 %pi6 %pI6c
 *	mark_uuid(ptr)				%pU %pUb %pUB %pUl %pUL
 *	mark_array(ptr, count)			%s	{0x1,0x2}
 *	mark_bitmap(ptr, nbits), mark_cpumask()	%s
 *	mark_path(), mark_dentry(), mark_file()	%s	(text, made at the hit)
 *	mark_device(dev)			%s	driver and name
 *	mark_sockaddr(ptr, len)			%s	address and port, or path
 *	mark_user_string(ptr)			%s
 *	=======================================	==============================
 *
 * The identifier in front of a conversion names the field, as in "id=%u", "id: %u",
 * "id=0x%x", "id %u", "id is %u" and "id%u". Numbers that go on after a sign, as in
 * "dev=%u:%u", are dev, dev2, ...; any other conversion without a name is arg1, arg2,
 * ... by position.
 * Everything else (structures by value, arrays other than of char, floating point,
 * __int128) does not compile. A bit-field needs a cast, as in (u8)p->flag: compilers
 * do not tell its type. GCC takes "u8 a : 3" and "unsigned int a : 3" for the same
 * type of three bits, Clang for u8 and unsigned int, so that the field, and with it
 * the event, would depend on the compiler.
 *
 * A marker may stand wherever RCU is watching and instrumentation is allowed:
 * any context including NMI, modules, __init code, static inlines of headers.
 * It must not stand in noinstr code. Recording never sleeps or allocates.
 *
 * With CONFIG_MARKERS=n the arguments are still type- and format-checked, and
 * no code is generated.
 *
 * See Documentation/trace/markers/placing.rst.
 */

#include <linux/marker-impl.h>

/*
 * What typed captures point to. A capture is a pointer, so that the compiler's
 * format checks take it for %p, to a type that tells it from other pointers.
 */
struct mark_mac { unsigned char addr[6]; };
struct mark_ipv4 { unsigned char addr[4]; };
struct mark_ipv6 { unsigned char addr[16]; };
struct mark_uuid { unsigned char addr[16]; };

struct mark_string;
struct path;
struct dentry;
struct file;
struct device;
struct cpumask;

/**
 * mark_mac() - Capture a MAC address as a marker argument.
 * @ptr: points to the six bytes, or NULL for zeroes
 *
 * The bytes are copied at the hit. For arguments of trace_mark() only. Conversions::
 *
 *	%pM %pm
 */
#define mark_mac(ptr)	((const struct mark_mac *)(const void *)(ptr))

/**
 * mark_ipv4() - Capture an IPv4 address as a marker argument.
 * @ptr: points to the four bytes in network order, or NULL for zeroes
 *
 * As mark_mac(). Conversions::
 *
 *	%pI4 %pi4
 */
#define mark_ipv4(ptr)	((const struct mark_ipv4 *)(const void *)(ptr))

/**
 * mark_ipv6() - Capture an IPv6 address as a marker argument.
 * @ptr: points to the sixteen bytes in network order, or NULL for zeroes
 *
 * As mark_mac(). Conversions::
 *
 *	%pI6 %pi6 %pI6c
 */
#define mark_ipv6(ptr)	((const struct mark_ipv6 *)(const void *)(ptr))

/**
 * mark_uuid() - Capture a UUID or GUID as a marker argument.
 * @ptr: points to the sixteen bytes, or NULL for zeroes
 *
 * As mark_mac(). Conversions::
 *
 *	%pU %pUb %pUB %pUl %pUL
 */
#define mark_uuid(ptr)	((const struct mark_uuid *)(const void *)(ptr))

/**
 * mark_bytes() - Capture a range of memory as a marker argument.
 * @ptr: points to the bytes; NULL captures none
 * @size: how many; what exceeds 512 is cut, and text output shows 64
 *
 * The bytes are copied at the hit and print in hex. For arguments of trace_mark()
 * only. Conversions::
 *
 *	%ph %phC %phD %phN
 */
#define mark_bytes(ptr, size) \
	((const struct mark_bytes *)__mark_range(ptr, size))

/**
 * mark_string() - Capture a string of a given length as a marker argument.
 * @ptr: points to the characters, of char or unsigned char; NULL gives "(null)"
 * @len: how many there are at most; a negative one is 0
 *
 * The string has @len characters, or less if a NUL comes first. Nothing after them is
 * read. printk() has a precision in an argument for this. A typed probe gets a const
 * char pointer to a string that ends with a NUL. For arguments of trace_mark() only.
 * Conversion::
 *
 *	%s
 */
#define mark_string(ptr, len)							\
	((const struct mark_string *)__mark_range(ptr, __mark_count_of(len) +	\
		__BUILD_BUG_ON_ZERO_MSG(sizeof(*(ptr)) != 1,			\
			"mark_string(): needs a pointer to characters: " #ptr)))

/**
 * mark_array() - Capture an array of integers as a marker argument.
 * @ptr: points to the first; NULL captures none
 * @count: how many; what exceeds 512 bytes is cut, and a negative one is 0
 *
 * As mark_bytes(). Prints as __print_array() does, {0x1,0x2}. Conversion::
 *
 *	%s
 */
#define mark_array(ptr, count)							\
	__mark_by_size(sizeof(*(ptr)),						\
		       __mark_range(ptr, __mark_count_of(count) * sizeof(*(ptr))))

/**
 * mark_bitmap() - Capture a bitmap as a marker argument.
 * @ptr: points to the unsigned long that has the first bits
 * @nbits: number of bits, of which 4096 are captured
 *
 * As mark_bytes(). Prints as __get_bitmask() does, in hex, or as a list if the trace
 * option bitmask-list is set. Whole longs are shown. Needs linux/bitmap.h.
 * Conversion::
 *
 *	%s
 */
#define mark_bitmap(ptr, nbits)							\
	((const struct mark_bitmap *)__mark_range(1 ? (ptr) : (const unsigned long *)NULL, \
						  bitmap_size(__mark_count_of(nbits))))

/**
 * mark_cpumask() - Capture a CPU mask as a marker argument.
 * @mask: points to the struct cpumask
 *
 * As mark_bitmap(), with a bit for each CPU that there can be.
 */
#define mark_cpumask(mask)							\
	((const struct mark_cpumask *)__mark_range(1 ? (mask) : (const struct cpumask *)NULL, \
						   bitmap_size(nr_cpu_ids)))

/**
 * mark_path() - Capture the text of a path as a marker argument.
 * @ptr: points to a struct path, or NULL
 *
 * The core makes the text at the hit, as seen from the root of the current task. No
 * lock is taken for this, so that the text of a path which is being renamed may
 * consist of pieces of the old and the new path. All texts of one hit share 512
 * bytes, and a text that is too long loses its beginning. The field is a string. For
 * arguments of trace_mark() only. Conversion::
 *
 *	%s
 */
#define mark_path(ptr)	__mark_pointer(mark_path, struct path, ptr)

/**
 * mark_dentry() - Capture the path of a dentry in its filesystem.
 * @ptr: points to a struct dentry, or NULL
 *
 * As mark_path().
 */
#define mark_dentry(ptr)	__mark_pointer(mark_dentry, struct dentry, ptr)

/**
 * mark_file() - Capture the path of an open file as a marker argument.
 * @ptr: points to a struct file, or NULL
 *
 * As mark_path().
 */
#define mark_file(ptr)	__mark_pointer(mark_file, struct file, ptr)

/**
 * mark_device() - Capture a device by its driver and name.
 * @ptr: points to a struct device, or NULL
 *
 * As mark_path(); prints as dev_printk() begins, as in "e1000e 0000:00:19.0".
 */
#define mark_device(ptr)	__mark_pointer(mark_device, struct device, ptr)

/**
 * mark_sockaddr() - Capture the address of a socket as a marker argument.
 * @ptr: points to the address
 * @len: of the address, in bytes
 *
 * As mark_path(): "127.0.0.1:80", "[::1]:80", the path of a UNIX socket, or the
 * bytes of another family.
 */
#define mark_sockaddr(ptr, len) \
	((const struct mark_sockaddr *)__mark_range(ptr, __mark_count_of(len)))

/**
 * mark_user_string() - Capture a string of user space as a marker argument.
 * @ptr: points to it, a const char __user *
 *
 * As mark_path(). A string that is not in memory is not faulted in, and prints as
 * "(fault)".
 */
#define mark_user_string(ptr)							\
	((const struct mark_user_string *)(const void __force *)		\
	 (1 ? (ptr) : (const char __user *)NULL))

/**
 * MARK_SYMBOLS() - Define a set of names of values.
 * @set: its name, an identifier that is not a macro
 * @names: for each value ``{ value, "name" }``, both constants
 *
 * A set is defined once, at the head of a file or in a header::
 *
 *	MARK_SYMBOLS(cld_code, { CLD_EXITED, "EXITED" }, { CLD_KILLED, "KILLED" });
 *
 *	trace_mark(exit, exit_wait, "pid=%d cause=%s", pid, mark_name(cld_code, why));
 *
 * A set takes no room in files that do not use it. Names must not have control
 * characters, ``"`` or ``\``. A name that is an identifier can be used in filters. An
 * empty name prints as nothing. Sets of the same name must have the same content
 * everywhere, which is checked when the kernel is linked.
 */
#define MARK_SYMBOLS(set, names...)	__MARK_DEFINE_SET(set, MARK_KIND_SYMBOLS, ##names)

/**
 * MARK_FLAGS() - Define a set of names of flags.
 * @set: as for MARK_SYMBOLS()
 * @names: for each flag ``{ bits, "name" }``, tried in this order
 *
 * A value prints as the names of its flags, with ``|`` in between, and then the other
 * bits in hex. 0 prints as 0, or as the name of 0 if there is one, as in
 * ``{ 0, "none" }``.
 */
#define MARK_FLAGS(set, names...)	__MARK_DEFINE_SET(set, MARK_KIND_FLAGS, ##names)

/**
 * mark_name() - Have an integer print by the names of a set.
 * @set: from MARK_SYMBOLS() or MARK_FLAGS()
 * @value: the argument, an integer, bool or enum
 *
 * The field stays an integer of its type, for filters, histograms and BPF. The text
 * of the trace shows the name, or the number in hex for a value without a name. For
 * arguments of trace_mark() only. Conversion::
 *
 *	%s
 */
#define mark_name(set, value)	(__mark_only_in_trace_mark, &__mark_set_##set, (value))

/**
 * mark_errno() - Have an integer print as an error if it is negative.
 * @value: the argument, an integer
 *
 * -22 prints as -EINVAL, 0 and positive results as they are. As mark_name().
 */
#define mark_errno(value)	mark_name(errno, value)

/**
 * mark_signal() - Have an integer print as a signal.
 * @value: the argument, an integer
 *
 * 9 prints as SIGKILL; 0, which is none, as 0. As mark_name().
 */
#define mark_signal(value)	mark_name(signal, value)

/**
 * mark_dev() - Have a dev_t print as MAJOR:MINOR.
 * @value: the argument, a dev_t
 *
 * As mark_name().
 */
#define mark_dev(value)		mark_name(dev, value)

/**
 * trace_mark() - Place a marker.
 * @system: the trace event's system, an identifier that is not a macro
 * @event: the trace event's name, an identifier that is not a macro
 * @fmt: format as for printk(), a literal without a newline
 * @args: up to 32 arguments; Documentation/trace/markers/placing.rst has their types
 *
 * The same @system and @event may be used at many places as long as types and
 * @fmt are the same. All of them are one trace event. Strings are copied at the hit,
 * up to 511 characters of each and 3072 bytes in all. Nothing is read beyond the end
 * of an array of char or a precision. NULL is stored as "(null)".
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

/**
 * mark_fail() - Say why a call fails, in the place of the error number.
 * @system: as for trace_mark(); all places of a system are the event "system_fail"
 * @err: the error number, an expression of a signed integer
 * @reason: a literal that tells an operator what is wrong, and what to change
 * @args: values for the conversions in @reason, as for printk()
 *
 * Takes the place of the error number::
 *
 *	return mark_fail(mount, -EINVAL, "target is not a mount point");
 *	err = mark_fail(mount, -EPERM, "needs CAP_SYS_ADMIN in the user namespace");
 *	return ERR_PTR(mark_fail(mount, err, "no such file system type: %s", name));
 *
 * The event has the fields "ret", "reason", "func", "file" and "line", so that it
 * can be filtered by each of them. A mark_fail() that is off costs one NOP in a path
 * that fails, and @args are not evaluated. A path that does not fail has no more code,
 * except that the compiler may save one more register. If @err is not a constant, the
 * marker is hit only if @err is negative, which costs a test.
 *
 * With @args the text of the reason is made at the hit, as by printk(), and cut to 255
 * characters.
 *
 * Context: As trace_mark().
 * Return: @err, of the same type.
 */
#define mark_fail(system, err, reason, args...) \
	__mark_fail(#system "\0" #system "_fail", err, reason, ##args)

/**
 * DEFINE_MARKER_PROBE() - Make a function fit to be registered as a probe.
 * @fn: name of the function, ``void fn(void *data, ...)``
 * @params: types of its parameters after the first; it does not compile if they
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
 *	ret = marker_probe_register("pipe:pipe_full", full, data);
 *
 * Context: The function is called in the context of the hit, which may be NMI,
 * with preemption disabled. Strings and bytes are those that the marker was
 * given, not copies; they and captures are valid until the function returns. A
 * string that is NULL comes as "(null)". A string without a NUL, of an array or
 * mark_string(), comes as a copy with one; if the record with all its strings
 * exceeds 256 bytes there is none, and the call is dropped and counted.
 */
#define DEFINE_MARKER_PROBE(fn, params...)	__DEFINE_MARKER_PROBE(fn, ##params)

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
 * probe: such calls are dropped, and counted in the file "static_markers" in tracefs.
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
 * Hits that are under way may still call @fn. Call marker_synchronize_unregister()
 * before anything that @fn uses is freed, such as its module; once for any number of
 * probes. A probe that is still registered when its module is unloaded is taken off,
 * with a warning.
 *
 * Context: Process context, takes event_mutex, may sleep. Not from a probe.
 * Return: 0, or %-ENOENT if there is no such probe. Needs no memory.
 */
#define marker_probe_unregister(name, fn, data) \
	__marker_probe_unregister(name, &__marker_probe_##fn, data)

/**
 * marker_synchronize_unregister() - Wait for hits that are under way.
 *
 * After it, no hit calls a probe that was unregistered before.
 *
 * Context: Process context, may sleep. Not from a probe.
 */
#ifdef CONFIG_MARKERS
void marker_synchronize_unregister(void);
#else
static inline void marker_synchronize_unregister(void)
{
}
#endif

#endif /* _LINUX_MARKER_H */
