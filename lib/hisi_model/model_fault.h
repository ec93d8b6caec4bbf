/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

/**
 * @file
 * A fault plan: rules (model_fault_rule.h), how often each has matched and fired, and what has to
 * be carried out by the control thread.
 *
 * One plan serves all devices of a program. Where something may go wrong the model asks the plan:
 * one relaxed load while no rule waits for that. What a worker must not do (resets, connections,
 * waiting) goes into a list of actions; the control thread waits for model_fault_plan_fd() and
 * model_fault_plan_timeout_ms() and takes them.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "model_fault_rule.h"

#define MODEL_FAULT_MAX_RULES 64
#define MODEL_FAULT_MAX_DEVICES 8
#define MODEL_FAULT_MAX_ACTIONS 256
#define MODEL_FAULT_MAX_HITS 4 /* faults of one SQE at once */

struct model_device;
struct model_function;
struct model_queue;

/** A fault that fires: its kind and what its keys say. */
struct model_fault_hit {
	enum model_fault_kind kind;
	uint64_t value;  /**< or type= or bit= */
	uint32_t ms;     /**< slow: us */
	uint32_t choice; /**< block= or kind= */
	bool is_halt;
};

/** What happens to one SQE. */
struct model_fault_hits {
	uint32_t count;
	struct model_fault_hit hits[MODEL_FAULT_MAX_HITS];
};

/** Something for the control thread. */
struct model_fault_action {
	struct model_fault_hit hit;
	uint64_t due_ns;          /**< by model_now_ns(); 0: at once */
	uint32_t device;          /**< or UINT32_MAX: any */
	uint32_t function;        /**< or UINT32_MAX: any that is in use */
	uint32_t queue;           /**< or UINT32_MAX: any */
	uint32_t rule;            /**< id of the rule that it is a timer of; 0: none */
};

/** A rule at work. */
struct model_fault_entry {
	struct model_fault_rule rule;
	uint32_t id;              /**< as listed, from 1 */
	uint64_t nb_seen;
	uint64_t nb_fired;
};

/** A plan. Fields are its own. */
struct model_fault_plan {
	_Atomic uint32_t armed;   /**< a bit per enum model_fault_event with a live rule */
	pthread_mutex_t lock;     /**< for all below; nothing is taken while it is held */
	int fd;                   /**< eventfd: actions are there */
	uint64_t seed;
	bool has_seed;            /**< given, not drawn */
	uint32_t last_id;
	uint32_t nb_entries;
	struct model_fault_entry entries[MODEL_FAULT_MAX_RULES];
	uint32_t nb_actions;
	struct model_fault_action actions[MODEL_FAULT_MAX_ACTIONS];
	uint64_t kick_ns[MODEL_FAULT_MAX_DEVICES]; /**< a queue waits until then; 0: none */
	uint32_t nb_devices;
	struct model_device *devices[MODEL_FAULT_MAX_DEVICES];
};

/** A plan without rules. @return 0, -ENOMEM or -errno of eventfd */
int
model_fault_plan_create(struct model_fault_plan **out);

/** No device may use it any more. NULL allowed. */
void
model_fault_plan_destroy(struct model_fault_plan *plan);

/**
 * Devices in the order of device=N, so that rules about none of them are refused. They must live as
 * long as the plan. Control thread; after all devices have been made.
 */
void
model_fault_plan_set_devices(struct model_fault_plan *plan, struct model_device *const *devices,
			     uint32_t count);

/**
 * Install the rules of a text: all of them or none. Control thread.
 *
 * @param error receives rule, word and what was expected; may be NULL
 * @return 0 or -EINVAL
 */
int
model_fault_plan_add(struct model_fault_plan *plan, const char *text, struct model_error *error);

/** Remove all rules and what was to happen because of them. Control thread. */
void
model_fault_plan_clear(struct model_fault_plan *plan);

/** Each rule as "1: drop op=5: seen 12, fired 1". @param print as for model_device_dump_stats() */
void
model_fault_plan_list(struct model_fault_plan *plan, void (*print)(void *opaque, const char *line),
		      void *opaque);

/** The seed. @param is_drawn receives true if it was not given and a rule makes use of it */
uint64_t
model_fault_plan_seed(struct model_fault_plan *plan, bool *is_drawn);

/** Descriptor to wait on for POLLIN. */
int
model_fault_plan_fd(const struct model_fault_plan *plan);

/** Longest time to wait, for poll(); -1: no limit. Control thread. */
int
model_fault_plan_timeout_ms(struct model_fault_plan *plan);

/**
 * Take the next action that is due. Queues that waited are gone on with. Control thread.
 *
 * @return false when there is none
 */
bool
model_fault_plan_take(struct model_fault_plan *plan, struct model_fault_action *action);

/**
 * Carry out what concerns devices only: ras, aeqe, flr, pf_reset, a late mailbox command.
 * Control thread.
 *
 * @return false for disconnect, freeze and die, which are the program's
 */
bool
model_fault_carry_out(struct model_fault_plan *plan, const struct model_fault_action *action);

/** The function that an action means, or NULL: of those in use the first. Control thread. */
struct model_function *
model_fault_function(struct model_fault_plan *plan, const struct model_fault_action *action);

/** Does a rule wait for this? Any thread. */
static inline bool
model_fault_is_armed(const struct model_fault_plan *plan, enum model_fault_event event)
{
	return plan != NULL && (atomic_load_explicit(&plan->armed, memory_order_relaxed) &
		UINT32_C(1) << event) != 0;
}

/** What happens to the next SQE of a queue. Actions are handed on. Any thread. */
void
model_fault_ask_sqe(struct model_fault_plan *plan, const struct model_queue *q,
		    struct model_fault_hits *hits);

/** Is this doorbell of an SQ lost? Any thread, also under doorbell_lock. */
bool
model_fault_ask_doorbell(struct model_fault_plan *plan, const struct model_queue *q);

/** What happens to a mailbox command of @p fn. @return false: nothing */
bool
model_fault_ask_mailbox(struct model_fault_plan *plan, const struct model_function *fn,
			uint32_t command, uint32_t queue, struct model_fault_hit *hit);

/** Does the reset that its client asked for do nothing? */
bool
model_fault_ask_reset(struct model_fault_plan *plan, const struct model_function *fn);

/** Have @p dev kicked at that time. Any thread. */
void
model_fault_kick_at(struct model_fault_plan *plan, const struct model_device *dev,
		    uint64_t due_ns);

/** Finish a mailbox command of @p fn at that time. @return false: no room, do it now */
bool
model_fault_mailbox_at(struct model_fault_plan *plan, const struct model_function *fn,
		       uint64_t due_ns);

#endif /* MODEL_FAULT_H */
