/* parts.h - what the words of a folded title say: the name of the work, its season, part, year and type. */
#ifndef ANIMED_PARTS_H
#define ANIMED_PARTS_H

#include "base/columns.h"

/* How many words of a folded title are read.  Later words belong to no name. */
#define PARTS_WORDS 48

/* A type of show, as a title names it. */
enum parts_type {
	PARTS_NO_TYPE,
	PARTS_TV,
	PARTS_MOVIE,
	PARTS_OVA,
	PARTS_ONA,
	PARTS_SPECIAL,
};

/* The number of a season that is called the final one, whichever it is. */
#define PARTS_FINAL 10000

struct parts {
	struct text words[PARTS_WORDS]; /* of the name, in order, without the words that say the rest; at least one */
	size_t n;
	int season;   /* 2 and more; 0: none is said, or the first */
	int part;     /* of the season, 2 and more; 0: none is said, or the first */
	bool counted; /* whether the season is a bare number or Roman numeral: "Chihayafuru 2", "Overlord II" */
	bool halves;  /* whether the season is called a part or cour; then part is 0 */
	int year;     /* 0: none is said */
	enum parts_type type;
};

/* Read a folded title (see casefold.h).  "Season 2", "S2", "2nd Season", "Second Season", "Season II", "2" and "II" at
 * the end say the season 2, and so does "Part 2", unless a season is said, too.  A year is a number from 1900 to 2099 at
 * the end.  `head` is how many of the words stand before a subtitle, at the end of which a number says a season, too; 0:
 * there is no subtitle.  The words of *parts lie in `folded`. */
void parts_read(struct text folded, size_t head, struct parts *parts);

/* Returns the type that a word names: "tv", "movie", "ova", "specials" ... */
enum parts_type parts_type_of(struct text word);

/* Write the name as a key to `key`, which is emptied first.  Names have the same key if they differ only in the places
 * of blanks, in articles and "and", in zeros before numbers, and in how long vowels are spelt ("ou", "oo" and "o").
 * Returns 0, or -1 where memory is short. */
int parts_key(const struct parts *parts, struct text_buffer *key);

/* Whether a season, part, year or type was said. */
static inline bool parts_say_more(const struct parts *parts)
{
	return parts->year > 0 || parts->season > 0 || parts->part > 0 || parts->type != PARTS_NO_TYPE;
}

/* Whether the word is a number, in any spelling, which is the season, part or year of *parts. */
bool parts_say(const struct parts *parts, struct text word);

/* Whether the word says little of which work is meant: it names a type, counts seasons, or is an article. */
bool parts_is_minor(struct text word);

/* Whether the word is a particle, pronoun or number that stands in titles of all kinds: "no", "of", "is", "la", "two". */
bool parts_is_particle(struct text word);

/* Whether the word has a digit in it. */
bool parts_has_digit(struct text word);

/* Whether the word has a digit in it, or is a Roman numeral of two letters or more. */
bool parts_is_number(struct text word);

#endif
