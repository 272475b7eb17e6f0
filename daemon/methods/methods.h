/* methods.h - finds and runs the method that a message asks for. */
#ifndef ANIMED_METHODS_H
#define ANIMED_METHODS_H

#include "conn/conn.h"

/* The functions that connections call.  The owner in struct clients must be the struct service. */
extern const struct conn_calls methods_conn_calls;

#endif
