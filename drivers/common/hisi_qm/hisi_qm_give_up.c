/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_replay.h"

/*
 * When a function that answers is past help. Either a reset, or what follows it, fails some times
 * in a row; or all of that succeeds and yet nothing completes: stops and resets would go on for
 * ever, and every operation would fail after timeout_ms instead of at once.
 */

/* Failures and resets so long ago belong to another story. */
#define FORGET_S 60
/* So many resets in a row in vain; with operations done again more, for one may be the cause. */
#define VAIN_RESETS 2
/* And not before: errors of a device often come in swarms. */
#define VAIN_S 3
#define IF_THAT_FAILS \
	", and if that fails too, let the kernel's driver probe the PF once: it resets more than " \
	"one function can (qm.md 6.9)"

/* Looks to let pass after the first failure, the second, ...; after one more it is given up. */
static const uint8_t failure_pauses[] = { 4, 16 };

/* The registers that tell most of what went wrong, "name (offset) = value, ...". */
static void
describe_fault(struct hisi_qm_dev *dev, char *buf, size_t len)
{
	static const uint32_t offsets[] = { HISI_QM_MAILBOX, HISI_QM_ABNORMAL_INT_STATUS };
	uint32_t value;
	size_t i, at = 0;

	buf[0] = '\0';
	for (i = 0; i < (dev->is_vf ? 1 : RTE_DIM(offsets)); i++) {
		if (hisi_qm_reg_read(dev, offsets[i], &value) != 0)
			return;
		at += (size_t)snprintf(buf + at, len - at, "%s%s (0x%" PRIx32 ") = 0x%" PRIx32,
			at == 0 ? "" : ", ", hisi_hw_reg_name(NULL, offsets[i]), offsets[i], value);
		if (at >= len)
			return;
	}
}

void
hisi_qm_give_up(struct hisi_qm_dev *dev, int error, const char *what)
{
	char registers[128], why[256];

	describe_fault(dev, registers, sizeof(registers));
	snprintf(why, sizeof(why), "given up after %zu attempts: %s failed: %s; %s",
		RTE_DIM(failure_pauses) + 1, what, strerror(-error), registers);
	hisi_qm_recover_end(dev, why, IF_THAT_FAILS);
}

bool
hisi_qm_give_up_not_yet(struct hisi_qm_dev *dev, int error, const char *what)
{
	uint64_t now = rte_get_timer_cycles();

	/* A function that has worked since is another story too, even if it never comes to rest. */
	if (now - dev->failed_tsc > FORGET_S * rte_get_timer_hz() ||
			dev->moved_tsc > dev->failed_tsc)
		dev->failures = 0;
	dev->failed_tsc = now;
	if (dev->failures == RTE_DIM(failure_pauses))
		return false;
	dev->retry = failure_pauses[dev->failures++];
	dev->state = HISI_QM_DEV_RESETTING;
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"%s failed: %s; the function is going to be reset, attempt %u of %zu",
		what, strerror(-error), dev->failures + 1, RTE_DIM(failure_pauses) + 1);
	return true;
}

/* Has nothing of the function completed since then, which is not long ago? */
static bool
nothing_since(const struct hisi_qm_dev *dev, uint64_t tsc)
{
	uint64_t hz = rte_get_timer_hz();
	uint64_t story = FORGET_S * hz + 2 * dev->args.timeout_ms * hz / 1000;

	return tsc != 0 && dev->moved_tsc < tsc && rte_get_timer_cycles() - tsc < story;
}

/* Does it wait for the device, with operations or for its contexts? */
static bool
waits_for_device(struct hisi_qm_qp *qp)
{
	if (qp->state == HISI_QM_QP_QUIESCED)
		return hisi_qm_load_acquire(&qp->drained);
	return qp->state == HISI_QM_QP_RUNNING && hisi_qm_qp_in_flight(qp) != 0;
}

void
hisi_qm_give_up_look(struct hisi_qm_dev *dev)
{
	bool waits = false;
	uint32_t head;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		struct hisi_qm_qp *qp = dev->qps[i];

		if (qp == NULL || qp->orphan)
			continue;
		waits |= waits_for_device(qp);
		head = hisi_qm_load_relaxed(&qp->head);
		if (head != qp->seen_head)
			dev->moved_tsc = rte_get_timer_cycles();
		qp->seen_head = head;
	}
	dev->is_starved = waits && nothing_since(dev, dev->reset_tsc);
}

void
hisi_qm_give_up_note_restart(struct hisi_qm_qp *qp)
{
	qp->run_tsc = rte_get_timer_cycles();
}

bool
hisi_qm_give_up_stopping(struct hisi_qm_qp *qp)
{
	return qp->failed != HISI_QM_QP_FAILED_BY_HAND && hisi_qm_qp_in_flight(qp) != 0 &&
		nothing_since(qp->dev, qp->run_tsc);
}

bool
hisi_qm_give_up_resetting(struct hisi_qm_dev *dev)
{
	uint32_t most = VAIN_RESETS + (dev->args.on_error == HISI_QM_ON_ERROR_REPLAY ?
		HISI_QM_REPLAYS_MAX : 0);
	uint64_t now = rte_get_timer_cycles();
	char registers[128], why[256];

	if (!dev->is_starved)
		dev->vain_resets = 0;
	else if (dev->vain_resets++ == 0)
		dev->vain_tsc = dev->reset_tsc;
	dev->is_starved = false;
	dev->reset_tsc = now;
	if (dev->vain_resets < most || now - dev->vain_tsc < VAIN_S * rte_get_timer_hz())
		return false;
	describe_fault(dev, registers, sizeof(registers));
	snprintf(why, sizeof(why), "given up after %" PRIu32 " resets in a row with no operation completed between them: %s",
		dev->vain_resets + 1, registers);
	hisi_qm_recover_end(dev, why, IF_THAT_FAILS);
	return true;
}
