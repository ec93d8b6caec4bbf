/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_zip.h"

/* What rte_pmd_hisi_accel_xstats_get() and telemetry tell of the class. */

#define COUNTER(name, member) { name, offsetof(struct hisi_zip_qp, member) }

static const struct hisi_qm_counter rows[] = {
	COUNTER("enqueued", enqueued),
	COUNTER("dequeued", dequeued),
	COUNTER("errors", errors),
	COUNTER("bytes_in", bytes.in),
	COUNTER("bytes_out", bytes.out),
	COUNTER("empty", reasons[HISI_ZIP_REASON_EMPTY]),
	COUNTER("tiny", reasons[HISI_ZIP_REASON_TINY]),
	COUNTER("invalid", reasons[HISI_ZIP_REASON_INVALID]),
	COUNTER("dead", reasons[HISI_ZIP_REASON_DEAD]),
	COUNTER("stopped", reasons[HISI_ZIP_REASON_STOPPED]),
	COUNTER("inflate", reasons[HISI_ZIP_REASON_INFLATE]),
	COUNTER("chained", reasons[HISI_ZIP_REASON_CHAINED]),
	COUNTER("status_not_processed", statuses[RTE_COMP_OP_STATUS_NOT_PROCESSED]),
	COUNTER("status_invalid_args", statuses[RTE_COMP_OP_STATUS_INVALID_ARGS]),
	COUNTER("status_error", statuses[RTE_COMP_OP_STATUS_ERROR]),
	COUNTER("status_invalid_state", statuses[RTE_COMP_OP_STATUS_INVALID_STATE]),
	COUNTER("status_out_of_space_terminated",
		statuses[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED]),
	COUNTER("status_out_of_space_recoverable",
		statuses[RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE]),
};

const struct hisi_qm_counters hisi_zip_counters = { rows, RTE_DIM(rows) };
