/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <netinet/in.h>
#include <stddef.h>

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_jhash.h>

#include "flow.h"

/* The addresses, which stand in a row in both versions. */
static uint32_t
hash_addresses(const uint8_t *ip, bool is_ipv6)
{
	return is_ipv6 ? rte_jhash(ip + offsetof(struct rte_ipv6_hdr, src_addr), 32, 6) :
		rte_jhash(ip + offsetof(struct rte_ipv4_hdr, src_addr), 8, 4);
}

uint32_t
gw_flow_of_addresses(const struct rte_mbuf *m)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	bool is_ipv6;
	uint16_t ip = ipcomp_skip_ethernet(m, &is_ipv6);
	size_t header = is_ipv6 ? sizeof(struct rte_ipv6_hdr) : sizeof(struct rte_ipv4_hdr);

	/* Whether the packet is right otherwise, the lcore that works on it finds out. */
	if (ip != 0 && m->data_len - ip >= (int)header)
		return hash_addresses(frame + ip, is_ipv6);
	return m->data_len < 2 * RTE_ETHER_ADDR_LEN ? 0 :
		rte_jhash(frame, 2 * RTE_ETHER_ADDR_LEN, 0);
}

struct gw_habit *
gw_habit_of(struct gw_habit *table, const struct rte_mbuf *m, const struct ipcomp_place *place)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t hash = hash_addresses(frame + place->ip, place->is_ipv6);

	/* Ports are the first four bytes of these, and there is a payload of more than that. */
	if (place->protocol == IPPROTO_TCP || place->protocol == IPPROTO_UDP)
		hash = rte_jhash(frame + place->payload, 4, hash);
	return &table[hash % GW_HABITS];
}
