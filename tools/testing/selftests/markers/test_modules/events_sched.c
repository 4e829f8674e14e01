// SPDX-License-Identifier: GPL-2.0
/* The events of trace/events/sched.h as markers: names, paths, flags and a "+" */

#include <linux/binfmts.h>
#include <linux/kthread.h>
#include <linux/mm_types.h>
#include <linux/pid.h>
#include <linux/sched/numa_balancing.h>
#include <linux/sched/task.h>
#include <linux/tracepoint.h>

#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define sched original_sched
#include <trace/events/sched.h>
#undef sched

MARK_FLAGS(sched_state, { 0, "R" }, { TASK_INTERRUPTIBLE, "S" }, { TASK_UNINTERRUPTIBLE, "D" },
	   { __TASK_STOPPED, "T" }, { __TASK_TRACED, "t" }, { EXIT_DEAD, "X" },
	   { EXIT_ZOMBIE, "Z" }, { TASK_PARKED, "P" }, { TASK_DEAD, "I" });
MARK_SYMBOLS(sched_preempted, { false, "" }, { true, "+" });
MARK_SYMBOLS(sched_bool, { false, "false" }, { true, "true" });

#define WAKEUP(event)								\
	BOTH(event, (p), "comm=%s pid=%d prio=%d target_cpu=%03d", p->comm, p->pid, \
	     p->prio, (int)task_cpu(p))

#define PROCESS(event) \
	BOTH(event, (p), "comm=%s pid=%d prio=%d", p->comm, p->pid, p->prio)

/*
 * For a task that does not move, and whose name and priority do not change. Not
 * sched_kthread_work_queue_work: no field can be called struct, as in "struct=%p".
 */
void markers_test_sched(unsigned int n)
{
	static struct linux_binprm bprm = { .filename = "/bin/file", .interp = "/bin/interp" };
	static struct kthread_work work = { .func = (void *)markers_test_sched };
	struct task_struct *p = current;
	bool preempt = n & 1;
	long state = __trace_sched_switch_state(preempt, n, p);

	BOTH(sched_kthread_stop, (p), "comm=%s pid=%d", p->comm, p->pid);
	BOTH(sched_kthread_stop_ret, (n), "ret=%d", (int)n);
	BOTH(sched_kthread_work_execute_start, (&work), "work struct %p: function %ps", &work,
	     work.func);
	BOTH(sched_kthread_work_execute_end, (&work, work.func),
	     "work struct %p: function %ps", &work, work.func);
	WAKEUP(sched_waking);
	WAKEUP(sched_wakeup);
	WAKEUP(sched_wakeup_new);
	BOTH(sched_switch, (preempt, p, &init_task, n),
	     "prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d",
	     p->comm, p->pid, p->prio, mark_name(sched_state, state & (TASK_REPORT_MAX - 1)),
	     mark_name(sched_preempted, (bool)(state & TASK_REPORT_MAX)), init_task.comm,
	     init_task.pid, init_task.prio);
	BOTH(sched_migrate_task, (p, n), "comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d",
	     p->comm, p->pid, p->prio, (int)task_cpu(p), (int)n);
	PROCESS(sched_process_free);
	BOTH(sched_process_exit, (p, preempt), "comm=%s pid=%d prio=%d group_dead=%s", p->comm,
	     p->pid, p->prio, mark_name(sched_bool, preempt));
	PROCESS(sched_wait_task);
	BOTH(sched_process_wait, (task_pid(p)), "comm=%s pid=%d prio=%d", p->comm,
	     pid_nr(task_pid(p)), p->prio);
	BOTH(sched_process_fork, (p, &init_task), "comm=%s pid=%d child_comm=%s child_pid=%d",
	     p->comm, p->pid, init_task.comm, init_task.pid);
	BOTH(sched_process_exec, (p, n, &bprm), "filename=%s pid=%d old_pid=%d", bprm.filename,
	     p->pid, (int)n);
	BOTH(sched_prepare_exec, (p, &bprm), "interp=%s filename=%s pid=%d comm=%s",
	     bprm.interp, bprm.filename, p->pid, p->comm);
	BOTH(sched_stat_runtime, (p, n), "comm=%s pid=%d runtime=%llu [ns]", p->comm, p->pid,
	     (u64)n);
	BOTH(sched_pi_setprio, (p, NULL), "comm=%s pid=%d oldprio=%d newprio=%d", p->comm,
	     p->pid, p->prio, p->normal_prio);
#ifdef CONFIG_DETECT_HUNG_TASK
	BOTH(sched_process_hang, (p), "comm=%s pid=%d", p->comm, p->pid);
#endif
	BOTH(sched_wake_idle_without_ipi, (n), "cpu=%d", (int)n);
}
