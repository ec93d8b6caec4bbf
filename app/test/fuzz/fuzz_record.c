/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A dump of the flight recorder, as 'dpdk-testacc decode' reads it. All bytes are the file.
 */

#include <hisi_record_file.h>

#include "fuzz.h"

/* Each entry of a queue has a few lines at most, in each of three turns of the indices. */
#define MAX_LINES(len) (1000 + (len))

static void
check_line(void *opaque, const char *line)
{
	size_t *count = opaque;

	(*count)++;
	for (; *line != '\0'; line++)
		FUZZ_CHECK(*line >= ' ' && *line <= '~');
}

static void
check_queue(const struct hisi_record_queue *queue)
{
	struct hisi_record_cursor cursor = { 0 };
	uint8_t sqe[HISI_RECORD_MAX_SQE];
	struct hisi_record_burst burst;
	struct hisi_record_cqe cqe;
	uint32_t count = 0;

	while (hisi_record_next(queue, &cursor, &burst)) {
		FUZZ_CHECK(burst.count <= queue->info.depth);
		FUZZ_CHECK(hisi_record_lost(queue, &burst) <= burst.count);
		(void)hisi_record_sqe(queue, burst.first, sqe);
		if (hisi_record_cqe(queue, burst.first, &cqe))
			(void)hisi_record_cqe_index(queue, burst.first, &cqe);
		(void)hisi_record_time(queue, burst.first);
		FUZZ_CHECK(++count <= 2 * queue->info.entries);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hisi_record_dump dump;
	uint8_t *copy = malloc(size);
	char why[160] = "";
	size_t lines = 0;
	uint32_t i;

	/* Exactly as long as it is, so that one byte too far is seen. */
	memcpy(copy, data, size);
	if (hisi_record_open(copy, size, &dump, why, sizeof(why)) == 0) {
		for (i = 0; i < dump.info.nb_queues; i++)
			check_queue(&dump.queues[i]);
		hisi_record_print(&dump, check_line, &lines);
		FUZZ_CHECK(lines != 0 && lines <= MAX_LINES(size));
		hisi_record_close(&dump);
	} else {
		FUZZ_CHECK(why[0] != '\0');
	}
	free(copy);
	return 0;
}
