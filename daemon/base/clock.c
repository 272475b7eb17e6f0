/* clock.c - Unix times in ISO 8601. */
#include "config.h"

#include "base/clock.h"

#include <time.h>

void time_text(int64_t unix_seconds, char out[TIME_TEXT])
{
	time_t when = (time_t)unix_seconds;
	struct tm utc;

	if (!gmtime_r(&when, &utc) || strftime(out, TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		out[0] = '\0';
}
