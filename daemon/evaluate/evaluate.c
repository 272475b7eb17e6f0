/* evaluate.c - runs the contenders over a split. */
#include "config.h"

#include "evaluate/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "evaluate/baseline.h"
#include "titles/franchise.h"
#include "train/ndcg.h"

static int make_holdout(const struct dataset *dataset, const struct evaluate_options *options, uint64_t seed,
			struct holdout *out, struct animed_error *err)
{
	switch (options->split) {
	case SPLIT_RANDOM:
		return holdout_random(dataset, options->share, seed, out, err);
	case SPLIT_LEAVE_OUT:
		return holdout_leave_out(dataset, options->leave_out, seed, out, err);
	case SPLIT_USERS:
		return holdout_users(dataset, options->users, options->least, options->share, seed, out, err);
	}
	return -1;
}

/* Count the hidden items that are no candidates.  Returns 0.  On failure returns -1 and fills err. */
static int count_cold(const struct contender_task *task, uint32_t *cold, struct animed_error *err)
{
	const struct animed_ratings *hidden = &task->holdout->hidden;
	uint8_t *seen = calloc((size_t)task->holdout->data.n_items + 1, 1);

	if (!seen)
		return animed_fail(err, "out of memory");
	for (size_t r = 0; r < hidden->n; r++) {
		*cold += task->positions[hidden->items[r]] == NO_CANDIDATE && !seen[hidden->items[r]];
		seen[hidden->items[r]] = 1;
	}
	free(seen);
	return 0;
}

static uint32_t count_users(const struct animed_ratings *ratings)
{
	uint32_t n = 0;

	for (size_t r = 0; r < ratings->n; r = holdout_user_end(ratings, r))
		n++;
	return n;
}

static int collect_facts(const struct contender_task *task, struct evaluate_facts *facts, struct animed_error *err)
{
	const struct holdout *holdout = task->holdout;

	*facts = (struct evaluate_facts){
	    .seed = task->seed,
	    .train = holdout->data.train.n,
	    .hidden = holdout->hidden.n,
	    .relevant = task->relevant_starts[holdout->n_users],
	    .train_users = count_users(&holdout->data.train),
	    .test_users = holdout->n_users,
	    .ranked_users = task->n_ranked,
	    .candidates = task->n_candidates,
	};
	for (uint32_t t = 0; t < holdout->n_users; t++)
		facts->shown += holdout->users[t].n_shown;
	return count_cold(task, &facts->cold, err);
}

/* One run. */
struct run {
	const struct conf *conf;
	const struct dataset *dataset;
	const struct animed_host *host;
	struct contender_task task;
	unsigned number;
	struct evaluation *out;
};

/* Keep the figures of a row of the table. */
static void keep_row(const struct run *run, size_t row, const char *name, const double values[METRICS])
{
	run->out->names[row] = name;
	for (size_t i = 0; i < METRICS; i++)
		run->out->values[row][i][run->number] = values[i];
}

static void tell(const struct run *run, const struct contender *contender)
{
	run->host->log(run->host->ctx, ANIMED_INFO, "measuring %s, seed %llu", contender->name,
		       (unsigned long long)run->task.seed);
}

static int measure_row(const struct run *run, const struct contender *contender, size_t row, struct animed_error *err)
{
	double values[METRICS];

	tell(run, contender);
	if (evaluate_contender(contender, &run->task, run->out->options.top, values, err) < 0)
		return -1;
	keep_row(run, row, contender->name, values);
	return 0;
}

/* Measure the model and, while it is open, the ranking, which may ask for its predictions. */
static int measure_configured(const struct run *run, struct animed_error *err)
{
	const struct contender model = contender_model(&run->conf->model);
	const uint64_t start = clock_begin();
	double values[METRICS];
	void *state;

	tell(run, &model);
	if (model.open(&model, &run->task, &state, err) < 0)
		return -1;
	int status = evaluate_opened(&model, &run->task, state, run->out->options.top, values, err);
	values[METRIC_SECONDS] = clock_seconds(start);
	if (status == 0) {
		const struct contender_ranking_input input = {run->conf, run->dataset, state};
		const struct contender ranking = contender_ranking(&input);
		keep_row(run, EVALUATE_MODEL, model.name, values);
		status = measure_row(run, &ranking, EVALUATE_RANKING, err);
	}
	model.close(state);
	return status;
}

static int measure_all(const struct run *run, struct animed_error *err)
{
	const struct contender *const baselines[EVALUATE_MODEL] = {&baseline_mean, &baseline_bias, &baseline_popularity,
								   &baseline_knn};
	int status = collect_facts(&run->task, &run->out->facts[run->number], err);

	for (size_t row = 0; status == 0 && row < EVALUATE_MODEL; row++)
		status = measure_row(run, baselines[row], row, err);
	return status < 0 ? -1 : measure_configured(run, err);
}

static int run_once(const struct conf *conf, const struct dataset *dataset, const struct animed_items *items,
		    const struct animed_host *host, unsigned number, struct evaluation *out, struct animed_error *err)
{
	struct run run = {.conf = conf, .dataset = dataset, .host = host, .number = number, .out = out};
	const uint64_t seed = out->options.seed + number;
	struct holdout holdout;

	if (make_holdout(dataset, &out->options, seed, &holdout, err) < 0)
		return -1;
	if (isnan(out->options.threshold))
		out->options.threshold = relevant_from((double)holdout.data.score_min, (double)holdout.data.score_max);
	int status = contender_task_prepare(&holdout, host, items, seed, (float)out->options.threshold, &run.task, err);
	if (status == 0)
		status = measure_all(&run, err);
	contender_task_free(&run.task);
	holdout_free(&holdout);
	return status;
}

int evaluate(const struct conf *conf, const struct dataset *dataset, const struct evaluate_options *options,
	     const struct animed_host *host, struct evaluation *out, struct animed_error *err)
{
	const struct catalogue *catalogue = dataset_catalogue(dataset);
	uint32_t *franchises;
	int status = 0;

	*out = (struct evaluation){.options = *options};
	if (franchise_find(catalogue, conf_relations(conf), &franchises, NULL, err) < 0)
		return -1;
	const struct animed_items items = catalogue_items(catalogue, franchises);
	for (unsigned number = 0; status == 0 && number < options->repeat; number++)
		status = run_once(conf, dataset, &items, host, number, out, err);
	free(franchises);
	return status;
}
