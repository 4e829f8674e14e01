// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: what a hit does.
 *
 * The site has packed the record, but for the header and for what stands behind
 * the fields: strings and bytes. If these are not too long, marker_hit_data() puts
 * all of it together, once. It is given to the probes: tracing instances, perf
 * and BPF, and functions.
 *
 * A hit runs under tracepoint_srcu, as tracepoints do, so that wherever the
 * tracing core waits for tracepoints it has waited for markers as well. What
 * wants preemption disabled, or is freed after RCU only, disables it itself, as
 * the probes of tracepoints do.
 *
 * All of it is one function for the machine: stack traces and perf take the
 * caller of marker_hit() for the place of the event, and no time is lost.
 */

#include <linux/cleanup.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>

#include "../trace/trace.h"
#include "internal.h"

/* What keeps an event from the short way to the ring buffer */
#define MARKER_FILE_SLOW	(EVENT_FILE_FL_SOFT_DISABLED | EVENT_FILE_FL_TRIGGER_MODE | \
				 EVENT_FILE_FL_TRIGGER_COND | EVENT_FILE_FL_PID_FILTER)
#define MARKER_TRACE_SLOW	(TRACE_ITER(STACKTRACE) | TRACE_ITER(USERSTACKTRACE))

/* The fields fit, whatever they are: at most 16 bytes each, and one is data. */
static_assert(MARKER_HEADER_SIZE + 16 * (MARKER_MAX_ARGS - 1) + sizeof(u32) <= MARKER_FLAT_MAX);

/*
 * A record that is whole is padded with zeros to a multiple of this, and can be
 * copied by words: they are few, and memcpy() takes longer to begin.
 */
#define MARKER_PADDING		sizeof(u64)

static __always_inline void marker_copy_words(u64 *dst, const u64 *src, unsigned int size)
{
	unsigned int i;

	for (i = MARKER_HEADER_SIZE / sizeof(u64); i < DIV_ROUND_UP(size, sizeof(u64)); i++)
		dst[i] = src[i];
}

/* Copy a string or bytes; returns how much it was, or more than @room. */
static __always_inline size_t marker_flatten_data(void *dst, size_t room,
						  enum marker_type type, const void **data)
{
	const struct mark_bytes *bytes = *data;
	ssize_t len;

	if (type == MARKER_STRING) {
		*data = *data ?: "(null)";
		len = strscpy(dst, *data, room);
		return len < 0 ? room + 1 : len + 1;
	}
	if (!bytes->data)
		return 0;
	if (bytes->len <= room)
		memcpy(dst, bytes->data, bytes->len);
	return bytes->len;
}

/* Put the record and its data together; returns its size, or 0 for too large. */
static __always_inline unsigned int marker_flatten(const struct marker *marker, void *flat,
						   const void *rec, const void **data)
{
	unsigned int i, size = marker->size;
	size_t len, room;

	marker_copy_words(flat, rec, size);
	for (i = 0; i < marker->nr_data; i++) {
		room = MARKER_FLAT_MAX - size;
		len = marker_flatten_data(flat + size, room, marker->data[i].type, &data[i]);
		if (len > room)
			return 0;
		*(u32 *)(flat + marker->data[i].offset) = len << 16 | size;
		size += len;
	}
	__builtin_memset(flat + size, 0, MARKER_PADDING);
	return size;
}

/*
 * Find how long what a data pointer points to is; put the place in the record,
 * and the length, into the field's __data_loc word. Returns the record's size.
 */
static noinline unsigned int marker_place(const struct marker *marker, void *rec,
					  const void **data)
{
	unsigned int i, len, room, size = marker->size;

	/* Strings keep room for their NUL, whatever those before them take. */
	room = MARKER_DATA_ALL_MAX - marker->nr_data;

	for (i = 0; i < marker->nr_data; i++) {
		if (marker->data[i].type == MARKER_BYTES) {
			const struct mark_bytes *bytes = data[i];

			len = bytes->data ? min(bytes->len, MARKER_DATA_MAX) : 0;
			len = min(len, room);
			room -= len;
		} else {
			if (!data[i])
				data[i] = "(null)";
			len = strnlen(data[i], MARKER_DATA_MAX - 1);
			len = min(len, room);
			room -= len;
			len++;
		}
		*(u32 *)(rec + marker->data[i].offset) = len << 16 | size;
		size += len;
	}
	return size;
}

/* Copy the data to where marker_place() said. */
static noinline void marker_copy_data(const struct marker_hit *hit, void *dst)
{
	const struct marker *marker = hit->marker;
	const void *src;
	unsigned int i, len;
	char *pos;
	u32 loc;

	for (i = 0; i < marker->nr_data; i++) {
		loc = *(u32 *)(hit->rec + marker->data[i].offset);
		pos = dst + (loc & 0xffff);
		len = loc >> 16;
		src = hit->data[i];
		if (marker->data[i].type == MARKER_BYTES)
			src = ((const struct mark_bytes *)src)->data;
		else
			pos[--len] = '\0';
		memcpy(pos, src, len);
	}
}

/**
 * marker_hit_copy() - Copy the record of a hit to where it is kept.
 * @hit: the hit
 * @dst: receives marker_hit::size bytes; the header is left alone
 *
 * A string that changes meanwhile may come out in pieces of the old and the
 * new one, but ends where it was found to end.
 *
 * Context: Any, for a probe.
 */
void marker_hit_copy(const struct marker_hit *hit, void *dst)
{
	memcpy(dst + MARKER_HEADER_SIZE, hit->rec + MARKER_HEADER_SIZE,
	       (hit->whole ? hit->size : hit->marker->size) - MARKER_HEADER_SIZE);
	if (unlikely(!hit->whole))
		marker_copy_data(hit, dst);
}

static __always_inline void marker_output(struct trace_array *tr, void *rec, unsigned int size)
{
	this_cpu_write(trace_taskinfo_save, true);
	ring_buffer_write(tr->array_buffer.buffer, size, rec);
}

/*
 * Write a record that is complete but for its header; a filter sees it where it
 * is. Returns false if more is set up than a filter.
 */
static __always_inline bool marker_write(struct trace_event_file *file, void *rec,
					 unsigned int size)
{
	struct trace_array *tr = file->tr;

	if (unlikely(file->flags & MARKER_FILE_SLOW || tr->trace_flags & MARKER_TRACE_SLOW))
		return false;
	if (static_branch_unlikely(&tracepoint_printk_key) ||
	    static_branch_unlikely(&trace_event_exports_enabled))
		return false;

	tracing_generic_entry_update(rec, file->event_call->event.type, tracing_gen_ctx());
	if (unlikely(file->flags & EVENT_FILE_FL_FILTERED)) {
		/*
		 * Filters are freed after RCU, not after tracepoint_srcu; and what
		 * a filter on the CPU lets through belongs to that CPU's buffer.
		 */
		guard(preempt_notrace)();
		if (filter_match_preds(rcu_dereference_raw(file->filter), rec))
			marker_output(tr, rec, size);
		return true;
	}
	marker_output(tr, rec, size);
	return true;
}

/* Write the record to a tracing instance's buffer, as other trace events do it. */
static __always_inline void marker_trace(struct trace_event_file *file,
					 const struct marker_hit *hit)
{
	struct trace_event_buffer fbuffer;
	void *entry;

	guard(preempt_notrace)();

	if (trace_trigger_soft_disabled(file))
		return;

	entry = trace_event_buffer_reserve(&fbuffer, file, hit->size);
	if (!entry)
		return;

	marker_hit_copy(hit, entry);
	trace_event_buffer_commit(&fbuffer);
}

#ifdef CONFIG_PERF_EVENTS
/*
 * Give the record to the BPF programs where it is, with a pointer to the registers
 * in front. Returns whether perf is to have it, too.
 */
static __always_inline bool marker_bpf(struct trace_event_call *call, void *rec)
{
	struct pt_regs regs = { };

	perf_fetch_caller_regs(&regs);
	*(struct pt_regs **)rec = &regs;
	return trace_call_bpf(call, rec);
}

/* Give the record to the BPF programs and perf events of this CPU. */
static __always_inline void marker_perf(struct trace_event_call *call,
					const struct marker_hit *hit)
{
	struct hlist_head *head;
	struct pt_regs *regs;
	void *entry;
	int rctx, size;
	bool bpf;

	guard(preempt_notrace)();

	head = this_cpu_ptr(call->perf_events);
	bpf = bpf_prog_array_valid(call);
	if (bpf && hit->whole && !marker_bpf(call, hit->rec))
		return;
	if (hlist_empty(head) && (!bpf || hit->whole))
		return;

	/* perf puts a u32 in front, and wants the sum to be a multiple of 8. */
	size = ALIGN(hit->size + sizeof(u32), sizeof(u64)) - sizeof(u32);
	entry = perf_trace_buf_alloc(size, &regs, &rctx);
	if (!entry)
		return;

	perf_fetch_caller_regs(regs);
	if (hit->whole) {
		/* Padding may exceed size, but not the buffer. */
		marker_copy_words(entry, hit->rec, hit->size);
		perf_trace_buf_submit(entry, size, rctx, call->event.type, 1, regs, head, NULL);
	} else {
		marker_hit_copy(hit, entry);
		perf_trace_run_bpf_submit(entry, size, rctx, call, 1, regs, head, NULL);
	}
}
#else
static inline void marker_perf(struct trace_event_call *call, const struct marker_hit *hit)
{
}
#endif

static __always_inline void marker_call(const struct marker_probe *probe,
					const struct marker_hit *hit)
{
	guard(preempt_notrace)();
	probe->fn(probe->data, hit);
}

/* Give a record to all probes. Without @data, or with @whole, @rec is all there is. */
static __always_inline void marker_dispatch(struct marker_site *site, struct marker *marker,
					    void *rec, const void **data, unsigned int size,
					    bool whole)
{
	const struct marker_hit hit = {
		.marker	= marker,
		.rec	= rec,
		.data	= data,
		.size	= size,
		.whole	= whole,
	};
	const struct marker_probe *probe;

	/* Not _srcu(): lockdep does not see a reader that is notrace. */
	list_for_each_entry_lockless(probe, &marker->probes, node) {
		switch (probe->kind) {
		case MARKER_PROBE_TOP:
			if (marker_site_flag(site, MARKER_SITE_MUTED))
				break;
			fallthrough;
		case MARKER_PROBE_FILE:
			if (!whole || !marker_write(probe->data, rec, size))
				marker_trace(probe->data, &hit);
			break;
		case MARKER_PROBE_PERF:
			marker_perf(probe->data, &hit);
			break;
		case MARKER_PROBE_CALL:
			marker_call(probe, &hit);
			break;
		}
	}
}

/**
 * marker_hit() - A marker that is on was reached.
 * @site: where
 * @rec: the record, packed but for the header
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void marker_hit(struct marker_site *site, void *rec)
{
	struct marker *marker = container_of(site->gate, struct marker, gate);
	struct trace_event_file *plain;

	if (IS_ENABLED(CONFIG_PROVE_RCU) && WARN_ON_ONCE(!rcu_is_watching()))
		return;

	guard(srcu_fast_notrace)(&tracepoint_srcu);

	plain = READ_ONCE(marker->plain);
	if (unlikely(!plain || !marker_write(plain, rec, marker->size)))
		marker_dispatch(site, marker, rec, NULL, marker->size, true);
}

/**
 * marker_hit_data() - A marker that is on and has strings or bytes was reached.
 * @site: where
 * @rec: the record, packed but for the header and the __data_loc words
 * @data: pointers to the strings and to the struct mark_bytes, in field order
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void marker_hit_data(struct marker_site *site, void *rec, const void **data)
{
	struct marker *marker = container_of(site->gate, struct marker, gate);
	u64 flat[(MARKER_FLAT_MAX + MARKER_PADDING) / sizeof(u64)] __uninitialized;
	struct trace_event_file *plain;
	unsigned int size;
	bool whole;

	if (IS_ENABLED(CONFIG_PROVE_RCU) && WARN_ON_ONCE(!rcu_is_watching()))
		return;

	guard(srcu_fast_notrace)(&tracepoint_srcu);

	size = marker_flatten(marker, flat, rec, data);
	whole = size;
	if (likely(whole)) {
		plain = READ_ONCE(marker->plain);
		if (likely(plain && marker_write(plain, flat, size)))
			return;
		rec = flat;
	} else {
		size = marker_place(marker, rec, data);
	}
	marker_dispatch(site, marker, rec, data, size, whole);
}
