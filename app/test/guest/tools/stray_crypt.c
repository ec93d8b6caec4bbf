/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * AES-CBC out of place.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_lcore.h>

#include "stray.h"

#define IV_LEN 16
#define IV_OFFSET (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
#define SESSIONS 4

static const uint8_t cipher_key[16] = "stray addresses";

static struct rte_mempool *session_pool;

static void
start(struct stray *stray, const char *driver)
{
	struct rte_cryptodev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1,
		.ff_disable = RTE_CRYPTODEV_FF_ASYMMETRIC_CRYPTO,
	};
	struct rte_cryptodev_qp_conf queue = { .nb_descriptors = STRAY_QUEUE_DEPTH };

	if (rte_cryptodev_devices_get(driver, &stray->dev_id, 1) == 0)
		rte_exit(3, "no cryptodev of driver %s\n", driver);
	session_pool = rte_cryptodev_sym_session_pool_create("sessions", SESSIONS,
		rte_cryptodev_sym_get_private_session_size(stray->dev_id), 0, 0, rte_socket_id());
	queue.mp_session = session_pool;
	if (session_pool == NULL || rte_cryptodev_configure(stray->dev_id, &config) != 0 ||
			rte_cryptodev_queue_pair_setup(stray->dev_id, 0, &queue,
				rte_socket_id()) != 0 ||
			rte_cryptodev_start(stray->dev_id) != 0)
		rte_exit(3, "cannot set up a device of driver %s\n", driver);
}

void
stray_class_set_up(struct stray *stray, const char *driver)
{
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER, .cipher = {
		.op = RTE_CRYPTO_CIPHER_OP_ENCRYPT, .algo = RTE_CRYPTO_CIPHER_AES_CBC,
		.key = { cipher_key, sizeof(cipher_key) },
		.iv = { IV_OFFSET, IV_LEN } } };

	start(stray, driver);
	stray->xform = rte_cryptodev_sym_session_create(stray->dev_id, &xform, session_pool);
	stray->op_pool = rte_crypto_op_pool_create("ops", RTE_CRYPTO_OP_TYPE_SYMMETRIC, STRAY_OPS,
		0, IV_LEN, rte_socket_id());
	if (stray->xform == NULL || stray->op_pool == NULL)
		rte_exit(3, "no session or no memory\n");
}

void *
stray_class_op(struct stray *stray, struct rte_mbuf *src, struct rte_mbuf *dst)
{
	struct rte_crypto_op *op = rte_crypto_op_alloc(stray->op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);

	if (op == NULL)
		rte_exit(3, "no op left\n");
	memset(rte_crypto_op_ctod_offset(op, void *, IV_OFFSET), 0, IV_LEN);
	op->sym->m_src = src;
	op->sym->m_dst = dst;
	op->sym->cipher.data.offset = 0;
	op->sym->cipher.data.length = STRAY_DATA_LEN;
	rte_crypto_op_attach_sym_session(op, stray->xform);
	return op;
}

bool
stray_class_enqueue(struct stray *stray, void *op)
{
	struct rte_crypto_op *crypto = op;

	return rte_cryptodev_enqueue_burst(stray->dev_id, 0, &crypto, 1) == 1;
}

void *
stray_class_dequeue(struct stray *stray)
{
	struct rte_crypto_op *done = NULL;

	(void)rte_cryptodev_dequeue_burst(stray->dev_id, 0, &done, 1);
	return done;
}

int64_t
stray_class_end(void *op)
{
	struct rte_crypto_op *crypto = op;
	int64_t ret = crypto->status == RTE_CRYPTO_OP_STATUS_SUCCESS ? STRAY_DATA_LEN :
		-(int64_t)crypto->status;

	rte_crypto_op_free(crypto);
	return ret;
}

bool
stray_class_is_right(const struct stray *stray, const uint8_t *out, size_t len)
{
	static const uint8_t iv[IV_LEN];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *wanted = malloc(STRAY_DATA_LEN + IV_LEN);
	int n;
	bool is_right;

	if (ctx == NULL || wanted == NULL ||
			EVP_EncryptInit_ex2(ctx, EVP_aes_128_cbc(), cipher_key, iv, NULL) != 1 ||
			EVP_EncryptUpdate(ctx, wanted, &n, stray->good_src, STRAY_DATA_LEN) != 1)
		rte_exit(3, "OpenSSL does not encrypt\n");
	is_right = len == STRAY_DATA_LEN && n == STRAY_DATA_LEN && memcmp(out, wanted, len) == 0;
	EVP_CIPHER_CTX_free(ctx);
	free(wanted);
	return is_right;
}

void
stray_class_close(struct stray *stray)
{
	rte_cryptodev_sym_session_free(stray->dev_id, stray->xform);
	rte_cryptodev_stop(stray->dev_id);
	rte_cryptodev_close(stray->dev_id);
}
