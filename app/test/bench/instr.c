/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * How many instructions a burst function spends per op: run by devtools/bench.sh under callgrind,
 * which counts only between the two toggles, that is from the call of one of the two burst
 * functions to its return. Which one, is chosen on the command line, so that two runs tell them
 * apart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <valgrind/callgrind.h>
#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#define MAX_BURST 64
/* The first bursts meet cold paths (relocations, first touch) that a running program does not. */
#define WARM_UP_BURSTS 8

struct bench {
	uint8_t dev_id;
	bool decompress;
	bool count_enqueue;
	unsigned int len, burst, iterations, wait_us;
	struct rte_comp_op *ops[MAX_BURST];
	unsigned long nb_counted;	/* ops in counted calls */
	unsigned long nb_short;		/* dequeues that came before the device was done */
};

static void
set_up(struct bench *bench, const char *driver, void **private_xform)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1, .max_nb_priv_xforms = 1,
	};
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS };

	if (bench->decompress) {
		xform.type = RTE_COMP_DECOMPRESS;
		xform.decompress.algo = RTE_COMP_ALGO_DEFLATE;
		xform.decompress.window_size = 15;
	} else {
		xform.compress.algo = RTE_COMP_ALGO_DEFLATE;
		xform.compress.deflate.huffman = RTE_COMP_HUFFMAN_DYNAMIC;
		xform.compress.level = 1;
		xform.compress.window_size = 15;
	}
	if (rte_compressdev_devices_get(driver, &bench->dev_id, 1) == 0 ||
			rte_compressdev_configure(bench->dev_id, &config) != 0 ||
			rte_compressdev_queue_pair_setup(bench->dev_id, 0, 1024,
				rte_socket_id()) != 0 ||
			rte_compressdev_start(bench->dev_id) != 0 ||
			rte_compressdev_private_xform_create(bench->dev_id, &xform,
				private_xform) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up a device of driver %s\n", driver);
}

/* Text-like bytes, or a deflate stream of them; returns its length. */
static uint32_t
make_input(const struct bench *bench, Bytef *out, uint32_t capacity)
{
	static const char words[] = "queue doorbell burst phase window status xform socket ";
	z_stream stream = { .next_out = out, .avail_out = capacity };
	Bytef *plain = bench->decompress ? malloc(bench->len) : out;
	uint32_t i;

	for (i = 0; i < bench->len; i++)
		plain[i] = words[(i * 7 + i / 5) % (sizeof(words) - 1)];
	if (!bench->decompress)
		return bench->len;
	stream.next_in = plain;
	stream.avail_in = bench->len;
	if (deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
			deflate(&stream, Z_FINISH) != Z_STREAM_END)
		rte_exit(EXIT_FAILURE, "zlib failed\n");
	deflateEnd(&stream);
	free(plain);
	return stream.total_out;
}

static void
make_ops(struct bench *bench, void *private_xform)
{
	uint32_t i, capacity = bench->len + bench->len / 8 + 256;
	struct rte_mempool *ops = rte_comp_op_pool_create("ops", MAX_BURST, 0, 0, rte_socket_id());
	struct rte_mempool *mbufs = rte_pktmbuf_pool_create("mbufs", 2 * MAX_BURST, 0, 0,
		RTE_PKTMBUF_HEADROOM + capacity, rte_socket_id());

	if (ops == NULL || mbufs == NULL)
		rte_exit(EXIT_FAILURE, "no memory\n");
	for (i = 0; i < bench->burst; i++) {
		struct rte_comp_op *op = rte_comp_op_alloc(ops);

		op->m_src = rte_pktmbuf_alloc(mbufs);
		op->m_dst = rte_pktmbuf_alloc(mbufs);
		op->src.length = make_input(bench, rte_pktmbuf_mtod(op->m_src, Bytef *), capacity);
		rte_pktmbuf_append(op->m_src, op->src.length);
		rte_pktmbuf_append(op->m_dst, capacity);
		op->private_xform = private_xform;
		op->op_type = RTE_COMP_OP_STATELESS;
		op->flush_flag = RTE_COMP_FLUSH_FINAL;
		bench->ops[i] = op;
	}
}

static void
enqueue(struct bench *bench, bool count)
{
	uint16_t n;

	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	n = rte_compressdev_enqueue_burst(bench->dev_id, 0, bench->ops, bench->burst);
	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	if (n != bench->burst)
		rte_exit(EXIT_FAILURE, "only %u of %u ops were taken\n", n, bench->burst);
	if (count)
		bench->nb_counted += n;
}

/* The device is given time to finish, so that the counted call finds the whole burst ready. */
static void
dequeue(struct bench *bench, bool count)
{
	uint16_t n, i, done = 0;

	usleep(bench->wait_us);
	while (done < bench->burst) {
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		n = rte_compressdev_dequeue_burst(bench->dev_id, 0, bench->ops + done,
			bench->burst - done);
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		if (count)
			bench->nb_counted += n;
		done += n;
		if (done < bench->burst) {
			bench->nb_short++;
			usleep(bench->wait_us);
		}
	}
	for (i = 0; i < done; i++)
		if (bench->ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
			rte_exit(EXIT_FAILURE, "op failed: status %u\n", bench->ops[i]->status);
}

int
main(int argc, char **argv)
{
	struct bench bench = { 0 };
	int args = rte_eal_init(argc, argv);
	void *private_xform;
	unsigned int i;

	argc -= args;
	argv += args;
	if (args < 0 || argc != 8 || atoi(argv[4]) > MAX_BURST)
		rte_exit(EXIT_FAILURE, "usage: instr [EAL arguments] -- DRIVER compress|decompress"
			" SIZE BURST ITERATIONS enqueue|dequeue WAIT_US\n");
	bench.decompress = strcmp(argv[2], "decompress") == 0;
	bench.len = atoi(argv[3]);
	bench.burst = atoi(argv[4]);
	bench.iterations = atoi(argv[5]);
	bench.count_enqueue = strcmp(argv[6], "enqueue") == 0;
	bench.wait_us = atoi(argv[7]);

	set_up(&bench, argv[1], &private_xform);
	make_ops(&bench, private_xform);
	for (i = 0; i < WARM_UP_BURSTS + bench.iterations; i++) {
		bool count = i >= WARM_UP_BURSTS;

		enqueue(&bench, count && bench.count_enqueue);
		dequeue(&bench, count && !bench.count_enqueue);
	}
	printf("ops=%lu short=%lu\n", bench.nb_counted, bench.nb_short);

	rte_compressdev_private_xform_free(bench.dev_id, private_xform);
	rte_compressdev_stop(bench.dev_id);
	rte_compressdev_close(bench.dev_id);
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
