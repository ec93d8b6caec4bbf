/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The cryptodev under test, as an ordinary application sets it up.
 */
#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "crypt.h"

#define NB_OPS 4096
#define NB_SESSIONS 2048

static int
start(const struct crypt_device *device)
{
	struct rte_cryptodev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1,
		.ff_disable = RTE_CRYPTODEV_FF_ASYMMETRIC_CRYPTO,
	};
	struct rte_cryptodev_qp_conf queue = {
		.nb_descriptors = device->depth, .mp_session = device->session_pool,
	};
	int ret = rte_cryptodev_configure(device->id, &config);

	if (ret == 0)
		ret = rte_cryptodev_queue_pair_setup(device->id, 0, &queue, rte_socket_id());
	return ret != 0 ? ret : rte_cryptodev_start(device->id);
}

int
crypt_device_open(struct crypt_device *device, const char *driver, uint32_t depth,
	uint32_t priv_len)
{
	struct rte_cryptodev_info info;

	if (rte_cryptodev_devices_get(driver, &device->id, 1) == 0)
		return -ENODEV;
	rte_cryptodev_info_get(device->id, &info);
	device->flags = info.feature_flags;
	device->capabilities = info.capabilities;
	device->depth = depth;
	device->op_pool = rte_crypto_op_pool_create("crypt_ops", RTE_CRYPTO_OP_TYPE_SYMMETRIC,
		NB_OPS, 0, CRYPT_IV_ROOM + priv_len, rte_socket_id());
	device->session_pool = rte_cryptodev_sym_session_pool_create("crypt_sessions", NB_SESSIONS,
		rte_cryptodev_sym_get_private_session_size(device->id), 0, 0, rte_socket_id());
	if (device->op_pool == NULL || device->session_pool == NULL)
		return -ENOMEM;
	/* Queue pairs are the primary's to set up. */
	return rte_eal_process_type() == RTE_PROC_PRIMARY ? start(device) : 0;
}

void
crypt_device_close(struct crypt_device *device)
{
	rte_cryptodev_stop(device->id);
	rte_cryptodev_close(device->id);
	rte_mempool_free(device->op_pool);
	rte_mempool_free(device->session_pool);
}

static bool
is_it(const struct rte_cryptodev_symmetric_capability *sym,
	const struct crypt_algorithm *algorithm)
{
	switch (algorithm->kind) {
	case CRYPT_CIPHER:
		return sym->xform_type == RTE_CRYPTO_SYM_XFORM_CIPHER &&
			(int)sym->cipher.algo == algorithm->id;
	case CRYPT_AUTH:
		return sym->xform_type == RTE_CRYPTO_SYM_XFORM_AUTH &&
			(int)sym->auth.algo == algorithm->id;
	default:
		return sym->xform_type == RTE_CRYPTO_SYM_XFORM_AEAD &&
			(int)sym->aead.algo == algorithm->id;
	}
}

const struct rte_cryptodev_symmetric_capability *
crypt_device_capability(const struct crypt_device *device, const struct crypt_algorithm *algorithm)
{
	const struct rte_cryptodev_capabilities *one;

	for (one = device->capabilities; one->op != RTE_CRYPTO_OP_TYPE_UNDEFINED; one++)
		if (one->op == RTE_CRYPTO_OP_TYPE_SYMMETRIC && is_it(&one->sym, algorithm))
			return &one->sym;
	return NULL;
}

static void
cipher_xform(const struct crypt_spec *spec, struct rte_crypto_sym_xform *xform)
{
	*xform = (struct rte_crypto_sym_xform) { .type = RTE_CRYPTO_SYM_XFORM_CIPHER };
	xform->cipher.op = spec->decrypt ? RTE_CRYPTO_CIPHER_OP_DECRYPT :
		RTE_CRYPTO_CIPHER_OP_ENCRYPT;
	xform->cipher.algo = spec->cipher->id;
	xform->cipher.key.data = spec->key;
	xform->cipher.key.length = spec->key_len;
	xform->cipher.iv.offset = CRYPT_IV_OFFSET;
	xform->cipher.iv.length = spec->iv_len;
}

static void
auth_xform(const struct crypt_spec *spec, struct rte_crypto_sym_xform *xform)
{
	*xform = (struct rte_crypto_sym_xform) { .type = RTE_CRYPTO_SYM_XFORM_AUTH };
	xform->auth.op = spec->decrypt ? RTE_CRYPTO_AUTH_OP_VERIFY :
		RTE_CRYPTO_AUTH_OP_GENERATE;
	xform->auth.algo = spec->auth->id;
	xform->auth.key.data = spec->auth_key;
	xform->auth.key.length = spec->auth_key_len;
	xform->auth.digest_length = spec->tag_len;
	if (spec->auth->mode == CRYPT_MODE_GMAC) {
		xform->auth.iv.offset = CRYPT_IV_OFFSET;
		xform->auth.iv.length = spec->iv_len;
	}
}

static void
aead_xform(const struct crypt_spec *spec, struct rte_crypto_sym_xform *xform)
{
	*xform = (struct rte_crypto_sym_xform) { .type = RTE_CRYPTO_SYM_XFORM_AEAD };
	xform->aead.op = spec->decrypt ? RTE_CRYPTO_AEAD_OP_DECRYPT : RTE_CRYPTO_AEAD_OP_ENCRYPT;
	xform->aead.algo = spec->cipher->id;
	xform->aead.key.data = spec->key;
	xform->aead.key.length = spec->key_len;
	xform->aead.iv.offset = CRYPT_IV_OFFSET;
	xform->aead.iv.length = spec->iv_len;
	xform->aead.digest_length = spec->tag_len;
	xform->aead.aad_length = spec->aad_len;
}

struct rte_crypto_sym_xform *
crypt_xforms(const struct crypt_spec *spec, struct rte_crypto_sym_xform xforms[2])
{
	bool auth_first = spec->decrypt != spec->mac_plain;

	switch (spec->kind) {
	case CRYPT_CIPHER:
		cipher_xform(spec, xforms);
		break;
	case CRYPT_AUTH:
		auth_xform(spec, xforms);
		break;
	case CRYPT_AEAD:
		aead_xform(spec, xforms);
		break;
	default:
		auth_xform(spec, &xforms[auth_first ? 0 : 1]);
		cipher_xform(spec, &xforms[auth_first ? 1 : 0]);
		xforms[0].next = &xforms[1];
		break;
	}
	return xforms;
}

void
crypt_op_set_iv(struct rte_crypto_op *op, const struct crypt_spec *spec)
{
	bool is_ccm = spec->kind == CRYPT_AEAD && spec->cipher->mode == CRYPT_MODE_CCM;

	memset(crypt_op_iv(op), 0, CRYPT_IV_ROOM);
	memcpy(crypt_op_iv(op) + (is_ccm ? 1 : 0), spec->iv, spec->iv_len);
}
