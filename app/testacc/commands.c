/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include "commands.h"
#include "decode.h"
#include "hisi.h"
#include "inject.h"
#include "settings.h"

const struct testacc_command testacc_commands[] = {
	{ "help [<command>]", "what there is, or what begins with that word", testacc_help },
	{ "show device <device|all> [info|caps|stats|xstats|queues|errors|regs]",
		"what a device is, can do, has done; from xstats on, of the hisi drivers",
		testacc_show_device },
	{ "show mem", "memory that EAL has", testacc_show_mem },
	{ "show lcores", "lcores, their CPUs and NUMA nodes", testacc_show_lcores },
	{ "show config", "all settings as they are", testacc_show_config },
	{ "show settings", "all settings: what they are and take", testacc_show_settings },
	{ "show rates", "how fast it runs just now", testacc_show_rates },
	{ "clear stats", "begin all counters of all devices at 0", testacc_clear_stats },
	{ "set <setting> <value>", "change a setting, from the next start on", testacc_set },
	{ "start [<seconds>]", "run engines, for so long or until 'stop'; ^C ends one with seconds early",
		testacc_start },
	{ "stop", "end what 'start' began, and sum up", testacc_stop },
	{ "sweep depth|burst|size|queues [<seconds>]",
		"short runs with one setting after the other, and which limit binds; seconds for each",
		testacc_sweep },
	{ "run file <in> <out> [gzip|zlib|deflate]",
		"compress a file, each piece looked at by zlib on its way", testacc_run_file_through },
	{ "check file <in>", "is a gzip, zlib or deflate file right? By zlib", testacc_check_file },
	{ "inject <fault...>", "let the model misbehave; list, clear and help are known too",
		testacc_inject },
	{ "queue <queue> dump|drain|reset",
		"a hardware queue of the set device: its state in full; empty it; start it anew",
		testacc_queue },
	{ "device <device> reset", "reset its function, as after an error", testacc_device_reset },
	{ "mailbox history", "the last mailbox commands of the set device", testacc_mailbox },
	{ "doctor", "what of this machine keeps the drivers from working, and the cure of each",
		testacc_doctor_command },
	{ "recorder dump [<out>]",
		"what the flight recorder of the set device holds into a file, for 'decode'",
		testacc_recorder },
	{ "capture start <out> [<queue>]",
		"descriptors, completions and doorbells of the set device into a pcap file",
		testacc_capture_start },
	{ "capture stop", "end it, and tell what was written and lost", testacc_capture_stop },
	{ "decode <in>", "a dump of the flight recorder in words; also without EAL: decode FILE",
		testacc_decode },
	{ "wait <seconds>", "let time pass, for scripts", testacc_wait },
	{ "quit", "leave; so does the end of input", testacc_quit },
	{ NULL, NULL, NULL },
};
