/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_hw_names.h"
#include "hisi_qm_context.h"
#include "hisi_qm_doorbell.h"
#include "hisi_qm_mailbox.h"
#include "hisi_qm_regs.h"
#include "hisi_zip_regs.h"
#include "hisi_zip_sqe.h"

struct hisi_hw_name {
	uint32_t value;
	const char *name;
};

#define HISI_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static const char *
hisi_hw_name_find(const struct hisi_hw_name *names, size_t count, uint64_t value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (names[i].value == value)
			return names[i].name;
	return "unknown";
}

static const struct hisi_hw_name version_names[] = {
	{ HISI_QM_V1, "V1" },
	{ HISI_QM_V2, "V2" },
	{ HISI_QM_V3, "V3" },
	{ HISI_QM_V4, "V4" },
	{ HISI_QM_V5, "V5" },
};

static const struct hisi_hw_name mailbox_command_names[] = {
	{ HISI_QM_MB_CMD_SQC, "sqc" },
	{ HISI_QM_MB_CMD_CQC, "cqc" },
	{ HISI_QM_MB_CMD_EQC, "eqc" },
	{ HISI_QM_MB_CMD_AEQC, "aeqc" },
	{ HISI_QM_MB_CMD_SQC_BT, "sqc_bt" },
	{ HISI_QM_MB_CMD_CQC_BT, "cqc_bt" },
	{ HISI_QM_MB_CMD_SQC_VFT, "sqc_vft" },
	{ HISI_QM_MB_CMD_CLOSE_QM, "close_qm" },
	{ HISI_QM_MB_CMD_STOP_QP, "stop_qp" },
	{ HISI_QM_MB_CMD_FLUSH_QM, "flush_qm" },
	{ HISI_QM_MB_CMD_FLUSH_QP, "flush_qp" },
	{ HISI_QM_MB_CMD_SRC, "src" },
	{ HISI_QM_MB_CMD_DST, "dst" },
	{ HISI_QM_MB_CMD_PAUSE_QM, "pause_qm" },
};

static const struct hisi_hw_name doorbell_command_names[] = {
	{ HISI_QM_DB_CMD_SQ, "sq" },
	{ HISI_QM_DB_CMD_CQ, "cq" },
	{ HISI_QM_DB_CMD_EQ, "eq" },
	{ HISI_QM_DB_CMD_AEQ, "aeq" },
};

static const struct hisi_hw_name aeqe_type_names[] = {
	{ HISI_QM_AEQE_CQ_OVERFLOW, "cq_overflow" },
	{ HISI_QM_AEQE_EQ_OVERFLOW, "eq_overflow" },
	{ HISI_QM_AEQE_CQE_ERROR, "cqe_error" },
};

static const struct hisi_hw_name ifc_command_names[] = {
	{ HISI_QM_IFC_PF_FLR_PREPARE, "pf_flr_prepare" },
	{ HISI_QM_IFC_PF_SRST_PREPARE, "pf_srst_prepare" },
	{ HISI_QM_IFC_PF_RESET_DONE, "pf_reset_done" },
	{ HISI_QM_IFC_VF_PREPARE_DONE, "vf_prepare_done" },
	{ HISI_QM_IFC_VF_PREPARE_FAIL, "vf_prepare_fail" },
	{ HISI_QM_IFC_VF_START_DONE, "vf_start_done" },
	{ HISI_QM_IFC_VF_START_FAIL, "vf_start_fail" },
	{ HISI_QM_IFC_PF_SET_QOS, "pf_set_qos" },
	{ HISI_QM_IFC_VF_GET_QOS, "vf_get_qos" },
	{ HISI_QM_IFC_FUNCTION_RESET, "function_reset" },
	{ HISI_QM_IFC_VF_GET_ISOLATE, "vf_get_isolate" },
	{ HISI_QM_IFC_PF_SET_ISOLATE, "pf_set_isolate" },
};

static const struct hisi_hw_name qm_error_names[] = {
	{ HISI_QM_ERR_AXI_RRESP, "axi_rresp" },
	{ HISI_QM_ERR_AXI_BRESP, "axi_bresp" },
	{ HISI_QM_ERR_ECC_MBIT, "ecc_mbit" },
	{ HISI_QM_ERR_ECC_1BIT, "ecc_1bit" },
	{ HISI_QM_ERR_GET_TASK_TIMEOUT, "acc_get_task_timeout" },
	{ HISI_QM_ERR_DO_TASK_TIMEOUT, "acc_do_task_timeout" },
	{ HISI_QM_ERR_WB_NOT_READY_TIMEOUT, "acc_wb_not_ready_timeout" },
	{ HISI_QM_ERR_SQ_CQ_VF_INVALID, "sq_cq_vf_invalid" },
	{ HISI_QM_ERR_CQ_VF_INVALID, "cq_vf_invalid" },
	{ HISI_QM_ERR_SQ_VF_INVALID, "sq_vf_invalid" },
	{ HISI_QM_ERR_DB_TIMEOUT, "db_timeout" },
	{ HISI_QM_ERR_FIFO_OVERFLOW, "of_fifo_of" },
	{ HISI_QM_ERR_DB_RANDOM_INVALID, "db_random_invalid" },
	{ HISI_QM_ERR_MAILBOX_TIMEOUT, "mailbox_timeout" },
	{ HISI_QM_ERR_FLR_TIMEOUT, "flr_timeout" },
};

static const struct hisi_hw_name zip_error_names[] = {
	{ HISI_ZIP_ERR_ECC_1BIT, "ecc_1bit" },
	{ HISI_ZIP_ERR_ECC_2BIT, "ecc_2bit" },
	{ HISI_ZIP_ERR_AXI_RRESP, "axi_rresp" },
	{ HISI_ZIP_ERR_AXI_BRESP, "axi_bresp" },
	{ HISI_ZIP_ERR_SRC_ADDR_PARSE, "src_addr_parse" },
	{ HISI_ZIP_ERR_DST_ADDR_PARSE, "dst_addr_parse" },
	{ HISI_ZIP_ERR_PRE_IN_ADDR, "pre_in_addr" },
	{ HISI_ZIP_ERR_PRE_IN_DATA, "pre_in_data" },
	{ HISI_ZIP_ERR_COM_INF, "com_inf" },
	{ HISI_ZIP_ERR_ENC_INF, "enc_inf" },
	{ HISI_ZIP_ERR_PRE_OUT, "pre_out" },
	{ HISI_ZIP_ERR_AXI_POISON, "axi_poison" },
	{ HISI_ZIP_ERR_SVA, "sva" },
};

static const struct hisi_hw_name zip_status_names[] = {
	{ HISI_ZIP_STATUS_OK, "ok" },
	{ HISI_ZIP_STATUS_NEGACOMPRESS, "negacompress" },
	{ HISI_ZIP_STATUS_DSTLEN_OUT, "dstlen_out" },
	{ HISI_ZIP_STATUS_IN_DIF_ERR, "in_data_dif_check_err" },
	{ HISI_ZIP_STATUS_CRC_ERR, "crc_err" },
	{ HISI_ZIP_STATUS_UNCOMP_DIF_ERR, "uncomp_dif_check_err" },
	{ HISI_ZIP_STATUS_DECOMP_END, "decomp_end" },
	{ HISI_ZIP_STATUS_MODEL_BAD_DATA, "model_bad_data" },
	{ HISI_ZIP_STATUS_MODEL_TRUNCATED, "model_truncated" },
	{ HISI_ZIP_STATUS_MODEL_BAD_PARAMETER, "model_bad_parameter" },
	{ HISI_ZIP_STATUS_MODEL_UNSUPPORTED, "model_unsupported" },
	{ HISI_ZIP_STATUS_MODEL_READ_FAULT, "model_read_fault" },
	{ HISI_ZIP_STATUS_MODEL_WRITE_FAULT, "model_write_fault" },
};

static const struct hisi_hw_name zip_request_names[] = {
	{ HISI_ZIP_REQ_DEFLATE, "deflate" },
	{ HISI_ZIP_REQ_ZLIB, "zlib" },
	{ HISI_ZIP_REQ_GZIP, "gzip" },
	{ HISI_ZIP_REQ_LZ4, "lz4" },
	{ HISI_ZIP_REQ_LZ77_ONLY, "lz77_only" },
	{ HISI_ZIP_REQ_LZ77_ONLY_PRICE, "lz77_only_price" },
	{ HISI_ZIP_REQ_LZ77_ZSTD_PRICE, "lz77_zstd_price" },
	{ HISI_ZIP_REQ_LZ77_ZSTD, "lz77_zstd" },
};

static const struct hisi_hw_name zip_buffer_names[] = {
	{ HISI_ZIP_BUFFER_FLAT, "flat" },
	{ HISI_ZIP_BUFFER_SGL, "sgl" },
};

static const struct hisi_hw_name zip_window_names[] = {
	{ HISI_ZIP_WINDOW_4K, "4K" },
	{ HISI_ZIP_WINDOW_8K, "8K" },
	{ HISI_ZIP_WINDOW_16K, "16K" },
	{ HISI_ZIP_WINDOW_24K, "24K" },
	{ HISI_ZIP_WINDOW_32K, "32K" },
};

static const struct hisi_hw_name zip_queue_type_names[] = {
	{ HISI_ZIP_QUEUE_COMPRESS, "compress" },
	{ HISI_ZIP_QUEUE_DECOMPRESS, "decompress" },
	{ HISI_ZIP_QUEUE_DAE, "dae" },
};

#define HISI_HW_NAME_FUNCTION(function, table) \
const char * \
function(uint64_t value) \
{ \
	return hisi_hw_name_find(table, HISI_ARRAY_LEN(table), value); \
}

HISI_HW_NAME_FUNCTION(hisi_qm_version_name, version_names)
HISI_HW_NAME_FUNCTION(hisi_qm_mailbox_command_name, mailbox_command_names)
HISI_HW_NAME_FUNCTION(hisi_qm_doorbell_command_name, doorbell_command_names)
HISI_HW_NAME_FUNCTION(hisi_qm_aeqe_type_name, aeqe_type_names)
HISI_HW_NAME_FUNCTION(hisi_qm_ifc_command_name, ifc_command_names)
HISI_HW_NAME_FUNCTION(hisi_qm_error_name, qm_error_names)
HISI_HW_NAME_FUNCTION(hisi_zip_error_name, zip_error_names)
HISI_HW_NAME_FUNCTION(hisi_zip_status_name, zip_status_names)
HISI_HW_NAME_FUNCTION(hisi_zip_request_name, zip_request_names)
HISI_HW_NAME_FUNCTION(hisi_zip_buffer_name, zip_buffer_names)
HISI_HW_NAME_FUNCTION(hisi_zip_window_name, zip_window_names)
HISI_HW_NAME_FUNCTION(hisi_zip_queue_type_name, zip_queue_type_names)
