// SPDX-License-Identifier: GPL-2.0
/*
 * Static markers: what a hit does.
 *
 * The site has packed the fields of the record. The header, and the strings and
 * bytes after the fields, are missing. If these are not too long, marker_hit()
 * completes the record once, and gives it to the probes: tracing instances, perf
 * and BPF, and functions.
 *
 * A hit runs under tracepoint_srcu, as tracepoints do, so that code which waits
 * for tracepoints waits for markers as well. Code that needs preemption disabled,
 * or uses data that is freed after RCU only, disables preemption itself, as the
 * probes of tracepoints do.
 *
 * All of the general way is compiled into one function, as stack traces and perf
 * take the caller of this function for the place of the event.
 */

#include <linux/cleanup.h>
#include <linux/compiler_attributes.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "internal.h"

/* The fields fit, whatever they are. */
static_assert(MARKER_FIELDS_MAX <= MARKER_FLAT_MAX);

/* All strings that are made for a hit share this, so that no frame exceeds 1024 bytes. */
#define MARKER_MADE_MAX		512

/* A reason with arguments is cut to this, the NUL included. */
#define MARKER_FAIL_MAX		256

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

/* Where a string ends at the latest: by the size of its array, and by the format */
static __always_inline unsigned int marker_bound(const struct marker_data *field, const void *rec)
{
	return min_not_zero(*(const u32 *)(rec + field->offset), (u32)field->limit);
}

/* Read nothing beyond @bound, and give probes a copy that ends with a NUL. */
static noinline size_t marker_flatten_bounded(char *dst, size_t room, unsigned int bound,
					      const void **data)
{
	size_t len = strnlen(*data, min(bound, room));

	if (len == room)
		return room + 1;
	memcpy(dst, *data, len);
	dst[len] = '\0';
	*data = dst;
	return len + 1;
}

/* Copy a string or bytes; returns how much it was, or more than @room. */
static __always_inline size_t marker_flatten_data(void *dst, size_t room,
						  const struct marker_data *field,
						  const void *rec, const void **data)
{
	const struct mark_bytes *bytes = *data;
	unsigned int bound;
	ssize_t len;

	if (field->is_string) {
		bound = marker_bound(field, rec);
		*data = *data ?: "(null)";
		if (unlikely(bound))
			return marker_flatten_bounded(dst, room, bound, data);
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
		len = marker_flatten_data(flat + size, room, &marker->data[i], rec, &data[i]);
		if (len > room)
			return 0;
		*(u32 *)(flat + marker->data[i].offset) = len << 16 | size;
		size += len;
	}
	__builtin_memset(flat + size, 0, MARKER_PADDING);
	return size;
}

/*
 * Determine the length of each string and range of bytes, and write its offset and
 * length into the field's __data_loc word. Return the size of the record. Set
 * @no_text if a string has no NUL at its end; copies in @flat have one.
 */
static noinline unsigned int marker_place(const struct marker *marker, void *rec,
					  const void **data, const void *flat, bool *no_text)
{
	unsigned int i, len, room, bound, size = marker->size;

	*no_text = false;

	/* Strings keep room for their NUL, whatever those before them take. */
	room = MARKER_DATA_ALL_MAX - marker->nr_data;

	for (i = 0; i < marker->nr_data; i++) {
		if (!marker->data[i].is_string) {
			const struct mark_bytes *bytes = data[i];

			len = bytes->data ? min(bytes->len, MARKER_DATA_MAX) : 0;
			len = min(len, room);
			room -= len;
		} else {
			if (!data[i])
				data[i] = "(null)";
			bound = marker_bound(&marker->data[i], rec);
			len = strnlen(data[i], min(bound ?: U32_MAX, MARKER_DATA_MAX - 1));
			*no_text |= bound && strnlen(data[i], bound) == bound &&
				    (data[i] < flat || data[i] >= flat + MARKER_FLAT_MAX);
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
		if (!marker->data[i].is_string)
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

static __always_inline void __marker_write(struct trace_event_file *file,
					   const struct marker_hit *hit)
{
	struct trace_event_buffer fbuffer;
	void *entry;

	if (trace_trigger_soft_disabled(file))
		return;

	entry = trace_event_buffer_reserve(&fbuffer, file, hit->size);
	if (!entry)
		return;

	marker_hit_copy(hit, entry);
	trace_event_buffer_commit(&fbuffer);
}

/*
 * Write the record to a tracing instance's buffer, as other trace events do it. Stack
 * traces begin at the site.
 */
static __always_inline void marker_write(struct trace_event_file *file,
					 const struct marker_hit *hit)
{
	unsigned long outer;

	guard(preempt_notrace)();

	outer = trace_stack_begin(_RET_IP_);
	__marker_write(file, hit);
	trace_stack_begin(outer);
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

/* Give the record to the BPF programs and perf events of this CPU: no preemption. */
static __always_inline void __marker_perf(struct trace_event_call *call,
					  const struct marker_hit *hit)
{
	struct hlist_head *head;
	struct pt_regs *regs;
	void *entry;
	int rctx, size;
	bool bpf;

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
static inline void __marker_perf(struct trace_event_call *call, const struct marker_hit *hit)
{
}
#endif

static __always_inline void marker_perf(struct trace_event_call *call,
					const struct marker_hit *hit)
{
	guard(preempt_notrace)();
	__marker_perf(call, hit);
}

static __always_inline void __marker_record(struct trace_event_file *file,
					    const struct marker_hit *hit, bool *has_header)
{
	if (!hit->whole || !trace_event_is_flat(file)) {
		marker_write(file, hit);
		return;
	}
	*has_header = trace_event_write_flat(file, hit->rec, hit->size, *has_header);
}

/**
 * marker_record() - Probe: record a hit in a tracing instance.
 * @data: the instance's struct trace_event_file of the event
 * @hit: the hit
 *
 * Context: Any, under tracepoint_srcu.
 */
void marker_record(void *data, const struct marker_hit *hit)
{
	bool has_header = false;

	__marker_record(data, hit, &has_header);
}

/**
 * marker_record_top() - Probe: record a hit in the top instance.
 * @data: the instance's struct trace_event_file of the event
 * @hit: the hit
 *
 * As marker_record(), but sites that are muted are left out.
 *
 * Context: Any, under tracepoint_srcu.
 */
void marker_record_top(void *data, const struct marker_hit *hit)
{
	if (!marker_site_muted(hit->site))
		marker_record(data, hit);
}

/**
 * marker_record_perf() - Probe: give a hit to perf and BPF.
 * @data: the struct trace_event_call of the event
 * @hit: the hit
 *
 * Context: Any, under tracepoint_srcu.
 */
void marker_record_perf(void *data, const struct marker_hit *hit)
{
	marker_perf(data, hit);
}

/* Give a hit to all probes. Those of the core are not called, but inlined. */
static __always_inline void marker_dispatch(const struct marker_hit *hit)
{
	const struct tracepoint_func *probe = rcu_dereference_raw(hit->marker->tp.funcs);
	bool has_header = false;
	void *fn;

	for (; probe && (fn = READ_ONCE(probe->func)); probe++) {
		if (fn == marker_record_top && marker_site_muted(hit->site))
			continue;
		if (fn == marker_record || fn == marker_record_top) {
			__marker_record(probe->data, hit, &has_header);
		} else if (fn == marker_record_perf) {
			/* BPF has other things there. */
			marker_perf(probe->data, hit);
			has_header = false;
		} else {
			((marker_probe_fn)fn)(probe->data, hit);
		}
	}
}

/* The core needs RCU. A marker where RCU is not watching is in the wrong place. */
static __always_inline bool marker_lacks_rcu(void)
{
	return IS_ENABLED(CONFIG_PROVE_RCU) && WARN_ON_ONCE(!rcu_is_watching());
}

/*
 * The other ways of a hit. They are called in the place of marker_hit()'s frame, see
 * the Makefile: stack traces begin at its caller.
 *
 * If perf is the only probe, the registers that the general way saves are not needed.
 * What __marker_perf() reads is freed after an RCU grace period, so that disabled
 * preemption is enough to keep it, if perf has not been removed before.
 */
static noinline void marker_hit_perf(struct marker_site *site, void *rec)
{
	struct marker *marker = marker_of_site(site);
	const struct marker_hit hit = {
		.rec	= rec,
		.size	= marker->size,
		.whole	= true,
	};

	scoped_guard(preempt_notrace) {
		/*
		 * If perf was removed meanwhile, its lists may be freed. Pairs with
		 * smp_wmb() in marker_set_only().
		 */
		if (likely(smp_load_acquire(&marker->perf))) {
			__marker_perf(&marker->call, &hit);
			return;
		}
	}
	marker_hit_probes(site, rec);
}

/**
 * marker_hit_probes() - Give a hit to all probes.
 * @site: the site
 * @rec: the record, which is all
 *
 * A probe that was removed when memory was short is a stub of another type,
 * which control-flow integrity would trap: see tracepoint_remove_func().
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void __nocfi marker_hit_probes(struct marker_site *site, void *rec)
{
	struct marker *marker = marker_of_site(site);
	const struct marker_hit hit = {
		.site	= site,
		.marker	= marker,
		.rec	= rec,
		.size	= marker->size,
		.whole	= true,
	};

	guard(srcu_fast_notrace)(&tracepoint_srcu);
	marker_dispatch(&hit);
}

static __always_inline void marker_take_data(struct marker_site *site, void *rec,
					     const void **data)
{
	struct marker *marker = marker_of_site(site);
	u64 flat[(MARKER_FLAT_MAX + MARKER_PADDING) / sizeof(u64)] __uninitialized;
	struct marker_hit hit __uninitialized;
	struct trace_event_file *plain;
	unsigned int size;

	guard(srcu_fast_notrace)(&tracepoint_srcu);

	size = marker_flatten(marker, flat, rec, data);
	plain = READ_ONCE(marker->plain);
	if (likely(size && plain && trace_event_is_flat(plain))) {
		trace_event_write_flat(plain, flat, size, false);
		return;
	}

	hit.site = site;
	hit.marker = marker;
	hit.rec = size ? flat : rec;
	hit.data = data;
	hit.whole = size;
	hit.no_text = false;
	hit.size = size ?: marker_place(marker, rec, data, flat, &hit.no_text);
	marker_dispatch(&hit);
}

/* With strings and bytes */
static noinline void __nocfi marker_hit_data(struct marker_site *site, void *rec,
					     const void **data)
{
	marker_take_data(site, rec, data);
}

/**
 * marker_hit_made() - As marker_hit(), for sites with what the core makes strings of.
 * @site: the site
 * @rec: the record
 * @data: what is to go with it; those strings are put in the place of what they are of
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void __nocfi marker_hit_made(struct marker_site *site, void *rec, const void **data)
{
	char strings[MARKER_MADE_MAX] __uninitialized;

	if (marker_lacks_rcu())
		return;
	marker_make_strings(marker_of_site(site), data, strings, sizeof(strings));
	marker_take_data(site, rec, data);
}

static __always_inline void marker_take_fail(struct marker_site *site, int ret, const char *reason)
{
	struct marker_fail_rec rec = { .ret = ret, .line = site->desc->line };
	const void *data[] = { reason, site->desc->func, site->desc->file };

	if (marker_lacks_rcu())
		return;
	marker_take_data(site, &rec, data);
}

/**
 * marker_fail() - A mark_fail() that is on was reached.
 * @site: the site
 * @ret: the error number
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void __nocfi marker_fail(struct marker_site *site, int ret)
{
	marker_take_fail(site, ret, marker_reason(site->desc));
}

/**
 * marker_failf() - As marker_fail(), with a reason that takes arguments.
 * @site: the site, whose reason is a format for them
 * @ret: the error number
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void __nocfi marker_failf(struct marker_site *site, int ret, ...)
{
	char reason[MARKER_FAIL_MAX] __uninitialized;
	va_list args;

	va_start(args, ret);
	vsnprintf(reason, sizeof(reason), marker_reason(site->desc), args);
	va_end(args);
	marker_take_fail(site, ret, reason);
}

/*
 * A marker that is on was reached: the site has packed the record but for the
 * header, and if there are @data, but for the __data_loc words. Sites call it by
 * the name of marker_hit(), in any context in which RCU is watching, including NMI.
 */
static void marker_take_hit(struct marker_site *site, void *rec, const void **data)
{
	struct marker *marker = marker_of_site(site);
	struct trace_event_file *plain;

	if (marker_lacks_rcu())
		return;

	if (data) {
		marker_hit_data(site, rec, data);
		return;
	}
	if (likely(READ_ONCE(marker->plain))) {
		guard(srcu_fast_notrace)(&tracepoint_srcu);
		/* What was seen outside of the reader may be gone. */
		plain = READ_ONCE(marker->plain);
		if (likely(plain && trace_event_is_flat(plain))) {
			trace_event_write_flat(plain, rec, marker->size, false);
			return;
		}
	} else if (READ_ONCE(marker->perf)) {
		marker_hit_perf(site, rec);
		return;
	} else if (READ_ONCE(marker->typed)) {
		marker_hit_typed(site, rec);
		return;
	}
	marker_hit_probes(site, rec);
}

/* An alias, as its declaration is cold and the function is not */
void marker_hit(struct marker_site *site, void *rec, const void **data)
	__alias(marker_take_hit);
