/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the pump needs to know of crypto operations.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crypt_diff.h"

static struct crypt_job *
job_of(struct diff_work *work)
{
	return (struct crypt_job *)work;
}

static struct diff_work *
create(void *arg, uint64_t number)
{
	const struct crypt_run *run = arg;
	struct crypt_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	crypt_case_draw(&job->work.c, run->seed, number, run->device);
	if (run->set != NULL)
		(void)diff_case_set(&job->work.c, run->set);
	crypt_job_prepare(job);
	return &job->work;
}

static bool
build(void *arg, struct diff_work *work)
{
	return crypt_job_build(job_of(work), arg);
}

static size_t
footprint(const struct diff_work *work)
{
	const struct crypt_job *job = (const struct crypt_job *)work;

	return 3 * (job->spec.len + job->src.len + job->dst.len) + job->spec.aad_len +
		128 * (job->src.nb_segments + job->dst.nb_segments);
}

/* Those without a session do not reach the device: they wait for the next dequeue. */
static uint16_t
set_refused_aside(struct crypt_run *run, struct diff_work **works, uint16_t count)
{
	uint16_t i;

	for (i = 0; i < count && job_of(works[i])->is_refused; i++) {
		job_of(works[i])->next_refused = run->refused;
		run->refused = job_of(works[i]);
	}
	return i;
}

static uint16_t
enqueue(void *arg, struct diff_work **works, uint16_t count)
{
	struct crypt_run *run = arg;
	struct rte_crypto_op *ops[count];
	uint16_t done = 0, n, taken;

	while (done < count) {
		done += set_refused_aside(run, works + done, count - done);
		for (n = 0; done + n < count && !job_of(works[done + n])->is_refused; n++)
			ops[n] = job_of(works[done + n])->op;
		taken = n == 0 ? 0 : rte_cryptodev_enqueue_burst(run->device->id, 0, ops, n);
		done += taken;
		if (taken < n)
			break;
	}
	return done;
}

static uint16_t
dequeue(void *arg, struct diff_work **works, uint16_t count)
{
	struct crypt_run *run = arg;
	struct rte_crypto_op *ops[count];
	uint16_t n, i, done = 0;

	for (; done < count && run->refused != NULL; run->refused = run->refused->next_refused)
		works[done++] = &run->refused->work;
	n = rte_cryptodev_dequeue_burst(run->device->id, 0, ops, count - done);
	for (i = 0; i < n; i++)
		works[done++] = *crypt_op_priv(ops[i]);
	return done;
}

static void
spoil_result(struct crypt_job *job, enum diff_spoil spoil)
{
	struct diff_buffer *out = crypt_job_out(job);
	uint8_t byte;

	/* Something to be reduced to: the least length that is spoilt. */
	if (job->spec.len < 100 || job->is_refused ||
			job->op->status != RTE_CRYPTO_OP_STATUS_SUCCESS)
		return;
	if (spoil == DIFF_SPOIL_OUTPUT) {
		uint32_t at = job->work.c.value[CRYPT_P_OFFSET] + job->spec.len / 2;

		diff_buffer_read(out, at, &byte, 1);
		byte ^= 4;
		diff_buffer_write(out, at, &byte, 1);
	} else if (spoil == DIFF_SPOIL_CANARY) {
		out->segments[0].data[-1] ^= 4;
	} else if (spoil == DIFF_SPOIL_STATUS) {
		job->op->status = RTE_CRYPTO_OP_STATUS_ERROR;
	}
}

static void
count_algorithms(struct crypt_run *run, const struct crypt_job *job)
{
	size_t cipher = job->spec.cipher - crypt_algorithms;
	size_t auth = job->spec.auth - crypt_algorithms;

	if (run->algorithms == NULL)
		return;
	if (job->spec.kind == CRYPT_CHAIN)
		run->chains[cipher * crypt_nb_algorithms + auth] += job->is_refused ?
			UINT64_C(1) << 32 : 1;
	else
		run->algorithms[job->spec.kind == CRYPT_AUTH ? auth : cipher]++;
}

static void
count_result(struct crypt_run *run, const struct crypt_job *job)
{
	const int64_t *v = job->work.c.value;
	uint32_t most = RTE_MAX(job->src.nb_segments, job->dst.nb_segments);

	if (job->is_refused) {
		run->refused_chains++;
		count_algorithms(run, job);
		return;
	}
	run->bytes += job->spec.len;
	run->sgl += most > 1;
	run->sgl_over_64 += most > 64;
	run->out_of_place += v[CRYPT_P_OUT_OF_PLACE] != 0;
	if (job->op->status <= RTE_CRYPTO_OP_STATUS_ERROR)
		run->statuses[job->op->status]++;
	if (job->op->status == RTE_CRYPTO_OP_STATUS_SUCCESS)
		count_algorithms(run, job);
}

static bool
judge(void *arg, struct diff_work *work)
{
	struct crypt_run *run = arg;

	spoil_result(job_of(work), run->spoil);
	count_result(run, job_of(work));
	return crypt_judge(job_of(work));
}

static bool
finish(void *arg, struct diff_work *work)
{
	struct crypt_run *run = arg;
	struct crypt_job *job = job_of(work);

	job->status = job->is_refused ? -1 : job->op->status;
	crypt_job_free_buffers(job, run->device);
	return false;
}

static void
free_job(void *arg, struct diff_work *work)
{
	const struct crypt_run *run = arg;

	crypt_job_free(job_of(work), run->device);
}

const struct diff_pump_class crypt_run_class = {
	.create = create,
	.build = build,
	.footprint = footprint,
	.enqueue = enqueue,
	.dequeue = dequeue,
	.judge = judge,
	.finish = finish,
	.free = free_job,
};
