/* Calls `models` while memory is short: the answer has all versions or is an error, and the answers after it are whole
 * messages. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fault.h"
#include "scratch.h"
#include "server-fixture.h"

#include "wire/frame.h"

enum { VERSIONS = 100 }; /* their list takes more than the first buffer has */

static char bytes[1 << 16];
static size_t n_bytes;

/* Read one message into `bytes`, and allocate nothing, since allocations of the test fail with those of the daemon.
 * Returns false at the end of the stream. */
static bool read_message(int fd)
{
	static const struct frame_limits limits = {sizeof bytes, 1 << 14, 16};
	struct frame_scanner scanner;

	frame_scanner_init(&scanner, &limits);
	for (n_bytes = 0; frame_scan(&scanner, bytes, n_bytes) == FRAME_MORE;) {
		const ssize_t n = read(fd, bytes + n_bytes, sizeof bytes - n_bytes);
		if (n <= 0)
			return false;
		n_bytes += (size_t)n;
	}
	return true;
}

static json_t *decode(void)
{
	msgpack_unpacked unpacked;

	msgpack_unpacked_init(&unpacked);
	ck_assert_int_eq(msgpack_unpack_next(&unpacked, bytes, n_bytes, NULL), MSGPACK_UNPACK_SUCCESS);
	json_t *json = to_json(&unpacked.data);
	msgpack_unpacked_destroy(&unpacked);
	return json;
}

/* Check that the answer has all versions, or is an error of the daemon. */
static void check_answer(const json_t *answer)
{
	const json_t *error = json_array_get(answer, 2), *result = json_array_get(answer, 3);

	ck_assert_int_eq(json_integer_value(json_array_get(answer, 1)), 1);
	if (json_is_null(error))
		ck_assert_uint_eq(json_array_size(json_object_get(result, "versions")), VERSIONS);
	else
		ck_assert_msg(strncmp(json_string_value(json_array_get(error, 1)), "internal: ", 10) == 0, "%s",
			      json_string_value(json_array_get(error, 1)));
}

START_TEST(all_versions_or_an_error)
{
	msgpack_sbuffer models, hello;
	char name[64];
	uint64_t n = 0;

	/* one version is a model; each other one cannot be read, which the answer says of it */
	for (int i = 2; i <= VERSIONS; i++) {
		(void)snprintf(name, sizeof name, "models/%d.safetensors", i);
		(void)scratch_text(name, "no model");
	}
	msgpack_sbuffer_init(&models);
	msgpack_sbuffer_init(&hello);
	pack_request(&models, 1, "models", "[]");
	pack_request(&hello, 2, "hello", "[]");
	daemon_start();
	struct client *client = client_open();
	for (bool struck = true; struck;) {
		fault_arm(++n, 3);
		/* no assertion while allocations fail: Check needs memory for each one */
		const ssize_t sent = send(client->fd, models.data, models.size, MSG_NOSIGNAL);
		const bool answered = read_message(client->fd);
		fault_disarm();
		ck_assert_int_eq(sent, (ssize_t)models.size);
		struck = fault_struck();
		if (!answered) { /* there was no memory for the error either */
			client_close(client);
			client = client_open();
			continue;
		}
		json_t *answer = decode();
		check_answer(answer);
		json_decref(answer);
		client_write(client, hello.data, hello.size);
		ck_assert(read_message(client->fd));
		json_decref(expect_result(decode(), 2));
	}
	ck_assert_uint_gt(n, 10);
	client_close(client);
	msgpack_sbuffer_destroy(&models);
	msgpack_sbuffer_destroy(&hello);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_models");
	TCase *tc = tcase_create("models");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, all_versions_or_an_error);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
