/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef ACCEL_H
#define ACCEL_H

/* The compressdev, with a queue pair for each lcore that compresses. */

#include <stdint.h>

#include <rte_compressdev.h>
#include <rte_mempool.h>

#include "options.h"

struct gw_accel {
	uint8_t id;
	/* Private xforms are read only, and all lcores share them. */
	void *compress;
	void *restore;
	struct rte_mempool *ops;	/* with private room for a uint32_t */
};

/* Finds the device of the options and starts it. Ends the program where that is not possible. */
void gw_accel_start(struct gw_accel *accel, const struct gw_options *options,
	unsigned int nb_lanes, unsigned int nb_ops);

void gw_accel_stop(struct gw_accel *accel);

#endif /* ACCEL_H */
