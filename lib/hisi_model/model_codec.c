/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdlib.h>
#include <string.h>

#include <isa-l/crc.h>

#include "model_codec_private.h"

#define CODEC_ALIGN 64

struct model_codec *
model_codec_create(void)
{
	size_t len = (sizeof(struct model_codec) + CODEC_ALIGN - 1) / CODEC_ALIGN * CODEC_ALIGN;
	struct model_codec *codec = aligned_alloc(CODEC_ALIGN, len);

	if (codec != NULL)
		memset(codec, 0, len);
	return codec;
}

void
model_codec_destroy(struct model_codec *codec)
{
	free(codec);
}

uint32_t
model_checksum_start(enum model_checksum kind)
{
	return kind == MODEL_CHECKSUM_ADLER32 ? 1 : 0;
}

uint32_t
model_checksum_update(enum model_checksum kind, uint32_t checksum, const void *data, size_t len)
{
	switch (kind) {
	case MODEL_CHECKSUM_ADLER32:
		return isal_adler32(checksum, data, len);
	case MODEL_CHECKSUM_CRC32:
		return crc32_gzip_refl(checksum, data, len);
	default:
		return checksum;
	}
}

uint8_t *
model_codec_gather(struct model_codec *codec, const struct model_cursor *in, size_t *len)
{
	struct model_cursor from = *in;
	uint8_t *base = codec->gathered;

	*len = in->left;
	if (model_cursor_piece(in, &base) == in->left)
		return base;
	if (in->left > sizeof(codec->gathered))
		return NULL;
	model_cursor_get(&from, codec->gathered, in->left);
	return codec->gathered;
}
