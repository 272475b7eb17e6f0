/* cell.c - tells what a cell is, and shows it. */
#include "config.h"

#include "rows/cell.h"

#include <string.h>
#include <strings.h>
#include <utf8proc.h>

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

bool cell_is_line(const char *text, size_t length)
{
	size_t i = 0;

	/* a quick way for most texts, which are ASCII */
	while (i < length && text[i] > '\r')
		i++;
	return i == length ||
	       (cell_is_utf8(text, length) && !memchr(text, '\n', length) && !memchr(text, '\r', length));
}

bool cell_is_none(const char *text, size_t length)
{
	static const char *const words[] = {"nan",     "null", "none", "na", "n/a", "#n/a", "<na>",
					    "unknown", "nil",  "-",    "--", "?",   "tba",  "\\n"};

	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (length == strlen(words[i]) && strncasecmp(text, words[i], length) == 0)
			return true;
	}
	return length == 0;
}

/* Whether a terminal would do something else than show the character, or take it for the end of the line. */
static bool is_control(utf8proc_int32_t code)
{
	switch (utf8proc_category(code)) {
	case UTF8PROC_CATEGORY_CC: /* C0 and C1 */
	case UTF8PROC_CATEGORY_CF: /* such as those that turn the direction of the text */
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

const char *cell_show(const char *text, char *out, size_t size)
{
	static const char cut[] = "...";
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	size_t left = strlen(text), used = 0, fits = 0; /* `fits`: how much leaves room for the cut */

	while (left > 0) {
		utf8proc_int32_t code;
		const utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)left, &code);
		const bool plain = n > 0 && !is_control(code);
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
