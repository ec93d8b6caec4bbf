/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <sched.h>
#include <time.h>

#include "model_gate.h"

#define MODEL_GATE_YIELDS 64 /* then sleep: the worker may be on this very CPU */
#define MODEL_GATE_SLEEP_NS 20000

int
model_gate_init(struct model_gate *gate)
{
	int ret = pthread_mutex_init(&gate->lock, NULL);

	if (ret != 0)
		return -ret;
	ret = pthread_cond_init(&gate->opened, NULL);
	if (ret != 0)
		pthread_mutex_destroy(&gate->lock);
	return -ret;
}

void
model_gate_destroy(struct model_gate *gate)
{
	pthread_cond_destroy(&gate->opened);
	pthread_mutex_destroy(&gate->lock);
}

static void
wait_until_open(struct model_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	while (atomic_load(&gate->nb_closed) != 0)
		pthread_cond_wait(&gate->opened, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

void
model_gate_enter(struct model_gate *gate, uint32_t worker)
{
	_Atomic bool *mark = &gate->marks[worker].is_inside;

	for (;;) {
		/* Mark, then look: the closer closes, then looks at the marks. Sequentially
		 * consistent on both sides, so at least one sees the other. */
		atomic_store(mark, true);
		if (atomic_load(&gate->nb_closed) == 0)
			return;
		atomic_store(mark, false);
		wait_until_open(gate);
	}
}

void
model_gate_leave(struct model_gate *gate, uint32_t worker)
{
	atomic_store_explicit(&gate->marks[worker].is_inside, false, memory_order_release);
}

void
model_gate_close(struct model_gate *gate)
{
	const struct timespec pause = { .tv_nsec = MODEL_GATE_SLEEP_NS };
	uint32_t i, tries;

	if (atomic_fetch_add(&gate->nb_closed, 1) != 0)
		return;
	for (i = 0; i < MODEL_MAX_WORKERS; i++) {
		for (tries = 0; atomic_load(&gate->marks[i].is_inside); tries++) {
			if (tries < MODEL_GATE_YIELDS)
				sched_yield();
			else
				nanosleep(&pause, NULL);
		}
	}
}

void
model_gate_open(struct model_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	if (atomic_fetch_sub(&gate->nb_closed, 1) == 1)
		pthread_cond_broadcast(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}
