/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* Hardware errors of a PF (qm.md 2.5, 6.10). A VF sees timeouts and asynchronous events only. */

static void
ras_name(struct hisi_qm_dev *dev, const char *block, uint32_t status,
	const char *(*bit_name)(uint64_t), const char *section, uint64_t *seen)
{
	uint32_t bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(status & HISI_BIT32(bit)))
			continue;
		dev->stats.hardware_errors++;
		seen[bit]++;
		HISI_QM_DEV_LOG_LIMITED(ERR, dev, &dev->error_lines,
			"hardware error of the %s: %s (bit %" PRIu32 "); see %s",
			block, bit_name(bit), bit, section);
	}
}

uint64_t
hisi_qm_ras_interrupts(const struct hisi_qm_dev *dev)
{
	uint32_t vector = HISI_FIELD_GET(HISI_QM_CAP_IRQ_VECTOR,
		dev->caps[HISI_QM_CAP_ABNORMAL_IRQ]);

	return dev->is_vf || vector >= HISI_QM_MAX_VECTORS ? 0 : dev->stats.interrupts[vector];
}

/*
 * V5 tells whose DMA failed; bit 0 is the PF. The VFs are told (qm.md 6.10): each has a driver of
 * its own. Not where the PF is reset, which takes their queues along: they hear of that.
 */
static bool
ras_is_own_dma(struct hisi_qm_dev *dev, uint32_t qm)
{
	const uint32_t dma = HISI_BIT32(HISI_QM_ERR_AXI_RRESP) | HISI_BIT32(HISI_QM_ERR_AXI_BRESP);
	struct hisi_qm_bus *bus = dev->bus;
	uint64_t functions = 0;
	uint16_t vf;

	if (dev->version < HISI_QM_V5 || !(qm & dma) || bus->ops->read(bus,
			HISI_QM_FUNC_AXI_ERR_ST0, &functions, sizeof(functions)) != 0)
		return false;
	(void)bus->ops->write(bus, HISI_QM_FUNC_AXI_ERR_ST0, &functions, sizeof(functions));
	for (vf = 1; vf <= HISI_QM_MAX_VFS && !(functions & 1); vf++)
		if (functions & HISI_BIT64(vf))
			hisi_qm_ifc_reset_vf(dev, vf);
	return functions & 1;
}

/*
 * qm.md 6.10, zip.md 1.3: firmware may have switched off the report of what it saw, so that is
 * switched on again.
 */
static void
ras_rearm(struct hisi_qm_dev *dev, uint32_t qm, uint32_t own)
{
	const struct hisi_qm_engine *engine = dev->engine;

	if (qm != 0)
		(void)hisi_qm_reg_write(dev, HISI_QM_ABNORMAL_INT_SOURCE, qm);
	if (own != 0)
		(void)hisi_qm_reg_write(dev, engine->err_source_reg, own);
	(void)hisi_qm_reg_write(dev, HISI_QM_RAS_NFE_ENABLE,
		hisi_qm_engine_cap(dev, engine->cap_qm_nfe));
	(void)hisi_qm_reg_write(dev, HISI_QM_RAS_CE_ENABLE,
		hisi_qm_engine_cap(dev, engine->cap_qm_ce));
	(void)hisi_qm_reg_run_steps(dev, engine->ras_rearm, engine->nb_ras_rearm);
}

/*
 * Before a reset the sources stay as they are, and what was seen is not reported again (qm.md 6.10,
 * zip.md 1.3); bring-up clears the ones and switches on the others.
 */
static void
ras_hush(struct hisi_qm_dev *dev, uint32_t qm, uint32_t own)
{
	const struct hisi_qm_engine *engine = dev->engine;

	(void)hisi_qm_reg_write(dev, HISI_QM_RAS_NFE_ENABLE,
		hisi_qm_engine_cap(dev, engine->cap_qm_nfe) & ~qm);
	(void)hisi_qm_reg_write(dev, engine->err_nfe_reg,
		hisi_qm_engine_cap(dev, engine->cap_nfe) & ~own);
}

bool
hisi_qm_ras_service(struct hisi_qm_dev *dev)
{
	const struct hisi_qm_engine *engine = dev->engine;
	uint32_t qm = 0, own = 0;

	if (dev->is_vf)
		return false;
	if (hisi_qm_reg_read(dev, HISI_QM_ABNORMAL_INT_STATUS, &qm) != 0 ||
			hisi_qm_reg_read(dev, engine->err_status_reg, &own) != 0 ||
			qm == UINT32_MAX || own == UINT32_MAX || (qm | own) == 0)
		return false;
	ras_name(dev, "queue manager", qm, hisi_qm_error_name, "qm.md 2.5", dev->seen.qm);
	ras_name(dev, engine->name, own, engine->err_name, engine->err_section, dev->seen.engine);
	if ((qm & hisi_qm_engine_cap(dev, engine->cap_qm_reset)) != 0 ||
			(own & hisi_qm_engine_cap(dev, engine->cap_reset)) != 0) {
		dev->ifc.is_fatal = true;
		ras_hush(dev, qm, own);
		return true;
	}
	ras_rearm(dev, qm, own);
	return ras_is_own_dma(dev, qm);
}

/* zip.md 1.3, qm.md 6.7: whoever drives the function next switches on what he wants to hear of. */
void
hisi_qm_ras_stop(struct hisi_qm_dev *dev)
{
	(void)hisi_qm_reg_run_steps(dev, dev->engine->ras_off, dev->engine->nb_ras_off);
	(void)hisi_qm_reg_write(dev, HISI_QM_ABNORMAL_INT_MASK, UINT32_MAX);
	if (dev->version >= HISI_QM_V3)
		(void)hisi_qm_reg_write(dev, HISI_QM_OOO_SHUTDOWN_SEL, 0);
}
