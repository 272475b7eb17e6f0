/* Tests how the daemon takes messages: in pieces, many at once, and bad ones. */
#include "config.h"

#include <sys/socket.h>

#include "scratch.h"
#include "server-fixture.h"

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

/* A client that has closed its writing half still gets all answers. */
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
    {"\xc1", 1, 0, RPC_BAD_MESSAGE},                           /* a byte that MessagePack never uses */
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
	(void)snprintf(params, 70000, "[\"%060000d\"]", 0); /* short enough for a message, but too long for a title */
	client_send(client, 1, "show", params);
	expect_error(client_receive(client), 1, 1, RPC_BAD_PARAMS, "60000 bytes");
	/* an array that goes on beyond the limit of a message: the daemon must not read all of it */
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

/* Whatever bytes the daemon is sent, it answers other clients afterwards.  The bytes are drawn from a fixed seed. */
START_TEST(test_garbage)
{
	uint64_t state = 88172645463325252U;
	unsigned char bytes[512];

	fixture.conf.limits.clients =
	    1000; /* the daemon may accept many clients before it notices that they are gone */
	daemon_start();
	for (int round = 0; round < 300; round++) {
		struct client *client = client_open();
		for (size_t i = 0; i < sizeof bytes; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			bytes[i] = (unsigned char)(state >> 32);
		}
		if (round % 2) /* begin like a request */
			memcpy(bytes, "\x94\x00\x01\xa4show\x92", 9);
		(void)send(client->fd, bytes, sizeof bytes, MSG_NOSIGNAL);
		client_close(client);
	}
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");
	TCase *tc = tcase_create("message");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_single_bytes);
	tcase_add_test(tc, test_pipelined);
	tcase_add_test(tc, test_half_close);
	tcase_add_loop_test(tc, test_bad_message, 0, (int)(sizeof bad_messages / sizeof *bad_messages));
	tcase_add_test(tc, test_frame_limit);
	tcase_add_test(tc, test_notification_ignored);
	tcase_add_test(tc, test_garbage);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
