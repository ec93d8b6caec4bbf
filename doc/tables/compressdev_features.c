/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Prints what a compressdev says of itself, one feature a line, by the library's names:
 *
 *	compressdev_features [EAL arguments] -- DRIVER
 *
 * make_tables.py makes features/DRIVER.ini of the guides from it.
 */
#include <stdio.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_eal.h>

static void
print_flags(const char *kind, uint64_t flags, const char *(*name)(uint64_t))
{
	uint64_t bit;

	for (bit = 1; bit != 0; bit <<= 1)
		if (flags & bit)
			printf("%s %s\n", kind, name(bit) != NULL ? name(bit) : "unknown");
}

static void
print_capability(const struct rte_compressdev_capabilities *capability)
{
	if (capability->algo == RTE_COMP_ALGO_DEFLATE)
		printf("algorithm DEFLATE\n");
	else if (capability->algo == RTE_COMP_ALGO_LZS)
		printf("algorithm LZS\n");
	printf("window %u %u %u\n", capability->window_size.min, capability->window_size.max,
		capability->window_size.increment);
	print_flags("compression", capability->comp_feature_flags, rte_comp_get_feature_name);
}

int
main(int argc, char **argv)
{
	const struct rte_compressdev_capabilities *capability;
	struct rte_compressdev_info info;
	int args = rte_eal_init(argc, argv);
	uint8_t dev_id;

	if (args < 0 || argc - args != 2)
		rte_exit(2, "usage: compressdev_features [EAL arguments] -- DRIVER\n");
	if (rte_compressdev_devices_get(argv[args + 1], &dev_id, 1) == 0)
		rte_exit(1, "no compressdev of driver %s\n", argv[args + 1]);
	rte_compressdev_info_get(dev_id, &info);
	print_flags("device", info.feature_flags, rte_compressdev_get_feature_name);
	for (capability = info.capabilities; capability->algo != RTE_COMP_ALGO_UNSPECIFIED;
			capability++)
		print_capability(capability);
	fflush(stdout);
	return rte_eal_cleanup() == 0 ? 0 : 1;
}
