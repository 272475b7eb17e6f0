/* check_ease_person.c - what the ranking "ease" makes of its matrix for a person. */
#include "config.h"

#include <cblas.h>
#include <math.h>

#include "ease-world.h"
#include "hosts.h"
#include "scratch.h"

/* What the host that stands in knows: an item is the more similar the nearer its number. */
struct host_double {
	int asked;
	bool silent;
};

static float near(uint32_t a, uint32_t b)
{
	return 1 / (1 + fabsf((float)a - (float)b));
}

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *out, struct animed_error *error)
{
	struct host_double *host = ctx;

	(void)error;
	host->asked++;
	for (uint32_t j = 0; j < ITEMS; j++) {
		out[j] = 0;
		for (size_t t = 0; t < n && !host->silent; t++)
			out[j] += terms[t].weight * near(terms[t].item, j);
	}
	for (size_t t = 0; t < n; t++)
		out[terms[t].item] = 0;
	return 0;
}

static int refuse(void *ctx, const struct animed_term *terms, size_t n, float *out, struct animed_error *error)
{
	(void)ctx;
	(void)terms;
	(void)n;
	(void)out;
	return animed_fail(error, "no similarity");
}

static struct animed_person person_of(size_t n, const uint32_t *known, const float *liked, struct host_double *host)
{
	return (struct animed_person){.n = n, .items = known, .scores = liked, .ctx = host, .similar = similar};
}

static bool knows(const struct animed_person *person, uint32_t item)
{
	for (size_t p = 0; p < person->n; p++) {
		if (person->items[p] == item)
			return true;
	}
	return false;
}

static void standardise(double *x)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < ITEMS; i++)
		sum += x[i] / ITEMS;
	for (int i = 0; i < ITEMS; i++)
		squares += (x[i] - sum) * (x[i] - sum) / ITEMS;
	for (int i = 0; i < ITEMS; i++)
		x[i] = squares > 0 ? (x[i] - sum) / sqrt(squares) : 0;
}

/* (1 - t) z(S) + t z(H) in doubles, of the matrix in plain[][]. */
static void plain_values(const struct animed_person *person, double *out)
{
	const double m = (double)person->n, beta = -.2 * m / (m + 40), t = 20 / (m + 25);
	double s[ITEMS] = {0}, h[ITEMS] = {0};

	for (uint32_t j = 0; j < ITEMS; j++) {
		for (size_t p = 0; p < person->n; p++) {
			const double score = (double)person->scores[p] / 10,
				     weight = score <= .3 + 1e-6 ? score - .4 : score * score;
			s[j] += weight * plain[person->items[p]][j];
			if (!knows(person, j))
				h[j] += weight * (double)near(person->items[p], j);
		}
		s[j] *= pow(fmax(plain_counts[j], 1), beta);
	}
	standardise(s);
	standardise(h);
	for (int j = 0; j < ITEMS; j++)
		out[j] = m > 100 ? s[j] : (1 - t) * s[j] + t * h[j];
}

/* Check that parts and rest sum up to the value, for all items that may be answers. */
static void check_parts(const void *index, const struct animed_person *person, const float *of)
{
	float parts[ITEMS], rest;

	for (uint32_t j = 0; j < ITEMS; j++) {
		ck_assert_int_eq(ease_parts(index, person, 1, &j, parts, &rest, &err), 0);
		double sum = (double)rest;
		for (size_t p = 0; p < person->n; p++)
			sum += (double)parts[p];
		if (!knows(person, j))
			ck_assert_double_eq_tol(sum, (double)of[j], 1e-5);
	}
}

/* Persons with a few ratings, for whom similarity counts, and with many, for whom it does not. */
START_TEST(values_agree_with_the_formula)
{
	static const size_t sizes[] = {1, 2, 5, 20, 100, 101, 110};
	uint32_t known[ITEMS];
	float liked[ITEMS];
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	const struct animed_person person = person_of(sizes[_i], known, liked, &double_host);
	double expected[ITEMS];
	float got[ITEMS];
	void *index;

	for (uint32_t p = 0; p < ITEMS; p++) {
		known[p] = (p * 11 + 3) % ITEMS;
		liked[p] = (float)(1 + (p * 7 + 4) % 10);
	}
	learn_with(&data, 2, &learnt);
	open_learnt(&learnt, &index);
	make_plain(&data, .2);
	plain_values(&person, expected);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	ck_assert_int_eq(double_host.asked, person.n <= 100);
	for (int j = 0; j < ITEMS; j++)
		ck_assert_double_eq_tol((double)got[j], expected[j], 1e-4);
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(the_own_taste_comes_first)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {.silent = true};
	float got[ITEMS], parts[2], rest;
	void *index;

	learn_with(&data, 2, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t taste = 0; taste < 2; taste++) {
		const uint32_t known[] = {taste * TASTE, (1 - taste) * TASTE};
		const float liked[] = {10, 2};
		const struct animed_person person = person_of(2, known, liked, &double_host);
		ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
		for (uint32_t own = 1; own < TASTE; own++) {
			const uint32_t item = taste * TASTE + own;
			for (uint32_t other = 1; other < TASTE; other++)
				ck_assert(got[item] > got[(1 - taste) * TASTE + other]);
			/* and for the reason that is said: the liked item speaks for it */
			ck_assert_int_eq(ease_parts(index, &person, 1, &item, parts, &rest, &err), 0);
			ck_assert(parts[0] > 0 && parts[0] > parts[1]);
		}
	}
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* What is known of no item that takes part is left to similarity, however much it is. */
START_TEST(similarity_alone_where_no_item_takes_part)
{
	static const uint32_t rare[] = {RARE, UNRATED};
	static const float liked[] = {9, 8};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	const struct animed_person person = person_of(2, rare, liked, &double_host);
	float got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (uint32_t j = 1; j < RARE; j++)
		ck_assert(got[j] > got[j - 1]); /* nearer to what is known */
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(many_items_that_take_no_part_ask_for_similarity)
{
	enum { MANY = 110 };
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	uint32_t known[ITEMS];
	float liked[ITEMS], got[ITEMS];
	void *index;

	for (uint32_t i = 0; i < MANY; i++) {
		known[i] = i;
		liked[i] = 8;
	}
	const struct animed_person person = person_of(MANY, known, liked, &double_host);
	values[EASE_MIN_RATINGS].integer = 1000; /* none takes part */
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	ck_assert_int_eq(double_host.asked, 1);
	ck_assert(got[MANY] > got[MANY + 1]);
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(by_counts_where_nothing_is_known)
{
	static const uint32_t unrated[] = {UNRATED};
	static const float liked[] = {10};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {.silent = true};
	const struct animed_person person = person_of(1, unrated, liked, &double_host);
	float got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	const uint32_t *counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert(counts[i] <= counts[j] || counts[i] < 2 || got[i] > got[j]);
	}
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* What is least like some dislikes is no answer: they are as nothing known.  Beside a show that is liked they count
 * against what is like them, the lower the score the more. */
START_TEST(a_dislike_recommends_nothing)
{
	static const uint32_t known[] = {3, 14, 25};
	static const float dislikes[] = {1, 3, 2}, mild[] = {9, 3, 3}, worse[] = {9, 1, 3};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	const struct animed_person hates = person_of(3, known, dislikes, &double_host);
	float got[ITEMS], parts[2][3], rest;
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	const uint32_t *counts = tensor(&learnt, "counts");
	ck_assert_int_eq(ease_scores(index, &hates, got, &err), 0);
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert(counts[i] <= counts[j] || counts[i] < 2 || got[i] > got[j]);
	}
	check_parts(index, &hates, got);
	for (int p = 0; p < 2; p++) {
		const struct animed_person person = person_of(3, known, p ? worse : mild, &double_host);
		const uint32_t beside = 15; /* of which item 14 is the nearest */
		ck_assert_int_eq(ease_parts(index, &person, 1, &beside, parts[p], &rest, &err), 0);
	}
	ck_assert_float_gt(parts[0][0], 0);
	ck_assert_float_lt(parts[0][1], 0);
	ck_assert_float_lt(parts[1][1], parts[0][1]);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(answers_whatever_is_rated)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	uint32_t known[ITEMS];
	float liked[ITEMS], got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t i = 0; i < ITEMS; i++)
		known[i] = i;
	for (size_t n = 1; n <= ITEMS; n += n < 4 ? 1 : 31) {
		for (int kind = 0; kind < 4; kind++) { /* dislikes alone, likes alone, beyond the scale on both sides */
			static const float kinds[] = {1, 10, -50, 99};
			for (size_t i = 0; i < n; i++)
				liked[i] = kinds[kind];
			const struct animed_person person = person_of(n, known, liked, &double_host);
			ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
			for (int j = 0; j < ITEMS; j++)
				ck_assert(isfinite(got[j]));
			check_parts(index, &person, got);
		}
	}
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* All scores the same, on whatever scale: that somebody rated it is all there is to say. */
START_TEST(one_score_for_all)
{
	static const float only[] = {7, 0, -2, 1};
	static const uint32_t known[] = {0};
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {.silent = true};
	const struct animed_person person = person_of(1, known, &only[_i], &double_host);
	float got[ITEMS];
	void *index;

	for (size_t r = 0; r < data.train.n; r++)
		scores[r] = only[_i];
	data.score_min = data.score_max = only[_i];
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (uint32_t i = 1; i < TASTE; i++)
		ck_assert(got[i] > got[TASTE + i]);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* On a scale that starts at 0 a rating of 0 weighs nothing; where all are 0, nothing is learnt. */
START_TEST(weights_of_nothing)
{
	static const uint32_t known[] = {0, 1};
	static const float none[] = {0, 0};
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {0};
	const struct animed_person person = person_of(2, known, none, &double_host);
	float got[ITEMS];
	void *index;

	for (size_t r = 0; r < data.train.n; r++)
		scores[r] = 0;
	data.score_min = 0;
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert_uint_eq(cells_of(&learnt, i), i / 2 == TWIN / 2); /* of what is learnt franchises are left */
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (int j = 0; j < ITEMS; j++)
		ck_assert(isfinite(got[j]));
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(without_franchises_and_ratings)
{
	static const uint32_t known[] = {3};
	static const float liked[] = {5};
	const struct animed_items bare = {.n = ITEMS};
	const struct animed_host host = host_with(2);
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct host_double double_host = {.silent = true};
	const struct animed_person person = person_of(1, known, liked, &double_host);
	float got[ITEMS];
	void *index;

	ck_assert_int_eq(ease_learn(values, &data, &bare, &host, &learnt, &err), 0);
	ck_assert(cell(&learnt, TWIN, TWIN + 1) < 0);
	ease_release(&learnt);
	data.train.n = 0;
	ck_assert_int_eq(ease_learn(values, &data, &bare, &host, &learnt, &err), 0);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (int j = 0; j < ITEMS; j++)
		ck_assert(got[j] == 0); /* nothing tells them apart */
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(a_match_rises_from_0_to_1)
{
	ck_assert(ease_match(-3) == 0 && ease_match(0) == 0 && ease_match(5) == .5F);
	for (int value = 0; value < 100; value++)
		ck_assert(ease_match((float)value) < ease_match((float)value + 1));
	ck_assert(ease_match(1e30F) <= 1);
}
END_TEST

START_TEST(an_error_of_the_host_is_passed_on)
{
	static const uint32_t known[] = {3};
	static const float liked[] = {5};
	const struct animed_dataset data = make();
	const struct animed_person person = {.n = 1, .items = known, .scores = liked, .similar = refuse};
	struct animed_learnt learnt;
	float got[ITEMS], parts[1], rest;
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), -1);
	ck_assert_str_eq(err.text, "no similarity");
	ck_assert_int_eq(ease_parts(index, &person, 1, &(const uint32_t){4}, parts, &rest, &err), -1);
	ck_assert_str_eq(err.text, "no similarity");
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ease_person");
	TCase *tc = tcase_create("ease_person");

	openblas_set_num_threads(1);
	tcase_add_loop_test(tc, values_agree_with_the_formula, 0, 7);
	tcase_add_test(tc, the_own_taste_comes_first);
	tcase_add_test(tc, similarity_alone_where_no_item_takes_part);
	tcase_add_test(tc, many_items_that_take_no_part_ask_for_similarity);
	tcase_add_test(tc, by_counts_where_nothing_is_known);
	tcase_add_test(tc, a_dislike_recommends_nothing);
	tcase_add_test(tc, answers_whatever_is_rated);
	tcase_add_loop_test(tc, one_score_for_all, 0, 4);
	tcase_add_test(tc, weights_of_nothing);
	tcase_add_test(tc, without_franchises_and_ratings);
	tcase_add_test(tc, a_match_rises_from_0_to_1);
	tcase_add_test(tc, an_error_of_the_host_is_passed_on);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
