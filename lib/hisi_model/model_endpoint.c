/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>

#include <hisi_qm_regs.h>
#include <hisi_qm_shadow.h>

#include "model_device.h"
#include "model_endpoint.h"
#include "model_function.h"
#include "model_isolation.h"
#include "model_log.h"
#include "model_version.h"

#define SLOT_REGION 9 /* first index that is not PCI's (vfio-user.md 5.1) */
#define NB_REGIONS SLOT_REGION
#define NB_IRQS 5

struct model_endpoint {
	struct model_function *fn;
	struct vfio_user_server *server;
};

static void
raise_msi(void *opaque, uint32_t vector)
{
	struct model_endpoint *endpoint = opaque;

	/* No eventfd set: the client polls, or has not enabled interrupts yet. */
	vfio_user_server_irq_trigger(endpoint->server, VFIO_USER_IRQ_MSI, vector);
}

static void
before_message(void *opaque)
{
	struct model_endpoint *endpoint = opaque;

	model_function_before_message(endpoint->fn);
}

static int
region_access(void *opaque, uint32_t region, uint64_t offset, void *buf, uint32_t count,
	bool is_write)
{
	struct model_function *fn = ((struct model_endpoint *)opaque)->fn;

	if (region == VFIO_USER_REGION_CONFIG && is_write)
		model_config_space_write(fn, offset, buf, count);
	else if (region == VFIO_USER_REGION_CONFIG)
		model_config_space_read(fn, offset, buf, count);
	else if (region == HISI_QM_BAR && is_write)
		model_function_bar_write(fn, offset, buf, count);
	else if (region == HISI_QM_BAR)
		model_function_bar_read(fn, offset, buf, count);
	else if (region == HISI_QM_ISOLATION_BAR && is_write)
		model_isolation_write(fn, offset, buf, count);
	else if (region == HISI_QM_ISOLATION_BAR)
		model_isolation_read(fn, offset, buf, count);
	else
		return -EINVAL;
	return 0;
}

static void
dma_quiesce(void *opaque, const struct vfio_user_dma_change *change)
{
	(void)change;
	model_function_dma_quiesce(((struct model_endpoint *)opaque)->fn);
}

static void
dma_resume(void *opaque, const struct vfio_user_dma_change *change, int result)
{
	(void)change;
	(void)result;
	model_function_dma_resume(((struct model_endpoint *)opaque)->fn);
}

static int
reset(void *opaque)
{
	return model_function_reset_by_client(((struct model_endpoint *)opaque)->fn);
}

static int
client_connected(void *opaque, const struct vfio_user_peer *peer)
{
	struct model_endpoint *endpoint = opaque;
	struct model_client client = {
		.dma = vfio_user_server_dma(endpoint->server),
		.raise = raise_msi,
		.opaque = endpoint,
		.slots = peer->private_region,
		.nb_slots = peer->private_region == NULL ? 0 : endpoint->fn->dev->nb_queues,
	};

	model_function_attach(endpoint->fn, &client);
	model_function_log(endpoint->fn, VFIO_USER_LOG_INFO, "client pid %d connected%s",
		(int)peer->pid, peer->private_region == NULL ? "" : ", rings by shadow doorbells");
	return 0;
}

static void
client_gone(void *opaque)
{
	struct model_endpoint *endpoint = opaque;

	model_function_detach(endpoint->fn);
	model_function_log(endpoint->fn, VFIO_USER_LOG_INFO, "client gone");
}

static const struct vfio_user_server_ops endpoint_ops = {
	.before_message = before_message,
	.region_access = region_access,
	.dma_quiesce = dma_quiesce,
	.dma_resume = dma_resume,
	.reset = reset,
	.client_connected = client_connected,
	.client_gone = client_gone,
};

int
model_endpoint_create(struct model_function *fn, const char *path,
	struct vfio_user_server_error *error, struct model_endpoint **out)
{
	const struct model_version *version = fn->dev->version;
	const uint32_t access = VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE;
	struct vfio_user_server_region regions[NB_REGIONS] = {
		[HISI_QM_BAR] = { .size = fn->bar_len, .flags = access },
		/* Never with MMAP: each doorbell is a message here, and QEMU posts them then. */
		[HISI_QM_ISOLATION_BAR] = { .size = model_isolation_bar_len(fn->dev),
			.flags = model_isolation_bar_len(fn->dev) != 0 ? access : 0 },
		[VFIO_USER_REGION_CONFIG] = { .size = MODEL_CONFIG_LEN, .flags = access },
	};
	struct vfio_user_server_irq irqs[NB_IRQS] = {
		[VFIO_USER_IRQ_MSI] = {
			.count = model_function_is_pf(fn) ? version->pf_vectors :
				version->vf_vectors,
			.flags = VFIO_USER_IRQ_FLAG_EVENTFD | VFIO_USER_IRQ_FLAG_NORESIZE,
		},
	};
	struct model_endpoint *endpoint = calloc(1, sizeof(*endpoint));
	struct vfio_user_server_config config = {
		.path = path,
		.ops = &endpoint_ops,
		.opaque = endpoint,
		.regions = regions,
		.nb_regions = NB_REGIONS,
		.irqs = irqs,
		.nb_irqs = NB_IRQS,
		.priv = {
			.key = HISI_QM_SHADOW_KEY,
			.region = SLOT_REGION,
			.region_size = HISI_QM_SHADOW_LEN(fn->dev->nb_queues),
			.region_type = VFIO_USER_REGION_TYPE_PCI_VENDOR | HISI_PCI_VENDOR_ID,
			.region_subtype = HISI_QM_SHADOW_REGION_SUBTYPE,
		},
		.log = fn->dev->config.log,
	};
	int ret;

	if (endpoint == NULL)
		return -ENOMEM;
	endpoint->fn = fn;
	ret = vfio_user_server_create(&config, error, &endpoint->server);
	if (ret != 0) {
		free(endpoint);
		return ret;
	}
	*out = endpoint;
	return 0;
}

void
model_endpoint_destroy(struct model_endpoint *endpoint)
{
	if (endpoint == NULL)
		return;
	vfio_user_server_destroy(endpoint->server);
	free(endpoint);
}

int
model_endpoint_poll_fd(const struct model_endpoint *endpoint)
{
	return vfio_user_server_poll_fd(endpoint->server);
}

int
model_endpoint_process(struct model_endpoint *endpoint)
{
	return vfio_user_server_process(endpoint->server);
}

void
model_endpoint_disconnect(struct model_endpoint *endpoint)
{
	vfio_user_server_disconnect(endpoint->server);
}
