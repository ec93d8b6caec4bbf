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
	const char *(*bit_name)(uint64_t))
{
	uint32_t bit;

	for (bit = 0; bit < 32; bit++)
		if (status & HISI_BIT32(bit))
			HISI_QM_DEV_LOG(ERR, dev, "hardware error of the %s: %s (bit %" PRIu32
				"); see qm.md 2.5 and zip.md 1.2", block, bit_name(bit), bit);
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
			qm == UINT32_MAX || own == UINT32_MAX)
		return false;
	ras_name(dev, "queue manager", qm, hisi_qm_error_name);
	ras_name(dev, engine->name, own, engine->err_name);
	if (qm != 0)
		(void)hisi_qm_reg_write(dev, HISI_QM_ABNORMAL_INT_SOURCE, qm);
	if (own != 0)
		(void)hisi_qm_reg_write(dev, engine->err_source_reg, own);
	return (qm & hisi_qm_engine_cap(dev, engine->cap_qm_reset)) != 0 ||
		(own & hisi_qm_engine_cap(dev, engine->cap_reset)) != 0;
}
