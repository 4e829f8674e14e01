// SPDX-License-Identifier: GPL-2.0
/* The events of trace/events/filemap.h as markers: a dev_t as MAJOR:MINOR */

#include <linux/device.h>
#include <linux/errseq.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "markers_test_events.h"

#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE original_event
#define CREATE_TRACE_POINTS
#define filemap original_filemap
#include <trace/events/filemap.h>
#undef filemap

#define FOLIO(event)								\
	BOTH(event, (folio), "dev %s ino %llx pfn=0x%lx ofs=%lu order=%u",	\
	     mark_dev(dev), (u64)inode->i_ino, folio_pfn(folio),		\
	     folio->index << PAGE_SHIFT, folio_order(folio))

#define RANGE(event)								\
	BOTH(event, (mapping, n, (pgoff_t)n + 1), "dev=%s ino=%llx ofs=%lld-%lld",	\
	     mark_dev(dev), (u64)inode->i_ino, (loff_t)n << PAGE_SHIFT,		\
	     (((loff_t)((pgoff_t)n + 1) + 1) << PAGE_SHIFT) - 1)

void markers_test_filemap(unsigned int n)
{
	struct file *file = rcu_dereference_raw(current->mm->exe_file);
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	dev_t dev = inode->i_sb->s_dev;
	struct folio *folio = filemap_get_folio(mapping, 0);

	if (!IS_ERR(folio)) {
		FOLIO(mm_filemap_delete_from_page_cache);
		FOLIO(mm_filemap_add_to_page_cache);
		folio_put(folio);
	}
	RANGE(mm_filemap_get_pages);
	RANGE(mm_filemap_map_pages);
	BOTH(mm_filemap_fault, (mapping, n), "dev=%s ino=%llx ofs=%lld", mark_dev(dev),
	     (u64)inode->i_ino, (loff_t)n << PAGE_SHIFT);
	BOTH(filemap_set_wb_err, (mapping, n), "dev=%s ino=0x%llx errseq=0x%x", mark_dev(dev),
	     (u64)inode->i_ino, n);
	BOTH(file_check_and_advance_wb_err, (file, n),
	     "file=%p dev=%s ino=0x%llx old=0x%x new=0x%x", file, mark_dev(dev),
	     (u64)inode->i_ino, n, file->f_wb_err);
}
