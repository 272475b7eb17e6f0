/* retrain-schedule.h - trainings that nobody asks for: when they are due, and whether there is anything new to learn. */
#ifndef ANIMED_RETRAIN_SCHEDULE_H
#define ANIMED_RETRAIN_SCHEDULE_H

#include "control/retrain.h"
#include "control/schedule.h"
#include "data/source-key.h"

/* Whether the source is as it was for the newest model; looked at in a thread of the pool. */
struct retrain_check {
	uv_work_t work;
	bool running;
	char now[SOURCE_HASH_SIZE], newest[SOURCE_HASH_SIZE];
	int64_t trained; /* when the newest model was, Unix time; INT64_MIN: not known */
	int status;
	struct animed_error error;
};

struct retrain_schedule {
	const struct conf *conf;
	struct retrain *retrain;
	bool begun; /* the first check has set `schedule` up */
	struct schedule schedule;
	uv_timer_t timer;
	struct retrain_check check;
	char last_skip[32]; /* when a scheduled run was left out */
};

void retrain_schedule_init(struct retrain_schedule *schedule, const struct conf *conf, struct retrain *retrain);

/* Begin to work off the schedule, where the configuration has one. */
void retrain_schedule_start(struct retrain_schedule *schedule);
void retrain_schedule_stop(struct retrain_schedule *schedule);

#endif
