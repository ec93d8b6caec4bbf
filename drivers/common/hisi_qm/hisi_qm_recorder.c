/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <rte_malloc.h>

#include "hisi_qm_qp.h"

/* The recorder's slow paths: set-up, restarts, and what is not the next in ring order. */

struct hisi_qm_recorder *
hisi_qm_recorder_create(uint32_t depth, uint32_t entries, const struct hisi_record_layout *layout,
	int socket_id)
{
	/* Two laps at least: the reader's margin is one. */
	size_t places = rte_align32pow2(RTE_MAX(entries, 2 * depth));
	size_t burst_len = places * sizeof(struct hisi_record_burst);
	bool has_entries = entries != 0 && layout != NULL;
	size_t cqe_len = has_entries ? places * sizeof(struct hisi_record_cqe) : 0;
	size_t sqe_len = has_entries ? places * layout->entry_len : 0;
	struct hisi_qm_recorder *recorder;
	char *at;

	/* One allocation; each part begins at a cache line of its own. */
	recorder = rte_zmalloc_socket(NULL, 2 * RTE_CACHE_LINE_SIZE +
		sizeof(struct hisi_qm_latency) + 2 * burst_len + cqe_len + sqe_len, 128, socket_id);
	if (recorder == NULL)
		return NULL;
	at = (char *)recorder + RTE_ALIGN_CEIL(sizeof(*recorder), 128);
	recorder->submitted = (struct hisi_record_burst *)at;
	recorder->completed = (struct hisi_record_burst *)(at + burst_len);
	at += 2 * burst_len;
	if (has_entries) {
		recorder->layout = *layout;
		recorder->cqes = (struct hisi_record_cqe *)at;
		recorder->sqes = (uint8_t *)at + cqe_len;
	}
	recorder->latency = (struct hisi_qm_latency *)(at + cqe_len + sqe_len);
	recorder->mask = (uint32_t)places - 1;
	return recorder;
}

size_t
hisi_qm_recorder_rings_len(const struct hisi_qm_recorder *recorder)
{
	return (size_t)((const char *)recorder->latency - (const char *)recorder->submitted);
}

void
hisi_qm_recorder_before_start(struct hisi_qm_qp *qp)
{
	/* A lap of the queue begins where one of the recorder's places may. */
	qp->recorder->base = RTE_ALIGN_CEIL(qp->recorder->base + qp->tail, qp->mask + 1);
	qp->timed = qp->submitted;
	/* A reader that sees an index of the new start sees the base, too. */
	rte_smp_wmb();
}

static void
recorder_add_sqe(struct hisi_qm_qp *qp, uint32_t count)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	uint32_t entry_len = recorder->layout.entry_len;
	uint8_t *entry = hisi_qm_qp_sqe_records(qp, count, entry_len);

	if (entry != NULL)
		hisi_record_pack(&recorder->layout,
			hisi_qm_qp_sqe(qp, count, 1U << qp->sqe_log2), entry);
}

void
hisi_qm_recorder_after_start(struct hisi_qm_qp *qp, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		recorder_add_sqe(qp, i);
}

void
hisi_qm_recorder_submit(struct hisi_qm_qp *qp, uint32_t from, uint32_t to, uint64_t word)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	const struct hisi_record_burst burst = {
		.tsc = rte_rdtsc(),
		.word = word,
		.first = recorder->base + from,
		.count = to - from,
		.kind = HISI_RECORD_SUBMIT,
	};

	hisi_qm_record_burst(recorder->submitted, recorder->mask, &qp->submitted, &burst);
}

/* @p index of the queue, not the recorder's. */
void
hisi_qm_recorder_note(struct hisi_qm_qp *qp, enum hisi_record_kind kind, uint32_t index,
	uint64_t word)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	const struct hisi_record_burst burst = {
		.tsc = rte_rdtsc(),
		.word = word,
		.first = recorder->base + index,
		.count = 1,
		.kind = kind,
	};

	hisi_qm_record_burst(recorder->completed, recorder->mask, &qp->completed, &burst);
	rte_smp_wmb();
}

/* The CQE is that of the head; its operation is not the oldest one, or comes after such a one. */
void
hisi_qm_recorder_unordered(struct hisi_qm_qp *qp, uint32_t slot)
{
	struct hisi_record_cqe *record = hisi_qm_qp_cqe_records(qp, qp->head);
	uint32_t ahead = (slot - qp->retired) & qp->mask;

	if (record != NULL)
		hisi_qm_record_cqe(record, &qp->cq[qp->head & qp->mask],
			(const uint8_t *)hisi_qm_qp_sqe(qp, slot, 1U << qp->sqe_log2) +
			qp->recorder->layout.result);
	hisi_qm_recorder_note(qp, HISI_RECORD_UNORDERED, qp->head, slot);
	hisi_qm_qp_time_each(qp, qp->retired + ahead, 1, rte_rdtsc());
}

/* ---- latency ---- */

/* The burst of enqueue that index @p index of the recorder is of, from the oldest on. */
static const struct hisi_record_burst *
burst_of(const struct hisi_qm_qp *qp, uint32_t index)
{
	uint32_t number, end = hisi_qm_load_acquire(&qp->submitted);
	const struct hisi_record_burst *burst;

	for (number = qp->timed; number != end; number++) {
		burst = &qp->recorder->submitted[number & qp->recorder->mask];
		if (index - burst->first < burst->count)
			return burst;
	}
	return NULL;
}

/* Bursts that end below index @p index are done with, unless one before them is not. */
static void
forget_bursts(struct hisi_qm_qp *qp, uint32_t index)
{
	uint32_t end = hisi_qm_load_acquire(&qp->submitted);
	const struct hisi_record_burst *burst;

	for (; qp->timed != end; qp->timed++) {
		burst = &qp->recorder->submitted[qp->timed & qp->recorder->mask];
		if ((int32_t)(burst->first + burst->count - index) > 0)
			return;
	}
}

void
hisi_qm_qp_time_each(struct hisi_qm_qp *qp, uint32_t first, uint32_t count, uint64_t now)
{
	struct hisi_qm_recorder *recorder = qp->recorder;
	const struct hisi_record_burst *burst = NULL;
	uint32_t i, index, size;

	/* Oldest that is not complete: before a run in ring order that is its first. */
	forget_bursts(qp, recorder->base + qp->retired);
	for (i = 0; i < count; i++) {
		index = recorder->base + first + i;
		if (burst == NULL || index - burst->first >= burst->count)
			burst = burst_of(qp, index);
		if (burst == NULL)
			continue;
		size = hisi_qm_latency_class(qp->inflight[(first + i) & qp->mask].src_len);
		recorder->latency->count[size][hisi_qm_latency_bucket(now - burst->tsc)]++;
	}
	if (first == qp->retired)
		forget_bursts(qp, recorder->base + first + count);
}
