/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_SOFT_H
#define HISI_SEC_SOFT_H

/**
 * @file
 * What OpenSSL does for the driver: keys that are too long for the hardware, MACs of nothing, and
 * operations that the chip cannot do.
 */

#include "hisi_sec_request.h"

/** Hash of a key. @return bytes of @p out, 0: OpenSSL has no such hash */
uint16_t hisi_sec_soft_hash(const struct hisi_sec_auth_alg *alg, const uint8_t *key, uint16_t len,
	uint8_t *out);

/** The MAC of no data, HISI_SEC_MAX_MAC_LEN bytes at most. @return false: OpenSSL cannot */
bool hisi_sec_soft_empty_mac(const struct hisi_sec_auth_alg *alg, const uint8_t *key,
	uint16_t key_len, uint8_t *out);

/** Zeroes that no optimiser takes away. */
void hisi_sec_soft_wipe(void *ptr, size_t len);

/** Are they the same? Takes as long whatever they are. */
bool hisi_sec_soft_is_equal(const uint8_t *one, const uint8_t *other, size_t len);

/**
 * Do an operation. By the lcore that dequeues; takes memory of OpenSSL.
 *
 * @return its status, one of enum rte_crypto_op_status
 */
uint8_t hisi_sec_soft_run(const struct hisi_sec_request *request);

#endif /* HISI_SEC_SOFT_H */
