/* Tests taking messages out of bytes, without a connection: in pieces of any size, and with faults of every kind. */
#include "config.h"

#include "conn/message.h"

#include <check.h>

#include "scratch.h"

static const struct conf_limits limits = {.frame_bytes = 64, .elements = 16, .depth = 4};

static struct message_reader reader;
static struct message message;
static struct rpc_error err;

static void setup(void)
{
	ck_assert_int_eq(message_reader_init(&reader, &limits), 0);
}

static void teardown(void)
{
	message_reader_free(&reader);
}

/* The request similar(7) with the id 5; a notification; the same request with the id 6. */
static const char stream[] = "\x94\x00\x05\xa7similar\x91\x07"
			     "\x93\x02\xa4tick\x90"
			     "\x94\x00\x06\xa7similar\x91\x07";
enum { FIRST = 13, SECOND = 8 };

START_TEST(one_after_the_other)
{
	const char *at = stream;
	size_t left = sizeof stream - 1;

	ck_assert(message_is_new(&reader));
	ck_assert_int_eq(message_take(&reader, at, left, &message, &err), MESSAGE_TAKEN);
	ck_assert_int_eq(message.rpc.type, RPC_REQUEST);
	ck_assert_uint_eq(message.rpc.msgid, 5);
	ck_assert(rpc_str_is(&message.rpc.method, "similar"));
	ck_assert_uint_eq(message.rpc.params.via.array.size, 1);
	ck_assert_ptr_eq(message.bytes, stream);
	ck_assert_uint_eq(message.size, FIRST);
	ck_assert(message_is_new(&reader));
	at += message.size;
	left -= message.size;
	ck_assert_int_eq(message_take(&reader, at, left, &message, &err), MESSAGE_TAKEN);
	ck_assert_int_eq(message.rpc.type, RPC_NOTIFICATION);
	ck_assert_uint_eq(message.size, SECOND);
	at += message.size;
	left -= message.size;
	ck_assert_int_eq(message_take(&reader, at, left, &message, &err), MESSAGE_TAKEN);
	ck_assert_uint_eq(message.rpc.msgid, 6);
	ck_assert_uint_eq(message.size, left);
}
END_TEST

START_TEST(byte_by_byte)
{
	for (size_t size = 1; size < FIRST; size++) {
		ck_assert_int_eq(message_take(&reader, stream, size, &message, &err), MESSAGE_MORE);
		ck_assert(!message_is_new(&reader));
	}
	ck_assert_int_eq(message_take(&reader, stream, FIRST, &message, &err), MESSAGE_TAKEN);
	ck_assert_uint_eq(message.rpc.msgid, 5);
}
END_TEST

/* The bytes may have moved to another buffer between two calls. */
START_TEST(in_another_place)
{
	char copy[sizeof stream];

	ck_assert_int_eq(message_take(&reader, stream, 7, &message, &err), MESSAGE_MORE);
	memcpy(copy, stream, sizeof stream);
	ck_assert_int_eq(message_take(&reader, copy, sizeof stream - 1, &message, &err), MESSAGE_TAKEN);
	ck_assert_ptr_eq(message.bytes, copy);
	ck_assert_uint_eq(message.size, FIRST);
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	uint32_t msgid;
	const char *name;
} bad[] = {
    {"\xc1", 1, 0, RPC_BAD_MESSAGE},
    {"\x07", 1, 0, RPC_BAD_MESSAGE},
    {"\x94\x00\x09\x07\x90", 5, 9, RPC_BAD_MESSAGE},   /* a method that is no text */
    {"\x94\x00\x09\xa1x\x07", 6, 9, RPC_BAD_MESSAGE},  /* parameters that are no array */
    {"\x94\x01\x07\xc0\xc0", 5, 7, RPC_BAD_MESSAGE},   /* a response */
    {"\x94\x00\xff\xa1x\x90", 6, 0, RPC_BAD_MESSAGE},  /* a negative id */
    {"\xdc\x00\x11", 3, 0, RPC_TOO_LARGE},             /* 17 elements */
    {"\x91\x91\x91\x91\x91\x01", 6, 0, RPC_TOO_LARGE}, /* too deep */
    {"\x94\x00\x01\xd9\xff", 5, 0, RPC_TOO_LARGE},     /* a method of 255 bytes */
    {"\x94\x00\x01\xdb\xff\xff\xff\xff", 8, 0, RPC_TOO_LARGE},
};

START_TEST(what_is_bad)
{
	ck_assert_int_eq(message_take(&reader, bad[_i].bytes, bad[_i].size, &message, &err), MESSAGE_BAD);
	ck_assert_msg(rpc_error_is(&err, bad[_i].name), "%s", err.text);
	ck_assert_int_eq(err.class, RPC_REQUEST_ERROR);
	ck_assert_uint_eq(message.rpc.msgid, bad[_i].msgid);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reader");
	TCase *tc = tcase_create("reader");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_after_the_other);
	tcase_add_test(tc, byte_by_byte);
	tcase_add_test(tc, in_another_place);
	tcase_add_loop_test(tc, what_is_bad, 0, (int)(sizeof bad / sizeof *bad));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
