/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>

#include "vfio_user_client_internal.h"

/* The requests, one function each; what they have in common is in vfio_user_client_io.c. */

int
vfio_user_client_get_info(struct vfio_user_client *client, struct vfio_user_device_info *info)
{
	const struct vfio_user_device_info ask = { .argsz = sizeof(ask) };
	struct client_request req = {
		.command = VFIO_USER_DEVICE_GET_INFO,
		.body = { { &ask, sizeof(ask) } },
		.reply = info,
		.reply_min = sizeof(*info),
		.reply_size = sizeof(*info),
	};
	int ret = client_request(client, &req);

	if (ret == 0 && (info->num_regions > VFIO_USER_MAX_REGIONS ||
			 info->num_irqs > VFIO_USER_MAX_IRQS))
		ret = -EPROTO;
	return ret;
}

int
vfio_user_client_get_irq_info(struct vfio_user_client *client, uint32_t index,
			      struct vfio_user_irq_info *info)
{
	const struct vfio_user_irq_info ask = { .argsz = sizeof(ask), .index = index };
	struct client_request req = {
		.command = VFIO_USER_DEVICE_GET_IRQ_INFO,
		.body = { { &ask, sizeof(ask) } },
		.reply = info,
		.reply_min = sizeof(*info),
		.reply_size = sizeof(*info),
	};
	int ret = client_request(client, &req);

	if (ret == 0 && info->index != index)
		ret = -EPROTO;
	return ret;
}

static int
client_send_irqs(struct vfio_user_client *client, const struct vfio_user_irq_set *set,
		 const int *fds)
{
	struct client_request req = {
		.command = VFIO_USER_DEVICE_SET_IRQS,
		.body = { { set, sizeof(*set) } },
		.fds = fds,
		.nb_fds = fds != NULL ? set->count : 0,
	};

	return client_request(client, &req);
}

int
vfio_user_client_set_irqs(struct vfio_user_client *client, uint32_t index, uint32_t start,
			  uint32_t count, const int *fds)
{
	struct vfio_user_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_USER_IRQ_SET_DATA_EVENTFD | VFIO_USER_IRQ_SET_ACTION_TRIGGER,
		.index = index,
	};
	uint32_t chunk = client->caps.max_msg_fds, done;
	int ret;

	if (count == 0 || count > VFIO_USER_MAX_VECTORS || start > UINT32_MAX - count)
		return -EINVAL;
	if (chunk > VFIO_USER_MAX_MSG_FDS)
		chunk = VFIO_USER_MAX_MSG_FDS;
	if (fds == NULL)
		chunk = count;
	if (chunk == 0)
		return -ENOTSUP;
	for (done = 0; done < count; done += set.count) {
		set.start = start + done;
		set.count = count - done < chunk ? count - done : chunk;
		ret = client_send_irqs(client, &set, fds != NULL ? fds + done : NULL);
		if (ret != 0)
			return ret;
	}
	return 0;
}

int
vfio_user_client_disable_irqs(struct vfio_user_client *client, uint32_t index)
{
	const struct vfio_user_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_USER_IRQ_SET_DATA_NONE | VFIO_USER_IRQ_SET_ACTION_TRIGGER,
		.index = index,
	};

	return client_send_irqs(client, &set, NULL);
}

int
vfio_user_client_trigger_irqs(struct vfio_user_client *client, uint32_t index, uint32_t start,
			      uint32_t count)
{
	const struct vfio_user_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_USER_IRQ_SET_DATA_NONE | VFIO_USER_IRQ_SET_ACTION_TRIGGER,
		.index = index,
		.start = start,
		.count = count,
	};

	/* Without a count it would be the other request: disable all. */
	return count == 0 ? -EINVAL : client_send_irqs(client, &set, NULL);
}

static bool
client_is_transfer(const struct vfio_user_client *client, uint32_t count)
{
	return count != 0 && count <= VFIO_USER_CLIENT_MAX_XFER &&
	       count <= client->caps.max_data_xfer;
}

int
vfio_user_client_region_read(struct vfio_user_client *client, uint32_t region, uint64_t offset,
			     void *buf, uint32_t count)
{
	const struct vfio_user_region_access ask = {
		.offset = offset, .region = region, .count = count,
	};
	struct vfio_user_region_access answer;
	struct client_request req = {
		.command = VFIO_USER_REGION_READ,
		.body = { { &ask, sizeof(ask) } },
		.reply = &answer,
		.reply_min = sizeof(answer),
		.reply_size = sizeof(answer),
		.data = buf,
		.data_size = count,
	};
	int ret;

	if (!client_is_transfer(client, count))
		return -EINVAL;
	ret = client_request(client, &req);
	if (ret != 0)
		return ret;
	if (answer.offset != offset || answer.region != region ||
	    req.reply_len != sizeof(answer) + answer.count)
		return -EPROTO;
	return answer.count == count ? 0 : -EIO;
}

int
vfio_user_client_region_write(struct vfio_user_client *client, uint32_t region, uint64_t offset,
			      const void *buf, uint32_t count)
{
	const struct vfio_user_region_access ask = {
		.offset = offset, .region = region, .count = count,
	};
	struct vfio_user_region_access answer;
	struct client_request req = {
		.command = VFIO_USER_REGION_WRITE,
		.body = { { &ask, sizeof(ask) }, { buf, count } },
		.reply = &answer,
		.reply_min = sizeof(answer),
		.reply_size = sizeof(answer),
	};
	int ret;

	if (!client_is_transfer(client, count))
		return -EINVAL;
	ret = client_request(client, &req);
	if (ret == 0 && (answer.offset != offset || answer.region != region))
		return -EPROTO;
	return ret == 0 && answer.count != count ? -EIO : ret;
}

int
vfio_user_client_region_write_posted(struct vfio_user_client *client, uint32_t region,
				     uint64_t offset, const void *buf, uint32_t count)
{
	const struct vfio_user_region_access ask = {
		.offset = offset, .region = region, .count = count,
	};
	const struct client_request req = {
		.command = VFIO_USER_REGION_WRITE,
		.body = { { &ask, sizeof(ask) }, { buf, count } },
	};

	if (count == 0 || count > 16)
		return -EINVAL;
	return client_post(client, &req);
}

int
vfio_user_client_dma_map(struct vfio_user_client *client, int fd, uint64_t offset, uint64_t iova,
			 uint64_t size, uint32_t prot)
{
	const struct vfio_user_dma_map map = {
		.argsz = sizeof(map),
		.flags = prot,
		.offset = fd >= 0 ? offset : 0,
		.iova = iova,
		.size = size,
	};
	struct client_request req = {
		.command = VFIO_USER_DMA_MAP,
		.body = { { &map, sizeof(map) } },
		.fds = &fd,
		.nb_fds = fd >= 0,
	};

	if ((prot & ~(VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)) != 0)
		return -EINVAL;
	if (fd >= 0 && client->caps.max_msg_fds == 0)
		return -ENOTSUP;
	return client_request(client, &req);
}

static int
client_unmap(struct vfio_user_client *client, const struct vfio_user_dma_unmap *unmap)
{
	struct vfio_user_dma_unmap answer;
	struct client_request req = {
		.command = VFIO_USER_DMA_UNMAP,
		.body = { { unmap, sizeof(*unmap) } },
		.reply = &answer,
		.reply_min = 0,
		.reply_size = sizeof(answer),
	};

	return client_request(client, &req);
}

int
vfio_user_client_dma_unmap(struct vfio_user_client *client, uint64_t iova, uint64_t size)
{
	const struct vfio_user_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};

	return client_unmap(client, &unmap);
}

int
vfio_user_client_dma_unmap_all(struct vfio_user_client *client)
{
	const struct vfio_user_dma_unmap unmap = {
		.argsz = sizeof(unmap), .flags = VFIO_USER_DMA_UNMAP_ALL,
	};

	return client_unmap(client, &unmap);
}

int
vfio_user_client_device_reset(struct vfio_user_client *client)
{
	struct client_request req = { .command = VFIO_USER_DEVICE_RESET };

	return client_request(client, &req);
}

bool
vfio_user_client_is_dead(const struct vfio_user_client *client)
{
	return atomic_load_explicit(&client->is_dead, memory_order_relaxed);
}

uint32_t
vfio_user_client_nb_owed(const struct vfio_user_client *client)
{
	return atomic_load(&client->nb_owed);
}

int
vfio_user_client_check_alive(struct vfio_user_client *client)
{
	/* Somebody else waits for a reply: that thread sees what there is to see. */
	if (pthread_mutex_trylock(&client->request_lock) != 0)
		return vfio_user_client_is_dead(client) ? -ENODEV : 1;
	client_drain(client);
	pthread_mutex_lock(&client->tx_lock);
	(void)client_flush(client);
	pthread_mutex_unlock(&client->tx_lock);
	pthread_mutex_unlock(&client->request_lock);
	if (vfio_user_client_is_dead(client))
		return -ENODEV;
	return vfio_user_client_nb_owed(client) != 0;
}

int
vfio_user_client_fd(const struct vfio_user_client *client)
{
	return client->fd;
}

void
vfio_user_client_set_timeout(struct vfio_user_client *client, uint32_t timeout_ms)
{
	atomic_store(&client->timeout_ms, timeout_ms != 0 ? timeout_ms : 5000u);
}

const char *
vfio_user_client_private_json(const struct vfio_user_client *client)
{
	return client->caps.private_json;
}

uint32_t
vfio_user_client_max_dma_maps(const struct vfio_user_client *client)
{
	return client->caps.max_dma_maps;
}

pid_t
vfio_user_client_peer_pid(const struct vfio_user_client *client)
{
	return client->peer_pid;
}
