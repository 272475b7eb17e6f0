/* clients.c - accepts clients, gives them turns, and closes silent ones. */
#include "config.h"

#include "conn/clients.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "conn/access.h"

#define LISTEN_BACKLOG 128

/* How many descriptors the daemon may have open at once beside those of its clients. */
#define OWN_DESCRIPTORS 64

/* ---- accepting ---- */

static void accept_client(struct clients *clients);

static void on_refused(uv_handle_t *handle)
{
	struct clients *clients = handle->data;
	const bool waits = clients->refusal_waits;

	clients->refusing = clients->refusal_waits = false;
	if (waits && !uv_is_closing((uv_handle_t *)&clients->listener))
		accept_client(clients);
}

/* Accept a connection only to tell the client why it is refused.  The few bytes fit into the buffer of the socket.
 * libuv takes no further connection until this one is accepted, so refusals come one after the other, share one handle
 * and need no memory for it. */
static void refuse(struct clients *clients, const struct rpc_error *err)
{
	uv_stream_t *stream = (uv_stream_t *)&clients->refused;
	struct packed out;

	if (clients->refusing) {
		clients->refusal_waits = true;
		return;
	}
	clients->refusing = true;
	clients->errors++;
	(void)uv_pipe_init(clients->loop, &clients->refused, 0); /* cannot fail */
	clients->refused.data = clients;
	packed_init(&out);
	rpc_pack_error(&out.packer, 0, err);
	if (uv_accept((uv_stream_t *)&clients->listener, stream) == 0 && !out.broken) {
		uv_buf_t buffer = {.base = out.bytes.data, .len = out.bytes.size};
		(void)uv_try_write(stream, &buffer, 1);
	}
	packed_free(&out);
	uv_close((uv_handle_t *)stream, on_refused);
}

static void read_peer(struct conn *conn)
{
	const struct clients *clients = conn->clients;
	struct ucred peer;
	socklen_t size = sizeof peer;
	uv_os_fd_t fd;

	conn->uid = (uid_t)-1; /* no user, and so not trusted */
	if (uv_fileno((const uv_handle_t *)&conn->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return;
	conn->uid = peer.uid;
	conn->pid = peer.pid;
	conn->trusted = peer.uid == geteuid() || peer.uid == 0 ||
			(*clients->conf->group && (peer.gid == clients->group || access_in_groups(fd, clients->group)));
}

static void accept_client(struct clients *clients)
{
	struct rpc_error err;

	if (clients->n >= clients->conf->limits.clients) {
		(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_BUSY,
			       "there are %u clients already, as many as limits.clients allows; try again later",
			       clients->n);
		refuse(clients, &err);
		return;
	}
	struct conn *conn = conn_new(clients);
	if (!conn) {
		(void)rpc_fail(&err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory for one more client");
		refuse(clients, &err);
		return;
	}
	if (uv_accept((uv_stream_t *)&clients->listener, (uv_stream_t *)&conn->pipe) < 0) {
		conn_close(conn);
		return;
	}
	read_peer(conn);
	conn_settle(conn);
}

static void on_connection(uv_stream_t *listener, int status)
{
	if (status < 0)
		log_write(ANIMED_WARN, "a client could not be accepted: %s", uv_strerror(status));
	else
		accept_client(listener->data);
}

/* ---- all clients ---- */

static void on_sweep(uv_timer_t *timer)
{
	struct clients *clients = timer->data;
	const unsigned idle_seconds = clients->conf->limits.idle_seconds;
	const uint64_t now = uv_now(clients->loop);
	struct conn *conn;

	LIST_FOREACH (conn, &clients->list, link) {
		/* a subscriber may wait for any time, however long nothing happens */
		if (conn->closed || conn->in_flight > 0 || conn->events.wanted != 0 ||
		    now - conn->last_active < (uint64_t)idle_seconds * 1000)
			continue;
		log_write(ANIMED_DEBUG, "client %llu: silent for %u s; let go", (unsigned long long)conn->id,
			  idle_seconds);
		conn_close(conn);
	}
}

/* Give each client with unread input one turn; new input is read in between. */
static void on_backlog(uv_idle_t *idle)
{
	struct clients *clients = idle->data;
	struct conn *conn;

	(void)uv_idle_stop(idle); /* conn_process() wakes it again for a client that is not done */
	LIST_FOREACH (conn, &clients->list, link) {
		if (conn->more && !conn->closed)
			conn_process(conn);
	}
}

static void wake(struct clients *clients)
{
	(void)uv_idle_start(&clients->backlog, on_backlog);
}

struct conn *clients_find(const struct clients *clients, uint64_t id)
{
	struct conn *conn;

	LIST_FOREACH (conn, &clients->list, link) {
		if (conn->id == id)
			return conn->closed ? NULL : conn;
	}
	return NULL;
}

unsigned clients_subscribed(const struct clients *clients)
{
	const struct conn *conn;
	unsigned n = 0;

	LIST_FOREACH (conn, &clients->list, link)
		n += !conn->closed && conn->events.wanted != 0;
	return n;
}

void clients_drain(struct clients *clients)
{
	struct conn *conn;

	if (!uv_is_closing((uv_handle_t *)&clients->listener))
		uv_close((uv_handle_t *)&clients->listener, NULL);
	LIST_FOREACH (conn, &clients->list, link)
		conn_drain(conn);
}

void clients_close(struct clients *clients)
{
	struct conn *conn;

	LIST_FOREACH (conn, &clients->list, link)
		conn_close(conn);
}

/* ---- the beginning and the end ---- */

/* Open a descriptor that is as high as any that the daemon will have.  On failure returns -1 with errno set. */
static int highest_descriptor(unsigned clients)
{
	struct rlimit limit;
	rlim_t high = (rlim_t)clients + OWN_DESCRIPTORS;
	const int low_fd = eventfd(0, EFD_CLOEXEC);

	if (low_fd < 0)
		return -1;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && high >= limit.rlim_cur)
		high = limit.rlim_cur - 1;
	const int fd = fcntl(low_fd, F_DUPFD_CLOEXEC, (int)high);
	(void)close(low_fd);
	return fd;
}

/* Make libuv's table of descriptors as large as it will ever be, by watching the highest one for a moment.  libuv ends
 * the program where memory is too short for this table to grow, so it must not grow later. */
static int reserve_descriptors(struct clients *clients, struct animed_error *err)
{
	const int fd = highest_descriptor(clients->conf->limits.clients);

	if (fd < 0)
		return animed_fail(err, "cannot open a descriptor for %u clients: %s", clients->conf->limits.clients,
				   strerror(errno));
	const int rc = uv_poll_init(clients->loop, &clients->reserve, fd);
	if (rc == 0) {
		(void)uv_poll_start(&clients->reserve, UV_READABLE, NULL);
		(void)uv_poll_stop(&clients->reserve);
		uv_close((uv_handle_t *)&clients->reserve, NULL);
	}
	(void)close(fd);
	return rc < 0 ? animed_fail(err, "cannot watch %u clients: %s", clients->conf->limits.clients, uv_strerror(rc))
		      : 0;
}

int clients_init(struct clients *clients, const struct conf *conf, uv_loop_t *loop, const struct conn_calls *calls,
		 void *owner, struct animed_error *err)
{
	*clients = (struct clients){.conf = conf, .loop = loop, .calls = calls, .owner = owner, .wake = wake};
	LIST_INIT(&clients->list);
	/* the three cannot fail */
	(void)uv_pipe_init(loop, &clients->listener, 0);
	(void)uv_timer_init(loop, &clients->sweep);
	(void)uv_idle_init(loop, &clients->backlog);
	clients->listener.data = clients->sweep.data = clients->backlog.data = clients;
	clients->input = malloc(CONN_INPUT);
	if (!clients->input)
		return animed_fail(err, "out of memory for what clients send");
	if (reserve_descriptors(clients, err) < 0)
		return -1;
	return *conf->group ? access_find_group(conf->group, &clients->group, err) : 0;
}

static void start_sweep(struct clients *clients)
{
	const uint64_t idle = (uint64_t)clients->conf->limits.idle_seconds * 1000;

	if (idle == 0)
		return;
	(void)uv_timer_start(&clients->sweep, on_sweep, idle, idle / 4);
	uv_unref((uv_handle_t *)&clients->sweep);
}

int clients_listen(struct clients *clients, struct animed_error *err)
{
	const char *path = clients->conf->socket;
	const mode_t before = umask(0177); /* from the first moment on no other user may connect */
	int rc = uv_pipe_bind(&clients->listener, path);

	(void)umask(before);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&clients->listener, LISTEN_BACKLOG, on_connection);
	if (rc < 0)
		return animed_fail(err, "cannot listen on %s: %s", path, uv_strerror(rc));
	if (*clients->conf->group && access_let_group(path, clients->group, err) < 0)
		return -1;
	start_sweep(clients);
	return 0;
}

void clients_free(struct clients *clients)
{
	free(clients->input);
	clients->input = NULL;
}
