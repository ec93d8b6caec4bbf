/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "commands.h"

const struct testacc_command testacc_commands[] = {
	{ "help [<command>]", "What there is, or what begins with that word", testacc_help },
	{ "show device <device|all> [info|caps|stats]", "What a device is, can do, has done",
		testacc_show_device },
	{ "quit", "Leave; so does the end of input", testacc_quit },
	{ NULL, NULL, NULL },
};
