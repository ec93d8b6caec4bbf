/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* The server of a vdev is gone, and comes again, or another one does, or none. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 8
/* Looks of the control thread from one attempt to the next, more than enough. */
#define LOOKS 12

static struct rig_op ops[NB_OPS];

/* Operations in flight, the connection lost, and nobody at the socket. */
static struct hisi_qm_qp *
lose(struct rig *rig)
{
	struct hisi_qm_qp *qp;

	memset(ops, 0, sizeof(ops));
	rig->dev->args.reconnect = 10;
	qp = rig_queue_with(rig, ops, NB_OPS);
	test_log_forget();
	fake_log_forget(&rig->fake);
	rig->fake.reconnect_calls = 0;
	rig->fake.reconnect_result = -ECONNREFUSED;
	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	return qp;
}

static void
look(struct rig *rig)
{
	int i;

	for (i = 0; i < LOOKS; i++)
		rig_service(rig);
}

static void
check_dead(struct rig *rig, struct hisi_qm_qp *qp, const char *why)
{
	struct rig_op late = { 0 };

	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(test_log_count(why), 1);
	rig_dequeue(qp, NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(qp->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_enqueue(qp, &late, 1), 0);
	assert_int_equal(rig->dev->stats.reconnects, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Operations are back at once; the queue has contexts, a tag and operations of its own again. */
static void
test_comes_again(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);
	struct rig_op late = { 0 };
	uint16_t tag = qp->tag;

	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	assert_int_equal(rig_enqueue(qp, &late, 1), 0);
	assert_in_range(rig->fake.reconnect_calls, 2, LOOKS / 2);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 0);
	rig->fake.reconnect_result = 0;
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 1);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_not_equal(qp->tag, tag);
	assert_int_equal(rig->dev->stats.losses, 1);
	assert_int_equal(rig->dev->stats.reconnects, 1);
	assert_int_equal(test_log_count("the connection is lost with 8 operations"), 1);
	assert_int_equal(test_log_count("connected again"), 1);
	assert_int_equal(rig_enqueue(qp, &late, 1), 1);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, 1), 1);
	rig_check_ops(&late, 1, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_nobody_comes(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);

	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	rig->dev->lost_tsc -= 10 * rte_get_timer_hz();
	look(rig);
	check_dead(rig, qp, "the device is gone: no new connection");
	assert_int_equal(test_log_count("remove the device and add it again"), 1);
	rig->fake.reconnect_calls = 0;
	look(rig);
	assert_int_equal(rig->fake.reconnect_calls, 0);
}

static void
test_not_wanted(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;

	memset(ops, 0, sizeof(ops));
	rig->dev->args.reconnect = 0;
	qp = rig_queue_with(rig, ops, NB_OPS);
	test_log_forget();
	rig->fake.reconnect_calls = 0;
	rig->fake.alive_result = -ENODEV;
	look(rig);
	check_dead(rig, qp, "the device is gone; 8 operations");
	assert_int_equal(rig->fake.reconnect_calls, 0);
	assert_int_equal(rig->dev->stats.losses, 0);
}

/* A server that is not the one that was lost keeps nothing of ours. */
static void
test_another_version_comes(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);

	rig->fake.config[8] = HISI_QM_V2;
	rig->fake.reconnect_result = 0;
	look(rig);
	check_dead(rig, qp, "another one has its socket");
	assert_int_equal(test_log_count("leads to now is a V2 PF, it was a V3 PF"), 1);
	assert_true(rig->fake.revoked);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 0);
	rig->fake.config[8] = HISI_QM_V3;
}

static void
test_other_capabilities_come(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);

	rig->fake.caps[0] |= 1;
	rig->fake.reconnect_result = 0;
	look(rig);
	check_dead(rig, qp, "the device is gone");
	assert_int_equal(test_log_count("capability words are not those"), 1);
}

/* The new server dies in mid-bring-up: the same loss, not another one. */
static void
test_goes_once_more(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);
	int i;

	rig->fake.reconnect_result = 0;
	for (i = 0; i < LOOKS && rig->fake.alive_result != 0; i++)
		rig_service(rig);
	rig->fake.alive_result = -ENODEV;
	rig->fake.reconnect_result = -ENOENT;
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	assert_int_equal(rig->dev->stats.losses, 1);
	rig->fake.reconnect_result = 0;
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(rig->dev->stats.reconnects, 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* It takes the connection and stands still: that is waited for, and said of no other device. */
static void
test_stands_still(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);

	rig->fake.reconnect_result = 0;
	fake_fail(&rig->fake, FAKE_CONFIG_READ, 0, 100, -ETIMEDOUT);
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	assert_int_equal(test_log_count("another one has its socket"), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 0);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	fake_behave(&rig->fake);
	while (rig->dev->state != HISI_QM_DEV_READY)
		rig_service(rig);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(rig->dev->stats.reconnects, 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* And what goes on then is another device: it is not driven. */
static void
test_another_one_stood_still(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);
	int i;

	rig->fake.config[8] = HISI_QM_V2;
	rig->fake.reconnect_result = 0;
	fake_fail(&rig->fake, FAKE_CONFIG_READ, 0, 1, -ETIMEDOUT);
	for (i = 0; i < 10 * LOOKS; i++)
		rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 0);
	check_dead(rig, qp, "given up");
	rig->fake.config[8] = HISI_QM_V3;
}

/* Capability words of its own, as registers give them. */
static void
set_own_capabilities(struct rig *rig)
{
	uint32_t i;

	for (i = 0; i < HISI_QM_CAP_COUNT; i++)
		rig->fake.caps[i] = hisi_qm_cap_table[i].v3;
	for (i = 0; i < HISI_ZIP_CAP_COUNT; i++)
		rig->fake.caps[HISI_QM_CAP_COUNT + i] = hisi_zip_cap_table[i].v3;
	rig->fake.caps[HISI_QM_CAP_FUNC] |= HISI_FIELD_PREP(HISI_QM_CAP_VERSION, 1u);
	rig->fake.caps[HISI_QM_CAP_IRQ_NUM] += 1;
	rig->fake.caps[HISI_QM_CAP_COUNT + HISI_ZIP_CAP_DRV_ALG] |= 1;
	rig->dev->state = HISI_QM_DEV_RESETTING;
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
}

/* Amidst the capability words it does not answer: what was read so far is not what it was. */
static void
lose_amidst(void **state, uint32_t offset)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;

	set_own_capabilities(rig);
	qp = lose(rig);
	fake_fail(&rig->fake, FAKE_READ, offset, 1, -ETIMEDOUT);
	rig->fake.reconnect_result = 0;
	look(rig);
	assert_int_equal(test_log_count("bring-up stopped at 'read capabilities'"), 1);
	assert_int_equal(test_log_count("capability words are not those"), 0);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(rig->dev->caps[HISI_QM_CAP_IRQ_NUM], rig->fake.caps[HISI_QM_CAP_IRQ_NUM]);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_silent_amidst_capabilities(void **state)
{
	lose_amidst(state, hisi_qm_cap_table[HISI_QM_CAP_IRQ_NUM].offset);
}

static void
test_silent_amidst_those_of_the_engine(void **state)
{
	lose_amidst(state, hisi_zip_cap_table[HISI_ZIP_CAP_DRV_ALG].offset);
}

/* A burst that does not end keeps its own queue, not the connection. */
static void
test_burst_inside(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;

	memset(ops, 0, sizeof(ops));
	rig->dev->args.reconnect = 10;
	qp = rig_queue_with(rig, ops, NB_OPS);
	hisi_qm_qp_enqueue_begin(qp);
	rig->fake.alive_result = -ENODEV;
	rig->fake.reconnect_result = 0;
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(qp->state, HISI_QM_QP_STOPPING);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	hisi_qm_qp_enqueue_end(qp);
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Closed while nobody is there: nothing waits. */
static void
test_closed_meanwhile(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = lose(rig);

	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
	look(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_comes_again, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_nobody_comes, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_not_wanted, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_another_version_comes, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_other_capabilities_come, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_goes_once_more, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_stands_still, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_another_one_stood_still, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_silent_amidst_capabilities, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_silent_amidst_those_of_the_engine, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_burst_inside, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_closed_meanwhile, rig_setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_reconnect");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_reconnect", tests, NULL, NULL));
}
