/* job.h - questions that take longer than others should wait for, answered in a thread of the pool.
 *
 * A job has what its method reads: a copy of the message, a reference to the model, the configuration.  Its answer goes
 * out when it is there, in whatever order.  The pool is libuv's; one of its threads may be opening a model and one
 * computing a shortlist, so the server sees to it that there are more. */
#ifndef ANIMED_JOB_H
#define ANIMED_JOB_H

#include "methods/method.h"

/* Have the request, which is that of the message, answered by a thread; the connection owes one more answer.  -1: out of
 * memory. */
int job_start(const struct request *request, const struct method *method, const struct message *message);

/* A connection ends: its jobs that have not begun never do. */
void jobs_cancel(const struct service *service, uint64_t conn);

#endif
