/* server.c - the loop: starting the parts, signals, and an orderly end.
 *
 * Threads
 *
 * One thread has the loop and all that stands in struct service: connections, their buffers, subscriptions, the queue of
 * orders, the run of a training.  Whatever is called without a word about threads is called on it, one thing after the
 * other, so that nothing there is locked.  It must never wait: what takes long goes to libuv's pool with uv_queue_work(),
 * whose first function runs in the pool and whose second one runs on the loop again.
 *
 * A thread of the pool works with the struct that it was handed and with what never changes while the daemon runs: the
 * configuration, the plugins, and an open model.  In the pool are
 *
 *   request_job    answers a question: reads its copy of the message and a model, writes its own reply
 *   reload         opens a model and holds it against the gate: reads the model that serves, writes struct reload_run
 *   shortlist_job  computes the first shortlist: reads the model that serves
 *   served         frees a model or a shortlist that is used no more
 *   models         reads the headers of the versions in the store
 *   retrain_check  looks at the store and at the files of the source
 *
 * A reload and a shortlist start further threads, of low priority, and wait for them.
 *
 * A model lives as long as it has references: one of struct served, one of each job, run or computation that reads it.
 * They are taken before the work is queued and given back when it has come back, so that the loop's thread alone counts
 * them, without atomics: the pool has a model only while somebody on the loop keeps it.  The last one to let go has it
 * freed in the pool.  A shortlist is read on the loop alone and needs no count.
 *
 * What both sides use while work is under way are a few flags: `cancelled` of a reload and of a shortlist_job,
 * served.swaps.  They are atomic.  A connection may be gone when its answer comes: answers find it by its id. */
#include "config.h"

#include "serve/server.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "control/service.h"
#include "methods/methods.h"
#include "serve/notify.h"

/* How long a stop waits for clients to take their answers. */
#define GRACE_MS 5000

/* Threads of libuv's pool, unless the environment says otherwise.  One may open a model for a while and one compute a
 * shortlist for longer; the others are for queries. */
#define POOL_THREADS "6"

struct server {
	uv_loop_t loop;
	uv_signal_t terminate, interrupt, hangup;
	uv_timer_t grace;     /* bounds a stop */
	uv_work_t first_work; /* starts the pool */
	bool stopping;
	struct service service;
};

/* ---- stopping ---- */

static void cut_off(struct server *server)
{
	struct service *service = &server->service;

	log_write(ANIMED_WARN, "stopping: %u clients have not taken their answers; let go", service->clients.n);
	clients_close(&service->clients);
	reload_cancel(&service->reload);
	retrain_stop(&service->retrain, true);
}

static void on_grace(uv_timer_t *timer)
{
	cut_off(timer->data);
}

/* What keeps the loop running from here on is clients with open requests and a reload. */
static void stop(struct server *server)
{
	struct service *service = &server->service;

	if (server->stopping) {
		cut_off(server);
		return;
	}
	server->stopping = true;
	log_write(ANIMED_INFO, "stopping");
	notify_send("STOPPING=1");
	shortlist_job_cancel(&service->first_shortlist);
	watch_stop(&service->watch);
	retrain_schedule_stop(&service->schedule);
	retrain_stop(&service->retrain, false);
	clients_drain(&service->clients);
	(void)uv_timer_start(&server->grace, on_grace, GRACE_MS, 0);
	uv_unref((uv_handle_t *)&server->grace);
}

static void on_stop_signal(uv_signal_t *handle, int signum)
{
	(void)signum;
	stop(handle->data);
}

/* ---- starting ---- */

static void on_hangup(uv_signal_t *handle, int signum)
{
	const struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_SIGNAL};
	struct server *server = handle->data;

	(void)signum;
	if (reload_request(&server->service.reload, &order, NULL, 0) < 0)
		log_write(ANIMED_ERROR, "reload: out of memory");
}

static void do_nothing(uv_work_t *work)
{
	(void)work;
}

/* libuv starts the threads of its pool with the first work and ends the program where it cannot.  That should not be in
 * the middle of a request, when memory may be short. */
static void start_pool(struct server *server)
{
	(void)setenv("UV_THREADPOOL_SIZE", POOL_THREADS, 0);
	(void)uv_queue_work(&server->loop, &server->first_work, do_nothing, NULL);
}

static int start_signal(struct server *server, uv_signal_t *handle, uv_signal_cb callback, int signum)
{
	const int rc = uv_signal_init(&server->loop, handle);

	if (rc < 0)
		return rc;
	handle->data = server;
	uv_unref((uv_handle_t *)handle);
	return uv_signal_start(handle, callback, signum);
}

static int start_signals(struct server *server, struct animed_error *err)
{
	int rc = start_signal(server, &server->terminate, on_stop_signal, SIGTERM);

	if (rc == 0)
		rc = start_signal(server, &server->interrupt, on_stop_signal, SIGINT);
	if (rc == 0)
		rc = start_signal(server, &server->hangup, on_hangup, SIGHUP);
	return rc < 0 ? animed_fail(err, "cannot catch signals: %s", uv_strerror(rc)) : 0;
}

static int init_parts(struct server *server, const struct conf *conf, struct model *first, struct animed_error *err)
{
	struct service *service = &server->service;
	uv_loop_t *loop = &server->loop;

	service->conf = conf;
	service->started = clock_begin();
	LIST_INIT(&service->jobs);
	served_init(&service->served, loop, first);
	if (clients_init(&service->clients, conf, loop, &methods_conn_calls, service, err) < 0)
		return -1;
	events_init(&service->events, &service->clients);
	reload_init(&service->reload, conf, &service->served, &service->events);
	watch_init(&service->watch, conf, loop, &service->reload);
	retrain_init(&service->retrain, conf, loop, &service->reload, &service->events);
	retrain_schedule_init(&service->schedule, conf, &service->retrain);
	(void)uv_timer_init(loop, &server->grace); /* cannot fail */
	server->grace.data = server;
	return 0;
}

static void announce(const struct service *service)
{
	const struct model *model = service->served.model;

	if (model)
		log_write(ANIMED_INFO, "ready: listening on %s, model %llu (%s, %u users, %u items)",
			  service->conf->socket, (unsigned long long)model->version, model->file.variant,
			  model->file.factors.n_users, model->file.factors.n_items);
	else
		log_write(ANIMED_INFO,
			  "ready: listening on %s, no model yet; make one with `animed train`, then reload",
			  service->conf->socket);
	notify_send("READY=1");
}

static void start_parts(struct service *service)
{
	if (service->conf->watch)
		watch_start(&service->watch);
	retrain_schedule_start(&service->schedule);
	announce(service);
	shortlist_job_start(&service->first_shortlist, &service->served, service->conf);
}

/* ---- all of it ---- */

/* libuv calls abort() where it cannot have the memory and the threads that it takes at the start. */
static void on_abort(int signum)
{
	static const char text[] = "animed: error: not enough memory, or too few threads, for the loop\n";

	(void)signum;
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(EXIT_FAILURE);
}

static void close_walked(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static int serve(struct server *server, const struct conf *conf, struct model *first, struct animed_error *err)
{
	struct service *service = &server->service;
	int status;

	start_pool(server);
	status = init_parts(server, conf, first, err);
	if (status == 0)
		status = start_signals(server, err);
	if (status == 0)
		status = clients_listen(&service->clients, err);
	(void)signal(SIGABRT, SIG_DFL);
	if (status == 0) {
		start_parts(service);
		(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	}
	uv_walk(&server->loop, close_walked, NULL);
	(void)uv_run(&server->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&server->loop);
	served_close(&service->served);
	reload_free(&service->reload);
	retrain_free(&service->retrain);
	events_free(&service->events);
	clients_free(&service->clients);
	return status;
}

int server_run(const struct conf *conf, struct server_claim *claim, struct model *first, struct animed_error *err)
{
	struct server *server = calloc(1, sizeof *server);
	int status = -1;

	(void)signal(SIGPIPE, SIG_IGN); /* a client that goes away is an error of its connection */
	(void)signal(SIGABRT, on_abort);
	if (server && uv_loop_init(&server->loop) == 0) {
		status = serve(server, conf, first, err);
	} else {
		(void)animed_fail(err, "out of memory for the loop");
		model_unref(first);
	}
	free(server);
	server_release(claim);
	return status;
}
