/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <hisi_hw_names.h>
#include <hisi_zip_sqe.h>

#include "replay.h"

/* ZIP: data that make an operation end as it did. */

#define BLOCK_LEN 65535u
#define BLOCK_HEAD 5u
#define BUFFER_LEN (HISI_ZIP_MAX_FLAT_LEN + 4096u)

static_assert(sizeof(struct hisi_zip_sqe) == REPLAY_SQE_LEN, "a slot of the ring");

/* Packs well. */
static void
fill_text(uint8_t *to, uint32_t len)
{
	static const char text[] = "the quick brown fox jumps over the lazy dog; ";
	uint32_t i;

	for (i = 0; i < len; i++)
		to[i] = (uint8_t)text[i % (sizeof(text) - 1)];
}

/* Does not. */
static void
fill_noise(uint8_t *to, uint32_t len)
{
	uint32_t state = 0x9e3779b9, i;

	for (i = 0; i < len; i++) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		to[i] = (uint8_t)(state >> 24);
	}
}

/* Stored blocks that unpack to @p plain bytes. @return bytes of the stream, 0: more than @p len */
static uint32_t
make_stored(uint8_t *to, uint32_t len, uint32_t plain)
{
	uint32_t at = 0, part;
	uint16_t words[2];

	do {
		part = plain < BLOCK_LEN ? plain : BLOCK_LEN;
		if (len - at < BLOCK_HEAD + part)
			return 0;
		words[0] = (uint16_t)part;
		words[1] = (uint16_t)~part;
		to[at] = part == plain;
		memcpy(to + at + 1, words, sizeof(words));
		fill_text(to + at + BLOCK_HEAD, part);
		at += BLOCK_HEAD + part;
		plain -= part;
	} while (plain != 0);
	return at;
}

/* As many bytes as there is room for, in a stream of the length that the device consumed. */
static void
make_stream(uint8_t *to, uint32_t len, uint32_t room)
{
	uint32_t blocks = len / (BLOCK_LEN + BLOCK_HEAD) + 1;
	uint32_t plain = len > blocks * BLOCK_HEAD ? len - blocks * BLOCK_HEAD : 0;

	memset(to, 0, len);
	if (plain > room)
		plain = room;
	/* The shortest stream there is: an empty block with fixed codes. */
	if (make_stored(to, len, plain) == 0)
		to[0] = 3;
}

/* A stream of at most @p len bytes that unpacks to more than @p room. */
static bool
make_large(uint8_t *to, uint32_t len, uint32_t room)
{
	uint32_t plain = room + 1024;
	uint8_t *zeroes = calloc(1, plain);
	z_stream stream = { .next_in = zeroes, .avail_in = plain, .next_out = to,
		.avail_out = len };
	bool fits = zeroes != NULL && deflateInit2(&stream, 9, Z_DEFLATED, -15, 9,
		Z_DEFAULT_STRATEGY) == Z_OK;

	if (fits) {
		fits = deflate(&stream, Z_FINISH) == Z_STREAM_END;
		deflateEnd(&stream);
	}
	free(zeroes);
	return fits;
}

static bool
make_packed(struct replay_device *device, uint32_t status, const struct hisi_zip_sqe *sqe)
{
	uint32_t len = sqe->input_data_length, room = sqe->dest_avail_out;

	switch (status) {
	case HISI_ZIP_STATUS_DSTLEN_OUT:
		return make_large(device->src, len, room);
	case HISI_ZIP_STATUS_MODEL_BAD_DATA:
		memset(device->src, 0xff, len);
		return true;
	case HISI_ZIP_STATUS_MODEL_TRUNCATED:
		/* A stored block of more than there is. */
		if (len < BLOCK_HEAD + 1 || len >= BLOCK_LEN)
			return false;
		(void)make_stored(device->src, BUFFER_LEN, BLOCK_LEN);
		return true;
	default:
		make_stream(device->src, len, room);
		return true;
	}
}

static bool
make_plain(struct replay_device *device, uint32_t status, const struct hisi_zip_sqe *sqe)
{
	if (status == HISI_ZIP_STATUS_DSTLEN_OUT || status == HISI_ZIP_STATUS_NEGACOMPRESS)
		fill_noise(device->src, sqe->input_data_length);
	else
		fill_text(device->src, sqe->input_data_length);
	return true;
}

/* Only the model tells that an address was refused; a chip stops. */
static void
set_addresses(uint32_t status, struct hisi_zip_sqe *sqe)
{
	uint64_t src = REPLAY_SRC_IOVA, dst = REPLAY_DST_IOVA;

	if (status == HISI_ZIP_STATUS_MODEL_READ_FAULT)
		src = REPLAY_NOWHERE_IOVA;
	if (status == HISI_ZIP_STATUS_MODEL_WRITE_FAULT)
		dst = REPLAY_NOWHERE_IOVA;
	sqe->source_addr_lo = (uint32_t)src;
	sqe->source_addr_hi = (uint32_t)(src >> 32);
	sqe->dest_addr_lo = (uint32_t)dst;
	sqe->dest_addr_hi = (uint32_t)(dst >> 32);
	sqe->dw9 &= ~HISI_ZIP_DW9_BUFFER;
}

static bool
zip_make(struct replay_device *device, uint32_t type, uint32_t status, void *words)
{
	struct hisi_zip_sqe *sqe = words;

	if (sqe->input_data_length > HISI_ZIP_MAX_FLAT_LEN ||
			sqe->dest_avail_out > HISI_ZIP_MAX_FLAT_LEN)
		return false;
	set_addresses(status, sqe);
	sqe->dw3 = HISI_ZIP_DW3_STATUS;
	return type == HISI_ZIP_QUEUE_COMPRESS ? make_plain(device, status, sqe) :
		make_packed(device, status, sqe);
}

static uint32_t
zip_status(const uint8_t *result)
{
	uint32_t dw3;

	memcpy(&dw3, result + offsetof(struct hisi_zip_sqe, dw3), sizeof(dw3));
	return HISI_FIELD_GET(HISI_ZIP_DW3_STATUS, dw3);
}

const struct replay_engine replay_zip = {
	.name = "ZIP",
	.model = "zip",
	.nb_types = 2,
	.result = 0,
	.buffer_len = BUFFER_LEN,
	.make = zip_make,
	.status = zip_status,
	.status_name = hisi_zip_status_name,
};
