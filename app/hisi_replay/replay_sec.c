/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_sec_sqe.h>

#include "replay.h"

/*
 * SEC: its status says whether a descriptor can be carried out, by algorithms, lengths and
 * addresses. What the data are does not matter, nor the key; whether a tag is right is another
 * field of the answer, and not judged.
 */

static_assert(sizeof(struct hisi_sec_bd2) == REPLAY_SQE_LEN &&
	sizeof(struct hisi_sec_bd3) == REPLAY_SQE_LEN, "a slot of the ring");

/* Behind the largest offset, and whole pages. */
#define PAGE 4096u
#define BUFFER_LEN \
	(((HISI_FIELD_MAX(HISI_SEC_OFFSETS_CIPHER) + HISI_SEC_MAX_LEN) | (PAGE - 1)) + 1 + PAGE)

/* Where things are that are no data. */
enum small_offset {
	SMALL_C_KEY = 0x000,
	SMALL_A_KEY = 0x100,
	SMALL_C_IV = 0x200,
	SMALL_A_IV = 0x300,
	SMALL_MAC = 0x400,
};

/** What differs between the types: fields of dword 0, one of another dword, dwords of addresses. */
static const struct shape {
	uint32_t src_type, dst_type, de, cipher;
	uint8_t cipher_dword, src, dst, mac, c_iv, a_iv, c_key, a_key;
} shapes[] = {
	[HISI_SEC_BD_TYPE_2] = {
		HISI_SEC_BD2_W0_SRC_ADDR_TYPE, HISI_SEC_BD2_W0_DST_ADDR_TYPE, HISI_SEC_BD2_W0_DE,
		HISI_SEC_BD2_W0_CIPHER, 0,
		HISI_SEC_BD2_DW_DATA_SRC_ADDR, HISI_SEC_BD2_DW_DATA_DST_ADDR,
		HISI_SEC_BD2_DW_MAC_ADDR, HISI_SEC_BD2_DW_C_IVIN_ADDR, HISI_SEC_BD2_DW_A_IVIN_ADDR,
		HISI_SEC_BD2_DW_C_KEY_ADDR, HISI_SEC_BD2_DW_A_KEY_ADDR,
	},
	[HISI_SEC_BD_TYPE_3] = {
		HISI_SEC_BD3_W0_SRC_ADDR_TYPE, HISI_SEC_BD3_W0_DST_ADDR_TYPE, HISI_SEC_BD3_W0_DE,
		HISI_SEC_BD3_W1_CIPHER, 1,
		HISI_SEC_BD3_DW_DATA_SRC_ADDR, HISI_SEC_BD3_DW_DATA_DST_ADDR,
		HISI_SEC_BD3_DW_MAC_ADDR, HISI_SEC_BD3_DW_C_IVIN_ADDR, HISI_SEC_BD3_DW_A_IVIN_ADDR,
		HISI_SEC_BD3_DW_C_KEY_ADDR, HISI_SEC_BD3_DW_A_KEY_ADDR,
	},
};

static void
put(uint32_t *bd, uint8_t dword, uint64_t iova)
{
	memcpy(bd + dword, &iova, sizeof(iova));
}

/* No two bytes of a key are the same: some algorithms refuse such keys. */
static void
fill_small(uint8_t *small)
{
	uint32_t i;

	for (i = 0; i < HISI_SEC_MAX_AUTH_KEY_LEN; i++) {
		small[SMALL_A_KEY + i] = (uint8_t)(i + 1);
		if (i < HISI_SEC_MAX_KEY_LEN)
			small[SMALL_C_KEY + i] = (uint8_t)(i + 1);
	}
	/* Of CCM it begins with the length of the counter, less one (sec.md 2.9.4). */
	small[SMALL_C_IV] = 3;
}

/** Lists on both sides become buffers; what cannot be stays that way. */
static void
flatten(const struct shape *shape, uint32_t *bd)
{
	uint32_t src_type = HISI_FIELD_GET(shape->src_type, bd[0]);
	bool has_dst = (bd[0] & shape->de) != 0;

	if (src_type == HISI_SEC_BUFFER_SGL &&
			(!has_dst || HISI_FIELD_GET(shape->dst_type, bd[0]) == src_type))
		bd[0] &= ~(shape->src_type | shape->dst_type);
}

/** Where the device writes: data, unless it is in place, and the MAC. @return false: neither */
static bool
set_written(const struct shape *shape, bool is_refused, uint32_t *bd)
{
	bool has_dst = (bd[0] & shape->de) != 0, is_mac_written;
	uint64_t mac;

	memcpy(&mac, bd + shape->mac, sizeof(mac));
	/* One that decrypts reads the MAC that it compares with. */
	is_mac_written = mac != 0 && HISI_FIELD_GET(shape->cipher, bd[shape->cipher_dword]) !=
		HISI_SEC_CIPHER_DECRYPT;
	put(bd, shape->dst, is_refused ? REPLAY_NOWHERE_IOVA : REPLAY_DST_IOVA);
	put(bd, shape->mac, is_refused && is_mac_written ? REPLAY_NOWHERE_IOVA :
		REPLAY_SMALL_IOVA + SMALL_MAC);
	return has_dst || is_mac_written;
}

/** Only the model tells that an address was refused; a chip stops. */
static bool
sec_make(struct replay_device *device, uint32_t type, uint32_t status, void *words)
{
	uint32_t *bd = words;
	uint32_t bd_type = HISI_FIELD_GET(HISI_SEC_BD3_W0_TYPE, bd[0]);
	bool is_read_fault = status == HISI_SEC_STATUS_MODEL_READ_FAULT;
	bool is_write_fault = status == HISI_SEC_STATUS_MODEL_WRITE_FAULT;
	const struct shape *shape;

	(void)type;
	if (bd_type != HISI_SEC_BD_TYPE_2 && bd_type != HISI_SEC_BD_TYPE_3)
		return false;
	shape = &shapes[bd_type];
	/* What was wrong with a list is not in a dump. */
	if (status == HISI_SEC_STATUS_MODEL_BAD_SGL)
		return false;
	if (!set_written(shape, is_write_fault, bd) && is_write_fault)
		return false;
	flatten(shape, bd);
	put(bd, shape->src, is_read_fault ? REPLAY_NOWHERE_IOVA : REPLAY_SRC_IOVA);
	put(bd, shape->c_key, REPLAY_SMALL_IOVA + SMALL_C_KEY);
	put(bd, shape->a_key, REPLAY_SMALL_IOVA + SMALL_A_KEY);
	put(bd, shape->c_iv, REPLAY_SMALL_IOVA + SMALL_C_IV);
	put(bd, shape->a_iv, REPLAY_SMALL_IOVA + SMALL_A_IV);
	fill_small(device->small);
	bd[HISI_SEC_DW_RESULT] = 0;
	return true;
}

static uint32_t
sec_status(const uint8_t *result)
{
	uint32_t w28;

	memcpy(&w28, result, sizeof(w28));
	return w28 & HISI_SEC_W28_DONE ? HISI_FIELD_GET(HISI_SEC_W28_ERROR_TYPE, w28) :
		REPLAY_NO_STATUS;
}

const struct replay_engine replay_sec = {
	.name = "SEC",
	.model = "sec",
	.nb_types = 1,
	.result = HISI_SEC_DW_RESULT * sizeof(uint32_t),
	.buffer_len = BUFFER_LEN,
	.make = sec_make,
	.status = sec_status,
	.status_name = hisi_sec_status_name,
};
