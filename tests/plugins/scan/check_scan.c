/* check_scan.c - compares the similarity plugins with plain formulas, and the kernels of the scan with each other. */
#include "config.h"

#include <math.h>

#include "config/plugin.h"
#include "kit/rng.h"
#include "scan/scan-kernels.h"
#include "scratch.h"
#include "slow.h"

/* More rows than a tile has and more queries than a group has; N and K are multiples of no size in the kernels. */
enum { N = 700, K = 37 };

enum { ZERO = 5, SAME = 7, TWIN = 8, LONGER = 9, ABSENT = 11, CONSTANT = 13 };

static struct plugin plugin;
static const struct animed_similarity_ops *ops;
static float rows[N * K];
static int64_t ids[N];
static uint64_t present[(N + 63) / 64];
static void *built;
static struct animed_error err;

/* ---- the metrics as a textbook has them ---- */

static double product(const float *a, const float *b, double a_mean, double b_mean)
{
	double sum = 0;

	for (int j = 0; j < K; j++)
		sum += ((double)a[j] - a_mean) * ((double)b[j] - b_mean);
	return sum;
}

static double mean(const float *a)
{
	double sum = 0;

	for (int j = 0; j < K; j++)
		sum += (double)a[j];
	return sum / K;
}

static double cosine(const float *a, const float *b)
{
	return product(a, b, 0, 0) / sqrt(product(a, a, 0, 0) * product(b, b, 0, 0));
}

static double pearson(const float *a, const float *b)
{
	const double x = mean(a), y = mean(b);

	return product(a, b, x, y) / sqrt(product(a, a, x, x) * product(b, b, y, y));
}

static double dot(const float *a, const float *b)
{
	return product(a, b, 0, 0);
}

static double euclidean(const float *a, const float *b)
{
	double sum = 0;

	for (int j = 0; j < K; j++)
		sum += ((double)a[j] - (double)b[j]) * ((double)a[j] - (double)b[j]);
	return 1 / (1 + sqrt(sum));
}

static const struct metric {
	const char *name;
	double (*score)(const float *a, const float *b);
	bool zero, constant; /* whether a vector of zeros, and one of equal factors, has a score */
} metrics[] = {
    {"cosine", cosine, false, true},
    {"dot", dot, true, true},
    {"euclidean", euclidean, true, true},
    {"pearson", pearson, false, false},
};

enum { METRICS = sizeof metrics / sizeof *metrics };

/* ---- fixture ---- */

static void fill(void)
{
	struct rng rng;

	rng_seed(&rng, 3);
	memset(present, 0xff, sizeof present);
	present[ABSENT / 64] &= ~(UINT64_C(1) << ABSENT % 64);
	for (int i = 0; i < N; i++) {
		ids[i] = N - i; /* the order of ids is not that of rows */
		for (int j = 0; j < K; j++)
			rows[i * K + j] = (float)rng_normal(&rng);
	}
	memset(rows + ZERO * K, 0, K * sizeof *rows);
	memcpy(rows + TWIN * K, rows + SAME * K, K * sizeof *rows);
	for (int j = 0; j < K; j++) {
		rows[LONGER * K + j] = 3 * rows[SAME * K + j];
		rows[CONSTANT * K + j] = 0.1F;
	}
}

static void build_filled(const struct metric *metric)
{
	const struct animed_similarity_input input = {.vectors = {N, K, rows, ids, present}};

	ck_assert_msg(plugin_open(BUILDDIR "/plugins", metric->name, ANIMED_SIMILARITY, &plugin, &err) == 0, "%s",
		      err.text);
	ops = plugin.info->ops.similarity;
	ck_assert_int_eq(ops->open(NULL, &input, NULL, &built, &err), 0);
}

static void build(const struct metric *metric)
{
	fill();
	build_filled(metric);
}

static void drop(void)
{
	ops->close(built);
	plugin_close(&plugin);
}

static bool placed(const struct metric *metric, uint32_t item)
{
	return item != ABSENT && (item != ZERO || metric->zero) && (item != CONSTANT || metric->constant);
}

/* Whether a may come before b: by score descending, then by id ascending. */
static bool in_order(struct animed_hit a, struct animed_hit b)
{
	return a.score > b.score || (a.score >= b.score && ids[a.item] < ids[b.item]);
}

/* Check that the hits are all items that may be answers, in order, each with the score of the plain formula. */
static void check_against(const struct metric *metric, uint32_t item, const struct animed_hit *hits, size_t n)
{
	bool seen[N] = {false};
	size_t expected = 0;

	for (uint32_t i = 0; i < N; i++)
		expected += i != item && placed(metric, i);
	ck_assert_uint_eq(n, expected);
	for (size_t h = 0; h < n; h++) {
		const uint32_t hit = hits[h].item;
		ck_assert(hit != item && placed(metric, hit) && !seen[hit]);
		seen[hit] = true;
		ck_assert_double_eq_tol((double)hits[h].score, metric->score(rows + item * K, rows + hit * K), 2e-5);
		ck_assert(h == 0 || in_order(hits[h - 1], hits[h]));
	}
}

/* ---- plugins ---- */

/* Returns how many answers there are. */
static size_t top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits)
{
	size_t n = SIZE_MAX;

	ck_assert_int_eq(ops->top_k(index, query, limit, hits, &n, &err), 0);
	return n;
}

static void all_scores(const struct animed_query *query, float *scores)
{
	ck_assert_int_eq(ops->scores(built, query, scores, &err), 0);
}

START_TEST(agrees_with_the_formula)
{
	const struct metric *metric = &metrics[_i];
	struct animed_hit hits[N + 5], few[N];

	build(metric);
	for (uint32_t item = 0; item < N; item += item < 20 ? 1 : 41) {
		const struct animed_query query = {.item = item};
		if (!placed(metric, item)) {
			ck_assert_uint_eq(top_k(built, &query, N, hits), 0);
			continue;
		}
		check_against(metric, item, hits, top_k(built, &query, N + 5, hits));
		/* a shorter answer is the beginning of a longer one */
		for (size_t limit = 1; limit < N - 10; limit = limit * 2 + 1) {
			ck_assert_uint_eq(top_k(built, &query, limit, few), limit);
			ck_assert_int_eq(memcmp(few, hits, limit * sizeof *few), 0);
		}
		ck_assert_uint_eq(top_k(built, &query, 0, few), 0);
	}
	drop();
}
END_TEST

START_TEST(equal_scores_go_by_id)
{
	struct animed_hit hits[2];
	const struct animed_query query = {.item = SAME};

	build(&metrics[_i]);
	ck_assert_uint_eq(top_k(built, &query, 2, hits), 2);
	if (metrics[_i].score == dot) {
		ck_assert_uint_eq(hits[0].item, LONGER);
	} else if (metrics[_i].score == euclidean) {
		ck_assert_uint_eq(hits[0].item, TWIN);
		ck_assert(hits[0].score >= 1 && hits[0].score <= 1); /* exactly 1 */
	} else {
		ck_assert_uint_eq(hits[0].item, LONGER); /* id 691 before 692 */
		ck_assert_uint_eq(hits[1].item, TWIN);
		ck_assert_float_eq_tol(hits[0].score, 1, 1e-6f);
		ck_assert(hits[0].score <= 1);
	}
	drop();
}
END_TEST

START_TEST(mask_holds_before_the_best_are_chosen)
{
	struct animed_hit hits[N];
	uint64_t mask[(N + 63) / 64] = {0};
	const struct animed_query query = {.item = SAME, .mask = mask};

	build(&metrics[_i]);
	ck_assert_uint_eq(top_k(built, &query, 10, hits), 0);
	for (uint32_t i = 0; i < N; i += 30)
		mask[i / 64] |= UINT64_C(1) << (i % 64);
	ck_assert_uint_eq(top_k(built, &query, 10, hits), 10);
	for (size_t h = 0; h < 10; h++)
		ck_assert_uint_eq(hits[h].item % 30, 0);
	drop();
}
END_TEST

START_TEST(a_vector_is_asked_as_an_item_is)
{
	struct animed_hit by_item[N], by_vector[N];
	const float zero[K] = {0};
	const struct animed_query item = {.item = LONGER},
				  vector = {.item = ANIMED_NO_ITEM, .vector = rows + LONGER * K};
	const struct animed_query of_zero = {.item = ANIMED_NO_ITEM, .vector = zero};
	size_t n, m, h = 0;

	build(&metrics[_i]);
	n = top_k(built, &item, N, by_item);
	m = top_k(built, &vector, N, by_vector);
	ck_assert_uint_eq(m, n + 1); /* the item itself is an answer too */
	while (by_vector[h].item != LONGER)
		h++;
	memmove(by_vector + h, by_vector + h + 1, (n - h) * sizeof *by_vector);
	ck_assert_int_eq(memcmp(by_item, by_vector, n * sizeof *by_item), 0);
	ck_assert_uint_eq(top_k(built, &of_zero, N, by_vector) > 0, metrics[_i].zero);
	drop();
}
END_TEST

START_TEST(many_at_once_are_as_one_by_one)
{
	static struct animed_hit many[N * (N + 1)];
	struct animed_hit one[N + 1];
	uint64_t mask[(N + 63) / 64];
	float weights[N];
	uint32_t counts[N];
	const struct {
		uint32_t first, n;
		size_t limit;
	} calls[] = {{0, N, 10}, {0, N, N + 1}, {3, 130, 7}, {N - 1, 1, 100},
		     {0, 64, 1}, {5, 1, 3},     {17, 0, 5},  {0, N, 0}};

	build(&metrics[_i]);
	for (size_t w = 0; w < (N + 63) / 64; w++)
		mask[w] = UINT64_C(0xfff0f0ffff00ffff);
	for (uint32_t i = 0; i < N; i++)
		weights[i] = (float)(i % 7) / 6;
	for (size_t c = 0; c < 4 * sizeof calls / sizeof *calls; c++) {
		const size_t limit = calls[c / 4].limit;
		struct animed_query query = {.mask = c % 2 ? mask : NULL, .weights = c % 4 > 1 ? weights : NULL};
		memset(counts, 0xff, sizeof counts);
		ck_assert_int_eq(
		    ops->neighbours(built, calls[c / 4].first, calls[c / 4].n, &query, limit, many, counts, &err), 0);
		for (uint32_t i = 0; i < calls[c / 4].n; i += SLOW ? 7 : 1) {
			query.item = calls[c / 4].first + i;
			const size_t n = top_k(built, &query, limit, one);
			ck_assert_uint_eq(counts[i], n);
			ck_assert_int_eq(memcmp(one, many + i * limit, n * sizeof *one), 0);
		}
	}
	drop();
}
END_TEST

/* The scores and weights that by_weighted_score() sorts items by. */
static const float *order_weights;
static const float *order_scores;

static int by_weighted_score(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const float at_x = order_scores[x] * order_weights[x], at_y = order_scores[y] * order_weights[y];

	if (at_x != at_y)
		return (at_x < at_y) - (at_x > at_y);
	return (ids[x] > ids[y]) - (ids[x] < ids[y]);
}

START_TEST(weights_decide_the_order)
{
	struct animed_hit hits[N];
	float scores[N], weights[N];
	uint32_t order[N], n = 0;

	build(&metrics[_i]);
	for (uint32_t i = 0; i < N; i++)
		weights[i] = (float)(i * 37 % 11) / 10;
	const struct animed_query query = {.item = 17, .weights = weights};
	all_scores(&query, scores);
	for (uint32_t i = 0; i < N; i++) {
		if (scores[i] > -INFINITY)
			order[n++] = i;
	}
	order_weights = weights;
	order_scores = scores;
	qsort(order, n, sizeof *order, by_weighted_score);
	for (size_t limit = 1; limit <= N; limit = limit * 3 + 1) {
		const size_t got = top_k(built, &query, limit, hits);
		ck_assert_uint_eq(got, limit < n ? limit : n);
		for (size_t h = 0; h < got; h++) {
			ck_assert_uint_eq(hits[h].item, order[h]);
			ck_assert_int_eq(memcmp(&hits[h].score, &scores[order[h]], sizeof *scores), 0);
		}
	}
	drop();
}
END_TEST

START_TEST(all_scores_are_those_of_the_best)
{
	struct animed_hit hits[N];
	float scores[N];
	const struct animed_query queries[] = {
	    {.item = SAME}, {.item = 17}, {.item = ZERO}, {.item = ANIMED_NO_ITEM, .vector = rows + LONGER * K}};

	build(&metrics[_i]);
	for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
		const size_t n = top_k(built, &queries[q], N, hits);
		size_t finite = 0;
		all_scores(&queries[q], scores);
		for (uint32_t i = 0; i < N; i++)
			finite += scores[i] > -INFINITY;
		ck_assert_uint_eq(finite, n);
		for (size_t h = 0; h < n; h++)
			ck_assert_int_eq(memcmp(&scores[hits[h].item], &hits[h].score, sizeof *scores), 0);
	}
	drop();
}
END_TEST

static void check_parts(const struct animed_part *parts, size_t n, float rest, float score)
{
	float sum = rest;

	for (size_t p = 0; p < n; p++) {
		ck_assert_int_eq(parts[p].kind, ANIMED_PART_FACTOR);
		ck_assert(p == 0 || fabsf(parts[p].value) <= fabsf(parts[p - 1].value));
		sum += parts[p].value;
	}
	ck_assert_float_eq_tol(sum, score, 2e-5F * (1 + fabsf(score)));
}

START_TEST(parts_add_up_to_the_score)
{
	const struct animed_query queries[] = {{.item = SAME}, {.item = ANIMED_NO_ITEM, .vector = rows + LONGER * K}};
	struct animed_part parts[K], few[3];
	float scores[N], rest;
	size_t n, n_few;

	build(&metrics[_i]);
	for (size_t q = 0; q < 2; q++) {
		all_scores(&queries[q], scores);
		for (uint32_t i = 0; i < N; i++) {
			if (!(scores[i] > -INFINITY))
				continue;
			ck_assert_int_eq(ops->parts(built, &queries[q], i, K, parts, &n, &rest, &err), 0);
			ck_assert_float_eq(rest, metrics[_i].score == euclidean ? 1.0F : 0.0F);
			check_parts(parts, n, rest, scores[i]);
			/* fewer parts are the largest of all, and the rest is what the others were */
			ck_assert_int_eq(ops->parts(built, &queries[q], i, 3, few, &n_few, &rest, &err), 0);
			ck_assert_uint_eq(n_few, n < 3 ? n : 3);
			ck_assert_int_eq(memcmp(few, parts, n_few * sizeof *few), 0);
			check_parts(few, n_few, rest, scores[i]);
		}
	}
	drop();
}
END_TEST

/* Items whose different sums are rounded to the same score are in the order of their ids too. */
START_TEST(scores_that_rounding_makes_equal)
{
	struct animed_hit all[N], few[N];
	const struct animed_query query = {.item = 0};
	size_t equal = 0;

	fill();
	memset(rows, 0, sizeof rows);
	for (int i = 1; i < N; i++)
		rows[i * K] = 1000 + (float)((i * 37) % N) * 0x1p-13F;
	build_filled(&metrics[_i]);
	const size_t n = top_k(built, &query, N, all);
	for (size_t h = 1; h < n; h++) {
		ck_assert(in_order(all[h - 1], all[h]));
		equal += all[h - 1].score >= all[h].score;
	}
	ck_assert(metrics[_i].score != euclidean || (n == N - 2 && equal > 10));
	for (size_t limit = 1; limit < n; limit += 13) {
		ck_assert_uint_eq(top_k(built, &query, limit, few), limit);
		ck_assert_int_eq(memcmp(few, all, limit * sizeof *few), 0);
	}
	drop();
}
END_TEST

START_TEST(few_items_and_none)
{
	struct animed_hit hits[4];
	const uint64_t none = 0, two = 3;
	const struct animed_query query = {.item = 0};

	build(&metrics[_i]);
	struct animed_similarity_input input = {.vectors = {3, K, rows, ids, &two}};
	void *small;
	ck_assert_int_eq(ops->open(NULL, &input, NULL, &small, &err), 0);
	ck_assert_uint_eq(top_k(small, &query, 4, hits), 1);
	ck_assert_uint_eq(hits[0].item, 1);
	ops->close(small);
	input.vectors.present = &none;
	ck_assert_int_eq(ops->open(NULL, &input, NULL, &small, &err), 0);
	ck_assert_uint_eq(top_k(small, &query, 4, hits), 0);
	ops->close(small);
	input.vectors.k = 5000;
	ck_assert_int_eq(ops->open(NULL, &input, NULL, &small, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "5000 factors"));
	drop();
}
END_TEST

/* ---- kernels ---- */

enum { PANELS = 9, MOST_K = 130, MOST_QUERIES = 16 };

static _Alignas(SCAN_ALIGN) float panels[PANELS * MOST_K * SCAN_LANES];
static _Alignas(SCAN_ALIGN) float queries[MOST_K * MOST_QUERIES];

/* The sum that a kernel has to compute for row r of all panels and query q of `width`. */
static double naive(uint32_t k, size_t r, unsigned q, unsigned width, bool distance)
{
	double sum = 0;

	for (uint32_t j = 0; j < k; j++) {
		const double a = (double)panels[(r / SCAN_LANES * k + j) * SCAN_LANES + r % SCAN_LANES];
		const double b = (double)queries[j * width + q];
		sum += distance ? -(a - b) * (a - b) : a * b;
	}
	return sum;
}

static void check_sums(const struct scan_sums *sums, unsigned width, uint32_t k, size_t n, bool distance)
{
	static _Alignas(SCAN_ALIGN) float many[MOST_QUERIES * PANELS * SCAN_LANES], one[PANELS * SCAN_LANES];
	float query[MOST_K];

	sums->many(panels, k, n, queries, many, PANELS * SCAN_LANES);
	for (unsigned q = 0; q < width; q++) {
		for (uint32_t j = 0; j < k; j++)
			query[j] = queries[j * width + q];
		sums->one(panels, k, n, query, one, PANELS * SCAN_LANES);
		ck_assert_int_eq(memcmp(one, many + q * PANELS * SCAN_LANES, n * SCAN_LANES * sizeof *one), 0);
		for (size_t r = 0; r < n * SCAN_LANES; r++)
			ck_assert_double_eq_tol((double)one[r], naive(k, r, q, width, distance),
						distance ? 1e-3 : 1e-4);
	}
}

START_TEST(kernels_sum_alike)
{
	static const uint32_t lengths[] = {1, 3, 16, 37, 128, 130};
	struct rng rng;

	rng_seed(&rng, 9);
	for (size_t i = 0; i < sizeof panels / sizeof *panels; i++)
		panels[i] = (float)rng_normal(&rng);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		queries[i] = (float)rng_normal(&rng);
	for (const struct scan_kernels *const *set = scan_kernels_all(); *set; set++) {
		ck_assert_uint_le((*set)->queries, MOST_QUERIES);
		for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
			for (size_t n = 0; n <= PANELS; n++) {
				check_sums(&(*set)->products, (*set)->queries, lengths[l], n, false);
				check_sums(&(*set)->distances, (*set)->queries, lengths[l], n, true);
			}
		}
	}
}
END_TEST

START_TEST(kernels_tell_what_reaches)
{
	_Alignas(SCAN_ALIGN) float scores[64];
	struct rng rng;

	rng_seed(&rng, 10);
	for (int round = 0; round < 100; round++) {
		uint64_t expected = 0;
		for (unsigned i = 0; i < 64; i++) {
			scores[i] = (float)rng_below(&rng, 5);
			expected |= (uint64_t)(scores[i] >= 3) << i;
		}
		for (const struct scan_kernels *const *set = scan_kernels_all(); *set; set++) {
			ck_assert_uint_eq((*set)->reaching(scores, 3), expected);
			ck_assert_uint_eq((*set)->reaching(scores, -INFINITY), UINT64_MAX);
			scores[round % 64] = NAN;
			ck_assert_uint_eq((*set)->reaching(scores, -INFINITY), ~(UINT64_C(1) << (round % 64)));
			scores[round % 64] = (expected >> (round % 64)) & 1 ? 4.0F : 0.0F;
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scan");
	TCase *tc = tcase_create("scan");

	tcase_add_loop_test(tc, agrees_with_the_formula, 0, METRICS);
	tcase_add_loop_test(tc, equal_scores_go_by_id, 0, METRICS);
	tcase_add_loop_test(tc, mask_holds_before_the_best_are_chosen, 0, METRICS);
	tcase_add_loop_test(tc, a_vector_is_asked_as_an_item_is, 0, METRICS);
	tcase_add_loop_test(tc, many_at_once_are_as_one_by_one, 0, METRICS);
	tcase_add_loop_test(tc, weights_decide_the_order, 0, METRICS);
	tcase_add_loop_test(tc, all_scores_are_those_of_the_best, 0, METRICS);
	tcase_add_loop_test(tc, parts_add_up_to_the_score, 0, METRICS);
	tcase_add_loop_test(tc, scores_that_rounding_makes_equal, 0, METRICS);
	tcase_add_loop_test(tc, few_items_and_none, 0, METRICS);
	tcase_add_test(tc, kernels_sum_alike);
	tcase_add_test(tc, kernels_tell_what_reaches);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
