/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * hisi_crypt_diff: random operations through a cryptodev, each judged by OpenSSL on the same data.
 *
 * What belongs to the session is drawn from the number of its group, so that some operations share
 * one; the rest from the operation's own number.
 */
#ifndef CRYPT_DIFF_H
#define CRYPT_DIFF_H

#include "crypt.h"
#include "diff_buffer.h"
#include "diff_case.h"
#include "diff_options.h"
#include "diff_pump.h"

/* Operations with one session. */
#define CRYPT_GROUP 8

enum crypt_param {
	/* of the session */
	CRYPT_P_KIND,		/* enum crypt_kind */
	CRYPT_P_CIPHER,		/* of crypt_algorithms */
	CRYPT_P_AUTH,
	CRYPT_P_AEAD,
	CRYPT_P_KEY_LEN,
	CRYPT_P_AUTH_KEY_LEN,
	CRYPT_P_IV_LEN,
	CRYPT_P_TAG_LEN,
	CRYPT_P_AAD_LEN,
	CRYPT_P_DECRYPT,
	CRYPT_P_MAC_PLAIN,	/* of a chain: the MAC is that of the plain text */
	/* of the operation */
	CRYPT_P_LEN,		/* ciphered, or authenticated where nothing is ciphered */
	CRYPT_P_HEAD,		/* of a chain: authenticated bytes in front of them */
	CRYPT_P_TRAILER,	/* and behind them */
	CRYPT_P_OFFSET,		/* in the mbufs */
	CRYPT_P_TAIL,
	CRYPT_P_OUT_OF_PLACE,
	CRYPT_P_WRONG,		/* enum crypt_wrong */
	CRYPT_P_SESSIONLESS,
	CRYPT_P_TAG_INSIDE,	/* the tag stands behind the text where it fits into a segment */
	CRYPT_P_IV_WRAP,	/* the last bytes of the IV are ones */
	CRYPT_P_MISUSE,		/* enum crypt_misuse */
	CRYPT_P_SRC_SEGS,
	CRYPT_P_DST_SEGS,
	CRYPT_P_SRC_CUT,	/* enum diff_cut */
	CRYPT_P_DST_CUT,
	CRYPT_P_SRC_MBUF,	/* enum diff_mbuf */
	CRYPT_P_DST_MBUF,
	CRYPT_P_SRC_PLACE,	/* enum diff_place */
	CRYPT_P_DST_PLACE,
	CRYPT_PARAMS,
};

/* What is wrong with what is to be verified. */
enum crypt_wrong { CRYPT_RIGHT, CRYPT_WRONG_TAG, CRYPT_WRONG_TEXT, CRYPT_WRONG_AAD, CRYPT_WRONGS };

enum crypt_misuse {
	CRYPT_MISUSE_NONE, CRYPT_MISUSE_LEN, CRYPT_MISUSE_BEYOND, CRYPT_MISUSE_OFFSET,
	CRYPT_MISUSE_ODD,	/* no multiple of the cipher's block */
	CRYPT_MISUSES,
};

/* Draws case @p number of @p seed, of what the device has. */
void crypt_case_draw(struct diff_case *c, uint64_t seed, uint64_t number,
	const struct crypt_device *device);

/* The random numbers that belong to the session of a case. */
struct diff_random crypt_case_session_random(const struct diff_case *c, uint64_t purpose);

struct crypt_job {
	struct diff_work work;
	struct crypt_spec spec;
	struct rte_crypto_sym_xform xforms[2];
	struct rte_crypto_op *op;
	void *session;
	bool shares_session;	/* with others of its group */
	bool is_refused;	/* the session was: a chain that the device has not */
	int status;		/* when it is finished */
	struct diff_buffer src, dst;
	uint8_t *src_image;	/* what the chains held before */
	uint8_t *dst_image;
	uint8_t *side;		/* memory of AAD and tag, with canaries */
	uint8_t *aad;
	uint8_t *tag;
	bool tag_is_inside;
	struct crypt_job *next_refused;
};

/* What the pump's callbacks are given. */
struct crypt_run {
	struct crypt_device *device;
	uint64_t seed;
	const char *set;
	enum diff_spoil spoil;
	bool shares_sessions;
	struct crypt_job *refused;
	/* results */
	uint64_t bytes;
	uint64_t sgl;
	uint64_t sgl_over_64;
	uint64_t out_of_place;
	uint64_t sessionless;
	uint64_t refused_chains;
	uint64_t sessions;
	uint64_t statuses[RTE_CRYPTO_OP_STATUS_ERROR + 1];
	uint64_t *algorithms;	/* successes by number of the algorithm */
	uint64_t *chains;	/* by numbers of both; those refused have the highest bit */
};

extern const struct diff_pump_class crypt_run_class;

/* Data, and OpenSSL's opinion, from job->work.c. */
void crypt_job_prepare(struct crypt_job *job);
/* Buffers and operation. @return false: none left for now */
bool crypt_job_build(struct crypt_job *job, struct crypt_run *run);
void crypt_job_free_buffers(struct crypt_job *job, const struct crypt_device *device);
void crypt_job_free(struct crypt_job *job, const struct crypt_device *device);

/* The session of a job, of its group's or of its own. @return NULL: refused */
void *crypt_session_get(struct crypt_run *run, struct crypt_job *job);
void crypt_session_put(const struct crypt_device *device, struct crypt_job *job);

/* Where the output is: the mbufs of the destination, or of the source where there is none. */
static inline struct diff_buffer *
crypt_job_out(struct crypt_job *job)
{
	return job->work.c.value[CRYPT_P_OUT_OF_PLACE] ? &job->dst : &job->src;
}

static inline uint8_t *
crypt_job_out_image(struct crypt_job *job)
{
	return job->work.c.value[CRYPT_P_OUT_OF_PLACE] ? job->dst_image : job->src_image;
}

/* @return true: as it should be; false: job->work.why */
bool crypt_judge(struct crypt_job *job);

#endif /* CRYPT_DIFF_H */
