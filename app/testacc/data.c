/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define TEXT_LEN (1 << 20)
#define MAX_LEN ((size_t)64 << 20)

/** Words by a fixed rule, common ones more often: packs about as well as prose. */
static void
fill_text(uint8_t *data, size_t len)
{
	static const char * const words[] = {
		"the", "of", "and", "a", "to", "in", "queue", "is", "device", "ring", "that", "it",
		"was", "doorbell", "for", "on", "are", "descriptor", "with", "as", "completion",
		"his", "they", "be", "at", "one", "have", "this", "from", "or", "had", "by", "burst",
	};
	const size_t count = sizeof(words) / sizeof(words[0]);
	uint32_t state = 1, a, b;
	size_t at = 0, n;

	while (at < len) {
		state = state * 1664525 + 1013904223;
		a = (state >> 8) % count;
		b = (state >> 20) % count;
		n = strlen(words[RTE_MIN(a, b)]);
		n = RTE_MIN(n, len - at);
		memcpy(data + at, words[RTE_MIN(a, b)], n);
		at += n;
		if (at < len)
			data[at++] = (state >> 27) == 0 ? '\n' : (state >> 27) == 1 ? ',' : ' ';
		/* A number now and then, or matches would be without end. */
		if ((state >> 26) % 8 == 3 && at + 6 < len)
			at += (size_t)snprintf((char *)data + at, 6, "%04x ",
				state >> 12 & 0xffff);
	}
}

/** @return bytes read, 0 after a message */
static size_t
read_file(const char *path, uint8_t *data, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t len = 0;

	if (file != NULL) {
		errno = 0;
		len = fread(data, 1, room, file);
	}
	if (len == 0)
		(void)testacc_fail("file %s: %s", path, errno != 0 ? strerror(errno) :
			"it is empty; a file with data is needed");
	if (file != NULL)
		fclose(file);
	return len;
}

/** Behind the end the data begins again, so that an op may start anywhere. */
int
testacc_data_load(struct testacc_run *run)
{
	const struct testacc_settings *settings = &run->settings;
	size_t i, more = testacc_settings_largest(settings), room = TEXT_LEN;

	if (settings->file[0] != '\0')
		room = MAX_LEN;
	run->data = malloc(room + more);
	if (run->data == NULL)
		return testacc_fail("no memory for %zu bytes of data", room + more);
	if (settings->file[0] != '\0') {
		run->data_len = read_file(settings->file, run->data, room);
		if (run->data_len == 0)
			return TESTACC_FAILED;
	} else {
		run->data_len = room;
		fill_text(run->data, room);
	}
	for (i = 0; i < more; i++)
		run->data[run->data_len + i] = run->data[i];
	return TESTACC_OK;
}
