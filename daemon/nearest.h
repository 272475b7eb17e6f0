/* nearest.h - "did you mean": the word of a list that a misspelt one is nearest to. */
#ifndef ANIMED_NEAREST_H
#define ANIMED_NEAREST_H

#include <stddef.h>

/* The nearest of n words to `word` by edits (insert, delete, replace, swap neighbours), or NULL where none is within a
 * third of the word's length.  NULL entries are passed over. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
