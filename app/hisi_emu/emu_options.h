/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef EMU_OPTIONS_H
#define EMU_OPTIONS_H

/**
 * @file
 * Command line of dpdk-hisi-emu.
 */

#include <stdbool.h>
#include <stdint.h>

#include <model_device.h>

#define EMU_MAX_DEVICES 8
#define EMU_MAX_CPUS 256
#define EMU_MAX_FAULTS 64

/** One --device. */
struct emu_device_options {
	struct model_device_config config; /**< without log */
	char *text;            /**< what the strings point into */
	const char *socket;    /**< of the PF */
	const char *vf_socket; /**< pattern with one %d, VF index from 0 */
	bool has_queues;
	uint32_t seen;         /**< bit per key that was given */
	bool is_isolated;
};

struct emu_options {
	struct emu_device_options devices[EMU_MAX_DEVICES];
	uint32_t nb_devices;
	uint32_t nb_workers;   /**< of each device */
	int cpus[EMU_MAX_CPUS];
	uint32_t nb_cpus;
	bool is_pf_self;
	enum model_dma_fault dma_fault;
	const char *faults[EMU_MAX_FAULTS]; /**< texts, or @FILE */
	uint32_t nb_faults;
	const char *control;   /**< path of the control socket, or NULL */
	const char *send;      /**< be the client of this socket */
	char *const *words;    /**< of the command to send */
	int nb_words;
	bool is_tracing;
	bool is_quiet;
	bool wants_help;
	bool wants_fault_help;
	int ready_fd;          /**< -1: none */
};

/**
 * Parse and check the command line. Says on stderr what is wrong.
 *
 * @param options receives the options; emu_options_free() in any case
 * @return true when all is well
 */
bool
emu_options_parse(int argc, char **argv, struct emu_options *options);

void
emu_options_free(struct emu_options *options);

/** Print the help text to stdout. */
void
emu_options_help(void);

#endif /* EMU_OPTIONS_H */
