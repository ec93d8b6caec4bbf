/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * How many instructions a burst function of a cryptodev spends per op, in place: what instr.c is
 * for compression, run by devtools/bench.sh under callgrind in the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <valgrind/callgrind.h>

#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "../diff/crypt.h"

#define MAX_BURST 64
/* The first bursts meet cold paths (relocations, first touch) that a running program does not. */
#define WARM_UP_BURSTS 8
#define AAD_LEN 16

struct bench {
	struct crypt_device device;
	struct crypt_spec spec;
	void *session;
	uint8_t *side;		/* AAD and digest */
	bool count_enqueue;
	unsigned int size, segments, burst, iterations, wait_us;
	struct rte_crypto_op *ops[MAX_BURST];
	unsigned long nb_counted;	/* ops in counted calls */
	unsigned long nb_short;		/* dequeues that came before the device was done */
};

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
make_mbuf(struct rte_mempool *pool, const struct bench *bench)
{
	struct rte_mbuf *head = NULL, *mbuf;
	unsigned int i, piece, done = 0;

	for (i = 0; i < bench->segments; i++, done += piece) {
		piece = (bench->size - done) / (bench->segments - i);
		mbuf = rte_pktmbuf_alloc(pool);
		if (mbuf == NULL || rte_pktmbuf_append(mbuf, piece) == NULL ||
				(head != NULL && rte_pktmbuf_chain(head, mbuf) != 0))
			rte_exit(EXIT_FAILURE, "cannot make %u segments of %u bytes\n",
				bench->segments, piece);
		memset(rte_pktmbuf_mtod(mbuf, void *), 0x5a, piece);
		head = head != NULL ? head : mbuf;
	}
	return head;
}

static void
fill_op(const struct bench *bench, struct rte_crypto_op *op, uint8_t *side)
{
	struct rte_crypto_sym_op *sym = op->sym;

	if (bench->spec.kind == CRYPT_AEAD) {
		sym->aead.data.length = bench->size;
		sym->aead.digest.data = side;
		sym->aead.digest.phys_addr = (uintptr_t)side;
		sym->aead.aad.data = side + CRYPT_MAX_TAG;
		sym->aead.aad.phys_addr = (uintptr_t)sym->aead.aad.data;
		return;
	}
	if (bench->spec.kind != CRYPT_AUTH)
		sym->cipher.data.length = bench->size;
	if (bench->spec.kind != CRYPT_CIPHER) {
		sym->auth.data.length = bench->size;
		sym->auth.digest.data = side;
		sym->auth.digest.phys_addr = (uintptr_t)side;
	}
}

static void
make_ops(struct bench *bench)
{
	struct rte_crypto_sym_xform xforms[2];
	struct rte_mempool *mbufs = rte_pktmbuf_pool_create("mbufs", MAX_BURST * bench->segments,
		0, 0, bench->size / bench->segments + 1 + RTE_PKTMBUF_HEADROOM, rte_socket_id());
	unsigned int i, side_len = CRYPT_MAX_TAG + AAD_LEN;

	bench->session = rte_cryptodev_sym_session_create(bench->device.id,
		crypt_xforms(&bench->spec, xforms), bench->device.session_pool);
	bench->side = rte_zmalloc(NULL, (size_t)bench->burst * side_len, 64);
	if (mbufs == NULL || bench->session == NULL || bench->side == NULL)
		rte_exit(EXIT_FAILURE, "no session, or no memory\n");
	for (i = 0; i < bench->burst; i++) {
		bench->ops[i] = rte_crypto_op_alloc(bench->device.op_pool,
			RTE_CRYPTO_OP_TYPE_SYMMETRIC);
		bench->ops[i]->sym->m_src = make_mbuf(mbufs, bench);
		fill_op(bench, bench->ops[i], bench->side + i * side_len);
		crypt_op_set_iv(bench->ops[i], &bench->spec);
		rte_crypto_op_attach_sym_session(bench->ops[i], bench->session);
	}
}

static void
enqueue(struct bench *bench, bool count)
{
	uint16_t n;

	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	n = rte_cryptodev_enqueue_burst(bench->device.id, 0, bench->ops, bench->burst);
	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	if (n != bench->burst)
		rte_exit(EXIT_FAILURE, "only %u of %u ops were taken\n", n, bench->burst);
	if (count)
		bench->nb_counted += n;
}

/* The device is given time to finish, so that the counted call finds the whole burst ready. */
static void
dequeue(struct bench *bench, bool count)
{
	uint16_t n, i, done = 0;

	usleep(bench->wait_us);
	while (done < bench->burst) {
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		n = rte_cryptodev_dequeue_burst(bench->device.id, 0, bench->ops + done,
			bench->burst - done);
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		if (count)
			bench->nb_counted += n;
		done += n;
		if (done < bench->burst) {
			bench->nb_short++;
			usleep(bench->wait_us);
		}
	}
	for (i = 0; i < done; i++)
		if (bench->ops[i]->status != RTE_CRYPTO_OP_STATUS_SUCCESS)
			rte_exit(EXIT_FAILURE, "op failed: status %u\n", bench->ops[i]->status);
}

int
main(int argc, char **argv)
{
	static struct bench bench;
	int args = rte_eal_init(argc, argv);
	unsigned int i;

	argc -= args;
	argv += args;
	if (args < 0 || argc != 9 || atoi(argv[4]) < 1 || atoi(argv[5]) > MAX_BURST)
		rte_exit(EXIT_FAILURE, "usage: crypt_instr [EAL arguments] -- DRIVER"
			" aes-cbc|sha256-hmac|aes-cbc-sha256-hmac|aes-gcm|null"
			" SIZE SEGMENTS BURST ITERATIONS enqueue|dequeue WAIT_US\n");
	set_kind(&bench.spec, argv[2]);
	bench.size = atoi(argv[3]);
	bench.segments = atoi(argv[4]);
	bench.burst = atoi(argv[5]);
	bench.iterations = atoi(argv[6]);
	bench.count_enqueue = strcmp(argv[7], "enqueue") == 0;
	bench.wait_us = atoi(argv[8]);

	if (crypt_device_open(&bench.device, argv[1], 1024, sizeof(void *)) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up a device of driver %s\n", argv[1]);
	make_ops(&bench);
	for (i = 0; i < WARM_UP_BURSTS + bench.iterations; i++) {
		bool count = i >= WARM_UP_BURSTS;

		enqueue(&bench, count && bench.count_enqueue);
		dequeue(&bench, count && !bench.count_enqueue);
	}
	printf("ops=%lu short=%lu\n", bench.nb_counted, bench.nb_short);
	rte_cryptodev_sym_session_free(bench.device.id, bench.session);
	crypt_device_close(&bench.device);
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
