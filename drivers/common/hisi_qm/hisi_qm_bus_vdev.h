/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_BUS_VDEV_H
#define HISI_QM_BUS_VDEV_H

/**
 * @file
 * The vfio-user bus: registers by message, doorbells in shared slots, EAL's memory by descriptor.
 * Private to hisi_qm_bus_vdev.c, hisi_qm_vdev_dma.c and hisi_qm_vdev_extmem.c.
 */

#include <rte_dev.h>
#include <rte_memory.h>

#include "hisi_qm_bus.h"
#include "vfio_user_client.h"

/** A device model answers in microseconds; STOP_QP may drain a whole ring before it does. */
#define HISI_QM_VDEV_TIMEOUT_MS 6000

struct hisi_qm_bus_vdev {
	struct hisi_qm_bus bus;
	struct vfio_user_client *client;
	bool is_open;
	bool is_revoked;	/**< all memory was taken from it: none is shown to it any more */
	char path[108];		/**< of the socket */
	struct hisi_qm_vdev_extmem *extmem; /**< the application's own memory that is mapped */
	char event_name[RTE_DEV_NAME_MAX_LEN]; /**< of the memory event callback, "": none */
};

/** @p bus if it is of this backend, else NULL. */
struct hisi_qm_bus_vdev *hisi_qm_bus_to_vdev(struct hisi_qm_bus *bus);

/**
 * Map all of EAL's memory and follow its growth and shrinking.
 *
 * @return 0 or -errno after one message
 */
int hisi_qm_vdev_dma_start(struct hisi_qm_bus_vdev *vdev);

/**
 * Map all of it over a new connection. The caller holds EAL's memory lock for reading.
 *
 * @return 0 or -errno, no message
 */
int hisi_qm_vdev_dma_redo(struct hisi_qm_bus_vdev *vdev);

/** The application's own memory again; 0 or -errno after one message. */
int hisi_qm_vdev_extmem_redo(struct hisi_qm_bus_vdev *vdev);

/** Forget the application's own memory. */
void hisi_qm_vdev_extmem_forget(struct hisi_qm_bus_vdev *vdev);

/** Follow no longer. What is mapped stays until the connection ends. */
void hisi_qm_vdev_dma_stop(struct hisi_qm_bus_vdev *vdev);

#endif /* HISI_QM_BUS_VDEV_H */
