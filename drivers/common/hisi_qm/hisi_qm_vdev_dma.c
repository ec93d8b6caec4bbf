/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include "hisi_qm_bus_vdev.h"
#include "hisi_qm_log.h"

/*
 * EAL's memory on the vfio-user bus, IOVA = VA.
 *
 * Where memory can grow and shrink, one map per page: EAL may free any page of what it allocated
 * in one piece, and the server rightly refuses an unmap that would cut a map. Where it is static
 * (--no-huge, --legacy-mem) neighbours of one file are merged: --no-huge has 4 KiB pages.
 *
 * Requests run in the calling thread. Callbacks come with EAL's memory lock held, so another
 * thread that allocates while it serves us would never end.
 */

/* A stretch of one file that has not been mapped yet. */
struct dma_run {
	struct hisi_qm_bus_vdev *vdev;
	bool merge;
	int fd;
	uint64_t fd_offset;
	uint64_t iova;
	uint64_t len;		/**< 0: nothing pending */
	uint64_t mapped;	/**< bytes, for the message */
	uint32_t count;
	uint64_t skipped;	/**< bytes of memory that no descriptor can show */
	bool quiet;		/**< an error is told by who asked */
	bool later;		/**< a peer that is silent now may carry it out later */
	int error;
};

static int
run_flush(struct dma_run *run)
{
	int ret;

	if (run->len == 0)
		return 0;
	ret = vfio_user_client_dma_map(run->vdev->client, run->fd, run->fd_offset, run->iova,
		run->len, VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED);
	if (ret == -ETIMEDOUT && run->later) {
		/* Sent, and carried out in order once the peer is back: no reason to wait again. */
		vfio_user_client_set_timeout(run->vdev->client, 1);
	} else if (ret != 0) {
		if (!run->quiet)
			HISI_QM_LOG(ERR, "%s: memory 0x%" PRIx64 " of %" PRIu64 " bytes cannot be mapped into the device: %s",
				run->vdev->bus.name, run->iova, run->len, strerror(-ret));
		run->error = ret;
	} else {
		run->mapped += run->len;
		run->count++;
	}
	run->len = 0;
	return ret;
}

static bool
run_continues(const struct dma_run *run, int fd, uint64_t offset, uint64_t iova)
{
	return run->merge && run->len != 0 && run->fd == fd && run->iova + run->len == iova &&
		run->fd_offset + run->len == offset;
}

/* The caller holds EAL's memory lock, for reading or writing. */
static int
run_add_page(struct dma_run *run, const struct rte_memseg *ms)
{
	int fd = rte_memseg_get_fd_thread_unsafe(ms);
	size_t offset = 0;
	int ret;

	if (fd < 0 || rte_memseg_get_fd_offset_thread_unsafe(ms, &offset) != 0) {
		run->skipped += ms->len;
		return 0;
	}
	if (run_continues(run, fd, offset, ms->addr_64)) {
		run->len += ms->len;
		return 0;
	}
	ret = run_flush(run);
	run->fd = fd;
	run->fd_offset = offset;
	run->iova = ms->addr_64;
	run->len = ms->len;
	return ret;
}

static int
walk_page(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *opaque)
{
	/* Memory of the application's own goes through rte_dev_dma_map(), not through here. */
	if (msl->external)
		return 0;
	return run_add_page(opaque, ms);
}

static void
event_alloc(struct hisi_qm_bus_vdev *vdev, const void *addr, size_t len)
{
	struct dma_run run = { .vdev = vdev, .later = true };
	const struct rte_memseg_list *msl = rte_mem_virt2memseg_list(addr);
	const uint8_t *at = addr, *end = at + len;
	const struct rte_memseg *ms;

	if (msl == NULL || msl->external)
		return;
	/* A new connection, if there is to be one, gets all memory. */
	if (vdev->is_revoked || vfio_user_client_is_dead(vdev->client))
		return;
	while (at < end) {
		ms = rte_mem_virt2memseg(at, msl);
		if (ms == NULL)
			break;
		(void)run_add_page(&run, ms);
		at += ms->len;
	}
	(void)run_flush(&run);
	vfio_user_client_set_timeout(vdev->client, HISI_QM_VDEV_TIMEOUT_MS);
	if (run.skipped != 0)
		HISI_QM_LOG(ERR, "%s: %" PRIu64 " bytes of new memory have no descriptor, the device cannot reach them",
			vdev->bus.name, run.skipped);
}

static void
event_free(struct hisi_qm_bus_vdev *vdev, const void *addr, size_t len)
{
	bool is_silent = vfio_user_client_nb_owed(vdev->client) != 0;
	int ret;

	/* It owes a reply: not each piece of memory is waited for as long as the first. */
	if (is_silent)
		vfio_user_client_set_timeout(vdev->client, 1);
	ret = vfio_user_client_dma_unmap(vdev->client, (uintptr_t)addr, len);
	if (is_silent)
		vfio_user_client_set_timeout(vdev->client, HISI_QM_VDEV_TIMEOUT_MS);
	/*
	 * Of a dead peer nothing is mapped any more. A silent one has the request before any later
	 * one, and what it could still write is memory of operations that have not come back.
	 */
	if (ret != 0 && ret != -ETIMEDOUT && !vfio_user_client_is_dead(vdev->client))
		HISI_QM_LOG(ERR, "%s: memory %p of %zu bytes could not be taken from the device: %s",
			vdev->bus.name, addr, len, strerror(-ret));
}

static void
event_memory(enum rte_mem_event type, const void *addr, size_t len, void *opaque)
{
	if (type == RTE_MEM_EVENT_ALLOC)
		event_alloc(opaque, addr, len);
	else
		event_free(opaque, addr, len);
}

/* ENOTSUP: memory is static, nothing to follow. */
static int
register_events(struct hisi_qm_bus_vdev *vdev, bool *can_change)
{
	int ret;

	snprintf(vdev->event_name, sizeof(vdev->event_name), "hisi_qm_%s", vdev->bus.name);
	ret = rte_mem_event_callback_register(vdev->event_name, event_memory, vdev);
	*can_change = ret == 0;
	if (ret == 0)
		return 0;
	vdev->event_name[0] = '\0';
	if (rte_errno == ENOTSUP)
		return 0;
	HISI_QM_LOG(ERR, "%s: EAL's memory events cannot be followed: %s", vdev->bus.name,
		rte_strerror(rte_errno));
	return -rte_errno;
}

int
hisi_qm_vdev_dma_start(struct hisi_qm_bus_vdev *vdev)
{
	struct dma_run run = { .vdev = vdev };
	bool can_change;
	int ret;

	/* Nothing may come or go between the walk and the first event. */
	rte_mcfg_mem_read_lock();
	ret = register_events(vdev, &can_change);
	if (ret == 0) {
		run.merge = !can_change;
		(void)rte_memseg_walk_thread_unsafe(walk_page, &run);
		(void)run_flush(&run);
		ret = run.error;
	}
	rte_mcfg_mem_read_unlock();
	if (ret == 0 && run.skipped != 0) {
		HISI_QM_LOG(ERR, "%s: %" PRIu64 " bytes of memory have no descriptor (--legacy-mem with --single-file-segments?); use another memory mode",
			vdev->bus.name, run.skipped);
		ret = -ENOTSUP;
	}
	if (ret != 0) {
		hisi_qm_vdev_dma_stop(vdev);
		return ret;
	}
	HISI_QM_LOG(DEBUG, "%s: %" PRIu64 " bytes in %" PRIu32 " maps", vdev->bus.name, run.mapped,
		run.count);
	return 0;
}

int
hisi_qm_vdev_dma_redo(struct hisi_qm_bus_vdev *vdev)
{
	struct dma_run run = { .vdev = vdev, .quiet = true, .merge = vdev->event_name[0] == '\0' };

	(void)rte_memseg_walk_thread_unsafe(walk_page, &run);
	(void)run_flush(&run);
	return run.error;
}

void
hisi_qm_vdev_dma_stop(struct hisi_qm_bus_vdev *vdev)
{
	if (vdev->event_name[0] != '\0')
		(void)rte_mem_event_callback_unregister(vdev->event_name, vdev);
	vdev->event_name[0] = '\0';
}
