/* schedule.h - computes when the next scheduled training is due.  The caller reads the clock.
 *
 * Times are Unix time in milliseconds.  Trainings are due at anchor + n * every, where the anchor is the last training
 * before the daemon began.  So the times do not drift with the length of a training or the delay of a busy loop.  One
 * training makes up for all that were missed, for example while the machine was off. */
#ifndef ANIMED_SCHEDULE_H
#define ANIMED_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
	int64_t every; /* 0: no training is ever due */
	int64_t next;
};

/* `last` is when the newest model was trained; INT64_MIN: there is no model, and a training is due at once. */
void schedule_init(struct schedule *schedule, int64_t every, int64_t last, int64_t now);

/* Whether a training is due.  Moves `next` where it is further away than `every`, as after the clock was set back, so
 * that trainings do not stop for that time. */
bool schedule_is_due(struct schedule *schedule, int64_t now);

/* Go on after a due training was started or left out: `next` becomes the first due time after `now`. */
void schedule_advance(struct schedule *schedule, int64_t now);

/* How many milliseconds to sleep before the next look: until `next`, but at most a minute, since clocks are set and
 * machines sleep. */
int64_t schedule_sleep(const struct schedule *schedule, int64_t now);

#endif
