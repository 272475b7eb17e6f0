/* methods.h - the way of a message to its method. */
#ifndef ANIMED_METHODS_H
#define ANIMED_METHODS_H

#include "conn/conn.h"

/* What connections ask for: struct clients.owner is the struct service. */
extern const struct conn_calls methods_conn_calls;

#endif
