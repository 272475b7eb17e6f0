/* echo.c - counts requests by their bytes, and writes prepared replies. */
#include "config.h"

#include "echo.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "load.h"

#define READ_SIZE 65536

/* The most replies in one write. */
#define AT_ONCE 64

struct echo {
	size_t request_size, reply_size;
	char *replies; /* AT_ONCE of them */
	char in[READ_SIZE];
};

struct peer {
	uv_pipe_t pipe;
	struct echo *echo;
	size_t rest; /* bytes of the last request, which is not complete */
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	(void)suggested;
	*buffer = uv_buf_init(((struct peer *)handle)->echo->in, READ_SIZE);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

static void on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write);
}

static void reply(struct peer *peer, size_t size)
{
	uv_buf_t buffer = uv_buf_init(peer->echo->replies, (unsigned)size);
	int n = uv_try_write((uv_stream_t *)&peer->pipe, &buffer, 1);

	if (n < 0 && n != UV_EAGAIN)
		return; /* the peer is gone; the next read reports it */
	if (n == UV_EAGAIN)
		n = 0;
	if ((size_t)n < size) {
		uv_write_t *write = malloc(sizeof *write);
		buffer.base += n;
		buffer.len -= (size_t)n;
		if (!write || uv_write(write, (uv_stream_t *)&peer->pipe, &buffer, 1, on_written) < 0)
			load_die("echo: cannot write");
	}
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	struct peer *peer = (struct peer *)stream;
	struct echo *echo = peer->echo;

	(void)buffer;
	if (n < 0) {
		uv_close((uv_handle_t *)stream, on_closed);
		return;
	}
	size_t requests = (peer->rest + (size_t)n) / echo->request_size;
	peer->rest = (peer->rest + (size_t)n) % echo->request_size;
	while (requests > 0) {
		const size_t now = requests < AT_ONCE ? requests : AT_ONCE;
		reply(peer, now * echo->reply_size);
		requests -= now;
	}
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct peer *peer = calloc(1, sizeof *peer);

	if (status < 0 || !peer || uv_pipe_init(listener->loop, &peer->pipe, 0) < 0 ||
	    uv_accept(listener, (uv_stream_t *)&peer->pipe) < 0)
		load_die("echo: cannot accept");
	peer->echo = listener->data;
	(void)uv_read_start((uv_stream_t *)&peer->pipe, on_alloc, on_read);
}

void echo_serve(const char *socket, size_t request_size, size_t reply_size, int ready)
{
	struct echo *echo = calloc(1, sizeof *echo);
	uv_pipe_t listener;
	uv_loop_t loop;

	if (!echo)
		load_die("out of memory");
	(void)signal(SIGPIPE, SIG_IGN);
	echo->request_size = request_size;
	echo->reply_size = reply_size;
	echo->replies = calloc(AT_ONCE, reply_size);
	if (!echo->replies || uv_loop_init(&loop) < 0 || uv_pipe_init(&loop, &listener, 0) < 0 ||
	    uv_pipe_bind(&listener, socket) < 0 || uv_listen((uv_stream_t *)&listener, 128, on_connection) < 0)
		load_die("echo: cannot listen on %s", socket);
	listener.data = echo;
	if (write(ready, "", 1) != 1)
		load_die("echo: nobody waits for it");
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	exit(EXIT_SUCCESS);
}
