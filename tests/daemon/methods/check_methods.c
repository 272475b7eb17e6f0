/* check_methods.c - tests what the methods answer over the socket. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "server-fixture.h"

static void setup(void)
{
	fixture_setup_served();
	daemon_start();
}

static void teardown(void)
{
	ck_assert_int_eq(daemon_stop(), 0);
	fixture_teardown();
}

static double real_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_real(value), "%s is no float", key);
	return json_real_value(value);
}

/* The ids of a list of items as text: "2,7,5". */
static const char *ids_of(const json_t *items)
{
	static char out[256];
	size_t i, used = 0;
	json_t *item;

	out[0] = '\0';
	json_array_foreach(items, i, item) used +=
	    (size_t)snprintf(out + used, sizeof out - used, "%s%lld", i ? "," : "", (long long)int_at(item, "id"));
	return out;
}

START_TEST(test_hello)
{
	json_t *result = ask("hello", "[{\"client\": \"test\", \"version\": \"1\", \"protocol\": 1}]");

	ck_assert_int_eq(int_at(result, "protocol"), 1);
	ck_assert_str_eq(str_at(result, "server"), "animed");
	ck_assert_str_eq(str_at(result, "version"), PACKAGE_VERSION);
	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(result, "methods")), 20);
	json_decref(result);
	json_decref(ask("hello", "[]"));
	json_decref(ask("hello", "[{}]"));
	json_decref(ask("hello", "[[]]"));
	ask_fails("hello", "[{\"protocol\": 2}]", 1, RPC_BAD_PARAMS, "protocol 1");
	ask_fails("hello", "[{\"protocol\": \"1\"}]", 1, RPC_BAD_PARAMS, "protocol 1");
	ask_fails("hello", "[7]", 1, RPC_BAD_PARAMS, "map");
}
END_TEST

START_TEST(test_similar)
{
	json_t *result = ask("similar", "[\"Made in Abyss\"]");
	const json_t *items = json_object_get(result, "items");
	const json_t *first = json_array_get(items, 0);

	ck_assert_int_eq(int_at(result, "model"), 1);
	ck_assert_str_eq(str_at(result, "matched"), "exact");
	ck_assert_int_eq(int_at(json_object_get(result, "item"), "id"), 1);
	/* left out are the item itself, and items with too few ratings, without ratings, or without a vector */
	ck_assert_str_eq(ids_of(items), "2,5,6");
	ck_assert_str_eq(str_at(first, "title"), "Made in Abyss Movie");
	ck_assert_str_eq(str_at(first, "type"), "Movie");
	ck_assert_int_eq(int_at(first, "year"), 2020);
	ck_assert_int_eq(int_at(first, "ratings"), 50);
	ck_assert_double_eq(real_at(first, "mean"), 8.5);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(first, "genres"), 0)), "Adventure");
	ck_assert_double_eq_tol(real_at(first, "similarity"), 0.993884, 1e-5);
	json_decref(result);
}
END_TEST

START_TEST(test_similar_options)
{
	json_t *result = ask("similar", "[1, {\"limit\": 2, \"min_ratings\": 0}]");

	ck_assert_str_eq(str_at(result, "matched"), "id");
	ck_assert_str_eq(ids_of(json_object_get(result, "items")), "7,2");
	json_decref(result);
	result = ask("similar", "[1, {\"min_ratings\": 50}]");
	ck_assert_str_eq(ids_of(json_object_get(result, "items")), "2");
	json_decref(result);
	result = ask("similar", "[1, {\"min_ratings\": 1000000}]");
	ck_assert_str_eq(ids_of(json_object_get(result, "items")), "");
	json_decref(result);
	result = ask("similar", "[1, []]");
	ck_assert_str_eq(ids_of(json_object_get(result, "items")), "2,5,6");
	json_decref(result);
	ask_fails("similar", "[1, {\"limit\": 0}]", 1, RPC_BAD_PARAMS, "from 1 to 1000");
	ask_fails("similar", "[1, {\"limit\": 1001}]", 1, RPC_BAD_PARAMS, "from 1 to 1000");
	ask_fails("similar", "[1, {\"limit\": \"5\"}]", 1, RPC_BAD_PARAMS, "\"limit\" must be an integer");
	ask_fails("similar", "[1, {\"min_ratings\": -1}]", 1, RPC_BAD_PARAMS, "at least 0");
	ask_fails("similar", "[1, {\"limits\": 5}]", 1, RPC_BAD_PARAMS,
		  "no option \"limits\"; there are limit, min_ratings");
	ask_fails("similar", "[1, [5]]", 1, RPC_BAD_PARAMS, "must be a map");
	ask_fails("similar", "[1, 5]", 1, RPC_BAD_PARAMS, "must be a map");
}
END_TEST

START_TEST(test_items_by_name)
{
	json_t *result = ask("show", "[\"made in abyss\"]");

	ck_assert_str_eq(str_at(result, "matched"), "folded");
	json_decref(result);
	result = ask("show", "[\"abyss explorers\"]");
	ck_assert_str_eq(str_at(result, "matched"), "alternative");
	json_decref(result);
	ask_fails("show", "[\"Kino no Tabi\"]", 1, RPC_AMBIGUOUS_TITLE,
		  "\n  id:5       \"Kino no Tabi\" (TV, 2003)\n  id:6       \"Kino no Tabi\" (Movie, 2007)");
	ask_fails("show", "[\"zzzzqqq xxww\"]", 1, RPC_UNKNOWN_TITLE, "no show is called \"zzzzqqq xxww\"");
	ask_fails("show", "[\"new\\nline\"]", 1, RPC_UNKNOWN_TITLE, "\"new line\"");
	ask_fails("show", "[3]", 1, RPC_UNKNOWN_ITEM, "id 3");
	ask_fails("show", "[-3]", 1, RPC_UNKNOWN_ITEM, "id -3");
	ask_fails("show", "[\"\"]", 1, RPC_BAD_PARAMS, "empty");
	ask_fails("show", "[1.0]", 1, RPC_BAD_PARAMS, "a string, or an integer, which is an id");
	ask_fails("show", "[null]", 1, RPC_BAD_PARAMS, "a string, or an integer, which is an id");
}
END_TEST

START_TEST(test_strange_texts)
{
	char params[1100];
	struct client *client = client_open();
	msgpack_sbuffer out;
	msgpack_packer packer;

	(void)snprintf(params, sizeof params, "[\"%01025d\"]", 0);
	ask_fails("show", params, 1, RPC_BAD_PARAMS, "1025 bytes");
	(void)snprintf(params, sizeof params, "[\"%01000d\"]", 0);
	ask_fails("show", params, 1, RPC_UNKNOWN_TITLE, "000...\"");
	ask_fails("show", "[\"a\\u0000b\"]", 1, RPC_UNKNOWN_TITLE, "\"a b\"");

	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	rpc_pack_request(&packer, 1, "show");
	msgpack_pack_array(&packer, 1);
	msgpack_pack_bin_with_body(&packer, "Made in Abyss", 13);
	rpc_pack_request(&packer, 2, "show");
	msgpack_pack_array(&packer, 1);
	msgpack_pack_str_with_body(&packer, "\xff\xfe", 2);
	rpc_pack_request(&packer, 3, "show");
	msgpack_pack_array(&packer, 1);
	msgpack_pack_uint64(&packer, UINT64_MAX);
	rpc_pack_request(&packer, 4, "\xff\xfe");
	msgpack_pack_array(&packer, 0);
	client_write(client, out.data, out.size);
	json_decref(expect_result(client_receive(client), 1));
	expect_error(client_receive(client), 2, 1, RPC_BAD_PARAMS, "not UTF-8");
	expect_error(client_receive(client), 3, 1, RPC_UNKNOWN_ITEM, "18446744073709551615");
	expect_error(client_receive(client), 4, 1, RPC_UNKNOWN_METHOD, "\"?\?\"");
	msgpack_sbuffer_destroy(&out);
	client_close(client);
}
END_TEST

START_TEST(test_show)
{
	json_t *result = ask("show", "[1]");
	const json_t *item = json_object_get(result, "item");

	ck_assert_str_eq(str_at(item, "synopsis"), "A girl goes down.");
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(item, "alt_titles"), 0)), "Abyss Explorers");
	ck_assert_uint_eq(json_array_size(json_object_get(item, "genres")), 2);
	ck_assert_int_eq(int_at(item, "episodes"), 13);
	ck_assert_int_eq(int_at(item, "members"), 5000);
	json_decref(result);
	/* a map as in a list of entries */
	static const char *const same[] = {"{\"ids\": {\"mal\": \"1\"}}", "{\"id\": 1, \"title\": \"x\"}", "\"id:1\"",
					   "\"ID:1\""};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		char params[64];
		(void)snprintf(params, sizeof params, "[%s]", same[i]);
		result = ask("show", params);
		ck_assert_int_eq(int_at(json_object_get(result, "item"), "id"), 1);
		ck_assert_str_eq(str_at(result, "matched"), "id");
		json_decref(result);
	}
	ask_fails("show", "[{\"ids\": {\"anilist\": 5}}]", 1, RPC_UNKNOWN_TITLE,
		  "\"anilist:5\"; the daemon knows no ids of other services: set lists.ids");
	ask_fails("show", "[{\"title\": \"zzz\"}]", 1, RPC_UNKNOWN_TITLE, "there is no show \"zzz\"");
	ask_fails("show", "[{\"year\": 2000}]", 1, RPC_BAD_PARAMS, "the show has neither");
	ask_fails("show", "[\"id:3\"]", 1, RPC_UNKNOWN_ITEM, "id 3");

	result = ask("show", "[7]");
	item = json_object_get(result, "item");
	ck_assert(json_is_null(json_object_get(item, "year")));
	ck_assert(json_is_null(json_object_get(item, "members")));
	ck_assert_uint_eq(json_array_size(json_object_get(item, "genres")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(item, "alt_titles")), 0);
	ck_assert_str_eq(str_at(item, "synopsis"), "");
	json_decref(result);
}
END_TEST

START_TEST(test_no_ratings)
{
	ask_fails("similar", "[8]", 1, RPC_NO_RATINGS, "\"Nobody Rated This\"");
	ask_fails("similar", "[9]", 1, RPC_NO_RATINGS, "\"Empty Vector\"");
	ask_fails("predict", "[\"bob\", 8]", 1, RPC_NO_RATINGS, "\"Nobody Rated This\"");
}
END_TEST

START_TEST(test_search)
{
	json_t *result = ask("search", "[\"made in abyss mov\", {\"limit\": 1}]");
	const json_t *items = json_object_get(result, "items");

	ck_assert_str_eq(ids_of(items), "2");
	ck_assert_double_gt(real_at(json_array_get(items, 0), "match"), 0.0);
	json_decref(result);
	result = ask("search", "[\"kino no tabi\"]");
	ck_assert_str_eq(ids_of(json_object_get(result, "items")), "5,6");
	json_decref(result);
	result = ask("search", "[\"zzzzqqq xxww\"]");
	ck_assert_str_eq(str_at(result, "matched"), "none");
	ck_assert_uint_eq(json_array_size(json_object_get(result, "items")), 0);
	json_decref(result);
	ask_fails("search", "[1]", 1, RPC_BAD_PARAMS, "must be a string");
	ask_fails("search", "[\"x\", {\"explain\": 1}]", 1, RPC_BAD_PARAMS, "there are limit");
}
END_TEST

START_TEST(test_predict)
{
	json_t *result = ask("predict", "[\"alice\", \"Made in Abyss Movie\"]");

	ck_assert_str_eq(str_at(result, "user"), "alice");
	ck_assert_str_eq(str_at(result, "matched"), "exact");
	ck_assert_int_eq(int_at(json_object_get(result, "item"), "id"), 2);
	ck_assert_double_eq_tol(real_at(result, "score"), 1.8, 1e-6);
	json_decref(result);
	result = ask("predict", "[1, 5]");
	ck_assert_str_eq(str_at(result, "user"), "1");
	ck_assert_double_eq_tol(real_at(result, "score"), 1.0, 1e-6);
	json_decref(result);
	ask_fails("predict", "[\"mallory\", 5]", 1, RPC_UNKNOWN_USER, "\"mallory\"");
	ask_fails("predict", "[-1, 5]", 1, RPC_UNKNOWN_USER, "\"-1\"");
	ask_fails("predict", "[true, 5]", 1, RPC_BAD_PARAMS, "user");
	ask_fails("predict", "[\"bob\"]", 1, RPC_BAD_PARAMS, "there are 1");
}
END_TEST

START_TEST(test_status)
{
	ask_fails("show", "[3]", 1, RPC_UNKNOWN_ITEM, "");
	json_t *result = ask("status", "[]");
	const json_t *model = json_object_get(result, "model");

	ck_assert_str_eq(str_at(result, "version"), PACKAGE_VERSION);
	ck_assert_int_eq(int_at(result, "pid"), fixture.pid);
	ck_assert_str_eq(str_at(result, "socket"), fixture.socket);
	ck_assert(json_is_null(json_object_get(result, "config")));
	ck_assert_int_ge(int_at(result, "clients"), 1);
	ck_assert_int_eq(int_at(result, "requests"), 2);
	ck_assert_int_eq(int_at(result, "errors"), 1);
	ck_assert_int_gt(int_at(result, "memory"), 100000);
	ck_assert_double_ge(real_at(result, "uptime"), 0.0);
	ck_assert(json_is_null(json_object_get(result, "last_reload")));
	ck_assert_int_eq(int_at(model, "version"), 1);
	ck_assert_str_eq(str_at(model, "variant"), "plain");
	ck_assert_str_eq(str_at(model, "similarity"), "cosine");
	ck_assert_int_eq(int_at(model, "factors"), 2);
	ck_assert_int_eq(int_at(model, "users"), 3);
	ck_assert_int_eq(int_at(model, "items"), FIXTURE_ITEMS);
	ck_assert_int_eq(int_at(model, "ratings"), 209);
	ck_assert_double_eq(real_at(model, "valid_loss"), 1.5);
	ck_assert_ptr_nonnull(strstr(str_at(model, "path"), "/models/1.safetensors"));
	ck_assert_ptr_nonnull(strchr(str_at(model, "created"), 'T'));
	json_decref(result);
}
END_TEST

START_TEST(test_unknown_method)
{
	ask_fails("similarr", "[1]", 1, RPC_UNKNOWN_METHOD, "\"similarr\"; there are cancel, compare, cult");
	ask_fails("", "[]", 1, RPC_UNKNOWN_METHOD, "\"\"");
	ask_fails("similar", "[]", 1, RPC_BAD_PARAMS, "there are 0");
	ask_fails("similar", "[1, {}, 3]", 1, RPC_BAD_PARAMS, "there are 3");
	ask_fails("status", "[{}]", 1, RPC_BAD_PARAMS, "there are 1");
}
END_TEST

static Suite *methods_suite(void)
{
	Suite *suite = suite_create("methods");
	TCase *tcase = tcase_create("answers");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_hello);
	tcase_add_test(tcase, test_similar);
	tcase_add_test(tcase, test_similar_options);
	tcase_add_test(tcase, test_items_by_name);
	tcase_add_test(tcase, test_strange_texts);
	tcase_add_test(tcase, test_show);
	tcase_add_test(tcase, test_no_ratings);
	tcase_add_test(tcase, test_search);
	tcase_add_test(tcase, test_predict);
	tcase_add_test(tcase, test_status);
	tcase_add_test(tcase, test_unknown_method);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(methods_suite());
}
