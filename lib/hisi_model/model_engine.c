/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include "model_engine.h"

static const struct model_engine *const engines[] = {
	&model_engine_zip,
	&model_engine_sec,
};

#define NB_ENGINES (sizeof(engines) / sizeof(engines[0]))

const struct model_engine *
model_engine_find(const char *name)
{
	size_t i;

	for (i = 0; i < NB_ENGINES; i++)
		if (strcmp(engines[i]->name, name) == 0)
			return engines[i];
	return NULL;
}

void
model_engine_list(char *buf, size_t len)
{
	size_t i, used = 0;

	for (i = 0; i < NB_ENGINES && used < len; i++)
		used += snprintf(buf + used, len - used, "%s%s", i == 0 ? "" : ", ",
			engines[i]->name);
}
