/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include <hisi_hw_names.h>
#include <hisi_zip_regs.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

const uint8_t rig_sqe_template[128] = { 0x11, 0x22, 0x33 };

const struct hisi_qm_engine rig_engine = {
	.name = "rig",
	.driver = "rig",
	.pf_id = HISI_PCI_DEVICE_ID_ZIP_PF,
	.vf_id = HISI_PCI_DEVICE_ID_ZIP_VF,
	.caps = hisi_zip_cap_table,
	.nb_caps = HISI_ZIP_CAP_COUNT,
	.cap_qm_nfe = HISI_ZIP_CAP_QM_NFE,
	.cap_qm_reset = HISI_ZIP_CAP_QM_RESET,
	.cap_qm_ce = HISI_ZIP_CAP_QM_CE,
	.cap_nfe = HISI_ZIP_CAP_NFE,
	.cap_reset = HISI_ZIP_CAP_RESET,
	.err_status_reg = HISI_ZIP_CORE_INT_STATUS,
	.err_source_reg = HISI_ZIP_CORE_INT_SOURCE,
	.err_nfe_reg = HISI_ZIP_RAS_NFE_ENB,
	.err_name = hisi_zip_error_name,
	.err_section = "zip.md 1.2",
};

struct rig *
rig_new(bool is_vf)
{
	/* 128: the queues' blocks and the doorbell slots ask for it. */
	struct rig *rig = aligned_alloc(128, RTE_ALIGN_CEIL(sizeof(*rig), 128));

	assert_non_null(rig);
	memset(rig, 0, sizeof(*rig));
	fake_bus_init(&rig->fake, is_vf);
	rig->args.timeout_ms = 20;
	rig->engine = &rig_engine;
	return rig;
}

int
rig_start(struct rig *rig)
{
	return hisi_qm_dev_open("rig0", rig->engine, &rig->args, &rig->fake.bus, -1, &rig->dev);
}

struct rig *
rig_open(bool is_vf)
{
	struct rig *rig = rig_new(is_vf);

	assert_int_equal(rig_start(rig), 0);
	return rig;
}

struct rig *
rig_open_by_hand(bool is_vf)
{
	struct rig *rig = rig_open(is_vf);

	hisi_qm_monitor_remove(rig->dev);
	rig->by_hand = true;
	fake_log_forget(&rig->fake);
	return rig;
}

void
rig_close(struct rig *rig)
{
	/* Back on the list, still marked as leaving: the thread does not touch it. */
	if (rig->by_hand)
		assert_int_equal(hisi_qm_monitor_add(rig->dev), 0);
	hisi_qm_dev_close(rig->dev);
	assert_true(rig->fake.closed);
	fake_bus_fini(&rig->fake);
	free(rig);
}

int
rig_setup(void **state)
{
	*state = rig_open_by_hand(false);
	test_log_forget();
	return 0;
}

int
rig_teardown(void **state)
{
	fake_behave(&((struct rig *)*state)->fake);
	rig_close(*state);
	return 0;
}

void
rig_service(struct rig *rig)
{
	hisi_qm_recover_service(rig->dev);
}

struct hisi_qm_qp *
rig_queue(struct rig *rig, uint32_t entries)
{
	struct hisi_qm_qp *qp = NULL;

	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, entries,
		SOCKET_ID_ANY, &qp), 0);
	assert_non_null(qp);
	return qp;
}

uint32_t
rig_enqueue(struct hisi_qm_qp *qp, struct rig_op *ops, uint32_t count)
{
	uint32_t tail, room, i;

	hisi_qm_qp_enqueue_begin(qp);
	room = hisi_qm_qp_free_slots(qp, &tail);
	for (i = 0; i < count && i < room; i++) {
		uint32_t *sqe = hisi_qm_qp_sqe(qp, tail + i, 128);

		/* A slot that is not free would show here as an operation that came too early. */
		sqe[4] = ops[i].id;
		qp->inflight[(tail + i) & qp->mask].op = &ops[i];
	}
	if (i != 0)
		hisi_qm_qp_submit(qp, tail + i);
	hisi_qm_qp_enqueue_end(qp);
	return i;
}

struct hisi_qm_qp *
rig_queue_with(struct rig *rig, struct rig_op *ops, uint32_t count)
{
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	assert_int_equal(rig_enqueue(qp, ops, count), count);
	assert_int_equal(fake_queue_look(&rig->fake, qp->qn), count);
	return qp;
}

static void
rig_mark(struct rig_op *op, bool failed)
{
	assert_non_null(op);
	op->returned++;
	op->failed += failed;
	assert_int_equal(op->returned, 1);
}

uint32_t
rig_dequeue(struct hisi_qm_qp *qp, uint32_t most)
{
	bool running = hisi_qm_qp_is_running(qp);
	uint32_t slot, count = 0;
	const struct hisi_qm_inflight *left;
	uint64_t high;

	if (!running && qp->drained)
		return 0;
	while (count < most && !qp->cq_broken && hisi_qm_qp_peek(qp, qp->head, &high)) {
		rte_io_rmb();
		if (!hisi_qm_qp_find_unordered(qp, high, &slot))
			break;
		hisi_qm_qp_take_unordered(qp, slot);
		rig_mark(qp->inflight[slot].op, false);
		count++;
	}
	if (running)
		hisi_qm_qp_acknowledge(qp);
	if (count != 0 || !hisi_qm_qp_idle(qp))
		return count;
	while (count < most && (left = hisi_qm_qp_take_left(qp)) != NULL) {
		rig_mark(left->op, true);
		count++;
	}
	return count;
}

void
rig_check_ops(const struct rig_op *ops, uint32_t count, uint32_t failed)
{
	uint32_t i, failures = 0;

	for (i = 0; i < count; i++) {
		assert_int_equal(ops[i].returned, 1);
		failures += ops[i].failed;
	}
	assert_int_equal(failures, failed);
}

void
rig_poll_for(struct hisi_qm_qp *qp, uint32_t ms)
{
	uint64_t end = rte_get_timer_cycles() + ms * rte_get_timer_hz() / 1000;

	while (rte_get_timer_cycles() < end)
		assert_int_equal(rig_dequeue(qp, 1), 0);
}
