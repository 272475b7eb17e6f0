/* animeclient.c - a blocking MessagePack-RPC client over a Unix socket. */
#include "config.h"

#include "lib/animeclient.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/paths.h"
#include "wire/frame.h"
#include "wire/rpc.h"

#define FIRST_CAPACITY ((size_t)64 * 1024)
/* The most elements of a reply: decoded, each takes some 24 bytes of memory however few it had on the wire. */
#define MAX_ELEMENTS ((size_t)4 * 1024 * 1024)
#define MAX_METHOD   200

struct animeclient {
	int fd;
	uint32_t last_msgid;
	bool broken;
	char *bytes; /* the message that is being read or shown, then the bytes after it */
	size_t capacity;
	size_t size; /* how many bytes have come */
	size_t used; /* how many of them are the message that *result points into */
	msgpack_unpacked unpacked;

	/* whole notifications, one after the other, that came while a reply was waited for */
	char *kept;
	size_t kept_size, kept_used, kept_capacity;
	msgpack_unpacked notification; /* the one taken last, and a copy of its name */
	char method[MAX_METHOD + 1];
};

static const struct frame_limits reply_limits = {
    .bytes = ANIMECLIENT_MAX_REPLY, .elements = MAX_ELEMENTS, .depth = FRAME_MAX_DEPTH};

__attribute__((format(printf, 3, 4))) static int fail(struct animeclient_error *err, enum animeclient_status status,
						      const char *fmt, ...)
{
	va_list ap;

	err->status = status;
	va_start(ap, fmt);
	if (vsnprintf(err->text, sizeof err->text, fmt, ap) < 0)
		err->text[0] = '\0';
	va_end(ap);
	return -1;
}

/* Fail, and give the connection up: where its next message begins is not known any more. */
#define fail_broken(client, ...) ((client)->broken = true, fail(__VA_ARGS__))

/* The path that the caller or the environment names; NULL where neither does. */
static const char *named_path(const char *path)
{
	const char *from_env = getenv("ANIMED_SOCK");

	if (path == NULL && from_env != NULL && *from_env != '\0')
		path = from_env;
	return path;
}

void animeclient_socket_path(const char *path, char *out, size_t size)
{
	const char *named = named_path(path);

	if (named != NULL)
		(void)snprintf(out, size, "%s", named);
	else if (path_default_socket(out, size) != 0 && size > 0)
		out[0] = '\0';
}

/* Refuse a daemon of another user.  The default path may lie where anybody can make a directory, so that the path
 * proves nothing; the kernel knows who listens. */
static int check_peer(int fd, const char *place, struct animeclient_error *err)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return fail(err, ANIMECLIENT_CANNOT_CONNECT, "cannot tell who serves at %s: %s", place,
			    strerror(errno));
	if (peer.uid == geteuid() || peer.uid == 0)
		return 0;
	return fail(err, ANIMECLIENT_CANNOT_CONNECT,
		    "what serves at %s runs as user %u, neither as you nor as root; if you trust it, name the socket: "
		    "animectl -s %s, or ANIMED_SOCK",
		    place, (unsigned)peer.uid, place);
}

static int connect_to(int fd, const char *place, struct animeclient_error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int status;

	memcpy(address.sun_path, place, strlen(place) + 1);
	do
		status = connect(fd, (const struct sockaddr *)&address, sizeof address);
	while (status != 0 && errno == EINTR);
	if (status == 0)
		return 0;
	if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR)
		return fail(err, ANIMECLIENT_NO_DAEMON, "no daemon at %s", place);
	return fail(err, ANIMECLIENT_CANNOT_CONNECT, "cannot connect to %s: %s", place, strerror(errno));
}

int animeclient_connect(const char *path, struct animeclient **out, struct animeclient_error *err)
{
	const size_t room = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
	char place[PATH_MAX];
	struct animeclient *client;
	int status;

	*out = NULL;
	animeclient_socket_path(path, place, sizeof place);
	if (strlen(place) > room || *place == '\0')
		return fail(err, ANIMECLIENT_CANNOT_CONNECT,
			    "cannot connect to '%s': the path of a socket has 1 to %zu bytes", place, room);
	client = calloc(1, sizeof *client);
	if (client == NULL)
		return fail(err, ANIMECLIENT_NO_MEMORY, "out of memory");
	msgpack_unpacked_init(&client->unpacked);
	msgpack_unpacked_init(&client->notification);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		status = fail(err, ANIMECLIENT_CANNOT_CONNECT, "cannot connect to %s: %s", place, strerror(errno));
	else
		status = connect_to(client->fd, place, err);
	if (status == 0 && named_path(path) == NULL)
		status = check_peer(client->fd, place, err);
	if (status != 0) {
		animeclient_close(client);
		return -1;
	}
	*out = client;
	return 0;
}

void animeclient_close(struct animeclient *client)
{
	if (client == NULL)
		return;
	msgpack_unpacked_destroy(&client->unpacked);
	msgpack_unpacked_destroy(&client->notification);
	if (client->fd >= 0)
		(void)close(client->fd);
	free(client->bytes);
	free(client->kept);
	free(client);
}

/* Write everything, or as much as the daemon takes.  A daemon that has closed its end may have answered before, so that
 * its reply is read even then. */
static int send_all(struct animeclient *client, struct iovec *parts, size_t count, struct animeclient_error *err)
{
	while (count > 0) {
		struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
		ssize_t n = sendmsg(client->fd, &message, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (n < 0)
			return fail_broken(client, err, ANIMECLIENT_BROKEN, "cannot write to the daemon: %s",
					   strerror(errno));
		while (count > 0 && (size_t)n >= parts->iov_len) {
			n -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + n;
			parts->iov_len -= (size_t)n;
		}
	}
	return 0;
}

/* The start of a request, packed on the stack. */
struct head {
	char bytes[MAX_METHOD + 16];
	size_t size;
};

static int head_write(void *data, const char *bytes, size_t size)
{
	struct head *head = data;

	if (size > sizeof head->bytes - head->size)
		return -1;
	memcpy(head->bytes + head->size, bytes, size);
	head->size += size;
	return 0;
}

/* Whether `params` is exactly one array. */
static bool are_params(const void *params, size_t size)
{
	const struct frame_limits any = {.bytes = SIZE_MAX, .elements = SIZE_MAX, .depth = FRAME_MAX_DEPTH};
	struct frame_scanner scanner;
	unsigned char type;

	frame_scanner_init(&scanner, &any);
	if (frame_scan(&scanner, params, size) != FRAME_DONE || scanner.used != size)
		return false;
	type = *(const unsigned char *)params;
	return (type >= 0x90 && type <= 0x9f) || type == 0xdc || type == 0xdd;
}

static int send_request(struct animeclient *client, const char *method, const void *params, size_t size,
			struct animeclient_error *err)
{
	static const char no_params[] = "\x90";
	struct head head = {.size = 0};
	struct iovec parts[2];
	msgpack_packer packer;

	if (size == 0) {
		params = no_params;
		size = 1;
	}
	if (strlen(method) > MAX_METHOD)
		return fail(err, ANIMECLIENT_BAD_CALL, "the name of a method has at most %d bytes", MAX_METHOD);
	if (!are_params(params, size))
		return fail(err, ANIMECLIENT_BAD_CALL, "the params of %s are not one packed array", method);
	msgpack_packer_init(&packer, &head, head_write);
	if (++client->last_msgid == 0) /* the daemon answers with 0 where it could not read the id */
		client->last_msgid = 1;
	rpc_pack_request(&packer, client->last_msgid, method);
	parts[0] = (struct iovec){.iov_base = head.bytes, .iov_len = head.size};
	parts[1] = (struct iovec){.iov_base = (void *)(uintptr_t)params, .iov_len = size};
	return send_all(client, parts, 2, err);
}

/* Make room and read once.  On failure returns -1 and fills err. */
static int read_more(struct animeclient *client, struct animeclient_error *err)
{
	ssize_t n;

	if (client->size == client->capacity) {
		/* grows no further than the limit, which any message within it fits */
		size_t capacity = client->capacity == 0 ? FIRST_CAPACITY : 2 * client->capacity;
		char *bytes = realloc(client->bytes, capacity);
		if (bytes == NULL)
			return fail_broken(client, err, ANIMECLIENT_NO_MEMORY, "out of memory for the reply");
		client->bytes = bytes;
		client->capacity = capacity;
	}
	do
		n = recv(client->fd, client->bytes + client->size, client->capacity - client->size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail_broken(client, err, ANIMECLIENT_BROKEN, "the connection to the daemon broke: %s",
				   strerror(errno));
	if (n == 0)
		return fail_broken(client, err, ANIMECLIENT_BROKEN,
				   "the daemon closed the connection before its reply was whole");
	client->size += (size_t)n;
	return 0;
}

/* Read the next whole message into client->unpacked.  On failure returns -1 and fills err. */
static int read_message(struct animeclient *client, struct animeclient_error *err)
{
	struct frame_scanner scanner;
	enum frame_status status;
	size_t end = 0;

	client->size -= client->used;
	if (client->size > 0)
		memmove(client->bytes, client->bytes + client->used, client->size);
	client->used = 0;
	frame_scanner_init(&scanner, &reply_limits);
	while ((status = frame_scan(&scanner, client->bytes, client->size)) == FRAME_MORE) {
		if (read_more(client, err) != 0)
			return -1;
	}
	if (status != FRAME_DONE)
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon sent no valid reply: %s",
				   frame_status_text(status));
	client->used = scanner.used;
	switch (msgpack_unpack_next(&client->unpacked, client->bytes, client->used, &end)) {
	case MSGPACK_UNPACK_SUCCESS:
	case MSGPACK_UNPACK_EXTRA_BYTES:
		return 0;
	case MSGPACK_UNPACK_NOMEM_ERROR:
		return fail_broken(client, err, ANIMECLIENT_NO_MEMORY, "out of memory for the reply");
	default:
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon sent no valid reply");
	}
}

/* Keep the notification that was read until it is taken. */
static int keep(struct animeclient *client, struct animeclient_error *err)
{
	if (client->kept_used == client->kept_size)
		client->kept_used = client->kept_size = 0;
	const size_t size = client->kept_size + client->used;
	if (size > ANIMECLIENT_MAX_REPLY)
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL,
				   "there are more notifications than %zu bytes that nobody takes",
				   ANIMECLIENT_MAX_REPLY);
	if (size > client->kept_capacity) {
		char *grown = realloc(client->kept, 2 * size);
		if (grown == NULL)
			return fail_broken(client, err, ANIMECLIENT_NO_MEMORY, "out of memory for notifications");
		client->kept = grown;
		client->kept_capacity = 2 * size;
	}
	memcpy(client->kept + client->kept_size, client->bytes, client->used);
	client->kept_size = size;
	return 0;
}

/* Read on to the response to the last request, and keep the notifications before it. */
static int read_response(struct animeclient *client, struct rpc_message *message, struct animeclient_error *err)
{
	struct rpc_error rpc_err;

	do {
		if (read_message(client, err) != 0)
			return -1;
		if (rpc_decode(&client->unpacked.data, message, &rpc_err) != 0)
			return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon sent no valid reply: %s",
					   rpc_err.text);
		if (message->type == RPC_NOTIFICATION && keep(client, err) != 0)
			return -1;
	} while (message->type == RPC_NOTIFICATION);
	if (message->type == RPC_REQUEST)
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon sent a request instead of a reply");
	if (message->msgid == client->last_msgid)
		return 0;
	if (message->msgid == 0 && message->error.type != MSGPACK_OBJECT_NIL) {
		/* the daemon found no message in what it read, and says why */
		rpc_decode_error(&message->error, &rpc_err);
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon ended the connection: %s",
				   rpc_err.text);
	}
	return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the daemon replied to request %u instead of %u",
			   message->msgid, client->last_msgid);
}

int animeclient_call(struct animeclient *client, const char *method, const void *params, size_t size,
		     const msgpack_object **result, struct animeclient_error *err)
{
	struct rpc_message message;
	struct rpc_error rpc_err;

	*result = NULL;
	if (client->broken)
		return fail(err, ANIMECLIENT_BROKEN, "the connection to the daemon has broken before");
	if (send_request(client, method, params, size, err) != 0 || read_response(client, &message, err) != 0)
		return -1;
	if (message.error.type != MSGPACK_OBJECT_NIL) {
		rpc_decode_error(&message.error, &rpc_err);
		return fail(err, rpc_err.class == RPC_REQUEST_ERROR ? ANIMECLIENT_REFUSED : ANIMECLIENT_FAILED, "%s",
			    rpc_err.text);
	}
	*result = &client->unpacked.data.via.array.ptr[3];
	err->status = ANIMECLIENT_OK;
	err->text[0] = '\0';
	return 0;
}

int animeclient_fd(const struct animeclient *client)
{
	return client->fd;
}

/* Whether the bytes that have come hold a whole message, or one that read_message() will refuse. */
static bool has_message(const struct animeclient *client)
{
	struct frame_scanner scanner;

	frame_scanner_init(&scanner, &reply_limits);
	return frame_scan(&scanner, client->bytes + client->used, client->size - client->used) != FRAME_MORE;
}

/* Wait for a whole message.  Returns 1, or 0 where none came in time.  On failure returns -1 and fills err. */
static int await_message(struct animeclient *client, int timeout, struct animeclient_error *err)
{
	struct pollfd descriptor = {.fd = client->fd, .events = POLLIN};

	while (!has_message(client)) {
		char byte;
		int n = poll(&descriptor, 1, timeout);

		if (n == 0 || (n < 0 && errno == EINTR))
			return 0;
		if (n > 0 && client->size == client->used && recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
			return fail_broken(client, err, ANIMECLIENT_ENDED, "the daemon has closed the connection");
		client->size -= client->used;
		if (client->size > 0)
			memmove(client->bytes, client->bytes + client->used, client->size);
		client->used = 0;
		if (read_more(client, err) != 0)
			return -1;
	}
	return 1;
}

/* Hand out the name and the params of a notification. */
static int show_notification(struct animeclient *client, const struct rpc_message *message, const char **method,
			     const msgpack_object **params, struct animeclient_error *err)
{
	const msgpack_object_str *name = &message->method.via.str;

	if (name->size > MAX_METHOD)
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL, "the name of a notification has %u bytes",
				   (unsigned)name->size);
	memcpy(client->method, name->ptr, name->size);
	client->method[name->size] = '\0';
	*method = client->method;
	*params = &client->notification.data.via.array.ptr[2];
	err->status = ANIMECLIENT_OK;
	err->text[0] = '\0';
	return 1;
}

int animeclient_next_notification(struct animeclient *client, int timeout, const char **method,
				  const msgpack_object **params, struct animeclient_error *err)
{
	struct rpc_message message;
	struct rpc_error rpc_err;
	size_t end = client->kept_used;

	*method = NULL;
	*params = NULL;
	if (client->kept_used < client->kept_size) {
		/* it is whole, for it was decoded once already */
		if (msgpack_unpack_next(&client->notification, client->kept, client->kept_size, &end) < 0)
			return fail_broken(client, err, ANIMECLIENT_NO_MEMORY, "out of memory for a notification");
		client->kept_used = end;
	} else {
		if (client->broken)
			return fail(err, ANIMECLIENT_BROKEN, "the connection to the daemon has broken before");
		int status = await_message(client, timeout, err);
		if (status <= 0)
			return status;
		if (read_message(client, err) != 0)
			return -1;
		msgpack_unpacked unpacked = client->notification;
		client->notification = client->unpacked;
		client->unpacked = unpacked;
	}
	if (rpc_decode(&client->notification.data, &message, &rpc_err) != 0 || message.type != RPC_NOTIFICATION)
		return fail_broken(client, err, ANIMECLIENT_PROTOCOL,
				   "the daemon sent something that nobody asked for");
	return show_notification(client, &message, method, params, err);
}
