/* retrain.c - runs one training at a time, and tells clients and the log of it. */
#include "config.h"

#include "control/retrain.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/retrain-child.h"

/* Room for why a training failed. */
enum { WHY = 1024 };

/* ---- its end ---- */

static double seconds_since_start(const struct retrain *retrain)
{
	return (double)(uv_now(retrain->loop) - retrain->started_at) / 1000;
}

static void remember(struct retrain *retrain, bool ok, const char *why)
{
	retrain->ran = true;
	retrain->last_ok = ok;
	retrain->last_model = retrain->model;
	time_text_now(retrain->last_time);
	(void)snprintf(retrain->last_error, sizeof retrain->last_error, "%s", why);
	retrain->phase = RETRAIN_IDLE;
}

/* A waiters_pack whose ctx is the pid of the process that has ended. */
static int answer_cancel(const void *ctx, struct packed *out, uint32_t msgid)
{
	rpc_pack_result(&out->packer, msgid);
	(void)msgpack_pack_map(&out->packer, 2);
	pack_flag(&out->packer, "cancelled", true);
	pack_int(&out->packer, "pid", *(const long *)ctx);
	return 0;
}

static void failed(struct retrain *retrain, int64_t exit_status, int signal, const char *why)
{
	const bool cancelled = retrain->cancelling.n > 0;
	msgpack_packer *packer = events_begin(retrain->events, EVENT_RETRAIN_FAILED, 5);

	pack_str(packer, "reason", why);
	pack_flag(packer, "cancelled", cancelled);
	if (signal)
		pack_nil(packer, "exit");
	else
		pack_int(packer, "exit", exit_status);
	pack_count(packer, "signal", signal);
	pack_real(packer, "seconds", seconds_since_start(retrain));
	events_end(retrain->events);
	log_write(cancelled ? ANIMED_INFO : ANIMED_ERROR, "retrain: %s; the model that was there still serves", why);
	remember(retrain, false, why);
	waiters_answer(&retrain->cancelling, retrain->events->clients, answer_cancel, &retrain->pid);
}

/* The outcome of a training that has made a model, as events name it. */
enum retrain_outcome {
	RETRAIN_SERVED,
	RETRAIN_ASIDE,   /* the model is in the store, but a pinned or newer one stays current */
	RETRAIN_REFUSED, /* the model is in the store, but did not pass the gate */
};

static const char *const retrain_outcome_names[] = {
    [RETRAIN_SERVED] = "served", [RETRAIN_ASIDE] = "aside", [RETRAIN_REFUSED] = "refused"};

static void judged(struct retrain *retrain, enum retrain_outcome outcome, const char *why)
{
	msgpack_packer *packer = events_begin(retrain->events, EVENT_RETRAIN_FINISHED, 4);

	pack_uint(packer, "model", retrain->model);
	pack_str(packer, "outcome", retrain_outcome_names[outcome]);
	pack_str_or_nil(packer, "reason", outcome == RETRAIN_SERVED ? NULL : why);
	pack_real(packer, "seconds", seconds_since_start(retrain));
	events_end(retrain->events);
	remember(retrain, outcome != RETRAIN_REFUSED, why);
}

/* The order to serve the model was carried out.  RELOAD_UNCHANGED means that a client had the model served before. */
static void on_reloaded(void *ctx, enum reload_outcome outcome, const char *why)
{
	judged(ctx,
	       outcome == RELOAD_OPENED || outcome == RELOAD_UNCHANGED ? RETRAIN_SERVED
	       : outcome == RELOAD_ASIDE                               ? RETRAIN_ASIDE
								       : RETRAIN_REFUSED,
	       why);
}

/* Why the training has given no model; NULL: it has. */
static const char *failure(const struct retrain *retrain, int64_t exit_status, int signal, const char *last_error,
			   char out[WHY])
{
	const char *colon = *last_error ? ": " : "";

	if (retrain->cancelling.n > 0 || retrain->stopping)
		return retrain->stopping ? "ended with the daemon" : "cancelled";
	if (signal)
		(void)snprintf(out, WHY, "the training was ended by signal %d (%s)%s%s", signal, strsignal(signal),
			       colon, last_error);
	else if (exit_status != 0)
		(void)snprintf(out, WHY, "the training failed with status %" PRId64 "%s%s", exit_status, colon,
			       last_error);
	else if (retrain->model == 0 && retrain->lost)
		(void)snprintf(out, WHY,
			       "the training went well, but which model it has made is not known: %s; `animectl "
			       "models` lists it, and `animectl rollback` with its number serves it",
			       retrain->lost);
	else if (retrain->model == 0)
		(void)snprintf(out, WHY,
			       "the training went well, but its model is not in this daemon's store; does the "
			       "configuration name another one now?");
	else
		return NULL;
	return out;
}

static void on_ended(void *ctx, int64_t exit_status, int signal, const char *last_error)
{
	struct retrain *retrain = ctx;
	const struct reload_order order = {.kind = RELOAD_TRAINED,
					   .origin = RELOAD_BY_TRAINING,
					   .version = retrain->model,
					   .done = on_reloaded,
					   .ctx = retrain};
	char text[WHY];
	const char *why = failure(retrain, exit_status, signal, last_error, text);

	retrain->child = NULL;
	if (why) {
		failed(retrain, exit_status, signal, why);
		return;
	}
	retrain->phase = RETRAIN_JUDGING;
	if (reload_request(retrain->reload, &order, NULL, 0) < 0)
		judged(retrain, RETRAIN_REFUSED, "out of memory for the reload; reload by hand");
}

/* ---- its run ---- */

static void on_told(void *ctx, const struct progress_message *message)
{
	struct retrain *retrain = ctx;
	const char *store = retrain->conf->models;

	if (message->model) {
		if (strlen(store) == message->store_length && memcmp(store, message->store, message->store_length) == 0)
			retrain->model = message->model;
		return;
	}
	retrain->phase = RETRAIN_TRAINING;
	retrain->progress = message->progress;
	progress_stream_pack(events_begin(retrain->events, EVENT_RETRAIN_PROGRESS, PROGRESS_STREAM_ENTRIES),
			     &retrain->progress);
	events_end(retrain->events);
}

static void on_lost(void *ctx, const char *why)
{
	struct retrain *retrain = ctx;

	retrain->lost = why;
}

/* Write who starts the training.  The user is given by number, since a directory service may take long for a name. */
static void name_starter(const struct conn *conn, char *out, size_t size)
{
	if (conn)
		(void)snprintf(out, size, "process %ld of uid %u", (long)conn->pid, (unsigned)conn->uid);
	else
		(void)snprintf(out, size, "the schedule");
}

static void tell_started(struct retrain *retrain)
{
	msgpack_packer *packer = events_begin(retrain->events, EVENT_RETRAIN_STARTED, 2);

	pack_int(packer, "pid", retrain->pid);
	pack_str(packer, "by", retrain->by);
	events_end(retrain->events);
	log_write(ANIMED_INFO, "retrain: started by %s as process %ld", retrain->by, retrain->pid);
}

static int refuse_second(const struct retrain *retrain, struct rpc_error *err)
{
	char since[TIME_TEXT];

	time_text(retrain->started, since);
	return rpc_fail(err, RPC_DAEMON_ERROR, RPC_BUSY, "a training runs already, started by %s at %s", retrain->by,
			since);
}

int retrain_start(struct retrain *retrain, const struct conn *conn, struct rpc_error *err)
{
	static const struct retrain_child_calls calls = {on_told, on_lost, on_ended};
	struct animed_error why;

	if (retrain->stopping)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_BUSY, "the daemon is stopping");
	if (retrain->phase != RETRAIN_IDLE)
		return refuse_second(retrain, err);
	retrain->child = retrain_child_start(retrain->conf, retrain->loop, &calls, retrain, &why);
	if (!retrain->child)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", why.text);
	retrain->pid = retrain_child_pid(retrain->child);
	retrain->phase = RETRAIN_LOADING;
	retrain->progress = (struct animed_progress){.train_loss = NAN, .valid_loss = NAN};
	retrain->model = 0;
	retrain->lost = NULL;
	retrain->started = clock_now() / CLOCK_SECOND;
	retrain->started_at = uv_now(retrain->loop);
	name_starter(conn, retrain->by, sizeof retrain->by);
	tell_started(retrain);
	return 0;
}

int retrain_cancel(struct retrain *retrain, struct conn *conn, uint32_t msgid, struct rpc_error *err)
{
	if (retrain->phase == RETRAIN_JUDGING)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_NOT_RUNNING,
				"the training has ended already, and its model %" PRIu64 " is at the gate",
				retrain->model);
	if (!retrain->child)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_NOT_RUNNING, "no training runs");
	if (waiters_add(&retrain->cancelling, conn, msgid) < 0)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
	/* the first cancel sends SIGTERM, a second one SIGKILL */
	retrain_child_kill(retrain->child, retrain->cancelling.n > 1 ? SIGKILL : SIGTERM);
	return 0;
}

/* ---- the daemon ---- */

void retrain_init(struct retrain *retrain, const struct conf *conf, uv_loop_t *loop, struct reload *reload,
		  struct events *events)
{
	*retrain = (struct retrain){.conf = conf, .loop = loop, .reload = reload, .events = events};
}

void retrain_free(struct retrain *retrain)
{
	waiters_free(&retrain->cancelling);
}

void retrain_stop(struct retrain *retrain, bool now)
{
	retrain->stopping = true;
	if (retrain->child)
		retrain_child_kill(retrain->child, now ? SIGKILL : SIGTERM);
}
