/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

/**
 * @file
 * The threads that execute SQEs, and when they sleep.
 *
 * A worker serves all active queues in turn. Nobody kicks for a shadow doorbell, so while a queue
 * rings that way one idle worker, the poller, sleeps at most MODEL_POLL_SLEEP_US at a time; the
 * others, and all when there is no such queue, sleep until a message kicks them.
 *
 * Where a wake-up is dear (some virtual machines spend 25 us on each) that would cost a tenth of a
 * CPU. So a poller that finds nothing for MODEL_POLL_PACE wake-ups in a row looks at what they
 * cost and sleeps longer, up to MODEL_POLL_SLEEP_MAX_US, until they take one part in
 * MODEL_POLL_SHARE of a CPU.
 */

#include <stdint.h>

struct model_device;
struct model_worker_pool;

#define MODEL_POLL_SLEEP_US 200
#define MODEL_POLL_SLEEP_MAX_US 3000
#define MODEL_POLL_PACE 64
#define MODEL_POLL_SHARE 80 /* one part of so many: 1.25 % */

/** Start the workers of dev->config. @return 0 or -errno */
int
model_worker_pool_create(struct model_device *dev, struct model_worker_pool **out);

/** Stop and join them. NULL allowed. */
void
model_worker_pool_destroy(struct model_worker_pool *pool);

/** There may be work. Any thread. */
void
model_worker_pool_kick(struct model_worker_pool *pool);

/** SQEs that worker @p worker, below the configured number, has completed. Any thread. */
uint64_t
model_worker_pool_sqes(const struct model_worker_pool *pool, uint32_t worker);

/** Scratch memory of the control thread. */
void *
model_worker_pool_scratch(struct model_worker_pool *pool);

#endif /* MODEL_WORKER_H */
