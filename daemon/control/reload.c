/* reload.c - orders, the swap, and telling who wants to know. */
#include "config.h"

#include "control/reload.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/host.h"
#include "base/log.h"
#include "base/pack.h"
#include "base/parallel.h"
#include "conn/conn.h"
#include "control/reload-run.h"

static void start_next(struct server *server);

/* ---- in a thread of the pool ---- */

static bool is_cancelled(void *ctx)
{
	struct reload *reload = ctx;

	return atomic_load(&reload->cancelled);
}

static void open_model(void *ctx)
{
	struct reload *reload = ctx;
	struct animed_host host = host_quiet(reload->run.conf->threads);

	host.ctx = reload;
	host.cancelled = is_cancelled;
	reload_run(&reload->run, &host);
}

static void on_work(uv_work_t *work)
{
	background_run(open_model, work->data);
}

/* ---- on the loop ---- */

static bool went_well(enum reload_outcome outcome)
{
	return outcome != RELOAD_REFUSED && outcome != RELOAD_EMPTY;
}

static const char *goes_on(const struct server *server)
{
	return server->served.model ? "the model that was there still serves" : "there is still no model";
}

/* Whether `status` tells of it: not of what the watch saw and was nothing. */
static bool is_news(const struct reload_run *run)
{
	if (run->order->kind == RELOAD_UNPIN)
		return false;
	return run->order->origin != RELOAD_BY_WATCH ||
	       (run->outcome != RELOAD_UNCHANGED && run->outcome != RELOAD_EMPTY);
}

/* What `status` tells of this run. */
static void remember(struct reload *reload)
{
	const struct reload_run *run = &reload->run;

	reload->ran = true;
	reload->last_ok = went_well(run->outcome);
	reload->last_version = run->version;
	time_text_now(reload->last_time);
	(void)snprintf(reload->last_error, sizeof reload->last_error, "%s", reload->last_ok ? "" : run->error.text);
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

static void pack_dry_run(msgpack_packer *packer, const struct server *server)
{
	const struct reload_run *run = &server->reload.run;

	(void)msgpack_pack_map(packer, 5);
	pack_count(packer, "model", server->served.model ? (int64_t)server->served.model->version : 0);
	pack_count(packer, "candidate", (int64_t)run->version);
	pack_flag(packer, "changed", false);
	pack_str_or_nil(packer, "refused", went_well(run->outcome) ? NULL : run->error.text);
	pack_gate(packer, &run->gate);
}

static void pack_unpinned(msgpack_packer *packer, const struct server *server)
{
	(void)msgpack_pack_map(packer, 2);
	pack_count(packer, "model", server->served.model ? (int64_t)server->served.model->version : 0);
	pack_count(packer, "unpinned", (int64_t)server->reload.run.version);
}

/* `ctx` is the version that served before. */
static void answer(struct server *server, struct conn *conn, uint32_t msgid, const void *ctx)
{
	const struct reload_run *run = &server->reload.run;
	msgpack_packer *packer = &conn->packer;
	struct rpc_error err;

	if (run->order->dry_run && run->outcome != RELOAD_EMPTY) {
		rpc_pack_result(packer, msgid);
		pack_dry_run(packer, server);
		return;
	}
	if (!went_well(run->outcome)) {
		const char *name = run->outcome == RELOAD_EMPTY ? RPC_NO_MODEL : RPC_MODEL_REFUSED;
		(void)rpc_fail(&err, RPC_DAEMON_ERROR, run->order->kind == RELOAD_UNPIN ? RPC_INTERNAL : name, "%s; %s",
			       run->error.text, goes_on(server));
		server->errors++;
		rpc_pack_error(packer, msgid, &err);
		return;
	}
	rpc_pack_result(packer, msgid);
	if (run->order->kind == RELOAD_UNPIN) {
		pack_unpinned(packer, server);
		return;
	}
	(void)msgpack_pack_map(packer, 4);
	pack_uint(packer, "model", server->served.model->version);
	pack_count(packer, "previous", (int64_t) * (const uint64_t *)ctx);
	pack_flag(packer, "changed", run->outcome == RELOAD_OPENED);
	pack_gate(packer, &run->gate);
}

static const char *origin_name(enum reload_origin origin)
{
	static const char *const names[] = {[RELOAD_BY_CLIENT] = "client",
					    [RELOAD_BY_SIGNAL] = "signal",
					    [RELOAD_BY_WATCH] = "store",
					    [RELOAD_BY_TRAINING] = "retraining"};

	return names[origin];
}

static void tell_changed(struct server *server, uint64_t previous)
{
	const struct reload_run *run = &server->reload.run;
	msgpack_packer *packer = events_begin(server, EVENT_MODEL_CHANGED, 4);

	pack_uint(packer, "model", run->version);
	pack_count(packer, "previous", (int64_t)previous);
	pack_str(packer, "origin", origin_name(run->order->origin));
	pack_gate(packer, &run->gate);
	events_end(server, EVENT_MODEL_CHANGED);
	log_write(ANIMED_INFO, "reload: serving model %" PRIu64 " (%s, %u users, %u items)%s", run->version,
		  server->served.model->file.variant, server->served.model->file.factors.n_users,
		  server->served.model->file.factors.n_items, run->order->kind == RELOAD_PIN ? ", pinned" : "");
}

static void tell_refused(struct server *server)
{
	const struct reload_run *run = &server->reload.run;
	msgpack_packer *packer = events_begin(server, EVENT_RELOAD_REFUSED, 5);

	pack_count(packer, "model", server->served.model ? (int64_t)server->served.model->version : 0);
	pack_count(packer, "candidate", (int64_t)run->version);
	pack_str(packer, "origin", origin_name(run->order->origin));
	pack_str(packer, "reason", run->error.text);
	pack_gate(packer, &run->gate);
	events_end(server, EVENT_RELOAD_REFUSED);
	log_write(ANIMED_ERROR, "reload: %s; %s", run->error.text, goes_on(server));
}

static void tell_unchanged(const struct reload_run *run)
{
	if (run->order->kind == RELOAD_UNPIN && run->version)
		log_write(ANIMED_INFO, "reload: model %" PRIu64 " is not pinned any more", run->version);
	else if (run->order->kind != RELOAD_UNPIN)
		/* what the daemon does in its own store comes back by the watch */
		log_write(run->order->origin == RELOAD_BY_WATCH ? ANIMED_DEBUG : ANIMED_INFO,
			  "reload: model %" PRIu64 " is served already%s", run->version,
			  run->order->kind == RELOAD_PIN ? ", and pinned now" : "");
}

static void tell(struct server *server, uint64_t previous)
{
	const struct reload_run *run = &server->reload.run;

	switch (run->outcome) {
	case RELOAD_OPENED:
		tell_changed(server, previous);
		break;
	case RELOAD_UNCHANGED:
		tell_unchanged(run);
		break;
	case RELOAD_ASIDE:
		log_write(ANIMED_INFO, "reload: %s", run->error.text);
		break;
	case RELOAD_EMPTY:
		/* a store that is being moved into place is seen half-way */
		if (run->order->origin != RELOAD_BY_WATCH)
			tell_refused(server);
		break;
	case RELOAD_REFUSED:
		tell_refused(server);
		break;
	}
}

static void order_free(struct reload_order *order)
{
	waiters_free(&order->waiters);
	free(order);
}

/* Put the model that was opened in its place, or away. */
static void settle_model(struct server *server)
{
	struct reload_run *run = &server->reload.run;

	if (run->model && run->outcome == RELOAD_OPENED && !run->order->dry_run)
		served_swap(&server->served, run->model, run->shortlist);
	else
		served_discard(&server->served, run->model, run->shortlist);
	run->model = NULL;
	run->shortlist = NULL;
	model_unref(run->serving);
	run->serving = NULL;
}

static void finish(uv_work_t *work, int status)
{
	struct reload *reload = work->data;
	struct server *server = work->loop->data;
	struct reload_run *run = &reload->run;
	uint64_t previous = server->served.model ? server->served.model->version : 0;

	if (status < 0) {
		run->outcome = RELOAD_REFUSED;
		(void)animed_fail(&run->error, "the reload was cancelled");
	}
	settle_model(server);
	if (!run->order->dry_run) {
		if (is_news(run))
			remember(reload);
		tell(server, previous);
	}
	waiters_answer(&run->order->waiters, server, answer, &previous);
	if (run->order->kind == RELOAD_TRAINED)
		retrain_judged(server,
			       run->outcome == RELOAD_ASIDE    ? RETRAIN_ASIDE
			       : run->outcome == RELOAD_OPENED ? RETRAIN_SERVED
							       : RETRAIN_REFUSED,
			       run->error.text);
	order_free(run->order);
	run->order = NULL;
	reload->running = false; /* from here on, so that what answers set off waits */
	if (!atomic_load(&reload->cancelled))
		start_next(server);
}

static void start_next(struct server *server)
{
	struct reload *reload = &server->reload;
	struct reload_order *order = reload->first;

	if (!order || reload->running)
		return;
	reload->first = order->next;
	if (!reload->first)
		reload->last = NULL;
	reload->running = true;
	reload->run.order = order;
	reload->run.conf = server->conf;
	reload->run.serving = server->served.model ? model_ref(server->served.model) : NULL;
	reload->run.error.text[0] = '\0';
	reload->work.data = reload;
	(void)uv_queue_work(&server->loop, &reload->work, on_work, finish); /* fails only without a work function */
}

/* The order to which this one can be added: it has not begun, so that it will find what is there now. */
static struct reload_order *join(struct reload *reload, const struct reload_order *order)
{
	struct reload_order *last = reload->last;

	return last && order->kind == RELOAD_CURRENT && last->kind == RELOAD_CURRENT && last->dry_run == order->dry_run
		   ? last
		   : NULL;
}

int reload_request(struct server *server, const struct reload_order *order, struct conn *conn, uint32_t msgid)
{
	struct reload *reload = &server->reload;
	struct reload_order *queued = join(reload, order), *joined = queued;

	if (!queued && !(queued = calloc(1, sizeof *queued)))
		return -1;
	if (!joined) {
		*queued = *order;
		queued->next = NULL;
		queued->waiters = (struct waiters){NULL, 0, 0};
	}
	if (conn && waiters_add(&queued->waiters, conn, msgid) < 0) {
		if (!joined)
			free(queued);
		return -1;
	}
	if (conn)
		queued->origin = RELOAD_BY_CLIENT; /* somebody looks at what comes of it */
	if (!joined) {
		if (reload->last)
			reload->last->next = queued;
		else
			reload->first = queued;
		reload->last = queued;
	}
	start_next(server);
	return 0;
}

void reload_cancel(struct reload *reload)
{
	atomic_store(&reload->cancelled, true);
}

void reload_free(struct reload *reload)
{
	while (reload->first) {
		struct reload_order *order = reload->first;
		reload->first = order->next;
		order_free(order);
	}
	reload->last = NULL;
}
