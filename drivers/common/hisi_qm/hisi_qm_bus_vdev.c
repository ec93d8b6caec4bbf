/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_eal_memconfig.h>
#include <rte_string_fns.h>

#include "hisi_qm_bus_vdev.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_shadow.h"

/* At start: long enough for a loaded machine, short enough for a person. */
#define VDEV_CONNECT_TIMEOUT_MS 3000
/* A server that comes up answers in no time, and others wait for the control thread. */
#define VDEV_RECONNECT_TIMEOUT_MS 300
#define VDEV_REGION_TYPE (VFIO_USER_REGION_TYPE_PCI_VENDOR | HISI_PCI_VENDOR_ID)

static struct hisi_qm_bus_vdev *
to_vdev(struct hisi_qm_bus *bus)
{
	return container_of(bus, struct hisi_qm_bus_vdev, bus);
}

/* One word for "gone", whenever it was noticed. */
static int
vdev_result(int ret)
{
	return ret == -ECONNRESET || ret == -EPIPE ? -ENODEV : ret;
}

static int
vdev_config_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	return vdev_result(vfio_user_client_region_read(to_vdev(bus)->client,
		VFIO_USER_REGION_CONFIG, offset, buf, len));
}

static int
vdev_config_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	return vdev_result(vfio_user_client_region_write(to_vdev(bus)->client,
		VFIO_USER_REGION_CONFIG, offset, buf, len));
}

static int
vdev_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	return vdev_result(vfio_user_client_region_read(to_vdev(bus)->client,
		HISI_QM_BAR, offset, buf, len));
}

static int
vdev_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	return vdev_result(vfio_user_client_region_write(to_vdev(bus)->client,
		HISI_QM_BAR, offset, buf, len));
}

static uint64_t *
vdev_doorbell(struct hisi_qm_bus *bus, uint16_t qn, enum hisi_qm_bus_doorbell which)
{
	size_t offset = which == HISI_QM_BUS_DOORBELL_SQ ? HISI_QM_SHADOW_SQ_OFFSET(qn) :
		HISI_QM_SHADOW_CQ_OFFSET(qn);

	if (qn >= bus->max_queues)
		return NULL;
	return (uint64_t *)(void *)((uint8_t *)bus->doorbells + offset);
}

/* Slots are per queue already, and no doorbell of a queue is a message. */
static int
vdev_isolate(struct hisi_qm_bus *bus, bool on)
{
	RTE_SET_USED(bus);
	RTE_SET_USED(on);
	return 0;
}

static int
vdev_reset(struct hisi_qm_bus *bus)
{
	return vdev_result(vfio_user_client_device_reset(to_vdev(bus)->client));
}

static int
vdev_alive(struct hisi_qm_bus *bus)
{
	return vfio_user_client_check_alive(to_vdev(bus)->client);
}

static int
vdev_ping(struct hisi_qm_bus *bus, uint32_t timeout_ms)
{
	struct vfio_user_client *client = to_vdev(bus)->client;
	uint32_t value = 0;
	int ret;

	vfio_user_client_set_timeout(client, timeout_ms);
	ret = vdev_read(bus, HISI_QM_VF_EQ_INT_MASK, &value, sizeof(value));
	vfio_user_client_set_timeout(client, HISI_QM_VDEV_TIMEOUT_MS);
	if (ret == 0 && value == UINT32_MAX)
		return -ENODEV;
	return ret;
}

static int
vdev_revoke(struct hisi_qm_bus *bus)
{
	struct hisi_qm_bus_vdev *vdev = to_vdev(bus);
	int ret;

	/* Nor is what comes later, perhaps to an address that a descriptor of its still names. */
	rte_mcfg_mem_read_lock();
	ret = vfio_user_client_dma_unmap_all(vdev->client);
	vdev->is_revoked = ret == 0;
	rte_mcfg_mem_read_unlock();
	return vdev_result(ret);
}

static void
vdev_describe(struct hisi_qm_bus *bus, char *buf, uint32_t len)
{
	snprintf(buf, len, "the device model, pid %d",
		(int)vfio_user_client_peer_pid(to_vdev(bus)->client));
}

static void
vdev_close(struct hisi_qm_bus *bus)
{
	struct hisi_qm_bus_vdev *vdev = to_vdev(bus);
	int i;

	hisi_qm_vdev_dma_stop(vdev);
	hisi_qm_vdev_extmem_forget(vdev);
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		if (bus->irq_fds[i] >= 0)
			close(bus->irq_fds[i]);
	if (bus->doorbells != NULL)
		munmap(bus->doorbells, bus->doorbells_len);
	if (bus->doorbells_fd >= 0)
		close(bus->doorbells_fd);
	vfio_user_client_disconnect(vdev->client);
	free(vdev);
}

static int vdev_reconnect(struct hisi_qm_bus *bus);

static const struct hisi_qm_bus_ops vdev_ops = {
	.name = "vfio-user",
	.config_read = vdev_config_read,
	.config_write = vdev_config_write,
	.read = vdev_read,
	.write = vdev_write,
	.doorbell = vdev_doorbell,
	.isolate = vdev_isolate,
	.reset = vdev_reset,
	.alive = vdev_alive,
	.ping = vdev_ping,
	.revoke = vdev_revoke,
	.describe = vdev_describe,
	.reconnect = vdev_reconnect,
	.close = vdev_close,
};

struct hisi_qm_bus_vdev *
hisi_qm_bus_to_vdev(struct hisi_qm_bus *bus)
{
	return bus->ops == &vdev_ops ? to_vdev(bus) : NULL;
}

static void
vdev_log(void *opaque, enum vfio_user_log_level level, const char *line)
{
	const struct hisi_qm_bus_vdev *vdev = opaque;
	/*
	 * A problem of the protocol is told by who asked; here it is only for debugging. Until the
	 * bus is open that is vdev_connect() or vdev_setup(), with one line for the whole failure.
	 */
	uint32_t rte_level = level == VFIO_USER_LOG_ERR && vdev->is_open ?
		RTE_LOG_NOTICE : RTE_LOG_DEBUG;

	rte_log(rte_level, hisi_qm_logtype, "HISI_QM: %s: vfio-user: %s\n",
		vdev->bus.name, line);
}

static int
vdev_connect(struct hisi_qm_bus_vdev *vdev, uint32_t timeout_ms, uint32_t connect_timeout_ms,
	struct vfio_user_client **client, struct vfio_user_connect_error *error)
{
	struct vfio_user_client_opts opts = {
		.timeout_ms = timeout_ms,
		.connect_timeout_ms = connect_timeout_ms,
		.private_key = HISI_QM_SHADOW_KEY,
		.log = { vdev_log, vdev, VFIO_USER_LOG_WARNING },
	};

	return vfio_user_client_connect(vdev->path, &opts, error, client);
}

/*
 * An address that every process of an application is likely to have free, because secondaries must
 * map the doorbells at the same one: far from EAL's memory, program, heap and libraries. Where it
 * is taken or too high for the machine, the kernel chooses another.
 */
#define DOORBELL_ADDRESS ((void *)(uintptr_t)0x200000000000)

static int
vdev_map_doorbells(struct hisi_qm_bus *bus, const struct vfio_user_client_region *region)
{
	/* Queues, of other processes too, point into the mapping: a later one takes its place. */
	bool is_anew = bus->doorbells != NULL;
	void *checked, *at;
	int ret;

	if (is_anew && region->size != bus->doorbells_len) {
		HISI_QM_LOG(ERR, "%s: what the socket leads to now has %" PRIu64 " bytes of doorbells, it had %" PRIu64,
			bus->name, region->size, bus->doorbells_len);
		return -ENOTSUP;
	}

	/* Its size and seals are looked at there. */
	ret = vfio_user_client_map_region(region, &checked);
	if (ret != 0)
		return ret;
	munmap(checked, region->size);
	at = mmap(is_anew ? bus->doorbells : DOORBELL_ADDRESS, region->size,
		PROT_READ | PROT_WRITE, MAP_SHARED | (is_anew ? MAP_FIXED : 0), region->fd,
		(off_t)region->offset);
	if (at == MAP_FAILED)
		return -errno;
	/* Under its number, which somebody may be about to send to a secondary. */
	if (is_anew)
		return dup3(region->fd, bus->doorbells_fd, O_CLOEXEC) >= 0 ? 0 : -errno;
	bus->doorbells = at;
	bus->doorbells_len = region->size;
	bus->doorbells_fd = fcntl(region->fd, F_DUPFD_CLOEXEC, 0);
	bus->max_queues = (uint16_t)RTE_MIN(region->size / HISI_QM_SHADOW_STRIDE,
		(uint64_t)HISI_QM_MAX_QUEUES);
	return 0;
}

static bool
is_doorbell_region(const struct vfio_user_client_region *region)
{
	return region->has_type && region->type == VDEV_REGION_TYPE &&
		region->subtype == HISI_QM_SHADOW_REGION_SUBTYPE && region->offset == 0;
}

/* The BAR and the private region with the doorbell slots (hisi_qm_shadow.h). */
static int
vdev_find_regions(struct hisi_qm_bus_vdev *vdev)
{
	struct vfio_user_client_region region;
	struct vfio_user_device_info info;
	bool found = false;
	uint32_t index;
	int ret;

	ret = vfio_user_client_get_info(vdev->client, &info);
	if (ret == 0)
		ret = vfio_user_client_get_region_info(vdev->client, HISI_QM_BAR, &region);
	if (ret != 0)
		return ret;
	if (region.fd >= 0)
		close(region.fd);
	vdev->bus.bar_len = (uint32_t)RTE_MIN(region.size, (uint64_t)UINT32_MAX);
	for (index = VFIO_USER_REGION_PCI_NUM; index < info.num_regions; index++) {
		ret = vfio_user_client_get_region_info(vdev->client, index, &region);
		if (ret != 0)
			return ret;
		found = is_doorbell_region(&region);
		if (found)
			ret = vdev_map_doorbells(&vdev->bus, &region);
		if (region.fd >= 0)
			close(region.fd);
		if (ret != 0 || found)
			return ret;
	}
	return -ENOTSUP;
}

static int
vdev_setup_interrupts(struct hisi_qm_bus_vdev *vdev)
{
	struct vfio_user_irq_info info;
	uint32_t count, i;
	int ret;

	ret = vfio_user_client_get_irq_info(vdev->client, VFIO_USER_IRQ_MSI, &info);
	if (ret != 0)
		return ret;
	count = RTE_MIN(info.count, (uint32_t)HISI_QM_MAX_VECTORS);
	for (i = 0; i < count; i++) {
		if (vdev->bus.irq_fds[i] >= 0)
			continue;
		vdev->bus.irq_fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (vdev->bus.irq_fds[i] < 0)
			return -errno;
	}
	return count == 0 ? 0 : vfio_user_client_set_irqs(vdev->client, VFIO_USER_IRQ_MSI, 0,
		count, vdev->bus.irq_fds);
}

/* Where in configuration space a capability is, 0: nowhere. A list without an end is an error. */
static int
vdev_find_capability(struct hisi_qm_bus *bus, uint8_t id, uint8_t *position)
{
	/* All that fit behind the header, which is 0x40 long. */
	const uint32_t most = (256 - PCI_STD_HEADER_SIZEOF) / PCI_CAP_SIZEOF;
	uint8_t header[2] = { 0, 0 };
	uint32_t hops;
	int ret;

	ret = vdev_config_read(bus, PCI_CAPABILITY_LIST, position, sizeof(*position));
	for (hops = 0; ret == 0 && *position >= PCI_STD_HEADER_SIZEOF && hops < most; hops++) {
		*position = (uint8_t)RTE_ALIGN_FLOOR(*position, PCI_CAP_SIZEOF);
		ret = vdev_config_read(bus, *position, header, sizeof(header));
		if (ret != 0 || header[PCI_CAP_LIST_ID] == id)
			return ret;
		*position = header[PCI_CAP_LIST_NEXT];
	}
	*position = 0;
	return ret == 0 && hops == most ? -EPROTO : ret;
}

/*
 * The server checks the MSI capability like hardware (vfio-user.md 13.2): enable it for all
 * vectors. The address is the client's business and stays 0.
 */
static int
vdev_enable_msi(struct hisi_qm_bus_vdev *vdev)
{
	struct hisi_qm_bus *bus = &vdev->bus;
	uint8_t position = 0;
	uint16_t control = 0;
	uint32_t offered;
	int ret;

	ret = vdev_find_capability(bus, PCI_CAP_ID_MSI, &position);
	if (ret != 0 || position == 0)
		return ret;
	ret = vdev_config_read(bus, position + PCI_MSI_FLAGS, &control, sizeof(control));
	/* As many messages as the capability offers. */
	offered = HISI_FIELD_GET((uint32_t)PCI_MSI_FLAGS_QMASK, control);
	control = (uint16_t)((control & ~PCI_MSI_FLAGS_QSIZE) | PCI_MSI_FLAGS_ENABLE |
		HISI_FIELD_PREP((uint32_t)PCI_MSI_FLAGS_QSIZE, offered));
	if (ret == 0)
		ret = vdev_config_write(bus, position + PCI_MSI_FLAGS, &control, sizeof(control));
	return ret;
}

static bool
is_hung_up(int ret)
{
	return vdev_result(ret) == -ENODEV;
}

static int
vdev_setup(struct hisi_qm_bus_vdev *vdev, const struct hisi_qm_engine *engine)
{
	const char *name = vdev->bus.name;
	int ret = vdev_find_regions(vdev);
	uint16_t ids[2] = { 0, 0 };

	if (ret == -ENOTSUP) {
		(void)vdev_config_read(&vdev->bus, 0, ids, sizeof(ids));
		HISI_QM_LOG(ERR, "%s: function %04x:%04x offers no doorbell region: it is not dpdk-hisi-emu; check the socket",
			name, ids[0], ids[1]);
		return ret;
	}
	if (ret == 0)
		ret = vdev_setup_interrupts(vdev);
	if (ret == 0)
		ret = vdev_enable_msi(vdev);
	if (ret != 0) {
		HISI_QM_LOG(ERR, "%s: the server %s no usable %s function: %s", name,
			is_hung_up(ret) ? "hung up, it was" : "is", engine->name, strerror(-ret));
		return ret;
	}
	return hisi_qm_vdev_dma_start(vdev);
}

/* All that the new server must be told. The caller holds EAL's memory lock. */
static int
vdev_setup_anew(struct hisi_qm_bus_vdev *vdev)
{
	int ret = vdev_find_regions(vdev);

	if (ret == 0)
		ret = vdev_setup_interrupts(vdev);
	if (ret == 0)
		ret = vdev_enable_msi(vdev);
	if (ret == 0)
		ret = hisi_qm_vdev_dma_redo(vdev);
	if (ret == 0)
		ret = hisi_qm_vdev_extmem_redo(vdev);
	return ret;
}

static int
vdev_reconnect(struct hisi_qm_bus *bus)
{
	struct hisi_qm_bus_vdev *vdev = to_vdev(bus);
	struct vfio_user_client *old = vdev->client, *client;
	int ret;

	/* What goes wrong is told once, when the time is over. */
	vdev->is_open = false;
	ret = vdev_connect(vdev, VDEV_RECONNECT_TIMEOUT_MS, VDEV_RECONNECT_TIMEOUT_MS, &client,
		NULL);
	if (ret != 0)
		return ret;
	/* Memory that comes or goes meanwhile waits, and finds one client or the other. */
	rte_mcfg_mem_read_lock();
	vdev->client = client;
	ret = vdev_setup_anew(vdev);
	if (ret != 0)
		vdev->client = old;
	rte_mcfg_mem_read_unlock();
	vfio_user_client_disconnect(ret == 0 ? old : client);
	if (ret != 0)
		return ret;
	vfio_user_client_set_timeout(client, HISI_QM_VDEV_TIMEOUT_MS);
	bus->hangup_fd = vfio_user_client_fd(client);
	vdev->is_open = true;
	return 0;
}

int
hisi_qm_bus_vdev_open(const char *name, const struct hisi_qm_engine *engine,
	const struct hisi_qm_devargs *args, struct hisi_qm_bus **out)
{
	struct vfio_user_connect_error error;
	struct hisi_qm_bus_vdev *vdev;
	int ret, i;

	if (rte_eal_iova_mode() != RTE_IOVA_VA) {
		HISI_QM_LOG(ERR, "%s: IOVA mode is not VA, so a pointer is no device address; start with --iova-mode=va",
			name);
		return -EINVAL;
	}
	vdev = calloc(1, sizeof(*vdev));
	if (vdev == NULL)
		return -ENOMEM;
	vdev->bus.ops = &vdev_ops;
	vdev->bus.name = name;
	vdev->bus.doorbells_fd = -1;
	vdev->bus.request_fd = -1;
	vdev->bus.error_fd = -1;
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		vdev->bus.irq_fds[i] = -1;
	strlcpy(vdev->path, args->socket, sizeof(vdev->path));
	ret = vdev_connect(vdev, HISI_QM_VDEV_TIMEOUT_MS, VDEV_CONNECT_TIMEOUT_MS, &vdev->client,
		&error);
	if (ret != 0) {
		HISI_QM_LOG(ERR, "%s: %s", name, error.text);
		free(vdev);
		return ret;
	}
	vdev->bus.hangup_fd = vfio_user_client_fd(vdev->client);
	ret = vdev_setup(vdev, engine);
	if (ret != 0) {
		vdev_close(&vdev->bus);
		return ret;
	}
	vdev->is_open = true;
	*out = &vdev->bus;
	return 0;
}
