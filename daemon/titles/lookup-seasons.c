/* lookup-seasons.c - finds a season by any name of another season of the same show. */
#include "config.h"

#include "titles/lookup-private.h"

#include <stdlib.h>

#include "base/sorted.h"

/* How many seasons are shown where the one that was asked for is missing. */
#define SHOWN 8

/* How many times as well known the show of the name has to be to stand beside a season that words found, if a name of that
 * goes on behind them. */
#define FAR_ELSE 4.0f

/* A walk from items to their names and on to all texts of these names.  Many shows may share a name, and each of them
 * many more, so that the walk marks where it has been: else it would be as long as the square of their number. */
struct walk {
	struct hits *hits;
	const struct asked *asked;
	uint64_t *names;       /* owned; a bit for each name that was visited */
	const uint32_t *texts; /* ascending: those of the name that was asked for */
	size_t n;
};

static bool visit(uint64_t *visited, uint32_t at)
{
	const uint64_t bit = UINT64_C(1) << (at % 64);
	const bool first = !(visited[at / 64] & bit);

	visited[at / 64] |= bit;
	return first;
}

/* Returns false where memory is short, which is noted in `hits`. */
static bool begin(struct walk *walk, struct hits *hits, const struct asked *asked)
{
	*walk = (struct walk){.hits = hits,
			      .asked = asked,
			      .names = calloc(hits->lookup->titles.names.names.n / 64 + 1, sizeof *walk->names)};
	hits->no_memory |= !walk->names;
	return walk->names;
}

/* Whether the item has the very name that was asked for: it is then a show of several names, and no season of itself. */
static bool is_asked(const struct walk *walk, uint32_t item)
{
	const uint32_t *items = walk->hits->lookup->titles.items;
	const size_t at = SORTED_BEFORE(i, walk->n, items[walk->texts[i]] < item);

	return at < walk->n && items[walk->texts[at]] == item;
}

/* Add the items that have the name, and the season that was asked for. */
static void take_name(struct walk *walk, uint32_t name)
{
	struct hits *hits = walk->hits;
	const struct titles *titles = &hits->lookup->titles;

	if (!visit(walk->names, name))
		return;
	for (uint32_t t = titles->key_starts[name]; t < titles->key_starts[name + 1]; t++) {
		const uint32_t item = titles->items[titles->by_key[t]];
		hits->looked++;
		if (names_agree(hits->lookup, walk->asked, titles->by_key[t]) > AGREE_UNKNOWN && !is_asked(walk, item))
			(void)hits_offer(hits, item, 1);
	}
}

static void take_item(struct walk *walk, uint32_t item)
{
	const struct titles *titles = &walk->hits->lookup->titles;

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		walk->hits->looked++;
		take_name(walk, titles->keys[text]);
	}
}

void names_add_seasons_of(struct hits *hits, const struct asked *asked, uint32_t item)
{
	struct walk walk;

	if (begin(&walk, hits, asked))
		take_item(&walk, item);
	free(walk.names);
}

void names_add_seasons(struct hits *hits, const struct asked *asked)
{
	const struct titles *titles = &hits->lookup->titles;
	const uint32_t *texts;
	const size_t n = asked_season(asked) ? titles_with_key(titles, asked->key, &texts) : 0;
	struct walk walk;

	if (n == 0 || !begin(&walk, hits, asked))
		return;
	walk.texts = texts;
	walk.n = n;
	/* the texts of an item stand together, and so do those of them that have the name */
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || titles->items[texts[i]] != titles->items[texts[i - 1]])
			take_item(&walk, titles->items[texts[i]]);
	}
	free(walk.names);
}

/* ---- where the season is missing ---- */

/* Add the seasons of the item's franchise behind the hits, the best known first. */
static void add_kin(struct hits *hits, uint32_t item)
{
	const struct lookup *lookup = hits->lookup;
	struct lookup_hit room[SHOWN];
	struct hits kin = {.lookup = lookup, .at = room, .limit = SHOWN};

	for (uint32_t i = 0; i < lookup->catalogue->n; i++) {
		const enum parts_type type = lookup->types[i];
		if (lookup_are_kin(lookup, i, item) && type != PARTS_MOVIE && type != PARTS_SPECIAL)
			(void)hits_offer(&kin, i, 1);
	}
	for (size_t i = 0; i < kin.n; i++) {
		bool there = false;
		for (size_t j = 0; j < hits->n; j++)
			there |= hits->at[j].item == room[i].item;
		if (!there && hits->n < hits->limit)
			hits->at[hits->n++] = (struct lookup_hit){room[i].item, 0};
	}
}

enum lookup_outcome seasons_add_others(struct hits *hits, const struct asked *asked)
{
	const enum lookup_outcome outcome = names_add_others(hits, asked);

	if (outcome != LOOKUP_NO_SEASON)
		return outcome;
	names_add_heads(hits, asked, hits->at[0].item);
	add_kin(hits, hits->at[0].item);
	return outcome;
}

/* Find the show that the name means without the season. */
static enum lookup_outcome find_series(struct hits *hits, const struct asked *asked)
{
	struct asked bare = *asked;
	enum lookup_way way;

	bare.parts.season = bare.parts.part = 0;
	bare.parts.halves = bare.parts.counted = false;
	bare.folded = asked_name(asked);
	return lookup_by_words(hits, &bare, &way);
}

/* Whether a name of the item, before the season that was asked for, ends with the one that was typed: "Toaru Kagaku no
 * Railgun 3" does so with "Railgun", but "Gundam SEED Destiny 2" is no season of "Gundam SEED". */
static bool ends_with_name(const struct lookup *lookup, const struct asked *asked, uint32_t item)
{
	const struct titles *titles = &lookup->titles;
	const struct animed_strings names = text_column_view(&titles->names.names);
	const struct text key = asked->key;

	for (uint32_t text = titles->first[item]; text < titles->first[item + 1]; text++) {
		const struct text name = strings_at(&names, titles->keys[text]);
		if (name.length >= key.length && names_agree(lookup, asked, text) > 0 &&
		    memcmp(name.bytes + name.length - key.length, key.bytes, key.length) == 0)
			return true;
	}
	return false;
}

enum lookup_outcome seasons_judge(struct hits *hits, const struct asked *asked, enum lookup_outcome outcome)
{
	const struct lookup *lookup = hits->lookup;
	struct lookup_hit room[SHOWN];
	struct hits series = {.lookup = lookup, .at = room, .limit = SHOWN};

	const enum lookup_outcome is = find_series(&series, asked);
	if (is != LOOKUP_FOUND && is != LOOKUP_AMBIGUOUS)
		return outcome;
	const uint32_t found = hits->at[0].item, meant = room[0].item;
	if (lookup->fame[found] < lookup->fame[meant] && !lookup_are_kin(lookup, found, meant)) {
		if (is == LOOKUP_AMBIGUOUS)
			return outcome;
		hits->n = 0;
		return LOOKUP_UNKNOWN;
	}
	const float far = ends_with_name(lookup, asked, found) ? FAR_KNOWN : FAR_ELSE;
	if (lookup->fame[found] * far >= lookup->fame[meant])
		return outcome;
	(void)hits_offer(hits, meant, 1);
	return lookup_doubt(hits);
}

enum lookup_outcome seasons_add_found(struct hits *hits, const struct asked *asked)
{
	if (find_series(hits, asked) != LOOKUP_FOUND)
		return LOOKUP_UNKNOWN;
	add_kin(hits, hits->at[0].item);
	return LOOKUP_NO_SEASON;
}
