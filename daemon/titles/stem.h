/* stem.h - the stem of a title: the title without the words that tell the parts of a franchise apart. */
#ifndef ANIMED_STEM_H
#define ANIMED_STEM_H

#include "base/text.h"

/* How many words of a folded title are read; later words are ignored. */
#define STEM_WORDS 48

/* A folded title (see casefold.h), split into words that point into it. */
struct stem {
	struct text words[STEM_WORDS];
	size_t n;
};

/* Fold `title`, split it into words, and take off the words that name a part.  From its end these are seasons, parts,
 * films, OVAs, specials, recaps, numbers of up to two digits, Roman numbers from II on, and years; from its beginning
 * "gekijouban" and "eiga".  At least one word stays.  A title that cannot be folded has no words.  *folded is the
 * memory of the words, which the caller frees with free().  Returns 0, or -1 where memory is short. */
int stem_of(struct text title, struct stem *stem, char **folded);

/* Returns the first n words, with the blanks between them. */
struct text stem_text(const struct stem *stem, size_t n);

/* Returns how many words are left without the weak ones at the end.  Weak words tell parts apart in many titles, but
 * mean something else in other titles: "zoku", "shin", "kai", "second", "plus", "ni" ... */
size_t stem_without_weak(const struct stem *stem);

/* Returns how many bytes stand before what may be a subtitle, which comes after ": ", " - ", " ~" or " ("; 0: there is
 * none. */
size_t stem_subtitle(struct text title);

/* Returns the place of the next blank after byte `from` that comes right behind a mark such as '!', or 0 if there is
 * none.  A title may end there, and a longer one go on ("Haikyuu!! To the Top"). */
size_t stem_mark(struct text title, size_t from);

#endif
