/* words.c - splits text into words with utf8proc. */
#include "config.h"

#include "corating/words.h"

#include <stdlib.h>
#include <utf8proc.h>

/* ASCII words up to this length are folded on the stack. */
#define SHORT_WORD 64u

/* A run of letters, which grows as they are read. */
struct run {
	size_t start, end; /* bytes of the text */
	size_t letters;
	bool ascii;
};

static bool is_letter(utf8proc_int32_t codepoint)
{
	if (codepoint < 0x80)
		return (codepoint >= 'a' && codepoint <= 'z') || (codepoint >= 'A' && codepoint <= 'Z');
	const utf8proc_category_t category = utf8proc_category(codepoint);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

static bool is_mark(utf8proc_int32_t codepoint)
{
	if (codepoint < 0x80)
		return false;
	const utf8proc_category_t category = utf8proc_category(codepoint);
	return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

static int take_ascii(const char *text, size_t length, words_take *take, void *ctx, struct animed_error *err)
{
	char folded[SHORT_WORD];

	for (size_t i = 0; i < length; i++)
		folded[i] = (char)(text[i] | 0x20);
	return take(ctx, folded, length, err);
}

/* Composed, so that a letter with its accent is the same word as a letter and its accent. */
static int take_unicode(const char *text, size_t length, words_take *take, void *ctx, struct animed_error *err)
{
	const utf8proc_option_t options = UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE;
	utf8proc_uint8_t *folded = NULL;
	const utf8proc_ssize_t n =
	    utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &folded, options);
	int status = 0;

	if (n > 0)
		status = take(ctx, (const char *)folded, (size_t)n, err);
	else if (n < 0)
		status = animed_fail(err, "cannot fold a word: %s", utf8proc_errmsg(n));
	free(folded);
	return status;
}

static int take_run(const char *text, const struct run *run, words_take *take, void *ctx, struct animed_error *err)
{
	const size_t length = run->end - run->start;

	if (run->letters < 2)
		return 0;
	if (run->ascii && length <= SHORT_WORD)
		return take_ascii(text + run->start, length, take, ctx, err);
	return take_unicode(text + run->start, length, take, ctx, err);
}

int words_each(const char *text, size_t length, words_take *take, void *ctx, struct animed_error *err)
{
	struct run run = {.ascii = true};

	for (size_t i = 0; i < length;) {
		utf8proc_int32_t codepoint = (unsigned char)text[i];
		size_t n = 1;
		if (codepoint >= 0x80) {
			const utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)text + i,
									(utf8proc_ssize_t)(length - i), &codepoint);
			n = bytes > 0 ? (size_t)bytes : 1; /* what is not UTF-8 gives the codepoint -1 */
		}
		const bool letter = codepoint >= 0 && is_letter(codepoint);
		if (letter || (run.letters > 0 && codepoint >= 0 && is_mark(codepoint))) {
			if (run.letters == 0)
				run.start = i;
			run.end = i + n;
			run.letters += letter;
			run.ascii &= codepoint < 0x80;
		} else {
			if (take_run(text, &run, take, ctx, err) < 0)
				return -1;
			run = (struct run){.ascii = true};
		}
		i += n;
	}
	return take_run(text, &run, take, ctx, err);
}
