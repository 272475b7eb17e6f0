/* casefold.c - folds titles with utf8proc. */
#include "config.h"

#include "titles/casefold.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Most titles are ASCII; they fold without a table. */
static char *fold_ascii(const char *text, size_t length)
{
	char *out = malloc(length + 1), *to = out;
	bool gap = false;

	for (size_t i = 0; out && i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + ('a' - 'A'));
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			if (gap && to > out)
				*to++ = ' ';
			*to++ = (char)c;
			gap = false;
		} else {
			gap = true;
		}
	}
	if (out)
		*to = '\0';
	return out;
}

static bool is_letter_or_digit(utf8proc_int32_t codepoint)
{
	const utf8proc_category_t category = utf8proc_category(codepoint);

	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static bool is_mark(utf8proc_int32_t codepoint)
{
	const utf8proc_category_t category = utf8proc_category(codepoint);

	return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

/* Of decomposed, case-folded text keep letters and digits, one space for each run of others.  Accents go from the
 * alphabets (Latin, Greek, Cyrillic lie below U+0590); elsewhere marks are part of the letter, as in kana. */
static char *keep_letters(const utf8proc_uint8_t *text)
{
	const size_t length = strlen((const char *)text);
	char *out = malloc(length + 1), *to = out;
	utf8proc_int32_t codepoint, base = 0;
	bool gap = false;

	for (size_t i = 0; out && i < length;) {
		utf8proc_ssize_t n = utf8proc_iterate(text + i, (utf8proc_ssize_t)(length - i), &codepoint);
		if (n <= 0)
			break;
		if (is_letter_or_digit(codepoint)) {
			if (gap && to > out)
				*to++ = ' ';
			gap = false;
			base = codepoint;
			memcpy(to, text + i, (size_t)n);
			to += n;
		} else if (!is_mark(codepoint)) {
			gap = true;
			base = 0;
		} else if (base >= 0x590) {
			memcpy(to, text + i, (size_t)n);
			to += n;
		}
		i += (size_t)n;
	}
	if (out)
		*to = '\0';
	return out;
}

static char *map(const char *text, size_t length, int options)
{
	utf8proc_uint8_t *out = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &out, (utf8proc_option_t)options) <
	    0)
		return NULL;
	return (char *)out;
}

char *fold_text(const char *text, size_t length)
{
	bool ascii = true;
	char *decomposed, *letters, *folded = NULL;

	for (size_t i = 0; i < length; i++)
		ascii &= (unsigned char)text[i] < 0x80;
	folded = ascii ? fold_ascii(text, length) : NULL;
	if (folded && *folded)
		return folded;
	free(folded);
	if (memchr(text, '\0', length))
		return NULL; /* no text that a person typed, and utf8proc would stop there */
	decomposed = map(text, length, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	if (!decomposed)
		return NULL;
	letters = keep_letters((const utf8proc_uint8_t *)decomposed);
	/* a title of symbols alone stays what it is */
	const char *from = letters && *letters ? letters : decomposed;
	folded = letters ? map(from, strlen(from), UTF8PROC_COMPOSE | UTF8PROC_STABLE) : NULL;
	free(letters);
	free(decomposed);
	return folded;
}
