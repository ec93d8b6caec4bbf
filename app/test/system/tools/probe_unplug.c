/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Devices that are added and removed while a lcore works on one without a pause: on another one,
 * which must not notice, and on the very one, which is refused until the lcore has ended.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "probe_class.h"

#define UNPLUG_BURST 16
#define UNPLUG_DRAIN_S 60
#define UNPLUG_NAP_US 300000

/* A device under traffic. */
struct traffic {
	struct probe probe;
	void *idle[2 * UNPLUG_BURST];
	uint16_t nb_idle;
	uint64_t good, failed, wrong;
	atomic_uint_fast64_t done;
	atomic_bool naps;		/* before each burst */
	atomic_bool ends;
};

static void
take_back(struct traffic *traffic)
{
	void **ops = &traffic->idle[traffic->nb_idle];
	uint16_t i, n = probe_dequeue(traffic->probe.dev_id, 0, ops,
		RTE_DIM(traffic->idle) - traffic->nb_idle);

	for (i = 0; i < n; i++) {
		if (!probe_class_op_succeeded(ops[i]))
			traffic->failed++;
		else if ((traffic->good + i) % 32 == 0 && !probe_class_op_is_right(ops[i]))
			traffic->wrong++;
		else
			traffic->good++;
	}
	traffic->nb_idle += n;
	atomic_fetch_add(&traffic->done, n);
}

static void
give(struct traffic *traffic)
{
	uint16_t most = RTE_MIN(traffic->nb_idle, UNPLUG_BURST), n;

	/* Those not taken stay where they are: the burst is the tail of the idle ones. */
	n = probe_enqueue(traffic->probe.dev_id, 0,
		&traffic->idle[traffic->nb_idle - most], most);
	memmove(&traffic->idle[traffic->nb_idle - most],
		&traffic->idle[traffic->nb_idle - most + n],
		(size_t)(most - n) * sizeof(traffic->idle[0]));
	traffic->nb_idle -= n;
}

static int
work(void *arg)
{
	struct traffic *traffic = arg;
	uint64_t late;

	while (!atomic_load(&traffic->ends)) {
		if (atomic_load(&traffic->naps))
			rte_delay_us_sleep(UNPLUG_NAP_US);
		give(traffic);
		take_back(traffic);
	}
	late = rte_rdtsc() + UNPLUG_DRAIN_S * rte_get_tsc_hz();
	while (traffic->nb_idle < RTE_DIM(traffic->idle) && rte_rdtsc() < late)
		take_back(traffic);
	return 0;
}

static void
wait_for(struct traffic *traffic, uint64_t more)
{
	uint64_t late = rte_rdtsc() + UNPLUG_DRAIN_S * rte_get_tsc_hz();
	uint64_t want = atomic_load(&traffic->done) + more;

	while (atomic_load(&traffic->done) < want && rte_rdtsc() < late)
		rte_delay_us_sleep(1000);
}

/* The device that was just added, with a queue pair. */
static int
set_up(struct probe *probe, const struct probe *common, const char *name)
{
	int id = probe_device_id(name);

	*probe = *common;
	if (id < 0)
		return id;
	probe->dev_id = (uint8_t)id;
	return probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0 ? -1 : 0;
}

static int
begin(struct traffic *traffic, const struct probe *common, const char *name, unsigned int lcore)
{
	int ret = set_up(&traffic->probe, common, name);

	if (ret != 0)
		return ret;
	while (traffic->nb_idle < RTE_DIM(traffic->idle))
		traffic->idle[traffic->nb_idle++] = probe_class_op(&traffic->probe, 0);
	return rte_eal_remote_launch(work, traffic, lcore);
}

static void
end(struct traffic *traffic, unsigned int lcore)
{
	atomic_store(&traffic->ends, true);
	rte_eal_wait_lcore(lcore);
	printf("{\"step\": \"traffic\", \"good\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"wrong\": %" PRIu64 ", \"missing\": %zu}\n", traffic->good, traffic->failed,
		traffic->wrong, RTE_DIM(traffic->idle) - traffic->nb_idle);
	while (traffic->nb_idle > 0)
		probe_class_op_free(traffic->idle[--traffic->nb_idle]);
}

static unsigned int
descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* Added, given operations, and removed: closed before, or with all of them in flight. */
static int
come_and_go(const struct probe *common, const char *name, const char *devargs, bool is_tidy)
{
	void *ops[UNPLUG_BURST];
	struct probe probe;
	uint16_t i, n, back = 0;
	int ret = rte_eal_hotplug_add("vdev", name, devargs);

	if (ret != 0 || set_up(&probe, common, name) != 0)
		return ret != 0 ? ret : -1;
	for (i = 0; i < UNPLUG_BURST; i++)
		ops[i] = probe_class_op(&probe, i);
	n = probe_enqueue(probe.dev_id, 0, ops, UNPLUG_BURST);
	if (is_tidy) {
		uint64_t late = rte_rdtsc() + UNPLUG_DRAIN_S * rte_get_tsc_hz();
		void *out[UNPLUG_BURST];

		while (back < n && rte_rdtsc() < late)
			back += probe_dequeue(probe.dev_id, 0, out, UNPLUG_BURST);
		probe_device_close(probe.dev_id);
	}
	ret = rte_eal_hotplug_remove("vdev", name);
	/* Nobody writes to them any more, dequeued or not. */
	for (i = 0; i < UNPLUG_BURST; i++)
		probe_class_op_free(ops[i]);
	printf("{\"step\": \"removed\", \"ret\": %d, \"tidy\": %d, \"enqueued\": %u, \"back\": %u"
		", \"devices\": %u, \"descriptors\": %u}\n", ret, is_tidy, n, back,
		probe_device_count(), descriptors());
	return ret;
}

/* Under traffic; and once that has ended. */
static int
remove_busy(struct traffic *traffic, const char *name, unsigned int lcore)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < 3; i++) {
		/* At last as one whose CPU others have for long. */
		if (i == 2) {
			atomic_store(&traffic->naps, true);
			rte_delay_us_sleep(UNPLUG_NAP_US / 6);
		}
		ret = rte_eal_hotplug_remove("vdev", name);
		printf("{\"step\": \"busy\", \"ret\": %d}\n", ret);
		atomic_store(&traffic->naps, false);
		wait_for(traffic, 256);
	}
	end(traffic, lcore);
	ret = rte_eal_hotplug_remove("vdev", name);
	printf("{\"step\": \"ended\", \"ret\": %d, \"devices\": %u}\n", ret,
		probe_device_count());
	return ret;
}

int
probe_unplug(struct probe *probe, const char *driver, char **devargs, unsigned int rounds)
{
	unsigned int lcore = rte_get_next_lcore(-1, 1, 0), i, again;
	static struct traffic traffic[2];
	char names[2][64];
	int ret = 0;

	if (lcore == RTE_MAX_LCORE)
		return 4;
	for (i = 0; i < 2; i++)
		snprintf(names[i], sizeof(names[i]), "%s%u", driver, 7 + i);
	for (again = 0; ret == 0 && again < 2; again++) {
		ret = rte_eal_hotplug_add("vdev", names[0], devargs[0]);
		if (ret == 0 && again == 0)
			probe_open(probe, driver, 256);
		if (ret == 0)
			ret = begin(&traffic[again], probe, names[0], lcore);
		for (i = 0; ret == 0 && i < rounds; i++) {
			wait_for(&traffic[again], 64);
			ret = come_and_go(probe, names[1], devargs[1], i % 2 == 0);
		}
		if (ret == 0)
			ret = remove_busy(&traffic[again], names[0], lcore);
		fflush(stdout);
	}
	return ret == 0 ? 0 : 5;
}
