/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Sessions, each for as long as an operation of its group is under way.
 */
#include <stdlib.h>

#include <rte_errno.h>

#include "crypt_diff.h"

#define MAX_SHARED 512

struct shared {
	uint64_t group;
	void *session;
	uint32_t uses;	/* 0: an empty place */
};

static struct shared shared[MAX_SHARED];

static void *
create(const struct crypt_run *run, struct crypt_job *job)
{
	return rte_cryptodev_sym_session_create(run->device->id,
		crypt_xforms(&job->spec, job->xforms), run->device->session_pool);
}

/* A place of this group, or an empty one that it may have. */
static struct shared *
find(uint64_t group)
{
	struct shared *one = &shared[group % MAX_SHARED];

	return one->uses == 0 || one->group == group ? one : NULL;
}

void *
crypt_session_get(struct crypt_run *run, struct crypt_job *job)
{
	uint64_t group = job->work.c.number / CRYPT_GROUP;
	struct shared *one = run->shares_sessions ? find(group) : NULL;

	job->shares_session = one != NULL;
	if (one == NULL || one->uses == 0) {
		job->session = create(run, job);
		run->sessions++;
		if (job->session == NULL)
			return NULL;
	}
	if (one != NULL) {
		if (one->uses++ == 0)
			*one = (struct shared) { group, job->session, 1 };
		job->session = one->session;
	}
	return job->session;
}

void
crypt_session_put(const struct crypt_device *device, struct crypt_job *job)
{
	struct shared *one = &shared[job->work.c.number / CRYPT_GROUP % MAX_SHARED];

	if (job->session == NULL)
		return;
	if (!job->shares_session || --one->uses == 0)
		rte_cryptodev_sym_session_free(device->id, job->session);
	job->session = NULL;
}
