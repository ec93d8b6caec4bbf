/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_io.h>

#include <hisi_qm_compat.h>

#include "fake_queue.h"

static uint64_t
address(uint32_t lo, uint32_t hi)
{
	return lo | (uint64_t)hi << 32;
}

uint32_t
fake_queue_depth(const struct fake_bus *fake, uint16_t qn)
{
	/* qm.md 5.1: DW3 bits 11:0 are depth - 1 */
	return (fake->queues[qn].sqc.dw3 & 0xfff) + 1;
}

void *
fake_queue_sqe(struct fake_bus *fake, uint16_t qn, uint32_t count)
{
	const struct hisi_qm_sqc *sqc = &fake->queues[qn].sqc;
	uint32_t slot = count % fake_queue_depth(fake, qn);
	/* bits 15:12 are log2 of the bytes of an SQE */
	size_t offset = (size_t)slot << ((sqc->dw3 >> 12) & 0xf);

	return (uint8_t *)(uintptr_t)address(sqc->base_lo, sqc->base_hi) + offset;
}

/* qm.md 4.1: the count that a doorbell word stands for; 0 is no doorbell at all. */
static uint32_t
doorbell_count(struct fake_bus *fake, uint16_t qn, uint32_t command, uint32_t now)
{
	uint32_t depth = fake_queue_depth(fake, qn);
	uint64_t word = hisi_qm_load_acquire(&fake->slots[qn][command == 0 ? 0 : 8]);
	uint16_t tag = command == 0 ? fake->queues[qn].sqc.tag : fake->queues[qn].cqc.tag;
	uint32_t index = (uint32_t)(word >> 32) & 0xffff;

	/* A stale one, or none since the start: dropped (qm.md 4.3). */
	if (word == 0 || ((word >> 16) & 0xffff) != tag)
		return now;
	assert_int_equal(word & 0xfff, qn);
	assert_int_equal((word >> 12) & 0xf, command);
	assert_int_equal(word >> 48, 0);
	assert_true(index < depth);
	return now + (index - now) % depth;
}

uint32_t
fake_queue_look(struct fake_bus *fake, uint16_t qn)
{
	struct fake_queue *queue = &fake->queues[qn];
	uint32_t depth = fake_queue_depth(fake, qn);

	/* The SQ first: what its doorbell hands over had been acknowledged before it was rung. */
	queue->fetched = doorbell_count(fake, qn, 0, queue->fetched);
	queue->acked = doorbell_count(fake, qn, 1, queue->acked);
	assert_true(queue->posted - queue->acked < depth);
	assert_true(queue->fetched - queue->acked <= depth - 1);
	return queue->fetched - queue->posted;
}

void
fake_queue_post(struct fake_bus *fake, uint16_t qn, uint16_t sq_head, uint16_t sq_num)
{
	struct fake_queue *queue = &fake->queues[qn];
	uint32_t depth = fake_queue_depth(fake, qn);
	struct hisi_qm_cqe *cqe = (struct hisi_qm_cqe *)(uintptr_t)address(queue->cqc.base_lo,
		queue->cqc.base_hi) + queue->posted % depth;
	uint64_t phase = ~(queue->posted / depth) & 1;

	/* One store, after everything else that the device wrote (qm.md 4.5, 5.6). */
	rte_io_wmb();
	hisi_qm_store_release((uint64_t *)(void *)cqe + 1,
		(uint64_t)sq_head | (uint64_t)sq_num << 16 | phase << 48);
	queue->posted++;
}

void
fake_queue_complete(struct fake_bus *fake, uint16_t qn, uint32_t count)
{
	fake_queue_post(fake, qn, (uint16_t)(count % fake_queue_depth(fake, qn)), qn);
}

void
fake_aeqe(struct fake_bus *fake, uint32_t index, uint32_t phase, uint32_t type, uint16_t queue)
{
	uint32_t *ring = (uint32_t *)(uintptr_t)address(fake->aeqc.base_lo, fake->aeqc.base_hi);

	hisi_qm_store_release(&ring[index], type << 17 | phase << 16 | queue);
}
