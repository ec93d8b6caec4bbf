/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hisi_qm_context.h"
#include "hisi_record_file.h"

/** What is left of the file, and where a complaint goes. */
struct reader {
	const uint8_t *at;
	size_t left;
	char *why;
	size_t why_len;
};

static int __attribute__((format(printf, 2, 3)))
complain(struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reader->why, reader->why_len, format, args);
	va_end(args);
	return -EINVAL;
}

/* @return NULL: the file ends before that */
static const uint8_t *
take(struct reader *reader, size_t len)
{
	const uint8_t *at = reader->at;

	if (len > reader->left)
		return NULL;
	reader->at += len;
	reader->left -= len;
	return at;
}

static bool
is_text(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len && text[i] != '\0'; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return i < len;
}

static int
read_head(struct reader *reader, struct hisi_record_file *info)
{
	const uint8_t *bytes = take(reader, sizeof(*info));

	if (bytes == NULL || memcmp(bytes, HISI_RECORD_MAGIC, sizeof(info->magic)) != 0)
		return complain(reader, "it is no dump of a flight recorder");
	memcpy(info, bytes, sizeof(*info));
	if (info->version != HISI_RECORD_VERSION)
		return complain(reader, "its format is version %" PRIu32
			", this program reads version %d", info->version, HISI_RECORD_VERSION);
	if (!is_text(info->engine, sizeof(info->engine)) ||
			!is_text(info->device, sizeof(info->device)) ||
			!is_text(info->reason, sizeof(info->reason)))
		return complain(reader, "a name in its head is no text");
	if (info->tsc_hz == 0 || info->nb_queues > HISI_RECORD_MAX_QUEUES)
		return complain(reader, "its head says %" PRIu64 " Hz and %" PRIu32 " queues",
			info->tsc_hz, info->nb_queues);
	return 0;
}

/* Do the pieces lie inside of a descriptor, and are they as long as an entry? */
static bool
layout_is_right(const struct hisi_record_layout *layout, uint32_t sqe_len)
{
	uint32_t sum = 0, i;

	for (i = 0; i < HISI_RECORD_PIECES && layout->pieces[i].len != 0; i++) {
		if ((uint32_t)layout->pieces[i].offset + layout->pieces[i].len > sqe_len)
			return false;
		sum += layout->pieces[i].len;
	}
	return sum <= layout->entry_len && layout->entry_len <= HISI_RECORD_MAX_ENTRY &&
		layout->result + 16u <= sqe_len;
}

static bool
is_power_of_2(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static bool
queue_is_right(const struct hisi_record_file_queue *info)
{
	return is_power_of_2(info->depth) && is_power_of_2(info->entries) &&
		info->entries <= HISI_RECORD_MAX_ENTRIES && info->depth <= info->entries / 2 &&
		info->margin <= info->entries && info->sqe_len <= HISI_RECORD_MAX_SQE &&
		info->has_entries <= 1 &&
		(info->has_entries == 0 || layout_is_right(&info->layout, info->sqe_len));
}

/* ---- how far the writers had come ---- */

static void
get_burst(const struct hisi_record_queue *queue, const uint8_t *ring, uint32_t number,
	struct hisi_record_burst *burst)
{
	memcpy(burst, ring + (size_t)(number % queue->info.entries) * sizeof(*burst),
		sizeof(*burst));
}

/*
 * The oldest number that is whole: what was published when the copy began and was not overwritten
 * before it ended. A file may say anything: never more than a ring of them.
 */
static uint32_t
oldest(const struct hisi_record_queue *queue, uint32_t before, uint32_t after)
{
	uint32_t most = queue->info.entries - 1, moved = after - before;
	uint32_t kept = moved < most ? most - moved : 0;

	return before - (before < kept ? before : kept);
}

static bool
has_entries(const struct hisi_record_burst *burst)
{
	return burst->kind == HISI_RECORD_SUBMIT || burst->kind == HISI_RECORD_COMPLETE ||
		burst->kind == HISI_RECORD_UNORDERED;
}

/* Index behind the last entry of a ring: of its last burst that has some. */
static uint32_t
end_of(const struct hisi_record_queue *queue, const uint8_t *ring, uint32_t before, uint32_t after)
{
	uint32_t number, low = oldest(queue, before, after);
	struct hisi_record_burst burst;

	for (number = before; number != low; number--) {
		get_burst(queue, ring, number - 1, &burst);
		if (has_entries(&burst))
			return burst.first + burst.count;
	}
	return 0;
}

/*
 * Entries before index @p end that were not overwritten until the writer had come to @p after: what
 * it had under way unpublished is in the margin. A burst is published before the index moves.
 */
static uint32_t
kept(const struct hisi_record_queue *queue, uint32_t end, uint32_t after)
{
	uint32_t places = queue->info.entries - queue->info.margin;
	int32_t moved = (int32_t)(after - end);

	if (moved <= 0)
		return places;
	return (uint32_t)moved < places ? places - (uint32_t)moved : 0;
}

static void
find_ends(struct hisi_record_queue *queue)
{
	const struct hisi_record_file_queue *info = &queue->info;
	const struct hisi_record_file_end *end = &queue->end;

	queue->sqes_end = end_of(queue, queue->submitted, info->submitted, end->submitted);
	queue->sqes_kept = kept(queue, queue->sqes_end, end->sqes);
	queue->cqes_end = end_of(queue, queue->completed, info->completed, end->completed);
	queue->cqes_kept = kept(queue, queue->cqes_end, end->cqes);
}

/* ---- queues ---- */

static int
read_queue(struct reader *reader, struct hisi_record_queue *queue, uint32_t number)
{
	const uint8_t *bytes = take(reader, sizeof(queue->info));
	size_t entries;

	if (bytes == NULL)
		return complain(reader, "it ends before queue %" PRIu32, number);
	memcpy(&queue->info, bytes, sizeof(queue->info));
	if (!queue_is_right(&queue->info))
		return complain(reader, "what it says of queue %" PRIu32 " cannot be", number);
	entries = queue->info.entries;
	queue->submitted = take(reader, entries * sizeof(struct hisi_record_burst));
	queue->completed = take(reader, entries * sizeof(struct hisi_record_burst));
	if (queue->info.has_entries != 0) {
		queue->sqes = take(reader, entries * queue->info.layout.entry_len);
		queue->cqes = take(reader, entries * sizeof(struct hisi_record_cqe));
	}
	bytes = take(reader, sizeof(queue->end));
	/* The last part is behind all the others: without one of these there is none. */
	if (bytes == NULL || queue->submitted == NULL || queue->completed == NULL ||
			(queue->info.has_entries != 0 && (queue->sqes == NULL ||
			queue->cqes == NULL)))
		return complain(reader, "it ends within queue %" PRIu32, number);
	memcpy(&queue->end, bytes, sizeof(queue->end));
	find_ends(queue);
	return 0;
}

static int
read_queues(struct reader *reader, struct hisi_record_dump *dump)
{
	uint32_t i;
	int ret = 0;

	for (i = 0; i < dump->info.nb_queues && ret == 0; i++)
		ret = read_queue(reader, &dump->queues[i], i);
	if (ret == 0 && reader->left != 0)
		return complain(reader, "%zu bytes follow its end", reader->left);
	return ret;
}

int
hisi_record_open(const void *bytes, size_t len, struct hisi_record_dump *dump, char *why,
	size_t why_len)
{
	struct reader reader = { bytes, len, why, why_len };
	int ret;

	memset(dump, 0, sizeof(*dump));
	ret = read_head(&reader, &dump->info);
	if (ret != 0)
		return ret;
	dump->queues = calloc(dump->info.nb_queues + 1, sizeof(*dump->queues));
	if (dump->queues == NULL) {
		snprintf(why, why_len, "there is no memory for %" PRIu32 " queues",
			dump->info.nb_queues);
		return -ENOMEM;
	}
	dump->engine = hisi_hw_engine_find(dump->info.engine);
	ret = read_queues(&reader, dump);
	if (ret != 0)
		hisi_record_close(dump);
	return ret;
}

void
hisi_record_close(struct hisi_record_dump *dump)
{
	free(dump->queues);
	dump->queues = NULL;
}

/* ---- bursts ---- */

/*
 * Can the burst be there, behind one that ended at @p end and before the ring's end @p last? An
 * entry belongs to one burst only, and no lap of the index comes twice.
 */
static bool
burst_is_right(const struct hisi_record_queue *queue, const struct hisi_record_burst *burst,
	uint32_t number, uint32_t end, uint32_t last)
{
	if (burst->number != number || burst->kind < HISI_RECORD_SUBMIT ||
			burst->kind > HISI_RECORD_RETURNED)
		return false;
	if (!has_entries(burst))
		return burst->count <= 1;
	return burst->count <= queue->info.depth && (int32_t)(burst->first - end) >= 0 &&
		(int32_t)(last - burst->first) >= (int32_t)burst->count;
}

/* The next of a ring that is what it should be; false: none. */
static bool
next_of(const struct hisi_record_queue *queue, const uint8_t *ring, uint32_t *number, uint32_t stop,
	uint32_t end, uint32_t last, struct hisi_record_burst *burst)
{
	for (; *number != stop; (*number)++) {
		get_burst(queue, ring, *number, burst);
		if (burst_is_right(queue, burst, *number, end, last))
			return true;
	}
	return false;
}

static void
begin(const struct hisi_record_queue *queue, struct hisi_record_cursor *cursor)
{
	const struct hisi_record_file_queue *info = &queue->info;
	struct hisi_record_burst burst;

	cursor->begun = true;
	cursor->submitted = oldest(queue, info->submitted, queue->end.submitted);
	cursor->completed = oldest(queue, info->completed, queue->end.completed);
	get_burst(queue, queue->submitted, cursor->submitted, &burst);
	cursor->submitted_end = burst.first;
	get_burst(queue, queue->completed, cursor->completed, &burst);
	cursor->completed_end = burst.first - info->depth;
}

static void
step(uint32_t *number, uint32_t *end, const struct hisi_record_burst *burst)
{
	(*number)++;
	if (has_entries(burst))
		*end = burst->first + burst->count;
}

bool
hisi_record_next(const struct hisi_record_queue *queue, struct hisi_record_cursor *cursor,
	struct hisi_record_burst *burst)
{
	const struct hisi_record_file_queue *info = &queue->info;
	struct hisi_record_burst completed;
	bool has_submitted, has_completed;

	if (!cursor->begun)
		begin(queue, cursor);
	has_submitted = next_of(queue, queue->submitted, &cursor->submitted, info->submitted,
		cursor->submitted_end, queue->sqes_end, burst);
	has_completed = next_of(queue, queue->completed, &cursor->completed, info->completed,
		cursor->completed_end, queue->cqes_end, &completed);
	if (has_completed && (!has_submitted || completed.tsc < burst->tsc)) {
		*burst = completed;
		step(&cursor->completed, &cursor->completed_end, burst);
		return true;
	}
	if (has_submitted)
		step(&cursor->submitted, &cursor->submitted_end, burst);
	return has_submitted;
}

/* Halving: numbers and indices grow together, in a file that is right. */
uint64_t
hisi_record_time(const struct hisi_record_queue *queue, uint32_t index)
{
	uint32_t low = oldest(queue, queue->info.submitted, queue->end.submitted);
	uint32_t count = queue->info.submitted - low, half;
	struct hisi_record_burst burst;

	while (count != 0) {
		half = count / 2;
		get_burst(queue, queue->submitted, low + half, &burst);
		if (index - burst.first < burst.count)
			return burst.tsc;
		if ((int32_t)(index - burst.first) < 0) {
			count = half;
		} else {
			low += half + 1;
			count -= half + 1;
		}
	}
	return 0;
}

/* ---- entries ---- */

uint32_t
hisi_record_lost(const struct hisi_record_queue *queue, const struct hisi_record_burst *burst)
{
	bool is_sqe = burst->kind == HISI_RECORD_SUBMIT;
	uint32_t behind = is_sqe ? queue->sqes_end : queue->cqes_end;
	uint32_t places = is_sqe ? queue->sqes_kept : queue->cqes_kept;
	uint32_t back = behind - burst->first;

	if (back <= places)
		return 0;
	return back - places < burst->count ? back - places : burst->count;
}

bool
hisi_record_sqe(const struct hisi_record_queue *queue, uint32_t index,
	uint8_t sqe[HISI_RECORD_MAX_SQE])
{
	const struct hisi_record_file_queue *info = &queue->info;

	if (queue->sqes == NULL || queue->sqes_end - index - 1 >= queue->sqes_kept)
		return false;
	memcpy(sqe, info->template, HISI_RECORD_MAX_SQE);
	hisi_record_unpack(&info->layout, queue->sqes + (size_t)(index % info->entries) *
		info->layout.entry_len, sqe);
	return true;
}

bool
hisi_record_cqe(const struct hisi_record_queue *queue, uint32_t index, struct hisi_record_cqe *cqe)
{
	const struct hisi_record_file_queue *info = &queue->info;

	if (queue->cqes == NULL || queue->cqes_end - index - 1 >= queue->cqes_kept)
		return false;
	memcpy(cqe, queue->cqes + (size_t)(index % info->entries) * sizeof(*cqe), sizeof(*cqe));
	return true;
}

uint32_t
hisi_record_cqe_index(const struct hisi_record_queue *queue, uint32_t index,
	const struct hisi_record_cqe *cqe)
{
	uint32_t mask = queue->info.depth - 1;
	struct hisi_qm_cqe words;

	memcpy(&words, cqe->cqe, sizeof(words));
	/* Both rings of a queue are in step: the slot is less than a lap away, on either side. */
	return index + ((words.sq_head - index + mask / 2) & mask) - mask / 2;
}
