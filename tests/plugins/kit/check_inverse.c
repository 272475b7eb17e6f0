/* check_inverse.c - compares the inverse in tiles with plain elimination in doubles. */
#include "config.h"

#include <cblas.h>
#include <math.h>

#include "hosts.h"
#include "kit/inverse.h"
#include "kit/rng.h"
#include "scratch.h"
#include "slow.h"

static struct animed_error err;

/* Several tiles and a rest. */
enum { LARGE = SLOW ? 800 : 1200 };

/* What makes a matrix and what its inverse is compared with: with a sanitizer these would take most of the time. */
#define PLAIN __attribute__((no_sanitize("address", "thread", "undefined")))

/* A positive definite matrix: a product of random factors plus a ridge.  What is above the diagonal is marked. */
PLAIN static float *make(uint32_t n, double ridge)
{
	enum { RANK = 5 };
	float *factors = malloc((size_t)n * RANK * sizeof *factors);
	float *a = aligned_alloc(64, ((size_t)n * n * sizeof *a + 63) / 64 * 64);
	struct rng rng;

	rng_seed(&rng, n);
	for (size_t i = 0; i < (size_t)n * RANK; i++)
		factors[i] = (float)rng_normal(&rng);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			double sum = i == j ? ridge : 0;
			for (size_t f = 0; f < RANK; f++)
				sum += (double)factors[i * RANK + f] * (double)factors[j * RANK + f];
			a[i * n + j] = j <= i ? (float)sum : (float)(i * n + j);
		}
	}
	free(factors);
	return a;
}

/* The inverse of the lower triangle by Gauss and Jordan, in doubles. */
PLAIN static double *plain_inverse(const float *a, size_t n)
{
	double *p = malloc(n * n * sizeof *p);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++)
			p[i * n + j] = (double)(j <= i ? a[i * n + j] : a[j * n + i]);
	}
	for (size_t k = 0; k < n; k++) {
		const double pivot = 1 / p[k * n + k];
		p[k * n + k] = 1;
		for (size_t j = 0; j < n; j++)
			p[k * n + j] *= pivot;
		for (size_t i = 0; i < n; i++) {
			const double times = p[i * n + k];
			if (i == k)
				continue;
			p[i * n + k] = 0;
			for (size_t j = 0; j < n; j++)
				p[i * n + j] -= times * p[k * n + j];
		}
	}
	return p;
}

/* Sizes of less than a tile, of one with a rest, and of several. */
static const uint32_t sizes[] = {1, 2, 7, 300, 384, 385, 777, LARGE};

START_TEST(agrees_with_elimination)
{
	const uint32_t n = sizes[_i];
	const struct animed_host host = host_with(2);
	float *a = make(n, 3);
	double *expected = plain_inverse(a, n);
	size_t off = 0, changed = 0; /* numbers of the matrix */

	ck_assert_msg(inverse_in_place(a, n, &host, &err) == 0, "%s", err.text);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++)
			off += !(fabs((double)a[i * n + j] - expected[i * n + j]) < 1e-5);
		for (size_t j = i + 1; j < n; j++)
			changed += a[i * n + j] != (float)(i * n + j);
	}
	ck_assert_uint_eq(off, 0);
	ck_assert_uint_eq(changed, 0); /* above the diagonal */
	ck_assert_int_eq(inverse_mirror(a, n, &host, &err), 0);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++)
			changed += a[i * n + j] != a[j * n + i];
	}
	ck_assert_uint_eq(changed, 0);
	free(expected);
	free(a);
}
END_TEST

START_TEST(same_bits_for_any_number_of_threads)
{
	static const unsigned threads[] = {2, 3, 5};
	const uint32_t n = LARGE;
	const struct animed_host one = host_with(1);
	float *expected = make(n, 1);

	ck_assert_int_eq(inverse_in_place(expected, n, &one, &err), 0);
	for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
		const struct animed_host host = host_with(threads[t]);
		float *a = make(n, 1);
		ck_assert_int_eq(inverse_in_place(a, n, &host, &err), 0);
		ck_assert_int_eq(memcmp(a, expected, (size_t)n * n * sizeof *a), 0);
		free(a);
	}
	free(expected);
}
END_TEST

/* Also where the fault is in the last tile alone. */
START_TEST(refuses_what_is_not_positive_definite)
{
	static const struct {
		uint32_t n, at;
		float value;
	} cases[] = {{1, 0, 0}, {1, 0, -1}, {300, 0, -1}, {800, 799, -5}, {800, 500, NAN}, {2, 1, INFINITY}};
	const struct animed_host host = host_with(2);
	const uint32_t n = cases[_i].n;
	float *a = make(n, 3);

	a[(size_t)cases[_i].at * n + cases[_i].at] = cases[_i].value;
	ck_assert_int_eq(inverse_in_place(a, n, &host, &err), -1);
	ck_assert_msg(strstr(err.text, "not positive definite"), "%s", err.text);
	free(a);
}
END_TEST

START_TEST(no_items_are_no_work)
{
	const struct animed_host host = host_with(2);
	float none = 5;

	ck_assert_int_eq(inverse_in_place(&none, 0, &host, &err), 0);
	ck_assert_int_eq(inverse_mirror(&none, 0, &host, &err), 0);
	ck_assert(none == 5);
}
END_TEST

START_TEST(can_be_cancelled_anywhere)
{
	const uint32_t n = LARGE;
	int turns = 0;

	for (int after = 0;; after += 3) {
		int left = after;
		const struct animed_host host = host_that_cancels(&left);
		float *a = make(n, 3);
		const int status = inverse_in_place(a, n, &host, &err);
		free(a);
		if (status == 0)
			break;
		ck_assert_str_eq(err.text, "cancelled");
		turns++;
	}
	ck_assert_int_gt(turns, 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("inverse");
	TCase *tc = tcase_create("inverse");

	openblas_set_num_threads(1);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, agrees_with_elimination, 0, sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, same_bits_for_any_number_of_threads);
	tcase_add_loop_test(tc, refuses_what_is_not_positive_definite, 0, 6);
	tcase_add_test(tc, no_items_are_no_work);
	tcase_add_test(tc, can_be_cancelled_anywhere);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
