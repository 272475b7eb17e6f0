/* Tests the texts of values: variables and paths in them, choices, and what is suggested for a word that is none. */
#include "config.h"

#include "base/spelling.h"
#include "config/expand.h"
#include "config/param-read.h"
#include "scratch.h"

#define LETTERS                                                                                                        \
	"alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon|"   \
	"phi|chi|psi|omega"

START_TEST(expansion)
{
	struct animed_error err;
	static const char *const bad[] = {"${", "${}", "${A-b}", "${NOT_SET_AT_ALL}", "${A B}"};
	char *text = expand_text("a$b$$c${NOT_SET_AT_ALL:-d}", &err);

	ck_assert_str_eq(text, "a$b$cd");
	free(text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_ptr_null(expand_text(bad[i], &err));
	ck_assert_int_eq(setenv("HOME", "/home/me", 1), 0);
	text = expand_path("~/x", "/base", &err);
	ck_assert_str_eq(text, "/home/me/x");
	free(text);
	ck_assert_ptr_null(expand_path("", "/base", &err));
}
END_TEST

START_TEST(choices_may_be_many)
{
	const struct animed_param param = {.name = "letter", .type = ANIMED_ENUM, .choices = LETTERS};
	struct animed_value value;
	struct animed_error err;

	for (const char *letter = LETTERS; *letter; letter += strcspn(letter, "|"), letter += *letter == '|') {
		char text[16];
		(void)snprintf(text, sizeof text, "%.*s", (int)strcspn(letter, "|"), letter);
		ck_assert_msg(value_parse(&param, text, "/", &value, &err) == 0, "%s", err.text);
		value_free(&param, &value);
	}
	ck_assert_int_eq(value_parse(&param, "omeag", "/", &value, &err), -1);
	ck_assert_str_eq(err.text, "\"omeag\" is none of " LETTERS "; did you mean \"omega\"?");
	ck_assert_int_eq(value_parse(&param, "", "/", &value, &err), -1);
}
END_TEST

START_TEST(nearest)
{
	static const char *const words[] = {"socket", NULL, "similarity", "source", "models"};

	ck_assert_str_eq(nearest_word("sokcet", words, 5), "socket");
	ck_assert_str_eq(nearest_word("model", words, 5), "models");
	ck_assert_str_eq(nearest_word("similarty", words, 5), "similarity");
	ck_assert_ptr_null(nearest_word("quite else", words, 5));
	ck_assert_ptr_null(nearest_word("", words, 5));
	ck_assert_uint_eq(edit_distance("abcd", 4, "acbd", 4), 1);
	ck_assert_uint_eq(edit_distance("kitten", 6, "sitting", 7), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("values");
	TCase *tc = tcase_create("values");

	tcase_add_test(tc, expansion);
	tcase_add_test(tc, choices_may_be_many);
	tcase_add_test(tc, nearest);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
