/* words.h - finds the words of a text. */
#ifndef PLUGINS_WORDS_H
#define PLUGINS_WORDS_H

#include "animed-plugin.h"

/* Takes a word, in lower case.  `word` is valid until it returns.  Returns 0, or -1 with err filled. */
typedef int words_take(void *ctx, const char *word, size_t length, struct animed_error *err);

/* Call take(ctx, ...) for each word of a text, in its order: each longest run of two or more letters, folded so that
 * case makes no difference.  Letters are those of Unicode; the marks that follow a letter, such as accents, belong to
 * the run.  Everything else ends a word: digits, underscores, apostrophes, and bytes that are not UTF-8.  Returns 0.
 * Where take() fails or memory is short, returns -1 and fills err. */
int words_each(const char *text, size_t length, words_take *take, void *ctx, struct animed_error *err);

#endif
