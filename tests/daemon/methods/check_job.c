/* check_job.c - tests requests that a thread of the pool answers: their order, clients that leave, stopping, and
 * reloads meanwhile. */
#include "config.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scratch.h"
#include "server-fixture.h"

/* The threads of the daemon's pool.  All of them can answer requests here, since none opens a model or computes
 * lists. */
#define THREADS 6

static void setup(void)
{
	fixture_setup_served();
	fixture.conf.inline_us = 0; /* every request that costs any time becomes a job */
}

static json_int_t msgid_of(const json_t *response)
{
	return json_integer_value(json_array_get(response, 1));
}

START_TEST(what_is_cheap_does_not_wait)
{
	struct client *client;

	fixture.gated_scans = true;
	daemon_start();
	client = client_open();
	client_send(client, 1, "similar", "[1]");
	client_send(client, 2, "hello", "[]");
	client_send(client, 3, "show", "[1]");
	json_decref(expect_result(client_receive(client), 2));
	json_decref(expect_result(client_receive(client), 3));
	open_gate(1);
	json_t *result = expect_result(client_receive(client), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 3);
	json_decref(result);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(what_is_cheap_enough_is_no_job)
{
	struct client *client;

	fixture.conf.inline_us = 1000000;
	daemon_start();
	client = client_open();
	for (uint32_t i = 1; i < 8; i++)
		client_send(client, i, i % 2 ? "similar" : "hello", i % 2 ? "[1]" : "[]");
	for (uint32_t i = 1; i < 8; i++)
		json_decref(expect_result(client_receive(client), i));
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(errors_of_jobs)
{
	daemon_start();
	ask_fails("similar", "[\"no such show at all\"]", 1, RPC_UNKNOWN_TITLE, "no show is called");
	ask_fails("similar", "[1, {\"limit\": 0}]", 1, RPC_BAD_PARAMS, "limit");
	ask_fails("similar", "[8]", 1, RPC_NO_RATINGS, "Nobody Rated This");
	ask_fails("similar", "[\"\", {\"genre\": \"\"}]", 1, RPC_BAD_PARAMS, "");
	json_t *status = ask("status", "[]");
	ck_assert_int_eq(int_at(status, "errors"), 4);
	ck_assert_int_eq(int_at(status, "requests"), 5);
	json_decref(status);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The client sends more requests than it may have in flight, and more than there are threads. */
START_TEST(all_are_answered)
{
	enum { MANY = 50 };
	bool seen[MANY] = {false};
	struct client *client;

	fixture.gated_scans = true;
	daemon_start();
	client = client_open();
	for (uint32_t i = 0; i < MANY; i++)
		client_send(client, i, "similar", "[1, {\"limit\": 1}]");
	json_decref(ask("hello", "[]"));
	open_gate(MANY);
	for (int i = 0; i < MANY; i++) {
		json_t *response = client_receive(client);
		const json_int_t id = msgid_of(response);
		ck_assert(id >= 0 && id < MANY && !seen[id]);
		seen[id] = true;
		json_decref(expect_result(response, (uint32_t)id));
	}
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(a_client_leaves)
{
	fixture.gated_scans = true;
	daemon_start();
	struct client *client = client_open(), *other = client_open();
	const struct linger hard = {.l_onoff = 1};
	client_send(client, 1, "similar", "[1]");
	client_send(client, 2, "hello", "[]");
	json_decref(expect_result(client_receive(client), 2)); /* now the daemon has taken request 1 */
	ck_assert_int_eq(setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
	client_close(client);
	client_send(other, 3, "similar", "[1]");
	open_gate(2);
	json_decref(expect_result(client_receive(other), 3));
	client_close(other);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(stopping_waits_for_answers)
{
	fixture.gated_scans = true;
	daemon_start();
	struct client *client = client_open();
	client_send(client, 1, "similar", "[1]");
	client_send(client, 2, "hello", "[]");
	json_decref(expect_result(client_receive(client), 2));
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	open_gate(1);
	json_decref(expect_result(client_receive(client), 1));
	expect_end(client);
	client_close(client);
	ck_assert_int_eq(daemon_wait(), 0);
}
END_TEST

/* Jobs that have not begun are dropped at the second signal: the gate lets only THREADS scans pass, and the daemon
 * still ends. */
START_TEST(a_second_signal_cuts_off)
{
	fixture.gated_scans = true;
	daemon_start();
	struct client *client = client_open();
	for (uint32_t i = 1; i < fixture.conf.limits.in_flight; i++)
		client_send(client, i, "similar", "[1]");
	client_send(client, 100, "hello", "[]");
	json_decref(expect_result(client_receive(client), 100));
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_end(client);
	client_close(client);
	open_gate(THREADS);
	ck_assert_int_eq(daemon_wait(), 0);
}
END_TEST

START_TEST(a_reload_takes_no_more_than_its_thread)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = client_open();
	client_send(client, 1, "reload", "[]");
	for (int i = 0; i < 20; i++) {
		json_t *result = ask("similar", "[1]");
		ck_assert_int_eq(int_at(result, "model"), 1);
		json_decref(result);
	}
	open_gate(1);
	json_t *result = expect_result(client_receive(client), 1);
	ck_assert_int_eq(int_at(result, "model"), 2);
	json_decref(result);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(a_job_keeps_its_model)
{
	fixture.gated_scans = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = client_open();
	client_send(client, 1, "similar", "[1]");
	client_send(client, 2, "hello", "[]");
	json_decref(expect_result(client_receive(client), 2));
	json_t *result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	json_decref(result);
	open_gate(2);
	result = expect_result(client_receive(client), 1);
	ck_assert_int_eq(int_at(result, "model"), 1);
	json_decref(result);
	result = ask("similar", "[1]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	json_decref(result);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Many requests of all kinds run at once while models change.  This is the test for ThreadSanitizer. */
START_TEST(many_kinds_at_once)
{
	enum { CLIENTS = 8, EACH = 60, RELOADS = 6 };
	static const struct {
		const char *method, *params;
	} kinds[] = {{"similar", "[1, {\"explain\": true, \"sequels\": \"show\"}]"},
		     {"similar", "[[1, [5, -1]], {\"genre\": \"adventure\", \"min_ratings\": 0}]"},
		     {"similar", "[\"made in abbys\", {\"popularity\": -0.5, \"shrink\": 10}]"},
		     {"cult", "[{\"year\": \"2000..\"}]"},
		     {"recommend", "[\"alice\", {\"exclude\": [\"Made in Abyss\"]}]"},
		     {"search", "[\"abyss\", {\"type\": [\"tv\", \"movie\"]}]"},
		     {"show", "[\"kino no tabbi\"]"},
		     {"status", "[]"}};
	struct client *clients[CLIENTS];
	uint32_t answered = 0;

	daemon_start();
	for (size_t c = 0; c < CLIENTS; c++) {
		clients[c] = client_open();
		for (uint32_t i = 0; i < EACH; i++)
			client_send(clients[c], i, kinds[(c + i) % 8].method, kinds[(c + i) % 8].params);
	}
	for (int r = 0; r < RELOADS; r++) {
		(void)fixture_write_model("plain", false);
		json_decref(ask("reload", "[]"));
	}
	for (size_t c = 0; c < CLIENTS; c++) {
		for (uint32_t i = 0; i < EACH; i++) {
			json_t *response = client_receive(clients[c]);
			ck_assert_ptr_nonnull(response);
			answered++;
			json_decref(response);
		}
		client_close(clients[c]);
	}
	ck_assert_uint_eq(answered, CLIENTS * EACH);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static Suite *job_suite(void)
{
	Suite *suite = suite_create("job");
	TCase *tcase = tcase_create("jobs");

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase, what_is_cheap_does_not_wait);
	tcase_add_test(tcase, what_is_cheap_enough_is_no_job);
	tcase_add_test(tcase, errors_of_jobs);
	tcase_add_test(tcase, all_are_answered);
	tcase_add_test(tcase, a_client_leaves);
	tcase_add_test(tcase, stopping_waits_for_answers);
	tcase_add_test(tcase, a_second_signal_cuts_off);
	tcase_add_test(tcase, a_reload_takes_no_more_than_its_thread);
	tcase_add_test(tcase, a_job_keeps_its_model);
	tcase_add_test(tcase, many_kinds_at_once);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(job_suite());
}
