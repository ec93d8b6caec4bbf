/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_hw_names.h"
#include "hisi_qm_context.h"
#include "hisi_qm_doorbell.h"
#include "hisi_qm_mailbox.h"
#include "hisi_qm_regs.h"
#include "hisi_sec_regs.h"
#include "hisi_sec_sqe.h"
#include "hisi_zip_regs.h"
#include "hisi_zip_sqe.h"

struct hisi_hw_name {
	uint32_t value;
	const char *name;
	const char *remedy;	/* what it means and what to do; NULL where that is no question */
};

#define HISI_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static const struct hisi_hw_name *
hisi_hw_name_find(const struct hisi_hw_name *names, size_t count, uint64_t value)
{
	static const struct hisi_hw_name unknown = { 0, "unknown",
		"Not known: please report it with all lines around it." };
	size_t i;

	for (i = 0; i < count; i++)
		if (names[i].value == value)
			return &names[i];
	return &unknown;
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
	{ HISI_QM_AEQE_CQ_OVERFLOW, "cq_overflow",
		"A CQ was full. The driver stops that queue; its operations return with an "
		"error. Dequeue in time." },
	{ HISI_QM_AEQE_EQ_OVERFLOW, "eq_overflow",
		"Events of unknown queues were lost. The driver resets the function." },
	{ HISI_QM_AEQE_CQE_ERROR, "cqe_error",
		"The device could not write a CQE [INF]. The driver stops that queue; see "
		"the line of a hardware error beside it." },
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
	{ HISI_QM_ERR_AXI_RRESP, "axi_rresp",
		"A read by DMA was refused: memory of a ring or context that is not mapped "
		"[INF]. The driver resets the PF; find who freed it." },
	{ HISI_QM_ERR_AXI_BRESP, "axi_bresp",
		"A write by DMA was refused: memory of a ring that is not mapped [INF]. The "
		"driver resets the PF; find who freed it." },
	{ HISI_QM_ERR_ECC_MBIT, "ecc_mbit",
		"Memory of the chip is damaged in more than one bit. The driver resets the "
		"PF; if it comes back, have the machine repaired." },
	{ HISI_QM_ERR_ECC_1BIT, "ecc_1bit",
		"One bit of the chip's memory was wrong and was corrected. Nothing is lost; "
		"if it comes often, have the machine looked at." },
	{ HISI_QM_ERR_GET_TASK_TIMEOUT, "acc_get_task_timeout",
		"The engine did not fetch a task in time [INF]. The driver resets the PF." },
	{ HISI_QM_ERR_DO_TASK_TIMEOUT, "acc_do_task_timeout",
		"The engine did not finish a task in time [INF]. The driver resets the PF "
		"(V3); find the operation if it comes back." },
	{ HISI_QM_ERR_WB_NOT_READY_TIMEOUT, "acc_wb_not_ready_timeout",
		"A result could not be written back in time [INF]. The driver resets the "
		"PF." },
	{ HISI_QM_ERR_SQ_CQ_VF_INVALID, "sq_cq_vf_invalid",
		"Work for a queue that no function has [INF]; not reported by default. Look "
		"at vfs and vf_queues of the PF." },
	{ HISI_QM_ERR_CQ_VF_INVALID, "cq_vf_invalid",
		"Work for a CQ that no function has [INF]; not reported by default. Look at "
		"vfs and vf_queues of the PF." },
	{ HISI_QM_ERR_SQ_VF_INVALID, "sq_vf_invalid",
		"Work for an SQ that no function has [INF]; not reported by default. Look "
		"at vfs and vf_queues of the PF." },
	{ HISI_QM_ERR_DB_TIMEOUT, "db_timeout",
		"A doorbell was not taken in time (register 0x100014 says whose). The "
		"driver resets the PF." },
	{ HISI_QM_ERR_FIFO_OVERFLOW, "of_fifo_of",
		"A queue of the chip was full (register 0x100010 says whose). The driver "
		"resets the PF." },
	{ HISI_QM_ERR_DB_RANDOM_INVALID, "db_random_invalid",
		"A doorbell had the tag of a queue that is no more, and was dropped. Usual "
		"after a stop; otherwise a second driver rings." },
	{ HISI_QM_ERR_MAILBOX_TIMEOUT, "mailbox_timeout",
		"A mailbox command did not end (V3) [INF]. The driver resets the PF." },
	{ HISI_QM_ERR_FLR_TIMEOUT, "flr_timeout",
		"A function reset did not end (V3) [INF]. The driver resets the PF; if it "
		"comes back, let the kernel's driver probe it." },
};

static const struct hisi_hw_name zip_error_names[] = {
	{ HISI_ZIP_ERR_ECC_1BIT, "ecc_1bit",
		"One bit of the engine's memory was wrong and was corrected. Nothing is "
		"lost; if it comes often, have the machine looked at." },
	{ HISI_ZIP_ERR_ECC_2BIT, "ecc_2bit",
		"Memory of the engine is damaged. The driver resets the PF; if it comes "
		"back, have the machine repaired." },
	{ HISI_ZIP_ERR_AXI_RRESP, "axi_rresp",
		"A source could not be read: an mbuf that is not in the device's memory "
		"[INF]. The driver resets the PF; register that memory." },
	{ HISI_ZIP_ERR_AXI_BRESP, "axi_bresp",
		"A destination could not be written: an mbuf that is not in the device's "
		"memory [INF]. The driver resets the PF; register that memory." },
	{ HISI_ZIP_ERR_SRC_ADDR_PARSE, "src_addr_parse",
		"A source address or its SGL makes no sense [INF]. The driver resets the "
		"PF; a mistake of the driver unless the mbuf is bad." },
	{ HISI_ZIP_ERR_DST_ADDR_PARSE, "dst_addr_parse",
		"A destination address or its SGL makes no sense [INF]. The driver resets "
		"the PF; a mistake of the driver unless the mbuf is bad." },
	{ HISI_ZIP_ERR_PRE_IN_ADDR, "pre_in_addr",
		"A stage before the engine got a bad address [INF]; more is not known "
		"[UNK]. The driver resets the PF." },
	{ HISI_ZIP_ERR_PRE_IN_DATA, "pre_in_data",
		"A stage before the engine got bad data [INF]; more is not known [UNK]. The "
		"driver resets the PF." },
	{ HISI_ZIP_ERR_COM_INF, "com_inf",
		"An interface of the compressor failed [INF]; more is not known [UNK]. The "
		"driver resets the PF." },
	{ HISI_ZIP_ERR_ENC_INF, "enc_inf",
		"An interface of the encoder failed [INF]; more is not known [UNK]. The "
		"driver resets the PF." },
	{ HISI_ZIP_ERR_PRE_OUT, "pre_out",
		"A stage behind the engine failed [INF]; more is not known [UNK]. The "
		"driver resets the PF." },
	{ HISI_ZIP_ERR_AXI_POISON, "axi_poison",
		"Data from memory was marked as damaged [INF]. It is reported only (V3); "
		"look at the machine's memory errors: dmesg." },
	{ HISI_ZIP_ERR_SVA, "sva",
		"An address was not translated [INF]. It is reported only (V3); find the "
		"operation whose mbuf is not mapped." },
};

static const struct hisi_hw_name zip_status_names[] = {
	{ HISI_ZIP_STATUS_OK, "ok",
		"Nothing." },
	{ HISI_ZIP_STATUS_NEGACOMPRESS, "negacompress",
		"Nothing: the result is valid, and larger than the input." },
	{ HISI_ZIP_STATUS_DSTLEN_OUT, "dstlen_out",
		"The output did not fit: submit the operation again with more room." },
	{ HISI_ZIP_STATUS_IN_DIF_ERR, "in_data_dif_check_err",
		"The input's integrity field is wrong [INF]. This driver asks for no such "
		"check: please report it." },
	{ HISI_ZIP_STATUS_CRC_ERR, "crc_err",
		"The stream's checksum is wrong [INF]: the data is damaged. Get it again "
		"from where it came." },
	{ HISI_ZIP_STATUS_UNCOMP_DIF_ERR, "uncomp_dif_check_err",
		"The output's integrity field is wrong [INF]. This driver asks for no such "
		"check: please report it." },
	{ HISI_ZIP_STATUS_DECOMP_END, "decomp_end",
		"The end of a stateful stream. This driver has none: please report it." },
	{ HISI_ZIP_STATUS_MODEL_BAD_DATA, "model_bad_data",
		"The input is no deflate stream: check the data and its format (raw, "
		"without gzip or zlib around it)." },
	{ HISI_ZIP_STATUS_MODEL_TRUNCATED, "model_truncated",
		"The input ends before its stream does: give all of it in one operation." },
	{ HISI_ZIP_STATUS_MODEL_BAD_PARAMETER, "model_bad_parameter",
		"A length or window that cannot be: a mistake of the driver; please report "
		"it with the model's trace." },
	{ HISI_ZIP_STATUS_MODEL_UNSUPPORTED, "model_unsupported",
		"The model does not do that: a mistake of the driver; please report it with "
		"the model's trace." },
	{ HISI_ZIP_STATUS_MODEL_READ_FAULT, "model_read_fault",
		"The source is not in memory that the model was shown: take it from EAL's "
		"memory, or rte_dev_dma_map()." },
	{ HISI_ZIP_STATUS_MODEL_WRITE_FAULT, "model_write_fault",
		"The destination is not in memory that the model was shown: take it from "
		"EAL's memory, or rte_dev_dma_map()." },
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

static const struct hisi_hw_name sec_error_names[] = {
	{ HISI_SEC_ERR_AXI_RRESP, "axi_rresp",
		"A source, key or IV could not be read: memory that is not the device's [INF]. The "
		"driver resets the PF; register that memory." },
	{ HISI_SEC_ERR_AXI_BRESP, "axi_bresp",
		"A destination or digest could not be written: memory that is not the device's "
		"[INF]. The driver resets the PF; register that memory." },
	{ HISI_SEC_ERR_ECC_2BIT, "ecc_2bit",
		"Memory of the engine is damaged (register 0x301c14 says which). The driver resets "
		"the PF; if it comes back, have the machine repaired." },
	{ HISI_SEC_ERR_ECC_1BIT, "ecc_1bit",
		"One bit of the engine's memory was wrong and was corrected. Nothing is "
		"lost; if it comes often, have the machine looked at." },
	{ HISI_SEC_ERR_REQ_TRNG_TIMEOUT, "req_trng_timeout",
		"The random number generator did not answer the engine [INF]. The driver resets "
		"the PF." },
	{ HISI_SEC_ERR_FSM_HBEAT, "fsm_hbeat",
		"A state machine of the engine stands still [INF]. The driver resets the PF; find "
		"the operation if it comes back." },
	{ HISI_SEC_ERR_CHANNEL_RNG_TIMEOUT, "channel_req_rng_timeout",
		"The random number generator did not answer a channel [INF]. The driver resets the "
		"PF." },
	{ HISI_SEC_ERR_BD, "bd_err",
		"A descriptor was refused [INF]; its operation returns with an error. It is "
		"reported only; a mistake of the driver: please report it." },
	{ HISI_SEC_ERR_CHAIN_BUFFER, "chain_buff_err",
		"A list of buffers makes no sense [INF]. The driver resets the PF; a mistake of "
		"the driver unless the mbuf is bad." },
	{ HISI_SEC_ERR_NO_SECURE_ACCESS, "no_secure_access",
		"Something was touched that only the secure world may (V3) [INF]. It is reported "
		"only." },
	{ HISI_SEC_ERR_WRAPPING_KEY_AUTH, "wrapping_key_auth_err",
		"A wrapped key is not authentic (V3) [INF]. It is reported only; this driver wraps "
		"no keys: please report it." },
	{ HISI_SEC_ERR_KM_KEY_CRC, "km_key_crc_fail",
		"A key in the chip's store is damaged [INF]; not reported by default." },
	{ HISI_SEC_ERR_AXI_POISON, "axi_poison",
		"Data from memory was marked as damaged [INF]. It is reported only (V3); "
		"look at the machine's memory errors: dmesg." },
	{ HISI_SEC_ERR_SVA, "sva",
		"An address was not translated [INF]. It is reported only (V3); find the "
		"operation whose memory is not mapped." },
};

static const struct hisi_hw_name sec_status_names[] = {
	{ HISI_SEC_STATUS_OK, "ok",
		"Nothing." },
	{ HISI_SEC_STATUS_MODEL_BAD_TYPE, "model_bad_type",
		"A kind of descriptor that cannot be: a mistake of the driver; please report it "
		"with the model's trace." },
	{ HISI_SEC_STATUS_MODEL_BAD_CIPHER, "model_bad_cipher",
		"A cipher, mode or key length that cannot be: a mistake of the driver; please "
		"report it with the model's trace." },
	{ HISI_SEC_STATUS_MODEL_BAD_AUTH, "model_bad_auth",
		"A hash, digest or key length that cannot be: a mistake of the driver; please "
		"report it with the model's trace." },
	{ HISI_SEC_STATUS_MODEL_BAD_LENGTH, "model_bad_length",
		"A length of data that cannot be: look at the operation's lengths (blocks, tag, "
		"AAD), then report it with the model's trace." },
	{ HISI_SEC_STATUS_MODEL_BAD_SGL, "model_bad_sgl",
		"A list of buffers that makes no sense or is shorter than the data: look at the "
		"mbuf chain, then report it with the model's trace." },
	{ HISI_SEC_STATUS_MODEL_READ_FAULT, "model_read_fault",
		"Something to read is not in memory that the model was shown: take it from EAL's "
		"memory, or rte_dev_dma_map()." },
	{ HISI_SEC_STATUS_MODEL_WRITE_FAULT, "model_write_fault",
		"Something to write is not in memory that the model was shown: take it from EAL's "
		"memory, or rte_dev_dma_map()." },
	{ HISI_SEC_STATUS_MODEL_UNSUPPORTED, "model_unsupported",
		"This generation or the model does not do that: a mistake of the driver; please "
		"report it with the model's trace." },
};

static const struct hisi_hw_name sec_queue_type_names[] = {
	{ HISI_SEC_QUEUE_CRYPTO, "crypto" },
	{ HISI_SEC_QUEUE_PBKDF2, "pbkdf2" },
};

static const struct hisi_hw_name sec_bd_type_names[] = {
	{ HISI_SEC_BD_TYPE_1, "bd1" },
	{ HISI_SEC_BD_TYPE_2, "bd2" },
	{ HISI_SEC_BD_TYPE_3, "bd3" },
};

static const struct hisi_hw_name sec_cipher_names[] = {
	{ HISI_SEC_CIPHER_NONE, "none" },
	{ HISI_SEC_CIPHER_ENCRYPT, "encrypt" },
	{ HISI_SEC_CIPHER_DECRYPT, "decrypt" },
	{ HISI_SEC_CIPHER_COPY, "copy" },
};

static const struct hisi_hw_name sec_auth_names[] = {
	{ HISI_SEC_AUTH_NONE, "none" },
	{ HISI_SEC_AUTH_COMPUTE, "compute" },
	{ HISI_SEC_AUTH_VERIFY, "verify" },
};

static const struct hisi_hw_name sec_scene_names[] = {
	{ HISI_SEC_SCENE_NONE, "none" },
	{ HISI_SEC_SCENE_IPSEC, "ipsec" },
	{ HISI_SEC_SCENE_TLS, "tls" },
	{ HISI_SEC_SCENE_DTLS, "dtls" },
	{ HISI_SEC_SCENE_STORAGE, "storage" },
	{ HISI_SEC_SCENE_NAS, "nas" },
	{ HISI_SEC_SCENE_STREAM, "stream" },
	{ HISI_SEC_SCENE_PBKDF2, "pbkdf2" },
	{ HISI_SEC_SCENE_SMB, "smb" },
};

static const struct hisi_hw_name sec_buffer_names[] = {
	{ HISI_SEC_BUFFER_FLAT, "flat" },
	{ HISI_SEC_BUFFER_SGL, "sgl" },
	{ HISI_SEC_BUFFER_PRP, "prp" },
};

static const struct hisi_hw_name sec_c_alg_names[] = {
	{ HISI_SEC_C_ALG_DES, "des" },
	{ HISI_SEC_C_ALG_3DES, "3des" },
	{ HISI_SEC_C_ALG_AES, "aes" },
	{ HISI_SEC_C_ALG_SM4, "sm4" },
};

static const struct hisi_hw_name sec_c_mode_names[] = {
	{ HISI_SEC_C_MODE_ECB, "ecb" },
	{ HISI_SEC_C_MODE_CBC, "cbc" },
	{ HISI_SEC_C_MODE_CFB, "cfb" },
	{ HISI_SEC_C_MODE_OFB, "ofb" },
	{ HISI_SEC_C_MODE_CTR, "ctr" },
	{ HISI_SEC_C_MODE_CCM, "ccm" },
	{ HISI_SEC_C_MODE_GCM, "gcm" },
	{ HISI_SEC_C_MODE_XTS, "xts" },
	{ HISI_SEC_C_MODE_CBC_CS, "cbc_cs" },
};

static const struct hisi_hw_name sec_a_alg_names[] = {
	{ HISI_SEC_A_ALG_SHA1, "sha1" },
	{ HISI_SEC_A_ALG_SHA256, "sha256" },
	{ HISI_SEC_A_ALG_MD5, "md5" },
	{ HISI_SEC_A_ALG_SHA224, "sha224" },
	{ HISI_SEC_A_ALG_SHA384, "sha384" },
	{ HISI_SEC_A_ALG_SHA512, "sha512" },
	{ HISI_SEC_A_ALG_SHA512_224, "sha512_224" },
	{ HISI_SEC_A_ALG_SHA512_256, "sha512_256" },
	{ HISI_SEC_A_ALG_HMAC_SHA1, "hmac_sha1" },
	{ HISI_SEC_A_ALG_HMAC_SHA256, "hmac_sha256" },
	{ HISI_SEC_A_ALG_HMAC_MD5, "hmac_md5" },
	{ HISI_SEC_A_ALG_HMAC_SHA224, "hmac_sha224" },
	{ HISI_SEC_A_ALG_HMAC_SHA384, "hmac_sha384" },
	{ HISI_SEC_A_ALG_HMAC_SHA512, "hmac_sha512" },
	{ HISI_SEC_A_ALG_HMAC_SHA512_224, "hmac_sha512_224" },
	{ HISI_SEC_A_ALG_HMAC_SHA512_256, "hmac_sha512_256" },
	{ HISI_SEC_A_ALG_XCBC, "aes_xcbc" },
	{ HISI_SEC_A_ALG_CMAC, "aes_cmac" },
	{ HISI_SEC_A_ALG_GMAC, "aes_gmac" },
	{ HISI_SEC_A_ALG_SM3, "sm3" },
	{ HISI_SEC_A_ALG_HMAC_SM3, "hmac_sm3" },
	{ HISI_SEC_A_ALG_SM4_GMAC, "sm4_gmac" },
};

static const struct hisi_hw_name sec_ai_gen_names[] = {
	{ HISI_SEC_AI_GEN_INNER, "inner" },
	{ HISI_SEC_AI_GEN_ADDR, "addr" },
	{ HISI_SEC_AI_GEN_COMPUTED, "computed" },
	{ HISI_SEC_AI_GEN_TRNG, "trng" },
};

static const struct hisi_hw_name sec_icv_names[] = {
	{ HISI_SEC_ICV_NOT_CHECKED, "not_checked" },
	{ HISI_SEC_ICV_PASSED, "passed" },
	{ HISI_SEC_ICV_MISMATCH, "mismatch" },
};

static const struct hisi_hw_name sec_flag_names[] = {
	{ HISI_SEC_FLAG_NONE, "none" },
	{ HISI_SEC_FLAG_AUTH, "auth" },
	{ HISI_SEC_FLAG_CIPHER, "cipher" },
	{ HISI_SEC_FLAG_AEAD, "aead" },
};

#define HISI_HW_NAME_FUNCTION(function, table) \
const char * \
function(uint64_t value) \
{ \
	return hisi_hw_name_find(table, HISI_ARRAY_LEN(table), value)->name; \
}

#define HISI_HW_REMEDY_FUNCTION(function, table) \
const char * \
function(uint64_t value) \
{ \
	return hisi_hw_name_find(table, HISI_ARRAY_LEN(table), value)->remedy; \
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
HISI_HW_NAME_FUNCTION(hisi_sec_error_name, sec_error_names)
HISI_HW_NAME_FUNCTION(hisi_sec_status_name, sec_status_names)
HISI_HW_NAME_FUNCTION(hisi_sec_queue_type_name, sec_queue_type_names)
HISI_HW_NAME_FUNCTION(hisi_sec_bd_type_name, sec_bd_type_names)
HISI_HW_NAME_FUNCTION(hisi_sec_cipher_name, sec_cipher_names)
HISI_HW_NAME_FUNCTION(hisi_sec_auth_name, sec_auth_names)
HISI_HW_NAME_FUNCTION(hisi_sec_scene_name, sec_scene_names)
HISI_HW_NAME_FUNCTION(hisi_sec_buffer_name, sec_buffer_names)
HISI_HW_NAME_FUNCTION(hisi_sec_c_alg_name, sec_c_alg_names)
HISI_HW_NAME_FUNCTION(hisi_sec_c_mode_name, sec_c_mode_names)
HISI_HW_NAME_FUNCTION(hisi_sec_a_alg_name, sec_a_alg_names)
HISI_HW_NAME_FUNCTION(hisi_sec_ai_gen_name, sec_ai_gen_names)
HISI_HW_NAME_FUNCTION(hisi_sec_icv_name, sec_icv_names)
HISI_HW_NAME_FUNCTION(hisi_sec_flag_name, sec_flag_names)

HISI_HW_REMEDY_FUNCTION(hisi_qm_aeqe_type_remedy, aeqe_type_names)
HISI_HW_REMEDY_FUNCTION(hisi_qm_error_remedy, qm_error_names)
HISI_HW_REMEDY_FUNCTION(hisi_zip_error_remedy, zip_error_names)
HISI_HW_REMEDY_FUNCTION(hisi_zip_status_remedy, zip_status_names)
HISI_HW_REMEDY_FUNCTION(hisi_sec_error_remedy, sec_error_names)
HISI_HW_REMEDY_FUNCTION(hisi_sec_status_remedy, sec_status_names)
