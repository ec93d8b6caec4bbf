/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include "hisi_qm_dev.h"
#include "hisi_sec_session.h"

/*
 * Descriptors of a session: all but addresses of data, lengths and offsets. Words that are not set
 * are 0, result words too, so that one copy of 128 bytes makes a slot ready.
 */

static void
store_address(uint32_t *bd, unsigned int dword, const void *ptr)
{
	uint64_t iova = hisi_qm_iova(ptr);

	bd[dword] = (uint32_t)iova;
	bd[dword + 1] = (uint32_t)(iova >> 32);
}

/* What a descriptor asks for: the same for both types, whose fields lie elsewhere. */
struct request_bits {
	uint32_t cipher, auth, is_auth_first;
	uint32_t c_alg, c_mode, c_key_len, c_icv_len;
	uint32_t a_alg, a_key_len, mac_len;
};

static void
bits_add_cipher(struct request_bits *bits, const struct hisi_sec_session *session)
{
	const struct hisi_sec_cipher_alg *alg = &hisi_sec_cipher_algs[session->cipher_alg];

	bits->cipher = session->is_decrypt ? HISI_SEC_CIPHER_DECRYPT : HISI_SEC_CIPHER_ENCRYPT;
	bits->c_alg = alg->c_alg;
	bits->c_mode = alg->c_mode;
	bits->c_key_len = hisi_sec_c_key_len(alg, session->cipher_key_len);
	if (hisi_sec_kind(session) != HISI_SEC_KIND_AEAD)
		return;
	/* Tags of CCM and GCM are the cipher's (sec.md 2.9.3). */
	bits->c_icv_len = session->digest_len;
	bits->is_auth_first = session->is_decrypt;
}

/* A hash alone is never verified by hardware: no driver does (sec.md 2.9.6). */
static void
bits_add_auth(struct request_bits *bits, const struct hisi_sec_session *session, bool verifies)
{
	const struct hisi_sec_auth_alg *alg = &hisi_sec_auth_algs[session->auth_alg];

	bits->auth = verifies ? HISI_SEC_AUTH_VERIFY : HISI_SEC_AUTH_COMPUTE;
	bits->a_alg = alg->a_alg;
	bits->a_key_len = (session->auth_key_len + 3u) / 4;
	bits->mac_len = alg->is_whole ? alg->digest.max / 4u : session->digest_len / 4u;
}

/* @return false: the session has no such descriptor */
static bool
bits_make(struct request_bits *bits, const struct hisi_sec_session *session,
	enum hisi_sec_template which)
{
	enum hisi_sec_kind kind = hisi_sec_kind(session);

	memset(bits, 0, sizeof(*bits));
	switch (which) {
	case HISI_SEC_TEMPLATE_CIPHER:
		if (kind == HISI_SEC_KIND_AUTH)
			return false;
		bits_add_cipher(bits, session);
		return true;
	case HISI_SEC_TEMPLATE_AUTH:
		if (kind != HISI_SEC_KIND_AUTH && kind != HISI_SEC_KIND_CHAIN)
			return false;
		bits_add_auth(bits, session, false);
		return true;
	default:
		if (!session->is_one_step)
			return false;
		bits_add_cipher(bits, session);
		bits_add_auth(bits, session, session->is_verify);
		bits->is_auth_first = session->is_auth_first;
		return true;
	}
}

/* sec.md 2.2 */
void
hisi_sec_session_fill_bd2(struct hisi_sec_session *session)
{
	struct request_bits bits;
	uint32_t *bd;
	int i;

	for (i = 0; i < HISI_SEC_TEMPLATES; i++) {
		if (!bits_make(&bits, session, i))
			continue;
		bd = session->bd[i];
		bd[0] = HISI_FIELD_PREP(HISI_SEC_BD2_W0_TYPE, (uint32_t)HISI_SEC_BD_TYPE_2) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W0_CIPHER, bits.cipher) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W0_AUTH, bits.auth) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W0_SEQ, bits.is_auth_first);
		bd[2] = HISI_FIELD_PREP(HISI_SEC_BD2_W2_MAC_LEN, bits.mac_len) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W2_A_KEY_LEN, bits.a_key_len) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W2_A_ALG, bits.a_alg);
		bd[3] = HISI_FIELD_PREP(HISI_SEC_BD2_W3_C_ICV_LEN, bits.c_icv_len) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W3_C_KEY_LEN, bits.c_key_len) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W3_C_MODE, bits.c_mode) |
			HISI_FIELD_PREP(HISI_SEC_BD2_W3_C_ALG, bits.c_alg);
		if (bits.cipher != 0)
			store_address(bd, HISI_SEC_BD2_DW_C_KEY_ADDR, session->cipher_key);
		if (bits.auth != 0 && bits.a_key_len != 0)
			store_address(bd, HISI_SEC_BD2_DW_A_KEY_ADDR, session->auth_key);
	}
}

/* sec.md 2.3; ctr_count_mode as Linux has it, in every descriptor. */
void
hisi_sec_session_fill_bd3(struct hisi_sec_session *session)
{
	struct request_bits bits;
	uint32_t *bd;
	int i;

	for (i = 0; i < HISI_SEC_TEMPLATES; i++) {
		if (!bits_make(&bits, session, i))
			continue;
		bd = session->bd[i];
		bd[0] = HISI_FIELD_PREP(HISI_SEC_BD3_W0_TYPE, (uint32_t)HISI_SEC_BD_TYPE_3);
		bd[1] = HISI_FIELD_PREP(HISI_SEC_BD3_W1_CIPHER, bits.cipher) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W1_C_ICV_LEN, bits.c_icv_len) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W1_C_KEY_LEN, bits.c_key_len) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W1_C_MODE, bits.c_mode) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W1_C_ALG, bits.c_alg) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W1_SEQ, bits.is_auth_first);
		bd[14] = HISI_FIELD_PREP(HISI_SEC_BD3_W14_AUTH, bits.auth) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W14_MAC_LEN, bits.mac_len) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W14_A_KEY_LEN, bits.a_key_len) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W14_A_ALG, bits.a_alg) |
			HISI_FIELD_PREP(HISI_SEC_BD3_W14_CTR_MODE,
				(uint32_t)HISI_SEC_CTR_WRAP_128);
		if (bits.cipher != 0)
			store_address(bd, HISI_SEC_BD3_DW_C_KEY_ADDR, session->cipher_key);
		if (bits.auth != 0 && bits.a_key_len != 0)
			store_address(bd, HISI_SEC_BD3_DW_A_KEY_ADDR, session->auth_key);
	}
}
