/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef LANE_H
#define LANE_H

/* A lane is what one lcore owns of the accelerator: a queue pair, and a window of packets in the
 * order in which they came. Packets leave the window in that order, whether or not they went to the
 * device, and in whatever order that completes.
 *
 *	     given out                                            taken in
 *	<--  [ ready | ready | flies | ready | flies ][ waits | ready | waits ]  <--
 *	     head                                     todo                    tail
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "accel.h"
#include "flow.h"
#include "ipcomp.h"
#include "options.h"
#include "reassemble.h"
#include "software.h"
#include "stats.h"

enum gw_slot_state {
	GW_READY,	/* "out" is to be sent, or nothing if it is NULL */
	GW_WAITS,	/* for room in the queue pair */
	GW_FLIES,	/* the device has it */
};

/* A packet in the window, with the operation that stays at this place for ever. */
struct gw_slot {
	struct rte_comp_op *op;
	struct rte_mbuf *in;
	struct rte_mbuf *out;
	struct gw_habit *habit;		/* of its flow; NULL: it is restored */
	enum gw_slot_state state;
	uint16_t out_port;
	struct ipcomp_place place;
};

struct gw_lane {
	struct gw_slot *slots;
	uint32_t mask;			/* slots are a power of two, and indices run freely */
	uint32_t head, todo, tail;
	uint32_t flying;

	uint8_t device;
	uint16_t queue_pair;
	void *compress, *restore;	/* xforms */
	const struct gw_options *options;
	struct gw_stats *stats;
	struct rte_mempool *buffers;

	const struct gw_path *path_of[RTE_MAX_ETHPORTS];	/* by the port a packet came from */
	struct gw_habit habits[GW_HABITS];
	struct gw_reassembly *fragments;
	struct gw_inflate *software;
};

/* Slots, and operations, of a lane. */
uint32_t gw_lane_slots(const struct gw_options *options);

/* For the lcore that will run it. NULL: no memory. */
struct gw_lane *gw_lane_create(const struct gw_options *options, const struct gw_accel *accel,
	uint16_t queue_pair, struct rte_mempool *buffers, struct gw_stats *stats, int socket);
void gw_lane_destroy(struct gw_lane *lane);

/* Packets that may be taken now. */
static inline uint32_t
gw_lane_room(const struct gw_lane *lane)
{
	return lane->mask + 1 - (lane->tail - lane->head);
}

static inline bool
gw_lane_is_empty(const struct gw_lane *lane)
{
	return lane->tail == lane->head;
}

/* Takes a packet, which its port has received, into a window with room. */
void gw_lane_take(struct gw_lane *lane, struct rte_mbuf *frame);

/* Lets the device work, and gives up to "n" packets that are due; their port is the one that is to
 * send them. Never waits.
 */
uint16_t gw_lane_give(struct gw_lane *lane, struct rte_mbuf **frames, uint16_t n);

/* In lane_device.c: submits what waits, settles what is done. */
void gw_lane_drive(struct gw_lane *lane);

#endif /* LANE_H */
