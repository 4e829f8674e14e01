// SPDX-License-Identifier: GPL-2.0
/* The events of trace/events/filelock.h as markers: flags, symbols, half a dev_t each */

#include <linux/device.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kdev_t.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define filelock original_filelock
#include <trace/events/filelock.h>
#undef filelock

MARK_FLAGS(fl_flags, { 0, "" }, { FL_POSIX, "FL_POSIX" }, { FL_FLOCK, "FL_FLOCK" },
	   { FL_DELEG, "FL_DELEG" }, { FL_ACCESS, "FL_ACCESS" }, { FL_EXISTS, "FL_EXISTS" },
	   { FL_LEASE, "FL_LEASE" }, { FL_CLOSE, "FL_CLOSE" }, { FL_SLEEP, "FL_SLEEP" },
	   { FL_DOWNGRADE_PENDING, "FL_DOWNGRADE_PENDING" },
	   { FL_UNLOCK_PENDING, "FL_UNLOCK_PENDING" }, { FL_OFDLCK, "FL_OFDLCK" },
	   { FL_RECLAIM, "FL_RECLAIM" }, { FL_IGN_DIR_CREATE, "FL_IGN_DIR_CREATE" },
	   { FL_IGN_DIR_DELETE, "FL_IGN_DIR_DELETE" },
	   { FL_IGN_DIR_RENAME, "FL_IGN_DIR_RENAME" });
MARK_SYMBOLS(fl_type, { F_RDLCK, "F_RDLCK" }, { F_WRLCK, "F_WRLCK" }, { F_UNLCK, "F_UNLCK" });
MARK_FLAGS(break_flags, { 0, "" }, { LEASE_BREAK_LEASE, "LEASE" }, { LEASE_BREAK_DELEG, "DELEG" },
	   { LEASE_BREAK_LAYOUT, "LAYOUT" }, { LEASE_BREAK_NONBLOCK, "NONBLOCK" },
	   { LEASE_BREAK_OPEN_RDONLY, "OPEN_RDONLY" }, { LEASE_BREAK_DIR_CREATE, "DIR_CREATE" },
	   { LEASE_BREAK_DIR_DELETE, "DIR_DELETE" }, { LEASE_BREAK_DIR_RENAME, "DIR_RENAME" });

#define LOCK(event)								\
	BOTH(event, (inode, &fl, (int)n),					\
	     "fl=%p dev=0x%x:0x%x ino=0x%llx fl_blocker=%p fl_owner=%p fl_pid=%u fl_flags=%s fl_type=%s fl_start=%lld fl_end=%lld ret=%d", \
	     &fl, MAJOR(dev), MINOR(dev), (u64)inode->i_ino, fl.c.flc_blocker,	\
	     fl.c.flc_owner, (unsigned int)fl.c.flc_pid,			\
	     mark_name(fl_flags, fl.c.flc_flags), mark_name(fl_type, fl.c.flc_type), \
	     fl.fl_start, fl.fl_end, (int)n)

#define LEASE(event)								\
	BOTH(event, (inode, &lease),						\
	     "fl=%p dev=0x%x:0x%x ino=0x%llx fl_blocker=%p fl_owner=%p fl_flags=%s fl_type=%s fl_break_time=%lu fl_downgrade_time=%lu", \
	     &lease, MAJOR(dev), MINOR(dev), (u64)inode->i_ino, lease.c.flc_blocker, \
	     lease.c.flc_owner, mark_name(fl_flags, lease.c.flc_flags),		\
	     mark_name(fl_type, lease.c.flc_type), lease.fl_break_time,		\
	     lease.fl_downgrade_time)

/* Not leases_conflict: two fields of it are called fl_flags, and two fl_type. */
void markers_test_filelock(unsigned int n)
{
	struct inode *inode = d_inode(current->fs->pwd.dentry);
	dev_t dev = inode->i_sb->s_dev;
	struct file_lock fl = {
		.c.flc_blocker = (void *)&dev, .c.flc_owner = current, .c.flc_flags = n,
		.c.flc_type = n, .c.flc_pid = n, .fl_start = n, .fl_end = (s64)n << 32,
	};
	struct file_lease lease = {
		.c.flc_owner = current, .c.flc_flags = n, .c.flc_type = n,
		.fl_break_time = n, .fl_downgrade_time = n + 1,
	};

	BOTH(locks_get_lock_context, (inode, n, NULL),
	     "dev=0x%x:0x%x ino=0x%llx type=%s ctx=%p", MAJOR(dev), MINOR(dev),
	     (u64)inode->i_ino, mark_name(fl_type, (u8)n), NULL);
	LOCK(posix_lock_inode);
	LOCK(fcntl_setlk);
	LOCK(locks_remove_posix);
	LOCK(flock_lock_inode);
	BOTH(break_lease, (inode, n), "dev=0x%x:0x%x ino=0x%lx flags=%s", MAJOR(dev), MINOR(dev),
	     (unsigned long)inode->i_ino, mark_name(break_flags, n));
	LEASE(break_lease_noblock);
	LEASE(break_lease_block);
	LEASE(break_lease_unblock);
	LEASE(generic_delete_lease);
	LEASE(time_out_leases);
	BOTH(generic_add_lease, (inode, &lease),
	     "dev=0x%x:0x%x ino=0x%llx wcount=%d rcount=%d icount=%d fl_owner=%p fl_flags=%s fl_type=%s",
	     MAJOR(dev), MINOR(dev), (u64)inode->i_ino, atomic_read(&inode->i_writecount),
	     atomic_read(&inode->i_readcount), icount_read_once(inode), lease.c.flc_owner,
	     mark_name(fl_flags, lease.c.flc_flags), mark_name(fl_type, lease.c.flc_type));
}
