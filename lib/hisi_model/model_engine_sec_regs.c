/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Registers of the SEC engine (sec.md 1.1), and what a PF driver writes into them (sec.md 1.2).
 */

#include <stddef.h>

#include <hisi_qm_regs.h>
#include <hisi_sec_regs.h>

#include "model_device.h"
#include "model_engine_regs.h"
#include "model_engine_sec.h"
#include "model_function.h"

/** The engine's memory is ready at once. */
static void
write_mem_start(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	if (value & HISI_SEC_MEM_START)
		model_regs_set(pf, HISI_SEC_MEM_INIT_DONE, HISI_SEC_MEM_DONE);
}

/** All work of the model is shown as that of the first sub-core. */
static uint32_t
read_bd_count(struct model_function *pf, uint32_t offset)
{
	return offset == HISI_SEC_SAA_BD_CNT_BASE ? model_stat_get(&pf->dev->stats.nb_sqes) : 0;
}

#define RW(offset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, 0, NULL, NULL }
#define RO(offset) { offset, 1, MODEL_REG_RO, MODEL_REG_PF, 0, NULL, NULL }
/** The checker's bits are on until a driver clears some (inferred). */
#define CHECKER(offset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, UINT32_MAX, NULL, NULL }

/*
 * Sorted by offset. Real reset values are unknown (sec.md 7 item 12); 0 is right for the kernel.
 * Words that are not here read 0, which sec.md 5.2 finds fine.
 */
const struct model_reg model_sec_regs[MODEL_NB_SEC_REGS] = {
	MODEL_ENGINE_ERROR_MASK(HISI_SEC_CORE_INT_MASK, 0),
	MODEL_ENGINE_ERROR_STATUS(HISI_SEC_CORE_INT_STATUS),
	MODEL_ENGINE_ERROR_SOURCE(HISI_SEC_CORE_INT_SOURCE),
	RW(HISI_SEC_OOO_SHUTDOWN_SEL),
	RW(HISI_SEC_RAS_CE_ENABLE),
	RW(HISI_SEC_RAS_FE_ENABLE),
	RW(HISI_SEC_RAS_NFE_ENABLE),
	{ HISI_SEC_MEM_START_INIT, 1, MODEL_REG_WO, MODEL_REG_PF, 0, NULL, write_mem_start },
	RO(HISI_SEC_MEM_INIT_DONE),
	RW(HISI_SEC_CNT_CLR_CE),
	RO(HISI_SEC_REQ_TRNG_TIME_TH),
	RW(HISI_SEC_PREFETCH_CFG),
	RW(HISI_SEC_CONTROL),
	RW(HISI_SEC_DYNAMIC_GATE),
	RW(HISI_SEC_USER_CTRL0_V2),
	RW(HISI_SEC_USER_CTRL1_V2),
	RW(HISI_SEC_SAA_EN),
	CHECKER(HISI_SEC_BD_ERR_CHK_EN0),
	CHECKER(HISI_SEC_BD_ERR_CHK_EN1),
	CHECKER(HISI_SEC_BD_ERR_CHK_EN2),
	CHECKER(HISI_SEC_BD_ERR_CHK_EN3),
	CHECKER(HISI_SEC_BD_ERR_CHK_EN2_V3),
	RO(HISI_SEC_BD_LATENCY_MIN),
	RO(HISI_SEC_BD_LATENCY_MAX),
	RO(HISI_SEC_BD_LATENCY_AVG),
	RO(HISI_SEC_BD_NUM_IN_SAA0),
	RO(HISI_SEC_BD_NUM_IN_SAA1),
	RO(HISI_SEC_BD_NUM_IN_SEC),
	RO(HISI_SEC_ECC_1BIT_CNT),
	RO(HISI_SEC_ECC_1BIT_INFO),
	RO(HISI_SEC_ECC_2BIT_CNT),
	RO(HISI_SEC_ECC_2BIT_INFO),
	{ HISI_SEC_SAA_BD_CNT_BASE, HISI_SEC_NB_SAA, MODEL_REG_RO, MODEL_REG_PF, 0, read_bd_count,
		NULL },
	/* Nothing is ever outstanding or stalled: prefetch is idle. */
	RO(HISI_SEC_SVA_TRANS),
	RO(HISI_SEC_SVA_PREFETCH_INFO),
	RO(HISI_SEC_CHANNEL_RNG_REQ_THLD),
	RW(HISI_SEC_CORE_AUTO_GATE),
	RW(HISI_SEC_USER_CTRL0_V3),
	RW(HISI_SEC_USER_CTRL1_V3),
};

/* sec.md 1.2, what matters here. Registers that a generation lacks do no harm. */
const struct model_reg_value model_sec_init[MODEL_NB_SEC_INIT] = {
	{ HISI_QM_ARUSER_M_CFG_1, HISI_QM_AXI_USER_BASE },
	{ HISI_QM_ARUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL },
	{ HISI_QM_AWUSER_M_CFG_1, HISI_QM_AXI_USER_BASE },
	{ HISI_QM_AWUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL },
	{ HISI_QM_WUSER_M_CFG_ENABLE, UINT32_MAX },
	{ HISI_QM_AXI_M_CFG, HISI_QM_AXI_M_CFG_VALUE },
	{ HISI_QM_AXI_M_CFG_ENABLE, UINT32_MAX },
	{ HISI_QM_PEH_AXUSER_CFG, HISI_QM_PEH_AXUSER_VALUE },
	{ HISI_QM_PEH_AXUSER_CFG_ENABLE, UINT32_MAX },
	{ HISI_QM_CACHE_CTL, HISI_QM_CACHE_CTL_ZIP_SEC },
	{ HISI_SEC_MEM_START_INIT, HISI_SEC_MEM_START },
	{ HISI_SEC_CONTROL, HISI_SEC_CONTROL_TRNG },
	{ HISI_SEC_USER_CTRL0_V2, HISI_SEC_USER_CTRL0_SMMU },
	{ HISI_SEC_USER_CTRL1_V2, HISI_SEC_USER_CTRL1_SET_V2 },
	{ HISI_SEC_USER_CTRL0_V3, HISI_SEC_USER_CTRL0_SMMU },
	{ HISI_SEC_USER_CTRL1_V3, HISI_SEC_USER_CTRL1_SET_V3 },
	{ HISI_AM_CFG_SINGLE_PORT_MAX_TRANS, HISI_SEC_AXI_MAX_TRANS_VALUE },
	{ HISI_SEC_BD_ERR_CHK_EN0, HISI_SEC_BD_ERR_CHK_EN0_VALUE },
	{ HISI_SEC_BD_ERR_CHK_EN1, HISI_SEC_BD_ERR_CHK_EN1_VALUE },
	{ HISI_SEC_BD_ERR_CHK_EN3, HISI_SEC_BD_ERR_CHK_EN3_VALUE },
};
