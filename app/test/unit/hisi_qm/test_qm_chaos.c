/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Everything that can go wrong, in random order. Whatever comes, each operation comes back exactly
 * once, and with an error only when the device can write its buffers no more; afterwards the
 * queue works or the function says that it is dead.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_QUEUES 2
#define NB_OPS 4000
#define NB_STEPS 600

struct chaos {
	struct rig *rig;
	struct hisi_qm_qp *qps[NB_QUEUES];
	struct rig_op ops[NB_QUEUES][NB_OPS];
	uint32_t sent[NB_QUEUES];
	uint32_t back[NB_QUEUES];
	uint32_t aeqes;
	uint32_t aeq_starts;	/* bring-ups that the AEQ index belongs to */
	uint8_t have[NB_QUEUES][64]; /* SQEs that the device holds */
	uint32_t fetched[NB_QUEUES];
	uint32_t starts[NB_QUEUES];
	uint32_t episode;
};

static struct chaos chaos;
static uint32_t nb_episodes = 150; /* or as many as the command line says */

/* Take what the doorbells hand over; a restarted queue holds nothing. */
static void
device_look(struct chaos *c, uint16_t qn)
{
	struct fake_queue *queue = &c->rig->fake.queues[qn];

	if (!queue->running)
		return;
	if (c->starts[qn] != queue->starts) {
		c->starts[qn] = queue->starts;
		c->fetched[qn] = 0;
		memset(c->have[qn], 0, sizeof(c->have[qn]));
	}
	(void)fake_queue_look(&c->rig->fake, qn);
	for (; c->fetched[qn] != queue->fetched; c->fetched[qn]++)
		c->have[qn][c->fetched[qn] % 64] = 1;
}

/* Lies take room in the CQ too; a device that runs over its own CQ is not what this is about. */
static bool
device_may_post(const struct chaos *c, uint16_t qn)
{
	const struct fake_queue *queue = &c->rig->fake.queues[qn];

	return queue->running && c->rig->fake.alive_result != -ENODEV &&
		queue->posted - queue->acked < 60;
}

/* Complete up to a few, in any order. */
static void
device_complete(struct chaos *c, uint16_t qn)
{
	uint32_t slot, tries;

	device_look(c, qn);
	for (tries = 0; tries < 40; tries++) {
		slot = rand() % 3 != 0 ? c->rig->fake.queues[qn].posted % 64 : rand() % 64u;
		if (!c->have[qn][slot] || !device_may_post(c, qn))
			continue;
		c->have[qn][slot] = 0;
		fake_queue_post(&c->rig->fake, qn, (uint16_t)slot, qn);
	}
}

/* A CQE that says anything. */
static void
device_lie(struct chaos *c, uint16_t qn)
{
	device_look(c, qn);
	if (device_may_post(c, qn))
		fake_queue_post(&c->rig->fake, qn, (uint16_t)(64 + rand() % 900), qn);
}

static void
device_aeqe(struct chaos *c)
{
	uint32_t starts = fake_log_commands(&c->rig->fake, HISI_QM_MB_CMD_AEQC);

	/* A fresh ring after each bring-up. */
	if (starts != c->aeq_starts)
		c->aeqes = 0;
	c->aeq_starts = starts;
	if (c->aeqes < 1000)
		fake_aeqe(&c->rig->fake, c->aeqes++, 1, rand() % 3u, (uint16_t)(rand() % 4));
}

/* How the device takes requests from now on. */
static void
device_mood(struct chaos *c)
{
	struct fake_bus *fake = &c->rig->fake;

	/* Gone is gone. */
	if (fake->alive_result == -ENODEV)
		return;
	switch (rand() % 12) {
	case 0: fake_mailbox_rule(fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1); break;
	case 1: fake_mailbox_rule(fake, HISI_QM_MB_CMD_SQC, FAKE_MB_OTHERS, 2, 0); break;
	case 2: fake->ping_result = -ETIMEDOUT; fake->alive_result = 1; break;
	case 3: fake->reset_result = -EIO; fake->revoke_result = -EIO; break;
	case 4: fake->reset_result = -ETIMEDOUT; break;
	case 5: fake_reg_set(fake, HISI_QM_ABNORMAL_INT_STATUS, 1u << rand() % 15); break;
	case 6: fake->busy_reads = 3; break;
	default:
		/* Mostly it comes to its senses. */
		fake_behave(fake);
		fake->ping_result = 0;
		fake->alive_result = 0;
		fake->reset_result = 0;
		fake->revoke_result = 0;
		break;
	}
	/* Now and then for good. */
	if (rand() % 200 == 0)
		fake_mailbox_rule(fake, HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, 1, 5);
	if (rand() % 400 == 0)
		fake->alive_result = -ENODEV;
}

static uint32_t
failures(const struct chaos *c, uint16_t qn)
{
	uint32_t i, count = 0;

	for (i = 0; i < c->sent[qn]; i++)
		count += c->ops[qn][i].failed;
	return count;
}

/* The rule of the whole: with an error only from a device that cannot write. */
static void
lcore_dequeue(struct chaos *c, uint16_t qn)
{
	struct fake_bus *fake = &c->rig->fake;
	uint32_t before = failures(c, qn);

	c->back[qn] += rig_dequeue(c->qps[qn], 1 + rand() % 40u);
	if (failures(c, qn) == before)
		return;
	if (fake->queues[qn].running && fake->alive_result != -ENODEV && !fake->revoked)
		fail_msg("episode %u: an operation of queue %u came back while the device had it",
			c->episode, qn);
}

static void
lcore_enqueue(struct chaos *c, uint16_t qn)
{
	uint32_t count = RTE_MIN(NB_OPS - c->sent[qn], 1 + rand() % 40u);

	c->sent[qn] += rig_enqueue(c->qps[qn], &c->ops[qn][c->sent[qn]], count);
}

static void
chaos_step(struct chaos *c)
{
	uint16_t qn = (uint16_t)(rand() % NB_QUEUES);

	switch (rand() % 16) {
	case 0: case 1: case 2: case 3: lcore_enqueue(c, qn); break;
	case 4: case 5: case 6: case 7: lcore_dequeue(c, qn); break;
	case 8: case 9: case 10: device_complete(c, qn); break;
	case 11: device_mood(c); break;
	case 12: if (rand() % 4 == 0) device_lie(c, qn); break;
	case 13: if (rand() % 4 == 0) device_aeqe(c); break;
	default: (void)hisi_qm_recover_service(c->rig->dev); break;
	}
}

static void
chaos_start(struct chaos *c, uint32_t episode)
{
	uint16_t qn;

	memset(c, 0, sizeof(*c));
	c->episode = episode;
	srand(episode);
	c->rig = rig_open_by_hand(false);
	c->rig->dev->args.timeout_ms = 3600000;
	for (qn = 0; qn < NB_QUEUES; qn++)
		c->qps[qn] = rig_queue(c->rig, 32);
}

/* The device behaves: all that is out comes back. One that is stuck is told so by an event. */
static void
chaos_settle(struct chaos *c)
{
	struct fake_bus *fake = &c->rig->fake;
	uint32_t round;
	uint16_t qn;

	fake_behave(fake);
	fake->ping_result = 0;
	fake->reset_result = 0;
	fake->revoke_result = 0;
	if (fake->alive_result > 0)
		fake->alive_result = 0;
	for (round = 0; round < 300; round++) {
		(void)hisi_qm_recover_service(c->rig->dev);
		for (qn = 0; qn < NB_QUEUES; qn++) {
			if (round > 100 && hisi_qm_qp_in_flight(c->qps[qn]) != 0)
				c->qps[qn]->failed = 1;
			device_complete(c, qn);
			lcore_dequeue(c, qn);
		}
	}
}

static void
chaos_end(struct chaos *c)
{
	bool dead = c->rig->dev->state == HISI_QM_DEV_DEAD;
	uint16_t qn;
	uint32_t i;

	for (qn = 0; qn < NB_QUEUES; qn++) {
		for (i = 0; i < c->sent[qn]; i++)
			if (c->ops[qn][i].returned != 1)
				fail_msg("episode %u: operation %u of queue %u came back %u times",
					c->episode, i, qn, c->ops[qn][i].returned);
		assert_int_equal(c->back[qn], c->sent[qn]);
		assert_int_equal(c->qps[qn]->state, dead ? HISI_QM_QP_DEAD : HISI_QM_QP_RUNNING);
		assert_int_equal(hisi_qm_qp_destroy(c->qps[qn], false), 0);
	}
	rig_close(c->rig);
}

static void
test_chaos(void **state)
{
	uint32_t episode, step, dead = 0, returned = 0;
	uint16_t qn;

	(void)state;
	for (episode = 1; episode <= nb_episodes; episode++) {
		chaos_start(&chaos, episode);
		for (step = 0; step < NB_STEPS; step++)
			chaos_step(&chaos);
		chaos_settle(&chaos);
		dead += chaos.rig->dev->state == HISI_QM_DEV_DEAD;
		for (qn = 0; qn < NB_QUEUES; qn++)
			returned += failures(&chaos, qn);
		chaos_end(&chaos);
	}
	/* Both ends were seen, and recoveries too. */
	assert_in_range(dead, 1, nb_episodes - 1);
	assert_true(returned > nb_episodes);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chaos),
	};
	int ret = test_eal_start("test_qm_chaos");

	if (argc > 1)
		nb_episodes = (uint32_t)strtoul(argv[1], NULL, 0);
	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_chaos", tests, NULL, NULL));
}
