/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>

#include <hisi_hw_names.h>
#include <hisi_qm_context.h>
#include <hisi_qm_regs.h>

#include "model_context.h"
#include "model_device.h"
#include "model_dma.h"
#include "model_engine.h"
#include "model_event.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_vft.h"

/* What the kernel keeps; what is needed is unknown (qm.md 10 item 10). */
#define EVENT_RING_ALIGN 32
#define CONTEXT_TEXT_LEN 256

/** Any of the four contexts in its buffer. */
union context {
	struct hisi_qm_sqc sqc;
	struct hisi_qm_cqc cqc;
	struct hisi_qm_eqc eqc;
};

static_assert(sizeof(union context) == HISI_QM_CONTEXT_LEN, "one size for all");

/** Memory refused a context: as for any other refused address. */
static enum model_mailbox_status
context_fault(struct model_function *fn, uint64_t iova, uint32_t error_bit)
{
	model_function_log(fn, VFIO_USER_LOG_WARNING, "context at 0x%" PRIx64 ": %s", iova,
		model_dma_is_allowed(fn) ? "not in the DMA map" : "bus master is off");
	if (!model_dma_is_allowed(fn))
		return MODEL_MB_BAD_ADDRESS;
	model_stat_add(&fn->dev->stats.nb_dma_faults, 1);
	if (fn->dev->config.dma_fault == MODEL_DMA_FAULT_DEVICE)
		model_ras_halt(fn->dev, MODEL_RAS_QM, HISI_BIT32(error_bit));
	return MODEL_MB_BAD_ADDRESS;
}

/** Take a queue over for @p fn, from whoever had it before. */
static void
claim_queue(struct model_function *fn, struct model_queue *q, uint32_t qn)
{
	if (q->fn == fn && q->qn == qn)
		return;
	model_queue_reset(q);
	q->fn = fn;
	q->qn = qn;
}

static bool
is_ring_valid(uint64_t base, uint32_t align, uint32_t dw3, uint32_t entry_log2, uint32_t index)
{
	/* Indices beyond the depth would be taken as they are: refuse, hardware is unknown. */
	return base % align == 0 && HISI_FIELD_GET(HISI_QM_XQC_ENTRY_LOG2, dw3) == entry_log2 &&
		index <= HISI_FIELD_GET(HISI_QM_XQC_DEPTH, dw3);
}

static void
ring_set(struct model_ring *ring, uint64_t base, uint32_t dw3, uint16_t tag)
{
	ring->base = base;
	ring->depth = HISI_FIELD_GET(HISI_QM_XQC_DEPTH, dw3) + 1;
	ring->tag = tag;
	ring->is_set = true;
}

static bool
sqc_is_valid(const struct model_engine *engine, const struct hisi_qm_sqc *sqc, uint32_t qn)
{
	uint64_t base = (uint64_t)sqc->base_hi << 32 | sqc->base_lo;

	/* Two SQs on one CQ and PASID are not modelled (qm.md 10 item 9, 1.3). */
	return is_ring_valid(base, HISI_QM_SQ_ALIGN, sqc->dw3, engine->sqe_log2,
			sqc->head > sqc->tail ? sqc->head : sqc->tail) &&
		sqc->cq_num == qn && !(sqc->w11 & HISI_QM_SQC_W11_PASID_ENABLE) &&
		HISI_FIELD_GET(HISI_QM_SQC_W13_TYPE, sqc->w13) < engine->nb_queue_types;
}

static enum model_mailbox_status
set_sqc(struct model_function *fn, struct model_queue *q, uint32_t qn,
	const struct hisi_qm_sqc *sqc)
{
	if (!sqc_is_valid(fn->dev->engine, sqc, qn))
		return MODEL_MB_BAD_CONTEXT;
	claim_queue(fn, q, qn);
	q->sqc = *sqc;
	q->type = HISI_FIELD_GET(HISI_QM_SQC_W13_TYPE, sqc->w13);
	ring_set(&q->sq, (uint64_t)sqc->base_hi << 32 | sqc->base_lo, sqc->dw3, sqc->tag);
	atomic_store(&q->sq_head, sqc->head);
	atomic_store(&q->sq_tail, sqc->tail);
	q->sq_head_wrap = sqc->w11 & HISI_QM_SQC_W11_HEAD_WRAP;
	q->sq_tail_wrap = sqc->w11 & HISI_QM_SQC_W11_TAIL_WRAP;
	q->is_draining = false;
	model_queue_update(q);
	return MODEL_MB_OK;
}

static bool
cqc_is_valid(const struct hisi_qm_cqc *cqc)
{
	uint64_t base = (uint64_t)cqc->base_hi << 32 | cqc->base_lo;

	return is_ring_valid(base, HISI_QM_CQ_ALIGN, cqc->dw3, HISI_QM_CQE_LOG2,
			cqc->head > cqc->tail ? cqc->head : cqc->tail) &&
		!(cqc->w11 & HISI_QM_CQC_W11_PASID_ENABLE);
}

static enum model_mailbox_status
set_cqc(struct model_function *fn, struct model_queue *q, uint32_t qn,
	const struct hisi_qm_cqc *cqc)
{
	if (!cqc_is_valid(cqc))
		return MODEL_MB_BAD_CONTEXT;
	claim_queue(fn, q, qn);
	q->cqc = *cqc;
	ring_set(&q->cq, (uint64_t)cqc->base_hi << 32 | cqc->base_lo, cqc->dw3, cqc->tag);
	atomic_store(&q->cq_head, cqc->head);
	atomic_store(&q->cq_tail, cqc->tail);
	atomic_store(&q->cq_done, cqc->tail);
	atomic_store(&q->is_armed, cqc->dw6 & HISI_QM_CQC_DW6_C_FLAG);
	q->phase = cqc->dw6 & HISI_QM_CQC_DW6_PHASE;
	q->cq_head_wrap = cqc->w11 & HISI_QM_CQC_W11_HEAD_WRAP;
	q->cq_tail_wrap = cqc->w11 & HISI_QM_CQC_W11_TAIL_WRAP;
	model_queue_update(q);
	return MODEL_MB_OK;
}

static enum model_mailbox_status
set_event(struct model_function *fn, enum model_event_kind kind, const struct hisi_qm_eqc *eqc)
{
	uint64_t base = (uint64_t)eqc->base_hi << 32 | eqc->base_lo;
	uint32_t last = HISI_FIELD_GET(HISI_QM_EQC_DW6_DEPTH, eqc->dw6);

	if (base % EVENT_RING_ALIGN != 0 || eqc->head > last || eqc->tail > last)
		return MODEL_MB_BAD_CONTEXT;
	model_event_set(fn, kind, eqc);
	return MODEL_MB_OK;
}

static void
trace_context(struct model_function *fn, uint32_t command, const union context *context)
{
	static const struct hisi_hw_field *const fields[] = {
		[HISI_QM_MB_CMD_SQC] = hisi_qm_sqc_fields,
		[HISI_QM_MB_CMD_CQC] = hisi_qm_cqc_fields,
		[HISI_QM_MB_CMD_EQC] = hisi_qm_eqc_fields,
		[HISI_QM_MB_CMD_AEQC] = hisi_qm_eqc_fields,
	};
	char text[CONTEXT_TEXT_LEN];

	if (!model_trace_is_on(fn->dev))
		return;
	hisi_hw_format(text, sizeof(text), fields[command], context);
	model_trace(fn, "  %s %s", hisi_qm_mailbox_command_name(command), text);
}

/** What is wrong with the request before any memory is touched. */
static enum model_mailbox_status
check(struct model_function *fn, uint32_t command, const struct model_queue *q, uint64_t iova)
{
	bool needs_queue = command == HISI_QM_MB_CMD_SQC || command == HISI_QM_MB_CMD_CQC;

	if (atomic_load(&fn->dev->is_halted))
		return MODEL_MB_HALTED;
	if (needs_queue && q == NULL)
		return MODEL_MB_BAD_QUEUE;
	return iova % HISI_QM_CONTEXT_ALIGN == 0 ? MODEL_MB_OK : MODEL_MB_BAD_ADDRESS;
}

enum model_mailbox_status
model_context_set(struct model_function *fn, uint32_t command, uint32_t qn, uint64_t iova)
{
	struct model_queue *q = model_vft_queue(fn, qn);
	enum model_mailbox_status status = check(fn, command, q, iova);
	union context context;

	if (status != MODEL_MB_OK)
		return status;
	if (model_dma_read(fn, iova, &context, sizeof(context)) != 0)
		return context_fault(fn, iova, HISI_QM_ERR_AXI_RRESP);
	trace_context(fn, command, &context);
	switch (command) {
	case HISI_QM_MB_CMD_SQC:
		return set_sqc(fn, q, qn, &context.sqc);
	case HISI_QM_MB_CMD_CQC:
		return set_cqc(fn, q, qn, &context.cqc);
	case HISI_QM_MB_CMD_EQC:
		return set_event(fn, MODEL_EVENT_EQ, &context.eqc);
	default:
		return set_event(fn, MODEL_EVENT_AEQ, &context.eqc);
	}
}

static bool
load(struct model_function *fn, uint32_t command, const struct model_queue *q,
	union context *context)
{
	switch (command) {
	case HISI_QM_MB_CMD_SQC:
		if (q->fn != fn || !q->sq.is_set)
			return false;
		model_queue_get_sqc(q, &context->sqc);
		return true;
	case HISI_QM_MB_CMD_CQC:
		if (q->fn != fn || !q->cq.is_set)
			return false;
		model_queue_get_cqc(q, &context->cqc);
		return true;
	case HISI_QM_MB_CMD_EQC:
		return model_event_get(fn, MODEL_EVENT_EQ, &context->eqc);
	default:
		return model_event_get(fn, MODEL_EVENT_AEQ, &context->eqc);
	}
}

enum model_mailbox_status
model_context_get(struct model_function *fn, uint32_t command, uint32_t qn, uint64_t iova)
{
	struct model_queue *q = model_vft_queue(fn, qn);
	enum model_mailbox_status status = check(fn, command, q, iova);
	union context context;

	if (status != MODEL_MB_OK)
		return status;
	if (!load(fn, command, q, &context))
		return MODEL_MB_NOT_SET;
	trace_context(fn, command, &context);
	if (model_dma_write(fn, iova, &context, sizeof(context)) != 0)
		return context_fault(fn, iova, HISI_QM_ERR_AXI_BRESP);
	return MODEL_MB_OK;
}

static int
write_back_one(struct model_function *fn, const struct model_queue *q)
{
	uint64_t offset = (uint64_t)q->qn * HISI_QM_CONTEXT_LEN;
	union context context;
	int ret = 0;

	if (q->sq.is_set && fn->sqc_table != 0) {
		model_queue_get_sqc(q, &context.sqc);
		ret = model_dma_write(fn, fn->sqc_table + offset, &context, sizeof(context));
	}
	if (ret == 0 && q->cq.is_set && fn->cqc_table != 0) {
		model_queue_get_cqc(q, &context.cqc);
		ret = model_dma_write(fn, fn->cqc_table + offset, &context, sizeof(context));
	}
	return ret;
}

void
model_context_write_back(struct model_function *fn)
{
	uint32_t i, count = model_vft_count(fn->dev, fn->number);
	const struct model_queue *q;

	for (i = 0; i < count; i++) {
		q = model_vft_queue(fn, i);
		if (q->fn == fn && write_back_one(fn, q) != 0) {
			context_fault(fn, fn->sqc_table, HISI_QM_ERR_AXI_BRESP);
			return;
		}
	}
}
