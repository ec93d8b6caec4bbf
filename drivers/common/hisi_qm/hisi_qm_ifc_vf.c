/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_ifc_internal.h"
#include "hisi_qm_log.h"

/* A VF whose PF is reset, or away (qm.md 6.12). */

/* How long a VF of the kernel waits for its PF. */
#define IFC_AWAY_MS 60000

/* A message of the PF, if there is one. */
bool
hisi_qm_ifc_vf_look(struct hisi_qm_dev *dev, uint64_t *message)
{
	uint32_t source = 0;
	int ret;

	if (dev->ifc.kept != 0) {
		*message = dev->ifc.kept;
		dev->ifc.kept = 0;
		return true;
	}
	if (hisi_qm_reg_read(dev, HISI_QM_IFC_INT_SOURCE_V, &source) != 0 ||
			!hisi_qm_ifc_is_there(source, UINT32_MAX) || !(source & HISI_QM_IFC_BIT))
		return false;
	ret = hisi_qm_ifc_receive(dev, 0, message);
	(void)hisi_qm_ifc_acknowledge(dev);
	return ret == 0;
}

static bool
vf_is_prepare(uint64_t message)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message);

	return command == HISI_QM_IFC_PF_SRST_PREPARE || command == HISI_QM_IFC_PF_FLR_PREPARE;
}

/* All else is old: the function was reset meanwhile, and the PF gave it queues. */
void
hisi_qm_ifc_vf_keep(struct hisi_qm_dev *dev)
{
	uint64_t message = 0;

	if (!hisi_qm_ifc_vf_look(dev, &message) || !vf_is_prepare(message))
		return;
	dev->ifc.kept = message;
	dev->ifc.next_look = 0;
	dev->ifc.not_before = 0;
}

enum hisi_qm_ifc_demand
hisi_qm_ifc_vf_take(struct hisi_qm_dev *dev, uint64_t message)
{
	switch (HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message)) {
	case HISI_QM_IFC_PF_SRST_PREPARE:
	case HISI_QM_IFC_PF_FLR_PREPARE:
		dev->ifc.is_fatal = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message) ==
			HISI_QM_IFC_PF_SRST_PREPARE;
		return HISI_QM_IFC_STOP;
	case HISI_QM_IFC_PF_RESET_DONE:
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"its PF was reset without a word before");
		return HISI_QM_IFC_RESET;
	case HISI_QM_IFC_FUNCTION_RESET:
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"its PF asks it to reset itself: the device met a DMA error of this function");
		return HISI_QM_IFC_RESET;
	case HISI_QM_IFC_PF_SET_QOS:
	case HISI_QM_IFC_PF_SET_ISOLATE:
		/* For information only. */
		return HISI_QM_IFC_NOTHING;
	default:
		hisi_qm_ifc_note_unknown(dev, 0, message);
		return HISI_QM_IFC_NOTHING;
	}
}

static void
vf_wait_for_pf(struct hisi_qm_dev *dev)
{
	dev->ifc.phase = HISI_QM_IFC_AWAY;
	dev->ifc.deadline = hisi_qm_ifc_after_ms(IFC_AWAY_MS);
}

void
hisi_qm_ifc_stopped(struct hisi_qm_dev *dev, bool all)
{
	vf_wait_for_pf(dev);
	(void)hisi_qm_ifc_send(dev, 0,
		all ? HISI_QM_IFC_VF_PREPARE_DONE : HISI_QM_IFC_VF_PREPARE_FAIL, 0);
}

/* What the PF says to a function that is to be reset itself, and may wait for that. */
static void
vf_take_before_reset(struct hisi_qm_dev *dev, uint64_t message)
{
	bool is_away = dev->ifc.phase == HISI_QM_IFC_AWAY;

	if (vf_is_prepare(message)) {
		/*
		 * Another reset, or the PF of another process: still stopped. One that did not wait
		 * has queues that do not stop: it waits as well, for the PF's reset takes them too.
		 */
		(void)hisi_qm_ifc_vf_take(dev, message);
		hisi_qm_ifc_stopped(dev, is_away);
	} else if (is_away && HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message) ==
			HISI_QM_IFC_PF_RESET_DONE) {
		dev->ifc.phase = HISI_QM_IFC_BACK;
	} else {
		(void)hisi_qm_ifc_vf_take(dev, message);
	}
}

int
hisi_qm_ifc_vf_before_reset(struct hisi_qm_dev *dev)
{
	uint64_t message = 0;

	/* The reset would take the message away unread. */
	if (hisi_qm_ifc_vf_look(dev, &message))
		vf_take_before_reset(dev, message);
	if (dev->ifc.phase != HISI_QM_IFC_AWAY)
		return 0;
	if (!hisi_qm_ifc_is_past(dev->ifc.deadline))
		return -EINPROGRESS;
	HISI_QM_DEV_LOG(ERR, dev, "its PF did not come back within %d s", IFC_AWAY_MS / 1000);
	dev->ifc.phase = HISI_QM_IFC_EXPIRED;
	return 0;
}

bool
hisi_qm_ifc_waits_for_pf(const struct hisi_qm_dev *dev)
{
	return dev->ifc.phase == HISI_QM_IFC_AWAY && !hisi_qm_ifc_is_past(dev->ifc.deadline);
}

bool
hisi_qm_ifc_await_pf(struct hisi_qm_dev *dev)
{
	if (!hisi_qm_ifc_is_on(dev) || !dev->is_vf || dev->ifc.phase == HISI_QM_IFC_EXPIRED)
		return false;
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"waiting for its PF, up to %d s: without it this VF does not start again",
		IFC_AWAY_MS / 1000);
	vf_wait_for_pf(dev);
	dev->state = HISI_QM_DEV_RESETTING;
	dev->retry = 0;
	return true;
}
