/* server.c - the loop: listening, signals, timers, and an orderly end. */
#include "config.h"

#include "serve/server.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conn/access.h"
#include "conn/conn.h"
#include "control/service.h"
#include "serve/notify.h"

#define LISTEN_BACKLOG 128

/* How long a stop waits for clients to take their answers. */
#define GRACE_MS 5000

/* ---- stopping ---- */

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void cut_off(struct server *server)
{
	log_write(ANIMED_WARN, "stopping: %u clients have not taken their answers; let go", server->clients);
	for (struct conn *conn = server->conns; conn; conn = conn->next)
		conn_close(conn);
	reload_cancel(&server->reload);
	retrain_stop(server, true);
}

static void on_grace(uv_timer_t *timer)
{
	cut_off(timer->data);
}

/* What keeps the loop running from here on is clients with open requests and a reload. */
static void stop(struct server *server)
{
	if (server->stopping) {
		cut_off(server);
		return;
	}
	server->stopping = true;
	log_write(ANIMED_INFO, "stopping");
	notify_send("STOPPING=1");
	shortlist_job_cancel(&server->first_shortlist);
	close_handle((uv_handle_t *)&server->listener);
	watch_stop(server);
	retrain_stop(server, false);
	for (struct conn *conn = server->conns; conn; conn = conn->next)
		conn_drain(conn);
	(void)uv_timer_start(&server->grace, on_grace, GRACE_MS, 0);
	uv_unref((uv_handle_t *)&server->grace);
}

static void on_stop_signal(uv_signal_t *handle, int signum)
{
	(void)signum;
	stop(handle->data);
}

/* ---- running ---- */

static void on_hangup(uv_signal_t *handle, int signum)
{
	const struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_SIGNAL};

	(void)signum;
	if (reload_request(handle->data, &order, NULL, 0) < 0)
		log_write(ANIMED_ERROR, "reload: out of memory");
}

static void on_connection(uv_stream_t *listener, int status)
{
	if (status < 0)
		log_write(ANIMED_WARN, "a client could not be accepted: %s", uv_strerror(status));
	else
		conn_accept(listener->data);
}

static void on_sweep(uv_timer_t *timer)
{
	struct server *server = timer->data;
	uint64_t allowed = (uint64_t)server->conf->limits.idle_seconds * 1000;
	uint64_t now = uv_now(&server->loop);

	for (struct conn *conn = server->conns; conn; conn = conn->next) {
		/* a subscriber waits, however long nothing happens */
		if (!conn->closed && conn->in_flight == 0 && conn->events.wanted == 0 &&
		    now - conn->last_active >= allowed) {
			log_write(ANIMED_DEBUG, "client %llu: silent for %u s; let go", (unsigned long long)conn->id,
				  server->conf->limits.idle_seconds);
			conn_close(conn);
		}
	}
}

/* Everybody who has more to say gets a turn, then whoever is new, then everybody again. */
static void on_backlog(uv_idle_t *idle)
{
	struct server *server = idle->data;

	(void)uv_idle_stop(idle); /* whoever is not done wakes it again */
	for (struct conn *conn = server->conns; conn; conn = conn->next) {
		if (conn->more && !conn->closed)
			conn_process(conn);
	}
}

void server_wake(struct server *server)
{
	(void)uv_idle_start(&server->backlog, on_backlog);
}

/* ---- starting ---- */

/* Initialise the handles that uv_walk() will close. */
static int init_handles(struct server *server, struct animed_error *err)
{
	uv_loop_t *loop = &server->loop;
	int rc = uv_timer_init(loop, &server->sweep);

	if (rc == 0)
		rc = uv_timer_init(loop, &server->grace);
	if (rc == 0)
		rc = uv_idle_init(loop, &server->backlog);
	if (rc == 0)
		rc = uv_signal_init(loop, &server->terminate);
	if (rc == 0)
		rc = uv_signal_init(loop, &server->interrupt);
	if (rc == 0)
		rc = uv_signal_init(loop, &server->hangup);
	if (rc == 0)
		rc = uv_pipe_init(loop, &server->listener, 0);
	if (rc == 0)
		rc = events_init(server);
	if (rc == 0)
		rc = watch_init(server);
	if (rc == 0)
		rc = retrain_init(server);
	if (rc < 0)
		return animed_fail(err, "cannot start the loop: %s", uv_strerror(rc));
	server->sweep.data = server->grace.data = server->backlog.data = server;
	server->terminate.data = server->interrupt.data = server->hangup.data = server->listener.data = server;
	return 0;
}

static int start_signals(struct server *server, struct animed_error *err)
{
	int rc = uv_signal_start(&server->terminate, on_stop_signal, SIGTERM);

	if (rc == 0)
		rc = uv_signal_start(&server->interrupt, on_stop_signal, SIGINT);
	if (rc == 0)
		rc = uv_signal_start(&server->hangup, on_hangup, SIGHUP);
	if (rc < 0)
		return animed_fail(err, "cannot catch signals: %s", uv_strerror(rc));
	uv_unref((uv_handle_t *)&server->terminate);
	uv_unref((uv_handle_t *)&server->interrupt);
	uv_unref((uv_handle_t *)&server->hangup);
	return 0;
}

static int start_listening(struct server *server, struct animed_error *err)
{
	const char *path = server->conf->socket;
	mode_t before = umask(0177); /* nobody else may connect, from the first moment on */
	int rc = uv_pipe_bind(&server->listener, path);

	(void)umask(before);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&server->listener, LISTEN_BACKLOG, on_connection);
	if (rc < 0)
		return animed_fail(err, "cannot listen on %s: %s", path, uv_strerror(rc));
	return *server->conf->group ? access_let_group(path, server->group, err) : 0;
}

static void start_sweep(struct server *server)
{
	uint64_t idle = (uint64_t)server->conf->limits.idle_seconds * 1000;

	if (idle == 0)
		return;
	(void)uv_timer_start(&server->sweep, on_sweep, idle, idle / 4);
	uv_unref((uv_handle_t *)&server->sweep);
}

static void announce(const struct server *server)
{
	const struct model *model = server->served.model;

	if (model)
		log_write(ANIMED_INFO, "ready: listening on %s, model %llu (%s, %u users, %u items)",
			  server->conf->socket, (unsigned long long)model->version, model->file.variant,
			  model->file.factors.n_users, model->file.factors.n_items);
	else
		log_write(ANIMED_INFO,
			  "ready: listening on %s, no model yet; make one with `animed train`, then reload",
			  server->conf->socket);
	notify_send("READY=1");
}

static void close_walked(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	close_handle(handle);
}

/* Threads of libuv's pool, unless the environment says otherwise.  One may open a model for a while and one compute
 * a shortlist for longer; the others are for queries. */
#define POOL_THREADS "6"

int server_run(const struct conf *conf, struct server_claim *claim, struct model *first, struct animed_error *err)
{
	struct server *server = calloc(1, sizeof *server);
	int rc = -1;

	if (!server || !(server->input = malloc(SERVER_INPUT)) || uv_loop_init(&server->loop) < 0) {
		(void)animed_fail(err, "out of memory for the loop");
		model_unref(first);
		goto out;
	}
	(void)setenv("UV_THREADPOOL_SIZE", POOL_THREADS, 0); /* before the pool has begun */
	(void)signal(SIGPIPE, SIG_IGN);                      /* a client that goes away is an error of its connection */
	server->conf = conf;
	served_init(&server->served, &server->loop, first);
	server->started = clock_begin();
	server->loop.data = server;
	if ((!*conf->group || access_find_group(conf->group, &server->group, err) == 0) &&
	    init_handles(server, err) == 0 && start_signals(server, err) == 0 && start_listening(server, err) == 0) {
		start_sweep(server);
		if (conf->watch)
			watch_start(server);
		retrain_schedule(server);
		announce(server);
		shortlist_job_start(&server->first_shortlist, &server->served, conf);
		(void)uv_run(&server->loop, UV_RUN_DEFAULT);
		rc = 0;
	}
	uv_walk(&server->loop, close_walked, NULL);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&server->loop);
	served_close(&server->served);
	reload_free(&server->reload);
	retrain_free(&server->retrain);
	events_free(&server->events);
out:
	if (server)
		free(server->input);
	free(server);
	server_release(claim);
	return rc;
}
