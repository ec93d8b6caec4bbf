/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Is the result of an operation right? The rules are those of zip.md 8.6 and 3.9, not the driver's;
 * the data is judged by zlib.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* Sets of statuses. */
#define OK (1u << RTE_COMP_OP_STATUS_SUCCESS)
#define FULL (1u << RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED)
#define ERROR (1u << RTE_COMP_OP_STATUS_ERROR)
#define REFUSED (1u << RTE_COMP_OP_STATUS_INVALID_ARGS)

static bool __rte_format_printf(2, 3)
wrong(struct diff_job *job, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(job->work.why, sizeof(job->work.why), format, args);
	va_end(args);
	return false;
}

/* "bad xform / flags: INVALID_ARGS" */
static bool
is_refused(const struct diff_job *job)
{
	const int64_t *v = job->work.c.value;

	if (job->src.nb_segments > DIFF_MAX_SEGMENTS || job->dst.nb_segments > DIFF_MAX_SEGMENTS)
		return true;
	/* The flush type means nothing to an inflater (zip.md 3.2). */
	return v[DIFF_MISUSE] != DIFF_MISUSE_NONE &&
		!(v[DIFF_MISUSE] == DIFF_MISUSE_FLUSH && v[DIFF_DECOMPRESS]);
}

static unsigned int
compress_statuses(const struct diff_job *job, const struct diff_device *device)
{
	const int64_t *v = job->work.c.value;

	/* "produce 03 00; needs dst >= 2 else TERMINATED" */
	if (job->input_len == 0)
		return job->room >= 2 ? OK : FULL;
	if (job->room >= diff_job_bound(device, job->input_len))
		return OK;
	/* What fitted into more room fits into as much as it took, for the same engine. */
	if (job->round == 1 && v[DIFF_ROOM] == DIFF_ROOM_EXACT && device->trailer_len == 0 &&
			job->room >= 256)
		return OK;
	/* No stream is shorter than 10 bits: 3 of a header and 7 of an end of block. */
	return job->room < 2 ? FULL : OK | FULL;
}

static unsigned int
decompress_statuses(const struct diff_job *job)
{
	const struct diff_stream *stream = &job->stream;

	/* "Decompress of 0 bytes: ERROR (incomplete)" */
	if (job->input_len == 0)
		return ERROR;
	switch (stream->kind) {
	case DIFF_STREAM_ENDS:
		return job->room >= stream->plain_len ? OK : FULL;
	case DIFF_STREAM_HUGE:
		return FULL;
	default:
		/*
		 * Sets of codes that zlib refuses, others (ISA-L) decode as far as they can; what
		 * the hardware does is unknown (zip.md 15 item 1).
		 */
		if (stream->has_odd_codes)
			return OK | ERROR | FULL;
		/* Which of two errors is found first is the engine's business. */
		return stream->plain_len < job->room ? ERROR : ERROR | FULL;
	}
}

bool
diff_judge_is_lenient(const struct diff_job *job)
{
	return job->stream.has_odd_codes && job->op->status == RTE_COMP_OP_STATUS_SUCCESS;
}

static bool
judge_compressed(struct diff_job *job, const uint8_t *output)
{
	const int64_t *v = job->work.c.value;
	const struct rte_comp_op *op = job->op;
	struct diff_stream stream;
	size_t step = v[DIFF_WINDOW] == 15 ? SIZE_MAX : v[DIFF_DATA] == DIFF_DATA_FAR ? 1 : 256;
	bool is_right;

	if (op->consumed != job->input_len)
		return wrong(job, "consumed %" PRIu32 " of %zu bytes", op->consumed, job->input_len);
	diff_stream_read(output, op->produced, v[DIFF_WINDOW], step, &stream);
	if (stream.kind != DIFF_STREAM_ENDS)
		is_right = wrong(job, "zlib takes %zu of %" PRIu32 " bytes, then finds it %s",
			stream.consumed, op->produced,
			stream.kind == DIFF_STREAM_INVALID ? "invalid" : "truncated");
	else if (stream.consumed != op->produced)
		is_right = wrong(job, "the stream ends after %zu bytes, produced is %" PRIu32,
			stream.consumed, op->produced);
	else if (stream.plain_len != job->plain_len ||
			memcmp(stream.plain, job->plain, job->plain_len) != 0)
		is_right = wrong(job, "zlib inflates something else (%zu bytes for %zu)",
			stream.plain_len, job->plain_len);
	else
		is_right = true;
	free(stream.plain);
	return is_right;
}

static bool
judge_decompressed(struct diff_job *job, const uint8_t *output)
{
	const struct rte_comp_op *op = job->op;

	if (op->consumed != job->stream.consumed)
		return wrong(job, "consumed %" PRIu32 ", zlib %zu", op->consumed,
			job->stream.consumed);
	if (op->produced != job->stream.plain_len)
		return wrong(job, "produced %" PRIu32 ", zlib %zu", op->produced,
			job->stream.plain_len);
	if (memcmp(output, job->stream.plain, op->produced) != 0)
		return wrong(job, "zlib inflates something else");
	return true;
}

static bool
judge_output(struct diff_job *job)
{
	const int64_t *v = job->work.c.value;
	const struct rte_comp_op *op = job->op;
	uint8_t *output;
	bool is_right;

	if (op->produced > job->room)
		return wrong(job, "produced %" PRIu32 " with room for %" PRIu32, op->produced,
			job->room);
	if (diff_judge_is_lenient(job))
		return op->consumed <= job->input_len ? true : wrong(job, "consumed too much");
	output = malloc(op->produced + 1);
	if (output == NULL)
		abort();
	diff_buffer_read(&job->dst, v[DIFF_DST_OFFSET], output, op->produced);
	is_right = v[DIFF_DECOMPRESS] ? judge_decompressed(job, output) :
		judge_compressed(job, output);
	free(output);
	return is_right;
}

/* Memory that was not the operation's to write. */
static bool
judge_memory(struct diff_job *job)
{
	const int64_t *v = job->work.c.value;
	uint8_t *source;
	bool is_same;
	int broken;

	broken = diff_buffer_check(&job->src);
	if (broken >= 0)
		return wrong(job, "wrote beside segment %d of the source", broken);
	broken = diff_buffer_check(&job->dst);
	if (broken >= 0)
		return wrong(job, "wrote beside segment %d of the destination", broken);
	if (!diff_buffer_untouched(&job->dst, 0, v[DIFF_DST_OFFSET]))
		return wrong(job, "wrote in front of the destination offset");
	if (!diff_buffer_untouched(&job->src, 0, v[DIFF_SRC_OFFSET]) ||
			!diff_buffer_untouched(&job->src, v[DIFF_SRC_OFFSET] + job->input_len,
				job->src.len))
		return wrong(job, "wrote to the source beside the data");
	source = malloc(job->input_len + 1);
	if (source == NULL)
		abort();
	diff_buffer_read(&job->src, v[DIFF_SRC_OFFSET], source, job->input_len);
	is_same = memcmp(source, job->input, job->input_len) == 0;
	free(source);
	return is_same ? true : wrong(job, "wrote to the source data");
}

/* A refused operation never reaches memory. */
static bool
judge_refused(struct diff_job *job)
{
	if (!diff_buffer_untouched(&job->dst, 0, job->dst.len))
		return wrong(job, "wrote to the destination of a refused operation");
	return true;
}

bool
diff_judge(struct diff_job *job, const struct diff_device *device)
{
	const struct rte_comp_op *op = job->op;
	bool refused = is_refused(job);
	unsigned int allowed = refused ? REFUSED : job->work.c.value[DIFF_DECOMPRESS] ?
		decompress_statuses(job) : compress_statuses(job, device);

	if (op->status > RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE ||
			!(allowed & (1u << op->status)))
		return wrong(job, "status %d, allowed is the set 0x%x (round %d, room %" PRIu32
			", debug status 0x%" PRIx64 ")", op->status, allowed, job->round, job->room,
			op->debug_status);
	/* "OUT_OF_SPACE_TERMINATED: 0 / 0" */
	if (op->status != RTE_COMP_OP_STATUS_SUCCESS && (op->consumed != 0 || op->produced != 0))
		return wrong(job, "status %d with %" PRIu32 " consumed and %" PRIu32 " produced",
			op->status, op->consumed, op->produced);
	if (!judge_memory(job) || (refused && !judge_refused(job)))
		return false;
	return op->status != RTE_COMP_OP_STATUS_SUCCESS || judge_output(job);
}
