/* lookup-sure.c - decides whether what was typed says enough, so that the show that it finds is meant for sure. */
#include "config.h"

#include "titles/lookup-private.h"

#include <math.h>
#include <stdlib.h>

/* Words that say something say enough together if only one in so many shows would have them all by chance.  In a small
 * catalogue it is enough that this many shows have a word. */
#define ONE_IN 150.0f
#define FEW    5.0f

/* A beginning of fewer bytes stands for no name. */
#define SHORTEST 3

/* So many words are a name by themselves. */
#define LONG 3

/* A show that has less than this share of the fame of another one is not meant by the letters that both begin with. */
#define HARDLY 0.1f

/* How many bytes of a script without blanks say enough: two characters. */
#define CHARACTERS 6

/* How many times as well known another show has to be that may be meant instead. */
#define BETTER_KIN       3.0f
#define BETTER_BEGINNING 10.0f

/* Set *word to the first word of a text, and return the rest, which is empty behind the last word. */
static struct text next_word(struct text text, struct text *word)
{
	const char *end = memchr(text.bytes, ' ', text.length);
	const size_t length = end ? (size_t)(end - text.bytes) : text.length;

	*word = (struct text){text.bytes, length};
	return (struct text){text.bytes + length + (end != NULL), text.length - length - (end != NULL)};
}

static bool is_little(struct text word)
{
	const bool letter = word.length == 1 && (unsigned char)*word.bytes < 0x80;

	return letter || parts_is_minor(word) || parts_is_particle(word);
}

bool sure_all_little(const struct asked *asked)
{
	struct text rest = asked->folded, word;

	while (rest.length > 0) {
		rest = next_word(rest, &word);
		if (!is_little(word))
			return false;
	}
	return true;
}

/* How the name that was typed stands in the titles of an item. */
struct standing {
	bool phrase; /* in one of them as a whole */
	bool inside; /* as a whole, and not at the beginning of a longer one */
};

/* Returns a title without words of types at its beginning. */
static struct text without_types(struct text title)
{
	struct text word, rest = next_word(title, &word);

	while (rest.length > 0 && parts_type_of(word) != PARTS_NO_TYPE) {
		title = rest;
		rest = next_word(title, &word);
	}
	return title;
}

static struct standing standing_of(const struct titles *titles, uint32_t item, struct text name)
{
	struct standing standing = {false, false};

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		const struct text title = without_types(titles_at(titles, text));
		const char *at = memmem(title.bytes, title.length, name.bytes, name.length);
		standing.phrase |= at != NULL;
		standing.inside |= at && (at > title.bytes || title.length == name.length);
	}
	return standing;
}

bool sure_is_long(const struct asked *asked)
{
	size_t strong = 0;

	for (size_t w = 0; w < asked->parts.n; w++)
		strong += !is_little(asked->parts.words[w]);
	return strong >= LONG;
}

bool sure_says_enough(const struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	const struct words *words = &lookup->titles.words;
	const float all = (float)lookup->catalogue->n + 1;
	struct text rest = asked->folded, word;
	float sum = 0;
	size_t n = 0;

	while (rest.length > 0) {
		rest = next_word(rest, &word);
		n++;
		if (is_little(word))
			continue;
		const uint32_t number = intern_find(&words->names, word.bytes, word.length);
		if (number != INTERN_NONE)
			sum += logf(all / (float)(words->item_starts[number + 1] - words->item_starts[number]));
		else if ((unsigned char)*word.bytes < 0x80 || word.length >= CHARACTERS)
			return true; /* it was found as the beginning of a word, or within others */
	}
	return sum >= logf(fminf(ONE_IN, fmaxf(all / FEW, 1))) ||
	       (n >= LONG && standing_of(&lookup->titles, hits->at[0].item, asked->folded).phrase);
}

bool sure_is_known(const struct lookup *lookup, uint32_t item)
{
	return lookup->fame[item] * (float)lookup->catalogue->n >= 1;
}

bool sure_is_title(const struct lookup *lookup, const struct asked *asked, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const uint32_t first = titles->first[item];

	return first < titles->first[item + 1] && !titles->alternative[first] &&
	       text_compare(titles_at(titles, first), asked->folded) == 0;
}

/* ---- what words found ---- */

/* Whether a title of the item has a word of the name that says something. */
static bool has_any(const struct titles *titles, const struct parts *parts, uint32_t item)
{
	for (size_t w = 0; w < parts->n; w++) {
		if (!is_little(parts->words[w]) && standing_of(titles, item, parts->words[w]).phrase)
			return true;
	}
	return false;
}

/* Returns the best known show of the item's franchise. */
static uint32_t best_kin(const struct lookup *lookup, uint32_t item)
{
	uint32_t best = item;

	for (uint32_t i = 0; lookup->franchises && i < lookup->catalogue->n; i++) {
		if (lookup_are_kin(lookup, i, item) && lookup_is_better_known(lookup, i, best))
			best = i;
	}
	return best;
}

/* Whether the name of the whole franchise was typed in a spelling that the catalogue has for this hardly known part of it
 * alone: then the best known part, which is added, may be meant. */
static bool is_name_of_kin(struct hits *hits, const struct asked *asked, struct standing standing)
{
	const struct lookup *lookup = hits->lookup;
	const uint32_t found = hits->at[0].item;

	if (standing.inside || !standing.phrase)
		return false;
	const uint32_t kin = best_kin(lookup, found);
	if (lookup->fame[kin] < BETTER_KIN * lookup->fame[found] || has_any(&lookup->titles, &asked->parts, kin))
		return false;
	(void)hits_offer(hits, kin, 1);
	return true;
}

/* Whether a word that was typed alone is the beginning of the names of far better known shows, which are added: "eva". */
static bool is_beginning(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	struct lookup_hit room[ABBREVIATED];
	struct hits begun = {.lookup = lookup, .at = room, .limit = ABBREVIATED};
	const float fame = lookup->fame[hits->at[0].item];
	bool any = false;

	if (asked->key.length < SHORTEST)
		return false;
	names_add_any_beginning(&begun, asked);
	for (size_t i = 0; i < begun.n; i++) {
		if (lookup->fame[room[i].item] < BETTER_BEGINNING * fame)
			continue;
		(void)hits_offer(hits, room[i].item, 1);
		any = true;
	}
	return any;
}

bool sure_by_words(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	const struct parts *parts = &asked->parts;
	const struct standing standing = standing_of(&lookup->titles, hits->at[0].item, asked_name(asked));
	size_t strong = 0;

	for (size_t w = 0; w < parts->n; w++)
		strong += !is_little(parts->words[w]) || parts_has_digit(parts->words[w]);
	if (strong < 2 && !standing.phrase)
		return false;
	if (asked_season(asked))
		return true;
	if (is_name_of_kin(hits, asked, standing))
		return false;
	return parts->n > 1 || !is_beginning(hits, asked);
}

void sure_drop_unknown(struct hits *hits)
{
	const float *fame = hits->lookup->fame;
	float best = 0;
	size_t kept = 0;

	for (size_t i = 0; i < hits->n; i++)
		best = fmaxf(best, fame[hits->at[i].item]);
	for (size_t i = 0; i < hits->n; i++) {
		if (fame[hits->at[i].item] >= HARDLY * best)
			hits->at[kept++] = hits->at[i];
	}
	hits->n = kept;
}

bool sure_by_initials(const struct hits *hits, const struct asked *asked)
{
	const struct titles *titles = &hits->lookup->titles;
	const uint32_t item = hits->at[0].item;
	float best = 0;

	if (!sure_is_known(hits->lookup, item))
		return false;
	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++)
		best = fmaxf(best, initials_match(asked->parts.words[0], titles_without_year(titles, text)));
	/* two words and a letter from inside one of them are found by too many texts; a season has 0, as its series has it */
	return best <= 0 || best >= INITIALS_WHOLE || asked->parts.words[0].length > LONG;
}
