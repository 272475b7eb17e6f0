/* service.h - the state of the running server, passed to everything that serves.  One thread, the loop's, touches
 * it. */
#ifndef ANIMED_SERVER_STATE_H
#define ANIMED_SERVER_STATE_H

#include <uv.h>

#include "conn/events.h"
#include "control/reload.h"
#include "control/retrain.h"
#include "control/served.h"
#include "control/shortlist-job.h"
#include "control/watch.h"

struct conn;
struct request_job;

/* Bytes of requests that are read at once. */
#define SERVER_INPUT 65536u

struct server {
	const struct conf *conf;
	uv_loop_t loop;
	uv_pipe_t listener;
	uv_signal_t terminate, interrupt, hangup;
	uv_timer_t sweep;  /* lets silent clients go */
	uv_timer_t grace;  /* bounds a stop */
	uv_idle_t backlog; /* runs while a client has sent more than its turn allows */
	struct served served;
	struct reload reload; /* the one that runs, those that wait, and the last one's outcome */
	struct watch watch;
	struct retrain retrain;
	struct events events;
	gid_t group; /* that conf->group names */
	struct shortlist_job first_shortlist;
	char *input;              /* [SERVER_INPUT] where connections read that have no half of a message waiting */
	struct conn *conns;       /* a list, closing ones included */
	struct request_job *jobs; /* a list, see job.h */
	unsigned clients;         /* in it that are not closing */
	uint64_t next_conn;       /* id of the next connection */
	uint64_t requests;        /* taken */
	uint64_t from_lists;      /* of them answered from the shortlist, without a look at the index */
	uint64_t errors;          /* answered with an error, bad messages included */
	uint64_t started;         /* clock_begin() */
	bool stopping;
};

/* A connection has more to say than its turn allowed. */
void server_wake(struct server *server);

#endif
