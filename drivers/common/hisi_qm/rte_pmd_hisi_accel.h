/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef RTE_PMD_HISI_ACCEL_H
#define RTE_PMD_HISI_ACCEL_H

/**
 * @file
 * What the hisi drivers tell beyond compressdev's and cryptodev's API: counters, registers, queues,
 * errors, and resets by hand.
 *
 * A device is named as rte_compressdev_name_get() names it. Functions work in the primary process
 * only, from any thread that may sleep: they take the function's lock, for as long as a mailbox
 * command of the device takes. All return -ENODEV where there is no such device of ours.
 */

#include <stdint.h>

#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of this header: grows with each change of a structure. */
#define RTE_PMD_HISI_ACCEL_VERSION 2

#define RTE_PMD_HISI_ACCEL_NAME_LEN 64

/** What a device is. Strings are constant. */
struct rte_pmd_hisi_accel_info {
	const char *driver;	/**< "compress_hisi_zip" */
	const char *engine;	/**< "ZIP" */
	const char *bus;	/**< "vfio-pci", "vfio-user" */
	const char *version;	/**< of the queue manager: "V3" */
	const char *state;	/**< "starting", "ready", "resetting", "dead", "closed" */
	int is_vf;
	int numa_node;		/**< -1: not known */
	uint32_t hardware_queues; /**< that it may use */
	uint32_t queues;	/**< of them those that are set up */
	uint32_t timeout_ms;
	int replays;		/**< 1: on_error=replay, 0: on_error=report */
	int falls_back;		/**< 1: software does what the chip cannot */
};

/** @return 0; -ENODEV */
__rte_experimental
int rte_pmd_hisi_accel_info_get(const char *device, struct rte_pmd_hisi_accel_info *info);

/** A counter. */
struct rte_pmd_hisi_accel_xstat {
	char name[RTE_PMD_HISI_ACCEL_NAME_LEN];	/**< lower_snake */
	uint64_t value;
};

/**
 * All counters of a device: of the function, of its queues together, of its class.
 *
 * @param xstats receives up to @p size of them; may be NULL with 0
 * @return how many there are; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_xstats_get(const char *device, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size);

/** A register as it was read. */
struct rte_pmd_hisi_accel_reg {
	char name[RTE_PMD_HISI_ACCEL_NAME_LEN];
	uint32_t offset;	/**< in BAR2 */
	uint32_t len;		/**< bytes: 4, 8 or 16 */
	uint32_t value[4];	/**< words, the first one first */
};

/**
 * Read the registers that the function has, those that only take writes left out (qm.md 2).
 *
 * @param regs receives up to @p size of them; NULL with 0: nothing is read
 * @return how many there are; -ENODEV; what the bus says where the device does not answer
 */
__rte_experimental
int rte_pmd_hisi_accel_regs_get(const char *device, struct rte_pmd_hisi_accel_reg *regs,
	unsigned int size);

/** A kind of error that was reported, and how often. */
struct rte_pmd_hisi_accel_error {
	const char *source;	/**< "queue manager", "ZIP", "asynchronous event" */
	uint32_t code;		/**< bit, or type of an event */
	const char *name;
	const char *remedy;	/**< what it means and what to do, a sentence or two */
	uint64_t count;
};

/**
 * Errors that the device reported since it was probed, each kind once.
 *
 * @param errors receives up to @p size of them; may be NULL with 0. Its strings are constant
 * @return how many there are; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_errors_get(const char *device, struct rte_pmd_hisi_accel_error *errors,
	unsigned int size);

/** Mailbox commands that are kept. */
#define RTE_PMD_HISI_ACCEL_MAILBOX_KEPT 64

/** A mailbox command of this function (qm.md 3). */
struct rte_pmd_hisi_accel_mailbox {
	uint64_t tsc;		/**< rte_get_timer_cycles() at its end */
	uint64_t cycles;	/**< that it took, of the same clock */
	const char *command;
	uint16_t queue;
	uint8_t is_get;
	int result;		/**< 0 or a negative errno */
	const char *outcome;	/**< "ok", "refused", ... */
	const char *remedy;	/**< what that means and what to do */
};

/**
 * The last mailbox commands, the oldest first.
 *
 * @param entries receives up to @p size of them, the last ones; may be NULL with 0
 * @return how many are kept; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_mailbox_get(const char *device, struct rte_pmd_hisi_accel_mailbox *entries,
	unsigned int size);

/** A hardware queue that is set up. Indices run freely; the ring's slot is index % depth. */
struct rte_pmd_hisi_accel_queue {
	uint16_t queue;		/**< number in its function */
	uint16_t tag;		/**< of its doorbells; another one after each start */
	const char *type;	/**< "compress", ... */
	const char *state;	/**< "running", "stopping", "quiesced", "dead", "off" */
	uint32_t depth;		/**< entries of its rings */
	uint32_t in_flight;	/**< operations that dequeue has not returned */
	uint32_t tail;		/**< SQEs handed over */
	uint32_t head;		/**< CQEs taken */
	uint32_t released;	/**< slots that may be used again */
	uint64_t doorbells;
	uint64_t full;		/**< enqueue bursts cut short: no free slot */
	uint64_t cq_doorbells;
	uint64_t empty_polls;	/**< dequeue bursts that found nothing, with operations in flight */
	uint64_t timeouts;
	uint64_t bad_cqes;
	uint64_t unordered;	/**< completions out of the order of the ring */
	uint64_t returned;	/**< operations handed back without a completion */
	uint64_t replayed;	/**< operations done again (on_error=replay) */
	uint64_t foreign_enqueues; /**< by another lcore, in a build with -Ddebug_owner=true */
	uint64_t foreign_dequeues;
	uint64_t page_len;	/**< bytes of the pages under its rings, 0: not known */
	int numa_node;		/**< that they were asked for on */
};

/** States of a queue, by their names above. */
#define RTE_PMD_HISI_ACCEL_RUNNING "running"

/**
 * The queues of a device that are set up. What they count is read while they run.
 *
 * @return how many there are; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_queues_get(const char *device, struct rte_pmd_hisi_accel_queue *queues,
	unsigned int size);

/** Takes a line of text, without its end. */
typedef void (*rte_pmd_hisi_accel_line_t)(void *opaque, const char *line);

/**
 * Describe a queue: its indices, its contexts as the device has them, its oldest descriptors.
 *
 * @param line called for each line, with @p opaque, without any lock of the driver's
 * @return 0; -ENOENT: no such queue is set up; -ENODEV; -ENOMEM
 */
__rte_experimental
int rte_pmd_hisi_accel_queue_dump(const char *device, uint16_t queue,
	rte_pmd_hisi_accel_line_t line, void *opaque);

#define RTE_PMD_HISI_ACCEL_LATENCY_BUCKETS 40

/** How long the operations of one type and size took, from their doorbell to dequeue. */
struct rte_pmd_hisi_accel_latency {
	const char *type;	/**< of the queue, as above */
	uint64_t size_from;	/**< bytes of input; 0: chained buffers, of any size */
	uint64_t size_to;	/**< the last size of this class */
	uint64_t ops;		/**< all of them */
	/** Bucket b: those that took [2^b, 2^(b+1)) TSC cycles; the last one all above, too. */
	uint64_t count[RTE_PMD_HISI_ACCEL_LATENCY_BUCKETS];
};

/**
 * How long the operations of the queues that are set up took. Read while they run.
 *
 * @param rows receives up to @p size of them, one for each type and size that there was; may be
 *   NULL with 0
 * @return how many there are; -ENODEV; -ENOMEM
 */
__rte_experimental
int rte_pmd_hisi_accel_latency_get(const char *device, struct rte_pmd_hisi_accel_latency *rows,
	unsigned int size);

/**
 * Write what the flight recorders of a device's queues hold, while they run, into a file that
 * 'dpdk-testacc decode' explains. Bursts go on meanwhile. No key, IV or data is in it, addresses
 * and lengths are.
 *
 * The driver does the same by itself before it stops a queue that is in trouble, unless the devarg
 * recorder is 0.
 *
 * @param path of a new file; NULL: into the folder of the driver's own dumps (devarg recorder_dir,
 *   else HISI_RECORDER_DIR of the environment, else EAL's runtime directory), where the oldest of
 *   some is replaced
 * @param written receives the file's path, up to @p size bytes; may be NULL with 0
 * @return 0; -ENODEV; -EEXIST: @p path is there already; -errno of the file
 */
__rte_experimental
int rte_pmd_hisi_accel_recorder_dump(const char *device, const char *path, char *written,
	unsigned int size);

/**
 * Capture what goes over the message channel of a device's queues, descriptors, completions and
 * doorbells, into a pcap file with times in nanoseconds and link type DLT_USER0. A thread of its
 * own follows the flight recorders; lcores do not wait for it. What it does not get to before it
 * is overwritten is lost, and counted. No key, IV or data is in it, as in a dump.
 *
 * One capture of a process at a time. Queues that are set up meanwhile take part.
 *
 * @param queue number of a hardware queue; -1: all
 * @param path of a new file, which Wireshark reads with devtools/wireshark/hisi_accel.lua
 * @return 0; -ENODEV; -ERANGE: the function has no queue of that number; -EBUSY: a capture runs;
 *   -EEXIST: @p path is there; -ENOTSUP: built without libpcap, or the devarg recorder is 0; -errno
 *   of the file
 */
__rte_experimental
int rte_pmd_hisi_accel_capture_start(const char *device, int queue, const char *path);

/** What a capture wrote. */
struct rte_pmd_hisi_accel_capture {
	uint64_t packets;
	uint64_t lost;	/**< descriptors, completions and bursts that were overwritten before */
};

/**
 * End the capture and close its file.
 *
 * @param counts may be NULL
 * @return 0; -ENOENT: none runs; -EIO: not all of the file could be written
 */
__rte_experimental
int rte_pmd_hisi_accel_capture_stop(struct rte_pmd_hisi_accel_capture *counts);

/**
 * Dump the recorders of all devices, those of later ones too, when a signal ends the process:
 * SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT. Then the signal takes its former course. The same as
 * HISI_RECORDER_SIGNALS=1 in the environment. Of the primary process.
 *
 * @return 0; -errno of sigaction()
 */
__rte_experimental
int rte_pmd_hisi_accel_recorder_on_signal(void);

/**
 * Let nothing into a running queue any more (@p on != 0), or let it in again. What is in flight
 * goes on: once dequeue has returned it the queue is drained. A restart lets in again too.
 *
 * @return 0; -EBUSY: a burst that is under way does not end; -ENOENT; -EAGAIN: it does not run;
 *   -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_queue_hold(const char *device, uint16_t queue, int on);

/**
 * Ask for a stop of a queue and its start with fresh contexts. What the device does not complete
 * before is returned by dequeue with an error, or done again with on_error=replay.
 *
 * Returns at once. The queue runs again, with another tag, once its lcore has called dequeue until
 * nothing was left.
 *
 * @return 0; -ENOENT; -EAGAIN: it does not run; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_queue_reset(const char *device, uint16_t queue);

/**
 * Ask for a reset of the function, as after an error of the device; all its queues restart as
 * above. Returns at once.
 *
 * @return 0; -EAGAIN: it is in a reset, or dead; -ENODEV
 */
__rte_experimental
int rte_pmd_hisi_accel_device_reset(const char *device);

#ifdef __cplusplus
}
#endif

#endif /* RTE_PMD_HISI_ACCEL_H */
