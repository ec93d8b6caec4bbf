/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_qm_caps.h"

/* qm.md 2.2. The defaults of V3 word 0x3100 are the bits a driver assumes when it reads 0. */
const struct hisi_cap_word hisi_qm_cap_table[HISI_QM_CAP_COUNT] = {
	[HISI_QM_CAP_FUNC] = { "func_caps", 0x3100, 0, HISI_QM_CAP_QOS | HISI_QM_CAP_STOP_QP |
		HISI_QM_CAP_STOP_FUNC | HISI_QM_CAP_IFC | HISI_QM_CAP_RPM_PF |
		HISI_QM_CAP_SVA_PREFETCH },
	[HISI_QM_CAP_EVENT_DEPTHS] = { "event_depths", 0x3104, 0x04000800, 0x04000800 },
	[HISI_QM_CAP_QUEUE_DEPTHS] = { "queue_depths", 0x3108, 0x04000400, 0x04000400 },
	[HISI_QM_CAP_EQ_IRQ] = { "eq_irq", 0x310c, 0x00010000, 0x00010000 },
	[HISI_QM_CAP_AEQ_IRQ] = { "aeq_irq", 0x3110, 0x00010001, 0x00010001 },
	[HISI_QM_CAP_ABNORMAL_IRQ] = { "abnormal_irq", 0x3114, 0x00010003, 0x00010003 },
	[HISI_QM_CAP_IFC_IRQ] = { "ifc_irq", 0x3118, 0, 0x00010002 },
	[HISI_QM_CAP_IRQ_NUM] = { "irq_num", 0x311c, 0x00040002, 0x00040003 },
	[HISI_QM_CAP_EXT_BAR] = { "ext_bar_index", 0x3120, 0, 0x14 },
};

/* zip.md 1.5 */
const struct hisi_cap_word hisi_zip_cap_table[HISI_ZIP_CAP_COUNT] = {
	[HISI_ZIP_CAP_QM_NFE] = { "qm_nfe", 0x3124, 0x1c57, 0x7c77 },
	[HISI_ZIP_CAP_QM_RESET] = { "qm_reset", 0x3128, 0x0c57, 0x6c77 },
	[HISI_ZIP_CAP_QM_CE] = { "qm_ce", 0x312c, 0x8, 0x8 },
	[HISI_ZIP_CAP_NFE] = { "zip_nfe", 0x3130, 0x7fe, 0x1ffe },
	[HISI_ZIP_CAP_RESET] = { "zip_reset", 0x3134, 0x7fe, 0x7fe },
	[HISI_ZIP_CAP_CE] = { "zip_ce", 0x3138, 0x1, 0x1 },
	[HISI_ZIP_CAP_CORE_INFO] = { "core_info", 0x313c, 0x12080206, 0x12050203 },
	[HISI_ZIP_CAP_CORE_EN] = { "core_en", 0x3140, 0x00fc0003, 0x001c0003 },
	[HISI_ZIP_CAP_DRV_ALG] = { "drv_alg", 0x3144, 0, 0x30 },
	[HISI_ZIP_CAP_DEV_ALG] = { "dev_alg", 0x3148, 0xf, 0x3f },
	[HISI_ZIP_CAP_CORE1_ALG] = { "core1_alg", 0x314c, 0x5, 0xd5 },
	[HISI_ZIP_CAP_CORE2_ALG] = { "core2_alg", 0x3150, 0x5, 0xd5 },
	[HISI_ZIP_CAP_CORE3_ALG] = { "core3_alg", 0x3154, 0xa, 0x2a },
	[HISI_ZIP_CAP_CORE4_ALG] = { "core4_alg", 0x3158, 0xa, 0x2a },
	[HISI_ZIP_CAP_CORE5_ALG] = { "core5_alg", 0x315c, 0xa, 0x2a },
};

/*
 * sec.md 1.3. DRV_ALG of V3 has two defaults: that of Linux 6.1 is here, which names OFB and CFB;
 * later kernels have no such algorithms to register and left them out.
 */
const struct hisi_cap_word hisi_sec_cap_table[HISI_SEC_CAP_COUNT] = {
	[HISI_SEC_CAP_QM_NFE] = { "qm_nfe", 0x3124, 0x1c77, 0x7c77 },
	[HISI_SEC_CAP_QM_RESET] = { "qm_reset", 0x3128, 0x0c77, 0x6c77 },
	[HISI_SEC_CAP_QM_CE] = { "qm_ce", 0x312c, 0x8, 0x8 },
	[HISI_SEC_CAP_NFE] = { "sec_nfe", 0x3130, 0x177, 0x60177 },
	[HISI_SEC_CAP_RESET] = { "sec_reset", 0x3134, 0x177, 0x177 },
	[HISI_SEC_CAP_CE] = { "sec_ce", 0x3138, 0x88, 0xc088 },
	[HISI_SEC_CAP_CORE_INFO] = { "core_info", 0x313c, 0x110404, 0x110404 },
	[HISI_SEC_CAP_CORE_EN] = { "core_en", 0x3140, 0x17f, 0xf },
	[HISI_SEC_CAP_DRV_ALG_LO] = { "drv_alg_lo", 0x3144, 0x018050cb, 0x0187f0ff },
	[HISI_SEC_CAP_DRV_ALG_HI] = { "drv_alg_hi", 0x3148, 0x395c, 0x395c },
	[HISI_SEC_CAP_DEV_ALG_LO] = { "dev_alg_lo", 0x314c, 0xffffffff, 0xffffffff },
	[HISI_SEC_CAP_DEV_ALG_HI] = { "dev_alg_hi", 0x3150, 0x3fff, 0x3fff },
	[HISI_SEC_CAP_CORE1_ALG_LO] = { "core1_alg_lo", 0x3154, 0xffffffff, 0xffffffff },
	[HISI_SEC_CAP_CORE1_ALG_HI] = { "core1_alg_hi", 0x3158, 0x3fff, 0x3fff },
	[HISI_SEC_CAP_CORE2_ALG_LO] = { "core2_alg_lo", 0x315c, 0xffffffff, 0xffffffff },
	[HISI_SEC_CAP_CORE2_ALG_HI] = { "core2_alg_hi", 0x3160, 0x3fff, 0x3fff },
	[HISI_SEC_CAP_CORE3_ALG_LO] = { "core3_alg_lo", 0x3164, 0xffffffff, 0xffffffff },
	[HISI_SEC_CAP_CORE3_ALG_HI] = { "core3_alg_hi", 0x3168, 0x3fff, 0x3fff },
	[HISI_SEC_CAP_CORE4_ALG_LO] = { "core4_alg_lo", 0x316c, 0xffffffff, 0xffffffff },
	[HISI_SEC_CAP_CORE4_ALG_HI] = { "core4_alg_hi", 0x3170, 0x3fff, 0x3fff },
};
