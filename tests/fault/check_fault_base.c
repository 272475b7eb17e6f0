/* Writes strings and reads JSON while memory is short.  A stream of the C library into a string drops bytes then
 * without an error, and jansson drops bytes of the strings that it reads, so that our functions have to notice it. */
#include "config.h"

#include "base/json.h"
#include "cli/string-stream.h"
#include "each.h"
#include "fault.h"
#include "scratch.h"

static const char text[] =
    "{\"a key that is much longer than the first buffer of jansson\": [1, -2.5, true, null, {}],\n"
    " \"quoted\": \"a value with \\\"quotes\\\", \\\\ and \\u00e9 \\n in it, and longer than two of its buffers\","
    " \"nested\": {\"data_offsets\": [0, 1234567890123], \"shape\": [7, 20], \"dtype\": \"F32\"}}";

static void read_text(struct attempt *attempt)
{
	struct animed_error err = {""};
	json_t *json;
	const int status = read_json(text, sizeof text - 1, JSON_REJECT_DUPLICATES, 0, &json, &err);
	const bool struck = fault_struck();

	(void)fault_disarm();
	if (status < 0 && (!struck || !each_says_memory(err.text)))
		each_wrong(attempt, "refused: %s", err.text);
	if (status == 0 && !json_equal(json, attempt->ctx))
		each_wrong(attempt, "another value");
	json_decref(json);
	each_lost(attempt);
}

START_TEST(it_is_read_as_it_is_or_not_at_all)
{
	json_error_t problem;
	json_t *right = json_loadb(text, sizeof text - 1, 0, &problem);

	ck_assert_msg(right != NULL, "%s", problem.text);
	for (uint64_t row = 1; row <= 20; row++)
		each("JSON", read_text, right, row, UINT64_MAX, 1);
	json_decref(right);
}
END_TEST

START_TEST(where_a_text_is_wrong_is_told)
{
	struct animed_error err;
	json_t *json;

	ck_assert_int_eq(read_json("{\"a\":1  ", 8, 0, 100, &json, &err), -1);
	ck_assert_ptr_null(json);
	ck_assert_str_eq(err.text, "at byte 108: '}' expected near end of file");
	ck_assert_int_eq(read_json("{\"a\":1,\"a\":2}", 13, JSON_REJECT_DUPLICATES, 0, &json, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "duplicate"));
	ck_assert_int_eq(read_json("{} {}", 5, 0, 0, &json, &err), -1);
}
END_TEST

/* Write 100 lines in many writes, some of which flush the buffer of the stream.  The caller frees them.  Returns NULL
 * on failure. */
static char *write_lines(void)
{
	struct string_stream stream;
	FILE *out = string_stream_open(&stream);

	for (int i = 0; out && i < 100; i++) {
		(void)fprintf(out, "line %d of a text that is longer than every buffer", i);
		(void)fputc('\n', out);
		if (i % 10 == 0)
			(void)fflush(out);
	}
	return string_stream_close(&stream);
}

static void write_text(struct attempt *attempt)
{
	char *written = write_lines();
	const bool struck = fault_struck();

	(void)fault_disarm();
	if (written ? strcmp(written, attempt->ctx) != 0 : !struck)
		each_wrong(attempt, "written: %s", written);
	free(written);
	each_lost(attempt);
}

START_TEST(a_string_is_written_whole_or_not_at_all)
{
	char *right = write_lines();

	ck_assert_ptr_nonnull(right);
	ck_assert_ptr_nonnull(strstr(right, "line 99 of"));
	each("a stream", write_text, right, 1, UINT64_MAX, 1);
	each("a stream", write_text, right, 4, UINT64_MAX, 1);
	free(right);
}
END_TEST

START_TEST(an_empty_string_is_one)
{
	struct string_stream stream;

	ck_assert_ptr_nonnull(string_stream_open(&stream));
	char *empty = string_stream_close(&stream);
	ck_assert_str_eq(empty, "");
	free(empty);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault_base");
	TCase *tc = tcase_create("fault_base");

	tcase_add_test(tc, it_is_read_as_it_is_or_not_at_all);
	tcase_add_test(tc, where_a_text_is_wrong_is_told);
	tcase_add_test(tc, a_string_is_written_whole_or_not_at_all);
	tcase_add_test(tc, an_empty_string_is_one);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
