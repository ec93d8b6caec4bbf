/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Each fault alone, seen by a driver; when rules fire; seeds.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hisi_zip_regs.h>
#include <model_fault.h>
#include <model_queue.h>

#include "model_rig.h"

#define DEPTH 16
#define PATIENCE_MS 10000

struct plan_rig {
	struct rig rig;
	struct rig_queue q;
	struct model_fault_plan *plan;
	uint64_t src;
	uint64_t dst;
};

static int
setup(void **state)
{
	struct plan_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;

	rig_config(&config);
	config.nb_vfs = 1;
	assert_int_equal(model_fault_plan_create(&r->plan), 0);
	config.faults = r->plan;
	rig_start(&r->rig, &config);
	model_fault_plan_set_devices(r->plan, &r->rig.dev, 1);
	rig_bring_up(&r->rig.pf, 8);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, DEPTH), 0);
	r->src = rig_alloc(&r->rig.pf, 4096, 4096);
	r->dst = rig_alloc(&r->rig.pf, 8192, 4096);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct plan_rig *r = *state;

	rig_stop(&r->rig);
	model_fault_plan_destroy(r->plan);
	free(r);
	return 0;
}

static void
add(struct plan_rig *r, const char *text)
{
	struct model_error error = { "" };

	if (model_fault_plan_add(r->plan, text, &error) != 0)
		fail_msg("%s: %s", text, error.text);
}

static void
push(struct plan_rig *r, uint32_t count)
{
	const struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);

	for (; count > 0; count--)
		rig_queue_push(&r->q, &sqe);
	rig_queue_kick(&r->q, 1);
}

/** Hand over @p count requests and execute what can be executed now. */
static void
put(struct plan_rig *r, uint32_t count)
{
	push(r, count);
	model_device_run(r->rig.dev);
}

/** The next completions are those of these SQEs, and there is no more. */
static void
expect(struct plan_rig *r, const int *heads, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(rig_queue_pop(&r->q), heads[i]);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	rig_queue_ack(&r->q, 1);
}

#define EXPECT(r, ...) expect(r, (const int[]){ __VA_ARGS__ }, \
	sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

/** How often rule @p i, from 0, has fired. */
static uint64_t
fired(struct plan_rig *r, uint32_t i)
{
	assert_true(i < r->plan->nb_entries);
	return r->plan->entries[i].nb_fired;
}

static void
wait_ms(uint32_t ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };

	nanosleep(&pause, NULL);
}

/** As the control thread of an emulator: wait and carry out, until something has been. */
static struct model_fault_action
carry_out(struct plan_rig *r)
{
	struct pollfd fd = { .fd = model_fault_plan_fd(r->plan), .events = POLLIN };
	struct model_fault_action action;
	uint64_t end = model_now_ns() + PATIENCE_MS * UINT64_C(1000000);

	while (!model_fault_plan_take(r->plan, &action)) {
		assert_true(model_now_ns() < end);
		poll(&fd, 1, model_fault_plan_timeout_ms(r->plan));
	}
	(void)model_fault_carry_out(r->plan, &action);
	return action;
}

/** Everything is well again: the queue is set up anew and works. */
static void
expect_revival(struct plan_rig *r)
{
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);

	model_function_reset(r->rig.pf.fn);
	rig_bring_up(&r->rig.pf, 8);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, DEPTH), 0);
	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}

/* The SQ goes on, the CQ does not move; the operation was done. */
static void
test_drop(void **state)
{
	struct plan_rig *r = *state;

	add(r, "drop op=2");
	put(r, 4);
	EXPECT(r, 0, 2, 3);
	assert_int_equal(fired(r, 0), 1);
	assert_true(r->q.sq[1].produced > 0);
	put(r, DEPTH - 1);
	EXPECT(r, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2);
}

static void
test_delay(void **state)
{
	struct plan_rig *r = *state;
	uint64_t begin = model_now_ns();

	add(r, "delay op=2 ms=50");
	put(r, 4);
	assert_int_equal(rig_queue_pop(&r->q), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_true(model_fault_plan_timeout_ms(r->plan) >= 0);
	while (model_device_run(r->rig.dev) == 0)
		wait_ms(1);
	assert_true(model_now_ns() - begin >= 50 * UINT64_C(1000000));
	EXPECT(r, 1, 2, 3);
	assert_int_equal(fired(r, 0), 1);
}

/* A stop waits for what a fault delays. */
static void
test_stop_waits_for_delay(void **state)
{
	struct plan_rig *r = *state;

	add(r, "delay op=2 ms=50; reorder op=4");
	put(r, 4);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), 0);
	EXPECT(r, 0, 1, 2, 3);
}

static void
test_slow(void **state)
{
	struct plan_rig *r = *state;
	uint64_t begin = model_now_ns();

	add(r, "slow us=3000 every=2");
	push(r, 4);
	do {
		model_device_run(r->rig.dev);
		wait_ms(1);
	} while (model_queue_backlog(&r->rig.dev->queues[2]) != 0);
	assert_true(model_now_ns() - begin >= 6 * UINT64_C(1000000));
	EXPECT(r, 0, 1, 2, 3);
	assert_int_equal(fired(r, 0), 2);
}

static void
test_duplicate(void **state)
{
	struct plan_rig *r = *state;

	add(r, "duplicate op=2");
	put(r, 3);
	EXPECT(r, 0, 1, 1, 2);
}

static void
test_reorder(void **state)
{
	struct plan_rig *r = *state;

	add(r, "reorder op=2");
	put(r, 4);
	EXPECT(r, 0, 2, 1, 3);
	/* Without a next one it comes after a while. */
	add(r, "reorder");
	put(r, 1);
	while (rig_queue_pop(&r->q) != 4) {
		model_device_run(r->rig.dev);
		wait_ms(1);
	}
}

/* The slot counts as written, and its reader waits for it. */
static void
test_phase(void **state)
{
	struct plan_rig *r = *state;

	add(r, "phase op=2");
	put(r, 3);
	EXPECT(r, 0);
	r->q.head = 2;
	EXPECT(r, 2);
}

static void
test_sq_head_and_num(void **state)
{
	struct plan_rig *r = *state;
	uint64_t hi;

	add(r, "sq_head op=1 value=60000; sq_num op=2 value=9");
	put(r, 3);
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
	struct plan_rig *r = *state;

	add(r, "status op=2 value=0x10");
	put(r, 3);
	EXPECT(r, 0, 1, 2);
	assert_int_equal(rig_status(&r->q.sq[0]), HISI_ZIP_STATUS_OK);
	assert_int_equal(rig_status(&r->q.sq[1]), 0x10);
	assert_int_equal(r->q.sq[1].consumed + r->q.sq[1].produced, 0);
	assert_int_equal(rig_status(&r->q.sq[2]), HISI_ZIP_STATUS_OK);
}

static void
test_stall(void **state)
{
	struct plan_rig *r = *state;

	add(r, "stall op=2");
	put(r, 4);
	EXPECT(r, 0);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), MODEL_MB_NOT_DRAINED);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	/* New contexts, without a reset. */
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, DEPTH), 0);
	put(r, 2);
	EXPECT(r, 0, 1);
	add(r, "stall");
	put(r, 1);
	EXPECT(r, -1);
	expect_revival(r);
}

static void
test_dma(void **state)
{
	struct plan_rig *r = *state;

	rig_write(&r->rig.pf, HISI_ZIP_CORE_INT_MASK, 0);
	add(r, "dma_read op=2");
	put(r, 3);
	assert_int_equal(rig_queue_pop(&r->q), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_ZIP_CORE_INT_STATUS),
		HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	assert_true(atomic_load(&r->rig.dev->is_halted));
	expect_revival(r);
	r->rig.dev->config.dma_fault = MODEL_DMA_FAULT_OP;
	add(r, "dma_write op=2");
	put(r, 3);
	EXPECT(r, 1, 2, 3);
	assert_int_equal(rig_status(&r->q.sq[2]), HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
}

static void
test_doorbell(void **state)
{
	struct plan_rig *r = *state;

	add(r, "doorbell");
	put(r, 2);
	EXPECT(r, -1);
	assert_int_equal(model_stat_get(&r->rig.dev->stats.nb_doorbells_dropped), 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE),
		HISI_BIT32(HISI_QM_ERR_DB_RANDOM_INVALID));
	/* The next one tells of all three. */
	put(r, 1);
	EXPECT(r, 0, 1, 2);
	add(r, "doorbell queue=2");
	rig_queue_push(&r->q, &r->q.sq[0]);
	rig_queue_kick(&r->q, 0);
	model_device_run(r->rig.dev);
	EXPECT(r, -1);
}

static void
test_ras(void **state)
{
	struct plan_rig *r = *state;

	rig_write(&r->rig.pf, HISI_QM_ABNORMAL_INT_MASK, 0);
	add(r, "ras block=qm bit=5");
	carry_out(r);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_STATUS), HISI_BIT32(5));
	assert_int_equal(r->rig.pf.irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	assert_false(atomic_load(&r->rig.dev->is_halted));
	add(r, "ras block=engine bit=2 halt=on op=3");
	put(r, 4);
	assert_int_equal(carry_out(r).hit.kind, MODEL_FAULT_RAS);
	assert_int_equal(rig_read(&r->rig.pf, HISI_ZIP_CORE_INT_SOURCE), HISI_BIT32(2));
	assert_true(atomic_load(&r->rig.dev->is_halted));
	expect_revival(r);
}

static void
test_aeqe(void **state)
{
	struct plan_rig *r = *state;
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
		add(r, rule);
		carry_out(r);
		memcpy(&entry, rig_ptr(pf, ring + type * sizeof(entry)), sizeof(entry));
		assert_int_equal(HISI_FIELD_GET(HISI_QM_AEQE_TYPE, entry), type);
		/* The queue that works is the one that it is about. */
		assert_int_equal(HISI_FIELD_GET(HISI_QM_EQE_QUEUE, entry), 2);
		assert_int_equal(fired(r, type), 1);
	}
}

static void
test_flr(void **state)
{
	struct plan_rig *r = *state;

	add(r, "flr op=2");
	put(r, 1);
	EXPECT(r, 0);
	put(r, 1);
	assert_int_equal(carry_out(r).hit.kind, MODEL_FAULT_FLR);
	assert_int_equal(r->rig.dev->nb_active, 0);
	expect_revival(r);
	add(r, "flr after_ms=10");
	carry_out(r);
	assert_int_equal(r->rig.dev->nb_active, 0);
	expect_revival(r);
}

static void
test_no_reset(void **state)
{
	struct plan_rig *r = *state;

	add(r, "no_reset times=2");
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), -EIO);
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), -EIO);
	put(r, 1);
	EXPECT(r, 0);
	assert_int_equal(model_function_reset_by_client(r->rig.pf.fn), 0);
	assert_int_equal(r->rig.dev->nb_active, 0);
}

static uint32_t
mailbox_word(struct plan_rig *r)
{
	return rig_read(&r->rig.pf, HISI_QM_MAILBOX);
}

static void
write_mailbox(struct plan_rig *r, uint32_t command)
{
	const struct hisi_qm_mailbox mb = { .w0 = HISI_QM_MB_BUSY | command, .queue = 2 };

	model_function_bar_write(r->rig.pf.fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
}

static void
test_mailbox_busy(void **state)
{
	struct plan_rig *r = *state;

	add(r, "mailbox kind=busy ms=30 command=stop_qp");
	put(r, 1);
	write_mailbox(r, HISI_QM_MB_CMD_STOP_QP);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	assert_true(r->rig.dev->nb_active == 1);
	carry_out(r);
	assert_false(mailbox_word(r) & HISI_QM_MB_BUSY);
	assert_int_equal(r->rig.dev->nb_active, 0);
}

static void
test_mailbox_status(void **state)
{
	struct plan_rig *r = *state;

	add(r, "mailbox kind=status value=5 op=2");
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
		HISI_QM_MB_CMD_SQC_VFT, 0, 0, NULL), 0);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 2, 0,
		NULL), 5);
	put(r, 1);
	EXPECT(r, 0); /* it was not stopped */
}

static void
test_mailbox_never(void **state)
{
	struct plan_rig *r = *state;

	add(r, "mailbox kind=never");
	write_mailbox(r, HISI_QM_MB_CMD_STOP_QP);
	wait_ms(20);
	assert_int_equal(model_fault_plan_timeout_ms(r->plan), -1);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	model_fault_plan_clear(r->plan);
	assert_true(mailbox_word(r) & HISI_QM_MB_BUSY);
	expect_revival(r);
}

/* What the emulator itself does comes out as an action. */
static void
test_program_actions(void **state)
{
	struct plan_rig *r = *state;
	struct model_fault_action action;

	add(r, "disconnect function=pf; freeze ms=5; die after_ms=1");
	action = carry_out(r);
	assert_int_equal(action.hit.kind, MODEL_FAULT_DISCONNECT);
	assert_ptr_equal(model_fault_function(r->plan, &action), r->rig.pf.fn);
	assert_false(model_fault_carry_out(r->plan, &action));
	action = carry_out(r);
	assert_int_equal(action.hit.kind, MODEL_FAULT_FREEZE);
	assert_int_equal(action.hit.ms, 5);
	assert_int_equal(carry_out(r).hit.kind, MODEL_FAULT_DIE);
	assert_false(model_fault_plan_take(r->plan, &action));
}

static void
test_selectors(void **state)
{
	struct plan_rig *r = *state;

	add(r, "drop queue=1; drop function=vf0; drop device=0 function=pf queue=2 op=2");
	put(r, 3);
	EXPECT(r, 0, 2);
	assert_int_equal(fired(r, 0) + fired(r, 1), 0);
	assert_int_equal(fired(r, 2), 1);
}

static void
test_times(void **state)
{
	struct plan_rig *r = *state;

	add(r, "drop op=2 times=2");
	put(r, 5);
	EXPECT(r, 0, 3, 4);
	model_fault_plan_clear(r->plan);
	add(r, "drop every=2 times=2");
	put(r, 7);
	EXPECT(r, 5, 7, 9, 10, 11);
	assert_int_equal(atomic_load(&r->plan->armed), 0);
	model_fault_plan_clear(r->plan);
	add(r, "drop times=2");
	put(r, 3);
	EXPECT(r, 14);
}

/** Fates of 4000 SQEs as the plan tells them, folded. */
static uint64_t
fates(struct plan_rig *r, const char *seed)
{
	struct model_fault_hits hits;
	uint64_t sum = 0, i, j;

	model_fault_plan_clear(r->plan);
	add(r, seed);
	add(r, "random p=0.1; drop p=0.01");
	for (i = 0; i < 4000; i++) {
		model_fault_ask_sqe(r->plan, &r->rig.dev->queues[2], &hits);
		for (j = 0; j < hits.count; j++)
			sum = sum * 31 + i + hits.hits[j].kind * 7 + hits.hits[j].value;
	}
	return sum;
}

static void
test_seeds_repeat(void **state)
{
	struct plan_rig *r = *state;
	uint64_t one = fates(r, "seed 1"), two = fates(r, "seed 2");

	assert_true(one != two);
	assert_true(fates(r, "seed 1") == one);
	assert_in_range(fired(r, 0), 300, 500);
	assert_in_range(fired(r, 1), 15, 80);
}

/* Each kind that random may choose does come, with values that make sense. */
static void
test_random_chooses_all(void **state)
{
	struct plan_rig *r = *state;
	struct model_fault_hits hits;
	uint32_t i, kinds = 0;

	add(r, "seed 7; random p=1");
	for (i = 0; i < 1000; i++) {
		model_fault_ask_sqe(r->plan, &r->rig.dev->queues[2], &hits);
		assert_int_equal(hits.count, 1);
		kinds |= HISI_BIT32(hits.hits[0].kind);
		if (hits.hits[0].kind == MODEL_FAULT_STATUS)
			assert_in_range(hits.hits[0].value, 1, UINT8_MAX);
	}
	assert_int_equal(kinds, model_fault_random_kinds());
	model_fault_plan_clear(r->plan);
	add(r, "random p=1 of=drop");
	put(r, 3);
	EXPECT(r, -1);
}

static void
test_seed_is_told(void **state)
{
	struct plan_rig *r = *state;
	bool is_drawn;

	add(r, "drop op=1");
	model_fault_plan_seed(r->plan, &is_drawn);
	assert_false(is_drawn);
	add(r, "drop p=0");
	model_fault_plan_seed(r->plan, &is_drawn);
	assert_true(is_drawn);
	add(r, "seed 5");
	assert_int_equal(model_fault_plan_seed(r->plan, &is_drawn), 5);
	assert_false(is_drawn);
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

/* qm.md 6.12: stop, reset, start, with the VF's word at each step. */
static void
test_pf_reset(void **state)
{
	struct model_device_config config;
	struct rig_queue q;
	struct rig_client vf;
	struct plan_rig r = { 0 };
	uint32_t i;

	(void)state;
	rig_config(&config);
	config.nb_vfs = 2;
	config.vf_queues = 4;
	config.is_pf_self = true;
	assert_int_equal(model_fault_plan_create(&r.plan), 0);
	config.faults = r.plan;
	rig_start(&r.rig, &config);
	model_fault_plan_set_devices(r.plan, &r.rig.dev, 1);
	rig_connect(&r.rig, &vf, 1, 1);
	rig_set_master(&vf, 1);
	assert_int_equal(rig_queue_setup(&vf, &q, 1, 0, DEPTH), 0);
	add(&r, "pf_reset");
	carry_out(&r);
	assert_int_equal(hear_pf(&vf), HISI_QM_IFC_PF_FLR_PREPARE);
	for (i = 0; i < 3; i++)
		carry_out(&r);
	assert_int_equal(r.rig.dev->nb_active, 1);
	model_fault_plan_clear(r.plan);
	answer_pf(&vf, HISI_QM_IFC_VF_PREPARE_DONE);
	carry_out(&r);
	assert_int_equal(r.rig.dev->nb_active, 0);
	assert_int_equal(hear_pf(&vf), HISI_QM_IFC_PF_RESET_DONE);
	/* It has its queues again, and can tell at once. */
	assert_int_equal(rig_queue_setup(&vf, &q, 1, 0, DEPTH), 0);
	answer_pf(&vf, HISI_QM_IFC_VF_START_DONE);
	carry_out(&r);
	assert_int_equal(r.rig.dev->self.phase, MODEL_SELF_IDLE);
	assert_int_equal(model_fault_plan_timeout_ms(r.plan), -1);
	assert_int_equal(r.rig.dev->nb_active, 1);
	rig_disconnect(&vf);
	rig_stop(&r.rig);
	model_fault_plan_destroy(r.plan);
}

static void
expect_refusal(struct plan_rig *r, const char *text, const char *message)
{
	struct model_error error = { "" };
	uint32_t before = r->plan->nb_entries;

	assert_int_equal(model_fault_plan_add(r->plan, text, &error), -EINVAL);
	assert_string_equal(error.text, message);
	assert_int_equal(r->plan->nb_entries, before);
}

/* All rules of a text or none. */
static void
test_refusals(void **state)
{
	struct plan_rig *r = *state;
	uint32_t i;

	expect_refusal(r, "drop; drop device=1",
		"fault rule 'drop device=1': device=1: there are 1, the first is 0");
	expect_refusal(r, "drop; flr function=vf1",
		"fault rule 'flr function=vf1': no device has such a function or queue");
	expect_refusal(r, "pf_reset", "fault rule 'pf_reset': a device of version v3 or later whose "
		"PF the model drives (--pf=self) is needed");
	for (i = 0; i < MODEL_FAULT_MAX_RULES; i++)
		add(r, "drop op=1000000");
	expect_refusal(r, "drop", "fault rule 'drop': there are 64 rules, no more are possible: "
		"clear removes them");
}

static void
keep_line(void *opaque, const char *line)
{
	snprintf(opaque, 200, "%s", line);
}

static void
test_list(void **state)
{
	struct plan_rig *r = *state;
	char line[200] = "";

	add(r, " drop   op=2 # the second");
	put(r, 3);
	model_fault_plan_list(r->plan, keep_line, line);
	assert_string_equal(line, "1: drop op=2: seen 2, fired 1");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_drop), TEST(test_delay), TEST(test_stop_waits_for_delay),
		TEST(test_slow), TEST(test_duplicate), TEST(test_reorder), TEST(test_phase),
		TEST(test_sq_head_and_num), TEST(test_status), TEST(test_stall), TEST(test_dma),
		TEST(test_doorbell), TEST(test_ras), TEST(test_aeqe), TEST(test_flr),
		TEST(test_no_reset), TEST(test_mailbox_busy), TEST(test_mailbox_status),
		TEST(test_mailbox_never), TEST(test_program_actions), TEST(test_selectors),
		TEST(test_times), TEST(test_seeds_repeat), TEST(test_random_chooses_all),
		cmocka_unit_test(test_pf_reset), TEST(test_seed_is_told), TEST(test_refusals), TEST(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
