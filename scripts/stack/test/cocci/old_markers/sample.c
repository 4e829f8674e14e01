// SPDX-License-Identifier: GPL-2.0
/*
 * What scripts/coccinelle/markers/old_markers.cocci has to convert, to show and to
 * let be; see "check conversion".
 */

#include <linux/fs.h>
#include <linux/marker.h>

int converted(struct super_block *sb, struct inode *inode, int wait)
{
	trace_mark(ext4_sync_fs, "dev %s wait %d", sb->s_id, wait);
	trace_mark(ext4_allocate_inode,
		   "dev %s ino %lu "
		   "mode %d", sb->s_id, inode->i_ino, inode->i_mode);
	trace_mark(schedule, MARK_NOARGS);
	_trace_mark(mm_handle_fault_exit, MARK_NOARGS);
	_trace_mark(mm_page_free, "order %u pfn %lu", order, pfn);
	trace_mark(mm_size, "size " PRI_SIZE, size);
	trace_mark(mm_ids, "id %d " "value %p", id, value);
	trace_mark(nucleus, timer_freeze, MARK_NOARGS);
}

void shown(void)
{
	trace_mark_tp(kernel_sched_schedule, sched_switch, probe_sched_switch,
		      "prev_pid %d next_pid %d", prev->pid, next->pid);
	if (marker_probe_register("ext4_sync_fs", "dev %s wait %d", sync_fs, NULL))
		return;
	marker_arm("ext4_sync_fs");
	marker_disarm("ext4_sync_fs");
	marker_probe_unregister("ext4_sync_fs");
}

void let_be(void)
{
	trace_mark(mount, mount_enter, "dev=%s", dev);
	trace_mark(mount, mount_none, "");
	marker_probe_register("mount:mount_enter", probe, NULL);
	marker_probe_unregister("mount:mount_enter", probe, NULL);
}
