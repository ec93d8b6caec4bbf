/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_ring.h>
#include <rte_ring_peek.h>
#include <rte_spinlock.h>

#include "hisi_qm_pair.h"
#include "hisi_qm_qp.h"

static rte_spinlock_t pairs_lock = RTE_SPINLOCK_INITIALIZER;

void
hisi_qm_pairs_hold(void)
{
	rte_spinlock_lock(&pairs_lock);
}

void
hisi_qm_pairs_release(void)
{
	rte_spinlock_unlock(&pairs_lock);
}

void
hisi_qm_pair_link(struct hisi_qm_pair **list, struct hisi_qm_pair *pair)
{
	hisi_qm_pairs_hold();
	pair->next = *list;
	*list = pair;
	hisi_qm_pairs_release();
}

void
hisi_qm_pair_unlink(struct hisi_qm_pair **list, struct hisi_qm_pair *pair)
{
	hisi_qm_pairs_hold();
	while (*list != NULL && *list != pair)
		list = &(*list)->next;
	if (*list != NULL)
		*list = pair->next;
	hisi_qm_pairs_release();
}

/* ---- counters ---- */

static uint64_t *
counter_at(struct hisi_qm_pair *pair, size_t offset)
{
	return (uint64_t *)(void *)((char *)pair + offset);
}

uint64_t
hisi_qm_pairs_total(struct hisi_qm_pair *const *list, size_t offset)
{
	struct hisi_qm_pair *pair;
	uint64_t total = 0;

	hisi_qm_pairs_hold();
	for (pair = *list; pair != NULL; pair = pair->next)
		total += hisi_qm_load_relaxed(counter_at(pair, offset));
	hisi_qm_pairs_release();
	return total;
}

void
hisi_qm_pairs_clear(struct hisi_qm_pair *const *list, size_t offset)
{
	struct hisi_qm_pair *pair;

	hisi_qm_pairs_hold();
	for (pair = *list; pair != NULL; pair = pair->next)
		hisi_qm_store_relaxed(counter_at(pair, offset), 0);
	hisi_qm_pairs_release();
}

/* ---- set-up ---- */

int
hisi_qm_pairs_find_missing(void *const *queue_pairs, uint16_t count)
{
	uint16_t i;

	for (i = 0; i < count; i++)
		if (queue_pairs[i] == NULL)
			return i;
	return count == 0 ? 0 : -1;
}

struct rte_ring *
hisi_qm_pair_create_parking(uint32_t slots, int socket_id)
{
	struct rte_ring *ring = rte_zmalloc_socket(NULL, (size_t)rte_ring_get_memsize(slots),
		HISI_QM_BLOCK, socket_id);

	if (ring != NULL && rte_ring_init(ring, "hisi_qm_parked", slots,
			RING_F_SP_ENQ | RING_F_SC_DEQ) != 0) {
		rte_free(ring);
		ring = NULL;
	}
	return ring;
}

/*
 * The ring's head moves before an entry is written or read, its tail after. Where they differ
 * before the call, a process ended in between: without the first step an entry that was never
 * written would be handed out, and one that was never read be lost.
 */
bool
hisi_qm_pair_park(struct rte_ring *parked, void *op)
{
	rte_ring_enqueue_finish(parked, &op, 0);
	return rte_ring_sp_enqueue(parked, op) == 0;
}

void *
hisi_qm_pair_unpark(struct rte_ring *parked)
{
	void *op;

	rte_ring_dequeue_finish(parked, 0);
	return rte_ring_sc_dequeue(parked, &op) == 0 ? op : NULL;
}

/* ---- who bursts ---- */

/*
 * A lcore that polls is back within this, also where others have its CPU for a while, or the kernel
 * makes room for huge pages: one second was too short for that. Polling is seen at once.
 */
#define WATCH_STEPS 2000
/* Where no lcore is known to work on anything; those of threads that EAL does not know may. */
#define WATCH_IDLE_STEPS 100
#define WATCH_STEP_US 1000

/* Is any lcore but the caller's at work? Of the main one EAL does not tell. */
static bool
others_work(void)
{
	unsigned int lcore;

	RTE_LCORE_FOREACH(lcore)
		if (lcore != rte_lcore_id() && (lcore == rte_get_main_lcore() ||
				rte_eal_get_lcore_state(lcore) == RUNNING))
			return true;
	return false;
}

/* Those that were polled since the last call. */
static unsigned int
count_polled(struct hisi_qm_pair *const *list)
{
	struct hisi_qm_pair *pair;
	unsigned int polled = 0;

	hisi_qm_pairs_hold();
	for (pair = *list; pair != NULL; pair = pair->next) {
		polled += hisi_qm_load_relaxed(&pair->is_polled);
		hisi_qm_store_relaxed(&pair->is_polled, 0);
	}
	hisi_qm_pairs_release();
	return polled;
}

unsigned int
hisi_qm_pairs_watch(struct hisi_qm_pair *const *list)
{
	uint32_t steps = others_work() ? WATCH_STEPS : WATCH_IDLE_STEPS, i;
	unsigned int polled = 0;

	/* Marks of an earlier look. */
	(void)count_polled(list);
	for (i = 0; i < steps && polled == 0; i++) {
		rte_delay_us_sleep(WATCH_STEP_US);
		polled = count_polled(list);
	}
	return polled;
}
