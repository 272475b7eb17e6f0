/* retrain-status.c - what `status` tells of trainings. */
#include "config.h"

#include "control/retrain-status.h"

#include "base/clock.h"

static const char *const retrain_phase_names[] = {[RETRAIN_IDLE] = "idle",
						  [RETRAIN_LOADING] = "loading",
						  [RETRAIN_TRAINING] = "training",
						  [RETRAIN_JUDGING] = "gate"};

static void pack_running(msgpack_packer *packer, const struct retrain *retrain)
{
	char since[TIME_TEXT];

	if (retrain->phase == RETRAIN_IDLE) {
		pack_nil(packer, "running");
		return;
	}
	time_text(retrain->started, since);
	pack_map(packer, "running", 4 + PROGRESS_STREAM_ENTRIES);
	pack_str(packer, "phase", retrain_phase_names[retrain->phase]);
	pack_int(packer, "pid", retrain->pid);
	pack_str(packer, "by", retrain->by);
	pack_str(packer, "started", since);
	progress_stream_pack(packer, &retrain->progress);
}

static void pack_last(msgpack_packer *packer, const struct retrain *retrain)
{
	if (!retrain->ran) {
		pack_nil(packer, "last");
		return;
	}
	pack_map(packer, "last", 4);
	pack_flag(packer, "ok", retrain->last_ok);
	pack_str(packer, "time", retrain->last_time);
	pack_str_or_nil(packer, "error", retrain->last_ok ? NULL : retrain->last_error);
	pack_count(packer, "model", (int64_t)retrain->last_model);
}

static void pack_schedule(msgpack_packer *packer, const struct retrain_schedule *schedule)
{
	const struct conf *conf = schedule->conf;
	char next[TIME_TEXT];

	if (conf->retrain.every == 0) {
		pack_nil(packer, "schedule");
		return;
	}
	time_text(schedule->schedule.next / 1000, next);
	pack_map(packer, "schedule", 4);
	pack_int(packer, "every", conf->retrain.every);
	pack_flag(packer, "when_changed", conf->retrain.when_changed);
	pack_str_or_nil(packer, "next", schedule->begun ? next : NULL);
	pack_str_or_nil(packer, "left_out", *schedule->last_skip ? schedule->last_skip : NULL);
}

void retrain_pack_status(msgpack_packer *packer, const struct retrain *retrain, const struct retrain_schedule *schedule)
{
	pack_map(packer, "retrain", 3);
	pack_running(packer, retrain);
	pack_last(packer, retrain);
	pack_schedule(packer, schedule);
}
