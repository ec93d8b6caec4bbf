/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FLOW_H
#define FLOW_H

/* Which packets belong together: for order, and for what is known about their content. */

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "ipcomp.h"

/* Of the pair of addresses, and of nothing else. Ports cannot be used: fragments have none, and
 * IPComp hides them, so packets of one flow would come to different lcores and lose their order.
 * Packets that are not IP: of the Ethernet addresses.
 */
uint32_t gw_flow_of_addresses(const struct rte_mbuf *frame);

/* Flows that do not compress are left alone for a while (RFC 3173, 2.2). An entry belongs to all
 * flows of the same hash: what it costs when two meet is that one of them is not tried.
 */
struct gw_habit {
	uint16_t failed;	/* in a row */
	uint16_t rests;		/* packets that are not to be tried */
};

#define GW_HABITS 4096

/* The entry of a packet, with ports, because a host has flows of many kinds. */
struct gw_habit *gw_habit_of(struct gw_habit *table, const struct rte_mbuf *frame,
	const struct ipcomp_place *place);

static inline bool
gw_habit_rests(struct gw_habit *habit)
{
	if (habit->rests == 0)
		return false;
	habit->rests--;
	return true;
}

static inline void
gw_habit_learn(struct gw_habit *habit, bool shrunk, uint16_t rest_after, uint16_t rest_for)
{
	if (shrunk)
		habit->failed = 0;
	else if (++habit->failed == rest_after) {
		habit->failed = 0;
		habit->rests = rest_for;
	}
}

#endif /* FLOW_H */
