/* animeclient.h - asks a running animed, from C.
 *
 * A blocking connection over the daemon's Unix socket: one call at a time, from one thread at a time.  The methods,
 * their params and results are those of PROTOCOL.md; params are packed and results read with msgpack-c.
 *
 *	struct animeclient *client;
 *	struct animeclient_error err;
 *	const msgpack_object *result;
 *	msgpack_sbuffer params;
 *	msgpack_packer packer;
 *
 *	if (animeclient_connect(NULL, &client, &err) != 0)
 *		errx(1, "%s", err.text);
 *	msgpack_sbuffer_init(&params);
 *	msgpack_packer_init(&packer, &params, msgpack_sbuffer_write);
 *	msgpack_pack_array(&packer, 1);
 *	msgpack_pack_int64(&packer, 34599);
 *	if (animeclient_call(client, "similar", params.data, params.size, &result, &err) != 0)
 *		errx(1, "%s", err.text);
 *	msgpack_object_print(stdout, *result);
 *	msgpack_sbuffer_destroy(&params);
 *	animeclient_close(client);
 *
 * Notifications, such as the events that the method "subscribe" asks for, are kept until they are taken:
 *
 *	const msgpack_object *params;
 *	const char *name;
 *
 *	while (animeclient_next_notification(client, -1, &name, &params, &err) == 1)
 *		msgpack_object_print(stdout, *params);
 *
 * No call raises SIGPIPE.  A signal with a handler does not end a call, but for animeclient_next_notification(). */
#ifndef ANIMECLIENT_H
#define ANIMECLIENT_H

#include <stddef.h>

#include <msgpack.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A longer reply is a protocol error, and so are as many bytes of notifications that are not taken. */
#define ANIMECLIENT_MAX_REPLY ((size_t)64 * 1024 * 1024)

enum animeclient_status {
	ANIMECLIENT_OK,
	ANIMECLIENT_NO_DAEMON,      /* nothing listens at the socket's path */
	ANIMECLIENT_CANNOT_CONNECT, /* it could not be connected to for another reason, e.g. its permissions */
	ANIMECLIENT_BROKEN,         /* the connection ended within a call */
	ANIMECLIENT_PROTOCOL,       /* what came is not a reply to the request */
	ANIMECLIENT_REFUSED,        /* the reply is an error that the request is at fault for (class 1) */
	ANIMECLIENT_FAILED,         /* the reply is an error of the daemon's own (class 0) */
	ANIMECLIENT_BAD_CALL,       /* the arguments are no request: nothing was sent */
	ANIMECLIENT_NO_MEMORY,
	ANIMECLIENT_ENDED, /* the daemon has closed the connection, as when it stops */
};

struct animeclient_error {
	enum animeclient_status status;
	/* UTF-8.  For REFUSED and FAILED the daemon's own "name: text", which may have several lines and holds
	 * whatever the daemon sent; else one line. */
	char text[2304];
};

struct animeclient;

/* Connect to the socket at `path`; NULL stands for $ANIMED_SOCK or, where that is unset or empty, for
 * $XDG_RUNTIME_DIR/animed/animed.sock.  At the latter only a daemon of the caller's own user or of root is accepted; a
 * socket that is named may be anybody's.  Returns 0 with *out for animeclient_close().  On failure returns -1 and fills
 * err (NO_DAEMON, CANNOT_CONNECT or NO_MEMORY); *out is NULL then. */
int animeclient_connect(const char *path, struct animeclient **out, struct animeclient_error *err);

/* The path that animeclient_connect() would use for `path`, written to `out`, cut to `size`. */
void animeclient_socket_path(const char *path, char *out, size_t size);

/* Call `method` and wait for its reply.  `params` is one packed array of `size` bytes; NULL and 0 stand for an empty
 * one.  Returns 0 and fills *result, which stays valid until the next call or the close.  On failure returns -1, fills
 * err, and *result is NULL.  After BROKEN, PROTOCOL and NO_MEMORY the connection is of no use any more, and all further
 * calls fail with BROKEN; after other failures it goes on. */
int animeclient_call(struct animeclient *client, const char *method, const void *params, size_t size,
		     const msgpack_object **result, struct animeclient_error *err);

/* Take the next notification.  Returns 1 and fills *method with its name and *params with an array; both stay valid
 * until the next call.  Returns 0 where none came within `timeout` milliseconds (-1: without end; 0: look only at what
 * has come) or before a signal whose handler returned.  On failure returns -1 and fills err: ENDED where the daemon
 * closed the connection between two messages, else as above; the connection then is of no use any more. */
int animeclient_next_notification(struct animeclient *client, int timeout, const char **method,
				  const msgpack_object **params, struct animeclient_error *err);

/* The descriptor of the connection, to wait with poll(2) for something to read.  Before each wait take notifications
 * with a timeout of 0: what has been read already is not in the descriptor any more. */
int animeclient_fd(const struct animeclient *client);

/* Close the connection and free what belongs to it, the last result too.  NULL is allowed. */
void animeclient_close(struct animeclient *client);

#ifdef __cplusplus
}
#endif

#endif
