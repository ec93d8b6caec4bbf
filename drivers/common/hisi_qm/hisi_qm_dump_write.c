/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dump.h"

/*
 * The content of a dump. Nothing here but copies, mmap(2) and write(2): a signal handler calls it,
 * whatever the process was doing. It runs beside the lcores, which do not wait for it: rings are
 * copied in one go and only then written, and the reader finds out what was overwritten meanwhile.
 */

/* A file has so many queues at most, those in trouble first. */
#define DUMP_QUEUES 64
#define OUT_LEN 4096
/* So often a ring is copied whose writers ran through much of it meanwhile. */
#define COPY_TRIES 16

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
get_info(const struct hisi_qm_qp *qp, struct hisi_record_file_queue *info)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;

	*info = (struct hisi_record_file_queue){
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
}

/* After a copy: what a writer has done since the other counters is told by how far it came. */
static void
get_end(const struct hisi_qm_qp *qp, struct hisi_record_file_end *end)
{
	uint32_t base;

	rte_smp_rmb();
	base = hisi_qm_load_relaxed(&qp->recorder->base);
	*end = (struct hisi_record_file_end){
		.submitted = hisi_qm_load_relaxed(&qp->submitted),
		.completed = hisi_qm_load_relaxed(&qp->completed),
		.sqes = base + hisi_qm_load_relaxed(&qp->tail),
		.cqes = base + hisi_qm_load_relaxed(&qp->head),
	};
}

/* Were more than a quarter of the places written to between the two? */
static bool
is_overrun(const struct hisi_record_file_queue *info, const struct hisi_record_file_end *end)
{
	uint32_t most = info->entries / 4;

	return end->sqes - (info->base + info->tail) > most ||
		end->cqes - (info->base + info->head) > most ||
		end->submitted - info->submitted > most || end->completed - info->completed > most;
}

/* Much faster than a file: unless the writers overtake it again and again, the copy is good. */
static void
copy_rings(const struct hisi_qm_qp *qp, void *copy, struct hisi_record_file_queue *info,
	struct hisi_record_file_end *end)
{
	uint32_t tries = 0;

	do {
		get_info(qp, info);
		memcpy(copy, qp->recorder->submitted, hisi_qm_recorder_rings_len(qp->recorder));
		get_end(qp, end);
	} while (is_overrun(info, end) && ++tries < COPY_TRIES);
}

static void
add_info(struct out *out, const struct hisi_qm_qp *qp, struct hisi_record_file_queue *info,
	const struct hisi_qm_masks *masks)
{
	size_t i;

	for (i = 0; i < info->sqe_len; i++)
		info->template[i] = ((const uint8_t *)qp->sqe_template)[i] & masks->sqe[i];
	out_add(out, info, sizeof(*info), NULL);
}

/* @p rings the recorder's own or a copy of them. */
static void
add_rings(struct out *out, const struct hisi_qm_recorder *recorder, const uint8_t *rings,
	const struct hisi_qm_masks *masks)
{
	const uint8_t *first = (const uint8_t *)recorder->submitted;
	size_t places = (size_t)recorder->mask + 1;

	out_add_all(out, rings, 2 * places, sizeof(*recorder->submitted), NULL);
	if (recorder->sqes == NULL)
		return;
	out_add_all(out, rings + (recorder->sqes - first), places, recorder->layout.entry_len,
		masks->entry);
	out_add_all(out, rings + ((const uint8_t *)recorder->cqes - first), places,
		sizeof(*recorder->cqes), masks->cqe);
}

static void
add_queue(struct out *out, const struct hisi_qm_qp *qp)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	size_t len = hisi_qm_recorder_rings_len(recorder);
	struct hisi_record_file_queue info;
	struct hisi_record_file_end end;
	struct hisi_qm_masks masks;
	void *copy = mmap(NULL, len, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	hisi_qm_dump_masks(qp, &masks);
	if (copy != MAP_FAILED)
		copy_rings(qp, copy, &info, &end);
	else
		get_info(qp, &info);
	add_info(out, qp, &info, &masks);
	if (copy != MAP_FAILED) {
		add_rings(out, recorder, copy, &masks);
		(void)munmap(copy, len);
	} else {
		/* Out of memory, which may be why this is written. */
		add_rings(out, recorder, (const uint8_t *)recorder->submitted, &masks);
		get_end(qp, &end);
	}
	out_add(out, &end, sizeof(end), NULL);
}

/* ---- the file ---- */

/* Not an orphan, whose template went with the class's queue pair. */
static bool
is_dumped(const struct hisi_qm_qp *qp, bool in_trouble)
{
	return qp != NULL && !qp->orphan && qp->recorder != NULL && qp->sqe_log2 <= 7 &&
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
