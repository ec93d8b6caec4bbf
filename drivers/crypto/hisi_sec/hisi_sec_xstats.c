/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_sec.h"

/* What rte_pmd_hisi_accel_xstats_get() and telemetry tell of the class. */

#define COUNTER(name, member) { name, offsetof(struct hisi_sec_qp, member) }

static const struct hisi_qm_counter rows[] = {
	COUNTER("enqueued", enqueued),
	COUNTER("dequeued", dequeued),
	COUNTER("refused", refused),
	COUNTER("errors", errors),
	COUNTER("bytes", bytes.in),
	COUNTER("invalid", reasons[HISI_SEC_REASON_INVALID]),
	COUNTER("session", reasons[HISI_SEC_REASON_SESSION]),
	COUNTER("session_pool_empty", reasons[HISI_SEC_REASON_POOL_EMPTY]),
	COUNTER("dead", reasons[HISI_SEC_REASON_DEAD]),
	COUNTER("stopped", stopped),
	COUNTER("empty", reasons[HISI_SEC_REASON_EMPTY]),
	COUNTER("soft_empty", reasons[HISI_SEC_REASON_SOFT_EMPTY]),
	COUNTER("soft_ctr", reasons[HISI_SEC_REASON_SOFT_CTR]),
	COUNTER("soft_long", reasons[HISI_SEC_REASON_SOFT_LONG]),
	COUNTER("chained", reasons[HISI_SEC_REASON_CHAINED]),
	COUNTER("two_steps", reasons[HISI_SEC_REASON_TWO_STEPS]),
	COUNTER("sessionless", reasons[HISI_SEC_REASON_SESSIONLESS]),
	COUNTER("status_auth_failed", statuses[RTE_CRYPTO_OP_STATUS_AUTH_FAILED]),
	COUNTER("status_invalid_session", statuses[RTE_CRYPTO_OP_STATUS_INVALID_SESSION]),
	COUNTER("status_invalid_args", statuses[RTE_CRYPTO_OP_STATUS_INVALID_ARGS]),
	COUNTER("status_error", statuses[RTE_CRYPTO_OP_STATUS_ERROR]),
};

const struct hisi_qm_counters hisi_sec_counters = { rows, RTE_DIM(rows) };
