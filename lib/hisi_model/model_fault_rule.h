/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_FAULT_RULE_H
#define MODEL_FAULT_RULE_H

/**
 * @file
 * The language of fault plans: "FAULT [key=value]...", rules apart by newline or ';', '#' begins a
 * comment. doc/guides/tools/hisi_emu.rst explains it, its tables are made from those in
 * model_fault_rule.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model_device.h"

#define MODEL_FAULT_RULE_LEN 160 /* of a rule as text, with its NUL */

/** What is done. Order of the table in model_fault_rule.c. */
enum model_fault_kind {
	MODEL_FAULT_DROP,
	MODEL_FAULT_DELAY,
	MODEL_FAULT_DUPLICATE,
	MODEL_FAULT_REORDER,
	MODEL_FAULT_PHASE,
	MODEL_FAULT_SQ_HEAD,
	MODEL_FAULT_SQ_NUM,
	MODEL_FAULT_STATUS,
	MODEL_FAULT_STALL,
	MODEL_FAULT_SLOW,
	MODEL_FAULT_DMA_READ,
	MODEL_FAULT_DMA_WRITE,
	MODEL_FAULT_RANDOM,
	MODEL_FAULT_RAS,
	MODEL_FAULT_AEQE,
	MODEL_FAULT_FLR,
	MODEL_FAULT_PF_RESET,
	MODEL_FAULT_DISCONNECT,
	MODEL_FAULT_FREEZE,
	MODEL_FAULT_DIE,
	MODEL_FAULT_DOORBELL,
	MODEL_FAULT_MAILBOX,
	MODEL_FAULT_NO_RESET,
	MODEL_FAULT_SEED,
	MODEL_FAULT_NB,
};

/** What a rule waits for. */
enum model_fault_event {
	MODEL_FAULT_AT_SQE,
	MODEL_FAULT_AT_DOORBELL, /**< of an SQ */
	MODEL_FAULT_AT_MAILBOX,  /**< a command */
	MODEL_FAULT_AT_RESET,    /**< of a function, by its client */
	MODEL_FAULT_AT_TIME,
	MODEL_FAULT_AT_NOTHING,  /**< no rule: an order to the plan */
};

/** A key. Order of the table in model_fault_rule.c. */
enum model_fault_key {
	MODEL_FAULT_KEY_DEVICE,
	MODEL_FAULT_KEY_FUNCTION,
	MODEL_FAULT_KEY_QUEUE,
	MODEL_FAULT_KEY_OP,
	MODEL_FAULT_KEY_EVERY,
	MODEL_FAULT_KEY_P,
	MODEL_FAULT_KEY_AFTER_MS,
	MODEL_FAULT_KEY_TIMES,
	MODEL_FAULT_KEY_VALUE,
	MODEL_FAULT_KEY_MS,
	MODEL_FAULT_KEY_US,
	MODEL_FAULT_KEY_BLOCK,
	MODEL_FAULT_KEY_BIT,
	MODEL_FAULT_KEY_HALT,
	MODEL_FAULT_KEY_TYPE,
	MODEL_FAULT_KEY_KIND,
	MODEL_FAULT_KEY_COMMAND,
	MODEL_FAULT_KEY_OF,
	MODEL_FAULT_KEY_NB,
};

/** kind= of a mailbox fault. */
enum model_fault_mailbox {
	MODEL_FAULT_MAILBOX_BUSY,
	MODEL_FAULT_MAILBOX_STATUS,
	MODEL_FAULT_MAILBOX_NEVER,
};

/** A rule as written. */
struct model_fault_rule {
	enum model_fault_kind kind;
	enum model_fault_event event;
	uint32_t has;                            /**< bit per key that is there */
	uint64_t values[MODEL_FAULT_KEY_NB];     /**< numbers, choices, sets; p: of 2^64 */
	char text[MODEL_FAULT_RULE_LEN];         /**< without comment, words one space apart */
};

static inline bool
model_fault_rule_has(const struct model_fault_rule *rule, enum model_fault_key key)
{
	return rule->has & UINT32_C(1) << key;
}

/**
 * Read the next rule of a text.
 *
 * @param text   where to begin; receives where the next rule begins
 * @param number of the rule in this text, for the message
 * @param rule   receives the rule
 * @param error  receives what is wrong: rule, word, what was expected
 * @return 1 a rule, 0 the text has no more, -EINVAL
 */
int
model_fault_rule_parse(const char **text, uint32_t number, struct model_fault_rule *rule,
		       struct model_error *error);

/** Name of a fault. */
const char *
model_fault_kind_name(enum model_fault_kind kind);

/** Faults that random may choose, a bit for each kind. */
uint32_t
model_fault_random_kinds(void);

/**
 * Faults and keys as text: "fault drop\tkeys\tmeaning" and "key op=K\tmeaning".
 *
 * @param print receives each line, without newline; valid during the call only
 */
void
model_fault_help(void (*print)(void *opaque, const char *line), void *opaque);

#endif /* MODEL_FAULT_RULE_H */
