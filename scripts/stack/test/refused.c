// SPDX-License-Identifier: GPL-2.0
/*
 * What trace_mark() and DEFINE_MARKER_PROBE() must not compile, and what the compiler must say of it.
 * "check refused" compiles each case by itself, with and without CONFIG_MARKERS.
 */

#include <linux/marker.h>

struct refused {
	unsigned int	bits : 3;
	int		numbers[2];
	u8		bytes[6];
	u64		wide;
	char		name[16];
	char		(*array)[8];
	char		flexible[];
};

void refused(struct refused *r, int n);
void refused(struct refused *r, int n)
{
	/* Case 0 is what does compile: the others fail for their own reasons. */
	trace_mark(refused, good, "wide=%llu name=%s ptr=%p fn=%ps n=%d",
		   r->wide, r->name, r->numbers + 1, refused, n);
	trace_mark(refused, texts, "flexible=%s array=%s counted=%s bytes=%s", r->flexible,
		   *r->array, mark_string(r->name, n), mark_string(r->bytes, r->wide));
#if CASE == 1 /* this cannot be stored (if it is a bit-field, cast it): .r */
	trace_mark(refused, structure, "r=%p", *r);
#elif CASE == 2 /* only arrays of char can be stored; write mark_array() or mark_bytes(): r->numbers */
	trace_mark(refused, array, "numbers=%p", r->numbers);
#elif CASE == 3 /* only arrays of char can be stored; write mark_array() or mark_bytes(): r->bytes */
	trace_mark(refused, bytes, "bytes=%p", r->bytes);
#elif CASE == 4 /* applied to a bit-field */
	trace_mark(refused, bitfield, "bits=%u", r->bits);
#elif CASE == 5 /* this cannot be stored (if it is a bit-field, cast it): (__int128)n */
	trace_mark(refused, int128, "n=%d", (__int128)n);
#elif CASE == 6 /* trace_mark(): more than 32 arguments */
	trace_mark(refused, thirty_three,
		   "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d",
		   n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
		   n, n, n, n);
#elif CASE == 31 /* trace_mark(): more than 32 arguments */
	if (n)
		trace_mark(refused, forty,
			   "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d",
			   n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
			   n, n, n, n, n, n, n, n, n, n, n, n, n, n);
#elif CASE == 7 /* expects argument of type .int., but argument 2 has type .u64. */
	trace_mark(refused, format, "wide=%d", r->wide);
#elif CASE == 8 /* expects a matching .int. argument */
	trace_mark(refused, missing, "n=%d m=%d", n);
#elif CASE == 9 /* too many arguments for format */
	trace_mark(refused, surplus, "n=%d", n, n);
#elif CASE == 10 /* expected .* before .-. token */
	trace_mark(re-fused, name, "n=%d", n);
#elif CASE == 11 /* the format has to be a literal; .*: r->name */
	trace_mark(refused, variable, r->name);
#elif CASE == 12 /* expected */
	trace_mark("refused", string, "n=%d", n);
#elif CASE == 21 /* expects argument of type .int., but argument 2 has type .const char ... */
	trace_mark(refused, number, "n=%d", mark_errno(n));
#elif CASE == 22 /* only an integer can have names: .*r->name */
	trace_mark(refused, text, "name=%s", mark_errno(r->name));
#elif CASE == 23 /* __mark_only_in_trace_mark. undeclared */
	n = mark_errno(n);
#elif CASE == 25 /* the reason has to be a literal; .*: r->name */
	n = mark_fail(refused, -EINVAL, r->name);
#elif CASE == 26 /* expects argument of type .char .., but argument 2 has type .char (.)\[8\]. */
	trace_mark(refused, pointer, "array=%s", r->array);
#elif CASE == 27 /* mark_string(): needs a pointer to characters: r->numbers */
	trace_mark(refused, counted, "numbers=%s", mark_string(r->numbers, n));
#elif CASE == 28 /* expects argument of type .int., but argument 2 has type .const char ... */
	trace_mark(refused, number, "name=%d", mark_string(r->name, n));
#elif CASE == 29 /* only arrays of char can be stored; write mark_array() .*: r->bytes */
	trace_mark(refused, text, "bytes=%s", r->bytes);
#elif CASE == 32 /* mark_array(): needs a pointer to integers: r */
	trace_mark(refused, structures, "r=%s", mark_array(r, n));
#elif CASE == 33 /* mark_array(): needs a pointer to integers: &r */
	trace_mark(refused, pointers, "r=%s", mark_array(&r, n));
#elif CASE == 24 /* expects argument of type .int., but argument 2 has type .u64. */
	n = mark_fail(refused, -EINVAL, "wide is %d", r->wide);
#endif
}

struct probed {
	int	number;
};

/* Good: a probe with a parameter of each sort */
void probe(void *data, bool b, s8 n, u64 wide, const char *name, const struct mark_mac *mac,
	   const struct mark_bytes *bytes, const struct probed *ptr);
void probe(void *data, bool b, s8 n, u64 wide, const char *name, const struct mark_mac *mac,
	   const struct mark_bytes *bytes, const struct probed *ptr)
{
}

DEFINE_MARKER_PROBE(probe, bool, s8, u64, const char *, const struct mark_mac *,
		    const struct mark_bytes *, const struct probed *);

void probe_none(void *data);
void probe_none(void *data)
{
}

DEFINE_MARKER_PROBE(probe_none);

int register_probes(void);
int register_probes(void)
{
	return marker_probe_register("refused:good", probe, NULL) ?:
	       marker_probe_register("refused:none", probe_none, NULL) ?:
#if CASE == 20 /* __marker_probe_refused. undeclared */
	       marker_probe_register("refused:none", refused, NULL) ?:
#endif
	       marker_probe_unregister("refused:good", probe, NULL);
}

#define PROBE(name, param)							\
void name(void *data, param);							\
void name(void *data, param)							\
{										\
}

#if CASE == 30 /* a string is a const char . */
PROBE(counted, const struct mark_string *name)
DEFINE_MARKER_PROBE(counted, const struct mark_string *);
#elif CASE == 13 /* wrong_type() takes other parameters */
PROBE(wrong_type, u64 wide)
DEFINE_MARKER_PROBE(wrong_type, u32);
#elif CASE == 14 /* too_few() takes other parameters */
PROBE(too_few, u64 wide)
DEFINE_MARKER_PROBE(too_few);
#elif CASE == 15 /* too_many() takes other parameters */
PROBE(too_many, u64 wide)
DEFINE_MARKER_PROBE(too_many, u64, u64);
#elif CASE == 16 /* no field has this type: struct probed */
PROBE(structure, struct probed p)
DEFINE_MARKER_PROBE(structure, struct probed);
#elif CASE == 17 /* a string is a const char . */
PROBE(string, char *name)
DEFINE_MARKER_PROBE(string, char *);
#elif CASE == 18 /* returns() takes other parameters */
int returns(void *data, int n);
int returns(void *data, int n)
{
	return n;
}
DEFINE_MARKER_PROBE(returns, int);
#elif CASE == 19 /* no_data() takes other parameters */
void no_data(int n);
void no_data(int n)
{
}
DEFINE_MARKER_PROBE(no_data, int);
#endif
