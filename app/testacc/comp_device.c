/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <string.h>

#include "device.h"
#include "op_comp.h"

/** Devices whose queue pairs are there, from the last run. */
static bool is_configured[RTE_COMPRESS_MAX_DEVS];

void
testacc_comp_device_shut(uint8_t dev_id)
{
	if (is_configured[dev_id])
		(void)rte_compressdev_close(dev_id);
	is_configured[dev_id] = false;
}

static enum rte_comp_algorithm
algorithm_of(const struct testacc_settings *settings)
{
	switch (settings->algo) {
	case TESTACC_ALGO_LZS: return RTE_COMP_ALGO_LZS;
	case TESTACC_ALGO_NULL: return RTE_COMP_ALGO_NULL;
	default: return RTE_COMP_ALGO_DEFLATE;
	}
}

void
testacc_comp_fill_xform(const struct testacc_settings *settings, enum rte_comp_xform_type type,
	struct rte_comp_xform *xform)
{
	memset(xform, 0, sizeof(*xform));
	xform->type = type;
	if (type == RTE_COMP_COMPRESS) {
		xform->compress.algo = algorithm_of(settings);
		xform->compress.deflate.huffman = settings->algo == TESTACC_ALGO_FIXED ?
			RTE_COMP_HUFFMAN_FIXED : RTE_COMP_HUFFMAN_DYNAMIC;
		xform->compress.level = (int)settings->level;
		xform->compress.window_size = (uint8_t)rte_log2_u32((uint32_t)settings->window);
		xform->compress.chksum = (enum rte_comp_checksum_type)settings->checksum;
		xform->compress.hash_algo = RTE_COMP_HASH_ALGO_NONE;
	} else {
		xform->decompress.algo = algorithm_of(settings);
		xform->decompress.window_size = (uint8_t)rte_log2_u32((uint32_t)settings->window);
		xform->decompress.chksum = (enum rte_comp_checksum_type)settings->checksum;
		xform->decompress.hash_algo = RTE_COMP_HASH_ALGO_NONE;
	}
}

/** Flags that the settings need. */
static uint64_t
needed_flags(const struct testacc_settings *settings)
{
	static const uint64_t checksums[] = {
		[RTE_COMP_CHECKSUM_CRC32] = RTE_COMP_FF_CRC32_CHECKSUM,
		[RTE_COMP_CHECKSUM_ADLER32] = RTE_COMP_FF_ADLER32_CHECKSUM,
		[RTE_COMP_CHECKSUM_CRC32_ADLER32] = RTE_COMP_FF_CRC32_ADLER32_CHECKSUM,
	};
	uint64_t flags = checksums[settings->checksum];

	if (settings->sgl > 1)
		flags |= RTE_COMP_FF_OOP_SGL_IN_SGL_OUT;
	if (settings->algo == TESTACC_ALGO_FIXED)
		flags |= RTE_COMP_FF_HUFFMAN_FIXED;
	return flags;
}

static int
check_capability(const struct testacc_settings *settings, uint8_t dev_id)
{
	const struct rte_compressdev_capabilities *capability;
	uint64_t missing;
	uint32_t window = rte_log2_u32((uint32_t)settings->window);
	const char *name = rte_compressdev_name_get(dev_id);

	capability = rte_compressdev_capability_get(dev_id, algorithm_of(settings));
	if (capability == NULL)
		return testacc_fail("%s does not have %s; 'show device %u caps' lists what it has",
			name, testacc_algo_name((unsigned int)settings->algo), dev_id);
	missing = needed_flags(settings) & ~capability->comp_feature_flags;
	if (missing != 0)
		return testacc_fail("%s does not have %s; 'show device %u caps' lists what it has",
			name, rte_comp_get_feature_name(missing & -missing), dev_id);
	if (window < capability->window_size.min || window > capability->window_size.max)
		return testacc_fail("%s has windows of %u to %u bytes; set window to one of these",
			name, 1U << capability->window_size.min,
			1U << capability->window_size.max);
	return TESTACC_OK;
}

static int
check_queues(const struct testacc_run *run, uint8_t dev_id)
{
	struct rte_compressdev_info info;

	rte_compressdev_info_get(dev_id, &info);
	/* 0: as many as one likes. */
	if (info.max_nb_queue_pairs != 0 && run->nb_engines > info.max_nb_queue_pairs)
		return testacc_fail("%s has %u queue pair%s, %u are asked for; set queues to %u at most",
			rte_compressdev_name_get(dev_id), info.max_nb_queue_pairs,
			testacc_plural(info.max_nb_queue_pairs), run->nb_engines,
			info.max_nb_queue_pairs);
	return TESTACC_OK;
}

static int
set_up_queue_pairs(struct testacc_run *run, uint8_t dev_id)
{
	const char *name = rte_compressdev_name_get(dev_id);
	struct rte_compressdev_config config = {
		.socket_id = rte_compressdev_socket_id(dev_id),
		.nb_queue_pairs = (uint16_t)run->nb_engines,
		.max_nb_priv_xforms = (uint16_t)(2 * run->nb_engines),
	};
	struct testacc_comp *comp = run->private;
	unsigned int i;
	int ret;

	testacc_comp_device_shut(dev_id);
	ret = rte_compressdev_configure(dev_id, &config);
	if (ret != 0)
		return testacc_fail("%s: configure with %u queue pair%s: %s", name,
			run->nb_engines, testacc_plural(run->nb_engines), strerror(-ret));
	is_configured[dev_id] = true;
	for (i = 0; i < run->nb_engines; i++) {
		ret = rte_compressdev_queue_pair_setup(dev_id, (uint16_t)i,
			(uint32_t)run->settings.depth, config.socket_id);
		if (ret != 0)
			return testacc_fail("%s: queue pair %u with %" PRIu64 " op%s: %s", name, i,
				run->settings.depth, testacc_plural(run->settings.depth),
				strerror(-ret));
	}
	ret = rte_compressdev_start(dev_id);
	if (ret != 0)
		return testacc_fail("%s: start: %s", name, strerror(-ret));
	comp->is_started = true;
	return TESTACC_OK;
}

static int
create_xforms(struct testacc_run *run, struct testacc_engine *engine)
{
	static const enum rte_comp_xform_type types[] = { RTE_COMP_COMPRESS, RTE_COMP_DECOMPRESS };
	struct rte_comp_xform xform;
	size_t i;
	int ret;

	for (i = 0; i < RTE_DIM(types); i++) {
		testacc_comp_fill_xform(&run->settings, types[i], &xform);
		ret = rte_compressdev_private_xform_create(engine->dev_id, &xform,
			&engine->private[i]);
		if (ret != 0)
			return testacc_fail("%s refuses to %s like that: %s; see 'show config'",
				rte_compressdev_name_get(engine->dev_id),
				i == 0 ? "compress" : "decompress", strerror(-ret));
	}
	return TESTACC_OK;
}

int
testacc_comp_device_open(struct testacc_run *run)
{
	struct testacc_comp *comp = run->private;
	int result = check_capability(&run->settings, comp->dev_id);
	unsigned int i;

	if (result == TESTACC_OK)
		result = check_queues(run, comp->dev_id);
	if (result == TESTACC_OK)
		result = set_up_queue_pairs(run, comp->dev_id);
	for (i = 0; result == TESTACC_OK && i < run->nb_engines; i++)
		result = create_xforms(run, run->engines[i]);
	return result;
}

void
testacc_comp_device_close(struct testacc_run *run)
{
	struct testacc_comp *comp = run->private;
	unsigned int i;
	size_t k;

	/* Its queue pairs stay, for 'show'. */
	if (comp->is_started)
		rte_compressdev_stop(comp->dev_id);
	for (i = 0; i < run->nb_engines; i++)
		for (k = 0; k < RTE_DIM(run->engines[i]->private); k++)
			if (run->engines[i]->private[k] != NULL)
				rte_compressdev_private_xform_free(comp->dev_id,
					run->engines[i]->private[k]);
}
