/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the operations are: drawn at random, with edges more often than chance would have them.
 */
#include <string.h>

#include <rte_common.h>

#include "crypt_diff.h"

const struct diff_case_param diff_case_params[] = {
	[CRYPT_P_KIND] = { "kind", 0, true },
	[CRYPT_P_CIPHER] = { "cipher", 0, true },
	[CRYPT_P_AUTH] = { "auth", 0, true },
	[CRYPT_P_AEAD] = { "aead", 0, true },
	[CRYPT_P_KEY_LEN] = { "key_len", 0, true },
	[CRYPT_P_AUTH_KEY_LEN] = { "auth_key_len", 0, true },
	[CRYPT_P_IV_LEN] = { "iv_len", 0, true },
	[CRYPT_P_TAG_LEN] = { "tag_len", 0, true },
	[CRYPT_P_AAD_LEN] = { "aad_len", 0, false },
	[CRYPT_P_DECRYPT] = { "decrypt", 0, false },
	[CRYPT_P_MAC_PLAIN] = { "mac_plain", 0, false },
	[CRYPT_P_LEN] = { "len", 0, false },
	[CRYPT_P_HEAD] = { "head", 0, false },
	[CRYPT_P_TRAILER] = { "trailer", 0, false },
	[CRYPT_P_OFFSET] = { "offset", 0, false },
	[CRYPT_P_TAIL] = { "tail", 0, false },
	[CRYPT_P_OUT_OF_PLACE] = { "out_of_place", 0, false },
	[CRYPT_P_WRONG] = { "wrong", CRYPT_RIGHT, false },
	[CRYPT_P_SESSIONLESS] = { "sessionless", 0, false },
	[CRYPT_P_TAG_INSIDE] = { "tag_inside", 0, false },
	[CRYPT_P_IV_WRAP] = { "iv_wrap", 0, false },
	[CRYPT_P_MISUSE] = { "misuse", CRYPT_MISUSE_NONE, false },
	[CRYPT_P_SRC_SEGS] = { "src_segs", 1, false },
	[CRYPT_P_DST_SEGS] = { "dst_segs", 1, false },
	[CRYPT_P_SRC_CUT] = { "src_cut", DIFF_CUT_EVEN, false },
	[CRYPT_P_DST_CUT] = { "dst_cut", DIFF_CUT_EVEN, false },
	[CRYPT_P_SRC_MBUF] = { "src_mbuf", DIFF_MBUF_EXTERNAL, false },
	[CRYPT_P_DST_MBUF] = { "dst_mbuf", DIFF_MBUF_EXTERNAL, false },
	[CRYPT_P_SRC_PLACE] = { "src_place", DIFF_PLACE_ANY, false },
	[CRYPT_P_DST_PLACE] = { "dst_place", DIFF_PLACE_ANY, false },
};

const int diff_case_nb_params = CRYPT_PARAMS;

struct diff_random
crypt_case_session_random(const struct diff_case *c, uint64_t purpose)
{
	struct diff_case group = { .seed = c->seed, .number = c->number / CRYPT_GROUP };

	return diff_case_random(&group, purpose + 1000);
}

static int64_t
pick(struct diff_random *random, const int64_t *values, size_t count)
{
	return values[diff_random_below(random, count)];
}

#define PICK(random, values) pick(random, values, RTE_DIM(values))

/* A size of a capability, its ends more often than others. */
static int64_t
draw_size(struct diff_random *random, const struct rte_crypto_param_range *range)
{
	uint64_t steps = range->increment == 0 ? 0 :
		(range->max - range->min) / range->increment;
	uint64_t die = diff_random_below(random, 10);
	uint64_t step = die == 0 ? 0 : die < 4 ? steps : diff_random_below(random, steps + 1);

	return range->min + step * range->increment;
}

/* An algorithm of a kind that the device has. @return its number, negative: there is none */
static int64_t
draw_algorithm(struct diff_random *random, const struct crypt_device *device, enum crypt_kind kind)
{
	int64_t i, chosen = -1;
	uint64_t found = 0;

	for (i = 0; i < crypt_nb_algorithms; i++)
		if (crypt_algorithms[i].kind == kind &&
				crypt_device_capability(device, &crypt_algorithms[i]) != NULL &&
				diff_random_below(random, ++found) == 0)
			chosen = i;
	return chosen;
}

static int64_t
draw_aad(struct diff_random *random, const struct rte_crypto_param_range *range)
{
	uint64_t die = diff_random_below(random, 100);

	if (die < 20)
		return range->min;
	if (die < 90 && range->increment == 1)
		return RTE_MIN(range->max, range->min + diff_random_below(random, 300));
	return draw_size(random, range);
}

/* Sizes of a cipher and of an authentication, as the device has them. */
static void
draw_cipher(int64_t *v, struct diff_random *random, const struct crypt_device *device)
{
	const struct rte_cryptodev_symmetric_capability *one;

	one = crypt_device_capability(device, &crypt_algorithms[v[CRYPT_P_CIPHER]]);
	v[CRYPT_P_KEY_LEN] = draw_size(random, &one->cipher.key_size);
	v[CRYPT_P_IV_LEN] = draw_size(random, &one->cipher.iv_size);
}

static void
draw_auth(int64_t *v, struct diff_random *random, const struct crypt_device *device)
{
	const struct rte_cryptodev_symmetric_capability *one;

	one = crypt_device_capability(device, &crypt_algorithms[v[CRYPT_P_AUTH]]);
	v[CRYPT_P_AUTH_KEY_LEN] = RTE_MIN(draw_size(random, &one->auth.key_size), CRYPT_MAX_KEY);
	/* Empty ones and those longer than two blocks are for the driver's unit tests. */
	if (v[CRYPT_P_AUTH_KEY_LEN] == 0 &&
			crypt_algorithms[v[CRYPT_P_AUTH]].mode == CRYPT_MODE_HMAC)
		v[CRYPT_P_AUTH_KEY_LEN] = RTE_MAX(one->auth.key_size.increment, 1);
	v[CRYPT_P_TAG_LEN] = draw_size(random, &one->auth.digest_size);
	if (v[CRYPT_P_KIND] == CRYPT_AUTH &&
			crypt_algorithms[v[CRYPT_P_AUTH]].mode == CRYPT_MODE_GMAC)
		v[CRYPT_P_IV_LEN] = draw_size(random, &one->auth.iv_size);
}

static void
draw_aead(int64_t *v, struct diff_random *random, const struct crypt_device *device)
{
	const struct rte_cryptodev_symmetric_capability *one;

	one = crypt_device_capability(device, &crypt_algorithms[v[CRYPT_P_AEAD]]);
	v[CRYPT_P_KEY_LEN] = draw_size(random, &one->aead.key_size);
	do {
		v[CRYPT_P_IV_LEN] = draw_size(random, &one->aead.iv_size);
	} while (v[CRYPT_P_IV_LEN] == 0);
	v[CRYPT_P_TAG_LEN] = draw_size(random, &one->aead.digest_size);
	v[CRYPT_P_AAD_LEN] = draw_aad(random, &one->aead.aad_size);
}

/* A chain has no IV for the authentication. */
static bool
is_chainable(const int64_t *v)
{
	return crypt_algorithms[v[CRYPT_P_AUTH]].mode != CRYPT_MODE_GMAC;
}

static void
draw_session(struct diff_case *c, const struct crypt_device *device)
{
	struct diff_random random = crypt_case_session_random(c, 0);
	int64_t *v = c->value;
	uint64_t die = diff_random_below(&random, 100);

	v[CRYPT_P_CIPHER] = draw_algorithm(&random, device, CRYPT_CIPHER);
	v[CRYPT_P_AUTH] = draw_algorithm(&random, device, CRYPT_AUTH);
	v[CRYPT_P_AEAD] = draw_algorithm(&random, device, CRYPT_AEAD);
	v[CRYPT_P_DECRYPT] = diff_random_below(&random, 2);
	v[CRYPT_P_MAC_PLAIN] = diff_random_permille(&random, 150);
	v[CRYPT_P_KIND] = die < 30 ? CRYPT_CIPHER : die < 55 ? CRYPT_AUTH : die < 80 ? CRYPT_AEAD :
		CRYPT_CHAIN;
	if (v[CRYPT_P_KIND] == CRYPT_AEAD && v[CRYPT_P_AEAD] < 0)
		v[CRYPT_P_KIND] = CRYPT_CIPHER;
	if (v[CRYPT_P_KIND] == CRYPT_CHAIN && !is_chainable(v))
		v[CRYPT_P_KIND] = CRYPT_AUTH;
	if (v[CRYPT_P_KIND] == CRYPT_CIPHER || v[CRYPT_P_KIND] == CRYPT_CHAIN)
		draw_cipher(v, &random, device);
	if (v[CRYPT_P_KIND] == CRYPT_AUTH || v[CRYPT_P_KIND] == CRYPT_CHAIN)
		draw_auth(v, &random, device);
	if (v[CRYPT_P_KIND] == CRYPT_AEAD)
		draw_aead(v, &random, device);
}

static int64_t
draw_len(struct diff_random *random)
{
	static const int64_t edges[] = {
		0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 127, 128, 129, 255,
		256, 257, 511, 512, 4095, 4096, 4097, 16384, 32768, 65520, 65535, 65536,
	};
	uint64_t die = diff_random_below(random, 100);

	if (die < 30)
		return PICK(random, edges);
	return diff_random_below(random, die < 60 ? 300 : die < 90 ? 8192 : 65537);
}

static int64_t
draw_offset(struct diff_random *random)
{
	static const int64_t edges[] = { 1, 2, 3, 15, 16, 63, 64, 65, 127, 128, 255, 256, 4096 };
	uint64_t die = diff_random_below(random, 100);

	return die < 60 ? 0 : die < 80 ? PICK(random, edges) :
		(int64_t)diff_random_below(random, 3000);
}

static int64_t
draw_segments(struct diff_random *random)
{
	static const int64_t edges[] = { 2, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 255, 256 };
	uint64_t die = diff_random_below(random, 100);

	return die < 55 ? 1 : die < 75 ? 2 + (int64_t)diff_random_below(random, 7) :
		die < 90 ? PICK(random, edges) : 2 + (int64_t)diff_random_below(random, 250);
}

static void
draw_buffers(int64_t *v, struct diff_random *random, const struct crypt_device *device)
{
	bool in_place_sgl = (device->flags & RTE_CRYPTODEV_FF_IN_PLACE_SGL) != 0;
	int side;

	v[CRYPT_P_OFFSET] = draw_offset(random);
	v[CRYPT_P_TAIL] = draw_offset(random);
	for (side = 0; side < 2; side++) {
		v[CRYPT_P_SRC_SEGS + side] = draw_segments(random);
		v[CRYPT_P_SRC_CUT + side] = diff_random_below(random, DIFF_CUT_KINDS);
		v[CRYPT_P_SRC_MBUF + side] = diff_random_below(random, DIFF_MBUF_KINDS);
		v[CRYPT_P_SRC_PLACE + side] = diff_random_permille(random, 800) ? DIFF_PLACE_ANY :
			1 + diff_random_below(random, DIFF_PLACE_KINDS - 1);
	}
	if (!v[CRYPT_P_OUT_OF_PLACE]) {
		v[CRYPT_P_SRC_SEGS] = in_place_sgl ? v[CRYPT_P_SRC_SEGS] : 1;
		return;
	}
	if (!(device->flags & RTE_CRYPTODEV_FF_OOP_SGL_IN_SGL_OUT) && v[CRYPT_P_SRC_SEGS] > 1)
		v[CRYPT_P_DST_SEGS] = 1;
	if (!(device->flags & RTE_CRYPTODEV_FF_OOP_SGL_IN_LB_OUT) && v[CRYPT_P_DST_SEGS] == 1)
		v[CRYPT_P_SRC_SEGS] = 1;
	if (!(device->flags & RTE_CRYPTODEV_FF_OOP_LB_IN_SGL_OUT) && v[CRYPT_P_SRC_SEGS] == 1)
		v[CRYPT_P_DST_SEGS] = 1;
}

static void
draw_operation(struct diff_case *c, const struct crypt_device *device)
{
	struct diff_random random = diff_case_random(c, 0);
	int64_t *v = c->value;

	v[CRYPT_P_LEN] = draw_len(&random);
	v[CRYPT_P_OUT_OF_PLACE] = v[CRYPT_P_KIND] != CRYPT_AUTH &&
		diff_random_permille(&random, 400);
	v[CRYPT_P_HEAD] = diff_random_permille(&random, 300) ? 0 :
		(int64_t)diff_random_below(&random, diff_random_permille(&random, 900) ? 80 : 3000);
	v[CRYPT_P_TRAILER] = diff_random_permille(&random, 800) ? 0 :
		(int64_t)diff_random_below(&random, 20);
	if (v[CRYPT_P_DECRYPT] && v[CRYPT_P_KIND] != CRYPT_CIPHER)
		v[CRYPT_P_WRONG] = diff_random_permille(&random, 700) ? CRYPT_RIGHT :
			1 + diff_random_below(&random, CRYPT_WRONGS - 1);
	v[CRYPT_P_SESSIONLESS] = (device->flags & RTE_CRYPTODEV_FF_SYM_SESSIONLESS) != 0 &&
		diff_random_permille(&random, 150);
	v[CRYPT_P_TAG_INSIDE] = diff_random_permille(&random, 300);
	v[CRYPT_P_IV_WRAP] = diff_random_permille(&random, 50);
	v[CRYPT_P_MISUSE] = diff_random_permille(&random, 970) ? CRYPT_MISUSE_NONE :
		1 + diff_random_below(&random, CRYPT_MISUSES - 1);
	draw_buffers(v, &random, device);
}

void
crypt_case_draw(struct diff_case *c, uint64_t seed, uint64_t number,
	const struct crypt_device *device)
{
	memset(c, 0, sizeof(*c));
	c->seed = seed;
	c->number = number;
	draw_session(c, device);
	draw_operation(c, device);
}
