/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "op_crypto.h"

/** Devices whose queue pairs are there, from the last run, with the sessions' memory. */
static struct kept {
	bool is_configured, is_started;
	struct rte_mempool *sessions;
} kept[RTE_CRYPTO_MAX_DEVS];

void
testacc_crypto_device_shut(uint8_t dev_id)
{
	if (kept[dev_id].is_started)
		rte_cryptodev_stop(dev_id);
	if (kept[dev_id].is_configured)
		(void)rte_cryptodev_close(dev_id);
	rte_mempool_free(kept[dev_id].sessions);
	kept[dev_id] = (struct kept){ .is_configured = false };
}

static int
check_in_place(const struct testacc_run *run, struct testacc_crypto_params *params)
{
	struct testacc_crypto *crypto = run->private;
	bool is_flat = run->settings.sgl == 1;
	struct rte_cryptodev_info info;
	uint64_t aside = is_flat ? RTE_CRYPTODEV_FF_OOP_LB_IN_LB_OUT :
		RTE_CRYPTODEV_FF_OOP_SGL_IN_SGL_OUT;

	rte_cryptodev_info_get(crypto->dev_id, &info);
	params->is_in_place = params->algo->kind == TESTACC_CRYPTO_HASH ||
		(info.feature_flags & aside) == 0;
	if (is_flat || !params->is_in_place ||
			(info.feature_flags & RTE_CRYPTODEV_FF_IN_PLACE_SGL) != 0)
		return TESTACC_OK;
	return testacc_fail("%s takes no buffers of several mbufs; set sgl 1",
		rte_cryptodev_name_get(crypto->dev_id));
}

static int
check_features(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	struct rte_cryptodev_info info;
	int result = TESTACC_OK;
	unsigned int i;

	for (i = 0; result == TESTACC_OK && i < run->nb_parts; i++)
		result = check_in_place(run, &crypto->parts[i]);
	rte_cryptodev_info_get(crypto->dev_id, &info);
	if (result == TESTACC_OK && info.max_nb_queue_pairs != 0 &&
			run->nb_engines > info.max_nb_queue_pairs)
		result = testacc_fail("%s has %u queue pair%s, %u are asked for; set queues to %u at most",
			rte_cryptodev_name_get(crypto->dev_id), info.max_nb_queue_pairs,
			testacc_plural(info.max_nb_queue_pairs), run->nb_engines,
			info.max_nb_queue_pairs);
	return result;
}

/** After configure: a driver's sessions may grow with its queue pairs. */
static int
create_session_pool(const struct testacc_crypto *crypto, unsigned int count, int socket)
{
	char name[RTE_MEMPOOL_NAMESIZE];

	snprintf(name, sizeof(name), "testacc_sessions_%u", crypto->dev_id);
	kept[crypto->dev_id].sessions = rte_cryptodev_sym_session_pool_create(name, count,
		rte_cryptodev_sym_get_private_session_size(crypto->dev_id), 0, 0, socket);
	return kept[crypto->dev_id].sessions != NULL ? TESTACC_OK :
		testacc_fail("no memory for %u session%s", count, testacc_plural(count));
}

static int
configure(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	uint8_t dev_id = crypto->dev_id;
	struct rte_cryptodev_config config = {
		.socket_id = rte_cryptodev_socket_id(dev_id),
		.nb_queue_pairs = (uint16_t)run->nb_engines,
		.ff_disable = RTE_CRYPTODEV_FF_ASYMMETRIC_CRYPTO | RTE_CRYPTODEV_FF_SECURITY,
	};
	int ret = rte_cryptodev_configure(dev_id, &config);

	if (ret != 0)
		return testacc_fail("%s: configure with %u queue pair%s: %s",
			rte_cryptodev_name_get(dev_id), run->nb_engines,
			testacc_plural(run->nb_engines), strerror(-ret));
	kept[dev_id].is_configured = true;
	return create_session_pool(crypto, run->nb_engines * run->nb_parts, config.socket_id);
}

static int
set_up_queue_pairs(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	uint8_t dev_id = crypto->dev_id;
	const char *name = rte_cryptodev_name_get(dev_id);
	struct rte_cryptodev_qp_conf queue = {
		.nb_descriptors = (uint32_t)run->settings.depth,
		.mp_session = kept[dev_id].sessions,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < run->nb_engines; i++) {
		ret = rte_cryptodev_queue_pair_setup(dev_id, (uint16_t)i, &queue,
			rte_cryptodev_socket_id(dev_id));
		if (ret != 0)
			return testacc_fail("%s: queue pair %u with %" PRIu64 " op%s: %s", name, i,
				run->settings.depth, testacc_plural(run->settings.depth),
				strerror(-ret));
	}
	ret = rte_cryptodev_start(dev_id);
	if (ret != 0)
		return testacc_fail("%s: start: %s", name, strerror(-ret));
	kept[dev_id].is_started = true;
	return TESTACC_OK;
}

static void
fill_xform(struct testacc_crypto_params *params, struct rte_crypto_sym_xform *xform)
{
	const uint16_t iv = TESTACC_CRYPTO_PRIV_OFFSET + offsetof(struct testacc_crypto_priv, iv);

	memset(xform, 0, sizeof(*xform));
	switch (params->algo->kind) {
	case TESTACC_CRYPTO_CIPHER:
		xform->type = RTE_CRYPTO_SYM_XFORM_CIPHER;
		xform->cipher.op = params->decrypts ? RTE_CRYPTO_CIPHER_OP_DECRYPT :
			RTE_CRYPTO_CIPHER_OP_ENCRYPT;
		xform->cipher.algo = (enum rte_crypto_cipher_algorithm)params->algo->id;
		xform->cipher.key.data = params->key;
		xform->cipher.key.length = params->key_len;
		xform->cipher.iv.offset = iv;
		xform->cipher.iv.length = params->iv_len;
		break;
	case TESTACC_CRYPTO_HASH:
		xform->type = RTE_CRYPTO_SYM_XFORM_AUTH;
		xform->auth.op = params->decrypts ? RTE_CRYPTO_AUTH_OP_VERIFY :
			RTE_CRYPTO_AUTH_OP_GENERATE;
		xform->auth.algo = (enum rte_crypto_auth_algorithm)params->algo->id;
		xform->auth.key.data = params->key;
		xform->auth.key.length = params->key_len;
		xform->auth.digest_length = params->digest_len;
		break;
	default:
		xform->type = RTE_CRYPTO_SYM_XFORM_AEAD;
		xform->aead.op = params->decrypts ? RTE_CRYPTO_AEAD_OP_DECRYPT :
			RTE_CRYPTO_AEAD_OP_ENCRYPT;
		xform->aead.algo = (enum rte_crypto_aead_algorithm)params->algo->id;
		xform->aead.key.data = params->key;
		xform->aead.key.length = params->key_len;
		xform->aead.iv.offset = iv;
		xform->aead.iv.length = params->iv_len;
		xform->aead.digest_length = params->digest_len;
		xform->aead.aad_length = params->aad_len;
	}
}

/** One for each engine. */
static int
create_sessions(struct testacc_run *run, unsigned int part)
{
	struct testacc_crypto *crypto = run->private;
	struct testacc_crypto_params *params = &crypto->parts[part];
	struct rte_crypto_sym_xform xform;
	void *session;
	unsigned int i;

	fill_xform(params, &xform);
	for (i = 0; i < run->nb_engines; i++) {
		session = rte_cryptodev_sym_session_create(crypto->dev_id, &xform,
			kept[crypto->dev_id].sessions);
		if (session == NULL)
			return testacc_fail("%s refuses a session of %s like that; see 'show config'",
				rte_cryptodev_name_get(crypto->dev_id), params->algo->name);
		run->engines[i]->private[part] = session;
	}
	return TESTACC_OK;
}

int
testacc_crypto_device_open(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	int result = check_features(run);
	unsigned int i;

	if (result != TESTACC_OK)
		return result;
	testacc_crypto_device_shut(crypto->dev_id);
	result = configure(run);
	if (result == TESTACC_OK)
		result = set_up_queue_pairs(run);
	for (i = 0; result == TESTACC_OK && i < run->nb_parts; i++)
		result = create_sessions(run, i);
	return result;
}

void
testacc_crypto_device_close(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	unsigned int i;
	size_t k;

	for (i = 0; i < run->nb_engines; i++)
		for (k = 0; k < RTE_DIM(run->engines[i]->private); k++)
			if (run->engines[i]->private[k] != NULL)
				(void)rte_cryptodev_sym_session_free(crypto->dev_id,
					run->engines[i]->private[k]);
	/* It stays started, with its queue pairs, for 'show' and what is done by hand. */
}
