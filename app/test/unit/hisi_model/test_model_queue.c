/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Contexts, rings, doorbells by message and by slot, stop (qm.md 4, 5, 6.5, appendix B).
 */

#include <stdlib.h>
#include <string.h>

#include <hisi_qm_shadow.h>
#include <model_queue.h>

#include "model_rig.h"

#define DEPTH 8
#define SRC_LEN 64

struct queue_rig {
	struct rig rig;
	struct rig_queue q;
	struct hisi_zip_sqe sqe; /**< some request that succeeds */
};

static int
setup(void **state)
{
	struct queue_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;
	uint64_t src, dst;

	rig_config(&config);
	rig_start(&r->rig, &config);
	rig_bring_up(&r->rig.pf, 16);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, DEPTH), 0);
	src = rig_alloc(&r->rig.pf, SRC_LEN, 64);
	dst = rig_alloc(&r->rig.pf, 512, 64);
	r->sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, src, SRC_LEN, dst, 512);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct queue_rig *r = *state;

	rig_stop(&r->rig);
	free(r);
	return 0;
}

static uint64_t
dropped(struct queue_rig *r)
{
	return model_stat_get(&r->rig.dev->stats.nb_doorbells_dropped);
}

static uint64_t
refused(struct queue_rig *r)
{
	return model_stat_get(&r->rig.dev->stats.nb_doorbells_refused);
}

/** Run and count the completions that appear. */
static int
run_and_pop(struct queue_rig *r)
{
	int n = 0;

	model_device_run(r->rig.dev);
	while (rig_queue_pop(&r->q) >= 0)
		n++;
	return n;
}

#define SET(cmd) (HISI_QM_MB_BUSY | HISI_QM_MB_CMD_##cmd)
#define GET(cmd) (HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET | HISI_QM_MB_CMD_##cmd)

/* qm.md appendix B, with the words written out, on queue 0 with tag 0 and doorbells by message. */
static void
test_worked_example(void **state)
{
	struct queue_rig *r = *state;
	struct rig_client *pf = &r->rig.pf;
	uint64_t s = rig_alloc(pf, 1024 * 128, 128), c = rig_alloc(pf, 1024 * 16, 32);
	uint64_t x = rig_alloc(pf, 32, 32), t = rig_alloc(pf, 16 * 32, 32), entry;
	uint64_t t2 = rig_alloc(pf, 16 * 32, 32), doorbell;
	const uint32_t sqc[8] = { 0, (uint32_t)s, (uint32_t)(s >> 32), 0x73ff, 0, 0, 0x0010u << 16,
		0 };
	const uint32_t cqc[8] = { 0, (uint32_t)c, (uint32_t)(c >> 32), 0x43ff, 0, 0, 1, 0 };
	const uint16_t *cq = rig_ptr(pf, c);
	uint16_t *ctx = rig_ptr(pf, x);
	struct hisi_zip_sqe *sqe = rig_ptr(pf, s);

	assert_int_equal(rig_mailbox(pf, 0x6006, 0, 0, &entry), 0);
	assert_int_equal(entry, 0x0001f00000000000); /* base 0, 16 queues */
	rig_write(pf, 0xc, 1);
	rig_write(pf, 0x4, 1);
	assert_int_equal(rig_mailbox(pf, 0x2004, 0, t, NULL), 0);
	assert_int_equal(rig_mailbox(pf, 0x2005, 0, t2, NULL), 0);
	memcpy(ctx, sqc, sizeof(sqc));
	assert_int_equal(rig_mailbox(pf, 0x2000, 0, x, NULL), 0);
	memcpy(ctx, cqc, sizeof(cqc));
	assert_int_equal(rig_mailbox(pf, 0x2001, 0, x, NULL), 0);
	*sqe = r->sqe;
	doorbell = 0x0000000100000000;
	model_function_bar_write(pf->fn, 0x1000, &doorbell, 8);
	assert_int_equal(model_device_run(r->rig.dev), 1);
	assert_int_equal(cq[7] & 1, 1);
	assert_int_equal(cq[4], 0);
	assert_int_equal(rig_status(sqe), HISI_ZIP_STATUS_OK);
	doorbell = 0x0000000100001000;
	model_function_bar_write(pf->fn, 0x1000, &doorbell, 8);
	assert_int_equal(rig_mailbox(pf, 0x6000, 0, x, NULL), 0);
	assert_int_equal(ctx[1], 1);
	assert_int_equal(ctx[11] & 0x40, 0);
	assert_int_equal(rig_mailbox(pf, 0x6001, 0, x, NULL), 0);
	assert_int_equal(ctx[0], 1);
	assert_int_equal(ctx[1], 1);
	assert_int_equal(ctx[11] & 0x40, 0);
	rig_write(pf, 0x204, 1);
	assert_int_equal(rig_read(pf, 0x208) & 1, 1);
	/* The written-back tables hold the contexts. */
	assert_int_equal(((uint16_t *)rig_ptr(pf, t))[1], 1);
	assert_int_equal(((uint32_t *)rig_ptr(pf, t2))[1], (uint32_t)c);
}

static void
test_by_message_and_by_slot(void **state)
{
	struct queue_rig *r = *state;
	int by_slot;

	for (by_slot = 0; by_slot < 2; by_slot++) {
		rig_queue_push(&r->q, &r->sqe);
		rig_queue_push(&r->q, &r->sqe);
		assert_int_equal(run_and_pop(r), 0);
		rig_queue_kick(&r->q, by_slot);
		assert_int_equal(run_and_pop(r), 2);
		rig_queue_ack(&r->q, by_slot);
	}
	assert_int_equal(dropped(r) + refused(r), 0);
}

/* Phase, sq_head and wrap bits over many laps; the slot value 0 does not occur with a tag. */
static void
test_laps(void **state)
{
	struct queue_rig *r = *state;
	uint64_t x = rig_alloc(&r->rig.pf, 32, 32);
	const struct hisi_qm_sqc *sqc = rig_ptr(&r->rig.pf, x);
	const struct hisi_qm_cqc *cqc = rig_ptr(&r->rig.pf, x);
	int i, j, at;

	for (i = 0; i < 5 * DEPTH; i++) {
		at = r->q.tail;
		for (j = 0; j < 1 + i % 3; j++)
			rig_queue_push(&r->q, &r->sqe);
		rig_queue_kick(&r->q, 1);
		assert_int_equal(model_device_run(r->rig.dev), 1 + i % 3);
		for (j = 0; j < 1 + i % 3; j++)
			assert_int_equal(rig_queue_pop(&r->q), (at + j) % DEPTH);
		assert_int_equal(rig_queue_pop(&r->q), -1);
		rig_queue_ack(&r->q, i % 2);
		assert_int_equal(rig_mailbox(&r->rig.pf, GET(SQC), 2, x, NULL), 0);
		assert_int_equal(sqc->tail, r->q.tail);
		assert_int_equal(!!(sqc->w11 & HISI_QM_SQC_W11_TAIL_WRAP), !r->q.phase);
		assert_int_equal(rig_mailbox(&r->rig.pf, GET(CQC), 2, x, NULL), 0);
		assert_int_equal(cqc->tail, r->q.head);
		assert_int_equal(cqc->head, r->q.head);
		assert_int_equal(cqc->dw6 & HISI_QM_CQC_DW6_PHASE, r->q.phase);
		assert_int_equal(!!(cqc->w11 & HISI_QM_CQC_W11_TAIL_WRAP), !r->q.phase);
	}
	assert_int_equal(dropped(r) + refused(r), 0);
}

static void
test_wrong_tag(void **state)
{
	struct queue_rig *r = *state;
	int by_slot;

	for (by_slot = 0; by_slot < 2; by_slot++) {
		rig_queue_push(&r->q, &r->sqe);
		r->q.tag = RIG_TAG + 1;
		rig_queue_kick(&r->q, by_slot);
		assert_int_equal(run_and_pop(r), 0);
		assert_int_equal(dropped(r), 2 * by_slot + 1);
		assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE),
			HISI_BIT32(HISI_QM_ERR_DB_RANDOM_INVALID));
		rig_queue_ack(&r->q, by_slot);
		model_device_run(r->rig.dev);
		assert_int_equal(dropped(r), 2 * by_slot + 2);
		rig_write(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE, ~0u);
		/* Not fatal: the next good one counts. */
		r->q.tag = RIG_TAG;
		rig_queue_kick(&r->q, by_slot);
		assert_int_equal(run_and_pop(r), 1);
		rig_queue_ack(&r->q, by_slot);
	}
}

static void
test_slot_must_fit_its_queue(void **state)
{
	struct queue_rig *r = *state;
	uint8_t *slots = r->rig.pf.slots;
	uint64_t good = hisi_qm_doorbell_word(hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, 2, RIG_TAG),
		1, 0);
	uint64_t bad[] = {
		good | 1,                                             /* queue 3 */
		good | HISI_FIELD_PREP(HISI_QM_DB_COMMAND, 1ull),     /* CQ in the SQ slot */
		good | HISI_FIELD_PREP(HISI_QM_DB_PRIORITY, 1ull),    /* priority */
	};
	size_t i;

	rig_queue_push(&r->q, &r->sqe);
	for (i = 0; i < 3; i++) {
		memcpy(slots + HISI_QM_SHADOW_SQ_OFFSET(2), &bad[i], 8);
		assert_int_equal(run_and_pop(r), 0);
		assert_int_equal(dropped(r), i + 1);
	}
	/* Arming is a message: in a slot it is dropped. */
	good = hisi_qm_doorbell_word(hisi_qm_doorbell_base(HISI_QM_DB_CMD_CQ, 2, RIG_TAG), 0, 1);
	memcpy(slots + HISI_QM_SHADOW_CQ_OFFSET(2), &good, 8);
	assert_int_equal(run_and_pop(r), 0);
	assert_int_equal(dropped(r), 4);
	assert_false(atomic_load(&r->rig.dev->queues[2].is_armed));
}

static void
test_impossible_index(void **state)
{
	struct queue_rig *r = *state;
	uint32_t warnings = r->rig.nb_warnings;

	/* Beyond the depth, both ways. */
	rig_slot(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, DEPTH);
	assert_int_equal(run_and_pop(r), 0);
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, 0xffff, 0);
	assert_int_equal(run_and_pop(r), 0);
	assert_int_equal(refused(r), 2);
	/* A CQ head that passes the CQ's tail. */
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_CQ, 2, RIG_TAG, 1, 0);
	assert_int_equal(refused(r), 3);
	/* An SQ tail that goes back over what was handed over. */
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, 3, 0);
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, 2, 0);
	assert_int_equal(refused(r), 4);
	/* It is said once, not each time. */
	assert_int_equal(r->rig.nb_warnings, warnings + 1);
}

static void
test_doorbells_nobody_takes(void **state)
{
	struct queue_rig *r = *state;

	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_SQ, 5, RIG_TAG, 1, 0); /* not set up */
	assert_int_equal(dropped(r), 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE), 0);
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_SQ, 16, RIG_TAG, 1, 0); /* outside the VFT entry */
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE),
		HISI_BIT32(HISI_QM_ERR_SQ_VF_INVALID));
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_CQ, 4095, RIG_TAG, 1, 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE),
		HISI_BIT32(HISI_QM_ERR_SQ_VF_INVALID) | HISI_BIT32(HISI_QM_ERR_CQ_VF_INVALID));
	assert_int_equal(dropped(r), 3);
}

static void
test_slots_are_zeroed(void **state)
{
	struct queue_rig *r = *state;
	_Atomic uint64_t *sq = (_Atomic uint64_t *)(void *)(r->rig.pf.slots +
		HISI_QM_SHADOW_SQ_OFFSET(2));
	struct rig_queue again;

	/* What lay in the slot before the contexts were set is stale. */
	rig_slot(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, 1);
	rig_slot(&r->rig.pf, HISI_QM_DB_CMD_SQ, 3, RIG_TAG, 1);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &again, 3, 0, DEPTH), 0);
	assert_int_equal(*(uint64_t *)(void *)(r->rig.pf.slots + HISI_QM_SHADOW_SQ_OFFSET(3)), 0);
	assert_int_equal(atomic_load(&r->rig.dev->queues[3].sq_tail), 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(STOP_QP), 2, 0, NULL), 0);
	assert_int_equal(atomic_load(sq), 0);
	/* Not sampled while stopped. */
	rig_slot(&r->rig.pf, HISI_QM_DB_CMD_SQ, 2, RIG_TAG, 2);
	assert_int_equal(run_and_pop(r), 1);
	model_function_reset(r->rig.pf.fn);
	assert_int_equal(atomic_load(&r->rig.dev->queues[2].sq_tail), 1);
}

/* A message comes after everything that was rung before it. */
static void
test_slots_come_before_messages(void **state)
{
	struct queue_rig *r = *state;

	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(STOP_QP), 2, 0, NULL), 0);
	assert_int_equal(rig_queue_pop(&r->q), 0);
}

static void
test_full_cq_waits(void **state)
{
	struct queue_rig *r = *state;
	struct rig_queue *q = &r->q;
	struct hisi_qm_cqe before[DEPTH];
	int i;

	for (i = 0; i < DEPTH - 1; i++)
		rig_queue_push(q, &r->sqe);
	rig_queue_kick(q, 1);
	assert_int_equal(run_and_pop(r), DEPTH - 1);
	/* All CQEs are there, none acknowledged; more work comes. */
	rig_queue_push(q, &r->sqe);
	rig_queue_push(q, &r->sqe);
	rig_queue_kick(q, 1);
	memcpy(before, (const void *)(uintptr_t)q->cq, sizeof(before));
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_memory_equal(before, (const void *)(uintptr_t)q->cq, sizeof(before));
	assert_int_equal(model_stat_get(&r->rig.dev->stats.nb_cq_full), 1);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(STOP_QP), 2, 0, NULL), MODEL_MB_NOT_DRAINED);
	/* The slot is read again before the CQ is called full. */
	rig_queue_ack(q, 1);
	assert_int_equal(run_and_pop(r), 2);
}

static void
test_stop_drains(void **state)
{
	struct queue_rig *r = *state;
	int i;

	for (i = 0; i < 5; i++)
		rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(STOP_QP), 2, 0, NULL), 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(rig_queue_pop(&r->q), i);
	/* Stopped: doorbells go nowhere, contexts can be read, a new start works. */
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 0);
	assert_int_equal(run_and_pop(r), 0);
	assert_int_equal(dropped(r), 1);
	assert_int_equal(rig_mailbox(&r->rig.pf, GET(SQC), 2, rig_alloc(&r->rig.pf, 32, 32), NULL),
		0);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, DEPTH), 0);
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 0);
	assert_int_equal(run_and_pop(r), 1);
}

static void
test_stop_of_the_function(void **state)
{
	struct queue_rig *r = *state;
	struct rig_queue other;

	assert_int_equal(rig_queue_setup(&r->rig.pf, &other, 7, 0, DEPTH), 0);
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_push(&other, &r->sqe);
	rig_queue_kick(&r->q, 1);
	rig_queue_kick(&other, 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(FLUSH_QM), 0, 0, NULL), 0);
	assert_int_equal(rig_queue_pop(&r->q), 0);
	assert_int_equal(rig_queue_pop(&other), 0);
	assert_int_equal(r->rig.dev->nb_active, 0);
}

/** Set an SQC that differs from a good one in one way. */
static uint32_t
set_sqc(struct queue_rig *r, uint32_t qn, size_t word16, uint16_t clear, uint16_t set)
{
	uint64_t x = rig_alloc(&r->rig.pf, 32, 32);
	uint16_t *w = rig_ptr(&r->rig.pf, x);

	assert_int_equal(rig_mailbox(&r->rig.pf, GET(SQC), 2, x, NULL), 0);
	w[12] = qn;
	w[word16] = (w[word16] & ~clear) | set;
	return rig_mailbox(&r->rig.pf, SET(SQC), qn, x, NULL);
}

static void
test_bad_contexts(void **state)
{
	struct queue_rig *r = *state;
	uint64_t x = rig_alloc(&r->rig.pf, 64, 32);
	struct hisi_qm_cqc *cqc = rig_ptr(&r->rig.pf, x);

	assert_int_equal(set_sqc(r, 4, 0, 0, 0), 0);
	assert_int_equal(set_sqc(r, 4, 6, 0xf000, 0x6000), MODEL_MB_BAD_CONTEXT); /* 64-byte SQE */
	assert_int_equal(set_sqc(r, 4, 2, 0x7f, 0x40), MODEL_MB_BAD_CONTEXT); /* base not aligned */
	assert_int_equal(set_sqc(r, 4, 12, 0xffff, 5), MODEL_MB_BAD_CONTEXT); /* another CQ */
	assert_int_equal(set_sqc(r, 4, 13, 0x0f00, 0x0200), MODEL_MB_BAD_CONTEXT); /* type 2 */
	assert_int_equal(set_sqc(r, 4, 11, 0, 0x80), MODEL_MB_BAD_CONTEXT); /* PASID */
	assert_int_equal(set_sqc(r, 4, 1, 0xffff, DEPTH), MODEL_MB_BAD_CONTEXT); /* tail >= depth */
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(SQC), 4, x + 4, NULL), MODEL_MB_BAD_ADDRESS);
	assert_int_equal(rig_mailbox(&r->rig.pf, GET(CQC), 2, x, NULL), 0);
	cqc->base_lo |= 16;
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(CQC), 4, x, NULL), MODEL_MB_BAD_CONTEXT);
	cqc->base_lo &= ~16u;
	cqc->w11 |= HISI_QM_CQC_W11_PASID_ENABLE;
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(CQC), 4, x, NULL), MODEL_MB_BAD_CONTEXT);
	rig_set_master(&r->rig.pf, 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, SET(CQC), 4, x, NULL), MODEL_MB_BAD_ADDRESS);
}

static void
test_closed_queue_takes_nothing(void **state)
{
	struct queue_rig *r = *state;

	assert_int_equal(set_sqc(r, 2, 13, 0, HISI_QM_SQC_W13_CLOSE), 0);
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 0);
	assert_int_equal(run_and_pop(r), 0);
	assert_int_equal(dropped(r), 1);
}

static void
test_depths(void **state)
{
	static const uint32_t depths[] = { 2, 3, 1000, 1024, 4096 };
	struct queue_rig *r = *state;
	uint32_t i, n;

	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 9, 0, depths[i]), 0);
		for (n = 0; n < depths[i] + 3; n++) {
			rig_queue_push(&r->q, &r->sqe);
			rig_queue_kick(&r->q, 1);
			model_device_run(r->rig.dev);
			assert_int_equal(rig_queue_pop(&r->q), n % depths[i]);
			rig_queue_ack(&r->q, 1);
		}
	}
}

/* Nothing moves without bus master, and nothing is lost. */
static void
test_bus_master_gates_dma(void **state)
{
	struct queue_rig *r = *state;

	rig_set_master(&r->rig.pf, 0);
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(run_and_pop(r), 0);
	rig_set_master(&r->rig.pf, 1);
	assert_int_equal(run_and_pop(r), 1);
}

static void
test_vft_change_takes_queues_away(void **state)
{
	struct queue_rig *r = *state;

	rig_queue_push(&r->q, &r->sqe);
	rig_vft(&r->rig.pf, 0, 4, 8);
	assert_int_equal(r->rig.dev->nb_active, 0);
	rig_queue_kick(&r->q, 0);
	assert_int_equal(run_and_pop(r), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worked_example),
		TEST(test_by_message_and_by_slot),
		TEST(test_laps),
		TEST(test_wrong_tag),
		TEST(test_slot_must_fit_its_queue),
		TEST(test_impossible_index),
		TEST(test_doorbells_nobody_takes),
		TEST(test_slots_are_zeroed),
		TEST(test_slots_come_before_messages),
		TEST(test_full_cq_waits),
		TEST(test_stop_drains),
		TEST(test_stop_of_the_function),
		TEST(test_bad_contexts),
		TEST(test_closed_queue_takes_nothing),
		TEST(test_depths),
		TEST(test_bus_master_gates_dma),
		TEST(test_vft_change_takes_queues_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
