/* retrain-schedule.c - trainings that nobody asks for: when they are due, and whether there is anything new to learn.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/service.h"
#include "data/safetensors.h"
#include "store/store.h"
#include "wire/rpc.h"

static void wake(struct server *server);

static int64_t now_ms(void)
{
	return clock_now() / CLOCK_MS;
}

/* Look at the newest model in the store: what it was made from, "" where it does not say or there is no model, and when.
 */
static int look_at_newest(struct retrain_check *check)
{
	const char *dir = check->conf->models;
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
	struct retrain_check *check = work->data;

	check->status = look_at_newest(check);
	if (check->status == 0)
		check->status = source_hash(&check->conf->source, &check->conf->dataset, check->now, &check->error);
}

static bool is_unchanged(const struct retrain_check *check)
{
	return check->conf->retrain.when_changed && *check->now && strcmp(check->now, check->newest) == 0;
}

static void start_due(struct server *server)
{
	struct retrain *retrain = &server->retrain;
	struct rpc_error err;

	schedule_advance(&retrain->schedule, now_ms());
	if (is_unchanged(&retrain->check)) {
		time_text_now(retrain->last_skip);
		log_write(ANIMED_INFO, "retrain: left out, the source is as it was for the newest model");
	} else if (retrain_start(server, NULL, &err) < 0) {
		log_write(ANIMED_WARN, "retrain: left out: %s", err.text);
	}
}

static void looked(uv_work_t *work, int status)
{
	struct retrain_check *check = work->data;
	struct server *server = work->loop->data;
	struct retrain *retrain = &server->retrain;

	check->running = false;
	if (status < 0 || retrain->stopping)
		return;
	if (check->status < 0) {
		log_write(ANIMED_WARN, "retrain: the schedule cannot tell whether the source has changed: %s",
			  check->error.text);
		check->now[0] = '\0'; /* then train rather than not */
	}
	if (!check->begun) {
		int64_t last = check->trained == INT64_MIN ? INT64_MIN : check->trained * 1000;
		schedule_init(&retrain->schedule, server->conf->retrain.every * 1000, last, now_ms());
		check->begun = true;
	} else {
		start_due(server);
	}
	wake(server);
}

static void start_look(struct server *server)
{
	struct retrain_check *check = &server->retrain.check;

	if (check->running)
		return;
	check->running = true;
	check->conf = server->conf;
	check->work.data = check;
	(void)uv_queue_work(&server->loop, &check->work, look, looked); /* fails only without a work function */
}

static void on_timer(uv_timer_t *timer)
{
	struct server *server = timer->data;

	if (schedule_is_due(&server->retrain.schedule, now_ms()))
		start_look(server);
	else
		wake(server);
}

/* Sleep until there may be something to do. */
static void wake(struct server *server)
{
	struct retrain *retrain = &server->retrain;
	const int64_t sleep = schedule_sleep(&retrain->schedule, now_ms());

	(void)uv_timer_start(&retrain->timer, on_timer, (uint64_t)sleep, 0);
	uv_unref((uv_handle_t *)&retrain->timer);
}

void retrain_schedule(struct server *server)
{
	if (server->conf->retrain.every > 0)
		start_look(server);
}
