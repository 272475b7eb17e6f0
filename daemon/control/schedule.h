/* schedule.h - when the next scheduled training is due: arithmetic only, the clock comes from outside.
 *
 * Times are Unix time in milliseconds.  Runs are due at anchor + n * every, the anchor being the last training before
 * the daemon began, so that they do not drift by what a training takes or a busy loop delays.  Runs that were missed,
 * as by a machine that was off, are made up by one. */
#ifndef ANIMED_SCHEDULE_H
#define ANIMED_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
	int64_t every; /* 0: nothing is ever due */
	int64_t next;
};

/* `last` is when the newest model was trained; INT64_MIN: there is none, and one is due at once. */
void schedule_init(struct schedule *schedule, int64_t every, int64_t last, int64_t now);

/* Whether a run is due.  A clock that was put back by more than a period, or far forward, does not keep runs away:
 * `next` is never further off than `every`. */
bool schedule_is_due(struct schedule *schedule, int64_t now);

/* A due run has been taken up or left out: the next one is the first of the row after `now`. */
void schedule_advance(struct schedule *schedule, int64_t now);

/* How long to sleep before looking again: until `next`, and a minute at most, since clocks are set and machines sleep.
 */
int64_t schedule_sleep(const struct schedule *schedule, int64_t now);

#endif
