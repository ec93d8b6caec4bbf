/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FAKE_BUS_H
#define FAKE_BUS_H

/**
 * @file
 * A bus whose other end is this file: a register file with the few registers that answer, a
 * mailbox, the contexts that were handed to it, and errors on demand. What was accessed is kept
 * in order.
 *
 * Written from qm.md, without a line of the device model: the unit tests of the drivers judge the
 * drivers alone. May be called from the control thread and from the test.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <hisi_qm_bus.h>
#include <hisi_qm_context.h>
#include <hisi_qm_mailbox.h>

#define FAKE_QUEUES 8
#define FAKE_LOG_LEN 4096
#define FAKE_RULES 8
#define FAKE_CAP_WORDS 24
#define FAKE_ANY UINT32_MAX

enum fake_kind {
	FAKE_CONFIG_READ,
	FAKE_CONFIG_WRITE,
	FAKE_READ,
	FAKE_WRITE,
	FAKE_RESET,
	FAKE_PING,
	FAKE_REVOKE,
};

/** An access; of 16 bytes the first 4 (mailbox: command, queue) are the value. */
struct fake_access {
	enum fake_kind kind;
	uint32_t offset;
	uint32_t len;
	uint64_t value;
};

/** An access that fails: the next @p times ones of that kind and offset return @p error. */
struct fake_fault {
	enum fake_kind kind;
	uint32_t offset;	/**< FAKE_ANY: of any */
	uint32_t times;
	int error;
};

enum fake_mailbox_act {
	FAKE_MB_STATUS,		/**< not done, status @p value (qm.md 3.1) */
	/** Another function's answer instead: 0 CQC of 0x77, 1 same command, 2 same queue. */
	FAKE_MB_OTHERS,
	FAKE_MB_OTHERS_DATA,	/**< done, but DW1 and DW2 are another function's: @p value and 0 */
	FAKE_MB_NO_CONTEXT,	/**< done, but a get has written nothing */
	FAKE_MB_NEVER,		/**< stays busy until the rule is taken back */
	FAKE_MB_ALL_ONES,	/**< the function has left the bus */
};

/** What becomes of the next @p times mailbox commands @p command. */
struct fake_mailbox_rule {
	uint32_t command;	/**< FAKE_ANY: of any */
	enum fake_mailbox_act act;
	uint32_t times;
	uint32_t value;
};

/** What the device knows of a queue. */
struct fake_queue {
	struct hisi_qm_sqc sqc;
	struct hisi_qm_cqc cqc;
	bool running;		/**< both contexts are set, not stopped */
	uint32_t starts;
	uint32_t stops;
	uint32_t closes;	/**< contexts with the close bit */
	uint32_t fetched;	/**< SQEs taken by doorbell, free-running */
	uint32_t posted;	/**< CQEs written, free-running */
	uint32_t acked;		/**< CQEs acknowledged, free-running */
};

struct fake_bus {
	struct hisi_qm_bus bus;	/**< first: the driver's handle is this structure */
	pthread_mutex_t lock;	/**< recursive */
	uint8_t config[256];
	uint8_t *bar;		/**< HISI_QM_BAR_LEN_PF bytes */
	uint64_t slots[FAKE_QUEUES][16] __attribute__((aligned(128)));
	struct fake_queue queues[FAKE_QUEUES];
	struct hisi_qm_eqc eqc;
	struct hisi_qm_eqc aeqc;
	uint64_t sqc_table;
	uint64_t cqc_table;
	uint64_t vft[64];	/**< SQC entries, kept over a reset (whether so: qm.md 10, 1) */
	uint64_t vft_entry;	/**< what mailbox command 6 returns */
	uint32_t caps[FAKE_CAP_WORDS]; /**< words 0x3100 on, after a reset */
	uint32_t capability;	/**< 0x100158 after a reset */
	uint32_t iso_cfg;	/**< register 0x30 after a reset */
	bool isolated;		/**< what the driver told the bus */
	int isolate_result;	/**< of telling it that they are */
	uint64_t message;	/**< what mailbox command 0xd returns */
	uint64_t sent[8];	/**< messages sent by 0xc, or by the registers of V4 */
	uint16_t sent_to[8];	/**< queue of the mailbox then, 0 for registers */
	uint32_t nb_sent;
	uint32_t rings;		/**< of the other side, by 0x2c or 0x100130 */
	/** Called when the driver has sent a message and rung, with the lock held; NULL: nobody. */
	void (*on_message)(struct fake_bus *fake, uint64_t message);
	bool memory_init_hangs;
	bool vft_hangs;
	uint32_t busy_reads;	/**< so many mailbox reads show another function's command */
	int alive_result;
	int ping_result;
	int reset_result;
	int revoke_result;
	int reconnect_result;
	uint32_t reconnect_calls;
	bool revoked;		/**< all memory was taken from the device */
	bool closed;
	/** Called after each mailbox command, with the lock held. */
	void (*on_mailbox)(struct fake_bus *fake, uint32_t command, void *opaque);
	void *opaque;
	struct fake_fault faults[FAKE_RULES];
	struct fake_mailbox_rule rules[FAKE_RULES];
	struct fake_access log[FAKE_LOG_LEN];
	uint32_t log_len;	/**< accesses so far; more than fit are counted only */
};

/** A V3 ZIP function, PF or VF of FAKE_QUEUES queues. */
void fake_bus_init(struct fake_bus *fake, bool is_vf);
void fake_bus_fini(struct fake_bus *fake);

/** Registers as the device has them, beside the bus. */
uint32_t fake_reg_get(struct fake_bus *fake, uint32_t offset);
void fake_reg_set(struct fake_bus *fake, uint32_t offset, uint32_t value);

void fake_fail(struct fake_bus *fake, enum fake_kind kind, uint32_t offset, uint32_t times,
	int error);
void fake_mailbox_rule(struct fake_bus *fake, uint32_t command, enum fake_mailbox_act act,
	uint32_t times, uint32_t value);
/** Let a message arrive: of function @p source (0: the PF), with an interrupt. */
void fake_message(struct fake_bus *fake, uint16_t source, uint64_t message);

/** Take back all faults and rules. */
void fake_behave(struct fake_bus *fake);

void fake_log_forget(struct fake_bus *fake);
/** Accesses of @p kind at @p offset (FAKE_ANY: anywhere) since the log was forgotten. */
uint32_t fake_log_count(struct fake_bus *fake, enum fake_kind kind, uint32_t offset);
/** Mailbox commands among them. */
uint32_t fake_log_commands(struct fake_bus *fake, uint32_t command);

#endif /* FAKE_BUS_H */
