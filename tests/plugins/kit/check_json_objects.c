/* Tests what is taken for the objects of a list, with the text in pieces of every size. */
#include "config.h"

#include "kit/json-objects.h"
#include "scratch.h"

static char taken[512];
static struct animed_error err;

static int take(void *ctx, const char *text, size_t length, uint64_t line, struct animed_error *e)
{
	const size_t used = strlen(taken);

	(void)ctx;
	(void)e;
	(void)snprintf(taken + used, sizeof taken - used, "%llu:%.*s;", (unsigned long long)line, (int)length, text);
	return 0;
}

static int read_in_pieces(const char *text, size_t piece)
{
	struct json_objects objects;
	const size_t size = strlen(text);
	int status = 0;

	taken[0] = '\0';
	json_objects_begin(&objects, take, NULL);
	for (size_t at = 0; status == 0 && at < size; at += piece)
		status = json_objects_feed(&objects, text + at, size - at < piece ? size - at : piece, &err);
	if (status == 0)
		status = json_objects_end(&objects, &err);
	json_objects_free(&objects);
	return status;
}

static const struct {
	const char *text, *objects;
} lists[] = {
    {"", ""},
    {"{\"a\": 1}\n{\"b\": {\"c\": []}}\n\n{}", "1:{\"a\": 1};2:{\"b\": {\"c\": []}};4:{};"},
    {"[{\"a\": [1, {\"x\": 2}]},\n {\"b\": \"]}\"}]", "1:{\"a\": [1, {\"x\": 2}]};2:{\"b\": \"]}\"};"},
    {"{\"about\": {\"x\": [\"y\"]},\n\"data\": [{\"a\": 1},\n{\"b\": {}}], \"end\": [2]}",
     "2:{\"a\": 1};3:{\"b\": {}};"},
    {"{\"a\": \"\\\"}\\\\\"}{\"b\": \"{[\"}", "1:{\"a\": \"\\\"}\\\\\"};1:{\"b\": \"{[\"};"},
    {"[[{\"a\": 1}], 2, \"{}\"]", ""},
};

START_TEST(objects_of_lists)
{
	for (size_t piece = 1; piece < 40; piece++) {
		ck_assert_msg(read_in_pieces(lists[_i].text, piece) == 0, "%s", err.text);
		ck_assert_str_eq(taken, lists[_i].objects);
	}
}
END_TEST

static const struct {
	const char *text, *why;
} broken[] = {
    {"{\"a\": 1", "it ends within an object that begins on line 1"},
    {"[\n\n{\"a\": \"1}]", "it ends within an object that begins on line 3"},
    {"[{\"a\": 1}}", "line 1: a \"}\" closes nothing"},
    {"{\"a\": 1}\nxx{}", "line 2: text that is no object"},
    {"{\"a\": 1},\n{}", "line 1: text that is no object"},
    {"\"a\"", "line 1: text that is no object"},
    {"{}\n]", "line 2: a \"]\" closes nothing"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "more than 64 brackets"},
};

START_TEST(what_is_no_list)
{
	for (size_t piece = 1; piece < 40; piece++) {
		ck_assert_int_eq(read_in_pieces(broken[_i].text, piece), -1);
		ck_assert_msg(strstr(err.text, broken[_i].why) != NULL, "%s", err.text);
	}
}
END_TEST

/* A quote that is never closed makes an object of all that follows, whose size is bounded. */
START_TEST(an_object_without_end)
{
	static char blanks[1 << 20];
	struct json_objects objects;
	int status, pieces = 0;

	memset(blanks, ' ', sizeof blanks);
	taken[0] = '\0';
	json_objects_begin(&objects, take, NULL);
	status = json_objects_feed(&objects, "{\"", 2, &err);
	for (; status == 0 && pieces < 20; pieces++)
		status = json_objects_feed(&objects, blanks, sizeof blanks, &err);
	ck_assert_int_eq(status, -1);
	ck_assert_int_lt(pieces, 20);
	ck_assert_ptr_nonnull(strstr(err.text, "more than 16 MB"));
	json_objects_free(&objects);
}
END_TEST

static int refuse(void *ctx, const char *text, size_t length, uint64_t line, struct animed_error *e)
{
	(void)ctx;
	(void)text;
	(void)length;
	return animed_fail(e, "enough on line %llu", (unsigned long long)line);
}

START_TEST(who_takes_can_stop)
{
	struct json_objects objects;

	json_objects_begin(&objects, refuse, NULL);
	ck_assert_int_eq(json_objects_feed(&objects, "[{}, {}]", 8, &err), -1);
	ck_assert_str_eq(err.text, "enough on line 1");
	json_objects_free(&objects);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json objects");
	TCase *tc = tcase_create("json objects");

	tcase_add_loop_test(tc, objects_of_lists, 0, sizeof lists / sizeof *lists);
	tcase_add_loop_test(tc, what_is_no_list, 0, sizeof broken / sizeof *broken);
	tcase_add_test(tc, an_object_without_end);
	tcase_add_test(tc, who_takes_can_stop);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
