/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Have a function called in an NMI on some CPU, where there is a way to do so:
 * on x86, by an interrupt that one CPU sends to another.
 */
#ifndef _SELFTESTS_MARKERS_NMI_H
#define _SELFTESTS_MARKERS_NMI_H

#if defined(CONFIG_X86_LOCAL_APIC) && !defined(CONFIG_UML)

#define STRESS_HAS_NMI true

#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/nmi.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <asm/apic.h>

static struct cpumask stress_nmi_wanted;
static void (*stress_nmi_fn)(unsigned int cpu);

static int stress_nmi_handler(unsigned int type, struct pt_regs *regs)
{
	unsigned int cpu = smp_processor_id();

	if (!cpumask_test_and_clear_cpu(cpu, &stress_nmi_wanted))
		return NMI_DONE;
	stress_nmi_fn(cpu);
	return NMI_HANDLED;
}

/* A CPU that goes down meanwhile drops it, and the next one is not sent. */
static inline void stress_nmi_send(unsigned int cpu)
{
	guard(preempt)();

	if (!cpu_online(cpu) || cpumask_test_and_set_cpu(cpu, &stress_nmi_wanted))
		return;
	__apic_send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
}

static inline int stress_nmi_start(void (*fn)(unsigned int cpu))
{
	stress_nmi_fn = fn;
	return register_nmi_handler(NMI_LOCAL, stress_nmi_handler, 0, KBUILD_MODNAME);
}

static inline void stress_nmi_ack(void *unused)
{
}

/* A CPU that answers has taken the NMIs sent to it before. */
static inline void stress_nmi_stop(void)
{
	on_each_cpu(stress_nmi_ack, NULL, 1);
	unregister_nmi_handler(NMI_LOCAL, KBUILD_MODNAME);
}

#else

#define STRESS_HAS_NMI false

static inline void stress_nmi_send(unsigned int cpu)
{
}

static inline int stress_nmi_start(void (*fn)(unsigned int cpu))
{
	return 0;
}

static inline void stress_nmi_stop(void)
{
}

#endif

#endif /* _SELFTESTS_MARKERS_NMI_H */
