// SPDX-License-Identifier: GPL-2.0
/* The events of trace/events/irq.h as markers: strings of conditions, symbols, functions */

#include <linux/interrupt.h>
#include <linux/tracepoint.h>

#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define irq original_irq
#include <trace/events/irq.h>
#undef irq

MARK_SYMBOLS(irq_handled, { false, "unhandled" }, { true, "handled" });
MARK_SYMBOLS(softirq_vec, SOFTIRQ_NAME_LIST);

#define SOFTIRQ(event) \
	BOTH(event, (n), "vec=%u [action=%s]", n, mark_name(softirq_vec, n))

#define TASKLET(event)								\
	BOTH(event, (tasklet, markers_test_irq), "tasklet=%ps function=%ps", tasklet, \
	     markers_test_irq)

void markers_test_irq(unsigned int n)
{
	struct tasklet_struct *tasklet = (void *)markers_test_irq;
	struct irqaction action = { .name = "an action" };

	BOTH(irq_handler_entry, (n, &action), "irq=%d name=%s", (int)n, action.name);
	BOTH(irq_handler_exit, (n, &action, n & 1), "irq=%d ret=%s", (int)n,
	     mark_name(irq_handled, (bool)(n & 1)));
	SOFTIRQ(softirq_entry);
	SOFTIRQ(softirq_exit);
	SOFTIRQ(softirq_raise);
	TASKLET(tasklet_entry);
	TASKLET(tasklet_exit);
}
