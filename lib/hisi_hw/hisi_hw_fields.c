/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hisi_hw_names.h"
#include "hisi_qm_context.h"
#include "hisi_qm_doorbell.h"
#include "hisi_qm_mailbox.h"
#include "hisi_sec_sqe.h"
#include "hisi_sgl.h"
#include "hisi_zip_sqe.h"

/* A whole member of a structure, and a masked part of one. */
#define FIELD(type, member) { #member, UINT64_MAX >> (64 - 8 * sizeof(((type *)0)->member)), \
	offsetof(type, member), sizeof(((type *)0)->member), NULL }
#define BITS(type, member, label, bits, names) { label, bits, offsetof(type, member), \
	sizeof(((type *)0)->member), names }
#define WORD64(type, member, label) { label, UINT64_MAX, offsetof(type, member), 8, NULL }
#define SECRET(type, member, label) { label, UINT32_MAX, offsetof(type, member), 4, NULL, true }

const struct hisi_hw_field hisi_qm_sqc_fields[] = {
	FIELD(struct hisi_qm_sqc, head),
	FIELD(struct hisi_qm_sqc, tail),
	WORD64(struct hisi_qm_sqc, base_lo, "base"),
	BITS(struct hisi_qm_sqc, dw3, "depth_minus_1", HISI_QM_XQC_DEPTH, NULL),
	BITS(struct hisi_qm_sqc, dw3, "sqe_log2", HISI_QM_XQC_ENTRY_LOG2, NULL),
	FIELD(struct hisi_qm_sqc, tag),
	FIELD(struct hisi_qm_sqc, pasid),
	BITS(struct hisi_qm_sqc, w11, "head_wrap", HISI_QM_SQC_W11_HEAD_WRAP, NULL),
	BITS(struct hisi_qm_sqc, w11, "tail_wrap", HISI_QM_SQC_W11_TAIL_WRAP, NULL),
	BITS(struct hisi_qm_sqc, w11, "pasid_enable", HISI_QM_SQC_W11_PASID_ENABLE, NULL),
	FIELD(struct hisi_qm_sqc, cq_num),
	BITS(struct hisi_qm_sqc, w13, "priority", HISI_QM_SQC_W13_PRIORITY, NULL),
	BITS(struct hisi_qm_sqc, w13, "order", HISI_QM_SQC_W13_ORDER, NULL),
	BITS(struct hisi_qm_sqc, w13, "fc", HISI_QM_SQC_W13_FC, NULL),
	BITS(struct hisi_qm_sqc, w13, "close", HISI_QM_SQC_W13_CLOSE, NULL),
	BITS(struct hisi_qm_sqc, w13, "type", HISI_QM_SQC_W13_TYPE, NULL),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_cqc_fields[] = {
	FIELD(struct hisi_qm_cqc, head),
	FIELD(struct hisi_qm_cqc, tail),
	WORD64(struct hisi_qm_cqc, base_lo, "base"),
	BITS(struct hisi_qm_cqc, dw3, "depth_minus_1", HISI_QM_XQC_DEPTH, NULL),
	BITS(struct hisi_qm_cqc, dw3, "cqe_log2", HISI_QM_XQC_ENTRY_LOG2, NULL),
	FIELD(struct hisi_qm_cqc, tag),
	FIELD(struct hisi_qm_cqc, pasid),
	BITS(struct hisi_qm_cqc, w11, "pasid_enable", HISI_QM_CQC_W11_PASID_ENABLE, NULL),
	BITS(struct hisi_qm_cqc, w11, "head_wrap", HISI_QM_CQC_W11_HEAD_WRAP, NULL),
	BITS(struct hisi_qm_cqc, w11, "tail_wrap", HISI_QM_CQC_W11_TAIL_WRAP, NULL),
	BITS(struct hisi_qm_cqc, dw6, "phase", HISI_QM_CQC_DW6_PHASE, NULL),
	BITS(struct hisi_qm_cqc, dw6, "c_flag", HISI_QM_CQC_DW6_C_FLAG, NULL),
	BITS(struct hisi_qm_cqc, dw6, "stash", HISI_QM_CQC_DW6_STASH, NULL),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_eqc_fields[] = {
	FIELD(struct hisi_qm_eqc, head),
	FIELD(struct hisi_qm_eqc, tail),
	WORD64(struct hisi_qm_eqc, base_lo, "base"),
	BITS(struct hisi_qm_eqc, dw6, "depth_minus_1", HISI_QM_EQC_DW6_DEPTH, NULL),
	BITS(struct hisi_qm_eqc, dw6, "phase", HISI_QM_EQC_DW6_PHASE, NULL),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_cqe_fields[] = {
	FIELD(struct hisi_qm_cqe, cmd_id),
	FIELD(struct hisi_qm_cqe, sq_head),
	FIELD(struct hisi_qm_cqe, sq_num),
	BITS(struct hisi_qm_cqe, w7, "phase", HISI_QM_CQE_PHASE, NULL),
	BITS(struct hisi_qm_cqe, w7, "status", 0xfffe, NULL), /* name of OP-TEE, unknown */
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_eqe_fields[] = {
	{ "queue", HISI_QM_EQE_QUEUE, 0, 4, NULL },
	{ "phase", HISI_QM_EQE_PHASE, 0, 4, NULL },
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_aeqe_fields[] = {
	{ "queue", HISI_QM_EQE_QUEUE, 0, 4, NULL },
	{ "phase", HISI_QM_EQE_PHASE, 0, 4, NULL },
	{ "type", HISI_QM_AEQE_TYPE, 0, 4, hisi_qm_aeqe_type_name },
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_mailbox_fields[] = {
	BITS(struct hisi_qm_mailbox, w0, "command", HISI_QM_MB_COMMAND,
		hisi_qm_mailbox_command_name),
	BITS(struct hisi_qm_mailbox, w0, "event", HISI_QM_MB_EVENT, NULL),
	BITS(struct hisi_qm_mailbox, w0, "status", HISI_QM_MB_STATUS, NULL),
	BITS(struct hisi_qm_mailbox, w0, "busy", HISI_QM_MB_BUSY, NULL),
	BITS(struct hisi_qm_mailbox, w0, "op_get", HISI_QM_MB_OP_GET, NULL),
	FIELD(struct hisi_qm_mailbox, queue),
	WORD64(struct hisi_qm_mailbox, base_lo, "base"),
	FIELD(struct hisi_qm_mailbox, token),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_doorbell_fields[] = {
	{ "queue", HISI_QM_DB_QUEUE, 0, 8, NULL },
	{ "command", HISI_QM_DB_COMMAND, 0, 8, hisi_qm_doorbell_command_name },
	{ "tag", HISI_QM_DB_TAG, 0, 8, NULL },
	{ "index", HISI_QM_DB_INDEX, 0, 8, NULL },
	{ "priority", HISI_QM_DB_PRIORITY, 0, 8, NULL },
	{ .name = NULL },
};

const struct hisi_hw_field hisi_qm_vft_sqc_fields[] = {
	{ "base", HISI_QM_VFT_SQC_BASE, 0, 8, NULL },
	{ "valid", HISI_QM_VFT_SQC_VALID, 0, 8, NULL },
	{ "count_minus_1", HISI_QM_VFT_SQC_COUNT, 0, 8, NULL },
	{ .name = NULL },
};

const struct hisi_hw_field hisi_zip_sqe_fields[] = {
	FIELD(struct hisi_zip_sqe, consumed),
	FIELD(struct hisi_zip_sqe, produced),
	FIELD(struct hisi_zip_sqe, comp_data_length),
	BITS(struct hisi_zip_sqe, dw3, "status", HISI_ZIP_DW3_STATUS, hisi_zip_status_name),
	BITS(struct hisi_zip_sqe, dw3, "last_block", HISI_ZIP_DW3_LAST_BLOCK, NULL),
	FIELD(struct hisi_zip_sqe, input_data_length),
	WORD64(struct hisi_zip_sqe, lba_lo, "lba"),
	BITS(struct hisi_zip_sqe, dw7, "in_offset", HISI_ZIP_DW7_IN_OFFSET, NULL),
	BITS(struct hisi_zip_sqe, dw7, "finish", HISI_ZIP_DW7_FINISH, NULL),
	BITS(struct hisi_zip_sqe, dw7, "stateful", HISI_ZIP_DW7_STATEFUL, NULL),
	BITS(struct hisi_zip_sqe, dw7, "stream_new", HISI_ZIP_DW7_STREAM_NEW, NULL),
	BITS(struct hisi_zip_sqe, dw7, "sqe_type", HISI_ZIP_DW7_SQE_TYPE, NULL),
	BITS(struct hisi_zip_sqe, dw8, "out_offset", HISI_ZIP_DW8_OUT_OFFSET, NULL),
	BITS(struct hisi_zip_sqe, dw9, "request", HISI_ZIP_DW9_REQUEST, hisi_zip_request_name),
	BITS(struct hisi_zip_sqe, dw9, "buffer", HISI_ZIP_DW9_BUFFER, hisi_zip_buffer_name),
	BITS(struct hisi_zip_sqe, dw9, "window", HISI_ZIP_DW9_WINDOW, hisi_zip_window_name),
	BITS(struct hisi_zip_sqe, dw9, "align_size", HISI_ZIP_DW9_ALIGN_SIZE, NULL),
	FIELD(struct hisi_zip_sqe, dw10),
	FIELD(struct hisi_zip_sqe, priv_info),
	FIELD(struct hisi_zip_sqe, dw12),
	FIELD(struct hisi_zip_sqe, dw13),
	FIELD(struct hisi_zip_sqe, dest_avail_out),
	BITS(struct hisi_zip_sqe, ctx_dw0, "ctx_state", HISI_ZIP_CTX_DW0_STATE, NULL),
	BITS(struct hisi_zip_sqe, ctx_dw0, "ctx_bfinal", HISI_ZIP_CTX_DW0_BFINAL, NULL),
	BITS(struct hisi_zip_sqe, ctx_dw0, "ctx_head_bits", HISI_ZIP_CTX_DW0_HEAD_BITS, NULL),
	WORD64(struct hisi_zip_sqe, comp_head_addr_lo, "comp_head_addr"),
	WORD64(struct hisi_zip_sqe, source_addr_lo, "source_addr"),
	WORD64(struct hisi_zip_sqe, dest_addr_lo, "dest_addr"),
	WORD64(struct hisi_zip_sqe, stream_ctx_addr_lo, "stream_ctx_addr"),
	WORD64(struct hisi_zip_sqe, literals_addr_lo, "literals_addr"),
	WORD64(struct hisi_zip_sqe, tag_lo, "tag"),
	BITS(struct hisi_zip_sqe, ctx_dw1, "ctx_store_count", HISI_ZIP_CTX_DW1_STORE_COUNT, NULL),
	BITS(struct hisi_zip_sqe, ctx_dw2, "ctx_window_len", HISI_ZIP_CTX_DW2_WINDOW_LEN, NULL),
	FIELD(struct hisi_zip_sqe, isize),
	FIELD(struct hisi_zip_sqe, checksum),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_sec_bd2_fields[] = {
	BITS(struct hisi_sec_bd2, w0, "type", HISI_SEC_BD2_W0_TYPE, hisi_sec_bd_type_name),
	BITS(struct hisi_sec_bd2, w0, "cipher", HISI_SEC_BD2_W0_CIPHER, hisi_sec_cipher_name),
	BITS(struct hisi_sec_bd2, w0, "auth", HISI_SEC_BD2_W0_AUTH, hisi_sec_auth_name),
	BITS(struct hisi_sec_bd2, w0, "seq", HISI_SEC_BD2_W0_SEQ, NULL),
	BITS(struct hisi_sec_bd2, w0, "de", HISI_SEC_BD2_W0_DE, NULL),
	BITS(struct hisi_sec_bd2, w0, "scene", HISI_SEC_BD2_W0_SCENE, hisi_sec_scene_name),
	BITS(struct hisi_sec_bd2, w0, "src_addr_type", HISI_SEC_BD2_W0_SRC_ADDR_TYPE,
		hisi_sec_buffer_name),
	BITS(struct hisi_sec_bd2, w0, "dst_addr_type", HISI_SEC_BD2_W0_DST_ADDR_TYPE,
		hisi_sec_buffer_name),
	BITS(struct hisi_sec_bd2, w0, "mac_addr_type", HISI_SEC_BD2_W0_MAC_ADDR_TYPE, NULL),
	BITS(struct hisi_sec_bd2, w1, "nonce_len", HISI_SEC_BD2_W1_NONCE_LEN, NULL),
	BITS(struct hisi_sec_bd2, w1, "huk", HISI_SEC_BD2_W1_HUK, NULL),
	BITS(struct hisi_sec_bd2, w1, "ci_gen", HISI_SEC_BD2_W1_CI_GEN, NULL),
	BITS(struct hisi_sec_bd2, w1, "ai_gen", HISI_SEC_BD2_W1_AI_GEN, hisi_sec_ai_gen_name),
	BITS(struct hisi_sec_bd2, w1, "a_pad", HISI_SEC_BD2_W1_A_PAD, NULL),
	BITS(struct hisi_sec_bd2, w1, "c_key_type", HISI_SEC_BD2_W1_C_KEY_TYPE, NULL),
	BITS(struct hisi_sec_bd2, w1, "a_key_type", HISI_SEC_BD2_W1_A_KEY_TYPE, NULL),
	BITS(struct hisi_sec_bd2, w1, "invalid", HISI_SEC_BD2_W1_INVALID, NULL),
	BITS(struct hisi_sec_bd2, w2, "mac_len", HISI_SEC_BD2_W2_MAC_LEN, NULL),
	BITS(struct hisi_sec_bd2, w2, "a_key_len", HISI_SEC_BD2_W2_A_KEY_LEN, NULL),
	BITS(struct hisi_sec_bd2, w2, "a_alg", HISI_SEC_BD2_W2_A_ALG, hisi_sec_a_alg_name),
	BITS(struct hisi_sec_bd2, w3, "c_icv_len", HISI_SEC_BD2_W3_C_ICV_LEN, NULL),
	BITS(struct hisi_sec_bd2, w3, "c_width", HISI_SEC_BD2_W3_C_WIDTH, NULL),
	BITS(struct hisi_sec_bd2, w3, "c_key_len", HISI_SEC_BD2_W3_C_KEY_LEN, NULL),
	BITS(struct hisi_sec_bd2, w3, "c_mode", HISI_SEC_BD2_W3_C_MODE, hisi_sec_c_mode_name),
	BITS(struct hisi_sec_bd2, w3, "c_alg", HISI_SEC_BD2_W3_C_ALG, hisi_sec_c_alg_name),
	BITS(struct hisi_sec_bd2, w4, "a_len", HISI_SEC_BD2_W4_A_LEN, NULL),
	BITS(struct hisi_sec_bd2, w5, "c_len", HISI_SEC_BD2_W5_C_LEN, NULL),
	BITS(struct hisi_sec_bd2, w6, "auth_src_offset", HISI_SEC_OFFSETS_AUTH, NULL),
	BITS(struct hisi_sec_bd2, w6, "cipher_src_offset", HISI_SEC_OFFSETS_CIPHER, NULL),
	FIELD(struct hisi_sec_bd2, w7),
	FIELD(struct hisi_sec_bd2, w8),
	SECRET(struct hisi_sec_bd2, w9, "salt"), /* part of a nonce */
	BITS(struct hisi_sec_bd2, w10, "tag", HISI_SEC_BD2_W10_TAG, NULL),
	FIELD(struct hisi_sec_bd2, w11),
	WORD64(struct hisi_sec_bd2, long_a_data_len_lo, "long_a_data_len"),
	WORD64(struct hisi_sec_bd2, a_ivin_addr_lo, "a_ivin_addr"),
	WORD64(struct hisi_sec_bd2, a_key_addr_lo, "a_key_addr"),
	WORD64(struct hisi_sec_bd2, mac_addr_lo, "mac_addr"),
	WORD64(struct hisi_sec_bd2, c_ivin_addr_lo, "c_ivin_addr"),
	WORD64(struct hisi_sec_bd2, c_key_addr_lo, "c_key_addr"),
	WORD64(struct hisi_sec_bd2, data_src_addr_lo, "data_src_addr"),
	WORD64(struct hisi_sec_bd2, data_dst_addr_lo, "data_dst_addr"),
	BITS(struct hisi_sec_bd2, w28, "done", HISI_SEC_W28_DONE, NULL),
	BITS(struct hisi_sec_bd2, w28, "icv", HISI_SEC_W28_ICV, hisi_sec_icv_name),
	BITS(struct hisi_sec_bd2, w28, "csc", HISI_SEC_W28_CSC, NULL),
	BITS(struct hisi_sec_bd2, w28, "flag", HISI_SEC_W28_FLAG, hisi_sec_flag_name),
	BITS(struct hisi_sec_bd2, w28, "dif_check", HISI_SEC_W28_DIF_CHECK, NULL),
	BITS(struct hisi_sec_bd2, w28, "error_type", HISI_SEC_W28_ERROR_TYPE, hisi_sec_status_name),
	BITS(struct hisi_sec_bd2, w28, "warning_type", HISI_SEC_W28_WARNING_TYPE, NULL),
	FIELD(struct hisi_sec_bd2, mac_i),
	FIELD(struct hisi_sec_bd2, w30),
	FIELD(struct hisi_sec_bd2, counter),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_sec_bd3_fields[] = {
	BITS(struct hisi_sec_bd3, w0, "type", HISI_SEC_BD3_W0_TYPE, hisi_sec_bd_type_name),
	BITS(struct hisi_sec_bd3, w0, "invalid", HISI_SEC_BD3_W0_INVALID, NULL),
	BITS(struct hisi_sec_bd3, w0, "scene", HISI_SEC_BD3_W0_SCENE, hisi_sec_scene_name),
	BITS(struct hisi_sec_bd3, w0, "de", HISI_SEC_BD3_W0_DE, NULL),
	BITS(struct hisi_sec_bd3, w0, "src_addr_type", HISI_SEC_BD3_W0_SRC_ADDR_TYPE,
		hisi_sec_buffer_name),
	BITS(struct hisi_sec_bd3, w0, "dst_addr_type", HISI_SEC_BD3_W0_DST_ADDR_TYPE,
		hisi_sec_buffer_name),
	BITS(struct hisi_sec_bd3, w0, "mac_addr_type", HISI_SEC_BD3_W0_MAC_ADDR_TYPE, NULL),
	BITS(struct hisi_sec_bd3, w1, "cipher", HISI_SEC_BD3_W1_CIPHER, hisi_sec_cipher_name),
	BITS(struct hisi_sec_bd3, w1, "ci_gen", HISI_SEC_BD3_W1_CI_GEN, NULL),
	BITS(struct hisi_sec_bd3, w1, "c_icv_len", HISI_SEC_BD3_W1_C_ICV_LEN, NULL),
	BITS(struct hisi_sec_bd3, w1, "c_width", HISI_SEC_BD3_W1_C_WIDTH, NULL),
	BITS(struct hisi_sec_bd3, w1, "c_key_len", HISI_SEC_BD3_W1_C_KEY_LEN, NULL),
	BITS(struct hisi_sec_bd3, w1, "c_mode", HISI_SEC_BD3_W1_C_MODE, hisi_sec_c_mode_name),
	BITS(struct hisi_sec_bd3, w1, "c_alg", HISI_SEC_BD3_W1_C_ALG, hisi_sec_c_alg_name),
	BITS(struct hisi_sec_bd3, w1, "nonce_len", HISI_SEC_BD3_W1_NONCE_LEN, NULL),
	BITS(struct hisi_sec_bd3, w1, "huk", HISI_SEC_BD3_W1_HUK, NULL),
	BITS(struct hisi_sec_bd3, w1, "cal_iv_addr_en", HISI_SEC_BD3_W1_CAL_IV_ADDR_EN, NULL),
	BITS(struct hisi_sec_bd3, w1, "seq", HISI_SEC_BD3_W1_SEQ, NULL),
	WORD64(struct hisi_sec_bd3, tag_lo, "tag"),
	WORD64(struct hisi_sec_bd3, data_src_addr_lo, "data_src_addr"),
	WORD64(struct hisi_sec_bd3, a_key_addr_lo, "a_key_addr"),
	WORD64(struct hisi_sec_bd3, a_ivin_addr_lo, "a_ivin_addr"),
	FIELD(struct hisi_sec_bd3, w10),
	FIELD(struct hisi_sec_bd3, w11),
	WORD64(struct hisi_sec_bd3, c_key_addr_lo, "c_key_addr"),
	BITS(struct hisi_sec_bd3, w14, "auth", HISI_SEC_BD3_W14_AUTH, hisi_sec_auth_name),
	BITS(struct hisi_sec_bd3, w14, "ai_gen", HISI_SEC_BD3_W14_AI_GEN, hisi_sec_ai_gen_name),
	BITS(struct hisi_sec_bd3, w14, "mac_len", HISI_SEC_BD3_W14_MAC_LEN, NULL),
	BITS(struct hisi_sec_bd3, w14, "a_key_len", HISI_SEC_BD3_W14_A_KEY_LEN, NULL),
	BITS(struct hisi_sec_bd3, w14, "a_alg", HISI_SEC_BD3_W14_A_ALG, hisi_sec_a_alg_name),
	BITS(struct hisi_sec_bd3, w14, "key_sel", HISI_SEC_BD3_W14_KEY_SEL, NULL),
	BITS(struct hisi_sec_bd3, w14, "ctr_mode", HISI_SEC_BD3_W14_CTR_MODE, NULL),
	BITS(struct hisi_sec_bd3, w14, "sva_prefetch", HISI_SEC_BD3_W14_SVA_PREFETCH, NULL),
	BITS(struct hisi_sec_bd3, w14, "key_wrap_num", HISI_SEC_BD3_W14_KEY_WRAP_NUM, NULL),
	BITS(struct hisi_sec_bd3, w14, "update_key", HISI_SEC_BD3_W14_UPDATE_KEY, NULL),
	SECRET(struct hisi_sec_bd3, w15, "salt"), /* part of a nonce */
	BITS(struct hisi_sec_bd3, w16, "auth_src_offset", HISI_SEC_OFFSETS_AUTH, NULL),
	BITS(struct hisi_sec_bd3, w16, "cipher_src_offset", HISI_SEC_OFFSETS_CIPHER, NULL),
	BITS(struct hisi_sec_bd3, w17, "a_len", HISI_SEC_BD3_W17_A_LEN, NULL),
	BITS(struct hisi_sec_bd3, w18, "c_len", HISI_SEC_BD3_W18_C_LEN, NULL),
	WORD64(struct hisi_sec_bd3, data_dst_addr_lo, "data_dst_addr"),
	WORD64(struct hisi_sec_bd3, mac_addr_lo, "mac_addr"),
	WORD64(struct hisi_sec_bd3, c_ivin_addr_lo, "c_ivin_addr"),
	WORD64(struct hisi_sec_bd3, long_a_data_len_lo, "long_a_data_len"),
	BITS(struct hisi_sec_bd3, w27, "auth_pad", HISI_SEC_BD3_W27_AUTH_PAD, NULL),
	BITS(struct hisi_sec_bd3, w27, "protocol", HISI_SEC_BD3_W27_PROTOCOL, NULL),
	BITS(struct hisi_sec_bd3, w27, "mac_sel", HISI_SEC_BD3_W27_MAC_SEL, NULL),
	BITS(struct hisi_sec_bd3, w28, "done", HISI_SEC_W28_DONE, NULL),
	BITS(struct hisi_sec_bd3, w28, "icv", HISI_SEC_W28_ICV, hisi_sec_icv_name),
	BITS(struct hisi_sec_bd3, w28, "csc", HISI_SEC_W28_CSC, NULL),
	BITS(struct hisi_sec_bd3, w28, "flag", HISI_SEC_W28_FLAG, hisi_sec_flag_name),
	BITS(struct hisi_sec_bd3, w28, "dif_check", HISI_SEC_W28_DIF_CHECK, NULL),
	BITS(struct hisi_sec_bd3, w28, "error_type", HISI_SEC_W28_ERROR_TYPE, hisi_sec_status_name),
	BITS(struct hisi_sec_bd3, w28, "warning_type", HISI_SEC_W28_WARNING_TYPE, NULL),
	FIELD(struct hisi_sec_bd3, mac_i),
	BITS(struct hisi_sec_bd3, w30, "sva_status", HISI_SEC_BD3_W30_SVA_STATUS, NULL),
	FIELD(struct hisi_sec_bd3, counter),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_sgl_fields[] = {
	FIELD(struct hisi_sgl, next_dma),
	FIELD(struct hisi_sgl, entry_sum_in_chain),
	FIELD(struct hisi_sgl, entry_sum_in_sgl),
	FIELD(struct hisi_sgl, entry_length_in_sgl),
	{ .name = NULL },
};

const struct hisi_hw_field hisi_sge_fields[] = {
	FIELD(struct hisi_sge, buf),
	FIELD(struct hisi_sge, len),
	{ .name = NULL },
};

const struct hisi_hw_field *
hisi_sec_sqe_fields(const void *sqe)
{
	uint32_t w0;

	memcpy(&w0, sqe, sizeof(w0));
	return HISI_FIELD_GET(HISI_SEC_BD3_W0_TYPE, w0) == HISI_SEC_BD_TYPE_3 ?
		hisi_sec_bd3_fields : hisi_sec_bd2_fields;
}

uint64_t
hisi_hw_field_value(const struct hisi_hw_field *field, const void *base)
{
	uint64_t word = 0;

	/* A copy, because a caller's bytes (a trace, a capture) need not be aligned. */
	memcpy(&word, (const uint8_t *)base + field->offset, field->word_len);
	return HISI_FIELD_GET(field->mask, word);
}

void
hisi_hw_redact(const struct hisi_hw_field *fields, void *base)
{
	const struct hisi_hw_field *field;

	for (field = fields; field->name != NULL; field++)
		if (field->is_secret)
			memset((uint8_t *)base + field->offset, 0, field->word_len);
}

int
hisi_hw_format(char *buf, int len, const struct hisi_hw_field *fields, const void *base)
{
	const struct hisi_hw_field *field;
	int used = 0;

	if (len > 0)
		buf[0] = '\0';
	for (field = fields; field->name != NULL; field++) {
		uint64_t value = hisi_hw_field_value(field, base);
		const char *meaning = field->value_name ? field->value_name(value) : NULL;
		size_t room = used < len ? (size_t)(len - used) : 0;

		/* A named 0 is information (status ok, command sqc); a bare 0 is none. */
		if (value == 0 && meaning == NULL)
			continue;
		if (field->is_secret) {
			used += snprintf(buf + (room ? used : 0), room, "%s%s=(secret)",
				used ? " " : "", field->name);
			continue;
		}
		used += snprintf(buf + (room ? used : 0), room, "%s%s=0x%" PRIx64 "%s%s%s",
			used ? " " : "", field->name, value, meaning ? "(" : "",
			meaning ? meaning : "", meaning ? ")" : "");
	}
	return used;
}
