/* shortlist-job.c - waits for the threads in one of the pool, and gives the model what they made on the loop. */
#include "config.h"

#include "control/shortlist-job.h"

#include "base/clock.h"
#include "base/host.h"
#include "base/log.h"
#include "control/service.h"

static bool is_cancelled(void *ctx)
{
	struct neighbours_job *job = ctx;

	return atomic_load(&job->cancelled) || atomic_load(&job->model->abandoned);
}

static void run(uv_work_t *work)
{
	struct neighbours_job *job = work->data;
	struct animed_host host = host_quiet(job->conf->threads);
	const uint64_t begun = clock_begin();

	host.ctx = job;
	host.cancelled = is_cancelled;
	job->status = neighbours_build(job->model, job->conf, &host, &job->built, &job->error);
	job->took = clock_seconds(begun);
}

static void finish(uv_work_t *work, int status)
{
	struct neighbours_job *job = work->data;
	struct model *model = job->model;

	if (status == 0 && job->status == 0) {
		model->neighbours = job->built;
		log_write(ANIMED_DEBUG, "neighbours of all items of model %llu: %.0f ms",
			  (unsigned long long)model->version, job->took * 1e3);
	} else if (status == 0 && !is_cancelled(job)) {
		log_write(ANIMED_WARN, "model %llu is served without lists of neighbours, its queries take longer: %s",
			  (unsigned long long)model->version, job->error.text);
	}
	job->model = NULL;
	model->watched = false;
	model_unref(model);
}

void neighbours_start(struct server *server)
{
	struct neighbours_job *job = &server->neighbours;

	if (!server->model || server->model->neighbours || server->conf->neighbours == 0)
		return;
	job->model = model_ref(server->model);
	job->model->watched = true;
	job->conf = server->conf;
	job->built = NULL;
	job->work.data = job;
	(void)uv_queue_work(&server->loop, &job->work, run, finish); /* fails only without a work function */
}

void neighbours_cancel(struct neighbours_job *job)
{
	atomic_store(&job->cancelled, true);
}
