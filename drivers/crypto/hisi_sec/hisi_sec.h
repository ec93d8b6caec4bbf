/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_H
#define HISI_SEC_H

/**
 * @file
 * crypto/hisi_sec: structures shared by its files. Knows the cryptodev API and the SEC descriptor;
 * the life of function and queues is common/hisi_qm's.
 */

#include <rte_crypto.h>
#include <rte_cryptodev.h>
#include <cryptodev_pmd.h>
#include <rte_ring.h>

#include "hisi_qm_class.h"
#include "hisi_qm_dequeue.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_pair.h"
#include "hisi_qm_qp.h"
#include "hisi_qm_replay.h"
#include "hisi_qm_sgl.h"
#include "hisi_sec_session.h"
#include "hisi_sec_sqe.h"

extern int hisi_sec_logtype;

#define HISI_SEC_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, hisi_sec_logtype, "HISI_SEC: " fmt "\n", ## __VA_ARGS__)

/** The name under which EAL, cryptodev and users know the driver. */
#define HISI_SEC_DRIVER_NAME crypto_hisi_sec

/** Id that cryptodev gave the driver in this process. */
extern uint8_t hisi_sec_driver_id;

/** Segments of one side of an operation; one entry of its lists may be its AAD. */
#define HISI_SEC_MAX_SEGS (HISI_QM_SGL_MAX_SEGS - 1)

/** Pieces of one side of an operation of the raw API. */
#define HISI_SEC_RAW_MAX_SEGS 64
/** Operations of one turn of the raw API's dequeue. */
#define HISI_SEC_RAW_BURST 64

/** What became of operations that did not go to the ring as they stood. */
enum hisi_sec_reason {
	HISI_SEC_REASON_INVALID,	/**< cannot be carried out at all */
	HISI_SEC_REASON_SESSION,	/**< without a session of this driver and generation */
	HISI_SEC_REASON_POOL_EMPTY,	/**< without a session, and none is left in the pool */
	HISI_SEC_REASON_DEAD,		/**< the device is gone */
	HISI_SEC_REASON_STOPPED,	/**< the device had it and was stopped before the end */
	HISI_SEC_REASON_EMPTY,		/**< nothing to be done: no data, or a MAC of no data */
	HISI_SEC_REASON_SOFT_EMPTY,	/**< software: AEAD without payload, V2 */
	HISI_SEC_REASON_SOFT_CTR,	/**< software: CTR of a length or counter that V2 lacks */
	HISI_SEC_REASON_SOFT_LONG,	/**< software: longer than a descriptor holds */
	HISI_SEC_REASON_CHAINED,	/**< to the ring, by SGLs */
	HISI_SEC_REASON_TWO_STEPS,	/**< to the ring, as two descriptors */
	HISI_SEC_REASON_SESSIONLESS,	/**< with a session of its own, for this time */
	HISI_SEC_REASONS,
};

/** Values of enum rte_crypto_op_status that the driver gives. */
#define HISI_SEC_OP_STATUSES (RTE_CRYPTO_OP_STATUS_ERROR + 1)

/** What a slot's descriptor refers to, beside data: in memory that the device reads and writes. */
struct hisi_sec_scratch {
	uint8_t c_ivin[HISI_SEC_MAX_IV_LEN];	/**< IV, counter or tweak */
	uint8_t a_ivin[HISI_SEC_MAX_IV_LEN];	/**< B0 of CCM */
	uint8_t pad[32];
	uint8_t mac[HISI_SEC_MAX_MAC_LEN];	/**< to be compared with the one given */
} __rte_aligned(64);

/** What is to be done when a descriptor is complete. */
enum hisi_sec_step_flag {
	HISI_SEC_STEP_ICV = HISI_BIT32(0),	/**< the device compared the tag */
	HISI_SEC_STEP_LAST = HISI_BIT32(1),	/**< no further descriptor */
	HISI_SEC_STEP_COPY = HISI_BIT32(2),	/**< digest is to be what is in scratch.mac */
};

struct hisi_sec_step {
	struct hisi_qm_sgl_use sgl;	/**< count 0: none */
	uint8_t *digest;		/**< what scratch.mac must be, NULL: nothing to compare */
	uint16_t digest_len;
	uint16_t flags;			/**< enum hisi_sec_step_flag */
};

/** The host's own half of a slot. */
struct hisi_sec_slot {
	struct hisi_sec_step step;
	struct hisi_sec_step next;	/**< of the descriptor that follows */
	uint32_t next_bd[HISI_SEC_SQE_LEN / 4];
	uint32_t from;		/**< of the second queue: head of the first when this was filled */
};

/** Of struct hisi_qm_inflight, dst_len: how a completion is to be finished. */
enum hisi_sec_finish {
	HISI_SEC_FINISH_PLAIN,	/**< the status says all */
	HISI_SEC_FINISH_SLOT,	/**< see the slot */
	HISI_SEC_FINISH_RAW = HISI_BIT32(8), /**< with the above: of the raw API, op is user data */
};

/** One hardware queue of a queue pair, and what belongs to its slots. */
struct hisi_sec_queue {
	struct hisi_qm_qp *hw;
	struct hisi_sec_scratch *scratch; /**< depth entries */
	struct hisi_sec_slot *slots;	/**< depth entries */
};

/**
 * A cryptodev queue pair. In memory that secondary processes share: no pointer to anything of one
 * process.
 *
 * Its second hardware queue belongs to dequeue alone: where an operation takes two descriptors,
 * dequeue hands over the second when the first is complete. So enqueue and dequeue may be two
 * lcores.
 */
struct hisi_sec_qp {
	struct hisi_qm_pair pair;	/**< must be first */
	struct hisi_sec_queue first;
	struct hisi_sec_queue second;
	struct rte_ring *parked;	/**< operations that dequeue settles, SP/SC */
	struct rte_mempool *sessions;	/**< for sessionless operations, NULL: none such */
	uint32_t plain;			/**< identity of sessions that the fast path takes */
	uint8_t bd_type;		/**< HISI_SEC_BD_TYPE_2 or _3 */
	uint8_t fallback;
	uint8_t is_raw;			/**< bursts come by the raw data-path API only */
	uint8_t is_raw_watched;		/**< and are to say that they came; by the primary */
	uint8_t has_two_steps;		/**< one of two descriptors was there; by enqueue */
	uint8_t told_xform;		/**< said why an xform of an operation will not do */
	struct hisi_sec_dev *dev;
	struct hisi_sec_session *raw_session; /**< of a raw context without one, NULL: none yet */
	uint32_t raw_made;		/**< how often raw_session became another one */

	/* Written by enqueue. */
	uint64_t enqueued __rte_aligned(HISI_QM_BLOCK);
	uint64_t refused;		/**< not taken: raw requests, or calls of the other API */
	uint64_t reasons[HISI_SEC_REASONS];
	uint32_t raw_filled;		/**< descriptors of the raw API that wait for a doorbell */
	uint32_t raw_abandoned;		/**< how often those were given up */

	/* Written by dequeue. */
	uint64_t dequeued __rte_aligned(HISI_QM_BLOCK);
	uint8_t parked_turn;		/**< the next operation of an odd burst is a parked one */
	uint32_t second_filled;		/**< descriptors of this burst, not handed over yet */
	uint32_t second_at;		/**< count of the first of them */
	uint64_t errors;
	struct hisi_qm_dequeue_bytes bytes; /**< out is not counted: it is as much as comes in */
	uint64_t statuses[HISI_SEC_OP_STATUSES]; /**< by enum rte_crypto_op_status */
	uint64_t stopped;		/**< counts as HISI_SEC_REASON_STOPPED */
	uint32_t raw_count;		/**< of this burst of the raw API */
	void *raw_user_data[HISI_SEC_RAW_BURST];
	uint8_t raw_status[HISI_SEC_RAW_BURST]; /**< enum rte_crypto_op_status */
} __rte_aligned(HISI_QM_BLOCK);

static_assert(offsetof(struct hisi_sec_qp, pair) == 0,
	"hisi_qm_pair.h takes one for the other");

/** The cryptodev's private data, shared with secondary processes. */
struct hisi_sec_dev {
	struct hisi_qm_dev *qm;
	struct hisi_qm_pair *pairs;	/**< queue pairs that are set up */
	struct rte_cryptodev_capabilities capabilities[HISI_SEC_MAX_CAPABILITIES];
};

extern const struct hisi_qm_engine hisi_sec_engine;
extern struct rte_cryptodev_ops hisi_sec_ops;
/** What a secondary process may do beside bursts. */
extern struct rte_cryptodev_ops hisi_sec_secondary_ops;

/* What struct hisi_qm_class asks of a class, in hisi_sec_device.c. */
int hisi_sec_device_create(struct rte_device *device, const char *name, struct hisi_qm_dev *qm);
int hisi_sec_device_destroy(const char *name);
int hisi_sec_device_attach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus);
int hisi_sec_device_detach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus);

/**
 * Does a lcore of this process burst on a device that is to go? Looks for a tenth of a second where
 * the device is started, or a queue pair has contexts of the raw API, for which that is all one;
 * nothing is enqueued meanwhile.
 *
 * @return true after one message
 */
bool hisi_sec_is_polled(struct rte_cryptodev *dev);

/** Descriptor type of a generation. */
static inline uint8_t
hisi_sec_bd_type(enum hisi_qm_version version)
{
	return version < HISI_QM_V3 ? HISI_SEC_BD_TYPE_2 : HISI_SEC_BD_TYPE_3;
}

/** Burst functions of the generation. */
void hisi_sec_set_bursts(struct rte_cryptodev *dev);
uint16_t hisi_sec_dequeue_burst(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops);
uint16_t hisi_sec_enqueue_burst_bd2(void *queue_pair, struct rte_crypto_op **ops,
	uint16_t nb_ops);
uint16_t hisi_sec_enqueue_burst_bd3(void *queue_pair, struct rte_crypto_op **ops,
	uint16_t nb_ops);

/**
 * Both queues' share of a dequeue burst, and the doorbell of what follows.
 *
 * @return operations in @p ops; of the raw API how many, which are qp->raw_user_data
 */
uint16_t hisi_sec_dequeue_queues(struct hisi_sec_qp *qp, void **ops, uint16_t nb_ops);

/** Make an error of an operation that the device had when it was stopped. @return the operation */
void *hisi_sec_fail(void *qp, struct hisi_qm_qp *hw, const struct hisi_qm_inflight *inflight);

/** on_error=replay, hisi_qm_dequeue.replay. */
uint16_t hisi_sec_replay(void *qp, struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops);

/**
 * Park an operation that does not go to the ring as it stands (enqueue's slow path).
 *
 * @return false: the parking ring is full, the operation was not taken
 */
bool hisi_sec_park(struct hisi_sec_qp *qp, struct rte_crypto_op *op, enum hisi_sec_reason reason);
/** Settle up to @p nb_ops parked operations (dequeue's slow path). */
uint16_t hisi_sec_unpark(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops);

/** The descriptor of count @p tail, which is filled, into the recorder (slow paths). */
void hisi_sec_record_at(const struct hisi_sec_qp *qp, struct hisi_qm_qp *hw, uint32_t tail);

/** A session that enqueue made for a sessionless operation goes, and nothing of it stays. */
void hisi_sec_drop_session(struct hisi_sec_qp *qp, struct rte_crypto_op *op);
/** The lists of an operation of the first queue that never completed, back to their pool. */
void hisi_sec_retire(struct hisi_sec_qp *qp, const struct hisi_qm_inflight *inflight);

/** Raw data-path API, ops of struct rte_cryptodev_ops. */
int hisi_sec_raw_size(struct rte_cryptodev *dev);
int hisi_sec_raw_configure(struct rte_cryptodev *dev, uint16_t qp_id,
	struct rte_crypto_raw_dp_ctx *ctx, enum rte_crypto_op_sess_type type,
	union rte_cryptodev_session_ctx session, uint8_t is_update);

/** What queue pairs of the class count. */
extern const struct hisi_qm_counters hisi_sec_counters;
/** Bitmap of the device (sec.md 1.4). */
uint64_t hisi_sec_algorithms(const struct hisi_qm_dev *qm);

/** Fill the capability list from the function's capability words (sec.md 1.3, 3). */
int hisi_sec_capabilities_init(struct hisi_sec_dev *sec);

#endif /* HISI_SEC_H */
