/* parallel.h - one loop over several threads, and work that leaves the others their time. */
#ifndef ANIMED_PARALLEL_H
#define ANIMED_PARALLEL_H

#include "animed-plugin.h"

/* One turn of the loop, on any thread; `worker` < threads tells the threads apart, for scratch memory. */
typedef int parallel_work(void *ctx, size_t i, unsigned worker, struct animed_error *err);

/* Call work(ctx, i, ...) once for every i < n, in no order, on this and at most threads - 1 further threads; returns
 * when all are done.  After a turn that fails no new one begins: -1 and the error of one of those that failed. */
int parallel_for(size_t n, unsigned threads, parallel_work *work, void *ctx, struct animed_error *err);

/* Call work(ctx) on a thread of low priority, which threads that it starts have too, and wait for its end.  Where the
 * system has no further thread it runs on this one, at this one's priority. */
void background_run(void (*work)(void *ctx), void *ctx);

#endif
