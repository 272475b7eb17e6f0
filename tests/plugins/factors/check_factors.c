/* check_factors.c - trains the factor model with both optimisers on made-up ratings of a known structure. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/rng.h"
#include "made.h"

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

START_TEST(learns_the_structure)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	ck_assert_int_eq(
	    made_train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 1, 2, &result, &err),
	    0);
	ck_assert_int_eq(training.epochs, runs[_i].epochs);
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
	struct made *made = made_new();
	struct animed_train_result one, many, other;
	struct animed_error err;

	ck_assert_int_eq(made_train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 7, 1, &one, &err), 0);
	for (unsigned threads = 1; threads <= 5; threads++) {
		ck_assert_int_eq(made_train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 7, threads, &many, &err),
				 0);
		ck_assert(same_bits(&one.factors, &many.factors));
		factors_release(&many);
	}
	ck_assert_int_eq(made_train(made, runs[_i].kind, runs[_i].optimizer, 3, 0.05, 8, 1, &other, &err), 0);
	ck_assert(!same_bits(&one.factors, &other.factors));
	factors_release(&one);
	factors_release(&other);
	free(made);
}
END_TEST

START_TEST(cancelling_ends_the_run_with_nothing)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	training.cancel_in = 0;
	ck_assert_int_eq(made_train(made, runs[_i].kind, runs[_i].optimizer, 50, 0.05, 7, 3, &result, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
	ck_assert_int_eq(training.epochs, 0);
	free(made);
}
END_TEST

START_TEST(cancelling_amid_an_epoch_ends_it_there)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	for (unsigned threads = 1; threads <= 3; threads++) {
		training.cancel_in = 2;
		training.inside = false;
		ck_assert_int_eq(
		    made_train(made, runs[_i].kind, runs[_i].optimizer, 1000, 0.05, 7, threads, &result, &err), -1);
		ck_assert_str_eq(err.text, "cancelled");
		ck_assert_int_ge(training.epochs, 2);
		ck_assert_int_lt(training.epochs, 1000);
		/* the notebook looks for a cancel every 64 batches, and an epoch here has fewer */
		ck_assert(threads > 1 || training.epochs <= 3);
	}
	free(made);
}
END_TEST

/* Few ratings with much noise, so that a training gets worse after some epochs. */
START_TEST(patience_ends_the_run_and_keeps_the_best_epoch)
{
	struct made *made = made_new();
	struct animed_train_result stopped, best;
	struct animed_error err;
	const char *optimizer = runs[_i].optimizer;

	struct rng rng;

	rng_seed(&rng, 9);
	made->data.train.n /= 4;
	for (size_t r = 0; r < made->data.train.n; r++)
		made->scores[r] += 2 * (float)rng_normal(&rng);
	training.factors = 32;
	training.patience = 3;
	ck_assert_int_eq(made_train(made, runs[_i].kind, optimizer, 100, 0.1, 7, 2, &stopped, &err), 0);
	ck_assert_int_lt(stopped.epochs, 100);
	ck_assert_int_eq(stopped.epochs, training.epochs);
	ck_assert_int_eq(stopped.best_epoch, stopped.epochs - 1 - 3);
	for (int e = 0; e < stopped.epochs; e++)
		ck_assert(training.losses[e] >= training.losses[stopped.best_epoch]);
	ck_assert_double_eq(stopped.valid_loss, training.losses[stopped.best_epoch]);
	/* the loss is that of the factors, which are those of the best epoch and not of the last one */
	ck_assert_double_eq_tol(stopped.valid_loss, pow(rmse(&stopped.factors, &made->data.valid), 2), 1e-4);
	ck_assert_double_gt(training.losses[stopped.epochs - 1], stopped.valid_loss);
	/* without patience the same training goes on to its end */
	training.patience = 0;
	ck_assert_int_eq(made_train(made, runs[_i].kind, optimizer, 100, 0.1, 7, 2, &best, &err), 0);
	ck_assert_int_eq(best.epochs, 100);
	ck_assert_int_eq(best.best_epoch, 99);
	ck_assert_double_eq(best.valid_loss, training.losses[99]);
	factors_release(&stopped);
	factors_release(&best);
	free(made);
}
END_TEST

START_TEST(nothing_held_out_trains_on_all_and_stops_for_nothing)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n += made->data.valid.n;
	made->data.valid.n = 0;
	training.patience = 1;
	ck_assert_int_eq(
	    made_train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 7, 2, &result, &err),
	    0);
	ck_assert_int_eq(result.epochs, runs[_i].epochs);
	ck_assert_int_eq(result.best_epoch, runs[_i].epochs - 1);
	ck_assert(isnan(result.valid_loss) && isnan(training.losses[0]));
	ck_assert_double_lt(result.train_loss, 1);
	ck_assert_double_lt(rmse(&result.factors, &made->data.train), 1);
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(scores_that_are_no_numbers_are_refused)
{
	const float odd[] = {NAN, INFINITY, -INFINITY};
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;
	char row[64];

	for (int i = 0; i < 6; i++) {
		struct animed_ratings *part = i < 3 ? &made->data.train : &made->data.valid;
		float *score = made->scores + (part->scores - made->scores) + part->n - 2, old = *score;
		*score = odd[i % 3];
		ck_assert_int_eq(made_train(made, FACTORS_BIAS, runs[_i].optimizer, 2, 0.05, 7, 1, &result, &err), -1);
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
	struct made *made = made_new();
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
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 40, 0.05, 1, 2, &without, &err), 0);
	ck_assert_int_eq(made_train(made, FACTORS_SVDPP, "sgd", 40, 0.05, 1, 2, &with, &err), 0);
	ck_assert_double_lt(with.valid_loss, without.valid_loss);
	factors_release(&with);
	factors_release(&without);
	ck_assert_int_eq(made_train(made, FACTORS_SVDPP, "notebook", 40, 0.05, 1, 2, &with, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "optimizer: sgd"));
	free(made);
}
END_TEST

START_TEST(divergence_is_an_error_that_names_the_setting)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 50, 1.0, 7, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "learning_rate"));
	free(made);
}
END_TEST

START_TEST(odd_datasets)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n = 0;
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 2, 0.05, 7, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no ratings"));
	made->data.train.n = 63;
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "notebook", 2, 0.05, 7, 1, &result, &err), -1);
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
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	made->data.train.n = 1;
	made->data.valid.n = 0;
	ck_assert_int_eq(made_train(made, (enum factors_kind)_i, "sgd", 2, 0.05, 7, 4, &result, &err), 0);
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
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	for (size_t r = 0; r < made->data.train.n + made->data.valid.n; r++)
		made->scores[r] = 7;
	made->data.score_min = made->data.score_max = 7;
	ck_assert_int_eq(made_train(made, (enum factors_kind)_i, "sgd", 12, 0.05, 7, 2, &result, &err), 0);
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
	struct made *made = made_new();
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
	ck_assert_int_eq(made_train(made, _i & 2 ? FACTORS_SVDPP : FACTORS_PLAIN, "sgd", 40, 0.05, 7, 3, &result, &err),
			 0);
	assert_sane(&result, &made->data);
	ck_assert_double_lt(rmse(&result.factors, &made->data.train), 2.4); /* predicting the mean gives 2.5 */
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(more_factors_than_sense)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	training.factors = 1024;
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 12, 0.05, 7, 2, &result, &err), 0);
	assert_sane(&result, &made->data);
	ck_assert_double_lt(rmse(&result.factors, &made->data.valid), 2.4);
	factors_release(&result);
	training.factors = 1; /* fewer than a vector register holds */
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 40, 0.05, 7, 2, &result, &err), 0);
	ck_assert_double_lt(rmse(&result.factors, &made->data.valid), 0.8);
	factors_release(&result);
	free(made);
}
END_TEST

/* The bias of an item depends on its number of ratings, so an item without ratings gets the bias of a number of 0. */
START_TEST(unrated_rows_get_the_bias_that_is_expected_of_them)
{
	struct made *made = made_new();
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
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "sgd", 5, 0.05, 7, 2, &result, &err), 0);
	const float *bias = result.factors.item_bias;
	ck_assert_float_lt(bias[0], bias[ITEMS - 1] - 1);
	ck_assert_float_lt(bias[0], bias[ITEMS / 2]);
	factors_release(&result);
	free(made);
}
END_TEST

START_TEST(folded_in_user_predicts_like_a_trained_one)
{
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;
	uint32_t items[20];
	float scores[20], user[FACTORS], bias;

	ck_assert_int_eq(
	    made_train(made, runs[_i].kind, runs[_i].optimizer, runs[_i].epochs, runs[_i].rate, 1, 2, &result, &err),
	    0);
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

int main(void)
{
	Suite *suite = suite_create("factors");
	TCase *tc = tcase_create("factors");

	tcase_add_loop_test(tc, learns_the_structure, 0, RUNS);
	tcase_add_loop_test(tc, same_seed_same_bits_whatever_the_threads, 0, RUNS);
	tcase_add_checked_fixture(tc, training_setup, NULL);
	tcase_add_loop_test(tc, cancelling_amid_an_epoch_ends_it_there, 0, RUNS);
	tcase_add_loop_test(tc, patience_ends_the_run_and_keeps_the_best_epoch, 0, RUNS);
	tcase_add_loop_test(tc, nothing_held_out_trains_on_all_and_stops_for_nothing, 0, RUNS);
	tcase_add_loop_test(tc, scores_that_are_no_numbers_are_refused, 1, 3);
	tcase_add_loop_test(tc, one_rating_is_predicted, 0, 3);
	tcase_add_loop_test(tc, constant_ratings_are_predicted, 0, 3);
	tcase_add_loop_test(tc, one_row_on_a_side, 0, 4);
	tcase_add_test(tc, svdpp_learns_from_what_is_rated);
	tcase_add_test(tc, more_factors_than_sense);
	tcase_add_test(tc, unrated_rows_get_the_bias_that_is_expected_of_them);
	tcase_add_loop_test(tc, cancelling_ends_the_run_with_nothing, 0, RUNS);
	tcase_add_test(tc, divergence_is_an_error_that_names_the_setting);
	tcase_add_test(tc, odd_datasets);
	tcase_add_loop_test(tc, folded_in_user_predicts_like_a_trained_one, 0, RUNS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
