/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef REASSEMBLE_H
#define REASSEMBLE_H

/* A compressed datagram may have been cut on its way, and is whole again before it is restored
 * (RFC 3173, 2). Other fragments are none of our business.
 */

#include <rte_mbuf.h>

#include "ipcomp.h"
#include "stats.h"

struct gw_reassembly;

/* For the calling lcore only. NULL: no memory. */
struct gw_reassembly *gw_reassembly_create(const char *name, int socket);
void gw_reassembly_destroy(struct gw_reassembly *table);

/* Can this fragment be put together with others? Not with headers between that of IPv6 and that of
 * the fragment, which librte_ip_frag does not expect.
 */
bool gw_reassembly_takes(const struct ipcomp_place *place);

/* Takes a fragment. Returns the datagram that it completes, in one segment with right headers, or
 * NULL: it waits for others, or is lost and was counted.
 */
struct rte_mbuf *gw_reassembly_add(struct gw_reassembly *table, struct rte_mbuf *fragment,
	const struct ipcomp_place *place, struct gw_stats *stats);

/* Drops fragments whose datagram does not become whole; all of them at the end. */
void gw_reassembly_expire(struct gw_reassembly *table, bool all, struct gw_stats *stats);

#endif /* REASSEMBLE_H */
