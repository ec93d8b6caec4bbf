/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef SEC_RIG_H
#define SEC_RIG_H

/**
 * @file
 * A cryptodev of the driver on the fake bus, and operations in place. The device side is played by
 * hand: fake_queue.h and sec_answer().
 */

#include <hisi_sec.h>

#include "rig.h"

/** Hardware queues of queue pair 0: first and second descriptors. */
#define SEC_QN_FIRST 0
#define SEC_QN_SECOND 1

/** Result words, sec.md 2.10. */
#define SEC_W28_CIPHER 0x0101
#define SEC_W28_AEAD 0x0181
#define SEC_W28_MISMATCH 0x0185
#define SEC_W28_HASH 0x0081
#define SEC_W28_ERROR 0x00020001

struct sec_rig {
	struct rig *rig;
	struct rte_driver driver;
	struct rte_device device;
	struct rte_cryptodev *dev;
	struct rte_mempool *sessions;
	uint8_t id;
	struct hisi_sec_qp *qp;		/**< queue pair 0 */
};

/** An operation with 32 bytes behind it for IVs. */
struct sec_op {
	struct rte_crypto_op op;	/**< first: a burst's pointer is this structure */
	struct rte_crypto_sym_op sym;
	uint8_t iv[32];
	struct rte_mbuf src, dst, more;
	uint8_t data[512], out[512], digest[64], aad[64];
	uint32_t returned;
};

#define SEC_IV_OFFSET offsetof(struct sec_op, iv)

/** A started device of generation @p revision with a queue pair for 32 operations. */
struct sec_rig *sec_rig_start(uint8_t revision, enum hisi_qm_on_error on_error);
/** The control thread resets the function: what was in flight is dequeue's to give back. */
void sec_reset_function(struct sec_rig *sec);
/** Stop and remove, whatever is in flight. */
void sec_rig_end(struct sec_rig *sec);
/** cmocka: V3. */
int sec_setup(void **state);
int sec_teardown(void **state);

/** Sessions; NULL: refused. Keys are 0, 1, 2, ... */
void *sec_session_cipher(struct sec_rig *sec, enum rte_crypto_cipher_algorithm algo,
	uint16_t key_len, uint16_t iv_len, bool decrypt);
void *sec_session_auth(struct sec_rig *sec, enum rte_crypto_auth_algorithm algo,
	uint16_t key_len, uint16_t digest_len, bool verify);
void *sec_session_gcm(struct sec_rig *sec, uint16_t aad_len, bool decrypt);
/** AES-128-CBC and a hash of a 32-byte key. */
void *sec_session_chain(struct sec_rig *sec, enum rte_crypto_auth_algorithm algo,
	uint16_t digest_len, bool decrypt);
/** A CMAC of @p digest_len bytes, then AES-128-CTR. */
void *sec_session_mac_first(struct sec_rig *sec, uint16_t digest_len);
/** What the driver keeps of it. */
struct hisi_sec_session *sec_private(void *session);

/** An operation in place, of one segment, ciphers and hashes all of its @p len bytes. */
void sec_op_init(struct sec_op *op, void *session, uint32_t len);
/** Cut the source into two segments after @p len bytes. */
void sec_op_cut(struct sec_op *op, uint16_t len);
uint16_t sec_enqueue(struct sec_rig *sec, struct sec_op *ops, uint16_t count);
/** Dequeue up to @p most (64 at most) and mark each; returns how many came. */
uint16_t sec_dequeue(struct sec_rig *sec, uint16_t most);

/** SQE count @p count of a queue, as the device sees it. */
const uint32_t *sec_sqe(struct sec_rig *sec, uint16_t qn, uint32_t count);
/** SQEs that the doorbells of a queue name and that were not answered. */
uint32_t sec_pending(struct sec_rig *sec, uint16_t qn);
/** Write the result of SQE count @p count back and post its CQE. */
void sec_answer(struct sec_rig *sec, uint16_t qn, uint32_t count, uint32_t w28);
/** The same for all that is pending. */
uint32_t sec_answer_all(struct sec_rig *sec, uint16_t qn, uint32_t w28);

/** A 64-bit address in a descriptor. */
uint64_t sec_address(const uint32_t *sqe, unsigned int dword);

#endif /* SEC_RIG_H */
