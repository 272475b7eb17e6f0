/* The wire: where values end, what messages are, and where daemon and client meet. */
#include "config.h"

#include <unistd.h>

#include "cli/cmdline.h"
#include "cli/paths.h"
#include "scratch.h"
#include "wire/frame.h"
#include "wire/rpc.h"

static const struct frame_limits wide = {1 << 20, 1 << 16, 16};

#define BYTES(text) (text), sizeof(text) - 1

/* One value of each kind. */
static const struct {
	const char *bytes;
	size_t size;
} values[] = {
    {BYTES("\x05")},
    {BYTES("\xe0")},
    {BYTES("\xc0")},
    {BYTES("\xcc\xff")},
    {BYTES("\xcd\xff\xff")},
    {BYTES("\xce\1\2\3\4")},
    {BYTES("\xcf\1\2\3\4\5\6\7\x08")},
    {BYTES("\xca\1\2\3\4")},
    {BYTES("\xcb\1\2\3\4\5\6\7\x08")},
    {BYTES("\xa3"
	   "abc")},
    {BYTES("\xd9\3abc")},
    {BYTES("\xda\0\3abc")},
    {BYTES("\xdb\0\0\0\3abc")},
    {BYTES("\xc4\2ab")},
    {BYTES("\xd6\1abcd")},
    {BYTES("\xc7\2\1ab")},
    {BYTES("\x90")},
    {BYTES("\x92\1\x91\2")},
    {BYTES("\xdc\0\2\1\2")},
    {BYTES("\x80")},
    {BYTES("\x82\1\2\3\x91\4")},
    {BYTES("\xde\0\1\1\2")},
    {BYTES("\x94\0\1\xa5hello\x91\x81\xa1k\xc3")},
};

START_TEST(value_is_found_byte_by_byte)
{
	struct frame_scanner scanner;

	frame_scanner_init(&scanner, &wide);
	for (size_t n = 0; n < values[_i].size; n++)
		ck_assert(frame_scan(&scanner, values[_i].bytes, n) == FRAME_MORE);
	ck_assert(frame_scan(&scanner, values[_i].bytes, values[_i].size) == FRAME_DONE);
	ck_assert_uint_eq(scanner.used, values[_i].size);
	/* what follows does not matter */
	char longer[64] = {0};
	memcpy(longer, values[_i].bytes, values[_i].size);
	frame_scanner_init(&scanner, &wide);
	ck_assert(frame_scan(&scanner, longer, sizeof longer) == FRAME_DONE);
	ck_assert_uint_eq(scanner.used, values[_i].size);
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	struct frame_limits limits;
	enum frame_status status;
} refused[] = {
    {BYTES("\xdb\xff\xff\xff\xff"), {1 << 20, 1 << 16, 16}, FRAME_TOO_LARGE},
    {BYTES("\xdd\xff\xff\xff\xff"), {1 << 20, 1 << 16, 16}, FRAME_TOO_LARGE},
    {BYTES("\xdf\xff\xff\xff\xff"), {1 << 20, 1 << 16, 16}, FRAME_TOO_LARGE},
    {BYTES("\xdd\0\0\xff\xff"), {100, 1 << 20, 16}, FRAME_TOO_LARGE}, /* elements need a byte each */
    {BYTES("\x93\1\2\3"), {100, 2, 16}, FRAME_TOO_LARGE},
    {BYTES("\x81\1\2"), {100, 1, 16}, FRAME_TOO_LARGE},
    {BYTES("\xa3"
	   "abc"),
     {3, 10, 16},
     FRAME_TOO_LARGE},
    {BYTES("\x91\x91\x91\1"), {100, 10, 2}, FRAME_TOO_DEEP},
    {BYTES("\xc1"), {100, 10, 2}, FRAME_INVALID},
    {BYTES("\x92\1\xc1"), {100, 10, 2}, FRAME_INVALID},
};

START_TEST(limits_hold)
{
	struct frame_scanner scanner;

	frame_scanner_init(&scanner, &refused[_i].limits);
	ck_assert_int_eq(frame_scan(&scanner, refused[_i].bytes, refused[_i].size), refused[_i].status);
	ck_assert_ptr_nonnull(frame_status_text(refused[_i].status));
}
END_TEST

/* Unpack and decode. */
static int decode(const char *bytes, size_t size, struct rpc_message *message, struct rpc_error *err,
		  msgpack_unpacked *unpacked)
{
	msgpack_unpacked_init(unpacked);
	ck_assert_int_eq(msgpack_unpack_next(unpacked, bytes, size, NULL), MSGPACK_UNPACK_SUCCESS);
	return rpc_decode(&unpacked->data, message, err);
}

START_TEST(messages_come_back_as_they_were)
{
	msgpack_sbuffer buffer;
	msgpack_packer packer;
	msgpack_unpacked unpacked;
	struct rpc_message message;
	struct rpc_error err, sent;

	msgpack_sbuffer_init(&buffer);
	msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
	rpc_pack_request(&packer, UINT32_MAX, "similar");
	msgpack_pack_array(&packer, 1);
	rpc_pack_str(&packer, "x");
	ck_assert_int_eq(decode(buffer.data, buffer.size, &message, &err, &unpacked), 0);
	ck_assert(message.type == RPC_REQUEST && message.msgid == UINT32_MAX && rpc_str_is(&message.method, "similar"));
	ck_assert_uint_eq(message.params.via.array.size, 1);
	msgpack_unpacked_destroy(&unpacked);

	msgpack_sbuffer_clear(&buffer);
	ck_assert_int_eq(rpc_fail(&sent, RPC_DAEMON_ERROR, RPC_BUSY, "come back %s", "later"), -1);
	ck_assert(rpc_error_is(&sent, RPC_BUSY) && !rpc_error_is(&sent, "bus"));
	rpc_pack_error(&packer, 7, &sent);
	ck_assert_int_eq(decode(buffer.data, buffer.size, &message, &err, &unpacked), 0);
	ck_assert(message.type == RPC_RESPONSE && message.msgid == 7 && message.result.type == MSGPACK_OBJECT_NIL);
	rpc_decode_error(&message.error, &err);
	ck_assert_str_eq(err.text, "busy: come back later");
	ck_assert(err.class == RPC_DAEMON_ERROR);
	msgpack_unpacked_destroy(&unpacked);

	msgpack_sbuffer_clear(&buffer);
	rpc_pack_result(&packer, 8);
	msgpack_pack_map(&packer, 1);
	rpc_pack_str(&packer, "key");
	msgpack_pack_int(&packer, 3);
	ck_assert_int_eq(decode(buffer.data, buffer.size, &message, &err, &unpacked), 0);
	ck_assert(message.error.type == MSGPACK_OBJECT_NIL);
	ck_assert_int_eq(rpc_map_get(&message.result, "key")->via.i64, 3);
	ck_assert_ptr_null(rpc_map_get(&message.result, "ke"));
	ck_assert_ptr_null(rpc_map_get(&message.error, "key"));
	msgpack_unpacked_destroy(&unpacked);
	msgpack_sbuffer_destroy(&buffer);
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
} bad[] = {
    {BYTES("\1")},
    {BYTES("\x90")},
    {BYTES("\x94\3\1\xa1x\x90")},
    {BYTES("\x93\0\1\xa1x")},
    {BYTES("\x94\0\xff\xa1x\x90")},
    {BYTES("\x94\0\xcf\0\0\0\1\0\0\0\0\xa1x\x90")},
    {BYTES("\x94\0\1\1\x90")},
    {BYTES("\x94\0\1\xa1x\x80")},
    {BYTES("\x93\2\xa1x\1")},
    {BYTES("\x95\1\1\xc0\xc0\xc0")},
};

START_TEST(what_is_no_message_is_refused)
{
	struct rpc_message message;
	struct rpc_error err;
	msgpack_unpacked unpacked;

	ck_assert_int_eq(decode(bad[_i].bytes, bad[_i].size, &message, &err, &unpacked), -1);
	ck_assert(rpc_error_is(&err, RPC_BAD_MESSAGE) && err.class == RPC_REQUEST_ERROR);
	msgpack_unpacked_destroy(&unpacked);
}
END_TEST

START_TEST(paths)
{
	char out[256], small[5];

	ck_assert_int_eq(setenv("XDG_STATE_HOME", "/s", 1), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), 0);
	ck_assert_str_eq(out, "/s");
	ck_assert_int_eq(unsetenv("XDG_STATE_HOME"), 0);
	ck_assert_int_eq(setenv("HOME", "/home/me", 1), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), 0);
	ck_assert_str_eq(out, "/home/me/.local/state");
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", small, sizeof small), -1);
	ck_assert_int_eq(unsetenv("HOME"), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), -1);
	ck_assert_int_eq(path_xdg("XDG_OTHER", out, sizeof out), -1);
	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", "/r", 1), 0);
	ck_assert_int_eq(path_default_socket(out, sizeof out), 0);
	ck_assert_str_eq(out, "/r/animed/animed.sock");
	ck_assert_int_eq(path_default_socket(small, sizeof small), -1);
	ck_assert_int_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
	ck_assert_int_eq(path_default_socket(out, sizeof out), 0);
	ck_assert_int_eq(out[0], '/');
}
END_TEST

/* ---- command lines ---- */

static const struct cmdline_option global_options[] = {{"json", 'j', NULL, "as JSON"}, {NULL, 0, NULL, NULL}};
static const struct cmdline_option own_options[] = {
    {"limit", 'n', "N", "how many"}, {"genre", 0, "G", "only these"}, {NULL, 0, NULL, NULL}};

START_TEST(command_lines_are_read_by_tables)
{
	char *argv[] = {"p",  "-j", "similar",        "A",  "--genre", "Drama", "+",
			"-n", "7",  "--genre=Horror", "--", "-B",      NULL};
	struct cmdline line = {.n = 0};
	int64_t number = 0;

	ck_assert_int_eq(cmdline_read(&line, 12, argv, global_options, NULL, true), 0);
	ck_assert_int_eq(line.argc, 10);
	ck_assert_str_eq(line.argv[0], "similar");
	ck_assert_str_eq(cmdline_get(&line, "json"), "");
	ck_assert_ptr_null(cmdline_get(&line, "limit"));
	ck_assert_int_eq(cmdline_read(&line, line.argc, line.argv, global_options, own_options, false), 0);
	ck_assert_int_eq(line.argc, 3);
	ck_assert_str_eq(line.argv[0], "A");
	ck_assert_str_eq(line.argv[1], "+");
	ck_assert_str_eq(line.argv[2], "-B");
	ck_assert_str_eq(cmdline_get(&line, "json"), "");
	ck_assert_str_eq(cmdline_get(&line, "genre"), "Horror");
	ck_assert_str_eq(cmdline_nth(&line, "genre", 0), "Drama");
	ck_assert_str_eq(cmdline_nth(&line, "genre", 1), "Horror");
	ck_assert_ptr_null(cmdline_nth(&line, "genre", 2));
	ck_assert_int_eq(cmdline_number(&line, "p", "limit", 0, &number), 1);
	ck_assert_int_eq(number, 7);
	ck_assert_int_eq(cmdline_number(&line, "p", "limit", 8, &number), -1);
	ck_assert_int_eq(cmdline_number(&line, "p", "json", 0, &number), -1);
	ck_assert_int_eq(cmdline_number(&line, "p", "missing", 0, &number), 0);
}
END_TEST

START_TEST(command_lines_that_are_wrong_are_refused)
{
	char *unknown[] = {"p", "--colour", NULL}, *bare[] = {"p", "x", "--limit", NULL};
	char *many[CMDLINE_GIVEN + 3];
	struct cmdline line = {.n = 0};

	ck_assert_int_eq(cmdline_read(&line, 2, unknown, global_options, own_options, false), -1);
	ck_assert_int_eq(cmdline_read(&line, 3, bare, global_options, own_options, false), -1);
	many[0] = "p";
	for (int i = 1; i <= CMDLINE_GIVEN + 1; i++)
		many[i] = "-j";
	many[CMDLINE_GIVEN + 2] = NULL;
	line.n = 0;
	ck_assert_int_eq(cmdline_read(&line, CMDLINE_GIVEN + 1, many, global_options, NULL, false), 0);
	line.n = 0;
	ck_assert_int_eq(cmdline_read(&line, CMDLINE_GIVEN + 2, many, global_options, NULL, false), -1);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
	Suite *suite = suite_create("proto");
	TCase *tc = tcase_create("proto");

	tcase_add_loop_test(tc, value_is_found_byte_by_byte, 0, COUNT(values));
	tcase_add_loop_test(tc, limits_hold, 0, COUNT(refused));
	tcase_add_test(tc, messages_come_back_as_they_were);
	tcase_add_loop_test(tc, what_is_no_message_is_refused, 0, COUNT(bad));
	tcase_add_test(tc, paths);
	tcase_add_test(tc, command_lines_are_read_by_tables);
	tcase_add_test(tc, command_lines_that_are_wrong_are_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
