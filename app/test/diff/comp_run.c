/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the pump needs to know of compressions and decompressions.
 */
#include <stdlib.h>

#include "diff.h"

static struct diff_job *
job_of(struct diff_work *work)
{
	return (struct diff_job *)work;
}

static struct diff_work *
create(void *arg, uint64_t number)
{
	const struct comp_run *run = arg;
	struct diff_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	diff_case_draw(&job->work.c, run->seed, number, run->device->window_min);
	diff_job_prepare(job);
	return &job->work;
}

static bool
build(void *arg, struct diff_work *work)
{
	struct comp_run *run = arg;

	return diff_job_build(job_of(work), run->device);
}

static size_t
footprint(const struct diff_work *work)
{
	return diff_job_footprint((const struct diff_job *)work);
}

static uint16_t
enqueue(void *arg, struct diff_work **works, uint16_t count)
{
	const struct comp_run *run = arg;
	struct rte_comp_op *ops[count];
	uint16_t i;

	for (i = 0; i < count; i++)
		ops[i] = job_of(works[i])->op;
	return rte_compressdev_enqueue_burst(run->device->id, 0, ops, count);
}

static uint16_t
dequeue(void *arg, struct diff_work **works, uint16_t count)
{
	const struct comp_run *run = arg;
	struct rte_comp_op *ops[count];
	uint16_t n = rte_compressdev_dequeue_burst(run->device->id, 0, ops, count), i;

	for (i = 0; i < n; i++)
		works[i] = *(struct diff_work **)(ops[i] + 1);
	return n;
}

static void
spoil_result(struct diff_job *job, enum diff_spoil spoil)
{
	uint8_t *data;

	/* Something to be reduced to: the least length that is spoilt. */
	if (job->work.c.value[DIFF_LEN] < 100 || job->op->status != RTE_COMP_OP_STATUS_SUCCESS)
		return;
	data = job->dst.segments[0].data;
	if (spoil == DIFF_SPOIL_OUTPUT && job->dst.nb_segments == 1)
		data[job->work.c.value[DIFF_DST_OFFSET] + job->op->produced / 2] ^= 4;
	else if (spoil == DIFF_SPOIL_CANARY)
		data[-1] ^= 4;
	else if (spoil == DIFF_SPOIL_STATUS)
		job->op->status = RTE_COMP_OP_STATUS_ERROR;
}

static void
count_result(struct comp_run *run, const struct diff_job *job)
{
	const struct rte_comp_op *op = job->op;

	run->bytes_in += job->input_len;
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS)
		run->bytes_out += op->produced;
	if (op->status <= RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE)
		run->statuses[job->work.c.value[DIFF_DECOMPRESS] != 0][op->status]++;
	run->lenient += diff_judge_is_lenient(job);
	run->sgl += diff_job_is_long_sgl(job, 1);
	run->sgl_over_64 += diff_job_is_long_sgl(job, 64);
}

static bool
judge(void *arg, struct diff_work *work)
{
	struct comp_run *run = arg;

	spoil_result(job_of(work), run->spoil);
	count_result(run, job_of(work));
	return diff_judge(job_of(work), run->device);
}

static bool
finish(void *arg, struct diff_work *work)
{
	struct comp_run *run = arg;
	struct diff_job *job = job_of(work);
	bool again = diff_job_again(job);

	job->known_len = job->op->produced + (again ? run->device->trailer_len : 0);
	job->status = job->op->status;
	diff_job_free_buffers(job);
	if (again)
		job->round = 1;
	return again;
}

static void
free_job(void *arg, struct diff_work *work)
{
	RTE_SET_USED(arg);
	diff_job_free(job_of(work));
}

const struct diff_pump_class comp_run_class = {
	.create = create,
	.build = build,
	.footprint = footprint,
	.enqueue = enqueue,
	.dequeue = dequeue,
	.judge = judge,
	.finish = finish,
	.free = free_job,
};
