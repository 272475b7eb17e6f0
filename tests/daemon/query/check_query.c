/* check_query.c - tests filters, several titles at once, sequels, and searching with filters. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "scratch.h"

#include "query-fixture.h"
#include "server-fixture.h"

/* ---- filters ---- */

static const struct {
	const char *options, *ids;
} filters[] = {
    {"{}", "11,12,20,21,30,40,50,80"},
    {"[]", "11,12,20,21,30,40,50,80"},
    {"{\"limit\": 3}", "11,12,20"},
    {"{\"min_ratings\": 3}", "11,12,60,20,21,30,40,50,80"},
    {"{\"min_ratings\": 0}", "11,12,60,20,21,30,40,50,80"}, /* nobody rated 70 */
    {"{\"min_ratings\": 81}", "20,21"},
    {"{\"genre\": \"Drama\"}", "11,20,21,80"},
    {"{\"genre\": [\"drama\", \"SCI FI\"]}",
     "20,21"}, /* a show must have all of them; case and punctuation do not count */
    {"{\"genre\": [\"drama\", \"drama\"]}", "11,20,21,80"},
    {"{\"genre\": []}", "11,12,20,21,30,40,50,80"},
    {"{\"not_genre\": \"Drama\"}", "12,30,40,50"},
    {"{\"not_genre\": [\"Drama\", \"Comedy\"]}", "12,50"},
    {"{\"genre\": \"Sci-Fi\", \"not_genre\": \"Comedy\"}", "20,21"},
    {"{\"type\": \"tv\"}", "11,20,21,50,80"},
    {"{\"type\": [\"Movie\", \"OVA\"]}", "12,30,40"}, /* a show must have one of them */
    {"{\"year\": 2005}", "20"},
    {"{\"year\": \"2005\"}", "20"},
    {"{\"year\": \"2002..2005\"}", "11,12,20"},
    {"{\"year\": [2002, 2005]}", "11,12,20"},
    {"{\"year\": \"2007..\"}", "21,30,50"}, /* not 40, whose year is not known */
    {"{\"year\": [2007, null]}", "21,30,50"},
    {"{\"year\": \"..2001\"}", "80"},
    {"{\"year\": [null, 2001]}", "80"},
    {"{\"year\": [null, null]}", "11,12,20,21,30,50,80"},
    {"{\"members\": 500}", "11,12,20,21"}, /* 500 and more */
    {"{\"members\": \"500\"}", "11,12,20,21"},
    {"{\"members\": \"..400\"}", "30,50,80"},
    {"{\"members\": [400, 800]}", "11,12,80"},
    {"{\"score\": 8.15}", "20,21,50"},
    {"{\"score\": \"7.4..8\"}", "12,80"},
    {"{\"score\": [null, 7]}", "30,40"},
    {"{\"exclude\": 20}", "11,12,21,30,40,50,80"},
    {"{\"exclude\": [20, \"beta ii\", \"gamma\"]}", "11,12,40,50,80"},
    {"{\"genre\": \"drama\", \"type\": \"tv\", \"year\": \"2001..\", \"members\": 300, \"score\": 7.5, "
     "\"min_ratings\": 20, \"exclude\": [21], \"not_genre\": \"action\"}",
     "20,80"},
};

START_TEST(filters_hold_before_the_best)
{
	char params[512];

	(void)snprintf(params, sizeof params, "[\"Alpha\", %s]", filters[_i].options);
	expect_ids(&method_similar, params, filters[_i].ids);
}
END_TEST

START_TEST(the_number_asked_for_comes_back)
{
	/* none of the nearest three shows is of these genres */
	expect_ids(&method_similar, "[\"Alpha\", {\"genre\": \"Comedy\", \"limit\": 2}]", "30,40");
	expect_ids(&method_similar, "[\"Alpha\", {\"genre\": \"Horror\", \"limit\": 2}]", "50");
}
END_TEST

static const struct {
	const char *options, *part;
} bad_options[] = {
    {"{\"limit\": 0}", "\"limit\" must be an integer from 1 to 1000"},
    {"{\"limit\": 1.5}", "\"limit\" must be an integer"},
    {"{\"genre\": \"Darma\"}", "the option \"genre\": no show has \"Darma\"; did you mean \"Drama\"?"},
    {"{\"genre\": \"xyzzy\"}", "no show has \"xyzzy\"; there are Action, Drama, Sci-Fi, Comedy, Horror"},
    {"{\"genre\": [\"Drama\", 5]}", "\"genre\" must be a string"},
    {"{\"genre\": {}}", "\"genre\" must be a string"},
    {"{\"genre\": null}", "\"genre\" must be a string"},
    {"{\"genre\": \"\"}", "\"genre\" is empty"},
    {"{\"not_genre\": \"Commedy\"}", "did you mean \"Comedy\"?"},
    {"{\"type\": \"Moovie\"}", "the option \"type\": no show has \"Moovie\"; did you mean \"Movie\"?"},
    {"{\"year\": \"2005..2001\"}", "ends before it begins: 2005..2001"},
    {"{\"year\": [2005, 2001]}", "ends before it begins"},
    {"{\"year\": \"1990...1999\"}", "\"year\" must be a number, [low, high]"},
    {"{\"year\": \"..\"}", "\"year\" must be a number, [low, high]"},
    {"{\"year\": \"\"}", "\"year\" must be a number"},
    {"{\"year\": \"2005-2010\"}", "\"year\" must be a number"},
    {"{\"year\": \"nan..\"}", "\"year\" must be a number"},
    {"{\"year\": \"2001..x\"}", "\"year\" must be a number"},
    {"{\"year\": [2001]}", "\"year\" must be a number"},
    {"{\"year\": [1, 2, 3]}", "\"year\" must be a number"},
    {"{\"year\": [\"2001\", 2002]}", "\"year\" must be a number"},
    {"{\"year\": null}", "\"year\" must be a number"},
    {"{\"year\": true}", "\"year\" must be a number"},
    {"{\"year\": {}}", "\"year\" must be a number"},
    {"{\"min_ratings\": -1}", "\"min_ratings\" must be an integer of at least 0"},
    {"{\"exclude\": 999}", "there is no show with the id 999"},
    {"{\"exclude\": [[]]}", "\"exclude\" must be a string, or an integer, which is an id"},
    {"{\"sequels\": \"none\"}", "\"sequels\" must be \"hide\", \"show\" or \"only\""},
    {"{\"sequels\": true}", "\"sequels\" must be"},
    {"{\"shrink\": -1}", "\"shrink\" must be a number of at least 0"},
    {"{\"popularity\": 1.5}", "\"popularity\" must be a number from -1 to 1"},
    {"{\"popularity\": \"much\"}", "\"popularity\" must be a number"},
    {"{\"cult\": 2}", "\"cult\" must be true or false"},
    {"{\"explain\": \"yes\"}", "\"explain\" must be true or false"},
    {"{\"gerne\": \"Drama\"}", "there is no option \"gerne\"; there are limit, min_ratings, genre"},
    {"{\"gerne\": \"Drama\"}", "did you mean \"genre\"?"},
    {"5", "parameter 2, the options, must be a map"},
    {"[5]", "parameter 2, the options, must be a map"},
};

START_TEST(bad_options_are_refused)
{
	char params[512];

	(void)snprintf(params, sizeof params, "[\"Alpha\", %s]", bad_options[_i].options);
	expect_failure(&method_similar, params, strstr(bad_options[_i].part, "999") ? RPC_UNKNOWN_ITEM : RPC_BAD_PARAMS,
		       bad_options[_i].part);
}
END_TEST

START_TEST(too_many_names)
{
	char params[1024] = "[\"Alpha\", {\"genre\": [\"Drama\"";

	for (int i = 0; i < FILTER_LABELS; i++)
		strcat(params, ",\"Drama\"");
	strcat(params, "]}]");
	expect_failure(&method_similar, params, RPC_BAD_PARAMS, "more than 32 names");
}
END_TEST

START_TEST(too_many_excluded)
{
	char *params = malloc(131072);
	size_t used = (size_t)sprintf(params, "[10, {\"exclude\": [");

	for (int i = 0; i <= QUERY_MAX_NAMED; i++)
		used += (size_t)sprintf(params + used, "%s20", i ? "," : "");
	strcpy(params + used, "]}]");
	expect_failure(&method_similar, params, RPC_BAD_PARAMS, "more than 20000 shows");
	free(params);
}
END_TEST

START_TEST(what_the_model_does_not_know)
{
	static const char *const asks[] = {"{\"genre\": \"Drama\"}", "{\"type\": \"TV\"}", "{\"year\": 2000}",
					   "{\"members\": 1}",       "{\"score\": 1}",     "{\"shrink\": 1}",
					   "{\"popularity\": 1}",    "{\"cult\": true}"};
	char params[64];

	write_shows("bare", NOTHING);
	serve_model("bare");
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		(void)snprintf(params, sizeof params, "[10, %s]", asks[i]);
		expect_failure(&method_similar, params, RPC_BAD_PARAMS, "the model");
	}
	expect_failure(&method_cult, "[]", RPC_NO_RATINGS, "neither its ratings nor");
	/* a weight of the configuration for which the model has no data is left out */
	query_conf.shrink = 5;
	expect_ids(&method_similar, "[\"Alpha\", {\"limit\": 2, \"popularity\": 0, \"cult\": 0}]", "11,12");
	json_t *result = get(&method_similar, "[\"Alpha\", {\"explain\": 1, \"limit\": 1}]");
	ck_assert(json_is_null(json_object_get(json_object_get(nth(result, 0), "explain"), "raters")));
	json_decref(result);
	result = get(&method_recommend, "[\"ann\", {\"limit\": 2}]");
	ck_assert(json_is_null(json_object_get(result, "seen")));
	json_decref(result);
}
END_TEST

START_TEST(which_filter_to_loosen)
{
	json_t *result =
	    get(&method_similar, "[\"Alpha\", {\"genre\": \"Horror\", \"year\": 2005, \"min_ratings\": 0}]");
	const json_t *loosen = json_object_get(result, "loosen");

	ck_assert_int_eq(int_at(result, "passed"), 0);
	ck_assert_uint_eq(json_object_size(loosen), 3);
	ck_assert_int_eq(int_at(loosen, "genre"), 1);
	ck_assert_int_eq(int_at(loosen, "year"), 1);
	ck_assert_int_eq(int_at(loosen, "min_ratings"), 0);
	json_decref(result);
	result = get(&method_similar, "[\"Alpha\", {\"genre\": \"Drama\", \"limit\": 1}]");
	ck_assert_int_eq(int_at(result, "passed"), 4);
	ck_assert_ptr_null(json_object_get(result, "loosen"));
	json_decref(result);
	result = get(&method_similar, "[\"Alpha\"]");
	ck_assert_uint_eq(json_object_size(result),
			  6); /* model, item, matched, by, evidence, items, as in an answer from lists */
	json_decref(result);
}
END_TEST

/* ---- terms ---- */

START_TEST(several_titles)
{
	json_t *result = get(&method_similar, "[[\"Alpha\", 40], {\"limit\": 4}]");

	/* Alpha + Delta, each scaled to length 1: (1.5, 0, 0.866) / 1.732; a longer vector does not weigh more */
	ck_assert_str_eq(ids_of(result), "11,12,50,20");
	ck_assert_double_eq_tol(real_of(nth(result, 3), "similarity"), 0.8 * 1.5 / sqrt(1.5 * 1.5 + 0.866 * 0.866),
				1e-4);
	const json_t *terms = json_object_get(result, "terms");
	ck_assert_uint_eq(json_array_size(terms), 2);
	ck_assert_int_eq(int_at(json_array_get(terms, 0), "id"), 10);
	ck_assert_str_eq(str_at(json_array_get(terms, 0), "matched"), "exact");
	ck_assert_double_eq(real_of(json_array_get(terms, 1), "weight"), 1);
	ck_assert_ptr_null(json_object_get(result, "item"));
	json_decref(result);
	/* Beta - Alpha: (-0.2, 0.6, 0) */
	result = get(&method_similar, "[[[\"Beta\", 1], [\"Alpha\", -1]], {\"limit\": 2}]");
	ck_assert_str_eq(ids_of(result), "30,21");
	ck_assert_double_eq_tol(real_of(nth(result, 0), "similarity"), (-0.2 * 0.6 + 0.6 * 0.8) / sqrt(0.4), 1e-5);
	json_decref(result);
	/* a show that is asked about is no answer, whatever its weight */
	expect_ids(&method_similar, "[[10, [20, 0.5], [12, -2]]]", "80,50,40,30,21,11");
	/* a single title with a negative weight: the least similar shows */
	expect_ids(&method_similar, "[[[\"Alpha\", -1]], {\"limit\": 2}]", "80,50");
	/* a single title with a positive weight: as without a weight */
	expect_ids(&method_similar, "[[[\"Alpha\", 3]], {\"limit\": 2}]", "11,12");
	expect_ids(&method_similar, "[[\"Alpha\"], {\"limit\": 2}]", "11,12");
}
END_TEST

/* Where the length of vectors counts, their sum is divided by the sum of the weights. */
START_TEST(several_titles_by_distance)
{
	use_similarity("euclidean");
	serve_model("m");
	/* (1.3, 0.6, 0) lies halfway between (1, 0, 0) and (1.6, 1.2, 0) */
	json_t *result = get(&method_similar, "[[10, 20], {\"limit\": 1}]");
	ck_assert_str_eq(ids_of(result), "21");
	ck_assert_double_eq_tol(real_of(nth(result, 0), "similarity"),
				1 / (1 + sqrt((1.3 - 0.79) * (1.3 - 0.79) + 0.01 * 0.01)), 1e-5);
	json_decref(result);
	/* the weights of 11 - 10 have the sum 0, so the vector (-0.01, 0.1, 0) is not divided */
	result = get(&method_similar, "[[11, [10, -1]], {\"limit\": 9}]");
	const json_t *last = nth(result, 6);
	const double x = 1.6 + 0.01, y = 1.2 - 0.1;
	ck_assert_int_eq(int_at(last, "id"), 20);
	ck_assert_double_eq_tol(real_of(last, "similarity"), 1 / (1 + sqrt(x * x + y * y)), 1e-5);
	json_decref(result);
}
END_TEST

static const struct {
	const char *params, *name, *part;
} bad_terms[] = {
    {"[[]]", RPC_BAD_PARAMS, "parameter 1 must be a list of titles"},
    {"[null]", RPC_BAD_PARAMS, "the title must be a string, or an integer, which is an id"},
    {"[{}]", RPC_BAD_PARAMS, "the title must be a string"},
    {"[[[\"Alpha\"]]]", RPC_BAD_PARAMS, "each show of the list must be a title, an id or [title or id, weight]"},
    {"[[[\"Alpha\", 1, 2]]]", RPC_BAD_PARAMS, "[title or id, weight]"},
    {"[[[\"Alpha\", \"1\"]]]", RPC_BAD_PARAMS, "the weight of \"Alpha\" must be a number"},
    {"[[[\"Alpha\", 0]]]", RPC_BAD_PARAMS, "must not be 0"},
    {"[[\"Alpha\", null]]", RPC_BAD_PARAMS, "show 2 of the list must be a string"},
    {"[[\"Alpha\", 10]]", RPC_BAD_PARAMS, "\"Alpha\" is given twice"},
    {"[[\"Alpha\", \"no such show at all\"]]", RPC_UNKNOWN_TITLE, "no such show"},
    {"[[\"Alpha\", 70]]", RPC_NO_RATINGS, "\"Unrated\""},
    {"[[\"Alpha\", [\"Opposite\", 1]]]", RPC_BAD_PARAMS, "cancel each other out"},
};

START_TEST(bad_terms_are_refused)
{
	expect_failure(&method_similar, bad_terms[_i].params, bad_terms[_i].name, bad_terms[_i].part);
}
END_TEST

START_TEST(too_many_terms)
{
	char *params = malloc(16384);
	size_t used = (size_t)sprintf(params, "[[");

	for (int i = 0; i <= QUERY_MAX_ITEMS; i++)
		used += (size_t)sprintf(params + used, "%s10", i ? "," : "");
	strcpy(params + used, "]]");
	expect_failure(&method_similar, params, RPC_BAD_PARAMS, "1001 shows; at most 1000");
	free(params);
}
END_TEST

/* ---- sequels ---- */

START_TEST(one_show_a_franchise)
{
	expect_ids(&method_similar, "[\"Alpha\", {\"sequels\": \"show\"}]", "11,12,20,21,30,40,50,80");
	expect_ids(&method_similar, "[\"Alpha\", {\"sequels\": \"hide\"}]", "20,30,40,50,80");
	expect_ids(&method_similar, "[\"Alpha\", {\"sequels\": \"hide\", \"limit\": 2}]", "20,30");
	expect_ids(&method_similar, "[\"Alpha\", {\"sequels\": \"only\"}]", "11,12");
	/* the best show of a franchise among the shows that pass the filters */
	expect_ids(&method_similar, "[\"Alpha\", {\"sequels\": \"hide\", \"exclude\": 20}]", "21,30,40,50,80");
	expect_ids(&method_similar, "[\"Gamma\", {\"sequels\": \"hide\"}]", "21,12,50,40,80");
	expect_ids(&method_similar, "[[\"Alpha\", \"Beta\"], {\"sequels\": \"only\"}]", "12,11,21");
	expect_ids(&method_similar, "[\"Gamma\", {\"sequels\": \"only\"}]", "");
	query_conf.sequels = SEQUELS_HIDE;
	expect_ids(&method_similar, "[\"Alpha\"]", "20,30,40,50,80");
	/* a file of relations comes before the titles, and the title of 21 joins it with 20 */
	query_conf.relations = (char *)(uintptr_t)scratch_text("relations.csv", "10\n11\n12\n20,30,40\n");
	serve_model("m");
	expect_ids(&method_similar, "[\"Alpha\"]", "11,12,20,50,80");
	query_conf.relations = NULL;
}
END_TEST

START_TEST(lists_keep_sequels_as_queries_do)
{
	const struct animed_query asked = {.item = 0, .mask = query_model->measures[0].mask};
	struct animed_hit hits[QUERY_SHOWS], kept[QUERY_SHOWS];
	struct animed_error err;
	size_t n;
	static const struct {
		enum sequels sequels;
		const char *options;
	} ways[] = {{SEQUELS_HIDE, "hide"}, {SEQUELS_SHOW, "show"}, {SEQUELS_ONLY, "only"}};

	ck_assert_int_eq(
	    query_model->measures[0].ops->top_k(query_model->measures[0].index, &asked, QUERY_SHOWS, hits, &n, &err),
	    0);
	for (size_t w = 0; w < 3; w++) {
		for (size_t limit = 1; limit < QUERY_SHOWS; limit++) {
			char params[96];
			(void)snprintf(params, sizeof params, "[10, {\"sequels\": \"%s\", \"limit\": %zu}]",
				       ways[w].options, limit);
			json_t *result = get(&method_similar, params);
			const size_t m = query_keep_sequels(query_model, ways[w].sequels, 0, hits, n, kept, limit);
			ck_assert_uint_eq(m, json_array_size(json_object_get(result, "items")));
			for (size_t i = 0; i < m; i++)
				ck_assert_int_eq(shows[kept[i].item].id, int_at(nth(result, i), "id"));
			json_decref(result);
		}
	}
}
END_TEST

/* ---- search ---- */

START_TEST(search_with_filters)
{
	expect_ids(&method_search, "[\"alpha\"]", "10,11,12");
	expect_ids(&method_search, "[\"alpha\", {\"type\": \"Movie\"}]", "12");
	expect_ids(&method_search, "[\"alpha\", {\"year\": \"2001..\", \"limit\": 1}]", "11");
	expect_ids(&method_search, "[\"unrated\"]", "70"); /* all shows are searched without min_ratings */
	expect_ids(&method_search, "[\"unrated\", {\"min_ratings\": 1}]", "");
	expect_failure(&method_search, "[\"alpha\", {\"sequels\": \"hide\"}]", RPC_BAD_PARAMS, "no option \"sequels\"");
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
	Suite *suite = suite_create("query");
	TCase *tc = tcase_create("query");

	tcase_add_checked_fixture(tc, query_setup, query_teardown);
	tcase_add_loop_test(tc, filters_hold_before_the_best, 0, COUNT(filters));
	tcase_add_test(tc, the_number_asked_for_comes_back);
	tcase_add_loop_test(tc, bad_options_are_refused, 0, COUNT(bad_options));
	tcase_add_test(tc, too_many_names);
	tcase_add_test(tc, too_many_excluded);
	tcase_add_test(tc, what_the_model_does_not_know);
	tcase_add_test(tc, which_filter_to_loosen);
	tcase_add_test(tc, several_titles);
	tcase_add_test(tc, several_titles_by_distance);
	tcase_add_loop_test(tc, bad_terms_are_refused, 0, COUNT(bad_terms));
	tcase_add_test(tc, too_many_terms);
	tcase_add_test(tc, one_show_a_franchise);
	tcase_add_test(tc, lists_keep_sequels_as_queries_do);
	tcase_add_test(tc, search_with_filters);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
