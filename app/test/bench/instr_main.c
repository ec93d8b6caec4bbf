/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_compressdev.h>
#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_eal.h>

#include "instr.h"

/* The first bursts meet cold paths (relocations, first touch) that a running program does not. */
#define WARM_UP_BURSTS 8

/* instr_library.status() says so. */
_Static_assert(RTE_COMP_OP_STATUS_SUCCESS == 0, "success is 0 in compressdev");
_Static_assert(RTE_CRYPTO_OP_STATUS_SUCCESS == 0, "success is 0 in cryptodev");

struct instr {
	struct instr_options options;
	unsigned long nb_counted;	/* ops in counted calls */
	unsigned long nb_short;		/* dequeues that came before the device was done */
};

static void
enqueue(struct instr *instr, bool counts)
{
	uint16_t burst = instr->options.burst, n = instr_library.enqueue(burst, counts);

	if (n != burst)
		rte_exit(EXIT_FAILURE, "only %u of %u ops were taken\n", n, burst);
	if (counts)
		instr->nb_counted += n;
}

/* The device is given time to finish, so that the counted call finds the whole burst ready. */
static void
dequeue(struct instr *instr, bool counts)
{
	uint16_t n, i, burst = instr->options.burst, done = 0;

	usleep(instr->options.wait_us);
	while (done < burst) {
		n = instr_library.dequeue(done, burst - done, counts);
		if (counts)
			instr->nb_counted += n;
		done += n;
		if (done < burst) {
			instr->nb_short++;
			usleep(instr->options.wait_us);
		}
	}
	for (i = 0; i < done; i++)
		if (instr_library.status(i) != 0)
			rte_exit(EXIT_FAILURE, "op failed: status %d\n", instr_library.status(i));
}

static void
parse_options(int argc, char **argv, struct instr_options *options)
{
	if (argc != 8 || atoi(argv[4]) < 1 || atoi(argv[5]) < 1 ||
			atoi(argv[5]) > INSTR_MAX_BURST)
		rte_exit(EXIT_FAILURE, "usage: %s [EAL arguments] -- DRIVER %s"
			" SIZE SEGMENTS BURST ITERATIONS WAIT_US\n",
			instr_library.program, instr_library.kinds);
	options->driver = argv[1];
	options->kind = argv[2];
	options->size = atoi(argv[3]);
	options->segments = atoi(argv[4]);
	options->burst = atoi(argv[5]);
	options->iterations = atoi(argv[6]);
	options->wait_us = atoi(argv[7]);
}

static void
run(struct instr *instr, unsigned int bursts, bool counts_enqueue, bool counts_dequeue)
{
	unsigned int i;

	for (i = 0; i < bursts; i++) {
		enqueue(instr, counts_enqueue);
		dequeue(instr, counts_dequeue);
	}
}

int
main(int argc, char **argv)
{
	struct instr instr = { 0 };
	int args = rte_eal_init(argc, argv);

	if (args < 0)
		rte_exit(EXIT_FAILURE, "EAL does not start\n");
	parse_options(argc - args, argv + args, &instr.options);
	instr_library.open(&instr.options);
	run(&instr, WARM_UP_BURSTS, false, false);
	run(&instr, instr.options.iterations, true, false);
	CALLGRIND_DUMP_STATS_AT("enqueue");
	run(&instr, instr.options.iterations, false, true);
	CALLGRIND_DUMP_STATS_AT("dequeue");
	printf("ops=%lu short=%lu\n", instr.nb_counted / 2, instr.nb_short);
	instr_library.close();
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
