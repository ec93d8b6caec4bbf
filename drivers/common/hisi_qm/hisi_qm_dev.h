/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_DEV_H
#define HISI_QM_DEV_H

/**
 * @file
 * The life of a function: probe, bring-up, queues, events, quiesce, reset, close.
 *
 * What a class (compress/hisi_zip, ...) includes of this folder: this header, hisi_qm_qp.h,
 * hisi_qm_devargs.h, hisi_qm_compat.h. Threading: open, close and queue creation are control path
 * and serialised by the class's library (rte_compressdev, rte_cryptodev); the control thread of
 * this layer runs beside them under the function's lock.
 */

#include <sys/queue.h>

#include <rte_dev.h>
#include <rte_spinlock.h>

#include "hisi_qm_bus.h"
#include "hisi_qm_caps.h"
#include "hisi_qm_ifc.h"
#include "hisi_qm_log.h"
#include "hisi_qm_mailbox.h"
#include "hisi_qm_pair.h"
#include "hisi_qm_qp.h"

/** What becomes of operations that the device had when it was stopped or reset. */
enum hisi_qm_on_error {
	HISI_QM_ON_ERROR_REPORT,	/**< returned with an error */
	HISI_QM_ON_ERROR_REPLAY,	/**< given to it again where that is right */
};

/** Environment that a devargs string gives (hisi_qm_devargs.c). */
struct hisi_qm_devargs {
	char socket[108];	/**< vdev: socket of the device model */
	uint32_t reconnect;	/**< vdev: seconds to wait for a lost server, 0: do not */
	uint32_t timeout_ms;	/**< without progress for so long a queue is looked after */
	uint32_t queues;	/**< PF: hardware queues to claim, 0 = all that remain */
	uint32_t vfs;		/**< PF: VFs to give queues to, 0..63 */
	uint32_t vf_queues;	/**< PF: hardware queues of each of them, 0 with vfs = 0 */
	enum hisi_qm_on_error on_error;
	uint32_t fallback;	/**< 1: software does what the chip cannot, 0: refuse it */
	uint32_t recorder;	/**< descriptors that a queue's recorder keeps, 0: none */
	char recorder_dir[256];	/**< folder of its dumps, empty: hisi_qm_dump.h */
};

/**
 * One step of an engine's register bring-up: new = (old & ~clear) | set, PF only.
 *
 * With clear = all ones the register is not read. With poll_us nothing is written: the register is
 * waited for so long, until its bits under clear are set.
 */
struct hisi_qm_reg_step {
	uint32_t offset;
	uint32_t clear;
	uint32_t set;
	uint8_t min_version;	/**< enum hisi_qm_version, 0 = all */
	uint8_t set_from;	/**< 0, or what the engine's value() adds to set */
	uint8_t max_version;	/**< the same, the last that it holds for */
	uint32_t poll_us;
};

/** A register that gets one value. */
#define HISI_QM_REG_WRITE(offset, value) { offset, UINT32_MAX, value }

/** Steps that all engines begin with: how the queue manager is to access memory (qm.md 6.2). */
#define HISI_QM_REG_USER_DOMAIN \
	HISI_QM_REG_WRITE(HISI_QM_ARUSER_M_CFG_1, HISI_QM_AXI_USER_BASE), \
	HISI_QM_REG_WRITE(HISI_QM_ARUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL), \
	HISI_QM_REG_WRITE(HISI_QM_AWUSER_M_CFG_1, HISI_QM_AXI_USER_BASE), \
	HISI_QM_REG_WRITE(HISI_QM_AWUSER_M_CFG_ENABLE, HISI_QM_AXUSER_ENABLE_ALL), \
	HISI_QM_REG_WRITE(HISI_QM_WUSER_M_CFG_ENABLE, UINT32_MAX), \
	HISI_QM_REG_WRITE(HISI_QM_AXI_M_CFG, HISI_QM_AXI_M_CFG_VALUE), \
	HISI_QM_REG_WRITE(HISI_QM_AXI_M_CFG_ENABLE, UINT32_MAX), \
	HISI_QM_REG_WRITE(HISI_QM_PEH_AXUSER_CFG, HISI_QM_PEH_AXUSER_VALUE), \
	HISI_QM_REG_WRITE(HISI_QM_PEH_AXUSER_CFG_ENABLE, UINT32_MAX)

struct hisi_hw_field;
struct hisi_hw_reg;
struct hisi_qm_dev;
struct rte_pci_device;

/**
 * What the life of a function needs to know of its engine. All const. Its address is that of one
 * process: shared structures point to it for the primary only.
 */
struct hisi_qm_engine {
	const char *name;	/**< "zip": for messages */
	const char *driver;	/**< "compress_hisi_zip" */
	uint16_t pf_id;
	uint16_t vf_id;
	const struct hisi_cap_word *caps; /**< capability words of the engine */
	uint8_t nb_caps;		/**< at most HISI_QM_MAX_ENGINE_CAPS */
	/* Words among caps that the QM layer itself needs (qm.md 2.2). */
	uint8_t cap_qm_nfe, cap_qm_reset, cap_qm_ce, cap_nfe, cap_reset;
	const struct hisi_qm_reg_step *init; /**< user domain, cache, cores (qm.md 6.2 12-13) */
	uint8_t nb_init;
	const struct hisi_qm_reg_step *ras; /**< error enable of the engine */
	uint8_t nb_ras;
	const struct hisi_qm_reg_step *ras_rearm; /**< after an error that needs no reset */
	uint8_t nb_ras_rearm;
	const struct hisi_qm_reg_step *ras_off;	/**< at the end */
	uint8_t nb_ras_off;
	/** Value that a step with set_from = which, never 0, wants from the capability words. */
	uint32_t (*value)(const struct hisi_qm_dev *dev, uint8_t which);
	uint32_t shaper_rates;	/**< HISI_QM_SHAPER_CFG of this engine */
	uint32_t err_status_reg; /**< PF: the engine's own error status */
	uint32_t err_source_reg; /**< PF: its source, write 1 to clear */
	uint32_t err_nfe_reg;	/**< PF: which errors it reports (cap_nfe) */
	const char *(*err_name)(uint64_t bit);
	const char *(*err_remedy)(uint64_t bit);
	const char *err_section;	/**< of the hardware reference, which explains them */
	const char *(*type_name)(uint64_t type);	/**< of a queue, SQC W13 */
	const struct hisi_hw_field *sqe_fields;	/**< NULL: descriptors are not shown */
	const struct hisi_hw_field *sqe_fields_v2; /**< of V2, NULL: the same */
	const struct hisi_hw_reg *regs;	/**< names of the engine's own registers */
	const struct hisi_record_layout *record; /**< NULL: descriptors are not recorded */
	const struct hisi_record_layout *record_v2; /**< of V2, NULL: the same */
};

#define HISI_QM_MAX_ENGINE_CAPS 24

/** State of a function; bring-up walks the table in hisi_qm_bringup.c. */
enum hisi_qm_dev_state {
	HISI_QM_DEV_CLOSED,
	HISI_QM_DEV_STARTING,
	HISI_QM_DEV_READY,
	HISI_QM_DEV_RESETTING,
	HISI_QM_DEV_DEAD,
};

/** DMA memory of a function besides its rings: contexts and event queues. */
struct hisi_qm_dev_dma {
	void *mem;		/**< one allocation */
	size_t len;		/**< bytes of it */
	void *context;		/**< HISI_QM_CONTEXT_LEN bytes that a mailbox command refers to */
	uint32_t *eq;
	uint32_t *aeq;
	void *sqc_table;
	void *cqc_table;
};

/** A ring of event entries and where we are in it. */
struct hisi_qm_event_ring {
	uint32_t *ring;
	uint32_t depth;
	uint32_t head;		/**< next entry */
	uint8_t phase;		/**< expected */
};

/** Counters of a function, control path. */
struct hisi_qm_dev_stats {
	uint64_t mailbox_commands;
	uint64_t mailbox_busy;
	uint64_t mailbox_errors;
	uint64_t interrupts[HISI_QM_MAX_VECTORS];
	uint64_t events;
	uint64_t async_events;
	uint64_t hardware_errors;	/**< error bits that were seen set */
	uint64_t resets;
	uint64_t queue_stops;
	uint64_t messages_sent;		/**< between PF and VFs (hisi_qm_ifc.h) */
	uint64_t messages_received;
	uint64_t messages_unknown;
	uint64_t losses;		/**< connections that ended, vdev */
	uint64_t reconnects;		/**< of these, functions that work again */
};

/**
 * Something went wrong with a function: a queue was stopped, it was reset, lost or given up, or it
 * reported an error. Called by the control thread, which serves no function meanwhile.
 */
typedef void (*hisi_qm_trouble_t)(void *opaque);

/** A mailbox command that has ended (rte_pmd_hisi_accel_mailbox_get()). */
struct hisi_qm_mailbox_note {
	uint64_t tsc;
	uint64_t cycles;
	uint16_t queue;
	uint8_t command;
	bool is_get;
	int result;
};

#define HISI_QM_MAILBOX_NOTES 64

/** Errors that the device reported, by bit or type (rte_pmd_hisi_accel_errors_get()). */
struct hisi_qm_errors_seen {
	uint64_t qm[32];
	uint64_t engine[32];
	uint64_t events[16];	/**< the last: all types from there on */
};

/**
 * A function, in memory that secondary processes share. engine and bus are the primary's own.
 */
struct hisi_qm_dev {
	char name[RTE_DEV_NAME_MAX_LEN];
	const struct hisi_qm_engine *engine;
	struct hisi_qm_bus *bus;
	struct hisi_qm_devargs args;
	enum hisi_qm_version version;
	bool is_vf;
	bool is_isolated;	/**< a page of doorbells for each queue (qm.md 4.2) */
	uint8_t state;		/**< enum hisi_qm_dev_state */
	uint16_t nb_queues;	/**< hardware queues of this function */
	uint16_t max_queues;	/**< those of them that have a doorbell */
	void *doorbells;	/**< where all processes have the doorbells mapped, NULL: nowhere */
	uint64_t doorbells_len;
	uint64_t share_id;	/**< what secondary processes ask for it by */
	int numa_node;		/**< of the device, -1: unknown */
	bool numa_told;
	uint32_t caps[HISI_QM_CAP_COUNT];
	uint32_t engine_caps[HISI_QM_MAX_ENGINE_CAPS];
	uint32_t capability_158; /**< HISI_QM_CAPABILITY, PF */
	struct hisi_qm_dev_dma dma;
	struct hisi_qm_event_ring eq;
	struct hisi_qm_event_ring aeq;
	struct hisi_qm_qp **qps; /**< nb_qps pointers, NULL: free */
	uint16_t nb_qps;
	bool told;		/**< why the present step of bring-up fails */
	bool depth_told;	/**< said once that rings are not as deep as asked for */
	rte_spinlock_t lock;	/**< mailbox, qps and state; taken by hisi_qm_dev_lock() only */
	struct hisi_qm_dev_stats stats;

	/* The control thread's (hisi_qm_monitor.c). */
	TAILQ_ENTRY(hisi_qm_dev) next;
	bool served;		/**< the thread is working on it just now */
	bool leaving;		/**< it must not pick it up again */
	bool silent;		/**< the peer owes a reply; said so once */
	bool owed;		/**< it is silent with a request of ours unanswered */
	uint64_t lost_tsc;	/**< since when its connection is lost, 0: it is not */
	bool unrecognised;	/**< there is a new one, to nobody knows what */
	uint64_t absent_tsc;	/**< since when its registers are not there, 0: they are */
	uint8_t retry;		/**< looks to let pass before the next attempt */
	uint8_t failures;	/**< resets and restarts that failed since it last worked */
	uint64_t failed_tsc;	/**< when the last of them did */
	bool is_starved;	/**< waits, and nothing has completed since the last reset */
	uint32_t vain_resets;	/**< resets in a row that found it so */
	uint64_t vain_tsc;	/**< of the reset before these */
	uint64_t reset_tsc;	/**< of the last reset in recovery, 0: none */
	uint64_t moved_tsc;	/**< when completions were last seen to have been taken */
	bool eq_overflow;	/**< events were lost: the function needs a reset */
	bool is_revoked;	/**< nothing of ours is in its reach, though it was not reset */
	bool reset_wanted;	/**< somebody asked for one (rte_pmd_hisi_accel.h) */
	uint16_t held;		/**< calls of rte_pmd_hisi_accel.h that are inside */
	/* The primary's, NULL: none. */
	const struct hisi_qm_counters *counters;
	struct hisi_qm_pair *const *pairs; /**< which these are of */
	hisi_qm_trouble_t trouble;
	void *trouble_opaque;
	uint64_t troubles_told;	/**< sum of what counts as trouble, when it was told last */
	struct hisi_qm_errors_seen seen;
	uint64_t nb_notes;	/**< mailbox commands so far; the last are in notes */
	struct hisi_qm_mailbox_note notes[HISI_QM_MAILBOX_NOTES];
	struct hisi_qm_log_limit event_lines;
	struct hisi_qm_log_limit error_lines;
	struct hisi_qm_log_limit recovery_lines;
	struct hisi_qm_ifc ifc;
	uint64_t ras_seen;	/**< abnormal interrupts that were looked into */
	/* Dumps of the flight recorder (hisi_qm_dump.h). */
	uint64_t tsc_hz;
	uint64_t dumped_tsc;	/**< when the last trouble was dumped, 0: never */
	int dump_dir;		/**< descriptor of their folder for signals, negative: none */
	bool dump_told;		/**< said once that none can be written */
};

/* ---- for classes ---- */

/**
 * Bring a function up over an open bus and hand it to the control thread.
 *
 * @param bus becomes the function's, also on failure
 * @param numa_node of the device, negative: unknown
 * @return 0 and *out is owned by the caller; -errno after one message
 */
int hisi_qm_dev_open(const char *name, const struct hisi_qm_engine *engine,
	const struct hisi_qm_devargs *args, struct hisi_qm_bus *bus, int numa_node,
	struct hisi_qm_dev **out);

/** Stop, reset, release. All queues must have been destroyed. NULL allowed. */
void hisi_qm_dev_close(struct hisi_qm_dev *dev);

/**
 * What the class counts, from now on; NULL before it goes. Waits for who asks just now.
 *
 * @param pairs the list of its queue pairs
 */
void hisi_qm_dev_set_counters(struct hisi_qm_dev *dev, const struct hisi_qm_counters *counters,
	struct hisi_qm_pair *const *pairs);

/** Whom to tell of trouble, from now on; NULL before it goes. Waits while it is being told. */
void hisi_qm_dev_set_trouble(struct hisi_qm_dev *dev, hisi_qm_trouble_t trouble, void *opaque);

/**
 * Make a function's queues usable in a secondary process, on the vfio-user bus.
 *
 * Asks the primary for the doorbells and maps them where it has them.
 *
 * @param dev in shared memory
 * @return 0 or -errno after one message
 */
int hisi_qm_dev_attach(struct hisi_qm_dev *dev);

/** Undo hisi_qm_dev_attach(). */
void hisi_qm_dev_detach(struct hisi_qm_dev *dev);

/**
 * Open the vfio-user bus of a vdev (design: the model's socket).
 *
 * Maps all memory of EAL into the device and follows its growth and shrinking.
 *
 * @param name device name, copied
 * @return 0 or -errno after one message
 */
int hisi_qm_bus_vdev_open(const char *name, const struct hisi_qm_engine *engine,
	const struct hisi_qm_devargs *args, struct hisi_qm_bus **out);

/**
 * Can this function be driven over the PCI bus? Bound to vfio-pci, IOVA as VA.
 *
 * @return 0; 1: not bound to vfio-pci, and nobody asked for it by name; -errno after one message
 */
int hisi_qm_bus_pci_check(const struct rte_pci_device *device);

/**
 * Open the vfio-pci bus of a function that hisi_qm_bus_pci_check() accepted.
 *
 * EAL maps its BARs here, and unmaps them when the bus is closed. Memory is EAL's business: its
 * vfio maps everything, with IOVA = VA, and follows growth and shrinking.
 *
 * @param device must outlive the bus
 * @return 0 or -errno after one message
 */
int hisi_qm_bus_pci_open(struct rte_pci_device *device, struct hisi_qm_bus **out);

/**
 * Secondary process: map the BARs of a function that the primary drives, where it has them.
 *
 * @param dev the primary's, in shared memory
 * @return 0 or -errno after one message
 */
int hisi_qm_bus_pci_attach(struct rte_pci_device *device, struct hisi_qm_dev *dev);

/** Undo hisi_qm_bus_pci_attach(). */
void hisi_qm_bus_pci_detach(struct rte_pci_device *device, struct hisi_qm_dev *dev);

/**
 * Show memory of the application's own to the device (rte_dev_dma_map).
 *
 * On the vfio-user bus that is memory mapped MAP_SHARED from a file that can be opened again.
 *
 * @param addr start, page aligned
 * @param iova device address that descriptors will name
 * @param len bytes, a multiple of the page size
 * @return 0; -ENOTSUP: not such memory, said why; -errno
 */
int hisi_qm_dev_dma_map(struct hisi_qm_dev *dev, void *addr, uint64_t iova, size_t len);

/**
 * Take it away again, one range or several, each as it was mapped: after 0 the device no longer
 * reaches it.
 *
 * @return 0; -EINVAL: nothing of it was mapped; -ENOTSUP: a part of a range; -errno
 */
int hisi_qm_dev_dma_unmap(struct hisi_qm_dev *dev, void *addr, uint64_t iova, size_t len);

/**
 * Does this process run the DPDK release line that the drivers were built for?
 *
 * @param runtime rte_version() of the process
 * @return 0; -ENOTSUP after one message
 */
int hisi_qm_check_release(const char *name, const char *runtime);

/** Word @p cap of the engine, from the register or the generation's constant. */
static inline uint32_t
hisi_qm_engine_cap(const struct hisi_qm_dev *dev, uint8_t cap)
{
	return dev->engine_caps[cap];
}

/** Names of a descriptor's fields in this generation, NULL: none are shown. */
static inline const struct hisi_hw_field *
hisi_qm_engine_sqe_fields(const struct hisi_qm_dev *dev)
{
	const struct hisi_qm_engine *engine = dev->engine;

	return dev->version < HISI_QM_V3 && engine->sqe_fields_v2 != NULL ?
		engine->sqe_fields_v2 : engine->sqe_fields;
}

/** What the recorder keeps of a descriptor in this generation, NULL: nothing. */
static inline const struct hisi_record_layout *
hisi_qm_engine_record(const struct hisi_qm_dev *dev)
{
	const struct hisi_qm_engine *engine = dev->engine;

	return dev->version < HISI_QM_V3 && engine->record_v2 != NULL ? engine->record_v2 :
		engine->record;
}

/** Device address of @p ptr. IOVA = VA throughout: the buses refuse any other mode. */
static inline uint64_t
hisi_qm_iova(const void *ptr)
{
	return (uintptr_t)ptr;
}

/* ---- inside common/hisi_qm ---- */

/** 32-bit register access; 0 or -errno. */
int hisi_qm_reg_read(struct hisi_qm_dev *dev, uint32_t offset, uint32_t *value);
int hisi_qm_reg_write(struct hisi_qm_dev *dev, uint32_t offset, uint32_t value);
/**
 * Poll until (register & mask) == want.
 *
 * @return 0; -ETIME after @p timeout_us, one message: the device answers, but not as wanted. The
 *   -ETIMEDOUT of a bus says that nobody answers at all.
 */
int hisi_qm_reg_poll(struct hisi_qm_dev *dev, uint32_t offset, uint32_t mask, uint32_t want,
	uint32_t timeout_us);
/** new = (old & ~clear) | set; with clear = all ones the register is not read. 0 or -errno. */
int hisi_qm_reg_modify(struct hisi_qm_dev *dev, uint32_t offset, uint32_t clear, uint32_t set);
/** Run the steps that are for this generation, in order, until one fails. */
int hisi_qm_reg_run_steps(struct hisi_qm_dev *dev, const struct hisi_qm_reg_step *steps,
	uint8_t count);

/**
 * Run a mailbox command (qm.md 3.4). The caller holds dev->lock or is alone.
 *
 * @param base DMA address, or NULL-like 0
 * @param data receives DW1/DW2 of the answer, may be NULL
 * @return 0; -EBUSY: the engine never became free; -ETIME: it did not end the command; -EIO: status
 *   not 0 or another command's answer; -ETIMEDOUT, -ENODEV from the bus
 */
int hisi_qm_mailbox_run(struct hisi_qm_dev *dev, enum hisi_qm_mailbox_command command, bool get,
	uint16_t queue, uint64_t base, uint64_t *data);

/** How a mailbox command ended. */
struct hisi_qm_mailbox_result {
	int result;		/**< 0 or -errno, 1: any other */
	const char *name;	/**< lower_snake */
	const char *remedy;	/**< what it means and what to do */
};

/** Name of a result of hisi_qm_mailbox_run() and of its note. Never NULL. */
const struct hisi_qm_mailbox_result *hisi_qm_mailbox_result_get(int result);

/** The function's lock, for the control path: waiting for it may take seconds, and sleeps. */
void hisi_qm_dev_lock(struct hisi_qm_dev *dev);
void hisi_qm_dev_unlock(struct hisi_qm_dev *dev);

/** Reset the function and switch bus mastering on again. @return 0 or -errno, no message */
int hisi_qm_dev_reset(struct hisi_qm_dev *dev);
/**
 * Is what the bus found anew the function that was lost: engine, version, PF or VF?
 *
 * @return 0; -ENODEV: it is gone again; others after one message
 */
int hisi_qm_dev_recognise(struct hisi_qm_dev *dev);
/** Walk the bring-up table from the start. Assumes no register content. */
int hisi_qm_bringup(struct hisi_qm_dev *dev);
/**
 * Is the function still as bring-up left it? On a bus where others can reset it (sysfs, an error of
 * the link) nobody tells. The caller holds dev->lock.
 *
 * @return 0; -ESTALE after one message: it was reset; other -errno
 */
int hisi_qm_bringup_check(struct hisi_qm_dev *dev);
/** Quiet the device before memory goes (qm.md 6.7). Errors are of no consequence. */
void hisi_qm_teardown(struct hisi_qm_dev *dev);
/** Write one VFT entry (qm.md 6.3). @param address HISI_QM_VFT_ADDRESS_* */
int hisi_qm_vft_write(struct hisi_qm_dev *dev, uint32_t address, enum hisi_qm_vft_type type,
	uint64_t entry);
/**
 * PF: claim queues from 0 on, as many as asked for or all that the VFs do not get, and give each VF
 * of devargs its own after them; sets nb_queues. @return -EINVAL: not so many, said so
 */
int hisi_qm_vft_give_all(struct hisi_qm_dev *dev);
/** PF: take every queue away, its own and those of its VFs. */
void hisi_qm_vft_take_all(struct hisi_qm_dev *dev);
/** VF: learn how many queues the PF gave it; sets nb_queues. @return -ENXIO: none, said so */
int hisi_qm_vft_read_own(struct hisi_qm_dev *dev);

/** Take and name events of EQ and AEQ. The caller holds dev->lock. */
void hisi_qm_event_service(struct hisi_qm_dev *dev);
/** Tell the device the new head of EQ or AEQ; clears the interrupt source as well (qm.md 4.4). */
int hisi_qm_event_doorbell(struct hisi_qm_dev *dev, enum hisi_qm_doorbell_command command,
	uint32_t head);
/** Fresh rings before EQC and AEQC are set. */
void hisi_qm_event_reset(struct hisi_qm_dev *dev);
/** Abnormal interrupts so far, 0 of a VF. */
uint64_t hisi_qm_ras_interrupts(const struct hisi_qm_dev *dev);
/** PF: name error bits that are set, clear them. @return true: the function needs a reset. */
bool hisi_qm_ras_service(struct hisi_qm_dev *dev);
/** PF: no error reports any more, of queue manager and engine. */
void hisi_qm_ras_stop(struct hisi_qm_dev *dev);

/** Serve, and no longer serve, secondaries that attach. A failure is of no other consequence. */
void hisi_qm_share_start(struct hisi_qm_dev *dev);
void hisi_qm_share_stop(struct hisi_qm_dev *dev);

/**
 * In a secondary: tell the primary that this process uses the function from now on.
 *
 * @param fd receives the descriptor of the doorbells, the caller's; -1: the bus has none
 * @return 0; -ENODEV: the primary has no such function any more; -errno
 */
int hisi_qm_share_join(const struct hisi_qm_dev *dev, int *fd);
/** And that it does so no longer. */
void hisi_qm_share_leave(const struct hisi_qm_dev *dev);

/** Secondaries map doorbells that have changed. One message if one of them does not answer. */
void hisi_qm_share_renew(struct hisi_qm_dev *dev);

/** Start and stop the control thread's interest in a function. */
int hisi_qm_monitor_add(struct hisi_qm_dev *dev);
void hisi_qm_monitor_remove(struct hisi_qm_dev *dev);

/** The function of that name, which is not closed before its release; NULL: there is none. */
struct hisi_qm_dev *hisi_qm_monitor_hold(const char *name);
void hisi_qm_monitor_release(struct hisi_qm_dev *dev);
/** Name of function @p index of a driver in this process. @return false: there are not so many */
bool hisi_qm_monitor_name(const char *driver, unsigned int index, char *name, size_t len);

/** Let the control thread look at its functions now. From any thread; one write(2). */
void hisi_qm_monitor_wake(void);

/** For hisi_qm_reconnect.c: the device can write nothing any more, closed queues are handed out. */
void hisi_qm_recover_all_quiet(struct hisi_qm_dev *dev);
/** Operations that have not come back, of all queues. */
uint32_t hisi_qm_recover_in_flight(struct hisi_qm_dev *dev);
/**
 * A device that answers and does not do it.
 *
 * @return true: it is to be tried again, said so; false: often enough
 */
bool hisi_qm_give_up_not_yet(struct hisi_qm_dev *dev, int error, const char *what);
/** After that: the function is dead, with one message about @p what and the registers. */
void hisi_qm_give_up(struct hisi_qm_dev *dev, int error, const char *what);

/**
 * The same when nothing completes though all of it succeeds (hisi_qm_give_up.c). Before anything is
 * done about a function that is READY: what does it wait for?
 */
void hisi_qm_give_up_look(struct hisi_qm_dev *dev);
/** A queue runs again. */
void hisi_qm_give_up_note_restart(struct hisi_qm_qp *qp);
/** Is it in vain to stop that queue once more? Then a reset it is. */
bool hisi_qm_give_up_stopping(struct hisi_qm_qp *qp);
/** After a reset: were there too many in vain? @return true: the function is dead, said so */
bool hisi_qm_give_up_resetting(struct hisi_qm_dev *dev);

/** The function is dead, with one message: @p why, what to do, @p if_that_fails. */
void hisi_qm_recover_end(struct hisi_qm_dev *dev, const char *why, const char *if_that_fails);

/**
 * The function is not there: if that is a lost connection, look for its server again. The caller
 * holds dev->lock.
 *
 * @return true: that is being done, or was done in vain and the function is dead; false: it is no
 *   such loss
 */
bool hisi_qm_reconnect_follow(struct hisi_qm_dev *dev);
/** Before its reset: is it the function that was lost? @return as hisi_qm_dev_recognise() */
int hisi_qm_reconnect_check(struct hisi_qm_dev *dev);
/** The function works again. */
void hisi_qm_reconnect_end(struct hisi_qm_dev *dev);

/**
 * One look of the control thread at a function (hisi_qm_recover.c).
 *
 * @return true: it is in trouble, look again soon
 */
bool hisi_qm_recover_service(struct hisi_qm_dev *dev);
/**
 * The kernel wants the function back: quiesce it and hand out what is in flight. The caller holds
 * dev->lock. Without success the function is as one that fails to reset.
 */
void hisi_qm_recover_give_back(struct hisi_qm_dev *dev);
/** What the kernel has said about the function, if anything. */
void hisi_qm_request_service(struct hisi_qm_dev *dev);
/** Tell the application to remove the device, by RTE_DEV_EVENT_REMOVE. Never waits. */
void hisi_qm_request_removal(const struct hisi_qm_dev *dev);
/** The device is gone: every queue becomes DEAD. */
void hisi_qm_recover_die(struct hisi_qm_dev *dev, const char *why);

#endif /* HISI_QM_DEV_H */
