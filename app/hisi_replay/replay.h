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
 * was not recorded. Nor were data, keys and IVs: what is put there is made so that the status comes
 * out that was recorded, where that depends on it.
 */

#include <hisi_record.h>
#include <model_device.h>
#include <model_function.h>

/** Device addresses. The one that nothing is mapped at is for refused addresses. */
#define REPLAY_RINGS_IOVA UINT64_C(0x10000)
#define REPLAY_SRC_IOVA UINT64_C(0x10000000)
#define REPLAY_DST_IOVA UINT64_C(0x20000000)
#define REPLAY_SMALL_IOVA UINT64_C(0x30000000)
#define REPLAY_NOWHERE_IOVA UINT64_C(0x70000000)
#define REPLAY_RINGS_LEN (16u << 10)
#define REPLAY_SMALL_LEN (4u << 10)

#define REPLAY_QUEUES 2
/** Of all engines that there are. */
#define REPLAY_SQE_LOG2 7
#define REPLAY_SQE_LEN (1u << REPLAY_SQE_LOG2)

#define REPLAY_NO_STATUS UINT32_MAX

/** A model with a client that has no socket. */
struct replay_device {
	const struct replay_engine *engine;
	struct model_device *dev;
	struct model_function *pf;
	struct vfio_user_dma_table *dma;
	uint8_t *rings;
	uint8_t *src;		/**< engine->buffer_len bytes each */
	uint8_t *dst;
	uint8_t *small;		/**< what is no data, as the engine lays it out */
	uint16_t tail[REPLAY_QUEUES];
};

/** What an engine's descriptors are. */
struct replay_engine {
	const char *name;	/**< in dumps */
	const char *model;	/**< of the model */
	uint32_t nb_types;	/**< of queues, at most REPLAY_QUEUES */
	uint32_t result;	/**< where the device answers, struct hisi_record_layout */
	uint32_t buffer_len;	/**< the longest flat one, and a page: nothing is written there */

	/**
	 * Data with which a descriptor ends with @p status, as far as that is a matter of data; its
	 * addresses; and no answer in it.
	 *
	 * @param sqe REPLAY_SQE_LEN bytes, aligned
	 * @return false: no such data is known
	 */
	bool (*make)(struct replay_device *device, uint32_t type, uint32_t status, void *sqe);
	/** Of an answer. @return REPLAY_NO_STATUS: there is none */
	uint32_t (*status)(const uint8_t *result);
	const char *(*status_name)(uint64_t status);
};

extern const struct replay_engine replay_zip, replay_sec;

/**
 * @param version "v3"
 * @return 0; -errno after a message on stderr
 */
int replay_device_open(struct replay_device *device, const struct replay_engine *engine,
	const char *version);
void replay_device_close(struct replay_device *device);

/**
 * Let the model carry a descriptor out.
 *
 * @param type of the queue, below engine->nb_types
 * @param sqe receives what was written back
 * @return false: it did not complete
 */
bool replay_device_run(struct replay_device *device, uint32_t type, void *sqe);

#endif /* REPLAY_H */
