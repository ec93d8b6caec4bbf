/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <model_device.h>
#include <model_endpoint.h>
#include <model_engine.h>
#include <model_function.h>
#include <model_version.h>
#include <model_vft.h>

#include "emu_control.h"
#include "emu_faults.h"
#include "emu_serve.h"

#define EMU_MAX_PATH 256 /* longer than any socket address, so that the server refuses it */

/** A function with a socket. */
struct emu_endpoint {
	struct model_function *fn;
	struct model_endpoint *endpoint;
	char path[EMU_MAX_PATH];
};

struct emu {
	const struct emu_options *options;
	struct model_device *devices[EMU_MAX_DEVICES];
	uint32_t nb_devices;
	struct emu_endpoint endpoints[EMU_MAX_DEVICES * HISI_QM_MAX_FUNCTIONS];
	uint32_t nb_endpoints;
	struct model_fault_plan *plan;
	struct emu_control *control; /**< or NULL */
};

static void
print_log(void *opaque, enum vfio_user_log_level level, const char *line)
{
	const char *mark = level <= VFIO_USER_LOG_ERR ? "error: " :
		level <= VFIO_USER_LOG_WARNING ? "warning: " : "";

	(void)opaque;
	fprintf(stderr, "dpdk-hisi-emu: %s%s\n", mark, line);
}

/** One path is one function's. */
static bool
check_path(const struct emu *emu, const struct model_function *fn, const char *path)
{
	uint32_t i;

	for (i = 0; i < emu->nb_endpoints; i++) {
		if (strcmp(emu->endpoints[i].path, path) != 0)
			continue;
		fprintf(stderr,
			"dpdk-hisi-emu: error: %s is the socket of %s and of %s; give each its own\n",
			path, emu->endpoints[i].fn->name, fn->name);
		return false;
	}
	return true;
}

static bool
add_endpoint(struct emu *emu, struct model_function *fn, const char *path, bool *is_usage)
{
	struct emu_endpoint *e = &emu->endpoints[emu->nb_endpoints];
	struct vfio_user_server_error error = { "" };
	int ret;

	if (!check_path(emu, fn, path)) {
		*is_usage = true;
		return false;
	}
	snprintf(e->path, sizeof(e->path), "%s", path);
	e->fn = fn;
	ret = model_endpoint_create(fn, e->path, &error, &e->endpoint);
	if (ret != 0) {
		fprintf(stderr, "dpdk-hisi-emu: error: cannot serve %s at %s: %s\n", fn->name,
			path, error.text[0] != '\0' ? error.text : strerror(-ret));
		return false;
	}
	emu->nb_endpoints++;
	return true;
}

/** The pattern with the VF's index for its "%d". */
static void
vf_path(const char *pattern, uint32_t index, char *path, size_t len)
{
	const char *percent = strchr(pattern, '%');

	snprintf(path, len, "%.*s%u%s", (int)(percent - pattern), pattern, index, percent + 2);
}

static bool
add_endpoints(struct emu *emu, const struct emu_device_options *options, struct model_device *dev,
	bool *is_usage)
{
	char path[EMU_MAX_PATH];
	uint32_t i;

	if (!dev->config.is_pf_self &&
	    !add_endpoint(emu, model_device_function(dev, 0), options->socket, is_usage))
		return false;
	for (i = 0; i < dev->config.nb_vfs; i++) {
		vf_path(options->vf_socket, i, path, sizeof(path));
		if (!add_endpoint(emu, model_device_function(dev, i + 1), path, is_usage))
			return false;
	}
	return true;
}

static bool
add_device(struct emu *emu, const struct emu_device_options *options, bool *is_usage)
{
	struct model_device_config config = options->config;
	struct model_error error = { "" };
	struct model_device *dev;
	int ret;

	config.faults = emu->plan;
	config.number = emu->nb_devices;
	config.log.fn = print_log;
	config.log.max_level = emu->options->is_quiet && !config.is_tracing ?
		VFIO_USER_LOG_WARNING : VFIO_USER_LOG_INFO;
	ret = model_device_create(&config, &error, &dev);
	if (ret != 0) {
		fprintf(stderr, "dpdk-hisi-emu: error: %s\n",
			error.text[0] != '\0' ? error.text : strerror(-ret));
		*is_usage = ret == -EINVAL;
		return false;
	}
	emu->devices[emu->nb_devices++] = dev;
	return add_endpoints(emu, options, dev, is_usage);
}

/** Rules and control socket, once all devices are there. */
static bool
add_faults(struct emu *emu, bool *is_usage)
{
	const struct emu_control_target target = { emu->plan, emu->devices, emu->nb_devices };

	model_fault_plan_set_devices(emu->plan, emu->devices, emu->nb_devices);
	if (!emu_faults_install(emu->plan, emu->options)) {
		*is_usage = true;
		return false;
	}
	if (emu->options->control == NULL)
		return true;
	emu->control = emu_control_create(emu->options->control, &target);
	return emu->control != NULL;
}

struct emu *
emu_create(const struct emu_options *options, bool *is_usage)
{
	struct emu *emu = calloc(1, sizeof(*emu));
	uint32_t i;

	if (emu == NULL)
		return NULL;
	emu->options = options;
	if (model_fault_plan_create(&emu->plan) != 0) {
		fprintf(stderr, "dpdk-hisi-emu: error: fault plan: %s\n", strerror(errno));
		free(emu);
		return NULL;
	}
	for (i = 0; i < options->nb_devices; i++) {
		if (!add_device(emu, &options->devices[i], is_usage)) {
			emu_destroy(emu);
			return NULL;
		}
	}
	if (!add_faults(emu, is_usage)) {
		emu_destroy(emu);
		return NULL;
	}
	return emu;
}

void
emu_destroy(struct emu *emu)
{
	uint32_t i;

	emu_control_destroy(emu->control);
	for (i = 0; i < emu->nb_endpoints; i++)
		model_endpoint_destroy(emu->endpoints[i].endpoint);
	for (i = 0; i < emu->nb_devices; i++)
		model_device_destroy(emu->devices[i]);
	model_fault_plan_destroy(emu->plan);
	free(emu);
}

static void
print_function(const struct emu_endpoint *e)
{
	const struct model_function *fn = e->fn;
	const struct model_engine *engine = fn->dev->engine;
	uint32_t queues = model_vft_count(fn->dev, fn->number);

	printf("%s: %04x:%04x rev %02x, ", fn->name, HISI_PCI_VENDOR_ID,
		model_function_is_pf(fn) ? engine->pf_device_id : engine->vf_device_id,
		fn->dev->version->revision);
	if (model_function_is_pf(fn))
		printf("%u queue%s in the device, ", fn->dev->nb_queues,
			fn->dev->nb_queues == 1 ? "" : "s");
	else if (queues > 0)
		printf("%u queue%s, ", queues, queues == 1 ? "" : "s");
	else
		printf("queues as the PF's driver gives, ");
	printf("%s\n", e->path);
}

void
emu_print(const struct emu *emu)
{
	uint32_t i;

	for (i = 0; i < emu->nb_endpoints; i++)
		print_function(&emu->endpoints[i]);
	printf("dpdk-hisi-emu: ready\n");
	fflush(stdout);
}

static void
print_line(void *opaque, const char *line)
{
	(void)opaque;
	fprintf(stderr, "dpdk-hisi-emu: %s\n", line);
}

static void
dump_stats(struct emu *emu)
{
	uint32_t i;

	for (i = 0; i < emu->nb_devices; i++)
		model_device_dump_stats(emu->devices[i], print_line, NULL);
	model_fault_plan_list(emu->plan, print_line, NULL);
}

/** @return false when it is time to go */
static bool
take_signal(struct emu *emu, int signal_fd)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof(info)) != sizeof(info))
		return true;
	if (info.ssi_signo != SIGUSR1)
		return false;
	dump_stats(emu);
	return true;
}

static struct model_endpoint *
find_endpoint(void *opaque, const struct model_function *fn)
{
	struct emu *emu = opaque;
	uint32_t i;

	for (i = 0; i < emu->nb_endpoints; i++)
		if (emu->endpoints[i].fn == fn)
			return emu->endpoints[i].endpoint;
	return NULL;
}

/** Descriptors that the loop waits for, behind those of the endpoints. */
enum emu_wait {
	EMU_WAIT_SIGNAL,
	EMU_WAIT_FAULT,
	EMU_WAIT_CONTROL,
	EMU_NB_WAITS,
};

static void
fill_waits(struct emu *emu, int signal_fd, struct pollfd *fds)
{
	uint32_t i, count = emu->nb_endpoints;

	for (i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = model_endpoint_poll_fd(emu->endpoints[i].endpoint),
			.events = POLLIN };
	fds += count;
	fds[EMU_WAIT_SIGNAL] = (struct pollfd){ .fd = signal_fd, .events = POLLIN };
	fds[EMU_WAIT_FAULT] = (struct pollfd){ .fd = model_fault_plan_fd(emu->plan),
		.events = POLLIN };
	fds[EMU_WAIT_CONTROL] = (struct pollfd){ .fd = emu->control == NULL ? -1 :
		emu_control_poll_fd(emu->control), .events = POLLIN };
}

bool
emu_run(struct emu *emu, int signal_fd)
{
	struct pollfd fds[EMU_MAX_DEVICES * HISI_QM_MAX_FUNCTIONS + EMU_NB_WAITS];
	uint32_t i, count = emu->nb_endpoints;
	int ready, timeout_ms;

	fill_waits(emu, signal_fd, fds);
	for (;;) {
		timeout_ms = model_fault_plan_timeout_ms(emu->plan);
		ready = poll(fds, count + EMU_NB_WAITS, timeout_ms);
		if (ready < 0 && errno != EINTR)
			return false;
		for (i = 0; i < count; i++)
			if (fds[i].revents != 0 &&
			    model_endpoint_process(emu->endpoints[i].endpoint) < 0)
				return false;
		if (fds[count + EMU_WAIT_CONTROL].revents != 0)
			emu_control_process(emu->control);
		if (timeout_ms == 0 || ready == 0 || fds[count + EMU_WAIT_FAULT].revents != 0)
			emu_faults_run(emu->plan, find_endpoint, emu);
		if (fds[count + EMU_WAIT_SIGNAL].revents != 0 && !take_signal(emu, signal_fd))
			return true;
	}
}
