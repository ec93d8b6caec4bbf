/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef IPCOMP_H
#define IPCOMP_H

/* IPComp (RFC 3173) with DEFLATE (RFC 2394): where in a frame the payload is, and how the headers
 * in front of it change. No device and no compression here.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_mbuf.h>

#include "stats.h"

/* RFC 3173, 3.3. */
struct ipcomp_hdr {
	uint8_t next_header;	/* what the payload was before */
	uint8_t flags;		/* 0, and ignored by who receives it */
	rte_be16_t cpi;		/* how it was compressed */
};

/* The well-known index of DEFLATE: nothing has to be negotiated (RFC 3173, 3.3). */
#define IPCOMP_CPI_DEFLATE 2

/* A payload in its frame. Offsets count from the first byte of the frame. */
struct ipcomp_place {
	uint16_t ip;		/* IP header */
	uint16_t names_it;	/* the byte that says what the payload is */
	uint16_t payload;	/* IPComp goes here, or is here */
	uint16_t len;		/* of the payload; an IPComp header is part of it */
	uint16_t trailer;	/* bytes behind the IP datagram, such as padding */
	uint8_t protocol;	/* what the payload is */
	uint8_t last_protocol;	/* the same, behind destination options */
	bool is_ipv6;
	bool is_fragment;
	bool is_odd;		/* headers that would not come back as they are */
};

/* Where the IP header of a frame is, behind VLAN tags; 0 for something else. */
uint16_t ipcomp_skip_ethernet(const struct rte_mbuf *frame, bool *is_ipv6);

/* Finds the payload of the first segment. GW_GOES_ON if there is one; otherwise why the frame is to
 * be passed or dropped. A payload is what comes behind the IP header with its options; in IPv6
 * behind hop-by-hop options, routing header, and the destination options in front of that
 * (RFC 3173, 2, 2.1 and 3.2). If there is an IPComp header behind more destination options, it is
 * found.
 */
enum gw_count ipcomp_find(const struct rte_mbuf *frame, struct ipcomp_place *place);

/* The headers of "in" for a payload that was compressed to "len" bytes, into "out", whose data begin
 * with the frame and whose payload is there already, behind room for an IPComp header.
 */
void ipcomp_write_packed(struct rte_mbuf *out, const struct rte_mbuf *in,
	const struct ipcomp_place *place, uint16_t len);

/* The other way round. The payload of "out" is where that of "in" is. */
void ipcomp_write_plain(struct rte_mbuf *out, const struct rte_mbuf *in,
	const struct ipcomp_place *place, uint16_t len);

/* The IPComp header of a packet that has one. */
static inline const struct ipcomp_hdr *
ipcomp_header(const struct rte_mbuf *frame, const struct ipcomp_place *place)
{
	return rte_pktmbuf_mtod_offset(frame, const struct ipcomp_hdr *, place->payload);
}

/* As many payload bytes as an IP header can express, with the headers of this packet. */
uint32_t ipcomp_max_payload(const struct ipcomp_place *place);

#endif /* IPCOMP_H */
