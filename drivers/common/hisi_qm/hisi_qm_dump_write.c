/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dump.h"

/*
 * The content of a dump. Nothing here but copies and write(2): a signal handler calls it, whatever
 * the process was doing. It runs beside the lcores, which do not wait for it; the reader finds out
 * what was overwritten meanwhile.
 */

/* A file has so many queues at most, those in trouble first. */
#define DUMP_QUEUES 64
#define OUT_LEN 4096

/** Bytes on their way to the file. */
struct out {
	int fd;
	int error;
	size_t len;
	uint8_t bytes[OUT_LEN];
};

static void
out_flush(struct out *out)
{
	size_t at = 0;
	ssize_t ret;

	while (at < out->len && out->error == 0) {
		ret = write(out->fd, out->bytes + at, out->len - at);
		if (ret > 0)
			at += (size_t)ret;
		else if (ret == 0 || errno != EINTR)
			out->error = ret == 0 ? -EIO : -errno;
	}
	out->len = 0;
}

/* @p mask of as many bytes as there are in @p len: what may be told; NULL: all of it. */
static void
out_add(struct out *out, const void *bytes, size_t len, const uint8_t *mask)
{
	const uint8_t *from = bytes;
	size_t i;

	if (len > OUT_LEN - out->len)
		out_flush(out);
	for (i = 0; i < len; i++)
		out->bytes[out->len + i] = mask != NULL ? from[i] & mask[i] : from[i];
	out->len += len;
}

/* Entries one by one: each is smaller than the buffer, a ring is not. */
static void
out_add_all(struct out *out, const void *entries, size_t count, size_t len, const uint8_t *mask)
{
	const uint8_t *entry = entries;

	for (; count != 0; count--, entry += len)
		out_add(out, entry, len, mask);
}

static void
copy_text(char *to, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len && from[i] != '\0'; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '_';
}

/* ---- one queue ---- */

void
hisi_qm_dump_masks(const struct hisi_qm_qp *qp, struct hisi_qm_masks *masks)
{
	const struct hisi_hw_engine *engine = hisi_hw_engine_find(qp->dev->engine->name);
	const struct hisi_record_layout *layout = &qp->recorder->layout;

	memset(masks, 0xff, sizeof(*masks));
	if (engine != NULL)
		hisi_hw_redact(engine->sqe_fields(qp->sqe_template), masks->sqe);
	hisi_record_pack(layout, masks->sqe, masks->entry);
	memcpy(masks->cqe + offsetof(struct hisi_record_cqe, result), masks->sqe + layout->result,
		sizeof(((struct hisi_record_cqe *)0)->result));
}

static void
add_info(struct out *out, const struct hisi_qm_qp *qp, const struct hisi_qm_masks *masks)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	struct hisi_record_file_queue info = {
		.queue = qp->qn,
		.tag = qp->tag,
		.type = qp->type,
		.state = hisi_qm_load_relaxed(&qp->state),
		.alarm = hisi_qm_load_relaxed(&qp->alarm),
		.sqe_len = (uint8_t)(1U << qp->sqe_log2),
		.depth = qp->mask + 1,
		.entries = recorder->mask + 1,
		.margin = qp->mask + 1,
		.base = hisi_qm_load_relaxed(&recorder->base),
		.retired = hisi_qm_load_relaxed(&qp->retired),
		.head = hisi_qm_load_relaxed(&qp->head),
		.tail = hisi_qm_load_relaxed(&qp->tail),
		.submitted = hisi_qm_load_acquire(&qp->submitted),
		.completed = hisi_qm_load_acquire(&qp->completed),
		.has_entries = recorder->sqes != NULL,
		.layout = recorder->layout,
	};
	size_t i;

	for (i = 0; i < info.sqe_len; i++)
		info.template[i] = ((const uint8_t *)qp->sqe_template)[i] & masks->sqe[i];
	out_add(out, &info, sizeof(info), NULL);
}

static void
add_queue(struct out *out, const struct hisi_qm_qp *qp)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	size_t places = (size_t)recorder->mask + 1;
	struct hisi_record_file_end end;
	struct hisi_qm_masks masks;

	hisi_qm_dump_masks(qp, &masks);
	add_info(out, qp, &masks);
	out_add_all(out, recorder->submitted, places, sizeof(*recorder->submitted), NULL);
	out_add_all(out, recorder->completed, places, sizeof(*recorder->completed), NULL);
	if (recorder->sqes != NULL) {
		out_add_all(out, recorder->sqes, places, recorder->layout.entry_len, masks.entry);
		out_add_all(out, recorder->cqes, places, sizeof(*recorder->cqes), masks.cqe);
	}
	/* After the copy: what a writer has done since is told by how far it came. */
	rte_smp_rmb();
	end.submitted = hisi_qm_load_relaxed(&qp->submitted);
	end.completed = hisi_qm_load_relaxed(&qp->completed);
	out_add(out, &end, sizeof(end), NULL);
}

/* ---- the file ---- */

static bool
is_dumped(const struct hisi_qm_qp *qp, bool in_trouble)
{
	return qp != NULL && qp->recorder != NULL && qp->sqe_log2 <= 7 &&
		in_trouble == (qp->state != HISI_QM_QP_RUNNING || qp->failed ||
		qp->alarm != HISI_QM_QP_ALARM_NONE);
}

static uint32_t
count_queues(const struct hisi_qm_dev *dev)
{
	uint32_t count = 0, i;

	for (i = 0; i < dev->nb_qps && count < DUMP_QUEUES; i++)
		count += is_dumped(dev->qps[i], true) || is_dumped(dev->qps[i], false);
	return count;
}

/* In two rounds: a state that changes meanwhile must not make one too many. */
static void
add_queues(struct out *out, const struct hisi_qm_dev *dev, uint32_t count)
{
	const struct hisi_qm_qp *added[DUMP_QUEUES];
	uint32_t nb_added = 0, round, i, k;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < dev->nb_qps && nb_added < count; i++) {
			for (k = 0; k < nb_added && added[k] != dev->qps[i]; k++)
				;
			if (k < nb_added || !(is_dumped(dev->qps[i], true) ||
					(round != 0 && is_dumped(dev->qps[i], false))))
				continue;
			added[nb_added++] = dev->qps[i];
			add_queue(out, dev->qps[i]);
		}
	}
}

int
hisi_qm_dump_write(int fd, const struct hisi_qm_dev *dev, const char *reason, int signal)
{
	struct out out = { .fd = fd };
	struct hisi_record_file info = {
		.magic = HISI_RECORD_MAGIC,
		.version = HISI_RECORD_VERSION,
		.nb_queues = count_queues(dev),
		.tsc_hz = dev->tsc_hz,
		.tsc = rte_rdtsc(),
		.qm_version = dev->version,
		.pid = (uint32_t)getpid(),
		.is_vf = dev->is_vf,
		.signal = (uint16_t)signal,
	};
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	info.realtime_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	copy_text(info.engine, dev->engine->name, sizeof(info.engine));
	copy_text(info.device, dev->name, sizeof(info.device));
	copy_text(info.reason, reason, sizeof(info.reason));
	out_add(&out, &info, sizeof(info), NULL);
	add_queues(&out, dev, info.nb_queues);
	out_flush(&out);
	return out.error;
}
