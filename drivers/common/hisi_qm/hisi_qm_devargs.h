/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_DEVARGS_H
#define HISI_QM_DEVARGS_H

/**
 * @file
 * The keys that every class takes, on the command line and in rte_eal_hotplug_add().
 */

#include "hisi_qm_dev.h"

#define HISI_QM_ARG_SOCKET	"socket"
#define HISI_QM_ARG_TIMEOUT_MS	"timeout_ms"
#define HISI_QM_ARG_RECONNECT	"reconnect"
#define HISI_QM_ARG_QUEUES	"queues"
#define HISI_QM_ARG_VFS		"vfs"
#define HISI_QM_ARG_VF_QUEUES	"vf_queues"
#define HISI_QM_ARG_FALLBACK	"fallback"
#define HISI_QM_ARG_ON_ERROR	"on_error"
#define HISI_QM_ARG_RECORDER	"recorder"
#define HISI_QM_ARG_RECORDER_DIR	"recorder_dir"

/** For RTE_PMD_REGISTER_PARAM_STRING. */
#define HISI_QM_VDEV_PARAM_STRING \
	HISI_QM_ARG_SOCKET "=<path> " \
	HISI_QM_ARG_RECONNECT "=<0..3600> " \
	HISI_QM_ARG_TIMEOUT_MS "=<10..3600000> " \
	HISI_QM_ARG_QUEUES "=<2..1024> " \
	HISI_QM_ARG_VFS "=<0..63> " \
	HISI_QM_ARG_VF_QUEUES "=<2..1024> " \
	HISI_QM_ARG_FALLBACK "=<0..1> " \
	HISI_QM_ARG_ON_ERROR "=<report|replay> " \
	HISI_QM_ARG_RECORDER "=<0..65536> " \
	HISI_QM_ARG_RECORDER_DIR "=<path>"

#define HISI_QM_TIMEOUT_MS_DEFAULT 2000
#define HISI_QM_RECONNECT_DEFAULT 5
#define HISI_QM_FALLBACK_DEFAULT 1
#define HISI_QM_RECORDER_DEFAULT 256

/**
 * Parse devargs by rte_kvargs.
 *
 * @param name device, for messages
 * @param text "key=value,...", may be empty
 * @param need_socket the bus is vfio-user; otherwise a socket is an unknown key
 * @return 0 or -EINVAL after one message that names the key and lists the known ones
 */
int hisi_qm_devargs_parse(const char *name, const char *text, bool need_socket,
	struct hisi_qm_devargs *args);

#endif /* HISI_QM_DEVARGS_H */
