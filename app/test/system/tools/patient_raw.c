/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A preload shim: who polls the raw data path and finds nothing sleeps a little. dpdk-test looks
 * 65535 times, which is a few milliseconds: less than a model may be off the CPU for.
 */
#include <dlfcn.h>
#include <unistd.h>

#include <rte_cryptodev.h>

#define LOOK_AGAIN_US 50

uint32_t
rte_cryptodev_raw_dequeue_burst(struct rte_crypto_raw_dp_ctx *ctx,
	rte_cryptodev_raw_get_dequeue_count_t get_dequeue_count, uint32_t max_nb_to_dequeue,
	rte_cryptodev_raw_post_dequeue_t post_dequeue, void **out_user_data,
	uint8_t is_user_data_array, uint32_t *n_success, int *dequeue_status)
{
	static uint32_t (*real)(struct rte_crypto_raw_dp_ctx *ctx,
		rte_cryptodev_raw_get_dequeue_count_t get_dequeue_count,
		uint32_t max_nb_to_dequeue, rte_cryptodev_raw_post_dequeue_t post_dequeue,
		void **out_user_data, uint8_t is_user_data_array, uint32_t *n_success,
		int *dequeue_status);
	uint32_t n;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, __func__);
	n = real(ctx, get_dequeue_count, max_nb_to_dequeue, post_dequeue, out_user_data,
		is_user_data_array, n_success, dequeue_status);
	if (n == 0)
		usleep(LOOK_AGAIN_US);
	return n;
}
