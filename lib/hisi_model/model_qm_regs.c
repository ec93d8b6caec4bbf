/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The queue manager's registers (qm.md 2): what each word does when read and written.
 */

#include <stddef.h>

#include <hisi_qm_caps.h>
#include <hisi_qm_regs.h>

#include "model_context.h"
#include "model_device.h"
#include "model_engine.h"
#include "model_event.h"
#include "model_function.h"
#include "model_ifc.h"
#include "model_mailbox.h"
#include "model_queue.h"
#include "model_regs.h"
#include "model_version.h"
#include "model_vft.h"

static uint32_t
read_event_source(struct model_function *fn, uint32_t offset)
{
	return model_event_source(fn, offset == HISI_QM_VF_EQ_INT_SOURCE ? MODEL_EVENT_EQ :
		MODEL_EVENT_AEQ);
}

static void
write_event_mask(struct model_function *fn, uint32_t offset, uint32_t value)
{
	(void)value;
	model_event_mask_changed(fn, offset == HISI_QM_VF_EQ_INT_MASK ? MODEL_EVENT_EQ :
		MODEL_EVENT_AEQ);
}

static void
write_back_start(struct model_function *fn, uint32_t offset, uint32_t value)
{
	(void)offset;
	if (!(value & HISI_QM_CACHE_WB_BIT))
		return;
	model_context_write_back(fn);
	fn->is_write_back_done = true;
}

static uint32_t
read_write_back_done(struct model_function *fn, uint32_t offset)
{
	(void)offset;
	return fn->is_write_back_done ? HISI_QM_CACHE_WB_BIT : 0;
}

static uint32_t
read_sub_version(struct model_function *fn, uint32_t offset)
{
	(void)offset;
	return fn->dev->version->sub_version;
}

static uint32_t
read_isolation(struct model_function *fn, uint32_t offset)
{
	(void)offset;
	return fn->dev->config.isolated_queues != 0 ? HISI_QM_ISO_ENABLED : 0;
}

static uint32_t
read_capability(struct model_function *fn, uint32_t offset)
{
	const struct model_engine *engine = fn->dev->engine;
	uint32_t i;

	if (!fn->dev->version->has_capabilities)
		return 0;
	if (offset == HISI_QM_FUNC_CAPS)
		return fn->dev->version->func_caps;
	for (i = 0; i < HISI_QM_CAP_COUNT; i++)
		if (hisi_qm_cap_table[i].offset == offset)
			break;
	if (i == HISI_QM_CAP_IFC_IRQ && !(fn->dev->version->func_caps & HISI_QM_CAP_IFC))
		return 0; /* no such interrupt without messages */
	if (i < HISI_QM_CAP_COUNT)
		return hisi_qm_cap_table[i].v3;
	for (i = 0; i < engine->nb_caps; i++)
		if (engine->caps[i].offset == offset)
			return engine->caps[i].v3;
	return 0;
}

static uint32_t
read_abnormal_source(struct model_function *pf, uint32_t offset)
{
	(void)offset;
	return model_ras_source(pf->dev, MODEL_RAS_QM);
}

static uint32_t
read_abnormal_status(struct model_function *pf, uint32_t offset)
{
	(void)offset;
	return model_ras_status(pf->dev, MODEL_RAS_QM);
}

static void
write_abnormal_source(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	model_ras_clear(pf->dev, MODEL_RAS_QM, value);
}

static void
write_abnormal_mask(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	(void)value;
	model_ras_mask_changed(pf->dev, MODEL_RAS_QM);
}

static void
write_abnormal_set(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	model_ras_report(pf->dev, MODEL_RAS_QM, value);
}

static void
write_memory_init(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	if (!(value & HISI_QM_MEM_INIT_START_BIT))
		return;
	/* The tables lie in the memories that this initialises: a driver writes them after it. */
	model_vft_clear(pf->dev);
	model_regs_set(pf, HISI_QM_MEM_INIT_DONE, HISI_QM_MEM_INIT_DONE_BIT);
}

static void
write_vft_enable(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	if (value & 1)
		model_vft_run(pf);
}

static uint32_t
read_revision(struct model_function *pf, uint32_t offset)
{
	(void)offset;
	return pf->dev->version->revision;
}

static uint32_t
read_queue_numbers(struct model_function *pf, uint32_t offset)
{
	uint32_t of_function = pf->dev->config.isolated_queues;

	(void)offset;
	if (!pf->dev->version->has_capabilities)
		return 0;
	if (of_function == 0)
		of_function = pf->dev->nb_queues;
	return HISI_FIELD_PREP(HISI_QM_CAPABILITY_TOTAL_QPS, pf->dev->nb_queues) |
		HISI_FIELD_PREP(HISI_QM_CAPABILITY_FUNC_QPS, of_function);
}

static uint32_t
read_counter(struct model_function *pf, uint32_t offset)
{
	const struct model_device_stats *stats = &pf->dev->stats;

	switch (offset) {
	case HISI_QM_DFX_MB_CNT:
		return model_stat_get(&stats->nb_mailboxes);
	case HISI_QM_DFX_DB_CNT:
		return model_stat_get(&stats->nb_doorbells) +
			model_stat_get(&stats->nb_shadow_doorbells);
	case HISI_QM_DFX_SQE_CNT:
	case HISI_QM_DFX_CQE_CNT:
	case HISI_QM_DFX_TO_ACC_CNT:
	case HISI_QM_DFX_WB_CNT:
	case HISI_QM_DFX_ACC_FINISH_CNT:
		return model_stat_get(&stats->nb_sqes);
	case HISI_QM_DFX_CQE_ERR_CNT:
		return model_stat_get(&stats->nb_sqe_errors);
	default:
		return 0;
	}
}

static uint32_t
read_idle(struct model_function *pf, uint32_t offset)
{
	uint32_t i;

	(void)offset;
	for (i = 0; i < pf->dev->nb_active; i++)
		if (model_queue_backlog(pf->dev->active[i]) != 0)
			return 0;
	return HISI_QM_IN_IDLE_BIT;
}

#define RW(offset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, 0, NULL, NULL }
#define RW_RESET(offset, reset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, reset, NULL, NULL }
#define RO(offset) { offset, 1, MODEL_REG_RO, MODEL_REG_PF, 0, NULL, NULL }
#define RO_READ(offset, read) { offset, 1, MODEL_REG_RO, MODEL_REG_PF, 0, read, NULL }
#define WO(offset, write) { offset, 1, MODEL_REG_WO, MODEL_REG_PF, 0, NULL, write }
#define FN_RW(offset, reset) { offset, 1, MODEL_REG_RW, MODEL_REG_ALL, reset, NULL, NULL }
#define FN_RO(offset, read) { offset, 1, MODEL_REG_RO, MODEL_REG_ALL, 0, read, NULL }

/* Sorted by offset. Mailbox and doorbells are not here: they are not words. */
const struct model_reg model_qm_regs[] = {
	FN_RO(HISI_QM_VF_AEQ_INT_SOURCE, read_event_source),
	{ HISI_QM_VF_AEQ_INT_MASK, 1, MODEL_REG_RW, MODEL_REG_ALL, HISI_QM_INT_MASKED, NULL,
		write_event_mask },
	FN_RO(HISI_QM_VF_EQ_INT_SOURCE, read_event_source),
	{ HISI_QM_VF_EQ_INT_MASK, 1, MODEL_REG_RW, MODEL_REG_ALL, HISI_QM_INT_MASKED, NULL,
		write_event_mask },
	{ HISI_QM_IFC_INT_SOURCE_V, 1, MODEL_REG_W1C, MODEL_REG_ALL, 0, model_ifc_read,
		model_ifc_write },
	{ HISI_QM_IFC_INT_MASK, 1, MODEL_REG_RW, MODEL_REG_ALL, HISI_QM_INT_MASKED, NULL,
		model_ifc_write },
	FN_RO(HISI_QM_IFC_INT_STATUS, model_ifc_read),
	{ HISI_QM_IFC_INT_SET_V, 1, MODEL_REG_W1C, MODEL_REG_ALL, 0, model_ifc_read,
		model_ifc_write },
	FN_RO(HISI_QM_QUE_ISO_CFG_V, read_isolation),
	FN_RW(HISI_QM_PAGE_SIZE, 0),
	FN_RW(HISI_QM_FUN_DB_DROP, 0),
	FN_RW(HISI_QM_VF_STATE, HISI_QM_VF_STATE_NOT_READY),
	FN_RO(HISI_QM_DFX_FUNS_ACTIVE_ST, NULL),
	{ HISI_QM_CACHE_WB_START, 1, MODEL_REG_WO, MODEL_REG_ALL, 0, NULL, write_back_start },
	FN_RO(HISI_QM_CACHE_WB_DONE, read_write_back_done),
	FN_RO(HISI_QM_SUB_VERSION_ID, read_sub_version),
	{ HISI_QM_MAILBOX, 4, MODEL_REG_RO, MODEL_REG_ALL, 0, model_mailbox_read, NULL },
	{ HISI_QM_VF2PF_VF_W, 2, MODEL_REG_WO, MODEL_REG_VF, 0, NULL, model_ifc_message_write },
	{ HISI_QM_PF2VF_VF_R, 2, MODEL_REG_RO, MODEL_REG_VF, 0, model_ifc_message_read, NULL },
	{ HISI_QM_FUNC_CAPS, 0x40, MODEL_REG_RO, MODEL_REG_ALL, 0, read_capability, NULL },

	{ HISI_QM_ABNORMAL_INT_SOURCE, 1, MODEL_REG_W1C, MODEL_REG_PF, 0, read_abnormal_source,
		write_abnormal_source },
	{ HISI_QM_ABNORMAL_INT_MASK, 1, MODEL_REG_RW, MODEL_REG_PF, UINT32_MAX, NULL,
		write_abnormal_mask },
	RO_READ(HISI_QM_ABNORMAL_INT_STATUS, read_abnormal_status),
	WO(HISI_QM_ABNORMAL_INT_SET, write_abnormal_set),
	RO(HISI_QM_ABNORMAL_INF00),
	RO(HISI_QM_ABNORMAL_INF01),
	RO(HISI_QM_ABNORMAL_INF02),
	WO(HISI_QM_MEM_START_INIT, write_memory_init),
	RO(HISI_QM_MEM_INIT_DONE),
	RW(HISI_QM_CACHE_CTL),
	WO(HISI_QM_VFT_CFG_OP_ENABLE, write_vft_enable),
	RW(HISI_QM_VFT_CFG_OP_WR),
	RW(HISI_QM_VFT_CFG_TYPE),
	RW(HISI_QM_VFT_CFG_ADDRESS),
	RW(HISI_QM_VFT_CFG_DATA_L),
	RW(HISI_QM_VFT_CFG_DATA_H),
	RW_RESET(HISI_QM_VFT_CFG_RDY, HISI_QM_VFT_CFG_RDY_BIT),
	RW(HISI_QM_TIMEOUT_CFG),
	RW(HISI_QM_DB_TIMEOUT_CFG),
	RW(HISI_QM_FLR_PENDING_TIME_CFG),
	RW(HISI_QM_ARUSER_M_CFG_1),
	RW(HISI_QM_ARUSER_M_CFG_ENABLE),
	RW(HISI_QM_AWUSER_M_CFG_1),
	RW(HISI_QM_AWUSER_M_CFG_ENABLE),
	RW(HISI_QM_WUSER_M_CFG_ENABLE),
	RW(HISI_QM_AXI_M_CFG),
	RW(HISI_QM_AXI_M_CFG_ENABLE),
	RW(HISI_QM_PEH_AXUSER_CFG),
	RW(HISI_QM_PEH_AXUSER_CFG_ENABLE),
	RW_RESET(HISI_QM_PEH_VENDOR_ID, HISI_PCI_VENDOR_ID),
	RO_READ(HISI_QM_REVISION_COPY, read_revision),
	RW(HISI_QM_RAS_CE_ENABLE),
	RW(HISI_QM_RAS_FE_ENABLE),
	RW(HISI_QM_RAS_NFE_ENABLE),
	RW(HISI_QM_RAS_CE_THRESHOLD),
	RO(HISI_QM_PEH_DFX_INFO0),
	RO(HISI_QM_PEH_DFX_INFO1),
	RW(HISI_QM_DFX_CNT_CLR_CE),
	RW(HISI_QM_AXI_TIMEOUT_CTRL),
	RO(HISI_QM_AXI_TIMEOUT_STATUS),
	{ HISI_QM_IFC_READY_STATUS, 2, MODEL_REG_RO, MODEL_REG_PF, 0, model_ifc_read, NULL },
	{ HISI_QM_IFC_INT_SET_P, 1, MODEL_REG_WO, MODEL_REG_PF, 0, NULL, model_ifc_write },
	RW(HISI_QM_IFC_INT_CFG),
	{ HISI_QM_IFC_INT_SOURCE_P, 2, MODEL_REG_W1C, MODEL_REG_PF, 0, model_ifc_read,
		model_ifc_write },
	RW(HISI_QM_CQE_AGGR_TIMEOUT_CTRL),
	RW(HISI_QM_PM_CTRL),
	RW(HISI_QM_QUE_ISO_EN),
	RO_READ(HISI_QM_CAPABILITY, read_queue_numbers),
	RW(HISI_QM_SHAPER_CFG),
	RW(HISI_QM_MIG_REGION_SEL),
	{ HISI_QM_DEV_DB_DROP, 2, MODEL_REG_RW, MODEL_REG_PF, 0, NULL, NULL },

	/* Selectors of the counters, and the counters (qm.md 2.7). */
	RW(HISI_QM_DFX_MB_CNT_VF),
	RO_READ(HISI_QM_DFX_MB_CNT, read_counter),
	RW(HISI_QM_DFX_DB_CNT_VF),
	RO_READ(HISI_QM_DFX_DB_CNT, read_counter),
	RW(HISI_QM_DFX_SQE_CNT_VF_SQN),
	RO_READ(HISI_QM_DFX_SQE_CNT, read_counter),
	RW(HISI_QM_DFX_CQE_CNT_VF_CQN),
	RO_READ(HISI_QM_DFX_CQE_CNT, read_counter),
	RO_READ(HISI_QM_DFX_TO_ACC_CNT, read_counter),
	RO_READ(HISI_QM_DFX_WB_CNT, read_counter),
	RO_READ(HISI_QM_DFX_ACC_FINISH_CNT, read_counter),
	RO_READ(HISI_QM_DFX_CQE_ERR_CNT, read_counter),
	RO_READ(HISI_QM_IN_IDLE_ST, read_idle),
	RW(HISI_QM_RAS_MSI_INT_SEL),
	RW(HISI_QM_OOO_SHUTDOWN_SEL),
	RW(HISI_ACC_RAS_MSI_INT_SEL),
	{ HISI_QM_PF2VF_PF_W, 2, MODEL_REG_WO, MODEL_REG_PF, 0, NULL, model_ifc_message_write },
	{ HISI_QM_VF2PF_PF_R, HISI_QM_MAX_FUNCTIONS, MODEL_REG_RO, MODEL_REG_PF, 0,
		model_ifc_message_read, NULL },

	/* AXI master block: always drained, the model does no DMA behind the driver's back. */
	RW(HISI_AM_GLOBAL_CTRL),
	RW(HISI_AM_CFG_SINGLE_PORT_MAX_TRANS),
	RW(HISI_AM_CFG_PORT_WR_EN),
	RO(HISI_AM_CURR_PORT_STS),
	{ HISI_AM_ROB_ECC_INT_STS, 1, MODEL_REG_W1C, MODEL_REG_PF, 0, NULL, NULL },
	{ HISI_AM_TRANS_RETURN, 1, MODEL_REG_RO, MODEL_REG_PF, HISI_AM_TRANS_RETURN_DRAINED, NULL,
		NULL },
};

const uint32_t model_nb_qm_regs = sizeof(model_qm_regs) / sizeof(model_qm_regs[0]);
