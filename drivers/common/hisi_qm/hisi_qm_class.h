/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_CLASS_H
#define HISI_QM_CLASS_H

/**
 * @file
 * A class of devices on its two buses: what a driver's probe and remove do is the same for all of
 * them, what differs is how their library makes a device.
 */

#include <bus_pci_driver.h>
#include <bus_vdev_driver.h>

#include "hisi_qm_dev.h"

/** Map and unmap the doorbells of a function in a secondary process, as its bus does that. */
struct hisi_qm_attach {
	int (*attach)(struct rte_device *device, struct hisi_qm_dev *qm);
	void (*detach)(struct rte_device *device, struct hisi_qm_dev *qm);
};

/** A class. All const; each returns 0, or -errno after one message. */
struct hisi_qm_class {
	const struct hisi_qm_engine *engine;
	/**
	 * Create the class device of a function that stands (primary process).
	 *
	 * @param device of the bus, outlives the class device
	 * @param qm becomes the class device's, on success only
	 */
	int (*create)(struct rte_device *device, const char *name, struct hisi_qm_dev *qm);
	/**
	 * Take the class device and its function away, whatever is in flight.
	 *
	 * @return -EBUSY: lcores burst on it, said so, and it stays
	 */
	int (*destroy)(const char *name);
	/** Make the primary's class device usable in this secondary process. */
	int (*attach)(struct rte_device *device, const char *name,
		const struct hisi_qm_attach *bus);
	/** Undo attach(). @return -EBUSY as destroy() */
	int (*detach)(struct rte_device *device, const char *name,
		const struct hisi_qm_attach *bus);
	/** The function behind a class device of this process, NULL: there is none. */
	struct hisi_qm_dev *(*find)(const char *name);
};

/** Probe and remove of a driver on the vdev bus: a function of the model, by its socket. */
int hisi_qm_class_probe_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev);
int hisi_qm_class_remove_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev);

/** rte_dev_dma_map() on the vdev bus; as EAL wants it: -1 and rte_errno. */
int hisi_qm_class_map_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev,
	void *addr, uint64_t iova, size_t len);
int hisi_qm_class_unmap_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev,
	void *addr, uint64_t iova, size_t len);

/** Probe and remove of a driver on the PCI bus: a function that is bound to vfio-pci. */
int hisi_qm_class_probe_pci(const struct hisi_qm_class *class, struct rte_pci_device *pci);
int hisi_qm_class_remove_pci(const struct hisi_qm_class *class, struct rte_pci_device *pci);

#endif /* HISI_QM_CLASS_H */
