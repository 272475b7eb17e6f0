/* spelling.h - "did you mean": finds the word of a list that is nearest to a misspelt word. */
#ifndef ANIMED_SPELLING_H
#define ANIMED_SPELLING_H

#include "base/text.h"

#define EDIT_MAX 255

/* Returns how many edits make b (m bytes) out of a (n bytes).  An edit inserts, deletes or replaces a byte, or swaps
 * two neighbours.  Both n and m are at most EDIT_MAX. */
size_t edit_distance(const char *a, size_t n, const char *b, size_t m);

/* A search for the candidate that is nearest to a misspelt word, counted in edits.  A candidate counts only if its
 * edits are at most a third of the bytes of the word.  `word` and `found` point to bytes of the caller. */
struct nearest {
	struct text word;
	size_t edits;      /* of `found`; before anything is found, the lowest number that is too many */
	struct text found; /* the nearest so far; bytes is NULL if there is none */
};

struct nearest nearest_to(const char *word);

/* Offer a candidate.  Returns true if it is nearer than all candidates before; then it is in `found`. */
bool nearest_try(struct nearest *nearest, struct text candidate);

/* Returns the nearest of n words, or NULL if none is near.  Entries that are NULL are skipped. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
