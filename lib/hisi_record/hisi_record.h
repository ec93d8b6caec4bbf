/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_RECORD_H
#define HISI_RECORD_H

/**
 * @file
 * What the flight recorder of a queue holds, in memory and in the file of a dump.
 *
 * Two rings of bursts, those submitted and those completed, and two rings of what they consist of:
 * for each descriptor the words that differ from its queue's template, for each completion its CQE
 * and the result words. Entries have indices that run freely; a burst names the first of its own.
 * All of one queue have the same power of 2 of places, index % entries.
 *
 * Each ring has one writer, which never waits: a reader may be overrun. A burst is published after
 * its entries, and at most `margin` entries are under way unpublished. So what a reader has copied
 * is whole where, counted from how far the writer had come after the copy (struct
 * hisi_record_file_end), a burst's number lies within the last `entries - 1` ones and an entry's
 * index within the last `entries - margin`.
 */

#include "hisi_field.h"

/** What a burst is about. */
enum hisi_record_kind {
	HISI_RECORD_SUBMIT = 1,	/**< descriptors handed over; word: the doorbell */
	HISI_RECORD_COMPLETE,	/**< completions taken, in ring order */
	HISI_RECORD_UNORDERED,	/**< one taken out of ring order; word: its slot */
	HISI_RECORD_ACKNOWLEDGE, /**< CQ doorbell for those below `first`; word: the doorbell */
	HISI_RECORD_REFUSED,	/**< a completion that cannot be; word: upper half of the CQE */
	HISI_RECORD_RETURNED,	/**< operations handed back without a completion */
};

/** One call of a burst function, as far as it is about one queue. */
struct hisi_record_burst {
	uint64_t tsc;
	uint64_t word;
	uint32_t first;		/**< index of its first descriptor, or completion */
	uint32_t count;
	uint32_t kind;		/**< enum hisi_record_kind */
	uint32_t number;	/**< how many there were before it */
};
static_assert(sizeof(struct hisi_record_burst) == 32, "two in a cache line");

/** A completion. The operation is the one in the slot that the CQE names. */
struct hisi_record_cqe {
	uint8_t cqe[16];
	uint8_t result[16];	/**< of the descriptor, from the layout's `result` on */
};
static_assert(sizeof(struct hisi_record_cqe) == 32, "two in a cache line");

#define HISI_RECORD_PIECES 8
/** The longest descriptor, and the longest record of one. */
#define HISI_RECORD_MAX_SQE 128
#define HISI_RECORD_MAX_ENTRY 64

/** Bytes of a descriptor that differ from operation to operation. */
struct hisi_record_piece {
	uint8_t offset;
	uint8_t len;
};

/**
 * What an entry holds of a descriptor: the pieces, one after the other. Everything else of it is as
 * in the template of its queue.
 */
struct hisi_record_layout {
	struct hisi_record_piece pieces[HISI_RECORD_PIECES]; /**< len 0: no more */
	uint8_t entry_len;	/**< of all pieces; a multiple of 16 */
	uint8_t result;		/**< offset of the 16 bytes that the device answers with */
};

/** Copy the pieces of a descriptor into an entry. */
void hisi_record_pack(const struct hisi_record_layout *layout, const void *sqe, void *entry);
/** Put the pieces of an entry into what is a copy of the template. */
void hisi_record_unpack(const struct hisi_record_layout *layout, const void *entry, void *sqe);

/* ---- the file ---- */

#define HISI_RECORD_MAGIC "HISIREC"
#define HISI_RECORD_VERSION 2
/** Limits of what a file may say; a reader refuses more. */
#define HISI_RECORD_MAX_ENTRIES (1U << 17)
#define HISI_RECORD_MAX_QUEUES 1024
#define HISI_RECORD_MAX_FILE (UINT64_C(1) << 30)

/** Begins a file. Little-endian, as all of it. */
struct hisi_record_file {
	char magic[8];		/**< HISI_RECORD_MAGIC and a NUL */
	uint32_t version;	/**< HISI_RECORD_VERSION */
	uint32_t nb_queues;	/**< sections that follow */
	uint64_t tsc_hz;
	uint64_t tsc;		/**< when it was written */
	uint64_t realtime_ns;	/**< the same by the clock of the day */
	uint32_t qm_version;	/**< enum hisi_qm_version */
	uint32_t pid;
	uint16_t is_vf;
	uint16_t signal;	/**< that ended the process, 0: none */
	uint32_t pad;
	char engine[16];	/**< "ZIP" */
	char device[64];
	char reason[96];
};
static_assert(sizeof(struct hisi_record_file) == 232, "the file's own layout");

/** Begins the section of a queue; followed by the four rings and struct hisi_record_file_end. */
struct hisi_record_file_queue {
	uint16_t queue;
	uint16_t tag;
	uint8_t type;		/**< SQC W13 */
	uint8_t state;		/**< enum hisi_record_state */
	uint8_t alarm;		/**< enum hisi_record_alarm */
	uint8_t sqe_len;
	uint32_t depth;
	uint32_t entries;	/**< places of each ring */
	uint32_t margin;	/**< entries that may be under way */
	uint32_t base;		/**< index of the entry in slot 0 of the present lap 0 */
	uint32_t tail;		/**< SQEs handed over since the start */
	uint32_t head;		/**< CQEs taken */
	uint32_t retired;	/**< SQEs completed without a gap */
	uint32_t submitted;	/**< bursts in the ring of those, before it was copied */
	uint32_t completed;
	uint32_t has_entries;	/**< 0: recorder=0, the rings of entries are left out */
	uint32_t pad;
	struct hisi_record_layout layout;
	uint8_t pad2[18];
	uint8_t template[HISI_RECORD_MAX_SQE];
};
static_assert(sizeof(struct hisi_record_file_queue) == 216, "the file's own layout");

/** Ends a section: how far the writers had come when it had been copied. */
struct hisi_record_file_end {
	uint32_t submitted;	/**< bursts */
	uint32_t completed;
	uint32_t sqes;		/**< indices behind the last entries: base + tail, base + head */
	uint32_t cqes;
};

/** States and alarms of a queue as a file has them; the driver's own are the same. */
const char *hisi_record_state_name(uint8_t state);
const char *hisi_record_alarm_name(uint8_t alarm);

#endif /* HISI_RECORD_H */
