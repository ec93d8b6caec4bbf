/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include <hisi_sec_regs.h>
#include <hisi_sgl.h>

#include "sec_rig.h"

#define CANARY 0xc5
#define CANARY_LEN 64
#define MAC_ROOM 64
#define TAG 0xbeef

/** Where the parts of an operation lie in the client's memory. */
struct sec_place {
	uint64_t key, a_key, iv, a_iv, mac, src, dst, src_sgl, dst_sgl;
};

void
sec_rig_start(struct sec_rig *s, const char *version, enum model_dma_fault dma_fault)
{
	struct model_device_config config;
	rig_config(&config);
	config.engine = "sec";
	config.version = version;
	if (strcmp(version, "v2") == 0)
		config.nb_queues = 1024; /* a constant of that chip */
	config.dma_fault = dma_fault;
	config.leaves_aad = s->leaves_aad;
	rig_start(&s->rig, &config);
	rig_bring_up(&s->rig.pf, 16);
	/* What a driver writes so that SM4 works on V2, and errors are reported (sec.md 1.2). */
	rig_write(&s->rig.pf, HISI_SEC_BD_ERR_CHK_EN0, HISI_SEC_BD_ERR_CHK_EN0_VALUE);
	rig_write(&s->rig.pf, HISI_SEC_BD_ERR_CHK_EN1, HISI_SEC_BD_ERR_CHK_EN1_VALUE);
	assert_int_equal(rig_queue_setup(&s->rig.pf, &s->q, 0, HISI_SEC_QUEUE_CRYPTO, 64), 0);
	s->used = s->rig.pf.used;
}

void
sec_rig_stop(struct sec_rig *s)
{
	rig_stop(&s->rig);
}

/** A buffer between canaries, at an odd address. */
static uint64_t
put(struct sec_rig *s, const void *bytes, uint32_t len, uint32_t room)
{
	uint64_t iova = rig_alloc(&s->rig.pf, room + 2 * CANARY_LEN + 1, 64) + CANARY_LEN + 1;
	uint8_t *to = rig_ptr(&s->rig.pf, iova);

	memset(to - CANARY_LEN, CANARY, room + 2 * CANARY_LEN);
	if (len != 0)
		memcpy(to, bytes, len);
	return iova;
}

static void
check_canaries(struct sec_rig *s, uint64_t iova, uint32_t len)
{
	const uint8_t *at = rig_ptr(&s->rig.pf, iova);
	uint32_t i;

	for (i = 0; i < CANARY_LEN; i++) {
		assert_int_equal(at[-1 - (int)i], CANARY);
		assert_int_equal(at[len + i], CANARY);
	}
}

/** A chain of SGLs with at most @p per_sgl entries each. */
static uint64_t
put_sgl(struct sec_rig *s, uint64_t data, uint32_t len, uint32_t cut, uint32_t per_sgl)
{
	uint64_t first = 0, iova;
	struct hisi_sgl *sgl, *last = NULL;
	struct hisi_sge *entry;
	uint32_t i;

	do {
		iova = rig_alloc(&s->rig.pf, sizeof(*sgl) + per_sgl * sizeof(*entry),
			HISI_SGL_ALIGN);
		sgl = rig_ptr(&s->rig.pf, iova);
		entry = (struct hisi_sge *)(sgl + 1);
		for (i = 0; i < per_sgl && (len != 0 || i == 0); i++) {
			entry[i].buf = data;
			entry[i].len = cut < len ? cut : len;
			data += entry[i].len;
			len -= entry[i].len;
		}
		sgl->entry_sum_in_chain = 255; /* not reliable, sec.md 2.8 */
		sgl->entry_sum_in_sgl = i;
		sgl->entry_length_in_sgl = per_sgl;
		sgl->next_dma = len == 0 ? 0xdead : 0; /* not to be followed early */
		if (last == NULL)
			first = iova;
		else
			last->next_dma = iova;
		last = sgl;
	} while (len != 0);
	return first;
}

static bool
is_sgl(const struct sec_op *op)
{
	return op->layout >= SEC_SGL_IN_PLACE;
}

static bool
is_separate(const struct sec_op *op)
{
	return op->layout == SEC_OUT_OF_PLACE || op->layout == SEC_SGL_OUT_OF_PLACE;
}

static void
place(struct sec_rig *s, const struct sec_op *op, struct sec_place *at)
{
	uint32_t cut = op->cut != 0 ? op->cut : 16;

	s->rig.pf.used = s->used;
	at->key = put(s, op->key, op->key_len, op->key_len);
	at->a_key = put(s, op->a_key, op->a_key_len, op->a_key_len);
	at->iv = put(s, op->iv, op->iv_len, op->iv_len);
	at->a_iv = put(s, op->a_iv, op->a_iv_len, op->a_iv_len);
	at->mac = put(s, op->mac, op->mac_len, MAC_ROOM);
	at->src = put(s, op->src, op->src_len, op->src_len);
	at->dst = is_separate(op) ? put(s, NULL, 0, op->src_len) : at->src;
	if (!is_sgl(op))
		return;
	at->src_sgl = put_sgl(s, at->src, op->src_len, cut, 5);
	at->dst_sgl = op->layout == SEC_SGL_IN_PLACE ? at->src_sgl :
		put_sgl(s, at->dst, op->src_len, cut + 3, 7);
}

#define PREP2(field, value) HISI_FIELD_PREP(HISI_SEC_BD2_##field, (uint32_t)(value))
#define PREP3(field, value) HISI_FIELD_PREP(HISI_SEC_BD3_##field, (uint32_t)(value))
#define ADDR(name, value) do { \
	bd->name##_lo = (uint32_t)(value); \
	bd->name##_hi = (uint32_t)((value) >> 32); \
} while (0)

static void
make_bd2(const struct sec_op *op, const struct sec_place *at, struct hisi_sec_bd2 *bd)
{
	bd->w0 = PREP2(W0_TYPE, 2) | PREP2(W0_CIPHER, op->cipher) | PREP2(W0_AUTH, op->auth) |
		PREP2(W0_SEQ, op->seq) | PREP2(W0_SCENE, op->scene) |
		PREP2(W0_DE, op->layout == SEC_SGL_SAME_MEMORY || is_separate(op)) |
		PREP2(W0_SRC_ADDR_TYPE, is_sgl(op)) | PREP2(W0_DST_ADDR_TYPE, is_sgl(op));
	bd->w1 = PREP2(W1_AI_GEN, op->ai_gen) | PREP2(W1_A_PAD, op->pad) |
		(op->invalid ? HISI_SEC_BD2_W1_INVALID : 0);
	bd->w2 = PREP2(W2_MAC_LEN, op->mac_words) | PREP2(W2_A_KEY_LEN, op->a_key_words) |
		PREP2(W2_A_ALG, op->a_alg);
	bd->w3 = PREP2(W3_C_ICV_LEN, op->c_icv_len) | PREP2(W3_C_WIDTH, op->c_width) |
		PREP2(W3_C_KEY_LEN, op->c_key_len) | PREP2(W3_C_MODE, op->c_mode) |
		PREP2(W3_C_ALG, op->c_alg);
	bd->w4 = op->a_len;
	bd->w5 = op->c_len;
	bd->w6 = op->auth_offset | op->cipher_offset << 16;
	bd->w10 = TAG;
	ADDR(long_a_data_len, op->long_len);
	ADDR(a_ivin_addr, at->a_iv);
	ADDR(a_key_addr, at->a_key);
	ADDR(mac_addr, at->mac);
	ADDR(c_ivin_addr, at->iv);
	ADDR(c_key_addr, at->key);
	ADDR(data_src_addr, is_sgl(op) ? at->src_sgl : at->src);
	ADDR(data_dst_addr, is_sgl(op) ? at->dst_sgl : at->dst);
}

static void
make_bd3(const struct sec_op *op, const struct sec_place *at, struct hisi_sec_bd3 *bd)
{
	bd->w0 = PREP3(W0_TYPE, 3) | PREP3(W0_SCENE, op->scene) |
		PREP3(W0_DE, op->layout == SEC_SGL_SAME_MEMORY || is_separate(op)) |
		PREP3(W0_SRC_ADDR_TYPE, is_sgl(op)) | PREP3(W0_DST_ADDR_TYPE, is_sgl(op)) |
		(op->invalid ? HISI_SEC_BD3_W0_INVALID : 0);
	bd->w1 = PREP3(W1_CIPHER, op->cipher) | PREP3(W1_C_ICV_LEN, op->c_icv_len) |
		PREP3(W1_C_WIDTH, op->c_width) | PREP3(W1_C_KEY_LEN, op->c_key_len) |
		PREP3(W1_C_MODE, op->c_mode) | PREP3(W1_C_ALG, op->c_alg) |
		PREP3(W1_SEQ, op->seq);
	bd->tag_lo = TAG;
	bd->tag_hi = TAG;
	bd->w14 = PREP3(W14_AUTH, op->auth) | PREP3(W14_AI_GEN, op->ai_gen) |
		PREP3(W14_MAC_LEN, op->mac_words) | PREP3(W14_A_KEY_LEN, op->a_key_words) |
		PREP3(W14_A_ALG, op->a_alg) | PREP3(W14_CTR_MODE, op->ctr_mode);
	bd->w16 = op->auth_offset | op->cipher_offset << 16;
	bd->w17 = op->a_len;
	bd->w18 = op->c_len;
	if (op->scene == HISI_SEC_SCENE_STREAM) {
		ADDR(long_a_data_len, op->long_len);
		bd->w27 = PREP3(W27_AUTH_PAD, op->pad);
	}
	ADDR(a_ivin_addr, at->a_iv);
	ADDR(a_key_addr, at->a_key);
	ADDR(mac_addr, at->mac);
	ADDR(c_ivin_addr, at->iv);
	ADDR(c_key_addr, at->key);
	ADDR(data_src_addr, is_sgl(op) ? at->src_sgl : at->src);
	ADDR(data_dst_addr, is_sgl(op) ? at->dst_sgl : at->dst);
}

static void
prepare(struct sec_rig *s, const struct sec_op *op, struct sec_place *at, uint32_t sqe[32])
{
	place(s, op, at);
	memset(sqe, 0, HISI_SEC_SQE_LEN);
	if (op->type == 2)
		make_bd2(op, at, (struct hisi_sec_bd2 *)sqe);
	else
		make_bd3(op, at, (struct hisi_sec_bd3 *)sqe);
}

void
sec_op_prepare(struct sec_rig *s, struct sec_op *op, uint32_t sqe[32])
{
	struct sec_place at;

	prepare(s, op, &at, sqe);
}

static void
check_place(struct sec_rig *s, const struct sec_op *op, const struct sec_place *at)
{
	check_canaries(s, at->key, op->key_len);
	check_canaries(s, at->a_key, op->a_key_len);
	check_canaries(s, at->iv, op->iv_len);
	check_canaries(s, at->a_iv, op->a_iv_len);
	check_canaries(s, at->mac, MAC_ROOM);
	check_canaries(s, at->src, op->src_len);
	check_canaries(s, at->dst, op->src_len);
	if (is_separate(op) && op->src_len != 0)
		assert_memory_equal(rig_ptr(&s->rig.pf, at->src), op->src, op->src_len);
	if (op->key_len != 0)
		assert_memory_equal(rig_ptr(&s->rig.pf, at->key), op->key, op->key_len);
}

void
sec_op_run(struct sec_rig *s, struct sec_op *op)
{
	struct hisi_zip_sqe sqe, done;
	struct sec_place at = { 0 };
	uint32_t words[32];

	assert_true(op->src_len <= SEC_MAX_TEST_LEN);
	prepare(s, op, &at, words);
	/* The rig's queue carries 128 bytes of whatever engine. */
	memcpy(&sqe, words, sizeof(sqe));
	done = rig_queue_do(&s->rig, &s->q, &sqe);
	assert_memory_equal(&done, words, 28 * 4);
	memcpy(words, &done, sizeof(words));
	op->w28 = words[28];
	check_place(s, op, &at);
	memcpy(op->dst, rig_ptr(&s->rig.pf, at.dst), op->src_len);
	memcpy(op->mac, rig_ptr(&s->rig.pf, at.mac), MAC_ROOM);
}

uint32_t
sec_op_status(const struct sec_op *op)
{
	assert_true(op->w28 & HISI_SEC_W28_DONE);
	return HISI_FIELD_GET(HISI_SEC_W28_ERROR_TYPE, op->w28);
}

uint32_t
sec_hex(const char *text, uint8_t *bytes, uint32_t max)
{
	uint32_t len = 0;
	unsigned int byte;

	while (*text != '\0') {
		if (*text == ' ') {
			text++;
			continue;
		}
		assert_true(len < max);
		assert_int_equal(sscanf(text, "%2x", &byte), 1);
		bytes[len++] = (uint8_t)byte;
		text += 2;
	}
	return len;
}
