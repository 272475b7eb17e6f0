/* titles.h - the folded titles of a catalogue, sorted, and the trigrams that they are made of. */
#ifndef ANIMED_TITLES_H
#define ANIMED_TITLES_H

#include "base/columns.h"
#include "data/catalogue.h"

/* Text i of `folded` is a title, or an alternative one, of item items[i]. */
struct titles {
	struct text_column folded;
	uint32_t *items;
	bool *alternative;
	size_t items_room, alternative_room;
	uint32_t *sorted;   /* [folded.n]: places in byte order of the texts */
	uint32_t *starts;   /* [TRIGRAM_BUCKETS + 1]: of each bucket in postings */
	uint32_t *postings; /* texts, one for each trigram of each text */
};

#define TRIGRAM_BUCKETS 32768u

/* Fold all titles of the catalogue.  What is not UTF-8 is left out.  -1: out of memory. */
int titles_open(struct titles *titles, const struct catalogue *catalogue);
void titles_close(struct titles *titles);

static inline struct text titles_at(const struct titles *titles, uint32_t i)
{
	const struct animed_strings view = text_column_view(&titles->folded);
	return strings_at(&view, i);
}

/* The first place in `sorted` whose text is not before `text`. */
size_t titles_find(const struct titles *titles, const char *text, size_t length);

/* Add one to counts[i] for each trigram that text i has in common with `text` (repeats counted once for each). */
void titles_count_trigrams(const struct titles *titles, const char *text, size_t length, uint16_t *counts);

#endif
