/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Compresses a file into gzip with whatever compressdev is there:
 *
 *	compress_file [EAL arguments] -- IN OUT [DRIVER [QUEUE_PAIR]]
 *
 * As a secondary process (--proc-type=secondary) it takes a queue pair that the primary has set up
 * and leaves to others, and does not touch the device otherwise. A primary sets up its own, so
 * QUEUE_PAIR is for secondaries only.
 *
 * The file is cut into chunks that are compressed independently of one another, a burst of them at
 * a time; each becomes a gzip member of its own. gunzip takes members in a row for one file
 * (RFC 1952, 2.2), so no stream state has to travel from chunk to chunk.
 */
#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#define BURST 32
#define CHUNK_LEN 32768
#define HEADER_LEN 10
#define TRAILER_LEN 8
/* Deflate can make data larger: fixed Huffman codes spend 9 bits on half of the byte values. */
#define OUT_LEN (HEADER_LEN + CHUNK_LEN + CHUNK_LEN / 8 + 64 + TRAILER_LEN)

static const char usage[] =
"usage: compress_file [EAL arguments] -- IN OUT [DRIVER [QUEUE_PAIR]]\n"
"\n"
"Compresses the file IN into the gzip OUT with a compressdev, which EAL is given:\n"
"\n"
"  compress_file -d librte_compress_hisi_zip.so -l 0 --vdev=compress_hisi_zip0,socket=PATH \\\n"
"      -- in out.gz\n"
"\n"
"  DRIVER      the driver whose device it takes (compress_hisi_zip)\n"
"  QUEUE_PAIR  which one of those that the primary process has set up; for a secondary process\n"
"              (--proc-type=secondary) only\n"
"\n"
"--help in front of -- shows EAL's arguments, too.\n";

static uint8_t dev_id;
static uint16_t queue_pair;
static void *xform;
static struct rte_mempool *op_pool, *mbuf_pool;
/* OUT as long as it is not whole. */
static const char *partial;

/* Half a file looks like a whole one to gunzip: its members are. */
static void
remove_partial(void)
{
	struct stat info;

	/* Not a pipe or a terminal. */
	if (partial != NULL && stat(partial, &info) == 0 && S_ISREG(info.st_mode))
		unlink(partial);
}

static bool
is_primary(void)
{
	return rte_eal_process_type() == RTE_PROC_PRIMARY;
}

/* The device is the primary's business. */
static void
start_device(void)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1, .max_nb_priv_xforms = 1,
	};

	if (rte_compressdev_configure(dev_id, &config) != 0 ||
			rte_compressdev_queue_pair_setup(dev_id, 0, BURST, rte_socket_id()) != 0 ||
			rte_compressdev_start(dev_id) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up %s\n", rte_compressdev_name_get(dev_id));
}

static void
set_up(const char *driver)
{
	struct rte_comp_xform compress = {
		.type = RTE_COMP_COMPRESS,
		.compress = {
			.algo = RTE_COMP_ALGO_DEFLATE,
			.deflate.huffman = RTE_COMP_HUFFMAN_DYNAMIC,
			.level = 1,
			.window_size = 15,
			.chksum = RTE_COMP_CHECKSUM_NONE,
			.hash_algo = RTE_COMP_HASH_ALGO_NONE,
		},
	};

	if (rte_compressdev_devices_get(driver, &dev_id, 1) == 0)
		rte_exit(EXIT_FAILURE, "no compressdev of driver %s; is its --vdev or -a given%s?\n",
			driver, is_primary() ? "" : ", to the primary process");
	if (is_primary())
		start_device();
	else if (queue_pair >= rte_compressdev_queue_pair_count(dev_id))
		rte_exit(EXIT_FAILURE, "%s has %u queue pair%s, none of the number %u\n",
			rte_compressdev_name_get(dev_id), rte_compressdev_queue_pair_count(dev_id),
			rte_compressdev_queue_pair_count(dev_id) == 1 ? "" : "s", queue_pair);
	/* Of each process its own: it may hold pointers. */
	if (rte_compressdev_private_xform_create(dev_id, &compress, &xform) != 0)
		rte_exit(EXIT_FAILURE, "%s does not compress to dynamic deflate\n",
			rte_compressdev_name_get(dev_id));
}

/* An op with its two buffers. They are used again for every burst and freed by nobody. */
static struct rte_comp_op *
make_op(void)
{
	struct rte_comp_op *op = rte_comp_op_alloc(op_pool);

	if (op == NULL || (op->m_src = rte_pktmbuf_alloc(mbuf_pool)) == NULL ||
			(op->m_dst = rte_pktmbuf_alloc(mbuf_pool)) == NULL ||
			/* How much the device may write is what data_len says. */
			rte_pktmbuf_append(op->m_dst, OUT_LEN - TRAILER_LEN) == NULL)
		rte_exit(EXIT_FAILURE, "out of memory for buffers\n");
	op->private_xform = xform;
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->dst.offset = HEADER_LEN;
	return op;
}

/* An empty file has one chunk all the same: gunzip wants a member. */
static uint16_t
read_burst(FILE *in, struct rte_comp_op **ops, bool is_first)
{
	uint16_t n;

	for (n = 0; n < BURST; n++) {
		struct rte_comp_op *op = ops[n];

		rte_pktmbuf_reset(op->m_src);
		op->src.length = fread(rte_pktmbuf_mtod(op->m_src, char *), 1, CHUNK_LEN, in);
		if (op->src.length == 0 && (n > 0 || !is_first))
			break;
		rte_pktmbuf_append(op->m_src, op->src.length);
		op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
		/* Results, but some drivers (compress_zlib) add to what they find there. */
		op->consumed = 0;
		op->produced = 0;
	}
	return n;
}

/* Enqueue takes what fits, dequeue gives what is ready: neither ever waits, so both are asked until
 * everything went in and came out.
 */
static void
run_burst(struct rte_comp_op **ops, uint16_t n)
{
	struct rte_comp_op *done[BURST];
	uint16_t in = 0, out = 0;

	while (out < n) {
		in += rte_compressdev_enqueue_burst(dev_id, queue_pair, ops + in, n - in);
		out += rte_compressdev_dequeue_burst(dev_id, queue_pair, done, BURST);
	}
}

static void
write_member(FILE *out, const struct rte_comp_op *op)
{
	static const char header[HEADER_LEN] = { 0x1f, (char)0x8b, Z_DEFLATED, [9] = 3 /* Unix */ };
	const Bytef *data = rte_pktmbuf_mtod(op->m_src, const Bytef *);
	char *member = rte_pktmbuf_mtod(op->m_dst, char *);
	uint32_t trailer[2] = {
		htole32(crc32(0, data, op->src.length)), htole32(op->src.length),
	};

	if (op->status != RTE_COMP_OP_STATUS_SUCCESS)
		rte_exit(EXIT_FAILURE, "compression failed with status %u\n", op->status);
	memcpy(member, header, HEADER_LEN);
	memcpy(member + HEADER_LEN + op->produced, trailer, TRAILER_LEN);
	if (fwrite(member, HEADER_LEN + op->produced + TRAILER_LEN, 1, out) != 1)
		rte_exit(EXIT_FAILURE, "cannot write: %m\n");
}

/* Pools of all processes lie in the same memory, under their names. */
static struct rte_comp_op **
make_ops(void)
{
	static struct rte_comp_op *ops[BURST];
	char name[RTE_MEMPOOL_NAMESIZE];
	uint16_t i;

	snprintf(name, sizeof(name), "ops_%d", getpid());
	op_pool = rte_comp_op_pool_create(name, BURST, 0, 0, rte_socket_id());
	snprintf(name, sizeof(name), "buffers_%d", getpid());
	mbuf_pool = rte_pktmbuf_pool_create(name, 2 * BURST, 0, 0,
		RTE_PKTMBUF_HEADROOM + OUT_LEN, rte_socket_id());
	if (op_pool == NULL || mbuf_pool == NULL)
		rte_exit(EXIT_FAILURE, "no memory for %u buffers of %u bytes\n", 2 * BURST,
			OUT_LEN);
	for (i = 0; i < BURST; i++)
		ops[i] = make_op();
	return ops;
}

static void
clean_up(void)
{
	rte_compressdev_private_xform_free(dev_id, xform);
	if (is_primary()) {
		rte_compressdev_stop(dev_id);
		rte_compressdev_close(dev_id);
	}
	rte_mempool_free(op_pool);
	rte_mempool_free(mbuf_pool);
}

static void
set_queue_pair(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (is_primary())
		rte_exit(EXIT_FAILURE, "QUEUE_PAIR %s: only a secondary process chooses one;"
			" leave it out, or give EAL --proc-type=secondary\n", text);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > UINT16_MAX)
		rte_exit(EXIT_FAILURE, "QUEUE_PAIR %s: expected: 0 to %u\n", text, UINT16_MAX);
	queue_pair = number;
}

/* To open OUT empties it, which must not be the file that is read, by whatever name. */
static FILE *
open_in(const char *in_name, const char *out_name)
{
	struct stat in_info, out_info;
	FILE *in = fopen(in_name, "rb");

	if (in == NULL || fstat(fileno(in), &in_info) != 0)
		rte_exit(EXIT_FAILURE, "cannot open %s: %m\n", in_name);
	if (stat(out_name, &out_info) == 0 && in_info.st_dev == out_info.st_dev &&
			in_info.st_ino == out_info.st_ino)
		rte_exit(EXIT_FAILURE, "%s and %s are the same file; give another name to write"
			" to\n", in_name, out_name);
	return in;
}

static void
print_usage(const char *program)
{
	(void)program;
	fputs(usage, stdout);
}

/* Behind "--", where it needs no EAL. In front EAL takes it for its own, and calls the hook. */
static bool
wants_help(int argc, char **argv)
{
	return argc >= 2 && strcmp(argv[argc - 2], "--") == 0 &&
		strcmp(argv[argc - 1], "--help") == 0;
}

int
main(int argc, char **argv)
{
	struct rte_comp_op **ops;
	FILE *in, *out;
	bool is_first = true;
	uint16_t i, n;
	int args;

	if (wants_help(argc, argv)) {
		print_usage(argv[0]);
		return EXIT_SUCCESS;
	}
	if (argc == 1) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	rte_set_application_usage_hook(print_usage);
	args = rte_eal_init(argc, argv);
	if (args < 0)
		rte_exit(EXIT_FAILURE, "EAL does not start, see above; --help lists the arguments\n");
	argc -= args;
	argv += args;
	if (argc < 3 || argc > 5)
		rte_exit(EXIT_FAILURE, "IN and OUT are needed behind --\n%s", usage);
	in = open_in(argv[1], argv[2]);
	if (argc > 4)
		set_queue_pair(argv[4]);
	set_up(argc > 3 ? argv[3] : "compress_hisi_zip");
	ops = make_ops();

	/* Not earlier: without something to read or a device, what is in OUT stays. */
	out = fopen(argv[2], "wb");
	if (out == NULL)
		rte_exit(EXIT_FAILURE, "cannot open %s: %m\n", argv[2]);
	partial = argv[2];
	atexit(remove_partial);
	while ((n = read_burst(in, ops, is_first)) > 0) {
		run_burst(ops, n);
		for (i = 0; i < n; i++)
			write_member(out, ops[i]);
		is_first = false;
	}
	if (ferror(in))
		rte_exit(EXIT_FAILURE, "cannot read %s: %m\n", argv[1]);
	if (fclose(out) != 0)
		rte_exit(EXIT_FAILURE, "cannot write %s: %m\n", argv[2]);
	partial = NULL;

	clean_up();
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
