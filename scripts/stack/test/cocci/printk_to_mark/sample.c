// SPDX-License-Identifier: GPL-2.0
/*
 * What scripts/coccinelle/markers/printk_to_mark.cocci has to convert, to show and to
 * let be; see "check conversion".
 */

#include <linux/device.h>
#include <linux/module.h>

#include "box.h"

void box_open(struct box *box, int n)
{
	trace_printk("n=%d flags=0x%lx name=%s\n", n, box->flags, box->name);
	pr_debug("opened: n=%02d, box->ops=%ps, size=%zu bytes\n", n, box->ops,
		 box->size);
	pr_debug("n=%#x "
		 "name=%.16s", n, box->name);
	dev_dbg(&box->dev, "n=%d\n", n);
	dev_dbg(box->parent, "%s: n=%d ret=%pS\n", __func__, n, box->ret);
	pr_debug("%s(): n=%d\n", __func__, n);
	if (n)
		trace_printk("n=%d\n", n);
}

void box_left(struct box *box, int n)
{
	pr_debug("addr=%pI4 n=%d\n", &box->addr, n);
	pr_debug("name=%.*s\n", n, box->name);
	pr_debug("dev=%d:%d\n", MAJOR(box->dev), MINOR(box->dev));
	pr_debug("n=%+d\n", n);
	pr_debug("n=%d n=%d\n", n, n + 1);
	pr_debug("n=%d\nm=%d\n", n, n + 1);
	pr_debug("pos=%" PRI_POS "\n", box->pos);
	dev_dbg(&box->dev, "n=%d of %d\n", n, box->n);
}

void box_other(struct box *box, int n)
{
	pr_debug("opened\n");
	pr_debug("n %d\n", n);
	pr_info("n=%d\n", n);
	dev_err(&box->dev, "n=%d\n", n);
}
