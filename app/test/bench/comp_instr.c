/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * instr.h for compressdevs.
 */
#include <string.h>

#include <rte_compressdev.h>

#include "bench_data.h"
#include "instr.h"

static struct bench_device device;
static struct rte_comp_op *ops[INSTR_MAX_BURST];

static void
comp_open(const struct instr_options *options)
{
	struct bench_shape shape = {
		.driver = options->driver,
		.decompress = strcmp(options->kind, "decompress") == 0,
		.len = options->size,
		.nb_segments = options->segments,
	};

	bench_device_open(&device, &shape, 1, 1024);
	bench_ops_make(&device, &shape, ops, options->burst);
}

static uint16_t
comp_enqueue(uint16_t count, bool counts)
{
	instr_toggle(counts);
	count = rte_compressdev_enqueue_burst(device.dev_id, 0, ops, count);
	instr_toggle(counts);
	return count;
}

static uint16_t
comp_dequeue(uint16_t done, uint16_t count, bool counts)
{
	instr_toggle(counts);
	count = rte_compressdev_dequeue_burst(device.dev_id, 0, ops + done, count);
	instr_toggle(counts);
	return count;
}

static int
comp_status(uint16_t index)
{
	return ops[index]->status;
}

static void
comp_close(void)
{
	bench_device_close(&device);
}

const struct instr_library instr_library = {
	.program = "instr",
	.kinds = "compress|decompress",
	.open = comp_open,
	.enqueue = comp_enqueue,
	.dequeue = comp_dequeue,
	.status = comp_status,
	.close = comp_close,
};
