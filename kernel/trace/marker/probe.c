// SPDX-License-Identifier: GPL-2.0
/*
 * Typed probes: functions of modules, attached to markers by name.
 *
 * A function whose parameters are those of the marker is registered by the
 * marker's name. DEFINE_MARKER_PROBE() makes the compiler write down the types,
 * and the code that unpacks a hit. This file compares the types with the marker's.
 * A probe whose marker does not exist waits for it.
 */

#define pr_fmt(fmt) "marker: " fmt

#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "internal.h"

/**
 * struct marker_registration - A typed probe.
 * @rcu: frees it, after the hits that are under way
 * @node: in marker_registrations
 * @marker: marker that the probe is attached to, or NULL while it waits
 * @type: parameters of the function, and what calls it
 * @data: first argument of the function
 * @event: name of the event, in @system
 * @system: name of the system
 */
struct marker_registration {
	struct rcu_head				rcu;
	struct list_head			node;
	struct marker				*marker;
	const struct marker_probe_type		*type;
	void					*data;
	const char				*event;
	char					system[];
};

/* All of them, in the order they came, under event_mutex */
static LIST_HEAD(marker_registrations);

/* The context in which this CPU was in a typed probe last, or 0 */
static DEFINE_PER_CPU(unsigned int, marker_in_probe);

/*
 * Contexts that interrupt one another differ, and none is 0. Where softirqs are not
 * in the preempt count, on PREEMPT_RT, they do not interrupt a probe.
 */
static __always_inline unsigned int marker_context(void)
{
	return (preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) | BIT(0);
}

/*
 * Call a typed probe, but not within one: what a probe calls may have markers. What
 * interrupts this context may call one, and restores marker_in_probe.
 */
static __always_inline void marker_call_typed(const struct marker_registration *reg,
					      struct marker *marker, const void *rec,
					      const void **fields, bool no_text)
{
	unsigned int context = marker_context(), outer = __this_cpu_read(marker_in_probe);

	/* Text of a long record may be no string of C, which the probe expects. */
	if (no_text || outer == context) {
		atomic_long_inc(&marker->dropped);
		return;
	}
	__this_cpu_write(marker_in_probe, context);
	barrier();
	reg->type->call(reg->data, rec, fields);
	barrier();
	__this_cpu_write(marker_in_probe, outer);
}

/**
 * marker_record_typed() - Probe: call a typed probe.
 * @data: its struct marker_registration
 * @hit: the hit
 *
 * Context: Any, under tracepoint_srcu.
 */
void marker_record_typed(void *data, const struct marker_hit *hit)
{
	guard(preempt_notrace)();
	marker_call_typed(data, hit->marker, hit->rec, hit->data, hit->no_text);
}

/**
 * marker_hit_typed() - Give a hit to a typed probe that is the only probe.
 * @site: the site
 * @rec: the record, which is all
 *
 * Registrations are freed after RCU as well, so this needs no other reader.
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void marker_hit_typed(struct marker_site *site, void *rec)
{
	struct marker *marker = marker_of_site(site);
	const struct marker_registration *reg;

	preempt_disable_notrace();
	reg = READ_ONCE(marker->typed);
	if (likely(reg))
		marker_call_typed(reg, marker, rec, NULL, false);
	preempt_enable_notrace();
	/* Another probe came, and the general way calls both. */
	if (unlikely(!reg))
		marker_hit_probes(site, rec);
}

/* A string that the core makes is a string for probes, too. */
static enum marker_type marker_param_type(enum marker_type type)
{
	return marker_type_is_made(type) ? MARKER_STRING : type;
}

/**
 * marker_typed_probe_name() - The name of a typed probe.
 * @probe: a probe of a marker
 *
 * Context: Process context with event_mutex held.
 * Return: name of its function, or NULL for a probe of another kind.
 */
const char *marker_typed_probe_name(const struct tracepoint_func *probe)
{
	const struct marker_registration *reg = probe->data;

	return probe->func == marker_record_typed ? reg->type->func : NULL;
}

static bool marker_type_fits(const struct marker_probe_type *type,
			     const struct marker_desc *desc)
{
	int i;

	for (i = 0; i < marker_nargs(desc) && i < type->nargs; i++) {
		if (type->types[i] != marker_param_type(marker_arg_type(desc, i)))
			return false;
	}
	return type->nargs == marker_nargs(desc);
}

/* How a parameter of a type is written; captures are pointers to structures. */
static const char *marker_param_name(enum marker_type type)
{
	static const char *const names[MARKER_NR_TYPES] = {
		[MARKER_BOOL]	= "bool",
		[MARKER_MAC]	= "const struct mark_mac *",
		[MARKER_IPV4]	= "const struct mark_ipv4 *",
		[MARKER_IPV6]	= "const struct mark_ipv6 *",
		[MARKER_UUID]	= "const struct mark_uuid *",
		[MARKER_STRING]	= "const char *",
		[MARKER_BYTES]	= "const struct mark_bytes *",
		[MARKER_U8S]	= "const struct mark_u8s *",
		[MARKER_U16S]	= "const struct mark_u16s *",
		[MARKER_U32S]	= "const struct mark_u32s *",
		[MARKER_U64S]	= "const struct mark_u64s *",
		[MARKER_BITMAP]	= "const struct mark_bitmap *",
		[MARKER_CPUMASK] = "const struct mark_cpumask *",
	};

	return names[type] ?: marker_type_info[type].name;
}

static void marker_print_params(struct seq_buf *s, const u8 *types, unsigned int nargs)
{
	unsigned int i;

	seq_buf_putc(s, '(');
	for (i = 0; i < nargs; i++)
		seq_buf_printf(s, "%s%s", i ? ", " : "",
			       marker_param_name(marker_param_type(types[i] & ~MARKER_NAMED)));
	seq_buf_putc(s, ')');
}

/* Say why a probe is refused, with both lists of parameters in one line. */
static void marker_refuse_probe(const struct marker_registration *reg,
				const struct marker_desc *desc)
{
	/* Too large for the stack */
	static char line[1024];
	struct seq_buf s;

	lockdep_assert_held(&event_mutex);

	seq_buf_init(&s, line, sizeof(line));
	seq_buf_printf(&s, "probe %s", reg->type->func);
	marker_print_params(&s, reg->type->types, reg->type->nargs);
	seq_buf_printf(&s, " does not fit %s:%s", reg->system, reg->event);
	marker_print_params(&s, marker_types(desc), marker_nargs(desc));
	pr_warn("%s\n", seq_buf_str(&s));
}

static int marker_attach(struct marker_registration *reg, struct marker *marker)
{
	int ret = marker_probe_add(marker, marker_record_typed, reg);

	if (!ret)
		reg->marker = marker;
	return ret;
}

/**
 * marker_attach_waiting() - Attach the probes that wait for a marker.
 * @marker: marker, new in the table
 *
 * One that does not fit is not attached, and waits on.
 *
 * Context: Process context with event_mutex held, may sleep.
 */
void marker_attach_waiting(struct marker *marker)
{
	struct marker_registration *reg;

	list_for_each_entry(reg, &marker_registrations, node) {
		if (strcmp(reg->event, marker_event_name(marker->desc)) ||
		    strcmp(reg->system, marker_system(marker->desc)))
			continue;
		if (!marker_type_fits(reg->type, marker->desc))
			marker_refuse_probe(reg, marker->desc);
		else if (marker_attach(reg, marker))
			pr_warn("probe %s is not attached to %s:%s: out of memory\n",
				reg->type->func, reg->system, reg->event);
	}
}

static struct marker_registration *marker_registration_alloc(const char *name,
							     const struct marker_probe_type *type,
							     void *data)
{
	size_t len = strcspn(name, ":"), size = strlen(name) + 1;
	struct marker_registration *reg;

	if (!len || !name[len] || !name[len + 1] || strchr(name + len + 1, ':')) {
		pr_warn("probe %s: '%s' is no name of a marker: write system:event\n",
			type->func, name);
		return ERR_PTR(-EINVAL);
	}

	reg = kzalloc_flex(*reg, system, size);
	if (!reg)
		return ERR_PTR(-ENOMEM);
	memcpy(reg->system, name, size);
	reg->system[len] = '\0';
	reg->event = reg->system + len + 1;
	reg->type = type;
	reg->data = data;
	return reg;
}

static struct marker_registration *marker_registration_find(const char *name,
							    const struct marker_probe_type *type,
							    void *data)
{
	size_t len = strcspn(name, ":");
	struct marker_registration *reg;

	lockdep_assert_held(&event_mutex);

	list_for_each_entry(reg, &marker_registrations, node) {
		if (reg->type == type && reg->data == data && name[len] &&
		    strlen(reg->system) == len && !memcmp(reg->system, name, len) &&
		    !strcmp(reg->event, name + len + 1))
			return reg;
	}
	return NULL;
}

/* See marker_probe_register(). */
int __marker_probe_register(const char *name, const struct marker_probe_type *type,
			    void *data)
{
	struct marker *marker;
	int ret = 0;

	guard(mutex)(&event_mutex);

	if (marker_registration_find(name, type, data))
		return -EEXIST;
	struct marker_registration *reg __free(kfree) =
		marker_registration_alloc(name, type, data);
	if (IS_ERR(reg))
		return PTR_ERR(reg);

	marker = marker_find(reg->system, reg->event);
	if (marker && !marker_type_fits(type, marker->desc)) {
		marker_refuse_probe(reg, marker->desc);
		return -EINVAL;
	}
	if (marker)
		ret = marker_attach(reg, marker);
	if (!ret)
		list_add_tail(&no_free_ptr(reg)->node, &marker_registrations);
	return ret;
}
EXPORT_SYMBOL_GPL(__marker_probe_register);

static void marker_registration_free(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct marker_registration, rcu));
}

static void marker_registration_end(struct marker_registration *reg)
{
	list_del(&reg->node);
	if (reg->marker)
		marker_probe_remove(reg->marker, marker_record_typed, reg);
	call_tracepoint_unregister_atomic(&reg->rcu, marker_registration_free);
}

/* See marker_probe_unregister(). */
int __marker_probe_unregister(const char *name, const struct marker_probe_type *type,
			      void *data)
{
	struct marker_registration *reg;

	guard(mutex)(&event_mutex);

	reg = marker_registration_find(name, type, data);
	if (!reg)
		return -ENOENT;
	marker_registration_end(reg);
	return 0;
}
EXPORT_SYMBOL_GPL(__marker_probe_unregister);

/**
 * marker_probes_going() - Take off the probes that a module has not unregistered.
 * @mod: module, of which nothing but its memory will remain
 *
 * Hits would call functions that are gone.
 *
 * Context: Process context, takes event_mutex, may sleep.
 */
void marker_probes_going(const struct module *mod)
{
	struct marker_registration *reg, *next;
	unsigned int nr = 0;

	scoped_guard(mutex, &event_mutex) {
		list_for_each_entry_safe(reg, next, &marker_registrations, node) {
			if (reg->type->owner != mod)
				continue;
			if (!nr++)
				pr_warn("%s: goes without marker_probe_unregister() of %s from %s:%s\n",
					mod->name, reg->type->func, reg->system, reg->event);
			marker_registration_end(reg);
		}
	}
	if (nr)
		tracepoint_synchronize_unregister();
}

/* See the header. */
void marker_synchronize_unregister(void)
{
	tracepoint_synchronize_unregister();
}
EXPORT_SYMBOL_GPL(marker_synchronize_unregister);
