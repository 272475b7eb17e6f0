/* words.h - the words of folded titles: which shows have each, how rare it is, and which words are spelt like another. */
#ifndef ANIMED_WORDS_H
#define ANIMED_WORDS_H

#include "base/intern.h"

#define TRIGRAM_BUCKETS 32768u

/* Words are numbered in the order in which they first come. */
struct words {
	struct intern names;
	uint32_t *of_texts,
	    *text_starts; /* the words of text i: of_texts[text_starts[i]] to of_texts[text_starts[i + 1] - 1] */
	size_t of_texts_room, text_starts_room;
	uint32_t n_texts;
	uint32_t *items, *item_starts; /* the items that have word w in a title, ascending, in the same way */
	float *weights;                /* [names.names.n]: how much each word says; see words_weight() */
	uint32_t *sorted;              /* [names.names.n]: the words in byte order */
	uint32_t *trigrams,
	    *trigram_starts; /* [TRIGRAM_BUCKETS + 1]: the words that have the trigrams of a bucket, once for
					      * each trigram */
};

/* Add the words of text number words->n_texts.  Returns 0, or -1 where memory is short. */
int words_add(struct words *words, struct text folded);

/* Index what was added, text i being of item items[i]; there are n_items.  Returns 0, or -1 where memory is short.  The
 * caller calls words_close() in either case. */
int words_index(struct words *words, const uint32_t *items, uint32_t n_items);
void words_close(struct words *words);

static inline struct text words_at(const struct words *words, uint32_t word)
{
	const struct animed_strings view = text_column_view(&words->names.names);
	return strings_at(&view, word);
}

/* Returns how much a word says: the logarithm of how many times as many items there are as `have` it, but only a fifth of
 * this for a word that says little in itself (see parts_is_minor()). */
float words_weight(struct text word, uint32_t n_items, uint32_t have);

/* A word that is like what was looked for. */
struct word_match {
	uint32_t word;
	float likeness; /* 1: the same word; less for one that is spelt otherwise or only begins so */
};

/* How many matches the functions below find at most: the best, or the first in byte order. */
#define WORDS_MATCHES 256

/* Find the words that begin with a text, but are longer.  Returns how many were found. */
size_t words_beginning(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES]);

/* Find the words that have a text within them, but not at their beginning.  The text has three bytes or more. */
size_t words_containing(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES]);

/* Find the words that few edits make out of a text of at least three bytes: a letter that is missing of three, one of four, two from five bytes on, and one for each
 * four bytes of longer words.  A word with a digit is like no other.  Returns how many were found, or SIZE_MAX where memory is short. */
size_t words_like(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES]);

#endif
