/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_compressdev.h>
#include <rte_cryptodev.h>
#include <rte_dev.h>

#include "commands.h"
#include "device.h"
#include "hisi.h"
#include "show_device.h"
#include "table.h"

/** What the libraries tell alike. */
struct facts {
	const char *driver;
	int node;
	bool is_hardware;
};

static void
get_facts(const struct testacc_device *device, struct facts *facts)
{
	struct rte_compressdev_info comp;
	struct rte_cryptodev_info crypto;

	if (device->kind == TESTACC_COMPRESSDEV) {
		rte_compressdev_info_get(device->id, &comp);
		facts->driver = comp.driver_name;
		facts->node = rte_compressdev_socket_id(device->id);
		facts->is_hardware = (comp.feature_flags & RTE_COMPDEV_FF_HW_ACCELERATED) != 0;
	} else {
		rte_cryptodev_info_get(device->id, &crypto);
		facts->driver = crypto.driver_name;
		facts->node = rte_cryptodev_socket_id(device->id);
		facts->is_hardware = (crypto.feature_flags & RTE_CRYPTODEV_FF_HW_ACCELERATED) != 0;
	}
}

static int
show_info(const uint8_t *numbers, int count)
{
	struct testacc_table *table = testacc_table_new("devices",
		"device,name,driver,node,queue pairs,most,features");
	const struct testacc_device *device;
	struct facts facts;
	uint32_t most;
	int i;

	for (i = 0; i < count; i++) {
		device = testacc_device_find(numbers[i]);
		if (device == NULL)
			continue;
		get_facts(device, &facts);
		testacc_table_count(table, numbers[i]);
		testacc_table_text(table, "%s", device->name);
		testacc_table_text(table, "%s", facts.driver);
		testacc_table_text(table, "%d", facts.node);
		testacc_table_count(table, testacc_device_queue_pairs(device));
		most = testacc_device_max_queue_pairs(device);
		if (most != 0)
			testacc_table_count(table, most);
		else
			testacc_table_text(table, "any");
		testacc_table_text(table, "%s", facts.is_hardware ? "hardware" : "software");
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

static const char *
algorithm_name(enum rte_comp_algorithm algorithm)
{
	switch (algorithm) {
	case RTE_COMP_ALGO_NULL: return "null";
	case RTE_COMP_ALGO_DEFLATE: return "deflate";
	case RTE_COMP_ALGO_LZS: return "lzs";
	default: return "other";
	}
}

static void
add_capability(struct testacc_table *table, uint8_t id,
	const struct rte_compressdev_capabilities *capability)
{
	const char *name;
	uint64_t bit;

	for (bit = 1; bit != 0; bit <<= 1) {
		if (!(capability->comp_feature_flags & bit))
			continue;
		name = rte_comp_get_feature_name(bit);
		testacc_table_count(table, id);
		testacc_table_text(table, "%s", algorithm_name(capability->algo));
		testacc_table_count(table, UINT64_C(1) << capability->window_size.min);
		testacc_table_count(table, UINT64_C(1) << capability->window_size.max);
		testacc_table_text(table, "%s", name != NULL ? name : "unknown");
	}
}

static void
add_comp_caps(struct testacc_table *table, uint8_t number, const struct testacc_device *device)
{
	const struct rte_compressdev_capabilities *capability;
	struct rte_compressdev_info info;

	rte_compressdev_info_get(device->id, &info);
	for (capability = info.capabilities; capability->algo != RTE_COMP_ALGO_UNSPECIFIED;
			capability++)
		add_capability(table, number, capability);
}

/** Tables of one kind of device; none where there is none. */
static void
show_caps_of(enum testacc_device_kind kind, const char *title, const char *columns,
	void (*add)(struct testacc_table *table, uint8_t number,
		const struct testacc_device *device), const uint8_t *numbers, int count)
{
	const struct testacc_device *device;
	struct testacc_table *table = NULL;
	int i;

	for (i = 0; i < count; i++) {
		device = testacc_device_find(numbers[i]);
		if (device == NULL || device->kind != kind)
			continue;
		if (table == NULL)
			table = testacc_table_new(title, columns);
		add(table, numbers[i], device);
	}
	if (table != NULL)
		testacc_table_print(table);
}

static int
show_caps(const uint8_t *numbers, int count)
{
	show_caps_of(TESTACC_COMPRESSDEV, "capabilities",
		"device,algorithm,window from (bytes),to (bytes),feature", add_comp_caps, numbers,
		count);
	show_caps_of(TESTACC_CRYPTODEV, "crypto_capabilities",
		"device,kind,algorithm,keys (bytes),IVs (bytes),digests (bytes),AAD (bytes)",
		testacc_add_crypto_caps, numbers, count);
	return TESTACC_OK;
}

static void
add_comp_stats(struct testacc_table *table, uint8_t id)
{
	struct rte_compressdev_stats stats = { 0 };

	(void)rte_compressdev_stats_get(id, &stats);
	testacc_table_count(table, stats.enqueued_count);
	testacc_table_count(table, stats.enqueue_err_count);
	testacc_table_count(table, stats.dequeued_count);
	testacc_table_count(table, stats.dequeue_err_count);
}

static void
add_crypto_stats(struct testacc_table *table, uint8_t id)
{
	struct rte_cryptodev_stats stats = { 0 };

	(void)rte_cryptodev_stats_get(id, &stats);
	testacc_table_count(table, stats.enqueued_count);
	testacc_table_count(table, stats.enqueue_err_count);
	testacc_table_count(table, stats.dequeued_count);
	testacc_table_count(table, stats.dequeue_err_count);
}

static int
show_stats(const uint8_t *numbers, int count)
{
	struct testacc_table *table = testacc_table_new("stats",
		"device,enqueued (ops),enqueue errors,dequeued (ops),dequeue errors");
	const struct testacc_device *device;
	int i;

	for (i = 0; i < count; i++) {
		device = testacc_device_find(numbers[i]);
		if (device == NULL)
			continue;
		testacc_table_count(table, numbers[i]);
		if (device->kind == TESTACC_COMPRESSDEV)
			add_comp_stats(table, device->id);
		else
			add_crypto_stats(table, device->id);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

int
testacc_show_device(const struct testacc_line *line)
{
	static const struct {
		const char *name;
		int (*show)(const uint8_t *ids, int count);
	} parts[] = {
		{ "info", show_info },
		{ "caps", show_caps },
		{ "stats", show_stats },
		{ "xstats", testacc_show_xstats },
		{ "queues", testacc_show_queues },
		{ "errors", testacc_show_errors },
		{ "regs", testacc_show_regs },
	};
	const char *what = line->count > 3 ? line->words[3] : "info";
	uint8_t ids[TESTACC_MAX_DEVICES];
	int count = 0;
	size_t i;

	if (strcmp(line->words[2], "all") == 0) {
		while (count < TESTACC_MAX_DEVICES && testacc_device_get(count, &ids[count]))
			count++;
		if (count == 0)
			return testacc_fail("there is no device; give EAL --vdev=... or -a ..., or see above what was wrong with it");
	} else {
		ids[count++] = (uint8_t)atoi(line->words[2]);
	}
	for (i = 0; i < RTE_DIM(parts); i++)
		if (strcmp(parts[i].name, what) == 0)
			return parts[i].show(ids, count);
	return TESTACC_USAGE;
}

int
testacc_clear_stats(const struct testacc_line *line)
{
	const struct testacc_device *device;
	uint8_t number;
	unsigned int i;

	(void)line;
	for (i = 0; testacc_device_get(i, &number); i++) {
		device = testacc_device_find(number);
		if (device->kind == TESTACC_COMPRESSDEV)
			rte_compressdev_stats_reset(device->id);
		else
			rte_cryptodev_stats_reset(device->id);
	}
	return TESTACC_OK;
}
