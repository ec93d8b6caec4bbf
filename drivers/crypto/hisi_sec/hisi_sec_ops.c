/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <rte_malloc.h>

#include "hisi_sec.h"

/* cryptodev's control path. The library serialises the calls of one device. */

/* SGLs of the pool per slot of the ring: two short chains for each operation. */
#define SGLS_PER_SLOT 2

static int
sec_configure(struct rte_cryptodev *dev, struct rte_cryptodev_config *config)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(config);
	return 0;
}

/* The library does not check that queue pairs are there and set up; a burst on none would crash. */
static int
sec_start(struct rte_cryptodev *dev)
{
	int missing = hisi_qm_pairs_find_missing(dev->data->queue_pairs,
		dev->data->nb_queue_pairs);

	if (missing >= 0) {
		HISI_SEC_LOG(ERR, "%s: queue pair %u of %u is not set up; call rte_cryptodev_configure(), then rte_cryptodev_queue_pair_setup() for each, before the start",
			dev->data->name, (unsigned int)missing, dev->data->nb_queue_pairs);
		return -EINVAL;
	}
	return 0;
}

/* The library's own bursts take the place of ours. */
static void
sec_stop(struct rte_cryptodev *dev)
{
	RTE_SET_USED(dev);
}

static void
sec_info_get(struct rte_cryptodev *dev, struct rte_cryptodev_info *info)
{
	struct hisi_sec_dev *sec = dev->data->dev_private;

	if (info == NULL)
		return;
	info->driver_id = dev->driver_id;
	info->feature_flags = dev->feature_flags;
	info->capabilities = sec->capabilities;
	info->max_nb_queue_pairs = sec->qm->max_queues / 2;
	/* As many as there is memory for. */
	info->sym.max_nb_sessions = 0;
}

static void
sec_stats_get(struct rte_cryptodev *dev, struct rte_cryptodev_stats *stats)
{
	const struct hisi_sec_dev *sec = dev->data->dev_private;

	stats->enqueued_count = hisi_qm_pairs_total(&sec->pairs,
		offsetof(struct hisi_sec_qp, enqueued));
	stats->dequeued_count = hisi_qm_pairs_total(&sec->pairs,
		offsetof(struct hisi_sec_qp, dequeued));
	stats->enqueue_err_count = hisi_qm_pairs_total(&sec->pairs,
		offsetof(struct hisi_sec_qp, refused));
	/* A refused operation is taken and comes back: it is an error of dequeue. */
	stats->dequeue_err_count = hisi_qm_pairs_total(&sec->pairs,
		offsetof(struct hisi_sec_qp, errors));
}

static void
sec_stats_reset(struct rte_cryptodev *dev)
{
	struct hisi_sec_dev *sec = dev->data->dev_private;

	hisi_qm_pairs_clear(&sec->pairs, offsetof(struct hisi_sec_qp, enqueued));
	hisi_qm_pairs_clear(&sec->pairs, offsetof(struct hisi_sec_qp, dequeued));
	hisi_qm_pairs_clear(&sec->pairs, offsetof(struct hisi_sec_qp, refused));
	hisi_qm_pairs_clear(&sec->pairs, offsetof(struct hisi_sec_qp, errors));
}

/* ---- queue pairs ---- */

/*
 * Scratch memory goes with the ring: a queue that does not stop goes on writing to it.
 *
 * @return true: it did not stop
 */
static bool
queue_free(struct hisi_sec_queue *queue)
{
	bool is_kept = queue->hw != NULL && hisi_qm_qp_destroy(queue->hw, true) == -EBUSY;

	rte_free(queue->slots);
	return is_kept;
}

/* Bytes of an element of a session pool. */
static size_t
session_need(void)
{
	return sizeof(struct rte_cryptodev_sym_session) + sizeof(struct hisi_sec_session);
}

/** Sessions of sessionless operations that were not dequeued. */
struct lent {
	struct hisi_sec_qp *qp;
	bool is_kept;		/**< the device may still read them */
};

static void
lent_back(struct rte_mempool *pool, void *opaque, void *handle, unsigned int index)
{
	struct hisi_sec_session *session = CRYPTODEV_GET_SYM_SESS_PRIV(
		(struct rte_cryptodev_sym_session *)handle);
	const struct lent *lent = opaque;

	RTE_SET_USED(index);
	if (session->lent_to != lent->qp || !hisi_sec_session_fits(session, lent->qp->bd_type))
		return;
	/*
	 * Also where the device may still read the key: it would write to buffers that are the
	 * application's again, and a wrong result there is better than a key that stays.
	 */
	hisi_sec_session_wipe(session);
	if (!lent->is_kept)
		rte_mempool_put(pool, handle);
}

/* The application may have freed the pool meanwhile: then nothing is left in it. */
static void
lent_search(struct rte_mempool *pool, void *opaque)
{
	const struct lent *lent = opaque;

	if (pool == lent->qp->sessions && pool->elt_size >= session_need())
		(void)rte_mempool_obj_iter(pool, lent_back, opaque);
}

static void
qp_free(struct hisi_sec_qp *qp)
{
	struct lent lent = { .qp = qp };

	lent.is_kept = queue_free(&qp->second);
	lent.is_kept |= queue_free(&qp->first);
	/* By the pool and not by the operations, which the application may have freed as well. */
	if (qp->reasons[HISI_SEC_REASON_SESSIONLESS] != 0)
		rte_mempool_walk(lent_search, &lent);
	rte_free(qp->parked);
	if (qp->raw_session != NULL)
		hisi_sec_session_wipe(qp->raw_session);
	if (!lent.is_kept)
		rte_free(qp->raw_session);
	rte_free(qp);
}

/*
 * What is in flight goes too, which the common layer says: a stopped cryptodev has no bursts to
 * dequeue it by, and a queue pair can be set up and released only then.
 */
static int
sec_queue_pair_release(struct rte_cryptodev *dev, uint16_t id)
{
	struct hisi_sec_dev *sec = dev->data->dev_private;
	struct hisi_sec_qp *qp = dev->data->queue_pairs[id];

	if (qp == NULL)
		return 0;
	hisi_qm_pair_unlink(&sec->pairs, &qp->pair);
	dev->data->queue_pairs[id] = NULL;
	qp_free(qp);
	return 0;
}

static int
sec_close(struct rte_cryptodev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->data->nb_queue_pairs; i++)
		(void)sec_queue_pair_release(dev, i);
	return 0;
}

static int
queue_create(struct hisi_sec_dev *sec, struct hisi_sec_queue *queue, uint32_t entries,
	int socket_id)
{
	/* Every descriptor is written whole. */
	static const uint32_t template[HISI_SEC_SQE_LEN / 4];
	uint32_t depth;
	int ret;

	ret = hisi_qm_qp_create(sec->qm, HISI_SEC_QUEUE_CRYPTO, template, HISI_SEC_SQE_LOG2,
		entries, socket_id, &queue->hw);
	if (ret != 0)
		return ret;
	depth = hisi_qm_qp_capacity(queue->hw) + 1;
	queue->scratch = rte_zmalloc_socket(NULL, depth * sizeof(*queue->scratch), HISI_QM_BLOCK,
		socket_id);
	queue->hw->scratch = queue->scratch;
	queue->slots = rte_zmalloc_socket(NULL, depth * sizeof(*queue->slots), HISI_QM_BLOCK,
		socket_id);
	return queue->scratch != NULL && queue->slots != NULL ? 0 : -ENOMEM;
}

static int
qp_create_parking(struct hisi_sec_qp *qp, int socket_id)
{
	uint32_t depth = hisi_qm_qp_capacity(qp->first.hw) + 1;
	/* Never fewer than one operation may take, or that one would wait for ever. */
	uint32_t sgls = RTE_MAX(depth * SGLS_PER_SLOT, 2u * HISI_QM_SGL_MAX_PER_OP);

	qp->first.hw->sgl = hisi_qm_sgl_pool_create(sgls, socket_id);
	/* Second descriptors have their lists from enqueue, so from the first one's pool. */
	qp->second.hw->sgl = hisi_qm_sgl_pool_share(qp->first.hw->sgl);
	qp->parked = hisi_qm_pair_create_parking(depth, socket_id);
	return qp->first.hw->sgl != NULL && qp->parked != NULL ? 0 : -ENOMEM;
}

/* Sessions of sessionless operations come from the application's pool, if they fit into it. */
static struct rte_mempool *
qp_session_pool(struct rte_cryptodev *dev, const struct rte_cryptodev_qp_conf *conf)
{
	if (conf->mp_session == NULL)
		return NULL;
	if (conf->mp_session->elt_size >= session_need())
		return conf->mp_session;
	HISI_SEC_LOG(NOTICE, "%s: objects of session pool %s have %u bytes, a session takes %u; no sessionless operations on this queue pair",
		dev->data->name, conf->mp_session->name, conf->mp_session->elt_size,
		(unsigned int)session_need());
	return NULL;
}

static void
qp_init(struct rte_cryptodev *dev, struct hisi_sec_qp *qp, uint16_t id,
	const struct rte_cryptodev_qp_conf *conf)
{
	struct hisi_sec_dev *sec = dev->data->dev_private;

	qp->pair.id = id;
	qp->dev = sec;
	qp->bd_type = hisi_sec_bd_type(sec->qm->version);
	qp->plain = hisi_sec_identity(qp->bd_type, HISI_SEC_KIND_PLAIN);
	qp->fallback = sec->qm->args.fallback != 0;
	qp->sessions = qp_session_pool(dev, conf);
}

static int
sec_queue_pair_setup(struct rte_cryptodev *dev, uint16_t id,
	const struct rte_cryptodev_qp_conf *conf, int socket_id)
{
	struct hisi_sec_dev *sec = dev->data->dev_private;
	struct hisi_sec_qp *qp;
	int ret;

	(void)sec_queue_pair_release(dev, id);
	qp = rte_zmalloc_socket(NULL, sizeof(*qp), HISI_QM_BLOCK, socket_id);
	if (qp == NULL)
		return -ENOMEM;
	qp_init(dev, qp, id, conf);
	ret = queue_create(sec, &qp->first, RTE_MAX(conf->nb_descriptors, 1u), socket_id);
	if (ret == 0)
		ret = queue_create(sec, &qp->second, RTE_MAX(conf->nb_descriptors, 1u), socket_id);
	if (ret == 0)
		ret = qp_create_parking(qp, socket_id);
	if (ret != 0) {
		HISI_SEC_LOG(ERR, "%s: queue pair %u cannot be set up: %s", dev->data->name, id,
			strerror(-ret));
		qp_free(qp);
		return ret;
	}
	dev->data->queue_pairs[id] = qp;
	hisi_qm_pair_link(&sec->pairs, &qp->pair);
	return 0;
}

/* Queues are made and started by the primary, whose connection they belong to. */
struct rte_cryptodev_ops hisi_sec_secondary_ops = {
	.dev_infos_get = sec_info_get,
	.stats_get = sec_stats_get,
	.sym_session_get_size = hisi_sec_session_size,
	.sym_session_configure = hisi_sec_session_configure,
	.sym_session_clear = hisi_sec_session_clear,
};

struct rte_cryptodev_ops hisi_sec_ops = {
	.dev_configure = sec_configure,
	.dev_start = sec_start,
	.dev_stop = sec_stop,
	.dev_close = sec_close,
	.dev_infos_get = sec_info_get,
	.stats_get = sec_stats_get,
	.stats_reset = sec_stats_reset,
	.queue_pair_setup = sec_queue_pair_setup,
	.queue_pair_release = sec_queue_pair_release,
	.sym_session_get_size = hisi_sec_session_size,
	.sym_session_configure = hisi_sec_session_configure,
	.sym_session_clear = hisi_sec_session_clear,
	.sym_get_raw_dp_ctx_size = hisi_sec_raw_size,
	.sym_configure_raw_dp_ctx = hisi_sec_raw_configure,
};
