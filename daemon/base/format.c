/* format.c - groups the digits of counts, and shortens them. */
#include "config.h"

#include "base/format.h"

#include <inttypes.h>
#include <stdio.h>

const char *format_count(uint64_t n, char out[COUNT_SIZE])
{
	char digits[COUNT_SIZE];
	const size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	return out;
}

const char *format_short(uint64_t n, char out[COUNT_SIZE])
{
	static const char units[] = {'k', 'M', 'G', 'T', 'P', 'E'};
	double value = (double)n;
	int unit = -1;

	/* 999.5 and more would be rounded to 1000, so it gets the next unit */
	while (value >= 999.5) {
		value /= 1000;
		unit++;
	}
	if (unit < 0)
		(void)snprintf(out, COUNT_SIZE, "%" PRIu64, n);
	else
		(void)snprintf(out, COUNT_SIZE, "%.*f%c", value < 9.95 ? 1 : 0, value, units[unit]);
	return out;
}

const char *format_amount(uint64_t n, const char *unit, char out[AMOUNT_SIZE])
{
	char count[COUNT_SIZE];

	(void)snprintf(out, AMOUNT_SIZE, "%s %.30s%s", format_count(n, count), unit, n == 1 ? "" : "s");
	return out;
}
