/* spelling.h - "did you mean": the word that a misspelt one is nearest to. */
#ifndef ANIMED_SPELLING_H
#define ANIMED_SPELLING_H

#include "base/text.h"

#define EDIT_MAX 255

/* Returns how many edits make b out of a: a byte inserted, deleted or replaced, or two swapped.  n and m are at most
 * EDIT_MAX. */
size_t edit_distance(const char *a, size_t n, const char *b, size_t m);

/* A search for the word that is fewest edits away from a misspelt one; not more than a third of its length. */
struct nearest {
	struct text word;
	size_t edits;      /* to the nearest so far; while there is none, one more than is allowed */
	struct text found; /* bytes NULL: none so far */
};

struct nearest nearest_to(const char *word);

/* Returns whether the candidate is nearer than all before it; `found` then points to its bytes. */
bool nearest_try(struct nearest *nearest, struct text candidate);

/* Returns the nearest of n words, NULL where none is near.  Entries that are NULL are passed over. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
