// SPDX-License-Identifier: GPL-2.0
/*
 * What trace_mark() must not compile, and what the compiler must say of it.
 * "check refused" compiles each case by itself, with and without CONFIG_MARKERS.
 */

#include <linux/marker.h>

struct refused {
	unsigned int	bits : 3;
	int		numbers[2];
	u8		bytes[6];
	u64		wide;
	char		name[16];
};

void refused(struct refused *r, int n);
void refused(struct refused *r, int n)
{
	/* Case 0 is what does compile: the others fail for their own reasons. */
	trace_mark(refused, good, "wide=%llu name=%s ptr=%p fn=%ps n=%d",
		   r->wide, r->name, r->numbers + 1, refused, n);
#if CASE == 1 /* a value of this type cannot be stored: .r */
	trace_mark(refused, structure, "r=%p", *r);
#elif CASE == 2 /* only arrays of char can be stored: r->numbers */
	trace_mark(refused, array, "numbers=%p", r->numbers);
#elif CASE == 3 /* only arrays of char can be stored: r->bytes */
	trace_mark(refused, bytes, "bytes=%p", r->bytes);
#elif CASE == 4 /* applied to a bit-field */
	trace_mark(refused, bitfield, "bits=%u", r->bits);
#elif CASE == 5 /* a value of this type cannot be stored: (__int128)n */
	trace_mark(refused, int128, "n=%d", (__int128)n);
#elif CASE == 6 /* more than 16 arguments */
	trace_mark(refused, seventeen, "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d",
		   n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n);
#elif CASE == 7 /* expects argument of type .int., but argument 2 has type .u64. */
	trace_mark(refused, format, "wide=%d", r->wide);
#elif CASE == 8 /* expects a matching .int. argument */
	trace_mark(refused, missing, "n=%d m=%d", n);
#elif CASE == 9 /* too many arguments for format */
	trace_mark(refused, surplus, "n=%d", n, n);
#elif CASE == 10 /* expected .* before .-. token */
	trace_mark(re-fused, name, "n=%d", n);
#elif CASE == 11 /* expected .* string */
	trace_mark(refused, variable, r->name);
#elif CASE == 12 /* expected */
	trace_mark("refused", string, "n=%d", n);
#endif
}
