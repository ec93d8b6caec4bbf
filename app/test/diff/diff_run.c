/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Bursts of random size, both directions mixed, now and then until the rings are full.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_pause.h>

#include "diff.h"

enum { PURPOSE_BURSTS = 100 };

#define MAX_BURST 1024
/* Of all buffers under way at a time. */
#define MAX_FOOTPRINT ((size_t)256 << 20)
#define SILENCE_S 60
/* Memory that comes and goes: pieces at a time and their greatest length. */
#define CHURN_PIECES 6
#define CHURN_LEN (24 << 20)

struct pump {
	struct diff_run *run;
	struct diff_random random;
	struct diff_job *waiting;	/* built, not taken by the device; a queue */
	struct diff_job **waiting_end;
	struct diff_job *unbuilt;	/* found no buffers; a list */
	uint32_t nb_waiting;
	uint32_t in_flight;
	size_t footprint;
	bool fill;		/* dequeue nothing until the ring is full */
	void *churned[CHURN_PIECES];
	uint64_t last_progress;
};

void
diff_run_spoil(struct diff_job *job, enum diff_spoil spoil)
{
	uint8_t *data;

	/* Something to be reduced to: the least length that is spoilt. */
	if (job->c.value[DIFF_LEN] < 100 || job->op->status != RTE_COMP_OP_STATUS_SUCCESS)
		return;
	data = job->dst.segments[0].data;
	if (spoil == DIFF_SPOIL_OUTPUT && job->dst.nb_segments == 1)
		data[job->c.value[DIFF_DST_OFFSET] + job->op->produced / 2] ^= 4;
	else if (spoil == DIFF_SPOIL_CANARY)
		data[-1] ^= 4;
	else if (spoil == DIFF_SPOIL_STATUS)
		job->op->status = RTE_COMP_OP_STATUS_ERROR;
}

static struct diff_job *
new_job(const struct diff_run *run, uint64_t number)
{
	struct diff_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	diff_case_draw(&job->c, run->seed, number, run->device->window_min);
	diff_job_prepare(job);
	return job;
}

static void
push(struct pump *pump, struct diff_job *job)
{
	job->next = NULL;
	*pump->waiting_end = job;
	pump->waiting_end = &job->next;
	pump->nb_waiting++;
	pump->footprint += diff_job_footprint(job);
}

static struct diff_job *
pop(struct pump *pump)
{
	struct diff_job *job = pump->waiting;

	pump->waiting = job->next;
	if (pump->waiting == NULL)
		pump->waiting_end = &pump->waiting;
	pump->nb_waiting--;
	return job;
}

/* @return false: no buffers now; the job waits for some */
static bool
build(struct pump *pump, struct diff_job *job)
{
	if (!diff_job_build(job, pump->run->device)) {
		job->next = pump->unbuilt;
		pump->unbuilt = job;
		return false;
	}
	push(pump, job);
	return true;
}

/* So many jobs ready for the device, if there are so many left and memory for them. */
static void
prepare(struct pump *pump, uint64_t *next, uint32_t wanted)
{
	const struct diff_run *run = pump->run;
	struct diff_job *job;

	while (pump->nb_waiting < wanted && pump->footprint < MAX_FOOTPRINT) {
		job = pump->unbuilt;
		if (job != NULL)
			pump->unbuilt = job->next;
		else if (*next == run->first + run->count)
			break;
		if (!build(pump, job != NULL ? job : new_job(run, (*next)++)))
			break;
	}
}

static void
enqueue(struct pump *pump, uint32_t wanted)
{
	struct rte_comp_op *ops[MAX_BURST];
	struct diff_run *run = pump->run;
	struct diff_job *job = pump->waiting;
	uint16_t n, i, taken;

	for (n = 0; n < wanted && job != NULL; n++, job = job->next) {
		ops[n] = job->op;
		job->at_device = true;
	}
	taken = rte_compressdev_enqueue_burst(run->device->id, 0, ops, n);
	/* Those taken come first in the queue. */
	for (i = 0; i < taken; i++)
		(void)pop(pump);
	for (job = pump->waiting; i < n; i++, job = job->next)
		job->at_device = false;
	pump->in_flight += taken;
	run->most_in_flight = RTE_MAX(run->most_in_flight, pump->in_flight);
	if (taken < n) {
		run->full_rings++;
		pump->fill = false;
	}
	if (taken != 0)
		pump->last_progress = rte_get_timer_cycles();
}

static void
count(struct diff_run *run, const struct diff_job *job)
{
	const struct rte_comp_op *op = job->op;

	run->rounds++;
	run->bytes_in += job->input_len;
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS)
		run->bytes_out += op->produced;
	if (op->status <= RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE)
		run->statuses[job->c.value[DIFF_DECOMPRESS] != 0][op->status]++;
	run->lenient += diff_judge_is_lenient(job);
	run->sgl += diff_job_is_long_sgl(job, 1);
	run->sgl_over_64 += diff_job_is_long_sgl(job, 64);
}

/* @return false: the run is over, this job is bad */
static bool
settle(struct pump *pump, struct diff_job *job)
{
	struct diff_run *run = pump->run;
	size_t footprint = diff_job_footprint(job);
	bool again;

	if (!job->at_device) {
		snprintf(job->why, sizeof(job->why), "came back twice");
		run->failed = job;
		return false;
	}
	job->at_device = false;
	diff_run_spoil(job, run->spoil);
	count(run, job);
	if (!diff_judge(job, run->device)) {
		run->wrong++;
		if (!run->keep_going) {
			run->failed = job;
			return false;
		}
		printf("{\"wrong\": %" PRIu64 ", \"why\": \"%s\"}\n", job->c.number, job->why);
	}
	pump->footprint -= footprint;
	again = diff_job_again(job);
	job->known_len = job->op->produced + (again ? run->device->trailer_len : 0);
	diff_job_free_buffers(job);
	if (again) {
		job->round = 1;
		(void)build(pump, job);
	} else {
		run->done++;
		diff_job_free(job);
	}
	return true;
}

static bool
dequeue(struct pump *pump, uint16_t wanted)
{
	struct rte_comp_op *ops[MAX_BURST];
	uint16_t n, i;
	bool good = true;

	n = rte_compressdev_dequeue_burst(pump->run->device->id, 0, ops, wanted);
	if (n != 0)
		pump->last_progress = rte_get_timer_cycles();
	pump->in_flight -= n;
	for (i = 0; i < n && good; i++)
		good = settle(pump, *(struct diff_job **)(ops[i] + 1));
	return good;
}

static uint32_t
burst_size(struct pump *pump)
{
	uint64_t die = diff_random_below(&pump->random, 100);

	return 1 + diff_random_below(&pump->random, die < 40 ? 4 : die < 90 ? 64 : MAX_BURST);
}

static bool
is_silent(const struct pump *pump)
{
	return rte_get_timer_cycles() - pump->last_progress > SILENCE_S * rte_get_timer_hz();
}

/* What is left after a failure: the device's are waited for, all but the bad one are freed. */
static void
abandon(struct pump *pump)
{
	struct rte_comp_op *ops[MAX_BURST];
	struct diff_job *job;
	uint16_t n, i;

	while (pump->in_flight != 0 && !is_silent(pump)) {
		n = rte_compressdev_dequeue_burst(pump->run->device->id, 0, ops, MAX_BURST);
		for (i = 0; i < n; i++) {
			job = *(struct diff_job **)(ops[i] + 1);
			if (job != pump->run->failed)
				diff_job_free(job);
		}
		pump->in_flight -= n;
	}
	while (pump->waiting != NULL) {
		job = pop(pump);
		diff_job_free(job);
	}
	while (pump->unbuilt != NULL) {
		job = pump->unbuilt;
		pump->unbuilt = job->next;
		diff_job_free(job);
	}
}

/* EAL's heap grows and shrinks while operations are under way. */
static void
churn(struct pump *pump)
{
	void **piece = &pump->churned[diff_random_below(&pump->random, CHURN_PIECES)];

	if (*piece == NULL) {
		*piece = rte_malloc(NULL, 1 + diff_random_below(&pump->random, CHURN_LEN), 0);
	} else {
		rte_free(*piece);
		*piece = NULL;
	}
}

static void
churn_end(struct pump *pump)
{
	int i;

	for (i = 0; i < CHURN_PIECES; i++)
		rte_free(pump->churned[i]);
	rte_mem_event_callback_unregister("diff", pump->run);
}

/* EAL's, in the thread that allocates or frees: the one that runs the bursts. */
static void
note_memory(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	struct diff_run *run = arg;

	RTE_SET_USED(addr);
	RTE_SET_USED(len);
	if (event == RTE_MEM_EVENT_ALLOC)
		run->grown++;
	else
		run->shrunk++;
}

int
diff_run_all(struct diff_run *run)
{
	struct pump pump = {
		.run = run,
		.random = diff_random_for(run->seed, PURPOSE_BURSTS),
		.fill = true,
		.last_progress = rte_get_timer_cycles(),
	};
	uint64_t next = run->first;
	uint32_t wanted;

	pump.waiting_end = &pump.waiting;
	/* Without dynamic memory there is nothing to note. */
	(void)rte_mem_event_callback_register("diff", note_memory, run);
	while (run->done < run->count && !is_silent(&pump)) {
		if (run->churn && diff_random_permille(&pump.random, 100))
			churn(&pump);
		pump.fill = pump.fill || diff_random_permille(&pump.random, 40);
		wanted = pump.fill ? MAX_BURST : burst_size(&pump);
		prepare(&pump, &next, wanted);
		if (pump.nb_waiting != 0)
			enqueue(&pump, wanted);
		/* Nothing more to fill the ring with. */
		if (pump.nb_waiting < wanted && (pump.footprint >= MAX_FOOTPRINT ||
				pump.unbuilt != NULL || next == run->first + run->count))
			pump.fill = false;
		if (!pump.fill && !dequeue(&pump, burst_size(&pump)))
			break;
	}
	churn_end(&pump);
	if (run->done == run->count)
		return 0;
	abandon(&pump);
	return run->failed != NULL ? 0 : -ETIMEDOUT;
}

static bool
run_round(struct diff_device *device, struct diff_job *job, enum diff_spoil spoil)
{
	uint64_t start = rte_get_timer_cycles();
	struct rte_comp_op *op = NULL;
	bool taken = false;

	if (!diff_job_build(job, device)) {
		snprintf(job->why, sizeof(job->why), "no memory for its buffers");
		return false;
	}
	while (op == NULL && rte_get_timer_cycles() - start < SILENCE_S * rte_get_timer_hz()) {
		if (!taken)
			taken = rte_compressdev_enqueue_burst(device->id, 0, &job->op, 1) == 1;
		if (rte_compressdev_dequeue_burst(device->id, 0, &op, 1) == 0)
			rte_pause();
	}
	if (op != job->op) {
		snprintf(job->why, sizeof(job->why), taken ? "never came back" : "is never taken");
		return false;
	}
	diff_run_spoil(job, spoil);
	return diff_judge(job, device);
}

bool
diff_run_alone(struct diff_device *device, struct diff_job *job, enum diff_spoil spoil)
{
	bool good;

	diff_job_prepare(job);
	good = run_round(device, job, spoil);
	if (good && diff_job_again(job)) {
		job->known_len = job->op->produced + device->trailer_len;
		diff_job_free_buffers(job);
		job->round = 1;
		good = run_round(device, job, spoil);
	}
	return good;
}
