/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vfio_user_server_internal.h"

/*
 * Is this an eventfd? A client could pass anything; a write to a pipe or terminal of its choice is
 * not ours to make, and one to a socket without reader would stop a worker thread.
 */
static bool
irq_is_eventfd(int fd)
{
	static const char wanted[] = "anon_inode:[eventfd]";
	char link[sizeof(wanted)], path[32];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, link, sizeof(link));
	return len == (ssize_t)sizeof(wanted) - 1 && memcmp(link, wanted, sizeof(wanted) - 1) == 0;
}

static int
irq_check_fds(const struct vfio_user_fds *fds)
{
	uint32_t i;
	int flags;

	for (i = 0; i < fds->nb; i++) {
		if (!irq_is_eventfd(fds->fd[i]))
			return -EINVAL;
		flags = fcntl(fds->fd[i], F_GETFL);
		if (flags < 0 || fcntl(fds->fd[i], F_SETFL, flags | O_NONBLOCK) != 0)
			return -errno;
	}
	return 0;
}

/* Write 1. EAGAIN is a full counter: the interrupt is pending anyway (vfio-user.md 7.2). */
static int
irq_signal(const struct server_vector *vector)
{
	struct pollfd pfd = { .fd = vector->fd, .events = POLLOUT };
	const uint64_t one = 1;

	/* The client can take O_NONBLOCK away again, the file description is shared. */
	if (poll(&pfd, 1, 0) != 1)
		return 0;
	if (write(vector->fd, &one, sizeof(one)) == (ssize_t)sizeof(one) || errno == EAGAIN)
		return 0;
	return -errno;
}

/* With irq_lock held. */
static int
irq_raise(const struct server_irq *irq, struct server_vector *vector)
{
	if (vector->is_masked) {
		vector->is_pending = true;
		return 0;
	}
	if (vector->fd < 0)
		return -ENOENT;
	if ((irq->flags & VFIO_USER_IRQ_FLAG_AUTOMASKED) != 0)
		vector->is_masked = true;
	return irq_signal(vector);
}

/* With irq_lock held. */
static void
irq_assign(struct server_vector *vector, int fd)
{
	if (vector->fd >= 0)
		close(vector->fd);
	vector->fd = fd;
}

/* With irq_lock held. */
static void
irq_act(const struct server_irq *irq, struct server_vector *vector, uint32_t action)
{
	if (action == VFIO_USER_IRQ_SET_ACTION_TRIGGER) {
		(void)irq_raise(irq, vector); /* no eventfd: nobody to tell */
	} else if (action == VFIO_USER_IRQ_SET_ACTION_MASK) {
		vector->is_masked = true;
	} else {
		vector->is_masked = false;
		if (vector->is_pending) {
			vector->is_pending = false;
			(void)irq_raise(irq, vector);
		}
	}
}

/* The combinations of vfio-user.md 7.2 that are legal for this index. */
static int
irq_check_action(const struct server_irq *irq, const struct vfio_user_irq_set *set)
{
	uint32_t action = set->flags & VFIO_USER_IRQ_SET_ACTIONS;

	if (action == VFIO_USER_IRQ_SET_ACTION_TRIGGER)
		return 0;
	if (set->index == VFIO_USER_IRQ_ERR || set->index == VFIO_USER_IRQ_REQ ||
	    (irq->flags & VFIO_USER_IRQ_FLAG_MASKABLE) == 0)
		return -EINVAL;
	/* Eventfds that mask or unmask need INTx, which no device here has (vfio-user.md 7.3). */
	if ((set->flags & VFIO_USER_IRQ_SET_DATA_EVENTFD) != 0)
		return -ENOTSUP;
	return 0;
}

static bool
irq_is_one_bit(uint32_t bits)
{
	return bits != 0 && (bits & (bits - 1)) == 0;
}

static int
irq_check_set(const struct vfio_user_server *srv, const struct vfio_user_irq_set *set,
	      size_t data_len, uint32_t nb_fds)
{
	const struct server_irq *irq;
	uint32_t data = set->flags & VFIO_USER_IRQ_SET_DATA_MASK;

	if (set->argsz < sizeof(*set) || set->index >= srv->nb_irqs ||
	    !irq_is_one_bit(data) || !irq_is_one_bit(set->flags & VFIO_USER_IRQ_SET_ACTIONS) ||
	    (set->flags & ~(VFIO_USER_IRQ_SET_DATA_MASK | VFIO_USER_IRQ_SET_ACTIONS)) != 0)
		return -EINVAL;
	irq = &srv->irqs[set->index];
	if (set->start > irq->count || set->count > irq->count - set->start)
		return -EINVAL;
	if (data_len != (data == VFIO_USER_IRQ_SET_DATA_BOOL ? set->count : 0))
		return -EINVAL;
	if (nb_fds != 0 && (data != VFIO_USER_IRQ_SET_DATA_EVENTFD || nb_fds != set->count))
		return -EINVAL;
	if (set->count == 0 &&
	    (set->start != 0 || set->flags != (VFIO_USER_IRQ_SET_DATA_NONE |
					       VFIO_USER_IRQ_SET_ACTION_TRIGGER)))
		return -EINVAL;
	return irq_check_action(irq, set);
}

/* count 0: the whole index goes off. With irq_lock held. */
static void
irq_disable(struct server_irq *irq)
{
	uint32_t i;

	for (i = 0; i < irq->count; i++) {
		irq_assign(&irq->vectors[i], -1);
		irq->vectors[i].is_masked = false;
		irq->vectors[i].is_pending = false;
	}
}

static void
irq_apply(struct vfio_user_server *srv, const struct vfio_user_irq_set *set, const uint8_t *bools,
	  struct vfio_user_fds *fds)
{
	struct server_irq *irq = &srv->irqs[set->index];
	struct server_vector *vector;
	uint32_t i;

	pthread_mutex_lock(&srv->irq_lock);
	if (set->count == 0)
		irq_disable(irq);
	for (i = 0; i < set->count; i++) {
		vector = &irq->vectors[set->start + i];
		if ((set->flags & VFIO_USER_IRQ_SET_DATA_EVENTFD) != 0)
			irq_assign(vector, fds->nb != 0 ? vfio_user_fds_take(fds, i) : -1);
		else if ((set->flags & VFIO_USER_IRQ_SET_DATA_NONE) != 0 || bools[i] != 0)
			irq_act(irq, vector, set->flags & VFIO_USER_IRQ_SET_ACTIONS);
	}
	pthread_mutex_unlock(&srv->irq_lock);
}

int
server_set_irqs(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_irq_set set;
	int ret;

	memcpy(&set, req->body, sizeof(set));
	ret = irq_check_set(srv, &set, req->body_len - sizeof(set), req->fds->nb);
	if (ret == 0)
		ret = irq_check_fds(req->fds);
	if (ret != 0)
		return ret;
	irq_apply(srv, &set, req->body + sizeof(set), req->fds);
	if (srv->ops->irqs_changed != NULL)
		srv->ops->irqs_changed(srv->opaque, set.index, set.start, set.count, set.flags);
	return 0;
}

int
server_get_irq_info(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_irq_info info;

	memcpy(&info, req->body, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= srv->nb_irqs)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.flags = srv->irqs[info.index].flags;
	info.count = srv->irqs[info.index].count;
	memcpy(req->reply, &info, sizeof(info));
	req->reply_len = sizeof(info);
	return 0;
}

void
server_irqs_clear(struct vfio_user_server *srv)
{
	uint32_t i;

	pthread_mutex_lock(&srv->irq_lock);
	for (i = 0; i < srv->nb_irqs; i++)
		irq_disable(&srv->irqs[i]);
	pthread_mutex_unlock(&srv->irq_lock);
}

int
vfio_user_server_irq_trigger(struct vfio_user_server *srv, uint32_t index, uint32_t vector)
{
	struct server_irq *irq;
	int ret;

	if (index >= srv->nb_irqs || vector >= srv->irqs[index].count)
		return -EINVAL;
	irq = &srv->irqs[index];
	pthread_mutex_lock(&srv->irq_lock);
	ret = irq_raise(irq, &irq->vectors[vector]);
	pthread_mutex_unlock(&srv->irq_lock);
	return ret;
}

bool
vfio_user_server_irq_is_set(struct vfio_user_server *srv, uint32_t index, uint32_t vector)
{
	bool is_set;

	if (index >= srv->nb_irqs || vector >= srv->irqs[index].count)
		return false;
	pthread_mutex_lock(&srv->irq_lock);
	is_set = srv->irqs[index].vectors[vector].fd >= 0;
	pthread_mutex_unlock(&srv->irq_lock);
	return is_set;
}
