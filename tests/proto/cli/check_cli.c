/* Tests what the programs share: default paths, and reading command lines. */
#include "config.h"

#include "cli/cmdline.h"
#include "cli/paths.h"
#include "scratch.h"

START_TEST(paths)
{
	char out[256], small[5];

	ck_assert_int_eq(setenv("XDG_STATE_HOME", "/s", 1), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), 0);
	ck_assert_str_eq(out, "/s");
	ck_assert_int_eq(unsetenv("XDG_STATE_HOME"), 0);
	ck_assert_int_eq(setenv("HOME", "/home/me", 1), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), 0);
	ck_assert_str_eq(out, "/home/me/.local/state");
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", small, sizeof small), -1);
	ck_assert_int_eq(unsetenv("HOME"), 0);
	ck_assert_int_eq(path_xdg("XDG_STATE_HOME", out, sizeof out), -1);
	ck_assert_int_eq(path_xdg("XDG_OTHER", out, sizeof out), -1);
	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", "/r", 1), 0);
	ck_assert_int_eq(path_default_socket(out, sizeof out), 0);
	ck_assert_str_eq(out, "/r/animed/animed.sock");
	ck_assert_int_eq(path_default_socket(small, sizeof small), -1);
	ck_assert_int_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
	ck_assert_int_eq(path_default_socket(out, sizeof out), 0);
	ck_assert_int_eq(out[0], '/');
}
END_TEST

/* ---- command lines ---- */

static const struct cmdline_option global_options[] = {{"json", 'j', NULL, "as JSON"}, {NULL, 0, NULL, NULL}};
static const struct cmdline_option own_options[] = {
    {"limit", 'n', "N", "how many"}, {"genre", 0, "G", "only these"}, {NULL, 0, NULL, NULL}};

START_TEST(command_lines_are_read_by_tables)
{
	char *argv[] = {"p",  "-j", "similar",        "A",  "--genre", "Drama", "+",
			"-n", "7",  "--genre=Horror", "--", "-B",      NULL};
	struct cmdline line = {.n = 0};
	int64_t number = 0;

	ck_assert_int_eq(cmdline_read(&line, 12, argv, global_options, NULL, true), 0);
	ck_assert_int_eq(line.argc, 10);
	ck_assert_str_eq(line.argv[0], "similar");
	ck_assert_str_eq(cmdline_get(&line, "json"), "");
	ck_assert_ptr_null(cmdline_get(&line, "limit"));
	ck_assert_int_eq(cmdline_read(&line, line.argc, line.argv, global_options, own_options, false), 0);
	ck_assert_int_eq(line.argc, 3);
	ck_assert_str_eq(line.argv[0], "A");
	ck_assert_str_eq(line.argv[1], "+");
	ck_assert_str_eq(line.argv[2], "-B");
	ck_assert_str_eq(cmdline_get(&line, "json"), "");
	ck_assert_str_eq(cmdline_get(&line, "genre"), "Horror");
	ck_assert_str_eq(cmdline_nth(&line, "genre", 0), "Drama");
	ck_assert_str_eq(cmdline_nth(&line, "genre", 1), "Horror");
	ck_assert_ptr_null(cmdline_nth(&line, "genre", 2));
	ck_assert_int_eq(cmdline_number(&line, "p", "limit", 0, &number), 1);
	ck_assert_int_eq(number, 7);
	ck_assert_int_eq(cmdline_number(&line, "p", "limit", 8, &number), -1);
	ck_assert_int_eq(cmdline_number(&line, "p", "json", 0, &number), -1);
	ck_assert_int_eq(cmdline_number(&line, "p", "missing", 0, &number), 0);
}
END_TEST

START_TEST(command_lines_that_are_wrong_are_refused)
{
	char *unknown[] = {"p", "--colour", NULL}, *bare[] = {"p", "x", "--limit", NULL};
	char *many[CMDLINE_GIVEN + 3];
	struct cmdline line = {.n = 0};

	ck_assert_int_eq(cmdline_read(&line, 2, unknown, global_options, own_options, false), -1);
	ck_assert_int_eq(cmdline_read(&line, 3, bare, global_options, own_options, false), -1);
	many[0] = "p";
	for (int i = 1; i <= CMDLINE_GIVEN + 1; i++)
		many[i] = "-j";
	many[CMDLINE_GIVEN + 2] = NULL;
	line.n = 0;
	ck_assert_int_eq(cmdline_read(&line, CMDLINE_GIVEN + 1, many, global_options, NULL, false), 0);
	line.n = 0;
	ck_assert_int_eq(cmdline_read(&line, CMDLINE_GIVEN + 2, many, global_options, NULL, false), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cli");
	TCase *tc = tcase_create("cli");

	tcase_add_test(tc, paths);
	tcase_add_test(tc, command_lines_are_read_by_tables);
	tcase_add_test(tc, command_lines_that_are_wrong_are_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
