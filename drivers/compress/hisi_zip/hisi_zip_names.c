/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_zip.h"

/*
 * What counters of the class are called, and when they may be read: the lcores count on meanwhile.
 * hisi_qm_telemetry.c and rte_pmd_hisi_accel.h ask for them by hisi_zip_xstat().
 */

static rte_spinlock_t telemetry_lock = RTE_SPINLOCK_INITIALIZER;

void
hisi_zip_telemetry_hold(void)
{
	rte_spinlock_lock(&telemetry_lock);
}

void
hisi_zip_telemetry_release(void)
{
	rte_spinlock_unlock(&telemetry_lock);
}

static const char * const reason_names[HISI_ZIP_REASONS] = {
	[HISI_ZIP_REASON_EMPTY] = "empty",
	[HISI_ZIP_REASON_TINY] = "tiny",
	[HISI_ZIP_REASON_INVALID] = "invalid",
	[HISI_ZIP_REASON_DEAD] = "dead",
	[HISI_ZIP_REASON_STOPPED] = "stopped",
	[HISI_ZIP_REASON_INFLATE] = "inflate",
	[HISI_ZIP_REASON_CHAINED] = "chained",
};

const char *
hisi_zip_reason_name(enum hisi_zip_reason reason)
{
	return (unsigned int)reason < HISI_ZIP_REASONS ? reason_names[reason] : "unknown";
}

static const char * const status_names[HISI_ZIP_OP_STATUSES] = {
	[RTE_COMP_OP_STATUS_NOT_PROCESSED] = "status_not_processed",
	[RTE_COMP_OP_STATUS_INVALID_ARGS] = "status_invalid_args",
	[RTE_COMP_OP_STATUS_ERROR] = "status_error",
	[RTE_COMP_OP_STATUS_INVALID_STATE] = "status_invalid_state",
	[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED] = "status_out_of_space_terminated",
	[RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE] = "status_out_of_space_recoverable",
};

const char *
hisi_zip_op_status_name(unsigned int status)
{
	return status < RTE_DIM(status_names) ? status_names[status] : NULL;
}
