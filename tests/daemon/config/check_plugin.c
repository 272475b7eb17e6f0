/* Tests that a plugin is loaded only where no other user can change or replace it. */
#include "config.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "config/plugin.h"
#include "places.h"
#include "scratch.h"

static struct plugin plugin;
static struct animed_error err;

static int load(const char *dir)
{
	plugin_close(&plugin);
	return plugin_open(scratch_path(dir), "csv", ANIMED_SOURCE, &plugin, &err);
}

static void loads(const char *dir)
{
	ck_assert_msg(load(dir) == 0, "%s", err.text);
}

static void refused(const char *dir, const char *part)
{
	ck_assert_int_eq(load(dir), -1);
	ck_assert_msg(strstr(err.text, part) != NULL, "\"%s\" is not in \"%s\"", part, err.text);
}

static void mode(const char *name, mode_t mode)
{
	ck_assert_int_eq(chmod(scratch_path(name), mode), 0);
}

/* Copy the csv plugin to above/plugins/csv.so. */
static void setup(void)
{
	char command[2 * PATH_MAX];

	scratch_open();
	ck_assert_int_eq(mkdir(scratch_path("above"), 0755), 0);
	ck_assert_int_eq(mkdir(scratch_path("above/plugins"), 0755), 0);
	(void)snprintf(command, sizeof command, "cp '" BUILDDIR "/plugins/csv.so' '%s'",
		       scratch_path("above/plugins/csv.so"));
	ck_assert_int_eq(system(command), 0);
	mode("above/plugins/csv.so", 0755);
}

static void teardown(void)
{
	plugin_close(&plugin);
	scratch_close();
}

START_TEST(a_file_that_others_may_write_is_refused)
{
	loads("above/plugins");
	mode("above/plugins/csv.so", 0757);
	refused("above/plugins", "csv.so: writable by others");
}
END_TEST

START_TEST(a_folder_in_which_others_may_replace_it_is_refused)
{
	mode("above/plugins", 0757);
	refused("above/plugins", "chmod go-w ");
	ck_assert_ptr_nonnull(strstr(err.text, "/above/plugins`"));
	mode("above/plugins", 01777);
	loads("above/plugins");
	mode("above/plugins", 0755);
	mode("above", 0707);
	refused("above/plugins", "chmod go-w ");
	ck_assert_ptr_nonnull(strstr(err.text, "/above`"));
	mode("above", 01777);
	loads("above/plugins");
}
END_TEST

/* Nobody is told to change the mode of a folder that is not theirs. */
START_TEST(a_folder_of_root_is_left_to_root)
{
	if (!scratch_is_for_others())
		SKIP("it takes root to be somebody else, and a TMPDIR that others may enter");
	mode("", 0755);
	mode("above", 0757);
	ck_assert_int_eq(seteuid(65534), 0);
	refused("above/plugins", "and replace what is in it; use another directory");
	ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

/* A group that may write counts as other users, unless it is the user's own, which some systems make for every user. */
START_TEST(a_group_is_others)
{
	const bool own = files_own_group(geteuid(), getegid());

	mode("above/plugins", 0775);
	ck_assert_int_eq(load("above/plugins"), own ? 0 : -1);
	mode("above/plugins", 0755);
	mode("above/plugins/csv.so", 0775);
	ck_assert_int_eq(load("above/plugins"), own ? 0 : -1);
}
END_TEST

START_TEST(what_belongs_to_somebody_else_is_refused)
{
	if (geteuid() != 0)
		SKIP("it takes root to give a file away");
	ck_assert_int_eq(chown(scratch_path("above"), 65534, 65534), 0);
	refused("above/plugins", "/above belongs to user 65534");
	ck_assert_ptr_nonnull(strstr(err.text, "use one that belongs to root"));
	ck_assert_int_eq(chown(scratch_path("above"), 0, 0), 0);
	ck_assert_int_eq(chown(scratch_path("above/plugins/csv.so"), 65534, 65534), 0);
	refused("above/plugins", "csv.so: belongs to user 65534");
}
END_TEST

/* Of a link, the folders of the file that it leads to are checked, and the plugin is loaded by the name of this
 * file. */
START_TEST(links_are_followed_once)
{
	char real[PATH_MAX];
	Dl_info info;

	ck_assert_int_eq(symlink("above/plugins", scratch_path("link")), 0);
	loads("link");
	ck_assert_ptr_nonnull(realpath(scratch_path("above/plugins/csv.so"), real));
	ck_assert_int_ne(dladdr(plugin.info, &info), 0);
	ck_assert_str_eq(info.dli_fname, real);
	ck_assert_str_eq(plugin.path, scratch_path("link/csv.so"));
	mode("above", 0707);
	refused("link", "/above`");
}
END_TEST

START_TEST(folders_of_the_program_itself_are_no_further_risk)
{
	static const char *const path = "/no/such/folder/plugins/csv.so";

	ck_assert_int_eq(files_check_path(path, "/no/such/folder/animed", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "/no/such/folder/plugins: "));
	ck_assert_int_eq(files_check_path(path, "/no/such/folder/pluginsx", &err), -1);
	ck_assert_int_eq(files_check_path(path, "/no/such/folder/plugins/animed", &err), 0);
	ck_assert_int_eq(files_check_path(path, "", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "/no: "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plugin");
	TCase *tc = tcase_create("plugin");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_file_that_others_may_write_is_refused);
	tcase_add_test(tc, a_folder_in_which_others_may_replace_it_is_refused);
	tcase_add_test(tc, a_folder_of_root_is_left_to_root);
	tcase_add_test(tc, a_group_is_others);
	tcase_add_test(tc, what_belongs_to_somebody_else_is_refused);
	tcase_add_test(tc, links_are_followed_once);
	tcase_add_test(tc, folders_of_the_program_itself_are_no_further_risk);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
