/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_eal.h>

#include "hisi_sec.h"

/*
 * Does anybody still burst on a device that is to be removed? Bursts go through a look-out
 * meanwhile: nothing is counted in the data path itself. Enqueue takes nothing as long as it
 * stands, as with a full queue.
 */

static uint16_t
watch_enqueue_burst(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	RTE_SET_USED(ops);
	RTE_SET_USED(nb_ops);
	hisi_qm_pair_mark_polled(queue_pair);
	return 0;
}

static uint16_t
watch_dequeue_burst(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	hisi_qm_pair_mark_polled(queue_pair);
	return hisi_sec_dequeue_burst(queue_pair, ops, nb_ops);
}

/* Applications burst by the library's own table, which is ours while the device is started. */
static unsigned int
watch_bursts(struct rte_cryptodev *dev, struct hisi_qm_pair *const *pairs)
{
	struct rte_crypto_fp_ops *fp_ops = &rte_crypto_fp_ops[dev->data->dev_id];
	enqueue_pkt_burst_t enqueue = fp_ops->enqueue_burst;
	dequeue_pkt_burst_t dequeue = fp_ops->dequeue_burst;
	unsigned int polled;

	hisi_qm_store_release(&fp_ops->enqueue_burst, watch_enqueue_burst);
	hisi_qm_store_release(&fp_ops->dequeue_burst, watch_dequeue_burst);
	polled = hisi_qm_pairs_watch(pairs);
	hisi_qm_store_release(&fp_ops->enqueue_burst, enqueue);
	hisi_qm_store_release(&fp_ops->dequeue_burst, dequeue);
	return polled;
}

/*
 * Contexts of the raw API lie with the application and lead here directly, whatever becomes of the
 * device: their functions look out themselves. They are the primary's only.
 *
 * @return are there any?
 */
static bool
watch_raw(const struct hisi_sec_dev *sec, bool on)
{
	struct hisi_qm_pair *pair;
	struct hisi_sec_qp *qp;
	bool any = false;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return false;
	hisi_qm_pairs_hold();
	for (pair = sec->pairs; pair != NULL; pair = pair->next) {
		qp = container_of(pair, struct hisi_sec_qp, pair);
		hisi_qm_store_release(&qp->is_raw_watched, on && qp->is_raw);
		any |= qp->is_raw;
	}
	hisi_qm_pairs_release();
	return any;
}

bool
hisi_sec_is_polled(struct rte_cryptodev *dev)
{
	const struct hisi_sec_dev *sec = dev->data->dev_private;
	bool is_raw = watch_raw(sec, true);
	unsigned int polled;

	if (sec->pairs == NULL || (!dev->data->dev_started && !is_raw))
		return false;
	polled = dev->data->dev_started ? watch_bursts(dev, &sec->pairs) :
		hisi_qm_pairs_watch(&sec->pairs);
	(void)watch_raw(sec, false);
	if (polled == 0)
		return false;
	HISI_SEC_LOG(ERR, "%s: not removed, bursts on %u of its queue pairs go on; end them first, then dequeue what is left",
		dev->data->name, polled);
	return true;
}
