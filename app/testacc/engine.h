/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_ENGINE_H
#define TESTACC_ENGINE_H

/**
 * @file
 * A forwarding engine keeps one queue pair of a device busy, on one lcore; an lcore may have
 * several. A run is all engines of one start.
 */

#include <stdatomic.h>

#include <rte_common.h>

#include "hist.h"
#include "op_class.h"

/** What engines count. Written by the engine's lcore, read by the main lcore at any time. */
struct testacc_counters {
	uint64_t ops;		/**< that came back well */
	uint64_t plain_bytes;
	uint64_t packed_bytes;
	uint64_t failed;	/**< ops that the device returned with an error */
	uint64_t wrong;		/**< results that were not right */
	uint64_t enqueue_calls;
	uint64_t enqueue_full;	/**< of them those that did not take all */
	uint64_t dequeue_calls;
	uint64_t dequeue_empty;	/**< of them those that gave nothing */
	uint64_t in_flight;	/**< sum over all dequeue calls */
	uint64_t starved;	/**< turns with nothing left to enqueue: all are under way */
	uint64_t work_cycles;	/**< of burst calls that moved ops */
	uint64_t all_cycles;
};

/** Why an engine gave up by itself. */
enum testacc_give_up {
	TESTACC_GOES,
	TESTACC_ONLY_ERRORS,	/**< the device returns nothing but errors */
	TESTACC_STALLED,	/**< nothing comes back, or nothing is taken */
};

struct testacc_engine {
	const struct testacc_op_class *class;
	struct testacc_run *run;
	uint8_t dev_id;		/**< of the class's library */
	uint16_t queue_pair;
	unsigned int lcore;
	uint16_t burst;
	bool verifies;
	void *private[TESTACC_MAX_PARTS]; /**< the class's: for each part, or half */
	void *scratch;		/**< the class's: where it looks at results */
	struct testacc_slot *slots;
	struct testacc_slot **ready; /**< waiting to be enqueued */
	uint32_t nb_slots, nb_ready, nb_in_flight;
	uint32_t failures;	/**< in a row */
	uint64_t progress_tsc;
	_Atomic uint8_t give_up; /**< enum testacc_give_up */
	int last_status;	/**< of an op that failed, as the library has it */
	struct testacc_counters counters;
	struct testacc_hist hists[TESTACC_MAX_SIZES];
} __rte_cache_aligned;

struct testacc_run {
	const struct testacc_op_class *class;
	uint8_t dev_id;		/**< of the class's library */
	struct testacc_settings settings;
	struct testacc_engine **engines;
	unsigned int nb_engines;
	unsigned int nb_parts;	/**< kinds of op that the slots of an engine are, in turn */
	void *private;		/**< the class's */
	uint8_t *data;		/**< plain data, with the largest size more behind data_len */
	size_t data_len;
	atomic_bool stops;
	atomic_uint nb_running;	/**< lcores */
	uint64_t start_tsc;
	uint64_t stop_tsc;
	bool is_lost;		/**< some operations never came back */
	struct testacc_counters told; /**< when rates were told last, for the next time */
	double told_seconds;
};

/** Main loop of an lcore: all engines of @p opaque, a struct testacc_run, that are its. */
int testacc_engine_main(void *opaque);

/** All counters of a run. */
void testacc_counters_sum(const struct testacc_run *run, struct testacc_counters *sum);

/**
 * Set up and start a run by testacc_settings.
 *
 * @return enum testacc_result, after a message
 */
int testacc_run_start(struct testacc_run **out);

/**
 * The same without lcores, for a command that enqueues and dequeues by itself.
 *
 * @return enum testacc_result, after a message
 */
int testacc_run_open(const struct testacc_settings *settings, unsigned int nb_engines,
	struct testacc_run **out);

/** Stop it: what is in flight is waited for, within limits. */
void testacc_run_stop(struct testacc_run *run);

/** Has every lcore stopped by itself? */
bool testacc_run_has_ended(const struct testacc_run *run);

void testacc_run_free(struct testacc_run *run);

/** Seconds that a run has been, or was, under way. */
double testacc_run_seconds(const struct testacc_run *run);

/** Plain data by settings.file, into the run. @return enum testacc_result */
int testacc_data_load(struct testacc_run *run);

#endif /* TESTACC_ENGINE_H */
