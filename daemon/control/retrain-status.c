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
	reply_key(packer, "phase");
	rpc_pack_str(packer, phases[retrain->phase]);
	reply_key(packer, "pid");
	(void)msgpack_pack_int64(packer, retrain->pid);
	reply_key(packer, "by");
	rpc_pack_str(packer, retrain->by);
	reply_key(packer, "started");
	rpc_pack_str(packer, since);
	retrain_pack_progress(packer, &retrain->progress);
}

static void pack_last(msgpack_packer *packer, const struct retrain *retrain)
{
	if (!retrain->ran) {
		(void)msgpack_pack_nil(packer);
		return;
	}
	(void)msgpack_pack_map(packer, 4);
	reply_key(packer, "ok");
	(void)(retrain->last_ok ? msgpack_pack_true(packer) : msgpack_pack_false(packer));
	reply_key(packer, "time");
	rpc_pack_str(packer, retrain->last_time);
	reply_key(packer, "error");
	reply_text_or_nil(packer, retrain->last_ok ? NULL : retrain->last_error);
	reply_key(packer, "model");
	reply_count(packer, (int64_t)retrain->last_model);
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
	reply_key(packer, "every");
	(void)msgpack_pack_int64(packer, server->conf->retrain.every);
	reply_key(packer, "when_changed");
	(void)(server->conf->retrain.when_changed ? msgpack_pack_true(packer) : msgpack_pack_false(packer));
	reply_key(packer, "next");
	reply_text_or_nil(packer, retrain->check.begun ? next : NULL);
	reply_key(packer, "left_out");
	reply_text_or_nil(packer, *retrain->last_skip ? retrain->last_skip : NULL);
}

void retrain_pack_status(msgpack_packer *packer, const struct server *server)
{
	(void)msgpack_pack_map(packer, 3);
	reply_key(packer, "running");
	pack_running(packer, &server->retrain);
	reply_key(packer, "last");
	pack_last(packer, &server->retrain);
	reply_key(packer, "schedule");
	pack_schedule(packer, server);
}
