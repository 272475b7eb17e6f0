/* retrain.c - one training at a time, what is told of it, and the schedule. */
#include "config.h"

#include "control/retrain.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pack.h"
#include "conn/conn.h"

/* ---- its end ---- */

static double seconds_since(const struct server *server)
{
	return (double)(uv_now(&server->loop) - server->retrain.started_at) / 1000;
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

/* `ctx` is the process that ended. */
static void answer_cancel(struct server *server, struct conn *conn, uint32_t msgid, const void *ctx)
{
	(void)server;
	rpc_pack_result(&conn->packer, msgid);
	(void)msgpack_pack_map(&conn->packer, 2);
	pack_flag(&conn->packer, "cancelled", true);
	pack_int(&conn->packer, "pid", *(const long *)ctx);
}

static void failed(struct server *server, int64_t exit_status, int signal, const char *why)
{
	struct retrain *retrain = &server->retrain;
	const bool cancelled = retrain->cancelling.n > 0;
	msgpack_packer *packer = events_begin(server, EVENT_RETRAIN_FAILED, 5);

	pack_str(packer, "reason", why);
	pack_flag(packer, "cancelled", cancelled);
	if (signal)
		pack_nil(packer, "exit");
	else
		pack_int(packer, "exit", exit_status);
	pack_count(packer, "signal", signal);
	pack_real(packer, "seconds", seconds_since(server));
	events_end(server, EVENT_RETRAIN_FAILED);
	log_write(cancelled ? ANIMED_INFO : ANIMED_ERROR, "retrain: %s; the model that was there still serves", why);
	remember(retrain, false, why);
	waiters_answer(&retrain->cancelling, server, answer_cancel, &retrain->pid);
}

void retrain_judged(struct server *server, enum retrain_outcome outcome, const char *why)
{
	static const char *const names[] = {
	    [RETRAIN_SERVED] = "served", [RETRAIN_ASIDE] = "aside", [RETRAIN_REFUSED] = "refused"};
	struct retrain *retrain = &server->retrain;
	msgpack_packer *packer = events_begin(server, EVENT_RETRAIN_FINISHED, 4);

	pack_uint(packer, "model", retrain->model);
	pack_str(packer, "outcome", names[outcome]);
	pack_str_or_nil(packer, "reason", outcome == RETRAIN_SERVED ? NULL : why);
	pack_real(packer, "seconds", seconds_since(server));
	events_end(server, EVENT_RETRAIN_FINISHED);
	remember(retrain, outcome != RETRAIN_REFUSED, why);
}

/* Why there is no model from it; NULL: there is one. */
static const char *failure(const struct retrain *retrain, int64_t exit_status, int signal, const char *last_error,
			   char out[RETRAIN_TEXT])
{
	const char *colon = *last_error ? ": " : "";

	if (retrain->cancelling.n > 0 || retrain->stopping)
		return retrain->stopping ? "ended with the daemon" : "cancelled";
	if (signal)
		(void)snprintf(out, RETRAIN_TEXT, "the training was ended by signal %d (%s)%s%s", signal,
			       strsignal(signal), colon, last_error);
	else if (exit_status != 0)
		(void)snprintf(out, RETRAIN_TEXT, "the training failed with status %" PRId64 "%s%s", exit_status, colon,
			       last_error);
	else if (retrain->model == 0)
		(void)snprintf(out, RETRAIN_TEXT,
			       "the training went well, but its model is not in this daemon's store; does the "
			       "configuration name another one now?");
	else
		return NULL;
	return out;
}

void retrain_ended(struct server *server, int64_t exit_status, int signal, const char *last_error)
{
	const struct reload_order order = {
	    .kind = RELOAD_TRAINED, .origin = RELOAD_BY_TRAINING, .version = server->retrain.model};
	struct retrain *retrain = &server->retrain;
	char text[RETRAIN_TEXT];
	const char *why = failure(retrain, exit_status, signal, last_error, text);

	if (why) {
		failed(server, exit_status, signal, why);
		return;
	}
	retrain->phase = RETRAIN_JUDGING;
	if (reload_request(server, &order, NULL, 0) < 0)
		retrain_judged(server, RETRAIN_REFUSED, "out of memory for the reload; reload by hand");
}

/* ---- its run ---- */

void retrain_told(struct server *server, const struct retrain_message *message)
{
	struct retrain *retrain = &server->retrain;
	const char *store = server->conf->models;

	if (message->model) {
		if (strlen(store) == message->store_length && memcmp(store, message->store, message->store_length) == 0)
			retrain->model = message->model;
		return;
	}
	retrain->phase = RETRAIN_TRAINING;
	retrain->progress = message->progress;
	retrain_pack_progress(events_begin(server, EVENT_RETRAIN_PROGRESS, RETRAIN_PROGRESS_ENTRIES),
			      &retrain->progress);
	events_end(server, EVENT_RETRAIN_PROGRESS);
}

/* Without the user's name: a directory service may be slow to tell it. */
static void name_starter(const struct conn *conn, char *out, size_t size)
{
	if (conn)
		(void)snprintf(out, size, "process %ld of uid %u", (long)conn->pid, (unsigned)conn->uid);
	else
		(void)snprintf(out, size, "the schedule");
}

static void tell_started(struct server *server)
{
	const struct retrain *retrain = &server->retrain;
	msgpack_packer *packer = events_begin(server, EVENT_RETRAIN_STARTED, 2);

	pack_int(packer, "pid", retrain->pid);
	pack_str(packer, "by", retrain->by);
	events_end(server, EVENT_RETRAIN_STARTED);
	log_write(ANIMED_INFO, "retrain: started by %s as process %ld", retrain->by, retrain->pid);
}

static int refuse_second(const struct retrain *retrain, struct rpc_error *err)
{
	char since[TIME_TEXT];

	time_text(retrain->started, since);
	return rpc_fail(err, RPC_DAEMON_ERROR, RPC_BUSY, "a training runs already, started by %s at %s", retrain->by,
			since);
}

int retrain_start(struct server *server, const struct conn *conn, struct rpc_error *err)
{
	struct retrain *retrain = &server->retrain;
	struct animed_error why;

	if (retrain->stopping)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_BUSY, "the daemon is stopping");
	if (retrain->phase != RETRAIN_IDLE)
		return refuse_second(retrain, err);
	if (retrain_spawn(server, &why) < 0)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "%s", why.text);
	retrain->phase = RETRAIN_LOADING;
	retrain->progress = (struct animed_progress){.train_loss = NAN, .valid_loss = NAN};
	retrain->model = 0;
	retrain->started = clock_now() / CLOCK_SECOND;
	retrain->started_at = uv_now(&server->loop);
	name_starter(conn, retrain->by, sizeof retrain->by);
	tell_started(server);
	return 0;
}

int retrain_cancel(struct server *server, struct conn *conn, uint32_t msgid, struct rpc_error *err)
{
	struct retrain *retrain = &server->retrain;

	if (retrain->phase == RETRAIN_JUDGING)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_NOT_RUNNING,
				"the training has ended already, and its model %" PRIu64 " is at the gate",
				retrain->model);
	if (!retrain->child)
		return rpc_fail(err, RPC_REQUEST_ERROR, RPC_NOT_RUNNING, "no training runs");
	if (waiters_add(&retrain->cancelling, conn, msgid) < 0)
		return rpc_fail(err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
	/* who asks again is in earnest */
	retrain_kill(retrain->child, retrain->cancelling.n > 1 ? SIGKILL : SIGTERM);
	return 0;
}

/* ---- the daemon ---- */

int retrain_init(struct server *server)
{
	server->retrain.timer.data = server;
	return uv_timer_init(&server->loop, &server->retrain.timer);
}

void retrain_free(struct retrain *retrain)
{
	waiters_free(&retrain->cancelling);
}

void retrain_stop(struct server *server, bool now)
{
	struct retrain *retrain = &server->retrain;

	retrain->stopping = true;
	(void)uv_timer_stop(&retrain->timer);
	if (retrain->child)
		retrain_kill(retrain->child, now ? SIGKILL : SIGTERM);
}
