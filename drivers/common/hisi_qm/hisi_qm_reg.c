/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* Registers of a function by offset (qm.md 2): access, polling, tables of changes. */

int
hisi_qm_reg_read(struct hisi_qm_dev *dev, uint32_t offset, uint32_t *value)
{
	if (offset + sizeof(*value) > dev->bus->bar_len)
		return -ERANGE;
	return dev->bus->ops->read(dev->bus, offset, value, sizeof(*value));
}

int
hisi_qm_reg_write(struct hisi_qm_dev *dev, uint32_t offset, uint32_t value)
{
	if (offset + sizeof(value) > dev->bus->bar_len)
		return -ERANGE;
	return dev->bus->ops->write(dev->bus, offset, &value, sizeof(value));
}

int
hisi_qm_reg_poll(struct hisi_qm_dev *dev, uint32_t offset, uint32_t mask, uint32_t want,
	uint32_t timeout_us)
{
	uint64_t deadline = rte_get_timer_cycles() + timeout_us * rte_get_timer_hz() / 1000000;
	uint32_t value;
	bool late;
	int ret;

	for (;;) {
		/* Looked at before the register, so that a late scheduler costs no false alarm. */
		late = rte_get_timer_cycles() > deadline;
		ret = hisi_qm_reg_read(dev, offset, &value);
		if (ret != 0)
			return ret;
		if ((value & mask) == want)
			return 0;
		if (late)
			break;
		rte_delay_us_sleep(HISI_QM_POLL_STEP_US);
	}
	HISI_QM_DEV_TELL(dev, "register 0x%06" PRIx32 " %s reads 0x%" PRIx32
		", wanted 0x%" PRIx32 " under mask 0x%" PRIx32 " within %" PRIu32 " us",
		offset, hisi_hw_reg_name(dev->engine->regs, offset), value, want, mask, timeout_us);
	return -ETIME;
}

int
hisi_qm_reg_modify(struct hisi_qm_dev *dev, uint32_t offset, uint32_t clear, uint32_t set)
{
	uint32_t old = 0;
	int ret = 0;

	if (clear != UINT32_MAX)
		ret = hisi_qm_reg_read(dev, offset, &old);
	if (ret == 0)
		ret = hisi_qm_reg_write(dev, offset, (old & ~clear) | set);
	return ret;
}

static int
reg_run_step(struct hisi_qm_dev *dev, const struct hisi_qm_reg_step *step)
{
	uint32_t set = step->set;

	if (dev->version < step->min_version ||
			(step->max_version != 0 && dev->version > step->max_version))
		return 0;
	if (step->poll_us != 0)
		return hisi_qm_reg_poll(dev, step->offset, step->clear, step->clear,
			step->poll_us);
	if (step->set_from != 0)
		set |= dev->engine->value(dev, step->set_from);
	return hisi_qm_reg_modify(dev, step->offset, step->clear, set);
}

int
hisi_qm_reg_run_steps(struct hisi_qm_dev *dev, const struct hisi_qm_reg_step *steps,
	uint8_t count)
{
	uint8_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < count; i++)
		ret = reg_run_step(dev, &steps[i]);
	return ret;
}
