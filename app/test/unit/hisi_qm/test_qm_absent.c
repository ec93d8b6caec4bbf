/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A function on a real bus whose registers are not there: while somebody else has it reset, or the
 * PF of a VF (qm.md 6.9), or because it is gone. And stopping that must not be taken for done.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>

#include "fake_queue.h"
#include "hisi_qm_process.h"
#include "ifc_rig.h"
#include "test_eal.h"

static struct rig *
absent_open(bool is_vf, struct hisi_qm_qp **qp)
{
	struct rig *rig = ifc_open(is_vf, HISI_QM_V3, 0, qp);

	rig->fake.bus.may_return = true;
	return rig;
}

static void
all_come_back(struct rig *rig, struct hisi_qm_qp *qp)
{
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	assert_int_equal(rig_dequeue(qp, 1), 0);
	ifc_check_works_again(rig, qp);
}

/* The PF said so before: its word counts, however long the registers are away. */
static void
test_absent_while_the_pf_is_reset(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(true, &qp);

	(void)state;
	ifc_deliver(rig, 0, IFC_SRST_PREPARE);
	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	rig->dev->absent_tsc -= 10 * rte_get_timer_hz();
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_RESETTING);
	/* Memory decoding is off, not the device's writing. */
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	rig->fake.alive_result = 0;
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 0);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	assert_int_equal(ifc_resets(rig), 1);
	all_come_back(rig, qp);
	ifc_close(rig, qp);
}

/* Nobody said anything: it is waited for, and what comes back is reset before it is used. */
static void
check_absent_without_a_word(bool is_vf, const char *awaited)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(is_vf, &qp);

	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	rig_service(rig);
	assert_int_equal(test_log_count("its registers read as all ones"), 1);
	assert_int_equal(test_log_count(awaited), 1);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	assert_int_equal(rig_enqueue(qp, ifc_ops, 1), 0);
	rig->fake.alive_result = 0;
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 1);
	all_come_back(rig, qp);
	assert_int_equal(rig->dev->absent_tsc, 0);
	ifc_close(rig, qp);
}

static void
test_absent_without_a_word(void **state)
{
	(void)state;
	check_absent_without_a_word(true, "waiting for its PF,");
	check_absent_without_a_word(false, "waiting for the function,");
}

/* It went in the middle of a command: the same. */
static void
check_absent_in_a_command(bool is_vf)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(is_vf, &qp);

	qp->alarm = HISI_QM_QP_ALARM_TIMEOUT;
	fake_mailbox_rule(&rig->fake, FAKE_ANY, FAKE_MB_ALL_ONES, 1, 0);
	rig_service(rig);
	assert_int_not_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	fake_behave(&rig->fake);
	rig_service(rig);
	all_come_back(rig, qp);
	ifc_close(rig, qp);
}

static void
test_absent_in_a_command(void **state)
{
	(void)state;
	check_absent_in_a_command(true);
	check_absent_in_a_command(false);
}

/* Long enough: gone. What it may still do is prevented as far as can be. */
static void
check_absent_for_good(bool is_vf)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(is_vf, &qp);

	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	rig->dev->absent_tsc -= 3 * rte_get_timer_hz();
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_true(rig->fake.revoked);
	assert_int_equal(test_log_count("the device is gone"), 1);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	ifc_close(rig, qp);
}

static void
test_absent_for_good(void **state)
{
	(void)state;
	check_absent_for_good(true);
	check_absent_for_good(false);
}

/* It is there, and another one after its reset: that is no absence, and not for ever. */
static void
check_there_but_another(bool is_vf, uint8_t version, const char *why)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = ifc_open(is_vf, version, 0, &qp);
	int looks;

	rig->fake.bus.may_return = true;
	if (is_vf)
		rig->fake.vft_entry += UINT64_C(1) << 45;
	else
		rig->fake.iso_cfg = 1;
	rig->dev->reset_wanted = true;
	for (looks = 0; rig->dev->state != HISI_QM_DEV_DEAD; looks++) {
		assert_true(looks < 100);
		rig_service(rig);
	}
	assert_int_equal(ifc_resets(rig), 3);
	assert_int_equal(test_log_count(why), 3);
	assert_int_equal(test_log_count("read as all ones"), 0);
	assert_int_equal(test_log_count("given up after 3 attempts"), 1);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
	ifc_close(rig, qp);
}

static void
test_there_but_another(void **state)
{
	(void)state;
	check_there_but_another(true, HISI_QM_V2, "9 queues after the reset, 8 before");
	check_there_but_another(false, HISI_QM_V3, "isolation is on after the reset, off before");
}

/* A bus on which nothing comes back: there is nothing to wait for. */
static void
test_absent_where_none_returns(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(false, &qp);

	(void)state;
	rig->fake.bus.may_return = false;
	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
	ifc_close(rig, qp);
}

/* What a reset by sysfs may leave of what bring-up wrote. */
enum foreign {
	FOREIGN_MASK,		/* the registers are those of a fresh function */
	FOREIGN_CONTEXT,	/* the contexts are gone, the registers not */
	FOREIGN_STATUS,		/* a context that is gone is an error to ask for */
};

static void
foreign_reset(struct rig *rig, enum foreign what)
{
	if (what == FOREIGN_MASK)
		rig->fake.bar[HISI_QM_VF_EQ_INT_MASK] = 1;
	else
		memset(&rig->fake.eqc, 0, sizeof(rig->fake.eqc));
	if (what == FOREIGN_STATUS)
		fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_EQC, FAKE_MB_STATUS, 1, 5);
}

/* It stops the queue as if nothing had happened; only then is it seen. */
static void
test_reset_by_others(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig;
	int what;

	(void)state;
	for (what = FOREIGN_MASK; what <= FOREIGN_STATUS; what++) {
		rig = absent_open(what != FOREIGN_MASK, &qp);
		foreign_reset(rig, what);
		qp->alarm = HISI_QM_QP_ALARM_TIMEOUT;
		rig_service(rig);
		assert_int_equal(ifc_resets(rig), 0);
		assert_int_equal(rig_dequeue(qp, IFC_OPS), IFC_OPS);
		rig_check_ops(ifc_ops, IFC_OPS, IFC_OPS);
		assert_int_equal(rig_dequeue(qp, 1), 0);
		rig_service(rig);
		while (ifc_resets(rig) == 0)
			rig_service(rig);
		assert_int_equal(ifc_resets(rig), 1);
		assert_int_equal(test_log_count("somebody else has reset the function"),
			what != FOREIGN_STATUS);
		ifc_check_works_again(rig, qp);
		assert_true(rig->fake.eqc.base_lo != 0);
		ifc_close(rig, qp);
	}
}

/* Seen by a queue that is set up: refused, and the next one works. */
static void
test_setup_after_reset_by_others(void **state)
{
	struct hisi_qm_qp *qp, *other = NULL;
	struct rig *rig = absent_open(true, &qp);
	static const uint8_t template[128];

	(void)state;
	foreign_reset(rig, FOREIGN_CONTEXT);
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, template, 7, 16, 0, &other), -EAGAIN);
	assert_null(other);
	rig_service(rig);
	assert_int_equal(ifc_resets(rig), 1);
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, template, 7, 16, 0, &other), 0);
	assert_int_equal(hisi_qm_qp_destroy(other, true), 0);
	all_come_back(rig, qp);
	ifc_close(rig, qp);
}

/* One command for all queues cannot wait for a burst: queues are stopped one by one then. */
static void
test_flush_beside_a_burst(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(true, &qp);

	(void)state;
	qp->enqueue_busy = HISI_QM_PROCESS_PRIMARY;
	ifc_deliver(rig, 0, IFC_FLR_PREPARE);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	ifc_check_sent(rig, 0, 0, 5);
	qp->enqueue_busy = 0;
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, IFC_OPS), 0);
	ifc_deliver(rig, 0, IFC_RESET_DONE);
	all_come_back(rig, qp);
	ifc_close(rig, qp);
}

/* Contexts that were not written are not equal, they are not there. */
static void
test_drain_without_contexts(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig = absent_open(true, &qp);

	(void)state;
	rig->dev->caps[HISI_QM_CAP_FUNC] &= ~HISI_QM_CAP_STOP_QP;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_NO_CONTEXT, 1, 0);
	assert_int_equal(hisi_qm_qp_stop(qp), -EIO);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SQC, FAKE_MB_NO_CONTEXT, 1, 0);
	assert_int_equal(hisi_qm_qp_stop(qp), -EIO);
	assert_int_equal(qp->quiet, 0);
	assert_int_equal(rig->fake.queues[0].closes, 0);
	ifc_close(rig, qp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent_while_the_pf_is_reset),
		cmocka_unit_test(test_absent_without_a_word),
		cmocka_unit_test(test_absent_in_a_command),
		cmocka_unit_test(test_absent_for_good),
		cmocka_unit_test(test_there_but_another),
		cmocka_unit_test(test_absent_where_none_returns),
		cmocka_unit_test(test_reset_by_others),
		cmocka_unit_test(test_setup_after_reset_by_others),
		cmocka_unit_test(test_flush_beside_a_burst),
		cmocka_unit_test(test_drain_without_contexts),
	};
	int ret = test_eal_start("test_qm_absent");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_absent", tests, NULL, NULL));
}
