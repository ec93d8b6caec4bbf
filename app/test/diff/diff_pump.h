/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Cases at work: random bursts through a device, now and then until its rings are full. What an
 * operation is and when it is right is the program's business.
 */
#ifndef DIFF_PUMP_H
#define DIFF_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diff_case.h"

/* What a run may be told to break, to see that it is noticed. */
enum diff_spoil { DIFF_SPOIL_NOTHING, DIFF_SPOIL_OUTPUT, DIFF_SPOIL_CANARY, DIFF_SPOIL_STATUS };

/* A case at work: the first member of the program's own. */
struct diff_work {
	struct diff_case c;
	char why[256];		/* what is wrong */
	bool at_device;
	struct diff_work *next;
};

/* What the program does for the pump; @p arg is its own. */
struct diff_pump_class {
	struct diff_work *(*create)(void *arg, uint64_t number);
	/* Buffers and operation. @return false: none left for now */
	bool (*build)(void *arg, struct diff_work *work);
	/* Bytes that it keeps while it is under way. */
	size_t (*footprint)(const struct diff_work *work);
	uint16_t (*enqueue)(void *arg, struct diff_work **works, uint16_t count);
	uint16_t (*dequeue)(void *arg, struct diff_work **works, uint16_t count);
	/* Counts it, and says whether it is right; work->why if it is not. */
	bool (*judge)(void *arg, struct diff_work *work);
	/* Gives up its buffers. @return true: build it again, for another round */
	bool (*finish)(void *arg, struct diff_work *work);
	void (*free)(void *arg, struct diff_work *work);
};

struct diff_run {
	const struct diff_pump_class *class;
	void *arg;
	uint64_t seed;
	uint64_t first;
	uint64_t count;
	bool keep_going;	/* name each bad one, reduce none */
	bool churn;		/* memory comes and goes meanwhile */
	/* results */
	uint64_t wrong;
	uint64_t grown;		/* EAL's memory, times */
	uint64_t shrunk;
	uint64_t done;
	uint64_t rounds;
	uint64_t full_rings;	/* bursts that were not taken as a whole */
	uint32_t most_in_flight;
	struct diff_work *failed;	/* the first bad one; to be freed */
};

/* Random bursts until all is done or something is wrong. @return 0; -ETIMEDOUT: it hangs */
int diff_run_all(struct diff_run *run);

/* One case by itself. @return true: as it should be; false: work->why */
bool diff_run_alone(const struct diff_pump_class *class, void *arg, struct diff_work *work);

#endif /* DIFF_PUMP_H */
