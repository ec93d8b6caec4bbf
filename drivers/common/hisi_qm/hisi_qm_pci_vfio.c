/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include <rte_cycles.h>

#include "hisi_qm_bus_pci.h"
#include "hisi_qm_log.h"

/*
 * What EAL does not do for us on the vfio device.
 *
 * rte_intr_enable() is never called: vfio-pci shows an MSI-X index of no vectors for functions that
 * have MSI only, and EAL's choice falls on that, or with --vfio-intr=msi on vector 0 alone.
 */

uint64_t
hisi_qm_pci_bar_len(const struct hisi_qm_bus_pci *pci, uint32_t index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (pci->pci->mem_resource[index].addr == NULL ||
			ioctl(pci->fd, VFIO_DEVICE_GET_REGION_INFO, &info) != 0 ||
			!(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
		return 0;
	return info.size;
}

/* A lock of the kernel that is held for a write to sysfs is free again within this. */
#define RESET_TRIES 100
#define RESET_STEP_US 2000

/*
 * Where somebody has the function's lock the kernel does not wait for it: the reset was not tried
 * then. It may be for a moment only, as for an attribute in sysfs; or for as long as we are there,
 * as for an unbind.
 */
int
hisi_qm_pci_reset(const struct hisi_qm_bus_pci *pci)
{
	int tries = RESET_TRIES, ret;

	while ((ret = ioctl(pci->fd, VFIO_DEVICE_RESET) == 0 ? 0 : -errno) == -EAGAIN &&
			--tries != 0)
		rte_delay_us_sleep(RESET_STEP_US);
	return ret;
}

/* @return 0; > 0: only so many vectors can be had; -errno */
static int
irqs_set(const struct hisi_qm_bus_pci *pci, uint32_t index, const int *fds, uint32_t count)
{
	union {
		struct vfio_irq_set set;
		uint8_t room[sizeof(struct vfio_irq_set) + sizeof(pci->bus.irq_fds)];
	} irqs;
	int ret;

	memset(&irqs, 0, sizeof(irqs));
	irqs.set.argsz = (uint32_t)(sizeof(irqs.set) + count * sizeof(int));
	irqs.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		(count != 0 ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	irqs.set.index = index;
	irqs.set.count = count;
	if (count != 0)
		memcpy(irqs.room + sizeof(irqs.set), fds, count * sizeof(int));
	ret = ioctl(pci->fd, VFIO_DEVICE_SET_IRQS, &irqs);
	return ret < 0 ? -errno : ret;
}

static int
msi_set(const struct hisi_qm_bus_pci *pci, uint32_t count)
{
	return irqs_set(pci, VFIO_PCI_MSI_IRQ_INDEX, pci->bus.irq_fds, count);
}

static void
irqs_close(struct hisi_qm_bus_pci *pci, uint32_t from)
{
	uint32_t i;

	for (i = from; i < HISI_QM_MAX_VECTORS; i++) {
		if (pci->bus.irq_fds[i] >= 0)
			close(pci->bus.irq_fds[i]);
		pci->bus.irq_fds[i] = -1;
	}
}

/* Vectors of that kind, at most those that we know. */
static uint32_t
irqs_count(const struct hisi_qm_bus_pci *pci, uint32_t index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(pci->fd, VFIO_DEVICE_GET_IRQ_INFO, &info) != 0 ||
			!(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return 0;
	return RTE_MIN(info.count, (uint32_t)HISI_QM_MAX_VECTORS);
}

void
hisi_qm_pci_irqs_start(struct hisi_qm_bus_pci *pci)
{
	uint32_t wanted = irqs_count(pci, VFIO_PCI_MSI_IRQ_INDEX), count;
	int ret = 0;

	for (count = 0; ret == 0 && count < wanted; count++) {
		pci->bus.irq_fds[count] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (pci->bus.irq_fds[count] < 0)
			ret = -errno;
	}
	if (ret == 0 && count != 0)
		ret = msi_set(pci, count);
	/* No remapping of interrupts, no more than one: the kernel says how many it could give. */
	if (ret > 0 && (uint32_t)ret < count) {
		count = (uint32_t)ret;
		ret = msi_set(pci, count);
	}
	if (ret != 0)
		count = 0;
	pci->nb_vectors = count;
	irqs_close(pci, count);
	if (count == 0 || count < wanted)
		HISI_QM_LOG(WARNING, "%s: %" PRIu32 " of %" PRIu32 " MSI vectors%s%s; errors of the device are noticed later, by looking",
			pci->bus.name, count, wanted, ret < 0 ? ": " : "",
			ret < 0 ? strerror(-ret) : "");
}

void
hisi_qm_pci_irqs_stop(struct hisi_qm_bus_pci *pci)
{
	if (pci->nb_vectors != 0)
		(void)msi_set(pci, 0);
	pci->nb_vectors = 0;
	irqs_close(pci, 0);
}

/* @return eventfd, -1: there is no such notice */
static int
notice_start(const struct hisi_qm_bus_pci *pci, uint32_t index)
{
	int fd;

	if (irqs_count(pci, index) != 1)
		return -1;
	fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (fd >= 0 && irqs_set(pci, index, &fd, 1) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * EAL asks for requests too when it maps the function; ours takes the place of its eventfd, so that
 * the function is quiet before the application is told.
 */
void
hisi_qm_pci_notices_start(struct hisi_qm_bus_pci *pci)
{
	pci->bus.request_fd = notice_start(pci, VFIO_PCI_REQ_IRQ_INDEX);
	pci->bus.error_fd = notice_start(pci, VFIO_PCI_ERR_IRQ_INDEX);
}

/*
 * The kernel's side stays as it is until the descriptor of the device is closed: EAL takes the
 * notice of requests away before, and fails to release the device if it is not there any more.
 */
void
hisi_qm_pci_notices_stop(struct hisi_qm_bus_pci *pci)
{
	if (pci->bus.request_fd >= 0)
		close(pci->bus.request_fd);
	if (pci->bus.error_fd >= 0)
		close(pci->bus.error_fd);
	pci->bus.request_fd = -1;
	pci->bus.error_fd = -1;
}
