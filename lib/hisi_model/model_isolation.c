/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <hisi_qm_doorbell.h>

#include "model_device.h"
#include "model_doorbell.h"
#include "model_function.h"
#include "model_isolation.h"
#include "model_log.h"

uint32_t
model_isolation_bar_len(const struct model_device *dev)
{
	uint32_t len = HISI_QM_ISOLATION_STRIDE;

	if (dev->config.isolated_queues == 0)
		return 0;
	while (len < dev->config.isolated_queues * HISI_QM_ISOLATION_STRIDE)
		len *= 2;
	return len;
}

void
model_isolation_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len)
{
	model_function_log(fn, VFIO_USER_LOG_DEBUG,
		"read of %u bytes at 0x%x of BAR%d: no register is known there", len, offset,
		HISI_QM_ISOLATION_BAR);
	memset(buf, 0, len);
}

void
model_isolation_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len)
{
	uint32_t page = offset / HISI_QM_ISOLATION_STRIDE;
	uint64_t word;

	if (len != sizeof(word) || offset != hisi_qm_doorbell_isolated(page)) {
		model_stat_add(&fn->dev->stats.nb_doorbells_dropped, 1);
		model_function_log(fn, VFIO_USER_LOG_WARNING,
			"write of %u bytes at 0x%x of BAR%d dropped: the doorbell of queue %u is 8 bytes at 0x%x",
			len, offset, HISI_QM_ISOLATION_BAR, page, hisi_qm_doorbell_isolated(page));
		return;
	}
	memcpy(&word, buf, sizeof(word));
	model_doorbell_ring_page(fn, page, word);
}
