/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_ZIP_SQE_H
#define HISI_ZIP_SQE_H

/**
 * @file
 * The send queue entry of the ZIP engine, 128 bytes. Reference: zip.md 3.
 *
 * The device writes its result into the same slot before it posts the CQE; all input words come
 * back unchanged.
 */

#include "hisi_field.h"

#define HISI_ZIP_SQE_LOG2	7
#define HISI_ZIP_SQE_LEN	128

/**
 * SQE (zip.md 3.1). Words of type 3 (V3 and later). Type 0 (V1, V2) differs in three places:
 * dw13 is the 32-bit tag, dw24/25 and dw26/27 are cipher key addresses.
 */
struct hisi_zip_sqe {
	uint32_t consumed;		/**< dw0 O: input bytes consumed */
	uint32_t produced;		/**< dw1 O: output bytes incl. hardware trailer */
	uint32_t comp_data_length;	/**< dw2 O: LZ77 only, number of literals */
	uint32_t dw3;			/**< O: HISI_ZIP_DW3_* */
	uint32_t input_data_length;	/**< dw4 I: bytes */
	uint32_t lba_lo;		/**< dw5 I: storage only, else 0 */
	uint32_t lba_hi;		/**< dw6 I */
	uint32_t dw7;			/**< I: HISI_ZIP_DW7_* */
	uint32_t dw8;			/**< I: HISI_ZIP_DW8_OUT_OFFSET */
	uint32_t dw9;			/**< I: HISI_ZIP_DW9_* */
	uint32_t dw10;			/**< I: DIF, else 0 */
	uint32_t priv_info;		/**< dw11 I: DIF, else 0 */
	uint32_t dw12;			/**< I: DIF, else 0 */
	uint32_t dw13;			/**< I: type 0: tag; type 3: literal capacity of LZ77 */
	uint32_t dest_avail_out;	/**< dw14 I: output capacity in bytes */
	uint32_t ctx_dw0;		/**< dw15 IO: stream state */
	uint32_t comp_head_addr_lo;	/**< dw16 I: storage only, else 0 */
	uint32_t comp_head_addr_hi;	/**< dw17 I */
	uint32_t source_addr_lo;	/**< dw18 I: buffer or SGL */
	uint32_t source_addr_hi;	/**< dw19 I */
	uint32_t dest_addr_lo;		/**< dw20 I: buffer or SGL */
	uint32_t dest_addr_hi;		/**< dw21 I */
	uint32_t stream_ctx_addr_lo;	/**< dw22 I: 0 when stateless */
	uint32_t stream_ctx_addr_hi;	/**< dw23 I */
	uint32_t literals_addr_lo;	/**< dw24 I: type 3 LZ77; type 0: cipher key 1 */
	uint32_t literals_addr_hi;	/**< dw25 I */
	uint32_t tag_lo;		/**< dw26 I: type 3: echoed; type 0: cipher key 2 */
	uint32_t tag_hi;		/**< dw27 I */
	uint32_t ctx_dw1;		/**< dw28 IO */
	uint32_t ctx_dw2;		/**< dw29 IO */
	uint32_t isize;			/**< dw30 IO: uncompressed bytes so far */
	uint32_t checksum;		/**< dw31 IO: running checksum, zip.md 3.6 */
};
static_assert(sizeof(struct hisi_zip_sqe) == HISI_ZIP_SQE_LEN, "zip.md 3");
static_assert(offsetof(struct hisi_zip_sqe, produced) == 0x04, "written back, zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, dw3) == 0x0c, "written back, zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, input_data_length) == 0x10, "zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, dest_avail_out) == 0x38, "zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, ctx_dw0) == 0x3c, "written back, zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, source_addr_lo) == 0x48, "zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, tag_lo) == 0x68, "zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, ctx_dw1) == 0x70, "written back, zip.md 3.1");
static_assert(offsetof(struct hisi_zip_sqe, checksum) == 0x7c, "written back, zip.md 3.1");

/** Dwords of an SQE, for stores wider than one of its members. */
enum hisi_zip_sqe_dword {
	HISI_ZIP_SQE_DW_CONSUMED = 0,
	HISI_ZIP_SQE_DW_DW8 = 8,
	HISI_ZIP_SQE_DW_DEST_AVAIL_OUT = 14,
	HISI_ZIP_SQE_DW_SOURCE_ADDR = 18,
	HISI_ZIP_SQE_DW_DEST_ADDR = 20,
	HISI_ZIP_SQE_DW_CTX_DW1 = 28,
};

/* zip.md 3.2 */
#define HISI_ZIP_DW3_STATUS		HISI_GENMASK32(7, 0) /* enum hisi_zip_status */
#define HISI_ZIP_DW3_LAST_BLOCK		HISI_BIT32(8)
#define HISI_ZIP_DW7_IN_OFFSET		HISI_GENMASK32(23, 0)
#define HISI_ZIP_DW7_FINISH		HISI_BIT32(25) /* else SYNC_FLUSH; stateless: no meaning */
#define HISI_ZIP_DW7_STATEFUL		HISI_BIT32(26)
#define HISI_ZIP_DW7_STREAM_NEW		HISI_BIT32(27)
#define HISI_ZIP_DW7_SQE_TYPE		HISI_GENMASK32(31, 28)
#define HISI_ZIP_DW8_OUT_OFFSET		HISI_GENMASK32(23, 0)
#define HISI_ZIP_DW9_REQUEST		HISI_GENMASK32(7, 0) /* enum hisi_zip_request */
#define HISI_ZIP_DW9_BUFFER		HISI_GENMASK32(11, 8) /* enum hisi_zip_buffer */
#define HISI_ZIP_DW9_WINDOW		HISI_GENMASK32(15, 12) /* enum hisi_zip_window */
#define HISI_ZIP_DW9_ALIGN_SIZE		HISI_GENMASK32(31, 16) /* storage only, else 0 */

#define HISI_ZIP_SQE_TYPE_0		0
#define HISI_ZIP_SQE_TYPE_3		3

/** zip.md 3.3: request types. */
enum hisi_zip_request {
	HISI_ZIP_REQ_DEFLATE = 0x01,
	HISI_ZIP_REQ_ZLIB = 0x02,
	HISI_ZIP_REQ_GZIP = 0x03,
	HISI_ZIP_REQ_LZ4 = 0x04,
	HISI_ZIP_REQ_LZ77_ONLY = 0x40,
	HISI_ZIP_REQ_LZ77_ONLY_PRICE = 0x41,
	HISI_ZIP_REQ_LZ77_ZSTD_PRICE = 0x42,
	HISI_ZIP_REQ_LZ77_ZSTD = 0x43,
};

/** Buffer type of source and destination together. */
enum hisi_zip_buffer {
	HISI_ZIP_BUFFER_FLAT = 0,
	HISI_ZIP_BUFFER_SGL = 1,
};

/** Window of a compression, type 3. Decompression ignores it. */
enum hisi_zip_window {
	HISI_ZIP_WINDOW_4K = 0,
	HISI_ZIP_WINDOW_8K = 1,
	HISI_ZIP_WINDOW_16K = 2,
	HISI_ZIP_WINDOW_24K = 3,
	HISI_ZIP_WINDOW_32K = 4,
};

/** zip.md 3.5: status codes. Any other value is an error whose meaning is not published. */
enum hisi_zip_status {
	HISI_ZIP_STATUS_OK = 0x00,
	HISI_ZIP_STATUS_NEGACOMPRESS = 0x0d,	/* result valid, larger than the input */
	HISI_ZIP_STATUS_DSTLEN_OUT = 0x0e,
	HISI_ZIP_STATUS_IN_DIF_ERR = 0x0f,
	HISI_ZIP_STATUS_CRC_ERR = 0x10,
	HISI_ZIP_STATUS_UNCOMP_DIF_ERR = 0x12,
	HISI_ZIP_STATUS_DECOMP_END = 0x13,	/* stateful decompression only */
	/* Invented by the device model for what is not published (zip.md 15 item 1): no chip is
	 * known to answer these, no driver may depend on one of them. */
	HISI_ZIP_STATUS_MODEL_BAD_DATA = 0xe0,		/* input is no deflate stream */
	HISI_ZIP_STATUS_MODEL_TRUNCATED = 0xe1,		/* input ends before the stream does */
	HISI_ZIP_STATUS_MODEL_BAD_PARAMETER = 0xe2,	/* length or window that cannot be */
	HISI_ZIP_STATUS_MODEL_UNSUPPORTED = 0xe3,	/* the model does not do this */
	HISI_ZIP_STATUS_MODEL_READ_FAULT = 0xe4,	/* dma_fault=op: address refused */
	HISI_ZIP_STATUS_MODEL_WRITE_FAULT = 0xe5,
};

/* zip.md 3.4: stream state words */
#define HISI_ZIP_CTX_DW0_STATE		HISI_GENMASK32(3, 0)
#define HISI_ZIP_CTX_DW0_BFINAL		HISI_BIT32(7)
#define HISI_ZIP_CTX_DW0_HEAD_BITS	HISI_GENMASK32(15, 10)
#define HISI_ZIP_CTX_DW1_STORE_COUNT	HISI_GENMASK32(18, 0)
#define HISI_ZIP_CTX_DW2_WINDOW_LEN	HISI_GENMASK32(15, 0)

/* zip.md 3.9: limits */
#define HISI_ZIP_MAX_FLAT_LEN		0x800000 /* input and output of one flat request, 8 MiB */
#define HISI_ZIP_MIN_DEST_LEN		200 /* below it the hardware may not work as asked */
#define HISI_ZIP_IGNORED_DEST_LEN	0x10 /* at or below it the hardware ignores the request */
#define HISI_ZIP_ZLIB_TRAILER_LEN	4
#define HISI_ZIP_GZIP_TRAILER_LEN	8

#endif /* HISI_ZIP_SQE_H */
