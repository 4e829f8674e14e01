/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_TRACE_MARKER_H
#define _KERNEL_TRACE_MARKER_H

/*
 * What the tracing core and the module loader call.
 */

#include <linux/init.h>

struct load_info;
struct module;
struct trace_event_call;
struct trace_event_file;

#ifdef CONFIG_MARKERS
void __init marker_init(void);
void marker_batch_begin(void);
void marker_batch_end(void);
bool marker_event_exists(const char *event);
bool marker_event_in_module(struct trace_event_call *call, const char *module);
void marker_event_everywhere(struct trace_event_file *file);
int marker_value_of_name(struct trace_event_call *call, const char *field,
			 const char *text, u64 *value);
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

static inline bool marker_event_exists(const char *event)
{
	return false;
}

static inline bool marker_event_in_module(struct trace_event_call *call, const char *module)
{
	return false;
}

static inline void marker_event_everywhere(struct trace_event_file *file)
{
}

static inline int marker_value_of_name(struct trace_event_call *call, const char *field,
				       const char *text, u64 *value)
{
	return 0;
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
