/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * hisi_crypt_keys: sessions with keys that come by a pipe, so that whoever looks at the memory of
 * this process afterwards finds no copy that is the test's own.
 *
 * Prints what keys it wants, reads them, uses each of them, and stops at three points until a byte
 * comes: "used", "freed" (no session is left), "closed" (the device is). A secondary does it on the
 * second queue pair of its primary, and is killed at the first of the points.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "crypt.h"

#define MAX_KEYS 64
#define TEXT_LEN 256
#define PATIENCE_S 10

struct keys {
	struct crypt_device device;
	uint16_t queue_pair;
	struct rte_mempool *mbufs;
	uint8_t *tag;
	struct crypt_spec specs[MAX_KEYS];
	void *sessions[MAX_KEYS];
	int count;
};

static uint32_t
wanted_len(const struct rte_crypto_param_range *range)
{
	return RTE_MIN(range->max, 64);
}

/* A session of each algorithm that has a key, with the longest one up to 64 bytes. */
static void
add_spec(struct keys *keys, const struct crypt_algorithm *algorithm)
{
	const struct rte_cryptodev_symmetric_capability *one =
		crypt_device_capability(&keys->device, algorithm);
	struct crypt_spec *spec = &keys->specs[keys->count];

	if (one == NULL || (algorithm->kind == CRYPT_AUTH && one->auth.key_size.max == 0))
		return;
	spec->kind = algorithm->kind;
	spec->cipher = algorithm;
	spec->auth = algorithm;
	switch (algorithm->kind) {
	case CRYPT_CIPHER:
		spec->key_len = wanted_len(&one->cipher.key_size);
		spec->iv_len = one->cipher.iv_size.max;
		break;
	case CRYPT_AUTH:
		spec->auth_key_len = wanted_len(&one->auth.key_size);
		spec->tag_len = one->auth.digest_size.max;
		spec->iv_len = algorithm->mode == CRYPT_MODE_GMAC ? 12 : 0;
		break;
	default:
		spec->key_len = wanted_len(&one->aead.key_size);
		spec->iv_len = one->aead.iv_size.min != 0 ? one->aead.iv_size.min : 12;
		spec->tag_len = one->aead.digest_size.max;
		break;
	}
	keys->count++;
}

static bool
read_all(uint8_t *to, size_t len)
{
	ssize_t n;

	for (; len != 0; to += n, len -= n) {
		n = read(STDIN_FILENO, to, len);
		if (n <= 0)
			return false;
	}
	return true;
}

static bool
read_keys(struct keys *keys)
{
	struct crypt_spec *spec;
	int i;

	for (i = 0; i < keys->count; i++) {
		spec = &keys->specs[i];
		printf("{\"algorithm\": \"%s\", \"key_len\": %u}\n", spec->cipher->name,
			spec->key_len + spec->auth_key_len);
	}
	printf("{\"wanted\": %d}\n", keys->count);
	fflush(stdout);
	for (i = 0; i < keys->count; i++) {
		spec = &keys->specs[i];
		if (!read_all(spec->kind == CRYPT_AUTH ? spec->auth_key : spec->key,
				spec->key_len + spec->auth_key_len))
			return false;
	}
	return true;
}

/* @return it came back, and with success */
static bool
process(struct keys *keys, struct rte_crypto_op *op)
{
	uint64_t start = rte_get_timer_cycles();
	struct rte_crypto_op *back = NULL;

	if (rte_cryptodev_enqueue_burst(keys->device.id, keys->queue_pair, &op, 1) != 1)
		return false;
	while (rte_cryptodev_dequeue_burst(keys->device.id, keys->queue_pair, &back, 1) == 0)
		if (rte_get_timer_cycles() - start > PATIENCE_S * rte_get_timer_hz())
			return false;
	return back == op && op->status == RTE_CRYPTO_OP_STATUS_SUCCESS;
}

static void
fill_op(const struct keys *keys, const struct crypt_spec *spec, struct rte_crypto_sym_op *sym,
	uint32_t len)
{
	switch (spec->kind) {
	case CRYPT_AEAD:
		sym->aead.data.length = len;
		sym->aead.digest.data = keys->tag;
		sym->aead.digest.phys_addr = (uintptr_t)keys->tag;
		/* Read for no byte, but CCM may write in front of them. */
		sym->aead.aad.data = keys->tag + CRYPT_MAX_TAG;
		sym->aead.aad.phys_addr = (uintptr_t)sym->aead.aad.data;
		break;
	case CRYPT_AUTH:
		sym->auth.data.length = len;
		sym->auth.digest.data = keys->tag;
		sym->auth.digest.phys_addr = (uintptr_t)keys->tag;
		break;
	default:
		sym->cipher.data.length = len;
		break;
	}
}

/* An operation of so many bytes, with a session or by the xform. */
static bool
use(struct keys *keys, int i, uint32_t len, bool sessionless)
{
	struct crypt_spec *spec = &keys->specs[i];
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(keys->mbufs);
	struct rte_crypto_op *op = rte_crypto_op_alloc(keys->device.op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	struct rte_crypto_sym_xform xforms[2];
	bool good;

	memset(rte_pktmbuf_append(mbuf, TEXT_LEN), 0x33, TEXT_LEN);
	op->sym->m_src = mbuf;
	fill_op(keys, spec, op->sym, len);
	crypt_op_set_iv(op, spec);
	if (sessionless) {
		op->sess_type = RTE_CRYPTO_OP_SESSIONLESS;
		op->sym->xform = crypt_xforms(spec, xforms);
	} else {
		rte_crypto_op_attach_sym_session(op, keys->sessions[i]);
	}
	good = process(keys, op);
	if (!good)
		printf("{\"failed\": \"%s\", \"len\": %u, \"sessionless\": %d, \"status\": %d}\n",
			spec->cipher->name, len, sessionless, op->status);
	rte_crypto_op_free(op);
	rte_pktmbuf_free(mbuf);
	return good;
}

static bool
use_all(struct keys *keys)
{
	bool sessionless = (keys->device.flags & RTE_CRYPTODEV_FF_SYM_SESSIONLESS) != 0;
	struct rte_crypto_sym_xform xforms[2];
	bool good = true;
	int i;

	for (i = 0; i < keys->count; i++) {
		keys->sessions[i] = rte_cryptodev_sym_session_create(keys->device.id,
			crypt_xforms(&keys->specs[i], xforms), keys->device.session_pool);
		if (keys->sessions[i] == NULL) {
			printf("{\"failed\": \"%s\"}\n", keys->specs[i].cipher->name);
			return false;
		}
		good = use(keys, i, TEXT_LEN, false) && good;
		/* What the engine cannot is done elsewhere: nothing to authenticate. */
		if (keys->specs[i].kind != CRYPT_CIPHER)
			good = use(keys, i, 0, false) && good;
		if (sessionless)
			good = use(keys, i, TEXT_LEN, true) && good;
	}
	return good;
}

static bool
stop_at(const char *point)
{
	uint8_t byte;

	printf("{\"point\": \"%s\"}\n", point);
	fflush(stdout);
	return read_all(&byte, 1);
}

static int
run(struct keys *keys)
{
	bool good;
	int i;

	for (i = 0; i < crypt_nb_algorithms; i++)
		add_spec(keys, &crypt_algorithms[i]);
	if (!read_keys(keys))
		return 2;
	good = use_all(keys);
	if (!stop_at("used"))
		return 2;
	for (i = 0; i < keys->count; i++)
		if (keys->sessions[i] != NULL)
			rte_cryptodev_sym_session_free(keys->device.id, keys->sessions[i]);
	explicit_bzero(keys->specs, sizeof(keys->specs));
	if (!stop_at("freed"))
		return 2;
	crypt_device_close(&keys->device);
	return stop_at("closed") && good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct keys keys;
	int args = rte_eal_init(argc, argv), ret;

	if (args < 0 || argc - args != 2)
		return 2;
	keys.queue_pair = rte_eal_process_type() == RTE_PROC_PRIMARY ? 0 : 1;
	ret = crypt_device_open(&keys.device, argv[args + 1], 64, sizeof(void *));
	keys.mbufs = rte_pktmbuf_pool_create("keys", 63, 0, 0, RTE_PKTMBUF_HEADROOM + TEXT_LEN,
		rte_socket_id());
	keys.tag = rte_zmalloc(NULL, 2 * CRYPT_MAX_TAG + CRYPT_CCM_AAD_ROOM, 0);
	if (ret != 0 || keys.mbufs == NULL || keys.tag == NULL) {
		fprintf(stderr, "cannot set up a device of driver %s\n", argv[args + 1]);
		return 3;
	}
	ret = run(&keys);
	rte_free(keys.tag);
	rte_mempool_free(keys.mbufs);
	rte_eal_cleanup();
	return ret;
}
