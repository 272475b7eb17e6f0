/* server.c - runs the loop: starts the parts, takes signals, and ends in order.
 *
 * Threads
 *
 * One thread runs the loop.  It owns everything in struct service: connections and their buffers, subscriptions, the
 * queue of orders, the state of a training.  A function whose comment does not mention threads is called on this thread
 * only, so that nothing of this is locked.  The loop's thread must never wait.  Work that takes long goes to libuv's
 * pool with uv_queue_work(), which runs one function in the pool and then another one on the loop.
 *
 * A thread of the pool uses the struct that it was given, and what never changes while the daemon runs: the
 * configuration, the plugins, and an open model.  The pool does this work:
 *
 *   request_job    answers a question: reads its copy of the message and a model, writes a reply of its own
 *   reload         opens a model and checks it by the gate: reads the served model, writes struct reload_run
 *   shortlist_job  computes the first shortlist: reads the served model
 *   served         frees a model or a shortlist that is no longer used
 *   models         reads the headers of the versions in the store
 *   retrain_check  reads the header of the newest model, and looks at the files of the source
 *
 * A reload and a shortlist_job start further threads of low priority, and wait for them.
 *
 * A model lives as long as there are references to it: one of struct served, and one of each job, run or computation
 * that reads it.  References are taken on the loop before the work is queued, and given back on the loop after it.  So
 * only the loop's thread counts them, without atomics, and the pool reads a model only while the loop holds a reference
 * for it.  When the last reference is given back the model is freed in the pool.  A shortlist is read on the loop only,
 * and needs no count.
 *
 * While work is under way, both threads use a few flags, which are atomic: `cancelled` of a reload and of a
 * shortlist_job, and served.swaps.  A connection may be closed before its answer comes, so the answer finds the
 * connection by its id. */
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

/* The number of threads in libuv's pool, unless the environment sets another one.  One thread may open a model for a
 * while, and one may compute a shortlist for longer; the rest answer questions. */
#define POOL_THREADS "6"

struct server {
	uv_loop_t loop;
	uv_signal_t terminate, interrupt, hangup;
	uv_timer_t grace;     /* limits how long a stop takes */
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

/* Stop; a second call cuts everything off.  From here on the loop runs until open requests are answered, and a reload
 * and a training have ended. */
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

/* Start the threads of the pool now.  libuv starts them with the first work, and ends the program where it cannot; that
 * must not happen in the middle of a request, when memory may be short. */
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

/* ---- serving ---- */

/* Say why the daemon ends.  libuv calls abort() where there is no memory, or no thread, for what it allocates at the
 * start. */
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

	(void)signal(SIGPIPE, SIG_IGN); /* writing to a client that went away fails instead */
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
