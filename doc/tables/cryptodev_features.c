/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Prints what a cryptodev says of itself, one feature or symmetric algorithm a line, by the
 * library's names:
 *
 *	cryptodev_features [EAL arguments] -- DRIVER
 *
 * cryptodev_tables.py makes features/DRIVER.ini and tables of the guides from it.
 */
#include <stdio.h>

#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_eal.h>

/* The library of 22.11 has no name for the raw data-path API. */
static const char *
flag_name(uint64_t bit)
{
	const char *name = rte_cryptodev_get_feature_name(bit);

	if (name != NULL)
		return name;
	return bit == RTE_CRYPTODEV_FF_SYM_RAW_DP ? "SYM_RAW_DP" : "unknown";
}

static void
print_flags(uint64_t flags)
{
	uint64_t bit;

	for (bit = 1; bit != 0; bit <<= 1)
		if (flags & bit)
			printf("flag %s\n", flag_name(bit));
}

static void
print_range(const char *name, const struct rte_crypto_param_range *range)
{
	printf(" %s=%u,%u,%u", name, range->min, range->max, range->increment);
}

static void
print_cipher(const struct rte_cryptodev_symmetric_capability *sym)
{
	printf("cipher %s", rte_crypto_cipher_algorithm_strings[sym->cipher.algo]);
	print_range("key", &sym->cipher.key_size);
	print_range("iv", &sym->cipher.iv_size);
}

static void
print_auth(const struct rte_cryptodev_symmetric_capability *sym)
{
	printf("auth %s", rte_crypto_auth_algorithm_strings[sym->auth.algo]);
	print_range("key", &sym->auth.key_size);
	print_range("iv", &sym->auth.iv_size);
	print_range("digest", &sym->auth.digest_size);
}

static void
print_aead(const struct rte_cryptodev_symmetric_capability *sym)
{
	printf("aead %s", rte_crypto_aead_algorithm_strings[sym->aead.algo]);
	print_range("key", &sym->aead.key_size);
	print_range("iv", &sym->aead.iv_size);
	print_range("digest", &sym->aead.digest_size);
	print_range("aad", &sym->aead.aad_size);
}

static void
print_capability(const struct rte_cryptodev_symmetric_capability *sym)
{
	if (sym->xform_type == RTE_CRYPTO_SYM_XFORM_CIPHER)
		print_cipher(sym);
	else if (sym->xform_type == RTE_CRYPTO_SYM_XFORM_AUTH)
		print_auth(sym);
	else
		print_aead(sym);
	printf("\n");
}

int
main(int argc, char **argv)
{
	const struct rte_cryptodev_capabilities *capability;
	int args = rte_eal_init(argc, argv);
	struct rte_cryptodev_info info;
	uint8_t dev_id;

	if (args < 0 || argc - args != 2)
		rte_exit(2, "usage: cryptodev_features [EAL arguments] -- DRIVER\n");
	if (rte_cryptodev_devices_get(argv[args + 1], &dev_id, 1) == 0)
		rte_exit(1, "no cryptodev of driver %s\n", argv[args + 1]);
	rte_cryptodev_info_get(dev_id, &info);
	print_flags(info.feature_flags);
	for (capability = info.capabilities; capability->op != RTE_CRYPTO_OP_TYPE_UNDEFINED;
			capability++)
		if (capability->op == RTE_CRYPTO_OP_TYPE_SYMMETRIC)
			print_capability(&capability->sym);
	fflush(stdout);
	return rte_eal_cleanup() == 0 ? 0 : 1;
}
