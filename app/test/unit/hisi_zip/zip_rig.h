/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef ZIP_RIG_H
#define ZIP_RIG_H

/**
 * @file
 * A compressdev of the driver on the fake bus, and operations whose buffers have canaries on both
 * sides. The device side is played by hand: fake_queue.h and zip_answer().
 */

#include <hisi_zip.h>

#include "rig.h"

/** Hardware queues of queue pair 0. */
#define ZIP_QN_COMPRESS 0
#define ZIP_QN_DECOMPRESS 1

#define ZIP_OP_MAX_SEGS 4096

struct zip_rig {
	struct rig *rig;
	struct rte_driver driver;
	struct rte_device device;
	struct rte_compressdev *dev;
	uint8_t id;
	struct hisi_zip_qp *qp;		/**< queue pair 0 */
	void *compress;			/**< private xforms: window 32K */
	void *decompress;
};

struct zip_op {
	struct rte_comp_op op;		/**< first: a burst's pointer is this structure */
	struct rte_mbuf src;
	struct rte_mbuf dst;
	struct rte_mbuf *segs[2];	/**< the further segments, NULL: flat */
	uint32_t returned;
};

/** A device of generation @p revision (enum hisi_qm_version) that is created, not configured. */
struct zip_rig *zip_rig_create_version(uint8_t revision);
/** The same with these devargs. */
struct zip_rig *zip_rig_create_with(uint8_t revision, enum hisi_qm_on_error on_error,
	uint32_t timeout_ms);
/** The same of V3. */
struct zip_rig *zip_rig_create(void);
/** Configure, set queue pair 0 of @p entries up, start, make xforms. */
void zip_rig_run(struct zip_rig *zip, uint32_t entries);
/** zip_rig_create() and zip_rig_run(). */
struct zip_rig *zip_rig_start(uint32_t entries);
/** One queue pair of @p entries; 0 or -errno. */
int zip_rig_configure(struct zip_rig *zip, uint32_t entries);
/** Stop and remove, whatever is in flight. */
void zip_rig_end(struct zip_rig *zip);

/** cmocka: zip_rig_start(32) and zip_rig_end(). */
int zip_setup(void **state);
int zip_teardown(void **state);

/** A plain operation with @p src_len bytes of input and @p dst_len of room. */
void zip_op_init(struct zip_op *op, void *xform, uint32_t src_len, uint32_t dst_len);
/** Check the canaries and free the buffers. */
void zip_op_fini(struct zip_op *op);
/**
 * Cut the source or destination of a plain operation into chained segments.
 *
 * @param nb_segs 2..ZIP_OP_MAX_SEGS; the last one gets what is left
 * @param len bytes of each of the others, 0 allowed
 */
void zip_op_cut_src(struct zip_op *op, uint16_t nb_segs, uint16_t len);
void zip_op_cut_dst(struct zip_op *op, uint16_t nb_segs, uint16_t len);
uint8_t *zip_op_src(struct zip_op *op);
uint8_t *zip_op_dst(struct zip_op *op);

uint16_t zip_enqueue(struct zip_rig *zip, struct zip_op *ops, uint16_t count);
/** Dequeue up to @p most (64 at most) and mark each; returns how many came. */
uint16_t zip_dequeue(struct zip_rig *zip, uint16_t most);

/** Write the results of SQE count @p count back and post its CQE. */
void zip_answer(struct zip_rig *zip, uint16_t qn, uint32_t count, uint32_t consumed,
	uint32_t produced, uint32_t dw3);
/** Look at the doorbells; complete all that is pending, with consumed = input, produced = 1. */
uint32_t zip_answer_all(struct zip_rig *zip, uint16_t qn);

#endif /* ZIP_RIG_H */
