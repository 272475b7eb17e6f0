/* spelling.h - "did you mean": the word of a list that a misspelt one is nearest to. */
#ifndef ANIMED_SPELLING_H
#define ANIMED_SPELLING_H

#include "base/text.h"

#define EDIT_MAX 255

/* How many edits (insert, delete, replace a byte, swap neighbours) make b out of a; n and m at most EDIT_MAX. */
size_t edit_distance(const char *a, size_t n, const char *b, size_t m);

/* A search for the word that is nearest by edits to one that is misspelt; no further away than a third of its length. */
struct nearest {
	struct text word;
	size_t edits;      /* of the nearest so far, or the first number that is too many */
	struct text found; /* bytes NULL: none so far */
};

struct nearest nearest_to(const char *word);

/* Whether the candidate is nearer than all before it.  `found` then leads to its bytes. */
bool nearest_try(struct nearest *nearest, struct text candidate);

/* Returns the nearest of n words, NULL where none is near.  Entries that are NULL are passed over. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
