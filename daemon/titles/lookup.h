/* lookup.h - from what a person types to an item.
 *
 * A title is tried exactly as written, then folded (NFKC, case and accents gone, runs of anything but letters and
 * digits to one space), then among the alternative titles (folded), then as the beginning of a title, then by
 * similarity of trigrams.  The first way that finds anything decides. */
#ifndef ANIMED_LOOKUP_H
#define ANIMED_LOOKUP_H

#include "data/catalogue.h"

enum lookup_way { LOOKUP_EXACT, LOOKUP_FOLDED, LOOKUP_ALTERNATIVE, LOOKUP_PREFIX, LOOKUP_FUZZY };

struct lookup_hit {
	uint32_t item;
	float score; /* 1: the same text once folded; 0.9: its beginning; 0.8: all its words occur; less: 0.7 times the
		      * share of the longer text that needs no edit */
};

struct lookup; /* reads the catalogue, which must outlive it */

/* Seconds that the last resort, a search by likeness, takes here; measured once. */
double lookup_cost(const struct lookup *lookup);

int lookup_open(const struct catalogue *catalogue, struct lookup **out, struct animed_error *err);
void lookup_close(struct lookup *lookup);

/* Find the best matches of `text` among the items of `mask` (a bit an item; NULL: all), score descending, then number
 * of ratings descending, then id.  `hits` has room for *n on entry and holds *n on return; *way says how they were
 * found.  Returns 0, or -1 where memory is short.  Any thread. */
int lookup_search(const struct lookup *lookup, struct text text, const uint64_t *mask, struct lookup_hit *hits,
		  size_t *n, enum lookup_way *way);

enum lookup_outcome {
	LOOKUP_FOUND,     /* hits[0] is meant */
	LOOKUP_AMBIGUOUS, /* hits[0..*n) are equally good, or too close to choose */
	LOOKUP_UNKNOWN,   /* hits[0..*n) come nearest, and are not near enough; *n may be 0 */
	LOOKUP_NO_MEMORY,
};

/* Decide which item `text` means.  `hits` has room for *n on entry (at least 8) and holds *n on return.  Any thread. */
enum lookup_outcome lookup_resolve(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				   enum lookup_way *way);

/* The same for a text that is a title or an alternative one but for case and accents, which takes next to no time.
 * LOOKUP_UNKNOWN: it is none, so that lookup_resolve() would have to look further; *n is 0. */
enum lookup_outcome lookup_title(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way);

const char *lookup_way_name(enum lookup_way way); /* "exact", "folded", "alternative", "prefix", "fuzzy" */

#endif
