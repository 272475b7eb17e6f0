/* conn.h - a client's connection.  It owns the buffers, takes messages out of the input and sends answers.  It knows no
 * method: the functions of struct conn_calls act on messages. */
#ifndef ANIMED_CONN_H
#define ANIMED_CONN_H

#include <sys/queue.h>
#include <sys/types.h>
#include <uv.h>

#include "base/pack.h"
#include "conn/message.h"
#include "conn/subscription.h"

struct conn;

/* The functions that a connection calls for its messages, all on the loop's thread. */
struct conn_calls {
	/* Answer the message that `bytes` begin with into conn->out, if that takes next to no time.  Returns the size
	 * of the message.  Returns 0 where nothing was done, so that the message is for `call`. */
	size_t (*quick)(struct conn *conn, const char *bytes, size_t size);
	/* Answer a request into conn->out, now or later; conn_answered() is for answers that come later. */
	void (*call)(struct conn *conn, const struct message *message);
	/* The connection closes: give up what would be answered later. */
	void (*closing)(struct conn *conn);
};

/* The most bytes that are read at once. */
#define CONN_INPUT 65536u

/* What all connections share; see clients.h. */
struct clients {
	const struct conf *conf;
	uv_loop_t *loop;
	const struct conn_calls *calls;
	void *owner; /* for the functions of `calls` */

	/* Called where a connection has more input than its turn allowed. */
	void (*wake)(struct clients *clients);

	uv_pipe_t listener;
	uv_pipe_t refused; /* the connection that is being refused, while `refusing` */
	bool refusing;
	bool refusal_waits;              /* another connection waits to be refused */
	uv_timer_t sweep;                /* closes silent clients */
	uv_idle_t backlog;               /* runs while a client has sent more than its turn allows */
	uv_poll_t reserve;               /* watches the highest descriptor for a moment, in clients_init() */
	gid_t group;                     /* that conf->group names */
	char *input;                     /* [CONN_INPUT] read buffer of connections that keep no part of a message */
	LIST_HEAD(conn_list, conn) list; /* open and closing connections */
	unsigned n;                      /* how many of them are open */
	uint64_t next_id;                /* id of the last connection; the next one is 1 higher */
	uint64_t errors;                 /* error answers, with those to bad messages and refused clients */
};

struct conn {
	uv_pipe_t pipe;
	struct clients *clients;
	LIST_ENTRY(conn) link;
	uint64_t id;  /* never used again, so that a request that is answered later can name the connection by it */
	uid_t uid;    /* of the peer when it connected */
	pid_t pid;    /* of the peer when it connected */
	bool trusted; /* the peer may change what is served */

	/* input that is not processed yet; it is in clients->input during a read, else in `in` */
	const char *at, *end;
	char *in; /* [in_size], NULL while in_size is 0 */
	size_t in_size;
	struct message_reader reader;

	struct packed out;       /* output that libuv does not have yet */
	msgpack_sbuffer writing; /* output that libuv is writing, while `write_busy` */
	uv_write_t write;

	struct subscription events;
	unsigned in_flight;   /* requests that will be answered later */
	uint64_t last_active; /* uv_now() in ms, at the last input or output */
	bool write_busy;
	bool reading;
	bool eof;       /* the peer sends no more */
	bool more;      /* the input may hold whole messages that were not processed yet */
	bool finishing; /* close when the output is written */
	bool closed;    /* the pipe is closing, and on_closed() frees the connection */
};

/* Make a connection in the list of its clients.  Its pipe is not open yet.  It is freed by conn_close().  Returns NULL
 * where memory is short. */
struct conn *conn_new(struct clients *clients);

/* Close at once.  The memory is freed when the loop has closed the pipe. */
void conn_close(struct conn *conn);

/* Take no more from the peer, answer what it has sent, then close. */
void conn_drain(struct conn *conn);

/* Process the input for one turn, then settle the connection. */
void conn_process(struct conn *conn);

/* Send, read and close as the state of the connection now asks.  Call this after a change from outside. */
void conn_settle(struct conn *conn);

/* The answer to a request that was answered later is in conn->out: send it and go on with the input. */
void conn_answered(struct conn *conn);

/* How many bytes of events may lie unread. */
size_t conn_event_room(const struct conn *conn);

#endif
