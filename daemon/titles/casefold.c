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

/* 0 with *out NULL where the text is not UTF-8; -1: out of memory. */
static int map(struct text text, int options, char **out)
{
	utf8proc_uint8_t *mapped = NULL;
	const utf8proc_ssize_t length = utf8proc_map(
	    (const utf8proc_uint8_t *)text.bytes, (utf8proc_ssize_t)text.length, &mapped, (utf8proc_option_t)options);

	*out = (char *)mapped;
	return length == UTF8PROC_ERROR_NOMEM ? -1 : 0;
}

static int fold_decomposed(const char *decomposed, char **folded)
{
	char *letters = keep_letters((const utf8proc_uint8_t *)decomposed);

	if (!letters)
		return -1;
	/* a title of symbols alone stays what it is */
	const int status = map(text_of(*letters ? letters : decomposed), UTF8PROC_COMPOSE | UTF8PROC_STABLE, folded);
	free(letters);
	return status;
}

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.bytes[i] >= 0x80)
			return false;
	}
	return true;
}

int fold_text(struct text text, char **folded)
{
	char *decomposed;

	*folded = NULL;
	if (is_ascii(text)) {
		*folded = fold_ascii(text.bytes, text.length);
		if (!*folded)
			return -1;
		if (**folded)
			return 0;
		free(*folded);
		*folded = NULL;
	}
	if (memchr(text.bytes, '\0', text.length))
		return 0; /* no text that a person typed, and utf8proc would stop there */
	if (map(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &decomposed) < 0)
		return -1;
	const int status = decomposed ? fold_decomposed(decomposed, folded) : 0;
	free(decomposed);
	return status;
}
