/* background.h - work at low priority. */
#ifndef ANIMED_BACKGROUND_H
#define ANIMED_BACKGROUND_H

/* Call work(ctx) on a new thread of the lowest priority, and wait for its end.  Threads that `work` starts have that
 * priority as well.  If the system does not start a thread, `work` runs on the calling thread, at its priority. */
void background_run(void (*work)(void *ctx), void *ctx);

#endif
