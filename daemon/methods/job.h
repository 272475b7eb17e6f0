/* job.h - answers questions that take long in a thread of the pool, so that other clients need not wait.
 *
 * A job has everything that its method reads: a copy of the message, a reference to the model, and the configuration.
 * Answers are sent as they are done, in any order.  The pool is that of libuv.  One of its threads may open a model and
 * another one compute a shortlist, so the server gives it more threads than two. */
#ifndef ANIMED_JOB_H
#define ANIMED_JOB_H

#include "methods/method.h"

/* Have a thread answer the request, which is that of the message.  The connection counts it as in flight.  Returns 0.
 * Returns -1 where memory is short. */
int job_start(const struct request *request, const struct method *method, const struct message *message);

/* Cancel the jobs of a connection that have not begun. */
void jobs_cancel(const struct service *service, uint64_t conn);

#endif
