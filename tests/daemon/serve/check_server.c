/* Tests how the daemon starts and stops. */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "serve/claim.h"
#include "server-fixture.h"

START_TEST(test_stop_answers)
{
	msgpack_sbuffer out;

	daemon_start();
	struct client *client = client_open();
	client_send(client, 1000, "show", "[1]");
	json_decref(expect_result(client_receive(client), 1000));
	msgpack_sbuffer_init(&out);
	for (uint32_t i = 0; i < 200; i++)
		pack_request(&out, i, "show", "[1]");
	client_write(client, out.data, out.size);
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	for (uint32_t i = 0; i < 200; i++)
		json_decref(expect_result(client_receive(client), i));
	expect_end(client);
	ck_assert_int_eq(daemon_wait(), 0);
	msgpack_sbuffer_destroy(&out);
	client_close(client);
}
END_TEST

START_TEST(test_stop_during_reload)
{
	fixture.gated = true;
	daemon_start();
	(void)fixture_write_model("plain", false);
	struct client *client = begin_reload();
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	open_gate(1);
	end_reload(client, 2);
	ck_assert_int_eq(daemon_wait(), 0);
	ck_assert_int_ne(access(fixture.socket, F_OK), 0);
}
END_TEST

/* A second signal ends the daemon at once, even where a client never reads its answers. */
START_TEST(test_stop_twice)
{
	fixture.conf.limits.output_bytes = 65536;
	daemon_start();
	struct client *client = client_open();
	(void)flood(client);
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	expect_notice("STOPPING=1");
	ck_assert_int_eq(kill(fixture.pid, SIGINT), 0);
	ck_assert_int_eq(daemon_wait(), 0);
	client_close(client);
}
END_TEST

START_TEST(test_files_of_the_daemon)
{
	char lock[128];
	struct stat st;

	daemon_start();
	(void)snprintf(lock, sizeof lock, "%s.lock", fixture.socket);
	ck_assert_int_eq(lstat(fixture.socket, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(lstat(lock, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(daemon_stop(), 0);
	ck_assert_int_ne(lstat(fixture.socket, &st), 0);
	ck_assert_int_ne(lstat(lock, &st), 0);
}
END_TEST

START_TEST(test_killed_and_started_again)
{
	daemon_start();
	ck_assert_int_eq(kill(fixture.pid, SIGKILL), 0);
	int status;
	ck_assert_int_eq(waitpid(fixture.pid, &status, 0), fixture.pid);
	ck_assert_int_eq(access(fixture.socket, F_OK), 0);
	daemon_start();
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

START_TEST(test_second_daemon)
{
	struct server_claim claim;
	struct animed_error err;
	char pid[32];

	daemon_start();
	ck_assert_int_eq(server_claim(fixture.socket, &claim, &err), -1);
	(void)snprintf(pid, sizeof pid, "pid %ld ", (long)fixture.pid);
	ck_assert_ptr_nonnull(strstr(err.text, pid));
	ck_assert_ptr_nonnull(strstr(err.text, fixture.socket));
	serves();
	ck_assert_int_eq(daemon_stop(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("server");
	TCase *tc = tcase_create("server");

	tcase_add_checked_fixture(tc, fixture_setup_served, fixture_teardown);
	tcase_add_test(tc, test_stop_answers);
	tcase_add_test(tc, test_stop_during_reload);
	tcase_add_test(tc, test_stop_twice);
	tcase_add_test(tc, test_files_of_the_daemon);
	tcase_add_test(tc, test_killed_and_started_again);
	tcase_add_test(tc, test_second_daemon);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
