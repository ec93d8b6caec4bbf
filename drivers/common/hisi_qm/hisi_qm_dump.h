/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_DUMP_H
#define HISI_QM_DUMP_H

/**
 * @file
 * The flight recorders of a function into a file (hisi_record.h): when it gets into trouble, when
 * somebody asks, when the process is ended by a signal.
 *
 * Secret fields (struct hisi_hw_field) are zeroes in it; what descriptors point to is in no file.
 */

#include "hisi_qm_dev.h"

/** Folder of the dumps, where neither the devarg nor this says one: EAL's runtime directory. */
#define HISI_QM_DUMP_DIR_ENV "HISI_RECORDER_DIR"
/** Not empty: dump when a signal ends the process, as rte_pmd_hisi_accel_recorder_on_signal(). */
#define HISI_QM_DUMP_SIGNALS_ENV "HISI_RECORDER_SIGNALS"

/**
 * Queues of a function are about to be closed: where that is because of trouble, write a file if
 * one is due, and say where it is. The caller holds the function's lock.
 *
 * @param qps may have NULLs
 */
void hisi_qm_dump_before_close(struct hisi_qm_qp **qps, uint16_t count);

/**
 * Write a file. The caller holds dev->lock.
 *
 * @param path NULL: into the folder of the dumps, where the oldest of some files is replaced;
 *   otherwise a new file
 * @param written receives its path, may be NULL with 0
 * @return 0; -EEXIST: @p path is there; -errno
 */
int hisi_qm_dump_to(struct hisi_qm_dev *dev, const char *reason, const char *path, char *written,
	size_t written_len);

/** Dump all functions when a signal ends the process. @return 0; -errno */
int hisi_qm_dump_on_signal(void);

/** A function comes and goes. */
void hisi_qm_dump_add(struct hisi_qm_dev *dev);
void hisi_qm_dump_remove(struct hisi_qm_dev *dev);

/* ---- hisi_qm_dump_write.c ---- */

/** What may be told of a queue's descriptors, entries and completions: a mask of bits. */
struct hisi_qm_masks {
	uint8_t sqe[HISI_RECORD_MAX_SQE];
	uint8_t entry[HISI_RECORD_MAX_ENTRY];
	uint8_t cqe[sizeof(struct hisi_record_cqe)];
};

void hisi_qm_dump_masks(const struct hisi_qm_qp *qp, struct hisi_qm_masks *masks);

/**
 * Write the content of a dump. May be called from a signal handler.
 *
 * @param signal number, 0: none
 * @return 0; -errno
 */
int hisi_qm_dump_write(int fd, const struct hisi_qm_dev *dev, const char *reason, int signal);

#endif /* HISI_QM_DUMP_H */
