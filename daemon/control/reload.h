/* reload.h - taking a model into service: opened and held against the gate in a thread of the pool, swapped in on the
 * loop.
 *
 * Who wants something gives an order; orders are worked off one after the other.  A model that is refused changes
 * nothing, in the daemon and in the store: `current` is moved, where an order moves it, after the gate and before the
 * swap. */
#ifndef ANIMED_RELOAD_H
#define ANIMED_RELOAD_H

#include "conn/waiters.h"
#include "control/reload-run.h"
#include "control/served.h"

struct events;

struct reload {
	const struct conf *conf;
	struct served *served;
	struct events *events;
	uv_work_t work;
	TAILQ_HEAD(order_queue, queued_order) queue; /* orders that wait */
	struct queued_order *now;                    /* the order that is carried out; NULL: none */
	struct reload_run run;                       /* of it; the pool's thread has it while it runs */
	atomic_bool cancelled;                       /* both threads use it at any time */

	uint64_t pinned; /* the version that was pinned when the store was looked at last; 0: none */

	/* the last run that is over */
	bool ran;
	bool last_ok;
	uint64_t last_version; /* that it looked at; 0: none */
	char last_time[32];    /* UTC, ISO 8601 */
	char last_error[1024];
};

void reload_init(struct reload *reload, const struct conf *conf, struct served *served, struct events *events);
void reload_free(struct reload *reload);

/* Do what `order` says as soon as what was ordered before is done; `conn` gets the answer to its request `msgid` (NULL:
 * no client asked).  -1: out of memory. */
int reload_request(struct reload *reload, const struct reload_order *order, struct conn *conn, uint32_t msgid);

/* Tell a running reload that nobody waits for it any more; none begins after it. */
void reload_cancel(struct reload *reload);

#endif
