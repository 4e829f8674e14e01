// SPDX-License-Identifier: GPL-2.0
/* The events of trace/events/timer.h as markers: symbols, flags, and what is computed */

#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/tracepoint.h>

#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define timer original_timer
/* Time stands still between the event and the marker. */
#undef jiffies
#define jiffies markers_test_jiffies
static unsigned long jiffies;
#include <trace/events/timer.h>
#undef timer

MARK_FLAGS(timer_flags, { 0, "" }, { TIMER_MIGRATING, "M" }, { TIMER_DEFERRABLE, "D" },
	   { TIMER_PINNED, "P" }, { TIMER_IRQSAFE, "I" });
MARK_SYMBOLS(clockid, { CLOCK_REALTIME, "CLOCK_REALTIME" }, { CLOCK_MONOTONIC, "CLOCK_MONOTONIC" },
	     { CLOCK_BOOTTIME, "CLOCK_BOOTTIME" }, { CLOCK_TAI, "CLOCK_TAI" });
MARK_SYMBOLS(hrtimer_mode, { HRTIMER_MODE_ABS, "ABS" }, { HRTIMER_MODE_REL, "REL" },
	     { HRTIMER_MODE_ABS_PINNED, "ABS|PINNED" }, { HRTIMER_MODE_REL_PINNED, "REL|PINNED" },
	     { HRTIMER_MODE_ABS_SOFT, "ABS|SOFT" }, { HRTIMER_MODE_REL_SOFT, "REL|SOFT" },
	     { HRTIMER_MODE_ABS_PINNED_SOFT, "ABS|PINNED|SOFT" },
	     { HRTIMER_MODE_REL_PINNED_SOFT, "REL|PINNED|SOFT" },
	     { HRTIMER_MODE_ABS_HARD, "ABS|HARD" }, { HRTIMER_MODE_REL_HARD, "REL|HARD" },
	     { HRTIMER_MODE_ABS_PINNED_HARD, "ABS|PINNED|HARD" },
	     { HRTIMER_MODE_REL_PINNED_HARD, "REL|PINNED|HARD" });
MARK_SYMBOLS(tick_dep, TICK_DEP_NAMES);

#define TIMER(event)	BOTH(event, (&t), "timer=%p", &t)
#define HRTIMER(event)	BOTH(event, (&h), "hrtimer=%p", &h)

static void markers_test_function(struct timer_list *t)
{
}

static enum hrtimer_restart markers_test_hrfunction(struct hrtimer *h)
{
	return HRTIMER_NORESTART;
}

void markers_test_timer(unsigned int n)
{
	static struct timer_list t = { .function = markers_test_function };
	static struct hrtimer h;
	const struct itimerspec64 value = {
		.it_value = { n, n }, .it_interval = { 1, n + 1000 },
	};

	/*
	 * A negative value without a name is one of 64 bits in the kernel's text of an
	 * event, and one of the field's in that of a marker, as in user space.
	 */
	int positive = n & INT_MAX;

	jiffies = 1000;
	t.expires = n;
	t.flags = n;
	ACCESS_PRIVATE(&h, function) = markers_test_hrfunction;
	hrtimer_set_expires_range_ns(&h, n, 5);
	TIMER(timer_init);
	BOTH(timer_start, (&t, n),
	     "timer=%p function=%ps expires=%lu [timeout=%ld] bucket_expiry=%lu cpu=%u idx=%u flags=%s",
	     &t, t.function, t.expires, (long)t.expires - (long)jiffies, (unsigned long)n,
	     t.flags & TIMER_CPUMASK, t.flags >> TIMER_ARRAYSHIFT,
	     mark_name(timer_flags, t.flags & TIMER_TRACE_FLAGMASK));
	BOTH(timer_expire_entry, (&t, n), "timer=%p function=%ps now=%lu baseclk=%lu", &t,
	     t.function, jiffies, (unsigned long)n);
	TIMER(timer_expire_exit);
	TIMER(timer_cancel);
	BOTH(timer_base_idle, (n & 1, n), "is_idle=%d cpu=%d", (bool)(n & 1), n);
	BOTH(hrtimer_setup, (&h, positive, n), "hrtimer=%p clockid=%s mode=%s", &h,
	     mark_name(clockid, (clockid_t)positive), mark_name(hrtimer_mode, (enum hrtimer_mode)n));
	BOTH(hrtimer_start, (&h, n, n & 1),
	     "hrtimer=%p function=%ps expires=%llu softexpires=%llu mode=%s was_armed=%d", &h,
	     ACCESS_PRIVATE(&h, function), (u64)hrtimer_get_expires(&h),
	     (u64)hrtimer_get_softexpires(&h), mark_name(hrtimer_mode, (enum hrtimer_mode)n),
	     (bool)(n & 1));
	BOTH(hrtimer_expire_entry, (&h, n), "hrtimer=%p function=%ps now=%llu", &h,
	     ACCESS_PRIVATE(&h, function), (u64)n);
	HRTIMER(hrtimer_start_expired);
	HRTIMER(hrtimer_expire_exit);
	HRTIMER(hrtimer_cancel);
	BOTH(hrtimer_rearm, (n, n & 1), "next_event=%llu deferred=%d", (u64)n, (bool)(n & 1));
	BOTH(itimer_state, (n, &value, n),
	     "which=%d expires=%llu it_value=%ld.%06ld it_interval=%ld.%06ld", (int)n,
	     (u64)n, (long)value.it_value.tv_sec,
	     (long)value.it_value.tv_nsec / NSEC_PER_USEC, (long)value.it_interval.tv_sec,
	     (long)value.it_interval.tv_nsec / NSEC_PER_USEC);
	BOTH(itimer_expire, (n, task_pid(current), n), "which=%d pid=%d now=%llu", (int)n,
	     pid_nr(task_pid(current)), (u64)n);
#ifdef CONFIG_NO_HZ_COMMON
	BOTH(tick_stop, (n & 1, positive), "success=%d dependency=%s", (int)(n & 1),
	     mark_name(tick_dep, positive));
#endif
}
