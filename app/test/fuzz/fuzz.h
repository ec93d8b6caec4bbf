/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FUZZ_H
#define FUZZ_H

/**
 * @file
 * What the fuzz targets share: an input read field by field, checks that end the program, and a
 * watch over descriptors.
 *
 * An input that has run out gives zeroes, which every target takes for the honest case: a short
 * input is a short story and not a refused one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** libFuzzer's entry points. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** An invariant. What breaks it is a finding: libFuzzer keeps the input. */
#define FUZZ_CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#define FUZZ_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

static inline bool
fuzz_has(const struct fuzz_input *in)
{
	return in->left != 0;
}

/** Copy @p len bytes of input, zeroes behind its end. */
static inline void
fuzz_bytes(struct fuzz_input *in, void *to, size_t len)
{
	size_t take = len < in->left ? len : in->left;

	if (take != 0)
		memcpy(to, in->at, take);
	if (take < len)
		memset((uint8_t *)to + take, 0, len - take);
	in->at += take;
	in->left -= take;
}

static inline uint8_t
fuzz_u8(struct fuzz_input *in)
{
	uint8_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint16_t
fuzz_u16(struct fuzz_input *in)
{
	uint16_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint32_t
fuzz_u32(struct fuzz_input *in)
{
	uint32_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint64_t
fuzz_u64(struct fuzz_input *in)
{
	uint64_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

/** Set up with checks: a target that cannot start must not look like one that found nothing. */
static inline void *
fuzz_alloc(size_t align, size_t len)
{
	void *memory = aligned_alloc(align, (len + align - 1) / align * align);

	FUZZ_CHECK(memory != NULL);
	memset(memory, 0, len);
	return memory;
}

/** The lowest free descriptor: the same before and after, or one was leaked or closed twice. */
static inline int
fuzz_lowest_fd(void)
{
	int fd = dup(STDERR_FILENO);

	FUZZ_CHECK(fd >= 0);
	close(fd);
	return fd;
}

/** Are all @p len bytes @p value? */
static inline bool
fuzz_is_filled(const uint8_t *bytes, size_t len, uint8_t value)
{
	return len == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, len - 1) == 0);
}

#endif /* FUZZ_H */
