/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_PROTO_H
#define VFIO_USER_PROTO_H

/**
 * @file
 * The vfio-user protocol on the wire: messages, flags and limits (vfio-user.md 1 to 10).
 *
 * All integers are in host byte order (vfio-user.md 1); region data are PCI bytes, little-endian.
 * No structure needs packing: each is asserted to have the size and offsets of the document.
 */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @name Version spoken (vfio-user.md 3: QEMU 11.1 accepts 0.0 only). */
/**@{*/
#define VFIO_USER_MAJOR 0
#define VFIO_USER_MINOR 0
/**@}*/

/** @name Limits of this implementation. */
/**@{*/
/** Default and largest max_data_xfer_size announced, in bytes (vfio-user.md 3). */
#define VFIO_USER_MAX_DATA_XFER 1048576u
/** Smallest max_data_xfer_size QEMU can live with, in bytes (vfio-user.md 3). */
#define VFIO_USER_MIN_DATA_XFER 4096u
/** Descriptors per message, announced and accepted at most (vfio-user.md 3). */
#define VFIO_USER_MAX_MSG_FDS 16u
/** Value that counts when a peer says nothing about max_msg_fds (vfio-user.md 19). */
#define VFIO_USER_DEFAULT_MSG_FDS 1u
/** Maps per client (vfio-user.md 3). */
#define VFIO_USER_MAX_DMA_MAPS 65535u
/** Granularity of maps, in bytes; the only pgsizes announced. */
#define VFIO_USER_PAGE_SIZE 4096u
/** Longest JSON text of a VERSION message that is read, in bytes with NUL (vfio-user.md 3.2). */
#define VFIO_USER_MAX_JSON 4096u
/** Longest VERSION reply QEMU takes, in bytes with header (vfio-user.md 2.4). */
#define VFIO_USER_MAX_VERSION_REPLY 214u
/** Regions QEMU takes at most (vfio-user.md 5.1). */
#define VFIO_USER_MAX_REGIONS 100u
/** Interrupt indices QEMU takes at most (vfio-user.md 5.1). */
#define VFIO_USER_MAX_IRQS 50u
/** Vectors of one interrupt index this server keeps at most (MSI-X: 2048, PCI). */
#define VFIO_USER_MAX_VECTORS 2048u
/**@}*/

/** Commands (vfio-user.md 1.1). 14 is gone from the specification. */
enum vfio_user_command {
	VFIO_USER_VERSION = 1,
	VFIO_USER_DMA_MAP = 2,
	VFIO_USER_DMA_UNMAP = 3,
	VFIO_USER_DEVICE_GET_INFO = 4,
	VFIO_USER_DEVICE_GET_REGION_INFO = 5,
	VFIO_USER_DEVICE_GET_REGION_IO_FDS = 6,
	VFIO_USER_DEVICE_GET_IRQ_INFO = 7,
	VFIO_USER_DEVICE_SET_IRQS = 8,
	VFIO_USER_REGION_READ = 9,
	VFIO_USER_REGION_WRITE = 10,
	VFIO_USER_DMA_READ = 11,
	VFIO_USER_DMA_WRITE = 12,
	VFIO_USER_DEVICE_RESET = 13,
	VFIO_USER_REGION_WRITE_MULTI = 15,
	VFIO_USER_DEVICE_FEATURE = 16,
	VFIO_USER_MIG_DATA_READ = 17,
	VFIO_USER_MIG_DATA_WRITE = 18,
	VFIO_USER_COMMAND_MAX, /**< first number that is no command */
};

/**
 * Name of a command.
 *
 * @param command  number from a header; any value.
 * @return         the name without prefix ("DMA_MAP"), "UNKNOWN" for a number without meaning.
 */
const char *
vfio_user_command_name(uint16_t command);

/** @name Header flags (vfio-user.md 1). */
/**@{*/
#define VFIO_USER_FLAG_TYPE_MASK 0xfu
#define VFIO_USER_FLAG_TYPE_REQUEST 0x0u
#define VFIO_USER_FLAG_TYPE_REPLY 0x1u
#define VFIO_USER_FLAG_NO_REPLY 0x10u
#define VFIO_USER_FLAG_ERROR 0x20u
/**@}*/

/** Header in front of every message (vfio-user.md 1). */
struct vfio_user_header {
	uint16_t id;      /**< chosen by the sender of the request, echoed */
	uint16_t command; /**< enum vfio_user_command */
	uint32_t size;    /**< bytes of the message with this header */
	uint32_t flags;   /**< VFIO_USER_FLAG_* */
	uint32_t error;   /**< errno of a reply with VFIO_USER_FLAG_ERROR */
};
static_assert(sizeof(struct vfio_user_header) == 16, "vfio-user.md 1");
static_assert(offsetof(struct vfio_user_header, size) == 4, "vfio-user.md 1");
static_assert(offsetof(struct vfio_user_header, error) == 12, "vfio-user.md 1");

/** VERSION, both directions; JSON with NUL follows (vfio-user.md 3). */
struct vfio_user_version {
	uint16_t major;
	uint16_t minor;
};
static_assert(sizeof(struct vfio_user_version) == 4, "vfio-user.md 3");

/** @name DMA_MAP flags (vfio-user.md 4.1); the first two are also the access of a lookup. */
/**@{*/
#define VFIO_USER_DMA_READ_ALLOWED 0x1u  /**< the device may read */
#define VFIO_USER_DMA_WRITE_ALLOWED 0x2u /**< the device may write */
#define VFIO_USER_DMA_BY_MMAP 0x4u
#define VFIO_USER_DMA_BY_FILE_IO 0x8u
#define VFIO_USER_DMA_MAP_FLAGS 0xfu /**< all known flags */
/**@}*/

/** DMA_MAP request (vfio-user.md 4.1). The reply is a bare header. */
struct vfio_user_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset; /**< into the descriptor */
	uint64_t iova;
	uint64_t size; /**< bytes */
};
static_assert(sizeof(struct vfio_user_dma_map) == 32, "vfio-user.md 4.1");
static_assert(offsetof(struct vfio_user_dma_map, iova) == 16, "vfio-user.md 4.1");

/** @name DMA_UNMAP flags (vfio-user.md 4.2). */
/**@{*/
#define VFIO_USER_DMA_UNMAP_DIRTY_BITMAP 0x1u
#define VFIO_USER_DMA_UNMAP_ALL 0x2u
/**@}*/

/** DMA_UNMAP, both directions (vfio-user.md 4.2). */
struct vfio_user_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t iova;
	uint64_t size; /**< bytes */
};
static_assert(sizeof(struct vfio_user_dma_unmap) == 24, "vfio-user.md 4.2");

/** @name Device flags (vfio-user.md 5.1). */
/**@{*/
#define VFIO_USER_DEVICE_RESETTABLE 0x1u
#define VFIO_USER_DEVICE_PCI 0x2u
/**@}*/

/** DEVICE_GET_INFO, both directions (vfio-user.md 5.1). */
struct vfio_user_device_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t num_regions;
	uint32_t num_irqs;
};
static_assert(sizeof(struct vfio_user_device_info) == 16, "vfio-user.md 5.1");

/** Region indices of a PCI device (vfio-user.md 5.1). */
enum vfio_user_region_index {
	VFIO_USER_REGION_BAR0 = 0,
	VFIO_USER_REGION_BAR1 = 1,
	VFIO_USER_REGION_BAR2 = 2,
	VFIO_USER_REGION_BAR3 = 3,
	VFIO_USER_REGION_BAR4 = 4,
	VFIO_USER_REGION_BAR5 = 5,
	VFIO_USER_REGION_ROM = 6,
	VFIO_USER_REGION_CONFIG = 7,
	VFIO_USER_REGION_VGA = 8,
	VFIO_USER_REGION_PCI_NUM = 9, /**< first private index */
};

/** Interrupt indices of a PCI device (vfio-user.md 5.1). */
enum vfio_user_irq_index {
	VFIO_USER_IRQ_INTX = 0,
	VFIO_USER_IRQ_MSI = 1,
	VFIO_USER_IRQ_MSIX = 2,
	VFIO_USER_IRQ_ERR = 3,
	VFIO_USER_IRQ_REQ = 4,
	VFIO_USER_IRQ_PCI_NUM = 5, /**< first private index */
};

/** @name Region flags (vfio-user.md 5.2). */
/**@{*/
#define VFIO_USER_REGION_FLAG_READ 0x1u
#define VFIO_USER_REGION_FLAG_WRITE 0x2u
#define VFIO_USER_REGION_FLAG_MMAP 0x4u
#define VFIO_USER_REGION_FLAG_CAPS 0x8u
/**@}*/

/** DEVICE_GET_REGION_INFO, both directions; capabilities follow in the reply (vfio-user.md 5.2). */
struct vfio_user_region_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t cap_offset; /**< from the start of this structure */
	uint64_t size;       /**< bytes */
	uint64_t offset;     /**< base of the region in the descriptor */
};
static_assert(sizeof(struct vfio_user_region_info) == 32, "vfio-user.md 5.2");
static_assert(offsetof(struct vfio_user_region_info, size) == 16, "vfio-user.md 5.2");

/** @name Region capabilities (vfio-user.md 5.2). */
/**@{*/
#define VFIO_USER_CAP_SPARSE_MMAP 1u
#define VFIO_USER_CAP_TYPE 2u
#define VFIO_USER_CAP_MSIX_MAPPABLE 3u
/** Type word of a vendor's region: this bit or the PCI vendor id. */
#define VFIO_USER_REGION_TYPE_PCI_VENDOR 0x80000000u
/**@}*/

/** Head of a capability (vfio-user.md 5.2). */
struct vfio_user_cap_header {
	uint16_t id;
	uint16_t version;
	uint32_t next; /**< from the start of the region info; 0 ends the chain */
};
static_assert(sizeof(struct vfio_user_cap_header) == 8, "vfio-user.md 5.2");

/** Sparse mmap capability; nr_areas areas follow. */
struct vfio_user_cap_sparse {
	struct vfio_user_cap_header head;
	uint32_t nr_areas;
	uint32_t reserved;
};
static_assert(sizeof(struct vfio_user_cap_sparse) == 16, "vfio-user.md 5.2");

/** One mappable area, relative to the region. */
struct vfio_user_sparse_area {
	uint64_t offset; /**< bytes */
	uint64_t size;   /**< bytes */
};
static_assert(sizeof(struct vfio_user_sparse_area) == 16, "vfio-user.md 5.2");

/** Type capability. */
struct vfio_user_cap_type {
	struct vfio_user_cap_header head;
	uint32_t type;
	uint32_t subtype;
};
static_assert(sizeof(struct vfio_user_cap_type) == 16, "vfio-user.md 5.2");

/** @name Interrupt flags (vfio-user.md 7.1). */
/**@{*/
#define VFIO_USER_IRQ_FLAG_EVENTFD 0x1u
#define VFIO_USER_IRQ_FLAG_MASKABLE 0x2u
#define VFIO_USER_IRQ_FLAG_AUTOMASKED 0x4u
#define VFIO_USER_IRQ_FLAG_NORESIZE 0x8u
/**@}*/

/** DEVICE_GET_IRQ_INFO, both directions (vfio-user.md 7.1). */
struct vfio_user_irq_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};
static_assert(sizeof(struct vfio_user_irq_info) == 16, "vfio-user.md 7.1");

/** @name SET_IRQS flags: one data type and one action (vfio-user.md 7.2). */
/**@{*/
#define VFIO_USER_IRQ_SET_DATA_NONE 0x01u
#define VFIO_USER_IRQ_SET_DATA_BOOL 0x02u
#define VFIO_USER_IRQ_SET_DATA_EVENTFD 0x04u
#define VFIO_USER_IRQ_SET_DATA_MASK 0x07u
#define VFIO_USER_IRQ_SET_ACTION_MASK 0x08u
#define VFIO_USER_IRQ_SET_ACTION_UNMASK 0x10u
#define VFIO_USER_IRQ_SET_ACTION_TRIGGER 0x20u
#define VFIO_USER_IRQ_SET_ACTIONS 0x38u
/**@}*/

/** DEVICE_SET_IRQS request; data follow (vfio-user.md 7.2). The reply is a bare header. */
struct vfio_user_irq_set {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
};
static_assert(sizeof(struct vfio_user_irq_set) == 20, "vfio-user.md 7.2");

/** REGION_READ and REGION_WRITE, both directions; data follow (vfio-user.md 8.1). */
struct vfio_user_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count; /**< bytes of data */
};
static_assert(sizeof(struct vfio_user_region_access) == 16, "vfio-user.md 8.1");

/** Head of REGION_WRITE_MULTI, and its whole reply (vfio-user.md 8.2). */
struct vfio_user_write_multi {
	uint64_t wr_cnt;
};
static_assert(sizeof(struct vfio_user_write_multi) == 8, "vfio-user.md 8.2");

/** One write of REGION_WRITE_MULTI (vfio-user.md 8.2). */
struct vfio_user_write_multi_entry {
	uint64_t offset;
	uint32_t region;
	uint32_t count; /**< 1 to 8 bytes */
	uint8_t data[8];
};
static_assert(sizeof(struct vfio_user_write_multi_entry) == 24, "vfio-user.md 8.2");

/** Longest message a server takes, in bytes: a full transfer and its head (vfio-user.md 17.1). */
#define VFIO_USER_MAX_MESSAGE(max_data_xfer) ((size_t)(max_data_xfer) + 64)

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_PROTO_H */
