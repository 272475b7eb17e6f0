/* Tests what animectl prints: tables, JSON, and text made fit for a terminal. */
#include "config.h"

#include "ctl/json.h"
#include "ctl/number.h"
#include "ctl/repair.h"
#include "ctl/table.h"
#include "scratch.h"

#define BYTES(text) (text), sizeof(text) - 1

START_TEST(text_is_repaired)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *terminal;
	} pairs[] = {
	    {BYTES("plain \xc3\xa9"), "plain \xc3\xa9"},
	    {BYTES("\x1b[31mred"), "\xef\xbf\xbd[31mred"},
	    {BYTES("a\xff"
		   "b"),
	     "a\xef\xbf\xbd"
	     "b"},
	    {BYTES("a\0b"), "a\xef\xbf\xbd"
			    "b"},
	    {BYTES("\xc2\x9b"
		   "1m"),
	     "\xef\xbf\xbd"
	     "1m"},
	    {BYTES("\xe2\x80\xae"
		   "x"),
	     "\xef\xbf\xbdx"},
	    {BYTES("two\nlines"), "two\nlines"},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char *text = text_repair(pairs[i].bytes, pairs[i].size, true);
		ck_assert_str_eq(text, pairs[i].terminal);
		free(text);
	}
	char *text = text_repair("\x1b", 1, false);
	ck_assert_str_eq(text, "\x1b");
	free(text);
}
END_TEST

START_TEST(ranges_are_read_as_people_write_them)
{
	static const char *const pairs[][2] = {
	    {"8", "8"},
	    {"2010-2015", "2010..2015"},
	    {"2010..2015", "2010..2015"},
	    {"5k", "5000"},
	    {"500+", "500.."},
	    {"..2000", "..2000"},
	    {"1,000,000", "1000000"},
	    {"1990...1999", NULL},
	    {"1990..", "1990.."},
	    {"x", NULL},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char *range = number_range(pairs[i][0]);
		ck_assert_msg((range == NULL) == (pairs[i][1] == NULL), "%s", pairs[i][0]);
		if (range)
			ck_assert_str_eq(range, pairs[i][1]);
		free(range);
	}
}
END_TEST

START_TEST(cells_are_counted_as_terminals_do)
{
	ck_assert_uint_eq(text_cells("abc"), 3);
	ck_assert_uint_eq(text_cells("\xe9\x80\xb2\xe6\x92\x83"), 4); /* two wide characters */
	ck_assert_uint_eq(text_cells("e\xcc\x81"), 1);                /* a combining accent */
	ck_assert_uint_eq(text_cells(""), 0);
}
END_TEST

static char *printed(size_t width)
{
	static const struct table_column columns[] = {
	    {"#", true, TABLE_WHOLE}, {"Title", false, TABLE_CUT_LAST}, {"End", false, TABLE_WHOLE}};
	struct table table = {.columns = columns, .n_columns = 3};
	char *const first[] = {strdup("9"), strdup("\xe9\x80\xb2\xe6\x92\x83\xe3\x81\xae\xe5\xb7\xa8\xe4\xba\xba"),
			       strdup("x")};
	char *const second[] = {strdup("10"), strdup("Attack on Titan"), NULL};
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);

	table_add(&table, first);
	table_add(&table, second);
	table_print(&table, stream, width);
	table_free(&table);
	(void)fclose(stream);
	return out;
}

START_TEST(genres_are_cut_before_titles)
{
	static const struct table_column columns[] = {
	    {"Title", false, TABLE_CUT_LAST}, {"Type", false, TABLE_WHOLE}, {"Genres", false, TABLE_CUT_FIRST}};
	struct table table = {.columns = columns, .n_columns = 3};
	char *const row[] = {strdup("Shingeki\nno Kyojin"), NULL, strdup("Action, Drama, Fantasy")}, *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);

	table_add(&table, row);
	table_print(&table, stream, 32);
	table_print(&table, stream, 20);
	table_free(&table);
	(void)fclose(stream);
	/* a column in which no row has a text is left out, and a text does not break its line */
	ck_assert_str_eq(out, "Title               Genres\n"
			      "Shingeki no Kyojin  Action, Dra\xe2\x80\xa6\n"
			      "Title       Genres\n"
			      "Shingeki \xe2\x80\xa6  Action,\xe2\x80\xa6\n");
	free(out);
}
END_TEST

START_TEST(table_lines_up)
{
	char *out = printed(0);

	ck_assert_str_eq(out, " #  Title            End\n"
			      " 9  \xe9\x80\xb2\xe6\x92\x83\xe3\x81\xae\xe5\xb7\xa8\xe4\xba\xba       x\n"
			      "10  Attack on Titan  \n");
	free(out);
	/* of 18 cells the title has 9: four wide characters or eight narrow ones, and the ellipsis */
	out = printed(18);
	ck_assert_str_eq(out, " #  Title      End\n"
			      " 9  \xe9\x80\xb2\xe6\x92\x83\xe3\x81\xae\xe5\xb7\xa8\xe2\x80\xa6  x\n"
			      "10  Attack o\xe2\x80\xa6  \n");
	free(out);
}
END_TEST

START_TEST(json_of_every_kind)
{
	static const char bytes[] = "\x88\xa1n\xc0\xa1t\xc3\xa1i\xd0\x80\xa1u\xcd\1\0\xa1"
				    "f\xca\x3f\0\0\0\xa1s\xa2\"\xff"
				    "\xa1"
				    "a\x92\1\x80\x05\xc7\1\1x";
	msgpack_unpacked unpacked;
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);

	msgpack_unpacked_init(&unpacked);
	ck_assert_int_eq(msgpack_unpack_next(&unpacked, bytes, sizeof bytes - 1, NULL), MSGPACK_UNPACK_SUCCESS);
	ck_assert_int_eq(json_print(&unpacked.data, stream), 0);
	(void)fclose(stream);
	ck_assert_str_eq(out, "{\n  \"n\": null,\n  \"t\": true,\n  \"i\": -128,\n  \"u\": 256,\n  \"f\": 0.5,\n"
			      "  \"s\": \"\\\"\xef\xbf\xbd\",\n  \"a\": [\n    1,\n    {}\n  ],\n  \"5\": null\n}\n");
	free(out);
	msgpack_unpacked_destroy(&unpacked);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ctl");
	TCase *tc = tcase_create("ctl");

	tcase_add_test(tc, text_is_repaired);
	tcase_add_test(tc, ranges_are_read_as_people_write_them);
	tcase_add_test(tc, cells_are_counted_as_terminals_do);
	tcase_add_test(tc, table_lines_up);
	tcase_add_test(tc, genres_are_cut_before_titles);
	tcase_add_test(tc, json_of_every_kind);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
