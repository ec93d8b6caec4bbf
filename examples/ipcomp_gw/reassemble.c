/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <rte_cycles.h>
#include <rte_ip.h>
#include <rte_ip_frag.h>
#include <rte_malloc.h>

#include "reassemble.h"

/* Datagrams of which a part is there, and how long it waits (RFC 791 suggests 15 seconds). */
#define DATAGRAMS 1024
#define PER_BUCKET 16
#define WAIT_S 15

struct gw_reassembly {
	struct rte_ip_frag_tbl *table;
	uint64_t wait_tsc;
	struct rte_ip_frag_death_row lost;
};

struct gw_reassembly *
gw_reassembly_create(const char *name, int socket)
{
	struct gw_reassembly *re = rte_zmalloc_socket(name, sizeof(*re), 0, socket);

	if (re == NULL)
		return NULL;
	re->wait_tsc = rte_get_tsc_hz() * WAIT_S;
	re->table = rte_ip_frag_table_create(DATAGRAMS / PER_BUCKET, PER_BUCKET, DATAGRAMS,
		re->wait_tsc, socket);
	if (re->table == NULL) {
		rte_free(re);
		return NULL;
	}
	return re;
}

void
gw_reassembly_destroy(struct gw_reassembly *re)
{
	if (re == NULL)
		return;
	rte_ip_frag_table_destroy(re->table);
	rte_free(re);
}

bool
gw_reassembly_takes(const struct ipcomp_place *place)
{
	return !place->is_ipv6 ||
		place->payload == place->ip + sizeof(struct rte_ipv6_hdr);
}

static void
bury(struct gw_reassembly *re, struct gw_stats *stats)
{
	gw_add(stats, GW_DROPPED_FRAGMENT, re->lost.cnt);
	rte_ip_frag_free_death_row(&re->lost, 0);
}

static struct rte_mbuf *
add_ipv4(struct gw_reassembly *re, struct rte_mbuf *m, const struct ipcomp_place *place)
{
	struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, place->ip);

	m->l3_len = rte_ipv4_hdr_len(ip);
	return rte_ipv4_frag_reassemble_packet(re->table, &re->lost, m, rte_rdtsc(), ip);
}

static struct rte_mbuf *
add_ipv6(struct gw_reassembly *re, struct rte_mbuf *m, const struct ipcomp_place *place)
{
	struct rte_ipv6_hdr *ip = rte_pktmbuf_mtod_offset(m, struct rte_ipv6_hdr *, place->ip);
	struct rte_ipv6_fragment_ext *fragment = (struct rte_ipv6_fragment_ext *)(ip + 1);

	m->l3_len = sizeof(*ip) + sizeof(*fragment);
	return rte_ipv6_frag_reassemble_packet(re->table, &re->lost, m, rte_rdtsc(), ip,
		fragment);
}

struct rte_mbuf *
gw_reassembly_add(struct gw_reassembly *re, struct rte_mbuf *m, const struct ipcomp_place *place,
	struct gw_stats *stats)
{
	uint16_t nb_segs = m->nb_segs;
	struct rte_mbuf *whole;

	m->l2_len = place->ip;
	whole = place->is_ipv6 ? add_ipv6(re, m, place) : add_ipv4(re, m, place);
	bury(re, stats);
	if (whole == NULL)
		return NULL;
	gw_add(stats, GW_REASSEMBLED, whole->nb_segs - nb_segs);
	if (rte_pktmbuf_linearize(whole) != 0) {
		gw_add(stats, GW_DROPPED_LONG, 1);
		rte_pktmbuf_free(whole);
		return NULL;
	}
	if (!place->is_ipv6) {
		struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(whole, struct rte_ipv4_hdr *,
			place->ip);

		ip->hdr_checksum = 0;
		ip->hdr_checksum = rte_ipv4_cksum(ip);
	}
	return whole;
}

void
gw_reassembly_expire(struct gw_reassembly *re, bool all, struct gw_stats *stats)
{
	uint64_t now = rte_rdtsc() + (all ? 2 * re->wait_tsc : 0);

	/* As many at a time as the row has room for. */
	do {
		bury(re, stats);
		rte_ip_frag_table_del_expired_entries(re->table, &re->lost, now);
	} while (re->lost.cnt != 0);
}
