/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_zip.h"

/*
 * Does anybody still burst on a device that is to be removed? The library's burst functions follow
 * pointers that are gone with the device, so only a refusal keeps a lcore that polls from a crash.
 *
 * Bursts go through a look-out meanwhile: nothing is counted in the data path itself. Enqueue takes
 * nothing as long as it stands, as with a full queue.
 */

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

/* hisi_qm_count_polled_t */
static int
watch_count(void *opaque)
{
	const struct rte_compressdev *dev = opaque;
	struct hisi_zip_qp *qp;
	int polled = -1;
	uint16_t i;

	for (i = 0; i < dev->data->nb_queue_pairs; i++) {
		qp = dev->data->queue_pairs[i];
		if (qp == NULL)
			continue;
		polled = RTE_MAX(polled, 0) + hisi_qm_load_relaxed(&qp->is_polled);
		hisi_qm_store_relaxed(&qp->is_polled, 0);
	}
	return polled;
}

bool
hisi_zip_is_polled(struct rte_compressdev *dev)
{
	compressdev_enqueue_pkt_burst_t enqueue = dev->enqueue_burst;
	compressdev_dequeue_pkt_burst_t dequeue = dev->dequeue_burst;
	unsigned int polled;

	/* Closed, or never set up: there is nothing to burst on. */
	if (watch_count(dev) < 0)
		return false;
	hisi_qm_store_release(&dev->enqueue_burst, watch_enqueue_burst);
	hisi_qm_store_release(&dev->dequeue_burst, watch_dequeue_burst);
	polled = hisi_qm_watch(watch_count, dev);
	hisi_qm_store_release(&dev->enqueue_burst, enqueue);
	hisi_qm_store_release(&dev->dequeue_burst, dequeue);
	if (polled == 0)
		return false;
	HISI_ZIP_LOG(ERR, "%s: not removed, bursts on %u of its queue pairs go on; end them first, then dequeue what is left",
		dev->data->name, polled);
	return true;
}
