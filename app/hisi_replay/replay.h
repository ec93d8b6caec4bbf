/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef REPLAY_H
#define REPLAY_H

/**
 * @file
 * dpdk-hisi-replay: descriptors of a flight recorder's dump once more, on a model of their own.
 *
 * The words of a descriptor are as they were recorded, with two exceptions: its addresses are those
 * of buffers here, of the recorded lengths, and lists become flat buffers, because what they listed
 * was not recorded. Nor was the data: what is put there is made so that the status comes out that
 * was recorded, where that depends on data.
 */

#include <hisi_zip_sqe.h>
#include <model_device.h>
#include <model_function.h>

/** Device addresses. The one that nothing is mapped at is for refused addresses. */
#define REPLAY_RINGS_IOVA UINT64_C(0x10000)
#define REPLAY_SRC_IOVA UINT64_C(0x10000000)
#define REPLAY_DST_IOVA UINT64_C(0x20000000)
#define REPLAY_NOWHERE_IOVA UINT64_C(0x70000000)
#define REPLAY_RINGS_LEN (16u << 10)
/** The longest flat buffer, and a page: nothing is to be written behind it. */
#define REPLAY_BUFFER_LEN (HISI_ZIP_MAX_FLAT_LEN + 4096u)

#define REPLAY_QUEUES 2

/** A model with a client that has no socket. */
struct replay_device {
	struct model_device *dev;
	struct model_function *pf;
	struct vfio_user_dma_table *dma;
	uint8_t *rings;
	uint8_t *src;
	uint8_t *dst;
	uint16_t tail[REPLAY_QUEUES];
};

/**
 * @param version "v3"
 * @return 0; -errno after a message on stderr
 */
int replay_device_open(struct replay_device *device, const char *version);
void replay_device_close(struct replay_device *device);

/**
 * Let the model carry a descriptor out.
 *
 * @param type of the queue, below REPLAY_QUEUES
 * @param sqe receives what was written back
 * @return false: it did not complete
 */
bool replay_device_run(struct replay_device *device, uint32_t type, struct hisi_zip_sqe *sqe);

/**
 * Data of @p sqe->input_data_length bytes with which it ends with @p status, as far as that is a
 * matter of data; and its addresses.
 *
 * @return false: no such data is known
 */
bool replay_make(struct replay_device *device, uint32_t type, uint32_t status,
	struct hisi_zip_sqe *sqe);

#endif /* REPLAY_H */
