/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <hisi_qm_caps.h>
#include <hisi_qm_regs.h>

#include "model_version.h"

static const struct model_version versions[] = {
	{
		.name = "v2",
		.revision = HISI_QM_V2,
		.fixed_queues = 1024, /* a constant of the chip: no register tells (qm.md 2.2) */
		.pf_vectors = 4,
		.vf_vectors = 2,
	},
	{
		.name = "v3",
		.revision = HISI_QM_V3,
		.has_capabilities = true,
		.has_stop_commands = true,
		/* Version 1 of the words. Only what works: no QoS shaper, no SVA prefetch, no DAE,
		 * no runtime PM (which would crash a guest without ACPI companion, qm.md 8.1). */
		.func_caps = HISI_FIELD_PREP(HISI_QM_CAP_VERSION, 1) | HISI_QM_CAP_STOP_QP |
			HISI_QM_CAP_STOP_FUNC | HISI_QM_CAP_IFC,
		.pf_vectors = 4,
		.vf_vectors = 4, /* the newest kernel asks for 3 rounded up (qm.md 1.4) */
	},
	{
		.name = "v4",
		.revision = HISI_QM_V3,
		.sub_version = HISI_QM_V4,
		.has_capabilities = true,
		.has_stop_commands = true,
		.has_message_registers = true,
		.func_caps = HISI_FIELD_PREP(HISI_QM_CAP_VERSION, 1) | HISI_QM_CAP_STOP_QP |
			HISI_QM_CAP_STOP_FUNC | HISI_QM_CAP_IFC,
		.pf_vectors = 4,
		.vf_vectors = 4,
	},
	{
		.name = "v5",
		.revision = HISI_QM_V3,
		.sub_version = HISI_QM_V5,
		.has_capabilities = true,
		.has_stop_commands = true,
		.has_message_registers = true,
		.has_doorbell_drop = true,
		.func_caps = HISI_FIELD_PREP(HISI_QM_CAP_VERSION, 1) | HISI_QM_CAP_STOP_QP |
			HISI_QM_CAP_STOP_FUNC | HISI_QM_CAP_IFC,
		.pf_vectors = 4,
		.vf_vectors = 4,
	},
};

const struct model_version *
model_version_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (strcmp(versions[i].name, name) == 0)
			return &versions[i];
	return NULL;
}

void
model_version_list(char *buf, size_t len)
{
	size_t i, used = 0;

	buf[0] = '\0';
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]) && used < len; i++)
		used += snprintf(buf + used, len - used, "%s%s", i == 0 ? "" : ", ",
			versions[i].name);
}
