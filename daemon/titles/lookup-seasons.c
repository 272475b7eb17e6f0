/* lookup-seasons.c - finds a season by any name of another season of the same show. */
#include "config.h"

#include "titles/lookup-private.h"

#include <stdlib.h>

/* A walk from items to their names and on to all texts of these names.  Many shows may share a name, and each of them
 * many more, so that the walk marks where it has been: else it would be as long as the square of their number. */
struct walk {
	struct hits *hits;
	const struct asked *asked;
	uint64_t *names; /* owned; a bit for each name that was visited */
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
	*walk = (struct walk){hits, asked, calloc(hits->lookup->titles.names.names.n / 64 + 1, sizeof *walk->names)};
	hits->no_memory |= !walk->names;
	return walk->names;
}

/* Add the items that have the name, and the season that was asked for. */
static void take_name(struct walk *walk, uint32_t name)
{
	struct hits *hits = walk->hits;
	const struct titles *titles = &hits->lookup->titles;

	if (!visit(walk->names, name))
		return;
	for (uint32_t t = titles->key_starts[name]; t < titles->key_starts[name + 1]; t++) {
		hits->looked++;
		if (names_agree(hits->lookup, walk->asked, titles->by_key[t]) > AGREE_UNKNOWN)
			(void)hits_offer(hits, titles->items[titles->by_key[t]], 1);
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
	/* the texts of an item stand together, and so do those of them that have the name */
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || titles->items[texts[i]] != titles->items[texts[i - 1]])
			take_item(&walk, titles->items[texts[i]]);
	}
	free(walk.names);
}
