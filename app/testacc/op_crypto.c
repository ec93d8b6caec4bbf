/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "op_crypto.h"

/* The op classes of cryptodev: cipher, hash, aead, and these side by side; encrypting or decrypting
 * (verifying).
 */

/** @param kind TESTACC_CRYPTO_KINDS: all that the device has */
static int
open_kind(struct testacc_run *run, enum testacc_crypto_kind kind)
{
	struct testacc_crypto *crypto = calloc(1, sizeof(*crypto));
	int result;

	if (crypto == NULL)
		return testacc_fail("no memory for a run");
	run->private = crypto;
	crypto->dev_id = run->dev_id;
	result = kind == TESTACC_CRYPTO_KINDS ? testacc_crypto_params_mix(run) :
		testacc_crypto_params_one(run, kind);
	if (result == TESTACC_OK)
		result = testacc_crypto_device_open(run);
	if (result == TESTACC_OK)
		result = testacc_crypto_buffers_open(run);
	return result;
}

static int
open_cipher(struct testacc_run *run)
{
	return open_kind(run, TESTACC_CRYPTO_CIPHER);
}

static int
open_hash(struct testacc_run *run)
{
	return open_kind(run, TESTACC_CRYPTO_HASH);
}

static int
open_aead(struct testacc_run *run)
{
	return open_kind(run, TESTACC_CRYPTO_AEAD);
}

static int
open_mixed(struct testacc_run *run)
{
	return open_kind(run, TESTACC_CRYPTO_KINDS);
}

static void
crypto_close(struct testacc_run *run, bool is_lost)
{
	struct testacc_crypto *crypto = run->private;

	if (crypto == NULL || is_lost)
		return;
	testacc_crypto_device_close(run);
	testacc_crypto_buffers_close(run);
	explicit_bzero(crypto, sizeof(*crypto));
	free(crypto);
	run->private = NULL;
}

static uint16_t
crypto_enqueue(struct testacc_engine *engine, struct testacc_slot **slots, uint16_t count)
{
	struct rte_crypto_op *ops[UINT8_MAX + 1];
	uint16_t i;

	for (i = 0; i < count; i++)
		ops[i] = slots[i]->op;
	return rte_cryptodev_enqueue_burst(engine->dev_id, engine->queue_pair, ops, count);
}

static uint16_t
crypto_dequeue(struct testacc_engine *engine, struct testacc_slot **slots, uint16_t count)
{
	struct rte_crypto_op *ops[UINT8_MAX + 1];
	uint16_t i;

	count = rte_cryptodev_dequeue_burst(engine->dev_id, engine->queue_pair, ops, count);
	for (i = 0; i < count; i++)
		slots[i] = testacc_crypto_priv(ops[i])->slot;
	return count;
}

/** What came back is what OpenSSL made of the same bytes. */
static bool
is_right(struct testacc_slot *slot)
{
	const uint8_t *expected = testacc_crypto_expected(slot);
	struct testacc_crypto_priv *priv = testacc_crypto_priv(slot->op);

	if (expected != NULL && !testacc_chain_equals(priv->params->is_in_place ? slot->plain :
			slot->packed, expected, slot->size))
		return false;
	return priv->params->decrypts || memcmp(priv->digest, priv->expected_digest,
		priv->params->digest_len) == 0;
}

static enum testacc_slot_end
crypto_end(struct testacc_engine *engine, struct testacc_slot *slot)
{
	struct rte_crypto_op *op = slot->op;
	const struct testacc_crypto_params *params = testacc_crypto_priv(op)->params;
	enum testacc_slot_end end = TESTACC_SLOT_DONE;

	if (unlikely(op->status != RTE_CRYPTO_OP_STATUS_SUCCESS)) {
		engine->last_status = op->status;
		end = TESTACC_SLOT_FAILED;
	} else {
		engine->counters.plain_bytes += slot->size;
		engine->counters.packed_bytes += slot->size;
		if (engine->verifies && !is_right(slot))
			end = TESTACC_SLOT_WRONG;
	}
	op->status = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED;
	/* In place the data is another one now; a digest may have been overwritten. */
	if (params->is_in_place && params->algo->kind != TESTACC_CRYPTO_HASH)
		testacc_crypto_refill(slot);
	return end;
}

static const char *
status_name(int status)
{
	static const char * const names[] = {
		[RTE_CRYPTO_OP_STATUS_SUCCESS] = "success",
		[RTE_CRYPTO_OP_STATUS_NOT_PROCESSED] = "not processed",
		[RTE_CRYPTO_OP_STATUS_AUTH_FAILED] = "authentication failed",
		[RTE_CRYPTO_OP_STATUS_INVALID_SESSION] = "invalid session",
		[RTE_CRYPTO_OP_STATUS_INVALID_ARGS] = "invalid arguments",
		[RTE_CRYPTO_OP_STATUS_ERROR] = "error",
	};

	return status >= 0 && status < (int)RTE_DIM(names) ? names[status] : "unknown";
}

static bool
takes_algo(enum testacc_crypto_kind kind, const char *name)
{
	return testacc_crypto_algo_find(kind, name) != NULL;
}

static bool
cipher_takes(const char *name)
{
	return takes_algo(TESTACC_CRYPTO_CIPHER, name);
}

static bool
hash_takes(const char *name)
{
	return takes_algo(TESTACC_CRYPTO_HASH, name);
}

static bool
aead_takes(const char *name)
{
	return takes_algo(TESTACC_CRYPTO_AEAD, name);
}

static bool
mixed_takes(const char *name)
{
	return cipher_takes(name) || hash_takes(name) || aead_takes(name);
}

const struct testacc_op_class testacc_crypto_classes[] = {
	{ "cipher", "encrypt, or decrypt what OpenSSL encrypted", TESTACC_CRYPTODEV, cipher_takes,
		open_cipher, crypto_close, crypto_enqueue, crypto_dequeue, crypto_end,
		status_name },
	{ "hash", "digests, or their verification", TESTACC_CRYPTODEV, hash_takes, open_hash,
		crypto_close, crypto_enqueue, crypto_dequeue, crypto_end, status_name },
	{ "aead", "encrypt with a tag, or decrypt and verify", TESTACC_CRYPTODEV, aead_takes,
		open_aead, crypto_close, crypto_enqueue, crypto_dequeue, crypto_end, status_name },
	{ "mixed", "cipher, hash and aead, side by side", TESTACC_CRYPTODEV, mixed_takes,
		open_mixed, crypto_close, crypto_enqueue, crypto_dequeue, crypto_end,
		status_name },
	{ .name = NULL },
};
