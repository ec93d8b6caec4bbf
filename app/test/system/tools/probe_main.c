/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_malloc.h>

#include "probe.h"

static volatile sig_atomic_t asked_to_end;

static void
ask_to_end(int number)
{
	asked_to_end = number;
}

/* So long, or until SIGTERM, which may come to any thread. */
static void
wait_for_end(unsigned int seconds)
{
	unsigned int left;

	for (left = seconds * 20; left > 0 && !asked_to_end; left--)
		usleep(50 * 1000);
}

/* Sets queue pairs up and leaves them alone. */
static int
idle(struct probe *probe, const char *driver, unsigned int nb_queue_pairs, unsigned int seconds)
{
	int ret;

	probe_open(probe, driver, 64);
	signal(SIGTERM, ask_to_end);
	ret = nb_queue_pairs == 0 ? 0 : probe_start(probe, nb_queue_pairs, 1024);
	printf("{\"ret\": %d, \"queue_pairs\": %u}\n", ret, nb_queue_pairs);
	fflush(stdout);
	wait_for_end(seconds);
	probe_close(probe);
	return ret == 0 ? 0 : 1;
}

/* What any process of an application does to EAL's heap, with no device at all. */
static int
heap(void)
{
	void *block = rte_malloc(NULL, 64 << 20, 0);

	rte_free(block);
	return block != NULL ? 0 : 3;
}

static const char usage[] =
	"usage: compdev_probe [EAL arguments] -- COMMAND\n"
	"  idle DRIVER QUEUE_PAIRS SECONDS\n"
	"  loop DRIVER SECONDS\n"
	"  fault DRIVER QUEUE_PAIRS\n"
	"  refuse DRIVER\n"
	"  life DRIVER\n"
	"  hotplug DRIVER DEVARGS ROUNDS\n"
	"  hotplug-pci DRIVER ADDRESS ROUNDS\n"
	"  gaps DRIVER DEVARGS DEVARGS ROUNDS\n"
	"  unbind DRIVER ADDRESS\n"
	"  unplug DRIVER DEVARGS DEVARGS ROUNDS\n"
	"  grow DRIVER ROUNDS\n"
	"  pairs DRIVER QUEUE_PAIRS DEPTH ROUNDS\n"
	"  lcores DRIVER MS\n"
	"  split DRIVER MS\n"
	"  devices DRIVER ROUNDS\n"
	"  primary DRIVER QUEUE_PAIRS MS\n"
	"  secondary DRIVER QUEUE_PAIR MS\n"
	"  count DRIVER BURSTS\n"
	"  bursts DRIVER BURSTS\n"
	"  heap\n"
	"  fork DRIVER ROUNDS\n"
	"  fork-private DRIVER\n"
	"  fork-orphan DRIVER SECONDS [PROGRAM]\n"
	"  end DRIVER signal|default|cleanup|close|stop|return|exit|thread|_exit|abort|rte_exit|exec\n";

/* Commands of probe_fork.c, probe_fork_private.c and probe_end.c; -1: none of them. */
static int
forks(struct probe *probe, int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "fork") == 0)
		return probe_fork(probe, argv[2], atoi(argv[3]));
	if (argc == 3 && strcmp(argv[1], "fork-private") == 0)
		return probe_fork_private(probe, argv[2]);
	if (argc == 4 && strcmp(argv[1], "end") == 0)
		return probe_end(probe, argv[2], argv[3]);
	if ((argc == 4 || argc == 5) && strcmp(argv[1], "fork-orphan") == 0)
		return probe_fork_orphan(probe, argv[2], atoi(argv[3]), argv[4]);
	return -1;
}

/* Commands of probe_load.c; -1: none of them. */
static int
load(struct probe *probe, int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "pairs") == 0)
		return probe_pairs(probe, argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
	if (argc == 4 && strcmp(argv[1], "lcores") == 0)
		return probe_lcores(probe, argv[2], atoi(argv[3]));
	if (argc == 4 && strcmp(argv[1], "split") == 0)
		return probe_split(probe, argv[2], atoi(argv[3]));
	if (argc == 4 && strcmp(argv[1], "devices") == 0)
		return probe_devices(probe, argv[2], atoi(argv[3]));
	if (argc == 5 && strcmp(argv[1], "primary") == 0)
		return probe_primary(probe, argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc == 5 && strcmp(argv[1], "secondary") == 0)
		return probe_secondary(probe, argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc == 4 && strcmp(argv[1], "count") == 0)
		return probe_count(probe, argv[2], atoi(argv[3]));
	if (argc == 4 && strcmp(argv[1], "bursts") == 0)
		return probe_bursts(probe, argv[2], atoi(argv[3]));
	return forks(probe, argc, argv);
}

/* An eighth device of the driver, far from those of the command line. */
static int
hotplug(struct probe *probe, const char *driver, const char *devargs, unsigned int rounds)
{
	char name[64];

	snprintf(name, sizeof(name), "%s7", driver);
	return probe_hotplug(probe, driver, "vdev", name, devargs, rounds);
}

int
main(int argc, char **argv)
{
	struct probe probe;
	int args = rte_eal_init(argc, argv), ret = 2;

	if (args < 0)
		return 3;
	argc -= args;
	argv += args;
	if (argc == 4 && strcmp(argv[1], "loop") == 0)
		ret = probe_loop(&probe, argv[2], atoi(argv[3]));
	else if (argc == 4 && strcmp(argv[1], "fault") == 0)
		ret = probe_fault(&probe, argv[2], atoi(argv[3]));
	else if (argc == 3 && strcmp(argv[1], "refuse") == 0)
		ret = probe_refuse(&probe, argv[2]);
	else if (argc == 5 && strcmp(argv[1], "idle") == 0)
		ret = idle(&probe, argv[2], atoi(argv[3]), atoi(argv[4]));
	else if (argc == 3 && strcmp(argv[1], "life") == 0)
		ret = probe_life(&probe, argv[2]);
	else if (argc == 5 && strcmp(argv[1], "hotplug") == 0)
		ret = hotplug(&probe, argv[2], argv[3], atoi(argv[4]));
	else if (argc == 5 && strcmp(argv[1], "hotplug-pci") == 0)
		ret = probe_hotplug(&probe, argv[2], "pci", argv[3], "", atoi(argv[4]));
	else if (argc == 6 && strcmp(argv[1], "gaps") == 0)
		ret = probe_gaps(&probe, argv[2], &argv[3], atoi(argv[5]));
	else if (argc == 4 && strcmp(argv[1], "unbind") == 0)
		ret = probe_unbind(&probe, argv[2], argv[3]);
	else if (argc == 6 && strcmp(argv[1], "unplug") == 0)
		ret = probe_unplug(&probe, argv[2], &argv[3], atoi(argv[5]));
	else if (argc == 4 && strcmp(argv[1], "grow") == 0)
		ret = probe_grow(&probe, argv[2], atoi(argv[3]));
	else if (argc == 2 && strcmp(argv[1], "heap") == 0)
		ret = heap();
	else
		ret = load(&probe, argc, argv);
	if (ret < 0)
		fputs(usage, stderr);
	fflush(stdout);
	if (ret == PROBE_AS_IT_IS)
		return 0;
	rte_eal_cleanup();
	return ret;
}
