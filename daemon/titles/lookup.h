/* lookup.h - finds the item that a person means by a text.
 *
 * A text is compared with the titles exactly as written, then folded (see casefold.h), with a year, type or season in it
 * understood (see parts.h), then with the alternative titles in the same way.  Then the shows are looked for that have
 * all of its words in their titles, then those that it abbreviates, those whose titles begin with it, and last those
 * whose words are spelt like its own.  The first of these ways that finds anything decides.  Where it finds several
 * shows, the one that stands out by how well it is known is meant (see fame.h), if the text says enough to be sure (see
 * lookup-sure.c). */
#ifndef ANIMED_LOOKUP_H
#define ANIMED_LOOKUP_H

#include "data/catalogue.h"

enum lookup_way {
	LOOKUP_EXACT,
	LOOKUP_FOLDED,
	LOOKUP_ALTERNATIVE,
	LOOKUP_WORDS,
	LOOKUP_INITIALS,
	LOOKUP_PREFIX,
	LOOKUP_FUZZY, /* a guess */
};

/* A show that was found.  The score of lookup_search() is 1 where a title is equal once folded, 0.9 where one begins with
 * the words of the text, 0.8 where the titles have all its words, and less otherwise; of a guess it is 0.6 times how much
 * of the words is alike. */
struct lookup_hit {
	uint32_t item;
	float score;
};

struct lookup; /* it reads the catalogue, which must outlive it */

/* Returns the seconds that a search takes on this machine that finds no whole title, measured once by lookup_open(). */
double lookup_cost(const struct lookup *lookup);

/* Index the titles of the catalogue.  Returns 0; the caller closes *out with lookup_close().  On failure returns -1 and
 * fills err. */
int lookup_open(const struct catalogue *catalogue, struct lookup **out, struct animed_error *err);
void lookup_close(struct lookup *lookup);

/* Say of which franchise each item is, as franchise_find() does, so that a sequel does not stand against the show it
 * belongs to.  Without this every item is alone.  The array must outlive the lookup. */
void lookup_set_franchises(struct lookup *lookup, const uint32_t *franchises);

/* Find the items in `mask` (a bit an item; NULL: all) that match `text` best: score descending, then the best known,
 * then id.  `hits` has room for *n hits on entry and holds *n on return; what is only a little like the text is left
 * out.  *way says how the best one was found.  Returns 0, or -1 where memory is short.  Any thread. */
int lookup_search(const struct lookup *lookup, struct text text, const uint64_t *mask, struct lookup_hit *hits,
		  size_t *n, enum lookup_way *way);

enum lookup_outcome {
	LOOKUP_FOUND,     /* hits[0] is meant */
	LOOKUP_AMBIGUOUS, /* any of hits[0..*n) may be meant; the best known comes first */
	LOOKUP_UNKNOWN,   /* nothing is near enough; hits[0..*n) come nearest, and *n may be 0 */
	LOOKUP_NO_YEAR,   /* there is no show of this title and year; hits[0..*n) have the title */
	LOOKUP_NO_SEASON, /* the same of a season or part */
	LOOKUP_NO_TYPE,   /* the same of a type */
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

/* Decide as lookup_title() does, for a title that a list of another place has: seasons of a name are found too, as "AoT 2"
 * is, but nothing by single words, abbreviations, beginnings or likeness, since nobody is there to see a wrong guess. */
enum lookup_outcome lookup_named(const struct lookup *lookup, struct text text, struct lookup_hit *hits, size_t *n,
				 enum lookup_way *way);

/* Whether an item is an OVA or a special, by its type or else its title: something beside the series itself. */
bool lookup_is_extra(const struct lookup *lookup, uint32_t item);

/* Returns the best known show that has the name that is typed, too, and is better known than `item`, which was found by
 * it; ANIMED_NO_ITEM if there is none.  Any thread. */
uint32_t lookup_also(const struct lookup *lookup, struct text text, uint32_t item);

const char *lookup_way_name(enum lookup_way way); /* "exact", "folded", "alternative", "words" ... */

#endif
