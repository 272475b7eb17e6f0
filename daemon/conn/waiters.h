/* waiters.h - requests that wait for one thing, and are then all answered at once. */
#ifndef ANIMED_WAITERS_H
#define ANIMED_WAITERS_H

#include "conn/clients.h"

/* A list of requests.  All zero, it is empty. */
struct waiters {
	struct waiter *list;
	size_t n, size;
};

/* Add the request `msgid` of `conn`, which counts it as in flight.  Returns 0.  Returns -1 where memory is short. */
int waiters_add(struct waiters *waiters, struct conn *conn, uint32_t msgid);

/* Packs the answer to the request `msgid`.  Returns 0, or -1 where the answer is an error. */
typedef int waiters_pack(const void *ctx, struct packed *out, uint32_t msgid);

/* Answer every request with `pack`, unless its connection is closed, and empty the list. */
void waiters_answer(struct waiters *waiters, struct clients *clients, waiters_pack *pack, const void *ctx);

void waiters_free(struct waiters *waiters);

#endif
