/* check_rank.c - tests the weights beside similarity, explanations, recommendations and cult, and compares rankings
 * with a sort of all items. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "scratch.h"

#include "base/columns.h"
#include "kit/rng.h"
#include "query-fixture.h"
#include "server-fixture.h"

static struct animed_error err;

/* ---- weights ---- */

START_TEST(shrinkage)
{
	json_t *result = get(&method_similar, "[\"Alpha\", {\"shrink\": 100}]");

	for (size_t i = 0; i < json_array_size(json_object_get(result, "items")); i++) {
		const json_t *item = nth(result, i);
		const double n = (double)int_at(item, "ratings");
		ck_assert_double_eq_tol(real_of(item, "score"), real_of(item, "similarity") * n / (n + 100), 1e-6);
		ck_assert(i == 0 || real_of(nth(result, i - 1), "score") >= real_of(item, "score"));
	}
	/* Beta has 200 ratings, and so comes before shows that are nearer */
	ck_assert_str_eq(ids_of(result), "20,11,21,12,40,30,50,80");
	json_decref(result);
	query_conf.shrink = 100;
	expect_ids(&method_similar, "[\"Alpha\"]", "20,11,21,12,40,30,50,80");
	expect_ids(&method_similar, "[\"Alpha\", {\"shrink\": 0}]", "11,12,20,21,30,40,50,80");
}
END_TEST

START_TEST(popular_or_not)
{
	/* nine of the ten rated shows have members; the tenth gets its place by its ratings */
	static const int64_t by_members[] = {50, 60, 30, 80, 12, 11, 10, 21, 20};
	json_t *result = get(&method_similar, "[\"Alpha\", {\"popularity\": -1, \"min_ratings\": 0}]");

	for (size_t m = 0; m < 9; m++) {
		for (uint32_t i = 0; i < QUERY_SHOWS; i++) {
			if (shows[i].id == by_members[m])
				ck_assert_float_eq_tol(query_model->traits.popularity[i], (float)m / 8, 1e-6F);
		}
	}
	ck_assert_float_eq_tol(query_model->traits.popularity[6], 5.0F / 9,
			       1e-6F); /* Delta: 5 shows have fewer ratings */
	ck_assert_float_nan(query_model->traits.popularity[9]);
	for (size_t i = 0; i < json_array_size(json_object_get(result, "items")); i++) {
		const json_t *item = nth(result, i);
		double place = 5.0 / 9;
		for (size_t m = 0; m < 9; m++)
			place = by_members[m] == int_at(item, "id") ? (double)m / 8 : place;
		const double similarity = real_of(item, "similarity"), factor = exp2(1 - 2 * place);
		ck_assert_double_eq_tol(real_of(item, "score"),
					similarity > 0 ? similarity * factor : similarity / factor, 1e-5);
	}
	json_decref(result);
	expect_ids(&method_similar, "[\"Alpha\", {\"popularity\": -1, \"limit\": 3}]", "12,30,11");
	expect_ids(&method_similar, "[\"Alpha\", {\"popularity\": 1, \"limit\": 3}]", "20,21,11");
}
END_TEST

/* ---- cult ---- */

START_TEST(few_know_and_those_love)
{
	/* no show has 20 ratings in the lists of four users, which is too little to go by */
	expect_ids(&method_cult, "[]", "");
	/* without the lists, the counts and means say who has: Beta and Beta II are above the mean of all ratings, and
	 * so are the second Alpha, but not Alpha, and Epsilon, which few know */
	write_shows("columns", NO_RATINGS);
	serve_model("columns");
	json_t *result = get(&method_cult, "[]");
	ck_assert(json_is_true(json_object_get(result, "devotion")));
	ck_assert_str_eq(ids_of(result), "50,20,21,11");
	for (size_t i = 0; i < 4; i++) {
		const double value = real_of(nth(result, i), "cult");
		ck_assert(value > 0 && (i == 0 || value < real_of(nth(result, i - 1), "cult")));
	}
	json_decref(result);
	expect_ids(&method_cult, "[{\"genre\": \"Comedy\", \"min_ratings\": 0}]", "");
	expect_failure(&method_cult, "[{\"shrink\": 1}]", RPC_BAD_PARAMS, "no option \"shrink\"");
	expect_failure(&method_cult, "[{\"sequels\": \"only\"}]", RPC_BAD_PARAMS, "must be \"hide\" or \"show\"");
}
END_TEST

START_TEST(cult_of_a_franchise)
{
	write_shows("columns", NO_RATINGS);
	serve_model("columns");
	/* the best-known show, Beta, stands for its franchise, and so does Alpha, which has no cult */
	expect_ids(&method_cult, "[{\"sequels\": \"hide\"}]", "50,20");
	/* no sequel takes the place of a show that does not pass */
	expect_ids(&method_cult, "[{\"sequels\": \"hide\", \"year\": \"2006..\"}]", "50");
	expect_ids(&method_cult, "[{\"sequels\": \"hide\", \"exclude\": \"Beta\"}]", "50");
	expect_ids(&method_cult, "[{\"sequels\": \"show\", \"exclude\": \"Beta\"}]", "50,21,11");
	query_conf.sequels = SEQUELS_ONLY;
	expect_ids(&method_cult, "[]", "50,20");
}
END_TEST

/* As a weight, cult is the place among the eight shows with 20 ratings; a show without cult has the weight 0. */
START_TEST(cult_as_a_weight)
{
	static const struct {
		int64_t id;
		double place;
	} best[] = {{20, 6.0 / 7}, {11, 4.0 / 7}, {21, 5.0 / 7}, {50, 1}};

	write_shows("columns", NO_RATINGS);
	serve_model("columns");
	json_t *result = get(&method_similar, "[\"Alpha\", {\"cult\": true}]");
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(int_at(nth(result, i), "id"), best[i].id);
		ck_assert_double_eq_tol(real_of(nth(result, i), "score"),
					real_of(nth(result, i), "similarity") * best[i].place, 1e-6);
	}
	ck_assert_double_eq(real_of(nth(result, 4), "score"), 0);
	json_decref(result);
}
END_TEST

/* ---- explanations ---- */

START_TEST(explanations)
{
	json_t *result = get(&method_similar, "[\"Alpha\", {\"explain\": true, \"sequels\": \"hide\"}]");

	ck_assert_str_eq(ids_of(result), "20,30,40,50,80");
	for (size_t i = 0; i < 5; i++) {
		const json_t *explain = json_object_get(nth(result, i), "explain");
		double sum = real_of(explain, "rest");
		size_t f;
		json_t *factor;
		json_array_foreach(json_object_get(explain, "factors"), f, factor) sum += real_of(factor, "part");
		ck_assert_double_eq_tol(sum, real_of(nth(result, i), "similarity"), 1e-5);
	}
	const json_t *beta = json_object_get(nth(result, 0), "explain");
	const json_t *factor = json_array_get(json_object_get(beta, "factors"), 0);
	ck_assert_int_eq(int_at(factor, "factor"), 0);
	ck_assert_double_eq_tol(real_of(factor, "part"), 0.8, 1e-5);
	const json_t *raters = json_array_get(json_object_get(beta, "raters"), 0);
	ck_assert_int_eq(int_at(raters, "id"), 10);
	ck_assert_int_eq(int_at(raters, "both"), 2); /* ann and bob; cid rated Beta and not Alpha */
	ck_assert_double_eq(real_of(raters, "mean"), 9);
	ck_assert_double_eq(real_of(raters, "mean_of_id"), 8.5);
	ck_assert_ptr_nonnull(
	    strstr(str_at(beta, "text"),
		   "2 people rated it and \"Alpha\", 9.0 and 8.5 on average, of 200 and 100 who rated each"));
	/* Opposite has no factor in common with Alpha */
	const json_t *opposite = json_object_get(nth(result, 4), "explain");
	ck_assert_uint_eq(json_array_size(json_object_get(opposite, "factors")), 0);
	ck_assert_double_eq_tol(real_of(opposite, "rest"), -1, 1e-5);
	raters = json_array_get(json_object_get(opposite, "raters"), 0);
	ck_assert_int_eq(int_at(raters, "both"), 0);
	ck_assert(json_is_null(json_object_get(raters, "mean")));
	json_decref(result);
	/* each title that is added has raters; a title that is subtracted has none */
	result = get(&method_similar, "[[10, 30, [12, -0.5]], {\"explain\": true, \"limit\": 1}]");
	ck_assert_uint_eq(json_array_size(json_object_get(json_object_get(nth(result, 0), "explain"), "raters")), 2);
	json_decref(result);
	expect_failure(&method_recommend, "[\"ann\", {\"explain\": true}]", RPC_BAD_PARAMS,
		       "the ranking predicted cannot");
}
END_TEST

/* ---- recommendations ---- */

START_TEST(recommend_to_a_known_user)
{
	json_t *result = get(&method_recommend, "[\"ann\"]");

	/* for ann z is x + y / 2; Gamma, Alpha and Beta are left out, since she has rated them */
	ck_assert_str_eq(str_at(result, "user"), "ann");
	ck_assert_int_eq(int_at(result, "seen"), 3);
	ck_assert_str_eq(ids_of(result), "21,12,11,40,50,80");
	ck_assert_double_eq_tol(real_of(nth(result, 0), "predicted"), 7 + 0.79 + 0.305, 1e-5);
	json_decref(result);
	expect_ids(&method_recommend, "[\"ann\", {\"genre\": \"comedy\", \"limit\": 5}]", "40");
	/* no show of a franchise of which she has rated a show */
	expect_ids(&method_recommend, "[\"ann\", {\"sequels\": \"hide\"}]", "40,50,80");
	expect_ids(&method_recommend, "[\"ann\", {\"sequels\": \"only\"}]", "21,12,11");
	/* predictions for cid lie beyond the scale: the end of the scale is shown, but they are ranked by their
	 * values */
	result = get(&method_recommend, "[\"cid\", {\"min_ratings\": 0}]");
	ck_assert_str_eq(ids_of(result), "50,30,40,60,12,11,10,80");
	ck_assert_double_eq(real_of(nth(result, 0), "predicted"), 10);
	ck_assert_double_eq(real_of(nth(result, 6), "predicted"), 10);
	ck_assert_double_eq(real_of(nth(result, 7), "predicted"), 1);
	json_decref(result);
	/* a user without ratings has seen nothing */
	result = get(&method_recommend, "[\"dee\", {\"limit\": 1}]");
	ck_assert_int_eq(int_at(result, "seen"), 0);
	json_decref(result);
	expect_failure(&method_recommend, "[\"eve\"]", RPC_UNKNOWN_USER, "\"eve\"");
	expect_failure(&method_recommend, "[true]", RPC_BAD_PARAMS, "the user");
	expect_failure(&method_recommend, "[17]", RPC_UNKNOWN_USER, "\"17\"");
}
END_TEST

START_TEST(recommend_to_whoever_gives_ratings)
{
	float user[QUERY_K], bias;
	const uint32_t items[] = {0, 6};
	const float scores[] = {9, 3};
	const struct animed_factors *factors = &query_model->file.factors;
	json_t *result = get(&method_recommend, "[[[\"Alpha\", 9], [40, 3]], {\"min_ratings\": 0}]");

	ck_assert_int_eq(query_model->model->fold_in(factors, 2, items, scores, user, &bias, &err), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 8);
	ck_assert_int_eq(int_at(result, "seen"), 2);
	ck_assert_double_eq(real_of(json_array_get(json_object_get(result, "ratings"), 1), "score"), 3);
	for (size_t i = 0; i < 8; i++) {
		const json_t *item = nth(result, i);
		size_t at = 0;
		double z = 7;
		while (shows[at].id != int_at(item, "id"))
			at++;
		ck_assert(at != 0 && at != 6);
		for (size_t j = 0; j < QUERY_K; j++)
			z += (double)user[j] * (double)shows[at].vector[j];
		ck_assert_double_eq_tol(real_of(item, "predicted"), fmin(fmax(z, 1), 10), 1e-5);
		ck_assert(i == 0 || real_of(nth(result, i - 1), "predicted") >= real_of(item, "predicted"));
	}
	json_decref(result);
	expect_failure(&method_recommend, "[[[\"Alpha\", 11]]]", RPC_BAD_PARAMS, "must be a number from 1 to 10");
	expect_failure(&method_recommend, "[[\"Alpha\"]]", RPC_BAD_PARAMS, "must be [title or id, score]");
	expect_failure(&method_recommend, "[[[10, 5], [10, 6]]]", RPC_BAD_PARAMS, "given twice");
}
END_TEST

/* A weight multiplies the part of a prediction that is above the mean rating. */
START_TEST(recommend_with_weights)
{
	json_t *result = get(&method_recommend, "[\"ann\", {\"shrink\": 50}]");
	double n = 0, sum = 0;

	for (size_t j = 0; j < QUERY_SHOWS; j++) {
		n += (double)shows[j].count;
		sum += (double)shows[j].count * (double)shows[j].mean;
	}
	for (size_t i = 0; i < json_array_size(json_object_get(result, "items")); i++) {
		const json_t *item = nth(result, i);
		const double count = (double)int_at(item, "ratings");
		ck_assert_double_eq_tol(real_of(item, "score"),
					sum / n + (real_of(item, "predicted") - sum / n) * count / (count + 50), 1e-4);
	}
	json_decref(result);
}
END_TEST

/* ---- exact ---- */

enum { MANY = 400, RUNS = 40 };

struct random_model {
	int64_t ids[MANY], counts[MANY], members[MANY];
	float vectors[MANY * QUERY_K];
};

static void write_random(struct random_model *m, struct rng *rng)
{
	static const float nobody[QUERY_USERS * QUERY_K];
	struct text_column titles = {0};
	struct parts parts = {MANY, nobody, m->vectors,
			      .catalogue = {.n = MANY, .ids = m->ids, .counts = m->counts, .members = m->members}};

	for (size_t i = 0; i < MANY; i++) {
		char title[32];
		m->ids[i] = (int64_t)(10 * i + 3);
		m->counts[i] = (int64_t)(rng_next(rng) % 40);
		m->members[i] = (int64_t)(rng_next(rng) % 1000);
		/* few distinct vectors, so that many scores are equal */
		for (size_t j = 0; j < QUERY_K; j++)
			m->vectors[i * QUERY_K + j] = (float)(rng_next(rng) % 5) - 2;
		(void)snprintf(title, sizeof title, "Franchise%zu: Part %zu", (size_t)(rng_next(rng) % 90), i);
		ck_assert_int_eq(text_column_add(&titles, title, strlen(title)), 0);
	}
	parts.catalogue.titles = text_column_view(&titles);
	write_parts("random", &parts);
	text_column_free(&titles);
}

static int compare_hits(const void *a, const void *b)
{
	const struct query_hit *x = a, *y = b;

	if (x->score < y->score || x->score > y->score)
		return x->score < y->score ? 1 : -1;
	return (x->item > y->item) - (x->item < y->item);
}

/* Rank all items by sorting them, which is slow and simple; queries must agree with it.  Returns the number of hits. */
static size_t by_sorting(const struct random_model *m, uint32_t asked, double shrink, double popularity, int64_t least,
			 enum sequels sequels, struct query_hit *hits)
{
	const struct animed_query query = {.item = asked, .mask = query_model->rated};
	static float scores[MANY];
	static bool taken[MANY];
	size_t n = 0, kept = 0;

	memset(taken, 0, sizeof taken);
	ck_assert_int_eq(query_model->measures[0].ops->scores(query_model->measures[0].index, &query, scores, &err), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		if (!mask_has(query_model->rated, i) || m->counts[i] < least || !(scores[i] > -INFINITY))
			continue;
		double s = (double)scores[i];
		if (shrink > 0)
			s *= (double)m->counts[i] / ((double)m->counts[i] + shrink);
		const double f = exp2(popularity * (2 * (double)query_model->traits.popularity[i] - 1));
		hits[n++] = (struct query_hit){.item = i,
					       .value = scores[i],
					       .score = (float)(popularity == 0 ? s
								: s > 0         ? s * f
										: s / f)};
	}
	qsort(hits, n, sizeof *hits, compare_hits);
	for (size_t h = 0; h < n; h++) {
		const uint32_t franchise = query_model->traits.franchises[hits[h].item];
		const bool own = franchise == query_model->traits.franchises[asked];
		if ((sequels == SEQUELS_HIDE && (own || taken[franchise])) || (sequels == SEQUELS_ONLY && !own))
			continue;
		taken[franchise] = true;
		hits[kept++] = hits[h];
	}
	return kept;
}

START_TEST(agrees_with_a_sort_of_everything)
{
	static struct random_model m;
	static struct query_hit hits[MANY];
	static const char *const ways[] = {"hide", "show", "only"};
	struct rng rng;

	rng_seed(&rng, 11);
	write_random(&m, &rng);
	serve_model("random");
	for (int run = 0; run < RUNS; run++) {
		const uint32_t asked = (uint32_t)(rng_next(&rng) % MANY);
		const double shrink = run % 3 ? 0 : 7.5, popularity = run % 4 ? 0 : -0.5;
		const int64_t least = (int64_t)(rng_next(&rng) % 20);
		const size_t limit = 1 + rng_next(&rng) % 60;
		const enum sequels sequels = (enum sequels)(run % 3);
		char params[256];
		if (!mask_has(query_model->rated, asked))
			continue;
		(void)snprintf(params, sizeof params,
			       "[%lld, {\"shrink\": %g, \"popularity\": %g, \"min_ratings\": %lld, \"limit\": %zu, "
			       "\"sequels\": \"%s\"}]",
			       (long long)m.ids[asked], shrink, popularity, (long long)least, limit, ways[sequels]);
		json_t *result = get(&method_similar, params);
		size_t n = by_sorting(&m, asked, shrink, popularity, least, sequels, hits);
		n = n < limit ? n : limit;
		ck_assert_msg(json_array_size(json_object_get(result, "items")) == n, "%s", params);
		for (size_t i = 0; i < n; i++) {
			const json_t *item = nth(result, i);
			ck_assert_msg(int_at(item, "id") == m.ids[hits[i].item], "%s: answer %zu", params, i);
			ck_assert(real_of(item, "similarity") == (double)hits[i].value);
		}
		json_decref(result);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rank");
	TCase *tc = tcase_create("rank");

	tcase_add_checked_fixture(tc, query_setup, query_teardown);
	tcase_add_test(tc, shrinkage);
	tcase_add_test(tc, popular_or_not);
	tcase_add_test(tc, few_know_and_those_love);
	tcase_add_test(tc, cult_of_a_franchise);
	tcase_add_test(tc, cult_as_a_weight);
	tcase_add_test(tc, explanations);
	tcase_add_test(tc, recommend_to_a_known_user);
	tcase_add_test(tc, recommend_to_whoever_gives_ratings);
	tcase_add_test(tc, recommend_with_weights);
	tcase_add_test(tc, agrees_with_a_sort_of_everything);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
