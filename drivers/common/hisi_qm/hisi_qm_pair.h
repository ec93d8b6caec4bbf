/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_PAIR_H
#define HISI_QM_PAIR_H

/**
 * @file
 * What the queue pairs of all classes have in common, whatever their library: which of them a
 * device has, what they count, whether anybody bursts on them. For the control path.
 *
 * A class's queue pair begins with a struct hisi_qm_pair; its device has the list of those that are
 * set up. Both are in memory that secondary processes share.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_ring.h>

#include "hisi_qm_compat.h"

/** The first member of a class's queue pair. */
struct hisi_qm_pair {
	struct hisi_qm_pair *next;	/**< of the device */
	uint16_t id;			/**< the library's */
	uint8_t is_polled;		/**< a burst came while somebody looked out for one */
};

/** A counter of a class: a uint64_t in each of its queue pairs. */
struct hisi_qm_counter {
	const char *name;	/**< lower_snake */
	size_t offset;		/**< bytes from the start of the queue pair */
};

/** All counters of a class, in the order in which they are told. */
struct hisi_qm_counters {
	const struct hisi_qm_counter *rows;
	uint32_t count;
};

/**
 * Keep readers of lists away while queue pairs of this process come and go: telemetry has a thread
 * that reads them at any time. A secondary's cannot know when the primary takes a queue pair away.
 * A device that goes has its counters taken back before: hisi_qm_dev_set_counters().
 */
void hisi_qm_pairs_hold(void);
void hisi_qm_pairs_release(void);

/** Enter a queue pair that is set up into the list of its device, or take it out. */
void hisi_qm_pair_link(struct hisi_qm_pair **list, struct hisi_qm_pair *pair);
void hisi_qm_pair_unlink(struct hisi_qm_pair **list, struct hisi_qm_pair *pair);

/** Sum of the counter at @p offset over all queue pairs of a list. */
uint64_t hisi_qm_pairs_total(struct hisi_qm_pair *const *list, size_t offset);

/** Set it to 0 in each. Lcores go on counting meanwhile: it is where the count starts from. */
void hisi_qm_pairs_clear(struct hisi_qm_pair *const *list, size_t offset);

/**
 * The first of a device's queue pairs that is not set up; a library that does not look for it
 * crashes in a burst.
 *
 * @return its number, 0 also where there are none; -1: all are set up
 */
int hisi_qm_pairs_find_missing(void *const *queue_pairs, uint16_t count);

/**
 * Where enqueue parks operations that do not go to the ring as they stand, for dequeue. Without a
 * name and a memzone: there are as many as there are queue pairs.
 *
 * @param slots a power of two; one fewer is held
 * @return to be given to rte_free(); NULL: no memory
 */
struct rte_ring *hisi_qm_pair_create_parking(uint32_t slots, int socket_id);

/**
 * Park an operation (enqueue's side), or take the oldest one (dequeue's). A process that was killed
 * in the middle of either has done nothing: the next one begins where it did.
 *
 * @return false: it is full; NULL: none is parked
 */
bool hisi_qm_pair_park(struct rte_ring *parked, void *op);
void *hisi_qm_pair_unpark(struct rte_ring *parked);

/** A burst came to a queue pair that is looked at. For the bursts of hisi_qm_pairs_watch(). */
static inline void
hisi_qm_pair_mark_polled(void *queue_pair)
{
	struct hisi_qm_pair *pair = queue_pair;

	hisi_qm_store_relaxed(&pair->is_polled, 1);
}

/**
 * Does anybody burst on a device that is to go? Looks for a tenth of a second, or a whole one while
 * a lcore other than the caller's is at work.
 *
 * The class's burst functions are replaced meanwhile by ones that mark their queue pair and enqueue
 * nothing, as with a full queue: nothing is counted in the data path itself.
 *
 * @return queue pairs that were polled
 */
unsigned int hisi_qm_pairs_watch(struct hisi_qm_pair *const *list);

#endif /* HISI_QM_PAIR_H */
