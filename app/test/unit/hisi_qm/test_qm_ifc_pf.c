/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Messages around a reset of the PF, message by message against qm.md 6.12: what a PF says to its
 * VFs, whom it waits for, and what it does not believe.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_common.h>

#include "fake_queue.h"
#include "ifc_rig.h"
#include "test_eal.h"

static void
pf_resets(struct rig *rig, struct hisi_qm_qp *qp)
{
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	qp->failed = 1;
	rig_service(rig);
}

static void
check_rang(struct rig *rig, uint32_t destination)
{
	assert_int_equal(fake_reg_get(&rig->fake, 0x100134) & 0x7f, destination);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100130), rig->fake.rings);
}

static void
pf_waits(uint8_t version)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, version, 2, &qp);

	pf_resets(rig, qp);
	ifc_check_sent(rig, 0, 0xffff, IFC_FLR_PREPARE);
	check_rang(rig, 0x7f);
	assert_int_equal(ifc_resets(rig), 0);
	ifc_deliver(rig, 2, 4);
	ifc_deliver(rig, 2, 4);
	assert_int_equal(ifc_resets(rig), 0);
	/* The operations of the PF are the device's until then. */
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	ifc_deliver(rig, 1, 5);
	assert_int_equal(test_log_count("VF 1 could not stop all its queues"), 1);
	assert_int_equal(ifc_resets(rig), 1);
	ifc_check_sent(rig, 1, 0xffff, IFC_RESET_DONE);
	check_rang(rig, 0x7f);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_check_works_again(rig, qp);
	/* Both start again, or not; then it is over. */
	ifc_deliver(rig, 1, 6);
	assert_true(hisi_qm_recover_service(rig->dev));
	ifc_deliver(rig, 2, 7);
	assert_int_equal(test_log_count("VF 2 could not start again"), 1);
	assert_false(hisi_qm_recover_service(rig->dev));
	assert_int_equal(fake_reg_get(&rig->fake, 0x100138), 0);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

static void
test_pf_waits_for_its_vfs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(ifc_versions); i++)
		pf_waits(ifc_versions[i]);
}

/* qm.md 6.8: V5 takes no doorbell of anybody from when the VFs have stopped. */
static void
test_v5_drops_doorbells(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V5, 1, &qp);
	uint32_t i, drop = 0, reset = 0;

	(void)state;
	pf_resets(rig, qp);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100250), 0);
	ifc_deliver(rig, 1, 4);
	for (i = 0; i < rig->fake.log_len && reset == 0; i++) {
		drop = rig->fake.log[i].offset == 0x100250 ? i : drop;
		reset = rig->fake.log[i].kind == FAKE_RESET ? i : 0;
	}
	assert_true(drop != 0 && drop < reset);
	assert_true(rig->fake.log[drop].value == UINT64_MAX);
	/* And of bring-up: taken back. */
	assert_int_equal(fake_reg_get(&rig->fake, 0x100250), 0);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* Because of a hardware error: another word, so that VFs do not try to drain (qm.md 6.9). */
static void
test_pf_after_fatal_error(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 1, &qp);

	(void)state;
	fake_reg_set(&rig->fake, 0x100008, 1 << 2);
	rig->dev->stats.interrupts[3]++;
	rig_service(rig);
	ifc_check_sent(rig, 0, 0xffff, IFC_SRST_PREPARE);
	ifc_deliver(rig, 1, 4);
	assert_int_equal(ifc_resets(rig), 1);
	/* The next one is another matter. */
	ifc_deliver(rig, 1, 6);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	rig_service(rig);
	pf_resets(rig, qp);
	ifc_check_sent(rig, 2, 0xffff, IFC_FLR_PREPARE);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* A VF that nobody drives takes no message: 0x100128 keeps its bit. */
static void
test_pf_with_undriven_vf(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);

	(void)state;
	pf_resets(rig, qp);
	fake_reg_set(&rig->fake, 0x100128, 1 << 2);
	ifc_deliver(rig, 1, 4);
	assert_int_equal(ifc_resets(rig), 0);
	rig->dev->ifc.ack_deadline = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("VFs 0x4 (a bit per VF) take no message"), 1);
	assert_int_equal(ifc_resets(rig), 1);
	/* Nor is it waited for after the reset. */
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_deliver(rig, 1, 6);
	assert_false(hisi_qm_recover_service(rig->dev));
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* The mailbox gets no other command while a message lies in it, for a moment at least. */
static void
test_pf_mailbox_waits(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);
	uint32_t i, looks = 0;

	(void)state;
	pf_resets(rig, qp);
	fake_reg_set(&rig->fake, 0x100128, 1 << 2);
	fake_log_forget(&rig->fake);
	ifc_deliver(rig, 1, 4);
	for (i = 0; i < rig->fake.log_len && rig->fake.log[i].offset != 0x300; i++)
		looks += rig->fake.log[i].kind == FAKE_READ && rig->fake.log[i].offset == 0x100128;
	assert_true(looks > 10);
	/* Once: the next command finds nothing unread. */
	fake_log_forget(&rig->fake);
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_STOP_QP, false, 0, 0, NULL),
		0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x100128), 0);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* One that took the message and says no more. */
static void
test_pf_with_silent_vf(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);

	(void)state;
	pf_resets(rig, qp);
	ifc_deliver(rig, 2, 4);
	rig->dev->ifc.ack_deadline = 0;
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 0);
	rig->dev->ifc.deadline = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("VFs 0x2 (a bit per VF) did not stop in time"), 1);
	assert_int_equal(ifc_resets(rig), 1);
	rig->dev->ifc.deadline = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("VFs 0x4 (a bit per VF) did not start again in time"), 1);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* What the kernel's VF drivers ask: answered to the one who asked (qm.md 6.12). */
static void
test_pf_answers_questions(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);

	(void)state;
	ifc_deliver(rig, 2, 9);
	ifc_check_sent(rig, 0, 2, UINT64_C(100000) << 32 | 8);
	check_rang(rig, 2);
	ifc_deliver(rig, 1, 11);
	ifc_check_sent(rig, 1, 1, 12);
	check_rang(rig, 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x100138), 0);
	ifc_check_acknowledged(rig);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

static void
vf_reads_late(struct fake_bus *fake, uint64_t message)
{
	if (message == IFC_RESET_DONE)
		fake_reg_set(fake, 0x100128, 1 << 1);
}

/* A word that VFs have not read (0x100128) is not written over: of V4 all VFs have one register. */
static void
pf_answers_later(uint8_t version)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, version, 2, &qp);

	rig->fake.on_message = vf_reads_late;
	pf_resets(rig, qp);
	/* While they are to stop, and while one has not read that they may start. */
	ifc_deliver(rig, 2, 9);
	ifc_deliver(rig, 2, 11);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_deliver(rig, 1, 4);
	ifc_deliver(rig, 2, 4);
	ifc_check_sent(rig, 1, 0xffff, IFC_RESET_DONE);
	ifc_deliver(rig, 1, 6);
	ifc_deliver(rig, 2, 6);
	assert_int_equal(rig->fake.nb_sent, 2);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	/* Looked at again soon, until both answers are given. */
	assert_true(hisi_qm_recover_service(rig->dev));
	assert_int_equal(rig->fake.nb_sent, 2);
	fake_reg_set(&rig->fake, 0x100128, 0);
	rig->dev->ifc.not_before = 0;
	assert_false(hisi_qm_recover_service(rig->dev));
	assert_int_equal(rig->fake.nb_sent, 4);
	ifc_check_sent(rig, 2, 2, UINT64_C(100000) << 32 | 8);
	ifc_check_sent(rig, 3, 2, 12);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

static void
test_pf_answers_later(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(ifc_versions); i++)
		pf_answers_later(ifc_versions[i]);
}

/* A VF that nobody drives reads nothing: others are not kept from their answers for long. */
static void
test_pf_answers_beside_undriven_vf(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);

	(void)state;
	fake_reg_set(&rig->fake, 0x100128, 1 << 1);
	ifc_deliver(rig, 2, 9);
	assert_int_equal(rig->fake.nb_sent, 0);
	rig->dev->ifc.ack_deadline = 0;
	rig->dev->ifc.not_before = 0;
	rig_service(rig);
	ifc_check_sent(rig, 0, 2, UINT64_C(100000) << 32 | 8);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* A mailbox that is stuck takes a second each time: once a look, and only for VFs of ours. */
static void
test_pf_with_stuck_mailbox(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 3, &qp);

	(void)state;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_DST, FAKE_MB_STATUS, UINT32_MAX, 1);
	fake_reg_set(&rig->fake, 0x100138, 0xfffffffe);
	fake_reg_set(&rig->fake, 0x10013c, 0xffffffff);
	rig->dev->stats.interrupts[2]++;
	rig_service(rig);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_DST), 1);
	/* Who is none of ours is acknowledged, who was not heard still rings. */
	assert_int_equal(fake_reg_get(&rig->fake, 0x100138), 3 << 2);
	assert_int_equal(fake_reg_get(&rig->fake, 0x10013c), 0);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* Answers that nobody asked for, words that mean nothing, VFs that are none of ours. */
static void
test_pf_believes_nothing(void **state)
{
	static const uint64_t messages[] = { 0, 1, 2, 3, 8, 10, 12, 13, UINT64_MAX };
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);
	size_t i;

	(void)state;
	for (i = 4; i < 8; i += 2)
		ifc_deliver(rig, 1, i);
	assert_int_equal(rig->dev->stats.messages_unknown, 0);
	for (i = 0; i < RTE_DIM(messages); i++)
		ifc_deliver(rig, 1, messages[i]);
	assert_int_equal(rig->dev->stats.messages_unknown, RTE_DIM(messages));
	assert_int_equal(test_log_count("is not understood here"), 1);
	ifc_deliver(rig, 5, 9);
	assert_int_equal(rig->fake.nb_sent, 0);
	assert_int_equal(fake_reg_get(&rig->fake, 0x100138), 0);
	assert_int_equal(ifc_resets(rig), 0);
	assert_true(hisi_qm_qp_is_running(qp));
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* V5: the VF whose DMA failed is asked to reset itself (qm.md 6.10). */
static void
test_pf_asks_vf_to_reset(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V5, 2, &qp);

	(void)state;
	/* Not in the mask that asks for a reset of the device. */
	rig->dev->engine_caps[rig->dev->engine->cap_qm_reset] = 0;
	fake_reg_set(&rig->fake, 0x100008, 1);
	fake_reg_set(&rig->fake, 0x100280, 1 << 2 | 1 << 9);
	rig->dev->stats.interrupts[3]++;
	rig_service(rig);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_check_sent(rig, 0, 2, 10);
	check_rang(rig, 2);
	assert_int_equal(ifc_resets(rig), 0);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

/* Not where the device will be reset: the VFs hear of that, and of nothing else. */
static void
test_pf_asks_no_vf_before_a_reset(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V5, 2, &qp);

	(void)state;
	fake_reg_set(&rig->fake, 0x100008, 1 | 1 << 4);
	fake_reg_set(&rig->fake, 0x100280, 1 << 2);
	rig->dev->stats.interrupts[3]++;
	rig_service(rig);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_check_sent(rig, 0, 0xffff, IFC_SRST_PREPARE);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

static void
vfs_answer(struct fake_bus *fake, uint64_t message)
{
	if (message == IFC_FLR_PREPARE) {
		fake_message(fake, 1, 4);
		fake_message(fake, 2, 4);
	}
}

/* For good: the VFs stop first, then their queues are taken away. */
static void
test_pf_goes(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(false, HISI_QM_V3, 2, &qp);
	uint32_t i, sent = 0;

	(void)state;
	rig->fake.on_message = vfs_answer;
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
	assert_int_equal(hisi_qm_monitor_add(rig->dev), 0);
	rig->by_hand = false;
	fake_log_forget(&rig->fake);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	assert_int_equal(rig->fake.nb_sent, 1);
	assert_true(rig->fake.sent[0] == IFC_FLR_PREPARE);
	for (i = 0; i < rig->fake.log_len; i++) {
		if (rig->fake.log[i].kind == FAKE_WRITE && rig->fake.log[i].offset == 0x100130)
			sent = i;
		if (rig->fake.log[i].kind == FAKE_WRITE && rig->fake.log[i].offset == 0x100054)
			break;
	}
	assert_true(sent != 0 && i < rig->fake.log_len);
	/* And it listens no more. */
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x24), 1);
	rig_close(rig);
}

/* At its first start too: VFs may wait for a PF that went. */
static void
test_pf_comes(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->args.vfs = 2;
	rig->args.vf_queues = 2;
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_check_sent(rig, 0, 0xffff, IFC_RESET_DONE);
	assert_int_equal(fake_reg_get(&rig->fake, 0x24) & 1, 0);
	/* What came before is forgotten: 64 bits of 0x100138. */
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100138), 1);
	rig->dev->args.vfs = 0;
	rig_close(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pf_waits_for_its_vfs),
		cmocka_unit_test(test_v5_drops_doorbells),
		cmocka_unit_test(test_pf_after_fatal_error),
		cmocka_unit_test(test_pf_with_undriven_vf),
		cmocka_unit_test(test_pf_mailbox_waits),
		cmocka_unit_test(test_pf_with_silent_vf),
		cmocka_unit_test(test_pf_answers_questions),
		cmocka_unit_test(test_pf_answers_later),
		cmocka_unit_test(test_pf_answers_beside_undriven_vf),
		cmocka_unit_test(test_pf_with_stuck_mailbox),
		cmocka_unit_test(test_pf_believes_nothing),
		cmocka_unit_test(test_pf_asks_vf_to_reset),
		cmocka_unit_test(test_pf_asks_no_vf_before_a_reset),
		cmocka_unit_test(test_pf_goes),
		cmocka_unit_test(test_pf_comes),
	};
	int ret = test_eal_start("test_qm_ifc_pf");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_ifc_pf", tests, NULL, NULL));
}
