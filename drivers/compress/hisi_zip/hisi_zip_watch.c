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
	RTE_SET_USED(ops);
	RTE_SET_USED(nb_ops);
	hisi_qm_pair_mark_polled(queue_pair);
	return 0;
}

/* The one with a trailer goes by the queue pair's, which may be none. */
static uint16_t
watch_dequeue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	hisi_qm_pair_mark_polled(queue_pair);
	return hisi_zip_dequeue_burst_trailer(queue_pair, ops, nb_ops);
}

bool
hisi_zip_is_polled(struct rte_compressdev *dev)
{
	const struct hisi_zip_dev *zip = dev->data->dev_private;
	compressdev_enqueue_pkt_burst_t enqueue = dev->enqueue_burst;
	compressdev_dequeue_pkt_burst_t dequeue = dev->dequeue_burst;
	unsigned int polled;

	/* Closed, or never set up: there is nothing to burst on. */
	if (zip->pairs == NULL)
		return false;
	hisi_qm_store_release(&dev->enqueue_burst, watch_enqueue_burst);
	hisi_qm_store_release(&dev->dequeue_burst, watch_dequeue_burst);
	polled = hisi_qm_pairs_watch(&zip->pairs);
	hisi_qm_store_release(&dev->enqueue_burst, enqueue);
	hisi_qm_store_release(&dev->dequeue_burst, dequeue);
	if (polled == 0)
		return false;
	HISI_ZIP_LOG(ERR, "%s: not removed, bursts on %u of its queue pairs go on; end them first, then dequeue what is left",
		dev->data->name, polled);
	return true;
}
