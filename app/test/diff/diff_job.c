/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A case at work: its data, its buffers and its operation.
 */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

enum { PURPOSE_SRC = 4, PURPOSE_DST = 5, PURPOSE_TAIL = 6, PURPOSE_MISUSE = 7 };

/* A driver that gets less than this takes another way than the engine (zip.md 3.9, 8.6). */
#define TINY_LEN 256

static void *
must_alloc(size_t len)
{
	void *memory = malloc(len != 0 ? len : 1);

	if (memory == NULL)
		abort();
	return memory;
}

void
diff_job_prepare(struct diff_job *job)
{
	const int64_t *v = job->work.c.value;

	job->plain_len = v[DIFF_LEN];
	job->plain = must_alloc(job->plain_len);
	diff_data_make(&job->work.c, job->plain, job->plain_len);
	if (!v[DIFF_DECOMPRESS]) {
		job->input = job->plain;
		job->input_len = job->plain_len;
		return;
	}
	job->input_len = diff_stream_make(&job->work.c, job->plain, job->plain_len, &job->input);
	diff_stream_read(job->input, job->input_len, 15, SIZE_MAX, &job->stream);
}

size_t
diff_job_bound(const struct diff_device *device, size_t len)
{
	/* Header, end of block and a broken byte: 3 + 7 + 7 bits. */
	return len + (len + 7) / 8 + 3 + device->trailer_len;
}

/* The room for the output of this round. */
static size_t
room_of(const struct diff_job *job, const struct diff_device *device)
{
	const int64_t *v = job->work.c.value;
	size_t exact = v[DIFF_DECOMPRESS] ? job->stream.plain_len : job->known_len;
	size_t ample = v[DIFF_DECOMPRESS] ? job->stream.plain_len :
		diff_job_bound(device, job->plain_len);

	/* What comes out of a compression is known when it was done once. */
	if (!v[DIFF_DECOMPRESS] && job->round == 0 &&
			(v[DIFF_ROOM] == DIFF_ROOM_EXACT || v[DIFF_ROOM] == DIFF_ROOM_SHORT))
		return RTE_MAX(ample, (size_t)TINY_LEN);
	switch (v[DIFF_ROOM]) {
	case DIFF_ROOM_EXACT:
		return exact;
	case DIFF_ROOM_SHORT:
		return exact != 0 ? exact - 1 : 0;
	case DIFF_ROOM_ABSOLUTE:
		return v[DIFF_ROOM_LEN];
	default:
		return ample + v[DIFF_ROOM_LEN];
	}
}

bool
diff_job_again(const struct diff_job *job)
{
	const int64_t *v = job->work.c.value;

	return job->round == 0 && !v[DIFF_DECOMPRESS] && v[DIFF_MISUSE] == DIFF_MISUSE_NONE &&
		(v[DIFF_ROOM] == DIFF_ROOM_EXACT || v[DIFF_ROOM] == DIFF_ROOM_SHORT) &&
		job->op->status == RTE_COMP_OP_STATUS_SUCCESS;
}

bool
diff_job_is_long_sgl(const struct diff_job *job, uint32_t segments)
{
	return (job->src.nb_segments > segments || job->dst.nb_segments > segments) &&
		job->work.c.value[DIFF_MISUSE] == DIFF_MISUSE_NONE && job->input_len != 0 &&
		job->room >= TINY_LEN;
}

size_t
diff_job_footprint(const struct diff_job *job)
{
	return job->plain_len + job->stream.plain_len + 2 * (job->src.len + job->dst.len) +
		128 * (job->src.nb_segments + job->dst.nb_segments);
}

static struct diff_buffer_shape
shape_of(const struct diff_job *job, int side, uint32_t len)
{
	const int64_t *v = job->work.c.value;

	return (struct diff_buffer_shape) {
		.len = len,
		.nb_segments = RTE_MAX(v[DIFF_SRC_SEGS + side], 1),
		.cut = v[DIFF_SRC_CUT + side],
		.mbuf = v[DIFF_SRC_MBUF + side],
		.place = v[DIFF_SRC_PLACE + side],
		.random = diff_case_random(&job->work.c, side == 0 ? PURPOSE_SRC : PURPOSE_DST),
	};
}

static bool
build_buffers(struct diff_job *job, const struct diff_device *device)
{
	const int64_t *v = job->work.c.value;
	uint32_t src_len = v[DIFF_SRC_OFFSET] + job->input_len + v[DIFF_SRC_TAIL];
	struct diff_buffer_shape src = shape_of(job, 0, src_len), dst;

	job->room = room_of(job, device);
	dst = shape_of(job, 1, v[DIFF_DST_OFFSET] + job->room);
	if (!diff_buffer_make(&job->src, &src))
		return false;
	if (!diff_buffer_make(&job->dst, &dst)) {
		diff_buffer_free(&job->src);
		return false;
	}
	diff_buffer_write(&job->src, v[DIFF_SRC_OFFSET], job->input, job->input_len);
	return true;
}

static void
apply_misuse(struct diff_job *job)
{
	struct diff_random random = diff_case_random(&job->work.c, PURPOSE_MISUSE);
	uint32_t more = diff_random_permille(&random, 500) ? 1 :
		1 + (diff_random_next(&random) >> 34);
	struct rte_comp_op *op = job->op;

	switch (job->work.c.value[DIFF_MISUSE]) {
	case DIFF_MISUSE_IN_PLACE:
		op->m_dst = op->m_src;
		break;
	case DIFF_MISUSE_SRC_LENGTH:
		op->src.length = job->src.len - op->src.offset + more;
		break;
	case DIFF_MISUSE_SRC_OFFSET:
		op->src.offset = job->src.len + more;
		break;
	case DIFF_MISUSE_DST_OFFSET:
		op->dst.offset = job->dst.len + more;
		break;
	case DIFF_MISUSE_FLUSH:
		op->flush_flag = diff_random_below(&random, RTE_COMP_FLUSH_FINAL);
		break;
	case DIFF_MISUSE_STATEFUL:
		op->op_type = RTE_COMP_OP_STATEFUL;
		break;
	case DIFF_MISUSE_NO_SRC:
		op->m_src = NULL;
		break;
	case DIFF_MISUSE_NO_DST:
		op->m_dst = NULL;
		break;
	case DIFF_MISUSE_NO_XFORM:
		op->private_xform = NULL;
		break;
	}
}

bool
diff_job_build(struct diff_job *job, struct diff_device *device)
{
	struct rte_comp_op *op = rte_comp_op_alloc(device->op_pool);

	if (op == NULL)
		return false;
	if (!build_buffers(job, device)) {
		rte_comp_op_free(op);
		return false;
	}
	op->op_type = RTE_COMP_OP_STATELESS;
	op->private_xform = diff_device_xform(device, &job->work.c);
	op->m_src = job->src.head;
	op->m_dst = job->dst.head;
	op->src.offset = job->work.c.value[DIFF_SRC_OFFSET];
	op->src.length = job->input_len;
	op->dst.offset = job->work.c.value[DIFF_DST_OFFSET];
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	/* What is there before must not matter: fields are assigned, not added to. */
	op->consumed = UINT32_MAX;
	op->produced = UINT32_MAX;
	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	*(struct diff_job **)(op + 1) = job;
	job->op = op;
	apply_misuse(job);
	return true;
}

void
diff_job_free_buffers(struct diff_job *job)
{
	diff_buffer_free(&job->src);
	diff_buffer_free(&job->dst);
	if (job->op != NULL)
		rte_comp_op_free(job->op);
	job->op = NULL;
}

void
diff_job_free(struct diff_job *job)
{
	if (job == NULL)
		return;
	diff_job_free_buffers(job);
	if (job->input != job->plain)
		free(job->input);
	free(job->plain);
	free(job->stream.plain);
	free(job);
}
