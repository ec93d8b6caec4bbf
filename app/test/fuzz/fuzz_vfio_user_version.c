/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The text of a VERSION message, from either side. The first byte chooses whether a private key is
 * looked for and how much room the answer gets; the rest is the text.
 */

#include <sys/types.h>

#include <vfio_user_internal.h>

#include "fuzz.h"

#define KEY "x-hisi-accel"
#define CANARY 0xa5

/* What one side writes, the other must read back unchanged. */
static void
check_round_trip(const struct vfio_user_caps *caps, const char *key)
{
	char *text = malloc(2 * VFIO_USER_MAX_JSON);
	struct vfio_user_caps again;
	ssize_t len = vfio_user_caps_format(caps, key, text, VFIO_USER_MAX_JSON);
	bool has_private = key != NULL && caps->private_json != NULL;

	if (len > 0) {
		FUZZ_CHECK(len <= VFIO_USER_MAX_JSON && strlen(text) + 1 == (size_t)len);
		FUZZ_CHECK(vfio_user_caps_is_object(text));
		FUZZ_CHECK(vfio_user_caps_parse(text, (size_t)len, key, &again) == 0);
		FUZZ_CHECK(again.max_msg_fds == caps->max_msg_fds);
		FUZZ_CHECK(again.max_data_xfer == caps->max_data_xfer);
		FUZZ_CHECK(again.max_dma_maps == caps->max_dma_maps);
		FUZZ_CHECK(again.pgsizes == caps->pgsizes);
		FUZZ_CHECK(again.is_write_multiple == caps->is_write_multiple);
		FUZZ_CHECK((again.private_json != NULL) == has_private);
		if (has_private)
			FUZZ_CHECK(strcmp(again.private_json, caps->private_json) == 0);
		free(again.private_json);
	}
	free(text);
}

static void
check_room(const struct vfio_user_caps *caps, const char *key, size_t room)
{
	uint8_t buf[512];
	ssize_t len;

	memset(buf, CANARY, sizeof(buf));
	len = vfio_user_caps_format(caps, key, (char *)buf, room);
	FUZZ_CHECK(len < 0 || (size_t)len <= room);
	FUZZ_CHECK(fuzz_is_filled(buf + room, sizeof(buf) - room, CANARY));
}

static void
check_names(const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	uint16_t command = 0;

	memcpy(copy, text, len);
	copy[len] = '\0';
	if (vfio_user_caps_is_key(copy))
		FUZZ_CHECK(strlen(copy) <= 64 && strchr(copy, '"') == NULL);
	(void)vfio_user_caps_is_object(copy);
	if (len >= sizeof(command))
		memcpy(&command, text, sizeof(command));
	FUZZ_CHECK(strlen(vfio_user_command_name(command)) > 0);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t choice = fuzz_u8(&in);
	const char *key = (choice & 1) != 0 ? KEY : NULL;
	struct vfio_user_caps caps;
	char *text = malloc(in.left);
	size_t len = in.left;
	int ret;

	/* Exactly as long as it is, so that one byte too far is seen. */
	fuzz_bytes(&in, text, len);
	ret = vfio_user_caps_parse(text, len, key, &caps);
	FUZZ_CHECK(ret == 0 || caps.private_json == NULL);
	FUZZ_CHECK(key != NULL || caps.private_json == NULL);
	if (ret == 0) {
		FUZZ_CHECK(caps.max_msg_fds <= 1024);
		check_round_trip(&caps, key);
		check_room(&caps, key, choice);
		free(caps.private_json);
	}
	check_names(text, len);
	free(text);
	return 0;
}
