/* check_scales.c - the same ratings are learnt alike on any scale. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"

/* Scales as wide as the one that the steps are made for, narrower, and wider. */
static const float units[] = {0.001F, 1.0F / 9, 0.5F, 20.0F / 9, 10, 100};

/* The same ratings in another unit are learnt alike, by every variant and optimiser. */
START_TEST(a_scale_is_trained_on_like_any_other)
{
	const size_t run = (size_t)_i % RUNS;
	const float unit = units[(size_t)_i / RUNS];
	const bool sigmoid = strcmp(runs[run].optimizer, "notebook") == 0;
	struct made *usual = made_new(), *other = made_new();
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
	training.y_range = false;
	ck_assert_int_eq(made_train(usual, runs[run].kind, runs[run].optimizer, 5, 0.05, 1, 2, &of_usual, &err), 0);
	told = training.losses[4];
	ck_assert_msg(made_train(other, runs[run].kind, runs[run].optimizer, 5, 0.05, 1, 2, &of_other, &err) == 0, "%s",
		      err.text);
	ck_assert_double_eq_tol(of_other.valid_loss / (square * of_usual.valid_loss), 1, 5e-3);
	ck_assert_double_eq_tol(training.losses[4] / (square * told), 1, 5e-3);
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
	struct made *made = made_new();
	struct animed_train_result result;
	struct animed_error err;

	training.y_range = false;
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "notebook", 1, 0.05, 1, 1, &result, &err), 0);
	ck_assert_float_eq_tol(result.factors.scale.low, 0, 1e-6F);
	ck_assert_float_eq_tol(result.factors.scale.high, 10.5F, 1e-6F);
	factors_release(&result);
	training.y_range = true;
	made->data.score_max = 11;
	ck_assert_int_eq(made_train(made, FACTORS_BIAS, "notebook", 1, 0.05, 1, 1, &result, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "y_range [0, 10.5] does not reach the scores, which are from 1 to 11"));
	free(made);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scales");
	TCase *tc = tcase_create("scales");

	tcase_add_checked_fixture(tc, training_setup, NULL);
	tcase_add_loop_test(tc, a_scale_is_trained_on_like_any_other, 0, RUNS * (int)(sizeof units / sizeof *units));
	tcase_add_test(tc, the_sigmoid_reaches_the_scores);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
