/* reload.h - taking a model into service: opened and held against the gate in a thread of the pool, swapped in on the
 * loop.
 *
 * Who wants something gives an order; orders are worked off one after the other.  A model that is refused changes
 * nothing, in the daemon and in the store: `current` is moved, where an order moves it, after the gate and before the
 * swap. */
#ifndef ANIMED_RELOAD_H
#define ANIMED_RELOAD_H

#include <limits.h>
#include <msgpack.h>
#include <stdatomic.h>
#include <uv.h>

#include "conn/waiters.h"
#include "control/gate.h"
#include "control/served.h"

struct server;
struct conn;

enum reload_kind {
	RELOAD_CURRENT, /* what the store calls current */
	RELOAD_BACK,    /* a version that the operator names (0: the one before the current one), made current */
	RELOAD_PIN,     /* likewise (0: the current one), and pinned */
	RELOAD_UNPIN,   /* take the pin away, and no model */
	RELOAD_TRAINED, /* a new version that a training has made, made current unless one is pinned */
};

enum reload_origin { RELOAD_BY_CLIENT, RELOAD_BY_SIGNAL, RELOAD_BY_WATCH, RELOAD_BY_TRAINING };

enum reload_outcome {
	RELOAD_UNCHANGED, /* it is served already */
	RELOAD_OPENED,
	RELOAD_ASIDE, /* trained, but a pinned or newer version keeps its place */
	RELOAD_EMPTY,
	RELOAD_REFUSED,
};

struct reload_order {
	struct reload_order *next;
	enum reload_kind kind;
	enum reload_origin origin;
	uint64_t version;
	bool dry_run; /* do all but the swap, and leave the store alone */
	struct waiters waiters;
};

/* The run at hand; the pool's thread has it while it runs. */
struct reload_run {
	struct reload_order *order;
	const struct conf *conf;
	struct model *serving; /* NULL: none; a reference */
	enum reload_outcome outcome;
	uint64_t version; /* that it is about; 0: none.  UNPIN: that was pinned */
	char path[PATH_MAX];
	struct model *model;         /* opened, and has passed, */
	struct shortlist *shortlist; /* and what was computed of it; NULL: nothing */
	struct gate_report gate;
	struct animed_error error; /* REFUSED, EMPTY; ASIDE: why */
};

struct reload {
	uv_work_t work;
	bool running;
	struct reload_order *first, *last; /* those that wait */
	atomic_bool cancelled;             /* the one thing both threads use while it runs */
	struct reload_run run;

	/* the last run that is over */
	bool ran;
	bool last_ok;
	uint64_t last_version; /* that it looked at; 0: none */
	char last_time[32];    /* UTC, ISO 8601 */
	char last_error[1024];
};

/* Do what `order` says (its list and waiters are not looked at) as soon as what was ordered before is done; `conn` gets
 * the answer to its request `msgid` (NULL: nobody does).  -1: out of memory. */
int reload_request(struct server *server, const struct reload_order *order, struct conn *conn, uint32_t msgid);

/* Tell a running reload that nobody waits for it any more. */
void reload_cancel(struct reload *reload);

void reload_free(struct reload *reload);

#endif
