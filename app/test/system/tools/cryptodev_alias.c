/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Loaded in front of libcryptodev, it lets a program find a driver by the name of another one.
 * dpdk-test runs its generic suites for the drivers that it was written with, and for no other.
 *
 * CRYPTODEV_ALIAS=crypto_known=crypto_ours: who asks for crypto_known's id gets crypto_ours's.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cryptodev.h>

int
rte_cryptodev_driver_id_get(const char *name)
{
	static int (*real)(const char *name);
	const char *alias = getenv("CRYPTODEV_ALIAS");
	size_t len = name == NULL ? 0 : strlen(name);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, __func__);
	if (alias != NULL && len != 0 && strncmp(alias, name, len) == 0 && alias[len] == '=')
		name = alias + len + 1;
	return real(name);
}
