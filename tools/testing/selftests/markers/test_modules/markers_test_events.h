/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events of the tree beside markers which say the same. A file includes a
 * header of trace/events/ with CREATE_TRACE_POINTS, and so has its events a second
 * time; "#define sched original_sched" before that gives them another system. Each
 * is hit with BOTH(), the marker, mark_ and the name of the event, right after it: the
 * texts of the two are to be the same.
 */
#ifndef _MARKERS_TEST_EVENTS_H
#define _MARKERS_TEST_EVENTS_H

#include <linux/marker.h>

#define BOTH(event, args, fmt, fields...)					\
do {										\
	trace_##event args;							\
	trace_mark(as_marker, mark_##event, fmt, ##fields);				\
} while (0)

void markers_test_filelock(unsigned int n);
void markers_test_filemap(unsigned int n);
void markers_test_irq(unsigned int n);
void markers_test_sched(unsigned int n);
void markers_test_timer(unsigned int n);

#endif /* _MARKERS_TEST_EVENTS_H */
