/* Tests the client library with a daemon that misbehaves. */
#include "config.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/animeclient.h"
#include "scratch.h"

#define BYTES(text) (text), sizeof(text) - 1

/* Start a daemon in a child process.  It accepts one connection, reads a little, sends `reply` byte by byte, and ends.
 * Returns the id of the process. */
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
    {BYTES("\x94\1\2\xc0\x2a"), ANIMECLIENT_PROTOCOL}, /* the reply to another request */
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
				    "a\x91\1" /* one before the reply */
				    "\x94\1\1\xc0\x2a"
				    "\x93\2\xa1"
				    "b\x91\2"; /* one after it */
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

/* Listen at `path` as the user `uid`, in a child process.  Its exit status is 0 where it was sent something, and 1
 * where it was not.  Returns the id of the process. */
static pid_t listen_as(const char *path, uid_t uid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), ready[2];
	char byte;

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		/* a client sees the credentials of the process that called listen() */
		if ((uid != geteuid() && setuid(uid) != 0) || listen(listener, 1) != 0 || write(ready[1], "", 1) != 1)
			_exit(2);
		int fd = accept(listener, NULL, NULL);
		_exit(read(fd, &byte, 1) == 1 ? 0 : 1);
	}
	(void)close(listener);
	(void)close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	return pid;
}

static int exit_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The client sends nothing to a daemon of another user at the default path, unless the path was given to it. */
START_TEST(stranger_at_the_default_path)
{
	const uid_t uid = _i == 0 || geteuid() != 0 ? geteuid() : 65534; /* only root can become another user */
	const bool stranger = uid != geteuid(), named = _i == 2;
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;
	char path[108]; /* as long as the path of a socket can be */

	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", scratch_path("run"), 1), 0);
	(void)unsetenv("ANIMED_SOCK");
	ck_assert_int_eq(mkdir(scratch_path("run"), 0700), 0);
	ck_assert_int_eq(mkdir(scratch_path("run/animed"), 0700), 0);
	animeclient_socket_path(NULL, path, sizeof path);
	ck_assert_str_eq(path, scratch_path("run/animed/animed.sock"));
	pid_t pid = listen_as(path, uid);
	if (named)
		ck_assert_int_eq(setenv("ANIMED_SOCK", path, 1), 0);
	const int status = animeclient_connect(NULL, &client, &err);
	if (stranger && !named) {
		ck_assert_int_eq(status, -1);
		ck_assert_ptr_null(client);
		ck_assert_int_eq(err.status, ANIMECLIENT_CANNOT_CONNECT);
		ck_assert_ptr_nonnull(strstr(err.text, "runs as user 65534"));
		ck_assert_ptr_nonnull(strstr(err.text, path));
		ck_assert_int_eq(exit_of(pid), 1);
	} else {
		ck_assert_msg(status == 0, "%s", err.text);
		ck_assert_int_eq(animeclient_call(client, "x", NULL, 0, &result, &err), -1);
		ck_assert_int_eq(exit_of(pid), 0);
	}
	animeclient_close(client);
	(void)unsetenv("ANIMED_SOCK");
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
	tcase_add_loop_test(tc, stranger_at_the_default_path, 0, 3);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
