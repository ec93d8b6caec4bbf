/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_cycles.h>

#include "hisi_zip.h"

/*
 * Does anybody still burst on a device that is to be removed? The library's burst functions follow
 * pointers that are gone with the device, so only a refusal keeps a lcore that polls from a crash.
 *
 * Bursts go through a look-out meanwhile: nothing is counted in the data path itself. Enqueue takes
 * nothing as long as it stands, as with a full queue.
 */

/* A lcore that polls is back within this, unless others have its CPU for longer. */
#define WATCH_STEPS 100
#define WATCH_STEP_US 1000

static uint16_t
watch_enqueue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	struct hisi_zip_qp *qp = queue_pair;

	RTE_SET_USED(ops);
	RTE_SET_USED(nb_ops);
	hisi_qm_store_relaxed(&qp->is_polled, 1);
	return 0;
}

/* The one with a trailer goes by the queue pair's, which may be none. */
static uint16_t
watch_dequeue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	struct hisi_zip_qp *qp = queue_pair;

	hisi_qm_store_relaxed(&qp->is_polled, 1);
	return hisi_zip_dequeue_burst_trailer(qp, ops, nb_ops);
}

/* @return queue pairs that are set up, those that were polled in *polled; *polled is cleared */
static uint16_t
watch_count(const struct rte_compressdev *dev, uint16_t *polled)
{
	struct hisi_zip_qp *qp;
	uint16_t i, count = 0;

	*polled = 0;
	for (i = 0; i < dev->data->nb_queue_pairs; i++) {
		qp = dev->data->queue_pairs[i];
		if (qp == NULL)
			continue;
		count++;
		*polled += hisi_qm_load_relaxed(&qp->is_polled);
		hisi_qm_store_relaxed(&qp->is_polled, 0);
	}
	return count;
}

bool
hisi_zip_is_polled(struct rte_compressdev *dev)
{
	compressdev_enqueue_pkt_burst_t enqueue = dev->enqueue_burst;
	compressdev_dequeue_pkt_burst_t dequeue = dev->dequeue_burst;
	uint16_t polled;
	uint32_t i;

	/* Closed, or never set up: there is nothing to burst on. */
	if (watch_count(dev, &polled) == 0)
		return false;
	hisi_qm_store_release(&dev->enqueue_burst, watch_enqueue_burst);
	hisi_qm_store_release(&dev->dequeue_burst, watch_dequeue_burst);
	for (i = 0, polled = 0; i < WATCH_STEPS && polled == 0; i++) {
		rte_delay_us_sleep(WATCH_STEP_US);
		(void)watch_count(dev, &polled);
	}
	hisi_qm_store_release(&dev->enqueue_burst, enqueue);
	hisi_qm_store_release(&dev->dequeue_burst, dequeue);
	if (polled == 0)
		return false;
	HISI_ZIP_LOG(ERR, "%s: not removed, bursts on %u of its queue pairs go on; end them first, then dequeue what is left",
		dev->data->name, polled);
	return true;
}
