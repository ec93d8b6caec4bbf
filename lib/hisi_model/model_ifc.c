/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_event.h"
#include "model_function.h"
#include "model_ifc.h"
#include "model_regs.h"
#include "model_version.h"

/** The VFs that a message for @p target goes to, as a bit per function number. */
static uint64_t
vf_set(const struct model_device *dev, uint32_t target, uint32_t all)
{
	uint64_t vfs = (UINT64_MAX >> (64 - dev->nb_functions)) & ~UINT64_C(1);

	if (target == all)
		return vfs;
	return target < dev->nb_functions ? vfs & HISI_BIT64(target) : 0;
}

bool
model_ifc_send(struct model_function *fn, uint32_t target, uint64_t message)
{
	struct model_device *dev = fn->dev;
	uint64_t vfs;
	uint32_t i;

	if (!model_function_is_pf(fn) && target != 0)
		return false;
	if (!model_function_is_pf(fn)) {
		fn->ifc.to_pf = message;
		return true;
	}
	vfs = vf_set(dev, target, HISI_QM_IFC_MAILBOX_ALL);
	for (i = 1; i < dev->nb_functions; i++)
		if (vfs & HISI_BIT64(i))
			dev->functions[i]->ifc.to_vf = message;
	return vfs != 0;
}

uint64_t
model_ifc_receive(struct model_function *fn, uint32_t source)
{
	if (!model_function_is_pf(fn))
		return fn->ifc.to_vf;
	return source != 0 && source < fn->dev->nb_functions ?
		fn->dev->functions[source]->ifc.to_pf : 0;
}

/** Half of a 64-bit message register. */
static uint32_t
get_half(uint64_t message, bool is_high)
{
	return (uint32_t)(is_high ? message >> 32 : message);
}

static void
set_half(uint64_t *message, bool is_high, uint32_t value)
{
	*message = is_high ? (uint64_t)value << 32 | (uint32_t)*message :
		(*message & ~(uint64_t)UINT32_MAX) | value;
}

uint32_t
model_ifc_message_read(struct model_function *fn, uint32_t offset)
{
	uint32_t number = (offset - HISI_QM_VF2PF_PF_R) / 4;

	if (!fn->dev->version->has_message_registers)
		return 0;
	if (offset == HISI_QM_PF2VF_VF_R || offset == HISI_QM_PF2VF_VF_R + 4)
		return model_function_is_pf(fn) ? 0 :
			get_half(fn->dev->ifc.to_vfs, offset != HISI_QM_PF2VF_VF_R);
	/* 32 bits only: what a VF puts into the upper half does not arrive. */
	return number != 0 && number < fn->dev->nb_functions ?
		(uint32_t)fn->dev->functions[number]->ifc.to_pf : 0;
}

void
model_ifc_message_write(struct model_function *fn, uint32_t offset, uint32_t value)
{
	if (!fn->dev->version->has_message_registers)
		return;
	if (offset == HISI_QM_PF2VF_PF_W || offset == HISI_QM_PF2VF_PF_W + 4)
		set_half(&fn->dev->ifc.to_vfs, offset != HISI_QM_PF2VF_PF_W, value);
	else if (!model_function_is_pf(fn))
		set_half(&fn->ifc.to_pf, offset != HISI_QM_VF2PF_VF_W, value);
}

/** Interrupt of a function that somebody rang, unless its mask holds it back. */
static void
signal_ifc(struct model_function *fn)
{
	if (fn->ifc.is_source &&
	    !(model_regs_get(fn, HISI_QM_IFC_INT_MASK) & HISI_QM_INT_MASKED))
		model_event_interrupt(fn, HISI_QM_VECTOR_IFC);
}

static void
ring(struct model_function *fn)
{
	if (fn->ifc.is_source)
		return;
	fn->ifc.is_source = true;
	signal_ifc(fn);
}

static void
ring_vfs(struct model_device *dev, uint32_t destination)
{
	uint64_t vfs = vf_set(dev, destination, HISI_QM_IFC_ALL_VFS);
	uint32_t i;

	dev->ifc.waiting |= vfs;
	for (i = 1; i < dev->nb_functions; i++)
		if (vfs & HISI_BIT64(i))
			ring(dev->functions[i]);
}

static void
ring_pf(struct model_function *vf)
{
	/* The model's own PF driver takes messages at once. */
	if (vf->dev->config.is_pf_self) {
		model_self_hear(vf);
		return;
	}
	vf->ifc.is_ringing = true;
	vf->dev->ifc.source |= HISI_BIT64(vf->number);
	ring(vf->dev->functions[0]);
}

/** A function has read what it was rung for. */
static void
acknowledge(struct model_function *fn)
{
	fn->ifc.is_source = false;
	fn->dev->ifc.waiting &= ~HISI_BIT64(fn->number);
	/* A VF that rang between the PF's look and this must not be lost. */
	if (model_function_is_pf(fn) && fn->dev->ifc.source != 0)
		ring(fn);
}

/** The PF is done with the messages of these VFs. */
static void
release(struct model_device *dev, uint64_t vfs)
{
	uint32_t i;

	dev->ifc.source &= ~vfs;
	for (i = 1; i < dev->nb_functions; i++)
		if (vfs & HISI_BIT64(i))
			dev->functions[i]->ifc.is_ringing = false;
}

uint32_t
model_ifc_read(struct model_function *fn, uint32_t offset)
{
	const struct model_ifc *pf = &fn->dev->ifc;

	switch (offset) {
	case HISI_QM_IFC_INT_SOURCE_V:
		return fn->ifc.is_source;
	case HISI_QM_IFC_INT_STATUS:
		return fn->ifc.is_source &&
			!(model_regs_get(fn, HISI_QM_IFC_INT_MASK) & HISI_QM_INT_MASKED);
	case HISI_QM_IFC_INT_SET_V:
		return fn->ifc.is_ringing;
	case HISI_QM_IFC_READY_STATUS:
		return (uint32_t)pf->waiting;
	case HISI_QM_IFC_READY_STATUS + 4:
		return (uint32_t)(pf->waiting >> 32);
	case HISI_QM_IFC_INT_SOURCE_P:
		return (uint32_t)pf->source;
	case HISI_QM_IFC_INT_SOURCE_P + 4:
		return (uint32_t)(pf->source >> 32);
	default:
		return 0;
	}
}

void
model_ifc_write(struct model_function *fn, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case HISI_QM_IFC_INT_SOURCE_P:
		release(fn->dev, value);
		return;
	case HISI_QM_IFC_INT_SOURCE_P + 4:
		release(fn->dev, (uint64_t)value << 32);
		return;
	case HISI_QM_IFC_INT_MASK:
		signal_ifc(fn);
		return;
	}
	if (!(value & HISI_QM_IFC_BIT))
		return;
	if (offset == HISI_QM_IFC_INT_SOURCE_V)
		acknowledge(fn);
	else if (offset == HISI_QM_IFC_INT_SET_P)
		ring_vfs(fn->dev, HISI_FIELD_GET(HISI_QM_IFC_CFG_DESTINATION,
			model_regs_get(fn, HISI_QM_IFC_INT_CFG)));
	else if (offset == HISI_QM_IFC_INT_SET_V && !model_function_is_pf(fn))
		ring_pf(fn);
}

void
model_ifc_reset(struct model_function *fn)
{
	fn->ifc = (struct model_ifc_mailbox){ 0 };
	if (model_function_is_pf(fn)) {
		release(fn->dev, UINT64_MAX);
		fn->dev->ifc.waiting = 0;
		fn->dev->ifc.to_vfs = 0;
		return;
	}
	fn->dev->ifc.source &= ~HISI_BIT64(fn->number);
	fn->dev->ifc.waiting &= ~HISI_BIT64(fn->number);
}
