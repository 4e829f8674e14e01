// SPDX-License-Identifier: GPL-2.0
/*
 * What scripts/coccinelle/markers/side_effects.cocci has to show and to let be; see
 * "check conversion".
 */

#include <linux/marker.h>

int shown(struct box *box, unsigned int n, char *p)
{
	trace_mark(box, box_assign, "n=%u", n = 1);
	trace_mark(box, box_add, "n=%u left=%u", box->n, n += box->n);
	trace_mark(box, box_post, "n=%u", n++);
	trace_mark(box, box_pre, "n=%u x=%d y=%d", n, ++box->x, --box->y);
	trace_mark(box, box_nested, "n=%u", (u32)(n + (box->n ? box->n-- : 0)));
	trace_mark(box, box_name, "how=%s", mark_name(how, box->how++));
	trace_mark(box, box_string, "p=%s", mark_string(p++, n));
	trace_mark(box, box_count, "n=%d", atomic_inc_return(&box->count));
	trace_mark(box, box_swap, "old=%lu", xchg(&box->old, 0));
	trace_mark(box, box_get, "box=%p", refcount_inc_not_zero(&box->ref) ? box : NULL);
	trace_mark_cond(box, box_once, !box->seen++, "n=%u", n);
	trace_mark_cond(box, box_bit, test_and_set_bit(0, &box->bits), "n=%u", n);
	if (!n)
		return mark_fail(box, -EINVAL, "no box %u", n++);
	return mark_fail(box, -ENOMEM, "%s of %d", box->name, atomic_dec_return(&box->count));
}

int let_be(struct box *box, unsigned int n)
{
	int err = n++;

	trace_mark(box, box_none, "");
	trace_mark(box, box_reads, "n=%u count=%d bit=%d", READ_ONCE(box->n),
		   atomic_read(&box->count), test_bit(0, &box->bits));
	trace_mark(box, box_refs, "refs=%u long=%ld", refcount_read(&box->ref),
		   atomic_long_read_acquire(&box->sum));
	trace_mark(box, box_compares, "same=%d less=%d", n == box->n, n <= box->n);
	trace_mark(box, box_names, "comm=%s len=%zu", current->comm, strlen(box->name));
	trace_mark_cond(box, box_cond, box->n != n, "n=%u", -n);
	n--;
	if (box->n)
		return mark_fail(box, err = box_open(box), "is not open");
	return mark_fail(box, xchg(&box->err, 0), "box %u failed before", n);
}
