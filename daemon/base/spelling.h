/* spelling.h - "did you mean": the word of a list that a misspelt one is nearest to. */
#ifndef ANIMED_SPELLING_H
#define ANIMED_SPELLING_H

#include <stddef.h>

#define EDIT_MAX 255

/* How many edits (insert, delete, replace a byte, swap neighbours) make b out of a; n and m at most EDIT_MAX. */
size_t edit_distance(const char *a, size_t n, const char *b, size_t m);

/* The nearest of n words to `word` by edits, or NULL where none is within a
 * third of the word's length.  NULL entries are passed over. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
