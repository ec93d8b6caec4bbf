/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/** The end of a word that begins at @p at, which loses its quotation marks. NULL: one is open. */
static char *
take_word(char *at)
{
	char *to = at;
	bool is_quoted = false;

	for (; *at != '\0' && (is_quoted || (*at != ' ' && *at != '\t')); at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		else
			*to++ = *at;
	}
	if (is_quoted)
		return NULL;
	if (*at != '\0')
		at++;
	*to = '\0';
	return at;
}

int
testacc_line_split(struct testacc_line *line, const char *text)
{
	size_t len = strcspn(text, "\r\n");
	char *at = line->text;

	line->count = 0;
	if (len >= sizeof(line->text) - 1)
		return testacc_misused("the line has %zu bytes; expected: at most %zu", len,
			sizeof(line->text) - 2);
	memcpy(line->text, text, len);
	/* The last byte stays an empty word for completion. */
	memset(line->text + len, 0, sizeof(line->text) - len);
	for (;;) {
		at += strspn(at, " \t");
		if (*at == '\0' || *at == '#')
			return TESTACC_OK;
		if (line->count == TESTACC_MAX_WORDS)
			return testacc_misused("expected: at most %d words", TESTACC_MAX_WORDS);
		line->words[line->count++] = at;
		at = take_word(at);
		if (at == NULL)
			return testacc_misused("a quotation mark is open; expected: another one");
	}
}

bool
testacc_line_join(const struct testacc_line *line, int from, char *buf, size_t len)
{
	size_t used = 0;
	int i;

	buf[0] = '\0';
	for (i = from; i < line->count; i++) {
		used += (size_t)snprintf(buf + used, len - used, "%s%s", i > from ? " " : "",
			line->words[i]);
		if (used >= len)
			return false;
	}
	return true;
}

bool
testacc_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || text[0] < '0' || text[0] > '9' || *end != '\0' || value < min ||
			value > max)
		return false;
	*out = value;
	return true;
}
