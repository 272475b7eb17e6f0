/* initials.h - abbreviations made of the first letters of words. */
#ifndef ANIMED_INITIALS_H
#define ANIMED_INITIALS_H

#include "base/columns.h"

/* An abbreviation has this many letters. */
#define INITIALS_LEAST 2
#define INITIALS_MOST  6

/* The first letters of the words of a text: bytes in order from the lowest on. */
struct initials_entry {
	uint64_t letters;
	uint32_t text;
};

/* An index of texts by the first letters of all their words, and of all but particles such as "no". */
struct initials {
	struct initials_entry *entries; /* ascending */
	size_t n, room;
};

/* Add a folded text with its number, if it has as many words as an abbreviation has letters.  Returns 0, or -1 where
 * memory is short.  initials_sort() is called once after the last. */
int initials_add(struct initials *initials, uint32_t text, struct text folded);
void initials_sort(struct initials *initials);
void initials_free(struct initials *initials);

/* Whether a folded text may be an abbreviation: letters of ASCII alone, as many as said above. */
bool initials_may_be(struct text text);

/* Call take(ctx, text) for each text that `typed`, which may be an abbreviation, abbreviates: with its letters as first
 * letters or, but for one, which is then likely inside a word.  A text may be taken several times. */
void initials_each(const struct initials *initials, struct text typed, void (*take)(void *ctx, uint32_t text),
		   void *ctx);

/* How well `typed` abbreviates the folded title: 1 where its letters are the first letters of all words, or of all but
 * particles; less where it also has a letter from inside a word ("fmab": Full-metal Alchemist Brotherhood); 0 where it
 * does not abbreviate it. */
#define INITIALS_WHOLE 0.5f /* it has no letter from inside a word */
float initials_match(struct text typed, struct text title);

#endif
