/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_ZIP_H
#define HISI_ZIP_H

/**
 * @file
 * compress/hisi_zip: structures shared by its files. Knows the compressdev API and the ZIP
 * descriptor; the life of function and queues is common/hisi_qm's.
 */

#include <rte_comp.h>
#include <rte_compressdev.h>
#include <rte_compressdev_pmd.h>
#include <rte_ring.h>

#include "hisi_qm_class.h"
#include "hisi_qm_dequeue.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_pair.h"
#include "hisi_qm_qp.h"
#include "hisi_qm_replay.h"
#include "hisi_qm_sgl.h"
#include "hisi_zip_sqe.h"

extern int hisi_zip_logtype;

#define HISI_ZIP_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, hisi_zip_logtype, "HISI_ZIP: " fmt "\n", ## __VA_ARGS__)

/** The name under which EAL, compressdev and users know the driver. */
#define HISI_ZIP_DRIVER_NAME compress_hisi_zip

/** Outputs smaller than this are made by software: the hardware needs room (zip.md 3.9, 8.6). */
#define HISI_ZIP_TINY_DEST_LEN 256

/* zip.md 8.3: log2 of the largest window; inflating takes any and the hardware ignores it. */
#define HISI_ZIP_WINDOW_LOG2_MAX 15
#define HISI_ZIP_INFLATE_WINDOW_LOG2_MIN 8

/** Why an operation does not go to the ring as it stands. */
enum hisi_zip_reason {
	HISI_ZIP_REASON_EMPTY,		/**< no input: software */
	HISI_ZIP_REASON_TINY,		/**< too little room for the hardware: software */
	HISI_ZIP_REASON_INVALID,	/**< cannot be carried out at all */
	HISI_ZIP_REASON_DEAD,		/**< the device is gone */
	HISI_ZIP_REASON_STOPPED,	/**< the device had it and was stopped before the end */
	HISI_ZIP_REASON_INFLATE,	/**< no raw inflate in this generation: software */
	HISI_ZIP_REASON_CHAINED,	/**< chained mbufs: to the ring, by SGLs */
	HISI_ZIP_REASONS,
};

/** Values of enum rte_comp_op_status that the driver gives. */
#define HISI_ZIP_OP_STATUSES (RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE + 1)

/* op->debug_status: what the engine said, and why an operation did not reach it as it stood. */
#define HISI_ZIP_DEBUG_DW3	HISI_GENMASK64(31, 0) /* status word (zip.md 3.2), 0: none */
#define HISI_ZIP_DEBUG_REASON	HISI_GENMASK64(39, 32) /* enum hisi_zip_reason + 1, 0: none */

/** How a generation of the engine does raw deflate (zip.md 0.1, 3.3, 8.2). */
struct hisi_zip_generation {
	enum hisi_qm_version version;	/**< oldest that it holds for */
	struct hisi_zip_sqe sqe;	/**< what every slot of every queue holds */
	uint32_t algorithms;		/**< bits of DEV_ALG that are needed */
	uint8_t compress_request;	/**< enum hisi_zip_request */
	uint8_t trailer_len;		/**< bytes the engine puts behind the deflate stream */
	uint8_t window_log2_min;	/**< smallest window that a compression can ask for */
	bool has_inflate;		/**< raw streams by hardware; else by software */
};

/** Generation of a function, never NULL for a version that common/hisi_qm drives. */
const struct hisi_zip_generation *hisi_zip_generation_get(enum hisi_qm_version version);

/**
 * A stateless private xform: the words of the descriptor that depend on it. Read-only once made,
 * so shareable.
 */
struct hisi_zip_xform {
	uint64_t dw8_dw9;	/**< request, buffer type, window; no output offset */
	uint32_t flush_ok;	/**< bit per enum rte_comp_flush_flag that is accepted */
	uint8_t type;		/**< enum hisi_zip_queue_type: which hardware queue */
	uint8_t window_log2;
};

/** What the flight recorder keeps of a descriptor: hisi_zip_record_layout says which words. */
struct hisi_zip_record {
	uint64_t dw8_dw9;
	uint64_t src;
	uint64_t dst;
	uint32_t src_len;
	uint32_t dst_len;
};
static_assert(sizeof(struct hisi_zip_record) == 32, "two in a cache line");

extern const struct hisi_record_layout hisi_zip_record_layout;

/** Library states for what is done in software; one user at a time, the dequeuing lcore. */
struct hisi_zip_soft;

/** The lists of an operation with chained mbufs, by the slot of its SQE; written by enqueue. */
struct hisi_zip_sgl_op {
	struct hisi_qm_sgl_use use;
	uint32_t src_len;	/**< bytes; struct hisi_qm_inflight has 0 for such an operation */
	uint32_t dst_len;
};

/**
 * A compressdev queue pair: one compress and one decompress hardware queue. In memory that
 * secondary processes share: no pointer to anything of one process.
 */
struct hisi_zip_qp {
	struct hisi_qm_pair pair;	/**< must be first */
	struct hisi_qm_qp *hw[2];	/**< by enum hisi_zip_queue_type */
	struct hisi_zip_sgl_op *sgl_ops[2]; /**< depth entries */
	struct rte_ring *parked;	/**< operations that dequeue settles, SP/SC */
	struct hisi_zip_soft *soft;
	struct hisi_zip_sqe sqe;	/**< what every slot holds, of its generation */
	uint8_t trailer_len;		/**< of what the compress queue produces */

	/* Written by enqueue. */
	uint64_t enqueued __rte_aligned(HISI_QM_BLOCK);
	uint64_t reasons[HISI_ZIP_REASONS];
	uint8_t last_type;		/**< direction of the last operation */

	/* Written by dequeue. */
	uint64_t dequeued __rte_aligned(HISI_QM_BLOCK);
	uint8_t others_wait;		/**< the last burst had no room for more than one kind */
	uint8_t parked_turn;		/**< of the others, parked ones came first last time */
	uint64_t errors;
	struct hisi_qm_dequeue_bytes bytes;
	uint64_t statuses[HISI_ZIP_OP_STATUSES]; /**< by enum rte_comp_op_status, all but SUCCESS */
} __rte_aligned(HISI_QM_BLOCK);

static_assert(offsetof(struct hisi_zip_qp, pair) == 0,
	"hisi_qm_pair.h takes one for the other");

/** The compressdev's private data, shared with secondary processes. */
struct hisi_zip_dev {
	struct hisi_qm_dev *qm;
	struct rte_compressdev_capabilities capabilities[2];
	struct hisi_qm_pair *pairs;	/**< queue pairs that are set up */
	bool leaving;	/**< the device is being removed: queues go whatever is in flight */
};

extern const struct hisi_qm_engine hisi_zip_engine;
extern struct rte_compressdev_ops hisi_zip_ops;
/** What a secondary process may do beside bursts. */
extern struct rte_compressdev_ops hisi_zip_secondary_ops;

/* What struct hisi_qm_class asks of a class, in hisi_zip_device.c. */
int hisi_zip_device_create(struct rte_device *device, const char *name, struct hisi_qm_dev *qm);
int hisi_zip_device_destroy(const char *name);
int hisi_zip_device_attach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus);
int hisi_zip_device_detach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus);

/**
 * Does a lcore of this process burst on a device that is to go? Looks for a tenth of a second where
 * queue pairs are set up; nothing is enqueued meanwhile.
 *
 * @return true after one message
 */
bool hisi_zip_is_polled(struct rte_compressdev *dev);

/** What queue pairs of the class count. */
extern const struct hisi_qm_counters hisi_zip_counters;

/** Fill the capability list from the function's capability words (zip.md 1.6, 8.1). */
int hisi_zip_capabilities_init(struct hisi_zip_dev *zip);

int hisi_zip_xform_create(struct rte_compressdev *dev, const struct rte_comp_xform *xform,
	void **private_xform);
int hisi_zip_xform_free(struct rte_compressdev *dev, void *private_xform);

/** Count what dequeue returns besides plain successes, which it counts itself. */
static inline void
hisi_zip_count(struct hisi_zip_qp *qp, const struct rte_comp_op *op)
{
	qp->bytes.in += op->consumed;
	qp->bytes.out += op->produced;
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS)
		return;
	qp->errors++;
	qp->statuses[op->status]++;
}

/** Burst functions; the stopped one takes nothing. */
uint16_t hisi_zip_enqueue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops);
uint16_t hisi_zip_enqueue_stopped(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops);
uint16_t hisi_zip_dequeue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops);
/** The same for a generation with a trailer behind the stream. */
uint16_t hisi_zip_dequeue_burst_trailer(void *queue_pair, struct rte_comp_op **ops,
	uint16_t nb_ops);

/**
 * Park an operation that does not go to the ring as it stands (enqueue's slow path).
 *
 * @return false: the parking ring is full, the operation was not taken
 */
bool hisi_zip_park(struct hisi_zip_qp *qp, struct rte_comp_op *op, enum hisi_zip_reason reason);

/** Settle up to @p nb_ops parked operations (dequeue's slow path). */
uint16_t hisi_zip_unpark(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops);
/** The same in turn with decompressions, which come behind them, where there are any. */
uint16_t hisi_zip_unpark_in_turn(struct hisi_zip_qp *qp, struct rte_comp_op **ops,
	uint16_t nb_ops);

/**
 * Bytes of an mbuf chain from @p offset on: the sum of data_len, never pkt_len.
 *
 * @return negative where the offset lies behind the end
 */
int64_t hisi_zip_chain_room(const struct rte_mbuf *mbuf, uint32_t offset);

/** Lists for the slots of one hardware queue. @return 0 or -ENOMEM */
int hisi_zip_sgl_setup(struct hisi_zip_qp *qp, uint8_t type, int socket_id);

/**
 * Fill a slot for an operation with chained mbufs (enqueue's slow path).
 *
 * @return false: no free lists; the operation was not taken
 */
bool hisi_zip_sgl_fill(struct hisi_zip_qp *qp, const struct hisi_zip_xform *xform,
	struct hisi_zip_sqe *sqe, struct hisi_qm_inflight *inflight, struct rte_comp_op *op);

/** Lengths of the operation in @p inflight, and its lists back to the pool if it had any. */
void hisi_zip_sgl_retire(struct hisi_zip_qp *qp, const struct hisi_qm_qp *hw,
	const struct hisi_qm_inflight *inflight, uint32_t *src_len, uint32_t *dst_len);

/** Why @p op is none that the ring takes as it stands (hisi_zip_is_plain()). */
enum hisi_zip_reason hisi_zip_reason_of(const struct rte_comp_op *op);

/** Make an error of an operation that the device had when it was stopped. @return @p op */
void *hisi_zip_fail(struct hisi_zip_qp *qp, struct rte_comp_op *op);

/** on_error=replay, hisi_qm_dequeue.replay: the work is cut into pieces, a burst must be short. */
uint16_t hisi_zip_replay_keep(void *queue_pair, struct hisi_qm_qp *hw, void **ops,
	uint16_t nb_ops);

/** Library states for tiny outputs and empty inputs on @p socket_id, or NULL. */
struct hisi_zip_soft *hisi_zip_soft_create(int socket_id);
void hisi_zip_soft_free(struct hisi_zip_soft *soft);

#endif /* HISI_ZIP_H */
