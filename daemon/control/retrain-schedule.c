/* retrain-schedule.c - starts trainings by a schedule, where the source has changed. */
#include "config.h"

#include "control/retrain-schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "data/safetensors.h"
#include "store/store.h"

static void wake(struct retrain_schedule *schedule);

static int64_t now_ms(void)
{
	return clock_now() / CLOCK_MS;
}

/* ---- in a thread of the pool ---- */

/* Read from the newest model in the store from which source it was made, and when.  Where it does not say, or there is
 * no model, the first is "".  Returns 0.  On failure returns -1 and fills check->error. */
static int look_at_newest(const char *dir, struct retrain_check *check)
{
	char path[PATH_MAX];
	struct st_file *file;
	uint64_t *versions;
	size_t n;
	int status;

	check->newest[0] = '\0';
	check->trained = INT64_MIN;
	if (store_list(dir, &versions, &n, &check->error) < 0)
		return -1;
	status = n > 0 ? store_path(dir, versions[0], path, &check->error) : 0;
	if (n > 0 && status == 0 && (status = st_peek(path, &file, &check->error)) == 0) {
		const char *source = st_metadata(file, "source_fingerprint");
		(void)snprintf(check->newest, sizeof check->newest, "%s", source ? source : "");
		check->trained = time_read(st_metadata(file, "created"));
		st_close(file);
	}
	free(versions);
	return status;
}

static void look(uv_work_t *work)
{
	struct retrain_schedule *schedule = work->data;
	struct retrain_check *check = &schedule->check;
	const struct conf *conf = schedule->conf;

	check->status = look_at_newest(conf->models, check);
	if (check->status == 0)
		check->status = source_hash(&conf->source, &conf->dataset, check->now, &check->error);
}

/* ---- on the loop ---- */

static bool is_unchanged(const struct retrain_schedule *schedule)
{
	const struct retrain_check *check = &schedule->check;

	return schedule->conf->retrain.when_changed && *check->now && strcmp(check->now, check->newest) == 0;
}

static void start_due(struct retrain_schedule *schedule)
{
	struct rpc_error err;

	schedule_advance(&schedule->schedule, now_ms());
	if (is_unchanged(schedule)) {
		time_text_now(schedule->last_skip);
		log_write(ANIMED_INFO, "retrain: left out, the source is as it was for the newest model");
	} else if (retrain_start(schedule->retrain, NULL, &err) < 0) {
		log_write(ANIMED_WARN, "retrain: left out: %s", err.text);
	}
}

static void looked(uv_work_t *work, int status)
{
	struct retrain_schedule *schedule = work->data;
	struct retrain_check *check = &schedule->check;

	check->running = false;
	if (status < 0 || schedule->retrain->stopping)
		return;
	if (check->status < 0) {
		log_write(ANIMED_WARN, "retrain: the schedule cannot tell whether the source has changed: %s",
			  check->error.text);
		check->now[0] = '\0'; /* count this as changed, and train */
	}
	if (!schedule->begun) {
		const int64_t last = check->trained == INT64_MIN ? INT64_MIN : check->trained * 1000;
		schedule_init(&schedule->schedule, schedule->conf->retrain.every * 1000, last, now_ms());
		schedule->begun = true;
	} else {
		start_due(schedule);
	}
	wake(schedule);
}

static void start_look(struct retrain_schedule *schedule)
{
	struct retrain_check *check = &schedule->check;

	if (check->running)
		return;
	check->running = true;
	/* fails only without a work function */
	(void)uv_queue_work(schedule->timer.loop, &check->work, look, looked);
}

static void on_timer(uv_timer_t *timer)
{
	struct retrain_schedule *schedule = timer->data;

	if (schedule_is_due(&schedule->schedule, now_ms()))
		start_look(schedule);
	else
		wake(schedule);
}

/* Sleep until there may be something to do. */
static void wake(struct retrain_schedule *schedule)
{
	const int64_t sleep = schedule_sleep(&schedule->schedule, now_ms());

	(void)uv_timer_start(&schedule->timer, on_timer, (uint64_t)sleep, 0);
	uv_unref((uv_handle_t *)&schedule->timer);
}

void retrain_schedule_init(struct retrain_schedule *schedule, const struct conf *conf, struct retrain *retrain)
{
	*schedule = (struct retrain_schedule){.conf = conf, .retrain = retrain};
	schedule->check.work.data = schedule;
	(void)uv_timer_init(retrain->loop, &schedule->timer); /* cannot fail */
	schedule->timer.data = schedule;
}

void retrain_schedule_start(struct retrain_schedule *schedule)
{
	if (schedule->conf->retrain.every > 0)
		start_look(schedule);
}

void retrain_schedule_stop(struct retrain_schedule *schedule)
{
	(void)uv_timer_stop(&schedule->timer);
}
