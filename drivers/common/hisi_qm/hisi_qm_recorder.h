/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_RECORDER_H
#define HISI_QM_RECORDER_H

/**
 * @file
 * The flight recorder of a queue, and how long its operations took: always on, cheap, in memory
 * that all processes share. hisi_record.h says what it holds and how it is read.
 *
 * Bursts and latencies need nothing of the class: hisi_qm_qp_submit() and hisi_qm_qp_taken() of
 * hisi_qm_qp.h do that. Descriptors and completions do, where its engine has a layout for them:
 * enqueue writes an entry for each SQE to what hisi_qm_qp_sqe_records() gives, dequeue one for each
 * CQE to hisi_qm_qp_cqe_records().
 *
 * Entries have the indices of the queue plus `base`, which a restart moves on to the next multiple
 * of the depth: the slots of a lap of the queue are a run of places here. There are at least two
 * laps of them, so that a lap which is being written takes none away from the one before.
 */

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_cycles.h>

#include "hisi_qm_compat.h"
#include "hisi_record.h"

/** Sizes of operations: below 512 bytes, 512, 1024, ..., 64 KiB and more. */
#define HISI_QM_LATENCY_SIZES 9
/** log2 of the size that the second class begins with. */
#define HISI_QM_LATENCY_SIZE_LOG2 9
/** Chained operations: their length is not at hand where the time is taken. */
#define HISI_QM_LATENCY_CHAINED HISI_QM_LATENCY_SIZES
#define HISI_QM_LATENCY_CLASSES (HISI_QM_LATENCY_SIZES + 1)
/** Bucket b counts [2^b, 2^(b+1)) TSC cycles, from doorbell to dequeue; the last all above too. */
#define HISI_QM_LATENCY_BUCKETS 40

/** Operations by size and by the time they took. Written by dequeue. */
struct hisi_qm_latency {
	uint64_t count[HISI_QM_LATENCY_CLASSES][HISI_QM_LATENCY_BUCKETS];
};

/** Of one queue. What it points to lies behind it, in one allocation. */
struct hisi_qm_recorder {
	struct hisi_record_burst *submitted;	/**< written by enqueue */
	struct hisi_record_burst *completed;	/**< written by dequeue */
	uint8_t *sqes;				/**< written by enqueue, NULL: recorder=0 */
	struct hisi_record_cqe *cqes;		/**< written by dequeue, NULL: as well */
	struct hisi_qm_latency *latency;
	uint32_t mask;				/**< places of each ring - 1 */
	uint32_t base;				/**< written by the control thread at a start */
	struct hisi_record_layout layout;
};

/** Class of an operation's size in bytes, 0: it is chained. */
static __rte_always_inline uint32_t
hisi_qm_latency_class(uint32_t len)
{
	uint32_t log2;

	if (len == 0)
		return HISI_QM_LATENCY_CHAINED;
	log2 = 31 - (uint32_t)__builtin_clz(len | HISI_BIT32(HISI_QM_LATENCY_SIZE_LOG2 - 1));
	return RTE_MIN(log2 - (HISI_QM_LATENCY_SIZE_LOG2 - 1), HISI_QM_LATENCY_SIZES - 1U);
}

static __rte_always_inline uint32_t
hisi_qm_latency_bucket(uint64_t cycles)
{
	return RTE_MIN(63 - (uint32_t)__builtin_clzll(cycles | 1), HISI_QM_LATENCY_BUCKETS - 1U);
}

/** Write burst @p number and publish it by the counter at @p published, whose owner calls this. */
static __rte_always_inline void
hisi_qm_record_burst(struct hisi_record_burst *ring, uint32_t mask, uint32_t *published,
	const struct hisi_record_burst *burst)
{
	uint32_t number = *published;

	ring[number & mask] = *burst;
	ring[number & mask].number = number;
	hisi_qm_store_release(published, number + 1);
}

/**
 * What dequeue notes of a completion, into the place of hisi_qm_qp_cqe_records().
 *
 * @param result the 16 bytes of the descriptor that the device answered with
 */
static __rte_always_inline void
hisi_qm_record_cqe(struct hisi_record_cqe *record, const void *cqe, const void *result)
{
	memcpy(record->cqe, cqe, sizeof(record->cqe));
	memcpy(record->result, result, sizeof(record->result));
}

/* ---- inside common/hisi_qm ---- */

struct hisi_qm_qp;

/** For a queue of @p depth; NULL: no memory. Freed with rte_free(). */
struct hisi_qm_recorder *hisi_qm_recorder_create(uint32_t depth, uint32_t entries,
	const struct hisi_record_layout *layout, int socket_id);

/** Bytes of all its rings, which lie one behind the other from `submitted` on. */
size_t hisi_qm_recorder_rings_len(const struct hisi_qm_recorder *recorder);

/** The queue's indices are about to begin at 0 again; no burst is inside. */
void hisi_qm_recorder_before_start(struct hisi_qm_qp *qp);
/** They have: note the @p count descriptors that its slots hold already. */
void hisi_qm_recorder_after_start(struct hisi_qm_qp *qp, uint32_t count);
/** Slots [from, to) are handed over by the control thread, with enqueue closed. */
void hisi_qm_recorder_submit(struct hisi_qm_qp *qp, uint32_t from, uint32_t to, uint64_t word);

/** Of dequeue's slow paths: one completion out of ring order, or any other burst about one. */
void hisi_qm_recorder_unordered(struct hisi_qm_qp *qp, uint32_t slot);
void hisi_qm_recorder_note(struct hisi_qm_qp *qp, enum hisi_record_kind kind, uint32_t index,
	uint64_t word);

#endif /* HISI_QM_RECORDER_H */
