/* The cosine plugin against a scan and sort of the plain formula. */
#include "config.h"

#include <math.h>

#include "plugin.h"
#include "rng.h"
#include "scratch.h"

enum { N = 300, K = 37 };

static struct plugin plugin;
static const struct animed_similarity_ops *ops;
static float rows[N * K];
static int64_t ids[N];
static void *built;
static struct animed_error err;

static void setup(void)
{
	struct rng rng;

	rng_seed(&rng, 3);
	for (int i = 0; i < N; i++) {
		ids[i] = N - i; /* the order of ids is not that of rows */
		for (int j = 0; j < K; j++)
			rows[i * K + j] = (float)rng_normal(&rng);
	}
	memset(rows + 5 * K, 0, K * sizeof *rows);            /* no direction */
	memcpy(rows + 8 * K, rows + 7 * K, K * sizeof *rows); /* the same twice */
	for (int j = 0; j < K; j++)
		rows[9 * K + j] = 3 * rows[7 * K + j]; /* and once longer */
	ck_assert_int_eq(plugin_open(BUILDDIR "/plugins/.libs", "cosine", ANIMED_SIMILARITY, &plugin, &err), 0);
	ops = plugin.info->ops.similarity;
	const struct animed_vectors vectors = {N, K, rows, ids};
	ck_assert_int_eq(ops->open(NULL, &vectors, NULL, &built, &err), 0);
}

static void teardown(void)
{
	ops->close(built);
	plugin_close(&plugin);
}

static double cosine(const float *a, const float *b)
{
	double ab = 0, aa = 0, bb = 0;

	for (int j = 0; j < K; j++) {
		ab += (double)a[j] * (double)b[j];
		aa += (double)a[j] * (double)a[j];
		bb += (double)b[j] * (double)b[j];
	}
	return ab / sqrt(aa * bb);
}

START_TEST(agrees_with_the_formula)
{
	struct animed_hit hits[N];

	for (uint32_t item = 0; item < N; item += 11) {
		const struct animed_query query = {item, NULL, NULL};
		const size_t n = ops->top_k(built, &query, N, hits);
		bool seen[N] = {false};
		ck_assert_uint_eq(n, N - 2); /* neither itself nor the zero vector */
		for (size_t h = 0; h < n; h++) {
			ck_assert(hits[h].item != item && hits[h].item != 5 && !seen[hits[h].item]);
			seen[hits[h].item] = true;
			ck_assert_double_eq_tol((double)hits[h].score, cosine(rows + item * K, rows + hits[h].item * K),
						1e-5);
			if (h > 0)
				ck_assert(
				    hits[h - 1].score > hits[h].score ||
				    (hits[h - 1].score >= hits[h].score && ids[hits[h - 1].item] < ids[hits[h].item]));
		}
		/* fewer are the beginning of more */
		struct animed_hit few[7];
		ck_assert_uint_eq(ops->top_k(built, &query, 7, few), 7);
		ck_assert_int_eq(memcmp(few, hits, sizeof few), 0);
	}
}
END_TEST

START_TEST(equal_scores_go_by_id)
{
	struct animed_hit hits[2];
	const struct animed_query query = {7, NULL, NULL};

	ck_assert_uint_eq(ops->top_k(built, &query, 2, hits), 2);
	ck_assert_uint_eq(hits[0].item, 9); /* id 291 before 292 */
	ck_assert_uint_eq(hits[1].item, 8);
	ck_assert_float_eq_tol(hits[0].score, 1, 1e-6f);
	ck_assert(hits[0].score <= 1);
}
END_TEST

START_TEST(mask_holds_before_the_best_are_chosen)
{
	struct animed_hit hits[N];
	uint64_t mask[(N + 63) / 64] = {0};
	const struct animed_query query = {7, NULL, mask};

	ck_assert_uint_eq(ops->top_k(built, &query, 10, hits), 0);
	for (uint32_t i = 0; i < N; i += 30)
		mask[i / 64] |= UINT64_C(1) << (i % 64);
	ck_assert_uint_eq(ops->top_k(built, &query, 10, hits), 10);
	for (size_t h = 0; h < 10; h++)
		ck_assert_uint_eq(hits[h].item % 30, 0);
}
END_TEST

START_TEST(vectors_and_what_has_no_direction)
{
	struct animed_hit hits[3];
	const float zero[K] = {0};
	const struct animed_query by_vector = {ANIMED_NO_ITEM, rows + 9 * K, NULL};
	const struct animed_query by_zero = {ANIMED_NO_ITEM, zero, NULL}, zero_item = {5, NULL, NULL};

	ck_assert_uint_eq(ops->top_k(built, &by_vector, 3, hits), 3);
	ck_assert(hits[0].item == 9 && hits[1].item == 8 && hits[2].item == 7);
	ck_assert_uint_eq(ops->top_k(built, &by_zero, 3, hits), 0);
	ck_assert_uint_eq(ops->top_k(built, &zero_item, 3, hits), 0);
	ck_assert_uint_eq(ops->top_k(built, &by_vector, 0, hits), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cosine");
	TCase *tc = tcase_create("cosine");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, agrees_with_the_formula);
	tcase_add_test(tc, equal_scores_go_by_id);
	tcase_add_test(tc, mask_holds_before_the_best_are_chosen);
	tcase_add_test(tc, vectors_and_what_has_no_direction);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
