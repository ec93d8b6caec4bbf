/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * hisi_diff: random operations through a compressdev, each judged by zlib on the same data.
 *
 * An operation is a row of small numbers (struct diff_case), all drawn from the seed and its
 * number. Everything else follows from that row: the data, the stream to inflate, the cut of the
 * buffers. So a failing operation is a seed, a number, and the few values that were made simpler.
 */
#ifndef DIFF_H
#define DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_comp.h>
#include <rte_compressdev.h>
#include <rte_mbuf.h>

#include "diff_buffer.h"
#include "diff_case.h"
#include "diff_options.h"
#include "diff_pump.h"

/* Longer chains are refused: 256 SGLs (zip.md 4) of the 16 entries that the driver's have. */
#define DIFF_MAX_SEGMENTS 4096

/* ---- cases ---- */

/* What an operation is made of, in the order in which diff_case_params describes it. */
enum diff_param {
	DIFF_DECOMPRESS,	/* direction */
	DIFF_DATA,		/* enum diff_data: kind of plain data */
	DIFF_LEN,		/* plain bytes */
	DIFF_WINDOW,		/* log2, of the xform */
	DIFF_LEVEL,		/* of the xform */
	DIFF_HUFFMAN,		/* of the xform */
	DIFF_Z_LEVEL,		/* of zlib, for a stream to inflate; and so the next three */
	DIFF_Z_STRATEGY,
	DIFF_Z_MEM,
	DIFF_Z_WINDOW,
	DIFF_Z_FLUSH,		/* plain bytes between flushes of such a stream, 0: none */
	DIFF_DAMAGE,		/* enum diff_damage */
	DIFF_DAMAGE_AT,		/* where, in 1/65536 of the stream */
	DIFF_DAMAGE_LEN,	/* bytes cut off, added or changed */
	DIFF_MISUSE,		/* enum diff_misuse */
	DIFF_ROOM,		/* enum diff_room: how much output fits */
	DIFF_ROOM_LEN,		/* bytes, as the room has it */
	DIFF_SRC_OFFSET,	/* bytes in front of the source data in its chain */
	DIFF_DST_OFFSET,
	DIFF_SRC_TAIL,		/* bytes of the chain behind the source data */
	DIFF_SRC_SEGS,		/* segments at least */
	DIFF_DST_SEGS,
	DIFF_SRC_CUT,		/* enum diff_cut */
	DIFF_DST_CUT,
	DIFF_SRC_MBUF,		/* enum diff_mbuf */
	DIFF_DST_MBUF,
	DIFF_SRC_PLACE,		/* enum diff_place */
	DIFF_DST_PLACE,
	DIFF_PARAMS,
};

enum diff_data {
	DIFF_DATA_ZEROS, DIFF_DATA_TEXT, DIFF_DATA_BINARY, DIFF_DATA_RANDOM, DIFF_DATA_COMPRESSED,
	DIFF_DATA_PERIOD, DIFF_DATA_FAR, DIFF_DATA_MIXED, DIFF_DATA_KINDS,
};

enum diff_damage {
	DIFF_DAMAGE_NONE, DIFF_DAMAGE_TRAILING, DIFF_DAMAGE_CUT, DIFF_DAMAGE_BIT, DIFF_DAMAGE_BYTES,
	DIFF_DAMAGE_GARBAGE, DIFF_DAMAGE_KINDS,
};

enum diff_misuse {
	DIFF_MISUSE_NONE, DIFF_MISUSE_IN_PLACE, DIFF_MISUSE_SRC_LENGTH, DIFF_MISUSE_SRC_OFFSET,
	DIFF_MISUSE_DST_OFFSET, DIFF_MISUSE_FLUSH, DIFF_MISUSE_STATEFUL, DIFF_MISUSE_NO_SRC,
	DIFF_MISUSE_NO_DST, DIFF_MISUSE_NO_XFORM, DIFF_MISUSE_KINDS,
};

enum diff_room {
	DIFF_ROOM_AMPLE,	/* what any compressor needs, and room_len */
	DIFF_ROOM_EXACT,	/* just what comes out */
	DIFF_ROOM_SHORT,	/* one byte less than that */
	DIFF_ROOM_ABSOLUTE,	/* room_len */
	DIFF_ROOM_KINDS,
};

/* Draws case @p number of @p seed; windows from @p window_min on for compression. */
void diff_case_draw(struct diff_case *c, uint64_t seed, uint64_t number, int window_min);

/* ---- data ---- */

/* Plain data of a case. */
void diff_data_make(const struct diff_case *c, uint8_t *data, size_t len);

/* What zlib says about a raw stream. */
struct diff_stream {
	enum {
		DIFF_STREAM_ENDS,
		DIFF_STREAM_TRUNCATED,
		DIFF_STREAM_INVALID,
		DIFF_STREAM_HUGE,
	} kind;
	uint8_t *plain;
	size_t plain_len;	/* also of what comes before an error */
	size_t consumed;
	bool has_odd_codes;	/* invalid for no more than an odd set of codes */
};

/* A raw stream of the plain data as the case wants it, damage included. @return its length */
size_t diff_stream_make(const struct diff_case *c, const uint8_t *plain, size_t plain_len,
	uint8_t **stream);

/*
 * Inflates, and finds distances of more than the window plus @p step bytes: zlib looks back in the
 * output of the present call, whatever the window, and a call makes so many. Free stream->plain.
 */
void diff_stream_read(const uint8_t *data, size_t len, int window_log2, size_t step,
	struct diff_stream *stream);

/* ---- the device ---- */

struct diff_device {
	uint8_t id;
	uint32_t depth;
	int window_min;
	uint32_t trailer_len;	/* room that the engine wants behind a stream (zip.md 8.4) */
	struct rte_mempool *op_pool;
	void *xforms[2][16][16][3]; /* direction, window, level + 1, Huffman type */
};

int diff_device_open(struct diff_device *device, const char *driver, uint32_t depth);
void diff_device_close(struct diff_device *device);
/* The xform of a case; NULL: refused. */
void *diff_device_xform(struct diff_device *device, const struct diff_case *c);

/* ---- jobs: cases at work ---- */

struct diff_job {
	struct diff_work work;
	uint8_t *plain;		/* plain_len bytes */
	uint8_t *input;		/* what the operation is given */
	size_t plain_len;
	size_t input_len;
	struct diff_stream stream; /* of a decompression: zlib's opinion */
	uint32_t room;
	uint32_t known_len;	/* room of EXACT and SHORT in the second round of a compression */
	int round;
	int status;		/* when it is finished */
	struct diff_buffer src;
	struct diff_buffer dst;
	struct rte_comp_op *op;
};

/* Draws nothing: data and zlib's opinion from job->work.c. */
void diff_job_prepare(struct diff_job *job);
/* Buffers and operation. @return false: none left for now */
bool diff_job_build(struct diff_job *job, struct diff_device *device);
void diff_job_free_buffers(struct diff_job *job);
void diff_job_free(struct diff_job *job);
/* Bytes that the job keeps while it is under way. */
size_t diff_job_footprint(const struct diff_job *job);
/* The room that any compressor must do with (zip.md 5.5: fixed codes, 9 bits for 8). */
size_t diff_job_bound(const struct diff_device *device, size_t len);
/* Another round after one whose result tells how much room is exact? */
bool diff_job_again(const struct diff_job *job);
/* Did it go to the engine as an SGL with more than so many segments on a side? */
bool diff_job_is_long_sgl(const struct diff_job *job, uint32_t segments);

/* @return true: as it should be; false: job->work.why says what is not */
bool diff_judge(struct diff_job *job, const struct diff_device *device);

/* Inflated, though zlib refuses the set of codes? Then nobody knows what should come out. */
bool diff_judge_is_lenient(const struct diff_job *job);

/* ---- runs ---- */

/* What the pump's callbacks are given. */
struct comp_run {
	struct diff_device *device;
	uint64_t seed;
	enum diff_spoil spoil;
	/* results */
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t sgl;		/* operations with chains that the engine was given */
	uint64_t sgl_over_64;
	uint64_t lenient;	/* inflated where zlib minds the set of codes */
	uint64_t statuses[2][RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE + 1];
};

extern const struct diff_pump_class comp_run_class;

#endif /* DIFF_H */
