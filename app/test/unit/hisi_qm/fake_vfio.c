/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/vfio.h>

#include <hisi_qm_regs.h>

#include "fake_vfio.h"

/* How vfio-pci lays regions out in its descriptor. */
#define FAKE_REGION_OFFSET(index) ((off_t)(index) << 40)
#define CONFIG_COMMAND 4
#define COMMAND_MASTER 4

static struct fake_vfio *the_vfio;

static int
fail_with(int error)
{
	errno = error;
	return -1;
}

static int
region_info(const struct fake_vfio *vfio, struct vfio_region_info *info)
{
	assert_true(info->argsz >= sizeof(*info));
	info->size = info->index == HISI_QM_BAR ? vfio->bar2_shown :
		info->index == HISI_QM_ISOLATION_BAR ? vfio->bar4_shown : 0;
	info->flags = vfio->no_mmap ? 0 : VFIO_REGION_INFO_FLAG_MMAP;
	return 0;
}

/* Place in notices[], -1: it is none. */
static int
notice_of(uint32_t index)
{
	return index == VFIO_PCI_REQ_IRQ_INDEX ? 0 : index == VFIO_PCI_ERR_IRQ_INDEX ? 1 : -1;
}

static int
irq_info(const struct fake_vfio *vfio, struct vfio_irq_info *info)
{
	if (info->index == VFIO_PCI_MSI_IRQ_INDEX)
		info->count = vfio->vectors;
	else if (vfio->has_notices && notice_of(info->index) >= 0)
		info->count = 1;
	else
		return fail_with(EINVAL);
	info->flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
	return 0;
}

static int
set_irqs(struct fake_vfio *vfio, const struct vfio_irq_set *set)
{
	assert_int_equal(set->start, 0);
	if (notice_of(set->index) >= 0) {
		assert_int_equal(set->count, 1);
		memcpy(&vfio->notices[notice_of(set->index)], set->data, sizeof(int));
		return vfio->irqs_error != 0 ? fail_with(vfio->irqs_error) : 0;
	}
	assert_int_equal(set->index, VFIO_PCI_MSI_IRQ_INDEX);
	vfio->irq_calls++;
	if (set->count == 0) {
		assert_int_equal(set->flags, VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE);
		vfio->irqs_set = 0;
		return 0;
	}
	assert_int_equal(set->flags, VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD);
	assert_int_equal(set->argsz, sizeof(*set) + set->count * sizeof(int));
	assert_true(set->count <= vfio->vectors && set->count <= FAKE_VFIO_EVENTFDS);
	if (vfio->irqs_error != 0)
		return fail_with(vfio->irqs_error);
	if (set->count > vfio->vectors_given)
		return (int)vfio->vectors_given;
	memcpy(vfio->eventfds, set->data, set->count * sizeof(int));
	vfio->irqs_set = set->count;
	return 0;
}

int
ioctl(int fd, unsigned long request, ...)
{
	struct fake_vfio *vfio = the_vfio;
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	if (vfio == NULL || fd != vfio->fd)
		return (int)syscall(SYS_ioctl, fd, request, arg);
	switch (request) {
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(vfio, arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return irq_info(vfio, arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(vfio, arg);
	case VFIO_DEVICE_RESET:
		vfio->resets++;
		if (vfio->locked_resets != 0) {
			vfio->locked_resets--;
			return fail_with(EAGAIN);
		}
		if (vfio->dies_of_reset)
			memset(vfio->bar2, 0xff, FAKE_VFIO_BAR2_LEN);
		return vfio->reset_error == 0 ? 0 : fail_with(vfio->reset_error);
	default:
		fail_msg("ioctl 0x%lx", request);
		return -1;
	}
}

/* The last byte of a sticky bit: the device's answer to a write that it ignores. */
ssize_t
pwrite64(int fd, const void *buf, size_t len, off64_t offset)
{
	struct fake_vfio *vfio = the_vfio;
	uint16_t command;

	if (vfio != NULL && fd == vfio->fd && vfio->master_sticks && len == sizeof(command) &&
			offset == FAKE_REGION_OFFSET(VFIO_PCI_CONFIG_REGION_INDEX) +
			CONFIG_COMMAND) {
		memcpy(&command, buf, sizeof(command));
		command |= COMMAND_MASTER;
		return syscall(SYS_pwrite64, fd, &command, sizeof(command), offset);
	}
	return syscall(SYS_pwrite64, fd, buf, len, offset);
}

int
rte_pci_map_device(struct rte_pci_device *dev)
{
	struct fake_vfio *vfio = the_vfio;

	assert_ptr_equal(dev, &vfio->pci);
	vfio->maps++;
	if (vfio->map_result != 0)
		return vfio->map_result;
	dev->mem_resource[HISI_QM_BAR].addr = vfio->bar2;
	dev->mem_resource[HISI_QM_ISOLATION_BAR].addr = vfio->bar4_shown != 0 ? vfio->bar4 : NULL;
	return rte_intr_dev_fd_set(dev->intr_handle, vfio->fd);
}

void
rte_pci_unmap_device(struct rte_pci_device *dev)
{
	assert_ptr_equal(dev, &the_vfio->pci);
	the_vfio->unmaps++;
}

uint16_t
fake_vfio_command(struct fake_vfio *vfio)
{
	uint16_t command = 0;

	assert_int_equal(pread(vfio->fd, &command, sizeof(command),
		FAKE_REGION_OFFSET(VFIO_PCI_CONFIG_REGION_INDEX) + CONFIG_COMMAND), 2);
	return command;
}

struct fake_vfio *
fake_vfio_new(void)
{
	struct fake_vfio *vfio = calloc(1, sizeof(*vfio));
	const uint16_t command = 0x0006;

	assert_non_null(vfio);
	assert_null(the_vfio);
	the_vfio = vfio;
	vfio->fd = memfd_create("fake_vfio", MFD_CLOEXEC);
	assert_true(vfio->fd >= 0);
	assert_int_equal(ftruncate(vfio->fd,
		FAKE_REGION_OFFSET(VFIO_PCI_CONFIG_REGION_INDEX) + 256), 0);
	assert_int_equal(syscall(SYS_pwrite64, vfio->fd, &command, sizeof(command),
		FAKE_REGION_OFFSET(VFIO_PCI_CONFIG_REGION_INDEX) + CONFIG_COMMAND), 2);
	vfio->bar2 = aligned_alloc(4096, FAKE_VFIO_BAR2_LEN);
	vfio->bar4 = aligned_alloc(4096, FAKE_VFIO_BAR4_LEN);
	assert_true(vfio->bar2 != NULL && vfio->bar4 != NULL);
	memset(vfio->bar2, 0, FAKE_VFIO_BAR2_LEN);
	memset(vfio->bar4, 0, FAKE_VFIO_BAR4_LEN);
	vfio->bar2_shown = FAKE_VFIO_BAR2_LEN;
	vfio->vectors = vfio->vectors_given = 4;
	snprintf(vfio->pci.name, sizeof(vfio->pci.name), "0000:75:00.1");
	vfio->pci.device.name = vfio->pci.name;
	vfio->pci.device.devargs = &vfio->devargs;
	vfio->devargs.policy = RTE_DEV_ALLOWED;
	vfio->pci.kdrv = RTE_PCI_KDRV_VFIO;
	vfio->pci.mem_resource[HISI_QM_BAR].len = FAKE_VFIO_BAR2_LEN;
	vfio->pci.intr_handle = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	assert_non_null(vfio->pci.intr_handle);
	return vfio;
}

void
fake_vfio_free(struct fake_vfio *vfio)
{
	rte_intr_instance_free(vfio->pci.intr_handle);
	close(vfio->fd);
	free(vfio->bar2);
	free(vfio->bar4);
	free(vfio);
	the_vfio = NULL;
}
