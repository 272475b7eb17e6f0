/* evaluate-ranking.c - the configured ranking as a contender.  It learns from the training ratings alone, together with
 * the similarity that it may ask, and is opened without a model file. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/contender.h"
#include "train/ranker.h"

struct learnt_ranking {
	const struct contender_task *task;
	const void *model;
	struct learning learning;
	struct ranker ranker;
};

static void close_ranking(void *arg)
{
	struct learnt_ranking *learnt = arg;

	ranker_close(&learnt->ranker);
	learning_free(&learnt->learning);
	free(learnt);
}

static int open_ranking(const struct contender *self, const struct contender_task *task, void **out,
			struct animed_error *err)
{
	const struct contender_ranking_input *input = self->ranking;
	const struct animed_dataset *data = &task->holdout->data;
	struct learnt_ranking *learnt = calloc(1, sizeof *learnt);

	if (!learnt)
		return animed_fail(err, "out of memory");
	learnt->task = task;
	learnt->model = input->model;
	const struct ranker_input of = {.conf = input->conf,
					.catalogue = dataset_catalogue(input->dataset),
					.data = data,
					.factors = contender_model_factors(input->model),
					.learning = &learnt->learning};
	if (learning_run(input->conf, input->dataset, data, task->host, &learnt->learning, err) < 0 ||
	    ranker_open(&learnt->ranker, &of, task->host, err) < 0) {
		close_ranking(learnt);
		return -1;
	}
	*out = learnt;
	return 0;
}

static int rank_for(const struct learnt_ranking *learnt, uint32_t t, float *values, struct animed_error *err)
{
	const struct animed_ratings *shown = &learnt->task->holdout->shown;
	const struct test_user *user = &learnt->task->holdout->users[t];
	struct ranker_person person = {
	    .n = user->n_shown, .items = shown->items + user->shown, .scores = shown->scores + user->shown};

	if (person.n == 0) { /* all the user's ratings are hidden: there is nothing to recommend by */
		for (uint32_t i = 0; i < learnt->task->holdout->data.n_items; i++)
			values[i] = -INFINITY;
		return 0;
	}
	person.vector = contender_model_user(learnt->model, t, &person.bias);
	return ranker_values(&learnt->ranker, &person, values, err);
}

static int rank_ranking(const void *arg, const uint32_t *users, uint32_t n, float *scores, struct animed_error *err)
{
	const struct learnt_ranking *learnt = arg;
	const struct contender_task *task = learnt->task;
	float *values = malloc(((size_t)task->holdout->data.n_items + 1) * sizeof *values);
	int status = values ? 0 : animed_fail(err, "out of memory");

	for (uint32_t u = 0; status == 0 && u < n; u++, scores += task->n_candidates) {
		status = rank_for(learnt, users[u], values, err);
		for (uint32_t c = 0; status == 0 && c < task->n_candidates; c++)
			scores[c] = values[task->candidates[c]];
	}
	free(values);
	return status;
}

struct contender contender_ranking(const struct contender_ranking_input *input)
{
	return (struct contender){
	    .name = input->conf->ranking.plugin.info->name,
	    .ranking = input,
	    .open = open_ranking,
	    .close = close_ranking,
	    .rank = rank_ranking,
	};
}
