/* reload.c - look for a model, open it off the loop, swap it in, tell who asked. */
#include "config.h"

#include "reload.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conn.h"
#include "log.h"
#include "reply.h"
#include "store.h"

struct reload_waiter {
	uint64_t conn;
	uint32_t msgid;
};

static void start(struct server *server);

/* ---- in a thread of the pool ---- */

static bool is_cancelled(void *ctx)
{
	struct reload *reload = ctx;

	return atomic_load(&reload->cancelled);
}

static void no_progress(void *ctx, const struct animed_progress *progress)
{
	(void)ctx;
	(void)progress;
}

static void run(uv_work_t *work)
{
	struct reload *reload = work->data;
	struct animed_host host = {
	    .ctx = reload,
	    .log = log_host,
	    .progress = no_progress,
	    .cancelled = is_cancelled,
	    .threads = reload->conf->threads,
	};
	struct model_stamp stamp;
	int found = store_current(reload->conf->models, &reload->version, reload->path, &reload->error);

	reload->outcome = found > 0 ? RELOAD_EMPTY : RELOAD_REFUSED;
	if (found > 0)
		(void)animed_fail(&reload->error, "the store %s has no current model; make one with `animed train`",
				  reload->conf->models);
	if (found != 0 || model_stamp_read(reload->path, &stamp, &reload->error) < 0)
		return;
	if (reload->serving && reload->version == reload->serving_version &&
	    model_stamp_equal(&stamp, &reload->serving_stamp))
		reload->outcome = RELOAD_UNCHANGED;
	else if (model_open(reload->conf, reload->version, reload->path, &host, &reload->model, &reload->error) == 0) {
		reload->outcome = RELOAD_OPENED;
		model_complete(reload->model, reload->conf, &host);
	}
}

/* ---- on the loop ---- */

static int wait_for(struct reload_waiters *waiters, const struct conn *conn, uint32_t msgid)
{
	if (waiters->n == waiters->size) {
		size_t size = waiters->size ? waiters->size * 2 : 8;
		struct reload_waiter *grown = realloc(waiters->list, size * sizeof *grown);
		if (!grown)
			return -1;
		waiters->list = grown;
		waiters->size = size;
	}
	waiters->list[waiters->n++] = (struct reload_waiter){conn->id, msgid};
	return 0;
}

/* What `status` tells of this run. */
static void remember(struct reload *reload)
{
	time_t now = time(NULL);
	struct tm utc;

	reload->ran = true;
	reload->last_ok = reload->outcome == RELOAD_OPENED || reload->outcome == RELOAD_UNCHANGED;
	reload->last_version = reload->version;
	if (!gmtime_r(&now, &utc) ||
	    strftime(reload->last_time, sizeof reload->last_time, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		reload->last_time[0] = '\0';
	(void)snprintf(reload->last_error, sizeof reload->last_error, "%s", reload->last_ok ? "" : reload->error.text);
}

static void answer(struct server *server, struct conn *conn, uint32_t msgid, uint64_t previous)
{
	const struct reload *reload = &server->reload;
	msgpack_packer *packer = &conn->packer;
	struct rpc_error err;

	if (!reload->last_ok) {
		if (reload->outcome == RELOAD_EMPTY)
			(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_NO_MODEL, "%s", reload->error.text);
		else
			(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_MODEL_REFUSED, "%s; %s", reload->error.text,
				       server->model ? "the model that was there still serves"
						     : "there is still no model");
		server->errors++;
		rpc_pack_error(packer, msgid, &err);
		return;
	}
	rpc_pack_result(packer, msgid);
	(void)msgpack_pack_map(packer, 3);
	reply_key(packer, "model");
	(void)msgpack_pack_uint64(packer, server->model->version);
	reply_key(packer, "previous");
	reply_count(packer, (int64_t)previous);
	reply_key(packer, "changed");
	(void)(reload->outcome == RELOAD_OPENED ? msgpack_pack_true(packer) : msgpack_pack_false(packer));
}

static void log_outcome(const struct server *server)
{
	const struct reload *reload = &server->reload;

	switch (reload->outcome) {
	case RELOAD_OPENED:
		log_write(ANIMED_INFO, "reload: serving model %llu (%s, %u users, %u items)",
			  (unsigned long long)server->model->version, server->model->file.variant,
			  server->model->file.factors.n_users, server->model->file.factors.n_items);
		break;
	case RELOAD_UNCHANGED:
		log_write(ANIMED_INFO, "reload: model %llu is still the current one",
			  (unsigned long long)server->model->version);
		break;
	case RELOAD_EMPTY:
	case RELOAD_REFUSED:
		log_write(ANIMED_ERROR, "reload: %s; %s", reload->error.text,
			  server->model ? "the model that was there still serves" : "there is still no model");
		break;
	}
}

static void finish(uv_work_t *work, int status)
{
	struct reload *reload = work->data;
	struct server *server = work->loop->data;
	uint64_t previous = server->model ? server->model->version : 0;

	reload->running = false;
	if (status < 0) {
		reload->outcome = RELOAD_REFUSED;
		(void)animed_fail(&reload->error, "the reload was cancelled");
	}
	if (reload->outcome == RELOAD_OPENED) {
		model_unref(server->model);
		server->model = reload->model;
		reload->model = NULL;
	}
	remember(reload);
	log_outcome(server);
	for (size_t i = 0; i < reload->joined.n; i++) {
		struct conn *conn = conn_find(server, reload->joined.list[i].conn);
		if (conn) {
			answer(server, conn, reload->joined.list[i].msgid, previous);
			conn_answered(conn);
		}
	}
	reload->joined.n = 0;
	if (reload->again && !atomic_load(&reload->cancelled))
		start(server);
}

static void start(struct server *server)
{
	struct reload *reload = &server->reload;
	struct reload_waiters empty = reload->joined;

	reload->joined = reload->upcoming;
	reload->upcoming = empty;
	reload->again = false;
	reload->running = true;
	reload->conf = server->conf;
	reload->serving = server->model != NULL;
	if (server->model) {
		reload->serving_version = server->model->version;
		reload->serving_stamp = server->model->stamp;
	}
	reload->version = 0;
	reload->model = NULL;
	reload->work.data = reload;
	(void)uv_queue_work(&server->loop, &reload->work, run, finish); /* fails only without a work function */
}

int reload_request(struct server *server, const struct conn *conn, uint32_t msgid)
{
	struct reload *reload = &server->reload;

	if (conn && wait_for(&reload->upcoming, conn, msgid) < 0)
		return -1;
	if (reload->running)
		reload->again = true;
	else
		start(server);
	return 0;
}

void reload_cancel(struct reload *reload)
{
	atomic_store(&reload->cancelled, true);
}

void reload_free(struct reload *reload)
{
	free(reload->joined.list);
	free(reload->upcoming.list);
}
