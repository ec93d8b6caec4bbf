/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>

#include "hisi_qm_accel.h"

/* rte_pmd_hisi_accel.h: how long operations took, by the type of their queue and by their size. */

#define MAX_TYPES 16

static_assert(RTE_PMD_HISI_ACCEL_LATENCY_BUCKETS == HISI_QM_LATENCY_BUCKETS, "the same ones");

static void
latency_add(const struct hisi_qm_qp *qp, struct hisi_qm_latency *sums)
{
	const struct hisi_qm_latency *latency = qp->recorder->latency;
	uint32_t size, i;

	/* The lcores go on counting meanwhile. */
	for (size = 0; size < HISI_QM_LATENCY_CLASSES; size++)
		for (i = 0; i < HISI_QM_LATENCY_BUCKETS; i++)
			sums[qp->type].count[size][i] +=
				hisi_qm_load_relaxed(&latency->count[size][i]);
}

static uint64_t
size_begin(uint32_t size)
{
	return size == 0 ? 1 : UINT64_C(1) << (HISI_QM_LATENCY_SIZE_LOG2 + size - 1);
}

/* @return false: no operation of that size */
static bool
latency_row(const struct hisi_qm_latency *sums, uint32_t size, const char *type,
	struct rte_pmd_hisi_accel_latency *row)
{
	uint32_t i;

	*row = (struct rte_pmd_hisi_accel_latency){ .type = type };
	for (i = 0; i < HISI_QM_LATENCY_BUCKETS; i++) {
		row->count[i] = sums->count[size][i];
		row->ops += row->count[i];
	}
	if (size != HISI_QM_LATENCY_CHAINED) {
		row->size_from = size_begin(size);
		row->size_to = size + 1 < HISI_QM_LATENCY_SIZES ? size_begin(size + 1) - 1 :
			UINT32_MAX;
	}
	return row->ops != 0;
}

static int
latency_rows(const struct hisi_qm_engine *engine, const struct hisi_qm_latency *sums,
	struct rte_pmd_hisi_accel_latency *rows, unsigned int size)
{
	struct rte_pmd_hisi_accel_latency row;
	unsigned int count = 0;
	uint32_t type, class;

	for (type = 0; type < MAX_TYPES; type++) {
		for (class = 0; class < HISI_QM_LATENCY_CLASSES; class++) {
			if (!latency_row(&sums[type], class, engine->type_name(type), &row))
				continue;
			if (count < size)
				rows[count] = row;
			count++;
		}
	}
	return (int)count;
}

int
rte_pmd_hisi_accel_latency_get(const char *device, struct rte_pmd_hisi_accel_latency *rows,
	unsigned int size)
{
	struct hisi_qm_latency *sums = calloc(MAX_TYPES, sizeof(*sums));
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	int ret = -ENODEV;
	uint16_t i;

	if (dev != NULL && sums != NULL) {
		for (i = 0; i < dev->nb_qps; i++)
			if (dev->qps[i] != NULL && dev->qps[i]->type < MAX_TYPES)
				latency_add(dev->qps[i], sums);
		ret = latency_rows(dev->engine, sums, rows, size);
	}
	if (dev != NULL)
		hisi_qm_accel_leave(dev);
	if (sums == NULL && dev != NULL)
		ret = -ENOMEM;
	free(sums);
	return ret;
}
