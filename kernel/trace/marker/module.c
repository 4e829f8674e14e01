// SPDX-License-Identifier: GPL-2.0
/*
 * Markers of modules: bound before the module's init runs, and unbound when
 * nothing of the module runs any more.
 *
 * The module loader calls marker_module_coming(), as it alone knows where a
 * section is; struct module is left as it is. What happens afterwards, a failed
 * load included, ends with the notifier's MODULE_STATE_GOING.
 */

#define pr_fmt(fmt) "marker: " fmt

#include <linux/build_bug.h>
#include <linux/cleanup.h>
#include <linux/elf.h>
#include <linux/init.h>
#include <linux/marker.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"
#include "../../module/internal.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "markers."

/* Taints that the administrator allows, on top of those that tracepoints do */
static unsigned long marker_allowed_taints __ro_after_init;

static int marker_allow_taint_set(const char *val, const struct kernel_param *kp)
{
	unsigned long taints = 0;
	int i;

	for (; val && *val; val++) {
		for (i = 0; i < TAINT_FLAGS_COUNT; i++) {
			if (taint_flags[i].c_true == *val)
				break;
		}
		if (i == TAINT_FLAGS_COUNT) {
			pr_err("markers.allow_taint: '%c' is no taint\n", *val);
			return -EINVAL;
		}
		taints |= BIT(i);
	}
	marker_allowed_taints = taints;
	return 0;
}

static int marker_allow_taint_get(char *buf, const struct kernel_param *kp)
{
	size_t len = module_flags_taint(marker_allowed_taints, buf);

	buf[len++] = '\n';
	return len;
}

static const struct kernel_param_ops marker_allow_taint_ops = {
	.set	= marker_allow_taint_set,
	.get	= marker_allow_taint_get,
};
module_param_cb(allow_taint, &marker_allow_taint_ops, NULL, 0444);

/**
 * marker_denied_taints() - Which of a module's taints deny its markers.
 * @mod: module
 *
 * They are those for which tracepoints refuse a module, but for what the boot
 * parameter markers.allow_taint= allows.
 *
 * Return: bits as in module::taints, 0 if its markers may be bound.
 */
unsigned long marker_denied_taints(struct module *mod)
{
	return trace_module_bad_taints(mod) & ~marker_allowed_taints;
}

/* Say what became of the sites of a tainted module. */
static void marker_report_taint(const struct marker_section *section)
{
	char taints[MODULE_FLAGS_BUF_SIZE];

	if (section->denied) {
		taints[module_flags_taint(section->denied, taints)] = '\0';
		pr_warn("%s: markers at %td sites are denied, as the module is tainted (%s)\n",
			section->mod->name, section->end - section->start, taints);
	} else if (trace_module_bad_taints(section->mod)) {
		taints[module_flags_taint(section->mod->taints, taints)] = '\0';
		pr_notice_once("%s: markers work although the module is tainted (%s), as markers.allow_taint= says\n",
			       section->mod->name, taints);
	}
}

/*
 * The layout that MARKER_SECTION names the version of. Modules that were built
 * with it are still around when it changes: then the version has to change, too.
 */
#if defined(CONFIG_64BIT) && defined(CONFIG_JUMP_LABEL)
static_assert(sizeof(struct marker_site) == 40);
static_assert(offsetof(struct marker_site, key) == 0);
static_assert(offsetof(struct marker_site, hit) == 16);
static_assert(offsetof(struct marker_site, link) == 24);
static_assert(offsetof(struct marker_site, desc) == 32);
static_assert(sizeof(struct marker_desc) == 24);
static_assert(offsetof(struct marker_desc, file) == 0);
static_assert(offsetof(struct marker_desc, func) == 8);
static_assert(offsetof(struct marker_desc, line) == 16);
static_assert(offsetof(struct marker_desc, size) == 20);
static_assert(offsetof(struct marker_desc, nargs) == 22);
static_assert(offsetof(struct marker_desc, nr_sets) == 23);
static_assert(sizeof(struct mark_set) == 24);
#endif
static_assert(sizeof(struct mark_name) == 16);
static_assert(MARKER_NAMED == 0x80);
static_assert(MARK_KIND_DEV == 4);
static_assert(MARKER_HEADER_SIZE == 8);
static_assert(MARKER_PTR == 12);
static_assert(MARKER_STRING == 17);
static_assert(MARKER_PATH == 25);
static_assert(MARKER_NR_TYPES == 31);
static_assert(__same_type(marker_hit_fn, void (struct marker_site *, void *, const void **)));

/* Find the section of sites; another layout's is refused. */
static const Elf_Shdr *marker_find_section(const struct module *mod,
					   const struct load_info *info)
{
	unsigned int i;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		const Elf_Shdr *shdr = &info->sechdrs[i];
		const char *name = info->secstrings + shdr->sh_name;

		if (!(shdr->sh_flags & SHF_ALLOC) || !str_has_prefix(name, "__markers_v"))
			continue;
		if (!strcmp(name, MARKER_SECTION))
			return shdr;
		pr_warn("%s: markers refused, as the module was built for %s and not for %s\n",
			mod->name, name, MARKER_SECTION);
		return NULL;
	}
	return NULL;
}

static struct marker_section *marker_section_create(struct module *mod,
						    const struct load_info *info)
{
	const Elf_Shdr *shdr = marker_find_section(mod, info);
	struct marker_section *section;

	if (!shdr)
		return NULL;
	section = kzalloc_obj(*section);
	if (!section) {
		pr_warn("%s: markers stay off: out of memory\n", mod->name);
		return NULL;
	}
	section->mod = mod;
	section->start = (struct marker_site *)shdr->sh_addr;
	section->end = section->start + shdr->sh_size / sizeof(*section->start);
	section->denied = marker_denied_taints(mod);
	return section;
}

/**
 * marker_module_coming() - Bind the markers of a module that is being loaded.
 * @mod: module, formed, but nothing of it has run
 * @info: where its sections are
 *
 * Whatever is wrong with its markers, the module is loaded.
 *
 * Context: Process context, takes event_mutex, may sleep.
 */
void marker_module_coming(struct module *mod, const struct load_info *info)
{
	struct marker_section *section = marker_section_create(mod, info);

	if (section) {
		marker_report_taint(section);
		marker_section_add(section);
	}
	guard(mutex)(&event_mutex);
	trace_module_events_added(mod);
}

static struct marker_section *marker_section_of(const struct module *mod)
{
	struct marker_section *section;

	guard(mutex)(&event_mutex);

	list_for_each_entry(section, &marker_sections, node) {
		if (section->mod == mod)
			return section;
	}
	return NULL;
}

static int marker_module_notify(struct notifier_block *nb, unsigned long state, void *data)
{
	struct marker_section *section;

	if (state != MODULE_STATE_GOING)
		return NOTIFY_OK;
	marker_probes_going(data);
	section = marker_section_of(data);
	if (section) {
		marker_section_del(section);
		kfree(section);
	}
	return NOTIFY_OK;
}

/* Before jump labels, at 1: no key is turned on that they have let go. */
static struct notifier_block marker_module_nb = {
	.notifier_call	= marker_module_notify,
	.priority	= 2,
};

static int __init marker_module_init(void)
{
	return register_module_notifier(&marker_module_nb);
}
core_initcall(marker_module_init);
