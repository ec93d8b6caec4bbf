/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <string.h>

#include "op_crypto.h"

/* Which algorithms a run uses, with what key, IV, AAD and digest, and whether the device does. */

static void
fill_params(const struct testacc_settings *settings, const struct testacc_crypto_algo *algo,
	struct testacc_crypto_params *params)
{
	uint32_t i;

	params->algo = algo;
	params->decrypts = settings->direction != 0;
	params->key_len = settings->key.len > 0 && algo->key_len > 0 ? settings->key.len :
		algo->key_len;
	params->iv_len = settings->iv.len > 0 && algo->iv_len > 0 ? settings->iv.len :
		algo->iv_len;
	params->aad_len = algo->kind == TESTACC_CRYPTO_AEAD ? (uint16_t)settings->aad : 0;
	params->digest_len = algo->digest_len;
	if (settings->digest != 0 && settings->digest < algo->digest_len)
		params->digest_len = (uint16_t)settings->digest;
	/* Without any: bytes that are all different. */
	for (i = 0; i < sizeof(params->key); i++)
		params->key[i] = settings->key.len > 0 ? settings->key.bytes[i] :
			(uint8_t)(7 * i + 1);
	for (i = 0; i < sizeof(params->iv); i++)
		params->iv[i] = settings->iv.len > 0 ? settings->iv.bytes[i] :
			(uint8_t)(5 * i + 3);
	for (i = 0; i < sizeof(params->aad); i++)
		params->aad[i] = (uint8_t)i;
}

/** A size of the settings that the algorithm does not take, 0: it takes all. */
static uint64_t
find_odd_size(const struct testacc_settings *settings, const struct testacc_crypto_algo *algo)
{
	uint64_t i;

	for (i = 0; i < settings->nb_sizes; i++)
		if (settings->sizes[i] % algo->block != 0 || settings->sizes[i] < algo->min_len)
			return settings->sizes[i];
	return 0;
}

static const struct rte_cryptodev_symmetric_capability *
capability_of(uint8_t dev_id, const struct testacc_crypto_algo *algo)
{
	static const enum rte_crypto_sym_xform_type types[] = {
		[TESTACC_CRYPTO_CIPHER] = RTE_CRYPTO_SYM_XFORM_CIPHER,
		[TESTACC_CRYPTO_HASH] = RTE_CRYPTO_SYM_XFORM_AUTH,
		[TESTACC_CRYPTO_AEAD] = RTE_CRYPTO_SYM_XFORM_AEAD,
	};
	struct rte_cryptodev_sym_capability_idx index = { .type = types[algo->kind] };

	/* The three enumerations lie in one place. */
	index.algo.cipher = (enum rte_crypto_cipher_algorithm)algo->id;
	return rte_cryptodev_sym_capability_get(dev_id, &index);
}

static bool
takes_lengths(const struct rte_cryptodev_symmetric_capability *capability,
	const struct testacc_crypto_params *params)
{
	switch (params->algo->kind) {
	case TESTACC_CRYPTO_CIPHER:
		return rte_cryptodev_sym_capability_check_cipher(capability, params->key_len,
			params->iv_len) == 0;
	case TESTACC_CRYPTO_HASH:
		return rte_cryptodev_sym_capability_check_auth(capability, params->key_len,
			params->digest_len, 0) == 0;
	default:
		return rte_cryptodev_sym_capability_check_aead(capability, params->key_len,
			params->digest_len, params->aad_len, params->iv_len) == 0;
	}
}

static int
check_params(const struct testacc_run *run, const struct testacc_crypto_params *params)
{
	const struct testacc_crypto_algo *algo = params->algo;
	const struct rte_cryptodev_symmetric_capability *capability =
		capability_of(run->dev_id, algo);
	uint64_t odd = find_odd_size(&run->settings, algo);
	const char *device = rte_cryptodev_name_get(run->dev_id);
	unsigned int number = (unsigned int)run->settings.device;

	if (odd != 0 && odd < algo->min_len)
		return testacc_fail("size %" PRIu64 ": %s takes %u bytes at least", odd, algo->name,
			algo->min_len);
	if (odd != 0)
		return testacc_fail("size %" PRIu64 ": %s takes multiples of %u bytes", odd,
			algo->name, algo->block);
	if (capability == NULL)
		return testacc_fail("%s does not have %s; 'show device %u caps' lists what it has",
			device, algo->name, number);
	if (takes_lengths(capability, params))
		return TESTACC_OK;
	return testacc_fail("%s does not have %s with a key of %u byte%s, an IV of %u, a digest of %u and %u of AAD; 'show device %u caps' lists what it has",
		device, algo->name, params->key_len, testacc_plural(params->key_len),
		params->iv_len, params->digest_len, params->aad_len, number);
}

/**
 * The first algorithm of a kind that the device does with these settings; else the first that it
 * has at all, so that the reason is told.
 *
 * @return NULL: it has none
 */
static const struct testacc_crypto_algo *
choose_algo(const struct testacc_run *run, enum testacc_crypto_kind kind)
{
	const struct rte_cryptodev_symmetric_capability *capability;
	const struct testacc_crypto_algo *algo, *first = NULL;
	struct testacc_crypto_params params;
	bool is_found;

	for (algo = testacc_crypto_algos; algo->name != NULL; algo++) {
		capability = algo->kind == kind ? capability_of(run->dev_id, algo) : NULL;
		if (capability == NULL)
			continue;
		if (first == NULL)
			first = algo;
		fill_params(&run->settings, algo, &params);
		is_found = find_odd_size(&run->settings, algo) == 0 &&
			takes_lengths(capability, &params);
		explicit_bzero(&params, sizeof(params));
		if (is_found)
			return algo;
	}
	return first;
}

int
testacc_crypto_params_one(struct testacc_run *run, enum testacc_crypto_kind kind)
{
	struct testacc_crypto *crypto = run->private;
	const char *name = testacc_algo_name((unsigned int)run->settings.algo);

	fill_params(&run->settings, testacc_crypto_algo_find(kind, name), &crypto->parts[0]);
	return check_params(run, &crypto->parts[0]);
}

int
testacc_crypto_params_mix(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	const char *name = testacc_algo_name((unsigned int)run->settings.algo);
	const struct testacc_crypto_algo *algo;
	enum testacc_crypto_kind kind;
	unsigned int count = 0;

	for (kind = 0; kind < TESTACC_CRYPTO_KINDS; kind++) {
		algo = testacc_crypto_algo_find(kind, name);
		if (algo == NULL)
			algo = choose_algo(run, kind);
		if (algo == NULL)
			continue;
		fill_params(&run->settings, algo, &crypto->parts[count]);
		if (check_params(run, &crypto->parts[count]) != TESTACC_OK)
			return TESTACC_FAILED;
		count++;
	}
	if (count < 2)
		return testacc_fail("%s has fewer than two of cipher, hash and aead, so that there is nothing to mix; set op to one that it has",
			rte_cryptodev_name_get(run->dev_id));
	run->nb_parts = count;
	return TESTACC_OK;
}
