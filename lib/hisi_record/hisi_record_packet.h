/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_RECORD_PACKET_H
#define HISI_RECORD_PACKET_H

/**
 * @file
 * A packet of a capture: what went over the message channel of a queue, in a pcap file of link type
 * DLT_USER0 with times in nanoseconds. Wireshark reads it with devtools/wireshark/hisi_accel.lua.
 */

#include "hisi_record.h"

#define HISI_RECORD_PACKET_VERSION 1

enum hisi_record_packet_kind {
	HISI_RECORD_PACKET_SQE = 1,	/**< a descriptor, as it was handed over */
	HISI_RECORD_PACKET_CQE,		/**< a completion, and its descriptor as written back */
	HISI_RECORD_PACKET_DOORBELL,	/**< a doorbell word */
	HISI_RECORD_PACKET_LOST,	/**< what was overwritten before it was captured: a count */
};

/** Begins each packet, little-endian. */
struct hisi_record_packet {
	uint8_t version;	/**< HISI_RECORD_PACKET_VERSION */
	uint8_t kind;		/**< enum hisi_record_packet_kind */
	uint8_t engine;		/**< place in hisi_hw_engines, 255: none of these */
	uint8_t type;		/**< of the queue, SQC W13 */
	uint16_t queue;
	uint16_t slot;		/**< of the ring, SQE and CQE */
	uint32_t index;		/**< of the entry, which never goes back */
	uint32_t pad;
};
static_assert(sizeof(struct hisi_record_packet) == 16, "the dissector's offsets");

/** The longest packet: a completion with its descriptor. */
struct hisi_record_packet_cqe {
	struct hisi_record_packet head;
	uint8_t cqe[16];
	uint8_t sqe[HISI_RECORD_MAX_SQE];
};
static_assert(sizeof(struct hisi_record_packet_cqe) == 160, "the dissector's offsets");

#endif /* HISI_RECORD_PACKET_H */
