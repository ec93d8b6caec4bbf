/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Plain data of several kinds, the same on every machine.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_common.h>

#include "diff.h"

enum { PURPOSE_DATA = 1 };

static void
make_text(struct diff_random *random, uint8_t *data, size_t len)
{
	static const char * const words[] = {
		"the ", "of ", "queue ", "and ", "doorbell ", "a ", "in ", "burst ", "window ",
		"is ", "descriptor", ", ", ".\n", "status ", "to ", "completion ", "ring\t",
		"struct ", "return ", "0x", "if (", ");\n", "mbuf->", "operation ", "uint32_t ",
		"\xc3\xa9", "\n\n", "phase ", "segment ", "memory ", "12345", "every ",
	};
	size_t done = 0, part;
	const char *word;

	while (done < len) {
		/* The lesser of two: some words are rarer than others. */
		word = words[RTE_MIN(diff_random_below(random, RTE_DIM(words)),
			diff_random_below(random, RTE_DIM(words)))];
		part = RTE_MIN(strlen(word), len - done);
		memcpy(data + done, word, part);
		done += part;
	}
}

/* Records with counts, small numbers and addresses, as programs and their data have them. */
static void
make_binary(struct diff_random *random, uint8_t *data, size_t len)
{
	uint64_t base = diff_random_next(random) & UINT64_C(0x7ffffffff000), value;
	size_t done, part;

	for (done = 0; done < len; done += part) {
		switch (diff_random_below(random, 5)) {
		case 0:
			value = base + diff_random_below(random, 4096);
			break;
		case 1:
			value = done;
			break;
		case 2:
			value = diff_random_next(random);
			break;
		default:
			value = diff_random_below(random, 256);
			value <<= 8 * diff_random_below(random, 3);
			break;
		}
		part = RTE_MIN(sizeof(value), len - done);
		memcpy(data + done, &value, part);
	}
}

static void
make_random(struct diff_random *random, uint8_t *data, size_t len)
{
	size_t done, part;
	uint64_t value;

	for (done = 0; done < len; done += part) {
		value = diff_random_next(random);
		part = RTE_MIN(sizeof(value), len - done);
		memcpy(data + done, &value, part);
	}
}

/* A zlib stream of text, again and again: no two of them alike. */
static void
make_compressed(struct diff_random *random, uint8_t *data, size_t len)
{
	uint8_t text[8192], packed[16384];
	size_t done = 0, part;
	uLongf packed_len;

	while (done < len) {
		make_text(random, text, sizeof(text));
		packed_len = sizeof(packed);
		if (compress2(packed, &packed_len, text, sizeof(text), 1) != Z_OK)
			abort();
		part = RTE_MIN((size_t)packed_len, len - done);
		memcpy(data + done, packed, part);
		done += part;
	}
}

static void
make_period(struct diff_random *random, uint8_t *data, size_t len)
{
	static const uint32_t periods[] = { 1, 2, 3, 7, 255, 257, 258, 259, 260, 1000 };
	uint32_t period = periods[diff_random_below(random, RTE_DIM(periods))];
	size_t i;

	make_random(random, data, RTE_MIN((size_t)period, len));
	for (i = period; i < len; i++)
		data[i] = data[i - period];
}

/* Noise that comes again just inside or just outside of a window. */
static void
make_far(struct diff_random *random, uint8_t *data, size_t len)
{
	static const uint32_t windows[] = { 4096, 8192, 16384, 24576, 32768 };
	uint32_t distance = windows[diff_random_below(random, RTE_DIM(windows))] - 2 +
		diff_random_below(random, 4);
	size_t i;

	make_random(random, data, RTE_MIN((size_t)distance, len));
	for (i = distance; i < len; i++)
		data[i] = data[i - distance];
	for (i = 1000; i < len; i += 1000 + diff_random_below(random, 5000))
		data[i] ^= 1;
}

static void make_kind(int64_t kind, struct diff_random *random, uint8_t *data, size_t len);

static void
make_mixed(struct diff_random *random, uint8_t *data, size_t len)
{
	size_t done, part;

	for (done = 0; done < len; done += part) {
		part = RTE_MIN(1 + diff_random_below(random, 20000), len - done);
		make_kind(diff_random_below(random, DIFF_DATA_MIXED), random, data + done, part);
	}
}

static void
make_kind(int64_t kind, struct diff_random *random, uint8_t *data, size_t len)
{
	static void (* const makers[])(struct diff_random *, uint8_t *, size_t) = {
		[DIFF_DATA_TEXT] = make_text,
		[DIFF_DATA_BINARY] = make_binary,
		[DIFF_DATA_RANDOM] = make_random,
		[DIFF_DATA_COMPRESSED] = make_compressed,
		[DIFF_DATA_PERIOD] = make_period,
		[DIFF_DATA_FAR] = make_far,
		[DIFF_DATA_MIXED] = make_mixed,
	};

	if (kind <= DIFF_DATA_ZEROS || kind >= DIFF_DATA_KINDS)
		memset(data, 0, len);
	else
		makers[kind](random, data, len);
}

void
diff_data_make(const struct diff_case *c, uint8_t *data, size_t len)
{
	struct diff_random random = diff_case_random(c, PURPOSE_DATA);

	make_kind(c->value[DIFF_DATA], &random, data, len);
}
