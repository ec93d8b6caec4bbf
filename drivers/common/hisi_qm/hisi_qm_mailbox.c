/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* qm.md 3.4: sleep between looks. Other functions use the engine too; see hisi_qm_mailbox.h. */
#define HISI_QM_MAILBOX_STEP_US 5
/* Answers in a row that show another address than the one sent; then it is the device's way. */
#define HISI_QM_MAILBOX_DOUBTS 3

static uint64_t
mailbox_deadline(uint64_t timeout_us)
{
	return rte_get_timer_cycles() + timeout_us * rte_get_timer_hz() / 1000000;
}

static int
mailbox_read(struct hisi_qm_dev *dev, struct hisi_qm_mailbox *mb)
{
	int ret = dev->bus->ops->read(dev->bus, HISI_QM_MAILBOX, mb, sizeof(*mb));

	/* All ones is what a function that has left the bus answers. */
	if (ret == 0 && mb->w0 == UINT16_MAX && mb->queue == UINT16_MAX &&
			mb->base_lo == UINT32_MAX)
		return -ENODEV;
	return ret;
}

/*
 * qm.md 3.3: the engine is shared, so the answer must be to what was sent. Another function may
 * have sent the same command for its queue of the same number. Where the command has an address
 * that tells them apart; a device that does not keep it [UNK] is believed after a few times, and a
 * command sent twice sets the same context twice. STOP_QP and FLUSH_QM have no address and nothing
 * else that says whose they are: the answer to another function's may pass for ours [UNK], as it
 * does with every known driver.
 */
static bool
mailbox_is_ours(const struct hisi_qm_mailbox *sent, const struct hisi_qm_mailbox *answer,
	uint32_t *doubts)
{
	const uint32_t same = HISI_QM_MB_COMMAND | HISI_QM_MB_OP_GET;

	if ((answer->w0 & same) != (sent->w0 & same) || answer->queue != sent->queue)
		return false;
	if ((sent->base_lo | sent->base_hi) == 0 ||
			(answer->base_lo == sent->base_lo && answer->base_hi == sent->base_hi))
		return true;
	return ++*doubts > HISI_QM_MAILBOX_DOUBTS;
}

/* Until nobody's command is under way. */
static int
mailbox_wait_free(struct hisi_qm_dev *dev, uint64_t deadline)
{
	struct hisi_qm_mailbox mb;
	int ret;

	for (;;) {
		ret = mailbox_read(dev, &mb);
		if (ret != 0)
			return ret;
		if (!HISI_FIELD_GET(HISI_QM_MB_BUSY, mb.w0))
			return 0;
		dev->stats.mailbox_busy++;
		if (rte_get_timer_cycles() > deadline)
			return -EBUSY;
		rte_delay_us_sleep(HISI_QM_MAILBOX_STEP_US);
	}
}

static int
mailbox_wait_done(struct hisi_qm_dev *dev, const struct hisi_qm_mailbox *sent, uint64_t deadline,
	struct hisi_qm_mailbox *answer, uint32_t *doubts)
{
	int ret;

	for (;;) {
		ret = mailbox_read(dev, answer);
		if (ret != 0)
			return ret;
		if (!HISI_FIELD_GET(HISI_QM_MB_BUSY, answer->w0))
			break;
		if (rte_get_timer_cycles() > deadline)
			return -ETIME;
		rte_delay_us_sleep(HISI_QM_MAILBOX_STEP_US);
	}
	if (!mailbox_is_ours(sent, answer, doubts))
		return -EAGAIN;
	return HISI_FIELD_GET(HISI_QM_MB_STATUS, answer->w0) == 0 ? 0 : -EIO;
}

static void
mailbox_report(struct hisi_qm_dev *dev, int error, const struct hisi_qm_mailbox *sent,
	const struct hisi_qm_mailbox *answer)
{
	char text[256];

	dev->stats.mailbox_errors++;
	/*
	 * Who sends a message to other functions says more, in one line. That the device is gone
	 * is no fault of the command: who asked for it says what did not come about.
	 */
	if (HISI_FIELD_GET(HISI_QM_MB_COMMAND, sent->w0) == HISI_QM_MB_CMD_SRC || error == -ENODEV)
		return;
	hisi_hw_format(text, sizeof(text), hisi_qm_mailbox_fields, error == -EIO ? answer : sent);
	HISI_QM_DEV_TELL(dev, "mailbox command %s of queue %u failed: %s (%s); see qm.md 3",
		hisi_qm_mailbox_command_name(HISI_FIELD_GET(HISI_QM_MB_COMMAND, sent->w0)),
		sent->queue, strerror(-error), text);
}

/* For rte_pmd_hisi_accel_mailbox_get(). */
static void
mailbox_note(struct hisi_qm_dev *dev, const struct hisi_qm_mailbox *sent, uint64_t start,
	int result)
{
	uint64_t now = rte_get_timer_cycles();

	hisi_qm_trace_mailbox(dev->name, (uint8_t)HISI_FIELD_GET(HISI_QM_MB_COMMAND, sent->w0),
		sent->queue, result);
	dev->notes[dev->nb_notes++ % HISI_QM_MAILBOX_NOTES] = (struct hisi_qm_mailbox_note){
		.tsc = now,
		.cycles = now - start,
		.queue = sent->queue,
		.command = (uint8_t)HISI_FIELD_GET(HISI_QM_MB_COMMAND, sent->w0),
		.is_get = (sent->w0 & HISI_QM_MB_OP_GET) != 0,
		.result = result,
	};
}

int
hisi_qm_mailbox_run(struct hisi_qm_dev *dev, enum hisi_qm_mailbox_command command, bool get,
	uint16_t queue, uint64_t base, uint64_t *data)
{
	bool stop = command == HISI_QM_MB_CMD_STOP_QP || command == HISI_QM_MB_CMD_FLUSH_QM;
	uint64_t deadline = mailbox_deadline(stop ? HISI_QM_MAILBOX_STOP_TIMEOUT_US :
		HISI_QM_MAILBOX_TIMEOUT_US);
	struct hisi_qm_mailbox sent = {
		.w0 = HISI_FIELD_PREP(HISI_QM_MB_COMMAND, (uint32_t)command) |
			(get ? HISI_QM_MB_OP_GET : 0) | HISI_QM_MB_BUSY,
		.queue = queue,
		.base_lo = (uint32_t)base,
		.base_hi = (uint32_t)(base >> 32),
	};
	struct hisi_qm_mailbox answer = { 0 };
	uint64_t start = rte_get_timer_cycles();
	uint32_t doubts = 0;
	int ret;

	dev->stats.mailbox_commands++;
	hisi_qm_ifc_settle(dev);
	do {
		ret = mailbox_wait_free(dev, deadline);
		if (ret == 0) {
			/* The context the command names must be visible before it (qm.md 3.3). */
			rte_io_wmb();
			ret = dev->bus->ops->write(dev->bus, HISI_QM_MAILBOX, &sent, sizeof(sent));
		}
		if (ret == 0)
			ret = mailbox_wait_done(dev, &sent, deadline, &answer, &doubts);
		/* Another function's write came between ours and its answer: send it again. */
	} while (ret == -EAGAIN && rte_get_timer_cycles() < deadline);
	mailbox_note(dev, &sent, start, ret);
	if (ret != 0) {
		mailbox_report(dev, ret, &sent, &answer);
		return ret == -EAGAIN ? -EIO : ret;
	}
	/* A get has written a context to memory, to be read after the answer (qm.md 3.2). */
	rte_io_rmb();
	if (data != NULL)
		*data = answer.base_lo | (uint64_t)answer.base_hi << 32;
	return 0;
}
