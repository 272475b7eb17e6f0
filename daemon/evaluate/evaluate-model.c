/* evaluate-model.c - the configured model as a contender: trained on the training part only, test users who are not in
 * it folded in, all candidates scored by matrix products. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "base/parallel.h"
#include "evaluate/contender.h"

struct model_state {
	const struct animed_model_ops *ops;
	const struct task *task;
	struct animed_train_result result;
	struct animed_factors factors;   /* those of `result`; for folded-in users with rows of their own */
	float *user_factors, *user_bias; /* [test users, k] and [test users], of folded-in users */
	float *item_factors;             /* [n_candidates, k]: their rows, side by side */
};

/* Test user t's row in the factors. */
static uint32_t row_of(const struct model_state *state, uint32_t t)
{
	return state->task->holdout->fold_in ? t : state->task->holdout->users[t].user;
}

static void close_model(void *arg)
{
	struct model_state *state = arg;

	if (state->result.factors.item_factors)
		state->ops->release(&state->result);
	free(state->user_factors);
	free(state->user_bias);
	free(state->item_factors);
	free(state);
}

static int fold_in(void *ctx, size_t t, unsigned worker, struct animed_error *err)
{
	struct model_state *state = ctx;
	const struct holdout *holdout = state->task->holdout;
	const struct test_user *user = &holdout->users[t];
	struct animed_error why;

	(void)worker;
	if (state->task->host->cancelled(state->task->host->ctx))
		return animed_fail(err, "cancelled");
	if (state->ops->fold_in(&state->result.factors, user->n_shown, holdout->shown.items + user->shown,
				holdout->shown.scores + user->shown, state->user_factors + t * state->factors.k,
				&state->user_bias[t], &why) == 0)
		return 0;
	return animed_fail(err, "a held-out user with %zu ratings cannot be folded in: %s", user->n_shown, why.text);
}

static int fold_in_users(struct model_state *state, struct animed_error *err)
{
	const uint32_t n = state->task->holdout->n_users;

	state->user_factors = calloc((size_t)n, sizeof(float) * state->factors.k);
	state->user_bias = calloc(n, sizeof *state->user_bias);
	if (!state->user_factors || !state->user_bias)
		return animed_fail(err, "not enough memory to fold in %u users", n);
	if (parallel_for(n, state->task->host->threads, fold_in, state, err) < 0)
		return -1;
	state->factors.n_users = n;
	state->factors.user_factors = state->user_factors;
	if (state->factors.user_bias)
		state->factors.user_bias = state->user_bias;
	return 0;
}

static int gather_items(struct model_state *state, struct animed_error *err)
{
	const struct task *task = state->task;
	const size_t k = state->factors.k;

	state->item_factors = malloc((size_t)task->n_candidates * k * sizeof(float));
	if (!state->item_factors)
		return animed_fail(err, "not enough memory for the vectors of %u items", task->n_candidates);
	for (uint32_t c = 0; c < task->n_candidates; c++)
		memcpy(state->item_factors + c * k, state->factors.item_factors + task->candidates[c] * k,
		       k * sizeof(float));
	return 0;
}

static int open_model(const struct contender *self, const struct task *task, void **out, struct animed_error *err)
{
	struct model_state *state = calloc(1, sizeof *state);

	if (!state)
		return animed_fail(err, "out of memory");
	state->task = task;
	state->ops = self->model->plugin.info->ops.model;
	if (state->ops->train(self->model->values, &task->holdout->data, task->seed, task->host, &state->result, err) <
	    0) {
		free(state);
		return -1;
	}
	state->factors = state->result.factors;
	if (gather_items(state, err) < 0 || (task->holdout->fold_in && fold_in_users(state, err) < 0)) {
		close_model(state);
		return -1;
	}
	*out = state;
	return 0;
}

static void predict_model(const void *arg, uint32_t t, float *predictions)
{
	const struct model_state *state = arg;
	const struct test_user *user = &state->task->holdout->users[t];
	const uint32_t *items = state->task->holdout->hidden.items + user->hidden;

	for (size_t r = 0; r < user->n_hidden; r++)
		predictions[r] = state->ops->predict(&state->factors, row_of(state, t), items[r]);
}

/* By z less what is the same for all items: the score rises with z, but is cut off at the ends of the range, where many
 * items would be equal. */
static void rank_model(const void *arg, const uint32_t *users, uint32_t n, float *scores)
{
	const struct model_state *state = arg;
	const struct animed_factors *factors = &state->factors;
	const struct task *task = state->task;

	for (uint32_t c = 0; c < task->n_candidates; c++)
		scores[c] = factors->item_bias ? factors->item_bias[task->candidates[c]] : 0;
	for (uint32_t u = 1; u < n; u++)
		memcpy(scores + (size_t)u * task->n_candidates, scores, task->n_candidates * sizeof *scores);
	for (uint32_t u = 0, run; u < n; u += run) {
		/* rows that follow each other are one product */
		const uint32_t row = row_of(state, users[u]);
		for (run = 1; u + run < n && row_of(state, users[u + run]) == row + run;)
			run++;
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)run, (blasint)task->n_candidates,
			    (blasint)factors->k, 1, factors->user_factors + (size_t)row * factors->k,
			    (blasint)factors->k, state->item_factors, (blasint)factors->k, 1,
			    scores + (size_t)u * task->n_candidates, (blasint)task->n_candidates);
	}
}

struct contender contender_model(const struct conf_stage *model)
{
	return (struct contender){
	    .name = model->plugin.info->name,
	    .model = model,
	    .open = open_model,
	    .close = close_model,
	    .predict = predict_model,
	    .rank = rank_model,
	};
}
