/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

/**
 * @file
 * Event queue, asynchronous event queue and MSI of a function (qm.md 1.4, 4.4, 5.3, 5.7).
 *
 * Everything here takes the function's irq_lock itself.
 */

#include <stdbool.h>
#include <stdint.h>

#include <hisi_qm_context.h>

struct model_function;

/** EQ or AEQ of a function. Under irq_lock. */
struct model_event_queue {
	bool is_set;
	bool is_source;      /**< the interrupt source register */
	bool is_overflowing; /**< told once per overflow */
	struct hisi_qm_eqc context; /**< as set */
	uint64_t base;
	uint32_t depth;
	uint16_t head;
	uint16_t tail;
	bool phase;
};

enum model_event_kind {
	MODEL_EVENT_EQ,
	MODEL_EVENT_AEQ,
};

/** Write an EQE for completion queue @p qn. Any thread. */
void
model_event_post(struct model_function *fn, uint32_t qn);

/** Write an AEQE. Any thread. */
void
model_event_post_async(struct model_function *fn, enum hisi_qm_aeqe_type type, uint32_t qn);

/** EQ or AEQ doorbell: new head; also clears the source and re-arms. */
void
model_event_doorbell(struct model_function *fn, enum model_event_kind kind, uint16_t index);

/** Take over a context that has been checked. */
void
model_event_set(struct model_function *fn, enum model_event_kind kind,
		const struct hisi_qm_eqc *context);

/** The context as it is now. @return false when none was set */
bool
model_event_get(struct model_function *fn, enum model_event_kind kind,
		struct hisi_qm_eqc *context);

/** Interrupt source register. */
uint32_t
model_event_source(struct model_function *fn, enum model_event_kind kind);

/** The mask register was written: a source that waits behind it interrupts now. */
void
model_event_mask_changed(struct model_function *fn, enum model_event_kind kind);

/** Forget both queues. */
void
model_event_reset(struct model_function *fn);

/** Raise MSI @p vector if bus master is on, or keep it pending while masked. Any thread. */
void
model_event_interrupt(struct model_function *fn, uint32_t vector);

/** Config space changed: vectors that were pending behind a mask are raised now. */
void
model_event_retry(struct model_function *fn);

#endif /* MODEL_EVENT_H */
