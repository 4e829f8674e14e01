// SPDX-License-Identifier: GPL-2.0
/*
 * The file "markers" in tracefs: one line for each site.
 */

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/string_choices.h>

#include "../trace/trace.h"
#include "internal.h"

static void *markers_seq_start(struct seq_file *m, loff_t *pos)
{
	struct marker_site *site = __start___markers + *pos;

	return site < __stop___markers ? site : NULL;
}

static void *markers_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return markers_seq_start(m, pos);
}

static void markers_seq_stop(struct seq_file *m, void *v)
{
}

static void marker_show_fields(struct seq_file *m, const struct marker_desc *desc)
{
	const char *separator = "", *error = marker_format_check(desc);
	struct marker_format_iter iter;
	char name[MARKER_NAME_MAX];

	if (error) {
		seq_printf(m, "(%s)", error);
		return;
	}
	if (!desc->nargs)
		seq_putc(m, '-');

	marker_format_begin(&iter, desc);
	while (marker_format_next_field(&iter)) {
		marker_field_name(&iter, name, sizeof(name));
		seq_printf(m, "%s%s %s", separator, marker_type_info[iter.type].name, name);
		separator = ", ";
	}
}

static int markers_seq_show(struct seq_file *m, void *v)
{
	const struct marker_site *site = v;
	const struct marker_desc *desc = site->desc;
	unsigned int nr = 0;
	const char *state = "refused";

	if (site->gate) {
		nr = marker_nr_probes(container_of(site->gate, struct marker, gate));
		state = str_on_off(nr);
	}
	seq_printf(m, "%s:%s\t%s\t%u\t%s:%u\t%s\t-\t", marker_system(desc),
		   marker_event_name(desc), state, nr, desc->file, desc->line, desc->func);
	marker_show_fields(m, desc);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations markers_seq_ops = {
	.start	= markers_seq_start,
	.next	= markers_seq_next,
	.stop	= markers_seq_stop,
	.show	= markers_seq_show,
};

static int markers_open(struct inode *inode, struct file *file)
{
	int ret = tracing_check_open_get_tr(NULL);

	return ret ?: seq_open(file, &markers_seq_ops);
}

static const struct file_operations markers_fops = {
	.open		= markers_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= seq_release,
};

/* An fs_initcall, as tracefs is there from core_initcall on. */
static int __init marker_control_init(void)
{
	int ret = tracing_init_dentry();

	if (ret)
		return ret;
	trace_create_file("markers", TRACE_MODE_READ, NULL, NULL, &markers_fops);
	return 0;
}
fs_initcall(marker_control_init);
