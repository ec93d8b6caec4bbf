/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the operations are: drawn at random, with edges more often than chance would have them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "diff.h"

const struct diff_case_param diff_case_params[] = {
	[DIFF_DECOMPRESS] = { "decompress", 0, true },
	[DIFF_DATA] = { "data", DIFF_DATA_ZEROS, false },
	[DIFF_LEN] = { "len", 0, false },
	[DIFF_WINDOW] = { "window", 15, false },
	[DIFF_LEVEL] = { "level", 1, false },
	[DIFF_HUFFMAN] = { "huffman", RTE_COMP_HUFFMAN_DEFAULT, false },
	[DIFF_Z_LEVEL] = { "z_level", 6, false },
	[DIFF_Z_STRATEGY] = { "z_strategy", 0, false },
	[DIFF_Z_MEM] = { "z_mem", 8, false },
	[DIFF_Z_WINDOW] = { "z_window", 15, false },
	[DIFF_Z_FLUSH] = { "z_flush", 0, false },
	[DIFF_DAMAGE] = { "damage", DIFF_DAMAGE_NONE, false },
	[DIFF_DAMAGE_AT] = { "damage_at", 0, false },
	[DIFF_DAMAGE_LEN] = { "damage_len", 1, false },
	[DIFF_MISUSE] = { "misuse", DIFF_MISUSE_NONE, false },
	[DIFF_ROOM] = { "room", DIFF_ROOM_AMPLE, false },
	[DIFF_ROOM_LEN] = { "room_len", 0, false },
	[DIFF_SRC_OFFSET] = { "src_offset", 0, false },
	[DIFF_DST_OFFSET] = { "dst_offset", 0, false },
	[DIFF_SRC_TAIL] = { "src_tail", 0, false },
	[DIFF_SRC_SEGS] = { "src_segs", 1, false },
	[DIFF_DST_SEGS] = { "dst_segs", 1, false },
	[DIFF_SRC_CUT] = { "src_cut", DIFF_CUT_EVEN, false },
	[DIFF_DST_CUT] = { "dst_cut", DIFF_CUT_EVEN, false },
	[DIFF_SRC_MBUF] = { "src_mbuf", DIFF_MBUF_EXTERNAL, false },
	[DIFF_DST_MBUF] = { "dst_mbuf", DIFF_MBUF_EXTERNAL, false },
	[DIFF_SRC_PLACE] = { "src_place", DIFF_PLACE_ANY, false },
	[DIFF_DST_PLACE] = { "dst_place", DIFF_PLACE_ANY, false },
};

const int diff_case_nb_params = DIFF_PARAMS;

static int64_t
pick(struct diff_random *random, const int64_t *values, size_t count)
{
	return values[diff_random_below(random, count)];
}

#define PICK(random, values) pick(random, values, RTE_DIM(values))

static int64_t
draw_len(struct diff_random *random)
{
	static const int64_t edges[] = {
		0, 0, 1, 1, 2, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 199, 200, 201, 255, 256, 257,
		258, 259, 4095, 4096, 4097, 8191, 8192, 8193, 16383, 16384, 16385, 32767, 32768,
		32769, 59460, 65534, 65535, 65536, 65537,
	};
	uint64_t die = diff_random_below(random, 1000);

	if (die < 250)
		return PICK(random, edges);
	if (die < 450)
		return diff_random_below(random, 600);
	if (die < 800)
		return diff_random_below(random, 8192);
	if (die < 985)
		return diff_random_below(random, 65536);
	if (die < 999)
		return diff_random_below(random, 300000);
	return diff_random_below(random, 9 << 20);
}

static int64_t
draw_offset(struct diff_random *random)
{
	static const int64_t edges[] = {
		1, 2, 3, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 4097,
	};
	uint64_t die = diff_random_below(random, 100);

	return die < 60 ? 0 : die < 80 ? PICK(random, edges) :
		(int64_t)diff_random_below(random, 3000);
}

static int64_t
draw_segments(struct diff_random *random)
{
	static const int64_t edges[] = { 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257 };
	uint64_t die = diff_random_below(random, 100);

	if (diff_random_permille(random, 1))
		return DIFF_MAX_SEGMENTS - 1 + diff_random_below(random, 3);
	if (die < 45)
		return 1;
	if (die < 65)
		return 2 + diff_random_below(random, 7);
	if (die < 75)
		return PICK(random, edges);
	if (die < 82)
		return 2 + diff_random_below(random, 62);
	return 65 + diff_random_below(random, diff_random_permille(random, 60) ? 1500 : 300);
}

static void
draw_stream(struct diff_case *c, struct diff_random *random)
{
	static const int64_t flushes[] = { 1, 2, 100, 1000, 5000, 40000 };
	int64_t *v = c->value;

	/* -1, the default, is 6; 0 is stored blocks. */
	v[DIFF_Z_LEVEL] = (int64_t)diff_random_below(random, 11) - 1;
	v[DIFF_Z_STRATEGY] = diff_random_permille(random, 600) ? 0 : diff_random_below(random, 5);
	v[DIFF_Z_MEM] = diff_random_permille(random, 500) ? 8 : 1 + diff_random_below(random, 9);
	v[DIFF_Z_WINDOW] = diff_random_permille(random, 500) ? 15 :
		9 + diff_random_below(random, 7);
	v[DIFF_Z_FLUSH] = diff_random_permille(random, 850) ? 0 : PICK(random, flushes);
	/* Flushes cost bytes each; a long input with one everywhere is a long stream. */
	if (v[DIFF_Z_FLUSH] != 0 && v[DIFF_LEN] / v[DIFF_Z_FLUSH] > 4000)
		v[DIFF_Z_FLUSH] = 40000;
	v[DIFF_DAMAGE] = diff_random_permille(random, 700) ? DIFF_DAMAGE_NONE :
		1 + diff_random_below(random, DIFF_DAMAGE_KINDS - 1);
	v[DIFF_DAMAGE_AT] = diff_random_below(random, 65536);
	v[DIFF_DAMAGE_LEN] = diff_random_permille(random, 400) ? 1 :
		1 + diff_random_below(random, diff_random_permille(random, 500) ? 8 : 5000);
}

static void
draw_room(struct diff_case *c, struct diff_random *random)
{
	static const int64_t edges[] = {
		0, 1, 2, 3, 15, 16, 17, 199, 200, 201, 255, 256, 257, 300,
	};
	int64_t *v = c->value;
	uint64_t die = diff_random_below(random, 100);

	v[DIFF_ROOM] = die < 45 ? DIFF_ROOM_AMPLE : die < 60 ? DIFF_ROOM_EXACT :
		die < 75 ? DIFF_ROOM_SHORT : DIFF_ROOM_ABSOLUTE;
	v[DIFF_ROOM_LEN] = 0;
	die = diff_random_below(random, 100);
	if (v[DIFF_ROOM] == DIFF_ROOM_ABSOLUTE)
		v[DIFF_ROOM_LEN] = die < 35 ? PICK(random, edges) :
			(int64_t)diff_random_below(random, die < 70 ? 301 : v[DIFF_LEN] + 2);
	else if (v[DIFF_ROOM] == DIFF_ROOM_AMPLE && die < 30)
		v[DIFF_ROOM_LEN] = diff_random_below(random, die < 1 ? 9 << 20 : 65536);
}

static void
draw_buffers(struct diff_case *c, struct diff_random *random)
{
	int64_t *v = c->value;
	int side;

	v[DIFF_SRC_TAIL] = draw_offset(random);
	for (side = 0; side < 2; side++) {
		v[DIFF_SRC_OFFSET + side] = draw_offset(random);
		v[DIFF_SRC_SEGS + side] = draw_segments(random);
		v[DIFF_SRC_CUT + side] = diff_random_below(random, DIFF_CUT_KINDS);
		v[DIFF_SRC_MBUF + side] = diff_random_below(random, DIFF_MBUF_KINDS);
		v[DIFF_SRC_PLACE + side] = diff_random_permille(random, 700) ? DIFF_PLACE_ANY :
			diff_random_permille(random, 100) ? DIFF_PLACE_HUGE_BORDER :
			1 + diff_random_below(random, DIFF_PLACE_HUGE_BORDER - 1);
	}
}

void
diff_case_draw(struct diff_case *c, uint64_t seed, uint64_t number, int window_min)
{
	struct diff_random random;
	int64_t *v = c->value;

	memset(c, 0, sizeof(*c));
	c->seed = seed;
	c->number = number;
	random = diff_case_random(c, 0);
	v[DIFF_DECOMPRESS] = diff_random_below(&random, 2);
	v[DIFF_DATA] = diff_random_below(&random, DIFF_DATA_KINDS);
	v[DIFF_LEN] = draw_len(&random);
	v[DIFF_WINDOW] = diff_random_permille(&random, 500) ? 15 : v[DIFF_DECOMPRESS] ?
		8 + diff_random_below(&random, 8) :
		window_min + diff_random_below(&random, 16 - window_min);
	v[DIFF_LEVEL] = 1 + diff_random_below(&random, 10);
	/* 10 stands for the driver's default. */
	v[DIFF_LEVEL] = v[DIFF_LEVEL] == 10 ? RTE_COMP_LEVEL_PMD_DEFAULT : v[DIFF_LEVEL];
	v[DIFF_HUFFMAN] = diff_random_below(&random, RTE_COMP_HUFFMAN_DYNAMIC + 1);
	draw_stream(c, &random);
	if (!v[DIFF_DECOMPRESS])
		v[DIFF_DAMAGE] = DIFF_DAMAGE_NONE;
	v[DIFF_MISUSE] = diff_random_permille(&random, 970) ? DIFF_MISUSE_NONE :
		1 + diff_random_below(&random, DIFF_MISUSE_KINDS - 1);
	draw_room(c, &random);
	draw_buffers(c, &random);
}
