/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * When rules fire, where, how often; seeds; what a plan refuses and tells.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault_rig.h"

static void
test_selectors(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "drop queue=1; drop function=vf0; drop device=0 function=pf queue=2 op=2");
	fault_rig_put(r, 3);
	EXPECT(r, 0, 2);
	assert_int_equal(fault_rig_fired(r, 0) + fault_rig_fired(r, 1), 0);
	assert_int_equal(fault_rig_fired(r, 2), 1);
}

static void
test_times(void **state)
{
	struct fault_rig *r = *state;

	fault_rig_add(r, "drop op=2 times=2");
	fault_rig_put(r, 5);
	EXPECT(r, 0, 3, 4);
	model_fault_plan_clear(r->plan);
	fault_rig_add(r, "drop every=2 times=2");
	fault_rig_put(r, 7);
	EXPECT(r, 5, 7, 9, 10, 11);
	assert_int_equal(atomic_load(&r->plan->armed), 0);
	model_fault_plan_clear(r->plan);
	fault_rig_add(r, "drop times=2");
	fault_rig_put(r, 3);
	EXPECT(r, 14);
}

/** Fates of 4000 SQEs as the plan tells them, folded. */
static uint64_t
fates(struct fault_rig *r, const char *seed)
{
	struct model_fault_hits hits;
	uint64_t sum = 0, i, j;

	model_fault_plan_clear(r->plan);
	fault_rig_add(r, seed);
	fault_rig_add(r, "random p=0.1; drop p=0.01");
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
	struct fault_rig *r = *state;
	uint64_t one = fates(r, "seed 1"), two = fates(r, "seed 2");

	assert_true(one != two);
	assert_true(fates(r, "seed 1") == one);
	assert_in_range(fault_rig_fired(r, 0), 300, 500);
	assert_in_range(fault_rig_fired(r, 1), 15, 80);
}

/* Each kind that random may choose does come, with values that make sense. */
static void
test_random_chooses_all(void **state)
{
	struct fault_rig *r = *state;
	struct model_fault_hits hits;
	uint32_t i, kinds = 0;

	fault_rig_add(r, "seed 7; random p=1");
	for (i = 0; i < 1000; i++) {
		model_fault_ask_sqe(r->plan, &r->rig.dev->queues[2], &hits);
		assert_int_equal(hits.count, 1);
		kinds |= HISI_BIT32(hits.hits[0].kind);
		if (hits.hits[0].kind == MODEL_FAULT_STATUS)
			assert_in_range(hits.hits[0].value, 1, UINT8_MAX);
	}
	assert_int_equal(kinds, model_fault_random_kinds());
	model_fault_plan_clear(r->plan);
	fault_rig_add(r, "random p=1 of=drop");
	fault_rig_put(r, 3);
	EXPECT(r, -1);
}

static void
test_seed_is_told(void **state)
{
	struct fault_rig *r = *state;
	bool is_drawn;

	fault_rig_add(r, "drop op=1");
	model_fault_plan_seed(r->plan, &is_drawn);
	assert_false(is_drawn);
	fault_rig_add(r, "drop p=0");
	model_fault_plan_seed(r->plan, &is_drawn);
	assert_true(is_drawn);
	fault_rig_add(r, "seed 5");
	assert_int_equal(model_fault_plan_seed(r->plan, &is_drawn), 5);
	assert_false(is_drawn);
}

static void
expect_refusal(struct fault_rig *r, const char *text, const char *message)
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
	struct fault_rig *r = *state;
	uint32_t i;

	expect_refusal(r, "drop; drop device=1",
		"fault rule 'drop device=1': device=1: there are 1, the first is 0");
	expect_refusal(r, "drop; flr function=vf1",
		"fault rule 'flr function=vf1': no device has such a function or queue");
	expect_refusal(r, "pf_reset", "fault rule 'pf_reset': a device of version v3 or later whose "
		"PF the model drives (--pf=self) is needed");
	for (i = 0; i < MODEL_FAULT_MAX_RULES; i++)
		fault_rig_add(r, "drop op=1000000");
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
	struct fault_rig *r = *state;
	char line[200] = "";

	fault_rig_add(r, " drop   op=2 # the second");
	fault_rig_put(r, 3);
	model_fault_plan_list(r->plan, keep_line, line);
	assert_string_equal(line, "1: drop op=2: seen 2, fired 1");
}

/** A round of operations under chaos, queues set up anew and the control thread's part done. */
static void
run_round(struct fault_rig *r, struct rig_queue *queues)
{
	const struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);
	struct model_fault_action action;
	uint32_t i, j;

	for (i = 0; i < 2; i++) {
		assert_int_equal(rig_queue_setup(&r->rig.pf, &queues[i], i, 0, FAULT_RIG_DEPTH), 0);
		for (j = 0; j < 12; j++)
			rig_queue_push(&queues[i], &sqe);
		rig_queue_kick(&queues[i], 1);
	}
	for (i = 0; i < 4; i++) {
		fault_rig_wait_ms(1);
		while (model_fault_plan_take(r->plan, &action))
			(void)model_fault_carry_out(r->plan, &action);
	}
}

/* Workers ask, the control thread changes rules, stops queues and resets: nobody waits for ever. */
static void
test_workers(void **state)
{
	struct model_device_config config;
	struct fault_rig r = { 0 };
	struct rig_queue queues[2];
	struct hisi_zip_sqe sqe;
	uint64_t nb_fired = 0;
	char seed[32];
	uint32_t i;

	(void)state;
	rig_config(&config);
	config.nb_workers = 2;
	assert_int_equal(model_fault_plan_create(&r.plan), 0);
	config.faults = r.plan;
	rig_start(&r.rig, &config);
	model_fault_plan_set_devices(r.plan, &r.rig.dev, 1);
	rig_bring_up(&r.rig.pf, 8);
	r.src = rig_alloc(&r.rig.pf, 4096, 4096);
	r.dst = rig_alloc(&r.rig.pf, 8192, 4096);
	/* On a busy machine the workers may get no CPU for long. */
	for (i = 0; i < 150 || (nb_fired == 0 && i < 15000); i++) {
		model_fault_plan_clear(r.plan);
		/* The same plan anew decides the same: a bad seed would lose all doorbells. */
		snprintf(seed, sizeof(seed), "seed %u", i);
		fault_rig_add(&r, seed);
		fault_rig_add(&r, "random p=0.3 of=drop,delay,duplicate,reorder,phase,stall,slow");
		fault_rig_add(&r, "doorbell p=0.2; ras block=qm bit=4 p=0.01; aeqe type=2 p=0.1");
		run_round(&r, queues);
		nb_fired += fault_rig_fired(&r, 0);
		(void)rig_mailbox(&r.rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, i % 2, 0,
			NULL);
		if (i % 10 != 9)
			continue;
		model_function_reset(r.rig.pf.fn);
		rig_bring_up(&r.rig.pf, 8);
	}
	assert_true(nb_fired > 0);
	model_fault_plan_clear(r.plan);
	assert_int_equal(rig_queue_setup(&r.rig.pf, &r.q, 2, 0, FAULT_RIG_DEPTH), 0);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r.src, 512, r.dst, 4096);
	rig_queue_push(&r.q, &sqe);
	rig_queue_kick(&r.q, 1);
	while (rig_queue_pop(&r.q) != 0)
		fault_rig_wait_ms(1);
	assert_int_equal(rig_status(&r.q.sq[0]), HISI_ZIP_STATUS_OK);
	rig_stop(&r.rig);
	model_fault_plan_destroy(r.plan);
}

static uint64_t
nb_fired_now(struct fault_rig *r)
{
	uint64_t nb_fired;

	pthread_mutex_lock(&r->plan->lock);
	nb_fired = fault_rig_fired(r, 0);
	pthread_mutex_unlock(&r->plan->lock);
	return nb_fired;
}

/* The only worker stands before a slow operation, and the control thread comes in between: what it
 * had not looked at yet is done without another doorbell. Nobody kicks for the slow one here.
 */
static void
test_look_cut_short(void **state)
{
	struct model_device_config config;
	struct model_client client;
	struct fault_rig r = { 0 };
	struct rig_queue queues[2];
	struct hisi_zip_sqe sqe;
	uint64_t nb_fired, end;
	uint32_t round, i;

	(void)state;
	rig_config(&config);
	config.nb_workers = 1;
	assert_int_equal(model_fault_plan_create(&r.plan), 0);
	config.faults = r.plan;
	rig_start(&r.rig, &config);
	/* Doorbells by message only: then a worker that sleeps does so until there is one. */
	client = r.rig.pf.fn->client;
	client.slots = NULL;
	client.nb_slots = 0;
	model_function_attach(r.rig.pf.fn, &client);
	rig_bring_up(&r.rig.pf, 8);
	r.src = rig_alloc(&r.rig.pf, 4096, 4096);
	r.dst = rig_alloc(&r.rig.pf, 8192, 4096);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r.src, 512, r.dst, 4096);
	for (i = 0; i < 2; i++)
		assert_int_equal(rig_queue_setup(&r.rig.pf, &queues[i], i, 0, FAULT_RIG_DEPTH), 0);
	fault_rig_add(&r, "slow us=1900 queue=0 every=1");
	for (round = 0; round < 40; round++) {
		nb_fired = nb_fired_now(&r);
		end = model_now_ns() + 60 * UINT64_C(1000000000);
		for (i = 0; i < 2; i++)
			rig_queue_push(&queues[i], &sqe);
		for (i = 0; i < 2; i++)
			rig_queue_kick(&queues[i], 0);
		while (nb_fired_now(&r) == nb_fired)
			assert_true(model_now_ns() < end);
		model_function_dma_quiesce(r.rig.pf.fn);
		model_function_dma_resume(r.rig.pf.fn);
		for (i = 0; i < 2; i++) {
			while (rig_queue_pop(&queues[i]) < 0)
				assert_true(model_now_ns() < end);
			rig_queue_ack(&queues[i], 0);
		}
	}
	rig_stop(&r.rig);
	model_fault_plan_destroy(r.plan);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fault_rig_setup, fault_rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_selectors),
		TEST(test_times),
		TEST(test_seeds_repeat),
		TEST(test_random_chooses_all),
		TEST(test_seed_is_told),
		TEST(test_refusals),
		TEST(test_list),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_look_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
