/* check_cost.c - tests the expected cost of a question: a scan, and a fuzzy search for each title that needs one. */
#include "config.h"

#include <check.h>

#include "query-fixture.h"
#include "scratch.h"
#include "server-fixture.h"

/* The question that prepare() makes of JSON, and what it refers to. */
static struct question question;
static msgpack_sbuffer in, out;
static msgpack_packer reply;
static msgpack_zone zone;
static msgpack_object params;

static void setup(void)
{
	query_setup();
	msgpack_sbuffer_init(&in);
	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&reply, &out, msgpack_sbuffer_write);
	ck_assert(msgpack_zone_init(&zone, 1024));
}

static void teardown(void)
{
	msgpack_zone_destroy(&zone);
	msgpack_sbuffer_destroy(&in);
	msgpack_sbuffer_destroy(&out);
	query_teardown();
}

static void prepare(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	msgpack_packer packer;

	ck_assert_msg(json != NULL, "%s is no JSON", text);
	msgpack_sbuffer_clear(&in);
	msgpack_packer_init(&packer, &in, msgpack_sbuffer_write);
	pack_json(&packer, json);
	json_decref(json);
	ck_assert_int_eq(msgpack_unpack(in.data, in.size, NULL, &zone, &params), MSGPACK_UNPACK_SUCCESS);
	question = (struct question){.conf = &query_conf,
				     .model = query_model,
				     .params = params.via.array.ptr,
				     .n_params = params.via.array.size,
				     .reply = &reply};
}

static const struct {
	const struct method *method;
	const char *params;
	int scans, searches;
} costs[] = {
    {&method_similar, "[\"Beta\"]", 1, 0},
    {&method_similar, "[\"bETA\"]", 1, 0},
    {&method_similar, "[\"Bata\"]", 1, 1},
    {&method_similar, "[20]", 1, 0},
    {&method_similar, "[[\"Bata\"]]", 1, 1},
    {&method_similar, "[[[\"Bata\", 2]]]", 1, 1},
    {&method_similar, "[[\"Beta\"]]", 1, 0},
    {&method_similar, "[[[\"Beta\", 2]]]", 1, 0},
    {&method_similar, "[[\"Beta\", [\"Gamma\", -1], 10]]", 1, 2},
    {&method_similar, "[[10, 20]]", 1, 0},
    {&method_similar, "[20, {\"exclude\": \"Gamma\"}]", 1, 1},
    {&method_similar, "[20, {\"exclude\": [\"Gamma\", \"Delta\", 10]}]", 1, 2},
    {&method_similar, "[{}, 1]", 1, 0},
    {&method_recommend, "[\"ann\"]", 1, 0},
    {&method_recommend, "[[[\"Bata\", 9]]]", 1, 1},
    {&method_recommend, "[[[10, 9], [20, 7]]]", 1, 2},
    {&method_recommend, "[[{\"id\": 10}]]", 1, 0},
    {&method_recommend, "[[{\"title\": \"Beta\"}]]", 1, 1},
    {&method_recommend, "[[{\"id\": 10}, {\"title\": \"Beta\"}, {\"id\": 20}]]", 1, 3},
    {&method_recommend, "[[], {\"only\": [\"Beta\", 10, {\"title\": \"Gamma\"}]}]", 1, 2},
    {&method_recommend, "[[], {\"with\": [{\"id\": 10}, {\"id\": 20}]}]", 4, 2},
    {&method_recommend, "[[], {\"diverse\": 0.5}]", 11, 0},
    {&method_next, "[[{\"id\": 10}, {\"id\": 20}]]", 1, 2},
    {&method_taste, "[[{\"id\": 10}, {\"id\": 20}]]", 1, 2},
    {&method_compare, "[[{\"id\": 10}, {\"id\": 20}], []]", 4, 2},
    {&method_cult, "[]", 1, 0},
    {&method_cult, "[{\"exclude\": [\"Gamma\", \"Delta\"]}]", 1, 2},
    {&method_search, "[\"Beta\"]", 0, 1},
    {&method_search, "[\"Beta\", {\"exclude\": [\"Gamma\"]}]", 0, 2},
    {&method_show, "[\"Beta\"]", 0, 0},
    {&method_show, "[\"Bata\"]", 0, 1},
    {&method_predict, "[\"ann\", \"Bata\"]", 0, 1},
};

START_TEST(cost_of)
{
	prepare(costs[_i].params);
	const double scan = query_model->measures[0].cost, search = lookup_cost(query_model->lookup);
	const double cost = costs[_i].method->cost(&question);
	const double expected = costs[_i].scans * scan + costs[_i].searches * search;
	ck_assert_double_gt(search, 0);
	ck_assert_msg(cost >= expected * 0.999999 && cost < expected * 1.000001 + 1e-12, "%s: %g, not %g",
		      costs[_i].params, cost, expected);
}
END_TEST

/* Some languages send all strings as binary data. */
START_TEST(binary_titles_cost_the_same)
{
	msgpack_object *title;

	prepare("[\"Bata\"]");
	title = &params.via.array.ptr[0];
	*title = (msgpack_object){.type = MSGPACK_OBJECT_BIN, .via.bin = {title->via.str.size, title->via.str.ptr}};
	ck_assert_double_ge(method_show.cost(&question), lookup_cost(query_model->lookup));
}
END_TEST

/* ask() uses the item that cost() has found, so that the title is not resolved twice. */
START_TEST(what_was_found_stays_found)
{
	prepare("[\"Beta\"]");
	ck_assert_double_eq(method_show.cost(&question), 0);
	ck_assert_ptr_eq(question.found_in, &question.params[0]);
	ck_assert_int_eq(question.found.item, 3);
	question.found = (struct named_item){.item = 5, .matched = "id"};
	ck_assert_int_eq(method_show.ask(&question), 0);
	ck_assert_ptr_nonnull(memmem(out.data, out.size, "Gamma", 5));
	ck_assert_ptr_null(memmem(out.data, out.size, "Beta", 4));
}
END_TEST

/* A title that is not valid costs nothing; ask() then says what is wrong with it. */
START_TEST(refused_titles_are_not_looked_up)
{
	prepare("[\"\"]");
	ck_assert_double_eq(method_show.cost(&question), 0);
	ck_assert_ptr_null(question.found_in);
	ck_assert_int_eq(method_show.ask(&question), -1);
	ck_assert(rpc_error_is(&question.err, RPC_BAD_PARAMS));
}
END_TEST

static Suite *cost_suite(void)
{
	Suite *suite = suite_create("cost");
	TCase *tcase = tcase_create("cost");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, cost_of, 0, (int)(sizeof costs / sizeof *costs));
	tcase_add_test(tcase, binary_titles_cost_the_same);
	tcase_add_test(tcase, what_was_found_stays_found);
	tcase_add_test(tcase, refused_titles_are_not_looked_up);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(cost_suite());
}
