/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "hisi_hw_names.h"
#include "hisi_qm_accel.h"
#include "hisi_qm_replay.h"

#define DUMP_LEN 16384
#define DUMP_SQES 8
#define HOLD_STEP_US 50
#define HOLD_STEPS 400

struct hisi_qm_qp *
hisi_qm_accel_queue(struct hisi_qm_dev *dev, uint16_t queue)
{
	return queue < dev->nb_qps && dev->qps[queue] != NULL && !dev->qps[queue]->orphan ?
		dev->qps[queue] : NULL;
}

static const char *
queue_state(const struct hisi_qm_qp *qp)
{
	static const char * const names[] = {
		[HISI_QM_QP_OFF] = "off",
		[HISI_QM_QP_RUNNING] = RTE_PMD_HISI_ACCEL_RUNNING,
		[HISI_QM_QP_STOPPING] = "stopping",
		[HISI_QM_QP_QUIESCED] = "quiesced",
		[HISI_QM_QP_DEAD] = "dead",
	};

	return qp->state < RTE_DIM(names) ? names[qp->state] : "unknown";
}

/* 0 where EAL does not know the memory: it does know that of its heap. */
static uint64_t
queue_page_len(const struct hisi_qm_qp *qp)
{
	const struct rte_memseg *segment = rte_mem_virt2memseg(qp->ring_mem, NULL);

	return segment != NULL ? segment->hugepage_sz : 0;
}

static void
queue_fill(struct hisi_qm_qp *qp, struct rte_pmd_hisi_accel_queue *out)
{
	*out = (struct rte_pmd_hisi_accel_queue){
		.queue = qp->qn,
		.tag = qp->tag,
		.type = qp->dev->engine->type_name(qp->type),
		.state = queue_state(qp),
		.depth = qp->mask + 1,
		.in_flight = hisi_qm_qp_in_flight(qp),
		.tail = hisi_qm_load_relaxed(&qp->tail),
		.head = hisi_qm_load_relaxed(&qp->head),
		.released = hisi_qm_load_relaxed(&qp->released),
		.doorbells = hisi_qm_load_relaxed(&qp->enqueue_stats.doorbells),
		.full = hisi_qm_load_relaxed(&qp->enqueue_stats.full),
		.cq_doorbells = hisi_qm_load_relaxed(&qp->dequeue_stats.doorbells),
		.empty_polls = hisi_qm_load_relaxed(&qp->dequeue_stats.empty_polls),
		.timeouts = hisi_qm_load_relaxed(&qp->dequeue_stats.timeouts),
		.bad_cqes = hisi_qm_load_relaxed(&qp->dequeue_stats.bad_cqes),
		.unordered = hisi_qm_load_relaxed(&qp->dequeue_stats.unordered),
		.returned = hisi_qm_load_relaxed(&qp->dequeue_stats.returned),
		.replayed = qp->replay != NULL ? hisi_qm_load_relaxed(&qp->replay->replayed) : 0,
		.foreign_enqueues = hisi_qm_load_relaxed(&qp->enqueue_owner.foreign),
		.foreign_dequeues = hisi_qm_load_relaxed(&qp->dequeue_owner.foreign),
		.page_len = queue_page_len(qp),
		.numa_node = qp->socket_id,
	};
}

int
rte_pmd_hisi_accel_queues_get(const char *device, struct rte_pmd_hisi_accel_queue *queues,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	unsigned int count = 0;
	struct hisi_qm_qp *qp;
	uint16_t i;

	if (dev == NULL)
		return -ENODEV;
	for (i = 0; i < dev->nb_qps; i++) {
		qp = hisi_qm_accel_queue(dev, i);
		if (qp == NULL)
			continue;
		if (count < size)
			queue_fill(qp, &queues[count]);
		count++;
	}
	hisi_qm_accel_leave(dev);
	return (int)count;
}

/* ---- dump ---- */

/** Text in memory, so that the caller's function runs without our lock. */
struct dump {
	size_t len;
	char text[DUMP_LEN];
};

static void __rte_format_printf(2, 3)
dump_line(struct dump *dump, const char *format, ...)
{
	size_t room = sizeof(dump->text) - dump->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(dump->text + dump->len, room, format, args);
	va_end(args);
	/* Each line is a string of its own; what does not fit is left out. */
	if (len >= 0 && (size_t)len < room)
		dump->len += (size_t)len + 1;
}

static void
dump_context(struct dump *dump, struct hisi_qm_qp *qp, enum hisi_qm_mailbox_command command,
	const char *name, const struct hisi_hw_field *fields)
{
	struct hisi_qm_dev *dev = qp->dev;
	char text[1024];
	int ret = -EIO;

	memset(dev->dma.context, 0, HISI_QM_CONTEXT_LEN);
	if (dev->state == HISI_QM_DEV_READY)
		ret = hisi_qm_mailbox_run(dev, command, true, qp->qn,
			hisi_qm_iova(dev->dma.context), NULL);
	if (ret == 0)
		hisi_hw_format(text, sizeof(text), fields, dev->dma.context);
	else
		snprintf(text, sizeof(text), "cannot be read: %s", strerror(-ret));
	dump_line(dump, "%s: %s", name, text);
}

/* The oldest that are under way. The lcore may complete them meanwhile: they are as they were. */
static void
dump_sqes(struct dump *dump, struct hisi_qm_qp *qp)
{
	uint32_t first = hisi_qm_load_relaxed(&qp->retired);
	uint32_t count = RTE_MIN(hisi_qm_load_relaxed(&qp->tail) - first, DUMP_SQES), i;
	const struct hisi_hw_field *fields = hisi_qm_engine_sqe_fields(qp->dev);
	uint32_t sqe_len = 1U << qp->sqe_log2;
	char text[1024];

	if (fields == NULL)
		return;
	for (i = first; i != first + count; i++) {
		hisi_hw_format(text, sizeof(text), fields,
			hisi_qm_qp_sqe(qp, i, sqe_len));
		dump_line(dump, "sqe %" PRIu32 ": %s", i & qp->mask, text);
	}
}

static void
dump_queue(struct dump *dump, struct hisi_qm_qp *qp)
{
	struct rte_pmd_hisi_accel_queue queue;

	queue_fill(qp, &queue);
	dump_line(dump, "queue %u: %s, %s, tag 0x%04x, depth %" PRIu32, queue.queue, queue.type,
		queue.state, queue.tag, queue.depth);
	dump_line(dump, "software: tail %" PRIu32 " head %" PRIu32 " released %" PRIu32
		" in_flight %" PRIu32 " room %" PRIu32, queue.tail, queue.head, queue.released,
		queue.in_flight, hisi_qm_load_relaxed(&qp->room));
	dump_context(dump, qp, HISI_QM_MB_CMD_SQC, "sqc", hisi_qm_sqc_fields);
	dump_context(dump, qp, HISI_QM_MB_CMD_CQC, "cqc", hisi_qm_cqc_fields);
	dump_sqes(dump, qp);
}

int
rte_pmd_hisi_accel_queue_dump(const char *device, uint16_t queue, rte_pmd_hisi_accel_line_t line,
	void *opaque)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	struct dump *dump = NULL;
	struct hisi_qm_qp *qp;
	size_t at;

	if (dev == NULL)
		return -ENODEV;
	qp = hisi_qm_accel_queue(dev, queue);
	if (qp != NULL && (dump = calloc(1, sizeof(*dump))) != NULL)
		dump_queue(dump, qp);
	hisi_qm_accel_leave(dev);
	if (dump == NULL)
		return qp == NULL ? -ENOENT : -ENOMEM;
	for (at = 0; at < dump->len; at += strlen(dump->text + at) + 1)
		line(opaque, dump->text + at);
	free(dump);
	return 0;
}

/* ---- by hand ---- */

/* The room of a queue whose replays are under way is theirs. */
static int
queue_hold(struct hisi_qm_qp *qp, bool on)
{
	uint32_t steps;

	if (qp->state != HISI_QM_QP_RUNNING || hisi_qm_replay_is_under_way(qp))
		return -EAGAIN;
	if (!on) {
		hisi_qm_store_release(&qp->room, qp->mask);
		return 0;
	}
	hisi_qm_store_relaxed(&qp->room, 0);
	hisi_qm_fence_all_threads();
	for (steps = 0; !hisi_qm_qp_is_closed(qp) && steps < HOLD_STEPS; steps++)
		rte_delay_us_sleep(HOLD_STEP_US);
	return hisi_qm_qp_is_closed(qp) ? 0 : -EBUSY;
}

int
rte_pmd_hisi_accel_queue_hold(const char *device, uint16_t queue, int on)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	struct hisi_qm_qp *qp;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	qp = hisi_qm_accel_queue(dev, queue);
	ret = qp != NULL ? queue_hold(qp, on != 0) : -ENOENT;
	hisi_qm_accel_leave(dev);
	return ret;
}

int
rte_pmd_hisi_accel_queue_reset(const char *device, uint16_t queue)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	struct hisi_qm_qp *qp;
	int ret = 0;

	if (dev == NULL)
		return -ENODEV;
	qp = hisi_qm_accel_queue(dev, queue);
	if (qp == NULL)
		ret = -ENOENT;
	else if (qp->state != HISI_QM_QP_RUNNING || dev->state != HISI_QM_DEV_READY)
		ret = -EAGAIN;
	else
		qp->failed = HISI_QM_QP_FAILED_BY_HAND;
	hisi_qm_accel_leave(dev);
	hisi_qm_monitor_wake();
	return ret;
}

int
rte_pmd_hisi_accel_device_reset(const char *device)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	int ret = 0;

	if (dev == NULL)
		return -ENODEV;
	if (dev->state != HISI_QM_DEV_READY)
		ret = -EAGAIN;
	else
		dev->reset_wanted = true;
	hisi_qm_accel_leave(dev);
	hisi_qm_monitor_wake();
	return ret;
}
