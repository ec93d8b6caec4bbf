/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>

#include <rte_malloc.h>

#include "hisi_zip.h"

/* zip.md 8.3: log2 of the window to the field of dw9. 24K has no power of two and is not used. */
static const uint8_t window_field[] = {
	[12] = HISI_ZIP_WINDOW_4K,
	[13] = HISI_ZIP_WINDOW_8K,
	[14] = HISI_ZIP_WINDOW_16K,
	[15] = HISI_ZIP_WINDOW_32K,
};

static int
xform_refuse(const struct rte_compressdev *dev, const char *what, int value, const char *instead)
{
	HISI_ZIP_LOG(ERR, "%s: xform with %s %d is not supported; %s", dev->data->name, what, value,
		instead);
	return -ENOTSUP;
}

static void
xform_fill_words(struct hisi_zip_xform *priv, uint32_t request, uint32_t window)
{
	uint32_t dw9 = HISI_FIELD_PREP(HISI_ZIP_DW9_REQUEST, request) |
		HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, (uint32_t)HISI_ZIP_BUFFER_FLAT) |
		HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW, window);

	priv->dw8_dw9 = (uint64_t)dw9 << 32;
}

/* What both directions have in common; their structures share no layout. */
static int
xform_check(const struct rte_compressdev *dev, enum rte_comp_algorithm algo,
	enum rte_comp_hash_algorithm hash, enum rte_comp_checksum_type checksum)
{
	if (algo != RTE_COMP_ALGO_DEFLATE)
		return xform_refuse(dev, "algorithm", algo, "use DEFLATE");
	if (hash != RTE_COMP_HASH_ALGO_NONE)
		return xform_refuse(dev, "hash", hash, "use none");
	if (checksum != RTE_COMP_CHECKSUM_NONE)
		return xform_refuse(dev, "checksum", checksum, "use none");
	return 0;
}

static int
xform_check_window(const struct rte_compressdev *dev, uint8_t window_log2, uint8_t min_log2,
	const char *instead)
{
	if (window_log2 < min_log2 || window_log2 > HISI_ZIP_WINDOW_LOG2_MAX)
		return xform_refuse(dev, "window (log2)", window_log2, instead);
	return 0;
}

static int
xform_compress(struct rte_compressdev *dev, const struct rte_comp_compress_xform *xform,
	struct hisi_zip_xform *priv)
{
	const struct hisi_zip_dev *zip = dev->data->dev_private;
	const struct hisi_zip_generation *generation = hisi_zip_generation_get(zip->qm->version);
	int ret;

	ret = xform_check(dev, xform->algo, xform->hash_algo, xform->chksum);
	if (ret == 0)
		ret = xform_check_window(dev, xform->window_size, generation->window_log2_min,
			generation->window_log2_min == HISI_ZIP_WINDOW_LOG2_MAX ? "use 15" :
			"use 12 to 15");
	if (ret != 0)
		return ret;
	/* There is no level in the hardware (zip.md 3.2): all but "stored" mean the same. */
	if (xform->level < RTE_COMP_LEVEL_PMD_DEFAULT || xform->level == RTE_COMP_LEVEL_NONE ||
			xform->level > RTE_COMP_LEVEL_MAX)
		return xform_refuse(dev, "level", xform->level, "use 1 to 9 or the default, -1");
	if ((unsigned int)xform->deflate.huffman > RTE_COMP_HUFFMAN_DYNAMIC)
		return xform_refuse(dev, "Huffman type", xform->deflate.huffman,
			"use the default; the hardware chooses");
	priv->type = HISI_ZIP_QUEUE_COMPRESS;
	priv->window_log2 = xform->window_size;
	/* Stateless hardware always ends the stream; FULL would have to leave it open (8.3). */
	priv->flush_ok = HISI_BIT32(RTE_COMP_FLUSH_FINAL);
	/* A type-0 descriptor has no such field; what the engine uses is unknown, 32K at most. */
	xform_fill_words(priv, generation->compress_request,
		generation->window_log2_min == HISI_ZIP_WINDOW_LOG2_MAX ? 0 :
		window_field[xform->window_size]);
	return 0;
}

static int
xform_decompress(struct rte_compressdev *dev, const struct rte_comp_decompress_xform *xform,
	struct hisi_zip_xform *priv)
{
	const struct hisi_zip_dev *zip = dev->data->dev_private;
	const struct hisi_zip_generation *generation = hisi_zip_generation_get(zip->qm->version);
	int ret;

	ret = xform_check(dev, xform->algo, xform->hash_algo, xform->chksum);
	if (ret == 0)
		ret = xform_check_window(dev, xform->window_size,
			HISI_ZIP_INFLATE_WINDOW_LOG2_MIN, "use 8 to 15");
	if (ret != 0)
		return ret;
	if (!generation->has_inflate && !zip->qm->args.fallback)
		return xform_refuse(dev, "decompression of algorithm", xform->algo,
			"this generation inflates no raw stream and fallback=0 forbids software");
	priv->type = HISI_ZIP_QUEUE_DECOMPRESS;
	priv->window_log2 = xform->window_size;
	/*
	 * The flush type means nothing to an inflater (zip.md 3.2). None accepted sends every
	 * operation to the slow path, where software inflates it.
	 */
	priv->flush_ok = generation->has_inflate ? UINT32_MAX : 0;
	xform_fill_words(priv, HISI_ZIP_REQ_DEFLATE, HISI_ZIP_WINDOW_4K);
	return 0;
}

int
hisi_zip_xform_create(struct rte_compressdev *dev, const struct rte_comp_xform *xform,
	void **private_xform)
{
	struct hisi_zip_xform *priv;
	int ret;

	if (xform == NULL || private_xform == NULL)
		return -EINVAL;
	priv = rte_zmalloc_socket(NULL, sizeof(*priv), RTE_CACHE_LINE_SIZE,
		 dev->data->socket_id);
	if (priv == NULL) {
		HISI_ZIP_LOG(ERR, "%s: no memory for a private xform; give EAL more",
			dev->data->name);
		return -ENOMEM;
	}
	if (xform->type == RTE_COMP_COMPRESS)
		ret = xform_compress(dev, &xform->compress, priv);
	else if (xform->type == RTE_COMP_DECOMPRESS)
		ret = xform_decompress(dev, &xform->decompress, priv);
	else
		ret = xform_refuse(dev, "type", xform->type, "use compress or decompress");
	if (ret != 0) {
		rte_free(priv);
		return ret;
	}
	*private_xform = priv;
	return 0;
}

int
hisi_zip_xform_free(struct rte_compressdev *dev, void *private_xform)
{
	RTE_SET_USED(dev);
	if (private_xform == NULL)
		return -EINVAL;
	rte_free(private_xform);
	return 0;
}
