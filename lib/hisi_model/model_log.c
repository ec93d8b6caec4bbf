/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdarg.h>
#include <stdio.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"

#define MODEL_LOG_LINE_LEN 512
#define MODEL_LOG_LINES_PER_S 50

/** A client can cause as many warnings as it likes; only some of them are worth a line. */
static bool
is_too_much(struct model_device *dev)
{
	uint64_t second = model_now_ns() / 1000000000;
	uint32_t n;

	if (atomic_exchange(&dev->log_second, second) != second)
		atomic_store(&dev->nb_log_lines, 0);
	n = atomic_fetch_add(&dev->nb_log_lines, 1);
	if (n == MODEL_LOG_LINES_PER_S)
		dev->config.log.fn(dev->config.log.opaque, VFIO_USER_LOG_WARNING,
			"more warnings in this second are left out");
	return n >= MODEL_LOG_LINES_PER_S;
}

static void __attribute__((format(printf, 4, 0)))
log_line(struct model_device *dev, enum vfio_user_log_level level, const char *who,
	const char *format, va_list args)
{
	const struct vfio_user_log *log = &dev->config.log;
	char line[MODEL_LOG_LINE_LEN];
	int used;

	if (log->fn == NULL || level > log->max_level ||
	    (level == VFIO_USER_LOG_WARNING && is_too_much(dev)))
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
model_device_log(struct model_device *dev, enum vfio_user_log_level level,
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
