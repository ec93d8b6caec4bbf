/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_lcore.h>

#include "buffers.h"
#include "op_crypto.h"

/** Buffers that a slot has at most. */
static uint32_t
count_buffers(const struct testacc_run *run)
{
	const struct testacc_crypto *crypto = run->private;
	unsigned int i;

	for (i = 0; i < run->nb_parts; i++)
		if (!crypto->parts[i].is_in_place)
			return 2;
	return 1;
}

static int
create_pools(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	const struct testacc_settings *settings = &run->settings;
	uint64_t most = testacc_settings_largest(settings);
	uint32_t nb_ops = (uint32_t)(run->nb_engines * settings->depth);
	uint32_t nb_mbufs = nb_ops * count_buffers(run) * (uint32_t)settings->sgl;

	crypto->segment_len = (uint32_t)((most + settings->sgl - 1) / settings->sgl);
	if (crypto->segment_len > TESTACC_MAX_SEGMENT)
		return testacc_fail_segments(settings, most / TESTACC_MAX_SEGMENT + 1);
	crypto->expected = malloc((size_t)nb_ops * most);
	crypto->ops = rte_crypto_op_pool_create("testacc_crypto_ops",
		RTE_CRYPTO_OP_TYPE_SYMMETRIC, nb_ops, 0, sizeof(struct testacc_crypto_priv),
		(int)rte_socket_id());
	crypto->mbufs = rte_pktmbuf_pool_create("testacc_crypto_mbufs", nb_mbufs, 0, 0,
		(uint16_t)(crypto->segment_len + RTE_PKTMBUF_HEADROOM), (int)rte_socket_id());
	if (crypto->expected == NULL || crypto->ops == NULL || crypto->mbufs == NULL)
		return testacc_fail("no memory for %u ops and %u mbufs of %u bytes; set depth, size or queues lower, or give EAL more memory",
			nb_ops, nb_mbufs, crypto->segment_len);
	return TESTACC_OK;
}

const uint8_t *
testacc_crypto_expected(const struct testacc_slot *slot)
{
	const struct testacc_crypto_params *params = testacc_crypto_priv(slot->op)->params;

	if (params->algo->kind == TESTACC_CRYPTO_HASH)
		return NULL;
	return params->decrypts ? slot->data : slot->packed_data;
}

void
testacc_crypto_refill(struct testacc_slot *slot)
{
	struct rte_crypto_op *op = slot->op;
	struct testacc_crypto_priv *priv = testacc_crypto_priv(op);
	const struct testacc_crypto_params *params = priv->params;
	bool is_coded = params->decrypts && params->algo->kind != TESTACC_CRYPTO_HASH;

	testacc_chain_write(op->sym->m_src, is_coded ? slot->packed_data : slot->data,
		slot->size);
	if (params->decrypts)
		memcpy(priv->digest, priv->expected_digest, params->digest_len);
}

static void
fill_private(const struct testacc_crypto_params *params, struct testacc_crypto_priv *priv)
{
	uint32_t lead = testacc_crypto_is_ccm(params) ? 1 : 0;

	memcpy(priv->iv + lead, params->iv, params->iv_len);
	memcpy(priv->aad + lead * 18, params->aad, params->aad_len);
}

static void
fill_op(const struct testacc_engine *engine, struct testacc_slot *slot)
{
	struct rte_crypto_op *op = slot->op;
	struct testacc_crypto_priv *priv = testacc_crypto_priv(op);
	const uint32_t base = TESTACC_CRYPTO_PRIV_OFFSET;
	rte_iova_t digest = rte_crypto_op_ctophys_offset(op,
		base + offsetof(struct testacc_crypto_priv, digest));

	fill_private(priv->params, priv);
	rte_crypto_op_attach_sym_session(op, engine->private[slot->part]);
	op->sym->m_src = slot->plain;
	op->sym->m_dst = slot->packed;
	switch (priv->params->algo->kind) {
	case TESTACC_CRYPTO_CIPHER:
		op->sym->cipher.data.length = slot->size;
		break;
	case TESTACC_CRYPTO_HASH:
		op->sym->auth.data.length = slot->size;
		op->sym->auth.digest.data = priv->digest;
		op->sym->auth.digest.phys_addr = digest;
		break;
	default:
		op->sym->aead.data.length = slot->size;
		op->sym->aead.digest.data = priv->digest;
		op->sym->aead.digest.phys_addr = digest;
		op->sym->aead.aad.data = priv->aad;
		op->sym->aead.aad.phys_addr = rte_crypto_op_ctophys_offset(op,
			base + offsetof(struct testacc_crypto_priv, aad));
	}
}

static bool
make_slot(struct testacc_run *run, const struct testacc_engine *engine, struct testacc_slot *slot,
	uint8_t *coded)
{
	struct testacc_crypto *crypto = run->private;
	const struct testacc_crypto_params *params = &crypto->parts[slot->part];
	uint32_t sgl = (uint32_t)run->settings.sgl;
	struct testacc_crypto_priv *priv;

	slot->op = rte_crypto_op_alloc(crypto->ops, RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	slot->plain = testacc_chain_make(crypto->mbufs, sgl, slot->size);
	if (!params->is_in_place)
		slot->packed = testacc_chain_make(crypto->mbufs, sgl, slot->size);
	if (slot->op == NULL || slot->plain == NULL ||
			(slot->packed == NULL && !params->is_in_place)) {
		(void)testacc_fail("no memory for the buffers of an op");
		return false;
	}
	priv = testacc_crypto_priv(slot->op);
	priv->slot = slot;
	priv->params = params;
	slot->packed_data = coded;
	if (!testacc_crypto_reference(params, slot->data, slot->size, coded,
			priv->expected_digest)) {
		(void)testacc_fail("OpenSSL does not do %s, so there is nothing to compare with",
			params->algo->name);
		return false;
	}
	fill_op(engine, slot);
	testacc_crypto_refill(slot);
	return true;
}

int
testacc_crypto_buffers_open(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;
	uint64_t most = testacc_settings_largest(&run->settings);
	int result = create_pools(run);
	struct testacc_engine *engine;
	uint8_t *coded = crypto->expected;
	unsigned int i;
	uint32_t k;

	for (i = 0; result == TESTACC_OK && i < run->nb_engines; i++) {
		engine = run->engines[i];
		for (k = 0; k < engine->nb_slots; k++, coded += most) {
			testacc_slot_aim(run, i, k);
			if (!make_slot(run, engine, &engine->slots[k], coded))
				return TESTACC_FAILED;
			engine->ready[engine->nb_ready++] = &engine->slots[k];
		}
	}
	return result;
}

void
testacc_crypto_buffers_close(struct testacc_run *run)
{
	struct testacc_crypto *crypto = run->private;

	/* With the pools goes what was taken from them. */
	rte_mempool_free(crypto->mbufs);
	rte_mempool_free(crypto->ops);
	free(crypto->expected);
}
