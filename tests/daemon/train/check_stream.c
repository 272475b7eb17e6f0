/* Tests what a training sends to the daemon, however few bytes one write() takes.  The linker replaces write() by the
 * one in this file (see Makefile.am). */
#include "config.h"

#include "train/progress-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "scratch.h"

/* ---- a write() that takes few bytes and is interrupted ---- */

static size_t most; /* bytes that one write takes; 0: all */
static bool interrupted;

ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	if (most == 0)
		return __real_write(fd, bytes, size);
	interrupted = !interrupted;
	if (interrupted) {
		errno = EINTR;
		return -1;
	}
	return __real_write(fd, bytes, size < most ? size : most);
}

static int ends[2];
static struct progress_stream stream;

static void setup(void)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	stream = (struct progress_stream){.fd = ends[1]};
}

static void teardown(void)
{
	most = 0;
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* ---- the daemon's end ---- */

static msgpack_unpacked unpacked;

/* Decode all messages that were sent, which must be complete.  Returns their number. */
static size_t take_all(struct progress_message *messages, size_t room)
{
	static char bytes[2 * PATH_MAX];
	const ssize_t size = read(ends[0], bytes, sizeof bytes);
	size_t at = 0, n = 0;

	ck_assert_int_gt(size, 0);
	msgpack_unpacked_init(&unpacked);
	while (at < (size_t)size) {
		ck_assert_uint_lt(n, room);
		ck_assert_int_eq(msgpack_unpack_next(&unpacked, bytes, (size_t)size, &at), MSGPACK_UNPACK_SUCCESS);
		ck_assert(progress_stream_decode(&unpacked.data, &messages[n++]));
	}
	return n;
}

static const size_t writes[] = {0, 1, 7, 100};

START_TEST(progress_arrives)
{
	const struct animed_progress sent = {.epoch = 2,
					     .epochs = 5,
					     .epoch_done = true,
					     .fraction = 1,
					     .train_loss = 1.5,
					     .valid_loss = NAN,
					     .seconds = 0.25};
	struct progress_message message;

	most = writes[_i];
	progress_stream_tell(&stream, &sent);
	ck_assert(!atomic_load(&stream.broken));
	ck_assert_uint_eq(take_all(&message, 1), 1);
	ck_assert_uint_eq(message.model, 0);
	ck_assert_int_eq(message.progress.epoch, 2);
	ck_assert_int_eq(message.progress.epochs, 5);
	ck_assert(message.progress.epoch_done);
	ck_assert_double_eq(message.progress.train_loss, 1.5);
	ck_assert(isnan(message.progress.valid_loss));
	ck_assert_double_eq(message.progress.seconds, 0.25);
	msgpack_unpacked_destroy(&unpacked);
}
END_TEST

/* The path is longer than what a pipe takes in one piece. */
START_TEST(a_long_store_arrives)
{
	char store[PATH_MAX];
	struct progress_message message;

	memset(store, 'm', sizeof store);
	store[0] = '/';
	store[sizeof store - 1] = '\0';
	most = writes[_i];
	progress_stream_model(&stream, store, 12);
	ck_assert_uint_eq(take_all(&message, 1), 1);
	ck_assert_uint_eq(message.model, 12);
	ck_assert_uint_eq(message.store_length, strlen(store));
	ck_assert_mem_eq(message.store, store, strlen(store));
	msgpack_unpacked_destroy(&unpacked);
}
END_TEST

/* The end of each epoch is told, however fast epochs follow each other. */
START_TEST(every_end_of_an_epoch_is_told)
{
	struct animed_progress now = {.epochs = 20, .epoch_done = true};
	struct progress_message messages[20];

	for (now.epoch = 1; now.epoch <= 20; now.epoch++)
		progress_stream_tell(&stream, &now);
	ck_assert_uint_eq(take_all(messages, 20), 20);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(messages[i].progress.epoch, i + 1);
	msgpack_unpacked_destroy(&unpacked);
}
END_TEST

START_TEST(a_daemon_that_is_gone_is_noticed)
{
	const struct animed_progress now = {.epoch = 1, .epochs = 1, .epoch_done = true};

	(void)signal(SIGPIPE, SIG_IGN);
	(void)close(ends[0]);
	progress_stream_tell(&stream, &now);
	ck_assert(atomic_load(&stream.broken));
	stream = (struct progress_stream){.fd = -1};
	progress_stream_tell(&stream, &now);
	progress_stream_model(&stream, "/store", 1);
	ck_assert(!atomic_load(&stream.broken));
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stream");
	TCase *tc = tcase_create("stream");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, progress_arrives, 0, 4);
	tcase_add_loop_test(tc, a_long_store_arrives, 0, 4);
	tcase_add_test(tc, every_end_of_an_epoch_is_told);
	tcase_add_test(tc, a_daemon_that_is_gone_is_noticed);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
