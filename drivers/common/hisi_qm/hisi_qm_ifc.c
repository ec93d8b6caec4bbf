/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_ifc_internal.h"
#include "hisi_qm_log.h"

/* Messages as they go from a function to another, and what PF and VF have in common. */

/* Interrupts are an extra. */
#define IFC_LOOK_MS 5000
#define IFC_PING_MS 300
/* Not longer: the other end may be served by this very thread, or by nobody. */
#define IFC_TAKEN_MS 100
#define IFC_TAKEN_STEP_US 500
/* As long as a message is not acknowledged, its sender's ring interrupts nobody again. */
#define IFC_PACE_MS 20

bool
hisi_qm_ifc_is_on(const struct hisi_qm_dev *dev)
{
	return dev->version >= HISI_QM_V3 && (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_IFC) &&
		(dev->is_vf || dev->args.vfs != 0);
}

uint64_t
hisi_qm_ifc_after_ms(uint64_t ms)
{
	return rte_get_timer_cycles() + ms * rte_get_timer_hz() / 1000;
}

bool
hisi_qm_ifc_is_past(uint64_t deadline)
{
	return rte_get_timer_cycles() > deadline;
}

/* The interrupt of the function that a message is for (qm.md 2.6). */
static int
ring(struct hisi_qm_dev *dev, uint16_t target)
{
	uint32_t destination = target == HISI_QM_IFC_MAILBOX_ALL ? HISI_QM_IFC_ALL_VFS : target;
	int ret;

	if (dev->is_vf)
		return hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SET_V, 0, HISI_QM_IFC_BIT);
	ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_CFG, HISI_QM_IFC_CFG_DESTINATION,
		destination);
	if (ret == 0)
		ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SET_P, 0, HISI_QM_IFC_BIT);
	return ret;
}

/* Once per trouble: a device without VFs refuses each message for them. */
static void
report_unsent(struct hisi_qm_dev *dev, uint16_t target, enum hisi_qm_ifc_command command, int error)
{
	char peer[32] = "the PF";

	if (dev->ifc.unsent_told)
		return;
	dev->ifc.unsent_told = true;
	if (!dev->is_vf && target == HISI_QM_IFC_MAILBOX_ALL)
		snprintf(peer, sizeof(peer), "its VFs (vfs=%" PRIu32 ")", dev->args.vfs);
	else if (!dev->is_vf)
		snprintf(peer, sizeof(peer), "VF %u", target);
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"message %s to %s was not sent: %s%s", hisi_qm_ifc_command_name(command), peer,
		strerror(-error), dev->is_vf ? "" :
		"; make VFs, or leave vfs out if the device has none");
}

int
hisi_qm_ifc_send(struct hisi_qm_dev *dev, uint16_t target, enum hisi_qm_ifc_command command,
	uint32_t data)
{
	uint64_t message = HISI_FIELD_PREP(HISI_QM_IFC_COMMAND, (uint64_t)command) |
		HISI_FIELD_PREP(HISI_QM_IFC_DATA, (uint64_t)data);
	uint32_t offset = dev->is_vf ? HISI_QM_VF2PF_VF_W : HISI_QM_PF2VF_PF_W;
	int ret;

	dev->stats.messages_sent++;
	if (dev->version >= HISI_QM_V4)
		ret = dev->bus->ops->write(dev->bus, offset, &message, sizeof(message));
	else
		ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SRC, false, dev->is_vf ? 0 : target,
			message, NULL);
	if (ret == 0)
		ret = ring(dev, target);
	dev->ifc.is_unread = ret == 0 && dev->version < HISI_QM_V4;
	if (ret != 0)
		report_unsent(dev, target, command, ret);
	else
		dev->ifc.unsent_told = false;
	return ret;
}

/* qm.md 2.6: a VF's ring reads 1, a PF's has a bit per VF, until it was acknowledged. */
static bool
is_taken(struct hisi_qm_dev *dev)
{
	uint32_t offset = dev->is_vf ? HISI_QM_IFC_INT_SET_V : HISI_QM_IFC_READY_STATUS;
	uint64_t mask = dev->is_vf ? HISI_QM_IFC_BIT : HISI_GENMASK64(dev->args.vfs, 1);
	uint32_t len = dev->is_vf ? sizeof(uint32_t) : sizeof(uint64_t);
	uint64_t word = 0;

	/* Who cannot be asked is not waited for. */
	return dev->bus->ops->read(dev->bus, offset, &word, len) != 0 || (word & mask) == 0;
}

void
hisi_qm_ifc_settle(struct hisi_qm_dev *dev)
{
	uint64_t deadline = hisi_qm_ifc_after_ms(IFC_TAKEN_MS);

	if (!dev->ifc.is_unread)
		return;
	dev->ifc.is_unread = false;
	while (!is_taken(dev) && !hisi_qm_ifc_is_past(deadline))
		rte_delay_us_sleep(IFC_TAKEN_STEP_US);
}

int
hisi_qm_ifc_receive(struct hisi_qm_dev *dev, uint16_t source, uint64_t *message)
{
	uint32_t word = 0;
	int ret;

	dev->stats.messages_received++;
	if (dev->version < HISI_QM_V4)
		return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_DST, true, source, 0, message);
	if (dev->is_vf)
		return dev->bus->ops->read(dev->bus, HISI_QM_PF2VF_VF_R, message,
			sizeof(*message));
	ret = hisi_qm_reg_read(dev, HISI_QM_VF2PF_PF_R + 4 * source, &word);
	*message = word;
	return ret;
}

int
hisi_qm_ifc_acknowledge(struct hisi_qm_dev *dev)
{
	return hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SOURCE_V, 0, HISI_QM_IFC_BIT);
}

/* Said once: the other side may send what it likes. */
void
hisi_qm_ifc_note_unknown(struct hisi_qm_dev *dev, uint16_t source, uint64_t message)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message);

	dev->stats.messages_unknown++;
	if (dev->ifc.unknown_told)
		return;
	dev->ifc.unknown_told = true;
	HISI_QM_DEV_LOG(WARNING, dev, "message 0x%016" PRIx64 " (%s) of %s %u is not understood here; it and others like it are counted only",
		message, hisi_qm_ifc_command_name(command), source == 0 ? "the PF, function" : "VF",
		source);
}

/* A word of the device's own, or all ones of one that has left the bus. */
bool
hisi_qm_ifc_is_there(uint64_t word, uint64_t all_ones)
{
	return word != 0 && word != all_ones;
}

int
hisi_qm_ifc_start(struct hisi_qm_dev *dev)
{
	const uint64_t all = UINT64_MAX;
	int ret = 0;

	if (!hisi_qm_ifc_is_on(dev))
		return 0;
	if (dev->is_vf)
		hisi_qm_ifc_vf_keep(dev);
	else
		ret = dev->bus->ops->write(dev->bus, HISI_QM_IFC_INT_SOURCE_P, &all, sizeof(all));
	if (ret == 0)
		ret = hisi_qm_ifc_acknowledge(dev);
	if (ret == 0)
		ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_MASK, HISI_QM_IFC_BIT, 0);
	return ret;
}

int
hisi_qm_ifc_report(struct hisi_qm_dev *dev)
{
	uint8_t phase = dev->ifc.phase;

	if (!hisi_qm_ifc_is_on(dev))
		return 0;
	if (!dev->is_vf)
		return hisi_qm_ifc_pf_report(dev);
	dev->ifc.phase = HISI_QM_IFC_IDLE;
	if (phase != HISI_QM_IFC_IDLE)
		(void)hisi_qm_ifc_send(dev, 0, HISI_QM_IFC_VF_START_DONE, 0);
	return 0;
}

void
hisi_qm_ifc_report_failure(struct hisi_qm_dev *dev)
{
	if (hisi_qm_ifc_is_on(dev) && dev->is_vf && dev->ifc.phase == HISI_QM_IFC_BACK)
		(void)hisi_qm_ifc_send(dev, 0, HISI_QM_IFC_VF_START_FAIL, 0);
}

bool
hisi_qm_ifc_is_unsettled(const struct hisi_qm_dev *dev)
{
	const struct hisi_qm_ifc *ifc = &dev->ifc;
	uint64_t unsaid = 0;
	size_t i;

	for (i = 0; i < RTE_DIM(ifc->unsaid); i++)
		unsaid |= ifc->unsaid[i];
	return ifc->phase != HISI_QM_IFC_IDLE || ifc->is_deferred || unsaid != 0;
}

/* Did the interrupt come, is something awaited, or was it not looked for a while? */
static bool
ifc_is_due(struct hisi_qm_dev *dev)
{
	uint32_t vector = HISI_FIELD_GET(HISI_QM_CAP_IRQ_VECTOR,
		dev->caps[HISI_QM_CAP_IFC_IRQ]);
	uint64_t interrupts = vector < HISI_QM_MAX_VECTORS ? dev->stats.interrupts[vector] : 0;

	if (interrupts == dev->ifc.interrupts && !hisi_qm_ifc_is_unsettled(dev) &&
			!hisi_qm_ifc_is_past(dev->ifc.next_look))
		return false;
	dev->ifc.is_deferred = dev->ifc.phase == HISI_QM_IFC_IDLE &&
		!hisi_qm_ifc_is_past(dev->ifc.not_before);
	if (dev->ifc.is_deferred)
		return false;
	dev->ifc.not_before = hisi_qm_ifc_after_ms(IFC_PACE_MS);
	dev->ifc.interrupts = interrupts;
	dev->ifc.next_look = hisi_qm_ifc_after_ms(IFC_LOOK_MS);
	/* One that does not answer is not asked again before the next time. */
	return dev->bus->ops->ping(dev->bus, IFC_PING_MS) == 0;
}

enum hisi_qm_ifc_demand
hisi_qm_ifc_service(struct hisi_qm_dev *dev)
{
	uint64_t message = 0;

	if (!hisi_qm_ifc_is_on(dev) || !ifc_is_due(dev))
		return HISI_QM_IFC_NOTHING;
	if (dev->is_vf)
		return hisi_qm_ifc_vf_look(dev, &message) ?
			hisi_qm_ifc_vf_take(dev, message) : HISI_QM_IFC_NOTHING;
	hisi_qm_ifc_pf_look(dev);
	hisi_qm_ifc_pf_say(dev);
	if (dev->ifc.phase == HISI_QM_IFC_STARTING && !hisi_qm_ifc_pf_waits(dev, "start again"))
		dev->ifc.phase = HISI_QM_IFC_IDLE;
	return HISI_QM_IFC_NOTHING;
}

int
hisi_qm_ifc_before_reset(struct hisi_qm_dev *dev)
{
	if (!hisi_qm_ifc_is_on(dev)) {
		if (!dev->is_vf)
			hisi_qm_ifc_pf_drop_doorbells(dev);
		return 0;
	}
	return dev->is_vf ? hisi_qm_ifc_vf_before_reset(dev) : hisi_qm_ifc_pf_before_reset(dev);
}

void
hisi_qm_ifc_stop(struct hisi_qm_dev *dev)
{
	if (hisi_qm_ifc_is_on(dev))
		(void)hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_MASK, 0, HISI_QM_IFC_BIT);
}
