/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdbool.h>
#include <string.h>

#include "hisi_qm_messages.h"

static const char * const when_names[HISI_QM_NB_WHEN] = {
	[HISI_QM_WHEN_START] = "start",
	[HISI_QM_WHEN_MEMORY] = "memory",
	[HISI_QM_WHEN_BRINGUP] = "bringup",
	[HISI_QM_WHEN_SETUP] = "setup",
	[HISI_QM_WHEN_RUN] = "run",
	[HISI_QM_WHEN_RESET] = "reset",
	[HISI_QM_WHEN_ERROR] = "error",
	[HISI_QM_WHEN_PROCESS] = "process",
	[HISI_QM_WHEN_REMOVAL] = "removal",
};

const char *
hisi_qm_message_when_name(enum hisi_qm_message_when when)
{
	return (unsigned int)when < HISI_QM_NB_WHEN ? when_names[when] : "unknown";
}

/* What follows "HISI_QM: DEVICE: "; a PCI address has colons, but no space behind them. */
static const char *
message_body(const char *line)
{
	static const char * const marks[] = { "HISI_QM: ", "HISI_ZIP: " };
	const char *at, *name_end;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		at = strstr(line, marks[i]);
		if (at == NULL)
			continue;
		at += strlen(marks[i]);
		name_end = strstr(at, ": ");
		return name_end != NULL ? name_end + 2 : at;
	}
	return line;
}

/* Past a conversion such as %u, %04x, %p; the caller has seen its '%'. */
static const char *
skip_conversion(const char *format)
{
	format += strcspn(format, "diuxXspc%");
	return *format != '\0' ? format + 1 : format;
}

/*
 * Characters of @p text that @p line has in the same order, anything in place of conversions; 0:
 * it does not fit. Between two conversions the first place is as good as any later one.
 */
static size_t
message_score(const char *text, const char *line)
{
	bool is_first = true;
	char piece[256];
	size_t len, score = 0;
	const char *at;

	for (;;) {
		len = strcspn(text, "%");
		if (len >= sizeof(piece))
			return 0;
		memcpy(piece, text, len);
		piece[len] = '\0';
		at = strstr(line, piece);
		if (at == NULL || (is_first && at != line))
			return 0;
		is_first = false;
		score += len;
		line = at + len;
		if (text[len] == '\0')
			return score;
		text = skip_conversion(text + len + 1);
	}
}

const struct hisi_qm_message *
hisi_qm_message_find(const char *line)
{
	const struct hisi_qm_message *row, *best = NULL;
	size_t score, most = 0;
	const char *body;

	if (line == NULL)
		return NULL;
	body = message_body(line);
	for (row = hisi_qm_messages; row->text != NULL; row++) {
		score = message_score(row->text, body);
		if (score > most) {
			most = score;
			best = row;
		}
	}
	return best;
}
