/* clock.h - times as people and files write them. */
#ifndef ANIMED_CLOCK_H
#define ANIMED_CLOCK_H

#include <stdint.h>

enum { TIME_TEXT = 32 };

/* Write a Unix time in seconds as UTC, "2000-01-01T00:00:00Z"; "" where no calendar has it. */
void time_text(int64_t unix_seconds, char out[TIME_TEXT]);

#endif
