/* check_corating.c - compares the similarity "corating" with its formula, and its operations with each other. */
#include "config.h"

#include <math.h>

#include "corating-world.h"
#include "formula.h"
#include "hosts.h"
#include "scratch.h"

static struct world world;
static struct formula formula;
static struct taught taught;
static float scores[ITEMS];
static struct animed_hit hits[ITEMS];

static void ask(const struct animed_query *query)
{
	ck_assert_int_eq(ops->scores(taught.index, query, scores, &err), 0);
}

static void ask_item(uint32_t item)
{
	ask(&(struct animed_query){.item = item});
}

static size_t best(const struct animed_query *query, size_t limit)
{
	size_t n;

	ck_assert_int_eq(ops->top_k(taught.index, query, limit, hits, &n, &err), 0);
	return n;
}

static void setup(void)
{
	plugin_load();
	world_make(&world, 1, 10);
}

static void begin(void)
{
	taught = teach(&world, 2);
}

static void end(void)
{
	forget(&taught);
	plugin_unload();
}

/* ---- the formula ---- */

static void agrees(void)
{
	begin();
	formula_make(&formula, &world);
	for (uint32_t i = 0; i < ITEMS; i++) {
		ask_item(i);
		for (uint32_t j = 0; j < ITEMS; j++) {
			const double expected = formula.score[i][j];
			if (i == j || expected == 0)
				ck_assert_msg(isinf(scores[j]) && scores[j] < 0, "%u %u", i, j);
			else
				ck_assert_double_eq_tol((double)scores[j], expected, 1e-4 * (1 + expected));
		}
	}
	end();
}

START_TEST(scores_are_those_of_the_formula)
{
	setup();
	agrees();
}
END_TEST

START_TEST(a_match_rises_with_the_score)
{
	setup();
	ck_assert(ops->match(-1) <= 0 && ops->match(0) <= 0);
	for (float score = 0.25F; score < 8; score += 0.25F)
		ck_assert(ops->match(score) > ops->match(score - 0.25F) && ops->match(score) < 1);
	ck_assert_float_eq_tol(ops->match(1), 0.5F, 1e-6F);
	plugin_unload();
}
END_TEST

/* A small ridge leaves partial correlations that count, and which rows keep; little evidence is enough. */
START_TEST(parameters_are_those_of_the_formula)
{
	setup();
	values[CORATING_RIDGE].real = 20;
	values[CORATING_KEPT].integer = 12;
	values[CORATING_MIN_RATINGS].integer = 30;
	values[CORATING_EVIDENCE].real = 100;
	values[CORATING_TEXT].real = 2;
	values[CORATING_CONTENT].real = .3;
	values[CORATING_PLACE].integer = 5;
	agrees();
}
END_TEST

START_TEST(parameters_may_be_zero)
{
	setup();
	values[CORATING_EVIDENCE].real = 0;
	values[CORATING_TEXT].real = 0;
	values[CORATING_CONTENT].real = 0;
	agrees();
}
END_TEST

static const int scales[][2] = {{0, 1}, {1, 5}, {-10, 10}, {0, 100}, {2, 8}};

START_TEST(any_scale_of_scores)
{
	setup();
	world_make(&world, scales[_i][0], scales[_i][1]);
	agrees();
}
END_TEST

START_TEST(columns_may_be_missing)
{
	setup();
	if (_i & 1)
		world.items.genres.offsets = NULL;
	if (_i & 2)
		world.items.synopses.offsets = NULL;
	if (_i & 4)
		world.items.members = NULL;
	agrees();
}
END_TEST

/* Of the most-rated items all have partial correlations, the others none. */
START_TEST(items_are_bounded)
{
	int counts[ITEMS] = {0}, with = 0, least = INT_MAX, most = 0;

	setup();
	values[CORATING_ITEMS].integer = 20;
	begin();
	for (size_t r = 0; r < world.data.train.n; r++)
		counts[world.rated[r]]++;
	const uint64_t *offsets = tensor_of(&taught.learnt, "offsets")->data;
	for (int i = 0; i < ITEMS; i++) {
		if (offsets[i + 1] > offsets[i]) {
			with++;
			least = counts[i] < least ? counts[i] : least;
		} else if (counts[i] > most) {
			most = counts[i];
		}
	}
	ck_assert_int_eq(with, 20);
	ck_assert_int_ge(least, most);
	end();
}
END_TEST

/* ---- what is found ---- */

/* The best answers for an item that people rate are those that the same people like. */
START_TEST(taste_is_found)
{
	int right = 0, asked = 0;

	setup();
	values[CORATING_EVIDENCE].real = 100;
	world.items.genres.offsets = NULL;
	world.items.synopses.offsets = NULL;
	begin();
	for (uint32_t i = 0; i < RATED; i++) {
		const size_t n = best(&(struct animed_query){.item = i}, 5);
		ck_assert_uint_eq(n, 5);
		for (size_t h = 0; h < n; h++)
			right += hits[h].item % TASTES == i % TASTES;
		asked += 5;
	}
	ck_assert_int_gt(right, asked * 9 / 10);
	end();
}
END_TEST

START_TEST(nobody_has_to_have_rated_it)
{
	setup();
	begin();
	for (uint32_t i = RATED; i < UNKNOWN; i++) {
		ck_assert_uint_gt(best(&(struct animed_query){.item = i}, 10), i == GENRELESS ? 0 : 5);
		ask_item(0);
		ck_assert(i == GENRELESS || i == WORDLESS || i % TASTES != 0 || scores[i] > 0);
	}
	ask_item(WORDLESS);
	ck_assert(scores[WORDLESS - TASTES] > 0);
	/* of item 1 the members are not known, which makes it no less of an answer */
	ask_item(5);
	ck_assert(scores[1] > 0);
	end();
}
END_TEST

START_TEST(nothing_can_be_said_of_what_is_not_known)
{
	setup();
	begin();
	ck_assert_uint_eq(best(&(struct animed_query){.item = UNKNOWN}, 10), 0);
	for (uint32_t i = 0; i < ITEMS; i++) {
		ask_item(i);
		ck_assert(isinf(scores[UNKNOWN]));
	}
	end();
}
END_TEST

/* ---- the operations agree with each other ---- */

START_TEST(several_items_are_added_up)
{
	const struct animed_term terms[] = {{3, 1}, {UNRATED, 0.5F}, {7, -0.25F}};
	double expected[ITEMS] = {0};

	setup();
	begin();
	for (size_t t = 0; t < 3; t++) {
		ask_item(terms[t].item);
		for (uint32_t j = 0; j < ITEMS; j++)
			expected[j] += isinf(scores[j]) ? 0 : (double)terms[t].weight * (double)scores[j];
	}
	ask(&(struct animed_query){.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = 3});
	for (uint32_t j = 0; j < ITEMS; j++) {
		const bool term = j == 3 || j == UNRATED || j == 7;
		ck_assert_int_eq(isinf(scores[j]) != 0, term || expected[j] == 0);
		if (!isinf(scores[j]))
			ck_assert_double_eq_tol((double)scores[j], expected[j], 1e-5);
	}
	end();
}
END_TEST

START_TEST(one_term_is_as_an_item)
{
	const struct animed_term term = {11, 1};
	float alone[ITEMS];

	setup();
	begin();
	ask_item(11);
	memcpy(alone, scores, sizeof alone);
	ask(&(struct animed_query){.item = ANIMED_NO_ITEM, .terms = &term, .n_terms = 1});
	ck_assert_mem_eq(alone, scores, sizeof alone);
	end();
}
END_TEST

/* Sort what top_k() should answer, plainly. */
static size_t expect(const struct animed_query *query, struct animed_hit *expected)
{
	size_t n = 0;

	ask(query);
	for (uint32_t j = 0; j < ITEMS; j++) {
		if (isinf(scores[j]) || (query->mask && !(query->mask[j / 64] >> j % 64 & 1)))
			continue;
		const float rank = scores[j] * (query->weights ? query->weights[j] : 1);
		size_t at = n++;
		for (; at > 0; at--) {
			const struct animed_hit other = expected[at - 1];
			const float other_rank = other.score * (query->weights ? query->weights[other.item] : 1);
			if (other_rank > rank || (other_rank >= rank && world.ids[other.item] < world.ids[j]))
				break;
			expected[at] = other;
		}
		expected[at] = (struct animed_hit){j, scores[j]};
	}
	return n;
}

static void check_best(const struct animed_query *query)
{
	struct animed_hit expected[ITEMS];
	const size_t all = expect(query, expected);
	static const size_t limits[] = {0, 1, 7, ITEMS};

	for (size_t l = 0; l < 4; l++) {
		const size_t n = best(query, limits[l]);
		ck_assert_uint_eq(n, all < limits[l] ? all : limits[l]);
		for (size_t h = 0; h < n; h++) {
			ck_assert_uint_eq(hits[h].item, expected[h].item);
			ck_assert_mem_eq(&hits[h].score, &expected[h].score, sizeof(float));
		}
	}
}

START_TEST(the_best_are_the_scores_in_order)
{
	const struct animed_term terms[] = {{3, 1}, {4, -1}, {20, 2}};
	const uint64_t mask = UINT64_C(0x0fedcba987654321);
	float weights[ITEMS];

	setup();
	begin();
	for (uint32_t j = 0; j < ITEMS; j++)
		weights[j] = (float)(j % 3);
	for (uint32_t i = 0; i < ITEMS; i++) {
		check_best(&(struct animed_query){.item = i});
		check_best(&(struct animed_query){.item = i, .mask = &mask});
		check_best(&(struct animed_query){.item = i, .mask = &mask, .weights = weights});
	}
	check_best(&(struct animed_query){.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = 3});
	check_best(&(struct animed_query){.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = 3, .weights = weights});
	end();
}
END_TEST

START_TEST(equal_scores_go_by_id)
{
	setup();
	world.items.synopses.offsets = NULL;
	world.data.train.n = 0;
	for (uint32_t i = 0; i < ITEMS; i++) {
		world.members[i] = 100;
		world.ids[i] = 1000 - i;
	}
	begin();
	for (uint32_t i = 0; i < ITEMS; i++)
		check_best(&(struct animed_query){.item = i});
	end();
}
END_TEST

START_TEST(many_at_once_are_as_one_by_one)
{
	enum { LIMIT = 8, FIRST = 5, N = ITEMS - FIRST };
	static struct animed_hit block[N * LIMIT];
	const uint64_t mask = UINT64_C(0x0fedcba987654321);
	uint32_t counts[N];

	setup();
	begin();
	const struct animed_query all = {.mask = _i ? &mask : NULL};
	ck_assert_int_eq(ops->neighbours(taught.index, FIRST, N, &all, LIMIT, block, counts, &err), 0);
	for (uint32_t i = 0; i < N; i++) {
		const struct animed_query one = {.item = FIRST + i, .mask = all.mask};
		const size_t n = best(&one, LIMIT);
		ck_assert_uint_eq(counts[i], n);
		ck_assert_mem_eq(block + i * LIMIT, hits, n * sizeof *hits);
	}
	end();
}
END_TEST

/* ---- parts ---- */

static double parts_sum(const struct animed_query *query, uint32_t item, size_t limit, struct animed_part *parts,
			size_t *n)
{
	float rest;

	ck_assert_int_eq(ops->parts(taught.index, query, item, limit, parts, n, &rest, &err), 0);
	double sum = (double)rest;
	for (size_t k = 0; k < *n; k++) {
		sum += (double)parts[k].value;
		ck_assert(k == 0 || fabsf(parts[k].value) <= fabsf(parts[k - 1].value));
	}
	return sum;
}

START_TEST(parts_add_up_to_the_score)
{
	const struct animed_term terms[] = {{3, 1}, {4, -0.5F}, {20, 2}, {UNRATED, 1}};
	const struct animed_query several = {.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = 4};
	static const size_t limits[] = {0, 1, 3, 40};
	struct animed_part parts[40];
	size_t n;

	setup();
	values[CORATING_RIDGE].real = 20;
	values[CORATING_EVIDENCE].real = 100;
	begin();
	for (uint32_t i = 0; i <= ITEMS; i++) {
		const struct animed_query one = {.item = i};
		const struct animed_query *query = i < ITEMS ? &one : &several;
		ask(query);
		for (uint32_t j = 0; j < ITEMS; j++) {
			for (size_t l = 0; l < 4 && !isinf(scores[j]); l++) {
				const double sum = parts_sum(query, j, limits[l], parts, &n);
				ck_assert_uint_le(n, limits[l]);
				ck_assert_double_eq_tol(sum, (double)scores[j], 1e-4);
			}
		}
	}
	end();
}
END_TEST

/* Whether a part is told, and its value. */
static bool told(const struct animed_part *parts, size_t n, enum animed_part_kind kind, const char *text, double *value)
{
	for (size_t k = 0; k < n; k++) {
		if (parts[k].kind == kind &&
		    (!text || (parts[k].length == strlen(text) && memcmp(parts[k].text, text, parts[k].length) == 0))) {
			*value = (double)parts[k].value;
			return true;
		}
	}
	return false;
}

START_TEST(parts_are_named)
{
	struct animed_part parts[40];
	double value, ratings = 0, genres = 0;
	size_t n;

	setup();
	values[CORATING_EVIDENCE].real = 100;
	begin();
	formula_make(&formula, &world);
	for (uint32_t j = 4; j < RATED; j += TASTES) {
		parts_sum(&(struct animed_query){.item = 0}, j, 40, parts, &n);
		ratings += told(parts, n, ANIMED_PART_RATINGS, NULL, &value) ? value : 0;
		ck_assert(told(parts, n, ANIMED_PART_GENRE, "Taste 0", &value));
		ck_assert(value > 0);
		genres += value;
	}
	ck_assert(ratings > 0 && genres > 0);
	end();
}
END_TEST

/* "nameb" is in three synopses of 59, and words of more than two are not named there. */
START_TEST(words_of_many_synopses_are_not_named)
{
	struct animed_part parts[40];
	double value;
	size_t n;

	setup();
	begin();
	ask_item(10);
	parts_sum(&(struct animed_query){.item = 10}, 36, 40, parts, &n);
	ck_assert(told(parts, n, ANIMED_PART_WORD, "namek", &value));
	ask_item(1);
	parts_sum(&(struct animed_query){.item = 1}, 27, 40, parts, &n);
	ck_assert(!told(parts, n, ANIMED_PART_WORD, "nameb", &value));
	end();
}
END_TEST

/* ---- learning ---- */

START_TEST(any_number_of_threads_learns_the_same_bits)
{
	setup();
	struct taught one = teach(&world, 1);
	struct taught three = teach(&world, 3);
	ck_assert_uint_eq(one.learnt.tensors.n, three.learnt.tensors.n);
	for (size_t t = 0; t < one.learnt.tensors.n; t++) {
		const struct animed_tensor *a = &one.learnt.tensors.at[t], *b = &three.learnt.tensors.at[t];
		ck_assert_str_eq(a->name, b->name);
		ck_assert_uint_eq(a->n, b->n);
		if (a->n)
			ck_assert_mem_eq(a->data, b->data, tensor_size(a));
	}
	forget(&one);
	forget(&three);
	plugin_unload();
}
END_TEST

START_TEST(learning_can_be_cancelled_anywhere)
{
	struct animed_learnt learnt;
	int times = 0;

	setup();
	for (int after = 0;; after += 9) {
		int left = after;
		const struct animed_host host = host_that_cancels(&left);
		if (ops->learn->learn(values, &world.data, &world.items, &host, &learnt, &err) == 0)
			break;
		ck_assert_str_eq(err.text, "cancelled");
		times++;
	}
	ops->learn->release(&learnt);
	ck_assert_int_gt(times, 10);
	plugin_unload();
}
END_TEST

/* Nobody has rated anything, or nothing is known but ratings, or there is one item, or none. */
START_TEST(little_to_learn_from)
{
	setup();
	world.data.train.n = 0;
	agrees();
	setup();
	world.items.n = world.data.n_items = (uint32_t)_i;
	world.data.train.n = 0;
	for (size_t r = 0; _i == 1 && r < RATINGS && world.rated[r] == 0; r++)
		world.data.train.n = r + 1;
	begin();
	if (_i == 1)
		ck_assert_uint_eq(best(&(struct animed_query){.item = 0}, 10), 0);
	end();
}
END_TEST

/* A score of 0 of 1 has no weight. */
START_TEST(all_dislike_everything)
{
	setup();
	world_make(&world, 0, 1);
	memset(world.scores, 0, sizeof world.scores);
	begin();
	ck_assert_uint_eq(tensor_of(&taught.learnt, "items")->n, 0);
	ck_assert_uint_gt(best(&(struct animed_query){.item = 0}, 10), 5);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corating");
	TCase *tc = tcase_create("corating");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, scores_are_those_of_the_formula);
	tcase_add_test(tc, a_match_rises_with_the_score);
	tcase_add_test(tc, parameters_are_those_of_the_formula);
	tcase_add_test(tc, parameters_may_be_zero);
	tcase_add_loop_test(tc, any_scale_of_scores, 0, sizeof scales / sizeof *scales);
	tcase_add_loop_test(tc, columns_may_be_missing, 1, 8);
	tcase_add_test(tc, items_are_bounded);
	tcase_add_test(tc, taste_is_found);
	tcase_add_test(tc, nobody_has_to_have_rated_it);
	tcase_add_test(tc, nothing_can_be_said_of_what_is_not_known);
	tcase_add_test(tc, several_items_are_added_up);
	tcase_add_test(tc, one_term_is_as_an_item);
	tcase_add_test(tc, the_best_are_the_scores_in_order);
	tcase_add_test(tc, equal_scores_go_by_id);
	tcase_add_loop_test(tc, many_at_once_are_as_one_by_one, 0, 2);
	tcase_add_test(tc, parts_add_up_to_the_score);
	tcase_add_test(tc, parts_are_named);
	tcase_add_test(tc, words_of_many_synopses_are_not_named);
	tcase_add_test(tc, any_number_of_threads_learns_the_same_bits);
	tcase_add_test(tc, learning_can_be_cancelled_anywhere);
	tcase_add_loop_test(tc, little_to_learn_from, 0, 2);
	tcase_add_test(tc, all_dislike_everything);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
