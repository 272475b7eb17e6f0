/* evaluate-model.c - the configured model as a contender.  It is trained on the training ratings alone, folds in test
 * users who have none, and scores all candidates by matrix products. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "evaluate/contender.h"
#include "kit/parallel.h"

struct trained_model {
	const struct animed_model_ops *ops;
	const struct contender_task *task;
	struct animed_train_result result;
	struct animed_factors factors;   /* those of `result`, with other user rows where users are folded in */
	float *user_factors, *user_bias; /* [test users, k] and [test users] of folded-in users, else NULL */
	float *item_factors;             /* [n_candidates, k], the rows of the candidates alone */
};

/* Test user t's row in the factors. */
static uint32_t row_of(const struct trained_model *trained, uint32_t t)
{
	return trained->task->holdout->fold_in ? t : trained->task->holdout->users[t].user;
}

static void close_model(void *arg)
{
	struct trained_model *trained = arg;

	if (trained->result.factors.item_factors)
		trained->ops->release(&trained->result);
	free(trained->user_factors);
	free(trained->user_bias);
	free(trained->item_factors);
	free(trained);
}

static int fold_in(void *ctx, size_t t, unsigned worker, struct animed_error *err)
{
	struct trained_model *trained = ctx;
	const struct holdout *holdout = trained->task->holdout;
	const struct test_user *user = &holdout->users[t];
	struct animed_error why;

	(void)worker;
	if (trained->task->host->cancelled(trained->task->host->ctx))
		return animed_fail(err, "cancelled");
	if (trained->ops->fold_in(&trained->result.factors, user->n_shown, holdout->shown.items + user->shown,
				  holdout->shown.scores + user->shown, trained->user_factors + t * trained->factors.k,
				  &trained->user_bias[t], &why) == 0)
		return 0;
	return animed_fail(err, "a held-out user with %zu ratings cannot be folded in: %s", user->n_shown, why.text);
}

static int fold_in_users(struct trained_model *trained, struct animed_error *err)
{
	const uint32_t n = trained->task->holdout->n_users;

	trained->user_factors = calloc((size_t)n, sizeof(float) * trained->factors.k);
	trained->user_bias = calloc(n, sizeof *trained->user_bias);
	if (!trained->user_factors || !trained->user_bias)
		return animed_fail(err, "not enough memory to fold in %u users", n);
	if (parallel_for(n, trained->task->host->threads, fold_in, trained, err) < 0)
		return -1;
	trained->factors.n_users = n;
	trained->factors.user_factors = trained->user_factors;
	if (trained->factors.user_bias)
		trained->factors.user_bias = trained->user_bias;
	return 0;
}

static int gather_items(struct trained_model *trained, struct animed_error *err)
{
	const struct contender_task *task = trained->task;
	const size_t k = trained->factors.k;

	trained->item_factors = malloc((size_t)task->n_candidates * k * sizeof(float));
	if (!trained->item_factors)
		return animed_fail(err, "not enough memory for the vectors of %u items", task->n_candidates);
	for (uint32_t c = 0; c < task->n_candidates; c++)
		memcpy(trained->item_factors + c * k, trained->factors.item_factors + task->candidates[c] * k,
		       k * sizeof(float));
	return 0;
}

static int open_model(const struct contender *self, const struct contender_task *task, void **out,
		      struct animed_error *err)
{
	struct trained_model *trained = calloc(1, sizeof *trained);

	if (!trained)
		return animed_fail(err, "out of memory");
	trained->task = task;
	trained->ops = self->model->plugin.info->ops.model;
	if (trained->ops->train(self->model->values, &task->holdout->data, task->seed, task->host, &trained->result,
				err) < 0) {
		free(trained);
		return -1;
	}
	trained->factors = trained->result.factors;
	if (gather_items(trained, err) < 0 || (task->holdout->fold_in && fold_in_users(trained, err) < 0)) {
		close_model(trained);
		return -1;
	}
	*out = trained;
	return 0;
}

static void predict_model(const void *arg, uint32_t t, float *predictions)
{
	const struct trained_model *trained = arg;
	const struct test_user *user = &trained->task->holdout->users[t];
	const uint32_t *items = trained->task->holdout->hidden.items + user->hidden;

	for (size_t r = 0; r < user->n_hidden; r++)
		predictions[r] = trained->ops->predict(&trained->factors, row_of(trained, t), items[r]);
}

/* Rank by z without its part that is the same for all items.  The score rises with z, but is cut off at the ends of the
 * range, where many items would be equal. */
static int rank_model(const void *arg, const uint32_t *users, uint32_t n, float *scores, struct animed_error *err)
{
	const struct trained_model *trained = arg;
	const struct animed_factors *factors = &trained->factors;
	const struct contender_task *task = trained->task;

	(void)err;
	for (uint32_t c = 0; c < task->n_candidates; c++)
		scores[c] = factors->item_bias ? factors->item_bias[task->candidates[c]] : 0;
	for (uint32_t u = 1; u < n; u++)
		memcpy(scores + (size_t)u * task->n_candidates, scores, task->n_candidates * sizeof *scores);
	for (uint32_t u = 0, run; u < n; u += run) {
		/* users whose rows follow each other share one product */
		const uint32_t row = row_of(trained, users[u]);
		for (run = 1; u + run < n && row_of(trained, users[u + run]) == row + run;)
			run++;
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)run, (blasint)task->n_candidates,
			    (blasint)factors->k, 1, factors->user_factors + (size_t)row * factors->k,
			    (blasint)factors->k, trained->item_factors, (blasint)factors->k, 1,
			    scores + (size_t)u * task->n_candidates, (blasint)task->n_candidates);
	}
	return 0;
}

const struct animed_factors *contender_model_factors(const void *state)
{
	const struct trained_model *trained = state;

	return &trained->factors;
}

const float *contender_model_user(const void *state, uint32_t t, float *bias)
{
	const struct trained_model *trained = state;
	const uint32_t row = row_of(trained, t);

	*bias = trained->factors.user_bias ? trained->factors.user_bias[row] : 0;
	return trained->factors.user_factors + (size_t)row * trained->factors.k;
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
