/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef STAGES_H
#define STAGES_H

/* What the lcores do. Run to completion: each receives, compresses and sends, on queues of its own.
 * Pipeline: one receives and deals the flows out to lanes, one sends, and rings lie between them. A
 * ring has one writer and one reader, and a flow one lane, so order stays.
 */

#include <stdatomic.h>
#include <stdbool.h>

#include <rte_lcore.h>
#include <rte_ring.h>

#include "lane.h"
#include "options.h"
#include "stats.h"

struct gw_run {
	const struct gw_options *options;
	unsigned int nb_lanes;
	struct gw_lane *lane[RTE_MAX_LCORE];
	/* Of each lcore that works; in a pipeline the receiver's and the sender's come last. */
	struct gw_stats stats[RTE_MAX_LCORE];
	/* A pipeline's, for each lane. */
	struct rte_ring *to_lane[RTE_MAX_LCORE];
	struct rte_ring *from_lane[RTE_MAX_LCORE];

	/* Receive nothing more, and end when all that was received is sent. */
	atomic_bool stop;
	/* End at once: something does not come back. */
	atomic_bool abandon;
	atomic_uint receivers;
	atomic_uint lanes;
};

/* The part of one lcore, by its number among those that work. */
struct gw_part {
	struct gw_run *run;
	unsigned int index;
};

/* For rte_eal_remote_launch(), with a struct gw_part. */
int gw_run_to_completion(void *part);
int gw_receive(void *part);
int gw_compress(void *part);
int gw_send(void *part);

#endif /* STAGES_H */
