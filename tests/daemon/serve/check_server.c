/* check_server.c - clients that send too much, too little or nonsense, and the beginning and end of the daemon. */
#include "config.h"

#include <check.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "serve/claim.h"
#include "server-fixture.h"

static void setup(void)
{
	fixture_setup();
	(void)fixture_write_model("plain", false);
}

static void serves(void)
{
	json_t *result = ask("show", "[1]");

	ck_assert_int_eq(int_at(json_object_get(result, "item"), "id"), 1);
	json_decref(result);
}

static json_int_t served_model(void)
{
	json_t *result = ask("hello", "[]");
	json_int_t version = int_at(result, "model");

	json_decref(result);
	return version;
}

/* ---- messages ---- */

START_TEST(test_single_bytes)
{
	msgpack_sbuffer out;

	daemon_start();
	struct client *client = client_open();
	msgpack_sbuffer_init(&out);
	pack_request(&out, 4000000000U, "similar", "[\"Made in Abyss\", {\"limit\": 2}]");
	for (size_t i = 0; i < out.size; i++)
		client_write(client, out.data + i, 1);
	json_decref(expect_result(client_receive(client), 4000000000U));
	msgpack_sbuffer_destroy(&out);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_pipelined)
{
	msgpack_sbuffer out;

	daemon_start();
	struct client *client = client_open();
	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < 500; i++)
		pack_request(&out, i, "show", i % 2 ? "[1]" : "[3]");
	client_write(client, out.data, out.size);
	for (uint32_t i = 0; i < 500; i++) {
		if (i % 2)
			json_decref(expect_result(client_receive(client), i));
		else
			expect_error(client_receive(client), i, 1, RPC_UNKNOWN_ITEM, "");
	}
	msgpack_sbuffer_destroy(&out);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Half a connection is enough to get what was asked for. */
START_TEST(test_half_close)
{
	msgpack_sbuffer out;

	daemon_start();
	struct client *client = client_open();
	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < 100; i++)
		pack_request(&out, i, "show", "[1]");
	pack_request(&out, 100, "reload", "[]");
	client_write(client, out.data, out.size);
	ck_assert_int_eq(shutdown(client->fd, SHUT_WR), 0);
	for (uint32_t i = 0; i <= 100; i++)
		json_decref(expect_result(client_receive(client), i));
	expect_end(client);
	msgpack_sbuffer_destroy(&out);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	uint32_t msgid;
	const char *name;
} bad_messages[] = {
    {"\xc1", 1, 0, RPC_BAD_MESSAGE},                           /* never used */
    {"\x2a", 1, 0, RPC_BAD_MESSAGE},                           /* 42 */
    {"GET / HTTP/1.0\r\n", 16, 0, RPC_BAD_MESSAGE},            /* 71 */
    {"\x90", 1, 0, RPC_BAD_MESSAGE},                           /* [] */
    {"\x94\x00\x07\xa1x\xc0", 6, 7, RPC_BAD_MESSAGE},          /* [0, 7, "x", nil] */
    {"\x94\x00\x07\x05\x90", 5, 7, RPC_BAD_MESSAGE},           /* [0, 7, 5, []] */
    {"\x94\x00\xff\xa1x\x90", 6, 0, RPC_BAD_MESSAGE},          /* [0, -1, "x", []] */
    {"\x94\x05\x07\xa1x\x90", 6, 7, RPC_BAD_MESSAGE},          /* [5, 7, "x", []] */
    {"\x93\x00\x07\xa1x", 5, 7, RPC_BAD_MESSAGE},              /* [0, 7, "x"] */
    {"\x94\x01\x07\xc0\xc0", 5, 7, RPC_BAD_MESSAGE},           /* a response */
    {"\x94\x00\x01\xdb\xff\xff\xff\xff", 8, 0, RPC_TOO_LARGE}, /* a method of 4 GiB */
    {"\xdd\xff\xff\xff\xff", 5, 0, RPC_TOO_LARGE},             /* 4 G elements */
    {"\xdf\xff\xff\xff\xff", 5, 0, RPC_TOO_LARGE},             /* 4 G pairs */
    {"\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91"
     "\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91",
     56, 0, RPC_TOO_LARGE}, /* too deep */
};

START_TEST(test_bad_message)
{
	daemon_start();
	struct client *client = client_open();
	client_send(client, 1, "show", "[1]");
	client_write(client, bad_messages[_i].bytes, bad_messages[_i].size);
	json_decref(expect_result(client_receive(client), 1));
	expect_error(client_receive(client), bad_messages[_i].msgid, 1, bad_messages[_i].name, "");
	expect_end(client);
	client_close(client);
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_frame_limit)
{
	static char bytes[65536];
	char *params = malloc(70000);

	daemon_start();
	struct client *client = client_open();
	ck_assert_ptr_nonnull(params);
	(void)snprintf(params, 70000, "[\"%060000d\"]", 0); /* fits a message, if not a title */
	client_send(client, 1, "show", params);
	expect_error(client_receive(client), 1, 1, RPC_BAD_PARAMS, "60000 bytes");
	/* an array that has no end in sight: the daemon must not take more than its limit */
	client_write(client, "\xdc\x27\x00", 3);
	for (size_t i = 0; i < 7; i++)
		memcpy(bytes + i * 9000, "\xda\x23\x25", 3);
	client_write(client, bytes, 7 * 9000);
	client_write(client, bytes, 4000);
	expect_error(client_receive(client), 0, 1, RPC_TOO_LARGE, "");
	expect_end(client);
	client_close(client);
	free(params);
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_notification_ignored)
{
	msgpack_sbuffer out;
	msgpack_packer packer;

	daemon_start();
	struct client *client = client_open();
	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	rpc_pack_notification(&packer, "reload");
	msgpack_pack_array(&packer, 0);
	client_write(client, out.data, out.size);
	client_send(client, 2, "status", "[]");
	json_t *status = expect_result(client_receive(client), 2);
	ck_assert(json_is_null(json_object_get(status, "last_reload")));
	json_decref(status);
	msgpack_sbuffer_destroy(&out);
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Bytes drawn from a fixed seed: whatever they say, the daemon is there afterwards. */
START_TEST(test_garbage)
{
	uint64_t state = 88172645463325252U;
	unsigned char bytes[512];

	fixture.conf.limits.clients = 1000; /* it may see many of them before it sees that they are gone */
	daemon_start();
	for (int round = 0; round < 300; round++) {
		struct client *client = client_open();
		for (size_t i = 0; i < sizeof bytes; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			bytes[i] = (unsigned char)(state >> 32);
		}
		if (round % 2) /* something that looks like a request */
			memcpy(bytes, "\x94\x00\x01\xa4show\x92", 9);
		(void)send(client->fd, bytes, sizeof bytes, MSG_NOSIGNAL);
		client_close(client);
	}
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* ---- clients ---- */

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
	serves(); /* there is room again */
	for (size_t i = 0; i < 16; i++)
		client_close(clients[i]);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static json_int_t requests_taken(void)
{
	json_t *status = ask("status", "[]");
	json_int_t taken = int_at(status, "requests");

	json_decref(status);
	return taken;
}

/* Ask and never read until the daemon listens no more; how many requests were sent whole. */
static uint32_t flood(struct client *client)
{
	enum { N = 100000 };
	msgpack_sbuffer out;
	size_t sent = 0;
	json_int_t before = 0, taken = requests_taken();

	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < N; i++)
		pack_request(&out, 1000000000, "show", "[1]");
	for (bool full = false; !full || taken != before + 1;) {
		ssize_t n = send(client->fd, out.data + sent, out.size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		full = n < 0;
		if (n > 0)
			sent += (size_t)n;
		before = taken;
		taken = requests_taken(); /* the others do not suffer */
	}
	ck_assert_uint_lt(sent, out.size);
	size_t whole = sent / (out.size / N);
	msgpack_sbuffer_destroy(&out);
	return (uint32_t)whole;
}

/* A client that asks and does not read makes the daemon stop listening to it, not fill up; then it gets everything. */
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

/* An answer that is larger than all that may lie unread ends the connection, and that alone. */
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
		; /* until the daemon has had enough */
	serves();
	msgpack_sbuffer_destroy(&out);
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

/* ---- lists of neighbours ---- */

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

static void open_gate(size_t n)
{
	while (n-- > 0)
		ck_assert_int_eq(write(fixture.gate[1], "-", 1), 1);
}

static void hold_up_lists(void)
{
	fixture.conf.neighbours = 5; /* more than there are */
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

/* ---- reload ---- */

START_TEST(test_reload)
{
	daemon_start();
	json_t *result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert(json_is_false(json_object_get(result, "changed")));
	json_decref(result);
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(served_model(), 1);
	result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	ck_assert_int_eq(int_at(result, "previous"), 1);
	ck_assert(json_is_true(json_object_get(result, "changed")));
	json_decref(result);
	ck_assert_int_eq(served_model(), 2);
	result = ask("status", "[]");
	const json_t *last = json_object_get(result, "last_reload");
	ck_assert(json_is_true(json_object_get(last, "ok")));
	ck_assert(json_is_null(json_object_get(last, "error")));
	ck_assert_int_eq(int_at(last, "model"), 2);
	ck_assert_uint_eq(strlen(str_at(last, "time")), strlen("2000-01-01T00:00:00Z"));
	json_decref(result);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* The store has something the daemon must not serve: it says why and goes on as before. */
static void check_refused(const char *part)
{
	ask_fails("reload", "[]", 0, RPC_MODEL_REFUSED, part);
	ck_assert_int_eq(served_model(), 1);
	serves();
	json_t *result = ask("status", "[]");
	const json_t *last = json_object_get(result, "last_reload");
	ck_assert(json_is_false(json_object_get(last, "ok")));
	ck_assert_ptr_nonnull(strstr(str_at(last, "error"), part));
	ck_assert_int_eq(int_at(last, "model"), 2);
	json_decref(result);
	ck_assert_int_eq(daemon_stop(), 0);
}

START_TEST(test_reload_faulty)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", true), 2);
	check_refused("vectors of the devil");
}
END_TEST

START_TEST(test_reload_other_variant)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("bias", false), 2);
	check_refused("pipeline.model.plugin");
}
END_TEST

START_TEST(test_reload_truncated)
{
	char path[128];

	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", false), 2);
	(void)snprintf(path, sizeof path, "%s/2.safetensors", fixture.models);
	ck_assert_int_eq(truncate(path, 200), 0);
	check_refused("2.safetensors");
}
END_TEST

START_TEST(test_no_model)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s/current", fixture.models);
	ck_assert_int_eq(unlink(path), 0);
	daemon_start();
	ask_fails("similar", "[1]", 0, RPC_NO_MODEL, "animed train");
	ask_fails("reload", "[]", 0, RPC_NO_MODEL, "animed train");
	json_t *result = ask("hello", "[]");
	ck_assert(json_is_null(json_object_get(result, "model")));
	json_decref(result);
	result = ask("status", "[]");
	ck_assert(json_is_null(json_object_get(result, "model")));
	json_decref(result);
	(void)fixture_write_model("plain", false);
	result = ask("reload", "[]");
	ck_assert_int_eq(int_at(result, "model"), 2);
	ck_assert(json_is_null(json_object_get(result, "previous")));
	ck_assert(json_is_true(json_object_get(result, "changed")));
	json_decref(result);
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_hangup)
{
	daemon_start();
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(kill(fixture.pid, SIGHUP), 0);
	while (served_model() != 2) /* the test's time limit ends this */
		;
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* Send a reload and see the daemon answer something else meanwhile. */
static struct client *begin_reload(void)
{
	struct client *client = client_open();

	client_send(client, 1, "reload", "[]");
	client_send(client, 2, "hello", "[]");
	json_decref(expect_result(client_receive(client), 2));
	return client;
}

static void end_reload(struct client *client, json_int_t model)
{
	json_t *result = expect_result(client_receive(client), 1);

	ck_assert_int_eq(int_at(result, "model"), model);
	json_decref(result);
	client_close(client);
}

/* Who asks while a reload runs wants what is in the store now, not what that reload has found. */
START_TEST(test_reloads_queue)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *first = begin_reload();
	(void)fixture_write_model("plain", false);
	struct client *second = begin_reload();
	struct client *third = begin_reload();
	serves();
	open_gate(2);
	json_t *result = expect_result(client_receive(first), 1);
	ck_assert_int_ge(int_at(result, "model"), 2);
	json_decref(result);
	client_close(first);
	end_reload(second, 3);
	end_reload(third, 3);
	ck_assert_int_eq(served_model(), 3);
	open_gate(2); /* in case the first reload found model 3 already */
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_reload_client_gone)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = begin_reload();
	client_close(client);
	serves();
	open_gate(1);
	while (served_model() != 2)
		;
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
	json_t *response = client_receive(client); /* the second reload, or what the first let in */
	json_decref(expect_result(response, (uint32_t)json_integer_value(json_array_get(response, 1))));
	response = client_receive(client);
	json_decref(expect_result(response, (uint32_t)json_integer_value(json_array_get(response, 1))));
	client_close(client);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* ---- versions ---- */

static json_int_t swap_to(const char *method, const char *params)
{
	json_t *result = ask(method, params);
	json_int_t model = int_at(result, "model");

	json_decref(result);
	ck_assert_int_eq(served_model(), model);
	return model;
}

START_TEST(test_rollback_and_pin)
{
	daemon_start();
	(void)fixture_write_model("plain", false);
	(void)fixture_write_model("plain", false);
	ck_assert_int_eq(swap_to("reload", "[]"), 3);
	ck_assert_int_eq(swap_to("rollback", "[]"), 2);
	ck_assert_int_eq(swap_to("rollback", "[]"), 1);
	ask_fails("rollback", "[]", 0, RPC_MODEL_REFUSED, "no version before 1");
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	ask_fails("rollback", "[7]", 0, RPC_MODEL_REFUSED, "7.safetensors");
	ask_fails("rollback", "[0]", 1, RPC_BAD_PARAMS, "at least 1");
	ask_fails("rollback", "[\"2\"]", 1, RPC_BAD_PARAMS, "integer");
	ck_assert_int_eq(swap_to("pin", "[2]"), 2);
	ask_fails("rollback", "[3]", 0, RPC_MODEL_REFUSED, "model 2 is pinned");
	ck_assert_int_eq(served_model(), 2);
	json_t *status = ask("status", "[]");
	ck_assert_int_eq(int_at(status, "pinned"), 2);
	json_decref(status);
	ck_assert_int_eq(swap_to("unpin", "[]"), 2);
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	/* what the plugin refuses no word makes good, and nothing has moved */
	ck_assert_uint_eq(fixture_write_model("plain", true), 4);
	ck_assert_int_eq(swap_to("rollback", "[3]"), 3);
	ask_fails("pin", "[4]", 0, RPC_MODEL_REFUSED, "vectors of the devil");
	json_t *models = ask("models", "[]");
	ck_assert_int_eq(int_at(models, "current"), 3);
	ck_assert(json_is_null(json_object_get(models, "pinned")));
	ck_assert_uint_eq(json_array_size(json_object_get(models, "versions")), 4);
	json_decref(models);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_dry_run)
{
	daemon_start();
	ck_assert_uint_eq(fixture_write_model("plain", true), 2);
	json_t *result = ask("reload", "[{\"dry_run\": true}]");
	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert_int_eq(int_at(result, "candidate"), 2);
	ck_assert_ptr_nonnull(strstr(str_at(result, "refused"), "vectors of the devil"));
	json_decref(result);
	ck_assert_uint_eq(fixture_write_model("plain", false), 3);
	result = ask("reload", "[{\"dry_run\": true}]");
	ck_assert_int_eq(int_at(result, "candidate"), 3);
	ck_assert(json_is_null(json_object_get(result, "refused")));
	ck_assert_uint_eq(json_array_size(json_object_get(result, "gate")), 4);
	json_decref(result);
	ck_assert_int_eq(served_model(), 1);
	result = ask("status", "[]");
	ck_assert(json_is_null(json_object_get(result, "last_reload")));
	json_decref(result);
	ask_fails("reload", "[{\"dry_run\": 2}]", 1, RPC_BAD_PARAMS, "dry_run");
	ask_fails("reload", "[{\"dry\": true}]", 1, RPC_BAD_PARAMS, "dry_run");
	ask_fails("reload", "[true]", 1, RPC_BAD_PARAMS, "map");
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* ---- events ---- */

static void call(struct client *client, uint32_t msgid, const char *method, const char *params)
{
	client_send(client, msgid, method, params);
	json_decref(expect_result(client_receive(client), msgid));
}

/* The map of the next event, which must have this name. */
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

/* An event that comes about while the subscriber's own request is worked off does not get into its answer. */
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

/* Who does not read is not waited for: what does not fit is left out and counted, and nobody else is the worse for it.
 */
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
	/* from here on it is told of everything again */
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

/* A subscriber waits for what may not come for days. */
START_TEST(test_idle_subscriber)
{
	fixture.conf.limits.idle_seconds = 1;
	daemon_start();
	struct client *subscriber = client_open(), *idle = client_open();
	call(subscriber, 1, "subscribe", "[]");
	expect_end(idle);
	client_close(idle);
	idle = client_open(); /* a whole round more */
	expect_end(idle);
	call(subscriber, 2, "unsubscribe", "[]");
	expect_end(subscriber);
	client_close(idle);
	client_close(subscriber);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_group)
{
	static char staff[] = "staff";
	const struct group *group = getgrnam(staff);
	char dir[96];
	struct stat st;

	if (geteuid() != 0 || !group) {
		(void)printf("test_group skipped: it takes root, and the group staff\n");
		return;
	}
	const gid_t gid = group->gr_gid;
	fixture.conf.group = staff;
	daemon_start();
	(void)snprintf(dir, sizeof dir, "%s/run", fixture.dir);
	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0710);
	ck_assert_uint_eq(st.st_gid, gid);
	ck_assert_int_eq(stat(fixture.socket, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	ck_assert_uint_eq(st.st_gid, gid);
	ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
	/* by its supplementary groups */
	ck_assert_int_eq(setgroups(1, &gid), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	json_decref(ask("reload", "[]"));
	json_t *hello = ask("hello", "[]");
	ck_assert(json_is_true(json_object_get(hello, "permitted")));
	json_decref(hello);
	ck_assert_int_eq(seteuid(0), 0);
	/* by its own group */
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setegid(gid), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(seteuid(0), 0);
	/* by none */
	ck_assert_int_eq(setegid(65534), 0);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(fixture.socket, 0666), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	ask_fails("reload", "[]", 1, RPC_NOT_PERMITTED, "and the group staff");
	ask_fails("unpin", "[]", 1, RPC_NOT_PERMITTED, "65534");
	ask_fails("retrain", "[]", 1, RPC_NOT_PERMITTED, "65534");
	ask_fails("cancel", "[]", 1, RPC_NOT_PERMITTED, "65534");
	json_decref(ask("models", "[]"));
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_not_permitted)
{
	char dir[96];

	if (geteuid() != 0) {
		(void)printf("test_not_permitted skipped: it takes root to be somebody else\n");
		return;
	}
	daemon_start();
	(void)snprintf(dir, sizeof dir, "%s/run", fixture.dir);
	ck_assert_int_eq(chmod(fixture.dir, 0755), 0);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(fixture.socket, 0666), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	ask_fails("reload", "[]", 1, RPC_NOT_PERMITTED, "65534");
	serves();
	ck_assert_int_eq(seteuid(0), 0);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

/* ---- the end ---- */

START_TEST(test_stop_answers)
{
	msgpack_sbuffer out;

	daemon_start();
	struct client *client = client_open();
	client_send(client, 1000, "show", "[1]");
	json_decref(expect_result(client_receive(client), 1000));
	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < 200; i++)
		pack_request(&out, i, "show", "[1]");
	client_write(client, out.data, out.size);
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	for (uint32_t i = 0; i < 200; i++)
		json_decref(expect_result(client_receive(client), i));
	expect_end(client);
	ck_assert_int_eq(daemon_wait(), 0);
	msgpack_sbuffer_destroy(&out);
	client_close(client);
}
END_TEST

START_TEST(test_stop_during_reload)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = begin_reload();
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	open_gate(1);
	end_reload(client, 2);
	ck_assert_int_eq(daemon_wait(), 0);
	ck_assert_int_ne(access(fixture.socket, F_OK), 0);
}
END_TEST

/* A client that never reads its answers does not hold the daemon when it is told twice. */
START_TEST(test_stop_twice)
{
	fixture.conf.limits.output_bytes = 65536;
	daemon_start();
	struct client *client = client_open();
	(void)flood(client);
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	ck_assert_int_eq(kill(fixture.pid, SIGINT), 0);
	ck_assert_int_eq(daemon_wait(), 0);
	client_close(client);
}
END_TEST

START_TEST(test_files_of_the_daemon)
{
	char lock[128];
	struct stat st;

	daemon_start();
	(void)snprintf(lock, sizeof lock, "%s.lock", fixture.socket);
	ck_assert_int_eq(lstat(fixture.socket, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(lstat(lock, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(daemon_stop(), 0);
	ck_assert_int_ne(lstat(fixture.socket, &st), 0);
	ck_assert_int_ne(lstat(lock, &st), 0);
}
END_TEST

START_TEST(test_killed_and_started_again)
{
	daemon_start();
	ck_assert_int_eq(kill(fixture.pid, SIGKILL), 0);
	int status;
	ck_assert_int_eq(waitpid(fixture.pid, &status, 0), fixture.pid);
	ck_assert_int_eq(access(fixture.socket, F_OK), 0);
	daemon_start();
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_second_daemon)
{
	struct server_claim claim;
	struct animed_error err;
	char pid[32];

	daemon_start();
	ck_assert_int_eq(server_claim(fixture.socket, &claim, &err), -1);
	(void)snprintf(pid, sizeof pid, "pid %ld ", (long)fixture.pid);
	ck_assert_ptr_nonnull(strstr(err.text, pid));
	ck_assert_ptr_nonnull(strstr(err.text, fixture.socket));
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

static TCase *add_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static Suite *server_suite(void)
{
	Suite *suite = suite_create("server");
	TCase *messages = add_case(suite, "messages"), *clients = add_case(suite, "clients");
	TCase *lists = add_case(suite, "lists");
	TCase *reload = add_case(suite, "reload"), *end = add_case(suite, "beginning and end");

	tcase_add_test(messages, test_single_bytes);
	tcase_add_test(messages, test_pipelined);
	tcase_add_test(messages, test_half_close);
	tcase_add_loop_test(messages, test_bad_message, 0, (int)(sizeof bad_messages / sizeof *bad_messages));
	tcase_add_test(messages, test_frame_limit);
	tcase_add_test(messages, test_notification_ignored);
	tcase_add_test(messages, test_garbage);
	tcase_add_test(clients, test_too_many_clients);
	tcase_add_test(clients, test_backpressure);
	tcase_add_test(clients, test_output_limit);
	tcase_add_test(clients, test_idle);
	tcase_add_test(clients, test_not_permitted);
	tcase_add_test(lists, test_lists_come_behind);
	tcase_add_test(lists, test_model_goes_while_its_lists_come);
	tcase_add_test(lists, test_stop_while_lists_come);
	tcase_add_test(clients, test_group);
	tcase_add_test(clients, test_events);
	tcase_add_test(clients, test_event_of_its_own);
	tcase_add_test(clients, test_slow_subscriber);
	tcase_add_test(clients, test_idle_subscriber);
	tcase_add_test(reload, test_rollback_and_pin);
	tcase_add_test(reload, test_dry_run);
	tcase_add_test(reload, test_reload);
	tcase_add_test(reload, test_reload_faulty);
	tcase_add_test(reload, test_reload_other_variant);
	tcase_add_test(reload, test_reload_truncated);
	tcase_add_test(reload, test_no_model);
	tcase_add_test(reload, test_hangup);
	tcase_add_test(reload, test_reloads_queue);
	tcase_add_test(reload, test_reload_client_gone);
	tcase_add_test(reload, test_in_flight_limit);
	tcase_add_test(end, test_stop_answers);
	tcase_add_test(end, test_stop_during_reload);
	tcase_add_test(end, test_stop_twice);
	tcase_add_test(end, test_files_of_the_daemon);
	tcase_add_test(end, test_killed_and_started_again);
	tcase_add_test(end, test_second_daemon);
	return suite;
}

int main(void)
{
	return run_suite(server_suite());
}
