/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_kvargs.h>
#include <rte_string_fns.h>

#include "hisi_qm_devargs.h"
#include "hisi_qm_log.h"

/* The one list: what is accepted, and what a message shows. A function on PCI has no server. */
static const char * const known_keys[] = {
	HISI_QM_ARG_SOCKET,
	HISI_QM_ARG_RECONNECT,
	HISI_QM_ARG_TIMEOUT_MS,
	HISI_QM_ARG_QUEUES,
	HISI_QM_ARG_VFS,
	HISI_QM_ARG_VF_QUEUES,
	HISI_QM_ARG_FALLBACK,
	HISI_QM_ARG_ON_ERROR,
	HISI_QM_ARG_RECORDER,
	HISI_QM_ARG_RECORDER_DIR,
	NULL,
};
static const char * const * const pci_keys = known_keys + 2;
#define PCI_KEYS_TEXT \
	HISI_QM_ARG_TIMEOUT_MS ", " HISI_QM_ARG_QUEUES ", " \
	HISI_QM_ARG_VFS ", " HISI_QM_ARG_VF_QUEUES ", " HISI_QM_ARG_FALLBACK ", " \
	HISI_QM_ARG_ON_ERROR ", " HISI_QM_ARG_RECORDER ", " HISI_QM_ARG_RECORDER_DIR
#define VDEV_KEYS_TEXT HISI_QM_ARG_SOCKET ", " HISI_QM_ARG_RECONNECT ", " PCI_KEYS_TEXT

struct devargs_number {
	const char *device;
	uint32_t min;
	uint32_t max;
	uint32_t *value;
};

static int
devargs_number(const char *key, const char *text, void *opaque)
{
	const struct devargs_number *number = opaque;
	unsigned long long value = 0;
	char *end = NULL;

	errno = 0;
	/* strtoull() would take blanks and a sign. */
	if (text != NULL && isdigit((unsigned char)text[0]))
		value = strtoull(text, &end, 0);
	if (end == NULL || *end != '\0' || errno != 0 || value < number->min ||
			value > number->max) {
		HISI_QM_LOG(ERR, "%s: %s=%s is not a number from %" PRIu32 " to %" PRIu32,
			number->device, key, text != NULL ? text : "", number->min, number->max);
		return -EINVAL;
	}
	*number->value = (uint32_t)value;
	return 0;
}

struct devargs_path {
	const char *device;
	char *value;
	size_t len;
	const char *whose;	/**< limit */
};

static int
devargs_path(const char *key, const char *text, void *opaque)
{
	const struct devargs_path *path = opaque;

	if (text == NULL || text[0] == '\0' || strlcpy(path->value, text, path->len) >= path->len) {
		HISI_QM_LOG(ERR, "%s: %s=%s is not a path of 1 to %zu characters%s",
			path->device, key, text != NULL ? text : "", path->len - 1, path->whose);
		return -EINVAL;
	}
	return 0;
}

/* The first is the default. */
static const char * const on_error_names[] = {
	[HISI_QM_ON_ERROR_REPORT] = "report",
	[HISI_QM_ON_ERROR_REPLAY] = "replay",
};

struct devargs_on_error {
	const char *device;
	enum hisi_qm_on_error *value;
};

static int
devargs_on_error(const char *key, const char *text, void *opaque)
{
	const struct devargs_on_error *on_error = opaque;
	size_t i;

	for (i = 0; i < RTE_DIM(on_error_names); i++) {
		if (text != NULL && strcmp(text, on_error_names[i]) == 0) {
			*on_error->value = (enum hisi_qm_on_error)i;
			return 0;
		}
	}
	HISI_QM_LOG(ERR, "%s: %s=%s is neither %s nor %s", on_error->device, key,
		text != NULL ? text : "", on_error_names[HISI_QM_ON_ERROR_REPORT],
		on_error_names[HISI_QM_ON_ERROR_REPLAY]);
	return -EINVAL;
}

/* Numbers of all keys that have one. */
static int
devargs_numbers(const char *name, struct rte_kvargs *kvlist, struct hisi_qm_devargs *args)
{
	const struct {
		const char *key;
		struct devargs_number number;
	} keys[] = {
		{ HISI_QM_ARG_TIMEOUT_MS, { name, 10, 3600000, &args->timeout_ms } },
		{ HISI_QM_ARG_RECONNECT, { name, 0, 3600, &args->reconnect } },
		{ HISI_QM_ARG_QUEUES, { name, 2, HISI_QM_MAX_QUEUES, &args->queues } },
		{ HISI_QM_ARG_VFS, { name, 0, HISI_QM_MAX_VFS, &args->vfs } },
		{ HISI_QM_ARG_VF_QUEUES, { name, 2, HISI_QM_MAX_QUEUES, &args->vf_queues } },
		{ HISI_QM_ARG_FALLBACK, { name, 0, 1, &args->fallback } },
		{ HISI_QM_ARG_RECORDER, { name, 0, 65536, &args->recorder } },
	};
	struct devargs_number number;
	size_t i;

	for (i = 0; i < RTE_DIM(keys); i++) {
		number = keys[i].number;
		if (rte_kvargs_process(kvlist, keys[i].key, devargs_number, &number) != 0)
			return -EINVAL;
	}
	return 0;
}

/* The two that only make sense together. */
static int
devargs_check_vfs(const char *name, const struct hisi_qm_devargs *args)
{
	if ((args->vfs != 0) == (args->vf_queues != 0))
		return 0;
	HISI_QM_LOG(ERR, "%s: %s; a PF that gives queues to its VFs needs both, such as vfs=2,vf_queues=16",
		name, args->vfs != 0 ? "vfs without vf_queues" : "vf_queues without vfs");
	return -EINVAL;
}

/* rte_kvargs_parse() refuses an unknown key silently: find it, to name it. */
static void
devargs_name_unknown(const char *name, const char *text, const char * const *keys)
{
	const char *known = keys == pci_keys ? PCI_KEYS_TEXT : VDEV_KEYS_TEXT;
	struct rte_kvargs *all = rte_kvargs_parse(text, NULL);
	unsigned int i, k;

	for (i = 0; all != NULL && i < all->count; i++) {
		for (k = 0; keys[k] != NULL; k++)
			if (strcmp(all->pairs[i].key, keys[k]) == 0)
				break;
		if (keys[k] == NULL) {
			HISI_QM_LOG(ERR, "%s: unknown key '%s'; known keys: %s", name,
				all->pairs[i].key, known);
			break;
		}
	}
	if (all == NULL || i == all->count)
		HISI_QM_LOG(ERR, "%s: cannot read '%s' as key=value,...; known keys: %s", name,
			text, known);
	rte_kvargs_free(all);
}

/* rte_kvargs_process() would let the last one win. */
static int
devargs_check_twice(const char *name, const struct rte_kvargs *kvlist)
{
	unsigned int i, k;

	for (i = 0; i < kvlist->count; i++) {
		for (k = 0; k < i; k++) {
			if (strcmp(kvlist->pairs[i].key, kvlist->pairs[k].key) != 0)
				continue;
			HISI_QM_LOG(ERR, "%s: key '%s' is there twice (%s, %s); give it once", name,
				kvlist->pairs[i].key, kvlist->pairs[k].value,
				kvlist->pairs[i].value);
			return -EINVAL;
		}
	}
	return 0;
}

int
hisi_qm_devargs_parse(const char *name, const char *text, bool need_socket,
	struct hisi_qm_devargs *args)
{
	struct devargs_path socket = { name, args->socket, sizeof(args->socket),
		", the limit of a UNIX socket" };
	struct devargs_path recorder_dir = { name, args->recorder_dir, sizeof(args->recorder_dir),
		"" };
	struct devargs_on_error on_error = { name, &args->on_error };
	const char * const *keys = need_socket ? known_keys : pci_keys;
	struct rte_kvargs *kvlist;
	int ret;

	memset(args, 0, sizeof(*args));
	args->fallback = HISI_QM_FALLBACK_DEFAULT;
	args->timeout_ms = HISI_QM_TIMEOUT_MS_DEFAULT;
	args->reconnect = HISI_QM_RECONNECT_DEFAULT;
	args->recorder = HISI_QM_RECORDER_DEFAULT;
	kvlist = rte_kvargs_parse(text != NULL ? text : "", keys);
	if (kvlist == NULL) {
		devargs_name_unknown(name, text, keys);
		return -EINVAL;
	}
	ret = devargs_check_twice(name, kvlist);
	if (ret == 0)
		ret = rte_kvargs_process(kvlist, HISI_QM_ARG_SOCKET, devargs_path, &socket);
	if (ret == 0)
		ret = rte_kvargs_process(kvlist, HISI_QM_ARG_RECORDER_DIR, devargs_path,
			&recorder_dir);
	if (ret == 0)
		ret = rte_kvargs_process(kvlist, HISI_QM_ARG_ON_ERROR, devargs_on_error, &on_error);
	if (ret == 0)
		ret = devargs_numbers(name, kvlist, args);
	rte_kvargs_free(kvlist);
	if (ret == 0)
		ret = devargs_check_vfs(name, args);
	if (ret != 0)
		return -EINVAL;
	if (need_socket && args->socket[0] == '\0') {
		HISI_QM_LOG(ERR, "%s: the key 'socket' is missing; start dpdk-hisi-emu and give its socket: --vdev=%s,socket=PATH",
			name, name);
		return -EINVAL;
	}
	return 0;
}
