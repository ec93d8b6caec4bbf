/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A case at work: its data, its buffers and its operation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "crypt_diff.h"

enum { PURPOSE_KEYS = 1, PURPOSE_DATA, PURPOSE_SRC, PURPOSE_DST, PURPOSE_WRONG };

#define CANARY_LEN 64
#define CANARY 0x5a

static void *
must_alloc(size_t len)
{
	void *memory = malloc(len + 1);

	if (memory == NULL)
		abort();
	return memory;
}

static void
fill(struct diff_random *random, uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = diff_random_next(random) >> 40;
}

/* A length that the algorithm can have. */
static uint32_t
text_len(const struct crypt_spec *spec, int64_t drawn)
{
	uint32_t len = drawn, most = UINT32_MAX;

	if (spec->kind == CRYPT_AUTH)
		return len;
	/* A message of CCM is counted in 15 - nonce bytes. */
	if (spec->cipher->mode == CRYPT_MODE_CCM && spec->iv_len == 13)
		most = UINT16_MAX;
	len = RTE_MAX(RTE_MIN(len, most), spec->cipher->len_min);
	return len - len % spec->cipher->block;
}

static void
prepare_session(struct crypt_job *job)
{
	struct diff_random random = crypt_case_session_random(&job->work.c, PURPOSE_KEYS);
	const int64_t *v = job->work.c.value;
	struct crypt_spec *spec = &job->spec;

	spec->kind = v[CRYPT_P_KIND];
	spec->cipher = &crypt_algorithms[spec->kind == CRYPT_AEAD ? v[CRYPT_P_AEAD] :
		v[CRYPT_P_CIPHER]];
	spec->auth = &crypt_algorithms[v[CRYPT_P_AUTH]];
	spec->decrypt = v[CRYPT_P_DECRYPT] != 0;
	spec->mac_plain = spec->kind == CRYPT_CHAIN && v[CRYPT_P_MAC_PLAIN] != 0;
	spec->key_len = v[CRYPT_P_KEY_LEN];
	spec->auth_key_len = v[CRYPT_P_AUTH_KEY_LEN];
	spec->iv_len = v[CRYPT_P_IV_LEN];
	spec->tag_len = v[CRYPT_P_TAG_LEN];
	spec->aad_len = v[CRYPT_P_AAD_LEN];
	fill(&random, spec->key, spec->key_len);
	fill(&random, spec->auth_key, spec->auth_key_len);
}

void
crypt_job_prepare(struct crypt_job *job)
{
	struct diff_random random = diff_case_random(&job->work.c, PURPOSE_DATA);
	const int64_t *v = job->work.c.value;
	struct crypt_spec *spec = &job->spec;
	bool is_chain;

	prepare_session(job);
	is_chain = spec->kind == CRYPT_CHAIN;
	spec->cipher_at = is_chain ? v[CRYPT_P_HEAD] : 0;
	spec->cipher_len = text_len(spec, v[CRYPT_P_LEN]);
	spec->len = spec->cipher_at + spec->cipher_len + (is_chain ? v[CRYPT_P_TRAILER] : 0);
	fill(&random, spec->iv, spec->iv_len);
	if (v[CRYPT_P_IV_WRAP])
		memset(spec->iv + spec->iv_len - RTE_MIN(spec->iv_len, 12u), 0xff,
			RTE_MIN(spec->iv_len, 12u));
	spec->aad = must_alloc(spec->aad_len);
	spec->plain = must_alloc(spec->len);
	spec->coded = must_alloc(spec->len);
	fill(&random, spec->aad, spec->aad_len);
	fill(&random, spec->plain, spec->len);
	if (!crypt_reference(spec))
		snprintf(job->work.why, sizeof(job->work.why), "OpenSSL cannot do it");
}

static struct diff_buffer_shape
shape_of(const struct crypt_job *job, int side)
{
	const int64_t *v = job->work.c.value;

	return (struct diff_buffer_shape) {
		.len = v[CRYPT_P_OFFSET] + job->spec.len + v[CRYPT_P_TAIL],
		.nb_segments = RTE_MAX(v[CRYPT_P_SRC_SEGS + side], 1),
		.cut = v[CRYPT_P_SRC_CUT + side],
		.mbuf = v[CRYPT_P_SRC_MBUF + side],
		.place = v[CRYPT_P_SRC_PLACE + side],
		.random = diff_case_random(&job->work.c, side == 0 ? PURPOSE_SRC : PURPOSE_DST),
	};
}

/* Memory of AAD and tag: canary, room of CCM, AAD, canary, tag, canary. */
static bool
build_side(struct crypt_job *job)
{
	const struct crypt_spec *spec = &job->spec;
	/* What a driver may use of it is rounded up (rte_crypto_sym.h). */
	size_t aad_room = CRYPT_CCM_AAD_ROOM + RTE_ALIGN_CEIL(spec->aad_len, 16);
	size_t len = 3 * CANARY_LEN + aad_room + spec->tag_len;

	job->side = rte_malloc(NULL, len, 0);
	if (job->side == NULL)
		return false;
	memset(job->side, CANARY, len);
	job->aad = job->side + CANARY_LEN;
	job->tag = job->aad + aad_room + CANARY_LEN;
	memcpy(job->aad + (spec->cipher->mode == CRYPT_MODE_CCM ? CRYPT_CCM_AAD_ROOM : 0),
		spec->aad, spec->aad_len);
	return true;
}

/* The place for the tag right behind the text, where a segment has one. */
static uint8_t *
place_behind(const struct diff_buffer *buffer, uint32_t at, uint32_t len)
{
	uint32_t i, done = 0;

	for (i = 0; i < buffer->nb_segments; done += buffer->segments[i++].len)
		if (at >= done && at + len <= done + buffer->segments[i].len)
			return buffer->segments[i].data + (at - done);
	return NULL;
}

static void
place_tag(struct crypt_job *job)
{
	uint32_t end = job->work.c.value[CRYPT_P_OFFSET] + job->spec.len;
	struct diff_buffer *buffer = job->spec.decrypt ? &job->src : crypt_job_out(job);
	uint8_t *place = NULL;

	if (job->work.c.value[CRYPT_P_TAG_INSIDE] && job->spec.tag_len != 0)
		place = place_behind(buffer, end, job->spec.tag_len);
	job->tag_is_inside = place != NULL;
	if (place != NULL)
		job->tag = place;
	if (job->spec.decrypt)
		memcpy(job->tag, job->spec.tag, job->spec.tag_len);
}

static void
spoil_input(struct crypt_job *job, uint8_t *text)
{
	struct diff_random random = diff_case_random(&job->work.c, PURPOSE_WRONG);
	const struct crypt_spec *spec = &job->spec;
	uint8_t bit = 1u << diff_random_below(&random, 8);
	bool is_ccm = spec->cipher->mode == CRYPT_MODE_CCM;

	switch (job->work.c.value[CRYPT_P_WRONG]) {
	case CRYPT_WRONG_TEXT:
		if (spec->len != 0) {
			text[diff_random_below(&random, spec->len)] ^= bit;
			return;
		}
		break;
	case CRYPT_WRONG_AAD:
		if (spec->aad_len != 0) {
			job->aad[(is_ccm ? CRYPT_CCM_AAD_ROOM : 0) +
				diff_random_below(&random, spec->aad_len)] ^= bit;
			return;
		}
		break;
	case CRYPT_RIGHT:
		return;
	}
	job->tag[diff_random_below(&random, spec->tag_len)] ^= bit;
}

static uint8_t *
image_of(const struct diff_buffer *buffer)
{
	uint8_t *image = must_alloc(buffer->len);

	diff_buffer_read(buffer, 0, image, buffer->len);
	return image;
}

static bool
build_buffers(struct crypt_job *job)
{
	const int64_t *v = job->work.c.value;
	struct diff_buffer_shape src = shape_of(job, 0), dst = shape_of(job, 1);
	uint8_t *text;

	if (!build_side(job) || !diff_buffer_make(&job->src, &src) ||
			(v[CRYPT_P_OUT_OF_PLACE] && !diff_buffer_make(&job->dst, &dst)))
		return false;
	place_tag(job);
	text = must_alloc(job->spec.len);
	memcpy(text, job->spec.decrypt ? job->spec.coded : job->spec.plain, job->spec.len);
	spoil_input(job, text);
	diff_buffer_write(&job->src, v[CRYPT_P_OFFSET], text, job->spec.len);
	free(text);
	job->src_image = image_of(&job->src);
	if (v[CRYPT_P_OUT_OF_PLACE])
		job->dst_image = image_of(&job->dst);
	return true;
}

static void
misuse(struct crypt_job *job, struct rte_crypto_sym_op *sym)
{
	struct diff_random random = diff_case_random(&job->work.c, PURPOSE_WRONG);
	uint32_t more = diff_random_permille(&random, 500) ? 1 :
		1 + (diff_random_next(&random) >> 40);
	/* AEAD and cipher lie at one place of the op. */
	uint32_t *offset = job->spec.kind == CRYPT_AUTH ? &sym->auth.data.offset :
		&sym->cipher.data.offset;
	uint32_t *len = job->spec.kind == CRYPT_AUTH ? &sym->auth.data.length :
		&sym->cipher.data.length;

	switch (job->work.c.value[CRYPT_P_MISUSE]) {
	case CRYPT_MISUSE_ODD:
		if (job->spec.kind != CRYPT_AUTH && job->spec.cipher->block > 1 && *len != 0) {
			*len -= 1;
			break;
		}
		/* fall through */
	case CRYPT_MISUSE_LEN:
		*len = UINT32_MAX - more;
		break;
	case CRYPT_MISUSE_BEYOND:
		*len = job->src.len - *offset + more;
		break;
	case CRYPT_MISUSE_OFFSET:
		*offset = job->src.len + more;
		break;
	}
}

static void
fill_sym(struct crypt_job *job, struct rte_crypto_sym_op *sym)
{
	const struct crypt_spec *spec = &job->spec;
	uint32_t offset = job->work.c.value[CRYPT_P_OFFSET];

	sym->m_src = job->src.head;
	sym->m_dst = job->dst.head;
	switch (spec->kind) {
	case CRYPT_AEAD:
		sym->aead.data.offset = offset;
		sym->aead.data.length = spec->len;
		sym->aead.digest.data = job->tag;
		sym->aead.digest.phys_addr = (uintptr_t)job->tag;
		sym->aead.aad.data = job->aad;
		sym->aead.aad.phys_addr = (uintptr_t)job->aad;
		return;
	case CRYPT_CIPHER:
	case CRYPT_CHAIN:
		sym->cipher.data.offset = offset + spec->cipher_at;
		sym->cipher.data.length = spec->cipher_len;
		break;
	default:
		break;
	}
	if (spec->kind != CRYPT_CIPHER) {
		sym->auth.data.offset = offset;
		sym->auth.data.length = spec->len;
		sym->auth.digest.data = job->tag;
		sym->auth.digest.phys_addr = (uintptr_t)job->tag;
	}
}

/* @return false: refused where that is no answer */
static bool
build_session(struct crypt_job *job, struct crypt_run *run)
{
	if (job->work.c.value[CRYPT_P_SESSIONLESS])
		run->sessionless++;
	if (crypt_session_get(run, job) != NULL)
		return true;
	job->is_refused = true;
	if (job->spec.kind != CRYPT_CHAIN || rte_errno != ENOTSUP)
		snprintf(job->work.why, sizeof(job->work.why), "no session: %s",
			rte_strerror(rte_errno));
	return false;
}

bool
crypt_job_build(struct crypt_job *job, struct crypt_run *run)
{
	struct rte_crypto_op *op = rte_crypto_op_alloc(run->device->op_pool,
		RTE_CRYPTO_OP_TYPE_SYMMETRIC);

	if (op == NULL)
		return false;
	job->op = op;
	*crypt_op_priv(op) = job;
	if (!build_buffers(job)) {
		crypt_job_free_buffers(job, run->device);
		return false;
	}
	if (!build_session(job, run))
		return true;
	fill_sym(job, op->sym);
	crypt_op_set_iv(op, &job->spec);
	if (job->work.c.value[CRYPT_P_SESSIONLESS]) {
		op->sess_type = RTE_CRYPTO_OP_SESSIONLESS;
		op->sym->xform = crypt_xforms(&job->spec, job->xforms);
	} else {
		rte_crypto_op_attach_sym_session(op, job->session);
	}
	op->status = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED;
	misuse(job, op->sym);
	return true;
}

void
crypt_job_free_buffers(struct crypt_job *job, const struct crypt_device *device)
{
	crypt_session_put(device, job);
	diff_buffer_free(&job->src);
	diff_buffer_free(&job->dst);
	rte_free(job->side);
	free(job->src_image);
	free(job->dst_image);
	if (job->op != NULL)
		rte_crypto_op_free(job->op);
	job->side = NULL;
	job->src_image = NULL;
	job->dst_image = NULL;
	job->op = NULL;
}

void
crypt_job_free(struct crypt_job *job, const struct crypt_device *device)
{
	crypt_job_free_buffers(job, device);
	free(job->spec.aad);
	free(job->spec.plain);
	free(job->spec.coded);
	free(job);
}
