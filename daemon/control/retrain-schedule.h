/* retrain-schedule.h - starts trainings by a schedule, where the source has changed. */
#ifndef ANIMED_RETRAIN_SCHEDULE_H
#define ANIMED_RETRAIN_SCHEDULE_H

#include "control/retrain.h"
#include "control/schedule.h"
#include "data/source-key.h"

/* What a thread of the pool finds out: whether the source has changed since the newest model was trained. */
struct retrain_check {
	uv_work_t work;
	bool running;
	char now[SOURCE_HASH_SIZE], newest[SOURCE_HASH_SIZE]; /* hashes of the source; "": not known */
	int64_t trained; /* time of the newest model, Unix time; INT64_MIN: not known */
	int status;
	struct animed_error error;
};

struct retrain_schedule {
	const struct conf *conf;
	struct retrain *retrain;
	bool begun; /* the first check has initialised `schedule` */
	struct schedule schedule;
	uv_timer_t timer;
	struct retrain_check check;
	char last_skip[32]; /* when a scheduled training was last left out; "": never */
};

void retrain_schedule_init(struct retrain_schedule *schedule, const struct conf *conf, struct retrain *retrain);

/* Begin with the schedule, where the configuration has one. */
void retrain_schedule_start(struct retrain_schedule *schedule);
void retrain_schedule_stop(struct retrain_schedule *schedule);

#endif
