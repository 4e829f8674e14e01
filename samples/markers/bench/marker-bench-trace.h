/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM marker_bench_event

#if !defined(_MARKER_BENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MARKER_BENCH_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>

/* The TRACE_EVENT()s that have the same fields as the markers of marker-bench.c */

TRACE_EVENT(bench_int0,

	TP_PROTO(int unused),

	TP_ARGS(unused),

	TP_STRUCT__entry(),

	TP_fast_assign(),

	TP_printk("%s", "begin")
);

TRACE_EVENT(bench_int1,

	TP_PROTO(int a),

	TP_ARGS(a),

	TP_STRUCT__entry(
		__field(int, a)
	),

	TP_fast_assign(
		__entry->a = a;
	),

	TP_printk("a=%d", __entry->a)
);

TRACE_EVENT(bench_int2,

	TP_PROTO(int a, int b),

	TP_ARGS(a, b),

	TP_STRUCT__entry(
		__field(int, a)
		__field(int, b)
	),

	TP_fast_assign(
		__entry->a = a;
		__entry->b = b;
	),

	TP_printk("a=%d b=%d", __entry->a, __entry->b)
);

TRACE_EVENT(bench_int4,

	TP_PROTO(int a, int b, int c, int d),

	TP_ARGS(a, b, c, d),

	TP_STRUCT__entry(
		__field(int, a)
		__field(int, b)
		__field(int, c)
		__field(int, d)
	),

	TP_fast_assign(
		__entry->a = a;
		__entry->b = b;
		__entry->c = c;
		__entry->d = d;
	),

	TP_printk("a=%d b=%d c=%d d=%d", __entry->a, __entry->b, __entry->c, __entry->d)
);

TRACE_EVENT(bench_int8,

	TP_PROTO(int a, int b, int c, int d, int e, int f, int g, int h),

	TP_ARGS(a, b, c, d, e, f, g, h),

	TP_STRUCT__entry(
		__field(int, a)
		__field(int, b)
		__field(int, c)
		__field(int, d)
		__field(int, e)
		__field(int, f)
		__field(int, g)
		__field(int, h)
	),

	TP_fast_assign(
		__entry->a = a;
		__entry->b = b;
		__entry->c = c;
		__entry->d = d;
		__entry->e = e;
		__entry->f = f;
		__entry->g = g;
		__entry->h = h;
	),

	TP_printk("a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d",
		  __entry->a, __entry->b, __entry->c, __entry->d, __entry->e, __entry->f,
		  __entry->g, __entry->h)
);

/* More arguments than BPF takes of a tracepoint: they come in an array. */
TRACE_EVENT(bench_int16,

	TP_PROTO(const int *n),

	TP_ARGS(n),

	TP_STRUCT__entry(
		__field(int, a)
		__field(int, b)
		__field(int, c)
		__field(int, d)
		__field(int, e)
		__field(int, f)
		__field(int, g)
		__field(int, h)
		__field(int, i)
		__field(int, j)
		__field(int, k)
		__field(int, l)
		__field(int, m)
		__field(int, n)
		__field(int, o)
		__field(int, p)
	),

	TP_fast_assign(
		__entry->a = n[0];
		__entry->b = n[1];
		__entry->c = n[2];
		__entry->d = n[3];
		__entry->e = n[4];
		__entry->f = n[5];
		__entry->g = n[6];
		__entry->h = n[7];
		__entry->i = n[8];
		__entry->j = n[9];
		__entry->k = n[10];
		__entry->l = n[11];
		__entry->m = n[12];
		__entry->n = n[13];
		__entry->o = n[14];
		__entry->p = n[15];
	),

	TP_printk("a=%d b=%d c=%d d=%d e=%d f=%d g=%d h=%d i=%d j=%d k=%d l=%d m=%d n=%d o=%d p=%d",
		  __entry->a, __entry->b, __entry->c, __entry->d, __entry->e, __entry->f,
		  __entry->g, __entry->h, __entry->i, __entry->j, __entry->k, __entry->l,
		  __entry->m, __entry->n, __entry->o, __entry->p)
);

TRACE_EVENT(bench_iu,

	TP_PROTO(int a, u64 u),

	TP_ARGS(a, u),

	TP_STRUCT__entry(
		__field(int, a)
		__field(u64, u)
	),

	TP_fast_assign(
		__entry->a = a;
		__entry->u = u;
	),

	TP_printk("a=%d u=%llu", __entry->a, __entry->u)
);

TRACE_EVENT(bench_ius,

	TP_PROTO(int a, u64 u, const char *s),

	TP_ARGS(a, u, s),

	TP_STRUCT__entry(
		__field(int, a)
		__field(u64, u)
		__string(s, s)
	),

	TP_fast_assign(
		__entry->a = a;
		__entry->u = u;
		__assign_str(s);
	),

	TP_printk("a=%d u=%llu s=%s", __entry->a, __entry->u, __get_str(s))
);

TRACE_EVENT(bench_long,

	TP_PROTO(const char *s),

	TP_ARGS(s),

	TP_STRUCT__entry(
		__string(s, s)
	),

	TP_fast_assign(
		__assign_str(s);
	),

	TP_printk("s=%s", __get_str(s))
);

TRACE_EVENT(bench_ptr,

	TP_PROTO(const void *ptr),

	TP_ARGS(ptr),

	TP_STRUCT__entry(
		__field(const void *, ptr)
	),

	TP_fast_assign(
		__entry->ptr = ptr;
	),

	TP_printk("ptr=%p", __entry->ptr)
);

TRACE_EVENT(bench_mac,

	TP_PROTO(const u8 *addr),

	TP_ARGS(addr),

	TP_STRUCT__entry(
		__array(u8, addr, 6)
	),

	TP_fast_assign(
		memcpy(__entry->addr, addr, 6);
	),

	TP_printk("addr=%pM", __entry->addr)
);

TRACE_EVENT(bench_ipv4,

	TP_PROTO(const u8 *addr),

	TP_ARGS(addr),

	TP_STRUCT__entry(
		__array(u8, addr, 4)
	),

	TP_fast_assign(
		memcpy(__entry->addr, addr, 4);
	),

	TP_printk("addr=%pI4", __entry->addr)
);

TRACE_EVENT(bench_ipv6,

	TP_PROTO(const u8 *addr),

	TP_ARGS(addr),

	TP_STRUCT__entry(
		__array(u8, addr, 16)
	),

	TP_fast_assign(
		memcpy(__entry->addr, addr, 16);
	),

	TP_printk("addr=%pI6c", __entry->addr)
);

TRACE_EVENT(bench_uuid,

	TP_PROTO(const u8 *addr),

	TP_ARGS(addr),

	TP_STRUCT__entry(
		__array(u8, addr, 16)
	),

	TP_fast_assign(
		memcpy(__entry->addr, addr, 16);
	),

	TP_printk("addr=%pUb", __entry->addr)
);

TRACE_EVENT(bench_bytes,

	TP_PROTO(const u8 *data, unsigned int len),

	TP_ARGS(data, len),

	TP_STRUCT__entry(
		__dynamic_array(u8, data, len)
	),

	TP_fast_assign(
		memcpy(__get_dynamic_array(data), data, len);
	),

	TP_printk("data=%*ph", __get_dynamic_array_len(data), __get_dynamic_array(data))
);

TRACE_EVENT(bench_named,

	TP_PROTO(int a),

	TP_ARGS(a),

	TP_STRUCT__entry(
		__field(int, a)
	),

	TP_fast_assign(
		__entry->a = a;
	),

	TP_printk("a=%s", __print_symbolic(__entry->a, { 1, "ONE" }, { 2, "TWO" }))
);

TRACE_EVENT(bench_array,

	TP_PROTO(const int *n, unsigned int count),

	TP_ARGS(n, count),

	TP_STRUCT__entry(
		__dynamic_array(int, n, count)
	),

	TP_fast_assign(
		memcpy(__get_dynamic_array(n), n, count * sizeof(int));
	),

	TP_printk("n=%s", __print_array(__get_dynamic_array(n),
					__get_dynamic_array_len(n) / sizeof(int), sizeof(int)))
);

TRACE_EVENT(bench_cpumask,

	TP_PROTO(const struct cpumask *cpus),

	TP_ARGS(cpus),

	TP_STRUCT__entry(
		__cpumask(cpus)
	),

	TP_fast_assign(
		__assign_cpumask(cpus, cpumask_bits(cpus));
	),

	TP_printk("cpus=%s", __get_cpumask(cpus))
);

TRACE_EVENT(bench_sockaddr,

	TP_PROTO(const void *addr, size_t len),

	TP_ARGS(addr, len),

	TP_STRUCT__entry(
		__sockaddr(addr, len)
	),

	TP_fast_assign(
		__assign_sockaddr(addr, addr, len);
	),

	TP_printk("addr=%pISpc", __get_sockaddr(addr))
);

TRACE_EVENT(bench_device,

	TP_PROTO(const struct device *dev),

	TP_ARGS(dev),

	TP_STRUCT__entry(
		__string(driver, dev_driver_string(dev))
		__string(name, dev_name(dev))
	),

	TP_fast_assign(
		__assign_str(driver);
		__assign_str(name);
	),

	TP_printk("dev=%s %s", __get_str(driver), __get_str(name))
);

/* As events with paths are hit: their callers make the text. */
TRACE_EVENT(bench_path,

	TP_PROTO(const char *path),

	TP_ARGS(path),

	TP_STRUCT__entry(
		__string(path, path)
	),

	TP_fast_assign(
		__assign_str(path);
	),

	TP_printk("path=%s", __get_str(path))
);

#endif /* _MARKER_BENCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH ../../samples/markers/bench
#define TRACE_INCLUDE_FILE marker-bench-trace
#include <trace/define_trace.h>
