/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include "hisi_record.h"

void
hisi_record_pack(const struct hisi_record_layout *layout, const void *sqe, void *entry)
{
	const struct hisi_record_piece *piece = layout->pieces;
	uint8_t *at = entry;

	for (; piece < layout->pieces + HISI_RECORD_PIECES && piece->len != 0; piece++) {
		memcpy(at, (const uint8_t *)sqe + piece->offset, piece->len);
		at += piece->len;
	}
}

void
hisi_record_unpack(const struct hisi_record_layout *layout, const void *entry, void *sqe)
{
	const struct hisi_record_piece *piece = layout->pieces;
	const uint8_t *at = entry;

	for (; piece < layout->pieces + HISI_RECORD_PIECES && piece->len != 0; piece++) {
		memcpy((uint8_t *)sqe + piece->offset, at, piece->len);
		at += piece->len;
	}
}

const char *
hisi_record_state_name(uint8_t state)
{
	static const char * const names[] = {
		"off", "running", "stopping", "quiesced", "dead",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

const char *
hisi_record_alarm_name(uint8_t alarm)
{
	static const char * const names[] = {
		"none", "timeout", "bad completion",
	};

	return alarm < sizeof(names) / sizeof(names[0]) ? names[alarm] : "unknown";
}
