/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <hisi_qm_compat.h>

#include "fake_mailbox.h"

/* IOVA = VA: a device address is a pointer. */
static void *
fake_dma(const struct hisi_qm_mailbox *mb)
{
	return (void *)(uintptr_t)(mb->base_lo | (uint64_t)mb->base_hi << 32);
}

void
fake_mailbox_read(struct fake_bus *fake, struct hisi_qm_mailbox *mb)
{
	if (fake->busy_reads != 0) {
		fake->busy_reads--;
		/* SQC set of queue 0x77, by another function. */
		*mb = (struct hisi_qm_mailbox){ .w0 = 0x2000, .queue = 0x77 };
		return;
	}
	memcpy(mb, fake->bar + HISI_QM_MAILBOX, sizeof(*mb));
}

static void
fake_store(struct fake_bus *fake, const struct hisi_qm_mailbox *mb)
{
	memcpy(fake->bar + HISI_QM_MAILBOX, mb, sizeof(*mb));
}

/* The act for @p command, or -1: do as told. */
static int
fake_act(struct fake_bus *fake, uint32_t command, uint32_t *value)
{
	struct fake_mailbox_rule *rule;
	int i;

	for (i = 0; i < FAKE_RULES; i++) {
		rule = &fake->rules[i];
		if (rule->times == 0 || (rule->command != FAKE_ANY && rule->command != command))
			continue;
		rule->times--;
		*value = rule->value;
		return rule->act;
	}
	return -1;
}

static void
fake_queue_set(struct fake_bus *fake, uint16_t qn, bool is_cq, const void *context)
{
	struct fake_queue *queue = &fake->queues[qn];

	/* A doorbell of an earlier start is none, even if both starts drew the same tag. */
	hisi_qm_store_release(&fake->slots[qn][is_cq ? 8 : 0], 0);
	if (!is_cq) {
		memcpy(&queue->sqc, context, sizeof(queue->sqc));
		/* qm.md 6.5: a context that takes no doorbell any more. */
		if (queue->sqc.w13 & HISI_QM_SQC_W13_CLOSE) {
			queue->running = false;
			queue->closes++;
		}
		return;
	}
	memcpy(&queue->cqc, context, sizeof(queue->cqc));
	queue->running = true;
	queue->starts++;
	queue->fetched = 0;
	queue->posted = 0;
	queue->acked = 0;
}

/* qm.md 5.1, 5.2: the tail of either ring, with the parity of its laps. */
static void
fake_queue_get(struct fake_bus *fake, uint16_t qn, bool is_cq, void *context)
{
	struct fake_queue *queue = &fake->queues[qn];
	uint32_t depth = (queue->sqc.dw3 & 0xfff) + 1;
	uint32_t tail = is_cq ? queue->posted : queue->fetched;
	uint16_t wrap = tail / depth & 1 ? 1u << 6 : 0;
	struct hisi_qm_sqc sqc = queue->sqc;
	struct hisi_qm_cqc cqc = queue->cqc;

	sqc.tail = (uint16_t)(tail % depth);
	sqc.w11 = (uint16_t)(sqc.w11 | wrap);
	cqc.tail = (uint16_t)(tail % depth);
	cqc.w11 = (uint16_t)(cqc.w11 | wrap);
	memcpy(context, is_cq ? (void *)&cqc : (void *)&sqc, HISI_QM_CONTEXT_LEN);
}

static void
fake_context(struct fake_bus *fake, const struct hisi_qm_mailbox *mb)
{
	bool is_cq = (mb->w0 & 0xff) == HISI_QM_MB_CMD_CQC;

	if (mb->queue >= FAKE_QUEUES)
		return;
	/* 1 << 14: get (qm.md 3.1) */
	if (mb->w0 & 0x4000)
		fake_queue_get(fake, mb->queue, is_cq, fake_dma(mb));
	else
		fake_queue_set(fake, mb->queue, is_cq, fake_dma(mb));
}

/* EQC and AEQC, 28 bytes of each (qm.md 5.3). */
static void
fake_event_context(const struct hisi_qm_mailbox *mb, struct hisi_qm_eqc *kept)
{
	if (mb->w0 & 0x4000)
		memcpy(fake_dma(mb), kept, 28);
	else
		memcpy(kept, fake_dma(mb), 28);
}

static void
fake_execute(struct fake_bus *fake, struct hisi_qm_mailbox *mb)
{
	struct fake_queue *queue = mb->queue < FAKE_QUEUES ? &fake->queues[mb->queue] : NULL;
	const void *dma = fake_dma(mb);

	switch (mb->w0 & 0xff) {
	case HISI_QM_MB_CMD_SQC:
	case HISI_QM_MB_CMD_CQC:
		fake_context(fake, mb);
		break;
	case HISI_QM_MB_CMD_EQC:
		fake_event_context(mb, &fake->eqc);
		break;
	case HISI_QM_MB_CMD_AEQC:
		fake_event_context(mb, &fake->aeqc);
		break;
	case HISI_QM_MB_CMD_SQC_BT:
		fake->sqc_table = (uintptr_t)dma;
		break;
	case HISI_QM_MB_CMD_CQC_BT:
		fake->cqc_table = (uintptr_t)dma;
		break;
	case HISI_QM_MB_CMD_SQC_VFT:
		mb->base_lo = (uint32_t)fake->vft_entry;
		mb->base_hi = (uint32_t)(fake->vft_entry >> 32);
		break;
	case HISI_QM_MB_CMD_SRC:
		fake_sent(fake, mb->queue, (uintptr_t)dma);
		break;
	case HISI_QM_MB_CMD_DST:
		mb->base_lo = (uint32_t)fake->message;
		mb->base_hi = (uint32_t)(fake->message >> 32);
		break;
	case HISI_QM_MB_CMD_STOP_QP:
		if (queue != NULL) {
			queue->running = false;
			queue->stops++;
		}
		break;
	default:
		break;
	}
}

void
fake_mailbox_write(struct fake_bus *fake, const struct hisi_qm_mailbox *mb)
{
	struct hisi_qm_mailbox answer = *mb;
	uint32_t command = mb->w0 & 0xff, value = 0;
	int act = fake_act(fake, command, &value);

	/* Not busy any more, unless the rules say so: 1 << 13 (qm.md 3.1). */
	answer.w0 &= (uint16_t)~(1u << 13);
	switch (act) {
	case FAKE_MB_NEVER:
		return;
	case FAKE_MB_STATUS:
		answer.w0 |= (uint16_t)(value << 9);
		break;
	case FAKE_MB_OTHERS:
		answer.w0 = value == 1 ? answer.w0 : 0x0001;
		answer.queue = value == 2 ? answer.queue : 0x77;
		break;
	case FAKE_MB_OTHERS_DATA:
		fake_execute(fake, &answer);
		answer.base_lo = value;
		answer.base_hi = 0;
		break;
	case FAKE_MB_NO_CONTEXT:
		break;
	case FAKE_MB_ALL_ONES:
		memset(&answer, 0xff, sizeof(answer));
		break;
	default:
		fake_execute(fake, &answer);
		break;
	}
	fake_store(fake, &answer);
	if (fake->on_mailbox != NULL)
		fake->on_mailbox(fake, command, fake->opaque);
}

void
fake_fail(struct fake_bus *fake, enum fake_kind kind, uint32_t offset, uint32_t times, int error)
{
	int i;

	pthread_mutex_lock(&fake->lock);
	for (i = 0; i < FAKE_RULES && fake->faults[i].times != 0; i++)
		;
	if (i < FAKE_RULES)
		fake->faults[i] = (struct fake_fault){ kind, offset, times, error };
	pthread_mutex_unlock(&fake->lock);
}

void
fake_mailbox_rule(struct fake_bus *fake, uint32_t command, enum fake_mailbox_act act,
	uint32_t times, uint32_t value)
{
	int i;

	pthread_mutex_lock(&fake->lock);
	for (i = 0; i < FAKE_RULES && fake->rules[i].times != 0; i++)
		;
	if (i < FAKE_RULES)
		fake->rules[i] = (struct fake_mailbox_rule){ command, act, times, value };
	pthread_mutex_unlock(&fake->lock);
}

void
fake_behave(struct fake_bus *fake)
{
	static const struct hisi_qm_mailbox idle;

	pthread_mutex_lock(&fake->lock);
	memset(fake->faults, 0, sizeof(fake->faults));
	memset(fake->rules, 0, sizeof(fake->rules));
	fake->busy_reads = 0;
	fake_store(fake, &idle);
	pthread_mutex_unlock(&fake->lock);
}

void
fake_log_forget(struct fake_bus *fake)
{
	pthread_mutex_lock(&fake->lock);
	fake->log_len = 0;
	pthread_mutex_unlock(&fake->lock);
}

uint32_t
fake_log_count(struct fake_bus *fake, enum fake_kind kind, uint32_t offset)
{
	uint32_t i, count = 0;

	pthread_mutex_lock(&fake->lock);
	for (i = 0; i < fake->log_len && i < FAKE_LOG_LEN; i++)
		count += fake->log[i].kind == kind &&
			(offset == FAKE_ANY || fake->log[i].offset == offset);
	pthread_mutex_unlock(&fake->lock);
	return count;
}

uint32_t
fake_log_commands(struct fake_bus *fake, uint32_t command)
{
	uint32_t i, count = 0;

	pthread_mutex_lock(&fake->lock);
	for (i = 0; i < fake->log_len && i < FAKE_LOG_LEN; i++)
		count += fake->log[i].kind == FAKE_WRITE &&
			fake->log[i].offset == HISI_QM_MAILBOX &&
			(fake->log[i].value & 0xff) == command;
	pthread_mutex_unlock(&fake->lock);
	return count;
}
