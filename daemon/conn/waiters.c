/* waiters.c - keeps the ids of the connections, since a connection may be freed before its request is answered. */
#include "config.h"

#include "conn/waiters.h"

#include <stdlib.h>

struct waiter {
	uint64_t conn;
	uint32_t msgid;
};

int waiters_add(struct waiters *waiters, struct conn *conn, uint32_t msgid)
{
	if (waiters->n == waiters->size) {
		size_t size = waiters->size ? waiters->size * 2 : 4;
		struct waiter *grown = realloc(waiters->list, size * sizeof *grown);
		if (!grown)
			return -1;
		waiters->list = grown;
		waiters->size = size;
	}
	waiters->list[waiters->n++] = (struct waiter){conn->id, msgid};
	conn->in_flight++;
	return 0;
}

void waiters_answer(struct waiters *waiters, struct clients *clients, waiters_pack *pack, const void *ctx)
{
	for (size_t i = 0; i < waiters->n; i++) {
		struct conn *conn = clients_find(clients, waiters->list[i].conn);
		if (!conn)
			continue;
		if (pack(ctx, &conn->out, waiters->list[i].msgid) < 0)
			clients->errors++;
		conn_answered(conn);
	}
	waiters->n = 0;
}

void waiters_free(struct waiters *waiters)
{
	free(waiters->list);
	*waiters = (struct waiters){NULL, 0, 0};
}
