/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What trace/define_trace.h reads again and again, in the place of the header whose
 * system has another name.
 */
#ifdef filelock
#include <trace/events/filelock.h>
#elif defined(filemap)
#include <trace/events/filemap.h>
#elif defined(ipi)
#include <trace/events/ipi.h>
#elif defined(irq)
#include <trace/events/irq.h>
#elif defined(sched)
#include <trace/events/sched.h>
#elif defined(timer)
#include <trace/events/timer.h>
#endif
