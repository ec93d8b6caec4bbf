/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "vfio_user_internal.h"

/* {"capabilities":{"x":{...}}} is three deep; QEMU's is two (vfio-user.md 3.2). */
#define CAPS_MAX_DEPTH 8
/* As libvfio-user: no sane peer says more (vfio-user.md 3.2). */
#define CAPS_MAX_MSG_FDS 1024

/* One JSON value from exactly len bytes, or NULL. */
static struct json_object *
caps_parse_text(const char *text, size_t len)
{
	struct json_tokener *tokener;
	struct json_object *root;

	if (len == 0 || len > VFIO_USER_MAX_JSON)
		return NULL;
	tokener = json_tokener_new_ex(CAPS_MAX_DEPTH);
	if (tokener == NULL)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)len);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    json_tokener_get_parse_end(tokener) != len) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tokener);
	return root;
}

/* An integer in [0, max], saturated there; absent leaves the value. */
static int
caps_get_number(struct json_object *caps, const char *key, uint64_t max, uint64_t *value)
{
	struct json_object *object;

	if (!json_object_object_get_ex(caps, key, &object))
		return 0;
	if (!json_object_is_type(object, json_type_int))
		return -EINVAL;
	/* Asked as signed first: the unsigned getter turns negative numbers into 0. */
	if (json_object_get_int64(object) < 0)
		return -EINVAL;
	*value = json_object_get_uint64(object);
	if (*value > max)
		*value = max;
	return 0;
}

static int
caps_get_numbers(struct json_object *object, struct vfio_user_caps *caps)
{
	uint64_t msg_fds = caps->max_msg_fds;
	uint64_t data_xfer = caps->max_data_xfer;
	uint64_t dma_maps = caps->max_dma_maps;

	if (caps_get_number(object, "max_msg_fds", UINT32_MAX, &msg_fds) != 0 ||
	    msg_fds > CAPS_MAX_MSG_FDS ||
	    caps_get_number(object, "max_data_xfer_size", UINT32_MAX, &data_xfer) != 0 ||
	    caps_get_number(object, "max_dma_maps", UINT32_MAX, &dma_maps) != 0 ||
	    caps_get_number(object, "pgsizes", UINT64_MAX, &caps->pgsizes) != 0)
		return -EINVAL;
	caps->max_msg_fds = (uint32_t)msg_fds;
	caps->max_data_xfer = (uint32_t)data_xfer;
	caps->max_dma_maps = (uint32_t)dma_maps;
	return 0;
}

static int
caps_get_private(struct json_object *object, const char *key, struct vfio_user_caps *caps)
{
	struct json_object *value;

	if (key == NULL || !json_object_object_get_ex(object, key, &value))
		return 0;
	if (!json_object_is_type(value, json_type_object))
		return -EINVAL;
	caps->private_json = strdup(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
	return caps->private_json != NULL ? 0 : -ENOMEM;
}

static int
caps_get_all(struct json_object *root, const char *private_key, struct vfio_user_caps *caps)
{
	struct json_object *object, *value;
	int ret;

	if (!json_object_is_type(root, json_type_object))
		return -EINVAL;
	if (!json_object_object_get_ex(root, "capabilities", &object))
		return 0;
	if (!json_object_is_type(object, json_type_object))
		return -EINVAL;
	ret = caps_get_numbers(object, caps);
	if (ret != 0)
		return ret;
	if (json_object_object_get_ex(object, "write_multiple", &value)) {
		if (!json_object_is_type(value, json_type_boolean))
			return -EINVAL;
		caps->is_write_multiple = json_object_get_boolean(value);
	}
	return caps_get_private(object, private_key, caps);
}

int
vfio_user_caps_parse(const char *text, size_t len, const char *private_key,
		     struct vfio_user_caps *caps)
{
	struct json_object *root;
	int ret;

	*caps = (struct vfio_user_caps){
		.max_msg_fds = VFIO_USER_DEFAULT_MSG_FDS,
		.max_data_xfer = VFIO_USER_MAX_DATA_XFER,
		.max_dma_maps = VFIO_USER_MAX_DMA_MAPS,
		.pgsizes = VFIO_USER_PAGE_SIZE,
	};
	if (len == 0)
		return 0;
	/* The text ends with its first NUL, and the message with that (vfio-user.md 3). */
	if (memchr(text, '\0', len) != text + len - 1)
		return -EINVAL;
	root = caps_parse_text(text, len - 1);
	if (root == NULL)
		return -EINVAL;
	ret = caps_get_all(root, private_key, caps);
	json_object_put(root);
	return ret;
}

ssize_t
vfio_user_caps_format(const struct vfio_user_caps *caps, const char *private_key, char *buf,
		      size_t size)
{
	bool has_private = private_key != NULL && caps->private_json != NULL;
	int len;

	/* The order and spelling of vfio-user.md 3.1; keys and values need no quoting. */
	len = snprintf(buf, size,
		       "{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u,"
		       "\"max_dma_maps\":%u,\"pgsizes\":%llu,\"write_multiple\":%s%s%s%s%s}}",
		       caps->max_msg_fds, caps->max_data_xfer, caps->max_dma_maps,
		       (unsigned long long)caps->pgsizes,
		       caps->is_write_multiple ? "true" : "false", has_private ? ",\"" : "",
		       has_private ? private_key : "", has_private ? "\":" : "",
		       has_private ? caps->private_json : "");
	if (len < 0 || (size_t)len >= size)
		return -ENOSPC;
	return len + 1;
}

bool
vfio_user_caps_is_object(const char *text)
{
	struct json_object *root = caps_parse_text(text, strlen(text));
	bool is_object = json_object_is_type(root, json_type_object);

	json_object_put(root);
	return is_object;
}

bool
vfio_user_caps_is_key(const char *key)
{
	size_t i, len = strlen(key);

	for (i = 0; i < len; i++) {
		if (!isalnum((unsigned char)key[i]) && key[i] != '-' && key[i] != '_')
			return false;
	}
	return len > 0 && len <= 64;
}
