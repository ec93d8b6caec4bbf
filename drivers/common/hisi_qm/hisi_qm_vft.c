/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* Which function has which queues (qm.md 6.3): a PF writes the table, a VF reads its own entry. */

/* qm.md 6.3: one operation on one VFT entry. */
int
hisi_qm_vft_write(struct hisi_qm_dev *dev, uint32_t address, enum hisi_qm_vft_type type,
	uint64_t entry)
{
	const struct hisi_qm_reg_step steps[] = {
		{ HISI_QM_VFT_CFG_OP_WR, UINT32_MAX, HISI_QM_VFT_OP_WRITE, 0, 0 },
		{ HISI_QM_VFT_CFG_TYPE, UINT32_MAX, type, 0, 0 },
		{ HISI_QM_VFT_CFG_ADDRESS, UINT32_MAX, address, 0, 0 },
		{ HISI_QM_VFT_CFG_DATA_L, UINT32_MAX, (uint32_t)entry, 0, 0 },
		{ HISI_QM_VFT_CFG_DATA_H, UINT32_MAX, (uint32_t)(entry >> 32), 0, 0 },
		{ HISI_QM_VFT_CFG_RDY, UINT32_MAX, 0, 0, 0 },
		{ HISI_QM_VFT_CFG_OP_ENABLE, UINT32_MAX, 1, 0, 0 },
	};
	int ret;

	ret = hisi_qm_reg_poll(dev, HISI_QM_VFT_CFG_RDY, HISI_QM_VFT_CFG_RDY_BIT,
		HISI_QM_VFT_CFG_RDY_BIT, HISI_QM_POLL_TIMEOUT_US);
	if (ret == 0)
		ret = hisi_qm_reg_run_steps(dev, steps, RTE_DIM(steps));
	if (ret == 0)
		ret = hisi_qm_reg_poll(dev, HISI_QM_VFT_CFG_RDY, HISI_QM_VFT_CFG_RDY_BIT,
			HISI_QM_VFT_CFG_RDY_BIT, HISI_QM_POLL_TIMEOUT_US);
	return ret;
}

static uint64_t
vft_sqc_entry(uint16_t base, uint16_t count)
{
	if (count == 0)
		return 0;
	return HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, (uint64_t)base) | HISI_QM_VFT_SQC_VALID |
		HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, (uint64_t)count - 1);
}

static int
vft_give_shaper(struct hisi_qm_dev *dev, uint8_t function)
{
	uint32_t address, alg_type;
	int ret;

	ret = hisi_qm_reg_write(dev, HISI_QM_SHAPER_CFG, dev->engine->shaper_rates);
	for (alg_type = 0; ret == 0 && alg_type < 2; alg_type++) {
		address = HISI_FIELD_PREP(HISI_QM_VFT_ADDRESS_FUNCTION, (uint32_t)function) |
			HISI_FIELD_PREP(HISI_QM_VFT_ADDRESS_ALG_TYPE, alg_type);
		ret = hisi_qm_vft_write(dev, address, HISI_QM_VFT_SHAPER,
			HISI_QM_VFT_SHAPER_DEFAULT);
	}
	return ret;
}

/* The PF's own queues: from 0 on, all the chip has or as many as asked for. */
int
hisi_qm_vft_give_own(struct hisi_qm_dev *dev)
{
	uint32_t total = HISI_QM_MAX_QUEUES;
	int ret = 0;

	if (dev->version >= HISI_QM_V3)
		ret = hisi_qm_reg_read(dev, HISI_QM_CAPABILITY, &dev->capability_158);
	if (ret != 0)
		return ret;
	if (dev->version >= HISI_QM_V3)
		total = HISI_FIELD_GET(HISI_QM_CAPABILITY_TOTAL_QPS, dev->capability_158);
	total = RTE_MIN(total, (uint32_t)HISI_QM_MAX_QUEUES);
	if (dev->args.queues > total) {
		HISI_QM_DEV_LOG(ERR, dev, "queues=%" PRIu32 ", but the device has %" PRIu32
			" in all; ask for fewer", dev->args.queues, total);
		return -EINVAL;
	}
	dev->nb_queues = (uint16_t)(dev->args.queues != 0 ? dev->args.queues : total);
	if (dev->nb_queues == 0) {
		HISI_QM_DEV_LOG(ERR, dev, "register qm_capability is 0x%" PRIx32
			": no queue pairs at all", dev->capability_158);
		return -ENODEV;
	}
	ret = hisi_qm_vft_write(dev, 0, HISI_QM_VFT_SQC, vft_sqc_entry(0, dev->nb_queues));
	if (ret == 0)
		ret = hisi_qm_vft_write(dev, 0, HISI_QM_VFT_CQC, HISI_QM_VFT_CQC_VALID);
	if (ret == 0 && (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_QOS))
		ret = vft_give_shaper(dev, 0);
	return ret;
}

/* qm.md 6.4 step 2: a VF learns from the mailbox which queues its PF gave it. */
int
hisi_qm_vft_read_own(struct hisi_qm_dev *dev)
{
	uint64_t entry;
	int ret;

	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC_VFT, true, 0, 0, &entry);
	if (ret != 0)
		return ret;
	if (!(entry & HISI_QM_VFT_SQC_VALID)) {
		HISI_QM_DEV_LOG(ERR, dev,
			"this VF has no queues (VFT entry 0x%016" PRIx64 "); its PF must give it some",
			entry);
		return -ENODEV;
	}
	dev->nb_queues = (uint16_t)(HISI_FIELD_GET(HISI_QM_VFT_SQC_COUNT, entry) + 1);
	return 0;
}
