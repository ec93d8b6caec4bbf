/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Crypto operations that know all about themselves, out of place, so that they can be replayed.
 */
#include <string.h>

#include <openssl/evp.h>

#include <rte_crypto.h>
#include <rte_debug.h>
#include <rte_mbuf.h>

#include "crypt_probe.h"
#include "probe_fault.h"

#define SEGMENTS 3
#define BLOCK 16

static const struct fault_kind kinds[] = {
	{ "encrypt", 1, { FAULT_FORWARDS } },
	{ "decrypt", 1, { FAULT_BACKWARDS } },
	{ "sgl", 2, { FAULT_CHAINED_FORWARDS, FAULT_CHAINED_BACKWARDS } },
	{ "mixed", 4, { FAULT_FORWARDS, FAULT_BACKWARDS, FAULT_CHAINED_FORWARDS,
		FAULT_CHAINED_BACKWARDS } },
};

const struct fault_kind *
fault_kind_find(const char *name)
{
	uint32_t i;

	for (i = 0; i < RTE_DIM(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* Noise, not the same for any two; whole blocks. */
static void
make_plain(struct fault_item *item)
{
	uint32_t i, noise = item->id * 2654435761U + 1;

	item->plain_len = (512 + noise % (FAULT_PLAIN_MAX - 512)) / BLOCK * BLOCK;
	for (i = 0; i < item->plain_len; i++) {
		noise = noise * 1664525 + 1013904223;
		item->plain[i] = noise >> 24;
	}
}

/* By OpenSSL: AES-CBC, or AES-GCM with AAD and tag of @p priv. */
static void
encrypt(const struct fault_item *item, struct crypt_probe_priv *priv, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t rest[BLOCK];
	int n;
	bool good = ctx != NULL && EVP_EncryptInit_ex2(ctx,
		item->is_backwards ? EVP_aes_128_gcm() : EVP_aes_128_cbc(), crypt_probe_key,
		priv->iv, NULL) == 1 && EVP_CIPHER_CTX_set_padding(ctx, 0) == 1;

	if (good && item->is_backwards)
		good = EVP_EncryptUpdate(ctx, NULL, &n, priv->aad, sizeof(priv->aad)) == 1;
	good = good && EVP_EncryptUpdate(ctx, out, &n, item->plain, item->plain_len) == 1 &&
		EVP_EncryptFinal_ex(ctx, rest, &n) == 1;
	if (good && item->is_backwards)
		good = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, sizeof(priv->tag),
			priv->tag) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (!good)
		rte_exit(3, "OpenSSL does not encrypt\n");
}

static void
fill_op(const struct probe *probe, const struct fault_item *item, struct rte_crypto_op *op)
{
	struct crypt_probe_priv *priv = crypt_probe_priv(op);
	struct rte_crypto_sym_op *sym = op->sym;

	/* One union holds both. */
	if (!item->is_backwards) {
		sym->cipher.data.length = item->src_len;
		rte_crypto_op_attach_sym_session(op, probe->compress_xform);
		return;
	}
	sym->aead.data.length = item->src_len;
	sym->aead.digest.data = priv->tag;
	sym->aead.digest.phys_addr = (uintptr_t)priv->tag;
	sym->aead.aad.data = priv->aad;
	sym->aead.aad.phys_addr = (uintptr_t)priv->aad;
	rte_crypto_op_attach_sym_session(op, probe->decompress_xform);
}

void
fault_item_make(struct probe *probe, struct fault_item *item, const struct fault_kind *kind)
{
	enum fault_variant variant = kind->variants[item->id % kind->nb_variants];
	bool chained = variant == FAULT_CHAINED_FORWARDS || variant == FAULT_CHAINED_BACKWARDS;
	struct rte_crypto_op *op = rte_crypto_op_alloc(probe->op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	struct crypt_probe_priv *priv;

	if (op == NULL)
		rte_exit(3, "no op left\n");
	item->op = op;
	item->is_backwards = variant == FAULT_BACKWARDS || variant == FAULT_CHAINED_BACKWARDS;
	priv = crypt_probe_priv(op);
	memset(priv, (int)item->id, sizeof(*priv));
	priv->id = item->id;
	make_plain(item);
	item->src_len = item->plain_len;
	if (item->is_backwards)
		encrypt(item, priv, item->src);
	else
		memcpy(item->src, item->plain, item->plain_len);
	op->sym->m_src = fault_buffer_make(probe->mbuf_pool, item->src_len,
		chained ? SEGMENTS : 1);
	op->sym->m_dst = fault_buffer_make(probe->mbuf_pool, item->src_len,
		chained ? SEGMENTS : 1);
	fault_buffer_fill(op->sym->m_src, item->src);
	fill_op(probe, item, op);
}

void
fault_item_free(struct fault_item *item)
{
	struct rte_crypto_op *op = item->op;

	rte_pktmbuf_free(op->sym->m_src);
	rte_pktmbuf_free(op->sym->m_dst);
	rte_crypto_op_free(op);
	item->op = NULL;
}

bool
fault_item_arm(struct fault_item *item)
{
	struct rte_crypto_op *op = item->op;
	bool intact = fault_buffer_is_intact_inside(op->sym->m_dst) &&
		fault_buffer_is_intact_around(op->sym->m_dst);

	item->round++;
	/* Not the result of the round before. A decrypting one's is known by the canaries. */
	if (!item->is_backwards) {
		memcpy(item->plain + 16, &item->round, sizeof(item->round));
		memcpy(item->src + 16, &item->round, sizeof(item->round));
		fault_buffer_fill(op->sym->m_src, item->src);
	}
	op->status = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED;
	return intact;
}

static bool
is_right(const struct fault_item *item)
{
	const struct rte_crypto_op *op = item->op;
	uint8_t data[FAULT_ROOM];

	if (item->is_backwards)
		return fault_buffer_holds(op->sym->m_dst, item->plain);
	encrypt(item, crypt_probe_priv(op), data);
	return fault_buffer_holds(op->sym->m_dst, data);
}

enum fault_verdict
fault_item_judge(struct fault_item *item)
{
	const struct rte_crypto_op *op = item->op;
	enum fault_verdict verdict = FAULT_ERROR;

	if (!fault_buffer_is_intact_around(op->sym->m_dst) ||
			!fault_buffer_is_intact_around(op->sym->m_src) ||
			!fault_buffer_holds(op->sym->m_src, item->src))
		verdict = FAULT_TOUCHED;
	else if (op->status == RTE_CRYPTO_OP_STATUS_NOT_PROCESSED)
		verdict = FAULT_UNTOLD;
	else if (op->status == RTE_CRYPTO_OP_STATUS_AUTH_FAILED)
		/* Its tag is right. */
		verdict = FAULT_WRONG;
	else if (op->status == RTE_CRYPTO_OP_STATUS_SUCCESS)
		verdict = is_right(item) ? FAULT_GOOD : FAULT_WRONG;
	fault_buffer_clear(op->sym->m_dst);
	return verdict;
}
