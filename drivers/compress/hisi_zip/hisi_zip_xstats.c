/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "hisi_zip.h"

/* What rte_pmd_hisi_accel_xstats_get() tells of the class: sums over the queue pairs. */

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	{ "enqueued", offsetof(struct hisi_zip_qp, enqueued) },
	{ "dequeued", offsetof(struct hisi_zip_qp, dequeued) },
	{ "errors", offsetof(struct hisi_zip_qp, errors) },
	{ "bytes_in", offsetof(struct hisi_zip_qp, bytes.in) },
	{ "bytes_out", offsetof(struct hisi_zip_qp, bytes.out) },
};

/* Name and place of counter @p index in a queue pair, NULL: no more; "" is none that counts. */
static const char *
xstat_find(unsigned int index, size_t *offset)
{
	const char *name;

	if (index < RTE_DIM(counters)) {
		*offset = counters[index].offset;
		return counters[index].name;
	}
	index -= RTE_DIM(counters);
	if (index < HISI_ZIP_REASONS) {
		*offset = offsetof(struct hisi_zip_qp, reasons) + index * sizeof(uint64_t);
		return hisi_zip_reason_name(index);
	}
	index -= HISI_ZIP_REASONS;
	if (index >= HISI_ZIP_OP_STATUSES)
		return NULL;
	*offset = offsetof(struct hisi_zip_qp, statuses) + index * sizeof(uint64_t);
	name = hisi_zip_op_status_name(index);
	return name != NULL ? name : "";
}

bool
hisi_zip_xstat(void *opaque, unsigned int index, const char **name, uint64_t *value)
{
	const struct hisi_zip_dev *zip = opaque;
	const struct hisi_zip_qp *qp;
	size_t offset;

	*name = xstat_find(index, &offset);
	if (*name == NULL)
		return false;
	*value = 0;
	hisi_zip_telemetry_hold();
	for (qp = zip->qps; qp != NULL; qp = qp->next)
		*value += hisi_qm_load_relaxed((const uint64_t *)((const char *)qp + offset));
	hisi_zip_telemetry_release();
	return true;
}
