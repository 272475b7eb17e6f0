/* parallel.h - a loop whose turns run on several threads. */
#ifndef PLUGINS_PARALLEL_H
#define PLUGINS_PARALLEL_H

#include "animed-plugin.h"

/* Does turn `i` of a loop, on any of its threads.  `worker` is the number of the thread, less than `threads`, so that
 * each thread can have scratch memory of its own.  Returns 0.  On failure returns -1 and fills err. */
typedef int parallel_work(void *ctx, size_t i, unsigned worker, struct animed_error *err);

/* Call work(ctx, i, ...) once for every i < n, in any order, on the calling thread and on at most threads - 1 more.
 * Returns 0 when all turns are done.  After a turn has failed no new turn begins: then returns -1 and fills err with
 * the error of one that failed.  Returns -1 and fills err where memory is short, too. */
int parallel_for(size_t n, unsigned threads, parallel_work *work, void *ctx, struct animed_error *err);

#endif
