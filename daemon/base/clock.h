/* clock.h - the time of day, how long something takes, and times as text in files and replies. */
#ifndef ANIMED_CLOCK_H
#define ANIMED_CLOCK_H

#include <stdint.h>

/* Nanoseconds in a second and in a millisecond. */
enum { CLOCK_SECOND = 1000000000, CLOCK_MS = 1000000 };

/* Returns the time of day as Unix time in nanoseconds.  It jumps when the machine's clock is set. */
int64_t clock_now(void);

/* Measure how long something takes.  clock_begin() returns where the measurement begins, clock_seconds() the seconds
 * since then.  This clock never jumps. */
uint64_t clock_begin(void);
double clock_seconds(uint64_t begin);

enum { TIME_TEXT = 32 };

/* Write a Unix time in seconds, or the current time, as text in UTC: "2000-01-01T00:00:00Z".  Writes "" for a time
 * whose year is too large to be written. */
void time_text(int64_t unix_seconds, char out[TIME_TEXT]);
void time_text_now(char out[TIME_TEXT]);

/* Read a time that time_text() has written.  Returns the Unix time in seconds, or INT64_MIN if `text` is NULL or is not
 * such a time. */
int64_t time_read(const char *text);

#endif
