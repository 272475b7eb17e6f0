/* Tests who may change what the daemon serves: its own user, root, and the group of the configuration. */
#include "config.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conn/access.h"
#include "scratch.h"
#include "server-fixture.h"

START_TEST(test_not_permitted)
{
	char dir[96];

	if (!scratch_is_for_others())
		SKIP("it takes root to be somebody else, and a TMPDIR that others may enter");
	daemon_start();
	(void)snprintf(dir, sizeof dir, "%s/run", scratch);
	ck_assert_int_eq(chmod(scratch, 0755), 0);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(fixture.socket, 0666), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	ask_fails("reload", "[]", 1, RPC_NOT_PERMITTED, "65534");
	serves();
	ck_assert_int_eq(seteuid(0), 0);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_group)
{
	static char staff[] = "staff";
	const struct group *group = getgrnam(staff);
	char dir[96];
	struct stat st;

	if (!scratch_is_for_others() || !group)
		SKIP("it takes root, a TMPDIR that others may enter, and the group staff");
	const gid_t gid = group->gr_gid;
	fixture.conf.group = staff;
	daemon_start();
	(void)snprintf(dir, sizeof dir, "%s/run", scratch);
	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0710);
	ck_assert_uint_eq(st.st_gid, gid);
	ck_assert_int_eq(stat(fixture.socket, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	ck_assert_uint_eq(st.st_gid, gid);
	ck_assert_int_eq(chmod(scratch, 0755), 0);
	/* permitted by a supplementary group */
	ck_assert_int_eq(setgroups(1, &gid), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	json_decref(ask("reload", "[]"));
	json_t *hello = ask("hello", "[]");
	ck_assert(json_is_true(json_object_get(hello, "permitted")));
	json_decref(hello);
	ck_assert_int_eq(seteuid(0), 0);
	/* permitted by the effective group */
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setegid(gid), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	json_decref(ask("reload", "[]"));
	ck_assert_int_eq(seteuid(0), 0);
	/* not permitted: in no such group */
	ck_assert_int_eq(setegid(65534), 0);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(fixture.socket, 0666), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	ask_fails("reload", "[]", 1, RPC_NOT_PERMITTED, "and the group staff");
	ask_fails("unpin", "[]", 1, RPC_NOT_PERMITTED, "65534");
	ask_fails("retrain", "[]", 1, RPC_NOT_PERMITTED, "65534");
	ask_fails("cancel", "[]", 1, RPC_NOT_PERMITTED, "65534");
	json_decref(ask("models", "[]"));
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_find_group)
{
	const struct group *own = getgrgid(getegid());
	struct animed_error err;
	gid_t gid;

	ck_assert_int_eq(access_find_group("no-such-group", &gid, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no group \"no-such-group\" was found; create it"));
	if (!own)
		SKIP("the user's group has no name");
	ck_assert_int_eq(access_find_group(own->gr_name, &gid, &err), 0);
	ck_assert_uint_eq(gid, getegid());
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("access");
	TCase *tc = tcase_create("access");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_not_permitted);
	tcase_add_test(tc, test_group);
	tcase_add_test(tc, test_find_group);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
