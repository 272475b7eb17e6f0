/* reload-tell.c - packs the answers and events of reloads, and writes the log. */
#include "config.h"

#include "control/reload-tell.h"

#include <inttypes.h>

#include "base/log.h"

static int64_t served_version(const struct reload_news *news)
{
	return news->served->model ? (int64_t)news->served->model->version : 0;
}

static const char *goes_on(const struct reload_news *news)
{
	return news->served->model ? "the model that was there still serves" : "there is still no model";
}

static void pack_gate(msgpack_packer *packer, const struct gate_report *report)
{
	pack_array(packer, "gate", report->n);
	for (size_t i = 0; i < report->n; i++) {
		const struct gate_finding *finding = &report->findings[i];
		(void)msgpack_pack_map(packer, 5);
		pack_str(packer, "rule", finding->rule);
		pack_str(packer, "outcome", gate_outcome_name(finding->outcome));
		pack_finite(packer, "value", finding->value);
		pack_finite(packer, "limit", finding->limit);
		pack_str(packer, "text", finding->text);
	}
}

/* ---- answers ---- */

static void pack_dry_run(msgpack_packer *packer, const struct reload_news *news)
{
	const struct reload_run *run = news->run;

	(void)msgpack_pack_map(packer, 5);
	pack_count(packer, "model", served_version(news));
	pack_count(packer, "candidate", (int64_t)run->version);
	pack_flag(packer, "changed", false);
	pack_str_or_nil(packer, "refused", reload_went_well(run->outcome) ? NULL : run->error.text);
	pack_gate(packer, &run->gate);
}

static void pack_unpinned(msgpack_packer *packer, const struct reload_news *news)
{
	(void)msgpack_pack_map(packer, 2);
	pack_count(packer, "model", served_version(news));
	pack_count(packer, "unpinned", (int64_t)news->run->version);
}

static void pack_served(msgpack_packer *packer, const struct reload_news *news)
{
	(void)msgpack_pack_map(packer, 4);
	pack_int(packer, "model", served_version(news));
	pack_count(packer, "previous", (int64_t)news->previous);
	pack_flag(packer, "changed", news->run->outcome == RELOAD_OPENED);
	pack_gate(packer, &news->run->gate);
}

static int answer_refused(const struct reload_news *news, struct packed *out, uint32_t msgid)
{
	const struct reload_run *run = news->run;
	const char *name = run->order->kind == RELOAD_UNPIN ? RPC_INTERNAL
			   : run->outcome == RELOAD_EMPTY   ? RPC_NO_MODEL
							    : RPC_MODEL_REFUSED;
	struct rpc_error err;

	(void)rpc_fail(&err, RPC_DAEMON_ERROR, name, "%s; %s", run->error.text, goes_on(news));
	rpc_pack_error(&out->packer, msgid, &err);
	return -1;
}

int reload_answer(const void *ctx, struct packed *out, uint32_t msgid)
{
	const struct reload_news *news = ctx;
	const struct reload_run *run = news->run;
	const bool dry_run = run->order->dry_run && run->outcome != RELOAD_EMPTY;

	if (!dry_run && !reload_went_well(run->outcome))
		return answer_refused(news, out, msgid);
	rpc_pack_result(&out->packer, msgid);
	if (dry_run)
		pack_dry_run(&out->packer, news);
	else if (run->order->kind == RELOAD_UNPIN)
		pack_unpinned(&out->packer, news);
	else
		pack_served(&out->packer, news);
	return 0;
}

/* ---- events and the log ---- */

static const char *origin_name(enum reload_origin origin)
{
	static const char *const names[] = {[RELOAD_BY_CLIENT] = "client",
					    [RELOAD_BY_SIGNAL] = "signal",
					    [RELOAD_BY_WATCH] = "store",
					    [RELOAD_BY_TRAINING] = "retraining"};

	return names[origin];
}

static void tell_changed(const struct reload_news *news, struct events *events)
{
	const struct reload_run *run = news->run;
	const struct modelfile *file = &news->served->model->file;
	msgpack_packer *packer = events_begin(events, EVENT_MODEL_CHANGED, 4);

	pack_uint(packer, "model", run->version);
	pack_count(packer, "previous", (int64_t)news->previous);
	pack_str(packer, "origin", origin_name(run->order->origin));
	pack_gate(packer, &run->gate);
	events_end(events);
	log_write(ANIMED_INFO, "reload: serving model %" PRIu64 " (%s, %u users, %u items)%s", run->version,
		  file->variant, file->factors.n_users, file->factors.n_items,
		  run->order->kind == RELOAD_PIN ? ", pinned" : "");
}

static void tell_refused(const struct reload_news *news, struct events *events)
{
	const struct reload_run *run = news->run;
	msgpack_packer *packer = events_begin(events, EVENT_RELOAD_REFUSED, 5);

	pack_count(packer, "model", served_version(news));
	pack_count(packer, "candidate", (int64_t)run->version);
	pack_str(packer, "origin", origin_name(run->order->origin));
	pack_str(packer, "reason", run->error.text);
	pack_gate(packer, &run->gate);
	events_end(events);
	log_write(ANIMED_ERROR, "reload: %s; %s", run->error.text, goes_on(news));
}

static void tell_unchanged(const struct reload_run *run)
{
	if (run->order->kind == RELOAD_UNPIN && run->version)
		log_write(ANIMED_INFO, "reload: model %" PRIu64 " is not pinned any more", run->version);
	else if (run->order->kind != RELOAD_UNPIN)
		/* the watch also notices what the daemon itself changes in the store, which is no news */
		log_write(run->order->origin == RELOAD_BY_WATCH ? ANIMED_DEBUG : ANIMED_INFO,
			  "reload: model %" PRIu64 " is served already%s", run->version,
			  run->order->kind == RELOAD_PIN ? ", and pinned now" : "");
}

void reload_tell(const struct reload_news *news, struct events *events)
{
	switch (news->run->outcome) {
	case RELOAD_OPENED:
		tell_changed(news, events);
		break;
	case RELOAD_UNCHANGED:
		tell_unchanged(news->run);
		break;
	case RELOAD_ASIDE:
		log_write(ANIMED_INFO, "reload: %s", news->run->error.text);
		break;
	case RELOAD_EMPTY:
		/* the watch may see a store that is still being moved into place */
		if (news->run->order->origin != RELOAD_BY_WATCH)
			tell_refused(news, events);
		break;
	case RELOAD_REFUSED:
		tell_refused(news, events);
		break;
	}
}
