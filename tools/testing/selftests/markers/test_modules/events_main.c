// SPDX-License-Identifier: GPL-2.0
/* Trace events beside markers that say the same: ipi.h, and what hits all of them */

#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/tracepoint.h>

#include "markers_test.h"
#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define ipi original_ipi
#include <trace/events/ipi.h>
#undef ipi

static void markers_test_hit(unsigned int n)
{
	struct cpumask mask = { };

	*cpumask_bits(&mask) = n;
	/* The task stays on its CPU, so that records are in the order of the hits. */
	guard(preempt)();
	BOTH(ipi_send_cpu, (n, (unsigned long)markers_test_hit, NULL),
	     "cpu=%u callsite=%pS callback=%pS", n, markers_test_hit, NULL);
	BOTH(ipi_send_cpumask, (&mask, (unsigned long)markers_test_hit, markers_test_set_hit),
	     "cpumask=%s callsite=%pS callback=%pS", mark_cpumask(&mask), markers_test_hit,
	     markers_test_set_hit);
	markers_test_filelock(n);
	markers_test_filemap(n);
	markers_test_irq(n);
	markers_test_sched(n);
	markers_test_timer(n);
}

MODULE_DESCRIPTION("Trace events and markers that say the same");
MODULE_LICENSE("GPL");
