/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_lcore.h>

#include "stray.h"

void
stray_class_set_up(struct stray *stray, const char *driver)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1, .max_nb_priv_xforms = 1,
	};
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS };

	xform.compress.algo = RTE_COMP_ALGO_DEFLATE;
	xform.compress.level = RTE_COMP_LEVEL_PMD_DEFAULT;
	xform.compress.window_size = 15;
	if (rte_compressdev_devices_get(driver, &stray->dev_id, 1) == 0 ||
			rte_compressdev_configure(stray->dev_id, &config) != 0 ||
			rte_compressdev_queue_pair_setup(stray->dev_id, 0, STRAY_QUEUE_DEPTH,
				rte_socket_id()) != 0 ||
			rte_compressdev_start(stray->dev_id) != 0 ||
			rte_compressdev_private_xform_create(stray->dev_id, &xform,
				&stray->xform) != 0)
		rte_exit(3, "cannot set up a device of driver %s\n", driver);
	stray->op_pool = rte_comp_op_pool_create("ops", STRAY_OPS, 0, 0, rte_socket_id());
	if (stray->op_pool == NULL)
		rte_exit(3, "no memory\n");
}

void *
stray_class_op(struct stray *stray, struct rte_mbuf *src, struct rte_mbuf *dst)
{
	struct rte_comp_op *op = rte_comp_op_alloc(stray->op_pool);

	if (op == NULL)
		rte_exit(3, "no op left\n");
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->private_xform = stray->xform;
	op->m_src = src;
	op->m_dst = dst;
	op->src.length = STRAY_DATA_LEN;
	return op;
}

bool
stray_class_enqueue(struct stray *stray, void *op)
{
	struct rte_comp_op *comp = op;

	return rte_compressdev_enqueue_burst(stray->dev_id, 0, &comp, 1) == 1;
}

void *
stray_class_dequeue(struct stray *stray)
{
	struct rte_comp_op *done = NULL;

	(void)rte_compressdev_dequeue_burst(stray->dev_id, 0, &done, 1);
	return done;
}

int64_t
stray_class_end(void *op)
{
	struct rte_comp_op *comp = op;
	int64_t ret = comp->status == RTE_COMP_OP_STATUS_SUCCESS ? (int64_t)comp->produced :
		-(int64_t)comp->status;

	rte_comp_op_free(comp);
	return ret;
}

bool
stray_class_is_right(const struct stray *stray, const uint8_t *out, size_t len)
{
	uint8_t *plain = malloc(STRAY_DATA_LEN);
	z_stream z = { .next_in = (Bytef *)(uintptr_t)out, .avail_in = len, .next_out = plain,
		.avail_out = STRAY_DATA_LEN };
	bool is_right;

	if (plain == NULL || inflateInit2(&z, -15) != Z_OK)
		rte_exit(3, "no memory\n");
	is_right = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == STRAY_DATA_LEN &&
		memcmp(plain, stray->good_src, STRAY_DATA_LEN) == 0;
	inflateEnd(&z);
	free(plain);
	return is_right;
}

void
stray_class_close(struct stray *stray)
{
	rte_compressdev_stop(stray->dev_id);
	rte_compressdev_close(stray->dev_id);
}
