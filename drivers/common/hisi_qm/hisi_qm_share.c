/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_spinlock.h>
#include <rte_string_fns.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_process.h"

/*
 * Secondary processes. Rings and indices lie in EAL's shared memory; what a process must have of
 * its own is a mapping of the doorbells, at the primary's address, because queues hold pointers to
 * them, and an id by which the primary knows it (hisi_qm_process.h).
 * The connection, the mailbox and the control thread stay the primary's.
 */

#define SHARE_ACTION "hisi_qm_share"
#define SHARE_TIMEOUT_S 5

enum share_verb {
	SHARE_JOIN,	/**< with a descriptor of hisi_qm_process_open_life() */
	SHARE_LEAVE,	/**< no answer */
	SHARE_TAKE,	/**< to a secondary: doorbells of a new connection; no answer */
};

struct share_request {
	uint64_t share_id;	/**< of the function */
	uint32_t verb;		/**< enum share_verb */
	uint32_t process;	/**< id of who asks, 0: none yet */
};

/** Doorbells come as the one descriptor, where the bus has one. */
struct share_answer {
	int32_t result;		/**< 0 or -errno */
	uint32_t process;
};

/** What the primary lends of a function. */
struct hisi_qm_share {
	TAILQ_ENTRY(hisi_qm_share) next;
	struct hisi_qm_dev *dev;
};

static TAILQ_HEAD(, hisi_qm_share) shares = TAILQ_HEAD_INITIALIZER(shares);
static rte_spinlock_t shares_lock = RTE_SPINLOCK_INITIALIZER;
/* Not the name: that may be another device's by the time a secondary asks. */
static uint64_t last_share_id;

uint32_t hisi_qm_own_process;

static struct hisi_qm_share *
share_find(uint64_t id)
{
	struct hisi_qm_share *share;

	TAILQ_FOREACH(share, &shares, next)
		if (share->dev->share_id == id)
			return share;
	return NULL;
}

/* A duplicate, because the function may go, with its descriptor, before the answer is sent. */
static int
share_doorbells(uint64_t id, int *fd)
{
	struct hisi_qm_share *share;
	int ret = -ENODEV;

	*fd = -1;
	rte_spinlock_lock(&shares_lock);
	share = share_find(id);
	if (share != NULL) {
		ret = 0;
		if (share->dev->bus->doorbells_fd >= 0) {
			*fd = fcntl(share->dev->bus->doorbells_fd, F_DUPFD_CLOEXEC, 0);
			ret = *fd >= 0 ? 0 : -errno;
		}
	}
	rte_spinlock_unlock(&shares_lock);
	return ret;
}

/* The request itself, or one that names nothing; the one descriptor it came with, or -1. */
static void
share_read(const struct rte_mp_msg *message, struct share_request *request, int *life_fd)
{
	int i;

	memset(request, 0, sizeof(*request));
	if (message->len_param == sizeof(*request))
		memcpy(request, message->param, sizeof(*request));
	*life_fd = message->num_fds > 0 ? message->fds[0] : -1;
	for (i = 1; i < message->num_fds; i++)
		close(message->fds[i]);
}

static int
share_join(const struct rte_mp_msg *message, const void *peer)
{
	struct rte_mp_msg reply = { .len_param = sizeof(struct share_answer) };
	struct share_answer answer = { 0 };
	struct share_request request;
	int life_fd, fd = -1, ret;

	share_read(message, &request, &life_fd);
	answer.result = life_fd >= 0 ? share_doorbells(request.share_id, &fd) : -EINVAL;
	if (answer.result == 0) {
		answer.process = hisi_qm_process_attach(request.process, life_fd);
		answer.result = answer.process != 0 ? 0 : -ENOMEM;
		/* Its alarms cannot wake the control thread: from now on that looks more often. */
		hisi_qm_monitor_wake();
	} else if (life_fd >= 0) {
		close(life_fd);
	}
	strlcpy(reply.name, SHARE_ACTION, sizeof(reply.name));
	memcpy(reply.param, &answer, sizeof(answer));
	if (answer.result == 0 && fd >= 0) {
		reply.fds[0] = fd;
		reply.num_fds = 1;
	}
	/* An answer is owed to any request. */
	ret = rte_mp_reply(&reply, peer);
	if (fd >= 0)
		close(fd);
	return ret;
}

/* In the primary, for what secondaries send. */
static int
share_serve(const struct rte_mp_msg *message, const void *peer)
{
	struct share_request request;
	int life_fd;

	memcpy(&request, message->param, sizeof(request));
	if (message->len_param != sizeof(request) || request.verb != SHARE_LEAVE)
		return share_join(message, peer);
	share_read(message, &request, &life_fd);
	if (life_fd >= 0)
		close(life_fd);
	hisi_qm_process_detach(request.process);
	return 0;
}

void
hisi_qm_share_start(struct hisi_qm_dev *dev)
{
	struct hisi_qm_share *share = calloc(1, sizeof(*share));

	if (share == NULL)
		return;
	share->dev = dev;
	rte_spinlock_lock(&shares_lock);
	dev->share_id = ++last_share_id;
	TAILQ_INSERT_TAIL(&shares, share, next);
	rte_spinlock_unlock(&shares_lock);
	/* EEXIST: an earlier function did it. ENOTSUP: memory that no other process can share. */
	if (rte_mp_action_register(SHARE_ACTION, share_serve) != 0 && rte_errno != EEXIST &&
			rte_errno != ENOTSUP)
		HISI_QM_DEV_LOG(WARNING, dev, "secondary processes will not be able to attach: %s",
			rte_strerror(rte_errno));
}

void
hisi_qm_share_stop(struct hisi_qm_dev *dev)
{
	struct hisi_qm_share *share;
	bool last;

	rte_spinlock_lock(&shares_lock);
	share = share_find(dev->share_id);
	if (share != NULL)
		TAILQ_REMOVE(&shares, share, next);
	last = TAILQ_EMPTY(&shares);
	rte_spinlock_unlock(&shares_lock);
	free(share);
	if (last)
		rte_mp_action_unregister(SHARE_ACTION);
}

/* ---- in a secondary, when the primary has a new connection ---- */

#define RENEW_ACTION "hisi_qm_renew"
#define RENEW_TIMEOUT_S 1

/** A function that this secondary uses. */
struct hisi_qm_attached {
	TAILQ_ENTRY(hisi_qm_attached) next;
	struct hisi_qm_dev *dev;
};

static TAILQ_HEAD(, hisi_qm_attached) attached = TAILQ_HEAD_INITIALIZER(attached);

/* In the place of the old ones: queues, all closed now, point there. */
static int
renew_map(uint64_t id, int fd)
{
	struct hisi_qm_attached *entry;
	int ret = 0;
	void *at;

	rte_spinlock_lock(&shares_lock);
	TAILQ_FOREACH(entry, &attached, next) {
		if (entry->dev->share_id != id)
			continue;
		at = mmap(entry->dev->doorbells, entry->dev->doorbells_len,
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
		if (at == MAP_FAILED)
			ret = -errno;
	}
	rte_spinlock_unlock(&shares_lock);
	return ret;
}

static int
renew_serve(const struct rte_mp_msg *message, const void *peer)
{
	struct rte_mp_msg reply = { .len_param = sizeof(struct share_answer) };
	struct share_answer answer = { .result = -EPROTO };
	struct share_request request;
	int fd;

	share_read(message, &request, &fd);
	if (fd >= 0) {
		answer.result = renew_map(request.share_id, fd);
		close(fd);
	}
	if (request.verb == SHARE_TAKE)
		return 0;
	strlcpy(reply.name, RENEW_ACTION, sizeof(reply.name));
	memcpy(reply.param, &answer, sizeof(answer));
	return rte_mp_reply(&reply, peer);
}

static int
attached_add(struct hisi_qm_dev *dev)
{
	struct hisi_qm_attached *entry = calloc(1, sizeof(*entry));

	if (entry == NULL)
		return -ENOMEM;
	entry->dev = dev;
	rte_spinlock_lock(&shares_lock);
	TAILQ_INSERT_TAIL(&attached, entry, next);
	rte_spinlock_unlock(&shares_lock);
	/* EEXIST: an earlier function did it. Stays for the life of the process. */
	if (rte_mp_action_register(RENEW_ACTION, renew_serve) != 0 && rte_errno != EEXIST)
		return -rte_errno;
	return 0;
}

static void
attached_remove(const struct hisi_qm_dev *dev)
{
	struct hisi_qm_attached *entry;

	rte_spinlock_lock(&shares_lock);
	TAILQ_FOREACH(entry, &attached, next)
		if (entry->dev == dev)
			break;
	if (entry != NULL)
		TAILQ_REMOVE(&attached, entry, next);
	rte_spinlock_unlock(&shares_lock);
	free(entry);
}

/* ---- both ---- */

static void
share_message(const struct hisi_qm_dev *dev, enum share_verb verb, struct rte_mp_msg *message)
{
	struct share_request request = {
		.share_id = dev->share_id,
		.verb = verb,
		.process = hisi_qm_own_process,
	};

	memset(message, 0, sizeof(*message));
	strlcpy(message->name, SHARE_ACTION, sizeof(message->name));
	message->len_param = sizeof(request);
	memcpy(message->param, &request, sizeof(request));
}

/* What the primary answered; *fd is the caller's, -1: none. */
static int
share_take(const struct rte_mp_reply *replies, int *fd)
{
	const struct rte_mp_msg *message = replies->msgs;
	struct share_answer answer;

	*fd = -1;
	if (replies->nb_received != 1)
		return -ENODEV;
	if (message->num_fds > 0)
		*fd = message->fds[0];
	if (message->len_param != sizeof(answer))
		return -EPROTO;
	memcpy(&answer, message->param, sizeof(answer));
	if (answer.result == 0)
		hisi_qm_own_process = answer.process;
	return answer.result;
}

int
hisi_qm_share_join(const struct hisi_qm_dev *dev, int *fd)
{
	const struct timespec timeout = { .tv_sec = SHARE_TIMEOUT_S };
	int life_fd = hisi_qm_process_open_life();
	struct rte_mp_reply replies;
	struct rte_mp_msg message;
	int ret;

	*fd = -1;
	if (life_fd < 0)
		return life_fd;
	share_message(dev, SHARE_JOIN, &message);
	message.fds[0] = life_fd;
	message.num_fds = 1;
	ret = rte_mp_request_sync(&message, &replies, &timeout);
	close(life_fd);
	if (ret != 0)
		return -rte_errno;
	ret = share_take(&replies, fd);
	free(replies.msgs);
	return ret;
}

void
hisi_qm_share_leave(const struct hisi_qm_dev *dev)
{
	struct rte_mp_msg message;

	share_message(dev, SHARE_LEAVE, &message);
	(void)rte_mp_sendmsg(&message);
}

int
hisi_qm_dev_attach(struct hisi_qm_dev *dev)
{
	void *at;
	int fd, ret;

	if (dev->doorbells == NULL) {
		HISI_QM_DEV_LOG(ERR, dev, "its bus has no doorbells for other processes");
		return -ENOTSUP;
	}
	ret = hisi_qm_share_join(dev, &fd);
	if (ret == 0 && fd < 0)
		ret = -EPROTO;
	if (ret != 0) {
		HISI_QM_DEV_LOG(ERR, dev, "the primary process did not give its doorbells: %s",
			strerror(-ret));
		return ret;
	}
	at = mmap(dev->doorbells, dev->doorbells_len, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	close(fd);
	if (at == dev->doorbells) {
		ret = attached_add(dev);
		if (ret == 0)
			return 0;
		hisi_qm_dev_detach(dev);
		HISI_QM_DEV_LOG(ERR, dev, "this process cannot hear of new doorbells: %s",
			strerror(-ret));
		return ret;
	}
	if (at != MAP_FAILED)
		munmap(at, dev->doorbells_len);
	hisi_qm_share_leave(dev);
	HISI_QM_DEV_LOG(ERR, dev, "the doorbells' address %p is in use in this process; start it again",
		dev->doorbells);
	return -EADDRINUSE;
}

void
hisi_qm_dev_detach(struct hisi_qm_dev *dev)
{
	attached_remove(dev);
	munmap(dev->doorbells, dev->doorbells_len);
	hisi_qm_share_leave(dev);
}

/*
 * EAL asks one process after the other, and none behind one that does not answer. They are told
 * without being asked: it takes them less than the control thread needs to restart a queue.
 */
static void
renew_tell(const struct hisi_qm_dev *dev, struct rte_mp_msg *message)
{
	struct share_request request = { .share_id = dev->share_id, .verb = SHARE_TAKE };

	memcpy(message->param, &request, sizeof(request));
	(void)rte_mp_sendmsg(message);
}

/* @return how many of those that were asked have not taken the doorbells, or -errno */
static int
renew_send(struct rte_mp_msg *message)
{
	const struct timespec timeout = { .tv_sec = RENEW_TIMEOUT_S };
	struct share_answer answer;
	struct rte_mp_reply replies;
	int i, left;

	if (rte_mp_request_sync(message, &replies, &timeout) != 0)
		return -rte_errno;
	left = replies.nb_sent;
	for (i = 0; i < replies.nb_received; i++) {
		memcpy(&answer, replies.msgs[i].param, sizeof(answer));
		left -= replies.msgs[i].len_param == sizeof(answer) && answer.result == 0;
	}
	free(replies.msgs);
	return left;
}

void
hisi_qm_share_renew(struct hisi_qm_dev *dev)
{
	struct rte_mp_msg message;
	int left;

	if (dev->bus->doorbells_fd < 0 || !hisi_qm_process_any())
		return;
	share_message(dev, SHARE_JOIN, &message);
	strlcpy(message.name, RENEW_ACTION, sizeof(message.name));
	message.fds[0] = dev->bus->doorbells_fd;
	message.num_fds = 1;
	left = renew_send(&message);
	if (left == 0)
		return;
	renew_tell(dev, &message);
	HISI_QM_DEV_LOG(ERR, dev, "a secondary process did not take the new doorbells (%s); its operations return with an error: start it again",
		left < 0 ? strerror(-left) : "no answer");
}
