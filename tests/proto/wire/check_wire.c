/* Tests the scanner, which finds where a value ends, and the decoding of messages. */
#include "config.h"

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
	/* bytes after the value do not matter */
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
    {BYTES("\xdd\0\0\xff\xff"), {100, 1 << 20, 16}, FRAME_TOO_LARGE}, /* an element needs at least a byte */
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

/* Unpack the bytes and decode them as a message.  The caller destroys *unpacked. */
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

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *tc = tcase_create("wire");

	tcase_add_loop_test(tc, value_is_found_byte_by_byte, 0, COUNT(values));
	tcase_add_loop_test(tc, limits_hold, 0, COUNT(refused));
	tcase_add_test(tc, messages_come_back_as_they_were);
	tcase_add_loop_test(tc, what_is_no_message_is_refused, 0, COUNT(bad));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
