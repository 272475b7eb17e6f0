/* reload.c - the queue of orders, the thread that carries them out, and the swap. */
#include "config.h"

#include "control/reload.h"

#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/host.h"
#include "conn/events.h"
#include "control/reload-tell.h"
#include "store/store.h"

struct queued_order {
	TAILQ_ENTRY(queued_order) link;
	struct reload_order order;
	struct waiters waiters;
};

static void start_next(struct reload *reload);

/* ---- in a thread of the pool ---- */

static bool is_cancelled(void *ctx)
{
	struct reload *reload = ctx;

	return atomic_load(&reload->cancelled);
}

static void carry_out(void *ctx)
{
	struct reload *reload = ctx;
	struct animed_host host = host_quiet(reload->conf->threads);

	host.ctx = reload;
	host.cancelled = is_cancelled;
	reload_run(&reload->run, &host);
}

static void on_work(uv_work_t *work)
{
	background_run(carry_out, work->data);
}

/* ---- on the loop ---- */

/* Whether `status` reports the run.  It does not report an unpin, nor a run of the watch in which nothing was to do. */
static bool is_news(const struct reload_run *run)
{
	if (run->order->kind == RELOAD_UNPIN)
		return false;
	return run->order->origin != RELOAD_BY_WATCH ||
	       (run->outcome != RELOAD_UNCHANGED && run->outcome != RELOAD_EMPTY);
}

/* Keep what `status` reports of the run. */
static void remember(struct reload *reload)
{
	const struct reload_run *run = &reload->run;

	reload->ran = true;
	reload->last_ok = reload_went_well(run->outcome);
	reload->last_version = run->version;
	time_text_now(reload->last_time);
	(void)snprintf(reload->last_error, sizeof reload->last_error, "%s", reload->last_ok ? "" : run->error.text);
}

static void free_order(struct queued_order *queued)
{
	waiters_free(&queued->waiters);
	free(queued);
}

/* Serve the model that was opened, or give it up where it is not to be served. */
static void settle_model(struct reload *reload)
{
	struct reload_run *run = &reload->run;

	if (run->model && run->outcome == RELOAD_OPENED && !run->order->dry_run)
		served_swap(reload->served, run->model, run->shortlist);
	else
		served_discard(reload->served, run->model, run->shortlist);
	run->model = NULL;
	run->shortlist = NULL;
	model_unref(run->serving);
	run->serving = NULL;
}

/* Tell the result of the run: `status`, the log and the subscribers, unless it was a dry run; then the clients that
 * wait for it; then the part of the daemon that gave the order. */
static void report(struct reload *reload, const struct reload_news *news)
{
	const struct reload_run *run = news->run;
	struct queued_order *queued = reload->now;

	if (!run->order->dry_run) {
		if (is_news(run))
			remember(reload);
		reload_tell(news, reload->events);
	}
	waiters_answer(&queued->waiters, reload->events->clients, reload_answer, news);
	if (queued->order.done)
		queued->order.done(queued->order.ctx, run->outcome, run->error.text);
}

/* End the run of an order, whose thread has ended.  `status` is negative where libuv cancelled the work. */
static void finish(uv_work_t *work, int status)
{
	struct reload *reload = work->data;
	struct reload_run *run = &reload->run;
	const struct model *before = reload->served->model;
	const struct reload_news news = {run, reload->served, before ? before->version : 0};

	if (status < 0) {
		run->outcome = RELOAD_REFUSED;
		(void)animed_fail(&run->error, "the reload was cancelled");
	} else {
		reload->pinned = run->pinned;
	}
	settle_model(reload);
	report(reload, &news);
	/* not before, since an order that is given while the answers are sent must wait for the end of this one */
	free_order(reload->now);
	reload->now = NULL;
	if (!atomic_load(&reload->cancelled))
		start_next(reload);
}

static void start_next(struct reload *reload)
{
	struct model *serving = reload->served->model;
	struct queued_order *queued = TAILQ_FIRST(&reload->queue);

	if (!queued || reload->now)
		return;
	TAILQ_REMOVE(&reload->queue, queued, link);
	reload->now = queued;
	reload->run = (struct reload_run){
	    .order = &queued->order, .conf = reload->conf, .serving = serving ? model_ref(serving) : NULL};
	(void)uv_queue_work(reload->served->loop, &reload->work, on_work,
			    finish); /* fails only without a work function */
}

/* The last order in the queue, where `order` asks for the same: to serve what is current.  That order has not begun, so
 * it will find what is in the store now.  NULL: `order` needs a place of its own. */
static struct queued_order *find_same(const struct reload *reload, const struct reload_order *order)
{
	struct queued_order *last = TAILQ_LAST(&reload->queue, order_queue);

	return last && order->kind == RELOAD_CURRENT && last->order.kind == RELOAD_CURRENT &&
		       last->order.dry_run == order->dry_run
		   ? last
		   : NULL;
}

int reload_request(struct reload *reload, const struct reload_order *order, struct conn *conn, uint32_t msgid)
{
	struct queued_order *same = find_same(reload, order), *queued = same ? same : calloc(1, sizeof *queued);

	if (!queued)
		return -1;
	if (!same)
		queued->order = *order;
	if (conn && waiters_add(&queued->waiters, conn, msgid) < 0) {
		if (!same)
			free(queued);
		return -1;
	}
	/* a client waits for the result, so report it even where the watch had asked first */
	if (conn)
		queued->order.origin = RELOAD_BY_CLIENT;
	if (!same)
		TAILQ_INSERT_TAIL(&reload->queue, queued, link);
	start_next(reload);
	return 0;
}

void reload_cancel(struct reload *reload)
{
	atomic_store(&reload->cancelled, true);
}

/* ---- the beginning and the end ---- */

void reload_init(struct reload *reload, const struct conf *conf, struct served *served, struct events *events)
{
	*reload = (struct reload){.conf = conf, .served = served, .events = events};
	TAILQ_INIT(&reload->queue);
	reload->work.data = reload;
	(void)store_pinned(conf->models, &reload->pinned, NULL); /* stays 0 where the store cannot be read */
}

void reload_free(struct reload *reload)
{
	struct queued_order *queued;

	while ((queued = TAILQ_FIRST(&reload->queue))) {
		TAILQ_REMOVE(&reload->queue, queued, link);
		free_order(queued);
	}
}
