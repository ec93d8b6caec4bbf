/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_doorbell.h"
#include "model_gate.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_worker.h"

#define SERVE_BUDGET 32     /* SQEs of one queue before the next gets its turn */
#define IDLE_SPINS 500      /* passes that found nothing, back to back: some tens of us */
#define IDLE_YIELDS 600     /* then passes that offer the CPU to others */
#define TIMER_SLACK_NS 1    /* the default of 50 us would stretch each sleep by a quarter */
#define NS_PER_S 1000000000L

struct model_worker {
	struct model_worker_pool *pool;
	struct model_device *dev;
	void *scratch;
	pthread_t thread;
	uint32_t number;
	uint32_t next;          /**< active queue to begin the next pass with */
	uint32_t nb_seen;       /**< active queues in the last pass */
	uint32_t nb_idle;       /**< passes in a row that found nothing */
	uint64_t kicks_seen;
	uint32_t sleep_us;      /**< of the poller */
	uint32_t nb_polls;      /**< its sleeps since cpu_ns was taken */
	uint64_t cpu_ns;
	bool is_started;
	_Atomic uint64_t nb_sqes; /**< completed by this worker */
};

struct model_worker_pool {
	struct model_device *dev;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping;
	_Atomic uint64_t nb_kicks;       /**< written under lock */
	_Atomic uint32_t nb_sleeping;    /**< in an endless sleep; written under lock */
	/** Who sleeps with a time limit, or NULL; written under lock. */
	struct model_worker *_Atomic poller;
	void *control_scratch;
	uint32_t nb_workers;
	struct model_worker workers[];
};

static inline void
cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

/** One look at every active queue. @return SQEs completed */
static uint32_t
worker_pass(struct model_worker *w)
{
	struct model_device *dev = w->dev;
	uint32_t i, at, done = 0, count = dev->nb_active;
	struct model_queue *q;

	w->nb_seen = count;
	if (count == 0)
		return 0;
	w->next = w->next + 1 < count ? w->next + 1 : 0;
	for (i = 0; i < count && !model_gate_is_closing(&dev->gate); i++) {
		at = w->next + i < count ? w->next + i : w->next + i - count;
		q = dev->active[at];
		model_doorbell_look(q);
		if (model_queue_backlog(q) != 0 || atomic_load_explicit(&q->fault.has_held,
		    memory_order_relaxed))
			done += model_queue_serve(q, w->scratch, SERVE_BUDGET, false);
	}
	return done;
}

/** A busy worker is no poller: somebody else must look at the other queues meanwhile. */
static void
hand_over_polling(struct model_worker *w)
{
	struct model_worker_pool *pool = w->pool;

	if (w->nb_seen < 2 ||
	    atomic_load_explicit(&pool->nb_sleeping, memory_order_relaxed) == 0 ||
	    atomic_load_explicit(&pool->poller, memory_order_relaxed) != NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	if (atomic_load(&pool->poller) == NULL && atomic_load(&pool->nb_sleeping) != 0)
		pthread_cond_signal(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
}

static uint64_t
thread_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

/** Choose how long the poller sleeps from what its wake-ups cost. */
static void
poll_pace(struct model_worker *w)
{
	uint64_t now, sleep_us;

	if (w->nb_idle <= IDLE_YIELDS) {
		w->sleep_us = MODEL_POLL_SLEEP_US;
		w->nb_polls = 0;
		w->cpu_ns = thread_cpu_ns();
	}
	if (w->nb_polls++ < MODEL_POLL_PACE)
		return;
	now = thread_cpu_ns();
	sleep_us = (now - w->cpu_ns) / 1000 / MODEL_POLL_PACE * MODEL_POLL_SHARE;
	w->sleep_us = sleep_us < MODEL_POLL_SLEEP_US ? MODEL_POLL_SLEEP_US :
		sleep_us > MODEL_POLL_SLEEP_MAX_US ? MODEL_POLL_SLEEP_MAX_US : sleep_us;
	w->nb_polls = 0;
	w->cpu_ns = now;
}

static void
sleep_poll(struct model_worker *w)
{
	struct model_worker_pool *pool = w->pool;
	struct timespec until;

	atomic_store(&pool->poller, w);
	poll_pace(w);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += w->sleep_us * 1000L;
	if (until.tv_nsec >= NS_PER_S) {
		until.tv_nsec -= NS_PER_S;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&pool->wake, &pool->lock, &until);
	atomic_store(&pool->poller, NULL);
}

static void
sleep_endless(struct model_worker *w)
{
	atomic_fetch_add(&w->pool->nb_sleeping, 1);
	pthread_cond_wait(&w->pool->wake, &w->pool->lock);
	atomic_fetch_sub(&w->pool->nb_sleeping, 1);
	/* Woken to poll, if not by a kick: no need to spin, and a fresh pace. */
	w->nb_idle = IDLE_YIELDS - 1;
}

/** Sleep unless a kick came since the last pass began. */
static void
worker_sleep(struct model_worker *w)
{
	struct model_worker_pool *pool = w->pool;

	pthread_mutex_lock(&pool->lock);
	if (!pool->is_stopping && atomic_load(&pool->nb_kicks) == w->kicks_seen) {
		model_stat_add(&w->dev->stats.nb_sleeps, 1);
		if (atomic_load(&w->dev->nb_polled) != 0 && atomic_load(&pool->poller) == NULL)
			sleep_poll(w);
		else
			sleep_endless(w);
	}
	if (atomic_load(&pool->nb_kicks) != w->kicks_seen)
		w->nb_idle = 0;
	pthread_mutex_unlock(&pool->lock);
}

static void
worker_idle(struct model_worker *w)
{
	w->nb_idle++;
	/* With nothing set up nobody can ring by slot: no need to look. */
	if (w->dev->nb_polled != 0 && w->nb_idle < IDLE_SPINS)
		cpu_relax();
	else if (w->dev->nb_polled != 0 && w->nb_idle < IDLE_YIELDS)
		sched_yield();
	else
		worker_sleep(w);
}

static bool
is_stopping(struct model_worker_pool *pool)
{
	bool stopping;

	pthread_mutex_lock(&pool->lock);
	stopping = pool->is_stopping;
	pthread_mutex_unlock(&pool->lock);
	return stopping;
}

static void
worker_loop(struct model_worker *w)
{
	struct model_gate *gate = &w->dev->gate;
	uint64_t kicks;
	uint32_t done;
	bool is_cut;

	for (;;) {
		kicks = atomic_load(&w->pool->nb_kicks);
		if (kicks != w->kicks_seen && is_stopping(w->pool))
			return;
		w->kicks_seen = kicks;
		model_gate_enter(gate, w->number);
		done = worker_pass(w);
		/* The kick may have been for a queue that the pass did not come to. */
		is_cut = model_gate_is_closing(gate);
		model_gate_leave(gate, w->number);
		if (done == 0) {
			if (!is_cut)
				worker_idle(w);
			continue;
		}
		model_stat_add(&w->nb_sqes, done);
		hand_over_polling(w);
		w->nb_idle = 0;
	}
}

static void *
worker_main(void *arg)
{
	struct model_worker *w = arg;

	prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS);
	worker_loop(w);
	return NULL;
}

static int
pin(struct model_worker *w)
{
	const struct model_device_config *config = &w->dev->config;
	cpu_set_t set;
	int cpu, ret;

	if (config->nb_cpus == 0)
		return 0;
	cpu = config->cpus[w->number % config->nb_cpus];
	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return -EINVAL;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ret = pthread_setaffinity_np(w->thread, sizeof(set), &set);
	if (ret != 0)
		model_device_log(w->dev, VFIO_USER_LOG_ERR, "worker %u cannot run on CPU %d",
			w->number, cpu);
	return -ret;
}

static int
start(struct model_worker *w)
{
	char name[16];
	int ret;

	w->scratch = w->dev->engine->scratch_create(w->dev);
	if (w->scratch == NULL)
		return -ENOMEM;
	ret = -pthread_create(&w->thread, NULL, worker_main, w);
	if (ret != 0)
		return ret;
	w->is_started = true;
	snprintf(name, sizeof(name), "hisi-%s-%u", w->dev->engine->name, w->number);
	pthread_setname_np(w->thread, name);
	return pin(w);
}

static int
pool_init(struct model_worker_pool *pool)
{
	pthread_condattr_t attr;
	int ret = pthread_condattr_init(&attr);

	if (ret != 0)
		return -ret;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	ret = pthread_cond_init(&pool->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (ret == 0)
		ret = pthread_mutex_init(&pool->lock, NULL);
	return -ret;
}

int
model_worker_pool_create(struct model_device *dev, struct model_worker_pool **out)
{
	uint32_t i, count = dev->config.nb_workers;
	struct model_worker_pool *pool;
	int ret;

	pool = calloc(1, sizeof(*pool) + count * sizeof(pool->workers[0]));
	if (pool == NULL)
		return -ENOMEM;
	pool->dev = dev;
	ret = pool_init(pool);
	if (ret != 0) {
		free(pool);
		return ret;
	}
	*out = pool;
	pool->control_scratch = dev->engine->scratch_create(dev);
	if (pool->control_scratch == NULL)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		pool->workers[i].pool = pool;
		pool->workers[i].dev = dev;
		pool->workers[i].number = i;
		pool->nb_workers++;
		ret = start(&pool->workers[i]);
		if (ret != 0)
			return ret;
	}
	return 0;
}

void
model_worker_pool_destroy(struct model_worker_pool *pool)
{
	const struct model_engine *engine;
	uint32_t i;

	if (pool == NULL)
		return;
	engine = pool->dev->engine;
	pthread_mutex_lock(&pool->lock);
	pool->is_stopping = true;
	atomic_fetch_add(&pool->nb_kicks, 1);
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->nb_workers; i++) {
		if (pool->workers[i].is_started)
			pthread_join(pool->workers[i].thread, NULL);
		engine->scratch_destroy(pool->workers[i].scratch);
	}
	engine->scratch_destroy(pool->control_scratch);
	pthread_cond_destroy(&pool->wake);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

void
model_worker_pool_kick(struct model_worker_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	atomic_fetch_add(&pool->nb_kicks, 1);
	pthread_cond_signal(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
}

uint64_t
model_worker_pool_sqes(const struct model_worker_pool *pool, uint32_t worker)
{
	return model_stat_get(&pool->workers[worker].nb_sqes);
}

void *
model_worker_pool_scratch(struct model_worker_pool *pool)
{
	return pool->control_scratch;
}
