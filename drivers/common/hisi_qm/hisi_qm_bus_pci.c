/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_io.h>
#include <rte_string_fns.h>

#include "hisi_qm_bus_pci.h"
#include "hisi_qm_doorbell.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* Every register that a driver of a VF needs lies below (qm.md 1.3). */
#define PCI_BAR_LEN_MIN 0x4000
/* Every function has it. Only bit 0 is known; that it is never all ones is [INF] (qm.md 2.1). */
#define PCI_PROBE_REGISTER HISI_QM_VF_EQ_INT_MASK
#define PCI_RESET_TIMEOUT_MS 1000
#define PCI_COMMAND_REGISTER 0x04
#define PCI_COMMAND_MASTER_BIT HISI_BIT32(2)

static struct hisi_qm_bus_pci *
to_pci(struct hisi_qm_bus *bus)
{
	return container_of(bus, struct hisi_qm_bus_pci, bus);
}

static int
pci_config_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	return rte_pci_read_config(to_pci(bus)->pci, buf, len, offset) == (int)len ? 0 : -EIO;
}

static int
pci_config_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	return rte_pci_write_config(to_pci(bus)->pci, buf, len, offset) == (int)len ? 0 : -EIO;
}

/* Of the 16 bytes as one access: arm64's pair (qm.md 3.3), elsewhere two halves. */
static void
load_pair(const volatile void *from, uint64_t pair[2])
{
#ifdef RTE_ARCH_ARM64
	asm volatile("ldp %0, %1, [%2]" : "=r"(pair[0]), "=r"(pair[1]) : "r"(from) : "memory");
#else
	pair[0] = rte_read64(from);
	pair[1] = rte_read64((const volatile uint8_t *)from + 8);
#endif
}

/* The mailbox starts with the last byte (qm.md 3.5), hence the low half first. */
static void
store_pair(volatile void *to, const uint64_t pair[2])
{
#ifdef RTE_ARCH_ARM64
	asm volatile("stp %0, %1, [%2]" : : "r"(pair[0]), "r"(pair[1]), "r"(to) : "memory");
#else
	rte_write64(pair[0], to);
	rte_write64(pair[1], (volatile uint8_t *)to + 8);
#endif
}

/* Whole, aligned and inside: a wild offset must not reach other memory of the process. */
static int
pci_check(const struct hisi_qm_bus *bus, uint32_t offset, uint32_t len)
{
	if (len != 4 && len != 8 && len != 16)
		return -EINVAL;
	if (offset % len != 0 || len > bus->bar_len || offset > bus->bar_len - len)
		return -ERANGE;
	return 0;
}

static int
pci_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	const volatile uint8_t *at = to_pci(bus)->bar + offset;
	int ret = pci_check(bus, offset, len);
	uint64_t pair[2] = { 0, 0 };
	uint32_t word;

	if (ret != 0)
		return ret;
	if (len == 4) {
		word = rte_read32(at);
		memcpy(buf, &word, sizeof(word));
		return 0;
	}
	if (len == 8)
		pair[0] = rte_read64(at);
	else
		load_pair(at, pair);
	rte_io_rmb();
	memcpy(buf, pair, len);
	return 0;
}

static int
pci_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	volatile uint8_t *at = to_pci(bus)->bar + offset;
	int ret = pci_check(bus, offset, len);
	uint64_t pair[2];
	uint32_t word;

	if (ret != 0)
		return ret;
	/* What the register refers to must be visible first (qm.md 3.3, 4.5). */
	rte_io_wmb();
	if (len == 4) {
		memcpy(&word, buf, sizeof(word));
		rte_write32(word, at);
		return 0;
	}
	memcpy(pair, buf, len);
	if (len == 8)
		rte_write64(pair[0], at);
	else
		store_pair(at, pair);
	return 0;
}

/* qm.md 4.2: one register for all queues, or a page of BAR4 for each. */
static uint64_t *
pci_doorbell(struct hisi_qm_bus *bus, uint16_t qn, enum hisi_qm_bus_doorbell which)
{
	struct hisi_qm_bus_pci *pci = to_pci(bus);
	volatile uint8_t *at = pci->bar + HISI_QM_DOORBELL_SQ_CQ;

	RTE_SET_USED(which);
	if (qn >= bus->max_queues)
		return NULL;
	if (pci->queue_bar != NULL)
		at = pci->queue_bar + hisi_qm_doorbell_isolated(qn);
	return (uint64_t *)(uintptr_t)at;
}

static int
pci_isolate(struct hisi_qm_bus *bus, bool on)
{
	struct hisi_qm_bus_pci *pci = to_pci(bus);
	uint64_t pages;

	pci->queue_bar = NULL;
	bus->max_queues = HISI_QM_MAX_QUEUES;
	if (!on)
		return 0;
	pages = hisi_qm_pci_bar_len(pci, HISI_QM_ISOLATION_BAR) / HISI_QM_ISOLATION_STRIDE;
	if (pages == 0)
		return -ENOTSUP;
	pci->queue_bar = pci->pci->mem_resource[HISI_QM_ISOLATION_BAR].addr;
	bus->max_queues = (uint16_t)RTE_MIN(pages, (uint64_t)HISI_QM_MAX_QUEUES);
	return 0;
}

/* Is it there? A function that has left the bus reads as all ones. */
static int
pci_alive(struct hisi_qm_bus *bus)
{
	return rte_read32(to_pci(bus)->bar + PCI_PROBE_REGISTER) == UINT32_MAX ? -ENODEV : 0;
}

static int
pci_ping(struct hisi_qm_bus *bus, uint32_t timeout_ms)
{
	/* A load does not wait for long: the answer comes, or all ones. */
	RTE_SET_USED(timeout_ms);
	return pci_alive(bus);
}

/*
 * The kernel waits for configuration space only, and the bus master bit that went off and on with
 * the reset may have set off another one in the chip (qm.md 6.1).
 */
static int
pci_reset(struct hisi_qm_bus *bus)
{
	uint32_t waited_ms;
	int ret;

	/* The kernel would wait for a minute for a function that is gone. */
	if (pci_alive(bus) != 0)
		return -ENODEV;
	ret = hisi_qm_pci_reset(to_pci(bus));
	for (waited_ms = 0; ret == 0 && pci_alive(bus) != 0; waited_ms++) {
		if (waited_ms == PCI_RESET_TIMEOUT_MS)
			return -ENODEV;
		rte_delay_us_sleep(1000);
	}
	return ret;
}

/*
 * The IOMMU's maps are EAL's and may serve other devices; bus mastering is this function's own.
 * That these endpoints, which sit on the SoC's bus (qm.md 1.1), obey it is [INF].
 */
static int
pci_revoke(struct hisi_qm_bus *bus)
{
	uint16_t command = 0;
	int ret;

	ret = pci_config_read(bus, PCI_COMMAND_REGISTER, &command, sizeof(command));
	if (ret != 0)
		return ret;
	command &= (uint16_t)~PCI_COMMAND_MASTER_BIT;
	ret = pci_config_write(bus, PCI_COMMAND_REGISTER, &command, sizeof(command));
	if (ret == 0)
		ret = pci_config_read(bus, PCI_COMMAND_REGISTER, &command, sizeof(command));
	if (ret != 0)
		return ret;
	return command & PCI_COMMAND_MASTER_BIT ? -EIO : 0;
}

static void
pci_describe(struct hisi_qm_bus *bus, char *buf, uint32_t len)
{
	snprintf(buf, len, "PCI function %s", to_pci(bus)->pci->name);
}

static void
pci_close(struct hisi_qm_bus *bus)
{
	struct hisi_qm_bus_pci *pci = to_pci(bus);

	hisi_qm_pci_irqs_stop(pci);
	hisi_qm_pci_notices_stop(pci);
	rte_pci_unmap_device(pci->pci);
	free(pci);
}

static const struct hisi_qm_bus_ops pci_ops = {
	.name = "vfio-pci",
	.config_read = pci_config_read,
	.config_write = pci_config_write,
	.read = pci_read,
	.write = pci_write,
	.doorbell = pci_doorbell,
	.isolate = pci_isolate,
	.reset = pci_reset,
	.alive = pci_alive,
	.ping = pci_ping,
	.revoke = pci_revoke,
	.describe = pci_describe,
	.close = pci_close,
};

/* The kernel driver that the function is bound to, for a message. */
static void
pci_driver_name(const struct rte_pci_device *pci, char *name, size_t len)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t got;

	snprintf(path, sizeof(path), "%s/%s/driver", rte_pci_get_sysfs_path(), pci->name);
	got = readlink(path, target, sizeof(target) - 1);
	if (got < 0) {
		strlcpy(name, "no driver", len);
		return;
	}
	target[got] = '\0';
	last = strrchr(target, '/');
	strlcpy(name, last != NULL ? last + 1 : target, len);
}

int
hisi_qm_bus_pci_check(const struct rte_pci_device *pci)
{
	const struct rte_devargs *devargs = pci->device.devargs;
	char driver[64];

	if (pci->kdrv != RTE_PCI_KDRV_VFIO) {
		/* Found by a scan only, it may well be the kernel's: that is nobody's mistake. */
		if (devargs == NULL || devargs->policy != RTE_DEV_ALLOWED)
			return 1;
		pci_driver_name(pci, driver, sizeof(driver));
		HISI_QM_LOG(ERR, "%s: bound to %s, not to vfio-pci; dpdk-devbind.py -b vfio-pci %s",
			pci->name, driver, pci->name);
		return -ENOTSUP;
	}
	if (rte_eal_iova_mode() != RTE_IOVA_VA) {
		HISI_QM_LOG(ERR, "%s: IOVA mode is not VA, so a pointer is no device address; switch the IOMMU on and start with --iova-mode=va",
			pci->name);
		return -EINVAL;
	}
	return 0;
}

static int
pci_map(struct rte_pci_device *pci)
{
	int ret = rte_pci_map_device(pci);

	if (ret == 0)
		return 0;
	HISI_QM_LOG(ERR, "%s: EAL cannot map the function through vfio-pci; see its message, or look at the limit of locked memory (ulimit -l), the other functions of the IOMMU group and the rights of /dev/vfio",
		pci->name);
	return ret < 0 ? ret : -ENODEV;
}

static int
pci_setup(struct hisi_qm_bus_pci *pci)
{
	uint64_t len;

	pci->fd = rte_intr_dev_fd_get(pci->pci->intr_handle);
	len = RTE_MIN(hisi_qm_pci_bar_len(pci, HISI_QM_BAR), (uint64_t)UINT32_MAX);
	if (len < PCI_BAR_LEN_MIN) {
		HISI_QM_LOG(ERR, "%s: BAR%u has %" PRIu64 " bytes that can be mapped, a queue manager needs %u",
			pci->bus.name, HISI_QM_BAR, len, PCI_BAR_LEN_MIN);
		return -ENODEV;
	}
	pci->bar = pci->pci->mem_resource[HISI_QM_BAR].addr;
	pci->bus.bar_len = (uint32_t)len;
	pci->bus.max_queues = HISI_QM_MAX_QUEUES;
	pci->bus.doorbells = pci->pci->mem_resource[HISI_QM_BAR].addr;
	pci->bus.doorbells_len = len;
	hisi_qm_pci_irqs_start(pci);
	hisi_qm_pci_notices_start(pci);
	return 0;
}

int
hisi_qm_bus_pci_open(struct rte_pci_device *device, struct hisi_qm_bus **out)
{
	struct hisi_qm_bus_pci *pci = calloc(1, sizeof(*pci));
	int ret, i;

	if (pci == NULL)
		return -ENOMEM;
	pci->bus.ops = &pci_ops;
	pci->bus.name = device->name;
	pci->bus.doorbells_fd = -1;
	pci->bus.hangup_fd = -1;
	pci->bus.request_fd = -1;
	pci->bus.error_fd = -1;
	pci->bus.eal_name = device->device.name;
	pci->bus.may_return = true;
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		pci->bus.irq_fds[i] = -1;
	pci->pci = device;
	ret = pci_map(device);
	if (ret != 0) {
		free(pci);
		return ret;
	}
	ret = pci_setup(pci);
	if (ret != 0) {
		pci_close(&pci->bus);
		return ret;
	}
	*out = &pci->bus;
	return 0;
}

int
hisi_qm_bus_pci_attach(struct rte_pci_device *device, struct hisi_qm_dev *dev)
{
	int ret = pci_map(device), fd;

	if (ret != 0)
		return ret;
	/* Queues hold pointers into the BAR. EAL maps it where the primary has it, or fails. */
	if (device->mem_resource[HISI_QM_BAR].addr != dev->doorbells) {
		HISI_QM_LOG(ERR, "%s: BAR%u lies elsewhere in this process than in the primary; start it again",
			device->name, HISI_QM_BAR);
		rte_pci_unmap_device(device);
		return -EADDRINUSE;
	}
	ret = hisi_qm_share_join(dev, &fd);
	if (fd >= 0)
		close(fd);
	if (ret != 0) {
		HISI_QM_LOG(ERR, "%s: the primary process does not take this one: %s",
			device->name, strerror(-ret));
		rte_pci_unmap_device(device);
	}
	return ret;
}

void
hisi_qm_bus_pci_detach(struct rte_pci_device *device, struct hisi_qm_dev *dev)
{
	rte_pci_unmap_device(device);
	hisi_qm_share_leave(dev);
}
