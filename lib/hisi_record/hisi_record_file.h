/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_RECORD_FILE_H
#define HISI_RECORD_FILE_H

/**
 * @file
 * Reading a dump of the flight recorder. A file is hostile: all of it is checked before any of it
 * is used, and nothing of it is a pointer, a length or a count before that.
 */

#include <stdbool.h>

#include "hisi_hw_names.h"
#include "hisi_record.h"

/** The section of a queue. The rings are bytes of the file, not aligned. */
struct hisi_record_queue {
	struct hisi_record_file_queue info;
	struct hisi_record_file_end end;
	const uint8_t *submitted;
	const uint8_t *completed;
	const uint8_t *sqes;	/**< NULL: not recorded */
	const uint8_t *cqes;
	uint32_t sqes_end;	/**< index behind the last entry */
	uint32_t sqes_kept;	/**< so many before that are whole */
	uint32_t cqes_end;
	uint32_t cqes_kept;
};

/** A file that was found to be right. */
struct hisi_record_dump {
	struct hisi_record_file info;	/**< its texts end with a NUL */
	const struct hisi_hw_engine *engine; /**< NULL: one that is not known here */
	struct hisi_record_queue *queues; /**< info.nb_queues of them */
};

/**
 * Check a file.
 *
 * @param bytes must stay as long as @p dump
 * @param why receives what is wrong with it, a sentence without its end
 * @return 0 and hisi_record_close() is due; -EINVAL; -ENOMEM
 */
int hisi_record_open(const void *bytes, size_t len, struct hisi_record_dump *dump, char *why,
	size_t why_len);
void hisi_record_close(struct hisi_record_dump *dump);

/** Where a reader of a queue's bursts is. All zero at first. */
struct hisi_record_cursor {
	bool begun;
	uint32_t submitted;	/**< numbers of the next ones */
	uint32_t completed;
	uint32_t submitted_end;	/**< indices behind the last ones: they only grow */
	uint32_t completed_end;
};

/** Bursts of both rings from the oldest on, by their times. @return false: no more */
bool hisi_record_next(const struct hisi_record_queue *queue, struct hisi_record_cursor *cursor,
	struct hisi_record_burst *burst);

/** How many of a burst's entries, from its first on, are not kept: overwritten since. */
uint32_t hisi_record_lost(const struct hisi_record_queue *queue,
	const struct hisi_record_burst *burst);
/** TSC at which index @p index was handed over, 0: it is not known any more. */
uint64_t hisi_record_time(const struct hisi_record_queue *queue, uint32_t index);

/** The descriptor of index @p index as it was handed over. @return false: it is not kept */
bool hisi_record_sqe(const struct hisi_record_queue *queue, uint32_t index,
	uint8_t sqe[HISI_RECORD_MAX_SQE]);
/** The completion of index @p index. @return false: it is not kept */
bool hisi_record_cqe(const struct hisi_record_queue *queue, uint32_t index,
	struct hisi_record_cqe *cqe);
/** Index of the operation that a completion at @p index is about: the CQE names its slot. */
uint32_t hisi_record_cqe_index(const struct hisi_record_queue *queue, uint32_t index,
	const struct hisi_record_cqe *cqe);

/** Takes a line of text, without its end. */
typedef void (*hisi_record_line_t)(void *opaque, const char *line);

/** All of a dump in words, the oldest of each queue first. */
void hisi_record_print(const struct hisi_record_dump *dump, hisi_record_line_t line, void *opaque);

#endif /* HISI_RECORD_FILE_H */
