/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_string_fns.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * Secondary processes. Rings and indices lie in EAL's shared memory; what a process must have of
 * its own is a mapping of the doorbells, at the primary's address, because queues hold pointers to
 * them.
 * The connection, the mailbox and the control thread stay the primary's.
 */

#define SHARE_ACTION "hisi_qm_doorbells"
#define SHARE_TIMEOUT_S 5

static TAILQ_HEAD(, hisi_qm_share) shares = TAILQ_HEAD_INITIALIZER(shares);
static rte_spinlock_t shares_lock = RTE_SPINLOCK_INITIALIZER;

/** What the primary lends of a function. */
struct hisi_qm_share {
	TAILQ_ENTRY(hisi_qm_share) next;
	struct hisi_qm_dev *dev;
};

static struct hisi_qm_share *
share_find(const char *name)
{
	struct hisi_qm_share *share;

	TAILQ_FOREACH(share, &shares, next)
		if (strcmp(share->dev->name, name) == 0)
			return share;
	return NULL;
}

/* In the primary: a secondary asks by device name, the answer carries the descriptor. */
static int
share_answer(const struct rte_mp_msg *request, const void *peer)
{
	struct rte_mp_msg reply = { .num_fds = 0 };
	struct hisi_qm_share *share;
	char name[RTE_DEV_NAME_MAX_LEN];

	strlcpy(reply.name, SHARE_ACTION, sizeof(reply.name));
	/* An answer is owed to any request; one without a descriptor is a refusal. */
	memset(name, 0, sizeof(name));
	if (request->len_param == sizeof(name))
		strlcpy(name, (const char *)request->param, sizeof(name));
	rte_spinlock_lock(&shares_lock);
	share = share_find(name);
	if (share != NULL && share->dev->bus->doorbells_fd >= 0) {
		reply.fds[0] = share->dev->bus->doorbells_fd;
		reply.num_fds = 1;
		share->dev->is_shared = true;
	}
	rte_spinlock_unlock(&shares_lock);
	return rte_mp_reply(&reply, peer);
}

void
hisi_qm_share_start(struct hisi_qm_dev *dev)
{
	struct hisi_qm_share *share = calloc(1, sizeof(*share));

	if (share == NULL)
		return;
	share->dev = dev;
	rte_spinlock_lock(&shares_lock);
	TAILQ_INSERT_TAIL(&shares, share, next);
	rte_spinlock_unlock(&shares_lock);
	/* EEXIST: an earlier function did it. ENOTSUP: memory that no other process can share. */
	if (rte_mp_action_register(SHARE_ACTION, share_answer) != 0 && rte_errno != EEXIST &&
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
	share = share_find(dev->name);
	if (share != NULL)
		TAILQ_REMOVE(&shares, share, next);
	last = TAILQ_EMPTY(&shares);
	rte_spinlock_unlock(&shares_lock);
	free(share);
	if (last)
		rte_mp_action_unregister(SHARE_ACTION);
}

/* In the secondary: the primary's descriptor of the doorbells, or -errno. */
static int
share_ask(const struct hisi_qm_dev *dev)
{
	const struct timespec timeout = { .tv_sec = SHARE_TIMEOUT_S };
	struct rte_mp_msg request = { .len_param = RTE_DEV_NAME_MAX_LEN };
	struct rte_mp_reply replies;
	int fd = -ENODEV;

	strlcpy(request.name, SHARE_ACTION, sizeof(request.name));
	strlcpy((char *)request.param, dev->name, RTE_DEV_NAME_MAX_LEN);
	if (rte_mp_request_sync(&request, &replies, &timeout) != 0)
		return -rte_errno;
	if (replies.nb_received == 1 && replies.msgs[0].num_fds == 1)
		fd = replies.msgs[0].fds[0];
	free(replies.msgs);
	return fd;
}

int
hisi_qm_dev_attach(struct hisi_qm_dev *dev)
{
	void *at;
	int fd;

	hisi_qm_note_pid();
	if (dev->doorbells == NULL) {
		HISI_QM_DEV_LOG(ERR, dev, "its bus has no doorbells for other processes");
		return -ENOTSUP;
	}
	fd = share_ask(dev);
	if (fd < 0) {
		HISI_QM_DEV_LOG(ERR, dev, "the primary process did not give its doorbells: %s",
			strerror(-fd));
		return fd;
	}
	at = mmap(dev->doorbells, dev->doorbells_len, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	close(fd);
	if (at == dev->doorbells)
		return 0;
	if (at != MAP_FAILED)
		munmap(at, dev->doorbells_len);
	HISI_QM_DEV_LOG(ERR, dev, "the doorbells' address %p is in use in this process; start it again",
		dev->doorbells);
	return -EADDRINUSE;
}

void
hisi_qm_dev_detach(struct hisi_qm_dev *dev)
{
	munmap(dev->doorbells, dev->doorbells_len);
}
