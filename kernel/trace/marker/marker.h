/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_TRACE_MARKER_H
#define _KERNEL_TRACE_MARKER_H

/*
 * What the tracing core and the module loader call.
 */

#include <linux/init.h>

struct load_info;
struct module;

#ifdef CONFIG_MARKERS
void __init marker_init(void);
void marker_batch_begin(void);
void marker_batch_end(void);
#else
static inline void marker_init(void)
{
}

static inline void marker_batch_begin(void)
{
}

static inline void marker_batch_end(void)
{
}
#endif

#if defined(CONFIG_MARKERS) && defined(CONFIG_MODULES)
void marker_module_coming(struct module *mod, const struct load_info *info);
#else
static inline void marker_module_coming(struct module *mod, const struct load_info *info)
{
}
#endif

#endif /* _KERNEL_TRACE_MARKER_H */
