/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Registers of the ZIP engine (zip.md 1), and what a PF driver writes into them (zip.md 2).
 */

#include <assert.h>
#include <stddef.h>

#include <hisi_qm_regs.h>
#include <hisi_zip_regs.h>

#include "model_device.h"
#include "model_engine_regs.h"
#include "model_engine_zip.h"
#include "model_function.h"

/* All work of the model is shown as that of the first core of a direction. */
static uint32_t
read_core(struct model_function *pf, uint32_t offset)
{
	const struct model_device_stats *stats = &pf->dev->stats;

	switch (offset) {
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_GET_BD_NUM:
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_DONE_BD_NUM:
		return model_stat_get(&stats->nb_sqes);
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_GET_ERROR_BD:
		return model_stat_get(&stats->nb_sqe_errors);
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_GET_RIGHT_BD:
		return model_stat_get(&stats->nb_sqes) - model_stat_get(&stats->nb_sqe_errors);
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_CONSUMED_BYTE:
		return model_stat_get(&stats->nb_bytes_in);
	case HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_PRODUCED_BYTE:
		return model_stat_get(&stats->nb_bytes_out);
	default:
		return 0;
	}
}

#define RW(offset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, 0, NULL, NULL }
#define RO(offset) { offset, 1, MODEL_REG_RO, MODEL_REG_PF, 0, NULL, NULL }

/* Sorted by offset. Words that are not here read 0, which zip.md 9.1 finds fine. */
const struct model_reg model_zip_regs[MODEL_NB_ZIP_REGS] = {
	RW(HISI_ZIP_CNT_CLR_CE),
	RW(HISI_ZIP_CLOCK_GATE_CTRL),
	RW(HISI_ZIP_FSM_MAX_CNT),
	RW(HISI_ZIP_SOFT_CTRL),
	RW(HISI_ZIP_PORT_ARCA_CHE_0),
	RW(HISI_ZIP_PORT_ARCA_CHE_1),
	RW(HISI_ZIP_PORT_AWCA_CHE_0),
	RW(HISI_ZIP_PORT_AWCA_CHE_1),
	MODEL_ENGINE_ERROR_SOURCE(HISI_ZIP_CORE_INT_SOURCE),
	MODEL_ENGINE_ERROR_MASK(HISI_ZIP_CORE_INT_MASK, UINT32_MAX),
	MODEL_ENGINE_ERROR_SET(HISI_ZIP_CORE_INT_SET),
	MODEL_ENGINE_ERROR_STATUS(HISI_ZIP_CORE_INT_STATUS),
	RW(HISI_ZIP_BD_RUSER_32_63),
	RW(HISI_ZIP_SGL_RUSER_32_63),
	RW(HISI_ZIP_DATA_RUSER_32_63),
	RW(HISI_ZIP_DATA_WUSER_32_63),
	RW(HISI_ZIP_BD_WUSER_32_63),
	RO(HISI_ZIP_SRAM_ECC_ERR_INFO),
	RW(HISI_ZIP_RAS_CE_ENB),
	RW(HISI_ZIP_RAS_NFE_ENB),
	RW(HISI_ZIP_RAS_FE_ENB),
	RO(HISI_ZIP_UNCOM_ERR_RAS_CTRL),
	RW(HISI_ZIP_PEH_CFG_AUTO_GATE),
	RW(HISI_ZIP_PREFETCH_CFG),
	RO(HISI_ZIP_SVA_TRANS),
	RW(HISI_ZIP_LIT_LEN_EN),
	RW(HISI_ZIP_HIGH_PERF),
	RW(HISI_ZIP_OOO_SHUTDOWN_SEL),
	{ HISI_ZIP_COMP_CORE_BASE, 4, MODEL_REG_RO, MODEL_REG_PF, 0, read_core, NULL },
	{ HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_CONSUMED_BYTE, 1, MODEL_REG_RO, MODEL_REG_PF, 0,
		read_core, NULL },
	{ HISI_ZIP_COMP_CORE_BASE + HISI_ZIP_CORE_PRODUCED_BYTE, 1, MODEL_REG_RO, MODEL_REG_PF, 0,
		read_core, NULL },
	{ HISI_ZIP_DECOMP_CORE_BASE, 4, MODEL_REG_RO, MODEL_REG_PF, 0, read_core, NULL },
	RO(HISI_ZIP_DECOMP_CORE_BASE + HISI_ZIP_CORE_CONSUMED_BYTE),
};

/* zip.md 2, what matters without SVA prefetch and DAE. */
const struct model_reg_value model_zip_init[MODEL_NB_ZIP_INIT] = {
	{ HISI_QM_ARUSER_M_CFG_1, HISI_QM_AXI_USER_BASE },
	{ HISI_QM_ARUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL },
	{ HISI_QM_AWUSER_M_CFG_1, HISI_QM_AXI_USER_BASE },
	{ HISI_QM_AWUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL },
	{ HISI_QM_WUSER_M_CFG_ENABLE, UINT32_MAX },
	{ HISI_QM_AXI_M_CFG, HISI_QM_AXI_M_CFG_VALUE },
	{ HISI_QM_AXI_M_CFG_ENABLE, UINT32_MAX },
	{ HISI_QM_PEH_AXUSER_CFG, HISI_QM_PEH_AXUSER_VALUE },
	{ HISI_QM_PEH_AXUSER_CFG_ENABLE, UINT32_MAX },
	{ HISI_ZIP_PORT_ARCA_CHE_0, HISI_ZIP_CACHE_ALL },
	{ HISI_ZIP_PORT_ARCA_CHE_1, HISI_ZIP_CACHE_ALL },
	{ HISI_ZIP_PORT_AWCA_CHE_0, HISI_ZIP_CACHE_ALL },
	{ HISI_ZIP_PORT_AWCA_CHE_1, HISI_ZIP_CACHE_ALL },
	{ HISI_ZIP_BD_RUSER_32_63, HISI_QM_AXI_USER_BASE },
	{ HISI_ZIP_BD_WUSER_32_63, HISI_QM_AXI_USER_BASE },
	{ HISI_ZIP_DATA_RUSER_32_63, HISI_QM_AXI_USER_BASE },
	{ HISI_ZIP_DATA_WUSER_32_63, HISI_QM_AXI_USER_BASE },
	{ HISI_ZIP_SGL_RUSER_32_63, HISI_QM_AXI_USER_BASE },
	{ HISI_QM_CACHE_CTL, HISI_QM_CACHE_CTL_ZIP_SEC },
};
