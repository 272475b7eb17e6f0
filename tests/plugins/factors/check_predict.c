/* check_predict.c - what the factor model predicts from given factors, and for somebody who gives one rating. */
#include "config.h"

#include <math.h>

#include "factors/factors.h"
#include "scratch.h"

/* The one rating could be explained exactly, by a user whose other predictions would be as far out. */
START_TEST(one_rating_says_little)
{
	const float P[] = {0, 0}, Q[] = {0.6f, 0.8f, 0.8f, 0.6f}, none[] = {0, 0};
	const float likes[] = {1, 10};
	const uint32_t item = 0;
	struct animed_error err;

	for (int biased = 0; biased < 2; biased++) {
		struct animed_factors f = {
		    1, 2, 2, P, Q, biased ? none : NULL, biased ? none : NULL, {ANIMED_IDENTITY, 1, 10, 7}};
		for (int i = 0; i < 2; i++) {
			float user[2], bias;
			ck_assert_int_eq(factors_fold_in(&f, 1, &item, &likes[i], user, &bias, &err), 0);
			f.user_factors = user;
			f.user_bias = biased ? &bias : NULL;
			const float rated = factors_predict(&f, 0, 0) - 7, other = factors_predict(&f, 0, 1) - 7;
			ck_assert_float_gt(rated * (likes[i] - 7), 0); /* towards the rating */
			ck_assert_float_lt(fabsf(rated), 0.6f * fabsf(likes[i] - 7));
			ck_assert_float_lt(fabsf(other), fabsf(rated));
		}
	}
}
END_TEST

START_TEST(prediction_is_the_documented_formula)
{
	const float P[] = {1, 2}, Q[] = {0.5f, -0.25f, 2, 1}, bu[] = {0.125f}, bi[] = {0.5f, 10};
	struct animed_factors f = {1, 2, 2, P, Q, NULL, NULL, {ANIMED_SIGMOID, 0, 10.5f, 0}};

	ck_assert_float_eq_tol(factors_predict(&f, 0, 0), 5.25f, 1e-6f); /* z = 0 */
	ck_assert_float_eq_tol(factors_predict(&f, 0, 1), 10.5f / (1 + expf(-4)), 1e-5f);
	f.user_bias = bu;
	f.item_bias = bi;
	ck_assert_float_eq_tol(factors_predict(&f, 0, 0), 10.5f / (1 + expf(-0.625f)), 1e-5f);
	f.scale = (struct animed_scale){ANIMED_IDENTITY, 1, 10, 7};
	ck_assert_float_eq_tol(factors_predict(&f, 0, 0), 7.625f, 1e-6f);
	ck_assert_float_eq(factors_predict(&f, 0, 1), 10); /* 7 + 14.125 is beyond the range */
}
END_TEST

START_TEST(variants_know_their_tensors)
{
	const float x[4] = {0};
	struct animed_factors f = {1, 1, 1, x, x, NULL, NULL, {ANIMED_IDENTITY, 0, 1, 0}};
	struct animed_error err;

	ck_assert_int_eq(factors_check(false, &f, &err), 0);
	ck_assert_int_eq(factors_check(true, &f, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "user_bias"));
	f.user_bias = f.item_bias = x;
	ck_assert_int_eq(factors_check(true, &f, &err), 0);
	ck_assert_int_eq(factors_check(false, &f, &err), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("predict");
	TCase *tc = tcase_create("predict");

	tcase_add_test(tc, one_rating_says_little);
	tcase_add_test(tc, prediction_is_the_documented_formula);
	tcase_add_test(tc, variants_know_their_tensors);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
