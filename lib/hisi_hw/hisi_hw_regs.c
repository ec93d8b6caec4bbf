/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_hw_names.h"
#include "hisi_qm_regs.h"
#include "hisi_zip_regs.h"

/* qm.md 2 and zip.md 1. Sorted by offset: the search below halves it. */
const struct hisi_hw_reg hisi_qm_regs[] = {
	{ "qm_vf_aeq_int_source", HISI_QM_VF_AEQ_INT_SOURCE, 4 },
	{ "qm_vf_aeq_int_mask", HISI_QM_VF_AEQ_INT_MASK, 4 },
	{ "qm_vf_eq_int_source", HISI_QM_VF_EQ_INT_SOURCE, 4 },
	{ "qm_vf_eq_int_mask", HISI_QM_VF_EQ_INT_MASK, 4 },
	{ "qm_ifc_int_source_v", HISI_QM_IFC_INT_SOURCE_V, 4 },
	{ "qm_ifc_int_mask", HISI_QM_IFC_INT_MASK, 4 },
	{ "qm_ifc_int_status", HISI_QM_IFC_INT_STATUS, 4 },
	{ "qm_ifc_int_set_v", HISI_QM_IFC_INT_SET_V, 4 },
	{ "qm_que_iso_cfg_v", HISI_QM_QUE_ISO_CFG_V, 4 },
	{ "qm_page_size", HISI_QM_PAGE_SIZE, 4 },
	{ "qm_fun_db_drop", HISI_QM_FUN_DB_DROP, 4 },
	{ "qm_vf_state", HISI_QM_VF_STATE, 4 },
	{ "qm_dfx_funs_active_st", HISI_QM_DFX_FUNS_ACTIVE_ST, 4 },
	{ "qm_cache_wb_start", HISI_QM_CACHE_WB_START, 4 },
	{ "qm_cache_wb_done", HISI_QM_CACHE_WB_DONE, 4 },
	{ "qm_sub_version_id", HISI_QM_SUB_VERSION_ID, 4 },
	{ "qm_mailbox", HISI_QM_MAILBOX, 16 },
	{ "qm_vf2pf_vf_w", HISI_QM_VF2PF_VF_W, 8 },
	{ "qm_doorbell_v1", HISI_QM_DOORBELL_V1, 8 },
	{ "qm_pf2vf_vf_r", HISI_QM_PF2VF_VF_R, 8 },
	{ "qm_doorbell_sq_cq", HISI_QM_DOORBELL_SQ_CQ, 8 },
	{ "qm_channel_usage", HISI_QM_CHANNEL_USAGE, 4 },
	{ "qm_doorbell_eq_aeq", HISI_QM_DOORBELL_EQ_AEQ, 8 },
	{ "qm_func_caps", HISI_QM_FUNC_CAPS, 4 },
	{ "cap_event_depths", 0x3104, 4 },
	{ "cap_queue_depths", 0x3108, 4 },
	{ "cap_eq_irq", 0x310c, 4 },
	{ "cap_aeq_irq", 0x3110, 4 },
	{ "cap_abnormal_irq", 0x3114, 4 },
	{ "cap_ifc_irq", 0x3118, 4 },
	{ "cap_irq_num", 0x311c, 4 },
	{ "cap_ext_bar_index", 0x3120, 4 },
	{ "cap_qm_nfe", 0x3124, 4 },
	{ "cap_qm_reset", 0x3128, 4 },
	{ "cap_qm_ce", 0x312c, 4 },
	{ "cap_zip_nfe", 0x3130, 4 },
	{ "cap_zip_reset", 0x3134, 4 },
	{ "cap_zip_ce", 0x3138, 4 },
	{ "cap_core_info", 0x313c, 4 },
	{ "cap_core_en", 0x3140, 4 },
	{ "cap_drv_alg", 0x3144, 4 },
	{ "cap_dev_alg", 0x3148, 4 },
	{ "cap_core1_alg", 0x314c, 4 },
	{ "cap_core2_alg", 0x3150, 4 },
	{ "cap_core3_alg", 0x3154, 4 },
	{ "cap_core4_alg", 0x3158, 4 },
	{ "cap_core5_alg", 0x315c, 4 },
	{ "qm_migration_eqc", HISI_QM_MIGRATION_EQC, 4 },
	{ "qm_migration_aeqc", HISI_QM_MIGRATION_AEQC, 4 },
	{ "qm_abnormal_int_source", HISI_QM_ABNORMAL_INT_SOURCE, 4 },
	{ "qm_abnormal_int_mask", HISI_QM_ABNORMAL_INT_MASK, 4 },
	{ "qm_abnormal_int_status", HISI_QM_ABNORMAL_INT_STATUS, 4 },
	{ "qm_abnormal_int_set", HISI_QM_ABNORMAL_INT_SET, 4 },
	{ "qm_abnormal_inf00", HISI_QM_ABNORMAL_INF00, 4 },
	{ "qm_abnormal_inf01", HISI_QM_ABNORMAL_INF01, 4 },
	{ "qm_abnormal_inf02", HISI_QM_ABNORMAL_INF02, 4 },
	{ "qm_mem_start_init", HISI_QM_MEM_START_INIT, 4 },
	{ "qm_mem_init_done", HISI_QM_MEM_INIT_DONE, 4 },
	{ "qm_cache_ctl", HISI_QM_CACHE_CTL, 4 },
	{ "qm_vft_cfg_op_enable", HISI_QM_VFT_CFG_OP_ENABLE, 4 },
	{ "qm_vft_cfg_op_wr", HISI_QM_VFT_CFG_OP_WR, 4 },
	{ "qm_vft_cfg_type", HISI_QM_VFT_CFG_TYPE, 4 },
	{ "qm_vft_cfg_address", HISI_QM_VFT_CFG_ADDRESS, 4 },
	{ "qm_vft_cfg_data_l", HISI_QM_VFT_CFG_DATA_L, 4 },
	{ "qm_vft_cfg_data_h", HISI_QM_VFT_CFG_DATA_H, 4 },
	{ "qm_vft_cfg_rdy", HISI_QM_VFT_CFG_RDY, 4 },
	{ "qm_timeout_cfg", HISI_QM_TIMEOUT_CFG, 4 },
	{ "qm_db_timeout_cfg", HISI_QM_DB_TIMEOUT_CFG, 4 },
	{ "qm_flr_pending_time_cfg", HISI_QM_FLR_PENDING_TIME_CFG, 4 },
	{ "qm_aruser_m_cfg_1", HISI_QM_ARUSER_M_CFG_1, 4 },
	{ "qm_aruser_m_cfg_enable", HISI_QM_ARUSER_M_CFG_ENABLE, 4 },
	{ "qm_awuser_m_cfg_1", HISI_QM_AWUSER_M_CFG_1, 4 },
	{ "qm_awuser_m_cfg_enable", HISI_QM_AWUSER_M_CFG_ENABLE, 4 },
	{ "qm_wuser_m_cfg_enable", HISI_QM_WUSER_M_CFG_ENABLE, 4 },
	{ "qm_axi_m_cfg", HISI_QM_AXI_M_CFG, 4 },
	{ "qm_axi_m_cfg_enable", HISI_QM_AXI_M_CFG_ENABLE, 4 },
	{ "qm_peh_axuser_cfg", HISI_QM_PEH_AXUSER_CFG, 4 },
	{ "qm_peh_axuser_cfg_enable", HISI_QM_PEH_AXUSER_CFG_ENABLE, 4 },
	{ "qm_peh_vendor_id", HISI_QM_PEH_VENDOR_ID, 4 },
	{ "qm_revision_copy", HISI_QM_REVISION_COPY, 4 },
	{ "qm_ras_ce_enable", HISI_QM_RAS_CE_ENABLE, 4 },
	{ "qm_ras_fe_enable", HISI_QM_RAS_FE_ENABLE, 4 },
	{ "qm_ras_nfe_enable", HISI_QM_RAS_NFE_ENABLE, 4 },
	{ "qm_ras_ce_threshold", HISI_QM_RAS_CE_THRESHOLD, 4 },
	{ "qm_peh_dfx_info0", HISI_QM_PEH_DFX_INFO0, 4 },
	{ "qm_peh_dfx_info1", HISI_QM_PEH_DFX_INFO1, 4 },
	{ "qm_dfx_cnt_clr_ce", HISI_QM_DFX_CNT_CLR_CE, 4 },
	{ "qm_axi_timeout_ctrl", HISI_QM_AXI_TIMEOUT_CTRL, 4 },
	{ "qm_axi_timeout_status", HISI_QM_AXI_TIMEOUT_STATUS, 4 },
	{ "qm_ifc_ready_status", HISI_QM_IFC_READY_STATUS, 8 },
	{ "qm_ifc_int_set_p", HISI_QM_IFC_INT_SET_P, 4 },
	{ "qm_ifc_int_cfg", HISI_QM_IFC_INT_CFG, 4 },
	{ "qm_ifc_int_source_p", HISI_QM_IFC_INT_SOURCE_P, 8 },
	{ "qm_cqe_aggr_timeout_ctrl", HISI_QM_CQE_AGGR_TIMEOUT_CTRL, 4 },
	{ "qm_pm_ctrl", HISI_QM_PM_CTRL, 4 },
	{ "qm_que_iso_en", HISI_QM_QUE_ISO_EN, 4 },
	{ "qm_capability", HISI_QM_CAPABILITY, 4 },
	{ "qm_shaper_cfg", HISI_QM_SHAPER_CFG, 4 },
	{ "qm_mig_region_sel", HISI_QM_MIG_REGION_SEL, 4 },
	{ "qm_dev_db_drop", HISI_QM_DEV_DB_DROP, 8 },
	{ "qm_func_axi_err_st0", HISI_QM_FUNC_AXI_ERR_ST0, 8 },
	{ "qm_dfx_mb_cnt_vf", HISI_QM_DFX_MB_CNT_VF, 4 },
	{ "qm_dfx_mb_cnt", HISI_QM_DFX_MB_CNT, 4 },
	{ "qm_dfx_db_cnt_vf", HISI_QM_DFX_DB_CNT_VF, 4 },
	{ "qm_dfx_db_cnt", HISI_QM_DFX_DB_CNT, 4 },
	{ "qm_dfx_sqe_cnt_vf_sqn", HISI_QM_DFX_SQE_CNT_VF_SQN, 4 },
	{ "qm_dfx_sqe_cnt", HISI_QM_DFX_SQE_CNT, 4 },
	{ "qm_dfx_cqe_cnt_vf_cqn", HISI_QM_DFX_CQE_CNT_VF_CQN, 4 },
	{ "qm_dfx_cqe_cnt", HISI_QM_DFX_CQE_CNT, 4 },
	{ "qm_dfx_to_acc_cnt", HISI_QM_DFX_TO_ACC_CNT, 4 },
	{ "qm_dfx_wb_cnt", HISI_QM_DFX_WB_CNT, 4 },
	{ "qm_dfx_acc_finish_cnt", HISI_QM_DFX_ACC_FINISH_CNT, 4 },
	{ "qm_dfx_cqe_err_cnt", HISI_QM_DFX_CQE_ERR_CNT, 4 },
	{ "qm_in_idle_st", HISI_QM_IN_IDLE_ST, 4 },
	{ "qm_ras_msi_int_sel", HISI_QM_RAS_MSI_INT_SEL, 4 },
	{ "qm_ooo_shutdown_sel", HISI_QM_OOO_SHUTDOWN_SEL, 4 },
	{ "acc_ras_msi_int_sel", HISI_ACC_RAS_MSI_INT_SEL, 4 },
	{ "qm_pf2vf_pf_w", HISI_QM_PF2VF_PF_W, 8 },
	{ "qm_vf2pf_pf_r", HISI_QM_VF2PF_PF_R, 4 },
	{ "am_global_ctrl", HISI_AM_GLOBAL_CTRL, 4 },
	{ "am_cfg_single_port_max_trans", HISI_AM_CFG_SINGLE_PORT_MAX_TRANS, 4 },
	{ "am_cfg_port_wr_en", HISI_AM_CFG_PORT_WR_EN, 4 },
	{ "am_curr_port_sts", HISI_AM_CURR_PORT_STS, 4 },
	{ "am_rob_ecc_int_sts", HISI_AM_ROB_ECC_INT_STS, 4 },
	{ "am_trans_return", HISI_AM_TRANS_RETURN, 4 },
	{ "zip_cnt_clr_ce", HISI_ZIP_CNT_CLR_CE, 4 },
	{ "zip_clock_gate_ctrl", HISI_ZIP_CLOCK_GATE_CTRL, 4 },
	{ "zip_fsm_max_cnt", HISI_ZIP_FSM_MAX_CNT, 4 },
	{ "zip_soft_ctrl", HISI_ZIP_SOFT_CTRL, 4 },
	{ "zip_port_arca_che_0", HISI_ZIP_PORT_ARCA_CHE_0, 4 },
	{ "zip_port_arca_che_1", HISI_ZIP_PORT_ARCA_CHE_1, 4 },
	{ "zip_port_awca_che_0", HISI_ZIP_PORT_AWCA_CHE_0, 4 },
	{ "zip_port_awca_che_1", HISI_ZIP_PORT_AWCA_CHE_1, 4 },
	{ "zip_core_int_source", HISI_ZIP_CORE_INT_SOURCE, 4 },
	{ "zip_core_int_mask", HISI_ZIP_CORE_INT_MASK, 4 },
	{ "zip_core_int_set", HISI_ZIP_CORE_INT_SET, 4 },
	{ "zip_core_int_status", HISI_ZIP_CORE_INT_STATUS, 4 },
	{ "zip_bd_ruser_32_63", HISI_ZIP_BD_RUSER_32_63, 4 },
	{ "zip_sgl_ruser_32_63", HISI_ZIP_SGL_RUSER_32_63, 4 },
	{ "zip_data_ruser_32_63", HISI_ZIP_DATA_RUSER_32_63, 4 },
	{ "zip_data_wuser_32_63", HISI_ZIP_DATA_WUSER_32_63, 4 },
	{ "zip_bd_wuser_32_63", HISI_ZIP_BD_WUSER_32_63, 4 },
	{ "zip_sram_ecc_err_info", HISI_ZIP_SRAM_ECC_ERR_INFO, 4 },
	{ "zip_ras_ce_enb", HISI_ZIP_RAS_CE_ENB, 4 },
	{ "zip_ras_nfe_enb", HISI_ZIP_RAS_NFE_ENB, 4 },
	{ "zip_ras_fe_enb", HISI_ZIP_RAS_FE_ENB, 4 },
	{ "zip_uncom_err_ras_ctrl", HISI_ZIP_UNCOM_ERR_RAS_CTRL, 4 },
	{ "zip_peh_cfg_auto_gate", HISI_ZIP_PEH_CFG_AUTO_GATE, 4 },
	{ "zip_prefetch_cfg", HISI_ZIP_PREFETCH_CFG, 4 },
	{ "zip_sva_trans", HISI_ZIP_SVA_TRANS, 4 },
	{ "zip_lit_len_en", HISI_ZIP_LIT_LEN_EN, 4 },
	{ "zip_high_perf", HISI_ZIP_HIGH_PERF, 4 },
	{ "zip_ooo_shutdown_sel", HISI_ZIP_OOO_SHUTDOWN_SEL, 4 },
	{ .name = NULL },
};

#define HISI_QM_REGS_COUNT (sizeof(hisi_qm_regs) / sizeof(hisi_qm_regs[0]) - 1)

const struct hisi_hw_reg *
hisi_hw_reg_find(uint32_t offset)
{
	size_t low = 0, high = HISI_QM_REGS_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct hisi_hw_reg *reg = &hisi_qm_regs[middle];

		if (offset < reg->offset)
			high = middle;
		else if (offset >= reg->offset + reg->len)
			low = middle + 1;
		else
			return reg;
	}
	return NULL;
}

const char *
hisi_hw_reg_name(uint32_t offset)
{
	const struct hisi_hw_reg *reg = hisi_hw_reg_find(offset);

	return reg != NULL ? reg->name : "unknown";
}
