/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>

#include <hisi_hw_names.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_doorbell.h"
#include "model_event.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_regs.h"
#include "model_version.h"
#include "model_vft.h"

#define DOORBELL_SPINS 100
#define DOORBELL_TEXT_LEN 160

/** What became of a doorbell of an active queue. */
enum doorbell_fate {
	DOORBELL_TAKEN,
	DOORBELL_MISMATCH, /**< queue, command or tag do not fit: dropped, error bit (qm.md 4.3) */
	DOORBELL_REFUSED,  /**< an index that cannot be; what hardware does is unknown (qm.md 10) */
};

static void
doorbell_lock(struct model_queue *q)
{
	uint32_t spins = 0;

	while (atomic_flag_test_and_set_explicit(&q->doorbell_lock, memory_order_acquire))
		if (++spins % DOORBELL_SPINS == 0)
			sched_yield();
}

static void
doorbell_unlock(struct model_queue *q)
{
	atomic_flag_clear_explicit(&q->doorbell_lock, memory_order_release);
}

/** Does a fault rule have it that the tag is wrong? */
static bool
is_lost(const struct model_queue *q)
{
	struct model_fault_plan *faults = q->fn->dev->config.faults;

	return model_fault_is_armed(faults, MODEL_FAULT_AT_DOORBELL) &&
		model_fault_ask_doorbell(faults, q);
}

/* Hold doorbell_lock. The word was read before: sq_head is at least what the client has seen. */
static enum doorbell_fate
take_sq(struct model_queue *q, uint64_t word)
{
	uint16_t index = HISI_FIELD_GET(HISI_QM_DB_INDEX, word);
	uint16_t tail = atomic_load_explicit(&q->sq_tail, memory_order_relaxed);
	uint16_t head;

	if (HISI_FIELD_GET(HISI_QM_DB_TAG, word) != q->sq.tag || is_lost(q))
		return DOORBELL_MISMATCH;
	head = atomic_load_explicit(&q->sq_head, memory_order_acquire);
	if (index >= q->sq.depth || model_ring_distance(q->sq.depth, head, index) <
	    model_ring_distance(q->sq.depth, head, tail))
		return DOORBELL_REFUSED;
	if (index < tail)
		q->sq_tail_wrap = !q->sq_tail_wrap;
	atomic_store_explicit(&q->sq_tail, index, memory_order_release);
	return DOORBELL_TAKEN;
}

/* Hold doorbell_lock. */
static enum doorbell_fate
take_cq(struct model_queue *q, uint64_t word)
{
	uint16_t index = HISI_FIELD_GET(HISI_QM_DB_INDEX, word);
	uint16_t head = atomic_load_explicit(&q->cq_head, memory_order_relaxed);
	uint16_t tail;

	if (HISI_FIELD_GET(HISI_QM_DB_TAG, word) != q->cq.tag)
		return DOORBELL_MISMATCH;
	tail = atomic_load_explicit(&q->cq_tail, memory_order_acquire);
	if (index >= q->cq.depth || model_ring_distance(q->cq.depth, head, index) >
	    model_ring_distance(q->cq.depth, head, tail))
		return DOORBELL_REFUSED;
	if (index < head)
		q->cq_head_wrap = !q->cq_head_wrap;
	atomic_store_explicit(&q->cq_head, index, memory_order_release);
	atomic_store(&q->is_armed, HISI_FIELD_GET(HISI_QM_DB_PRIORITY, word) == 1);
	return DOORBELL_TAKEN;
}

/* Without doorbell_lock: RAS and logs take locks of their own. */
static void
settle(struct model_queue *q, enum doorbell_fate fate, uint64_t word)
{
	struct model_device *dev = q->fn->dev;
	char text[DOORBELL_TEXT_LEN];

	if (fate == DOORBELL_TAKEN)
		return;
	model_stat_add(fate == DOORBELL_MISMATCH ? &dev->stats.nb_doorbells_dropped :
		&dev->stats.nb_doorbells_refused, 1);
	if (fate == DOORBELL_MISMATCH)
		model_ras_report(dev, MODEL_RAS_QM, HISI_BIT32(HISI_QM_ERR_DB_RANDOM_INVALID));
	if (atomic_exchange(&q->is_refusal_told, true))
		return;
	hisi_hw_format(text, sizeof(text), hisi_qm_doorbell_fields, &word);
	model_function_log(q->fn, VFIO_USER_LOG_WARNING, "queue %u: doorbell %s: %s", q->qn,
		fate == DOORBELL_MISMATCH ? "does not fit, dropped" : "with an impossible index",
		text);
}

/** c_flag was set: an event at once if a CQE came before (qm.md 4.4). */
static void
settle_arming(struct model_queue *q)
{
	if (!atomic_load(&q->is_armed) || atomic_load(&q->cq_done) == atomic_load(&q->cq_head))
		return;
	if (atomic_exchange(&q->is_armed, false))
		model_event_post(q->fn, q->qn);
}

static void
ring_queue(struct model_queue *q, uint64_t word)
{
	bool is_cq = HISI_FIELD_GET(HISI_QM_DB_COMMAND, word) == HISI_QM_DB_CMD_CQ;
	enum doorbell_fate fate;

	doorbell_lock(q);
	fate = is_cq ? take_cq(q, word) : take_sq(q, word);
	doorbell_unlock(q);
	settle(q, fate, word);
	if (is_cq)
		settle_arming(q);
	model_device_kick(q->fn->dev);
}

static void
ring_sq_cq(struct model_function *fn, uint64_t word)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_DB_COMMAND, word);
	struct model_queue *q = model_vft_queue(fn, HISI_FIELD_GET(HISI_QM_DB_QUEUE, word));

	if (command > HISI_QM_DB_CMD_CQ || q == NULL || q->fn != fn || !q->is_active)
		model_stat_add(&fn->dev->stats.nb_doorbells_dropped, 1);
	if (command > HISI_QM_DB_CMD_CQ)
		return;
	if (q == NULL) {
		/* Which of the three bits a doorbell sets is inferred from their names. */
		model_ras_report(fn->dev, MODEL_RAS_QM, command == HISI_QM_DB_CMD_SQ ?
			HISI_BIT32(HISI_QM_ERR_SQ_VF_INVALID) :
			HISI_BIT32(HISI_QM_ERR_CQ_VF_INVALID));
		return;
	}
	if (q->fn == fn && q->is_active)
		ring_queue(q, word);
}

/**
 * V5: the function's own word, or its bit in the PF's (one bit per function is inferred). Words and
 * not states of the model, because the client may write them at any time.
 */
static bool
is_dropping(const struct model_function *fn)
{
	const struct model_function *pf = fn->dev->functions[0];
	uint32_t offset = HISI_QM_DEV_DB_DROP + fn->number / 32 * 4;

	if (!fn->dev->version->has_doorbell_drop)
		return false;
	return (model_regs_get(fn, HISI_QM_FUN_DB_DROP) & HISI_QM_FUN_DB_DROP_BIT) ||
		(model_regs_get(pf, offset) & HISI_BIT32(fn->number % 32));
}

static bool
drop_if_told(struct model_function *fn)
{
	bool is_told = is_dropping(fn);

	model_stat_add(&fn->dev->stats.nb_doorbells_dropped, is_told);
	return is_told;
}

/** A doorbell at a place that is not its own. */
static void
drop_misplaced(struct model_function *fn, const char *where, uint64_t word)
{
	char text[DOORBELL_TEXT_LEN];

	model_stat_add(&fn->dev->stats.nb_doorbells_dropped, 1);
	hisi_hw_format(text, sizeof(text), hisi_qm_doorbell_fields, &word);
	model_function_log(fn, VFIO_USER_LOG_WARNING, "doorbell does not belong in %s, dropped: %s",
		where, text);
}

static void
trace_doorbell(struct model_function *fn, const char *where, uint64_t word)
{
	char text[DOORBELL_TEXT_LEN];

	model_stat_add(&fn->dev->stats.nb_doorbells, 1);
	if (!model_trace_is_on(fn->dev))
		return;
	hisi_hw_format(text, sizeof(text), hisi_qm_doorbell_fields, &word);
	model_trace(fn, "write %s %s", where, text);
}

void
model_doorbell_ring_page(struct model_function *fn, uint32_t page, uint64_t word)
{
	char where[48];

	snprintf(where, sizeof(where), "page %u of BAR%d", page, HISI_QM_ISOLATION_BAR);
	trace_doorbell(fn, where, word);
	if (drop_if_told(fn))
		return;
	if (HISI_FIELD_GET(HISI_QM_DB_COMMAND, word) <= HISI_QM_DB_CMD_CQ &&
	    HISI_FIELD_GET(HISI_QM_DB_QUEUE, word) == page)
		ring_sq_cq(fn, word);
	else
		drop_misplaced(fn, where, word);
}

void
model_doorbell_ring(struct model_function *fn, uint32_t offset, uint64_t word)
{
	uint16_t index = HISI_FIELD_GET(HISI_QM_DB_INDEX, word);

	trace_doorbell(fn, hisi_hw_reg_name(NULL, offset), word);
	if (drop_if_told(fn))
		return;
	if (offset == HISI_QM_DOORBELL_SQ_CQ) {
		/* Whether hardware still takes it then is unknown (qm.md 10 item 11). */
		if (fn->dev->config.isolated_queues != 0)
			drop_misplaced(fn, "BAR2 with isolation on", word);
		else
			ring_sq_cq(fn, word);
		return;
	}
	switch (HISI_FIELD_GET(HISI_QM_DB_COMMAND, word)) {
	case HISI_QM_DB_CMD_EQ:
		model_event_doorbell(fn, MODEL_EVENT_EQ, index);
		break;
	case HISI_QM_DB_CMD_AEQ:
		model_event_doorbell(fn, MODEL_EVENT_AEQ, index);
		break;
	default:
		model_stat_add(&fn->dev->stats.nb_doorbells_dropped, 1);
	}
}

/** Is there a word in the slot that nobody has looked at? Zero is none (hisi_qm_shadow.h). */
static bool
slot_has_news(const _Atomic uint64_t *slot, const _Atomic uint64_t *seen)
{
	return atomic_load_explicit(slot, memory_order_relaxed) !=
		atomic_load_explicit(seen, memory_order_relaxed);
}

static void
look_at(struct model_queue *q, _Atomic uint64_t *slot, _Atomic uint64_t *seen,
	enum hisi_qm_doorbell_command command)
{
	const uint64_t fixed = HISI_QM_DB_QUEUE | HISI_QM_DB_COMMAND | HISI_QM_DB_PRIORITY;
	enum doorbell_fate fate = DOORBELL_TAKEN;
	uint64_t word;

	if (!slot_has_news(slot, seen))
		return;
	doorbell_lock(q);
	/* The only read whose value is used: the client may change the slot at any time. */
	word = atomic_load_explicit(slot, memory_order_acquire);
	if (word == atomic_load_explicit(seen, memory_order_relaxed)) {
		doorbell_unlock(q);
		return;
	}
	atomic_store_explicit(seen, word, memory_order_relaxed);
	if (word != 0 && drop_if_told(q->fn)) {
		doorbell_unlock(q);
		return;
	}
	/* No arming through a slot: priority must be 0. */
	if (word != 0 && (word & fixed) != hisi_qm_doorbell_base(command, q->qn, 0))
		fate = DOORBELL_MISMATCH;
	else if (word != 0)
		fate = command == HISI_QM_DB_CMD_SQ ? take_sq(q, word) : take_cq(q, word);
	doorbell_unlock(q);
	model_stat_add(&q->fn->dev->stats.nb_shadow_doorbells, word != 0);
	settle(q, fate, word);
}

void
model_doorbell_look(struct model_queue *q)
{
	if (q->sq_slot == NULL)
		return;
	look_at(q, q->cq_slot, &q->cq_seen, HISI_QM_DB_CMD_CQ);
	look_at(q, q->sq_slot, &q->sq_seen, HISI_QM_DB_CMD_SQ);
}

void
model_doorbell_look_all(struct model_function *fn)
{
	struct model_device *dev = fn->dev;
	uint32_t i;

	for (i = 0; i < dev->nb_active; i++)
		if (dev->active[i]->fn == fn)
			model_doorbell_look(dev->active[i]);
}

void
model_doorbell_clear_slots(struct model_queue *q)
{
	atomic_store(&q->sq_seen, 0);
	atomic_store(&q->cq_seen, 0);
	if (q->sq_slot == NULL)
		return;
	atomic_store(q->sq_slot, 0);
	atomic_store(q->cq_slot, 0);
}
