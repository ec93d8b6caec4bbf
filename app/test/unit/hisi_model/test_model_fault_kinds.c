/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Each fault alone, as a driver sees it.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <hisi_zip_regs.h>

#include "fault_rig.h"

/* The SQ goes on, the CQ does not move; the operation was done. */
static void
test_drop(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "drop op=2");
	fault_rig_put(r, 4);
	EXPECT(r, 0, 2, 3);
	assert_int_equal(fault_rig_fired(r, 0), 1);
	assert_true(r->q.sq[1].produced > 0);
	fault_rig_put(r, FAULT_RIG_DEPTH - 1);
	EXPECT(r, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2);
}

static void
test_delay(void **state)
{
	struct fault_rig *r = *state;
	uint64_t begin = model_now_ns();

	fault_rig_add(r, "delay op=2 ms=50");
	fault_rig_put(r, 4);
	assert_int_equal(rig_queue_pop(&r->q), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_true(model_fault_plan_timeout_ms(r->plan) >= 0);
	while (model_device_run(r->rig.dev) == 0)
		fault_rig_wait_ms(1);
	assert_true(model_now_ns() - begin >= 50 * UINT64_C(1000000));
	EXPECT(r, 1, 2, 3);
	assert_int_equal(fault_rig_fired(r, 0), 1);
}

/* A stop waits for what a fault delays. */
static void
test_stop_waits_for_delay(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "delay op=2 ms=50; reorder op=4");
	fault_rig_put(r, 4);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), 0);
	EXPECT(r, 0, 1, 2, 3);
}

static void
test_slow(void **state)
{
	struct fault_rig *r = *state;
	uint64_t begin = model_now_ns();

	fault_rig_add(r, "slow us=3000 every=2");
	fault_rig_push(r, 4);
	do {
		model_device_run(r->rig.dev);
		fault_rig_wait_ms(1);
	} while (model_queue_backlog(&r->rig.dev->queues[2]) != 0);
	assert_true(model_now_ns() - begin >= 6 * UINT64_C(1000000));
	EXPECT(r, 0, 1, 2, 3);
	assert_int_equal(fault_rig_fired(r, 0), 2);
}

static void
test_duplicate(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "duplicate op=2");
	fault_rig_put(r, 3);
	EXPECT(r, 0, 1, 1, 2);
}

static void
test_reorder(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "reorder op=2");
	fault_rig_put(r, 4);
	EXPECT(r, 0, 2, 1, 3);
	/* Without a next one it comes after a while. */
	fault_rig_add(r, "reorder");
	fault_rig_put(r, 1);
	while (rig_queue_pop(&r->q) != 4) {
		model_device_run(r->rig.dev);
		fault_rig_wait_ms(1);
	}
}

/* Its time comes by a kick, also where another queue waits for an earlier one. */
static void
test_reorder_beside_delay(void **state)
{
	struct fault_rig *r = *state;
	const struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);
	struct pollfd fd = { .fd = model_fault_plan_fd(r->plan), .events = POLLIN };
	struct model_fault_action action;
	bool is_done[2] = { false, false };
	struct rig_queue other;
	int timeout_ms;

	assert_int_equal(rig_queue_setup(&r->rig.pf, &other, 3, 0, FAULT_RIG_DEPTH), 0);
	fault_rig_add(r, "reorder queue=2; delay queue=3 ms=1");
	fault_rig_put(r, 1);
	rig_queue_push(&other, &sqe);
	rig_queue_kick(&other, 1);
	model_device_run(r->rig.dev);
	/* As workers that sleep until there is a kick, and who gives it. */
	while (!is_done[0] || !is_done[1]) {
		timeout_ms = model_fault_plan_timeout_ms(r->plan);
		assert_true(timeout_ms >= 0);
		poll(&fd, 1, timeout_ms);
		assert_false(model_fault_plan_take(r->plan, &action));
		model_device_run(r->rig.dev);
		is_done[0] = is_done[0] || rig_queue_pop(&r->q) == 0;
		is_done[1] = is_done[1] || rig_queue_pop(&other) == 0;
	}
}

/* The slot counts as written, and its reader waits for it. */
static void
test_phase(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "phase op=2");
	fault_rig_put(r, 3);
	EXPECT(r, 0);
	r->q.head = 2;
	EXPECT(r, 2);
}

static void
test_sq_head_and_num(void **state)
{
	struct fault_rig *r = *state;
	uint64_t hi;

	fault_rig_add(r, "sq_head op=1 value=60000; sq_num op=2 value=9");
	fault_rig_put(r, 3);
	assert_int_equal(rig_queue_pop(&r->q), 60000);
	memcpy(&hi, (uint8_t *)rig_ptr(&r->rig.pf, r->q.cq_iova) + sizeof(struct hisi_qm_cqe) + 8,
		sizeof(hi));
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_NUM, hi), 9);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, hi), 1);
	r->q.head = 2;
	EXPECT(r, 2);
}

static void
test_status(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "status op=2 value=0x10");
	fault_rig_put(r, 3);
	EXPECT(r, 0, 1, 2);
	assert_int_equal(rig_status(&r->q.sq[0]), HISI_ZIP_STATUS_OK);
	assert_int_equal(rig_status(&r->q.sq[1]), 0x10);
	assert_int_equal(r->q.sq[1].consumed + r->q.sq[1].produced, 0);
	assert_int_equal(rig_status(&r->q.sq[2]), HISI_ZIP_STATUS_OK);
}

static void
test_stall(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "stall op=2");
	fault_rig_put(r, 4);
	EXPECT(r, 0);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), MODEL_MB_NOT_DRAINED);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	/* New contexts, without a reset. */
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, FAULT_RIG_DEPTH), 0);
	fault_rig_put(r, 2);
	EXPECT(r, 0, 1);
	fault_rig_add(r, "stall");
	fault_rig_put(r, 1);
	EXPECT(r, -1);
	fault_rig_expect_revival(r);
}

static void
test_dma(void **state)
{
	struct fault_rig *r = *state;

	rig_write(&r->rig.pf, HISI_ZIP_CORE_INT_MASK, 0);
	fault_rig_add(r, "dma_read op=2");
	fault_rig_put(r, 3);
	assert_int_equal(rig_queue_pop(&r->q), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_ZIP_CORE_INT_STATUS),
		HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	assert_true(atomic_load(&r->rig.dev->is_halted));
	fault_rig_expect_revival(r);
	r->rig.dev->config.dma_fault = MODEL_DMA_FAULT_OP;
	fault_rig_add(r, "dma_write op=2");
	fault_rig_put(r, 3);
	EXPECT(r, 1, 2, 3);
	assert_int_equal(rig_status(&r->q.sq[2]), HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
}

static void
test_doorbell(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "doorbell");
	fault_rig_put(r, 2);
	EXPECT(r, -1);
	assert_int_equal(model_stat_get(&r->rig.dev->stats.nb_doorbells_dropped), 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE),
		HISI_BIT32(HISI_QM_ERR_DB_RANDOM_INVALID));
	/* The next one tells of all three. */
	fault_rig_put(r, 1);
	EXPECT(r, 0, 1, 2);
	fault_rig_add(r, "doorbell queue=2");
	rig_queue_push(&r->q, &r->q.sq[0]);
	rig_queue_kick(&r->q, 0);
	model_device_run(r->rig.dev);
	EXPECT(r, -1);
}

static void
test_ras(void **state)
{
	struct fault_rig *r = *state;

	rig_write(&r->rig.pf, HISI_QM_ABNORMAL_INT_MASK, 0);
	fault_rig_add(r, "ras block=qm bit=5");
	fault_rig_carry_out(r);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_STATUS), HISI_BIT32(5));
	assert_int_equal(r->rig.pf.irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	assert_false(atomic_load(&r->rig.dev->is_halted));
	fault_rig_add(r, "ras block=engine bit=2 halt=on op=3");
	fault_rig_put(r, 4);
	assert_int_equal(fault_rig_carry_out(r).hit.kind, MODEL_FAULT_RAS);
	assert_int_equal(rig_read(&r->rig.pf, HISI_ZIP_CORE_INT_SOURCE), HISI_BIT32(2));
	assert_true(atomic_load(&r->rig.dev->is_halted));
	fault_rig_expect_revival(r);
}

static void
test_aeqe(void **state)
{
	struct fault_rig *r = *state;
	struct rig_client *pf = &r->rig.pf;
	uint64_t ring = rig_alloc(pf, 64 * sizeof(uint32_t), 4096);
	uint64_t iova = rig_alloc(pf, HISI_QM_CONTEXT_LEN, HISI_QM_CONTEXT_ALIGN);
	struct hisi_qm_eqc *aeqc = rig_ptr(pf, iova);
	uint32_t type, entry;
	char rule[32];

	aeqc->base_lo = (uint32_t)ring;
	aeqc->base_hi = (uint32_t)(ring >> 32);
	aeqc->dw6 = HISI_FIELD_PREP(HISI_QM_EQC_DW6_DEPTH, 63) | HISI_QM_EQC_DW6_PHASE;
	assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_AEQC, 0, iova, NULL), 0);
	for (type = 0; type < 3; type++) {
		snprintf(rule, sizeof(rule), "aeqe type=%u", type);
		fault_rig_add(r, rule);
		fault_rig_carry_out(r);
		memcpy(&entry, rig_ptr(pf, ring + type * sizeof(entry)), sizeof(entry));
		assert_int_equal(HISI_FIELD_GET(HISI_QM_AEQE_TYPE, entry), type);
		/* The queue that works is the one that it is about. */
		assert_int_equal(HISI_FIELD_GET(HISI_QM_EQE_QUEUE, entry), 2);
		assert_int_equal(fault_rig_fired(r, type), 1);
	}
}

static void
test_flr(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "flr op=2");
	fault_rig_put(r, 1);
	EXPECT(r, 0);
	fault_rig_put(r, 1);
	assert_int_equal(fault_rig_carry_out(r).hit.kind, MODEL_FAULT_FLR);
	assert_int_equal(r->rig.dev->nb_active, 0);
	fault_rig_expect_revival(r);
	fault_rig_add(r, "flr after_ms=10");
	fault_rig_carry_out(r);
	assert_int_equal(r->rig.dev->nb_active, 0);
	fault_rig_expect_revival(r);
}

static void
test_no_reset(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "no_reset times=2");
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), -EIO);
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), -EIO);
	fault_rig_put(r, 1);
	EXPECT(r, 0);
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), 0);
	assert_int_equal(r->rig.dev->nb_active, 0);
}

static uint32_t
mailbox_word(struct fault_rig *r)
{
	return rig_read(&r->rig.pf, HISI_QM_MAILBOX);
}

static void
write_mailbox(struct fault_rig *r, uint32_t command)
{
	const struct hisi_qm_mailbox mb = { .w0 = HISI_QM_MB_BUSY | command, .queue = 2 };

	model_function_bar_write(r->rig.pf.fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
}

static void
test_mailbox_busy(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "mailbox kind=busy ms=30 command=stop_qp");
	fault_rig_put(r, 1);
	write_mailbox(r, HISI_QM_MB_CMD_STOP_QP);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	assert_true(r->rig.dev->nb_active == 1);
	fault_rig_carry_out(r);
	assert_false(mailbox_word(r) & HISI_QM_MB_BUSY);
	assert_int_equal(r->rig.dev->nb_active, 0);
}

static void
test_mailbox_status(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "mailbox kind=status value=5 op=2");
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
		HISI_QM_MB_CMD_SQC_VFT, 0, 0, NULL), 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), 5);
	fault_rig_put(r, 1);
	EXPECT(r, 0); /* it was not stopped */
}

static void
test_mailbox_never(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "mailbox kind=never");
	write_mailbox(r, HISI_QM_MB_CMD_STOP_QP);
	fault_rig_wait_ms(20);
	assert_int_equal(model_fault_plan_timeout_ms(r->plan), -1);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	model_fault_plan_clear(r->plan);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	fault_rig_expect_revival(r);
}

/* What the emulator itself does comes out as an action. */
static void
test_program_actions(void **state)
{
	struct fault_rig *r = *state;
	struct model_fault_action action;

	fault_rig_add(r, "disconnect function=pf; freeze ms=5; die after_ms=1");
	action = fault_rig_carry_out(r);
	assert_int_equal(action.hit.kind, MODEL_FAULT_DISCONNECT);
	assert_ptr_equal(model_fault_function(r->plan, &action), r->rig.pf.fn);
	assert_false(model_fault_carry_out(r->plan, &action));
	action = fault_rig_carry_out(r);
	assert_int_equal(action.hit.kind, MODEL_FAULT_FREEZE);
	assert_int_equal(action.hit.ms, 5);
	assert_int_equal(fault_rig_carry_out(r).hit.kind, MODEL_FAULT_DIE);
	assert_false(model_fault_plan_take(r->plan, &action));
}

/** A VF's view of its PF: the message it was rung for, acknowledged. */
static uint64_t
hear_pf(struct rig_client *vf)
{
	uint64_t message = 0;

	assert_int_equal(rig_read(vf, HISI_QM_IFC_INT_SOURCE_V), 1);
	assert_int_equal(rig_mailbox(vf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_DST, 0, 0, &message), 0);
	rig_write(vf, HISI_QM_IFC_INT_SOURCE_V, 1);
	return message;
}

static void
answer_pf(struct rig_client *vf, uint32_t command)
{
	assert_int_equal(rig_mailbox(vf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SRC, 0, command, NULL),
		0);
	rig_write(vf, HISI_QM_IFC_INT_SET_V, 1);
}

/** A device whose PF the model drives, with two VFs of four queues. */
static void
start_own_pf(struct fault_rig *r)
{
	struct model_device_config config;

	rig_config(&config);
	config.nb_vfs = 2;
	config.vf_queues = 4;
	config.is_pf_self = true;
	assert_int_equal(model_fault_plan_create(&r->plan), 0);
	config.faults = r->plan;
	rig_start(&r->rig, &config);
	model_fault_plan_set_devices(r->plan, &r->rig.dev, 1);
}

/* Nobody drives that PF: it is not what a rule without function= means, nor can one name it. */
static void
test_own_pf_is_left_alone(void **state)
{
	static const char * const rules[] = { "drop function=pf", "flr function=pf",
		"ras function=pf block=qm bit=5 op=1", "disconnect function=pf" };
	struct model_error error = { "" };
	struct fault_rig r = { 0 };
	uint32_t i;

	(void)state;
	start_own_pf(&r);
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		assert_int_equal(model_fault_plan_add(r.plan, rules[i], &error), -EINVAL);
		assert_non_null(strstr(error.text, "it has no client"));
	}
	fault_rig_add(&r, "flr; ras function=pf block=qm bit=5");
	fault_rig_carry_out(&r);
	assert_int_equal(model_vft_count(r.rig.dev, 1), 4);
	fault_rig_carry_out(&r);
	assert_int_equal(model_ras_source(r.rig.dev, MODEL_RAS_QM), HISI_BIT32(5));
	rig_stop(&r.rig);
	model_fault_plan_destroy(r.plan);
}

/* qm.md 6.12: stop, reset, start, with the VF's word at each step. */
static void
test_pf_reset(void **state)
{
	struct rig_queue q;
	struct rig_client vf;
	struct fault_rig r = { 0 };
	uint32_t i;

	(void)state;
	start_own_pf(&r);
	rig_connect(&r.rig, &vf, 1, 1);
	rig_set_master(&vf, 1);
	assert_int_equal(rig_queue_setup(&vf, &q, 1, 0, FAULT_RIG_DEPTH), 0);
	fault_rig_add(&r, "pf_reset");
	fault_rig_carry_out(&r);
	assert_int_equal(hear_pf(&vf), HISI_QM_IFC_PF_FLR_PREPARE);
	for (i = 0; i < 3; i++)
		fault_rig_carry_out(&r);
	assert_int_equal(r.rig.dev->nb_active, 1);
	model_fault_plan_clear(r.plan);
	answer_pf(&vf, HISI_QM_IFC_VF_PREPARE_DONE);
	fault_rig_carry_out(&r);
	assert_int_equal(r.rig.dev->nb_active, 0);
	assert_int_equal(hear_pf(&vf), HISI_QM_IFC_PF_RESET_DONE);
	/* It has its queues again, and can tell at once. */
	assert_int_equal(rig_queue_setup(&vf, &q, 1, 0, FAULT_RIG_DEPTH), 0);
	answer_pf(&vf, HISI_QM_IFC_VF_START_DONE);
	fault_rig_carry_out(&r);
	assert_int_equal(r.rig.dev->self.phase, MODEL_SELF_IDLE);
	assert_int_equal(model_fault_plan_timeout_ms(r.plan), -1);
	assert_int_equal(r.rig.dev->nb_active, 1);
	rig_disconnect(&vf);
	rig_stop(&r.rig);
	model_fault_plan_destroy(r.plan);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fault_rig_setup, fault_rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_drop),
		TEST(test_delay),
		TEST(test_stop_waits_for_delay),
		TEST(test_slow),
		TEST(test_duplicate),
		TEST(test_reorder),
		TEST(test_reorder_beside_delay),
		TEST(test_phase),
		TEST(test_sq_head_and_num),
		TEST(test_status),
		TEST(test_stall),
		TEST(test_dma),
		TEST(test_doorbell),
		TEST(test_ras),
		TEST(test_aeqe),
		TEST(test_flr),
		TEST(test_no_reset),
		TEST(test_mailbox_busy),
		TEST(test_mailbox_status),
		TEST(test_mailbox_never),
		TEST(test_program_actions),
		cmocka_unit_test(test_own_pf_is_left_alone),
		cmocka_unit_test(test_pf_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
