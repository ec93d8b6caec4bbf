/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_hw_names.h"
#include "hisi_zip.h"
#include "hisi_zip_regs.h"

/* What the life of a function needs to know of the ZIP engine (zip.md 1 and 2). */

enum zip_value {
	ZIP_VALUE_NONE = 0,	/* 0 is "no value" in struct hisi_qm_reg_step */
	ZIP_VALUE_CORES,
	ZIP_VALUE_CE,
	ZIP_VALUE_NFE,
	ZIP_VALUE_SHUTDOWN,
	ZIP_VALUE_MASK,
};

static uint32_t
zip_value(const struct hisi_qm_dev *dev, uint8_t which)
{
	uint32_t cores = hisi_qm_engine_cap(dev, HISI_ZIP_CAP_CORE_EN);
	uint32_t ce = hisi_qm_engine_cap(dev, HISI_ZIP_CAP_CE);
	uint32_t nfe = hisi_qm_engine_cap(dev, HISI_ZIP_CAP_NFE);

	switch (which) {
	case ZIP_VALUE_CORES:
		/* The decompress bitmap is not shifted, it sits at its place (zip.md 1.1). */
		return HISI_FIELD_GET(HISI_ZIP_CORE_EN_COMP, cores) |
			HISI_FIELD_GET(HISI_ZIP_CORE_EN_DECOMP, cores);
	case ZIP_VALUE_CE:
		return ce;
	case ZIP_VALUE_NFE:
		return nfe;
	case ZIP_VALUE_SHUTDOWN:
		return hisi_qm_engine_cap(dev, HISI_ZIP_CAP_RESET);
	case ZIP_VALUE_MASK:
		return ~(ce | nfe);
	default:
		return 0;
	}
}

#define ZIP_WRITE_FROM(offset, base, from) { offset, UINT32_MAX, base, 0, from }
#define ZIP_MODIFY_V3(offset, clear, set) { offset, clear, set, HISI_QM_V3, ZIP_VALUE_NONE }

/* zip.md 2, the steps of hisi_zip_set_user_domain_and_cache without SVA prefetch and DAE. */
static const struct hisi_qm_reg_step zip_init[] = {
	HISI_QM_REG_USER_DOMAIN,
	HISI_QM_REG_WRITE(HISI_ZIP_PORT_ARCA_CHE_0, HISI_ZIP_CACHE_ALL),
	HISI_QM_REG_WRITE(HISI_ZIP_PORT_ARCA_CHE_1, HISI_ZIP_CACHE_ALL),
	HISI_QM_REG_WRITE(HISI_ZIP_PORT_AWCA_CHE_0, HISI_ZIP_CACHE_ALL),
	HISI_QM_REG_WRITE(HISI_ZIP_PORT_AWCA_CHE_1, HISI_ZIP_CACHE_ALL),
	HISI_QM_REG_WRITE(HISI_ZIP_BD_RUSER_32_63, HISI_QM_AXI_USER_BASE),
	HISI_QM_REG_WRITE(HISI_ZIP_BD_WUSER_32_63, HISI_QM_AXI_USER_BASE),
	HISI_QM_REG_WRITE(HISI_ZIP_DATA_RUSER_32_63, HISI_QM_AXI_USER_BASE),
	HISI_QM_REG_WRITE(HISI_ZIP_DATA_WUSER_32_63, HISI_QM_AXI_USER_BASE),
	HISI_QM_REG_WRITE(HISI_ZIP_SGL_RUSER_32_63, HISI_QM_AXI_USER_BASE),
	ZIP_WRITE_FROM(HISI_ZIP_CLOCK_GATE_CTRL, HISI_ZIP_CORES_DECOMP_CHECK, ZIP_VALUE_CORES),
	HISI_QM_REG_WRITE(HISI_QM_CACHE_CTL, HISI_QM_CACHE_CTL_ZIP_SEC),
	/* 0: best ratio, the kernel's default too. */
	{ HISI_ZIP_HIGH_PERF, HISI_ZIP_HIGH_PERF_THROUGHPUT, 0, 0, ZIP_VALUE_NONE },
	ZIP_MODIFY_V3(HISI_ZIP_LIT_LEN_EN, HISI_ZIP_LIT_LEN_DISABLE, 0),
	ZIP_MODIFY_V3(HISI_ZIP_CLOCK_GATE_CTRL, 0, HISI_ZIP_CLOCK_GATE_V3),
	ZIP_MODIFY_V3(HISI_ZIP_PEH_CFG_AUTO_GATE, 0, HISI_ZIP_AUTO_GATE_ENABLE),
};

/* zip.md 1.3 */
static const struct hisi_qm_reg_step zip_ras[] = {
	HISI_QM_REG_WRITE(HISI_ZIP_CORE_INT_SOURCE, UINT32_MAX),
	ZIP_WRITE_FROM(HISI_ZIP_RAS_CE_ENB, 0, ZIP_VALUE_CE),
	HISI_QM_REG_WRITE(HISI_ZIP_RAS_FE_ENB, 0),
	ZIP_WRITE_FROM(HISI_ZIP_RAS_NFE_ENB, 0, ZIP_VALUE_NFE),
	{ HISI_ZIP_OOO_SHUTDOWN_SEL, UINT32_MAX, 0, HISI_QM_V3, ZIP_VALUE_SHUTDOWN },
	{ HISI_ZIP_SOFT_CTRL, 0, HISI_ZIP_AXI_SHUTDOWN_ENABLE, 0, ZIP_VALUE_NONE },
	ZIP_WRITE_FROM(HISI_ZIP_CORE_INT_MASK, 0, ZIP_VALUE_MASK),
};

static const struct hisi_qm_reg_step zip_ras_rearm[] = {
	ZIP_WRITE_FROM(HISI_ZIP_RAS_NFE_ENB, 0, ZIP_VALUE_NFE),
	ZIP_WRITE_FROM(HISI_ZIP_RAS_CE_ENB, 0, ZIP_VALUE_CE),
};

static const struct hisi_qm_reg_step zip_ras_off[] = {
	HISI_QM_REG_WRITE(HISI_ZIP_CORE_INT_MASK, UINT32_MAX),
	{ HISI_ZIP_OOO_SHUTDOWN_SEL, UINT32_MAX, 0, HISI_QM_V3, ZIP_VALUE_NONE },
	{ HISI_ZIP_SOFT_CTRL, HISI_ZIP_AXI_SHUTDOWN_ENABLE, 0, 0, ZIP_VALUE_NONE },
};

#define ZIP_DW7_STATELESS (HISI_ZIP_DW7_FINISH | HISI_ZIP_DW7_STREAM_NEW)

/*
 * Newest first. V2 knows zlib and gzip only (zip.md 0.1): a raw stream is what its zlib request
 * writes without the trailer, and a raw stream it cannot inflate (unknown, zip.md 8.2).
 */
static const struct hisi_zip_generation zip_generations[] = {
	{
		.version = HISI_QM_V3,
		.sqe.dw7 = ZIP_DW7_STATELESS |
			HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3),
		.algorithms = HISI_ZIP_ALG_DEFLATE_COMP | HISI_ZIP_ALG_DEFLATE_DECOMP,
		.compress_request = HISI_ZIP_REQ_DEFLATE,
		.trailer_len = 0,
		.window_log2_min = 12,
		.has_inflate = true,
	},
	{
		.version = HISI_QM_V2,
		.sqe.dw7 = ZIP_DW7_STATELESS |
			HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_0),
		.algorithms = HISI_ZIP_ALG_ZLIB_COMP,
		.compress_request = HISI_ZIP_REQ_ZLIB,
		.trailer_len = HISI_ZIP_ZLIB_TRAILER_LEN,
		.window_log2_min = HISI_ZIP_WINDOW_LOG2_MAX,
		.has_inflate = false,
	},
};

const struct hisi_zip_generation *
hisi_zip_generation_get(enum hisi_qm_version version)
{
	size_t i;

	for (i = 0; i + 1 < RTE_DIM(zip_generations); i++)
		if (version >= zip_generations[i].version)
			break;
	return &zip_generations[i];
}

#define ZIP_PIECE(member, len) { offsetof(struct hisi_zip_sqe, member), len }

/* In the order of struct hisi_zip_record; the words of hisi_zip_fill() that are not constant. */
const struct hisi_record_layout hisi_zip_record_layout = {
	.pieces = {
		ZIP_PIECE(dw8, 8),
		ZIP_PIECE(source_addr_lo, 8),
		ZIP_PIECE(dest_addr_lo, 8),
		ZIP_PIECE(input_data_length, 4),
		ZIP_PIECE(dest_avail_out, 4),
	},
	.entry_len = sizeof(struct hisi_zip_record),
	.result = offsetof(struct hisi_zip_sqe, consumed),
};

const struct hisi_qm_engine hisi_zip_engine = {
	.name = "ZIP",
	.driver = RTE_STR(HISI_ZIP_DRIVER_NAME),
	.pf_id = HISI_PCI_DEVICE_ID_ZIP_PF,
	.vf_id = HISI_PCI_DEVICE_ID_ZIP_VF,
	.caps = hisi_zip_cap_table,
	.nb_caps = HISI_ZIP_CAP_COUNT,
	.cap_qm_nfe = HISI_ZIP_CAP_QM_NFE,
	.cap_qm_reset = HISI_ZIP_CAP_QM_RESET,
	.cap_qm_ce = HISI_ZIP_CAP_QM_CE,
	.cap_nfe = HISI_ZIP_CAP_NFE,
	.cap_reset = HISI_ZIP_CAP_RESET,
	.init = zip_init,
	.nb_init = RTE_DIM(zip_init),
	.ras = zip_ras,
	.nb_ras = RTE_DIM(zip_ras),
	.ras_rearm = zip_ras_rearm,
	.nb_ras_rearm = RTE_DIM(zip_ras_rearm),
	.ras_off = zip_ras_off,
	.nb_ras_off = RTE_DIM(zip_ras_off),
	.value = zip_value,
	.shaper_rates = HISI_ZIP_SHAPER_RATES,
	.err_status_reg = HISI_ZIP_CORE_INT_STATUS,
	.err_source_reg = HISI_ZIP_CORE_INT_SOURCE,
	.err_nfe_reg = HISI_ZIP_RAS_NFE_ENB,
	.err_name = hisi_zip_error_name,
	.err_remedy = hisi_zip_error_remedy,
	.err_section = "zip.md 1.2",
	.type_name = hisi_zip_queue_type_name,
	.sqe_fields = hisi_zip_sqe_fields,
	.regs = hisi_zip_regs,
	.record = &hisi_zip_record_layout,
};
