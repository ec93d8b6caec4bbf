/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef PORT_H
#define PORT_H

#include <stdint.h>

#include <rte_mempool.h>

#include "options.h"

#define GW_RING_DEPTH 512

/* How many lcores at most can have a queue of their own for each direction of each path. */
unsigned int gw_ports_max_queues(const struct gw_options *options);

/* Starts the ports of the options. Ends the program where that is not possible. */
void gw_ports_start(const struct gw_options *options, uint16_t nb_queues, struct rte_mempool *pool);

void gw_ports_stop(const struct gw_options *options);

#endif /* PORT_H */
