/* clock.c - reads the system's clocks, and writes and reads times in ISO 8601. */
#include "config.h"

#include "base/clock.h"

#include <time.h>

#define FORMAT "%Y-%m-%dT%H:%M:%SZ"

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* this fails only for a clock that does not exist */
	return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t clock_begin(void)
{
	return (uint64_t)read_clock(CLOCK_MONOTONIC);
}

double clock_seconds(uint64_t begin)
{
	return (double)(clock_begin() - begin) / CLOCK_SECOND;
}

void time_text(int64_t unix_seconds, char out[TIME_TEXT])
{
	const time_t when = (time_t)unix_seconds;
	struct tm utc;

	if (!gmtime_r(&when, &utc) || strftime(out, TIME_TEXT, FORMAT, &utc) == 0)
		out[0] = '\0';
}

void time_text_now(char out[TIME_TEXT])
{
	time_text(clock_now() / CLOCK_SECOND, out);
}

int64_t time_read(const char *text)
{
	struct tm utc = {0};
	const char *end = text ? strptime(text, FORMAT, &utc) : NULL;

	return end && !*end ? (int64_t)timegm(&utc) : INT64_MIN;
}
