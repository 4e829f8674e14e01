// SPDX-License-Identifier: GPL-2.0
/*
 * Read markers_test:changing, which has other fields in markers_test_a than in
 * markers_test_other: n is at another offset and of another size, and text is only
 * in one of them.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct trace_event_raw_changing {
	unsigned int n;
	unsigned int __data_loc_text;
} __attribute__((preserve_access_index));

unsigned long long hits, n, has_text;

SEC("tracepoint/markers_test/changing")
int read_changing(struct trace_event_raw_changing *ctx)
{
	hits++;
	n = ctx->n;
	has_text = bpf_core_field_exists(ctx->__data_loc_text);
	return 0;
}

char _license[] SEC("license") = "GPL";
