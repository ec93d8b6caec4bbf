/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * SQEs of whatever content through the model's SEC engine. The input says which kind of operation
 * is meant, where its data, keys, IVs and MAC lie (in areas of any rights, across their borders,
 * over each other, over the rings), and which words are then changed.
 *
 * What must hold, whatever the SQE: it completes, or a refused address stops the device; the device
 * writes to its destination, to the MAC's place and to the result words, and nowhere else. That
 * results are right is the unit tests' to show.
 */

#include <hisi_sec_sqe.h>
#include <hisi_sgl.h>

#include "fuzz_model.h"

#define MAX_SQES 12
#define MAX_RANGES 2048
#define SGL_ENTRIES 8u

struct range {
	uint64_t iova;
	uint64_t len;
};

/* What an operation of that kind has in its fields. */
struct kind {
	uint8_t cipher, auth, seq, scene, c_alg, c_mode, c_key_len, c_width, c_icv_len;
	uint8_t a_alg, mac_words, a_key_words, ai_gen, pad, ctr_mode;
};

#define ENC HISI_SEC_CIPHER_ENCRYPT
#define DEC HISI_SEC_CIPHER_DECRYPT
#define MODE(alg, mode) .c_alg = HISI_SEC_C_ALG_##alg, .c_mode = HISI_SEC_C_MODE_##mode
#define MAC(alg, words, key) .auth = HISI_SEC_AUTH_COMPUTE, .a_alg = HISI_SEC_A_ALG_##alg, \
	.mac_words = words, .a_key_words = key

static const struct kind kinds[] = {
	{ .cipher = ENC, MODE(AES, CBC) },
	{ .cipher = DEC, MODE(AES, CBC), .c_key_len = 1 },
	{ .cipher = ENC, MODE(AES, ECB), .c_key_len = 2 },
	{ .cipher = ENC, MODE(AES, CTR) },
	{ .cipher = ENC, MODE(AES, CTR), .ctr_mode = HISI_SEC_CTR_WRAP_128 },
	{ .cipher = DEC, MODE(AES, XTS), .c_key_len = 2 },
	{ .cipher = ENC, MODE(SM4, XTS) },
	{ .cipher = ENC, MODE(AES, CFB) },
	{ .cipher = DEC, MODE(AES, OFB), .c_key_len = 1 },
	{ .cipher = ENC, MODE(SM4, OFB) },
	{ .cipher = ENC, MODE(AES, CBC_CS), .c_width = 3 },
	{ .cipher = DEC, MODE(DES, CBC) },
	{ .cipher = ENC, MODE(3DES, CBC), .c_key_len = 3 },
	{ .cipher = ENC, MODE(3DES, ECB), .c_key_len = 1 },
	{ .cipher = ENC, MODE(AES, GCM), .c_icv_len = 16 },
	{ .cipher = DEC, MODE(SM4, GCM), .c_icv_len = 12, .seq = 1 },
	{ .cipher = ENC, MODE(AES, CCM), .c_icv_len = 8, .c_key_len = 1 },
	{ .cipher = DEC, MODE(AES, CCM), .c_icv_len = 16, .seq = 1 },
	{ .cipher = ENC, MODE(AES, CBC), MAC(HMAC_SHA1, 5, 5) },
	{ .cipher = DEC, MODE(AES, CBC), .auth = HISI_SEC_AUTH_VERIFY, .seq = 1,
		.a_alg = HISI_SEC_A_ALG_HMAC_SHA256, .mac_words = 8, .a_key_words = 8 },
	{ MAC(SHA256, 8, 0), .scene = HISI_SEC_SCENE_STREAM },
	{ MAC(HMAC_SHA512, 16, 32), .scene = HISI_SEC_SCENE_STREAM },
	{ MAC(SM3, 8, 0) },
	{ MAC(MD5, 4, 0), .scene = HISI_SEC_SCENE_STREAM, .pad = 1 },
	{ MAC(SHA384, 12, 0), .scene = HISI_SEC_SCENE_STREAM, .pad = 1, .ai_gen = 1 },
	{ MAC(HMAC_SM3, 8, 4), .scene = HISI_SEC_SCENE_STREAM, .ai_gen = 1 },
	{ MAC(SHA1, 5, 0), .scene = HISI_SEC_SCENE_STREAM, .ai_gen = 1 },
	{ MAC(SHA224, 7, 0), .scene = HISI_SEC_SCENE_STREAM, .ai_gen = 1 },
	{ MAC(CMAC, 4, 4) },
	{ MAC(XCBC, 3, 4) },
	{ MAC(GMAC, 4, 8), .ai_gen = 1, .scene = HISI_SEC_SCENE_IPSEC },
	{ MAC(GMAC, 4, 4), .pad = 1, .scene = HISI_SEC_SCENE_STREAM },
	{ .cipher = ENC, MODE(AES, GCM), .pad = 1, .ai_gen = 1, .scene = HISI_SEC_SCENE_STREAM },
	{ .cipher = DEC, MODE(AES, GCM), .ai_gen = 1, .scene = HISI_SEC_SCENE_STREAM,
		.c_icv_len = 16 },
};

/* One SQE and where it may write. */
struct sec_case {
	struct fuzz_input *in;
	uint32_t sqe[HISI_SEC_SQE_LEN / 4];
	struct range range[MAX_RANGES];
	uint32_t nb_ranges;
};

static const struct {
	const char *version;
	enum model_dma_fault fault;
} versions[] = {
	{ "v3", MODEL_DMA_FAULT_OP },
	{ "v2", MODEL_DMA_FAULT_OP },
	{ "v5", MODEL_DMA_FAULT_OP },
	{ "v3", MODEL_DMA_FAULT_DEVICE },
};

struct sec_rig {
	struct model_device *dev;
	struct model_function *pf;
	uint16_t tail;
};

static struct fuzz_memory memory;
static struct sec_rig rigs[FUZZ_ARRAY_LEN(versions)];

static void
bring_up(struct sec_rig *rig)
{
	model_function_reset(rig->pf);
	fuzz_model_bring_up(rig->pf);
	fuzz_model_give_queues(rig->pf, 0, 0, 1);
	fuzz_model_set_queue(&memory, rig->pf, 0, HISI_SEC_QUEUE_CRYPTO);
	rig->tail = 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct model_device_config config = { .engine = "sec",
		.log = { .fn = fuzz_model_log, .max_level = VFIO_USER_LOG_DEBUG } };
	struct model_client client = { .slots = NULL };
	struct model_error error;
	size_t i;

	(void)argc;
	(void)argv;
	fuzz_memory_create(&memory);
	client.dma = memory.dma;
	for (i = 0; i < FUZZ_ARRAY_LEN(versions); i++) {
		config.version = versions[i].version;
		config.dma_fault = versions[i].fault;
		config.nb_queues = versions[i].version[1] == '2' ? HISI_QM_MAX_QUEUES : 1;
		FUZZ_CHECK(model_device_create(&config, &error, &rigs[i].dev) == 0);
		rigs[i].pf = model_device_function(rigs[i].dev, 0);
		model_function_attach(rigs[i].pf, &client);
	}
	return 0;
}

/* ---- making an SQE ---- */

/* An address: near the start of an area, near its end, or just a number. */
static uint64_t
choose_address(struct fuzz_input *in)
{
	uint8_t choice = fuzz_u8(in);
	uint32_t offset = fuzz_u16(in);
	/* The honest case is memory for all uses. */
	enum fuzz_area area = (choice + FUZZ_AREA_BOTH) % FUZZ_AREAS;

	if (choice >= 0xf0)
		return fuzz_u64(in);
	if (choice >= 0xc0)
		return fuzz_area_iova(area) + fuzz_area_len(area) - offset % 5000;
	return fuzz_area_iova(area) + offset % fuzz_area_len(area);
}

/* A list with entries of whatever kind; @p which: source or destination. */
static uint64_t
make_list(struct sec_case *c, uint32_t which)
{
	uint64_t iova = fuzz_area_iova(FUZZ_AREA_TABLES) + which * FUZZ_PAGE;
	struct hisi_sge entry = { 0 };
	struct hisi_sgl head = { 0 };
	uint8_t odd = fuzz_u8(c->in);
	uint32_t i;

	head.entry_sum_in_sgl = odd >= 0xe0 ? fuzz_u16(c->in) : SGL_ENTRIES - odd % SGL_ENTRIES;
	head.next_dma = odd & 1 ? iova : 0;
	fuzz_memory_write(&memory, iova, &head, sizeof(head));
	for (i = 0; i < SGL_ENTRIES; i++) {
		entry.buf = choose_address(c->in);
		entry.len = 64 + fuzz_u8(c->in) % 200;
		fuzz_memory_write(&memory, iova + sizeof(head) + i * sizeof(entry), &entry,
				  sizeof(entry));
	}
	return iova + (odd == 0xff ? 8 : 0);
}

static void
set_address(uint32_t *words, uint32_t dword, uint64_t iova)
{
	words[dword] = (uint32_t)iova;
	words[dword + 1] = (uint32_t)(iova >> 32);
}

#define PUT2(field, value) HISI_FIELD_PREP(HISI_SEC_BD2_##field, (uint32_t)(value))
#define PUT3(field, value) HISI_FIELD_PREP(HISI_SEC_BD3_##field, (uint32_t)(value))

static void
make_bd2(uint32_t *w, const struct kind *k, bool is_list, bool is_separate)
{
	w[0] = PUT2(W0_TYPE, 2) | PUT2(W0_CIPHER, k->cipher) | PUT2(W0_AUTH, k->auth) |
	       PUT2(W0_SEQ, k->seq) | PUT2(W0_DE, is_separate) | PUT2(W0_SCENE, k->scene) |
	       PUT2(W0_SRC_ADDR_TYPE, is_list) | PUT2(W0_DST_ADDR_TYPE, is_list);
	w[1] = PUT2(W1_AI_GEN, k->ai_gen) | PUT2(W1_A_PAD, k->pad);
	w[2] = PUT2(W2_MAC_LEN, k->mac_words) | PUT2(W2_A_KEY_LEN, k->a_key_words) |
	       PUT2(W2_A_ALG, k->a_alg);
	w[3] = PUT2(W3_C_ICV_LEN, k->c_icv_len) | PUT2(W3_C_WIDTH, k->c_width) |
	       PUT2(W3_C_KEY_LEN, k->c_key_len) | PUT2(W3_C_MODE, k->c_mode) |
	       PUT2(W3_C_ALG, k->c_alg);
}

static void
make_bd3(uint32_t *w, const struct kind *k, bool is_list, bool is_separate)
{
	w[0] = PUT3(W0_TYPE, 3) | PUT3(W0_SCENE, k->scene) | PUT3(W0_DE, is_separate) |
	       PUT3(W0_SRC_ADDR_TYPE, is_list) | PUT3(W0_DST_ADDR_TYPE, is_list);
	w[1] = PUT3(W1_CIPHER, k->cipher) | PUT3(W1_C_ICV_LEN, k->c_icv_len) |
	       PUT3(W1_C_WIDTH, k->c_width) | PUT3(W1_C_KEY_LEN, k->c_key_len) |
	       PUT3(W1_C_MODE, k->c_mode) | PUT3(W1_C_ALG, k->c_alg) | PUT3(W1_SEQ, k->seq);
	w[14] = PUT3(W14_AUTH, k->auth) | PUT3(W14_AI_GEN, k->ai_gen) |
		PUT3(W14_MAC_LEN, k->mac_words) | PUT3(W14_A_KEY_LEN, k->a_key_words) |
		PUT3(W14_A_ALG, k->a_alg) | PUT3(W14_CTR_MODE, k->ctr_mode);
	w[27] = PUT3(W27_AUTH_PAD, k->pad);
}

/* Lengths and offsets: those that the kind wants, or others. */
static void
make_lengths(struct sec_case *c, const struct kind *k, bool is_type_2)
{
	uint32_t units = fuzz_u8(c->in), odd = fuzz_u8(c->in);
	bool is_part = k->cipher != 0 && k->scene == HISI_SEC_SCENE_STREAM;
	bool has_aad = k->cipher != 0 && !is_part && (k->c_icv_len != 0 || k->auth != 0);
	uint32_t aad = has_aad ? odd % 64 : 0;
	uint32_t c_len = k->cipher != 0 ? 16 * (1 + units) : 0;
	uint32_t a_len = k->cipher == 0 ? 128 * (units & 7) : k->auth ? aad + c_len : aad;
	uint64_t bits = 8 * (uint64_t)(a_len + 256);

	if (odd >= 0x80 && (k->c_mode != HISI_SEC_C_MODE_CBC || odd >= 0xe0)) {
		c_len += c_len != 0 ? odd % 16 : 0;
		a_len += k->cipher == 0 ? odd % 128 : 0;
	}
	if (is_part)
		bits = (uint64_t)(c_len + 16) << 24 | 20;
	c->sqe[is_type_2 ? 4 : 17] = a_len;
	c->sqe[is_type_2 ? 5 : 18] = c_len;
	c->sqe[is_type_2 ? 6 : 16] = aad << 16;
	set_address(c->sqe, is_type_2 ? 12 : 25, bits);
}

static void
make_addresses(struct sec_case *c, bool is_type_2, bool is_list)
{
	static const uint8_t dwords[2][5] = {
		{ HISI_SEC_BD3_DW_C_KEY_ADDR, HISI_SEC_BD3_DW_A_KEY_ADDR,
		  HISI_SEC_BD3_DW_C_IVIN_ADDR, HISI_SEC_BD3_DW_A_IVIN_ADDR,
		  HISI_SEC_BD3_DW_MAC_ADDR },
		{ HISI_SEC_BD2_DW_C_KEY_ADDR, HISI_SEC_BD2_DW_A_KEY_ADDR,
		  HISI_SEC_BD2_DW_C_IVIN_ADDR, HISI_SEC_BD2_DW_A_IVIN_ADDR,
		  HISI_SEC_BD2_DW_MAC_ADDR },
	};
	uint32_t src = is_type_2 ? HISI_SEC_BD2_DW_DATA_SRC_ADDR : HISI_SEC_BD3_DW_DATA_SRC_ADDR;
	uint32_t dst = is_type_2 ? HISI_SEC_BD2_DW_DATA_DST_ADDR : HISI_SEC_BD3_DW_DATA_DST_ADDR;
	uint8_t counter = 1 + fuzz_u8(c->in) % 9;
	uint64_t iova;
	uint32_t i;

	for (i = 0; i < 5; i++) {
		iova = choose_address(c->in);
		set_address(c->sqe, dwords[is_type_2][i], iova);
		/* The length of a CCM counter, most of the time one that can be. */
		fuzz_memory_write(&memory, iova, &counter, 1);
	}
	set_address(c->sqe, src, is_list ? make_list(c, 0) : choose_address(c->in));
	set_address(c->sqe, dst, is_list ? make_list(c, 1) : choose_address(c->in));
}

static void
add_range(struct sec_case *c, uint64_t iova, uint64_t len)
{
	if (c->nb_ranges < MAX_RANGES)
		c->range[c->nb_ranges++] = (struct range){ iova, len };
}

static uint64_t
address_of(const struct sec_case *c, uint32_t dword)
{
	return (uint64_t)c->sqe[dword + 1] << 32 | c->sqe[dword];
}

/* The entries of a chain, as far as @p len bytes need them. */
static void
add_lists(struct sec_case *c, uint64_t list, uint64_t len)
{
	struct hisi_sge entry;
	struct hisi_sgl head;
	uint32_t i, lists;

	for (lists = 0; lists < HISI_SGL_MAX_CHAIN && len != 0; lists++, list = head.next_dma) {
		if (fuzz_memory_read(&memory, list, &head, sizeof(head)) != sizeof(head))
			return;
		for (i = 0; i < head.entry_sum_in_sgl && len != 0; i++) {
			if (fuzz_memory_read(&memory, list + sizeof(head) + i * sizeof(entry),
					     &entry, sizeof(entry)) != sizeof(entry))
				return;
			if (entry.len > len)
				entry.len = (uint32_t)len;
			len -= entry.len;
			add_range(c, entry.buf, entry.len);
		}
	}
}

/* Where it may write, by what the words say in the end. */
static void
find_ranges(struct sec_case *c)
{
	bool is_type_2 = HISI_FIELD_GET(HISI_SEC_BD3_W0_TYPE, c->sqe[0]) == 2;
	uint32_t w0 = c->sqe[0];
	bool is_list = is_type_2 ? HISI_FIELD_GET(HISI_SEC_BD2_W0_SRC_ADDR_TYPE, w0) == 1 :
		HISI_FIELD_GET(HISI_SEC_BD3_W0_SRC_ADDR_TYPE, w0) == 1;
	bool is_separate = (w0 & HISI_SEC_BD3_W0_DE) != 0;
	uint32_t dst = is_type_2 ?
		(is_separate ? HISI_SEC_BD2_DW_DATA_DST_ADDR : HISI_SEC_BD2_DW_DATA_SRC_ADDR) :
		(is_separate ? HISI_SEC_BD3_DW_DATA_DST_ADDR : HISI_SEC_BD3_DW_DATA_SRC_ADDR);
	uint64_t len = HISI_FIELD_GET(HISI_SEC_OFFSETS_CIPHER, c->sqe[is_type_2 ? 6 : 16]) +
		(c->sqe[is_type_2 ? 5 : 18] & HISI_SEC_BD2_W5_C_LEN);

	add_range(c, address_of(c, is_type_2 ? HISI_SEC_BD2_DW_MAC_ADDR :
		HISI_SEC_BD3_DW_MAC_ADDR), HISI_SEC_MAX_MAC_LEN);
	if (is_list)
		add_lists(c, address_of(c, dst), len);
	else
		add_range(c, address_of(c, dst), len);
}

static void
make_case(struct sec_case *c)
{
	const struct kind *k = &kinds[fuzz_u8(c->in) % FUZZ_ARRAY_LEN(kinds)];
	uint8_t how = fuzz_u8(c->in), nb;
	bool is_type_2 = how & 1, is_list = how & 2, is_separate = how & 4;

	(is_type_2 ? make_bd2 : make_bd3)(c->sqe, k, is_list, is_separate);
	make_lengths(c, k, is_type_2);
	make_addresses(c, is_type_2, is_list);
	if (how & 8)
		c->sqe[is_type_2 ? 1 : 0] |= is_type_2 ? HISI_SEC_BD2_W1_INVALID :
			HISI_SEC_BD3_W0_INVALID;
	for (nb = how & 0x80 ? 1 + fuzz_u8(c->in) % 8 : 0; nb != 0; nb--) {
		uint8_t at = fuzz_u8(c->in);

		c->sqe[at % FUZZ_ARRAY_LEN(c->sqe)] ^= fuzz_u32(c->in);
	}
	find_ranges(c);
}

/* ---- judging the result ---- */

static bool
may_write_to(const struct sec_case *c, uint64_t iova, uint64_t len)
{
	uint32_t i;

	for (i = 0; i < c->nb_ranges; i++)
		if (c->range[i].iova - iova < len || iova - c->range[i].iova < c->range[i].len)
			return true;
	return false;
}

static void
run(struct sec_rig *rig, struct sec_case *c)
{
	uint64_t rings = fuzz_area_iova(FUZZ_AREA_RINGS);
	uint64_t slot = rings + FUZZ_SQ_OFFSET(0) + rig->tail * HISI_SEC_SQE_LEN;
	uint32_t done[HISI_SEC_SQE_LEN / 4], i, nb;
	uint16_t at = rig->tail;

	fuzz_memory_write(&memory, slot, c->sqe, sizeof(c->sqe));
	fuzz_memory_note(&memory);
	rig->tail = (at + 1) % FUZZ_DEPTH;
	fuzz_model_ring(rig->pf, HISI_QM_DB_CMD_SQ, 0, FUZZ_TAG, rig->tail, 0);
	nb = model_device_run(rig->dev);
	FUZZ_CHECK(nb <= 1);
	for (i = 0; i < c->nb_ranges; i++)
		fuzz_memory_allow(&memory, c->range[i].iova, c->range[i].len);
	if (nb == 0) {
		/* An address was refused, and that stops the device in this mode. */
		FUZZ_CHECK(rig->dev->config.dma_fault == MODEL_DMA_FAULT_DEVICE);
		FUZZ_CHECK(atomic_load(&rig->dev->is_halted));
		fuzz_memory_check(&memory);
		bring_up(rig);
		return;
	}
	fuzz_memory_allow(&memory, slot, sizeof(done));
	fuzz_memory_allow(&memory, rings + FUZZ_CQ_OFFSET(0) + at * 16, 16);
	fuzz_memory_check(&memory);
	fuzz_memory_read(&memory, slot, done, sizeof(done));
	/* A client may well have its own rings overwritten. */
	if (may_write_to(c, rings, fuzz_area_len(FUZZ_AREA_RINGS))) {
		bring_up(rig);
		return;
	}
	FUZZ_CHECK(memcmp(done, c->sqe, HISI_SEC_DW_RESULT * 4) == 0);
	FUZZ_CHECK(done[HISI_SEC_DW_RESULT] & HISI_SEC_W28_DONE);
	fuzz_model_ring(rig->pf, HISI_QM_DB_CMD_CQ, 0, FUZZ_TAG, rig->tail, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct sec_rig *rig = &rigs[fuzz_u8(&in) % FUZZ_ARRAY_LEN(rigs)];
	static struct sec_case c;
	int i;

	FUZZ_CHECK(vfio_user_guard_install() == 0);
	c.in = &in;
	fuzz_memory_clear(&memory);
	bring_up(rig);
	for (i = 0; i < MAX_SQES && (fuzz_has(&in) || i == 0); i++) {
		memset(c.sqe, 0, sizeof(c.sqe));
		c.nb_ranges = 0;
		make_case(&c);
		run(rig, &c);
	}
	return 0;
}
