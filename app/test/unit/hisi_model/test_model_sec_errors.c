/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * What the SEC engine refuses, and what becomes of bad addresses (sec.md 2.9.9, 2.10, 4.1, 6).
 */

#include <stdlib.h>
#include <string.h>

#include <hisi_sec_regs.h>

#include "sec_rig.h"

#define OK HISI_SEC_STATUS_OK
#define BAD_TYPE HISI_SEC_STATUS_MODEL_BAD_TYPE
#define BAD_CIPHER HISI_SEC_STATUS_MODEL_BAD_CIPHER
#define BAD_AUTH HISI_SEC_STATUS_MODEL_BAD_AUTH
#define BAD_LENGTH HISI_SEC_STATUS_MODEL_BAD_LENGTH
#define UNSUPPORTED HISI_SEC_STATUS_MODEL_UNSUPPORTED

static uint8_t bytes[SEC_MAX_TEST_LEN];

/* What every operation of a row has: more than enough of everything. */
#define ROOM .key = bytes, .key_len = 64, .a_key = bytes, .a_key_len = 128, .iv = bytes, \
	.iv_len = 16, .a_iv = bytes, .a_iv_len = 64, .src = bytes, .src_len = 256
#define ENCRYPT .type = 3, .cipher = HISI_SEC_CIPHER_ENCRYPT, \
	.ctr_mode = HISI_SEC_CTR_WRAP_128, ROOM
#define CIPHER(alg, mode, len) ENCRYPT, .c_alg = HISI_SEC_C_ALG_##alg, \
	.c_mode = HISI_SEC_C_MODE_##mode, .c_len = len
#define AEAD(mode, tag, aad, len) CIPHER(AES, mode, len), .c_icv_len = tag, .a_len = aad, \
	.cipher_offset = aad
#define HASH(alg, words, len) .type = 3, .auth = HISI_SEC_AUTH_COMPUTE, \
	.scene = HISI_SEC_SCENE_STREAM, .a_alg = HISI_SEC_A_ALG_##alg, .mac_words = words, \
	.a_len = len, ROOM
#define CHAIN(alg, words) CIPHER(AES, CBC, 64), .auth = HISI_SEC_AUTH_COMPUTE, \
	.a_alg = HISI_SEC_A_ALG_##alg, .mac_words = words, .a_key_words = 8, .a_len = 80, \
	.cipher_offset = 16

struct row {
	uint32_t v2; /* status on V2 with type 2; 0xff: not tried there */
	uint32_t v3;
	struct sec_op op;
};

#define SAME(status) status, status
#define V3_ONLY(status) 0xff, status

static const struct row rows[] = {
	/* sec.md 2.6.2: keys */
	{ SAME(BAD_CIPHER), { CIPHER(AES, CBC, 64), .c_key_len = 3 } },
	{ SAME(BAD_CIPHER), { CIPHER(AES, XTS, 64), .c_key_len = 1 } },
	{ SAME(BAD_CIPHER), { CIPHER(SM4, CBC, 64), .c_key_len = 1 } },
	{ SAME(BAD_CIPHER), { CIPHER(3DES, CBC, 64), .c_key_len = 0 } },
	{ SAME(OK), { CIPHER(3DES, CBC, 64), .c_key_len = 3 } },
	{ SAME(OK), { CIPHER(DES, CBC, 64), .c_key_len = 0, .c_icv_len = 1 } },
	{ SAME(OK), { CIPHER(DES, ECB, 64), .c_key_len = 1 } },
	/* sec.md 2.6.1: modes that are none */
	{ SAME(BAD_CIPHER), { ENCRYPT, .c_alg = 4, .c_len = 64 } },
	{ SAME(BAD_CIPHER), { ENCRYPT, .c_alg = 2, .c_mode = 8, .c_len = 64 } },
	{ SAME(BAD_CIPHER), { CIPHER(DES, XTS, 64) } },
	{ SAME(BAD_CIPHER), { CIPHER(3DES, CTR, 64), .c_key_len = 1 } },
	{ SAME(BAD_CIPHER), { CIPHER(AES, CBC_CS, 64) } },
	{ UNSUPPORTED, OK, { CIPHER(AES, CBC_CS, 64), .c_width = 2 } },
	{ UNSUPPORTED, OK, { CIPHER(AES, CFB, 7) } },
	{ UNSUPPORTED, OK, { CIPHER(SM4, OFB, 7) } },
	{ V3_ONLY(UNSUPPORTED), { .type = 3, .cipher = 1, .c_alg = HISI_SEC_C_ALG_SM4,
		.c_mode = HISI_SEC_C_MODE_XTS, .c_len = 64, .ctr_mode = HISI_SEC_SM4_XTS_GB,
		ROOM } },
	/* sec.md 4.1: lengths */
	{ SAME(BAD_LENGTH), { CIPHER(AES, CBC, 0) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CBC, 17) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, ECB, 8) } },
	{ SAME(BAD_LENGTH), { CIPHER(DES, CBC, 12) } },
	{ SAME(OK), { CIPHER(DES, CBC, 24) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, XTS, 15) } },
	{ SAME(OK), { CIPHER(AES, XTS, 189) } },
	{ BAD_LENGTH, OK, { CIPHER(AES, CTR, 13) } },
	{ SAME(OK), { CIPHER(AES, CTR, 32) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CTR, 0xfffe01) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CBC, 64), .a_len = 0xffffff } },
	/* sec.md 2.9.9: nothing to do */
	{ BAD_LENGTH, OK, { AEAD(GCM, 16, 20, 0) } },
	{ BAD_LENGTH, OK, { AEAD(GCM, 16, 0, 0) } },
	{ BAD_LENGTH, OK, { AEAD(CCM, 16, 20, 0) } },
	{ SAME(OK), { AEAD(GCM, 16, 0, 16) } },
	{ BAD_LENGTH, OK, { HASH(SHA256, 8, 0) } },
	{ V3_ONLY(BAD_LENGTH), { HASH(CMAC, 4, 0), .a_key_words = 4 } },
	/* sec.md 4.1: tags and additional data */
	{ SAME(BAD_CIPHER), { AEAD(GCM, 7, 20, 16) } },
	{ SAME(BAD_CIPHER), { AEAD(GCM, 17, 20, 16) } },
	{ SAME(OK), { AEAD(GCM, 13, 20, 16) } },
	{ SAME(BAD_CIPHER), { AEAD(CCM, 2, 20, 16) } },
	{ SAME(BAD_CIPHER), { AEAD(CCM, 5, 20, 16) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, GCM, 16), .c_icv_len = 16, .a_len = 0x10000 } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CCM, 16), .c_icv_len = 16, .a_len = 0xff00 } },
	{ SAME(UNSUPPORTED), { AEAD(GCM, 16, 20, 16), .seq = 1 } },
	{ SAME(UNSUPPORTED), { AEAD(GCM, 16, 20, 16), .auth = HISI_SEC_AUTH_COMPUTE } },
	/* sec.md 2.6.3, 2.7: hashes */
	{ SAME(BAD_AUTH), { HASH(SHA256, 9, 64) } },
	{ SAME(BAD_AUTH), { HASH(MD5, 5, 64) } },
	{ SAME(BAD_AUTH), { HASH(HMAC_SHA256, 8, 64) } },
	{ SAME(BAD_AUTH), { HASH(HMAC_SHA256, 8, 64), .a_key_words = 17 } },
	{ SAME(OK), { HASH(HMAC_SHA512, 16, 64), .a_key_words = 32 } },
	{ SAME(BAD_AUTH), { HASH(HMAC_SHA512, 16, 64), .a_key_words = 33 } },
	{ SAME(BAD_AUTH), { .type = 3, .auth = 1, .a_alg = 0x08, .mac_words = 4, .a_len = 64,
		ROOM } },
	{ SAME(BAD_AUTH), { .type = 3, .auth = 1, .a_alg = 0x3f, .mac_words = 4, .a_len = 64,
		ROOM } },
	{ SAME(UNSUPPORTED), { .type = 3, .auth = HISI_SEC_AUTH_VERIFY, .a_alg = 1,
		.mac_words = 8, .a_len = 64, ROOM } },
	{ BAD_AUTH, OK, { .type = 3, .auth = 1, .a_alg = HISI_SEC_A_ALG_CMAC, .mac_words = 4,
		.a_key_words = 4, .a_len = 64, ROOM } },
	{ V3_ONLY(BAD_AUTH), { HASH(CMAC, 3, 64), .a_key_words = 4 } },
	{ V3_ONLY(OK), { HASH(XCBC, 3, 64), .a_key_words = 4 } },
	{ V3_ONLY(BAD_AUTH), { HASH(XCBC, 4, 64), .a_key_words = 6 } },
	/* sec.md 2.9.7: parts */
	{ SAME(BAD_LENGTH), { HASH(SHA256, 8, 65), .pad = 1 } },
	{ SAME(BAD_LENGTH), { HASH(SHA256, 8, 0), .pad = 1 } },
	{ SAME(OK), { HASH(SHA256, 0, 64), .pad = 1 } },
	{ SAME(BAD_LENGTH), { HASH(SHA512, 16, 64), .pad = 1 } },
	{ SAME(BAD_LENGTH), { HASH(SHA256, 8, 10), .ai_gen = 1, .long_len = 80 } },
	{ SAME(BAD_LENGTH), { HASH(SHA256, 8, 10), .ai_gen = 1, .long_len = 8 * 73 } },
	{ SAME(OK), { HASH(SHA256, 8, 10), .ai_gen = 1, .long_len = 8 * 74 } },
	{ SAME(OK), { HASH(SHA256, 8, 0), .ai_gen = 1, .long_len = 8 * 64 } },
	/* sec.md 2.9.2, 3.4: chains */
	{ SAME(OK), { CHAIN(HMAC_SHA256, 8) } },
	{ SAME(UNSUPPORTED), { CHAIN(HMAC_SHA256, 8), .seq = 1 } },
	{ SAME(BAD_AUTH), { CHAIN(HMAC_SHA256, 0) } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CBC, 64), .auth = 1, .a_alg = 0x11, .mac_words = 8,
		.a_key_words = 8, .a_len = 84, .cipher_offset = 16 } },
	{ SAME(BAD_LENGTH), { CIPHER(AES, CBC, 64), .auth = 1, .a_alg = 0x11, .mac_words = 8,
		.a_key_words = 8, .a_len = 48, .auth_offset = 32, .cipher_offset = 16 } },
	/* kinds that nobody uses */
	{ SAME(UNSUPPORTED), { .type = 3, .cipher = HISI_SEC_CIPHER_COPY, .c_len = 64, ROOM } },
	{ SAME(UNSUPPORTED), { .type = 3, ROOM } },
	{ SAME(UNSUPPORTED), { CIPHER(AES, CBC, 64), .scene = HISI_SEC_SCENE_STORAGE } },
	{ SAME(UNSUPPORTED), { CIPHER(AES, CBC, 64), .scene = HISI_SEC_SCENE_PBKDF2 } },
	{ SAME(UNSUPPORTED), { CIPHER(AES, CBC, 64), .scene = HISI_SEC_SCENE_STREAM } },
	{ SAME(OK), { CIPHER(AES, CBC, 64), .scene = HISI_SEC_SCENE_IPSEC } },
};
#define NB_ROWS (sizeof(rows) / sizeof(rows[0]))

static void
check_row(struct sec_rig *s, size_t i, uint32_t type, uint32_t status)
{
	struct sec_op op = rows[i].op;

	op.type = type;
	/* B0 and A1 of CCM begin with a length that can be. */
	bytes[0] = 3;
	sec_op_run(s, &op);
	if (sec_op_status(&op) != status)
		fail_msg("row %zu, type %u: status 0x%x, not 0x%x", i, type, sec_op_status(&op),
			status);
	if (status == OK)
		return;
	/* Nothing was written, and nothing claimed. */
	assert_memory_equal(op.dst, bytes, op.src_len);
	assert_int_equal(op.mac[0], 0xc5);
	assert_int_equal(op.w28 & 0xffff, 0x0001);
}

static void
test_rows(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	size_t i;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < NB_ROWS; i++)
		check_row(s, i, 3, rows[i].v3);
	sec_rig_stop(s);
	sec_rig_start(s, "v2", MODEL_DMA_FAULT_OP);
	for (i = 0; i < NB_ROWS; i++)
		if (rows[i].v2 != 0xff)
			check_row(s, i, 2, rows[i].v2);
	sec_rig_stop(s);
	free(s);
}

/* sec.md 2.10: an invalid descriptor completes, whatever else it says. */
static void
test_invalid(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op op = { .invalid = 1, .cipher = 1, .c_alg = 15, .c_len = 77, ROOM };

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (op.type = 2; op.type <= 3; op.type++) {
		sec_op_run(s, &op);
		assert_int_equal(op.w28, 0x0001);
		assert_memory_equal(op.dst, bytes, op.src_len);
	}
	sec_rig_stop(s);
	free(s);
}

static uint32_t
run_raw(struct sec_rig *s, const uint32_t words[32])
{
	struct hisi_zip_sqe sqe, done;

	memcpy(&sqe, words, sizeof(sqe));
	done = rig_queue_do(&s->rig, &s->q, &sqe);
	return ((const uint32_t *)&done)[28];
}

/* Other types of descriptors are none, or that of storage, which is not here (sec.md 2.4). */
static void
test_types(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op op = { CIPHER(AES, CBC, 64) };
	uint32_t words[32], type;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (type = 0; type < 16; type++) {
		if (type == 2 || type == 3)
			continue;
		sec_op_prepare(s, &op, words);
		words[0] = (words[0] & ~0xfU) | type;
		assert_int_equal(run_raw(s, words), 0x0001 | BAD_TYPE << 16);
	}
	sec_rig_stop(s);
	free(s);
}

/* ---- addresses ---- */

struct address {
	const char *what;
	uint32_t dword;
	uint32_t status;
	struct sec_op op;
};

#define READ HISI_SEC_STATUS_MODEL_READ_FAULT
#define WRITE HISI_SEC_STATUS_MODEL_WRITE_FAULT
#define SGL HISI_SEC_STATUS_MODEL_BAD_SGL

static const struct address addresses[] = {
	{ "source", HISI_SEC_BD3_DW_DATA_SRC_ADDR, READ, { CIPHER(AES, CBC, 64),
		.layout = SEC_OUT_OF_PLACE } },
	{ "destination", HISI_SEC_BD3_DW_DATA_DST_ADDR, WRITE, { CIPHER(AES, CBC, 64),
		.layout = SEC_OUT_OF_PLACE } },
	{ "key", HISI_SEC_BD3_DW_C_KEY_ADDR, READ, { CIPHER(AES, CBC, 64) } },
	{ "IV", HISI_SEC_BD3_DW_C_IVIN_ADDR, READ, { CIPHER(AES, CBC, 64) } },
	{ "IV of ECB", HISI_SEC_BD3_DW_C_IVIN_ADDR, OK, { CIPHER(AES, ECB, 64) } },
	{ "auth key", HISI_SEC_BD3_DW_A_KEY_ADDR, READ, { CHAIN(HMAC_SHA256, 8) } },
	{ "auth key of a hash", HISI_SEC_BD3_DW_A_KEY_ADDR, OK, { HASH(SHA256, 8, 64) } },
	{ "MAC", HISI_SEC_BD3_DW_MAC_ADDR, WRITE, { CHAIN(HMAC_SHA256, 8) } },
	{ "tag to verify", HISI_SEC_BD3_DW_MAC_ADDR, READ, { .type = 3,
		.cipher = HISI_SEC_CIPHER_DECRYPT, .seq = 1, .c_alg = HISI_SEC_C_ALG_AES,
		.c_mode = HISI_SEC_C_MODE_GCM, .c_icv_len = 16, .c_len = 32, ROOM } },
	{ "B0", HISI_SEC_BD3_DW_A_IVIN_ADDR, READ, { AEAD(CCM, 16, 20, 16) } },
	{ "auth IV of GCM", HISI_SEC_BD3_DW_A_IVIN_ADDR, OK, { AEAD(GCM, 16, 20, 16) } },
	{ "auth key of GCM", HISI_SEC_BD3_DW_A_KEY_ADDR, OK, { AEAD(GCM, 16, 20, 16) } },
	{ "list of the source", HISI_SEC_BD3_DW_DATA_SRC_ADDR, READ, { CIPHER(AES, CBC, 64),
		.layout = SEC_SGL_OUT_OF_PLACE } },
	{ "list of the destination", HISI_SEC_BD3_DW_DATA_DST_ADDR, READ, { CIPHER(AES, CBC, 64),
		.layout = SEC_SGL_OUT_OF_PLACE } },
};

/* An address that is not mapped: nothing else is touched before it is found. */
static void
test_addresses(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	uint32_t words[32], w28;
	size_t i;

	(void)state;
	bytes[0] = 3;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct sec_op op = addresses[i].op;

		sec_op_prepare(s, &op, words);
		words[addresses[i].dword] = 0x40;
		words[addresses[i].dword + 1] = 0xdead;
		w28 = run_raw(s, words);
		if ((w28 >> 16 & 0xff) != addresses[i].status)
			fail_msg("%s: w28 0x%08x", addresses[i].what, w28);
	}
	sec_rig_stop(s);
	free(s);
}

/* A list that is not aligned, and one that is too short. */
static void
test_lists(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op op = { CIPHER(AES, CBC, 64), .layout = SEC_SGL_IN_PLACE };
	uint32_t words[32];

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	sec_op_prepare(s, &op, words);
	words[HISI_SEC_BD3_DW_DATA_SRC_ADDR] += 32;
	assert_int_equal(run_raw(s, words), 0x0001 | SGL << 16);
	op.src_len = 48;
	op.cut = 48;
	sec_op_prepare(s, &op, words);
	assert_int_equal(run_raw(s, words), 0x0001 | SGL << 16);
	sec_rig_stop(s);
	free(s);
}

/* As the chip: a refused address halts the device, with error bits; the driver's reset ends it. */
static void
test_fault_of_the_device(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op op = { CIPHER(AES, CBC, 64) };
	struct hisi_zip_sqe sqe;
	uint32_t words[32];

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_DEVICE);
	rig_write(&s->rig.pf, HISI_SEC_CORE_INT_MASK, 0x177);
	sec_op_prepare(s, &op, words);
	words[HISI_SEC_BD3_DW_C_KEY_ADDR + 1] = 0xdead;
	memcpy(&sqe, words, sizeof(sqe));
	rig_queue_push(&s->q, &sqe);
	rig_queue_kick(&s->q, 1);
	model_device_run(s->rig.dev);
	assert_int_equal(rig_queue_pop(&s->q), -1);
	assert_int_equal(rig_read(&s->rig.pf, HISI_SEC_CORE_INT_STATUS),
		HISI_BIT32(HISI_SEC_ERR_AXI_RRESP));
	assert_int_equal(s->rig.pf.irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	sec_rig_stop(s);
	free(s);
}

/* sec.md 6.3: a bad descriptor is an error of the engine too, where it is let through. */
static void
test_error_bit(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op bad = { CIPHER(AES, CBC, 1) };
	const uint32_t bit = HISI_BIT32(HISI_SEC_ERR_BD);

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	sec_op_run(s, &bad);
	assert_int_equal(rig_read(&s->rig.pf, HISI_SEC_CORE_INT_SOURCE), bit);
	assert_int_equal(rig_read(&s->rig.pf, HISI_SEC_CORE_INT_STATUS), 0);
	assert_int_equal(s->rig.pf.irqs[HISI_QM_VECTOR_ABNORMAL], 0);
	/* Enabled, what waits comes at once. */
	rig_write(&s->rig.pf, HISI_SEC_CORE_INT_MASK, bit);
	assert_int_equal(s->rig.pf.irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	assert_int_equal(rig_read(&s->rig.pf, HISI_SEC_CORE_INT_STATUS), bit);
	rig_write(&s->rig.pf, HISI_SEC_CORE_INT_SOURCE, bit);
	assert_int_equal(rig_read(&s->rig.pf, HISI_SEC_CORE_INT_STATUS), 0);
	sec_rig_stop(s);
	free(s);
}

/* sec.md 1.1: on V2 some of SM4 works only once a driver has told the checker. */
static void
test_checker(void **state)
{
	static const struct {
		uint32_t mode, reg;
	} rules[] = {
		{ HISI_SEC_C_MODE_ECB, HISI_SEC_BD_ERR_CHK_EN0 },
		{ HISI_SEC_C_MODE_CTR, HISI_SEC_BD_ERR_CHK_EN0 },
		{ HISI_SEC_C_MODE_XTS, HISI_SEC_BD_ERR_CHK_EN1 },
	};
	struct sec_rig *s = calloc(1, sizeof(*s));
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct sec_op op = { CIPHER(SM4, ECB, 64) };

		sec_rig_start(s, "v2", MODEL_DMA_FAULT_OP);
		op.type = 2;
		op.c_mode = rules[i].mode;
		sec_op_run(s, &op);
		assert_int_equal(sec_op_status(&op), OK);
		rig_write(&s->rig.pf, rules[i].reg, UINT32_MAX);
		sec_op_run(s, &op);
		assert_int_equal(sec_op_status(&op), BAD_CIPHER);
		op.c_mode = HISI_SEC_C_MODE_CBC;
		sec_op_run(s, &op);
		assert_int_equal(sec_op_status(&op), OK);
		sec_rig_stop(s);
	}
	free(s);
}

/* The engine's memory, and registers that a driver polls (sec.md 1.2, 5.2). */
static void
test_registers(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct rig_client *pf;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	pf = &s->rig.pf;
	assert_int_equal(rig_read(pf, HISI_SEC_MEM_INIT_DONE), 0);
	rig_write(pf, HISI_SEC_MEM_START_INIT, 1);
	assert_int_equal(rig_read(pf, HISI_SEC_MEM_INIT_DONE), 1);
	rig_write(pf, HISI_SEC_PREFETCH_CFG, 0x802);
	assert_int_equal(rig_read(pf, HISI_SEC_PREFETCH_CFG), 0x802);
	assert_int_equal(rig_read(pf, HISI_SEC_SVA_TRANS), 0);
	assert_int_equal(rig_read(pf, HISI_SEC_SVA_PREFETCH_INFO), 0);
	assert_int_equal(rig_read(pf, HISI_SEC_CORE_INT_STATUS), 0);
	rig_write(pf, HISI_SEC_USER_CTRL1_V3, 0x1234);
	assert_int_equal(rig_read(pf, HISI_SEC_USER_CTRL1_V3), 0x1234);
	/* Capability words of V3 (sec.md 1.3). */
	assert_int_equal(rig_read(pf, 0x3140), 0xf);
	assert_int_equal(rig_read(pf, 0x3148), 0x395c);
	assert_int_equal(rig_read(pf, 0x3170), 0x3fff);
	sec_rig_stop(s);
	free(s);
}

/* Descriptors of random words: each completes, and what is around the buffers stays. */
static void
test_random_descriptors(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sec_op op = { CIPHER(AES, CBC, 64), .layout = SEC_SGL_OUT_OF_PLACE };
	uint32_t words[32], i, k, dword;
	uint32_t done[2] = { 0 };

	(void)state;
	srandom(7);
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < 20000; i++) {
		op.type = 2 + i % 2;
		op.layout = i / 2 % SEC_LAYOUTS;
		sec_op_prepare(s, &op, words);
		for (k = random() % 6; k > 0; k--) {
			dword = random() % 28;
			words[dword] ^= random() % 3 == 0 ? (uint32_t)random() :
				1U << random() % 32;
		}
		/* Long lengths would only cost time: the memory here has no more. */
		words[op.type == 2 ? 4 : 17] &= 0xfff;
		words[op.type == 2 ? 5 : 18] &= 0xfff;
		k = run_raw(s, words);
		assert_true(k & HISI_SEC_W28_DONE);
		done[(k & HISI_SEC_W28_ERROR_TYPE) == 0]++;
	}
	/* Both happened, or the test has no point. */
	assert_true(done[0] > 1000 && done[1] > 1000);
	sec_rig_stop(s);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_fault_of_the_device),
		cmocka_unit_test(test_error_bit),
		cmocka_unit_test(test_checker),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_random_descriptors),
	};

	return cmocka_run_group_tests_name("hisi_model_sec_errors", tests, NULL, NULL);
}
