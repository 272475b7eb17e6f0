/* retrain-status.c - what `status` tells of trainings. */
#include "config.h"

#include "base/clock.h"
#include "base/pack.h"
#include "control/service.h"
#include "wire/rpc.h"

static void pack_running(msgpack_packer *packer, const struct retrain *retrain)
{
	static const char *const phases[] = {[RETRAIN_IDLE] = "idle",
					     [RETRAIN_LOADING] = "loading",
					     [RETRAIN_TRAINING] = "training",
					     [RETRAIN_JUDGING] = "gate"};
	char since[TIME_TEXT];

	if (retrain->phase == RETRAIN_IDLE) {
		(void)msgpack_pack_nil(packer);
		return;
	}
	time_text(retrain->started, since);
	(void)msgpack_pack_map(packer, 4 + RETRAIN_PROGRESS_ENTRIES);
	pack_str(packer, "phase", phases[retrain->phase]);
	pack_int(packer, "pid", retrain->pid);
	pack_str(packer, "by", retrain->by);
	pack_str(packer, "started", since);
	retrain_pack_progress(packer, &retrain->progress);
}

static void pack_last(msgpack_packer *packer, const struct retrain *retrain)
{
	if (!retrain->ran) {
		(void)msgpack_pack_nil(packer);
		return;
	}
	(void)msgpack_pack_map(packer, 4);
	pack_flag(packer, "ok", retrain->last_ok);
	pack_str(packer, "time", retrain->last_time);
	pack_str_or_nil(packer, "error", retrain->last_ok ? NULL : retrain->last_error);
	pack_count(packer, "model", (int64_t)retrain->last_model);
}

static void pack_schedule(msgpack_packer *packer, const struct server *server)
{
	const struct retrain *retrain = &server->retrain;
	char next[TIME_TEXT];

	if (server->conf->retrain.every == 0) {
		(void)msgpack_pack_nil(packer);
		return;
	}
	time_text(retrain->schedule.next / 1000, next);
	(void)msgpack_pack_map(packer, 4);
	pack_int(packer, "every", server->conf->retrain.every);
	pack_flag(packer, "when_changed", server->conf->retrain.when_changed);
	pack_str_or_nil(packer, "next", retrain->check.begun ? next : NULL);
	pack_str_or_nil(packer, "left_out", *retrain->last_skip ? retrain->last_skip : NULL);
}

void retrain_pack_status(msgpack_packer *packer, const struct server *server)
{
	(void)msgpack_pack_map(packer, 3);
	pack_key(packer, "running");
	pack_running(packer, &server->retrain);
	pack_key(packer, "last");
	pack_last(packer, &server->retrain);
	pack_key(packer, "schedule");
	pack_schedule(packer, server);
}
