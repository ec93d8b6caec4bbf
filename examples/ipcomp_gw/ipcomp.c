/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include <rte_ether.h>
#include <rte_ip.h>

#include "ipcomp.h"

#define MAX_VLAN_TAGS 2

static uint16_t
read_be16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

uint16_t
ipcomp_skip_ethernet(const struct rte_mbuf *m, bool *is_ipv6)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	uint16_t at = offsetof(struct rte_ether_hdr, ether_type), type;
	unsigned int tags;

	for (tags = 0; at + 2 <= m->data_len; tags++, at += sizeof(struct rte_vlan_hdr)) {
		type = read_be16(frame + at);
		*is_ipv6 = type == RTE_ETHER_TYPE_IPV6;
		if (type == RTE_ETHER_TYPE_IPV4 || type == RTE_ETHER_TYPE_IPV6)
			return at + 2;
		if (tags == MAX_VLAN_TAGS ||
				(type != RTE_ETHER_TYPE_VLAN && type != RTE_ETHER_TYPE_QINQ))
			break;
	}
	return 0;
}

static enum gw_count
find_in_ipv4(const uint8_t *frame, uint16_t len, struct ipcomp_place *place)
{
	const struct rte_ipv4_hdr *ip = (const void *)(frame + place->ip);
	uint16_t room = len - place->ip, header, total;

	if (room < sizeof(*ip) || ip->version_ihl >> 4 != 4)
		return GW_DROPPED_HEADER;
	header = rte_ipv4_hdr_len(ip);
	total = rte_be_to_cpu_16(ip->total_length);
	if (header < sizeof(*ip))
		return GW_DROPPED_HEADER;
	if (total < header || total > room)
		return GW_DROPPED_LENGTH;
	/* The sum will be made anew, and must not make a damaged header look like a good one. */
	if (rte_raw_cksum(ip, header) != 0xffff)
		return GW_DROPPED_CHECKSUM;
	place->names_it = place->ip + offsetof(struct rte_ipv4_hdr, next_proto_id);
	place->payload = place->ip + header;
	place->len = total - header;
	place->trailer = room - total;
	place->protocol = place->last_protocol = ip->next_proto_id;
	place->is_fragment = (ip->fragment_offset &
		RTE_BE16(RTE_IPV4_HDR_MF_FLAG | RTE_IPV4_HDR_OFFSET_MASK)) != 0;
	/* -0 is a good sum too, but not the one that would be made. */
	place->is_odd = ip->hdr_checksum == 0xffff;
	return GW_GOES_ON;
}

static void
begin_payload(struct ipcomp_place *place, uint16_t names_it, uint16_t at)
{
	place->names_it = names_it;
	place->payload = at;
}

/* Walks the extension headers. The payload begins behind the last one that routers look at. */
static enum gw_count
walk_ipv6(const uint8_t *frame, uint32_t end, struct ipcomp_place *place)
{
	uint32_t at = place->payload, names_it = place->names_it, next;

	for (;;) {
		uint8_t protocol = frame[names_it];

		place->last_protocol = protocol;
		switch (protocol) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			break;
		case IPPROTO_FRAGMENT:
			if (at + RTE_IPV6_FRAG_HDR_SIZE > end)
				return GW_DROPPED_HEADER;
			place->is_fragment = true;
			place->last_protocol = frame[at];
			return GW_GOES_ON;
		case IPPROTO_COMP:
			begin_payload(place, names_it, at);
			return GW_GOES_ON;
		default:
			return GW_GOES_ON;
		}
		/* A length in units of 8 bytes, of which the first is not counted. */
		if (at + 8 > end || (next = at + (frame[at + 1] + 1) * 8) > end)
			return GW_DROPPED_HEADER;
		names_it = at;
		at = next;
		if (protocol != IPPROTO_DSTOPTS)
			begin_payload(place, names_it, at);
	}
}

static enum gw_count
find_in_ipv6(const uint8_t *frame, uint16_t len, struct ipcomp_place *place)
{
	const struct rte_ipv6_hdr *ip = (const void *)(frame + place->ip);
	uint16_t room = len - place->ip, payload, end;
	enum gw_count verdict;

	if (room < sizeof(*ip) || frame[place->ip] >> 4 != 6)
		return GW_DROPPED_HEADER;
	payload = rte_be_to_cpu_16(ip->payload_len);
	if (payload > room - sizeof(*ip))
		return GW_DROPPED_LENGTH;
	/* The length of a jumbogram is in its options (RFC 2675). */
	if (payload == 0 && ip->proto == IPPROTO_HOPOPTS)
		return GW_PASSED_OPAQUE;
	end = place->ip + sizeof(*ip) + payload;
	place->is_fragment = false;
	place->is_odd = false;
	place->names_it = place->ip + offsetof(struct rte_ipv6_hdr, proto);
	place->payload = place->ip + sizeof(*ip);
	verdict = walk_ipv6(frame, end, place);
	place->protocol = frame[place->names_it];
	place->len = end - place->payload;
	place->trailer = len - end;
	return verdict;
}

enum gw_count
ipcomp_find(const struct rte_mbuf *m, struct ipcomp_place *place)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);

	place->ip = ipcomp_skip_ethernet(m, &place->is_ipv6);
	if (place->ip == 0)
		return GW_PASSED_NOT_IP;
	return place->is_ipv6 ? find_in_ipv6(frame, m->data_len, place) :
		find_in_ipv4(frame, m->data_len, place);
}

uint32_t
ipcomp_max_payload(const struct ipcomp_place *place)
{
	/* The length in IPv4 counts its header, the one in IPv6 does not. */
	uint16_t counted = place->is_ipv6 ? sizeof(struct rte_ipv6_hdr) : 0;

	return UINT16_MAX - (place->payload - place->ip - counted);
}

/* Lengths, and what depends on them, for a payload of "len" bytes. */
static void
write_lengths(uint8_t *frame, const struct ipcomp_place *place, uint16_t len)
{
	uint16_t datagram = place->payload - place->ip + len;

	if (place->is_ipv6) {
		struct rte_ipv6_hdr *ip = (void *)(frame + place->ip);

		ip->payload_len = rte_cpu_to_be_16(datagram - sizeof(*ip));
	} else {
		struct rte_ipv4_hdr *ip = (void *)(frame + place->ip);

		ip->total_length = rte_cpu_to_be_16(datagram);
		ip->hdr_checksum = 0;
		ip->hdr_checksum = rte_ipv4_cksum(ip);
	}
}

static void
write_headers(struct rte_mbuf *out, const struct rte_mbuf *in, const struct ipcomp_place *place,
	uint8_t protocol, uint16_t len)
{
	uint8_t *frame = rte_pktmbuf_mtod(out, uint8_t *);

	memcpy(frame, rte_pktmbuf_mtod(in, const uint8_t *), place->payload);
	frame[place->names_it] = protocol;
	write_lengths(frame, place, len);
	out->data_len = place->payload + len;
	out->pkt_len = out->data_len;
}

void
ipcomp_write_packed(struct rte_mbuf *out, const struct rte_mbuf *in,
	const struct ipcomp_place *place, uint16_t len)
{
	struct ipcomp_hdr *header = rte_pktmbuf_mtod_offset(out, struct ipcomp_hdr *,
		place->payload);

	header->next_header = place->protocol;
	header->flags = 0;
	header->cpi = RTE_BE16(IPCOMP_CPI_DEFLATE);
	write_headers(out, in, place, IPPROTO_COMP, sizeof(*header) + len);
}

void
ipcomp_write_plain(struct rte_mbuf *out, const struct rte_mbuf *in,
	const struct ipcomp_place *place, uint16_t len)
{
	write_headers(out, in, place, ipcomp_header(in, place)->next_header, len);
}
