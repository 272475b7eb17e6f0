/* methods.h - the way of a request to its method. */
#ifndef ANIMED_METHODS_H
#define ANIMED_METHODS_H

#include "methods/method.h"

/* Answer a request, now or later, into the connection's output.  The message is what was unpacked of the `size` bytes.
 */
void methods_call(struct conn *conn, const struct rpc_message *message, const char *bytes, size_t size);

#endif
