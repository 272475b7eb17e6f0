/* lookup.h - finds the item that a person means by a text.
 *
 * A text is compared with the titles exactly as written, then folded (see casefold.h), then with the alternative titles
 * (folded), then with the beginnings of all of these, and last it is searched for by similarity: by trigrams, then by
 * edits.  The first of these ways that finds anything decides. */
#ifndef ANIMED_LOOKUP_H
#define ANIMED_LOOKUP_H

#include "data/catalogue.h"

enum lookup_way { LOOKUP_EXACT, LOOKUP_FOLDED, LOOKUP_ALTERNATIVE, LOOKUP_PREFIX, LOOKUP_FUZZY };

struct lookup_hit {
	uint32_t item;
	float score; /* 1: equal once folded; 0.9: a title begins with the text; 0.8: a title has all words of the text;
		      * less: 0.7 times the share of the longer text that needs no edit */
};

struct lookup; /* it reads the catalogue, which must outlive it */

/* Returns the seconds that a search by similarity takes on this machine, measured once by lookup_open(). */
double lookup_cost(const struct lookup *lookup);

/* Index the titles of the catalogue.  Returns 0; the caller frees *out with lookup_close().  On failure returns -1 and
 * fills err. */
int lookup_open(const struct catalogue *catalogue, struct lookup **out, struct animed_error *err);
void lookup_close(struct lookup *lookup);

/* Find the items in `mask` (a bit an item; NULL: all) that match `text` best: score descending, then number of ratings
 * descending, then id.  `hits` has room for *n hits on entry and holds *n on return.  *way says how the best one was
 * found.  Returns 0, or -1 where memory is short.  Any thread. */
int lookup_search(const struct lookup *lookup, struct text text, const uint64_t *mask, struct lookup_hit *hits,
		  size_t *n, enum lookup_way *way);

enum lookup_outcome {
	LOOKUP_FOUND,     /* hits[0] is meant */
	LOOKUP_AMBIGUOUS, /* hits[0..*n) are equally good, or too close to choose */
	LOOKUP_UNKNOWN,   /* nothing is near enough; hits[0..*n) come nearest, and *n may be 0 */
	LOOKUP_NO_MEMORY,
};

/* Decide which item `text` means.  `hits` has room for *n on entry (at least 8) and holds *n on return.  Any thread. */
enum lookup_outcome lookup_resolve(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				   enum lookup_way *way);

/* Decide as lookup_resolve() does, but compare the text only with whole titles and alternative titles, which takes next
 * to no time.  LOOKUP_UNKNOWN then means that there is no such title, and that lookup_resolve() would search further;
 * *n is 0. */
enum lookup_outcome lookup_title(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way);

const char *lookup_way_name(enum lookup_way way); /* "exact", "folded", "alternative", "prefix", "fuzzy" */

#endif
