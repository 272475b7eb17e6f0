/* Compares every build of the kernels with plain loops. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "factors/kernels.h"
#include "kit/rng.h"
#include "scratch.h"

enum { N = 208 };

static float *random_row(struct rng *rng, uint32_t n)
{
	float *row = aligned_alloc(KERNEL_ALIGN, N * sizeof *row);
	for (uint32_t i = 0; i < N; i++)
		row[i] = i < n ? (float)rng_normal(rng) : 0;
	return row;
}

/* Check that two sums of the same products are equal, but for rounding in another order. */
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

enum { ROWS = 12 };

/* Rows, biases and settings of ROWS users and as many items. */
struct sides {
	float *P, *Q, bu[ROWS], bi[ROWS];
	struct sgd_row users[ROWS], items[ROWS];
};

static struct sides make_sides(struct rng *rng, uint32_t width)
{
	struct sides s = {.P = aligned_alloc(KERNEL_ALIGN, sizeof(float) * ROWS * width),
			  .Q = aligned_alloc(KERNEL_ALIGN, sizeof(float) * ROWS * width)};

	for (uint32_t i = 0; i < ROWS * width; i++) {
		s.P[i] = (float)rng_normal(rng) * 0.3f;
		s.Q[i] = (float)rng_normal(rng) * 0.3f;
	}
	for (int i = 0; i < ROWS; i++) {
		s.bu[i] = (float)rng_normal(rng);
		s.bi[i] = (float)rng_normal(rng);
		s.users[i] = (struct sgd_row){0.1f * (float)rng_unit(rng), (float)rng_normal(rng), 0.1f};
		s.items[i] = (struct sgd_row){0.2f * (float)rng_unit(rng), (float)rng_normal(rng), 0.2f};
	}
	return s;
}

static struct sgd_task make_task(struct sides *s, uint32_t width, float bias_rate)
{
	return (struct sgd_task){s->P, s->Q, s->bu, s->bi, s->users, s->items, width, 6, 1, 10, 0.05f, bias_rate};
}

/* Make 1 rating of the first user, 2 of the second, and so on.  Returns their number. */
static size_t make_cells(struct rng *rng, struct sgd_cell *cells)
{
	size_t n = 0;

	for (uint32_t u = 0; u < ROWS; u++) {
		for (uint32_t r = 0; r <= u; r++)
			cells[n++] = (struct sgd_cell){u, (r * 5 + u) % ROWS, (float)rng_below(rng, 10) + 1};
	}
	return n;
}

/* Make the step that kernels.h describes with plain loops, on n ratings of one user.  Returns the sum of the squared
 * errors. */
static double plain_step(const struct sgd_task *t, const struct sgd_cell *cells, uint32_t n)
{
	float p[N], moved[N], *user = t->P + cells->user * t->width;
	const struct sgd_row own = t->users[cells->user];
	const float bu = t->bu[cells->user];
	float new_bu = bu;
	double squares = 0;

	memcpy(p, user, sizeof *p * t->width);
	for (uint32_t j = 0; j < t->width; j++)
		moved[j] = p[j] * powf(1 - t->rate * own.decay, (float)n);
	for (uint32_t b = 0; b < n; b++) {
		float *q = t->Q + cells[b].item * t->width, *bi = t->bi + cells[b].item, z = 0;
		const struct sgd_row row = t->items[cells[b].item];
		for (uint32_t j = 0; j < t->width; j++)
			z += p[j] * q[j];
		const float e = cells[b].score - (t->mean + bu + *bi + z);
		squares += (double)e * (double)e;
		*bi += t->bias_rate * (e - row.bias_decay * (*bi - row.bias_prior));
		new_bu += t->bias_rate * (e - own.bias_decay * (bu - own.bias_prior));
		for (uint32_t j = 0; j < t->width; j++) {
			moved[j] += t->rate * e * q[j];
			q[j] = q[j] * (1 - t->rate * row.decay) + t->rate * e * p[j];
		}
	}
	memcpy(user, moved, sizeof *p * t->width);
	t->bu[cells->user] = new_bu;
	return squares;
}

START_TEST(sgd_is_the_documented_step)
{
	struct sgd_cell cells[ROWS * ROWS];

	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		for (uint32_t width = 16; width <= N; width += 16) {
			struct rng a, b;
			rng_seed(&a, 2);
			b = a;
			struct sides got = make_sides(&a, width), want = make_sides(&b, width);
			const float bias_rate = width % 32 ? 0.05f : 0;
			struct sgd_task task = make_task(&got, width, bias_rate);
			struct sgd_task plain = make_task(&want, width, bias_rate);
			const size_t n = make_cells(&a, cells);
			double squares = 0;
			for (size_t i = 0; i < n;) {
				uint32_t run = 1;
				while (run < SGD_RUN && i + run < n && cells[i + run].user == cells[i].user)
					run++;
				squares += plain_step(&plain, cells + i, run);
				i += run;
			}
			assert_near((*set)->sgd(&task, cells, n), squares);
			for (uint32_t i = 0; i < ROWS * width; i++) {
				assert_near((double)got.P[i], (double)want.P[i]);
				assert_near((double)got.Q[i], (double)want.Q[i]);
			}
			for (int i = 0; i < ROWS; i++) {
				assert_near((double)got.bu[i], (double)want.bu[i]);
				assert_near((double)got.bi[i], (double)want.bi[i]);
			}
			free(got.P), free(got.Q), free(want.P), free(want.Q);
		}
	}
}
END_TEST

START_TEST(score_clamps_and_changes_nothing)
{
	enum { WIDTH = 48 };
	struct sgd_cell cells[ROWS * ROWS];

	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		struct rng rng;
		rng_seed(&rng, 4);
		struct sides s = make_sides(&rng, WIDTH);
		struct sgd_task task = make_task(&s, WIDTH, 0.05f);
		const size_t n = make_cells(&rng, cells);
		double want = 0;
		size_t clamped = 0;
		task.low = 5;
		task.high = 7;
		for (size_t i = 0; i < n; i++) {
			float z = 6 + s.bu[cells[i].user] + s.bi[cells[i].item];
			for (uint32_t j = 0; j < WIDTH; j++)
				z += s.P[cells[i].user * WIDTH + j] * s.Q[cells[i].item * WIDTH + j];
			const double e = (double)fminf(fmaxf(z, 5), 7) - (double)cells[i].score;
			clamped += z < 5 || z > 7;
			want += e * e;
		}
		ck_assert_uint_gt(clamped, 0);
		ck_assert_uint_lt(clamped, n);
		const float p = s.P[5], q = s.Q[7], bu = s.bu[1];
		assert_near((*set)->score(&task, cells, n), want);
		ck_assert(s.P[5] == p && s.Q[7] == q && s.bu[1] == bu);
		free(s.P), free(s.Q);
	}
}
END_TEST

START_TEST(blend_of_rows)
{
	struct rng rng;

	rng_seed(&rng, 5);
	for (const struct kernels *const *set = kernels_all(); *set; set++) {
		float *a = random_row(&rng, N), *b = random_row(&rng, N), old[N];
		memcpy(old, a, sizeof old);
		(*set)->blend(a, 0.75f, b, -2, 160);
		for (uint32_t i = 0; i < N; i++)
			assert_near((double)a[i], i < 160 ? 0.75 * (double)old[i] - 2 * (double)b[i] : (double)old[i]);
		(*set)->blend(b, 0.5f, b, 0, N); /* a row with itself */
		(*set)->blend(a, 0, b, 2, N);
		for (uint32_t i = 0; i < N; i++)
			assert_near((double)a[i], 2 * (double)b[i]);
		free(a);
		free(b);
	}
}
END_TEST

/* A step of Adam as in its paper, in double precision. */
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

	tcase_add_test(tc, dot_of_any_length_and_alignment);
	tcase_add_test(tc, sgd_is_the_documented_step);
	tcase_add_test(tc, score_clamps_and_changes_nothing);
	tcase_add_test(tc, blend_of_rows);
	tcase_add_test(tc, adam_with_and_without_gradient);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
