/* number.c - reads scores and ranges. */
#include "config.h"

#include "ctl/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"

/* ---- scores ---- */

/* Read digits, with a point or a comma before the fraction.  Returns what stands behind them, or NULL if there are none. */
static const char *read_decimal(const char *text, double *number)
{
	char plain[32];
	size_t n = strspn(text, "0123456789.,");
	char *end;

	if (n == 0 || n >= sizeof plain)
		return NULL;
	memcpy(plain, text, n);
	plain[n] = '\0';
	char *comma = strchr(plain, ',');
	if (comma)
		*comma = '.';
	*number = strtod(plain, &end);
	return *end ? NULL : text + n;
}

bool number_score(const char *text, double *score, double *scale)
{
	const bool negative = *text == '-';
	const char *end = read_decimal(text + negative, score);

	*scale = 0;
	*score = negative ? -*score : *score;
	if (end && *end == '/')
		end = read_decimal(end + 1, scale);
	return end && !*end;
}

/* ---- ranges ---- */

/* Read a number with commas between thousands, a fraction, and "k" or "m" behind it.  Returns what stands behind it, or
 * NULL if there is no number. */
static const char *read_count(const char *text, double *number)
{
	char plain[32];
	size_t n = 0;
	char *end;

	for (; isdigit((unsigned char)*text) || *text == ',' || (*text == '.' && isdigit((unsigned char)text[1]));
	     text++) {
		const bool thousands = *text == ',' && strspn(text + 1, "0123456789") == 3;
		if (n + 1 == sizeof plain || (*text == ',' && !thousands))
			return NULL;
		if (*text != ',')
			plain[n++] = *text;
	}
	plain[n] = '\0';
	*number = strtod(plain, &end);
	if (n == 0 || *end)
		return NULL;
	const double times = *text == 'k' || *text == 'K' ? 1e3 : *text == 'm' || *text == 'M' ? 1e6 : 1;
	*number *= times;
	return text + (times > 1);
}

/* Returns what stands behind the mark between two ends, or NULL if there is none. */
static const char *behind_mark(const char *text)
{
	static const char *const marks[] = {"..", "-", "\xe2\x80\x93", NULL};

	for (const char *const *mark = marks; *mark; mark++) {
		/* a third dot does not begin a fraction */
		if (strncmp(text, *mark, strlen(*mark)) == 0 && text[strlen(*mark)] != '.')
			return text + strlen(*mark);
	}
	return NULL;
}

char *number_range(const char *text)
{
	double low = 0, high = 0;
	const char *end = read_count(text, &low);
	const bool from = end != NULL;

	if (!from)
		end = text;
	if (from && !*end)
		return memory_format("%.15g", low);
	if (from && strcmp(end, "+") == 0)
		return memory_format("%.15g..", low);
	end = behind_mark(end);
	if (!end)
		return NULL;
	if (!*end)
		return from ? memory_format("%.15g..", low) : NULL;
	end = read_count(end, &high);
	if (!end || *end)
		return NULL;
	return from ? memory_format("%.15g..%.15g", low, high) : memory_format("..%.15g", high);
}
