/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef STATS_H
#define STATS_H

/* What became of packets. Each lcore counts in a structure of its own, so nothing here is atomic: a
 * reader on another lcore sees each counter as it was a moment ago.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <rte_common.h>

enum gw_count {
	GW_RECEIVED,
	GW_SENT,

	GW_COMPRESSED,
	GW_RESTORED,
	GW_RESTORED_SOFTWARE,

	/* Sent as they came. */
	GW_PASSED_NOT_IP,
	GW_PASSED_FRAGMENT,
	GW_PASSED_SMALL,
	GW_PASSED_LONG,
	GW_PASSED_OPAQUE,
	GW_PASSED_TRAILER,
	GW_PASSED_EXPANDED,
	GW_PASSED_RESTING,
	GW_PASSED_NO_BUFFER,
	GW_PASSED_NO_DEVICE,
	GW_PASSED_FAILED,
	GW_PASSED_NOT_IPCOMP,
	GW_PASSED_OTHER_CPI,

	GW_DROPPED_HEADER,
	GW_DROPPED_LENGTH,
	GW_DROPPED_CHECKSUM,
	GW_DROPPED_IPCOMP,
	GW_DROPPED_DATA,
	GW_DROPPED_LONG,
	GW_DROPPED_FRAGMENT,
	GW_DROPPED_NO_BUFFER,
	GW_DROPPED_SEND,

	/* Fragments that became a part of a datagram, which is counted on its own. */
	GW_REASSEMBLED,

	/* IP payload of packets that were compressed or restored; compressed payload has its IPComp
	 * header with it.
	 */
	GW_PLAIN_BYTES,
	GW_PACKED_BYTES,

	/* Calls that found nothing at a port. Not printed. */
	GW_EMPTY_POLLS,

	GW_COUNTS,
	/* No verdict yet: the packet is worth a closer look. */
	GW_GOES_ON = GW_COUNTS
};

struct gw_stats {
	uint64_t count[GW_COUNTS];
} __rte_cache_aligned;

static inline void
gw_add(struct gw_stats *stats, enum gw_count what, uint64_t n)
{
	stats->count[what] += n;
}

static inline bool
gw_is_drop(enum gw_count what)
{
	return what >= GW_DROPPED_HEADER && what <= GW_DROPPED_SEND;
}

/* Adds up one structure per lcore. */
void gw_stats_sum(struct gw_stats *sum, const struct gw_stats *each, unsigned int n);

/* Prints the counters that are not 0, and the rate over the time given. */
void gw_stats_print(const struct gw_stats *stats, double seconds, FILE *file);

#endif /* STATS_H */
