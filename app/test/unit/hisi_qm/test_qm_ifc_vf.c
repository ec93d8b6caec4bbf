/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Messages around a reset of the PF, message by message against qm.md 6.12: what a VF does when its
 * PF says so, and what it does not believe.
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
vf_follows(uint8_t version)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, version, 0, &qp);

	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	/* All queues stop at once, their operations come back, and the PF hears of it. */
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM), 1);
	ifc_check_sent(rig, 0, 0, 4);
	assert_int_equal(rig->fake.rings, 1);
	ifc_check_acknowledged(rig);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	/* Nothing is taken, and nothing is touched, until the PF is back. */
	assert_int_equal(rig_enqueue(qp, ifc_ops, 1), 0);
	rig_service(rig);
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 0);
	assert_int_equal(rig->fake.nb_sent, 1);
	assert_int_equal(hisi_qm_recover_service(rig->dev), true);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(ifc_resets(rig), 1);
	ifc_check_sent(rig, 1, 0, 6);
	assert_int_equal(rig->fake.rings, 2);
	ifc_check_acknowledged(rig);
	ifc_check_works_again(rig, qp);
	assert_false(hisi_qm_recover_service(rig->dev));
	ifc_close(rig, qp);
}

static void
test_vf_follows_its_pf(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(ifc_versions); i++)
		vf_follows(ifc_versions[i]);
}

/* After a fatal error nothing can be drained: it is not tried, and no operation is given back. */
static void
test_vf_after_fatal_error(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	ifc_deliver(rig, 0, IFC_SRST_PREPARE);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	ifc_check_sent(rig, 0, 0, 4);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	assert_int_equal(hisi_qm_qp_in_flight(qp), IFC_OPS);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

/* Queues that do not stop keep their operations until the reset, and the PF is told. */
static void
test_vf_that_cannot_stop(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM, FAKE_MB_STATUS, 1, 1);
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	ifc_check_sent(rig, 0, 0, 5);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

/* What the PF of the old server said is not waited for with the new one. */
static void
test_vf_of_a_new_server(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	int i;

	(void)state;
	rig->dev->ifc.kept = IFC_FLR_PREPARE;
	rig->dev->args.reconnect = 10;
	rig->fake.reconnect_result = 0;
	rig->fake.alive_result = -ENODEV;
	for (i = 0; i < 12; i++)
		rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(rig->fake.nb_sent, 0);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

/* Without FLUSH_QM (capability bit 10) each queue is stopped. */
static void
test_vf_stops_queue_by_queue(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	rig->dev->caps[HISI_QM_CAP_FUNC] &= ~HISI_QM_CAP_STOP_FUNC;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 1);
	ifc_check_sent(rig, 0, 0, 4);
	ifc_close(rig, qp);
}

/* No interrupt came: the control thread looks by itself, now and then. */
static void
test_vf_looks_without_interrupt(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	rig_service(rig);
	fake_message(&rig->fake, 0, IFC_FLR_PREPARE);
	rig_service(rig);
	assert_int_equal(rig->fake.nb_sent, 0);
	rig->dev->ifc.next_look = 0;
	rig->dev->ifc.not_before = 0;
	rig_service(rig);
	ifc_check_sent(rig, 0, 0, 4);
	ifc_close(rig, qp);
}

/* A flood of messages: no more often than the pace, and it is not forgotten meanwhile. */
static void
test_vf_is_not_kept_busy(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	int i;

	(void)state;
	ifc_deliver(rig, 0, 99);
	rig->dev->ifc.not_before = UINT64_MAX;
	for (i = 0; i < 100; i++) {
		fake_message(&rig->fake, 0, IFC_FLR_PREPARE);
		rig->dev->stats.interrupts[2]++;
		assert_true(hisi_qm_recover_service(rig->dev));
	}
	assert_int_equal(rig->dev->stats.messages_received, 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x20), 1);
	rig->dev->ifc.not_before = 0;
	rig_service(rig);
	ifc_check_sent(rig, 0, 0, 4);
	ifc_close(rig, qp);
}

/* The PF was reset, and said nothing before; or the device met a DMA error of this VF. */
static void
test_vf_resets_itself(void **state)
{
	static const uint64_t messages[] = { IFC_RESET_DONE, 10 };
	struct hisi_qm_qp *qp;
	struct rig *rig;
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(messages); i++) {
		rig = ifc_open(true, HISI_QM_V3, 0, &qp);
		ifc_deliver(rig, 0, messages[i]);
		assert_int_equal(ifc_resets(rig), 1);
		assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
		rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
		assert_int_equal(rig_dequeue(qp, 1), 0);
		ifc_check_works_again(rig, qp);
		ifc_close(rig, qp);
	}
}

/* The kernel's PF says these too; a VF keeps working (qm.md 6.12). */
static void
test_vf_takes_what_is_for_information(void **state)
{
	static const uint64_t messages[] = { UINT64_C(50000) << 32 | 8, UINT64_C(1) << 63 | 12 };
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(messages); i++) {
		ifc_deliver(rig, 0, messages[i]);
		ifc_check_acknowledged(rig);
	}
	assert_int_equal(rig->fake.nb_sent, 0);
	assert_int_equal(test_log_count("rig0"), 0);
	assert_true(hisi_qm_qp_is_running(qp));
	ifc_close(rig, qp);
}

/* Whatever else: said once, counted, acknowledged, and nothing done. */
static void
test_vf_does_not_understand(void **state)
{
	static const uint64_t messages[] = { 0, 4, 5, 6, 7, 9, 11, 13, 0xffffffff, UINT64_MAX };
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(messages); i++) {
		ifc_deliver(rig, 0, messages[i]);
		ifc_check_acknowledged(rig);
	}
	assert_int_equal(rig->dev->stats.messages_unknown, RTE_DIM(messages));
	assert_int_equal(rig->dev->stats.messages_received, RTE_DIM(messages));
	assert_int_equal(test_log_count("is not understood here"), 1);
	assert_int_equal(rig->fake.nb_sent, 0);
	assert_int_equal(ifc_resets(rig), 0);
	assert_true(hisi_qm_qp_is_running(qp));
	ifc_close(rig, qp);
}

/* A VF that has left the bus reads all ones, which is no message. */
static void
test_vf_all_ones(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	fake_reg_set(&rig->fake, 0x20, UINT32_MAX);
	rig->dev->stats.interrupts[2]++;
	rig->dev->ifc.not_before = 0;
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x20), 1);
	assert_int_equal(rig->dev->stats.messages_received, 0);
	fake_reg_set(&rig->fake, 0x20, 0);
	ifc_close(rig, qp);
}

/* While it waits: only IFC_RESET_DONE counts, a second PREPARE is answered again. */
static void
test_vf_while_it_waits(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	ifc_deliver(rig, 0, 99);
	ifc_deliver(rig, 0, 10);
	assert_int_equal(ifc_resets(rig), 0);
	ifc_deliver(rig, 0, IFC_SRST_PREPARE);
	ifc_check_sent(rig, 1, 0, 4);
	assert_int_equal(ifc_resets(rig), 0);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(ifc_resets(rig), 1);
	ifc_close(rig, qp);
}

/* A VF that is about to reset itself, because of a queue that does not stop. */
static void
test_vf_hears_before_its_reset(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	/* No interrupt is seen, and no look is due. */
	rig->dev->ifc.next_look = UINT64_MAX;
	fake_message(&rig->fake, 0, IFC_FLR_PREPARE);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	qp->failed = 1;
	rig_service(rig);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_check_sent(rig, 0, 0, 5);
	ifc_check_acknowledged(rig);
	assert_int_equal(ifc_resets(rig), 0);
	/* The queue did not stop: its operations are the device's until the reset. */
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(ifc_resets(rig), 1);
	ifc_check_sent(rig, 1, 0, 6);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

static void
prepare_in_bringup(struct fake_bus *fake, uint32_t command, void *opaque)
{
	if (command != HISI_QM_MB_CMD_SQC_VFT || *(bool *)opaque)
		return;
	*(bool *)opaque = true;
	fake_message(fake, 0, IFC_FLR_PREPARE);
}

/* The PF is about to be reset while the VF comes up: it stops as soon as it has. */
static void
test_vf_hears_during_bringup(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	bool is_said = false;

	(void)state;
	rig->fake.opaque = &is_said;
	rig->fake.on_mailbox = prepare_in_bringup;
	ifc_deliver(rig, 0, 10);
	assert_true(is_said);
	assert_int_equal(ifc_resets(rig), 1);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_service(rig);
	assert_int_equal(rig->fake.nb_sent, 1);
	ifc_check_sent(rig, 0, 0, 4);
	ifc_check_acknowledged(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(ifc_resets(rig), 2);
	ifc_check_sent(rig, 1, 0, 6);
	rig->fake.on_mailbox = NULL;
	ifc_close(rig, qp);
}

/* Words from before its time, to a VF that nobody drove. */
static void
test_vf_forgets_what_is_old(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	assert_int_equal(rig_start(rig), 0);
	hisi_qm_monitor_remove(rig->dev);
	rig->by_hand = true;
	fake_log_forget(&rig->fake);
	fake_message(&rig->fake, 0, IFC_RESET_DONE);
	assert_int_equal(hisi_qm_ifc_start(rig->dev), 0);
	rig->dev->ifc.next_look = 0;
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 0);
	assert_int_equal(rig->fake.nb_sent, 0);
	ifc_check_acknowledged(rig);
	rig_close(rig);
}

/* The PF never comes: after the limit the VF tries alone, and that may well work. */
static void
test_vf_waited_long_enough(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	rig->dev->ifc.deadline = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("its PF did not come back within 60 s"), 1);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

/* Or it does not: then the VF is dead, and takes and returns whatever comes. */
static void
test_vf_has_no_pf_any_more(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);
	int looks;

	(void)state;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig->dev->ifc.deadline = 0;
	rig->fake.vft_entry = 0;
	for (looks = 0; looks < 100; looks++)
		rig_service(rig);
	assert_int_equal(test_log_count("its PF did not come back within 60 s"), 1);
	assert_int_equal(test_log_count("this VF has no queues"), 3);
	assert_int_equal(test_log_count("given up after 3 attempts"), 1);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	ifc_close(rig, qp);
}

/* The PF's process was killed: the VF finds itself without queues, waits, and comes back. */
static void
test_vf_whose_pf_was_killed(void **state)
{
	uint64_t entry;
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	entry = rig->fake.vft_entry;
	rig->fake.vft_entry = 0;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 2);
	qp->failed = 1;
	rig_service(rig);
	assert_int_equal(test_log_count("waiting for its PF, up to 60 s"), 1);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	/* The function was reset: its operations are free. */
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 1);
	rig->fake.vft_entry = entry;
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	ifc_check_works_again(rig, qp);
	ifc_close(rig, qp);
}

/* Called back too early: the PF hears that it failed, and another call may come. */
static void
test_vf_cannot_start(void **state)
{
	uint64_t entry;
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V3, 0, &qp);

	(void)state;
	entry = rig->fake.vft_entry;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	rig->fake.vft_entry = 0;
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	ifc_check_sent(rig, 1, 0, 7);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	rig->fake.vft_entry = entry;
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	ifc_check_sent(rig, 2, 0, 6);
	ifc_close(rig, qp);
}

/* V2 has no messages: none of their registers is touched (qm.md 1.2). */
static void
test_v2_has_none(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(true, HISI_QM_V2, 0, &qp);

	(void)state;
	fake_reg_set(&rig->fake, 0x20, 1);
	rig->dev->stats.interrupts[2]++;
	rig->dev->ifc.next_look = 0;
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x20), 0);
	ifc_close(rig, qp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vf_follows_its_pf),
		cmocka_unit_test(test_vf_after_fatal_error),
		cmocka_unit_test(test_vf_that_cannot_stop),
		cmocka_unit_test(test_vf_of_a_new_server),
		cmocka_unit_test(test_vf_stops_queue_by_queue),
		cmocka_unit_test(test_vf_looks_without_interrupt),
		cmocka_unit_test(test_vf_is_not_kept_busy),
		cmocka_unit_test(test_vf_resets_itself),
		cmocka_unit_test(test_vf_takes_what_is_for_information),
		cmocka_unit_test(test_vf_does_not_understand),
		cmocka_unit_test(test_vf_all_ones),
		cmocka_unit_test(test_vf_while_it_waits),
		cmocka_unit_test(test_vf_hears_before_its_reset),
		cmocka_unit_test(test_vf_hears_during_bringup),
		cmocka_unit_test(test_vf_forgets_what_is_old),
		cmocka_unit_test(test_vf_waited_long_enough),
		cmocka_unit_test(test_vf_has_no_pf_any_more),
		cmocka_unit_test(test_vf_whose_pf_was_killed),
		cmocka_unit_test(test_vf_cannot_start),
		cmocka_unit_test(test_v2_has_none),
	};
	int ret = test_eal_start("test_qm_ifc_vf");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_ifc_vf", tests, NULL, NULL));
}
