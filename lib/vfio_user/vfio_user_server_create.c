/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vfio_user_server_internal.h"

/* Making a server: what may be configured, and the getters of what was. */

#define DEFAULT_SEND_TIMEOUT_MS 2000u
#define DEFAULT_HANDSHAKE_TIMEOUT_MS 5000u

static uint32_t
create_or_default(uint32_t value, uint32_t value_if_zero)
{
	return value != 0 ? value : value_if_zero;
}

/* NULL, or why a region cannot be. */
static const char *
create_check_region(const struct vfio_user_server_region *region, uint32_t index)
{
	const uint32_t known = VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE |
			       VFIO_USER_REGION_FLAG_MMAP;

	if ((region->flags & ~known) != 0)
		return "unknown region flag";
	/* QEMU aborts on other BAR sizes (vfio-user.md 5.2). */
	if (index <= VFIO_USER_REGION_BAR5 && (region->size & (region->size - 1)) != 0)
		return "BAR size is no power of two";
	/* It would end QEMU's posted writes for the whole device (vfio-user.md 14.3). */
	if (index < VFIO_USER_REGION_PCI_NUM && (region->flags & VFIO_USER_REGION_FLAG_MMAP) != 0)
		return "mappable region below index 9";
	if ((region->flags & VFIO_USER_REGION_FLAG_MMAP) != 0 && region->fd < 0)
		return "mappable region without descriptor";
	return NULL;
}

static const char *
create_check_private(const struct vfio_user_server_config *config)
{
	const struct vfio_user_server_private *priv = &config->priv;

	if (priv->key == NULL)
		return priv->region != 0 ? "private region without a key" : NULL;
	if (!vfio_user_caps_is_key(priv->key))
		return "private key needs quoting";
	if (priv->json != NULL && !vfio_user_caps_is_object(priv->json))
		return "value of the private key is no JSON object";
	if (priv->region == 0)
		return NULL;
	if (priv->region < VFIO_USER_REGION_PCI_NUM || priv->region < config->nb_regions ||
	    priv->region >= VFIO_USER_MAX_REGIONS)
		return "index of the private region";
	if (priv->region_size == 0 || priv->region_size % (uint64_t)sysconf(_SC_PAGESIZE) != 0 ||
	    priv->region_size > UINT32_MAX)
		return "size of the private region";
	return NULL;
}

static const char *
create_check(const struct vfio_user_server_config *config)
{
	const char *why;
	uint32_t i;

	if (config->ops == NULL || config->ops->region_access == NULL)
		return "no region_access function";
	if (config->regions == NULL || config->nb_regions < VFIO_USER_REGION_VGA ||
	    config->nb_regions > VFIO_USER_MAX_REGIONS)
		return "number of regions";
	for (i = 0; i < config->nb_regions; i++) {
		why = create_check_region(&config->regions[i], i);
		if (why != NULL)
			return why;
	}
	if (config->irqs == NULL || config->nb_irqs < VFIO_USER_IRQ_ERR ||
	    config->nb_irqs > VFIO_USER_MAX_IRQS)
		return "number of interrupt indices";
	for (i = 0; i < config->nb_irqs; i++) {
		if (config->irqs[i].count > VFIO_USER_MAX_VECTORS)
			return "number of vectors";
	}
	if (config->max_data_xfer != 0 && (config->max_data_xfer < VFIO_USER_MIN_DATA_XFER ||
					   config->max_data_xfer > VFIO_USER_MAX_DATA_XFER))
		return "max_data_xfer";
	if (config->max_dma_maps > VFIO_USER_MAX_DMA_MAPS)
		return "max_dma_maps";
	return create_check_private(config);
}

static int
create_copy_irqs(struct vfio_user_server *srv, const struct vfio_user_server_config *config)
{
	struct server_irq *irq;
	uint32_t i, j;

	srv->irqs = calloc(config->nb_irqs, sizeof(*srv->irqs));
	if (srv->irqs == NULL)
		return -ENOMEM;
	for (i = 0; i < config->nb_irqs; i++) {
		irq = &srv->irqs[i];
		irq->vectors = calloc(config->irqs[i].count + 1, sizeof(*irq->vectors));
		if (irq->vectors == NULL)
			return -ENOMEM;
		irq->count = config->irqs[i].count;
		irq->flags = config->irqs[i].flags;
		srv->nb_irqs = i + 1;
		for (j = 0; j < irq->count; j++)
			irq->vectors[j].fd = -1;
	}
	return 0;
}

static int
create_copy(struct vfio_user_server *srv, const struct vfio_user_server_config *config)
{
	srv->ops = config->ops;
	srv->opaque = config->opaque;
	srv->log = config->log;
	srv->nb_regions = config->nb_regions;
	srv->max_data_xfer = create_or_default(config->max_data_xfer, VFIO_USER_MAX_DATA_XFER);
	srv->max_dma_maps = create_or_default(config->max_dma_maps, VFIO_USER_MAX_DMA_MAPS);
	srv->send_timeout_ms = create_or_default(config->send_timeout_ms, DEFAULT_SEND_TIMEOUT_MS);
	srv->handshake_timeout_ms =
		create_or_default(config->handshake_timeout_ms, DEFAULT_HANDSHAKE_TIMEOUT_MS);
	srv->has_extra_uid = config->has_extra_uid;
	srv->extra_uid = config->extra_uid;
	srv->priv = config->priv;
	srv->priv.json = NULL;
	srv->priv.key = NULL;
	if (config->priv.key != NULL) {
		srv->priv.key = strdup(config->priv.key);
		srv->priv.json = strdup(config->priv.json != NULL ? config->priv.json : "{}");
		if (srv->priv.key == NULL || srv->priv.json == NULL)
			return -ENOMEM;
	}
	srv->regions = calloc(config->nb_regions, sizeof(*srv->regions));
	srv->dma = vfio_user_dma_table_create(srv->max_dma_maps);
	if (srv->regions == NULL || srv->dma == NULL)
		return -ENOMEM;
	memcpy(srv->regions, config->regions, config->nb_regions * sizeof(*srv->regions));
	if (config->path != NULL) {
		srv->path = strdup(config->path);
		if (srv->path == NULL)
			return -ENOMEM;
	}
	srv->name = srv->path != NULL ? srv->path : "vfio-user";
	return create_copy_irqs(srv, config);
}

static struct vfio_user_server *
create_alloc(void)
{
	struct vfio_user_server *srv = calloc(1, sizeof(*srv));

	if (srv == NULL)
		return NULL;
	srv->epoll_fd = -1;
	srv->timer_fd = -1;
	srv->listen_fd = -1;
	srv->conn.fd = -1;
	srv->conn.private_fd = -1;
	srv->conn.tx_fd = -1;
	pthread_mutex_init(&srv->irq_lock, NULL);
	return srv;
}

int
vfio_user_server_create(const struct vfio_user_server_config *config,
			struct vfio_user_server_error *error, struct vfio_user_server **out)
{
	struct vfio_user_server *srv;
	const char *why;
	int ret;

	*out = NULL;
	server_error(error, "%s", "no memory");
	why = create_check(config);
	if (why != NULL) {
		server_error(error, "bad server configuration: %s", why);
		return -EINVAL;
	}
	srv = create_alloc();
	if (srv == NULL)
		return -ENOMEM;
	ret = create_copy(srv, config);
	if (ret == 0 && config->path == NULL)
		srv->listen_fd = config->listen_fd;
	if (ret == 0)
		ret = server_listen(srv, error);
	if (ret == 0) {
		ret = server_start(srv);
		if (ret != 0)
			server_error(error, "cannot start the server: %s", strerror(-ret));
	}
	if (ret != 0) {
		/* A descriptor that was handed in stays its owner's when nothing came of it. */
		if (config->path == NULL)
			srv->listen_fd = -1;
		vfio_user_server_destroy(srv);
		return ret;
	}
	server_error(error, "%s", "");
	*out = srv;
	return 0;
}

int
vfio_user_server_poll_fd(const struct vfio_user_server *srv)
{
	return srv->epoll_fd;
}

bool
vfio_user_server_is_connected(const struct vfio_user_server *srv)
{
	return srv->conn.is_negotiated;
}

const struct vfio_user_dma_table *
vfio_user_server_dma(const struct vfio_user_server *srv)
{
	return srv->dma;
}

const char *
vfio_user_server_path(const struct vfio_user_server *srv)
{
	return srv->path;
}

void
vfio_user_server_get_stats(const struct vfio_user_server *srv,
			   struct vfio_user_server_stats *stats)
{
	*stats = srv->stats;
}
