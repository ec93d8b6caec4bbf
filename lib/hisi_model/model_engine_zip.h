/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ENGINE_ZIP_H
#define MODEL_ENGINE_ZIP_H

/**
 * @file
 * Tables of the ZIP engine, shared by its two files.
 */

#include "model_engine.h"

#define MODEL_NB_ZIP_REGS 33
#define MODEL_NB_ZIP_INIT 19

extern const struct model_reg model_zip_regs[MODEL_NB_ZIP_REGS];
extern const struct model_reg_value model_zip_init[MODEL_NB_ZIP_INIT];

#endif /* MODEL_ENGINE_ZIP_H */
