/* Tests what a subscriber that reads slowly is told, and what it loses. */
#include "config.h"

#include "conn/subscription.h"

#include <check.h>

#include "scratch.h"
#include "server-fixture.h"

enum { ROOM = 100 };

static struct subscription subscription;
static struct packed out;
static char map[32]; /* an event of 1 + 30 bytes, and a NUL */

static void setup(void)
{
	packed_init(&out);
	map[0] = (char)0xbe; /* a text of 30 bytes instead of a map, since a subscription does not look into events */
	memset(map + 1, 'm', sizeof map - 2);
}

static void teardown(void)
{
	subscription_free(&subscription);
	packed_free(&out);
}

enum { EVENT = 9 + sizeof map - 1 }; /* bytes of an event with the head of its message */

static void add(void)
{
	subscription_add(&subscription, &out, map, sizeof map - 1, ROOM);
}

/* Take all messages out of the output.  Returns them as a JSON array, which the caller releases. */
static json_t *take_all(void)
{
	json_t *all = json_array();
	msgpack_unpacked unpacked;
	size_t end = 0;

	msgpack_unpacked_init(&unpacked);
	while (end < out.bytes.size) {
		ck_assert_int_eq(msgpack_unpack_next(&unpacked, out.bytes.data, out.bytes.size, &end),
				 MSGPACK_UNPACK_SUCCESS);
		ck_assert_int_eq(json_array_append_new(all, to_json(&unpacked.data)), 0);
	}
	msgpack_unpacked_destroy(&unpacked);
	packed_cut(&out, 0);
	return all;
}

/* Act as if all output was written to the socket. */
static void all_is_read(void)
{
	packed_cut(&out, 0);
	subscription.queued = 0;
	subscription.writing = 0;
}

START_TEST(events_begin_with_their_head)
{
	add();
	json_t *all = take_all(), *event = json_array_get(all, 0);
	ck_assert_uint_eq(json_array_size(all), 1);
	ck_assert_int_eq(json_integer_value(json_array_get(event, 0)), 2);
	ck_assert_str_eq(json_string_value(json_array_get(event, 1)), "event");
	ck_assert_uint_eq(json_array_size(json_array_get(event, 2)), 1);
	json_decref(all);
	ck_assert_uint_eq(subscription.queued, EVENT);
	ck_assert_int_eq(subscription_call(&subscription, text_of("nvim_call"), text_of("Take")), 0);
	ck_assert_int_eq(subscription_call(&subscription, text_of("nvim_lua"), text_of("take(...)")), 0);
	add();
	all = take_all();
	event = json_array_get(all, 0);
	ck_assert_str_eq(json_string_value(json_array_get(event, 1)), "nvim_lua");
	ck_assert_str_eq(json_string_value(json_array_get(json_array_get(event, 2), 0)), "take(...)");
	ck_assert_uint_eq(json_array_size(json_array_get(json_array_get(event, 2), 1)), 1);
	json_decref(all);
}
END_TEST

START_TEST(what_does_not_fit_is_lost)
{
	add();
	add();
	ck_assert_uint_eq(out.bytes.size, 2 * EVENT);
	add(); /* no room */
	ck_assert_uint_eq(subscription.lost, 1);
	ck_assert_uint_eq(out.bytes.size, 2 * EVENT);
}
END_TEST

/* After an event was lost, the marker that says so is sent before any other event. */
START_TEST(the_marker_comes_first)
{
	add();
	add();
	add();
	all_is_read();
	add();
	ck_assert_uint_eq(subscription.lost, 2);
	ck_assert_uint_eq(out.bytes.size, 0);
	subscription_catch_up(&subscription, &out, ROOM);
	ck_assert_uint_eq(subscription.lost, 0);
	ck_assert_uint_eq(subscription.queued, out.bytes.size);
	json_t *all = take_all(), *marker = json_array_get(json_array_get(json_array_get(all, 0), 2), 0);
	ck_assert_str_eq(str_at(marker, "event"), "lagged");
	ck_assert_int_eq(int_at(marker, "lost"), 2);
	json_decref(all);
	all_is_read();
	add();
	ck_assert_uint_eq(out.bytes.size, EVENT);
}
END_TEST

START_TEST(no_marker_before_there_is_room)
{
	add();
	add();
	add();
	subscription.writing = subscription.queued; /* libuv is writing them now */
	subscription.queued = 0;
	packed_cut(&out, 0);
	subscription_catch_up(&subscription, &out, ROOM);
	ck_assert_uint_eq(out.bytes.size, 0);
	ck_assert_uint_eq(subscription.lost, 1);
	subscription.writing = ROOM / 2;
	subscription_catch_up(&subscription, &out, ROOM);
	ck_assert_uint_gt(out.bytes.size, 0);
	ck_assert_uint_eq(subscription.lost, 0);
}
END_TEST

START_TEST(no_marker_where_nothing_was_lost)
{
	subscription_catch_up(&subscription, &out, ROOM);
	ck_assert_uint_eq(out.bytes.size, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("subscription");
	TCase *tc = tcase_create("subscription");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, events_begin_with_their_head);
	tcase_add_test(tc, what_does_not_fit_is_lost);
	tcase_add_test(tc, the_marker_comes_first);
	tcase_add_test(tc, no_marker_before_there_is_room);
	tcase_add_test(tc, no_marker_where_nothing_was_lost);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
