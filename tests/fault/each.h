/* each.h - one piece of work for every allocation in it that may fail. */
#ifndef TESTS_EACH_H
#define TESTS_EACH_H

#include <stdbool.h>
#include <stdint.h>

/* What a piece of work is given. */
struct attempt {
	const void *ctx;
	int64_t live; /* blocks before it */
	int64_t lost; /* blocks that it has left */
	char wrong[512];
};

/* Run `work` for n = 1, 2, ..., each time in a process of its own in which the n-th allocation fails and the row - 1
 * after it, until a run has seen no failure.  Beyond `dense` only each `step`-th n is tried.  `work` is to call
 * fault_disarm() before it checks anything and to say with each_wrong() what is wrong.  It runs twice before
 * without a fault and without a process of its own, so that what is allocated once and kept is there.  Fails the test where a
 * process ends by a signal or something is wrong, with all n; prints how many allocations there were. */
void each(const char *what, void (*work)(struct attempt *attempt), const void *ctx, uint64_t row, uint64_t dense,
	  uint64_t step);

/* Say that the attempt is wrong; the first word counts. */
void each_wrong(struct attempt *attempt, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Note how many blocks the attempt has left.  One that has left some is made again, since a thread that ends late keeps
 * blocks for a while; it is wrong where it has left some every time. */
void each_lost(struct attempt *attempt);

/* Whether a message says that memory is short, and not that something else is wrong. */
bool each_says_memory(const char *text);

#endif
