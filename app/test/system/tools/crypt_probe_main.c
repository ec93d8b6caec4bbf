/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Device and sessions as an ordinary application makes them; a session stands where compdev_probe
 * has an xform.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cryptodev.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_mbuf.h>

#include "crypt_probe.h"
#include "probe.h"

const uint8_t crypt_probe_key[16] = {
	0x4b, 0x75, 0x6e, 0x70, 0x65, 0x6e, 0x67, 0x20, 0x61, 0x74, 0x20, 0x77, 0x6f, 0x72, 0x6b,
	0x21,
};

/* Two for each device, those that went included. */
#define PROBE_SESSIONS 128

static struct rte_mempool *session_pool;

void
probe_open(struct probe *probe, const char *driver, unsigned int nb_ops)
{
	char name[3][RTE_MEMPOOL_NAMESIZE];

	/* Of its own: the processes of an application share the names. */
	snprintf(name[0], sizeof(name[0]), "probe_ops_%d", (int)getpid());
	snprintf(name[1], sizeof(name[1]), "probe_mbufs_%d", (int)getpid());
	snprintf(name[2], sizeof(name[2]), "probe_sess_%d", (int)getpid());
	memset(probe, 0, sizeof(*probe));
	if (rte_cryptodev_devices_get(driver, &probe->dev_id, 1) == 0)
		rte_exit(3, "no cryptodev of driver %s\n", driver);
	probe->op_pool = rte_crypto_op_pool_create(name[0], RTE_CRYPTO_OP_TYPE_SYMMETRIC,
		nb_ops, 0, sizeof(struct crypt_probe_priv), rte_socket_id());
	probe->mbuf_pool = rte_pktmbuf_pool_create(name[1], 2 * nb_ops, 0, 0,
		RTE_PKTMBUF_HEADROOM + PROBE_CAPACITY, rte_socket_id());
	session_pool = rte_cryptodev_sym_session_pool_create(name[2], PROBE_SESSIONS,
		rte_cryptodev_sym_get_private_session_size(probe->dev_id), 0, 0, rte_socket_id());
	if (probe->op_pool == NULL || probe->mbuf_pool == NULL || session_pool == NULL)
		rte_exit(3, "no memory for %u ops\n", nb_ops);
}

int
probe_start(struct probe *probe, uint16_t nb_queue_pairs, uint32_t depth)
{
	struct rte_cryptodev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = nb_queue_pairs,
		.ff_disable = RTE_CRYPTODEV_FF_ASYMMETRIC_CRYPTO,
	};
	struct rte_cryptodev_qp_conf queue = {
		.nb_descriptors = depth, .mp_session = session_pool,
	};
	int ret = rte_cryptodev_configure(probe->dev_id, &config);
	uint16_t i;

	for (i = 0; ret == 0 && i < nb_queue_pairs; i++)
		ret = rte_cryptodev_queue_pair_setup(probe->dev_id, i, &queue, rte_socket_id());
	return ret != 0 ? ret : rte_cryptodev_start(probe->dev_id);
}

int
probe_make_xforms(struct probe *probe)
{
	struct rte_crypto_sym_xform cbc = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER, .cipher = {
		.op = RTE_CRYPTO_CIPHER_OP_ENCRYPT, .algo = RTE_CRYPTO_CIPHER_AES_CBC,
		.key = { crypt_probe_key, sizeof(crypt_probe_key) },
		.iv = { CRYPT_PROBE_IV_OFFSET, 16 } } };
	struct rte_crypto_sym_xform gcm = { .type = RTE_CRYPTO_SYM_XFORM_AEAD, .aead = {
		.op = RTE_CRYPTO_AEAD_OP_DECRYPT, .algo = RTE_CRYPTO_AEAD_AES_GCM,
		.key = { crypt_probe_key, sizeof(crypt_probe_key) },
		.iv = { CRYPT_PROBE_IV_OFFSET, 12 }, .digest_length = CRYPT_PROBE_TAG_LEN,
		.aad_length = CRYPT_PROBE_AAD_LEN } };

	probe->compress_xform = rte_cryptodev_sym_session_create(probe->dev_id, &cbc,
		session_pool);
	probe->decompress_xform = rte_cryptodev_sym_session_create(probe->dev_id, &gcm,
		session_pool);
	return probe->compress_xform != NULL && probe->decompress_xform != NULL ? 0 : -ENOTSUP;
}

void
probe_close(struct probe *probe)
{
	if (probe->compress_xform != NULL)
		rte_cryptodev_sym_session_free(probe->dev_id, probe->compress_xform);
	if (probe->decompress_xform != NULL)
		rte_cryptodev_sym_session_free(probe->dev_id, probe->decompress_xform);
	rte_cryptodev_stop(probe->dev_id);
	rte_cryptodev_close(probe->dev_id);
	rte_mempool_free(session_pool);
	rte_mempool_free(probe->op_pool);
	rte_mempool_free(probe->mbuf_pool);
}

int
main(int argc, char **argv)
{
	int args = rte_eal_init(argc, argv), ret = 2;
	struct probe probe;

	argc -= args;
	argv += args;
	if (args < 0)
		return 3;
	if (argc == 4 && strcmp(argv[1], "fault") == 0)
		ret = probe_fault(&probe, argv[2], atoi(argv[3]));
	else if (argc == 4 && strcmp(argv[1], "fork") == 0)
		ret = probe_fork(&probe, argv[2], atoi(argv[3]));
	else if (argc == 4 && strcmp(argv[1], "loop") == 0)
		ret = probe_loop(&probe, argv[2], atoi(argv[3]));
	else if (argc == 5 && strcmp(argv[1], "primary") == 0)
		ret = probe_primary(&probe, argv[2], atoi(argv[3]), atoi(argv[4]));
	else if (argc == 5 && strcmp(argv[1], "secondary") == 0)
		ret = probe_secondary(&probe, argv[2], atoi(argv[3]), atoi(argv[4]));
	else if (argc == 6 && strcmp(argv[1], "unplug") == 0)
		ret = probe_unplug(&probe, argv[2], &argv[3], atoi(argv[5]));
	else
		fputs("usage: cryptodev_probe [EAL arguments] -- COMMAND\n"
			"  fault DRIVER QUEUE_PAIRS\n"
			"  fork DRIVER ROUNDS\n"
			"  loop DRIVER SECONDS\n"
			"  primary DRIVER QUEUE_PAIRS MS\n"
			"  secondary DRIVER QUEUE_PAIR MS\n"
			"  unplug DRIVER DEVARGS DEVARGS ROUNDS\n", stderr);
	rte_eal_cleanup();
	return ret;
}
