/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <dev_driver.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "hisi_qm_telemetry.h"
#include "hisi_sec.h"

/* The class device of a function, whatever its bus; hisi_sec_pmd.c has the buses. */

#define SEC_FEATURES \
	(RTE_CRYPTODEV_FF_SYMMETRIC_CRYPTO | RTE_CRYPTODEV_FF_HW_ACCELERATED | \
	 RTE_CRYPTODEV_FF_SYM_OPERATION_CHAINING | RTE_CRYPTODEV_FF_IN_PLACE_SGL | \
	 RTE_CRYPTODEV_FF_OOP_SGL_IN_SGL_OUT | RTE_CRYPTODEV_FF_OOP_SGL_IN_LB_OUT | \
	 RTE_CRYPTODEV_FF_OOP_LB_IN_SGL_OUT | RTE_CRYPTODEV_FF_OOP_LB_IN_LB_OUT | \
	 RTE_CRYPTODEV_FF_SYM_SESSIONLESS | RTE_CRYPTODEV_FF_SYM_RAW_DP)

/* hisi_qm_trouble_t: who registered a callback hears of it, from the control thread. */
static void
sec_trouble(void *opaque)
{
	rte_cryptodev_pmd_callback_process(opaque, RTE_CRYPTODEV_EVENT_ERROR);
}

/* ---- the primary ---- */

int
hisi_sec_device_create(struct rte_device *device, const char *name, struct hisi_qm_dev *qm)
{
	struct rte_cryptodev_pmd_init_params params = { .name = "",
		.private_data_size = sizeof(struct hisi_sec_dev),
		.max_nb_queue_pairs = qm->max_queues / 2 };
	struct rte_cryptodev *dev;
	struct hisi_sec_dev *sec;
	int ret;

	params.socket_id = device->numa_node >= 0 ? device->numa_node : (int)rte_socket_id();
	dev = rte_cryptodev_pmd_create(name, device, &params);
	if (dev == NULL) {
		HISI_SEC_LOG(ERR, "%s: cryptodev did not take the device; is the name in use?", name);
		return -ENODEV;
	}
	sec = dev->data->dev_private;
	sec->qm = qm;
	ret = hisi_sec_capabilities_init(sec);
	if (ret != 0) {
		(void)rte_cryptodev_pmd_destroy(dev);
		return ret;
	}
	dev->driver_id = hisi_sec_driver_id;
	dev->dev_ops = &hisi_sec_ops;
	dev->feature_flags = SEC_FEATURES;
	hisi_sec_set_bursts(dev);
	hisi_qm_dev_set_counters(qm, &hisi_sec_counters, &sec->pairs);
	hisi_qm_dev_set_trouble(qm, sec_trouble, dev);
	rte_cryptodev_pmd_probing_finish(dev);
	hisi_qm_telemetry_register(RTE_STR(HISI_SEC_DRIVER_NAME));
	return 0;
}

/* What rte_cryptodev_stop() and _close() do, and the array that they leave. */
static int
sec_end(struct rte_cryptodev *dev)
{
	void **queue_pairs = dev->data->queue_pairs;
	int ret;

	if (dev->data->dev_started)
		rte_cryptodev_stop(dev->data->dev_id);
	ret = rte_cryptodev_pmd_destroy(dev);
	if (ret == 0)
		rte_free(queue_pairs);
	return ret;
}

int
hisi_sec_device_destroy(const char *name)
{
	struct rte_cryptodev *dev = rte_cryptodev_pmd_get_named_dev(name);
	struct hisi_sec_dev *sec;
	struct hisi_qm_dev *qm;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	if (hisi_sec_is_polled(dev))
		return -EBUSY;
	sec = dev->data->dev_private;
	qm = sec->qm;
	hisi_qm_dev_set_trouble(qm, NULL, NULL);
	hisi_qm_dev_set_counters(qm, NULL, NULL);
	ret = sec_end(dev);
	if (ret != 0) {
		hisi_qm_dev_set_counters(qm, &hisi_sec_counters, &sec->pairs);
		hisi_qm_dev_set_trouble(qm, sec_trouble, dev);
		return ret;
	}
	hisi_qm_dev_close(qm);
	return 0;
}

/* ---- secondary processes ---- */

/* The id that the primary has for the device of that name, -1: none. */
static int
sec_find_id(const char *name)
{
	const struct rte_cryptodev_data *data;
	const struct rte_memzone *zone;
	char zone_name[RTE_MEMZONE_NAMESIZE];
	int i;

	for (i = 0; i < RTE_CRYPTO_MAX_DEVS; i++) {
		snprintf(zone_name, sizeof(zone_name), "rte_cryptodev_data_%d", i);
		zone = rte_memzone_lookup(zone_name);
		data = zone != NULL ? zone->addr : NULL;
		if (data != NULL && strcmp(data->name, name) == 0)
			return i;
	}
	return -1;
}

/* The library takes the first free id of this process, and with it that id's shared data. */
static struct rte_cryptodev *
sec_adopt(const char *name)
{
	int id = sec_find_id(name);

	if (id < 0) {
		HISI_SEC_LOG(ERR, "%s: the primary process has no such device", name);
		return NULL;
	}
	if (rte_cryptodev_count() != id) {
		HISI_SEC_LOG(ERR, "%s: id %u of the primary process is not free in this one; start both with the same devices",
			name, (unsigned int)id);
		return NULL;
	}
	return rte_cryptodev_pmd_allocate(name, SOCKET_ID_ANY);
}

/* Release without the library's close, which would release the primary's queue pairs. */
static void
sec_abandon(struct rte_cryptodev *dev)
{
	void *no_callbacks = dev->enq_cbs;

	/* The library would give them to EAL's heap. */
	dev->enq_cbs = NULL;
	dev->deq_cbs = NULL;
	dev->dev_ops = NULL;
	(void)rte_cryptodev_pmd_release_device(dev);
	dev->data = NULL;
	free(no_callbacks);
}

/*
 * The library's bursts look for callbacks of a queue pair in lists that only configure makes, and
 * that only the primary calls: without them each burst of a secondary is a stray access.
 */
static int
sec_have_no_callbacks(struct rte_cryptodev *dev, const struct hisi_qm_dev *qm)
{
	dev->enq_cbs = calloc(qm->max_queues, sizeof(*dev->enq_cbs));
	dev->deq_cbs = dev->enq_cbs;
	return dev->enq_cbs != NULL ? 0 : -ENOMEM;
}

int
hisi_sec_device_attach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus)
{
	struct rte_cryptodev *dev = sec_adopt(name);
	struct hisi_sec_dev *sec;
	int ret;

	if (dev == NULL)
		return -ENODEV;
	sec = dev->data->dev_private;
	ret = bus->attach(device, sec->qm);
	if (ret == 0) {
		ret = sec_have_no_callbacks(dev, sec->qm);
		if (ret != 0)
			bus->detach(device, sec->qm);
	}
	if (ret != 0) {
		sec_abandon(dev);
		return ret;
	}
	dev->device = device;
	dev->driver_id = hisi_sec_driver_id;
	dev->dev_ops = &hisi_sec_secondary_ops;
	dev->feature_flags = SEC_FEATURES & ~RTE_CRYPTODEV_FF_SYM_RAW_DP;
	hisi_sec_set_bursts(dev);
	rte_cryptodev_pmd_probing_finish(dev);
	hisi_qm_telemetry_register(RTE_STR(HISI_SEC_DRIVER_NAME));
	return 0;
}

int
hisi_sec_device_detach(struct rte_device *device, const char *name,
	const struct hisi_qm_attach *bus)
{
	struct rte_cryptodev *dev = rte_cryptodev_pmd_get_named_dev(name);
	struct hisi_sec_dev *sec;

	if (dev == NULL)
		return 0;
	if (hisi_sec_is_polled(dev))
		return -EBUSY;
	sec = dev->data->dev_private;
	bus->detach(device, sec->qm);
	sec_abandon(dev);
	return 0;
}
