// SPDX-License-Identifier: GPL-2.0-only
///
/// Find arguments of markers that have side effects.
///
/// A marker evaluates its arguments only while it is on. With a side effect in an
/// argument, the kernel does something else when it is traced.
///
//# This is about the arguments of trace_mark(), the condition of trace_mark_cond(), and
//# the values in the reason of mark_fail(). mark_fail() always evaluates the error
//# number.
//
// Confidence: High
// Comments: Only well-known functions that change something are found.
// Options: --no-includes --include-headers
//
// Keywords: trace_mark, trace_mark_cond, mark_fail
//

virtual context
virtual org
virtual report

@bad@
identifier change =~ "^((raw_)?atomic(64|_long)?_(fetch|add|sub|inc|dec|x?or|and|xchg|cmpxchg|try|set).*|refcount_(add|sub|inc|dec|set).*|kref_(get|put).*|(try_)?(cmp)?xchg.*|(__)?test_and_.*|(this|raw)_cpu_(add|sub|inc|dec|xchg|cmpxchg).*|(__)?(get|put)_user|(__)?copy_(to|from)_user|strncpy_from_user|(k[mzvc]+|kmem_cache_|v[mz])alloc.*|k(mem|str)n?dup.*|k?v?free|list_del.*|skb_(dequeue|get|put|push|pull|clone|copy)|kfifo_(in|out|get|put)|id[ar]_(alloc|remove|free).*|xa_(alloc|store|erase|insert).*|(mutex|(raw_)?spin|read|write)_(try|un)?lock.*|(down|up)_(read|write).*|wake_up.*|complete|schedule(_work|_timeout.*)?|queue_work|mod_timer|(get|put)_(device|pid|task_struct)|get_task_(mm|pid)|mmput|[fdi](get|put)|igrab|path_(get|put)|try_module_get|module_put)$";
identifier system, event;
expression x, y, err, reason;
assignment operator as;
position p;
@@

(
 \(trace_mark\|trace_mark_cond\)(system, event, ...,
	<+... \(x@p as y\|x@p++\|x@p--\|++x@p\|--x@p\|change@p(...)\) ...+>, ...)
|
 mark_fail(system, err, reason, ...,
	<+... \(x@p as y\|x@p++\|x@p--\|++x@p\|--x@p\|change@p(...)\) ...+>, ...)
)

@depends on context@
position bad.p;
expression x;
@@

* x@p

@script:python depends on org@
p << bad.p;
@@

coccilib.org.print_todo(p[0], "side effect in an argument, which is evaluated only while the marker is on")

@script:python depends on report@
p << bad.p;
@@

coccilib.report.print_report(p[0], "side effect in an argument, which is evaluated only while the marker is on")
