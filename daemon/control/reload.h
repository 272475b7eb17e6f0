/* reload.h - serves another model: a thread of the pool opens and checks it, and the loop swaps it in.
 *
 * Every reload is an order in a queue, and orders are carried out one after the other.  A model that is refused changes
 * nothing in the daemon and in the store: an order that moves `current` moves it after the gate and before the swap. */
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
	struct reload_run run;                       /* of that order; the pool's thread owns it while it works */
	atomic_bool cancelled;                       /* set on the loop, and read by the pool's thread at any time */

	uint64_t pinned; /* the version that was pinned when the store was read last; 0: none */

	/* the last run that has ended, for `status` */
	bool ran;
	bool last_ok;
	uint64_t last_version; /* that it was about; 0: none */
	char last_time[32];    /* UTC, ISO 8601 */
	char last_error[1024];
};

void reload_init(struct reload *reload, const struct conf *conf, struct served *served, struct events *events);
void reload_free(struct reload *reload);

/* Carry out a copy of `order` after all earlier orders.  `conn` gets the answer to its request `msgid`; NULL: no client
 * asked.  Returns 0.  Returns -1 where memory is short. */
int reload_request(struct reload *reload, const struct reload_order *order, struct conn *conn, uint32_t msgid);

/* End a running reload early, and begin no further one. */
void reload_cancel(struct reload *reload);

#endif
