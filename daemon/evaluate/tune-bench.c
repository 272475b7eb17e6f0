/* tune-bench.c - measures trials by training them, and shows the progress of the search. */
#include "config.h"

#include "evaluate/tune-bench.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

static double now_seconds(void)
{
	return clock_seconds(0);
}

/* ---- the host of the trainings: their log is forwarded, their progress moves the bar of the search ---- */

static double share_of(const struct tune_run *tune, const struct tune_job *job)
{
	return tune->bench.share[job->rung];
}

/* Show a bar of the whole search: of its work or of its time, whichever is further. */
static void show_progress(void *ctx, const struct animed_progress *now)
{
	struct tune_run *tune = ctx;
	const double training = now->epochs > 0 ? (now->epoch + now->fraction) / now->epochs : 0;
	double work = 0, elapsed = 0;
	char label[80], best[24] = "";

	if (tune->cost > 0)
		work = (tune->done + fmin(training, 1) * share_of(tune, &tune->job)) / tune->cost;
	if (isfinite(tune->deadline))
		elapsed = (now_seconds() - tune->begun) / (tune->deadline - tune->begun);
	if (isfinite(tune->best))
		(void)snprintf(best, sizeof best, ", best %.4f", tune->best);
	if (tune->job.second)
		(void)snprintf(label, sizeof label, "final, trial %zu%s", tune->job.trial + 1, best);
	else if (tune->wish.trials > 0)
		(void)snprintf(label, sizeof label, "trial %zu/%zu%s", tune->job.trial + 1, tune->wish.trials, best);
	else
		(void)snprintf(label, sizeof label, "trial %zu%s", tune->job.trial + 1, best);
	progress_bar(&tune->foreground->progress, label, fmin(fmax(work, elapsed), 1));
}

/* Whether there is time for this job and the final.  Time does not cut the final short: without it the search would
 * have been for nothing. */
static bool has_time(const struct tune_run *tune, const struct tune_job *job)
{
	const double final = tune->whole_seconds * (TUNE_FINALISTS + 1);

	return job->second || job->trial == 0 || now_seconds() + final < tune->deadline;
}

static bool is_cancelled(void *ctx)
{
	const struct tune_run *tune = ctx;

	return foreground_cancelled(tune->foreground) || !has_time(tune, &tune->job);
}

/* ---- a trial ---- */

static void tell(struct tune_run *tune, const struct tune_job *job, const struct tune_score *score)
{
	const struct animed_host *host = &tune->foreground->host;
	const bool whole = job->rung + 1 == tune->bench.rungs, better = whole && score->rmse < tune->best;

	if (!job->second && better)
		tune->best = score->rmse;
	/* on a terminal, which shows a bar, a line is written only of a new best */
	if (tune->foreground->progress.terminal && !(better && !job->second))
		return;
	host->log(host->ctx, ANIMED_INFO, "trial %zu%s: RMSE %.4f on %.0f%% of the users%s, %.2f s", job->trial + 1,
		  job->trial == 0 ? ", the configuration" : "", score->rmse, share_of(tune, job) * 100,
		  job->second ? ", second split" : "", score->seconds);
}

static int train_trial(struct tune_run *tune, const struct tune_job *job, struct tune_score *score,
		       struct animed_error *err)
{
	const struct animed_model_ops *model = tune->conf->model.plugin.info->ops.model;
	const struct animed_dataset *data =
	    job->rung < tune->n_samples ? &tune->samples[job->rung].view : &tune->views[job->second];
	const uint64_t seed = tune->wish.seed + job->second;
	const double begun = now_seconds();
	struct animed_train_result result;

	if (model->train(job->values, data, seed, &tune->relay.host, &result, err) < 0)
		return -1;
	*score = (struct tune_score){sqrt(result.valid_loss), result.epochs, result.best_epoch, now_seconds() - begun};
	model->release(&result);
	return data->valid.n > 0 ? 0 : animed_fail(err, "these users have no held-out ratings");
}

static int measure(void *ctx, const struct tune_job *job, struct tune_score *score, struct animed_error *err)
{
	struct tune_run *tune = ctx;

	tune->job = *job;
	if (is_cancelled(tune))
		return 1;
	if (job->second && !tune->splits[1] &&
	    split_random(tune->dataset, tune->conf->valid_pct, tune->wish.seed + 1, &tune->splits[1], &tune->views[1],
			 err) < 0)
		return -1;
	const int status = train_trial(tune, job, score, err);
	/* a trial that was cut off is not counted as failed */
	if (status < 0 && is_cancelled(tune))
		return 1;
	tune->done += share_of(tune, job);
	if (status < 0) {
		tune->foreground->host.log(tune->foreground->host.ctx, ANIMED_WARN, "trial %zu failed: %s",
					   job->trial + 1, err->text);
		return -1;
	}
	if (job->rung + 1 == tune->bench.rungs)
		tune->whole_seconds = fmax(tune->whole_seconds, score->seconds);
	tell(tune, job, score);
	return 0;
}

/* ---- the search ---- */

/* Take the samples that are large enough for a rung of their own; the last rung is all users. */
static int take_samples(struct tune_run *tune, struct animed_error *err)
{
	static const double shares[] = {1.0 / 9, 1.0 / 3};
	const struct animed_dataset *whole = &tune->views[0];

	tune->bench.rungs = 0;
	for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
		if ((double)whole->train.n * shares[s] < TUNE_LEAST_RATINGS)
			continue;
		if (user_sample_take(&tune->samples[tune->n_samples], whole, shares[s], tune->wish.seed, err) < 0)
			return -1;
		tune->n_samples++;
		tune->bench.share[tune->bench.rungs++] = shares[s];
	}
	tune->bench.share[tune->bench.rungs++] = 1;
	return 0;
}

int tune_run(struct tune_run *tune, const struct conf *conf, const struct tune_space *space,
	     const struct tune_wish *wish, struct foreground *foreground, struct animed_error *err)
{
	*tune = (struct tune_run){
	    .bench = {.ctx = tune, .measure = measure},
	    .search = {.space = space, .bench = &tune->bench, .seed = wish->seed, .max_trials = wish->trials},
	    .conf = conf,
	    .wish = *wish,
	    .foreground = foreground,
	    .best = INFINITY,
	};
	foreground_begin(foreground, conf->threads);
	host_forward(&tune->relay, &foreground->host);
	tune->relay.host.progress = show_progress;
	tune->relay.host.cancelled = is_cancelled;
	if (foreground_load(foreground, conf, &tune->dataset, err) < 0 ||
	    split_random(tune->dataset, conf->valid_pct, wish->seed, &tune->splits[0], &tune->views[0], err) < 0 ||
	    take_samples(tune, err) < 0)
		return -1;
	if (tune->views[0].valid.n == 0)
		return animed_fail(err, "nothing is held out to measure with: train.valid_pct is %g of %zu ratings",
				   conf->valid_pct, tune->views[0].train.n);
	tune->begun = now_seconds();
	tune->deadline = wish->seconds > 0 ? tune->begun + wish->seconds : INFINITY;
	tune->cost = tune_search_cost(&tune->search);
	const int status = tune_search(&tune->search, err);
	if (status < 0 && foreground_cancelled(foreground))
		return animed_fail(err, "cancelled before anything was measured");
	return status;
}

void tune_run_free(struct tune_run *tune)
{
	tune_search_free(&tune->search);
	for (size_t p = 0; p < tune->n_samples; p++)
		user_sample_free(&tune->samples[p]);
	for (size_t s = 0; s < 2; s++)
		split_free(tune->splits[s]);
	dataset_free(tune->dataset);
	foreground_end(tune->foreground);
}
