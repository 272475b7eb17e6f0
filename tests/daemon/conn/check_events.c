/* Tests events: what each subscriber is told, and what one that reads slowly loses. */
#include "config.h"

#include <sys/socket.h>

#include "scratch.h"
#include "server-fixture.h"

static void call(struct client *client, uint32_t msgid, const char *method, const char *params)
{
	client_send(client, msgid, method, params);
	json_decref(expect_result(client_receive(client), msgid));
}

/* Receive the next event, which must have this name.  Returns its map, which the caller releases. */
static json_t *expect_event(struct client *client, const char *name)
{
	json_t *message = client_receive(client);

	ck_assert_msg(message != NULL, "the connection ended");
	ck_assert_int_eq(json_integer_value(json_array_get(message, 0)), RPC_NOTIFICATION);
	ck_assert_str_eq(json_string_value(json_array_get(message, 1)), "event");
	json_t *event = json_incref(json_array_get(json_array_get(message, 2), 0));
	ck_assert_str_eq(str_at(event, "event"), name);
	ck_assert_uint_eq(strlen(str_at(event, "time")), strlen("2000-01-01T00:00:00Z"));
	json_decref(message);
	return event;
}

START_TEST(test_events)
{
	daemon_start();
	struct client *all = client_open(), *some = client_open(), *none = client_open();
	call(all, 1, "subscribe", "[]");
	call(some, 1, "subscribe", "[[\"reload-refused\"]]");
	call(none, 1, "subscribe", "[[\"model-changed\", \"reload-refused\"]]");
	call(none, 2, "unsubscribe", "[]");
	ask_fails("subscribe", "[[\"model-chnaged\"]]", 1, RPC_BAD_PARAMS, "there are model-changed");
	ask_fails("subscribe", "[7]", 1, RPC_BAD_PARAMS, "array of names");
	ask_fails("subscribe", "[null, {\"as\": [\"f\"]}]", 1, RPC_BAD_PARAMS, "[method, first]");
	ck_assert_uint_eq(fixture_write_model("plain", false), 2);
	json_decref(ask("reload", "[]"));
	json_t *event = expect_event(all, "model-changed");
	ck_assert_int_eq(int_at(event, "model"), 2);
	ck_assert_int_eq(int_at(event, "previous"), 1);
	ck_assert_str_eq(str_at(event, "origin"), "client");
	json_decref(event);
	ask_fails("rollback", "[9]", 0, RPC_MODEL_REFUSED, "9.safetensors");
	event = expect_event(some, "reload-refused");
	ck_assert_int_eq(int_at(event, "candidate"), 9);
	ck_assert_int_eq(int_at(event, "model"), 2);
	json_decref(event);
	json_decref(expect_event(all, "reload-refused"));
	ck_assert_int_eq(shutdown(none->fd, SHUT_WR), 0);
	expect_end(none);
	client_close(none);
	client_close(all);
	client_close(some);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* An event that the subscriber's own request causes is not written into the middle of the answer. */
START_TEST(test_event_of_its_own)
{
	daemon_start();
	struct client *client = client_open();
	call(client, 1, "subscribe", "[]");
	ck_assert_uint_eq(fixture_write_model("plain", false), 2);
	client_send(client, 2, "reload", "[]");
	json_t *first = client_receive(client), *second = client_receive(client);
	const bool response = json_integer_value(json_array_get(first, 0)) == RPC_RESPONSE;
	json_decref(expect_result(json_incref(response ? first : second), 2));
	ck_assert_int_eq(json_integer_value(json_array_get(response ? second : first, 0)), RPC_NOTIFICATION);
	json_decref(first);
	json_decref(second);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The daemon does not wait for a subscriber that does not read: events that do not fit are left out and counted, and
 * other clients are served as usual. */
START_TEST(test_slow_subscriber)
{
	enum { EVENTS = 2000 };
	json_int_t seen = 0, lost = 0;

	daemon_start();
	struct client *slow = client_open(), *quick = client_open(), *other = client_open();
	call(slow, 1, "subscribe", "[]");
	call(quick, 1, "subscribe", "[]");
	for (uint32_t i = 1; i <= EVENTS; i++) {
		client_send(other, i, "rollback", "[99]");
		expect_error(client_receive(other), i, 0, RPC_MODEL_REFUSED, "99.safetensors");
		json_decref(expect_event(quick, "reload-refused"));
	}
	while (lost == 0) {
		json_t *message = client_receive(slow);
		ck_assert_ptr_nonnull(message);
		const json_t *event = json_array_get(json_array_get(message, 2), 0);
		if (strcmp(str_at(event, "event"), "lagged") == 0)
			lost = int_at(event, "lost");
		else
			seen++;
		json_decref(message);
	}
	ck_assert_int_gt(seen, 0);
	ck_assert_int_eq(seen + lost, EVENTS);
	/* after the marker it is told of every event again */
	client_send(other, 1, "rollback", "[98]");
	expect_error(client_receive(other), 1, 0, RPC_MODEL_REFUSED, "98.safetensors");
	json_t *event = expect_event(slow, "reload-refused");
	ck_assert_int_eq(int_at(event, "candidate"), 98);
	json_decref(event);
	client_close(slow);
	client_close(quick);
	client_close(other);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* A subscriber is not idle, since it may wait for days for an event. */
START_TEST(test_idle_subscriber)
{
	fixture.conf.limits.idle_seconds = 1;
	daemon_start();
	struct client *subscriber = client_open(), *idle = client_open();
	call(subscriber, 1, "subscribe", "[]");
	expect_end(idle);
	client_close(idle);
	idle = client_open(); /* so that the subscriber stays for a second idle time */
	expect_end(idle);
	call(subscriber, 2, "unsubscribe", "[]");
	expect_end(subscriber);
	client_close(idle);
	client_close(subscriber);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("events");
	TCase *tc = tcase_create("events");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_events);
	tcase_add_test(tc, test_event_of_its_own);
	tcase_add_test(tc, test_slow_subscriber);
	tcase_add_test(tc, test_idle_subscriber);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
