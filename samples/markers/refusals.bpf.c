// SPDX-License-Identifier: GPL-2.0
/*
 * Count the calls of mount(2) and its relatives that fail, by error and reason.
 *
 *	clang -O2 -g -target bpf -c this_file -o refusals.bpf.o
 *	bpftool prog loadall refusals.bpf.o /sys/fs/bpf/refusals autoattach
 *	bpftool map dump name refusals
 *	rm -r /sys/fs/bpf/refusals
 *
 * As with any trace event, the record is a structure in the kernel's BTF that is called
 * trace_event_raw_ and the name of the event. The program declares the fields that it
 * reads. When it is loaded, libbpf fills in the offsets that these fields have in the
 * running kernel, so that the same object works on kernels whose marker differs.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct trace_event_raw_mount_fail {
	int ret;
	unsigned int __data_loc_reason;
	unsigned int line;
} __attribute__((preserve_access_index));

struct refusal {
	int error;
	unsigned int line;
	char reason[88];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct refusal);
	__type(value, unsigned long long);
} refusals SEC(".maps");

SEC("tracepoint/mount/mount_fail")
int count(struct trace_event_raw_mount_fail *ctx)
{
	unsigned long long one = 1, *seen;
	struct refusal key = { .error = ctx->ret };

	/* If the marker has no line, calls are counted by error and reason alone. */
	if (bpf_core_field_exists(ctx->line))
		key.line = ctx->line;
	/* The lower half of the word is the offset of the string in the record. */
	bpf_probe_read_kernel_str(key.reason, sizeof(key.reason),
				  (void *)ctx + (ctx->__data_loc_reason & 0xffff));

	seen = bpf_map_lookup_elem(&refusals, &key);
	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&refusals, &key, &one, BPF_NOEXIST);
	return 0;
}

char _license[] SEC("license") = "GPL";
