/* titles.h - the folded titles of a catalogue, sorted, and an index of their trigrams. */
#ifndef ANIMED_TITLES_H
#define ANIMED_TITLES_H

#include "base/columns.h"
#include "data/catalogue.h"

/* Text i of `folded` is a title of item items[i], or an alternative title of it if alternative[i] is set. */
struct titles {
	struct text_column folded;
	uint32_t *items;
	bool *alternative;
	size_t items_room, alternative_room;
	uint32_t *sorted;   /* [folded.n]: the texts in byte order */
	uint32_t *starts;   /* [TRIGRAM_BUCKETS + 1]: where each bucket begins in postings */
	uint32_t *postings; /* the texts that have the trigrams of a bucket, once for each trigram */
};

#define TRIGRAM_BUCKETS 32768u

/* Fold and index all titles of the catalogue.  A title that is not UTF-8 is left out.  Returns 0, or -1 where memory is
 * short; the caller calls titles_close() in either case. */
int titles_open(struct titles *titles, const struct catalogue *catalogue);
void titles_close(struct titles *titles);

static inline struct text titles_at(const struct titles *titles, uint32_t i)
{
	const struct animed_strings view = text_column_view(&titles->folded);
	return strings_at(&view, i);
}

/* Returns the first place in `sorted` whose text does not come before `text`; folded.n if there is none. */
size_t titles_find(const struct titles *titles, const char *text, size_t length);

/* Add to counts[i], for each text i, how many trigrams it has in common with `text`.  A trigram that text i has a times
 * and `text` has b times counts a * b. */
void titles_count_trigrams(const struct titles *titles, const char *text, size_t length, uint16_t *counts);

#endif
