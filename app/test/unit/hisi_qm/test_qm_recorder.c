/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The flight recorder: what it holds after bursts, laps, restarts, and completions that are out of
 * order or lies; and the latencies, in which every operation counts once.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_memory.h>

#include <hisi_qm_capture.h>
#include <hisi_qm_dump.h>
#include <rte_pmd_hisi_accel.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 4000

static const struct hisi_record_layout layout = {
	.pieces = { { 16, 4 }, { 24, 8 } },
	.entry_len = 16,
	.result = 0,
};

static struct hisi_qm_engine engine;
static struct rig_op ops[NB_OPS];

static int
setup_with(void **state, uint32_t entries)
{
	struct rig *rig = rig_new(false);
	uint32_t i;

	engine = rig_engine;
	engine.record = &layout;
	rig->engine = &engine;
	rig->args.recorder = entries;
	assert_int_equal(rig_start(rig), 0);
	hisi_qm_monitor_remove(rig->dev);
	rig->by_hand = true;
	memset(ops, 0, sizeof(ops));
	for (i = 0; i < NB_OPS; i++)
		ops[i].id = i;
	*state = rig;
	return 0;
}

static int
setup(void **state)
{
	return setup_with(state, 1);
}

static int
setup_off(void **state)
{
	return setup_with(state, 0);
}

/* As rig_enqueue(), and as a class does it: a record for each descriptor. */
static uint32_t
enqueue(struct hisi_qm_qp *qp, struct rig_op *first, uint32_t count)
{
	uint32_t tail, i, room;
	uint8_t *record;

	hisi_qm_qp_enqueue_begin(qp);
	room = hisi_qm_qp_free_slots(qp, &tail);
	for (i = 0; i < count && i < room; i++) {
		uint32_t *sqe = hisi_qm_qp_sqe(qp, tail + i, 128);

		sqe[4] = first[i].id;
		sqe[6] = ~first[i].id;
		qp->inflight[(tail + i) & qp->mask] =
			(struct hisi_qm_inflight){ &first[i], 512, 0 };
		record = hisi_qm_qp_sqe_records(qp, tail + i, layout.entry_len);
		if (record != NULL)
			hisi_record_pack(&layout, sqe, record);
	}
	if (i != 0)
		hisi_qm_qp_submit(qp, tail + i);
	hisi_qm_qp_enqueue_end(qp);
	return i;
}

/* In ring order, as a class does it. */
static uint32_t
dequeue(struct hisi_qm_qp *qp, uint32_t most)
{
	struct hisi_qm_lens lens = { .all = UINT32_MAX };
	uint32_t first = qp->head, count = 0, slot;
	struct hisi_record_cqe *record;
	uint64_t high;

	while (count < most && hisi_qm_qp_peek(qp, qp->head, &high)) {
		slot = qp->head & qp->mask;
		record = hisi_qm_qp_cqe_records(qp, qp->head);
		if (record != NULL)
			hisi_qm_record_cqe(record, &qp->cq[slot], hisi_qm_qp_sqe(qp, slot, 128));
		hisi_qm_lens_add(&lens, qp->inflight[slot].src_len);
		((struct rig_op *)qp->inflight[slot].op)->returned++;
		qp->head++;
		count++;
	}
	if (count != 0)
		hisi_qm_qp_taken(qp, first, count, &lens);
	qp->retired = qp->head;
	hisi_qm_qp_acknowledge(qp);
	return count;
}

static uint64_t
timed(const struct hisi_qm_qp *qp, uint32_t size)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < HISI_QM_LATENCY_BUCKETS; i++)
		sum += qp->recorder->latency->count[size][i];
	return sum;
}

static const struct hisi_record_burst *
last(const struct hisi_record_burst *ring, const struct hisi_qm_qp *qp, uint32_t published)
{
	return &ring[(published - 1) & qp->recorder->mask];
}

/* Are the last entries those of the last operations? */
static void
check_entries(const struct hisi_qm_qp *qp, uint32_t sent)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	uint32_t i, keep = recorder->mask + 1 - (qp->mask + 1), id;

	for (i = sent > keep ? sent - keep : 0; i < sent; i++) {
		uint8_t sqe[128];

		memcpy(sqe, rig_sqe_template, sizeof(sqe));
		hisi_record_unpack(&layout, recorder->sqes + (size_t)16 *
			((recorder->base + i) & recorder->mask), sqe);
		memcpy(&id, sqe + 16, sizeof(id));
		assert_int_equal(id, i);
		memcpy(&id, sqe + 24, sizeof(id));
		assert_int_equal(id, ~i);
		assert_int_equal(sqe[0], rig_sqe_template[0]);
	}
}

static void
test_bursts(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	const struct hisi_record_burst *burst;
	uint32_t sent = 0, back = 0, bursts = 0, n;

	srand(5);
	/* At least two laps of the ring. */
	assert_int_equal(qp->recorder->mask + 1, 128);
	while (back < NB_OPS) {
		n = enqueue(qp, ops + sent, RTE_MIN(NB_OPS - sent, 1u + rand() % 40));
		if (n != 0) {
			burst = last(qp->recorder->submitted, qp, qp->submitted);
			assert_int_equal(qp->submitted, ++bursts);
			assert_int_equal(burst->number, bursts - 1);
			assert_int_equal(burst->kind, HISI_RECORD_SUBMIT);
			assert_int_equal(burst->first, sent);
			assert_int_equal(burst->count, n);
			assert_int_equal(burst->word, *qp->sq_db);
		}
		sent += n;
		check_entries(qp, sent);
		for (n = fake_queue_look(&rig->fake, 0); n != 0; n--)
			fake_queue_complete(&rig->fake, 0, rig->fake.queues[0].posted);
		back += dequeue(qp, 1 + rand() % 40);
		assert_int_equal(timed(qp, 1), back);
	}
	rig_check_ops(ops, NB_OPS, 0);
	assert_int_equal(qp->timed, qp->submitted);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* What a completion and its doorbell leave behind. */
static void
test_completions(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	const struct hisi_record_burst *burst;
	uint32_t i;

	assert_int_equal(enqueue(qp, ops, 40), 40);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 40);
	for (i = 0; i < 40; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(dequeue(qp, 40), 40);
	assert_int_equal(qp->completed, 2);
	burst = qp->recorder->completed;
	assert_int_equal(burst[0].kind, HISI_RECORD_COMPLETE);
	assert_int_equal(burst[0].count, 40);
	assert_true(burst[0].tsc >= qp->recorder->submitted[0].tsc);
	assert_int_equal(burst[1].kind, HISI_RECORD_ACKNOWLEDGE);
	assert_int_equal(burst[1].word, *qp->cq_db);
	assert_int_equal(burst[1].first, 40);
	for (i = 0; i < 40; i++)
		assert_memory_equal(qp->recorder->cqes[i].cqe, &qp->cq[i], 16);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Sizes of several classes, chained ones among them, in one run. */
static void
test_sizes(void **state)
{
	static const struct { uint32_t len, size; } sizes[] = {
		{ 1, 0 }, { 511, 0 }, { 512, 1 }, { 1023, 1 }, { 4096, 4 }, { 65535, 7 },
		{ 65536, 8 }, { UINT32_MAX, 8 }, { 0, HISI_QM_LATENCY_CHAINED },
	};
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint64_t want[HISI_QM_LATENCY_CLASSES] = { 0 };
	uint32_t i;

	assert_int_equal(enqueue(qp, ops, RTE_DIM(sizes)), RTE_DIM(sizes));
	assert_int_equal(fake_queue_look(&rig->fake, 0), RTE_DIM(sizes));
	for (i = 0; i < RTE_DIM(sizes); i++) {
		assert_int_equal(hisi_qm_latency_class(sizes[i].len), sizes[i].size);
		want[sizes[i].size]++;
		qp->inflight[i].src_len = sizes[i].len;
		fake_queue_complete(&rig->fake, 0, i);
	}
	assert_int_equal(dequeue(qp, 32), RTE_DIM(sizes));
	for (i = 0; i < HISI_QM_LATENCY_CLASSES; i++)
		assert_int_equal(timed(qp, i), want[i]);
	assert_int_equal(qp->timed, qp->submitted);
	assert_int_equal(hisi_qm_latency_bucket(0), 0);
	assert_int_equal(hisi_qm_latency_bucket(1023), 9);
	assert_int_equal(hisi_qm_latency_bucket(UINT64_MAX), HISI_QM_LATENCY_BUCKETS - 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_unordered(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	assert_int_equal(enqueue(qp, ops, 2), 2);
	assert_int_equal(enqueue(qp, ops + 2, 2), 2);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 4);
	fake_queue_complete(&rig->fake, 0, 3);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, 4), 2);
	assert_int_equal(qp->recorder->completed[0].kind, HISI_RECORD_UNORDERED);
	assert_int_equal(qp->recorder->completed[0].word, 3);
	assert_int_equal(qp->recorder->completed[1].word, 0);
	assert_int_equal(qp->recorder->completed[1].first, 1);
	assert_int_equal(timed(qp, 1), 2);
	fake_queue_complete(&rig->fake, 0, 1);
	fake_queue_complete(&rig->fake, 0, 2);
	assert_int_equal(rig_dequeue(qp, 4), 2);
	assert_int_equal(timed(qp, 1), 4);
	/* In order again: the bursts before are done with. */
	assert_int_equal(enqueue(qp, ops + 4, 3), 3);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 3);
	fake_queue_complete(&rig->fake, 0, 4);
	assert_int_equal(dequeue(qp, 4), 1);
	assert_int_equal(timed(qp, 1), 5);
	assert_int_equal(qp->timed, 2);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

/* A restart keeps what was before it; indices go on behind. */
static void
test_restart(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	assert_int_equal(enqueue(qp, ops, 10), 10);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 10);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(dequeue(qp, 10), 1);
	qp->failed = HISI_QM_QP_FAILED_BY_HAND;
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, 32), 9);
	assert_int_equal(qp->completed, 1 + 9);
	for (i = 1; i < 10; i++) {
		assert_int_equal(qp->recorder->completed[i].kind, HISI_RECORD_RETURNED);
		assert_int_equal(qp->recorder->completed[i].first, i);
	}
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(qp->recorder->base, 64);
	assert_int_equal(enqueue(qp, ops + 10, 5), 5);
	assert_int_equal(qp->recorder->submitted[1].first, 64);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 5);
	for (i = 0; i < 5; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(dequeue(qp, 32), 5);
	assert_int_equal(timed(qp, 1), 6);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_lie(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	const struct hisi_record_burst *burst = qp->recorder->completed;

	assert_int_equal(enqueue(qp, ops, 2), 2);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 2);
	/* Of an operation that was never handed over. */
	fake_queue_complete(&rig->fake, 0, 9);
	assert_int_equal(rig_dequeue(qp, 4), 0);
	assert_int_equal(qp->completed, 1);
	assert_int_equal(burst->kind, HISI_RECORD_REFUSED);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, burst->word), 9);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

/* A reader beside the writers: all of it, or as many lost as it did not get to see. */
static void
test_reader(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	const struct hisi_record_burst *burst;
	uint8_t sqe[HISI_RECORD_MAX_SQE];
	struct hisi_qm_reader reader;
	struct hisi_record_cqe cqe;
	uint32_t sent = 0, seen = 0, id, i;

	hisi_qm_reader_begin(&reader, qp);
	assert_null(hisi_qm_reader_peek(&reader));
	for (i = 0; i < 50; i++) {
		assert_int_equal(enqueue(qp, ops + sent, 3), 3);
		sent += 3;
		assert_int_equal(fake_queue_look(&rig->fake, 0), 3);
		while (fake_queue_look(&rig->fake, 0) != 0)
			fake_queue_complete(&rig->fake, 0, rig->fake.queues[0].posted);
		assert_int_equal(dequeue(qp, 3), 3);
		if (i >= 20)
			continue;
		burst = hisi_qm_reader_peek(&reader);
		assert_non_null(burst);
		assert_int_equal(burst->kind, HISI_RECORD_SUBMIT);
		assert_int_equal(burst->first, seen);
		assert_true(hisi_qm_reader_sqe(&reader, seen + 2, sqe));
		memcpy(&id, sqe + 16, sizeof(id));
		assert_int_equal(id, seen + 2);
		hisi_qm_reader_take(&reader);
		burst = hisi_qm_reader_peek(&reader);
		assert_int_equal(burst->kind, HISI_RECORD_COMPLETE);
		assert_true(hisi_qm_reader_cqe(&reader, seen, &cqe));
		hisi_qm_reader_take(&reader);
		seen += 3;
		if ((burst = hisi_qm_reader_peek(&reader)) != NULL) {
			assert_int_equal(burst->kind, HISI_RECORD_ACKNOWLEDGE);
			hisi_qm_reader_take(&reader);
		}
	}
	assert_int_equal(reader.lost, 0);
	/* Entries of the bursts that it did not take: the oldest are gone, the last are not. */
	assert_false(hisi_qm_reader_sqe(&reader, sent - 128, sqe));
	assert_true(hisi_qm_reader_sqe(&reader, sent - 64, sqe));
	assert_false(hisi_qm_reader_cqe(&reader, sent - 128, &cqe));
	for (i = 0; i < 200; i++) {
		assert_int_equal(enqueue(qp, ops + i, 1), 1);
		assert_int_equal(fake_queue_look(&rig->fake, 0), 1);
		fake_queue_complete(&rig->fake, 0, rig->fake.queues[0].posted);
		assert_int_equal(dequeue(qp, 1), 1);
	}
	for (seen = 0; hisi_qm_reader_peek(&reader) != NULL; seen++)
		hisi_qm_reader_take(&reader);
	assert_true(reader.lost > 0);
	assert_int_equal(reader.lost + seen, 30 + 200 + qp->completed - 20 - 1 -
		(reader.completed.next - qp->completed));
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A queue that went, and another one in its memory: what it numbers is not what the first did. */
static void
test_reader_of_another(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32), *next;
	struct hisi_qm_reader reader;

	hisi_qm_reader_begin(&reader, qp);
	assert_true(hisi_qm_reader_is_of(&reader, qp));
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	next = rig_queue(rig, 32);
	/* Where EAL's heap gave the memory elsewhere it could not be mistaken for it anyway. */
	assert_false(hisi_qm_reader_is_of(&reader, next));
	assert_int_equal(hisi_qm_qp_destroy(next, false), 0);
}

/* A device that the control thread serves, with @p queues hardware queues. */
static struct rig *
open_served(uint32_t queues)
{
	struct rig *rig = rig_new(false);

	engine = rig_engine;
	engine.record = &layout;
	rig->engine = &engine;
	rig->args.recorder = 1;
	rig->args.queues = queues;
	assert_int_equal(rig_start(rig), 0);
	return rig;
}

/* The device that is captured goes and comes again with fewer queues: those of before are gone. */
static void
test_capture_of_fewer_queues(void **state)
{
	char dir[] = "/tmp/hisi_capture_XXXXXX", path[64];
	struct rte_pmd_hisi_accel_capture counts;
	struct hisi_qm_qp *qps[3];
	struct rig *rig;
	int ret, i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/pcap", dir);
	rig = open_served(0);
	for (i = 0; i < 3; i++)
		qps[i] = rig_queue(rig, 32);
	ret = rte_pmd_hisi_accel_capture_start("rig0", -1, path);
	for (i = 0; i < 3; i++)
		assert_int_equal(hisi_qm_qp_destroy(qps[i], false), 0);
	rig_close(rig);
	if (ret == 0) {
		rig = open_served(2);
		assert_int_equal(rig->dev->nb_qps, 2);
		/* With a last look. */
		assert_int_equal(rte_pmd_hisi_accel_capture_stop(&counts), 0);
		assert_int_equal(unlink(path), 0);
		rig_close(rig);
	}
	assert_int_equal(rmdir(dir), 0);
	if (ret == -ENOTSUP)
		skip();
	assert_int_equal(ret, 0);
}

/* A queue that its class is done with, and with it what its slots were filled with. */
static void
test_dump_without_orphans(void **state)
{
	char dir[] = "/tmp/hisi_dump_XXXXXX", path[64];
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/dump", dir);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), -EBUSY);
	qp->sqe_template = NULL;
	assert_int_equal(hisi_qm_dump_to(rig->dev, "the test says so", path, NULL, 0), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* recorder=0: bursts and latencies, no entries. */
static void
test_off(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	assert_null(qp->recorder->sqes);
	assert_null(qp->recorder->cqes);
	assert_int_equal(enqueue(qp, ops, 2), 2);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 2);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(dequeue(qp, 4), 1);
	assert_int_equal(timed(qp, 1), 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

#define WITH(set_up, test) cmocka_unit_test_setup_teardown(test, set_up, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(setup, test_bursts),
		WITH(setup, test_completions),
		WITH(setup, test_sizes),
		WITH(setup, test_unordered),
		WITH(setup, test_restart),
		WITH(setup, test_lie),
		WITH(setup, test_reader),
		WITH(setup, test_reader_of_another),
		WITH(setup, test_dump_without_orphans),
		cmocka_unit_test(test_capture_of_fewer_queues),
		WITH(setup_off, test_off),
	};

	int ret = test_eal_start("test_qm_recorder");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_recorder", tests, NULL, NULL));
}
