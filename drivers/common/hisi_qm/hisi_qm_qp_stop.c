/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_dump.h"
#include "hisi_qm_log.h"
#include "hisi_qm_process.h"

/*
 * The way of a queue from running to quiet: closed to enqueue, bursts waited for, then stopped or
 * drained on the device (qm.md 6.5).
 */

/*
 * A queue without the stop command that has completed nothing for so long does not drain. qm.md
 * 6.5: the kernel looks 1000 times, 100 to 200 us apart. Here it goes by the clock, because a look
 * may take milliseconds of its own.
 */
#define DRAIN_STILL_US 200000
#define DRAIN_STEP_US 150
/* A burst under way ends within this; longer means that its lcore is not being scheduled. */
#define CLOSE_STEP_US 50
/* So many of them, 20 ms, and the control thread has others to look after. */
#define CLOSE_STEPS 400

/* Of every process, because secondaries burst too. It takes milliseconds; nobody is in a hurry. */
void
hisi_qm_fence_all_threads(void)
{
	/* Kernels without it: a sleep long enough for any store buffer to drain. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
		rte_delay_us_sleep(10000);
}

/*
 * A burst that began before saw the old room; it ends soon, unless its lcore is off CPU, or for
 * ever with its process.
 */
bool
hisi_qm_qp_is_closed(struct hisi_qm_qp *qp)
{
	uint32_t process = hisi_qm_load_acquire(&qp->enqueue_busy);

	if (process == 0)
		return true;
	if (hisi_qm_process_runs(process))
		return false;
	hisi_qm_store_relaxed(&qp->enqueue_busy, 0);
	return true;
}

static void
close_report(struct hisi_qm_qp *qp)
{
	char who[64];

	if (qp->told)
		return;
	qp->told = 1;
	hisi_qm_process_describe(hisi_qm_load_relaxed(&qp->enqueue_busy), who, sizeof(who));
	HISI_QM_DEV_LOG(WARNING, qp->dev, "queue %u: %s is in the middle of a burst and does not go on; the queue's operations wait until it does, or ends",
		qp->qn, who);
}

static bool
close_concerns(const struct hisi_qm_qp *qp)
{
	return qp != NULL && !qp->orphan && qp->state == HISI_QM_QP_RUNNING;
}

/*
 * The wait has a limit for all queues together: one that a stopped process holds must not keep the
 * control thread from the others. Its burst may go on at any time, so nobody takes such a queue for
 * closed before hisi_qm_qp_is_closed() says so.
 */
void
hisi_qm_qp_close(struct hisi_qm_qp **qps, uint16_t count)
{
	uint32_t steps = 0;
	uint16_t i;

	hisi_qm_dump_before_close(qps, count);
	for (i = 0; i < count; i++)
		if (close_concerns(qps[i]))
			hisi_qm_store_relaxed(&qps[i]->room, 0);
	hisi_qm_fence_all_threads();
	for (i = 0; i < count; i++) {
		if (!close_concerns(qps[i]))
			continue;
		for (; !hisi_qm_qp_is_closed(qps[i]) && steps < CLOSE_STEPS; steps++)
			rte_delay_us_sleep(CLOSE_STEP_US);
		if (!hisi_qm_qp_is_closed(qps[i]))
			close_report(qps[i]);
		/* Not at the restart: until RUNNING is seen, drained keeps dequeue off indices. */
		hisi_qm_store_relaxed(&qps[i]->drained, 0);
		hisi_qm_trace_queue_state(qps[i]->dev->name, qps[i]->qn, HISI_QM_QP_STOPPING);
		hisi_qm_store_release(&qps[i]->state, HISI_QM_QP_STOPPING);
	}
}

/*
 * A context as the device has it. What was there before goes first: an answer without a context
 * behind it must not be taken for one.
 */
static int
drain_get(struct hisi_qm_qp *qp, enum hisi_qm_mailbox_command command, void *out, size_t len)
{
	struct hisi_qm_dev *dev = qp->dev;
	uint8_t nothing[HISI_QM_CONTEXT_LEN];
	int ret;

	memset(nothing, 0xff, sizeof(nothing));
	memcpy(dev->dma.context, nothing, sizeof(nothing));
	ret = hisi_qm_mailbox_run(dev, command, true, qp->qn, hisi_qm_iova(dev->dma.context),
		NULL);
	if (ret != 0)
		return ret;
	memcpy(out, dev->dma.context, len);
	return memcmp(out, nothing, len) != 0 ? 0 : -EIO;
}

/*
 * Is the queue empty? Tails and wrap bits of both contexts agree (qm.md 5.9); 1: not yet.
 *
 * @param tail receives that of the CQ
 */
static int
drain_look(struct hisi_qm_qp *qp, uint16_t *tail)
{
	struct hisi_qm_sqc sqc;
	struct hisi_qm_cqc cqc;
	int ret;

	ret = drain_get(qp, HISI_QM_MB_CMD_SQC, &sqc, sizeof(sqc));
	if (ret == 0)
		ret = drain_get(qp, HISI_QM_MB_CMD_CQC, &cqc, sizeof(cqc));
	if (ret != 0)
		return ret;
	*tail = cqc.tail;
	return sqc.tail == cqc.tail && !(sqc.w11 & HISI_QM_SQC_W11_TAIL_WRAP) ==
		!(cqc.w11 & HISI_QM_CQC_W11_TAIL_WRAP) ? 0 : 1;
}

/* Contexts that take no doorbell any more, under another tag (qm.md 6.5, recommended there). */
static int
drain_close(struct hisi_qm_qp *qp)
{
	struct hisi_qm_dev *dev = qp->dev;
	struct hisi_qm_sqc *sqc = dev->dma.context;

	hisi_qm_qp_fill_sqc(qp, sqc);
	sqc->w13 = HISI_QM_SQC_W13_CLOSE;
	sqc->tag = hisi_qm_qp_new_tag(qp->tag);
	return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC, false, qp->qn,
		hisi_qm_iova(dev->dma.context), NULL);
}

/* V2, and V3 without the stop command: look until the device has completed all (qm.md 6.5). */
static int
qp_drain(struct hisi_qm_qp *qp)
{
	const uint64_t us = rte_get_timer_hz() / 1000000;
	uint64_t start = rte_get_timer_cycles(), moved = start, now = start;
	uint16_t tail = 0, last = 0;
	int ret;

	while (now - moved < DRAIN_STILL_US * us &&
			now - start < HISI_QM_MAILBOX_STOP_TIMEOUT_US * us) {
		ret = drain_look(qp, &tail);
		if (ret == 0)
			return drain_close(qp);
		if (ret < 0)
			return ret;
		rte_delay_us_sleep(DRAIN_STEP_US);
		now = rte_get_timer_cycles();
		moved = tail == last ? moved : now;
		last = tail;
	}
	return -ETIME;
}

int
hisi_qm_qp_stop(struct hisi_qm_qp *qp)
{
	struct hisi_qm_dev *dev = qp->dev;

	int ret;

	dev->stats.queue_stops++;
	if (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_STOP_QP)
		ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_STOP_QP, false, qp->qn, 0, NULL);
	else
		ret = qp_drain(qp);
	if (ret == 0)
		qp->quiet = 1;
	hisi_qm_trace_queue_state(dev->name, qp->qn, ret == 0 ? HISI_QM_QP_QUIESCED :
		HISI_QM_QP_STOPPING);
	return ret;
}
