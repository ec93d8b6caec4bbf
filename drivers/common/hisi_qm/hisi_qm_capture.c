/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <rte_atomic.h>

#include "hisi_qm_capture.h"

void
hisi_qm_reader_begin(struct hisi_qm_reader *reader, const struct hisi_qm_qp *qp)
{
	memset(reader, 0, sizeof(*reader));
	reader->qp = qp;
	reader->created_tsc = qp->created_tsc;
	reader->submitted.next = hisi_qm_load_acquire(&qp->submitted);
	reader->completed.next = hisi_qm_load_acquire(&qp->completed);
}

bool
hisi_qm_reader_is_of(const struct hisi_qm_reader *reader, const struct hisi_qm_qp *qp)
{
	return reader->qp == qp && reader->created_tsc == qp->created_tsc;
}

/* What is copied first counts only if it is still there afterwards (hisi_record.h). */
static void
ring_fetch(struct hisi_qm_reader *reader, struct hisi_qm_reader_ring *ring,
	const struct hisi_record_burst *bursts, const uint32_t *published)
{
	const uint32_t mask = reader->qp->recorder->mask;
	uint32_t end = hisi_qm_load_acquire(published);

	while (!ring->has_burst && ring->next != end) {
		ring->burst = bursts[ring->next & mask];
		rte_smp_rmb();
		end = hisi_qm_load_relaxed(published);
		if (end - ring->next <= mask) {
			ring->has_burst = true;
			return;
		}
		/* On with those that will not be overwritten at once. */
		reader->lost += end - ring->next - mask / 2;
		ring->next = end - mask / 2;
	}
}

static struct hisi_qm_reader_ring *
reader_oldest(struct hisi_qm_reader *reader)
{
	struct hisi_qm_reader_ring *submitted = &reader->submitted;
	struct hisi_qm_reader_ring *completed = &reader->completed;

	if (completed->has_burst && (!submitted->has_burst ||
			completed->burst.tsc < submitted->burst.tsc))
		return completed;
	return submitted->has_burst ? submitted : NULL;
}

const struct hisi_record_burst *
hisi_qm_reader_peek(struct hisi_qm_reader *reader)
{
	const struct hisi_qm_qp *qp = reader->qp;
	const struct hisi_qm_reader_ring *ring;

	/* Completions first: what they complete was submitted before. */
	ring_fetch(reader, &reader->completed, qp->recorder->completed, &qp->completed);
	ring_fetch(reader, &reader->submitted, qp->recorder->submitted, &qp->submitted);
	ring = reader_oldest(reader);
	return ring != NULL ? &ring->burst : NULL;
}

void
hisi_qm_reader_take(struct hisi_qm_reader *reader)
{
	struct hisi_qm_reader_ring *ring = reader_oldest(reader);

	if (ring == NULL)
		return;
	ring->has_burst = false;
	ring->next++;
}

/*
 * Is what was copied of index @p index whole? Its writer has come to *count of the queue, and one
 * lap of the queue may be under way. A restart moves the base, and only then begins at 0 again.
 */
static bool
is_kept(const struct hisi_qm_qp *qp, const uint32_t *count, uint32_t index)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	uint32_t base, end;

	rte_smp_rmb();
	base = hisi_qm_load_acquire(&recorder->base);
	end = base + hisi_qm_load_acquire(count);
	if (hisi_qm_load_relaxed(&recorder->base) != base)
		return false;
	/* Signed: a burst is published before the index moves. */
	return (int32_t)(end - index) <= (int32_t)(recorder->mask - qp->mask);
}

bool
hisi_qm_reader_sqe(const struct hisi_qm_reader *reader, uint32_t index,
	uint8_t sqe[HISI_RECORD_MAX_SQE])
{
	const struct hisi_qm_qp *qp = reader->qp;
	const struct hisi_qm_recorder *recorder = qp->recorder;

	if (recorder->sqes == NULL)
		return false;
	memset(sqe, 0, HISI_RECORD_MAX_SQE);
	memcpy(sqe, qp->sqe_template, (size_t)1 << qp->sqe_log2);
	hisi_record_unpack(&recorder->layout, recorder->sqes +
		(size_t)(index & recorder->mask) * recorder->layout.entry_len, sqe);
	return is_kept(qp, &qp->tail, index);
}

bool
hisi_qm_reader_cqe(const struct hisi_qm_reader *reader, uint32_t index,
	struct hisi_record_cqe *cqe)
{
	const struct hisi_qm_qp *qp = reader->qp;
	const struct hisi_qm_recorder *recorder = qp->recorder;

	if (recorder->cqes == NULL)
		return false;
	*cqe = recorder->cqes[index & recorder->mask];
	return is_kept(qp, &qp->head, index);
}
