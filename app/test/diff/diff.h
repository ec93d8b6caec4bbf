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

#include "diff_random.h"

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

enum diff_cut {
	DIFF_CUT_EVEN, DIFF_CUT_RANDOM, DIFF_CUT_ONES, DIFF_CUT_HOLES, DIFF_CUT_PAGES,
	DIFF_CUT_KINDS,
};

enum diff_mbuf {
	DIFF_MBUF_EXTERNAL, DIFF_MBUF_DIRECT, DIFF_MBUF_INDIRECT, DIFF_MBUF_INDIRECT_EXTERNAL,
	DIFF_MBUF_MIXED, DIFF_MBUF_KINDS,
};

/* Where the first external segment lies. */
enum diff_place {
	DIFF_PLACE_ANY, DIFF_PLACE_PAGE_START, DIFF_PLACE_PAGE_END, DIFF_PLACE_HUGE_BORDER,
	DIFF_PLACE_KINDS,
};

struct diff_case {
	uint64_t seed;
	uint64_t number;
	int64_t value[DIFF_PARAMS];
};

struct diff_case_param {
	const char *name;
	int64_t simplest;
	bool fixed;	/* not to be made simpler */
};

extern const struct diff_case_param diff_case_params[DIFF_PARAMS];

/* Draws case @p number of @p seed; windows from @p window_min on for compression. */
void diff_case_draw(struct diff_case *c, uint64_t seed, uint64_t number, int window_min);

/* Reads "name=value,...". @return false: an unknown name or a bad value */
bool diff_case_set(struct diff_case *c, const char *text);

/* Writes what differs from @p drawn as "name=value,...". */
void diff_case_difference(const struct diff_case *c, const struct diff_case *drawn, char *text,
	size_t len);

/* Random numbers of a case for one purpose. */
static inline struct diff_random
diff_case_random(const struct diff_case *c, uint64_t purpose)
{
	return diff_random_for(c->seed ^ (c->number * UINT64_C(0xa0761d6478bd642f)), purpose);
}

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

/* ---- buffers ---- */

struct diff_segment {
	uint8_t *data;
	uint8_t *low;		/* canary from here to data */
	uint8_t *high;		/* and from the end of the data to here */
	uint32_t len;
};

/* A chain with canaries on both sides of every segment. */
struct diff_buffer {
	struct rte_mbuf *head;
	struct diff_segment *segments;
	uint32_t nb_segments;
	uint32_t len;
	uint8_t *block;		/* memory of external segments */
	struct rte_mbuf_ext_shared_info shared;
};

struct diff_buffer_shape {
	uint32_t len;
	uint32_t nb_segments;
	enum diff_cut cut;
	enum diff_mbuf mbuf;
	enum diff_place place;
	struct diff_random random;
};

/* @return negative: no memory */
int diff_buffer_pools_create(void);
void diff_buffer_pools_free(void);
bool diff_buffer_pools_full(void);
/* Size of the pages that buffers lie in. */
uint64_t diff_buffer_page_len(void);

/* @return false: no buffers left for now */
bool diff_buffer_make(struct diff_buffer *buffer, struct diff_buffer_shape *shape);
void diff_buffer_free(struct diff_buffer *buffer);
void diff_buffer_write(struct diff_buffer *buffer, uint32_t offset, const void *data, size_t len);
void diff_buffer_read(const struct diff_buffer *buffer, uint32_t offset, void *data, size_t len);
/* The number of the first segment with a broken canary, or -1. */
int diff_buffer_check(const struct diff_buffer *buffer);
/* Are bytes @p from to @p to of the chain what diff_buffer_make() put there? */
bool diff_buffer_untouched(const struct diff_buffer *buffer, uint32_t from, uint32_t to);

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
	struct diff_case c;
	uint8_t *plain;		/* plain_len bytes */
	uint8_t *input;		/* what the operation is given */
	size_t plain_len;
	size_t input_len;
	struct diff_stream stream; /* of a decompression: zlib's opinion */
	uint32_t room;
	uint32_t known_len;	/* room of EXACT and SHORT in the second round of a compression */
	int round;
	struct diff_buffer src;
	struct diff_buffer dst;
	struct rte_comp_op *op;
	bool at_device;
	char why[256];		/* what is wrong */
	struct diff_job *next;
};

/* Draws nothing: data and zlib's opinion from job->c. */
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

/* @return true: as it should be; false: job->why says what is not */
bool diff_judge(struct diff_job *job, const struct diff_device *device);

/* Inflated, though zlib refuses the set of codes? Then nobody knows what should come out. */
bool diff_judge_is_lenient(const struct diff_job *job);

/* ---- runs ---- */

/* What a run may be told to break, to see that it is noticed. */
enum diff_spoil { DIFF_SPOIL_NOTHING, DIFF_SPOIL_OUTPUT, DIFF_SPOIL_CANARY, DIFF_SPOIL_STATUS };

struct diff_run {
	struct diff_device *device;
	uint64_t seed;
	uint64_t first;
	uint64_t count;
	enum diff_spoil spoil;
	bool keep_going;	/* name each bad one, reduce none */
	bool churn;		/* memory comes and goes meanwhile */
	/* results */
	uint64_t wrong;
	uint64_t grown;		/* EAL's memory, times */
	uint64_t shrunk;
	uint64_t done;
	uint64_t rounds;
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t sgl;		/* operations with chains that the engine was given */
	uint64_t sgl_over_64;
	uint64_t full_rings;	/* bursts that were not taken as a whole */
	uint64_t lenient;	/* inflated where zlib minds the set of codes */
	uint64_t statuses[2][RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE + 1];
	uint32_t most_in_flight;
	struct diff_job *failed;	/* the first bad one; to be freed */
};

/* Random bursts until all is done or something is wrong. @return 0; -ETIMEDOUT: it hangs */
int diff_run_all(struct diff_run *run);

/* One case by itself. @return true: as it should be; false: job->why */
bool diff_run_alone(struct diff_device *device, struct diff_job *job, enum diff_spoil spoil);

/* Break what is to be broken before it is judged. */
void diff_run_spoil(struct diff_job *job, enum diff_spoil spoil);

/* Makes a failing case simpler as long as it fails. @return false: it does not fail alone */
bool diff_shrink(struct diff_device *device, struct diff_case *c, enum diff_spoil spoil, char *why,
	size_t why_len);

#endif /* DIFF_H */
