/* shortlist-job.c - builds a shortlist in the pool, and on the loop puts it beside its model. */
#include "config.h"

#include "control/shortlist-job.h"

#include "base/background.h"
#include "base/clock.h"
#include "base/host.h"
#include "base/log.h"

/* Whether the model is no longer served, or the daemon stops. */
static bool is_cancelled(void *ctx)
{
	struct shortlist_job *job = ctx;

	return atomic_load(&job->cancelled) || atomic_load(&job->served->swaps) != job->swaps;
}

static void build(void *ctx)
{
	struct shortlist_job *job = ctx;
	struct animed_host host = host_quiet(job->conf->threads);
	const uint64_t begun = clock_begin();

	host.ctx = job;
	host.cancelled = is_cancelled;
	job->status = shortlist_build(job->model, job->conf, &host, &job->built, &job->error);
	job->took = clock_seconds(begun);
}

static void run(uv_work_t *work)
{
	background_run(build, work->data);
}

static void finish(uv_work_t *work, int status)
{
	struct shortlist_job *job = work->data;
	const unsigned long long version = job->model->version;

	if (is_cancelled(job)) {
		served_discard(job->served, NULL, job->built);
	} else if (status == 0 && job->status == 0) {
		job->served->shortlist = job->built;
		log_write(ANIMED_DEBUG, "neighbours of all items of model %llu: %.0f ms", version, job->took * 1e3);
	} else if (status == 0) {
		log_write(ANIMED_WARN, "model %llu is served without lists of neighbours, its queries take longer: %s",
			  version, job->error.text);
	}
	job->built = NULL;
	model_unref(job->model);
	job->model = NULL;
}

void shortlist_job_start(struct shortlist_job *job, struct served *served, const struct conf *conf)
{
	if (!served->model || served->shortlist || conf->neighbours == 0)
		return;
	job->served = served;
	job->conf = conf;
	job->model = model_ref(served->model);
	job->swaps = atomic_load(&served->swaps);
	job->built = NULL;
	job->work.data = job;
	(void)uv_queue_work(served->loop, &job->work, run, finish); /* fails only without a work function */
}

void shortlist_job_cancel(struct shortlist_job *job)
{
	atomic_store(&job->cancelled, true);
}
