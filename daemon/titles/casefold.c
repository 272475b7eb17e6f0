/* casefold.c - folds titles with utf8proc. */
#include "config.h"

#include "titles/casefold.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Fold ASCII text.  Most titles are ASCII, and need no table of Unicode.  Returns a new string, or NULL where memory is
 * short. */
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

/* Keep the letters and digits of decomposed, case-folded text, and put one blank for each run of other characters.
 * Accents of Latin, Greek and Cyrillic letters, which lie below U+0590, are dropped.  Elsewhere a mark is kept, since
 * it is part of the letter, as in kana.  Returns a new string, or NULL where memory is short. */
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

/* Map `text` with utf8proc.  Returns 0; *out is a new string, or NULL if the text is not UTF-8.  Returns -1 where
 * memory is short. */
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
	/* a title without letters and digits keeps its symbols */
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
		return 0; /* no title has a NUL, and the functions above would stop at it */
	if (map(text, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &decomposed) < 0)
		return -1;
	const int status = decomposed ? fold_decomposed(decomposed, folded) : 0;
	free(decomposed);
	return status;
}
