/* waiters.h - requests that are answered later, all at once. */
#ifndef ANIMED_WAITERS_H
#define ANIMED_WAITERS_H

#include <stddef.h>
#include <stdint.h>

struct conn;
struct server;

/* Empty when zeroed. */
struct waiters {
	struct waiter *list;
	size_t n, size;
};

/* The request `msgid` of `conn` waits; the connection counts it as in flight.  -1: out of memory. */
int waiters_add(struct waiters *waiters, struct conn *conn, uint32_t msgid);

/* Have `pack` write the answer for each whose client is still there, and send it; none waits then. */
void waiters_answer(struct waiters *waiters, struct server *server,
		    void (*pack)(struct server *server, struct conn *conn, uint32_t msgid, const void *ctx),
		    const void *ctx);

void waiters_free(struct waiters *waiters);

#endif
