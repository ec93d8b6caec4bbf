/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_hw_names.h"
#include "hisi_sec.h"
#include "hisi_sec_fill.h"
#include "hisi_sec_regs.h"

/* What the life of a function needs to know of the SEC engine (sec.md 1). */

/* sec.md 1.2 step 3. */
#define SEC_MEM_INIT_US 1000

enum sec_value {
	SEC_VALUE_NONE = 0,	/* 0 is "no value" in struct hisi_qm_reg_step */
	SEC_VALUE_CORES,
	SEC_VALUE_CE,
	SEC_VALUE_NFE,
	SEC_VALUE_SHUTDOWN,
	SEC_VALUE_ENABLE,
};

static uint32_t
sec_value(const struct hisi_qm_dev *dev, uint8_t which)
{
	uint32_t ce = hisi_qm_engine_cap(dev, HISI_SEC_CAP_CE);
	uint32_t nfe = hisi_qm_engine_cap(dev, HISI_SEC_CAP_NFE);

	switch (which) {
	case SEC_VALUE_CORES:
		return hisi_qm_engine_cap(dev, HISI_SEC_CAP_CORE_EN);
	case SEC_VALUE_CE:
		return ce;
	case SEC_VALUE_NFE:
		return nfe;
	case SEC_VALUE_SHUTDOWN:
		return hisi_qm_engine_cap(dev, HISI_SEC_CAP_RESET);
	case SEC_VALUE_ENABLE:
		return ce | nfe;
	default:
		return 0;
	}
}

#define SEC_WRITE_FROM(offset, from) { offset, UINT32_MAX, 0, 0, from }
#define SEC_MODIFY(offset, clear, set) { offset, clear, set }
#define SEC_MODIFY_V3(offset, clear, set) { offset, clear, set, HISI_QM_V3 }
#define SEC_MODIFY_V2(offset, clear, set) \
	{ offset, clear, set, 0, SEC_VALUE_NONE, HISI_QM_V2 }
#define SEC_WAIT(offset, bits, us) { offset, bits, 0, 0, SEC_VALUE_NONE, 0, us }

/* sec.md 1.2, without SVA prefetch: addresses here are no process's. */
static const struct hisi_qm_reg_step sec_init[] = {
	HISI_QM_REG_USER_DOMAIN,
	HISI_QM_REG_WRITE(HISI_QM_CACHE_CTL, HISI_QM_CACHE_CTL_ZIP_SEC),
	SEC_MODIFY(HISI_SEC_CONTROL, HISI_SEC_CONTROL_CLOCK_GATE, 0),
	HISI_QM_REG_WRITE(HISI_SEC_MEM_START_INIT, HISI_SEC_MEM_START),
	SEC_WAIT(HISI_SEC_MEM_INIT_DONE, HISI_SEC_MEM_DONE, SEC_MEM_INIT_US),
	SEC_MODIFY(HISI_SEC_CONTROL, 0, HISI_SEC_CONTROL_TRNG),
	SEC_MODIFY_V3(HISI_SEC_USER_CTRL0_V3, 0, HISI_SEC_USER_CTRL0_SMMU),
	SEC_MODIFY_V3(HISI_SEC_USER_CTRL1_V3, HISI_SEC_USER_CTRL1_CLEAR_V3,
		HISI_SEC_USER_CTRL1_SET_V3),
	SEC_MODIFY_V2(HISI_SEC_USER_CTRL0_V2, 0, HISI_SEC_USER_CTRL0_SMMU),
	SEC_MODIFY_V2(HISI_SEC_USER_CTRL1_V2, HISI_SEC_USER_CTRL1_CLEAR_V2,
		HISI_SEC_USER_CTRL1_SET_V2),
	HISI_QM_REG_WRITE(HISI_AM_CFG_SINGLE_PORT_MAX_TRANS, HISI_SEC_AXI_MAX_TRANS_VALUE),
	SEC_WRITE_FROM(HISI_SEC_SAA_EN, SEC_VALUE_CORES),
	SEC_MODIFY_V2(HISI_SEC_BD_ERR_CHK_EN0, UINT32_MAX, HISI_SEC_BD_ERR_CHK_EN0_VALUE),
	SEC_MODIFY_V2(HISI_SEC_BD_ERR_CHK_EN1, UINT32_MAX, HISI_SEC_BD_ERR_CHK_EN1_VALUE),
	SEC_MODIFY_V2(HISI_SEC_BD_ERR_CHK_EN3, UINT32_MAX, HISI_SEC_BD_ERR_CHK_EN3_VALUE),
	/* A little-endian host of 64 bits. */
	SEC_MODIFY(HISI_SEC_CONTROL, HISI_SEC_CONTROL_BIG_ENDIAN | HISI_SEC_CONTROL_32BIT_HOST, 0),
	SEC_MODIFY_V3(HISI_SEC_CONTROL, 0, HISI_SEC_CONTROL_CLOCK_GATE),
	SEC_MODIFY_V3(HISI_SEC_DYNAMIC_GATE, 0, HISI_SEC_DYNAMIC_GATE_ENABLE),
	SEC_MODIFY_V3(HISI_SEC_CORE_AUTO_GATE, 0, HISI_SEC_CORE_AUTO_GATE_ENABLE),
};

/* sec.md 1.2 step 12. */
static const struct hisi_qm_reg_step sec_ras[] = {
	HISI_QM_REG_WRITE(HISI_SEC_CORE_INT_SOURCE, UINT32_MAX),
	SEC_WRITE_FROM(HISI_SEC_RAS_CE_ENABLE, SEC_VALUE_CE),
	HISI_QM_REG_WRITE(HISI_SEC_RAS_FE_ENABLE, 0),
	SEC_WRITE_FROM(HISI_SEC_RAS_NFE_ENABLE, SEC_VALUE_NFE),
	{ HISI_SEC_OOO_SHUTDOWN_SEL, UINT32_MAX, 0, HISI_QM_V3, SEC_VALUE_SHUTDOWN },
	SEC_MODIFY(HISI_SEC_CONTROL, 0, HISI_SEC_CONTROL_AXI_SHUTDOWN),
	/* A set bit is reported, unlike ZIP's. */
	SEC_WRITE_FROM(HISI_SEC_CORE_INT_MASK, SEC_VALUE_ENABLE),
};

static const struct hisi_qm_reg_step sec_ras_rearm[] = {
	SEC_WRITE_FROM(HISI_SEC_RAS_NFE_ENABLE, SEC_VALUE_NFE),
	SEC_WRITE_FROM(HISI_SEC_RAS_CE_ENABLE, SEC_VALUE_CE),
};

static const struct hisi_qm_reg_step sec_ras_off[] = {
	HISI_QM_REG_WRITE(HISI_SEC_CORE_INT_MASK, 0),
	SEC_MODIFY(HISI_SEC_CONTROL, HISI_SEC_CONTROL_AXI_SHUTDOWN, 0),
	SEC_MODIFY_V3(HISI_SEC_OOO_SHUTDOWN_SEL, UINT32_MAX, 0),
	HISI_QM_REG_WRITE(HISI_SEC_RAS_CE_ENABLE, 0),
	HISI_QM_REG_WRITE(HISI_SEC_RAS_FE_ENABLE, 0),
	HISI_QM_REG_WRITE(HISI_SEC_RAS_NFE_ENABLE, 0),
};

const struct hisi_qm_engine hisi_sec_engine = {
	.name = "SEC",
	.driver = RTE_STR(HISI_SEC_DRIVER_NAME),
	.pf_id = HISI_PCI_DEVICE_ID_SEC_PF,
	.vf_id = HISI_PCI_DEVICE_ID_SEC_VF,
	.caps = hisi_sec_cap_table,
	.nb_caps = HISI_SEC_CAP_COUNT,
	.cap_qm_nfe = HISI_SEC_CAP_QM_NFE,
	.cap_qm_reset = HISI_SEC_CAP_QM_RESET,
	.cap_qm_ce = HISI_SEC_CAP_QM_CE,
	.cap_nfe = HISI_SEC_CAP_NFE,
	.cap_reset = HISI_SEC_CAP_RESET,
	.init = sec_init,
	.nb_init = RTE_DIM(sec_init),
	.ras = sec_ras,
	.nb_ras = RTE_DIM(sec_ras),
	.ras_rearm = sec_ras_rearm,
	.nb_ras_rearm = RTE_DIM(sec_ras_rearm),
	.ras_off = sec_ras_off,
	.nb_ras_off = RTE_DIM(sec_ras_off),
	.value = sec_value,
	.shaper_rates = HISI_SEC_SHAPER_RATES,
	.err_status_reg = HISI_SEC_CORE_INT_STATUS,
	.err_source_reg = HISI_SEC_CORE_INT_SOURCE,
	.err_nfe_reg = HISI_SEC_RAS_NFE_ENABLE,
	.err_name = hisi_sec_error_name,
	.err_remedy = hisi_sec_error_remedy,
	.err_section = "sec.md 6.3",
	.type_name = hisi_sec_queue_type_name,
	.sqe_fields = hisi_sec_bd3_fields,
	.sqe_fields_v2 = hisi_sec_bd2_fields,
	.record = &hisi_sec_record_bd3,
	.record_v2 = &hisi_sec_record_bd2,
	.regs = hisi_sec_regs,
};
