/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * The way of a queue from running to quiet: closed to enqueue, bursts waited for, then stopped or
 * drained on the device (qm.md 6.5).
 */

/* qm.md 6.5: how long the kernel waits for a queue without the stop command. */
#define HISI_QM_DRAIN_TRIES 1000
#define HISI_QM_DRAIN_STEP_US 150
/* A burst under way ends within this; longer means that its lcore is not being scheduled. */
#define CLOSE_STEP_US 50
/* So many of them, which are seconds, and somebody should know what is waited for. */
#define CLOSE_STEPS_SILENT 20000

uint32_t hisi_qm_own_pid;

/* Not when the library is loaded: a program may become a daemon after that, with another pid. */
void
hisi_qm_note_pid(void)
{
	hisi_qm_own_pid = (uint32_t)getpid();
}

/* Of every process, because secondaries burst too. It takes milliseconds; nobody is in a hurry. */
void
hisi_qm_fence_all_threads(void)
{
	/* Kernels without it: a sleep long enough for any store buffer to drain. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
		rte_delay_us_sleep(10000);
}

/* Does it run? One that has ended and waits for its parent does not, though kill() finds it. */
static bool
process_runs(pid_t pid)
{
	struct pollfd ended = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	bool runs;

	/* Kernels without it know at least whether there is such a process. */
	if (ended.fd < 0)
		return kill(pid, 0) == 0 || errno != ESRCH;
	runs = poll(&ended, 1, 0) != 1;
	close(ended.fd);
	return runs;
}

/*
 * A burst that began before saw the old room; it ends soon, unless its lcore is off CPU, or for
 * ever with its process.
 */
static bool
close_is_awaited(struct hisi_qm_qp *qp)
{
	uint32_t pid = hisi_qm_load_acquire(&qp->enqueue_busy);

	if (pid == 0)
		return false;
	if (pid == hisi_qm_own_pid || process_runs((pid_t)pid))
		return true;
	hisi_qm_store_relaxed(&qp->enqueue_busy, 0);
	return false;
}

static void
close_wait(struct hisi_qm_qp *qp)
{
	uint32_t steps;

	for (steps = 0; close_is_awaited(qp); steps++) {
		if (steps == CLOSE_STEPS_SILENT)
			HISI_QM_DEV_LOG(WARNING, qp->dev, "queue %u: process %" PRIu32 " is in the middle of a burst; waiting until it goes on or ends",
				qp->qn, hisi_qm_load_relaxed(&qp->enqueue_busy));
		rte_delay_us_sleep(CLOSE_STEP_US);
	}
}

/* What a closing is about: queues that run, and all there are when there is no way back. */
static bool
close_concerns(const struct hisi_qm_qp *qp, enum hisi_qm_qp_state state)
{
	return qp != NULL && !qp->orphan &&
		(qp->state == HISI_QM_QP_RUNNING || state == HISI_QM_QP_DEAD);
}

void
hisi_qm_qp_close(struct hisi_qm_qp **qps, uint16_t count, enum hisi_qm_qp_state state)
{
	uint16_t i;

	for (i = 0; i < count; i++)
		if (close_concerns(qps[i], state))
			hisi_qm_store_relaxed(&qps[i]->room, 0);
	hisi_qm_fence_all_threads();
	for (i = 0; i < count; i++) {
		if (!close_concerns(qps[i], state))
			continue;
		close_wait(qps[i]);
		/* Not at the restart: until RUNNING is seen, drained keeps dequeue off indices. */
		hisi_qm_store_relaxed(&qps[i]->drained, 0);
		hisi_qm_store_release(&qps[i]->state, state);
	}
}

/* Is the queue empty? Tails and wrap bits of both contexts agree (qm.md 5.9); 1: not yet. */
static int
drain_look(struct hisi_qm_qp *qp)
{
	struct hisi_qm_dev *dev = qp->dev;
	uint64_t context = hisi_qm_iova(dev->dma.context);
	struct hisi_qm_sqc sqc;
	struct hisi_qm_cqc cqc;
	int ret;

	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC, true, qp->qn, context, NULL);
	if (ret != 0)
		return ret;
	memcpy(&sqc, dev->dma.context, sizeof(sqc));
	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_CQC, true, qp->qn, context, NULL);
	if (ret != 0)
		return ret;
	memcpy(&cqc, dev->dma.context, sizeof(cqc));
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
	uint32_t tries;
	int ret;

	for (tries = 0; tries < HISI_QM_DRAIN_TRIES; tries++) {
		ret = drain_look(qp);
		if (ret == 0)
			return drain_close(qp);
		if (ret < 0)
			return ret;
		rte_delay_us_sleep(HISI_QM_DRAIN_STEP_US);
	}
	return -ETIME;
}

int
hisi_qm_qp_stop(struct hisi_qm_qp *qp)
{
	struct hisi_qm_dev *dev = qp->dev;

	dev->stats.queue_stops++;
	if (!(dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_STOP_QP))
		return qp_drain(qp);
	return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_STOP_QP, false, qp->qn, 0, NULL);
}
