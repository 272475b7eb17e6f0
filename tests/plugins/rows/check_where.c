/* Tests the rule by which rows are left out. */
#include "config.h"

#include "rows/where.h"
#include "scratch.h"

static struct animed_value rule(const char *const *pairs, size_t n)
{
	return (struct animed_value){.set = true, .list = {pairs, n}};
}

static bool holds(const char *const *pairs, size_t n, const char *a, const char *b)
{
	const struct animed_value value = rule(pairs, n);
	const char *cells[] = {a, b};
	const size_t lengths[] = {a ? strlen(a) : 0, b ? strlen(b) : 0};
	struct where where;
	struct animed_error err;

	ck_assert_int_eq(where_read(&value, &where, &err), 0);
	for (size_t c = 0; c < where.n; c++)
		where.at[c] = strcmp(where.columns[c], "b") == 0;
	return where_holds(&where, &(struct row){cells, lengths, 2, 1}, &(struct where_seen){.pairs = 0});
}

START_TEST(one_value_of_each_column)
{
	static const char *const pairs[] = {"a", "Completed", "a", "Dropped", "b", "2"};

	ck_assert(holds(pairs, 6, "completed", "2"));
	ck_assert(holds(pairs, 6, "DROPPED", "2.0"));
	ck_assert(!holds(pairs, 6, "Completed", "3"));
	ck_assert(!holds(pairs, 6, "Planned", "2"));
	ck_assert(!holds(pairs, 6, "Complete", "2") && !holds(pairs, 6, "Completed ", "2"));
	ck_assert(!holds(pairs, 6, NULL, "2") && !holds(pairs, 6, "Completed", NULL));
	/* the pairs of a column need not stand together */
	static const char *const apart[] = {"a", "x", "b", "y", "a", "z"};
	ck_assert(holds(apart, 6, "z", "y") && holds(apart, 6, "x", "y") && !holds(apart, 6, "z", "x"));
}
END_TEST

START_TEST(no_value_is_one)
{
	static const char *const pairs[] = {"a", ""};

	ck_assert(holds(pairs, 2, "", "x") && holds(pairs, 2, NULL, "x") && !holds(pairs, 2, "x", ""));
}
END_TEST

START_TEST(what_rows_have)
{
	static const char *const pairs[] = {"a", "x", "a", "y", "b", "2"};
	static const char *const rows[][2] = {{"x", "1"}, {"z", "2"}, {"z", "1"}, {"w\n", "2"}};
	const struct animed_value value = rule(pairs, 6);
	struct where_seen seen = {.pairs = 0}, sum = {.pairs = 0};
	struct where where;
	struct animed_error err;

	ck_assert_int_eq(where_read(&value, &where, &err), 0);
	where.at[0] = 0;
	where.at[1] = 1;
	for (size_t i = 0; i < 4; i++) {
		const size_t lengths[] = {strlen(rows[i][0]), strlen(rows[i][1])};
		ck_assert(!where_holds(&where, &(struct row){rows[i], lengths, 2, 1}, &seen));
	}
	where_add(&sum, &seen);
	where_add(&sum, &seen);
	/* the value of one column counts though the row is left out for the other */
	ck_assert_uint_eq(sum.pairs, 1 | 4);
	ck_assert_uint_eq(sum.n[0], 2);
	ck_assert_str_eq(sum.others[0][0], "z");
	ck_assert_str_eq(sum.others[0][1], "w ");
	ck_assert_uint_eq(sum.n[1], 1);
	ck_assert_str_eq(sum.others[1][0], "1");
}
END_TEST

START_TEST(a_rule_has_so_many_columns)
{
	static const char *const pairs[] = {"a", "1", "b", "1", "c", "1", "d", "1", "e",
					    "1", "f", "1", "g", "1", "h", "1", "i", "1"};
	const struct animed_value most = rule(pairs, 16), more = rule(pairs, 18);
	struct where where;
	struct animed_error err;

	ck_assert_int_eq(where_read(&most, &where, &err), 0);
	ck_assert_int_eq(where_read(&more, &where, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "more than 8 columns"));
	ck_assert_int_eq(where_read(NULL, &where, &err), 0);
	ck_assert_uint_eq(where.n, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("where");
	TCase *tc = tcase_create("where");

	tcase_add_test(tc, one_value_of_each_column);
	tcase_add_test(tc, no_value_is_one);
	tcase_add_test(tc, what_rows_have);
	tcase_add_test(tc, a_rule_has_so_many_columns);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
