/* lookup-words.c - finds shows by the words of their titles, in any order.  All words of a text have to be in one title; of
 * a guess most of them, in all titles of the show together. */
#include "config.h"

#include "titles/lookup-private.h"

#include <math.h>
#include <stdlib.h>

/* A word that this many shows have is not taken for another one that is misspelt. */
#define COMMON 5

/* How many bytes of a word have to be given, so that it may be looked for within others. */
#define WITHIN_LEAST 4

/* What the coverage of an alternative title counts. */
#define ALTERNATIVE_SHARE 0.8f

/* What the coverage of a title counts that has the words in another order, or with others between them. */
#define SCATTERED_SHARE 0.6f

/* What it counts that all was typed which stands before a subtitle. */
#define HEAD_SHARE 0.6f

/* A guess: this much of what was typed has to be alike, by the rarity of words, whatever the titles have beside it. */
#define GUESS_TYPED 0.8f

/* What is left of a guess at an alternative title, so that a show with such a title comes before. */
#define ALTERNATIVE_ALIKE 0.94f

/* Of a guess whose titles disagree in a detail, this much is left. */
#define OTHER_SEASON 0.5f
#define OTHER_NUMBER 0.5f
#define OTHER_TYPE   0.7f
#define UNKNOWN_TYPE 0.85f
#define UNASKED_TYPE 0.85f

/* How words are compared. */
enum words_how {
	WORDS_EQUAL,  /* equal or, where they are not ASCII, a part of a word: Japanese has no blanks between words */
	WORDS_WITHIN, /* equal, or a part of a word */
	WORDS_ALIKE,  /* misspelt, or some are missing */
};

/* What is known of an item while the words are looked up one after another. */
struct tally {
	uint8_t last;    /* the number of the last word that was found, from 1 */
	uint8_t found;   /* how many words were found */
	uint8_t numbers; /* how many of them have a digit */
	float sum;       /* the weights of the words, times their likeness */
};

/* The word of the search that a word of the vocabulary is most like. */
struct likeness {
	float like; /* 0: like none */
	uint8_t number;
};

struct search {
	struct hits *hits;
	const struct asked *asked;
	const struct lookup *lookup;
	enum words_how how;
	bool all;
	struct text words[PARTS_WORDS];
	size_t n, numbers;
	struct text phrase;        /* the words with blanks between them */
	float weight;              /* of all words */
	struct tally *tallies;     /* owned; [items] */
	struct likeness *likeness; /* owned; [words of the vocabulary] */
	uint8_t next[PARTS_WORDS]; /* of each word, the number of the next that is the same, or its own */
};

/* ---- looking up the words ---- */

static void split(struct text folded, struct search *search)
{
	for (size_t at = 0; at < folded.length && search->n < PARTS_WORDS;) {
		const char *from = folded.bytes + at, *end = memchr(from, ' ', folded.length - at);
		const size_t length = end ? (size_t)(end - from) : folded.length - at;
		if (length > 0)
			search->words[search->n++] = (struct text){from, length};
		at += length + 1;
	}
}

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.bytes[i] >= 0x80)
			return false;
	}
	return true;
}

/* Find the words that were typed more than once. */
static void find_repeats(struct search *search)
{
	for (size_t w = 0; w < search->n; w++) {
		size_t next = w + 1;
		while (next < search->n && text_compare(search->words[w], search->words[next]) != 0)
			next++;
		search->next[w] = (uint8_t)(next < search->n ? next : w);
	}
}

/* Count what an item has of word number `number` of the search. */
static void count(struct search *search, uint32_t item, size_t number, float sum, bool digit)
{
	struct tally *tally = &search->tallies[item];

	if (tally->last == number + 1)
		return;
	tally->last = (uint8_t)(number + 1);
	tally->found++;
	tally->numbers = (uint8_t)(tally->numbers + digit);
	tally->sum += sum;
}

/* Find the words of the vocabulary that match one of the search, the best first.  Returns how many, or SIZE_MAX where
 * memory is short. */
static size_t find_matches(const struct search *search, size_t number, struct word_match matches[1 + 2 * WORDS_MATCHES])
{
	const struct words *words = &search->lookup->titles.words;
	const struct text word = search->words[number];
	const uint32_t same = intern_find(&words->names, word.bytes, word.length);
	size_t n = 0;

	if (same != INTERN_NONE)
		matches[n++] = (struct word_match){same, 1};
	if (is_ascii(word) ? search->how == WORDS_WITHIN && word.length >= WITHIN_LEAST : word.length >= 3) {
		n += words_beginning(words, word, matches + n);
		return n + words_containing(words, word, matches + n);
	}
	if (search->how != WORDS_ALIKE)
		return n;
	/* a word that several shows have is hardly misspelt */
	if (n > 0 && words->item_starts[same + 1] - words->item_starts[same] >= COMMON)
		return n;
	const size_t alike = words_like(words, word, matches + n);
	if (alike == SIZE_MAX)
		return SIZE_MAX;
	n += alike;
	if (number + 1 == search->n && word.length >= 3)
		n += words_beginning(words, word, matches + n);
	return n;
}

static float weight_of(const struct search *search, size_t number, const struct word_match *matches, size_t n)
{
	const bool known = n > 0 && matches[0].likeness >= 1;

	return known ? search->lookup->titles.words.weights[matches[0].word]
		     : words_weight(search->words[number], search->lookup->catalogue->n, 1);
}

static int look_up(struct search *search, size_t number)
{
	const struct words *words = &search->lookup->titles.words;
	struct word_match matches[1 + 2 * WORDS_MATCHES];
	const size_t n = find_matches(search, number, matches);
	const bool digit = parts_is_number(search->words[number]);

	if (n == SIZE_MAX)
		return -1;
	const float weight = weight_of(search, number, matches, n);
	search->weight += weight;
	search->numbers += digit;
	for (size_t m = 0; m < n; m++) {
		const uint32_t word = matches[m].word;
		if (search->likeness[word].like < matches[m].likeness)
			search->likeness[word] = (struct likeness){matches[m].likeness, (uint8_t)number};
		for (uint32_t p = words->item_starts[word]; p < words->item_starts[word + 1]; p++)
			count(search, words->items[p], number, weight * matches[m].likeness, digit);
	}
	return 0;
}

/* ---- judging the items ---- */

/* What a text has of the words of the search. */
struct cover {
	float share;  /* how much of the text was typed, by the rarity of its words, from 0 to 1 */
	float head;   /* the same of what stands before its subtitle; 0: there is none */
	size_t found; /* how many words of the search it has */
	bool number;  /* whether it has a number that was not typed */
};

/* Returns the number of the word of the search that a word of a text stands for: of several that are the same, the first
 * that is not among those seen. */
static uint8_t number_of(const struct search *search, struct likeness like, uint64_t seen)
{
	uint8_t number = like.number;

	while ((seen >> number & 1) && search->next[number] != number)
		number = search->next[number];
	return number;
}

static struct cover cover_of(const struct search *search, uint32_t text)
{
	const struct words *words = &search->lookup->titles.words;
	const uint32_t start = words->text_starts[text], head = search->lookup->titles.marks[text].head;
	struct cover cover = {.number = false};
	uint64_t seen = 0;
	float have = 0, all = 0;

	for (uint32_t p = start; p < words->text_starts[text + 1]; p++) {
		const uint32_t word = words->of_texts[p];
		const struct likeness like = search->likeness[word];
		if (like.like > 0) {
			seen |= UINT64_C(1) << number_of(search, like, seen);
		} else if (!search->all) {
			/* that it is the season or type that was asked for is seen elsewhere */
			const struct text unasked = words_at(words, word);
			if (parts_say(&search->asked->parts, unasked) ||
			    (search->asked->parts.type != PARTS_NO_TYPE &&
			     parts_type_of(unasked) == search->asked->parts.type))
				continue;
			cover.number |= parts_is_number(words_at(words, word));
		}
		have += words->weights[word] * like.like;
		all += words->weights[word];
		if (p + 1 == start + head && all > 0)
			cover.head = have / all;
	}
	cover.share = all > 0 ? have / all : 0;
	cover.found = (size_t)__builtin_popcountll(seen);
	return cover;
}

/* Whether the text has the folded text in it as whole words. */
static bool has_phrase(struct text text, struct text phrase)
{
	const char *at = text.bytes, *end = text.bytes + text.length;

	while ((at = memmem(at, (size_t)(end - at), phrase.bytes, phrase.length))) {
		const char *behind = at + phrase.length;
		if ((at == text.bytes || at[-1] == ' ') && (behind == end || *behind == ' '))
			return true;
		at++;
	}
	return false;
}

/* Whether a title of the item agrees with the season, year and type that were asked for. */
static bool agrees(const struct search *search, uint32_t item)
{
	const struct titles *titles = &search->lookup->titles;
	const struct parts *parts = &search->asked->parts;

	if (search->all && parts->season == 0 && parts->part == 0)
		return true;
	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		if (!search->all && names_agree(search->lookup, search->asked, text) > AGREE_UNKNOWN)
			return true;
		if (search->all &&
		    ((titles->marks[text].season == parts->season && titles->marks[text].part == parts->part) ||
		     has_phrase(titles_at(titles, text), search->asked->folded)))
			return true;
	}
	return false;
}

static void judge_words(struct search *search, uint32_t item)
{
	const struct titles *titles = &search->lookup->titles;
	float best = 0;

	if (search->tallies[item].found < search->n || !agrees(search, item))
		return;
	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		const struct cover cover = cover_of(search, text);
		if (cover.found < search->n)
			continue;
		float share = fmaxf(cover.share, cover.head * HEAD_SHARE);
		share *= titles->alternative[text] ? ALTERNATIVE_SHARE : 1;
		share *= has_phrase(titles_at(titles, text), search->phrase) ? 1 : SCATTERED_SHARE;
		best = fmaxf(best, share);
	}
	if (best <= 0)
		return;
	search->hits->total += hits_offer(search->hits, item, best * sqrtf(best));
}

/* Returns what is left of a guess whose title is text number `text`, for the details in which they disagree. */
static float details(const struct search *search, uint32_t text, bool number)
{
	const struct title_mark *mark = &search->lookup->titles.marks[text];
	const struct parts *parts = &search->asked->parts;
	const enum parts_type known = search->lookup->types[search->lookup->titles.items[text]];
	float left = number ? OTHER_NUMBER : 1;

	if (mark->season != parts->season || mark->part != parts->part)
		left *= OTHER_SEASON;
	if (parts->type == PARTS_NO_TYPE)
		return mark->type == PARTS_NO_TYPE || mark->type == PARTS_TV ? left : left * UNASKED_TYPE;
	if (mark->type == parts->type || known == parts->type)
		return left;
	return left * (mark->type == PARTS_NO_TYPE && known == PARTS_NO_TYPE ? UNKNOWN_TYPE : OTHER_TYPE);
}

/* Whether the year that was asked for may be that of the item, and the season that of one of its titles. */
static bool may_be_meant(const struct search *search, uint32_t item)
{
	const struct titles *titles = &search->lookup->titles;
	const struct parts *parts = &search->asked->parts;
	const int32_t *years = search->lookup->catalogue->years;
	bool year = parts->year == 0 || !years || years[item] == 0 || years[item] == parts->year, season = false;

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		year |= titles->marks[text].year == parts->year;
		season |= titles->marks[text].season == parts->season && titles->marks[text].part == parts->part;
	}
	return year && season;
}

static void judge_alike(struct search *search, uint32_t item)
{
	const struct titles *titles = &search->lookup->titles;
	const struct tally *tally = &search->tallies[item];
	const float typed = tally->sum / search->weight;
	float best = 0;

	if (typed < GUESS_TYPED || tally->numbers < search->numbers || !may_be_meant(search, item))
		return;
	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		const struct cover cover = cover_of(search, text);
		const float whose = titles->alternative[text] ? ALTERNATIVE_ALIKE : 1;
		best = fmaxf(best, (0.4f + 0.6f * cover.share) * whose * details(search, text, cover.number));
	}
	hits_add(search->hits, item, typed * best);
}

/* Add the items that have the words that were typed or, where `all` is false, those of the name alone. */
static void add_items(struct hits *hits, const struct asked *asked, enum words_how how, bool all)
{
	const struct lookup *lookup = hits->lookup;
	const uint32_t n = lookup->catalogue->n;
	struct search search = {.hits = hits,
				.asked = asked,
				.lookup = lookup,
				.how = how,
				.all = all,
				.tallies = calloc(n + 1U, sizeof *search.tallies),
				.likeness = calloc(lookup->titles.words.names.names.n + 1, sizeof *search.likeness)};

	hits->no_memory |= !search.tallies || !search.likeness;
	if (all) {
		split(asked->folded, &search);
	} else {
		search.n = asked->parts.n;
		memcpy(search.words, asked->parts.words, search.n * sizeof *search.words);
	}
	if (search.n > 0) {
		const struct text last = search.words[search.n - 1];
		search.phrase =
		    (struct text){search.words[0].bytes, (size_t)(last.bytes + last.length - search.words[0].bytes)};
	}
	find_repeats(&search);
	for (size_t w = 0; w < search.n && !hits->no_memory; w++)
		hits->no_memory |= look_up(&search, w) < 0;
	for (uint32_t i = 0; i < n && !hits->no_memory; i++) {
		if (search.tallies[i].found == 0 || !hits_may_have(hits, i))
			continue;
		if (how == WORDS_ALIKE)
			judge_alike(&search, i);
		else
			judge_words(&search, i);
	}
	free(search.tallies);
	free(search.likeness);
}

void lookup_add_words(struct hits *hits, const struct asked *asked)
{
	const uint32_t *texts;

	add_items(hits, asked, WORDS_EQUAL, true);
	/* if there is a show of that name, but not of that year, no other one of that year is meant */
	const bool other_year = asked->parts.year > 0 && titles_with_key(&hits->lookup->titles, asked->key, &texts) > 0;
	if (hits->n == 0 && !other_year && parts_say_more(&asked->parts))
		add_items(hits, asked, WORDS_EQUAL, false);
}

void lookup_add_within(struct hits *hits, const struct asked *asked)
{
	add_items(hits, asked, WORDS_WITHIN, true);
}

void lookup_add_alike(struct hits *hits, const struct asked *asked)
{
	add_items(hits, asked, WORDS_ALIKE, false);
}
