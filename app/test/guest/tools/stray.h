/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * comp_stray and crypt_stray: what one class of devices has to do for stray.c.
 */
#ifndef STRAY_H
#define STRAY_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_mempool.h>

/* Whole blocks of a cipher. */
#define STRAY_DATA_LEN 20000
#define STRAY_AREA_LEN 65536
#define STRAY_QUEUE_DEPTH 64
#define STRAY_OPS 4

struct stray {
	uint8_t dev_id;
	struct rte_mempool *op_pool;
	struct rte_mempool *mbuf_pool;
	void *xform;	/* or session */
	struct rte_mbuf_ext_shared_info shared;
	uint8_t *good_src;
	uint8_t *good_dst;
};

/* Fills in dev_id, op_pool and xform of a device that is started; ends the program where it
 * cannot.
 */
void stray_class_set_up(struct stray *stray, const char *driver);

/* An op on the first STRAY_DATA_LEN bytes of @p src. */
void *stray_class_op(struct stray *stray, struct rte_mbuf *src, struct rte_mbuf *dst);

/* @return whether @p op was taken */
bool stray_class_enqueue(struct stray *stray, void *op);

/* @return a completed op, or NULL */
void *stray_class_dequeue(struct stray *stray);

/* @return bytes that @p op produced, or its status, negative; the op is freed */
int64_t stray_class_end(void *op);

/* Is that what good_src becomes? */
bool stray_class_is_right(const struct stray *stray, const uint8_t *out, size_t len);

void stray_class_close(struct stray *stray);

#endif /* STRAY_H */
