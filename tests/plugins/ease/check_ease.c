/* check_ease.c - compares the matrix of the ranking "ease" with its formula in doubles. */
#include "config.h"

#include <cblas.h>
#include <math.h>

#include "ease-world.h"
#include "hosts.h"
#include "scratch.h"

START_TEST(agrees_with_the_formula)
{
	const double franchise = _i ? .2 : 0;
	const struct animed_dataset data = make();
	const uint32_t *counts;
	struct animed_learnt learnt;

	values[EASE_FRANCHISE].real = franchise;
	learn_with(&data, 2, &learnt);
	make_plain(&data, franchise);
	counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		ck_assert_uint_eq(counts[i], (uint32_t)plain_counts[i]);
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert_double_eq_tol((double)cell(&learnt, i, j), plain[i][j], 1e-6);
	}
	ck_assert_uint_eq(cells_of(&learnt, RARE), 0);
	const float *scale = tensor(&learnt, "scale");
	ck_assert(scale[0] == 1 && scale[1] == 10);
	ease_release(&learnt);
}
END_TEST

START_TEST(keeps_the_largest_cells_of_each_row)
{
	const struct animed_dataset data = make();
	struct animed_learnt all, few;

	learn_with(&data, 2, &all);
	values[EASE_KEPT].integer = 3;
	learn_with(&data, 2, &few);
	const uint32_t *counts = tensor(&all, "counts");
	for (uint32_t i = 0; i < RARE; i++) {
		float least = INFINITY, most_left = 0;
		ck_assert_uint_eq(cells_of(&few, i), 3);
		for (uint32_t j = 0; j < RARE; j++) {
			const float size = fabsf(cell(&all, i, j)) * powf((float)counts[j], -.1F);
			if (cell(&few, i, j) != 0)
				least = fminf(least, size);
			else
				most_left = fmaxf(most_left, size);
		}
		ck_assert(least >= most_left);
	}
	ease_release(&all);
	ease_release(&few);
}
END_TEST

START_TEST(the_most_rated_take_part)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	uint32_t rows = 0, least = UINT32_MAX;

	values[EASE_ITEMS].integer = 10;
	learn_with(&data, 1, &learnt);
	const uint32_t *counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		rows += cells_of(&learnt, i) > 0;
		least = cells_of(&learnt, i) > 0 && counts[i] < least ? counts[i] : least;
	}
	ck_assert_uint_eq(rows, 10);
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert(cells_of(&learnt, i) > 0 || counts[i] <= least);
	ease_release(&learnt);
}
END_TEST

static void check_same_bits(const struct animed_learnt *a, const struct animed_learnt *b)
{
	static const size_t sizes[] = {[ANIMED_U8] = 1,
				       [ANIMED_U32] = sizeof(uint32_t),
				       [ANIMED_U64] = sizeof(uint64_t),
				       [ANIMED_F32] = sizeof(float)};

	ck_assert_uint_eq(a->tensors.n, b->tensors.n);
	for (size_t t = 0; t < a->tensors.n; t++) {
		const struct animed_tensor *x = &a->tensors.at[t], *y = &b->tensors.at[t];
		ck_assert_str_eq(x->name, y->name);
		ck_assert_uint_eq(x->n, y->n);
		ck_assert_int_eq(memcmp(x->data, y->data, x->n * sizes[x->dtype]), 0);
	}
}

START_TEST(same_bits_for_any_number_of_threads)
{
	const struct animed_dataset data = make();
	struct animed_learnt one, several;

	learn_with(&data, 1, &one);
	learn_with(&data, (unsigned)_i, &several);
	check_same_bits(&one, &several);
	ease_release(&one);
	ease_release(&several);
}
END_TEST

START_TEST(can_be_cancelled_anywhere)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	int after = 0, status = -1;

	for (; status < 0; after++) {
		int left = after;
		const struct animed_host host = host_that_cancels(&left);
		status = ease_learn(values, &data, &catalogue, &host, &learnt, &err);
		ck_assert(status == 0 || strcmp(err.text, "cancelled") == 0);
	}
	ck_assert_int_gt(after, 2 * RARE); /* each row is asked at least twice */
	ease_release(&learnt);
}
END_TEST

START_TEST(without_a_ridge_it_may_fail)
{
	const struct animed_host host = host_with(1);
	struct animed_dataset data = make();
	struct animed_learnt learnt;

	data.train.n = 0;
	for (uint32_t u = 0; u < 6; u++) { /* two items that are rated alike */
		rate(&data, u, 0, 10);
		rate(&data, u, 1, 10);
	}
	values[EASE_RIDGE].real = values[EASE_RIDGE_SHARE].real = values[EASE_FRANCHISE].real = 0;
	ck_assert_int_eq(ease_learn(values, &data, &catalogue, &host, &learnt, &err), -1);
	ck_assert_msg(strstr(err.text, "2 items") && strstr(err.text, "larger ridge"), "%s", err.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ease");
	TCase *tc = tcase_create("ease");

	openblas_set_num_threads(1);
	tcase_add_loop_test(tc, agrees_with_the_formula, 0, 2);
	tcase_add_test(tc, keeps_the_largest_cells_of_each_row);
	tcase_add_test(tc, the_most_rated_take_part);
	tcase_add_loop_test(tc, same_bits_for_any_number_of_threads, 2, 5);
	tcase_add_test(tc, can_be_cancelled_anywhere);
	tcase_add_test(tc, without_a_ridge_it_may_fail);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
