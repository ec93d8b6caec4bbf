/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A client that writes anything anywhere. The model answers, survives, keeps to the client's
 * memory, and works again after a reset. Deterministic; HOSTILE_SEED and HOSTILE_ROUNDS change it.
 */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hisi_qm_shadow.h>

#include "model_rig.h"

#define DEFAULT_ROUNDS 3000
#define DEPTH 16
#define BUF_LEN 65536
#define GUARD_LEN 4096
#define PATIENCE_S 60

struct hostile_rig {
	struct rig rig;
	struct rig_queue q[2];
	uint64_t x; /**< state of the generator */
	uint64_t buf;
	uint32_t rounds;
};

static uint32_t
next(struct hostile_rig *r)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 7;
	r->x ^= r->x << 17;
	return r->x >> 32;
}

static uint32_t
from_env(const char *name, uint32_t value)
{
	const char *text = getenv(name);

	return text == NULL ? value : strtoul(text, NULL, 10);
}

static void
bring_up(struct hostile_rig *r)
{
	uint32_t i;

	r->rig.pf.used = 0;
	rig_bring_up(&r->rig.pf, 16);
	for (i = 0; i < 2; i++)
		assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q[i], i, i, DEPTH), 0);
	r->buf = rig_alloc(&r->rig.pf, BUF_LEN, 4096);
}

static int
setup_mode(void **state, enum model_dma_fault mode)
{
	struct hostile_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;

	rig_config(&config);
	config.dma_fault = mode;
	config.nb_vfs = 2;
	rig_start(&r->rig, &config);
	r->x = 88172645463325252ull + from_env("HOSTILE_SEED", 0);
	r->rounds = from_env("HOSTILE_ROUNDS", DEFAULT_ROUNDS);
	bring_up(r);
	*state = r;
	return 0;
}

static int
setup(void **state)
{
	return setup_mode(state, MODEL_DMA_FAULT_DEVICE);
}

static int
setup_op(void **state)
{
	return setup_mode(state, MODEL_DMA_FAULT_OP);
}

static int
teardown(void **state)
{
	struct hostile_rig *r = *state;

	rig_stop(&r->rig);
	free(r);
	return 0;
}

/** The device, whatever was done to it, works after a reset. */
static void
expect_life(struct hostile_rig *r)
{
	struct hisi_zip_sqe sqe;

	model_function_reset(r->rig.pf.fn);
	bring_up(r);
	memset(rig_ptr(&r->rig.pf, r->buf), 'a', 1000);
	sqe = rig_sqe(HISI_ZIP_REQ_GZIP, r->buf, 1000, r->buf + 4096, 4096);
	sqe = rig_queue_do(&r->rig, &r->q[0], &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}

/** An SQE of noise, or a good one with some words of noise. */
static struct hisi_zip_sqe
make_sqe(struct hostile_rig *r)
{
	uint32_t request = 1 + next(r) % 3, words[HISI_ZIP_SQE_LEN / 4], i, n;
	struct hisi_zip_sqe sqe = rig_sqe(request, r->buf + next(r) % 1000, 1 + next(r) % 3000,
		r->buf + 8192, next(r) % 8192);

	memcpy(words, &sqe, sizeof(words));
	n = next(r) % 8 == 0 ? 32 : next(r) % 4;
	for (i = 0; i < n; i++)
		words[n == 32 ? i : next(r) % 32] = next(r) >> next(r) % 32;
	memcpy(&sqe, words, sizeof(sqe));
	/* A client may well overwrite its own rings; then there is nothing to be checked here. */
	if (sqe.dest_addr_hi == (uint32_t)(r->buf >> 32))
		sqe.dest_addr_lo = (uint32_t)r->buf + 8192;
	return sqe;
}

static void
random_sqes(struct hostile_rig *r)
{
	uint8_t *guard = rig_ptr(&r->rig.pf, rig_alloc(&r->rig.pf, GUARD_LEN, 4096));
	struct hisi_zip_sqe sqe, *slot;
	struct rig_queue *q;
	uint32_t i, n;

	for (i = 0; i < r->rounds; i++) {
		for (n = 0; n < 2000; n++)
			((uint8_t *)rig_ptr(&r->rig.pf, r->buf))[n] = next(r) >> 16;
		q = &r->q[next(r) % 2];
		slot = &q->sq[q->tail];
		sqe = make_sqe(r);
		rig_queue_push(q, &sqe);
		rig_queue_kick(q, next(r) % 2);
		if (model_device_run(r->rig.dev) == 0) {
			/* Refused an address: only in the mode where that is fatal. */
			assert_int_equal(r->rig.dev->config.dma_fault, MODEL_DMA_FAULT_DEVICE);
			assert_true(atomic_load(&r->rig.dev->is_halted));
			expect_life(r);
			guard = rig_ptr(&r->rig.pf, rig_alloc(&r->rig.pf, GUARD_LEN, 4096));
			continue;
		}
		assert_true(rig_queue_pop(q) >= 0);
		rig_queue_ack(q, next(r) % 2);
		assert_true(slot->produced <= sqe.dest_avail_out);
		assert_true(slot->consumed <= sqe.input_data_length);
		assert_memory_equal(&slot->input_data_length, &sqe.input_data_length, 11 * 4);
		for (n = 0; n < GUARD_LEN; n++)
			assert_true(guard[n] == 0);
	}
	expect_life(r);
}

static void
test_sqes(void **state)
{
	random_sqes(*state);
}

static void
test_slots_and_doorbells(void **state)
{
	struct hostile_rig *r = *state;
	uint64_t word;
	uint32_t i;

	for (i = 0; i < r->rounds * 10; i++) {
		word = (uint64_t)next(r) << 32 | next(r);
		if (next(r) % 2) /* nearly right */
			word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(next(r) % 2, next(r) % 3,
				RIG_TAG), next(r) % (DEPTH + 2), next(r) % 2);
		if (next(r) % 2)
			memcpy(r->rig.pf.slots + next(r) % 16 * HISI_QM_SHADOW_STRIDE +
				next(r) % 2 * HISI_QM_SHADOW_CQ, &word, sizeof(word));
		else
			model_function_bar_write(r->rig.pf.fn, next(r) % 2 ?
				HISI_QM_DOORBELL_SQ_CQ : HISI_QM_DOORBELL_EQ_AEQ, &word,
				sizeof(word));
		model_device_run(r->rig.dev);
		if (atomic_load(&r->rig.dev->is_halted))
			expect_life(r);
	}
	expect_life(r);
}

static void
test_registers(void **state)
{
	static const uint32_t blocks[] = { 0, 0x300, 0x1000, 0x2000, 0x3100, 0x100000, 0x104000,
		0x300000, 0x301000 };
	static const uint32_t lens[] = { 1, 2, 3, 4, 4, 4, 8, 8, 16, 64 };
	struct hostile_rig *r = *state;
	uint32_t i, len, offset, n;
	uint8_t buf[64];

	for (i = 0; i < r->rounds * 10; i++) {
		for (n = 0; n < sizeof(buf); n++)
			buf[n] = next(r) % 4 ? 0 : next(r);
		len = lens[next(r) % 10];
		offset = blocks[next(r) % 9] + next(r) % 0x300;
		offset = next(r) % 4 ? offset & ~3u : offset;
		if (next(r) % 8 == 0)
			offset = next(r) % (r->rig.pf.fn->bar_len - 64);
		model_function_before_message(r->rig.pf.fn);
		if (next(r) % 2)
			model_function_bar_write(r->rig.pf.fn, offset, buf, len);
		else
			model_function_bar_read(r->rig.pf.fn, offset, buf, len);
		model_device_run(r->rig.dev);
	}
	expect_life(r);
}

/** Commands with contexts of noise. */
static void
test_mailbox(void **state)
{
	struct hostile_rig *r = *state;
	struct hisi_qm_mailbox mb;
	uint32_t i, n, words[8];
	uint64_t at;

	for (i = 0; i < r->rounds * 5; i++) {
		at = r->buf + next(r) % 4 * 32 + (next(r) % 16 ? 0 : next(r) % 32);
		for (n = 0; n < 8; n++)
			words[n] = next(r) % 2 ? 0 : next(r) >> next(r) % 32;
		if (next(r) % 2) /* a plausible ring inside the memory */
			memcpy(words, &(struct hisi_qm_sqc){ .base_lo = (uint32_t)r->buf + 8192,
				.base_hi = (uint32_t)(r->buf >> 32), .cq_num = next(r) % 4,
				.dw3 = 0x7000 | next(r) % 64, .tag = RIG_TAG }, sizeof(words));
		memcpy(rig_ptr(&r->rig.pf, at & ~31ull), words, sizeof(words));
		mb = (struct hisi_qm_mailbox){ .w0 = HISI_QM_MB_BUSY | next(r) % 16 |
			(next(r) % 4 ? 0 : HISI_QM_MB_OP_GET), .queue = next(r) % 20,
			.base_lo = (uint32_t)at, .base_hi = (uint32_t)(at >> 32) };
		model_function_bar_write(r->rig.pf.fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
		rig_ring(&r->rig.pf, next(r) % 2, next(r) % 4, RIG_TAG, next(r) % 4, next(r) % 2);
		model_device_run(r->rig.dev);
		if (next(r) % 64 == 0)
			expect_life(r);
	}
	expect_life(r);
}

static void
test_config_space(void **state)
{
	struct hostile_rig *r = *state;
	uint32_t i, offset, len, n;
	uint8_t buf[64];

	for (i = 0; i < r->rounds; i++) {
		for (n = 0; n < sizeof(buf); n++)
			buf[n] = next(r);
		len = 1 + next(r) % 64;
		offset = next(r) % (next(r) % 2 ? 0x100 : MODEL_CONFIG_LEN);
		if (offset + len > MODEL_CONFIG_LEN)
			len = MODEL_CONFIG_LEN - offset;
		if (next(r) % 2)
			model_config_space_write(r->rig.pf.fn, offset, buf, len);
		else
			model_config_space_read(r->rig.pf.fn, offset, buf, len);
		model_device_run(r->rig.dev);
	}
	expect_life(r);
	assert_int_equal(rig_config_read(&r->rig.pf, 0, 4), 0xa25019e5);
}

struct scribbler {
	struct hostile_rig *r;
	_Atomic bool is_stopping;
};

/** Changes rings, slots and data while the device works on them. */
static void *
scribble(void *arg)
{
	struct scribbler *s = arg;
	struct hostile_rig own = *s->r;
	struct rig_client *pf = &s->r->rig.pf;
	struct hisi_zip_sqe sqe;
	uint64_t word;

	while (!atomic_load(&s->is_stopping)) {
		((volatile uint8_t *)rig_ptr(pf, own.buf))[next(&own) % BUF_LEN] = next(&own);
		if (next(&own) % 64 != 0)
			continue;
		sqe = make_sqe(&own);
		sqe.dest_avail_out = 1 + next(&own) % 8192;
		own.q[next(&own) % 2].sq[next(&own) % DEPTH] = sqe;
		word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(next(&own) % 2, next(&own) % 2,
			RIG_TAG), next(&own) % DEPTH, 0);
		memcpy(pf->slots + next(&own) % 2 * HISI_QM_SHADOW_STRIDE +
			HISI_FIELD_GET(HISI_QM_DB_COMMAND, word) * HISI_QM_SHADOW_CQ, &word,
			sizeof(word));
	}
	return NULL;
}

static void
test_memory_changes_meanwhile(void **state)
{
	struct hostile_rig *r = *state;
	struct scribbler s = { .r = r };
	time_t end = time(NULL) + PATIENCE_S;
	uint64_t done = 0;
	pthread_t thread;

#ifdef __SANITIZE_THREAD__
	print_message("races on the client's memory are what this is about\n");
	skip();
#endif
	assert_int_equal(pthread_create(&thread, NULL, scribble, &s), 0);
	while (done < r->rounds && time(NULL) < end) {
		model_function_before_message(r->rig.pf.fn);
		done += model_device_run(r->rig.dev);
	}
	atomic_store(&s.is_stopping, true);
	pthread_join(thread, NULL);
	assert_true(done >= r->rounds);
	expect_life(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sqes),
		{ "test_sqes_with_dma_fault_op", test_sqes, setup_op, teardown, NULL },
		TEST(test_slots_and_doorbells),
		TEST(test_registers),
		TEST(test_mailbox),
		{ "test_mailbox_with_dma_fault_op", test_mailbox, setup_op, teardown, NULL },
		TEST(test_config_space),
		{ "test_memory_changes_meanwhile", test_memory_changes_meanwhile, setup_op,
			teardown, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
