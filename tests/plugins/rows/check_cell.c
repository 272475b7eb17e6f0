/* Tests reading the cells of rating data. */
#include "config.h"

#include "rows/cell.h"
#include "rows/entity.h"
#include "rows/names.h"
#include "rows/number.h"
#include "scratch.h"

static bool is_id(const char *text, int64_t *id)
{
	return cell_to_id(text, strlen(text), id);
}

static bool is_score(const char *text, float *score)
{
	int of;

	return cell_to_score(text, strlen(text), score, &of) && of == 0;
}

START_TEST(kinds_of_text)
{
	ck_assert(cell_is_utf8("caf\xc3\xa9", 5) && !cell_is_utf8("caf\xc3", 4) && !cell_is_utf8("a\0b", 3));
	ck_assert(cell_is_none("", 0) && cell_is_none(" NaN ", 5) && cell_is_none("\\N", 2) && cell_is_none("None", 4));
	ck_assert(cell_is_none("UNKNOWN", 7) && cell_is_none("N/A", 3) && cell_is_none("-", 1));
	ck_assert(!cell_is_none("0", 1) && !cell_is_none("Nana", 4) && !cell_is_none("Nullpo", 6));
}
END_TEST

static const struct {
	const char *text;
	int64_t id;
} ids[] = {
    {"0", 0},
    {"-12", -12},
    {"9223372036854775807", INT64_MAX},
    {"000000000000000000000000012", 12},
    {"123.0", 123},
    {"123.", 123},
    {"123.000", 123},
    {"9007199254740993", 9007199254740993},
    {"9007199254740991.0", 9007199254740991},
    {"+3", 3},
    {"1,615,084", 1615084},
    {"1,615,084.0", 1615084},
    {"1.615.084", 1615084},
    {"1.2e6", 1200000},
    {"5E3", 5000},
    {" 17 ", 17},
    {"1 615 084", 1615084},
    {"1\xc2\xa0"
     "615\xe2\x80\xaf"
     "084",
     1615084},
    {"1'615'084", 1615084},
};

START_TEST(numbers_that_are_ids)
{
	int64_t id;

	ck_assert_msg(is_id(ids[_i].text, &id) && id == ids[_i].id, "%s", ids[_i].text);
}
END_TEST

static const char *const no_ids[] = {"",
				     "456.5",
				     "9223372036854775808",
				     "1,5",
				     "12,34",
				     "1,6150",
				     "1.615",
				     "abc",
				     "0x10",
				     "1e99",
				     "1e-3",
				     "nan",
				     "1 2",
				     "-",
				     "1,",
				     ",",
				     ".",
				     "1.2.3",
				     "1\n2",
				     "\t1",
				     "12a",
				     "--1",
				     "1.5e0",
				     "1.0x",
				     "1,615,08",
				     "9007199254740992.0",
				     "9007199254740993.0",
				     "9.007199254740992e+15"};

START_TEST(text_that_is_no_id)
{
	int64_t id;

	ck_assert_msg(!is_id(no_ids[_i], &id), "%s", no_ids[_i]);
}
END_TEST

START_TEST(a_number_has_no_nul)
{
	int64_t id;
	float score;
	int of;

	ck_assert(!cell_to_id("1\0", 2, &id) && !cell_to_id("12\0003", 4, &id));
	ck_assert(!cell_to_score("1\0", 2, &score, &of) && !cell_to_score("1.5\0", 4, &score, &of));
}
END_TEST

START_TEST(why_text_is_no_id)
{
	ck_assert_str_eq(cell_not_id("abc", 3), "is not a whole number:");
	ck_assert_str_eq(cell_not_id("1.5", 3), "is not a whole number:");
	ck_assert_str_eq(cell_not_id("", 0), "is not a whole number:");
	ck_assert_str_eq(cell_not_id("9223372036854775808", 19), "is too large:");
	ck_assert_str_eq(cell_not_id("1\0", 2), "has a NUL character after");
	ck_assert_str_eq(cell_not_id("9007199254740993.0", 18), "is a real number, too large to be exact:");
}
END_TEST

START_TEST(reals_are_written_so_that_they_are_read_back)
{
	static const double reals[] = {0.1, 7.25, 123, 1e15, 1234567890123456.0, 9007199254740991.0};
	char text[NUMBER_TEXT];
	int64_t id;

	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
		number_write(reals[i], text);
		ck_assert_msg(strtod(text, NULL) == reals[i], "%s", text);
		ck_assert(reals[i] < 100 || (is_id(text, &id) && (double)id == reals[i]));
	}
	/* from here on two whole numbers are one real */
	number_write(9007199254740992.0, text);
	ck_assert_msg(!is_id(text, &id), "%s", text);
}
END_TEST

static const struct {
	const char *text;
	int32_t year;
} years[] = {
    {"Apr 5, 2009 to Jul 4, 2010", 2009},
    {"1 of 1000 eps 2005", 2005},
    {"1907", 1907},
    {"1888", 1888},
    {"1887", 0},
    {"20040101T00", 2004},
    {"9999", 0},
    {"26-Aug-16", 2016},
    {"1234567890123", 0},
    {"", 0},
    {"1000-2000", 2000},
};

START_TEST(years_of_dates)
{
	ck_assert_msg(cell_to_year(years[_i].text) == years[_i].year, "%s", years[_i].text);
}
END_TEST

START_TEST(counts)
{
	int64_t count;

	ck_assert(cell_to_count("25.0", 4, &count) && count == 25);
	ck_assert(cell_to_count("Unknown", 7, &count) && count == 0);
	ck_assert(cell_to_count("", 0, &count) && count == 0);
	ck_assert(!cell_to_count("12k", 3, &count) && count == 0);
	ck_assert(!cell_to_count("-1", 2, &count) && count == 0);
	/* a fraction of zeros, or a group of digits */
	ck_assert(!cell_to_count("12.000", 6, &count) && count == 0);
	ck_assert(!cell_to_count(" 123.000 ", 9, &count) && count == 0);
	ck_assert(cell_to_count("1234.000", 8, &count) && count == 1234);
	ck_assert(cell_to_count("12.0000", 7, &count) && count == 12);
	ck_assert(cell_to_count("0.000", 5, &count) && count == 0);
	ck_assert(cell_to_count("1.234.567", 9, &count) && count == 1234567);
}
END_TEST

static const struct {
	const char *text;
	float score;
} scores[] = {
    {"7.25", 7.25f},
    {"-1", -1},
    {"4.5", 4.5f},
    {"7,5", 7.5f},
    {"-0,25", -0.25f},
    {".5", 0.5f},
    {"-.5", -0.5f},
    {"+8", 8},
    {"7.", 7},
    {"1e1", 10},
    {" 8 ", 8},
    {"\xe2\x98\x85\xe2\x98\x85\xe2\x98\x85\xc2\xbd", 3.5f},
    {"\xc2\xbd", 0.5f},
    {"\xe2\x98\x85\xe2\x98\x86", 1},
    {"\xe2\xad\x90\xe2\xad\x90", 2},
    {"4\xc2\xbd", 4.5f},
};

START_TEST(numbers_that_are_scores)
{
	float score;

	ck_assert_msg(is_score(scores[_i].text, &score) && score == scores[_i].score, "%s", scores[_i].text);
}
END_TEST

static const char *const no_scores[] = {"nan",    "inf",     "-INF",          "1e99",   "",         "8/",    "8/0",
					"8/10.5", "/10",     "8//10",         "1,234",  "7,5,1",    "0x1p3", "-0x10",
					"+0x9",   "0X1",     "1e400",         "NAN(1)", "infinity", "--5",   "+-5",
					"good",   "8 of 10", "\xe2\x98\x85x", "."};

START_TEST(text_that_is_no_score)
{
	float score;

	ck_assert_msg(!is_score(no_scores[_i], &score), "%s", no_scores[_i]);
}
END_TEST

START_TEST(scores_out_of_a_number)
{
	float score;
	int of;

	ck_assert(cell_to_score("9/10", 4, &score, &of) && score == 9 && of == 10);
	ck_assert(cell_to_score("3.5 / 5", 7, &score, &of) && score == 3.5f && of == 5);
}
END_TEST

static const struct {
	const char *cell, *names;
} lists[] = {
    {"['Action', 'Sci-Fi']", "Action|Sci-Fi"},
    {"[\"Demon Slayer\", \"Blade\"]", "Demon Slayer|Blade"},
    {"[]", ""},
    {"['Rock, Paper', 'It\\'s me', \"it's\"]", "Rock, Paper|It's me|it's"},
    {"[\"caf\\u00e9\", \"\\ud83d\\ude00\", 'caf\\xe9']", "caf\xc3\xa9|\xf0\x9f\x98\x80|caf\xc3\xa9"},
    {"[Action, Sci-Fi]", "Action|Sci-Fi"},
    {"{'Action', 'Drama'}", "Action|Drama"},
    {"'A', 'B'", "A|B"},
    {"\"A\", \"B\"", "A|B"},
    {"'A'", "'A'"},
    {"('A', 'B')", "A|B"},
    {"[{'id': 1, 'name': 'Action'}, {'id': 2, 'name': 'Drama'}]", "Action|Drama"},
    {"[{\"mal_id\": 1, \"type\": \"anime\", \"name\": \"Action\", \"url\": \"https://x\"}]", "Action"},
    {"{'romaji': 'Sen', 'english': 'Spirited', 'native': None}", "Sen|Spirited"},
    {"[{'type': 'Default', 'title': 'X'}, {'type': 'Synonym', 'title': 'Y'}]", "X|Y"},
    {"['A', None, 'NaN', '']", "A"},
    {"['A|B', 'C']", "A/B|C"},
    {"['A&#124;B', 'C']", "A/B|C"},
    {"A&#124;B|C", "A/B|C"},
    {"[Alternative] Tale [x]", "[Alternative] Tale [x]"},
    {"[Alternative] 'Tale' [x]", "[Alternative] 'Tale' [x]"},
    {"[Tale]", "[Tale]"},
    {"[['A'], ['B']]", "A|B"},
    {"{A} and {B}", "{A} and {B}"},
    {"['Tom &amp; Jerry', 'Pok&eacute;mon']", "Tom & Jerry|Pok\xc3\xa9mon"},
    {"Adventure|Children", "Adventure|Children"},
    {" A | B |", "A|B"},
    {"Unknown", ""},
    {"nan", ""},
    {"['unclosed", "['unclosed"},
    {"", ""},
    {"['ends in a backslash \\", "['ends in a backslash \\"},
    {"['a', 'b\\']", "a|b']"},
};

START_TEST(lists_of_names)
{
	char text[128];

	(void)snprintf(text, sizeof text, "%s", lists[_i].cell);
	const size_t length = names_of_titles(text);
	ck_assert_str_eq(text, lists[_i].names);
	ck_assert_uint_eq(length, strlen(text));
}
END_TEST

START_TEST(names_with_commas)
{
	char title[] = "Up, up", genres[] = "Drama, Sci-Fi &amp; Space", semicolons[] = "A;B &gt; C",
	     none[] = "(no genres listed)", one[] = "[Drama]";

	(void)names_of_titles(title);
	ck_assert_str_eq(title, "Up, up");
	(void)names_of_genres(genres);
	ck_assert_str_eq(genres, "Drama|Sci-Fi & Space");
	(void)names_of_genres(semicolons);
	ck_assert_str_eq(semicolons, "A|B > C");
	(void)names_of_genres(one);
	ck_assert_str_eq(one, "Drama");
	(void)names_of_genres(none);
	ck_assert_str_eq(none, "");
}
END_TEST

static const struct {
	const char *text, *decoded;
} references[] = {
    {"Gintama&deg;", "Gintama\xc2\xb0"},
    {"&eacute;&Eacute;&hearts;&euro;", "\xc3\xa9\xc3\x89\xe2\x99\xa5\xe2\x82\xac"},
    {"&amp;&lt;&gt;&quot;&apos;", "&<>\"'"},
    {"&#039;&#39;&#x27;&#X3b1;", "'''\xce\xb1"},
    {"&#146;&#x96;", "\xe2\x80\x99\xe2\x80\x93"},
    {"&#9;&#10;|", "  |"},
    {"&#0;&#1;&#xd800;&#1114112;&#x;&#;", "&#0;&#1;&#xd800;&#1114112;&#x;&#;"},
    {"&nosuch; & && &amp &amp;amp;", "&nosuch; & && &amp &amp;"},
    {"&zwnj;&yuml;&AElig;", "\xe2\x80\x8c\xc3\xbf\xc3\x86"},
    {"no & end &", "no & end &"},
};

START_TEST(references_of_html)
{
	char text[128];

	(void)snprintf(text, sizeof text, "%s", references[_i].text);
	const size_t length = decode_entities(text);
	ck_assert_str_eq(text, references[_i].decoded);
	ck_assert_uint_eq(length, strlen(text));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int main(void)
{
	Suite *suite = suite_create("cell");
	TCase *tc = tcase_create("cell");

	tcase_add_test(tc, kinds_of_text);
	tcase_add_loop_test(tc, numbers_that_are_ids, 0, COUNT(ids));
	tcase_add_loop_test(tc, text_that_is_no_id, 0, COUNT(no_ids));
	tcase_add_test(tc, a_number_has_no_nul);
	tcase_add_test(tc, why_text_is_no_id);
	tcase_add_test(tc, reals_are_written_so_that_they_are_read_back);
	tcase_add_loop_test(tc, years_of_dates, 0, COUNT(years));
	tcase_add_test(tc, counts);
	tcase_add_loop_test(tc, numbers_that_are_scores, 0, COUNT(scores));
	tcase_add_loop_test(tc, text_that_is_no_score, 0, COUNT(no_scores));
	tcase_add_test(tc, scores_out_of_a_number);
	tcase_add_loop_test(tc, lists_of_names, 0, COUNT(lists));
	tcase_add_test(tc, names_with_commas);
	tcase_add_loop_test(tc, references_of_html, 0, COUNT(references));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
