/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The ZIP engine: what an SQE asks for and what comes back (zip.md 3, 10.1).
 *
 * Now: types 0 and 3, stateless, flat buffers and SGLs, raw deflate, zlib and gzip. Everything else
 * completes with HISI_ZIP_STATUS_MODEL_UNSUPPORTED.
 */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_qm_context.h>
#include <hisi_qm_regs.h>
#include <hisi_sgl.h>
#include <hisi_zip_regs.h>
#include <hisi_zip_sqe.h>

#include "model_codec.h"
#include "model_device.h"
#include "model_engine.h"
#include "model_engine_zip.h"
#include "model_function.h"
#include "model_sgl.h"
#include "model_version.h"

/*
 * The longest chain of the fullest SGLs (qm.md 7), and far more than 8 MiB of single pages. Entries
 * that lie in several maps may make a list of more pieces, which is refused.
 */
#define ZIP_MAX_SEGMENTS (HISI_SGL_MAX_SGES * HISI_SGL_MAX_CHAIN)
#define ZIP_TRAILER_MAX HISI_ZIP_GZIP_TRAILER_LEN

/** Memory of one worker. */
struct zip_scratch {
	struct model_device *dev;
	struct model_codec *codec;
	struct model_segment in[ZIP_MAX_SEGMENTS];
	struct model_segment out[ZIP_MAX_SEGMENTS];
};

/** One request, checked. */
struct zip_request {
	enum model_checksum checksum_kind;
	uint32_t trailer_len;
	bool is_sgl;
	uint32_t window;        /**< log2 of the longest distance of a compression */
	uint32_t in_len;
	uint32_t capacity;
	struct model_cursor in;
	struct model_cursor out;
	uint32_t checksum;
};

/** Compression level of ISA-L for each value of HISI_ZIP_HIGH_PERF bit 0 (zip.md 1.1). */
static const uint32_t zip_levels[] = { 1, 0 };

/** log2 of the longest distance; a smaller power of two serves where 24K is allowed. */
static const uint8_t zip_windows[] = {
	[HISI_ZIP_WINDOW_4K] = 12,
	[HISI_ZIP_WINDOW_8K] = 13,
	[HISI_ZIP_WINDOW_16K] = 14,
	[HISI_ZIP_WINDOW_24K] = 14,
	[HISI_ZIP_WINDOW_32K] = 15,
};

static void *
zip_scratch_create(struct model_device *dev)
{
	struct zip_scratch *scratch = calloc(1, sizeof(*scratch));

	if (scratch == NULL)
		return NULL;
	scratch->dev = dev;
	scratch->codec = model_codec_create();
	if (scratch->codec == NULL) {
		free(scratch);
		return NULL;
	}
	return scratch;
}

static void
zip_scratch_destroy(void *arg)
{
	struct zip_scratch *scratch = arg;

	if (scratch == NULL)
		return;
	model_codec_destroy(scratch->codec);
	free(scratch);
}

/** Results that every completion has; ctx words are 0 for stateless requests (zip.md 10). */
static void
zip_finish(struct hisi_zip_sqe *sqe, uint32_t status, uint32_t consumed, uint32_t produced)
{
	sqe->consumed = consumed;
	sqe->produced = produced;
	sqe->comp_data_length = 0;
	sqe->dw3 = HISI_FIELD_PREP(HISI_ZIP_DW3_STATUS, status);
	sqe->ctx_dw0 = 0;
	sqe->ctx_dw1 = 0;
	sqe->ctx_dw2 = 0;
}

static enum model_outcome
zip_fail(struct hisi_zip_sqe *sqe, uint32_t status)
{
	zip_finish(sqe, status, 0, 0);
	return MODEL_OUTCOME_ERROR;
}

static uint32_t
reverse_bits(uint32_t v)
{
	v = (v & 0x55555555) << 1 | (v >> 1 & 0x55555555);
	v = (v & 0x33333333) << 2 | (v >> 2 & 0x33333333);
	v = (v & 0x0f0f0f0f) << 4 | (v >> 4 & 0x0f0f0f0f);
	return __builtin_bswap32(v);
}

/** dw31 (zip.md 3.6); for raw deflate it is unknown, 0 here. */
static uint32_t
checksum_word(const struct zip_request *req)
{
	return req->checksum_kind == MODEL_CHECKSUM_CRC32 ? ~reverse_bits(req->checksum) :
		req->checksum_kind == MODEL_CHECKSUM_ADLER32 ? req->checksum : 0;
}

/** What differs between the types of a descriptor (zip.md 0.1, 3.2). */
struct zip_sqe_type {
	uint32_t min_version;   /**< oldest generation that takes it */
	bool has_raw;           /**< raw deflate requests */
	bool has_window;        /**< dw9 names the window */
};

static const struct zip_sqe_type zip_sqe_types[] = {
	/* The window that it compresses with is unknown (zip.md 15 item 9), 32K at most. */
	[HISI_ZIP_SQE_TYPE_0] = { HISI_QM_V2, false, false },
	[HISI_ZIP_SQE_TYPE_3] = { HISI_QM_V3, true, true },
};

static uint32_t
parse_request(const struct hisi_zip_sqe *sqe, bool has_raw, struct zip_request *req)
{
	req->checksum_kind = MODEL_CHECKSUM_NONE;
	req->trailer_len = 0;
	switch (HISI_FIELD_GET(HISI_ZIP_DW9_REQUEST, sqe->dw9)) {
	case HISI_ZIP_REQ_DEFLATE:
		return has_raw ? HISI_ZIP_STATUS_OK : HISI_ZIP_STATUS_MODEL_UNSUPPORTED;
	case HISI_ZIP_REQ_ZLIB:
		req->checksum_kind = MODEL_CHECKSUM_ADLER32;
		req->trailer_len = HISI_ZIP_ZLIB_TRAILER_LEN;
		return HISI_ZIP_STATUS_OK;
	case HISI_ZIP_REQ_GZIP:
		req->checksum_kind = MODEL_CHECKSUM_CRC32;
		req->trailer_len = HISI_ZIP_GZIP_TRAILER_LEN;
		return HISI_ZIP_STATUS_OK;
	default:
		return HISI_ZIP_STATUS_MODEL_UNSUPPORTED;
	}
}

/*
 * A list may name more than a flat buffer (zip.md 3.9), 4 GiB by the field. One descriptor is
 * worked on without a break, and registers of all functions wait for it: so much is a limit of this
 * model, about a tenth of a second.
 */
#define ZIP_MAX_LIST_LEN (64U << 20)

/** Lengths: a flat buffer has a limit, a list has it for each of its entries (zip.md 3.9). */
static uint32_t
parse_lengths(const struct hisi_zip_sqe *sqe, struct zip_request *req)
{
	uint32_t longest = req->is_sgl ? ZIP_MAX_LIST_LEN : HISI_ZIP_MAX_FLAT_LEN;

	req->in_len = sqe->input_data_length;
	req->capacity = sqe->dest_avail_out;
	if (req->capacity > longest)
		req->capacity = longest;
	if (req->in_len == 0 || req->in_len > longest)
		return HISI_ZIP_STATUS_MODEL_BAD_PARAMETER;
	/* Ignored by hardware (zip.md 3.9); with which status is unknown. */
	return req->capacity > HISI_ZIP_IGNORED_DEST_LEN ? HISI_ZIP_STATUS_OK :
		HISI_ZIP_STATUS_DSTLEN_OUT;
}

/** What this model can do with the request. @return a status code */
static uint32_t
zip_parse(const struct model_device *dev, const struct hisi_zip_sqe *sqe, bool is_compress,
	struct zip_request *req)
{
	uint32_t number = HISI_FIELD_GET(HISI_ZIP_DW7_SQE_TYPE, sqe->dw7);
	uint32_t buffer = HISI_FIELD_GET(HISI_ZIP_DW9_BUFFER, sqe->dw9);
	uint32_t window = HISI_FIELD_GET(HISI_ZIP_DW9_WINDOW, sqe->dw9);
	const struct zip_sqe_type *type;
	uint32_t status;

	if (number >= sizeof(zip_sqe_types) / sizeof(zip_sqe_types[0]) ||
	    zip_sqe_types[number].min_version == 0 ||
	    dev->version->revision < zip_sqe_types[number].min_version ||
	    buffer > HISI_ZIP_BUFFER_SGL || (sqe->dw7 & HISI_ZIP_DW7_STATEFUL))
		return HISI_ZIP_STATUS_MODEL_UNSUPPORTED;
	type = &zip_sqe_types[number];
	if (!type->has_window)
		window = HISI_ZIP_WINDOW_32K;
	else if (is_compress && window >= sizeof(zip_windows))
		return HISI_ZIP_STATUS_MODEL_BAD_PARAMETER;
	req->window = is_compress ? zip_windows[window] : 0;
	req->is_sgl = buffer == HISI_ZIP_BUFFER_SGL;
	status = parse_request(sqe, type->has_raw, req);
	return status != HISI_ZIP_STATUS_OK ? status : parse_lengths(sqe, req);
}

/** Pieces of one side. @return their number or the errors of model_sgl_gather() */
static int
map_side(struct model_task *task, bool is_sgl, uint64_t iova, uint32_t skip, uint32_t len,
	uint32_t access, struct model_segment *segments)
{
	int n;

	if (is_sgl)
		return model_sgl_gather(task->fn, iova, skip, len, access, segments,
			ZIP_MAX_SEGMENTS);
	n = model_dma_gather(task->fn, iova, len, access, segments, ZIP_MAX_SEGMENTS);
	return n < 0 ? -EACCES : n;
}

/** An SGL that cannot be read is a read fault, also of the destination's side. */
static enum model_outcome
map_outcome(struct hisi_zip_sqe *sqe, int error, enum model_outcome fault)
{
	switch (error) {
	case -EACCES:
		return fault;
	case -EFAULT:
		return MODEL_OUTCOME_FAULT_READ;
	case -E2BIG:
		return zip_fail(sqe, HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	default:
		return zip_fail(sqe, HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	}
}

/** Look both buffers up: all of them, before the first byte is touched. */
static enum model_outcome
zip_map(struct model_task *task, struct hisi_zip_sqe *sqe, struct zip_request *req)
{
	struct zip_scratch *scratch = task->scratch;
	uint64_t src = (uint64_t)sqe->source_addr_hi << 32 | sqe->source_addr_lo;
	uint64_t dst = (uint64_t)sqe->dest_addr_hi << 32 | sqe->dest_addr_lo;
	int n;

	n = map_side(task, req->is_sgl, src, HISI_FIELD_GET(HISI_ZIP_DW7_IN_OFFSET, sqe->dw7),
		req->in_len, VFIO_USER_DMA_READ_ALLOWED, scratch->in);
	if (n < 0)
		return map_outcome(sqe, n, MODEL_OUTCOME_FAULT_READ);
	model_cursor_init(&req->in, scratch->in, n, req->in_len);
	n = map_side(task, req->is_sgl, dst, HISI_FIELD_GET(HISI_ZIP_DW8_OUT_OFFSET, sqe->dw8),
		req->capacity, VFIO_USER_DMA_WRITE_ALLOWED, scratch->out);
	if (n < 0)
		return map_outcome(sqe, n, MODEL_OUTCOME_FAULT_WRITE);
	model_cursor_init(&req->out, scratch->out, n, req->capacity);
	return MODEL_OUTCOME_OK;
}

/** Trailer of zlib (big endian) or gzip (little endian) as it lies in the stream (zip.md 3.6). */
static void
make_trailer(const struct zip_request *req, uint32_t isize, uint8_t trailer[ZIP_TRAILER_MAX])
{
	uint32_t first = req->checksum_kind == MODEL_CHECKSUM_ADLER32 ?
		__builtin_bswap32(req->checksum) : req->checksum;

	memcpy(trailer, &first, sizeof(first));
	memcpy(trailer + sizeof(first), &isize, sizeof(isize));
}

static enum model_outcome
zip_compress(struct model_task *task, struct hisi_zip_sqe *sqe, struct zip_request *req)
{
	struct zip_scratch *scratch = task->scratch;
	uint32_t perf = model_regs_get(scratch->dev->functions[0], HISI_ZIP_HIGH_PERF) &
		HISI_ZIP_HIGH_PERF_THROUGHPUT;
	uint8_t trailer[ZIP_TRAILER_MAX];
	uint32_t produced;

	if (model_deflate(scratch->codec, &req->in, &req->out, zip_levels[perf], req->window,
	    req->checksum_kind, &req->checksum) != MODEL_CODEC_OK ||
	    req->out.left < req->trailer_len)
		return zip_fail(sqe, HISI_ZIP_STATUS_DSTLEN_OUT);
	make_trailer(req, req->in_len, trailer);
	model_cursor_put(&req->out, trailer, req->trailer_len);
	produced = req->capacity - req->out.left;
	/* The threshold is unknown (zip.md 15 item 5); its name says "output larger than input". */
	zip_finish(sqe, produced > req->in_len ? HISI_ZIP_STATUS_NEGACOMPRESS :
		HISI_ZIP_STATUS_OK, req->in_len, produced);
	sqe->isize = req->in_len;
	sqe->checksum = checksum_word(req);
	return MODEL_OUTCOME_OK;
}

static uint32_t
inflate_status(enum model_codec_result result)
{
	switch (result) {
	case MODEL_CODEC_OK:
		return HISI_ZIP_STATUS_OK;
	case MODEL_CODEC_NO_SPACE:
		return HISI_ZIP_STATUS_DSTLEN_OUT;
	case MODEL_CODEC_TRUNCATED:
		return HISI_ZIP_STATUS_MODEL_TRUNCATED;
	default:
		return HISI_ZIP_STATUS_MODEL_BAD_DATA;
	}
}

/** Read and compare the trailer. That a wrong ISIZE is 0x10 too is unknown (zip.md 15 item 6). */
static uint32_t
check_trailer(struct zip_request *req, uint32_t isize)
{
	uint8_t expected[ZIP_TRAILER_MAX], found[ZIP_TRAILER_MAX];

	if (model_cursor_get(&req->in, found, req->trailer_len) < req->trailer_len)
		return HISI_ZIP_STATUS_MODEL_TRUNCATED;
	make_trailer(req, isize, expected);
	return memcmp(found, expected, req->trailer_len) == 0 ? HISI_ZIP_STATUS_OK :
		HISI_ZIP_STATUS_CRC_ERR;
}

static enum model_outcome
zip_decompress(struct model_task *task, struct hisi_zip_sqe *sqe, struct zip_request *req)
{
	struct zip_scratch *scratch = task->scratch;
	uint32_t produced, status;

	status = inflate_status(model_inflate(scratch->codec, &req->in, &req->out,
		req->checksum_kind, &req->checksum));
	produced = req->capacity - req->out.left;
	if (status == HISI_ZIP_STATUS_OK)
		status = check_trailer(req, produced);
	if (status != HISI_ZIP_STATUS_OK)
		return zip_fail(sqe, status);
	zip_finish(sqe, status, req->in_len - req->in.left, produced);
	sqe->isize = produced;
	sqe->checksum = checksum_word(req);
	return MODEL_OUTCOME_OK;
}

static enum model_outcome
zip_execute(struct model_task *task)
{
	bool is_compress = task->queue_type == HISI_ZIP_QUEUE_COMPRESS;
	struct hisi_zip_sqe *sqe = task->sqe;
	struct zip_request req;
	enum model_outcome outcome;
	uint32_t status;

	status = zip_parse(task->fn->dev, sqe, is_compress, &req);
	if (status != HISI_ZIP_STATUS_OK)
		return zip_fail(sqe, status);
	outcome = zip_map(task, sqe, &req);
	if (outcome != MODEL_OUTCOME_OK)
		return outcome;
	outcome = is_compress ? zip_compress(task, sqe, &req) : zip_decompress(task, sqe, &req);
	task->nb_bytes_in = sqe->consumed;
	task->nb_bytes_out = sqe->produced;
	return outcome;
}

static void
zip_refuse(void *arg, enum model_outcome outcome)
{
	zip_fail(arg, outcome == MODEL_OUTCOME_FAULT_READ ? HISI_ZIP_STATUS_MODEL_READ_FAULT :
		HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
}

static void
zip_set_status(void *arg, uint32_t status)
{
	zip_finish(arg, status, 0, 0);
}

#define RESULT(first, last) { offsetof(struct hisi_zip_sqe, first), \
	offsetof(struct hisi_zip_sqe, last) + 4 - offsetof(struct hisi_zip_sqe, first) }

/* zip.md 3.1, direction O and IO. */
static const struct model_sqe_range zip_results[] = {
	RESULT(consumed, dw3),
	RESULT(ctx_dw0, ctx_dw0),
	RESULT(ctx_dw1, checksum),
	{ 0, 0 },
};

const struct model_engine model_engine_zip = {
	.name = "zip",
	.pf_device_id = HISI_PCI_DEVICE_ID_ZIP_PF,
	.vf_device_id = HISI_PCI_DEVICE_ID_ZIP_VF,
	.pci_class = HISI_PCI_CLASS_ZIP,
	.sqe_log2 = HISI_ZIP_SQE_LOG2,
	.nb_queue_types = HISI_ZIP_QUEUE_DECOMPRESS + 1,
	.caps = hisi_zip_cap_table,
	.nb_caps = HISI_ZIP_CAP_COUNT,
	.reg_names = hisi_zip_regs,
	.regs = model_zip_regs,
	.nb_regs = MODEL_NB_ZIP_REGS,
	.error_mask_offset = HISI_ZIP_CORE_INT_MASK,
	.axi_read_error = HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP),
	.axi_write_error = HISI_BIT32(HISI_ZIP_ERR_AXI_BRESP),
	.error_name = hisi_zip_error_name,
	.results = zip_results,
	.init = model_zip_init,
	.nb_init = MODEL_NB_ZIP_INIT,
	.scratch_create = zip_scratch_create,
	.scratch_destroy = zip_scratch_destroy,
	.execute = zip_execute,
	.refuse = zip_refuse,
	.set_status = zip_set_status,
};
