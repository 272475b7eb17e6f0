/* each.h - runs one piece of work again and again, and makes another one of its allocations fail each time. */
#ifndef TESTS_EACH_H
#define TESTS_EACH_H

#include <stdbool.h>
#include <stdint.h>

/* One run of the work.  It lies in memory that the test shares with the process of the run. */
struct attempt {
	const void *ctx;
	int64_t live;    /* blocks that were allocated before the run */
	int64_t lost;    /* blocks that the run allocated and did not free */
	char wrong[512]; /* what is wrong; "": nothing */
};

/* Run `work` for n = 1, 2, ..., each time in a process of its own in which `row` allocations fail, beginning with the
 * n-th.  Ends after a run that met no failure.  From n = `dense` on only every `step`-th n is tried.  `work` must call
 * fault_disarm() before it checks anything, and must report with each_wrong() what is wrong.  It first runs twice in
 * this process without a failure, so that everything that is allocated once and then kept exists already.  Prints how
 * many allocations there were, and each n that went wrong.  Fails the test where a process ended by a signal or with an
 * exit status other than 0, or reported something. */
void each(const char *what, void (*work)(struct attempt *attempt), const void *ctx, uint64_t row, uint64_t dense,
	  uint64_t step);

/* Report what is wrong with the attempt.  Only the first report is kept. */
void each_wrong(struct attempt *attempt, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Note how many blocks the attempt did not free.  each() repeats an attempt that left blocks, since a thread that ends
 * late keeps blocks for a while; the attempt is wrong if it leaves blocks every time. */
void each_lost(struct attempt *attempt);

/* Whether a message says that memory is short, rather than that something else is wrong. */
bool each_says_memory(const char *text);

#endif
