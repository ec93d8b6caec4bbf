/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_ifc_internal.h"
#include "hisi_qm_log.h"

/* The PF's side of a reset that takes its VFs' queues along (qm.md 6.8, 6.12). */

/*
 * A VF that nobody drives takes no message, and is not waited for any longer than this. One that
 * took it may need as long as its queues need to stop (qm.md 3.4), and to start again.
 */
#define IFC_ACK_MS 1000
#define IFC_STOP_MS 7000
#define IFC_START_MS 10000
#define IFC_STEP_US 5000
/* qm.md 6.13: the share of a function that was given nothing else, 1000 per mille. */
#define IFC_QOS_DEFAULT 100000

static const struct {
	enum hisi_qm_ifc_command command;
	uint32_t data;
} pf_words[HISI_QM_IFC_NB_WORDS] = {
	[HISI_QM_IFC_WORD_RESET] = { HISI_QM_IFC_FUNCTION_RESET, 0 },
	[HISI_QM_IFC_WORD_QOS] = { HISI_QM_IFC_PF_SET_QOS, IFC_QOS_DEFAULT },
	/* Not isolated, and no threshold: such a policy is the kernel's. */
	[HISI_QM_IFC_WORD_ISOLATE] = { HISI_QM_IFC_PF_SET_ISOLATE, 0 },
};

/** A bit per VF that this PF gave queues to. */
static uint64_t
own_vfs(const struct hisi_qm_dev *dev)
{
	return HISI_GENMASK64(dev->args.vfs, 1);
}

static void
pf_take_answer(struct hisi_qm_dev *dev, uint16_t vf, enum hisi_qm_ifc_command command)
{
	bool has_stopped = command == HISI_QM_IFC_VF_PREPARE_DONE;
	bool is_stop = has_stopped || command == HISI_QM_IFC_VF_PREPARE_FAIL;
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->phase != (is_stop ? HISI_QM_IFC_STOPPING : HISI_QM_IFC_STARTING) ||
			!(ifc->pending & HISI_BIT64(vf)))
		return;
	ifc->pending &= ~HISI_BIT64(vf);
	if (command == HISI_QM_IFC_VF_PREPARE_FAIL || command == HISI_QM_IFC_VF_START_FAIL)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines, "VF %u could not %s",
			vf, is_stop ? "stop all its queues" : "start again after the reset");
	/* One that could not stop waits for the reset all the more. */
	if (is_stop)
		ifc->stopped |= HISI_BIT64(vf);
}

static void
pf_take(struct hisi_qm_dev *dev, uint16_t vf, uint64_t message)
{
	switch (HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message)) {
	case HISI_QM_IFC_VF_PREPARE_DONE:
	case HISI_QM_IFC_VF_PREPARE_FAIL:
	case HISI_QM_IFC_VF_START_DONE:
	case HISI_QM_IFC_VF_START_FAIL:
		pf_take_answer(dev, vf, HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message));
		break;
	case HISI_QM_IFC_VF_GET_QOS:
		dev->ifc.unsaid[HISI_QM_IFC_WORD_QOS] |= HISI_BIT64(vf);
		break;
	case HISI_QM_IFC_VF_GET_ISOLATE:
		dev->ifc.unsaid[HISI_QM_IFC_WORD_ISOLATE] |= HISI_BIT64(vf);
		break;
	default:
		hisi_qm_ifc_note_unknown(dev, vf, message);
		break;
	}
}

/* One message of each VF that rang, at most. */
void
hisi_qm_ifc_pf_look(struct hisi_qm_dev *dev)
{
	struct hisi_qm_bus *bus = dev->bus;
	uint64_t rang = 0, message, bit;
	uint16_t vf;
	int ret = 0;

	if (bus->ops->read(bus, HISI_QM_IFC_INT_SOURCE_P, &rang, sizeof(rang)) != 0 ||
			!hisi_qm_ifc_is_there(rang, UINT64_MAX))
		return;
	/* Acknowledged in any case: its sender waits for that (qm.md 6.12). */
	bit = rang & ~own_vfs(dev);
	if (bit != 0)
		(void)bus->ops->write(bus, HISI_QM_IFC_INT_SOURCE_P, &bit, sizeof(bit));
	/* A mailbox that is stuck takes a second each time: after one the others stay rung. */
	for (vf = 1; vf <= dev->args.vfs && ret == 0; vf++) {
		bit = HISI_BIT64(vf);
		if (!(rang & bit))
			continue;
		message = 0;
		ret = hisi_qm_ifc_receive(dev, vf, &message);
		if (ret == 0)
			pf_take(dev, vf, message);
		(void)bus->ops->write(bus, HISI_QM_IFC_INT_SOURCE_P, &bit, sizeof(bit));
	}
	(void)hisi_qm_ifc_acknowledge(dev);
}

static int
pf_send(struct hisi_qm_dev *dev, uint16_t target, enum hisi_qm_ifc_command command, uint32_t data)
{
	dev->ifc.ack_deadline = hisi_qm_ifc_after_ms(IFC_ACK_MS);
	return hisi_qm_ifc_send(dev, target, command, data);
}

/*
 * Has any VF still to read the message before (qm.md 6.12)? The next one would take its place: of
 * V4 and V5 one register is for all VFs.
 */
static bool
pf_is_unread(struct hisi_qm_dev *dev)
{
	uint64_t waiting = 0;

	if (hisi_qm_ifc_is_past(dev->ifc.ack_deadline))
		return false;
	return dev->bus->ops->read(dev->bus, HISI_QM_IFC_READY_STATUS, &waiting,
			sizeof(waiting)) != 0 || (waiting & own_vfs(dev)) != 0;
}

/* One word to one VF. @return false: that was all, or not now */
static bool
pf_say_one(struct hisi_qm_dev *dev)
{
	uint64_t *unsaid = dev->ifc.unsaid;
	uint16_t vf;
	size_t i;

	for (i = 0; i < RTE_DIM(dev->ifc.unsaid) && unsaid[i] == 0; i++)
		;
	if (i == RTE_DIM(dev->ifc.unsaid) || pf_is_unread(dev))
		return false;
	vf = (uint16_t)__builtin_ctzll(unsaid[i]);
	unsaid[i] &= ~HISI_BIT64(vf);
	return pf_send(dev, vf, pf_words[i].command, pf_words[i].data) == 0;
}

/* Not while VFs are to stop: that is the one word that must arrive. */
void
hisi_qm_ifc_pf_say(struct hisi_qm_dev *dev)
{
	if (dev->ifc.phase != HISI_QM_IFC_IDLE && dev->ifc.phase != HISI_QM_IFC_STARTING)
		return;
	while (pf_say_one(dev))
		;
}

static void
pf_tell_stop(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	ifc->phase = HISI_QM_IFC_STOPPING;
	ifc->stopped = 0;
	ifc->pending = own_vfs(dev);
	/* The reset does that for them. */
	ifc->unsaid[HISI_QM_IFC_WORD_RESET] = 0;
	ifc->deadline = hisi_qm_ifc_after_ms(IFC_STOP_MS);
	HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
		"telling its %" PRIu32 " VFs to stop before the reset",
		dev->args.vfs);
	if (pf_send(dev, HISI_QM_IFC_MAILBOX_ALL, ifc->is_fatal ?
			HISI_QM_IFC_PF_SRST_PREPARE : HISI_QM_IFC_PF_FLR_PREPARE, 0) != 0)
		ifc->pending = 0;
}

/* Who has not even taken the message is not driven by anybody. */
static void
pf_forget_absent(struct hisi_qm_dev *dev)
{
	uint64_t waiting = 0, absent;

	if (dev->ifc.pending == 0 || !hisi_qm_ifc_is_past(dev->ifc.ack_deadline) ||
			dev->bus->ops->read(dev->bus, HISI_QM_IFC_READY_STATUS, &waiting,
				sizeof(waiting)) != 0)
		return;
	absent = dev->ifc.pending & waiting;
	if (absent != 0)
		HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
			"VFs 0x%" PRIx64 " (a bit per VF) take no message: no driver is there",
			absent);
	dev->ifc.pending &= ~absent;
}

bool
hisi_qm_ifc_pf_waits(struct hisi_qm_dev *dev, const char *what)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->pending != 0 && !hisi_qm_ifc_is_past(ifc->deadline))
		return true;
	if (ifc->pending != 0)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"VFs 0x%" PRIx64 " (a bit per VF) did not %s in time",
			ifc->pending, what);
	ifc->pending = 0;
	return false;
}

/* V5, all generations of it: no doorbell of any function until bring-up (qm.md 6.8). */
void
hisi_qm_ifc_pf_drop_doorbells(struct hisi_qm_dev *dev)
{
	const uint64_t all = UINT64_MAX;

	if (dev->version >= HISI_QM_V5)
		(void)dev->bus->ops->write(dev->bus, HISI_QM_DEV_DB_DROP, &all, sizeof(all));
}

int
hisi_qm_ifc_pf_before_reset(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->phase == HISI_QM_IFC_STOPPED)
		return 0;
	if (ifc->phase != HISI_QM_IFC_STOPPING) {
		pf_tell_stop(dev);
	} else {
		hisi_qm_ifc_pf_look(dev);
		pf_forget_absent(dev);
	}
	if (hisi_qm_ifc_pf_waits(dev, "stop"))
		return -EINPROGRESS;
	hisi_qm_ifc_pf_drop_doorbells(dev);
	ifc->phase = HISI_QM_IFC_STOPPED;
	return 0;
}

/* Also at the first start: VFs may wait for a PF whose process went and came again. */
int
hisi_qm_ifc_pf_report(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	ifc->pending = ifc->stopped;
	ifc->stopped = 0;
	ifc->is_fatal = false;
	ifc->deadline = hisi_qm_ifc_after_ms(IFC_START_MS);
	ifc->phase = HISI_QM_IFC_STARTING;
	(void)pf_send(dev, HISI_QM_IFC_MAILBOX_ALL, HISI_QM_IFC_PF_RESET_DONE, 0);
	return 0;
}

void
hisi_qm_ifc_farewell(struct hisi_qm_dev *dev)
{
	if (dev->is_vf || !hisi_qm_ifc_is_on(dev))
		return;
	while (hisi_qm_ifc_before_reset(dev) == -EINPROGRESS &&
			dev->bus->ops->alive(dev->bus) == 0)
		rte_delay_us_sleep(IFC_STEP_US);
}

void
hisi_qm_ifc_reset_vf(struct hisi_qm_dev *dev, uint16_t vf)
{
	if (dev->is_vf || !hisi_qm_ifc_is_on(dev) || !(own_vfs(dev) & HISI_BIT64(vf)))
		return;
	dev->ifc.unsaid[HISI_QM_IFC_WORD_RESET] |= HISI_BIT64(vf);
	hisi_qm_ifc_pf_say(dev);
}
