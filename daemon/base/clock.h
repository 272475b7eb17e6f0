/* clock.h - what time it is, how long something took, and times as files and replies have them. */
#ifndef ANIMED_CLOCK_H
#define ANIMED_CLOCK_H

#include <stdint.h>

/* Nanoseconds in a second and in a millisecond. */
enum { CLOCK_SECOND = 1000000000, CLOCK_MS = 1000000 };

/* The time of day, Unix time in nanoseconds.  It jumps where the machine's clock is set. */
int64_t clock_now(void);

/* The seconds since `begin`, which clock_begin() gave.  This clock never jumps. */
uint64_t clock_begin(void);
double clock_seconds(uint64_t begin);

enum { TIME_TEXT = 32 };

/* Write a Unix time in seconds, or that of now, as UTC: "2000-01-01T00:00:00Z"; "" where no calendar has it. */
void time_text(int64_t unix_seconds, char out[TIME_TEXT]);
void time_text_now(char out[TIME_TEXT]);

/* The Unix time in seconds that time_text() has written.  INT64_MIN: `text` is NULL or no such time. */
int64_t time_read(const char *text);

#endif
