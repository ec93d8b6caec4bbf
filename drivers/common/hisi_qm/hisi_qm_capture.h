/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_CAPTURE_H
#define HISI_QM_CAPTURE_H

/**
 * @file
 * Reading a queue's flight recorder while it is written: bursts one after the other, and what was
 * overwritten before it could be read is counted.
 */

#include "hisi_qm_qp.h"

/** Where a reader of one ring of bursts is. */
struct hisi_qm_reader_ring {
	uint32_t next;		/**< number of the next burst */
	bool has_burst;		/**< @p burst is one that was not taken yet */
	struct hisi_record_burst burst;
};

/** A reader of a queue. */
struct hisi_qm_reader {
	const struct hisi_qm_qp *qp;
	uint64_t created_tsc;	/**< the queue's */
	struct hisi_qm_reader_ring submitted;
	struct hisi_qm_reader_ring completed;
	uint64_t lost;		/**< bursts that were overwritten */
};

/** Begin with what comes next. */
void hisi_qm_reader_begin(struct hisi_qm_reader *reader, const struct hisi_qm_qp *qp);
/** Is it still of this queue, and not of one before that was where this one is? */
bool hisi_qm_reader_is_of(const struct hisi_qm_reader *reader, const struct hisi_qm_qp *qp);
/** The oldest burst that was not taken, of both rings; NULL: none. */
const struct hisi_record_burst *hisi_qm_reader_peek(struct hisi_qm_reader *reader);
/** It is taken. */
void hisi_qm_reader_take(struct hisi_qm_reader *reader);

/**
 * The descriptor of index @p index, as it was handed over.
 *
 * @return false: it was overwritten, or is not recorded
 */
bool hisi_qm_reader_sqe(const struct hisi_qm_reader *reader, uint32_t index,
	uint8_t sqe[HISI_RECORD_MAX_SQE]);
/** The completion of index @p index. */
bool hisi_qm_reader_cqe(const struct hisi_qm_reader *reader, uint32_t index,
	struct hisi_record_cqe *cqe);

/* ---- hisi_qm_capture_pcap.c, or hisi_qm_capture_none.c without libpcap ---- */

/**
 * Capture queue @p queue of a device, -1: all of its queues, into a new file.
 *
 * @return 0; -ERANGE: the function has no such queue; -EBUSY: a capture runs already; -ENOTSUP:
 *   built without libpcap, or recorder=0; -errno
 */
int hisi_qm_capture_start(const char *device, int queue, const char *path);

/**
 * End it. The file is closed.
 *
 * @return 0; -ENOENT: none runs; -errno: the file could not be written
 */
int hisi_qm_capture_stop(uint64_t *packets, uint64_t *lost);

#endif /* HISI_QM_CAPTURE_H */
