/* factors.c - the factor model behind all variants: parameters, training, prediction and folding in. */
#include "config.h"

#include "factors/factors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <f77blas.h>

#include "factors/optim.h"

enum { P_OPTIMIZER, P_FACTORS, P_EPOCHS, P_LEARNING_RATE, P_WEIGHT_DECAY, P_Y_RANGE, P_PATIENCE, P_END };

const struct animed_param factors_params[] = {
    [P_OPTIMIZER] = {"optimizer", ANIMED_ENUM, "sgd", 0, 0, "sgd|notebook", 0,
		     "sgd: fast, biases from the data, scores clamped to their range; notebook: fastai's Adam and "
		     "one-cycle, scores through a sigmoid"},
    [P_FACTORS] = {"factors", ANIMED_INT, NULL, 1, 1024, NULL, ANIMED_TUNABLE,
		   "length of the user and item vectors; default 128 for sgd, 50 for notebook"},
    [P_EPOCHS] = {"epochs", ANIMED_INT, NULL, 1, 1000, NULL, ANIMED_TUNABLE, "passes over the ratings; default 12"},
    [P_LEARNING_RATE] = {"learning_rate", ANIMED_REAL, NULL, 1e-6, 1, NULL, ANIMED_TUNABLE,
			 "the largest step of the schedule; default 0.05 for sgd, 0.001 for notebook"},
    [P_WEIGHT_DECAY] = {"weight_decay", ANIMED_REAL, NULL, 0, 1, NULL, ANIMED_TUNABLE,
			"regularisation; default 0.06 for sgd (each step), 0.01 for notebook (decoupled)"},
    [P_Y_RANGE] = {"y_range", ANIMED_RANGE, NULL, -1e6, 1e6, NULL, 0,
		   "the range of the sigmoid, for notebook; default: a little more than that of the scores, [0, 10.5] "
		   "for 1 to 10"},
    [P_PATIENCE] =
	{"patience", ANIMED_INT, "0", 0, 1000, NULL, 0,
	 "stop after so many epochs without a better held-out loss, and keep the best epoch; 0: never, and keep "
	 "the last"},
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

static bool is_notebook(const struct animed_value *values)
{
	return values[P_OPTIMIZER].set && strcmp(values[P_OPTIMIZER].string, "notebook") == 0;
}

static void complete_int(struct animed_value *value, int64_t usual)
{
	if (!value->set)
		*value = (struct animed_value){.set = true, .integer = usual};
}

static void complete_real(struct animed_value *value, double usual)
{
	if (!value->set)
		*value = (struct animed_value){.set = true, .real = usual};
}

void factors_complete(struct animed_value *values)
{
	const bool notebook = is_notebook(values);

	complete_int(&values[P_FACTORS], notebook ? 50 : 128);
	complete_int(&values[P_EPOCHS], 12);
	complete_real(&values[P_LEARNING_RATE], notebook ? 1e-3 : 0.05);
	complete_real(&values[P_WEIGHT_DECAY], notebook ? 0.01 : 0.06);
}

/* The steps of the optimisers are for scales of this range, that of 1 to 10: the gradient of a factor grows with the
 * scores, so that it overflows on 0 to 100 and learns little on 0 to 1.  So scores of another range are brought to it, and the factors
 * back, and the same ratings on any scale are learnt alike. */
#define USUAL_RANGE 9.0F

/* The unit in which scores of this range have the usual one.  What differs from it by no more than rounding, or where all
 * scores are the same, stays as it is. */
static float unit_for(float range)
{
	const float unit = range / USUAL_RANGE;

	return range > 0 && fabsf(unit - 1) > 1e-6F ? unit : 1;
}

/* The range of the sigmoid where none is set: a sigmoid reaches its ends nowhere, so that they lie a little outside of the
 * scores, as the notebook's 0 and 10.5 do for 1 to 10. */
static struct animed_scale default_sigmoid(const struct animed_dataset *data)
{
	const float range = data->score_max > data->score_min ? data->score_max - data->score_min : USUAL_RANGE;

	return (struct animed_scale){ANIMED_SIGMOID, data->score_min - range / 9, data->score_max + range / 18, 0};
}

/* Read the values into `fit`.  Returns true where they ask for the optimiser of the notebook. */
static bool read_values(struct fit *fit, const struct animed_value *given)
{
	struct animed_value values[P_END];
	const bool notebook = is_notebook(given);

	memcpy(values, given, sizeof values);
	factors_complete(values);
	fit->k = (uint32_t)values[P_FACTORS].integer;
	fit->epochs = (int)values[P_EPOCHS].integer;
	fit->learning_rate = values[P_LEARNING_RATE].real;
	fit->weight_decay = values[P_WEIGHT_DECAY].real;
	fit->patience = (int)values[P_PATIENCE].integer;
	fit->width = kernel_width(fit->k);
	fit->scale = (struct animed_scale){ANIMED_IDENTITY, fit->data->score_min, fit->data->score_max, 0};
	if (notebook)
		fit->scale = values[P_Y_RANGE].set
				 ? (struct animed_scale){ANIMED_SIGMOID, (float)values[P_Y_RANGE].range[0],
							 (float)values[P_Y_RANGE].range[1], 0}
				 : default_sigmoid(fit->data);
	return notebook;
}

/* Move rows from `width` floats apart to k floats apart, in place. */
static void compact(float *rows, uint32_t n, uint32_t width, uint32_t k)
{
	for (uint32_t i = 1; i < n && width != k; i++)
		memmove(rows + (size_t)i * k, rows + (size_t)i * width, k * sizeof *rows);
}

/* Whether all values are finite: a value that is not, times 0, is NaN.  There is a sum for each lane of a vector, since
 * one sum alone waits for itself, which took a twentieth of a training run on two threads. */
static bool all_finite(const float *values, size_t n)
{
	float sums[KERNEL_LANES] = {0};
	size_t i = 0;
	bool finite = true;

	for (; i + KERNEL_LANES <= n; i += KERNEL_LANES) {
		for (size_t lane = 0; lane < KERNEL_LANES; lane++)
			sums[lane] += values[i + lane] * 0;
	}
	for (; i < n; i++)
		sums[0] += values[i] * 0;
	for (size_t lane = 0; lane < KERNEL_LANES; lane++)
		finite = finite && sums[lane] == 0;
	return finite;
}

/* Refuse a result that is not finite: a learning rate that is too high overflows. */
static int check_trained(const struct fit *fit, struct animed_error *err)
{
	const size_t users = fit->data->n_users, items = fit->data->n_items;

	if (all_finite(fit->P, users * fit->width) && all_finite(fit->Q, items * fit->width) &&
	    all_finite(fit->bu, users) && all_finite(fit->bi, items))
		return 0;
	return animed_fail(err, "training diverged: the factors are not finite; lower learning_rate (it was %g)",
			   fit->learning_rate);
}

/* A dataset with scores in other units.  Freed with free(scores). */
struct rescaled {
	struct animed_dataset data;
	float *scores; /* [train.n + valid.n] */
};

static void rescale_part(struct animed_ratings *ratings, float *to, float unit)
{
	for (size_t r = 0; r < ratings->n; r++)
		to[r] = ratings->scores[r] / unit;
	ratings->scores = to;
}

/* Bring the scores to the usual range.  Returns -1 where memory is short. */
static int rescale(struct fit *fit, struct rescaled *rescaled)
{
	const float unit = unit_for(fit->data->score_max - fit->data->score_min);

	*rescaled = (struct rescaled){.data = *fit->data};
	if (unit == 1)
		return 0;
	rescaled->scores = malloc((fit->data->train.n + fit->data->valid.n + 1) * sizeof *rescaled->scores);
	if (!rescaled->scores)
		return -1;
	rescale_part(&rescaled->data.train, rescaled->scores, unit);
	rescale_part(&rescaled->data.valid, rescaled->scores + fit->data->train.n, unit);
	rescaled->data.score_min /= unit;
	rescaled->data.score_max /= unit;
	fit->scale.low /= unit;
	fit->scale.high /= unit;
	fit->unit = (double)unit;
	fit->data = &rescaled->data;
	return 0;
}

static void multiply(float *values, size_t n, double by)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (float)((double)values[i] * by);
}

/* Bring the factors and biases back to the unit of the scores. */
static void restore_factors(struct fit *fit, size_t users, size_t items)
{
	multiply(fit->P, users * fit->width, sqrt(fit->unit));
	multiply(fit->Q, items * fit->width, sqrt(fit->unit));
	multiply(fit->bu, users, fit->unit);
	multiply(fit->bi, items, fit->unit);
}

/* Bring what was trained back to the unit of the scores of `data`, and to the scale that there was before.  Through a
 * sigmoid the factors have no unit. */
static void restore(struct fit *fit, const struct animed_dataset *data, struct animed_scale scale)
{
	if (scale.link == ANIMED_IDENTITY)
		restore_factors(fit, data->n_users, data->n_items);
	fit->scale.low = scale.low;
	fit->scale.high = scale.high;
	fit->scale.global_mean = (float)((double)fit->scale.global_mean * fit->unit);
	fit->best.train_loss *= fit->unit * fit->unit;
	fit->best.valid_loss *= fit->unit * fit->unit;
	fit->data = data;
}

/* Hand the factors of the best epoch over to the result. */
static void hand_over(struct fit *fit, struct animed_train_result *result)
{
	const struct animed_dataset *data = fit->data;

	compact(fit->P, data->n_users, fit->width, fit->k);
	compact(fit->Q, data->n_items, fit->width, fit->k);
	*result = (struct animed_train_result){
	    .factors = {data->n_users, data->n_items, fit->k, fit->P, fit->Q, fit->biased ? fit->bu : NULL,
			fit->biased ? fit->bi : NULL, fit->scale},
	    .epochs = fit->epochs_run,
	    .best_epoch = fit->best.epoch,
	    .train_loss = fit->best.train_loss,
	    .valid_loss = fit->best.valid_loss,
	};
	fit->P = fit->Q = NULL;
	if (fit->biased)
		fit->bu = fit->bi = NULL;
}

/* Refuse scores that are not finite.  The daemon hands none over; another host might. */
static int check_scores(const struct animed_ratings *ratings, struct animed_error *err)
{
	if (all_finite(ratings->scores, ratings->n))
		return 0;
	for (size_t r = 0; r < ratings->n; r++) {
		if (!isfinite(ratings->scores[r]))
			return animed_fail(
			    err,
			    "the score of user number %u for item number %u is %g, which is not a number to "
			    "train on; the source must leave such ratings out",
			    ratings->users[r], ratings->items[r], (double)ratings->scores[r]);
	}
	return 0;
}

/* Refuse a sigmoid that cannot reach the scores. */
static int check_sigmoid(const struct fit *fit, struct animed_error *err)
{
	const struct animed_scale usual = default_sigmoid(fit->data);

	if (fit->scale.low <= fit->data->score_min && fit->scale.high >= fit->data->score_max)
		return 0;
	return animed_fail(
	    err,
	    "y_range [%g, %g] does not reach the scores, which are from %g to %g; set it to [%g, %g], or "
	    "leave it out",
	    (double)fit->scale.low, (double)fit->scale.high, (double)fit->data->score_min, (double)fit->data->score_max,
	    (double)usual.low, (double)usual.high);
}

static int check_ratings(const struct animed_dataset *data, struct animed_error *err)
{
	if (data->train.n == 0)
		return animed_fail(err, "there are no ratings to train on");
	return check_scores(&data->train, err) < 0 || check_scores(&data->valid, err) < 0 ? -1 : 0;
}

int factors_train(enum factors_kind kind, const struct animed_value *values, const struct animed_dataset *data,
		  uint64_t seed, const struct animed_host *host, struct animed_train_result *result,
		  struct animed_error *err)
{
	struct rescaled rescaled = {.scores = NULL};
	struct fit fit = {.data = data,
			  .host = host,
			  .unit = 1,
			  .seed = seed,
			  .biased = kind != FACTORS_PLAIN,
			  .implicit = kind == FACTORS_SVDPP};
	int status;

	if (check_ratings(data, err) < 0)
		return -1;
	const bool notebook = read_values(&fit, values);
	if (notebook && fit.implicit)
		return animed_fail(err,
				   "optimizer: notebook has no implicit term; use `optimizer: sgd` or `plugin: bias`");
	if (notebook && check_sigmoid(&fit, err) < 0)
		return -1;
	const struct animed_scale scale = fit.scale;
	if (rescale(&fit, &rescaled) < 0 || fit_allocate(&fit) < 0)
		status = animed_fail(err, "not enough memory for %u users and %u items with %u factors; lower factors",
				     data->n_users, data->n_items, fit.k);
	else
		status = notebook ? optim_notebook(&fit, err) : optim_sgd(&fit, err);
	if (status == 0) {
		fit_take_best(&fit);
		if (rescaled.scores)
			restore(&fit, data, scale);
		status = check_trained(&fit, err);
	}
	if (status == 0)
		hand_over(&fit, result);
	fit_free(&fit);
	free(rescaled.scores);
	return status;
}

void factors_release(struct animed_train_result *result)
{
	free((void *)(uintptr_t)result->factors.user_factors);
	free((void *)(uintptr_t)result->factors.item_factors);
	free((void *)(uintptr_t)result->factors.user_bias);
	free((void *)(uintptr_t)result->factors.item_bias);
	memset(result, 0, sizeof *result);
}

int factors_check(bool biased, const struct animed_factors *factors, struct animed_error *err)
{
	const bool has = factors->user_bias && factors->item_bias;

	if (biased && !has)
		return animed_fail(err,
				   "the model has no user_bias and item_bias, which `model: {plugin: bias}` needs; "
				   "use `plugin: plain` or train again");
	if (!biased && (factors->user_bias || factors->item_bias))
		return animed_fail(err, "the model has biases, which `model: {plugin: plain}` would leave out; "
					"use `plugin: bias` or train again");
	return 0;
}

float factors_predict(const struct animed_factors *factors, uint32_t user, uint32_t item)
{
	const size_t k = factors->k;
	float z = kernel_dot(factors->user_factors + user * k, factors->item_factors + item * k, factors->k);

	if (factors->user_bias && factors->item_bias)
		z += factors->user_bias[user] + factors->item_bias[item];
	return scale_score(&factors->scale, z);
}

void factors_item_vectors(const struct animed_factors *factors, const float **vectors, uint32_t *k)
{
	*vectors = factors->item_factors;
	*k = factors->k;
}

/* The z with which the model would predict `score`, less the bias of the item.  A sigmoid never reaches its ends, so
 * that scores there are taken to lie a hundredth of the range inside. */
static float target(const struct animed_factors *factors, uint32_t item, float score)
{
	const struct animed_scale *scale = &factors->scale;
	const float own = factors->item_bias ? factors->item_bias[item] : 0;

	if (scale->link == ANIMED_IDENTITY)
		return score - scale->global_mean - own;
	float at = (score - scale->low) / (scale->high - scale->low);
	at = fminf(fmaxf(at, 0.01f), 0.99f);
	return logf(at / (1 - at)) - own;
}

/* The decay of factors at each rating, and how many ratings the prior of a bias weighs as much as.  Both are those of
 * the default optimiser, so that somebody with many ratings is what training would have made of them.
 *
 * Somebody with few ratings must not be explained by these alone: 128 factors fit one rating exactly, and the predictions
 * for all else then go anywhere.  So the factors have a prior that weighs as much as FOLD_IN_PRIOR ratings.  Measured with
 * 423,123 ratings of MyAnimeList on users that are left out, of whom 3 % of their ratings are known, the error falls from
 * 1.323 without a prior to 1.266; with 80 % known it falls from 1.103 to 1.100.  A prior of 40 gives 1.253 and 1.099, but
 * ranks worse. */
#define FOLD_IN_DECAY 0.06f
#define FOLD_IN_PRIOR 20.0f
#define FOLD_IN_BIAS  4.0f

/* The unit that a training had its scores in, as rescale() has it; the squares of the factors grow with it. */
static float unit_of(const struct animed_scale *scale)
{
	return scale->link == ANIMED_IDENTITY ? unit_for(scale->high - scale->low) : 1;
}

/* Solve (X'X + D) w = X't for w, where D is the ridge, X has the rows of the items with a column of ones for the bias,
 * and t the targets: the least squares of training with the items held fixed (Koren, Bell and Volinsky 2009, eq. 4). */
int factors_fold_in(const struct animed_factors *factors, size_t n, const uint32_t *items, const float *scores,
		    float *user, float *bias, struct animed_error *err)
{
	const bool biased = factors->user_bias && factors->item_bias;
	const int k = (int)factors->k, m = k + (biased ? 1 : 0);
	float *X = calloc(n, sizeof(float) * (size_t)m), *A = calloc((size_t)m, sizeof(float) * (size_t)m);
	float *t = calloc(n, sizeof *t), *w = calloc((size_t)m, sizeof *w);
	int status = -1, info = 0, one = 1, order = m;
	char lower = 'L';

	if (!X || !A || !t || !w || n > INT32_MAX) {
		animed_fail(err, "not enough memory to fold in %zu ratings", n);
		goto out;
	}
	for (size_t r = 0; r < n; r++) {
		memcpy(X + r * (size_t)m, factors->item_factors + (size_t)items[r] * factors->k,
		       factors->k * sizeof(float));
		if (biased)
			X[r * (size_t)m + (size_t)k] = 1;
		t[r] = target(factors, items[r], scores[r]);
	}
	cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, m, (int)n, 1, X, m, 0, A, m);
	cblas_sgemv(CblasRowMajor, CblasTrans, (int)n, m, 1, X, m, t, 1, 0, w, 1);
	for (int i = 0; i < k; i++)
		A[i * m + i] += FOLD_IN_DECAY * ((float)n + FOLD_IN_PRIOR) * unit_of(&factors->scale);
	if (biased)
		A[k * m + k] += FOLD_IN_BIAS;
	/* LAPACK goes by columns: the upper triangle of the rows is its lower one */
	spotrf_(&lower, &order, A, &order, &info);
	if (info == 0)
		spotrs_(&lower, &order, &one, A, &order, w, &order, &info);
	if (info != 0) {
		animed_fail(err, "the ratings to fold in do not determine a user (LAPACK says %d)", info);
		goto out;
	}
	memcpy(user, w, (size_t)k * sizeof *w);
	*bias = biased ? w[k] : 0;
	status = 0;
out:
	free(X);
	free(A);
	free(t);
	free(w);
	return status;
}
