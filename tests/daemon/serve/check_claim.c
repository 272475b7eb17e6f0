/* check_claim.c - tests that each socket has one daemon at most, and which directories are safe for a socket. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "serve/claim.h"

static char path[128];
static struct server_claim claim;
static struct animed_error err;

static void setup(void)
{
	scratch_open();
	(void)snprintf(path, sizeof path, "%s/a/b/sock", scratch);
}

static void refused(const char *socket_path, const char *part)
{
	ck_assert_int_eq(server_claim(socket_path, &claim, &err), -1);
	ck_assert_msg(strstr(err.text, part) != NULL, "\"%s\" is not in \"%s\"", part, err.text);
	ck_assert_int_eq(claim.lock, -1);
	server_release(&claim); /* does nothing, since nothing is claimed */
}

START_TEST(test_claim_makes_directories)
{
	struct stat st;
	char parent[192];

	ck_assert_msg(server_claim(path, &claim, &err) == 0, "%s", err.text);
	for (const char *const *name = (const char *const[]){"a", "a/b", NULL}; *name; name++) {
		(void)snprintf(parent, sizeof parent, "%s/%s", scratch, *name);
		ck_assert_int_eq(stat(parent, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0700);
	}
	server_release(&claim);
	(void)snprintf(parent, sizeof parent, "%s.lock", path);
	ck_assert_int_ne(access(parent, F_OK), 0);
}
END_TEST

START_TEST(test_claim_is_exclusive)
{
	struct server_claim second;
	char pid[32];

	ck_assert_int_eq(server_claim(path, &claim, &err), 0);
	ck_assert_int_eq(server_claim(path, &second, &err), -1);
	(void)snprintf(pid, sizeof pid, "pid %ld ", (long)getpid());
	ck_assert_ptr_nonnull(strstr(err.text, pid));
	server_release(&claim);
	ck_assert_int_eq(server_claim(path, &claim, &err), 0);
	server_release(&claim);
}
END_TEST

START_TEST(test_claim_removes_stale_socket)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(path, sizeof path, "%s/sock", scratch);
	memcpy(address.sun_path, path, strlen(path));
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
	close(fd);
	ck_assert_int_eq(server_claim(path, &claim, &err), 0);
	ck_assert_int_ne(access(path, F_OK), 0);
	server_release(&claim);
}
END_TEST

START_TEST(test_claim_keeps_other_files)
{
	(void)snprintf(path, sizeof path, "%s/sock", scratch);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	(void)fclose(file);
	refused(path, "is not a socket");
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert_int_eq(remove(path), 0);
	ck_assert_int_eq(symlink("/nowhere", path), 0);
	refused(path, "is not a socket");
}
END_TEST

START_TEST(test_claim_refuses_open_directory)
{
	(void)snprintf(path, sizeof path, "%s/sock", scratch);
	ck_assert_int_eq(chmod(scratch, 0777), 0);
	refused(path, "chmod 700");
	ck_assert_int_eq(chmod(scratch, 0770), 0);
	refused(path, "chmod 700");
	ck_assert_int_eq(chmod(scratch, 01777), 0); /* ours, and sticky: others cannot replace our files in it */
	ck_assert_int_eq(server_claim(path, &claim, &err), 0);
	server_release(&claim);
}
END_TEST

/* Nobody is told to change the mode of a directory that is not theirs, such as /tmp. */
START_TEST(test_claim_leaves_foreign_directories)
{
	if (!scratch_is_for_others())
		SKIP("it takes root to be somebody else, and a TMPDIR that others may enter");
	(void)snprintf(path, sizeof path, "%s/sock", scratch);
	ck_assert_int_eq(chmod(scratch, 01777), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	refused(path, "mode 1777); set `socket` to a path in a directory of your own");
	ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(test_claim_refuses_paths)
{
	char longer[256];

	refused("animed.sock", "not absolute");
	refused("", "not absolute");
	(void)snprintf(longer, sizeof longer, "%s/%0100d", scratch, 0);
	refused(longer, "shorter");
	refused("/dev/null/x", "/dev/null");
}
END_TEST

static Suite *claim_suite(void)
{
	Suite *suite = suite_create("claim");
	TCase *tcase = tcase_create("claim");

	tcase_add_checked_fixture(tcase, setup, scratch_close);
	tcase_add_test(tcase, test_claim_makes_directories);
	tcase_add_test(tcase, test_claim_is_exclusive);
	tcase_add_test(tcase, test_claim_removes_stale_socket);
	tcase_add_test(tcase, test_claim_keeps_other_files);
	tcase_add_test(tcase, test_claim_refuses_open_directory);
	tcase_add_test(tcase, test_claim_leaves_foreign_directories);
	tcase_add_test(tcase, test_claim_refuses_paths);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return run_suite(claim_suite());
}
