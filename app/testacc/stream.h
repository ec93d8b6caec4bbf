/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_STREAM_H
#define TESTACC_STREAM_H

/**
 * @file
 * One gzip, zlib or deflate stream of pieces that a device compressed independently of one another:
 * each ends with a last block, which all but the last piece must not have (RFC 1951, 3.2.3).
 */

#include <stdio.h>

#include "testacc.h"

enum testacc_format {
	TESTACC_GZIP,		/**< RFC 1952 */
	TESTACC_ZLIB,		/**< RFC 1950 */
	TESTACC_DEFLATE,	/**< RFC 1951, nothing around it */
};

struct testacc_stream {
	FILE *file;
	enum testacc_format format;
	uint64_t plain_len;
	uint64_t packed_len;	/**< bytes written */
	uint32_t crc;
	uint32_t adler;
	bool has_ended;		/**< the last block was written */
};

/** Write what comes first. All return false where the file did not take it. */
bool testacc_stream_begin(struct testacc_stream *stream, FILE *file, enum testacc_format format);

/**
 * Write a piece: it is inflated by zlib on the way, and must be @p plain.
 *
 * @param packed changed; 5 bytes behind packed_len must be free
 * @param is_last the stream's last piece
 * @param why receives what was wrong, where false is returned
 */
bool testacc_stream_add(struct testacc_stream *stream, uint8_t *packed, size_t packed_len,
	const uint8_t *plain, size_t plain_len, bool is_last, const char **why);

/** Write what comes last; a stream without pieces is that of an empty file. */
bool testacc_stream_end(struct testacc_stream *stream);

#endif /* TESTACC_STREAM_H */
