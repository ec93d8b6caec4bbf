/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef EMU_CONTROL_H
#define EMU_CONTROL_H

/**
 * @file
 * The control socket (--control): commands to a running emulator, one line each; and its client
 * (--send).
 */

#include <stdbool.h>

#include <model_device.h>
#include <model_fault.h>

#define EMU_CONTROL_MAX_PEERS 4 /* connected at once; more are turned away */

struct emu_control;

/** What commands are about. Lives as long as the socket. */
struct emu_control_target {
	struct model_fault_plan *plan;
	struct model_device *const *devices;
	uint32_t nb_devices;
};

/**
 * Listen at @p path: mode 0600, nothing there but a left-over socket of ours is replaced.
 * Says on stderr what is wrong.
 *
 * @return NULL when something is
 */
struct emu_control *
emu_control_create(const char *path, const struct emu_control_target *target);

/** Close and remove the socket. NULL allowed. */
void
emu_control_destroy(struct emu_control *control);

/** Descriptor to wait on for POLLIN; the same for its life. */
int
emu_control_poll_fd(const struct emu_control *control);

/** Do what can be done without waiting. */
void
emu_control_process(struct emu_control *control);

/**
 * The client: one command, its words joined by blanks. The answer goes to stdout, an error to
 * stderr.
 *
 * @return true when the answer was "ok"
 */
bool
emu_control_send(const char *path, char *const *words, int nb_words);

#endif /* EMU_CONTROL_H */
