/* stem.h - what the titles of one franchise have in common: the title without what tells its parts apart. */
#ifndef ANIMED_STEM_H
#define ANIMED_STEM_H

#include "base/text.h"

/* Words of a folded title that are looked at; what comes after them decides nothing. */
#define STEM_WORDS 48

/* A folded title (see casefold.h) as words.  The words point into it. */
struct stem {
	struct text words[STEM_WORDS];
	size_t n;
};

/* Fold `title` and split it, then take from its end (and "gekijouban", "eiga" from its beginning) what names a part:
 * seasons, parts, films, OVAs, specials, recaps, numbers of up to two digits, Roman ones from II on, years; at least
 * one word stays, and what cannot be folded has none.  *folded is the memory of the words; the caller frees it with
 * free().  Returns 0, or -1 where memory is short. */
int stem_of(struct text title, struct stem *stem, char **folded);

/* The first n words, with the spaces between them. */
struct text stem_text(const struct stem *stem, size_t n);

/* How many words are left without those at the end that tell parts apart in many titles and mean something in others:
 * "zoku", "shin", "kai", "second", "plus", "ni" ... */
size_t stem_without_weak(const struct stem *stem);

/* The bytes before what may be a subtitle: what comes after ": ", " - ", " ~" or " (".  0: there is none. */
size_t stem_subtitle(struct text title);

/* The end of the next piece of `title` after `from` that ends in a mark such as '!' before a space, so that a title may
 * end there and a longer one go on ("Haikyuu!! To the Top").  0: there is none. */
size_t stem_mark(struct text title, size_t from);

#endif
