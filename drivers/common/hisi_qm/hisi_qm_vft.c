/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_devargs.h"
#include "hisi_qm_log.h"

#define VFT_TRIES 16

/* Which function has which queues (qm.md 6.3): a PF writes the table, a VF reads its own entry. */

static int
vft_poll(struct hisi_qm_dev *dev)
{
	return hisi_qm_reg_poll(dev, HISI_QM_VFT_CFG_RDY, HISI_QM_VFT_CFG_RDY_BIT,
		HISI_QM_VFT_CFG_RDY_BIT, HISI_QM_POLL_TIMEOUT_US);
}

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
	int ret = vft_poll(dev);

	if (ret == 0)
		ret = hisi_qm_reg_run_steps(dev, steps, RTE_DIM(steps));
	return ret == 0 ? vft_poll(dev) : ret;
}

/* Bits 63:32 of the SQC entry of a function: valid, and how many. */
static int
vft_read_sqc_high(struct hisi_qm_dev *dev, uint8_t function, uint32_t *high)
{
	const struct hisi_qm_reg_step steps[] = {
		{ HISI_QM_VFT_CFG_OP_WR, UINT32_MAX, HISI_QM_VFT_OP_READ, 0, 0 },
		{ HISI_QM_VFT_CFG_TYPE, UINT32_MAX, HISI_QM_VFT_SQC, 0, 0 },
		{ HISI_QM_VFT_CFG_ADDRESS, UINT32_MAX, HISI_FIELD_PREP(HISI_QM_VFT_ADDRESS_FUNCTION,
			(uint32_t)function), 0, 0 },
		{ HISI_QM_VFT_CFG_RDY, UINT32_MAX, 0, 0, 0 },
		{ HISI_QM_VFT_CFG_OP_ENABLE, UINT32_MAX, 1, 0, 0 },
	};
	int ret = vft_poll(dev);

	if (ret == 0)
		ret = hisi_qm_reg_run_steps(dev, steps, RTE_DIM(steps));
	if (ret == 0)
		ret = vft_poll(dev);
	return ret == 0 ? hisi_qm_reg_read(dev, HISI_QM_VFT_CFG_DATA_H, high) : ret;
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

/* SQC and CQC entry of a function, and with QoS its shaper; count 0 takes them away. */
static int
vft_give(struct hisi_qm_dev *dev, uint8_t function, uint16_t base, uint16_t count)
{
	uint32_t address = HISI_FIELD_PREP(HISI_QM_VFT_ADDRESS_FUNCTION, (uint32_t)function);
	int ret;

	ret = hisi_qm_vft_write(dev, address, HISI_QM_VFT_SQC, vft_sqc_entry(base, count));
	if (ret == 0)
		ret = hisi_qm_vft_write(dev, address, HISI_QM_VFT_CQC,
			count != 0 ? HISI_QM_VFT_CQC_VALID : 0);
	if (ret == 0 && count != 0 && (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_QOS))
		ret = vft_give_shaper(dev, function);
	return ret;
}

/* How many queues the device has, and how many of them one function may have (qm.md 2.2). */
static int
vft_read_limits(struct hisi_qm_dev *dev, uint32_t *total, uint32_t *most)
{
	int ret;

	*total = HISI_QM_MAX_QUEUES;
	*most = HISI_QM_MAX_QUEUES;
	if (dev->version < HISI_QM_V3)
		return 0;
	ret = hisi_qm_reg_read(dev, HISI_QM_CAPABILITY, &dev->capability_158);
	if (ret != 0)
		return ret;
	*total = RTE_MIN(HISI_FIELD_GET(HISI_QM_CAPABILITY_TOTAL_QPS, dev->capability_158),
		*total);
	/* Without isolation drivers do not look at it. */
	if (dev->is_isolated)
		*most = HISI_FIELD_GET(HISI_QM_CAPABILITY_FUNC_QPS, dev->capability_158);
	*most = RTE_MIN(*most, *total);
	if (*most != 0)
		return 0;
	HISI_QM_DEV_TELL(dev, "register qm_capability is 0x%" PRIx32
		": no queue pairs at all", dev->capability_158);
	return -ENODEV;
}

/* What was asked for against what there is; 0 and the PF's share. */
static int
vft_share(struct hisi_qm_dev *dev, uint32_t total, uint32_t most, uint32_t *own)
{
	const struct hisi_qm_devargs *args = &dev->args;
	uint32_t vfs = args->vfs * args->vf_queues;

	if (args->queues > most || (args->vfs != 0 && args->vf_queues > most)) {
		HISI_QM_DEV_TELL(dev, "%s=%" PRIu32 ", but the device has %" PRIu32 "%s",
			args->queues > most ? HISI_QM_ARG_QUEUES : HISI_QM_ARG_VF_QUEUES,
			args->queues > most ? args->queues : args->vf_queues, most,
			most < total ? " for one function; ask for fewer" :
			" in all; ask for fewer");
		return -EINVAL;
	}
	/* One queue at least stays with the PF: a function without any cannot be driven. */
	if (vfs + RTE_MAX(args->queues, 1u) > total) {
		HISI_QM_DEV_TELL(dev, "%" PRIu32 " VFs of %" PRIu32 " queues and %" PRIu32
			" for the PF are more than the %" PRIu32
			" of the device; ask for fewer (vfs, vf_queues, queues)", args->vfs,
			args->vf_queues, RTE_MAX(args->queues, 1u), total);
		return -EINVAL;
	}
	*own = args->queues != 0 ? args->queues : RTE_MIN(total - vfs, most);
	return 0;
}

/*
 * Entries of functions that get none stay valid where a reset of the PF does not clear the table
 * [UNK] (qm.md 10, 1): queues that are another function's now would be theirs as well. What a
 * driver before us left is cleared once; after that nobody but us writes the table. Looked at
 * first: over vfio-user that takes half the time of clearing all.
 */
static int
vft_clear_others(struct hisi_qm_dev *dev)
{
	const uint32_t valid = (uint32_t)(HISI_QM_VFT_SQC_VALID >> 32);
	uint32_t high = 0;
	uint8_t function;
	int ret = 0;

	if (dev->qps != NULL)
		return 0;
	for (function = 1; ret == 0 && function <= HISI_QM_MAX_VFS; function++) {
		ret = vft_read_sqc_high(dev, function, &high);
		if (ret == 0 && (high & valid))
			ret = vft_give(dev, function, 0, 0);
	}
	return ret;
}

int
hisi_qm_vft_give_all(struct hisi_qm_dev *dev)
{
	uint32_t total, most, own = 0, i;
	int ret;

	ret = vft_read_limits(dev, &total, &most);
	if (ret == 0)
		ret = vft_share(dev, total, most, &own);
	if (ret == 0)
		ret = vft_clear_others(dev);
	if (ret == 0)
		ret = vft_give(dev, 0, 0, (uint16_t)own);
	for (i = 1; ret == 0 && i <= dev->args.vfs; i++)
		ret = vft_give(dev, (uint8_t)i, (uint16_t)(own + (i - 1) * dev->args.vf_queues),
			(uint16_t)dev->args.vf_queues);
	dev->nb_queues = (uint16_t)own;
	return ret;
}

void
hisi_qm_vft_take_all(struct hisi_qm_dev *dev)
{
	uint32_t i;

	for (i = 0; i <= dev->args.vfs; i++)
		(void)vft_give(dev, (uint8_t)i, 0, 0);
}

/*
 * Another VF may ask just now, and its answer looks like ours but for the entry (qm.md 3.3): it
 * counts when it comes twice in a row.
 */
static int
vft_ask_own(struct hisi_qm_dev *dev, uint64_t *entry)
{
	uint64_t before = 0;
	int ret, tries;

	for (tries = 0; tries < VFT_TRIES; tries++) {
		ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC_VFT, true, 0, 0, entry);
		if (ret != 0 || (tries != 0 && *entry == before))
			return ret;
		before = *entry;
	}
	HISI_QM_DEV_TELL(dev, "asked %d times, its VFT entry was another one each time, last 0x%016"
		PRIx64, VFT_TRIES, *entry);
	return -EIO;
}

/* qm.md 6.4 step 2: a VF learns from the mailbox which queues its PF gave it. */
int
hisi_qm_vft_read_own(struct hisi_qm_dev *dev)
{
	uint64_t entry;
	int ret;

	if (dev->args.vfs != 0) {
		HISI_QM_DEV_TELL(dev, "vfs=%" PRIu32 " is for a PF, and this is a VF; leave it out",
			dev->args.vfs);
		return -EINVAL;
	}
	ret = vft_ask_own(dev, &entry);
	if (ret != 0)
		return ret;
	if (!(entry & HISI_QM_VFT_SQC_VALID)) {
		HISI_QM_DEV_TELL(dev,
			"this VF has no queues (VFT entry 0x%016" PRIx64 "); its PF must give it some",
			entry);
		return -ENXIO;
	}
	dev->nb_queues = (uint16_t)(HISI_FIELD_GET(HISI_QM_VFT_SQC_COUNT, entry) + 1);
	return 0;
}
