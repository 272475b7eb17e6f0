/* titles.h - the folded titles of a catalogue: sorted, by the key of the name that they have, and by their words. */
#ifndef ANIMED_TITLES_H
#define ANIMED_TITLES_H

#include "base/columns.h"
#include "base/intern.h"
#include "data/catalogue.h"
#include "titles/initials.h"
#include "titles/parts.h"
#include "titles/words.h"

/* What a text says beside the name of the work; see parts.h. */
struct title_mark {
	uint16_t year, season, part;
	uint8_t type;
	uint8_t head; /* how many words stand before a subtitle; 0: there is none */
	bool halves, counted;
	bool sign; /* whether it has a sign such as that of "\u2200 Gundam", which folding drops */
};

/* Text i of `folded` is a title of item items[i], or an alternative title of it if alternative[i] is set.  The texts of
 * an item stand together, its title first. */
struct titles {
	struct text_column folded;
	uint32_t *items;
	bool *alternative;
	struct title_mark *marks;
	uint32_t *keys; /* the number of the name in `names` */
	size_t items_room, alternative_room, marks_room, keys_room;
	uint32_t *first;     /* [catalogue->n + 1]: the first text of each item */
	uint32_t *sorted;    /* [folded.n]: the texts in byte order */
	struct intern names; /* keys of names, see parts_key() */
	uint32_t *by_key,
	    *key_starts;       /* the texts with each key: by_key[key_starts[k]] to by_key[key_starts[k + 1] - 1] */
	uint32_t *keys_sorted; /* [names.names.n]: the keys in byte order */
	struct words words;
	struct initials initials;
};

/* Fold and index all titles of the catalogue.  A title that is not UTF-8 or has nothing in it is left out.  Returns 0, or -1 where memory is
 * short; the caller calls titles_close() in either case. */
int titles_open(struct titles *titles, const struct catalogue *catalogue);
void titles_close(struct titles *titles);

/* Set *head to how many words of a title, once it is folded, stand before its subtitle; 0: it has none.  Returns 0, or -1
 * where memory is short. */
int titles_head(struct text title, size_t *head);

/* Whether the text has a mathematical operator (U+2200 to U+22FF).  Folding drops it as it does punctuation, but it is
 * mostly read aloud: "\u2200 Gundam" is Turn A Gundam, and no other name of "Gundam". */
bool titles_has_sign(struct text text);

static inline struct text titles_at(const struct titles *titles, uint32_t i)
{
	const struct animed_strings view = text_column_view(&titles->folded);
	return strings_at(&view, i);
}

/* Returns text i without a year at its end. */
struct text titles_without_year(const struct titles *titles, uint32_t i);

/* Returns the first place in `sorted` whose text does not come before `text`; folded.n if there is none. */
size_t titles_find(const struct titles *titles, struct text text);

/* Set *texts to the texts whose names have the key, and return how many these are. */
size_t titles_with_key(const struct titles *titles, struct text key, const uint32_t **texts);

/* Returns the first place in `keys_sorted` whose key does not come before `key`. */
size_t titles_find_key(const struct titles *titles, struct text key);

#endif
