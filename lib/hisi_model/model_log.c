/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdarg.h>
#include <stdio.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_log.h"

#define MODEL_LOG_LINE_LEN 512

static void __attribute__((format(printf, 4, 0)))
log_line(const struct model_device *dev, enum vfio_user_log_level level, const char *who,
	const char *format, va_list args)
{
	const struct vfio_user_log *log = &dev->config.log;
	char line[MODEL_LOG_LINE_LEN];
	int used;

	if (log->fn == NULL || level > log->max_level)
		return;
	used = snprintf(line, sizeof(line), "%s: ", who);
	vsnprintf(line + used, sizeof(line) - used, format, args);
	log->fn(log->opaque, level, line);
}

void
model_function_log(const struct model_function *fn, enum vfio_user_log_level level,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(fn->dev, level, fn->name, format, args);
	va_end(args);
}

void
model_device_log(const struct model_device *dev, enum vfio_user_log_level level,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(dev, level, dev->engine->name, format, args);
	va_end(args);
}

int
model_trace_is_on(const struct model_device *dev)
{
	return dev->config.is_tracing;
}

void
model_trace(const struct model_function *fn, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(fn->dev, VFIO_USER_LOG_INFO, fn->name, format, args);
	va_end(args);
}
