/* reload.h - taking a new model into service: opened in a thread of the pool, swapped in on the loop. */
#ifndef ANIMED_RELOAD_H
#define ANIMED_RELOAD_H

#include <limits.h>
#include <stdatomic.h>
#include <uv.h>

#include "model.h"

struct server;
struct conn;

enum reload_outcome { RELOAD_UNCHANGED, RELOAD_OPENED, RELOAD_EMPTY, RELOAD_REFUSED };

/* Requests to answer when a run is over. */
struct reload_waiters {
	struct reload_waiter *list;
	size_t n, size;
};

struct reload {
	uv_work_t work;
	bool running;
	bool again;                     /* somebody asked while it ran: what it has read may be out of date */
	struct reload_waiters joined;   /* wait for the run at hand */
	struct reload_waiters upcoming; /* wait for the one after it */
	atomic_bool cancelled;          /* the one thing both threads use while it runs */

	/* the run at hand; the thread's while it runs */
	const struct conf *conf;
	bool serving; /* there is a model: */
	uint64_t serving_version;
	struct model_stamp serving_stamp;
	enum reload_outcome outcome;
	uint64_t version; /* that `current` names; 0: none */
	char path[PATH_MAX];
	struct model *model;
	struct animed_error error;

	/* the last run that is over */
	bool ran;
	bool last_ok;
	uint64_t last_version; /* that it looked at; 0: none */
	char last_time[32];    /* UTC, ISO 8601 */
	char last_error[1024];
};

/* Look for a new model; `conn` gets the answer to its request `msgid` when done (NULL: nobody does).  While a reload
 * runs, another one follows it.  -1: out of memory. */
int reload_request(struct server *server, const struct conn *conn, uint32_t msgid);

/* Tell a running reload that nobody waits for it any more. */
void reload_cancel(struct reload *reload);

void reload_free(struct reload *reload);

#endif
