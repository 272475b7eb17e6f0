/* Loads a dataset from a PostgreSQL server while memory is short.  postgres.py runs it, with the variables of libpq that
 * name the server, whose tables are those of tests/integration/ratings.py. */
#include "config.h"

#include <stdlib.h>

#include "load-each.h"
#include "scratch.h"

START_TEST(from_a_server)
{
	static const char *const tables[] = {
	    "items.query",
	    "select *, '{Drama,\"A, B\"}'::text[] as genres from anime where uid < 1010",
	    "items.genres",
	    "genres",
	    "ratings.query",
	    "select u as profile, a as anime_uid, s as score from review order by n limit 50",
	    "max_rejects",
	    "1",
	    NULL};
	struct given given = {"postgres", tables, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	load_each("a server", &given);
	ck_assert_int_eq(given.status, 0);
}
END_TEST

START_TEST(from_a_query_that_is_wrong)
{
	static const char *const wrong[] = {"items.query", "select missing from anime", "ratings.query", "select 1",
					    NULL};
	struct given given = {"postgres", wrong, .options = {.unknown_items = UNKNOWN_ITEMS_DROP}};

	load_each("a query that is wrong", &given);
	ck_assert_int_eq(given.status, -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("load_postgres");
	TCase *tc = tcase_create("load_postgres");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, from_a_server);
	tcase_add_test(tc, from_a_query_that_is_wrong);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
