/* conn.h - a client's connection: it owns the buffers, takes messages apart and sends answers.  It knows no method: what
 * is to be done with a message it is told by struct conn_calls. */
#ifndef ANIMED_CONN_H
#define ANIMED_CONN_H

#include <sys/queue.h>
#include <sys/types.h>
#include <uv.h>

#include "base/pack.h"
#include "conn/message.h"
#include "conn/subscription.h"

struct conn;

/* What a connection asks of those above it.  All on the loop's thread. */
struct conn_calls {
	/* Answer the message that `bytes` begin with, if that takes next to no time.  Returns its size; 0: it is for
	 * `call`, and nothing was done. */
	size_t (*quick)(struct conn *conn, const char *bytes, size_t size);
	/* Answer a request into conn->out, now or later. */
	void (*call)(struct conn *conn, const struct message *message);
	/* It closes: give up what would be answered later. */
	void (*closing)(struct conn *conn);
};

/* Bytes of requests that are read at once. */
#define CONN_INPUT 65536u

/* What connections have in common; see clients.h. */
struct clients {
	const struct conf *conf;
	uv_loop_t *loop;
	const struct conn_calls *calls;
	void *owner; /* what the functions of `calls` work with */

	/* A connection has more to say than its turn allowed. */
	void (*wake)(struct clients *clients);

	uv_pipe_t listener;
	uv_pipe_t refused; /* a client too many, while `refusing` */
	bool refusing;
	bool refusal_waits;              /* and there is one more */
	uv_timer_t sweep;                /* lets silent clients go */
	uv_idle_t backlog;               /* runs while a client has sent more than its turn allows */
	uv_poll_t reserve;               /* of a descriptor as high as there will be any, for a moment */
	gid_t group;                     /* that conf->group names */
	char *input;                     /* [CONN_INPUT] where those read that have no half of a message waiting */
	LIST_HEAD(conn_list, conn) list; /* closing ones included */
	unsigned n;                      /* in it that are not closing */
	uint64_t next_id;                /* of the next connection */
	uint64_t errors;                 /* answers that were errors, bad messages and clients too many among them */
};

struct conn {
	uv_pipe_t pipe;
	struct clients *clients;
	LIST_ENTRY(conn) link;
	uint64_t id;  /* never used again, so it may outlive the connection in a request that is answered later */
	uid_t uid;    /* of the peer when it connected */
	pid_t pid;    /* likewise */
	bool trusted; /* it may change what is served */

	/* what is not yet worked off; in clients->input while that is being read, else at the end of `in` */
	const char *at, *end;
	char *in; /* [in_size], NULL while in_size is 0 */
	size_t in_size;
	struct message_reader reader;

	struct packed out;       /* answers that libuv does not have yet */
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
	bool closed;
};

/* A new connection in the list of its clients, whose pipe is not open yet.  NULL: out of memory. */
struct conn *conn_new(struct clients *clients);

/* Close at once; the memory goes when the loop is done with it. */
void conn_close(struct conn *conn);

/* The peer sends no more: answer what it has sent, then close. */
void conn_drain(struct conn *conn);

/* Work off one turn's worth of what the client has sent, and send what there is to send. */
void conn_process(struct conn *conn);

/* Something was done with the connection from outside: send, listen and close as it now has to be. */
void conn_settle(struct conn *conn);

/* An answer to a request that was put off has been packed. */
void conn_answered(struct conn *conn);

/* Bytes of events that may lie unread. */
size_t conn_event_room(const struct conn *conn);

#endif
