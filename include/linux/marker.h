/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_H
#define _LINUX_MARKER_H

/*
 * Static markers: one line of C becomes a trace event.
 *
 *	trace_mark(pipe, pipe_full, "ino=%llu used=%u", inode->i_ino, used);
 *
 * This line is the event pipe:pipe_full in /sys/kernel/tracing/events/, with
 * the fields "ino" and "used". The event has everything that trace events have:
 * enable, format, filter, trigger, hist, instances, perf and BPF. There is no
 * second place to edit.
 *
 * A marker that is off costs one patched NOP on the hot path: no load, no test,
 * and its arguments are not evaluated. A marker that is on is hit each time it
 * is reached: in cold code, its arguments are packed into a record on the
 * stack, and the record is given to the core.
 *
 * The type of an argument decides how it is stored. The format string gives the
 * name of the field and decides how it prints:
 *
 *	=======================================	==============================
 *	argument				conversions
 *	=======================================	==============================
 *	bool, enum, integers of 1 to 8 bytes	%d %i %u %x %X %o
 *	char *, const char *, char array	%s	(copied at the hit)
 *	mark_string(ptr, len)			%s	(with a length)
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
 *	mark_path(), mark_dentry(), mark_file()	%s	text made at the hit
 *	mark_device(dev)			%s	driver and name
 *	mark_sockaddr(ptr, len)			%s	address and port, or path
 *	mark_user_string(ptr)			%s
 *	=======================================	==============================
 *
 * All other types (structures by value, arrays of other types than char,
 * floating point, __int128) fail to compile.
 *
 * The identifier before a conversion names the field, as in "id=%u", "id: %u",
 * "id=0x%x", "id %u", "id is %u" and "id%u". If a second number follows after a
 * sign, as in "dev=%u:%u", the fields are dev and dev2. The field of any other
 * conversion is arg1, arg2, ... by position.
 *
 * A bit-field needs a cast, as in (u8)p->flag, as compilers do not agree about
 * its type. GCC gives "u8 a : 3" and "unsigned int a : 3" the same type of
 * three bits. Clang gives them the types u8 and unsigned int. Without a cast,
 * the field and the event would depend on the compiler.
 *
 * A marker may be wherever RCU is watching and instrumentation is allowed: in
 * any context including NMI, in modules, in __init code, and in static inline
 * functions of headers. It must not be in noinstr code. Recording never sleeps
 * or allocates.
 *
 * With CONFIG_MARKERS=n, the compiler still checks the types and the format of
 * the arguments, and generates no code.
 *
 * See Documentation/trace/markers/placing.rst.
 */

#include <linux/marker-impl.h>

/*
 * Captures of addresses point to these types. As a capture is a pointer, the
 * compiler accepts it for %p in a format. The type tells the capture from other
 * pointers.
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
 * The bytes are copied at the hit. Only for arguments of trace_mark().
 * Conversions::
 *
 *	%pM %pm
 */
#define mark_mac(ptr)	((const struct mark_mac *)(const void *)(ptr))

/**
 * mark_ipv4() - Capture an IPv4 address as a marker argument.
 * @ptr: points to the four bytes in network order, or NULL for zeroes
 *
 * Like mark_mac(). Conversions::
 *
 *	%pI4 %pi4
 */
#define mark_ipv4(ptr)	((const struct mark_ipv4 *)(const void *)(ptr))

/**
 * mark_ipv6() - Capture an IPv6 address as a marker argument.
 * @ptr: points to the sixteen bytes in network order, or NULL for zeroes
 *
 * Like mark_mac(). Conversions::
 *
 *	%pI6 %pi6 %pI6c
 */
#define mark_ipv6(ptr)	((const struct mark_ipv6 *)(const void *)(ptr))

/**
 * mark_uuid() - Capture a UUID or GUID as a marker argument.
 * @ptr: points to the sixteen bytes, or NULL for zeroes
 *
 * Like mark_mac(). Conversions::
 *
 *	%pU %pUb %pUB %pUl %pUL
 */
#define mark_uuid(ptr)	((const struct mark_uuid *)(const void *)(ptr))

/**
 * mark_bytes() - Capture a range of memory as a marker argument.
 * @ptr: points to the bytes; NULL captures nothing
 * @size: number of bytes; at most 512 are recorded, and text output shows 64;
 *	a negative number means 0
 *
 * The bytes are copied at the hit and print in hex. Only for arguments of
 * trace_mark(). Conversions::
 *
 *	%ph %phC %phD %phN
 */
#define mark_bytes(ptr, size) \
	((const struct mark_bytes *)__mark_range(ptr, __mark_count_of(size)))

/**
 * mark_string() - Capture a string of a given length as a marker argument.
 * @ptr: points to the characters, of char or unsigned char; NULL gives "(null)"
 * @len: maximum number of characters; a negative number means 0
 *
 * The string ends after @len characters, or at a NUL that comes first. Nothing
 * after its end is read. This replaces the "%.*s" of printk(). A typed probe
 * gets a const char pointer to a string that ends with a NUL. Only for
 * arguments of trace_mark(). Conversion::
 *
 *	%s
 */
#define mark_string(ptr, len)							\
	((const struct mark_string *)__mark_range(ptr, __mark_count_of(len) +	\
		__BUILD_BUG_ON_ZERO_MSG(sizeof(*(ptr)) != 1,			\
			"mark_string(): needs a pointer to characters: " #ptr)))

/**
 * mark_array() - Capture an array of integers as a marker argument.
 * @ptr: points to the first integer; NULL captures nothing
 * @count: number of integers; at most 512 bytes are recorded, and a negative
 *	number means 0
 *
 * Otherwise like mark_bytes(). Prints like __print_array(), as in {0x1,0x2}.
 * Conversion::
 *
 *	%s
 */
#define mark_array(ptr, count)							\
	__mark_by_size(sizeof(*(ptr)),						\
		       __mark_range(ptr, sizeof(*(ptr)) * (__mark_count_of(count) +	\
			__BUILD_BUG_ON_ZERO_MSG(__mark_type_of(typeof(*(ptr))) >= MARKER_PTR, \
				"mark_array(): needs a pointer to integers: " #ptr))))

/**
 * mark_bitmap() - Capture a bitmap as a marker argument.
 * @ptr: points to the unsigned long that has the first bits
 * @nbits: number of bits; at most 4096 are captured
 *
 * Otherwise like mark_bytes(). Prints like __get_bitmask(): in hex, or as a
 * list if the trace option bitmask-list is set. Whole longs are shown. Needs
 * linux/bitmap.h. Conversion::
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
 * Like mark_bitmap(), with a bit for each possible CPU.
 */
#define mark_cpumask(mask)							\
	((const struct mark_cpumask *)__mark_range(1 ? (mask) : (const struct cpumask *)NULL, \
						   bitmap_size(nr_cpu_ids)))

/**
 * mark_path() - Capture the text of a path as a marker argument.
 * @ptr: points to a struct path, or NULL
 *
 * The core makes the text at the hit, as seen from the root of the current
 * task. The core takes no lock for this. If the path is being renamed, its text
 * may therefore consist of pieces of the old and the new path. All texts of one
 * hit share 512 bytes, and a path that is too long loses its beginning. A file
 * that is in no directory, such as a socket or a memfd, has only its name. A pipe
 * has the name of its filesystem. The field is a string. Only for arguments of
 * trace_mark(). Conversion::
 *
 *	%s
 */
#define mark_path(ptr)	__mark_pointer(mark_path, struct path, ptr)

/**
 * mark_dentry() - Capture the path of a dentry in its filesystem.
 * @ptr: points to a struct dentry, or NULL
 *
 * Like mark_path(), but as seen from the root of the filesystem.
 */
#define mark_dentry(ptr)	__mark_pointer(mark_dentry, struct dentry, ptr)

/**
 * mark_file() - Capture the path of an open file as a marker argument.
 * @ptr: points to a struct file, or NULL
 *
 * Like mark_path().
 */
#define mark_file(ptr)	__mark_pointer(mark_file, struct file, ptr)

/**
 * mark_device() - Capture a device by its driver and name.
 * @ptr: points to a struct device, or NULL
 *
 * Like mark_path(). Prints what dev_printk() begins with, as in
 * "e1000e 0000:00:19.0".
 */
#define mark_device(ptr)	__mark_pointer(mark_device, struct device, ptr)

/**
 * mark_sockaddr() - Capture the address of a socket as a marker argument.
 * @ptr: points to the address
 * @len: length of the address in bytes
 *
 * Like mark_path(). Prints as in "127.0.0.1:80" and "[::1]:80", as the path of
 * a UNIX socket, or as the family and bytes of another address.
 */
#define mark_sockaddr(ptr, len) \
	((const struct mark_sockaddr *)__mark_range(ptr, __mark_count_of(len)))

/**
 * mark_user_string() - Capture a string of user space as a marker argument.
 * @ptr: points to the string, a const char __user *
 *
 * Like mark_path(). A string that is not in memory is not faulted in, and
 * prints as "(fault)".
 */
#define mark_user_string(ptr)							\
	((const struct mark_user_string *)(const void __force *)		\
	 (1 ? (ptr) : (const char __user *)NULL))

/**
 * MARK_SYMBOLS() - Define a set of names of values.
 * @set: name of the set, an identifier that is not a macro
 * @names: for each value ``{ value, "name" }``, both constants
 *
 * A set is defined once, at the head of a file or in a header::
 *
 *	MARK_SYMBOLS(cld_code, { CLD_EXITED, "EXITED" }, { CLD_KILLED, "KILLED" });
 *
 *	trace_mark(exit, exit_wait, "pid=%d cause=%s", pid, mark_name(cld_code, why));
 *
 * A set takes no room in files that do not use it. Names must not have control
 * characters, ``"`` or ``\``. Filters accept names that are identifiers. An
 * empty name prints as nothing. Sets of the same name must have the same content
 * everywhere. This is checked when the kernel is linked.
 */
#define MARK_SYMBOLS(set, names...)	__MARK_DEFINE_SET(set, MARK_KIND_SYMBOLS, ##names)

/**
 * MARK_FLAGS() - Define a set of names of flags.
 * @set: as for MARK_SYMBOLS()
 * @names: for each flag ``{ bits, "name" }``, tried in this order
 *
 * A value prints as the names of its flags, followed by the other bits in hex,
 * with ``|`` between them. 0 prints as 0, or as the name of 0 if the set has
 * one, as in ``{ 0, "none" }``.
 */
#define MARK_FLAGS(set, names...)	__MARK_DEFINE_SET(set, MARK_KIND_FLAGS, ##names)

/**
 * mark_name() - Print an integer by the names of a set.
 * @set: from MARK_SYMBOLS() or MARK_FLAGS()
 * @value: the argument, an integer, bool or enum
 *
 * The field stays an integer of its type, for filters, histograms and BPF. The
 * text of the trace shows the name, or the number in hex for a value without a
 * name. Only for arguments of trace_mark(). Conversion::
 *
 *	%s
 */
#define mark_name(set, value)	(__mark_only_in_trace_mark, &__mark_set_##set, (value))

/**
 * mark_errno() - Print a negative integer as an error.
 * @value: the argument, an integer
 *
 * Like mark_name(). -22 prints as -EINVAL. 0 and positive integers print as
 * numbers.
 */
#define mark_errno(value)	mark_name(errno, value)

/**
 * mark_signal() - Print an integer as a signal.
 * @value: the argument, an integer
 *
 * Like mark_name(). 9 prints as SIGKILL. 0 is no signal and prints as 0.
 */
#define mark_signal(value)	mark_name(signal, value)

/**
 * mark_dev() - Print a dev_t as MAJOR:MINOR.
 * @value: the argument, a dev_t
 *
 * Like mark_name().
 */
#define mark_dev(value)		mark_name(dev, value)

/**
 * trace_mark() - Place a marker.
 * @system: the trace event's system, an identifier that is not a macro
 * @event: the trace event's name, an identifier that is not a macro
 * @fmt: format as for printk(), a literal without a newline
 * @args: up to 32 arguments; Documentation/trace/markers/placing.rst has their types
 *
 * Several places may have the same @system and @event if their types and @fmt
 * are the same. All of them are one trace event. Strings are copied at the hit,
 * up to 511 characters of each and 3072 bytes in all. Nothing is read beyond
 * the end of an array of char, or beyond a precision. A NULL string is stored
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
 * Context: As for trace_mark().
 */
#define trace_mark_cond(system, event, cond, fmt, args...) \
	__trace_mark(#system "\0" #event, __mark_##system##__##event, cond, fmt, ##args)

/**
 * mark_fail() - Record why a call fails.
 * @system: as for trace_mark(); all mark_fail() of a system are one event, with
 *	the name of the system and "_fail"
 * @err: the error number, an expression with the type of a signed integer
 * @reason: a literal that tells an operator what is wrong, and what to change
 * @args: values for the conversions in @reason, as for printk()
 *
 * Takes the place of the error number::
 *
 *	return mark_fail(mount, -EINVAL, "the source is not a mount point");
 *	err = mark_fail(mount, -EPERM, "needs CAP_SYS_ADMIN in the user namespace");
 *	return ERR_PTR(mark_fail(mount, err, "no such file system type: %s", name));
 *
 * The event has the fields "ret", "reason", "func", "file" and "line". A filter
 * can use each of them. A mark_fail() that is off costs one NOP in a path that
 * fails, and @args are not evaluated. A path that does not fail has no more
 * code, except that the compiler may save one more register or align the stack.
 * If @err is not a constant, the marker is hit only if @err is negative, which
 * costs a test.
 *
 * With @args, the text of the reason is made at the hit, as printk() does it,
 * and cut after 255 characters.
 *
 * Context: As for trace_mark().
 * Return: @err, of the same type.
 */
#define mark_fail(system, err, reason, args...) \
	__mark_fail(#system "\0" #system "_fail", err, reason, ##args)

/**
 * DEFINE_MARKER_PROBE() - Allow a function to be registered as a typed probe.
 * @fn: name of the function, ``void fn(void *data, ...)``
 * @params: types of the parameters of @fn after the first; other types than
 *	those of @fn fail to compile
 *
 * A typed probe is a function that is called at each hit of a marker. @params
 * are the types of the marker's arguments: integers, bool, pointers,
 * ``const char *``, and ``const struct mark_mac *`` and the like for captures.
 * A pointer parameter matches any argument that is stored as a pointer,
 * whatever the two point to::
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
 * Context: @fn is called in the context of the hit, which may be NMI, with
 * preemption disabled. @fn gets the strings and bytes that were given to the
 * marker, not copies. Strings, bytes and captures are valid until @fn returns.
 * A NULL string is passed as "(null)". If an array or a mark_string() has no
 * NUL, a copy with a NUL is passed. If there is no room for this copy, as the
 * record with all its strings exceeds 320 bytes, the call is dropped and
 * counted.
 */
#define DEFINE_MARKER_PROBE(fn, params...)	__DEFINE_MARKER_PROBE(fn, ##params)

/**
 * marker_probe_register() - Call a function at each hit of a marker.
 * @name: name of the marker, "system:event"
 * @fn: the function, which has a DEFINE_MARKER_PROBE()
 * @data: first argument of @fn
 *
 * If there is no such marker yet, the probe waits for a module that has it.
 * Probes of a marker are called in the order in which they were registered.
 *
 * If a typed probe hits a marker, this hit calls no typed probe. The file
 * "static_markers" in tracefs counts the calls that are dropped.
 *
 * Context: Process context, takes event_mutex, may sleep. Not from a probe.
 * Return:
 * * 0 - hits that begin from now on call @fn
 * * %-EINVAL - @name is malformed, or the parameters of @fn do not match the
 *   fields of the marker; the kernel log shows both
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
 * Hits that are under way may still call @fn. Before freeing anything that @fn
 * uses, such as its module, call marker_synchronize_unregister(). One call is
 * enough for any number of probes. If a probe is still registered when its
 * module is unloaded, the kernel unregisters the probe and prints a warning.
 *
 * Context: Process context, takes event_mutex, may sleep. Not from a probe.
 * Return: 0, or %-ENOENT if there is no such probe. Needs no memory.
 */
#define marker_probe_unregister(name, fn, data) \
	__marker_probe_unregister(name, &__marker_probe_##fn, data)

/**
 * marker_synchronize_unregister() - Wait for hits that are under way.
 *
 * After it has returned, no hit calls a probe that was unregistered before.
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
