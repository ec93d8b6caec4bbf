/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_CONTEXT_H
#define MODEL_CONTEXT_H

/**
 * @file
 * Contexts handed over by mailbox, and their write back (qm.md 5.1 to 5.4). Gate closed throughout.
 */

#include <stdint.h>

#include "model_mailbox.h"

struct model_function;

/** SQC, CQC, EQC, AEQC set: the device reads the context from @p iova. */
enum model_mailbox_status
model_context_set(struct model_function *fn, uint32_t command, uint32_t qn, uint64_t iova);

/** SQC, CQC, EQC, AEQC get: the device writes the context to @p iova. */
enum model_mailbox_status
model_context_get(struct model_function *fn, uint32_t command, uint32_t qn, uint64_t iova);

/** Write the contexts of all queues of a function to its tables (HISI_QM_CACHE_WB_START). */
void
model_context_write_back(struct model_function *fn);

#endif /* MODEL_CONTEXT_H */
