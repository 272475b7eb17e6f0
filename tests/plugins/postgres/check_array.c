/* Tests reading arrays as PostgreSQL writes them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postgres/pg-array.h"
#include "scratch.h"

/* The array, in room that has not a byte too many for it, becomes the list. */
static void expect(const char *array, const char *list)
{
	const size_t size = PG_LIST_SIZE(strlen(array));
	char *out = malloc(size);

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(pg_array_list(array, out), strlen(list));
	ck_assert_str_eq(out, list);
	free(out);
}

START_TEST(elements_are_members)
{
	expect("{}", "[]");
	expect("{Action}", "[\"Action\"]");
	expect("{Action,Sci-Fi,3}", "[\"Action\",\"Sci-Fi\",\"3\"]");
	expect("{a,b,c,d,e,f,g,h}", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"]");
	expect("[0:1]={a,b}", "[\"a\",\"b\"]");
	expect("{{1,2},{3,4}}", "[\"1\",\"2\",\"3\",\"4\"]");
}
END_TEST

START_TEST(quotes_and_backslashes_stay)
{
	expect("{\"Slice of Life\",b}", "[\"Slice of Life\",\"b\"]");
	expect("{\"a, {b}\"}", "[\"a, {b}\"]");
	expect("{\"say \\\"hi\\\"\",\"back\\\\slash\"}", "[\"say \\\"hi\\\"\",\"back\\\\slash\"]");
}
END_TEST

START_TEST(null_is_no_member)
{
	expect("{NULL}", "[]");
	expect("{a,NULL,b}", "[\"a\",\"b\"]");
	expect("{\"NULL\",NULLS}", "[\"NULL\",\"NULLS\"]");
}
END_TEST

START_TEST(whatever_comes_is_read_within_its_end)
{
	expect("", "[]");
	expect("a,b", "[]");
	expect("{\"", "[\"\"]");
	expect("{\"open", "[\"open\"]");
	expect("{\"open\\", "[\"open\"]");
	expect("{a", "[\"a\"]");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("array");
	TCase *tc = tcase_create("array");

	tcase_add_test(tc, elements_are_members);
	tcase_add_test(tc, quotes_and_backslashes_stay);
	tcase_add_test(tc, null_is_no_member);
	tcase_add_test(tc, whatever_comes_is_read_within_its_end);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
