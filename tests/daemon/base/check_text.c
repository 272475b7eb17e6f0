/* Tests making lines fit for a terminal, and telling blank texts. */
#include "config.h"

#include "base/text.h"
#include "scratch.h"

static void expect(const char *line, const char *clean)
{
	char copy[64];

	(void)snprintf(copy, sizeof copy, "%s", line);
	text_clean(copy);
	ck_assert_str_eq(copy, clean);
}

START_TEST(clean_lines_stay)
{
	expect("", "");
	expect("a \"b\" c", "a \"b\" c");
	expect("\xe9\x80\xb2\xe6\x92\x83 caf\xc3\xa9", "\xe9\x80\xb2\xe6\x92\x83 caf\xc3\xa9");
}
END_TEST

START_TEST(control_characters_become_blanks)
{
	expect("a\nb\tc\r", "a b c ");
	expect("\x1b[2Jx\x7f", " [2Jx ");
	/* a control character of two bytes, which some terminals obey */
	expect("a\xc2\x9b"
	       "31mb",
	       "a 31mb");
}
END_TEST

START_TEST(bytes_that_are_no_text_become_question_marks)
{
	expect("\xff\xfe", "??");
	expect("caf\xe9 x", "caf? x");
	expect("cut \xe9\x80", "cut ??");
}
END_TEST

START_TEST(blank_texts_are_told)
{
	/* blanks, an ideographic space, a zero-width space, a line separator, a control character */
	static const char *const blank[] = {"", " ", " \t\n", "\xe3\x80\x80", "\xe2\x80\x8b", "\xe2\x80\xa8", "\x01"};
	static const char *const texts[] = {"a", " . ", "\xe2\x98\x86", "\xe3\x80\x80\xe9\x80\xb2"};

	for (size_t i = 0; i < sizeof blank / sizeof *blank; i++)
		ck_assert(text_is_blank(text_of(blank[i])));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert(!text_is_blank(text_of(texts[i])));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, clean_lines_stay);
	tcase_add_test(tc, control_characters_become_blanks);
	tcase_add_test(tc, bytes_that_are_no_text_become_question_marks);
	tcase_add_test(tc, blank_texts_are_told);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
