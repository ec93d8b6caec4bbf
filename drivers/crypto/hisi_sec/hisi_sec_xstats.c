/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include <rte_spinlock.h>

#include "hisi_sec.h"

/* What rte_pmd_hisi_accel_xstats_get() tells of the class: sums over the queue pairs. */

static rte_spinlock_t qps_lock = RTE_SPINLOCK_INITIALIZER;

void
hisi_sec_hold(void)
{
	rte_spinlock_lock(&qps_lock);
}

void
hisi_sec_release(void)
{
	rte_spinlock_unlock(&qps_lock);
}

static const char * const reason_names[HISI_SEC_REASONS] = {
	[HISI_SEC_REASON_INVALID] = "invalid",
	[HISI_SEC_REASON_SESSION] = "session",
	[HISI_SEC_REASON_POOL_EMPTY] = "session_pool_empty",
	[HISI_SEC_REASON_DEAD] = "dead",
	[HISI_SEC_REASON_STOPPED] = "stopped",
	[HISI_SEC_REASON_EMPTY] = "empty",
	[HISI_SEC_REASON_SOFT_EMPTY] = "soft_empty",
	[HISI_SEC_REASON_SOFT_CTR] = "soft_ctr",
	[HISI_SEC_REASON_SOFT_LONG] = "soft_long",
	[HISI_SEC_REASON_CHAINED] = "chained",
	[HISI_SEC_REASON_TWO_STEPS] = "two_steps",
	[HISI_SEC_REASON_SESSIONLESS] = "sessionless",
};

const char *
hisi_sec_reason_name(enum hisi_sec_reason reason)
{
	return (unsigned int)reason < HISI_SEC_REASONS ? reason_names[reason] : "unknown";
}

static const char * const status_names[HISI_SEC_OP_STATUSES] = {
	[RTE_CRYPTO_OP_STATUS_AUTH_FAILED] = "status_auth_failed",
	[RTE_CRYPTO_OP_STATUS_INVALID_SESSION] = "status_invalid_session",
	[RTE_CRYPTO_OP_STATUS_INVALID_ARGS] = "status_invalid_args",
	[RTE_CRYPTO_OP_STATUS_ERROR] = "status_error",
};

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	{ "enqueued", offsetof(struct hisi_sec_qp, enqueued) },
	{ "dequeued", offsetof(struct hisi_sec_qp, dequeued) },
	{ "refused", offsetof(struct hisi_sec_qp, refused) },
	{ "errors", offsetof(struct hisi_sec_qp, errors) },
	{ "bytes", offsetof(struct hisi_sec_qp, bytes.in) },
};

/* Name and place of counter @p index in a queue pair, NULL: no more; "" is none that counts. */
static const char *
xstat_find(unsigned int index, size_t *offset)
{
	if (index < RTE_DIM(counters)) {
		*offset = counters[index].offset;
		return counters[index].name;
	}
	index -= RTE_DIM(counters);
	if (index < HISI_SEC_REASONS) {
		/* Dequeue's, the others are enqueue's. */
		*offset = index == HISI_SEC_REASON_STOPPED ?
			offsetof(struct hisi_sec_qp, stopped) :
			offsetof(struct hisi_sec_qp, reasons) + index * sizeof(uint64_t);
		return hisi_sec_reason_name(index);
	}
	index -= HISI_SEC_REASONS;
	if (index >= HISI_SEC_OP_STATUSES)
		return NULL;
	*offset = offsetof(struct hisi_sec_qp, statuses) + index * sizeof(uint64_t);
	return status_names[index] != NULL ? status_names[index] : "";
}

bool
hisi_sec_xstat(void *opaque, unsigned int index, const char **name, uint64_t *value)
{
	const struct hisi_sec_dev *sec = opaque;
	const struct hisi_sec_qp *qp;
	size_t offset;

	*name = xstat_find(index, &offset);
	if (*name == NULL)
		return false;
	*value = 0;
	hisi_sec_hold();
	for (qp = sec->qps; qp != NULL; qp = qp->next)
		*value += hisi_qm_load_relaxed(
			(const uint64_t *)(const void *)((const char *)qp + offset));
	hisi_sec_release();
	return true;
}
