/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_BUS_PCI_H
#define HISI_QM_BUS_PCI_H

/**
 * @file
 * The vfio-pci bus: BARs mapped by EAL, the rest by ioctl on the descriptor that EAL opened.
 * Private to hisi_qm_bus_pci.c, hisi_qm_pci_vfio.c.
 */

#include <bus_pci_driver.h>

#include "hisi_qm_bus.h"

struct hisi_qm_bus_pci {
	struct hisi_qm_bus bus;
	struct rte_pci_device *pci;
	int fd;			/**< the vfio device, EAL's */
	volatile uint8_t *bar;	/**< BAR2, bus.bar_len bytes */
	volatile uint8_t *queue_bar; /**< BAR4 where queues have doorbell pages of their own */
	uint32_t nb_vectors;	/**< that raise their eventfd */
};

/**
 * Size of BAR @p index as vfio shows it, which can be less than the PCI resource.
 *
 * @return bytes, 0: no such BAR or not mapped
 */
uint64_t hisi_qm_pci_bar_len(const struct hisi_qm_bus_pci *pci, uint32_t index);

/** Reset the function by VFIO_DEVICE_RESET. @return 0 or -errno */
int hisi_qm_pci_reset(const struct hisi_qm_bus_pci *pci);

/**
 * Give each MSI vector an eventfd (bus.irq_fds), all in one call.
 *
 * Interrupts are an extra: with fewer vectors than the function has, or none, there is one message.
 */
void hisi_qm_pci_irqs_start(struct hisi_qm_bus_pci *pci);

/** Undo hisi_qm_pci_irqs_start(). */
void hisi_qm_pci_irqs_stop(struct hisi_qm_bus_pci *pci);

/**
 * Have vfio tell when the kernel wants the function back (bus.request_fd) or finds an error of its
 * link (bus.error_fd). A kernel or function without the one or the other is none the worse.
 */
void hisi_qm_pci_notices_start(struct hisi_qm_bus_pci *pci);

/** Listen no longer. */
void hisi_qm_pci_notices_stop(struct hisi_qm_bus_pci *pci);

#endif /* HISI_QM_BUS_PCI_H */
