/* check_factors.c - trains the factor model with both optimisers on made-up ratings of a known structure. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "factors/factors.h"
#include "kit/rng.h"
#include "scratch.h"

enum { USERS = 120, ITEMS = 60, FACTORS = 8 };

/* Ratings of two tastes: users of one parity like items of the same parity. */
struct made {
	uint32_t users[USERS * ITEMS], items[USERS * ITEMS];
	float scores[USERS * ITEMS];
	struct animed_dataset data;
};

enum { VALUES = 7 }; /* rows of factors_params */

static int epochs_seen;
static double losses[100]; /* of the held-out ratings, by epoch */
static int cancel_in = -1; /* epoch in which to cancel; 0: at once; -1: never */
static bool inside;        /* whether that epoch has begun */
static int64_t given_factors, given_patience;
static bool given_y_range;

static void quiet(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void count_epochs(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	inside |= cancel_in > 0 && now->epoch >= cancel_in && !now->epoch_done;
	if (now->epoch_done && epochs_seen < 100)
		losses[epochs_seen] = now->valid_loss;
	epochs_seen += now->epoch_done;
}

static bool cancelled(void *ctx)
{
	(void)ctx;
	return cancel_in == 0 || inside;
}

static struct made *make(void)
{
	struct made *made = calloc(1, sizeof *made);
	struct rng rng;
	size_t n = 0;

	rng_seed(&rng, 5);
	for (uint32_t u = 0; u < USERS; u++) {
		for (uint32_t i = 0; i < ITEMS - 1; i++) { /* the last item has no rating */
			if (rng_below(&rng, 2))
				continue;
			made->users[n] = u;
			made->items[n] = i;
			made->scores[n++] = u % 2 == i % 2 ? 9 : 4;
		}
	}
	const size_t train = n * 4 / 5;
	/* shuffle, so that both parts have ratings of every user */
	for (size_t r = n; r > 1; r--) {
		size_t j = rng_below(&rng, (uint32_t)r);
		uint32_t u = made->users[j], i = made->items[j];
		float s = made->scores[j];
		made->users[j] = made->users[r - 1], made->users[r - 1] = u;
		made->items[j] = made->items[r - 1], made->items[r - 1] = i;
		made->scores[j] = made->scores[r - 1], made->scores[r - 1] = s;
	}
	made->data = (struct animed_dataset){
	    .n_users = USERS,
	    .n_items = ITEMS,
	    .train = {train, made->users, made->items, made->scores},
	    .valid = {n - train, made->users + train, made->items + train, made->scores + train},
	    .score_min = 1,
	    .score_max = 10,
	};
	return made;
}

/* Fill the values, which are in the order of factors_params. */
static void values_for(struct animed_value values[VALUES], const char *optimizer, int epochs, double rate)
{
	memset(values, 0, VALUES * sizeof *values);
	values[0] = (struct animed_value){.set = true, .string = optimizer};
	values[1] = (struct animed_value){.set = true, .integer = given_factors};
	values[2] = (struct animed_value){.set = true, .integer = epochs};
	values[3] = (struct animed_value){.set = true, .real = rate};
	values[5] = (struct animed_value){.set = given_y_range, .range = {0, 10.5}};
	values[6] = (struct animed_value){.set = true, .integer = given_patience};
}

static int train(const struct made *made, enum factors_kind kind, const char *optimizer, int epochs, double rate,
		 uint64_t seed, unsigned threads, struct animed_train_result *result, struct animed_error *err)
{
	const struct animed_host host = {NULL, quiet, count_epochs, cancelled, threads};
	struct animed_value values[VALUES];

	values_for(values, optimizer, epochs, rate);
	epochs_seen = 0;
	return factors_train(kind, values, &made->data, seed, &host, result, err);
}

static double rmse(const struct animed_factors *factors, const struct animed_ratings *ratings)
{
	double sum = 0;

	for (size_t r = 0; r < ratings->n; r++) {
		double e =
		    (double)factors_predict(factors, ratings->users[r], ratings->items[r]) - (double)ratings->scores[r];
		sum += e * e;
	}
	return sqrt(sum / (double)ratings->n);
}

static const struct {
	const char *optimizer;
	enum factors_kind kind;
	int epochs;
	double rate;
} runs[] = {{"sgd", FACTORS_PLAIN, 40, 0.05},
	    {"sgd", FACTORS_BIAS, 40, 0.05},
	    {"notebook", FACTORS_PLAIN, 60, 0.02},
	    {"notebook", FACTORS_BIAS, 60, 0.02},
	    {"sgd", FACTORS_SVDPP, 40, 0.05}};

static void setup(void)
{
	given_factors = FACTORS;
	given_patience = 0;
	cancel_in = -1;
	inside = false;
}

START_TEST(learns_the_structure)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	ck_assert_int_eq(
	    train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 1, 2, &result, &err), 0);
	ck_assert_int_eq(epochs_seen, runs[_i].epochs);
	ck_assert_int_eq(result.epochs, runs[_i].epochs);
	ck_assert_int_eq(result.best_epoch, runs[_i].epochs - 1);
	/* predicting the mean, with biases or without, would give 2.5 */
	ck_assert_double_lt(rmse(&result.factors, &made->data.valid), 0.8);
	/* the loss that the training reports is that of its factors */
	ck_assert_double_eq_tol(result.valid_loss, pow(rmse(&result.factors, &made->data.valid), 2), 1e-4);
	ck_assert_int_eq(result.factors.user_bias != NULL, (runs[_i].kind != FACTORS_PLAIN));
	ck_assert_int_eq(result.factors.item_bias != NULL, (runs[_i].kind != FACTORS_PLAIN));
	/* the last item has no ratings, so its factors are 0 */
	for (int j = 0; j < FACTORS; j++)
		ck_assert(result.factors.item_factors[(ITEMS - 1) * FACTORS + j] == 0);
	factors_release(&result);
	free(made);
}
END_TEST

static bool same_bits(const struct animed_factors *a, const struct animed_factors *b)
{
	return memcmp(a->user_factors, b->user_factors, sizeof(float) * USERS * FACTORS) == 0 &&
	       memcmp(a->item_factors, b->item_factors, sizeof(float) * ITEMS * FACTORS) == 0 &&
	       (!a->user_bias || (memcmp(a->user_bias, b->user_bias, sizeof(float) * USERS) == 0 &&
				  memcmp(a->item_bias, b->item_bias, sizeof(float) * ITEMS) == 0));
}

START_TEST(same_seed_same_bits_whatever_the_threads)
{
	struct made *made = make();
	struct animed_train_result one, many, other;
	struct animed_error err;

	ck_assert_int_eq(train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 7, 1, &one, &err), 0);
	for (unsigned threads = 1; threads <= 5; threads++) {
		ck_assert_int_eq(train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 7, threads, &many, &err), 0);
		ck_assert(same_bits(&one.factors, &many.factors));
		factors_release(&many);
	}
	ck_assert_int_eq(train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 8, 1, &other, &err), 0);
	ck_assert(!same_bits(&one.factors, &other.factors));
	factors_release(&one);
	factors_release(&other);
	free(made);
}
END_TEST

START_TEST(cancelling_ends_the_run_with_nothing)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	cancel_in = 0;
	ck_assert_int_eq(train(made, runs[_i].kind, runs[_i].optimizer, 50, 0.05, 7, 3, &result, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
	ck_assert_int_eq(epochs_seen, 0);
	free(made);
}
END_TEST

START_TEST(cancelling_amid_an_epoch_ends_it_there)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	for (unsigned threads = 1; threads <= 3; threads++) {
		cancel_in = 2;
		inside = false;
		ck_assert_int_eq(train(made, runs[_i].kind, runs[_i].optimizer, 1000, 0.05, 7, threads, &result, &err),
				 -1);
		ck_assert_str_eq(err.text, "cancelled");
		ck_assert_int_ge(epochs_seen, 2);
		ck_assert_int_lt(epochs_seen, 1000);
		/* the notebook looks for a cancel every 64 batches, and an epoch here has fewer */
		ck_assert(threads > 1 || epochs_seen <= 3);
	}
	free(made);
}
END_TEST

/* Few ratings with much noise, so that a training gets worse after some epochs. */
START_TEST(patience_ends_the_run_and_keeps_the_best_epoch)
{
	struct made *made = make();
	struct animed_train_result stopped, best;
	struct animed_error err;
	const char *optimizer = runs[_i].optimizer;

	struct rng rng;

	rng_seed(&rng, 9);
	made->data.train.n /= 4;
	for (size_t r = 0; r < made->data.train.n; r++)
		made->scores[r] += 2 * (float)rng_normal(&rng);
	given_factors = 32;
	given_patience = 3;
	ck_assert_int_eq(train(made, runs[_i].kind, optimizer, 100, 0.1, 7, 2, &stopped, &err), 0);
	ck_assert_int_lt(stopped.epochs, 100);
	ck_assert_int_eq(stopped.epochs, epochs_seen);
	ck_assert_int_eq(stopped.best_epoch, stopped.epochs - 1 - 3);
	for (int e = 0; e < stopped.epochs; e++)
		ck_assert(losses[e] >= losses[stopped.best_epoch]);
	ck_assert_double_eq(stopped.valid_loss, losses[stopped.best_epoch]);
	/* the loss is that of the factors, which are those of the best epoch and not of the last one */
	ck_assert_double_eq_tol(stopped.valid_loss, pow(rmse(&stopped.factors, &made->data.valid), 2), 1e-4);
	ck_assert_double_gt(losses[stopped.epochs - 1], stopped.valid_loss);
	/* without patience the same training goes on to its end */
	given_patience = 0;
	ck_assert_int_eq(train(made, runs[_i].kind, optimizer, 100, 0.1, 7, 2, &best, &err), 0);
	ck_assert_int_eq(best.epochs, 100);
	ck_assert_int_eq(best.best_epoch, 99);
	ck_assert_double_eq(best.valid_loss, losses[99]);
	factors_release(&stopped);
	factors_release(&best);
	free(made);
}
END_TEST

START_TEST(nothing_held_out_trains_on_all_and_stops_for_nothing)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n += made->data.valid.n;
	made->data.valid.n = 0;
	given_patience = 1;
	ck_assert_int_eq(
	    train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 7, 2, &result, &err), 0);
	ck_assert_int_eq(result.epochs, runs[_i].epochs);
	ck_assert_int_eq(result.best_epoch, runs[_i].epochs - 1);
	ck_assert(isnan(result.valid_loss) && isnan(losses[0]));
	ck_assert_double_lt(result.train_loss, 1);
	ck_assert_double_lt(rmse(&result.factors, &made->data.train), 1);
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(scores_that_are_no_numbers_are_refused)
{
	const float odd[] = {NAN, INFINITY, -INFINITY};
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;
	char row[64];

	for (int i = 0; i < 6; i++) {
		struct animed_ratings *part = i < 3 ? &made->data.train : &made->data.valid;
		float *score = made->scores + (part->scores - made->scores) + part->n - 2, old = *score;
		*score = odd[i % 3];
		ck_assert_int_eq(train(made, FACTORS_BIAS, runs[_i].optimizer, 2, 0.05, 7, 1, &result, &err), -1);
		(void)snprintf(row, sizeof row, "user number %u for item number %u is", part->users[part->n - 2],
			       part->items[part->n - 2]);
		ck_assert_msg(strstr(err.text, row) && strstr(err.text, i % 3 ? "inf" : "nan"), "%s", err.text);
		*score = old;
	}
	free(made);
}
END_TEST

/* Users of two tastes rate mostly what they like, so that which items they rate tells their taste. */
START_TEST(svdpp_learns_from_what_is_rated)
{
	struct made *made = make();
	struct animed_train_result with, without;
	struct animed_error err;
	struct rng rng;
	size_t n = 0, v = USERS * ITEMS;

	rng_seed(&rng, 11);
	for (uint32_t u = 0; u < USERS; u++) {
		const uint32_t wanted = u < USERS / 2 ? 24 : 3; /* the second half of the users has few ratings */
		const uint32_t start = rng_below(&rng, ITEMS / 2);
		for (uint32_t r = 0; r < wanted; r++) {
			const uint32_t pair = (start + 7 * r) % (ITEMS / 2);
			const bool odd = r % 8 == 7; /* one of eight is of the other taste */
			made->users[n] = u;
			made->items[n] = 2 * pair + (u % 2 != odd);
			made->scores[n++] = odd ? 5 : 8;
		}
		for (uint32_t r = 0; r < 8; r++) {
			const uint32_t i = rng_below(&rng, ITEMS);
			made->users[--v] = u;
			made->items[v] = i;
			made->scores[v] = u % 2 == i % 2 ? 8 : 5;
		}
	}
	made->data.train.n = n;
	made->data.valid =
	    (struct animed_ratings){USERS * ITEMS - v, made->users + v, made->items + v, made->scores + v};
	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 40, 0.05, 1, 2, &without, &err), 0);
	ck_assert_int_eq(train(made, FACTORS_SVDPP, "sgd", 40, 0.05, 1, 2, &with, &err), 0);
	ck_assert_double_lt(with.valid_loss, without.valid_loss);
	factors_release(&with);
	factors_release(&without);
	ck_assert_int_eq(train(made, FACTORS_SVDPP, "notebook", 40, 0.05, 1, 2, &with, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "optimizer: sgd"));
	free(made);
}
END_TEST

START_TEST(divergence_is_an_error_that_names_the_setting)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 50, 1.0, 7, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "learning_rate"));
	free(made);
}
END_TEST

START_TEST(odd_datasets)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n = 0;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 2, 0.05, 7, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no ratings"));
	made->data.train.n = 63;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "notebook", 2, 0.05, 7, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "64"));
	free(made);
}
END_TEST

static void assert_sane(const struct animed_train_result *result, const struct animed_dataset *data)
{
	for (uint32_t u = 0; u < data->n_users; u++) {
		for (uint32_t i = 0; i < data->n_items; i++) {
			float score = factors_predict(&result->factors, u, i);
			ck_assert_msg(score >= data->score_min && score <= data->score_max, "%u, %u: %g", u, i,
				      (double)score);
		}
	}
}

START_TEST(one_rating_is_predicted)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n = 1;
	made->data.valid.n = 0;
	ck_assert_int_eq(train(made, (enum factors_kind)_i, "sgd", 2, 0.05, 7, 4, &result, &err), 0);
	ck_assert(isnan(result.valid_loss));
	ck_assert_float_eq_tol(factors_predict(&result.factors, made->users[0], made->items[0]), made->scores[0],
			       0.01f);
	assert_sane(&result, &made->data);
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(constant_ratings_are_predicted)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	for (size_t r = 0; r < made->data.train.n + made->data.valid.n; r++)
		made->scores[r] = 7;
	made->data.score_min = made->data.score_max = 7;
	ck_assert_int_eq(train(made, (enum factors_kind)_i, "sgd", 12, 0.05, 7, 2, &result, &err), 0);
	assert_sane(&result, &made->data);
	/* 7 is learnt, and does not only come from clamping */
	result.factors.scale.low = 1;
	result.factors.scale.high = 10;
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert_float_eq_tol(factors_predict(&result.factors, 3, i), 7, 0.05f);
	factors_release(&result);
	free(made);
}
END_TEST

/* With one user or one item, only biases can be learnt. */
START_TEST(one_row_on_a_side)
{
	const bool one_user = _i & 1;
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	for (uint32_t r = 0; r < ITEMS; r++) {
		made->users[r] = one_user ? 0 : r;
		made->items[r] = one_user ? r : 0;
		made->scores[r] = r % 2 ? 9 : 4;
	}
	made->data = (struct animed_dataset){
	    .n_users = one_user ? 1 : ITEMS,
	    .n_items = one_user ? ITEMS : 1,
	    .train = {ITEMS, made->users, made->items, made->scores},
	    .score_min = 4,
	    .score_max = 9,
	};
	ck_assert_int_eq(train(made, _i & 2 ? FACTORS_SVDPP : FACTORS_PLAIN, "sgd", 40, 0.05, 7, 3, &result, &err), 0);
	assert_sane(&result, &made->data);
	ck_assert_double_lt(rmse(&result.factors, &made->data.train), 2.4); /* predicting the mean gives 2.5 */
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(more_factors_than_sense)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	given_factors = 1024;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 12, 0.05, 7, 2, &result, &err), 0);
	assert_sane(&result, &made->data);
	ck_assert_double_lt(rmse(&result.factors, &made->data.valid), 2.4);
	factors_release(&result);
	given_factors = 1; /* fewer than a vector register holds */
	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 40, 0.05, 7, 2, &result, &err), 0);
	ck_assert_double_lt(rmse(&result.factors, &made->data.valid), 0.8);
	factors_release(&result);
	free(made);
}
END_TEST

/* The bias of an item depends on its number of ratings, so an item without ratings gets the bias of a number of 0. */
START_TEST(unrated_rows_get_the_bias_that_is_expected_of_them)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;
	size_t n = 0;

	/* item i has i ratings, and the more it has the better they are */
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t u = 0; u < i; u++) {
			made->users[n] = (u * 7 + i) % USERS;
			made->items[n] = i;
			made->scores[n++] = 4 + (float)(2 * log1p(i)) / 2;
		}
	}
	made->data.train.n = n;
	made->data.valid.n = 0;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "sgd", 5, 0.05, 7, 2, &result, &err), 0);
	const float *bias = result.factors.item_bias;
	ck_assert_float_lt(bias[0], bias[ITEMS - 1] - 1);
	ck_assert_float_lt(bias[0], bias[ITEMS / 2]);
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(folded_in_user_predicts_like_a_trained_one)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;
	uint32_t items[20];
	float scores[20], user[FACTORS], bias;

	ck_assert_int_eq(
	    train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 1, 2, &result, &err), 0);
	for (uint32_t i = 0; i < 20; i++) {
		items[i] = i;
		scores[i] = i % 2 ? 9 : 4;
	}
	ck_assert_int_eq(factors_fold_in(&result.factors, 20, items, scores, user, &bias, &err), 0);
	ck_assert((runs[_i].kind != FACTORS_PLAIN) || bias == 0);
	/* put the new user in the place of the first */
	struct animed_factors folded = result.factors;
	float *users = calloc(USERS * FACTORS, sizeof *users), *biases = calloc(USERS, sizeof *biases);
	memcpy(users, user, sizeof user);
	biases[0] = bias;
	folded.user_factors = users;
	folded.user_bias = folded.user_bias ? biases : NULL;
	for (uint32_t i = 20; i < ITEMS - 1; i++) {
		float score = factors_predict(&folded, 0, i);
		ck_assert_msg(i % 2 ? score > 7.5f : score < 5.5f, "item %u: %g", i, (double)score);
	}
	free(users);
	free(biases);
	factors_release(&result);
	free(made);
}
END_TEST

/* Scales as wide as the one that the steps are made for, narrower, and wider. */
static const float units[] = {0.001F, 1.0F / 9, 0.5F, 20.0F / 9, 10, 100};

/* The same ratings in another unit are learnt alike, by every variant and optimiser. */
START_TEST(a_scale_is_trained_on_like_any_other)
{
	const size_t run = (size_t)_i % (sizeof runs / sizeof *runs);
	const float unit = units[(size_t)_i / (sizeof runs / sizeof *runs)];
	const bool sigmoid = strcmp(runs[run].optimizer, "notebook") == 0;
	struct made *usual = make(), *other = make();
	struct animed_train_result of_usual, of_other;
	const uint32_t items[] = {0, 1, 2};
	const float scores[] = {9, 4, 9}, other_scores[] = {9 * unit, 4 * unit, 9 * unit};
	const double square = (double)unit * (double)unit;
	float user[FACTORS], other_user[FACTORS], bias, other_bias;
	struct animed_error err;
	double told;

	for (size_t r = 0; r < other->data.train.n + other->data.valid.n; r++)
		other->scores[r] *= unit;
	other->data.score_min *= unit;
	other->data.score_max *= unit;
	given_y_range = false;
	ck_assert_int_eq(train(usual, runs[run].kind, runs[run].optimizer, 5, 0.05, 1, 2, &of_usual, &err), 0);
	told = losses[4];
	ck_assert_msg(train(other, runs[run].kind, runs[run].optimizer, 5, 0.05, 1, 2, &of_other, &err) == 0, "%s",
		      err.text);
	ck_assert_double_eq_tol(of_other.valid_loss / (square * of_usual.valid_loss), 1, 5e-3);
	ck_assert_double_eq_tol(losses[4] / (square * told), 1, 5e-3);
	ck_assert_float_eq_tol(of_other.factors.scale.low, unit * of_usual.factors.scale.low, unit * 1e-4F);
	ck_assert_float_eq_tol(of_other.factors.scale.high, unit * of_usual.factors.scale.high, unit * 1e-4F);
	for (uint32_t i = 0; i < ITEMS; i++) {
		ck_assert_float_eq_tol(factors_predict(&of_other.factors, 3, i),
				       unit * factors_predict(&of_usual.factors, 3, i), unit * 0.05F);
	}
	ck_assert_int_eq(factors_fold_in(&of_usual.factors, 3, items, scores, user, &bias, &err), 0);
	ck_assert_int_eq(factors_fold_in(&of_other.factors, 3, items, other_scores, other_user, &other_bias, &err), 0);
	ck_assert_float_eq_tol(other_bias, sigmoid ? bias : unit * bias, 0.02F * fmaxf(unit, 1));
	for (uint32_t j = 0; j < FACTORS; j++)
		ck_assert_float_eq_tol(other_user[j], sigmoid ? user[j] : sqrtf(unit) * user[j],
				       0.02F * fmaxf(unit, 1));
	factors_release(&of_usual);
	factors_release(&of_other);
	free(usual);
	free(other);
}
END_TEST

START_TEST(the_sigmoid_reaches_the_scores)
{
	struct made *made = make();
	struct animed_train_result result;
	struct animed_error err;

	given_y_range = false;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "notebook", 1, 0.05, 1, 1, &result, &err), 0);
	ck_assert_float_eq_tol(result.factors.scale.low, 0, 1e-6F);
	ck_assert_float_eq_tol(result.factors.scale.high, 10.5F, 1e-6F);
	factors_release(&result);
	given_y_range = true;
	made->data.score_max = 11;
	ck_assert_int_eq(train(made, FACTORS_BIAS, "notebook", 1, 0.05, 1, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "y_range [0, 10.5] does not reach the scores, which are from 1 to 11"));
	free(made);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("factors");
	TCase *tc = tcase_create("factors");
	const int n = sizeof runs / sizeof *runs;

	tcase_add_loop_test(tc, learns_the_structure, 0, n);
	tcase_add_loop_test(tc, same_seed_same_bits_whatever_the_threads, 0, n);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, cancelling_amid_an_epoch_ends_it_there, 0, n);
	tcase_add_loop_test(tc, patience_ends_the_run_and_keeps_the_best_epoch, 0, n);
	tcase_add_loop_test(tc, nothing_held_out_trains_on_all_and_stops_for_nothing, 0, n);
	tcase_add_loop_test(tc, scores_that_are_no_numbers_are_refused, 1, 3);
	tcase_add_loop_test(tc, one_rating_is_predicted, 0, 3);
	tcase_add_loop_test(tc, constant_ratings_are_predicted, 0, 3);
	tcase_add_loop_test(tc, one_row_on_a_side, 0, 4);
	tcase_add_test(tc, svdpp_learns_from_what_is_rated);
	tcase_add_test(tc, more_factors_than_sense);
	tcase_add_test(tc, unrated_rows_get_the_bias_that_is_expected_of_them);
	tcase_add_loop_test(tc, cancelling_ends_the_run_with_nothing, 0, n);
	tcase_add_test(tc, divergence_is_an_error_that_names_the_setting);
	tcase_add_test(tc, odd_datasets);
	tcase_add_loop_test(tc, folded_in_user_predicts_like_a_trained_one, 0, n);
	tcase_add_loop_test(tc, a_scale_is_trained_on_like_any_other, 0, n * (int)(sizeof units / sizeof *units));
	tcase_add_test(tc, the_sigmoid_reaches_the_scores);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
