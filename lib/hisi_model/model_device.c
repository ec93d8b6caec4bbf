/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vfio_user_guard.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_self.h"
#include "model_version.h"
#include "model_worker.h"

#define STATS_LINE_LEN 96
#define RUN_BUDGET 64 /* SQEs of one queue before the next gets its turn */

static int __attribute__((format(printf, 2, 3)))
fail(struct model_error *error, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -EINVAL;
}

static int
check_kind(const struct model_device_config *config, struct model_device *dev,
	struct model_error *error)
{
	char names[64];

	dev->engine = model_engine_find(config->engine);
	if (dev->engine == NULL) {
		model_engine_list(names, sizeof(names));
		return fail(error, "unknown engine '%s', known: %s", config->engine, names);
	}
	dev->version = model_version_find(config->version);
	if (dev->version == NULL) {
		model_version_list(names, sizeof(names));
		return fail(error, "unknown version '%s', known: %s", config->version, names);
	}
	if (dev->version->fixed_queues != 0 && config->nb_queues != dev->version->fixed_queues)
		return fail(error, "%u queues: version '%s' always has %u; whoever drives the PF claims "
			"fewer of them", config->nb_queues, config->version,
			dev->version->fixed_queues);
	if (config->isolated_queues != 0 && !dev->version->has_capabilities)
		return fail(error, "version '%s' has no doorbell isolation", config->version);
	return 0;
}

static int
check_numbers(const struct model_device_config *config, struct model_error *error)
{
	if (config->nb_queues < 1 || config->nb_queues > HISI_QM_MAX_QUEUES)
		return fail(error, "%u queues: 1 to %u are possible", config->nb_queues,
			HISI_QM_MAX_QUEUES);
	if (config->nb_vfs >= HISI_QM_MAX_FUNCTIONS)
		return fail(error, "%u VFs: 0 to %u are possible", config->nb_vfs,
			HISI_QM_MAX_FUNCTIONS - 1);
	if (config->nb_workers > MODEL_MAX_WORKERS - 1)
		return fail(error, "%u workers: 0 to %u are possible", config->nb_workers,
			MODEL_MAX_WORKERS - 1);
	if (config->isolated_queues > config->nb_queues)
		return fail(error, "%u isolated queues of a function, but the device has %u",
			config->isolated_queues, config->nb_queues);
	if (!config->is_pf_self && !config->assigns_vfs)
		return 0;
	if (config->is_pf_self && config->assigns_vfs)
		return fail(error, "the model drives the PF itself: nobody else gives queues");
	if (config->nb_vfs == 0)
		return fail(error, config->is_pf_self ?
			"the model drives the PF itself, but there is no VF" :
			"there is no VF to assign queues to");
	if (config->vf_queues == 0 || config->nb_vfs * config->vf_queues > config->nb_queues)
		return fail(error, "%u VFs of %u queues do not fit %u queues", config->nb_vfs,
			config->vf_queues, config->nb_queues);
	return 0;
}

static int
create_functions(struct model_device *dev)
{
	uint32_t i;
	int ret;

	dev->nb_functions = dev->config.nb_vfs + 1;
	dev->functions = calloc(dev->nb_functions, sizeof(*dev->functions));
	if (dev->functions == NULL)
		return -ENOMEM;
	for (i = 0; i < dev->nb_functions; i++) {
		ret = model_function_create(dev, i, &dev->functions[i]);
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
create_parts(struct model_device *dev)
{
	int ret = model_gate_init(&dev->gate);

	if (ret != 0)
		return ret;
	ret = vfio_user_guard_install();
	if (ret == 0)
		ret = model_queue_create_all(dev);
	if (ret == 0)
		ret = create_functions(dev);
	if (ret != 0)
		return ret;
	model_device_reset(dev);
	ret = model_worker_pool_create(dev, &dev->pool);
	if (ret == 0 && dev->config.is_pf_self)
		model_self_start(dev);
	return ret;
}

int
model_device_create(const struct model_device_config *config, struct model_error *error,
	struct model_device **out)
{
	struct model_device *dev;
	int ret;

	/* The gate's marks want lines of their own: more alignment than calloc gives. */
	dev = aligned_alloc(_Alignof(struct model_device), sizeof(*dev));
	if (dev == NULL)
		return -ENOMEM;
	memset(dev, 0, sizeof(*dev));
	dev->config = *config;
	dev->nb_queues = config->nb_queues;
	ret = check_kind(config, dev, error);
	if (ret == 0)
		ret = check_numbers(config, error);
	if (ret != 0) {
		free(dev);
		return ret;
	}
	ret = create_parts(dev);
	if (ret != 0) {
		fail(error, "cannot create the device: %s", strerror(-ret));
		model_device_destroy(dev);
		return ret;
	}
	*out = dev;
	return 0;
}

void
model_device_destroy(struct model_device *dev)
{
	uint32_t i;

	if (dev == NULL)
		return;
	model_worker_pool_destroy(dev->pool);
	for (i = 0; dev->functions != NULL && i < dev->nb_functions; i++)
		model_function_destroy(dev->functions[i]);
	free(dev->functions);
	free(dev->active);
	free(dev->queues);
	model_gate_destroy(&dev->gate);
	free(dev);
}

struct model_function *
model_device_function(struct model_device *dev, uint32_t number)
{
	return number < dev->nb_functions ? dev->functions[number] : NULL;
}

void
model_device_reset(struct model_device *dev)
{
	uint32_t i;

	for (i = 0; i < dev->nb_functions; i++)
		model_function_reset(dev->functions[i]);
}

uint32_t
model_device_run(struct model_device *dev)
{
	void *scratch = model_worker_pool_scratch(dev->pool);
	uint32_t i, done = 0;

	for (i = 0; i < dev->nb_active; i++)
		done += model_queue_serve(dev->active[i], scratch, RUN_BUDGET, true);
	return done;
}

void
model_device_kick(struct model_device *dev)
{
	if (dev->pool != NULL)
		model_worker_pool_kick(dev->pool);
}

/** Where statistics go. */
struct stats_sink {
	const char *engine;
	void (*print)(void *opaque, const char *line);
	void *opaque;
};

static void
print_stat(const struct stats_sink *sink, const char *name, uint64_t value)
{
	char line[STATS_LINE_LEN];

	snprintf(line, sizeof(line), "%s: %s %" PRIu64, sink->engine, name, value);
	sink->print(sink->opaque, line);
}

void
model_device_dump_stats(struct model_device *dev, void (*print)(void *opaque, const char *line),
	void *opaque)
{
	const struct stats_sink sink = { dev->engine->name, print, opaque };
	const struct model_device_stats *s = &dev->stats;
	const struct {
		const char *name;
		const _Atomic uint64_t *value;
	} rows[] = {
		{ "mailboxes", &s->nb_mailboxes },
		{ "doorbells", &s->nb_doorbells },
		{ "shadow_doorbells", &s->nb_shadow_doorbells },
		{ "doorbells_dropped", &s->nb_doorbells_dropped },
		{ "doorbells_refused", &s->nb_doorbells_refused },
		{ "sqes", &s->nb_sqes },
		{ "sqe_errors", &s->nb_sqe_errors },
		{ "bytes_in", &s->nb_bytes_in },
		{ "bytes_out", &s->nb_bytes_out },
		{ "eqes", &s->nb_eqes },
		{ "aeqes", &s->nb_aeqes },
		{ "irqs", &s->nb_irqs },
		{ "dma_faults", &s->nb_dma_faults },
		{ "cq_full", &s->nb_cq_full },
		{ "sleeps", &s->nb_sleeps },
	};
	char name[STATS_LINE_LEN / 2];
	uint32_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		print_stat(&sink, rows[i].name, model_stat_get(rows[i].value));
	print_stat(&sink, "active_queues", dev->nb_active);
	for (i = 0; i < dev->config.nb_workers; i++) {
		snprintf(name, sizeof(name), "worker_%u_sqes", i);
		print_stat(&sink, name, model_worker_pool_sqes(dev->pool, i));
	}
}
