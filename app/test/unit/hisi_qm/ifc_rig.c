/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
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

struct rig_op ifc_ops[IFC_OPS];
const uint8_t ifc_versions[IFC_VERSIONS] = { HISI_QM_V3, HISI_QM_V4, HISI_QM_V5 };

struct rig *
ifc_open(bool is_vf, uint8_t version, uint32_t vfs, struct hisi_qm_qp **qp)
{
	struct rig *rig = rig_new(is_vf);

	rig->fake.config[8] = version;
	rig->args.vfs = vfs;
	rig->args.vf_queues = vfs == 0 ? 0 : 2;
	rig->args.queues = vfs == 0 ? 0 : 2;
	assert_int_equal(rig_start(rig), 0);
	hisi_qm_monitor_remove(rig->dev);
	/* The monitor may have looked already, and paced the next look. */
	rig->dev->ifc.not_before = 0;
	rig->by_hand = true;
	memset(ifc_ops, 0, sizeof(ifc_ops));
	*qp = rig_queue(rig, 32);
	assert_int_equal(rig_enqueue(*qp, ifc_ops, IFC_OPS), IFC_OPS);
	assert_int_equal(fake_queue_look(&rig->fake, 0), IFC_OPS);
	fake_log_forget(&rig->fake);
	rig->fake.nb_sent = 0;
	rig->fake.rings = 0;
	test_log_forget();
	return rig;
}

void
ifc_close(struct rig *rig, struct hisi_qm_qp *qp)
{
	fake_behave(&rig->fake);
	/* Kept in the middle of a reset. */
	(void)hisi_qm_qp_destroy(qp, true);
	rig_close(rig);
}

void
ifc_deliver(struct rig *rig, uint16_t source, uint64_t message)
{
	fake_message(&rig->fake, source, message);
	rig->dev->stats.interrupts[2]++;
	rig->dev->ifc.not_before = 0;
	rig_service(rig);
}

void
ifc_check_sent(const struct rig *rig, uint32_t nth, uint16_t target, uint64_t message)
{
	assert_true(rig->fake.nb_sent > nth);
	assert_true(rig->fake.sent[nth] == message);
	/* Registers of V4 name no target. */
	if (rig->dev->version < HISI_QM_V4)
		assert_int_equal(rig->fake.sent_to[nth], target);
}

uint32_t
ifc_resets(struct rig *rig)
{
	return fake_log_count(&rig->fake, FAKE_RESET, 0);
}

void
ifc_check_acknowledged(struct rig *rig)
{
	assert_int_equal(fake_reg_get(&rig->fake, 0x20), 0);
	assert_int_equal(fake_reg_get(&rig->fake, 0x24) & 1, 0);
}

void
ifc_check_works_again(struct rig *rig, struct hisi_qm_qp *qp)
{
	struct rig_op op = { .id = 77 };

	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_true(hisi_qm_qp_is_running(qp));
	assert_int_equal(rig_enqueue(qp, &op, 1), 1);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 1);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, 1), 1);
	rig_check_ops(&op, 1, 0);
}
