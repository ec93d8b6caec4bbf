/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <model_version.h>

#include "emu_options.h"

#define DEFAULT_QUEUES 64
#define DEFAULT_VF_QUEUES 16
#define DEFAULT_WORKERS 1

static const char help_text[] =
	"usage: dpdk-hisi-emu --device ENGINE,key=value... [options]\n"
	"\n"
	"A HiSilicon accelerator in software: serves each PCI function of it at a UNIX socket by the\n"
	"vfio-user protocol, to the hisi drivers' --vdev=...,socket=PATH and to QEMU.\n"
	"\n"
	"  --device ENGINE,...    may be repeated; ENGINE is zip or sec; keys:\n"
	"      socket=PATH        socket of the PF; its folder must be ours, mode 0700, or is created\n"
	"      version=v2|v3|v4|v5  generation of the queue manager (v3)\n"
	"      queues=N           queue pairs of the PF (64)\n"
	"      vfs=N              virtual functions (0)\n"
	"      vf_queues=N        queue pairs that the device has for each VF (16)\n"
	"      isolation=on|off   V3 and later: each queue rings in a page of BAR4; no function has\n"
	"                         more than the larger of queues and vf_queues then (off)\n"
	"      vf_socket=PATTERN  socket of each VF, with %d for its index from 0\n"
	"      vf_assign=driver|model  who gives the VFs their queues: the PF's driver, or, once that\n"
	"                         has its own, the model, for a driver that cannot see the VFs\n"
	"                         (driver)\n"
	"      aad=copy|leave     SEC: what becomes of additional data in front of an output that is out\n"
	"                         of place, which is unknown of the chip (copy)\n"
	"  --pf=self              the model drives the PF itself and gives each VF its queues; the PF\n"
	"                         has no socket then\n"
	"  --workers N            worker threads of each device (1)\n"
	"  --cpus LIST            CPUs they are pinned to in turn, such as 0-1,4\n"
	"  --dma-fault=device|op  a refused address stops the device, as the chip does (device), or\n"
	"                         fails that operation only (op)\n"
	"  --fault=RULES|@FILE    what goes wrong, and when; may be repeated; --fault=help lists the\n"
	"                         faults and their keys\n"
	"  --control=PATH         take commands at this socket, which gets mode 0600\n"
	"  --send=PATH COMMAND    give a command to an emulator that runs with --control=PATH; help is\n"
	"                         one of them\n"
	"  --trace                log each register and mailbox access by name, to stderr\n"
	"  --quiet                no output but warnings and errors\n"
	"  --ready-fd=N           write one byte to descriptor N when all sockets listen\n"
	"  --help                 this text\n"
	"\n"
	"SIGINT and SIGTERM end it, SIGUSR1 writes statistics to stderr.\n"
	"Exit status: 0 ended by signal or --help, 1 cannot serve (socket in use, ...), 2 bad usage.\n"
	"\n"
	"A client hands the descriptors of all its DMA memory to this program.\n";

void
emu_options_help(void)
{
	fputs(help_text, stdout);
}

static bool __attribute__((format(printf, 1, 2)))
complain(const char *format, ...)
{
	va_list args;

	fputs("dpdk-hisi-emu: error: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n", stderr);
	return false;
}

static bool
parse_number(const char *what, const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || text[0] < '0' || text[0] > '9' ||
	    value < min || value > max)
		return complain("%s=%s: a number from %u to %u is needed", what, text, min, max);
	*out = value;
	return true;
}

/** Exactly one "%d" and no other "%". */
static bool
is_pattern(const char *text)
{
	const char *percent = strchr(text, '%');

	return percent != NULL && percent[1] == 'd' && strchr(percent + 1, '%') == NULL;
}

static bool
parse_choice(const char *what, const char *text, const char *first, const char *second, bool *out)
{
	*out = strcmp(text, second) == 0;
	if (*out || strcmp(text, first) == 0)
		return true;
	return complain("%s=%s: %s or %s is needed", what, text, first, second);
}

static const char * const device_keys[] = {
	"socket", "version", "queues", "vfs", "vf_queues", "isolation", "vf_socket", "vf_assign",
	"aad",
};

#define NB_DEVICE_KEYS (sizeof(device_keys) / sizeof(device_keys[0]))

/** A key that there is, for the first time. */
static bool
check_key(struct emu_device_options *dev, const char *key)
{
	uint32_t i;

	for (i = 0; i < NB_DEVICE_KEYS; i++)
		if (strcmp(key, device_keys[i]) == 0)
			break;
	if (i == NB_DEVICE_KEYS)
		return complain("unknown device key '%s', known: socket, version, queues, vfs, "
			"vf_queues, isolation, vf_socket, vf_assign, aad", key);
	if (dev->seen & UINT32_C(1) << i)
		return complain("device key '%s' is there twice; give it once", key);
	dev->seen |= UINT32_C(1) << i;
	return true;
}

static bool
parse_key(struct emu_device_options *dev, const char *key, const char *value)
{
	struct model_device_config *config = &dev->config;

	if (!check_key(dev, key))
		return false;
	if (value[0] == '\0')
		return complain("%s= is empty: a value is needed", key);
	if (strcmp(key, "socket") == 0) {
		dev->socket = value;
	} else if (strcmp(key, "version") == 0) {
		config->version = value;
	} else if (strcmp(key, "queues") == 0) {
		dev->has_queues = true;
		return parse_number(key, value, 1, HISI_QM_MAX_QUEUES, &config->nb_queues);
	} else if (strcmp(key, "vfs") == 0) {
		return parse_number(key, value, 0, HISI_QM_MAX_FUNCTIONS - 1, &config->nb_vfs);
	} else if (strcmp(key, "vf_queues") == 0) {
		return parse_number(key, value, 1, HISI_QM_MAX_QUEUES, &config->vf_queues);
	} else if (strcmp(key, "isolation") == 0) {
		return parse_choice(key, value, "off", "on", &dev->is_isolated);
	} else if (strcmp(key, "vf_socket") == 0) {
		if (!is_pattern(value))
			return complain("vf_socket=%s: one %%d and no other %% is needed", value);
		dev->vf_socket = value;
	} else if (strcmp(key, "aad") == 0) {
		return parse_choice(key, value, "copy", "leave", &config->leaves_aad);
	} else {
		return parse_choice(key, value, "driver", "model", &config->assigns_vfs);
	}
	return true;
}

static bool
parse_device(struct emu_options *options, const char *text)
{
	struct emu_device_options *dev;
	char *pair, *value, *save = NULL;

	if (options->nb_devices == EMU_MAX_DEVICES)
		return complain("more than %u devices", EMU_MAX_DEVICES);
	dev = &options->devices[options->nb_devices++];
	dev->text = strdup(text);
	if (dev->text == NULL)
		return complain("no memory");
	if (text[0] == '\0' || text[0] == ',')
		return complain("--device %s: an engine is needed before the keys, such as "
			"--device zip,socket=PATH", text);
	dev->config.version = "v3";
	dev->config.nb_queues = DEFAULT_QUEUES;
	dev->config.vf_queues = DEFAULT_VF_QUEUES;
	dev->config.engine = strtok_r(dev->text, ",", &save);
	while ((pair = strtok_r(NULL, ",", &save)) != NULL) {
		value = strchr(pair, '=');
		if (value == NULL)
			return complain("device key '%s' has no value", pair);
		*value++ = '\0';
		if (!parse_key(dev, pair, value))
			return false;
	}
	return true;
}

/** Moves the text behind the number. */
static bool
take_cpu(const char **text, uint32_t *cpu)
{
	unsigned long value;
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	value = strtoul(*text, &end, 10);
	*text = end;
	*cpu = (uint32_t)value;
	return value < CPU_SETSIZE;
}

static bool
add_cpus(struct emu_options *options, const char *range)
{
	const char *rest = range;
	uint32_t first = 0, last;
	bool ok = take_cpu(&rest, &first);

	last = first;
	if (ok && *rest == '-') {
		rest++;
		ok = take_cpu(&rest, &last);
	}
	if (!ok || *rest != '\0')
		return complain("--cpus: '%s': a CPU from 0 to %u or a range of them is needed, "
			"such as 0-1,4", range, CPU_SETSIZE - 1);
	if (first > last)
		return complain("--cpus: '%s' ends before it begins", range);
	for (; first <= last; first++) {
		if (options->nb_cpus == EMU_MAX_CPUS)
			return complain("--cpus: more than %u CPUs", EMU_MAX_CPUS);
		options->cpus[options->nb_cpus++] = first;
	}
	return true;
}

/** Tried on this thread, as the workers will: what a cpuset forbids is known to the kernel only. */
static bool
check_cpus(const struct emu_options *options)
{
	cpu_set_t before, one;
	uint32_t i;
	int bad = -1;

	if (sched_getaffinity(0, sizeof(before), &before) != 0)
		return complain("--cpus: %s", strerror(errno));
	for (i = 0; i < options->nb_cpus && bad < 0; i++) {
		CPU_ZERO(&one);
		CPU_SET(options->cpus[i], &one);
		if (sched_setaffinity(0, sizeof(one), &one) != 0)
			bad = options->cpus[i];
	}
	(void)sched_setaffinity(0, sizeof(before), &before);
	return bad < 0 || complain("--cpus: this program cannot run on CPU %d", bad);
}

static bool
parse_cpus(struct emu_options *options, const char *text)
{
	char *copy = strdup(text), *save = NULL, *range;
	bool ok = copy != NULL;

	for (range = ok ? strtok_r(copy, ",", &save) : NULL; ok && range != NULL;
	     range = strtok_r(NULL, ",", &save))
		ok = add_cpus(options, range);
	free(copy);
	if (ok && options->nb_cpus == 0)
		return complain("--cpus: the list is empty; CPUs are needed, such as 0-1,4");
	return ok && check_cpus(options);
}

/** In the order of long_options. */
enum option_id {
	OPT_DEVICE = 256,
	OPT_WORKERS,
	OPT_CPUS,
	OPT_PF,
	OPT_DMA_FAULT,
	OPT_FAULT,
	OPT_CONTROL,
	OPT_SEND,
	OPT_TRACE,
	OPT_QUIET,
	OPT_READY_FD,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "workers", required_argument, NULL, OPT_WORKERS },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "pf", required_argument, NULL, OPT_PF },
	{ "dma-fault", required_argument, NULL, OPT_DMA_FAULT },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "send", required_argument, NULL, OPT_SEND },
	{ "trace", no_argument, NULL, OPT_TRACE },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "ready-fd", required_argument, NULL, OPT_READY_FD },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/** Only --device and --fault may come again. */
static bool
check_option(uint32_t *seen, int id)
{
	uint32_t bit = UINT32_C(1) << (id - OPT_DEVICE);

	if (id != OPT_DEVICE && id != OPT_FAULT && (*seen & bit))
		return complain("option --%s is there twice; give it once",
			long_options[id - OPT_DEVICE].name);
	*seen |= bit;
	return true;
}

static bool
parse_option(struct emu_options *options, int id, const char *arg)
{
	uint32_t number = 0;
	bool choice;

	switch (id) {
	case OPT_DEVICE:
		return parse_device(options, arg);
	case OPT_WORKERS:
		return parse_number("--workers", arg, 1, MODEL_MAX_WORKERS - 1,
			&options->nb_workers);
	case OPT_CPUS:
		return parse_cpus(options, arg);
	case OPT_PF:
		if (strcmp(arg, "self") != 0)
			return complain("--pf=%s: self is needed; leave it out for a PF with a socket",
				arg);
		options->is_pf_self = true;
		return true;
	case OPT_DMA_FAULT:
		if (!parse_choice("--dma-fault", arg, "device", "op", &choice))
			return false;
		options->dma_fault = choice ? MODEL_DMA_FAULT_OP : MODEL_DMA_FAULT_DEVICE;
		return true;
	case OPT_FAULT:
		if (strcmp(arg, "help") == 0) {
			options->wants_fault_help = true;
			return true;
		}
		if (options->nb_faults == EMU_MAX_FAULTS)
			return complain("more than %u times --fault", EMU_MAX_FAULTS);
		options->faults[options->nb_faults++] = arg;
		return true;
	case OPT_CONTROL:
		options->control = arg;
		return true;
	case OPT_SEND:
		options->send = arg;
		return true;
	case OPT_TRACE:
		options->is_tracing = true;
		return true;
	case OPT_QUIET:
		options->is_quiet = true;
		return true;
	case OPT_READY_FD:
		if (!parse_number("--ready-fd", arg, 0, INT32_MAX, &number))
			return false;
		if (fcntl((int)number, F_GETFD) < 0)
			return complain("--ready-fd=%s: %s", arg, strerror(errno));
		options->ready_fd = number;
		return true;
	case OPT_HELP:
		options->wants_help = true;
		return true;
	default:
		return false;
	}
}

/** A generation whose number of queues is a constant of the chip (qm.md 2.2). */
static bool
fix_queues(struct emu_device_options *dev)
{
	const struct model_version *version = model_version_find(dev->config.version);

	if (version == NULL || version->fixed_queues == 0)
		return true;
	if (dev->has_queues)
		return complain("device %s: version %s always has %u queues; give the PF's driver "
			"queues=N instead", dev->config.engine, version->name,
			version->fixed_queues);
	if (dev->config.nb_vfs * dev->config.vf_queues > version->fixed_queues)
		return complain("device %s: the VFs want %u queues, version %s has %u",
			dev->config.engine, dev->config.nb_vfs * dev->config.vf_queues,
			version->name, version->fixed_queues);
	dev->config.nb_queues = version->fixed_queues;
	return true;
}

/** What is said of VFs needs some; vfs=0 says that there are none on purpose. */
static bool
check_vf_keys(const struct emu_device_options *dev)
{
	bool has_vfs = false;
	const char *of_vfs = NULL;
	uint32_t i;

	for (i = 0; i < NB_DEVICE_KEYS; i++) {
		if (!(dev->seen & UINT32_C(1) << i))
			continue;
		if (strcmp(device_keys[i], "vfs") == 0)
			has_vfs = true;
		else if (strncmp(device_keys[i], "vf_", 3) == 0)
			of_vfs = device_keys[i];
	}
	if (has_vfs || of_vfs == NULL)
		return true;
	return complain("device %s: %s= is for VFs and there are none; give vfs=N too",
		dev->config.engine, of_vfs);
}

/** Options of all devices go into each; sockets must fit the functions. */
static bool
complete_device(const struct emu_options *options, struct emu_device_options *dev)
{
	struct model_device_config *config = &dev->config;
	uint32_t for_vfs = config->nb_vfs * config->vf_queues;

	config->nb_workers = options->nb_workers;
	config->cpus = options->cpus;
	config->nb_cpus = options->nb_cpus;
	config->dma_fault = options->dma_fault;
	config->is_pf_self = options->is_pf_self;
	config->is_tracing = options->is_tracing;
	if (options->is_pf_self && config->nb_vfs == 0)
		return complain("--pf=self without vfs=N leaves nothing to serve");
	if (!options->is_pf_self && dev->socket == NULL)
		return complain("device %s: socket=PATH is missing", config->engine);
	if (config->nb_vfs > 0 && dev->vf_socket == NULL)
		return complain("device %s: vf_socket=PATTERN is missing", config->engine);
	if (!check_vf_keys(dev))
		return false;
	/* The model's own PF driver needs no queue. */
	if (options->is_pf_self && !dev->has_queues)
		config->nb_queues = 0;
	if (dev->is_isolated)
		config->isolated_queues = config->nb_vfs != 0 &&
			config->vf_queues > config->nb_queues ? config->vf_queues :
			config->nb_queues;
	config->nb_queues += for_vfs;
	if (!fix_queues(dev))
		return false;
	if (config->nb_queues > HISI_QM_MAX_QUEUES)
		return complain("device %s: %u queues together, %u are possible", config->engine,
			config->nb_queues, HISI_QM_MAX_QUEUES);
	return true;
}

bool
emu_options_parse(int argc, char **argv, struct emu_options *options)
{
	uint32_t i, seen = 0;
	int id;

	memset(options, 0, sizeof(*options));
	options->nb_workers = DEFAULT_WORKERS;
	options->ready_fd = -1;
	opterr = 0;
	while ((id = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
		if (id == ':')
			return complain("option %s needs a value; --help lists the options",
				argv[optind - 1]);
		if (id == '?')
			return complain("unknown option %s, or one without a value; "
				"--help lists the options", argv[optind - 1]);
		if (!check_option(&seen, id) || !parse_option(options, id, optarg))
			return false;
	}
	if (options->wants_help || options->wants_fault_help)
		return true;
	if (options->send != NULL) {
		options->words = argv + optind;
		options->nb_words = argc - optind;
		if (options->nb_words == 0)
			return complain("--send=PATH needs a command; --help lists the options");
		return seen == UINT32_C(1) << (OPT_SEND - OPT_DEVICE) ||
			complain("--send=PATH goes with a command only, without other options");
	}
	if (optind < argc)
		return complain("unexpected argument '%s'", argv[optind]);
	if (options->nb_devices == 0)
		return complain("no --device; --help lists the options");
	for (i = 0; i < options->nb_devices; i++)
		if (!complete_device(options, &options->devices[i]))
			return false;
	return true;
}

void
emu_options_free(struct emu_options *options)
{
	uint32_t i;

	for (i = 0; i < options->nb_devices; i++)
		free(options->devices[i].text);
}
