// SPDX-License-Identifier: GPL-2.0
/*
 * Pointers that a marker would follow, and must not, as they are of another address
 * space. "check sparse" has sparse look at each case by itself with SPACE as __user,
 * __iomem, __percpu and __rcu. sparse has to report an address space, and for case 0
 * nothing.
 */

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/marker.h>

struct far {
	char		name[16];
	const char	*text;
	u32		numbers[2];
	u64		wide[2];
	unsigned long	bits[2];
};

int far(struct far SPACE *ptr, const char SPACE *text, const void SPACE *any,
	const char __user *user, int n);
int far(struct far SPACE *ptr, const char SPACE *text, const void SPACE *any,
	const char __user *user, int n)
{
#if CASE == 0
	trace_mark(far, good, "ptr=%p text=0x%lx any=%p user=%s", ptr, (unsigned long)text, any,
		   mark_user_string(user));
	return mark_fail(far, n, "n is %d, ptr is %p, text is at 0x%lx", n, ptr,
			 (unsigned long)text);
#elif CASE == 1
	trace_mark(far, text, "text=%s", text);
#elif CASE == 2
	trace_mark(far, not_const, "text=%s", (char SPACE *)text);
#elif CASE == 3
	trace_mark(far, name, "n=%d name=%s", n, ptr->name);
#elif CASE == 4
	trace_mark(far, string, "text=%s", mark_string(text, n));
#elif CASE == 5
	trace_mark(far, string, "name=%s", mark_string(ptr->name, sizeof(ptr->name)));
#elif CASE == 6
	trace_mark(far, bytes, "any=%ph", mark_bytes(any, n));
#elif CASE == 7
	trace_mark(far, array, "numbers=%s", mark_array(ptr->numbers, 2));
#elif CASE == 8
	trace_mark(far, array, "wide=%s", mark_array(ptr->wide, 2));
#elif CASE == 9
	trace_mark(far, mac, "any=%pM", mark_mac(any));
#elif CASE == 10
	trace_mark(far, ipv4, "any=%pI4", mark_ipv4(any));
#elif CASE == 11
	trace_mark(far, ipv6, "any=%pI6", mark_ipv6(any));
#elif CASE == 12
	trace_mark(far, uuid, "any=%pU", mark_uuid(any));
#elif CASE == 13
	trace_mark(far, bitmap, "bits=%s", mark_bitmap(ptr->bits, 2 * BITS_PER_LONG));
#elif CASE == 14
	trace_mark(far, cpumask, "any=%s", mark_cpumask((const struct cpumask SPACE *)any));
#elif CASE == 15
	trace_mark(far, path, "any=%s", mark_path((const struct path SPACE *)any));
#elif CASE == 16
	trace_mark(far, dentry, "any=%s", mark_dentry((const struct dentry SPACE *)any));
#elif CASE == 17
	trace_mark(far, file, "any=%s", mark_file((const struct file SPACE *)any));
#elif CASE == 18
	trace_mark(far, device, "any=%s", mark_device((const struct device SPACE *)any));
#elif CASE == 19
	trace_mark(far, sockaddr, "any=%s", mark_sockaddr(any, n));
#elif CASE == 20
	/* One that the kernel can read is no string of user space. */
	trace_mark(far, near, "near=%s", mark_user_string((__force const char *)text));
#elif CASE == 21
	return mark_fail(far, -EINVAL, "n is %d, text is %s", n, text);
#elif CASE == 22
	return mark_fail(far, -EINVAL, "name is %s", ptr->name);
#endif
	return n;
}
