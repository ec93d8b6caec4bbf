/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Operations that know all about themselves: which one each is, what it must yield, and what the
 * memory around its buffers looks like.
 */
#ifndef PROBE_FAULT_H
#define PROBE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "probe_class.h"

/* What operations can be; a kind is one or several of these in turn. */
enum fault_variant {
	FAULT_FORWARDS,		/* compress, encrypt */
	FAULT_BACKWARDS,
	FAULT_CHAINED_FORWARDS,
	FAULT_CHAINED_BACKWARDS,
	FAULT_VARIANTS
};

struct fault_kind {
	const char *name;
	uint32_t nb_variants;
	enum fault_variant variants[FAULT_VARIANTS];
};

/* NULL where there is none of that name. */
const struct fault_kind *fault_kind_find(const char *name);

/* Bytes of plain data that an operation has at most, and of room for its result. */
#define FAULT_PLAIN_MAX 3072
#define FAULT_ROOM 4096

struct fault_item {
	void *op;			/* of its class */
	uint32_t id;
	uint32_t round;			/* how often it was handed over */
	bool is_backwards;		/* decompresses, decrypts */
	uint64_t enqueued_at;		/* TSC; 0: it is ours */
	uint32_t plain_len, src_len;
	uint8_t plain[FAULT_PLAIN_MAX];
	uint8_t src[FAULT_ROOM];	/* what its source holds */
};

/* What an operation was found to be. */
enum fault_verdict {
	FAULT_GOOD,
	FAULT_ERROR,		/* by its status; the memory around it is as it was */
	FAULT_WRONG,		/* success, but not with its data */
	FAULT_UNTOLD,		/* came back without a status */
	FAULT_TOUCHED,		/* memory that is not its own, or its source, has changed */
};

/* Gives an item without buffers those of its kind. Ends the program where there is no memory. */
void fault_item_make(struct probe *probe, struct fault_item *item, const struct fault_kind *kind);

void fault_item_free(struct fault_item *item);

/* Makes it ready to be handed over; false: its memory was written to while it was ours. */
bool fault_item_arm(struct fault_item *item);

/* Looks at one that came back, and makes its memory one where any write shows. */
enum fault_verdict fault_item_judge(struct fault_item *item);

/* Chains, all of their memory filled with canaries around what they hold. */
#define FAULT_CANARY 0xc5

/* Ends the program where there is no memory. */
struct rte_mbuf *fault_buffer_make(struct rte_mempool *pool, uint32_t len, uint32_t segments);
void fault_buffer_fill(struct rte_mbuf *mbuf, const uint8_t *data);
/* Canaries before and after the data of each segment, and in place of the data. */
bool fault_buffer_is_intact_around(struct rte_mbuf *mbuf);
bool fault_buffer_is_intact_inside(struct rte_mbuf *mbuf);
bool fault_buffer_holds(struct rte_mbuf *mbuf, const uint8_t *data);
void fault_buffer_clear(struct rte_mbuf *mbuf);

/* Counters of the driver that tell what it did about a fault. */
#define FAULT_COUNTERS 8

void fault_counters_get(uint8_t dev_id, uint64_t values[FAULT_COUNTERS]);

/* A JSON member with what came to each in between. */
void fault_counters_print(const uint64_t before[FAULT_COUNTERS],
	const uint64_t now[FAULT_COUNTERS]);

/* Is there no queue that the driver has yet to start again? */
bool fault_queues_run(uint8_t dev_id);

#endif /* PROBE_FAULT_H */
