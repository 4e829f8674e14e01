// SPDX-License-Identifier: GPL-2.0-only
///
/// Have error numbers stand in a mark_fail(), which says why a call fails.
///
/// The reasons are empty, and a kernel with an empty reason does not link. Write
/// each, or take the mark_fail() out where a call fails as a matter of course.
///
//# Name the system, or nothing is found:
//#
//#	make coccicheck COCCI=(this file) MODE=patch SPFLAGS="-D system=mount" M=fs/
//#
//# An error number is converted where it is returned, and where it is assigned and
//# nothing is tested after it: at the end of a branch, or before a jump, with two
//# calls in between at most. The other modes show also those that are left: set
//# before a test, in an initializer, or in a conditional expression.
//#
//# Neither converted nor shown are codes that user space does not see, such as
//# -ERESTARTSYS and -EPROBE_DEFER, functions that are noinstr, __init or __exit,
//# comparisons, and arguments of functions but ERR_PTR().
//
// Confidence: Moderate
// Comments: What is assigned at the end of a branch may be overwritten later.
// Options: --no-includes
//
// Keywords: mark_fail, ERR_PTR
//

virtual patch
virtual context
virtual org
virtual report

// Without a system nothing is run, as in a coccicheck of all scripts.
@script:python named@
system << virtual.system;
@@

pass

@outside depends on named@
attribute name __init, __exit, noinstr;
identifier f;
type T;
constant E;
position p;
@@

(
 T __init f(...) { <... -E@p ...> }
|
 T __exit f(...) { <... -E@p ...> }
|
 T noinstr f(...) { <... -E@p ...> }
)

// The names of include/uapi/asm-generic/errno-base.h and errno.h
@number depends on named@
constant E =~ "^E(PERM|NOENT|SRCH|INTR|IO|NXIO|2BIG|NOEXEC|BADF|CHILD|AGAIN|NOMEM|ACCES|FAULT|NOTBLK|BUSY|EXIST|XDEV|NODEV|NOTDIR|ISDIR|INVAL|NFILE|MFILE|NOTTY|TXTBSY|FBIG|NOSPC|SPIPE|ROFS|MLINK|PIPE|DOM|RANGE|DEADLK|NAMETOOLONG|NOLCK|NOSYS|NOTEMPTY|LOOP|WOULDBLOCK|NOMSG|IDRM|CHRNG|L2NSYNC|L3HLT|L3RST|LNRNG|UNATCH|NOCSI|L2HLT|BADE|BADR|XFULL|NOANO|BADRQC|BADSLT|DEADLOCK|BFONT|NOSTR|NODATA|TIME|NOSR|NONET|NOPKG|REMOTE|NOLINK|ADV|SRMNT|COMM|PROTO|MULTIHOP|DOTDOT|BADMSG|FSBADCRC|FSCORRUPTED|OVERFLOW|NOTUNIQ|BADFD|REMCHG|LIBACC|LIBBAD|LIBSCN|LIBMAX|LIBEXEC|ILSEQ|RESTART|STRPIPE|USERS|NOTSOCK|DESTADDRREQ|MSGSIZE|PROTOTYPE|NOPROTOOPT|PROTONOSUPPORT|SOCKTNOSUPPORT|OPNOTSUPP|PFNOSUPPORT|AFNOSUPPORT|ADDRINUSE|ADDRNOTAVAIL|NETDOWN|NETUNREACH|NETRESET|CONNABORTED|CONNRESET|NOBUFS|ISCONN|NOTCONN|SHUTDOWN|TOOMANYREFS|TIMEDOUT|CONNREFUSED|HOSTDOWN|HOSTUNREACH|ALREADY|INPROGRESS|STALE|UCLEAN|NOTNAM|NAVAIL|ISNAM|REMOTEIO|DQUOT|NOMEDIUM|MEDIUMTYPE|CANCELED|NOKEY|KEYEXPIRED|KEYREVOKED|KEYREJECTED|OWNERDEAD|NOTRECOVERABLE|RFKILL|HWPOISON|FTYPE)$";
position p != outside.p;
@@

 -E@p

@decided exists@
constant number.E;
position number.p, q;
expression x, c;
statement S;
identifier l, f, g;
@@

(
 return \(-E@p@q\|ERR_PTR(-E@p@q)\);
|
 x = \(-E@p@q\|ERR_PTR(-E@p@q)\);
 \(goto l;\|return ...;\|break;\|continue;\)
|
 x = \(-E@p@q\|ERR_PTR(-E@p@q)\);
 f(...);
 \(goto l;\|return ...;\|break;\|continue;\)
|
 x = \(-E@p@q\|ERR_PTR(-E@p@q)\);
 f(...);
 g(...);
 \(goto l;\|return ...;\|break;\|continue;\)
|
 if (c) x = \(-E@p@q\|ERR_PTR(-E@p@q)\); else S
|
 if (c) S else x = \(-E@p@q\|ERR_PTR(-E@p@q)\);
|
 if (c) x = \(-E@p@q\|ERR_PTR(-E@p@q)\);
|
 if (c) { ... x = \(-E@p@q\|ERR_PTR(-E@p@q)\); }
|
 if (c) S else { ... x = \(-E@p@q\|ERR_PTR(-E@p@q)\); }
)

@left@
constant number.E;
position number.p != decided.q, q;
expression x, c;
@@

(
 x = \(-E@p@q\|ERR_PTR(-E@p@q)\)
|
 c ? \(-E@p@q\|ERR_PTR(-E@p@q)\) : x
|
 c ? x : \(-E@p@q\|ERR_PTR(-E@p@q)\)
|
 c ?: \(-E@p@q\|ERR_PTR(-E@p@q)\)
)

@depends on patch@
constant number.E;
position decided.q;
identifier virtual.system;
@@

- -E@q
+ mark_fail(system, -E, "")

@included@
@@

#include <linux/marker.h>

@depends on patch && decided && !included@
@@

#include <linux/...>
+ #include <linux/marker.h>

@depends on context@
constant number.E;
position decided.q;
@@

* -E@q

@depends on context@
constant number.E;
position left.q;
@@

* -E@q

@script:python depends on org@
p << decided.q;
@@

coccilib.org.print_todo(p[0], "opportunity for mark_fail()")

@script:python depends on org@
p << left.q;
@@

coccilib.org.print_todo(p[0], "error number is left, set where something may be tested after it")

@script:python depends on report@
p << decided.q;
@@

coccilib.report.print_report(p[0], "opportunity for mark_fail()")

@script:python depends on report@
p << left.q;
@@

coccilib.report.print_report(p[0], "error number is left, set where something may be tested after it")
