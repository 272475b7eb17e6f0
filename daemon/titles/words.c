/* words.c - an inverted index from words to items, and from trigrams to words. */
#include "config.h"

#include "titles/words.h"

#include <math.h>
#include <stdlib.h>

#include "base/sorted.h"
#include "base/spelling.h"
#include "titles/order.h"
#include "titles/parts.h"

/* A text of at most this many bytes is compared with all words of its length that begin with the same letter. */
#define SHORT 5

/* How many words are compared letter by letter with a longer one: those with the most trigrams in common. */
#define CANDIDATES 32

/* A word with a smaller Dice coefficient is not compared: so many edits are too many. */
#define DICE_LEAST 0.25f

/* What a word weighs that says little. */
#define MINOR_WEIGHT 0.2f

/* The likeness of a word that begins with what was looked for, or has it within: the share of the word that this is, but
 * at least this much. */
#define LIKE_LEAST 0.3f

/* ---- building ---- */

int words_add(struct words *words, struct text folded)
{
	const uint32_t text = words->n_texts;
	bool added;

	if (grow((void **)&words->text_starts, &words->text_starts_room, text + 2U, sizeof *words->text_starts) < 0)
		return -1;
	uint32_t n = text > 0 ? words->text_starts[text] : 0;
	words->text_starts[text] = n;
	for (size_t at = 0; at < folded.length;) {
		const char *from = folded.bytes + at, *end = memchr(from, ' ', folded.length - at);
		const size_t length = end ? (size_t)(end - from) : folded.length - at;
		at += length + 1;
		if (length == 0)
			continue;
		const uint32_t word = intern_add(&words->names, from, length, &added);
		if (word == INTERN_NONE || n == UINT32_MAX ||
		    grow((void **)&words->of_texts, &words->of_texts_room, n + 1U, sizeof *words->of_texts) < 0)
			return -1;
		words->of_texts[n++] = word;
	}
	words->text_starts[++words->n_texts] = n;
	return 0;
}

static uint32_t bucket_of(uint32_t a, uint32_t b, uint32_t c)
{
	return ((a << 16 | b << 8 | c) * 2654435761u) >> 17; /* Knuth's multiplicative hash, to 15 bits */
}

/* Call take(ctx, bucket) for every three neighbouring bytes of the text with a blank before and behind it. */
static void each_trigram(struct text text, void (*take)(void *, uint32_t), void *ctx)
{
	unsigned char before = ' ', last = (unsigned char)text.bytes[0];

	for (size_t i = 1; i <= text.length; i++) {
		const unsigned char next = i < text.length ? (unsigned char)text.bytes[i] : ' ';
		take(ctx, bucket_of(before, last, next));
		before = last;
		last = next;
	}
}

struct filler {
	uint32_t *at;
	uint32_t *postings;
	uint32_t word;
};

static void count_bucket(void *ctx, uint32_t bucket)
{
	((uint32_t *)ctx)[bucket + 1]++;
}

static void fill_bucket(void *ctx, uint32_t bucket)
{
	struct filler *filler = ctx;

	filler->postings[filler->at[bucket]++] = filler->word;
}

static void add_up(uint32_t *starts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		starts[i + 1] += starts[i];
}

static int index_trigrams(struct words *words)
{
	const uint32_t n = (uint32_t)words->names.names.n;
	struct filler filler = {.at = malloc(TRIGRAM_BUCKETS * sizeof *filler.at)};

	words->trigram_starts = calloc(TRIGRAM_BUCKETS + 1, sizeof *words->trigram_starts);
	/* a word of n bytes has n trigrams */
	words->trigrams = malloc((words->names.names.size + 1) * sizeof *words->trigrams);
	if (!filler.at || !words->trigram_starts || !words->trigrams || words->names.names.size > UINT32_MAX) {
		free(filler.at);
		return -1;
	}
	for (uint32_t w = 0; w < n; w++)
		each_trigram(words_at(words, w), count_bucket, words->trigram_starts);
	add_up(words->trigram_starts, TRIGRAM_BUCKETS);
	memcpy(filler.at, words->trigram_starts, TRIGRAM_BUCKETS * sizeof *filler.at);
	filler.postings = words->trigrams;
	for (filler.word = 0; filler.word < n; filler.word++)
		each_trigram(words_at(words, filler.word), fill_bucket, &filler);
	free(filler.at);
	return 0;
}

/* Call for each word of each text, but once for each item that has it: take(ctx, word, item).  `last` has room for a
 * number for each word. */
static void each_word(const struct words *words, const uint32_t *items, uint32_t *last, uint32_t *counts,
		      uint32_t *postings)
{
	for (size_t w = 0; w < words->names.names.n; w++)
		last[w] = UINT32_MAX;
	for (uint32_t text = 0; text < words->n_texts; text++) {
		for (uint32_t p = words->text_starts[text]; p < words->text_starts[text + 1]; p++) {
			const uint32_t word = words->of_texts[p];
			if (last[word] == items[text])
				continue;
			last[word] = items[text];
			if (postings)
				postings[counts[word]++] = items[text];
			else
				counts[word + 1]++;
		}
	}
}

static int index_items(struct words *words, const uint32_t *items)
{
	const size_t n = words->names.names.n;
	uint32_t *last = malloc((n + 1) * sizeof *last), *at = malloc((n + 1) * sizeof *at);
	int status = -1;

	words->item_starts = calloc(n + 2, sizeof *words->item_starts);
	if (!last || !at || !words->item_starts)
		goto out;
	each_word(words, items, last, words->item_starts, NULL);
	add_up(words->item_starts, n);
	memcpy(at, words->item_starts, (n + 1) * sizeof *at);
	words->items = malloc((words->item_starts[n] + 1U) * sizeof *words->items);
	if (!words->items)
		goto out;
	each_word(words, items, last, at, words->items);
	status = 0;
out:
	free(last);
	free(at);
	return status;
}

float words_weight(struct text word, uint32_t n_items, uint32_t have)
{
	const float rarity = logf((float)(n_items + 1) / (float)have);

	return parts_is_minor(word) ? rarity * MINOR_WEIGHT : rarity;
}

int words_index(struct words *words, const uint32_t *items, uint32_t n_items)
{
	const size_t n = words->names.names.n;

	words->weights = malloc((n + 1) * sizeof *words->weights);
	words->sorted = order_strings(text_column_view(&words->names.names), (uint32_t)n);
	if (!words->weights || !words->sorted || index_items(words, items) < 0 || index_trigrams(words) < 0)
		return -1;
	for (uint32_t w = 0; w < n; w++) {
		const uint32_t have = words->item_starts[w + 1] - words->item_starts[w];
		words->weights[w] = words_weight(words_at(words, w), n_items, have);
	}
	return 0;
}

void words_close(struct words *words)
{
	intern_free(&words->names);
	free(words->of_texts);
	free(words->text_starts);
	free(words->items);
	free(words->item_starts);
	free(words->weights);
	free(words->sorted);
	free(words->trigrams);
	free(words->trigram_starts);
	*words = (struct words){.n_texts = 0};
}

/* ---- finding ---- */

static float part_of(struct text word, struct text text)
{
	const float share = (float)text.length / (float)word.length;

	return share > LIKE_LEAST ? share : LIKE_LEAST;
}

size_t words_beginning(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES])
{
	const size_t all = words->names.names.n;
	size_t n = 0;

	for (size_t i = SORTED_BEFORE(s, all, text_compare(words_at(words, words->sorted[s]), text) < 0);
	     i < all && n < WORDS_MATCHES; i++) {
		const struct text word = words_at(words, words->sorted[i]);
		if (word.length < text.length || memcmp(word.bytes, text.bytes, text.length) != 0)
			break;
		if (word.length > text.length)
			matches[n++] = (struct word_match){words->sorted[i], part_of(word, text)};
	}
	return n;
}

/* Returns the bucket of the trigram at byte `at` of the text that the fewest words have. */
static uint32_t rarest_bucket(const struct words *words, struct text text)
{
	const uint32_t *starts = words->trigram_starts;
	uint32_t best = 0, least = UINT32_MAX;

	for (size_t i = 0; i + 3 <= text.length; i++) {
		const uint32_t bucket = bucket_of((unsigned char)text.bytes[i], (unsigned char)text.bytes[i + 1],
						  (unsigned char)text.bytes[i + 2]);
		if (starts[bucket + 1] - starts[bucket] < least) {
			best = bucket;
			least = starts[bucket + 1] - starts[bucket];
		}
	}
	return best;
}

size_t words_containing(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES])
{
	const uint32_t bucket = rarest_bucket(words, text);
	size_t n = 0;

	for (uint32_t p = words->trigram_starts[bucket]; p < words->trigram_starts[bucket + 1] && n < WORDS_MATCHES;
	     p++) {
		const struct text word = words_at(words, words->trigrams[p]);
		const bool again = n > 0 && matches[n - 1].word == words->trigrams[p];
		if (!again && word.length > text.length &&
		    memmem(word.bytes + 1, word.length - 1, text.bytes, text.length))
			matches[n++] = (struct word_match){words->trigrams[p], part_of(word, text)};
	}
	return n;
}

/* How many trigrams words have in common with a text. */
struct counter {
	const struct words *words;
	uint8_t *counts;   /* [words] */
	uint32_t *touched; /* [words]: the words that have any, n of them */
	size_t n;
};

static void count_postings(void *ctx, uint32_t bucket)
{
	struct counter *counter = ctx;
	const struct words *words = counter->words;

	for (uint32_t p = words->trigram_starts[bucket]; p < words->trigram_starts[bucket + 1]; p++) {
		const uint32_t word = words->trigrams[p];
		if (counter->counts[word] == 0)
			counter->touched[counter->n++] = word;
		counter->counts[word] = (uint8_t)(counter->counts[word] + (counter->counts[word] < UINT8_MAX));
	}
}

/* Find the words that have the most trigrams in common with `text`, relative to both lengths (Dice coefficient).
 * Returns how many were found. */
static size_t find_candidates(const struct counter *counter, struct text text, uint32_t candidates[CANDIDATES])
{
	float dice[CANDIDATES];
	size_t n = 0;

	for (size_t t = 0; t < counter->n; t++) {
		const uint32_t word = counter->touched[t];
		const float score =
		    2.0f * counter->counts[word] / (float)(text.length + words_at(counter->words, word).length);
		size_t at = n;
		if (score < DICE_LEAST)
			continue;
		while (at > 0 && score > dice[at - 1])
			at--;
		if (at == CANDIDATES)
			continue;
		if (n < CANDIDATES)
			n++;
		memmove(dice + at + 1, dice + at, (n - at - 1) * sizeof *dice);
		memmove(candidates + at + 1, candidates + at, (n - at - 1) * sizeof *candidates);
		dice[at] = score;
		candidates[at] = word;
	}
	return n;
}

/* Add a word if few edits make it out of the text. */
static void try_word(const struct words *words, struct text text, uint32_t number,
		     struct word_match matches[WORDS_MATCHES], size_t *n)
{
	const struct text word = words_at(words, number);
	const size_t longer = word.length > text.length ? word.length : text.length;
	const size_t most = longer < 5 ? 1 : longer < 8 ? 2 : longer / 4;

	/* of three letters only one can be missing: any other would make too many words of them */
	if (*n == WORDS_MATCHES || longer > EDIT_MAX || (text.length == 3 && word.length != 4) ||
	    longer - (word.length < text.length ? word.length : text.length) > most || parts_has_digit(word))
		return;
	const size_t edits = edit_distance(text.bytes, text.length, word.bytes, word.length);
	if (edits > 0 && edits <= most)
		matches[(*n)++] = (struct word_match){number, 1 - (float)edits / (float)longer};
}

/* Whether one edit may lie between two short words that begin with the same letter: it leaves the second or the last. */
static bool may_be_like(struct text a, struct text b)
{
	return b.length + 1 >= a.length && b.length <= a.length + 1 && b.length > 1 &&
	       (a.bytes[1] == b.bytes[1] || a.bytes[a.length - 1] == b.bytes[b.length - 1]);
}

/* Try the words that begin with the same letter as a short text: one edit of it may leave no trigram. */
static size_t try_short(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES])
{
	const struct text letter = {text.bytes, 1};
	const size_t all = words->names.names.n;
	size_t n = 0;

	for (size_t i = SORTED_BEFORE(s, all, text_compare(words_at(words, words->sorted[s]), letter) < 0); i < all;
	     i++) {
		const struct text word = words_at(words, words->sorted[i]);
		if (*word.bytes != *letter.bytes)
			break;
		if (may_be_like(text, word))
			try_word(words, text, words->sorted[i], matches, &n);
	}
	return n;
}

/* Try the words that have trigrams in common with a text.  Returns SIZE_MAX where memory is short. */
static size_t try_long(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES])
{
	const size_t all = words->names.names.n + 1;
	struct counter counter = {words, calloc(all, 1), malloc(all * sizeof *counter.touched), 0};
	uint32_t candidates[CANDIDATES];
	size_t n = 0;

	if (counter.counts && counter.touched) {
		each_trigram(text, count_postings, &counter);
		const size_t found = find_candidates(&counter, text, candidates);
		for (size_t c = 0; c < found; c++)
			try_word(words, text, candidates[c], matches, &n);
	} else {
		n = SIZE_MAX;
	}
	free(counter.counts);
	free(counter.touched);
	return n;
}

static int by_likeness(const void *a, const void *b)
{
	const struct word_match *x = a, *y = b;

	if (x->likeness > y->likeness || x->likeness < y->likeness)
		return x->likeness > y->likeness ? -1 : 1;
	return (x->word > y->word) - (x->word < y->word);
}

size_t words_like(const struct words *words, struct text text, struct word_match matches[WORDS_MATCHES])
{
	if (text.length < 3 || text.length > EDIT_MAX || parts_has_digit(text))
		return 0;
	const size_t n = text.length <= SHORT ? try_short(words, text, matches) : try_long(words, text, matches);
	if (n != SIZE_MAX)
		qsort(matches, n, sizeof *matches, by_likeness);
	return n;
}
