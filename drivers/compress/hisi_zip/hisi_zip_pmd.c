/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bus_pci_driver.h>
#include <bus_vdev_driver.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <rte_version.h>

#include "hisi_qm_devargs.h"
#include "hisi_zip.h"

RTE_LOG_REGISTER_DEFAULT(hisi_zip_logtype, INFO);

static struct rte_vdev_driver hisi_zip_vdev_driver;

/* The zone of the library's shared data of a device. */
static const struct rte_memzone *
zip_data_zone(unsigned int dev_id)
{
	char name[RTE_MEMZONE_NAMESIZE];

	snprintf(name, sizeof(name), "rte_compressdev_data_%u", dev_id);
	return rte_memzone_lookup(name);
}

/* The library leaves the zone of a destroyed device behind, and the next device needs its name. */
static void
zip_free_data_zone(uint8_t dev_id)
{
	const struct rte_memzone *zone = zip_data_zone(dev_id);

	if (zone != NULL)
		(void)rte_memzone_free(zone);
}

/* Functions have an address of their own in each process. */
static compressdev_dequeue_pkt_burst_t
zip_dequeue_burst(const struct hisi_zip_dev *zip)
{
	return hisi_zip_generation_get(zip->qm->version)->trailer_len == 0 ?
		hisi_zip_dequeue_burst : hisi_zip_dequeue_burst_trailer;
}

/* The class device of a function that stands. */
static int
zip_create(struct rte_vdev_device *vdev, const char *name, struct hisi_qm_dev *qm)
{
	struct rte_compressdev_pmd_init_params params = { .name = "" };
	struct rte_compressdev *dev;
	struct hisi_zip_dev *zip;
	uint8_t dev_id;
	int ret;

	params.socket_id = vdev->device.numa_node >= 0 ? vdev->device.numa_node :
		(int)rte_socket_id();
	dev = rte_compressdev_pmd_create(name, &vdev->device, sizeof(*zip), &params);
	if (dev == NULL) {
		HISI_ZIP_LOG(ERR, "%s: compressdev did not take the device; is the name in use?", name);
		return -ENODEV;
	}
	zip = dev->data->dev_private;
	zip->qm = qm;
	ret = hisi_zip_capabilities_init(zip);
	if (ret != 0) {
		dev_id = dev->data->dev_id;
		if (rte_compressdev_pmd_destroy(dev) == 0)
			zip_free_data_zone(dev_id);
		return ret;
	}
	dev->dev_ops = &hisi_zip_ops;
	dev->enqueue_burst = hisi_zip_enqueue_stopped;
	dev->dequeue_burst = zip_dequeue_burst(zip);
	dev->feature_flags = RTE_COMPDEV_FF_HW_ACCELERATED;
	hisi_zip_telemetry_register();
	return 0;
}

/* ---- secondary processes ---- */

/* The primary's data of the device of that name, and its id. */
static struct rte_compressdev_data *
zip_find_data(const char *name, uint8_t *dev_id)
{
	struct rte_compressdev_data *data;
	const struct rte_memzone *zone;
	unsigned int i;

	for (i = 0; i < RTE_COMPRESS_MAX_DEVS; i++) {
		zone = zip_data_zone(i);
		data = zone != NULL ? zone->addr : NULL;
		if (data != NULL && strcmp(data->name, name) == 0) {
			*dev_id = (uint8_t)i;
			return data;
		}
	}
	return NULL;
}

/*
 * rte_compressdev_pmd_allocate() takes the first free id of this process, overwrites the name in
 * the shared data of that id and clears its dev_started. So the id must be the primary's, and what
 * was started is put back.
 */
static struct rte_compressdev *
zip_adopt(const char *name)
{
	struct rte_compressdev_data *data;
	struct rte_compressdev *dev;
	uint8_t dev_id = 0, started;

	data = zip_find_data(name, &dev_id);
	if (data == NULL) {
		HISI_ZIP_LOG(ERR, "%s: the primary process has no such device", name);
		return NULL;
	}
	if (rte_compressdev_count() != dev_id) {
		HISI_ZIP_LOG(ERR, "%s: id %u of the primary process is not free in this one; start both with the same devices",
			name, dev_id);
		return NULL;
	}
	started = data->dev_started;
	dev = rte_compressdev_pmd_allocate(name, data->socket_id);
	data->dev_started = started;
	return dev;
}

/* Release without the library's close, which would release the primary's queue pairs. */
static void
zip_abandon(struct rte_compressdev *dev)
{
	dev->dev_ops = NULL;
	(void)rte_compressdev_pmd_release_device(dev);
	dev->data = NULL;
}

static int
zip_attach(struct rte_vdev_device *vdev, const char *name)
{
	struct rte_compressdev *dev = zip_adopt(name);
	struct hisi_zip_dev *zip;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	zip = dev->data->dev_private;
	ret = hisi_qm_dev_attach(zip->qm);
	if (ret != 0) {
		zip_abandon(dev);
		return ret;
	}
	dev->device = &vdev->device;
	dev->dev_ops = &hisi_zip_secondary_ops;
	dev->enqueue_burst = hisi_zip_enqueue_burst;
	dev->dequeue_burst = zip_dequeue_burst(zip);
	dev->feature_flags = RTE_COMPDEV_FF_HW_ACCELERATED;
	hisi_zip_telemetry_register();
	return 0;
}

static int
zip_detach(const char *name)
{
	struct rte_compressdev *dev = rte_compressdev_pmd_get_named_dev(name);
	struct hisi_zip_dev *zip;

	if (dev == NULL)
		return 0;
	zip = dev->data->dev_private;
	hisi_qm_dev_detach(zip->qm);
	zip_abandon(dev);
	return 0;
}

/* ---- the primary ---- */

/*
 * What rte_compressdev_stop() and _close() do. They refuse an id that is not below the number of
 * devices, as that of the second of two devices is once the first was removed.
 */
static int
zip_end(struct rte_compressdev *dev)
{
	uint16_t i;
	int ret;

	dev->dev_ops->dev_stop(dev);
	dev->data->dev_started = 0;
	for (i = 0; i < dev->data->nb_queue_pairs; i++) {
		ret = dev->dev_ops->queue_pair_release(dev, i);
		if (ret != 0)
			return ret;
	}
	rte_free(dev->data->queue_pairs);
	dev->data->queue_pairs = NULL;
	dev->data->nb_queue_pairs = 0;
	dev->dev_ops = NULL;
	return rte_compressdev_pmd_destroy(dev);
}

static int
hisi_zip_vdev_probe(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct hisi_qm_devargs args;
	struct hisi_qm_bus *bus;
	struct hisi_qm_dev *qm;
	int ret;

	if (name == NULL)
		return -EINVAL;
	ret = hisi_qm_check_release(name, rte_version());
	if (ret != 0)
		return ret;
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return zip_attach(vdev, name);
	ret = hisi_qm_devargs_parse(name, rte_vdev_device_args(vdev), true, &args);
	if (ret == 0)
		ret = hisi_qm_bus_vdev_open(name, &hisi_zip_engine, &args, &bus);
	if (ret == 0)
		ret = hisi_qm_dev_open(name, &hisi_zip_engine, &args, bus, vdev->device.numa_node,
			&qm);
	if (ret != 0)
		return ret;
	ret = zip_create(vdev, name, qm);
	if (ret != 0)
		hisi_qm_dev_close(qm);
	return ret;
}

static int
hisi_zip_vdev_remove(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct rte_compressdev *dev;
	struct hisi_zip_dev *zip;
	struct hisi_qm_dev *qm;
	uint8_t dev_id;
	int ret;

	if (name == NULL)
		return -EINVAL;
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return zip_detach(name);
	dev = rte_compressdev_pmd_get_named_dev(name);
	if (dev == NULL)
		return -ENODEV;
	zip = dev->data->dev_private;
	qm = zip->qm;
	dev_id = dev->data->dev_id;
	zip->leaving = true;
	ret = zip_end(dev);
	if (ret != 0) {
		zip->leaving = false;
		return ret;
	}
	zip_free_data_zone(dev_id);
	hisi_qm_dev_close(qm);
	return 0;
}

/* The function behind a vdev, NULL: none in this process. */
static struct hisi_qm_dev *
zip_find(const struct rte_vdev_device *vdev)
{
	struct rte_compressdev *dev;
	const char *name = rte_vdev_device_name(vdev);

	if (name == NULL || rte_eal_process_type() != RTE_PROC_PRIMARY)
		return NULL;
	dev = rte_compressdev_pmd_get_named_dev(name);
	return dev != NULL ? ((struct hisi_zip_dev *)dev->data->dev_private)->qm : NULL;
}

/* EAL wants its errors in rte_errno. */
static int
zip_dma_result(int ret)
{
	if (ret == 0)
		return 0;
	rte_errno = -ret;
	return -1;
}

static int
hisi_zip_vdev_dma_map(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = zip_find(vdev);

	return zip_dma_result(qm != NULL ? hisi_qm_dev_dma_map(qm, addr, iova, len) : -ENODEV);
}

static int
hisi_zip_vdev_dma_unmap(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = zip_find(vdev);

	return zip_dma_result(qm != NULL ? hisi_qm_dev_dma_unmap(qm, addr, iova, len) : -ENODEV);
}

static struct rte_vdev_driver hisi_zip_vdev_driver = {
	.probe = hisi_zip_vdev_probe,
	.remove = hisi_zip_vdev_remove,
	.dma_map = hisi_zip_vdev_dma_map,
	.dma_unmap = hisi_zip_vdev_dma_unmap,
	.drv_flags = RTE_VDEV_DRV_NEED_IOVA_AS_VA,
};

/* Functions on the PCI bus: named, so that dpdk-devbind users and dpdk-pmdinfo find the driver. */
static const struct rte_pci_id hisi_zip_pci_ids[] = {
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_PF) },
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_VF) },
	{ .vendor_id = 0 },
};

static int
hisi_zip_pci_probe(struct rte_pci_driver *driver, struct rte_pci_device *device)
{
	RTE_SET_USED(driver);
	HISI_ZIP_LOG(NOTICE, "%s: functions on the PCI bus are not driven by this release, only the device model is (vdev " RTE_STR(HISI_ZIP_DRIVER_NAME) ")",
		device->device.name);
	return 1;
}

static struct rte_pci_driver hisi_zip_pci_driver = {
	.id_table = hisi_zip_pci_ids,
	.probe = hisi_zip_pci_probe,
};

/* One driver name on two buses: RTE_PMD_REGISTER_PCI() would export the name a second time. */
RTE_INIT(hisi_zip_pci_register)
{
	hisi_zip_pci_driver.driver.name = RTE_STR(HISI_ZIP_DRIVER_NAME);
	rte_pci_register(&hisi_zip_pci_driver);
}

RTE_PMD_REGISTER_VDEV(HISI_ZIP_DRIVER_NAME, hisi_zip_vdev_driver);
RTE_PMD_REGISTER_PARAM_STRING(HISI_ZIP_DRIVER_NAME, HISI_QM_VDEV_PARAM_STRING);
RTE_PMD_REGISTER_PCI_TABLE(HISI_ZIP_DRIVER_NAME, hisi_zip_pci_ids);
