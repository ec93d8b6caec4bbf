/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef BENCH_DATA_H
#define BENCH_DATA_H

/**
 * @file
 * A device, and ops that it can be given again and again: what the measuring programs share. All
 * of it ends the program where something is amiss.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_comp.h>

/** What one op is. */
struct bench_shape {
	const char *driver;   /**< name, or the beginning of one, of a compressdev driver */
	bool decompress;
	uint32_t len;         /**< plain bytes of an op */
	uint32_t nb_segments; /**< of the source, and of the destination */
	const char *input;    /**< file that the plain bytes come from; NULL: text-like ones */
};

/** The first device of a driver, started. */
struct bench_device {
	uint8_t dev_id;
	void *private_xform;
};

/** Set up @p nb_queue_pairs queue pairs of @p depth ops. */
void
bench_device_open(struct bench_device *device, const struct bench_shape *shape,
		  uint16_t nb_queue_pairs, uint32_t depth);

void
bench_device_close(struct bench_device *device);

/** Make @p count ops with their buffers; each has 8 bytes after it for whoever measures. */
void
bench_ops_make(const struct bench_device *device, const struct bench_shape *shape,
	       struct rte_comp_op **ops, uint32_t count);

#endif /* BENCH_DATA_H */
