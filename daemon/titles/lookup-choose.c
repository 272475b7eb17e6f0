/* lookup-choose.c - decides which of several shows is meant. */
#include "config.h"

#include "titles/lookup-private.h"

/* A show stands out against another one if it is this many times as well known, times how well the titles match. */
#define STANDS_OUT 3.0f

/* Against the shows of its own franchise that match nearly as well it has to be this many times as well known, however
 * well they match: the best known is mostly the series itself. */
#define KNOWN_AT_HOME 1.5f

/* The same if it aired before the other one, as a series did before its sequels. */
#define KNOWN_FIRST 1.2f

/* A show matches nearly as well if it has this share of the score. */
#define NEARLY 0.4f

/* A guess is taken if this much of it is alike; one that is less alike by no more than the margin is as good. */
#define GUESS_LEAST  0.7f
#define GUESS_MARGIN 0.04f

/* A text less alike than this is not worth showing. */
#define GUESS_SHOWN 0.45f

static bool is_sequel(const struct lookup *lookup, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const uint32_t first = titles->first[item];

	if (first == titles->first[item + 1])
		return false;
	return titles->marks[first].season > 0 || titles->marks[first].part > 0;
}

static void put_first(struct hits *hits, size_t at)
{
	const struct lookup_hit hit = hits->at[at];

	memmove(hits->at + 1, hits->at, at * sizeof *hits->at);
	hits->at[0] = hit;
}

/* Put the best known show of the franchise before the one that matches best, unless a season was asked for, or only
 * little of what matches so well is in it. */
static void put_series_first(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	const uint32_t best = hits->at[0].item;
	size_t series = 0;

	if (asked->parts.season > 0 || asked->parts.part > 0)
		return;
	for (size_t i = 1; i < hits->n; i++) {
		const uint32_t item = hits->at[i].item, first = hits->at[series].item;
		const bool known = is_sequel(lookup, item) == is_sequel(lookup, first)
				       ? lookup_is_better_known(lookup, item, first)
				       : is_sequel(lookup, first);
		if (known && lookup_are_kin(lookup, best, item) && hits->at[i].score >= NEARLY * hits->at[0].score)
			series = i;
	}
	put_first(hits, series);
}

static void sort_by_fame(struct hits *hits)
{
	for (size_t i = 1; i < hits->n; i++) {
		const struct lookup_hit hit = hits->at[i];
		size_t at = i;
		while (at > 0 && lookup_is_better_known(hits->lookup, hit.item, hits->at[at - 1].item)) {
			hits->at[at] = hits->at[at - 1];
			at--;
		}
		hits->at[at] = hit;
	}
}

/* Whether a show stands out against another one that was found, too.  With `twins` both have the very title that was
 * typed, or are called so elsewhere, so that being of one franchise says nothing. */
static bool stands_out(const struct hits *hits, struct lookup_hit best, struct lookup_hit other, bool twins)
{
	const struct lookup *lookup = hits->lookup;
	const int32_t *years = lookup->catalogue->years;
	const bool first = years && years[best.item] > 0 && years[best.item] < years[other.item];
	const float known = lookup->fame[best.item] / lookup->fame[other.item];

	if (best.score >= STANDS_OUT * other.score)
		return true;
	if (!lookup_are_kin(lookup, best.item, other.item))
		return false;
	if (twins)
		return known >= STANDS_OUT;
	return other.score < NEARLY * best.score || (is_sequel(lookup, other.item) && !is_sequel(lookup, best.item)) ||
	       known >= (first ? KNOWN_FIRST : KNOWN_AT_HOME);
}

enum lookup_outcome lookup_doubt(struct hits *hits)
{
	sort_by_fame(hits);
	return hits->n > 1 ? LOOKUP_AMBIGUOUS : LOOKUP_UNKNOWN;
}

static enum lookup_outcome choose_of(struct hits *hits, const struct asked *asked, bool twins)
{
	bool alone = true;

	put_series_first(hits, asked);
	const struct lookup_hit best = hits->at[0];
	float others = hits->total - best.score;
	for (size_t i = 1; i < hits->n && alone; i++) {
		others -= lookup_are_kin(hits->lookup, best.item, hits->at[i].item) ? hits->at[i].score : 0;
		alone = stands_out(hits, best, hits->at[i], twins);
	}
	if (!alone || best.score < others)
		return lookup_doubt(hits);
	hits->n = 1;
	return LOOKUP_FOUND;
}

enum lookup_outcome lookup_choose(struct hits *hits, const struct asked *asked)
{
	/* of two shows that are called the same season neither is it by being the first of the two */
	return choose_of(hits, asked, asked_season(asked));
}

enum lookup_outcome lookup_choose_name(struct hits *hits, const struct asked *asked)
{
	const enum lookup_way way = names_way(hits->lookup, asked, hits->at[0].item);
	const bool exact = way == LOOKUP_EXACT;
	const enum lookup_outcome outcome = choose_of(hits, asked, exact || way == LOOKUP_ALTERNATIVE);
	const uint32_t found = hits->at[0].item;

	if (outcome != LOOKUP_FOUND || exact)
		return outcome;
	names_add_heads(hits, asked, found);
	return hits->n == 1 ? LOOKUP_FOUND : lookup_doubt(hits);
}

enum lookup_outcome lookup_choose_guess(struct hits *hits, const struct asked *asked)
{
	const struct lookup *lookup = hits->lookup;
	size_t close = 1;

	while (hits->n > 0 && hits->at[hits->n - 1].score < GUESS_SHOWN)
		hits->n--;
	if (hits->n == 0 || hits->at[0].score < GUESS_LEAST)
		return LOOKUP_UNKNOWN;
	while (close < hits->n && hits->at[close].score > hits->at[0].score - GUESS_MARGIN)
		close++;
	hits->n = close;
	for (size_t i = 0; i < close; i++)
		hits->at[i].score *= hits->at[i].score * lookup->fame[hits->at[i].item];
	for (size_t i = 1; i < close; i++) {
		if (hits->at[i].score > hits->at[0].score)
			put_first(hits, i);
	}
	return lookup_choose(hits, asked);
}
