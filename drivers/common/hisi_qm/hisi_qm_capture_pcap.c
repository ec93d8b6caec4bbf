/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include <rte_cycles.h>
#include <rte_string_fns.h>

#include "hisi_hw_names.h"
#include "hisi_qm_accel.h"
#include "hisi_qm_capture.h"
#include "hisi_qm_dump.h"
#include "hisi_record_packet.h"

/* A control thread that follows the flight recorders of a device and writes what they hold. */

#define SNAPLEN 256
#define IDLE_US 100
/* Bursts in one go: the function's lock is held for so long. */
#define BURSTS_PER_LOOK 256
#define LOOKS_AT_END 64

/** A queue that is followed. */
struct captured {
	struct hisi_qm_reader reader;
	struct hisi_qm_masks masks;
	uint64_t told;		/**< of the reader's losses, those that are in the file */
	bool is_there;
};

/** The one capture of the process. */
struct capture {
	char device[RTE_DEV_NAME_MAX_LEN];
	int queue;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	hisi_qm_thread_t thread;
	bool stop;
	uint64_t tsc;		/**< at real_ns */
	uint64_t tsc_hz;
	uint64_t real_ns;
	uint64_t packets;
	uint64_t lost;
	uint16_t nb_queues;
	uint8_t engine;
	struct captured queues[];
};

static rte_spinlock_t capture_lock = RTE_SPINLOCK_INITIALIZER;
static struct capture *capture;

/* ---- packets ---- */

static void
write_packet(struct capture *one, uint64_t tsc, const void *bytes, uint32_t len)
{
	double ns = (double)(int64_t)(tsc - one->tsc) * 1e9 / (double)one->tsc_hz;
	uint64_t when = one->real_ns + (uint64_t)(int64_t)ns;
	const struct pcap_pkthdr header = {
		/* Nanoseconds: what the file was opened for. */
		.ts = { (time_t)(when / NS_PER_S), (suseconds_t)(when % NS_PER_S) },
		.caplen = len,
		.len = len,
	};

	pcap_dump((u_char *)one->dumper, &header, bytes);
	one->packets++;
}

static struct hisi_record_packet
head_of(const struct capture *one, const struct hisi_qm_qp *qp, uint8_t kind, uint32_t index)
{
	return (struct hisi_record_packet){
		.version = HISI_RECORD_PACKET_VERSION,
		.kind = kind,
		.engine = one->engine,
		.type = qp->type,
		.queue = qp->qn,
		.slot = (uint16_t)(index & qp->mask),
		.index = index,
	};
}

static void
write_word(struct capture *one, const struct hisi_qm_qp *qp, uint8_t kind, uint64_t tsc,
	uint32_t index, uint64_t word)
{
	struct {
		struct hisi_record_packet head;
		uint64_t word;
	} packet = { head_of(one, qp, kind, index), word };

	write_packet(one, tsc, &packet, sizeof(packet));
}

static void
redact(uint8_t *bytes, const uint8_t *mask, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		bytes[i] &= mask[i];
}

static void
write_sqe(struct capture *one, const struct captured *queue, uint32_t index, uint64_t tsc)
{
	const struct hisi_qm_qp *qp = queue->reader.qp;
	struct {
		struct hisi_record_packet head;
		uint8_t sqe[HISI_RECORD_MAX_SQE];
	} packet = { .head = head_of(one, qp, HISI_RECORD_PACKET_SQE, index) };

	if (!hisi_qm_reader_sqe(&queue->reader, index, packet.sqe)) {
		one->lost++;
		return;
	}
	redact(packet.sqe, queue->masks.sqe, sizeof(packet.sqe));
	write_packet(one, tsc, &packet, (uint32_t)sizeof(packet.head) + (1U << qp->sqe_log2));
}

static void
write_cqe(struct capture *one, const struct captured *queue, uint32_t index, uint64_t tsc)
{
	const struct hisi_qm_qp *qp = queue->reader.qp;
	struct hisi_record_packet_cqe packet = {
		.head = head_of(one, qp, HISI_RECORD_PACKET_CQE, index),
	};
	struct hisi_record_cqe cqe;
	struct hisi_qm_cqe words;

	if (!hisi_qm_reader_cqe(&queue->reader, index, &cqe)) {
		one->lost++;
		return;
	}
	memcpy(&words, cqe.cqe, sizeof(words));
	memcpy(packet.cqe, cqe.cqe, sizeof(packet.cqe));
	packet.head.slot = (uint16_t)(words.sq_head & qp->mask);
	/* The operation is less than a lap away, on either side. */
	if (!hisi_qm_reader_sqe(&queue->reader, index + ((words.sq_head - index + qp->mask / 2) &
			qp->mask) - qp->mask / 2, packet.sqe)) {
		/* Its results are there, its other words are not. */
		memset(packet.sqe, 0, sizeof(packet.sqe));
		one->lost++;
	}
	memcpy(packet.sqe + qp->recorder->layout.result, cqe.result, sizeof(cqe.result));
	redact(packet.sqe, queue->masks.sqe, sizeof(packet.sqe));
	write_packet(one, tsc, &packet, (uint32_t)(sizeof(packet.head) + sizeof(packet.cqe)) +
		(1U << qp->sqe_log2));
}

static void
write_burst(struct capture *one, const struct captured *queue,
	const struct hisi_record_burst *burst)
{
	uint32_t i;

	for (i = 0; i < burst->count; i++) {
		if (burst->kind == HISI_RECORD_SUBMIT)
			write_sqe(one, queue, burst->first + i, burst->tsc);
		else if (burst->kind == HISI_RECORD_COMPLETE ||
				burst->kind == HISI_RECORD_UNORDERED)
			write_cqe(one, queue, burst->first + i, burst->tsc);
	}
	if (burst->kind == HISI_RECORD_SUBMIT || burst->kind == HISI_RECORD_ACKNOWLEDGE)
		write_word(one, queue->reader.qp, HISI_RECORD_PACKET_DOORBELL, burst->tsc,
			burst->first, burst->word);
}

/* ---- queues ---- */

static bool
is_wanted(const struct capture *one, const struct hisi_qm_qp *qp)
{
	return qp != NULL && !qp->orphan && qp->recorder->sqes != NULL &&
		(one->queue < 0 || one->queue == qp->qn);
}

/* Queues come and go while nobody looks. */
static void
follow_queues(struct capture *one, struct hisi_qm_dev *dev)
{
	const struct hisi_qm_qp *qp;
	struct captured *queue;
	uint16_t i;

	for (i = 0; i < one->nb_queues; i++) {
		queue = &one->queues[i];
		/* A device that was removed may have fewer queues when it is added again. */
		qp = i < dev->nb_qps ? dev->qps[i] : NULL;
		if (!is_wanted(one, qp)) {
			queue->is_there = false;
		} else if (!queue->is_there || !hisi_qm_reader_is_of(&queue->reader, qp)) {
			one->lost += queue->reader.lost - queue->told;
			queue->told = 0;
			hisi_qm_reader_begin(&queue->reader, qp);
			hisi_qm_dump_masks(qp, &queue->masks);
			queue->is_there = true;
		}
	}
}

/* Of all queues the one with the oldest burst. */
static struct captured *
find_oldest(struct capture *one, const struct hisi_record_burst **oldest)
{
	const struct hisi_record_burst *burst;
	struct captured *found = NULL;
	uint16_t i;

	for (i = 0; i < one->nb_queues; i++) {
		if (!one->queues[i].is_there)
			continue;
		burst = hisi_qm_reader_peek(&one->queues[i].reader);
		if (burst != NULL && (found == NULL || burst->tsc < (*oldest)->tsc)) {
			found = &one->queues[i];
			*oldest = burst;
		}
	}
	return found;
}

/* @return bursts that were written */
static uint32_t
look(struct capture *one)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(one->device);
	const struct hisi_record_burst *burst;
	struct captured *queue;
	uint32_t count = 0;

	if (dev == NULL)
		return 0;
	follow_queues(one, dev);
	for (; count < BURSTS_PER_LOOK && (queue = find_oldest(one, &burst)) != NULL; count++) {
		if (queue->reader.lost != queue->told)
			write_word(one, queue->reader.qp, HISI_RECORD_PACKET_LOST, burst->tsc,
				burst->first, queue->reader.lost - queue->told);
		one->lost += queue->reader.lost - queue->told;
		queue->told = queue->reader.lost;
		write_burst(one, queue, burst);
		hisi_qm_reader_take(&queue->reader);
	}
	hisi_qm_accel_leave(dev);
	return count;
}

static hisi_qm_thread_ret_t
run(void *opaque)
{
	struct capture *one = opaque;
	uint32_t left = LOOKS_AT_END;

	while (!hisi_qm_load_acquire(&one->stop))
		if (look(one) == 0)
			rte_delay_us_sleep(IDLE_US);
	/* What was there when the end was asked for, and not for ever what comes. */
	while (left != 0 && look(one) != 0)
		left--;
	return 0;
}

/* ---- start and stop ---- */

static uint8_t
engine_of(const struct hisi_qm_dev *dev)
{
	const struct hisi_hw_engine *engine = hisi_hw_engine_find(dev->engine->name);

	return engine != NULL ? (uint8_t)(engine - hisi_hw_engines) : UINT8_MAX;
}

/* @return 0; -ENODEV; -ENOTSUP: nothing is recorded; -ERANGE: no such queue; -ENOMEM */
static int
capture_new(const char *device, int queue, struct capture **out)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	struct timespec now = { 0 };
	struct capture *one = NULL;
	int ret = 0;

	if (dev == NULL)
		return -ENODEV;
	if (dev->args.recorder == 0)
		ret = -ENOTSUP;
	else if (queue < -1 || queue >= (int)dev->max_queues)
		/* One that is not set up yet may be, and takes part then. */
		ret = -ERANGE;
	else
		one = calloc(1, sizeof(*one) + dev->nb_qps * sizeof(one->queues[0]));
	if (one != NULL) {
		one->nb_queues = dev->nb_qps;
		one->engine = engine_of(dev);
		one->queue = queue;
		(void)strlcpy(one->device, device, sizeof(one->device));
		(void)clock_gettime(CLOCK_REALTIME, &now);
		one->tsc = rte_rdtsc();
		one->tsc_hz = rte_get_tsc_hz();
		one->real_ns = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
		/* From here on, not from when the thread gets to it. */
		follow_queues(one, dev);
	}
	hisi_qm_accel_leave(dev);
	*out = one;
	return ret != 0 || one != NULL ? ret : -ENOMEM;
}

static void
capture_free(struct capture *one)
{
	if (one->dumper != NULL)
		pcap_dump_close(one->dumper);
	if (one->pcap != NULL)
		pcap_close(one->pcap);
	free(one);
}

/* A new file of the user's own. */
static int
capture_open(struct capture *one, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *file;

	if (fd < 0)
		return -errno;
	file = fdopen(fd, "wb");
	one->pcap = pcap_open_dead_with_tstamp_precision(DLT_USER0, SNAPLEN,
		PCAP_TSTAMP_PRECISION_NANO);
	if (file != NULL && one->pcap != NULL)
		one->dumper = pcap_dump_fopen(one->pcap, file);
	if (one->dumper != NULL)
		return 0;
	if (file != NULL)
		fclose(file);
	else
		close(fd);
	(void)unlink(path);
	return -ENOMEM;
}

static int
start_locked(const char *device, int queue, const char *path)
{
	struct capture *one;
	int ret;

	if (capture != NULL)
		return -EBUSY;
	ret = capture_new(device, queue, &one);
	if (ret != 0)
		return ret;
	ret = capture_open(one, path);
	if (ret == 0 && hisi_qm_thread_create(&one->thread, "hisi_capture", run, one) != 0)
		ret = -EAGAIN;
	if (ret != 0)
		capture_free(one);
	else
		capture = one;
	return ret;
}

int
hisi_qm_capture_start(const char *device, int queue, const char *path)
{
	int ret;

	rte_spinlock_lock(&capture_lock);
	ret = start_locked(device, queue, path);
	rte_spinlock_unlock(&capture_lock);
	return ret;
}

int
hisi_qm_capture_stop(uint64_t *packets, uint64_t *lost)
{
	struct capture *one;
	int ret = 0;

	rte_spinlock_lock(&capture_lock);
	one = capture;
	capture = NULL;
	rte_spinlock_unlock(&capture_lock);
	*packets = 0;
	*lost = 0;
	if (one == NULL)
		return -ENOENT;
	hisi_qm_store_release(&one->stop, true);
	hisi_qm_thread_join(one->thread);
	if (pcap_dump_flush(one->dumper) != 0 || ferror(pcap_dump_file(one->dumper)))
		ret = -EIO;
	*packets = one->packets;
	*lost = one->lost;
	capture_free(one);
	return ret;
}
