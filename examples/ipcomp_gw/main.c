/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A gateway that compresses the payload of IP packets (IPComp, RFC 3173, with DEFLATE, RFC 2394) on
 * a compressdev, and one that restores them:
 *
 *	ipcomp_gw [EAL arguments] -- --compress IN:OUT [--restore IN:OUT] [options]
 *
 * Begin to read at lane.h: the order of packets and what becomes of them when the device fails is
 * there. ipcomp.h knows the protocol, stages.h what the lcores do.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_mbuf.h>

#include "accel.h"
#include "options.h"
#include "port.h"
#include "stages.h"

#define TICK_US 10000
#define RING_SIZE 1024
#define CACHE_SIZE 256
/* For what is still under way when the end is asked for. */
#define DRAIN_S 5

static struct gw_options options;
static struct gw_run run;
static struct gw_part parts[RTE_MAX_LCORE];
static struct gw_accel accel;
static struct rte_mempool *buffers;

static volatile sig_atomic_t nb_signals;

static void
on_signal(int number)
{
	RTE_SET_USED(number);
	nb_signals++;
}

static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* How many lcores have a lane: all that work, or all of them but two. */
static unsigned int
count_lanes(void)
{
	unsigned int workers = rte_lcore_count() - 1, queues = gw_ports_max_queues(&options);

	if (workers < (options.pipeline ? 3 : 1))
		rte_exit(EXIT_FAILURE, "ipcomp_gw: %u lcores are needed at least (-l): the main one"
			" looks after the others\n", options.pipeline ? 4 : 2);
	if (options.pipeline)
		return workers - 2;
	if (workers > queues)
		printf("the ports have queues for %u of %u lcores; --pipeline uses all\n", queues,
			workers);
	return RTE_MIN(workers, queues);
}

/* As many as can be anywhere at one time: none of them has to be waited for. */
static void
make_buffers(unsigned int nb_lanes, unsigned int nb_queues)
{
	unsigned int n = nb_lanes * 2 * gw_lane_slots(&options) +
		2 * options.nb_paths * nb_queues * 2 * GW_RING_DEPTH +
		(options.pipeline ? nb_lanes * 2 * RING_SIZE : 0) +
		rte_lcore_count() * 2 * CACHE_SIZE;

	buffers = rte_pktmbuf_pool_create("gw_buffers", n, CACHE_SIZE, 0,
		RTE_PKTMBUF_HEADROOM + options.max_frame + 260, rte_socket_id());
	if (buffers == NULL)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: no memory for %u buffers of %u bytes: %s;"
			" give more (-m), or less --max-frame or --depth\n", n, options.max_frame,
			rte_strerror(rte_errno));
}

static struct rte_ring *
make_ring(const char *what, unsigned int index)
{
	char name[RTE_RING_NAMESIZE];
	struct rte_ring *ring;

	snprintf(name, sizeof(name), "gw_%s_%u", what, index);
	ring = rte_ring_create(name, RING_SIZE, rte_socket_id(),
		RING_F_SP_ENQ | RING_F_SC_DEQ);
	if (ring == NULL)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: no memory for a ring\n");
	return ring;
}

static void
make_lanes(unsigned int nb_lanes)
{
	unsigned int i, lcore = rte_get_next_lcore(-1, 1, 0);

	run.options = &options;
	run.nb_lanes = nb_lanes;
	for (i = 0; i < nb_lanes; i++, lcore = rte_get_next_lcore(lcore, 1, 0)) {
		run.lane[i] = gw_lane_create(&options, &accel, i, buffers, &run.stats[i],
			rte_lcore_to_socket_id(lcore));
		if (run.lane[i] == NULL)
			rte_exit(EXIT_FAILURE, "ipcomp_gw: no memory for lcore %u\n", lcore);
		if (options.pipeline) {
			run.to_lane[i] = make_ring("to", i);
			run.from_lane[i] = make_ring("from", i);
		}
	}
}

static void
launch(void)
{
	unsigned int i = 0, lcore;

	atomic_store(&run.receivers, options.pipeline);
	atomic_store(&run.lanes, run.nb_lanes);
	RTE_LCORE_FOREACH_WORKER(lcore) {
		lcore_function_t *what = options.pipeline ? gw_compress : gw_run_to_completion;

		if (i == run.nb_lanes)
			what = gw_receive;
		else if (i == run.nb_lanes + 1)
			what = gw_send;
		if (i >= run.nb_lanes && !options.pipeline)
			break;
		parts[i] = (struct gw_part){ .run = &run, .index = i };
		rte_eal_remote_launch(what, &parts[i], lcore);
		i++;
	}
}

static bool
anyone_works(void)
{
	unsigned int lcore;

	RTE_LCORE_FOREACH_WORKER(lcore)
		if (rte_eal_get_lcore_state(lcore) == RUNNING)
			return true;
	return false;
}

/* Time as the statistics want it. */
struct watch {
	uint64_t start_tsc;
	unsigned int idle_ticks;	/* in a row, in which ports were known to have nothing */
	uint64_t sent_tsc;
	uint64_t print_tsc;
	struct gw_stats sum;
};

static double
seconds_since(uint64_t tsc, uint64_t now)
{
	return (double)(now - tsc) / rte_get_tsc_hz();
}

static void
look(struct watch *watch)
{
	const uint64_t *count = watch->sum.count;
	uint64_t received = count[GW_RECEIVED], sent = count[GW_SENT];
	uint64_t polls = count[GW_EMPTY_POLLS], now = rte_rdtsc();

	gw_stats_sum(&watch->sum, run.stats, run.nb_lanes + 2);
	/* An lcore that did not run has found out nothing, and on a busy CPU that is often so. */
	if (count[GW_RECEIVED] != received)
		watch->idle_ticks = 0;
	else if (count[GW_EMPTY_POLLS] != polls)
		watch->idle_ticks++;
	if (count[GW_SENT] != sent)
		watch->sent_tsc = now;
	if (options.stats_s != 0 && seconds_since(watch->print_tsc, now) >= options.stats_s) {
		watch->print_tsc = now;
		gw_stats_print(&watch->sum, seconds_since(watch->start_tsc, now), stdout);
		puts("");
	}
}

static bool
is_over(const struct watch *watch)
{
	uint64_t now = rte_rdtsc();

	return nb_signals != 0 || (options.duration_s != 0 &&
			seconds_since(watch->start_tsc, now) >= options.duration_s) ||
		(options.idle_stop_ms != 0 &&
			watch->idle_ticks * (TICK_US / 1000) >= options.idle_stop_ms);
}

static void
tick(struct watch *watch)
{
	usleep(TICK_US);
	look(watch);
}

/* Until somebody wants an end, and what was received then is sent. */
static bool
watch_lcores(struct watch *watch)
{
	uint64_t stop_tsc;

	while (!is_over(watch))
		tick(watch);
	atomic_store(&run.stop, true);
	for (stop_tsc = rte_rdtsc(); anyone_works(); tick(watch))
		if (nb_signals > 1 || seconds_since(stop_tsc, rte_rdtsc()) > DRAIN_S)
			atomic_store(&run.abandon, true);
	look(watch);
	return !atomic_load(&run.abandon);
}

/* Puts away what was made. Buffers that are missing then were lost somewhere. */
static unsigned int
clean_up(void)
{
	unsigned int i, lost;

	gw_ports_stop(&options);
	for (i = 0; i < run.nb_lanes; i++) {
		gw_lane_destroy(run.lane[i]);
		rte_ring_free(run.to_lane[i]);
		rte_ring_free(run.from_lane[i]);
	}
	gw_accel_stop(&accel);
	lost = rte_mempool_in_use_count(buffers);
	rte_mempool_free(buffers);
	return lost;
}

static int
gateway(void)
{
	struct watch watch = { 0 };
	unsigned int nb_lanes = count_lanes(), nb_queues = options.pipeline ? 1 : nb_lanes;
	unsigned int lost;

	make_buffers(nb_lanes, nb_queues);
	gw_accel_start(&accel, &options, nb_lanes, nb_lanes * gw_lane_slots(&options));
	make_lanes(nb_lanes);
	gw_ports_start(&options, nb_queues, buffers);
	printf("%s on %u queue pair%s, %s; Ctrl-C ends it\n", rte_compressdev_name_get(accel.id),
		nb_lanes, nb_lanes == 1 ? "" : "s", options.pipeline ? "pipeline" : "run to completion");
	fflush(stdout);
	watch.start_tsc = watch.sent_tsc = watch.print_tsc = rte_rdtsc();
	launch();
	if (!watch_lcores(&watch)) {
		gw_stats_print(&watch.sum, seconds_since(watch.start_tsc, watch.sent_tsc), stdout);
		fprintf(stderr, "ipcomp_gw: packets that %s has did not come back within %u s\n",
			rte_compressdev_name_get(accel.id), DRAIN_S);
		return EXIT_FAILURE;
	}
	gw_stats_print(&watch.sum, seconds_since(watch.start_tsc, watch.sent_tsc), stdout);
	lost = clean_up();
	if (lost != 0)
		fprintf(stderr, "ipcomp_gw: %u buffer%s lost\n", lost, lost == 1 ? " is" : "s are");
	return lost == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	int args, ret;

	if (gw_options_want_help(argc, argv)) {
		gw_options_help(argv[0]);
		return EXIT_SUCCESS;
	}
	rte_set_application_usage_hook(gw_options_help);
	args = rte_eal_init(argc, argv);
	if (args < 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: EAL does not start, see above;"
			" --help lists the arguments\n");
	ret = gw_options_parse(&options, argc - args, argv + args);
	if (ret == 0) {
		if (rte_eal_process_type() != RTE_PROC_PRIMARY)
			rte_exit(EXIT_FAILURE, "ipcomp_gw: it has to be the primary process\n");
		/* librte_ip_frag's, which tells how much memory it took. */
		rte_log_set_level(RTE_LOGTYPE_USER1, RTE_LOG_NOTICE);
		catch_signals();
		ret = gateway();
	} else {
		ret = EXIT_FAILURE;
	}
	if (rte_eal_cleanup() != 0)
		ret = EXIT_FAILURE;
	return ret;
}
