/* waiters.h - requests that are answered later, all at once. */
#ifndef ANIMED_WAITERS_H
#define ANIMED_WAITERS_H

#include "conn/clients.h"

/* Empty when zeroed. */
struct waiters {
	struct waiter *list;
	size_t n, size;
};

/* The request `msgid` of `conn` waits; the connection counts it as in flight.  -1: out of memory. */
int waiters_add(struct waiters *waiters, struct conn *conn, uint32_t msgid);

/* Packs the answer to the request `msgid`.  Returns 0, or -1 where that is an error. */
typedef int waiters_pack(const void *ctx, struct packed *out, uint32_t msgid);

/* Have `pack` write the answer for each whose client is still there, and send it; none waits then. */
void waiters_answer(struct waiters *waiters, struct clients *clients, waiters_pack *pack, const void *ctx);

void waiters_free(struct waiters *waiters);

#endif
