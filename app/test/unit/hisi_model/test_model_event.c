/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * EQ, AEQ and their interrupts (qm.md 4.4, 5.7, 6.6).
 */

#include <stdlib.h>

#include "model_rig.h"

#define DEPTH 8
#define EQ_DEPTH 4

struct event_rig {
	struct rig rig;
	struct rig_queue q;
	struct hisi_zip_sqe sqe;
	volatile uint32_t *eq;
	volatile uint32_t *aeq;
	uint64_t x;
};

static void
set_event_queue(struct event_rig *r, uint32_t command, uint64_t base, uint32_t depth)
{
	struct hisi_qm_eqc *eqc = rig_ptr(&r->rig.pf, r->x);

	*eqc = (struct hisi_qm_eqc){ .base_lo = (uint32_t)base, .base_hi = (uint32_t)(base >> 32),
		.dw6 = (depth - 1) | HISI_QM_EQC_DW6_PHASE };
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | command, 0, r->x, NULL), 0);
}

static int
setup(void **state)
{
	struct event_rig *r = calloc(1, sizeof(*r));
	struct rig_client *pf = &r->rig.pf;
	struct model_device_config config;
	uint64_t eq, aeq;

	rig_config(&config);
	rig_start(&r->rig, &config);
	rig_bring_up(pf, 16);
	r->x = rig_alloc(pf, 32, 32);
	eq = rig_alloc(pf, 4 * EQ_DEPTH, 32);
	aeq = rig_alloc(pf, 4 * EQ_DEPTH, 32);
	r->eq = rig_ptr(pf, eq);
	r->aeq = rig_ptr(pf, aeq);
	set_event_queue(r, HISI_QM_MB_CMD_EQC, eq, EQ_DEPTH);
	set_event_queue(r, HISI_QM_MB_CMD_AEQC, aeq, EQ_DEPTH);
	rig_write(pf, HISI_QM_VF_EQ_INT_MASK, 0);
	rig_write(pf, HISI_QM_VF_AEQ_INT_MASK, 0);
	assert_int_equal(rig_queue_setup(pf, &r->q, 5, 0, DEPTH), 0);
	r->sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, rig_alloc(pf, 64, 64), 64, rig_alloc(pf, 512, 64),
		512);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct event_rig *r = *state;

	rig_stop(&r->rig);
	free(r);
	return 0;
}

/** One completion; the client does not acknowledge it. */
static void
complete(struct event_rig *r)
{
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 1);
	assert_true(rig_queue_pop(&r->q) >= 0);
}

static void
arm(struct event_rig *r, uint16_t head)
{
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_CQ, 5, RIG_TAG, head, 1);
}

static void
eq_doorbell(struct event_rig *r, uint16_t head)
{
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_EQ, 0, 0, head, 0);
}

static uint32_t
eq_irqs(struct event_rig *r)
{
	return r->rig.pf.irqs[HISI_QM_VECTOR_EQ];
}

static void
test_no_event_unless_armed(void **state)
{
	struct event_rig *r = *state;

	complete(r);
	assert_int_equal(r->eq[0], 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	assert_int_equal(eq_irqs(r), 0);
}

static void
test_armed_event_comes_once(void **state)
{
	struct event_rig *r = *state;

	arm(r, 0);
	assert_int_equal(r->eq[0], 0);
	complete(r);
	assert_int_equal(r->eq[0], 5 | 1 << 16);
	assert_int_equal(eq_irqs(r), 1);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	complete(r);
	assert_int_equal(r->eq[1], 0);
	eq_doorbell(r, 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	assert_int_equal(eq_irqs(r), 1);
}

/* The last poll and the arming doorbell race: what is there already makes an event at once. */
static void
test_arming_a_cq_that_is_not_empty(void **state)
{
	struct event_rig *r = *state;

	complete(r);
	arm(r, 0);
	assert_int_equal(r->eq[0], 5 | 1 << 16);
	arm(r, 1);
	assert_int_equal(r->eq[1], 0);
	/* Disarmed again by a plain doorbell. */
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_CQ, 5, RIG_TAG, 1, 0);
	complete(r);
	assert_int_equal(r->eq[1], 0);
}

static void
test_context_may_start_armed(void **state)
{
	struct event_rig *r = *state;
	struct hisi_qm_cqc *cqc = rig_ptr(&r->rig.pf, r->x);

	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
		HISI_QM_MB_CMD_CQC, 5, r->x, NULL), 0);
	cqc->dw6 |= HISI_QM_CQC_DW6_C_FLAG;
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_CQC, 5, r->x,
		NULL), 0);
	complete(r);
	assert_int_equal(r->eq[0], 5 | 1 << 16);
}

static void
test_one_interrupt_while_pending(void **state)
{
	struct event_rig *r = *state;

	arm(r, 0);
	complete(r);
	arm(r, 1);
	complete(r);
	assert_int_equal(r->eq[1], 5 | 1 << 16);
	assert_int_equal(eq_irqs(r), 1);
	/* The driver took one of two: the doorbell interrupts again. */
	eq_doorbell(r, 1);
	assert_int_equal(eq_irqs(r), 2);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	eq_doorbell(r, 2);
	assert_int_equal(eq_irqs(r), 2);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
}

static void
test_mask_register(void **state)
{
	struct event_rig *r = *state;

	rig_write(&r->rig.pf, HISI_QM_VF_EQ_INT_MASK, 1);
	arm(r, 0);
	complete(r);
	assert_int_equal(eq_irqs(r), 0);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	rig_write(&r->rig.pf, HISI_QM_VF_EQ_INT_MASK, 0);
	assert_int_equal(eq_irqs(r), 1);
}

static void
test_phase_over_laps(void **state)
{
	struct event_rig *r = *state;
	uint32_t i;

	for (i = 0; i < 3 * EQ_DEPTH; i++) {
		arm(r, r->q.head);
		complete(r);
		rig_queue_ack(&r->q, 0);
		assert_int_equal(r->eq[i % EQ_DEPTH], 5 | (~(i / EQ_DEPTH) & 1) << 16);
		eq_doorbell(r, (i + 1) % EQ_DEPTH);
	}
	assert_int_equal(eq_irqs(r), 3 * EQ_DEPTH);
}

static void
test_eq_overflow(void **state)
{
	struct event_rig *r = *state;
	uint32_t i;

	for (i = 0; i < EQ_DEPTH + 1; i++) {
		arm(r, r->q.head);
		complete(r);
	}
	assert_int_equal(r->eq[EQ_DEPTH - 1], 0);
	assert_int_equal(r->aeq[0], 5 | 1 << 16 | HISI_QM_AEQE_EQ_OVERFLOW << 17);
	assert_int_equal(r->aeq[1], 0); /* told once */
	assert_int_equal(r->rig.pf.irqs[HISI_QM_VECTOR_AEQ], 1);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_AEQ_INT_SOURCE), 0);
	rig_ring(&r->rig.pf, HISI_QM_DB_CMD_AEQ, 0, 0, 1, 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_VF_AEQ_INT_SOURCE), 0);
}

static void
test_cq_overflow_is_reported(void **state)
{
	struct event_rig *r = *state;
	int i;

	for (i = 0; i < DEPTH - 1; i++)
		complete(r);
	rig_queue_push(&r->q, &r->sqe);
	rig_queue_kick(&r->q, 1);
	model_device_run(r->rig.dev);
	model_device_run(r->rig.dev);
	assert_int_equal(r->aeq[0], 5 | 1 << 16 | HISI_QM_AEQE_CQ_OVERFLOW << 17);
	assert_int_equal(r->aeq[1], 0);
	assert_int_equal(r->rig.pf.irqs[HISI_QM_VECTOR_AEQ], 1);
}

static void
test_bad_event_doorbells(void **state)
{
	struct event_rig *r = *state;

	arm(r, 0);
	complete(r);
	eq_doorbell(r, EQ_DEPTH);
	assert_int_equal(model_stat_get(&r->rig.dev->stats.nb_doorbells_refused), 1);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
	/* SQ and CQ commands do not belong to the EQ address, nor the other way round. */
	model_function_bar_write(r->rig.pf.fn, HISI_QM_DOORBELL_EQ_AEQ, &(uint64_t){ 5 }, 8);
	model_function_bar_write(r->rig.pf.fn, HISI_QM_DOORBELL_SQ_CQ,
		&(uint64_t){ 0x100002000 }, 8);
	assert_int_equal(model_stat_get(&r->rig.dev->stats.nb_doorbells_dropped), 2);
	assert_int_not_equal(rig_read(&r->rig.pf, HISI_QM_VF_EQ_INT_SOURCE), 0);
}

static void
test_contexts_read_back(void **state)
{
	struct event_rig *r = *state;
	const struct hisi_qm_eqc *eqc = rig_ptr(&r->rig.pf, r->x);

	arm(r, 0);
	complete(r);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
		HISI_QM_MB_CMD_EQC, 0, r->x, NULL), 0);
	assert_int_equal(eqc->tail, 1);
	assert_int_equal(eqc->head, 0);
	assert_int_equal(eqc->dw6, (EQ_DEPTH - 1) | HISI_QM_EQC_DW6_PHASE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_event_unless_armed),
		TEST(test_armed_event_comes_once),
		TEST(test_arming_a_cq_that_is_not_empty),
		TEST(test_context_may_start_armed),
		TEST(test_one_interrupt_while_pending),
		TEST(test_mask_register),
		TEST(test_phase_over_laps),
		TEST(test_eq_overflow),
		TEST(test_cq_overflow_is_reported),
		TEST(test_bad_event_doorbells),
		TEST(test_contexts_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
