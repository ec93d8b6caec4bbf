/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>

#include <rte_cryptodev.h>

#include "show_device.h"

/** "16 to 32 by 8" */
static void
add_range(struct testacc_table *table, const struct rte_crypto_param_range *range)
{
	if (range->min == range->max)
		testacc_table_text(table, "%u", range->min);
	else if (range->increment > 1)
		testacc_table_text(table, "%u to %u by %u", range->min, range->max,
			range->increment);
	else
		testacc_table_text(table, "%u to %u", range->min, range->max);
}

static void
add_row(struct testacc_table *table, uint8_t number,
	const struct rte_cryptodev_symmetric_capability *sym)
{
	static const struct rte_crypto_param_range none = { 0, 0, 0 };

	testacc_table_count(table, number);
	switch (sym->xform_type) {
	case RTE_CRYPTO_SYM_XFORM_CIPHER:
		testacc_table_text(table, "cipher");
		testacc_table_text(table, "%s",
			rte_crypto_cipher_algorithm_strings[sym->cipher.algo]);
		add_range(table, &sym->cipher.key_size);
		add_range(table, &sym->cipher.iv_size);
		add_range(table, &none);
		add_range(table, &none);
		break;
	case RTE_CRYPTO_SYM_XFORM_AUTH:
		testacc_table_text(table, "hash");
		testacc_table_text(table, "%s",
			rte_crypto_auth_algorithm_strings[sym->auth.algo]);
		add_range(table, &sym->auth.key_size);
		add_range(table, &sym->auth.iv_size);
		add_range(table, &sym->auth.digest_size);
		add_range(table, &sym->auth.aad_size);
		break;
	default:
		testacc_table_text(table, "aead");
		testacc_table_text(table, "%s",
			rte_crypto_aead_algorithm_strings[sym->aead.algo]);
		add_range(table, &sym->aead.key_size);
		add_range(table, &sym->aead.iv_size);
		add_range(table, &sym->aead.digest_size);
		add_range(table, &sym->aead.aad_size);
	}
}

void
testacc_add_crypto_caps(struct testacc_table *table, uint8_t number,
	const struct testacc_device *device)
{
	const struct rte_cryptodev_capabilities *capability;
	struct rte_cryptodev_info info;

	rte_cryptodev_info_get(device->id, &info);
	for (capability = info.capabilities;
			capability->op != RTE_CRYPTO_OP_TYPE_UNDEFINED; capability++)
		if (capability->op == RTE_CRYPTO_OP_TYPE_SYMMETRIC)
			add_row(table, number, &capability->sym);
}
