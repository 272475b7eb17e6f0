/* check_gram.c - groups made-up ratings and compares the Gram matrix with plain loops; the weights of scores. */
#include "config.h"

#include <math.h>

#include "hosts.h"
#include "kit/gram.h"
#include "kit/rng.h"
#include "kit/score-weight.h"
#include "scratch.h"

enum { USERS = 90, ITEMS = 70, MOST = USERS * ITEMS };

static struct animed_error err;
static uint32_t users[MOST], items[MOST];
static float scores[MOST];
static float dense[USERS][ITEMS]; /* 0: no rating */

/* Item i is rated by the more users the smaller i % 7 is; nobody rates item 6, and user 5 rates nothing. */
static struct animed_dataset make(bool shuffled)
{
	struct rng rng;
	size_t n = 0;

	rng_seed(&rng, 4);
	memset(dense, 0, sizeof dense);
	for (uint32_t u = 0; u < USERS; u++) {
		for (uint32_t i = 0; i < ITEMS; i++) {
			const float score = (float)(1 + rng_below(&rng, 10));
			if (u == 5 || i == 6 || rng_below(&rng, 8) < i % 7)
				continue;
			dense[u][i] = score;
			users[n] = u;
			items[n] = i;
			scores[n++] = score;
		}
	}
	for (size_t r = n; shuffled && r-- > 1;) {
		const size_t other = rng_below(&rng, (uint32_t)r);
		const uint32_t user = users[r], item = items[r];
		const float score = scores[r];
		users[r] = users[other];
		items[r] = items[other];
		scores[r] = scores[other];
		users[other] = user;
		items[other] = item;
		scores[other] = score;
	}
	return (struct animed_dataset){
	    .n_users = USERS, .n_items = ITEMS, .train = {n, users, items, scores}, .score_min = 1, .score_max = 10};
}

static uint32_t count_of(uint32_t item)
{
	uint32_t n = 0;

	for (uint32_t u = 0; u < USERS; u++)
		n += dense[u][item] > 0;
	return n;
}

/* ---- grouping ---- */

START_TEST(groups_both_ways)
{
	const struct animed_dataset data = make(_i);
	struct by_item by;
	size_t n = 0;

	ck_assert_int_eq(by_item_make(&by, &data, 1, 1000, &err), 0);
	ck_assert_uint_eq(by.n, ITEMS - 1);
	ck_assert_uint_eq(by.positions[6], BY_ITEM_NOT_CHOSEN);
	for (uint32_t p = 0; p < by.n; p++) {
		const uint32_t item = by.items[p];
		ck_assert_uint_eq(by.positions[item], p);
		ck_assert_uint_eq(by.item_counts[item], count_of(item));
		ck_assert_uint_eq(by.item_starts[p + 1] - by.item_starts[p], count_of(item));
		ck_assert(p == 0 || count_of(by.items[p - 1]) > count_of(item) ||
			  (count_of(by.items[p - 1]) == count_of(item) && by.items[p - 1] < item));
		for (uint64_t r = by.item_starts[p]; r < by.item_starts[p + 1]; r++) {
			const struct by_item_rater rater = by.raters[r];
			const struct by_item_rating rating = by.ratings[by.user_starts[rater.user] + rater.place];
			ck_assert_uint_eq(rating.position, p);
			ck_assert(rating.weight == dense[rater.user][item]);
		}
	}
	for (uint32_t u = 0; u < USERS; u++) {
		ck_assert_uint_eq(by.user_counts[u], by.user_starts[u + 1] - by.user_starts[u]);
		for (uint64_t r = by.user_starts[u]; r < by.user_starts[u + 1]; r++, n++) {
			ck_assert(r == by.user_starts[u] || by.ratings[r].position > by.ratings[r - 1].position);
			ck_assert(by.ratings[r].weight == dense[u][by.items[by.ratings[r].position]]);
		}
	}
	ck_assert_uint_eq(n, data.train.n);
	by_item_free(&by);
}
END_TEST

START_TEST(chooses_the_most_rated)
{
	const struct animed_dataset data = make(true);
	const uint32_t least = 40;
	struct by_item all, few;
	uint32_t expected = 0;

	for (uint32_t i = 0; i < ITEMS; i++)
		expected += count_of(i) >= least;
	ck_assert_int_eq(by_item_make(&all, &data, least, ITEMS, &err), 0);
	ck_assert_uint_eq(all.n, expected);
	ck_assert_uint_gt(expected, 5);
	ck_assert_int_eq(by_item_make(&few, &data, least, 5, &err), 0);
	ck_assert_uint_eq(few.n, 5);
	ck_assert_int_eq(memcmp(few.items, all.items, 5 * sizeof *few.items), 0);
	/* counts are of all ratings; lists are of those of chosen items */
	ck_assert_int_eq(memcmp(few.user_counts, all.user_counts, USERS * sizeof *few.user_counts), 0);
	ck_assert_uint_lt(few.user_starts[USERS], all.user_starts[USERS]);
	by_item_free(&all);
	by_item_free(&few);
}
END_TEST

/* Move what has the score 10 from the ratings to favourites, and add somebody with favourites alone, who likes items 0
 * and 1. */
static struct animed_dataset with_favourites(const struct animed_dataset *all)
{
	static uint32_t fans[MOST + 2], liked[MOST + 2], rest_users[MOST], rest_items[MOST];
	static float rest_scores[MOST];
	struct animed_dataset data = *all;
	size_t n = 0, kept = 0;

	for (size_t r = 0; r < all->train.n; r++) {
		if (scores[r] < 10) {
			rest_users[kept] = users[r];
			rest_items[kept] = items[r];
			rest_scores[kept++] = scores[r];
		} else {
			fans[n] = users[r];
			liked[n++] = items[r];
		}
	}
	fans[n] = fans[n + 1] = USERS;
	liked[n] = 0;
	liked[n + 1] = 1;
	data.train = (struct animed_ratings){kept, rest_users, rest_items, rest_scores};
	data.favourites = (struct animed_favourites){n + 2, USERS + 1, fans, liked};
	return data;
}

START_TEST(favourites_are_top_scores)
{
	const struct animed_dataset all = make(false), split = with_favourites(&all);
	const struct animed_host host = host_with(1);
	struct by_item by, other;

	ck_assert_int_eq(by_item_make(&by, &all, 10, 1000, &err), 0);
	ck_assert_int_eq(by_item_make(&other, &split, 10, 1000, &err), 0);
	ck_assert_uint_eq(other.n_users, USERS + 1);
	ck_assert_uint_eq(other.user_counts[USERS], 2);
	ck_assert_uint_eq(other.item_counts[0], by.item_counts[0] + 1);
	ck_assert_uint_eq(other.item_counts[2], by.item_counts[2]);
	ck_assert_uint_eq(other.n, by.n);
	float *gram = malloc((size_t)by.n * by.n * sizeof *gram), *same = malloc((size_t)by.n * by.n * sizeof *same);
	ck_assert_int_eq(gram_make(&by, gram, &host, &err), 0);
	ck_assert_int_eq(gram_make(&other, same, &host, &err), 0);
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t j = 0; j < ITEMS; j++) {
			const uint32_t a = by.positions[i], b = by.positions[j], c = other.positions[i],
				       d = other.positions[j];
			if (a == BY_ITEM_NOT_CHOSEN || b == BY_ITEM_NOT_CHOSEN)
				continue;
			const double was = (double)(a > b ? gram[a * by.n + b] : gram[b * by.n + a]);
			const double is = (double)(c > d ? same[c * by.n + d] : same[d * by.n + c]);
			ck_assert_double_eq_tol(is, was + (i < 2 && j < 2 ? 100 : 0), 1e-2);
		}
	}
	free(gram);
	free(same);
	by_item_free(&by);
	by_item_free(&other);
}
END_TEST

START_TEST(groups_nothing)
{
	struct animed_dataset data = make(false);
	struct by_item by;

	ck_assert_int_eq(by_item_make(&by, &data, USERS + 1, 100, &err), 0);
	ck_assert_uint_eq(by.n, 0);
	ck_assert_uint_eq(by.user_starts[USERS], 0);
	by_item_free(&by);
	data.train.n = 0;
	ck_assert_int_eq(by_item_make(&by, &data, 1, 100, &err), 0);
	ck_assert_uint_eq(by.n, 0);
	by_item_free(&by);
}
END_TEST

/* ---- the matrix ---- */

/* Weights that differ by user, so that they are seen to be read. */
static void weigh(struct by_item *by)
{
	for (uint32_t u = 0; u < USERS; u++) {
		for (uint64_t r = by->user_starts[u]; r < by->user_starts[u + 1]; r++)
			by->ratings[r].weight *= 0.25F + (float)(u % 4);
	}
}

START_TEST(agrees_with_plain_loops)
{
	const struct animed_dataset data = make(_i % 2);
	const struct animed_host host = host_with(1 + (unsigned)_i);
	struct by_item by;

	ck_assert_int_eq(by_item_make(&by, &data, 10, 1000, &err), 0);
	weigh(&by);
	float *gram = malloc((size_t)by.n * by.n * sizeof *gram);
	for (size_t c = 0; c < (size_t)by.n * by.n; c++)
		gram[c] = -1;
	ck_assert_int_eq(gram_make(&by, gram, &host, &err), 0);
	for (uint32_t i = 0; i < by.n; i++) {
		for (uint32_t j = 0; j < by.n; j++) {
			double sum = 0;
			for (uint32_t u = 0; u < USERS; u++) {
				const double weight = 0.25 + u % 4;
				sum += weight * (double)dense[u][by.items[i]] * weight * (double)dense[u][by.items[j]];
			}
			if (j <= i)
				ck_assert_double_eq_tol((double)gram[i * by.n + j], sum, 1e-5 * (1 + sum));
			else
				ck_assert(gram[i * by.n + j] == -1); /* not touched */
		}
	}
	free(gram);
	by_item_free(&by);
}
END_TEST

START_TEST(same_bits_for_any_number_of_threads)
{
	const struct animed_dataset data = make(true);
	const struct animed_host one = host_with(1), several = host_with((unsigned)_i);
	struct by_item by;

	ck_assert_int_eq(by_item_make(&by, &data, 1, 1000, &err), 0);
	weigh(&by);
	float *expected = calloc((size_t)by.n * by.n, sizeof *expected),
	      *gram = calloc((size_t)by.n * by.n, sizeof *gram);
	ck_assert_int_eq(gram_make(&by, expected, &one, &err), 0);
	ck_assert_int_eq(gram_make(&by, gram, &several, &err), 0);
	ck_assert_int_eq(memcmp(gram, expected, (size_t)by.n * by.n * sizeof *gram), 0);
	free(expected);
	free(gram);
	by_item_free(&by);
}
END_TEST

START_TEST(can_be_cancelled)
{
	const struct animed_dataset data = make(false);
	int left = 9;
	const struct animed_host host = host_that_cancels(&left);
	struct by_item by;

	ck_assert_int_eq(by_item_make(&by, &data, 1, 1000, &err), 0);
	float *gram = malloc((size_t)by.n * by.n * sizeof *gram);
	ck_assert_int_eq(gram_make(&by, gram, &host, &err), -1);
	ck_assert_str_eq(err.text, "cancelled");
	free(gram);
	by_item_free(&by);
}
END_TEST

/* ---- what a score counts ---- */

START_TEST(weighs_scores)
{
	static const struct {
		float low, high, score, weight;
	} cases[] = {
	    {1, 10, 10, 1},  {1, 10, 5, .25F},  {1, 10, 1, .01F},   {0, 100, 50, .25F}, {0, 10, 0, 0},
	    {-1, 1, 1, 1},   {-1, 1, -1, .01F}, {-1, 1, 0, .3025F}, {2, 10, 6, .3025F}, {-10, -2, -2, 1},
	    {1, 10, 12, 1},  {1, 10, -4, .01F}, {-1, 1, -9, .01F},  {7, 7, 7, 1},       {0, 0, 0, 1},
	    {-3, -3, -3, 1}, {0, 1, .5F, .25F},
	};

	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
		ck_assert_float_eq_tol(score_weight((struct score_scale){cases[c].low, cases[c].high}, cases[c].score),
				       cases[c].weight, 1e-6f);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gram");
	TCase *tc = tcase_create("gram");

	tcase_add_loop_test(tc, groups_both_ways, 0, 2);
	tcase_add_test(tc, chooses_the_most_rated);
	tcase_add_test(tc, groups_nothing);
	tcase_add_test(tc, favourites_are_top_scores);
	tcase_add_loop_test(tc, agrees_with_plain_loops, 0, 4);
	tcase_add_loop_test(tc, same_bits_for_any_number_of_threads, 2, 6);
	tcase_add_test(tc, can_be_cancelled);
	tcase_add_test(tc, weighs_scores);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
