/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "replay_rig.h"
#include "test_eal.h"

/* Longer than any test takes on a busy machine: trouble comes when the test says so. */
#define NEVER_MS 3600000

struct zip_op replay_ops[REPLAY_OPS];

static bool is_used[REPLAY_OPS];
static uint32_t order[REPLAY_OPS];
static uint32_t nb_order;

static struct zip_rig *
start(uint8_t revision)
{
	struct zip_rig *zip = zip_rig_create_with(revision, HISI_QM_ON_ERROR_REPLAY, NEVER_MS);

	zip_rig_run(zip, 32);
	memset(is_used, 0, sizeof(is_used));
	nb_order = 0;
	test_log_forget();
	return zip;
}

int
replay_setup(void **state)
{
	*state = start(HISI_QM_V3);
	return 0;
}

int
replay_setup_v2(void **state)
{
	*state = start(HISI_QM_V2);
	return 0;
}

int
replay_teardown(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i;

	for (i = 0; i < 2; i++)
		assert_int_equal(rte_ring_count(zip->qp->hw[i]->sgl->free),
			zip->qp->hw[i]->sgl->count);
	for (i = 0; i < REPLAY_OPS; i++)
		if (is_used[i])
			zip_op_fini(&replay_ops[i]);
	fake_behave(&zip->rig->fake);
	zip_rig_end(zip);
	return 0;
}

void
replay_adopt(uint32_t first, uint32_t count)
{
	memset(&is_used[first], true, count);
}

void
replay_send(struct zip_rig *zip, uint32_t first, uint32_t count, void *xform)
{
	uint32_t i;

	assert_true(first + count <= REPLAY_OPS);
	for (i = first; i < first + count; i++) {
		if (!is_used[i])
			zip_op_init(&replay_ops[i], xform, REPLAY_SRC_LEN, REPLAY_DST_LEN);
		is_used[i] = true;
		memset(zip_op_src(&replay_ops[i]), (int)(0x40 + i), REPLAY_SRC_LEN);
	}
	assert_int_equal(zip_enqueue(zip, &replay_ops[first], (uint16_t)count), count);
}

/* The first piece of a side: where it is flat the address, else that of the list's first entry. */
static const uint8_t *
first_piece(const struct hisi_zip_sqe *sqe, uint32_t lo, uint32_t hi)
{
	uint64_t addr = lo | (uint64_t)hi << 32;
	const struct hisi_qm_sgl_unit *unit = (void *)(uintptr_t)addr;

	return (const uint8_t *)(uintptr_t)((sqe->dw9 & HISI_ZIP_DW9_BUFFER) == 0 ? addr :
		unit->entry[0].buf);
}

uint32_t
replay_which(struct zip_rig *zip, uint16_t qn, uint32_t count)
{
	const struct hisi_zip_sqe *sqe = fake_queue_sqe(&zip->rig->fake, qn, count);
	const uint8_t *dst = first_piece(sqe, sqe->dest_addr_lo, sqe->dest_addr_hi);
	uint32_t i;

	for (i = 0; i < REPLAY_OPS; i++)
		if (is_used[i] && rte_pktmbuf_mtod(&replay_ops[i].dst, uint8_t *) == dst)
			return i;
	fail_msg("queue %u, SQE %u: destination %p is none of ours", qn, count, (const void *)dst);
	return 0;
}

void
replay_write_half(uint32_t which)
{
	memset(zip_op_dst(&replay_ops[which]), 0xee, REPLAY_PRODUCED / 2);
}

uint32_t
replay_answer(struct zip_rig *zip, uint16_t qn, uint32_t killer)
{
	struct fake_queue *queue = &zip->rig->fake.queues[qn];
	uint32_t pending = fake_queue_look(&zip->rig->fake, qn), i, which;
	const struct hisi_zip_sqe *sqe;

	for (i = 0; i < pending; i++) {
		which = replay_which(zip, qn, queue->posted);
		if (which == killer)
			break;
		sqe = fake_queue_sqe(&zip->rig->fake, qn, queue->posted);
		/* Result words of before would be taken for those of now. */
		assert_int_equal(sqe->consumed, 0);
		assert_int_equal(sqe->produced, 0);
		assert_int_equal(sqe->dw3 & HISI_ZIP_DW3_STATUS, HISI_ZIP_DW3_STATUS);
		assert_int_equal(sqe->input_data_length, REPLAY_SRC_LEN);
		memset(zip_op_dst(&replay_ops[which]), *first_piece(sqe, sqe->source_addr_lo,
			sqe->source_addr_hi), REPLAY_PRODUCED);
		zip_answer(zip, qn, queue->posted, REPLAY_SRC_LEN, REPLAY_PRODUCED, 0);
	}
	return i;
}

/* As zip_dequeue(), and in which order they came. */
static uint32_t
dequeue_ordered(struct zip_rig *zip)
{
	struct rte_comp_op *burst[8];
	uint16_t count, i;
	struct zip_op *op;

	count = rte_compressdev_dequeue_burst(zip->id, 0, burst, RTE_DIM(burst));
	for (i = 0; i < count; i++) {
		op = container_of(burst[i], struct zip_op, op);
		op->returned++;
		assert_int_equal(op->returned, 1);
		assert_true(nb_order < REPLAY_OPS);
		order[nb_order++] = (uint32_t)(op - replay_ops);
	}
	return count;
}

static uint32_t
dequeue_all(struct zip_rig *zip, const struct hisi_qm_qp *hw)
{
	uint32_t count, all = 0;

	do {
		count = dequeue_ordered(zip);
		all += count;
	} while (count != 0 || (hw->state == HISI_QM_QP_QUIESCED && !hw->drained));
	return all;
}

uint32_t
replay_stop(struct zip_rig *zip, uint16_t qn)
{
	struct hisi_qm_qp *hw = zip->rig->dev->qps[qn];

	hw->failed = 1;
	rig_service(zip->rig);
	assert_int_equal(hw->state, HISI_QM_QP_QUIESCED);
	return dequeue_all(zip, hw);
}

void
replay_go_on(struct zip_rig *zip, uint16_t qn, uint32_t killer)
{
	struct hisi_qm_qp *hw = zip->rig->dev->qps[qn];
	uint32_t rounds;

	for (rounds = 0; rounds < 64; rounds++) {
		rig_service(zip->rig);
		(void)replay_answer(zip, qn, killer);
		(void)dequeue_all(zip, hw);
		if (hisi_qm_qp_in_flight(hw) == 0 || (hw->state == HISI_QM_QP_RUNNING &&
				fake_queue_look(&zip->rig->fake, qn) != 0))
			break;
	}
	assert_true(rounds < 64);
}

void
replay_check_done(const struct zip_rig *zip, uint32_t first, uint32_t count)
{
	const struct rte_comp_op *op;
	const uint8_t *dst;
	uint32_t i, k;

	for (i = first; i < first + count; i++) {
		op = &replay_ops[i].op;
		dst = zip_op_dst(&replay_ops[i]);
		assert_int_equal(replay_ops[i].returned, 1);
		assert_int_equal(op->status, RTE_COMP_OP_STATUS_SUCCESS);
		assert_int_equal(op->consumed, REPLAY_SRC_LEN);
		assert_int_equal(op->produced, REPLAY_PRODUCED - zip->qp->trailer_len);
		for (k = 0; k < REPLAY_PRODUCED; k++)
			assert_int_equal(dst[k], 0x40 + i);
	}
}

void
replay_check_failed(uint32_t which)
{
	const struct rte_comp_op *op = &replay_ops[which].op;

	assert_int_equal(replay_ops[which].returned, 1);
	assert_int_equal(op->status, RTE_COMP_OP_STATUS_ERROR);
	assert_int_equal(op->debug_status, (uint64_t)(HISI_ZIP_REASON_STOPPED + 1) << 32);
	assert_int_equal(op->consumed | op->produced, 0);
}

uint64_t
replay_refused(struct zip_rig *zip, uint16_t qn, enum hisi_qm_replay_refusal refusal)
{
	return zip->rig->dev->qps[qn]->replay->refused[refusal];
}

uint32_t
replay_returned(uint32_t n)
{
	assert_true(n < nb_order);
	return order[n];
}
