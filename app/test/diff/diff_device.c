/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The compressdev under test, as an ordinary application sets it up.
 */
#include <errno.h>
#include <stdio.h>

#include <rte_lcore.h>

#include "diff.h"

/* Made as they are asked for: each window, level and Huffman type of both directions. */
#define MAX_XFORMS 512

static int
start(struct diff_device *device)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(),
		.nb_queue_pairs = 1,
		.max_nb_priv_xforms = MAX_XFORMS,
	};
	int ret = rte_compressdev_configure(device->id, &config);

	if (ret == 0)
		ret = rte_compressdev_queue_pair_setup(device->id, 0, device->depth,
			rte_socket_id());
	return ret != 0 ? ret : rte_compressdev_start(device->id);
}

int
diff_device_open(struct diff_device *device, const char *driver, uint32_t depth)
{
	const struct rte_compressdev_capabilities *capabilities;

	if (rte_compressdev_devices_get(driver, &device->id, 1) == 0)
		return -ENODEV;
	capabilities = rte_compressdev_capability_get(device->id, RTE_COMP_ALGO_DEFLATE);
	if (capabilities == NULL)
		return -ENOTSUP;
	device->depth = depth;
	device->window_min = capabilities->window_size.min;
	/*
	 * A generation without raw deflate has no choice of windows either (zip.md 3.1), and its
	 * engine writes a zlib trailer first (zip.md 8.2).
	 */
	device->trailer_len = device->window_min == 15 ? 4 : 0;
	device->op_pool = rte_comp_op_pool_create("diff_ops", 4096, 0, sizeof(struct diff_job *),
		rte_socket_id());
	return device->op_pool != NULL ? start(device) : -ENOMEM;
}

void
diff_device_close(struct diff_device *device)
{
	void **xforms = &device->xforms[0][0][0][0];
	size_t i;

	for (i = 0; i < sizeof(device->xforms) / sizeof(*xforms); i++)
		if (xforms[i] != NULL)
			rte_compressdev_private_xform_free(device->id, xforms[i]);
	rte_compressdev_stop(device->id);
	rte_compressdev_close(device->id);
	rte_mempool_free(device->op_pool);
}

static struct rte_comp_xform
xform_of(const struct diff_case *c)
{
	struct rte_comp_xform xform = { .type = RTE_COMP_DECOMPRESS };

	if (c->value[DIFF_DECOMPRESS]) {
		xform.decompress.algo = RTE_COMP_ALGO_DEFLATE;
		xform.decompress.window_size = c->value[DIFF_WINDOW];
		return xform;
	}
	xform.type = RTE_COMP_COMPRESS;
	xform.compress.algo = RTE_COMP_ALGO_DEFLATE;
	xform.compress.window_size = c->value[DIFF_WINDOW];
	xform.compress.level = c->value[DIFF_LEVEL];
	xform.compress.deflate.huffman = c->value[DIFF_HUFFMAN];
	return xform;
}

void *
diff_device_xform(struct diff_device *device, const struct diff_case *c)
{
	const int64_t *v = c->value;
	struct rte_comp_xform xform = xform_of(c);
	bool decompress = v[DIFF_DECOMPRESS] != 0;
	void **slot = &device->xforms[decompress][v[DIFF_WINDOW] & 15]
		[decompress ? 0 : (v[DIFF_LEVEL] + 1) & 15][decompress ? 0 : v[DIFF_HUFFMAN] % 3];

	if (*slot == NULL && rte_compressdev_private_xform_create(device->id, &xform, slot) != 0)
		*slot = NULL;
	return *slot;
}
