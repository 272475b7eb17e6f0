/* Every build of the kernels against plain loops. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "rng.h"

enum { N = 208 };

static float *random_row(struct rng *rng, uint32_t n)
{
	float *row = aligned_alloc(KERNEL_ALIGN, N * sizeof *row);
	for (uint32_t i = 0; i < N; i++)
		row[i] = i < n ? (float)rng_normal(rng) : 0;
	return row;
}

/* Near enough for sums of products in another order. */
static void assert_near(double got, double want)
{
	ck_assert_msg(fabs(got - want) <= 1e-4 * (1 + fabs(want)), "%g is not %g", got, want);
}

START_TEST(dot_of_any_length_and_alignment)
{
	struct rng rng;

	rng_seed(&rng, 1);
	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		for (uint32_t k = 0; k < 150; k++) {
			float *a = random_row(&rng, N), *b = random_row(&rng, N);
			double want = 0;
			for (uint32_t i = 0; i < k; i++)
				want += (double)a[i + 1] * (double)b[i + 3];
			assert_near((double)(*set)->dot(a + 1, b + 3, k), want);
			free(a);
			free(b);
		}
	}
}
END_TEST

START_TEST(sgd_moves_both_rows_from_their_old_values)
{
	struct rng rng;

	rng_seed(&rng, 2);
	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		for (uint32_t width = 16; width <= N; width += 16) {
			float *p = random_row(&rng, width), *q = random_row(&rng, width), a[N], b[N];
			memcpy(a, p, sizeof a);
			memcpy(b, q, sizeof b);
			(*set)->sgd(p, q, width, 0.05f, 0.1f, 1.5f);
			for (uint32_t i = 0; i < width; i++) {
				assert_near((double)p[i], (double)(a[i] + 0.05f * (1.5f * b[i] - 0.1f * a[i])));
				assert_near((double)q[i], (double)(b[i] + 0.05f * (1.5f * a[i] - 0.1f * b[i])));
			}
			for (uint32_t i = width; i < N; i++)
				ck_assert(p[i] == 0 && q[i] == 0);
			free(p);
			free(q);
		}
	}
}
END_TEST

/* Adam as its paper has it, in double. */
static void adam_reference(double *p, double *m, double *v, double g, const struct adam_step *step)
{
	*m = *m * (double)step->beta1 + g * (1 - (double)step->beta1);
	*v = *v * 0.99 + g * g * 0.01;
	*p = *p * (double)step->keep - (double)step->rate * *m / (sqrt(*v) * (double)step->debias + 1e-5);
}

START_TEST(adam_with_and_without_gradient)
{
	enum { STEPS = 200, WIDTH = 48 };
	struct adam_step steps[STEPS];
	struct rng rng;

	rng_seed(&rng, 3);
	for (int t = 0; t < STEPS; t++)
		steps[t] = (struct adam_step){0.9f, 0.9999f, 0.01f, 1.1f};
	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		float *p = random_row(&rng, WIDTH), *m = random_row(&rng, 0), *v = random_row(&rng, 0);
		float *g = random_row(&rng, WIDTH);
		double P[WIDTH], M[WIDTH] = {0}, V[WIDTH] = {0};
		for (int i = 0; i < WIDTH; i++) {
			P[i] = (double)p[i];
			adam_reference(&P[i], &M[i], &V[i], (double)g[i], &steps[0]);
			for (int t = 1; t < STEPS; t++)
				adam_reference(&P[i], &M[i], &V[i], 0, &steps[t]);
		}
		(*set)->adam(p, m, v, g, WIDTH, &steps[0]);
		(*set)->adam_idle(p, m, v, WIDTH, steps + 1, STEPS - 1);
		for (int i = 0; i < WIDTH; i++) {
			assert_near((double)p[i], P[i]);
			assert_near((double)m[i], M[i]);
			assert_near((double)v[i], V[i]);
		}
		free(p);
		free(m);
		free(v);
		free(g);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernels");
	TCase *tc = tcase_create("kernels");
	SRunner *runner = srunner_create(suite);

	tcase_add_test(tc, dot_of_any_length_and_alignment);
	tcase_add_test(tc, sgd_moves_both_rows_from_their_old_values);
	tcase_add_test(tc, adam_with_and_without_gradient);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
