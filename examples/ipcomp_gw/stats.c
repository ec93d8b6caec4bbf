/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <inttypes.h>

#include "stats.h"

/* Also a table of the guide, doc/tables/make_tables.py. */
static const struct {
	const char *name;
	const char *what;
} counters[GW_COUNTS] = {
	[GW_RECEIVED] = { "received", "taken from ports" },
	[GW_SENT] = { "sent", "given to ports" },
	[GW_COMPRESSED] = { "compressed", "sent with IPComp" },
	[GW_RESTORED] = { "restored", "sent without it again" },
	[GW_RESTORED_SOFTWARE] = { "restored_software",
		"restored by zlib, because the device failed or was away" },
	[GW_PASSED_NOT_IP] = { "passed_not_ip", "as it came: neither IPv4 nor IPv6" },
	[GW_PASSED_FRAGMENT] = { "passed_fragment", "as it came: a fragment" },
	[GW_PASSED_SMALL] = { "passed_small", "as it came: payload below --threshold" },
	[GW_PASSED_LONG] = { "passed_long", "as it came: longer than --max-frame" },
	[GW_PASSED_OPAQUE] = { "passed_opaque",
		"as it came: ESP, AH, IPComp, no payload, a jumbogram, a sum of -0" },
	[GW_PASSED_TRAILER] = { "passed_trailer", "as it came: bytes behind the datagram" },
	[GW_PASSED_EXPANDED] = { "passed_expanded", "as it came: it did not become smaller" },
	[GW_PASSED_RESTING] = { "passed_resting", "as it came: of a flow that does not compress" },
	[GW_PASSED_NO_BUFFER] = { "passed_no_buffer", "as it came: no free buffer" },
	[GW_PASSED_NO_DEVICE] = { "passed_no_device", "as it came: the device was away" },
	[GW_PASSED_FAILED] = { "passed_failed", "as it came: the device had it, and failed" },
	[GW_PASSED_NOT_IPCOMP] = { "passed_not_ipcomp",
		"as it came: not compressed, or in fragments of it" },
	[GW_PASSED_OTHER_CPI] = { "passed_other_cpi",
		"as it came: IPComp of another kind than DEFLATE" },
	[GW_DROPPED_HEADER] = { "dropped_header", "malformed: IP or extension header" },
	[GW_DROPPED_LENGTH] = { "dropped_length",
		"malformed: length beyond the frame, or below the header's" },
	[GW_DROPPED_CHECKSUM] = { "dropped_checksum", "malformed: sum of the IPv4 header" },
	[GW_DROPPED_IPCOMP] = { "dropped_ipcomp", "malformed: IPComp without data" },
	[GW_DROPPED_DATA] = { "dropped_data", "malformed: not what DEFLATE makes" },
	[GW_DROPPED_LONG] = { "dropped_long", "restored, it would be longer than --max-frame" },
	[GW_DROPPED_FRAGMENT] = { "dropped_fragment",
		"of an IPComp datagram that did not become whole" },
	[GW_DROPPED_NO_BUFFER] = { "dropped_no_buffer", "no free buffer" },
	[GW_DROPPED_SEND] = { "dropped_send", "the port did not take it" },
	[GW_REASSEMBLED] = { "reassembled", "fragments that became part of another packet here" },
	[GW_PLAIN_BYTES] = { "plain_bytes", "payload of compressed and restored packets, plain" },
	[GW_PACKED_BYTES] = { "packed_bytes", "the same, compressed, with the IPComp header" },
};

void
gw_stats_sum(struct gw_stats *sum, const struct gw_stats *each, unsigned int n)
{
	unsigned int i, what;

	for (what = 0; what < GW_COUNTS; what++) {
		sum->count[what] = 0;
		for (i = 0; i < n; i++)
			sum->count[what] += each[i].count[what];
	}
}

void
gw_stats_print(const struct gw_stats *stats, double seconds, FILE *file)
{
	const uint64_t *count = stats->count;
	unsigned int what;

	for (what = 0; what < GW_COUNTS; what++)
		if (counters[what].name != NULL && (count[what] != 0 || what <= GW_SENT))
			fprintf(file, "%-18s %12" PRIu64 "  %s\n", counters[what].name,
				count[what], counters[what].what);
	if (count[GW_PACKED_BYTES] != 0)
		fprintf(file, "%-18s %12.2f\n", "ratio",
			(double)count[GW_PLAIN_BYTES] / count[GW_PACKED_BYTES]);
	if (seconds > 0)
		fprintf(file, "%-18s %12.2f\n%-18s %12.0f\n%-18s %12.3f\n", "seconds", seconds,
			"packets_per_s", count[GW_RECEIVED] / seconds, "plain_gbit_per_s",
			count[GW_PLAIN_BYTES] * 8e-9 / seconds);
	fflush(file);
}
