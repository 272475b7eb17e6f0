/* cell.c - reads the cells of rating data. */
#include "config.h"

#include "rows/cell.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool cell_is_utf8(const char *text, size_t length)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t codepoint;

	for (size_t i = 0; i < length;) {
		if (at[i] - 1u < 0x7f) {
			i++;
			continue;
		}
		utf8proc_ssize_t n = at[i] ? utf8proc_iterate(at + i, (utf8proc_ssize_t)(length - i), &codepoint) : 0;
		if (n <= 0)
			return false;
		i += (size_t)n;
	}
	return true;
}

bool cell_to_id(const char *text, size_t length, int64_t *id)
{
	char *end;
	size_t n = 0;

	/* a quick way for most ids, which are a few digits */
	for (*id = 0; n < 18 && is_digit(text[n]); n++)
		*id = *id * 10 + (text[n] - '0');
	if (n > 0 && n == length)
		return true;
	errno = 0;
	*id = strtoll(text, &end, 10);
	return errno == 0 && end != text && end == text + length && !isspace((unsigned char)*text);
}

bool cell_to_score(const char *text, size_t length, float *score)
{
	char *end;

	/* a quick way for most scores, which are one digit */
	if (length == 1 && is_digit(text[0])) {
		*score = (float)(text[0] - '0');
		return true;
	}
	*score = strtof(text, &end);
	return end != text && end == text + length && isfinite(*score);
}

int64_t cell_to_count(const char *text)
{
	int64_t count;

	return cell_to_id(text, strlen(text), &count) && count > 0 ? count : 0;
}

/* The year that two digits stand for, which spreadsheets make of a date.  41 to 99 are of the last century, 00 to 40 of
 * this one; the oldest anime known is of 1907. */
static int32_t full_year(int two_digits)
{
	return two_digits <= 40 ? 2000 + two_digits : 1900 + two_digits;
}

int32_t cell_to_year(const char *text)
{
	int two = -1;

	for (const char *at = text; *at;) {
		size_t n = 0;
		while (is_digit(at[n]))
			n++;
		if (n == 4 && at[0] >= '1' && at[0] <= '2')
			return (int32_t)strtol(at, NULL, 10);
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
	return (int32_t)strtol(title + length - 5, NULL, 10);
}

size_t normalise_genres(char *text)
{
	static const char none[] = "(no genres listed)";
	const bool list = text[0] == '[', bars = !list && strchr(text, '|');
	char *to = text;

	if (strcmp(text, none) == 0)
		*text = '\0';
	for (char *at = text; *at;) {
		/* take one genre, without the marks and blanks around it */
		at += strspn(at, list ? " []'\"," : bars ? " |" : " ,");
		size_t n = list ? strcspn(at, "'\",]") : bars ? strcspn(at, "|") : strcspn(at, ",");
		size_t trimmed = n;
		while (trimmed > 0 && at[trimmed - 1] == ' ')
			trimmed--;
		if (trimmed > 0) {
			if (to > text)
				*to++ = '|';
			memmove(to, at, trimmed);
			to += trimmed;
		}
		at += n;
		if (*at)
			at++;
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* Write the character that the entity at `at` stands for to `out`.  Returns the length of the entity, 0 where there is
 * none. */
static size_t entity(const char *at, char *out, size_t *out_length)
{
	static const struct {
		const char *name;
		char stands_for;
	} names[] = {{"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}};
	char *end;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const size_t n = strlen(names[i].name);
		if (strncmp(at, names[i].name, n) == 0) {
			out[0] = names[i].stands_for;
			*out_length = 1;
			return n;
		}
	}
	if (strncmp(at, "&#", 2) != 0 || !is_digit(at[2]))
		return 0;
	long codepoint = strtol(at + 2, &end, 10);
	if (*end != ';' || end - at > 9 || codepoint < 32 || !utf8proc_codepoint_valid((utf8proc_int32_t)codepoint))
		return 0;
	*out_length = (size_t)utf8proc_encode_char((utf8proc_int32_t)codepoint, (utf8proc_uint8_t *)out);
	return (size_t)(end - at) + 1;
}

size_t decode_entities(char *text)
{
	char *to = text, character[4];
	size_t n, length;

	for (char *at = text; *at;) {
		if (*at == '&' && (n = entity(at, character, &length)) > 0) {
			memcpy(to, character, length); /* fits: it is never longer than its entity */
			to += length;
			at += n;
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

const char *cell_show(const char *text, char *out, size_t size)
{
	static const char cut[] = "...";
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	size_t left = strlen(text), used = 0, fits = 0; /* `fits`: how much leaves room for the cut */

	while (left > 0) {
		utf8proc_int32_t code;
		const utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)left, &code);
		const bool plain = n > 0 && code >= 0x20 && (code < 0x7f || code > 0x9f);
		const size_t step = n > 0 ? (size_t)n : 1, written = plain ? step : 1;
		if (used + written >= size) {
			memcpy(out + fits, cut, sizeof cut);
			return out;
		}
		if (plain)
			memcpy(out + used, at, step);
		else
			out[used] = n > 0 ? ' ' : '?';
		used += written;
		if (used + sizeof cut <= size)
			fits = used;
		at += step;
		left -= step;
	}
	out[used] = '\0';
	return out;
}
