/* server.h - serves a model to clients on a socket. */
#ifndef ANIMED_SERVER_H
#define ANIMED_SERVER_H

#include "config/conf.h"
#include "model/model.h"
#include "serve/claim.h"

/* Serve on conf->socket, which `claim` holds, until SIGTERM or SIGINT.  SIGHUP reloads.  `first` may be NULL: questions
 * are then refused until a reload finds a model.  Takes over the claim and the reference to `first`, also on failure.
 * Returns 0.  On failure returns -1 and fills err. */
int server_run(const struct conf *conf, struct server_claim *claim, struct model *first, struct animed_error *err);

#endif
