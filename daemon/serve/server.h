/* server.h - serving: the socket, its clients, and the model they ask about. */
#ifndef ANIMED_SERVER_H
#define ANIMED_SERVER_H

#include "config/conf.h"
#include "model/model.h"
#include "serve/claim.h"

/* Serve on conf->socket, which `claim` holds, until SIGTERM or SIGINT (0) or a fatal error (-1).  `first` may be NULL:
 * queries are then refused until a reload finds a model.  SIGHUP reloads.  Takes over the claim and the reference to
 * `first` whatever comes out. */
int server_run(const struct conf *conf, struct server_claim *claim, struct model *first, struct animed_error *err);

#endif
