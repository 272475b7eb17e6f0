/* check_cult.c - tests cult on made-up ratings: against the formula written out, and each part of it alone. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"
#include "kit/rng.h"
#include "model/cult.h"
#include "scratch.h"

enum { USERS = 120, ITEMS = 40 };

/* The ratings as a table, in which NAN is none, and what the catalogue says. */
static struct {
	float scores[USERS][ITEMS];
	int64_t members[ITEMS], counts[ITEMS], tops[ITEMS];
	float means[ITEMS];
	uint32_t franchises[ITEMS];
	uint64_t rated[1];
} world;

static struct cult cult;

static void clear(void)
{
	memset(&world, 0, sizeof world);
	for (size_t u = 0; u < USERS; u++) {
		for (size_t i = 0; i < ITEMS; i++)
			world.scores[u][i] = NAN;
	}
	for (uint32_t i = 0; i < ITEMS; i++) {
		world.members[i] = 1000;
		world.franchises[i] = i;
	}
	mask_fill(world.rated, ITEMS);
}

static void teardown(void)
{
	cult_free(&cult);
}

/* Find the cult of a model with these ratings and this catalogue, whose ids do not matter. */
static void find_in(const struct rating_lists *ratings, const struct catalogue *catalogue)
{
	const struct modelfile file = {.factors = {.n_users = USERS}, .catalogue = *catalogue, .ratings = *ratings};

	cult_free(&cult);
	ck_assert_int_eq(cult_find(&file, world.franchises, world.rated, &cult), 0);
}

static void find_cult(void)
{
	static uint64_t offsets[USERS + 1];
	static uint32_t items[USERS * ITEMS];
	static float scores[USERS * ITEMS];
	uint64_t n = 0;

	for (uint32_t u = 0; u < USERS; u++) {
		for (uint32_t i = 0; i < ITEMS; i++) {
			if (isnan(world.scores[u][i]))
				continue;
			items[n] = i;
			scores[n++] = world.scores[u][i];
		}
		offsets[u + 1] = n;
	}
	find_in(&(struct rating_lists){offsets, items, scores},
		&(struct catalogue){.n = ITEMS, .members = world.members});
}

/* Give the item these ratings of the users from `first` on. */
static void rate(uint32_t first, uint32_t n, uint32_t item, float score)
{
	for (uint32_t u = first; u < first + n; u++)
		world.scores[u][item] = score;
}

/* ---- the formula, step by step and slow ---- */

static double mean_of(const double *numbers, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += numbers[i];
	return n > 0 ? sum / (double)n : 0;
}

/* The sum of the squared distances from `centre`. */
static double squares_of(const double *numbers, size_t n, double centre)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (numbers[i] - centre) * (numbers[i] - centre);
	return sum;
}

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The 90th percentile, between two numbers where it lies between them.  Tenths are counted in whole numbers. */
static double percentile_90(double *numbers, size_t n)
{
	const size_t tenths = 9 * (n - 1), at = tenths / 10;

	qsort(numbers, n, sizeof *numbers, ascending);
	return tenths % 10 == 0 ? numbers[at]
				: numbers[at] + (double)(tenths % 10) / 10 * (numbers[at + 1] - numbers[at]);
}

static size_t ratings_of_user(size_t user, double *out)
{
	size_t n = 0;

	for (size_t i = 0; i < ITEMS; i++) {
		if (!isnan(world.scores[user][i]))
			out[n++] = (double)world.scores[user][i];
	}
	return n;
}

/* Returns the share of the 95th percentile.  The members of each item are known, and each is rated. */
static double reach_of(uint32_t franchise)
{
	double sorted[ITEMS], most = 0;

	for (size_t i = 0; i < ITEMS; i++) {
		sorted[i] = (double)world.members[i];
		most = world.franchises[i] == franchise ? fmax(most, sorted[i]) : most;
	}
	qsort(sorted, ITEMS, sizeof *sorted, ascending);
	return most / sorted[ITEMS * 95 / 100 - 1];
}

/* Compute the cult of all items, where a favourite is at least `least`. */
static void by_the_book(double least, double *out)
{
	double all[USERS * ITEMS], own[ITEMS], n[ITEMS] = {0}, z[ITEMS] = {0}, favourites[ITEMS] = {0};
	size_t total = 0;

	for (size_t u = 0; u < USERS; u++)
		total += ratings_of_user(u, all + total);
	const double mean = mean_of(all, total), variance = squares_of(all, total, mean) / (double)total;
	for (size_t u = 0; u < USERS; u++) {
		const size_t k = ratings_of_user(u, own);
		const double mu = ((double)k * mean_of(own, k) + 5 * mean) / (double)(k + 5);
		const double sd = sqrt((squares_of(own, k, mu) + 10 * variance) / (double)(k + 10));
		const double bound = k >= 10 ? fmax(least, percentile_90(own, k)) : INFINITY;
		for (size_t i = 0; i < ITEMS; i++) {
			if (isnan(world.scores[u][i]))
				continue;
			n[i]++;
			z[i] += ((double)world.scores[u][i] - mu) / sd;
			favourites[i] += (double)world.scores[u][i] >= bound;
		}
	}
	const double b = mean_of(favourites, ITEMS) * ITEMS / (double)total;
	for (size_t i = 0; i < ITEMS; i++) {
		double N = 0, Z = 0, L = 0;
		for (size_t j = 0; j < ITEMS; j++) {
			const bool same = world.franchises[i] == world.franchises[j];
			N += same ? n[j] : 0;
			Z += same ? z[j] : 0;
			L += same ? favourites[j] : 0;
		}
		Z = Z / (N + 20);
		L = (L + 20 * b) / (N + 20) / b;
		const double ze = (z[i] + 20 * Z) / (n[i] + 20);
		const double le = (favourites[i] + 20 * b * L) / (n[i] + 20) / b;
		out[i] = n[i] < 20 ? 0 : fmax(ze, 0) * le / (1 + pow(reach_of(world.franchises[i]), 2));
	}
}

/* Scores from `low` in `steps` steps, of users who rate much or little, high or low; the lowest and the highest score
 * come.  Items are rated by many or by few, and every fourth franchise has three of them. */
static void randomise(struct rng *rng, float low, float step, int steps)
{
	clear();
	for (uint32_t i = 0; i < ITEMS; i++) {
		world.members[i] = 1 + (int64_t)(rng_next(rng) % 100000);
		world.franchises[i] = i % 12 < 3 ? i - i % 12 : i;
	}
	for (size_t u = 0; u < USERS; u++) {
		const int usual = (int)(rng_next(rng) % (uint64_t)steps);
		const double share = u % 3 ? 0.6 : 0.15;
		for (size_t i = 0; i < ITEMS; i++) {
			const int at = usual + (int)(rng_next(rng) % 7) - 3 + (i % 5 == 0);
			if (rng_unit(rng) < share * (i % 4 ? 1 : 0.3))
				world.scores[u][i] = low + step * (float)(at < 0 ? 0 : at > steps ? steps : at);
		}
	}
	world.scores[0][0] = low;
	world.scores[1][1] = low + step * (float)steps;
}

START_TEST(agrees_with_the_formula)
{
	/* the lowest score, the step, their number, and the least favourite */
	static const struct scale {
		float low, step;
		int steps;
		double least;
	} scales[] = {{1, 1, 9, 9}, {1, 1, 4, 5}, {0.5F, 0.5F, 9, 4.5}, {0, 1, 100, 89}, {0.1F, 0.1F, 9, 0.8999}};
	struct rng rng;
	double expected[ITEMS];

	rng_seed(&rng, 5);
	for (size_t run = 0; run < 5 * sizeof scales / sizeof *scales; run++) {
		const struct scale *scale = &scales[run / 5];
		size_t some = 0, none = 0;
		randomise(&rng, scale->low, scale->step, scale->steps);
		by_the_book(scale->least, expected);
		find_cult();
		ck_assert(cult.favourites);
		for (size_t i = 0; i < ITEMS; i++) {
			ck_assert_msg(fabs((double)cult.values[i] - expected[i]) < 1e-5,
				      "scale %zu, item %zu: %g, not %g", run / 5, i, (double)cult.values[i],
				      expected[i]);
			some += expected[i] > 0;
			none += !(expected[i] > 0);
		}
		ck_assert(some > 0 && none > 0);
	}
}
END_TEST

/* ---- its parts ---- */

/* Let each of the users rate nine other items at `usual`, so that this is what they usually give. */
static void usually(uint32_t first, uint32_t n, float usual)
{
	for (uint32_t i = 20; i < 29; i++)
		rate(first, n, i, usual);
}

START_TEST(generous_raters)
{
	/* a mean of 9.5 among those who give nearly everything 10 is less than 9 among those who give everything 5 */
	clear();
	usually(0, 30, 10);
	usually(30, 30, 5);
	rate(60, 1, 2, 1); /* the lowest score, so that 9 can be a favourite */
	rate(0, 30, 0, 9);
	rate(0, 15, 0, 10);
	rate(30, 30, 1, 9);
	find_cult();
	ck_assert_float_gt(cult.values[1], 4 * cult.values[0]);
}
END_TEST

START_TEST(survivors)
{
	/* of 60 who rate the first season the 20 who love it go on */
	clear();
	usually(0, 60, 6);
	rate(0, 20, 0, 9);
	rate(20, 40, 0, 6);
	rate(0, 20, 1, 10);
	world.members[0] = 2000;
	find_cult();
	const float alone = cult.values[1];
	ck_assert(mask_has(cult.best_known, 0) && mask_has(cult.best_known, 1));
	world.franchises[1] = 0;
	find_cult();
	/* the second season has a value to be weighed by, which is shrunk to that of both; the list has the first */
	ck_assert_float_gt(cult.values[1], 0);
	ck_assert_float_lt(cult.values[1], alone);
	ck_assert(mask_has(cult.best_known, 0) && !mask_has(cult.best_known, 1));
	/* it is not the list's either where nobody loves the first */
	rate(0, 20, 0, 2);
	rate(20, 40, 0, 5);
	find_cult();
	ck_assert_float_eq(cult.values[0], 0);
	ck_assert_float_gt(cult.values[1], 0);
	ck_assert(mask_has(cult.best_known, 0) && !mask_has(cult.best_known, 1));
}
END_TEST

START_TEST(best_known)
{
	clear();
	usually(0, 60, 6);
	for (uint32_t i = 0; i < 4; i++) {
		world.franchises[i] = 0;
		rate(0, i == 0 ? 19 : 30, i, 8);
	}
	/* the first has the most members, but too few ratings to be judged; two of the others have as many members */
	world.members[0] = 9000;
	world.members[2] = world.members[3] = 3000;
	find_cult();
	ck_assert_uint_eq(cult.best_known[0] & 0xf, 1U << 2);
	mask_clear(world.rated, 2);
	find_cult();
	ck_assert_float_eq(cult.values[2], 0);
	ck_assert_uint_eq(cult.best_known[0] & 0xf, 1U << 3);
	/* no judged item, no best known */
	mask_clear(world.rated, 1);
	mask_clear(world.rated, 3);
	find_cult();
	ck_assert_uint_eq(cult.best_known[0] & 0xf, 0);
}
END_TEST

START_TEST(popular)
{
	float obscure;

	clear();
	usually(0, 60, 6);
	rate(0, 40, 0, 9);
	rate(0, 40, 1, 9);
	world.members[0] = 1;
	find_cult();
	obscure = cult.values[0];
	/* of the 11 rated items one has 1 member, and the others 1000, which is the 95th percentile; the members of
	 * items that nobody rates do not count for it */
	for (uint32_t i = 30; i < ITEMS; i++)
		world.members[i] = 1000000;
	find_cult();
	ck_assert_float_eq_tol(cult.values[0], obscure, 1e-6F);
	ck_assert_float_eq_tol(cult.values[1], obscure / 2, 1e-5F);
	/* a film of a popular work is no more obscure than the work, which need not be rated */
	world.franchises[1] = world.franchises[30] = 1;
	world.members[30] = 3000;
	find_cult();
	ck_assert_float_eq_tol(cult.values[1], obscure / 10, 1e-5F);
	/* without members, ratings: 40 of 60 */
	memset(world.members, 0, sizeof world.members);
	find_cult();
	ck_assert_float_eq_tol(cult.values[1], obscure / (1 + 4.0F / 9), 1e-5F);
}
END_TEST

START_TEST(twenty_ratings)
{
	clear();
	usually(0, 60, 6);
	rate(0, 20, 0, 9);
	rate(0, 19, 1, 10);
	find_cult();
	ck_assert_float_gt(cult.values[0], 0);
	ck_assert_float_eq(cult.values[1], 0);
	ck_assert_float_eq(cult.places[1], 0);
	/* the place is among the ten items that have 20 ratings: all others there have no cult */
	ck_assert_float_eq(cult.places[0], 1);
	ck_assert_float_eq(cult.places[20], 0);
}
END_TEST

START_TEST(favourites)
{
	clear();
	/* Users rate nine items, which average 6, the lowest score is 1, and items 0 and 1 average 8 each, but half of
	 * the users have item 0 among their favourites. */
	usually(0, 60, 6);
	rate(0, 20, 0, 10);
	rate(20, 20, 0, 6);
	rate(0, 40, 1, 8);
	rate(0, 60, 2, 1);
	find_cult();
	ck_assert(cult.favourites);
	ck_assert_float_gt(cult.values[0], 2 * cult.values[1]);
	/* those who rate fewer than ten items have none */
	for (uint32_t i = 20; i < 26; i++)
		rate(0, 60, i, NAN);
	find_cult();
	ck_assert(!cult.favourites);
	ck_assert_float_lt(cult.values[0], 1.5F * cult.values[1]);
}
END_TEST

START_TEST(nothing_stands_out)
{
	clear();
	for (uint32_t i = 0; i < 12; i++)
		rate(0, 60, i, 7);
	find_cult();
	for (size_t i = 0; i < ITEMS; i++)
		ck_assert_float_eq(cult.values[i], 0);
	/* what is no number gives nobody a cult */
	rate(0, 60, 3, INFINITY);
	find_cult();
	for (size_t i = 0; i < ITEMS; i++)
		ck_assert_float_eq(cult.values[i], 0);
}
END_TEST

/* ---- models without ratings ---- */

START_TEST(from_columns)
{
	static const uint64_t no_ratings[USERS + 1];
	struct catalogue catalogue = {.n = ITEMS, .counts = world.counts, .means = world.means};

	clear();
	for (size_t i = 0; i < ITEMS; i++) {
		world.counts[i] = 30;
		world.means[i] = 6;
	}
	world.means[0] = world.means[1] = 9;
	world.means[2] = 10;
	world.counts[2] = 19;
	world.tops[0] = 25;
	world.tops[1] = 5;
	find_in(&(struct rating_lists){0}, &catalogue);
	ck_assert(!cult.favourites);
	ck_assert_float_gt(cult.values[0], 0);
	ck_assert_float_eq(cult.values[0], cult.values[1]);
	ck_assert_float_eq(cult.values[2], 0);
	ck_assert_float_eq(cult.values[3], 0);
	catalogue.tops = world.tops;
	find_in(&(struct rating_lists){.offsets = no_ratings}, &catalogue);
	ck_assert(cult.favourites);
	ck_assert_float_gt(cult.values[0], 2 * cult.values[1]);
	/* neither ratings nor means */
	catalogue.means = NULL;
	find_in(&(struct rating_lists){0}, &catalogue);
	ck_assert_ptr_null(cult.values);
}
END_TEST

static Suite *cult_suite(void)
{
	Suite *suite = suite_create("cult");
	TCase *tcase = tcase_create("cult");

	tcase_add_checked_fixture(tcase, clear, teardown);
	tcase_add_test(tcase, agrees_with_the_formula);
	tcase_add_test(tcase, generous_raters);
	tcase_add_test(tcase, survivors);
	tcase_add_test(tcase, best_known);
	tcase_add_test(tcase, popular);
	tcase_add_test(tcase, twenty_ratings);
	tcase_add_test(tcase, favourites);
	tcase_add_test(tcase, nothing_stands_out);
	tcase_add_test(tcase, from_columns);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(cult_suite());
}
