/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>
#include <rte_memzone.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

#define CANARY_LEN 64
#define CANARY 0xc5

struct zip_rig *
zip_rig_create(void)
{
	return zip_rig_create_version(HISI_QM_V3);
}

struct zip_rig *
zip_rig_create_version(uint8_t revision)
{
	return zip_rig_create_with(revision, HISI_QM_ON_ERROR_REPORT, 20);
}

struct zip_rig *
zip_rig_create_with(uint8_t revision, enum hisi_qm_on_error on_error, uint32_t timeout_ms)
{
	struct rte_compressdev_pmd_init_params params = { .name = "" };
	struct zip_rig *zip = calloc(1, sizeof(*zip));
	struct hisi_zip_dev *private;

	assert_non_null(zip);
	zip->rig = rig_new(false);
	zip->rig->engine = &hisi_zip_engine;
	zip->rig->fake.config[8] = revision;
	zip->rig->args.fallback = 1;
	zip->rig->args.on_error = on_error;
	zip->rig->args.timeout_ms = timeout_ms;
	assert_int_equal(rig_start(zip->rig), 0);
	hisi_qm_monitor_remove(zip->rig->dev);
	zip->rig->by_hand = true;
	zip->driver.name = "compress_hisi_zip";
	zip->device.driver = &zip->driver;
	zip->device.name = "zip0";
	zip->dev = rte_compressdev_pmd_create("zip0", &zip->device, sizeof(*private), &params);
	assert_non_null(zip->dev);
	zip->id = zip->dev->data->dev_id;
	private = zip->dev->data->dev_private;
	private->qm = zip->rig->dev;
	assert_int_equal(hisi_zip_capabilities_init(private), 0);
	zip->dev->dev_ops = &hisi_zip_ops;
	zip->dev->enqueue_burst = hisi_zip_enqueue_stopped;
	zip->dev->dequeue_burst = hisi_zip_generation_get(revision)->trailer_len == 0 ?
		hisi_zip_dequeue_burst : hisi_zip_dequeue_burst_trailer;
	return zip;
}

int
zip_rig_configure(struct zip_rig *zip, uint32_t entries)
{
	struct rte_compressdev_config config = { .socket_id = SOCKET_ID_ANY,
		.nb_queue_pairs = 1, .max_nb_priv_xforms = 4 };
	int ret = rte_compressdev_configure(zip->id, &config);

	if (ret == 0)
		ret = rte_compressdev_queue_pair_setup(zip->id, 0, entries, SOCKET_ID_ANY);
	if (ret == 0)
		zip->qp = zip->dev->data->queue_pairs[0];
	return ret;
}

void
zip_rig_run(struct zip_rig *zip, uint32_t entries)
{
	struct rte_comp_xform compress = { .type = RTE_COMP_COMPRESS, .compress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .level = RTE_COMP_LEVEL_PMD_DEFAULT,
		.window_size = 15, .hash_algo = RTE_COMP_HASH_ALGO_NONE } };
	struct rte_comp_xform decompress = { .type = RTE_COMP_DECOMPRESS, .decompress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .window_size = 15,
		.hash_algo = RTE_COMP_HASH_ALGO_NONE } };

	assert_int_equal(zip_rig_configure(zip, entries), 0);
	assert_int_equal(rte_compressdev_start(zip->id), 0);
	assert_int_equal(rte_compressdev_private_xform_create(zip->id, &compress,
		&zip->compress), 0);
	assert_int_equal(rte_compressdev_private_xform_create(zip->id, &decompress,
		&zip->decompress), 0);
}

struct zip_rig *
zip_rig_start(uint32_t entries)
{
	struct zip_rig *zip = zip_rig_create();

	zip_rig_run(zip, entries);
	return zip;
}

void
zip_rig_end(struct zip_rig *zip)
{
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE];

	((struct hisi_zip_dev *)zip->dev->data->dev_private)->leaving = true;
	if (zip->compress != NULL)
		(void)rte_compressdev_private_xform_free(zip->id, zip->compress);
	if (zip->decompress != NULL)
		(void)rte_compressdev_private_xform_free(zip->id, zip->decompress);
	if (zip->dev->data->dev_started)
		rte_compressdev_stop(zip->id);
	assert_int_equal(rte_compressdev_pmd_destroy(zip->dev), 0);
	/* The library leaves its zone behind, and the next device needs the name. */
	snprintf(name, sizeof(name), "rte_compressdev_data_%u", zip->id);
	zone = rte_memzone_lookup(name);
	if (zone != NULL)
		(void)rte_memzone_free(zone);
	rig_close(zip->rig);
	free(zip);
}

int
zip_setup(void **state)
{
	*state = zip_rig_start(32);
	test_log_forget();
	return 0;
}

int
zip_teardown(void **state)
{
	zip_rig_end(*state);
	return 0;
}

static void
mbuf_init(struct rte_mbuf *mbuf, uint32_t len, uint8_t fill)
{
	uint8_t *buf = malloc(len + 2 * CANARY_LEN);

	assert_non_null(buf);
	memset(buf, CANARY, len + 2 * CANARY_LEN);
	memset(buf + CANARY_LEN, fill, len);
	memset(mbuf, 0, sizeof(*mbuf));
	mbuf->buf_addr = buf;
	mbuf->buf_iova = (uintptr_t)buf;
	mbuf->buf_len = (uint16_t)(len + 2 * CANARY_LEN);
	mbuf->data_off = CANARY_LEN;
	mbuf->data_len = (uint16_t)len;
	mbuf->pkt_len = len;
	mbuf->nb_segs = 1;
}

static void
mbuf_fini(struct rte_mbuf *mbuf)
{
	const uint8_t *buf = mbuf->buf_addr;
	uint32_t i, len = mbuf->buf_len - 2 * CANARY_LEN;

	for (i = 0; i < CANARY_LEN; i++) {
		assert_int_equal(buf[i], CANARY);
		assert_int_equal(buf[CANARY_LEN + len + i], CANARY);
	}
	free(mbuf->buf_addr);
}

void
zip_op_init(struct zip_op *op, void *xform, uint32_t src_len, uint32_t dst_len)
{
	memset(op, 0, sizeof(*op));
	mbuf_init(&op->src, src_len, 'a');
	mbuf_init(&op->dst, dst_len, 0);
	op->op.op_type = RTE_COMP_OP_STATELESS;
	op->op.private_xform = xform;
	op->op.m_src = &op->src;
	op->op.m_dst = &op->dst;
	op->op.src.length = src_len;
	op->op.flush_flag = RTE_COMP_FLUSH_FINAL;
	/* Of an earlier use: results are assigned, not added to. */
	op->op.consumed = 0x11111111;
	op->op.produced = 0x22222222;
	op->op.status = 0x33;
}

/* The segments lie one after the other where the flat buffer did. */
static struct rte_mbuf *
mbuf_cut(struct rte_mbuf *first, uint16_t nb_segs, uint16_t len)
{
	struct rte_mbuf *more = calloc(nb_segs - 1u, sizeof(*more)), *mbuf = first;
	uint32_t left = first->data_len, i;

	assert_non_null(more);
	assert_in_range(nb_segs, 2, ZIP_OP_MAX_SEGS);
	assert_true((uint32_t)len * (nb_segs - 1u) <= left);
	for (i = 0; i + 1 < nb_segs; i++, mbuf = mbuf->next) {
		more[i] = *mbuf;
		more[i].data_off = (uint16_t)(mbuf->data_off + len);
		mbuf->data_len = len;
		mbuf->next = &more[i];
		left -= len;
	}
	mbuf->data_len = (uint16_t)left;
	first->nb_segs = nb_segs;
	return more;
}

void
zip_op_cut_src(struct zip_op *op, uint16_t nb_segs, uint16_t len)
{
	op->segs[0] = mbuf_cut(&op->src, nb_segs, len);
}

void
zip_op_cut_dst(struct zip_op *op, uint16_t nb_segs, uint16_t len)
{
	op->segs[1] = mbuf_cut(&op->dst, nb_segs, len);
}

void
zip_op_fini(struct zip_op *op)
{
	free(op->segs[0]);
	free(op->segs[1]);
	mbuf_fini(&op->src);
	mbuf_fini(&op->dst);
}

uint8_t *
zip_op_src(struct zip_op *op)
{
	return (uint8_t *)op->src.buf_addr + CANARY_LEN;
}

uint8_t *
zip_op_dst(struct zip_op *op)
{
	return (uint8_t *)op->dst.buf_addr + CANARY_LEN;
}

uint16_t
zip_enqueue(struct zip_rig *zip, struct zip_op *ops, uint16_t count)
{
	struct rte_comp_op *burst[64];
	uint16_t i;

	assert_true(count <= RTE_DIM(burst));
	for (i = 0; i < count; i++)
		burst[i] = &ops[i].op;
	return rte_compressdev_enqueue_burst(zip->id, 0, burst, count);
}

uint16_t
zip_dequeue(struct zip_rig *zip, uint16_t most)
{
	struct rte_comp_op *burst[64];
	uint16_t count, i;

	assert_true(most <= RTE_DIM(burst));
	count = rte_compressdev_dequeue_burst(zip->id, 0, burst, most);
	assert_true(count <= most);
	for (i = 0; i < count; i++) {
		struct zip_op *op = container_of(burst[i], struct zip_op, op);

		op->returned++;
		assert_int_equal(op->returned, 1);
	}
	return count;
}

void
zip_answer(struct zip_rig *zip, uint16_t qn, uint32_t count, uint32_t consumed,
	uint32_t produced, uint32_t dw3)
{
	struct hisi_zip_sqe *sqe = fake_queue_sqe(&zip->rig->fake, qn, count);

	sqe->consumed = consumed;
	sqe->produced = produced;
	sqe->dw3 = dw3;
	fake_queue_complete(&zip->rig->fake, qn, count);
}

uint32_t
zip_answer_all(struct zip_rig *zip, uint16_t qn)
{
	struct fake_queue *queue = &zip->rig->fake.queues[qn];
	uint32_t pending = fake_queue_look(&zip->rig->fake, qn), i;
	const struct hisi_zip_sqe *sqe;

	for (i = 0; i < pending; i++) {
		sqe = fake_queue_sqe(&zip->rig->fake, qn, queue->posted);
		zip_answer(zip, qn, queue->posted, sqe->input_data_length, 1, 0);
	}
	return pending;
}
