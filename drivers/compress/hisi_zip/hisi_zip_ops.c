/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <rte_malloc.h>

#include "hisi_zip.h"

/* compressdev's control path. The library serialises the calls of one device. */

int
hisi_zip_capabilities_init(struct hisi_zip_dev *zip)
{
	uint32_t algorithms = hisi_qm_engine_cap(zip->qm, HISI_ZIP_CAP_DEV_ALG);
	const struct hisi_zip_generation *generation = hisi_zip_generation_get(zip->qm->version);
	uint32_t needed = generation->algorithms;

	if ((algorithms & needed) != needed) {
		HISI_ZIP_LOG(ERR, "%s: capability word dev_alg is 0x%" PRIx32 ", without 0x%" PRIx32
			" that deflate needs (zip.md 1.6)", zip->qm->name, algorithms, needed);
		return -ENOTSUP;
	}
	/* 0 queue pairs would mean "no limit" to the library. */
	if (zip->qm->max_queues < 2) {
		HISI_ZIP_LOG(ERR, "%s: %u hardware queue, but a queue pair takes two; give the function more",
			zip->qm->name, zip->qm->max_queues);
		return -ENOSPC;
	}
	zip->capabilities[0] = (struct rte_compressdev_capabilities){
		.algo = RTE_COMP_ALGO_DEFLATE,
		/*
		 * Both kinds of codes are inflated; deflating, the hardware chooses, and a wish for
		 * fixed codes is a hint (zip.md 8.1).
		 */
		.comp_feature_flags = RTE_COMP_FF_SHAREABLE_PRIV_XFORM |
			RTE_COMP_FF_OOP_SGL_IN_SGL_OUT | RTE_COMP_FF_OOP_SGL_IN_LB_OUT |
			RTE_COMP_FF_OOP_LB_IN_SGL_OUT |
			RTE_COMP_FF_HUFFMAN_FIXED | RTE_COMP_FF_HUFFMAN_DYNAMIC,
		.window_size = {
			.min = generation->window_log2_min,
			.max = HISI_ZIP_WINDOW_LOG2_MAX,
			.increment = 1,
		},
	};
	zip->capabilities[1].algo = RTE_COMP_ALGO_UNSPECIFIED;
	return 0;
}

static int
zip_configure(struct rte_compressdev *dev, struct rte_compressdev_config *config)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(config);
	return 0;
}

/* The library does not check that queue pairs are there and set up; a burst on none would crash. */
static int
zip_start(struct rte_compressdev *dev)
{
	int missing = hisi_qm_pairs_find_missing(dev->data->queue_pairs,
		dev->data->nb_queue_pairs);

	if (missing >= 0) {
		HISI_ZIP_LOG(ERR, "%s: queue pair %u of %u is not set up; call rte_compressdev_configure(), then rte_compressdev_queue_pair_setup() for each, before the start",
			dev->data->name, (unsigned int)missing, dev->data->nb_queue_pairs);
		return -EINVAL;
	}
	dev->enqueue_burst = hisi_zip_enqueue_burst;
	return 0;
}

/* What is in flight can still be dequeued; nothing new is taken. */
static void
zip_stop(struct rte_compressdev *dev)
{
	dev->enqueue_burst = hisi_zip_enqueue_stopped;
}

/* The library has released the queue pairs; the function stays for another configure. */
static int
zip_close(struct rte_compressdev *dev)
{
	RTE_SET_USED(dev);
	return 0;
}

static void
zip_info_get(struct rte_compressdev *dev, struct rte_compressdev_info *info)
{
	struct hisi_zip_dev *zip = dev->data->dev_private;

	if (info == NULL)
		return;
	info->driver_name = dev->device->driver->name;
	info->feature_flags = dev->feature_flags;
	info->capabilities = zip->capabilities;
	info->max_nb_queue_pairs = zip->qm->max_queues / 2;
}

static void
zip_stats_get(struct rte_compressdev *dev, struct rte_compressdev_stats *stats)
{
	const struct hisi_zip_dev *zip = dev->data->dev_private;

	stats->enqueued_count = hisi_qm_pairs_total(&zip->pairs,
		offsetof(struct hisi_zip_qp, enqueued));
	stats->dequeued_count = hisi_qm_pairs_total(&zip->pairs,
		offsetof(struct hisi_zip_qp, dequeued));
	/* A refused operation is taken and comes back: it is an error of dequeue. */
	stats->dequeue_err_count = hisi_qm_pairs_total(&zip->pairs,
		offsetof(struct hisi_zip_qp, errors));
}

static void
zip_stats_reset(struct rte_compressdev *dev)
{
	struct hisi_zip_dev *zip = dev->data->dev_private;

	hisi_qm_pairs_clear(&zip->pairs, offsetof(struct hisi_zip_qp, enqueued));
	hisi_qm_pairs_clear(&zip->pairs, offsetof(struct hisi_zip_qp, dequeued));
	hisi_qm_pairs_clear(&zip->pairs, offsetof(struct hisi_zip_qp, errors));
}

/* ---- queue pairs ---- */

static uint32_t
qp_in_flight(const struct hisi_zip_qp *qp)
{
	uint32_t count = qp->parked != NULL ? rte_ring_count(qp->parked) : 0;
	int i;

	for (i = 0; i < 2; i++)
		if (qp->hw[i] != NULL)
			count += hisi_qm_qp_in_flight(qp->hw[i]);
	return count;
}

static void
qp_free(struct hisi_zip_qp *qp)
{
	int i;

	for (i = 0; i < 2; i++)
		if (qp->hw[i] != NULL)
			(void)hisi_qm_qp_destroy(qp->hw[i], true);
	for (i = 0; i < 2; i++)
		rte_free(qp->sgl_ops[i]);
	rte_free(qp->parked);
	hisi_zip_soft_free(qp->soft);
	rte_free(qp);
}

static int
zip_queue_pair_release(struct rte_compressdev *dev, uint16_t id)
{
	struct hisi_zip_dev *zip = dev->data->dev_private;
	struct hisi_zip_qp *qp = dev->data->queue_pairs[id];
	uint32_t left;

	if (qp == NULL)
		return 0;
	left = qp_in_flight(qp);
	if (left != 0 && !zip->leaving) {
		HISI_ZIP_LOG(ERR, "%s: queue pair %u still has %" PRIu32 " operations; dequeue them first",
			dev->data->name, id, left);
		return -EAGAIN;
	}
	hisi_qm_pair_unlink(&zip->pairs, &qp->pair);
	dev->data->queue_pairs[id] = NULL;
	qp_free(qp);
	return 0;
}

static int
qp_create_parking(struct hisi_zip_qp *qp, int socket_id)
{
	uint32_t most = RTE_MAX(hisi_qm_qp_capacity(qp->hw[0]), hisi_qm_qp_capacity(qp->hw[1]));
	uint32_t slots = rte_align32pow2(most + 1);

	qp->parked = hisi_qm_pair_create_parking(slots, socket_id);
	qp->soft = hisi_zip_soft_create(socket_id);
	return qp->parked != NULL && qp->soft != NULL ? 0 : -ENOMEM;
}

static int
zip_queue_pair_setup(struct rte_compressdev *dev, uint16_t id, uint32_t max_inflight_ops,
	int socket_id)
{
	struct hisi_zip_dev *zip = dev->data->dev_private;
	const struct hisi_zip_generation *generation = hisi_zip_generation_get(zip->qm->version);
	struct hisi_zip_qp *qp;
	uint8_t type;
	int ret;

	ret = zip_queue_pair_release(dev, id);
	if (ret != 0)
		return ret;
	qp = rte_zmalloc_socket(NULL, sizeof(*qp), HISI_QM_BLOCK, socket_id);
	if (qp == NULL)
		return -ENOMEM;
	qp->pair.id = id;
	qp->sqe = generation->sqe;
	qp->trailer_len = generation->trailer_len;
	for (type = HISI_ZIP_QUEUE_COMPRESS; ret == 0 && type <= HISI_ZIP_QUEUE_DECOMPRESS; type++)
		ret = hisi_qm_qp_create(zip->qm, type, &qp->sqe, HISI_ZIP_SQE_LOG2,
			max_inflight_ops, socket_id, &qp->hw[type]);
	for (type = HISI_ZIP_QUEUE_COMPRESS; ret == 0 && type <= HISI_ZIP_QUEUE_DECOMPRESS; type++)
		ret = hisi_zip_sgl_setup(qp, type, socket_id);
	if (ret == 0)
		ret = qp_create_parking(qp, socket_id);
	if (ret != 0) {
		HISI_ZIP_LOG(ERR, "%s: queue pair %u cannot be set up: %s", dev->data->name, id,
			strerror(-ret));
		qp_free(qp);
		return ret;
	}
	dev->data->queue_pairs[id] = qp;
	hisi_qm_pair_link(&zip->pairs, &qp->pair);
	return 0;
}

/* Queues are made and started by the primary, whose connection they belong to. */
struct rte_compressdev_ops hisi_zip_secondary_ops = {
	.dev_infos_get = zip_info_get,
	.stats_get = zip_stats_get,
	.private_xform_create = hisi_zip_xform_create,
	.private_xform_free = hisi_zip_xform_free,
};

struct rte_compressdev_ops hisi_zip_ops = {
	.dev_configure = zip_configure,
	.dev_start = zip_start,
	.dev_stop = zip_stop,
	.dev_close = zip_close,
	.dev_infos_get = zip_info_get,
	.stats_get = zip_stats_get,
	.stats_reset = zip_stats_reset,
	.queue_pair_setup = zip_queue_pair_setup,
	.queue_pair_release = zip_queue_pair_release,
	.private_xform_create = hisi_zip_xform_create,
	.private_xform_free = hisi_zip_xform_free,
};
