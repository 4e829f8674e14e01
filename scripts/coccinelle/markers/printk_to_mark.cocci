// SPDX-License-Identifier: GPL-2.0-only
///
/// Convert debug messages of the form key=value into markers.
///
/// A marker records the values as fields, can be enabled by itself, and can be filtered.
/// It does not print to the kernel's log. The event has the name of the function, with a
/// number for the second and later messages of a function; rename it after what happens.
///
//# Name the system, or nothing is found:
//#
//#	make coccicheck COCCI=(this file) MODE=patch SPFLAGS="-D system=pci" M=drivers/pci/
//#
//# Messages of trace_printk(), pr_debug() and dev_dbg() are converted if each conversion
//# has a key and is one of integers, strings or pointers. A leading __func__ is dropped,
//# and the device of dev_dbg() becomes the field "dev". The other modes also show
//# messages that are left, as only some of their conversions have keys, or others are
//# used, such as %pI4.
//
// Confidence: Moderate
// Comments: Bit-fields need a cast. Arrays other than of char need mark_array().
// Comments: trace_printk() always evaluates its arguments, and a marker only when on.
// Options: --no-includes
//
// Keywords: trace_mark, trace_printk, pr_debug, dev_dbg
//

virtual patch
virtual context
virtual org
virtual report

@initialize:python@
@@

import re

LITERAL = r'"((?:[^"\\]|\\.)*)"'
KEY = r"\b([A-Za-z_]\w*)=(?:0x)?"
CONVERSION = r"%(?:[-#0]*\d*(?:hh?|ll?|[ztj])?[diuxXo]|[-\d.]*s|p[sSB]?(?!\w))"

# By place, the format of the marker, or None
formats = {}

def place(p):
    return p[0].file, p[0].current_element, int(p[0].line), int(p[0].column)

def convert(fmt, args, dev):
    text = re.sub(r"\\n$", "", "".join(re.findall(LITERAL, fmt)))
    if dev:
        text = "dev=%s " + text
    if args.expr.startswith("__func__"):
        text, found = re.subn(r"^(dev=%s )?%s(\(\))?:? *", r"\1", text)
        if not found:
            return None
    keys = re.findall(KEY, text)
    if (re.fullmatch(rf"(?:[^%=]*{KEY}{CONVERSION})+[^%=]*", text) and
            len(set(keys)) == text.count("=") and r"\n" not in text and
            not re.sub(LITERAL, "", fmt).strip()):
        return text
    return None

# The function's name for its first format, and numbered for others
def event_at(p):
    func = place(p)[:2]
    texts = [text for at, text in sorted(formats.items()) if text and at[:2] == func]
    nr = list(dict.fromkeys(texts)).index(formats[place(p)])
    return f"{func[1]}_{nr + 1}" if nr else func[1]

def message(p):
    if formats[place(p)]:
        return "opportunity for trace_mark()"
    return "debug message is left, as not all of it can be converted"

// Without a system nothing is run, as in a coccicheck of all scripts.
@script:python named@
system << virtual.system;
@@

pass

@print depends on named@
constant char[] fmt;
expression dev;
expression list args;
position p;
@@

(
 \(trace_printk@p\|pr_debug@p\)(fmt, args)
|
 dev_dbg@p(dev, fmt, args)
)

@script:python@
fmt << print.fmt;
args << print.args;
dev << print.dev = "";
p << print.p;
@@

if re.search(KEY + "%", fmt):
    formats[place(p)] = convert(fmt, args, dev)
else:
    cocci.include_match(False)

@script:python mark depends on patch@
p << print.p;
event;
text;
@@

if formats[place(p)]:
    coccinelle.event = event_at(p)
    coccinelle.text = cocci.make_expr('"' + formats[place(p)] + '"')
else:
    cocci.include_match(False)

@depends on patch@
identifier virtual.system, mark.event;
expression mark.text, dev;
constant char[] fmt;
symbol __func__;
position print.p;
@@

(
- \(trace_printk@p\|pr_debug@p\)(fmt, __func__,
+ trace_mark(system, event, text,
  ...)
|
- \(trace_printk@p\|pr_debug@p\)(fmt,
+ trace_mark(system, event, text,
  ...)
|
- dev_dbg@p(dev, fmt, __func__,
+ trace_mark(system, event, text, mark_device(dev),
  ...)
|
- dev_dbg@p(dev, fmt,
+ trace_mark(system, event, text, mark_device(dev),
  ...)
)

@included@
@@

#include <linux/marker.h>

@depends on patch && mark && !included@
@@

#include <linux/...>
+ #include <linux/marker.h>

@depends on context@
identifier f;
position print.p;
@@

* f@p(...)

@script:python depends on org@
p << print.p;
@@

coccilib.org.print_todo(p[0], message(p))

@script:python depends on report@
p << print.p;
@@

coccilib.report.print_report(p[0], message(p))
