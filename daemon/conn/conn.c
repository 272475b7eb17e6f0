/* conn.c - reads and processes the input of a connection, sends its output, pauses and closes it. */
#include "config.h"

#include "conn/conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

/* TURN is the cost of messages after which other clients get their turn.  The rest is the cost of one message. */
enum { TURN = 256, COST_QUICK = 1, COST_OTHER = 16 };

#define BUFFER_SIZE 4096

/* A buffer that is larger than this is freed when it is empty. */
#define BUFFER_KEEP 65536

static const struct conf_limits *limits_of(const struct conn *conn)
{
	return &conn->clients->conf->limits;
}

/* How many bytes of output the peer has not taken. */
static size_t pending(const struct conn *conn)
{
	return conn->out.bytes.size + uv_stream_get_write_queue_size((const uv_stream_t *)&conn->pipe);
}

/* Whether to process no input for now: the client has too many requests in flight, or does not read its answers. */
static bool paused(const struct conn *conn)
{
	return conn->in_flight >= limits_of(conn)->in_flight || pending(conn) > limits_of(conn)->output_bytes / 2;
}

size_t conn_event_room(const struct conn *conn)
{
	const struct conf_limits *limits = limits_of(conn);

	return limits->event_bytes < limits->output_bytes / 2 ? limits->event_bytes : limits->output_bytes / 2;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct conn *conn = handle->data;

	LIST_REMOVE(conn, link);
	message_reader_free(&conn->reader);
	packed_free(&conn->out);
	msgpack_sbuffer_destroy(&conn->writing);
	subscription_free(&conn->events);
	free(conn->in);
	free(conn);
}

void conn_close(struct conn *conn)
{
	if (conn->closed)
		return;
	conn->closed = true;
	conn->clients->n--;
	conn->clients->calls->closing(conn);
	uv_close((uv_handle_t *)&conn->pipe, on_closed);
}

void conn_drain(struct conn *conn)
{
	uv_os_fd_t fd;

	/* the loop still reads what has arrived, and then the end, as if the peer had closed */
	if (!conn->closed && uv_fileno((const uv_handle_t *)&conn->pipe, &fd) == 0)
		(void)shutdown(fd, SHUT_RD);
}

/* ---- output ---- */

static void keep_small(msgpack_sbuffer *buffer)
{
	if (buffer->alloc > BUFFER_KEEP) {
		msgpack_sbuffer_destroy(buffer); /* frees the data and does not reset the fields */
		msgpack_sbuffer_init(buffer);
	}
	msgpack_sbuffer_clear(buffer);
}

static void on_written(uv_write_t *write, int status)
{
	struct conn *conn = write->data;

	conn->write_busy = false;
	conn->events.writing = 0;
	keep_small(&conn->writing);
	if (status < 0) {
		conn_close(conn);
		return;
	}
	conn->last_active = uv_now(conn->clients->loop);
	subscription_catch_up(&conn->events, &conn->out, conn_event_room(conn));
	conn_process(conn);
}

/* Write the output.  Most peers take all of it at once; libuv writes later what a peer does not take. */
static void flush(struct conn *conn)
{
	if (conn->write_busy || conn->out.bytes.size == 0)
		return;
	uv_buf_t buffer = {.base = conn->out.bytes.data, .len = conn->out.bytes.size};
	const int taken = uv_try_write((uv_stream_t *)&conn->pipe, &buffer, 1);
	if (taken < 0 && taken != UV_EAGAIN) {
		conn_close(conn);
		return;
	}
	const size_t n = taken < 0 ? 0 : (size_t)taken;
	if (n == conn->out.bytes.size) {
		keep_small(&conn->out.bytes);
		conn->events.queued = 0;
		if (conn->events.lost > 0) {
			subscription_catch_up(&conn->events, &conn->out, conn_event_room(conn));
			flush(conn); /* recurses once: `lost` is 0 now, and the marker fits the socket's buffer */
		}
		return;
	}
	const msgpack_sbuffer out = conn->out.bytes;
	conn->out.bytes = conn->writing;
	conn->writing = out;
	conn->events.writing = conn->events.queued;
	conn->events.queued = 0;
	buffer = (uv_buf_t){.base = out.data + n, .len = out.size - n};
	if (uv_write(&conn->write, (uv_stream_t *)&conn->pipe, &buffer, 1, on_written) < 0) {
		conn_close(conn);
		return;
	}
	conn->write_busy = true;
}

/* ---- input ---- */

/* Move the input that is left to the beginning of the connection's own buffer, with room for `more` bytes after it.
 * Returns 0.  Returns -1 where memory is short. */
static int keep_input(struct conn *conn, size_t more)
{
	const size_t left = (size_t)(conn->end - conn->at);
	size_t size = conn->in_size ? conn->in_size : BUFFER_SIZE;

	while (size < left + more)
		size *= 2;
	const bool own = conn->in && conn->at >= conn->in && conn->at <= conn->in + conn->in_size;
	const size_t offset = own ? (size_t)(conn->at - conn->in) : 0;
	char *in = size > conn->in_size ? realloc(conn->in, size) : conn->in;
	if (!in)
		return -1;
	if (left > 0)
		memmove(in, own ? in + offset : conn->at, left);
	conn->in = in;
	conn->in_size = size;
	conn->at = in;
	conn->end = in + left;
	return 0;
}

/* Choose where to read.  Input is read into the buffer that all connections share, and whole messages are processed
 * there.  Only a connection that has the beginning of a message reads into a buffer of its own, behind it. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct conn *conn = handle->data;

	(void)suggested;
	if (conn->at == conn->end) {
		*buffer = (uv_buf_t){.base = conn->clients->input, .len = CONN_INPUT};
		return;
	}
	*buffer = (uv_buf_t){0};
	if (conn->end == conn->in + conn->in_size && keep_input(conn, 1) < 0)
		return;
	buffer->base = conn->in + (conn->end - conn->in);
	buffer->len = (size_t)(conn->in + conn->in_size - conn->end);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	struct conn *conn = stream->data;

	if (n == 0)
		return;
	if (n == UV_EOF) {
		conn->eof = true;
	} else if (n < 0) {
		if (n == UV_ENOBUFS)
			log_write(ANIMED_WARN, "client %llu: no memory for its message; let go",
				  (unsigned long long)conn->id);
		conn_close(conn);
		return;
	} else {
		if (conn->at == conn->end)
			conn->at = conn->end = buffer->base;
		conn->end += n;
		conn->last_active = uv_now(conn->clients->loop);
	}
	conn_process(conn);
}

static void listen_or_not(struct conn *conn)
{
	bool wanted = !conn->closed && !conn->eof && !conn->finishing && !conn->more;

	if (wanted && !conn->reading) {
		conn->reading = uv_read_start((uv_stream_t *)&conn->pipe, on_alloc, on_read) == 0;
		if (!conn->reading)
			conn_close(conn);
	} else if (!wanted && conn->reading && !conn->closed) {
		(void)uv_read_stop((uv_stream_t *)&conn->pipe);
		conn->reading = false;
	}
}

void conn_settle(struct conn *conn)
{
	if (!conn->closed && conn->out.broken) {
		/* before anything is sent: the output ends in the middle of an answer */
		log_write(ANIMED_ERROR, "client %llu: out of memory for an answer; let go",
			  (unsigned long long)conn->id);
		conn_close(conn);
	}
	if (!conn->closed)
		flush(conn);
	if (conn->closed)
		return;
	if (pending(conn) > limits_of(conn)->output_bytes) {
		log_write(ANIMED_WARN,
			  "client %llu: %zu bytes of answers that it does not read, more than "
			  "limits.output_bytes; let go",
			  (unsigned long long)conn->id, pending(conn));
		conn_close(conn);
		return;
	}
	if (pending(conn) == 0 && (conn->finishing || (conn->eof && !conn->more && conn->in_flight == 0))) {
		conn_close(conn);
		return;
	}
	if (conn->more && !conn->finishing && !paused(conn))
		conn->clients->wake(conn->clients);
	listen_or_not(conn);
}

/* Move input that is left out of the shared buffer, since the next read of another connection overwrites that.  Free an
 * empty buffer of its own where it is large. */
static void settle_input(struct conn *conn)
{
	if (conn->at == conn->end) {
		conn->at = conn->end = NULL;
		if (conn->in_size > BUFFER_KEEP) {
			free(conn->in);
			conn->in = NULL;
			conn->in_size = 0;
		}
	} else if (conn->at >= conn->clients->input && conn->at < conn->clients->input + CONN_INPUT &&
		   keep_input(conn, 0) < 0) {
		log_write(ANIMED_WARN, "client %llu: no memory for its message; let go", (unsigned long long)conn->id);
		conn_close(conn);
	}
}

/* ---- messages ---- */

/* Answer with the error, and close when it is sent, since it is unknown where the next message begins. */
static void give_up(struct conn *conn, uint32_t msgid, const struct rpc_error *err)
{
	log_write(ANIMED_DEBUG, "client %llu: %s; let go", (unsigned long long)conn->id, err->text);
	conn->clients->errors++;
	rpc_pack_error(&conn->out.packer, msgid, err);
	conn->finishing = true;
}

/* Process the next message of the input, which is not empty.  Returns its cost.  Returns 0 where the message is not
 * complete, or so bad that the connection has to end. */
static unsigned work_off_message(struct conn *conn)
{
	const struct conn_calls *calls = conn->clients->calls;
	const char *bytes = conn->at;
	const size_t size = (size_t)(conn->end - conn->at);
	const size_t quick = message_is_new(&conn->reader) ? calls->quick(conn, bytes, size) : 0;
	struct message message;
	struct rpc_error err;

	if (quick > 0) {
		conn->at += quick;
		return COST_QUICK;
	}
	switch (message_take(&conn->reader, bytes, size, &message, &err)) {
	case MESSAGE_MORE:
		return 0;
	case MESSAGE_BAD:
		give_up(conn, message.rpc.msgid, &err);
		return 0;
	case MESSAGE_TAKEN:
		break;
	}
	conn->at += message.size;
	if (message.rpc.type == RPC_REQUEST) /* no notification means anything to the daemon, so it is ignored */
		calls->call(conn, &message);
	return COST_OTHER;
}

void conn_process(struct conn *conn)
{
	unsigned turn = TURN;

	conn->more = false;
	while (!conn->closed && !conn->finishing && !conn->out.broken && conn->at < conn->end) {
		if (turn == 0 || paused(conn)) {
			conn->more = true;
			break;
		}
		const unsigned cost = work_off_message(conn);
		if (cost == 0)
			break;
		turn -= cost < turn ? cost : turn;
	}
	if (!conn->closed)
		settle_input(conn);
	if (!conn->more && !conn->closed && paused(conn))
		conn->more = true;
	conn_settle(conn);
}

void conn_answered(struct conn *conn)
{
	conn->in_flight--;
	conn->last_active = uv_now(conn->clients->loop);
	conn_process(conn);
}

/* ---- the beginning ---- */

struct conn *conn_new(struct clients *clients)
{
	struct conn *conn = calloc(1, sizeof *conn);

	if (!conn)
		return NULL;
	if (message_reader_init(&conn->reader, &clients->conf->limits) < 0) {
		free(conn);
		return NULL;
	}
	(void)uv_pipe_init(clients->loop, &conn->pipe, 0); /* cannot fail */
	conn->clients = clients;
	conn->pipe.data = conn;
	conn->write.data = conn;
	conn->id = ++clients->next_id;
	conn->last_active = uv_now(clients->loop);
	packed_init(&conn->out);
	msgpack_sbuffer_init(&conn->writing);
	LIST_INSERT_HEAD(&clients->list, conn, link);
	clients->n++;
	return conn;
}
