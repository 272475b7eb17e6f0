/* report-text.c - writes the date, the parameters and the bins of a report as text. */
#include "config.h"

#include "report/report-text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/format.h"

const char *report_date(const struct report *report, char out[DATE_SIZE])
{
	const time_t at = (time_t)report->time;
	struct tm utc;

	if (!gmtime_r(&at, &utc) || strftime(out, DATE_SIZE, "%Y-%m-%d %H:%M UTC", &utc) == 0)
		out[0] = '\0';
	return out;
}

const char *report_cut(const char *text, char *out, size_t size)
{
	static const char cut[] = "...";
	size_t length = strlen(text);

	if (length < size)
		return strcpy(out, text);
	length = size - sizeof cut;
	/* bytes 10xxxxxx continue a character */
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	memcpy(out, text, length);
	memcpy(out + length, cut, sizeof cut);
	return out;
}

const char *report_bin_name(const struct report_bins *bins, size_t i, char out[BIN_SIZE])
{
	const struct report_bin *bin = &bins->at[i];
	char low[COUNT_SIZE], high[COUNT_SIZE];

	if (bins->kind == BIN_VALUE)
		(void)snprintf(out, BIN_SIZE, "%g", bin->low);
	else if (bins->kind == BIN_RANGE)
		(void)snprintf(out, BIN_SIZE, "%g to %g", bin->low, bin->high);
	else if (isinf(bin->high))
		(void)snprintf(out, BIN_SIZE, "%s+", format_count((uint64_t)bin->low, low));
	else if (bin->high - bin->low > 1)
		(void)snprintf(out, BIN_SIZE, "%s\xe2\x80\x93%s", format_count((uint64_t)bin->low, low),
			       format_count((uint64_t)bin->high - 1, high));
	else
		(void)snprintf(out, BIN_SIZE, "%s", format_count((uint64_t)bin->low, low));
	return out;
}
