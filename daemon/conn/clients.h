/* clients.h - the listener and the connections that came of it. */
#ifndef ANIMED_CLIENTS_H
#define ANIMED_CLIENTS_H

#include "conn/conn.h"

/* Get ready.  Returns 0.  On failure returns -1 and fills err.  clients_free() is needed either way, and what the loop
 * has of it has to be closed before. */
int clients_init(struct clients *clients, const struct conf *conf, uv_loop_t *loop, const struct conn_calls *calls,
		 void *owner, struct animed_error *err);

/* Listen on conf->socket, which nobody else does. */
int clients_listen(struct clients *clients, struct animed_error *err);

/* Accept no more, and close each connection once it has its answers. */
void clients_drain(struct clients *clients);

/* Close all connections at once. */
void clients_close(struct clients *clients);

void clients_free(struct clients *clients);

/* How many of the open connections have subscribed to events. */
unsigned clients_subscribed(const struct clients *clients);

/* The open connection with this id, or NULL. */
struct conn *clients_find(const struct clients *clients, uint64_t id);

#endif
