/* check_entries.c - tests lists of entries: which show each means, what its status and score count as, and what a
 * recommendation makes of a list, of what is planned, and of the lists of two people. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "scratch.h"

#include "query-fixture.h"
#include "server-fixture.h"

/* The reply says what was used as "ratings likes dislikes seen planned ignored; not found". */
static const char *used_of(const json_t *result)
{
	static const char *const names[] = {"ratings", "likes", "dislikes", "seen", "planned", "ignored"};
	static char out[128];
	size_t used = 0;

	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		used += (size_t)snprintf(out + used, sizeof out - used, "%lld ",
					 (long long)int_at(json_object_get(result, "used"), names[n]));
	(void)snprintf(out + used, sizeof out - used, "; %lld",
		       (long long)int_at(json_object_get(result, "not_found"), "count"));
	return out;
}

static const struct {
	const char *entries, *used;
} lists[] = {
    {"", "0 0 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"completed\", \"score\": 8}", "1 0 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"score\": 8}", "1 0 0 0 0 0 ; 0"},
    {"{\"id\": 10}", "0 1 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": null, \"score\": null}", "0 1 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"watching\", \"score\": 0}", "0 1 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"repeating\", \"score\": 0.0}", "0 1 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"on_hold\"}", "0 0 0 1 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"on_hold\", \"score\": 5}", "1 0 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"dropped\"}", "0 0 1 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"dropped\", \"score\": 4}", "1 0 0 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"planned\", \"score\": 9}", "0 0 0 0 1 0 ; 0"},
    {"{\"id\": 10, \"status\": \"unwanted\"}", "0 0 1 0 0 0 ; 0"},
    {"{\"id\": 10, \"status\": \"ignored\"}", "0 0 0 0 0 1 ; 0"},
    /* of several entries of one show the last counts */
    {"{\"id\": 10, \"score\": 8}, {\"title\": \"alpha\", \"status\": \"planned\"}", "0 0 0 0 1 0 ; 0"},
    {"[20, 9], {\"id\": 10, \"score\": 8}", "2 0 0 0 0 0 ; 0"},
    /* nobody has rated it, so a ranking by predictions has no use for it; it is a rating all the same */
    {"{\"id\": 70, \"score\": 8}", "1 0 0 0 0 0 ; 0"},
    {"{\"id\": 123}, {\"title\": \"Alpa\"}, {\"title\": \"\"}, {\"ids\": {\"anilist\": 5}}, {\"id\": \"20\"}",
     "0 1 0 0 0 0 ; 4"},
};

START_TEST(what_entries_count_as)
{
	char params[512];

	(void)snprintf(params, sizeof params, "[[%s], {\"min_ratings\": 0}]", lists[_i].entries);
	json_t *result = get(&method_recommend, params);
	ck_assert_msg(strcmp(used_of(result), lists[_i].used) == 0, "%s: %s", params, used_of(result));
	ck_assert_ptr_null(json_object_get(result, "ratings"));
	json_decref(result);
}
END_TEST

/* Titles have to be those of a show, be it by another case or a season spelt otherwise; the year says which of several. */
static const struct {
	const char *show;
	int64_t id;
} named[] = {
    {"\"title\": \"Beta\"", 20},
    {"\"title\": \"bETA!\"", 20},
    {"\"title\": \"Alpha Season 2\"", 11},
    {"\"title\": \"Alpha\", \"year\": 2000", 10},
    {"\"title\": \"Alpha\", \"year\": 2001", 10},
    {"\"title\": \"Alpha\", \"year\": 1990", 0},
    {"\"title\": \"Delta\", \"year\": 1990", 40},
    {"\"title\": \"Bet\"", 0},
    {"\"title\": \"Epsilom\"", 0},
    {"\"title\": \"The End\"", 0},
    {"\"title\": \"Nothing\", \"id\": 30", 30},
    {"\"title\": \"Beta\", \"id\": 999", 20},
    {"\"title\": \"Beta\", \"ids\": {\"mal\": 30, \"nowhere\": \"x\"}", 30},
    {"\"title\": \"Beta\", \"ids\": {\"mal\": \"30\"}", 30},
    {"\"title\": \"Beta\", \"ids\": {\"anilist\": 30}, \"id\": null", 20},
};

START_TEST(which_show_is_meant)
{
	char params[256], ids[64];

	/* what is planned is found again as the only answer */
	(void)snprintf(params, sizeof params,
		       "[[{%s, \"status\": \"planned\"}], {\"planned\": true, \"min_ratings\": 0}]", named[_i].show);
	(void)snprintf(ids, sizeof ids, "%lld", (long long)named[_i].id);
	expect_ids(&method_recommend, params, named[_i].id ? ids : "");
}
END_TEST

static const struct {
	const char *params, *why;
} wrong[] = {
    {"[[{}]]", "show 1 of the list has neither \"id\" nor \"ids\" nor \"title\""},
    {"[[{\"id\": 10, \"staus\": \"completed\"}]]",
     "id:10: there is no key \"staus\"; there are id, ids, title, year, status, score; did you mean \"status\"?"},
    {"[[{\"title\": \"Beta\", \"status\": \"complete\"}]]",
     "\"Beta\": there is no status \"complete\"; there are completed, repeating, watching, on_hold, dropped, planned, "
     "unwanted, ignored; did you mean \"completed\"?"},
    {"[[{\"id\": 10, \"status\": 3}]]", "each status must be a string"},
    {"[[{\"id\": 10, \"score\": 11}]]", "the score of id:10 must be a number from 0 to 10"},
    {"[[{\"id\": 10, \"score\": \"8\"}]]", "the score of id:10 must be a number"},
    {"[[{\"id\": \"ten\"}]]", "\"id\" must be an integer of at least 0"},
    {"[[{\"ids\": 3}]]", "\"ids\" must be a map"},
    {"[[{\"ids\": {\"mal\": -1}}]]", "the id of mal must be an integer of at least 0"},
    {"[[{\"title\": 3}]]", "\"title\" must be a string"},
    {"[[{\"title\": \"Beta\", \"year\": \"x\"}]]", "the year of \"Beta\" must be an integer"},
    {"[[3]]", "show 1 of the list must be [title or id, score] or a map"},
    {"[[{\"id\": 10}, [10, 6]]]", "\"Alpha\" is given twice"},
    {"[[], {\"with_scale\": [1, 5]}]",
     "the option \"with_scale\" is the scale of the list \"with\", which is not given"},
    {"[[], {\"planned\": 1}]", "the option \"planned\" must be true or false"},
    {"[[{\"id\": 10}, {\"id\": {}}]]", "show 2 of the list: \"id\" must be an integer"},
    {"[[[10, 5]], {\"scale\": 10}]", "a scale must be [lowest, highest]"},
    {"[[[10, 5]], {\"scale\": [10, 1]}]", "a scale must be [lowest, highest]"},
    {"[[[10, 5]], {\"scale\": [1, 4]}]", "the score of id:10 must be a number from 1 to 4"},
    {"[[], {\"with\": 3}]", "the option \"with\" must be a list"},
    {"[[], {\"with\": [3]}]", "show 1 of the list"},
    {"[[], {\"for\": \"all\"}]", "\"both\" or \"either\""},
    {"[\"ann\", {\"with\": []}]", "the option \"with\" is for a list of entries"},
    {"[\"ann\", {\"planned\": true}]", "the option \"planned\" is for a list of entries"},
    {"[\"ann\", {\"scale\": [1, 5]}]", "the option \"scale\" is for a list of entries"},
    {"[[], {\"diverse\": 1.5}]", "\"diverse\" must be a number from 0 to 1"},
    {"[[], {\"random\": -1}]", "\"random\" must be an integer of at least 0"},
    {"[[], {\"random\": 1, \"diverse\": 0.5}]", "cannot be had together"},
    {"[[], {\"only\": \"nothing like it\"}]", ""},
};

START_TEST(what_is_no_list)
{
	const bool title = *wrong[_i].why == '\0';

	expect_failure(&method_recommend, wrong[_i].params, title ? RPC_UNKNOWN_TITLE : RPC_BAD_PARAMS, wrong[_i].why);
}
END_TEST

START_TEST(names_of_what_was_not_found)
{
	json_t *result =
	    get(&method_recommend,
		"[[{\"title\": \"Nowhere\"}, {\"id\": 5}, {\"ids\": {\"anilist\": 7}}, {\"title\": \" \"}, "
		"{\"ids\": {\"kitsu\": \"8\"}}, {\"id\": 6}]]");
	const json_t *missing = json_object_get(result, "not_found"), *names = json_object_get(missing, "names");
	static const char *const expected[] = {"Nowhere", "id:5", "anilist:7", "a show without a title", "kitsu:8"};

	ck_assert_int_eq(int_at(missing, "count"), 6);
	ck_assert_uint_eq(json_array_size(names), 5);
	for (size_t n = 0; n < 5; n++)
		ck_assert_str_eq(json_string_value(json_array_get(names, n)), expected[n]);
	json_decref(result);
}
END_TEST

/* Entries with scores answer as [show, score] does, and are brought from another scale to that of the model. */
START_TEST(the_same_as_ratings)
{
	json_t *pairs = get(&method_recommend, "[[[10, 9], [40, 3.25]], {\"min_ratings\": 0}]");
	static const char *const same[] = {
	    "[[{\"id\": 10, \"score\": 9}, {\"id\": 40, \"score\": 3.25}], {\"min_ratings\": 0}]",
	    "[[{\"id\": 10, \"score\": 90, \"status\": \"dropped\"}, {\"id\": 40, \"score\": 32.5}], {\"min_ratings\": "
	    "0, "
	    "\"scale\": [10, 100]}]",
	    "[[[10, 17], [40, 5.5]], {\"min_ratings\": 0, \"scale\": [1, 19]}]",
	    "[[{\"id\": 10, \"score\": 0.7777777777777778}, {\"id\": 40, \"score\": -0.5}], {\"min_ratings\": 0, "
	    "\"scale\": "
	    "[-1, 1]}]",
	};

	for (size_t s = 0; s < sizeof same / sizeof *same; s++) {
		json_t *entries = get(&method_recommend, same[s]);
		ck_assert_int_eq(int_at(entries, "seen"), 2);
		ck_assert_uint_eq(json_array_size(json_object_get(entries, "items")), 8);
		for (size_t i = 0; i < 8; i++) {
			ck_assert_int_eq(int_at(nth(entries, i), "id"), int_at(nth(pairs, i), "id"));
			ck_assert_double_eq_tol(real_of(nth(entries, i), "score"), real_of(nth(pairs, i), "score"),
						1e-4);
		}
		json_decref(entries);
	}
	json_decref(pairs);
}
END_TEST

/* A like counts as a 7 of 10, what was given up as a 3, what is not wanted as the lowest score. */
START_TEST(what_has_no_score)
{
	static const char *const same[][2] = {
	    {"[[{\"id\": 10}, {\"id\": 40, \"score\": 9}]]", "[[[10, 7], [40, 9]]]"},
	    {"[[{\"id\": 10, \"status\": \"dropped\"}, {\"id\": 40, \"score\": 9}]]", "[[[10, 3], [40, 9]]]"},
	    {"[[{\"id\": 10, \"status\": \"unwanted\"}, {\"id\": 40, \"score\": 9}]]", "[[[10, 1], [40, 9]]]"},
	};

	for (size_t s = 0; s < sizeof same / sizeof *same; s++) {
		json_t *entries = get(&method_recommend, same[s][0]), *pairs = get(&method_recommend, same[s][1]);
		ck_assert_double_eq_tol(real_of(nth(entries, 0), "score"), real_of(nth(pairs, 0), "score"), 1e-5);
		ck_assert_int_eq(int_at(nth(entries, 0), "id"), int_at(nth(pairs, 0), "id"));
		json_decref(entries);
		json_decref(pairs);
	}
	/* dislikes that are ignored say nothing, but their shows are no answers */
	json_t *without =
	    get(&method_recommend, "[[[10, 2], [40, 9]], {\"ignore_dislikes\": true, \"min_ratings\": 0}]");
	json_t *alone = get(&method_recommend, "[[[40, 9]], {\"exclude\": 10, \"min_ratings\": 0}]");
	for (size_t i = 0; i < 8; i++)
		ck_assert_int_eq(int_at(nth(without, i), "id"), int_at(nth(alone, i), "id"));
	ck_assert_double_eq_tol(real_of(nth(without, 0), "score"), real_of(nth(alone, 0), "score"), 1e-6);
	json_decref(without);
	json_decref(alone);
}
END_TEST

START_TEST(nothing_is_known)
{
	json_t *result = get(&method_recommend, "[[], {\"limit\": 3}]");

	ck_assert_str_eq(str_at(result, "by"), "popularity");
	ck_assert_str_eq(ids_of(result), "20,21,10");
	ck_assert_double_eq(real_of(nth(result, 0), "match"), 1);
	ck_assert(json_is_null(json_object_get(nth(result, 0), "predicted")));
	json_decref(result);
	/* what was seen, is not wanted or is to be ignored is no answer whatever is known */
	expect_ids(&method_recommend,
		   "[[{\"id\": 20, \"status\": \"on_hold\"}, {\"id\": 21, \"status\": \"ignored\"}], {\"limit\": 3}]",
		   "10,11,40");
	expect_ids(&method_recommend,
		   "[[{\"id\": 20, \"status\": \"on_hold\"}, {\"id\": 10, \"status\": \"ignored\"}], {\"limit\": 3, "
		   "\"sequels\": \"hide\"}]",
		   "11,40,80");
}
END_TEST

START_TEST(only_some_shows)
{
	expect_ids(&method_recommend, "[[], {\"only\": [\"Beta\", 10, {\"id\": 11}, {\"title\": \"Nowhere\"}]}]",
		   "20,10,11");
	json_t *result = get(&method_recommend, "[[], {\"only\": [{\"title\": \"Nowhere\"}, 10, {\"id\": 5}], "
						"\"exclude\": {\"ids\": {\"kitsu\": 8}}}]");
	const json_t *only = json_object_get(result, "only_not_found");
	ck_assert_int_eq(int_at(only, "count"), 2);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(only, "names"), 1)), "id:5");
	ck_assert_int_eq(int_at(json_object_get(result, "exclude_not_found"), "count"), 1);
	json_decref(result);
	expect_ids(&method_recommend, "[[], {\"only\": []}]", "");
	expect_ids(&method_similar, "[10, {\"only\": [20, 30, 10]}]", "20,30");
	expect_ids(&method_recommend, "[[], {\"only\": [20, 10, 11], \"exclude\": {\"title\": \"beta\"}}]", "10,11");
	result = get(&method_recommend, "[[], {\"only\": [20], \"year\": 1900}]");
	ck_assert_int_eq(int_at(json_object_get(result, "loosen"), "year"), 1);
	json_decref(result);
}
END_TEST

START_TEST(what_is_planned)
{
	/* a sequel that is planned is an answer, unless the request hides sequels */
	expect_ids(&method_recommend,
		   "[[{\"id\": 10, \"score\": 9}, {\"id\": 11, \"status\": \"planned\"}, {\"id\": 20, \"status\": "
		   "\"planned\"}], {\"planned\": true}]",
		   "20,11");
	expect_ids(&method_recommend,
		   "[[{\"id\": 10, \"score\": 9}, {\"id\": 11, \"status\": \"planned\"}, {\"id\": 20, \"status\": "
		   "\"planned\"}], {\"planned\": true, \"sequels\": \"hide\"}]",
		   "20");
	json_t *result = get(&method_recommend, "[[{\"id\": 10, \"score\": 9}], {\"planned\": true}]");
	ck_assert_int_ge(int_at(json_object_get(result, "loosen"), "planned"), 8);
	json_decref(result);
	expect_ids(&method_recommend, "[[{\"id\": 11, \"status\": \"planned\"}], {\"planned\": false, \"limit\": 1}]",
		   "20");
}
END_TEST

/* ---- two people ---- */

/* Returns the score of an item in a result; NaN where it is no answer. */
static double score_of(const json_t *result, json_int_t id)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(result, "items"), i, item)
	{
		if (int_at(item, "id") == id)
			return real_of(item, "score");
	}
	return (double)NAN;
}

START_TEST(something_for_two)
{
	/* the shows of both are taken out of each answer */
	json_t *a = get(&method_recommend, "[[[10, 9]], {\"min_ratings\": 0, \"exclude\": 80, \"limit\": 20}]");
	json_t *b = get(&method_recommend, "[[[80, 8]], {\"min_ratings\": 0, \"exclude\": 10, \"limit\": 20}]");

	for (int either = 0; either < 2; either++) {
		char params[256];
		(void)snprintf(
		    params, sizeof params,
		    "[[{\"id\": 10, \"score\": 9}], {\"min_ratings\": 0, \"limit\": 20, \"for\": \"%s\", \"with\": "
		    "[{\"id\": 80, \"score\": 4}], \"with_scale\": [0.5, 5]}]",
		    either ? "either" : "both");
		json_t *two = get(&method_recommend, params);
		ck_assert_int_eq(int_at(two, "seen"), 2);
		ck_assert_int_eq(int_at(json_object_get(json_object_get(two, "with"), "used"), "ratings"), 1);
		ck_assert_uint_eq(json_array_size(json_object_get(two, "items")), 8);
		for (size_t i = 0; i < 8; i++) {
			const json_int_t id = int_at(nth(two, i), "id");
			const double one = score_of(a, id), other = score_of(b, id);
			ck_assert_double_eq_tol(real_of(nth(two, i), "score"),
						either ? (one + other) / 2 : fmin(one, other), 1e-4);
		}
		json_decref(two);
	}
	json_decref(a);
	json_decref(b);
	/* ratings alone are told as ratings, and the second list as what was used of it */
	json_t *pairs = get(&method_recommend, "[[[10, 9]], {\"with\": [[20, 8]]}]");
	ck_assert_uint_eq(json_array_size(json_object_get(pairs, "ratings")), 1);
	ck_assert_int_eq(int_at(json_object_get(json_object_get(pairs, "with"), "used"), "ratings"), 1);
	json_decref(pairs);
	/* of whom nothing is known has no say */
	expect_ids(&method_recommend, "[[], {\"limit\": 1, \"with\": [{\"id\": 10, \"score\": 9}]}]", "20");
	expect_ids(&method_recommend, "[[[10, 9]], {\"limit\": 1}]", "20");
	expect_failure(&method_recommend, "[[], {\"explain\": true, \"with\": []}]", RPC_BAD_PARAMS,
		       "ranking predicted");
}
END_TEST

/* ---- choosing ---- */

START_TEST(drawn_by_chance)
{
	unsigned times[100] = {0};
	char params[128], again[64];

	for (int seed = 0; seed < 300; seed++) {
		(void)snprintf(params, sizeof params, "[[[10, 9]], {\"random\": %d}]", seed);
		json_t *result = get(&method_recommend, params);
		ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 1);
		(void)snprintf(again, sizeof again, "%s", ids_of(result));
		times[int_at(nth(result, 0), "id")]++;
		json_decref(result);
		expect_ids(&method_recommend, params, again);
	}
	/* the shows with which a match has much to do come more often than the one that is unlike all of them */
	ck_assert_uint_gt(times[11], times[80]);
	ck_assert_uint_gt(times[11] + times[12] + times[20] + times[21], 60);
	ck_assert_uint_lt(times[11], 300);
	json_t *result = get(&method_recommend, "[[[10, 9]], {\"random\": 1, \"limit\": 20}]");
	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 8);
	json_decref(result);
	/* filters hold */
	expect_ids(&method_recommend, "[[[10, 9]], {\"random\": 5, \"genre\": \"Horror\"}]", "50");
}
END_TEST

START_TEST(answers_that_differ)
{
	/* the best one stays the first; what is like it comes later than something else */
	expect_ids(&method_similar, "[10, {\"limit\": 3, \"diverse\": 0}]", "11,12,20");
	json_t *result = get(&method_similar, "[10, {\"limit\": 3, \"diverse\": 0.7}]");
	ck_assert_int_eq(int_at(nth(result, 0), "id"), 11);
	ck_assert_int_ne(int_at(nth(result, 1), "id"), 12);
	json_decref(result);
	/* each show is an answer once, and as many are as pass */
	result = get(&method_similar, "[10, {\"diverse\": 1, \"min_ratings\": 0, \"limit\": 100}]");
	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 9);
	for (size_t i = 0; i < 9; i++) {
		for (size_t j = 0; j < i; j++)
			ck_assert_int_ne(int_at(nth(result, i), "id"), int_at(nth(result, j), "id"));
	}
	json_decref(result);
}
END_TEST

START_TEST(too_many_entries)
{
	const size_t room = 40 + 20001 * 10;
	char *params = malloc(room);
	size_t used = 0;

	ck_assert_ptr_nonnull(params);
	used += (size_t)snprintf(params, room, "[[");
	for (int e = 0; e < 20001; e++)
		used += (size_t)snprintf(params + used, room - used, "%s{\"id\":10}", e ? "," : "");
	(void)snprintf(params + used, room - used, "]]");
	expect_failure(&method_recommend, params, RPC_BAD_PARAMS,
		       "parameter 1 has 20001 shows; at most 20000 are allowed");
	free(params);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("entries");
	TCase *tcase = tcase_create("entries");

	tcase_add_checked_fixture(tcase, query_setup, query_teardown);
	tcase_add_loop_test(tcase, what_entries_count_as, 0, (int)(sizeof lists / sizeof *lists));
	tcase_add_loop_test(tcase, which_show_is_meant, 0, (int)(sizeof named / sizeof *named));
	tcase_add_loop_test(tcase, what_is_no_list, 0, (int)(sizeof wrong / sizeof *wrong));
	tcase_add_test(tcase, names_of_what_was_not_found);
	tcase_add_test(tcase, the_same_as_ratings);
	tcase_add_test(tcase, what_has_no_score);
	tcase_add_test(tcase, nothing_is_known);
	tcase_add_test(tcase, only_some_shows);
	tcase_add_test(tcase, what_is_planned);
	tcase_add_test(tcase, something_for_two);
	tcase_add_test(tcase, drawn_by_chance);
	tcase_add_test(tcase, answers_that_differ);
	tcase_add_test(tcase, too_many_entries);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
