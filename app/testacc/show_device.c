/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_compressdev.h>
#include <rte_dev.h>

#include "commands.h"
#include "device.h"
#include "hisi.h"
#include "table.h"

static int
show_info(const uint8_t *ids, int count)
{
	struct testacc_table *table = testacc_table_new("devices",
		"device,name,driver,node,queue pairs,most,features");
	struct rte_compressdev_info info;
	int i;

	for (i = 0; i < count; i++) {
		rte_compressdev_info_get(ids[i], &info);
		testacc_table_count(table, ids[i]);
		testacc_table_text(table, "%s", rte_compressdev_name_get(ids[i]));
		testacc_table_text(table, "%s", info.driver_name);
		testacc_table_text(table, "%d", rte_compressdev_socket_id(ids[i]));
		testacc_table_count(table, rte_compressdev_queue_pair_count(ids[i]));
		if (info.max_nb_queue_pairs != 0)
			testacc_table_count(table, info.max_nb_queue_pairs);
		else
			testacc_table_text(table, "any");
		testacc_table_text(table, "%s",
			info.feature_flags & RTE_COMPDEV_FF_HW_ACCELERATED ? "hardware" :
			"software");
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

static int
show_caps(const uint8_t *ids, int count)
{
	struct testacc_table *table = testacc_table_new("capabilities",
		"device,algorithm,window from (bytes),to (bytes),feature");
	const struct rte_compressdev_capabilities *capability;
	struct rte_compressdev_info info;
	int i;

	for (i = 0; i < count; i++) {
		rte_compressdev_info_get(ids[i], &info);
		for (capability = info.capabilities;
				capability->algo != RTE_COMP_ALGO_UNSPECIFIED; capability++)
			add_capability(table, ids[i], capability);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

static int
show_stats(const uint8_t *ids, int count)
{
	struct testacc_table *table = testacc_table_new("stats",
		"device,enqueued (ops),enqueue errors,dequeued (ops),dequeue errors");
	struct rte_compressdev_stats stats;
	int i;

	for (i = 0; i < count; i++) {
		memset(&stats, 0, sizeof(stats));
		(void)rte_compressdev_stats_get(ids[i], &stats);
		testacc_table_count(table, ids[i]);
		testacc_table_count(table, stats.enqueued_count);
		testacc_table_count(table, stats.enqueue_err_count);
		testacc_table_count(table, stats.dequeued_count);
		testacc_table_count(table, stats.dequeue_err_count);
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
	uint8_t ids[RTE_COMPRESS_MAX_DEVS];
	int count = 0;
	size_t i;

	if (strcmp(line->words[2], "all") == 0) {
		while (count < RTE_COMPRESS_MAX_DEVS && testacc_device_get(count, &ids[count]))
			count++;
		if (count == 0)
			return testacc_fail("there is no device; give EAL --vdev=... or -a ...");
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
	uint8_t id;
	unsigned int i;

	(void)line;
	for (i = 0; testacc_device_get(i, &id); i++)
		rte_compressdev_stats_reset(id);
	return TESTACC_OK;
}
