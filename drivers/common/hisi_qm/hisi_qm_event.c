/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <string.h>

#include <rte_io.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* qm.md 6.6: as many entries per service as keep the ring from filling behind us. */
#define EVENT_BATCH(depth) ((depth) / 2)

void
hisi_qm_event_reset(struct hisi_qm_dev *dev)
{
	dev->eq.ring = dev->dma.eq;
	dev->aeq.ring = dev->dma.aeq;
	dev->eq.head = 0;
	dev->aeq.head = 0;
	/* Fresh ring memory is zero and the first lap carries phase 1 (qm.md 5.9). */
	dev->eq.phase = 1;
	dev->aeq.phase = 1;
	memset(dev->eq.ring, 0, dev->eq.depth * sizeof(uint32_t));
	memset(dev->aeq.ring, 0, dev->aeq.depth * sizeof(uint32_t));
}

/* The next entry of a ring, or false. */
static bool
event_next(struct hisi_qm_event_ring *ring, uint32_t *entry)
{
	*entry = hisi_qm_load_relaxed(&ring->ring[ring->head]);
	if (HISI_FIELD_GET(HISI_QM_EQE_PHASE, *entry) != ring->phase)
		return false;
	rte_io_rmb();
	if (++ring->head == ring->depth) {
		ring->head = 0;
		ring->phase ^= 1;
	}
	return true;
}

int
hisi_qm_event_doorbell(struct hisi_qm_dev *dev, enum hisi_qm_doorbell_command command,
	uint32_t head)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, 0, 0),
		(uint16_t)head, 0);

	return dev->bus->ops->write(dev->bus, HISI_QM_DOORBELL_EQ_AEQ, &word, sizeof(word));
}

/*
 * qm.md 5.7: a CQ overflow or CQE error stops that queue, an EQ overflow resets the function; the
 * control thread takes it from there.
 */
static void
aeqe_handle(struct hisi_qm_dev *dev, uint32_t entry)
{
	uint32_t type = HISI_FIELD_GET(HISI_QM_AEQE_TYPE, entry);
	uint32_t queue = HISI_FIELD_GET(HISI_QM_EQE_QUEUE, entry);

	HISI_QM_DEV_LOG_LIMITED(ERR, dev, &dev->event_lines,
		"asynchronous event %s (type %" PRIu32 ") on queue %" PRIu32 "; see qm.md 5.7",
		hisi_qm_aeqe_type_name(type), type, queue);
	dev->stats.async_events++;
	dev->seen.events[RTE_MIN(type, RTE_DIM(dev->seen.events) - 1)]++;
	if (type == HISI_QM_AEQE_EQ_OVERFLOW)
		dev->eq_overflow = true;
	else if (queue < dev->nb_qps && dev->qps[queue] != NULL)
		dev->qps[queue]->failed = HISI_QM_QP_FAILED;
}

void
hisi_qm_event_service(struct hisi_qm_dev *dev)
{
	uint32_t entry, taken;

	/* No queue arms its CQ, so an EQE is only counted: completions are polled for. */
	for (taken = 0; taken < EVENT_BATCH(dev->eq.depth) && event_next(&dev->eq, &entry); taken++)
		dev->stats.events++;
	if (taken != 0)
		(void)hisi_qm_event_doorbell(dev, HISI_QM_DB_CMD_EQ, dev->eq.head);
	for (taken = 0; taken < EVENT_BATCH(dev->aeq.depth) && event_next(&dev->aeq, &entry);
			taken++)
		aeqe_handle(dev, entry);
	/* qm.md 6.6: none after an EQ overflow. */
	if (taken != 0 && !dev->eq_overflow)
		(void)hisi_qm_event_doorbell(dev, HISI_QM_DB_CMD_AEQ, dev->aeq.head);
}
