/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "emu_control.h"
#include "emu_options.h"
#include "emu_serve.h"

/* Said in --help. */
enum emu_exit {
	EMU_EXIT_OK = 0,
	EMU_EXIT_FAILED = 1,
	EMU_EXIT_USAGE = 2,
};

/** Signals as a descriptor; blocked before the first thread starts, so that all inherit it. */
static int
catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/** As many descriptors as the system lets us have: each function and its client take some. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	/* Where it stays as it is, the function that has none left says so. */
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void
tell_ready(int fd)
{
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) != 1)
		fprintf(stderr, "dpdk-hisi-emu: warning: --ready-fd=%d: %s\n", fd,
			strerror(errno));
	close(fd);
}

static enum emu_exit
serve(const struct emu_options *options)
{
	int signal_fd = catch_signals();
	bool is_ok, is_usage = false;
	struct emu *emu;

	if (signal_fd < 0) {
		fprintf(stderr, "dpdk-hisi-emu: error: signals: %s\n", strerror(errno));
		return EMU_EXIT_FAILED;
	}
	raise_descriptor_limit();
	emu = emu_create(options, &is_usage);
	if (emu == NULL)
		return is_usage ? EMU_EXIT_USAGE : EMU_EXIT_FAILED;
	if (!options->is_quiet)
		emu_print(emu);
	tell_ready(options->ready_fd);
	is_ok = emu_run(emu, signal_fd);
	emu_destroy(emu);
	close(signal_fd);
	return is_ok ? EMU_EXIT_OK : EMU_EXIT_FAILED;
}

static void
print_line(void *opaque, const char *line)
{
	(void)opaque;
	puts(line);
}

int
main(int argc, char **argv)
{
	struct emu_options options;
	enum emu_exit status = EMU_EXIT_USAGE;

	if (emu_options_parse(argc, argv, &options)) {
		if (options.wants_help) {
			emu_options_help();
			status = EMU_EXIT_OK;
		} else if (options.wants_fault_help) {
			model_fault_help(print_line, NULL);
			status = EMU_EXIT_OK;
		} else if (options.send != NULL) {
			status = emu_control_send(options.send, options.words, options.nb_words) ?
				EMU_EXIT_OK : EMU_EXIT_FAILED;
		} else {
			status = serve(&options);
		}
	}
	emu_options_free(&options);
	return status;
}
