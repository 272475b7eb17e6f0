/* baseline.c - the baselines without neighbours: mean, bias-only and popularity. */
#include "config.h"

#include "evaluate/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float biases_clamp(const struct holdout *holdout, float score)
{
	return fminf(fmaxf(score, holdout->data.score_min), holdout->data.score_max);
}

void biases_free(struct biases *biases)
{
	free(biases->item);
	free(biases->user);
	*biases = (struct biases){.item = NULL}; /* whoever failed to fit it frees it once more */
}

static int fit_items(const struct holdout *holdout, struct biases *out)
{
	const struct animed_ratings *train = &holdout->data.train;
	const uint32_t n_items = holdout->data.n_items;
	double *sums = calloc(n_items + 1, sizeof *sums), sum = 0;
	uint32_t *counts = calloc(n_items + 1, sizeof *counts);
	const int status = sums && counts ? 0 : -1;

	for (size_t r = 0; r < train->n; r++)
		sum += (double)train->scores[r];
	out->mean = (float)(sum / (double)train->n);
	for (size_t r = 0; status == 0 && r < train->n; r++) {
		sums[train->items[r]] += (double)(train->scores[r] - out->mean);
		counts[train->items[r]]++;
	}
	for (uint32_t i = 0; status == 0 && i < n_items; i++)
		out->item[i] = (float)(sums[i] / (counts[i] + BIAS_ITEM_SHRINK));
	free(sums);
	free(counts);
	return status;
}

int biases_fit(const struct holdout *holdout, struct biases *out, struct animed_error *err)
{
	const struct animed_ratings *shown = &holdout->shown;

	*out = (struct biases){
	    .item = calloc(holdout->data.n_items + 1, sizeof *out->item),
	    .user = calloc(holdout->n_users + 1, sizeof *out->user),
	};
	if (!out->item || !out->user || fit_items(holdout, out) < 0) {
		biases_free(out);
		return animed_fail(err, "not enough memory for the biases");
	}
	for (uint32_t t = 0; t < holdout->n_users; t++) {
		const struct test_user *user = &holdout->users[t];
		double sum = 0;
		for (size_t r = user->shown; r < user->shown + user->n_shown; r++)
			sum += (double)(shown->scores[r] - out->mean - out->item[shown->items[r]]);
		out->user[t] = (float)(sum / ((double)user->n_shown + BIAS_USER_SHRINK));
	}
	return 0;
}

/* What `mean` and `bias-only` learn. */
struct fitted_biases {
	const struct contender_task *task;
	struct biases biases;
};

static int open_biases(const struct contender *self, const struct contender_task *task, void **out,
		       struct animed_error *err)
{
	struct fitted_biases *fitted = calloc(1, sizeof *fitted);

	(void)self;
	if (!fitted)
		return animed_fail(err, "out of memory");
	fitted->task = task;
	if (biases_fit(task->holdout, &fitted->biases, err) < 0) {
		free(fitted);
		return -1;
	}
	*out = fitted;
	return 0;
}

static void close_biases(void *arg)
{
	struct fitted_biases *fitted = arg;

	biases_free(&fitted->biases);
	free(fitted);
}

static void predict_mean(const void *arg, uint32_t t, float *predictions)
{
	const struct fitted_biases *fitted = arg;

	for (size_t r = 0; r < fitted->task->holdout->users[t].n_hidden; r++)
		predictions[r] = fitted->biases.mean;
}

static void predict_bias(const void *arg, uint32_t t, float *predictions)
{
	const struct fitted_biases *fitted = arg;
	const struct biases *biases = &fitted->biases;
	const struct holdout *holdout = fitted->task->holdout;
	const struct test_user *user = &holdout->users[t];

	for (size_t r = 0; r < user->n_hidden; r++) {
		const uint32_t item = holdout->hidden.items[user->hidden + r];
		predictions[r] = biases_clamp(holdout, biases->mean + biases->item[item] + biases->user[t]);
	}
}

static int rank_bias(const void *arg, const uint32_t *users, uint32_t n, float *scores, struct animed_error *err)
{
	const struct fitted_biases *fitted = arg;
	const struct contender_task *task = fitted->task;

	(void)users;
	(void)err;
	for (uint32_t u = 0; u < n; u++) {
		for (uint32_t c = 0; c < task->n_candidates; c++)
			scores[(size_t)u * task->n_candidates + c] = fitted->biases.item[task->candidates[c]];
	}
	return 0;
}

const struct contender baseline_mean = {
    .name = "mean",
    .open = open_biases,
    .close = close_biases,
    .predict = predict_mean,
};

const struct contender baseline_bias = {
    .name = "bias-only",
    .open = open_biases,
    .close = close_biases,
    .predict = predict_bias,
    .rank = rank_bias,
};

struct popularity {
	uint32_t n_candidates;
	float scores[]; /* [n_candidates]; a float counts to 2^24 exactly, and beyond that nearly */
};

static int open_popularity(const struct contender *self, const struct contender_task *task, void **out,
			   struct animed_error *err)
{
	const struct animed_ratings *train = &task->holdout->data.train;
	struct popularity *popularity = calloc(1, sizeof *popularity + task->n_candidates * sizeof *popularity->scores);

	(void)self;
	if (!popularity)
		return animed_fail(err, "out of memory");
	popularity->n_candidates = task->n_candidates;
	for (size_t r = 0; r < train->n; r++) {
		if (train->scores[r] >= task->threshold)
			popularity->scores[task->positions[train->items[r]]]++;
	}
	*out = popularity;
	return 0;
}

static int rank_popularity(const void *arg, const uint32_t *users, uint32_t n, float *scores, struct animed_error *err)
{
	const struct popularity *popularity = arg;

	(void)users;
	(void)err;
	for (uint32_t u = 0; u < n; u++)
		memcpy(scores + (size_t)u * popularity->n_candidates, popularity->scores,
		       popularity->n_candidates * sizeof *popularity->scores);
	return 0;
}

const struct contender baseline_popularity = {
    .name = "popularity",
    .open = open_popularity,
    .close = free,
    .rank = rank_popularity,
};
