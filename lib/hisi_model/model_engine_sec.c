/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The SEC engine: from a descriptor to its result (sec.md 2).
 *
 * All input is copied here first, worked on in the worker's own memory, and copied out in the end:
 * two lists over the same memory are right that way (sec.md 2.8), and a client that changes its
 * data meanwhile changes nothing. Keys are wiped before the descriptor completes.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_qm_regs.h>
#include <hisi_sec_regs.h>
#include <hisi_sgl.h>

#include "model_codec.h"
#include "model_device.h"
#include "model_engine.h"
#include "model_engine_sec.h"
#include "model_function.h"
#include "model_sec.h"
#include "model_sgl.h"

/* The longest chain of the fullest SGLs (qm.md 7). */
#define SEC_MAX_SEGMENTS (HISI_SGL_MAX_SGES * HISI_SGL_MAX_CHAIN)
/* An offset and what lies behind it. */
#define SEC_MAX_DATA_LEN (HISI_FIELD_MAX(HISI_SEC_OFFSETS_CIPHER) + HISI_SEC_MAX_LEN)

/** Memory of one worker. */
struct sec_scratch {
	struct model_device *dev;
	struct model_sec_crypto *crypto;
	struct model_sec_secrets secrets;
	struct model_segment in[SEC_MAX_SEGMENTS];
	struct model_segment out[SEC_MAX_SEGMENTS];
	uint8_t *data;
};

/** A descriptor under way. */
struct sec_job {
	struct model_task *task;
	struct sec_scratch *scratch;
	struct model_sec_request req;
	int nb_out; /**< pieces of the destination */
};

static void
sec_scratch_destroy(void *arg)
{
	struct sec_scratch *scratch = arg;

	if (scratch == NULL)
		return;
	model_sec_crypto_destroy(scratch->crypto);
	free(scratch->data);
	free(scratch);
}

static void *
sec_scratch_create(struct model_device *dev)
{
	struct sec_scratch *scratch = calloc(1, sizeof(*scratch));

	if (scratch == NULL)
		return NULL;
	scratch->dev = dev;
	scratch->crypto = model_sec_crypto_create();
	scratch->data = calloc(1, SEC_MAX_DATA_LEN);
	if (scratch->crypto == NULL || scratch->data == NULL) {
		sec_scratch_destroy(scratch);
		return NULL;
	}
	return scratch;
}

/** The result words, at the same place in all types (sec.md 2.2, 2.10). */
static void
sec_finish(void *sqe, uint32_t status, enum hisi_sec_flag flag, enum hisi_sec_icv icv)
{
	uint32_t *words = (uint32_t *)sqe + HISI_SEC_DW_RESULT;

	memset(words, 0, HISI_SEC_SQE_LEN - HISI_SEC_DW_RESULT * sizeof(*words));
	words[0] = HISI_SEC_W28_DONE | HISI_FIELD_PREP(HISI_SEC_W28_ERROR_TYPE, status) |
		HISI_FIELD_PREP(HISI_SEC_W28_FLAG, (uint32_t)flag) |
		HISI_FIELD_PREP(HISI_SEC_W28_ICV, (uint32_t)icv);
}

static enum model_outcome
sec_fail(struct model_task *task, uint32_t status)
{
	sec_finish(task->sqe, status, HISI_SEC_FLAG_NONE, HISI_SEC_ICV_NOT_CHECKED);
	return MODEL_OUTCOME_ERROR;
}

/** Pieces of one side up to @p end; those of a flat buffer begin at @p from. */
static int
map_side(struct sec_job *job, uint64_t iova, uint32_t from, uint32_t end, uint32_t access,
	struct model_segment *segments)
{
	int n;

	if (from >= end)
		return 0;
	if (job->req.src_type == HISI_SEC_BUFFER_SGL)
		return model_sgl_gather(job->task->fn, iova, 0, end, access, segments,
			SEC_MAX_SEGMENTS);
	n = model_dma_gather(job->task->fn, iova + from, end - from, access, segments,
		SEC_MAX_SEGMENTS);
	return n < 0 ? -EACCES : n;
}

/** An SGL that cannot be read is a read fault, also of the destination's side. */
static enum model_outcome
map_outcome(struct sec_job *job, int error, enum model_outcome fault)
{
	switch (error) {
	case -EACCES:
		return fault;
	case -EFAULT:
		return MODEL_OUTCOME_FAULT_READ;
	case -E2BIG:
		return sec_fail(job->task, HISI_SEC_STATUS_MODEL_UNSUPPORTED);
	default:
		return sec_fail(job->task, HISI_SEC_STATUS_MODEL_BAD_SGL);
	}
}

/** Can the MAC be put where it belongs? */
static bool
is_mac_writable(const struct sec_job *job)
{
	const struct model_sec_request *req = &job->req;

	return req->is_verify || req->mac_len == 0 ||
		vfio_user_dma_check(job->task->fn->client.dma, req->mac_addr, req->mac_len,
			VFIO_USER_DMA_WRITE_ALLOWED) == 0;
}

/** Bring the source here, look the destination up: before the first byte is written. */
static enum model_outcome
sec_map(struct sec_job *job)
{
	struct sec_scratch *scratch = job->scratch;
	const struct model_sec_request *req = &job->req;
	struct model_cursor cursor;
	int n;

	n = map_side(job, req->src_addr, 0, req->in_len, VFIO_USER_DMA_READ_ALLOWED, scratch->in);
	if (n < 0)
		return map_outcome(job, n, MODEL_OUTCOME_FAULT_READ);
	job->nb_out = map_side(job, req->de ? req->dst_addr : req->src_addr, req->out_from,
		req->out_from + req->out_len, VFIO_USER_DMA_WRITE_ALLOWED, scratch->out);
	if (job->nb_out < 0)
		return map_outcome(job, job->nb_out, MODEL_OUTCOME_FAULT_WRITE);
	if (!is_mac_writable(job))
		return MODEL_OUTCOME_FAULT_WRITE;
	model_cursor_init(&cursor, scratch->in, n, req->in_len);
	model_cursor_get(&cursor, scratch->data, req->in_len);
	return MODEL_OUTCOME_OK;
}

static bool
fetch_one(struct sec_job *job, uint64_t iova, void *to, uint32_t len)
{
	return len == 0 || model_dma_read(job->task->fn, iova, to, len) == 0;
}

/** Keys, IVs, and the MAC to compare with. */
static enum model_outcome
sec_fetch(struct sec_job *job)
{
	struct model_sec_secrets *to = &job->scratch->secrets;
	const struct model_sec_request *req = &job->req;

	if (!fetch_one(job, req->c_key_addr, to->key, req->key_len) ||
	    !fetch_one(job, req->a_key_addr, to->a_key, req->a_key_len) ||
	    !fetch_one(job, req->c_iv_addr, to->iv, req->iv_len) ||
	    !fetch_one(job, req->a_iv_addr, to->a_iv, req->a_iv_len) ||
	    !fetch_one(job, req->mac_addr, to->expected, req->is_verify ? req->mac_len : 0))
		return MODEL_OUTCOME_FAULT_READ;
	/* The counter's length has 2 to 8 bytes (sec.md 2.9.4). */
	if (req->kind == MODEL_SEC_CCM && (to->iv[0] == 0 || to->iv[0] > 7))
		return sec_fail(job->task, HISI_SEC_STATUS_MODEL_BAD_CIPHER);
	return MODEL_OUTCOME_OK;
}

/** Results go out: data, then the MAC, which may lie right behind it. */
static enum model_outcome
sec_store(struct sec_job *job, const uint8_t *mac)
{
	const struct model_sec_request *req = &job->req;
	struct sec_scratch *scratch = job->scratch;
	struct model_cursor cursor;

	model_cursor_init(&cursor, scratch->out, job->nb_out, req->out_len +
		(req->src_type == HISI_SEC_BUFFER_SGL ? req->out_from : 0));
	if (req->src_type == HISI_SEC_BUFFER_SGL)
		model_cursor_advance(&cursor, req->out_from);
	model_cursor_put(&cursor, scratch->data + req->out_from, req->out_len);
	if (!req->is_verify && req->mac_len != 0 &&
	    model_dma_write(job->task->fn, req->mac_addr, mac, req->mac_len) != 0)
		return MODEL_OUTCOME_FAULT_WRITE;
	job->task->nb_bytes_in = req->in_len;
	job->task->nb_bytes_out = req->out_len;
	return MODEL_OUTCOME_OK;
}

static enum hisi_sec_flag
flag_of(const struct model_sec_request *req)
{
	switch (req->kind) {
	case MODEL_SEC_NOTHING:
		return HISI_SEC_FLAG_NONE;
	case MODEL_SEC_CIPHER:
		return HISI_SEC_FLAG_CIPHER;
	case MODEL_SEC_HASH:
	case MODEL_SEC_GCM_FIRST:
		return HISI_SEC_FLAG_AUTH;
	default:
		return HISI_SEC_FLAG_AEAD;
	}
}

/** A wrong MAC is no error (sec.md 2.10). That no plaintext comes out is this model's choice. */
static enum model_outcome
sec_work(struct sec_job *job)
{
	struct model_sec_request *req = &job->req;
	struct sec_scratch *scratch = job->scratch;
	enum hisi_sec_icv icv = req->is_verify ? HISI_SEC_ICV_PASSED : HISI_SEC_ICV_NOT_CHECKED;
	enum model_outcome outcome = sec_map(job);
	uint8_t mac[HISI_SEC_MAX_MAC_LEN];
	bool is_good;

	/* A guard may leave at any access to the client's data: while no key is here. */
	if (outcome == MODEL_OUTCOME_OK)
		outcome = sec_fetch(job);
	if (outcome != MODEL_OUTCOME_OK)
		return outcome;
	is_good = model_sec_run(scratch->crypto, req, &scratch->secrets, scratch->data);
	memcpy(mac, scratch->secrets.mac, sizeof(mac));
	explicit_bzero(&scratch->secrets, sizeof(scratch->secrets));
	if (is_good)
		outcome = sec_store(job, mac);
	else
		icv = HISI_SEC_ICV_MISMATCH;
	sec_finish(job->task->sqe, HISI_SEC_STATUS_OK, flag_of(req), icv);
	return outcome;
}

static enum model_outcome
sec_execute(struct model_task *task)
{
	struct sec_job job = { .task = task, .scratch = task->scratch };
	enum model_outcome outcome;
	uint32_t status;

	status = model_sec_parse(task->sqe, &job.req);
	if (status == HISI_SEC_STATUS_OK)
		status = model_sec_check(task->fn->dev, &job.req);
	if (status != HISI_SEC_STATUS_OK)
		return sec_fail(task, status);
	outcome = sec_work(&job);
	if (outcome != MODEL_OUTCOME_OK) {
		explicit_bzero(&job.scratch->secrets, sizeof(job.scratch->secrets));
		model_sec_wipe(job.scratch->crypto);
	}
	return outcome;
}

static void
sec_refuse(void *sqe, enum model_outcome outcome)
{
	sec_finish(sqe, outcome == MODEL_OUTCOME_FAULT_READ ? HISI_SEC_STATUS_MODEL_READ_FAULT :
		HISI_SEC_STATUS_MODEL_WRITE_FAULT, HISI_SEC_FLAG_NONE, HISI_SEC_ICV_NOT_CHECKED);
}

static void
sec_set_status(void *sqe, uint32_t status)
{
	sec_finish(sqe, status, HISI_SEC_FLAG_NONE, HISI_SEC_ICV_NOT_CHECKED);
}

/* sec.md 2.1: only words 28 to 31. */
static const struct model_sqe_range sec_results[] = {
	{ HISI_SEC_DW_RESULT * 4, HISI_SEC_SQE_LEN - HISI_SEC_DW_RESULT * 4 },
	{ 0, 0 },
};

const struct model_engine model_engine_sec = {
	.name = "sec",
	.pf_device_id = HISI_PCI_DEVICE_ID_SEC_PF,
	.vf_device_id = HISI_PCI_DEVICE_ID_SEC_VF,
	.pci_class = HISI_PCI_CLASS_SEC,
	.sqe_log2 = HISI_SEC_SQE_LOG2,
	.nb_queue_types = HISI_SEC_QUEUE_CRYPTO + 1,
	.caps = hisi_sec_cap_table,
	.nb_caps = HISI_SEC_CAP_COUNT,
	.reg_names = hisi_sec_regs,
	.regs = model_sec_regs,
	.nb_regs = MODEL_NB_SEC_REGS,
	.error_mask_offset = HISI_SEC_CORE_INT_MASK,
	.is_mask_enable = true,
	.axi_read_error = HISI_BIT32(HISI_SEC_ERR_AXI_RRESP),
	.axi_write_error = HISI_BIT32(HISI_SEC_ERR_AXI_BRESP),
	.bad_sqe_error = HISI_BIT32(HISI_SEC_ERR_BD),
	.error_name = hisi_sec_error_name,
	.results = sec_results,
	.init = model_sec_init,
	.nb_init = MODEL_NB_SEC_INIT,
	.scratch_create = sec_scratch_create,
	.scratch_destroy = sec_scratch_destroy,
	.execute = sec_execute,
	.refuse = sec_refuse,
	.set_status = sec_set_status,
};
