// SPDX-License-Identifier: GPL-2.0
/*
 * A function with markers, or without any, for nop-test to compile and compare. What
 * a marker records is to be loaded only where it is recorded.
 */

#ifdef NO_MARKERS
#undef CONFIG_MARKERS
#endif

#include <linux/marker.h>
#include <linux/types.h>

struct nop_test {
	int	number;
	u64	wide;
	char	name[16];
};

void nop_test(const struct nop_test *t, long (*evaluate)(void));
void on_the_way(const struct nop_test *t, long (*evaluate)(void));

/* The calls keep the compiler from taking another way through the function. */
void nop_test(const struct nop_test *t, long (*evaluate)(void))
{
	on_the_way(t, evaluate);
#ifdef MARK
	trace_mark(nop_test, hit, "number=%d wide=%llu name=%s value=%ld", t->number, t->wide,
		   t->name, evaluate());
#endif
	on_the_way(t, evaluate);
}
