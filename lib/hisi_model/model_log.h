/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_LOG_H
#define MODEL_LOG_H

/**
 * @file
 * How the model speaks: finished lines through the callback of its configuration. Warnings of a
 * device are cut off at 50 lines a second: a client can cause as many as it likes.
 */

#include <vfio_user_log.h>

struct model_device;
struct model_function;

/** Log a line about a function: "zip.pf: ..." or "zip.vf3: ...". Any thread. */
void
model_function_log(const struct model_function *fn, enum vfio_user_log_level level,
		   const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Log a line about the whole device: "zip: ...". Any thread. */
void
model_device_log(struct model_device *dev, enum vfio_user_log_level level,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Is access tracing on? */
int
model_trace_is_on(const struct model_device *dev);

/** Log one traced access of @p fn. Only where model_trace_is_on(). */
void
model_trace(const struct model_function *fn, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* MODEL_LOG_H */
