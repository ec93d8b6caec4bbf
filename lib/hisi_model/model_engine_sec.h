/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ENGINE_SEC_H
#define MODEL_ENGINE_SEC_H

/**
 * @file
 * Tables of the SEC engine, shared by its two files.
 */

#include "model_engine.h"

#define MODEL_NB_SEC_REGS 39
#define MODEL_NB_SEC_INIT 20

extern const struct model_reg model_sec_regs[MODEL_NB_SEC_REGS];
extern const struct model_reg_value model_sec_init[MODEL_NB_SEC_INIT];

#endif /* MODEL_ENGINE_SEC_H */
