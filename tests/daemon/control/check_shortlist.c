/* Tests the lists of neighbours: for the first model they are computed after the daemon has started, for a later model
 * before it is served. */
#include "config.h"

#include <signal.h>

#include "scratch.h"
#include "server-fixture.h"

/* How many answers came from lists. */
static json_int_t from_lists(void)
{
	json_t *status = ask("status", "[]");
	json_int_t n = int_at(status, "from_lists");

	json_decref(status);
	return n;
}

/* Ask until the lists of the model are there. */
static void await_lists(void)
{
	json_int_t ready = 0;

	while (ready == 0) {
		json_t *status = ask("status", "[]");
		ready = int_at(json_object_get(status, "model"), "neighbours");
		json_decref(status);
	}
	ck_assert_int_eq(ready, fixture.conf.neighbours);
}

static json_int_t model_of_answer(void)
{
	json_t *result = ask("similar", "[\"Made in Abyss\"]");
	json_int_t model = int_at(result, "model");

	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 3);
	json_decref(result);
	return model;
}

static void hold_up_lists(void)
{
	fixture.conf.neighbours = 5; /* more than an item has here */
	fixture.conf.threads = 3;
	fixture.gated_lists = true;
}

START_TEST(test_lists_come_behind)
{
	hold_up_lists();
	daemon_start();
	ck_assert_int_eq(model_of_answer(), 1);
	ck_assert_int_eq(from_lists(), 0);
	open_gate(1);
	await_lists();
	ck_assert_int_eq(model_of_answer(), 1);
	ck_assert_int_eq(from_lists(), 1);
	/* a new model has its lists from the beginning */
	(void)fixture_write_model("plain", false);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(model_of_answer(), 2);
	ck_assert_int_eq(from_lists(), 2);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_model_goes_while_its_lists_come)
{
	hold_up_lists();
	daemon_start();
	(void)fixture_write_model("plain", false);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(model_of_answer(), 2);
	ck_assert_int_eq(from_lists(), 1);
	open_gate(1);
	ck_assert_int_eq(model_of_answer(), 2);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_stop_while_lists_come)
{
	hold_up_lists();
	daemon_start();
	ck_assert_int_eq(model_of_answer(), 1);
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	open_gate(1);
	ck_assert_int_eq(daemon_wait(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shortlist");
	TCase *tc = tcase_create("shortlist");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_lists_come_behind);
	tcase_add_test(tc, test_model_goes_while_its_lists_come);
	tcase_add_test(tc, test_stop_while_lists_come);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
