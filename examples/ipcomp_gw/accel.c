/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <stdlib.h>
#include <string.h>

#include <rte_debug.h>
#include <rte_lcore.h>

#include "accel.h"

/* RFC 2394 leaves the window to the compressor. */
#define WINDOW_LOG2 15

static uint8_t
find_device(const char *name)
{
	int id = rte_compressdev_get_dev_id(name);
	uint8_t first;

	if (id >= 0)
		return id;
	if (rte_compressdev_devices_get(name, &first, 1) == 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: no compressdev %s, nor one of a driver with that"
			" name; is its --vdev or -a given?\n", name);
	return first;
}

/* One lane there has to be. */
static const char *
how_to_need_less(const struct gw_options *options, unsigned int nb_lanes)
{
	if (options->spare_queue_pairs == 0)
		return "fewer lcores";
	return nb_lanes == 1 ? "a smaller --spare-queue-pairs" :
		"fewer lcores or a smaller --spare-queue-pairs";
}

static void
set_up_queue_pairs(uint8_t id, const struct gw_options *options, unsigned int nb_lanes)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(),
		.nb_queue_pairs = nb_lanes + options->spare_queue_pairs,
		.max_nb_priv_xforms = 2,
	};
	struct rte_compressdev_info info;
	uint16_t i;

	rte_compressdev_info_get(id, &info);
	/* 0: as many as one likes. */
	if (info.max_nb_queue_pairs != 0 && config.nb_queue_pairs > info.max_nb_queue_pairs)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: %s has %u queue pair%s, and %u are needed:"
			" use %s\n", rte_compressdev_name_get(id), info.max_nb_queue_pairs,
			info.max_nb_queue_pairs == 1 ? "" : "s", config.nb_queue_pairs,
			how_to_need_less(options, nb_lanes));
	if (rte_compressdev_configure(id, &config) != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: %s cannot be configured with %u queue pair%s\n",
			rte_compressdev_name_get(id), config.nb_queue_pairs,
			config.nb_queue_pairs == 1 ? "" : "s");
	for (i = 0; i < config.nb_queue_pairs; i++)
		if (rte_compressdev_queue_pair_setup(id, i, options->depth, rte_socket_id()) != 0)
			rte_exit(EXIT_FAILURE, "ipcomp_gw: %s: no queue pair %u of depth %u\n",
				rte_compressdev_name_get(id), i, options->depth);
	if (rte_compressdev_start(id) != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: %s does not start\n",
			rte_compressdev_name_get(id));
}

static void *
make_xform(uint8_t id, const struct rte_comp_xform *xform, const char *what)
{
	void *private;

	if (rte_compressdev_private_xform_create(id, xform, &private) != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: %s does not %s raw deflate\n",
			rte_compressdev_name_get(id), what);
	return private;
}

static void
make_xforms(struct gw_accel *accel, int level)
{
	const struct rte_comp_xform compress = {
		.type = RTE_COMP_COMPRESS,
		.compress = {
			.algo = RTE_COMP_ALGO_DEFLATE,
			.deflate.huffman = RTE_COMP_HUFFMAN_DEFAULT,
			.level = level,
			.window_size = WINDOW_LOG2,
			.chksum = RTE_COMP_CHECKSUM_NONE,
			.hash_algo = RTE_COMP_HASH_ALGO_NONE,
		},
	};
	const struct rte_comp_xform restore = {
		.type = RTE_COMP_DECOMPRESS,
		.decompress = {
			.algo = RTE_COMP_ALGO_DEFLATE,
			.window_size = WINDOW_LOG2,
			.chksum = RTE_COMP_CHECKSUM_NONE,
			.hash_algo = RTE_COMP_HASH_ALGO_NONE,
		},
	};

	accel->compress = make_xform(accel->id, &compress, "compress to");
	accel->restore = make_xform(accel->id, &restore, "decompress");
}

void
gw_accel_start(struct gw_accel *accel, const struct gw_options *options, unsigned int nb_lanes,
	unsigned int nb_ops)
{
	accel->id = find_device(options->device);
	set_up_queue_pairs(accel->id, options, nb_lanes);
	make_xforms(accel, options->level);
	accel->ops = rte_comp_op_pool_create("gw_ops", nb_ops, 0, sizeof(uint32_t),
		rte_socket_id());
	if (accel->ops == NULL)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: no memory for %u operations\n", nb_ops);
}

void
gw_accel_stop(struct gw_accel *accel)
{
	rte_compressdev_stop(accel->id);
	rte_compressdev_private_xform_free(accel->id, accel->compress);
	rte_compressdev_private_xform_free(accel->id, accel->restore);
	rte_compressdev_close(accel->id);
	rte_mempool_free(accel->ops);
}
