/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "commands.h"
#include "table.h"

#define BUFFER_LEN 65536

/** A compressed file as zlib sees it. */
struct check {
	const char *path;
	const char *format;
	FILE *file;
	z_stream zlib;
	uint64_t members, packed_len, plain_len;
	uint32_t crc;
	uint8_t in[BUFFER_LEN], out[BUFFER_LEN];
};

/** window bits for inflateInit2() by how the file begins. */
static int
recognise(struct check *check)
{
	const uint8_t *in = check->in;
	size_t len = check->zlib.avail_in;

	if (len >= 2 && in[0] == 0x1f && in[1] == 0x8b) {
		check->format = "gzip";
		return 15 + 16;
	}
	if (len >= 2 && (in[0] & 0x0f) == Z_DEFLATED && (in[0] << 8 | in[1]) % 31 == 0) {
		check->format = "zlib";
		return 15;
	}
	check->format = "deflate";
	return -15;
}

static bool
refill(struct check *check)
{
	if (check->zlib.avail_in > 0)
		return true;
	check->zlib.next_in = check->in;
	check->zlib.avail_in = (uInt)fread(check->in, 1, sizeof(check->in), check->file);
	check->packed_len += check->zlib.avail_in;
	return check->zlib.avail_in > 0;
}

/**
 * Inflate to the end of a member. zlib may have taken the last byte and still owe what did not fit
 * into the buffer before, so it is asked once more, and says itself that there is nothing.
 *
 * @return what was wrong, or NULL
 */
static const char *
check_member(struct check *check)
{
	int ret;

	do {
		(void)refill(check);
		check->zlib.next_out = check->out;
		check->zlib.avail_out = sizeof(check->out);
		ret = inflate(&check->zlib, Z_NO_FLUSH);
		if (ret == Z_BUF_ERROR)
			return "it is cut off";
		if (ret != Z_OK && ret != Z_STREAM_END)
			return check->zlib.msg != NULL ? check->zlib.msg : "it is no such data";
		check->plain_len += sizeof(check->out) - check->zlib.avail_out;
		check->crc = (uint32_t)crc32(check->crc, check->out,
			(uInt)(sizeof(check->out) - check->zlib.avail_out));
	} while (ret != Z_STREAM_END && !testacc_is_interrupted());
	check->members++;
	return testacc_is_interrupted() ? "interrupted" : NULL;
}

/** gunzip passes over zeros behind the last member too: tapes have them. */
static bool
is_padding(struct check *check)
{
	while (refill(check) && *check->zlib.next_in == 0) {
		check->zlib.next_in++;
		check->zlib.avail_in--;
	}
	return check->zlib.avail_in == 0;
}

static const char *
check_members(struct check *check)
{
	const char *why;

	if (!refill(check))
		return "it is empty";
	if (inflateInit2(&check->zlib, recognise(check)) != Z_OK)
		return "no memory";
	for (;;) {
		why = check_member(check);
		if (why != NULL || !refill(check))
			return why;
		if (strcmp(check->format, "gzip") != 0)
			return "there are bytes behind its end";
		if (is_padding(check))
			return NULL;
		inflateReset(&check->zlib);
	}
}

static void
report(const struct check *check)
{
	struct testacc_table *table = testacc_table_new("check",
		"format,members,packed (bytes),plain (bytes),ratio,crc32");

	testacc_table_text(table, "%s", check->format);
	testacc_table_count(table, check->members);
	testacc_table_count(table, check->packed_len);
	testacc_table_count(table, check->plain_len);
	testacc_table_number(table, 2, (double)check->plain_len / (double)check->packed_len);
	testacc_table_text(table, "%08x", check->crc);
	testacc_table_print(table);
}

int
testacc_check_file(const struct testacc_line *line)
{
	static struct check check;
	const char *why;

	memset(&check, 0, sizeof(check));
	check.path = line->words[2];
	check.file = fopen(check.path, "rb");
	if (check.file == NULL)
		return testacc_fail("%s: %s", check.path, strerror(errno));
	errno = 0;
	why = check_members(&check);
	if (ferror(check.file))
		why = strerror(errno);
	inflateEnd(&check.zlib);
	fclose(check.file);
	if (why != NULL)
		return testacc_fail("%s is wrong: %s, after %llu plain bytes", check.path, why,
			(unsigned long long)check.plain_len);
	report(&check);
	return TESTACC_OK;
}
