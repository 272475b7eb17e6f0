/* Tests the limits of clients: their number, what they leave unread, how much they ask at once, and how long they may
 * be silent. */
#include "config.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include "scratch.h"
#include "server-fixture.h"

#include "conn/clients.h"

START_TEST(test_too_many_clients)
{
	struct client *clients[16];

	daemon_start();
	for (size_t i = 0; i < 16; i++) {
		clients[i] = client_open();
		client_send(clients[i], 1, "show", "[1]");
		json_decref(expect_result(client_receive(clients[i]), 1));
	}
	for (int i = 0; i < 1000; i++) {
		struct client *client = client_open();
		expect_error(client_receive(client), 0, 0, RPC_BUSY, "limits.clients");
		expect_end(client);
		client_close(client);
	}
	ck_assert_int_eq(shutdown(clients[0]->fd, SHUT_WR), 0);
	expect_end(clients[0]);
	serves(); /* one place is free again */
	for (size_t i = 0; i < 16; i++)
		client_close(clients[i]);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* While a client does not read its answers, the daemon stops reading its requests, so that its memory does not fill up.
 * Once the client reads, it gets all answers. */
START_TEST(test_backpressure)
{
	fixture.conf.limits.output_bytes = 65536;
	daemon_start();
	struct client *client = client_open();
	uint32_t n = flood(client);
	ck_assert_int_eq(shutdown(client->fd, SHUT_WR), 0);
	for (uint32_t i = 0; i < n; i++)
		json_decref(expect_result(client_receive(client), 1000000000));
	expect_end(client);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* An answer that is larger than limits.output_bytes ends the connection of its client, and no other connection. */
START_TEST(test_output_limit)
{
	msgpack_sbuffer out;

	fixture.conf.limits.output_bytes = 16;
	daemon_start();
	struct client *client = client_open();
	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < 1000; i++)
		pack_request(&out, i, "show", "[1]");
	while (send(client->fd, out.data, out.size, MSG_NOSIGNAL) == (ssize_t)out.size)
		; /* until the daemon has closed the connection */
	serves();
	msgpack_sbuffer_destroy(&out);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_in_flight_limit)
{
	fixture.conf.limits.in_flight = 2;
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = client_open();
	client_send(client, 1, "reload", "[]");
	client_send(client, 2, "reload", "[]");
	client_send(client, 3, "hello", "[]");
	serves();
	open_gate(1);
	json_decref(expect_result(client_receive(client), 1));
	json_t *response = client_receive(client); /* of the second reload, or of hello, which waited for the first */
	json_decref(expect_result(response, (uint32_t)json_integer_value(json_array_get(response, 1))));
	response = client_receive(client);
	json_decref(expect_result(response, (uint32_t)json_integer_value(json_array_get(response, 1))));
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_idle)
{
	fixture.conf.limits.idle_seconds = 1;
	daemon_start();
	struct client *client = client_open();
	expect_end(client);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The table of descriptors has its full size from the start, since libuv ends the program where it cannot grow. */
START_TEST(test_room_for_all)
{
	static char no_group[] = "";
	const struct conf conf = {.group = no_group, .limits = {.clients = 700}};
	struct clients clients;
	struct animed_error err;
	struct rlimit limit;
	uv_loop_t loop;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_uint_lt(loop.nwatchers, 700);
	ck_assert_msg(clients_init(&clients, &conf, &loop, NULL, NULL, &err) == 0, "%s", err.text);
	ck_assert_uint_ge(loop.nwatchers, limit.rlim_cur < 764 ? limit.rlim_cur : 764);
	uv_close((uv_handle_t *)&clients.listener, NULL);
	uv_close((uv_handle_t *)&clients.sweep, NULL);
	uv_close((uv_handle_t *)&clients.backlog, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	clients_free(&clients);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clients");
	TCase *tc = tcase_create("clients");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_too_many_clients);
	tcase_add_test(tc, test_backpressure);
	tcase_add_test(tc, test_output_limit);
	tcase_add_test(tc, test_in_flight_limit);
	tcase_add_test(tc, test_idle);
	suite_add_tcase(suite, tc);
	tc = tcase_create("table");
	tcase_add_test(tc, test_room_for_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
