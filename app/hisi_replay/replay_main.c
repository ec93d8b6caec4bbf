/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hisi_qm_context.h>
#include <hisi_record_file.h>

#include "replay.h"

static const struct replay_engine * const engines[] = { &replay_zip, &replay_sec };

/** What became of all. */
struct replay {
	const struct replay_engine *engine;
	struct replay_device device;
	bool is_verbose;
	uint32_t same;
	uint32_t others;	/**< another status */
	uint32_t open;		/**< those that had no completion */
	uint32_t left_out;
};

static int
usage(FILE *file, int status)
{
	fprintf(file, "usage: dpdk-hisi-replay [-v] [--version v2|v3|v4|v5] FILE\n"
		"Resubmits the descriptors of a flight recorder's dump to a device model, with data of the\n"
		"recorded lengths, and compares the statuses. -v names each; without --version the model is\n"
		"of the version that recorded. Ends with 1 where one differs, with 2 where nothing was done.\n");
	return status;
}

/* ---- one operation ---- */

static const char *
status_name(const struct replay *replay, uint32_t status)
{
	return status == REPLAY_NO_STATUS ? "none" : replay->engine->status_name(status);
}

static void
tell(const struct replay *replay, const struct hisi_record_queue *queue, uint32_t index,
	uint32_t before, uint32_t now, const char *what)
{
	printf("queue %u, sqe %" PRIu32 ": recorded %s, model %s: %s\n", queue->info.queue,
		index & (queue->info.depth - 1), status_name(replay, before),
		status_name(replay, now), what);
}

static void
judge(struct replay *replay, const struct hisi_record_queue *queue, uint32_t index,
	uint32_t before, uint32_t now)
{
	const char *what = "the same";

	if (before == REPLAY_NO_STATUS) {
		replay->open++;
		what = "it had no completion";
	} else if (before == now) {
		replay->same++;
	} else {
		replay->others++;
		what = "another one";
	}
	if (replay->is_verbose || (before != now && before != REPLAY_NO_STATUS))
		tell(replay, queue, index, before, now, what);
}

/* @p before the recorded status, REPLAY_NO_STATUS: none */
static void
replay_one(struct replay *replay, const struct hisi_record_queue *queue, uint32_t index,
	uint32_t before)
{
	const struct replay_engine *engine = replay->engine;
	uint32_t now = REPLAY_NO_STATUS;
	union {
		uint8_t bytes[HISI_RECORD_MAX_SQE];
		uint64_t words[HISI_RECORD_MAX_SQE / 8];
	} sqe;

	if (!hisi_record_sqe(queue, index, sqe.bytes)) {
		replay->left_out++;
		return;
	}
	if (!engine->make(&replay->device, queue->info.type, before, sqe.words)) {
		replay->left_out++;
		if (replay->is_verbose)
			tell(replay, queue, index, before, now, "left out: no such data are known");
		return;
	}
	if (replay_device_run(&replay->device, queue->info.type, sqe.words))
		now = engine->status(sqe.bytes + engine->result);
	judge(replay, queue, index, before, now);
}

/* ---- all of them, in the order of their completions; what has none in the end ---- */

static void
replay_completed(struct replay *replay, const struct hisi_record_queue *queue,
	const struct hisi_record_burst *burst)
{
	struct hisi_record_cqe cqe;
	uint32_t i;

	for (i = hisi_record_lost(queue, burst); i < burst->count; i++)
		if (hisi_record_cqe(queue, burst->first + i, &cqe))
			replay_one(replay, queue, hisi_record_cqe_index(queue, burst->first + i,
				&cqe), replay->engine->status(cqe.result));
}

static void
replay_queue(struct replay *replay, const struct hisi_record_queue *queue)
{
	const struct hisi_record_file_queue *info = &queue->info;
	struct hisi_record_cursor cursor = { 0 };
	struct hisi_record_burst burst;
	uint32_t left = info->tail - info->retired, i;

	if (queue->sqes == NULL || info->type >= replay->engine->nb_types ||
			info->layout.result != replay->engine->result ||
			info->sqe_len != REPLAY_SQE_LEN)
		return;
	while (hisi_record_next(queue, &cursor, &burst))
		if (burst.kind == HISI_RECORD_COMPLETE || burst.kind == HISI_RECORD_UNORDERED)
			replay_completed(replay, queue, &burst);
	for (i = 0; left <= info->depth && i < left; i++)
		replay_one(replay, queue, info->base + info->retired + i, REPLAY_NO_STATUS);
}

static bool
find_engine(struct replay *replay, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		replay->engine = engines[i];
		if (strcmp(engines[i]->name, name) == 0)
			return true;
	}
	fprintf(stderr, "dpdk-hisi-replay: descriptors of engine %s cannot be replayed, only those of",
		name);
	for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", engines[i]->name);
	fprintf(stderr, "\n");
	return false;
}

static int
replay_dump(struct replay *replay, const struct hisi_record_dump *dump, const char *version)
{
	char recorded[8];
	size_t i;

	if (!find_engine(replay, dump->info.engine))
		return 2;
	snprintf(recorded, sizeof(recorded), "%s", hisi_qm_version_name(dump->info.qm_version));
	for (i = 0; recorded[i] != '\0'; i++)
		recorded[i] = (char)tolower((unsigned char)recorded[i]);
	if (replay_device_open(&replay->device, replay->engine,
			version != NULL ? version : recorded) != 0)
		return 2;
	for (i = 0; i < dump->info.nb_queues; i++)
		replay_queue(replay, &dump->queues[i]);
	replay_device_close(&replay->device);
	if (replay->same + replay->others + replay->open + replay->left_out == 0) {
		fprintf(stderr, "dpdk-hisi-replay: no descriptors are in it: nothing was done, or devarg recorder was 0\n");
		return 2;
	}
	printf("%" PRIu32 " with the same status, %" PRIu32 " with another one, %" PRIu32
		" that had no completion, %" PRIu32 " left out\n", replay->same, replay->others,
		replay->open, replay->left_out);
	return replay->others != 0;
}

/* ---- the file ---- */

static void *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	void *bytes = NULL;
	struct stat stat;

	if (file != NULL && fstat(fileno(file), &stat) == 0 && S_ISREG(stat.st_mode) &&
			(uint64_t)stat.st_size <= HISI_RECORD_MAX_FILE) {
		*len = (size_t)stat.st_size;
		bytes = malloc(*len + 1);
		if (bytes != NULL && fread(bytes, 1, *len, file) != *len) {
			free(bytes);
			bytes = NULL;
		}
	}
	if (bytes == NULL)
		fprintf(stderr, "dpdk-hisi-replay: %s: %s\n", path,
			file == NULL ? strerror(errno) : "it cannot be read as a file");
	if (file != NULL)
		fclose(file);
	return bytes;
}

static int
replay_file(struct replay *replay, const char *path, const char *version)
{
	struct hisi_record_dump dump;
	char why[160];
	size_t len = 0;
	void *bytes = read_file(path, &len);
	int ret = 2;

	if (bytes == NULL)
		return ret;
	if (hisi_record_open(bytes, len, &dump, why, sizeof(why)) == 0) {
		ret = replay_dump(replay, &dump, version);
		hisi_record_close(&dump);
	} else {
		fprintf(stderr, "dpdk-hisi-replay: %s: %s\n", path, why);
	}
	free(bytes);
	return ret;
}

int
main(int argc, char **argv)
{
	struct replay replay = { 0 };
	const char *version = NULL;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-v") == 0)
			replay.is_verbose = true;
		else if (strcmp(argv[i], "--version") == 0 && i + 1 < argc)
			version = argv[++i];
		else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return usage(stdout, 0);
		else
			return usage(stderr, 2);
	}
	return i + 1 == argc ? replay_file(&replay, argv[i], version) : usage(stderr, 2);
}
