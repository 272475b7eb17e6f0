/* retrain-child.c - starts the process of a training, reads what it sends, and notices its end. */
#include "config.h"

#include "control/retrain-child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { STREAM_FD = 3, LINE = 2048, LAST_ERROR = 512 };

/* The line of a stream that is not complete yet. */
struct lines {
	char text[LINE];
	size_t n;
};

enum { OUT, ERR, STREAM, PIPES };

struct retrain_child {
	uv_process_t process;
	const struct retrain_child_calls *calls;
	void *ctx; /* for the calls */
	uv_pipe_t pipes[PIPES];
	char buffer[65536]; /* for all pipes: libuv reads one at a time, and its bytes are used at once */
	struct lines lines[STREAM];
	msgpack_unpacker unpacker;
	char last_error[LAST_ERROR];
	bool has_error; /* last_error is an error, and not only the last line */
	unsigned open;  /* handles that are not closed yet */
	bool deaf;      /* further bytes of the stream are ignored */
};

/* ---- its log ---- */

static void log_line(struct retrain_child *child, const char *line)
{
	const enum animed_level level = log_read(&line);

	/* until an error comes keep the last line: what the process prints of a faulty configuration has no level */
	if (level == ANIMED_ERROR || !child->has_error)
		(void)snprintf(child->last_error, sizeof child->last_error, "%s", line);
	child->has_error |= level == ANIMED_ERROR;
	log_write(level, "train: %s", line);
}

static void take_lines(struct retrain_child *child, struct lines *lines, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n' && lines->n < LINE - 1) {
			lines->text[lines->n++] = bytes[i] ? bytes[i] : ' ';
			continue;
		}
		lines->text[lines->n] = '\0';
		if (lines->n > 0)
			log_line(child, lines->text);
		lines->n = 0;
		if (bytes[i] != '\n')
			lines->text[lines->n++] = bytes[i];
	}
}

/* ---- its stream ---- */

static void turn_deaf(struct retrain_child *child, const char *why)
{
	child->deaf = true;
	log_write(ANIMED_ERROR, "train: %s", why);
	child->calls->lost(child->ctx, why);
}

static void take_stream(struct retrain_child *child, const char *bytes, size_t n)
{
	struct progress_message message;
	msgpack_unpacked unpacked;
	msgpack_unpack_return status;

	if (child->deaf)
		return;
	if (!msgpack_unpacker_reserve_buffer(&child->unpacker, n)) {
		turn_deaf(child, "out of memory for what the training tells");
		return;
	}
	memcpy(msgpack_unpacker_buffer(&child->unpacker), bytes, n);
	msgpack_unpacker_buffer_consumed(&child->unpacker, n);
	msgpack_unpacked_init(&unpacked);
	while ((status = msgpack_unpacker_next(&child->unpacker, &unpacked)) == MSGPACK_UNPACK_SUCCESS) {
		if (progress_stream_decode(&unpacked.data, &message))
			child->calls->told(child->ctx, &message);
	}
	if (status == MSGPACK_UNPACK_NOMEM_ERROR)
		turn_deaf(child, "out of memory for what the training tells");
	else if (status != MSGPACK_UNPACK_CONTINUE)
		turn_deaf(child, "what the training tells cannot be understood");
	msgpack_unpacked_destroy(&unpacked);
}

static void take(struct retrain_child *child, const uv_pipe_t *pipe, size_t n)
{
	const ptrdiff_t which = pipe - child->pipes;

	if (which == STREAM)
		take_stream(child, child->buffer, n);
	else
		take_lines(child, &child->lines[which], child->buffer, n);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct retrain_child *child = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(child->buffer, sizeof child->buffer);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	(void)buffer;
	if (n > 0)
		take(stream->data, (const uv_pipe_t *)stream, (size_t)n);
	else if (n < 0)
		(void)uv_read_stop(stream);
}

/* ---- its end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct retrain_child *child = handle->type == UV_PROCESS ? (struct retrain_child *)handle : handle->data;

	if (--child->open > 0)
		return;
	msgpack_unpacker_destroy(&child->unpacker);
	free(child);
}

static void close_all(struct retrain_child *child)
{
	for (int i = 0; i < PIPES; i++)
		uv_close((uv_handle_t *)&child->pipes[i], on_closed);
	uv_close((uv_handle_t *)&child->process, on_closed);
}

/* Read what the process has written before it ended, which is in its pipes.  Do not wait for the end of the stream,
 * since a process that it has left behind may hold the pipe open. */
static void drain(struct retrain_child *child, uv_pipe_t *pipe)
{
	uv_os_fd_t fd;
	ssize_t n;

	if (uv_fileno((const uv_handle_t *)pipe, &fd) < 0)
		return;
	while ((n = read(fd, child->buffer, sizeof child->buffer)) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			take(child, pipe, (size_t)n);
	}
}

static void on_exit_status(uv_process_t *process, int64_t exit_status, int signal)
{
	struct retrain_child *child = (struct retrain_child *)process;

	for (int i = 0; i < PIPES; i++)
		drain(child, &child->pipes[i]);
	for (int i = 0; i < STREAM; i++)
		take_lines(child, &child->lines[i], "\n", 1);
	child->calls->ended(child->ctx, exit_status, signal, child->last_error);
	close_all(child);
}

/* ---- its beginning ---- */

static struct retrain_child *child_new(uv_loop_t *loop)
{
	struct retrain_child *child = calloc(1, sizeof *child);

	if (!child)
		return NULL;
	if (!msgpack_unpacker_init(&child->unpacker, MSGPACK_UNPACKER_INIT_BUFFER_SIZE)) {
		free(child);
		return NULL;
	}
	for (int i = 0; i < PIPES; i++) {
		(void)uv_pipe_init(loop, &child->pipes[i], 0); /* cannot fail */
		child->pipes[i].data = child;
	}
	child->open = PIPES + 1;
	return child;
}

struct retrain_child *retrain_child_start(const struct conf *conf, uv_loop_t *loop,
					  const struct retrain_child_calls *calls, void *ctx, struct animed_error *err)
{
	char name[] = "animed", option[] = "-c", command[] = "train", as_child[] = "--child", descriptor[] = "3";
	char *with_file[] = {name, option, conf->file, command, as_child, descriptor, NULL};
	char *without[] = {name, command, as_child, descriptor, NULL};
	struct retrain_child *child = child_new(loop);
	uv_stdio_container_t stdio[STREAM_FD + 1] = {{.flags = UV_IGNORE}};
	/* /proc/self/exe is the running program, even where its file was replaced meanwhile.  Every descriptor of the
	 * daemon, the socket above all, is marked to be closed in the new process */
	const uv_process_options_t options = {.file = "/proc/self/exe",
					      .args = conf->file ? with_file : without,
					      .exit_cb = on_exit_status,
					      .stdio = stdio,
					      .stdio_count = STREAM_FD + 1};

	if (!child) {
		(void)animed_fail(err, "out of memory");
		return NULL;
	}
	child->calls = calls;
	child->ctx = ctx;
	for (int i = 0; i < PIPES; i++) {
		stdio[i + 1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
		stdio[i + 1].data.stream = (uv_stream_t *)&child->pipes[i];
	}
	const int rc = uv_spawn(loop, &child->process, &options);
	if (rc < 0) {
		(void)animed_fail(err, "the training's process cannot be started: %s", uv_strerror(rc));
		close_all(child);
		return NULL;
	}
	for (int i = 0; i < PIPES; i++)
		(void)uv_read_start((uv_stream_t *)&child->pipes[i], on_alloc, on_read);
	return child;
}

long retrain_child_pid(const struct retrain_child *child)
{
	return child->process.pid;
}

void retrain_child_kill(struct retrain_child *child, int signal)
{
	(void)uv_process_kill(&child->process, signal);
}
