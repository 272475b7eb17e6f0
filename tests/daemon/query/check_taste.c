/* check_taste.c - tests what is told of lists: what continues them, what taste they show, and what two have in common. */
#include "config.h"

#include <math.h>

#include "query-fixture.h"
#include "scratch.h"
#include "server-fixture.h"

/* The ids of an array of shows as text. */
static const char *ids_in(const json_t *array)
{
	static char out[256];
	size_t i, used = 0;
	json_t *item;

	out[0] = '\0';
	json_array_foreach(array, i, item) used +=
	    (size_t)snprintf(out + used, sizeof out - used, "%s%lld", i ? "," : "", (long long)int_at(item, "id"));
	return out;
}

/* ---- what comes next ---- */

static const struct {
	const char *list, *ids, *more;
	int after; /* of the first answer */
} continued[] = {
    {"[[10, 8]]", "11", "12", 10},
    {"[{\"id\": 10}]", "11", "12", 10},
    {"[{\"id\": 10, \"status\": \"repeating\", \"score\": 9}]", "11", "12", 10},
    /* what is seen or to be ignored is no answer; what is planned is */
    {"[{\"id\": 10}, {\"id\": 11, \"status\": \"watching\"}]", "12", "", 10},
    {"[{\"id\": 10}, {\"id\": 11, \"status\": \"ignored\"}]", "12", "", 10},
    {"[{\"id\": 10}, {\"id\": 11, \"status\": \"planned\"}]", "11", "12", 10},
    {"[{\"id\": 10}, {\"id\": 11}, {\"id\": 12, \"status\": \"on_hold\"}]", "", "", 0},
    /* what is earlier than the last finished show comes behind what is later, and is an answer where that is nothing */
    {"[{\"id\": 11}]", "12", "10", 11},
    {"[{\"id\": 12}]", "10", "11", 12},
    {"[{\"id\": 12}, {\"id\": 10}]", "11", "", 12},
    {"[{\"id\": 11}, {\"id\": 10}]", "12", "", 11},
    /* nothing of it is finished, or something was given up */
    {"[{\"id\": 10, \"status\": \"watching\"}]", "", "", 0},
    {"[{\"id\": 10}, {\"id\": 11, \"status\": \"dropped\", \"score\": 4}]", "", "", 0},
    {"[{\"id\": 10}, {\"id\": 11, \"status\": \"unwanted\"}]", "", "", 0},
    /* the franchise that is liked better comes first, else the one that is first in the list */
    {"[[20, 8], [10, 9]]", "11,21", "12", 10},
    {"[[20, 9], [10, 8]]", "21,11", "", 20},
    {"[[20, 8], [10, 8]]", "21,11", "", 20},
    {"[]", "", "", 0},
    {"[[30, 10], [40, 10]]", "", "", 0},
};

START_TEST(what_continues)
{
	char params[256];

	(void)snprintf(params, sizeof params, "[%s]", continued[_i].list);
	json_t *result = get(&method_next, params);
	ck_assert_msg(strcmp(ids_of(result), continued[_i].ids) == 0, "%s: %s", params, ids_of(result));
	if (continued[_i].after) {
		ck_assert_int_eq(int_at(json_object_get(nth(result, 0), "after"), "id"), continued[_i].after);
		ck_assert_str_eq(ids_in(json_object_get(nth(result, 0), "more")), continued[_i].more);
	}
	json_decref(result);
}
END_TEST

START_TEST(options_of_next)
{
	json_t *result = get(&method_next, "[[[10, 90], [20, 80]], {\"limit\": 1, \"scale\": [1, 100]}]");

	ck_assert_str_eq(ids_of(result), "11");
	ck_assert_int_eq(int_at(result, "series"), 2);
	json_decref(result);
	expect_ids(&method_next, "[[[10, 9], [20, 8]], {\"type\": \"Movie\"}]", "12");
	expect_ids(&method_next, "[[[10, 9], [20, 8]], {\"exclude\": 11}]", "12,21");
	result = get(&method_next, "[[[10, 9]], {\"year\": 1950, \"exclude\": {\"title\": \"Nowhere\"}}]");
	ck_assert_str_eq(ids_of(result), "");
	ck_assert_int_eq(int_at(result, "filtered_out"), 2);
	ck_assert_int_eq(int_at(json_object_get(result, "exclude_not_found"), "count"), 1);
	json_decref(result);
	result = get(&method_next, "[[[12, 9]]]");
	ck_assert_str_eq(str_at(nth(result, 0), "kind"), "before");
	json_decref(result);
	expect_failure(&method_next, "[\"ann\"]", RPC_BAD_PARAMS, "parameter 1 must be a list");
	expect_failure(&method_next, "[[], {\"random\": 1}]", RPC_BAD_PARAMS, "there is no option \"random\"");
}
END_TEST

/* ---- taste ---- */

/* The trait of this name, or NULL. */
static const json_t *trait(const json_t *traits, const char *name)
{
	size_t i;
	json_t *found;

	json_array_foreach(traits, i, found)
	{
		if (strcmp(str_at(found, "name"), name) == 0)
			return found;
	}
	return NULL;
}

START_TEST(what_a_list_says)
{
	json_t *result =
	    get(&method_taste,
		"[[{\"id\": 30, \"score\": 9}, {\"id\": 40, \"score\": 4}, {\"id\": 10, \"score\": 8}, {\"id\": 50},"
		"{\"id\": 20, \"status\": \"planned\"}, {\"id\": 21, \"status\": \"unwanted\"}, {\"id\": 5}]]");
	const json_t *traits = json_object_get(result, "traits");
	/* 640 ratings in all, of which 72 are of comedies */
	const double expected = 72.0 / 640, spread = sqrt(4 * expected * (1 - expected));

	ck_assert_int_eq(int_at(result, "shows"), 4);
	ck_assert_int_eq(int_at(result, "scored"), 3);
	ck_assert_double_eq_tol(real_of(result, "mean"), 7, 1e-6);
	ck_assert_double_eq_tol(real_of(result, "others"), 7, 1e-6);
	ck_assert_double_eq_tol(real_of(result, "generosity"), 0, 1e-6);
	const json_t *comedy = trait(traits, "Comedy");
	ck_assert_str_eq(str_at(comedy, "kind"), "genre");
	ck_assert_int_eq(int_at(comedy, "shows"), 2);
	ck_assert_double_eq_tol(real_of(comedy, "share"), 0.5, 1e-9);
	ck_assert_double_eq_tol(real_of(comedy, "expected"), expected, 1e-9);
	ck_assert_double_eq_tol(real_of(comedy, "deviation"), (2 - 4 * expected) / spread, 1e-6);
	ck_assert_double_eq_tol(real_of(comedy, "mean"), 6.5, 1e-6);
	ck_assert(json_is_null(json_object_get(trait(traits, "Horror"), "mean")));
	ck_assert_str_eq(str_at(trait(traits, "2010s"), "kind"), "decade");
	ck_assert_int_eq(int_at(trait(traits, "2010s"), "shows"), 2);
	ck_assert_str_eq(str_at(trait(traits, "TV"), "kind"), "type");
	ck_assert_ptr_null(trait(traits, "1980s"));
	/* what is liked far more than by chance marks somebody, the most marked first */
	ck_assert_ptr_nonnull(trait(json_object_get(result, "marks"), "Comedy"));
	ck_assert_ptr_null(trait(json_object_get(result, "marks"), "TV"));
	for (size_t t = 1; t < json_array_size(traits); t++)
		ck_assert_double_le(real_of(json_array_get(traits, t), "deviation"),
				    real_of(json_array_get(traits, t - 1), "deviation"));
	/* Gamma has too few ratings for its mean to say much */
	ck_assert_str_eq(ids_in(json_object_get(result, "above")), "");
	ck_assert_str_eq(ids_in(json_object_get(result, "below")), "40");
	ck_assert_double_eq_tol(real_of(json_array_get(json_object_get(result, "below"), 0), "difference"), -3, 1e-6);
	json_decref(result);
}
END_TEST

START_TEST(the_farthest_from_the_mean)
{
	json_t *result =
	    get(&method_taste, "[[[10, 10], [11, 9], [12, 10], [20, 10], [21, 10], [40, 10], [50, 1], [80, 8]]]");
	const json_t *above = json_object_get(result, "above");

	ck_assert_str_eq(ids_in(above), "40,12,10,21,20");
	ck_assert_str_eq(ids_in(json_object_get(result, "below")), "50");
	ck_assert_double_gt(real_of(result, "generosity"), 0);
	json_decref(result);
	result = get(&method_taste, "[[], {}]");
	ck_assert_int_eq(int_at(result, "shows"), 0);
	ck_assert(json_is_null(json_object_get(result, "mean")));
	ck_assert(json_is_null(json_object_get(result, "generosity")));
	ck_assert_uint_eq(json_array_size(json_object_get(result, "traits")), 0);
	json_decref(result);
	/* a model that knows nothing but titles */
	write_shows("bare", NOTHING);
	serve_model("bare");
	result = get(&method_taste, "[[[10, 90]], {\"scale\": [1, 100]}]");
	ck_assert_double_eq_tol(real_of(result, "mean"), 9.0909, 1e-3);
	ck_assert(json_is_null(json_object_get(result, "others")));
	json_decref(result);
	expect_failure(&method_taste, "[\"ann\"]", RPC_BAD_PARAMS, "parameter 1 must be a list");
	expect_failure(&method_taste, "[[], {\"limit\": 1}]", RPC_BAD_PARAMS, "there is no option \"limit\"");
}
END_TEST

/* ---- two lists ---- */

START_TEST(what_two_have_in_common)
{
	json_t *result = get(&method_compare,
			     "[[[10, 9], [20, 7], [30, 2], [40, 8]],"
			     "[{\"id\": 10, \"score\": 80}, {\"id\": 20, \"score\": 90}, {\"id\": 30, \"score\": 40},"
			     "{\"id\": 40}, {\"id\": 50, \"score\": 100}, {\"id\": 80, \"score\": 30}],"
			     "{\"with_scale\": [10, 100]}]");
	/* Pearson's correlation of 9, 7, 2 and 8, 9, 4 */
	const double a[] = {3, 1, -4}, b[] = {1, 2, -3};
	const double r = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / sqrt(26.0 * 14.0);

	ck_assert_int_eq(int_at(result, "seen"), 4);
	ck_assert_int_eq(int_at(result, "common"), 3);
	ck_assert_double_eq_tol(real_of(result, "correlation"), r, 1e-6);
	ck_assert_double_eq_tol(real_of(result, "affinity"), r * 3 / 13, 1e-6);
	ck_assert_str_eq(ids_in(json_object_get(result, "both_like")), "10,20");
	ck_assert_str_eq(ids_in(json_object_get(result, "differ")), "20,30,10");
	const json_t *scores = json_object_get(json_array_get(json_object_get(result, "differ"), 0), "scores");
	ck_assert_double_eq_tol(json_real_value(json_array_get(scores, 0)), 7, 1e-6);
	ck_assert_double_eq_tol(json_real_value(json_array_get(scores, 1)), 9, 1e-5);
	/* of what the second likes the first has not seen 50 alone; 80 is not liked */
	ck_assert_str_eq(ids_in(json_object_get(result, "for_first")), "50");
	ck_assert_str_eq(ids_in(json_object_get(result, "for_second")), "");
	ck_assert_int_eq(int_at(json_object_get(json_array_get(json_object_get(result, "lists"), 1), "used"), "likes"),
			 1);
	json_decref(result);
}
END_TEST

START_TEST(too_little_in_common)
{
	static const char *const lists[] = {
	    "[[], []]",
	    "[[[10, 9]], [[20, 8]]]",
	    "[[[10, 9], [20, 8]], [[10, 7], [20, 3]]]",
	    "[[[10, 9], [20, 9], [30, 9]], [[10, 7], [20, 3], [30, 5]]]",
	};

	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		json_t *result = get(&method_compare, lists[l]);
		ck_assert(json_is_null(json_object_get(result, "correlation")));
		ck_assert(json_is_null(json_object_get(result, "affinity")));
		json_decref(result);
	}
	json_t *result =
	    get(&method_compare, "[[[10, 9], [20, 8], [40, 5]], [[10, 7], [20, 9], [40, 9]], {\"limit\": 1}]");
	ck_assert_str_eq(ids_in(json_object_get(result, "both_like")), "20");
	ck_assert_str_eq(ids_in(json_object_get(result, "differ")), "40");
	json_decref(result);
	expect_failure(&method_compare, "[[], 3]", RPC_BAD_PARAMS, "parameter 2 must be a list");
	expect_failure(&method_compare, "[[], [], {\"genre\": \"Drama\"}]", RPC_BAD_PARAMS,
		       "there is no option \"genre\"; there are limit, scale, with_scale");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("taste");
	TCase *tcase = tcase_create("taste");

	tcase_add_checked_fixture(tcase, query_setup, query_teardown);
	tcase_add_loop_test(tcase, what_continues, 0, (int)(sizeof continued / sizeof *continued));
	tcase_add_test(tcase, options_of_next);
	tcase_add_test(tcase, what_a_list_says);
	tcase_add_test(tcase, the_farthest_from_the_mean);
	tcase_add_test(tcase, what_two_have_in_common);
	tcase_add_test(tcase, too_little_in_common);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
