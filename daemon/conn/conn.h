/* conn.h - a client's connection: it owns the buffers, takes messages apart and sends answers. */
#ifndef ANIMED_CONN_H
#define ANIMED_CONN_H

#include <msgpack.h>
#include <sys/types.h>
#include <uv.h>

#include "conn/events.h"
#include "control/service.h"
#include "wire/frame.h"
#include "wire/rpc.h"

struct conn {
	uv_pipe_t pipe;
	struct server *server;
	struct conn *previous, *next;
	uint64_t id;  /* never used again, so it may outlive the connection in a request that is answered later */
	uid_t uid;    /* of the peer when it connected */
	pid_t pid;    /* likewise */
	bool trusted; /* it may change what is served */

	/* what is not yet worked off; in server->input while that is being read, else at the end of `in` */
	const char *at, *end;
	char *in; /* [in_size], NULL while in_size is 0 */
	size_t in_size;
	struct frame_scanner scanner;
	msgpack_zone zone;

	msgpack_packer packer;   /* writes to `out` */
	msgpack_sbuffer out;     /* answers that libuv does not have yet */
	msgpack_sbuffer writing; /* those it has, while `write_busy` */
	uv_write_t write;

	struct subscription events;
	unsigned in_flight;   /* requests that will be answered later */
	uint64_t last_active; /* uv_now() */
	bool write_busy;
	bool reading;
	bool eof;       /* the peer sends no more */
	bool more;      /* the buffer may hold whole messages that were not looked at yet */
	bool finishing; /* close once the output is flushed */
	bool broken;    /* memory was short in the middle of an answer */
	bool closed;
};

/* Take a connection from the listener: a client, or one too many, which is told so and let go. */
void conn_accept(struct server *server);

/* Close at once; the memory goes when the loop is done with it. */
void conn_close(struct conn *conn);

/* The peer sends no more: answer what it has sent, then close. */
void conn_drain(struct conn *conn);

/* Work off one turn's worth of what the client has sent, and send what there is to send. */
void conn_process(struct conn *conn);

/* Something was added to the output from outside: send it. */
void conn_settle(struct conn *conn);

/* The open connection with this id, or NULL. */
struct conn *conn_find(const struct server *server, uint64_t id);

/* An answer to a request that was put off has been packed. */
void conn_answered(struct conn *conn);

#endif
