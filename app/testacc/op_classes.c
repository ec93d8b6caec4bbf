/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>
#include <string.h>

#include <rte_common.h>

#include "op_class.h"
#include "op_crypto.h"

const char *
testacc_algo_name(unsigned int index)
{
	static const char * const comp[TESTACC_COMP_ALGOS] = {
		[TESTACC_ALGO_DEFLATE] = "deflate",
		[TESTACC_ALGO_FIXED] = "deflate_fixed",
		[TESTACC_ALGO_LZS] = "lzs",
		[TESTACC_ALGO_NULL] = "null",
	};
	const struct testacc_crypto_algo *algo;

	if (index < TESTACC_COMP_ALGOS)
		return comp[index];
	index -= TESTACC_COMP_ALGOS;
	for (algo = testacc_crypto_algos; algo->name != NULL; algo++)
		/* One name for all that do nothing. */
		if (strcmp(algo->name, comp[TESTACC_ALGO_NULL]) != 0 && index-- == 0)
			return algo->name;
	return NULL;
}

static const struct testacc_op_class * const tables[] = {
	[TESTACC_COMPRESSDEV] = testacc_comp_classes,
	[TESTACC_CRYPTODEV] = testacc_crypto_classes,
};

static const struct testacc_op_class *
find_class(const struct testacc_op_class *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

/** Does no table behind @p table have a class of that name, too? */
static bool
is_last_of_name(size_t table, const char *name)
{
	while (++table < RTE_DIM(tables))
		if (find_class(tables[table], name) != NULL)
			return false;
	return true;
}

const struct testacc_op_class *
testacc_op_class_get(unsigned int index)
{
	const struct testacc_op_class *class;
	size_t i;

	for (i = 0; i < RTE_DIM(tables); i++)
		for (class = tables[i]; class->name != NULL; class++)
			if (is_last_of_name(i, class->name) && index-- == 0)
				return class;
	return NULL;
}

const struct testacc_op_class *
testacc_op_class_of(const struct testacc_op_class *class, enum testacc_device_kind kind)
{
	const struct testacc_op_class *same = find_class(tables[kind], class->name);

	return same != NULL ? same : class;
}
