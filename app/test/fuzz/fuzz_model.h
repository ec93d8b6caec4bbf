/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

/**
 * @file
 * A device model with clients that have no socket, and memory in which every stray byte is seen:
 * areas with different rights, guards between them, a copy of how it all was before.
 */

#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <hisi_zip_sqe.h>
#include <model_device.h>
#include <model_function.h>

#include "fuzz.h"

#define FUZZ_PAGE 4096u

/** Areas of client memory, each between two guard pages that no map contains. */
enum fuzz_area {
	FUZZ_AREA_RINGS,	/**< rings and contexts: fuzz_ring_offset */
	FUZZ_AREA_READ,		/**< the device may read */
	FUZZ_AREA_WRITE,	/**< the device may write */
	FUZZ_AREA_BOTH,
	FUZZ_AREA_SPLIT,	/**< one run of device addresses, its pages in reverse order here */
	FUZZ_AREA_TABLES,	/**< scatter-gather lists */
	FUZZ_AREA_TOP,		/**< the last page of the address space */
	FUZZ_AREA_LARGE,	/**< larger than any buffer of the model's own */
	FUZZ_AREAS,
};

#define FUZZ_LARGE_LEN (1u << 20)

/** Where things lie in FUZZ_AREA_RINGS; @p qn is 0 or 1. */
#define FUZZ_SQ_OFFSET(qn) ((qn) * FUZZ_PAGE)
#define FUZZ_CQ_OFFSET(qn) (2 * FUZZ_PAGE + (qn) * FUZZ_PAGE)
#define FUZZ_CONTEXT_OFFSET (4 * FUZZ_PAGE)
#define FUZZ_EVENT_OFFSET (5 * FUZZ_PAGE)
#define FUZZ_DEPTH 16u
#define FUZZ_TAG 0x5a17

/** Client memory. One per program: it lives as long. */
struct fuzz_memory {
	uint8_t *base;		/**< the file behind it, guards and all */
	uint8_t *before;	/**< copy, for fuzz_memory_check() */
	size_t len;		/**< of both */
	bool is_large_used;	/**< somebody asked where FUZZ_AREA_LARGE is */
	uint32_t nb_notes;
	int fd;
	struct vfio_user_dma_table *dma;
};

/** Make it, with its DMA table, all zero. */
void
fuzz_memory_create(struct fuzz_memory *memory);

/** Map an area into @p dma; 0 or the errors of vfio_user_dma_insert(). */
int
fuzz_memory_map(struct fuzz_memory *memory, struct vfio_user_dma_table *dma, enum fuzz_area area);

/** Zeroes everywhere but in the guards. */
void
fuzz_memory_clear(struct fuzz_memory *memory);

/** Device address and length of an area. */
uint64_t
fuzz_area_iova(enum fuzz_area area);
uint32_t
fuzz_area_len(enum fuzz_area area);

/** Own address of a device address, up to *len bytes contiguous; NULL if in no area. */
uint8_t *
fuzz_memory_at(struct fuzz_memory *memory, uint64_t iova, size_t *len);

/** Copy in or out as the client does, whatever the device may do there. @return bytes copied */
size_t
fuzz_memory_write(struct fuzz_memory *memory, uint64_t iova, const void *data, size_t len);
size_t
fuzz_memory_read(struct fuzz_memory *memory, uint64_t iova, void *data, size_t len);

/**
 * Note how memory is now. FUZZ_AREA_LARGE, which is most of it, takes part when it is in use, and
 * otherwise once in a while.
 */
void
fuzz_memory_note(struct fuzz_memory *memory);

/** The device may have written here, where it has the right to. */
void
fuzz_memory_allow(struct fuzz_memory *memory, uint64_t iova, uint64_t len);

/** Nothing but what was allowed has changed since fuzz_memory_note(). */
void
fuzz_memory_check(const struct fuzz_memory *memory);

/** Log callback that looks at every line and keeps none. */
void
fuzz_model_log(void *opaque, enum vfio_user_log_level level, const char *line);

/** Register access of a client, each a message of its own. */
void
fuzz_model_write(struct model_function *fn, uint32_t offset, uint32_t value);
uint32_t
fuzz_model_read(struct model_function *fn, uint32_t offset);

/** A whole mailbox command; gives its status. */
uint32_t
fuzz_model_mailbox(struct model_function *fn, uint32_t w0, uint16_t queue, uint64_t base);

/** Ring by message. */
void
fuzz_model_ring(struct model_function *fn, uint32_t command, uint16_t qn, uint16_t tag,
		uint16_t index, uint16_t priority);

/** As a PF driver: bus master, memory init, @p count queues from @p base for a function. */
void
fuzz_model_bring_up(struct model_function *pf);
/** As a VF driver: bus master. */
void
fuzz_model_bring_up_vf(struct model_function *vf);
void
fuzz_model_give_queues(struct model_function *pf, uint32_t number, uint32_t base, uint32_t count);

/** Contexts of queue @p qn, 0 or 1, with FUZZ_DEPTH entries at their places; checked. */
void
fuzz_model_set_queue(struct fuzz_memory *memory, struct model_function *fn, uint16_t qn,
		     uint32_t type);

#endif /* FUZZ_MODEL_H */
