/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <string.h>

#include <openssl/evp.h>

#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_mbuf.h>

#include "crypt_probe.h"
#include "probe_class.h"

uint16_t
probe_enqueue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count)
{
	return rte_cryptodev_enqueue_burst(dev_id, queue_pair, (struct rte_crypto_op **)ops,
		count);
}

uint16_t
probe_dequeue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count)
{
	return rte_cryptodev_dequeue_burst(dev_id, queue_pair, (struct rte_crypto_op **)ops,
		count);
}

const char *
probe_device_name(uint8_t dev_id)
{
	return rte_cryptodev_name_get(dev_id);
}

int
probe_device_id(const char *name)
{
	return rte_cryptodev_get_dev_id(name);
}

unsigned int
probe_device_count(void)
{
	return rte_cryptodev_count();
}

void
probe_device_close(uint8_t dev_id)
{
	rte_cryptodev_stop(dev_id);
	rte_cryptodev_close(dev_id);
}

uint64_t
probe_op_number(const void *op)
{
	return crypt_probe_priv(op)->id;
}

/* Out of place, AES-CBC over the number again and again. */
void *
probe_class_op(struct probe *probe, uint32_t number)
{
	struct rte_crypto_op *op = rte_crypto_op_alloc(probe->op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	struct rte_mbuf *src = rte_pktmbuf_alloc(probe->mbuf_pool);
	struct rte_mbuf *dst = rte_pktmbuf_alloc(probe->mbuf_pool);

	if (op == NULL || src == NULL || dst == NULL)
		rte_exit(3, "no op or buffer left\n");
	memset(rte_pktmbuf_append(src, PROBE_DATA_LEN), (int)number, PROBE_DATA_LEN);
	memset(rte_pktmbuf_append(dst, PROBE_DATA_LEN), 0, PROBE_DATA_LEN);
	memset(crypt_probe_priv(op), 0, sizeof(struct crypt_probe_priv));
	crypt_probe_priv(op)->id = number;
	op->sym->m_src = src;
	op->sym->m_dst = dst;
	op->sym->cipher.data.length = PROBE_DATA_LEN;
	rte_crypto_op_attach_sym_session(op, probe->compress_xform);
	return op;
}

void
probe_class_op_free(void *op)
{
	struct rte_crypto_op *crypto = op;

	rte_pktmbuf_free(crypto->sym->m_src);
	rte_pktmbuf_free(crypto->sym->m_dst);
	rte_crypto_op_free(crypto);
}

void
probe_class_op_reset(void *op)
{
	((struct rte_crypto_op *)op)->status = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED;
}

void
probe_class_op_refill(void *op, uint32_t serial)
{
	struct rte_crypto_op *crypto = op;

	probe_fill(rte_pktmbuf_mtod(crypto->sym->m_src, uint8_t *), PROBE_DATA_LEN, serial);
	memset(rte_pktmbuf_mtod(crypto->sym->m_dst, void *), 0xa5, PROBE_DATA_LEN);
	probe_class_op_reset(op);
}

bool
probe_class_op_succeeded(const void *op)
{
	return ((const struct rte_crypto_op *)op)->status == RTE_CRYPTO_OP_STATUS_SUCCESS;
}

bool
probe_class_op_is_right(const void *op)
{
	const struct rte_crypto_op *crypto = op;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t wanted[PROBE_DATA_LEN + 16];
	int n;
	bool good = EVP_EncryptInit_ex2(ctx, EVP_aes_128_cbc(), crypt_probe_key,
			crypt_probe_priv(op)->iv, NULL) == 1 &&
		EVP_EncryptUpdate(ctx, wanted, &n, rte_pktmbuf_mtod(crypto->sym->m_src, void *),
			PROBE_DATA_LEN) == 1 &&
		memcmp(rte_pktmbuf_mtod(crypto->sym->m_dst, void *), wanted, PROBE_DATA_LEN) == 0;

	EVP_CIPHER_CTX_free(ctx);
	return good;
}
