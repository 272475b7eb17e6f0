/* Opens a model and looks titles up while memory is short: the result is right, or an error says that memory is
 * short. */
#include "config.h"

#include <check.h>

#include "each.h"
#include "fault.h"
#include "query-fixture.h"
#include "scratch.h"

#include "base/host.h"

/* The operations of the similarity plugin, with an open() after which allocations fail.  The tests of files try those
 * before it. */
static struct animed_similarity_ops ops;
static const struct animed_similarity_ops *real;
static uint64_t fail_at;

static int arming_open(const struct animed_value *values, const struct animed_similarity_input *input,
		       const struct animed_host *host, void **index, struct animed_error *err)
{
	const int status = real->open(values, input, host, index, err);

	fault_arm(fail_at, 1);
	return status;
}

/* A model must know how long its scans and searches take, since the loop would else answer all of them itself. */
START_TEST(an_open_model_knows_its_costs)
{
	const struct animed_host host = host_quiet(1);
	struct animed_plugin plugin = *query_conf.similarities[0].plugin.info;
	struct conf conf = query_conf;
	struct animed_error err;

	real = plugin.ops.similarity;
	ops = *real;
	ops.open = arming_open;
	plugin.ops.similarity = &ops;
	conf.similarities[0].plugin.info = &plugin;
	fail_at = 0;
	for (bool struck = true; struck;) {
		struct model *model;
		err.text[0] = '\0';
		fail_at++;
		const int status = model_open(&conf, 1, scratch_path("m"), &host, &model, &err);
		fault_disarm();
		struck = fault_struck();
		if (status < 0) {
			ck_assert(struck);
			ck_assert_str_ne(err.text, "");
			continue;
		}
		ck_assert_double_gt(model->measures[0].cost, 0);
		ck_assert_double_gt(lookup_cost(model->lookup), 0);
		model_unref(model);
	}
	ck_assert_uint_gt(fail_at, 20);
}
END_TEST

static const struct {
	const char *typed;
	enum lookup_outcome outcome;
} typed[] = {
    {"Beta", LOOKUP_FOUND},
    {"b\xc3\xa9ta", LOOKUP_FOUND}, /* folds with a table */
    {"Gamna", LOOKUP_FOUND},
    {"xyzzy plugh", LOOKUP_UNKNOWN},
};

START_TEST(a_title_is_not_unknown_for_want_of_memory)
{
	const struct lookup *lookup = query_model->lookup;
	struct lookup_hit hits[8];
	enum lookup_way way;
	uint64_t n = 0;
	size_t all = 8, failures = 0;

	ck_assert_int_eq(lookup_search(lookup, text_of(typed[_i].typed), NULL, hits, &all, &way), 0);
	for (bool struck = true; struck;) {
		size_t found = 8;
		fault_arm(++n, 1);
		const enum lookup_outcome outcome =
		    lookup_resolve(lookup, text_of(typed[_i].typed), hits, &found, &way);
		fault_disarm();
		struck = fault_struck();
		/* some failures do no harm, such as of a realloc() that only makes a block smaller */
		ck_assert(outcome == typed[_i].outcome || (struck && outcome == LOOKUP_NO_MEMORY));
		failures += outcome == LOOKUP_NO_MEMORY;
		found = 8;
		fault_arm(n, 1);
		const int status = lookup_search(lookup, text_of(typed[_i].typed), NULL, hits, &found, &way);
		fault_disarm();
		ck_assert(status == 0 || fault_struck());
		ck_assert(status < 0 || found == all);
	}
	ck_assert_uint_gt(failures, 0);
}
END_TEST

START_TEST(a_label_is_not_unknown_for_want_of_memory)
{
	const struct facet *genres = &query_model->traits.genres;
	uint32_t label;

	fault_arm(1, 1);
	const int status = facet_find(genres, text_of("Drama"), &label);
	fault_disarm();
	ck_assert_int_eq(status, -1);
	ck_assert_int_eq(facet_find(genres, text_of("Drama"), &label), 0);
	ck_assert_uint_ne(label, FACET_NONE);
}
END_TEST

/* An id must not be unknown, nor a file of them malformed, for want of memory. */
START_TEST(a_file_of_ids_is_whole_or_an_error)
{
	const struct catalogue *catalogue = &query_model->file.catalogue;
	struct animed_error err;
	struct id_map map;
	const char *path;
	uint64_t n = 0;

	path = scratch_text("ids.json",
			    "[{\"mal_id\": 10, \"anilist_id\": 5, \"kitsu_id\": 6},\n"
			    "{\"sources\": [\"https://anilist.co/anime/7\", \"https://myanimelist.net/anime/20\"]}]");
	for (bool struck = true; struck;) {
		err.text[0] = '\0';
		fault_arm(++n, 1);
		const int status = id_map_open(&map, path, catalogue, &err);
		fault_disarm();
		struck = fault_struck();
		if (status < 0) {
			ck_assert_msg(struck && each_says_memory(err.text), "%s", err.text);
		} else {
			ck_assert_uint_eq(map.pairs, 3);
			ck_assert_uint_eq(id_map_find(&map, id_map_service(text_of("anilist")), 7), 3);
		}
		id_map_close(&map);
	}
	ck_assert_uint_gt(n, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_model");
	TCase *tc = tcase_create("model");

	tcase_add_checked_fixture(tc, query_setup, query_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_open_model_knows_its_costs);
	tcase_add_loop_test(tc, a_title_is_not_unknown_for_want_of_memory, 0, 4);
	tcase_add_test(tc, a_label_is_not_unknown_for_want_of_memory);
	tcase_add_test(tc, a_file_of_ids_is_whole_or_an_error);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
