/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * hisi_crypt_vectors: published vectors through a cryptodev. Each line of the standard input is one
 *
 *   ALGORITHM KEY IV AAD PLAIN CIPHER TAG
 *
 * in hex, "-" for nothing. OpenSSL has to agree with it first; then the device does it in both
 * directions, and has to refuse the tag with one bit changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "crypt.h"

#define FIELDS 7
#define MAX_LINE 8192
#define MAX_BYTES 2048
#define PATIENCE_S 10

struct vector {
	const struct crypt_algorithm *algorithm;
	struct crypt_spec spec;
	uint8_t aad[MAX_BYTES], plain[MAX_BYTES], coded[MAX_BYTES];	/* of the spec */
	uint8_t cipher[MAX_BYTES], tag[CRYPT_MAX_TAG];			/* as published */
	uint32_t cipher_len;
};

struct vectors {
	struct crypt_device device;
	struct rte_mempool *mbufs;
	uint8_t *side;	/* AAD and tag, as the device sees them */
};

/* @return bytes, negative: not hex, or too much of it */
static int
read_hex(const char *text, uint8_t *bytes, size_t room)
{
	size_t len = strlen(text), i;
	unsigned int byte;

	if (strcmp(text, "-") == 0)
		return 0;
	if (len % 2 != 0 || len / 2 > room)
		return -1;
	for (i = 0; i < len / 2; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			return -1;
		bytes[i] = byte;
	}
	return len / 2;
}

static const struct crypt_algorithm *
find_algorithm(const char *name)
{
	int i;

	for (i = 0; i < crypt_nb_algorithms; i++)
		if (strcmp(crypt_algorithms[i].name, name) == 0)
			return &crypt_algorithms[i];
	return NULL;
}

static bool
read_fields(struct vector *vector, char *fields[FIELDS])
{
	struct crypt_spec *spec = &vector->spec;
	bool is_auth = vector->algorithm->kind == CRYPT_AUTH;
	int key, iv, aad, plain, cipher, tag;

	key = read_hex(fields[1], is_auth ? spec->auth_key : spec->key, CRYPT_MAX_KEY);
	iv = read_hex(fields[2], spec->iv, CRYPT_MAX_IV);
	aad = read_hex(fields[3], vector->aad, MAX_BYTES);
	plain = read_hex(fields[4], vector->plain, MAX_BYTES);
	cipher = read_hex(fields[5], vector->cipher, MAX_BYTES);
	tag = read_hex(fields[6], vector->tag, CRYPT_MAX_TAG);
	if (key < 0 || iv < 0 || aad < 0 || plain < 0 || cipher < 0 || tag < 0)
		return false;
	spec->key_len = is_auth ? 0 : key;
	spec->auth_key_len = is_auth ? key : 0;
	spec->iv_len = iv;
	spec->aad_len = aad;
	spec->len = plain;
	spec->cipher_len = plain;
	spec->tag_len = tag;
	vector->cipher_len = cipher;
	return is_auth || cipher == plain;
}

static bool
read_vector(struct vector *vector, char *line)
{
	char *fields[FIELDS], *at = line;
	int i;

	memset(vector, 0, sizeof(*vector));
	for (i = 0; i < FIELDS; i++)
		if ((fields[i] = strsep(&at, " \n")) == NULL)
			return false;
	vector->algorithm = find_algorithm(fields[0]);
	if (vector->algorithm == NULL)
		return false;
	vector->spec.kind = vector->algorithm->kind;
	vector->spec.cipher = vector->algorithm;
	vector->spec.auth = vector->algorithm;
	vector->spec.aad = vector->aad;
	vector->spec.plain = vector->plain;
	vector->spec.coded = vector->coded;
	return read_fields(vector, fields);
}

/* OpenSSL's opinion of what was published. */
static const char *
check_reference(struct vector *vector)
{
	struct crypt_spec *spec = &vector->spec;

	if (!crypt_reference(spec))
		return "OpenSSL cannot do it";
	if (spec->kind != CRYPT_AUTH &&
			memcmp(spec->coded, vector->cipher, vector->cipher_len) != 0)
		return "OpenSSL has another ciphertext";
	if (memcmp(spec->tag, vector->tag, spec->tag_len) != 0)
		return "OpenSSL has another tag";
	return NULL;
}

static void
fill_op(struct vectors *vectors, const struct vector *vector, struct rte_crypto_op *op,
	struct rte_mbuf *mbuf)
{
	const struct crypt_spec *spec = &vector->spec;
	struct rte_crypto_sym_op *sym = op->sym;
	uint8_t *tag = vectors->side, *aad = vectors->side + 64;
	bool is_ccm = spec->kind == CRYPT_AEAD && spec->cipher->mode == CRYPT_MODE_CCM;

	memcpy(aad + (is_ccm ? CRYPT_CCM_AAD_ROOM : 0), spec->aad, spec->aad_len);
	sym->m_src = mbuf;
	if (spec->kind == CRYPT_AEAD) {
		sym->aead.data.length = spec->len;
		sym->aead.digest.data = tag;
		sym->aead.digest.phys_addr = (uintptr_t)tag;
		sym->aead.aad.data = aad;
		sym->aead.aad.phys_addr = (uintptr_t)aad;
	} else if (spec->kind == CRYPT_AUTH) {
		sym->auth.data.length = spec->len;
		sym->auth.digest.data = tag;
		sym->auth.digest.phys_addr = (uintptr_t)tag;
	} else {
		sym->cipher.data.length = spec->len;
	}
	crypt_op_set_iv(op, spec);
}

/* @return its status, negative: it did not come back */
static int
process(const struct crypt_device *device, struct rte_crypto_op *op)
{
	uint64_t start = rte_get_timer_cycles();
	struct rte_crypto_op *back = NULL;

	if (rte_cryptodev_enqueue_burst(device->id, 0, &op, 1) != 1)
		return -1;
	while (rte_cryptodev_dequeue_burst(device->id, 0, &back, 1) == 0)
		if (rte_get_timer_cycles() - start > PATIENCE_S * rte_get_timer_hz())
			return -1;
	return back == op ? op->status : -1;
}

/* One direction. @p flip changes a bit of the tag. @return what is wrong, NULL: nothing */
static const char *
run_session(struct vectors *vectors, const struct vector *vector, void *session, bool flip)
{
	const struct crypt_spec *spec = &vector->spec;
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(vectors->mbufs);
	struct rte_crypto_op *op = rte_crypto_op_alloc(vectors->device.op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	char *text = rte_pktmbuf_append(mbuf, spec->len);
	const char *wrong = NULL;
	int status;

	memcpy(text, spec->decrypt ? vector->coded : vector->plain, spec->len);
	memset(vectors->side, 0, 64);
	if (spec->decrypt)
		memcpy(vectors->side, vector->tag, spec->tag_len);
	if (flip)
		vectors->side[spec->tag_len - 1] ^= 1;
	fill_op(vectors, vector, op, mbuf);
	rte_crypto_op_attach_sym_session(op, session);
	status = process(&vectors->device, op);
	if (flip)
		wrong = status == RTE_CRYPTO_OP_STATUS_AUTH_FAILED ? NULL : "takes a wrong tag";
	else if (status != RTE_CRYPTO_OP_STATUS_SUCCESS)
		wrong = "fails";
	else if (memcmp(text, spec->decrypt ? vector->plain : vector->coded, spec->len) != 0)
		wrong = "has another text";
	else if (memcmp(vectors->side, vector->tag, spec->tag_len) != 0)
		wrong = "has another tag";
	rte_crypto_op_free(op);
	rte_pktmbuf_free(mbuf);
	return wrong;
}

static const char *
run_direction(struct vectors *vectors, struct vector *vector, bool decrypt)
{
	struct rte_crypto_sym_xform xforms[2];
	const char *wrong;
	void *session;

	vector->spec.decrypt = decrypt;
	session = rte_cryptodev_sym_session_create(vectors->device.id,
		crypt_xforms(&vector->spec, xforms), vectors->device.session_pool);
	if (session == NULL)
		return "has no session for it";
	wrong = run_session(vectors, vector, session, false);
	if (wrong == NULL && decrypt && vector->spec.tag_len != 0)
		wrong = run_session(vectors, vector, session, true);
	rte_cryptodev_sym_session_free(vectors->device.id, session);
	return wrong;
}

static void
report(struct vectors *vectors, struct vector *vector)
{
	const char *wrong = check_reference(vector);

	if (wrong == NULL && crypt_device_capability(&vectors->device, vector->algorithm) == NULL)
		wrong = "unsupported";
	if (wrong == NULL)
		wrong = run_direction(vectors, vector, false);
	if (wrong == NULL)
		wrong = run_direction(vectors, vector, true);
	printf("{\"algorithm\": \"%s\", \"wrong\": \"%s\"}\n", vector->algorithm->name,
		wrong != NULL ? wrong : "");
}

int
main(int argc, char **argv)
{
	static struct vectors vectors;
	static struct vector vector;
	char line[MAX_LINE];
	int args = rte_eal_init(argc, argv), ret;

	if (args < 0 || argc - args != 2)
		return 2;
	ret = crypt_device_open(&vectors.device, argv[args + 1], 64, sizeof(void *));
	vectors.mbufs = rte_pktmbuf_pool_create("vectors", 63, 0, 0,
		RTE_PKTMBUF_HEADROOM + MAX_BYTES, rte_socket_id());
	vectors.side = rte_zmalloc(NULL, 64 + CRYPT_CCM_AAD_ROOM + MAX_BYTES, 0);
	if (ret != 0 || vectors.mbufs == NULL || vectors.side == NULL) {
		fprintf(stderr, "cannot set up a device of driver %s\n", argv[args + 1]);
		return 3;
	}
	while (ret == 0 && fgets(line, sizeof(line), stdin) != NULL) {
		if (read_vector(&vector, line)) {
			report(&vectors, &vector);
		} else {
			fprintf(stderr, "cannot read a vector of %s\n", line);
			ret = 2;
		}
	}
	fflush(stdout);
	crypt_device_close(&vectors.device);
	rte_free(vectors.side);
	rte_mempool_free(vectors.mbufs);
	rte_eal_cleanup();
	return ret;
}
