/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_dma.h"
#include "model_event.h"
#include "model_function.h"
#include "model_log.h"
#include "model_regs.h"

static struct model_event_queue *
event_queue(struct model_function *fn, enum model_event_kind kind)
{
	return kind == MODEL_EVENT_EQ ? &fn->eq : &fn->aeq;
}

static const char *
event_name(enum model_event_kind kind)
{
	return kind == MODEL_EVENT_EQ ? "EQ" : "AEQ";
}

/* Hold irq_lock. */
static void
interrupt_locked(struct model_function *fn, uint32_t vector)
{
	int raised;

	if (!fn->has_client || !model_config_space_is_master(fn))
		return;
	raised = model_config_space_raise(fn, vector);
	if (raised < 0)
		return;
	model_stat_add(&fn->dev->stats.nb_irqs, 1);
	if (model_trace_is_on(fn->dev))
		model_trace(fn, "msi vector %d", raised);
	if (fn->client.raise != NULL)
		fn->client.raise(fn->client.opaque, raised);
}

void
model_event_interrupt(struct model_function *fn, uint32_t vector)
{
	pthread_mutex_lock(&fn->irq_lock);
	interrupt_locked(fn, vector);
	pthread_mutex_unlock(&fn->irq_lock);
}

void
model_event_retry(struct model_function *fn)
{
	int vector;

	pthread_mutex_lock(&fn->irq_lock);
	while ((vector = model_config_space_take_pending(fn)) >= 0)
		interrupt_locked(fn, vector);
	pthread_mutex_unlock(&fn->irq_lock);
}

/* Hold irq_lock. The MSI of a source that is not masked (qm.md 4.4). */
static void
signal_locked(struct model_function *fn, enum model_event_kind kind)
{
	uint32_t mask = model_regs_get(fn, kind == MODEL_EVENT_EQ ? HISI_QM_VF_EQ_INT_MASK :
		HISI_QM_VF_AEQ_INT_MASK);

	if (!(mask & HISI_QM_INT_MASKED))
		interrupt_locked(fn, kind == MODEL_EVENT_EQ ? HISI_QM_VECTOR_EQ :
			HISI_QM_VECTOR_AEQ);
}

/*
 * Hold irq_lock. Write an entry, advance, signal. Returns 0; -ENOSPC when the ring is full, the
 * entry is lost then (qm.md 10 item 5); another -errno when memory refused it.
 */
static int
post_locked(struct model_function *fn, enum model_event_kind kind, uint32_t entry)
{
	struct model_event_queue *eq = event_queue(fn, kind);
	uint16_t next;
	int ret;

	if (!eq->is_set)
		return 0;
	next = eq->tail + 1U == eq->depth ? 0 : eq->tail + 1;
	if (next == eq->head)
		return -ENOSPC;
	entry |= HISI_FIELD_PREP(HISI_QM_EQE_PHASE, (uint32_t)eq->phase);
	/* A producer has the CQE visible before its event: the copy must not move up. */
	atomic_thread_fence(memory_order_release);
	ret = model_dma_write(fn, eq->base + eq->tail * sizeof(entry), &entry, sizeof(entry));
	if (ret != 0)
		return ret;
	eq->tail = next;
	if (next == 0)
		eq->phase = !eq->phase;
	if (!eq->is_source) {
		eq->is_source = true;
		signal_locked(fn, kind);
	}
	return 0;
}

/* Report what went wrong with an entry, without irq_lock: RAS interrupts the PF. */
static void
post_failed(struct model_function *fn, enum model_event_kind kind, int error)
{
	model_function_log(fn, VFIO_USER_LOG_WARNING, "%s entry lost: %s", event_name(kind),
		error == -ENOSPC ? "ring is full" : "its ring is not in the DMA map");
	if (error == -ENOSPC)
		return;
	model_stat_add(&fn->dev->stats.nb_dma_faults, 1);
	if (fn->dev->config.dma_fault == MODEL_DMA_FAULT_DEVICE)
		model_ras_halt(fn->dev, MODEL_RAS_QM, HISI_BIT32(HISI_QM_ERR_AXI_BRESP));
}

void
model_event_post(struct model_function *fn, uint32_t qn)
{
	bool is_news;
	int ret;

	pthread_mutex_lock(&fn->irq_lock);
	ret = post_locked(fn, MODEL_EVENT_EQ, HISI_FIELD_PREP(HISI_QM_EQE_QUEUE, qn));
	is_news = ret != 0 && !fn->eq.is_overflowing;
	fn->eq.is_overflowing = ret != 0;
	pthread_mutex_unlock(&fn->irq_lock);
	model_stat_add(&fn->dev->stats.nb_eqes, ret == 0);
	if (!is_news)
		return;
	post_failed(fn, MODEL_EVENT_EQ, ret);
	if (ret == -ENOSPC)
		model_event_post_async(fn, HISI_QM_AEQE_EQ_OVERFLOW, qn);
}

void
model_event_post_async(struct model_function *fn, enum hisi_qm_aeqe_type type, uint32_t qn)
{
	bool is_news;
	int ret;

	pthread_mutex_lock(&fn->irq_lock);
	ret = post_locked(fn, MODEL_EVENT_AEQ, HISI_FIELD_PREP(HISI_QM_EQE_QUEUE, qn) |
		HISI_FIELD_PREP(HISI_QM_AEQE_TYPE, (uint32_t)type));
	is_news = ret != 0 && !fn->aeq.is_overflowing;
	fn->aeq.is_overflowing = ret != 0;
	pthread_mutex_unlock(&fn->irq_lock);
	model_stat_add(&fn->dev->stats.nb_aeqes, ret == 0);
	if (is_news)
		post_failed(fn, MODEL_EVENT_AEQ, ret);
}

void
model_event_doorbell(struct model_function *fn, enum model_event_kind kind, uint16_t index)
{
	struct model_event_queue *eq = event_queue(fn, kind);
	bool is_refused;

	pthread_mutex_lock(&fn->irq_lock);
	is_refused = eq->is_set && index >= eq->depth;
	if (eq->is_set && !is_refused) {
		eq->head = index;
		eq->is_source = eq->head != eq->tail;
		if (eq->is_source)
			signal_locked(fn, kind);
	}
	pthread_mutex_unlock(&fn->irq_lock);
	if (!is_refused)
		return;
	model_stat_add(&fn->dev->stats.nb_doorbells_refused, 1);
	model_function_log(fn, VFIO_USER_LOG_WARNING, "%s doorbell with index %u beyond its depth %u",
		event_name(kind), index, eq->depth);
}

void
model_event_set(struct model_function *fn, enum model_event_kind kind,
	const struct hisi_qm_eqc *context)
{
	struct model_event_queue *eq = event_queue(fn, kind);

	pthread_mutex_lock(&fn->irq_lock);
	memset(eq, 0, sizeof(*eq));
	eq->is_set = true;
	eq->context = *context;
	eq->base = (uint64_t)context->base_hi << 32 | context->base_lo;
	eq->depth = HISI_FIELD_GET(HISI_QM_EQC_DW6_DEPTH, context->dw6) + 1;
	eq->head = context->head;
	eq->tail = context->tail;
	eq->phase = context->dw6 & HISI_QM_EQC_DW6_PHASE;
	pthread_mutex_unlock(&fn->irq_lock);
}

bool
model_event_get(struct model_function *fn, enum model_event_kind kind,
	struct hisi_qm_eqc *context)
{
	struct model_event_queue *eq = event_queue(fn, kind);
	bool is_set;

	pthread_mutex_lock(&fn->irq_lock);
	is_set = eq->is_set;
	*context = eq->context;
	context->head = eq->head;
	context->tail = eq->tail;
	context->dw6 = (context->dw6 & ~HISI_QM_EQC_DW6_PHASE) |
		HISI_FIELD_PREP(HISI_QM_EQC_DW6_PHASE, (uint32_t)eq->phase);
	pthread_mutex_unlock(&fn->irq_lock);
	return is_set;
}

uint32_t
model_event_source(struct model_function *fn, enum model_event_kind kind)
{
	bool is_source;

	pthread_mutex_lock(&fn->irq_lock);
	is_source = event_queue(fn, kind)->is_source;
	pthread_mutex_unlock(&fn->irq_lock);
	return is_source;
}

void
model_event_mask_changed(struct model_function *fn, enum model_event_kind kind)
{
	pthread_mutex_lock(&fn->irq_lock);
	if (event_queue(fn, kind)->is_source)
		signal_locked(fn, kind);
	pthread_mutex_unlock(&fn->irq_lock);
}

void
model_event_reset(struct model_function *fn)
{
	pthread_mutex_lock(&fn->irq_lock);
	memset(&fn->eq, 0, sizeof(fn->eq));
	memset(&fn->aeq, 0, sizeof(fn->aeq));
	pthread_mutex_unlock(&fn->irq_lock);
}
