/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include <dev_driver.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "hisi_qm_telemetry.h"
#include "hisi_zip.h"

/* The class device of a function, whatever its bus; hisi_zip_pmd.c has the buses. */

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

/* ---- the primary ---- */

int
hisi_zip_device_create(struct rte_device *device, const char *name, struct hisi_qm_dev *qm)
{
	struct rte_compressdev_pmd_init_params params = { .name = "" };
	struct rte_compressdev *dev;
	struct hisi_zip_dev *zip;
	uint8_t dev_id;
	int ret;

	params.socket_id = device->numa_node >= 0 ? device->numa_node : (int)rte_socket_id();
	dev = rte_compressdev_pmd_create(name, device, sizeof(*zip), &params);
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
	hisi_qm_dev_set_counters(qm, &hisi_zip_counters, &zip->pairs);
	hisi_qm_telemetry_register(RTE_STR(HISI_ZIP_DRIVER_NAME));
	return 0;
}

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

int
hisi_zip_device_destroy(const char *name)
{
	struct rte_compressdev *dev = rte_compressdev_pmd_get_named_dev(name);
	struct hisi_zip_dev *zip;
	struct hisi_qm_dev *qm;
	uint8_t dev_id;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	if (hisi_zip_is_polled(dev))
		return -EBUSY;
	zip = dev->data->dev_private;
	qm = zip->qm;
	dev_id = dev->data->dev_id;
	zip->leaving = true;
	hisi_qm_dev_set_counters(qm, NULL, NULL);
	ret = zip_end(dev);
	if (ret != 0) {
		zip->leaving = false;
		hisi_qm_dev_set_counters(qm, &hisi_zip_counters, &zip->pairs);
		return ret;
	}
	zip_free_data_zone(dev_id);
	hisi_qm_dev_close(qm);
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

int
hisi_zip_device_attach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus)
{
	struct rte_compressdev *dev = zip_adopt(name);
	struct hisi_zip_dev *zip;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	zip = dev->data->dev_private;
	ret = bus->attach(device, zip->qm);
	if (ret != 0) {
		zip_abandon(dev);
		return ret;
	}
	dev->device = device;
	dev->dev_ops = &hisi_zip_secondary_ops;
	dev->enqueue_burst = hisi_zip_enqueue_burst;
	dev->dequeue_burst = zip_dequeue_burst(zip);
	dev->feature_flags = RTE_COMPDEV_FF_HW_ACCELERATED;
	hisi_qm_telemetry_register(RTE_STR(HISI_ZIP_DRIVER_NAME));
	return 0;
}

int
hisi_zip_device_detach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus)
{
	struct rte_compressdev *dev = rte_compressdev_pmd_get_named_dev(name);
	struct hisi_zip_dev *zip;

	if (dev == NULL)
		return 0;
	if (hisi_zip_is_polled(dev))
		return -EBUSY;
	zip = dev->data->dev_private;
	bus->detach(device, zip->qm);
	zip_abandon(dev);
	return 0;
}
