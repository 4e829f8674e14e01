// SPDX-License-Identifier: GPL-2.0-only
///
/// Convert the markers of Linux 2.6.24 to 2.6.31.
///
/// These markers have a name, but no system. The first word of the name becomes the
/// system, and the whole name becomes the event. MARK_NOARGS becomes an empty format.
///
//# trace_mark_tp() and probes are shown, but not converted. A probe had a va_list, and
//# has typed parameters now; see DEFINE_MARKER_PROBE().
//
// Confidence: High
// Options: --no-includes --include-headers
//
// Keywords: trace_mark, _trace_mark, trace_mark_tp, MARK_NOARGS
//

virtual patch
virtual context
virtual org
virtual report

@mark@
identifier event;
constant char[] fmt;
position p;
@@

 \(trace_mark@p\|_trace_mark@p\)(event, \(fmt\|MARK_NOARGS\), ...)

// As in the patches of LTTng
@channel@
identifier system, event;
position p;
@@

 trace_mark@p(system, event, MARK_NOARGS)

@left@
identifier f =~ "^(trace_mark_tp|marker_(arm|disarm))$";
expression old, fmt, fn, data;
position p;
@@

(
 f@p(...)
|
 marker_probe_register@p(old, fmt, fn, data)
|
 marker_probe_unregister@p(old)
)

@script:python named depends on patch@
event << mark.event;
system;
@@

coccinelle.system = event.split("_")[0]

@depends on patch@
identifier mark.event, named.system;
constant char[] fmt;
@@

(
- \(trace_mark\|_trace_mark\)(event, MARK_NOARGS)
+ trace_mark(system, event, "")
|
- \(trace_mark\|_trace_mark\)(event,
+ trace_mark(system, event,
  fmt, ...)
)

@depends on patch@
identifier system, event;
@@

 trace_mark(system, event,
- MARK_NOARGS
+ ""
 )

@depends on context@
identifier f;
position mark.p;
@@

* f@p(...)

@depends on context@
identifier f;
position channel.p;
@@

* f@p(...)

@depends on context@
identifier f;
position left.p;
@@

* f@p(...)

@script:python depends on org@
p << mark.p;
@@

coccilib.org.print_todo(p[0], "old marker, without a system")

@script:python depends on org@
p << channel.p;
@@

coccilib.org.print_todo(p[0], "MARK_NOARGS is an empty format now")

@script:python depends on org@
p << left.p;
@@

coccilib.org.print_todo(p[0], "of the old markers, to be converted by hand")

@script:python depends on report@
p << mark.p;
@@

coccilib.report.print_report(p[0], "old marker, without a system")

@script:python depends on report@
p << channel.p;
@@

coccilib.report.print_report(p[0], "MARK_NOARGS is an empty format now")

@script:python depends on report@
p << left.p;
@@

coccilib.report.print_report(p[0], "of the old markers, to be converted by hand")
