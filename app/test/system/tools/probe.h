/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * compdev_probe: what the stock test programs do not do to a compressdev. Each command prints JSON
 * objects, one a line, for the test that started it.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_comp.h>
#include <rte_mempool.h>

#define PROBE_DATA_LEN 4096
#define PROBE_CAPACITY (PROBE_DATA_LEN * 2)
/* What a command returns for main() to return with 0 at once, without rte_eal_cleanup(). */
#define PROBE_AS_IT_IS 100

struct probe {
	uint8_t dev_id;
	struct rte_mempool *op_pool;
	struct rte_mempool *mbuf_pool;
	void *compress_xform;
	void *decompress_xform;
};

/* Finds the device and makes the pools; ends the program where there is no such device. */
void probe_open(struct probe *probe, const char *driver, unsigned int nb_ops);

/* Configures, sets up and starts so many queue pairs; a negative errno of the library. */
int probe_start(struct probe *probe, uint16_t nb_queue_pairs, uint32_t depth);

/* Makes both xforms; a negative errno of the library. */
int probe_make_xforms(struct probe *probe);

void probe_close(struct probe *probe);

/* Deflate at the driver's default level, dynamic, largest window. */
struct rte_comp_xform probe_xform(enum rte_comp_xform_type type);

/* A stateless op over new buffers: src holds len bytes of text-like data. */
struct rte_comp_op *probe_op(struct probe *probe, void *xform, uint32_t len);

void probe_op_free(struct rte_comp_op *op);

/* Is what the op produced a deflate stream of what it was given? */
bool probe_check_deflate(const struct rte_comp_op *op);

int probe_loop(struct probe *probe, const char *driver, unsigned int seconds);
int probe_fault(struct probe *probe, const char *driver, unsigned int nb_pairs);
int probe_refuse(struct probe *probe, const char *driver);
int probe_life(struct probe *probe, const char *driver);
int probe_hotplug(struct probe *probe, const char *driver, const char *bus, const char *name,
	const char *devargs, unsigned int rounds);
int probe_gaps(struct probe *probe, const char *driver, char **devargs,
	unsigned int rounds);
int probe_unbind(struct probe *probe, const char *driver, const char *address);
int probe_unplug(struct probe *probe, const char *driver, char **devargs,
	unsigned int rounds);
int probe_grow(struct probe *probe, const char *driver, unsigned int rounds);
int probe_pairs(struct probe *probe, const char *driver, unsigned int nb_pairs,
	unsigned int depth, unsigned int rounds);
int probe_lcores(struct probe *probe, const char *driver, unsigned int ms);
int probe_split(struct probe *probe, const char *driver, unsigned int ms);
int probe_devices(struct probe *probe, const char *driver, unsigned int rounds);
int probe_primary(struct probe *probe, const char *driver, unsigned int nb_pairs,
	unsigned int ms);
int probe_secondary(struct probe *probe, const char *driver, unsigned int queue_pair,
	unsigned int ms);
int probe_count(struct probe *probe, const char *driver, unsigned int bursts);
int probe_bursts(struct probe *probe, const char *driver, unsigned int bursts);
int probe_fork(struct probe *probe, const char *driver, unsigned int rounds);
int probe_fork_private(struct probe *probe, const char *driver);
int probe_fork_orphan(struct probe *probe, const char *driver, unsigned int seconds,
	const char *program);
int probe_end(struct probe *probe, const char *driver, const char *how);

#endif /* PROBE_H */
