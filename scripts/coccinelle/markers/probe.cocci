// SPDX-License-Identifier: GPL-2.0-only
///
/// Find probes of markers that a module leaves behind.
///
/// The kernel removes, with a warning, a probe that is still registered when its module
/// is unloaded. A hit on another CPU may be in a probe that has been unregistered. Its
/// code is gone when it returns, unless the module calls
/// marker_synchronize_unregister().
///
//# A probe that module_init() registers has to be unregistered in module_exit(). A probe
//# that is registered elsewhere has to be unregistered anywhere. Calls of functions in
//# the same file are followed.
//
// Confidence: Moderate
// Comments: Conditions, and other files of the module, are not looked at.
// Options: --no-includes
//
// Keywords: marker_probe_register, marker_probe_unregister
//

virtual context
virtual org
virtual report

@initialize:python@
@@

REGISTER = "marker_probe_register"
UNREGISTER = "marker_probe_unregister"
WAIT = "marker_synchronize_unregister"

# By file and function, what is called: (place, name, probe)
calls = {}
# By file, the function of module_init() under True, that of module_exit() under False
ends = {}
# By place, what is wrong there
wrong = {}

def place(p):
    return p[0].file, int(p[0].line), int(p[0].column)

def note(p, call, fn):
    funcs = calls.setdefault(p[0].file, {})
    funcs.setdefault(p[0].current_element, []).append((place(p), call, fn))

# What a function and those that it calls do about probes, in order
def steps(funcs, func, above=()):
    for step in sorted(funcs.get(func, [])):
        if step[1] in (REGISTER, UNREGISTER, WAIT):
            yield step
        elif step[1] not in above:
            yield from steps(funcs, step[1], above + (func,))

def select(call, steps):
    return [(step[0], step[2]) for step in steps if step[1] == call]

def judge(funcs, at_init, at_exit):
    anywhere = [step for func in funcs for step in funcs[func]]
    for done, undone in (anywhere, anywhere), (at_init, at_exit):
        probes = [fn for _, fn in select(UNREGISTER, undone)]
        for where, fn in select(REGISTER, done):
            if fn not in probes:
                wrong[where] = f"{fn}() is not unregistered when the module is unloaded"
    for path in at_init, at_exit, anywhere:
        for i, (where, call, _) in enumerate(path):
            after = anywhere if path is anywhere else path[i:]
            if call == UNREGISTER and not select(WAIT, after):
                wrong[where] = f"{WAIT}() is not called after this"

@probe@
identifier f =~ "^marker_probe_(un)?register$", fn;
expression name, data;
position p;
@@

f@p(name, fn, data)

@script:python@
f << probe.f;
fn << probe.fn;
p << probe.p;
@@

note(p, f, fn)

@call depends on probe@
identifier f !~ "^marker_probe_(un)?register$";
position p : script:python() { p[0].file in calls };
@@

f@p(...)

@script:python@
f << call.f;
p << call.p;
@@

note(p, f, "")

@end depends on probe@
declarer at =~ "^module_(init|exit|.*driver)$";
identifier f;
position p;
@@

at(f@p, ...);

@script:python@
at << end.at;
f << end.f;
p << end.p;
@@

ends.setdefault(p[0].file, {})[at == "module_init"] = f

@script:python depends on probe@
@@

for file, funcs in calls.items():
    end = ends.get(file, {})
    if False in end:
        judge(funcs, *(list(steps(funcs, end.get(init))) for init in (True, False)))

@bad depends on probe@
identifier f =~ "^marker_probe_(un)?register$";
position p : script:python() { place(p) in wrong };
@@

f@p(...)

@depends on context@
identifier f;
position bad.p;
@@

* f@p(...)

@script:python depends on org@
p << bad.p;
@@

coccilib.org.print_todo(p[0], wrong[place(p)])

@script:python depends on report@
p << bad.p;
@@

coccilib.report.print_report(p[0], wrong[place(p)])
