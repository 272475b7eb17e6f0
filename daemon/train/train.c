/* train.c - runs the pipeline from its source to a new version in the store. */
#include "config.h"

#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/param-read.h"
#include "data/dataset.h"
#include "data/source-key.h"
#include "report/report.h"
#include "store/modelfile.h"
#include "store/store.h"
#include "train/foreground.h"
#include "train/heldout.h"
#include "train/learn.h"

struct training {
	const struct conf *conf;
	const struct train_options *options;
	char source_hash[SOURCE_HASH_SIZE];
};

/* What a model file is made of: the model that was measured on the split, the model that is served, and what was learnt
 * beside it. */
struct served_parts {
	const struct animed_train_result *measured, *model;
	struct heldout heldout; /* the ranking, measured on the split */
	struct learning learning;
};

/* Returns where the favourites of each user begin, [n_users + 1]; the caller frees it with free().  NULL: out of
 * memory. */
static uint64_t *favourite_offsets(const struct animed_favourites *favourites, uint32_t n_users)
{
	uint64_t *offsets = malloc(((size_t)n_users + 1) * sizeof *offsets);
	size_t f = 0;

	for (uint32_t u = 0; offsets && u <= n_users; u++) {
		while (f < favourites->n && favourites->users[f] < u)
			f++;
		offsets[u] = f;
	}
	return offsets;
}

/* Write what was trained to a draft in the store and make it the current version.  Returns 0, or 1 where a pinned
 * version stays current.  On failure returns -1 and fills err. */
static int save(const struct training *training, const struct dataset *dataset, const struct served_parts *parts,
		uint64_t *version, struct animed_error *err)
{
	const struct conf *conf = training->conf;
	struct store_draft draft;
	char digest[DIGEST_SIZE];
	char *parameters = conf_stage_json(&conf->model);
	const struct animed_ratings ratings = dataset_ratings(dataset);
	const struct animed_favourites favourites = dataset_favourites(dataset);
	uint32_t n_users;
	const struct animed_strings *users = dataset_users(dataset, &n_users);
	uint64_t *liked = favourite_offsets(&favourites, n_users);
	int status = parameters && liked ? dataset_digest(dataset, digest, err) : animed_fail(err, "out of memory");

	if (status < 0) {
		free(parameters);
		free(liked);
		return -1;
	}
	const struct modelfile_info info = {
	    .variant = conf->model.plugin.info->name,
	    .parameters = parameters,
	    .seed = conf->seed,
	    .valid_pct = conf->valid_pct,
	    .source_fingerprint = training->source_hash,
	    .dataset_digest = digest,
	    .dataset_ratings = ratings.n,
	    .train_loss = parts->measured->train_loss,
	    .valid_loss = parts->measured->valid_loss,
	    .ndcg = parts->heldout.ndcg,
	    .ndcg_error = parts->heldout.error,
	    .ranking = conf->ranking.plugin.info->name,
	    .epochs = parts->measured->epochs,
	    .ratings = {dataset_user_offsets(dataset), ratings.items, ratings.scores},
	    .favourites = {favourites.n > 0 ? liked : NULL, favourites.items},
	    .learnt = parts->learning.parts,
	    .n_learnt = parts->learning.n,
	    .learnt_parameters = parts->learning.parameters,
	};
	status = store_begin(conf->models, &draft, err);
	if (status == 0) {
		status = modelfile_write(draft.file.fd, &parts->model->factors, dataset_catalogue(dataset), users,
					 &info, err);
		if (status == 0)
			status = store_commit(&draft, !training->options->aside, version, err);
		else
			store_abort(&draft);
	}
	free(parameters);
	free(liked);
	return status;
}

static void no_progress(void *ctx, const struct animed_progress *progress)
{
	(void)ctx;
	(void)progress;
}

/* Returns all ratings of the dataset as a view with nothing held out. */
static struct animed_dataset whole(const struct dataset *dataset, const struct animed_dataset *view)
{
	struct animed_dataset all = *view;

	all.train = dataset_ratings(dataset);
	all.valid.n = 0;
	return all;
}

/* Train the model once more, on all ratings, for as many epochs as were best when it was measured.  A model that is
 * served must know the ratings that were held out, too: thin shows would lose the only ratings they have. */
static int refit(const struct training *training, const struct animed_dataset *all,
		 const struct animed_train_result *measured, const struct animed_host *host,
		 struct animed_train_result *result, struct animed_error *err)
{
	const struct conf_stage *stage = &training->conf->model;
	const struct animed_param *table = stage->plugin.info->params;
	const size_t n = params_count(table);
	struct animed_value *values = malloc((n + 1) * sizeof *values);
	struct animed_host quiet = *host;

	if (!values)
		return animed_fail(err, "out of memory");
	for (size_t i = 0; i < n; i++) {
		values[i] = stage->values[i];
		if (strcmp(table[i].name, "epochs") == 0 && table[i].type == ANIMED_INT)
			values[i] = (struct animed_value){.set = true, .integer = measured->best_epoch + 1};
	}
	quiet.progress = no_progress;
	host->log(host->ctx, ANIMED_INFO, "training %s once more, on all %zu ratings", stage->plugin.info->name,
		  all->train.n);
	const int status = stage->plugin.info->ops.model->train(values, all, training->conf->seed, &quiet, result, err);
	free(values);
	return status;
}

/* Measure the ranking on the split, where something is held out, and tell of it. */
static int measure_ranking(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
			   const struct animed_factors *factors, const struct animed_host *host,
			   struct heldout *heldout, struct animed_error *err)
{
	const uint64_t begun = clock_begin();

	if (view->valid.n == 0) {
		*heldout = (struct heldout){.ndcg = NAN};
		return 0;
	}
	if (heldout_measure(conf, dataset, view, factors, host, heldout, err) < 0)
		return -1;
	if (heldout->users > 0)
		host->log(host->ctx, ANIMED_INFO,
			  "held-out NDCG@10 of %s %.3f, of popularity %.3f (%u users, the %u most-rated items, %.2f s)",
			  conf->ranking.plugin.info->name, heldout->ndcg, heldout->popularity, heldout->users,
			  heldout->items, clock_seconds(begun));
	return 0;
}

/* Train what is served, on all ratings unless the configuration wants the split, and write it.  Returns as save()
 * does. */
static int serve_and_save(const struct training *training, const struct dataset *dataset,
			  const struct animed_dataset *view, const struct animed_train_result *measured,
			  const struct animed_host *host, uint64_t *version, struct animed_error *err)
{
	const struct conf *conf = training->conf;
	const bool again = conf->refit && view->valid.n > 0;
	const struct animed_dataset all = whole(dataset, view);
	struct served_parts parts = {.measured = measured, .model = measured};
	struct animed_train_result refitted;
	int status = measure_ranking(conf, dataset, view, &measured->factors, host, &parts.heldout, err);

	if (status == 0 && again)
		status = refit(training, &all, measured, host, &refitted, err);
	if (status < 0)
		return -1;
	if (again)
		parts.model = &refitted;
	status = learning_run(conf, dataset, again ? &all : view, host, &parts.learning, err);
	if (status == 0)
		status = host->cancelled(host->ctx) ? animed_fail(err, "cancelled")
						    : save(training, dataset, &parts, version, err);
	learning_free(&parts.learning);
	if (again)
		conf->model.plugin.info->ops.model->release(&refitted);
	return status;
}

/* Train on `view` of the dataset and write the model.  Returns as save() does. */
static int train_and_save(const struct training *training, const struct dataset *dataset,
			  const struct animed_dataset *view, struct recorder *recorder, uint64_t *version,
			  struct animed_error *err)
{
	const struct conf *conf = training->conf;
	const char *report = training->options->report;
	const struct animed_model_ops *model = conf->model.plugin.info->ops.model;
	const struct animed_host *host = &recorder->relay.host;
	struct animed_train_result result;

	host->log(host->ctx, ANIMED_INFO, "training %s on %zu ratings, %zu held out, %u threads",
		  conf->model.plugin.info->name, view->train.n, view->valid.n, host->threads);
	if (model->train(conf->model.values, view, conf->seed, host, &result, err) < 0)
		return -1;
	if (!isnan(result.valid_loss))
		host->log(host->ctx, ANIMED_INFO, "held-out RMSE %.4f (MSE %.4f)", sqrt(result.valid_loss),
			  result.valid_loss);
	int status = host->cancelled(host->ctx) ? animed_fail(err, "cancelled")
						: serve_and_save(training, dataset, view, &result, host, version, err);
	if (status >= 0)
		host->log(host->ctx, ANIMED_INFO, "model %llu written to %s%s", (unsigned long long)*version,
			  conf->models, status > 0 ? "; another one is pinned and stays current" : "");
	if (status >= 0 && report && report_write(report, conf, dataset, view, &result, recorder, *version, err) < 0)
		status = -1;
	model->release(&result);
	return status;
}

int train_run(const struct conf *conf, const struct animed_host *host, const struct train_options *options,
	      uint64_t *version, struct animed_error *err)
{
	struct training training = {conf, options, ""};
	struct animed_error prune;
	struct animed_dataset view;
	struct dataset *dataset;
	struct recorder recorder;
	struct split *split;

	*version = 0;
	/* hashed before the files are read, so that a change meanwhile is seen as one by the next training */
	if (source_hash(&conf->source, &conf->dataset, training.source_hash, err) < 0)
		return -1;
	if (dataset_load(&conf->source, &conf->dataset, host, &dataset, err) < 0)
		return -1;
	dataset_log_summary(dataset, host);
	recorder_begin(&recorder, host);
	const uint64_t start = clock_begin();
	int status = split_random(dataset, conf->valid_pct, conf->seed, &split, &view, err);
	if (status == 0) {
		host->log(host->ctx, ANIMED_INFO, "split in %.2f s", clock_seconds(start));
		status = train_and_save(&training, dataset, &view, &recorder, version, err);
		split_free(split);
	}
	recorder_free(&recorder);
	dataset_free(dataset);
	if (*version != 0 && store_prune(conf->models, conf->keep, &prune) < 0)
		host->log(host->ctx, ANIMED_WARN, "%s", prune.text);
	return status < 0 ? -1 : 0;
}

int train_foreground(const struct conf *conf, const struct train_options *options, uint64_t *version,
		     struct animed_error *err)
{
	struct foreground foreground;

	foreground_begin(&foreground, conf->threads);
	int status = train_run(conf, &foreground.host, options, version, err);
	foreground_end(&foreground);
	return status;
}
