/* Tests reading arrays as PostgreSQL writes them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postgres/pg-array.h"
#include "scratch.h"

/* The array, in room that has not a byte too many for it, becomes the elements. */
static void expect(const char *array, const char *elements)
{
	char *out = malloc(strlen(array) + 1);

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(pg_array_elements(array, out), strlen(elements));
	ck_assert_str_eq(out, elements);
	free(out);
}

START_TEST(elements_have_bars_between_them)
{
	expect("{}", "");
	expect("{Action}", "Action");
	expect("{Action,Sci-Fi,3}", "Action|Sci-Fi|3");
	expect("{1,2}", "1|2");
	expect("[0:1]={a,b}", "a|b");
	expect("{{1,2},{3,4}}", "1|2|3|4");
}
END_TEST

START_TEST(quotes_and_backslashes_go)
{
	expect("{\"Slice of Life\",b}", "Slice of Life|b");
	expect("{\"a, {b}\"}", "a, {b}");
	expect("{\"say \\\"hi\\\"\",\"back\\\\slash\"}", "say \"hi\"|back\\slash");
}
END_TEST

START_TEST(null_is_no_element)
{
	expect("{NULL}", "");
	expect("{a,NULL,b}", "a|b");
	expect("{\"NULL\",NULLS}", "NULL|NULLS");
}
END_TEST

START_TEST(whatever_comes_is_read_within_its_end)
{
	expect("", "");
	expect("a,b", "");
	expect("{\"open", "open");
	expect("{\"open\\", "open\\");
	expect("{a", "a");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("array");
	TCase *tc = tcase_create("array");

	tcase_add_test(tc, elements_have_bars_between_them);
	tcase_add_test(tc, quotes_and_backslashes_go);
	tcase_add_test(tc, null_is_no_element);
	tcase_add_test(tc, whatever_comes_is_read_within_its_end);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
