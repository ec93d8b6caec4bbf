/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>
#include <string.h>

#include "hisi_hw_names.h"

static const struct hisi_hw_field *
zip_sqe_fields(const void *sqe)
{
	(void)sqe;
	return hisi_zip_sqe_fields;
}

static const struct hisi_hw_field *
sec_sqe_fields(const void *sqe)
{
	return sqe != NULL ? hisi_sec_sqe_fields(sqe) : hisi_sec_bd3_fields;
}

const struct hisi_hw_engine hisi_hw_engines[] = {
	{ "ZIP", zip_sqe_fields, hisi_zip_queue_type_name, "status", hisi_zip_status_remedy },
	{ "SEC", sec_sqe_fields, hisi_sec_queue_type_name, "error_type", hisi_sec_status_remedy },
	{ .name = NULL },
};

const struct hisi_hw_engine *
hisi_hw_engine_find(const char *name)
{
	const struct hisi_hw_engine *engine;

	for (engine = hisi_hw_engines; engine->name != NULL; engine++)
		if (strcmp(engine->name, name) == 0)
			return engine;
	return NULL;
}
