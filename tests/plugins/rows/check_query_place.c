/* Tests how messages say where in a query an error is. */
#include "config.h"

#include <stdint.h>

#include "rows/query-place.h"
#include "scratch.h"

static char out[QUERY_PLACE_SIZE];

START_TEST(lines_and_characters_count_from_one)
{
	ck_assert_str_eq(query_place("q", "select x", 0, out), "q, line 1, column 1");
	ck_assert_str_eq(query_place("q", "select x", 7, out), "q, line 1, column 8");
	ck_assert_str_eq(query_place("q", "select\n x", 7, out), "q, line 2, column 1");
	ck_assert_str_eq(query_place("q", "select\n x", 8, out), "q, line 2, column 2");
	/* a character of three bytes is one column */
	ck_assert_str_eq(query_place("q", "'\xe5\x90\x8d' x", 6, out), "q, line 1, column 5");
}
END_TEST

START_TEST(the_end_is_a_place_and_what_is_beyond_is_none)
{
	ck_assert_str_eq(query_place("q", "select", 6, out), "q, line 1, column 7");
	ck_assert_str_eq(query_place("q", "select", 7, out), "q");
	ck_assert_str_eq(query_place("q", "select", SIZE_MAX, out), "q");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("query-place");
	TCase *tc = tcase_create("query-place");

	tcase_add_test(tc, lines_and_characters_count_from_one);
	tcase_add_test(tc, the_end_is_a_place_and_what_is_beyond_is_none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
