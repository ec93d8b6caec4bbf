/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * instr.h for cryptodevs, in place.
 */
#include <stdlib.h>
#include <string.h>

#include <rte_debug.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "../diff/crypt.h"
#include "instr.h"

#define AAD_LEN 16

static struct bench {
	struct crypt_device device;
	struct crypt_spec spec;
	void *session;
	uint8_t *side;		/* AAD and digest */
	struct rte_crypto_op *ops[INSTR_MAX_BURST];
} bench;

static const struct crypt_algorithm null_cipher = {
	"NULL", CRYPT_CIPHER, RTE_CRYPTO_CIPHER_NULL, CRYPT_MODE_EVP, "", 1, 0,
};

static const struct crypt_algorithm *
find(const char *name)
{
	int i;

	for (i = 0; i < crypt_nb_algorithms; i++)
		if (strcmp(crypt_algorithms[i].name, name) == 0)
			return &crypt_algorithms[i];
	rte_exit(EXIT_FAILURE, "no algorithm %s\n", name);
}

/* What the kinds on the command line are. */
static void
set_kind(struct crypt_spec *spec, const char *kind)
{
	*spec = (struct crypt_spec) { .kind = CRYPT_CIPHER, .cipher = find("AES_CBC"),
		.auth = find("SHA256_HMAC"), .key_len = 16, .iv_len = 16 };
	if (strcmp(kind, "aes-cbc") == 0)
		return;
	if (strcmp(kind, "null") == 0) {
		spec->cipher = &null_cipher;
		spec->key_len = 0;
		spec->iv_len = 0;
	} else if (strcmp(kind, "aes-gcm") == 0) {
		spec->kind = CRYPT_AEAD;
		spec->cipher = find("AES_GCM");
		spec->iv_len = 12;
		spec->tag_len = 16;
		spec->aad_len = AAD_LEN;
	} else if (strcmp(kind, "sha256-hmac") == 0 || strcmp(kind, "aes-cbc-sha256-hmac") == 0) {
		spec->kind = kind[0] == 's' ? CRYPT_AUTH : CRYPT_CHAIN;
		spec->auth_key_len = 32;
		spec->tag_len = 32;
	} else {
		rte_exit(EXIT_FAILURE, "no kind %s\n", kind);
	}
}

static struct rte_mbuf *
make_mbuf(struct rte_mempool *pool, const struct instr_options *options)
{
	struct rte_mbuf *head = NULL, *mbuf;
	unsigned int i, piece, done = 0;

	for (i = 0; i < options->segments; i++, done += piece) {
		piece = (options->size - done) / (options->segments - i);
		mbuf = rte_pktmbuf_alloc(pool);
		if (mbuf == NULL || rte_pktmbuf_append(mbuf, piece) == NULL ||
				(head != NULL && rte_pktmbuf_chain(head, mbuf) != 0))
			rte_exit(EXIT_FAILURE, "cannot make %u segments of %u bytes\n",
				options->segments, piece);
		memset(rte_pktmbuf_mtod(mbuf, void *), 0x5a, piece);
		head = head != NULL ? head : mbuf;
	}
	return head;
}

static void
fill_op(unsigned int size, struct rte_crypto_op *op, uint8_t *side)
{
	struct rte_crypto_sym_op *sym = op->sym;

	if (bench.spec.kind == CRYPT_AEAD) {
		sym->aead.data.length = size;
		sym->aead.digest.data = side;
		sym->aead.digest.phys_addr = (uintptr_t)side;
		sym->aead.aad.data = side + CRYPT_MAX_TAG;
		sym->aead.aad.phys_addr = (uintptr_t)sym->aead.aad.data;
		return;
	}
	if (bench.spec.kind != CRYPT_AUTH)
		sym->cipher.data.length = size;
	if (bench.spec.kind != CRYPT_CIPHER) {
		sym->auth.data.length = size;
		sym->auth.digest.data = side;
		sym->auth.digest.phys_addr = (uintptr_t)side;
	}
}

static void
make_ops(const struct instr_options *options)
{
	struct rte_crypto_sym_xform xforms[2];
	struct rte_mempool *mbufs = rte_pktmbuf_pool_create("mbufs",
		INSTR_MAX_BURST * options->segments, 0, 0,
		options->size / options->segments + 1 + RTE_PKTMBUF_HEADROOM, rte_socket_id());
	unsigned int i, side_len = CRYPT_MAX_TAG + AAD_LEN;

	bench.session = rte_cryptodev_sym_session_create(bench.device.id,
		crypt_xforms(&bench.spec, xforms), bench.device.session_pool);
	bench.side = rte_zmalloc(NULL, (size_t)options->burst * side_len, 64);
	if (mbufs == NULL || bench.session == NULL || bench.side == NULL)
		rte_exit(EXIT_FAILURE, "no session, or no memory\n");
	for (i = 0; i < options->burst; i++) {
		bench.ops[i] = rte_crypto_op_alloc(bench.device.op_pool,
			RTE_CRYPTO_OP_TYPE_SYMMETRIC);
		bench.ops[i]->sym->m_src = make_mbuf(mbufs, options);
		fill_op(options->size, bench.ops[i], bench.side + i * side_len);
		crypt_op_set_iv(bench.ops[i], &bench.spec);
		rte_crypto_op_attach_sym_session(bench.ops[i], bench.session);
	}
}

static void
crypt_open(const struct instr_options *options)
{
	set_kind(&bench.spec, options->kind);
	if (crypt_device_open(&bench.device, options->driver, 1024, sizeof(void *)) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up a device of driver %s\n", options->driver);
	make_ops(options);
}

static uint16_t
crypt_enqueue(uint16_t count, bool counts)
{
	instr_toggle(counts);
	count = rte_cryptodev_enqueue_burst(bench.device.id, 0, bench.ops, count);
	instr_toggle(counts);
	return count;
}

static uint16_t
crypt_dequeue(uint16_t done, uint16_t count, bool counts)
{
	instr_toggle(counts);
	count = rte_cryptodev_dequeue_burst(bench.device.id, 0, bench.ops + done, count);
	instr_toggle(counts);
	return count;
}

static int
crypt_status(uint16_t index)
{
	return bench.ops[index]->status;
}

static void
crypt_close(void)
{
	rte_cryptodev_sym_session_free(bench.device.id, bench.session);
	crypt_device_close(&bench.device);
}

const struct instr_library instr_library = {
	.program = "crypt_instr",
	.kinds = "aes-cbc|sha256-hmac|aes-cbc-sha256-hmac|aes-gcm|null",
	.open = crypt_open,
	.enqueue = crypt_enqueue,
	.dequeue = crypt_dequeue,
	.status = crypt_status,
	.close = crypt_close,
};
