/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The model's own PF driver resets its PF while VFs are at work (qm.md 6.8, 6.12).
 */

#include <string.h>

#include <hisi_qm_caps.h>
#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_function.h"
#include "model_ifc.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_self.h"
#include "model_version.h"

/* How long VFs may take to answer; the kernel gives them 20 s, which nobody would sit through. */
#define ANSWER_LIMIT_NS UINT64_C(5000000000)

static void
write_word(struct model_function *pf, uint32_t offset, uint32_t value)
{
	model_function_bar_write(pf, offset, &value, sizeof(value));
}

/** VFs that somebody drives, a bit per function number. */
static uint64_t
vfs_at_work(const struct model_device *dev)
{
	uint64_t vfs = 0;
	uint32_t i;

	for (i = 1; i < dev->nb_functions; i++)
		if (dev->functions[i]->has_client)
			vfs |= HISI_BIT64(i);
	return vfs;
}

/** Leave a message for all VFs, ring, and wait for what they say to it. */
static void
tell_vfs(struct model_device *dev, enum model_self_phase phase, uint32_t command)
{
	struct model_function *pf = dev->functions[0];

	dev->self.phase = phase;
	dev->self.waiting = vfs_at_work(dev);
	dev->self.deadline_ns = model_now_ns() + ANSWER_LIMIT_NS;
	if (dev->version->has_message_registers) {
		write_word(pf, HISI_QM_PF2VF_PF_W, command);
		write_word(pf, HISI_QM_PF2VF_PF_W + 4, 0);
	} else {
		(void)model_ifc_send(pf, HISI_QM_IFC_MAILBOX_ALL, command);
	}
	write_word(pf, HISI_QM_IFC_INT_CFG, HISI_QM_IFC_ALL_VFS);
	write_word(pf, HISI_QM_IFC_INT_SET_P, HISI_QM_IFC_BIT);
}

void
model_self_hear(struct model_function *vf)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, vf->ifc.to_pf);
	struct model_self *self = &vf->dev->self;

	if ((self->phase == MODEL_SELF_PREPARING && (command == HISI_QM_IFC_VF_PREPARE_DONE ||
	     command == HISI_QM_IFC_VF_PREPARE_FAIL)) ||
	    (self->phase == MODEL_SELF_STARTING && (command == HISI_QM_IFC_VF_START_DONE ||
	     command == HISI_QM_IFC_VF_START_FAIL)))
		self->waiting &= ~HISI_BIT64(vf->number);
}

bool
model_self_can_reset(const struct model_device *dev)
{
	return dev->config.is_pf_self && (dev->version->func_caps & HISI_QM_CAP_IFC);
}

bool
model_self_reset(struct model_device *dev)
{
	if (!model_self_can_reset(dev) || dev->self.phase != MODEL_SELF_IDLE)
		return false;
	model_device_log(dev, VFIO_USER_LOG_INFO, "the model's PF is to be reset");
	tell_vfs(dev, MODEL_SELF_PREPARING, HISI_QM_IFC_PF_FLR_PREPARE);
	return true;
}

/** All have answered, are gone, or had their time. */
static bool
is_answered(struct model_device *dev)
{
	uint64_t silent = dev->self.waiting & vfs_at_work(dev);

	if (silent == 0)
		return true;
	if (model_now_ns() < dev->self.deadline_ns)
		return false;
	model_device_log(dev, VFIO_USER_LOG_WARNING, "%u VFs did not answer the model's PF",
		(unsigned int)__builtin_popcountll(silent));
	return true;
}

bool
model_self_reset_step(struct model_device *dev)
{
	if (dev->self.phase == MODEL_SELF_IDLE)
		return false;
	if (!is_answered(dev))
		return true;
	if (dev->self.phase == MODEL_SELF_STARTING) {
		dev->self.phase = MODEL_SELF_IDLE;
		model_device_log(dev, VFIO_USER_LOG_INFO, "the model's PF was reset");
		return false;
	}
	model_function_reset(dev->functions[0]);
	model_self_start(dev);
	tell_vfs(dev, MODEL_SELF_STARTING, HISI_QM_IFC_PF_RESET_DONE);
	return true;
}
