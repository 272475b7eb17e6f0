/* conn.c - the life of a connection: bytes in, answers out, pauses and the end. */
#include "config.h"

#include "conn/conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "conn/access.h"
#include "conn/message.h"
#include "methods/job.h"

/* What one client may cost before the others get their turn, see conn_message(). */
#define TURN        256

#define BUFFER_SIZE 4096

/* A larger buffer is given back once it is empty. */
#define BUFFER_KEEP 65536

static const struct conf_limits *limits_of(const struct conn *conn)
{
	return &conn->server->conf->limits;
}

/* Bytes of answers that the peer has not taken. */
static size_t pending(const struct conn *conn)
{
	return conn->out.size + uv_stream_get_write_queue_size((const uv_stream_t *)&conn->pipe);
}

/* A client that does not read its answers, or waits for too many, is not listened to. */
static bool paused(const struct conn *conn)
{
	return conn->in_flight >= limits_of(conn)->in_flight || pending(conn) > limits_of(conn)->output_bytes / 2;
}

static int write_out(void *data, const char *bytes, size_t length)
{
	struct conn *conn = data;

	if (length > 0 && msgpack_sbuffer_write(&conn->out, bytes, length) != 0) {
		conn->broken = true;
		return -1;
	}
	return 0;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct conn *conn = handle->data;

	if (conn->previous)
		conn->previous->next = conn->next;
	else
		conn->server->conns = conn->next;
	if (conn->next)
		conn->next->previous = conn->previous;
	msgpack_zone_destroy(&conn->zone);
	msgpack_sbuffer_destroy(&conn->out);
	msgpack_sbuffer_destroy(&conn->writing);
	free(conn->events.head);
	free(conn->in);
	free(conn);
}

void conn_close(struct conn *conn)
{
	if (conn->closed)
		return;
	conn->closed = true;
	conn->server->clients--;
	jobs_cancel(conn->server, conn->id);
	uv_close((uv_handle_t *)&conn->pipe, on_closed);
}

void conn_drain(struct conn *conn)
{
	uv_os_fd_t fd;

	/* what has arrived can still be read, then comes the end: the same way as when the peer closes */
	if (!conn->closed && uv_fileno((const uv_handle_t *)&conn->pipe, &fd) == 0)
		(void)shutdown(fd, SHUT_RD);
}

/* ---- output ---- */

static void keep_small(msgpack_sbuffer *buffer)
{
	if (buffer->alloc > BUFFER_KEEP) {
		msgpack_sbuffer_destroy(buffer); /* which leaves its fields as they are */
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
	conn->last_active = uv_now(&conn->server->loop);
	events_catch_up(conn);
	conn_process(conn);
}

/* Most peers take an answer at once; what one does not take libuv keeps trying. */
static void flush(struct conn *conn)
{
	if (conn->write_busy || conn->out.size == 0)
		return;
	uv_buf_t buffer = {.base = conn->out.data, .len = conn->out.size};
	const int taken = uv_try_write((uv_stream_t *)&conn->pipe, &buffer, 1);
	if (taken < 0 && taken != UV_EAGAIN) {
		conn_close(conn);
		return;
	}
	const size_t n = taken < 0 ? 0 : (size_t)taken;
	if (n == conn->out.size) {
		keep_small(&conn->out);
		conn->events.queued = 0;
		if (conn->events.lost > 0) {
			events_catch_up(conn);
			flush(conn); /* this once: the marker is short */
		}
		return;
	}
	msgpack_sbuffer out = conn->out;
	conn->out = conn->writing;
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

/* Move what is left to the beginning of the connection's own buffer, with room for `more` bytes behind. */
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

/* Whole messages are worked off where they were read, in a buffer that all connections use; only the beginning of one
 * that is not whole needs memory of its connection's own. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct conn *conn = handle->data;

	(void)suggested;
	if (conn->at == conn->end) {
		*buffer = (uv_buf_t){.base = conn->server->input, .len = SERVER_INPUT};
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
		conn->last_active = uv_now(&conn->server->loop);
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

/* Whatever was done with a connection, this brings its sending, reading and closing in line. */
void conn_settle(struct conn *conn)
{
	if (!conn->closed)
		flush(conn);
	if (conn->closed)
		return;
	if (conn->broken) {
		log_write(ANIMED_ERROR, "client %llu: out of memory for an answer; let go",
			  (unsigned long long)conn->id);
		conn_close(conn);
		return;
	}
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
		server_wake(conn->server);
	listen_or_not(conn);
}

/* Nothing that lies in the buffer of all may stay there. */
static void settle_input(struct conn *conn)
{
	if (conn->at == conn->end) {
		conn->at = conn->end = NULL;
		if (conn->in_size > BUFFER_KEEP) {
			free(conn->in);
			conn->in = NULL;
			conn->in_size = 0;
		}
	} else if (conn->at >= conn->server->input && conn->at < conn->server->input + SERVER_INPUT &&
		   keep_input(conn, 0) < 0) {
		log_write(ANIMED_WARN, "client %llu: no memory for its message; let go", (unsigned long long)conn->id);
		conn_close(conn);
	}
}

void conn_process(struct conn *conn)
{
	unsigned turn = TURN;

	conn->more = false;
	while (!conn->closed && !conn->finishing && !conn->broken && conn->at < conn->end) {
		if (turn == 0 || paused(conn)) {
			conn->more = true;
			break;
		}
		const unsigned cost = conn_message(conn);
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
	conn->last_active = uv_now(&conn->server->loop);
	conn_process(conn);
}

/* ---- the beginning ---- */

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

/* One client too many: its greeting is the error.  The few bytes fit the socket's buffer. */
static void refuse(struct server *server)
{
	uv_pipe_t *pipe = malloc(sizeof *pipe);
	struct rpc_error err;
	msgpack_sbuffer out;
	msgpack_packer packer;

	if (!pipe)
		return;
	if (uv_pipe_init(&server->loop, pipe, 0) < 0) {
		free(pipe);
		return;
	}
	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_BUSY,
		       "there are %u clients already, as many as limits.clients allows; try again later",
		       server->clients);
	rpc_pack_error(&packer, 0, &err);
	if (uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)pipe) == 0) {
		uv_buf_t buffer = {.base = out.data, .len = out.size};
		(void)uv_try_write((uv_stream_t *)pipe, &buffer, 1);
	}
	server->errors++;
	msgpack_sbuffer_destroy(&out);
	uv_close((uv_handle_t *)pipe, free_handle);
}

static void read_peer(struct conn *conn)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	uv_os_fd_t fd;

	conn->uid = (uid_t)-1; /* nobody: not permitted */
	if (uv_fileno((const uv_handle_t *)&conn->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return;
	conn->uid = peer.uid;
	conn->pid = peer.pid;
	conn->trusted = peer.uid == geteuid() || peer.uid == 0 ||
			(*conn->server->conf->group &&
			 (peer.gid == conn->server->group || access_in_groups(fd, conn->server->group)));
}

static struct conn *conn_new(struct server *server)
{
	struct conn *conn = calloc(1, sizeof *conn);

	if (!conn)
		return NULL;
	if (!msgpack_zone_init(&conn->zone, MSGPACK_ZONE_CHUNK_SIZE)) {
		free(conn);
		return NULL;
	}
	if (uv_pipe_init(&server->loop, &conn->pipe, 0) < 0) {
		msgpack_zone_destroy(&conn->zone);
		free(conn);
		return NULL;
	}
	conn->server = server;
	conn->pipe.data = conn;
	conn->write.data = conn;
	conn->id = ++server->next_conn;
	conn->last_active = uv_now(&server->loop);
	msgpack_sbuffer_init(&conn->out);
	msgpack_sbuffer_init(&conn->writing);
	msgpack_packer_init(&conn->packer, conn, write_out);
	conn_message_begin(conn);
	conn->next = server->conns;
	if (conn->next)
		conn->next->previous = conn;
	server->conns = conn;
	server->clients++;
	return conn;
}

void conn_accept(struct server *server)
{
	struct conn *conn = server->clients < server->conf->limits.clients ? conn_new(server) : NULL;

	if (!conn) {
		refuse(server);
		return;
	}
	if (uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&conn->pipe) < 0) {
		conn_close(conn);
		return;
	}
	read_peer(conn);
	listen_or_not(conn);
}

struct conn *conn_find(const struct server *server, uint64_t id)
{
	for (struct conn *conn = server->conns; conn; conn = conn->next) {
		if (conn->id == id)
			return conn->closed ? NULL : conn;
	}
	return NULL;
}
