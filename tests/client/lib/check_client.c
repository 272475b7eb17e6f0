/* The library against a daemon that misbehaves. */
#include "config.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/animeclient.h"
#include "scratch.h"

#define BYTES(text) (text), sizeof(text) - 1

/* A daemon of one connection in a child: reads a little, sends `reply` byte by byte, and closes. */
static pid_t fake_daemon(const char *path, const char *reply, size_t size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	pid_t pid = fork();
	if (pid != 0) {
		(void)close(listener);
		return pid;
	}
	char request[256];
	int fd = accept(listener, NULL, NULL);
	if (read(fd, request, sizeof request) <= 0)
		_exit(1);
	for (size_t i = 0; i < size; i++) {
		if (write(fd, reply + i, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static const struct {
	const char *reply;
	size_t size;
	enum animeclient_status status;
} replies[] = {
    {BYTES("\x94\1\1\xc0\x2a"), ANIMECLIENT_OK},
    {BYTES("\x94\1\1\x92\1\xa6"
	   "a: bcd\xc0"),
     ANIMECLIENT_REFUSED},
    {BYTES("\x94\1\1\x92\0\xa6"
	   "a: bcd\xc0"),
     ANIMECLIENT_FAILED},
    {BYTES("\x94\1\1\xc0"), ANIMECLIENT_BROKEN},
    {BYTES(""), ANIMECLIENT_BROKEN},
    {BYTES("\x94\1\2\xc0\x2a"), ANIMECLIENT_PROTOCOL}, /* another's reply */
    {BYTES("\xc1"), ANIMECLIENT_PROTOCOL},
    {BYTES("\x2a"), ANIMECLIENT_PROTOCOL},
    {BYTES("\xdb\xff\xff\xff\xff"), ANIMECLIENT_PROTOCOL},
};

START_TEST(library_takes_what_comes)
{
	const char *path = scratch_path("s");
	pid_t pid = fake_daemon(path, replies[_i].reply, replies[_i].size);
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;

	ck_assert_int_eq(animeclient_connect(path, &client, &err), 0);
	int status = animeclient_call(client, "x", NULL, 0, &result, &err);
	if (replies[_i].status == ANIMECLIENT_OK) {
		ck_assert_int_eq(status, 0);
		ck_assert_int_eq(result->via.i64, 42);
	} else {
		ck_assert_int_eq(status, -1);
		ck_assert_int_eq(err.status, replies[_i].status);
		ck_assert_ptr_null(result);
		ck_assert_uint_gt(strlen(err.text), 0);
	}
	animeclient_close(client);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(notifications_are_kept)
{
	static const char bytes[] = "\x93\2\xa1"
				    "a\x91\1" /* before the reply, */
				    "\x94\1\1\xc0\x2a"
				    "\x93\2\xa1"
				    "b\x91\2"; /* and after it */
	const char *path = scratch_path("s"), *method;
	pid_t pid = fake_daemon(path, bytes, sizeof bytes - 1);
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result, *params;

	ck_assert_int_eq(animeclient_connect(path, &client, &err), 0);
	ck_assert_int_ge(animeclient_fd(client), 0);
	ck_assert_int_eq(animeclient_next_notification(client, 0, &method, &params, &err), 0);
	ck_assert_int_eq(animeclient_call(client, "x", NULL, 0, &result, &err), 0);
	ck_assert_int_eq(result->via.i64, 42);
	ck_assert_int_eq(animeclient_next_notification(client, 0, &method, &params, &err), 1);
	ck_assert_str_eq(method, "a");
	ck_assert_int_eq(params->via.array.ptr[0].via.i64, 1);
	ck_assert_int_eq(animeclient_next_notification(client, -1, &method, &params, &err), 1);
	ck_assert_str_eq(method, "b");
	ck_assert_int_eq(params->via.array.ptr[0].via.i64, 2);
	ck_assert_int_eq(animeclient_next_notification(client, -1, &method, &params, &err), -1);
	ck_assert_int_eq(err.status, ANIMECLIENT_ENDED);
	ck_assert_int_eq(animeclient_next_notification(client, -1, &method, &params, &err), -1);
	ck_assert_int_eq(err.status, ANIMECLIENT_BROKEN);
	animeclient_close(client);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(nobody_there)
{
	struct animeclient *client;
	struct animeclient_error err;

	ck_assert_int_eq(animeclient_connect(scratch_path("none"), &client, &err), -1);
	ck_assert_int_eq(err.status, ANIMECLIENT_NO_DAEMON);
	ck_assert_ptr_null(client);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client");
	TCase *tc = tcase_create("client");

	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_loop_test(tc, library_takes_what_comes, 0, (int)(sizeof replies / sizeof *replies));
	tcase_add_test(tc, notifications_are_kept);
	tcase_add_test(tc, nobody_there);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
