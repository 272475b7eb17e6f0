/* train.c - runs the pipeline from its source to a new version in the store. */
#include "config.h"

#include "train.h"

#include <math.h>
#include <stdlib.h>

#include "log.h"
#include "modelfile.h"
#include "run.h"
#include "store.h"

/* Write what was trained to a draft in the store and make it the current version.  1: a pinned one stays current. */
static int save(const struct conf *conf, const struct dataset *dataset, const struct animed_train_result *result,
		uint64_t *version, struct animed_error *err)
{
	struct store_draft draft;
	char digest[17];
	char *parameters = conf_stage_json(&conf->model);
	const struct animed_ratings ratings = dataset_ratings(dataset);
	uint32_t n_users;

	if (!parameters)
		return animed_fail(err, "out of memory");
	dataset_digest(dataset, digest);
	const struct modelfile_info info = {
	    .variant = conf->model.plugin.info->name,
	    .parameters = parameters,
	    .seed = conf->seed,
	    .dataset_digest = digest,
	    .dataset_ratings = ratings.n,
	    .train_loss = result->train_loss,
	    .valid_loss = result->valid_loss,
	    .epochs = result->epochs,
	    .ratings = {dataset_user_offsets(dataset), ratings.items, ratings.scores},
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

static int train_and_save(const struct conf *conf, const struct dataset *dataset, struct run *run, uint64_t *version,
			  struct animed_error *err)
{
	const struct animed_model_ops *model = conf->model.plugin.info->ops.model;
	struct animed_train_result result;
	struct animed_dataset view;
	struct split *split = NULL;

	if (split_random(dataset, conf->valid_pct, conf->seed, &split, &view, err) < 0)
		return -1;
	log_write(ANIMED_INFO, "training %s on %zu ratings, %zu held out, %u threads", conf->model.plugin.info->name,
		  view.train.n, view.valid.n, run->host.threads);
	int status = model->train(conf->model.values, &view, conf->seed, &run->host, &result, err);
	progress_clear(&run->progress);
	split_free(split);
	if (status < 0)
		return -1;
	if (!isnan(result.valid_loss))
		log_write(ANIMED_INFO, "held-out RMSE %.4f (MSE %.4f)", sqrt(result.valid_loss), result.valid_loss);
	status = run_cancelled(run) ? animed_fail(err, "cancelled") : save(conf, dataset, &result, version, err);
	model->release(&result);
	return status;
}

int train_run(const struct conf *conf, uint64_t *version, struct animed_error *err)
{
	struct run run;
	struct dataset *dataset;

	run_begin(&run, conf->threads);
	int status = run_load(&run, conf, &dataset, err);
	if (status == 0) {
		status = train_and_save(conf, dataset, &run, version, err);
		dataset_free(dataset);
	}
	if (status >= 0) {
		struct animed_error prune;
		log_write(ANIMED_INFO, "model %llu written to %s%s", (unsigned long long)*version, conf->models,
			  status > 0 ? "; another one is pinned and stays current" : "");
		if (store_prune(conf->models, conf->keep, &prune) < 0)
			log_write(ANIMED_WARN, "%s", prune.text);
	}
	run_end(&run);
	return status < 0 ? -1 : 0;
}
