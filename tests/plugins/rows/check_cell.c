/* Tests reading the cells of rating data. */
#include "config.h"

#include <string.h>

#include "rows/cell.h"
#include "scratch.h"

static bool is_id(const char *text, int64_t *id)
{
	return cell_to_id(text, strlen(text), id);
}

static bool is_score(const char *text, float *score)
{
	return cell_to_score(text, strlen(text), score);
}

START_TEST(cells)
{
	int64_t id;
	float score;

	ck_assert(is_id("0", &id) && id == 0);
	ck_assert(is_id("-12", &id) && id == -12);
	ck_assert(is_id("9223372036854775807", &id) && id == INT64_MAX);
	ck_assert(is_id("000000000000000000000000012", &id) && id == 12);
	ck_assert(!is_id("9223372036854775808", &id));
	ck_assert(!is_id("", &id) && !is_id("1.0", &id) && !is_id(" 1", &id) && !is_id("1 ", &id));
	ck_assert(is_score("7.25", &score) && score == 7.25f);
	ck_assert(is_score("-1", &score) && score == -1);
	ck_assert(!is_score("nan", &score) && !is_score("inf", &score) && !is_score("-INF", &score));
	ck_assert(!is_score("1e99", &score) && !is_score("", &score) && !is_score("8/10", &score));
	ck_assert(!cell_to_id("1\0", 2, &id) && !cell_to_score("1\0", 2, &score) && !cell_to_id("12\0003", 4, &id));
	ck_assert(cell_is_utf8("caf\xc3\xa9", 5) && !cell_is_utf8("caf\xc3", 4) && !cell_is_utf8("a\0b", 3));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cell");
	TCase *tc = tcase_create("cell");

	tcase_add_test(tc, cells);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
