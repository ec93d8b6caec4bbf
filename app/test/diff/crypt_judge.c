/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Is the result of an operation right? Its status by sec.md 3.7, its data by OpenSSL, and each
 * other byte of its buffers by what was there before.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypt_diff.h"

#define CANARY_LEN 64
#define CANARY 0x5a

static bool __rte_format_printf(2, 3)
wrong(struct crypt_job *job, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(job->work.why, sizeof(job->work.why), format, args);
	va_end(args);
	return false;
}

/* The set of statuses that it may have. */
static unsigned int
statuses(const struct crypt_job *job)
{
	const int64_t *v = job->work.c.value;
	unsigned int refused = 1u << RTE_CRYPTO_OP_STATUS_INVALID_ARGS;

	if (v[CRYPT_P_MISUSE] != CRYPT_MISUSE_NONE)
		return refused;
	if (v[CRYPT_P_WRONG] != CRYPT_RIGHT)
		return 1u << RTE_CRYPTO_OP_STATUS_AUTH_FAILED;
	/* Nothing to cipher: DPDK does not say. */
	if (job->spec.kind == CRYPT_CIPHER && job->spec.len == 0)
		return refused | 1u << RTE_CRYPTO_OP_STATUS_SUCCESS;
	return 1u << RTE_CRYPTO_OP_STATUS_SUCCESS;
}

static bool
judge_chain(struct crypt_job *job, const char *name, const struct diff_buffer *buffer,
	const uint8_t *image)
{
	uint8_t *now;
	uint32_t i;
	int broken = diff_buffer_check(buffer);

	if (broken >= 0)
		return wrong(job, "wrote beside segment %d of the %s", broken, name);
	now = malloc(buffer->len + 1);
	if (now == NULL)
		abort();
	diff_buffer_read(buffer, 0, now, buffer->len);
	for (i = 0; i < buffer->len && now[i] == image[i]; i++)
		;
	free(now);
	return i == buffer->len ? true : wrong(job, "byte %" PRIu32 " of %" PRIu32
		" of the %s is not what it should be (text from %" PRId64 ", %" PRIu32 " bytes)",
		i, buffer->len, name, job->work.c.value[CRYPT_P_OFFSET], job->spec.len);
}

/* What a failed verification leaves there is not defined: as it is now. */
static void
expect_anything(struct crypt_job *job, uint8_t *image)
{
	uint8_t *now = malloc(job->spec.len + 1);
	uint32_t offset = job->work.c.value[CRYPT_P_OFFSET];

	if (now == NULL)
		abort();
	diff_buffer_read(crypt_job_out(job), offset, now, job->spec.len);
	memcpy(image + offset + job->spec.cipher_at, now + job->spec.cipher_at,
		job->spec.kind == CRYPT_AUTH ? 0 : job->spec.cipher_len);
	free(now);
}

/*
 * Bytes that are authenticated only: out of place they are copied or left, DPDK does not say
 * which.
 */
static void
expect_copied(struct crypt_job *job, uint8_t *image)
{
	const struct crypt_spec *spec = &job->spec;
	uint32_t offset = job->work.c.value[CRYPT_P_OFFSET], i;
	uint8_t *now = malloc(spec->len + 1);

	if (now == NULL)
		abort();
	diff_buffer_read(crypt_job_out(job), offset, now, spec->len);
	for (i = 0; i < spec->len; i++)
		if ((i < spec->cipher_at || i >= spec->cipher_at + spec->cipher_len) &&
				now[i] == job->src_image[offset + i])
			image[offset + i] = now[i];
	free(now);
}

static void
expect_output(struct crypt_job *job)
{
	const struct crypt_spec *spec = &job->spec;
	const uint8_t *text = spec->decrypt ? spec->plain : spec->coded;
	uint8_t *image = crypt_job_out_image(job);
	uint32_t offset = job->work.c.value[CRYPT_P_OFFSET];
	int status = job->op->status;

	if (spec->kind == CRYPT_CHAIN && job->work.c.value[CRYPT_P_OUT_OF_PLACE])
		expect_copied(job, image);
	if (status == RTE_CRYPTO_OP_STATUS_AUTH_FAILED)
		expect_anything(job, image);
	if (status != RTE_CRYPTO_OP_STATUS_SUCCESS)
		return;
	if (spec->kind != CRYPT_AUTH)
		memcpy(image + offset + spec->cipher_at, text + spec->cipher_at,
			spec->kind == CRYPT_AEAD ? spec->len : spec->cipher_len);
	/* Behind the text: that is where it was put. */
	if (job->tag_is_inside && !spec->decrypt)
		memcpy(image + offset + spec->len, spec->tag, spec->tag_len);
}

static bool
is_canary(const uint8_t *from, const uint8_t *to)
{
	for (; from < to; from++)
		if (*from != CANARY)
			return false;
	return true;
}

/* The tag, and the memory that it shares with the AAD. */
static bool
judge_side(struct crypt_job *job)
{
	const struct crypt_spec *spec = &job->spec;
	bool is_ccm = spec->cipher->mode == CRYPT_MODE_CCM;
	size_t aad_room = CRYPT_CCM_AAD_ROOM + RTE_ALIGN_CEIL(spec->aad_len, 16);
	const uint8_t *end = job->aad + aad_room, *tag = end + CANARY_LEN;
	const uint8_t *aad = job->aad + (is_ccm ? CRYPT_CCM_AAD_ROOM : 0);

	if (job->op->status == RTE_CRYPTO_OP_STATUS_SUCCESS && spec->kind != CRYPT_CIPHER &&
			memcmp(job->tag, spec->tag, spec->tag_len) != 0)
		return wrong(job, spec->decrypt ? "the tag was overwritten" : "a wrong tag");
	if (!is_canary(job->side, job->aad) || !is_canary(end, tag) ||
			!is_canary(tag + spec->tag_len, tag + spec->tag_len + CANARY_LEN) ||
			(job->tag_is_inside && !is_canary(tag, tag + spec->tag_len)))
		return wrong(job, "wrote beside the AAD or the tag");
	if (job->work.c.value[CRYPT_P_WRONG] != CRYPT_WRONG_AAD &&
			memcmp(aad, spec->aad, spec->aad_len) != 0)
		return wrong(job, "wrote to the AAD");
	return true;
}

bool
crypt_judge(struct crypt_job *job)
{
	int status = job->op->status;

	if (job->work.why[0] != '\0')
		return false;
	if (job->is_refused)
		return true;
	if (status < 0 || status > RTE_CRYPTO_OP_STATUS_ERROR ||
			!(statuses(job) & 1u << status))
		return wrong(job, "status %d, allowed are those of 0x%x", status, statuses(job));
	expect_output(job);
	return judge_chain(job, "source", &job->src, job->src_image) &&
		(job->dst_image == NULL ||
			judge_chain(job, "destination", &job->dst, job->dst_image)) &&
		judge_side(job);
}
