/* number.c - reads ids, counts, scores and years. */
#include "config.h"

#include "rows/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows/cell.h"

enum { MOST_DIGITS = 18, NUMBER_SIZE = 64 };

/* The years there can be: the first film is of 1888, and what is beyond the second one is no year. */
enum { FIRST_YEAR = 1888, LAST_YEAR = 3000 };

/* Every whole number below this one is a double, and no other number is written as the same double. */
#define NO_LONGER_EXACT 9007199254740992.0

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *text)
{
	size_t n = 0;

	while (is_digit(text[n]))
		n++;
	return n;
}

/* The length of a space of Unicode that stands in numbers, such as 1 615 084; 0 where there is none. */
static size_t space_length(const char *text, size_t length)
{
	static const char *const spaces[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89"};

	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
		if (length >= strlen(spaces[i]) && memcmp(text, spaces[i], strlen(spaces[i])) == 0)
			return strlen(spaces[i]);
	}
	return 0;
}

/* Copy the text without the blanks around it, and with plain blanks in it.  Returns its new length; 0 where it is too
 * long for a number, has a NUL in it, or nothing. */
static size_t trim(const char *text, size_t length, char out[NUMBER_SIZE])
{
	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length >= NUMBER_SIZE || memchr(text, '\0', length))
		return 0;
	size_t n = 0;
	for (size_t i = 0; i < length; n++) {
		const size_t space = space_length(text + i, length - i);
		out[n] = space ? ' ' : text[i];
		i += space ? space : 1;
	}
	out[n] = '\0';
	return n;
}

/* Take the marks out of a number in groups of three digits, "1,615,084", of which there are at least `least`.  Returns
 * whether it is such a number; else it stays as it is. */
static bool join_groups(char *text, char mark, size_t least)
{
	char *const begin = text + (*text == '-' || *text == '+');
	const size_t first = digits(begin);
	size_t groups = 0;

	while (begin[first + 4 * groups] == mark && digits(begin + first + 4 * groups + 1) == 3)
		groups++;
	const char *rest = begin + first + 4 * groups;
	if (first == 0 || first > 3 || groups < least || (*rest && *rest != '.'))
		return false;
	for (size_t g = 0; g < groups; g++)
		memmove(begin + first + 3 * g, begin + first + 4 * g + 1, 3);
	memmove(begin + first + 3 * groups, rest, strlen(rest) + 1);
	return true;
}

/* Take any of the marks that stand between groups of digits out of a number.  Returns whether the rest may be a number. */
static bool take_groups(char *number)
{
	const char *mark = number + strcspn(number, ", '");

	if (*mark)
		return join_groups(number, *mark, 1);
	/* one group behind a point is a fraction as well */
	(void)join_groups(number, '.', 2);
	return true;
}

/* Whether the text is a number with an exponent or a fraction, "12.0" or "1.2e6". */
static bool is_real(const char *text, double *number)
{
	char *end;

	if (text[strspn(text, "+-0123456789.eE")])
		return false;
	*number = strtod(text, &end);
	return end != text && *end == '\0';
}

/* Whether the text is such a number that is a whole one.  Who wrote it had a double: from some size on that may have been
 * another number before. */
static bool is_whole(const char *text, int64_t *id)
{
	double number;

	if (!is_real(text, &number) || !(fabs(number) < NO_LONGER_EXACT) || number != trunc(number))
		return false;
	*id = (int64_t)number;
	return true;
}

bool cell_to_id(const char *text, size_t length, int64_t *id)
{
	char number[NUMBER_SIZE], *end;
	size_t n = 0;

	/* a quick way for most ids, which are a few digits */
	for (*id = 0; n < MOST_DIGITS && is_digit(text[n]); n++)
		*id = *id * 10 + (text[n] - '0');
	if (n > 0 && n == length)
		return true;
	if (trim(text, length, number) == 0)
		return false;
	errno = 0;
	*id = strtoll(number, &end, 10);
	if (errno == 0 && end != number && number[strspn(number, "+-0123456789")] == '\0')
		return true;
	return take_groups(number) && is_whole(number, id);
}

const char *cell_not_id(const char *text, size_t length)
{
	char number[NUMBER_SIZE];
	double real;

	if (memchr(text, '\0', length))
		return "has a NUL character after";
	if (trim(text, length, number) == 0 || !is_real(number, &real))
		return "is not a whole number:";
	if (number[strspn(number, "+-0123456789")] == '\0')
		return "is too large:"; /* for 64 bits */
	return fabs(real) >= NO_LONGER_EXACT ? "is a real number, too large to be exact:" : "is not a whole number:";
}

void number_write(double number, char out[NUMBER_TEXT])
{
	const bool large = fabs(number) >= NO_LONGER_EXACT;

	for (int digits = 15; digits <= 17; digits++) {
		/* with an exponent, a large one is not taken for a whole number that was written as such */
		(void)snprintf(out, NUMBER_TEXT, large ? "%.*e" : "%.*g", large ? digits - 1 : digits, number);
		if (fabs(strtod(out, NULL) - number) <= 0)
			return;
	}
}

/* Whether the number is one like "12.000", where what stands behind the point may be a group of digits or a fraction. */
static bool is_ambiguous(const char *text, size_t length)
{
	const char *point = memchr(text, '.', length);
	char number[NUMBER_SIZE];

	if (!point || (size_t)(point - text) + 4 > length || trim(text, length, number) == 0)
		return false;
	const size_t first = digits(number);
	return first >= 1 && first <= 3 && *number != '0' && number[first] == '.' && digits(number + first + 1) == 3 &&
	       number[first + 4] == '\0';
}

bool cell_to_count(const char *text, size_t length, int64_t *count)
{
	if (cell_to_id(text, length, count) && *count >= 0 && !is_ambiguous(text, length))
		return true;
	*count = 0;
	return cell_is_none(text, length);
}

/* The halves and stars of scores, in UTF-8. */
#define HALF "\xc2\xbd"

static bool skip(const char **at, const char *what)
{
	const size_t n = strlen(what);

	if (strncmp(*at, what, n) != 0)
		return false;
	*at += n;
	return true;
}

/* Read stars, with a half at the end: "★★★½".  Empty ones do not count. */
static bool is_stars(const char *text, float *score)
{
	const char *at = text;

	for (*score = 0; skip(&at, "\xe2\x98\x85") || skip(&at, "\xe2\xad\x90");)
		*score += 1;
	if (skip(&at, HALF))
		*score += 0.5f;
	while (skip(&at, "\xe2\x98\x86"))
		;
	return at > text && *at == '\0';
}

/* Read the number at the beginning of the text; *end receives where it ends.  "7,5" is a number with a comma for the
 * point; three digits after it would rather be thousands. */
static float read_score(char *text, char **end)
{
	const size_t sign = *text == '-' || *text == '+', whole = digits(text + sign);
	char *comma = text + sign + whole;

	if (whole > 0 && *comma == ',' && digits(comma + 1) >= 1 && digits(comma + 1) <= 2)
		*comma = '.';
	*end = text;
	/* strtof() reads hexadecimal numbers and names too */
	const char *first = text + sign;
	const bool hexadecimal = first[0] == '0' && (first[1] == 'x' || first[1] == 'X');
	return !hexadecimal && is_digit(first[*first == '.']) ? strtof(text, end) : NAN;
}

bool cell_to_score(const char *text, size_t length, float *score, int *of)
{
	char number[NUMBER_SIZE], *end;

	/* a quick way for most scores, which are one digit */
	*of = 0;
	if (length == 1 && is_digit(text[0])) {
		*score = (float)(text[0] - '0');
		return true;
	}
	if (trim(text, length, number) == 0)
		return false;
	if (is_stars(number, score))
		return true;
	*score = read_score(number, &end);
	if (!isfinite(*score))
		return false;
	const char *slash = end;
	if (skip(&slash, HALF))
		*score += *score < 0 ? -0.5f : 0.5f;
	slash += strspn(slash, " ");
	if (*slash == '/') {
		const char *whole = slash + 1 + strspn(slash + 1, " ");
		const size_t n = digits(whole);
		if (n == 0 || n > 4 || whole[n] != '\0')
			return false;
		*of = (int)strtol(whole, NULL, 10);
		return *of > 0;
	}
	return *slash == '\0';
}

/* The year that two digits stand for, which spreadsheets make of a date.  41 to 99 are of the last century, 00 to 40 of
 * this one; the oldest anime known is of 1907. */
static int32_t full_year(int two_digits)
{
	return two_digits <= 40 ? 2000 + two_digits : 1900 + two_digits;
}

static int32_t four_digits(const char *at)
{
	return (int32_t)((at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0');
}

int32_t cell_to_year(const char *text)
{
	int two = -1;

	for (const char *at = text; *at;) {
		size_t n = 0;
		while (is_digit(at[n]))
			n++;
		/* 19980403 is a date too */
		const int32_t year = n == 4 || n == 8 ? four_digits(at) : 0;
		if (year >= FIRST_YEAR && year < LAST_YEAR)
			return year;
		if (n == 2 && at > text && at[-1] == '-' && !is_digit(at[2]) && at[2] != '-')
			two = (at[0] - '0') * 10 + at[1] - '0';
		at += n ? n : 1;
	}
	return two >= 0 ? full_year(two) : 0;
}

int32_t title_year(const char *title, size_t length)
{
	while (length > 0 && title[length - 1] == ' ')
		length--;
	if (length < 6 || title[length - 1] != ')' || title[length - 6] != '(')
		return 0;
	for (size_t i = length - 5; i < length - 1; i++) {
		if (!is_digit(title[i]))
			return 0;
	}
	const int32_t year = four_digits(title + length - 5);
	return year >= FIRST_YEAR && year < LAST_YEAR ? year : 0;
}
