/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include <rte_common.h>
#include <rte_compressdev.h>
#include <rte_cryptodev.h>

#include "device.h"
#include "testacc.h"

static struct testacc_device devices[TESTACC_MAX_DEVICES];
static unsigned int nb_devices;

static void
add_device(enum testacc_device_kind kind, uint8_t id, const char *name)
{
	unsigned int i;

	for (i = 0; i < nb_devices; i++)
		if (devices[i].kind == kind && devices[i].id == id &&
				strcmp(devices[i].name, name) == 0)
			return;
	if (nb_devices == TESTACC_MAX_DEVICES)
		return;
	devices[nb_devices].kind = kind;
	devices[nb_devices].id = id;
	snprintf(devices[nb_devices].name, TESTACC_DEVICE_NAME_LEN, "%s", name);
	nb_devices++;
}

/** New ones come behind those that are known. */
static void
look_for_new(void)
{
	uint8_t ids[RTE_COMPRESS_MAX_DEVS], i, count;

	/* Drivers of any name: this library compares what it begins with. */
	count = rte_compressdev_devices_get("", ids, RTE_COMPRESS_MAX_DEVS);
	for (i = 0; i < count; i++)
		add_device(TESTACC_COMPRESSDEV, ids[i], rte_compressdev_name_get(ids[i]));
	for (i = 0; i < RTE_CRYPTO_MAX_DEVS; i++)
		if (rte_cryptodev_is_valid_dev(i))
			add_device(TESTACC_CRYPTODEV, i, rte_cryptodev_name_get(i));
}

static bool
is_there(const struct testacc_device *device)
{
	const char *name = NULL;

	if (device->kind == TESTACC_CRYPTODEV)
		return rte_cryptodev_get_dev_id(device->name) == device->id;
	if (rte_compressdev_get_dev_id(device->name) == device->id)
		name = rte_compressdev_name_get(device->id);
	return name != NULL && strcmp(name, device->name) == 0;
}

const struct testacc_device *
testacc_device_find(uint8_t number)
{
	if (number >= nb_devices)
		look_for_new();
	return number < nb_devices && is_there(&devices[number]) ? &devices[number] : NULL;
}

bool
testacc_device_get(unsigned int index, uint8_t *number)
{
	unsigned int i;

	look_for_new();
	for (i = 0; i < nb_devices; i++)
		if (is_there(&devices[i]) && index-- == 0) {
			*number = (uint8_t)i;
			return true;
		}
	return false;
}

bool
testacc_device_exists(uint8_t number)
{
	return testacc_device_find(number) != NULL;
}

const char *
testacc_device_name(uint8_t number)
{
	const struct testacc_device *device = testacc_device_find(number);

	return device != NULL ? device->name : NULL;
}

int
testacc_fail_absent(uint8_t number)
{
	return testacc_fail("device %u is not there; 'show device all' lists those there are",
		number);
}

const char *
testacc_device_kind_name(enum testacc_device_kind kind)
{
	return kind == TESTACC_COMPRESSDEV ? "compressdev" : "cryptodev";
}

uint16_t
testacc_device_queue_pairs(const struct testacc_device *device)
{
	return device->kind == TESTACC_COMPRESSDEV ?
		rte_compressdev_queue_pair_count(device->id) :
		rte_cryptodev_queue_pair_count(device->id);
}

uint32_t
testacc_device_max_queue_pairs(const struct testacc_device *device)
{
	struct rte_compressdev_info comp;
	struct rte_cryptodev_info crypto;

	if (device->kind == TESTACC_COMPRESSDEV) {
		rte_compressdev_info_get(device->id, &comp);
		return comp.max_nb_queue_pairs;
	}
	rte_cryptodev_info_get(device->id, &crypto);
	return crypto.max_nb_queue_pairs;
}

void
testacc_device_poll(const struct testacc_device *device, uint16_t queue_pair)
{
	struct rte_comp_op *comp;
	struct rte_crypto_op *crypto;

	if (device->kind == TESTACC_COMPRESSDEV)
		(void)rte_compressdev_dequeue_burst(device->id, queue_pair, &comp, 1);
	else
		(void)rte_cryptodev_dequeue_burst(device->id, queue_pair, &crypto, 1);
}

void
testacc_devices_shut(void)
{
	unsigned int i;

	for (i = 0; i < nb_devices; i++) {
		if (!is_there(&devices[i]))
			continue;
		if (devices[i].kind == TESTACC_COMPRESSDEV)
			testacc_comp_device_shut(devices[i].id);
		else
			testacc_crypto_device_shut(devices[i].id);
	}
}
