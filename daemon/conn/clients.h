/* clients.h - the listener and its connections. */
#ifndef ANIMED_CLIENTS_H
#define ANIMED_CLIENTS_H

#include "conn/conn.h"

/* Initialise; `owner` is for the functions of `calls`.  Returns 0.  On failure returns -1 and fills err.  In both cases
 * the caller first closes the handles on the loop, and then calls clients_free(). */
int clients_init(struct clients *clients, const struct conf *conf, uv_loop_t *loop, const struct conn_calls *calls,
		 void *owner, struct animed_error *err);

/* Listen on conf->socket, which the caller must have claimed.  Returns 0.  On failure returns -1 and fills err. */
int clients_listen(struct clients *clients, struct animed_error *err);

/* Accept no more clients, and close each connection when it has its answers. */
void clients_drain(struct clients *clients);

/* Close all connections at once. */
void clients_close(struct clients *clients);

/* Free what clients_init() allocated. */
void clients_free(struct clients *clients);

/* How many of the open connections have subscribed to events. */
unsigned clients_subscribed(const struct clients *clients);

/* The open connection with this id, or NULL. */
struct conn *clients_find(const struct clients *clients, uint64_t id);

#endif
