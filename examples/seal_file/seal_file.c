/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Seals a file with AES-GCM on whatever cryptodev is there, and opens it again:
 *
 *	seal_file [EAL arguments] -- seal|open KEY IN OUT [DRIVER]
 *
 * KEY is a file of 16 or 32 bytes. The sealed file begins with 8 random bytes, behind which come
 * records: up to 16 KiB that are enciphered, and their tag. The nonce of a record is those bytes
 * and its number, so none is used twice and no record can change its place. What is authenticated
 * and not enciphered (AAD) says whether it is the last: no file can be cut off unnoticed.
 */
#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#define BURST 32
#define RECORD_LEN 16384
#define TAG_LEN 16
#define NONCE_LEN 12
#define PREFIX_LEN 8

/* Behind each op, in its private room. The device reads the AAD there, which has to be in memory of
 * EAL for that, as mbufs are. The nonce is read by the driver.
 */
struct op_data {
	uint8_t nonce[NONCE_LEN];
	uint8_t is_last;
};
#define OP_DATA_OFFSET (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
#define AAD_LEN 1

static const char usage[] =
"usage: seal_file [EAL arguments] -- seal|open KEY IN OUT [DRIVER]\n"
"\n"
"Seals the file IN into OUT with AES-GCM on a cryptodev, which EAL is given, or opens it again:\n"
"\n"
"  seal_file -d librte_crypto_hisi_sec.so -l 0 --vdev=crypto_hisi_sec0,socket=PATH \\\n"
"      -- seal key plain sealed\n"
"\n"
"  KEY     a file of 16 or 32 bytes\n"
"  DRIVER  the driver whose device it takes (crypto_hisi_sec)\n"
"\n"
"--help in front of -- shows EAL's arguments, too.\n";

static uint8_t dev_id;
static bool is_seal;
static void *session;
static struct rte_mempool *session_pool, *op_pool, *mbuf_pool;
static uint8_t prefix[PREFIX_LEN];
static uint32_t record_number;
/* OUT as long as it is not whole: what was opened before a bad record is not to be trusted. */
static const char *partial;

static void
remove_partial(void)
{
	struct stat info;

	/* Not a pipe or a terminal. */
	if (partial != NULL && stat(partial, &info) == 0 && S_ISREG(info.st_mode))
		unlink(partial);
}

static struct op_data *
data_of(struct rte_crypto_op *op)
{
	return rte_crypto_op_ctod_offset(op, struct op_data *, OP_DATA_OFFSET);
}

static void
start_device(void)
{
	struct rte_cryptodev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1,
		.ff_disable = RTE_CRYPTODEV_FF_ASYMMETRIC_CRYPTO,
	};
	struct rte_cryptodev_qp_conf queue_pair = { .nb_descriptors = 2 * BURST };

	if (rte_cryptodev_configure(dev_id, &config) != 0 ||
			rte_cryptodev_queue_pair_setup(dev_id, 0, &queue_pair,
			rte_socket_id()) != 0 ||
			rte_cryptodev_start(dev_id) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up %s\n", rte_cryptodev_name_get(dev_id));
}

static void
make_pools(void)
{
	uint32_t session_len = rte_cryptodev_sym_get_private_session_size(dev_id);

	session_pool = rte_cryptodev_sym_session_pool_create("sessions", 1, session_len, 0, 0,
		rte_socket_id());
	op_pool = rte_crypto_op_pool_create("ops", RTE_CRYPTO_OP_TYPE_SYMMETRIC, BURST, 0,
		sizeof(struct op_data), rte_socket_id());
	mbuf_pool = rte_pktmbuf_pool_create("buffers", BURST, 0, 0,
		RTE_PKTMBUF_HEADROOM + RECORD_LEN + TAG_LEN, rte_socket_id());
	if (session_pool == NULL || op_pool == NULL || mbuf_pool == NULL)
		rte_exit(EXIT_FAILURE, "no memory for %u buffers of %u bytes\n", BURST,
			RECORD_LEN + TAG_LEN);
}

/* One for all ops: what they have in common. The driver keeps its own copy of the key. */
static void
make_session(const uint8_t *key, uint16_t key_len)
{
	struct rte_crypto_sym_xform gcm = {
		.type = RTE_CRYPTO_SYM_XFORM_AEAD,
		.aead = {
			.op = is_seal ? RTE_CRYPTO_AEAD_OP_ENCRYPT : RTE_CRYPTO_AEAD_OP_DECRYPT,
			.algo = RTE_CRYPTO_AEAD_AES_GCM,
			.key = { .data = key, .length = key_len },
			.iv = {
				.offset = OP_DATA_OFFSET + offsetof(struct op_data, nonce),
				.length = NONCE_LEN,
			},
			.digest_length = TAG_LEN,
			.aad_length = AAD_LEN,
		},
	};

	session = rte_cryptodev_sym_session_create(dev_id, &gcm, session_pool);
	if (session == NULL)
		rte_exit(EXIT_FAILURE, "%s does not do AES-GCM with a key of %u bytes\n",
			rte_cryptodev_name_get(dev_id), key_len);
}

static void
set_up(const char *driver, const char *key_name)
{
	uint8_t key[33];
	size_t key_len;
	FILE *file = fopen(key_name, "rb");

	if (file == NULL)
		rte_exit(EXIT_FAILURE, "cannot open %s: %m\n", key_name);
	/* Unbuffered: no copy of the key stays in the heap. */
	setvbuf(file, NULL, _IONBF, 0);
	key_len = fread(key, 1, sizeof(key), file);
	fclose(file);
	if (key_len != 16 && key_len != 32)
		rte_exit(EXIT_FAILURE, "%s: a key has 16 or 32 bytes\n", key_name);
	if (rte_cryptodev_devices_get(driver, &dev_id, 1) == 0)
		rte_exit(EXIT_FAILURE, "no cryptodev of driver %s; is its --vdev or -a given?\n",
			driver);
	start_device();
	make_pools();
	make_session(key, key_len);
	explicit_bzero(key, sizeof(key));
}

/* An op with its buffer. They are used again for every burst and freed by nobody. */
static struct rte_crypto_op *
make_op(void)
{
	struct rte_crypto_op *op = rte_crypto_op_alloc(op_pool, RTE_CRYPTO_OP_TYPE_SYMMETRIC);

	if (op == NULL || (op->sym->m_src = rte_pktmbuf_alloc(mbuf_pool)) == NULL)
		rte_exit(EXIT_FAILURE, "out of memory for buffers\n");
	rte_crypto_op_attach_sym_session(op, session);
	op->sym->aead.aad.data = &data_of(op)->is_last;
	op->sym->aead.aad.phys_addr = rte_crypto_op_ctophys_offset(op,
		OP_DATA_OFFSET + offsetof(struct op_data, is_last));
	return op;
}

static bool
is_at_end(FILE *in)
{
	int next = getc(in);

	if (next != EOF)
		ungetc(next, in);
	return next == EOF;
}

/* The next record into an op: in place, with its tag behind it. */
static void
read_record(FILE *in, struct rte_crypto_op *op)
{
	struct rte_mbuf *m = op->sym->m_src;
	size_t tag_len = is_seal ? 0 : TAG_LEN;
	uint32_t number;
	size_t len = fread(rte_pktmbuf_mtod(m, char *), 1, RECORD_LEN + tag_len, in);

	if (ferror(in))
		rte_exit(EXIT_FAILURE, "cannot read: %m\n");
	if (len < tag_len)
		rte_exit(EXIT_FAILURE, "record %u is cut off\n", record_number);
	if (record_number == UINT32_MAX)
		rte_exit(EXIT_FAILURE, "too long: nonces would be used twice\n");
	number = htobe32(record_number++);
	len -= tag_len;
	m->data_len = m->pkt_len = len + TAG_LEN;
	op->sym->aead.data.offset = 0;
	op->sym->aead.data.length = len;
	op->sym->aead.digest.data = rte_pktmbuf_mtod_offset(m, uint8_t *, len);
	op->sym->aead.digest.phys_addr = rte_pktmbuf_iova_offset(m, len);
	memcpy(data_of(op)->nonce, prefix, PREFIX_LEN);
	memcpy(data_of(op)->nonce + PREFIX_LEN, &number, sizeof(number));
	data_of(op)->is_last = is_at_end(in);
	op->status = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED;
}

/* Enqueue takes what fits, dequeue gives what is ready: neither ever waits, so both are asked until
 * everything went in and came out.
 */
static void
run_burst(struct rte_crypto_op **ops, uint16_t n)
{
	struct rte_crypto_op *done[BURST];
	uint16_t in = 0, out = 0;

	while (out < n) {
		in += rte_cryptodev_enqueue_burst(dev_id, 0, ops + in, n - in);
		out += rte_cryptodev_dequeue_burst(dev_id, 0, done, BURST);
	}
}

static void
write_record(FILE *out, const struct rte_crypto_op *op, uint32_t number)
{
	uint32_t len = op->sym->aead.data.length + (is_seal ? TAG_LEN : 0);

	if (op->status == RTE_CRYPTO_OP_STATUS_AUTH_FAILED)
		rte_exit(EXIT_FAILURE, "record %u is not what was sealed, or the key is another\n",
			number);
	if (op->status != RTE_CRYPTO_OP_STATUS_SUCCESS)
		rte_exit(EXIT_FAILURE, "record %u failed with status %u\n", number, op->status);
	if (len != 0 && fwrite(rte_pktmbuf_mtod(op->sym->m_src, char *), len, 1, out) != 1)
		rte_exit(EXIT_FAILURE, "cannot write: %m\n");
}

/* @return false: that was the last record */
static bool
pass_burst(FILE *in, FILE *out, struct rte_crypto_op **ops)
{
	uint32_t first = record_number;
	bool is_last = false;
	uint16_t n, i;

	for (n = 0; n < BURST && !is_last; n++) {
		read_record(in, ops[n]);
		is_last = data_of(ops[n])->is_last;
	}
	run_burst(ops, n);
	for (i = 0; i < n; i++)
		write_record(out, ops[i], first + i);
	return !is_last;
}

static void
pass_prefix(FILE *in, FILE *out)
{
	if (is_seal && (getrandom(prefix, PREFIX_LEN, 0) != PREFIX_LEN ||
			fwrite(prefix, PREFIX_LEN, 1, out) != 1))
		rte_exit(EXIT_FAILURE, "cannot write: %m\n");
	if (!is_seal && fread(prefix, PREFIX_LEN, 1, in) != 1)
		rte_exit(EXIT_FAILURE, "nothing is sealed in that file\n");
}

static void
pass_file(const char *in_name, const char *out_name)
{
	struct rte_crypto_op *ops[BURST];
	FILE *in = fopen(in_name, "rb"), *out;
	uint16_t i;

	if (in == NULL)
		rte_exit(EXIT_FAILURE, "cannot open %s: %m\n", in_name);
	/* "x": a file that is there, IN itself perhaps, is not written over. */
	out = fopen(out_name, "wbx");
	if (out == NULL)
		rte_exit(EXIT_FAILURE, "cannot make %s: %m\n", out_name);
	partial = out_name;
	for (i = 0; i < BURST; i++)
		ops[i] = make_op();
	pass_prefix(in, out);
	while (pass_burst(in, out, ops))
		;
	if (fclose(out) != 0)
		rte_exit(EXIT_FAILURE, "cannot write %s: %m\n", out_name);
	partial = NULL;
	fclose(in);
}

static void
clean_up(void)
{
	rte_cryptodev_sym_session_free(dev_id, session);
	rte_cryptodev_stop(dev_id);
	rte_cryptodev_close(dev_id);
	rte_mempool_free(op_pool);
	rte_mempool_free(mbuf_pool);
	rte_mempool_free(session_pool);
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
	is_seal = argc > 1 && strcmp(argv[1], "seal") == 0;
	if (argc < 5 || argc > 6 || (!is_seal && strcmp(argv[1], "open") != 0))
		rte_exit(EXIT_FAILURE, "seal or open, KEY, IN and OUT are needed behind --\n%s", usage);
	atexit(remove_partial);
	set_up(argc > 5 ? argv[5] : "crypto_hisi_sec", argv[2]);
	pass_file(argv[3], argv[4]);
	clean_up();
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
