/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>

#include "testacc.h"

struct testacc_options testacc_options;

static const char help_text[] =
	"usage: dpdk-testacc [EAL options] -- [options]\n"
	"       dpdk-testacc doctor [--json] [--root=DIR]\n"
	"       dpdk-testacc decode FILE\n"
	"\n"
	"Tries accelerators at a prompt: what they are, how fast, what is wrong. Any compressdev and any\n"
	"cryptodev will do; those of the hisi drivers have more to show. doctor looks at the machine, and\n"
	"decode puts a dump of the flight recorder into words; both need neither EAL nor a device.\n"
	"\n"
	"  -e COMMANDS            run these, with ; between them, and end\n"
	"  --cmdline-file=FILE    run the lines of FILE, of stdin where it is -, and end\n"
	"  -i, --interactive      a prompt after the commands\n"
	"  --json                 what commands tell as JSON, one object a line\n"
	"  --control=SOCKET       control socket of the model (dpdk-hisi-emu --control), for inject\n"
	"  --help                 this text\n"
	"\n"
	"'help' at the prompt lists the commands. Commands end at the first that fails.\n"
	"Exit status: 0 all is well, 1 a command failed, 2 bad usage.\n";

void
testacc_options_help(void)
{
	fputs(help_text, stdout);
}

static void __attribute__((format(printf, 1, 0)))
complain(const char *format, va_list args)
{
	char text[4096], *at;

	testacc_progress_end(true);
	fflush(stdout);
	vsnprintf(text, sizeof(text), format, args);
	/* Words are anybody's: nothing of theirs moves the cursor of a terminal. */
	for (at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			*at = '?';
	fprintf(stderr, "dpdk-testacc: %s\n", text);
}

int
testacc_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return TESTACC_FAILED;
}

int
testacc_misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return TESTACC_USAGE;
}

/** @return false after a message: it was there before */
static bool
take_once(const char **value, const char *name)
{
	if (*value != NULL) {
		(void)testacc_misused("%s is there twice; give it once%s", name,
			name[1] == 'e' ? ", with ; between its commands" : "");
		return false;
	}
	*value = optarg;
	return true;
}

int
testacc_options_parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "cmdline-file", required_argument, NULL, 'f' },
		{ "interactive", no_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "control", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "e:ih", longs, NULL)) != -1) {
		switch (option) {
		case 'e':
			if (!take_once(&testacc_options.commands, "-e"))
				return -1;
			break;
		case 'f':
			if (!take_once(&testacc_options.command_file, "--cmdline-file"))
				return -1;
			break;
		case 'i': testacc_options.is_interactive = true; break;
		case 'j': testacc_options.is_json = true; break;
		case 'c': testacc_options.control = optarg; break;
		case 'h':
			testacc_options_help();
			return 1;
		default:
			return -1;
		}
	}
	if (optind < argc) {
		(void)testacc_misused("'%s': expected: an option; --help lists them",
			argv[optind]);
		return -1;
	}
	return 0;
}
