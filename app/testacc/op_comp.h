/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_OP_COMP_H
#define TESTACC_OP_COMP_H

/**
 * @file
 * What the classes of compressdev share: a device with its queue pairs and xforms (comp_device.c),
 * ops with their buffers (comp_buffers.c).
 */

#include <rte_compressdev.h>
#include <rte_mbuf.h>

#include "engine.h"

/** What of a slot an op class needs. */
enum testacc_comp_kind {
	TESTACC_COMP_COMPRESS,
	TESTACC_COMP_DECOMPRESS,
	TESTACC_COMP_ROUND_TRIP,
	TESTACC_COMP_MIXED,
};

/** Parts of a mixed run. */
enum testacc_comp_part {
	TESTACC_COMP_PART_COMPRESS,
	TESTACC_COMP_PART_DECOMPRESS,
	TESTACC_COMP_PARTS,
};

/** private of a run. */
struct testacc_comp {
	enum testacc_comp_kind kind;
	uint8_t dev_id;
	bool is_started;
	struct rte_mempool *ops;
	struct rte_mempool *mbufs;
	uint32_t segment_len;	/**< bytes of each mbuf of a buffer */
};

/** Bytes that @p plain ones may become at worst. */
uint32_t testacc_comp_bound(uint64_t plain);

/**
 * Does the device do what the settings ask for? Then configure it, with its queue pairs, start it
 * and make the xforms of all engines.
 *
 * @return enum testacc_result, after a message
 */
int testacc_comp_device_open(struct testacc_run *run);
/** Stop the device; its queue pairs stay until the next open. */
void testacc_comp_device_close(struct testacc_run *run);

/** The xform of the settings, for one direction. */
void testacc_comp_fill_xform(const struct testacc_settings *settings,
	enum rte_comp_xform_type type, struct rte_comp_xform *xform);

/** Ops and buffers of all engines. */
int testacc_comp_buffers_open(struct testacc_run *run);
void testacc_comp_buffers_close(struct testacc_run *run);

#endif /* TESTACC_OP_COMP_H */
