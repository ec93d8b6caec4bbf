/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "commands.h"
#include "report.h"

#define TICK_MS 100
#define TICKS_PER_LINE 5

/** The run that 'start' left in the background, NULL: none. */
static struct testacc_run *background;

static void
show_live(struct testacc_run *run)
{
	char text[160];

	testacc_report_line(run, text, sizeof(text));
	testacc_progress("%s", text);
}

static void
wait_run(struct testacc_run *run, uint64_t seconds)
{
	unsigned int tick = 0;

	while (!testacc_is_interrupted() && !testacc_run_has_ended(run) &&
			testacc_run_seconds(run) < (double)seconds) {
		rte_delay_us_sleep(TICK_MS * 1000);
		if (++tick % TICKS_PER_LINE == 0)
			show_live(run);
	}
	testacc_progress_end(true);
}

static int
finish(struct testacc_run *run)
{
	int result;

	testacc_run_stop(run);
	result = testacc_report_summary(run);
	testacc_run_free(run);
	return result;
}

int
testacc_start(const struct testacc_line *line)
{
	struct testacc_run *run;
	int result;

	if (background != NULL)
		return testacc_fail("it is running already; 'stop' ends it");
	result = testacc_run_start(&run);
	if (result != TESTACC_OK)
		return result;
	if (line->count == 1) {
		background = run;
		if (!testacc_options.is_json)
			printf("running; 'show rates' looks, 'stop' ends it\n");
		return TESTACC_OK;
	}
	wait_run(run, strtoull(line->words[1], NULL, 10));
	return finish(run);
}

int
testacc_stop(const struct testacc_line *line)
{
	struct testacc_run *run = background;

	(void)line;
	if (run == NULL)
		return testacc_fail("nothing is running; 'start' begins");
	background = NULL;
	return finish(run);
}

int
testacc_show_rates(const struct testacc_line *line)
{
	(void)line;
	if (background == NULL)
		return testacc_fail("nothing is running; 'start' begins");
	testacc_report_rates(background);
	return TESTACC_OK;
}

int
testacc_wait(const struct testacc_line *line)
{
	uint64_t ms = strtoull(line->words[1], NULL, 10) * 1000;

	for (; ms > 0 && !testacc_is_interrupted(); ms -= TICK_MS)
		rte_delay_us_sleep(TICK_MS * 1000);
	return TESTACC_OK;
}

bool
testacc_is_idle(void)
{
	return background == NULL;
}

int
testacc_check_idle(void)
{
	return background == NULL ? TESTACC_OK :
		testacc_fail("not while 'start' is running; 'stop' ends it");
}

int
testacc_start_end(void)
{
	return background != NULL ? testacc_stop(NULL) : TESTACC_OK;
}
