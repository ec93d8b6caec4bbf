/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <stdbool.h>
#include <stdlib.h>

#include <rte_debug.h>
#include <rte_ethdev.h>

#include "port.h"

static bool
is_used(const struct gw_options *options, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < options->nb_paths; i++)
		if (options->path[i].in == port || options->path[i].out == port)
			return true;
	return false;
}

static void
get_info(uint16_t port, struct rte_eth_dev_info *info)
{
	if (!rte_eth_dev_is_valid_port(port) || rte_eth_dev_info_get(port, info) != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: no port %u, EAL has %u; is its --vdev or -a given,"
			" and did it start (see above)?\n", port, rte_eth_dev_count_avail());
}

unsigned int
gw_ports_max_queues(const struct gw_options *options)
{
	unsigned int i, most = UINT16_MAX;
	struct rte_eth_dev_info info;

	for (i = 0; i < options->nb_paths; i++) {
		get_info(options->path[i].in, &info);
		most = RTE_MIN(most, info.max_rx_queues);
		get_info(options->path[i].out, &info);
		most = RTE_MIN(most, info.max_tx_queues);
	}
	return most;
}

static void
configure(uint16_t port, const struct gw_options *options, uint16_t nb_queues,
	const struct rte_eth_dev_info *info)
{
	struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };

	/* By addresses only, see gw_flow_of_addresses(). */
	if (nb_queues > 1 && (info->flow_type_rss_offloads & RTE_ETH_RSS_IP) != 0) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf = info->flow_type_rss_offloads & RTE_ETH_RSS_IP;
	}
	/* Where the port allows it: what is longer than an Ethernet frame is only forwarded. */
	if (info->max_mtu >= options->max_frame)
		conf.rxmode.mtu = options->max_frame - RTE_ETHER_HDR_LEN - RTE_ETHER_CRC_LEN;
	conf.rxmode.offloads = info->rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
	conf.txmode.offloads = info->tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	if (rte_eth_dev_configure(port, RTE_MIN(nb_queues, info->max_rx_queues),
			RTE_MIN(nb_queues, info->max_tx_queues), &conf) != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: port %u cannot be configured with %u queue%s\n",
			port, nb_queues, nb_queues == 1 ? "" : "s");
}

static void
start_port(uint16_t port, const struct gw_options *options, uint16_t nb_queues,
	struct rte_mempool *pool)
{
	uint16_t nb_rx = GW_RING_DEPTH, nb_tx = GW_RING_DEPTH, i;
	int socket = rte_eth_dev_socket_id(port);
	struct rte_eth_dev_info info;
	int ret;

	get_info(port, &info);
	configure(port, options, nb_queues, &info);
	ret = rte_eth_dev_adjust_nb_rx_tx_desc(port, &nb_rx, &nb_tx);
	for (i = 0; ret == 0 && i < RTE_MIN(nb_queues, info.max_rx_queues); i++)
		ret = rte_eth_rx_queue_setup(port, i, nb_rx, socket, NULL, pool);
	for (i = 0; ret == 0 && i < RTE_MIN(nb_queues, info.max_tx_queues); i++)
		ret = rte_eth_tx_queue_setup(port, i, nb_tx, socket, NULL);
	if (ret == 0)
		ret = rte_eth_dev_start(port);
	if (ret != 0)
		rte_exit(EXIT_FAILURE, "ipcomp_gw: port %u does not start: %s\n", port,
			rte_strerror(-ret));
	/* A gateway takes what is not addressed to it. Some ports, net_pcap, know no other way. */
	rte_eth_promiscuous_enable(port);
}

void
gw_ports_start(const struct gw_options *options, uint16_t nb_queues, struct rte_mempool *pool)
{
	uint16_t port;

	RTE_ETH_FOREACH_DEV(port)
		if (is_used(options, port))
			start_port(port, options, nb_queues, pool);
}

void
gw_ports_stop(const struct gw_options *options)
{
	uint16_t port;

	RTE_ETH_FOREACH_DEV(port) {
		if (!is_used(options, port))
			continue;
		rte_eth_dev_stop(port);
		rte_eth_dev_close(port);
	}
}
