/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_SHADOW_H
#define HISI_QM_SHADOW_H

/**
 * @file
 * Shadow doorbells: how a queue of a vfio-user function rings without a message.
 *
 * This is no hardware. It is the private contract between the vdev bus of the drivers and the
 * device model, and lies here because both sides include lib/hisi_hw and nothing of each other.
 *
 * A client that announced HISI_QM_SHADOW_KEY in VERSION finds a region of index >= 9 with the
 * vendor type below (vfio-user.md 18.4): a fresh sealed memfd per connection, one block of
 * HISI_QM_SHADOW_STRIDE bytes per queue. A slot holds the very doorbell word of the hardware
 * (hisi_qm_doorbell.h); the newest value of one (queue, direction) supersedes the older, and 0
 * is no doorbell the driver ever means: tail or head 0 with tag 0 is what a slot is reset to, and
 * the driver's tags are never 0. Only SQ doorbells and un-armed CQ doorbells go here; arming, EQ
 * and AEQ doorbells are messages to BAR2.
 *
 * The client writes a slot with a release store; the model reads it once per look with acquire.
 */

#include "hisi_field.h"

#define HISI_QM_SHADOW_KEY		"x-hisi-accel"
#define HISI_QM_SHADOW_REGION_SUBTYPE	1 /* type is 0x80000000 | HISI_PCI_VENDOR_ID */
#define HISI_QM_SHADOW_STRIDE		128
#define HISI_QM_SHADOW_SQ		0
#define HISI_QM_SHADOW_CQ		64
#define HISI_QM_SHADOW_PAGE		0x10000 /* pages are 4 to 64 KiB on arm64 */

/** Offset of the SQ slot of queue @p qn in the region. */
#define HISI_QM_SHADOW_SQ_OFFSET(qn) ((size_t)(qn) * HISI_QM_SHADOW_STRIDE + HISI_QM_SHADOW_SQ)
/** Offset of the CQ slot of queue @p qn in the region. */
#define HISI_QM_SHADOW_CQ_OFFSET(qn) ((size_t)(qn) * HISI_QM_SHADOW_STRIDE + HISI_QM_SHADOW_CQ)
/** Length in bytes of the region of a function with @p queues queues. */
#define HISI_QM_SHADOW_LEN(queues) \
	(((size_t)(queues) * HISI_QM_SHADOW_STRIDE + HISI_QM_SHADOW_PAGE - 1) & \
		~((size_t)HISI_QM_SHADOW_PAGE - 1))

#endif /* HISI_QM_SHADOW_H */
