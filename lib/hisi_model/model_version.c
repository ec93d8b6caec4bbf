/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>
#include <string.h>

#include <hisi_qm_caps.h>
#include <hisi_qm_regs.h>

#include "model_version.h"

static const struct model_version versions[] = {
	{
		.name = "v2",
		.revision = HISI_QM_V2,
		.pf_vectors = 4,
		.vf_vectors = 2,
	},
	{
		.name = "v3",
		.revision = HISI_QM_V3,
		.is_modelled = true,
		.has_capabilities = true,
		.has_stop_commands = true,
		/* Version 1 of the words. Only what works: no QoS shaper, no SVA prefetch, no DAE,
		 * no runtime PM (which would crash a guest without ACPI companion, qm.md 8.1). */
		.func_caps = HISI_FIELD_PREP(HISI_QM_CAP_VERSION, 1) | HISI_QM_CAP_STOP_QP |
			HISI_QM_CAP_STOP_FUNC | HISI_QM_CAP_IFC,
		.pf_vectors = 4,
		.vf_vectors = 4, /* the newest kernel asks for 3 rounded up (qm.md 1.4) */
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
