/* train.c - runs the pipeline from its source to a new version in the store. */
#include "config.h"

#include "train.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "modelfile.h"
#include "progress.h"
#include "store.h"

/* Set by the handler; the only state that a signal may touch. */
static volatile sig_atomic_t cancel;

static void on_signal(int number)
{
	(void)number;
	cancel = 1;
}

static bool run_cancelled(void *ctx)
{
	(void)ctx;
	return cancel != 0;
}

static void run_progress(void *ctx, const struct animed_progress *now)
{
	progress_show(ctx, now);
}

static void run_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	va_list ap;

	progress_clear(ctx);
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

/* Write what was trained to a draft in the store and make it the current version. */
static int save(const struct conf *conf, const struct dataset *dataset, const struct animed_train_result *result,
		uint64_t *version, struct animed_error *err)
{
	struct store_draft draft;
	char digest[17];
	char *parameters = conf_stage_json(&conf->model);
	uint32_t n_users;

	if (!parameters)
		return animed_fail(err, "out of memory");
	dataset_digest(dataset, digest);
	const struct modelfile_info info = {
	    .variant = conf->model.plugin.info->name,
	    .parameters = parameters,
	    .seed = conf->seed,
	    .dataset_digest = digest,
	    .dataset_ratings = dataset_ratings(dataset).n,
	    .train_loss = result->train_loss,
	    .valid_loss = result->valid_loss,
	    .epochs = result->epochs,
	};
	int status = store_begin(conf->models, &draft, err);
	if (status == 0) {
		status = modelfile_write(draft.fd, &result->factors, dataset_catalogue(dataset),
					 dataset_users(dataset, &n_users), &info, err);
		if (status == 0)
			status = store_commit(&draft, true, version, err);
		else
			store_abort(&draft);
	}
	free(parameters);
	return status;
}

static int train_and_save(const struct conf *conf, const struct dataset *dataset, const struct animed_host *host,
			  uint64_t *version, struct animed_error *err)
{
	const struct animed_model_ops *model = conf->model.plugin.info->ops.model;
	struct animed_train_result result;
	struct animed_dataset view;
	struct split *split = NULL;

	if (split_random(dataset, conf->valid_pct, conf->seed, &split, &view, err) < 0)
		return -1;
	log_write(ANIMED_INFO, "training %s on %zu ratings, %zu held out, %u threads", conf->model.plugin.info->name,
		  view.train.n, view.valid.n, host->threads);
	int status = model->train(conf->model.values, &view, conf->seed, host, &result, err);
	progress_clear(host->ctx);
	split_free(split);
	if (status < 0)
		return -1;
	if (!isnan(result.valid_loss))
		log_write(ANIMED_INFO, "held-out RMSE %.4f (MSE %.4f)", sqrt(result.valid_loss), result.valid_loss);
	status = cancel ? animed_fail(err, "cancelled") : save(conf, dataset, &result, version, err);
	model->release(&result);
	return status;
}

int train_run(const struct conf *conf, uint64_t *version, struct animed_error *err)
{
	struct progress progress;
	const struct animed_host host = {&progress, run_log, run_progress, run_cancelled, conf->threads};
	struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;
	struct dataset *dataset = NULL;

	progress_init(&progress, stderr, isatty(STDERR_FILENO));
	cancel = 0;
	(void)sigaction(SIGINT, &act, &old_int);
	(void)sigaction(SIGTERM, &act, &old_term);
	int status = dataset_load(&conf->source.plugin, conf->source.values, &conf->dataset, &host, &dataset, err);
	if (status == 0) {
		dataset_log_summary(dataset, &host);
		status = train_and_save(conf, dataset, &host, version, err);
		dataset_free(dataset);
	}
	if (status == 0) {
		struct animed_error prune;
		log_write(ANIMED_INFO, "model %llu written to %s", (unsigned long long)*version, conf->models);
		if (store_prune(conf->models, conf->keep, &prune) < 0)
			log_write(ANIMED_WARN, "%s", prune.text);
	}
	(void)sigaction(SIGINT, &old_int, NULL);
	(void)sigaction(SIGTERM, &old_term, NULL);
	return status;
}
